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
    "gone": N_("{first} in {first_year} met the target of {target}; {last} in {last_year} does not."),
    "missed": N_("{last} in {last_year}; {target} was to be reached by {target_year}."),
    "one_observation": N_(
        "Only {last} in {last_year} is known; {needed} a year is needed to reach {target} by {target_year}."
    ),
    "one": N_("Only {last} in {last_year} is known; the target is {target} by {target_year}."),
    "no_year": N_("{last} in {last_year}; the target of {target} has no year."),
    "no_observation": N_("The target is {target} by {target_year}; no dated value is given."),
    "neither": N_("The target is {target}, without a year; no dated value is given."),
    "past": N_(
        "The target of {target} was for {target_year}, which is past; the latest value is {last} in {last_year}."
    ),
    "no_number_up": N_("A KPI that names no number: it rose from {first} ({first_year}) to {last} ({last_year})."),
    "no_number_down": N_("A KPI that names no number: it fell from {first} ({first_year}) to {last} ({last_year})."),
    "no_number_flat": N_(
        "A KPI that names no number: {first} ({first_year}) and {last} ({last_year}) are the same in the "
        "digits published."
    ),
    "no_number_one": N_("A KPI that names no number; {last} ({last_year}) is the only value."),
    "no_number_stated": N_(
        "A KPI that names no number: {last} ({last_year}), {growth} on the year before, as the plan says."
    ),
    "no_number_none": N_("A KPI that names no number; no dated value is given."),
    "watched_up": N_("A KPI that only follows the value: it rose from {first} ({first_year}) to {last} ({last_year})."),
    "watched_down": N_(
        "A KPI that only follows the value: it fell from {first} ({first_year}) to {last} ({last_year})."
    ),
    "watched_flat": N_(
        "A KPI that only follows the value: {first} ({first_year}) and {last} ({last_year}) are the same "
        "in the digits published."
    ),
    "watched_one": N_("A KPI that only follows the value; {last} ({last_year}) is the only value."),
    "watched_stated": N_(
        "A KPI that only follows the value: {last} ({last_year}), {growth} on the year before, as the plan says."
    ),
    "watched_none": N_("A KPI that only follows the value; no dated value is given."),
    "no_target_up": N_("No target of its own: it rose from {first} ({first_year}) to {last} ({last_year})."),
    "no_target_down": N_("No target of its own: it fell from {first} ({first_year}) to {last} ({last_year})."),
    "no_target_flat": N_(
        "No target of its own: {first} ({first_year}) and {last} ({last_year}) are the same in the digits published."
    ),
    "no_target_one": N_("No target of its own; {last} ({last_year}) is the only value."),
    "no_target_stated": N_(
        "No target of its own: {last} ({last_year}), {growth} on the year before, as the plan says."
    ),
    "no_target_none": N_("No target of its own; no dated value is given."),
}


def reason(indicator: Indicator, row: Row, values: pl.DataFrame, language: str) -> str:
    """Return a sentence that says why the indicator has its state. `row` is that of Progress, `values` those of
    Series."""
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
        told["ratio"] = _ratio(row["ratio"])
    return gettext(REASONS[case(row)], language, **told)


def case(row: Row) -> str:
    """Return which of REASONS applies to an indicator's row of Progress."""
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
        if row["last_id"] is None:
            return f"{state}_none"
        alone = row["first_id"] == row["last_id"]
        return f"{state}_{('stated' if row['trend'] else 'one') if alone else row['trend']}"
    if state == "no_observation" and row["last_id"] is not None:
        return "past"
    if state == "no_observation" and row["target_year"] is None:
        return "neither"
    return state


def unsure(row: Row, language: str) -> str:
    """Return a sentence that says what the rounding of the published values leaves open."""
    if row["ratio_low"] is None:
        return gettext("Near a bound: the rounding of the published value leaves it open.", language)
    low, high = _ratio(row["ratio_low"]), _ratio(row["ratio_high"])
    return gettext("Near a bound: rounding allows a ratio of {low} to {high}.", language, low=low, high=high)


def _ratio(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
