"""How similar two measures are, feature by feature, and what they share, from committed tables alone.

Measures stand in four spaces: their words, their compound names, their wording (character n-grams), and the subjects
that words and names give, weighted so that boilerplate counts little (TF-IDF over all editions). Renamed things count
as one (`vocabulary`). Where their sentence vectors are kept (`sentence_vectors`) they stand in a fifth.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import repeat

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer

from analysis.continuity import blocking, sentence_vectors, vocabulary
from analysis.continuity.model_parameters import SIMILARITY_FEATURES, VECTOR
from analysis.extraction.text_features import BUCKETS
from analysis.tables import editions, ministries

PARTNERS = 20  # best partners of a measure, each way, that are looked at more closely
CHUNK = 50_000  # pairs whose rows are multiplied at once
UNKNOWN = 0.5  # ministries in common where a side names none, as summaries do: between yes and no
NEIGHBOURS = 10  # as Conneau et al. (2018) take for cross-domain similarity local scaling (CSLS)
SHOWN = 6  # names or words in common that are shown, rarest first
SHARED = ("shared_names", "shared_terms", "shared_subjects", "shared_ministries", "renamed")


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
    topics: np.ndarray  # main topic of each measure, None where it is unclear
    vectors: np.ndarray  # sentence vectors: unit rows; zeros where none is kept

    @property
    def place(self) -> dict[str, int]:
        """The row of each measure."""
        return {measure_id: index for index, measure_id in enumerate(self.ids)}

    def without_vectors(self) -> "Space":
        """Return the space as it is where no sentence vectors are kept."""
        return replace(self, vectors=np.zeros_like(self.vectors))


def space(
    measures: pl.DataFrame, features: pl.DataFrame, assignments: pl.DataFrame, as_new: str | None = None
) -> Space:
    """Return the measures of all editions as vectors; weights are taken over all of them. Raises TableFaulty.

    `as_new` is an edition to be seen as if it were new: of the thesaurus only terms count that an edition before it
    has, since the others may have been added because of it.
    """
    joined = (
        features.join(measures.select("measure_id", "ministries", "edition", "part", "text_hash"), on="measure_id")
        .join(assignments.select("measure_id", "topic_id"), on="measure_id")
        .sort("measure_id")
    )
    joined = joined.with_columns(editions.column())
    years = [editions.year(edition_id) for edition_id in joined["edition_id"]]
    meant = vocabulary.meanings()

    def occurrences(column: str, counts: str | None = None) -> csr_matrix:
        amounts = joined[counts].to_list() if counts else repeat(repeat(1))
        rows = zip(joined[column].to_list(), amounts, years, strict=False)
        return _matrix(_bag(names, numbers, year, meant) for names, numbers, year in rows)

    terms, names = occurrences("terms", "term_counts"), occurrences("names")
    families = _matrix(_families(joined["ministries"].to_list(), min(years, default=0)))
    return Space(
        ids=joined["measure_id"].to_list(),
        wording=_weighted(hashed(joined)),
        words=_weighted(terms),
        names=_weighted(names),
        subjects=_weighted(_matrix(_subjects(joined, as_new))),
        headings=_weighted(occurrences("heading_terms")),
        weight=csr_matrix((terms > 0) @ diags(idf(terms) ** 2)),
        named=csr_matrix((names > 0) @ diags(_rarity(names))),
        in_charge=families,
        rarity=_rarity(families),
        topics=joined["topic_id"].to_numpy(),
        vectors=sentence_vectors.of(joined["text_hash"]),
    )


def _subjects(measures: pl.DataFrame, as_new: str | None) -> Iterable[Mapping[str, int]]:
    """The subjects of each measure, by the terms that an edition before `as_new` has; by all where that is None."""
    known = None if as_new is None else {
        term
        for edition, *row in measures.select("edition_id", "names", "terms").iter_rows()
        if editions.place(edition) < editions.place(as_new)
        for terms in vocabulary.terms_of(*row)
        for term in terms
    }  # fmt: skip
    rows = measures.select("names", "terms").iter_rows()
    return (vocabulary.subjects_of(names, words, known) for names, words in rows)


def _bag(names: Iterable[str], counts: Iterable[int], year: int, meant: Callable[[str, int], str]) -> Counter[str]:
    """How often a measure has each name, by what the name means in a plan of the measure's year."""
    bag: Counter[str] = Counter()
    for name, count in zip(names, counts, strict=False):
        bag[meant(name, year)] += count
    return bag


