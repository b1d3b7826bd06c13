"""Series → progress: the observed against the required growth, and how sure the state is that follows."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from analysis.kpi.register import Indicator, indicators
from analysis.kpi.timeline import grows
from analysis.kpi.units import ABOVE, BELOW, BOUNDS, step
from analysis.tables import store

ON_TRACK, ACCELERATE = 0.95, 0.60  # of the required growth
JUDGED = ("reached", "on_track", "accelerate", "limited", "deteriorating", "missed")


@dataclass(frozen=True)
class Point:
    """A value of an indicator in its year, with what the text leaves open about it."""

    year: float
    value: float
    step: float = 0.0
    comparator: str | None = None
    growth: float | None = None
    value_id: str = ""

    def ends(self) -> tuple[float, float]:
        return self.value - self.step / 2, self.value + self.step / 2


@dataclass(frozen=True)
class Target:
    """The value aimed at, and its year where it has one."""

    year: float | None
    value: float
    value_id: str = ""


@dataclass(frozen=True)
class Pace:
    """Yearly growth: compound as a fraction, or a difference in the unit; ratio is observed over required."""

    linear: bool
    observed: float
    required: float
    ratio: float
    low: float
    high: float


def progress(found: pl.DataFrame) -> pl.DataFrame:
    """Each indicator of a series (schema Series) against its target (schema Progress)."""
    own = {str(key[0]): rows for key, rows in found.group_by("indicator_id")}
    rows = [_progress(i, own[i.indicator_id]) for i in indicators() if i.indicator_id in own]
    return pl.DataFrame(rows, schema=store.empty("progress").schema).sort("indicator_id")


def _progress(indicator: Indicator, rows: pl.DataFrame) -> dict[str, object]:
    starts = points(rows.filter(pl.col("kind") != "target"))
    seen = points(rows.filter(pl.col("kind") == "observation"))
    target = target_of(indicator, rows)
    first, last = starts[0] if starts else None, seen[-1] if seen else None
    pace = _pace(indicator, first, last, target)
    state, sure = _state(indicator, first, last, target, pace, _latest_edition(rows))
    return {
        "indicator_id": indicator.indicator_id,
        "state": state,
        "sure": sure,
        "trend": _trend(first, last),
        **_told("first", first),
        **_told("last", last),
        **_told("target", target),
        "needed": _needed(indicator, last, target, state),
        **(
            {"linear": pace.linear, "observed": pace.observed, "required": pace.required, "ratio": pace.ratio,
             "ratio_low": pace.low, "ratio_high": pace.high}
            if pace and state in JUDGED else
            {"linear": linear(indicator) if target and last else None}
        ),
    }  # fmt: skip


def _told(name: str, point: Point | Target | None) -> dict[str, object]:
    if point is None:
        return {}
    return {f"{name}_year": point.year, f"{name}_value": point.value, f"{name}_id": point.value_id}


def _latest_edition(rows: pl.DataFrame) -> float:
    edition = rows["edition"].max()
    return float(edition) if isinstance(edition, int) else 0.0


def points(rows: pl.DataFrame) -> list[Point]:
    """One point a year, in the order of time: of several values that of the latest edition (a revised figure
    replaces the earlier one, and what people added both), and of those the most exact one, then the first line."""
    dated = rows.filter(pl.col("year").is_not_null()).with_columns(
        bound=pl.col("comparator").is_in(BOUNDS).fill_null(False), latest=pl.col("edition").fill_null(10_000)
    )
    best = dated.sort("year", "bound", "latest", "step", "first_line", "value_id",
                      descending=[False, False, True, False, False, False])  # fmt: skip
    kept = best.unique("year", keep="first", maintain_order=True)
    fields = ("year", "value", "step", "comparator", "growth", "value_id")
    return [Point(**{name: row[name] for name in fields}) for row in kept.iter_rows(named=True)]


def target_of(indicator: Indicator, rows: pl.DataFrame) -> Target | None:
    """The target that holds: of the latest edition, dated before undated, the furthest year; of a range the end that
    is enough; of the same value the first line's."""
    targets = rows.filter(pl.col("kind") == "target")
    if targets.is_empty():
        return None
    latest = targets.filter(pl.col("edition") == pl.col("edition").max())
    dated = latest.filter(pl.col("year").is_not_null())
    if len(dated):
        latest = dated.filter(pl.col("year") == pl.col("year").max())
    down = indicator.direction == "down"
    row = latest.sort("value", "first_line", "value_id", descending=[down, False, False]).row(0, named=True)
    return Target(row["year"], row["value"], row["value_id"])


# -------------------------------------------------------------------------------------------------------- state


