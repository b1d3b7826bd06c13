"""The stages of the plans in time, between which continuity is measured.

A full plan or a summary is the stage of its year (`2019`); the items that a roadmap takes from the plan of a year are
a stage of their own (`R2017` for those of 2017). One document can so hold several stages.
"""

import polars as pl

from analysis.base.i18n import word

OWN_PARTS = ("body", "summary")


def column() -> pl.Expr:
    """The stage of each measure, from the columns `edition` and `part`."""
    own = pl.col("part").is_in(OWN_PARTS)
    return pl.when(own).then(pl.col("edition").cast(pl.String)).otherwise("R" + pl.col("part")).alias("stage")


def place(stage: str) -> tuple[int, bool]:
    """Sorts stages in time: by year, a roadmap's items after the plan of their year."""
    return year(stage), stage.startswith("R")


def year(stage: str) -> int:
    return int(stage.removeprefix("R"))


def label(stage: str, language: str) -> str:
    """What to call a stage in a chart or sentence."""
    return word("stage_roadmap", language, year=year(stage)) if stage.startswith("R") else stage
