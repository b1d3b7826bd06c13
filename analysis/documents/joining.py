"""Which lines belong together: the paragraphs and notes of each page, by where their lines stand.

Which line a word stands on is the page's affair and not the plan's. Two lines belong together where the first runs to
the column's edge: the next line's first word would have found no room. What begins anew in spite of that shows in a
larger gap, another size, a list's mark or a heading's number.
"""

import itertools
import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from unicodedata import east_asian_width

from analysis.base.japanese import BEFORE_COUNTED, SUPERSCRIPTS, join_lines, normal, rests
from analysis.documents import marks
from analysis.documents.document import SIZELESS, Line, Page
from analysis.documents.page_parts import MISSED, body_size, note_number, pitch

GAP = 1.35  # times the usual distance of lines: a larger one parts paragraphs
ENOUGH = 20  # lines from which on left and right pages have an edge each
FULL_LINES = 0.1  # the share of a text's lines that reach the edge of its column
RARE = 0.08  # the share of distances of lines below which one says nothing
SLACK = 0.9  # of a character's width: what a line may lack to be full
SAME_SIZE = 0.08  # sizes that differ by this share at most are the same
SMALLER = 0.15  # and by this share amid a sentence
SET_RIGHT, HALF = 4.0, 0.6  # characters that a line is set in, and the share of the column that it fills at most
INDENT = 0.6  # of a character's width: what a paragraph's first line is set in at least
COUNTED = 0.15  # the share of lines with the greatest number of characters, where lines are broken by counting
NOT_FIRST = "、。，．,.・･：:；;？！?!）)」』】〕〉》＞>ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々～%％"
NOT_LAST = "（(「『【〔〈《＜<"
AMID = re.compile("[ぁ-ん、]\n|[^。]\n[をがはのにへとで]")
HEADING = re.compile(r"[(<](?:現状と課題|施策の方向性)[)>]$|<[^<>]+>$|\(別紙\)")
ALONE = re.compile(r"[(<](?:現状と課題|施策の方向性)[)>]$|<[^<>]+>$")
CAPTION = re.compile(r"\((?:出典|資料)\)|図表? ?[0-9]{1,3} ?:")
BEGINS = re.compile(rf"\s*[※{marks.CIRCLED}【＜<《]")  # on slides
HORIZON = re.compile(r"[(（]\s?[短中長]期")
LEADERS = re.compile(r"[ 　]*(?:[.．・…‥･·⋯\-]{3,}|[…‥⋯]{2})[ 　]*([0-9０-９]{1,3})$")
OPENING, CLOSING = "(（「『【", ")）」』】"
KEPT = 80  # characters of a paragraph's beginning and end that its reading depends on
LONG = 40  # characters beyond which a line is no heading
NOTE_NUMBER = re.compile(
    rf"([0-9０-９]{{1,3}}|[{SUPERSCRIPTS}]{{1,4}})(?:[)）⁾]|[.．](?![0-9０-９]))?[ 　]*(?=[^0-9.．‐–－-])"
)
SIGNED_NOTE = re.compile(r"[※*]|[(（]?注[)）0-9０-９]")
TO_SUPERSCRIPTS = str.maketrans("0123456789", SUPERSCRIPTS)


@dataclass
class Paragraph:
    """Lines of a page that belong together, and how far the first stands below what is before it."""

    lines: list[Line]
    gap: bool  # whether a gap is above it
    page: int
    goes_on: bool = False  # whether it goes on with the last paragraph of the page before
    cells: tuple[str, ...] = ()  # of a line of a table
    note: bool = False  # whether it is a note that stands amid the page

    @property
    def text(self) -> str:
        return join_lines([line.text for line in self.lines])

    @property
    def raw(self) -> str:
        return "\t".join(self.cells) if self.cells else self.text


@dataclass
class Sheet:
    """A page's paragraphs, and the lines of each of its notes."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    notes: list[list[Line]] = field(default_factory=list)


class Opened:
    """A paragraph as far as it has come: its first characters and its last, and how many brackets are open.

    Each line is looked at once, so that a paragraph that never ends costs no more than its lines.
    """

    def __init__(self, line: Line) -> None:
        self.head = self.tail = ""
        self.open = 0
        self.add(line)

    def add(self, line: Line) -> None:
        text = line.text
        self.open += sum(map(text.count, OPENING)) - sum(map(text.count, CLOSING))
        self.head = self.head if len(self.head) > KEPT else self.head + text[: KEPT + 1]
        self.tail = (self.tail + text)[-KEPT:]

    @property
    def short(self) -> bool:
        return len(self.head) <= KEPT


def leading(pages: list[Page]) -> float:
    """The distance of two lines of a paragraph as a multiple of their size: the least one that is not rare, since
    slides have few lines to a paragraph."""
    steps = Counter(
        round(step, 1)
        for page in pages
        for high, low in itertools.pairwise(page.lines)
        if 0.9 < (step := distance(high, low)) < math.inf
    )
    return min((step for step, count in steps.items() if count >= RARE * steps.total()), default=0.0)


def distance(high: Line, low: Line) -> float:
    """How far two lines are apart as a multiple of their size; where their sizes differ, endlessly."""
    return (low.y - high.y) / high.size if abs(low.size - high.size) <= SAME_SIZE * high.size else math.inf


def begins(text: str) -> bool:
    """Whether a line of a slide begins with what begins a piece: a list mark, a number in a circle, a note's sign, or a
    heading's bracket."""
    return marks.mark(text) is not None or BEGINS.match(text) is not None


