"""What the converter works with: cells, the parts of a roadmap, rows while they are put together, likeness of texts."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from analysis.base.japanese import join_lines, squeeze

Kind = Literal["number", "repeat", "ministry", "text", "title", "year", "heading", "section", "head", "other"]


@dataclass(frozen=True)
class Cell:
    """A cell of the table as it came out: its lines (line number, text), what it is and the page it stands on.

    `parted` says whether a blank line stands before it, `narrow` whether it is set as narrow as one late year.
    """

    kind: Kind
    lines: tuple[tuple[int, str], ...]
    page: int
    parted: bool = True
    narrow: bool = False
    number: int | None = None

    @property
    def text(self) -> str:
        return join_lines([raw for _, raw in self.lines])

    @property
    def first(self) -> int:
        return self.lines[0][0]


@dataclass
class Part:
    """One part of the roadmap: the cells that list one plan's items."""

    year: str
    cells: list[Cell]
    titled: bool  # whether the table has a column of titles (項目名)
    guessed_pages: set[int] = field(default_factory=set)  # pages whose ends are only guessed

    def merged_texts(self, rows: list["DraftRow"]) -> list[Cell]:
        """Return the texts that none of these rows holds: their cells are merged over several rows of ministries."""
        held = {row.text.first for row in rows if row.text is not None}
        return [cell for cell in self.cells if cell.kind == "text" and cell.first not in held]


@dataclass
class DraftRow:
    """A row while it is put together.

    First its ministries are known, and its text where that came out beside them (else it is `merged`: one of its page's
    merged texts is paired with it later). `number` is the cell of a number that stands right before its text.
    """

    ministries: list[Cell]
    text: Cell | None = None
    number: Cell | None = None
    title: Cell | None = None
    page: int = 0  # where its text stands
    order: int = 0
    merged: bool = False
    loose: bool = False  # its place among the rows of its page is not known
    doubts: list[str] = field(default_factory=list)
    repeat: bool = False  # 再掲
    years: list[Cell] = field(default_factory=list)
    later: list[Cell] = field(default_factory=list)  # those of its years' cells that are not of the first year

    def __post_init__(self) -> None:
        self.names = frozenset(squeeze(cell.text) for cell in self.ministries)
        self.pages = frozenset(cell.page for cell in self.ministries) | {self.page}

    @cached_property
    def grams(self) -> frozenset[str]:
        """The pairs of characters of its text, once it has one."""
        return grams(self.text.text) if self.text else frozenset()

    def add(self, ministry: Cell) -> None:
        self.ministries.append(ministry)
        self.names |= {squeeze(ministry.text)}
        self.pages |= {ministry.page}


def grams(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a text, by which two wordings are compared."""
    plain = squeeze(text)
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))


def dice(a: frozenset[str], b: frozenset[str]) -> float:
    """Return Dice's coefficient of two sets of pairs, 0 to 1."""
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0
