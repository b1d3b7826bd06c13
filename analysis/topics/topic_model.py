"""Topics of measures: one guided model over all editions, in feature space.

Each topic starts from the seed terms that people curate (data/curated/topics.toml, the most telling first) and is
sharpened by the measures that come to it: spherical k-means whose centres stay tied to their seeds. A fitted model is
a table (`topic_model`): measures of a new edition are assigned by it without moving the old ones. Nothing depends on
the order of the rows, on chance, or on the documents.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix, hstack
from scipy.special import softmax
from sklearn.cluster import AgglomerativeClustering
from sklearn.decomposition import TruncatedSVD
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import normalize

from analysis.base import curated as files
from analysis.base import paths
from analysis.base.errors import TableFaulty
from analysis.extraction.text_features import HIRAGANA
from analysis.tables import ministries, store, summary_statistics
from analysis.topics.scale import agreement_with_hand, scale

# How much each kind of feature weighs in the similarity of a measure and a topic. Headings count by themselves, however
# long the text under them is; ministries only tip the scales.
BLOCKS = {"heading": 0.35, "ministry": 0.1, "text": 1.0}  # in the order of the terms
SEED_SHARE = 0.85  # how much of a centre stays with its seeds; less, and bootstrap samples disagree
SEED_DECAY = 0.5  # the n-th seed weighs n to the minus this
RARE = 2  # a term of fewer measures says nothing about similarity
ROUNDS = 20
TERMS_SHOWN = 12
TYPICAL = 3
MAP_SHARPNESS, MAP_SPREAD = 11.0, 0.22
BOOTSTRAPS = 20
COHERENCE_TERMS = 8
NAMED_PART = 0.25  # the share of a topic's measures that, gone elsewhere together, makes it split
NEAR = 0.8  # cosine distance up to which measures without a topic are grouped

Term = tuple[str, str]  # block and word, compound name or body
Bag = dict[Term, float]


@dataclass(frozen=True)
class Topic:
    """A topic of the curated list."""

    topic_id: str
    name_en: str
    name_ja: str
    seeds: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """A fitted model: rows of `centres` are topics, columns the terms, sorted, with their weights (IDF)."""

    topics: list[str]
    terms: list[Term]
    idf: np.ndarray
    centres: csr_matrix

    def rows(self, measures: pl.DataFrame, features: pl.DataFrame) -> csr_matrix:
        """Return the measures, in the order of `features`, as unit rows over the model's terms."""
        return _rows(bags(measures, features), self.terms, self.idf)


def curated() -> list[Topic]:
    """Return the curated list of topics. Raises TableFaulty where data/curated/topics.toml is faulty."""
    file = paths.curated() / "topics.toml"
    topics = files.entries(Topic, files.toml(file).get("topic", "no [[topic]]"), file)
    if len({topic.topic_id for topic in topics}) < max(len(topics), 2):
        raise TableFaulty(f"{file} needs two topics or more, each with an id of its own")
    return topics


# --- features --------------------------------------------------------------------------------------------------


def bags(measures: pl.DataFrame, features: pl.DataFrame) -> list[Bag]:
    """Return weighted terms of each measure, in the order of `features`: words and names, headings, ministries."""
    in_charge = dict(measures.select("measure_id", "ministries").iter_rows())
    result = []
    for row in features.iter_rows(named=True):
        bag = {("text", term): 1 + np.log(n) for term, n in zip(row["terms"], row["term_counts"], strict=True)}
        bag |= {("text", name): 1.0 for name in row["names"]}
        bag |= {("heading", term): 1.0 for term in row["heading_terms"]}
        bag |= {("ministry", ministries.body_of(name)): 1.0 for name in in_charge[row["measure_id"]]}
        result.append(bag)
    return result


