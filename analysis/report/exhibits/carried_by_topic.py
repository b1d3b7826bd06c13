"""Exhibit of the notebook: the share carried over between the two editions, by topic."""

import altair as alt
import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.continuity import turnover_values
from analysis.report.charts.base import BLUE, PERCENT, WIDTH, finished, names_axis, tips
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, called, percents, rows_of

LARGEST = 20  # topics shown
HEADS = {"label": N_("what"), "count": N_("linked"), "total": N_("of"), "value": N_("share")}


def exhibit(data: ReportData) -> Exhibit | None:
    """Return points for the largest topics; None without data."""
    table = turnover_values.by_group(data.tables["turnover"], data.earlier, data.later, "topic").head(LARGEST)
    if table.is_empty():
        return None
    table = table.with_columns(
        called("group", lambda group: data.topic_names[group]).alias("label"), n=pl.format("n = {}", "total")
    )
    listed = table.with_columns(percents("value"))
    first = listed.row(0, named=True)
    said = data.gettext(
        "Of the {total} measures of {topic}, the largest topic, {share} were carried over.",
        total=first["total"], topic=first["label"], share=first["value"],
    )  # fmt: skip
    return Exhibit(
        __name__, "carried-topic", "", "03_continuity", chart=_chart(table, data),
        rows=rows_of(listed, HEADS, ["turnover"], data.language),
        sentences=[said],
    )  # fmt: skip


def _chart(table: pl.DataFrame, data: ReportData) -> alt.LayerChart:
    _ = data.gettext
    base = alt.Chart(table).encode(
        y=names_axis("label:N", table["label"].to_list(), grid=True),
        tooltip=tips("label:N", alt.Tooltip("value:Q", format=".1%"), "count:Q", "total:Q"),
    )
    axis = alt.X("value:Q", title=_("share of measures carried over"), axis=PERCENT, scale=alt.Scale(domain=[0, 1]))
    point = base.mark_point(filled=True, size=70, opacity=1, color=BLUE).encode(x=axis)
    text = base.mark_text(align="left", fontSize=11, color="#333").encode(
        x=alt.value(WIDTH - 162), text=alt.Text("n:N")
    )
    sides, strictness = (data.earlier, data.later), table["strictness"][0]
    whole = turnover_values.value(data.tables["turnover"], *sides, "carried", strictness)["value"]
    overall = alt.Chart(pl.DataFrame({"value": [whole]})).mark_rule(strokeDash=[4, 4], color="#777")
    rows = [f"{row['label']} {percent(row['value'])} (n = {row['total']})" for row in table.iter_rows(named=True)]
    title = _("Carried over from {baseline} to {edition}, by topic", baseline=data.earlier, edition=data.later)
    subtitle = _("share and number of measures; dashed: all measures")
    chart = overall.encode(x=alt.X("value:Q")) + point + text
    return finished(chart, title, subtitle, rows, data.language, width=WIDTH - 170, height=alt.Step(22))
