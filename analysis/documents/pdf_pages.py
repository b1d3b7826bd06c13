"""The text of a PDF as lines with their places: what stands on its pages, without what a page repeats or hides.

The library (PDFium) is native code and the file comes from elsewhere, so it is read in a process of its own that may
take only so much time and memory; whatever happens there, the caller gets a `Pdf` or one `DocumentFaulty`. Lengths
are in points, y grows downwards. What is done, in order, a page at a time: signs that nobody can see go (and are
counted), the page is turned so that its text runs level, signs become lines, lines at the page's edge that other
pages repeat go (and are kept in `edges`), notes at the foot are told from the text.
"""

import ctypes
import itertools
import json
import math
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from analysis.base.errors import DocumentFaulty
from analysis.base.japanese import SUPERSCRIPTS, join_lines, mended, normal, squeeze
from analysis.documents import ruled_tables

SIGNATURE = b"%PDF-"
BYTES = 100_000_000
PAGES = 2_000
SIGNS = 4_000_000  # of the whole document
SECONDS = 40
MEMORY = 1_500_000_000  # bytes of the process that reads; the one that waits for it needs its own
RAISED = 0.8  # a sign smaller than this share of its line, and higher, is a superscript
SMALL = 0.94  # notes are set at most at this share of the text's size
EM_GAP = 0.9  # a gap from which on a space of full width stands there, in the text's size
CELL_GAP = 1.8  # a gap that parts cells
WORD_GAP = 0.2  # a gap that parts Latin words
LEVEL = 1.5  # points by which the places of repeated lines differ at most
REPEATED = 0.6  # the share of pages on which a running head or foot stands
MISSED = 10  # notes that may have gone unseen between one and the next
COLUMNED = 0.6  # the share of pages that have columns, where the plan is set in columns
MARGIN = 0.07  # of the page's height: where only heads and numbers stand
CROSSING = 0.01  # the share of signs (of an address that is too long) that may stand between columns
FEWEST_SIGNS, FEWEST_LINES = 40, 4  # of a page with columns, of a column
STEADY = 0.9  # the share of lines at the height of running heads that are such
EDGE_LINES = 2  # a running head or foot has that many lines at most
INVISIBLE = (3, 7)  # text render modes: neither filled nor stroked
PALE = 250  # from this value on, in all three channels, a colour is white
LIST_SIGNS = ("-", "*", "+", "–", "—")  # list marks whose space cannot be done without
SIZELESS = 1.0  # the size of a text file's lines: smaller than any sign that is read
STROKE = 3.5  # points below which an area is a line (PDFium adds a point on each side)
SEGMENTS = 20_000  # of a page's drawings
TINY = 1.5  # points below which no text can be read
NUMBER = re.compile(r"[0-9]+")
NOTE = re.compile(rf"(?:[0-9]{{1,3}}|[{SUPERSCRIPTS}]{{1,4}}|[※*注])[)）.．:：]?[ 　]*(?=\D)")
NUMBERED_NOTE = re.compile(rf"([0-9]{{1,3}}|[{SUPERSCRIPTS}]{{1,4}})[)）]?(?![0-9.．])[ 　]*\S")
HEADING = re.compile(r"[(<](?:現状と課題|施策の方向性|KPI ?について)[)>]$")
PAGE_NUMBER = re.compile(
    r"\W{0,3}[0-9]{1,4}(?: ?/ ?[0-9]{1,4})?\W{0,3}$|\W{0,2}(?:p|page|P|Page|PAGE|頁)[. ]{0,2}[0-9]{1,4}\W{0,2}$|"
    r"\W{0,2}[0-9]{1,4} ?(?:頁|ページ)\W{0,2}$"
)


@dataclass(frozen=True)
class Line:
    """A line of a page: where it stands, how large its signs are, and its cells (texts that wide gaps part)."""

    x0: float
    x1: float
    y: float
    size: float
    cells: tuple[str, ...]
    ruled: bool = False  # a row of a table with ruling lines; its cells are all of them, empty ones too
    unmarked: bool = False  # whether a blank or a sign without a letter, as list marks can be, stands before its text

    @property
    def text(self) -> str:
        return " ".join(self.cells)


