"""What changed where measures go on: wording, section, ministries, horizon; and what was kept, split, merged or moved.

All of it comes from committed tables: texts are compared by their hashes and hashed character n-grams, so that a clone
without documents says the same.

What became of a measure that goes on in another edition (`change`) is the first of these that holds:

- `split`: two measures or more of the later edition each hold a part of its wording that the others do not have. It is
  said of the measure that was split and of its parts, whatever their relation: the parts can be successors.
- `merged`: the same the other way round, said of the measure that came of it and of those that went into it.
- `reworded`: its text differs from its closest partner's, if only in a word. It may have moved, too: `changed` says so.
- `moved`: the same text under other headings.
- `kept`: the same text under the same headings. Ministries and horizon may differ: `changed` names them.

The last three are said of the same initiative alone: what evolved is another. A summary's item stands for many measures
and is neither split nor merged. The closest partner is the link in which least of this changed, of two the likelier.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis.base.japanese import squeeze
from analysis.continuity import similarity
from analysis.tables import editions, ministries
from analysis.tables.categories import DIFFERENCES

# The least of its wording, by weight, that a part has in common with the whole and with no other part: two measures
# drawn at random have 0.03 in common (`chance` in turnover), neighbours in a series 0.1. And the least of the whole's
# wording that this must be, so that a phrase that found its way into a short measure is no part.
PART = 0.15
LEAST = 0.05
RENAMED = 2  # links from one heading to another, at least, before it counts as the same one whatever its words

Row = dict[str, Any]
Way = tuple[str, str, frozenset[str], frozenset[str]]  # earlier and later edition, words of the headings in each


@dataclass(frozen=True)
class _Measure:
    """What is compared of a measure."""

    edition_id: str
    summary: bool
    text_hash: str
    original: str  # text_hash of what it repeats, else its own
    grams: dict[int, int]
    headings: frozenset[str]
    bodies: tuple[str, ...]
    times: tuple[str, ...]


def described(
    links: pl.DataFrame, statuses: pl.DataFrame, measures: pl.DataFrame, features: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the links with `changed`, and the statuses with `change` and with `changed` of the closest partner.

    links: from_id, to_id, from_edition, to_edition, relation, score; statuses: measure_id, edition_id, other_edition.
    """
    known = _compared(measures, features)
    ends = [(known[start], known[end]) for start, end in links.select("from_id", "to_id").iter_rows()]
    renamed = _renamed_headings(ends, known.values())
    changed = [_changed(start, end, renamed) for start, end in ends]
    links = links.with_columns(changed=pl.Series(changed, dtype=pl.List(pl.String)))
    return links, _with_change(statuses, links, known, similarity.idf(similarity.hashed(features)).tolist())


def _compared(measures: pl.DataFrame, features: pl.DataFrame) -> dict[str, _Measure]:
    columns = ("measure_id", "part", "text_hash", "repeats", "ministries", "horizon", "deadline")
    hashes = dict(measures.select("measure_id", "text_hash").iter_rows())
    counted = features.select("measure_id", "heading_terms", "grams", "gram_counts")
    rows = measures.select(editions.column(), *columns).join(counted, on="measure_id")
    return {
        row["measure_id"]: _Measure(
            edition_id=row["edition_id"],
            summary=row["part"] == "summary",
            text_hash=row["text_hash"],
            original=hashes.get(row["repeats"], row["text_hash"]),
            grams=dict(zip(row["grams"], row["gram_counts"], strict=True)),
            headings=frozenset(row["heading_terms"]),
            bodies=tuple(row["ministries"]),
            times=(*sorted(row["horizon"]), *([squeeze(row["deadline"])] if row["deadline"] else [])),
        )
        for row in rows.iter_rows(named=True)
    }


# --- the two sides of a link ------------------------------------------------------------------------------------


def _changed(earlier: _Measure, later: _Measure, renamed: set[Way]) -> list[str]:
    """Return what differs, of DIFFERENCES; of what one side does not name at all nothing is said."""
    way = (earlier.edition_id, later.edition_id, earlier.headings, later.headings)
    differs = {
        "wording": earlier.text_hash != later.text_hash and earlier.grams != later.grams,
        "section": all(way[2:]) and earlier.headings != later.headings and way not in renamed,
        "ministries": _other_bodies(earlier.bodies, later.bodies, editions.year(earlier.edition_id)),
        "horizon": bool(earlier.times and later.times) and earlier.times != later.times,
    }
    return [name for name in DIFFERENCES if differs[name]]


def _other_bodies(earlier: Sequence[str], later: Sequence[str], year: int) -> bool:
    """Return whether other ministries are in charge: an agency is its parent, a body is what it took over since."""
    if not earlier or not later or earlier == later:
        return False
    before, after = ({ministries.family(name) for name in names} for names in (earlier, later))
    gone = before - after
    taken_over = {ministries.family(name): gone & {*ministries.forerunners(name, year)} for name in later}
    come = {family: taken_over[family] for family in after - before}
    return not all(come.values()) or bool(gone - set().union(*come.values()))


