"""From figures to series: which figure belongs to which indicator, in one unit, with year, edition and line."""

import math
import re
from typing import Any

import polars as pl

from analysis.kpi.amounts import BOUNDS, MEASURED, converted, interval, scale, step
from analysis.kpi.register import Indicator, by_id, indicators
from analysis.tables import store

Row = dict[str, Any]

MAIN_PLACES = ("outlook", "kpi", "measure", "table", "annex")
SPAN = re.compile(r"(\d{4})-(\d{4})(?:年度)?$")
PERIOD = re.compile(r"(?:.*/|\d{4}-(?=\d{4}))?(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-\d{1,2})?)?(?P<fiscal>年度)?$")
COMING = re.compile(r"(?:今後|向こう)(\d{1,2})(?:か|カ|ヶ|箇)?年")
PER = re.compile(r"当たり|あたり|につき|平均")  # a quotient is rounded, whatever it counts


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
    and from observations that people added (`added_values.observations`).

    A value that an edition repeats is one row, that of its first line; an undated repetition of a dated value is
    dropped. Figures without a value, and figures that no indicator fits, leave no row.
    """
    stated = stated_values(figures)
    frame = _once(_measured(pl.concat([stated, _derived(figures, stated)])))
    if added is not None and len(added):
        frame = pl.concat([frame, _added(added)])
    return frame.sort("indicator_id", "value_id")


def as_of(series: pl.DataFrame, edition: int) -> pl.DataFrame:
    """Return a series as a reader of that edition could know it: without later editions; what people added stays."""
    return series.filter(pl.col("edition").is_null() | (pl.col("edition") <= edition))


def stated_values(figures: pl.DataFrame) -> pl.DataFrame:
    """Return all values that belong to an indicator, repetitions and bounds included (schema Series), by edition and
    line."""
    growth = _stated_growth(figures)
    tied = _with_step(figures).drop_nulls("indicator_id").sort("edition", "first_line", "figure_id")
    registered, since, rows = by_id(), set_by(tied), []
    for row in tied.iter_rows(named=True):
        indicator = registered[row["indicator_id"]]
        start, year, fiscal = _years(row, indicator, since[row["figure_id"]])
        rows.append(
            {
                **row,
                "value_id": row["figure_id"],
                "basis": "stated",
                "span_start": start,
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
    steps = [
        step(value, unit, comparator, quotient=PER.search(name or "") is not None)
        for value, unit, comparator, name in counted.select("value", "unit", "comparator", "indicator").iter_rows()
    ]
    finest = pl.col("step").min().over("doc_id", "section", "unit", "place")
    return counted.with_columns(step=pl.Series(steps, dtype=pl.Float64)).with_columns(
        step=pl.when(pl.col("place") == "table").then(finest).otherwise("step")
    )


def _stated_growth(figures: pl.DataFrame) -> dict[tuple[str, int, float | None, str], float]:
    """Return growth over the year before [%] that the running text states, by indicator, edition, year and kind (that
    of observations). It was computed from unrounded values, so it says more than the quotient of two rounded ones.
    Tables give rates in yen and in dollars under one name: each is that of the values in front of it in its row."""
    level = pl.when(nature="level").then("unit").forward_fill().over("doc_id", "first_line", "indicator")
    stated = (
        figures.drop_nulls(["value", "indicator"])
        .sort("doc_id", "first_line", "figure_id")
        .with_columns(of_unit=level)
        .filter(pl.col("comparator").is_null(), nature="rate", unit="%", kind="observation")
    )
    growth: dict[tuple[str, int, float | None, str], float] = {}
    for row in stated.sort("edition", "first_line", "figure_id").iter_rows(named=True):
        span = SPAN.match(row["period"] or "")
        if span and int(span[2]) - int(span[1]) != 1:
            continue
        named = (i for i in indicators() if grows(i) and i.named(row["indicator"], row["headings"]))
        if (indicator := next(named, None)) is not None:
            if row["place"] == "table" and scale(row["of_unit"] or "")[1] != scale(indicator.unit)[1]:
                continue
            year = _years(row, indicator, row["edition"])[1]
            key = (indicator.indicator_id, row["edition"], year, row["kind"])
            growth.setdefault(key, row["value"])
    return growth


def grows(indicator: Indicator) -> bool:
    """Return whether growth rates mean something: not for shares, differences, ranks, multiples, and sums of years."""
    counted = scale(indicator.unit)[1]
    return indicator.nature == "level" and not indicator.total and counted not in (*MEASURED, "位")


def set_by(figures: pl.DataFrame) -> dict[str, int]:
    """Return by figure_id the edition that set each figure (schema Figures, tied): the one it names, else its own. A
    target for the years to come (今後5年間) that a later edition repeats is that of the first, whichever quotes it."""
    first: dict[tuple[object, ...], int] = {}
    result: dict[str, int] = {}
    for row in figures.sort("edition", "first_line", "figure_id").iter_rows(named=True):
        named = int(row["set_in"]) if (row["set_in"] or "").isdigit() else None
        own = named or row["edition"]
        if row["indicator_id"] is not None and COMING.match(row["period"] or ""):
            known = first.setdefault((row["indicator_id"], row["value"], row["unit"], row["period"]), own)
            own = named or known
        result[row["figure_id"]] = own
    return result


def _years(row: Row, indicator: Indicator, since: int) -> tuple[float | None, float | None, bool]:
    """Return the years of a figure that was set by the edition `since`, and whether they are fiscal (`years_of`); the
    register may say how old undated figures are."""
    start, year, fiscal = years_of(row["period"], since)
    if year is None and indicator.undated_lag is not None and row["kind"] != "target":
        year = float(since - indicator.undated_lag)
    return start, year, fiscal


def years_of(period: str | None, edition: int) -> tuple[float | None, float | None, bool]:
    """Return the first year of a period where it is a span, its year (of a span the last), and whether they are fiscal;
    a month is a fraction of its year, and the years to come begin with the edition's: 今後5年間 of 2026 is 2026 to
    2030."""
    if match := COMING.match(period or ""):
        return float(edition), float(edition + int(match[1]) - 1), False
    match = PERIOD.match(period or "")
    if match is None:
        return None, None, False
    span = SPAN.match(period or "")
    year = int(match["year"]) + (int(match["month"] or 1) - 1) / 12
    return (float(span[1]) if span else None), year, bool(match["fiscal"])


def _derived(figures: pl.DataFrame, stated: pl.DataFrame) -> pl.DataFrame:
    """Return the earlier values that follow from a later one and the change that the text states between them (schema
    Series, basis derived): 74 件（前年比6％減） were 79 the year before. Only where no edition states that value and
    the document states the later one; a table says both."""
    changes = figures.filter(
        pl.col("nature") != "level", pl.col("place") != "table", kind="observation"
    ).drop_nulls(["value", "unit", "indicator", "against"])  # fmt: skip
    seen = stated.filter(kind="observation").drop_nulls("year")
    rows = []
    for change in changes.sort("edition", "first_line", "figure_id").iter_rows(named=True):
        indicator = next((i for i in indicators() if _is_change_of(i, change)), None)
        if indicator is None:
            continue
        _, then, fiscal = years_of(change["against"], change["edition"])
        _, now, _ = years_of(change["period"], change["edition"])
        values = seen.filter(indicator_id=indicator.indicator_id)
        later = values.filter(pl.col("span_start").is_null(), year=now, doc_id=change["doc_id"])
        if then is None or later.is_empty() or then in values["year"].to_list():
            continue
        value, rounding = _before(later.sort("step", "first_line").row(0, named=True), change, indicator)
        if value is not None:
            rows.append({**change, "indicator_id": indicator.indicator_id, "value_id": f"{change['figure_id']}-before",
                         "basis": "derived", "span_start": None, "year": then, "fiscal": fiscal, "value": value,
                         "step": rounding, "comparator": "約" if rounding else None, "growth": None})  # fmt: skip
    table = pl.DataFrame(rows, schema=store.empty("series").schema)
    return table.unique(["indicator_id", "edition", "year"], keep="first", maintain_order=True)


def _is_change_of(indicator: Indicator, change: Row) -> bool:
    """Return whether a change is one of the indicator's values: a rate in %, or a difference in its unit."""
    if indicator.nature != "level" or indicator.total or not indicator.named(change["indicator"], change["headings"]):
        return False
    counted, own = scale(change["unit"])[1], scale(indicator.unit)[1]
    if change["nature"] == "rate":
        return change["unit"] in ("%", "倍") and grows(indicator)
    return counted == own or (counted, own) == ("ポイント", "%")


