"""Rows without text or number ← the texts and numbers of their page.

Rows, items and their texts stand in one order; what is merged came out of it. The best pairing is searched among all
that keep the order of rows and numbers. What counts, with the reason why each is general:

- a merged number belongs to several rows or to one with several ministries, else it would not be merged;
- a number stands on a page where one of its texts stands, since it is set in the middle of their rows;
- texts of one item are mostly those of the same ministries;
- a text that came out right after a number (or its title) is mostly of the same item;
- a text uses the words of its title;
- a text that refers back (同…, 上記…) goes on with the item of the text before it;
- the body states the same measures in the same order with the same ministries;
- merged texts mostly came out in the order of their rows.

Where another pairing is nearly as good, the row is doubted.
"""

from bisect import bisect, bisect_left
from collections import defaultdict
from dataclasses import dataclass, replace

from .items import Item
from .model import Cell, DraftRow
from .part_texts import PartTexts

BEAM = 100  # pairings of the first rows that are kept
WORK = 600_000  # steps of a part's search: where one takes more, fewer pairings are kept, and fewer orders tried
MOST_SKIPPED = 12  # items that a row passes over at most, each at the price of `SKIPPED`
MOST_ROWS = 150  # rows from which on a run ends with its page
# What speaks against a pairing, and what for it, as costs; the one with the least is taken.
OTHER_PAGE = 0.7
NOT_MERGED = 2.5
ELSEWHERE = 2.5
SKIPPED, SKIPPED_LOST = 4.0, 1.5
NO_ITEM = 5.0
OUT_OF_ORDER = 0.05
BODY_ORDER, BODY_MINISTRY = 2.0, 0.5
TITLE_WORDS = 3.0
FOLLOWS_NUMBER, FOLLOWS_TITLE = 1.0, 0.5
FOLLOWS_BARE_NUMBER = 0.5  # in a table with titles a number is set beside its title
SAME_MINISTRIES = 0.4
GOES_ON = 1.0
CLOSE = 0.6  # a pairing that costs so little more is nearly as good
TEXT_UNSURE = "another text of the page may belong to these ministries"
NUMBER_UNSURE = "the text may belong to the next or last number"

TextsByPage = dict[int, list[Cell]]


@dataclass(frozen=True)
class Pair:
    """What a row was given: its text, the place of its item (-1: none) and what is doubtful about it."""

    text: Cell | None
    item: int
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Way:
    """A pairing of the first rows: its cost, the item of the last row with how many rows it has, texts used."""

    cost: float
    item: int
    count: int
    wide: bool  # whether one of these rows has several ministries
    there: bool  # whether one of these rows stands on the page of the item's number
    names: frozenset[str]  # the ministries of these rows
    used: tuple[int, ...]  # first lines of texts, in order
    body: int  # the place in the body of the last text's measure
    pairs: tuple[tuple[Cell | None, int], ...] = ()


@dataclass(frozen=True)
class _Segment:
    """A run of rows that can be paired by itself, with the items that it may take: those from `low` up to `high`."""

    rows: list[DraftRow]
    low: int
    high: int

    def steps_of_a_way(self, merged: TextsByPage) -> int:
        """Return how many steps one way through the segment looks at, at most."""
        moves = min(self.high - self.low + 1, MOST_SKIPPED)
        return moves * sum(max(1, len(merged.get(row.page, []))) if row.merged else 1 for row in self.rows)


