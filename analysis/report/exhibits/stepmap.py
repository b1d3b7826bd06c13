"""Exhibit: the Stepmap, initiatives as rows and editions as columns, each cell the measure that stands for it."""

from collections import Counter
from typing import Any

import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.report import stepmap
from analysis.report.charts import stepmap as charts
from analysis.report.data import ReportData
from analysis.report.exhibit import Cell, Exhibit, Link, Rows, rows_of
from analysis.tables import editions, headings
from analysis.tables.labels import FORM_OF, label, step, step_words

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
    """Draw the initiatives that are seen in the largest number of editions, by birth and life."""
    _, columns = data.gettext, stepmap.time_points(data)
    most = table.sort("seen", "initiative_id", descending=[True, False]).head(DRAWN)["initiative_id"]
    drawn = table.filter(pl.col("initiative_id").is_in(most.implode()))
    titles = dict(data.tables["measures"].select("measure_id", "section_title").iter_rows())
    rows = [
        {
            "initiative": f"{row['initiative_id']} {row[f'name_{data.language}']}",
            "edition_id": member["edition_id"], "step": step(member), "measure_id": member["measure_id"],
            "heading": headings.label(titles[member["measure_id"]], data.language),
        }
        for row in drawn.iter_rows(named=True)
        for member in members[row["initiative_id"]]
        if member["edition_id"] in columns
    ]  # fmt: skip
    title = (
        _("Stepmap: initiatives from edition to edition")
        if chosen
        else _("Initiatives seen in the largest number of editions")
    )
    subtitle = _(
        "{shown} of {count} initiatives; a mark is a measure, its colour how it came about; after {source}",
        source=FORM_OF, shown=len(drawn), count=len(table),
    )  # fmt: skip
    return charts.chart(pl.DataFrame(rows), columns, title, subtitle, data.language)


def _rows(table: pl.DataFrame, members: dict[str, list[stepmap.Row]], data: ReportData) -> Rows:
    """Return a row an initiative, folded by topic; each cell leads to the measure."""
    columns, delivered = stepmap.time_points(data), stepmap.delivered(data)
    cells: list[list[Cell]] = []
    groups: list[tuple[str, int]] = []
    for topic, own in stepmap.by_topic(table, data):
        groups.append((topic, len(own)))
        for row in own.iter_rows(named=True):
            own_members = members[row["initiative_id"]]
            steps: dict[str, Cell] = {
                member["edition_id"]: [_cell(member, delivered, data.language)] for member in own_members
            }
            title = f"{row['initiative_id']} {row[f'name_{data.language}']}"
            name = Link(title, row["initiative_id"], delivered.get(row["initiative_id"], ""))
            state = [_state(row, data)] if data.latest else []
            cells.append([[name], *state, *(steps.get(edition_id) for edition_id in columns)])
    heads = rows_of(table.head(0).rename({"name_en": "initiative", "state": "state_word"}), HEADS, [], data.language)
    shown = heads.heads if data.latest else heads.heads[:1]
    names = [editions.label(edition_id, data.language) for edition_id in columns]
    return Rows([*shown, *names], cells, ["initiatives", "initiative_members"], groups)


def _state(row: stepmap.Row, data: ReportData) -> str:
    """What became of an initiative; one that begins in the edition itself has not gone on yet."""
    if row["born"] == str(data.edition) and row["state"] == "living":
        return data.gettext("begins in {edition}", edition=data.edition)
    return label("initiative_state", row["state"], data.language)


def _cell(member: stepmap.Row, delivered: dict[str, str], language: str) -> Link:
    """Return how a measure came about, what that rests on, what changed besides, and what is known of its delivery."""
    named, *rest = step_words(member, language)
    hint = " · ".join([member["measure_id"], *rest])
    note = " · ".join([*rest[-1:], *filter(None, [delivered.get(member["measure_id"])])])
    return Link(named, f"m-{member['measure_id']}", note, hint)


