"""Cells → rows: the steps of the reader put together."""

from dataclasses import replace

from analysis.base.japanese import normal, squeeze
from analysis.extraction.parsers.attribution import HORIZON, REPEATED
from analysis.extraction.parsers.parse_result import Measure
from analysis.extraction.roadmap import items as numbering
from analysis.extraction.roadmap import pairing, years
from analysis.extraction.roadmap.cells import SECTION
from analysis.extraction.roadmap.items import Item
from analysis.extraction.roadmap.model import Cell, Part, Row, Slot, grams, likeness
from analysis.extraction.roadmap.slots import APART, PAGES_UNSURE, UNSURE_CUT, with_lost_breaks
from analysis.extraction.roadmap.slots import slots as table_rows
from analysis.tables import ministries
from analysis.tables.schemas import HORIZONS

DOUBT = 0.2  # what each doubt takes from the confidence
NO_NUMBER = "no number found for this text"
NUMBER_ELSEWHERE = "its number stands on another page"
PLACE_UNSURE = "the order of the rows of its page is not sure"
NO_HORIZON = "no horizon"
OTHER_MINISTRIES = "other ministries than in the body"
OTHER_TEXT = "other words than in the body"
SAME_TEXT = 0.9
GAIN = 0.01


def rows(part: Part, body: list[Measure], newest: dict[int, str]) -> list[Row]:
    """The rows of a part in the order of the table. `newest` holds the texts of the newest part by number."""
    part.cells, guessed = with_lost_breaks(part.cells)
    evidence = pairing.Evidence(part, body)
    found = table_rows(part, evidence.stated)
    for slot in found:
        slot.doubts += [PAGES_UNSURE] * bool(slot.pages & guessed)
    numbered = numbering.items(part, found)
    found, pairs = _best(found, numbered, evidence)
    places = [_place(slot, pair, numbered.items) for slot, pair in zip(found, pairs, strict=True)]
    years.attach(part, [place for place in places if place is not None], newest)
    heads = _Heads(part)
    result: list[Row] = []
    for slot, pair, place in zip(found, pairs, places, strict=True):
        if place is not None and pair.text is not None:
            item = numbered.items[pair.item] if pair.item >= 0 else None
            result.append(_row(part, slot, pair, item, place, heads, evidence))
    return _with_counts(result)


def _best(
    found: list[Slot], numbered: numbering.Items, evidence: pairing.Evidence
) -> tuple[list[Slot], list[pairing.Pair]]:
    """The best pairing over the places of rows that came out apart and the orders of titles.

    Only so many are tried: where pages are not told apart, every place of every row would be one.
    """
    cost, pairs = pairing.pair(found, numbered.items, evidence)
    tries = iter(range(pairing.tries(found, numbered.items, evidence.part)))
    for slot in [slot for slot in found if slot.loose]:
        others = [other for other in found if other is not slot and slot.page in other.pages]
        least = float("inf")
        for other in others:
            for after in (0, 1):
                order = [each for each in found if each is not slot]
                order.insert(order.index(other) + after, slot)
                if next(tries, None) is None:
                    least = cost
                    break
                now, changed = pairing.pair(order, numbered.items, evidence)
                if now < cost - GAIN:
                    least, cost, pairs, found = cost, now, changed, order
                elif [id(each) for each in order] != [id(each) for each in found]:
                    least = min(least, now)
        if least - cost < pairing.CLOSE:
            for each in (slot, *others):
                each.doubts.append(PLACE_UNSURE)
    for orders in numbered.choices:
        kept = orders[0]
        for titles in orders[1:]:
            if next(tries, None) is None:
                break
            numbering.apply(numbered.items, titles)
            now, changed = pairing.pair(found, numbered.items, evidence)
            if now < cost - GAIN:
                cost, pairs, kept = now, changed, titles
        numbering.apply(numbered.items, kept)
    return found, pairs


def _place(slot: Slot, pair: pairing.Pair, found: list[Item]) -> years.Place | None:
    if pair.text is None:
        return None
    repeat = slot.fixed and slot.number is not None and slot.number.kind == "repeat"
    repeat = repeat or (pair.item >= 0 and found[pair.item].number is None)
    return years.Place(pair.text.text, slot.pages, slot.ministries, repeat)


