"""Novelty, transience and resonance of measures (Barron, Huang, Spang & DeDeo 2018).

How far a measure's topic mixture lies from those of the editions before it (novelty) and after it (transience), and
which of the two is nearer (resonance = novelty − transience). What stands before and after are editions, an edition's
mixture being the mean of its measures'; they are compared over a window of editions. The first editions have no novelty
and the last ones no transience, since their window is not full. A roadmap's items of a year whose plan is at hand
repeat that plan and are left out, and so are repetitions (再掲).

The mixtures are nearly pure, so that a measure's novelty is nearly the rarity of its topic: −log2 of the topic's
share in the editions before. Barron and others compare single documents; mixtures as pure as these differ from each
other single document by whatever the model thinks of the least likely topics, which it was never fitted to tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.tables import editions, store, summary_statistics
from analysis.topics import assign, topic_model

WINDOW = 2  # editions
SAMPLES = 1000  # of the bootstrap
ALL = "all"
METRICS = ("novelty", "transience", "resonance")


@dataclass(frozen=True)
class Edition:
    """An edition: its measures in order, their mixtures (a row each), and their topics (null where unclear)."""

    edition_id: str
    ids: list[str]
    mixtures: np.ndarray
    topics: list[str | None]


TABLES = ("novelty", "resonance")


def tables(
    measures: pl.DataFrame, features: pl.DataFrame, assignments: pl.DataFrame, use_codings: bool = True, seed: int = 0
) -> Iterator[pl.DataFrame]:
    """Yield TABLES: `table` and `by_topic` of the mixtures that codings and the topic model give."""
    model, _ = topic_model.current(measures, features)
    mixtures = assign.mixtures(model, measures, features, use_codings)
    yield table(measures, mixtures)
    yield by_topic(measures, mixtures, assignments, seed=seed)


def table(measures: pl.DataFrame, mixtures: np.ndarray, window: int = WINDOW) -> pl.DataFrame:
    """Return table Novelty [bits].

    `mixtures` are the topic mixtures of the measures sorted by measure_id (`assign.mixtures`).
    """
    line = _in_time(measures, mixtures, {})
    tables = [store.empty("novelty")]
    for n, edition in enumerate(line):
        before, after = line[max(0, n - window) : n], line[n + 1 : n + 1 + window]
        novelty, transience = (_surprise(edition.mixtures, others, window) for others in (before, after))
        rows = pl.DataFrame({"measure_id": edition.ids, "edition_id": edition.edition_id}).with_columns(
            novelty=novelty, transience=transience, resonance=novelty - transience
        )
        tables.append(rows)
    return pl.concat(tables)


def by_topic(
    measures: pl.DataFrame, mixtures: np.ndarray, assignments: pl.DataFrame, window: int = WINDOW, seed: int = 0
) -> pl.DataFrame:
    """Return table Resonance: means by edition and main topic (and over all), of editions with a full window both ways.

    The intervals come from a bootstrap over the measures of every edition: who stands before and after is a sample.
    """
    topic_of = dict(assignments.select("measure_id", "topic_id").iter_rows())
    line = _in_time(measures, mixtures, topic_of)
    random = np.random.default_rng(seed)
    counts = [_samples(len(edition.ids), random) for edition in line]
    profiles = [np.log2(counts[n] @ edition.mixtures / len(edition.ids)) for n, edition in enumerate(line)]
    rows = []
    for n in range(window, len(line) - window):
        edition = line[n]
        sides = [np.mean(profiles[n - window : n], axis=0), np.mean(profiles[n + 1 : n + 1 + window], axis=0)]
        for topic in [ALL, *sorted({topic for topic in edition.topics if topic})]:
            inside = np.array([topic in (ALL, own) for own in edition.topics])
            means = _means(edition.mixtures[inside], counts[n][:, inside], sides)
            key = {"edition_id": edition.edition_id, "topic_id": topic, "measures": int(inside.sum())}
            rows.append(key | means)
    return pl.DataFrame(rows, schema=store.empty("resonance").schema)


def sequence(known: list[str]) -> list[str]:
    """Return the editions in time, without a roadmap's items of a year whose plan is among them."""
    return [s for s in sorted(known, key=editions.place) if not (s.startswith("R") and s.removeprefix("R") in known)]


def divergence(mixtures: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the Kullback–Leibler divergence [bits] of mixtures (rows) from another mixture; no entry may be 0."""
    return np.asarray((mixtures * (np.log2(mixtures) - np.log2(other))).sum(axis=-1))


def _in_time(measures: pl.DataFrame, mixtures: np.ndarray, topic_of: dict[str, str]) -> list[Edition]:
    """The editions in time, repetitions left out."""
    rows = measures.sort("measure_id").select("measure_id", "repeats", editions.column()).with_row_index("place")
    groups = rows.filter(pl.col("repeats").is_null()).partition_by("edition_id", as_dict=True)
    result = []
    for edition_id in sequence([key for (key,) in groups]):
        ids, places = (groups[(edition_id,)][name].to_list() for name in ("measure_id", "place"))
        result.append(Edition(edition_id, ids, mixtures[places], [topic_of.get(key) for key in ids]))
    return result


def _samples(count: int, random: np.random.Generator) -> np.ndarray:
    """How often each of `count` measures is drawn in each sample; the first row is what is: once."""
    places = random.integers(0, count, (SAMPLES, count)) + count * np.arange(SAMPLES)[:, None]
    drawn = np.bincount(places.ravel(), minlength=SAMPLES * count).reshape(SAMPLES, count)
    return np.vstack([np.ones(count), drawn])


def _surprise(mixtures: np.ndarray, others: list[Edition], window: int) -> pl.Series:
    """Mean divergence from the window's editions; null where the window is not full."""
    if len(others) < window:
        return pl.Series([None] * len(mixtures), dtype=pl.Float64)
    divergences = [divergence(mixtures, other.mixtures.mean(axis=0)) for other in others]
    return pl.Series(np.mean(divergences, axis=0), dtype=pl.Float64)


def _means(mixtures: np.ndarray, counts: np.ndarray, sides: list[np.ndarray]) -> dict[str, float]:
    """Mean novelty, transience and resonance of some measures, with 95% percentile intervals.

    `counts` says how often each measure stands in each sample (first row: as they are), `sides` the logarithms of the
    editions before and after in each. Of a mixture p, KL(p | q) = Σ p log p − Σ p log q, which is linear in log q.
    """
    drawn = counts.sum(axis=1)
    counts, sides, drawn = counts[drawn > 0], [side[drawn > 0] for side in sides], drawn[drawn > 0]
    mean = counts @ mixtures / drawn[:, None]
    own = counts @ (mixtures * np.log2(mixtures)).sum(axis=1) / drawn
    novelty, transience = (own - (mean * side).sum(axis=1) for side in sides)
    result: dict[str, float] = {}
    for name, values in zip(METRICS, (novelty, transience, novelty - transience), strict=True):
        result |= summary_statistics.percentiles(name, values[0], values[1:])
    return result
