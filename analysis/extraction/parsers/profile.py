"""Layouts as data: what a parser must know of how a family of plans is set (data/curated/layouts, one TOML file each).

A profile names heads by their words, without numbers, brackets and list marks; what a line begins with by its class
(`marks.first`): a list mark as printed (○), the kind of a heading's number (chapter, arabic, circled), or "" for
paragraphs that nothing marks.
"""

import json
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

from analysis.base import curated, paths
from analysis.base.errors import TableFaulty
from analysis.documents.paragraphs import Style

Parser = Literal["plan", "any plan", "slides", "article", "roadmap"]
Closings = Literal["behind", "title"]


@dataclass(frozen=True)
class Profile:
    """How a family of plans is set; docs/layouts.md says what each field means."""

    parser: Parser
    style: Style
    wrapped: bool = False
    measures: tuple[str, ...] = ()  # heads that announce measures; none where they may stand anywhere
    background: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    outlook: tuple[str, ...] = ()  # words in the titles of chapters whose background says where things stand
    policy: tuple[str, ...] = ()  # words in the headings of slides below which statements of policy stand
    levels: tuple[str, ...] = ()  # kinds of numbers that the headings of sections have, outermost first
    items: tuple[str, ...] = ()  # what measures begin with
    closing: Closings = "behind"  # where bodies and times stand: behind a measure's words, or behind its title
    names: tuple[str, ...] = ()  # heads of the columns of measures' names, in tables
    contents: tuple[str, ...] = ()  # and of what they are
    bodies: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    heading_length: int = 60  # characters that a heading has at most


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
        raise TableFaulty(f"{folder()} has no layout {name!r}: it has {', '.join(known)}")
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
