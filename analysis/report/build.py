"""The annual report: one HTML page that needs no network, its figures as SVG and PNG, its tables.

Everything shown comes from the processed tables; texts of measures appear only where the documents are at hand.
"""

import json
from pathlib import Path

import altair as alt

from analysis.base import checkout, paths
from analysis.base.errors import CannotWrite
from analysis.export import datapackage, export, sanitise
from analysis.export.citation import Citation
from analysis.report import context, exhibits, words
from analysis.report.charts import render
from analysis.report.data import ReportData, tables_of_run


def build(edition: int, baseline: int, language: str, folder: Path | None = None, use_codings: bool = True) -> Path:
    """Write report.html, figures/ and tables/ into the report's folder and return the page.

    `use_codings` is what the run had that made the tables. Raises CannotWrite where the folder cannot be written,
    TableFaulty where a table is missing or broken.
    """
    folder = folder or paths.report()
    data = ReportData(edition, baseline, language, tables_of_run(use_codings), use_codings)
    shown = exhibits.on_page(data)
    specs = {exhibit.name: _spec(exhibit.chart, language) for exhibit in shown if exhibit.chart is not None}
    try:
        with render.drawing(specs, folder / "figures") as drawn:  # by other processes, while the rest is made
            about = Citation(language, edition, baseline, checkout.commit())
            export.export(folder / "tables", "csv", "parquet", "xlsx", about=about)
            html = context.html(data, shown, drawn, datapackage.listed(folder / "tables"), about.text)
        file = folder / "report.html"
        file.write_text(sanitise.printable(html), encoding="utf-8", newline="\n")
    except OSError as error:
        raise CannotWrite(
            f"cannot write {folder} ({error.strerror}): make the folder writable or free some space"
        ) from error
    return file


def _spec(chart: alt.TopLevelMixin, language: str) -> str:
    """A chart as Vega-Lite JSON, its tooltips in words."""
    return json.dumps(words.with_tooltips(chart.to_dict(validate=False), language), indent=2, sort_keys=True)
