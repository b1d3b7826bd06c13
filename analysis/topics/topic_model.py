"""The topic model: what a measure is about where nobody has coded it, learnt from the codings of codebook `topics`.

A linear support vector machine tells each topic's measures from the others by their features: words and names,
headings, ministries. One number, the sharpness, makes probabilities of its scores. It is fitted to what machines say
of documents that they did not see, and so is the probability from which on the model may speak (`unseen`). A fitted
model is a table (`topic_model`), used as long as codings and codebook are those that it was fitted to. Nothing depends
on the order of the rows, on chance, or on the documents.
"""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from scipy.special import log_softmax, softmax
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from analysis.base import curated
from analysis.base.errors import TableFaulty
from analysis.coding import codebooks, record, settled
from analysis.tables import ministries, store

CODEBOOK = "topics"
NONE = "none"  # the category of what no topic holds
# How much each kind of feature counts. A heading counts by itself, however long the text under it is; ministries only
# tip the scales. These and STRENGTH are the best on documents left out (docs/decisions.md).
BLOCKS = {"heading": 0.1, "ministry": 0.03, "text": 1.0}  # in the order of the terms
STRENGTH = 0.2  # of the fit to the codings (C); a smaller number holds the weights nearer to zero
RARE = 2  # a term of fewer measures says nothing about other measures
NEVER = -2.0  # the score of a topic that no coded measure has, lower than any that is learnt
PRECISION, LEAST = 0.9, 10  # of what the model says about documents that it did not see so many are right, of these
NOT_SURE = 2.0  # no probability is so high
SHARPNESS = (0.1, 20.0)  # within which it is sought: few codings, all right, must not make the model too sure
DIGITS = 3  # of weights and probabilities

Term = tuple[str, str]  # block and word, compound name or body
Bag = dict[Term, float]


@dataclass(frozen=True)
class Model:
    """A fitted model: rows of `weights` are topics, columns the terms, sorted, with their own weights (IDF)."""

    topics: list[str]
    terms: list[Term]
    idf: np.ndarray
    weights: np.ndarray
    intercept: np.ndarray
    clear_from: float = NOT_SURE  # where the likeliest topic is less probable, the topic is unclear
    fitted_to: str = ""  # fingerprint of codings and codebook

    def scores(self, bag_list: list[Bag]) -> np.ndarray:
        """Return the score of each topic of each measure, shape (measures, topics)."""
        return np.asarray(unit_rows(bag_list, self.terms, self.idf) @ self.weights.T + self.intercept)

    def probabilities(self, bag_list: list[Bag]) -> np.ndarray:
        """Return the probability of each topic of each measure, shape (measures, topics); of a fitted model alone."""
        return np.asarray(softmax(self.scores(bag_list), axis=1))


# --- topics and codings ----------------------------------------------------------------------------------------


def topics() -> list[codebooks.Category]:
    """Return the topics: the categories of variable `topic`. Raises UsageFault and TableFaulty."""
    categories = codebooks.codebook(CODEBOOK).categories("topic")
    return [category for category in categories if category.category_id != NONE]


def codings(measures: pl.DataFrame) -> pl.DataFrame:
    """Return what holds of the codings of the measures, sorted by measure_id.

    Columns: measure_id, doc_id, section, topic (or NONE), second_topic, sub_topic, basis. Measures about which coders
    differ and nobody has decided are left out, and so are editions that are not at hand. Raises TableFaulty.
    """
    book = codebooks.codebook(CODEBOOK)
    rows = settled.measures(book).filter(pl.col("topic").is_in(book.choices("topic"))).rename({"unit_id": "measure_id"})
    edition = pl.col("measure_id").str.split("-").list.first()
    here = rows.filter(edition.is_in(measures.select(edition).to_series().unique().implode()))
    if unknown := here.join(measures, on="measure_id", how="anti")["measure_id"].to_list():
        raise curated.faulty(record.file(CODEBOOK), f"measure {unknown[0]}, which it codes, does not exist")
    places = measures.select("measure_id", "doc_id", "section")
    columns = ["measure_id", "doc_id", "section", "topic", "second_topic", "sub_topic", "basis"]
    return here.join(places, on="measure_id").select(columns).sort("measure_id")


def documents(coded: pl.DataFrame) -> list[str]:
    """Return what each coded measure is left out with: its document, since a roadmap restates its plan; its section
    where one document alone is coded."""
    return coded["doc_id" if coded["doc_id"].n_unique() > 1 else "section"].to_list()


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


