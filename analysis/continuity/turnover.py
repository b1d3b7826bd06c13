"""How much of one edition goes on in another, in figures, and how they depend on the threshold of a link.

Every metric is defined in `metrics` and so in docs/codebook.md. A repetition (再掲) counts once, as what it repeats.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, maximum_bipartite_matching

from analysis.continuity import link_model, similarity
from analysis.tables import editions, ministries, store, summary_statistics

FACTORS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)  # of the committed thresholds, at which every metric is given
SAMPLES = 1000  # of the bootstrap
ALL = "all"

Row = tuple[str, float, float | None, float | None, int, int]  # metric, value, low, high, count, total


@dataclass(frozen=True)
class Wording:
    """Hashed n-gram counts of the measures in the order of `place`, the weight of each n-gram, and of each measure's
    n-grams together.
    """

    place: dict[str, int]
    counts: csr_matrix
    weight: np.ndarray
    whole: np.ndarray


@dataclass(frozen=True)
class Pair:
    """Two editions: their measures, and the links between them by the measures' places in the two lists."""

    earlier: list[str]
    later: list[str]
    one: np.ndarray
    other: np.ndarray

    @property
    def links(self) -> csr_matrix:
        """Earlier measures as rows, later ones as columns, 1 where they are linked."""
        shape = (len(self.earlier), len(self.later))
        return csr_matrix((np.ones(len(self.one)), (self.one, self.other)), shape=shape)


def table(
    measures: pl.DataFrame,
    features: pl.DataFrame,
    assignments: pl.DataFrame,
    roadmap: pl.DataFrame,
    decided: pl.DataFrame,
    read: pl.DataFrame,
    candidates: pl.DataFrame,
    strictness: float = 1.0,
    seed: int = 0,
) -> pl.DataFrame:
    """Table Turnover: every metric between every two editions, at every strictness of FACTORS and at the run's own.

    `decided` and `read` are what people decided and what readers found, as for `continuity.link`.
    The shares by topic and ministry, and `chance`, are given at the run's `strictness` alone. `seed` serves what is
    drawn: the bootstrap and `chance`.
    """
    scored = link_model.settled(candidates, measures, roadmap, decided, read)
    known, groups = wording(features), _groups(measures, assignments)
    rows = []
    for factor in sorted({*FACTORS, strictness}):
        for (earlier, later), pair in pairs(measures, link_model.linked(scored, factor)):
            found = [(ALL, ALL, row) for row in between(pair, known, seed)]
            if factor == strictness:
                found += [(ALL, ALL, chance(pair, known, seed)), *_by_group(pair, groups)]
            rows += [(earlier, later, factor, by, group, *row) for by, group, row in found]
    columns = [
        "from_edition",
        "to_edition",
        "strictness",
        "by",
        "group",
        "metric",
        "value",
        "low",
        "high",
        "count",
        "total",
    ]
    frame = pl.DataFrame(rows, schema={name: store.empty("turnover").schema[name] for name in columns}, orient="row")
    return frame.select(store.empty("turnover").columns)


def originals(measures: pl.DataFrame) -> pl.DataFrame:
    """What each measure counts as: measure_id, original (what it repeats, or itself), edition."""
    return measures.select("measure_id", editions.column(), original=pl.coalesce("repeats", "measure_id"))


