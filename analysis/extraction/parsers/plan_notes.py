"""Footnotes of a plan in wrapped lines: the notes at the pages' feet, and their marks, which are plain digits there."""

import re
from bisect import bisect
from itertools import zip_longest

from analysis.base.japanese import BEFORE_COUNTED, normal, rests
from analysis.documents.document import Run

# A note's number is set smaller than the text: in half width, or with a space behind it. 1. is a heading's.
NOTE = re.compile(r"([0-9]{1,3}) ?(?=[^\d.．])|([０-９]{1,3})[ 　](?=[^\d.．])")
MARK = re.compile(r"(?<=[^\x00-\x28\x2a-\x7f])[ 　]([0-9０-９]{1,3})(?![0-9０-９ 　])")
AFTER_MARK = re.compile(r"[、,。()ぁ-ん]")

Marks = dict[int, list[tuple[int, int]]]  # by a run's number: where notes' marks begin and end


def part(runs: list[Run], page_number: re.Pattern[str]) -> tuple[list[list[Run]], list[Run]]:
    """Footnotes, and the text without them.

    Notes are numbered through the document and stand at the foot of a page, where no sentence of the text is
    open; they go on until the next page begins (a line without a blank before it that is no note itself).
    """
    notes: list[list[Run]] = []
    text: list[Run] = []
    inside = False
    for line in runs:
        match = NOTE.match(line.text)
        apart = inside or line.above != "line" or not text or rests(text[-1].text)
        if match and apart and int(match[1] or match[2]) == len(notes) + 1:
            notes.append([line])
            inside = True
        elif inside and page_number.match(normal(line.text)):
            text.append(line)
        elif inside and line.above != "page":
            notes[-1].append(line)
        else:
            inside = False
            text.append(line)
    return notes, text


def marks_of(texts: list[list[Run]], notes: list[list[Run]]) -> Marks:
    """Where the text holds the notes' marks: each note's number after a space, on the page at whose foot it stands.

    A particle, a comma or a bracket follows a mark; where none such is places on the page, the one number of this
    value that is not followed by what is counted. A space after the number tells that it is a number of the text.
    """
    places: dict[int, list[tuple[int, int, int, bool]]] = {}  # by value: line, start, end, plainly a mark
    for runs in texts:
        for line, following in zip_longest(runs, runs[1:]):
            for match in MARK.finditer(line.text):
                after = normal((line.text[match.end() :] + (following.text[:2] if following else ""))[:2])
                if not BEFORE_COUNTED.match(after):
                    plainly = not after or AFTER_MARK.match(after) is not None
                    places.setdefault(int(match[1]), []).append((line.number, *match.span(), plainly))
    numbers = sorted(line.number for runs in texts for line in runs)
    marks: Marks = {}
    page = last = 0  # the last lines of the foot of the page before, and of the note before
    for count, note in enumerate(notes, 1):
        first = note[0].number
        if bisect(numbers, last) < bisect(numbers, first):  # text between: another page
            page = last
        last = note[-1].number
        there = [row for row in places.get(count, []) if page < row[0] < first]
        plain = [row for row in there if row[3]]
        if plain or len(there) == 1:
            number, start, end, _ = (plain or there)[0]
            marks.setdefault(number, []).append((start, end))
    return marks


def cut(text: str, spans: list[tuple[int, int]]) -> str:
    """The text without these spans."""
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return text
