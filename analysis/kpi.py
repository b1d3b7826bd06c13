"""Indicators over time: figures tied to a register, made comparable, and set against their targets.

The register is data/curated/indicators.toml, a list that people keep: what is measured, in which unit, and whether
more or less of it is wished. Everything else follows from the figures table.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import altair as alt
import polars as pl

from analysis import charts, curated, paths, tables
from analysis.errors import TableFaulty

DIRECTIONS = ("up", "down", "watch")
NATURES = ("level", "change", "rate")
MULTIPLIERS = {"百億": 1e10, "百万": 1e6, "兆": 1e12, "億": 1e8, "万": 1e4, "千": 1e3}
# One thing has several counters; figures in any of them are one series.
SAME_UNITS = {"名": "人", "米ドル": "ドル", "ヶ月": "か月", "カ月": "か月", "箇所": "か所", "カ所": "か所"}
# Growth rates of a share, a rank or a difference mean nothing: 1 % to 2 % is no doubling of an effort.
WITHOUT_GROWTH = ("%", "ポイント", "位", "倍")
ON_TRACK, ACCELERATE = 0.95, 0.60  # of the required growth, as the UN's progress charts use them
BOUNDS = ("超", "未満", "以上", "以下", "以内")  # comparators that tell where a value lies, not what it is


@dataclass(frozen=True)
class Indicator:
    """An entry of the register. `undated_lag` is how many years before the edition an undated figure is from."""

    indicator_id: str
    name_ja: str
    name_en: str
    unit: str
    direction: str
    measured_by: str
    patterns: tuple[str, ...]
    sections: tuple[str, ...] = ()
    nature: str = "level"
    undated_lag: int | None = None

    def fits(self, name: str, section: str, unit: str, nature: str) -> bool:
        """Whether a figure of this name, section, unit and nature belongs to the indicator."""
        return (
            nature == self.nature
            and _scale(unit)[1] == _scale(self.unit)[1]
            and (not self.sections or section.startswith(self.sections))
            and any(re.search(pattern, name) for pattern in self.patterns)
        )


# --------------------------------------------------------------------------------------------- what people decided


def indicators() -> tuple[Indicator, ...]:
    """The register in its own order. Raises TableFaulty where an entry lacks a field or breaks a rule."""
    return _read(paths.curated() / "indicators.toml")


@cache
def _read(file: Path) -> tuple[Indicator, ...]:
    try:
        found = tuple(_indicator(row) for row in curated.toml(file)["indicator"])
    except (KeyError, TypeError, ValueError, re.error, OverflowError, RecursionError) as error:
        raise curated.faulty(file, error) from error
    ids = [indicator.indicator_id for indicator in found]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise TableFaulty(f"{file} holds {', '.join(twice)} twice: give each indicator an id of its own")
    return found


def _indicator(row: dict[str, object]) -> Indicator:
    rest = {key: value for key, value in row.items() if key != "id"}
    indicator = curated.entry(Indicator, {"indicator_id": row["id"], **rest})
    if indicator.direction not in DIRECTIONS:
        raise ValueError(f"{indicator.indicator_id}: direction is not one of {', '.join(DIRECTIONS)}")
    if indicator.nature not in NATURES:
        raise ValueError(f"{indicator.indicator_id}: nature is not one of {', '.join(NATURES)}")
    if not isinstance(indicator.patterns, tuple) or not indicator.patterns or "" in indicator.patterns:
        raise ValueError(f"{indicator.indicator_id}: patterns is no list of terms")
    for pattern in indicator.patterns:
        re.compile(pattern)
    return indicator


def names(language: str) -> dict[str, str]:
    """The indicators' names in English or Japanese, by id."""
    return {i.indicator_id: i.name_ja if language == "ja" else i.name_en for i in indicators()}


OBSERVATIONS = {
    "indicator_id": pl.String, "year": pl.Float64, "value": pl.Float64, "source": pl.String, "who": pl.String,
}  # fmt: skip


