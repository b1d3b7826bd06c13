"""Lines with their places → text in the two forms that the readers know.

`flowing` is Markdown-like: a paragraph is one line, blank lines part paragraphs, notes stand after the paragraph that
the page's end fell into, cells are parted by tabs. `layered` is like a PDF's text layer: a blank line after each line,
a gap (several blank lines) where the page has one, none where the page turns, notes at the foot of their page. In both
the lines of a paragraph are joined where its place on the page says so: which line a word stands on is the page's
affair and not the plan's.

Two lines belong together where the first runs to the column's edge: the next line's first word would have found no
room. What begins anew in spite of that shows in a larger gap, another size, a list's mark or a heading's sign.
"""

import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from unicodedata import east_asian_width

from analysis.base.japanese import COMMAS, SUPERSCRIPTS, normal, squeeze
from analysis.documents import marks
from analysis.documents.pdf_pages import MISSED, PAGE_NUMBER, SIZELESS, Line, Page, body_size, note_number, pitch
from analysis.extraction.parsers.pdf_text_plan import BEFORE_COUNTED

GAP = 1.35  # times the usual distance of lines: a larger one parts paragraphs
ENOUGH = 20  # lines from which on left and right pages have an edge each
FULL_LINES = 0.1  # the share of a text's lines that reach the edge of its column
FILLED = 3.5  # of a sign's size: what may be left between the last line and the margin of a page that is full
RARE = 0.08  # the share of distances of lines below which one says nothing
SLACK = 0.9  # of a sign's width: what a line may lack to be full
SAME_SIZE = 0.08  # sizes that differ by this share at most are the same
INDENT = 0.6  # of a sign's width: what a paragraph's first line is set in at least
COUNTED = 0.15  # the share of lines with the greatest number of signs, where lines are broken by counting
NOT_FIRST = "、。，．,.・･：:；;？！?!）)」』】〕〉》＞>ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々～%％"
NOT_LAST = "（(「『【〔〈《＜<"
HEADING = re.compile(
    r"[(<](?:現状と課題|施策の方向性)[)>]$|<[^<>]+>$|[IVX]{1,4} ?\. ?\S|[0-9]{1,2} ?\. ?[^0-9\s]|\([0-9]{1,2}\)|"
    r"\(別紙\)"
)
ALONE = re.compile(r"[(<](?:現状と課題|施策の方向性)[)>]$|<[^<>]+>$")
CAPTION = re.compile(r"\((?:出典|資料)\)|図表? ?[0-9]{1,3} ?:")
CIRCLED = re.compile(r"[①-⑳](?:[-－‐][0-9０-９]+)?[ 　]?\S")
BEGINS = re.compile(rf"\s*[※{marks.CIRCLED}【＜<《]")  # on slides
HEADLINE = re.compile(r"[0-9]{1,2}(?:[ 　]|\. ?)[^0-9\s]|\([0-9]{1,2}\)|[○〇◯]\S|[(<][^()<>]+[)>]$")  # of an article
HORIZON = re.compile(r"[(（]\s?[短中長]期")
CONTENTS_ROW = re.compile(r"(\S.*\S)[ 　]+([0-9０-９]{1,3})$")
LEADERS = re.compile(r"[ 　]*(?:[.．・…‥･·⋯\-]{3,}|[…‥⋯]{2})[ 　]*([0-9０-９]{1,3})$")
CONTENTS_NUMBER = re.compile(r"[0-9]{1,3}$")
RESTS = ("。", "」", ")", "』", "】", "!", "?", ":", ">")
OPENING, CLOSING = "(（「『【", ")）」』】"
KEPT = 80  # signs of a paragraph's beginning and end that its reading depends on
LONG = 40  # signs beyond which a line is no heading
NOTE_NUMBER = re.compile(rf"([0-9０-９]{{1,3}}|[{SUPERSCRIPTS}]{{1,4}})[)）⁾]?[ 　]*(?=[^0-9.．])")
SIGNED_NOTE = re.compile(r"[※*]|[(（]?注[)）0-9０-９]")
DIGITS = re.compile(r"([0-9]{1,3}) ")
TO_DIGITS = str.maketrans(SUPERSCRIPTS, "0123456789")
TO_SUPERSCRIPTS = str.maketrans("0123456789", SUPERSCRIPTS)
RAISED = re.compile(rf"([^\x00-\x28\x2a-\x7f])([{SUPERSCRIPTS}]{{1,3}})")
ROADMAP = re.compile(r"[0-9]{1,2}\. ?工程表$")
WIDE_GAP = re.compile(r"\t| {4,}|　{3,}")
MARKED_HEADING = re.compile(r"^\s{0,3}#{1,6}[ 　\t]+")
MARKED_QUOTATION = re.compile(r"^\s{0,3}>[ 　]")
MARKED_RULE = re.compile(r"[|:\-\s]{3,}|[*\s]{3,}|[_\s]{3,}")
MARKED_ROW = re.compile(r"\s*\|[^\n]*\|\s*")
MARKED_NOTE = re.compile(r"\[\^([0-9]{1,3})\](:[ 　]*)?")
EMPHASIS = re.compile(r"\*\*|__")
ESCAPED = re.compile(r"\\([\\.()*#_|<>+\-\[\]])")
UNPAGED = 1e6
PAGE_LONG = 16  # signs of a line with a page's number
FEWEST_PAGES, SHORTEST_PAGE = 4, 10  # pages, lines of one
ALIKE_PAGES = 0.7  # the share of pages that are about as long as most
DIGIT = re.compile(r"[0-9]+")
CONTENTS_LONG = 400  # signs beyond which a line is none of the contents, leaders and all


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
        return joined([line.text for line in self.lines])