def _rows(bag_list: list[Bag], terms: list[Term], idf: np.ndarray) -> csr_matrix:
    """Unit rows: within each block weighted and of unit length, then blocks weighted. Unknown terms are left out."""
    place = {term: index for index, term in enumerate(terms)}
    entries = [
        (n, place[term], w) for n, bag in enumerate(bag_list) for term, w in sorted(bag.items()) if term in place
    ]
    rows, columns, weights = zip(*entries, strict=True) if entries else ((), (), ())
    weighted = csr_matrix((weights, (rows, columns)), shape=(len(bag_list), len(terms)), dtype=float)
    weighted = weighted.multiply(idf).tocsr()
    of_block = np.array([block for block, _ in terms])
    blocks = [
        normalize(weighted[:, of_block == block]) * np.sqrt(weight)
        for block, weight in BLOCKS.items()
        if block in of_block
    ]
    return normalize(hstack(blocks).tocsr())


def _vocabulary(bag_list: list[Bag]) -> tuple[list[Term], np.ndarray]:
    """Terms of at least RARE measures, sorted, and their IDF; headings and ministries are weighted alike."""
    frequency = Counter(term for bag in bag_list for term in bag)
    terms = sorted(term for term, count in frequency.items() if count >= RARE)
    idf = [1 + np.log((1 + len(bag_list)) / (1 + frequency[term])) if term[0] == "text" else 1.0 for term in terms]
    return terms, np.array(idf)


# --- the model -------------------------------------------------------------------------------------------------


def fit(measures: pl.DataFrame, features: pl.DataFrame) -> Model:
    """Fit the curated topics to the measures of all editions; roadmaps, which repeat measures, are left out."""
    bag_list, topics = bags(measures, _of_plans(measures, features)), curated()
    terms, idf = _vocabulary(bag_list)
    centres = _fit(_rows(bag_list, terms, idf), _seed_rows(topics, terms, idf))
    return Model([topic.topic_id for topic in topics], terms, idf, centres)


def _of_plans(measures: pl.DataFrame, features: pl.DataFrame) -> pl.DataFrame:
    """Features of what the plans and summaries state, sorted; roadmaps repeat it and would count it twice."""
    return features.join(summary_statistics.stated(measures), on="measure_id", how="semi").sort("measure_id")


def _fit(rows: csr_matrix, seeds: csr_matrix) -> csr_matrix:
    """The centres of the topics, which begin with their seeds and stay tied to them."""
    centres, labels = seeds, None
    for _ in range(ROUNDS):
        similarity = _cosines(rows, centres)
        nearest = similarity.argmax(axis=1)
        if labels is not None and np.array_equal(nearest, labels):
            break
        labels = nearest
        pull = (similarity.max(axis=1), (labels, np.arange(rows.shape[0])))
        means = normalize(csr_matrix(pull, shape=(seeds.shape[0], rows.shape[0])) @ rows)
        centres = normalize(SEED_SHARE * seeds + (1 - SEED_SHARE) * means)
    return csr_matrix(centres)


def _seed_rows(topics: list[Topic], terms: list[Term], idf: np.ndarray) -> csr_matrix:
    """Topics as rows, by their seeds: a seed counts in texts and in headings."""
    seeds = [
        {(block, seed): n**-SEED_DECAY for block in ("text", "heading") for n, seed in enumerate(topic.seeds, start=1)}
        for topic in topics
    ]
    return _rows(seeds, terms, idf)


def likeness(model: Model, measures: pl.DataFrame, features: pl.DataFrame) -> np.ndarray:
    """Return the cosine of each measure (in the order of `features`) with each topic, shape (measures, topics)."""
    return _cosines(model.rows(measures, features), model.centres)


def _cosines(rows: csr_matrix, centres: csr_matrix) -> np.ndarray:
    return np.asarray((rows @ centres.T).todense())