def pair(rows: list[DraftRow], items: list[Item], texts: PartTexts) -> tuple[float, list[Pair]]:
    """Return the best pairing of a part's rows, with its cost."""
    merged, segments = _merged(rows, texts), _segments(rows, items)
    steps = 1 + sum(segment.steps_of_a_way(merged) for segment in segments)
    search = _Search(items, texts, merged, beam=max(1, min(BEAM, WORK // steps)))
    total, pairs = 0.0, []
    for segment in segments:
        cost, of_segment = search.best(segment)
        total += cost
        pairs += of_segment
    return total, pairs


def tries(rows: list[DraftRow], items: list[Item], texts: PartTexts) -> int:
    """Return how many pairings of a part may be tried."""
    merged = _merged(rows, texts)
    return WORK // (BEAM * (1 + sum(segment.steps_of_a_way(merged) for segment in _segments(rows, items))))


def _merged(rows: list[DraftRow], texts: PartTexts) -> TextsByPage:
    """Return the merged texts of each page."""
    merged: TextsByPage = defaultdict(list)
    for cell in texts.part.merged_texts(rows):
        merged[cell.page].append(cell)
    return merged


def _segments(rows: list[DraftRow], items: list[Item]) -> list[_Segment]:
    """Part the rows where those before and those after have neither item nor text in common."""
    places = {item.cell.first: place for place, item in enumerate(items) if item.cell is not None}
    segments, first, low = [], 0, 0
    for at in range(1, len(rows)):
        left, right = rows[at - 1], rows[at]
        if at - first > MOST_ROWS and right.page > left.page:
            high = next((place for place, item in enumerate(items) if (item.page or 0) > left.page), len(items))
            border: int | None = max(low, high)
        elif (left.number is None and right.number is None) or _shares_page(rows, first, at):
            continue
        else:
            border = _border(left, right, places)
        if border is not None and border >= low:
            segments.append(_Segment(rows[first:at], low, border))
            first, low = at, border
    return [*segments, _Segment(rows[first:], low, len(items))] if rows else []


def _border(left: DraftRow, right: DraftRow, places: dict[int, int]) -> int | None:
    """Return the place of the first item of the rows from `right` on."""
    if right.number is not None and right.number.first in places:
        return places[right.number.first]
    if left.number is not None and left.number.first in places:
        return places[left.number.first] + 1
    return None


def _shares_page(rows: list[DraftRow], first: int, at: int) -> bool:
    """Say whether merged rows before and after a place stand on one page, so that their texts may change places."""
    pages = {row.page for row in rows[first:at] if row.merged}
    last = max(pages, default=-1)
    return any(row.merged and row.page in pages for row in rows[at:] if row.page <= last)


@dataclass(frozen=True)
class _Search:
    """The search for the best pairing of a segment: row by row, the cheapest ways are kept."""

    items: list[Item]
    texts: PartTexts
    merged: TextsByPage
    beam: int

    def best(self, segment: _Segment) -> tuple[float, list[Pair]]:
        """Return the best pairing of a segment and its cost, with doubts where another is nearly as good."""
        ways = [_Way(0.0, segment.low - 1, 0, True, True, frozenset(), (), -1)]
        for row in segment.rows:
            ways = [after for way in ways for after in self._steps(way, row, segment)]
            ways = sorted(ways, key=lambda way: way.cost)[: self.beam]
        ended = sorted(
            ((way.cost + self._leave(way, segment.high, segment.low), way) for way in ways), key=lambda e: e[0]
        )
        cost, best = ended[0]
        pairs = []
        for place, (text, item) in enumerate(best.pairs):
            doubts = []
            for other_cost, other in ended[1:]:
                if other_cost - cost >= CLOSE:
                    break
                doubts += [TEXT_UNSURE] * (other.pairs[place][0] is not text)
                doubts += [NUMBER_UNSURE] * (other.pairs[place][1] != item)
            pairs.append(Pair(text, item, tuple(dict.fromkeys(doubts))))
        return cost, pairs

    def _leave(self, way: _Way, to: int, low: int) -> float:
        """Return what it costs to go on from a way's item: a merged number with too few rows, items without a row."""
        cost = 0.0
        if low <= way.item < len(self.items) and not self.items[way.item].fixed:
            cost += NOT_MERGED * (way.count == 1 and not way.wide) + ELSEWHERE * (not way.there)
        for item in self.items[max(way.item, low - 1) + 1 : to]:
            cost += SKIPPED_LOST if item.inferred else SKIPPED
        return cost

    def _steps(self, way: _Way, row: DraftRow, segment: _Segment) -> list[_Way]:
        """Return every way to go on with one more row."""
        if row.number is not None and row.number.kind == "repeat":
            return [replace(way, pairs=(*way.pairs, (row.text, -1)))]
        texts: list[Cell | None] = [row.text]
        if row.merged:
            texts = [cell for cell in self.merged.get(row.page, []) if not _holds(way.used, cell.first)] or [None]
        wide = len(row.names) > 1 or row.text is None
        steps = []
        for place, count, cost in self._moves(way, row, segment):
            item = self.items[place] if place >= 0 else None
            there = item is None or item.page is None or item.page in row.pages
            known = way.names if count > 1 else frozenset()
            cost -= SAME_MINISTRIES * len(row.names & known) / max(len(row.names), 1)
            for text in texts:
                price, body = self._price(way, row, item, text)
                if count > 1 and text is not None and text.first in self.texts.back:
                    price -= GOES_ON
                steps.append(
                    _Way(
                        way.cost + cost + price, place, count, wide or (count > 1 and way.wide),
                        there or (count > 1 and way.there), row.names | known,
                        _with(way.used, text.first) if text is not None else way.used, body,
                        (*way.pairs, (text, place)),
                    )
                )  # fmt: skip
        return steps

    def _moves(self, way: _Way, row: DraftRow, segment: _Segment) -> list[tuple[int, int, float]]:
        """Return the items a row may belong to: (place, rows the item then has, cost)."""
        low, high, fixed = segment.low, segment.high, row.number is not None
        moves: list[tuple[int, int, float]] = []
        if low <= way.item < high and not fixed and not self.items[way.item].fixed:
            moves.append((way.item, way.count + 1, 0.0))
        first = max(way.item + 1, low)
        for place in range(first, high if fixed else min(first + MOST_SKIPPED, high)):
            item = self.items[place]
            if fixed == item.fixed and (not fixed or item.cell == row.number):
                moves.append((place, 1, self._leave(way, place, low)))
        return moves or [(way.item, way.count, NO_ITEM)]

    def _price(self, way: _Way, row: DraftRow, item: Item | None, text: Cell | None) -> tuple[float, int]:
        """Return what speaks against a text for a row and an item; and the place of its measure in the body."""
        cost, body = 0.0, way.body
        if item is not None and item.page is not None and not item.fixed:
            cost += OTHER_PAGE * min(abs(item.page - page) for page in row.pages)
        if text is None:
            return cost, body
        if item is not None and item.title is not None:
            cost -= TITLE_WORDS * self.texts.shared(item.title, text)
        number, title = self.texts.follows.get(text.first, (-1, -1))
        if item is not None and item.cell is not None and number == item.cell.first:
            cost -= FOLLOWS_NUMBER if title >= 0 or not self.texts.part.titled else FOLLOWS_BARE_NUMBER
        elif item is not None and item.title is not None and title in {line for line, _ in item.title.lines}:
            cost -= FOLLOWS_TITLE
        if row.merged:
            cost += OUT_OF_ORDER * (len(way.used) - bisect(way.used, text.first))
        if (place := self.texts.measure.get(text.first)) is not None:
            stated = self.texts.stated.get(text.first, frozenset())
            cost += BODY_MINISTRY * len(stated ^ row.names) + BODY_ORDER * (place < body)
            body = place
        return cost, body


def _holds(ordered: tuple[int, ...], line: int) -> bool:
    at = bisect_left(ordered, line)
    return at < len(ordered) and ordered[at] == line


def _with(ordered: tuple[int, ...], line: int) -> tuple[int, ...]:
    at = bisect(ordered, line)
    return (*ordered[:at], line, *ordered[at:])
