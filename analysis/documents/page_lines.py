"""Characters with their places → the lines of a page, of its columns and of its tables."""

import itertools
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from analysis.base.japanese import SUPERSCRIPTS, join_lines, normal
from analysis.documents import marks, ruled_tables
from analysis.documents.document import Line
from analysis.documents.ruled_tables import Stroke

RAISED = 0.8  # a character smaller than this share of its line, and higher, is a superscript
EM_GAP = 0.9  # a gap from which on a space of full width stands there, in the text's size
CELL_GAP = 1.8  # a gap that parts cells
WORD_GAP = 0.2  # a gap that parts Latin words
MARGIN = 0.07  # of the page's height: where only heads and numbers stand
CROSSING = 0.01  # the share of characters (of an address that is too long) that may stand between columns
STRUCK = (0.2, 0.55)  # how far above the baseline a stroke crosses a character out, of its size
LONGEST_NUMBER = 4  # digits of the number of a line
UNNUMBERED, FEWEST_NUMBERED = 2, 8  # lines without a number (head and foot), and lines that have one
FEWEST_CHARACTERS, FEWEST_LINES = 40, 4  # of a page with columns, of a column


@dataclass(frozen=True)
class Character:
    """A character on the page, after the page was turned."""

    text: str
    x0: float
    x1: float
    y: float  # of its baseline, downwards
    size: float


def without_line_numbers(characters: list[Character]) -> tuple[list[Character], int]:
    """Return the characters of a page without the numbers of its lines in the margin, and how many numbers there were.

    Line numbers stand in front of every line, apart from it, and count on by one; a list's numbers do not stand in
    front of headings and of lines that go on.
    """
    rows: list[list[Character]] = []
    for character in sorted((c for c in characters if c.text.strip()), key=lambda c: (c.y, c.x0)):
        if rows and character.y - rows[-1][0].y < 0.4 * character.size:
            rows[-1].append(character)
        else:
            rows.append([character])
    numbers = [_leading_number(sorted(row, key=lambda c: c.x0)) for row in rows]
    counted = [number for number in numbers if number]
    values = [int("".join(normal(c.text) for c in number)) for number in counted]
    on_all = len(counted) >= len(rows) - UNNUMBERED and len(counted) >= FEWEST_NUMBERED
    if not on_all or values != list(range(values[0], values[0] + len(values))):
        return characters, 0
    gone = {id(character) for number in counted for character in number}
    return [character for character in characters if id(character) not in gone], len(counted)


def without_struck(
    characters: list[Character], strokes: list[tuple[float, float, float]]
) -> tuple[list[Character], int]:
    """Return the characters that no stroke crosses at half height (見え消し), and how many were crossed. `strokes` are
    (x0, x1, y) of level lines; an underline lies below the baseline, a table's rules above and below the text."""
    levels = sorted(strokes, key=lambda stroke: stroke[2])
    heights = [y for *_, y in levels]
    kept: list[Character] = []
    for character in characters:
        first = bisect_left(heights, character.y - STRUCK[1] * character.size)
        last = bisect_right(heights, character.y - STRUCK[0] * character.size)
        middle = (character.x0 + character.x1) / 2
        if not any(x0 <= middle <= x1 for x0, x1, _ in levels[first:last]):
            kept.append(character)
    return kept, sum(bool(c.text.strip()) for c in characters) - sum(bool(c.text.strip()) for c in kept)


def _leading_number(row: list[Character]) -> list[Character]:
    """Return the digits that a row begins with, where a gap parts them from the rest."""
    gaps = (
        i for i, (one, next_one) in enumerate(itertools.pairwise(row), 1) if next_one.x0 - one.x1 > EM_GAP * one.size
    )
    number = row[: next(gaps, len(row))]
    is_number = len(number) <= LONGEST_NUMBER and all(normal(character.text).isdecimal() for character in number)
    return number if is_number else []


def runs_down(characters: list[Character]) -> bool:
    """Return whether a page is set vertically: most characters stand below the one before, in the order of the text."""
    seen = [character for character in characters if character.text.strip()]
    below = sum(
        abs(after.x0 - before.x0) < 0.3 * before.size and 0.7 * before.size < after.y - before.y < 2 * before.size
        for before, after in itertools.pairwise(seen)
    )
    return len(seen) >= FEWEST_CHARACTERS and below > 0.6 * len(seen)


