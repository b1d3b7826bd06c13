"""Competition of candidate pairs: what a pair explains that better pairs of either measure leave open.

In plans that state single measures, a measure goes on in one other, rarely in two. A second partner must hold words of
its own that the first does not: so a split or a merger is told from a neighbour in a series of measures that are alike.
"""

import polars as pl

from analysis.continuity.similarity import Space

# Of a pair that is not the best of both its measures, the least share of either text that must be in what better pairs
# leave open. Far below it stand neighbours in a series, far above it parts of a split: from 0.05 to 0.2 the links of
# two invented editions hardly change, and of editions left out 0.05 does best (docs/decisions.md).
SECOND_FROM = 0.05

Words = dict[int, float]


def remainder(pairs: pl.DataFrame, space: Space) -> pl.Series:
    """Return for each pair (from_id, to_id, score) how much of it better pairs leave open, 0–1; 1 where there are none.

    Pairs are taken from the highest score on. Each that leaves SECOND_FROM or more takes the words of its partner from
    what is open in either measure. The share is that of the other measure's words, by weight, that are among the open
    ones of this measure; of both measures the smaller one.
    """
    place, known = space.place, dict[str, Words]()

    def words(measure_id: str) -> Words:
        if measure_id not in known:
            row = space.weight[place[measure_id]]
            known[measure_id] = dict(zip(row.indices.tolist(), row.data.tolist(), strict=True))
        return known[measure_id]

    covered: dict[str, set[int]] = {}
    result: dict[tuple[str, str], float] = {}
    order = pairs.sort("score", "from_id", "to_id", descending=[True, False, False])
    for from_id, to_id in order.select("from_id", "to_id").iter_rows():
        sides = (from_id, words(from_id), words(to_id)), (to_id, words(to_id), words(from_id))
        left = min(_open(own, other, covered[key]) if key in covered else 1.0 for key, own, other in sides)
        result[from_id, to_id] = left
        if left >= SECOND_FROM:
            for key, _, other in sides:
                covered.setdefault(key, set()).update(other)
    return pl.Series("rest", [result[pair] for pair in pairs.select("from_id", "to_id").iter_rows()], dtype=pl.Float64)


def _open(own: Words, other: Words, covered: set[int]) -> float:
    """The share of the other measure's words, by weight, that it has in common with this one and that are open here."""
    shared = sorted((own.keys() & other.keys()) - covered)
    return min(sum(own[word] for word in shared) / max(sum(other.values()), 1e-9), 1.0)
