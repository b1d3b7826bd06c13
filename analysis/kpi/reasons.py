"""Why an indicator has its state: a sentence for each case, filled with its values."""

from typing import Any

import polars as pl

from analysis.base.i18n import gettext
from analysis.base.i18n import gettext_noop as N_
from analysis.kpi import amounts
from analysis.kpi.register import Indicator

Row = dict[str, Any]

REASONS = {
    "reached": N_("{last} in {last_year}; the target is {target} by {target_year}."),
    "reached_undated": N_("{last} in {last_year}; the target is {target}."),
    "ratio": N_(
        "{observed} a year from {first_year} to {last_year}, where {required} is required to come from "
        "{first} to {target} by {target_year}: {ratio} of it."
    ),
    "deteriorating": N_("{first} in {first_year} met the target of {target}; {last} in {last_year} does not."),
    "missed": N_("{last} in {last_year}; {target} was to be reached by {target_year}."),
    "one_observation": N_(
        "Only {last} in {last_year} is known; {needed} a year is needed to reach {target} by {target_year}."
    ),
    "one_observation_late": N_("Only {last} in {last_year} is known; the target is {target} by {target_year}."),
    "no_year": N_("{last} in {last_year}; the target of {target} has no year."),
    "no_observation": N_("The target is {target} by {target_year}; no dated value is given."),
    "no_observation_undated": N_("The target is {target}, without a year; no dated value is given."),
    "no_observation_late": N_(
        "The target of {target} was for {target_year}, which is past; the latest value is {last} in {last_year}."
    ),
}
# states that no target is judged by, and what is said of their values instead
FOLLOWED = {
    "no_number": N_("A KPI that names no number"),
    "watched": N_("A KPI that only follows the value"),
    "no_target": N_("No target of its own"),
}
VALUES = {
    "up": N_("{what}: it rose from {first} ({first_year}) to {last} ({last_year})."),
    "down": N_("{what}: it fell from {first} ({first_year}) to {last} ({last_year})."),
    "flat": N_("{what}: {first} ({first_year}) and {last} ({last_year}) are the same in the digits published."),
    "one": N_("{what}; {last} ({last_year}) is the only value."),
    "stated": N_("{what}: {last} ({last_year}), {growth} on the year before, as the plan says."),
    "none": N_("{what}; no dated value is given."),
}


def reason(indicator: Indicator, row: Row, values: pl.DataFrame, language: str) -> str:
    """Return a sentence that says why the indicator has its state. `row` is that of Progress, `values` those of
    Series."""
    filled: dict[str, object] = {}
    by_id = {value["value_id"]: value for value in values.iter_rows(named=True)}
    for end in ("first", "last", "target"):
        value = by_id.get(row[f"{end}_id"])
        if value is not None:
            comparator = value["comparator"] if end != "target" else None
            filled[end] = amounts.amount(value["value"], indicator.unit, language, comparator, value["step"])
            dated = value["year"] is not None
            filled[f"{end}_year"] = amounts.year(value["year"], value["fiscal"], language) if dated else ""
            if end == "last" and value["growth"] is not None:
                filled["growth"] = amounts.growth(value["growth"] / 100, False, indicator.unit, language)
    for pace in ("observed", "required", "needed"):
        if row[pace] is not None:
            filled[pace] = amounts.growth(row[pace], row["linear"], indicator.unit, language)
    if row["ratio"] is not None:
        filled["ratio"] = _ratio(row["ratio"])
    if (what := FOLLOWED.get(row["state"])) is not None:
        filled["what"] = gettext(what, language)
    return gettext(message(row), language, **filled) + sources(indicator, row, values, language)


def sources(indicator: Indicator, row: Row, values: pl.DataFrame, language: str) -> str:
    """Return a sentence for each value that people added and the state rests on, with its source; "" for none."""
    used = {row["first_id"], row["last_id"]} - {None}
    added = values.filter(pl.col("value_id").is_in(used), pl.col("edition").is_null()).sort("year", "value_id")
    sentences = [
        gettext(
            "With {value} for {year} ({source}, retrieved on {retrieved_on}).", language,
            value=amounts.amount(value["value"], indicator.unit, language),
            year=amounts.year(value["year"], value["fiscal"], language),
            source=value["source"], retrieved_on=value["retrieved_on"],
        )
        for value in added.iter_rows(named=True)
    ]  # fmt: skip
    return "".join(("" if language == "ja" else " ") + sentence for sentence in sentences)


def message(row: Row) -> str:
    """Return the sentence that applies to an indicator's row of Progress, with names in braces."""
    state = row["state"]
    if state in FOLLOWED and row["last_id"] is None:
        return VALUES["none"]
    if state in FOLLOWED and row["first_id"] == row["last_id"]:
        return VALUES["stated" if row["trend"] else "one"]
    if state in FOLLOWED:
        return VALUES[row["trend"]]
    if state in ("on_track", "accelerate", "limited", "deteriorating") and row["ratio"] is not None:
        return REASONS["ratio"]
    if state == "reached" and row["target_year"] is None:
        return REASONS["reached_undated"]
    if state == "one_observation" and row["needed"] is None:
        return REASONS["one_observation_late"]
    if state == "no_observation" and row["last_id"] is not None:
        return REASONS["no_observation_late"]
    if state == "no_observation" and row["target_year"] is None:
        return REASONS["no_observation_undated"]
    return REASONS[state]


def unsure(row: Row, language: str) -> str:
    """Return a sentence that says what the rounding of the published values leaves open."""
    if row["ratio_low"] is None:
        return gettext("Near a bound: the rounding of the published value leaves it open.", language)
    low, high = _ratio(row["ratio_low"]), _ratio(row["ratio_high"])
    return gettext("Near a bound: rounding allows a ratio of {low} to {high}.", language, low=low, high=high)


def _ratio(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
