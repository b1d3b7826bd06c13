"""The roadmap (工程表) of a plan, behind its body or in a file of its own: where it begins, its rows as measures."""

import re
from itertools import groupby

from analysis.base.japanese import normal, squeeze
from analysis.documents.document import SIZELESS, Run
from analysis.documents.paragraphs import ROADMAP
from analysis.extraction import roadmap
from analysis.extraction.parsers.parse_result import Measure, Paragraph, ParseResult, Place
from analysis.extraction.parsers.profile import Profile
from analysis.tables.categories import HORIZONS

LAYOUT = "roadmap"  # of a file that holds nothing else
TITLE = re.compile("工程表|行程表|ロードマップ|実施計画表")
FIRST_LINES, HEADED = 30, 5  # in which the title stands; where no cells say that it is a roadmap, at once
FEWEST = 3  # rows from which on a table is taken for a roadmap
UNTITLED = 0.4  # how much of its certainty a file keeps that does not say that it is a roadmap
READ = ("measure", "attribution", "roadmap", "heading", "furniture")
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


def read_alone(runs: list[Run], profile: Profile) -> ParseResult:
    """Read a roadmap in a file of its own. Rows without cells are searched for only where its first lines say what it
    is: that takes long."""
    reading = ParseResult()
    headed = any(TITLE.search(normal(run.raw)) for run in runs[:HEADED])
    if headed or roadmap.is_table(_with_blanks(runs)):
        read(runs, reading)
    else:
        reading.paragraphs = [Paragraph(tuple(run.numbered), "unknown") for run in runs]
    return reading


def sure(runs: list[Run], reading: ParseResult) -> float:
    """Return how sure it is that a file is a roadmap and nothing else, 0–1: its words stand in rows of its table, each
    row has ministries, there are cells for years, and its title says so."""
    rows = [measure for measure in reading.measures if measure.place]
    dated = sum(bool(row.place and row.place.years) for row in rows)
    if len(rows) < FEWEST or not dated:
        return 0.0
    words = dict.fromkeys((*READ, "other"), 0)
    for paragraph in reading.paragraphs:
        words[paragraph.role if paragraph.role in READ else "other"] += sum(
            len(squeeze(raw)) for _, raw in paragraph.lines
        )
    inside = sum(words[role] for role in READ[:3]) / max(sum(words.values()) - words["furniture"], 1)
    titled = any(TITLE.search(normal(run.raw)) for run in runs[:FIRST_LINES])
    attributed = sum(bool(row.ministries) for row in rows) / len(rows)
    return min(1.0, 0.2 + inside) * (0.5 + 0.5 * attributed) * (1.0 if titled else UNTITLED)


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
    years = tuple(
        sorted(row.years.items(), key=lambda year: (HORIZONS.index(year[0]) if year[0] in HORIZONS else 0, year))
    )
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
        place=Place(row.no, row.cell, row.cells, row.group, row.title, row.carried_to, years, row.year_cells),
    )
