"""Names that coders copied from measures: which of them are the same name, and which hold.

Two coders copy one name longer or shorter (with a year behind it, with its field before it): of one measure, a name
within another is the same one.
"""

from collections.abc import Iterable

import polars as pl

from analysis.base.japanese import squeeze
from analysis.coding import record
from analysis.coding.codebooks import Codebook

CUT = "…"  # ends a name that is too long to be committed


def whole(names: Iterable[str]) -> dict[str, str]:
    """Return for each name the longest of these that it is the same name as."""
    longest_first = sorted(set(names), key=lambda name: (-len(name), name))
    result: dict[str, str] = {}
    for name in longest_first:
        result[name] = next((other for other in result.values() if is_within(name, other)), name)
    return result


def is_within(name: str, other: str) -> bool:
    """Return whether a name stands within another one, white space and widths aside."""
    return squeeze(name).removesuffix(CUT) in squeeze(other)


def with_whole(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the codings that give a name, with what the name is of its measure (`whole`)."""
    rows = rows.drop_nulls("name")
    of_unit = rows.group_by("unit_id").agg("name").iter_rows()
    spelt = {(unit_id, name): long for unit_id, names in of_unit for name, long in whole(names).items()}
    keys = rows.select("unit_id", "name").iter_rows()
    return rows.with_columns(whole=pl.Series([spelt[key] for key in keys], dtype=pl.String))


def names(book: Codebook) -> pl.DataFrame:
    """Return the names that hold of each coded measure, by a codebook about names: unit_id, name, basis and the
    book's variables.

    `basis`: adjudicated, agreed (by all coders of the measure, two or more), single (of one coder's measure); of what
    coders differ about nothing holds until somebody decides. Raises TableFaulty.
    """
    rows = record.codings(book)
    decided = rows.filter(pl.col("role") != "coder")
    coders = rows.filter(role="coder").join(decided, on="unit_id", how="anti")
    given = coders.group_by("unit_id").agg(coders=pl.col("coder").n_unique())
    first = pl.col(*book.variables).first()
    agreed = (
        with_whole(coders).sort("unit_id", "whole", "coder").group_by("unit_id", "whole", maintain_order=True)
        .agg(first, by=pl.col("coder").n_unique(), kinds=pl.max_horizontal(pl.col(*book.variables).n_unique()))
        .join(given, on="unit_id").filter(pl.col("by") == pl.col("coders"), pl.col("kinds") == 1)
        .with_columns(basis=pl.when(pl.col("by") > 1).then(pl.lit("agreed")).otherwise(pl.lit("single")))
    )  # fmt: skip
    settled = decided.drop_nulls("name").with_columns(whole="name", basis=pl.lit("adjudicated"))
    columns = [pl.col("unit_id"), pl.col("whole").alias("name"), pl.col("basis"), *map(pl.col, book.variables)]
    return pl.concat([agreed.select(columns), settled.select(columns)]).sort("unit_id", "name")


def disputed(book: Codebook) -> pl.DataFrame:
    """Return the codings of names that not all coders of a measure give, or of different kinds, and nobody decided."""
    rows = record.codings(book)
    coders = rows.filter(role="coder")
    decided = rows.filter(pl.col("role") != "coder")
    given = coders.group_by("unit_id").agg(given=pl.col("coder").n_unique())
    named = with_whole(coders)
    counts = named.group_by("unit_id", "whole").agg(
        pl.col("coder").n_unique(), kinds=pl.max_horizontal(pl.col(*book.variables).n_unique())
    )
    open_names = counts.join(given, on="unit_id").filter((pl.col("coder") < pl.col("given")) | (pl.col("kinds") > 1))
    units = open_names.join(decided, on="unit_id", how="anti").select("unit_id").unique()
    return coders.join(units, on="unit_id", how="semi").sort("unit_id", "packet_id", "name")
