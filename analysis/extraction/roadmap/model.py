"""What the roadmap's reader works with and what it returns."""

from dataclasses import dataclass, field
from typing import Literal

from analysis.base.japanese import join_lines, squeeze

Kind = Literal["number", "repeat", "ministry", "text", "title", "year", "heading", "section", "furniture", "other"]


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


@dataclass(frozen=True)
class Row:
    """One row of the roadmap: a text (施策内容) with what belongs to it.

    `no` is None where the row has 再掲 in place of a number; then `repeats` is the number of the row it repeats,
    where the table says so. `cell` counts the texts that share a number. `ministries` is None where the reader
    cannot tell. `years` holds the year cells' texts where they can be told: "2019" what is done in the first year,
    "2020-" what follows.
    """

    part: str
    no: int | None
    cell: int
    cells: int
    group: str
    title: str | None
    text: str
    horizon: tuple[str, ...]
    ministries: tuple[str, ...] | None
    carried_to: tuple[int, ...]
    lines: tuple[int, ...]
    first_line: int
    last_line: int
    ministry_lines: tuple[int, ...]
    years: dict[str, str]
    confidence: float
    doubts: tuple[str, ...] = ()
    repeats: int | None = None
    other_lines: tuple[int, ...] = ()  # the lines of its number, its title and its year cells


@dataclass
class Slot:
    """A row while it is being put together. `fixed` is the cell of the number that stands right before its text."""

    ministries: list[Cell]
    text: Cell | None = None
    number: Cell | None = None
    title: Cell | None = None
    page: int = 0  # where its text stands
    order: int = 0
    fixed: bool = False
    loose: bool = False  # its place among the rows of its page is not known
    merged: bool = False
    doubts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = frozenset(squeeze(cell.text) for cell in self.ministries)
        self.pages = frozenset(cell.page for cell in self.ministries) | {self.page}

    def add(self, ministry: Cell) -> None:
        self.ministries.append(ministry)
        self.names |= {squeeze(ministry.text)}
        self.pages |= {ministry.page}


@dataclass
class Part:
    """One part of the roadmap: the cells of one plan's items."""

    year: str
    cells: list[Cell]
    titled: bool  # whether the table has a column of titles (項目名)

    def merged_texts(self, taken: set[int]) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind == "text" and cell.first not in taken]


def grams(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text, by which two wordings are compared."""
    plain = squeeze(text)
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))


def likeness(a: frozenset[str], b: frozenset[str]) -> float:
    """Dice's coefficient of two sets of pairs."""
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def held(part: frozenset[str], whole: frozenset[str]) -> float:
    """How much of a short wording is found in a longer one."""
    return len(part & whole) / len(part) if part else 0.0
