"""Full plans as the text layer of a PDF: a blank line after each line, sentences wrapped in mid-word.

What parts the text is not blank lines but the page (a line that follows the last without a blank between) and
the gap (two or more blank lines). The rules, in words, are in docs/design.md ("How the documents are read").
"""

import re
from bisect import bisect
from dataclasses import dataclass, field
from itertools import groupby, zip_longest
from unicodedata import east_asian_width

from analysis.base.japanese import BEFORE_COUNTED, COMMAS, SUPERSCRIPTS, join_lines, normal
from analysis.documents.document import SIZELESS, Run
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
FIGURE = re.compile(r"図 ?[0-9]+[ 　]")
PAGE_NUMBER = re.compile(r"[0-9]{1,3}$|([\-–—−―]) ?[0-9]{1,3} ?\1$")
LETTER = re.compile(r"[a-z]$")  # what is left of a picture
CROSS_REFERENCE = re.compile(r"[（(][^（）()]*(?:[（(][^（）()]*[)）][^（）()]*)*参照[)）]$")
SUPERSCRIPT = re.compile(f"[{SUPERSCRIPTS}]+")
GAP_LINES = {"page": 3, "gap": 1, "line": 0}  # blank lines that stand for what parts lines with places
HEADING_LENGTH = 60
FULL = 0.75  # the share of the column's width from which a line may have been broken by the column's edge
MOST = 0.9  # the column is as wide as this share of all lines at most


Marks = dict[int, list[tuple[int, int]]]  # by line: where footnotes' marks begin and end


@dataclass
class Piece:
    """Lines of one kind in running order: a heading, a bullet, a paragraph, a note."""

    kind: str
    lines: list[Run] = field(default_factory=list)

    @property
    def text(self) -> str:
        return join_lines([line.raw for line in self.lines])

    def without(self, marks: Marks) -> str:
        """The text without the footnotes' marks."""
        return SUPERSCRIPT.sub("", join_lines([_cut(line.text, marks.get(line.number, [])) for line in self.lines]))


def _rests(run: Run) -> bool:
    """Whether a sentence or an attribution ends here."""
    return normal(run.text).endswith(("。", "」", ")", "』", "】"))


def _width(run: Run) -> float:
    """In full-width characters."""
    return sum(1.0 if east_asian_width(character) in "FWA" else 0.5 for character in run.text)


def read(runs: list[Run]) -> Reading:
    """Read a full plan: its body, and its roadmap."""
    body, rest = _split_roadmap(runs)
    notes, text = _part_notes(body)
    pieces = _pieces(text)
    reading = Reading()
    for note in notes:
        reading.paragraphs.append(_paragraph(note, "footnote", ""))
    _walk(pieces, _marks(pieces, notes), reading)
    if rest:
        _read_roadmap(_with_blanks(rest), reading)
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


def _with_blanks(runs: list[Run]) -> list[tuple[int, str]]:
    """The lines with the blank ones between them: a text's own, or some where a page has a gap."""
    lines: list[tuple[int, str]] = []
    for run in runs:
        if run.lines[0].size == SIZELESS:
            lines += [(number, "") for number in range(lines[-1][0] + 1 if lines else run.number, run.number)]
        else:
            lines += [(0, "")] * (GAP_LINES[run.above] if lines else 0)
        lines += run.numbered
    return lines


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


def _split_roadmap(lines: list[Run]) -> tuple[list[Run], list[Run]]:
    """The body, and what follows from the heading of the roadmap (工程表) on."""
    for index, line in enumerate(lines):
        if ROADMAP.match(normal(line.text)):
            return lines[:index], lines[index:]
    return lines, []


def _part_notes(lines: list[Run]) -> tuple[list[Piece], list[Run]]:
    """Footnotes, and the text without them.

    Notes are numbered through the document and stand at the foot of a page, where no sentence of the text is
    open; they go on until the next page begins (a line without a blank before it that is no note itself).
    """
    notes: list[Piece] = []
    text: list[Run] = []
    inside = False
    for line in lines:
        match = NOTE.match(line.text)
        rests = inside or line.above != "line" or not text or _rests(text[-1])
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


def _turns_page(line: Run) -> bool:
    return line.above == "page"


def _pieces(lines: list[Run]) -> list[Piece]:
    """Part the text at headings, bullets and figures; what follows a heading or a gap begins anew."""
    pieces: list[Piece] = []
    column = _column(lines)
    running: Piece | None = None  # what text may go on with: the last piece, page numbers passed over
    before: Run | None = None
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


def _column(lines: list[Run]) -> float:
    """The width of the column: nearly all lines are narrower, and most of those that a sentence runs over are not."""
    widths = sorted(_width(line) for line in lines)
    return widths[int(MOST * (len(widths) - 1))] if widths else 0.0


def _open(before: Run | None, line: Run, running: Piece | None, column: float) -> bool:
    """Whether the sentence of the line before is open, so that no heading can stand here."""
    if before is None or running is None or running.kind not in ("text", "bullet") or line.above == "gap":
        return False
    return _width(before) >= FULL * column and not _rests(before)


def _kind(line: Run, sentence_open: bool) -> str:
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


def _goes_on(last: Piece, line: Run, column: float) -> bool:
    """Whether a line of text goes on with the piece before it."""
    if last.kind in ("part", "furniture", "figure"):
        return False
    if last.kind in ("chapter", "division", "circled"):
        # A heading that fills its line wraps into the next one.
        return line.above == "line" and _width(last.lines[-1]) >= FULL * column and not line.raw.startswith((" ", "　"))
    return line.above != "gap"


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
    numbers = [line.number for run in piece.lines for line in run.lines]
    doubts = found.doubts
    if not found.ministries and CROSS_REFERENCE.search(found.text):
        doubts = ("only points to another section",)
    elif not normal(found.text).endswith(("。", ")")):
        doubts = (*doubts, "no full stop")
    return Measure(
        min(numbers),
        max(numbers),
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
    return Paragraph(tuple(line for run in piece.lines for line in run.numbered), role, section, measure)