def once(measures: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """The links between two editions, those of a repetition as those of what it repeats: columns as given."""
    original = dict(originals(measures).select("measure_id", "original").iter_rows())
    return (
        links.filter(pl.col("from_edition") != pl.col("to_edition"))
        .with_columns(pl.col("from_id", "to_id").replace(original))
        .sort("from_id", "to_id", "same_score", descending=[False, False, True])
        .unique(["from_id", "to_id"], keep="first", maintain_order=True)
    )


def pairs(measures: pl.DataFrame, links: pl.DataFrame) -> Iterator[tuple[tuple[str, str], Pair]]:
    """Every two editions in the order of time, with their measures and the links between them."""
    own = originals(measures).filter(pl.col("measure_id") == pl.col("original")).sort("measure_id")
    ids = {edition_id: rows["measure_id"].to_list() for (edition_id,), rows in own.group_by("edition_id")}
    single = once(measures, links).partition_by(["from_edition", "to_edition"], as_dict=True)
    for earlier, later in combinations(sorted(ids, key=editions.place), 2):
        rows = single.get((earlier, later), links.clear())
        places = [{key: index for index, key in enumerate(ids[edition_id])} for edition_id in (earlier, later)]
        ends = [
            np.array([place[key] for key in rows[side]], dtype=np.int64)
            for side, place in zip(("from_id", "to_id"), places, strict=True)
        ]
        yield (earlier, later), Pair(ids[earlier], ids[later], ends[0], ends[1])


def wording(features: pl.DataFrame) -> Wording:
    """The n-grams of all measures, weighted so that what every measure has counts little."""
    rows = features.sort("measure_id")
    hashed = similarity.hashed(rows)
    weight = similarity.idf(hashed)
    return Wording({key: n for n, key in enumerate(rows["measure_id"])}, hashed, weight, np.asarray(hashed @ weight))


def between(pair: Pair, known: Wording, seed: int = 0) -> list[Row]:
    """Every metric of two editions."""
    forward = np.bincount(pair.one, minlength=len(pair.earlier))
    backward = np.bincount(pair.other, minlength=len(pair.later))
    shares = {
        "carried": forward > 0, "inherited": backward > 0, "split": forward > 1, "merged": backward > 1,
        "ended": forward == 0, "born": backward == 0,
    }  # fmt: skip
    rows = [share(name, int(found.sum()), len(found)) for name, found in shares.items()]
    return [*rows, *_resampled(pair, reused(pair, known), seed)]


def share(name: str, count: int, total: int) -> Row:
    """A share with its 95% Wilson interval."""
    return (name, count / total if total else 0.0, *summary_statistics.interval(count, total), count, total)


def reused(pair: Pair, known: Wording) -> np.ndarray:
    """Of each later measure, the share of its wording that its linked earlier measures have; NaN without wording."""
    earlier, later = (np.array([known.place[key] for key in ids], np.int64) for ids in (pair.earlier, pair.later))
    whole = known.whole[later]
    linked = np.unique(pair.other)
    common = np.zeros(len(later))
    taken = csr_matrix(pair.links.T[linked] @ known.counts[earlier])
    common[linked] = known.counts[later[linked]].minimum(taken) @ known.weight
    return np.asarray(np.divide(common, whole, out=np.full(len(whole), np.nan), where=whole > 0))


def chance(pair: Pair, known: Wording, seed: int = 0) -> Row:
    """What `reuse` would be if each later measure had one link, to an earlier measure drawn at random."""
    drawn = np.random.default_rng(seed).integers(0, len(pair.earlier), len(pair.later))
    found = reused(Pair(pair.earlier, pair.later, drawn, np.arange(len(pair.later))), known)
    told = found[~np.isnan(found)]
    return ("chance", float(told.mean()) if len(told) else 0.0, None, None, len(told), len(told))


def matched(links: csr_matrix) -> np.ndarray:
    """The later measure that each earlier one is matched with, -1 for none: as many as there can be one to one."""
    return np.asarray(maximum_bipartite_matching(links, perm_type="column"))


def _resampled(pair: Pair, reuse: np.ndarray, seed: int) -> list[Row]:
    """Jaccard and reuse with 95% bootstrap intervals.

    Links hold measures together, so what is drawn again are groups of measures that are linked, directly or by
    others; an unlinked measure is a group of its own. Where all measures or none are linked there is nothing to draw.
    """
    n, m = len(pair.earlier), len(pair.later)
    told = ~np.isnan(reuse)
    first = matched(pair.links) >= 0
    common = int(first.sum())
    values = common / max(n + m - common, 1), float(reuse[told].mean()) if told.any() else 0.0
    drawn = _draw(_clusters(pair, first, np.where(told, reuse, 0.0), told), seed)
    limits = []
    for above, below in ((drawn[:, 2], drawn[:, 0] + drawn[:, 1] - drawn[:, 2]), (drawn[:, 3], drawn[:, 4])):
        found = above[below > 0] / below[below > 0]
        spread = len(found) > 0 and np.ptp(found) > 0
        low, high = np.quantile(found, [0.025, 0.975]) if spread else (None, None)
        limits.append((low, high))
    linked = int(((np.bincount(pair.other, minlength=m) > 0) & told).sum())
    return [
        ("jaccard", values[0], *limits[0], common, n + m - common),
        ("reuse", values[1], *limits[1], linked, int(told.sum())),
    ]


def _clusters(pair: Pair, first: np.ndarray, reuse: np.ndarray, told: np.ndarray) -> np.ndarray:
    """Of each group of linked measures: earlier ones, later ones, matched, sum of reuse, later ones with wording."""
    n, m = len(pair.earlier), len(pair.later)
    ends = (np.ones(len(pair.one)), (pair.one, n + pair.other))
    _, label = connected_components(csr_matrix(ends, shape=(n + m, n + m)), directed=False)
    size = int(label.max(initial=-1)) + 1
    columns = [
        np.bincount(label[:n], minlength=size), np.bincount(label[n:], minlength=size),
        np.bincount(label[:n][first], minlength=size),
        np.bincount(label[n:], reuse, minlength=size),
        np.bincount(label[n:][told], minlength=size),
    ]  # fmt: skip
    return np.column_stack(columns).astype(float).round(9)


def _draw(clusters: np.ndarray, seed: int) -> np.ndarray:
    """Sums of as many clusters as there are, drawn with replacement SAMPLES times; the order of rows does not count."""
    kinds, held = np.unique(clusters, axis=0, return_counts=True)
    if not len(kinds):
        return np.zeros((0, clusters.shape[1]))
    return np.asarray(np.random.default_rng(seed).multinomial(held.sum(), held / held.sum(), SAMPLES) @ kinds)


def _groups(measures: pl.DataFrame, assignments: pl.DataFrame) -> dict[str, dict[str, list[str]]]:
    """The groups of each measure: its topic where it fits one, the bodies in charge (offices with their body)."""
    topics = {key: [topic] for key, topic in assignments.filter("fits").select("measure_id", "topic_id").iter_rows()}
    bodies = {name: ministries.body_of(name) for name in measures["ministries"].explode().drop_nulls().unique()}
    charged = measures.select("measure_id", "ministries").iter_rows()
    return {"topic": topics, "ministry": {key: sorted({bodies[name] for name in names}) for key, names in charged}}


def _by_group(pair: Pair, groups: dict[str, dict[str, list[str]]]) -> Iterator[tuple[str, str, Row]]:
    """The shares carried over and inherited by topic and ministry; a measure of two ministries counts for both."""
    for name, ids, ends in (("carried", pair.earlier, pair.one), ("inherited", pair.later, pair.other)):
        linked = {ids[index] for index in ends.tolist()}
        for by, group_of in groups.items():
            members: dict[str, list[bool]] = {}
            for key in ids:
                for group in group_of.get(key, []):
                    members.setdefault(group, []).append(key in linked)
            for group, found in sorted(members.items()):
                yield by, group, share(name, sum(found), len(found))
