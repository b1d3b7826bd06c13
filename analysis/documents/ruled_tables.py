"""Ruling lines → the cells of tables, merged ones included.

Level and upright strokes that touch make a grid; where the stroke between two of its fields is missing, the fields are
one cell. Lengths are in points, y grows downwards. A frame around a text is no table: a table has two columns.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

TOUCH = 3.0  # points by which strokes that touch may miss each other
OPEN = 8.0  # points from which on a stroke goes on beyond the table's border
MOST = 400  # strokes of either kind; a page with more is a drawing

Stroke = tuple[float, float, float]  # from, to, and where it stands across: x0, x1, y or y0, y1, x


@dataclass(frozen=True)
class Cell:
    """A cell: its first row and column, the rows and columns that it spans, and where it stands."""

    row: int
    column: int
    rows: int
    columns: int
    x0: float
    y0: float
    x1: float
    y1: float

    def holds(self, x: float, y: float) -> bool:
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1


def tables(level: Iterable[Stroke], upright: Iterable[Stroke]) -> list[list[Cell]]:
    """The cells of each table of a page, in reading order."""
    rows, columns = _whole(level), _whole(upright)
    if not (2 <= len(rows) <= MOST and 2 <= len(columns) <= MOST):
        return []
    grids = [_cells(some_rows, some_columns) for some_rows, some_columns in _grids(rows, columns)]
    return [cells for cells in grids if cells]


def _whole(strokes: Iterable[Stroke]) -> list[Stroke]:
    """The strokes with those put together that go on with each other, as where each cell draws its own."""
    whole: list[Stroke] = []
    for start, end, across in sorted(strokes, key=lambda stroke: (round(stroke[2]), stroke[0])):
        if whole and abs(whole[-1][2] - across) <= 1.5 and start <= whole[-1][1] + TOUCH:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end), whole[-1][2])
        else:
            whole.append((start, end, across))
    return [stroke for stroke in whole if stroke[1] - stroke[0] > 2 * TOUCH]


def _grids(rows: list[Stroke], columns: list[Stroke]) -> list[tuple[list[Stroke], list[Stroke]]]:
    """Level and upright strokes that touch one another, directly or through others."""
    sets = _Sets(len(rows) + len(columns))
    for i, (x0, x1, y) in enumerate(rows):
        for j, (y0, y1, x) in enumerate(columns):
            if x0 - TOUCH <= x <= x1 + TOUCH and y0 - TOUCH <= y <= y1 + TOUCH:
                sets.join(i, len(rows) + j)
    groups: dict[int, tuple[list[Stroke], list[Stroke]]] = defaultdict(lambda: ([], []))
    for place, stroke in enumerate([*rows, *columns]):
        groups[sets.first(place)][place >= len(rows)].append(stroke)
    return [group for group in groups.values() if len(group[0]) > 1 and len(group[1]) > 1]


def _cells(rows: list[Stroke], columns: list[Stroke]) -> list[Cell]:
    ys, xs = _places([*rows, *_open_ends(rows, columns)]), _places(columns)
    height, width = len(ys) - 1, len(xs) - 1
    if height < 1 or width < 2 or height * width > MOST**2:
        return []
    sets = _Sets(height * width)
    for i in range(height):
        for j in range(width):
            middle, centre = (ys[i] + ys[i + 1]) / 2, (xs[j] + xs[j + 1]) / 2
            if j + 1 < width and not _drawn(columns, xs[j + 1], middle):
                sets.join(i * width + j, i * width + j + 1)
            if i + 1 < height and not _drawn(rows, ys[i + 1], centre):
                sets.join(i * width + j, (i + 1) * width + j)
    members: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for field in range(height * width):
        members[sets.first(field)].append(divmod(field, width))
    cells = []
    for fields in members.values():
        top, bottom = min(i for i, _ in fields), max(i for i, _ in fields)
        left, right = min(j for _, j in fields), max(j for _, j in fields)
        place = (xs[left], ys[top], xs[right + 1], ys[bottom + 1])
        cells.append(Cell(top, left, bottom - top + 1, right - left + 1, *place))
    return sorted(cells, key=lambda cell: (cell.row, cell.column))


def _open_ends(rows: list[Stroke], columns: list[Stroke]) -> list[Stroke]:
    """Where the upright strokes end beyond the last level one: a row that the page's end parts is drawn without it."""
    low, high = min(across for _, _, across in rows), max(across for _, _, across in rows)
    tops = [start for start, _, _ in columns if start < low - OPEN]
    bottoms = [end for _, end, _ in columns if end > high + OPEN]
    return [(0.0, 0.0, ends[0]) for ends in (sorted(tops), sorted(bottoms, reverse=True)) if len(ends) > 1]


def _places(strokes: list[Stroke]) -> list[float]:
    """Where strokes stand across, each place once."""
    places: list[float] = []
    for place in sorted(across for _, _, across in strokes):
        if not places or place - places[-1] > TOUCH:
            places.append(place)
    return places


def _drawn(strokes: list[Stroke], across: float, at: float) -> bool:
    return any(abs(place - across) <= TOUCH and start <= at <= end for start, end, place in strokes)


class _Sets:
    """Places that belong together (union and find)."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def first(self, place: int) -> int:
        while self._above[place] != place:
            self._above[place] = place = self._above[self._above[place]]
        return place

    def join(self, one: int, other: int) -> None:
        one, other = sorted((self.first(one), self.first(other)))
        self._above[other] = one
