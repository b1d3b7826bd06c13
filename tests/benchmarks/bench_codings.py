"""Side by side: usual methods on the benchmark of topics and links, each year left out in turn (docs/benchmark.md).

    python tests/benchmarks/bench_codings.py

What coders agreed or an adjudicator decided is the truth (`analysis.coding.published`). Whatever a method learns or
chooses, a threshold too, it takes from the other years. Needs the documents' texts. The figures are written into
docs/benchmark.md and, of links by how far the editions are apart, docs/benchmark-links.md, between their marks.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score, f1_score, normalized_mutual_info_score
from sklearn.preprocessing import normalize

from analysis.coding import published
from analysis.coding.reliability import STATUSES
from analysis.continuity import competition, model_parameters, sentence_vectors, train
from analysis.continuity.model_parameters import LinkModel
from analysis.tables import editions, store, summary_statistics
from analysis.topics import topic_model

DOC = Path(__file__).resolve().parents[2] / "docs/benchmark.md"
LINKS_DOC = DOC.with_name("benchmark-links.md")
MARKS = "<!-- measured -->", "<!-- /measured -->"
LINK = ("same", "successor")
STATUS = {value: STATUSES["links", value] for value in (*LINK, "none")}
GRID = np.arange(0.02, 1.0, 0.02)  # thresholds tried
Row = dict[str, object]


# --- topics ---------------------------------------------------------------------------------------------------------


class Texts:
    """The measures of the benchmark in one order, as words (SudachiPy) and as texts."""

    def __init__(self, ids: list[str]) -> None:
        self.place = {key: place for place, key in enumerate(ids)}
        order = pl.DataFrame({"measure_id": ids})
        features = order.join(store.read("features"), on="measure_id", how="left", maintain_order="left")
        bags = [dict(zip(*row, strict=True)) for row in features.select("terms", "term_counts").iter_rows()]
        measures = order.join(store.read("measures"), on="measure_id", how="left", maintain_order="left")
        self.vectors = csr_matrix(sentence_vectors.of(measures["text_hash"]))
        self.words: csr_matrix = TfidfTransformer(sublinear_tf=True).fit_transform(DictVectorizer().fit_transform(bags))
        texts = order.join(store.read("texts"), on="measure_id", how="left", maintain_order="left")
        self.texts = texts.select(pl.coalesce("repaired", "text")).to_series().to_list()
        self.grams: csr_matrix = TfidfVectorizer(analyzer="char", ngram_range=(2, 4), sublinear_tf=True).fit_transform(
            self.texts
        )

    def lsa(self) -> np.ndarray:
        """Return the words' 200 main directions, as unit rows."""
        return np.asarray(normalize(TruncatedSVD(200, random_state=0).fit_transform(self.words)))


def most_frequent(known: Texts, learn: np.ndarray, truth: np.ndarray) -> np.ndarray:
    values, counts = np.unique(truth[learn], return_counts=True)
    return np.full(len(truth), values[counts.argmax()])


