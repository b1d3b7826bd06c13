"""Identifiers of initiatives: the committed ones go on with their measures; new ones are given in the order of time.

No identifier is given again: one whose measures belong to another initiative now, or are no more, is kept as retired.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from analysis.tables import editions, store

Row = dict[str, Any]
Chain = list[Row]  # the members of an initiative in the order of time, with the columns of InitiativeMembers


@dataclass(frozen=True)
class Before:
    """The initiatives and their members as the committed tables have them, both without rows the first time."""

    initiatives: pl.DataFrame = field(default_factory=lambda: store.empty("initiatives"))
    members: pl.DataFrame = field(default_factory=lambda: store.empty("initiative_members"))


def before() -> Before:
    """Return the committed initiatives, none where there is no table. Raises TableFaulty."""
    return Before(store.read_if_there("initiatives"), store.read_if_there("initiative_members"))


def present(members: pl.DataFrame, measures: pl.DataFrame, revisions: pl.DataFrame) -> dict[str, str]:
    """Return the committed identifier of each measure that is still there, by its present measure_id.

    A measure whose document was replaced is known by what the replacement says, else by its text.
    """
    hashes = dict(measures.select("measure_id", "text_hash").iter_rows())
    places = measures.select("text_hash", editions.column(), "measure_id").sort("measure_id", descending=True)
    by_text = {(edition_id, text): key for text, edition_id, key in places.iter_rows()}
    replaced = {
        (row["old_id"], row["old_hash"]): row["measure_id"] for row in revisions.sort("step").iter_rows(named=True)
    }
    result: dict[str, str] = {}
    columns = ("measure_id", "initiative_id", "text_hash", "edition_id")
    for key, initiative_id, text_hash, edition_id in members.sort("measure_id").select(columns).iter_rows():
        if hashes.get(key) == text_hash:
            now = key
        else:
            now = replaced.get((key, text_hash)) or by_text.get((edition_id, text_hash)) or key
        if now in hashes:
            result.setdefault(now, initiative_id)
    return result


def identified(of_first: dict[str, Chain], known: dict[str, str], committed: pl.DataFrame) -> dict[str, str]:
    """Return the identifier of each initiative by its first measure.

    The committed identifier goes to the initiative that has most of its measures; the rest get new ones, in the order
    of time.
    """
    common = {
        first: Counter(known[row["measure_id"]] for row in chain if row["measure_id"] in known)
        for first, chain in of_first.items()
    }
    size = Counter(known.values())
    claims = sorted(
        (-count, (size[key] + len(of_first[first]) - count) / count, key, first)
        for first, counts in common.items()
        for key, count in counts.items()
    )
    ids: dict[str, str] = {}
    for _, _, key, first in claims:
        if first not in ids and key not in ids.values():
            ids[first] = key
    last = max((int(key.removeprefix("I")) for key in committed["initiative_id"]), default=0)
    new = sorted(
        of_first.keys() - ids.keys(), key=lambda first: (editions.place(of_first[first][0]["edition_id"]), first)
    )
    return ids | {first: f"I{number:04}" for number, first in enumerate(new, last + 1)}


def changes(known: Before, initiatives: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Return what became of the committed identifiers: initiative_id, what (kept, new, split, merged, retired), other.

    split: a new one, with measures that `other` had; merged: retired, its measures are those of `other` now; retired:
    its measures are no more.
    """
    had = set(known.initiatives.filter(pl.col("state") != "retired")["initiative_id"])
    of_measure = dict(known.members.select("measure_id", "initiative_id").iter_rows())
    owners: dict[str, Counter[str]] = defaultdict(Counter)
    for initiative_id, measure_id in members.select("initiative_id", "measure_id").sort("measure_id").iter_rows():
        if measure_id in of_measure:
            owners[initiative_id][of_measure[measure_id]] += 1
    rows = []
    for row in initiatives.sort("initiative_id").iter_rows(named=True):
        key, retired = row["initiative_id"], row["state"] == "retired"
        if key in had:
            what = ("merged" if row["merged_into"] else "retired") if retired else "kept"
            rows.append((key, what, row["merged_into"] if retired else None))
        elif not retired:
            other = owners[key].most_common(1)[0][0] if owners[key] else None
            rows.append((key, "split" if other else "new", other))
    return pl.DataFrame(rows, schema=dict.fromkeys(("initiative_id", "what", "other"), pl.String), orient="row")


def retired(known: Before, of_id: dict[str, Chain], committed: dict[str, str], of_measure: dict[str, str]) -> list[Row]:
    """Return the committed identifiers that are used no more, each with that which most of its measures have now."""
    owners: dict[str, Counter[str]] = defaultdict(Counter)
    for measure_id in sorted(committed):
        owners[committed[measure_id]][of_measure[measure_id]] += 1
    rows: list[Row] = []
    for row in known.initiatives.iter_rows(named=True):
        key = row["initiative_id"]
        if key not in of_id:
            now = owners[key].most_common(1)[0][0] if owners[key] else row["merged_into"]
            gone: Row = dict.fromkeys(("born", "last_seen", "split_from", "evolved_from", "evolved_into", "topic_id"))
            now_is: Row = {"state": "retired", "editions": [], "members": [], "ministries": [], "merged_into": now}
            rows.append(row | gone | now_is)
    return rows
