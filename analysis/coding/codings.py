"""What readers who read two plans in full found of each measure of the earlier one: data/curated/readings.csv.

Every measure that the table names for an edition was read against all measures of that edition, by two readers who did
not know of each other; where they differed about a link, a third decided, not knowing how. docs/readings.md says who
they are, by which rules they read, and how far they agree. Every run obeys it: what was read beats likeness, and a
person's decision (`decisions`) beats what was read. The links' model is fitted to the same table (`calibration`).

The readers here are language models; `analysis.readers` are the programs that know the documents' layouts.
"""

from pathlib import Path

import polars as pl

from analysis.base import curated, paths
from analysis.base.errors import TableFaulty
from analysis.tables import editions as time_points

# How sure a link is that readers found: a link that one reader finds is found by the other in nine of ten cases
# (`reliability`); where they differed, two of three hold it.
AGREED, CONTESTED = 0.9, 0.6
RANKS = {"none": 0, "related": 0, "successor": 1, "same": 2}
SAID = ("first", "second", "relation")
COLUMNS = dict.fromkeys(("from_id", "edition_id", "to_id", *SAID, "why"), pl.String)
NONE = pl.DataFrame(schema=COLUMNS | {"contested": pl.Boolean, "sure": pl.Float64})


def table(measures: pl.DataFrame) -> pl.DataFrame:
    """The codings of the measures' editions, sorted by from_id, edition_id, to_id: COLUMNS, contested, sure.

    from_id was read against `edition_id`; to_id is null where nothing of it comes near. `first` and `second` are what
    each reader found, `relation` is what holds (same, successor, related, none); `contested`: the readers differed
    about the link; `sure`: how sure a link is that they found, 0–1. No rows without a file. Raises TableFaulty where a
    row makes no sense or names a measure that does not exist.
    """
    found = everything()
    known = dict(measures.select("measure_id", time_points.column()).iter_rows())
    editions = {key.split("-")[0] for key in known}
    own = pl.col("from_id").str.split("-").list.first().is_in(editions)
    rows = found.filter(own & pl.col("edition_id").is_in(list(known.values())))
    for row in rows.iter_rows(named=True):
        if fault := _fault(row, known):
            raise TableFaulty(f"{_file()}, the row of {row['from_id']} and {row['to_id']} {fault}: look at it again")
    return rows


def everything() -> pl.DataFrame:
    """All rows of the file, whatever plans there are. Raises TableFaulty."""
    if not _file().exists():
        return NONE
    found = curated.csv(_file(), COLUMNS).with_columns(pl.col("to_id").replace("", None))
    strange = found.filter(~pl.all_horizontal(pl.col(name).is_in(list(RANKS)).fill_null(False) for name in SAID))
    strange = pl.concat([strange, found.filter(pl.any_horizontal(pl.col("from_id", "edition_id").is_null()))])
    strange = pl.concat([strange, found.filter(pl.struct("from_id", "edition_id", "to_id").is_duplicated())])
    if not strange.is_empty():
        row = strange.row(0, named=True)
        raise TableFaulty(
            f"{_file()}, the row of {row['from_id']} and {row['to_id']} is incomplete, twice there, or has another "
            f"relation than {', '.join(RANKS)}: mend it"
        )
    return judged(found).sort("from_id", "edition_id", "to_id")


def judged(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of COLUMNS with `contested` and `sure`, see `table`."""
    first, second = (pl.col(name).replace_strict(RANKS, return_dtype=pl.Int64) for name in ("first", "second"))
    contested = first != second
    return rows.with_columns(contested=contested, sure=pl.when(contested).then(CONTESTED).otherwise(AGREED))


def reliability(read: pl.DataFrame) -> dict[str, float]:
    """How far the two readers agree before a third decides: measures; same_fate (share of the measures that both call
    continued, evolved or ended alike) and kappa (Cohen's, of the same); links (F1 of one reader's links against the
    other's), each 0–1. Empty without readings.
    """
    if read.is_empty():
        return {}
    first, second = (pl.col(name).replace_strict(RANKS, return_dtype=pl.Int64) for name in ("first", "second"))
    statuses = (
        read.group_by("from_id", "edition_id").agg(one=first.max(), other=second.max()).sort("from_id", "edition_id")
    )
    links = read.select(one=first > 0, other=second > 0)
    both = int((links["one"] & links["other"]).sum())
    alike = int((statuses["one"] == statuses["other"]).sum()) / len(statuses)
    chance = (
        sum(
            int((statuses["one"] == rank).sum()) * int((statuses["other"] == rank).sum())
            for rank in set(RANKS.values())
        )
        / len(statuses) ** 2
    )
    return {
        "measures": float(len(statuses)),
        "same_status": alike,
        "kappa": (alike - chance) / (1 - chance) if chance < 1 else 1.0,
        "links": 2 * both / max(int(links["one"].sum()) + int(links["other"].sum()), 1),
    }


def _fault(row: dict[str, str | None], known: dict[str, str]) -> str | None:
    start, end, edition_id = str(row["from_id"]), row["to_id"], str(row["edition_id"])
    if start not in known or (end is not None and end not in known):
        return "names a measure that does not exist"
    if end is not None and known[end] != edition_id:
        return f"names no measure of edition {edition_id}"
    if time_points.place(known[start]) >= time_points.place(edition_id):
        return f"reads {known[start]} against {edition_id}, which is not later"
    if end is None and row["relation"] != "none":
        return "names a relation, but no measure"
    return None


def _file() -> Path:
    return paths.curated() / "readings.csv"