@dataclass
class Page:
    """The lines of a page in reading order; `edges` are running heads, feet and page numbers, left out of the text."""

    width: float
    height: float
    lines: list[Line] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    edges: list[Line] = field(default_factory=list)
    rules: list[tuple[float, float, float]] = field(default_factory=list)  # level strokes: x0, x1, y


@dataclass
class Pdf:
    """A PDF as read; `left_out` counts signs that are no part of the text, by reason."""

    pages: list[Page]
    left_out: dict[str, int]
    tool: str
    count: int  # of the file's pages; each column of a page is one of `pages`


def is_pdf(content: bytes) -> bool:
    """Whether a file calls itself a PDF (some have a few bytes before the signature)."""
    return SIGNATURE in content[:1024]


def tool() -> str:
    return f"pypdfium2 {version('pypdfium2')}"


def read(file: Path) -> Pdf:
    """The file's pages. Raises DocumentFaulty where it is no PDF, encrypted, broken, too large, or without text."""
    if file.stat().st_size > BYTES:
        raise DocumentFaulty(f"{file} is larger than {BYTES // 10**6} MB: give a smaller PDF, or its text")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "analysis.documents.pdf_pages", str(file)],
            capture_output=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise DocumentFaulty(f"{file} takes longer than {SECONDS} s to read: give its text in place of it") from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise DocumentFaulty(
            f"{file} cannot be read (the PDF's reader broke off): save it anew with a PDF program, or give its text"
        ) from None
    return assembled(answer, file)


def assembled(answer: dict[str, Any], file: Path) -> Pdf:
    """The pages from what `extract` gives, with edges and notes apart. Raises DocumentFaulty."""
    if "error" in answer:
        raise DocumentFaulty(f"{file} {answer['error']}")
    shift = _in_columns(answer["pages"])
    pages = [_page(row) for row in answer["pages"]] if shift is None else _columns_of(answer["pages"], shift)
    if not any(page.lines for page in pages):
        raise DocumentFaulty(
            f"{file} has no text ({len(pages)} pages, perhaps a scan): run OCR on it, or give its text"
        )
    return Pdf(apart(pages), answer["left_out"], tool(), len(answer["pages"]))


def apart(pages: list[Page]) -> list[Page]:
    """The pages with their edges and notes taken out of their lines."""
    _part_edges(pages)
    _part_notes(pages)
    return pages


def _in_columns(rows: list[dict[str, Any]]) -> float | None:
    """How far the right column stands from the left one, where most pages have two."""
    shifts = [right[0]["x0"] - left[0]["x0"] for row in rows if row["columns"] for left, right, _ in [row["columns"]]]
    filled = sum(bool(row["lines"]) for row in rows)
    return median(shifts) if len(shifts) >= COLUMNED * filled and len(shifts) > 1 else None


def _columns_of(rows: list[dict[str, Any]], shift: float) -> list[Page]:
    """The columns of each page one after the other, each as a page of its own, without the pages' heads and feet."""
    margins = [_page(row | {"lines": row["columns"][2]}) for row in rows if row["columns"]]
    _part_edges(margins)
    rest = iter(margins)
    pages = []
    for row in rows:
        if not row["columns"]:
            pages.append(_page(row))
            continue
        edge = next(rest)
        left, right = (_page(row | {"lines": lines}) for lines in row["columns"][:2])
        middle = left.lines[0].x0 + shift
        for page, on_right in ((left, False), (right, True)):
            more = [line for line in edge.lines if (line.x0 >= middle - 1) == on_right]
            page.lines = sorted([*page.lines, *more], key=lambda line: line.y)
        right.lines = [
            replace(line, x0=round(line.x0 - shift, 1), x1=round(line.x1 - shift, 1)) for line in right.lines
        ]
        left.edges = edge.edges
        pages += [left, right]
    return pages


def _page(row: dict[str, Any]) -> Page:
    lines = [Line(**{**line, "cells": tuple(line["cells"])}) for line in row["lines"]]
    return Page(row["width"], row["height"], lines, rules=[(a, b, c) for a, b, c in row["rules"]])


# --- what stands at the page's edge and foot --------------------------------------------------------------------


