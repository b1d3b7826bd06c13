"""The steps of the converter put together: the cells of a part → its rows."""

from collections.abc import Iterator

from analysis.base.japanese import normal, squeeze
from analysis.extraction import horizon
from analysis.extraction.roadmap.table import REPEAT, SECTION, BodyMeasure, TableRow

from . import pairing, year_cells
from .draft_rows import APART, UNSURE_CUT, draft_rows
from .items import Item, Titles, apply, numbered_items
from .model import DraftRow, Part
from .part_texts import PartTexts

INFERRED = "number told from the sequence"
NUMBER_ELSEWHERE = "its number stands on another page"
PLACE_UNSURE = "the order of the rows of its page is not sure"
GAIN = 0.01  # an order of rows or titles is taken when its pairing costs so much less


def rows_of_part(part: Part, body: list[BodyMeasure], newest: dict[int, str]) -> list[TableRow]:
    """Return the rows of a part in the order of the table.

    `body` are the measures that this part repeats, none where it repeats none; `newest` the texts of the newest part's
    items by number, which year cells point to.
    """
    texts = PartTexts(part, body)
    drafts = draft_rows(part, texts.stated)
    items, choices = numbered_items(part, drafts)
    drafts, pairs = _best(drafts, items, choices, texts)
    of_rows: list[tuple[DraftRow, Item | None]] = []
    for row, pair in zip(drafts, pairs, strict=True):
        if pair.text is None:
            continue
        item = items[pair.item] if pair.item >= 0 else None
        of_rows.append((row, item))
        row.text = pair.text
        row.doubts += pair.doubts
        row.repeat = row.number is not None and row.number.kind == "repeat"
        if item is not None:
            row.number, row.title = item.cell, item.title
            row.repeat = row.repeat or item.number is None
    year_cells.attach(part, [row for row, _ in of_rows], newest)
    headings = _Headings(part)
    return [_row(part, row, item, headings.over(row), texts) for row, item in of_rows]


def texts_by_number(rows: list[TableRow]) -> dict[int, str]:
    """Return the texts of rows, without their horizons, by their numbers."""
    return {int(row.number): horizon.split(row.text)[0] for row in rows if row.number.isdigit()}


def _best(
    rows: list[DraftRow], items: list[Item], choices: list[list[Titles]], texts: PartTexts
) -> tuple[list[DraftRow], list[pairing.Pair]]:
    """Return the best pairing over the places of rows that came out apart and the ways to give out titles.

    Only so many are tried: where pages are not told apart, every place of every row would be one.
    """
    cost, pairs = pairing.pair(rows, items, texts)
    tries = iter(range(pairing.tries(rows, items, texts)))
    for row in [row for row in rows if row.loose]:
        others = [other for other in rows if other is not row and row.page in other.pages]
        least = float("inf")
        for order in _orders(rows, row, others):
            if next(tries, None) is None:
                least = cost
                break
            now, changed = pairing.pair(order, items, texts)
            if now < cost - GAIN:
                least, cost, pairs, rows = cost, now, changed, order
            elif any(a is not b for a, b in zip(order, rows, strict=True)):
                least = min(least, now)
        if least - cost < pairing.CLOSE:
            for doubted in (row, *others):
                doubted.doubts.append(PLACE_UNSURE)
    for ways in choices:
        kept = ways[0]
        for titles in ways[1:]:
            if next(tries, None) is None:
                break
            apply(items, titles)
            now, changed = pairing.pair(rows, items, texts)
            if now < cost - GAIN:
                cost, pairs, kept = now, changed, titles
        apply(items, kept)
    return rows, pairs


def _orders(rows: list[DraftRow], row: DraftRow, others: list[DraftRow]) -> Iterator[list[DraftRow]]:
    """Yield the rows with one of them put before and after each of the others."""
    rest = [each for each in rows if each is not row]
    places = {id(each): place for place, each in enumerate(rest)}
    for other in others:
        for at in (places[id(other)], places[id(other)] + 1):
            yield [*rest[:at], row, *rest[at:]]


class _Headings:
    """The headings of a part: circled ones in the stream of rows, numbered ones at the head of their page."""

    def __init__(self, part: Part):
        self.circled = [(place, cell) for place, cell in enumerate(part.cells) if cell.kind == "heading"]
        sections = [cell for cell in part.cells if cell.kind == "section" and SECTION.match(normal(cell.text))]
        self.numbered = [cell for cell in sections if normal(cell.text)[0].isdigit()]
        self.page = {cell.page: place for place, cell in reversed(list(enumerate(part.cells)))}

    def over(self, row: DraftRow) -> str:
        """Return the heading above a row: the last circled one of its section, else the section's."""
        section = next((cell for cell in reversed(self.numbered) if cell.page <= min(row.pages)), None)
        start = self.page[section.page] if section is not None else 0
        circled = next((cell for place, cell in reversed(self.circled) if start <= place <= row.order), None)
        heading = circled or section
        return heading.text if heading is not None else ""


def _row(part: Part, row: DraftRow, item: Item | None, group: str, texts: PartTexts) -> TableRow:
    """Return a row as the core takes it, with what is doubtful about it."""
    assert row.text is not None
    doubts = list(row.doubts)
    if item is not None:
        doubts += [INFERRED] * item.inferred
        doubts += [NUMBER_ELSEWHERE] * (item.page is not None and item.page not in row.pages)
    if texts.body:
        against = texts.against_body(row.text, row.names)
        # Where the body names the same ministries, how they came out leaves no doubt.
        doubts = [doubt for doubt in doubts if against or doubt not in (UNSURE_CUT, APART)] + against
    cells = year_cells.by_years(row, part)
    number = REPEAT if row.repeat else str(item.number) if item is not None else ""
    others = [cell for cell in (row.number, row.title, *row.years) if cell is not None]
    return TableRow(
        part=part.year,
        group=group,
        number=number,
        title=row.title.text if row.title is not None else "",
        text=row.text.text,
        ministries=list(dict.fromkeys(squeeze(cell.text) for cell in row.ministries)),
        years=[(year_cells.name_of(years), cell.text) for years, cell in cells],
        year_lines=[tuple(number for number, _ in cell.lines) for _, cell in cells],
        lines=list(dict.fromkeys(number for number, _ in row.text.lines)),
        ministry_lines=[cell.first for cell in row.ministries],
        other_lines=sorted({number for cell in others for number, _ in cell.lines}),
        doubts=list(dict.fromkeys(doubts)),
    )
