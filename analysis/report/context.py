"""The report's page: the exhibits by their place, and what else the template shows, from tables alone.

Texts of measures and neighbouring lines appear only where the documents are at hand; the template escapes them.
"""

import base64
import hashlib
from collections.abc import Callable
from functools import partial
from importlib import resources
from itertools import groupby
from typing import Any

import polars as pl

from analysis.continuity import vocabulary
from analysis.documents import manifest, source_lines
from analysis.export.datapackage import ExportedTable
from analysis.report import measure_records, narrative, overview, pair_view, status_tables, stepmap
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit
from analysis.tables import ministries, summary_statistics
from analysis.tables.labels import label

Row = dict[str, Any]


def html(
    data: ReportData, exhibits: list[Exhibit], drawn: Callable[[], dict[str, str]],
    taken: tuple[list[ExportedTable], str | None], citation: str,
) -> str:  # fmt: skip
    """Return the page. `drawn` waits for the charts as SVG by name; `taken` are the tables to take away and their
    workbook (`datapackage.listed`); `citation` is how to cite it."""
    documents = source_lines.at_hand()
    parts = {part: list(group) for part, group in groupby(exhibits, lambda exhibit: exhibit.part)}
    measures = measure_records.by_edition(data, documents)
    return pair_view.template("report.html.j2").render(
        _=data.gettext, ngettext=data.ngettext, label=partial(label, language=data.language), language=data.language,
        edition=data.edition, baseline=data.baseline, plan=data.plan(), before=data.plan(data.baseline),
        has_kpis=data.has_kpis,
        parts=parts,
        findings=[finding.html for exhibit in exhibits for finding in exhibit.findings],
        shown={row["measure_id"] for one in measures for section in one["sections"] for row in section["rows"]},
        own_ids=set(data.own["measure_id"]), chance=pair_view.chance, pair_style=pair_view.STYLE,
        document=manifest.plan_of(data.edition),
        missing=[document.doc_id for document in manifest.missing()],
        measures=measures, filters=measure_records.filters(data), renamings=_renamings(), script=_script(),
        figures=_figures(data, documents), indicators=data.indicators,
        kpi_parts=data.kpi_parts.to_dicts(),
        initiatives=stepmap.cards(data), overview=_overview(data), citation=citation, documents=_documents(data),
        doubts=_doubts(data), groups=status_tables.groups(data), pairs=_pairs(data),
        doubt="" if data.alone else status_tables.doubt(data),
        in_doubt="" if data.alone else status_tables.in_doubt(data), taken=taken[0], workbook=taken[1],
        charts=drawn(),  # last, since it waits
    )  # fmt: skip


def _overview(data: ReportData) -> Row:
    return {"numbers": overview.numbers(data), "findings": [finding.html for finding in overview.findings(data)]}


def _script() -> dict[str, str]:
    """The page's only script, and the hash by which its policy lets it run."""
    text = resources.files("analysis.report").joinpath("templates/report.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return {"text": text, "hash": f"sha256-{digest}"}


def _renamings() -> list[tuple[str, str]]:
    """Pairs of names for one thing or one body in charge, for the search."""
    things = vocabulary.renamings().filter(pl.col("kind") != "homonym").select("old", "new").rows()
    return sorted({*things, *ministries.other_names()})


# --- pairs ---------------------------------------------------------------------------------------------------------


def _pairs(data: ReportData) -> dict[str, list[str]]:
    """The clearest links between the two editions and the pairs most in doubt, as safe HTML."""
    if data.alone:
        return {"clearest": [], "doubtful": []}
    chosen = {
        "clearest": status_tables.clearest(_undoubted(data), data.earlier, data.later),
        "doubtful": status_tables.most_doubtful(data.tables, data.earlier, data.later, data.thresholds.link_from),
    }
    return {name: [data.pair(*pair, strictness=data.strictness) for pair in pairs] for name, pairs in chosen.items()}


def _undoubted(data: ReportData) -> pl.DataFrame:
    """The links of which neither measure is marked doubtful, nor is among the pairs most in doubt."""
    sides = [summary_statistics.seen_from(data.statuses, *ends)
             for ends in ((data.earlier, data.later), (data.later, data.earlier))]  # fmt: skip
    doubtful = pl.concat(sides).filter("doubtful")["measure_id"].implode()
    asked = status_tables.most_doubtful(data.tables, data.earlier, data.later, data.thresholds.link_from)
    shown = [key for pair in asked for key in pair]
    ends = ("from_id", "to_id")
    return data.tables["links"].filter(~(pl.col(end).is_in(doubtful) | pl.col(end).is_in(shown)) for end in ends)


# --- figures and data quality -----------------------------------------------------------------------------------


def _figures(data: ReportData, documents: source_lines.Documents) -> list[Row]:
    """The edition's figures, each with its line and the neighbours."""
    own = (pl.col("edition") == data.edition) & pl.col("value").is_not_null()
    return [
        {**row, "lines": source_lines.around(documents, row["doc_id"], row["first_line"], row["first_line"])}
        for row in data.tables["figures"].filter(own).sort("first_line", "figure_id").iter_rows(named=True)
    ]


def _documents(data: ReportData) -> list[Row]:
    unknown = {doc_id: summary_statistics.unknown(rows) for (doc_id,), rows in data.tables["ledger"].group_by("doc_id")}
    publishers = {document.doc_id: document.publisher for document in manifest.documents()}
    return [
        {**row, "unknown": unknown.get(row["doc_id"], 0.0), "publisher": publishers.get(row["doc_id"])}
        for row in data.tables["documents"].sort("doc_id").iter_rows(named=True)
    ]


def _doubts(data: ReportData) -> list[Row]:
    rows = data.tables["measures"].filter((pl.col("edition") == data.edition) & (pl.col("doubts").list.len() > 0))
    return [
        {**row, "doubts": data.listed([narrative.doubt(why, data.language) for why in row["doubts"]])}
        for row in rows.sort("confidence", "measure_id").iter_rows(named=True)
    ]
