"""Exhibit of the notebook: how the metrics between the two editions depend on the threshold of a link."""

import altair as alt
import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.continuity import turnover_values
from analysis.report.charts.base import BLUE, GREEN, ORANGE, PERCENT, RED, WIDTH, finished, tips
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, percents, rows_of
from analysis.tables.labels import label

COLOURS = {"carried": BLUE, "inherited": ORANGE, "jaccard": GREEN, "reuse": RED}
HEADS = {"label": N_("what"), "strictness": N_("threshold"), "value": N_("share")}


def exhibit(data: ReportData) -> Exhibit | None:
    """Return lines against the threshold; None where there are no two editions."""
    table = turnover_values.between(data.tables["turnover"], data.earlier, data.later)
    table = table.filter(pl.col("metric").is_in(list(COLOURS)))
    if table.is_empty():
        return None
    labels = {name: label("metric", name, data.language) for name in COLOURS}
    table = table.with_columns(label=pl.col("metric").replace_strict(labels)).sort("metric", "strictness")
    listed = table.with_columns(percents("value"))
    carried = table.filter(metric="carried")
    shares = sorted(carried["value"].to_list())
    low, high = percent(shares[0]), percent(shares[-1])
    thresholds = sorted(carried["strictness"].to_list())
    said = data.gettext(
        "With thresholds from {least} to {most} times that of a link, the share carried over is {share}.",
        least=f"{thresholds[0]:g}", most=f"{thresholds[-1]:g}", share=low if low == high else f"{low}–{high}",
    )  # fmt: skip
    return Exhibit(
        __name__, "sensitivity", "", "03_continuity", chart=_chart(table, list(labels.values()), data),
        rows=rows_of(listed, HEADS, ["turnover"], data.language),
        sentences=[said],
    )  # fmt: skip


def _chart(table: pl.DataFrame, labels: list[str], data: ReportData) -> alt.LayerChart:
    _ = data.gettext
    base = alt.Chart(table).encode(
        x=alt.X(
            "strictness:Q", title=_("threshold, as a multiple of the committed one"), scale=alt.Scale(nice=False),
            axis=alt.Axis(values=table["strictness"].unique().sort().to_list(), labelExpr="datum.value", grid=False),
        ),
        color=alt.Color("label:N", title=None, sort=None, scale=alt.Scale(domain=labels, range=list(COLOURS.values()))),
    )  # fmt: skip
    line = base.mark_line(point=True, strokeWidth=2).encode(
        y=alt.Y("value:Q", title=_("value"), axis=PERCENT),
        tooltip=tips("label:N", "strictness:Q", alt.Tooltip("value:Q", format=".1%"), "count:Q", "total:Q"),
    )
    committed = alt.Chart(pl.DataFrame({"strictness": [1.0]})).mark_rule(strokeDash=[4, 4], color="#777")
    rows = [f"{row['label']} {row['strictness']:g}×: {percent(row['value'])}" for row in table.iter_rows(named=True)]
    title = _(
        "How the metrics depend on the threshold, {baseline} → {edition}", baseline=data.earlier, edition=data.later
    )
    subtitle = _("dashed line: the committed threshold")
    chart = committed.encode(x=alt.X("strictness:Q")) + line
    return finished(chart, title, subtitle, rows, data.language, width=WIDTH - 200, height=300)
