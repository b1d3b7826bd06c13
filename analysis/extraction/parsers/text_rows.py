"""Rows of tables in text files, put together from the lines that cells of several lines broke them into.

A text saved from Word or copied from a PDF has a tab between cells, and a cell's lines as lines of its own; or it has
one cell a line, the head's too. How many cells the head has says where a row ends; without tabs, what stands in the
columns says it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from operator import add

from analysis.base.japanese import join_lines, rests, squeeze
from analysis.documents import marks
from analysis.documents.document import Run
from analysis.extraction.parsers.bodies_and_times import USUAL, bodies, classify, is_time, plain
from analysis.extraction.parsers.profile import Profile
from analysis.extraction.parsers.table_rows import LONGEST_HEAD, Columns, cells_of, column_kind, columns
from analysis.tables import ministries

MOST_LINES = 12  # that a row's cells are broken into
MOST_CELLS = 12
FEWEST_CELLS, FEWEST_BODIES = 3, 2  # of a head with one cell a line; of the lines that name bodies below it
FIRST_LINES = 30  # of a table with one cell a line that are looked at first
DEAREST_ROW = 3.0  # what a row of it may cost on average
NUMBER = re.compile(r"\W?[一-龥]{0,3}[0-9IVXA-Z]{1,4}(?:[-‐–.(][0-9A-Z]{1,3}\)?){0,4}\W?")
SIGN = re.compile(r"\W{1,3}|同上|なし|未定")  # in a cell that says nothing, or that something is done
SHORT = 6  # characters of what stands in a year's column


def whole(runs: list[Run], profile: Profile | None = None) -> list[Run]:
    """Return a document's runs with one for each row of the tables of measures, heads included."""
    result: list[Run] = []
    at = 0
    while at < len(runs):
        rows, after = _tabbed(runs, at, profile) or _listed(runs, at, profile) or ([runs[at]], at + 1)
        result += rows
        at = after
    return result


def joined(lines: list[Run], cells: list[str]) -> Run:
    """Return the run of several lines that hold these cells together."""
    return Run(tuple(line for run in lines for line in run.lines), "\t".join(cells), lines[0].above)


def filled(cells: list[str], more: list[str], kind: str = "content") -> list[str]:
    """Return a row's cells with those of the line below, the first of which goes on with the last."""
    return [*cells[:-1], cell_of(cells[-1], more[0], kind), *more[1:]]


def cell_of(above: str, below: str, kind: str) -> str:
    """Return what two lines of a cell say together: names and times stand apart, a sentence goes on."""
    if not above or not below:
        return above + below
    if kind == "bodies":
        parted = not ministries.known(above.rpartition(" ")[2]) and ministries.known(join_lines([above, below]))
        return join_lines([above, below]) if parted else f"{above} {below}"
    apart = kind == "time" or rests(above) or marks.mark(below) or marks.is_outline(below)
    return f"{above} {below}" if apart else join_lines([above, below])


# --- with tabs ----------------------------------------------------------------------------------------------------


@dataclass
class _Head:
    """A head's columns, how many cells it has, and the last column that every row fills."""

    columns: Columns
    width: int

    @property
    def last_filled(self) -> int:
        return max(place for place, name in self.columns.items() if name in ("name", "content", "bodies", "time"))

    def kind(self, place: int) -> str:
        return self.columns.get(place, "")


def _tabbed(runs: list[Run], at: int, profile: Profile | None) -> tuple[list[Run], int] | None:
    """Return the rows of a table with tabs whose head stands here, and where it ends."""
    run = runs[at]
    if run.lines[0].ruled or "\t" not in run.raw:
        return None
    cells = cells_of(run)
    names = columns(cells, profile)
    if not names:
        return None
    lines = list(_below(runs, at, profile))
    rows = [run]
    first = 0
    if two := _two_lines(cells, names, lines, profile):
        cells = two
        names = columns(cells, profile)
        rows, first = [joined([run, lines[0]], cells)], 1
    head = _Head(names, len(cells))
    while first < len(lines):
        after = _row_end(lines, first, head)
        if after is None and _row_end(lines, first + 1, head) is None:
            break
        if after is None:  # a line between rows, such as one that names those below it
            rows.append(lines[first])
            first += 1
            continue
        rows.append(_row(lines[first:after], head))
        first = after
    return rows, at + 1 + first


def _below(runs: list[Run], at: int, profile: Profile | None) -> Iterator[Run]:
    """Yield the lines that may be of the table whose head stands here: up to another head, a gap or a text."""
    for run in runs[at + 1 :]:
        has_tab = "\t" in run.raw
        if run.lines[0].ruled or (run.above != "line" and not has_tab) or run.heading:
            return
        if has_tab and columns(cells_of(run), profile):
            return
        yield run


