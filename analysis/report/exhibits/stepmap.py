"""Exhibit: the Stepmap, initiatives as rows and editions as columns, each cell the measure that stands for it."""

from typing import Any

import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.report import stepmap
from analysis.report.charts import stepmap as charts
from analysis.report.data import ReportData
from analysis.report.exhibit import Cell, Exhibit, Link, Rows, called, rows_of
from analysis.tables import editions
from analysis.tables.labels import label, step, step_words

DRAWN = 25  # initiatives in the chart
NAMED = 3  # of the oldest, in the sentence
HEADS = {"initiative": N_("initiative"), "state_word": N_("state")}


def exhibit(data: ReportData, topic: str = "", ministry: str = "") -> Exhibit | None:
    """Return the Stepmap of a topic or a body in charge, or of all; None where no initiative is seen."""
    table, members = stepmap.rows(data, topic, ministry), stepmap.members(data)
    if table.is_empty():
        return None
    return Exhibit(
        __name__, "stepmap", "turnover", "03_continuity", chart=_chart(table, members, data, bool(topic or ministry)),
        rows=_rows(table, members, data), sentences=sentences(data) if not (topic or ministry) else [],
    )  # fmt: skip


def _chart(table: pl.DataFrame, members: dict[str, list[stepmap.Row]], data: ReportData, chosen: bool) -> Any:
    """Draw the initiatives that are seen in most editions, by birth and life."""
    _, columns = data.gettext, stepmap.time_points(data)
    most = table.sort("seen", "initiative_id", descending=[True, False]).head(DRAWN)["initiative_id"]
    drawn = table.filter(pl.col("initiative_id").is_in(most.implode()))
    headings = dict(data.tables["measures"].select("measure_id", "section_title").iter_rows())
    rows = [
        {
            "initiative": f"{row['initiative_id']} {row[f'name_{data.language}']}",
            "edition_id": member["edition_id"], "step": step(member), "measure_id": member["measure_id"],
            "heading": headings[member["measure_id"]],
        }
        for row in drawn.iter_rows(named=True)
        for member in members[row["initiative_id"]]
        if member["edition_id"] in columns
    ]  # fmt: skip
    title = _("Stepmap: initiatives from edition to edition") if chosen else _("Initiatives seen in most editions")
    subtitle = _(
        "{shown} of {count} initiatives; a mark is a measure, its colour how it came about; after NISTEP's Stepmap "
        "(2013)",
        shown=len(drawn), count=len(table),
    )  # fmt: skip
    return charts.chart(pl.DataFrame(rows), columns, title, subtitle, data.language)


def _rows(table: pl.DataFrame, members: dict[str, list[stepmap.Row]], data: ReportData) -> Rows:
    """Return a row an initiative, folded by topic; each cell leads to the measure."""
    columns = stepmap.time_points(data)
    named = table.with_columns(called("state", lambda state: label("initiative_state", state, data.language)))
    cells: list[list[Cell]] = []
    groups: list[tuple[str, int]] = []
    for topic, own in stepmap.by_topic(named, data):
        groups.append((topic, len(own)))
        for row in own.iter_rows(named=True):
            steps: dict[str, Cell] = {
                member["edition_id"]: [_cell(member, data.language)] for member in members[row["initiative_id"]]
            }
            name = Link(f"{row['initiative_id']} {row[f'name_{data.language}']}", row["initiative_id"])
            state = [row["state"]] if _knows_ends(data) else []
            cells.append([[name], *state, *(steps.get(edition_id) for edition_id in columns)])
    heads = rows_of(table.head(0).rename({"name_en": "initiative", "state": "state_word"}), HEADS, [], data.language)
    shown = heads.heads if _knows_ends(data) else heads.heads[:1]
    names = [editions.label(edition_id, data.language) for edition_id in columns]
    return Rows([*shown, *names], cells, ["initiatives", "initiative_members"], groups)


def _cell(member: stepmap.Row, language: str) -> Link:
    """Return how a measure came about, what that rests on, and what changed besides."""
    named, *rest = step_words(member, language)
    hint = " · ".join([member["measure_id"], *rest])
    return Link(named, f"s-{member['measure_id']}", rest[-1] if rest else "", hint)


def _knows_ends(data: ReportData) -> bool:
    """Whether the states in the table are those that the report's edition shows: no later one is known."""
    return data.edition == data.tables["documents"]["edition"].max()


def sentences(data: ReportData) -> list[str]:
    """How many initiatives there are, how many go on in the edition, how these began, and which are the oldest."""
    table, members, _ = stepmap.rows(data), stepmap.members(data), data.gettext
    edition_id = str(data.edition)
    own = table.filter(pl.col("editions").list.contains(edition_id))
    if own.is_empty() or len(stepmap.time_points(data)) < 2:
        return []
    begun = own.filter(pl.col("born") == edition_id)
    older = own.filter(pl.col("born") != edition_id)
    counts = {
        kind: sum(members[key][0]["relation"] == kind for key in begun["initiative_id"])
        for kind in ("first", "split", "evolved")
    }
    said = [
        _(
            "{count} initiatives are followed under one identifier up to {year}; {own} of them are in the {year} "
            "edition. Of these {older} ({share}) were seen before, {evolved} take over from another, {split} were "
            "split off from one, and {first} are new.",
            count=len(table),
            year=data.edition,
            own=len(own),
            older=len(older),
            share=percent(len(older), len(own)),
            **counts,
        )
    ]
    if len(older):
        oldest = older.filter(pl.col("start") == older["start"].min()).sort(
            "seen", "initiative_id", descending=[True, False]
        )
        names = [f"{row['initiative_id']} {row[f'name_{data.language}']}" for row in oldest.iter_rows(named=True)]
        said.append(
            data.ngettext(
                "{count} of them goes back to {born}, the first edition at hand: {names}.",
                "{count} of them go back to {born}, the first edition at hand; seen most often are {names}.",
                len(oldest),
                count=len(oldest),
                born=editions.label(oldest["born"][0], data.language),
                names=data.listed(names[:NAMED]),
            )
        )
    return said
