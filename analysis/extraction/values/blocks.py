"""Blocks: the paragraphs that can hold figures, joined where they are one text or one table.

A sentence, and so a figure with its period, may run across a page break or over a footnote; a table's header and
its rows are only understood together. So the parts of a measure become one block, as do rows on following lines.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from analysis.base.japanese import normal
from analysis.extraction.parsers.parse_result import Paragraph

# The annex's running text lists activities (a seminar held three times), which are no figures of merit.
TEXT_ROLES = frozenset({"background", "kpi", "measure", "footnote"})
OUTLOOK = "II-"  # the chapter on what lies ahead begins its section codes with this
ANNEX = "annex"  # the section code that parsers give to annexes
LONGEST = 10_000  # characters of one text: what never ends is no sentence


STROKES = "|│┃"  # between the cells of a row of Markdown, or drawn
BORDER = re.compile(r"\s*[+├┌└┼─┬┴┤┐┘|│=-]{3,}\s*$")


def is_row(raw: str) -> bool:
    """Return whether a line is a table's row: with tabs, or between strokes as in Markdown."""
    strokes = sum(normal(raw).count(stroke) for stroke in STROKES)
    return "\t" in raw or strokes > 1 or (BORDER.match(raw) is not None and strokes > 0)


def blocks(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Return the blocks in the document's order, as paragraphs whose role is table or one of TEXT_ROLES."""
    joined: list[tuple[Paragraph, str, list[tuple[int, str]]]] = []  # the first paragraph, role and lines of each
    measures: dict[int | None, list[tuple[int, str]]] = {}
    for paragraph in paragraphs:
        for row, run in groupby(paragraph.lines, lambda line: is_row(line[1])):
            lines = list(run)
            if row and joined and joined[-1][1] == "table" and lines[0][0] - joined[-1][2][-1][0] == 1:
                joined[-1][2].extend(lines)
            elif row:
                joined.append((paragraph, "table", lines))
            elif paragraph.role == "measure" and paragraph.measure in measures:
                measures[paragraph.measure].extend(lines)
            elif paragraph.role in TEXT_ROLES:
                if paragraph.role == "measure":
                    measures[paragraph.measure] = lines
                joined.append((paragraph, paragraph.role, lines))
    return [replace(first, role=role, lines=part) for first, role, lines in joined for part in _parts(lines)]


def _parts(lines: list[tuple[int, str]]) -> Iterator[tuple[tuple[int, str], ...]]:
    """Yield the lines, in parts where together they are longer than any paragraph."""
    part: list[tuple[int, str]] = []
    characters = 0
    for line in lines:
        characters += len(line[1])
        if part and characters > LONGEST:
            yield tuple(part)
            part, characters = [], len(line[1])
        part.append(line)
    yield tuple(part)


def where(block: Paragraph, line: int) -> tuple[int, str, str, int | None]:
    """Return line, section, place (one of `schemas.PLACES`) and measure of a figure that a block holds."""
    place = block.role
    if place == "table" and block.section == ANNEX:
        place = "annex"
    if place == "background" and block.section.startswith(OUTLOOK):
        place = "outlook"
    return line, block.section, place, block.measure
