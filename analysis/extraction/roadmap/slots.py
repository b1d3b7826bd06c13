"""Cells of a part → its rows (slots) in the order of the table, with their ministries.

Rules, with the reason why each is general:

- Cells that are not merged come out first and in the order of the table: number, title, text, ministry. So a text
  with a ministry right after it is a row of its own, and a number right before it is that row's alone.
- A text or number that is merged over several ministries' rows comes out later. Its ministries come out in their
  place between the rows of their own: a run of ministries without a text is one or more such rows (groups.py).
- On a page, merged cells follow the others. A row that follows merged cells without a blank line between stands on
  a page of its own, whose beginning was lost; one that is parted from them is merged itself.
- A page of a table holds only so many cells. Where more stand without a gap, the text does not say where pages end:
  they are taken to end wherever ministries, or rows of their own, follow merged cells, and all rows are doubted.
"""

from dataclasses import replace
from itertools import groupby, pairwise

from analysis.extraction.roadmap.cells import MOST_CELLS
from analysis.extraction.roadmap.groups import Token, group
from analysis.extraction.roadmap.model import Cell, Part, Slot

UNSURE_CUT = "where the list of ministries ends is not sure"
NO_TEXT_FOUND = "no text found for these ministries"
NO_MINISTRIES_FOUND = "no ministries found for this text"
APART = "a ministry came out apart from its row"
PAGES_UNSURE = "where the roadmap's pages end is not told"
LEADING = ("number", "repeat", "title", "ministry")


def slots(part: Part, stated: dict[int, frozenset[str]]) -> list[Slot]:
    """The rows of a part in the order of the table. Rows with merged texts have no text yet.

    `stated` are the ministries that the body gives for a text, by the text's first line.
    """
    own, stream, late = _stream(part.cells)
    taken = {slot.text.first for slot in own if slot.text is not None}
    merged = part.merged_texts(taken)
    texts = _count(merged)
    bodies: dict[int, list[frozenset[str]]] = {}
    for cell in merged:
        if cell.first in stated:
            bodies.setdefault(cell.page, []).append(stated[cell.first])
    grouping = group(stream, texts, _count(late), bodies)
    rows = list(own)
    for found in grouping.groups:
        page = found.cells[0].page if found.page is None else found.page
        slot = Slot(found.cells, page=page, order=found.order, merged=found.page is not None)
        slot.doubts += [UNSURE_CUT] * found.unsure + [NO_TEXT_FOUND] * (found.page is None)
        rows.append(slot)
    _add_late(rows, late, grouping.late_rows, part)
    for page, count in texts.items():
        for _ in range(count - sum(slot.merged and slot.page == page for slot in rows)):
            order = max(place for place, cell in enumerate(part.cells) if cell.page == page)
            rows.append(Slot([], page=page, order=order, merged=True, loose=True, doubts=[NO_MINISTRIES_FOUND]))
    return sorted(rows, key=lambda slot: slot.order)


def _count(cells: list[Cell]) -> dict[int, int]:
    pages = [cell.page for cell in cells]
    return {page: pages.count(page) for page in pages}


def with_lost_breaks(cells: list[Cell]) -> tuple[list[Cell], set[int]]:
    """The cells with pages numbered anew, where a page's end was lost; and the pages that are only guessed."""
    found: list[Cell] = []
    guessed: set[int] = set()
    page = 1
    for _, run in groupby(cells, key=lambda cell: cell.page):
        on_page = list(run)
        breaks = _breaks(on_page, guess=False)
        guess = len(on_page) > MOST_CELLS
        if guess:
            breaks = _no_longer(_breaks(on_page, guess=True), len(on_page))
        for first, end in pairwise([0, *breaks, len(on_page)]):
            found += [replace(cell, page=page) for cell in on_page[first:end]]
            guessed |= {page} if guess else set()
            page += 1
    return found, guessed


