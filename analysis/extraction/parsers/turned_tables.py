"""Measures that are columns of a table: its first column says which row holds names, contents, bodies and times.

Words of the first column tell, or what stands beside them. A sign for the same (同上, 〃) and an empty cell of bodies
or times are those of the column before.
"""

from itertools import accumulate

from analysis.base.japanese import rests
from analysis.documents.document import Run
from analysis.extraction.parsers import table_rows, text_rows
from analysis.extraction.parsers.bodies_and_times import USUAL, Labels, is_time, plain
from analysis.extraction.parsers.cards import Card, is_row, kind_of, label_of, names_bodies
from analysis.extraction.parsers.profile import Profile
from analysis.extraction.parsers.table_rows import DITTO, Row

FEWEST_ROWS, MOST_ROWS = 3, 15
FEWEST_COLUMNS = 3  # with that of the labels
Cells = list[list[str]]


def of(runs: list[Run], profile: Profile | None = None) -> dict[int, Card]:
    """Return the tables whose columns are measures, by their first run."""
    result: dict[int, Card] = {}
    after = width = 0
    for at, run in enumerate(runs):
        before, width = width, len(table_rows.cells_of(run)) if is_row(run) else 0
        begins = width >= FEWEST_COLUMNS and (width != before or run.above != "line")
        if begins and at >= after:
            rows, end = _rows(runs, at, width)
            if measures := _measures(rows, profile):
                result[at] = Card(("table",) * (end - at), measures)
                after = end
    return result


def _rows(runs: list[Run], at: int, width: int) -> tuple[Cells, int]:
    """Return the rows of as many cells that stand here, each put together where its cells stand on several lines, and
    where they end."""
    rows: Cells = []
    first = at
    while at < len(runs) and len(rows) < MOST_ROWS and (at == first or runs[at].above == "line"):
        lines = runs[at : at + text_rows.MOST_LINES]
        tabs = accumulate(len(table_rows.cells_of(line)) - 1 for line in lines)
        count = next((count for count, sum_of_tabs in enumerate(tabs, 1) if sum_of_tabs >= width - 1), 0)
        cells = table_rows.cells_of(runs[at])
        for line in lines[1:count]:
            if line.above == "line" and not line.lines[0].ruled:
                cells = text_rows.filled(cells, table_rows.cells_of(line))
        if len(cells) != width:
            break
        rows.append(cells)
        at += count
    return rows, at


def _measures(rows: Cells, profile: Profile | None) -> tuple[Row, ...]:
    """Return the measures that a table's columns are; none where its first column does not say so."""
    if len(rows) < FEWEST_ROWS or table_rows.columns(rows[0], profile):
        return ()
    kinds = [_kind(cells, profile) for cells in rows]
    if "name" not in kinds and not rows[0][0]:
        kinds[0] = "name"  # what stands above the columns
    of_bodies = [cells for cells, kind in zip(rows, kinds, strict=True) if kind == "bodies"]
    if not of_bodies or not all(names_bodies(cell) for cells in of_bodies for cell in cells[1:] if cell):
        return ()
    if table_rows.NO_PLAN & set(kinds) or not {"name", "content"} & set(kinds[1:]):
        return ()
    columns: list[dict[str, str]] = []
    for place in range(1, len(rows[0])):
        column = _column([cells[place] for cells in rows], kinds, columns[-1] if columns else {})
        if column.get("name") or column.get("content"):
            columns.append(column)
    labels: Labels = profile.labels if profile else USUAL
    return tuple(table_rows.measure(column, labels) for column in columns) if len(columns) > 1 else ()


def _kind(cells: list[str], profile: Profile | None) -> str | None:
    """Return what a row's first cell announces, or what all the others are."""
    values = [cell for cell in cells[1:] if cell and not DITTO.fullmatch(cell)]
    if kind := kind_of(label_of(cells[0]), profile):
        return kind
    if values and all(names_bodies(value, known=True) for value in values):
        return "bodies"
    return "time" if values and all(is_time(plain(value)) for value in values) else None


def _column(cells: list[str], kinds: list[str | None], before: dict[str, str]) -> dict[str, str]:
    """Return what a column says by kind; a second name is what the measure is."""
    column: dict[str, str] = {}
    for cell, kind in zip(cells, kinds, strict=True):
        if kind not in ("name", "content", "bodies", "time"):
            continue
        kind = "content" if kind == "name" and column.get("name") else kind
        if DITTO.fullmatch(cell) or (not cell and kind in ("bodies", "time")):
            cell = before.get(kind, "")
        apart = "、" if kind == "bodies" else " " if kind == "time" or rests(column.get(kind, "")) else "　"
        column[kind] = apart.join(filter(None, [column.get(kind, ""), cell]))
    return column