def mixtures(model: Model, measures: pl.DataFrame, features: pl.DataFrame) -> np.ndarray:
    """Return the topic mixture of each measure, sorted by measure_id, calibrated like the probabilities of `assign`."""
    similarity = likeness(model, measures, features.sort("measure_id"))
    return np.asarray(softmax(scale().sharpness * similarity, axis=1))


def model_table(model: Model) -> pl.DataFrame:
    """Return the model as a table (schema TopicModel): one row a term with its weight in each topic."""
    blocks, terms = zip(*model.terms, strict=True)
    weights = np.asarray(model.centres.todense()).T.round(store.FLOAT_DIGITS).tolist()
    return pl.DataFrame(
        {"block": blocks, "term": terms, "idf": model.idf.round(store.FLOAT_DIGITS), "weights": weights}
    )


def model_of(table: pl.DataFrame, topics: list[str]) -> Model:
    """Return the model of a table, `topics` in the order of its weights. Raises TableFaulty."""
    table = table.sort("block", "term")
    terms = table.select("block", "term").rows()
    centres = csr_matrix(np.array(table["weights"].to_list()).reshape(len(terms), -1).T)
    if centres.shape[0] != len(topics):
        raise TableFaulty("table topic_model has other topics than data/curated/topics.toml: run 02_topics with refit")
    return Model(topics, terms, table["idf"].to_numpy(), centres)


def current(measures: pl.DataFrame, features: pl.DataFrame, refit: bool = False) -> tuple[Model, bool]:
    """Return the committed model where it still fits the curated list of topics, else a new one; and if it is new."""
    seeds = [(topic.topic_id, list(topic.seeds)) for topic in curated()]
    topics = [topic_id for topic_id, _ in seeds]
    committed = store.exists("topic_model") and store.exists("topics")
    if committed and not refit and store.read("topics").sort("place").select("topic_id", "seeds").rows() == seeds:
        return model_of(store.read("topic_model"), topics), False
    # by way of the table, so that the run that fits and those that read the table assign alike
    return model_of(model_table(fit(measures, features)), topics), True


# --- assignments -----------------------------------------------------------------------------------------------


def assign(model: Model, measures: pl.DataFrame, features: pl.DataFrame, seed: int = 0) -> pl.DataFrame:
    """Return the topic of each measure (schema Assignments). `seed` serves the bootstrap samples and the map alone."""
    features = features.sort("measure_id")
    rows, numbers = model.rows(measures, features), scale()
    similarity = _cosines(rows, model.centres)
    share = softmax(numbers.sharpness * similarity, axis=1)
    order = np.argsort(-share, axis=1, kind="stable")
    ranked = np.take_along_axis(share, order, axis=1)
    first, second = order[:, 0], np.where(ranked[:, 1] >= numbers.second_share * ranked[:, 0], order[:, 1], -1)
    points = _map(rows, similarity, model.centres, seed)
    stated = features["measure_id"].is_in(summary_statistics.stated(measures)["measure_id"].implode()).to_numpy()
    return pl.DataFrame(
        {
            "measure_id": features["measure_id"],
            "topic_id": [model.topics[i] for i in first],
            "probability": ranked[:, 0],
            "second_topic": pl.Series([model.topics[i] if i >= 0 else None for i in second], dtype=pl.String),
            "fits": similarity.max(axis=1) >= numbers.fits_from,
            "stability": _stability(rows, first, model, seed, np.flatnonzero(stated))[0],
            "x": points[:, 0],
            "y": points[:, 1],
        }
    )


def _stability(
    rows: csr_matrix, labels: np.ndarray, model: Model, seed: int, stated: np.ndarray
) -> tuple[np.ndarray, list[float]]:
    """Over bootstrap samples: how often each measure keeps its topic (0–1), and each sample's agreement (ARI).

    `stated` are the rows that are sampled and compared, those the model was fitted to.
    """
    random = np.random.default_rng(seed)
    kept, agreement = np.zeros(rows.shape[0]), []
    seeds = _seed_rows([topic for topic in curated() if topic.topic_id in model.topics], model.terms, model.idf)
    for _ in range(BOOTSTRAPS):
        sample = random.choice(stated, len(stated))
        again = _cosines(rows, _fit(rows[sample], seeds)).argmax(axis=1)
        kept += again == labels
        agreement.append(float(adjusted_rand_score(labels[stated], again[stated])))
    return kept / BOOTSTRAPS, agreement