def body_size(pages: Iterable[Page]) -> float:
    """The size in which most of the text is set."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size * 2) / 2] += 0 if line.ruled else len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size)) if sizes else 10.0


def pitch(pages: Iterable[Page]) -> float:
    """The usual distance of two lines of text: the one that most lines keep."""
    steps: Counter[float] = Counter()
    size = body_size(pages)
    for page in pages:
        for upper, lower in zip(page.lines, page.lines[1:], strict=False):
            if 0.9 * size < lower.y - upper.y < 4 * size and not upper.ruled:
                steps[round((lower.y - upper.y) * 2) / 2] += 1
    return max(steps, key=lambda step: (steps[step], -step)) if steps else 1.7 * size


def _part_edges(pages: list[Page]) -> None:
    """Take running heads, feet and page numbers out of the pages' lines.

    They stand first or last, at the same height and with the same words (numbers aside) on most pages, or on most of
    those with the same parity; a head that names the chapter stands on some, but apart from the text on all.
    """
    step = pitch(pages)
    for at_top in (True, False):
        for _ in range(EDGE_LINES):
            found = _repeated(pages, at_top, step)
            for page, line in found:
                page.lines.remove(line)
                page.edges.append(line)


Row = tuple[int, Page, Line]  # a page's number, the page, and its first or last line


def _repeated(pages: list[Page], at_top: bool, step: float) -> list[tuple[Page, Line]]:
    """The outermost lines that are furniture: see `_part_edges`."""
    rows = [(n, page, line) for n, page in enumerate(pages) if (line := _outermost(page, at_top)) is not None]
    heights: dict[float, list[Row]] = defaultdict(list)
    for row in rows:
        heights[_height(row, at_top)].append(row)
    found = []
    for height, here in heights.items():
        level = [row for other, some in heights.items() if abs(other - height) <= LEVEL for row in some]
        keys = Counter(_key(line) for _, _, line in level)
        sides = Counter((_key(line), number % 2) for number, _, line in level)
        steady = _steady(level, keys, len(rows), at_top, step)
        for number, page, line in here:
            text, apart = normal(line.text.strip()), _apart(page, line, at_top, step)
            count, side = keys[_key(line)], sides[_key(line), number % 2]
            most = count >= 2 and count >= REPEATED * len(pages)
            most_of_side = side >= 3 and side >= REPEATED * (len(pages) + 1 - number % 2) / 2
            repeated = (most or most_of_side) and (apart or count > 3)
            if (apart and PAGE_NUMBER.match(text)) or (not HEADING.match(text) and (repeated or (apart and steady))):
                found.append((page, line))
    return found


def _outermost(page: Page, at_top: bool) -> Line | None:
    """The first or last line, if it stands in the page's outer fifth."""
    if not page.lines:
        return None
    line = page.lines[0 if at_top else -1]
    return line if not line.ruled and (line.y < page.height / 5 if at_top else line.y > page.height * 4 / 5) else None


def _key(line: Line) -> str:
    return NUMBER.sub("#", squeeze(line.text))


def _height(row: Row, at_top: bool) -> float:
    """How far a line stands from the page's edge."""
    _, page, line = row
    return round(line.y if at_top else page.height - line.y, 1)


def _apart(page: Page, line: Line, at_top: bool, step: float) -> bool:
    """Whether a page's first or last line stands farther from the others than lines of text do."""
    others = page.lines[1:2] if at_top else page.lines[-2:-1]
    return not others or abs(others[0].y - line.y) > 1.3 * step


def _steady(level: list[Row], keys: Counter[str], pages: int, at_top: bool, step: float) -> bool:
    """Whether most pages have something at this height, and what stands there is apart from the text and repeated."""
    steady = sum(_apart(page, line, at_top, step) and keys[_key(line)] >= 2 for _, page, line in level)
    return len(level) >= 3 and len(level) >= REPEATED * pages and steady >= STEADY * len(level)