def observations() -> pl.DataFrame:
    """Values that people added, with their source: indicator_id, year, value [the register's unit], source, who.

    Raises TableFaulty where a column is missing, a value is no number, a source is empty, or an indicator unknown.
    """
    file = paths.curated() / "observations.csv"
    if not file.exists():
        return pl.DataFrame(schema=OBSERVATIONS)
    frame = curated.csv(file, OBSERVATIONS)
    unknown = sorted(set(frame["indicator_id"].drop_nulls()) - {i.indicator_id for i in indicators()})
    if unknown:
        raise TableFaulty(f"{file} names indicators that the register lacks: {', '.join(unknown)}")
    if any(frame[column].null_count() for column in OBSERVATIONS):
        raise TableFaulty(f"{file} has empty cells: give every row an indicator, year, value, source and who added it")
    if not frame.select(pl.all_horizontal(pl.col("year", "value").is_finite()).all()).item():
        raise TableFaulty(f"{file} has a year or value that is no number: give each as a number")
    return frame


# ------------------------------------------------------------------------------------------------------- series


def ties(figures: pl.DataFrame) -> pl.DataFrame:
    """Which figure belongs to which indicator: figure_id, indicator_id. A figure has one indicator at most, the
    first of the register that fits; targets without a number are tied too."""
    rows = []
    for row in figures.sort("figure_id").iter_rows(named=True):
        for indicator in indicators():
            unit = row["unit"] if row["unit"] is not None else indicator.unit
            if row["indicator"] is not None and indicator.fits(row["indicator"], row["section"], unit, row["nature"]):
                rows.append((row["figure_id"], indicator.indicator_id))
                break
    return pl.DataFrame(rows, schema={"figure_id": pl.String, "indicator_id": pl.String}, orient="row")


MAIN_PLACES = ("outlook", "kpi", "measure", "table", "annex")


def core(figures: pl.DataFrame) -> pl.DataFrame:
    """The figures that are KPIs, for export: everything with a value in the outlook, KPI parts, measures and tables
    (the annex's too); every target and baseline; and of the observations elsewhere those that an indicator of the
    register fits, since the background also counts meetings, budgets and survey answers.
    """
    tied = pl.col("figure_id").is_in(ties(figures)["figure_id"].to_list())
    main = pl.col("place").is_in(MAIN_PLACES) | (pl.col("kind") != "observation") | tied
    return figures.filter(pl.col("value").is_not_null() & main)


def series(figures: pl.DataFrame) -> pl.DataFrame:
    """The values of each indicator over time (schema Series), from figures (schema Figures) of all editions.

    A value that an edition repeats is one row, that of its first line; an undated repetition of a dated value is
    dropped. Figures without a value, and figures that no indicator fits, leave no row.
    """
    by_id = {indicator.indicator_id: indicator for indicator in indicators()}
    tied = figures.join(ties(figures), on="figure_id").filter(pl.col("value").is_not_null())
    rows: list[dict[str, object]] = []
    for row in tied.sort("edition", "first_line", "figure_id").iter_rows(named=True):
        indicator = by_id[row["indicator_id"]]
        year, fiscal = year_of(row["period"], row["edition"])
        if year is None and indicator.undated_lag is not None and row["kind"] != "target":
            year = float(_edition(row["set_in"], row["edition"]) - indicator.undated_lag)
        rows.append(
            {
                "indicator_id": indicator.indicator_id,
                "figure_id": row["figure_id"],
                "kind": row["kind"],
                "edition": row["edition"],
                "year": year,
                "fiscal": fiscal,
                "value": converted(row["value"], row["unit"], indicator.unit),
                "bound": row["kind"] == "observation" and row["comparator"] in BOUNDS,
            }
        )
    frame = pl.DataFrame(rows, schema={**tables.empty("series").schema, "bound": pl.Boolean})
    return _once(_measured(frame)).drop("bound").sort("indicator_id", "figure_id")


def _measured(frame: pl.DataFrame) -> pl.DataFrame:
    """Without bounds (more than 30,000) where the same year has a value that was measured (31,760)."""
    bound = pl.col("bound")
    return frame.filter(~bound | bound.all().over("indicator_id", "kind", "edition", "year"))


