"""What each measure is about: its coding where somebody coded it, else what the topic model says, else unclear."""

from collections.abc import Iterator

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix
from sklearn.cluster import AgglomerativeClustering
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize

from analysis.extraction.text_features import HIRAGANA
from analysis.tables import store, summary_statistics
from analysis.tables.categories import UNCLEAR
from analysis.topics import topic_model
from analysis.topics.topic_model import DIGITS, NONE, Model, Term

CODED = 0.95  # of a coded measure's mixture stands with its topic; the rest follows the model, so that none is 0
TERMS_SHOWN = 12
TYPICAL = 3
MAP_DRAWN, MAP_SPREAD = 0.5, 0.22  # the power of probabilities that place measures on the map, and the wording's share
COHERENCE_TERMS = 8
NAMED_PART = 0.25  # the share of a topic's measures that, gone elsewhere together, makes it split
NEAR = 0.8  # cosine distance up to which unclear measures are grouped
TABLES = ("assignments", "topic_model", "topics", "sub_topics")


def tables(
    measures: pl.DataFrame, features: pl.DataFrame, use_codings: bool = True, refit: bool = False
) -> Iterator[pl.DataFrame]:
    """Yield TABLES: the topic of each measure, the model that assigns, and what topics and sub-topics are made of.

    `refit` fits the model anew, even where neither codings nor topics have changed.
    """
    model, _ = topic_model.current(measures, features, refit)
    assignments = store.settled("assignments", table(model, measures, features, use_codings))
    yield assignments
    yield topic_model.model_table(model)
    yield topics(assignments, measures, features)
    yield sub_topics(assignments, measures)


def table(model: Model, measures: pl.DataFrame, features: pl.DataFrame, use_codings: bool = True) -> pl.DataFrame:
    """Return the topic of each measure (schema Assignments), sorted by measure_id.

    Without codings all topics are the model's, of coded measures those of a model that did not see their document.
    """
    features = features.sort("measure_id")
    coded = _coded(measures).filter(use_codings)
    codings = features.select("measure_id").join(coded, on="measure_id", how="left", maintain_order="left")
    likely = likelihoods(model, measures, features)
    best = pl.Series([model.topics[n] for n in likely.argmax(axis=1)], dtype=pl.String)
    clear = pl.Series(likely.max(axis=1) >= model.clear_from)
    by_model = pl.col("basis").is_null()
    of_none = pl.col("topic") == NONE
    rows = codings.with_columns(
        topic_id=pl.when(by_model).then(pl.when(clear).then(best)).when(~of_none).then("topic"),
        second_topic=pl.when(~of_none & (pl.col("second_topic") != NONE)).then("second_topic"),
        basis=pl.col("basis").fill_null("model"),
    )
    rows = rows.with_columns(unclear=pl.col("topic_id").is_null())
    places = [model.topics.index(topic) for topic in rows.select(pl.coalesce("topic_id", best)).to_series()]
    points = _map(model, likely, measures, features)
    return rows.select(
        "measure_id", "topic_id", "second_topic", "sub_topic", "basis",
        pl.Series("probability", likely[np.arange(len(rows)), places].round(DIGITS), dtype=pl.Float64),
        "unclear",
        x=pl.Series(points[:, 0]), y=pl.Series(points[:, 1]),
    )  # fmt: skip


def likelihoods(model: Model, measures: pl.DataFrame, features: pl.DataFrame) -> np.ndarray:
    """Return how probable the model finds each topic of each measure, sorted by measure_id, shape (measures, topics).

    A coded measure is judged by a model that did not see its document.
    """
    features = features.sort("measure_id")
    result = model.probabilities(topic_model.bags(measures, features))
    coded = _coded(measures)
    seen = features["measure_id"].is_in(coded["measure_id"].implode()).to_numpy()
    if seen.any():
        result[seen] = topic_model.unseen(coded, measures, features)
    return result


def mixtures(model: Model, measures: pl.DataFrame, features: pl.DataFrame, use_codings: bool = True) -> np.ndarray:
    """Return the topic mixture of each measure, sorted by measure_id: CODED for a coded topic, the rest as the model
    has it; of measures that are not coded, or without codings, all of it."""
    features = features.sort("measure_id")
    result = likelihoods(model, measures, features)
    coded = _coded(measures).filter(use_codings, pl.col("topic") != NONE)
    topic_of = dict(coded.select("measure_id", "topic").iter_rows())
    for row, measure_id in enumerate(features["measure_id"]):
        if measure_id in topic_of:
            result[row] *= 1 - CODED
            result[row, model.topics.index(topic_of[measure_id])] += CODED
    return result


def _coded(measures: pl.DataFrame) -> pl.DataFrame:
    return topic_model.codings(measures)


