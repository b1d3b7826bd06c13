"""How much of one edition goes on in another, in figures, and how they depend on the threshold of a link.

Every metric is defined in `tables.metric_definitions` and so in docs/codebook.md. A repetition (再掲) counts once, as
what it repeats.
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
from analysis.tables.categories import UNCLEAR

FACTORS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)  # of the committed thresholds, at which every metric is given
SAMPLES = 1000  # of the bootstrap
ALL = "all"
COLUMNS = [
    "from_edition", "to_edition", "strictness", "by", "group", "metric", "value", "low", "high", "count", "total",
]  # fmt: skip

Row = tuple[str, float, float | None, float | None, int, int]  # metric, value, low, high, count, total


@dataclass(frozen=True)
class Wording:
    """The hashed n-grams of measures: counts (a row each, by `place`), each n-gram's weight, each measure's sum."""

    place: dict[str, int]
    counts: csr_matrix
    weight: np.ndarray
    whole: np.ndarray


@dataclass(frozen=True)
class Pair:
    """Two editions: their measures, and the links between them by the measures' places in the two lists."""

    earlier: list[str]
    later: list[str]
    start: np.ndarray
    end: np.ndarray

    @property
    def links(self) -> csr_matrix:
        """Earlier measures as rows, later ones as columns, 1 where they are linked."""
        shape = (len(self.earlier), len(self.later))
        return csr_matrix((np.ones(len(self.start)), (self.start, self.end)), shape=shape)


def table(
    measures: pl.DataFrame,
    features: pl.DataFrame,
    assignments: pl.DataFrame,
    roadmap: pl.DataFrame,
    decided: pl.DataFrame,
    coded: pl.DataFrame,
    candidates: pl.DataFrame,
    strictness: float = 1.0,
    seed: int = 0,
    use_codings: bool = True,
) -> pl.DataFrame:
    """Return table Turnover: every metric between every two editions, at every strictness of FACTORS and the run's own.

    `decided`, `coded` and `use_codings` are as for `link_model.link`. The shares by topic and
    ministry, and `chance`, are given at the run's `strictness` alone. `seed` serves the bootstrap and `chance`.
    """
    scored = link_model.settled(candidates, measures, roadmap, decided, coded, use_codings)
    grams, groups = wording(features), _groups(measures, assignments)
    rows: list[tuple[object, ...]] = []
    for factor in sorted({*FACTORS, strictness}):
        for key, pair in pairs(measures, link_model.linked(scored, factor)):
            rows += [(*key, factor, ALL, ALL, *row) for row in between(pair, grams, seed)]
            if factor == strictness:
                rows.append((*key, factor, ALL, ALL, *chance(pair, grams, seed)))
                rows += [(*key, factor, *row) for row in _by_group(pair, groups)]
    schema = store.empty("turnover").schema
    return pl.DataFrame(rows, schema={name: schema[name] for name in COLUMNS}, orient="row").select(schema.names())


def originals(measures: pl.DataFrame) -> pl.DataFrame:
    """Return the measures that repeat no other: measure_id, edition_id, edition, sorted by measure_id."""
    own = measures.filter(pl.col("repeats").is_null())
    return own.select("measure_id", editions.column(), "edition").sort("measure_id")


