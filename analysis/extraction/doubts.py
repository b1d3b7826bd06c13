"""What makes one doubt that a measure was read as the plan has it: its own words, and how it stands among the others.

Each doubt takes something off the row's confidence, and an analyst sees these rows first.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import cast

from analysis.base.japanese import SUPERSCRIPTS, left_out, normal, shorten
from analysis.extraction.parsers.parse_result import Measure, Paragraph, ParseResult
from analysis.tables import ministries

Row = dict[str, object]
COSTS = 0.2  # what a doubt takes off a row's confidence
ENDLESS = re.compile(  # more digits than a number has, or a year of more than four
    r"(?<![\d.,])[\d,.]{20,}|(?<![\d.,])\d{5,}年(?!間)|[〇一二三四五六七八九十百千万億兆]{40,}"
)
MOST_UNKNOWN = 10  # ministries that are doubted one by one
FAR_LONGER, LONG = 8, 600  # times as long as most measures; characters
NOTE = re.compile(rf"\W*?([0-9０-９]{{1,3}}|[{SUPERSCRIPTS}]{{1,3}})(?![0-9０-９])")
MOST_MISSED = 5  # notes in a row that can have been missed; a longer jump is another count
LONG_ROWS, HOLDS_ROW, HOLDS_NOTE = (
    "far longer than the others", "a table's row may stand in it", "a note may stand in it",
)  # fmt: skip


def of_row(measure: Measure, names: list[str], most_ministries: int) -> list[str]:
    """Say what of a measure, and of the bodies that it names, no plan would have or nobody knows."""
    unknown = [unknown_ministry(name) for name in names[:most_ministries] if not ministries.known(name)]
    if len(unknown) > MOST_UNKNOWN:
        unknown[MOST_UNKNOWN:] = [f"{len(unknown) - MOST_UNKNOWN} more ministries are unknown"]
    if len(names) > most_ministries:
        unknown.append(f"{len(measure.ministries)} ministries are named, of which the first {most_ministries} are kept")
    if count := left_out(measure.text):
        unknown.append(f"too long: {count} characters of its text are left out")
    return unknown + [f"not read as a number: {shorten(match[0])}" for match in ENDLESS.finditer(normal(measure.text))]


def unknown_ministry(name: str) -> str:
    """Return the doubt of a measure that names a body which the register does not hold."""
    return f"unknown ministry: {shorten(name)}"


def add(row: Row, why: str) -> None:
    """Add a doubt to a row of a table, and take it off the row's confidence where it has one."""
    row["doubts"] = all_doubts = [*cast(list[str], row["doubts"]), why]
    if "confidence" in row:  # a figure has none
        row["confidence"] = confidence(all_doubts)


def confidence(doubts: list[str]) -> float:
    return max(0.0, 1 - COSTS * len(doubts))


def add_among_others(rows: list[Row], reading: ParseResult) -> None:
    """Doubt the measures' rows of a document that took in what is not theirs: those far longer than the others, those
    with a line of cells among lines without, and those where a note is missing from the count of notes."""
    lengths = sorted(cast(int, row["characters"]) for row in rows)
    usual = lengths[len(lengths) // 2] if lengths else 0
    for row in rows:
        if cast(int, row["characters"]) > max(FAR_LONGER * usual, LONG):
            add(row, LONG_ROWS)
    for why, places in ((HOLDS_ROW, _with_rows(reading)), (HOLDS_NOTE, _with_notes(reading))):
        for at in sorted(places):
            add(rows[at], why)


def _with_rows(reading: ParseResult) -> set[int]:
    """Return the measures that begin without cells, and have a line with cells further down."""
    celled = [
        (paragraph.measure, "\t" in text.strip())
        for paragraph in reading.paragraphs
        if paragraph.measure is not None and reading.measures[paragraph.measure].place is None
        for _, text in paragraph.lines
    ]
    begun = dict(reversed(celled))
    return {measure for measure, has_cells in celled if has_cells and not begun[measure]}


def _with_notes(reading: ParseResult) -> set[int]:
    """Return the measures that stand where the count of notes jumps: those with a line that begins with a missing
    number, or all in between where none does."""
    notes = [paragraph for paragraph in reading.paragraphs if paragraph.role == "footnote"]
    result: set[int] = set()
    for one, other in pairwise((paragraph.lines[0][0], number) for paragraph, number in _numbered(notes)):
        missing = range(one[1] + 1, other[1])
        if not 0 < len(missing) <= MOST_MISSED:
            continue
        between = [p for p in reading.paragraphs if p.measure is not None and one[0] < p.lines[0][0] < other[0]]
        holding = [p for p in between if any(_number(text) in missing for _, text in p.lines[1:])]
        result |= {cast(int, paragraph.measure) for paragraph in holding or between}
    return result


def _numbered(notes: list[Paragraph]) -> Iterator[tuple[Paragraph, int]]:
    for paragraph in notes:
        if number := _number(paragraph.lines[0][1]):
            yield paragraph, number


def _number(line: str) -> int:
    """Return the number that a note's line begins with, 0 for none."""
    match = NOTE.match(line)
    return int(normal(match[1])) if match else 0
