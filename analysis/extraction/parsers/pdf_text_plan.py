"""Full plans as the text layer of a PDF: a blank line after each line, sentences wrapped in mid-word.

What parts the text is not blank lines but the page (a line that follows the last without a blank between) and
the gap (two or more blank lines). The rules, in words, are in docs/design.md ("How the documents are read").
"""

import re
from bisect import bisect
from dataclasses import dataclass, field
from itertools import groupby, zip_longest
from unicodedata import east_asian_width

from analysis.base.japanese import COMMAS, join_lines, normal
from analysis.documents.marks import mark as list_mark
from analysis.documents.marks import without_mark
from analysis.extraction import roadmap
from analysis.extraction.parsers import attribution
from analysis.extraction.parsers.parse_result import Measure, Paragraph, Place, Reading

CHAPTER = re.compile(r"([0-9]{1,2})\. ?(\S.*)$")
DIVISION = re.compile(r"\(([0-9]{1,2})\) ?(\S.*)$")
CIRCLED = re.compile(r"([①-⑳]) ?(\S.*)$")
PART = re.compile(r"\((現状と課題|施策の方向性)\)$")
ROADMAP = re.compile(r"[0-9]{1,2}\. ?工程表$")
# A note's number is set smaller than the text: in half width, or with a space behind it. 1. is a heading's.
NOTE = re.compile(r"([0-9]{1,3}) ?(?=[^\d.．])|([０-９]{1,3})[ 　](?=[^\d.．])")
MARK = re.compile(r"(?<=[^\x00-\x28\x2a-\x7f])[ 　]([0-9０-９]{1,3})(?![0-9０-９ 　])")
AFTER_MARK = re.compile(r"[、,。()ぁ-ん]")
BEFORE_COUNTED = re.compile(
    r"つ|[かカヵヶケ][所国月年]|[年月日回件人社割名箇個本種点度号章条項億万千百兆円倍時分週歳校巻版次位台期段]"
)
FIGURE = re.compile(r"図 ?[0-9]+[ 　]")
PAGE_NUMBER = re.compile(r"[0-9]{1,3}$|([\-–—−―]) ?[0-9]{1,3} ?\1$")
LETTER = re.compile(r"[a-z]$")  # what is left of a picture
CROSS_REFERENCE = re.compile(r"[（(][^（）()]*(?:[（(][^（）()]*[)）][^（）()]*)*参照[)）]$")
HEADING_LENGTH = 60
FULL = 0.75  # the share of the column's width from which a line may have been broken by the column's edge
MOST = 0.9  # the column is as wide as this share of all lines at most


Marks = dict[int, list[tuple[int, int]]]  # by line: where footnotes' marks begin and end


@dataclass(frozen=True)
class Line:
    """A line with what parts it from the one before."""

    number: int
    raw: str
    blanks: int  # blank lines before it

    @property
    def text(self) -> str:
        return self.raw.strip()

    @property
    def rests(self) -> bool:
        """Whether a sentence or an attribution ends here."""
        return normal(self.text).endswith(("。", "」", ")", "』", "】"))

    @property
    def width(self) -> float:
        """In full-width characters."""
        return sum(1.0 if east_asian_width(sign) in "FWA" else 0.5 for sign in self.text)


@dataclass
class Piece:
    """Lines of one kind in running order: a heading, a bullet, a paragraph, a note."""

    kind: str
    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        return join_lines([line.raw for line in self.lines])

    def without(self, marks: Marks) -> str:
        """The text without the footnotes' marks."""
        return join_lines([_cut(line.text, marks.get(line.number, [])) for line in self.lines])


def read(lines: list[str]) -> Reading:
    """Read a full plan's body. `lines` are the document's lines; numbers in the result are 1-based."""
    body, rest = _split_roadmap(_lines(lines))
    notes, text = _part_notes(body)
    pieces = _pieces(text)
    reading = Reading()
    for note in notes:
        reading.paragraphs.append(_paragraph(note, "footnote", ""))
    _walk(pieces, _marks(pieces, notes), reading)
    if rest:
        _read_roadmap(list(enumerate(lines, 1))[rest[0].number - 1 :], reading)
    reading.paragraphs.sort(key=lambda paragraph: paragraph.lines[0][0])
    return reading


