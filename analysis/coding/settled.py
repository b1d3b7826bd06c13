"""What holds of the codings of measures: what coders agree about, what an adjudicator or a person decided.

Of pairs see `codings` (links).
"""

import polars as pl

from analysis.coding import codebooks, record
from analysis.coding.codebooks import Codebook
from analysis.tables import store

LAST_WORD = {"coder": 0, "adjudicator": 1, "reviewer": 2, "sample": 2}


def table(known: pl.DataFrame) -> pl.DataFrame:
    """Return what holds by every codebook about measures (schema Coded), of the measures that are known.

    known: measure_id, text_hash. Raises TableFaulty.
    """
    tables = [store.empty("coded")]
    for name in codebooks.codebook_ids():
        if (book := codebooks.codebook(name)).unit == "measure":
            now = known.select(unit_id="measure_id", now="text_hash")
            held = measures(book).join(now, on="unit_id", maintain_order="left")
            held = held.with_columns(changed=(pl.col("text_hash") != pl.col("now")).fill_null(False))
            values = held.unpivot(book.variables, index=["unit_id", "basis", "changed"]).drop_nulls("value")
            values = values.with_columns(codebook=pl.lit(name)).rename({"unit_id": "measure_id"})
            tables.append(values.select(tables[0].columns))
    return pl.concat(tables)


def measures(book: Codebook, people: bool = True) -> pl.DataFrame:
    """Return what holds of each coded unit of a codebook about measures, sorted by unit_id.

    Columns: unit_id; each variable (null where nothing is said or where coders differ and nobody has decided);
    `basis`: decision (a person's), adjudicated, agreed (by two coders or more), single (one coder) or open (they
    differ); text_hash, of the text that was coded. Coders differ where a variable that must be coded has other values;
    an optional one holds where all of them say the same. Of a coder who coded a unit again the last word counts.
    `people`: whether what people decided about single units counts. Raises TableFaulty.
    """
    rows = record.codings(book).filter(people or pl.col("role").is_in(["coder", "adjudicator"]))
    rows = rows.sort("unit_id", "date", "role", "packet_id", descending=[False, False, True, False])
    rows = rows.with_columns(rank=pl.col("role").replace_strict(LAST_WORD, return_dtype=pl.Int64))
    rows = rows.filter(pl.col("rank") == pl.col("rank").max().over("unit_id"))
    decided = rows.filter(pl.col("rank") > 0).unique("unit_id", keep="last", maintain_order=True)
    decided = decided.with_columns(basis=pl.when(rank=2).then(pl.lit("decision")).otherwise(pl.lit("adjudicated")))
    coders = rows.filter(rank=0).unique(["unit_id", "coder"], keep="last", maintain_order=True)
    coded = _agreed(book, coders)
    return pl.concat([decided.select(coded.columns), coded]).sort("unit_id")


def _agreed(book: Codebook, rows: pl.DataFrame) -> pl.DataFrame:
    """What the coders of each unit agree about."""
    differ = pl.any_horizontal(pl.col(name).n_unique() > 1 for name in book.needed)
    alike = [pl.when(pl.col(name).n_unique() == 1).then(pl.col(name).first()).alias(name) for name in book.variables]
    basis = pl.when(differ).then(pl.lit("open")).when(pl.len() > 1).then(pl.lit("agreed")).otherwise(pl.lit("single"))
    coded = rows.group_by("unit_id", maintain_order=True).agg(*alike, basis=basis, text_hash=pl.col("text_hash").last())
    said = [pl.when(pl.col("basis") != "open").then(name).alias(name) for name in book.variables]
    return coded.with_columns(said).select("unit_id", *book.variables, "basis", "text_hash")


def disputed(book: Codebook) -> pl.DataFrame:
    """Return the codings about which coders differ and nobody has decided, with the columns of `record.codings`.

    Coders of a pair differ where not all of them name it, or not alike; what is `absent` in the codebook is not named.
    """
    rows = record.codings(book)
    key = ["unit_id"] if book.unit == "measure" else ["unit_id", "to_id"]
    coders = rows.filter(role="coder")
    if book.unit == "measure":
        differ = pl.any_horizontal(pl.col(name).n_unique().over("unit_id") > 1 for name in book.needed)
        coders = coders.filter(differ)
    else:
        first = book.variables[0]
        case = coders.group_by("unit_id", "against").agg(asked=pl.col("coder").n_unique())
        named = coders.drop_nulls("to_id").filter(~pl.col(first).is_in(book.absent(first)))
        pairs = named.group_by("unit_id", "to_id", "against").agg(
            pl.col("coder").n_unique(), values=pl.max_horizontal(pl.col(name).n_unique() for name in book.needed)
        )
        pairs = pairs.join(case, on=["unit_id", "against"])
        pairs = pairs.filter((pl.col("coder") < pl.col("asked")) | (pl.col("values") > 1))
        coders = coders.join(pairs, on=key, how="semi")
    decided = rows.filter(pl.col("role") != "coder").select(key)
    return coders.join(decided, on=key, how="anti").sort(*key, "packet_id")
