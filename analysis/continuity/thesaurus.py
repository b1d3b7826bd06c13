"""Specific subjects of the plans and the words that name them, from data/curated/thesaurus.toml.

Two plans may say the same thing in other words (an older and a newer programme, a law and its nickname). A measure has
a subject where one of its compound names contains one of the subject's terms, or one of its words is a term.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analysis.base import curated, paths
from analysis.base.errors import TableFaulty


@dataclass(frozen=True)
class Subject:
    """Its name in both languages and the terms that give it to a measure."""

    ja: str
    en: str
    terms: tuple[str, ...]


def subjects() -> dict[str, Subject]:
    """All subjects by identifier. Raises TableFaulty."""
    return _read(paths.curated())


def given(names: Iterable[str], words: Iterable[str]) -> Counter[str]:
    """The subjects that compound names and single words give, and how many of them do. Raises TableFaulty."""
    folder = paths.curated()
    known = _by_term(folder)
    found = Counter(subject for word in words for subject in known.get(word, ()))
    for name in names:
        found.update(_of_name(name, folder))
    return found


def label(subject: str, language: str) -> str:
    """The name of a subject; the identifier itself where the thesaurus no longer has it. Raises TableFaulty."""
    known = subjects().get(subject)
    return subject if known is None else known.ja if language == "ja" else known.en


@cache
def _of_name(name: str, folder: Path) -> frozenset[str]:
    known = _by_term(folder)
    parts = {name[i:j] for i in range(len(name)) for j in range(i + 2, len(name) + 1)}
    return frozenset(subject for part in parts & known.keys() for subject in known[part])


@cache
def _by_term(folder: Path) -> Mapping[str, list[str]]:
    result: dict[str, list[str]] = {}
    for key, subject in _read(folder).items():
        for term in subject.terms:
            result.setdefault(term, []).append(key)
    return result


@cache
def _read(folder: Path) -> dict[str, Subject]:
    file = folder / "thesaurus.toml"
    try:
        found = {key: curated.entry(Subject, row) for key, row in curated.toml(file).items()}
    except TypeError as error:
        raise curated.faulty(file, error) from error
    for key, subject in found.items():
        if not subject.ja or not subject.en or not subject.terms or min(map(len, subject.terms)) < 2:
            raise TableFaulty(f"{file}: {key} lacks a name or terms, or has a term of one sign: mend it")
    return found
