"""Indicators over time: figures tied to a register, made comparable, and set against their targets.

Here live the register of indicators, their series, progress and contradictions, and how people read them. What figures
a document has is read in `extraction.values`; charts and pages are the report's. docs/kpi.md says how progress is
judged and what it cannot say.

register      data/curated/indicators.toml, which people keep
amounts       units and rounding; values as people read them
likeness      how much a figure is like an indicator, by words
tying         figures → ties: which belongs to which indicator, and why the others to none
timeline      tied figures → one series an indicator
points        the values of a series that count, and the target that holds
direction     where an indicator goes, target or not
added_values  data/curated/observations.csv: values that people took from statistics
statistics    tables as agencies hand them out: cells, numbers, periods, units
table_maps    which cells of such a table are values of which indicator
pace          series → progress: where each indicator stands against its target
caveats       what a state and a direction rest on
conflicts     values that say different things of the same
reasons       a sentence that says why an indicator has its state
overview      indicators and contradictions as people read them
coverage      what becomes of each figure and each KPI part; the ratings of the annex

The public functions are pure; a build calls each once (those with a language once a language). `tables` maps the names
of tables to frames; columns not named here are those of the schema.

    tables(figures)                               TABLES, one after the other
    observations()                                indicator_id, year, fiscal, value, source … who: what people added
    series(figures, added)                        Series: values of all editions, each in its indicator's unit
    progress(series)                              Progress: growth a year as a fraction, or in the unit where linear
    contradictions(figures, series)               Contradictions
    as_of(series, edition)                        Series as a reader of that edition could know it
    ties(figures)                                 schema Ties
    tied(figures, ties)                           Figures with indicator_id, first_year, last_year: what all others take
    core(figures)                                 Figures that are KPIs, for export

    missing_headings(headings)                    headings that the register asks for and a plan does not have
    names(language)                               indicator_id → name
    overview(tables, edition, language)           rows: Progress and section, name, unit, group, reason, points …
    parts(tables, indicators, edition, language)  section, first_line, indicator_id, name, chart, reason
    remarks(tables, parts, edition, language)     sentences on how much is shown and what does not agree
    ratings(figures, edition, language)           place, group, item, grade, measures [count], figure_id, doc_id, line
    disagreements(contradictions, series, language) rows: name, finding, year, one, other
    accounted(figures, ties, language)            figure_id … indicator_id or the reason why it has none
    untied(figures, ties, language)               edition, reason, nearest, figures, kpis, examples
    reason_text(reason, nearest, language)        a reason of Ties as a sentence

`indicators` are the rows of overview, `parts` the frame of parts. States come in groups (group_of): judged, open (OPEN)
and followed; those of MET hold, those of BEHIND lag behind their path.
"""

from collections.abc import Iterator

import polars as pl

from analysis.kpi.added_values import observations
from analysis.kpi.conflicts import contradictions
from analysis.kpi.coverage import CHARTS, accounted, parts, ratings, remarks, untied
from analysis.kpi.overview import disagreements, overview
from analysis.kpi.pace import BEHIND, MET, OPEN, group_of, progress
from analysis.kpi.register import indicators, missing_headings, names
from analysis.kpi.timeline import as_of, core, series
from analysis.kpi.tying import reason_text, tied, ties
from analysis.tables import store

__all__ = [
    "BEHIND", "CHARTS", "MET", "OPEN", "TABLES", "accounted", "as_of", "contradictions", "core", "disagreements",
    "group_of", "indicators", "missing_headings", "names", "observations", "overview", "parts", "progress", "ratings",
    "reason_text", "remarks", "series", "tables", "tied", "ties", "untied",
]  # fmt: skip

TABLES = ("ties", "figures", "series", "progress", "contradictions")


def tables(figures: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield TABLES, from the figures as the documents have them."""
    yield (tie := store.settled("ties", ties(figures)))
    yield (figures := store.settled("figures", tied(figures, tie)))
    yield (known := store.settled("series", series(figures, observations())))
    yield progress(known)
    yield contradictions(figures, known)