@dataclass
class Sheet:
    """A page's paragraphs and notes."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Opened:
    """A paragraph as far as it has come: its first signs and its last, and how many brackets are open.

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


def joined(lines: Iterable[str]) -> str:
    """Lines of a paragraph as one text; a number that a line's end cuts is one number."""
    pieces: list[str] = []
    for line in lines:
        piece = line.strip()
        if not piece:
            continue
        if pieces:
            last, first = pieces[-1][-1], piece[0]
            words = last.isascii() and first.isascii()
            pieces += [" "] if words and not (last.isdigit() and first.isdigit()) else []
        pieces.append(piece)
    return "".join(pieces)


def form(layout: str, pages: list[Page]) -> list[str]:
    """The lines that the layout's reader takes; a layout that is not named here takes whole paragraphs."""
    forms = {"pdf_text_plan": layered, "text_slides": lined, "markdown_slides": pieced, "markdown_article": headed}
    return forms.get(layout, flowing)(pages)


def lined(pages: list[Page]) -> list[str]:
    """Slides line by line as they stand, with a blank line where the page has a gap or another size, and several where
    it turns; a space is left of a list's mark that no letter stands for."""
    near = GAP * _leading(pages)
    top = min((page.lines[0].y - page.lines[0].size for page in pages if page.lines), default=0.0)
    lines: list[str] = []
    before: Page | None = None
    for page in pages:
        last: Line | None = None
        for line in [*page.lines, *page.notes]:
            if last is None:
                lines += [""] * (_turn(before, line, top) if before else 0)
            elif _distance(last, line) > near or line in page.notes[:1]:
                lines.append("")
            lines.append(" " * line.unmarked + "\t".join(line.cells))
            last = line
        before = page if page.lines else before
    return lines


def _turn(before: Page, line: Line, top: float) -> int:
    """How many blank lines part two pages: a slide that fills its page, down to a margin like the one at the top, goes
    on with a line that is no larger; without any where it ends in mid-sentence."""
    end = before.lines[-1]
    filled = before.height - end.y < top + FILLED * end.size
    if not filled or line.size > (1 + SAME_SIZE) * end.size:
        return 3
    return 0 if end.text.endswith(COMMAS) and not (line.unmarked or _begins(line.text)) else 1


def pieced(pages: list[Page]) -> list[str]:
    """Slides as whole paragraphs, each a line; lines that stand close but do not go on with one another, such as a
    label's, have no blank line between them."""
    lines: list[str] = []
    before: Paragraph | None = None
    for sheet in _sheets(pages, of_summary=True, of_slides=True):
        for paragraph in sheet.paragraphs:
            text = "\t".join(paragraph.cells) if paragraph.cells else paragraph.text
            if paragraph.goes_on and lines:
                lines[-1] = joined([lines[-1], text])
            else:
                lines += [""] if before and not _of_a_piece(before, paragraph) else []
                lost = paragraph.lines[0].unmarked and not _begins(text)
                lines.append(f"・{text}" if lost else text)
            before = paragraph
        for note in sheet.notes:
            lines += ["", note] if lines else [note]
            before = sheet.paragraphs[-1] if sheet.paragraphs else before
    return lines