def _map(rows: csr_matrix, similarity: np.ndarray, centres: csr_matrix, seed: int) -> np.ndarray:
    """Two coordinates a measure, for looking only: topics on a circle, each measure drawn to those it is like.

    What the topics leave open is filled by the wording's own two main directions, scaled small.
    """
    angle = 2 * np.pi * np.argsort(_round_trip(centres)) / centres.shape[0]
    corners = np.column_stack([np.cos(angle), np.sin(angle)])
    drawn = softmax(MAP_SHARPNESS * similarity, axis=1) @ corners
    flat = TruncatedSVD(n_components=2, algorithm="arpack", random_state=seed).fit_transform(rows)
    flat = flat - flat.mean(axis=0)
    return np.asarray(drawn + MAP_SPREAD * flat / np.maximum(np.abs(flat).max(axis=0), 1e-12))


def _round_trip(centres: csr_matrix) -> list[int]:
    """An order of the topics in which neighbours are alike: from the first on, always to the nearest one left."""
    similarity = _cosines(centres, centres).round(9)
    order = [0]
    while left := set(range(len(similarity))) - set(order):
        order.append(max(left, key=lambda topic: (similarity[order[-1], topic], -topic)))
    return order


# --- what the topics are ---------------------------------------------------------------------------------------


def table(model: Model, assignments: pl.DataFrame, measures: pl.DataFrame, features: pl.DataFrame) -> pl.DataFrame:
    """Return the topics with their sizes, terms, typical measures and coherence (schema Topics)."""
    features = _of_plans(measures, features)
    rows = model.rows(measures, features)
    assignments = assignments.join(features.select("measure_id"), on="measure_id", how="semi").sort("measure_id")
    known = {topic.topic_id: topic for topic in curated()}
    result = []
    for place, topic_id in enumerate(model.topics):
        topic, inside = known[topic_id], ((assignments["topic_id"] == topic_id) & assignments["fits"]).to_numpy()
        best = assignments.filter(inside).sort(["probability", "measure_id"], descending=[True, False])
        terms = _distinctive(rows, inside, model.terms)
        result.append(
            {
                "topic_id": topic_id, "place": place, "name_en": topic.name_en, "name_ja": topic.name_ja,
                "measures": int(inside.sum()), "terms": terms, "typical": best["measure_id"].head(TYPICAL).to_list(),
                "coherence": coherence(terms[:COHERENCE_TERMS], features), "seeds": list(topic.seeds),
            }
        )  # fmt: skip
    return pl.DataFrame(result)


def _distinctive(rows: csr_matrix, inside: np.ndarray, terms: list[Term]) -> list[str]:
    """Words that tell the topic's measures from the others, strongest first; seeds count no more than other words.

    A term weighs its part in the difference (Kullback–Leibler) between the two mean measures. Of a compound and a
    part of it that hardly says more, the compound is shown.
    """
    if not inside.any() or inside.all():
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
    """Return the measures that fit no topic, in groups of like ones: group, measure_id, terms.

    They are candidates for new topics.
    """
    unfit = assignments.filter(~pl.col("fits"))["measure_id"].implode()
    left = _of_plans(measures, features).filter(pl.col("measure_id").is_in(unfit))
    groups = [0] * len(left)
    if len(left) > 1:
        bag_list = bags(measures, left)
        terms = sorted({term for bag in bag_list for term in bag})
        rows = np.asarray(_rows(bag_list, terms, np.ones(len(terms))).todense())
        alike = AgglomerativeClustering(n_clusters=None, metric="cosine", linkage="average", distance_threshold=NEAR)
        groups = alike.fit_predict(rows).tolist()
    number = {group: n for n, group in enumerate(dict.fromkeys(groups), start=1)}
    shown = pl.concat_list("names", "terms").list.unique(maintain_order=True).list.head(TERMS_SHOWN)
    numbers = pl.Series("group", [number[group] for group in groups], dtype=pl.Int64)
    return left.select(numbers, "measure_id", terms=shown)


