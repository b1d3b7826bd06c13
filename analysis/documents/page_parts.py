"""What of a page is its text: running heads, feet and page numbers are told from it, and notes at its foot."""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from analysis.base.japanese import SUPERSCRIPTS, normal, squeeze
from analysis.documents.document import SIZELESS, Line, Page

SMALL = 0.94  # notes are set at most at this share of the text's size
LEVEL = 1.5  # points by which the places of repeated lines differ at most
REPEATED = 0.6  # the share of pages on which a running head or foot stands
MISSED = 10  # notes that may have gone unseen between one and the next
STEADY = 0.9  # the share of lines at the height of running heads that are such
EDGE_LINES = 2  # a running head or foot has that many lines at most
NUMBER = re.compile(r"[0-9]+")
NOTE = re.compile(rf"(?:[0-9０-９]{{1,3}}|[{SUPERSCRIPTS}]{{1,4}}|[※*注])(?![,，.．][0-9])[)）.．:：]?[ 　]*(?=\D)")
NUMBERED_NOTE = re.compile(rf"([0-9]{{1,3}}|[{SUPERSCRIPTS}]{{1,4}})[)）]?(?![0-9.．,，‐–－-])[ 　]*\S")
HEADING = re.compile(r"[(<](?:現状と課題|施策の方向性|KPI ?について)[)>]$")
PAGE_NUMBER = re.compile(
    r"\W{0,3}[0-9]{1,4}(?: ?/ ?[0-9]{1,4})?\W{0,3}$|\W{0,2}(?:p|page|P|Page|PAGE|頁)[. ]{0,2}[0-9]{1,4}\W{0,2}$|"
    r"\W{0,2}[0-9]{1,4} ?(?:頁|ページ)\W{0,2}$"
)


def apart(pages: list[Page]) -> list[Page]:
    """The pages with their edges and notes taken out of their lines."""
    part_edges(pages)
    _part_notes(pages)
    return pages


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


def part_edges(pages: list[Page]) -> None:
    """Take running heads, feet and page numbers out of the pages' lines.

    They stand first or last, at the same height and with the same words (numbers aside) on most pages, or on most of
    those with the same parity; a head that names the chapter stands on some, but apart from the text on all.
    """
    step = pitch(pages)
    for at_top in (True, False):
        for _ in range(EDGE_LINES):
            furniture = _repeated(pages, at_top, step)
            for page, line in furniture:
                page.lines.remove(line)
                page.edges.append(line)


Row = tuple[int, Page, Line]  # a page's number, the page, and its first or last line


def _repeated(pages: list[Page], at_top: bool, step: float) -> list[tuple[Page, Line]]:
    """The outermost lines that are furniture: see `part_edges`."""
    rows = [(n, page, line) for n, page in enumerate(pages) if (line := _outermost(page, at_top)) is not None]
    heights: dict[float, list[Row]] = defaultdict(list)
    for row in rows:
        heights[_height(row, at_top)].append(row)
    furniture = []
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
                furniture.append((page, line))
    return furniture


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
