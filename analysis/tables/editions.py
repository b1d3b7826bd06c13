"""The editions of the plans in time, between which continuity is measured.

A full plan or a summary is the edition of its year (`2019`); the items that a roadmap takes from the plan of a year are
an edition of their own (`R2017` for those of 2017). One document can so hold several editions.
"""

from collections.abc import Iterable

import polars as pl

from analysis.base.errors import UsageFault
from analysis.base.i18n import gettext

OWN_PARTS = ("body", "summary")


def column() -> pl.Expr:
    """Return the edition_id of each measure, from the columns `edition` and `part`."""
    own = pl.col("part").is_in(OWN_PARTS)
    return pl.when(own).then(pl.col("edition").cast(pl.String)).otherwise("R" + pl.col("part")).alias("edition_id")


def place(edition_id: str) -> tuple[int, bool]:
    """Return a key that sorts editions in time: by year, a roadmap's items after the plan of their year."""
    return year(edition_id), edition_id.startswith("R")


def in_time(edition_ids: Iterable[str]) -> list[str]:
    """Return the editions in the order of time, each once."""
    return sorted(set(edition_ids), key=place)


def check(edition_ids: Iterable[str], measures: pl.DataFrame) -> None:
    """Raise UsageFault for an edition that has no measure; `measures` has a column edition_id."""
    known = in_time(measures["edition_id"])
    for edition_id in edition_ids:
        if edition_id not in known:
            raise UsageFault(f"edition {edition_id!r} does not exist: choose one of {', '.join(known)}")


def check_order(earlier: str, later: str, measures: pl.DataFrame) -> None:
    """Raise UsageFault where an edition has no measure, or the later one is not later."""
    check((earlier, later), measures.select(column()))
    if place(earlier) >= place(later):
        raise UsageFault(f"edition {earlier} is no earlier one than {later}: swap them or choose others")


def year(edition_id: str) -> int:
    """Return the year of an edition: 2017 for R2017."""
    return int(edition_id.removeprefix("R"))


def label(edition_id: str, language: str) -> str:
    """Return what to call an edition in a chart or sentence."""
    return gettext("{year} (roadmap)", language, year=year(edition_id)) if edition_id.startswith("R") else edition_id
