"""What `add` says of the names in a new edition's measures: those that the register lacks, as entries for it."""

import json

import polars as pl

from analysis.tables.mention_schemas import LONGEST_NAME

ENTRIES = 12  # written out; the rest is counted


def summary(mentions: pl.DataFrame) -> list[str]:
    """Return how many names of a document the register holds, and entries for the others, of most measures first.

    mentions: table Mentions of the document. An entry's kind and spelling are what grammar says: people look at them.
    """
    known, new = (mentions.filter(basis=basis) for basis in ("register", "pattern"))
    things = new.group_by("canonical").agg(
        kind=pl.col("kind").mode().sort().first(),
        measures=pl.col("measure_id").n_unique(),
        first=pl.col("measure_id").min(),
    )
    things = things.sort(["measures", "canonical"], descending=[True, False])
    lines = [
        f"names that measures hold: {known['canonical'].n_unique()} things of the register "
        f"(data/curated/mentions.toml), {len(things)} that it does not have"
    ]
    if things.is_empty():
        return lines
    lines += ["  to add, where it is a name (where it is another spelling of one, add it to that one's variants):", ""]
    for row in things.head(ENTRIES).iter_rows(named=True):
        lines += [*_entry(row["canonical"], row["kind"], row["measures"], row["first"]), ""]
    more = things.slice(ENTRIES)
    return lines + ([f"  … and {len(more)} more: see the table mentions, basis pattern"] if len(more) else [])


def _entry(name: str, kind: str, measures: int, first: str) -> list[str]:
    """An entry of the register, as far as the document tells; what has to be looked up is said behind it."""
    cut = "; the name is cut" if len(name) >= LONGEST_NAME else ""
    written = json.dumps(name, ensure_ascii=False)
    where = f"{measures} measures, first {first}" if measures > 1 else first
    return [
        "[[name]]", f"name = {written}  # {where}{cut}", f'kind = "{kind}"', f"name_en = {written}  # to look up",
    ]  # fmt: skip
