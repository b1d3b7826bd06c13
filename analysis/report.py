"""The annual report: one HTML page that needs no network, its figures as SVG and PNG, its tables.

Everything shown comes from the processed tables; texts of measures appear only where the documents are at hand.
"""

from pathlib import Path

import altair as alt
import jinja2
import polars as pl

from analysis import (
    __version__,
    charts,
    coefficients,
    counts,
    decisions,
    export,
    flows,
    genealogy,
    kpi,
    kpi_charts,
    manifest,
    ministries,
    outcomes,
    pairs,
    paths,
    pictures,
    sentences,
    tables,
    turnover_charts,
    turnover_facts,
)
from analysis.errors import CannotWrite
from analysis.wording import unit, word

NAMES = (
    "documents",
    "measures",
    "features",
    "figures",
    "ledger",
    "topics",
    "assignments",
    "validity",
    "candidates",
    "links",
    "fates",
    "turnover",
    "survival",
    "series",
    "progress",
    "contradictions",
)


def load() -> dict[str, pl.DataFrame]:
    """All tables a report needs; the texts where they exist, else an empty table."""
    found = {name: tables.read(name) for name in NAMES}
    found["decided"] = decisions.table(found["measures"])
    found["texts"] = tables.read("texts") if tables.exists("texts") else tables.empty("texts")
    return found


def figures(found: dict[str, pl.DataFrame], edition: int, baseline: int, language: str) -> dict[str, alt.TopLevelMixin]:
    """The report's charts by name, in order; a chart without data is left out."""
    drawn: dict[str, alt.TopLevelMixin | None] = {
        "sections": charts.measures_by_section(found["measures"], edition, language)
    }
    body = found["measures"].filter((pl.col("edition") == edition) & (pl.col("part") == "body"))
    if len(body):
        drawn["ministries"] = charts.measures_by_ministry(found["measures"], edition, language)
    shares = counts.shares(found["measures"], found["assignments"], found["topics"])
    drawn["topics"] = charts.topic_shares(shares.filter(pl.col("edition").is_in([edition, baseline])), language)
    for by in ("section", "ministry"):
        crossed = counts.crossed(found["measures"], found["assignments"], found["topics"], edition, by)
        drawn[f"topics-{by}"] = charts.topics_crossed(crossed, edition, by, language)
    drawn["map"] = charts.topic_map(counts.points(found["measures"], found["assignments"], found["topics"]), language)
    for name, one, other in (("ended", baseline, edition), ("origin", edition, baseline)):
        fates = counts.fates_by_topic(found["fates"], found["assignments"], found["topics"], str(one), str(other))
        drawn[name] = charts.fates_by_topic(fates, one, other, language)
    drawn["flows"] = flows.chart(found["measures"], found["assignments"], found["topics"], found["links"], language)
    strict = turnover_facts.strictness(found["turnover"])
    drawn["carry_over"] = turnover_charts.carry_over(found["turnover"], edition, language, strict)
    drawn["survival"] = turnover_charts.survival(found["survival"], found["documents"], language)
    drawn["genealogy"] = _genealogy(found, edition, language)
    drawn |= kpi_charts.charts(found, edition, language)
    drawn["ledger"] = charts.ledger_roles(found["ledger"], language)
    return {name: chart for name, chart in drawn.items() if chart is not None}


def _genealogy(found: dict[str, pl.DataFrame], edition: int, language: str) -> alt.LayerChart | None:
    """An example: the measure of the edition that is linked to most stages; None where none is linked."""
    example = genealogy.example(found, str(edition))
    return genealogy.chart(genealogy.of(example, found), found["topics"], language) if example else None


