"""Exhibit: which two bodies are in charge of the same measures."""

import altair as alt
import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.report.charts import heat_map
from analysis.report.charts.base import tips
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, Fact, called, finding, rows_of
from analysis.tables import plan_structure

PARTNERS = 14  # shown in the matrix
FINDING = N_("Of {measures}, {several} ({share}) name more than one body; {one} and {other} share most ({count}).")
HEADS = {"body": N_("body"), "other": N_("with"), "measures": N_("measures"), "measure_ids": N_("which")}


def exhibit(data: ReportData) -> Exhibit | None:
    if not data.counts_bodies:
        return None
    table = plan_structure.together(data.tables["measures"], data.edition)
    if table.is_empty():
        alone = data.gettext("No measure of this edition names two bodies.")
        return Exhibit(__name__, "together", "structure", "01_clean", sentences=[alone])
    named = table.with_columns(called("body", data.body), called("other", data.body))
    first = named.row(0, named=True)
    several = data.bodies.explode("measure_ids").filter(pl.col("measure_ids").is_duplicated())["measure_ids"].n_unique()
    numbers: dict[str, object] = {
        "measures": Fact(data.measures(len(data.counted)), "rows-sections"), "count": first["measures"],
        "several": Fact(several, "rows-ministries"),
        "share": Fact(percent(several, len(data.counted)), "rows-ministries"),
    }  # fmt: skip
    return Exhibit(
        __name__, "together", "structure", "01_clean",
        chart=_chart(table, data),
        rows=rows_of(named, HEADS, ["measures"], data.language),
        findings=[finding(FINDING, data.language, "rows-together", numbers, one=first["body"], other=first["other"])],
    )  # fmt: skip


def _chart(table: pl.DataFrame, data: ReportData) -> alt.LayerChart:
    """Return the lower half of a matrix of the bodies that share most."""
    _ = data.gettext
    both = pl.concat([table, table.rename({"body": "other", "other": "body"}).select(table.columns)])
    totals = both.group_by("body").agg(pl.col("measures").sum())
    order = totals.sort(["measures", "body"], descending=[True, False])["body"].head(PARTNERS).to_list()
    place = {body: n for n, body in enumerate(order)}
    shown = both.filter(pl.col("body").is_in(order) & pl.col("other").is_in(order))
    shown = shown.filter(pl.col("body").replace_strict(place) > pl.col("other").replace_strict(place))
    shown = shown.select(
        called("body", data.body).alias("label"), called("other", data.body).alias("partner"), "measures"
    )
    labels = [data.body(body) for body in order]
    base = alt.Chart(shown).encode(
        y=alt.Y("label:N", sort=labels, title=None, scale=alt.Scale(domain=labels[1:]),
                axis=alt.Axis(labelLimit=460, domain=False, ticks=False)),
        x=alt.X("partner:N", sort=labels, title=None, scale=alt.Scale(domain=labels[:-1]),
                axis=alt.Axis(labelAngle=-45, labelLimit=420, orient="top", domain=False, ticks=False)),
        tooltip=tips("label:N", "partner:N", "measures:Q"),
    )  # fmt: skip
    first = table.row(0, named=True)
    title = alt.TitleParams(
        _("Who works with whom, {edition}", edition=data.edition),
        subtitle=_("measures that name both bodies; offices count with their body"),
    )
    description = _(
        "Matrix: measures of the {plan} that two bodies are in charge of together; the most frequent pair is {one} "
        "and {other} ({count}).",
        plan=data.plan(), count=first["measures"], one=data.body(first["body"]), other=data.body(first["other"]),
    )  # fmt: skip
    return heat_map.counted(base, shown, legend=None).properties(
        width=alt.Step(30), height=alt.Step(22), title=title, description=description
    )
