"""Cells of a part → its rows in the order of the table, with their ministries; merged texts are not paired yet.

Rules, with the reason why each is general:

- Cells that are not merged come out first and in the order of the table: number, title, text, ministry. So a text
  with a ministry right after it is a row of its own, and a number right before it is that row's alone.
- A text or number that is merged over several ministries' rows comes out later. Its ministries come out in their
  place between the rows of their own: a run of ministries without a text is one or more such rows.
- A run is parted into as many rows as merged texts stand on its pages, since every row has one text.
- It is parted where a ministry would stand twice in a row, after 関係府省 (which closes a list), where a page ends
  (a row goes on over a page's end only where the texts demand it), or where the order of precedence of the ministries
  falls back; anywhere else only where the count of texts demands it. All but the first three leave a doubt.
- Where the body states the measure with its ministries, a row is parted as the body has it.
- A ministry that comes out after merged cells is merged itself, over several years' rows. It is a row of its own where
  a text would else have no ministry, else one of the ministries of a row on its page.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache, cached_property

from analysis.base.japanese import squeeze
from analysis.tables import ministries

from .cells import is_merged_year, stands_alone
from .model import Cell, DraftRow, Part

UNSURE_CUT = "where the list of ministries ends is not sure"
APART = "a ministry came out apart from its row"
PAGES_UNSURE = "where the roadmap's pages end is not told"

REST = ("関係府省", "関係省庁", "関係府省庁")
# What speaks against a way to part a run of ministries, as costs; the way with the least is taken.
REPEATED_IN_ROW = 3.0
GOES_ON_AFTER_REST = 2.5
GOES_ON_OVER_PAGE = 0.8
PLAIN_CUT = 1.0
CUT_AT_FALL = 0.6
NO_TEXT = 6.0
AGAINST_BODY = 1.0
MOST_TOKENS = 40  # from which on a run ends with its page, whatever the texts demand
MOST_IN_ROW = 30  # tokens that a row goes on for: there are not that many ministries


@dataclass(frozen=True)
class Token:
    """A step of the stream of rows: a ministry without a text, the end of a run, or the end of a page."""

    kind: str  # ministry, end, page
    order: int
    page: int
    cell: Cell | None = None

    @cached_property
    def name(self) -> str:
        return squeeze(self.cell.text) if self.cell else ""


@dataclass(frozen=True)
class _Parted:
    """The cheapest way to part a run from a token on.

    `rows` are (first token, end, page of its text or None), `late_rows` (page, count): how many of a page's late
    ministries stand in rows of their own.
    """

    cost: float
    rows: tuple[tuple[int, int, int | None], ...] = ()
    late_rows: tuple[tuple[int, int], ...] = ()


def draft_rows(part: Part, stated: dict[int, frozenset[str]]) -> list[DraftRow]:
    """Return the rows of a part in the order of the table. Rows with merged texts have no text yet.

    `stated` are the ministries that the body gives for a text, by the text's first line.
    """
    rows, stream, late = _stream(part.cells)
    merged = part.merged_texts(rows)
    texts = Counter(cell.page for cell in merged)
    late_counts, by_page = Counter(cell.page for cell in late), _stated_by_page(merged, stated)
    late_rows: dict[int, int] = {}
    for run in _independent(stream):
        parted = _Search(run, texts, late_counts, by_page).cheapest(0, -1, None, 0)
        rows += _of_run(run, parted)
        late_rows |= dict(parted.late_rows)
    _add_late(rows, late, late_rows, part)
    for page, count in texts.items():
        for _ in range(count - sum(row.merged and row.page == page for row in rows)):
            order = max(place for place, cell in enumerate(part.cells) if cell.page == page)
            rows.append(DraftRow([], page=page, order=order, merged=True, loose=True))
    for row in rows:
        row.doubts += [PAGES_UNSURE] * bool(row.pages & part.guessed_pages)
    return sorted(rows, key=lambda row: row.order)


def _stated_by_page(merged: list[Cell], stated: dict[int, frozenset[str]]) -> dict[int, list[frozenset[str]]]:
    by_page: dict[int, list[frozenset[str]]] = defaultdict(list)
    for cell in merged:
        if cell.first in stated:
            by_page[cell.page].append(stated[cell.first])
    return by_page


def _stream(cells: list[Cell]) -> tuple[list[DraftRow], list[Token], list[Cell]]:
    """Return rows of their own, the stream of what is between them, and ministries that follow merged cells."""
    rows: list[DraftRow] = []
    stream: list[Token] = []
    late: list[Cell] = []
    after_merged = False
    for place, cell in enumerate(cells):
        if place and cell.page != cells[place - 1].page:
            stream.append(Token("page", place, cells[place - 1].page))
            after_merged = False
        after_merged = after_merged or is_merged_year(cell)
        if stands_alone(cells, place):
            rows.append(_row_alone(cells, place))
            stream.append(Token("end", place, cell.page))
        elif cell.kind == "heading":
            stream.append(Token("end", place, cell.page))
        elif cell.kind == "ministry" and not (place and stands_alone(cells, place - 1)):
            if after_merged:
                late.append(cell)
            else:
                stream.append(Token("ministry", place, cell.page, cell))
    if cells:
        stream.append(Token("page", len(cells), cells[-1].page))
    return rows, stream, late


def _row_alone(cells: list[Cell], place: int) -> DraftRow:
    """Return a row of its own, with the number and title that stand right before it."""
    text = cells[place]
    row = DraftRow([cells[place + 1]], text, page=text.page, order=place)
    before = [cell for cell in cells[max(place - 2, 0) : place] if cell.page == text.page]
    title = before.pop() if before and before[-1].kind == "title" else None
    if before and before[-1].kind in ("number", "repeat"):
        row.number, row.title = before[-1], title
    return row


def _add_late(rows: list[DraftRow], late: list[Cell], late_rows: dict[int, int], part: Part) -> None:
    """Ministries whose cells are merged: rows of their own where texts lack a row, else members of their page's."""
    for cell in late:
        if late_rows.get(cell.page, 0) > 0:
            late_rows[cell.page] -= 1
            order = part.cells.index(cell)
            rows.append(DraftRow([cell], page=cell.page, order=order, merged=True, loose=True, doubts=[APART]))
            continue
        near = [row for row in rows if row.merged and cell.page in row.pages and not row.loose]
        if near:
            near[-1].add(cell)
            near[-1].doubts.append(APART if len(near) == 1 else UNSURE_CUT)


