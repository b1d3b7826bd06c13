"""What people ask of table `turnover`: single figures and rows."""

from typing import Any

import polars as pl

from analysis.tables import editions

ALL = "all"


def between(turnover: pl.DataFrame, earlier: str, later: str) -> pl.DataFrame:
    """Return the metrics of two editions over all measures, at every strictness."""
    return turnover.filter(
        (pl.col("from_edition") == earlier) & (pl.col("to_edition") == later) & (pl.col("by") == ALL)
    ).sort("strictness", "metric")


def strictness(turnover: pl.DataFrame) -> float:
    """Return the strictness of the run that made the table; 1 where nothing was compared."""
    own = turnover.filter(pl.col("metric") == "chance")["strictness"]  # given at the run's own alone
    return float(own[0]) if len(own) else 1.0


def value(turnover: pl.DataFrame, earlier: str, later: str, metric: str, strictness: float = 1.0) -> dict[str, Any]:
    """Return one metric of two editions: a row of turnover by column. Raises KeyError where there is none."""
    rows = between(turnover, earlier, later).filter((pl.col("metric") == metric) & (pl.col("strictness") == strictness))
    if rows.is_empty():
        raise KeyError((earlier, later, metric, strictness))
    return rows.row(0, named=True)


def into(turnover: pl.DataFrame, edition: int, strictness: float = 1.0) -> pl.DataFrame:
    """Return `carried` and `inherited` from each earlier edition to an edition, in the order of time.

    Columns of turnover, and loosest and strictest: the value at the lowest and at the highest strictness.
    """
    rows = turnover.filter(
        (pl.col("to_edition") == str(edition))
        & (pl.col("by") == ALL)
        & pl.col("metric").is_in(["carried", "inherited"])
    )
    ends = rows.group_by("from_edition", "metric").agg(
        pl.col("value").sort_by("strictness").first().alias("loosest"),
        pl.col("value").sort_by("strictness").last().alias("strictest"),
    )
    joined = rows.filter(pl.col("strictness") == strictness).join(ends, on=["from_edition", "metric"])
    order = sorted(joined["from_edition"].unique(), key=editions.place)
    return joined.sort(pl.col("from_edition").replace_strict({s: n for n, s in enumerate(order)}), "metric")


def by_group(turnover: pl.DataFrame, earlier: str, later: str, by: str) -> pl.DataFrame:
    """Return the share carried over by topic or ministry, largest groups first."""
    rows = turnover.filter(
        (pl.col("from_edition") == earlier)
        & (pl.col("to_edition") == later)
        & (pl.col("by") == by)
        & (pl.col("metric") == "carried")
    )
    return rows.sort("total", "group", descending=[True, False])
