"""Lines of the roadmap → cells, each with its kind and its page, part by part.

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
- On a page, merged cells follow the others. A row that follows merged cells without a blank line between stands on a
  page of its own, whose beginning was lost; one that is parted from them is merged itself.
- A page of a table holds only so many cells. Where more stand without a gap, the text does not say where pages end:
  they are taken to end wherever ministries, or rows of their own, follow merged cells.
"""

import re
import unicodedata
from dataclasses import replace
from itertools import groupby, pairwise
from statistics import median

from analysis.base.japanese import normal, squeeze
from analysis.extraction.horizon import HORIZON, REPEATED
from analysis.extraction.roadmap.table import CIRCLED, NUMBER, PART, REPEAT, SECTION
from analysis.tables import ministries

from .model import Cell, Kind, Part

Line = tuple[int, str]
Piece = tuple[Kind, str, int | None]  # of a line: what kind of cell it is or begins, its text, its number

PAGE_GAP = 2  # blank lines: one parts cells, more part pages
HEAD = re.compile(r"(?:項目名|項目|番号|施策内容|担当府省|短期|中期|長期|[0-9]{4}年度)+")
NUMBER_FIRST = re.compile(r"([0-9]{1,3})[ 　]+(\S.*)")
NUMBER_LAST = re.compile(r"(.*[。)）])([0-9]{1,3})")
NUMBER_AFTER_WORD = re.compile(r"(\D{2,6})([0-9]{1,3})")
LATER = re.compile(r"左記|引き?続き")
BESIDE_LATER = re.compile(r"([^。]+。)[ 　]+([^。]+。)")
LATER_BESIDE = re.compile(r"((?:左記|引き?続き)[^。]{0,20}。)([^。]+(?:。.*)?)")
GAP = re.compile(r"(?<=[。)）])[ 　]+")
DONE = re.compile(r".{1,4}済み?")
REFERENCE = re.compile(r"に記載[)）]?$|参照$")
HORIZON_LONG = 24  # characters in which a horizon that ends a cell stands
TITLE_WIDTH = 9.5  # in full-width characters; a column of texts is half as wide again at least
NARROW_WIDTH = 10.5
TEXT_SLACK = 2.0
LATER_WIDTH, ALL_WIDTH = 26.0, 45.0  # of a cell over the later years, over all years
DEFAULT_TEXT_WIDTH = 13.0
MOST_CELLS = 60  # of one page; more can only be several pages
LEADING = ("number", "repeat", "title", "ministry")


def parts(lines: list[Line]) -> tuple[list[Part], list[Cell]]:
    """Return the parts of the roadmap, and the cells before the first part. `lines` are (line number, text)."""
    pages = [page for number, boxes in enumerate(_pages(lines)) for page in _by_part(_cut(boxes, number))]
    preface: list[Cell] = []
    pages_of_parts: list[tuple[str, list[list[Cell]]]] = []
    for page in pages:
        year = next((year for cell in page if (year := _year(cell))), None)
        if year is not None and (not pages_of_parts or pages_of_parts[-1][0] != year):
            pages_of_parts.append((year, []))
        if pages_of_parts:
            pages_of_parts[-1][1].append(page)
        else:
            preface += [replace(cell, kind="heading") if cell.kind == "other" else cell for cell in page]
    return [_part(year, [cell for page in pages for cell in page]) for year, pages in pages_of_parts], preface


def _part(year: str, cells: list[Cell]) -> Part:
    titled = any(cell.kind == "head" and "項目名" in squeeze(cell.text) for cell in cells)
    ended = [cell for cell in cells if cell.kind == "other" and _ends_text(cell)]
    column = median(_widest(cell) for cell in ended) if ended else DEFAULT_TEXT_WIDTH
    typed = _with_tails([typed for cell in cells for typed in _typed(cell, column, titled)])
    on_pages, guessed = _with_lost_breaks(_years_apart(typed))
    return Part(year, on_pages, titled, guessed)


def _year(cell: Cell) -> str | None:
    """Return the year of the plan whose part a cell heads."""
    return next((match[1] for _, raw in cell.lines if (match := PART.search(normal(raw)))), None)


# --- boxes and pages as the text layer has them


def _pages(lines: list[Line]) -> list[list[list[Line]]]:
    """Return the pages, each a list of boxes, each a list of lines. A line of white space is a cell without text."""
    pages: list[list[list[Line]]] = [[]]
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


def _by_part(page: list[Cell]) -> list[list[Cell]]:
    """Part a page at the headings of parts where it is too long for one: a text without gaps between pages."""
    if len(page) <= MOST_CELLS:
        return [page]
    pages: list[list[Cell]] = [[]]
    headed: str | None = None
    for cell in page:
        year = _year(cell)
        if year not in (None, headed):
            pages += [[]] if headed else []
            headed = year
        pages[-1].append(cell)
    return pages


# --- boxes → cells


