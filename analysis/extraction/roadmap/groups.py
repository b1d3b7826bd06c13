"""Runs of ministries → the rows they belong to, one for each merged text.

Rules, with the reason why each is general:

- A run is parted into as many rows as merged texts stand on its pages, since every row has one text.
- It is parted where a ministry would stand twice in a row, after 関係府省 (which closes a list), where a page ends
  (a row goes on over a page's end only where the texts demand it), or where the order of precedence of the ministries
  falls back; anywhere else only where the count of texts demands it. All but the first three leave a doubt.
- Where the body states the measure with its ministries, a row is parted as the body has it.
- A ministry that comes out after merged cells is merged itself, over several years' rows. It is a row of its own where
  a text would else have no ministry, else one of the ministries of a row on its page.
"""

from dataclasses import dataclass, field, replace
from functools import cache, cached_property

from analysis.base.japanese import squeeze
from analysis.extraction.roadmap.model import Cell
from analysis.tables import ministries

REST = ("関係府省", "関係省庁", "関係府省庁")
REPEATED_IN_ROW = 3.0
GOES_ON_AFTER_REST = 2.5
GOES_ON_OVER_PAGE = 0.8
PLAIN_CUT = 1.0
CUT_AT_FALL = 0.6
NO_TEXT = 6.0
AGAINST_BODY = 1.0
LATE_ROW, LATE_MEMBER = 0.2, 0.5
MOST_TOKENS = 40  # from which on a run ends with its page, whatever the texts demand
MOST_IN_ROW = 30  # steps of the stream that a row goes on for: there are not that many ministries


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
class Group:
    """The ministries of a row whose text is merged; `page` is where its text stands, None where none was found."""

    tokens: tuple[Token, ...]
    page: int | None
    unsure: bool = False

    @property
    def order(self) -> int:
        return self.tokens[0].order

    @property
    def cells(self) -> list[Cell]:
        return [token.cell for token in self.tokens if token.cell is not None]


@dataclass
class Grouping:
    """The rows of the runs, and on how many pages' late ministries stand in rows of their own: {page: count}."""

    groups: list[Group] = field(default_factory=list)
    late_rows: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Found:
    """The least cost from a token on, and what leads there: rows as (first token, end, page), pages' late rows."""

    cost: float
    rows: tuple[tuple[int, int, int | None], ...] = ()
    late: tuple[tuple[int, int], ...] = ()


def group(
    stream: list[Token], texts: dict[int, int], late: dict[int, int], stated: dict[int, list[frozenset[str]]]
) -> Grouping:
    """Part the runs of a stream.

    `texts` and `late` count a page's merged texts and late ministries; `stated` are the ministries that the body gives
    for a page's merged texts, as far as it states them.
    """
    result = Grouping()
    for run in _independent(stream):
        found = _Parting(run, texts, late, stated).best()
        rows = [Group(_ministries(run[start:end]), page) for start, end, page in found.rows]
        _doubt(rows, {token.order for token in run if token.kind == "end"})
        result.groups += rows
        result.late_rows.update(dict(found.late))
    return result


def _ministries(tokens: list[Token]) -> tuple[Token, ...]:
    return tuple(token for token in tokens if token.kind == "ministry")


def _independent(stream: list[Token]) -> list[list[Token]]:
    """The stream in pieces that have no row in common: a page's end after the end of a run parts it.

    So does any page's end in a run that is longer than tables have them, since the search grows faster than the run.
    """
    pieces: list[list[Token]] = [[]]
    open_run = False
    for token in stream:
        pieces[-1].append(token)
        if token.kind != "page":
            open_run = token.kind == "ministry"
        elif not open_run or len(pieces[-1]) > MOST_TOKENS:
            pieces.append([])
    return [piece for piece in pieces if piece]


def _doubt(groups: list[Group], ends: set[int]) -> None:
    """Mark neighbouring rows as unsure where they could be parted elsewhere nearly as well."""
    for place in range(len(groups) - 1):
        left, right = list(groups[place].tokens), list(groups[place + 1].tokens)
        if any(left[-1].order < end < right[0].order for end in ends):
            continue
        if _cutting(left, right[0]) > 0 or any(_other_cut(left, right, at) for at in range(1, len(left))):
            groups[place] = replace(groups[place], unsure=True)
            groups[place + 1] = replace(groups[place + 1], unsure=True)


def _other_cut(left: list[Token], right: list[Token], at: int) -> bool:
    """Whether two rows could as well be parted before token `at` of the first."""
    moved = [token.name for token in left[at:] + right]
    possible = len(set(moved)) == len(moved) and not any(name in REST for name in moved[:-1])
    return possible and _cutting(left[:at], left[at]) < PLAIN_CUT