def lines_of(characters: list[Character]) -> list[Line]:
    """The lines of a page: characters whose middle stands in the band of a larger one are of its line."""
    bands: dict[int, list[tuple[float, float, list[Character]]]] = defaultdict(list)
    rows: list[list[Character]] = []
    for character in sorted(characters, key=lambda character: (-round(character.size, 1), character.y, character.x0)):
        middle = character.y - 0.35 * character.size
        near = [band for slot in (-1, 0, 1) for band in bands[int(middle // 16) + slot]]
        row = next((members for top, bottom, members in near if top <= middle <= bottom), None)
        if row is None:
            row = []
            rows.append(row)
            half = 0.42 * character.size
            for slot in {int((middle - half) // 16), int((middle + half) // 16)}:
                bands[slot].append((middle - half, middle + half, row))
        row.append(character)
    ordered = [sorted(row, key=lambda character: (character.x0, character.y)) for row in rows]
    lines = [line for row in ordered if any(character.text.strip() for character in row) if (line := _line(row))]
    return sorted(lines, key=lambda line: (line.y, line.x0))


def _line(characters: list[Character]) -> Line | None:
    """Signs side by side as a line: spaces where gaps stand for them, superscripts as such, doubled characters once."""
    sizes: Counter[float] = Counter()
    for character in characters:
        sizes[round(character.size, 1)] += bool(character.text.strip())
    size = max(sizes, key=lambda s: (sizes[s], s))
    base = median(character.y for character in characters if round(character.size, 1) == size)
    cells, text = [], ""
    before: Character | None = None
    space = ""
    for character in characters:
        piece = character.text
        if not piece.strip():
            space = space or piece
            before = before if piece else character
            continue
        if before is not None:
            if (
                piece == before.text
                and character.x0 - before.x0 < 0.2 * size
                and abs(character.y - before.y) < 0.2 * size
            ):
                continue  # bold, made by setting it twice
            gap = (character.x0 - before.x1) / size
            if gap > CELL_GAP:
                cells.append(text)
                text = ""
            elif space:
                text += space
            elif gap > EM_GAP:
                text += "　"
            elif gap > WORD_GAP and (
                (text[-1:].isascii() and piece.isascii()) or (len(text) == 1 and marks.kind(text) == marks.DASH)
            ):
                text += " "
        space = ""
        if character.size <= RAISED * size and base - character.y > 0.2 * size and normal(piece).isdigit():
            piece = "".join(SUPERSCRIPTS[int(digit)] for digit in normal(piece))
        text += piece
        before = character
    cells.append(text)
    cells = [cell.strip() for cell in cells if cell.strip()]
    if not cells or before is None:
        return None
    seen = [character for character in characters if character.text.strip()]
    unmarked = characters[0].text in ("", " ") and seen[0].x0 - characters[0].x1 < CELL_GAP * size
    x1 = max(character.x1 for character in seen)
    return Line(round(seen[0].x0, 1), round(x1, 1), round(base, 1), round(size, 2), tuple(cells), unmarked=unmarked)


def set_out(
    characters: list[Character], strokes: list[Stroke], upright: list[Stroke], width: float, height: float
) -> tuple[dict[str, Any], Counter[str]]:
    """Return a page as JSON can hold it (its lines, those of its columns, its level strokes) and what was left out."""
    characters, numbered = without_line_numbers(characters)
    characters, struck = without_struck(characters, strokes)
    rows: list[Line] = []
    for cells in ruled_tables.tables(strokes, upright):
        table, characters = table_rows(cells, characters)
        rows += table
    lines = sorted([*lines_of(characters), *rows], key=lambda line: (line.y, line.x0))
    columns = [] if rows else columns_of(characters, height)
    page = {
        "width": width, "height": height, "lines": [asdict(line) for line in lines],
        "rules": sorted(strokes, key=lambda stroke: stroke[2]),
        "columns": [[asdict(line) for line in column] for column in columns],
    }  # fmt: skip
    return page, Counter({"numbers of lines": numbered, "characters struck out": struck})


def columns_of(characters: list[Character], height: float) -> list[list[Line]]:
    """The lines of the left and of the right column and those at the page's edges, where a strip in the middle of the
    page holds hardly any character; else nothing. What stands at the edges (heads, page numbers) may stand across."""
    filled = [character for character in characters if character.text.strip()]
    text = [character for character in filled if MARGIN * height < character.y < (1 - MARGIN) * height]
    if len(text) < FEWEST_CHARACTERS:
        return []
    first, last = min(character.x0 for character in text), max(character.x1 for character in text)
    cover = [0] * (int(last - first) + 2)  # how many characters stand over each point
    for character in text:
        for point in range(int(character.x0 - first), int(character.x1 - first) + 1):
            cover[point] += 1
    few, size = CROSSING * len(text), median(character.size for character in text)
    start = widest = run = 0
    for point in range(int(0.4 * len(cover)), int(0.6 * len(cover))):
        run = run + 1 if cover[point] <= few else 0
        start, widest = (point - run + 1, run) if run > widest else (start, widest)
    if widest < size:
        return []
    middle = first + start + widest / 2
    halves: list[list[Character]] = [[], []]
    for character in characters:
        if MARGIN * height < character.y < (1 - MARGIN) * height:
            halves[character.x0 > middle].append(character)  # where it begins: one may hang out of the left column
    edge = [character for character in characters if not MARGIN * height < character.y < (1 - MARGIN) * height]
    across = {
        round(character.y)
        for character in edge
        if character.text.strip() and abs(character.x0 + character.x1 - 2 * middle) < size
    }
    parts: list[list[Character]] = [[], [], []]  # of the edges: what stands across, left, right
    for character in edge:
        right = character.x0 + character.x1 > 2 * middle
        parts[0 if round(character.y) in across else 1 + right].append(character)
    parted = [lines_of(halves[0]), lines_of(halves[1]), [line for part in parts for line in lines_of(part)]]
    if min(map(len, parted[:2])) < FEWEST_LINES:
        return []
    return [sorted(lines, key=lambda line: line.y) for lines in parted]


def table_rows(cells: list[ruled_tables.Cell], characters: list[Character]) -> tuple[list[Line], list[Character]]:
    """A table's rows, and the characters that stand outside of it."""
    held: dict[ruled_tables.Cell, list[Character]] = {cell: [] for cell in cells}
    outside: list[Character] = []
    for character in characters:
        x, y = (character.x0 + character.x1) / 2, character.y - 0.35 * character.size
        place = next((cell for cell in cells if cell.holds(x, y)), None)
        (outside if place is None else held[place]).append(character)
    texts = {cell: _cell_text(cell, lines_of(some)) for cell, some in held.items()}
    if len({cell.column for cell, text in texts.items() if text}) < 2:
        return [], characters
    sizes = [line.size for some in held.values() for line in lines_of(some)[:1]]
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
