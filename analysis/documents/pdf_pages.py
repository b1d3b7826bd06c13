"""The text of a PDF as lines with their places: what stands on its pages, without what a page repeats or hides.

The library (PDFium) is native code and the file comes from elsewhere, so it is read in a process of its own that may
take only so much time and memory; whatever happens there, the caller gets a `Pdf` or one `DocumentFaulty`. Lengths
are in points, y grows downwards. What is done, in order, a page at a time: characters that nobody can see go (and are
counted), the page is turned so that its text runs level, characters become lines, lines at the page's edge that other
pages repeat go (and are kept in `edges`), notes at the foot are told from the text.
"""

import ctypes
import json
import math
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, cast

from analysis.base.errors import DocumentFaulty
from analysis.base.japanese import mended
from analysis.documents import bounded_process, ocr, page_parts
from analysis.documents.document import Line, Page
from analysis.documents.page_lines import Character, runs_down, set_out

SIGNATURE = b"%PDF-"
BYTES = 100_000_000
PAGES = 2_000
CHARACTERS = 4_000_000  # of the whole document
SECONDS = 35
FEWEST_OF_PROSE = 25  # lines of a column of running text
FULL, OFTEN = 2.5, 0.15  # characters that a full line lacks at most; the share of such lines
COLUMNED = 0.6  # the share of pages that have columns, where the plan is set in columns
INVISIBLE = (3, 7)  # text render modes: neither filled nor stroked
PALE = 250  # from this value on, in all three channels, a colour is white
STROKE = 3.5  # points below which an area is a line (PDFium adds a point on each side)
SEGMENTS = 20_000  # of a page's drawings
PICTURED = 0.5  # the share of a page from which on pictures are the page
STAMPED = 0.1  # of the page's height: where a stamp, a running head or a page number stands on a scan
OUTLINES = 300  # drawings of a page without letters, from which on they may be its letters
NAMED = 10  # pages that are named one by one
BLANK = "pages without text"
TINY = 1.5  # points below which no text can be read


@dataclass
class Pdf:
    """A PDF as read; `left_out` counts characters that are no part of the text, by reason."""

    pages: list[Page]
    left_out: dict[str, int]
    tool: str
    count: int  # of the file's pages; each column of a page is one of `pages`
    by_ocr: list[int] = field(default_factory=list)  # the numbers of the pages that were recognised here


def is_pdf(content: bytes) -> bool:
    """Whether a file calls itself a PDF (some have a few bytes before the signature)."""
    return SIGNATURE in content[:1024]


def tool() -> str:
    return f"pypdfium2 {version('pypdfium2')}"


def read(file: Path, recognise: ocr.Recogniser | None = None) -> Pdf:
    """The file's pages; those that are pictures as `recognise` reads them, if it is given.

    Raises DocumentFaulty where it is no PDF, encrypted, broken, too large, or without text.
    """
    if file.stat().st_size > BYTES:
        raise DocumentFaulty(f"{file} is larger than {BYTES // 10**6} MB: give a smaller PDF, or its text")
    try:
        output = bounded_process.output_of(__name__, [str(file)], SECONDS)
    except subprocess.TimeoutExpired:
        raise DocumentFaulty(f"{file} takes longer than {SECONDS} s to read: give its text in place of it") from None
    try:
        answer = json.loads(output)
    except ValueError:
        raise DocumentFaulty(
            f"{file} cannot be read (the PDF's reader broke off): save it anew with a PDF program, or give its text"
        ) from None
    scans = [number for number, row in enumerate(answer.get("pages", []), 1) if row["scan"]]
    return assembled(answer, file, recognise(file, scans) if scans and recognise else ocr.Recognised())


