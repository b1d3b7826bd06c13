"""Layouts as data: what a parser must know of how a family of plans is set (data/curated/layouts, one TOML file each).

A profile names heads by their words, without numbers, brackets and list marks; what a line begins with by its class
(`marks.beginning`): a list mark as printed (○), the kind of a heading's number (chapter, arabic, circled), or "" for
paragraphs that nothing marks.
"""

import json
import re
from dataclasses import dataclass, fields
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, cast, get_args

from pydantic import AfterValidator

from analysis.base import curated, paths
from analysis.base.errors import TableFaulty
from analysis.documents import marks
from analysis.documents.paragraphs import Style
from analysis.extraction.parsers.bodies_and_times import Labels

Parser = Literal["plan", "any plan", "slides", "article", "roadmap"]
Closings = Literal["behind", "title", "named"]
MOST_WORDS, LONGEST = 200, 100  # of a list, and characters of each
NUMBERED = re.compile(r"(?:decimal|[一-龥ァ-ヶーの]{1,10}) [1-6]")  # 1-1-1, 施策2-1


def _level(kind: str) -> str:
    kinds = dict.fromkeys([*marks.NUMBERS, *marks.BEGINNINGS])
    if kind not in kinds and not NUMBERED.fullmatch(kind):
        raise ValueError(f"{kind[:30]!r} is no kind of number: it must be one of {', '.join(kinds)}, decimal 2, 施策 2")
    return kind


def _item(kind: str) -> str:
    mark = len(kind) == 1 and (marks.kind(kind) != "" or not (kind.isalnum() or kind.isspace()))
    return kind if mark or not kind else _level(kind)


def _head(words: str) -> str:
    if not re.search(r"\w", words):
        raise ValueError("must hold a word")
    if len(words) > LONGEST:
        raise ValueError(f"must be no longer than {LONGEST} characters")
    return words


def _few(words: tuple[str, ...]) -> tuple[str, ...]:
    if len(words) > MOST_WORDS:
        raise ValueError(f"must hold no more than {MOST_WORDS}")
    return words


def _short_name(entry: str) -> str:
    short, _, name = entry.partition("=")
    if not short.strip() or not name.strip():
        raise ValueError(f"{entry[:30]!r} must be a short name, an equals sign and the name in full: 環=環境省")
    return entry


def _length(characters: int) -> int:
    if characters < 1:
        raise ValueError("must be at least 1")
    return characters


Level = Annotated[str, AfterValidator(_level)]
Item = Annotated[str, AfterValidator(_item)]
Head = Annotated[str, AfterValidator(_head)]
Heads = Annotated[tuple[Head, ...], AfterValidator(_few)]
Levels = Annotated[tuple[Level, ...], AfterValidator(_few)]
Items = Annotated[tuple[Item, ...], AfterValidator(_few)]
ShortNames = Annotated[tuple[Annotated[str, AfterValidator(_short_name)], ...], AfterValidator(_few)]


@dataclass(frozen=True)
class Profile:
    """How a family of plans is set; docs/layouts.md says what each field means."""

    parser: Parser
    style: Style
    wrapped: bool = False
    measures: Heads = ()  # heads that announce measures; none where they may stand anywhere
    background: Heads = ()
    indicators: Heads = ()
    outlook: Heads = ()  # words in the titles of chapters whose background says where things stand
    policy: Heads = ()  # words in the headings of slides below which statements of policy stand
    levels: Levels = ()  # kinds of numbers that the headings of sections have, outermost first
    items: Items = ()  # what measures begin with
    closing: Closings = "behind"  # where bodies stand: behind a measure's words, behind its title, or in its sentence
    names: Heads = ()  # heads of the columns of measures' names, in tables
    contents: Heads = ()  # and of what they are
    bodies: Heads = ()
    times: Heads = ()
    body_labels: Heads = ()  # words before bodies and times that are not the usual ones
    time_labels: Heads = ()
    short_names: ShortNames = ()  # that bodies have in the family: 環=環境省
    heading_length: Annotated[int, AfterValidator(_length)] = 60  # characters that a heading has at most

    @cached_property
    def labels(self) -> Labels:
        """The words that bodies and times stand behind."""
        return Labels(self.body_labels, self.time_labels, self.short_names)


def folder() -> Path:
    return paths.curated() / "layouts"


def layouts() -> dict[str, Profile]:
    """Return all profiles by name, those of plans first. Raises TableFaulty for one that is faulty."""
    profiles = {file.stem: _read(file, file.stat().st_mtime_ns) for file in folder().glob("*.toml")}
    order = get_args(Parser)
    return dict(sorted(profiles.items(), key=lambda item: (order.index(item[1].parser), item[0])))


def layout(name: str) -> Profile:
    """Return the profile of this name. Raises TableFaulty where there is none."""
    known = layouts()
    if name not in known:
        raise TableFaulty(
            f"layout {name!r} does not exist: put one of {', '.join(known)} into data/raw/manifest.toml, or its "
            f"profile into {folder()}"
        )
    return known[name]


@cache
def _read(file: Path, changed: int) -> Profile:
    return read(file)


def read(file: Path) -> Profile:
    """Return the profile of a TOML file. Raises TableFaulty, which names file and field."""
    return curated.entries(Profile, [cast(Any, curated.toml(file))], file)[0]


def as_toml(profile: Profile, title: str = "") -> str:
    """Return a profile as a TOML file, every field that says something."""
    lines = [f"# {title}"] * bool(title)
    for field in fields(Profile):
        value = getattr(profile, field.name)
        if value != field.default:
            shown = list(value) if isinstance(value, tuple) else value
            lines.append(f"{field.name} = {json.dumps(shown, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"
