"""The items of a part: its numbers, each with its title and the page it stands on.

Rules, with the reason why each is general:

- Numbers run from one on without gaps. A number that the text layer lost is told from the sequence, with a doubt; a
  title that stands without a number is its title.
- A number whose cell stands apart from a row's text is merged: it belongs to several texts or to a text with several
  ministries. Its title stands on the same page: right after it, or it is the page's one title without a number.
- A title whose wrapped line came out as a box of its own is put together where a page holds more titles than numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations

from analysis.extraction.roadmap.cells import joined, width
from analysis.extraction.roadmap.model import Cell, Part, Slot

INFERRED = "number told from the sequence"
TITLE_LINE = 6.0  # a line of a title that wraps is at least this wide
MOST_ORDERS = 24


@dataclass(frozen=True)
class Item:
    """A number of the table (None: 再掲) with its cells, as far as they were found."""

    number: int | None
    cell: Cell | None = None
    title: Cell | None = None
    page: int | None = None
    fixed: bool = False  # the number stands right before the one text it belongs to

    @property
    def inferred(self) -> bool:
        return self.cell is None


@dataclass
class Items:
    """The items in order, and other ways to give titles to items: lists of {place: title}, one a page."""

    items: list[Item]
    choices: list[list[dict[int, Cell]]]
    stray: list[Cell]


def items(part: Part, slots: list[Slot]) -> Items:
    """The items of a part, with titles given in the order in which they came out where a page leaves a choice."""
    fixed = {slot.number.first: slot for slot in slots if slot.number is not None}
    held = {slot.title.first for slot in slots if slot.title is not None}
    found: list[Item] = []
    stray: list[Cell] = []
    seen: set[int] = set()
    for place, cell in enumerate(part.cells):
        if cell.kind not in ("number", "repeat"):
            continue
        if cell.number is not None and cell.number in seen:
            stray.append(cell)
            continue
        seen |= {cell.number} if cell.number is not None else set()
        if slot := fixed.get(cell.first):
            found.append(Item(cell.number, cell, slot.title, cell.page, True))
            continue
        after = part.cells[place + 1] if place + 1 < len(part.cells) else None
        title = after if after is not None and after.kind == "title" and after.page == cell.page else None
        held |= {title.first} if title is not None else set()
        found.append(Item(cell.number, cell, title, cell.page))
    ordered = _in_order(found)
    spare = _spare_titles(part, held, ordered)
    return Items(ordered, _give(spare, ordered), stray)


def _in_order(found: list[Item]) -> list[Item]:
    """The items by number, lost numbers put in; an item without number stays after its page's last number."""
    numbered = sorted((item for item in found if item.number is not None), key=lambda item: item.number or 0)
    have = {item.number for item in numbered}
    last = numbered[-1].number if numbered else None
    numbered += [Item(number) for number in range(1, last or 0) if number not in have]
    numbered.sort(key=lambda item: item.number or 0)
    for item in found:
        if item.number is None and not item.fixed:
            before = [place for place, other in enumerate(numbered) if other.page and other.page <= (item.page or 0)]
            numbered.insert(before[-1] + 1 if before else 0, item)
    return numbered


def _spare_titles(part: Part, held: set[int], found: list[Item]) -> dict[int, list[Cell]]:
    """The titles of each page that no item holds, tails joined to what they go on with."""
    spare: dict[int, list[Cell]] = {}
    if not part.titled:
        return spare
    for page in sorted({cell.page for cell in part.cells}):
        lacking = sum(item.page == page and item.title is None and item.number is not None for item in found)
        titles = [cell for cell in part.cells if cell.page == page and cell.kind == "title"]
        free = [cell for cell in titles if cell.first not in held]
        for tail in list(free):
            place = part.cells.index(tail)
            before = part.cells[place - 1] if place else None
            if len(free) <= lacking or before is None or before.kind != "title" or before.page != page:
                continue
            if width(before.lines[-1][1]) < TITLE_LINE:
                continue
            free.remove(tail)
            whole = joined(before, tail)
            free = [whole if cell.first == before.first else cell for cell in free]
            for index, item in enumerate(found):
                if item.title is not None and item.title.first == before.first:
                    found[index] = replace(item, title=whole)
        if free:
            spare[page] = free
    return spare


def _give(spare: dict[int, list[Cell]], found: list[Item]) -> list[list[dict[int, Cell]]]:
    """Give the spare titles to the items without one; return, for each page, the orders in which they can be given."""
    lost = [place for place, item in enumerate(found) if item.inferred]
    choices: list[list[dict[int, Cell]]] = []
    for page, titles in spare.items():
        takers = [place for place, item in enumerate(found) if item.page == page and item.title is None and item.number]
        before = max((place for place, item in enumerate(found) if item.page and item.page < page), default=-1)
        while len(takers) < len(titles) and (place := next((p for p in lost if p > before), None)) is not None:
            lost.remove(place)
            found[place] = replace(found[place], page=page)
            takers.append(place)
        takers.sort()
        orders = [dict(zip(takers, order, strict=False)) for order in _orders(titles)]
        choices.append(orders)
        apply(found, orders[0])
    return [orders for orders in choices if len(orders) > 1]


def _orders(titles: list[Cell]) -> Iterator[tuple[Cell, ...]]:
    for count, order in enumerate(permutations(titles)):
        if count == MOST_ORDERS:
            return
        yield order


def apply(found: list[Item], titles: dict[int, Cell]) -> None:
    for place, title in titles.items():
        found[place] = replace(found[place], title=title)
