"""Codings of what became of each measure: data/curated/codings.csv.

Every measure that the table names for an edition was compared with all measures of that edition by two coders who did
not know of each other; where they differed about a link, a third decided, not knowing how. The coders were language
models: docs/codings.md says which rules they followed and how far they agree. Every run obeys the codings: they beat
similarity, and a person's decision (`decisions`) beats them. The link model is fitted to them (`continuity.train`).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl
from sklearn.metrics import cohen_kappa_score, f1_score

from analysis.base import curated, paths
from analysis.base.errors import TableFaulty
from analysis.tables import editions, store
from analysis.tables.labels import LABELS

# How sure a link is that coders named: a link that one coder names is named by the other in nine of ten cases
# (`reliability`); where they differed, two of three hold it.
AGREED, CONTESTED = 0.9, 0.6
RANKS = {"none": 0, "related": 0, "successor": 1, "same": 2}
CODED = ("first", "second", "relation")
COLUMNS = dict.fromkeys(("from_id", "edition_id", "to_id", *CODED, "why"), pl.String)
KEY = ("from_id", "edition_id", "to_id")
NONE = pl.DataFrame(schema=COLUMNS | {"contested": pl.Boolean, "sure": pl.Float64, "uncompared": pl.List(pl.String)})


Rank = Literal["none", "related", "successor", "same"]


@dataclass(frozen=True, kw_only=True)
class Coding:
    """A row of the file."""

    from_id: str
    edition_id: str
    to_id: str | None = None
    first: Rank
    second: Rank
    relation: Rank
    why: str | None = None


def table(measures: pl.DataFrame) -> pl.DataFrame:
    """Return the codings of the measures' editions, sorted by from_id, edition_id, to_id: COLUMNS, contested, sure,
    uncompared.

    from_id was compared with all measures of `edition_id`; to_id is null where nothing of it comes near. `first` and
    `second` are what each coder says, `relation` is what holds (same, successor, related, none); `contested`: the
    coders differ about the link; `sure`: how sure a link is that they named, 0–1; `uncompared`: measures that came to
    the edition when its document was replaced, which from_id was not compared with. No rows without a file. Raises
    TableFaulty where a row makes no sense or names a measure that does not exist.
    """
    edition_of = dict(measures.select("measure_id", editions.column()).iter_rows())
    years = {measure_id.split("-")[0] for measure_id in edition_of}
    coded = set(edition_of.values())
    rows = [(line, row) for line, row in _rows() if row.from_id.split("-")[0] in years and row.edition_id in coded]
    for line, row in rows:
        if fault := _fault(row, edition_of):
            raise curated.row_faulty(_file(), line, f"the row {fault}", "look at it again")
    return _with_uncompared(_frame(rows), edition_of)


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
    """Return all rows of the file, whatever plans there are, with the columns of `table`. Raises TableFaulty."""
    return _frame(_rows())


def _rows() -> list[tuple[int, Coding]]:
    """The file's rows, each with its line; none without a file."""
    return curated.table(_file(), Coding, KEY) if _file().exists() else []


def _frame(rows: list[tuple[int, Coding]]) -> pl.DataFrame:
    return with_certainty(curated.frame(rows, COLUMNS)).sort(KEY)


def with_certainty(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows of COLUMNS with `contested`, `sure` and `uncompared` (nothing), see `table`."""
    contested, nothing = _rank("first") != _rank("second"), pl.lit([], dtype=pl.List(pl.String))
    sure = pl.when(contested).then(CONTESTED).otherwise(AGREED)
    return rows.with_columns(contested=contested, sure=sure, uncompared=nothing)


def coder_kind() -> str:
    """Return who the coders are, by data/curated/coders.toml: a kind of `labels`, `unknown` without the file.

    Raises TableFaulty where it says something else.
    """
    file = paths.curated() / "coders.toml"
    kind = curated.toml(file).get("codings") if file.exists() else "unknown"
    if kind not in LABELS["coder"]:
        raise TableFaulty(f"{file}: codings is {kind!r}: choose one of {', '.join(LABELS['coder'])}")
    return str(kind)


def reliability(coded: pl.DataFrame) -> dict[str, float]:
    """Return how far the two coders agree before a third decides; empty without codings.

    Keys: measures [count of measures and editions compared]; same_status (share of them that both call continued,
    evolved or ended alike) and kappa (Cohen's, of the same); links (F1 of one coder's links against the other's), 0–1.
    """
    if coded.is_empty():
        return {}
    links = coded.select(_rank("first") > 0, _rank("second") > 0)
    statuses = coded.group_by("from_id", "edition_id").agg(_rank("first").max(), _rank("second").max())
    same = float((statuses["first"] == statuses["second"]).sum()) / len(statuses)
    first, second = (statuses[name].to_numpy() for name in ("first", "second"))
    return {
        "measures": float(len(statuses)),
        "same_status": same,
        "kappa": 1.0 if same == 1 else float(cohen_kappa_score(first, second)),  # undefined where nobody could differ
        "links": float(f1_score(links["first"].to_numpy(), links["second"].to_numpy(), zero_division=0.0)),
    }


def _rank(column: str) -> pl.Expr:
    return pl.col(column).replace_strict(RANKS, return_dtype=pl.Int64)


def _fault(row: Coding, edition_of: dict[str, str]) -> str | None:
    start, end, edition_id = row.from_id, row.to_id, row.edition_id
    if start not in edition_of or (end is not None and end not in edition_of):
        return "names a measure that does not exist"
    if end is not None and edition_of[end] != edition_id:
        return f"names no measure of edition {edition_id}"
    if editions.place(edition_of[start]) >= editions.place(edition_id):
        return f"compares {edition_of[start]} with {edition_id}, which is not later"
    if end is None and row.relation != "none":
        return "names a relation, but no measure"
    return None


def _file() -> Path:
    return paths.curated() / "codings.csv"
