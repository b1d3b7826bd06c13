"""The items of a part: its numbers, each with its title and the page it stands on.

Rules, with the reason why each is general:

- Numbers run from one on without gaps. A number that the text layer lost is told from the sequence, with a doubt; a
  title that stands without a number is its title.
- A number whose cell stands apart from a row's text is merged: it belongs to several texts or to a text with several
  ministries. Its title stands on the same page: right after it, or it is the page's one title without a number.
- A title whose wrapped line came out as a box of its own is put together where a page holds more titles than numbers.
"""

from dataclasses import dataclass, replace
from itertools import islice, permutations

from .cells import joined
from .model import Cell, DraftRow, Part

MOST_ORDERS = 24

Titles = dict[int, Cell]  # by the place of the item they are given to


@dataclass(frozen=True)
class Item:
    """A number of the table (None: 再掲) with its cells, as far as the text layer has them."""

    number: int | None
    cell: Cell | None = None
    title: Cell | None = None
    page: int | None = None
    fixed: bool = False  # the number stands right before the one text it belongs to

    @property
    def inferred(self) -> bool:
        return self.cell is None


def numbered_items(part: Part, rows: list[DraftRow]) -> tuple[list[Item], list[list[Titles]]]:
    """Return the items of a part in order, and for each page that leaves a choice the ways to give out its titles.

    The items have the titles that come first: in the order in which they came out.
    """
    fixed = {row.number.first: row for row in rows if row.number is not None}
    held = {row.title.first for row in rows if row.title is not None}
    items: list[Item] = []
    seen: set[int] = set()
    for place, cell in enumerate(part.cells):
        if cell.kind not in ("number", "repeat") or cell.number in seen:
            continue
        seen |= {cell.number} if cell.number is not None else set()
        if row := fixed.get(cell.first):
            items.append(Item(cell.number, cell, row.title, cell.page, True))
            continue
        after = part.cells[place + 1] if place + 1 < len(part.cells) else None
        title = after if after is not None and after.kind == "title" and after.page == cell.page else None
        held |= {title.first} if title is not None else set()
        items.append(Item(cell.number, cell, title, cell.page))
    items = _in_order(items)
    spare = _spare_titles(part, held, items) if part.titled else {}
    return items, _give_out(spare, items)


def _in_order(items: list[Item]) -> list[Item]:
    """Return the items by number, lost numbers put in; one without number stays after its page's last number."""
    by_number = {item.number: item for item in items if item.number is not None}
    ordered = [by_number.get(number, Item(number)) for number in range(1, max(by_number, default=0) + 1)]
    ordered = ([by_number[0]] if 0 in by_number else []) + ordered
    for item in items:
        if item.number is None and not item.fixed:
            before = [place for place, other in enumerate(ordered) if other.page and other.page <= (item.page or 0)]
            ordered.insert(before[-1] + 1 if before else 0, item)
    return ordered


def _spare_titles(part: Part, held: set[int], items: list[Item]) -> dict[int, list[Cell]]:
    """Return the titles of each page that no item holds, tails joined to what they go on with."""
    spare: dict[int, list[Cell]] = {}
    for page in sorted({cell.page for cell in part.cells}):
        lacking = sum(item.page == page and item.title is None and item.number is not None for item in items)
        free = [c for c in part.cells if c.page == page and c.kind == "title" and c.first not in held]
        for tail in list(free):
            place = part.cells.index(tail)
            before = part.cells[place - 1] if place else None
            if len(free) <= lacking or before is None or before.kind != "title" or before.page != page:
                continue
            free.remove(tail)
            whole = joined(before, tail)
            free = [whole if cell.first == before.first else cell for cell in free]
            for index, item in enumerate(items):
                if item.title is not None and item.title.first == before.first:
                    items[index] = replace(item, title=whole)
        if free:
            spare[page] = free
    return spare


def _give_out(spare: dict[int, list[Cell]], items: list[Item]) -> list[list[Titles]]:
    """Give the spare titles to the items without one; return, for each page, the ways in which they can be given."""
    lost = [place for place, item in enumerate(items) if item.inferred]
    choices: list[list[Titles]] = []
    for page, titles in spare.items():
        takers = [place for place, item in enumerate(items) if item.page == page and item.title is None and item.number]
        before = max((place for place, item in enumerate(items) if item.page and item.page < page), default=-1)
        while len(takers) < len(titles) and (place := next((p for p in lost if p > before), None)) is not None:
            lost.remove(place)
            items[place] = replace(items[place], page=page)
            takers.append(place)
        takers.sort()
        ways = [dict(zip(takers, order, strict=False)) for order in islice(permutations(titles), MOST_ORDERS)]
        choices.append(ways)
        apply(items, ways[0])
    return [ways for ways in choices if len(ways) > 1]


def apply(items: list[Item], titles: Titles) -> None:
    """Give titles to items, in place."""
    for place, title in titles.items():
        items[place] = replace(items[place], title=title)
