"""Figures → series: which figure belongs to which indicator, in one unit, each with its year, edition and line."""

import re

import polars as pl

from analysis.kpi.register import Indicator, indicators
from analysis.kpi.units import BOUNDS, MEASURED, converted, scale, step
from analysis.tables import store

MAIN_PLACES = ("outlook", "kpi", "measure", "table", "annex")
ONE_YEAR = re.compile(r"(\d{4})-(\d{4})(?:年度)?$")


def ties(figures: pl.DataFrame) -> pl.DataFrame:
    """Which figure belongs to which indicator: figure_id, indicator_id. A figure has one indicator at most, the
    first of the register that fits; a target without a number belongs to every one that follows it."""
    rows = []
    for row in figures.sort("figure_id").iter_rows(named=True):
        if row["indicator"] is None:
            continue
        fitting = [i for i in indicators() if _fits(row, i)]
        kept = fitting if row["value"] is None else fitting[:1]
        rows += [(row["figure_id"], indicator.indicator_id) for indicator in kept]
    return pl.DataFrame(rows, schema={"figure_id": pl.String, "indicator_id": pl.String}, orient="row")


def _fits(row: dict[str, str], indicator: Indicator) -> bool:
    unit = row["unit"] if row["unit"] is not None else indicator.unit
    return indicator.fits(row["indicator"], row["section"], unit, row["nature"])


def core(figures: pl.DataFrame) -> pl.DataFrame:
    """The figures that are KPIs, for export: everything with a value in the outlook, KPI parts, measures and tables
    (the annex's too); every target and baseline; and of the observations elsewhere those that an indicator of the
    register fits, since the background also counts meetings, budgets and survey answers.
    """
    tied = pl.col("figure_id").is_in(ties(figures)["figure_id"].to_list())
    main = pl.col("place").is_in(MAIN_PLACES) | (pl.col("kind") != "observation") | tied
    return figures.filter(pl.col("value").is_not_null() & main)


def series(figures: pl.DataFrame, added: pl.DataFrame | None = None) -> pl.DataFrame:
    """The values of each indicator over time (schema Series), from figures (schema Figures) of all editions and from
    observations that people added (`register.observations`).

    A value that an edition repeats is one row, that of its first line; an undated repetition of a dated value is
    dropped. Figures without a value, and figures that no indicator fits, leave no row.
    """
    frame = _once(_measured(every(figures)))
    if added is not None and len(added):
        frame = pl.concat([frame, _added(added, _by_fiscal_year(frame))])
    return frame.sort("indicator_id", "value_id")


def as_of(found: pl.DataFrame, edition: int) -> pl.DataFrame:
    """A series as a reader of that edition could know it: without later editions; what people added stays."""
    return found.filter(pl.col("edition").is_null() | (pl.col("edition") <= edition))


def every(figures: pl.DataFrame) -> pl.DataFrame:
    """All values that belong to an indicator, repetitions and bounds included (schema Series), by edition and line."""
    by_id = {indicator.indicator_id: indicator for indicator in indicators()}
    grown = _growth(figures)
    tied = figures.join(ties(figures), on="figure_id").filter(pl.col("value").is_not_null())
    steps = _steps(figures)
    rows: list[dict[str, object]] = []
    for row in tied.sort("edition", "first_line", "figure_id").iter_rows(named=True):
        indicator = by_id[row["indicator_id"]]
        year, fiscal = _year(row, indicator)
        observed = row["kind"] == "observation"
        rows.append(
            {
                **{name: row[name] for name in ("figure_id", "kind", "edition", "comparator", "doc_id", "first_line")},
                "indicator_id": indicator.indicator_id,
                "value_id": row["figure_id"],
                "year": year,
                "fiscal": fiscal,
                "value": converted(row["value"], row["unit"], indicator.unit),
                "step": converted(steps[row["figure_id"]], row["unit"], indicator.unit),
                "growth": grown.get((indicator.indicator_id, row["edition"], year)) if observed else None,
            }
        )
    return pl.DataFrame(rows, schema=store.empty("series").schema)


