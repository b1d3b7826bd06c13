"""From series to progress: the observed against the required growth, and how sure the state is that follows."""

import itertools
import math
from dataclasses import dataclass

import polars as pl

from analysis.kpi.amounts import ABOVE, BELOW, BOUNDS, Interval, interval, overlap, step
from analysis.kpi.register import Indicator, indicators
from analysis.kpi.timeline import grows
from analysis.tables import store

ON_TRACK, ACCELERATE = 0.95, 0.60  # of the required growth
JUDGED = ("reached", "on_track", "accelerate", "limited", "deteriorating", "missed")
GROUPS = ("judged", "open", "followed")
BEHIND = ("accelerate", "limited", "deteriorating", "missed")
OPEN = ("one_observation", "no_year", "no_observation")  # a target, and too little to judge by


def group_of(state: str) -> str:
    """Return judged (the ratio or the target tells), open (a target that cannot be judged yet) or followed (no number
    to reach)."""
    return "judged" if state in JUDGED else "open" if state in OPEN else "followed"


Pace = dict[str, float]


@dataclass(frozen=True)
class Point:
    """A value of an indicator in its year, with what the text leaves open about it; `growth` is that over the year
    before which the text states [%]."""

    year: float
    value: float
    step: float
    comparator: str | None
    growth: float | None
    value_id: str

    def ends(self) -> Interval:
        """Return the lowest and the highest value that its rounding allows."""
        return self.value - self.step / 2, self.value + self.step / 2


@dataclass(frozen=True)
class Target:
    """The value aimed at, and its year where it has one."""

    year: float | None
    value: float
    value_id: str


def progress(series: pl.DataFrame) -> pl.DataFrame:
    """Return each indicator of a series (schema Series) against its target (schema Progress)."""
    values = {str(key[0]): rows for key, rows in series.group_by("indicator_id")}
    rows = [_progress(i, values[i.indicator_id]) for i in indicators() if i.indicator_id in values]
    return pl.DataFrame(rows, schema=store.empty("progress").schema).sort("indicator_id")


def _progress(indicator: Indicator, values: pl.DataFrame) -> dict[str, object]:
    starts = points(values.filter(pl.col("kind") != "target"))
    observed = points(values.filter(pl.col("kind") == "observation"))
    target = target_of(indicator, values)
    first, last = starts[0] if starts else None, observed[-1] if observed else None
    pace = _pace(indicator, first, last, target)
    now = max(values["edition"].drop_nulls().to_list(), default=0)
    state, sure = _state(indicator, first, last, target, pace, now)
    row = {
        "indicator_id": indicator.indicator_id,
        "state": state,
        "sure": sure,
        "trend": _trend(first, last),
        "needed": _needed(indicator, last, target, state),
        "linear": is_linear(indicator) if target and last else None,
    }
    for name, point in (("first", first), ("last", last), ("target", target)):
        if point is not None:
            row |= {f"{name}_year": point.year, f"{name}_value": point.value, f"{name}_id": point.value_id}
    return row | pace if pace and state in JUDGED else row


def points(values: pl.DataFrame) -> list[Point]:
    """Return one point a year, in the order of time: of several values that of the latest edition (a revised figure
    replaces the earlier one, and what people added both; of that the latest day), and of those the most exact one, then
    the first line."""
    dated = values.drop_nulls("year").with_columns(
        bound=pl.col("comparator").is_in(BOUNDS).fill_null(False), latest=pl.col("edition").fill_null(10_000),
        day=pl.coalesce("published_on", "retrieved_on", pl.lit("")),
    )  # fmt: skip
    best = dated.sort("year", "bound", "latest", "day", "retrieved_on", "step", "first_line", "value_id",
                      descending=[False, False, True, True, True, False, False, False])  # fmt: skip
    kept = best.unique("year", keep="first", maintain_order=True)
    return [Point(*row) for row in kept.select("year", "value", "step", "comparator", "growth", "value_id").iter_rows()]


def target_of(indicator: Indicator, values: pl.DataFrame) -> Target | None:
    """Return the target that holds: of the latest edition, dated before undated, the furthest year; of a range the end
    that is enough; of the same value the first line's."""
    targets = values.filter(pl.col("kind") == "target")
    best = targets.filter(pl.col("edition") == pl.col("edition").max()).sort(
        "year", "value", "first_line", "value_id",
        descending=[True, indicator.direction == "down", False, False], nulls_last=True,
    )  # fmt: skip
    return next((Target(*row) for row in best.select("year", "value", "value_id").iter_rows()), None)


