"""Measures with their bodies in a column at the right, or on lines below, of a plan whose divisions no register knows.

Such a table has no head: ○ 灯台を直します。 stands beside 港湾課. In a PDF its lines have a gap before the division, or
are the division's name alone; in a text file each cell is a line of its own. What ends as the names of divisions do
(課, 室 …) is one where the same names come again and again at the end of sentences.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from analysis.base.japanese import join_lines, rests
from analysis.documents import marks
from analysis.documents.document import Run
from analysis.extraction.parsers import closing
from analysis.extraction.parsers.bodies_and_times import Labels, bodies, plain
from analysis.extraction.parsers.cards import Card
from analysis.extraction.parsers.closing import Closing
from analysis.extraction.parsers.statements import states_task
from analysis.extraction.parsers.table_rows import NOTE_MARK, Row, cells_of
from analysis.tables import ministries

FEWEST = 3  # measures of a document
AGAIN = 1.2  # times that a name of a division stands on average, at least
MOST_LINES = 12  # of a measure
LONGEST = 20  # characters of a division's name
DIVISION = re.compile(rf"[^\W_をはが]{{1,{LONGEST}}}(?:課|(?<![教温])室|局|部|係|班)")
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
        """The names that the lines of the column hold, those put together that a line's end parted."""
        return _names("、".join(self.beside)) or _names("".join(self.beside))


def of(runs: list[Run], labels: Labels) -> dict[int, Card]:
    """Return the measures with divisions beside or below them, by their first run."""
    items: dict[int, _Item] = {}
    at = 0
    while at < len(runs):
        item = _item(runs, at)
        if item:
            items[at] = item
        at += len(item.runs) if item else 1
    names = Counter(name for item in items.values() for name in item.names if not ministries.known(name))
    if len(items) < FEWEST or sum(names.values()) < AGAIN * len(names) or not names:
        return {}
    return {at: _card(item, labels) for at, item in items.items()}


def _item(runs: list[Run], at: int) -> _Item | None:
    """Return the measure that begins here: a marked sentence that states a task, and names of divisions."""
    if runs[at].heading or not marks.beginning(runs[at].text).kind:
        return None
    item = _Item([])
    for before, run in pairwise([None, *runs[at : at + MOST_LINES]]):
        words, name = _parts(run)
        if before is not None and (run.heading or run.lines[0].ruled or before.lines[0].ruled):
            break
        if words and before is not None and (item.rests or marks.beginning(words).kind):
            break
        if not words and not item.rests:
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
    if _names(text):
        return "", text
    gaps = [gap.start() for gap in GAP.finditer(text)]
    words, name = (text[: gaps[-1]], text[gaps[-1] :].strip()) if gaps else (text, "")
    beside = len(name) <= LONGEST and marks.beginning(words).words.strip() != ""
    return (words.rstrip(), name) if name and beside and _may_name(name) else (text, "")


def _may_name(name: str) -> bool:
    """Whether what stands beside a line may be a name, or the beginning of one that the line's end parted."""
    return re.fullmatch(r"[^\W_をはが]+", name) is not None


def _names(text: str) -> list[str]:
    """Return the names of a list of divisions and bodies of the register; none where anything else is in it."""
    names = bodies(text) if text and not text.endswith("。") else []
    known = all(ministries.known(name) or DIVISION.fullmatch(name) for name in names)
    return names if known and any(map(DIVISION.fullmatch, names)) else []


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