def _part_notes(pages: list[Page]) -> None:
    """Move the notes at the foot of each page from its lines to its notes.

    Notes are set smaller than the text, or stand below a short rule, or come after a gap with the next number.
    """
    size, step = body_size(pages), pitch(pages)
    count, open_note = 0, False
    for page in pages:
        at = _foot(page, size, step, count, open_note)
        page.lines, page.notes = page.lines[:at], page.lines[at:]
        if page.notes:
            for line in page.notes:
                number = note_number(line) or 0
                count = number if count < number <= count + (1 if line is not page.notes[0] else MISSED) else count
        open_note = bool(page.notes)


def note_number(line: Line) -> int | None:
    match = None if line.ruled else NUMBERED_NOTE.match(line.text.strip())
    return int(normal(match[1])) if match else None


def _foot(page: Page, size: float, step: float, count: int, open_note: bool) -> int:
    """The place of the first line of the notes (the number of lines where there are none)."""
    lines, end = page.lines, len(page.lines)
    next_numbers = range(count + 1, count + MISSED)
    small = end
    while small and lines[small - 1].size <= SMALL * size and not lines[small - 1].ruled:
        small -= 1
    for at in range(small, end):
        if NOTE.match(lines[at].text.strip()) and (note_number(lines[at]) or 0) in (0, *next_numbers):
            carried = open_note and at > small and lines[small].y > page.height / 2
            return small if carried and at - small <= 6 and not _label(lines[small]) else at
    for x0, x1, y in page.rules:
        if page.height / 4 < y and x1 - x0 < 0.6 * page.width:
            below = next((at for at, line in enumerate(lines) if line.y > y), end)
            if below < end and note_number(lines[below]) in next_numbers:
                return below
    for at in range(1, end):
        # a text's lines have no size, and its notes need not be parted from it
        parted = lines[at].y - lines[at - 1].y > 1.3 * step or lines[at].size == SIZELESS
        if parted and note_number(lines[at]) == count + 1 and _only_notes(lines[at:], count, step):
            return at
    return end


def _label(line: Line) -> bool:
    return re.match(r"[(（]?(?:出典|資料|図表?|表|注)", normal(line.text.strip())) is not None


def _only_notes(lines: list[Line], count: int, step: float) -> bool:
    """Whether all lines to the page's end are notes that go on counting; a gap inside would end them."""
    for upper, lower in itertools.pairwise(lines):
        if lower.y - upper.y > 1.3 * step and note_number(lower) is None:
            return False
    numbers = [number for line in lines if (number := note_number(line)) is not None and number <= count + len(lines)]
    return numbers[:1] == [count + 1] and not any(re.match(r"[・●○]|[(（][短中長]", line.text) for line in lines)


# --- in the process that reads: signs → lines -------------------------------------------------------------------


@dataclass(frozen=True)
class Sign:
    """A character on the page, after the page was turned."""

    text: str
    x0: float
    x1: float
    y: float  # of its baseline, downwards
    size: float


class _Refused(Exception):
    """A PDF that cannot be read; the message goes on a sentence that begins with the file's name."""


def extract(content: bytes) -> dict[str, Any]:
    """The pages' lines and what was left out, or an error, as JSON can hold it."""
    try:
        return _extract(content)
    except _Refused as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": f"needs more than {MEMORY / 10**9} GB to be read: give its text in place of it"}


def _extract(content: bytes) -> dict[str, Any]:
    import pypdfium2
    from pypdfium2 import PdfiumError, raw

    try:
        document = pypdfium2.PdfDocument(content)
    except PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise _Refused("is encrypted: save it without a password") from error
        raise _Refused("is no PDF that can be read (broken or cut off): fetch it anew") from error
    count = len(document)
    if not 0 < count <= PAGES:
        raise _Refused(f"has {count} pages; 1 to {PAGES} can be read")
    left_out: Counter[str] = Counter()
    pages, signs, blank = [], 0, 0
    for number in range(count):
        try:
            page = document[number]
        except PdfiumError:
            raise _Refused(f"is broken at page {number + 1}: save it anew with a PDF program") from None
        made, seen = _read_page(page, left_out)
        signs += seen
        if signs > SIGNS:
            raise _Refused(f"holds more than {SIGNS} signs: give a part of it")
        blank += not made["lines"]
        pages.append(made)
        page.close()
    if blank:
        left_out["pages without text"] = blank
    return {"pages": pages, "left_out": dict(sorted(left_out.items()))}


