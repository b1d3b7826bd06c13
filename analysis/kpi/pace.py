"""From series to progress: the observed against the required growth, and how sure the state is that follows."""

import itertools
from typing import NamedTuple

import polars as pl

from analysis.kpi import caveats
from analysis.kpi.amounts import ABOUT, ABOVE, BELOW, BOUNDS, step
from analysis.kpi.direction import direction, trend
from analysis.kpi.points import Point, Target, growth_holds, points, target_of
from analysis.kpi.register import Indicator, indicators
from analysis.kpi.timeline import grows
from analysis.tables import store

ON_TRACK, ACCELERATE = 0.95, 0.60  # of the required growth
MET = ("reached", "kept")
BEHIND = ("accelerate", "limited", "deteriorating", "not_kept", "missed")
JUDGED = (*MET, "on_track", *BEHIND)
OPEN = ("one_observation", "no_year", "no_observation", "no_path")  # a target, and too little to judge by
GROUPS = ("judged", "open", "followed")
NEARLY = 0.05  # of a target that is an "about": how far below it may be met
PACED = ("on_track", "accelerate", "limited", "deteriorating")  # states that a ratio gives

Pace = dict[str, float]


def group_of(state: str) -> str:
    """Return judged (the ratio or the target tells), open (a target that cannot be judged yet) or followed (no number
    to reach)."""
    return "judged" if state in JUDGED else "open" if state in OPEN else "followed"


def progress(series: pl.DataFrame) -> pl.DataFrame:
    """Return each indicator of a series (schema Series) against its target (schema Progress)."""
    values = {str(key[0]): rows for key, rows in series.group_by("indicator_id")}
    rows = [_progress(i, values[i.indicator_id], values) for i in indicators() if i.indicator_id in values]
    return pl.DataFrame(rows, schema=store.empty("progress").schema).sort("indicator_id")


class Evidence(NamedTuple):
    """What an indicator's progress rests on: all dated values from the first to the latest, both ends, the target."""

    seen: list[Point]
    first: Point | None
    last: Point | None
    target: Target | None


def evidence(indicator: Indicator, values: pl.DataFrame) -> Evidence:
    """Return what the progress of an indicator rests on. `values` are its rows of Series."""
    starts = points(values.filter(pl.col("kind") != "target"))
    observed = points(values.filter(pl.col("kind") == "observation"))
    first, last = starts[0] if starts else None, observed[-1] if observed else None
    seen = [point for point in starts if first and last and first.at <= point.at <= last.at]
    return Evidence(seen, first, last, target_of(indicator, values))


def _progress(indicator: Indicator, values: pl.DataFrame, series: dict[str, pl.DataFrame]) -> dict[str, object]:
    known = evidence(indicator, values)
    seen, first, last, target = known
    pace = _pace(indicator, first, last, target)
    now = max(values["edition"].drop_nulls().to_list(), default=0)
    state, sure = _state(indicator, first, last, target, pace, now)
    way, way_sure = direction(indicator, first, last)
    fragile = tipping(indicator, known, state) is not None
    row = {
        "indicator_id": indicator.indicator_id,
        "state": state,
        "sure": sure,
        "fragile": fragile,
        "direction": way,
        "direction_sure": way_sure,
        "trend": trend(first, last),
        "observations": len(seen),
        "needed": _needed(indicator, last, target, state),
        "linear": is_linear(indicator) if target and last else None,
        "keeps": bool(target and target.keeps),
        "caveats": caveats.of(
            indicator, first, last, seen, series,
            about=_met_by_about(indicator, last, target),
            rounding=not sure or not way_sure, base_year=other_base(indicator, known, state) is not None,
            fragile=fragile,
        ),
    }  # fmt: skip
    for name, point in (("first", first), ("last", last), ("target", target)):
        if point is not None:
            row |= {f"{name}_year": point.year, f"{name}_value": point.value, f"{name}_id": point.value_id}
    return row | pace if pace and state in JUDGED else row


# -------------------------------------------------------------------------------------------------------- state


def _state(
    indicator: Indicator, first: Point | None, last: Point | None, target: Target | None, pace: Pace | None, now: int
) -> tuple[str, bool]:
    """Return the state and whether rounding leaves it as it is; `now` is the year of the latest edition."""
    if indicator.direction == "watch":
        return ("watched" if indicator.set_by_ja else "no_target"), True
    if target is None:
        return ("no_number" if indicator.set_by_ja else "no_target"), True
    if last is None:
        return "no_observation", True
    down = indicator.direction == "down"
    best, worst = sorted(last.ends(), reverse=not down)
    if _meets(indicator, last.value, target) or _nearly(last, target):
        told = last.comparator in (BELOW if down else ABOVE) or _meets(indicator, worst, target)
        return "kept" if target.keeps else "reached", told
    if target.spans and indicator.total and last.span_start is None:
        return "no_path", True  # a year's value, and what several years add up to
    if target.keeps:
        return "not_kept", not _meets(indicator, best, target)
    if target.year is None:
        return "no_year", True
    if last.year >= _due(target.year, last):
        return "missed", not _meets(indicator, best, target)
    if target.year < now:
        return "no_observation", True  # none of the target's year, which is past
    if first is None or last.at <= first.at:
        return "one_observation", True
    if pace is None:
        return "deteriorating", True  # it was there once: no growth was required, and it has gone
    bounded = first.comparator in BOUNDS or last.comparator in BOUNDS
    return grade(pace["ratio"]), grade(pace["ratio_low"]) == grade(pace["ratio_high"]) and not bounded