def unit_rows(bag_list: list[Bag], terms: list[Term], idf: np.ndarray) -> csr_matrix:
    """Return measures as unit rows: within each block weighted and of unit length, then blocks weighted. Unknown terms
    are left out."""
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
    return normalize(hstack(blocks).tocsr()) if blocks else weighted


def vocabulary(bag_list: list[Bag]) -> tuple[list[Term], np.ndarray]:
    """Return the terms of at least RARE measures, sorted, and their IDF; headings and ministries are weighted alike."""
    frequency = Counter(term for bag in bag_list for term in bag)
    terms = sorted(term for term, count in frequency.items() if count >= RARE)
    idf = [1 + np.log((1 + len(bag_list)) / (1 + frequency[term])) if term[0] == "text" else 1.0 for term in terms]
    return terms, np.array(idf)


# --- the model -------------------------------------------------------------------------------------------------


def fit(measures: pl.DataFrame, features: pl.DataFrame) -> Model:
    """Fit the model to the codings. Where nothing is coded all topics are equally likely, and unclear."""
    ids, coded = [topic.category_id for topic in topics()], codings(measures)
    bag_list, labels = _of(coded, measures, features, ids)
    groups = np.array(documents(coded))
    scores = _left_out(bag_list, labels, groups, ids)
    sharpness = _sharpness(scores[labels >= 0], labels[labels >= 0])
    right, probability = _right(unseen(coded, measures, features), labels)
    model = _machine([bag_list[n] for n in np.flatnonzero(labels >= 0)], labels[labels >= 0], ids)
    return replace(
        model,
        weights=sharpness * model.weights,
        intercept=sharpness * model.intercept,
        clear_from=clear_from(probability, right),
        fitted_to=fingerprint(coded, ids),
    )


def unseen(
    coded: pl.DataFrame, measures: pl.DataFrame, features: pl.DataFrame, groups: list[str] | None = None
) -> np.ndarray:
    """Return the probabilities of the topics of each coded measure by models that did not see what it is left out with
    (`groups`, else `documents`), shape (coded, topics). Their sharpness was fitted without it, too."""
    ids = [topic.category_id for topic in topics()]
    bag_list, labels = _of(coded, measures, features, ids)
    left_out_with = np.array(groups or documents(coded))
    scores = _left_out(bag_list, labels, left_out_with, ids)
    result = np.zeros(scores.shape)
    for group in np.unique(left_out_with):
        own = left_out_with == group
        others = ~own & (labels >= 0)
        result[own] = softmax(_sharpness(scores[others], labels[others]) * scores[own], axis=1)
    return result


def fingerprint(coded: pl.DataFrame, ids: list[str]) -> str:
    """Return a hash of the codings and of the topics, in their order."""
    content = json.dumps([ids, coded.select("measure_id", "topic").rows()])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _of(
    coded: pl.DataFrame, measures: pl.DataFrame, features: pl.DataFrame, ids: list[str]
) -> tuple[list[Bag], np.ndarray]:
    """The terms of coded measures and the places of their topics; −1 where no topic holds one."""
    own = coded.select("measure_id").join(features, on="measure_id", how="left", maintain_order="left")
    labels = [ids.index(topic) if topic != NONE else -1 for topic in coded["topic"]]
    return bags(measures, own), np.array(labels, dtype=int)


def _left_out(bag_list: list[Bag], labels: np.ndarray, groups: np.ndarray, ids: list[str]) -> np.ndarray:
    """The scores of each coded measure by a machine that did not see its group."""
    scores = np.zeros((len(bag_list), len(ids)))
    for group in np.unique(groups):
        own, others = np.flatnonzero(groups == group), np.flatnonzero((groups != group) & (labels >= 0))
        machine = _machine([bag_list[n] for n in others], labels[others], ids)
        scores[own] = machine.scores([bag_list[n] for n in own])
    return scores


def _machine(bag_list: list[Bag], labels: np.ndarray, ids: list[str]) -> Model:
    """A model with the scores of a support vector machine, rare topics weighted like frequent ones."""
    terms, idf = vocabulary(bag_list)
    weights, intercept = np.zeros((len(ids), len(terms))), np.full(len(ids), NEVER)
    known = np.unique(labels)
    if len(known) > 1 and terms:
        machine = LinearSVC(C=STRENGTH, class_weight="balanced", tol=1e-6, max_iter=100_000, random_state=0)
        machine.fit(unit_rows(bag_list, terms, idf), labels)
        both = len(known) == 2  # one machine then: for the second topic, and against the first
        weights[known] = np.vstack([-machine.coef_, machine.coef_]) if both else machine.coef_
        intercept[known] = np.hstack([-machine.intercept_, machine.intercept_]) if both else machine.intercept_
    else:
        intercept[known] = 0
    return Model(ids, terms, idf, weights, intercept)


