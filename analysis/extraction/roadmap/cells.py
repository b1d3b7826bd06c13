"""Lines of the roadmap → cells, each with its kind.

Rules, with the reason why each is general:

- A run of lines without a blank line is a box; one blank line parts boxes, a longer gap parts pages. That is how the
  text layer of a PDF is written out.
- Boxes can hold several cells where a PDF's writer set them without a step between: a number, a ministry or the
  table's own words on a line of their own, a number before a space, a ministry before a space, a number right after
  a full stop, a line that begins with a space (a wrapped line never does), and what follows the bracket of the
  horizon, which ends every text.
- The columns differ in width: titles are narrower than texts, texts narrower than a year's cell, and a cell over
  several years is wider still. A cell that wraps fills its column, so its widest line tells which column it stands
  in. The width of the column of texts is learned from the cells that end with a horizon.
"""

import re
import unicodedata
from collections.abc import Iterable
from statistics import median

from analysis.base.japanese import normal, squeeze
from analysis.extraction.parsers.attribution import HORIZON, REPEATED
from analysis.extraction.roadmap.model import Cell, Kind, Part
from analysis.tables import ministries

PART = re.compile(r"工程表「[^」]*?([0-9]{4})」")
PAGE_GAP = 2  # blank lines: one parts cells, more part pages
FURNITURE = re.compile(r"(?:項目名|項目|番号|施策内容|担当府省|短期|中期|長期|[0-9]{4}年度)+")
NUMBER = re.compile(r"[0-9]{1,3}")
NUMBER_FIRST = re.compile(r"([0-9]{1,3})[ 　]+(\S.*)")
NUMBER_LAST = re.compile(r"(.*[。)）])([0-9]{1,3})")
NUMBER_AFTER_WORD = re.compile(r"(\D{2,6})([0-9]{1,3})")
CIRCLED = re.compile(r"[①-⑳]")
SECTION = re.compile(r"(?:[IVX]{1,4}|[0-9]{1,2})\. ?[^0-9(（]|重点事項[(（]|\([0-9]{1,2}\)「|[0-9]{1,2}\. ?工程表$")
REPEAT = "再掲"
LATER = re.compile(r"左記|引き?続き")
DONE = re.compile(r".{1,4}済み?")
REFERENCE = re.compile(r"に記載[)）]?$|参照$")
TITLE_WIDTH = 9.5  # in full-width characters; a column of texts is half as wide again at least
NARROW_WIDTH = 10.5
TEXT_SLACK = 2.0
DEFAULT_TEXT_WIDTH = 13.0
MOST_CELLS = 60  # of one page; more can only be several pages


