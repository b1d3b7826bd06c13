"""What a state or a direction rests on that a reader should know: keys for the table, sentences for the page."""

from collections.abc import Mapping, Sequence

import polars as pl

from analysis.base.i18n import gettext
from analysis.base.i18n import gettext_noop as N_
from analysis.kpi.amounts import BOUNDS, CURRENCIES, scale
from analysis.kpi.points import Point, points
from analysis.kpi.register import Indicator

SAID = {  # by key, in the order of the table
    "rounding": N_("Near a bound: the rounding of the published values leaves open which it is."),
    "bound": N_("A value is a bound (more than, less than) and not the value itself."),
    "about": N_(
        "The target says “about”: a value up to {nearly} short of it counts as meeting it, which may be wrong."
    ),
    "adjacent": N_("Two values a year apart: a step, no trend."),
    "base_year": N_("Counted from {base_year}, it would be: {base_state} ({base_ratio})."),
    "fragile": N_("If the next value ({next_year}) were {next_value}, it would be: {next_state}."),
    "derived": N_("One of the values follows from a change that the plan states."),
    "span": N_("A value over several years counts for their middle."),
    "parts": N_("The sum adds values of different years: {years}."),
    "rank": N_("A rank also moves when the others do."),
    "currency": N_("In {currency} as published: prices and exchange rates move it, too."),
}


def of(
    indicator: Indicator, first: Point | None, last: Point | None, seen: Sequence[Point],
    series: Mapping[str, pl.DataFrame], *, about: bool, rounding: bool, base_year: bool, fragile: bool,
) -> list[str]:  # fmt: skip
    """Return the keys of what holds, in the order of SAID. `seen` are the points from the first to the latest, `series`
    the rows of Series by indicator; the others tell whether an about met the target, and what would change state or
    direction."""
    ends = [point for point in (first, last) if point is not None]
    moves = first is not None and last is not None and last.at > first.at
    bounded = any(point.comparator in BOUNDS for point in ends)
    holds = {
        "rounding": rounding and not bounded,
        "bound": bounded,
        "about": about,
        "adjacent": moves and len(seen) == 2 and seen[-1].at - seen[0].at <= 1,
        "base_year": base_year,
        "fragile": fragile,
        "derived": moves and any(point.derived for point in ends),
        "span": moves and not indicator.total and any(point.span_start is not None for point in ends),
        "parts": len(years_of_parts(indicator, series)) > 1,
        "rank": moves and scale(indicator.unit)[1] == "位",
        "currency": moves and scale(indicator.unit)[1] in CURRENCIES,
    }
    return [key for key in SAID if holds[key]]


def years_of_parts(indicator: Indicator, series: Mapping[str, pl.DataFrame]) -> list[float]:
    """Return the years of the latest values of an indicator's parts that the latest edition gives, ascending."""
    latest = {part: series[part].filter(kind="observation") for part in indicator.parts if part in series}
    editions = [edition for values in latest.values() for edition in values["edition"].drop_nulls()]
    if not editions:
        return []
    named = [points(values.filter(edition=max(editions))) for values in latest.values()]
    return sorted({part[-1].year for part in named if part})


def sentences(keys: Sequence[str], language: str, **filled: str) -> list[str]:
    """Return what the caveats say, each a sentence."""
    return [gettext(SAID[key], language, **filled) for key in keys]
