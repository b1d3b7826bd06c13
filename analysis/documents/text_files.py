"""Text files as pages of lines: without the marks of Markdown, turned where their page numbers or form feeds say so."""

import itertools
import re
from unicodedata import east_asian_width

from analysis.base.japanese import normal
from analysis.documents.document import SIZELESS, Line, Page
from analysis.documents.joining import TO_SUPERSCRIPTS
from analysis.documents.page_parts import PAGE_NUMBER
from analysis.documents.paragraphs import ROADMAP

WIDE_GAP = re.compile(r"\t| {4,}|　{3,}")
MARKED_HEADING = re.compile(r"^\s{0,3}#{1,6}[ 　\t]+")
MARKED_QUOTATION = re.compile(r"^\s{0,3}>[ 　]")
MARKED_RULE = re.compile(r"[|:\-\s]{3,}|[*\s]{3,}|[_\s]{3,}")
MARKED_ROW = re.compile(r"\s*\|[^\n]*\|\s*")
MARKED_NOTE = re.compile(r"\[\^([0-9]{1,3})\](:[ 　]*)?")
EMPHASIS = re.compile(r"\*\*|__")
ESCAPED = re.compile(r"\\([\\.()*#_|<>+\-\[\]])")
FEWEST_PAGES, SHORTEST_PAGE = 4, 10  # pages, lines of one
UNPAGED = 1e6
PAGE_LONG = 16  # signs of a line with a page's number
ALIKE_PAGES = 0.7  # the share of pages that are about as long as most
DIGIT = re.compile(r"[0-9]+")


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
        cells = _cells(text)
        pages[-1].lines.append(Line(start, start + wide, y, SIZELESS, cells))
    if len(pages) > 1:
        for page in pages:
            page.height = page.lines[-1].y + 1
    return pages


def _cells(text: str) -> tuple[str, ...]:
    """Return a line's cells; between tabs empty ones, too, which are merged with those above or beside them."""
    cells = tuple(cell for cell in WIDE_GAP.split(text.strip()) if cell)
    if len(cells) > 1 and text.count("\t") >= len(cells):
        return tuple(cell.strip() for cell in text.split("\t"))
    return cells
