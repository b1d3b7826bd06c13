"""What speaks for two measures being linked, in parts, each from committed facts alone.

Measures stand in four spaces: their words, their compound names, their wording (character n-grams), and the subjects
that words and names give (`thesaurus`), weighted so that boilerplate counts little (TF-IDF over all editions). Renamed
things count as one (`renamings`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.feature_extraction.text import TfidfTransformer

from analysis.continuity import blocking, renamings, thesaurus
from analysis.continuity.model_parameters import EVIDENCE
from analysis.extraction.text_features import BUCKETS
from analysis.tables import editions, ministries

PARTNERS = 20  # best partners of a measure, each way, that are looked at more closely
HELD = 50_000  # pairs whose rows are multiplied at once
UNKNOWN = 0.5  # ministries in common where a side names none, as summaries do: between yes and no


@dataclass(frozen=True)
class Space:
    """Measures as rows of sparse matrices, in the order of `ids`; names and ministries are 0 or their rarity."""

    ids: list[str]
    wording: csr_matrix  # unit rows
    words: csr_matrix  # unit rows
    names: csr_matrix  # unit rows
    subjects: csr_matrix  # unit rows
    headings: csr_matrix  # unit rows: words of the headings above
    weight: csr_matrix  # squared weight of each word that occurs
    named: csr_matrix  # rarity of each compound name, 0–1
    in_charge: csr_matrix  # 1 for each ministry, agencies counted with their parents
    rarity: np.ndarray  # of each ministry, 0–1
    topics: list[str]

    @property
    def place(self) -> dict[str, int]:
        return {measure_id: index for index, measure_id in enumerate(self.ids)}


def space(measures: pl.DataFrame, features: pl.DataFrame, assignments: pl.DataFrame) -> Space:
    """The measures of all editions; weights are taken over all of them. Raises TableFaulty."""
    joined = (
        features.join(measures.select("measure_id", "ministries", "edition", "part"), on="measure_id")
        .join(assignments.select("measure_id", "topic_id"), on="measure_id")
        .sort("measure_id")
    )
    joined = joined.with_columns(year=editions.column().str.strip_prefix("R").cast(pl.Int64))
    meant = renamings.meanings()
    terms = _occurrences(joined, "terms", meant, "term_counts")
    names = _occurrences(joined, "names", meant)
    subjects = _occurrences(_with_subjects(joined), "subjects", lambda name, year: name, "subject_counts")
    families = _occurrences(_with_forerunners(joined), "ministries", lambda name, year: ministries.family(name))
    return Space(
        ids=joined["measure_id"].to_list(),
        wording=_weighted(hashed(joined)),
        words=_weighted(terms),
        names=_weighted(names),
        subjects=_weighted(subjects),
        headings=_weighted(_occurrences(joined, "heading_terms", meant)),
        weight=csr_matrix((terms > 0) @ diags(idf(terms) ** 2)),
        named=csr_matrix((names > 0) @ diags(_rarity(names))),
        in_charge=csr_matrix(families > 0, dtype=float),
        rarity=_rarity(families),
        topics=joined["topic_id"].to_list(),
    )


def _with_forerunners(measures: pl.DataFrame) -> pl.DataFrame:
    """The measures with, beside each body that is younger than the first edition, those it took over from."""
    first = int(measures["year"].min() or 0)  # type: ignore[arg-type]
    known = measures.select(pl.col("ministries").explode().drop_nulls().unique())["ministries"]
    older = {name: [name, *ministries.forerunners(name, first)] for name in known}
    return measures.with_columns(
        pl.Series("ministries", [[body for name in row for body in older[name]] for row in measures["ministries"]],
                  dtype=pl.List(pl.String))
    )  # fmt: skip


def _occurrences(
    measures: pl.DataFrame, column: str, meant: Callable[[str, int], str], counts: str | None = None
) -> csr_matrix:
    """How often each measure has each name of a list column, by what the name means in a plan of the measure's year."""
    columns = {column: "name"} | ({counts: "n"} if counts else {})
    long = measures.select(pl.int_range(pl.len()).alias("row"), "year", *columns).explode(list(columns)).rename(columns)
    long = long.drop_nulls("name") if counts else long.drop_nulls("name").with_columns(n=1)
    known = long.select("name", "year").unique()
    meanings = known.with_columns(
        meant=pl.Series([meant(name, year) for name, year in known.iter_rows()], dtype=pl.String)
    )
    places = meanings.select("meant").unique().sort("meant").with_row_index("place")
    found = long.join(meanings, on=["name", "year"]).join(places, on="meant")
    cells = (found["n"].to_numpy().astype(float), (found["row"].to_numpy(), found["place"].to_numpy()))
    return _sorted(cells, (len(measures), max(len(places), 1)))


def _with_subjects(measures: pl.DataFrame) -> pl.DataFrame:
    """The measures with their subjects of the thesaurus, and how many of their names and words give each."""
    found = [
        thesaurus.given(names or [], words or []) for names, words in measures.select("names", "terms").iter_rows()
    ]
    return measures.with_columns(
        subjects=pl.Series([list(given) for given in found], dtype=pl.List(pl.String)),
        subject_counts=pl.Series([list(given.values()) for given in found], dtype=pl.List(pl.Int64)),
    )


