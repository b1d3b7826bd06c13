"""Find in a document the words that stood in the one that it replaces: lines that were cited, and corrections.

Lines differ between two files of a plan (a text and its PDF, a draft and the decided plan), and so do line wraps: words
are looked for in the running text without white space, and told apart by the words around them.
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

import polars as pl

from analysis.base.japanese import squeeze

AROUND = 40  # characters on either side by which places with the same words are told apart
BOTH, ONE = 3, 10  # so many of these in common on both sides, or on one, make a place the same
PIECE, STEP = 30, 10  # characters of a line that are looked for, and how far apart pieces begin


@cache
def _plain(character: str) -> str:
    return squeeze(character)


def plain(words: str) -> str:
    """Return words as the running text has them, character by character."""
    return "".join(map(_plain, words))


@dataclass(frozen=True)
class Place:
    """Characters of a line: its number (1-based), the first of them and the one behind the last."""

    line: int
    start: int
    end: int


class Running:
    """A document's lines as one text without white space, and where in the lines each of its characters stands."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.places: list[tuple[int, int]] = []  # line (from 0) and character of each character of the text
        self.starts: list[int] = []
        pieces: list[str] = []
        for number, line in enumerate(lines):
            self.starts.append(len(self.places))
            for at, character in enumerate(line):
                pieces.append(_plain(character))
                self.places += [(number, at)] * len(pieces[-1])
        self.text = "".join(pieces)

    def offset(self, line: int, start: int = 0) -> int:
        """Return where in the text a line's character stands, or the next one that is no white space."""
        first = self.starts[line - 1]
        last = self.starts[line] if line < len(self.starts) else len(self.text)
        return next((at for at in range(first, last) if self.places[at][1] >= start), last)

    def line(self, offset: int) -> int:
        return bisect_right(self.starts, offset)

    def spans(self, start: int, end: int) -> list[Place]:
        """Return the lines' pieces that make up the text from start to end."""
        result: list[Place] = []
        for number, at in self.places[start:end]:
            if result and result[-1].line == number + 1:
                result[-1] = Place(number + 1, result[-1].start, at + 1)
            else:
                result.append(Place(number + 1, at, at + 1))
        return result

    def all(self, words: str) -> list[int]:
        """Return where in the text words stand."""
        places, at = [], self.text.find(words) if words else -1
        while at >= 0:
            places.append(at)
            at = self.text.find(words, at + 1)
        return places


def _common(left: str, right: str, other_left: str, other_right: str) -> int:
    """Count the characters next to two places that are the same, in the sentence; 0 where they are too few.

    What ends a sentence says nothing: the same ministries stand behind many measures. On one side there can be none in
    common: a page ends there, or a note stands.
    """
    before = _alike(left[::-1], other_left[::-1])
    after = _alike(right, other_right)
    return before + after if min(before, after) >= BOTH or max(before, after) >= ONE else 0


