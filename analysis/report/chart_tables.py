"""The rows behind each chart of the report, as tables for people: cells in words, measures as links."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis import kpi
from analysis.base.i18n import gettext, percent, word
from analysis.continuity import turnover_values
from analysis.kpi import amounts
from analysis.report.charts import kpi_charts, turnover_charts
from analysis.report.charts.base import ROLE_GROUPS
from analysis.tables import editions as time_points
from analysis.tables import ministries, plan_structure, summary_statistics
from analysis.tables.labels import label
from analysis.tables.schemas import HORIZONS

Cell = str | int | float | None | list[str]
Found = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Rows:
    """A table of the page: its columns' heads, its rows (a list in a cell holds measures), and the files to take away
    that hold the same and more."""

    head: list[str]
    rows: list[list[Cell]]
    files: list[str]


def behind(
    found: Found, indicators: list[dict[str, Any]], edition: int, baseline: int, language: str, charts: Collection[str]
) -> dict[str, Rows]:
    """The rows behind each of the charts (or, of horizons, a sentence), by name; one without rows is left out.

    `indicators` is what `kpi.overview` gives."""
    made = {
        "sections": _sections(found, edition, language),
        "horizons": _horizons(found, edition, language),
        "ministries": _ministries(found, edition, language),
        "together": _together(found, edition, language),
        "topics": _topics(found, [edition, baseline], language),
        "topics-section": _crossed(found, edition, "section", language),
        "topics-ministry": _crossed(found, edition, "ministry", language),
        "ended": _statuses(found, str(baseline), str(edition), language),
        "origin": _statuses(found, str(edition), str(baseline), language),
        "flows": _flows(found, language),
        "carry_over": _carry_over(found, edition, language),
        "survival": _survival(found, language),
        "kpi-ratio": _paces(indicators, language),
        **{name: _values(indicators, group, language) for group, name in kpi.CHARTS.items()},
        "industries": _industries(found, edition, language),
        "ratings": _ratings(found, edition, language),
        "ledger": _ledger(found, language),
    }
    return {name: rows for name, rows in made.items() if rows.rows and name in charts}


def _rows(frame: pl.DataFrame, heads: dict[str, str], files: list[str], language: str) -> Rows:
    """The frame's columns named in `heads` (column: key of wording.toml)."""
    return Rows(
        [word(key, language) for key in heads.values()], [list(row) for row in frame.select(list(heads)).rows()], files
    )


def _named(column: str, name: Callable[[str], str]) -> pl.Expr:
    return pl.col(column).map_elements(name, return_dtype=pl.String)


def _sections(found: Found, edition: int, language: str) -> Rows:
    table = plan_structure.sections(found["measures"], edition)
    table = table.with_columns(pl.format("{} {}–{}", "doc_id", "first_line", "last_line").alias("lines"))
    heads = {"section": "section", "section_title": "heading", "measures": "number_of_measures", "repeated": "repeated"}
    heads |= {name: f"horizon_{name}" for name in HORIZONS if table[name].sum()}
    return _rows(table, {**heads, "lines": "lines_of_document"}, ["measures"], language)


def _horizons(found: Found, edition: int, language: str) -> Rows:
    table = plan_structure.horizons(found["measures"], edition)
    table = table.with_columns(_named("horizon", lambda written: horizons(written, language)))
    heads = {"horizon": "horizon", "measures": "number_of_measures", "measure_ids": "which"}
    return _rows(table, heads, ["measures"], language)


def horizons(written: str, language: str) -> str:
    """The horizons of a measure as people read them: 短期・中期 is short and medium."""
    return gettext(" and ", language).join(label("horizon", name, language) for name in written.split("・"))


def _ministries(found: Found, edition: int, language: str) -> Rows:
    table = plan_structure.bodies(found["measures"], edition)
    table = table.with_columns(_named("body", lambda name: ministries.label(name, language)))
    heads = {"body": "body", "measures": "number_of_measures", "joint": "joint", "measure_ids": "which"}
    return _rows(table, heads, ["measures"], language)


def _together(found: Found, edition: int, language: str) -> Rows:
    table = plan_structure.together(found["measures"], edition)
    table = table.with_columns(
        _named(name, lambda body: ministries.label(body, language)) for name in ("body", "other")
    )
    heads = {"body": "body", "other": "with_body", "measures": "number_of_measures", "measure_ids": "which"}
    return _rows(table, heads, ["measures"], language)


def _topics(found: Found, editions: list[int], language: str) -> Rows:
    table = summary_statistics.shares(found["measures"], found["assignments"], found["topics"])
    table = table.filter(pl.col("edition").is_in(editions) & (pl.col("measures") > 0))
    table = table.sort("edition", "share", "topic_id", descending=[True, True, False])
    table = table.with_columns(_named_share("share"), _interval("low", "high"))
    heads = {f"name_{language}": "topic", "edition": "edition", "measures": "number_of_measures", "share": "share"}
    return _rows(table, heads | {"interval": "interval"}, ["topics"], language)


def _named_share(column: str) -> pl.Expr:
    return pl.col(column).map_elements(percent, return_dtype=pl.String)


def _interval(low: str, high: str) -> pl.Expr:
    """The two ends of an interval in words; – where there is none."""
    ends = pl.format("{}–{}", _named_share(low), _named_share(high))
    return pl.when(pl.col(low).is_null() | pl.col(high).is_null()).then(pl.lit("–")).otherwise(ends).alias("interval")


def _crossed(found: Found, edition: int, by: str, language: str) -> Rows:
    table = summary_statistics.crossed(found["measures"], found["assignments"], found["topics"], edition, by)
    if by == "ministry":
        table = table.with_columns(_named("other", lambda name: ministries.label(name, language)))
    heads = {f"name_{language}": "topic", "other": "section" if by == "section" else "body"}
    heads |= {"measures": "number_of_measures", "measure_ids": "which"}
    return _rows(table, heads, ["topics", "measures"], language)


