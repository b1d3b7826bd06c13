"""Exhibits without a chart: how much of the KPI parts the charts show, what does not agree, and what no indicator
took."""

import polars as pl

from analysis import kpi
from analysis.base.i18n import gettext_noop as N_
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, rows_of

HEADS = {"edition": N_("edition"), "reason": N_("why it belongs to no indicator"), "nearest": N_("nearest indicator"),
         "figures": N_("figures"), "kpis": N_("of these KPIs"), "examples": N_("examples (line: figure)")}  # fmt: skip


def exhibit(data: ReportData) -> Exhibit | None:
    """Return the sentences; None where the edition has no KPI part."""
    sentences = kpi.remarks(data.tables, data.kpi_parts, data.edition, data.language)
    return Exhibit(__name__, "kpi-coverage", "coverage", "04_kpi", sentences=sentences) if sentences else None


def untied(data: ReportData) -> Exhibit | None:
    """Return one row for each edition (up to the report's), reason and nearest indicator; None where every figure has
    an indicator."""
    figures = data.tables["figures"].filter(pl.col("edition") <= data.edition)
    table = kpi.untied(figures, data.tables["ties"], data.language)
    if table.is_empty():
        return None
    own = figures.filter(edition=data.edition).drop_nulls("value")
    without = own["indicator_id"].null_count()
    like = data.tables["ties"].filter(pl.col("figure_id").is_in(own["figure_id"].to_list()), by="likeness")
    sentence = data.gettext(
        "Figures of the {plan}: {figures}; of an indicator {tied} (by likeness alone: {like}), of none {untied}.",
        figures=len(own), plan=data.plan(), tied=len(own) - without, like=len(like), untied=without,
    )  # fmt: skip
    return Exhibit(
        __name__, "untied", "coverage", "04_kpi",
        title=data.gettext("Figures not assigned to an indicator, by edition"),
        rows=rows_of(table, HEADS, ["ties", "figures"], data.language), sentences=[sentence],
    )  # fmt: skip
