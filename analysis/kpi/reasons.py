"""Why an indicator has its state: a sentence for each case, filled with its values, and what that rests on."""

from collections.abc import Container, Iterable
from typing import Any

import polars as pl

from analysis.base.i18n import gettext
from analysis.base.i18n import gettext_noop as N_
from analysis.kpi import amounts, caveats
from analysis.kpi.pace import NEARLY, PACED, evidence, other_base, tipping
from analysis.kpi.register import Indicator
from analysis.tables.labels import label

Row = dict[str, Any]

REASONS = {
    "reached": N_("{last} in {last_year}; the target is {target} by {target_year}."),
    "reached_early": N_("{last} in {last_year}: already at the level set for {target_year}, {target}."),
    "reached_undated": N_("{last} in {last_year}; the target is {target}."),
    "kept": N_("{last} in {last_year}; the target, {target}, is to be kept until {target_year}."),
    "kept_undated": N_("{last} in {last_year}; the target, {target}, is to be kept."),
    "ratio": N_(
        "Observed from {first_year} to {last_year}: {observed} a year. Needed from {first} to {target} by "
        "{target_year}: {required} a year; ratio {ratio}. Needed from {last} on: {needed} a year."
    ),
    "deteriorating": N_("{first} in {first_year} met the target of {target}; {last} in {last_year} does not."),
    "missed": N_("{last} in {last_year}; {target} was to be reached by {target_year}."),
    "one_observation": N_(
        "Only {last} in {last_year} is known; {needed} a year is needed to reach {target} by {target_year}."
    ),
    "one_observation_late": N_("Only {last} in {last_year} is known; the target is {target} by {target_year}."),
    "no_year": N_("{last} in {last_year}; the target of {target} has no year."),
    "no_path": N_("{last} in {last_year}; the target is {target} in total over {target_span}: no yearly path."),
    "no_observation_span": N_("The target is {target} in total over {target_span}; no dated value is given."),
    "no_observation_dateless": N_("The target is {target} by {target_year}; {undated} is given without a date."),
    "no_observation": N_("The target is {target} by {target_year}; no dated value is given."),
    "no_observation_undated": N_("The target is {target}, without a year; no dated value is given."),
    "no_observation_kept": N_("The target, {target}, is to be kept until {target_year}; no dated value is given."),
    "no_observation_kept_undated": N_("The target, {target}, is to be kept; no dated value is given."),
    "no_observation_late": N_(
        "The target of {target} was for {target_year}, which is past; the latest value is {last} in {last_year}."
    ),
}
REASONS |= {"not_kept": REASONS["kept"], "not_kept_undated": REASONS["kept_undated"]}
# states that no target is judged by, and what is said of their values instead
FOLLOWED = {
    "no_number": N_("A KPI that names no number"),
    "watched": N_("A KPI that only follows the value"),
    "no_target": N_("No target of its own"),
}
VALUES = {
    "up": N_("{what}: it rose from {first} ({first_year}) to {last} ({last_year})."),
    "down": N_("{what}: it fell from {first} ({first_year}) to {last} ({last_year})."),
    "flat": N_("{what}: {first} ({first_year}) and {last} ({last_year}) are about level."),
    "level": N_("{what}: {first} ({first_year}) and {last} ({last_year}), which the plan calls level."),
    "one": N_("{what}; {last} ({last_year}) is the only value."),
    "stated": N_("{what}: {last} ({last_year}), {growth} on the year before, as the plan says."),
    "grown": N_(
        "{what}: from {first} ({first_year}) to {last} ({last_year}), {growth} (rate as the plan states it; "
        "values are rounded)."
    ),
    "none": N_("{what}; no dated value is given."),
}
RANGE_ENDS = ("範囲下限", "範囲上限")


def reason(indicator: Indicator, row: Row, values: pl.DataFrame, series: dict[str, pl.DataFrame], language: str) -> str:
    """Return why the indicator has its state, and what that rests on, in sentences. `row` is that of Progress, `values`
    those of Series, `series` the rows of all indicators."""
    filled: dict[str, object] = {}
    by_id = {value["value_id"]: value for value in values.iter_rows(named=True)}
    steady = False
    for end in ("first", "last", "target"):
        value = by_id.get(row[f"{end}_id"])
        if value is not None:
            filled[end] = aim(value, by_id.values(), indicator.unit, language)
            filled[f"{end}_year"] = years(value if end != "target" else value | {"span_start": None}, language)
            if end == "target" and value["span_start"] is not None:
                filled["target_span"] = years(value, language)
            if end == "last":
                steady = value["steady"]
                if value["growth"] is not None:
                    filled["growth"] = amounts.growth(value["growth"] / 100, False, indicator.unit, language)
    undated = values.filter(pl.col("year").is_null(), pl.col("kind") != "target").sort("value_id")
    if row["last_id"] is None and not undated.is_empty():
        filled["undated"] = aim(undated.row(0, named=True), [], indicator.unit, language)
    for pace in ("observed", "required", "needed"):
        if row[pace] is not None:
            filled[pace] = amounts.growth(row[pace], row["linear"], indicator.unit, language)
    if row["ratio"] is not None:
        filled["ratio"] = _ratio(row["ratio"])
    if (what := FOLLOWED.get(row["state"])) is not None:
        filled["what"] = gettext(what, language)
    said = gettext(message(row, filled, steady=steady), language, **filled)
    between = " " if language == "en" else ""
    return between.join(
        [said, *sources(indicator, row, values, language), *_caveats(indicator, row, values, series, language)]
    )