def k_means(known: Texts, learn: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Clusters of all measures, each called what most of its measures that may be learned from are."""
    flat = normalize(TruncatedSVD(100, random_state=0).fit_transform(known.words))
    groups = KMeans(len(np.unique(truth)), n_init=10, random_state=0).fit_predict(flat)
    result = most_frequent(known, learn, truth)
    for group in np.unique(groups):
        if (inside := learn & (groups == group)).any():
            result[groups == group] = most_frequent(known, inside, truth)[0]
    return result


def logistic(matrix: str) -> Callable[[Texts, np.ndarray, np.ndarray], np.ndarray]:
    def predict(known: Texts, learn: np.ndarray, truth: np.ndarray) -> np.ndarray:
        model = LogisticRegression(C=30, max_iter=2000, class_weight="balanced")
        return np.asarray(model.fit(getattr(known, matrix)[learn], truth[learn]).predict(getattr(known, matrix)))

    return predict


TOPICS = {
    "always the most frequent": most_frequent,
    "k-means on LSA of words": k_means,
    "logistic, TF-IDF of words (SudachiPy)": logistic("words"),
    "logistic, TF-IDF of character 2–4-grams": logistic("grams"),
}


def topics(judged: pl.DataFrame) -> Iterator[Row]:
    rows = judged.filter(codebook="topics", variable="topic", restates=False).drop_nulls("holds").sort("unit_id")
    truth, folds = rows["holds"].to_numpy(), rows["fold"].to_numpy()
    known = Texts(rows["unit_id"].to_list())
    for name, method in TOPICS.items():
        said = truth.copy()
        for fold in np.unique(folds):
            said[folds == fold] = method(known, folds != fold, truth)[folds == fold]
        yield {"method": name} | topic_figures(truth, said)
    yield {"method": "topic model"} | topic_figures(truth, model_topics(judged, rows["unit_id"].to_list()))
    yield {"method": "one coder, against the other"} | topic_figures(
        rows["first"].to_numpy(), rows["second"].to_numpy()
    )


def model_topics(judged: pl.DataFrame, ids: list[str]) -> np.ndarray:
    """The topic model's, each year left out with the roadmap that restates its plan."""
    measures = store.read("measures")
    coded = topic_model.codings(measures)
    fold = dict(judged.filter(variable="topic").select("unit_id", "fold").iter_rows())
    groups = [fold[key] for key in coded["measure_id"]]
    best = topic_model.unseen(coded, measures, store.read("features"), groups).argmax(axis=1)
    names = [topic.category_id for topic in topic_model.topics()]
    said = {key: names[place] for key, place in zip(coded["measure_id"], best, strict=True)}
    return np.array([said[key] for key in ids])


def topic_figures(truth: np.ndarray, said: np.ndarray) -> Row:
    right = int((truth == said).sum())
    low, high = summary_statistics.interval(right, len(truth))
    return {
        "accuracy": f"{right / len(truth):.2f} ({low:.2f}–{high:.2f})",
        "macro F1": f"{f1_score(truth, said, average='macro', zero_division=0.0):.2f}",
        "kappa": f"{cohen_kappa_score(truth, said):.2f}",
        "NMI": f"{normalized_mutual_info_score(truth, said):.2f}",
    }


# --- links ----------------------------------------------------------------------------------------------------------
# A method scores pairs: case, unit_id, to_id, score (that they are linked), same_score (that they are the same).


def best_matches(cases: pl.DataFrame, likeness: Callable[[list[str], list[str]], np.ndarray]) -> pl.DataFrame:
    """The most alike measure of the later edition for each case, the likeness as both scores."""
    measures = store.read("measures").filter(pl.col("repeats").is_null()).with_columns(of=editions.column())
    tables = []
    for (_, against), own in cases.group_by("edition_id", "against", maintain_order=True):
        later = measures.filter(of=against)["measure_id"].to_list()
        alike = likeness(own["unit_id"].to_list(), later)
        best = alike.argmax(axis=1)
        score = alike[np.arange(len(own)), best]
        tables.append(own.select("case", "unit_id", "fold").with_columns(
            to_id=pl.Series([later[place] for place in best]), score=pl.Series(score), same_score=pl.Series(score)
        ))  # fmt: skip
    return pl.concat(tables)


def cosine(known: Texts, matrix: csr_matrix) -> Callable[[list[str], list[str]], np.ndarray]:
    def likeness(earlier: list[str], later: list[str]) -> np.ndarray:
        one, other = (matrix[[known.place[key] for key in keys]] for keys in (earlier, later))
        return np.asarray((one @ other.T).toarray())

    return likeness


def rapidfuzz_ratio(known: Texts) -> Callable[[list[str], list[str]], np.ndarray]:
    from rapidfuzz import fuzz, process

    def likeness(earlier: list[str], later: list[str]) -> np.ndarray:
        one, other = ([known.texts[known.place[key]] for key in keys] for keys in (earlier, later))
        return np.asarray(process.cdist(one, other, scorer=fuzz.ratio, dtype=np.float64)) / 100

    return likeness


def identical(known: Texts) -> Callable[[list[str], list[str]], np.ndarray]:
    def likeness(earlier: list[str], later: list[str]) -> np.ndarray:
        one, other = (["".join(known.texts[known.place[key]].split()) for key in keys] for keys in (earlier, later))
        return np.array([[float(text == word) for word in other] for text in one])

    return likeness


def ours(cases: pl.DataFrame, with_vectors: bool = False) -> pl.DataFrame:
    """The link model, fitted to the codings of the other editions."""
    coded = train.coded_pairs(with_vectors)
    tables = []
    for edition in coded.later:
        model = LinkModel(*train._curves(coded.without(edition).pairs), {})
        tables.append(train._scored(coded.into(edition), model))
    scored = (
        pl.concat(tables)
        .filter(pl.col("rest") >= competition.SECOND_FROM)
        .join(cases.select("case", "fold"), on="case")
    )
    return scored.rename({"from_id": "unit_id"}).select("case", "unit_id", "fold", "to_id", "score", "same_score")


def links(judged: pl.DataFrame) -> Iterator[tuple[str, dict[str, Row]]]:
    """Each method with its figures over all cases, and by how far the editions are apart."""
    rows = judged.filter(codebook="links", restates=False).with_columns(case=pl.format("{} {}", "unit_id", "against"))
    cases = rows.select("case", "unit_id", "edition_id", "against", "fold").unique().sort("case")
    apart = [model_parameters.gap(*pair) for pair in cases.select("edition_id", "against").iter_rows()]
    of_gap = {gap: cases.filter(pl.Series(apart) == gap) for gap in model_parameters.GAPS}
    linked = {name: named(rows, name) for name in ("first", "second", "holds")}
    known = Texts(store.read("measures")["measure_id"].sort().to_list())

    def figures(truth: Linked, said: Linked) -> dict[str, Row]:
        result = {"all": link_figures(cases, truth, said)}
        for gap, own in of_gap.items():
            ids = set(own["case"])
            both = ({pair: value for pair, value in pairs.items() if pair[0] in ids} for pairs in (truth, said))
            result[gap] = link_figures(own, *both)
        return result

    yield "always ended", figures(linked["holds"], {})
    methods = {
        "identical text": lambda: best_matches(cases, identical(known)),
        "best match, character 2–4-grams": lambda: best_matches(cases, cosine(known, known.grams)),
        "best match, TF-IDF of words (SudachiPy)": lambda: best_matches(cases, cosine(known, known.words)),
        "best match, LSA of words (200)": lambda: best_matches(cases, cosine(known, csr_matrix(known.lsa()))),
        "best match, rapidfuzz ratio": lambda: best_matches(cases, rapidfuzz_ratio(known)),
        "best match, sentence vectors": lambda: best_matches(cases, cosine(known, known.vectors)),
        "link model": lambda: ours(cases),
        "link model, with sentence vectors": lambda: ours(cases, with_vectors=True),
    }
    for name, method in methods.items():
        try:
            scored = method()
        except ImportError as error:
            yield f"{name}: not installed ({error.name})", {}
            continue
        said: Linked = {}
        for own in of_gap.values():
            ids = set(own["case"])
            truth = {pair: value for pair, value in linked["holds"].items() if pair[0] in ids}
            said |= left_out(scored.filter(pl.col("case").is_in(ids)), own, truth)
        yield name, figures(linked["holds"], said)
    yield "one coder, against the other", figures(linked["first"], linked["second"])


Linked = dict[tuple[str, str], str]  # case and later measure: same or successor


def named(rows: pl.DataFrame, column: str) -> Linked:
    own = rows.filter(pl.col(column).is_in(LINK))
    return {(case, to_id): value for case, to_id, value in own.select("case", "to_id", column).iter_rows()}


def predicted(scored: pl.DataFrame, thresholds: tuple[float, float]) -> Linked:
    rows = scored.filter(pl.col("score") >= thresholds[0]).select("case", "to_id", "same_score")
    return {(case, to_id): LINK[0 if same >= thresholds[1] else 1] for case, to_id, same in rows.iter_rows()}


def left_out(scored: pl.DataFrame, cases: pl.DataFrame, truth: Linked) -> Linked:
    """What is linked in each year with the thresholds that do best in the others."""
    result: Linked = {}
    for fold in sorted(set(cases["fold"])):
        others, own = cases.filter(pl.col("fold") != fold), scored.filter(fold=fold)
        ids = set(others["case"])
        known = {pair: value for pair, value in truth.items() if pair[0] in ids}
        rest = scored.filter(pl.col("fold") != fold)
        good = max((_good(others, known, predicted(rest, (low, low))), low) for low in GRID)[1]
        best = max((_good(others, known, predicted(rest, (good, high))), high) for high in GRID)[1]
        result |= predicted(own, (good, best))
    return result


def _good(cases: pl.DataFrame, truth: Linked, said: Linked) -> float:
    return _f1(truth, said) + float(np.mean([a == b for a, b in zip(*_statuses(cases, truth, said), strict=True)]))


def _f1(truth: Linked, said: Linked) -> float:
    return 2 * len(truth.keys() & said.keys()) / max(len(truth) + len(said), 1)


def _statuses(cases: pl.DataFrame, *linked: Linked) -> list[list[str]]:
    result = []
    for pairs in linked:
        best = dict.fromkeys(cases["case"], "none")
        for (case, _), value in pairs.items():
            if best[case] != "same":
                best[case] = value
        result.append([STATUS[value] for value in best.values()])
    return result


def link_figures(cases: pl.DataFrame, truth: Linked, said: Linked) -> Row:
    known, told = _statuses(cases, truth, said)
    right = sum(a == b for a, b in zip(known, told, strict=True))
    low, high = summary_statistics.interval(right, len(known))
    goes_on = [[value != "ended" for value in values] for values in (known, told)]
    return {
        "status": f"{right / len(known):.2f} ({low:.2f}–{high:.2f})",
        "kappa": f"{cohen_kappa_score(known, told):.2f}",
        "goes on, F1": f"{f1_score(*goes_on, zero_division=0.0):.2f}",
        "links F1": f"{_f1(truth, said):.2f}",
    }


# --- the page -------------------------------------------------------------------------------------------------------


def table(rows: list[Row]) -> list[str]:
    heads = list(dict.fromkeys(name for row in rows for name in row))
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) - 1)]
    return lines + [f"| {' | '.join(str(row.get(name, '–')) for name in heads)} |" for row in rows]


