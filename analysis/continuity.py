"""Which measures of one edition go on in another, and what became of the rest.

Candidates come from wording, words and names (TF-IDF cosines over all editions, so that boilerplate weighs
little); a pair's score is a logistic curve over its evidence whose few coefficients were fitted once on
hand-labelled pairs (`docs/decisions.md` says how) and are committed in data/curated/continuity.toml.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfTransformer

from analysis import counts, ministries, tables
from analysis.coefficients import EVIDENCE, Judge, judge
from analysis.features import BUCKETS

CANDIDATES = 15  # best partners of a measure, each way, that are looked at more closely


@dataclass(frozen=True)
class Space:
    """Measures as unit rows of three spaces, in the order of `ids`."""

    ids: list[str]
    wording: csr_matrix
    words: csr_matrix
    names: csr_matrix
    families: list[frozenset[str]]
    topics: list[str]


def space(measures: pl.DataFrame, features: pl.DataFrame, assignments: pl.DataFrame) -> Space:
    """Measures of all editions in feature space; weights (IDF) are taken over all of them."""
    joined = features.join(measures.select("measure_id", "ministries"), on="measure_id").join(
        assignments.select("measure_id", "topic_id"), on="measure_id"
    )
    joined = joined.sort("measure_id")
    return Space(
        ids=joined["measure_id"].to_list(),
        wording=_weighted(_counts(joined["grams"].to_list(), joined["gram_counts"].to_list(), BUCKETS)),
        words=_weighted(_vocabulary(joined["terms"].to_list(), joined["term_counts"].to_list())),
        names=_weighted(_vocabulary(joined["names"].to_list(), None)),
        families=[frozenset(map(ministries.family, names)) for names in joined["ministries"].to_list()],
        topics=joined["topic_id"].to_list(),
    )


def _weighted(counts: csr_matrix) -> csr_matrix:
    return csr_matrix(TfidfTransformer(sublinear_tf=True).fit_transform(counts))


def _counts(columns: list[list[int]], values: list[list[int]], width: int) -> csr_matrix:
    pointers = np.concatenate([[0], np.cumsum([len(row) for row in columns])])
    flat = np.concatenate([np.asarray(row, dtype=np.int64) for row in columns] or [np.empty(0, dtype=np.int64)])
    data = np.concatenate([np.asarray(row, dtype=float) for row in values] or [np.empty(0)])
    return csr_matrix((data, flat, pointers), shape=(len(columns), width))


def _vocabulary(terms: list[list[str]], counts: list[list[int]] | None) -> csr_matrix:
    known = {term: index for index, term in enumerate(sorted({term for row in terms for term in row}))}
    columns = [[known[term] for term in row] for row in terms]
    return _counts(columns, counts or [[1] * len(row) for row in columns], max(len(known), 1))


def pairs(found: Space, earlier: list[str], later: list[str]) -> pl.DataFrame:
    """Candidate pairs of two editions with their evidence: from_id, to_id and the columns of EVIDENCE."""
    place = {measure_id: index for index, measure_id in enumerate(found.ids)}
    rows, columns = ([place[measure_id] for measure_id in sorted(ids)] for ids in (earlier, later))
    cosines = {
        name: np.asarray((matrix[rows] @ matrix[columns].T).todense())
        for name, matrix in (("wording", found.wording), ("words", found.words), ("names", found.names))
    }
    blend = cosines["wording"] + cosines["words"] + cosines["names"]
    picked = _best(blend, CANDIDATES) | _best(blend.T, CANDIDATES).T
    result = [
        {
            "from_id": found.ids[rows[i]],
            "to_id": found.ids[columns[j]],
            **{name: float(min(cosine[i, j], 1.0)) for name, cosine in cosines.items()},
            "ministries": _overlap(found.families[rows[i]], found.families[columns[j]]),
            "topic": found.topics[rows[i]] == found.topics[columns[j]],
        }
        for i, j in zip(*np.nonzero(picked), strict=True)
    ]
    schema = {"from_id": pl.String, "to_id": pl.String, **dict.fromkeys(EVIDENCE, pl.Float64), "topic": pl.Boolean}
    return pl.DataFrame(result, schema=schema)


def _best(blend: np.ndarray, count: int) -> np.ndarray:
    """Boolean mask of each row's best columns; ties go to the earlier column."""
    mask = np.zeros_like(blend, dtype=bool)
    order = np.argsort(-blend, axis=1, kind="stable")[:, :count]
    np.put_along_axis(mask, order, True, axis=1)
    return mask & (blend > 0)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    union = one | other
    return len(one & other) / len(union) if union else 0.0