def _two_lines(cells: list[str], names: Columns, lines: list[Run], profile: Profile | None) -> list[str] | None:
    """Return a head's cells where its second line parts one of them: 実施年度 into R8, R9 and R10."""
    if not lines or "\t" not in lines[0].raw:
        return None
    parts = cells_of(lines[0])
    width = len(cells) + len(parts) - 1
    if width == len(parts) or any(not part or len(part) > LONGEST_HEAD or rests(part) for part in parts):
        return None
    if not any(line.raw.count("\t") == width - 1 for line in lines[1 : 1 + MOST_LINES]):
        return None
    kinds = [column_kind(squeeze(part), profile) or "" for part in parts]
    wanted = "bodies" if "bodies" in kinds else "time"
    last = len(cells) - 1
    place = next((place for place, name in names.items() if name == wanted), last)
    named = [part if kind else f"{cells[place]}{part}" for part, kind in zip(parts, kinds, strict=True)]
    return [*cells[:place], *named, *cells[place + 1 :]]


def _row_end(lines: list[Run], first: int, head: _Head) -> int | None:
    """Return where the row that begins with a line ends; None where the line begins none."""
    if first >= len(lines) or "\t" not in lines[first].raw:
        return None
    tabs = lines[first].raw.count("\t")
    after = first + 1
    wanted = head.width - 1
    while tabs < wanted and after < min(len(lines), first + MOST_LINES):
        more = lines[after].raw.count("\t")
        if lines[after].above != "line" or tabs + more > wanted or _begins(lines[after], tabs, head):
            break
        tabs, after = tabs + more, after + 1
    if tabs < wanted:  # cells at its end are missing, or it is no row
        return first + 1
    return _with_rest(lines, after, head)


def _with_rest(lines: list[Run], after: int, head: _Head) -> int:
    """Return where a row ends whose last cell goes on with further lines."""
    kind = head.kind(head.width - 1)
    while after < len(lines) and lines[after].above == "line" and "\t" not in lines[after].raw:
        text = lines[after].text
        piece = classify(plain(text), USUAL)
        if kind not in ("bodies", "time") or piece is None or not piece.sure:
            break
        after += 1
    return after


def _begins(line: Run, tabs: int, head: _Head) -> bool:
    """Whether a line begins a row although cells of the one above are missing: with a number, or with all that every
    row fills where that one has it, too."""
    first, *more = line.raw.split("\t")
    if head.kind(0) == "number" and more and is_number(first):
        return True
    listed = head.kind(tabs) == "bodies" and not rests(first) and all(map(ministries.known, bodies(first)))
    return min(tabs, len(more)) >= head.last_filled and not (listed and tabs + len(more) == head.width - 1)


def _row(lines: list[Run], head: _Head) -> Run:
    if len(lines) == 1:
        return lines[0]
    cells = [cell.strip(" 　") for cell in lines[0].raw.split("\t")]
    for line in lines[1:]:
        kind = head.kind(len(cells) - 1)
        cells = filled(cells, [cell.strip(" 　") for cell in line.raw.split("\t")], kind)
    return joined(lines, cells)


def is_number(cell: str) -> bool:
    """Whether a cell holds a row's number and nothing else: 1, 2-1-1, 施策3, ①."""
    return NUMBER.fullmatch(squeeze(cell)) is not None or marks.is_label(cell.strip())


# --- one cell a line ----------------------------------------------------------------------------------------------


def _listed(runs: list[Run], at: int, profile: Profile | None) -> tuple[list[Run], int] | None:
    """Return the rows of a table with one cell a line whose head stands here line after line, and where it ends."""
    heads: list[str] = []
    while len(heads) < MOST_CELLS and at + len(heads) < len(runs):
        run = runs[at + len(heads)]
        if (heads and run.above != "line") or run.text in heads or not _is_head(run, profile):
            break
        heads.append(run.text)
    if len(heads) < FEWEST_CELLS:
        return None
    tables = [
        table
        for width in range(FEWEST_CELLS, len(heads) + 1)
        if (table := _table(runs, at, heads[:width], profile, FIRST_LINES)) is not None
    ]
    if not tables:
        return None
    best = min(tables, key=lambda table: table.cost)
    width = len(best.kinds)
    size = FIRST_LINES
    while best.goes_on:  # twice as many lines each time: no line is looked at more often than a table is long
        size *= 2
        best = _table(runs, at, heads[:width], profile, size) or replace(best, goes_on=False)
    rows = [joined(runs[at : at + width], heads[:width])]
    for row in best.rows:
        cells = [""] * width
        for line, place in zip(row.lines, row.places, strict=True):
            cells[place] = cell_of(cells[place], line.text, best.kinds[place])
        rows.append(joined(row.lines, cells))
    return rows, at + width + sum(len(row.lines) for row in best.rows)


def _is_head(run: Run, profile: Profile | None) -> bool:
    """Whether a line may be a head's cell."""
    text = squeeze(run.text)
    if "\t" in run.raw or run.lines[0].ruled or len(text) > LONGEST_HEAD or rests(text):
        return False
    return column_kind(text, profile) is not None


@dataclass
class _Row:
    """The lines of a row, the column of each, and how little they are like what stands there."""

    lines: list[Run]
    places: list[int]
    cost: float


@dataclass(frozen=True)
class _Table:
    """What a table's columns name, its rows, and whether there may be more than were looked at."""

    kinds: list[str]
    rows: list[_Row]
    goes_on: bool

    @property
    def cost(self) -> float:
        return sum(row.cost for row in self.rows) / len(self.rows)


