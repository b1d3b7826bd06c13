"""Values that people added, data/curated/observations.csv: checked as strictly as documents, revisions kept.

A row is what a source said of a period on a day. Another value of a later day is a revision: both rows stay, the later
one counts.
"""

import csv
import io
import math
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import polars as pl
from pydantic import AfterValidator

from analysis.base import curated, paths
from analysis.base.curated import MEND, Day, DayOrMonth, plain
from analysis.documents import manifest
from analysis.kpi.amounts import converted, number, scale
from analysis.kpi.amounts import year as year_shown
from analysis.kpi.register import Indicator, by_id
from analysis.kpi.timeline import years_of

EARLIEST = 1945  # year of a value
LARGEST = Decimal(10) ** 18
TIMES = 5  # as much, or as little, as the value that is known next to it: more is likely a wrong multiple
PERIOD = re.compile(r"\d{4}(?:年度|-(?:0[1-9]|1[0-2]))?", re.ASCII)
ADDRESS = re.compile(r"https?://\S+")


def _period(text: str) -> str:
    if not PERIOD.fullmatch(text):
        raise ValueError(f"{text!r} must be a year, a fiscal year or a month: 2024, 2024年度, 2024-12")
    return text


def _value(value: Decimal) -> Decimal:
    if abs(value) > LARGEST:
        raise ValueError("is too large to be counted")
    return value


def _address(text: str) -> str:
    if not ADDRESS.fullmatch(text):
        raise ValueError(f"{text!r} must begin with https:// and hold no space")
    return text


@dataclass(frozen=True, kw_only=True)
class Observation:
    """A row of the file; `unit` is any multiple of the register's unit."""

    indicator_id: str
    period: Annotated[str, AfterValidator(_period)]
    value: Annotated[Decimal, AfterValidator(_value)]
    unit: str
    source: str
    address: Annotated[str, AfterValidator(_address)] = ""
    published_on: DayOrMonth = ""
    retrieved_on: Day
    who: str

    @property
    def key(self) -> tuple[str, str]:
        return self.indicator_id, self.period

    @property
    def dated(self) -> tuple[str, str]:
        """When the value was known: as published, where that is not known as retrieved."""
        return self.published_on or self.retrieved_on, self.retrieved_on

    @property
    def year(self) -> float:
        return years_of(self.period, 0)[1] or math.nan

    @property
    def amount(self) -> float:
        """The value in the register's unit."""
        return converted(float(self.value), self.unit, by_id()[self.indicator_id].unit)


COLUMNS = tuple(field.name for field in fields(Observation))
OBSERVATIONS = {
    "indicator_id": pl.String, "year": pl.Float64, "fiscal": pl.Boolean, "value": pl.Float64, "source": pl.String,
    "address": pl.String, "published_on": pl.String, "retrieved_on": pl.String, "who": pl.String,
}  # fmt: skip


def path() -> Path:
    return paths.curated() / "observations.csv"


def observations() -> pl.DataFrame:
    """Return the values that people added, by indicator, year and day: indicator_id, year, fiscal, value [the
    register's unit], source, address, published_on, retrieved_on, who. Raises TableFaulty, which names the line."""
    rows = [
        [row.indicator_id, row.year, row.period.endswith("年度"), row.amount, row.source, row.address or None,
         row.published_on or None, row.retrieved_on, row.who]
        for row in sorted(kept(), key=_order)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=OBSERVATIONS, orient="row")


def kept() -> list[Observation]:
    """Return the rows of the file, none without one. Raises TableFaulty, which names the line."""
    file = path()
    rows = curated.table(file, Observation) if file.exists() else []
    for line, row in rows:
        if fault := fault_of(row):
            raise curated.row_faulty(file, line, *fault)
    lines = {id(row): line for line, row in rows}
    if pair := conflict(row for _, row in rows):
        first, second = sorted(pair, key=lambda row: lines[id(row)])
        what = f"{' '.join(second.key)} of {second.dated[0]} is there twice, in line {lines[id(first)]}, too"
        raise curated.row_faulty(file, lines[id(second)], what, "keep one of the rows, or give each its day")
    return [row for _, row in rows]