def _edition(set_in: str | None, edition: int) -> int:
    return int(set_in) if set_in is not None and set_in.isdigit() else edition


def _once(frame: pl.DataFrame) -> pl.DataFrame:
    """Each value of an indicator, kind, edition and year once; undated only where no dated row has the value.

    Values are compared by six digits: 1.7 兆円 and 17,000 億円 differ in the last bits of a float.
    """
    same = ["indicator_id", "kind", "edition", "rounded"]
    frame = frame.with_columns(rounded=pl.col("value").round_sig_figs(6))
    frame = frame.unique([*same, "year"], keep="first", maintain_order=True)
    dated = pl.col("year").is_not_null()
    return frame.filter(dated | ~dated.any().over(same)).drop("rounded")


def _scale(unit: str) -> tuple[float, str]:
    """(size of the multiplier, what is counted): 億円 is (1e8, 円)."""
    for name, size in MULTIPLIERS.items():
        if unit.startswith(name):
            rest = unit.removeprefix(name)
            return size, SAME_UNITS.get(rest, rest)
    return 1.0, SAME_UNITS.get(unit, unit)


def converted(value: float, unit: str, wanted: str) -> float:
    """A value in another multiple of the same unit: 17,000 億円 are 1.7 兆円."""
    return float(value * _scale(unit)[0] / _scale(wanted)[0])


YEAR = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-\d{1,2})?)?$")
COMING = re.compile(r"今後(\d{1,2})(?:か|カ|ヶ|箇)?年")


def year_of(period: str | None, edition: int) -> tuple[float | None, bool]:
    """(year, fiscal) of a period; a month is a fraction of its year, a span counts by its end, and the years to
    come begin with the edition's: 今後5年間 of 2026 ends in 2030."""
    if period is None:
        return None, False
    if match := COMING.match(period):
        return float(edition + int(match[1]) - 1), False
    fiscal = period.endswith("年度")
    text = period.removesuffix("年度")
    if match := re.fullmatch(r"\d{4}-(\d{4})", text):
        return float(match[1]), fiscal
    if match := YEAR.match(text.rpartition("/")[2]):
        return int(match[1]) + (int(match[2]) - 1) / 12 if match[2] else float(match[1]), fiscal
    return None, fiscal


# ----------------------------------------------------------------------------------------------------- progress


def progress(found: pl.DataFrame, added: pl.DataFrame | None = None) -> pl.DataFrame:
    """Each indicator of a series against its target (schema Progress). `added` are observations that people gave.

    The ratio is the observed over the required yearly growth, both from the first value: compound where growth
    rates exist, else linear. 1 is exactly on track; below 0 the indicator moves away from its target.
    """
    known = set(found["indicator_id"])
    rows = [_progress(i, _points(i, found, added)) for i in indicators() if i.indicator_id in known]
    return pl.DataFrame(rows, schema=tables.empty("progress").schema).sort("indicator_id")


def _points(indicator: Indicator, found: pl.DataFrame, added: pl.DataFrame | None) -> pl.DataFrame:
    """An indicator's values: kind, edition, year, value, in the order of time."""
    columns = ["kind", "edition", "year", "value"]
    own = found.filter(pl.col("indicator_id") == indicator.indicator_id).select(columns)
    if added is not None and len(added):
        more = added.filter(pl.col("indicator_id") == indicator.indicator_id)
        more = more.with_columns(kind=pl.lit("observation"), edition=pl.col("year").cast(pl.Int64)).select(columns)
        own = pl.concat([own, more])
    return own.sort("year", "edition", nulls_last=True, maintain_order=True)


def _target(indicator: Indicator, points: pl.DataFrame) -> tuple[float | None, float] | None:
    """(year, value) of the target that holds: of the latest edition, dated before undated, the furthest year; of a
    range the end that is enough."""
    targets = points.filter(pl.col("kind") == "target")
    if targets.is_empty():
        return None
    latest = targets.filter(pl.col("edition") == targets["edition"].max())
    dated = latest.filter(pl.col("year").is_not_null())
    if len(dated):
        latest = dated.filter(pl.col("year") == dated["year"].max())
    values = latest["value"].to_list()
    return latest["year"][0], max(values) if indicator.direction == "down" else min(values)


