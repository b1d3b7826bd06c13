"""Which paragraphs can hold figures, and which of them are one text.

A sentence, and so a figure with its period, may run across a page break or over a footnote; a table's header and
its rows are only understood together. So the parts of a measure become one piece, as do rows on following lines.
"""

from collections.abc import Iterator
from dataclasses import replace

from analysis.extraction.parsers.parse_result import Paragraph

TEXT_ROLES = frozenset({"background", "kpi", "measure", "footnote"})
# The annex's running text lists activities (a seminar held three times), which are no figures of merit.
OUTLOOK = "II-"  # the chapter on what lies ahead begins its section codes with this
MOST_SIGNS = 10_000  # of one text: what never ends is no sentence
ANNEX = "annex"  # the section code that readers give to annexes


def pieces(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """The paragraphs that can hold figures; a table's neighbouring rows are one piece, as are a measure's parts."""
    made: list[tuple[Paragraph, str, list[tuple[int, str]]]] = []  # each with its role and lines
    measures: dict[int | None, int] = {}
    for paragraph in paragraphs:
        rows = [line for line in paragraph.lines if "\t" in line[1]]
        if rows:
            if made and made[-1][1] == "table" and rows[0][0] - made[-1][2][-1][0] == 1:
                made[-1][2].extend(rows)
            else:
                made.append((paragraph, "table", rows))
        elif paragraph.role == "measure" and paragraph.measure in measures:
            made[measures[paragraph.measure]][2].extend(paragraph.lines)
        elif paragraph.role in TEXT_ROLES:
            if paragraph.role == "measure":
                measures[paragraph.measure] = len(made)
            made.append((paragraph, paragraph.role, list(paragraph.lines)))
    return [replace(piece, role=role, lines=part) for piece, role, lines in made for part in _parts(lines)]


def _parts(lines: list[tuple[int, str]]) -> Iterator[tuple[tuple[int, str], ...]]:
    """The lines, in parts where together they are longer than any paragraph."""
    part: list[tuple[int, str]] = []
    signs = 0
    for line in lines:
        if part and signs + len(line[1]) > MOST_SIGNS:
            yield tuple(part)
            part, signs = [], 0
        part.append(line)
        signs += len(line[1])
    yield tuple(part)


def place(piece: Paragraph) -> str:
    """Where a piece stands, in the words of the figures table."""
    if piece.role == "table":
        return "annex" if piece.section == ANNEX else "table"
    return "outlook" if piece.role == "background" and piece.section.startswith(OUTLOOK) else piece.role
