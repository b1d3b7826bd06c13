"""The roadmap (工程表) behind a plan's body: where it begins, and its rows as measures."""

from itertools import groupby

from analysis.base.japanese import normal
from analysis.documents.document import SIZELESS, Run
from analysis.documents.paragraphs import ROADMAP
from analysis.extraction import roadmap
from analysis.extraction.parsers.parse_result import Measure, Paragraph, ParseResult, Place

GAP_LINES = {"page": 3, "gap": 1, "line": 0}  # blank lines that stand for what parts lines with places


def split(runs: list[Run]) -> tuple[list[Run], list[Run]]:
    """The body, and what follows from the heading of the roadmap (工程表) on."""
    for index, run in enumerate(runs):
        if ROADMAP.match(normal(run.text)):
            return runs[:index], runs[index:]
    return runs, []


def read(runs: list[Run], reading: ParseResult) -> None:
    """Put the roadmap's rows behind the body's measures, and its lines with their roles into the reading."""
    lines = _with_blanks(runs)
    table, before = roadmap.analyse(lines, list(reading.measures)), len(reading.measures)
    raw = dict(lines)
    reading.measures += [_roadmap_measure(row) for row in table.rows]
    parts = groupby(table.roles.items(), key=lambda item: item[1])
    for (role, index), run in parts:
        part = tuple((number, raw[number]) for number, _ in run)
        reading.paragraphs.append(Paragraph(part, role, "roadmap", None if index is None else before + index))


def _with_blanks(runs: list[Run]) -> list[tuple[int, str]]:
    """The lines with the blank ones between them: a text's own, or some where a page has a gap."""
    lines: list[tuple[int, str]] = []
    for run in runs:
        if run.lines[0].size == SIZELESS:
            lines += [(number, "") for number in range(lines[-1][0] + 1 if lines else run.number, run.number)]
        else:
            lines += [(0, "")] * (GAP_LINES[run.above] if lines else 0)
        lines += run.numbered
    return lines


def _roadmap_measure(row: roadmap.Row) -> Measure:
    unknown = () if row.ministries is not None else ("ministries not told apart",)
    years = tuple(sorted(row.years.items()))
    return Measure(
        first_line=row.first_line,
        last_line=row.last_line,
        text=row.text,
        section=f"工程表{row.part}",
        section_title=row.group,
        subheads=(row.title,) if row.title else (),
        horizon=row.horizon,
        ministries=row.ministries or (),
        repeated=row.no is None,
        part=row.part,
        doubts=(*row.doubts, *unknown),
        place=Place(row.no, row.cell, row.cells, row.group, row.title, row.carried_to, years),
    )