# --- runs of ministries → rows


def _independent(stream: list[Token]) -> list[list[Token]]:
    """Return the stream in runs that have no row in common: a page's end after the end of a run parts it.

    So does any page's end in a run that is longer than tables have them, since the search grows faster than the run.
    """
    runs: list[list[Token]] = [[]]
    open_run = False
    for token in stream:
        runs[-1].append(token)
        if token.kind != "page":
            open_run = token.kind == "ministry"
        elif not open_run or len(runs[-1]) > MOST_TOKENS:
            runs.append([])
    return [run for run in runs if run]


def _of_run(run: list[Token], parted: _Parted) -> list[DraftRow]:
    """Return the rows that a run was parted into, with doubts where it could be parted elsewhere nearly as well."""
    tokens = [_ministries(run[start:end]) for start, end, _ in parted.rows]
    ends = {token.order for token in run if token.kind == "end"}
    unsure: set[int] = set()
    for place in range(len(tokens) - 1):
        left, right = tokens[place], tokens[place + 1]
        if any(left[-1].order < end < right[0].order for end in ends):
            continue
        if _cutting(left, right[0]) > 0 or any(_other_cut(left, right, at) for at in range(1, len(left))):
            unsure |= {place, place + 1}
    rows = []
    for place, (of_row, (_, _, page)) in enumerate(zip(tokens, parted.rows, strict=True)):
        cells = [token.cell for token in of_row if token.cell is not None]
        doubts = [UNSURE_CUT] * (place in unsure)
        at = cells[0].page if page is None else page
        rows.append(DraftRow(cells, page=at, order=of_row[0].order, merged=page is not None, doubts=doubts))
    return rows


def _ministries(tokens: list[Token]) -> list[Token]:
    return [token for token in tokens if token.kind == "ministry"]


def _other_cut(left: list[Token], right: list[Token], at: int) -> bool:
    """Say whether two rows could as well be parted before token `at` of the first."""
    moved = [token.name for token in left[at:] + right]
    possible = len(set(moved)) == len(moved) and not any(name in REST for name in moved[:-1])
    return possible and _cutting(left[:at], left[at]) < PLAIN_CUT


def _cutting(row: list[Token], following: Token) -> float:
    """Return what it costs to part a row from the ministry that follows."""
    last = row[-1]
    if following.name in {token.name for token in row} or last.name in REST or last.page != following.page:
        return 0.0
    return CUT_AT_FALL if _rank(following.name) < _rank(last.name) else PLAIN_CUT