def width(text: str) -> float:
    """The width of a line in full-width characters."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "FWA" else 0.5 for sign in text.strip())


def parts(lines: list[tuple[int, str]]) -> tuple[list[Part], list[Cell]]:
    """The parts of the roadmap, and the cells before the first part."""
    pages = [part for page, boxes in enumerate(_pages(lines)) for part in _by_part(_cut(boxes, page))]
    preface: list[Cell] = []
    found: list[tuple[str, list[list[Cell]]]] = []
    for page in pages:
        year = next((year for cell in page if (year := _year(cell))), None)
        if year is not None and (not found or found[-1][0] != year):
            found.append((year, []))
        if found:
            found[-1][1].append(page)
        else:
            preface += [_retyped(cell, "heading" if cell.kind == "other" else cell.kind) for cell in page]
    return [_part(year, page_cells) for year, page_cells in found], preface


def _year(cell: Cell) -> str | None:
    """The year of the plan whose part a cell heads."""
    return next((match[1] for _, raw in cell.lines if (match := PART.search(normal(raw)))), None)


def _by_part(page: list[Cell]) -> list[list[Cell]]:
    """The page, parted at the headings of parts where it is too long for one: a text without gaps between pages."""
    if len(page) <= MOST_CELLS:
        return [page]
    made: list[list[Cell]] = [[]]
    headed: str | None = None
    for cell in page:
        year = _year(cell)
        if year not in (None, headed):
            made += [[]] if headed else []
            headed = year
        made[-1].append(cell)
    return made


def _pages(lines: list[tuple[int, str]]) -> list[list[list[tuple[int, str]]]]:
    """The pages, each a list of boxes, each a list of lines. A line of white space only is a cell without text."""
    pages: list[list[list[tuple[int, str]]]] = [[]]
    blanks = 1
    for number, raw in lines:
        if raw.strip("\r\n") == "":
            blanks += 1
            continue
        if blanks >= PAGE_GAP and pages[-1]:
            pages.append([])
        if blanks or not pages[-1]:
            pages[-1].append([])
        blanks = 0
        if raw.strip():
            pages[-1][-1].append((number, raw))
    return [[box for box in page if box] for page in pages if any(page)]


def _cut(boxes: list[list[tuple[int, str]]], page: int) -> list[Cell]:
    """The cells of a page: boxes cut where a line shows that another cell begins; kinds by the lines' own look."""
    found: list[Cell] = []
    for box in boxes:
        pieces: list[tuple[Kind, list[tuple[int, str]], int | None]] = []
        open_cell = False  # whether the last piece is running text that the next line may go on with
        for number, raw in box:
            text = raw.strip()
            fresh = not open_cell or raw[0].isspace()
            head = _head(text, fresh or _rests(pieces[-1][1][-1][1]))
            if fresh or head[0][0] != "other":
                pieces.append((head[0][0], [(number, head[0][1])], head[0][2]))
            else:
                pieces[-1][1].append((number, head[0][1]))
            pieces += [(kind, [(number, piece)], value) for kind, piece, value in head[1:]]
            open_cell = pieces[-1][0] == "other" and not _closes([line for _, line in pieces[-1][1]])
        for order, (kind, rows, value) in enumerate(pieces):
            found.append(Cell(kind, tuple(rows), page, parted=order == 0, number=value))
    return found


def _head(text: str, fresh: bool) -> list[tuple[Kind, str, int | None]]:
    """The cells a line consists of; only where a cell may begin is a number or a ministry a cell by itself."""
    plain = squeeze(text)
    if FURNITURE.fullmatch(plain):
        return [("furniture", text, None)]
    if PART.search(normal(text)):
        return [("section", text, None)]
    if match := NUMBER_LAST.fullmatch(text) or (fresh and NUMBER_AFTER_WORD.fullmatch(text)) or None:
        # A number right after a full stop (or after a word that is a cell by itself) is the next cell.
        return [("other", match[1], None), ("number", match[2], int(normal(match[2])))]
    if not fresh:
        return [("other", text, None)]
    if NUMBER.fullmatch(plain):
        return [("number", text, int(plain))]
    if plain == REPEAT:
        return [("repeat", text, None)]
    if ministries.known(plain):
        return [("ministry", text, None)]
    name, _, rest = text.partition(" ")
    if rest and ministries.known(name):
        return [("ministry", name, None), ("other", rest.strip(), None)]
    if match := NUMBER_FIRST.fullmatch(normal(text)):
        return [("number", match[1], int(match[1])), ("other", text[len(match[1]) :].strip(), None)]
    return [("other", text, None)]


def _rests(text: str) -> bool:
    """Whether a line ends a sentence, so that what follows may be another cell."""
    return text.rstrip().endswith("。") or REFERENCE.search(text.rstrip()) is not None


def _closes(lines: Iterable[str]) -> bool:
    """Whether lines end their cell: the bracket of the horizon ends a text, also where it wraps."""
    tail = REPEATED.sub("", "".join(line.strip() for line in lines)[-24:]).rstrip("。 　")
    marks = list(HORIZON.finditer(tail))
    return bool(marks) and marks[-1].end() == len(tail)


