"""Measures with their bodies in a column at the right, or on lines below, of a plan whose divisions no register knows.

Such a table has no head: ○ 灯台を直します。 stands beside 港湾課. In a PDF its lines have a gap before the division, or
are the division's name alone; in a text file each cell is a line of its own. What ends as the names of divisions do
(課, 室 …) is one where the same names come again and again at the end of sentences.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from analysis.base.japanese import join_lines, rests
from analysis.documents import marks
from analysis.documents.document import Run
from analysis.extraction.parsers import closing
from analysis.extraction.parsers.bodies_and_times import Labels, bodies
from analysis.extraction.parsers.cards import Card
from analysis.extraction.parsers.closing import Closing
from analysis.extraction.parsers.statements import states_task
from analysis.extraction.parsers.table_rows import NOTE_MARK, Row, cells_of
from analysis.tables import ministries

FEWEST = 3  # measures of a document
AGAIN = 1.2  # times that a name of a division stands on average, at least
MOST_LINES = 12  # of a measure
LONGEST, LONGEST_LIST = 20, 100  # characters of a division's name; of a list of them
DIVISION = re.compile(rf"[^\W_をはが]{{1,{LONGEST}}}(?:課|(?<![教温])室|局|部|係|班)")
PARTED = re.compile(r"[^\W_をはが]+")  # what may be the beginning of a name that a line's end parted
GAP = re.compile(r"[\t　]")


@dataclass
class _Item:
    """The runs of a measure, its words, and the names beside them or below them."""

    runs: list[Run]
    words: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)

    @property
    def rests(self) -> bool:
        return bool(self.words) and rests(self.words[-1])

    @property
    def names(self) -> list[str]:
        """The names that the lines of the column hold; none where one is not whole."""
        names, open_name = self.column
        return [] if open_name else names

    @property
    def column(self) -> tuple[list[str], str]:
        """The names that the lines of the column hold, and the beginning of one whose end is to come."""
        names: list[str] = []
        open_name = ""
        for line in self.beside:
            whole = _names(open_name + line)
            names += whole
            open_name = "" if whole else open_name + line
        return names, open_name


def of(runs: list[Run], labels: Labels) -> dict[int, Card]:
    """Return the measures with divisions beside or below them, by their first run."""
    items: dict[int, _Item] = {}
    at = 0
    while at < len(runs):
        item = _item(runs, at)
        if item:
            items[at] = item
        at += len(item.runs) if item else 1
    names = Counter(name for item in items.values() for name in item.names)
    if len(items) < FEWEST or sum(names.values()) < AGAIN * len(names):
        return {}
    return {at: _card(item, labels) for at, item in items.items()}


def _item(runs: list[Run], at: int) -> _Item | None:
    """Return the measure that begins here: a marked sentence that states a task, and names of divisions."""
    if runs[at].heading or not marks.beginning(runs[at].text).kind:
        return None
    item = _Item([])
    for run in runs[at : at + MOST_LINES]:
        words, name = _parts(run)
        if (open_name := item.column[1]) and _names(open_name + words):
            words, name = "", words
        if item.runs and (run.heading or run.lines[0].ruled or item.runs[-1].lines[0].ruled):
            break
        if item.runs and words and (item.rests or marks.beginning(words).kind):
            break
        if not (words or item.rests or item.beside):
            return None  # a name amid a sentence
        item.runs.append(run)
        item.words += [words] * bool(words)
        item.beside += [name] * bool(name)
    text = join_lines(item.words)
    return item if item.names and text.endswith("。") and states_task(text) else None


def _parts(run: Run) -> tuple[str, str]:
    """Return a line's words and the names in the column beside them; either may be missing."""
    if run.lines[0].ruled:
        cells = cells_of(run)
        return (cells[0], cells[1]) if len(cells) == 2 else (run.text, "")
    text = run.raw.strip()
    if _names_divisions(text):
        return "", text
    gaps = [gap.start() for gap in GAP.finditer(text)]
    words, name = (text[: gaps[-1]], text[gaps[-1] :].strip()) if gaps else (text, "")
    beside = len(name) <= LONGEST_LIST and marks.beginning(words).words.strip() != ""
    may_name = PARTED.fullmatch(name) or _names_divisions(name)
    return (words.rstrip(), name) if beside and may_name else (text, "")


def _names(text: str) -> list[str]:
    """Return the names of a list of divisions and bodies of the register; none where anything else is in it."""
    names = bodies(text) if len(text) <= LONGEST_LIST and not text.endswith("。") else []
    return names if all(ministries.known(name) or DIVISION.fullmatch(name) for name in names) else []


def _names_divisions(text: str) -> bool:
    """Whether a line is nothing but names, of divisions among them: those of the register are told elsewhere."""
    return any(map(DIVISION.fullmatch, _names(text)))


def _card(item: _Item, labels: Labels) -> Card:
    words = marks.beginning(join_lines(item.words)).words
    start, begins = closing.leading(words, labels)
    text = words[begins:].strip()
    end = closing.read(text, labels)
    cut = text[: end.start].rstrip()
    text = NOTE_MARK.sub("", cut if rests(cut) else f"{cut}。")
    whole = closing.joined([start, end, Closing(0, tuple(item.names))])
    roles = ["measure" if _parts(run)[0] else "attribution" for run in item.runs]
    return Card(tuple(roles), (Row(text, whole),))
