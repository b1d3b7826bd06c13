"""Initiatives: what goes on under one identifier over the editions.

An initiative has one measure of an edition at most (repetitions count with what they repeat). Edition by edition, in
the order of time, each measure joins the initiative that a link calls the same; where several measures or initiatives
compete, the same words go first, then what a document states or a person decided, then likeness in wording. A measure
that gets no place in its initiative begins one of its own, *split* from that; one that only takes over from another, or
of which coders differed whether it is the same, *evolved* from it. An initiative whose measure went on in another one
is *merged* into that. What comes later never changes what an initiative was before.

Identifiers are matched to the committed ones by the measures that both hold (`initiative_ids`), and never given again.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import polars as pl
from pydantic import Field
from scipy.optimize import linear_sum_assignment

from analysis.base import curated, paths
from analysis.continuity import initiative_ids, turnover, vocabulary
from analysis.continuity.initiative_ids import Before, Chain, Row
from analysis.tables import editions, store
from analysis.tables.labels import topic_names

NAMES = "initiative_names.csv"
NAMED = 2  # words in a name that nobody gave
CONTESTED = 0.75  # coders differed about a link that is less sure: of 8 that it is the same, readers denied 5
STATED = ("decision", "reference", "repetition")  # bases of links that nobody had to judge by wording


@dataclass(frozen=True)
class Name:
    """What somebody calls an initiative (a row of data/curated/initiative_names.csv)."""

    initiative_id: str
    name_ja: Annotated[str, Field(max_length=40)]
    name_en: Annotated[str, Field(max_length=90)]
    named_by: str


def table(
    tables: dict[str, pl.DataFrame], links: pl.DataFrame, candidates: pl.DataFrame, known: Before
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return tables Initiatives and InitiativeMembers.

    tables: measures, features, assignments, topics, documents, revisions; `known` are the committed ones. Raises
    TableFaulty for data/curated/initiative_names.csv.
    """
    measures = tables["measures"]
    ways = between(measures, links, candidates)
    of_first = chains(measures, ways)
    committed = initiative_ids.present(known.members, measures, tables["revisions"])
    ids = initiative_ids.identified(of_first, committed, known.initiatives)
    of_id = {ids[first]: chain for first, chain in of_first.items()}
    of_measure = {row["measure_id"]: key for key, chain in of_id.items() for row in chain}
    onward = _onward(ways, of_measure)
    living = _living(measures, tables["documents"])
    rows = [_initiative(key, chain, of_measure, onward[key], living) for key, chain in of_id.items()]
    rows = _described(rows, of_id, tables) + initiative_ids.retired(known, of_id, committed, of_measure)
    members = [{"initiative_id": key} | row for key, chain in of_id.items() for row in chain]
    return (
        pl.DataFrame(rows, schema=store.empty("initiatives").schema),
        pl.DataFrame(members, schema=store.empty("initiative_members").schema),
    )


# --- which measures belong together -----------------------------------------------------------------------------


def between(measures: pl.DataFrame, links: pl.DataFrame, candidates: pl.DataFrame) -> pl.DataFrame:
    """Return the links between editions with `wording` (null where they were no candidates), those of a repetition as
    those of what it repeats. One about which coders differed is none of the same initiative."""
    contested = (pl.col("basis") == "reading") & (pl.col("score") < CONTESTED)
    wording = candidates.select("from_id", "to_id", "wording")
    rows = turnover.once(measures, links).join(wording, on=["from_id", "to_id"], how="left", maintain_order="left")
    return rows.with_columns(relation=pl.when(contested).then(pl.lit("successor")).otherwise("relation"))


