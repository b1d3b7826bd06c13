"""Exhibit without a chart: how much of the KPI parts the charts show, and what does not agree."""

from analysis import kpi
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit


def exhibit(data: ReportData) -> Exhibit | None:
    """Return the sentences; None where the edition has no KPI part."""
    sentences = kpi.remarks(data.tables, data.kpi_parts, data.edition, data.language)
    return Exhibit(__name__, "kpi-coverage", "coverage", "04_kpi", sentences=sentences) if sentences else None
