"""The document model: what every file becomes before anything is read in it.

A document is pages of lines. A line from a PDF has its place, size and cells; a line from a text file has its text,
with tabs as what parts cells, and the blank lines above it. Parsers take runs: lines that are set to go on with one
another, such as a paragraph's, and how they stand to the run above.
"""

import json
import math
from dataclasses import dataclass, field, replace
from typing import Literal

from analysis.base.japanese import cut, repaired

# What parts a run from the one above: a new page, a gap, or nothing but the line's end.
Above = Literal["page", "gap", "line"]
SIZELESS = 1.0  # the size of a text file's lines: smaller than any character that is read


@dataclass(frozen=True)
class Line:
    """A line of a document; `number` counts the document's lines from 1, and the tables refer to it.

    Lengths are in points (in a text file, in characters and lines), y grows downwards. `cells` are texts that wide
    gaps, ruling lines or tabs part.
    """

    x0: float
    x1: float
    y: float
    size: float
    cells: tuple[str, ...]
    ruled: bool = False  # a row of a table with ruling lines; its cells are all of them, empty ones too
    unmarked: bool = False  # whether a blank or a character without a letter, as list marks can be, stands before it
    by_ocr: bool = False  # whether it was read from a picture
    number: int = 0

    @property
    def text(self) -> str:
        """The line's words, with a space between cells."""
        return " ".join(self.cells)

    @property
    def raw(self) -> str:
        """The line as a text file has it, with a tab between cells."""
        return "\t".join(self.cells)


@dataclass
class Page:
    """The lines of a page in reading order; `edges` are running heads, feet and page numbers, left out of the text."""

    width: float
    height: float
    lines: list[Line] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    edges: list[Line] = field(default_factory=list)
    rules: list[tuple[float, float, float]] = field(default_factory=list)  # level strokes: x0, x1, y


@dataclass(frozen=True)
class Run:
    """Lines that are set to go on with one another: of a text file each line by itself, of a PDF a paragraph's.

    `raw` is what they say together, cells parted by tabs.
    """

    lines: tuple[Line, ...]
    raw: str
    above: Above = "line"
    heading: bool = False  # stands alone and is larger, or has a heading's number
    unmarked: bool = False  # a list mark that the font did not map stands before it

    @property
    def number(self) -> int:
        return self.lines[0].number

    @property
    def text(self) -> str:
        return self.raw.strip()

    @property
    def numbered(self) -> list[tuple[int, str]]:
        """The lines as a parse result holds them: number, text."""
        if len(self.lines) == 1:
            return [(self.lines[0].number, self.raw)]
        return [(line.number, line.raw) for line in self.lines]


@dataclass(frozen=True)
class Document:
    """A document's lines: of a text file (`lines`, blank ones too), or on pages, where they have places."""

    lines: tuple[str, ...]
    pages: tuple[Page, ...] = ()
    # by style: what `paragraphs.runs` made of them, which a dozen layouts are tried on
    runs: dict[str, list[Run]] = field(default_factory=dict, init=False, compare=False, repr=False)


def of_text(lines: list[str]) -> Document:
    """Return a text file's lines, repaired, as a document; line n of the file is line n of the document."""
    return Document(tuple(repaired(cut(line)) for line in lines))


def of_pages(pages: list[Page]) -> Document:
    """Return pages as a document, with their lines numbered in reading order, notes behind the text of their page."""
    numbered: list[Page] = []
    texts: list[str] = []
    for page in pages:
        lines = [replace(line, number=len(texts) + at) for at, line in enumerate([*page.lines, *page.notes], 1)]
        texts += [line.raw for line in lines]
        count = len(page.lines)
        numbered.append(Page(page.width, page.height, lines[:count], lines[count:], page.edges, page.rules))
    return Document(tuple(texts), tuple(numbered))


def dump(document: Document) -> str:
    """Return the listing of a document that has pages: JSON Lines, whose line n is line n of the document."""
    rows = []
    for number, page in enumerate(document.pages, 1):
        for line in [*page.lines, *page.notes]:
            row: dict[str, object] = {
                "page": number, "paper": [page.width, page.height], "place": [line.x0, line.x1, line.y, line.size],
                "cells": line.cells,
            }  # fmt: skip
            flags = {"note": line in page.notes, "ruled": line.ruled, "unmarked": line.unmarked, "ocr": line.by_ocr}
            rows.append(json.dumps(row | {name: True for name, holds in flags.items() if holds}, ensure_ascii=False))
    return "".join(f"{row}\n" for row in rows)


def is_listing(lines: list[str]) -> bool:
    """Whether lines begin as `dump` begins."""
    return bool(lines) and lines[0].startswith('{"page": ')


def _length(value: float) -> float:
    """Return a length of a listing. Raises ValueError where it ends nowhere, TypeError where it is none."""
    if not math.isfinite(value):
        raise ValueError(value)
    return value


def load(lines: list[str]) -> Document:
    """Return the document of a listing's lines, or of a text's."""
    try:
        rows = [json.loads(line) for line in lines] if is_listing(lines) else []
        pages: dict[int, Page] = {}
        for row in rows:
            width, height = map(_length, row["paper"])
            page = pages.setdefault(int(row["page"]), Page(width, height))
            x0, x1, y, size = map(_length, row["place"])
            cells = tuple(map(str, row["cells"]))
            flags = [bool(row.get(name)) for name in ("ruled", "unmarked", "ocr")]
            line = Line(x0, x1, y, size, cells, *flags)
            (page.notes if row.get("note") else page.lines).append(line)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):  # a text that begins like a listing
        return of_text(lines)
    return of_pages(list(pages.values())) if rows else of_text(lines)
