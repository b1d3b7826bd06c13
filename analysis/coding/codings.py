"""Codings of links: what became of each measure, by the coders of codebook `links` (`record`).

Every measure that a coder was given was compared with all measures of a later edition by two coders who did not know of
each other; where they differed about a link, an adjudicator decided, not knowing how. Every run obeys the codings: they
beat similarity, and a person's decision (`decisions`) beats them. The link model is fitted to them
(`continuity.train`).
"""

import polars as pl

from analysis.base import curated
from analysis.coding import codebooks, record
from analysis.tables import editions, store

# How sure a link is that coders named: a link that one coder names is named by the other in nine of ten cases
# (`reliability`); where they differed, two of three hold it.
AGREED, CONTESTED = 0.9, 0.6
CODEBOOK = "links"
RANKS = {"none": 0, "related": 0, "successor": 1, "same": 2}
CODED = ("first", "second", "relation")
COLUMNS = dict.fromkeys(("from_id", "edition_id", "to_id", *CODED, "why"), pl.String)
KEY = ("from_id", "edition_id", "to_id")
CASE = ["from_id", "edition_id"]
NONE = pl.DataFrame(schema=COLUMNS | {"contested": pl.Boolean, "sure": pl.Float64, "uncompared": pl.List(pl.String)})


def table(measures: pl.DataFrame) -> pl.DataFrame:
    """Return the codings of the measures' editions, sorted by from_id, edition_id, to_id: COLUMNS, contested, sure,
    uncompared.

    from_id was compared with all measures of `edition_id`; to_id is null where nothing of it comes near. `first` and
    `second` are what each coder says, `relation` is what holds (same, successor, related, none); `contested`: the
    coders differ about the link, or the text of one of its measures is no longer the one that they coded (`measures`
    with text_hash), so that somebody must look again: what they said holds till then, but is doubtful; `sure`: how sure
    a link is that they named, 0–1; `uncompared`: measures that came to the edition when its document was replaced,
    which from_id was not compared with. No rows without a file. Raises TableFaulty where a row makes no sense or names
    a measure that does not exist.
    """
    edition_of = dict(measures.select("measure_id", editions.column()).iter_rows())
    years = {measure_id.split("-")[0] for measure_id in edition_of}
    coded = everything().filter(
        pl.col("from_id").str.split("-").list.first().is_in(years), pl.col("edition_id").is_in(set(edition_of.values()))
    )
    for row in coded.iter_rows(named=True):
        if fault := _fault(row, edition_of):
            where = " and ".join(filter(None, (row["from_id"], row["to_id"] or row["edition_id"])))
            raise curated.faulty(record.file(CODEBOOK), f"the coding of {where} {fault}")
    return _with_uncompared(_with_changed(coded, measures), edition_of)


def _with_changed(coded: pl.DataFrame, measures: pl.DataFrame) -> pl.DataFrame:
    """The rows, contested where a text is no longer the one that was coded. A coding without a hash says nothing."""
    if "text_hash" not in measures.columns:
        return coded
    hashes = dict(measures.select("measure_id", "text_hash").iter_rows())
    rows = _of_coders().filter(
        pl.any_horizontal(
            pl.col(text) != pl.col(key).replace_strict(hashes, default=None, return_dtype=pl.String)
            for key, text in (("from_id", "text_hash"), ("to_id", "to_hash"))
        )
    )
    changed = coded.join(rows, on=KEY, how="semi", nulls_equal=True).select(KEY).with_columns(changed=True)
    coded = coded.join(changed, on=KEY, how="left", nulls_equal=True, maintain_order="left")
    contested = pl.col("contested") | pl.col("changed").fill_null(False)
    return coded.with_columns(contested=contested, sure=_sure(contested)).drop("changed")


def _with_uncompared(rows: pl.DataFrame, edition_of: dict[str, str]) -> pl.DataFrame:
    """The rows with the measures that were added to their edition since (table Revisions)."""
    revisions = store.read_if_there("revisions")
    added = revisions.filter(pl.col("change") == "added", pl.col("measure_id").is_in(list(edition_of)))
    if added.is_empty():
        return rows
    since = added.select("measure_id", edition_id=pl.col("measure_id").replace_strict(edition_of))
    since = since.group_by("edition_id", maintain_order=True).agg(since="measure_id")
    joined = rows.join(since, on="edition_id", how="left", maintain_order="left")
    return joined.with_columns(uncompared=pl.coalesce("since", "uncompared")).drop("since")


