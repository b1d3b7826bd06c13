"""Year cells → the rows they belong to, and the items of the newest part that they point to.

Rules, with the reason why each is general:

- A cell run together with a ministry belongs to that ministry's row. Where a page holds one row, all of its year cells
  are that row's.
- What is done in the first year repeats the words of the row; such a cell goes to the row it is most like. Cells that
  only go on (左記…, 引き続き…) are the same for many rows: on a page with several rows they are nobody's.
- 工程表NNに記載 says that an item goes on as item NN of the newest part: of the page's rows the one that is most like
  the item NN. Where a row's own cell of the first year is found, it is less likely to point elsewhere.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from analysis.base.japanese import normal, squeeze
from analysis.extraction.roadmap.cells import LATER
from analysis.extraction.roadmap.model import Cell, Part, grams, held, likeness

LINK = re.compile(r"工程表([0-9]{1,3})(?:[~\-ー−―]([0-9]{1,3}))?」?に記載")
SAME_PART = re.compile(r"([0-9]{1,3})に記載")
YEAR = re.compile(r"([0-9]{4})年度")
ALIKE = 0.35
CLOSE = 0.04
HAS_OWN_CELL = 0.15
HAS_OTHER_LINK = 0.6
LINK_UNSURE = "which row of the page is carried over is not sure"
MOST_LINKED = 20


@dataclass
class Place:
    """A row as the year cells see it: its words, its pages and its ministries' cells; and what it is given."""

    text: str
    pages: frozenset[int]
    ministries: list[Cell]
    repeat: bool = False
    cells: list[Cell] = field(default_factory=list)
    links: set[int] = field(default_factory=set)
    repeats: int | None = None
    doubts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.grams = grams(self.text)


def attach(part: Part, places: list[Place], newest: dict[int, str]) -> None:
    """Give each row of a part its year cells and what they point to. `newest` holds the newest part's texts."""
    texts = {number: grams(text) for number, text in newest.items()}
    linking: list[tuple[Cell, list[int], list[Place]]] = []
    for place, cell in enumerate(part.cells):
        if cell.kind != "year":
            continue
        before = part.cells[place - 1] if place else None
        near = [row for row in places if cell.page in row.pages]
        beside = [row for row in near if before in row.ministries] if not cell.parted else []
        if match := SAME_PART.fullmatch(squeeze(cell.text)):
            for row in beside or [row for row in near if row.repeat]:
                row.repeats = int(match[1])
                row.cells.append(cell)
        elif numbers := links(cell.text):
            # A row that repeats another (再掲) points to that one, not to the newest part.
            linking.append((cell, numbers, beside or [row for row in near if not row.repeat]))
        elif taker := _taker(cell, beside or near):
            taker.cells.append(cell)

    def surest(link: tuple[Cell, list[int], list[Place]]) -> float:
        return max((_score(row, link[0], link[1], texts) for row in link[2]), default=0.0)

    scores = [surest(link) for link in linking]
    left = list(range(len(linking)))
    while left:
        # The surest link first, since a row that has one is less likely to have another.
        best = max(left, key=scores.__getitem__)
        left.remove(best)
        taker = _link(*linking[best], texts)
        for other in left:
            if any(row is taker for row in linking[other][2]):
                scores[other] = surest(linking[other])


def links(text: str) -> list[int]:
    """The items of the newest part that a year cell points to."""
    found: list[int] = []
    for match in LINK.finditer(squeeze(text)):
        first, last = int(match[1]), int(match[2] or match[1])
        found += range(first, last + 1) if last - first < MOST_LINKED else [first]
    return found


def _taker(cell: Cell, near: list[Place]) -> Place | None:
    """The row a year cell belongs to, None where that cannot be told."""
    if len(near) == 1:
        return near[0]
    if LATER.match(cell.text) or not near:
        return None
    words = grams(cell.text)
    ranked = sorted(near, key=lambda row: -likeness(words, row.grams))
    best, second = (likeness(words, row.grams) for row in ranked[:2])
    return ranked[0] if best >= ALIKE and best - second >= CLOSE else None


def _link(cell: Cell, numbers: list[int], near: list[Place], texts: dict[int, frozenset[str]]) -> Place | None:
    """Give a link to the row that is most like what it points to; where two are, the first with a doubt."""
    if not near:
        return None
    ranked = sorted(((_score(row, cell, numbers, texts), row) for row in near), key=lambda pair: -pair[0])
    row = ranked[0][1]
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < CLOSE:
        row.doubts.append(LINK_UNSURE)
    row.links |= set(numbers)
    row.cells.append(cell)
    return row


def _score(row: Place, cell: Cell, numbers: list[int], texts: dict[int, frozenset[str]]) -> float:
    """How well a link fits a row: by the items it points to, by the cell's own words, by what the row has already."""
    alike = max((likeness(row.grams, texts[number]) for number in numbers if number in texts), default=0.0)
    words = held(row.grams, grams(LINK.sub("", squeeze(cell.text))))
    own = any(not LATER.match(other.text) and not links(other.text) for other in row.cells)
    other = bool(row.links) and row.links != set(numbers)
    return alike + words - HAS_OWN_CELL * (own and len(row.ministries) == 1) - HAS_OTHER_LINK * other


def columns(part: Part) -> list[int]:
    """The years of the table's head."""
    heads = (cell.text for cell in part.cells if cell.kind == "furniture")
    return sorted({int(year) for head in heads for year in YEAR.findall(normal(head))})


def by_year(cells: Iterable[Cell], years: list[int]) -> dict[str, str]:
    """A row's year cells by the years they are for, as far as their words and their width tell."""
    if not years:
        return {}
    first, later, late = str(years[0]), _span(years[1:]), _span(years[2:])
    found: dict[str, list[str]] = {}
    for cell in cells:
        key = late if cell.narrow else later if LATER.match(cell.text) else first
        if key:
            found.setdefault(key, []).append(cell.text)
    return {key: "\n".join(texts) for key, texts in sorted(found.items())}


def _span(years: list[int]) -> str:
    return f"{years[0]}-{years[-1]}" if len(years) > 1 else "".join(map(str, years))
