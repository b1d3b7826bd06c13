"""What holds of the codings of measures: what coders agree about, what an adjudicator or a person decided.

Of pairs see `codings` (links), of names `named`.
"""

from collections.abc import Iterator

import polars as pl

from analysis.coding import codebooks, named, record
from analysis.coding.codebooks import Codebook, Variable
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
            held = values(book).drop_nulls("value").join(now, on="unit_id", maintain_order="left")
            held = held.with_columns(
                changed=(pl.col("text_hash") != pl.col("now")).fill_null(False), codebook=pl.lit(name)
            )
            tables.append(held.rename({"unit_id": "measure_id"}).select(tables[0].columns))
    return pl.concat(tables)


def measures(book: Codebook, people: bool = True) -> pl.DataFrame:
    """Return what holds of each coded unit of a codebook about measures, sorted by unit_id.

    Columns: unit_id; each variable (null where nothing is said or where coders differ and nobody has decided); basis
    and text_hash, as in `values`, of the first variable that was asked. Raises TableFaulty.
    """
    held = values(book, people)
    units = held.group_by("unit_id", maintain_order=True).agg(pl.col("basis", "text_hash").first())
    for name in book.variables:
        units = units.join(held.filter(variable=name).select("unit_id", pl.col("value").alias(name)), "unit_id", "left")
    return units.select("unit_id", *book.variables, "basis", "text_hash").sort("unit_id")


def values(book: Codebook, people: bool = True) -> pl.DataFrame:
    """Return what holds of each variable of each coded unit of a codebook about measures, in the codebook's order.

    Columns: unit_id; variable; value (null where nothing is said or where coders differ and nobody has decided);
    `basis`: decision (a person's), adjudicated, agreed (by two coders or more), single (one coder) or open (they
    differ); text_hash, of the text that was coded. Of a coder who was asked for a variable again the last word counts.
    What belongs to another category than the one that holds above it does not hold. `people`: whether what people
    decided about single units counts. Raises TableFaulty.
    """
    rows = record.codings(book).filter(people or pl.col("role").is_in(["coder", "adjudicator"]))
    return pl.concat(held for _, _, held in _settled(book, rows))


def _settled(book: Codebook, rows: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame, pl.DataFrame]]:
    """Each variable with the codings that count (with `value`), and what holds by them (columns of `values`)."""
    rows = rows.with_columns(rank=pl.col("role").replace_strict(LAST_WORD, return_dtype=pl.Int64))
    rows = rows.sort("unit_id", "date", "role", "packet_id", descending=[False, False, True, False])
    above: dict[str, pl.DataFrame] = {}
    for variable in book.variable:
        words = record.said(book, rows, variable.variable_id)
        if variable.above:
            words = words.join(above[variable.above], on="unit_id", maintain_order="left").filter(_fits(book, variable))
        words = words.filter(pl.col("rank") == pl.col("rank").max().over("unit_id"))
        voice = pl.when(rank=0).then("coder")  # of those who decide the last one alone
        words = words.with_columns(voice=voice).unique(["unit_id", "voice"], keep="last", maintain_order=True)
        alike = pl.col("value").n_unique() == 1
        held = words.group_by("unit_id", maintain_order=True).agg(
            variable=pl.lit(variable.variable_id),
            value=pl.when(alike).then(pl.col("value").first()),
            basis=pl.when(pl.col("rank").first() > 1).then(pl.lit("decision"))
            .when(pl.col("rank").first() > 0).then(pl.lit("adjudicated"))
            .when(~alike).then(pl.lit("open"))
            .when(pl.len() > 1).then(pl.lit("agreed")).otherwise(pl.lit("single")),
            text_hash=pl.col("text_hash").last(),
        )  # fmt: skip
        above[variable.variable_id] = held.select("unit_id", above="value")
        yield variable.variable_id, words, held


def _fits(book: Codebook, variable: Variable) -> pl.Expr:
    """Whether a `value` goes with the one that holds `above` it; categories that are no more go with any."""
    if variable.categories_of:
        return pl.col("above").is_not_null() & pl.col("value").ne_missing(pl.col("above"))
    above = book.categories(str(variable.sub_categories_of))
    of = {sub.category_id: category.category_id for category in above for sub in category.sub_categories}
    known = pl.col("value").replace_strict(of, default=pl.col("above"), return_dtype=pl.String)
    return pl.col("value").is_not_null() & (known == pl.col("above"))


def disputed(book: Codebook) -> pl.DataFrame:
    """Return the codings about which coders differ and nobody has decided, with the columns of `record.codings`.

    Coders of a pair differ where not all of them name it, or not alike; what is `absent` in the codebook is not named.
    Of names see `named.disputed`.
    """
    if book.unit == "name":
        return named.disputed(book)
    rows = record.codings(book)
    coders = rows.filter(role="coder")
    if book.unit == "measure":
        open_ = [
            words.join(held.filter(basis="open"), on="unit_id", how="semi").select("unit_id", "packet_id")
            for name, words, held in _settled(book, rows)
            if name in book.needed
        ]
        return coders.join(pl.concat(open_), on=["unit_id", "packet_id"], how="semi").sort("unit_id", "packet_id")
    first, key = book.variables[0], ["unit_id", "to_id"]
    case = coders.group_by("unit_id", "against").agg(given=pl.col("coder").n_unique())
    paired = coders.drop_nulls("to_id").filter(~pl.col(first).is_in(book.absent(first)))
    pairs = paired.group_by(*key, "against").agg(
        pl.col("coder").n_unique(), values=pl.max_horizontal(pl.col(name).n_unique() for name in book.needed)
    )
    pairs = pairs.join(case, on=["unit_id", "against"])
    pairs = pairs.filter((pl.col("coder") < pl.col("given")) | (pl.col("values") > 1))
    decided = rows.filter(pl.col("role") != "coder").select(key)
    return coders.join(pairs, on=key, how="semi").join(decided, on=key, how="anti").sort(*key, "packet_id")