# --- what a refit changes --------------------------------------------------------------------------------------


def changes(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return what a refit moved: old topic, new topic, measures; topics keep their identity through their seeds."""
    pairs = before.select("measure_id", old="topic_id").join(
        after.select("measure_id", new="topic_id"), on="measure_id"
    )
    return pairs.filter(pl.col("old") != pl.col("new")).group_by("old", "new").len("measures").sort("old", "new")


def identities(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return what became of each topic in a refit, over all measures assigned (rows of roadmaps, too).

    Columns: topic_id, status (kept; split: a part worth naming went elsewhere; merged: most of it went into another;
    vanished: it is no more and its measures are scattered; new), measures (before the refit), kept (share of them that
    stayed), into (the other topics that took a part worth naming, the largest first).
    """
    moves = (
        before.select("measure_id", "topic_id")
        .join(after.select("measure_id", new="topic_id"), on="measure_id")
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
    new = after.select("topic_id").unique().join(known, on="topic_id", how="anti").with_columns(status=pl.lit("new"))
    return pl.concat([known, new], how="diagonal").sort("topic_id")


# --- validity --------------------------------------------------------------------------------------------------


def validity(model: Model, measures: pl.DataFrame, features: pl.DataFrame, seed: int = 0) -> pl.DataFrame:
    """Return what speaks for the model (schema Validity): agreement over samples, over seeds, with hand labels."""
    rows = model.rows(measures, _of_plans(measures, features))
    labels = _cosines(rows, model.centres).argmax(axis=1)
    every = np.arange(len(labels))
    kept, agreement = _stability(rows, labels, model, seed, every)
    _, with_other_seed = _stability(rows, labels, model, seed + 1, every)
    checks = {
        "ari_mean": float(np.mean(agreement)),
        "ari_lowest": float(np.min(agreement)),
        "ari_mean_other_seed": float(np.mean(with_other_seed)),
        "steady": float(np.mean(kept == 1)),
        **{name: value for name, value in agreement_with_hand().items() if name != "labels"},
    }
    return pl.DataFrame({"check": list(checks), "value": list(checks.values())})


def fewer(model: Model, measures: pl.DataFrame, features: pl.DataFrame) -> pl.DataFrame:
    """Return what changes with the number of topics: the two most alike are merged, again and again.

    Columns: topics (after the merger), merged (what was merged), likeness (cosine of the two), moved (measures whose
    company changed).
    """
    labels = likeness(model, measures, _of_plans(measures, features)).argmax(axis=1)
    names, centres = list(model.topics), np.asarray(model.centres.todense())
    mergers = []
    while len(names) > 2:
        similarity = centres @ centres.T
        np.fill_diagonal(similarity, -1)
        kept, gone = sorted(divmod(int(similarity.argmax()), len(names)))
        mergers.append(
            {
                "topics": len(names) - 1, "merged": f"{names[kept]} + {names[gone]}",
                "likeness": float(similarity[kept, gone]), "moved": int(np.isin(labels, (kept, gone)).sum()),
            }
        )  # fmt: skip
        centres[kept] = normalize((centres[kept] + centres[gone])[None])[0]
        centres = np.delete(centres, gone, axis=0)
        labels = np.where(labels == gone, kept, labels - (labels > gone))
        names[kept] = f"{names[kept]}/{names.pop(gone)}"
    return pl.DataFrame(mergers)
