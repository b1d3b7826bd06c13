"""Side by side: the topic model and what a user would pick instead, on the same measures and codings (`make bench`).

Writes docs/benchmark-topics.md and .png. Methods that learn from codings are judged on documents that they did not see;
those that find groups by themselves are compared with the codings. Each method runs in a process of its own, so that
its peak memory is its own.
"""

import itertools
import multiprocessing
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import polars as pl
import vl_convert
from scipy.special import softmax
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF, LatentDirichletAllocation, TruncatedSVD
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score, f1_score, log_loss, normalized_mutual_info_score
from sklearn.naive_bayes import ComplementNB
from sklearn.preprocessing import normalize

from analysis.report.charts import base as charts
from analysis.report.charts import render
from analysis.tables import store
from analysis.topics import topic_model
from analysis.topics.topic_model import NONE

SEEDS = range(5)  # of the methods that depend on chance
ROOT = Path(__file__).resolve().parents[2]
Found = np.ndarray | list[str]  # probabilities of the topics, or a label, of each coded measure


def coded() -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Measures, features and codings of all measures that have a topic."""
    measures, features = store.read("measures"), store.read("features")
    return measures, features, topic_model.codings(measures).filter(pl.col("topic") != NONE)


# --- methods that learn from codings


def ours(seed: int) -> Found:
    measures, features, codings = coded()
    return topic_model.unseen(codings, measures, features)


def learnt(machine: Callable[[], Any], score: Callable[[Any, Any], np.ndarray]) -> Callable[[int], Found]:
    """A method with the terms and weights of ours, another machine, and ours of making probabilities of scores."""

    def run(seed: int) -> Found:
        measures, features, codings = coded()
        ids = [topic.category_id for topic in topic_model.topics()]
        bags, labels = topic_model._of(codings, measures, features, ids)
        groups = codings["doc_id"].to_numpy()
        scores = np.full((len(labels), len(ids)), -1e3)
        for group in np.unique(groups):
            own, others = np.flatnonzero(groups == group), np.flatnonzero(groups != group)
            terms, idf = topic_model.vocabulary([bags[n] for n in others])
            fitted = machine().fit(topic_model.unit_rows([bags[n] for n in others], terms, idf), labels[others])
            scores[np.ix_(own, fitted.classes_)] = score(
                fitted, topic_model.unit_rows([bags[n] for n in own], terms, idf)
            )
        sharp = {g: topic_model._sharpness(scores[groups != g], labels[groups != g]) for g in np.unique(groups)}
        return np.asarray(softmax(np.array([sharp[group] for group in groups])[:, None] * scores, axis=1))

    return run


class Centroids:
    """The mean of each topic's measures; scores are cosines, thrice: no sharpness that is tried would be enough."""

    def fit(self, rows: Any, labels: np.ndarray) -> "Centroids":
        self.classes_ = np.unique(labels)
        self.centres = normalize(np.vstack([np.asarray(rows[labels == k].mean(axis=0)) for k in self.classes_]))
        return self


# --- methods that find groups


def word_counts() -> Any:
    _, features, codings = coded()
    own = codings.select("measure_id").join(features, on="measure_id", how="left", maintain_order="left")
    bags = [dict(zip(terms, n, strict=True)) for terms, n in own.select("terms", "term_counts").iter_rows()]
    return DictVectorizer(sort=True).fit_transform(bags)


def size() -> int:
    return len(topic_model.topics())


def sections(seed: int) -> Found:
    _, _, codings = coded()
    return codings.select(pl.concat_str("doc_id", "section")).to_series().to_list()


def nmf(seed: int) -> Found:
    model = NMF(size(), init="nndsvda", random_state=seed, max_iter=500)
    return [str(n) for n in model.fit_transform(TfidfTransformer().fit_transform(word_counts())).argmax(axis=1)]


def kmeans_on_lsa(seed: int) -> Found:
    weighted = TfidfTransformer().fit_transform(word_counts())
    flat = normalize(TruncatedSVD(100, random_state=seed).fit_transform(weighted))
    return [str(n) for n in KMeans(size(), n_init=10, random_state=seed).fit_predict(flat)]


def lda(seed: int) -> Found:
    model = LatentDirichletAllocation(size(), random_state=seed, max_iter=50)
    return [str(n) for n in model.fit_transform(word_counts()).argmax(axis=1)]


def tomotopy_lda(seed: int) -> Found:
    import tomotopy

    _, features, codings = coded()
    own = codings.select("measure_id").join(features, on="measure_id", how="left", maintain_order="left")
    model = tomotopy.LDAModel(k=size(), seed=seed, min_df=2)
    for terms, n in own.select("terms", "term_counts").iter_rows():
        model.add_doc([term for term, count in zip(terms, n, strict=True) for _ in range(count)] or ["–"])
    model.train(1000, workers=1)
    return [str(np.argmax(document.get_topic_dist())) for document in model.docs]


