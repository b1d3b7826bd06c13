"""Side by side: our topics and what a user would pick instead, on the same measures in one run (`make bench`).

    python tests/benchmarks/bench_topics.py [LABELS]

LABELS is a folder with hand-labelled topics (links_topic_labels.jsonl); without it agreement is left out and the table
only printed; with it docs/benchmark-topics.md and .png are written. Each method runs in a process of its own, so that
its peak memory is its own.
"""

import itertools
import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import altair as alt
import numpy as np
import polars as pl
import vl_convert
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF, LatentDirichletAllocation, TruncatedSVD
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.preprocessing import normalize

from analysis.report.charts import base as charts
from analysis.report.charts import render
from analysis.tables import store, summary_statistics
from analysis.topics import calibrate, topic_model

SEEDS = range(5)
ROOT = Path(__file__).resolve().parents[2]
Found = tuple[list[str], list[list[str]]]  # a label for each measure, and each topic's first terms


def word_counts(features: pl.DataFrame) -> tuple[np.ndarray, list[str]]:
    bags = [dict(zip(terms, n, strict=True)) for terms, n in features.select("terms", "term_counts").iter_rows()]
    vectorizer = DictVectorizer(sort=True)
    matrix = vectorizer.fit_transform(bags)
    return matrix, list(vectorizer.get_feature_names_out())


def first_terms(weights: np.ndarray, terms: list[str]) -> list[list[str]]:
    return [[terms[i] for i in np.argsort(-row, kind="stable")[: topic_model.COHERENCE_TERMS]] for row in weights]


def ours(measures: pl.DataFrame, features: pl.DataFrame, seed: int, k: int) -> Found:
    model = topic_model.fit(measures, features)
    found = topic_model.assign(model, measures, features, seed)
    terms = topic_model.table(model, found, measures, features)["terms"].to_list()
    return found["topic_id"].to_list(), [row[: topic_model.COHERENCE_TERMS] for row in terms]


def sections(measures: pl.DataFrame, features: pl.DataFrame, seed: int, k: int) -> Found:
    of = dict(measures.select("measure_id", pl.concat_str("edition", "section")).iter_rows())
    return [of[key] for key in features["measure_id"]], []


def nmf(measures: pl.DataFrame, features: pl.DataFrame, seed: int, k: int) -> Found:
    matrix, terms = word_counts(features)
    model = NMF(k, init="nndsvda", random_state=seed, max_iter=500)
    weights = model.fit_transform(TfidfTransformer().fit_transform(matrix))
    return [str(i) for i in weights.argmax(axis=1)], first_terms(model.components_, terms)


def kmeans_on_lsa(measures: pl.DataFrame, features: pl.DataFrame, seed: int, k: int) -> Found:
    matrix, terms = word_counts(features)
    weighted = TfidfTransformer().fit_transform(matrix)
    flat = normalize(TruncatedSVD(100, random_state=seed).fit_transform(weighted))
    labels = KMeans(k, n_init=10, random_state=seed).fit_predict(flat)
    means = np.vstack([np.asarray(weighted[labels == i].mean(axis=0)) for i in range(k)])
    return [str(i) for i in labels], first_terms(means, terms)


def lda(measures: pl.DataFrame, features: pl.DataFrame, seed: int, k: int) -> Found:
    matrix, terms = word_counts(features)
    model = LatentDirichletAllocation(k, random_state=seed, max_iter=50)
    weights = model.fit_transform(matrix)
    return [str(i) for i in weights.argmax(axis=1)], first_terms(model.components_, terms)


def tomotopy_lda(measures: pl.DataFrame, features: pl.DataFrame, seed: int, k: int) -> Found:
    import tomotopy

    model = tomotopy.LDAModel(k=k, seed=seed, min_df=2)
    for terms, n in features.select("terms", "term_counts").iter_rows():
        model.add_doc([term for term, count in zip(terms, n, strict=True) for _ in range(count)] or ["–"])
    model.train(1000, workers=1)
    labels = [str(np.argmax(document.get_topic_dist())) for document in model.docs]
    return labels, [[word for word, _ in model.get_topic_words(i, topic_model.COHERENCE_TERMS)] for i in range(k)]


def bertopic(measures: pl.DataFrame, features: pl.DataFrame, seed: int, k: int) -> Found:
    from bertopic import BERTopic

    texts = [" ".join(terms) for terms in features["terms"].to_list()]
    labels, _ = BERTopic(language="multilingual", nr_topics=k).fit_transform(texts)
    return [str(i) for i in labels], []


METHODS: dict[str, Callable[..., Found]] = {
    "guided model (ours)": ours,
    "the plans' own sections": sections,
    "NMF": nmf,
    "k-means on LSA": kmeans_on_lsa,
    "LDA (scikit-learn)": lda,
    "LDA (tomotopy)": tomotopy_lda,
    "BERTopic": bertopic,
}


def one(name: str, seed: int, out: "multiprocessing.Queue[object]") -> None:
    """Run a method in this process; puts (labels, terms, seconds, peak MB) or why it cannot run."""
    measures = summary_statistics.stated(store.read("measures"))
    features = store.read("features").join(measures.select("measure_id"), on="measure_id", how="semi")
    features = features.sort("measure_id")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    try:
        labels, terms = METHODS[name](measures, features, seed, len(topic_model.curated()))
    except ImportError as error:
        out.put(f"not installed ({error.name})")
        return
    seconds = time.perf_counter() - start
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    out.put((labels, terms, seconds, peak))