def _state(
    indicator: Indicator, first: Point | None, last: Point | None, target: Target | None, pace: Pace | None, now: float
) -> tuple[str, bool]:
    if indicator.direction == "watch":
        return "watched", True
    if target is None:
        return ("no_number" if indicator.set_by_ja else "no_target"), True
    if last is None:
        return "no_observation", True
    if _meets(indicator, last.value, target):
        worst = last.ends()[1 if indicator.direction == "down" else 0]
        surely = last.comparator in (BELOW if indicator.direction == "down" else ABOVE)
        return "reached", surely or _meets(indicator, worst, target)
    if target.year is None:
        return "no_year", True
    if last.year >= target.year:
        best = last.ends()[0 if indicator.direction == "down" else 1]
        return "missed", not _meets(indicator, best, target)
    if target.year < now:
        return "no_observation", True  # none of the target's year, which is past
    if first is None or last.year <= first.year:
        return "one_observation", True
    if pace is None:
        return "deteriorating", True  # it was there once: no growth was required, and it has gone
    bounded = first.comparator in BOUNDS or last.comparator in BOUNDS
    return grade(pace.ratio), grade(pace.low) == grade(pace.high) and not bounded


def _meets(indicator: Indicator, value: float, target: Target) -> bool:
    return value <= target.value if indicator.direction == "down" else value >= target.value


def grade(ratio: float) -> str:
    """The state that a ratio of observed to required growth means."""
    if ratio < 0:
        return "deteriorating"
    return "on_track" if ratio >= ON_TRACK else "accelerate" if ratio >= ACCELERATE else "limited"


def _trend(first: Point | None, last: Point | None) -> str | None:
    """Where the value went; flat where its published digits do not tell. Of a value alone the growth over the year
    before that the text states tells it."""
    if first is None or last is None:
        return None
    if last.year <= first.year:
        return None if not last.growth else "up" if last.growth > 0 else "down"
    if abs(last.value - first.value) <= (first.step + last.step) / 2 * (1 - 1e-9):
        return "flat"
    return "up" if last.value > first.value else "down" if last.value < first.value else "flat"


# --------------------------------------------------------------------------------------------------------- pace


def linear(indicator: Indicator, *values: float) -> bool:
    """Whether differences are compared and not growth rates: where those mean nothing, or a value is not above 0."""
    return not grows(indicator) or any(value <= 0 for value in values)


def _pace(indicator: Indicator, first: Point | None, last: Point | None, target: Target | None) -> Pace | None:
    """The pace between three points in the order of time; None where no growth is required or none can be seen."""
    if first is None or last is None or target is None or target.year is None or indicator.direction == "watch":
        return None
    if not first.year < last.year or not first.year < target.year or _meets(indicator, first.value, target):
        return None
    flat = linear(indicator, first.value, last.value, target.value)
    growth = yearly_difference if flat else yearly_growth
    goal = (target.year, target.value)

    def required(start: float) -> float:
        return growth((first.year, start), goal)

    stated = None if flat else _stated(first, last)
    if stated is not None:
        observed = stated
        half = step(last.growth or 0.0, "%") / 200
        candidates = [
            (stated + side) / required(start) for side in (-half, half) for start in first.ends() if _open(start, goal)
        ]
    else:
        observed = growth((first.year, first.value), (last.year, last.value))
        candidates = [
            growth((first.year, start), (last.year, end)) / required(start)
            for start, end in itertools.product(first.ends(), last.ends())
            if _open(start, goal) and (flat or min(start, end) > 0)
        ]
    ratio = observed / required(first.value)
    return Pace(flat, observed, required(first.value), ratio, min([ratio, *candidates]), max([ratio, *candidates]))


def _open(start: float, goal: tuple[float, float]) -> bool:
    return start != goal[1]


def _stated(first: Point, last: Point) -> float | None:
    """The growth over the year before that the text gives for the latest value, as a fraction, where the first value
    is that of the year before and the rounded values allow it."""
    if last.growth is None or abs(last.year - first.year - 1) > 1e-9 or min(*first.ends(), *last.ends()) <= 0:
        return None
    half = step(last.growth, "%") / 2
    low = 100 * (last.ends()[0] / first.ends()[1] - 1) - half
    high = 100 * (last.ends()[1] / first.ends()[0] - 1) + half
    return last.growth / 100 if low <= last.growth <= high else None


def _needed(indicator: Indicator, last: Point | None, target: Target | None, state: str) -> float | None:
    """Yearly growth from the latest value to the target: None where it is reached or its year is not ahead."""
    if last is None or target is None or target.year is None or target.year <= last.year:
        return None
    if state in ("reached", "watched"):
        return None
    growth: Callable[[tuple[float, float], tuple[float, float]], float]
    growth = yearly_difference if linear(indicator, last.value, target.value) else yearly_growth
    return growth((last.year, last.value), (target.year, target.value))


def yearly_growth(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Compound growth a year between two (year, value), 0.05 for 5 %."""
    return float((end[1] / start[1]) ** (1 / (end[0] - start[0])) - 1)


def yearly_difference(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Difference a year between two (year, value), in the unit of the values."""
    return (end[1] - start[1]) / (end[0] - start[0])
