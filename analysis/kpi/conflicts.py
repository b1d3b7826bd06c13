"""Values that say different things of one indicator at one time, each pair with both lines.

Whoever reads two figures of one thing must know whether one of them is wrong, was rounded, or was revised.
"""

import itertools
import math
from typing import Any

import polars as pl

from analysis.kpi.amounts import interval, overlap
from analysis.kpi.pace import yearly
from analysis.kpi.points import growth_holds, points, target_of
from analysis.kpi.register import Indicator, indicators
from analysis.kpi.timeline import stated_values
from analysis.tables import store

Row = dict[str, Any]
COLUMNS = {"value_id": "id", "value": "value", "edition": "edition", "doc_id": "doc", "first_line": "line"}


def contradictions(figures: pl.DataFrame, series: pl.DataFrame) -> pl.DataFrame:
    """Return all pairs of values that do not agree (schema Contradictions), from the figures of all editions (schema
    Figures) and what people added to the series (schema Series)."""
    stated = pl.concat([stated_values(figures), series.filter(pl.col("edition").is_null())])
    rows: list[Row] = []
    for indicator in indicators():
        values = stated.filter(pl.col("indicator_id") == indicator.indicator_id)
        targets, observed = values.filter(pl.col("kind") == "target"), values.filter(pl.col("kind") != "target")
        rows += _pairs(targets, aimed=True) + _pairs(observed, aimed=False)
        rows += _new_targets(indicator, targets) + _wrong_growth(observed)
    table = pl.DataFrame(rows, schema=store.empty("contradictions").schema)
    return table.unique().sort("indicator_id", "one_id", "other_id", "finding")


def _pairs(values: pl.DataFrame, aimed: bool) -> list[Row]:
    """Return the pairs of one time that differ. Undated observations are of unknown times and compared with none;
    undated targets with those of their edition."""
    pairs: list[Row] = []
    for (year, _), rows in values.group_by(["year", "fiscal"], maintain_order=True):
        once = rows.sort("edition", "first_line", "value_id", nulls_last=True).unique(
            ["edition", "value", "comparator"], keep="first", maintain_order=True
        )
        for one, other in itertools.combinations(once.iter_rows(named=True), 2):
            if year is None and not (aimed and one["edition"] == other["edition"]):
                continue
            if not (_same_aim(one, other) if aimed else _agree(one, other)):
                pairs.append(_row(one, other, _finding(one, other)))
    return pairs


def _agree(one: Row, other: Row) -> bool:
    return overlap(*(interval(row["value"], row["step"], row["comparator"]) for row in (one, other)))


def _same_aim(one: Row, other: Row) -> bool:
    """Return whether two targets aim at one value; the two ends of a range are compared each with its like."""
    ends = [str(row["comparator"]) for row in (one, other)]
    if ends[0] != ends[1] and any(end.startswith("範囲") for end in ends):
        return True
    return math.isclose(one["value"], other["value"])


def _finding(one: Row, other: Row) -> str:
    if one["edition"] is None and other["edition"] is None:
        return "revision" if one["source"] == other["source"] else "added"
    if one["edition"] is None or other["edition"] is None:
        return "added"
    return "contradiction" if one["edition"] == other["edition"] else "revision"


def _new_targets(indicator: Indicator, targets: pl.DataFrame) -> list[Row]:
    """Return the targets of neighbouring editions that are set for other years."""
    held = []
    for _, rows in targets.drop_nulls("year").sort("edition").group_by("edition", maintain_order=True):
        target = target_of(indicator, rows)
        held += [row for row in rows.iter_rows(named=True) if target and row["value_id"] == target.value_id]
    return [_row(one, other, "new_target") for one, other in itertools.pairwise(held) if one["year"] != other["year"]]


def _wrong_growth(observed: pl.DataFrame) -> list[Row]:
    """Return growth that the text states and that does not follow from the values of the two years, rounding
    allowed."""
    pairs: list[Row] = []
    for _, rows in observed.drop_nulls("edition").group_by("edition", maintain_order=True):
        by_id = {row["value_id"]: row for row in rows.iter_rows(named=True)}
        for before, point in itertools.pairwise(points(rows)):
            if growth_holds(before, point) is False:
                measured = 100 * yearly((before.year, before.value), (point.year, point.value), linear=False)
                row = _row(by_id[point.value_id], by_id[before.value_id], "growth")
                pairs.append(row | {"one_value": point.growth, "other_value": measured})
    return pairs


def _row(one: Row, other: Row, finding: str) -> Row:
    sides = {f"{side}_{name}": row[column] for side, row in (("one", one), ("other", other))
             for column, name in COLUMNS.items()}  # fmt: skip
    return {
        "indicator_id": one["indicator_id"],
        "finding": finding,
        "year": one["year"],
        "other_year": other["year"],
        **sides,
    }