def _before(later: Row, change: Row, indicator: Indicator) -> tuple[float | None, float]:
    """Return the value before a change, and how exact it is: as far as the rounding of both allows. A plain count that
    only one whole number explains is that number."""
    ends = interval(later["value"], later["step"], later["comparator"])
    sides = interval(change["value"], step(change["value"], change["unit"], change["comparator"]), change["comparator"])
    if change["nature"] == "rate":
        factors = [side if change["unit"] == "倍" else 1 + side / 100 for side in sides]
        values = [end / factor for end in ends for factor in factors if factor > 0]
    else:
        size = 1.0 if change["unit"] == "ポイント" else scale(change["unit"])[0] / scale(indicator.unit)[0]
        values = [end - side * size for end in ends for side in sides]
    low, high = min(values, default=math.inf), max(values, default=-math.inf)
    if not (math.isfinite(low) and math.isfinite(high)):
        return None, 0.0
    whole = later["step"] == 0 and scale(indicator.unit)[0] == 1
    if whole and math.floor(high + 1e-9) == math.ceil(low - 1e-9):
        return float(math.floor(high + 1e-9)), 0.0
    return (low + high) / 2, high - low


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
    values = values.with_columns(pl.col("keeps", "steady").any().over([*same, "year"]))
    values = values.unique([*same, "year"], keep="first", maintain_order=True)
    dated = pl.col("year").is_not_null()
    return values.filter(dated | ~dated.any().over(same)).drop("rounded")


def _added(added: pl.DataFrame) -> pl.DataFrame:
    """Return people's observations as rows of the series, taken as exact; several of a year are numbered by day."""
    ordered = added.unique().sort(
        "indicator_id", "year", pl.coalesce("published_on", "retrieved_on"), "retrieved_on", "fiscal", "value"
    )
    number = pl.int_range(1, pl.len() + 1).over("indicator_id", "year")
    rows = [
        {
            **row,
            "value_id": f"added-{row['year']:g}-{row['number']}",
            "kind": "observation",
            "basis": "added",
            "step": 0.0,
            "keeps": False,
            "steady": False,
        }
        for row in ordered.with_columns(number=number).iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=store.empty("series").schema)