def read_aloud(found: dict[str, pl.DataFrame], edition: int, baseline: int, language: str) -> dict[str, list[str]]:
    """The report's sentences by part."""
    shares = counts.shares(found["measures"], found["assignments"], found["topics"])
    strict = turnover_facts.strictness(found["turnover"])
    return {
        "structure": sentences.clean(found, edition, language),
        "topics": [
            *sentences.topics_read(shares, found["measures"], edition, baseline, language),
            sentences.topics_quality(found["assignments"], found["validity"], language),
        ],
        "continuity": sentences.continuity_read(found["fates"], edition, baseline, language),
        "decided": sentences.decided(decisions.agreement(found["decided"], found["candidates"]), language),
        "turnover": [
            *sentences.turnover_read(found["turnover"], edition, baseline, language, strict),
            *sentences.survival_read(found["survival"], found["turnover"], found["measures"], language, strict),
        ],
        "kpis": sentences.kpi_read(found["figures"], found["progress"], kpi.names(language), edition, language),
    }


def build(edition: int, baseline: int, language: str, folder: Path | None = None) -> Path:
    """Write report.html, figures/ and tables/ into the report's folder; returns the page.

    Raises CannotWrite where the folder cannot be written, TableFaulty where a table is missing or broken.
    """
    folder = folder or paths.report()
    found = load()
    made = figures(found, edition, baseline, language)
    try:
        drawn = pictures.draw({name: chart.to_json(validate=False) for name, chart in made.items()}, folder / "figures")
        export.export(folder / "tables", "csv")
        page = folder / "report.html"
        page.write_text(_page(found, drawn, edition, baseline, language), encoding="utf-8", newline="\n")
    except OSError as error:
        raise CannotWrite(
            f"cannot write {folder} ({error.strerror}): make the folder writable or free some space"
        ) from error
    return page


