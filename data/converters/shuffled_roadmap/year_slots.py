"""Year cells that nothing ties to a row → rows, by the cheapest assignment of the cells of a page.

Rules, with the reason why each is general:

- A row has as many lines of year cells as it has ministries at most, and one at least. So what is done in the first
  year goes where its rare words stand, but rather to a row that has no such cell yet.
- A cell of the later years (左記の検討状況を踏まえ …) goes on with one cell of the first year. It mostly came out right
  after it, and names what it goes on with (検討, 調査, 実証). Where one cell of the first year is merged over several
  lines of its row, several later ones go on with it.
- What is done (措置済み), goes on elsewhere (工程表NNに記載) or spans all years needs none: such cells stand between
  others without parting them. One that points elsewhere and says more goes on all the same.
- Where cells could as well be given to rows otherwise, so that a row would have another text, the row is doubted; so is
  a row without a cell where it should have one. Cells with the same words are alike: which is whose does not matter.
"""

import re
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby, product
from math import fsum, log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from analysis.base.japanese import normal, squeeze
from analysis.extraction.roadmap.table import SAME_PART, YEAR, links

from .cells import DONE, in_one_column, spans_all, spans_later
from .model import Cell, DraftRow, Part, grams

NO_FIRST = "no cell of the first year was found for it"
NO_CELLS = "no year cell was found for it"
NO_LATER = "no cell of the later years was found for it"
CELLS_UNSURE = "which year cells are its own is not sure"
YEARS_UNSURE = "which years a year cell covers is not sure"

REFERS = re.compile(r"左記|同左|引き?続き[、,]?左記|引き?続き[^。、]{0,14}。?$")
AFTER_RESULT = re.compile(r"(?!\d)[^。、]{0,14}(?:結果|状況|結論|成果)[^。、]{0,3}(?:踏まえ|応じ|基づ)")
PAST = re.compile(r"([0-9]{4})(?:年度?)?(?:[、,・~-]([0-9]{4})年度)*の[^。、]{0,14}(?:結果|状況|結論|成果)")
GOES_ON_WITH = re.compile(r"(?:左記の?)?([^、。]{1,10}?)(?:等?の?(?:結果|状況|結論|成果)|を踏まえ|に応じ)")
ANY_WORD = re.compile(r"(?:実施|取り?組み?|対応|措置|施策|状況)等?")  # whatever is done: names nothing

NEVER = 1e3
# What speaks for or against giving a row a cell of the first year, as costs.
FURTHER_LINE = 0.35  # a second line of a row, while another row has none
MORE_LINES = 0.8  # than the row has ministries
CLOSE = 0.1
UNLIKE = 0.1  # a cell that shares no more words with its row may be another's
# The same of a cell of the later years and the one of the first year that it goes on with (fitted: docs/decisions.md).
RIGHT_AFTER = 1.4  # it came out as the next one; cells that nothing goes on with do not count
RUN_TOGETHER = 0.8  # it came out just before it, without a blank line between
APART = 0.1  # per root of the cells between
OTHER_WORD = 0.9  # what it goes on with is not named there
SHARED = 1.4  # all of its rarer words are its row's
USUAL_GRAM = log(10)  # the weight of two characters that a tenth of the cells hold: those say nothing
FURTHER_CELL = 1.2  # it stands on a second line of its row
BEYOND = 1.1  # its row has no room for it: no more ministries, or a cell that spans all years
FINISHED = 0.6  # that one is done, goes on elsewhere or spans all years
CLOSE_LATER = 0.5


@dataclass
class _Slot:
    """A line of year cells of a row: the cell of its first year, if one is known, and what a further cell costs."""

    row: DraftRow
    first: Cell | None = None
    cost: float = 0.0
    place: int = 0  # among the lines of its row


