"""The register of indicators, data/curated/indicators.toml."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator

from analysis.base import curated, paths
from analysis.base.errors import TableFaulty
from analysis.base.japanese import squeeze
from analysis.kpi.amounts import scale
from analysis.tables.categories import PLACES


def _pattern(text: str) -> str:
    """Return a regular expression. Raises ValueError where it is empty or none."""
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from error
    if not text:
        raise ValueError("is an empty term, which fits every figure")
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]


@dataclass(frozen=True)
class Indicator:
    """An entry of the register; its file says what each field means."""

    id: str
    name_ja: str
    name_en: str
    unit: str
    direction: Literal["up", "down", "watch"]
    measured_by_ja: str
    measured_by_en: str
    definition_ja: str
    definition_en: str
    patterns: tuple[Pattern, ...] = ()
    local: dict[str, list[Pattern]] = field(default_factory=dict, hash=False)
    set_by_ja: str = ""
    set_by_en: str = ""
    nature: Literal["level", "change", "rate"] = "level"
    total: bool = False
    undated_lag: int | None = None
    parts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not any([self.patterns, *self.local.values()]):
            raise ValueError("patterns and local hold no term")
        if bool(self.set_by_ja) != bool(self.set_by_en):
            raise ValueError("set_by is given in one language only")

    @property
    def indicator_id(self) -> str:
        return self.id

    def worded(self, name: str) -> bool:
        """Return whether the name alone speaks of what the indicator measures, whatever its headings."""
        return any(re.search(pattern, name) for pattern in self.patterns)

    def named(self, name: str, headings: str | None) -> bool:
        """Return whether a figure of this name below these headings speaks of what the indicator measures, in whatever
        unit."""
        path = squeeze(headings or "")
        local = (pattern for words, some in self.local.items() if squeeze(words) in path for pattern in some)
        return any(re.search(pattern, name) for pattern in (*self.patterns, *local))

    def fits(self, name: str, headings: str | None, unit: str | None, nature: str) -> bool:
        """Return whether a figure of this name, headings, unit (if any) and nature is a value of the indicator."""
        if nature != self.nature or (unit is not None and scale(unit)[1] != scale(self.unit)[1]):
            return False
        return self.named(name, headings)

    def text(self, what: str, language: str) -> str:
        """Return name, set_by, measured_by or definition in a language."""
        return str(getattr(self, f"{what}_{language}"))


@dataclass(frozen=True)
class Untied:
    """Why figures belong to no indicator: those whose name, headings and place fit what is given of the three."""

    id: str
    reason_ja: str
    reason_en: str
    patterns: tuple[Pattern, ...] = ()
    headings: tuple[Pattern, ...] = ()
    places: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not any((self.patterns, self.headings, self.places)):
            raise ValueError("patterns, headings and places are all empty")
        if unknown := sorted(set(self.places) - set(PLACES)):
            raise ValueError(f"places holds {', '.join(unknown)}: choose of {', '.join(PLACES)}")

    def fits(self, figure: Mapping[str, Any]) -> bool:
        """Return whether the entry is about a figure (a row of Figures)."""
        texts = ((self.patterns, figure["indicator"] or ""), (self.headings, squeeze(figure["headings"] or "")))
        if self.places and figure["place"] not in self.places:
            return False
        return all(not patterns or any(re.search(pattern, text) for pattern in patterns) for patterns, text in texts)


@dataclass(frozen=True)
class Rated:
    """A row of the annex: what it is called, and its group."""

    pattern: Pattern
    group_ja: str
    group_en: str
    name_ja: str
    name_en: str


@dataclass(frozen=True)
class Register:
    indicators: tuple[Indicator, ...]
    untied: tuple[Untied, ...]
    rated: tuple[Rated, ...]


def register() -> Register:
    """Return the whole file. Raises TableFaulty where an entry lacks a field or breaks a rule."""
    return _read(paths.curated() / "indicators.toml")


def indicators() -> tuple[Indicator, ...]:
    """Return the indicators in the register's own order. Raises TableFaulty."""
    return register().indicators


def missing_headings(headings: Iterable[str | None]) -> list[str]:
    """Return the headings that the register asks for and that none of these paths holds, each with its indicators."""
    paths = [squeeze(path or "") for path in headings]
    wanted: dict[str, list[str]] = {}
    for indicator in indicators():
        for words in indicator.local:
            wanted.setdefault(words, []).append(indicator.id)
    return [
        f"{words} ({', '.join(ids)})" for words, ids in wanted.items() if not any(squeeze(words) in p for p in paths)
    ]


def by_id() -> dict[str, Indicator]:
    """Return the indicators by their ids."""
    return {indicator.indicator_id: indicator for indicator in indicators()}


def names(language: str) -> dict[str, str]:
    """Return the indicators' names in English or Japanese, by id."""
    return {i.indicator_id: i.text("name", language) for i in indicators()}


@cache
def _read(file: Path) -> Register:
    tables = curated.toml(file)
    indicators = curated.entries(Indicator, tables.get("indicator", "no [[indicator]]"), file)
    ids = [indicator.indicator_id for indicator in indicators]
    if twice := sorted({indicator_id for indicator_id in ids if ids.count(indicator_id) > 1}):
        raise TableFaulty(f"{file} holds {', '.join(twice)} twice: give each indicator an id of its own")
    for indicator in indicators:
        if unknown := [part for part in indicator.parts if part not in ids]:
            raise TableFaulty(f"{file}: {indicator.id} has parts that are no indicators: {', '.join(unknown)}")
    untied = curated.entries(Untied, tables.get("untied", []), file)
    if twice := sorted({entry.id for entry in untied if [other.id for other in untied].count(entry.id) > 1}):
        raise TableFaulty(f"{file} holds the reason {', '.join(twice)} twice: give each an id of its own")
    return Register(tuple(indicators), tuple(untied), tuple(curated.entries(Rated, tables.get("rated", []), file)))
