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
from analysis.extraction.values.blocks import where
from analysis.extraction.values.governing_period import BARE_PERIOD
from analysis.extraction.values.passage import Figure
from analysis.extraction.values.periods import DATE, WESTERN, date_name
from analysis.extraction.values.running_text import LIST_MARK, normal_line

HEADER_UNIT = re.compile(r"単位:(?P<unit>[^)\s]+)|\((?P<short>%|[^()\d]{0,3}(?:円|ドル))\)")
VALUE = re.compile(rf"(?P<sign>[-△▲~+])?(?:約)?(?P<number>{NUMERAL})(?P<unit>{UNIT})?(?:\((?P<period>[^()]*)\))?$")
MINUS = "-~△▲"
RATING = re.compile(r"[◎○〇△×]$")
RATE_HEADER = re.compile(r"増減率|増加率|伸び率|前年度?比|減少率|成長率")
CHANGE_HEADER = re.compile(r"増減額?$|差分?$|変化$")
PLAN_YEAR_HEADER = re.compile(rf"計画({WESTERN})$")  # the edition that gave a column's values
CAPTION = re.compile(r"(?:別紙)?図?表\d*")
NEAR = 4  # lines between a table and its caption


@dataclass(frozen=True)
class Column:
    """What a column's headers say of its values. Columns under one header have the same `group`."""

    label: str
    unit: str
    period: str | None
    nature: str
    kind: str
    group: int
    set_in: str | None


@dataclass(frozen=True)
class Table:
    """`rows` are (line number, cells) below the header; `corner` is the first label of the header, which names the
    whole table; `period` is that of its caption."""

    block: Paragraph
    columns: tuple[Column, ...]
    rows: tuple[tuple[int, list[str]], ...]
    corner: str
    period: str | None


def figures(block: Paragraph, paragraphs: list[Paragraph]) -> list[Figure]:
    """Return the figures of a table's rows; `paragraphs` are the document's, for the caption. Beside ratings stand
    their sums, which are left out."""
    table = _table(block, _caption_period(block, paragraphs))
    rated = any(RATING.match(column.label) for column in table.columns)
    labels = min((_label_count(cells) for _, cells in table.rows if _has_value(cells)), default=0)
    result = [
        _figure(table, number, cells, position, labels)
        for number, cells in table.rows
        for position in range(labels, len(cells))
        if not rated or RATING.match(table.columns[position].label)
    ]
    return [figure for figure in result if figure is not None]


def _table(block: Paragraph, period: str | None) -> Table:
    rows = [(number, [normal_line(cell).replace(" ", "") for cell in raw.split("\t")]) for number, raw in block.lines]
    first = next((i for i, (_, cells) in enumerate(rows) if _has_value(cells)), len(rows))
    headers = [cells for _, cells in rows[:first]]
    columns = tuple(_column(headers, position) for position in range(max(len(cells) for _, cells in rows)))
    corner = next((header[0] for header in headers if header[0]), "")
    return Table(block, columns, tuple(rows[first:]), corner, period)


def _has_value(cells: list[str]) -> bool:
    return any(VALUE.match(cell) for cell in cells[1:])


def _label_count(cells: list[str]) -> int:
    """Return how many cells stand before a row's first value."""
    return next((position for position, cell in enumerate(cells) if VALUE.match(cell)), len(cells))


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
    """Return the period that a cell names, if nothing else stands there but brackets and 時点."""
    match = DATE.match(cell)
    if match is None or match["relative"] or not BARE_PERIOD.match(cell, match.end()):
        return None
    return date_name(match)


def _figure(table: Table, line: int, cells: list[str], position: int, labels: int) -> Figure | None:
    """Return the figure of a row's cell; None where the cell is no value or has no unit."""
    column, match = table.columns[position], VALUE.match(cells[position])
    if match is None:
        return None
    value, multiplier = scaled(match["number"])
    unit = multiplier + match["unit"] if match["unit"] else column.unit
    if not unit:
        return None
    period = _cell_period(match["period"] or "") or column.period or _group_period(table, cells, position)
    return Figure(
        *where(table.block, line),
        indicator=_name(table, column, cells[:labels]),
        kind=column.kind,
        nature=column.nature,
        value=-value if (match["sign"] or "+") in MINUS else value,
        unit=unit,
        period=period or table.period,
        set_in=column.set_in,
    )


def _group_period(table: Table, cells: list[str], position: int) -> str | None:
    """Return the period of a change: that of the first value before it under the same header."""
    group = table.columns[position].group
    if table.columns[position].nature == "level":
        return None
    before = [cell for cell, column in zip(cells[:position], table.columns, strict=False) if column.group == group]
    periods = [match["period"] for cell in before if (match := VALUE.match(cell)) and match["period"]]
    return _cell_period(periods[0]) if periods else None


def _name(table: Table, column: Column, labels: list[str]) -> str | None:
    """Return a row's last label; under the table's own name where the columns are years, with the rating if any."""
    name = next((label for label in reversed(labels) if label), "").strip(LIST_MARK + "。")
    if column.period and table.corner:
        name = f"{shorten(table.corner, 20)}({shorten(name, 10)})"
    elif RATING.match(column.label):
        name = f"{shorten(name, 30)} {column.label}"
    return shorten(name) or None


def _caption_period(block: Paragraph, paragraphs: list[Paragraph]) -> str | None:
    """Return the one year that a table's caption names: 図表5:令和7年度の取組. Captions stand near a table."""
    first, last = block.lines[0][0], block.lines[-1][0]
    for paragraph in paragraphs:
        number = paragraph.lines[0][0]
        if not (first - NEAR <= number < first or last < number <= last + NEAR):
            continue
        text = "".join(normal_line(raw) for _, raw in paragraph.lines).replace(" ", "")
        dates = [match for match in DATE.finditer(text) if not match["relative"]]
        if CAPTION.match(text) and len(dates) == 1:
            return date_name(dates[0])
    return None
