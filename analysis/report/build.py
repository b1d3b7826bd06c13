"""The annual report: one HTML page that needs no network, its figures as SVG and PNG, its tables.

Everything shown comes from the processed tables; texts of measures appear only where the documents are at hand.
"""

from pathlib import Path
from typing import Any

import altair as alt
import polars as pl

from analysis import kpi
from analysis.base import paths
from analysis.base.errors import CannotWrite
from analysis.coding import codings, decisions
from analysis.continuity import link_model, turnover_values
from analysis.export import datapackage, export, sanitise
from analysis.export.citation import Citation
from analysis.report import context, narrative
from analysis.report.charts import base as charts
from analysis.report.charts import genealogy, kpi_charts, render, structure_charts, topic_flows, turnover_charts
from analysis.tables import plan_structure, store, summary_statistics

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
    "statuses",
    "turnover",
    "survival",
    "series",
    "contradictions",
)


def load() -> dict[str, pl.DataFrame]:
    """All tables a report needs; the texts where they exist, else an empty table."""
    found = {name: store.read(name) for name in NAMES}
    found["decided"] = decisions.table(found["measures"])
    found["read"] = codings.table(found["measures"])
    found["texts"] = store.read("texts") if store.exists("texts") else store.empty("texts")
    return found


def figures(
    found: dict[str, pl.DataFrame], indicators: list[dict[str, Any]], edition: int, baseline: int, language: str
) -> dict[str, alt.TopLevelMixin]:
    """The report's charts by name, in order; a chart without data is left out."""
    measures = found["measures"]
    drawn: dict[str, alt.TopLevelMixin | None] = {
        "sections": structure_charts.sections(plan_structure.sections(measures, edition), edition, language),
    }
    bodies = plan_structure.counts_bodies(measures, edition)
    if bodies:
        drawn["ministries"] = structure_charts.bodies(plan_structure.bodies(measures, edition), edition, language)
        drawn["together"] = structure_charts.together(plan_structure.together(measures, edition), edition, language)
    shares = summary_statistics.shares(found["measures"], found["assignments"], found["topics"])
    drawn["topics"] = charts.topic_shares(shares.filter(pl.col("edition").is_in([edition, baseline])), language)
    for by in ("section", "ministry") if bodies else ("section",):
        crossed = summary_statistics.crossed(found["measures"], found["assignments"], found["topics"], edition, by)
        drawn[f"topics-{by}"] = charts.topics_crossed(crossed, edition, by, language)
    drawn["map"] = charts.topic_map(
        summary_statistics.points(found["measures"], found["assignments"], found["topics"]), language
    )
    for name, one, other in (("ended", baseline, edition), ("origin", edition, baseline)):
        statuses = summary_statistics.statuses_by_topic(
            found["statuses"], found["assignments"], found["topics"], str(one), str(other)
        )
        drawn[name] = charts.statuses_by_topic(statuses, one, other, language)
    drawn["flows"] = topic_flows.chart(
        found["measures"], found["assignments"], found["topics"], found["links"], language
    )
    strict = turnover_values.strictness(found["turnover"])
    drawn["carry_over"] = turnover_charts.carry_over(found["turnover"], edition, language, strict)
    drawn["survival"] = turnover_charts.survival(found["survival"], found["documents"], language)
    drawn["genealogy"] = _genealogy(found, edition, language)
    drawn |= kpi_charts.charts(found["figures"], indicators, edition, language)
    drawn["ledger"] = charts.ledger_roles(found["ledger"], language)
    return {name: chart for name, chart in drawn.items() if chart is not None}


def _genealogy(found: dict[str, pl.DataFrame], edition: int, language: str) -> alt.LayerChart | None:
    """An example: the measure of the edition that is linked to most editions; None where none is linked."""
    example = genealogy.example(found, str(edition))
    return genealogy.chart(genealogy.of(example, found), found["topics"], language) if example else None


def read_aloud(
    found: dict[str, pl.DataFrame], indicators: list[dict[str, Any]], edition: int, baseline: int, language: str
) -> dict[str, list[str]]:
    """The report's sentences by part."""
    shares = summary_statistics.shares(found["measures"], found["assignments"], found["topics"])
    strict = turnover_values.strictness(found["turnover"])
    return {
        "structure": narrative.clean(found, edition, language),
        "quality": [narrative.quality(found, language)],
        "topics": [
            *narrative.topics_read(shares, found["measures"], edition, baseline, language),
            narrative.topics_quality(found["assignments"], found["validity"], language),
        ],
        "continuity": [
            *narrative.continuity_read(found["statuses"], edition, baseline, language),
            *narrative.continuity_basis(found["read"], found["measures"], edition, baseline, language),
        ],
        "decided": narrative.decided(
            link_model.agreement_with_decisions(found["decided"], found["candidates"]), language
        ),
        "turnover": [
            *narrative.turnover_read(found["turnover"], edition, baseline, language, strict),
            *narrative.survival_read(found["survival"], found["turnover"], found["measures"], language, strict),
        ],
        "kpis": narrative.kpi_read(found["figures"], indicators, edition, language),
    }


def build(edition: int, baseline: int, language: str, folder: Path | None = None) -> Path:
    """Write report.html, figures/ and tables/ into the report's folder; returns the page.

    Raises CannotWrite where the folder cannot be written, TableFaulty where a table is missing or broken.
    """
    folder = folder or paths.report()
    found = load()
    indicators = kpi.overview(found, edition, language)
    made = figures(found, indicators, edition, baseline, language)
    try:
        specs = {name: chart.to_json(validate=False) for name, chart in made.items()}
        with render.drawing(specs, folder / "figures") as drawn:  # by other processes, while the rest is made
            about = Citation(language, edition, baseline)
            export.export(folder / "tables", "csv", "parquet", "xlsx", about=about)
            taken = datapackage.listed(folder / "tables")
            told = {name: _alternative(chart) for name, chart in made.items()}
            read = read_aloud(found, indicators, edition, baseline, language)
            html = context.html(found, indicators, read, drawn, told, taken, edition, baseline, language)
        file = folder / "report.html"
        file.write_text(sanitise.printable(html), encoding="utf-8", newline="\n")
    except OSError as error:
        raise CannotWrite(
            f"cannot write {folder} ({error.strerror}): make the folder writable or free some space"
        ) from error
    return file


def _alternative(chart: alt.TopLevelMixin) -> str:
    """What a chart says to those who cannot see it."""
    described = getattr(chart, "description", alt.Undefined)
    if not isinstance(described, str):
        raise ValueError("a chart has no description")
    return described
