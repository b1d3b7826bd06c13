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

import re
from bisect import bisect, bisect_left
from dataclasses import dataclass, field, replace
from math import log

from analysis.base.japanese import squeeze
from analysis.extraction.parsers.parse_result import Measure
from analysis.extraction.roadmap.items import Item
from analysis.extraction.roadmap.model import Cell, Part, Slot, grams, likeness

BEAM = 100
WORK = 600_000  # steps of a part's search: where one takes more, fewer ways are kept, and fewer pairings tried
MOST_SKIPPED = 12  # items that a row passes over at most, each at the price of `SKIPPED`
MOST_ROWS = 150  # rows from which on a run ends with its page
SAME_MEASURE = 0.5  # a row repeats a measure of the body when so much of the wording is the same
TITLE_WORDS = 3.0
FOLLOWS_NUMBER, FOLLOWS_TITLE = 1.0, 0.5
FOLLOWS_BARE_NUMBER = 0.5  # in a table with titles a number is set beside its title
OTHER_PAGE = 0.7
NOT_MERGED = 2.5
ELSEWHERE = 2.5
SAME_MINISTRIES = 0.4
GOES_ON = 1.0
REFERS_BACK = re.compile(r"同(?![時様一])|当該|上記|併せて|また、|さらに|更に|これら")
SKIPPED, SKIPPED_LOST = 4.0, 1.5
NO_ITEM = 5.0
OUT_OF_ORDER = 0.05
BODY_ORDER, BODY_MINISTRY = 2.0, 0.5
CLOSE = 0.6
TEXT_UNSURE = "another text of the page may belong to these ministries"
NUMBER_UNSURE = "the text may belong to the next or last number"


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
    used: tuple[int, ...]  # in order
    body: int
    pairs: tuple[tuple[Cell | None, int], ...] = ()


