"""Exhibit without a chart: how sure the parsers are of the rows of each document."""

import polars as pl

from analysis.report.data import ReportData
from analysis.report.exhibit import Cell, Exhibit, Rows


def exhibit(data: ReportData) -> Exhibit:
    measures = data.tables["measures"]
    levels = measures["confidence"].unique().sort(descending=True).to_list()
    rows: list[list[Cell]] = []
    for (doc_id,), own in measures.sort("doc_id").group_by(["doc_id"], maintain_order=True):
        counts = dict(own.group_by("confidence").len().iter_rows())
        rows.append([str(doc_id), *(counts.get(level, 0) for level in levels)])
    heads = [data.gettext("document"), *(f"{level:.1f}" for level in levels)]
    once = measures.filter(pl.col("doubts").list.len() == 1)["confidence"]
    step = f"{1 - once[0]:.1f}" if len(once) else "0"
    sentence = data.gettext(
        "Measures and roadmap rows by confidence: {whole} less {step} for each thing that the parser could not tell.",
        whole=1, step=step,
    )  # fmt: skip
    return Exhibit(
        __name__, "confidence", "sureness", "01_clean", data.gettext("How sure the reading is"), unfolded=True,
        rows=Rows(heads, rows, ["measures", "roadmap"]), sentences=[sentence],
    )  # fmt: skip
