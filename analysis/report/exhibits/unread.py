"""Exhibit without a chart: the numbers that look like figures and are none, and why."""

import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, called, rows_of
from analysis.tables.labels import label

HEADS = {"why": N_("why it is no figure"), "kpi": N_("KPI parts"), "table": N_("tables"), "other": N_("elsewhere"),
         "examples": N_("examples (line: number)")}  # fmt: skip
EXAMPLES = 3


def exhibit(data: ReportData) -> Exhibit | None:
    """Return counts by reason with examples; None where every number of the edition is a figure."""
    unread = data.tables["unread"].filter(pl.col("edition") == data.edition).sort("first_line", "number_id")
    if unread.is_empty():
        return None
    example = pl.format("{}: {}", "first_line", "number")
    table = unread.group_by("reason").agg(
        *((pl.col("place") == place).sum().alias(place) for place in ("kpi", "table")),
        (~pl.col("place").is_in(["kpi", "table"])).sum().alias("other"),
        example.head(EXAMPLES).str.join("; ").alias("examples"),
        pl.len().alias("count"),
    )
    table = table.sort("count", "reason", descending=[True, False]).with_columns(
        called("reason", lambda reason: label("unread", reason, data.language)).alias("why")
    )
    figures = data.tables["figures"].filter(pl.col("edition") == data.edition)
    sentence = data.gettext(
        "Of {numbers} numbers with a unit, or in KPI parts and tables, {figures} are figures and {unread} are none; "
        "{doubts} figures could be read in a second way.",
        numbers=len(unread) + figures["value"].count(), figures=figures["value"].count(), unread=len(unread),
        doubts=int((figures["doubts"].list.len() > 0).sum()),
    )  # fmt: skip
    return Exhibit(
        __name__, "unread", "kpis", "04_kpi", rows=rows_of(table, HEADS, ["unread"], data.language),
        sentences=[sentence],
    )  # fmt: skip
