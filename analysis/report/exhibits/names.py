"""Exhibits: what the edition's measures name most, and which names come and go from edition to edition."""

import altair as alt
import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.report.charts import heat_map
from analysis.report.charts.base import DESCRIBED, PALETTE, WIDTH, described, finished, names_axis, tips
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, rows_of
from analysis.tables import editions
from analysis.tables.categories import MENTION_KINDS
from analysis.tables.labels import label

SHOWN = 24  # names in a chart
TOPICS = 3  # of a name, in its row
LISTED = 6  # names in a sentence
HEADS = {"thing": N_("name"), "what": N_("kind"), "measures": N_("measures"), "topics": N_("topics"),
         "measure_ids": N_("which")}  # fmt: skip
OVER_HEADS = {"thing": N_("name"), "what": N_("kind"), "measures": N_("measures"), "first": N_("first in"),
              "last": N_("last in")}  # fmt: skip


def exhibit(data: ReportData) -> Exhibit | None:
    """Return the names by number of measures, with their kinds and topics; None where the edition names nothing."""
    table = counted(data, str(data.edition))
    if table.is_empty():
        return None
    return Exhibit(
        __name__, "names", "topics", "02_topics", chart=_chart(table, data),
        rows=rows_of(_with_topics(table, data), HEADS, ["mentions"], data.language), sentences=_sentences(table, data),
    )  # fmt: skip


def over_editions(data: ReportData) -> Exhibit | None:
    """Return a heat map of names and editions; None where no name stands in two measures."""
    counts = data.mentions.group_by("canonical", "thing", "kind").agg(
        measures=pl.len().cast(pl.Int64), found_in=pl.col("edition_id").unique()
    )
    counts = counts.filter(pl.col("measures") > 1)
    if counts.is_empty():
        return None
    inside = [editions.in_time(edition_ids) for edition_ids in counts["found_in"]]
    table = counts.with_columns(
        what=_kind(data),
        first=pl.Series([editions.label(edition_ids[0], data.language) for edition_ids in inside]),
        last=pl.Series([editions.label(edition_ids[-1], data.language) for edition_ids in inside]),
    ).sort(["measures", "canonical"], descending=[True, False])
    return Exhibit(
        __name__, "names-editions", "topics", "02_topics", chart=_over_chart(table, data),
        rows=rows_of(table, OVER_HEADS, ["mentions"], data.language),
        sentences=[*_come_and_gone(data), *data.roadmap_meant(data.mentions["edition_id"])],
    )  # fmt: skip


def counted(data: ReportData, edition_id: str) -> pl.DataFrame:
    """Return the names of an edition, those of most measures first: canonical, thing, kind, what (the kind in words),
    measures [count], measure_ids."""
    rows = data.mentions.filter(edition_id=edition_id).sort("first_line", "measure_id")
    counts = rows.group_by("canonical", "thing", "kind", maintain_order=True).agg(
        measures=pl.len().cast(pl.Int64), measure_ids=pl.col("measure_id")
    )
    counts = counts.with_columns(what=_kind(data))
    return counts.sort(["measures", "canonical"], descending=[True, False])


def _kind(data: ReportData) -> pl.Expr:
    words = {kind: label("mention_kind", kind, data.language) for kind in MENTION_KINDS}
    return pl.col("kind").replace_strict(words, return_dtype=pl.String)


def _own(data: ReportData) -> pl.DataFrame:
    return data.mentions.filter(edition_id=str(data.edition))


def _with_topics(table: pl.DataFrame, data: ReportData) -> pl.DataFrame:
    """The names with the topics of their measures, most frequent first."""
    topic_of = dict(data.tables["assignments"].select("measure_id", "topic_id").iter_rows())
    listed = []
    for measure_ids in table["measure_ids"]:
        topics = pl.Series([data.topic_names[topic_of.get(key)] for key in measure_ids]).value_counts(name="n")
        top = topics.sort(["n", ""], descending=[True, False]).head(TOPICS)
        listed.append(data.listed([f"{topic} {count}" for topic, count in top.iter_rows()]))
    return table.with_columns(topics=pl.Series(listed, dtype=pl.String))


