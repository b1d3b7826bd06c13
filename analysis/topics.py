"""Topics of measures: one guided model over all editions, in feature space.

Each topic starts from the seed terms that people curate (data/curated/topics.toml) and is sharpened by the
measures that come to it: spherical k-means whose centres stay tied to their seeds. The result does not depend
on the order of the rows and needs no document.
"""

import tomllib
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix
from scipy.stats import binomtest
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize

from analysis import ministries, paths
from analysis.errors import TableFaulty

HEADING_WEIGHT = 1.0  # a heading word counts as much as a word of the text
NAME_WEIGHT = 1.0
MINISTRY_WEIGHT = 0.7
SEED_SHARE = 0.5  # how much of a centre stays with its seeds
SHARPNESS = 14.0  # of the softmax that turns similarities into weights
SECOND_SHARE = 0.5
ROUNDS = 20
MAP_SHARPNESS = 11.0
MAP_SPREAD = 0.22
TERMS_SHOWN = 12


@dataclass(frozen=True)
class Topic:
    """A topic of the curated list."""

    topic_id: str
    name_en: str
    name_ja: str
    seeds: tuple[str, ...]


def curated() -> list[Topic]:
    """The list of topics. Raises TableFaulty where data/curated/topics.toml is faulty."""
    file = paths.curated() / "topics.toml"
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8"))["topic"]
        topics = [Topic(**{**row, "seeds": tuple(row["seeds"])}) for row in rows]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise TableFaulty(f"{file} cannot be read ({error}): mend it or restore it with git") from error
    if len({topic.topic_id for topic in topics}) < max(len(topics), 2):
        raise TableFaulty(f"{file} needs two topics or more, each with an id of its own")
    return topics


def bags(features: pl.DataFrame, measures: pl.DataFrame) -> list[dict[str, float]]:
    """Weighted terms of each measure, in the order of `features`: words, headings, names, ministries."""
    named = dict(zip(measures["measure_id"], measures["ministries"].to_list(), strict=True))
    result = []
    for row in features.iter_rows(named=True):
        bag: dict[str, float] = {}
        for term, count in zip(row["terms"], row["term_counts"], strict=True):
            bag[term] = bag.get(term, 0.0) + 1 + np.log(count)
        for term in row["heading_terms"]:
            bag[term] = bag.get(term, 0.0) + HEADING_WEIGHT
        for name in row["names"]:
            bag[name] = bag.get(name, 0.0) + NAME_WEIGHT
        for name in named[row["measure_id"]]:
            bag[ministries.body_of(name)] = bag.get(ministries.body_of(name), 0.0) + MINISTRY_WEIGHT
        result.append(bag)
    return result


def matrix(bag_list: list[dict[str, float]], topics: list[Topic]) -> tuple[csr_matrix, csr_matrix, list[str]]:
    """TF-IDF rows of the measures and of the topics' seeds, unit length, and the vocabulary."""
    vectorizer = DictVectorizer(sort=True)
    counts = vectorizer.fit_transform(bag_list)
    weights = TfidfTransformer(sublinear_tf=False).fit(counts)
    seeds = vectorizer.transform([dict.fromkeys(topic.seeds, 1.0) for topic in topics])
    return weights.transform(counts), weights.transform(seeds), list(vectorizer.get_feature_names_out())


def similarities(rows: csr_matrix, seeds: csr_matrix) -> tuple[np.ndarray, csr_matrix]:
    """Cosine of each measure with each topic's centre, shape (measures, topics), and the centres."""
    centres, labels = seeds, None
    for _ in range(ROUNDS):
        found = np.asarray((rows @ centres.T).todense())
        chosen = found.argmax(axis=1)
        if labels is not None and np.array_equal(chosen, labels):
            break
        labels = chosen
        weight = found.max(axis=1)
        member = csr_matrix((weight, (labels, np.arange(rows.shape[0]))), shape=(seeds.shape[0], rows.shape[0]))
        means = normalize(member @ rows)
        centres = normalize(SEED_SHARE * seeds + (1 - SEED_SHARE) * means)
    return np.asarray((rows @ centres.T).todense()), centres