def hashed(measures: pl.DataFrame) -> csr_matrix:
    """Counts of hashed n-grams, one row a measure, from the columns `grams` and `gram_counts` of table features."""
    long = measures.select(pl.int_range(pl.len()).alias("row"), "grams", "gram_counts").explode("grams", "gram_counts")
    long = long.drop_nulls("grams")
    cells = (long["gram_counts"].to_numpy().astype(float), (long["row"].to_numpy(), long["grams"].to_numpy()))
    return _sorted(cells, (len(measures), BUCKETS))


def _sorted(cells: tuple[np.ndarray, tuple[np.ndarray, np.ndarray]], shape: tuple[int, int]) -> csr_matrix:
    """The matrix with its columns in order, since sums of floats hang on the order."""
    matrix = csr_matrix(cells, shape=shape)
    matrix.sort_indices()
    return matrix


def _weighted(counts: csr_matrix) -> csr_matrix:
    return csr_matrix(TfidfTransformer(sublinear_tf=True).fit_transform(counts))


def idf(counts: csr_matrix) -> np.ndarray:
    """The weight of each column: 1 where every row has it, more the fewer have it."""
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + counts.getnnz(axis=0))) + 1)


def _rarity(counts: csr_matrix) -> np.ndarray:
    """0 for what every measure has, near 1 for what one has."""
    return np.asarray((idf(counts) - 1) / np.log(1 + max(counts.shape[0], 1)))


def pairs(found: Space, earlier: list[str], later: list[str], scheduler: str | None = None) -> pl.DataFrame:
    """Candidate pairs of two editions with their evidence: from_id, to_id and the columns of EVIDENCE.

    `scheduler` is the address of a Dask cluster that searches for candidates, see `candidates.best`.
    """
    place = found.place
    rows, columns = (np.array([place[key] for key in sorted(ids)], dtype=np.int64) for ids in (earlier, later))
    searched = csr_matrix(hstack([found.words, found.names]) / np.sqrt(2))
    i, j, _ = blocking.best(searched[rows], searched[columns], PARTNERS, scheduler=scheduler)
    one, other = rows[i], columns[j]
    words = _dot(found.words, found.words, one, other)
    total = np.asarray(found.weight.sum(axis=1)).ravel()
    shared = _dot(found.weight, csr_matrix(found.weight > 0, dtype=float), one, other)
    ids = np.array(found.ids, dtype=object)
    topics = np.array(found.topics, dtype=object)
    evidence = {
        "wording": _dot(found.wording, found.wording, one, other),
        "words": words,
        "overlap": shared / np.maximum(np.minimum(total[one], total[other]), 1e-9),
        "lead": words / np.maximum(np.sqrt(_highest(words, i) * _highest(words, j)), 1e-9),
        "name": _rarest(found.named, one, other),
        "subject": _dot(found.subjects, found.subjects, one, other),
        **_ministries(found, one, other),
        "section": _dot(found.headings, found.headings, one, other),
        "topic": (topics[one] == topics[other]).astype(float),
        "length": np.log1p(np.sqrt(total[one] * total[other])) / 10,
    }
    bounded = {name: np.minimum(values, 1.0) for name, values in evidence.items()}
    frame = pl.DataFrame({"from_id": ids[one].tolist(), "to_id": ids[other].tolist(), **bounded})
    return frame.cast({"from_id": pl.String, "to_id": pl.String}).select("from_id", "to_id", *EVIDENCE)


def _chunks(count: int) -> list[slice]:
    return [slice(start, start + HELD) for start in range(0, count, HELD)]


def _dot(left: csr_matrix, right: csr_matrix, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The product of row one[k] of left and row other[k] of right, for every k."""
    parts = [np.asarray(left[one[c]].multiply(right[other[c]]).sum(axis=1)).ravel() for c in _chunks(len(one))]
    return np.concatenate([np.empty(0), *parts])


def _rarest(rarity: csr_matrix, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The highest rarity of what both rows have; 0 where they have nothing in common."""
    has = csr_matrix(rarity > 0, dtype=float)
    parts = [rarity[one[c]].multiply(has[other[c]]).max(axis=1).toarray().ravel() for c in _chunks(len(one))]
    return np.concatenate([np.empty(0), *parts])


def _highest(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """For every value the highest one of its group."""
    best = np.zeros(int(groups.max(initial=-1)) + 1)
    np.maximum.at(best, groups, values)
    return np.asarray(best[groups])


def _ministries(found: Space, one: np.ndarray, other: np.ndarray) -> dict[str, np.ndarray]:
    """Whether a ministry is in charge of both, and how rare the rarest such ministry is among all measures."""
    shared = _dot(found.in_charge, found.in_charge, one, other)
    named = found.in_charge.getnnz(axis=1) > 0
    unknown = ~(named[one] & named[other])
    return {
        "ministry": np.where(unknown, UNKNOWN, (shared > 0).astype(float)),
        "ministry_rarity": np.where(
            unknown, UNKNOWN / 2, _rarest(csr_matrix(found.in_charge @ diags(found.rarity)), one, other)
        ),
    }
