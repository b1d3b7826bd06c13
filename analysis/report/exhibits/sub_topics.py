"""Exhibit: what stands below the larger topics, in shares of the edition and of the one it is compared with."""

import altair as alt
import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.report.charts.base import WIDTH, finished
from analysis.report.charts.share_points import share_points
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, percents, rows_of

DASH, NAMES = "– ", 280  # before a sub-topic's name; room for names [pixels]
HEADS = {"topic": N_("topic"), "label": N_("sub-topic"), "edition": N_("edition"), "measures": N_("measures"),
         "share": N_("share")}  # fmt: skip


def exhibit(data: ReportData) -> Exhibit | None:
    """Return shares of topics and their sub-topics; None where no sub-topic of the edition is coded."""
    subs = _within(data.tables["sub_topics"], data).with_columns(label=f"name_{data.language}")
    if data.edition not in subs["edition"]:
        return None
    topics = _within(data.shares, data).join(subs, on="topic_id", how="semi")
    order = topics.group_by("topic_id").agg(most=pl.col("share").max(), topic=pl.col(f"name_{data.language}").first())
    order = order.sort(["most", "topic_id"], descending=[True, False]).with_row_index("topic_place")
    topics = topics.join(subs.select("edition").unique(), on="edition", how="semi")
    topics = topics.with_columns(place=pl.lit(-1, pl.Int64), label=f"name_{data.language}")
    columns = ["topic_id", "place", "label", "edition", "measures", "share"]
    rows = pl.concat([topics.select(columns), subs.select(columns)]).join(order, on="topic_id")
    rows = rows.sort("topic_place", "place", "edition")
    listed = rows.filter(pl.col("place") >= 0, pl.col("measures") > 0).with_columns(percents("share"))
    return Exhibit(
        __name__, "sub-topics", "topics", "02_topics", chart=_chart(rows, data),
        rows=rows_of(listed, HEADS, ["sub_topics", "topics"], data.language), sentences=_sentences(rows, data),
    )  # fmt: skip


def _within(shares: pl.DataFrame, data: ReportData) -> pl.DataFrame:
    return shares.filter(pl.col("edition").is_in([data.edition, data.baseline]))


def _chart(rows: pl.DataFrame, data: ReportData) -> alt.LayerChart:
    """Return points: a topic, its sub-topics below it, one colour an edition."""
    _ = data.gettext
    shown = rows.with_columns(line=pl.when(pl.col("place") < 0).then("label").otherwise(DASH + pl.col("label")))
    order = shown["line"].unique(maintain_order=True).to_list()
    axis = alt.Axis(labelLimit=NAMES, labelAlign="left", labelPadding=NAMES, grid=True)
    y = alt.Y("line:N", sort=order, title=None, axis=axis)
    points = share_points(shown, y, ["topic:N", "label:N"], data.language)
    told = [
        f"{row['label']} {row['edition']}: {percent(row['share'])}"
        for row in rows.filter(pl.col("measures") > 0).iter_rows(named=True)
    ]
    title = _("What stands below the larger topics")
    subtitle = _("share of measures by topic and sub-topic (after a dash); repetitions counted once")
    return finished(points, title, subtitle, told, data.language, width=WIDTH - 170, height=alt.Step(13))


def _sentences(rows: pl.DataFrame, data: ReportData) -> list[str]:
    """How the measures of the edition's largest such topic are divided."""
    own = rows.filter(edition=data.edition).sort(["share", "topic_place"], descending=[True, False])
    topic = own.filter(place=-1).row(0, named=True)
    parts = own.filter(pl.col("topic_id") == topic["topic_id"], pl.col("place") >= 0, pl.col("measures") > 0)
    named = [f"{label} {measures}" for label, measures in parts.select("label", "measures").iter_rows()]
    return [
        data.gettext(
            "Of the {plan}, {measures} about {topic} are divided into: {parts}.",
            measures=data.measures(topic["measures"]), plan=data.plan(), topic=topic["label"], parts=data.listed(named),
        ),
        *_grown(rows, data),
    ]  # fmt: skip


def _grown(rows: pl.DataFrame, data: ReportData) -> list[str]:
    """Which sub-topics are as large as a topic is on average, and at least twice what they were in the earlier edition:
    said of two full plans alone."""
    years = rows["edition"].unique().sort()
    if len(years) < 2 or any(data.kind(year) != "full" for year in years):
        return []
    before = rows.filter(edition=years[0]).select("topic_id", "place", before="share")
    grown = rows.filter(pl.col("edition") == years[1], pl.col("place") >= 0).join(before, on=["topic_id", "place"])
    large = pl.col("share") >= 1 / len(data.tables["topics"])
    grown = grown.filter(large, pl.col("share") >= 2 * pl.col("before")).sort(
        "share", "label", descending=[True, False]
    )
    if grown.is_empty():
        return []
    named = [
        f"{row['label']} ({data.topic_names[row['topic_id']]}) {percent(row['before'])} → {percent(row['share'])}"
        for row in grown.iter_rows(named=True)
    ]
    return [
        data.gettext(
            "Candidates for topics of their own, since from the {earlier} to the {later} they have at least doubled or "
            "newly appeared, and hold as much as a topic does on average: {sub_topics}.",
            earlier=data.plan(years[0]), later=data.plan(years[1]), sub_topics=data.chained(named),
        )
    ]  # fmt: skip
