"""Year cells that nothing ties to a row → rows, by the cheapest assignment of the cells of a page.

Rules, with the reason why each is general:

- A row has as many lines of year cells as it has ministries at most, and one at least. So what is done in the first
  year goes where its rare words stand, but rather to a row that has no such cell yet.
- A cell of the later years (左記の検討状況を踏まえ …) goes on with one cell of the first year. It mostly came out right
  after it, and names what it goes on with (検討, 調査, 実証); a row for the short term alone rarely has one.
- A row that is done (措置済み) or goes on elsewhere (工程表NNに記載) needs none.
- Where cells could as well be given to rows otherwise, so that a row would have another text, the row is doubted; so is
  a row without a cell where it should have one. Cells with the same words are alike: which is whose does not matter.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from analysis.base.japanese import normal, squeeze
from analysis.extraction import horizon
from analysis.extraction.roadmap.table import SAME_PART, links

from .cells import DONE, spans_all
from .model import Cell, DraftRow, Part, grams

NO_FIRST = "no cell of the first year was found for it"
NO_LATER = "no cell of the later years was found for it"
CELLS_UNSURE = "which year cells are its own is not sure"

GOES_ON = re.compile(
    r"左記|同左|引き?続き[、,]?左記|引き?続き[^。、]{0,14}。?$|"
    r"[^。、]{0,14}(?:結果|状況|結論|成果)[^。、]{0,3}(?:踏まえ|応じ|基づ)"
)
NEVER = 1e3
# What speaks for or against giving a cell to a row, as costs.
FURTHER_LINE = 0.35  # a second line of a row, while another row has none
MORE_LINES = 0.8  # than the row has ministries
ELSEWHERE = 0.5  # a cell of the later years for a row that is done or goes on elsewhere
SHORT_TERM = 0.2  # one for a row of the short term alone
AFTER, NEXT, FAR = 0.0, 0.25, 0.4  # it came out right after the cell it goes on with, close to it, anywhere
CLOSE = 0.08


@dataclass
class _Slot:
    """A line of year cells of a row: the cell of its first year, if one is known, and what a further cell costs."""

    row: DraftRow
    first: Cell | None = None
    cost: float = 0.0


class Binder:
    """Binds the year cells of a part. `bound` are the cells that rows have already; those go first."""

    def __init__(self, part: Part, rows: list[DraftRow]):
        self.part, self.rows = part, rows
        texts = [row.grams for row in rows] + [grams(cell.text) for cell in part.cells if cell.kind == "year"]
        counts = Counter(gram for text in texts for gram in text)
        self._weight = {gram: log(len(texts) / count) for gram, count in counts.items()}

    def bind(self) -> None:
        """Give each cell of a year to a row of its page; doubt rows whose cells are not sure or missing."""
        cells = [cell for cell in self.part.cells if cell.kind == "year"]
        for page, on_page in groupby(cells, key=lambda cell: cell.page):
            self._bind_page(list(on_page), [row for row in self.rows if page in row.pages])
        for row in self.rows:
            first = [cell for cell in row.years if cell not in row.later]
            others = any(DONE.fullmatch(normal(cell.text)) or _points(cell) or spans_all(cell) for cell in first)
            _, terms = horizon.split(row.text.text if row.text else "")
            row.doubts += [NO_FIRST] * (not first)
            row.doubts += [NO_LATER] * (not row.later and not others and terms != ("短期",))

    def _bind_page(self, cells: list[Cell], rows: list[DraftRow]) -> None:
        if not rows:
            return
        taker = {cell: row for row in rows for cell in row.years}
        first = [cell for cell in cells if not self._goes_on(cell, taker.get(cell))]
        later = [cell for cell in cells if cell not in first]
        slots = [slot for row in rows for slot in _lines(row, first)]
        open_cells = [cell for cell in first if cell not in taker]
        cost = self._costs(open_cells, slots, {}, lambda cell, slot: slot.cost - self._shared(cell, slot.row))
        for cell, at in _assigned(open_cells, slots, cost):
            slots[at].row.years.append(cell)
            slots[at].first = cell
        order = {cell: place for place, cell in enumerate(cells)}
        cost = self._costs(later, slots, taker, lambda cell, slot: self._going_on(cell, slot, order))
        for cell, at in _assigned(later, slots, cost):
            row = slots[at].row
            row.later.append(cell)
            row.years += [cell] * (cell not in row.years)

    def _goes_on(self, cell: Cell, taker: DraftRow | None) -> bool:
        """Say whether a cell is of the later years: it goes on with another, or is wider than the first year."""
        if _points(cell) or spans_all(cell) or DONE.fullmatch(normal(cell.text)):
            return False
        return GOES_ON.match(normal(cell.text)) is not None

    def _shared(self, cell: Cell, row: DraftRow) -> float:
        """Return how much of the rarer words of a cell or a row both have, 0 to 1."""
        words = grams(cell.text)
        least = min(sum(self._weight[gram] for gram in text) for text in (words, row.grams))
        return sum(self._weight[gram] for gram in words & row.grams) / least if least else 0.0

    def _going_on(self, cell: Cell, slot: _Slot, order: dict[Cell, int]) -> float:
        words = grams(cell.text)
        own = slot.row.grams | (grams(slot.first.text) if slot.first else frozenset())
        whole = sum(self._weight[gram] for gram in words)
        cost = -sum(self._weight[gram] for gram in words & own) / whole if whole else 0.0
        if slot.first is None:
            cost += FAR
        else:
            steps = order[cell] - order[slot.first] if slot.first in order else 9
            cost += AFTER if steps == 1 else NEXT if abs(steps) <= 2 else FAR
            if _points(slot.first) or DONE.fullmatch(normal(slot.first.text)) or spans_all(slot.first):
                cost += ELSEWHERE
        _, terms = horizon.split(slot.row.text.text if slot.row.text else "")
        return cost + SHORT_TERM * (terms == ("短期",)) + slot.cost * (slot.first is None)

    def _costs(self, cells, slots, taker, price) -> NDArray[np.float64]:  # type: ignore[no-untyped-def]
        return np.array(
            [
                [NEVER if taker.get(cell, slot.row) is not slot.row else price(cell, slot) for slot in slots]
                for cell in cells
            ]
        ).reshape(len(cells), len(slots))


def _points(cell: Cell) -> bool:
    return bool(links(cell.text)) or SAME_PART.fullmatch(squeeze(cell.text)) is not None


def _lines(row: DraftRow, first: list[Cell]) -> list[_Slot]:
    """Return the lines of year cells that a row may have on a page, those with a cell of the first year before others."""
    held = [cell for cell in row.years if cell in first]
    slots = [_Slot(row, cell, NEVER) for cell in held]
    most = max(len(row.ministries), 1)
    for place in range(len(held), most + 2):
        slots.append(_Slot(row, None, 0.0 if place == 0 else FURTHER_LINE if place < most else MORE_LINES))
    return slots


def _assigned(cells: list[Cell], slots: list[_Slot], cost: NDArray[np.float64]) -> list[tuple[Cell, int]]:
    """Return the cheapest assignment of cells to slots; rows that would have another text nearly as well are doubted."""
    if not cells:
        return []
    places, ats = linear_sum_assignment(cost)
    best = cost[places, ats].sum()
    pairs = [(cells[place], int(at)) for place, at in zip(places, ats, strict=True) if cost[place, at] < NEVER / 2]
    texts: dict[int, list[str]] = defaultdict(list)
    for cell, at in pairs:
        texts[id(slots[at].row)].append(squeeze(cell.text))
    for cell, at in pairs:
        row, text = slots[at].row, squeeze(cell.text)
        same = [place for place, other in enumerate(cells) if squeeze(other.text) == text]
        kept = [place for place, slot in enumerate(slots) if slot.row is row]
        other = cost.copy()
        other[np.ix_(same, kept)] = NEVER
        if other[linear_sum_assignment(other)].sum() - best < CLOSE and CELLS_UNSURE not in row.doubts:
            row.doubts.append(CELLS_UNSURE)
    return pairs
