"""Full plans as the text layer of a PDF: a blank line after each line, sentences wrapped in mid-word.

What parts the text is not blank lines but the page (a line that follows the last without a blank between) and
the gap (two or more blank lines). The rules, in words, are in docs/design.md ("How the documents are read").
"""

import re
from dataclasses import dataclass, field
from itertools import groupby

from analysis.readers import attribution, roadmap
from analysis.readers.reading import Measure, Paragraph, Place, Reading
from analysis.text import join_lines, normal

CHAPTER = re.compile(r"([0-9]{1,2})\. ?(\S.*)$")
DIVISION = re.compile(r"\(([0-9]{1,2})\) ?(\S.*)$")
CIRCLED = re.compile(r"([①-⑳]) ?(\S.*)$")
PART = re.compile(r"\((現状と課題|施策の方向性)\)$")
ROADMAP = re.compile(r"[0-9]{1,2}\. ?工程表$")
BULLET = re.compile(r"[・･•●○◦▪■\-*–—] ?")
NOTE = re.compile(r"([0-9]{1,3}) ?(?=\D)")
FIGURE = re.compile(r"図 ?[0-9]+[ 　]")
PAGE_NUMBER = re.compile(r"[0-9]{1,3}$|[a-z]$")
CROSS_REFERENCE = re.compile(r"[（(][^（）()]*(?:[（(][^（）()]*[)）][^（）()]*)*参照[)）]$")
HEADING_LENGTH = 60
LINE_LENGTH = 30  # a line of running text is about forty characters; a heading that wraps is as long


@dataclass(frozen=True)
class Line:
    """A line with what parts it from the one before."""

    number: int
    raw: str
    blanks: int  # blank lines before it

    @property
    def text(self) -> str:
        return self.raw.strip()


@dataclass
class Piece:
    """Lines of one kind in running order: a heading, a bullet, a paragraph, a note."""

    kind: str
    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        return join_lines([line.raw for line in self.lines])


def read(lines: list[str]) -> Reading:
    """Read a full plan's body. `lines` are the document's lines; numbers in the result are 1-based."""
    body, rest = _split_roadmap(_lines(lines))
    notes, text = _part_notes(body)
    reading = Reading()
    for note in notes:
        reading.paragraphs.append(_paragraph(note, "footnote", ""))
    _walk(_pieces(text), _marks(notes), reading)
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
        rests = inside or line.blanks != 1 or not text or text[-1].text.endswith(("。", "」", "）", "』"))
        if match and rests and int(match[1]) == len(notes) + 1:
            notes.append(Piece("footnote", [line]))
            inside = True
        elif inside and not _turns_page(line):
            notes[-1].lines.append(line)
        else:
            inside = False
            text.append(line)
    return notes, text


def _turns_page(line: Line) -> bool:
    return line.blanks == 0


def _marks(notes: list[Piece]) -> set[str]:
    """The numbers that stand in the text as marks of these footnotes."""
    return {str(number) for number in range(1, len(notes) + 1)}


def _pieces(lines: list[Line]) -> list[Piece]:
    """Part the text at headings, bullets and figures; what follows a heading or a gap begins anew."""
    pieces: list[Piece] = []
    for line in lines:
        kind = _kind(line)
        last = pieces[-1] if pieces else None
        if kind == "text" and last is not None and _goes_on(last, line):
            last.lines.append(line)
        else:
            pieces.append(Piece(kind, [line]))
    return pieces


def _kind(line: Line) -> str:
    plain = normal(line.text)
    if PART.match(plain):
        return "part"
    if PAGE_NUMBER.match(plain):
        return "furniture"
    if FIGURE.match(plain):
        return "figure"
    if plain.endswith(("。", "、")) is False and len(plain) <= HEADING_LENGTH:
        if CHAPTER.match(plain):
            return "chapter"
        if DIVISION.match(plain):
            return "division"
        if CIRCLED.match(line.text):
            return "circled"
    if BULLET.match(line.text):
        return "bullet"
    return "text"


def _goes_on(last: Piece, line: Line) -> bool:
    """Whether a line of text goes on with the piece before it."""
    if last.kind in ("part", "furniture", "figure"):
        return False
    if last.kind in ("chapter", "division", "circled"):
        # A heading that fills its line wraps into the next one.
        return line.blanks == 1 and len(last.lines[-1].text) >= LINE_LENGTH and not line.raw.startswith((" ", "　"))
    return line.blanks <= 1


def _walk(pieces: list[Piece], marks: set[str], reading: Reading) -> None:
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
        elif piece.kind in ("furniture", "figure"):
            reading.paragraphs.append(_paragraph(piece, piece.kind, section))
        elif piece.kind == "bullet" and part == "施策の方向性":
            reading.paragraphs.append(_paragraph(piece, "measure", section, len(reading.measures)))
            reading.measures.append(_measure(piece, marks, section, title))
        else:
            reading.paragraphs.append(_paragraph(piece, "background", section))


def _measure(piece: Piece, marks: set[str], section: str, title: str) -> Measure:
    """The measure a bullet states. One that only points elsewhere (…参照) stands in the plan's list all the same."""
    running = _without_marks(BULLET.sub("", piece.text, count=1), marks)
    found = attribution.read(running)
    doubts = found.doubts
    if not found.ministries and CROSS_REFERENCE.search(found.text):
        doubts = ("only points to another section",)
    elif not found.text.endswith(("。", "）", ")")):
        doubts = (*doubts, "no full stop")
    return Measure(
        piece.lines[0].number,
        piece.lines[-1].number,
        found.text,
        section,
        title,
        horizon=found.horizon,
        ministries=found.ministries,
        repeated=found.repeated,
        doubts=doubts,
    )


def _without_marks(text: str, marks: set[str]) -> str:
    """The text without footnote marks: a note's number after a space, before anything but a word or a number."""

    def drop(match: re.Match[str]) -> str:
        return "" if match[1] in marks else match[0]

    return re.sub(r"(?<=[^\x00-\x7f]) ([0-9]{1,3})(?=[、。（）ぁ-ん]|$)", drop, text)


def _paragraph(piece: Piece, role: str, section: str, measure: int | None = None) -> Paragraph:
    return Paragraph(tuple((line.number, line.raw) for line in piece.lines), role, section, measure)
