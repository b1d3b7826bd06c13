"""Convert a roadmap (工程表) whose cells a PDF's text layer put out of order into a table. See README.md."""

from analysis.extraction.roadmap.table import BodyMeasure, CellKind, Line, Table

from .assembly import rows_of_part, texts_by_number
from .cells import parts
from .model import Kind

# What the core calls the kinds of cells.
KINDS: dict[Kind, CellKind] = {
    "text": "text", "ministry": "ministry", "number": "number", "repeat": "number", "title": "title",
    "heading": "heading", "section": "heading", "year": "year", "other": "year", "head": "head",
}  # fmt: skip


def convert(lines: list[Line], body: list[BodyMeasure]) -> Table:
    """Return the table that the lines hold. `lines` are (line number, text), blank ones too.

    The newest part repeats the measures of the plan's body; the older parts may point to its items.
    """
    all_parts, preface = parts(lines)
    table = Table([], [])
    newest: dict[int, str] = {}
    newest_year = max((part.year for part in all_parts), default="")
    for part in sorted(all_parts, key=lambda part: part.year, reverse=True):
        rows = rows_of_part(part, body if part.year == newest_year else [], newest)
        newest = texts_by_number(rows) if part.year == newest_year else newest
        table.rows += rows
    cells = [*preface, *(cell for part in all_parts for cell in part.cells)]
    table.cells += [(number, KINDS[cell.kind]) for cell in cells for number, _ in cell.lines]
    return table