def _going_on(row: list[Token], following: Token) -> float:
    """Return what it costs to have the ministry that follows in the same row."""
    cost = REPEATED_IN_ROW if following.name in {token.name for token in row} else 0.0
    last = row[-1]
    return cost + GOES_ON_AFTER_REST * (last.name in REST) + GOES_ON_OVER_PAGE * (last.page != following.page)


@cache
def _rank(name: str) -> int:
    """Return the place of a body in the order of precedence, which the register keeps; an unknown one comes last."""
    order = list(dict.fromkeys(body.name for body in ministries.register().values()))
    body = ministries.body_of(name)
    return order.index(body) if body in order else len(order)


@dataclass
class _Search:
    """The search for the cheapest way to part one run, by dynamic programming over its tokens.

    By page: `texts` counts merged texts, `late` late ministries; `stated` are the ministries that the body gives.
    """

    run: list[Token]
    texts: dict[int, int]
    late: dict[int, int]
    stated: dict[int, list[frozenset[str]]]
    memory: dict[tuple[int, int, int | None, int], _Parted] = field(default_factory=dict)

    def cheapest(self, i: int, start: int, page: int | None, used: int) -> _Parted:
        """From token i on; `start` begins the open row (-1: none), `page` holds its text, `used` counts texts."""
        key = (i, start, page, used)
        if key not in self.memory:
            if i == len(self.run):
                ways = [self._close(_Parted(0.0), start, i, page)] if start >= 0 else [_Parted(0.0)]
            elif self.run[i].kind == "page":
                ways = self._over_page(i, start, page, used)
            else:
                ways = self._over_token(i, start, page, used)
            self.memory[key] = min(ways, key=lambda way: way.cost, default=_Parted(float("inf")))
        return self.memory[key]

    def _row(self, start: int, end: int) -> list[Token]:
        return _ministries(self.run[start:end])

    def _close(self, rest: _Parted, start: int, end: int, page: int | None) -> _Parted:
        cost = rest.cost + (NO_TEXT if page is None else self._against_body(start, end, page))
        return _Parted(cost, ((start, end, page), *rest.rows), rest.late_rows)

    def _against_body(self, start: int, end: int, page: int) -> float:
        """Return how far a row's ministries are from those of the measure that is most like it."""
        names = {token.name for token in self._row(start, end)}
        return AGAINST_BODY * min((len(names ^ stated) for stated in self.stated.get(page, [])), default=0)

    def _takes_text(self, start: int, end: int, page: int | None, on: int) -> bool:
        """Say whether the open row may take a text of the page `on`: it has none yet, and a ministry stands there."""
        return start >= 0 and page is None and any(token.page == on for token in self._row(start, end))

    def _over_page(self, i: int, start: int, page: int | None, used: int) -> list[_Parted]:
        """At a page's end the open row may take a text, late ministries may be rows, all other texts are spare."""
        ends = self.run[i].page
        ways = []
        for take in (False, True) if self._takes_text(start, i, page, ends) else (False,):
            spare = self.texts.get(ends, 0) - used - take
            if spare < 0:
                continue
            rows = min(spare, self.late.get(ends, 0))
            rest = self.cheapest(i + 1, start, ends if take else page, 0)
            cost = rest.cost + NO_TEXT * (spare - rows)
            ways.append(_Parted(cost, rest.rows, ((ends, rows), *rest.late_rows)))
        return ways

    def _over_token(self, i: int, start: int, page: int | None, used: int) -> list[_Parted]:
        """At a ministry the open row goes on or is closed; at the end of a run it is closed."""
        token, ways = self.run[i], []
        following = i if token.kind == "ministry" else -1
        if start < 0:
            return [self.cheapest(i + 1, following, None, used)]
        row = self._row(start, i)
        if token.kind == "ministry" and i - start < MOST_IN_ROW:
            rest = self.cheapest(i + 1, start, page, used)
            ways.append(_Parted(rest.cost + _going_on(row, token), rest.rows, rest.late_rows))
        cut = _cutting(row, token) if token.kind == "ministry" else 0.0
        places = [(page, used)]
        if used < self.texts.get(token.page, 0) and self._takes_text(start, i, page, token.page):
            places.append((token.page, used + 1))
        for text_page, taken in places:
            rest = self._close(self.cheapest(i + 1, following, None, taken), start, i, text_page)
            ways.append(_Parted(rest.cost + cut, rest.rows, rest.late_rows))
        return ways
