"""Which paragraphs can hold figures, and which of them are one text.

A sentence, and so a figure with its period, may run across a page break or over a footnote; a table's header and
its rows are only understood together. So the parts of a measure become one piece, as do rows on following lines.
"""

from dataclasses import replace

from analysis.readers.reading import Paragraph

TEXT_ROLES = frozenset({"background", "kpi", "measure", "footnote"})
# The annex's running text lists activities (a seminar held three times), which are no figures of merit.
OUTLOOK = "II-"  # the chapter on what lies ahead begins its section codes with this
ANNEX = "annex"  # the section code that readers give to annexes


def pieces(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """The paragraphs that can hold figures; a table's neighbouring rows are one piece, as are a measure's parts."""
    made: list[Paragraph] = []
    measures: dict[int | None, int] = {}
    for paragraph in paragraphs:
        rows = tuple(line for line in paragraph.lines if "\t" in line[1])
        if rows:
            if made and made[-1].role == "table" and rows[0][0] - made[-1].lines[-1][0] == 1:
                made[-1] = _continued(made[-1], rows)
            else:
                made.append(replace(paragraph, lines=rows, role="table"))
        elif paragraph.role == "measure" and paragraph.measure in measures:
            at = measures[paragraph.measure]
            made[at] = _continued(made[at], paragraph.lines)
        elif paragraph.role in TEXT_ROLES:
            if paragraph.role == "measure":
                measures[paragraph.measure] = len(made)
            made.append(paragraph)
    return made


def _continued(piece: Paragraph, lines: tuple[tuple[int, str], ...]) -> Paragraph:
    return replace(piece, lines=(*piece.lines, *lines))


def place(piece: Paragraph) -> str:
    """Where a piece stands, in the words of the figures table."""
    if piece.role == "table":
        return "annex" if piece.section == ANNEX else "table"
    return "outlook" if piece.role == "background" and piece.section.startswith(OUTLOOK) else piece.role
