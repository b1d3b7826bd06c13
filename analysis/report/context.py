"""The report's page: everything the template shows, from tables alone.

Texts of measures and neighbouring lines appear only where the documents are at hand; the template escapes them.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import jinja2
import polars as pl

from analysis import __version__, kpi
from analysis.base.i18n import gettext, word
from analysis.continuity import model_parameters
from analysis.documents import manifest, source_lines
from analysis.export.datapackage import ExportedTable
from analysis.report import agreement, chart_tables, key_findings, narrative, pair_view, status_tables
from analysis.tables import ministries, plan_structure, summary_statistics
from analysis.tables.labels import label

Found = dict[str, pl.DataFrame]
Row = dict[str, Any]


def html(
    found: Found, indicators: list[Row], read: dict[str, list[str]], drawn: Callable[[], dict[str, str]],
    alternatives: dict[str, str], taken: tuple[list[ExportedTable], str | None], edition: int, baseline: int,
    language: str,
) -> str:  # fmt: skip
    """The page. `indicators` is what `kpi.overview` gives, `read` holds the sentences by part, `drawn` waits for the
    charts as SVG by name, `alternatives` is what each chart says to those who cannot see it, `taken` the tables to take
    away and their workbook (`datapackage.listed`)."""
    own = summary_statistics.stated(found["measures"], edition)
    parts = kpi.parts(found, indicators, edition, language)
    documents = source_lines.at_hand()
    seen = _seen(found, edition, baseline, language)

    def say(key: str, **values: object) -> str:
        return word(key, language, **values)

    def translate(message: str, **values: object) -> str:
        return gettext(message, language, **values)

    return _template().render(
        say=say, _=translate, label=partial(label, language=language), language=language,
        edition=edition, baseline=baseline, version=__version__, read=read,
        alternatives=alternatives, shown=set(own["measure_id"]), chance=pair_view.chance, pair_style=pair_view.STYLE,
        document=next(document for document in manifest.documents() if document.edition == edition),
        missing=[document.doc_id for document in manifest.missing()],
        highlights=[
            one.html(language) for one in key_findings.highlights(found, indicators, edition, baseline, language)
        ],
        rows=chart_tables.behind(found, indicators, edition, baseline, language, {*alternatives, "horizons"}),
        named=plan_structure.named(found["measures"], edition),
        sections=_sections(found, own, documents, seen, language),
        topics=_topics(found, language),
        figures=_figures(found, edition, documents), indicators=indicators,
        disagreements=kpi.disagreements(found["contradictions"], language), kpi_parts=parts.to_dicts(),
        remarks=kpi.remarks(found, parts, edition, language),
        documents=_documents(found), doubts=_doubts(found, edition, language), confidence=_confidence(found),
        agreement=agreement.table(found["read"], language), links_agreement=narrative.continuity_agreement(language),
        outcomes=_outcomes(found, edition, baseline, language), pairs=_pairs(found, edition, baseline, language),
        link_from=model_parameters.link_model().link_from, taken=taken[0], workbook=taken[1],
        charts=drawn(),  # last, since it waits
    )  # fmt: skip


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("analysis.report", "templates"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("report.html.j2")


# --- measures ---------------------------------------------------------------------------------------------------


def _texts(found: Found) -> dict[str, str]:
    return dict(found["texts"].select("measure_id", pl.coalesce("repaired", "text")).iter_rows())


def _terms(found: Found) -> dict[str, str]:
    rows = found["features"].select("measure_id", "names", "terms").iter_rows()
    return {key: " · ".join([*names, *terms][: pair_view.TERMS_SHOWN]) for key, names, terms in rows}


def _seen(found: Found, edition: int, baseline: int, language: str) -> dict[str, Row]:
    """What became of each measure of the edition, seen from the baseline: status in words, and its partners."""
    statuses = summary_statistics.seen_from(found["statuses"], str(edition), str(baseline)).sort("measure_id")
    ends = pl.concat(
        [
            found["links"].select(pl.col(one).alias("measure_id"), pl.col(other).alias("partner"), "score",
                                  pl.col(edition_id).alias("edition_id"))
            for one, other, edition_id in (("from_id", "to_id", "to_edition"), ("to_id", "from_id", "from_edition"))
        ]
    ).filter(pl.col("edition_id") == str(baseline))  # fmt: skip
    linked: dict[str, list[str]] = {}
    for row in ends.sort(["score", "partner"], descending=[True, False]).iter_rows(named=True):
        linked.setdefault(row["measure_id"], []).append(row["partner"])
    return {
        key: {"status": label("status", status, language), "doubtful": doubtful, "partners": linked.get(key, [])}
        for key, status, doubtful in statuses.select("measure_id", "status", "doubtful").iter_rows()
    }


def _sections(
    found: Found, own: pl.DataFrame, documents: source_lines.Documents, seen: dict[str, Row], language: str
) -> list[Row]:
    """The edition's measures by section, each with what is known of it."""
    texts, terms = _texts(found), _terms(found)
    named = dict(found["topics"].select("topic_id", f"name_{language}").iter_rows())
    topic_of = dict(found["assignments"].select("measure_id", "topic_id").iter_rows())
    sections: dict[str, Row] = {}
    for row in own.sort("first_line", "measure_id").iter_rows(named=True):
        key = row["measure_id"]
        title = {"code": row["section"], "title": row["section_title"], "rows": []}
        told = {
            "text": texts.get(key),
            "terms": terms.get(key, ""),
            "topic": named[topic_of[key]],
            "seen": seen.get(key),
            "bodies": pair_view.listed([ministries.written(name, language) for name in row["ministries"]], language),
            "horizons": pair_view.listed([label("horizon", name, language) for name in row["horizon"]], language),
            "neighbours": source_lines.around(documents, row["doc_id"], row["first_line"], row["last_line"], own=False),
        }
        sections.setdefault(row["section"], title)["rows"].append(row | told)
    return list(sections.values())


