"""Running text of a block: without spaces, with the line number and the innermost bracket of each character.

Wraps, footnote marks and character widths are the typesetter's, and nothing that is read may depend on them. Brackets
are the writer's: what is said inside one does not speak of the figures outside it, so every word is looked for at the
level of the figure it might belong to.
"""

import re
from dataclasses import dataclass

from analysis.base.japanese import SUPERSCRIPTS, normal, rests
from analysis.documents.marks import CIRCLED, without_mark

# Footnote marks: NFKC makes them digits of the number before. Those of m² and m³ are no such marks.
SUPERSCRIPT = re.compile(f"(?<![a-zA-Z]m)(?<!^m)(?<![^A-Za-z]m)[{SUPERSCRIPTS}]+⁾?")
APART = re.compile(r"(?<![\d.,])\d(?: ?[.,]? \d(?![\d]))+")  # 2 0 3 5
SPLIT_YEAR = re.compile(r"(?<!\d)(?=\d* \d)[12] ?[09] ?\d ?\d ?(?=年)")
SPLIT = re.compile(r"(?<=\d) (?=[\d.,])|(?<=\d[.,]) (?=\d)")
CIRCLED_NUMBER = re.compile(f"[{CIRCLED}]")  # list marks: likewise
LIST_MARK = "◇"  # what stands for a circled number
FRAME = "│┃┌┐└┘─━┏┓┗┛ 　"  # of a box around a text
NUMBERING = re.compile(
    rf"^\s{{0,9}}(?:[0-9０-９]{{1,2}}[.．](?![0-9０-９])|[(（][0-9０-９]{{1,2}}[)）]|[{CIRCLED}])\s*(?=\D)"
)
NUMBER_MARK = "1"  # stands for the number of an item
SPACED = re.compile(r"\s*\S[\s　]")  # a list mark with a space behind it, no dot inside a wrapped compound
LIST_COMMA = re.compile(r"(?<=[^\d]),|,(?=[^\d])")  # no comma of a number
INDICATOR = re.compile(r"[(（【]?KPI[)）】]?(?:[:：]|[①-⑳\d]+[:：\s　])")
NAMED = re.compile(r"[^、。:：]{2,30}[:：]")
SIGNED = re.compile(r"\s*[▲△▼][0-9０-９]")  # no list mark
ITEM = "■"  # what stands for the list mark of a line: the text before it has ended
EMPHASIS = re.compile(r"\*\*|</?(?:u|b|i|s|em|strong|sup|sub|br) ?/?>")
BRACKETS_OF_ALL_KINDS = str.maketrans("[]〔〕【】", "()()()")
DASHES = str.maketrans(dict.fromkeys("—―〜～~", "~") | dict.fromkeys("‐‑‒–−", "-"))
SPACE = re.compile(r"(?<![0-9A-Za-z])\s|\s(?![0-9A-Za-z])")  # one between two Latin words or numbers stays
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
    text = CIRCLED_NUMBER.sub(LIST_MARK, SUPERSCRIPT.sub("", EMPHASIS.sub("", raw)))
    text = normal(text)
    all_apart = SPLIT_YEAR.search(text) is not None
    text = APART.sub(lambda match: match.group().replace(" ", ""), text)
    text = SPLIT.sub("", text) if all_apart else text
    text = text.strip(FRAME)
    text = LIST_COMMA.sub("、", text)
    return text.translate(DASHES).translate(BRACKETS_OF_ALL_KINDS).strip()


def _begins_item(raw: str, mark: str, before: str, after_item: str) -> bool:
    """Return whether a line begins an item: with a list mark (a dot can also go on with a compound, A・B), or with a
    name and a colon behind a line that has ended. `after_item` is the mark of the item before."""
    if mark:
        return mark == after_item or rests(before) or SPACED.match(raw) is not None
    return INDICATOR.match(raw.strip()) is not None or (NAMED.match(raw.strip()) is not None and rests(before))


def running_text(lines: tuple[tuple[int, str], ...], is_cell: bool = False) -> RunningText:
    """Join (line number, raw text) to one text; the first line of one that is no cell may have a list mark."""
    text = ""
    numbers: list[int] = []
    gaps: set[int] = set()
    before = after_item = ""
    for number, raw in lines:
        words = raw if is_cell or SIGNED.match(raw) else NUMBERING.sub("", without_mark(raw))
        mark = "" if words.strip() == raw.strip() else NUMBER_MARK if NUMBERING.match(raw) else raw.strip()[:1]
        begins_item = bool(text) and _begins_item(raw, mark, before, after_item)
        before, after_item = raw, mark if begins_item or not text else ""
        words = words if begins_item or not text else raw
        if begins_item:
            text += ITEM
            numbers.append(number)
        spaced = normal_line(words)
        line = SPACE.sub("", spaced)
        removed = [match.start() for match in SPACE.finditer(spaced)]
        gaps |= {len(text) + position - place for place, position in enumerate(removed)}
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
