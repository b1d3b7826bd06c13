"""Where coding stands: what is coded by whom, what is open, and where texts have changed since."""

from typing import Any

import polars as pl

from analysis.coding import codebooks, record, settled, units
from analysis.coding.codebooks import Codebook
from analysis.tables import editions, store

COLUMNS: dict[str, Any] = {
    "codebook": pl.String, "edition": pl.String, "against": pl.String, "units": pl.Int64, "coded": pl.Int64,
    "by_two": pl.Int64, "differ": pl.Int64, "changed": pl.Int64, "coders": pl.List(pl.String), "asked": pl.String,
}  # fmt: skip


def table() -> pl.DataFrame:
    """Return a row for each codebook, edition, (of pairs) later edition and kind of packet that somebody coded.

    Columns: COLUMNS: units of the edition; of them coded, coded by two coders or more, those about which coders
    differ and nobody has decided, and those whose text has changed since they were coded [count]; the coders' names;
    which variables they were asked, null for all. Raises TableFaulty.
    """
    return pl.concat(
        [pl.DataFrame(schema=COLUMNS), *(of(codebooks.codebook(name)) for name in codebooks.codebook_ids())]
    )


def of(book: Codebook) -> pl.DataFrame:
    """Return the rows of `table` of one codebook."""
    of = ["edition", "against", "asked"]
    rows = record.codings(book).filter(pl.col("edition").is_not_null())
    measures = store.read("measures").with_columns(editions.column())
    size = dict(measures.group_by("edition_id").len().iter_rows())
    hashes = units.hashes()
    now = [hashes.get(key) for key in rows["unit_id"]]
    rows = rows.with_columns(changed=pl.col("text_hash") != pl.Series(now, dtype=pl.String))
    open_units = settled.disputed(book).select(*of, "unit_id").unique()
    open_units = open_units.group_by(of).agg(differ=pl.len())
    coders = pl.col("coder").filter(role="coder")
    unit = rows.group_by(*of, "unit_id").agg(by=coders.n_unique(), changed=pl.col("changed").any())
    names = rows.group_by(of).agg(coders=coders.unique().sort())
    stand = unit.group_by(of).agg(coded=pl.len(), by_two=(pl.col("by") > 1).sum(), changed=pl.col("changed").sum())
    stand = stand.join(names, on=of, nulls_equal=True)
    stand = stand.join(open_units, on=of, how="left", nulls_equal=True)
    return stand.select(
        codebook=pl.lit(book.codebook_id),
        edition="edition",
        against="against",
        units=pl.col("edition").replace_strict(size, default=0, return_dtype=pl.Int64),
        coded=pl.col("coded").cast(pl.Int64),
        by_two=pl.col("by_two").cast(pl.Int64),
        differ=pl.col("differ").fill_null(0).cast(pl.Int64),
        changed=pl.col("changed").cast(pl.Int64),
        coders="coders",
        asked="asked",
    ).sort(of, nulls_last=False)