class Binder:
    """Binds the year cells of a part to its rows; what rows have already stays theirs."""

    def __init__(self, part: Part, rows: list[DraftRow]):
        self.part, self.rows = part, rows
        texts = [row.grams for row in rows] + [grams(cell.text) for cell in part.cells if cell.kind == "year"]
        counts = Counter(gram for text in texts for gram in text)
        self._weight = {gram: log(len(texts) / count) for gram, count in counts.items()}
        self._rare = {gram: max(weight - USUAL_GRAM, 0.0) for gram, weight in self._weight.items()}
        heads = [years for cell in part.cells if cell.kind == "head" for years in YEAR.findall(normal(cell.text))]
        self._first_year = min(map(int, heads), default=0)

    def bind(self) -> None:
        """Give each cell of a year to a row of its page; doubt rows whose cells are not sure or missing."""
        cells = [cell for cell in self.part.cells if cell.kind == "year"]
        pages = sorted({page for row in self.rows for page in row.pages})
        # A page without a row is the end of the page before it.
        for page, on_page in groupby(
            cells, key=lambda cell: pages[max(bisect(pages, cell.page) - 1, 0)] if pages else 0
        ):
            self._bind_page(list(on_page), [row for row in self.rows if page in row.pages])
        for row in self.rows if cells else []:
            first = [cell for cell in row.years if cell not in row.later]
            open_lines = sum(not _is_finished(cell) for cell in first)
            alone = len(row.later) == 1 and in_one_column(row.later[0])
            wide = any(spans_later(cell) and len(cell.lines) > 1 and not _refers(cell) for cell in row.later)
            row.doubts += [YEARS_UNSURE] * (alone or wide)
            row.doubts += [(NO_FIRST if row.later else NO_CELLS)] * (not first)
            row.doubts += [NO_LATER] * (bool(first) and not row.later and open_lines == len(first))
            # One later cell may be merged over two lines, or another row's be missing here.
            row.doubts += [CELLS_UNSURE] * (
                0 < len(row.later) < min(open_lines, _most_lines(row)) and CELLS_UNSURE not in row.doubts
            )

    def _bind_page(self, cells: list[Cell], rows: list[DraftRow]) -> None:
        taker = {cell: row for row in rows for cell in row.years}
        later = [cell for cell, after in zip(cells, [*cells[1:], None], strict=True) if self._is_later(cell, after)]
        first = [cell for cell in cells if cell not in later]
        slots = [slot for row in rows for slot in _lines(row, first)]
        open_cells = [cell for cell in first if cell not in taker]
        cost = _costs(open_cells, slots, {}, lambda cell, slot: slot.cost - self._shared(cell, slot.row))
        for cell, at in _assigned(open_cells, slots, cost, CLOSE):
            row = slots[at].row
            row.years.append(cell)
            slots[at].first = cell
            unlike = len(rows) > 1 and not _is_done(cell) and self._shared(cell, row) < UNLIKE
            row.doubts += [CELLS_UNSURE] * (unlike and CELLS_UNSURE not in row.doubts)
        open_first = {cell for cell in first if not _is_finished(cell)}
        open_cells = [cell for cell in cells if cell in later or cell in open_first]
        order = {cell: place for place, cell in enumerate(open_cells)}
        cost = _costs(later, slots, taker, lambda cell, slot: self._going_on(cell, slot, order, open_first))
        for cell, at in _assigned(later, slots, cost, CLOSE_LATER):
            row = slots[at].row
            row.later.append(cell)
            row.years += [cell] * (cell not in row.years)
        if any(all(cell not in row.years for row in rows) for cell in cells):  # more cells than the rows can hold
            for row in rows:
                row.doubts += [CELLS_UNSURE] * (CELLS_UNSURE not in row.doubts)

    def _is_later(self, cell: Cell, after: Cell | None) -> bool:
        """Say whether a cell is of the later years: it goes on with another, or is wider than the first year's column.

        `after` is the cell that came out next; where it goes on on the same line, this one is the first year's.
        """
        if cell.narrow:
            return True
        if _points(cell) or _is_finished(cell):
            return False
        if _refers(cell):
            return True
        if after is not None and after.lines[0][0] == cell.lines[-1][0]:
            return False
        past = PAST.match(normal(cell.text))
        return spans_later(cell) or (past is not None and int(past[1]) >= self._first_year > 0)

    def _shared(self, cell: Cell, row: DraftRow) -> float:
        """Return how much of the rarer words of a cell or a row both have, 0 to 1."""
        words = grams(cell.text)
        a, b, both = (fsum(self._weight[gram] for gram in text) for text in (words, row.grams, words & row.grams))
        return both / min(a, b) / 2 + both / (a + b) if both else 0.0

    def _going_on(self, cell: Cell, slot: _Slot, order: dict[Cell, int], open_first: set[Cell]) -> float:
        """Return what it costs that a cell of the later years stands in a slot.

        `order` has the places of the later cells and of `open_first`, the cells of the first year that need one.
        """
        # One cell of the first year may be merged over several lines of its row.
        first = slot.first or next((first for first in slot.row.years if first in open_first), None)
        words = grams(cell.text)
        own = slot.row.grams | (grams(first.text) if first else frozenset())
        rare, rare_own = (fsum(self._rare[gram] for gram in text) for text in (words, words & own))
        shared = rare_own / rare if rare else 0.0
        full = slot.place >= _most_lines(slot.row) or (slot.first is not None and spans_all(slot.first))
        cost = BEYOND * full + FURTHER_CELL * (slot.place > 0) - SHARED * shared
        if first is None:
            return cost
        if first not in open_first:
            return cost + FINISHED
        cost += OTHER_WORD * (_goes_on_with(cell) not in squeeze(first.text))
        steps = order[cell] - order[first]
        cost += APART * sqrt(max(abs(steps) - 1, 0))
        return cost - RIGHT_AFTER * (steps == 1) - RUN_TOGETHER * (steps == -1 and not first.parted)


