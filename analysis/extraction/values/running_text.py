"""Running text of a block: without spaces, with the line number and the innermost bracket of each character.

Wraps, footnote marks and character widths are the typesetter's, and nothing that is read may depend on them. Brackets
are the writer's: what is said inside one does not speak of the figures outside it, so every word is looked for at the
level of the figure it might belong to.
"""

import re
from dataclasses import dataclass

from analysis.base.japanese import SUPERSCRIPTS, normal, rests
from analysis.documents.marks import CIRCLED, without_mark

# What the typesetter added. Footnote marks: NFKC makes them digits of the number before, but not in m² and m³.
SUPERSCRIPT = re.compile(f"(?<![a-zA-Z]m)(?<!^m)(?<![^A-Za-z]m)[{SUPERSCRIPTS}]+⁾?")
EMPHASIS = re.compile(r"\*\*|</?(?:u|b|i|s|em|strong|sup|sub|br) ?/?>")
FRAME = "│┃┌┐└┘─━┏┓┗┛ 　"  # of a box around a text
APART = re.compile(r"(?<![\d.,])\d(?: ?[.,]? \d(?![\d]))+")  # 2 0 3 5
SPLIT_YEAR = re.compile(r"(?<!\d)(?=\d* \d)[12] ?[09] ?\d ?\d ?(?=年)")  # a line whose years are 20 35 is set so
SPLIT = re.compile(r"(?<=\d) (?=[\d.,])|(?<=[\d ][.,]) (?=\d)")
SPACE = re.compile(r"(?<![0-9A-Za-z])\s|\s(?![0-9A-Za-z])")  # one between two Latin words or numbers stays

# One character for what is written with several.
LIST_COMMA = re.compile(r"(?<=[^\d]),|,(?=[^\d])")  # no comma of a number
ALIKE = str.maketrans(
    dict.fromkeys("[〔【", "(")
    | dict.fromkeys("]〕】", ")")
    | dict.fromkeys("—―〜～~", "~")
    | dict.fromkeys("‐‑‒–−", "-")
)

# Where an item of a list begins.
CIRCLED_NUMBER = re.compile(f"[{CIRCLED}]")
LIST_MARK = "◇"  # stands for a circled number
ITEM = "■"  # stands for the list mark of a line: the text before it has ended
NUMBERING = re.compile(
    rf"^\s{{0,9}}(?:[0-9０-９]{{1,2}}[.．](?![0-9０-９])|[(（][0-9０-９]{{1,2}}[)）]|[{CIRCLED}])\s*(?=\D)"
)
NUMBER_MARK = "1"  # stands for the number of an item
SIGNED = re.compile(r"\s*[▲△▼][0-9０-９]")  # no list mark
SPACED = re.compile(r"\s*\S[\s　]")  # a list mark with a space behind it, no dot inside a wrapped compound
NAMED = re.compile(r"[^、。:：]{2,30}[:：]")
INDICATOR = re.compile(r"[(（【]?KPI[)）】]?(?:[:：]|[①-⑳\d]+[:：\s　])")

OPENING, CLOSING = "(「『[〈《", ")」』]〉》"
BRACKETS = "()「」『』"
PREDICATE = re.compile(r"[をはがに]|する|した|して")


@dataclass(frozen=True)
class Bracket:
    """A pair of brackets: the positions of its two characters, and the index of the pair around it (-1: none)."""

    start: int
    end: int
    quote: bool
    parent: int


@dataclass(frozen=True)
class RunningText:
    """`lines` and `levels` hold each character's line number and the index of the innermost bracket around it that
    matters (-1: outside of all); `stops` are the positions of full stops, `gaps` those that had a space before them."""

    text: str
    lines: tuple[int, ...]
    brackets: tuple[Bracket, ...]
    levels: tuple[int, ...]
    stops: tuple[int, ...]
    gaps: frozenset[int]

    def outer_level(self, level: int) -> int:
        """Return the level that a bracket stands in."""
        return self.levels[self.brackets[level].start]

    def is_aside(self, level: int) -> bool:
        """Return whether a level is that of a bracket which is no quotation."""
        return level >= 0 and not self.brackets[level].quote

    def at_level(self, start: int, end: int, level: int) -> str:
        """Return the characters from start to end at the level: without brackets and what they hold."""
        text, levels = self.text, self.levels
        return "".join(text[i] for i in range(start, end) if levels[i] == level and text[i] not in BRACKETS)

    def sentence(self, position: int, level: int) -> tuple[int, int]:
        """Return start and end of the sentence around a position: full stops at other levels do not count."""
        first, last = (self.brackets[level].start + 1, self.brackets[level].end) if level >= 0 else (0, len(self.text))
        ends = [stop + 1 for stop in self.stops if self.levels[stop] == level]
        start = max((end for end in ends if end <= position), default=first)
        return start, min((end for end in ends if end > position), default=last)


