"""What names mean whatever plan uses them: renamings (data/curated/renamings.csv) and subjects (thesaurus.toml).

Two plans may say the same thing in other words (a law renamed, an older and a newer programme), which wording cannot
show. Both files come from the world (laws, cabinet decisions, the bodies themselves), not from the links of measures.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
from pydantic import Field

from analysis.base import curated, paths

COLUMNS = {"old": pl.String, "new": pl.String, "kind": pl.String, "since": pl.Int64, "source": pl.String}
DATED = ("renamed", "homonym")  # kinds of rows that have a year and a source


@dataclass(frozen=True)
class Renaming:
    """A row of the file; a homonym names another thing from `since` on."""

    old: str
    new: str
    kind: Literal["renamed", "abbreviation", "spelling", "homonym"]
    since: curated.Year | None = None
    source: str | None = None


def renamings() -> pl.DataFrame:
    """Return the renamings: old, new, kind, since (year or null), source. Raises TableFaulty."""
    file = paths.curated() / "renamings.csv"
    rows = curated.table(file, Renaming, ("old",))
    for line, row in rows:
        if row.kind in DATED and (row.since is None or row.source is None):
            name = "since" if row.since is None else "source"
            raise curated.row_faulty(file, line, f"{name} is empty", f"a row of the kind {row.kind} needs it")
    return curated.frame(rows, COLUMNS)


def meanings() -> Callable[[str, int], str]:
    """Return a function of a name and a plan's year that gives the name as later plans write it.

    ベンチャー支援 becomes スタートアップ支援. The file is looked for once, for all names that it is asked for.
    """
    rows = _longest_first(paths.curated())

    @cache
    def meant(name: str, year: int) -> str:
        for old, new, until in rows:
            if old in name and new not in name and year < until:
                name = name.replace(old, new)
        return name

    return meant


@cache
def _longest_first(folder: Path) -> list[tuple[str, str, int]]:
    """Old and new name and the year before which the row holds; longer names first: 下請法 is not read as 下請.

    An old name means the new one in plans of any year (they may lag behind); a homonym only in those before `since`.
    """
    until = pl.when(pl.col("kind") == "homonym").then(pl.col("since")).otherwise(9999)
    rows = renamings().select("old", "new", until.alias("until")).rows()
    return sorted(rows, key=lambda row: (-len(row[0]), row[0]))


@dataclass(frozen=True)
class Subject:
    """A specific subject: its name in both languages, and the terms that give it to a measure."""

    ja: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]
    terms: Annotated[tuple[Annotated[str, Field(min_length=2)], ...], Field(min_length=1)]


def subjects() -> dict[str, Subject]:
    """Return the subjects of the thesaurus by identifier. Raises TableFaulty."""
    return _subjects(paths.curated())


def subjects_of(names: Iterable[str], words: Iterable[str], known: Container[str] | None = None) -> Counter[str]:
    """Count the subjects of a measure: how many of its names and words give each of them. Raises TableFaulty.

    `known` are the terms that count, all by default.
    """
    by_term = _by_term(paths.curated())
    return Counter(
        subject
        for terms in terms_of(names, words)
        for subject in {subject for term in terms if known is None or term in known for subject in by_term[term]}
    )


def terms_of(names: Iterable[str], words: Iterable[str]) -> list[frozenset[str]]:
    """Return the terms of the thesaurus in each name and word of a measure that has any. Raises TableFaulty.

    A compound name has each term that it contains, a single word is one or none.
    """
    folder = paths.curated()
    by_term = _by_term(folder)
    of_names = (_in_name(name, folder) for name in names)
    return [frozenset([word]) for word in words if word in by_term] + [terms for terms in of_names if terms]


def subject_label(subject: str, language: str) -> str:
    """Return the name of a subject, or its identifier where the thesaurus no longer has it. Raises TableFaulty."""
    known = subjects().get(subject)
    return subject if known is None else known.ja if language == "ja" else known.en


@cache
def _in_name(name: str, folder: Path) -> frozenset[str]:
    parts = {name[i:j] for i in range(len(name)) for j in range(i + 2, len(name) + 1)}
    return frozenset(parts & _by_term(folder).keys())


@cache
def _by_term(folder: Path) -> dict[str, list[str]]:
    by_term: dict[str, list[str]] = {}
    for key, subject in _subjects(folder).items():
        for term in subject.terms:
            by_term.setdefault(term, []).append(key)
    return by_term


@cache
def _subjects(folder: Path) -> dict[str, Subject]:
    file = folder / "thesaurus.toml"
    try:
        return {key: curated.entry(Subject, row) for key, row in curated.toml(file).items()}
    except TypeError as error:
        raise curated.faulty(file, error) from error