def _read_page(page: Any, left_out: Counter[str]) -> tuple[dict[str, Any], int]:
    from pypdfium2 import raw

    boxes, rules, covered = _grounds(page, raw)
    rules += _segments(page, raw)
    textpage = page.get_textpage()
    raw_count = textpage.count_chars()
    if raw_count > SIGNS:
        raise _Refused(f"holds more than {SIGNS} signs: give a part of it")
    frame = _frame(page, raw)
    visible: list[tuple[int, Sign]] = []
    unseen: list[tuple[int, Sign]] = []
    hidden: Counter[str] = Counter()
    for angle, sign, reason in _signs(textpage, raw_count, frame, boxes, raw):
        if reason is None:
            visible.append((angle, sign))
        elif reason == "unmapped signs":
            left_out[reason] += 1
            visible.append((angle, sign))  # without a letter, it still fills its place: there is no gap
        else:
            hidden[reason] += 1
            if reason == "invisible signs":
                unseen.append((angle, sign))
    if (
        not any(sign.text for _, sign in visible)
        and unseen
        and covered > 0.5 * abs((frame[2] - frame[0]) * (frame[3] - frame[1]))
    ):
        # a scan with the text that OCR laid under it: nothing else says what is on the page
        left_out["pages with OCR text only"] += 1
        visible, hidden = unseen, hidden - Counter({"invisible signs": len(unseen)})
    left_out += hidden
    textpage.close()
    turn = _main_angle(visible)
    left_out["signs at another angle"] += sum(angle != turn for angle, _ in visible)
    left_out += Counter()  # zeros go
    level = [sign for angle, sign in visible if angle == turn]
    corners = [_turn(x, y, turn) for x in (frame[0], frame[2]) for y in (frame[1], frame[3])]
    left, top = min(x for x, _ in corners), min(y for _, y in corners)
    width, height = max(x for x, _ in corners) - left, max(y for _, y in corners) - top
    moved = [replace(sign, x0=sign.x0 - left, x1=sign.x1 - left, y=sign.y - top) for sign in level]
    strokes, upright = [], []
    for a, b, c, d in rules:
        (x, y), (other_x, other_y) = _turn(a, b, turn), _turn(c, d, turn)
        across, along = sorted((x - left, other_x - left)), sorted((y - top, other_y - top))
        if along[1] - along[0] < STROKE:
            strokes.append((round(across[0], 1), round(across[1], 1), round(sum(along) / 2, 1)))
        elif across[1] - across[0] < STROKE:
            upright.append((round(along[0], 1), round(along[1], 1), round(sum(across) / 2, 1)))
    rows: list[Line] = []
    for cells in ruled_tables.tables(strokes, upright):
        found, moved = _table(cells, moved)
        rows += found
    lines = [asdict(line) for line in sorted([*_lines(moved), *rows], key=lambda line: (line.y, line.x0))]
    made = {"width": width, "height": height, "lines": lines, "rules": sorted(strokes, key=lambda r: r[2])}
    return made | {"columns": [] if rows else _columns(moved, height)}, raw_count


def _columns(signs: list[Sign], height: float) -> list[list[dict[str, Any]]]:
    """The lines of the left and of the right column and those at the page's edges, where a strip in the middle of the
    page holds hardly any sign; else nothing. What stands at the edges (heads, page numbers) may stand across."""
    filled = [sign for sign in signs if sign.text.strip()]
    text = [sign for sign in filled if MARGIN * height < sign.y < (1 - MARGIN) * height]
    if len(text) < FEWEST_SIGNS:
        return []
    first, last = min(sign.x0 for sign in text), max(sign.x1 for sign in text)
    cover = [0] * (int(last - first) + 2)  # how many signs stand over each point
    for sign in text:
        for point in range(int(sign.x0 - first), int(sign.x1 - first) + 1):
            cover[point] += 1
    few, size = CROSSING * len(text), median(sign.size for sign in text)
    start = widest = run = 0
    for point in range(int(0.4 * len(cover)), int(0.6 * len(cover))):
        run = run + 1 if cover[point] <= few else 0
        start, widest = (point - run + 1, run) if run > widest else (start, widest)
    if widest < size:
        return []
    middle = first + start + widest / 2
    halves: list[list[Sign]] = [[], []]
    for sign in signs:
        if MARGIN * height < sign.y < (1 - MARGIN) * height:
            halves[sign.x0 > middle].append(sign)  # where it begins: one may hang out of the left column
    edge = [sign for sign in signs if not MARGIN * height < sign.y < (1 - MARGIN) * height]
    across = {round(sign.y) for sign in edge if sign.text.strip() and abs(sign.x0 + sign.x1 - 2 * middle) < size}
    parts = [[sign for sign in edge if round(sign.y) in across]]
    parts += [
        [sign for sign in edge if round(sign.y) not in across and (sign.x0 + sign.x1 > 2 * middle) == right]
        for right in (False, True)
    ]
    found = [_lines(halves[0]), _lines(halves[1]), [line for part in parts for line in _lines(part)]]
    if min(map(len, found[:2])) < FEWEST_LINES:
        return []
    return [[asdict(line) for line in sorted(lines, key=lambda line: line.y)] for lines in found]