def _page(found: dict[str, pl.DataFrame], drawn: dict[str, str], edition: int, baseline: int, language: str) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("analysis", "templates"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    document = next(document for document in manifest.documents() if document.edition == edition)
    missing = [document.doc_id for document in manifest.missing()]

    def say(key: str, **values: object) -> str:
        return word(key, language, **values)

    own = counts.stated(found["measures"], edition)
    return environment.get_template("report.html.j2").render(
        say=say, language=language, edition=edition, baseline=baseline, version=__version__, document=document,
        read=read_aloud(found, edition, baseline, language), charts=drawn, missing=missing,
        sections=_sections(found, own, edition, baseline, language), shown=set(own["measure_id"]),
        topics=_topics(found, language), progress=_progress(found, language), figures=_figures(found, edition),
        documents=_documents(found), doubts=_doubts(found, edition), pair_style=pairs.STYLE, chance=pairs.chance,
        agreement=sentences.continuity_agreement(language), outcomes=_outcomes(found, edition, baseline, language),
        pairs=_pairs(found, edition, baseline, language), link_from=coefficients.judge().link_from,
    )  # fmt: skip


def _texts(found: dict[str, pl.DataFrame]) -> dict[str, str]:
    return dict(found["texts"].select("measure_id", pl.coalesce("repaired", "text")).iter_rows())


def _terms(found: dict[str, pl.DataFrame]) -> dict[str, str]:
    rows = found["features"].select("measure_id", "names", "terms").iter_rows()
    return {key: " · ".join([*names, *terms][: pairs.TERMS_SHOWN]) for key, names, terms in rows}


def _sections(
    found: dict[str, pl.DataFrame], own: pl.DataFrame, edition: int, baseline: int, language: str
) -> list[dict[str, object]]:
    """The edition's measures by section, each with what is known of it."""
    texts, terms = _texts(found), _terms(found)
    named = dict(found["topics"].select("topic_id", f"name_{language}").iter_rows())
    topic_of = dict(found["assignments"].select("measure_id", "topic_id").iter_rows())
    fate = counts.seen_from(found["fates"], str(edition), str(baseline))
    fate_of = dict(fate.select("measure_id", "fate").iter_rows())
    sections: dict[str, dict[str, object]] = {}
    for row in own.sort("first_line", "measure_id").iter_rows(named=True):
        key = row["measure_id"]
        section = sections.setdefault(
            row["section"], {"code": row["section"], "title": row["section_title"], "rows": []}
        )
        rows = section["rows"]
        assert isinstance(rows, list)
        rows.append(
            {
                **row,
                "text": texts.get(key),
                "terms": terms.get(key, ""),
                "topic": named[topic_of[key]],
                "fate": word(f"fate_{fate_of[key]}", language) if key in fate_of else "–",
                "bodies": [ministries.written(name, language) for name in row["ministries"]],
            }
        )
    return list(sections.values())


def _topics(found: dict[str, pl.DataFrame], language: str) -> list[dict[str, object]]:
    rows = found["topics"].sort(["measures", "topic_id"], descending=[True, False])
    return [{**row, "name": row[f"name_{language}"]} for row in rows.iter_rows(named=True)]


def _outcomes(found: dict[str, pl.DataFrame], edition: int, baseline: int, language: str) -> list[dict[str, object]]:
    """What ended, evolved and is new between baseline and edition: fate, stages and rows, doubtful ones first."""
    if edition == baseline:
        return []
    earlier, later = (str(year) for year in sorted((edition, baseline)))
    texts = _texts(found)
    result: list[dict[str, object]] = []
    for fate, stage, other in (("ended", earlier, later), ("evolved", earlier, later), ("new", later, earlier)):
        rows = outcomes.table(found, stage, other, fate, language).iter_rows(named=True)
        told = [{**row, "text": texts.get(row["measure_id"])} for row in rows]
        doubtful = sum(row["doubtful"] for row in told)
        result.append({"fate": fate, "stage": stage, "other": other, "rows": told, "doubtful": doubtful})
    return result


def _pairs(found: dict[str, pl.DataFrame], edition: int, baseline: int, language: str) -> dict[str, list[str]]:
    """The clearest links between baseline and edition and the pairs most in doubt, as safe HTML."""
    if edition == baseline:
        return {"clearest": [], "doubtful": []}
    earlier, later = (str(year) for year in sorted((edition, baseline)))
    chosen = {
        "clearest": outcomes.clearest(found["links"], earlier, later),
        "doubtful": outcomes.most_doubtful(found, earlier, later),
    }
    return {
        name: [pairs.side_by_side(start, end, found, language) for start, end in rows] for name, rows in chosen.items()
    }


def _progress(found: dict[str, pl.DataFrame], language: str) -> list[dict[str, object]]:
    known = {i.indicator_id: i for i in kpi.indicators()}
    rows = []
    for row in found["progress"].sort("indicator_id").iter_rows(named=True):
        indicator = known[row["indicator_id"]]
        rows.append({**row, "name": kpi.names(language)[row["indicator_id"]], "unit": unit(indicator.unit, language)})
    return rows


def _figures(found: dict[str, pl.DataFrame], edition: int) -> list[dict[str, object]]:
    own = found["figures"].filter((pl.col("edition") == edition) & pl.col("value").is_not_null())
    return list(own.sort("first_line", "figure_id").iter_rows(named=True))


def _documents(found: dict[str, pl.DataFrame]) -> list[dict[str, object]]:
    lines = (
        found["ledger"].filter(pl.col("role") != "blank").with_columns(n=pl.col("last_line") - pl.col("first_line") + 1)
    )
    totals = dict(lines.group_by("doc_id").agg(pl.col("n").sum()).iter_rows())
    unknown = dict(lines.filter(pl.col("role") == "unknown").group_by("doc_id").agg(pl.col("n").sum()).iter_rows())
    return [
        {**row, "unknown": unknown.get(row["doc_id"], 0) / max(totals.get(row["doc_id"], 1), 1)}
        for row in found["documents"].sort("doc_id").iter_rows(named=True)
    ]


def _doubts(found: dict[str, pl.DataFrame], edition: int) -> list[dict[str, object]]:
    rows = found["measures"].filter((pl.col("edition") == edition) & (pl.col("doubts").list.len() > 0))
    return list(rows.sort("confidence", "measure_id").iter_rows(named=True))
