"""The report's page: the exhibits by their place, and what else the template shows, from tables alone.

Texts of measures and neighbouring lines appear only where the documents are at hand; the template escapes them.
"""

from collections.abc import Callable
from functools import partial
from itertools import groupby
from typing import Any

import jinja2
import polars as pl

from analysis import kpi
from analysis.base.i18n import plain
from analysis.documents import manifest, source_lines
from analysis.export.datapackage import ExportedTable
from analysis.report import narrative, pair_view, status_tables, stepmap
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit
from analysis.tables import ministries, summary_statistics
from analysis.tables.labels import became, label

Row = dict[str, Any]


def html(
    data: ReportData, exhibits: list[Exhibit], drawn: Callable[[], dict[str, str]],
    taken: tuple[list[ExportedTable], str | None], citation: str,
) -> str:  # fmt: skip
    """Return the page. `drawn` waits for the charts as SVG by name; `taken` are the tables to take away and their
    workbook (`datapackage.listed`); `citation` is how to cite it."""
    documents = source_lines.at_hand()
    parts = {part: list(group) for part, group in groupby(exhibits, lambda exhibit: exhibit.part)}
    return _template().render(
        _=data.gettext, ngettext=data.ngettext, label=partial(label, language=data.language), language=data.language,
        edition=data.edition, baseline=data.baseline, parts=parts,
        findings=[finding.html for exhibit in exhibits for finding in exhibit.findings],
        shown=set(data.own["measure_id"]), chance=pair_view.chance, pair_style=pair_view.STYLE,
        document=manifest.plan_of(data.edition),
        missing=[document.doc_id for document in manifest.missing()],
        sections=_sections(data, documents), figures=_figures(data, documents), indicators=data.indicators,
        disagreements=kpi.disagreements(data.tables["contradictions"], data.tables["series"], data.language),
        kpi_parts=data.kpi_parts.to_dicts(),
        initiatives=stepmap.cards(data), initiative_of=stepmap.initiative_of(data), documents=_documents(data),
        doubts=_doubts(data), groups=status_tables.groups(data), pairs=_pairs(data),
        link_from=data.link_from,
        doubt=status_tables.DOUBT, taken=taken[0], workbook=taken[1], citation=citation,
        charts=drawn(),  # last, since it waits
    )  # fmt: skip


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("analysis.report", "templates"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["plain"] = plain
    return environment.get_template("report.html.j2")


# --- measures ---------------------------------------------------------------------------------------------------


def _sections(data: ReportData, documents: source_lines.Documents) -> list[Row]:
    """The edition's measures by section, each with what is known of it."""
    tables = data.tables
    texts = dict(tables["texts"].select("measure_id", pl.coalesce("repaired", "text")).iter_rows())
    words = {key: [*names, *terms] for key, names, terms in
             tables["features"].select("measure_id", "names", "terms").iter_rows()}  # fmt: skip
    topic_of = dict(tables["assignments"].select("measure_id", "topic_id").iter_rows())
    seen, found = _seen(data), narrative.delivered(tables["delivery"], data.language)
    sections: dict[str, Row] = {}
    for row in data.own.sort("first_line", "measure_id").iter_rows(named=True):
        key = row["measure_id"]
        section = {"code": row["section"], "title": row["section_title"], "rows": []}
        known = {
            "text": texts.get(key),
            "terms": " · ".join(words.get(key, [])[: pair_view.TERMS_SHOWN]),
            "topic": data.topic_names[topic_of[key]],
            "seen": seen.get(key),
            "delivery": found.get(key, []),
            "bodies": data.listed([ministries.written(name, data.language) for name in row["ministries"]]),
            "horizons": data.listed([label("horizon", name, data.language) for name in row["horizon"]]),
            "neighbours": source_lines.around(documents, row["doc_id"], row["first_line"], row["last_line"], own=False),
        }
        sections.setdefault(row["section"], section)["rows"].append(row | known)
    return list(sections.values())


def _seen(data: ReportData) -> dict[str, Row]:
    """What became of each measure of the edition, seen from the baseline: status in words, and its partners."""
    baseline, links = str(data.baseline), data.tables["links"]
    statuses = summary_statistics.seen_from(data.tables["statuses"], str(data.edition), baseline).sort("measure_id")
    ends = pl.concat(
        [
            links.filter(pl.col(edition) == baseline).select(pl.col(own).alias("measure_id"),
                                                             pl.col(other).alias("partner"), "score")
            for own, other, edition in (("from_id", "to_id", "to_edition"), ("to_id", "from_id", "from_edition"))
        ]
    )  # fmt: skip
    linked: dict[str, list[str]] = {}
    for row in ends.sort(["score", "partner"], descending=[True, False]).iter_rows(named=True):
        linked.setdefault(row["measure_id"], []).append(row["partner"])
    return {
        row["measure_id"]: {
            "status": became(row["status"], row["change"], row["changed"], data.language),
            "doubtful": row["doubtful"],
            "partners": linked.get(row["measure_id"], []),
        }
        for row in statuses.iter_rows(named=True)
    }


def _pairs(data: ReportData) -> dict[str, list[str]]:
    """The clearest links between the two editions and the pairs most in doubt, as safe HTML."""
    if data.alone:
        return {"clearest": [], "doubtful": []}
    chosen = {
        "clearest": status_tables.clearest(data.tables["links"], data.earlier, data.later),
        "doubtful": status_tables.most_doubtful(data.tables, data.earlier, data.later, link_from=data.link_from),
    }
    return {name: [data.pair(*pair, strictness=data.strictness) for pair in pairs] for name, pairs in chosen.items()}


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