def _renamed_headings(ends: list[tuple[_Measure, _Measure]], measures: Iterable[_Measure]) -> set[Way]:
    """Return the headings that were worded anew.

    Neither edition has the other's heading, most of what goes on under the one goes on under the other, and that is
    RENAMED measures at least, or the headings have most of their words in common.
    """
    headings = defaultdict(set)
    for measure in measures:
        headings[measure.edition_id].add(measure.headings)
    ways = Counter((start.edition_id, end.edition_id, start.headings, end.headings) for start, end in ends)
    starts, targets = Counter[tuple[object, ...]](), Counter[tuple[object, ...]]()
    for way, count in ways.items():
        starts[way[:3]] += count
        targets[way[0], way[1], way[3]] += count
    return {
        (start, end, old, new)
        for (start, end, old, new), count in ways.items()
        if old not in headings[end] and new not in headings[start]
        and 2 * count > max(starts[start, end, old], targets[start, end, new])
        and (count >= RENAMED or 2 * len(old & new) > len(old | new))
    }  # fmt: skip


# --- what became of a measure -----------------------------------------------------------------------------------


def _with_change(
    statuses: pl.DataFrame, links: pl.DataFrame, known: dict[str, _Measure], weights: list[float]
) -> pl.DataFrame:
    """Return the statuses with `change` and `changed`."""
    later, earlier = _grouped(links, "from_id", "to_id"), _grouped(links, "to_id", "from_id")
    parts = {
        (measure_id, other): _parts(known[measure_id], [known[row["partner"]] for row in rows], weights)
        for way in (later, earlier)
        for (measure_id, other), rows in way.items()
    }
    columns: list[tuple[str | None, list[str]]] = []
    for key in statuses.select("measure_id", "other_edition").iter_rows():
        own, onward = known[key[0]], key in later
        rows = later.get(key) or earlier.get(key) or []
        closest = min(rows, key=_distance, default=None)
        whole = bool(parts.get(key))
        part = any(own.original in parts.get((row["partner"], own.edition_id), ()) for row in rows)
        columns.append((_change(whole, part, onward, closest), closest["changed"] if closest else []))
    change, changed = ([row[at] for row in columns] for at in (0, 1))
    return statuses.with_columns(
        change=pl.Series(change, dtype=pl.String), changed=pl.Series(changed, dtype=pl.List(pl.String))
    )


def _grouped(links: pl.DataFrame, side: str, other: str) -> dict[tuple[str, str], list[Row]]:
    """Return the links between two editions by measure and other edition, each with its partner's identifier."""
    groups: dict[tuple[str, str], list[Row]] = {}
    edition = other.replace("_id", "_edition")
    for row in links.filter(pl.col("from_edition") != pl.col("to_edition")).iter_rows(named=True):
        groups.setdefault((row[side], row[edition]), []).append(row | {"partner": row[other]})
    return groups


def _distance(link: Row) -> tuple[Any, ...]:
    """Return a key that is least for the closest partner: the same initiative, least changed, likeliest."""
    differs = [name in link["changed"] for name in DIFFERENCES]
    return link["relation"] != "same", differs, -link["score"], link["partner"]


def _change(whole: bool, part: bool, onward: bool, closest: Row | None) -> str | None:
    """Return what became of a measure. `whole`: its partners hold parts of it; `part`: it is a part of one of them."""
    if (whole and onward) or (part and not onward):
        return "split"
    if whole or part:
        return "merged"
    if closest is None or closest["relation"] != "same":
        return None
    return "reworded" if "wording" in closest["changed"] else "moved" if "section" in closest["changed"] else "kept"


def _parts(whole: _Measure, partners: list[_Measure], weights: list[float]) -> set[str]:
    """Return the texts (`original`) of the partners that hold parts of a measure; none where fewer than two do.

    A repetition is the same part as what it repeats.
    """
    texts = {partner.original: partner.grams for partner in partners if not partner.summary and not whole.summary}
    common = {
        key: {gram: min(count, whole.grams[gram]) for gram, count in grams.items() if gram in whole.grams}
        for key, grams in texts.items()
    }

    def weight(grams: dict[int, int]) -> float:
        return sum(weights[gram] * count for gram, count in grams.items())

    def is_part(key: str) -> bool:
        others = [common[other] for other in common if other != key]
        alone = weight({g: max(n - max(o.get(g, 0) for o in others), 0) for g, n in common[key].items()})
        return alone > 0 and alone >= max(PART * weight(texts[key]), LEAST * weight(whole.grams))

    parts = {key for key in texts if len(texts) > 1 and is_part(key)}
    return parts if len(parts) > 1 else set()