@dataclass
class Evidence:
    """What is known about the texts of a part, worked out once."""

    part: Part
    body: list[Measure]
    weight: dict[str, float] = field(default_factory=dict)
    usual: float = 0.0  # the weight of a usual title
    held: dict[int, frozenset[str]] = field(default_factory=dict)
    follows: dict[int, tuple[int, int]] = field(default_factory=dict)
    measure: dict[int, int] = field(default_factory=dict)
    stated: dict[int, frozenset[str]] = field(default_factory=dict)
    back: set[int] = field(default_factory=set)  # the texts that refer back
    known: dict[tuple[tuple[tuple[int, str], ...], int], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        texts = [cell for cell in self.part.cells if cell.kind in ("text", "title")]
        self.held = {cell.first: grams(cell.text) for cell in texts}
        counts: dict[str, int] = {}
        for found in self.held.values():
            for gram in found:
                counts[gram] = counts.get(gram, 0) + 1
        self.weight = {gram: log(1 + len(texts) / count) for gram, count in counts.items()}
        titles = [sum(self.weight[gram] for gram in self.held[cell.first]) for cell in texts if cell.kind == "title"]
        self.usual = sum(titles) / len(titles) if titles else 0.0
        self.back = {cell.first for cell in texts if REFERS_BACK.match(cell.text)}
        self._follow()
        bodies = [grams(measure.text) for measure in self.body]
        for cell in texts if bodies else []:
            if cell.kind == "text":
                scores = [likeness(self.held[cell.first], found) for found in bodies]
                best = max(range(len(scores)), key=scores.__getitem__)
                if scores[best] >= SAME_MEASURE:
                    self.measure[cell.first] = best
                    if named := self.body[best].ministries:
                        self.stated[cell.first] = frozenset(squeeze(name) for name in named)

    def _follow(self) -> None:
        """For each text the first lines of the number and the title that stand right before it (-1: none)."""
        cells = self.part.cells
        for place, cell in enumerate(cells):
            if cell.kind != "text":
                continue
            number = title = -1
            before = place - 1
            if before >= 0 and cells[before].kind == "title" and cells[before].page == cell.page:
                title = cells[before].first
                before -= 1
            if before >= 0 and cells[before].kind in ("number", "repeat") and cells[before].page == cell.page:
                number = cells[before].first
            self.follows[cell.first] = (number, title)

    def shared(self, title: Cell, text: Cell) -> float:
        """How much of a title's wording a text uses, rare wording counting more; long titles are not at a loss."""
        key = (title.lines, text.first)
        if key not in self.known:
            self.known[key] = self._shared(title, text)
        return self.known[key]

    def _shared(self, title: Cell, text: Cell) -> float:
        own = grams(title.text)
        whole = sum(self.weight.get(gram, 1.0) for gram in own)
        found = sum(self.weight.get(gram, 1.0) for gram in own & self.held[text.first])
        return 2 * found / (whole + self.usual) if whole else 0.0


def pair(slots: list[Slot], found: list[Item], evidence: Evidence) -> tuple[float, list[Pair]]:
    """The best pairing of a part's rows, with its cost."""
    pool = _pool(slots, evidence.part)
    total, pairs = 0.0, []
    segments = _segments(slots, found)
    beam = max(1, min(BEAM, WORK // _steps_of_a_way(slots, segments, pool)))
    for first, last, low, high in segments:
        cost, some = _segment(slots[first:last], found, low, high, pool, evidence, beam)
        total += cost
        pairs += some
    return total, pairs


def tries(slots: list[Slot], found: list[Item], part: Part) -> int:
    """How many pairings of a part may be tried."""
    return WORK // (BEAM * _steps_of_a_way(slots, _segments(slots, found), _pool(slots, part)))


def _steps_of_a_way(slots: list[Slot], segments: list[tuple[int, int, int, int]], pool: dict[int, list[Cell]]) -> int:
    """The steps that one way through a part looks at, at most."""
    return 1 + sum(
        min(high - low + 1, MOST_SKIPPED) * (max(1, len(pool.get(slot.page, []))) if slot.merged else 1)
        for first, last, low, high in segments
        for slot in slots[first:last]
    )


def _pool(slots: list[Slot], part: Part) -> dict[int, list[Cell]]:
    """The merged texts of each page."""
    taken = {slot.text.first for slot in slots if slot.text is not None}
    pool: dict[int, list[Cell]] = {}
    for cell in part.merged_texts(taken):
        pool.setdefault(cell.page, []).append(cell)
    return pool


def _segments(slots: list[Slot], found: list[Item]) -> list[tuple[int, int, int, int]]:
    """Runs of rows that can be paired by themselves: (first row, end, first item, end)."""
    places = {item.cell.first: place for place, item in enumerate(found) if item.cell is not None}
    segments, first, low = [], 0, 0
    for row in range(1, len(slots)):
        left, right = slots[row - 1], slots[row]
        if row - first > MOST_ROWS and right.page > left.page:
            high = next((n for n, item in enumerate(found) if (item.page or 0) > left.page), len(found))
            border: int | None = max(low, high)
        elif not (left.fixed or right.fixed) or _shares_page(slots, first, row):
            continue
        else:
            border = _border(left, right, places)
        if border is not None and border >= low:
            segments.append((first, row, low, border))
            first, low = row, border
    return [*segments, (first, len(slots), low, len(found))] if slots else []


def _border(left: Slot, right: Slot, places: dict[int, int]) -> int | None:
    """The first item of the rows from `right` on."""
    if right.fixed and right.number is not None and right.number.first in places:
        return places[right.number.first]
    if left.fixed and left.number is not None and left.number.first in places:
        return places[left.number.first] + 1
    return None


def _shares_page(slots: list[Slot], first: int, row: int) -> bool:
    left = {slot.page for slot in slots[first:row] if slot.merged}
    page = max(left, default=-1)
    return any(slot.merged and slot.page in left for slot in slots[row:] if slot.page <= page)


def _segment(
    slots: list[Slot], found: list[Item], low: int, high: int, pool: dict[int, list[Cell]], evidence: Evidence,
    beam: int,
) -> tuple[float, list[Pair]]:  # fmt: skip
    ways = [_Way(0.0, low - 1, 0, True, True, frozenset(), (), -1)]
    for slot in slots:
        ways = [after for way in ways for after in _steps(way, slot, found, low, high, pool, evidence)]
        ways = sorted(ways, key=lambda way: way.cost)[:beam]
    ended = sorted(((way.cost + _leave(way, found, high, low), way) for way in ways), key=lambda end: end[0])
    cost, best = ended[0]
    pairs = []
    for row, (text, item) in enumerate(best.pairs):
        doubts = []
        for other_cost, other in ended[1:]:
            if other_cost - cost >= CLOSE:
                break
            doubts += [TEXT_UNSURE] * (other.pairs[row][0] is not text)
            doubts += [NUMBER_UNSURE] * (other.pairs[row][1] != item)
        pairs.append(Pair(text, item, tuple(dict.fromkeys(doubts))))
    return cost, pairs


def _leave(way: _Way, found: list[Item], to: int, low: int) -> float:
    """What it costs to go from a way's item to another: rows too few for a merged number, items without a row."""
    cost = 0.0
    if low <= way.item < len(found) and not found[way.item].fixed:
        cost += NOT_MERGED * (way.count == 1 and not way.wide) + ELSEWHERE * (not way.there)
    for item in found[max(way.item, low - 1) + 1 : to]:
        cost += SKIPPED_LOST if item.inferred else SKIPPED
    return cost


def _steps(
    way: _Way, slot: Slot, found: list[Item], low: int, high: int, pool: dict[int, list[Cell]], evidence: Evidence
) -> list[_Way]:
    """Every way to go on with one more row."""
    if slot.fixed and slot.number is not None and slot.number.kind == "repeat":
        return [replace(way, pairs=(*way.pairs, (slot.text, -1)))]
    texts: list[Cell | None] = [slot.text]
    if slot.merged:
        texts = [cell for cell in pool.get(slot.page, []) if not _holds(way.used, cell.first)] or [None]
    names = slot.names
    wide = len(names) > 1 or slot.text is None
    steps = []
    for place, count, cost in _moves(way, slot, found, low, high):
        item = found[place] if place >= 0 else None
        there = item is None or item.page is None or item.page in slot.pages
        known = way.names if count > 1 else frozenset()
        cost -= SAME_MINISTRIES * len(names & known) / max(len(names), 1)
        for text in texts:
            price, body = _price(way, slot, item, text, evidence)
            if count > 1 and text is not None and text.first in evidence.back:
                price -= GOES_ON
            steps.append(
                _Way(
                    way.cost + cost + price, place, count, wide or (count > 1 and way.wide),
                    there or (count > 1 and way.there), names | known,
                    _with(way.used, text.first) if text is not None else way.used, body, (*way.pairs, (text, place)),
                )
            )  # fmt: skip
    return steps


def _holds(ordered: tuple[int, ...], line: int) -> bool:
    at = bisect_left(ordered, line)
    return at < len(ordered) and ordered[at] == line


def _with(ordered: tuple[int, ...], line: int) -> tuple[int, ...]:
    at = bisect(ordered, line)
    return (*ordered[:at], line, *ordered[at:])


def _moves(way: _Way, slot: Slot, found: list[Item], low: int, high: int) -> list[tuple[int, int, float]]:
    """The items a row may belong to: (item, rows it then has, cost)."""
    moves: list[tuple[int, int, float]] = []
    if low <= way.item < high and not found[way.item].fixed and not slot.fixed:
        moves.append((way.item, way.count + 1, 0.0))
    first = max(way.item + 1, low)
    for item in range(first, high if slot.fixed else min(first + MOST_SKIPPED, high)):
        own = slot.fixed and slot.number is not None and found[item].cell is not None
        if slot.fixed != found[item].fixed or (own and found[item].cell != slot.number):
            continue
        moves.append((item, 1, _leave(way, found, item, low)))
    return moves or [(way.item, way.count, NO_ITEM)]


def _price(way: _Way, slot: Slot, item: Item | None, text: Cell | None, evidence: Evidence) -> tuple[float, int]:
    """What speaks against a text for a row and an item; and the place of its measure in the body."""
    cost, body = 0.0, way.body
    if item is not None and item.page is not None and not item.fixed:
        cost += OTHER_PAGE * min(abs(item.page - page) for page in slot.pages)
    if text is None:
        return cost, body
    if item is not None and item.title is not None:
        cost -= TITLE_WORDS * evidence.shared(item.title, text)
    number, title = evidence.follows.get(text.first, (-1, -1))
    if item is not None and item.cell is not None and number == item.cell.first:
        cost -= FOLLOWS_NUMBER if title >= 0 or not evidence.part.titled else FOLLOWS_BARE_NUMBER
    elif item is not None and item.title is not None and title in {line for line, _ in item.title.lines}:
        cost -= FOLLOWS_TITLE
    if slot.merged:
        cost += OUT_OF_ORDER * (len(way.used) - bisect(way.used, text.first))
    if (place := evidence.measure.get(text.first)) is not None:
        stated = evidence.stated.get(text.first, frozenset())
        cost += BODY_MINISTRY * len(stated ^ slot.names) + BODY_ORDER * (place < body)
        body = place
    return cost, body