def assembled(answer: dict[str, Any], file: Path, recognised: ocr.Recognised | None = None) -> Pdf:
    """The pages from what `extract` gives, with edges and notes apart. Raises DocumentFaulty."""
    if "error" in answer:
        raise DocumentFaulty(f"{file} {answer['error']}")
    recognised = recognised or ocr.Recognised()
    rows = [recognised.pages.get(number, row) for number, row in enumerate(answer["pages"], 1)]
    shift = _in_columns(rows)
    one_column = [_page(row | {"lines": _one_column(row)}) for row in rows] if shift is None else []
    pages = one_column if shift is None else _columns_of(rows, shift)
    unread = {number: recognised.unread.get(number, recognised.advice) for number, row in enumerate(rows, 1)
              if row.get("scan")}  # fmt: skip
    if not any(page.lines for page in pages):
        raise DocumentFaulty(f"{file} {_without_text(len(rows), unread, recognised, answer['left_out'])}")
    left_out = answer["left_out"] | _counted(unread)
    tools = "; ".join([tool(), *([recognised.tool] if recognised.pages else [])])
    return Pdf(page_parts.apart(pages), left_out, tools, len(rows), sorted(recognised.pages))


def _without_text(count: int, unread: dict[int, str], recognised: ocr.Recognised, left_out: dict[str, int]) -> str:
    """Say what a PDF without a line of text is, and what to do."""
    if recognised.pages:
        return f"is a scan of {count} pages, on which OCR finds no text: give its text"
    if unread:
        why = min(unread.values()) or "run OCR on it"
        return f"has no text: {len(unread)} of {count} pages are pictures (a scan); {why}, or give its text"
    besides = "".join(f"; {number} {what}" for what, number in left_out.items() if what != BLANK)
    return f"has no text that can be seen ({count} page{'s' * (count > 1)}{besides}): give its text"


def _counted(unread: dict[int, str]) -> dict[str, int]:
    """Count the pages that are pictures and were not read, by why that is, and name them."""
    counted = {}
    for why in sorted(set(unread.values())):
        numbers = [number for number, reason in unread.items() if reason == why]
        named = ", ".join(map(str, numbers[:NAMED])) + (" …" if len(numbers) > NAMED else "")
        counted[f"pages that are pictures, NOT READ (page {named})" + (f": {why}" if why else "")] = len(numbers)
    return counted


def _in_columns(rows: list[dict[str, Any]]) -> float | None:
    """How far the right column stands from the left one, where most pages have two."""
    shifts = [right[0]["x0"] - left[0]["x0"] for row in rows if row["columns"] for left, right, _ in [row["columns"]]]
    filled = sum(bool(row["lines"]) for row in rows)
    return median(shifts) if len(shifts) >= COLUMNED * filled and len(shifts) > 1 else None


def _columns_of(rows: list[dict[str, Any]], shift: float) -> list[Page]:
    """The columns of each page one after the other, each as a page of its own, without the pages' heads and feet."""
    margins = [_page(row | {"lines": row["columns"][2]}) for row in rows if row["columns"]]
    page_parts.part_edges(margins)
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