def once(measures: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return the links between two editions, those of a repetition as those of what it repeats: columns as given."""
    repeated = dict(measures.filter(pl.col("repeats").is_not_null()).select("measure_id", "repeats").iter_rows())
    return (
        links.filter(pl.col("from_edition") != pl.col("to_edition"))
        .with_columns(pl.col("from_id", "to_id").replace(repeated))
        .sort("from_id", "to_id", "same_score", descending=[False, False, True])
        .unique(["from_id", "to_id"], keep="first", maintain_order=True)
    )


def pairs(measures: pl.DataFrame, links: pl.DataFrame) -> Iterator[tuple[tuple[str, str], Pair]]:
    """Yield every two editions in the order of time, with their measures and the links between them."""
    groups = originals(measures).group_by("edition_id", maintain_order=True)
    ids = {edition_id: rows["measure_id"].to_list() for (edition_id,), rows in groups}
    place = {key: n for group in ids.values() for n, key in enumerate(group)}
    by_editions = once(measures, links).partition_by(["from_edition", "to_edition"], as_dict=True)
    for key in combinations(sorted(ids, key=editions.place), 2):
        rows = by_editions.get(key, links.clear())
        start, end = (np.array([place[i] for i in rows[side]], dtype=np.int64) for side in ("from_id", "to_id"))
        yield key, Pair(ids[key[0]], ids[key[1]], start, end)


def wording(features: pl.DataFrame) -> Wording:
    """Return the n-grams of all measures, weighted so that what every measure has counts little."""
    rows = features.sort("measure_id")
    counts = similarity.hashed(rows)
    weight = similarity.idf(counts)
    return Wording({key: n for n, key in enumerate(rows["measure_id"])}, counts, weight, np.asarray(counts @ weight))


# --- metrics of two editions ------------------------------------------------------------------------------------


def between(pair: Pair, grams: Wording, seed: int = 0) -> list[Row]:
    """Return every metric of two editions: the shares, jaccard and reuse."""
    forward = np.bincount(pair.start, minlength=len(pair.earlier))
    backward = np.bincount(pair.end, minlength=len(pair.later))
    shares = {
        "carried": forward > 0, "inherited": backward > 0, "split": forward > 1, "merged": backward > 1,
        "ended": forward == 0, "born": backward == 0,
    }  # fmt: skip
    rows = [share(name, int(counted.sum()), len(counted)) for name, counted in shares.items()]
    return [*rows, *_resampled(pair, reused(pair, grams), seed)]


def share(metric: str, count: int, total: int) -> Row:
    """Return a share with its 95% Wilson interval."""
    return (metric, count / total if total else 0.0, *summary_statistics.interval(count, total), count, total)


def reused(pair: Pair, grams: Wording) -> np.ndarray:
    """Return of each later measure the share of its wording that its linked earlier ones have; NaN without wording."""
    earlier, later = (np.array([grams.place[key] for key in ids], np.int64) for ids in (pair.earlier, pair.later))
    available = csr_matrix(pair.links.T @ grams.counts[earlier])
    common = np.asarray(grams.counts[later].minimum(available) @ grams.weight)
    whole = grams.whole[later]
    return np.asarray(np.divide(common, whole, out=np.full(len(whole), np.nan), where=whole > 0))


def chance(pair: Pair, grams: Wording, seed: int = 0) -> Row:
    """Return what `reuse` would be if each later measure had one link, to an earlier measure drawn at random."""
    drawn = np.random.default_rng(seed).integers(0, len(pair.earlier), len(pair.later))
    reuse = reused(Pair(pair.earlier, pair.later, drawn, np.arange(len(pair.later))), grams)
    worded = reuse[~np.isnan(reuse)]
    return ("chance", float(worded.mean()) if len(worded) else 0.0, None, None, len(worded), len(worded))


def _resampled(pair: Pair, reuse: np.ndarray, seed: int) -> list[Row]:
    """Jaccard and reuse with 95% bootstrap intervals.

    Links hold measures together, so what is drawn again are groups of measures that are linked, directly or by
    others; an unlinked measure is a group of its own. Where all measures or none are linked there is nothing to draw.
    """
    worded = ~np.isnan(reuse)
    matched = np.asarray(maximum_bipartite_matching(pair.links, perm_type="column")) >= 0
    common, either = int(matched.sum()), len(pair.earlier) + len(pair.later) - int(matched.sum())
    mean = float(reuse[worded].mean()) if worded.any() else 0.0
    linked = int(worded[np.unique(pair.end)].sum())
    earlier, later, both, reused, counted = _draw(
        _clusters(pair, matched, np.where(worded, reuse, 0.0), worded), seed
    ).T
    return [
        ("jaccard", common / max(either, 1), *_interval(both, earlier + later - both), common, either),
        ("reuse", mean, *_interval(reused, counted), linked, int(worded.sum())),
    ]


def _interval(parts: np.ndarray, wholes: np.ndarray) -> tuple[float | None, float | None]:
    """The 95% percentiles of the samples' shares; none where they do not differ."""
    shares = parts[wholes > 0] / wholes[wholes > 0]
    if not len(shares) or np.ptp(shares) == 0:
        return None, None
    low, high = np.quantile(shares, [0.025, 0.975])
    return low, high


def _clusters(pair: Pair, matched: np.ndarray, reuse: np.ndarray, worded: np.ndarray) -> np.ndarray:
    """Of each group of linked measures: earlier ones, later ones, matched, sum of reuse, later ones with wording."""
    n, m = len(pair.earlier), len(pair.later)
    links = csr_matrix((np.ones(len(pair.start)), (pair.start, n + pair.end)), shape=(n + m, n + m))
    size, label = connected_components(links, directed=False)
    earlier, later = label[:n], label[n:]
    columns = [
        np.bincount(earlier, minlength=size), np.bincount(later, minlength=size),
        np.bincount(earlier[matched], minlength=size), np.bincount(later, reuse, minlength=size),
        np.bincount(later[worded], minlength=size),
    ]  # fmt: skip
    return np.column_stack(columns).astype(float).round(9)


def _draw(clusters: np.ndarray, seed: int) -> np.ndarray:
    """Sums of as many clusters as there are, drawn with replacement SAMPLES times; the order of rows does not count."""
    kinds, counts = np.unique(clusters, axis=0, return_counts=True)
    if not len(kinds):
        return np.zeros((0, clusters.shape[1]))
    random = np.random.default_rng(seed)
    return np.asarray(random.multinomial(counts.sum(), counts / counts.sum(), SAMPLES) @ kinds)


# --- by topic and ministry --------------------------------------------------------------------------------------


def _groups(measures: pl.DataFrame, assignments: pl.DataFrame) -> dict[str, dict[str, list[str]]]:
    """The groups of each measure: its topic (or UNCLEAR), the bodies in charge (offices with their body)."""
    named = assignments.select("measure_id", pl.col("topic_id").fill_null(UNCLEAR))
    topics = {key: [topic] for key, topic in named.iter_rows()}
    bodies = {name: ministries.body_of(name) for name in measures["ministries"].explode().drop_nulls().unique()}
    charged = measures.select("measure_id", "ministries").iter_rows()
    return {"topic": topics, "ministry": {key: sorted({bodies[name] for name in names}) for key, names in charged}}


def _by_group(pair: Pair, groups: dict[str, dict[str, list[str]]]) -> Iterator[tuple[object, ...]]:
    """The shares carried over and inherited by topic and ministry; a measure of two ministries counts for both."""
    for metric, ids, ends in (("carried", pair.earlier, pair.start), ("inherited", pair.later, pair.end)):
        linked = {ids[index] for index in ends.tolist()}
        for by, group_of in groups.items():
            members: dict[str, list[bool]] = {}
            for key in ids:
                for group in group_of.get(key, []):
                    members.setdefault(group, []).append(key in linked)
            for group, counted in sorted(members.items()):
                yield (by, group, *share(metric, sum(counted), len(counted)))