def _map(model: Model, likely: np.ndarray, measures: pl.DataFrame, features: pl.DataFrame) -> np.ndarray:
    """Two coordinates a measure, for looking only: topics on a circle, each measure drawn to those it may be about.

    What the topics leave open is filled by the wording's own two main directions, scaled small.
    """
    bags = topic_model.bags(measures, features)
    rows = topic_model.unit_rows(bags, *topic_model.vocabulary(bags))
    count = len(model.topics)
    angle = 2 * np.pi * np.argsort(_round_trip(normalize(csr_matrix(likely.T) @ rows))) / count
    drawn = normalize(likely**MAP_DRAWN, norm="l1") @ np.column_stack([np.cos(angle), np.sin(angle)])
    if min(rows.shape) < 3:  # too few to have directions
        return np.asarray(drawn)
    flat = TruncatedSVD(n_components=2, algorithm="arpack", random_state=0).fit_transform(rows)
    flat = flat - flat.mean(axis=0)
    return np.asarray(drawn + MAP_SPREAD * flat / np.maximum(np.abs(flat).max(axis=0), 1e-12))


def _round_trip(centres: csr_matrix) -> list[int]:
    """An order of the topics in which neighbours are alike: from the first on, always to the nearest one left."""
    similarity = np.asarray((centres @ centres.T).todense()).round(9)
    order = [0]
    while left := set(range(len(similarity))) - set(order):
        order.append(max(left, key=lambda topic: (similarity[order[-1], topic], -topic)))
    return order


# --- what the topics are ---------------------------------------------------------------------------------------


def topics(assignments: pl.DataFrame, measures: pl.DataFrame, features: pl.DataFrame) -> pl.DataFrame:
    """Return the topics with their sizes, terms, typical measures and coherence (schema Topics)."""
    features = _of_plans(measures, features)
    bags = topic_model.bags(measures, features)
    terms, idf = topic_model.vocabulary(bags)
    rows = topic_model.unit_rows(bags, terms, idf)
    assignments = assignments.join(features.select("measure_id"), on="measure_id", how="semi").sort("measure_id")
    result = []
    for place, topic in enumerate(topic_model.topics()):
        inside = (assignments["topic_id"] == topic.category_id).fill_null(False)
        best = assignments.filter(inside).sort(["probability", "measure_id"], descending=[True, False])
        shown = _distinctive(rows, inside.to_numpy(), terms)
        result.append(
            {
                "topic_id": topic.category_id, "place": place, "name_en": topic.name_en, "name_ja": topic.name_ja,
                "measures": int(inside.sum()), "terms": shown, "typical": best["measure_id"].head(TYPICAL).to_list(),
                "coherence": coherence(shown[:COHERENCE_TERMS], features),
            }
        )  # fmt: skip
    return pl.DataFrame(result, schema=store.empty("topics").schema)


def sub_topics(assignments: pl.DataFrame, measures: pl.DataFrame) -> pl.DataFrame:
    """Return the share of each edition's measures by sub-topic with 95% Wilson intervals (schema SubTopics).

    Measures are counted as in `summary_statistics.shares`; editions of which nobody coded any are left out.
    """
    names = pl.DataFrame(
        [
            (sub.category_id, place, sub.name_en, sub.name_ja, topic.category_id)
            for topic in topic_model.topics()
            for place, sub in enumerate(topic.sub_categories)
        ],
        schema={"sub_topic": pl.String, "place": pl.Int64, "name_en": pl.String, "name_ja": pl.String,
                "topic_id": pl.String}, orient="row",
    )  # fmt: skip
    named = assignments.select("measure_id", topic_id="sub_topic")
    shares = summary_statistics.shares(
        measures, named, names.select("name_en", "name_ja", topic_id="sub_topic")
    ).rename({"topic_id": "sub_topic"})
    coded = shares.filter(pl.col("measures").sum().over("edition") > 0)
    columns = store.empty("sub_topics").columns
    return coded.join(names.drop("name_en", "name_ja"), on="sub_topic").select(columns)


def _of_plans(measures: pl.DataFrame, features: pl.DataFrame) -> pl.DataFrame:
    """Features of what the plans and summaries state, sorted; roadmaps repeat it and would count it twice."""
    return features.join(summary_statistics.stated(measures), on="measure_id", how="semi").sort("measure_id")


def _distinctive(rows: csr_matrix, inside: np.ndarray, terms: list[Term]) -> list[str]:
    """Words that tell the topic's measures from the others, strongest first.

    A term weighs its part in the difference (Kullback–Leibler) between the two mean measures. Of a compound and a
    part of it that hardly says more, the compound is shown.
    """
    if not inside.any() or inside.all() or not terms:
        return []
    mean, others = (np.asarray(rows[mask].mean(axis=0)).ravel() for mask in (inside, ~inside))
    floor = 0.1 * mean.max()  # a word that the others lack altogether is no better than one they hardly have
    weight = mean * np.log((mean + 1e-12) / (others + 0.01 * floor))
    ranked = sorted(range(len(terms)), key=lambda i: (-round(float(weight[i]), 9), terms[i]))
    shown: dict[str, float] = {}
    for i in ranked:
        block, term = terms[i]
        if block != "text" or weight[i] <= 0 or len(term) == 1 or HIRAGANA.match(term):
            continue  # a person learns nothing from it
        if len(shown) == TERMS_SHOWN:
            break
        if not any(term in longer for longer in shown):
            parts = [part for part in shown if part in term and weight[i] > 0.6 * shown[part]]
            shown = {key: value for key, value in shown.items() if key not in parts} | {term: float(weight[i])}
    return list(shown)