def _part(year: str, pages: list[list[Cell]]) -> Part:
    titled = any(cell.kind == "furniture" and "項目名" in squeeze(cell.text) for page in pages for cell in page)
    ended = [cell for page in pages for cell in page if cell.kind == "other" and ends_text(cell)]
    column = median(_widest(cell) for cell in ended) if ended else DEFAULT_TEXT_WIDTH
    cells = [typed for page in pages for cell in page for typed in _typed(cell, column, titled)]
    return Part(year, _with_tails(cells), titled)


def ends_text(cell: Cell) -> bool:
    """Whether a cell ends with a horizon, as texts do."""
    return _closes(raw for _, raw in cell.lines)


def _widest(cell: Cell) -> float:
    return max(width(raw) for _, raw in cell.lines)


def _typed(cell: Cell, column: float, titled: bool) -> list[Cell]:
    """The cell with its kind, by its width and its words; two cells where a title was set beside another cell."""
    if cell.kind != "other":
        return [cell]
    if titled and (pair := _beside_title(cell, column)):
        return [_retyped(pair[0], "title"), *_typed(pair[1], column, False)]
    text, widest, single = cell.text, _widest(cell), len(cell.lines) == 1
    plain = normal(text)
    if ends_text(cell):
        return [_retyped(cell, "text")]
    if single and not plain.endswith(("。", "、")) and not REFERENCE.search(plain):
        if CIRCLED.match(text):
            return [_retyped(cell, "heading")]
        if SECTION.match(plain):
            return [_retyped(cell, "section")]
    if DONE.fullmatch(plain) or LATER.match(plain) or "に記載" in squeeze(plain):
        return [_retyped(cell, "year", narrow=not single and widest <= NARROW_WIDTH)]
    if widest <= TITLE_WIDTH and titled and not plain.endswith("。"):
        return [_retyped(cell, "title")]
    if not single and abs(widest - column) <= TEXT_SLACK:
        return [_retyped(cell, "text")]
    return [_retyped(cell, "year", narrow=widest <= NARROW_WIDTH)]


def _beside_title(cell: Cell, column: float) -> tuple[Cell, Cell] | None:
    """A title and the cell to its right that came out on one line, parted by a space."""
    rows = list(cell.lines)
    wide = [place for place, (_, raw) in enumerate(rows) if width(raw) > TITLE_WIDTH]
    if not wide:
        return None
    place = wide[0]
    number, raw = rows[place]
    left, _, right = raw.strip().partition(" ")
    if not right or width(left) > TITLE_WIDTH or left.endswith(("。", "、")):
        return None
    own_line = len(rows) == 1 and LATER.match(right) is not None
    after_title = place > 0 and width(right) > NARROW_WIDTH and place == len(rows) - 1
    before_text = place == 0 and ends_text(cell) and width(raw) > column + TEXT_SLACK and len(wide) > 1
    if not (own_line or after_title or before_text):
        return None
    first = Cell("other", (*rows[:place], (number, left)), cell.page, cell.parted)
    second = Cell("other", ((number, right.strip()), *rows[place + 1 :]), cell.page, False)
    return first, second


def _with_tails(cells: list[Cell]) -> list[Cell]:
    """The cells with titles made whole whose last character was set as a box of its own."""
    found: list[Cell] = []
    for cell in cells:
        last = found[-1] if found else None
        if cell.kind == "title" and len(squeeze(cell.text)) == 1:
            if last is not None and last.kind == "title" and last.page == cell.page:
                found[-1] = joined(last, cell)
            else:
                found.append(_retyped(cell, "year"))
        else:
            found.append(cell)
    return found


def joined(a: Cell, b: Cell) -> Cell:
    return Cell(a.kind, (*a.lines, *b.lines), a.page, a.parted, a.narrow, a.number)


def _retyped(cell: Cell, kind: Kind, narrow: bool = False) -> Cell:
    return Cell(kind, cell.lines, cell.page, cell.parted, narrow, cell.number)
