"""Exhibit: which other plans the edition cites, and in which of its sections; its rows say it of every edition."""

from typing import Literal, cast

import altair as alt
import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.japanese import shorten
from analysis.report.charts.base import BLUE, DESCRIBED, GREY, WIDTH, finished, tips
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, called, rows_of
from analysis.tables import editions, headings

NAME = 70  # characters shown of a name
STEP = 24  # between points of a side [pixels]
MARGIN = 400  # for the names beside the points [pixels]
HEADS = {"edition": N_("edition"), "section": N_("section"), "title": N_("heading"), "thing": N_("plan"),
         "measures": N_("measures"), "measure_ids": N_("which")}  # fmt: skip


NAMED = 3  # of the plans that are cited most often


def exhibit(data: ReportData) -> Exhibit | None:
    """Return the sections and the plans that their measures name, joined by lines; None where none is named."""
    measures = data.tables["measures"].with_columns(editions.column()).sort("first_line")
    titles = measures.group_by("edition_id", "section", maintain_order=True).agg(title=pl.col("section_title").first())
    citing = data.mentions.filter(kind="plan").group_by("edition_id", "section", "canonical", "thing").agg(
        measures=pl.len().cast(pl.Int64), measure_ids=pl.col("measure_id").sort(), first_line=pl.col("first_line").min()
    )  # fmt: skip
    place = {edition_id: -n for n, edition_id in enumerate(editions.in_time(citing["edition_id"]))}  # newest first
    citing = citing.join(titles, on=["edition_id", "section"], how="left").with_columns(
        place=pl.col("edition_id").replace_strict(place, return_dtype=pl.Int64),
        edition=called("edition_id", lambda edition_id: editions.label(edition_id, data.language)),
        title=called("title", lambda title: headings.label(title, data.language)),
    )
    citing = citing.sort("place", "first_line", "canonical")
    table = citing.filter(edition_id=str(data.edition))
    if table.is_empty():
        return None
    return Exhibit(
        __name__, "plans-cited", "topics", "02_topics", chart=_chart(table, data),
        rows=rows_of(citing, HEADS, ["mentions", "measures"], data.language), sentences=_sentences(table, data),
    )  # fmt: skip


def _sentences(table: pl.DataFrame, data: ReportData) -> list[str]:
    plans = table.group_by("thing").agg(pl.col("measures").sum(), sections=pl.len())
    most = plans.filter(pl.col("measures") == pl.col("measures").max())
    first = most["thing"].sort().to_list()
    if len(first) > NAMED:
        first = [*first[:NAMED], data.gettext("and {others} more", others=len(first) - NAMED)]
    return [
        data.gettext(
            "Plans and strategies that its measures cite by name: {plans}; sections that cite one: {sections}. Most "
            "often cited: {first} (measures: {measures}).",
            sections=table["section"].n_unique(), plans=len(plans), first=data.listed(first),
            measures=most["measures"][0],
        )
    ]  # fmt: skip


def _chart(table: pl.DataFrame, data: ReportData) -> alt.LayerChart:
    """Return two columns of points, sections and plans, with a line for each that cites one."""
    _ = data.gettext
    sections = table["section"].unique(maintain_order=True).to_list()
    # a plan stands as high as the sections that cite it do on average, so that few lines cross
    height = {section: n for n, section in enumerate(sections)}
    placed = table.with_columns(at=pl.col("section").replace_strict(height, return_dtype=pl.Float64))
    plans = placed.group_by("thing").agg(pl.col("at").mean()).sort("at", "thing")["thing"].to_list()
    size = max(len(sections), len(plans))
    heading = dict(table.select("section", "title").iter_rows())
    left = _points([(s, headings.section_label(s, heading[s] or "", data.language)) for s in sections], size)
    right = _points([(plan, plan) for plan in plans], size)
    ends = {"from": dict(left.select("key", "y").iter_rows()), "to": dict(right.select("key", "y").iter_rows())}
    lines = table.with_columns(
        y=pl.col("section").replace_strict(ends["from"], return_dtype=pl.Float64),
        y2=pl.col("thing").replace_strict(ends["to"], return_dtype=pl.Float64),
        x=pl.lit(0.0), x2=pl.lit(1.0),
    )  # fmt: skip
    x = alt.Scale(domain=[0, 1])
    y = alt.Scale(domain=[size - 0.5, -0.5])
    joined = alt.Chart(lines).mark_rule(color=BLUE, opacity=0.55).encode(
        x=alt.X("x:Q", axis=None, scale=x), x2=alt.X2("x2:Q"), y=alt.Y("y:Q", axis=None, scale=y), y2=alt.Y2("y2:Q"),
        strokeWidth=alt.StrokeWidth("measures:Q", scale=alt.Scale(domain=[1, 6], range=[1.2, 6]), legend=None),
        tooltip=tips("section:N", "thing:N", "measures:Q"),
    )  # fmt: skip
    told = [f"{row['section']} → {row['thing']}" for row in table.head(DESCRIBED).iter_rows(named=True)]
    title = _("Which plans {edition} cites, and where", edition=data.edition)
    subtitle = _("left: its sections; right: plans and strategies that their measures name; thicker: more measures")
    both = alt.layer(joined, *_side(left, 0, "right", GREY), *_side(right, 1, "left", BLUE))
    return cast(
        alt.LayerChart, finished(both, title, subtitle, told, data.language, width=WIDTH - MARGIN, height=size * STEP)
    )


def _points(names: list[tuple[str, str]], size: int) -> pl.DataFrame:
    """Points of one side, spread over its whole height: key, label, y."""
    gap = (size - 1) / max(len(names) - 1, 1)
    rows = [(key, shorten(text, NAME), n * gap) for n, (key, text) in enumerate(names)]
    return pl.DataFrame(rows, schema={"key": pl.String, "label": pl.String, "y": pl.Float64}, orient="row")


def _side(points: pl.DataFrame, x: float, align: Literal["left", "right"], colour: str) -> list[alt.Chart]:
    """The points of one side with their names outside."""
    scale = alt.Scale(domain=[0, 1])
    base = alt.Chart(points.with_columns(x=pl.lit(float(x)))).encode(x=alt.X("x:Q", scale=scale), y=alt.Y("y:Q"))
    outside = -9 if align == "right" else 9
    return [
        base.mark_point(filled=True, size=60, color=colour, opacity=1),
        base.mark_text(align=align, dx=outside, baseline="middle", fontSize=12, color="#333").encode(
            text=alt.Text("label:N")
        ),
    ]