def _table(cells: list[ruled_tables.Cell], signs: list[Sign]) -> tuple[list[Line], list[Sign]]:
    """A table's rows, and the signs that stand outside of it."""
    held: dict[ruled_tables.Cell, list[Sign]] = {cell: [] for cell in cells}
    outside: list[Sign] = []
    for sign in signs:
        x, y = (sign.x0 + sign.x1) / 2, sign.y - 0.35 * sign.size
        place = next((cell for cell in cells if cell.holds(x, y)), None)
        (outside if place is None else held[place]).append(sign)
    texts = {cell: _cell_text(cell, _lines(some)) for cell, some in held.items()}
    if len({cell.column for cell, text in texts.items() if text}) < 2:
        return [], signs
    sizes = [line.size for some in held.values() for line in _lines(some)[:1]]
    width = 1 + max(cell.column + cell.columns for cell in cells)
    rows = []
    for row, starting in itertools.groupby(cells, key=lambda cell: cell.row):
        made = [""] * (width - 1)
        for cell in (some := list(starting)):
            made[cell.column] = texts[cell]
        if any(made):
            y = some[0].y0 + 0.01 * row
            rows.append(
                Line(cells[0].x0, max(cell.x1 for cell in cells), round(y, 2), median(sizes), tuple(made), True)
            )
    return rows, outside


def _cell_text(cell: ruled_tables.Cell, lines: list[Line]) -> str:
    """A cell's lines as one text, with a space of full width where a line ends before the cell does."""
    text = "".join(line.text for line in lines[:1])
    reached = max((line.x1 for line in lines), default=0.0)
    for upper, lower in itertools.pairwise(lines):
        ended = reached - upper.x1 > 1.2 * lower.size
        text = f"{text}　{lower.text}" if ended else join_lines([text, lower.text])
    return text


Box = tuple[float, float, float, float]


def _frame(page: Any, raw: Any) -> Box:
    """What of the page is shown: left, bottom, right, top."""
    box = raw.FS_RECTF()
    if not raw.FPDF_GetPageBoundingBox(page, box):
        return page.get_cropbox()  # type: ignore[no-any-return]
    return min(box.left, box.right), min(box.bottom, box.top), max(box.left, box.right), max(box.bottom, box.top)


def _grounds(page: Any, raw: Any) -> tuple[list[Box], list[Box], float]:
    """What white text can be seen on (coloured areas, pictures), thin strokes, and the area of pictures."""
    grounds, strokes, covered = [], [], 0.0
    kinds = (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING)
    for found in page.get_objects(filter=kinds, max_depth=5):
        with suppress(Exception):
            box = found.get_bounds() if hasattr(found, "get_bounds") else found.get_pos()
            if found.type == raw.FPDF_PAGEOBJ_IMAGE:
                covered += abs((box[2] - box[0]) * (box[3] - box[1]))
                grounds.append(box)
            elif found.type == raw.FPDF_PAGEOBJ_SHADING:
                grounds.append(box)
            else:
                if min(box[2] - box[0], box[3] - box[1]) < STROKE:
                    strokes.append(box)
                mode, stroked = ctypes.c_int(), ctypes.c_int()
                raw.FPDFPath_GetDrawMode(found, mode, stroked)
                if mode.value and not _pale(found, raw):
                    grounds.append(box)
    return grounds, strokes, covered