def chains(measures: pl.DataFrame, ways: pl.DataFrame) -> dict[str, Chain]:
    """Return the members of each initiative by its first measure.

    measures: measure_id, edition, part, text_hash, repeats; ways: as `between` returns them.
    """
    own = turnover.originals(measures)
    hashes = dict(measures.select("measure_id", "text_hash").iter_rows())
    backward = ways.rows_by_key("to_id", named=True, include_key=True)
    place = {key: editions.place(edition_id) for key, edition_id in own.select("measure_id", "edition_id").iter_rows()}
    result: dict[str, Chain] = {}
    chain_of: dict[str, str] = {}
    for edition_id in editions.in_time(own["edition_id"]):
        keys = own.filter(edition_id=edition_id)["measure_id"].to_list()
        joined = _joined(keys, backward, chain_of)
        for key in keys:
            same = [link for link in backward[key] if link["relation"] == "same" and link["from_id"] in chain_of]
            if key in joined:  # as it changed since it was last seen, as far as that is linked
                links_back = [link for link in same if chain_of[link["from_id"]] == joined[key]]
                relation, link = "same", max(links_back, key=lambda link: (place[link["from_id"]], _rank(link)))
            elif same:
                relation, link = "split", max(same, key=_rank)
            elif backward[key]:
                relation, link = "evolved", max(backward[key], key=_rank)
            else:
                relation, link = "first", {}
            chain = result.setdefault(joined.get(key, key), [])
            chain.append(_member(key, edition_id, hashes[key], relation, link))
        chain_of |= {key: joined.get(key, key) for key in keys}
    _add_repetitions(measures, result, chain_of)
    return result


def _weight(link: Row) -> float:
    """Return how far a link speaks for the same identifier: the same words go before what is stated, that before how
    alike the words are."""
    kept, stated = "wording" not in link["changed"], link["basis"] in STATED
    likeness = float(link["score"]) * (0.1 + (link["wording"] or 0.0))
    return round(4 * kept + 2 * stated + likeness, 6)


def _rank(link: Row) -> tuple[Any, ...]:
    return _weight(link), link["from_id"], link["to_id"]


def _joined(keys: list[str], backward: dict[str, list[Row]], chain_of: dict[str, str]) -> dict[str, str]:
    """Return which earlier initiative each measure of an edition joins, at most one measure each, so that the weights
    of all links with what these were before add up to the most."""
    weights: dict[tuple[str, str], float] = defaultdict(float)
    for key in keys:
        for link in backward[key]:
            if link["relation"] == "same" and link["from_id"] in chain_of:
                weights[chain_of[link["from_id"]], key] += _weight(link)
    rows, columns = (sorted({pair[side] for pair in weights}) for side in (0, 1))
    matrix = np.zeros((len(rows), len(columns)))
    for (chain, key), weight in weights.items():
        matrix[rows.index(chain), columns.index(key)] = round(weight, 6)
    pairs = zip(*linear_sum_assignment(matrix, maximize=True), strict=True)
    return {columns[column]: rows[row] for row, column in pairs if matrix[row, column] > 0}


def _member(key: str, edition_id: str, text_hash: str, relation: str, link: Row) -> Row:
    changed = link.get("changed", [])
    kind = "reworded" if "wording" in changed else "moved" if "section" in changed else "kept"
    return {
        "measure_id": key,
        "text_hash": text_hash,
        "edition_id": edition_id,
        "relation": relation,
        "from_id": link.get("from_id"),
        "basis": link.get("basis"),
        "score": link.get("score"),
        "change": {"same": kind, "split": "split"}.get(relation),
        "changed": changed,
    }


def _add_repetitions(measures: pl.DataFrame, result: dict[str, Chain], chain_of: dict[str, str]) -> None:
    rows = measures.filter(pl.col("repeats").is_not_null()).sort("measure_id").with_columns(editions.column())
    columns = ("measure_id", "edition_id", "text_hash", "repeats")
    for key, edition_id, text_hash, original in rows.select(columns).iter_rows():
        member = _member(key, edition_id, text_hash, "repetition", {})
        result[chain_of[original]].append(member | {"from_id": original, "basis": "repetition", "score": 1.0})


# --- what is said of each ---------------------------------------------------------------------------------------


