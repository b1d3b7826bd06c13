"""From figures to series: which figure belongs to which indicator, in one unit, with year, edition and line."""

import re

import polars as pl

from analysis.kpi.amounts import BOUNDS, MEASURED, converted, scale, step
from analysis.kpi.register import Indicator, by_id, indicators
from analysis.tables import store

MAIN_PLACES = ("outlook", "kpi", "measure", "table", "annex")
ONE_YEAR = re.compile(r"(\d{4})-(\d{4})(?:年度)?$")
PERIOD = re.compile(r"(?:.*/|\d{4}-(?=\d{4}))?(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-\d{1,2})?)?(?P<fiscal>年度)?$")
COMING = re.compile(r"今後(\d{1,2})(?:か|カ|ヶ|箇)?年")


def core(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the tied figures that are KPIs, for export: everything with a value in the outlook, KPI parts, measures
    and tables (the annex's too); every target and baseline; and of the observations elsewhere those that stand in a
    line with a target of the same indicator, or that belong to an indicator that somebody set or of which a KPI part or
    the outlook speaks, since the background also counts meetings, budgets and survey answers, and gives context.
    """
    followed = figures.filter(pl.col("place").is_in(["kpi", "outlook"]))["indicator_id"].drop_nulls().to_list()
    set_by = [indicator.indicator_id for indicator in indicators() if indicator.set_by_ja]
    tied = pl.col("indicator_id").is_in([*set_by, *followed])
    beside = (pl.col("kind") == "target").any().over("doc_id", "first_line", "indicator", "unit")
    main = pl.col("place").is_in(MAIN_PLACES) | (pl.col("kind") != "observation") | tied | beside
    return figures.filter(pl.col("value").is_not_null() & main)


def series(figures: pl.DataFrame, added: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return the values of each indicator over time (schema Series), from tied figures (schema Figures) of all editions
    and from observations that people added (`register.observations`).

    A value that an edition repeats is one row, that of its first line; an undated repetition of a dated value is
    dropped. Figures without a value, and figures that no indicator fits, leave no row.
    """
    frame = _once(_measured(stated_values(figures)))
    if added is not None and len(added):
        frame = pl.concat([frame, _added(added, _by_fiscal_year(frame))])
    return frame.sort("indicator_id", "value_id")


def as_of(series: pl.DataFrame, edition: int) -> pl.DataFrame:
    """Return a series as a reader of that edition could know it: without later editions; what people added stays."""
    return series.filter(pl.col("edition").is_null() | (pl.col("edition") <= edition))


def stated_values(figures: pl.DataFrame) -> pl.DataFrame:
    """Return all values that belong to an indicator, repetitions and bounds included (schema Series), by edition and
    line."""
    growth = _stated_growth(figures)
    tied = _with_step(figures).drop_nulls("indicator_id").sort("edition", "first_line", "figure_id")
    registered, rows = by_id(), []
    for row in tied.iter_rows(named=True):
        indicator = registered[row["indicator_id"]]
        year, fiscal = _year(row, indicator)
        rows.append(
            {
                **row,
                "value_id": row["figure_id"],
                "year": year,
                "fiscal": fiscal,
                "value": converted(row["value"], row["unit"], indicator.unit),
                "step": converted(row["step"], row["unit"], indicator.unit),
                "growth": growth.get((indicator.indicator_id, row["edition"], year, row["kind"])),
            }
        )
    return pl.DataFrame(rows, schema=store.empty("series").schema)


def _with_step(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the figures with a value, and how exact each is (`step`, in its own unit); a table gives all its values
    with the same number of digits."""
    counted = figures.drop_nulls(["value", "unit"])
    steps = [step(*row) for row in counted.select("value", "unit", "comparator").iter_rows()]
    finest = pl.col("step").min().over("doc_id", "section", "unit", "place")
    return counted.with_columns(step=pl.Series(steps, dtype=pl.Float64)).with_columns(
        step=pl.when(pl.col("place") == "table").then(finest).otherwise("step")
    )


def _stated_growth(figures: pl.DataFrame) -> dict[tuple[str, int, float | None, str], float]:
    """Return growth over the year before [%] that the running text states, by indicator, edition, year and kind (that
    of observations). It was computed from unrounded values, so it says more than the quotient of two rounded ones.
    Tables are left out: theirs give rates in yen and in dollars under one name."""
    stated = figures.drop_nulls(["value", "indicator"]).filter(
        pl.col("comparator").is_null(), pl.col("place") != "table", nature="rate", unit="%", kind="observation"
    )
    growth: dict[tuple[str, int, float | None, str], float] = {}
    for row in stated.sort("edition", "first_line", "figure_id").iter_rows(named=True):
        span = ONE_YEAR.match(row["period"] or "")
        if span and int(span[2]) - int(span[1]) != 1:
            continue
        named = (i for i in indicators() if grows(i) and i.named(row["indicator"], row["headings"]))
        if (indicator := next(named, None)) is not None:
            key = (indicator.indicator_id, row["edition"], _year(row, indicator)[0], row["kind"])
            growth.setdefault(key, row["value"])
    return growth


def grows(indicator: Indicator) -> bool:
    """Return whether growth rates mean something: not for shares, differences, ranks, multiples, and sums of years."""
    counted = scale(indicator.unit)[1]
    return indicator.nature == "level" and not indicator.total and counted not in (*MEASURED, "位")


def _year(row: dict[str, object], indicator: Indicator) -> tuple[float | None, bool]:
    """Return the year of a figure and whether it is fiscal; the register may say how old undated figures are."""
    edition = int(str(row["edition"]))
    year, fiscal = year_of(None if row["period"] is None else str(row["period"]), edition)
    if year is None and indicator.undated_lag is not None and row["kind"] != "target":
        set_in = str(row["set_in"])
        year = float((int(set_in) if set_in.isdigit() else edition) - indicator.undated_lag)
    return year, fiscal


def year_of(period: str | None, edition: int) -> tuple[float | None, bool]:
    """Return the year of a period and whether it is fiscal; a month is a fraction of its year, a span counts by its
    end, and the years to come begin with the edition's: 今後5年間 of 2026 ends in 2030."""
    if match := COMING.match(period or ""):
        return float(edition + int(match[1]) - 1), False
    match = PERIOD.match(period or "")
    if match is None:
        return None, False
    return int(match["year"]) + (int(match["month"] or 1) - 1) / 12, bool(match["fiscal"])


def _measured(values: pl.DataFrame) -> pl.DataFrame:
    """Return the values without bounds (more than 30,000) where the same year has one that was measured (31,760)."""
    bound = (pl.col("kind") == "observation") & pl.col("comparator").is_in(BOUNDS).fill_null(False)
    return values.filter(~bound | bound.all().over("indicator_id", "kind", "edition", "year"))


def _once(values: pl.DataFrame) -> pl.DataFrame:
    """Return each value of an indicator, kind, edition and year once; undated only where no dated row has the value.

    Values are compared by six digits: 1.7 兆円 and 17,000 億円 differ in the last bits of a float.
    """
    same = ["indicator_id", "kind", "edition", "rounded"]
    values = values.with_columns(rounded=pl.col("value").round_sig_figs(6))
    values = values.unique([*same, "year"], keep="first", maintain_order=True)
    dated = pl.col("year").is_not_null()
    return values.filter(dated | ~dated.any().over(same)).drop("rounded")


def _by_fiscal_year(values: pl.DataFrame) -> list[str]:
    """Return the indicators whose values are all of fiscal years: what people add to them is, too."""
    dated = values.filter((pl.col("kind") != "target") & pl.col("year").is_not_null())
    return dated.group_by("indicator_id").agg(pl.col("fiscal").all()).filter("fiscal")["indicator_id"].to_list()


def _added(added: pl.DataFrame, fiscal: list[str]) -> pl.DataFrame:
    """Return people's observations as rows of the series, taken as exact; several of a year are numbered by value."""
    ordered = added.unique().sort("indicator_id", "year", "value", "source", "who")
    number = pl.int_range(1, pl.len() + 1).over("indicator_id", "year")
    rows = [
        {**row, "value_id": f"added-{row['year']:g}-{row['number']}", "kind": "observation",
         "fiscal": row["indicator_id"] in fiscal, "step": 0.0}
        for row in ordered.with_columns(number=number).iter_rows(named=True)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=store.empty("series").schema)