def _segments(page: Any, raw: Any) -> list[Box]:
    """The straight strokes of the page's paths."""
    found: list[Box] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,), max_depth=5):
        mode, stroked = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(path, mode, stroked)
        if not stroked.value:
            continue
        matrix = path.get_matrix()
        start = before = (0.0, 0.0)
        for index in range(min(raw.FPDFPath_CountSegments(path), SEGMENTS - len(found))):
            segment = raw.FPDFPath_GetPathSegment(path, index)
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            point = matrix.on_point(x.value, y.value)
            kind = raw.FPDFPathSegment_GetType(segment)
            if kind == raw.FPDF_SEGMENT_MOVETO:
                start = point
            elif kind == raw.FPDF_SEGMENT_LINETO:
                found.append((*before, *point))
            if raw.FPDFPathSegment_GetClose(segment):
                found.append((*point, *start))
            before = point
    return found


def _pale(found: Any, raw: Any) -> bool:
    """Whether an object's fill is white or cannot be seen through to anything."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFPageObj_GetFillColor(found, red, green, blue, alpha):
        return False
    return alpha.value == 0 or min(red.value, green.value, blue.value) >= PALE


def _signs(
    textpage: Any, count: int, frame: Box, grounds: list[Box], raw: Any
) -> Iterable[tuple[int, Sign, str | None]]:
    """Each sign of the page with its angle (in quarters of a turn; -1 for a slant) and why it is left out, if it is."""
    box = raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    matrix = raw.FS_MATRIX()
    known: dict[int, tuple[float, int, str | None, bool]] = {}
    handle = textpage.raw
    high = 0
    for index in range(count):
        code = raw.FPDFText_GetUnicode(handle, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code, high = (0x10000 + ((high - 0xD800) << 10) + code - 0xDC00 if high else 0), 0
        if raw.FPDFText_IsHyphen(handle, index) == 1:
            code = ord("-")  # PDFium takes one at a line's end for a parted word's
        elif raw.FPDFText_IsGenerated(handle, index) == 1 or code in (0x0A, 0x0D):
            continue
        thing = raw.FPDFText_GetTextObject(handle, index)
        key = ctypes.cast(thing, ctypes.c_void_p).value or 0
        if key not in known:
            raw.FPDFText_GetMatrix(handle, index, matrix)
            known[key] = _style(thing, matrix, raw)
        scale, angle, reason, white = known[key]
        size = raw.FPDFText_GetFontSize(handle, index) * scale
        raw.FPDFText_GetCharOrigin(handle, index, x, y)
        raw.FPDFText_GetLooseCharBox(handle, index, box)
        character = mended(chr(code)) if 0 < code < 0x110000 else ""
        across, up = (box.left + box.right) / 2, (box.bottom + box.top) / 2
        sign = Sign(character, *_ends(box, angle), _turn(x.value, y.value, max(angle, 0))[1], size)
        if reason is None and not (frame[0] <= across <= frame[2] and frame[1] <= up <= frame[3]):
            reason = "signs off the page"
        elif reason is None and size < TINY:
            reason = "signs too small to see"
        elif reason is None and white and not any(a <= across <= c and b <= up <= d for a, b, c, d in grounds):
            reason = "white signs on white"
        elif reason is None and not character:
            reason = "unmapped signs"
        yield angle, sign, reason


def _style(thing: Any, matrix: Any, raw: Any) -> tuple[float, int, str | None, bool]:
    """Of a run of text: the scale of its size, its angle in quarters, whether it is invisible, whether it is white."""
    scale = math.hypot(matrix.c, matrix.d) or 1.0
    degrees = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
    quarter = round(degrees / 90) % 4
    angle = quarter if min(abs(degrees - 90 * q) for q in (quarter, quarter + 4)) < 5 else -1
    if not thing:
        return scale, angle, None, False
    mode = raw.FPDFTextObj_GetTextRenderMode(thing)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    coloured = mode in (0, 2) and raw.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha)
    if mode in INVISIBLE or (coloured and alpha.value == 0):
        return scale, angle, "invisible signs", False
    return scale, angle, None, bool(coloured and min(red.value, green.value, blue.value) >= PALE)


def _ends(box: Any, angle: int) -> tuple[float, float]:
    """Where a sign begins and ends along its line."""
    if angle == 1:
        return box.bottom, box.top
    if angle == 2:
        return -box.right, -box.left
    if angle == 3:
        return -box.top, -box.bottom
    return box.left, box.right


def _turn(x: float, y: float, angle: int) -> tuple[float, float]:
    """A point of the page where text that runs at this angle runs level; y downwards."""
    return [(x, -y), (y, x), (-x, y), (-y, -x)][angle]


def _main_angle(signs: list[tuple[int, Sign]]) -> int:
    angles = Counter(angle for angle, sign in signs if angle >= 0 and sign.text.strip())
    return max(angles, key=lambda angle: (angles[angle], -angle)) if angles else 0


def _lines(signs: list[Sign]) -> list[Line]:
    """The lines of a page: signs whose middle stands in the band of a larger one are of its line."""
    bands: dict[int, list[tuple[float, float, list[Sign]]]] = defaultdict(list)
    rows: list[list[Sign]] = []
    for sign in sorted(signs, key=lambda sign: (-round(sign.size, 1), sign.y, sign.x0)):
        middle = sign.y - 0.35 * sign.size
        near = [band for slot in (-1, 0, 1) for band in bands[int(middle // 16) + slot]]
        row = next((members for top, bottom, members in near if top <= middle <= bottom), None)
        if row is None:
            row = []
            rows.append(row)
            half = 0.42 * sign.size
            for slot in {int((middle - half) // 16), int((middle + half) // 16)}:
                bands[slot].append((middle - half, middle + half, row))
        row.append(sign)
    ordered = [sorted(row, key=lambda sign: (sign.x0, sign.y)) for row in rows]
    lines = [line for row in ordered if any(sign.text.strip() for sign in row) if (line := _line(row))]
    return sorted(lines, key=lambda line: (line.y, line.x0))


def _line(signs: list[Sign]) -> Line | None:
    """Signs side by side as a line: spaces where gaps stand for them, superscripts as such, doubled signs once."""
    sizes: Counter[float] = Counter()
    for sign in signs:
        sizes[round(sign.size, 1)] += bool(sign.text.strip())
    size = max(sizes, key=lambda s: (sizes[s], s))
    base = median(sign.y for sign in signs if round(sign.size, 1) == size)
    cells, text = [], ""
    before: Sign | None = None
    space = ""
    for sign in signs:
        piece = sign.text
        if not piece.strip():
            space = space or piece
            before = before if piece else sign
            continue
        if before is not None:
            if piece == before.text and sign.x0 - before.x0 < 0.2 * size and abs(sign.y - before.y) < 0.2 * size:
                continue  # bold, made by setting it twice
            gap = (sign.x0 - before.x1) / size
            if gap > CELL_GAP:
                cells.append(text)
                text = ""
            elif space:
                text += space
            elif gap > EM_GAP:
                text += "　"
            elif gap > WORD_GAP and ((text[-1:].isascii() and piece.isascii()) or text in LIST_SIGNS):
                text += " "
        space = ""
        if sign.size <= RAISED * size and base - sign.y > 0.2 * size and normal(piece).isdigit():
            piece = "".join(SUPERSCRIPTS[int(digit)] for digit in normal(piece))
        text += piece
        before = sign
    cells.append(text)
    cells = [cell.strip() for cell in cells if cell.strip()]
    if not cells or before is None:
        return None
    seen = [sign for sign in signs if sign.text.strip()]
    unmarked = signs[0].text in ("", " ") and seen[0].x0 - signs[0].x1 < CELL_GAP * size
    x1 = max(sign.x1 for sign in seen)
    return Line(round(seen[0].x0, 1), round(x1, 1), round(base, 1), round(size, 2), tuple(cells), unmarked=unmarked)


def _limit() -> None:
    """Bound this process's memory and time: the file may be made to use up all of both."""
    import resource

    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def main(name: str) -> None:
    _limit()
    json.dump(extract(Path(name).read_bytes()), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
