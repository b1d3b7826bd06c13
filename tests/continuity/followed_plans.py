"""Fictitious measures and links, followed as initiatives: small tables with what `initiatives` asks of them."""

import polars as pl

from analysis.continuity import initiatives
from analysis.continuity.initiative_ids import Before
from analysis.tables import store

Known = dict[str, tuple[int, str]]  # edition and part of each measure


def edition_id(key: str, known: Known) -> str:
    edition, part = known[key]
    return str(edition) if part in ("body", "summary") else f"R{part}"


def text_hash(key: str) -> str:
    return key.encode().hex()[:16].rjust(16, "0")


def measures(known: Known, repeats: dict[str, str] | None = None) -> pl.DataFrame:
    rows = [(key, *where, (repeats or {}).get(key), text_hash(key), ["省"]) for key, where in known.items()]
    schema = {"measure_id": pl.String, "edition": pl.Int64, "part": pl.String, "repeats": pl.String,
              "text_hash": pl.String, "ministries": pl.List(pl.String)}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def links(rows: list[tuple], known: Known) -> pl.DataFrame:
    """Links from (earlier, later, relation[, what else])."""
    usual = {"score": 0.95, "same_score": 0.95, "basis": "reading", "changed": ["wording"]}
    made = [
        {"from_id": one, "to_id": other, "from_edition": edition_id(one, known), "to_edition": edition_id(other, known),
         "relation": relation} | usual | (more[0] if more else {})
        for one, other, relation, *more in rows
    ]  # fmt: skip
    schema = dict.fromkeys(("from_id", "to_id", "from_edition", "to_edition", "relation", "basis"), pl.String)
    schema |= {"score": pl.Float64, "same_score": pl.Float64, "changed": pl.List(pl.String)}
    return pl.DataFrame(made, schema=schema)


def documents(kinds: dict[int, str]) -> pl.DataFrame:
    return pl.DataFrame({"edition": list(kinds), "kind": list(kinds.values())})


def tables(measures: pl.DataFrame, documents: pl.DataFrame) -> dict[str, pl.DataFrame]:
    words = measures.select("measure_id", names=pl.lit([], pl.List(pl.String)), terms=pl.concat_list("measure_id"))
    topics = pl.DataFrame({"topic_id": ["pots"], "name_en": ["Pots"], "name_ja": ["壺"]})
    return {
        "measures": measures, "documents": documents, "features": words, "topics": topics,
        "assignments": measures.select("measure_id", topic_id=pl.lit("pots")), "revisions": store.empty("revisions"),
    }  # fmt: skip


def followed(
    measures: pl.DataFrame, documents: pl.DataFrame, links: pl.DataFrame, known: Before | None = None,
    wording: dict[tuple[str, str], float] | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:  # fmt: skip
    """Initiatives and their members; `wording` is the likeness of pairs, none unless given."""
    rows = [(*pair, value) for pair, value in (wording or {}).items()]
    schema = {"from_id": pl.String, "to_id": pl.String, "wording": pl.Float64}
    candidates = pl.DataFrame(rows, schema=schema, orient="row")
    found = initiatives.table(tables(measures, documents), links, candidates, known or Before())
    return store.check("initiatives", found[0]), store.check("initiative_members", found[1])