def _read_roadmap(lines: list[tuple[int, str]], reading: Reading) -> None:
    """Put the roadmap's rows behind the body's measures, and its lines with their roles into the reading."""
    found, before = roadmap.analyse(lines, list(reading.measures)), len(reading.measures)
    raw = dict(lines)
    reading.measures += [_roadmap_measure(row) for row in found.rows]
    runs = groupby(found.roles.items(), key=lambda item: item[1])
    for (role, index), run in runs:
        part = tuple((number, raw[number]) for number, _ in run)
        reading.paragraphs.append(Paragraph(part, role, "roadmap", None if index is None else before + index))


def _roadmap_measure(row: roadmap.Row) -> Measure:
    unknown = () if row.ministries is not None else ("ministries not told apart",)
    years = tuple(sorted(row.years.items()))
    return Measure(
        first_line=row.first_line,
        last_line=row.last_line,
        text=row.text,
        section=f"工程表{row.part}",
        section_title=row.group,
        subheads=(row.title,) if row.title else (),
        horizon=row.horizon,
        ministries=row.ministries or (),
        repeated=row.no is None,
        part=row.part,
        doubts=(*row.doubts, *unknown),
        place=Place(row.no, row.cell, row.cells, row.group, row.title, row.carried_to, years),
    )


def _lines(lines: list[str]) -> list[Line]:
    found, blanks = [], 0
    for number, raw in enumerate(lines, 1):
        if raw.strip():
            found.append(Line(number, raw, blanks))
            blanks = 0
        else:
            blanks += 1
    return found