def _table(runs: list[Run], at: int, heads: list[str], profile: Profile | None, size: int) -> _Table | None:
    """Return the table that the next lines are below this head; None where they do not fit."""
    names = columns(heads, profile)
    if "bodies" not in names.values():
        return None
    kinds = [names.get(place, "") for place in range(len(heads))]
    lines: list[Run] = []
    for run in runs[at + len(heads) : at + len(heads) + size]:
        if run.above != "line" or "\t" in run.raw or run.lines[0].ruled or run.heading:
            break
        lines.append(run)
    if sum(_names_bodies(line.text) for line in lines) < FEWEST_BODIES:
        return None
    rows: list[_Row] = []
    for line, (place, cost) in zip(lines, _placed(lines, kinds), strict=True):
        if not rows or place < rows[-1].places[-1]:
            rows.append(_Row([], [], 0.0))
        row = rows[-1]
        row.lines.append(line)
        row.places.append(place)
        row.cost += cost
    whole = len(lines) < size
    kept = _fitting(rows, kinds.index("bodies"), whole)
    table = _Table(kinds, kept, not whole and len(kept) == len(rows))
    return table if len(kept) > 1 and table.cost <= DEAREST_ROW else None


def _fitting(rows: list[_Row], bodies_at: int, whole: bool) -> list[_Row]:
    """Return the rows up to where two without bodies do not fit, or the last, if no more lines stand behind it."""
    dear = [row.cost > DEAREST_ROW and bodies_at not in row.places for row in rows]
    last = [True] if whole else [False]
    ends = (at for at, (one, other) in enumerate(pairwise([*dear, *last])) if one and other)
    return rows[: next(ends, len(rows))]


def _placed(lines: list[Run], kinds: list[str]) -> list[tuple[int, float]]:
    """Return the column of each line and what that costs: the cheapest way through the lines, cell by cell."""
    width = len(kinds)
    texts = [line.text for line in lines]
    costs = [_unlike(texts[0], kind) + _left_out(kinds[:place]) for place, kind in enumerate(kinds)]
    steps = [[_step(last, place, kinds) for last in range(width)] for place in range(width)]
    ways: list[list[tuple[float, int]]] = [[(cost, 0) for cost in costs]]
    for before, text in pairwise(texts):
        way: list[tuple[float, int]] = []
        for place, kind in enumerate(kinds):
            steps[place][place] = _stay(kind, before, text)
            cost = min(map(add, costs, steps[place]))
            last = next(at for at in range(width) if costs[at] + steps[place][at] == cost)
            way.append((cost + _unlike(text, kind), last))
        costs = [cost for cost, _ in way]
        ways.append(way)
    place = min(range(width), key=lambda place: costs[place] + _left_out(kinds[place + 1 :]))
    result: list[tuple[int, float]] = []
    for at in range(len(lines) - 1, -1, -1):
        cost, last = ways[at][place]
        result.append((place, cost - (ways[at - 1][last][0] if at else 0.0)))
        place = last
    return result[::-1]


def _stay(kind: str, before: str, text: str) -> float:
    """Return what it costs that two lines stand in one cell."""
    if kind in ("bodies", "time"):
        return 0.3
    goes_on = kind == "content" and (not rests(before) or marks.mark(text) or marks.is_outline(text))
    return 0.5 if goes_on else 2.0


def _step(last: int, place: int, kinds: list[str]) -> float:
    """Return what it costs that a line stands in one column and the next in another, of the same row or of the next."""
    if place > last:
        return _left_out(kinds[last + 1 : place])
    return _left_out(kinds[last + 1 :]) + _left_out(kinds[:place])


def _left_out(kinds: list[str]) -> float:
    """Return what it costs that cells of these columns are empty."""
    return sum(2.5 if kind in ("name", "content", "bodies") else 0.7 for kind in kinds)


@lru_cache(maxsize=4096)
def _names_bodies(text: str) -> bool:
    """Whether a line names bodies of the register and nothing else."""
    names = [] if rests(text) else bodies(text)
    return bool(names) and all(map(ministries.known, names))


@lru_cache(maxsize=4096)
def _unlike(text: str, kind: str) -> float:
    """Return how little a text is like what stands in a column: 0 where it is that, 6 where it cannot be."""
    number, time = is_number(text), is_time(plain(text)) or SIGN.fullmatch(text) is not None
    if kind == "number":
        return 0.0 if number else 6.0
    if kind == "time":
        return 0.0 if time else 3.0
    if kind == "bodies":
        known = _names_bodies(text)
        piece = None if known else classify(plain(text), USUAL)
        return 0.0 if known or SIGN.fullmatch(text) else 1.0 if piece and piece.bodies and not piece.times else 5.0
    if kind.startswith("term "):
        return 0.0 if SIGN.fullmatch(text) or len(text) <= SHORT else 4.0
    if kind not in ("name", "content", "group"):
        return 0.5
    if number or time or _names_bodies(text):
        return 4.0
    return 0.3 if kind == "group" or text.endswith("。") != (kind == "content") else 0.0
