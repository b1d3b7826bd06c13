"""The roadmap (工程表) of a full plan: tables whose cells a PDF's text layer put out of order, but not without rule.

The steps, each with its rules in the docstring of its file:

1. cells: lines → cells with their kind (number, ministry, text, title, year, heading, furniture), by blank lines, by
   what a line looks like and by the width of the column;
2. slots, groups: cells → the rows of the table in order, with their ministries;
3. items, pairing: merged texts, titles and numbers → their rows;
4. years: year cells → their rows, and what is carried over to the newest part (工程表NNに記載);
5. assembly: all of it together, with doubts wherever another reading is nearly as good.

Where the rows came with their cells, as from a PDF's ruling lines, table reads them by the head's columns instead.

No rule knows a line, a number or a word of an item. The words that are known are the table's own: 項目番号, 施策内容,
担当府省, 再掲, に記載, 左記, the horizons, and the register's ministries.
"""

from dataclasses import dataclass, field

from analysis.extraction.parsers.parse_result import Measure
from analysis.extraction.roadmap import table
from analysis.extraction.roadmap.assembly import rows
from analysis.extraction.roadmap.cells import parts
from analysis.extraction.roadmap.model import Cell, Row

__all__ = ["Roadmap", "Row", "analyse", "read", "roles"]

ROLES = {
    "text": "measure", "ministry": "attribution", "number": "heading", "repeat": "heading", "title": "heading",
    "heading": "heading", "section": "heading", "year": "roadmap", "furniture": "furniture", "other": "roadmap",
}  # fmt: skip
PRECEDENCE = ["measure", "attribution", "heading", "roadmap", "furniture"]  # where a line holds several cells


@dataclass
class Roadmap:
    """The roadmap as read; `roles` gives each line that is not blank its role and the place of its row, if any."""

    rows: list[Row] = field(default_factory=list)
    roles: dict[int, tuple[str, int | None]] = field(default_factory=dict)


def read(lines: list[tuple[int, str]], body: list[Measure]) -> list[Row]:
    """The rows of the roadmap. `lines` are its numbered lines, blank ones too; `body` are the body's measures."""
    return analyse(lines, body).rows


def roles(lines: list[tuple[int, str]], body: list[Measure]) -> dict[int, tuple[str, int | None]]:
    """For each line that is not blank its role and the place of its row in what `read` returns (None: of none)."""
    return analyse(lines, body).roles


def analyse(lines: list[tuple[int, str]], body: list[Measure]) -> Roadmap:
    """Rows and roles at once. The newest part repeats the body; the older ones may point to the newest."""
    if table.is_table(lines):
        return Roadmap(*table.read(lines))
    found, preface = parts(lines)
    result = Roadmap()
    newest: dict[int, str] = {}
    newest_year = max((part.year for part in found), default="")
    for part in sorted(found, key=lambda part: part.year, reverse=True):
        some = rows(part, body if part.year == newest_year else [], newest)
        if part.year == newest_year:
            newest = {row.no: row.text for row in some if row.no is not None}
        result.rows += some
    cells = [*preface, *(cell for part in found for cell in part.cells)]
    result.roles = _roles(cells, result.rows)
    return result


def _roles(cells: list[Cell], found: list[Row]) -> dict[int, tuple[str, int | None]]:
    role: dict[int, str] = {}
    for cell in cells:
        for number, _ in cell.lines:
            known = role.get(number, PRECEDENCE[-1])
            role[number] = min(known, ROLES[cell.kind], key=PRECEDENCE.index)
    place: dict[int, int] = {}
    for index, row in reversed(list(enumerate(found))):
        # A number that several texts share leads to the first of them; a text's own lines to its row.
        place.update(dict.fromkeys(row.other_lines, index))
    for index, row in enumerate(found):
        place.update(dict.fromkeys((*row.ministry_lines, *row.lines), index))
    return {number: (name, place.get(number)) for number, name in sorted(role.items())}