def _breaks(cells: list[Cell], guess: bool) -> list[int]:
    """The places on a page where another page begins."""
    breaks: list[int] = []
    merged = False
    leads = _leading_to_rows(cells)
    for place, cell in enumerate(cells):
        merged = merged or _is_merged_year(cell)
        leading = leads[place] or (guess and cell.kind == "ministry")
        if merged and (guess or not cell.parted) and cell.kind in ("number", "ministry") and leading:
            breaks.append(place)
            merged = False
    return breaks


def _no_longer(breaks: list[int], end: int) -> list[int]:
    """Breaks with further ones between, where a page would still be too long."""
    found: list[int] = []
    for first, last in pairwise([0, *breaks, end]):
        found += [*([first] if first else []), *range(first + MOST_CELLS, last, MOST_CELLS)]
    return found


def _leading_to_rows(cells: list[Cell]) -> list[bool]:
    """For each place whether nothing but numbers, titles and ministries stands before the next row of its own."""
    leads = [False] * len(cells)
    ahead = False
    for place in range(len(cells) - 1, -1, -1):
        leads[place] = ahead and cells[place].kind in LEADING
        ahead = leads[place] or (cells[place].kind not in LEADING and _own(cells, place))
    return leads


def _is_merged_year(cell: Cell) -> bool:
    """A year's cell that is set over several years, and not run together with the cell before it."""
    return cell.kind == "year" and cell.parted and not cell.narrow


def _own(cells: list[Cell], place: int) -> bool:
    """Whether a text is a row of its own: a ministry follows, parted from it by one blank line."""
    if place + 1 >= len(cells):
        return False
    cell, after = cells[place], cells[place + 1]
    return cell.kind == "text" and after.kind == "ministry" and after.parted and after.page == cell.page


def _stream(cells: list[Cell]) -> tuple[list[Slot], list[Token], list[Cell]]:
    """Rows of their own, the stream of what is between them, and ministries that follow merged cells."""
    own: list[Slot] = []
    stream: list[Token] = []
    late: list[Cell] = []
    merged = False
    for place, cell in enumerate(cells):
        if place and cell.page != cells[place - 1].page:
            stream.append(Token("page", place, cells[place - 1].page))
            merged = False
        merged = merged or _is_merged_year(cell)
        if _own(cells, place):
            own.append(_own_slot(cells, place))
            stream.append(Token("end", place, cell.page))
        elif cell.kind == "heading":
            stream.append(Token("end", place, cell.page))
        elif cell.kind == "ministry" and not (place and _own(cells, place - 1)):
            if merged:
                late.append(cell)
            else:
                stream.append(Token("ministry", place, cell.page, cell))
    if cells:
        stream.append(Token("page", len(cells), cells[-1].page))
    return own, stream, late


def _own_slot(cells: list[Cell], place: int) -> Slot:
    """A row of its own, with the number and title that stand right before it."""
    text = cells[place]
    slot = Slot([cells[place + 1]], text, page=text.page, order=place)
    before = [cell for cell in cells[max(place - 2, 0) : place] if cell.page == text.page]
    title = before.pop() if before and before[-1].kind == "title" else None
    if before and before[-1].kind in ("number", "repeat"):
        slot.number, slot.title, slot.fixed = before[-1], title, True
    return slot


def _add_late(rows: list[Slot], late: list[Cell], alone: dict[int, int], part: Part) -> None:
    """Ministries whose cells are merged: rows of their own where texts lack a row, else members of their page's."""
    for cell in late:
        if alone.get(cell.page, 0) > 0:
            alone[cell.page] -= 1
            order = part.cells.index(cell)
            rows.append(Slot([cell], page=cell.page, order=order, merged=True, loose=True, doubts=[APART]))
            continue
        near = [slot for slot in rows if slot.merged and cell.page in slot.pages and not slot.loose]
        if near:
            near[-1].add(cell)
            near[-1].doubts.append(APART if len(near) == 1 else UNSURE_CUT)