def _costs(
    cells: list[Cell], slots: list[_Slot], taker: dict[Cell, DraftRow], price: Callable[[Cell, _Slot], float]
) -> NDArray[np.float64]:
    """Return what it costs to give each cell to each slot, cells × slots; a cell that a row has already stays there."""
    cost = np.full((len(cells), len(slots)), NEVER)
    for (place, cell), (at, slot) in product(enumerate(cells), enumerate(slots)):
        if taker.get(cell, slot.row) is slot.row:
            cost[place, at] = price(cell, slot)
    return cost


def _refers(cell: Cell) -> bool:
    text = normal(cell.text)
    return REFERS.match(text) is not None or (len(cell.lines) == 1 and AFTER_RESULT.match(text) is not None)


def _is_done(cell: Cell) -> bool:
    return DONE.fullmatch(normal(cell.text)) is not None


def _goes_on_with(cell: Cell) -> str:
    """Return the word for what a cell goes on with: 検討 of 左記の検討状況を踏まえ; none where it names nothing."""
    match = GOES_ON_WITH.match(squeeze(cell.text))
    return match[1] if match and not ANY_WORD.fullmatch(match[1]) else ""


def _points(cell: Cell) -> bool:
    return bool(links(cell.text)) or SAME_PART.fullmatch(squeeze(cell.text)) is not None


def _is_finished(cell: Cell) -> bool:
    """Say whether a cell needs no later one: it is done, goes on elsewhere or spans all years."""
    only_points = _points(cell) and "。" not in cell.text.strip().rstrip("。")
    return _is_done(cell) or only_points or spans_all(cell)


def _most_lines(row: DraftRow) -> int:
    """Return how many lines of year cells a row has at most: one where a cell spans all years."""
    return 1 if any(map(spans_all, row.years)) else max(len(row.ministries), 1)


def _lines(row: DraftRow, first: list[Cell]) -> list[_Slot]:
    """Return the lines of year cells that a row may have on a page, those with a cell of the first year before."""
    held = [cell for cell in row.years if cell in first]
    slots = [_Slot(row, cell, NEVER, place) for place, cell in enumerate(held)]
    most = _most_lines(row)
    for place in range(len(held), max(most, len(held)) + 2):
        cost = 0.0 if place == 0 else FURTHER_LINE if place < most else MORE_LINES
        slots.append(_Slot(row, None, cost, place))
    return slots


def _assigned(cells: list[Cell], slots: list[_Slot], cost: NDArray[np.float64], close: float) -> list[tuple[Cell, int]]:
    """Return the cheapest assignment of cells to slots; doubt rows that would have another text nearly as well."""
    if not cells:
        return []
    cost = np.round(cost, 9)  # equal costs are equal on every machine
    places, ats = linear_sum_assignment(cost)
    best = cost[places, ats].sum()
    pairs = [(cells[place], int(at)) for place, at in zip(places, ats, strict=True) if cost[place, at] < NEVER / 2]
    texts = _texts(pairs, slots)
    for cell, at in pairs:
        same = [place for place, other in enumerate(cells) if squeeze(other.text) == squeeze(cell.text)]
        kept = [place for place, slot in enumerate(slots) if slot.row is slots[at].row]
        other = cost.copy()
        other[np.ix_(same, kept)] = NEVER
        others = linear_sum_assignment(other)
        if other[others].sum() - best < close:
            changed = _texts([(cells[place], int(to)) for place, to in zip(*others, strict=True)], slots)
            for slot in slots:
                if texts[id(slot.row)] != changed[id(slot.row)] and CELLS_UNSURE not in slot.row.doubts:
                    slot.row.doubts.append(CELLS_UNSURE)
    return pairs


def _texts(pairs: list[tuple[Cell, int]], slots: list[_Slot]) -> dict[int, Counter[str]]:
    """Return the texts that each row gets, by the row's id."""
    texts: dict[int, Counter[str]] = defaultdict(Counter)
    for cell, at in pairs:
        texts[id(slots[at].row)][squeeze(cell.text)] += 1
    return texts