def measure(name: str, hand: dict[str, str]) -> dict[str, object]:
    """A row of the table: the median over seeds, and the agreement between them."""
    context = multiprocessing.get_context("spawn")
    runs = []
    for seed in SEEDS:
        queue: multiprocessing.Queue[object] = context.Queue()
        process = context.Process(target=one, args=(name, seed, queue))
        process.start()
        result = queue.get()
        process.join()
        if isinstance(result, str):
            return {"method": name, "note": result}
        runs.append(result)
    features = store.read("features").sort("measure_id")
    plans = summary_statistics.stated(store.read("measures"))
    features = features.join(plans.select("measure_id"), on="measure_id", how="semi").sort("measure_id")
    place = {key: n for n, key in enumerate(features["measure_id"].to_list())}
    truth = list(hand.values())
    rows = [[labels[place[key]] for key in hand] for labels, *_ in runs]
    pairs = list(itertools.combinations([labels for labels, *_ in runs], 2))
    coherent = [np.mean([topic_model.coherence(row, features) for row in terms]) for _, terms, *_ in runs if terms]
    return {
        "method": name,
        "nmi": float(np.median([normalized_mutual_info_score(truth, row) for row in rows])) if hand else None,
        "ari": float(np.median([adjusted_rand_score(truth, row) for row in rows])) if hand else None,
        "stability": float(np.mean([adjusted_rand_score(a, b) for a, b in pairs])),
        "coherence": float(np.median(coherent)) if coherent else None,
        "seconds": float(np.median([seconds for *_, seconds, _ in runs])),
        "megabytes": float(np.median([peak for *_, peak in runs])),
        "note": None,
    }


def labelled(folder: Path | None) -> dict[str, str]:
    """Hand labels by measure; nothing without a folder."""
    if folder is None:
        return {}
    rows = [json.loads(line) for line in (folder / "links_topic_labels.jsonl").read_text("utf-8").splitlines()]
    bodies = store.read("measures").filter(pl.col("part") == "body")
    at = {row["edition"]: bodies.filter(pl.col("edition") == row["edition"]) for row in rows}
    return {calibrate.measure_at(at[row["edition"]], row["line"]) or "": row["topic"] for row in rows}


def markdown(found: pl.DataFrame, labels: int) -> str:
    """The table as a page."""
    columns = {"nmi": "NMI", "ari": "ARI", "stability": "stability", "coherence": "coherence", "seconds": "time [s]",
               "megabytes": "memory [MB]"}  # fmt: skip
    digits = {"seconds": 2, "megabytes": 0}
    lines = [
        "# Topics beside other methods",
        "",
        "Written by `make bench LABELS=…`. All methods see the words of the same measures and look for as many topics.",
        f"Agreement (NMI, ARI) is with {labels} hand-labelled measures, stability the mean ARI between five seeds,",
        "coherence the mean NPMI of each topic's eight first terms (ours are chosen to tell topics apart, the others'",
        "are their most frequent ones). Time and memory are for fitting and assigning in a process of its own, memory",
        "above what the libraries and tables take.",
        "",
        "| method | " + " | ".join(columns.values()) + " | |",
        "|---|" + "---:|" * len(columns) + "---|",
    ]
    for row in found.iter_rows(named=True):
        cells = ["–" if row[c] is None else f"{row[c]:.{digits.get(c, 2)}f}" for c in columns]
        lines.append(f"| {row['method']} | " + " | ".join(cells) + f" | {row['note'] or ''} |")
    return "\n".join([*lines, "", "![Agreement with hand labels and stability](benchmark-topics.png)", ""])


def picture(found: pl.DataFrame, file: Path) -> None:
    """Agreement against stability, one point a method."""
    render.register_font()
    data = found.drop_nulls("nmi")
    base = alt.Chart(data).encode(
        x=alt.X("stability:Q", title="stability (ARI between seeds)", scale=alt.Scale(domain=[0, 1.05])),
        y=alt.Y("nmi:Q", title="agreement with hand labels (NMI)", scale=alt.Scale(domain=[0, 1])),
    )
    near_axis = pl.col("stability") < 0.3  # a label on the left would cover the axis
    left = base.mark_text(align="right", dx=-9, fontSize=12).encode(text="method:N")
    right = base.mark_text(align="left", dx=9, fontSize=12).encode(text="method:N")
    labels = left.properties(data=data.filter(~near_axis)) + right.properties(data=data.filter(near_axis))
    points = base.mark_point(filled=True, size=90, color=charts.BLUE)
    chart = (points + labels).properties(width=560, height=340)
    file.write_bytes(vl_convert.vegalite_to_png(chart.to_json(validate=False), scale=1.2))


if __name__ == "__main__":
    hand = labelled(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    table = pl.DataFrame([measure(name, hand) for name in METHODS], infer_schema_length=None)
    if hand:  # a comparison without agreement does not replace one with it
        (ROOT / "docs/benchmark-topics.md").write_text(markdown(table, len(hand)), encoding="utf-8", newline="\n")
        picture(table, ROOT / "docs/benchmark-topics.png")
    print(table)