def fault_of(row: Observation) -> tuple[str, str] | None:
    """Return what speaks against a row, whatever else is known of its indicator, and what to do."""
    indicator = by_id().get(row.indicator_id)
    if indicator is None:
        return f"the register has no indicator {plain(row.indicator_id)!r}", "take an id of indicators.toml"
    if scale(row.unit)[1] != scale(indicator.unit)[1]:
        what = f"unit {plain(row.unit)!r} is not that of {indicator.id}, which is counted in {indicator.unit}"
        return what, "give the value in it or in a multiple (千, 百万, 億 …)"
    year, newest = int(row.period[:4]), max(manifest.editions())
    if year > newest:
        what = f"period {row.period} is in the future of the newest edition, {newest}"
        return what, "give what was observed, or add the edition first"
    if year < EARLIEST:
        return f"period {row.period} is before {EARLIEST}", MEND
    if row.period.removesuffix("年度") > row.retrieved_on:
        return f"period {row.period} begins after the day on which it was retrieved, {row.retrieved_on}", MEND
    if row.published_on > row.retrieved_on:
        return f"published_on {row.published_on} is later than retrieved_on {row.retrieved_on}", MEND
    return _value_fault(row, indicator)


def _value_fault(row: Observation, indicator: Indicator) -> tuple[str, str] | None:
    what = f"value {row.value} {row.unit} of {indicator.id}"
    if indicator.nature == "level" and row.value < 0:
        return f"{what} is below zero", MEND
    if indicator.nature == "level" and indicator.unit == "%" and row.value > 100:
        return f"{what} is a share above 100 %", MEND
    if indicator.unit == "位" and (row.value < 1 or row.value % 1):
        return f"{what} is no rank", MEND
    return None


def conflict(rows: Iterable[Observation]) -> tuple[Observation, Observation] | None:
    """Return two rows that tell of one period on one day; None where there are none."""
    first: dict[tuple[str, ...], Observation] = {}
    for row in rows:
        if (earlier := first.setdefault((*row.key, *row.dated), row)) is not row:
            return earlier, row
    return None


def is_known(row: Observation, rows: Iterable[Observation]) -> bool:
    """Return whether a row says nothing new: one of its period, the one before or behind it in time, has its value."""
    same = sorted((other for other in rows if other.key == row.key), key=lambda other: other.dated)
    before = [other for other in same if other.dated <= row.dated][-1:]
    behind = [other for other in same if other.dated > row.dated][:1]
    return any(math.isclose(other.amount, row.amount, rel_tol=1e-9) for other in before + behind)


def out_of_size(row: Observation, series: pl.DataFrame) -> str | None:
    """Return what is odd about a value's size beside the nearest in time of a series (schema Series); None where it is
    less than TIMES as large or as small, or nothing is known."""
    known = series.filter(pl.col("value") > 0, pl.col("year").is_not_null(), indicator_id=row.indicator_id)
    aside = (pl.col("kind") == "target", (pl.col("year") - row.year).abs(), "value_id")
    nearest = next(known.sort(*aside).iter_rows(named=True), None)
    if nearest is None or not row.amount or 1 / TIMES < row.amount / nearest["value"] < TIMES:
        return None
    times = row.amount / nearest["value"]
    size = f"{times:,.0f} times" if times > 1 else f"1/{1 / times:,.0f} of"
    known_value = f"{number(nearest['value'])} {by_id()[row.indicator_id].unit}"
    when = year_shown(nearest["year"], nearest["fiscal"], "en")
    return f"{row.indicator_id} {row.period}: {row.value} {row.unit} is {size} the {known_value} known of {when}"


def text(rows: Iterable[Observation]) -> str:
    """Return the file that holds these rows, in their order."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([f"{cell:f}" if isinstance(cell, Decimal) else cell for cell in astuple(row)]
                     for row in sorted(rows, key=_order))  # fmt: skip
    return out.getvalue()


def _order(row: Observation) -> tuple[object, ...]:
    return row.indicator_id, row.year, row.period, row.dated, astuple(row)