# -------------------------------------------------------------------------------------------------------- state


def _state(
    indicator: Indicator, first: Point | None, last: Point | None, target: Target | None, pace: Pace | None, now: int
) -> tuple[str, bool]:
    """Return the state and whether rounding leaves it as it is; `now` is the year of the latest edition."""
    if indicator.direction == "watch":
        return "watched", True
    if target is None:
        return ("no_number" if indicator.set_by_ja else "no_target"), True
    if last is None:
        return "no_observation", True
    down = indicator.direction == "down"
    best, worst = sorted(last.ends(), reverse=not down)
    if _meets(indicator, last.value, target):
        return "reached", last.comparator in (BELOW if down else ABOVE) or _meets(indicator, worst, target)
    if target.year is None:
        return "no_year", True
    if last.year >= target.year:
        return "missed", not _meets(indicator, best, target)
    if target.year < now:
        return "no_observation", True  # none of the target's year, which is past
    if first is None or last.year <= first.year:
        return "one_observation", True
    if pace is None:
        return "deteriorating", True  # it was there once: no growth was required, and it has gone
    bounded = first.comparator in BOUNDS or last.comparator in BOUNDS
    return grade(pace["ratio"]), grade(pace["ratio_low"]) == grade(pace["ratio_high"]) and not bounded


def _meets(indicator: Indicator, value: float, target: Target) -> bool:
    return value <= target.value if indicator.direction == "down" else value >= target.value


def grade(ratio: float) -> str:
    """Return the state that a ratio of observed to required growth means."""
    if ratio < 0:
        return "deteriorating"
    return "on_track" if ratio >= ON_TRACK else "accelerate" if ratio >= ACCELERATE else "limited"


def _trend(first: Point | None, last: Point | None) -> str | None:
    """Return where the value went; flat where its published digits do not tell. Of a value alone the growth over the
    year before that the text states tells it."""
    if first is None or last is None:
        return None
    if last.year <= first.year:
        return None if not last.growth else "up" if last.growth > 0 else "down"
    if abs(last.value - first.value) <= (first.step + last.step) / 2 * (1 - 1e-9):
        return "flat"
    return "up" if last.value > first.value else "down" if last.value < first.value else "flat"


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


def growth_holds(first: Point, last: Point) -> bool | None:
    """Return whether the growth that the text states for the last value follows from the values of the two years,
    rounding allowed; None where it states none, or the first value is not that of the year before."""
    if last.growth is None or not math.isclose(last.year - first.year, 1) or min(*first.ends(), *last.ends()) <= 0:
        return None
    low, high = last.ends()[0] / first.ends()[1], last.ends()[1] / first.ends()[0]
    return overlap((100 * (low - 1), 100 * (high - 1)), interval(last.growth, step(last.growth, "%"), None))


def _pace(indicator: Indicator, first: Point | None, last: Point | None, target: Target | None) -> Pace | None:
    """Return the columns of Progress on growth between three points in the order of time; None where no growth is
    required or none can be seen."""
    if first is None or last is None or target is None or target.year is None or indicator.direction == "watch":
        return None
    if not first.year < last.year or not first.year < target.year or _meets(indicator, first.value, target):
        return None
    linear = is_linear(indicator, first.value, last.value, target.value)
    goal, year = (target.year, target.value), first.year
    starts = [start for start in first.ends() if start != target.value]
    if not linear and last.growth is not None and growth_holds(first, last):
        observed = last.growth / 100
        half = step(last.growth, "%") / 200
        paces = [(observed + side, start) for side in (-half, half) for start in starts]
    else:
        observed = yearly((year, first.value), (last.year, last.value), linear)
        paces = [
            (yearly((year, start), (last.year, end), linear), start)
            for start, end in itertools.product(starts, last.ends())
            if linear or min(start, end) > 0
        ]
    required = yearly((year, first.value), goal, linear)
    ratios = [observed / required, *(growth / yearly((year, start), goal, linear) for growth, start in paces)]
    return {"linear": linear, "observed": observed, "required": required,
            "ratio": ratios[0], "ratio_low": min(ratios), "ratio_high": max(ratios)}  # fmt: skip


def _needed(indicator: Indicator, last: Point | None, target: Target | None, state: str) -> float | None:
    """Return the growth a year from the latest value to the target; None where it is reached or its year is not
    ahead."""
    if last is None or target is None or target.year is None or target.year <= last.year:
        return None
    if state in ("reached", "watched"):
        return None
    linear = is_linear(indicator, last.value, target.value)
    return yearly((last.year, last.value), (target.year, target.value), linear)
