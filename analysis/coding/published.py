"""Codings as tables to take away: every value that a coder gave, and the benchmark (docs/benchmark.md)."""

import polars as pl

from analysis.coding import codebooks, codings, record, settled
from analysis.coding.codebooks import Codebook
from analysis.tables import editions

NONE = "none"  # no later edition, no measure of it, no link
BENCHMARK = ("topics", "links")
CODED = {
    "codebook": pl.String, "version": pl.String, "packet_id": pl.String, "unit_id": pl.String, "against": pl.String,
    "to_id": pl.String, "variable": pl.String, "value": pl.String, "role": pl.String, "coder": pl.String,
    "kind": pl.String, "model": pl.String, "date": pl.String, "text_hash": pl.String,
}  # fmt: skip
JUDGED = {
    "codebook": pl.String, "variable": pl.String, "unit_id": pl.String, "edition_id": pl.String, "against": pl.String,
    "to_id": pl.String, "first": pl.String, "second": pl.String, "holds": pl.String, "fold": pl.String,
    "restates": pl.Boolean,
}  # fmt: skip


def every_value(measures: pl.DataFrame) -> pl.DataFrame:
    """Return table Codings: a row for each value that somebody gave to a unit that exists. Reasons are left out.

    Raises TableFaulty.
    """
    edition_of = measures.select(to_id="measure_id", of=editions.column())
    tables = [pl.DataFrame(schema=CODED)]
    for name in codebooks.codebook_ids():
        book = codebooks.codebook(name)
        rows = record.codings(book).join(measures.select(unit_id="measure_id"), on="unit_id", how="semi")
        rows = rows.rename({"name": "to_id"}) if book.unit == "name" else rows
        rows = rows if "to_id" in rows.columns else rows.with_columns(to_id=pl.lit(None, dtype=pl.String))
        rows = rows.join(edition_of, on="to_id", how="left").with_columns(
            pl.col("to_id").fill_null(NONE), codebook=pl.lit(name), against=pl.coalesce("against", "of", pl.lit(NONE))
        )  # fmt: skip
        index = [column for column in CODED if column not in ("variable", "value")]
        values = rows.unpivot(book.variables, index=index).drop_nulls("value")
        tables.append(values.select(list(CODED)))
    return pl.concat(tables)


def benchmark(measures: pl.DataFrame) -> pl.DataFrame:
    """Return table Benchmark: what two coders of topics and links said and what holds, with the edition to leave out.

    A unit that only one coded, or of which more than two did, is no part of it. Raises TableFaulty.
    """
    measures = measures.with_columns(edition_id=editions.column())
    known = codebooks.codebook_ids()
    tables = [_topics(codebooks.codebook(name), measures) for name in BENCHMARK[:1] if name in known]
    tables += [_links(measures) for name in BENCHMARK[1:] if name in known]
    rows = pl.concat([pl.DataFrame(schema=JUDGED).drop("edition_id", "fold", "restates"), *tables])
    rows = rows.join(measures.select(unit_id="measure_id", edition_id="edition_id"), on="unit_id")
    later = pl.when(pl.col("against") == NONE).then("edition_id").otherwise("against")
    restating = measures.filter(pl.col("part") == pl.col("edition").cast(pl.String))["edition_id"].unique().to_list()
    restates = pl.any_horizontal(pl.col("edition_id", "against").is_in(restating))
    return rows.with_columns(fold=later.str.strip_prefix("R"), restates=restates).select(list(JUDGED))


def _topics(book: Codebook, measures: pl.DataFrame) -> pl.DataFrame:
    """Each variable of the units that two were asked for; a variable that none of them gave is left out."""
    rows = (
        record.codings(book).filter(role="coder").join(measures, left_on="unit_id", right_on="measure_id", how="semi")
    )
    tables = []
    values = settled.values(book)
    for name in book.variables:
        held = values.filter(variable=name)
        words = record.said(book, rows, name).sort("unit_id", "coder", "date", "packet_id")
        words = words.unique(["unit_id", "coder"], keep="last", maintain_order=True)
        two = words.group_by("unit_id").agg(n=pl.len(), first=pl.col("value").first(), second=pl.col("value").last())
        coded = two.filter(n=2).join(held, on="unit_id")
        nothing = [pl.lit(NONE).alias(column) for column in ("against", "to_id")]
        tables.append(coded.select(
            "unit_id", *nothing, "variable", "first", "second", holds="value", codebook=pl.lit(book.codebook_id)
        ))  # fmt: skip
    rows = pl.concat(tables).filter(~pl.all_horizontal(pl.col("first", "second", "holds").is_null()))
    return rows.select([column for column in JUDGED if column in rows.columns])


def _links(measures: pl.DataFrame) -> pl.DataFrame:
    """Each pair that a coder of two named, and each measure of which none came near."""
    rows = record.codings(codebooks.codebook(codings.CODEBOOK)).filter(role="coder")
    two = rows.group_by("unit_id", "against").agg(n=pl.col("coder").n_unique()).filter(n=2)
    judged = codings.table(measures).rename({"from_id": "unit_id", "edition_id": "against", "relation": "holds"})
    judged = judged.join(two, on=["unit_id", "against"], how="semi").with_columns(
        pl.col("to_id").fill_null(NONE), codebook=pl.lit(codings.CODEBOOK), variable=pl.lit("relation")
    )
    return judged.select([column for column in JUDGED if column in judged.columns])
