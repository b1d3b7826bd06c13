"""What later plans call otherwise, and what they call by an old name, from data/curated/renamings.csv.

Wording cannot know either. The table comes from the world (laws, cabinet decisions, the bodies themselves), not from
the links of any measure.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import polars as pl

from analysis.base import curated, paths
from analysis.base.errors import TableFaulty

COLUMNS = {"old": pl.String, "new": pl.String, "kind": pl.String, "since": pl.Int64, "source": pl.String}
KINDS = ("renamed", "abbreviation", "spelling", "homonym")  # a homonym names another thing from `since` on


def table() -> pl.DataFrame:
    """Renamings with the columns old, new, kind, since (year or null) and source. Raises TableFaulty."""
    file = paths.curated() / "renamings.csv"
    found = curated.csv(file, COLUMNS)
    fault = _fault(found)
    if fault:
        raise TableFaulty(f"{file} {fault}")
    return found


def _fault(found: pl.DataFrame) -> str | None:
    """What is wrong with the table, and what to do; None where nothing is."""
    empty = found.filter(pl.any_horizontal(pl.col("old", "new", "kind").fill_null("") == ""))
    if not empty.is_empty():
        return f"has a row without old, new or kind ({empty.row(0)}): fill it in"
    strange = found.filter(~pl.col("kind").is_in(KINDS))
    if not strange.is_empty():
        return f"has a kind {strange['kind'][0]!r}: choose one of {', '.join(KINDS)}"
    twice = found.filter(pl.col("old").is_duplicated())
    if not twice.is_empty():
        return f"names {twice['old'][0]} twice: keep one of the rows"
    unsourced = found.filter(
        pl.col("kind").is_in(["renamed", "homonym"]) & pl.any_horizontal(pl.col("since", "source").is_null())
    )
    if not unsourced.is_empty():
        return f"has no year or source for {unsourced['old'][0]}: a renaming needs both"
    return None


def meanings() -> Callable[[str, int], str]:
    """What a name means that a plan of a year uses, as later plans write it: ベンチャー支援 becomes スタートアップ支援.

    Takes the name and the year. The table is looked for once, for all names that are asked for.
    """
    rows = _longest_first(paths.curated())

    @cache
    def meant(name: str, year: int) -> str:
        for old, new, until in rows:
            if old in name and new not in name and year < until:
                name = name.replace(old, new)
        return name

    return meant


@cache
def _longest_first(folder: Path) -> list[tuple[str, str, int]]:
    """Old and new name and the year before which the row holds; longer names first: 下請法 is not read as 下請.

    An old name means the new one in plans of any year (they may lag behind); a homonym only in those before `since`.
    """
    until = pl.when(pl.col("kind") == "homonym").then(pl.col("since")).otherwise(9999)
    rows = table().select("old", "new", until.alias("until")).rows()
    return sorted(rows, key=lambda row: (-len(row[0]), row[0]))