def _latest(points: pl.DataFrame) -> pl.DataFrame:
    """One value a year, that of the latest edition: a revised figure replaces the earlier one."""
    return points.group_by("year", maintain_order=True).agg(pl.col("value").last())


def _progress(indicator: Indicator, points: pl.DataFrame) -> dict[str, object]:
    dated = points.filter(pl.col("year").is_not_null())
    seen = _latest(dated.filter(pl.col("kind") == "observation"))
    starts = _latest(dated.filter(pl.col("kind") != "target"))
    target = _target(indicator, points)
    first = (starts["year"][0], starts["value"][0]) if len(starts) else None
    last = (seen["year"][-1], seen["value"][-1]) if len(seen) else None
    state, ratio = _state(indicator, first, last, target)
    return {
        "indicator_id": indicator.indicator_id,
        "state": state,
        "first_year": first[0] if first else None,
        "first_value": first[1] if first else None,
        "last_year": last[0] if last else None,
        "last_value": last[1] if last else None,
        "target_year": target[0] if target else None,
        "target_value": target[1] if target else None,
        "ratio": ratio,
    }


Point = tuple[float, float]


def _state(
    indicator: Indicator, first: Point | None, last: Point | None, target: tuple[float | None, float] | None
) -> tuple[str, float | None]:
    if indicator.direction == "watch" or target is None:
        return "watched", None
    if last is None or first is None:
        return "no_observation", None
    sign = -1.0 if indicator.direction == "down" else 1.0
    if sign * last[1] >= sign * target[1]:
        return "reached", None
    if target[0] is None or target[0] <= first[0]:
        return "no_year", None
    if last[0] <= first[0]:
        return "one_observation", None
    if sign * first[1] >= sign * target[1]:
        return "deteriorating", None  # it was there once: no growth was required, and it has gone
    ratio = ratio_of_growth(first, last, (target[0], target[1]), indicator.unit)
    return _grade(ratio), ratio


def _grade(ratio: float) -> str:
    if ratio < 0:
        return "deteriorating"
    return "on_track" if ratio >= ON_TRACK else "accelerate" if ratio >= ACCELERATE else "limited"


def ratio_of_growth(first: Point, last: Point, target: Point, unit: str) -> float:
    """Observed over required yearly growth, each point as (year, value): compound, or linear for shares, ranks and
    differences and where a value is zero or below."""
    linear = unit in WITHOUT_GROWTH or min(first[1], last[1], target[1]) <= 0
    growth = _yearly_difference if linear else _yearly_growth
    return growth(first, last) / growth(first, target)


def _yearly_growth(start: Point, end: Point) -> float:
    """Compound growth a year, 0.05 for 5 %."""
    return float((end[1] / start[1]) ** (1 / (end[0] - start[0])) - 1)


def _yearly_difference(start: Point, end: Point) -> float:
    """Difference a year, in the unit of the values."""
    return (end[1] - start[1]) / (end[0] - start[0])


# ------------------------------------------------------------------------------------------------------- charts


def panels(found: pl.DataFrame, against: pl.DataFrame, edition: int, language: str) -> list[alt.LayerChart]:
    """A chart for each indicator that the edition speaks of, in the register's order.

    Only indicators with values of two years or more, not all of them targets, are drawn: a single value is a row of
    the table. Values of later editions are left out.
    """
    states = dict(against.select("indicator_id", "state").iter_rows())
    result = []
    for indicator in indicators():
        own = found.filter((pl.col("indicator_id") == indicator.indicator_id) & (pl.col("edition") <= edition))
        dated = own.filter(pl.col("year").is_not_null())
        if edition in own["edition"] and dated["year"].n_unique() > 1 and (dated["kind"] != "target").any():
            name = names(language)[indicator.indicator_id]
            state = states.get(indicator.indicator_id, "watched")
            result.append(charts.kpi_panel(own, name, indicator.unit, state, language))
    return result
