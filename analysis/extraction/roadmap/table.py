"""A roadmap's table → its rows: number, horizon, what a row repeats and the items of the newest part it goes on as.

A table is the same wherever it came from: each row with the text of its cells as printed, and the lines they stand on.
The words that are known are the table's own: 再掲 in place of a number, NNに記載 (this row repeats row NN) and
工程表NNに記載 (this item goes on as item NN of the newest part).
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal, Protocol

from analysis.base.japanese import squeeze
from analysis.extraction import horizon
from analysis.tables.categories import HORIZONS

PART = re.compile(r"工程表「[^」]*?([0-9]{4})」")
SECTION = re.compile(r"(?:[IVX]{1,4}|[0-9]{1,2})\. ?[^0-9(（]|重点事項[(（]|\([0-9]{1,2}\)「|[0-9]{1,2}\. ?工程表$")
CIRCLED = re.compile(r"[①-⑳]")
YEAR = re.compile(r"([0-9]{4})年度")
SPAN_END = re.compile(r"[0-9]{4}")
NUMBER = re.compile(r"[0-9]{1,3}")
REPEAT = "再掲"
LINK = re.compile(r"工程表([0-9]{1,3})(?:[~\-ー−―]([0-9]{1,3}))?」?に記載")
SAME_PART = re.compile(r"([0-9]{1,3})に記載")
MOST_LINKED = 20
NO_HORIZON, NO_NUMBER = "no horizon", "no number found for this text"
NO_MINISTRIES = "no ministries found for this text"

Line = tuple[int, str]
CellKind = Literal["text", "ministry", "number", "title", "heading", "year", "head", "unknown"]

# The role of a line by what stands on it; where that is several cells, the first of these counts.
ROLES: dict[CellKind, str] = {
    "text": "measure", "ministry": "attribution", "number": "heading", "title": "heading", "heading": "heading",
    "year": "roadmap", "head": "furniture", "unknown": "unknown",
}  # fmt: skip


class BodyMeasure(Protocol):
    """A measure of the plan's body, as far as a roadmap asks for it."""

    @property
    def text(self) -> str: ...

    @property
    def ministries(self) -> tuple[str, ...]: ...


@dataclass
class TableRow:
    """A row of the table: the text of its cells as printed, with merged cells repeated, and the lines they stand on."""

    part: str  # year of the plan whose items this part of the roadmap lists
    group: str  # the heading above
    number: str  # 12, 再掲, or "" where none was found
    title: str = ""
    text: str = ""  # with its horizon
    ministries: list[str] = field(default_factory=list)
    years: list[tuple[str, str]] = field(default_factory=list)  # (years of the column or "", text), one for each cell
    year_lines: list[tuple[int, ...]] = field(default_factory=list)  # of each of these cells, as far as they are told
    lines: list[int] = field(default_factory=list)  # of its text
    ministry_lines: list[int] = field(default_factory=list)
    other_lines: list[int] = field(default_factory=list)  # of its number, title and year cells
    doubts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class YearCell:
    """A cell of a row's years: the western years that it covers (none where its column names none) and its lines."""

    years: tuple[int, ...]
    lines: tuple[int, ...]


@dataclass
class Table:
    """A roadmap's rows, and what stands on its lines: (line number, kind of cell), more than one a line if need be."""

    rows: list[TableRow]
    cells: list[tuple[int, CellKind]]