def _topics(found: Found, language: str) -> list[Row]:
    rows = found["topics"].sort(["measures", "topic_id"], descending=[True, False])
    return [{**row, "name": row[f"name_{language}"]} for row in rows.iter_rows(named=True)]


# --- continuity -------------------------------------------------------------------------------------------------


def _outcomes(found: Found, edition: int, baseline: int, language: str) -> list[Row]:
    """What ended, evolved and is new between baseline and edition: status, editions and rows, doubtful ones first."""
    if edition == baseline:
        return []
    earlier, later = (str(year) for year in sorted((edition, baseline)))
    texts = _texts(found)
    result: list[Row] = []
    for status, edition_id, other in (("ended", earlier, later), ("evolved", earlier, later), ("new", later, earlier)):
        rows = status_tables.table(found, edition_id, other, status, language).iter_rows(named=True)
        told = [{**row, "text": texts.get(row["measure_id"])} for row in rows]
        doubtful = sum(row["doubtful"] for row in told)
        result.append({"status": status, "edition_id": edition_id, "other": other, "rows": told, "doubtful": doubtful})
    return result


def _pairs(found: Found, edition: int, baseline: int, language: str) -> dict[str, list[str]]:
    """The clearest links between baseline and edition and the pairs most in doubt, as safe HTML."""
    if edition == baseline:
        return {"clearest": [], "doubtful": []}
    earlier, later = (str(year) for year in sorted((edition, baseline)))
    chosen = {
        "clearest": status_tables.clearest(found["links"], earlier, later),
        "doubtful": status_tables.most_doubtful(found, earlier, later),
    }
    return {
        name: [pair_view.side_by_side(start, end, found, language) for start, end in rows]
        for name, rows in chosen.items()
    }


# --- figures ----------------------------------------------------------------------------------------------------


def _figures(found: Found, edition: int, documents: source_lines.Documents) -> list[Row]:
    """The edition's figures, each with its line and the neighbours."""
    own = found["figures"].filter((pl.col("edition") == edition) & pl.col("value").is_not_null())
    return [
        {**row, "lines": source_lines.around(documents, row["doc_id"], row["first_line"], row["first_line"])}
        for row in own.sort("first_line", "figure_id").iter_rows(named=True)
    ]


# --- data quality -----------------------------------------------------------------------------------------------


def _documents(found: Found) -> list[Row]:
    unknown = {doc_id: summary_statistics.unknown(rows) for (doc_id,), rows in found["ledger"].group_by("doc_id")}
    known = {document.doc_id: document for document in manifest.documents()}
    return [
        {
            **row,
            "unknown": unknown.get(row["doc_id"], 0.0),
            "publisher": known[row["doc_id"]].publisher if row["doc_id"] in known else None,
        }
        for row in found["documents"].sort("doc_id").iter_rows(named=True)
    ]


def _confidence(found: Found) -> list[Row]:
    """How sure the readers are: measures and roadmap rows of each document by confidence, surest first."""
    levels = found["measures"]["confidence"].unique().sort(descending=True).to_list()
    rows = []
    for (doc_id,), own in found["measures"].group_by(["doc_id"], maintain_order=True):
        counted = dict(own.group_by("confidence").len().iter_rows())
        rows.append({"doc_id": doc_id, "counts": [counted.get(level, 0) for level in levels], "levels": levels})
    return sorted(rows, key=lambda row: row["doc_id"])


def _doubts(found: Found, edition: int, language: str) -> list[Row]:
    rows = found["measures"].filter((pl.col("edition") == edition) & (pl.col("doubts").list.len() > 0))
    return [
        {**row, "doubts": pair_view.listed([narrative.doubt(why, language) for why in row["doubts"]], language)}
        for row in rows.sort("confidence", "measure_id").iter_rows(named=True)
    ]
