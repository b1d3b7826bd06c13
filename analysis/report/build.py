"""The annual report: one HTML page that needs no network, its figures as SVG and PNG, its tables.

Everything shown comes from the processed tables; texts of measures appear only where the documents are at hand.
"""

import json
import shutil
from pathlib import Path

import altair as alt

from analysis.base import checkout, paths
from analysis.base.errors import CannotWrite
from analysis.export import datapackage, export, sanitise
from analysis.export.citation import Citation
from analysis.report import context, page_order, words
from analysis.report.charts import render
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit


def build(data: ReportData, shown: list[Exhibit] | None = None, folder: Path | None = None) -> Path:
    """Write report.html, figures/ and tables/ into the report's folder and return the page.

    `shown` are the exhibits, where they are made already (`page_order.on_page`). Raises CannotWrite where the folder
    cannot be written, TableFaulty where a table is missing or broken.
    """
    folder = folder or paths.report()
    shown = page_order.on_page(data) if shown is None else shown
    specs = {exhibit.name: _spec(exhibit.chart, data.language) for exhibit in shown if exhibit.chart is not None}
    try:
        with render.drawing(specs, folder / "figures") as drawn:  # by other processes, while the rest is made
            about = Citation(data.language, data.edition, data.baseline, checkout.commit())
            if held := paths.before("report", "tables"):
                shutil.copytree(held, folder / "tables", dirs_exist_ok=True)
            else:
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