def _steps(figures: pl.DataFrame) -> dict[str, float]:
    """How exact each figure is, in its own unit; a table gives all its values with the same number of digits."""
    own = {
        row["figure_id"]: step(row["value"], row["unit"], row["comparator"])
        for row in figures.filter(pl.col("value").is_not_null() & pl.col("unit").is_not_null()).iter_rows(named=True)
    }
    finest: dict[tuple[str, ...], float] = {}
    in_tables = figures.filter((pl.col("place") == "table") & pl.col("figure_id").is_in(list(own)))
    keys = dict(in_tables.select("figure_id", pl.struct("doc_id", "section", "unit")).iter_rows())
    for figure_id, key in keys.items():
        table = tuple(key.values())
        finest[table] = min(finest.get(table, own[figure_id]), own[figure_id])
    return own | {figure_id: finest[tuple(key.values())] for figure_id, key in keys.items()}


def _growth(figures: pl.DataFrame) -> dict[tuple[str, int, float | None], float]:
    """Growth over the year before [%] that the running text states, by indicator, edition and year. It was computed
    from unrounded values, so it says more than the quotient of two rounded ones. Tables are left out: theirs give
    rates in yen and in dollars under one name."""
    stated = (
        pl.col("value").is_not_null() & pl.col("indicator").is_not_null() & pl.col("comparator").is_null()
        & (pl.col("nature") == "rate") & (pl.col("unit") == "%") & (pl.col("place") != "table")
        & (pl.col("kind") == "observation")
    )  # fmt: skip
    found: dict[tuple[str, int, float | None], float] = {}
    for row in figures.filter(stated).sort("edition", "first_line", "figure_id").iter_rows(named=True):
        span = ONE_YEAR.match(row["period"] or "")
        if span and int(span[2]) - int(span[1]) != 1:
            continue
        for indicator in indicators():
            if grows(indicator) and indicator.named(row["indicator"], row["section"]):
                found.setdefault((indicator.indicator_id, row["edition"], _year(row, indicator)[0]), row["value"])
                break
    return found


def grows(indicator: Indicator) -> bool:
    """Whether growth rates mean something: not for shares, differences, ranks, multiples, and sums of years."""
    counted = scale(indicator.unit)[1]
    return indicator.nature == "level" and not indicator.total and counted not in (*MEASURED, "位")


def _year(row: dict[str, object], indicator: Indicator) -> tuple[float | None, bool]:
    edition = int(str(row["edition"]))
    year, fiscal = year_of(None if row["period"] is None else str(row["period"]), edition)
    if year is None and indicator.undated_lag is not None and row["kind"] != "target":
        set_in = str(row["set_in"])
        year = float((int(set_in) if set_in.isdigit() else edition) - indicator.undated_lag)
    return year, fiscal


def _measured(frame: pl.DataFrame) -> pl.DataFrame:
    """Without bounds (more than 30,000) where the same year has a value that was measured (31,760)."""
    bound = (pl.col("kind") == "observation") & pl.col("comparator").is_in(BOUNDS).fill_null(False)
    return frame.filter(~bound | bound.all().over("indicator_id", "kind", "edition", "year"))


def _once(frame: pl.DataFrame) -> pl.DataFrame:
    """Each value of an indicator, kind, edition and year once; undated only where no dated row has the value.

    Values are compared by six digits: 1.7 兆円 and 17,000 億円 differ in the last bits of a float.
    """
    same = ["indicator_id", "kind", "edition", "rounded"]
    frame = frame.with_columns(rounded=pl.col("value").round_sig_figs(6))
    frame = frame.unique([*same, "year"], keep="first", maintain_order=True)
    dated = pl.col("year").is_not_null()
    return frame.filter(dated | ~dated.any().over(same)).drop("rounded")


def _by_fiscal_year(frame: pl.DataFrame) -> list[str]:
    """The indicators whose values are all of fiscal years: what people add to them is, too."""
    seen = frame.filter((pl.col("kind") != "target") & pl.col("year").is_not_null())
    return seen.group_by("indicator_id").agg(pl.col("fiscal").all()).filter("fiscal")["indicator_id"].to_list()


def _added(added: pl.DataFrame, fiscal: list[str]) -> pl.DataFrame:
    """People's observations as rows of the series, taken as exact; several of a year are numbered by their values."""
    rows = []
    ordered = added.unique().sort("indicator_id", "year", "value", "source", "who")
    for (indicator_id, year), own in ordered.group_by(["indicator_id", "year"], maintain_order=True):
        for number, row in enumerate(own.iter_rows(named=True), 1):
            rows.append(
                {**row, "indicator_id": indicator_id, "value_id": f"added-{year:g}-{number}", "kind": "observation",
                 "fiscal": indicator_id in fiscal, "step": 0.0}
            )  # fmt: skip
    return pl.DataFrame(rows, schema=store.empty("series").schema)


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
