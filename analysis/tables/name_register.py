"""The register of what measures name (data/curated/mentions.toml): names with kind and English name, and the nouns that
names end with.

A head noun says of what kind a name is that ends with it: 陶器産業審議会 is a council. `parts` is how many words must
stand before it to make a name of one particular thing, where none of them is proper by itself.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from analysis.base import curated, paths
from analysis.base.errors import TableFaulty
from analysis.base.japanese import squeeze

Kind = Literal["law", "plan", "guideline", "council", "programme", "treaty", "system", "event"]


@curated.exact
@dataclass(frozen=True, kw_only=True)
class Head:
    """Nouns that names of a kind end with."""

    kind: Kind
    parts: int
    nouns: tuple[str, ...]


@curated.exact
@dataclass(frozen=True, kw_only=True)
class Entry:
    """A thing that measures name. `translated`: the English name is ours, not the official one;
    `renamed`: the successor is the same thing under a new name."""

    name: str
    kind: Kind
    name_en: str
    translated: bool = False
    variants: tuple[str, ...] = ()
    successor: str | None = None
    renamed: bool = False
    since: curated.Year | None = None
    number: str | None = None


@curated.exact
@dataclass(frozen=True, kw_only=True)
class Content:
    """What the file holds. A compound is no name where only `general` words stand before its head noun, or where one of
    its words is of organisations (`bodies`: 法人); `pointing` words in front (同, 当該) are no part of a name.
    `generic` compounds name no particular thing (a field of law, a method) whatever stands around them."""

    general: tuple[str, ...] = ()
    pointing: tuple[str, ...] = ()
    generic: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    head: tuple[Head, ...] = ()
    name: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Register:
    """The register: its content, entries by each spelling (`key`), head nouns by noun."""

    content: Content
    entries: dict[str, Entry]
    heads: dict[str, Head]


def register() -> Register:
    """Return the register. Raises TableFaulty."""
    return _read(paths.curated())


def of(content: Content) -> Register:
    """Return the register of a content. Raises ValueError where one spelling is of two things."""
    spelt: dict[str, Entry] = {}
    for entry in content.name:
        for spelling in map(key, (entry.name, *entry.variants)):
            if not spelling:
                raise ValueError(f"{entry.name!r} has an empty spelling")
            if spelling in spelt:
                raise ValueError(f"{spelling!r} is a spelling of {spelt[spelling].name!r} and of {entry.name!r}")
            spelt[spelling] = entry
    for entry in content.name:
        if entry.successor and key(entry.successor) not in spelt:
            raise ValueError(f"{entry.name!r} has the successor {entry.successor!r}, which is no entry")
        if entry.renamed and not entry.successor:
            raise ValueError(f"{entry.name!r} is renamed and has no successor")
    nouns = [noun for head in content.head for noun in head.nouns]
    if twice := sorted({noun for noun in nouns if nouns.count(noun) > 1}):
        raise ValueError(f"the head noun {twice[0]!r} is there twice")
    return Register(content, spelt, {squeeze(noun): head for head in content.head for noun in head.nouns})


def key(name: str) -> str:
    """Return a name as spellings are compared: usual width, no white space, Latin letters small."""
    return squeeze(name).casefold()


def english(canonical: str) -> str | None:
    """Return the English name of a thing; None where the register does not hold it."""
    entry = register().entries.get(key(canonical))
    return entry.name_en if entry else None


def label(canonical: str, language: str) -> str:
    """Return what to call a thing: its name in the register in this language; else the name that was written."""
    entry = register().entries.get(key(canonical))
    return canonical if entry is None or language == "ja" else entry.name_en


@cache
def _read(folder: Path) -> Register:
    file = folder / "mentions.toml"
    if not file.exists():
        return of(Content())
    try:
        return of(curated.entries(Content, curated.toml(file), file)[0])
    except ValueError as error:
        raise TableFaulty(f"{file}: {error}; {curated.MEND}") from error
