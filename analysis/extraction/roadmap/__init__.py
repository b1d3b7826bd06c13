"""The roadmap (工程表) of a full plan, read as a table: what its rows say, and what each line is.

Here: tables → rows (`table`), and where tables come from: lines whose cells are parted by tabs, as from a PDF's ruling
lines (`tabbed`), or a converter that stands in data/converters, for a text layer without cells (`converter`).
Not here: how a converter puts cells in order, and the plan's body.
"""

from dataclasses import dataclass

from analysis.extraction.roadmap import converter, tabbed
from analysis.extraction.roadmap.table import BodyMeasure, Line, Row, Table, roles, rows

__all__ = ["Roadmap", "Row", "analyse", "is_table"]

is_table = tabbed.is_table


@dataclass(frozen=True)
class Roadmap:
    """The rows in the table's order; `roles` gives each line that is not blank its role and the place of its row in
    `rows` (None: of no row)."""

    rows: list[Row]
    roles: dict[int, tuple[str, int | None]]


def analyse(lines: list[Line], body: list[BodyMeasure]) -> Roadmap:
    """Return the rows of a roadmap and the roles of its lines.

    `lines` are (line number, text), blank ones too; `body` the measures of the plan's body, which the newest part
    repeats: a converter may use them.
    """
    table = tabbed.read(lines) if tabbed.is_table(lines) else _converted(lines, body)
    return Roadmap(rows(table), roles(table))


def _converted(lines: list[Line], body: list[BodyMeasure]) -> Table:
    """Return the table that the converter makes of lines without cells; none, with all lines unknown, without it."""
    convert = converter.load()
    if convert is None:
        return Table([], [(number, "unknown") for number, raw in lines if raw.strip()])
    return convert(lines, body)