def scores(evidence: pl.DataFrame, judged: Judge) -> pl.Series:
    """The probability that each pair is linked."""
    total = pl.lit(judged.intercept)
    for name, weight in judged.weights.items():
        total = total + pl.col(name).cast(pl.Float64) * weight
    return evidence.select((1 / (1 + (-total).exp())).alias("score"))["score"]


def link(
    measures: pl.DataFrame, features: pl.DataFrame, assignments: pl.DataFrame, strictness: float = 1.0
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Tables Links and Fates between every two editions (roadmap parts aside).

    `strictness` multiplies the committed thresholds: 1.5 asks for half as much again, 0.5 for half.
    """
    plans = counts.stated(measures)
    found, judged = space(plans, features, assignments), judge()
    judged = replace(judged, same=judged.same * strictness, successor=judged.successor * strictness)
    editions = plans["edition"].unique().sort().to_list()
    ids = {edition: plans.filter(pl.col("edition") == edition)["measure_id"].to_list() for edition in editions}
    all_links, all_fates = [tables.empty("links")], [tables.empty("fates")]
    for index, earlier in enumerate(editions):
        for later in editions[index + 1 :]:
            evidence = pairs(found, ids[earlier], ids[later])
            scored = evidence.with_columns(scores(evidence, judged).alias("score"))
            links = _links(scored, judged, earlier, later)
            all_links.append(links)
            all_fates.append(_fates(scored, links, ids[earlier], earlier, later, forward=True))
            all_fates.append(_fates(scored, links, ids[later], later, earlier, forward=False))
    return pl.concat(all_links), pl.concat(all_fates)


def _links(scored: pl.DataFrame, judged: Judge, earlier: int, later: int) -> pl.DataFrame:
    return (
        scored.filter(pl.col("score") >= judged.successor)
        .with_columns(
            from_edition=pl.lit(earlier, dtype=pl.Int64),
            to_edition=pl.lit(later, dtype=pl.Int64),
            relation=pl.when(pl.col("score") >= judged.same).then(pl.lit("same")).otherwise(pl.lit("successor")),
        )
        .select(tables.empty("links").columns)
    )


def _fates(
    scored: pl.DataFrame, links: pl.DataFrame, ids: list[str], edition: int, other: int, *, forward: bool
) -> pl.DataFrame:
    """What became of (forward) or came before (backward) each measure of an edition."""
    own = "from_id" if forward else "to_id"
    best = scored.group_by(own).agg(pl.col("score").max().alias("best_score"))
    linked = links.group_by(own).agg(
        pl.len().cast(pl.Int64).alias("links"), (pl.col("relation") == "same").any().alias("same")
    )
    kept, lost = ("continued", "ended") if forward else ("continuing", "new")
    fate = (
        pl.when(pl.col("same"))
        .then(pl.lit(kept))
        .when(pl.col("links") > 0)
        .then(pl.lit("evolved"))
        .otherwise(pl.lit(lost))
    )
    return (
        pl.DataFrame({"measure_id": ids}, schema={"measure_id": pl.String})
        .join(best, left_on="measure_id", right_on=own, how="left")
        .join(linked, left_on="measure_id", right_on=own, how="left")
        .with_columns(pl.col("best_score", "links").fill_null(0), pl.col("same").fill_null(False))
        .with_columns(edition=pl.lit(edition, dtype=pl.Int64), other_edition=pl.lit(other, dtype=pl.Int64), fate=fate)
        .select(tables.empty("fates").columns)
        .sort("measure_id")
    )
