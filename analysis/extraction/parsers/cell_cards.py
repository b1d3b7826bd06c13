"""Measures that are cells of a table without a head: each with its words, and who is in charge and when at its end."""

from analysis.documents import marks
from analysis.documents.document import Run
from analysis.extraction.parsers import closing
from analysis.extraction.parsers.bodies_and_times import Labels, plain
from analysis.extraction.parsers.cards import Card, is_row
from analysis.extraction.parsers.table_rows import NOTE_MARK, Row, cells_of

FEWEST = 2  # cells of a document


def of(runs: list[Run], labels: Labels) -> dict[int, Card]:
    """Return the rows each of whose cells is a measure: ◆ 灯台の整備 …を直す。 担当：国土交通省｜時期：令和8年度."""
    result: dict[int, Card] = {}
    for at, run in enumerate(runs):
        cells = [cell for cell in cells_of(run) if cell] if is_row(run) else []
        if cells and all(labels.pattern.search(plain(cell)) for cell in cells):
            rows = [row for cell in cells if (row := _row(cell, labels))]
            if len(rows) == len(cells):
                result[at] = Card(("table",), tuple(rows))
    several = any(len(card.measures) > 1 for card in result.values())
    return result if several and sum(len(card.measures) for card in result.values()) >= FEWEST else {}


def _row(cell: str, labels: Labels) -> Row | None:
    """Return the measure that a cell is; None where nothing closes it."""
    end = closing.read(cell, labels)
    words = NOTE_MARK.sub("", cell[: end.start]).strip()
    return Row(marks.beginning(words).words or words, end) if end.ministries and words else None