def _families(in_charge: list[list[str]], first: int) -> Iterable[dict[str, int]]:
    """The ministries of each measure, and those whose work a body took over that is younger than the first edition."""

    @cache
    def families(name: str) -> frozenset[str]:
        return frozenset(map(ministries.family, [name, *ministries.forerunners(name, first)]))

    return ({family: 1 for name in names for family in families(name)} for names in in_charge)


def _matrix(bags: Iterable[Mapping[str, int]]) -> csr_matrix:
    """Bags as rows of a sparse matrix, a column for each name in code-point order (one at least)."""
    rows = list(bags)
    if not any(rows):
        return csr_matrix((len(rows), 1))
    return DictVectorizer().fit_transform(rows)


def hashed(measures: pl.DataFrame) -> csr_matrix:
    """Counts of hashed n-grams, one row a measure, from the columns `grams` and `gram_counts` of table features."""
    ends = measures["grams"].list.len().cum_sum().to_numpy()
    grams, counts = (measures[name].explode().drop_nulls().to_numpy() for name in ("grams", "gram_counts"))
    return csr_matrix((counts.astype(float), grams, np.concatenate([[0], ends])), shape=(len(measures), BUCKETS))


def _weighted(counts: csr_matrix) -> csr_matrix:
    return csr_matrix(TfidfTransformer(sublinear_tf=True).fit_transform(counts))


def idf(counts: csr_matrix) -> np.ndarray:
    """The weight of each column: 1 where every row has it, more the fewer have it."""
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + counts.getnnz(axis=0))) + 1)


def _rarity(counts: csr_matrix) -> np.ndarray:
    """0 for what every measure has, near 1 for what one has."""
    return np.asarray((idf(counts) - 1) / np.log(1 + max(counts.shape[0], 1)))


# --- features of pairs ------------------------------------------------------------------------------------------


def pairs(space: Space, earlier: list[str], later: list[str], scheduler: str | None = None) -> pl.DataFrame:
    """Return the candidate pairs of two editions: from_id, to_id, SIMILARITY_FEATURES (0–1) and VECTOR (−1 to 1).

    VECTOR is null where a measure of either edition has no sentence vector. `earlier` and `later` are the measures of
    the editions; `scheduler` is the address of a Dask cluster that searches for candidates, see `blocking.best`.
    """
    place = space.place
    rows, columns = (np.array([place[key] for key in sorted(ids)], dtype=np.int64) for ids in (earlier, later))
    spaces = [space.words, space.names, space.wording, space.subjects]
    with_vectors = all(len(side) and space.vectors[side].any(axis=1).all() for side in (rows, columns))
    if with_vectors:
        spaces.append(csr_matrix(space.vectors))
    searched = csr_matrix(hstack(spaces) / np.sqrt(len(spaces)))
    i, j, _ = blocking.best(searched[rows], searched[columns], PARTNERS, scheduler=scheduler)
    start, end = rows[i], columns[j]
    words = _dot(space.words, space.words, start, end)
    total = np.asarray(space.weight.sum(axis=1)).ravel()
    shared = _dot(space.weight, csr_matrix(space.weight > 0, dtype=float), start, end)
    features = {
        "wording": _dot(space.wording, space.wording, start, end),
        "words": words,
        "overlap": shared / np.maximum(np.minimum(total[start], total[end]), 1e-9),
        "lead": words / np.maximum(np.sqrt(_highest(words, i) * _highest(words, j)), 1e-9),
        "name": _rarest(space.named, start, end),
        "subject": _dot(space.subjects, space.subjects, start, end),
        **_ministries(space, start, end),
        "section": _dot(space.headings, space.headings, start, end),
        "topic": _alike(space.topics[start], space.topics[end]),
        "length": np.log1p(np.sqrt(total[start] * total[end])) / 10,
    }
    ids = pl.Series(space.ids, dtype=pl.String)
    bounded = {name: np.minimum(features[name], 1.0) for name in SIMILARITY_FEATURES}
    vector = _nearer(space.vectors[rows], space.vectors[columns])[i, j] if with_vectors else [None] * len(start)
    nearer = pl.Series(vector, dtype=pl.Float64)
    return pl.DataFrame({"from_id": ids[start], "to_id": ids[end], **bounded, VECTOR: nearer})