def with_number(note: str, raised: bool) -> str:
    """Return a note with its number in plain digits or as a superscript, and a space behind it."""
    match = NOTE_NUMBER.match(note)
    if not match:
        return note
    number = normal(match[1])
    return f"{number.translate(TO_SUPERSCRIPTS) if raised else number} {note[match.end() :]}"


def sheets_of(pages: list[Page], of_summary: bool = False, of_slides: bool = False) -> list[Sheet]:
    """The pages' paragraphs. Summaries have few lines to a paragraph, which their distance shows; on slides each list
    mark begins one."""
    close = GAP * leading(pages)
    size, step = body_size(pages), pitch(pages)
    edges = _edges(pages, size)
    most = _counted(pages)
    sheets: list[Sheet] = []
    last: Line | None = None
    opened: Opened | None = None
    count = 0  # of notes
    for number, page in enumerate(pages):
        sheet = Sheet()
        left = min((line.x0 for line in page.lines), default=0.0)
        for line in page.lines:
            here = sheet.paragraphs[-1] if sheet.paragraphs else None
            near = here is not None and last is not None and line.y - last.y <= GAP * max(step, 0.0)
            if of_summary:
                near = here is not None and last is not None and distance(last, line) <= close
            turned = here is None and last is not None
            whole = last is not None and len(line.cells) == len(last.cells) == 1
            right = edges[number - turned]
            anew = of_slides and opened and opened.open <= 0 and (line.unmarked or begins(line.text))
            if of_summary and turned and opened and rests(opened.tail):
                anew = of_slides or line.x0 > left + INDENT * line.size
            if (
                last
                and opened
                and whole
                and not anew
                and (near or turned)
                and _follows(last, line, opened, right, most, turned)
            ):
                if here is None:
                    sheet.paragraphs.append(Paragraph([line], False, number, goes_on=True))
                else:
                    here.lines.append(line)
                opened.add(line)
            else:
                cells = _cells(line)
                sheet.paragraphs.append(Paragraph([line], not near, number, cells=cells if len(cells) > 1 else ()))
                opened = Opened(line)
                if len(cells) == 1 and len(line.cells) > 1:
                    line = replace(line, cells=cells)
                    sheet.paragraphs[-1].lines = [line]
            last = line
        count = _mark_notes(sheet, sheets, edges[number], count)
        carried, sheet.notes = _notes(page, count)
        count = max([count, *map(number_of, sheet.notes)])
        holder = next((earlier for earlier in reversed(sheets) if earlier.notes), None)
        if carried and holder:
            holder.notes[-1] += carried
        elif carried:
            sheet.notes.insert(0, carried)
        sheets.append(sheet)
    return sheets


def _mark_notes(sheet: Sheet, before: list[Sheet], right: float, count: int) -> int:
    """Mark the notes that stand amid a page, and what goes on with one over the page's end. Returns their count."""
    if sheet.paragraphs and sheet.paragraphs[0].goes_on and before and before[-1].paragraphs:
        sheet.paragraphs[0].note = before[-1].paragraphs[-1].note
    for paragraph in sheet.paragraphs:
        if _is_note(paragraph, count, paragraph is sheet.paragraphs[-1], right):
            paragraph.note, count = True, count + 1
    return count


def _is_note(paragraph: Paragraph, count: int, last: bool, right: float) -> bool:
    """Whether a paragraph is the next note: it has its number, and is a sentence (that a page may cut) or an address.

    A plain number that nothing but its value tells from one of the text must stand apart.
    """
    first, end, text = paragraph.lines[0], paragraph.lines[-1], normal(paragraph.text)
    whole = text.endswith(("。", ".", ")", "」", "』", "】")) or "http" in text
    cut = last and right - end.x1 < 2 * end.size
    apart = paragraph.gap or BEFORE_COUNTED.match(text.lstrip("0123456789 ")) is None
    return note_number(first) == count + 1 and apart and (whole or cut)


def _edges(pages: list[Page], size: float) -> list[float]:
    """For each page where its column ends: the place that the longest lines of like pages reach.

    A character at a line's end that may not begin one does not count: some typesetters hang it out of the column.
    """
    ends: dict[tuple[int, ...], list[Line]] = defaultdict(list)
    for number, page in enumerate(pages):
        some = [line for line in page.lines if abs(line.size - size) <= SAME_SIZE * size]
        for key in ((round(page.width), number % 2), (round(page.width),)):
            ends[key] += some
    reached = {key: _reached(lines) for key, lines in ends.items()}
    keys = [(round(page.width), number % 2) for number, page in enumerate(pages)]
    return [reached[key if len(ends[key]) >= ENOUGH else key[:1]] for key in keys]