def _one_column(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of a page that has two columns of running text where others have one: the right column stands below
    the left one, and what is at the page's foot below both."""
    if not row["columns"] or not all(map(_is_prose, row["columns"][:2])):
        return cast(list[dict[str, Any]], row["lines"])
    left, right, edges = row["columns"]
    steps = [low["y"] - high["y"] for high, low in pairwise(left)]
    across, down = left[0]["x0"] - right[0]["x0"], left[-1]["y"] + median(steps) - right[0]["y"]
    moved = [line | {"x0": line["x0"] + across, "x1": line["x1"] + across, "y": line["y"] + down} for line in right]
    foot = [line | {"y": line["y"] + down} if line["y"] > left[0]["y"] else line for line in edges]
    return sorted([*left, *moved, *foot], key=lambda line: line["y"])


def _is_prose(lines: list[dict[str, Any]]) -> bool:
    """Whether a column's lines are of running text: many, some of which reach the column's edge."""
    edge = max(line["x1"] for line in lines)
    full = sum(edge - line["x1"] < FULL * line["size"] for line in lines)
    return len(lines) >= FEWEST_OF_PROSE and full >= OFTEN * len(lines)


def _page(row: dict[str, Any]) -> Page:
    by_ocr = bool(row.get("ocr"))
    lines = [Line(**{**line, "cells": tuple(line["cells"]), "by_ocr": by_ocr}) for line in row["lines"]]
    return Page(row["width"], row["height"], lines, rules=[(a, b, c) for a, b, c in row["rules"]])


# --- in the process that reads: characters → lines -------------------------------------------------------------------


class _Refused(Exception):
    """A PDF that cannot be read; the message goes on a sentence that begins with the file's name."""


def extract(content: bytes) -> dict[str, Any]:
    """The pages' lines and what was left out, or an error, as JSON can hold it."""
    try:
        return _extract(content)
    except _Refused as error:
        return {"error": str(error)}
    except MemoryError:
        return {
            "error": f"needs more than {bounded_process.MEMORY / 10**9} GB to be read: give its text in place of it"
        }


def _extract(content: bytes) -> dict[str, Any]:
    import pypdfium2
    from pypdfium2 import PdfiumError, raw

    try:
        document = pypdfium2.PdfDocument(content)
    except PdfiumError as error:
        fault = raw.FPDF_GetLastError()
        if fault == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise _Refused("is encrypted: save it without a password") from error
        if fault == raw.FPDF_ERR_SECURITY or "security" in str(error).lower():
            raise _Refused("is locked by a program of its own: save it unlocked, or print it as PDF") from error
        raise _Refused("is no PDF that can be read (broken or cut off): fetch it anew") from error
    count = len(document)
    if not 0 < count <= PAGES:
        raise _Refused(f"has {count} pages, and 1 to {PAGES} can be read: give the plan alone")
    if document.get_formtype() == raw.FORMTYPE_XFA_FULL:
        raise _Refused("is a form (XFA) whose words stand on no page: print it as PDF with Adobe's program")
    left_out: Counter[str] = Counter()
    if attached := document.count_attachments():
        left_out["files in the PDF, NOT READ: give each by itself"] = attached
    pages, characters, blank = [], 0, 0
    for number in range(count):
        try:
            page = document[number]
        except PdfiumError:
            raise _Refused(f"is broken at page {number + 1}: save it anew with a PDF program") from None
        made, seen = _read_page(page, left_out)
        characters += seen
        if characters > CHARACTERS:
            raise _Refused(f"holds more than {CHARACTERS} characters: give a part of it")
        blank += not made["lines"] and not made["scan"]
        pages.append(made)
        page.close()
    if blank == count and document.get_formtype() != raw.FORMTYPE_NONE:
        raise _Refused("holds no words but those in the fields of a form: print it as PDF, or give its text")
    if blank:
        left_out[BLANK] = blank
    return {"pages": pages, "left_out": dict(sorted(left_out.items()))}


def _read_page(page: Any, left_out: Counter[str]) -> tuple[dict[str, Any], int]:
    from pypdfium2 import raw

    boxes, rules, covered, drawings = _grounds(page, raw)
    rules += _segments(page, raw)
    textpage = page.get_textpage()
    raw_count = textpage.count_chars()
    if raw_count > CHARACTERS:
        raise _Refused(f"holds more than {CHARACTERS} characters: give a part of it")
    frame = _frame(page, raw)
    visible: list[tuple[int, Character]] = []
    unseen: list[tuple[int, Character]] = []
    hidden: Counter[str] = Counter()
    for angle, character, reason in _characters(textpage, raw_count, frame, boxes, raw):
        if reason is None:
            visible.append((angle, character))
        elif reason == "unmapped characters":
            left_out[reason] += 1
            visible.append((angle, character))  # without a letter, it still fills its place: there is no gap
        else:
            hidden[reason] += 1
            if reason == "invisible characters":
                unseen.append((angle, character))
    pictured = covered > PICTURED * abs((frame[2] - frame[0]) * (frame[3] - frame[1])) and _at_edges(visible, frame)
    by_ocr = pictured and any(character.text.strip() for _, character in unseen)
    lettered = any(character.text.strip() for _, character in visible)
    scan = not by_ocr and (pictured or (not lettered and drawings >= OUTLINES))
    if by_ocr:  # a scan with the text that OCR laid under it: nothing else says what is on the page
        left_out["pages with OCR text only"] += 1
        visible, hidden = [*visible, *unseen], hidden - Counter({"invisible characters": len(unseen)})
    left_out += hidden
    textpage.close()
    turn = _main_angle(visible)
    left_out["characters at another angle"] += sum(angle != turn for angle, _ in visible)
    level = [character for angle, character in visible if angle == turn]
    corners = [_turn(x, y, turn) for x in (frame[0], frame[2]) for y in (frame[1], frame[3])]
    left, top = min(x for x, _ in corners), min(y for _, y in corners)
    width, height = max(x for x, _ in corners) - left, max(y for _, y in corners) - top
    moved = [
        replace(character, x0=character.x0 - left, x1=character.x1 - left, y=character.y - top) for character in level
    ]
    if runs_down(moved):
        raise _Refused("is set vertically (縦書き): give it set in lines, or as text")
    strokes, upright = [], []
    for a, b, c, d in rules:
        (x, y), (other_x, other_y) = _turn(a, b, turn), _turn(c, d, turn)
        across, along = sorted((x - left, other_x - left)), sorted((y - top, other_y - top))
        if along[1] - along[0] < STROKE:
            strokes.append((round(across[0], 1), round(across[1], 1), round(sum(along) / 2, 1)))
        elif across[1] - across[0] < STROKE:
            upright.append((round(along[0], 1), round(along[1], 1), round(sum(across) / 2, 1)))
    made, more_left_out = set_out(moved, strokes, upright, width, height)
    left_out += more_left_out
    left_out += Counter()  # zeros go
    return made | {"ocr": by_ocr, "scan": scan}, raw_count


Box = tuple[float, float, float, float]


def _at_edges(characters: list[tuple[int, Character]], frame: Box) -> bool:
    """Whether all letters stand at the page's upper or lower edge, as what is stamped on a scan does."""
    for angle, character in characters:
        heights = [_turn(x, y, max(angle, 0))[1] for x in (frame[0], frame[2]) for y in (frame[1], frame[3])]
        edge = STAMPED * (max(heights) - min(heights))
        if character.text.strip() and min(heights) + edge < character.y < max(heights) - edge:
            return False
    return True


def _frame(page: Any, raw: Any) -> Box:
    """What of the page is shown: left, bottom, right, top."""
    box = raw.FS_RECTF()
    if not raw.FPDF_GetPageBoundingBox(page, box):
        return page.get_cropbox()  # type: ignore[no-any-return]
    return min(box.left, box.right), min(box.bottom, box.top), max(box.left, box.right), max(box.bottom, box.top)


def _grounds(page: Any, raw: Any) -> tuple[list[Box], list[Box], float, int]:
    """What white text can be seen on (coloured areas, pictures), thin strokes, the area of pictures, and how many
    drawings there are."""
    grounds, strokes, covered, drawings = [], [], 0.0, 0
    kinds = (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING)
    for item in page.get_objects(filter=kinds, max_depth=5):
        with suppress(Exception):
            box = item.get_bounds() if hasattr(item, "get_bounds") else item.get_pos()
            if item.type == raw.FPDF_PAGEOBJ_IMAGE:
                covered += abs((box[2] - box[0]) * (box[3] - box[1]))
                grounds.append(box)
            elif item.type == raw.FPDF_PAGEOBJ_SHADING:
                grounds.append(box)
            else:
                drawings += 1
                if min(box[2] - box[0], box[3] - box[1]) < STROKE:
                    strokes.append(box)
                mode, stroked = ctypes.c_int(), ctypes.c_int()
                raw.FPDFPath_GetDrawMode(item, mode, stroked)
                opaque, darkest = _fill(item, raw)
                if mode.value and opaque and darkest < PALE:
                    grounds.append(box)
    return grounds, strokes, covered, drawings


def _segments(page: Any, raw: Any) -> list[Box]:
    """The straight strokes of the page's paths."""
    segments: list[Box] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,), max_depth=5):
        mode, stroked = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(path, mode, stroked)
        if not stroked.value:
            continue
        matrix = path.get_matrix()
        start = before = (0.0, 0.0)
        for index in range(min(raw.FPDFPath_CountSegments(path), SEGMENTS - len(segments))):
            segment = raw.FPDFPath_GetPathSegment(path, index)
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            point = matrix.on_point(x.value, y.value)
            kind = raw.FPDFPathSegment_GetType(segment)
            if kind == raw.FPDF_SEGMENT_MOVETO:
                start = point
            elif kind == raw.FPDF_SEGMENT_LINETO:
                segments.append((*before, *point))
            if raw.FPDFPathSegment_GetClose(segment):
                segments.append((*point, *start))
            before = point
    return segments