def sources(indicator: Indicator, row: Row, values: pl.DataFrame, language: str) -> list[str]:
    """Return a sentence for each value that people added and the state rests on, with its source."""
    used = {row["first_id"], row["last_id"]} - {None}
    added = values.filter(pl.col("value_id").is_in(used), pl.col("edition").is_null()).sort("year", "value_id")
    return [
        gettext(
            "With {value} for {year} ({source}, retrieved on {retrieved_on}).", language,
            value=amounts.amount(value["value"], indicator.unit, language),
            year=years(value, language), source=value["source"], retrieved_on=value["retrieved_on"],
        )
        for value in added.iter_rows(named=True)
    ]  # fmt: skip


def message(row: Row, filled: Container[str], *, steady: bool) -> str:
    """Return the sentence that applies to an indicator's row of Progress, with names in braces; `filled` holds those
    that are known."""
    state = row["state"]
    if state in FOLLOWED:
        if row["last_id"] is None:
            return VALUES["none"]
        if row["trend"] is None:
            return VALUES["stated" if "growth" in filled else "one"]
        yearly = "growth" in filled and row["last_year"] - row["first_year"] == 1
        return VALUES["level" if steady else "grown" if yearly else row["trend"]]
    if state in PACED and row["ratio"] is not None:
        return REASONS["ratio"]
    undated = "_undated" if row["target_year"] is None else ""
    if state == "reached" and not undated and row["last_year"] < row["target_year"]:
        return REASONS["reached_early"]
    if state == "one_observation":
        return REASONS["one_observation_late" if row["needed"] is None else "one_observation"]
    if state == "no_observation":
        if row["last_id"] is not None:
            return REASONS["no_observation_late"]
        if row["keeps"]:
            return REASONS["no_observation_kept" + undated]
        known = next((name for name in ("target_span", "undated") if name in filled and not undated), "")
        return REASONS["no_observation" + {"target_span": "_span", "undated": "_dateless"}.get(known, undated)]
    return REASONS.get(state + undated, REASONS[state])


def years(value: Row, language: str) -> str:
    """Return the time of a value of Series: a year, a month, or a span from its first to its last year; "" where it has
    none."""
    if value["year"] is None:
        return ""
    last = amounts.year(value["year"], value["fiscal"], language)
    if value["span_start"] is None:
        return last
    return gettext("{first}–{last}", language, first=f"{value['span_start']:.0f}", last=last.removeprefix("FY"))


def aim(value: Row, points: Iterable[Row], unit: str, language: str) -> str:
    """Return an amount as aimed at, both ends where it is a range. `points` are the indicator's rows of Series."""
    if value["comparator"] not in RANGE_ENDS:
        return amounts.amount(value["value"], unit, language, value["comparator"], value["step"])
    where = ("indicator_id", "kind", "doc_id", "first_line")
    ends = [p["value"] for p in points if p["comparator"] in RANGE_ENDS and all(p[k] == value[k] for k in where)]
    low, high = amounts.bare_amount(min(ends), unit, language), amounts.amount(max(ends), unit, language)
    return gettext("{low} to {high}", language, low=low, high=high)


def _caveats(
    indicator: Indicator, row: Row, values: pl.DataFrame, series: dict[str, pl.DataFrame], language: str
) -> list[str]:
    """Return what the state rests on, each a sentence."""
    added_up = [amounts.year(year, False, language) for year in caveats.years_of_parts(indicator, series)]
    filled = {"years": gettext(", ", language).join(added_up), "currency": amounts.currency(indicator.unit, language)}
    known, fiscal = evidence(indicator, values), bool(values["fiscal"].any())
    if (tipped := tipping(indicator, known, row["state"])) is not None:
        following, state = tipped
        filled["next_year"] = amounts.year(following.year, fiscal, language)
        filled["next_value"] = amounts.amount(following.value, indicator.unit, language, step=following.step)
        filled["next_state"] = label("state", state, language)
    if (other := other_base(indicator, known, row["state"])) is not None:
        first, state, ratio = other
        filled["base_year"] = amounts.year(first.year, fiscal, language)
        filled["base_state"], filled["base_ratio"] = label("state", state, language), _ratio(ratio)
    return caveats.sentences(row["caveats"], language, **filled, nearly=f"{100 * NEARLY:g}%")


def _ratio(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
