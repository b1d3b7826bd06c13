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

from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.tables import editions, store

WINDOW = 2  # editions
SAMPLES = 1000  # of the bootstrap
ALL = "all"
METRICS = ("novelty", "transience", "resonance")


@dataclass(frozen=True)
class Stage:
    """An edition: its measures in order, their mixtures, and their topics (null where one fits none)."""

    name: str
    ids: list[str]
    mixtures: np.ndarray
    topics: list[str | None]


def table(measures: pl.DataFrame, mixtures: np.ndarray, window: int = WINDOW) -> pl.DataFrame:
    """Table Novelty. `mixtures` are the topic mixtures of the measures sorted by measure_id (`topics.mixtures`)."""
    line = _line(measures, mixtures, {})
    found = [store.empty("novelty")]
    for n, edition_id in enumerate(line):
        told = {
            name: _surprise(edition_id.mixtures, np.array([other.mixtures.mean(axis=0) for other in others]), window)
            for name, others in zip(METRICS, _windows(line, n, window), strict=False)
        }
        rows = pl.DataFrame({"measure_id": edition_id.ids, "edition_id": edition_id.name} | told)
        found.append(rows.with_columns(resonance=pl.col("novelty") - pl.col("transience")))
    return pl.concat(found)


def by_topic(
    measures: pl.DataFrame, mixtures: np.ndarray, assignments: pl.DataFrame, window: int = WINDOW, seed: int = 0
) -> pl.DataFrame:
    """Table Resonance: means by edition and main topic (and over all), of editions with a full window both ways.

    The intervals come from a bootstrap over the measures of every edition: who stands before and after is a sample.
    """
    topic_of = dict(assignments.filter("fits").select("measure_id", "topic_id").iter_rows())
    line = _line(measures, mixtures, topic_of)
    chance = np.random.default_rng(seed)
    counted = [_drawn(len(s.ids), chance) for s in line]
    profiles = [np.log2(counted[n] @ s.mixtures / len(s.ids)) for n, s in enumerate(line)]
    rows = []
    for n, edition_id in enumerate(line):
        before, after = (range(n - window, n), range(n + 1, n + 1 + window))
        if before[0] < 0 or after[-1] >= len(line):
            continue
        sides = [np.mean([profiles[other] for other in others], axis=0) for others in (before, after)]
        for topic in [ALL, *sorted({topic for topic in edition_id.topics if topic})]:
            inside = np.array([topic in (ALL, own) for own in edition_id.topics])
            told = _means(edition_id.mixtures[inside], counted[n][:, inside], sides)
            rows.append({"edition_id": edition_id.name, "topic_id": topic, "measures": int(inside.sum()), **told})
    return pl.DataFrame(rows, schema=store.empty("resonance").schema)


def sequence(known: list[str]) -> list[str]:
    """The editions in time, without a roadmap's items of a year whose plan is among them."""
    return [s for s in sorted(known, key=editions.place) if not (s.startswith("R") and s.removeprefix("R") in known)]


def divergence(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Kullback–Leibler divergence [bits] of mixtures (rows) from another mixture; no entry may be 0."""
    return np.asarray((one * (np.log2(one) - np.log2(other))).sum(axis=-1))


def _line(measures: pl.DataFrame, mixtures: np.ndarray, topic_of: dict[str, str]) -> list[Stage]:
    """The editions in time."""
    own = measures.sort("measure_id").with_columns(editions.column(), place=pl.int_range(pl.len()))
    own = own.filter(pl.col("repeats").is_null())
    groups = {edition_id: rows for (edition_id,), rows in own.group_by("edition_id", maintain_order=True)}
    result = []
    for edition_id in sequence(list(groups)):
        ids = groups[edition_id]["measure_id"].to_list()
        result.append(
            Stage(edition_id, ids, mixtures[groups[edition_id]["place"].to_numpy()], [topic_of.get(i) for i in ids])
        )
    return result


def _drawn(count: int, chance: np.random.Generator) -> np.ndarray:
    """How often each of `count` measures is drawn in each sample; the first row is what is: once."""
    places = chance.integers(0, count, (SAMPLES, count)) + count * np.arange(SAMPLES)[:, None]
    held = np.bincount(places.ravel(), minlength=SAMPLES * count).reshape(SAMPLES, count)
    return np.vstack([np.ones(count), held])


def _windows(line: list[Stage], n: int, window: int) -> tuple[list[Stage], list[Stage]]:
    return line[max(0, n - window) : n], line[n + 1 : n + 1 + window]


def _surprise(mixtures: np.ndarray, profiles: np.ndarray, window: int) -> pl.Series:
    """Mean divergence from the window's editions; null where the window is not full."""
    if len(profiles) < window:
        return pl.Series([None] * len(mixtures), dtype=pl.Float64)
    return pl.Series(np.mean([divergence(mixtures, profile) for profile in profiles], axis=0), dtype=pl.Float64)


def _means(mixtures: np.ndarray, counted: np.ndarray, sides: list[np.ndarray]) -> dict[str, float]:
    """Mean novelty, transience and resonance of some measures, with 95% percentile intervals.

    `counted` says how often each measure stands in each sample (first row: as they are), `sides` the logarithms of the
    editions before and after in each. Of a mixture p, KL(p | q) = Σ p log p − Σ p log q, which is linear in log q.
    """
    held = counted.sum(axis=1)
    counted, sides = counted[held > 0], [side[held > 0] for side in sides]
    mean = counted @ mixtures / held[held > 0, None]
    own = counted @ (mixtures * np.log2(mixtures)).sum(axis=1) / held[held > 0]
    novelty, transience = (own - (mean * side).sum(axis=1) for side in sides)
    result: dict[str, float] = {}
    for name, values in zip(METRICS, (novelty, transience, novelty - transience), strict=True):
        low, high = np.quantile(values[1:], [0.025, 0.975])
        result |= {name: float(values[0]), f"{name}_low": float(low), f"{name}_high": float(high)}
    return result