def _fill(thing: Any, raw: Any) -> tuple[int, int]:
    """Return how opaque an object's fill is and its darkest channel, 0 to 255; black where the file does not say."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha):
        return 255, 0
    return alpha.value, min(red.value, green.value, blue.value)


def _characters(
    textpage: Any, count: int, frame: Box, grounds: list[Box], raw: Any
) -> Iterable[tuple[int, Character, str | None]]:
    """Yield each character with its angle (quarters of a turn; -1 for a slant) and why it is left out, if it is."""
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
        letter = mended(chr(code)) if 0 < code < 0x110000 else ""
        across, up = (box.left + box.right) / 2, (box.bottom + box.top) / 2
        character = Character(letter, *_ends(box, angle), _turn(x.value, y.value, max(angle, 0))[1], size)
        if reason is None and not (frame[0] <= across <= frame[2] and frame[1] <= up <= frame[3]):
            reason = "characters off the page"
        elif reason is None and size < TINY:
            reason = "characters too small to see"
        elif reason is None and white and not any(a <= across <= c and b <= up <= d for a, b, c, d in grounds):
            reason = "white characters on white"
        elif reason is None and not letter:
            reason = "unmapped characters"
        yield angle, character, reason


def _style(thing: Any, matrix: Any, raw: Any) -> tuple[float, int, str | None, bool]:
    """Of a run of text: the scale of its size, its angle in quarters, whether it is invisible, whether it is white."""
    scale = math.hypot(matrix.c, matrix.d) or 1.0
    degrees = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
    quarter = round(degrees / 90) % 4
    angle = quarter if min(abs(degrees - 90 * q) for q in (quarter, quarter + 4)) < 5 else -1
    if not thing:
        return scale, angle, None, False
    mode = raw.FPDFTextObj_GetTextRenderMode(thing)
    opaque, darkest = _fill(thing, raw) if mode in (0, 2) else (255, 0)
    if mode in INVISIBLE or not opaque:
        return scale, angle, "invisible characters", False
    return scale, angle, None, darkest >= PALE


def _ends(box: Any, angle: int) -> tuple[float, float]:
    """Where a character begins and ends along its line."""
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


def _main_angle(characters: list[tuple[int, Character]]) -> int:
    angles = Counter(angle for angle, character in characters if angle >= 0 and character.text.strip())
    return max(angles, key=lambda angle: (angles[angle], -angle)) if angles else 0


def main(name: str) -> None:
    bounded_process.limit(SECONDS)
    json.dump(extract(Path(name).read_bytes()), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
