"""Exhibit: how ministries rate the measures of the standards strategy, in the annex's order and groups."""

import altair as alt
import polars as pl

from analysis import kpi
from analysis.base.i18n import gettext_noop as N_
from analysis.report.charts.base import BLUE, finished, tips
from analysis.report.charts.panels import INK, NO_LIMIT, WIDTH
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, rows_of
from analysis.tables.labels import label

GRADES = {"◎": "#1f7a4a", "○": "#8cc5a2", "△": "#f0b860", "×": "#c0504d"}
HEADS = {"group": N_("group"), "item": N_("what"), "grade": N_("rating"), "measures": N_("measures"),
         "first_line": N_("line")}  # fmt: skip


def exhibit(data: ReportData) -> Exhibit | None:
    """Return stacked bars with counts; None where the edition's annex rates nothing."""
    table = kpi.ratings(data.tables["figures"], data.edition, data.language)
    if table.is_empty():
        return None
    sums = dict(table.group_by("grade").agg(pl.col("measures").sum()).iter_rows())
    grades = [f"{label('grade', grade, data.language)} {sums[grade]}" for grade in GRADES if grade in sums]
    said = data.gettext(
        "The annex rates only measures of the strategy that it is about, not those of the plan: {measures}, by mark "
        "{grades}. The marks are the annex's own.",
        measures=sum(sums.values()), grades=data.listed(grades),
    )  # fmt: skip
    return Exhibit(
        __name__, "ratings", "annex", "04_kpi", chart=_chart(table, data),
        rows=rows_of(table, HEADS, ["figures"], data.language),
        sentences=[said],
    )  # fmt: skip


def _chart(table: pl.DataFrame, data: ReportData) -> alt.LayerChart:
    _ = data.gettext
    sums = dict(table.group_by("grade").agg(pl.col("measures").sum()).iter_rows())
    words = {grade: f"{label('grade', grade, data.language)}: {sums.get(grade, 0)}" for grade in GRADES}
    shown = table.with_columns(
        rank=pl.col("grade").replace_strict({grade: n for n, grade in enumerate(GRADES)}, return_dtype=pl.Int64),
        label=pl.col("grade").replace_strict(words),
        text=pl.format("{} {}", "grade", "measures"),
    ).sort("place", "rank")
    shown = shown.with_columns(end=pl.col("measures").cum_sum().over("place", order_by="rank"))
    shown = shown.with_columns(start=pl.col("end") - pl.col("measures"), mid=pl.col("end") - pl.col("measures") / 2)
    order = list(dict.fromkeys(name for pair in shown.select("group", "item").rows() for name in pair if name))
    groups = [group for group in order if group in set(shown["group"])]
    bold = alt.condition(alt.FieldOneOfPredicate("value", groups), alt.value(BLUE), alt.value(INK))
    axis = alt.Axis(labelLimit=NO_LIMIT, grid=False, ticks=False, domain=False, labelColor=bold)
    base = alt.Chart(shown).encode(
        y=alt.Y("item:N", sort=None, scale=alt.Scale(domain=order), title=None, axis=axis),
        tooltip=tips("group:N", "item:N", "label:N", "measures:Q"),
    )
    bars = base.mark_bar(height={"band": 0.8}, stroke="white").encode(
        x=alt.X("start:Q", title=_("measures"), axis=alt.Axis(tickMinStep=1, tickCount=8)),
        x2=alt.X2("end:Q"),
        color=alt.Color("label:N", title=None, sort=None, legend=alt.Legend(orient="top"),
                        scale=alt.Scale(domain=list(words.values()), range=list(GRADES.values()))),
    )  # fmt: skip
    light = alt.condition(alt.FieldOneOfPredicate("grade", ["◎", "×"]), alt.value("white"), alt.value("#222"))
    text = base.mark_text(fontSize=10.5, aria=False).encode(x=alt.X("mid:Q"), text=alt.Text("text:N"), color=light)
    told = [
        f"{item}: " + ", ".join(rows["text"]) + "." for (item,), rows in shown.group_by(["item"], maintain_order=True)
    ]
    title = _("How ministries rate the measures of the standards strategy")
    subtitle = _(
        "{measures} measures of the strategy that the annex to the {edition} plan is about, by the annex's marks",
        edition=data.edition, measures=int(shown["measures"].sum()),
    )  # fmt: skip
    return finished(
        bars + text, title, subtitle, told, data.language, width=WIDTH - 320, height=alt.Step(21), between=" "
    )