METHODS: dict[str, Callable[[int], Found]] = {
    "topic model (ours)": ours,
    "logistic regression": learnt(
        lambda: LogisticRegression(C=30, class_weight="balanced", max_iter=3000),
        lambda m, rows: m.decision_function(rows),
    ),
    "complement naive Bayes": learnt(ComplementNB, lambda m, rows: m.predict_log_proba(rows)),
    "nearest centroid": learnt(Centroids, lambda m, rows: 3 * np.asarray(rows @ m.centres.T)),
    "the plans' own sections": sections,
    "NMF": nmf,
    "k-means on LSA": kmeans_on_lsa,
    "LDA (scikit-learn)": lda,
    "LDA (tomotopy)": tomotopy_lda,
}
BY_CHANCE = (nmf, kmeans_on_lsa, lda, tomotopy_lda)


def one(name: str, seed: int, out: "multiprocessing.Queue[object]") -> None:
    """Run a method in this process; puts (what it found, seconds, peak MB) or why it cannot run."""
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    try:
        found = METHODS[name](seed)
    except ImportError as error:
        out.put(f"not installed ({error.name})")
        return
    seconds = time.perf_counter() - start
    out.put((found, seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024))


def measure(name: str) -> dict[str, object]:
    """A row of the table: the median over seeds, and the agreement between them."""
    context = multiprocessing.get_context("spawn")
    runs = []
    for seed in SEEDS if METHODS[name] in BY_CHANCE else [0]:
        queue: multiprocessing.Queue[object] = context.Queue()
        process = context.Process(target=one, args=(name, seed, queue))
        process.start()
        result = queue.get()
        process.join()
        if isinstance(result, str):
            return {"method": name, "note": result}
        runs.append(result)
    _, _, codings = coded()
    truth, ids = codings["topic"].to_list(), [topic.category_id for topic in topic_model.topics()]
    row: dict[str, object] = {"method": name, "note": None}
    found, *_ = runs[0]
    if isinstance(found, np.ndarray):
        labels = [[ids[n] for n in found.argmax(axis=1)]]
        row |= {
            "accuracy": float(np.mean([a == b for a, b in zip(labels[0], truth, strict=True)])),
            "macro_f1": float(f1_score(truth, labels[0], average="macro")),
            "log_loss": float(log_loss([ids.index(topic) for topic in truth], found, labels=range(len(ids)))),
        }
    else:
        labels = [list(result[0]) for result in runs]
    pairs = list(itertools.combinations(labels, 2))
    return row | {
        "nmi": float(np.median([normalized_mutual_info_score(truth, own) for own in labels])),
        "ari": float(np.median([adjusted_rand_score(truth, own) for own in labels])),
        "stability": float(np.mean([adjusted_rand_score(a, b) for a, b in pairs])) if pairs else None,
        "seconds": float(np.median([seconds for _, seconds, _ in runs])),
        "megabytes": float(np.median([peak for *_, peak in runs])),
    }


def markdown(found: pl.DataFrame, measures: int) -> str:
    """The table as a page."""
    columns = {"accuracy": "accuracy", "macro_f1": "macro F1", "log_loss": "log loss", "nmi": "NMI", "ari": "ARI",
               "stability": "stability", "seconds": "time [s]", "megabytes": "memory [MB]"}  # fmt: skip
    digits = {"megabytes": 0}
    lines = [
        "# Topics beside other methods",
        "",
        f"Written by `make bench`. All methods see the words of the same {measures} measures and roadmap rows, and are",
        "compared with their codings (data/curated/codings/topics.csv). Those that learn from codings are fitted five",
        "times, each time with one document left out, and judged on it; they share terms, weights and the way to make",
        "probabilities of scores. Those that find groups by themselves look for as many groups as there are topics;",
        "stability is the mean ARI between five seeds. Strength and block weights of the topic model were chosen on",
        "the same left-out documents: its lead over the next is not out of sample. Time and memory are for all fits in",
        "a process of its own, memory above what the libraries and tables take.",
        "",
        "| method | " + " | ".join(columns.values()) + " | |",
        "|---|" + "---:|" * len(columns) + "---|",
    ]
    for row in found.iter_rows(named=True):
        cells = ["–" if row[c] is None else f"{row[c]:.{digits.get(c, 2)}f}" for c in columns]
        lines.append(f"| {row['method']} | " + " | ".join(cells) + f" | {row['note'] or ''} |")
    return "\n".join([*lines, "", "![Agreement with the codings](benchmark-topics.png)", ""])


def picture(found: pl.DataFrame, file: Path) -> None:
    """Agreement with the codings, one bar a method."""
    render.register_font()
    order = found.drop_nulls("nmi").sort("nmi", descending=True)["method"].to_list()
    base = alt.Chart(found.drop_nulls("nmi")).encode(
        y=alt.Y("method:N", sort=order, title=None, axis=alt.Axis(labelLimit=300)),
        x=alt.X("nmi:Q", title="agreement with the codings (NMI)", scale=alt.Scale(domain=[0, 1])),
    )
    text = base.mark_text(align="left", dx=4).encode(text=alt.Text("nmi:Q", format=".2f"))
    chart = (base.mark_bar(color=charts.BLUE) + text).properties(width=460, height=alt.Step(24))
    file.write_bytes(vl_convert.vegalite_to_png(chart.to_json(validate=False), scale=1.2))


if __name__ == "__main__":
    table = pl.DataFrame([measure(name) for name in METHODS], infer_schema_length=None)
    page = markdown(table, len(coded()[2]))
    (ROOT / "docs/benchmark-topics.md").write_text(page, encoding="utf-8", newline="\n")
    picture(table, ROOT / "docs/benchmark-topics.png")
    print(table)
