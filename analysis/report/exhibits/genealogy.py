"""Exhibit: an example of a measure's genealogy, the measure of the edition that is linked to most editions."""

import polars as pl

from analysis.report.charts import genealogy
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, Rows
from analysis.tables import editions


def exhibit(data: ReportData, measure_id: str = "") -> Exhibit | None:
    """Return the genealogy of a measure, or of an example; None where no measure of the edition is linked.

    Raises KeyError for an unknown measure.
    """
    chosen = measure_id or genealogy.example(data.tables, str(data.edition))
    if chosen is None:
        return None
    shown = genealogy.of(chosen, data.tables)
    table = genealogy.table(shown, data.tables, data.language)
    others = shown.nodes.filter(pl.col("measure_id") != chosen)
    first = editions.in_time(shown.nodes["edition_id"])[0]
    said = data.ngettext(
        "{measure} is linked, directly or through others, to {number} measure; the earliest is of {first}.",
        "{measure} is linked, directly or through others, to {number} measures; the earliest is of {first}.",
        len(others), measure=chosen, first=editions.label(first, data.language),
    )  # fmt: skip
    return Exhibit(
        __name__, "genealogy", "turnover", "03_continuity",
        chart=genealogy.chart(shown, data.tables["topics"], data.language),
        rows=Rows(table.columns, [list(row) for row in table.rows()], ["links", "measures"]),
        sentences=[said],
    )  # fmt: skip