def _cut(boxes: list[list[Line]], page: int) -> list[Cell]:
    """Return the cells of a page: boxes cut where a line shows that another cell begins; kinds by the lines' look."""
    cells: list[Cell] = []
    for box in boxes:
        in_box: list[Cell] = []
        open_text = False  # whether the last cell is running text that the next line may go on with
        for number, raw in box:
            fresh = not open_text or raw[0].isspace()
            first, *others = _pieces(raw.strip(), fresh or _rests(in_box[-1].lines[-1][1]))
            if fresh or first[0] != "other":
                others = [first, *others]
            else:
                in_box[-1] = replace(in_box[-1], lines=(*in_box[-1].lines, (number, first[1])))
            for kind, text, value in others:
                in_box.append(Cell(kind, ((number, text),), page, parted=not in_box, number=value))
            open_text = in_box[-1].kind == "other" and not _ends_text(in_box[-1])
        cells += in_box
    return cells


def _pieces(text: str, fresh: bool) -> list[Piece]:
    """Return the pieces of a line; only where a cell may begin (`fresh`) is a number or a ministry a cell by itself."""
    plain = squeeze(text)
    if HEAD.fullmatch(plain):
        return [("head", text, None)]
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
    """Say whether a line ends a sentence, so that what follows may be another cell."""
    return text.rstrip().endswith("。") or REFERENCE.search(text.rstrip()) is not None


def _ends_text(cell: Cell) -> bool:
    """Say whether a cell ends with a horizon, as texts do, also where the horizon wraps."""
    tail = ""
    for _, raw in reversed(cell.lines):
        tail = raw.strip() + tail
        if len(tail) >= HORIZON_LONG:
            break
    tail = REPEATED.sub("", tail[-HORIZON_LONG:]).rstrip("。 　")
    marks = list(HORIZON.finditer(tail))
    return bool(marks) and marks[-1].end() == len(tail)


# --- kinds of cells


def width(text: str) -> float:
    """Return the width of a line in full-width characters."""
    return sum(1.0 if unicodedata.east_asian_width(character) in "FWA" else 0.5 for character in text.strip())


def _widest(cell: Cell) -> float:
    return max(width(raw) for _, raw in cell.lines)


def _typed(cell: Cell, column: float, titled: bool) -> list[Cell]:
    """Return the cell with its kind, by its width and words; two cells where a title was set beside another cell."""
    if cell.kind != "other":
        return [cell]
    if titled and (pair := _beside_title(cell, column)):
        return [replace(pair[0], kind="title"), *_typed(pair[1], column, False)]
    text, widest, single = cell.text, _widest(cell), len(cell.lines) == 1
    plain = normal(text)
    if _ends_text(cell):
        return [replace(cell, kind="text")]
    if single and not plain.endswith(("。", "、")) and not REFERENCE.search(plain):
        if CIRCLED.match(text):
            return [replace(cell, kind="heading")]
        if SECTION.match(plain):
            return [replace(cell, kind="section")]
    if DONE.fullmatch(plain) or LATER.match(plain) or "に記載" in squeeze(plain):
        return [replace(cell, kind="year", narrow=not single and widest <= NARROW_WIDTH)]
    if widest <= TITLE_WIDTH and titled and not plain.endswith("。"):
        return [replace(cell, kind="title")]
    if not single and abs(widest - column) <= TEXT_SLACK:
        return [replace(cell, kind="text")]
    return [replace(cell, kind="year", narrow=widest <= NARROW_WIDTH)]


def _beside_title(cell: Cell, column: float) -> tuple[Cell, Cell] | None:
    """Return a title and the cell to its right that came out on one line, parted by a space."""
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
    before_text = place == 0 and _ends_text(cell) and width(raw) > column + TEXT_SLACK and len(wide) > 1
    if not (own_line or after_title or before_text):
        return None
    first = Cell("other", (*rows[:place], (number, left)), cell.page, cell.parted)
    second = Cell("other", ((number, right.strip()), *rows[place + 1 :]), cell.page, False)
    return first, second


def _with_tails(cells: list[Cell]) -> list[Cell]:
    """Return the cells with titles made whole whose last character was set as a box of its own."""
    whole: list[Cell] = []
    for cell in cells:
        last = whole[-1] if whole else None
        if cell.kind == "title" and len(squeeze(cell.text)) == 1:
            if last is not None and last.kind == "title" and last.page == cell.page:
                whole[-1] = joined(last, cell)
            else:
                whole.append(replace(cell, kind="year"))
        else:
            whole.append(cell)
    return whole


def _years_apart(cells: list[Cell]) -> list[Cell]:
    """Return the cells with years' cells cut where one goes on with another, and those joined that a space parted."""
    apart: list[Cell] = []
    for cell in cells:
        last = apart[-1] if apart else None
        if cell.kind != "year":
            apart.append(cell)
        elif last is not None and last.kind == "year" and last.page == cell.page and not cell.parted and _broken(last):
            apart[-1] = replace(last, lines=(*last.lines, *cell.lines))
        else:
            apart += _two_years(cell)
    return apart


def _broken(cell: Cell) -> bool:
    """Say whether a cell of one line fills its column and does not end there."""
    return len(cell.lines) == 1 and not normal(cell.text).endswith(("。", ")")) and LATER.match(cell.text) is None


