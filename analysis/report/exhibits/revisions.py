"""Exhibit without a chart: what the file changed that took the place of the edition's earlier one."""

import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, called, rows_of
from analysis.tables.categories import CHANGES
from analysis.tables.labels import label

HEADS = {
    "called": N_("change"), "which": N_("measure"), "old_id": N_("before"), "section": N_("section"),
    "words": N_("what was reworded"), "attribution": N_("ministries, horizons"), "alike": N_("likeness"),
    "codings": N_("codings that moved along"),
}  # fmt: skip


def exhibit(data: ReportData) -> Exhibit | None:
    """Return what changed, in the document's order; None where no document of the edition was replaced."""
    revisions = data.tables["revisions"].join(
        data.tables["documents"].filter(pl.col("edition") == data.edition), on="doc_id", how="semi"
    )
    if revisions.is_empty():
        return None
    sentences = [_sentence(rows, data) for _, rows in revisions.sort("step").group_by("doc_id", "step")]
    changed = revisions.filter(pl.col("change") != "unchanged").sort("doc_id", "step", "number")
    table = changed.with_columns(
        pl.concat_list("measure_id").list.drop_nulls().alias("which"),
        called("change", lambda change: label("change", change, data.language)).alias("called"),
        pl.col("words", "attribution").list.join("; ").replace("", None),
        pl.col("likeness").round(2).alias("alike"),
    )
    return Exhibit(
        __name__, "revisions", "structure", "01_clean", data.gettext("What the new file changed"),
        rows=rows_of(table, HEADS, ["revisions"], data.language), sentences=sentences,
    )  # fmt: skip


def _sentence(rows: pl.DataFrame, data: ReportData) -> str:
    first = rows.row(0, named=True)
    counts = dict(rows.group_by("change").len().iter_rows())
    listed = [f"{label('change', change, data.language)} {counts[change]}" for change in CHANGES if change in counts]
    old, new = (label("document_status", first[name], data.language) for name in ("old_status", "status"))
    return data.gettext(
        "The file of {document} took the place of an earlier one ({old} before, {new} now). Of its measures and "
        "roadmap rows: {listed}.",
        document=first["doc_id"], old=old, new=new, listed=data.listed(listed),
    )  # fmt: skip
