"""Figures of tables.

A table says by its layout what running text says by words: a column's header gives unit, period and kind, a row's
labels give the name. Header rows are those before the first row with a value; a header cell spans the empty cells to
its right. A cell without a unit of its own takes the header's, and is left out where there is none: what it counts
would be a guess.
"""

import re
from dataclasses import dataclass

from analysis.base.japanese import shorten
from analysis.extraction.parsers.parse_result import Paragraph
from analysis.extraction.values.amounts import NUMERAL, UNIT, scaled
from analysis.extraction.values.figure import Figure
from analysis.extraction.values.governing import BARE_PERIOD
from analysis.extraction.values.periods import DATE, named_date
from analysis.extraction.values.pieces import place
from analysis.extraction.values.running import CIRCLED_SIGN, plain

HEADER_UNIT = re.compile(r"単位:(?P<unit>[^)\s]+)|\((?P<short>%|[^()\d]{0,3}(?:円|ドル))\)")
CELL = re.compile(rf"(?P<sign>[-△▲~+])?(?:約)?(?P<number>{NUMERAL})(?P<unit>{UNIT})?(?:\((?P<period>[^()]*)\))?$")
MINUS = "-~△▲"
RATING = re.compile(r"[◎○〇△×]$")
RATE_HEADER = re.compile(r"増減率|増加率|伸び率|前年度?比|減少率|成長率")
CHANGE_HEADER = re.compile(r"増減額?$|差分?$|変化$")
PLAN_YEAR_HEADER = re.compile(r"計画((?:19|20)\d{2})$")  # the edition that gave a column's values
CAPTION = re.compile(r"(?:別紙)?図?表\d*")
NEAR = 4  # lines between a table and its caption


@dataclass(frozen=True)
class Column:
    label: str
    unit: str
    period: str | None
    nature: str
    kind: str
    group: int  # where the header cell above it begins: columns under one header belong together
    set_in: str | None


@dataclass(frozen=True)
class Table:
    piece: Paragraph
    columns: tuple[Column, ...]
    rows: tuple[tuple[int, list[str]], ...]  # (line number, cells) below the header
    corner: str  # the first label of the header, which names the whole table
    period: str | None  # by its caption


def figures(piece: Paragraph, paragraphs: list[Paragraph]) -> list[Figure]:
    """The figures of a table's rows. Beside ratings stand their sums, which are left out."""
    table = _table(piece, _caption_period(piece, paragraphs))
    rated = any(RATING.match(column.label) for column in table.columns)
    count = min((_labels_of(cells) for _, cells in table.rows if _is_data(cells)), default=0)
    found: list[Figure | None] = []
    for number, cells in table.rows:
        for position in range(count, len(cells)):
            if not rated or RATING.match(table.columns[position].label):
                found.append(_figure(table, number, cells, position, cells[:count]))
    return [figure for figure in found if figure is not None]


def _table(piece: Paragraph, period: str | None) -> Table:
    rows = [(number, [plain(cell).replace(" ", "") for cell in raw.split("\t")]) for number, raw in piece.lines]
    first = next((i for i, (_, cells) in enumerate(rows) if _is_data(cells)), len(rows))
    headers = [cells for _, cells in rows[:first]]
    columns = tuple(_column(headers, position) for position in range(max(len(cells) for _, cells in rows)))
    corner = next((header[0] for header in headers if header[0]), "")
    return Table(piece, columns, tuple(rows[first:]), corner, period)


def _is_data(cells: list[str]) -> bool:
    return any(CELL.match(cell) for cell in cells[1:])


def _labels_of(cells: list[str]) -> int:
    """How many cells stand before a row's first value."""
    return next((position for position, cell in enumerate(cells) if CELL.match(cell)), len(cells))


def _column(headers: list[list[str]], position: int) -> Column:
    spanning = [next((cell for cell in reversed(header[: position + 1]) if cell), "") for header in headers]
    label = spanning[-1] if spanning else ""
    plan = PLAN_YEAR_HEADER.search(label)
    return Column(
        label=label,
        unit=next((m["unit"] or m["short"] for cell in reversed(spanning) if (m := HEADER_UNIT.search(cell))), ""),
        period=next((period for cell in reversed(spanning) if (period := _cell_period(cell))), None),
        nature="rate" if RATE_HEADER.search(label) else "change" if CHANGE_HEADER.search(label) else "level",
        kind="target" if "目標" in label else "baseline" if "基準" in label else "observation",
        group=max((i for i, cell in enumerate(headers[0][: position + 1]) if cell), default=0) if headers else 0,
        set_in=plan[1] if plan else None,
    )


def _cell_period(cell: str) -> str | None:
    """The period that a header cell names, if nothing else stands there but brackets and 時点."""
    match = DATE.match(cell)
    if match is None or match["relative"] or not BARE_PERIOD.match(cell, match.end()):
        return None
    return named_date(match)


def _figure(table: Table, number: int, cells: list[str], position: int, labels: list[str]) -> Figure | None:
    column, match = table.columns[position], CELL.match(cells[position])
    if match is None:
        return None
    value, multiplier = scaled(match["number"])
    unit = multiplier + match["unit"] if match["unit"] else column.unit
    if not unit:
        return None
    return Figure(
        first_line=number,
        section=table.piece.section,
        place=place(table.piece),
        measure=table.piece.measure,
        indicator=_name(table, column, labels),
        kind=column.kind,
        nature=column.nature,
        value=-value if (match["sign"] or "+") in MINUS else value,
        unit=unit,
        period=_cell_period(match["period"] or "")
        or column.period
        or _group_period(table, cells, position)
        or table.period,
        set_in=column.set_in,
        comparator=None,
    )


def _group_period(table: Table, cells: list[str], position: int) -> str | None:
    """A change has the period of the first value that stands before it under the same header."""
    column = table.columns[position]
    if column.nature == "level":
        return None
    before = [cell for cell, other in zip(cells[:position], table.columns, strict=False) if other.group == column.group]
    periods = [match["period"] for cell in before if (match := CELL.match(cell)) and match["period"]]
    return _cell_period(periods[0]) if periods else None


def _name(table: Table, column: Column, labels: list[str]) -> str | None:
    """The last label of a row; under the table's own name where the columns are years, with the rating's sign."""
    name = next((label for label in reversed(labels) if label), "").strip(CIRCLED_SIGN + "。")
    if column.period and table.corner:
        name = f"{shorten(table.corner, 20)}({shorten(name, 10)})"
    elif RATING.match(column.label):
        name = f"{shorten(name, 30)} {column.label}"
    return shorten(name) or None


def _caption_period(piece: Paragraph, paragraphs: list[Paragraph]) -> str | None:
    """The one year that a table's caption names: 図表5:令和7年度の取組. Captions stand near a table."""
    first, last = piece.lines[0][0], piece.lines[-1][0]
    for paragraph in paragraphs:
        number = paragraph.lines[0][0]
        if not (first - NEAR <= number < first or last < number <= last + NEAR):
            continue
        text = "".join(plain(raw) for _, raw in paragraph.lines).replace(" ", "")
        dates = [match for match in DATE.finditer(text) if not match["relative"]]
        if CAPTION.match(text) and len(dates) == 1:
            return named_date(dates[0])
    return None