def _two_years(cell: Cell) -> list[Cell]:
    """Return the two cells of a box: a sentence of the later years beside, before or after another of the first."""
    *before, (number, raw) = cell.lines
    text = raw.strip()
    if not before:
        match = BESIDE_LATER.fullmatch(text) or LATER_BESIDE.fullmatch(text)
        parts = match.groups() if match else None
    else:
        # Text wraps within its column: what is set wider, with a space in it, is two columns.
        column = max(width(line) for _, line in before)
        parts = _before_last_gap(text) if width(text) > column + TEXT_SLACK else None
    if parts:
        return _cut_at(cell, (*before, (number, parts[0])), ((number, parts[1]),))
    raw, rest = cell.lines[0][1], cell.lines[1:]
    if not rest or not raw.strip().endswith("。"):
        return [cell]
    later_first, later_next = (LATER.match(normal(line.strip())) is not None for line in (raw, rest[0][1]))
    in_first_year = max(width(line) for _, line in rest) < LATER_WIDTH  # wraps within a column of one year
    if in_first_year and (later_first or (later_next and width(raw) >= LATER_WIDTH)):
        return _cut_at(cell, cell.lines[:1], rest)
    return [cell]


def _before_last_gap(text: str) -> tuple[str, str] | None:
    """Return what stands before and behind the last gap in a line that one sentence ends behind it; None without."""
    gaps = list(GAP.finditer(text, max(text.rfind("。", 0, -1), 0)))
    if not gaps or not text.endswith("。") or gaps[-1].end() >= len(text) - 1:
        return None
    return text[: gaps[-1].start()], text[gaps[-1].end() :]


def _cut_at(cell: Cell, first: tuple[Line, ...], second: tuple[Line, ...]) -> list[Cell]:
    return [replace(cell, lines=first), replace(cell, lines=second, parted=False)]


def joined(a: Cell, b: Cell) -> Cell:
    """Return one cell of two, the second going on with the first."""
    return replace(a, lines=(*a.lines, *b.lines))


# --- pages whose ends were lost


def stands_alone(cells: list[Cell], place: int) -> bool:
    """Say whether a text is a row of its own: a ministry follows, parted from it by one blank line."""
    if place + 1 >= len(cells):
        return False
    cell, after = cells[place], cells[place + 1]
    return cell.kind == "text" and after.kind == "ministry" and after.parted and after.page == cell.page


def is_merged_year(cell: Cell) -> bool:
    """Say whether a year's cell is set over several years, and not run together with the cell before it."""
    return cell.kind == "year" and cell.parted and not cell.narrow


def spans_all(cell: Cell) -> bool:
    """Say whether a year's cell is so wide that it is set over all years."""
    return cell.kind == "year" and _widest(cell) >= ALL_WIDTH


def in_one_column(cell: Cell) -> bool:
    """Say whether a year's cell wraps within the width of the first year, so that it stands in one column."""
    return cell.kind == "year" and not cell.narrow and len(cell.lines) > 1 and _widest(cell) < LATER_WIDTH


def spans_later(cell: Cell) -> bool:
    """Say whether a year's cell is wider than the column of the first year, so that it is set over later ones."""
    return cell.kind == "year" and LATER_WIDTH <= _widest(cell) < ALL_WIDTH


def _with_lost_breaks(cells: list[Cell]) -> tuple[list[Cell], set[int]]:
    """Return the cells with pages numbered anew, where a page's end was lost; and the pages that are only guessed."""
    on_pages: list[Cell] = []
    guessed: set[int] = set()
    page = 1
    for _, run in groupby(cells, key=lambda cell: cell.page):
        on_page = list(run)
        guess = len(on_page) > MOST_CELLS
        breaks = _breaks(on_page, guess)
        for first, end in pairwise([0, *(_no_longer(breaks, len(on_page)) if guess else breaks), len(on_page)]):
            on_pages += [replace(cell, page=page) for cell in on_page[first:end]]
            guessed |= {page} if guess else set()
            page += 1
    return on_pages, guessed


def _breaks(cells: list[Cell], guess: bool) -> list[int]:
    """Return the places on a page where another page begins."""
    breaks: list[int] = []
    merged = False
    leads = _leading_to_rows(cells)
    for place, cell in enumerate(cells):
        merged = merged or is_merged_year(cell)
        leading = leads[place] or (guess and cell.kind == "ministry")
        if merged and (guess or not cell.parted) and cell.kind in ("number", "ministry") and leading:
            breaks.append(place)
            merged = False
    return breaks


def _no_longer(breaks: list[int], end: int) -> list[int]:
    """Return breaks with further ones between, where a page would still be too long."""
    pages = pairwise([0, *breaks, end])
    return [place for first, last in pages for place in (first, *range(first + MOST_CELLS, last, MOST_CELLS)) if place]


def _leading_to_rows(cells: list[Cell]) -> list[bool]:
    """Say for each place whether nothing but numbers, titles and ministries stands before the next row of its own."""
    leads = [False] * len(cells)
    ahead = False
    for place in range(len(cells) - 1, -1, -1):
        leads[place] = ahead and cells[place].kind in LEADING
        ahead = leads[place] or (cells[place].kind not in LEADING and stands_alone(cells, place))
    return leads
