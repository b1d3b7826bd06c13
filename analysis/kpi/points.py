"""The points of an indicator's series that its progress rests on: one value a time, and the target that holds."""

import math
from dataclasses import dataclass

import polars as pl

from analysis.kpi.amounts import BOUNDS, interval, overlap, step
from analysis.kpi.register import Indicator

Interval = tuple[float, float]


@dataclass(frozen=True)
class Point:
    """A value of an indicator with its time and what the text leaves open about it. Of a span of years `span_start` is
    the first and `year` the last. `growth` is that over the year before which the text states [%]; `derived` where
    the value follows from a stated change; `steady` where the text says that it stays about level."""

    year: float
    value: float
    step: float
    comparator: str | None
    growth: float | None
    value_id: str
    span_start: float | None = None
    derived: bool = False
    steady: bool = False

    @property
    def at(self) -> float:
        """Return the time that growth counts from: the middle of a span, which an average stands for."""
        return self.year if self.span_start is None else (self.span_start + self.year) / 2

    def ends(self) -> Interval:
        """Return the lowest and the highest value that its rounding allows."""
        return self.value - self.step / 2, self.value + self.step / 2


@dataclass(frozen=True)
class Target:
    """The value aimed at, and its year where it has one. `keeps`: it holds already and is to stay; `spans`: it is that
    of several years together."""

    year: float | None
    value: float
    value_id: str
    comparator: str | None = None
    keeps: bool = False
    spans: bool = False


def points(values: pl.DataFrame) -> list[Point]:
    """Return one point a time, in the order of time: of several values that of the latest edition (a revised figure
    replaces the earlier one, and what people added both; of that the latest day), and of those the most exact one, then
    the first line. What follows from a stated change counts only where no value is stated."""
    dated = values.drop_nulls("year").with_columns(
        bound=pl.col("comparator").is_in(BOUNDS).fill_null(False), latest=pl.col("edition").fill_null(10_000),
        derived=pl.col("basis") == "derived", day=pl.coalesce("published_on", "retrieved_on", pl.lit("")),
    )  # fmt: skip
    best = dated.sort("year", "derived", "bound", "latest", "day", "retrieved_on", "step", "first_line", "value_id",
                      descending=[False, False, False, True, True, True, False, False, False])  # fmt: skip
    kept = best.unique("year", keep="first", maintain_order=True)
    columns = ("year", "value", "step", "comparator", "growth", "value_id", "span_start", "derived", "steady")
    return sorted((Point(*row) for row in kept.select(columns).iter_rows()), key=lambda point: point.at)


def target_of(indicator: Indicator, values: pl.DataFrame) -> Target | None:
    """Return the target that holds: of the latest edition, dated before undated, the furthest year; of a range the end
    that is enough; of the same value the first line's."""
    targets = values.filter(pl.col("kind") == "target")
    best = targets.filter(pl.col("edition") == pl.col("edition").max()).sort(
        "year", "value", "first_line", "value_id",
        descending=[True, indicator.direction == "down", False, False], nulls_last=True,
    )  # fmt: skip
    columns = ("year", "value", "value_id", "comparator", "keeps", pl.col("span_start").is_not_null())
    return next((Target(*row) for row in best.select(columns).iter_rows()), None)


def growth_holds(first: Point, last: Point) -> bool | None:
    """Return whether the growth that the text states for the last value follows from the values of the two years,
    rounding allowed; None where it states none, or the first value is not that of the year before."""
    if last.growth is None or not math.isclose(last.at - first.at, 1) or min(*first.ends(), *last.ends()) <= 0:
        return None
    low, high = last.ends()[0] / first.ends()[1], last.ends()[1] / first.ends()[0]
    return overlap((100 * (low - 1), 100 * (high - 1)), interval(last.growth, step(last.growth, "%"), None))
