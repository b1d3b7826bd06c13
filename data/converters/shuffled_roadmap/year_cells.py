"""Year cells → the rows they belong to: first those that something ties to a row, the others in `year_slots`.

Rules, with the reason why each is general:

- A cell run together with a ministry belongs to that ministry's row. Where a page holds one row, all of its year cells
  are that row's.
- What is done in the first year repeats the words of the row; such a cell goes to the row it is most like.
- 工程表NNに記載 says that an item goes on as item NN of the newest part: of the page's rows the one that is most like
  the item NN. Where a row's own cell of the first year is found, it is less likely to point elsewhere.
"""

from dataclasses import dataclass

from analysis.base.japanese import normal, squeeze
from analysis.extraction.roadmap.table import LINK, SAME_PART, YEAR, links

from .cells import LATER, in_one_column, spans_all
from .model import Cell, DraftRow, Part, dice, grams
from .year_slots import Binder

ALIKE = 0.35
CLOSE = 0.04
HAS_OWN_CELL = 0.15
HAS_OTHER_LINK = 0.6
LINK_UNSURE = "which row of the page is carried over is not sure"


@dataclass(frozen=True)
class _Pointer:
    """A year cell that points to items of the newest part, and the rows whose it may be."""

    cell: Cell
    items: list[int]
    rows: list[DraftRow]

    def scores(self, texts: dict[int, frozenset[str]]) -> list[float]:
        """Return how well the cell fits each row: by the items it points to, by its own words, by the row's cells."""
        words = grams(LINK.sub("", squeeze(self.cell.text)))
        return [self._score(row, words, texts) for row in self.rows]

    def _score(self, row: DraftRow, words: frozenset[str], texts: dict[int, frozenset[str]]) -> float:
        alike = max((dice(row.grams, texts[item]) for item in self.items if item in texts), default=0.0)
        shared = len(row.grams & words) / len(row.grams) if row.grams else 0.0
        pointed = {item for cell in row.years for item in links(cell.text)}
        own = any(not LATER.match(cell.text) and not links(cell.text) for cell in row.years)
        other = bool(pointed) and pointed != set(self.items)
        return alike + shared - HAS_OWN_CELL * (own and len(row.ministries) == 1) - HAS_OTHER_LINK * other


def attach(part: Part, rows: list[DraftRow], newest: dict[int, str]) -> None:
    """Give each row of a part its year cells. `newest` holds the texts of the newest part's items by number."""
    texts = {number: grams(text) for number, text in newest.items()}
    pointers: list[_Pointer] = []
    for place, cell in enumerate(part.cells):
        if cell.kind != "year":
            continue
        before = part.cells[place - 1] if place else None
        near = [row for row in rows if cell.page in row.pages]
        beside = [row for row in near if before in row.ministries] if not cell.parted else []
        if SAME_PART.fullmatch(squeeze(cell.text)):
            for row in beside or [row for row in near if row.repeat]:
                row.years.append(cell)
        elif items := links(cell.text):
            # A row that repeats another (再掲) points to that one, not to the newest part.
            pointers.append(_Pointer(cell, items, beside or [row for row in near if not row.repeat]))
        elif taker := _taker(cell, beside or near):
            taker.years.append(cell)
    _attach_pointers(pointers, texts)
    Binder(part, rows).bind()


def _attach_pointers(pointers: list[_Pointer], texts: dict[int, frozenset[str]]) -> None:
    """Give each pointer to the row it fits best, the surest first: a row that has one less likely has another."""
    scores = [pointer.scores(texts) for pointer in pointers]
    left = [place for place, pointer in enumerate(pointers) if pointer.rows]
    while left:
        place = max(left, key=lambda place: max(scores[place]))
        left.remove(place)
        best, *others = sorted(scores[place], reverse=True)
        row = pointers[place].rows[scores[place].index(best)]
        if others and best - others[0] < CLOSE:
            row.doubts.append(LINK_UNSURE)
        row.years.append(pointers[place].cell)
        for other in left:
            if any(row is taker for taker in pointers[other].rows):
                scores[other] = pointers[other].scores(texts)


def _taker(cell: Cell, near: list[DraftRow]) -> DraftRow | None:
    """Return the row a year cell belongs to, None where that cannot be told."""
    if len(near) == 1:
        return near[0]
    if LATER.match(cell.text) or not near:
        return None
    words = grams(cell.text)
    ranked = sorted(near, key=lambda row: -dice(words, row.grams))
    best, second = (dice(words, row.grams) for row in ranked[:2])
    return ranked[0] if best >= ALIKE and best - second >= CLOSE else None


def by_years(row: DraftRow, part: Part) -> list[tuple[list[int], Cell]]:
    """Return a row's year cells with their years: of those in the table's head the ones that place and width tell."""
    heads = (cell.text for cell in part.cells if cell.kind == "head")
    years = sorted({int(year) for head in heads for year in YEAR.findall(normal(head))})
    later = sorted(row.later, key=lambda cell: (cell.narrow, cell.first))
    first = sorted((cell for cell in row.years if cell not in later), key=lambda cell: cell.first)
    if len(first) == 1 and len(later) == 2 and in_one_column(later[0]) and len(row.ministries) < 2:
        return [*_all_or(years[:1], first, years), (years[1:2], later[0]), (years[2:], later[1])]
    return [
        *_all_or(years[:1], first, years),
        *((years[2:] if cell.narrow else years[1:], cell) for cell in later),
    ]


def _all_or(first_year: list[int], cells: list[Cell], years: list[int]) -> list[tuple[list[int], Cell]]:
    return [(years if spans_all(cell) else first_year, cell) for cell in cells]


def name_of(years: list[int]) -> str:
    """Return the name of years as the core has it: 2019, 2020-2022."""
    return f"{years[0]}-{years[-1]}" if len(years) > 1 else "".join(map(str, years))