def coherence(terms: list[str], features: pl.DataFrame) -> float:
    """Return the mean NPMI of the pairs of terms over measures: -1 (never together) to 1 (always together)."""
    if len(terms) < 2:
        return 0.0
    held = [{*names, *words} for names, words in features.select("names", "terms").iter_rows()]
    holds = np.array([[term in words for words in held] for term in terms], dtype=float)
    both = (holds @ holds.T / len(held))[np.tril_indices(len(terms), -1)]
    alone = np.outer(holds.mean(axis=1), holds.mean(axis=1))[np.tril_indices(len(terms), -1)]
    together = (both > 0) & (both < 1)
    npmi = np.where(both > 0, 1.0, -1.0)
    npmi[together] = np.log(both[together] / alone[together]) / -np.log(both[together])
    return float(npmi.mean())


def candidates(assignments: pl.DataFrame, measures: pl.DataFrame, features: pl.DataFrame) -> pl.DataFrame:
    """Return the measures whose topic is unclear, in groups of like ones: group, measure_id, terms.

    They are candidates for new topics.
    """
    unclear = assignments.filter("unclear")["measure_id"].implode()
    left = _of_plans(measures, features).filter(pl.col("measure_id").is_in(unclear))
    groups = [0] * len(left)
    if len(left) > 1:
        bags = topic_model.bags(measures, left)
        terms = sorted({term for bag in bags for term in bag})
        rows = np.asarray(topic_model.unit_rows(bags, terms, np.ones(len(terms))).todense())
        alike = AgglomerativeClustering(n_clusters=None, metric="cosine", linkage="average", distance_threshold=NEAR)
        groups = alike.fit_predict(rows).tolist()
    number = {group: n for n, group in enumerate(dict.fromkeys(groups), start=1)}
    shown = pl.concat_list("names", "terms").list.unique(maintain_order=True).list.head(TERMS_SHOWN)
    numbers = pl.Series("group", [number[group] for group in groups], dtype=pl.Int64)
    return left.select(numbers, "measure_id", terms=shown)


# --- what a refit changes --------------------------------------------------------------------------------------


def changes(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return what moved between two assignments: old topic, new topic (or UNCLEAR), measures."""
    pairs = _named(before).rename({"topic_id": "old"}).join(_named(after).rename({"topic_id": "new"}), on="measure_id")
    return pairs.filter(pl.col("old") != pl.col("new")).group_by("old", "new").len("measures").sort("old", "new")


def identities(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return what became of each topic between two assignments, over all measures (rows of roadmaps, too).

    Columns: topic_id, status (kept; split: a part worth naming went elsewhere; merged: most of it went into another;
    vanished: it is no more and its measures are scattered; new), measures (before), kept (share of them that stayed),
    into (the other topics, or UNCLEAR, that took a part worth naming, the largest first).
    """
    before, after = _named(before).filter(pl.col("topic_id") != UNCLEAR), _named(after)
    moves = (
        before.join(after.rename({"topic_id": "new"}), on="measure_id")
        .group_by("topic_id", "new")
        .len("moved")
        .with_columns(share=pl.col("moved") / pl.col("moved").sum().over("topic_id"))
        .sort("share", "new", descending=[True, False])
    )
    stayed, gone = pl.col("new") == pl.col("topic_id"), pl.col("new") != pl.col("topic_id")
    status = (
        pl.when(pl.col("share").filter(gone).max().fill_null(0) > 0.5)
        .then(pl.lit("merged"))
        .when((gone & (pl.col("share") >= NAMED_PART)).any())
        .then(pl.lit("split"))
        .when(~stayed.any())
        .then(pl.lit("vanished"))
        .otherwise(pl.lit("kept"))
    )
    known = moves.group_by("topic_id").agg(
        status=status,
        measures=pl.col("moved").sum(),
        kept=pl.col("share").filter(stayed).sum(),
        into=pl.col("new").filter(gone & (pl.col("share") >= NAMED_PART)),
    )
    new = after.filter(pl.col("topic_id") != UNCLEAR).select("topic_id").unique()
    new = new.join(known, on="topic_id", how="anti").with_columns(status=pl.lit("new"))
    return pl.concat([known, new], how="diagonal").sort("topic_id")


def _named(assignments: pl.DataFrame) -> pl.DataFrame:
    return assignments.select("measure_id", pl.col("topic_id").fill_null(UNCLEAR))
