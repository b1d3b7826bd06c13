"""Values that say different things of one indicator at one time, each pair with both lines.

Whoever reads two figures of one thing must know whether one of them is wrong, was rounded, or was revised.
"""

import itertools

import polars as pl

from analysis.kpi.pace import Point, points, target_of, yearly_growth
from analysis.kpi.register import Indicator, indicators
from analysis.kpi.timeline import every, series
from analysis.kpi.units import interval, overlap, step
from analysis.tables import store

Row = dict[str, object]


def contradictions(figures: pl.DataFrame, added: pl.DataFrame | None = None) -> pl.DataFrame:
    """All pairs that do not agree (schema Contradictions), from the figures of all editions and what people added."""
    people = series(figures, added).filter(pl.col("edition").is_null())
    stated = pl.concat([every(figures), people])
    rows: list[Row] = []
    for indicator in indicators():
        own = stated.filter(pl.col("indicator_id") == indicator.indicator_id)
        targets, seen = own.filter(pl.col("kind") == "target"), own.filter(pl.col("kind") != "target")
        rows += _pairs(targets, aimed=True) + _pairs(seen, aimed=False)
        rows += _new_targets(indicator, targets) + _growth(seen)
    return pl.DataFrame(rows, schema=store.empty("contradictions").schema).unique().sort("indicator_id", "one_id")


def _pairs(rows: pl.DataFrame, aimed: bool) -> list[Row]:
    """Pairs of one time. Undated observations are of unknown times and compared with none; undated targets with
    those of their edition."""
    found: list[Row] = []
    for (year, _), own in rows.group_by(["year", "fiscal"], maintain_order=True):
        once = own.sort("edition", "first_line", "value_id", nulls_last=True).unique(
            ["edition", "value", "comparator"], keep="first", maintain_order=True
        )
        for one, other in itertools.combinations(once.iter_rows(named=True), 2):
            if year is None and not (aimed and one["edition"] == other["edition"]):
                continue
            if not (_same_aim(one, other) if aimed else _agree(one, other)):
                found.append(_row(one, other, _finding(one, other)))
    return found


def _agree(one: Row, other: Row) -> bool:
    return overlap(*(interval(row["value"], row["step"], row["comparator"]) for row in (one, other)))  # type: ignore[arg-type]


def _same_aim(one: Row, other: Row) -> bool:
    """Whether two targets aim at one value; the two ends of a range are compared each with its like."""
    ends = [str(row["comparator"]) for row in (one, other)]
    if ends[0] != ends[1] and any(end.startswith("範囲") for end in ends):
        return True
    values = [float(str(row["value"])) for row in (one, other)]
    return abs(values[0] - values[1]) <= 1e-9 * max(map(abs, values))


def _finding(one: Row, other: Row) -> str:
    if one["edition"] is None or other["edition"] is None:
        return "added"
    return "contradiction" if one["edition"] == other["edition"] else "revision"


def _new_targets(indicator: Indicator, targets: pl.DataFrame) -> list[Row]:
    """The targets of neighbouring editions that are set for other years."""
    dated = targets.filter(pl.col("year").is_not_null())
    held = []
    for edition in dated["edition"].unique().sort():
        own = dated.filter(pl.col("edition") == edition)
        target = target_of(indicator, own)
        assert target is not None
        held.append(own.row(by_predicate=pl.col("value_id") == target.value_id, named=True))
    return [_row(a, b, "new_target") for a, b in itertools.pairwise(held) if a["year"] != b["year"]]


def _growth(seen: pl.DataFrame) -> list[Row]:
    """Growth that the text states and that does not follow from the values of the two years, rounding allowed."""
    found: list[Row] = []
    for edition in seen["edition"].drop_nulls().unique().sort():
        own = seen.filter(pl.col("edition") == edition)
        for one, other in itertools.pairwise(points(own)):
            if other.growth is None or abs(other.year - one.year - 1) > 1e-9 or min(*one.ends(), *other.ends()) <= 0:
                continue
            if not overlap(_between(one, other), interval(other.growth, step(other.growth, "%"), None)):
                first, last = (own.row(by_predicate=pl.col("value_id") == p.value_id, named=True) for p in (one, other))
                measured = 100 * yearly_growth((one.year, one.value), (other.year, other.value))
                row = _row(last, first, "growth")
                found.append(row | {"one_value": other.growth, "other_value": measured})
    return found


def _between(one: Point, other: Point) -> tuple[float, float]:
    """The growth in % that two rounded values allow."""
    low, high = other.ends()[0] / one.ends()[1], other.ends()[1] / one.ends()[0]
    return 100 * (low - 1), 100 * (high - 1)


def _row(one: Row, other: Row, finding: str) -> Row:
    told = {"indicator_id": one["indicator_id"], "finding": finding, "year": one["year"]}
    for side, row in (("one", one), ("other", other)):
        for column, name in (("value_id", "id"), ("value", "value"), ("edition", "edition"), ("doc_id", "doc"),
                             ("first_line", "line")):  # fmt: skip
            told[f"{side}_{name}"] = row[column]
    return told
