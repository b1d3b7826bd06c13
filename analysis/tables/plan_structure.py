"""How a plan is made up: its measures by section and horizon, who is in charge, and who works with whom.

Every table carries the measures it counts, so that each figure leads back to its rows. Sections hold all that stands in
them; everything else counts a measure once, however often the plan repeats it.
"""

import polars as pl

from analysis.tables import summary_statistics
from analysis.tables.categories import HORIZONS

ENOUGH = 0.5  # share of measures that name a body, from which on counting them says something


def sections(measures: pl.DataFrame, edition: int) -> pl.DataFrame:
    """Return an edition's measures by section, in the plan's order.

    Columns: doc_id, section, section_title, first_line, last_line, measures, repeated [measures], a column of counts
    for each horizon (短期, 中期, 長期; a measure may have several), measure_ids.
    """
    horizons = (pl.col("horizon").list.contains(name).sum().cast(pl.Int64).alias(name) for name in HORIZONS)
    return (
        summary_statistics.stated(measures, edition)
        .sort("first_line", "measure_id")
        .group_by("doc_id", "section", "section_title", maintain_order=True)
        .agg(
            pl.col("first_line").min(),
            pl.col("last_line").max(),
            pl.len().cast(pl.Int64).alias("measures"),
            pl.col("repeats").is_not_null().sum().cast(pl.Int64).alias("repeated"),
            *horizons,
            pl.col("measure_id").alias("measure_ids"),
        )
    )


def horizons(measures: pl.DataFrame, edition: int) -> pl.DataFrame:
    """Return an edition's measures by the horizons they are given together, most first.

    Columns: horizon (短期・中期), measures [count], measure_ids. Measures without a horizon are left out.
    """
    own = summary_statistics.counted(measures, edition).filter(pl.col("horizon").list.len() > 0)
    return _counted(own.with_columns(pl.col("horizon").list.join("・")), ["horizon"])


def bodies(measures: pl.DataFrame, edition: int) -> pl.DataFrame:
    """Return which body is named by how many measures, most first.

    Columns: body, measures [count], joint [measures with another body], measure_ids. Offices count with their body;
    words that leave open who is meant (関係府省) are left out.
    """
    named = _named(measures, edition)
    joint = named.filter(pl.len().over("measure_id") > 1).group_by("body").agg(pl.len().cast(pl.Int64).alias("joint"))
    return _counted(named, ["body"]).join(joint, on="body", how="left", maintain_order="left").fill_null(0)


def named(measures: pl.DataFrame, edition: int) -> tuple[int, int]:
    """Return how many of an edition's measures name a body, and how many there are. Summaries seldom do."""
    return _named(measures, edition)["measure_id"].n_unique(), len(summary_statistics.counted(measures, edition))


def nameless(measures: pl.DataFrame, edition: int) -> pl.DataFrame:
    """Return an edition's measures that say nothing but 関係府省 or the like of who is in charge."""
    own = summary_statistics.counted(measures, edition).filter(pl.col("ministries").list.len() > 0)
    return own.filter(summary_statistics.bodies().list.len() == 0)


def together(measures: pl.DataFrame, edition: int) -> pl.DataFrame:
    """Return which two bodies are in charge of the same measures, most first: body, other, measures, measure_ids.

    Each pair stands once, in code-point order.
    """
    named = _named(measures, edition)
    both = named.join(named.rename({"body": "other"}).drop("first_line"), on="measure_id")
    return _counted(both.filter(pl.col("body") < pl.col("other")), ["body", "other"])


def counts_bodies(measures: pl.DataFrame, edition: int) -> bool:
    """Return whether enough of an edition's measures name a body."""
    count, total = named(measures, edition)
    return count >= ENOUGH * total > 0


def _named(measures: pl.DataFrame, edition: int) -> pl.DataFrame:
    """measure_id, first_line, body: one row for each body that a measure names."""
    own = summary_statistics.counted(measures, edition).select(
        "measure_id", "first_line", summary_statistics.bodies().alias("body")
    )
    return own.explode("body").drop_nulls("body").sort("first_line", "measure_id", "body")


def _counted(rows: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """The rows' measures by group, most first, then by name."""
    return (
        rows.sort("first_line", "measure_id")
        .group_by(by)
        .agg(pl.len().cast(pl.Int64).alias("measures"), pl.col("measure_id").alias("measure_ids"))
        .sort("measures", *by, descending=[True, *(False for _ in by)])
    )
