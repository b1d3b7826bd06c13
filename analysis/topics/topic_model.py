"""Topics of measures: one guided model over all editions, in feature space.

Each topic starts from the seed terms that people curate (data/curated/topics.toml, the most telling first) and is
sharpened by the measures that come to it: spherical k-means whose centres stay tied to their seeds. A fitted model is
a table (`topic_model`): measures of a new edition are assigned by it without moving the old ones. Nothing depends on
the order of the rows, on chance, or on the documents.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix, hstack
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

# How much each kind of feature weighs in the likeness of a measure and a topic. Headings count by themselves, however
# long the text under them is; ministries only tip the scales.
BLOCKS = {"text": 1.0, "heading": 0.35, "ministry": 0.1}
SEED_SHARE = 0.85  # how much of a centre stays with its seeds; less, and bootstrap samples disagree
SEED_DECAY = 0.5  # the n-th seed weighs n to the minus this
RARE = 2  # a term of fewer measures says nothing about likeness
ROUNDS = 20
TERMS_SHOWN = 12
TYPICAL = 3
MAP_SHARPNESS, MAP_SPREAD = 11.0, 0.22
BOOTSTRAPS = 20
COHERENCE_TERMS = 8
NAMED_PART = 0.25  # the share of a topic's measures that, gone elsewhere together, makes it split


@dataclass(frozen=True)
class Topic:
    """A topic of the curated list."""

    topic_id: str
    name_en: str
    name_ja: str
    seeds: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """A fitted model: rows of `centres` are topics, columns the terms (block, term) with their weights (IDF)."""

    topics: list[str]
    terms: list[tuple[str, str]]
    idf: np.ndarray
    centres: csr_matrix


def curated() -> list[Topic]:
    """The list of topics. Raises TableFaulty where data/curated/topics.toml is faulty."""
    file = paths.curated() / "topics.toml"
    try:
        topics = [files.entry(Topic, row) for row in files.toml(file)["topic"]]
    except (KeyError, TypeError) as error:
        raise files.faulty(file, error) from error
    if len({topic.topic_id for topic in topics}) < max(len(topics), 2):
        raise TableFaulty(f"{file} needs two topics or more, each with an id of its own")
    return topics


# --- features --------------------------------------------------------------------------------------------------


def bags(measures: pl.DataFrame, features: pl.DataFrame) -> list[dict[tuple[str, str], float]]:
    """Weighted terms of each measure, in the order of `features`: words and names, headings, ministries."""
    named = dict(zip(measures["measure_id"], measures["ministries"].to_list(), strict=True))
    result = []
    for row in features.iter_rows(named=True):
        bag = {("text", term): 1 + np.log(n) for term, n in zip(row["terms"], row["term_counts"], strict=True)}
        bag |= {("text", name): 1.0 for name in row["names"]}
        bag |= {("heading", term): 1.0 for term in row["heading_terms"]}
        bag |= {("ministry", ministries.body_of(name)): 1.0 for name in named[row["measure_id"]]}
        result.append(bag)
    return result


def _rows(bag_list: list[dict[tuple[str, str], float]], terms: list[tuple[str, str]], idf: np.ndarray) -> csr_matrix:
    """Unit rows: within each block weighted and of unit length, then blocks weighted. Unknown terms are left out."""
    place = {term: index for index, term in enumerate(terms)}
    entries = [(n, place[t], w) for n, bag in enumerate(bag_list) for t, w in sorted(bag.items()) if t in place]
    rows, columns, weights = zip(*entries, strict=True) if entries else ((), (), ())
    weighted = csr_matrix((weights, (rows, columns)), shape=(len(bag_list), len(terms)), dtype=float)
    weighted = weighted.multiply(idf).tocsr()
    kinds = np.array([block for block, _ in terms])
    blocks = {block: np.flatnonzero(kinds == block) for block in BLOCKS if block in kinds}
    parts = [normalize(weighted[:, columns]) * np.sqrt(BLOCKS[block]) for block, columns in blocks.items()]
    order = np.argsort(np.concatenate(list(blocks.values())))
    return normalize(hstack(parts).tocsr()[:, order])


def _vocabulary(bag_list: list[dict[tuple[str, str], float]]) -> tuple[list[tuple[str, str]], np.ndarray]:
    """Terms of at least RARE measures, sorted, and their IDF; headings and ministries are weighted alike."""
    held: dict[tuple[str, str], int] = {}
    for bag in bag_list:
        for term in bag:
            held[term] = held.get(term, 0) + 1
    terms = sorted(term for term, count in held.items() if count >= RARE)
    idf = [1 + np.log((1 + len(bag_list)) / (1 + held[term])) if term[0] == "text" else 1.0 for term in terms]
    return terms, np.array(idf)


# --- the model -------------------------------------------------------------------------------------------------


def fit(measures: pl.DataFrame, features: pl.DataFrame) -> Model:
    """Fit the curated topics to the measures of all editions; roadmaps, which repeat measures, are left out."""
    features = _of_plans(measures, features)
    bag_list, topics = bags(measures, features), curated()
    terms, idf = _vocabulary(bag_list)
    centres = _fit(_rows(bag_list, terms, idf), _seed_rows(topics, terms, idf))
    return Model([topic.topic_id for topic in topics], terms, idf, centres)


def _of_plans(measures: pl.DataFrame, features: pl.DataFrame) -> pl.DataFrame:
    """Features of what the plans and summaries state, sorted; roadmaps repeat it and would count it twice."""
    return features.join(summary_statistics.stated(measures).select("measure_id"), on="measure_id", how="semi").sort(
        "measure_id"
    )


def _fit(rows: csr_matrix, seeds: csr_matrix) -> csr_matrix:
    """The centres of the topics, which begin with their seeds and stay tied to them."""
    centres, labels = seeds, None
    for _ in range(ROUNDS):
        found = _likeness(rows, centres)
        chosen = found.argmax(axis=1)
        if labels is not None and np.array_equal(chosen, labels):
            break
        labels = chosen
        pull = (found.max(axis=1), (labels, np.arange(rows.shape[0])))
        means = normalize(csr_matrix(pull, shape=(seeds.shape[0], rows.shape[0])) @ rows)
        centres = normalize(SEED_SHARE * seeds + (1 - SEED_SHARE) * means)
    return csr_matrix(centres)


def _seed_rows(topics: list[Topic], terms: list[tuple[str, str]], idf: np.ndarray) -> csr_matrix:
    """Topics as rows, by their seeds: a seed counts in texts and in headings."""
    weighted = [{seed: (n + 1) ** -SEED_DECAY for n, seed in enumerate(topic.seeds)} for topic in topics]
    return _rows(
        [{(block, seed): w for block in ("text", "heading") for seed, w in bag.items()} for bag in weighted], terms, idf
    )


def likeness(model: Model, measures: pl.DataFrame, features: pl.DataFrame) -> np.ndarray:
    """Cosine of each measure (in the order of `features`) with each topic, shape (measures, topics)."""
    return _likeness(_rows(bags(measures, features), model.terms, model.idf), model.centres)


def _likeness(rows: csr_matrix, centres: csr_matrix) -> np.ndarray:
    """Cosine of each measure with each topic, shape (measures, topics)."""
    return np.asarray((rows @ centres.T).todense())


def softmax(likeness: np.ndarray, sharpness: float) -> np.ndarray:
    """Likeness as shares that add up to 1 in every row: the sharper, the more the best one takes."""
    share = np.exp(sharpness * likeness)
    return np.asarray(share / share.sum(axis=1, keepdims=True))


def mixtures(model: Model, measures: pl.DataFrame, features: pl.DataFrame) -> np.ndarray:
    """The topic mixture of each measure, sorted by measure_id, calibrated like the probabilities of `assign`."""
    return softmax(likeness(model, measures, features.sort("measure_id")), scale().sharpness)


def model_table(model: Model) -> pl.DataFrame:
    """The model as a table (schema TopicModel): one row a term with its weight in each topic."""
    weights = np.asarray(model.centres.todense()).T
    return pl.DataFrame(
        {
            "block": [block for block, _ in model.terms],
            "term": [term for _, term in model.terms],
            "idf": model.idf.round(store.FLOAT_DIGITS),
            "weights": weights.round(store.FLOAT_DIGITS).tolist(),
        }
    )


def model_of(table: pl.DataFrame, topics: list[str]) -> Model:
    """The model of a table, `topics` in the order of its weights."""
    table = table.sort("block", "term")
    terms = list(zip(table["block"].to_list(), table["term"].to_list(), strict=True))
    centres = csr_matrix(np.array(table["weights"].to_list()).reshape(len(terms), -1).T)
    if centres.shape[0] != len(topics):
        raise TableFaulty("table topic_model has other topics than data/curated/topics.toml: run 02_topics with refit")
    return Model(topics, terms, table["idf"].to_numpy(), centres)


def current(measures: pl.DataFrame, features: pl.DataFrame, refit: bool = False) -> tuple[Model, bool]:
    """The committed model where it still fits the curated list of topics, else a new one; and whether it is new."""
    topics = curated()
    known = store.exists("topic_model") and store.exists("topics")
    before = store.read("topics").sort("place") if known else None
    unchanged = before is not None and before.select("topic_id", "seeds").rows() == [
        (topic.topic_id, list(topic.seeds)) for topic in topics
    ]
    if unchanged and not refit:
        return model_of(store.read("topic_model"), [topic.topic_id for topic in topics]), False
    # by way of the table, so that the run that fits and those that read the table assign alike
    return model_of(model_table(fit(measures, features)), [topic.topic_id for topic in topics]), True


# --- assignments -----------------------------------------------------------------------------------------------


def assign(model: Model, measures: pl.DataFrame, features: pl.DataFrame, seed: int = 0) -> pl.DataFrame:
    """The topic of each measure (schema Assignments). `seed` serves the bootstrap samples and the map alone."""
    features = features.sort("measure_id")
    rows = _rows(bags(measures, features), model.terms, model.idf)
    found, scaled = _likeness(rows, model.centres), scale()
    share = softmax(found, scaled.sharpness)
    order = np.argsort(-share, axis=1, kind="stable")
    firsts, seconds = order[:, 0], order[:, 1]
    at = np.arange(len(order))
    second = np.where(share[at, seconds] >= scaled.second_share * share[at, firsts], seconds, -1)
    places = _map(rows, found, model.centres, seed)
    stated = features["measure_id"].is_in(_of_plans(measures, features)["measure_id"].to_list()).to_numpy()
    return pl.DataFrame(
        {
            "measure_id": features["measure_id"],
            "topic_id": [model.topics[i] for i in firsts],
            "probability": share.max(axis=1),
            "second_topic": pl.Series([model.topics[i] if i >= 0 else None for i in second], dtype=pl.String),
            "fits": found.max(axis=1) >= scaled.fits_from,
            "stability": _stability(rows, firsts, model, seed, np.flatnonzero(stated))[0],
            "x": places[:, 0],
            "y": places[:, 1],
        }
    )


def _stability(
    rows: csr_matrix, labels: np.ndarray, model: Model, seed: int, stated: np.ndarray
) -> tuple[np.ndarray, list[float]]:
    """Over bootstrap samples: how often each measure keeps its topic, and each sample's agreement (ARI).

    `stated` are the rows that are sampled and compared, those the model was fitted to.
    """
    chance = np.random.default_rng(seed)
    kept, agreement = np.zeros(rows.shape[0]), []
    seeds = _seed_rows([topic for topic in curated() if topic.topic_id in model.topics], model.terms, model.idf)
    for _ in range(BOOTSTRAPS):
        sample = chance.choice(stated, len(stated))
        again = _likeness(rows, _fit(rows[sample], seeds)).argmax(axis=1)
        kept += again == labels
        agreement.append(float(adjusted_rand_score(labels[stated], again[stated])))
    return kept / BOOTSTRAPS, agreement


def table(model: Model, assignments: pl.DataFrame, measures: pl.DataFrame, features: pl.DataFrame) -> pl.DataFrame:
    """The topics with their sizes, terms, typical measures and coherence (schema Topics)."""
    features = _of_plans(measures, features)
    rows = _rows(bags(measures, features), model.terms, model.idf)
    assignments = assignments.join(features.select("measure_id"), on="measure_id", how="semi").sort("measure_id")
    own = {topic.topic_id: topic for topic in curated()}
    result = []
    for place, topic_id in enumerate(model.topics):
        inside = ((assignments["topic_id"] == topic_id) & assignments["fits"]).to_numpy()
        best = assignments.filter(inside).sort(["probability", "measure_id"], descending=[True, False])
        terms = _distinctive(rows, inside, model.terms)
        result.append(
            {
                "topic_id": topic_id,
                "place": place,
                "name_en": own[topic_id].name_en,
                "name_ja": own[topic_id].name_ja,
                "measures": int(inside.sum()),
                "terms": terms,
                "typical": best["measure_id"].head(TYPICAL).to_list(),
                "coherence": coherence(terms[:COHERENCE_TERMS], features),
                "seeds": list(own[topic_id].seeds),
            }
        )
    return pl.DataFrame(result)


def _distinctive(rows: csr_matrix, inside: np.ndarray, terms: list[tuple[str, str]]) -> list[str]:
    """Words that tell the topic's measures from the others, strongest first; seeds count no more than other words.

    A term weighs its part in the difference (Kullback–Leibler) between the two mean measures. Of a compound and a
    part of it that hardly says more, the compound is shown.
    """
    if not inside.any() or inside.all():
        return []
    mean, other = (np.asarray(rows[mask].mean(axis=0)).ravel() for mask in (inside, ~inside))
    floor = 0.1 * mean.max()  # a word that the others lack altogether is no better than one they hardly have
    weight = mean * np.log((mean + 1e-12) / (other + 0.01 * floor))
    ranked = sorted(range(len(terms)), key=lambda i: (-round(float(weight[i]), 9), terms[i]))
    shown: dict[str, float] = {}
    for i in (i for i in ranked if terms[i][0] == "text" and weight[i] > 0):
        term = terms[i][1]
        if len(term) == 1 or HIRAGANA.match(term):
            continue  # a person learns nothing from it
        if len(shown) == TERMS_SHOWN:
            break
        if not any(term in longer for longer in shown):
            parts = [part for part in shown if part in term and weight[i] > 0.6 * shown[part]]
            shown = {key: value for key, value in shown.items() if key not in parts} | {term: float(weight[i])}
    return list(shown)


def coherence(terms: list[str], features: pl.DataFrame) -> float:
    """Mean NPMI of the pairs of terms over measures, -1 (never together) to 1 (always together)."""
    bag_list = [{*names, *words} for names, words in features.select("names", "terms").iter_rows()]
    total = len(bag_list)
    holds = {term: {n for n, bag in enumerate(bag_list) if term in bag} for term in terms}
    values = []
    for index, one in enumerate(terms):
        for other in terms[:index]:
            both = len(holds[one] & holds[other]) / total
            if not both:
                values.append(-1.0)
                continue
            alone = len(holds[one]) * len(holds[other]) / total**2
            values.append(float(np.log(both / alone) / -np.log(both)) if both < 1 else 1.0)
    return float(np.mean(values)) if values else 0.0


def candidates(assignments: pl.DataFrame, measures: pl.DataFrame, features: pl.DataFrame) -> pl.DataFrame:
    """Measures that fit no topic, in groups of like ones: group, measure_id, terms. Candidates for new topics."""
    left = assignments.filter(~pl.col("fits"))["measure_id"].to_list()
    chosen = _of_plans(measures, features).filter(pl.col("measure_id").is_in(left))
    shown = pl.concat_list("names", "terms").list.unique(maintain_order=True).list.head(TERMS_SHOWN)
    if len(chosen) < 2:
        return chosen.select(pl.lit(1, pl.Int64).alias("group"), "measure_id", shown.alias("terms"))
    bag_list = bags(measures, chosen)
    terms = sorted({term for bag in bag_list for term in bag})
    rows = _rows(bag_list, terms, np.ones(len(terms)))
    alike = AgglomerativeClustering(n_clusters=None, metric="cosine", linkage="average", distance_threshold=0.8)
    groups = alike.fit_predict(np.asarray(rows.todense()))
    first = {group: index for index, group in reversed(list(enumerate(groups)))}
    number = {group: n for n, group in enumerate(sorted(first, key=lambda group: first[group]), start=1)}
    return chosen.select("measure_id", shown.alias("terms")).insert_column(
        0, pl.Series("group", [number[group] for group in groups], dtype=pl.Int64)
    )


def changes(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """What a refit moved: old topic, new topic, measures; topics keep their identity through their seeds."""
    joined = before.select("measure_id", old="topic_id").join(
        after.select("measure_id", new="topic_id"), on="measure_id"
    )
    return joined.filter(pl.col("old") != pl.col("new")).group_by("old", "new").len("measures").sort("old", "new")


def identities(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """What became of each topic in a refit, over all measures assigned (rows of roadmaps, too).

    Columns: topic_id, status (kept; split: a part worth naming went elsewhere; merged: most of it went into another;
    vanished: it is no more and its measures are scattered; new), measures (before the refit), kept (share of them that
    stayed), into (the other topics that took a part worth naming, the largest first).
    """
    moves = (
        before.select("measure_id", topic_id="topic_id")
        .join(after.select("measure_id", new="topic_id"), on="measure_id")
        .group_by("topic_id", "new")
        .len("moved")
        .with_columns(share=pl.col("moved") / pl.col("moved").sum().over("topic_id"))
        .sort("share", "new", descending=[True, False])
    )
    stayed, gone = pl.col("new") == pl.col("topic_id"), pl.col("new") != pl.col("topic_id")
    parts = moves.group_by("topic_id").agg(
        pl.col("moved").sum().alias("measures"),
        pl.col("share").filter(stayed).sum().alias("kept"),
        pl.col("new").filter(gone & (pl.col("share") >= NAMED_PART)).alias("into"),
        pl.col("share").filter(gone).max().fill_null(0).alias("largest"),
    )
    status = (
        pl.when(pl.col("largest") > 0.5)
        .then(pl.lit("merged"))
        .when(pl.col("into").list.len() > 0)
        .then(pl.lit("split"))
        .when(pl.col("kept") == 0)
        .then(pl.lit("vanished"))
        .otherwise(pl.lit("kept"))
    )
    known = parts.select("topic_id", status.alias("status"), "measures", "kept", "into")
    new = after.select("topic_id").unique().join(known, on="topic_id", how="anti")
    return pl.concat([known, new.with_columns(status=pl.lit("new"))], how="diagonal").sort("topic_id")


# --- validity --------------------------------------------------------------------------------------------------


def validity(model: Model, measures: pl.DataFrame, features: pl.DataFrame, seed: int = 0) -> pl.DataFrame:
    """What speaks for the model (schema Validity): agreement over bootstrap samples, over seeds, with hand labels."""
    features = _of_plans(measures, features)
    rows = _rows(bags(measures, features), model.terms, model.idf)
    labels = _likeness(rows, model.centres).argmax(axis=1)
    every = np.arange(len(labels))
    kept, agreement = _stability(rows, labels, model, seed, every)
    _, other = _stability(rows, labels, model, seed + 1, every)
    found = {
        "ari_mean": float(np.mean(agreement)),
        "ari_lowest": float(np.min(agreement)),
        "ari_mean_other_seed": float(np.mean(other)),
        "steady": float(np.mean(kept == 1)),
        **{name: value for name, value in agreement_with_hand().items() if name != "labels"},
    }
    return pl.DataFrame({"check": list(found), "value": list(found.values())})


def fewer(model: Model, measures: pl.DataFrame, features: pl.DataFrame) -> pl.DataFrame:
    """What changes with the number of topics: the two most alike are merged, again and again.

    Columns: topics (after the merger), merged (what was merged), likeness (cosine of the two), moved (measures whose
    company changed).
    """
    features = _of_plans(measures, features)
    rows = _rows(bags(measures, features), model.terms, model.idf)
    labels = _likeness(rows, model.centres).argmax(axis=1)
    names, centres = list(model.topics), np.asarray(model.centres.todense())
    found = []
    while len(names) > 2:
        alike = centres @ centres.T
        np.fill_diagonal(alike, -1)
        one, two = sorted(divmod(int(alike.argmax()), len(names)))
        likeness, moved = float(alike[one, two]), int(np.isin(labels, (one, two)).sum())
        found.append(
            {"topics": len(names) - 1, "merged": f"{names[one]} + {names[two]}", "likeness": likeness, "moved": moved}
        )
        centres[one] = normalize((centres[one] + centres[two])[None])[0]
        centres = np.delete(centres, two, axis=0)
        labels = np.where(labels == two, one, labels - (labels > two))
        names[one] = f"{names[one]}/{names.pop(two)}"
    return pl.DataFrame(found)


# --- for looking -----------------------------------------------------------------------------------------------


def _map(rows: csr_matrix, found: np.ndarray, centres: csr_matrix, seed: int) -> np.ndarray:
    """Two coordinates a measure, for looking only: topics on a circle, each measure drawn to those it is like.

    What the topics leave open is filled by the wording's own two main directions, scaled small.
    """
    angle = 2 * np.pi * np.argsort(_round_trip(centres)) / centres.shape[0]
    corners = np.column_stack([np.cos(angle), np.sin(angle)])
    drawn = softmax(found, MAP_SHARPNESS) @ corners
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