def _chart(table: pl.DataFrame, data: ReportData) -> alt.LayerChart:
    """Return bars: measures by name, coloured by kind."""
    _, shown = data.gettext, table.head(SHOWN)
    words = [label("mention_kind", kind, data.language) for kind in MENTION_KINDS]
    base = alt.Chart(shown).encode(
        y=names_axis("thing:N", shown["thing"].to_list()),
        x=alt.X("measures:Q", title=_("measures"), axis=alt.Axis(tickMinStep=1)),
        tooltip=tips("thing:N", "what:N", "measures:Q"),
    )
    present = [word for word in words if word in set(shown["what"])]
    colours = [PALETTE[words.index(word)] for word in present]
    bars = base.mark_bar(height={"band": 0.75}).encode(
        color=alt.Color(
            "what:N", title=None, scale=alt.Scale(domain=present, range=colours),
            legend=alt.Legend(orient="bottom", columns=4),
        )
    )  # fmt: skip
    numbers = base.mark_text(align="left", dx=4, color="#333").encode(text=alt.Text("measures:Q"))
    told = [f"{row['thing']} ({row['what']}): {row['measures']}" for row in shown.head(DESCRIBED).iter_rows(named=True)]
    title = _("What the {plan} names most", plan=data.plan())
    subtitle = _("measures that name the law, plan, guideline or other thing, each counted once")
    return finished(bars + numbers, title, subtitle, told, data.language, width=WIDTH - 190, height=alt.Step(19))


def _sentences(table: pl.DataFrame, data: ReportData) -> list[str]:
    """How many measures name something, and how many things of each kind there are."""
    named = _own(data)["measure_id"].n_unique()
    kinds = table.group_by("what").len("things").sort(["things", "what"], descending=[True, False])
    return [
        data.gettext(
            "Of {measures}, {named} ({share}) name something, {things} different things; by kind: {kinds}.",
            named=named, measures=data.measures(len(data.counted)), share=percent(named, len(data.counted)),
            things=len(table),
            kinds=data.listed([f"{what} {things}" for what, things in kinds.iter_rows()]),
        )
    ]  # fmt: skip


def _come_and_gone(data: ReportData) -> list[str]:
    """Which names of several measures stand in one of the two editions only."""
    if data.alone:
        return []
    before, after = (counted(data, year) for year in (data.earlier, data.later))
    both = before.join(after, on="canonical", how="semi")
    sentences = [
        data.gettext(
            "Of the {before} things that the {earlier} names, the {later} names {both}.",
            before=len(before), earlier=data.plan(data.earlier), later=data.plan(data.later), both=len(both),
        )
    ]  # fmt: skip
    gone = before.join(after, on="canonical", how="anti", maintain_order="left")
    come = after.join(before, on="canonical", how="anti", maintain_order="left")
    for rows, message in (
        (gone, N_("Named in the {earlier} and not in the {later}, by most measures first: {names}.")),
        (come, N_("Named in the {later} and not in the {earlier}, by most measures first: {names}.")),
    ):
        names = [f"{thing} ({count})" for thing, count in rows.head(LISTED).select("thing", "measures").iter_rows()]
        if names:
            sides = {"earlier": data.plan(data.earlier), "later": data.plan(data.later)}
            sentences.append(data.gettext(message, **sides, names=data.listed(names)))
    return sentences


def _over_chart(table: pl.DataFrame, data: ReportData) -> alt.LayerChart:
    """Return a heat map with counts: names down in the order in which they come, editions across."""
    order = editions.in_time(data.mentions["edition_id"])
    place = {edition_id: n for n, edition_id in enumerate(order)}
    shown = table.head(SHOWN).select("canonical", total="measures")
    cells = data.mentions.join(shown, on="canonical").group_by("canonical", "thing", "edition_id", "total").agg(
        measures=pl.len().cast(pl.Int64)
    )  # fmt: skip
    cells = cells.with_columns(at=pl.col("edition_id").replace_strict(place, return_dtype=pl.Int64))
    came = cells.group_by("thing").agg(pl.col("at").min(), pl.col("total").max())
    things = came.sort(["at", "total", "thing"], descending=[False, True, False])["thing"].to_list()
    cells = cells.with_columns(
        edition=pl.col("edition_id").map_elements(lambda e: editions.label(e, data.language), return_dtype=pl.String)
    ).sort("thing", "at")
    base = alt.Chart(cells).encode(
        y=names_axis("thing:N", things),
        x=alt.X("edition:N", sort=[editions.label(e, data.language) for e in order], title=None,
                scale=alt.Scale(domain=[editions.label(e, data.language) for e in order]),
                axis=alt.Axis(labelAngle=-45, orient="top")),
        tooltip=tips("thing:N", "edition:N", "measures:Q"),
    )  # fmt: skip
    largest = cells.sort(["measures", "thing", "at"], descending=[True, False, False]).head(DESCRIBED)
    told = [f"{row['thing']}, {row['edition']}: {row['measures']}" for row in largest.iter_rows(named=True)]
    title = alt.TitleParams(
        data.gettext("Names that come and go"),
        subtitle=data.gettext("measures that name it, by edition; the names of most measures, in the order they came"),
    )
    return heat_map.counted(base, cells, data.gettext("measures")).properties(
        width=alt.Step(38), height=alt.Step(19), title=title, description=described(title.text, told, data.language)
    )