def _statuses(found: Found, edition_id: str, other: str, language: str) -> Rows:
    table = summary_statistics.statuses_by_topic(
        found["statuses"], found["assignments"], found["topics"], edition_id, other
    )
    table = table.with_columns(_named("status", lambda status: label("status", status, language)))
    heads = {f"name_{language}": "topic", "status": "became", "measures": "number_of_measures"}
    return _rows(table, heads, ["statuses", "links"], language) if edition_id != other else Rows([], [], [])


def _flows(found: Found, language: str) -> Rows:
    table = summary_statistics.summary(found["links"], found["statuses"])
    table = table.with_columns(
        _named(end, lambda edition_id: time_points.label(edition_id, language)) for end in ("from", "to")
    )
    heads = {"from": "from_edition", "to": "to_edition", "links": "links", "continued": "status_continued"}
    heads |= {"evolved": "status_evolved", "ended": "status_ended", "new": "status_new"}
    return _rows(table, heads, ["links", "statuses"], language)


def _carry_over(found: Found, edition: int, language: str) -> Rows:
    strict = turnover_values.strictness(found["turnover"])
    table = turnover_values.into(found["turnover"], edition, strict)
    if table.is_empty():
        return Rows([], [], [])
    kinds = {
        "carried": gettext("of the earlier edition: linked to {edition}", language, edition=edition),
        "inherited": gettext("of {edition}: linked to the earlier edition", language, edition=edition),
    }
    table = table.with_columns(
        _named("from_edition", lambda edition_id: time_points.label(edition_id, language)),
        pl.col("metric").replace_strict(kinds),
        _interval("low", "high"), *(_named_share(name) for name in ("value", "loosest", "strictest")),
    )  # fmt: skip
    heads = {"from_edition": "from_edition", "metric": "what", "count": "linked_measures", "total": "of_measures"}
    heads |= {"value": "share", "interval": "interval", "loosest": "at_loosest", "strictest": "at_strictest"}
    return _rows(table, heads, ["turnover"], language)


def _survival(found: Found, language: str) -> Rows:
    table = found["survival"].filter(pl.col("relation") == "same").sort("cohort", "assigned", "year")
    names = turnover_charts.cohorts(table, found["documents"], language)
    table = table.with_columns(
        _named("cohort", names.__getitem__), _named("assigned", lambda when: label("assigned", when, language)),
        _named_share("survival"), _interval("low", "high"),
    )  # fmt: skip
    heads = {"cohort": "cohort_head", "assigned": "assigned_head", "year": "year", "initiatives": "initiatives"}
    return _rows(table, heads | {"survival": "still_found", "interval": "interval"}, ["survival"], language)


def _paces(indicators: list[dict[str, Any]], language: str) -> Rows:
    rows: list[list[Cell]] = [
        [row["name"], row["state_word"], row["ratio"], row["ratio_low"], row["ratio_high"], row["reason"]]
        for row in indicators
        if row["ratio"] is not None
    ]
    heads = ("indicator", "state", "ratio", "at_lowest", "at_highest", "state_reason")
    return Rows([word(key, language) for key in heads], rows, ["progress"])


def _values(indicators: list[dict[str, Any]], group: str, language: str) -> Rows:
    """The values of a group's indicators, each with its line, or its source where a person added it."""
    rows: list[list[Cell]] = []
    for row in indicators:
        for point in row["points"] if row["group"] == group else ():
            added = point["doc_id"] is None
            place = f"{point['source']} ({point['who']})" if added else f"{point['doc_id']} {point['first_line']}"
            year = "–" if point["year"] is None else amounts.year(point["year"], point["fiscal"], language)
            shown = (point["value"], row["measured_in"], language, point["comparator"], point["step"])
            kind = label("kind", point["kind"], language)
            rows.append([row["name"], kind, year, amounts.amount(*shown), point["edition"], place])
    heads = ("indicator", "kind", "year", "value", "edition", "lines_of_document")
    return Rows([word(key, language) for key in heads], rows, ["series", "figures"])


def _industries(found: Found, edition: int, language: str) -> Rows:
    table = kpi_charts.industry_rows(found["figures"], edition, language)
    units = {unit: amounts.unit_shown(unit, language) for unit in table["unit"].unique()}
    shown = [
        [amounts.bare_amount(row[when], row["unit"], language) for row in table.iter_rows(named=True)]
        for when in ("before", "latest")
    ]
    table = table.with_columns(
        pl.Series("before", shown[0]), pl.Series("latest", shown[1]), pl.col("unit").replace_strict(units)
    )
    heads = {"name": "industry", "unit": "unit", "before": "before", "latest": "latest", "change": "change"}
    return _rows(table, heads | {"first_line": "line"}, ["figures"], language)


def _ratings(found: Found, edition: int, language: str) -> Rows:
    table = kpi.ratings(found["figures"], edition, language)
    heads = {"group": "group", "item": "item", "grade": "grade", "measures": "number_of_measures"}
    return _rows(table, heads | {"first_line": "line"}, ["figures"], language)


def _ledger(found: Found, language: str) -> Rows:
    table = found["ledger"].filter(pl.col("role") != "blank")
    table = table.with_columns(pl.col("role").replace_strict(ROLE_GROUPS))
    table = table.group_by("doc_id", "role").agg((pl.col("last_line") - pl.col("first_line") + 1).sum().alias("lines"))
    table = table.sort("doc_id", "role").with_columns(_named("role", lambda role: label("role", role, language)))
    return _rows(table, {"doc_id": "document", "role": "role", "lines": "lines"}, ["ledger"], language)