def _split_roadmap(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """The body, and what follows from the heading of the roadmap (工程表) on."""
    for index, line in enumerate(lines):
        if ROADMAP.match(normal(line.text)):
            return lines[:index], lines[index:]
    return lines, []


def _part_notes(lines: list[Line]) -> tuple[list[Piece], list[Line]]:
    """Footnotes, and the text without them.

    Notes are numbered through the document and stand at the foot of a page, where no sentence of the text is
    open; they go on until the next page begins (a line without a blank before it that is no note itself).
    """
    notes: list[Piece] = []
    text: list[Line] = []
    inside = False
    for line in lines:
        match = NOTE.match(line.text)
        rests = inside or line.blanks != 1 or not text or text[-1].rests
        if match and rests and int(match[1] or match[2]) == len(notes) + 1:
            notes.append(Piece("footnote", [line]))
            inside = True
        elif inside and PAGE_NUMBER.match(normal(line.text)):
            text.append(line)
        elif inside and not _turns_page(line):
            notes[-1].lines.append(line)
        else:
            inside = False
            text.append(line)
    return notes, text


def _turns_page(line: Line) -> bool:
    return line.blanks == 0


def _pieces(lines: list[Line]) -> list[Piece]:
    """Part the text at headings, bullets and figures; what follows a heading or a gap begins anew."""
    pieces: list[Piece] = []
    column = _column(lines)
    running: Piece | None = None  # what text may go on with: the last piece, page numbers passed over
    before: Line | None = None
    for line in lines:
        kind = _kind(line, _open(before, line, running, column))
        if kind == "text" and running is not None and _goes_on(running, line, column):
            running.lines.append(line)
        else:
            pieces.append(Piece(kind, [line]))
            if kind in ("page", "table"):
                continue
            running = pieces[-1]
        before = line
    return pieces


def _column(lines: list[Line]) -> float:
    """The width of the column: nearly all lines are narrower, and most of those that a sentence runs over are not."""
    widths = sorted(line.width for line in lines)
    return widths[int(MOST * (len(widths) - 1))] if widths else 0.0


def _open(before: Line | None, line: Line, running: Piece | None, column: float) -> bool:
    """Whether the sentence of the line before is open, so that no heading can stand here."""
    if before is None or running is None or running.kind not in ("text", "bullet") or line.blanks > 1:
        return False
    return before.width >= FULL * column and not before.rests


def _kind(line: Line, sentence_open: bool) -> str:
    plain = normal(line.text)
    if "\t" in line.raw.strip():
        return "table"
    if PART.match(plain):
        return "part"
    if PAGE_NUMBER.match(plain):
        return "page"
    if LETTER.match(plain):
        return "furniture"
    if FIGURE.match(plain):
        return "figure"
    if not sentence_open and not plain.endswith(("。", *COMMAS)) and len(plain) <= HEADING_LENGTH:
        if CHAPTER.match(plain):
            return "chapter"
        if DIVISION.match(plain):
            return "division"
        if CIRCLED.match(line.text):
            return "circled"
    if list_mark(line.text):
        return "bullet"
    return "text"


def _goes_on(last: Piece, line: Line, column: float) -> bool:
    """Whether a line of text goes on with the piece before it."""
    if last.kind in ("part", "furniture", "figure"):
        return False
    if last.kind in ("chapter", "division", "circled"):
        # A heading that fills its line wraps into the next one.
        return line.blanks == 1 and last.lines[-1].width >= FULL * column and not line.raw.startswith((" ", "　"))
    return line.blanks <= 1


def _walk(pieces: list[Piece], marks: Marks, reading: Reading) -> None:
    """Go through the pieces in order: measures are the bullets under （施策の方向性）."""
    chapter = division = circled = title = part = ""
    for piece in pieces:
        plain = normal(piece.text)
        if piece.kind == "chapter" and (match := CHAPTER.match(plain)):
            chapter, division, circled, title, part = match[1], "", "", match[2], ""
        elif piece.kind == "division" and (match := DIVISION.match(plain)):
            division, circled, title, part = f"({match[1]})", "", match[2], ""
        elif piece.kind == "circled" and (match := CIRCLED.match(piece.text)):
            circled, title, part = match[1], match[2], ""
        elif piece.kind == "part" and (match := PART.match(plain)):
            part = match[1]
        section = "-".join(label for label in (chapter, division, circled) if label)
        if piece.kind in ("chapter", "division", "circled", "part"):
            reading.paragraphs.append(_paragraph(piece, "heading", section))
        elif piece.kind == "page":
            reading.paragraphs.append(_paragraph(piece, "furniture", section))
        elif piece.kind in ("furniture", "figure", "table"):
            reading.paragraphs.append(_paragraph(piece, piece.kind, section))
        elif piece.kind == "bullet" and part == "施策の方向性":
            reading.paragraphs.append(_paragraph(piece, "measure", section, len(reading.measures)))
            reading.measures.append(_measure(piece, marks, section, title))
        else:
            reading.paragraphs.append(_paragraph(piece, "background", section))


def _measure(piece: Piece, marks: Marks, section: str, title: str) -> Measure:
    """The measure a bullet states. One that only points elsewhere (…参照) stands in the plan's list all the same.

    The text is kept as printed: a footnote's mark is a plain digit here, and only probably a mark.
    """
    found = attribution.read(without_mark(piece.without(marks)))
    printed = attribution.read(without_mark(piece.text)).text
    doubts = found.doubts
    if not found.ministries and CROSS_REFERENCE.search(found.text):
        doubts = ("only points to another section",)
    elif not normal(found.text).endswith(("。", ")")):
        doubts = (*doubts, "no full stop")
    return Measure(
        piece.lines[0].number,
        piece.lines[-1].number,
        printed,
        section,
        title,
        horizon=found.horizon,
        ministries=found.ministries,
        repeated=found.repeated,
        doubts=doubts,
        clean=found.text if found.text != printed else None,
    )


def _marks(pieces: list[Piece], notes: list[Piece]) -> Marks:
    """Where the text holds the notes' marks: each note's number after a space, on the page at whose foot it stands.

    A particle, a comma or a bracket follows a mark; where none such is found on the page, the one number of this
    value that is not followed by what is counted. A space after the number tells that it is a number of the text.
    """
    found: dict[int, list[tuple[int, int, int, bool]]] = {}  # by value: line, start, end, plainly a mark
    for piece in pieces:
        for line, following in zip_longest(piece.lines, piece.lines[1:]):
            for match in MARK.finditer(line.text):
                after = normal((line.text[match.end() :] + (following.text[:2] if following else ""))[:2])
                if not BEFORE_COUNTED.match(after):
                    plainly = not after or AFTER_MARK.match(after) is not None
                    found.setdefault(int(match[1]), []).append((line.number, *match.span(), plainly))
    numbers = sorted(line.number for piece in pieces for line in piece.lines)
    marks: Marks = {}
    page = last = 0  # the last lines of the foot of the page before, and of the note before
    for count, note in enumerate(notes, 1):
        first = note.lines[0].number
        if bisect(numbers, last) < bisect(numbers, first):  # text between: another page
            page = last
        last = note.lines[-1].number
        there = [row for row in found.get(count, []) if page < row[0] < first]
        plain = [row for row in there if row[3]]
        if plain or len(there) == 1:
            number, start, end, _ = (plain or there)[0]
            marks.setdefault(number, []).append((start, end))
    return marks


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    """The text without these spans."""
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return text


def _paragraph(piece: Piece, role: str, section: str, measure: int | None = None) -> Paragraph:
    return Paragraph(tuple((line.number, line.raw) for line in piece.lines), role, section, measure)