def _of_a_piece(before: Paragraph, paragraph: Paragraph) -> bool:
    """Whether two paragraphs stand close and nothing shows that the second begins anew."""
    last, line = before.lines[-1], paragraph.lines[0]
    alike = abs(last.size - line.size) <= SAME_SIZE * last.size
    begins = line.unmarked or _begins(line.text) or normal(last.text).endswith(RESTS)
    return before.page == paragraph.page and not paragraph.gap and alike and not begins


def headed(pages: list[Page]) -> list[str]:
    """An article as Markdown, its headings marked: short lines that stand alone, larger or with a heading's sign."""
    size = body_size(pages)
    return _flowing(_sheets(pages, of_summary=True), lambda paragraph: "## " * _is_headline(paragraph, size))


def _is_headline(paragraph: Paragraph, size: float) -> bool:
    text, first = normal(paragraph.text), paragraph.lines[0]
    if (
        paragraph.cells
        or paragraph.goes_on
        or len(text) > 2 * LONG
        or text.endswith(("。", *COMMAS))
        or (marks.mark(text) and not HEADLINE.match(text))
    ):
        return False
    return first.size > (1 + SAME_SIZE) * size or (len(paragraph.lines) == 1 and bool(HEADLINE.match(text)))


def _begins(text: str) -> bool:
    """Whether a line of a slide begins with what begins a piece: a list mark, a number in a circle, a note's sign, or
    a heading's bracket."""
    return marks.mark(text) is not None or BEGINS.match(text) is not None


def _leading(pages: list[Page]) -> float:
    """The distance of two lines of a paragraph as a multiple of their size: the least one that is not rare, since
    slides have few lines to a paragraph."""
    steps = Counter(
        round(step, 1)
        for page in pages
        for high, low in itertools.pairwise(page.lines)
        if 0.9 < (step := _distance(high, low)) < math.inf
    )
    return min((step for step, count in steps.items() if count >= RARE * steps.total()), default=0.0)


def _distance(high: Line, low: Line) -> float:
    """How far two lines are apart as a multiple of their size; where their sizes differ, endlessly."""
    return (low.y - high.y) / high.size if abs(low.size - high.size) <= SAME_SIZE * high.size else math.inf


def flowing(pages: list[Page]) -> list[str]:
    """The document as Markdown-like text."""
    return _flowing(_sheets(pages))


def _flowing(sheets: list[Sheet], sign: Callable[[Paragraph], str] = lambda _: "") -> list[str]:
    """Sheets as Markdown-like text; `sign` says what to write before a paragraph."""
    for sheet in sheets:
        _raise_marks(sheet)
    parts: list[list[str]] = []  # of each block
    waiting: list[list[str]] = []
    for sheet in sheets:
        for paragraph in sheet.paragraphs:
            text = "\t".join(paragraph.cells) if paragraph.cells else paragraph.text
            if paragraph.goes_on and parts:
                parts[-1].append(text)
                continue
            parts += waiting
            waiting = []
            parts.append([sign(paragraph) + text])
        waiting += [[_superscript(note)] for note in sheet.notes]
    blocks = [joined(part) if len(part) > 1 else part[0] for part in [*parts, *waiting]]
    lines: list[str] = []
    contents = False
    for before, block in zip(["", *blocks], blocks, strict=False):
        row = _contents_row(block) if contents else None
        contents = squeeze(block) == "目次" or (contents and row is not None)
        block = row or block
        together = ("\t" in before and "\t" in block) or (row and "\t" in lines[-1])
        if lines and not together:
            lines.append("")
        lines.append(block)
    return lines


def layered(pages: list[Page]) -> list[str]:
    """The document as a text layer; what stands behind the heading of a roadmap keeps its lines."""
    lines: list[str] = []
    roadmap = roadmap_place(pages)
    body, tables = (pages, []) if roadmap is None else _split(pages, *roadmap)
    for number, sheet in enumerate(_sheets(body)):
        first = number > 0
        for paragraph in sheet.paragraphs:
            between = "\t" if paragraph.lines[0].ruled else "  "
            text = between.join(paragraph.cells) if paragraph.cells else paragraph.text
            if paragraph.note and paragraph.goes_on and lines:
                lines[-1] = joined([lines[-1], text])
                continue
            if paragraph.note:  # amid the page: what follows is set as if the page had turned
                lines += ["", " " * 40, "", _numbered(text)]
                first = True
                continue
            if not first and lines:
                lines += ["", " ", ""] if paragraph.gap and not HORIZON.match(text) else [""]
            lines.append((" " if first else "") + _spaced(text))
            first = False
        if sheet.notes:
            lines += ["", " " * 40]
            for note in sheet.notes:
                lines += ["", _numbered(note)]
    if tables:
        lines += ["", " ", "", *_boxes(tables)]
    return lines