def page(judged: pl.DataFrame, day: date) -> dict[Path, str]:
    """What stands between the marks of docs/benchmark.md, and of docs/benchmark-links.md."""
    counted = judged.filter(restates=False)
    units = counted.filter(variable="topic")["unit_id"].n_unique()
    cases = counted.filter(codebook="links").select("unit_id", "against").n_unique()
    measured = list(links(judged))
    when = f"Measured on {day.isoformat()}, by `make bench`."
    lines = [when, "", f"**Topics**, {units} measures:", "", *table(list(topics(judged))), ""]
    lines += [f"**Links**, {cases} cases (a measure against a later edition):", ""]
    lines += table([{"method": name} | figures.get("all", {}) for name, figures in measured])
    by_gap = [when, ""]
    for gap, words in (("near", "at most"), ("far", "more than")):
        own = [{"method": name} | figures.get(gap, {}) for name, figures in measured]
        by_gap += [f"Editions {words} {model_parameters.NEAR_YEARS} years apart:", "", *table(own), ""]
    return {DOC: "\n".join(lines), LINKS_DOC: "\n".join(by_gap[:-1])}


if __name__ == "__main__":
    for file, measured in page(published.benchmark(store.read("measures")), date.today()).items():
        print(measured)
        text = file.read_text(encoding="utf-8")
        before, rest = text.split(MARKS[0])
        after = rest.split(MARKS[1])[1]
        file.write_text(f"{before}{MARKS[0]}\n{measured}\n{MARKS[1]}{after}", encoding="utf-8", newline="\n")