def _onward(ways: pl.DataFrame, of_measure: dict[str, str]) -> dict[str, list[Row]]:
    """Return the links from the measures of each initiative to those of others, the nearest edition first."""
    result: dict[str, list[Row]] = defaultdict(list)
    for row in ways.iter_rows(named=True):
        here, there = of_measure[row["from_id"]], of_measure[row["to_id"]]
        if here != there:
            result[here].append(row | {"initiative_id": there})
    for rows in result.values():
        rows.sort(key=lambda row: (editions.place(row["to_edition"]), -row["score"], row["to_id"], row["from_id"]))
    return result


def _living(measures: pl.DataFrame, documents: pl.DataFrame) -> set[str]:
    """Return the measures that the last full plan or a later document states: only a full plan shows an end."""
    last = documents.filter(kind="full")["edition"].max()
    return set(measures.filter(pl.col("edition") >= (0 if last is None else last))["measure_id"])


def _initiative(
    initiative_id: str, chain: Chain, of_measure: dict[str, str], onward: list[Row], living: set[str]
) -> Row:
    """Return an initiative's row, without what describes it."""
    own = _own(chain)
    first, last = own[0], own[-1]
    end = editions.place(last["edition_id"])
    into: dict[str, str] = {}
    for link in onward:
        if editions.place(link["to_edition"]) > end:
            into.setdefault(link["relation"], link["initiative_id"])
    state = "merged" if "same" in into else "evolved" if "successor" in into else "ended"
    if last["measure_id"] in living:
        state = "living"
    earlier = of_measure[first["from_id"]] if first["from_id"] else None
    return {
        "initiative_id": initiative_id, "state": state,
        "born": first["edition_id"], "last_seen": last["edition_id"],
        "editions": [row["edition_id"] for row in own], "members": [row["measure_id"] for row in chain],
        "split_from": earlier if first["relation"] == "split" else None,
        "evolved_from": earlier if first["relation"] == "evolved" else None,
        "merged_into": into["same"] if state == "merged" else None,
        "evolved_into": into["successor"] if state == "evolved" else None,
    }  # fmt: skip


def _own(chain: Chain) -> Chain:
    """Return the members that repeat no other."""
    return [row for row in chain if row["relation"] != "repetition"]


def _described(rows: list[Row], of_id: dict[str, Chain], tables: dict[str, pl.DataFrame]) -> list[Row]:
    """Return the rows with names, and with the topic and ministries of the last measure."""
    given = names()
    topic = dict(tables["assignments"].select("measure_id", "topic_id").iter_rows())
    bodies = dict(tables["measures"].select("measure_id", "ministries").iter_rows())
    topics = topic_names(tables["topics"], "en")
    words = {row["measure_id"]: row for row in tables["features"].iter_rows(named=True)}
    counts = Counter(name for row in words.values() for name in row["names"])
    for row in rows:
        last = _own(of_id[row["initiative_id"]])[-1]["measure_id"]
        name = given.get(row["initiative_id"])
        row |= {
            "topic_id": topic.get(last), "ministries": bodies[last],
            "name_ja": name.name_ja if name else _name_ja(words[last], counts),
            "name_en": name.name_en if name else _name_en(words[last], topics[topic.get(last)]),
            "named_by": name.named_by if name else None,
        }  # fmt: skip
    return rows


def names() -> dict[str, Name]:
    """Return the names that somebody gave, by initiative. Raises TableFaulty."""
    file = paths.curated() / NAMES
    rows = curated.table(file, Name, ("initiative_id",)) if file.exists() else []
    return {name.initiative_id: name for _, name in rows}


def _name_ja(features: Row, counts: Counter[str]) -> str:
    """Return the rarest compound names of a measure, of one without any its words."""
    rarest = sorted(features["names"], key=lambda name: (counts[name], name)) or features["terms"]
    return "・".join(rarest[:NAMED])


def _name_en(features: Row, topic: str) -> str:
    """Return the specific subjects of a measure, of one without any its topic."""
    subjects = vocabulary.subjects_of(features["names"], features["terms"])
    most = sorted(subjects, key=lambda subject: (-subjects[subject], subject))
    return ", ".join(vocabulary.subject_label(subject, "en") for subject in most[:NAMED]) or topic