def assign(measures: pl.DataFrame, features: pl.DataFrame, seed: int = 0) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Tables Topics and Assignments. `seed` is for the map's projection alone: topics do not depend on chance."""
    features = features.sort("measure_id")
    topics = curated()
    rows, seeds, vocabulary = matrix(bags(features, measures), topics)
    found, centres = similarities(rows, seeds)
    share = np.exp(SHARPNESS * found)
    share /= share.sum(axis=1, keepdims=True)
    order = np.argsort(-share, axis=1, kind="stable")
    names = [topic.topic_id for topic in topics]
    second = [
        names[two] if share[i, two] >= SECOND_SHARE * share[i, one] else None
        for i, (one, two) in enumerate(order[:, :2])
    ]
    places = _map(rows, found, centres, seed)
    assignments = pl.DataFrame(
        {
            "measure_id": features["measure_id"],
            "topic_id": [names[one] for one in order[:, 0]],
            "probability": share.max(axis=1),
            "second_topic": pl.Series(second, dtype=pl.String),
            "x": places[:, 0],
            "y": places[:, 1],
        }
    )
    counts = np.bincount(order[:, 0], minlength=len(topics))
    terms = _distinctive(centres, vocabulary)
    table = pl.DataFrame(
        {
            "topic_id": names,
            "name_en": [topic.name_en for topic in topics],
            "name_ja": [topic.name_ja for topic in topics],
            "measures": counts,
            "terms": terms,
        }
    )
    return table, assignments


def _distinctive(centres: csr_matrix, vocabulary: list[str]) -> list[list[str]]:
    """Terms that weigh more in a topic's centre than in the others', strongest first."""
    dense = np.asarray(centres.todense())
    contrast = dense - (dense.sum(axis=0) - dense) / max(len(dense) - 1, 1)
    result = []
    for row in contrast:
        ranked = sorted(range(len(vocabulary)), key=lambda i: (-round(float(row[i]), 6), vocabulary[i]))
        result.append([vocabulary[i] for i in ranked[:TERMS_SHOWN] if row[i] > 0])
    return result


def _map(rows: csr_matrix, found: np.ndarray, centres: csr_matrix, seed: int) -> np.ndarray:
    """Two coordinates a measure, for looking only: topics on a circle, each measure drawn to those it is like.

    What the topics leave open is filled by the wording's own two main directions, scaled small.
    """
    angle = 2 * np.pi * np.argsort(_round_trip(centres)) / centres.shape[0]
    corners = np.column_stack([np.cos(angle), np.sin(angle)])
    pull = np.exp(MAP_SHARPNESS * found)
    drawn = (pull / pull.sum(axis=1, keepdims=True)) @ corners
    flat = TruncatedSVD(n_components=2, algorithm="arpack", random_state=seed).fit_transform(rows)
    flat = flat - flat.mean(axis=0)
    return np.asarray(drawn + MAP_SPREAD * flat / np.maximum(np.abs(flat).max(axis=0), 1e-12))


def _round_trip(centres: csr_matrix) -> list[int]:
    """An order of the topics in which neighbours are alike: from the first on, always to the nearest one left."""
    alike = np.asarray((centres @ centres.T).todense())
    order = [0]
    while len(order) < len(alike):
        left = [topic for topic in range(len(alike)) if topic not in order]
        order.append(max(left, key=lambda topic: (round(float(alike[order[-1], topic]), 9), -topic)))
    return order


def shares(measures: pl.DataFrame, assignments: pl.DataFrame, topics: pl.DataFrame) -> pl.DataFrame:
    """Share of each edition's measures by main topic with 95 % Wilson intervals.

    Columns: topic_id, name_en, name_ja, edition, measures, share, low, high. A measure that repeats another of
    its edition (再掲) is counted once.
    """
    own = measures.filter(~pl.col("repeated") & pl.col("part").is_in(["body", "summary"])).select(
        "measure_id", "edition"
    )
    joined = own.join(assignments.select("measure_id", "topic_id"), on="measure_id")
    totals = dict(joined.group_by("edition").len().iter_rows())
    counts = {
        (edition, topic): count for edition, topic, count in joined.group_by("edition", "topic_id").len().iter_rows()
    }
    rows = []
    for topic in topics.sort("topic_id").iter_rows(named=True):
        for edition in sorted(totals):
            count, total = counts.get((edition, topic["topic_id"]), 0), totals[edition]
            low, high = interval(count, total)
            names = {key: topic[key] for key in ("topic_id", "name_en", "name_ja")}
            rows.append(
                {**names, "edition": edition, "measures": count, "share": count / total, "low": low, "high": high}
            )
    return pl.DataFrame(rows)


def interval(count: int, total: int) -> tuple[float, float]:
    """95 % Wilson interval of a share."""
    if total == 0:
        return 0.0, 1.0
    found = binomtest(count, total).proportion_ci(method="wilson")
    return float(found.low), float(found.high)


def points(measures: pl.DataFrame, assignments: pl.DataFrame, topics: pl.DataFrame) -> pl.DataFrame:
    """The map's points: measure_id, edition, section, x, y, topic_id, name_en, name_ja."""
    return (
        assignments.select("measure_id", "topic_id", "x", "y")
        .join(measures.select("measure_id", "edition", "section"), on="measure_id")
        .join(topics.select("topic_id", "name_en", "name_ja"), on="topic_id")
        .sort("measure_id")
    )