def sentences(data: ReportData) -> list[str]:
    """How many initiatives there are, how many go on in the edition, how these began, which are the oldest, and what
    became of those of the baseline."""
    table, points = stepmap.rows(data), stepmap.time_points(data)
    own = table.filter(pl.col("editions").list.contains(str(data.edition)))
    if own.is_empty() or len(points) < 2:
        return []
    older = own.filter(pl.col("born") != str(data.edition))
    return [_counts(table, own, older, data), *_oldest(older, data), *_since_baseline(table, data), *_strongest(data),
            *data.roadmap_meant(older["born"])]  # fmt: skip


def _counts(table: pl.DataFrame, own: pl.DataFrame, older: pl.DataFrame, data: ReportData) -> str:
    members = stepmap.members(data)
    begun = own.filter(pl.col("born") == str(data.edition))["initiative_id"]
    counts = Counter(members[key][0]["relation"] for key in begun)
    return data.gettext(
        "{count} initiatives are followed under one identifier up to {year}, {own} of them in the {plan}: seen before "
        "{older} ({share}), taking over from another {evolved}, split off from one {split}, without a forerunner in "
        "any earlier document at hand {first}.",
        count=len(table), year=data.edition, plan=data.plan(), own=len(own), older=len(older),
        share=percent(len(older), len(own)),
        first=counts["first"], split=counts["split"], evolved=counts["evolved"],
    )  # fmt: skip


def _strongest(data: ReportData) -> list[str]:
    """Why two documents compared alone may show more that goes on than the identifiers do; said where other documents
    followed, so that what became of the baseline's initiatives is not."""
    if data.latest or data.alone:
        return []
    return [
        data.gettext(
            "An identifier follows the strongest link to any earlier document at hand. Where that link says that "
            "another initiative was taken over, a new identifier begins, even if a weaker link to the {earlier} says "
            "that the same one goes on: so fewer may be seen before here than go on where the two are compared alone.",
            earlier=data.plan(data.earlier),
        )
    ]


def _oldest(older: pl.DataFrame, data: ReportData) -> list[str]:
    if older.is_empty():
        return []
    oldest = older.filter(pl.col("start") == pl.col("start").min()).sort("initiative_id")
    most = oldest.filter(pl.col("seen") == pl.col("seen").max())
    names = [f"{key} {name}" for key, name in most.select("initiative_id", f"name_{data.language}").iter_rows()]
    if len(oldest) > 1 and len(names) > NAMED:
        names = [*names[:NAMED], data.gettext("and {others} more", others=len(names) - NAMED)]
    return [
        data.ngettext(
            "{count} of them goes back furthest, to {born}: {names}.",
            "{count} of them go back furthest, to {born}; of these seen in the largest number of editions ({most}): "
            "{names}.",
            len(oldest), count=len(oldest), born=editions.label(oldest["born"][0], data.language),
            most=most["seen"][0], names=data.listed(names),
        )
    ]  # fmt: skip


FOLLOWED = N_(
    "The {count} initiatives of the {baseline} in {year}: going on under their identifier {living} ({share}), merged "
    "into another {merged}, taken over by another {evolved}, not found {ended}. Links to earlier documents count here, "
    "too, so that these are not the numbers of the two plans compared alone."
)
FOLLOWED_THROUGH = N_(
    "The {count} initiatives of the {baseline}, followed through every document up to {year}, so that more are linked "
    "than where the first and the last alone are compared: going on under their identifier {living} ({share}), merged "
    "into another {merged}, taken over by another {evolved}, not found {ended}."
)


def _since_baseline(table: pl.DataFrame, data: ReportData) -> list[str]:
    """What became of the baseline's initiatives; only the last edition shows what is said of them."""
    before = table.filter(pl.col("editions").list.contains(str(data.baseline)))
    if data.baseline >= data.edition or before.is_empty() or not data.latest:
        return []
    counts = Counter(before["state"])
    within = pl.col("edition").is_between(data.baseline, data.edition, closed="none")
    between = data.tables["measures"].filter(within)
    return [
        data.gettext(
            FOLLOWED if between.is_empty() else FOLLOWED_THROUGH,
            count=len(before), baseline=data.plan(data.baseline), year=data.edition, living=counts["living"],
            share=percent(counts["living"], len(before)), merged=counts["merged"], evolved=counts["evolved"],
            ended=counts["ended"],
        )
    ]  # fmt: skip