class _Heads:
    """The headings of a part: circled ones in the stream of rows, numbered ones at the head of their page."""

    def __init__(self, part: Part):
        self.circled = [(place, cell) for place, cell in enumerate(part.cells) if cell.kind == "heading"]
        sections = [cell for cell in part.cells if cell.kind == "section" and SECTION.match(normal(cell.text))]
        self.numbered = [cell for cell in sections if normal(cell.text)[0].isdigit()]
        self.page = {cell.page: place for place, cell in reversed(list(enumerate(part.cells)))}

    def over(self, slot: Slot) -> str:
        section = next((cell for cell in reversed(self.numbered) if cell.page <= min(slot.pages)), None)
        start = self.page[section.page] if section is not None else 0
        circled = next((cell for place, cell in reversed(self.circled) if start <= place <= slot.order), None)
        head = circled or section
        return head.text if head is not None else ""


def _row(
    part: Part, slot: Slot, pair: pairing.Pair, item: Item | None, place: years.Place, heads: _Heads,
    evidence: pairing.Evidence,
) -> Row:  # fmt: skip
    assert pair.text is not None
    text, horizon = _parted(pair.text.text)
    label = item.cell if item is not None else slot.number
    title = item.title if item is not None else slot.title
    names = tuple(dict.fromkeys(squeeze(cell.text) for cell in slot.ministries))
    doubts = [*slot.doubts, *pair.doubts, *place.doubts]
    if item is None and not place.repeat:
        doubts.append(NO_NUMBER)
    elif item is not None and item.inferred:
        doubts.append(numbering.INFERRED)
    if item is not None and item.page is not None and item.page not in slot.pages:
        doubts.append(NUMBER_ELSEWHERE)
    doubts += [NO_HORIZON] * (not horizon)
    if evidence.body:
        against = _against_body(pair.text, text, names, evidence)
        # Where the body names the same ministries, how they came out leaves no doubt.
        doubts = [doubt for doubt in doubts if against or doubt not in (UNSURE_CUT, APART)] + against
    doubts = list(dict.fromkeys(doubts))
    lines = tuple(dict.fromkeys(number for number, _ in pair.text.lines))
    others = [cell for cell in (label, title, *place.cells) if cell is not None]
    return Row(
        part=part.year,
        no=item.number if item is not None else None,
        cell=1,
        cells=1,
        group=heads.over(slot),
        title=title.text if title is not None else None,
        text=text,
        horizon=horizon,
        ministries=names or None,
        carried_to=tuple(sorted(place.links)),
        lines=lines,
        first_line=lines[0],
        last_line=lines[-1],
        ministry_lines=tuple(cell.first for cell in slot.ministries),
        years=years.by_year(place.cells, years.columns(part)),
        confidence=round(max(0.0, 1 - DOUBT * len(doubts)), 2),
        doubts=tuple(doubts),
        repeats=place.repeats,
        other_lines=tuple(sorted({number for cell in others for number, _ in cell.lines})),
    )


def _parted(running: str) -> tuple[str, tuple[str, ...]]:
    """A text cell's text and horizon."""
    running = REPEATED.sub("", running).strip()
    marks = list(HORIZON.finditer(running))
    if not marks or running[marks[-1].end() :].strip() not in ("", "。"):
        return running, ()
    mark = marks[-1]
    text = running[: mark.start()].rstrip() + running[mark.end() :].strip()
    return text, tuple(name for name in HORIZONS if name in mark.group())


def _against_body(cell: Cell, text: str, names: tuple[str, ...], evidence: pairing.Evidence) -> list[str]:
    """What differs from the measure of the body that a row repeats; an office counts as its body."""
    place = evidence.measure.get(cell.first)
    if place is None or likeness(grams(text), grams(evidence.body[place].text)) < SAME_TEXT:
        return [OTHER_TEXT]
    named = {ministries.body_of(name) for name in evidence.body[place].ministries}
    return [OTHER_MINISTRIES] if named and named != {ministries.body_of(name) for name in names} else []


def _with_counts(found: list[Row]) -> list[Row]:
    """The rows with their texts counted within each number."""
    counts: dict[int, int] = {}
    for row in found:
        if row.no is not None:
            counts[row.no] = counts.get(row.no, 0) + 1
    seen: dict[int, int] = {}
    result = []
    for row in found:
        if row.no is not None:
            seen[row.no] = seen.get(row.no, 0) + 1
            row = replace(row, cell=seen[row.no], cells=counts[row.no])
        result.append(row)
    return result