def _meets(indicator: Indicator, value: float, target: Target) -> bool:
    return value <= target.value if indicator.direction == "down" else value >= target.value


def _met_by_about(indicator: Indicator, last: Point | None, target: Target | None) -> bool:
    """Return whether only a target's about makes the latest value meet it."""
    return bool(last and target and _nearly(last, target) and not _meets(indicator, last.value, target))


def _nearly(last: Point, target: Target) -> bool:
    """Return whether a target of about so much may be met, though its number is not."""
    return target.comparator in ABOUT and abs(last.value - target.value) <= NEARLY * abs(target.value)


def grade(ratio: float) -> str:
    """Return the state that a ratio of observed to required growth means."""
    if ratio < 0:
        return "deteriorating"
    return "on_track" if ratio >= ON_TRACK else "accelerate" if ratio >= ACCELERATE else "limited"


# --------------------------------------------------------------------------------------- what would change the state


def tipping(indicator: Indicator, known: Evidence, state: str) -> tuple[Point, str] | None:
    """Return the next value that would change a state which rests on growth, and the state then; None where no
    plausible one would: after one more interval the value stands where it is, or has moved as in the slowest or the
    fastest interval so far."""
    seen, first, last, target = known
    if state not in PACED or last is None or target is None or len(seen) < 2:
        return None
    linear = is_linear(indicator, *(point.value for point in seen), target.value)
    moves = [_move(before, after, linear) for before, after in itertools.pairwise(seen)]
    ahead = min(after.at - before.at for before, after in itertools.pairwise(seen))
    for move in (0.0, min(moves), max(moves)):
        value = last.value + move * ahead if linear else last.value * (1 + move) ** ahead
        following = Point(last.year + ahead, value, last.step, None, None, "")
        then, _ = _state(indicator, first, following, target, _pace(indicator, first, following, target), 0)
        if then not in (state, *(MET if state == "on_track" else ("missed",))):
            return following, then
    return None


def _move(before: Point, after: Point, linear: bool) -> float:
    """Return the growth a year between two observations, as the text states it where it does."""
    if not linear and after.growth is not None and growth_holds(before, after):
        return after.growth / 100
    return yearly((before.at, before.value), (after.at, after.value), linear)


def other_base(indicator: Indicator, known: Evidence, state: str) -> tuple[Point, str, float] | None:
    """Return the first later observation from which on growth gives another state, that state, and its ratio."""
    if state not in PACED or known.target is None:
        return None
    for first in known.seen[1:-1]:
        pace = _pace(indicator, first, known.last, known.target)
        if pace is not None and grade(pace["ratio"]) != state:
            return first, grade(pace["ratio"]), pace["ratio"]
    return None


# --------------------------------------------------------------------------------------------------------- pace


def yearly(start: tuple[float, float], end: tuple[float, float], linear: bool) -> float:
    """Return the growth a year between two (year, value): a difference in the unit of the values where `linear`, else
    the compound rate, 0.05 for 5 %."""
    years = end[0] - start[0]
    return (end[1] - start[1]) / years if linear else float((end[1] / start[1]) ** (1 / years) - 1)


def is_linear(indicator: Indicator, *values: float) -> bool:
    """Return whether differences are compared and not growth rates: where those mean nothing, or a value is not above
    0."""
    return not grows(indicator) or any(value <= 0 for value in values)


def _pace(indicator: Indicator, first: Point | None, last: Point | None, target: Target | None) -> Pace | None:
    """Return the columns of Progress on growth between three points in the order of time; None where no growth is
    required or none can be seen."""
    if first is None or last is None or target is None or target.year is None or indicator.direction == "watch":
        return None
    goal, year = (_due(target.year, last), target.value), first.at
    if not year < last.at or not year < goal[0] or _meets(indicator, first.value, target):
        return None
    if target.keeps or (target.spans and indicator.total):
        return None
    linear = is_linear(indicator, first.value, last.value, target.value)
    starts = [start for start in first.ends() if start != target.value]
    if not linear and last.growth is not None and growth_holds(first, last):
        observed = last.growth / 100
        half = step(last.growth, "%") / 200
        paces = [(observed + side, start) for side in (-half, half) for start in starts]
    else:
        observed = yearly((year, first.value), (last.at, last.value), linear)
        paces = [
            (yearly((year, start), (last.at, end), linear), start)
            for start, end in itertools.product(starts, last.ends())
            if linear or min(start, end) > 0
        ]
    required = yearly((year, first.value), goal, linear)
    ratios = [observed / required, *(growth / yearly((year, start), goal, linear) for growth, start in paces)]
    return {"linear": linear, "observed": observed, "required": required,
            "ratio": ratios[0], "ratio_low": min(ratios), "ratio_high": max(ratios)}  # fmt: skip


def _needed(indicator: Indicator, last: Point | None, target: Target | None, state: str) -> float | None:
    """Return the growth a year from the latest value to the target; None where it is reached, is no path, or its year
    is not ahead."""
    if last is None or target is None or target.year is None or _due(target.year, last) <= last.at:
        return None
    if state in (*MET, "watched", "no_path", "not_kept"):
        return None
    linear = is_linear(indicator, last.value, target.value)
    return yearly((last.at, last.value), (_due(target.year, last), target.value), linear)


def _due(year: float, last: Point) -> float:
    """Return when a target is due: by 2030 is by its last month where values are of months, else the year itself."""
    return year if float(last.year).is_integer() or not float(year).is_integer() else year + 11 / 12