def _spaced(text: str) -> str:
    """Superscripts as a text layer has them: plain digits behind a space."""
    return RAISED.sub(lambda match: f"{match[1]} {match[2].translate(TO_DIGITS)}", text)


def _numbered(note: str) -> str:
    match = NOTE_NUMBER.match(note)
    return f"{normal(match[1])} {note[match.end() :]}" if match else note


def _superscript(note: str) -> str:
    match = NOTE_NUMBER.match(note)
    return f"{normal(match[1]).translate(TO_SUPERSCRIPTS)} {note[match.end() :]}" if match else note


def _contents_row(block: str) -> str | None:
    """A line of the list of contents with a tab before its page, or None where it is none."""
    if len(block) > CONTENTS_LONG:
        return None
    if match := LEADERS.search(block):
        return f"{block[: match.start()].rstrip()}\t{normal(match[1])}"
    head, tab, last = block.rpartition("\t")
    if tab and CONTENTS_NUMBER.match(normal(last).strip()):
        return f"{head}\t{normal(last).strip()}"
    if match := CONTENTS_ROW.match(block):
        return f"{match[1]}\t{normal(match[2])}"
    return None


# --- paragraphs -------------------------------------------------------------------------------------------------


def _sheets(pages: list[Page], of_summary: bool = False, of_slides: bool = False) -> list[Sheet]:
    """The pages' paragraphs. Summaries have few lines to a paragraph, which their distance shows; on slides each list
    mark begins one."""
    close = GAP * _leading(pages)
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
                near = here is not None and last is not None and _distance(last, line) <= close
            turned = here is None and last is not None
            whole = last is not None and len(line.cells) == len(last.cells) == 1
            right = edges[number - turned]
            begins = of_slides and opened and opened.open <= 0 and (line.unmarked or _begins(line.text))
            if of_summary and turned and opened and normal(opened.tail).endswith(RESTS):
                begins = of_slides or line.x0 > left + INDENT * line.size
            if (
                last
                and opened
                and whole
                and not begins
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
                    line = Line(line.x0, line.x1, line.y, line.size, cells)
                    sheet.paragraphs[-1].lines = [line]
            last = line
        count = _mark_notes(sheet, sheets, edges[number], count)
        carried, sheet.notes = _notes(page, count)
        count = max([count, *(int(match[1]) for note in sheet.notes if (match := DIGITS.match(_numbered(note))))])
        holder = next((earlier for earlier in reversed(sheets) if earlier.notes), None)
        if carried and holder:
            holder.notes[-1] = joined([holder.notes[-1], *carried])
        else:
            sheet.notes = [*carried, *sheet.notes]
        sheets.append(sheet)
    return sheets


def _raise_marks(sheet: Sheet) -> None:
    """Make superscripts of the notes' marks where the text has them as plain digits: each note's number once on its
    page, behind a space and before what can follow a mark."""
    texts = "\n".join(paragraph.text for paragraph in sheet.paragraphs)
    for note in sheet.notes:
        match = DIGITS.match(_numbered(note))
        if match is None or match[1].translate(TO_SUPERSCRIPTS) in texts:
            continue
        mark = re.compile(rf"(?<=[^\x00-\x28\x2a-\x7f])[ 　]{match[1]}(?=[、。()（）ぁ-ん]|$)")
        places = [(p, at) for p in sheet.paragraphs for at, line in enumerate(p.lines) if mark.search(line.text)]
        if len(places) == 1:
            paragraph, at = places[0]
            line = paragraph.lines[at]
            cells = tuple(mark.sub(match[1].translate(TO_SUPERSCRIPTS), cell, count=1) for cell in line.cells)
            paragraph.lines[at] = replace(line, cells=cells)


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

    A sign at a line's end that may not begin one does not count: some typesetters hang it out of the column.
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
    """The number of signs a line has at most, where lines are broken by counting signs; else a large number."""
    lengths = Counter(len(line.text) for page in pages for line in page.lines if len(line.cells) == 1)
    if not lengths:
        return 10**6
    most = max(lengths, key=lambda length: (lengths[length], length))
    longer = sum(count for length, count in lengths.items() if length > most)
    fits = lengths[most] >= max(5, COUNTED * lengths.total()) and longer <= 0.1 * lengths.total()
    return most - 1 if fits else 10**6  # a space at a line's end cannot be seen


def _follows(last: Line, line: Line, opened: Opened, right: float, most: int, turned: bool) -> bool:
    """Whether a line goes on with the one before it."""
    if abs(last.size - line.size) > SAME_SIZE * last.size:
        return False
    room = right - last.x1
    if len(last.text) < most and room >= _first_word(line) + SLACK * line.size:
        return False
    text, bracketed = normal(line.text), opened.open > 0
    rests = normal(opened.tail).endswith(RESTS)
    if HORIZON.match(text) or ALONE.match(text) or _stands_alone(opened) or LEADERS.search(opened.tail):
        return False
    if CAPTION.match(text) and not bracketed:
        return False
    if (mark := marks.mark(line.text)) and not bracketed:
        if rests or marks.spaced(mark):
            return False
        if text.startswith(("・", "･")) and line.x0 <= last.x0 + INDENT * line.size:
            return True
    if rests and not bracketed and len(text) <= LONG and (HEADING.match(text) or CIRCLED.match(line.text)):
        return False
    indented = line.x0 > last.x0 + INDENT * line.size
    return bracketed or not (rests and indented and marks.mark(opened.head) is None and not turned)


def _stands_alone(opened: Opened) -> bool:
    """Whether the paragraph so far is a heading that ends where it ends."""
    return opened.short and ALONE.match(normal(opened.head)) is not None


def _first_word(line: Line) -> float:
    """The width of what a typesetter does not part from the line's first sign."""
    text, at = line.text, 1
    while at < len(text):
        sign, before = text[at], text[at - 1]
        latin = before.isascii() and sign.isascii() and not before.isspace() and not sign.isspace()
        if not (latin or sign in NOT_FIRST or before in NOT_LAST):
            break
        at += 1
    wide = sum(1.0 if east_asian_width(sign) in "FWA" else 0.55 for sign in text[:at])
    return wide * line.size


def _cells(line: Line) -> tuple[str, ...]:
    """The cells of a line; a list's mark or a heading's number before a wide gap is no cell of its own."""
    if line.ruled:
        return line.cells
    cells = list(line.cells)
    while len(cells) > 1 and marks.is_label(cells[0]):
        cells[:2] = [f"{cells[0]} {cells[1]}"]
    return tuple(cells)


def _notes(page: Page, before: int) -> tuple[list[str], list[str]]:
    """What goes on with the last note of the page before, and the page's own notes, each as one text.

    A note begins with the number that follows the one before it (or with a sign, where notes bear no numbers).
    """
    notes: list[list[str]] = [[]]
    last: Line | None = None
    for line in page.notes:
        number = note_number(line)
        counts = number is not None and before < number <= before + (MISSED if last is None else 1)
        raised = line.text[:1] in SUPERSCRIPTS
        if (counts and (raised or _rests(last) or len(notes) > 1 or last is None)) or SIGNED_NOTE.match(line.text):
            notes.append([line.text])
            before = number or before
        else:
            notes[-1].append(line.text)
        last = line
    carried, *own = notes
    return carried, [joined(note) for note in own]


def _rests(line: Line | None) -> bool:
    return line is None or normal(line.text).endswith(RESTS)


# --- a roadmap's tables -----------------------------------------------------------------------------------------


def roadmap_place(pages: list[Page]) -> tuple[int, int] | None:
    """The page and line of the roadmap's heading (not its mention in the contents)."""
    for number, page in enumerate(pages):
        for at, line in enumerate(page.lines):
            if ROADMAP.match(normal(line.text.strip())):
                return number, at
    return None


def _split(pages: list[Page], number: int, at: int) -> tuple[list[Page], list[Page]]:
    """The pages before a place and those from it on."""
    page = pages[number]
    upper = Page(page.width, page.height, page.lines[:at], [], [], page.rules)
    lower = Page(page.width, page.height, page.lines[at:], page.notes, [], page.rules)
    return [*pages[:number], upper], [lower, *pages[number + 1 :]]


def _boxes(pages: list[Page]) -> list[str]:
    """The lines of a roadmap: none blank within a cell, one between cells, several between pages."""
    step = pitch(pages)
    lines: list[str] = []
    for page in pages:
        last: Line | None = None
        for line in page.lines:
            if last is None:
                lines += ["", "", ""] if lines else []
            elif line.y - last.y > GAP * step or len(line.cells) > 1:
                lines.append("")
            lines += (
                ["\t".join(line.cells)] if line.ruled else [text for cell in line.cells for text in (cell, "")][:-1]
            )
            last = line
        lines += [text for note in page.notes for text in ("", note.text)]
    return lines


# --- text files -------------------------------------------------------------------------------------------------


def unmarked(lines: list[str]) -> list[str]:
    """A text without the marks of Markdown, line by line: headings, emphasis, notes, tables, quotations, escapes."""
    made = []
    for raw in lines:
        text = MARKED_HEADING.sub("", MARKED_QUOTATION.sub("", raw))
        if text.strip() and MARKED_RULE.fullmatch(text):
            made.append("")
            continue
        text = EMPHASIS.sub("", text)
        text = MARKED_NOTE.sub(lambda match: match[1].translate(TO_SUPERSCRIPTS) + " " * bool(match[2]), text)
        if MARKED_ROW.fullmatch(text):
            text = "\t".join(cell.strip() for cell in text.strip().strip("|").split("|"))
        made.append(ESCAPED.sub(r"\1", text))
    return made


def is_spaced(lines: list[str]) -> bool:
    """Whether most lines have a blank one behind them, as in the text layers that `pdf_text_plan` reads."""
    filled = sum(bool(line.strip()) for line in lines)
    pairs = sum(bool(a.strip()) and bool(b.strip()) for a, b in itertools.pairwise(lines))
    return pairs < filled / 2


def page_numbers(lines: list[str]) -> set[int]:
    """The places of lines that hold a page's number and nothing else: numbers that count on from page to page, and
    pages that are about as long as one another. A roadmap's numbers are its own."""
    runs: dict[int, list[tuple[int, int]]] = {}  # by the number that they end with: (place, filled lines before it)
    best: list[tuple[int, int]] = []
    filled = 0
    for at, raw in enumerate(lines):
        text = normal(raw.strip())
        filled += bool(text)
        if ROADMAP.match(text):
            break
        if len(text) <= PAGE_LONG and PAGE_NUMBER.match(text) and (digits := DIGIT.search(text)):
            number = int(digits[0])
            runs[number] = max([*runs.get(number - 1, []), (at, filled)], runs.get(number, []), key=len)
            best = max(best, runs[number], key=len)
    lengths = sorted(later - earlier for (_, earlier), (_, later) in itertools.pairwise(best))
    if len(best) < FEWEST_PAGES or (usual := lengths[len(lengths) // 2]) < SHORTEST_PAGE:
        return set()
    alike = sum(0.6 * usual <= length <= 1.5 * usual for length in lengths)
    return {at for at, _ in best} if alike >= ALIKE_PAGES * len(lengths) else set()


def pages_of(lines: list[str]) -> list[Page]:
    """A text layer given as text, as if it stood on pages: a sign is one wide, lines are as far apart as blanks say.

    Pages turn at form feeds and behind page numbers that count on; where there are none, and most lines have a blank
    one behind them, at two lines without.
    """
    spaced = is_spaced(lines)
    numbers = page_numbers(lines)
    pages: list[Page] = []
    blanks, y, turned = 0, 0.0, True
    for at, raw in enumerate(lines):
        turned = turned or "\x0c" in raw or at - 1 in numbers
        text = raw.replace("\x0c", "").rstrip()
        if not text.strip():
            blanks += 1
            continue
        if turned or (spaced and blanks == 0 and not numbers):
            pages.append(Page(UNPAGED, UNPAGED))
            y, turned = 0.0, False
        y += max(blanks, 1) if spaced else blanks + 1
        blanks = 0
        indent = len(text) - len(text.lstrip())
        wide = sum(1.0 if east_asian_width(sign) in "FWA" else 0.5 for sign in text.strip())
        start = float(indent if not (raw.startswith(" ") and y == 1.0) else 0)
        cells = tuple(cell for cell in WIDE_GAP.split(text.strip()) if cell)
        pages[-1].lines.append(Line(start, start + wide, y, SIZELESS, cells))
    if len(pages) > 1:
        for page in pages:
            page.height = page.lines[-1].y + 1
    return pages
