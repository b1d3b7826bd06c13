"""The running text of a piece: without spaces, with each character's line and innermost bracket.

Wrapped lines, footnote marks and widths are the typesetter's; nothing that is read may depend on them. Brackets are
the writer's: what is said inside one does not speak of the figures outside it, so every word is looked for at the
level of the figure it might belong to.
"""

import re
from dataclasses import dataclass

from analysis.base.japanese import normal

SUPERSCRIPT = re.compile(r"[⁰¹²³⁴-⁹]+[⁾]?")  # footnote marks: NFKC would turn them into digits of the number before
CIRCLED = re.compile(r"[①-⑳]")  # list marks: likewise
CIRCLED_SIGN = "◇"
EMPHASIS = "**"
BULLETS = "-*+・•●○◦▪■ "
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−〜～~", "~"))
SPACE = re.compile(r"(?<![0-9A-Za-z])\s|\s(?![0-9A-Za-z])")  # one between two Latin words or numbers stays
OPENING, CLOSING = "(「『[〈《", ")」』]〉》"
MARKS = "()「」『』"
PREDICATE = re.compile(r"[をはがに]|する|した|して")


@dataclass(frozen=True)
class Bracket:
    """A pair of brackets: the places of its signs, and the index of the pair around it (-1: none)."""

    start: int
    end: int
    quote: bool
    parent: int


@dataclass(frozen=True)
class Running:
    """`level[i]` is the index of the innermost bracket that matters around character i, -1 outside of all."""

    text: str
    lines: tuple[int, ...]
    brackets: tuple[Bracket, ...]
    level: tuple[int, ...]
    stops: tuple[int, ...]  # the places of full stops

    def outside(self, level: int) -> int:
        """The level that a bracket stands in."""
        return self.level[self.brackets[level].start]

    def in_bracket(self, level: int) -> bool:
        """Whether a level is that of a bracket which is no quotation: an aside."""
        return level >= 0 and not self.brackets[level].quote

    def seen(self, start: int, end: int, level: int) -> str:
        """The characters from start to end that stand at the level, brackets and their contents left out."""
        return "".join(self.text[i] for i in range(start, end) if self.level[i] == level and self.text[i] not in MARKS)

    def sentence(self, position: int, level: int) -> tuple[int, int]:
        """Start and end of the sentence around a position, at a level: full stops inside brackets do not count."""
        first, last = (self.brackets[level].start + 1, self.brackets[level].end) if level >= 0 else (0, len(self.text))
        ends = [stop + 1 for stop in self.stops if self.level[stop] == level]
        start = max((end for end in ends if end <= position), default=first)
        return start, min((end for end in ends if end > position), default=last)


def plain(raw: str) -> str:
    """A line in its normal form without footnote marks, emphasis and the meaning of list numbers."""
    text = CIRCLED.sub(CIRCLED_SIGN, SUPERSCRIPT.sub("", raw.replace(EMPHASIS, "")))
    return normal(text).translate(DASHES).strip()


def running_text(lines: tuple[tuple[int, str], ...]) -> Running:
    """The lines as one text."""
    text = ""
    numbers: list[int] = []
    for number, raw in lines:
        line = SPACE.sub("", plain(raw))
        line = line if text else line.lstrip(BULLETS)
        text += line
        numbers += [number] * len(line)
    brackets = _brackets(text)
    stops = tuple(match.start() for match in re.finditer("。", text))
    return Running(text, tuple(numbers), brackets, _levels(text, brackets), stops)


def _brackets(text: str) -> tuple[Bracket, ...]:
    """Brackets in the order of their openings. OCR loses closing signs: a closing sign also closes what is open
    inside its bracket, and what never closes is no bracket."""
    open_: list[tuple[int, str]] = []
    closed: list[tuple[int, int, str]] = []
    for position, sign in enumerate(text):
        if sign in OPENING:
            open_.append((position, CLOSING[OPENING.index(sign)]))
        elif any(wanted == sign for _, wanted in open_):
            while open_[-1][1] != sign:
                open_.pop()
            closed.append((open_.pop()[0], position, sign))
    result: list[Bracket] = []
    for start, end, sign in sorted(closed):  # those around it come first
        around = [i for i, outer in enumerate(result) if end < outer.end]
        result.append(Bracket(start, end, sign in "」』", around[-1] if around else -1))
    return tuple(result)


def _levels(text: str, brackets: tuple[Bracket, ...]) -> tuple[int, ...]:
    """Each character's level. A quotation without a predicate (a title, or a bare 「14か月以内」) is transparent:
    its words belong to the sentence around it. A bracket's own signs stand outside it."""
    level = [-1] * len(text)
    own = list(range(len(brackets)))
    for index, bracket in enumerate(brackets):  # parents come before their children
        outer = own[bracket.parent] if bracket.parent >= 0 else -1
        if bracket.quote and not PREDICATE.search(text, bracket.start, bracket.end):
            own[index] = outer
        level[bracket.start + 1 : bracket.end] = [own[index]] * (bracket.end - bracket.start - 1)
        level[bracket.start] = level[bracket.end] = outer
    return tuple(level)