def _sharpness(scores: np.ndarray, labels: np.ndarray) -> float:
    """The factor of the scores under which the labels are likeliest; 1 where nothing is left out."""
    if not len(labels):
        return 1.0

    def loss(exponent: float) -> float:
        return -float(log_softmax(np.exp(exponent) * scores, axis=1)[np.arange(len(labels)), labels].mean())

    return round(float(np.exp(minimize_scalar(loss, bounds=np.log(SHARPNESS), method="bounded").x)), DIGITS)


def _right(probabilities: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of measures with a topic: whether the likeliest one is theirs, and how probable it was."""
    of_topic = probabilities[labels >= 0]
    return of_topic.argmax(axis=1) == labels[labels >= 0], of_topic.max(axis=1, initial=0)


def clear_from(probability: np.ndarray, right: np.ndarray) -> float:
    """Return the lowest probability from which on PRECISION are right, of LEAST or more; NOT_SURE where there is
    none."""
    order, counts = np.argsort(-probability, kind="stable"), np.arange(1, len(probability) + 1)
    enough = np.flatnonzero((np.cumsum(right[order]) / counts >= PRECISION) & (counts >= LEAST))
    return float(np.floor(probability[order][enough[-1]] * 10**DIGITS) / 10**DIGITS) if len(enough) else NOT_SURE


# --- as a table ------------------------------------------------------------------------------------------------

MODEL = "model"  # block of the rows that are no terms
INTERCEPT, CLEAR_FROM, FITTED_TO = "intercept", "clear_from", "fitted_to "


def model_table(model: Model) -> pl.DataFrame:
    """Return the model as a table (schema TopicModel): one row a term with its weight in each topic, and three more."""
    blocks, terms = zip(*model.terms, strict=True) if model.terms else ((), ())
    more = {INTERCEPT: model.intercept.round(DIGITS).tolist(), CLEAR_FROM: [model.clear_from]}
    more |= {FITTED_TO + model.fitted_to: []}
    return pl.DataFrame(
        {
            "block": [*blocks, *[MODEL] * len(more)],
            "term": [*terms, *more],
            "idf": [*model.idf.round(store.FLOAT_DIGITS).tolist(), *[0.0] * len(more)],
            "weights": [*model.weights.T.round(DIGITS).tolist(), *more.values()],
        },
        schema=store.empty("topic_model").schema,
    )


def model_of(table: pl.DataFrame, ids: list[str]) -> Model:
    """Return the model of a table, `ids` being the topics in the order of its weights. Raises TableFaulty."""
    table = table.sort("block", "term")
    more = dict(table.filter(block=MODEL).select("term", "weights").iter_rows())
    fitted_to = [term.removeprefix(FITTED_TO) for term in more if term.startswith(FITTED_TO)]
    if len(more.get(INTERCEPT, [])) != len(ids) or len(more.get(CLEAR_FROM, [])) != 1 or len(fitted_to) != 1:
        raise TableFaulty("table topic_model is of other topics or incomplete: run 02_topics with refit")
    table = table.filter(pl.col("block") != MODEL)
    weights = np.array(table["weights"].to_list(), dtype=float).reshape(len(table), len(ids)).T
    return Model(
        ids, table.select("block", "term").rows(), table["idf"].to_numpy(), weights, np.array(more[INTERCEPT]),
        more[CLEAR_FROM][0], fitted_to[0],
    )  # fmt: skip


def current(measures: pl.DataFrame, features: pl.DataFrame, refit: bool = False) -> tuple[Model, bool]:
    """Return the committed model where it was fitted to the codings and topics that hold, else a new one; and if it is
    new."""
    ids, coded = [topic.category_id for topic in topics()], codings(measures)
    fitted_to = FITTED_TO + fingerprint(coded, ids)
    if not refit and store.exists("topic_model") and fitted_to in (table := store.read("topic_model"))["term"]:
        return model_of(table, ids), False
    # by way of the table, so that the run that fits and those that read the table assign alike
    return model_of(model_table(fit(measures, features)), ids), True