def _alike(one: str, other: str) -> int:
    """Count the characters that two texts begin with, up to the end of a sentence."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b or a == "。"), min(len(one), len(other)))


def same_place(old: Running, at: int, length: int, new: Running, words: str) -> int | None:
    """Return where in the new text words stand in the place of the `length` characters from `at` in the old one.

    None where they stand nowhere with the same words around them, or in several such places.
    """
    left, right = old.text[max(at - AROUND, 0) : at], old.text[at + length : at + length + AROUND]
    places = new.all(words)
    common = [
        _common(left, right, new.text[max(p - AROUND, 0) : p], new.text[p + len(words) : p + len(words) + AROUND])
        for p in places
    ]
    best = [place for place, count in zip(places, common, strict=True) if count == max(common) > 0]
    if len(best) == 1:
        return best[0]
    twins = old.all(old.text[at : at + length])
    return places[twins.index(at)] if best and len(twins) == len(places) and at in twins else None


def moved_line(old: Running, line: int, new: Running) -> int | None:
    """Return the line of the new document that the words of a line of the old one stand in now; None where none does.

    Where they stand in several lines, it is the first of them.
    """
    start = old.offset(line)
    end = old.starts[line] if line < len(old.starts) else len(old.text)
    for first in range(start, max(end - PIECE, start) + 1, STEP):
        words = old.text[first : min(first + PIECE, end)]
        places = new.all(words)
        if len(places) == 1 and len(words) >= STEP:
            return new.line(places[0])
        if (place := same_place(old, first, len(words), new, words)) is not None:
            return new.line(place)
    return None


# --- corrections ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MovedCorrections:
    """Corrections for a document that replaces another, and what became of the others' rows.

    `done` are rows whose word the new document has right, `lost` those whose place is not found in it.
    """

    rows: pl.DataFrame
    done: pl.DataFrame
    lost: pl.DataFrame


def corrections(rows: pl.DataFrame, old: Running | None, new: Running) -> MovedCorrections:
    """Return a document's corrections (schema of corrections.csv) with the lines of the document that replaces it.

    Without the old document (`old` is None) a word is taken to be the one meant where it stands once in the new one.
    """
    moved: list[dict[str, object]] = []
    done, lost = [], []
    for row in rows.iter_rows(named=True):
        pieces = _pieces(row, old, new)
        if pieces:
            moved += [row | piece for piece in pieces]
        elif _is_done(row, old, new):
            done.append(row)
        else:
            lost.append(row)
    frames = [pl.DataFrame(part, schema=rows.schema) for part in (moved, done, lost)]
    return MovedCorrections(*frames)


def _old_place(row: dict[str, object], old: Running) -> tuple[int, int] | None:
    """Where in the old text a correction's word stands, and how long it is there."""
    line, expected = int(str(row["line"])), str(row["expected"])
    if not 0 < line <= len(old.lines) or (start := old.lines[line - 1].find(expected)) < 0:
        return None
    return old.offset(line, start), len(plain(expected))


def _pieces(row: dict[str, object], old: Running | None, new: Running) -> list[dict[str, object]]:
    """What takes the place of a correction's line, old and new word: one for each line that the word stands on."""
    words = plain(str(row["expected"]))
    if old is None:
        places = new.all(words)
        at = places[0] if len(places) == 1 else None
    else:
        place = _old_place(row, old)
        at = same_place(old, *place, new, words) if place else None
    if at is None:
        return []
    spans = new.spans(at, at + len(words))
    parts = [new.lines[span.line - 1][span.start : span.end] for span in spans]
    result: list[dict[str, object]] = []
    for span, part, corrected in zip(spans, parts, _shared_out(parts, str(row["corrected"])), strict=True):
        if part == corrected:
            continue
        line, start = new.lines[span.line - 1], span.start
        while line.find(part) != start and start > 0:  # the same word stands earlier in the line
            start -= 1
            part, corrected = line[start] + part, line[start] + corrected
        if not corrected or "\t" in part:
            return []
        result.append({"line": span.line, "expected": part, "corrected": corrected})
    return result


def _shared_out(parts: list[str], corrected: str) -> list[str]:
    """Share a corrected word out among the lines that its old form stands on."""
    whole = "".join(parts)
    shared, rest = [], corrected
    for number, part in enumerate(parts, 1):
        behind = len(whole) - len("".join(parts[:number]))
        before = corrected[: len(corrected) - len(rest)] + part
        if number == len(parts):
            cut = len(rest)
        elif corrected.startswith(before):
            cut = len(part)
        else:  # what stands behind the line's end has kept its length, or the line takes as much as it had
            kept = whole[len(whole) - behind :] == corrected[max(len(corrected) - behind, 0) :]
            cut = max(len(rest) - behind, 0) if kept else min(len(part), len(rest) - 1)
        shared.append(rest[:cut])
        rest = rest[cut:]
    return shared


def _is_done(row: dict[str, object], old: Running | None, new: Running) -> bool:
    """Whether the new document has a correction's word right already, in the same place."""
    words = plain(str(row["corrected"]))
    if old is None or not (place := _old_place(row, old)):
        return False
    return same_place(old, *place, new, words) is not None