def _cutting(row: list[Token], following: Token) -> float:
    """What it costs to part a row from the ministry that follows; `row` is in any order, its last token the last."""
    last = max(row, key=lambda token: token.order)
    if following.name in {token.name for token in row} or last.name in REST or last.page != following.page:
        return 0.0
    return CUT_AT_FALL if _rank(following.name) < _rank(last.name) else PLAIN_CUT


def _going_on(row: list[Token], following: Token) -> float:
    cost = REPEATED_IN_ROW if following.name in {token.name for token in row} else 0.0
    last = row[-1]
    return cost + GOES_ON_AFTER_REST * (last.name in REST) + GOES_ON_OVER_PAGE * (last.page != following.page)


@cache
def _rank(name: str) -> int:
    """The place of a body in the order of precedence, which the register keeps; an unknown one comes last."""
    order = list(dict.fromkeys(body.name for body in ministries.register().values()))
    body = ministries.body_of(name)
    return order.index(body) if body in order else len(order)


class _Parting:
    """The best way to part one run, by dynamic programming over its tokens."""

    def __init__(
        self, run: list[Token], texts: dict[int, int], late: dict[int, int], stated: dict[int, list[frozenset[str]]]
    ):
        self.run, self.texts, self.late, self.stated = run, texts, late, stated
        self.memory: dict[tuple[int, int, int | None, int], _Found] = {}

    def best(self) -> _Found:
        return self._from(0, -1, None, 0)

    def _from(self, i: int, start: int, page: int | None, used: int) -> _Found:
        """From token i on; `start` begins the open row (-1: none), `page` holds its text, `used` counts texts."""
        key = (i, start, page, used)
        if key not in self.memory:
            if i == len(self.run):
                ways = [self._close(_Found(0.0), start, i, page)] if start >= 0 else [_Found(0.0)]
            elif self.run[i].kind == "page":
                ways = self._over_page(i, start, page, used)
            else:
                ways = self._over_token(i, start, page, used)
            self.memory[key] = min(ways, key=lambda way: way.cost, default=_Found(float("inf")))
        return self.memory[key]

    def _row(self, start: int, end: int) -> list[Token]:
        return [token for token in self.run[start:end] if token.kind == "ministry"]

    def _close(self, rest: _Found, start: int, end: int, page: int | None) -> _Found:
        cost = rest.cost + (NO_TEXT if page is None else self._against_body(start, end, page))
        return _Found(cost, ((start, end, page), *rest.rows), rest.late)

    def _against_body(self, start: int, end: int, page: int) -> float:
        """How far a row's ministries are from those of the measure that is most like it."""
        names = {token.name for token in self._row(start, end)}
        return AGAINST_BODY * min((len(names ^ stated) for stated in self.stated.get(page, [])), default=0)

    def _over_page(self, i: int, start: int, page: int | None, used: int) -> list[_Found]:
        """At a page's end the open row may take a text, late ministries may be rows, all other texts are spare."""
        token, ways = self.run[i], []
        takes = start >= 0 and page is None and any(t.page == token.page for t in self._row(start, i))
        for take in (False, True) if takes else (False,):
            spare = self.texts.get(token.page, 0) - used - take
            if spare < 0:
                continue
            late = self.late.get(token.page, 0)
            rows = min(spare, late)
            rest = self._from(i + 1, start, token.page if take else page, 0)
            cost = rest.cost + NO_TEXT * (spare - rows) + LATE_ROW * rows + LATE_MEMBER * (late - rows)
            ways.append(_Found(cost, rest.rows, ((token.page, rows), *rest.late)))
        return ways

    def _over_token(self, i: int, start: int, page: int | None, used: int) -> list[_Found]:
        token, ways = self.run[i], []
        following = i if token.kind == "ministry" else -1
        if start < 0:
            return [self._from(i + 1, following, None, used)]
        row = self._row(start, i)
        if token.kind == "ministry" and i - start < MOST_IN_ROW:
            rest = self._from(i + 1, start, page, used)
            ways.append(_Found(rest.cost + _going_on(row, token), rest.rows, rest.late))
        cut = _cutting(row, token) if token.kind == "ministry" else 0.0
        places = [(page, used)]
        if page is None and used < self.texts.get(token.page, 0) and any(t.page == token.page for t in row):
            places.append((token.page, used + 1))
        for place, taken in places:
            rest = self._close(self._from(i + 1, following, None, taken), start, i, place)
            ways.append(_Found(rest.cost + cut, rest.rows, rest.late))
        return ways