def normal_line(raw: str) -> str:
    """Return a line in its normal form, without footnote marks, emphasis and the meaning of list numbers."""
    text = normal(CIRCLED_NUMBER.sub(LIST_MARK, SUPERSCRIPT.sub("", EMPHASIS.sub("", raw))))
    pattern = SPLIT if SPLIT_YEAR.search(text) else APART
    text = pattern.sub(lambda match: match.group().replace(" ", ""), text)
    return LIST_COMMA.sub("、", text.strip(FRAME)).translate(ALIKE).strip()


def _without_mark(raw: str) -> tuple[str, str]:
    """Return a line's words without its list mark, and that mark, "" where there is none."""
    words = NUMBERING.sub("", without_mark(raw))
    if SIGNED.match(raw) or words.strip() == raw.strip():
        return raw, ""
    return words, NUMBER_MARK if NUMBERING.match(raw) else raw.strip()[:1]


def _begins_item(raw: str, mark: str, before: str, mark_before: str) -> bool:
    """Return whether a line begins an item: with a list mark (a dot can also go on with a compound, A・B), or with a
    name and a colon behind a line that has ended."""
    if mark:
        return mark == mark_before or rests(before) or SPACED.match(raw) is not None
    return INDICATOR.match(raw.strip()) is not None or (NAMED.match(raw.strip()) is not None and rests(before))


def running_text(lines: tuple[tuple[int, str], ...], is_cell: bool = False) -> RunningText:
    """Join (line number, raw text) to one text; the first line of one that is no cell may have a list mark."""
    text = before = mark_before = ""
    numbers: list[int] = []
    gaps: set[int] = set()
    for number, raw in lines:
        words, mark = (raw, "") if is_cell else _without_mark(raw)
        if text and _begins_item(raw, mark, before, mark_before):
            text += ITEM
            numbers.append(number)
        elif text:
            words, mark = raw, ""
        before, mark_before = raw, mark
        spaced = normal_line(words)
        gaps |= {len(text) + match.start() - removed for removed, match in enumerate(SPACE.finditer(spaced))}
        line = SPACE.sub("", spaced)
        text += line
        numbers += [number] * len(line)
    brackets = _brackets(text)
    stops = tuple(match.start() for match in re.finditer(f"[。{ITEM}]", text))
    return RunningText(text, tuple(numbers), brackets, _levels(text, brackets), stops, frozenset(gaps))


def _brackets(text: str) -> tuple[Bracket, ...]:
    """Return the brackets in the order of their openings. OCR loses closing brackets: a closing one also closes what
    is open inside its pair, and what never closes is no bracket."""
    opened: list[tuple[int, str]] = []  # each with the character that closes it
    closed: list[tuple[int, int, str]] = []
    for position, character in enumerate(text):
        if character in OPENING:
            opened.append((position, CLOSING[OPENING.index(character)]))
        elif any(closing == character for _, closing in opened):
            while opened[-1][1] != character:
                opened.pop()
            closed.append((opened.pop()[0], position, character))
    brackets: list[Bracket] = []
    for start, end, character in sorted(closed):  # those around it come first
        around = [i for i, outer in enumerate(brackets) if end < outer.end]
        brackets.append(Bracket(start, end, character in "」』", around[-1] if around else -1))
    return tuple(brackets)


def _levels(text: str, brackets: tuple[Bracket, ...]) -> tuple[int, ...]:
    """Return each character's level. A quotation without a predicate (a title, or a bare 「14か月以内」) is
    transparent: its words belong to the sentence around it. The two characters of a bracket stand outside it."""
    levels = [-1] * len(text)
    inner = list(range(len(brackets)))  # the level inside each bracket
    for index, bracket in enumerate(brackets):  # parents come before their children
        outer = inner[bracket.parent] if bracket.parent >= 0 else -1
        if bracket.quote and not PREDICATE.search(text, bracket.start, bracket.end):
            inner[index] = outer
        levels[bracket.start + 1 : bracket.end] = [inner[index]] * (bracket.end - bracket.start - 1)
        levels[bracket.start] = levels[bracket.end] = outer
    return tuple(levels)