def _reached(lines: list[Line]) -> float:
    """The edge that many lines reach. Where none is, as on slides, only the longest line can be full; a text whose
    lines reach none has a line for each paragraph."""
    ordered = sorted(line.x1 - line.size * (line.text[-1] in NOT_FIRST) for line in lines)
    if not ordered:
        return 0.0
    edge = ordered[round(0.97 * (len(ordered) - 1))]
    full = sum(abs(end - edge) <= max(2.0, 3 * lines[0].size) for end in ordered)
    if full >= FULL_LINES * len(ordered):
        return edge
    return math.inf if lines[0].size == SIZELESS else ordered[-1]


def _counted(pages: list[Page]) -> int:
    """Return how many characters a line has at most, where lines are broken by counting them; else a large number."""
    lengths = Counter(len(line.text) for page in pages for line in page.lines if len(line.cells) == 1)
    if not lengths:
        return 10**6
    most = max(lengths, key=lambda length: (lengths[length], length))
    longer = sum(count for length, count in lengths.items() if length > most)
    fits = lengths[most] >= max(5, COUNTED * lengths.total()) and longer <= 0.1 * lengths.total()
    return most - 1 if fits else 10**6  # a space at a line's end cannot be seen


def _follows(last: Line, line: Line, opened: Opened, right: float, most: int, turned: bool) -> bool:
    """Whether a line goes on with the one before it."""
    amid = opened.open > 0 or AMID.search(f"{opened.tail}\n{line.text}")  # what a sentence ends with may be set smaller
    if abs(last.size - line.size) > (SMALLER if amid else SAME_SIZE) * last.size:
        return False
    if line.x0 < last.x0 - SET_RIGHT * line.size and last.x1 - last.x0 < HALF * (right - line.x0):
        return False  # set at the right margin: that it reaches the column's edge does not make it full
    room = right - last.x1
    if len(last.text) < most and room >= _first_word(line) + SLACK * line.size:
        return False
    text, bracketed = normal(line.text), opened.open > 0
    closed = rests(opened.tail)
    if HORIZON.match(text) or ALONE.match(text) or _stands_alone(opened) or _has_leaders(opened):
        return False
    if CAPTION.match(text) and not bracketed:
        return False
    if (mark := marks.mark(line.text)) and not bracketed:
        if closed or marks.spaced(mark):
            return False
        if text.startswith(("・", "･")) and line.x0 <= last.x0 + INDENT * line.size:
            return True
    if closed and not bracketed and marks.is_outline(text):
        return False
    if closed and not bracketed and len(text) <= LONG and (HEADING.match(text) or marks.number(line.text)):
        return False
    if closed and not bracketed and marks.beginning(line.text).kind == "kana":  # ア), beside those of an outline
        return False
    indented = line.x0 > last.x0 + INDENT * line.size
    return bracketed or not (closed and indented and marks.mark(opened.head) is None and not turned)


def _stands_alone(opened: Opened) -> bool:
    """Whether the paragraph so far is a heading that ends where it ends."""
    return opened.short and ALONE.match(normal(opened.head)) is not None


def _has_leaders(opened: Opened) -> bool:
    """Whether the paragraph so far ends as an entry of a table of contents: dots and a page's number.

    The number is looked for first: the pattern goes through a row of dots again and again.
    """
    return opened.tail[-1:].isdecimal() and LEADERS.search(opened.tail) is not None


def _first_word(line: Line) -> float:
    """The width of what a typesetter does not part from the line's first character."""
    text, at = line.text, 1
    while at < len(text):
        character, before = text[at], text[at - 1]
        latin = before.isascii() and character.isascii() and not before.isspace() and not character.isspace()
        if not (latin or character in NOT_FIRST or before in NOT_LAST):
            break
        at += 1
    wide = sum(1.0 if east_asian_width(character) in "FWA" else 0.55 for character in text[:at])
    return wide * line.size


def _cells(line: Line) -> tuple[str, ...]:
    """The cells of a line; a list's mark or a heading's number before a wide gap is no cell of its own."""
    if line.ruled:
        return line.cells
    cells = list(line.cells)
    while len(cells) > 1 and marks.is_label(cells[0]):
        cells[:2] = [f"{cells[0]} {cells[1]}"]
    return tuple(cells)


def number_of(note: list[Line]) -> int:
    """The number that a note begins with, 0 for none."""
    match = NOTE_NUMBER.match(join_lines([line.text for line in note]))
    return int(normal(match[1])) if match else 0


def _notes(page: Page, before: int) -> tuple[list[Line], list[list[Line]]]:
    """What goes on with the last note of the page before, and the page's own notes, each with its lines.

    A note begins with the number that follows the one before it (or with a character, where notes bear no numbers).
    """
    notes: list[list[Line]] = [[]]
    last: Line | None = None
    for line in page.notes:
        number = number_of([line])
        counts = before < number <= before + (MISSED if last is None else 1)
        raised = line.text[:1] in SUPERSCRIPTS
        if (counts and (raised or last is None or rests(last.text) or len(notes) > 1)) or SIGNED_NOTE.match(line.text):
            notes.append([line])
            before = number or before
        else:
            notes[-1].append(line)
        last = line
    return notes[0], notes[1:]
