"""What became of each figure and each KPI part of an edition, and the indicators as people read them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis.base.i18n import gettext
from analysis.kpi import amounts
from analysis.kpi.annex import ratings
from analysis.kpi.pace import group_of, progress
from analysis.kpi.reasons import REASONS
from analysis.kpi.register import Indicator, indicators, register
from analysis.kpi.timeline import as_of, ties
from analysis.tables.labels import label

CHARTS = {"judged": "kpi", "open": "kpi-open", "followed": "kpi-followed"}  # the chart that shows each group
Row = dict[str, Any]


# -------------------------------------------------------------------------------------------------- every figure


def figures_told(figures: pl.DataFrame, language: str = "en") -> pl.DataFrame:
    """Every figure of the outlook and the KPI parts and every target, with the indicators that it belongs to:
    figure_id, edition, section, place, first_line, indicator_id, reason.

    A figure without an indicator has the reason why (in `language`); one without either would be an oversight.
    """
    wanted = figures.filter(pl.col("place").is_in(["kpi", "outlook"]) | (pl.col("kind") == "target"))
    columns = ["figure_id", "edition", "section", "place", "first_line"]
    tied = wanted.join(ties(wanted), on="figure_id").select(*columns, "indicator_id", reason=pl.lit(None, pl.String))
    left = wanted.join(tied, on="figure_id", how="anti")
    rest = [{**{c: row[c] for c in columns}, **_why(row, language)} for row in left.iter_rows(named=True)]
    return pl.concat([tied, pl.DataFrame(rest, schema=tied.schema)]).sort("figure_id", "indicator_id")


def _why(row: Row, language: str) -> Row:
    """The reason why a figure is no value of an indicator, and the indicator that it speaks of, if any."""
    name = str(row["indicator"] or "")
    for entry in register().untied:
        if any(re.search(pattern, name) for pattern in entry.patterns):
            return {"indicator_id": None, "reason": entry.reason_ja if language == "ja" else entry.reason_en}
    for indicator in indicators():
        if row["nature"] != "level" and indicator.named(name, str(row["section"])):
            return {
                "indicator_id": None,
                "reason": gettext(
                    "A change or rate of an indicator that is shown with its values: {name}.",
                    language,
                    name=indicator.told("name", language),
                ),
            }
    return {"indicator_id": None, "reason": None}


@dataclass(frozen=True)
class Part:
    """A KPI part or another place with targets: what stands there, whether a chart shows it, and why not."""

    section: str
    first_line: int
    indicator_id: str | None
    name: str
    chart: str | None
    reason: str


def parts(found: dict[str, pl.DataFrame], edition: int, language: str) -> list[Part]:
    """Each KPI part, the outlook and each target of an edition, in the plan's order: its indicators with the chart
    that shows them, and what no chart shows with a sentence why. `found` has figures, series, ledger, measures.
    """
    own = found["figures"].filter(pl.col("edition") == edition)
    told = figures_told(own, language).sort("first_line", "figure_id", "indicator_id")
    states = {row["indicator_id"]: row["state"] for row in _progress(found["series"], edition).iter_rows(named=True)}
    named = dict(own.select("figure_id", "indicator").iter_rows())
    known = {i.indicator_id: i.told("name", language) for i in indicators()}
    result: dict[tuple[str, str], Part] = {}
    for row in told.iter_rows(named=True):
        key, section, line = row["indicator_id"], row["section"], row["first_line"]
        if key is None:
            name = named[row["figure_id"]] or ""
            part = Part(
                section,
                line,
                None,
                name,
                None,
                row["reason"] or gettext("The register has no indicator for it.", language),
            )
        elif key in states:
            part = Part(section, line, key, known[key], CHARTS[group_of(states[key])], "")
        else:
            part = Part(
                section,
                line,
                key,
                known[key],
                None,
                gettext("The KPI names no number, and no value is given yet.", language),
            )
        result.setdefault((section, key or f"{part.name}: {part.reason}"), part)
    rest = _without_figures(found, edition, {part.section for part in result.values()})
    silent = [
        Part(section, line, None, "", None, gettext("The part states no figure.", language)) for section, line in rest
    ]
    rated = ratings(own, edition, language)
    if len(rated):
        line, code = int(rated["first_line"][0]), own.filter(pl.col("place") == "annex")["section"][0]
        silent.append(
            Part(
                code,
                line,
                None,
                gettext("How ministries rate the measures of the standards strategy", language),
                "ratings",
                "",
            )
        )
    return sorted([*result.values(), *silent], key=lambda part: (part.first_line, part.name, part.reason))


def _without_figures(found: dict[str, pl.DataFrame], edition: int, told: set[str]) -> Iterator[tuple[str, int]]:
    """The sections whose KPI part states no figure, with its line. A KPI part belongs to the section of the measure
    that comes next: that is where it stands in the plans."""
    body = found["measures"].filter((pl.col("edition") == edition) & (pl.col("part") == "body")).sort("first_line")
    docs = body["doc_id"].unique().to_list()
    seen = set(told)
    for line in found["ledger"].filter(pl.col("doc_id").is_in(docs) & (pl.col("role") == "kpi"))["first_line"].sort():
        after = body.filter(pl.col("first_line") > line)
        if len(after) and (section := after["section"][0]) not in seen:
            seen.add(section)
            yield section, line


def listing(found: dict[str, pl.DataFrame], edition: int, language: str) -> pl.DataFrame:
    """`parts` as a table: section, line, name, chart, reason."""
    rows = [(p.section, p.first_line, p.name, p.chart, p.reason) for p in parts(found, edition, language)]
    schema = {"section": pl.String, "line": pl.Int64, "name": pl.String, "chart": pl.String, "reason": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def remarks(found: dict[str, pl.DataFrame], edition: int, language: str) -> list[str]:
    """How many entries of the KPI parts charts show, and what does not agree; none where an edition has no KPI part.
    `found` has figures, series, ledger, measures, contradictions."""
    own = found["figures"].filter((pl.col("edition") == edition) & (pl.col("place") == "kpi"))
    if own.is_empty():
        return []
    rows = parts(found, edition, language)
    shown = sum(part.chart is not None for part in rows)
    count = dict(found["contradictions"]["finding"].value_counts().iter_rows())
    told = {"contradictions": "contradiction", "revisions": "revision", "targets": "new_target", "growth": "growth"}
    numbers = {name: count.get(finding, 0) for name, finding in told.items()}
    return [
        gettext(
            "Of {parts} entries in the KPI parts and targets of the {edition} plan, charts show "
            "{shown}; for the other {silent} a sentence says why not.",
            language,
            parts=len(rows),
            shown=shown,
            silent=len(rows) - shown,
            edition=edition,
        ),
        gettext(
            "Values that do not agree, over all editions: {contradictions} contradictions within an "
            "edition, {revisions} values revised later, {targets} targets set anew for another year, "
            "{growth} rates of growth that do not follow from the values.",
            language,
            **numbers,
        ),
    ]


# ------------------------------------------------------------------------------------------------- as people read


def _progress(series: pl.DataFrame, edition: int) -> pl.DataFrame:
    """The progress of the indicators that an edition speaks of, as its readers could know it."""
    known = as_of(series, edition)
    spoken = known.filter(pl.col("edition") == edition)["indicator_id"].unique().to_list()
    return progress(known.filter(pl.col("indicator_id").is_in(spoken)))


def overview(found: dict[str, pl.DataFrame], edition: int, language: str) -> list[Row]:
    """The indicators that an edition speaks of, by group and in the plan's order, in words: what the report's table
    and the charts show. `found` has figures and series.

    Besides the columns of Progress, as the edition's readers could know it, each row has: section, first_line, name,
    unit (what to call it), measured_in (the register's unit), wish (up, down, watch), group, state_word, reason (a
    sentence), unsure (a sentence, empty where the state is sure), set_by, measured_by, definition, points (its rows of
    the series, in the order of time), places (document and line of each).
    """
    by_id = {indicator.indicator_id: indicator for indicator in indicators()}
    own = as_of(found["series"], edition)
    lines = ties(found["figures"]).join(found["figures"].filter(pl.col("edition") == edition), on="figure_id")
    first = lines.sort("first_line", "figure_id").group_by("indicator_id", maintain_order=True).first()
    order = {row["indicator_id"]: (row["section"], row["first_line"]) for row in first.iter_rows(named=True)}
    rows = []
    for row in _progress(own, edition).iter_rows(named=True):
        indicator = by_id[row["indicator_id"]]
        values = own.filter(pl.col("indicator_id") == indicator.indicator_id)
        section, line = order.get(indicator.indicator_id, ("", 0))
        rows.append(
            {
                **row,
                "section": section,
                "first_line": line,
                "group": group_of(row["state"]),
                "state_word": label("state", row["state"], language),
                "reason": _reason(indicator, row, values, language),
                "unsure": "" if row["sure"] else _unsure(row, language),
                "unit": amounts.unit_shown(indicator.unit, language),
                "measured_in": indicator.unit,
                "wish": indicator.direction,
                **{what: indicator.told(what, language) for what in ("name", "set_by", "measured_by", "definition")},
                "points": list(values.sort("year", "edition", "first_line", nulls_last=True).iter_rows(named=True)),
                "places": _places(values),
            }
        )
    return sorted(rows, key=lambda row: (list(CHARTS).index(row["group"]), row["first_line"], row["indicator_id"]))


def disagreements(found: dict[str, pl.DataFrame], language: str) -> list[Row]:
    """The table contradictions in words: name, finding, year, and of each side (one, other) value, edition, doc_id and
    first_line. `found` has contradictions."""
    by_id = {indicator.indicator_id: indicator for indicator in indicators()}
    rows = []
    for row in found["contradictions"].sort("indicator_id", "finding", "one_id", "other_id").iter_rows(named=True):
        indicator = by_id[row["indicator_id"]]
        told: Row = {
            "indicator_id": indicator.indicator_id,
            "name": indicator.told("name", language),
            "finding": label("finding", row["finding"], language),
            "year": None if row["year"] is None else amounts.year(row["year"], False, language),
        }
        for side in ("one", "other"):
            value = row[f"{side}_value"]
            growth = row["finding"] == "growth"
            told[side] = {
                "value": amounts.growth(value / 100, False, "%", language)
                if growth
                else amounts.amount(value, indicator.unit, language),
                "edition": row[f"{side}_edition"],
                "doc_id": row[f"{side}_doc"],
                "first_line": row[f"{side}_line"],
            }
        rows.append(told)
    return rows


def _places(values: pl.DataFrame) -> list[tuple[str, int]]:
    """Document and line of each value, in the order of documents and lines."""
    stated = values.filter(pl.col("doc_id").is_not_null())
    return list(stated.select("doc_id", "first_line").unique().sort("doc_id", "first_line").iter_rows())


def _reason(indicator: Indicator, row: Row, values: pl.DataFrame, language: str) -> str:
    """A sentence that says why the indicator has its state, made from its values."""
    told: dict[str, object] = {}
    by_id = {value["value_id"]: value for value in values.iter_rows(named=True)}
    for end in ("first", "last", "target"):
        value = by_id.get(row[f"{end}_id"])
        if value is not None:
            comparator = value["comparator"] if end != "target" else None
            told[end] = amounts.amount(value["value"], indicator.unit, language, comparator, value["step"])
            dated = value["year"] is not None
            told[f"{end}_year"] = amounts.year(value["year"], value["fiscal"], language) if dated else ""
            if end == "last" and value["growth"] is not None:
                told["growth"] = amounts.growth(value["growth"] / 100, False, indicator.unit, language)
    for pace in ("observed", "required", "needed"):
        if row[pace] is not None:
            told[pace] = amounts.growth(row[pace], row["linear"], indicator.unit, language)
    if row["ratio"] is not None:
        told["ratio"] = f"{row['ratio']:.2f}".replace("-", "−")
    return gettext(REASONS[_case(row)], language, **told)


def _case(row: Row) -> str:
    """Return which of REASONS applies to an indicator's row of `progress`."""
    state = str(row["state"])
    if state in ("on_track", "accelerate", "limited", "deteriorating") and row["ratio"] is not None:
        return "ratio"
    if state == "deteriorating":
        return "gone"
    if state == "reached" and row["target_year"] is None:
        return "reached_undated"
    if state == "one_observation" and row["needed"] is None:
        return "one"
    if state in ("no_number", "watched", "no_target"):
        alone = row["last_id"] is None or row["first_id"] == row["last_id"]
        if alone and row["last_id"] is None:
            return f"{state}_none"
        return f"{state}_{('stated' if row['trend'] else 'one') if alone else row['trend']}"
    if state == "no_observation" and row["last_id"] is not None:
        return "past"
    if state == "no_observation":
        return "no_observation" if row["target_year"] is not None else "neither"
    return f"{state}"


def _unsure(row: Row, language: str) -> str:
    if row["ratio_low"] is None:
        return gettext("Near a bound: the rounding of the published value leaves it open.", language)
    ends = {name: f"{row[f'ratio_{name}']:.2f}".replace("-", "−") for name in ("low", "high")}
    return gettext("Near a bound: rounding allows a ratio of {low} to {high}.", language, **ends)