def _nearer(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How much nearer two vectors are than each side's NEIGHBOURS nearest ones of the other edition are on average.

    A measure in general terms is near to everything. 0 where they are as near as those; −1 to 1.
    """
    cosines = one @ other.T
    rows = np.sort(cosines, axis=1)[:, -NEIGHBOURS:].mean(axis=1, keepdims=True)
    columns = np.sort(cosines, axis=0)[-NEIGHBOURS:].mean(axis=0, keepdims=True)
    return np.asarray(np.clip(cosines - (rows + columns) / 2, -1.0, 1.0))


def _dot(left: csr_matrix, right: csr_matrix, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The product of row start[k] of left and row end[k] of right, for every k."""
    return _by_chunks(lambda i, j: left[i].multiply(right[j]).sum(axis=1), start, end)


def _rarest(rarity: csr_matrix, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The highest rarity of what both rows have; 0 where they have nothing in common."""
    has = csr_matrix(rarity > 0, dtype=float)
    return _by_chunks(lambda i, j: rarity[i].multiply(has[j]).max(axis=1).toarray(), start, end)


def _by_chunks(
    function: Callable[[np.ndarray, np.ndarray], np.ndarray], start: np.ndarray, end: np.ndarray
) -> np.ndarray:
    """A function's value for every pair, CHUNK pairs at a time."""
    chunks = [slice(first, first + CHUNK) for first in range(0, len(start), CHUNK)]
    return np.concatenate([np.empty(0), *(np.asarray(function(start[c], end[c])).ravel() for c in chunks)])


def _alike(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """1 where both are the same topic, 0 where they are not or either is unclear."""
    return np.asarray((one == other) & (one != None), dtype=float)  # noqa: E711 (item by item)


def _highest(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """For every value the highest one of its group."""
    best = np.zeros(int(groups.max(initial=-1)) + 1)
    np.maximum.at(best, groups, values)
    return np.asarray(best[groups])


def _ministries(space: Space, start: np.ndarray, end: np.ndarray) -> dict[str, np.ndarray]:
    """Whether a ministry is in charge of both, and how rare the rarest such ministry is among all measures."""
    shared = _dot(space.in_charge, space.in_charge, start, end) > 0
    rarest = _rarest(csr_matrix(space.in_charge @ diags(space.rarity)), start, end)
    named = space.in_charge.getnnz(axis=1) > 0
    known = named[start] & named[end]
    return {
        "ministry": np.where(known, shared.astype(float), UNKNOWN),
        "ministry_rarity": np.where(known, rarest, UNKNOWN / 2),
    }


# --- what two measures share, for people to see -----------------------------------------------------------------


def in_common(links: pl.DataFrame, measures: pl.DataFrame, features: pl.DataFrame) -> pl.DataFrame:
    """Return the links with what both measures share: the columns SHARED, of at most SHOWN items each.

    Names and terms stand rarest first, as the later measure writes them; terms that a shared name holds are left out.
    """
    names, terms = (_by_meaning(measures, features, column) for column in ("names", "terms"))
    family = cache(ministries.family)
    charged = {key: {family(name) for name in row} for key, row in measures.select("measure_id", "ministries").rows()}
    subjects = {key: {subject: subject for subject in vocabulary.subjects_of(*row)}
                for key, *row in features.select("measure_id", "names", "terms").rows()}  # fmt: skip
    known = _Written(subjects, Counter(subject for row in subjects.values() for subject in row))
    rows: dict[str, list[list[str]]] = {name: [] for name in SHARED}
    for start, end in links.select("from_id", "to_id").iter_rows():
        shared = names.shared(start, end)
        joined = "".join(shared)
        earlier, later = names.written[start], names.written[end]
        rows["shared_names"].append([later[name] for name in shared[:SHOWN]])
        words = [term for term in terms.shared(start, end) if term not in joined]
        rows["shared_terms"].append([terms.written[end][term] for term in words[:SHOWN]])
        rows["shared_subjects"].append(known.shared(start, end)[:SHOWN])
        rows["shared_ministries"].append(sorted(charged[start] & charged[end]))
        changed = [f"{earlier[name]}→{later[name]}" for name in shared if earlier[name] != later[name]]
        rows["renamed"].append(changed[:SHOWN])
    return links.with_columns(pl.Series(name, values, dtype=pl.List(pl.String)) for name, values in rows.items())


@dataclass(frozen=True)
class _Written:
    """For every measure its names by their meaning, and how many measures have each meaning."""

    written: dict[str, dict[str, str]]
    frequency: Counter[str]

    def shared(self, start: str, end: str) -> list[str]:
        both = self.written[start].keys() & self.written[end].keys()
        return sorted(both, key=lambda name: (self.frequency[name], name))


def _by_meaning(measures: pl.DataFrame, features: pl.DataFrame, column: str) -> _Written:
    meant = vocabulary.meanings()
    year = {key: editions.year(edition) for key, edition in measures.select("measure_id", editions.column()).rows()}
    written = {
        key: {meant(name, year[key]): name for name in row}
        for key, row in features.select("measure_id", column).iter_rows()
    }
    return _Written(written, Counter(name for row in written.values() for name in row))