def everything() -> pl.DataFrame:
    """Return all codings, whatever plans there are, with the columns of `table`. Raises TableFaulty."""
    coders = _of_coders()
    if coders.is_empty():
        return NONE
    slots = coders.select(*CASE, "coder").unique().sort(*CASE, "coder")
    slots = slots.with_columns(slot=pl.int_range(pl.len()).over(CASE))
    coders = coders.join(slots, on=[*CASE, "coder"])
    # of a pair that both name one reason is kept, the first coder's
    both = coders.filter(pl.col("slot") < 2).sort(*KEY, "slot").group_by(KEY, maintain_order=True).agg(
        first=_said(0), second=_said(1), why=pl.col("why").drop_nulls().first()
    )  # fmt: skip
    alone = slots.group_by(CASE).agg(coders=pl.len())
    both = both.join(alone, on=CASE).with_columns(
        pl.col("first").fill_null("none"),
        second=pl.when(pl.col("coders") == 1).then("first").otherwise(pl.col("second").fill_null("none")),
    )
    # a coder to whom nothing came near says so in a row without a measure: no news where the other named one
    named = pl.col("to_id").is_not_null().any().over(CASE)
    both = both.filter(pl.col("to_id").is_not_null() | ~named)
    settled = _rows().filter(pl.col("role") == "adjudicator").sort(*KEY, "date", "packet_id")
    settled = settled.group_by(KEY, maintain_order=True).agg(
        settled=pl.col("relation").last(), reason=pl.col("why").last()
    )
    both = both.join(settled, on=KEY, how="left", nulls_equal=True)
    same_subject = pl.any_horizontal(pl.col("first", "second") == "related")
    agreed = pl.when(same_subject & (_rank("first") == 0)).then(pl.lit("related")).otherwise("first")
    open_ = pl.when(_rank("first") > _rank("second")).then("first").otherwise("second")  # until somebody decides
    both = both.with_columns(
        relation=pl.when(~differ()).then(agreed).otherwise(pl.coalesce("settled", open_)),
        why=pl.coalesce("reason", "why"),
    )
    return with_certainty(both.select(list(COLUMNS))).sort(KEY)


def _rows() -> pl.DataFrame:
    """The record's rows by from_id, edition_id, to_id. Raises TableFaulty."""
    rows = record.codings(codebooks.codebook(CODEBOOK)).rename({"unit_id": "from_id", "against": "edition_id"})
    if len(strange := rows.filter(~pl.col("relation").is_in(list(RANKS)))):
        key, relation = strange.select("from_id", "relation").row(0)
        what = f"{key} has the relation {curated.plain(relation)!r}, which is none of {', '.join(RANKS)}"
        raise curated.faulty(record.file(CODEBOOK), what)
    return rows


def _of_coders() -> pl.DataFrame:
    """What each coder says of each case; where somebody coded it again, what they said last."""
    rows = _rows().filter(pl.col("role") == "coder")
    last = pl.struct(pl.col("date").replace(record.NOT_RECORDED, ""), "packet_id")
    return rows.filter(pl.col("packet_id") == pl.col("packet_id").sort_by(last).last().over(*CASE, "coder"))


def _said(slot: int) -> pl.Expr:
    """What the coder of a slot says of a pair, null for nothing."""
    return pl.col("relation").filter(pl.col("slot") == slot).first()


def with_certainty(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows of COLUMNS with `contested`, `sure` and `uncompared` (nothing), see `table`."""
    nothing = pl.lit([], dtype=pl.List(pl.String))
    return rows.with_columns(contested=differ(), sure=_sure(differ()), uncompared=nothing)


def differ() -> pl.Expr:
    """Return whether the coders differ about a link (of rows with COLUMNS)."""
    return _rank("first") != _rank("second")


def _sure(contested: pl.Expr) -> pl.Expr:
    return pl.when(contested).then(CONTESTED).otherwise(AGREED)


def _rank(column: str) -> pl.Expr:
    return pl.col(column).replace_strict(RANKS, return_dtype=pl.Int64)


def _fault(row: dict[str, str], edition_of: dict[str, str]) -> str | None:
    start, end, edition_id = row["from_id"], row["to_id"], row["edition_id"]
    if start not in edition_of or (end is not None and end not in edition_of):
        return "names a measure that does not exist"
    if end is not None and edition_of[end] != edition_id:
        return f"names no measure of edition {edition_id}"
    if editions.place(edition_of[start]) >= editions.place(edition_id):
        return f"compares {edition_of[start]} with {edition_id}, which is not later"
    if end is None and row["relation"] != "none":
        return "names a relation, but no measure"
    return None