@dataclass(frozen=True)
class Row:
    """A row of the roadmap: a text (施策内容) with what belongs to it.

    `no` is None where the row has 再掲 in place of a number; `repeats` is then the number of the row it repeats, where
    the table says so. `cell` counts the `cells` texts that share a number. `ministries` is None where none were found.
    `carried_to` are items of the newest part. `years` holds the texts of year cells, by years ("2019", "2020-2022");
    `year_cells` says of each cell which years it covers and on which lines it stands.
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
    repeats: int | None
    years: dict[str, str]
    year_cells: tuple[YearCell, ...]
    lines: tuple[int, ...]
    ministry_lines: tuple[int, ...]
    other_lines: tuple[int, ...]
    doubts: tuple[str, ...]

    @property
    def first_line(self) -> int:
        return (self.lines or self.ministry_lines or self.other_lines)[0]

    @property
    def last_line(self) -> int:
        return (self.lines or self.ministry_lines or self.other_lines)[-1]


def rows(table: Table) -> list[Row]:
    """Return the rows of a table in its order."""
    total = Counter((row.part, no) for row in table.rows if (no := _number(row)) is not None)
    so_far: Counter[tuple[str, int]] = Counter()
    result = []
    says_horizons = any(horizon.split(row.text)[1] for row in table.rows)
    for row in table.rows:
        no = _number(row)
        cell = cells = 1
        if no is not None:
            so_far[row.part, no] += 1
            cell, cells = so_far[row.part, no], total[row.part, no]
        result.append(_row(row, no, cell, cells, says_horizons))
    return result


def _number(row: TableRow) -> int | None:
    return int(row.number) if NUMBER.fullmatch(row.number) else None


def _row(row: TableRow, no: int | None, cell: int, cells: int, says_horizons: bool) -> Row:
    text, terms = horizon.split(row.text)
    terms = terms or tuple(name for name in HORIZONS if any(name in key for key, _ in row.years))
    repeat = row.number == REPEAT
    doubts = [
        *row.doubts,
        *[NO_HORIZON] * (not terms and (says_horizons or not row.years)),
        *[NO_NUMBER] * (no is None and not repeat),
    ]
    doubts += [NO_MINISTRIES] * (not row.ministries)
    years: dict[str, str] = {}
    for key, cell_text in sorted(row.years, key=lambda year: year[0]):
        if key:
            years[key] = "\n".join(filter(None, [years.get(key), cell_text]))
    pointers = (SAME_PART.fullmatch(squeeze(cell_text)) for _, cell_text in row.years)
    return Row(
        part=row.part, no=no, cell=cell, cells=cells, group=row.group, title=row.title or None, text=text,
        horizon=terms, ministries=tuple(row.ministries) or None,
        # a row that repeats another points to that one, not to the newest part
        carried_to=() if repeat else tuple(sorted({item for _, cell_text in row.years for item in links(cell_text)})),
        repeats=next((int(pointer[1]) for pointer in pointers if pointer), None), years=years,
        year_cells=tuple(YearCell(years_of(key), on) for (key, _), on in zip(row.years, row.year_lines, strict=False)),
        lines=tuple(row.lines), ministry_lines=tuple(row.ministry_lines), other_lines=tuple(row.other_lines),
        doubts=tuple(dict.fromkeys(doubts)),
    )  # fmt: skip


def years_of(name: str) -> tuple[int, ...]:
    """Return the years that the name of a column spans: 2019, 2020-2022, 2031- (from then on); none of 短期."""
    ends = [int(year) for year in SPAN_END.findall(name)]
    return tuple(range(ends[0], ends[-1] + 1)) if ends else ()


def links(year_cell: str) -> list[int]:
    """Return the items of the newest part that a year cell points to."""
    items: list[int] = []
    for match in LINK.finditer(squeeze(year_cell)):
        first, last = int(match[1]), int(match[2] or match[1])
        items += range(first, last + 1) if last - first < MOST_LINKED else [first]
    return items


def roles(table: Table) -> dict[int, tuple[str, int | None]]:
    """Return for each line its role and the place of its row in the table (None: of no row)."""
    rank = list(ROLES)
    kinds: dict[int, CellKind] = {}
    for number, kind in table.cells:
        kinds[number] = min(kind, kinds.get(number, kind), key=rank.index)
    places: dict[int, int] = {}
    for place, row in enumerate(table.rows):
        for number in row.other_lines:  # a number that several texts share leads to the first of them
            places.setdefault(number, place)
    for place, row in enumerate(table.rows):
        places.update(dict.fromkeys((*row.ministry_lines, *row.lines), place))
    return {
        number: (ROLES[kind], None if kind == "unknown" else places.get(number))
        for number, kind in sorted(kinds.items())
    }
