"""Pages that are pictures → lines with their places, by Tesseract, where it is installed (Debian's tesseract-ocr-jpn).

A page is drawn at 300 dots per inch and recognised in a process of its own (`main`), which may take only so much time
and memory and writes no files. What comes back is Tesseract's table of words (TSV) and the ruling lines of the picture;
characters are placed along their line here, so that a scan is read as any page of a PDF is. Tesseract says well where a
line stands and less well where a character does.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any, cast

from analysis.base.japanese import mended
from analysis.documents import bounded_process, ocr_text
from analysis.documents.page_lines import Character, set_out
from analysis.documents.ruled_tables import Stroke

DOTS, POINTS = 300, 72  # an inch
MOST_DOTS = 25_000_000  # of a page: A3 at 300 dots per inch has 17 million; larger pages are drawn coarser
PAGES = 300
PAGE_SECONDS, ALL_SECONDS = 60, 3_600
CPU_SECONDS = 50  # of each process
MOST_BYTES = 8_000_000  # of what is recognised on a page
MOST_CHARACTERS = 20_000
PROGRAM, LANGUAGE = "tesseract", "jpn"
INSTALL = "install tesseract-ocr and tesseract-ocr-jpn (Debian's names; others: docs/add-an-edition.md)"
MODE = "3"  # Tesseract's page segmentation: find the blocks of a page that is upright
DARK = 140  # up to this value, of 255, a dot is ink
SHORTEST = {"level": 30.0, "upright": 20.0}  # points of a ruling line: no character has such a stroke
THICK = 3.5  # points from which on a dark area is no line
INK = 0.93  # the height of a line's ink, of its size
SAME = 0.15  # by which lines of one size come out larger or smaller than most of the text
FEW = 3  # characters, whose ink says nothing of their size
WIDE_GAP = 1.2  # of the size: a gap that is none of the places' faults
ENOUGH = 15  # characters from which on a line's length tells their size


@dataclass(frozen=True)
class Recognised:
    """What OCR made of some pages: those that it read, by number, as `page_lines.set_out` gives them; why others are
    not read; with what, and what to install where that is missing."""

    pages: dict[int, dict[str, Any]] = field(default_factory=dict)
    unread: dict[int, str] = field(default_factory=dict)
    tool: str = ""
    advice: str = ""


Recogniser = Callable[[Path, list[int]], Recognised]


@dataclass(frozen=True)
class Word:
    """A word of Tesseract's table and its box, in points."""

    text: str
    x0: float
    x1: float


@dataclass(frozen=True)
class WordLine:
    """A line of Tesseract's table: its words in their order, and the upper and lower end of its ink, in points."""

    words: tuple[Word, ...]
    top: float
    bottom: float

    @property
    def characters(self) -> int:
        return sum(len(word.text) for word in self.words)


def tool() -> str:
    """Name Tesseract and its version as the manifest keeps them; "" where it, or its Japanese, is not installed."""
    program = shutil.which(PROGRAM)
    if program is None:
        return ""
    try:
        version = _asked(program, "--version").split("\n")[0]
        languages = _asked(program, "--list-langs").split()
    except (OSError, subprocess.SubprocessError):
        return ""
    return f"{version[:40]} ({LANGUAGE})" if LANGUAGE in languages else ""


def _asked(program: str, option: str) -> str:
    done = subprocess.run([program, option], capture_output=True, timeout=10, check=True, stdin=subprocess.DEVNULL)
    return (done.stdout + done.stderr).decode(errors="replace").strip()


def read(file: Path, numbers: list[int], notify: Callable[[int], None] = lambda done: None) -> Recognised:
    """Recognise pages of a PDF by their numbers (from 1), one after the other; `notify` gets how many are done."""
    name = tool()
    if not name:
        return Recognised(advice=f"to read them by OCR {INSTALL}")
    if len(numbers) > PAGES:
        return Recognised(advice=f"OCR reads {PAGES} pages at most: give a part of the file")
    answers: dict[int, dict[str, Any]] = {}
    unread: dict[int, str] = {}
    end = monotonic() + ALL_SECONDS
    for done, number in enumerate(numbers):
        notify(done)
        answer = _recognised(file, number, min(PAGE_SECONDS, end - monotonic()))
        if isinstance(answer, str):
            unread[number] = answer
        else:
            answers[number] = answer
    pages = dict(zip(answers, pages_of(list(answers.values())), strict=True))
    return Recognised(pages, unread, name)


def _recognised(file: Path, number: int, seconds: float) -> dict[str, Any] | str:
    """Return a page as recognised, or why it is not."""
    if seconds <= 0:
        return f"OCR took longer than {ALL_SECONDS} s altogether"
    try:
        output = bounded_process.output_of(__name__, [str(file), str(number)], seconds)
    except subprocess.TimeoutExpired:
        return f"OCR took longer than {PAGE_SECONDS} s"
    try:
        answer = json.loads(output)
    except ValueError:
        return "OCR broke off"
    return cast(dict[str, Any], answer)


# --- words → pages ---------------------------------------------------------------------------------------------------


def pages_of(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return recognised pages as `page_lines.set_out` gives them; which size is usual is told of all of them."""
    lines = [word_lines(answer["tsv"], answer["scale"]) for answer in answers]
    size = _usual_size(line for some in lines for line in some)
    pages = []
    for answer, some in zip(answers, lines, strict=True):
        strokes, upright = ([cast(Stroke, tuple(stroke)) for stroke in answer[name]] for name in SHORTEST)
        characters = [character for line in some for character in _characters(line, size, upright)]
        page, _ = set_out(characters, strokes, upright, answer["width"], answer["height"])
        pages.append(page | {"ocr": True, "scan": False})
    return pages


def word_lines(tsv: str, scale: float) -> list[WordLine]:
    """Return the lines of Tesseract's table, in points; `scale` is how many dots a point has. Rows that are none, and
    words without a character, are passed over."""
    rows = [row for line in tsv.split("\n")[1:] if (row := _row(line))]
    lines: list[WordLine] = []
    count = 0
    for _, some in groupby(rows, key=lambda row: row[1:5]):  # block, paragraph and line
        members = list(some)
        head = next((row for row in members if row[0] == 4), None)
        words = tuple(
            Word(text, left / scale, (left + width) / scale)
            for level, *_, left, _, width, _, text in members
            if level == 5 and text
        )
        count += sum(len(word.text) for word in words)
        if head and words and count <= MOST_CHARACTERS:
            lines.append(WordLine(words, head[7] / scale, (head[7] + head[9]) / scale))
    return lines


def _row(line: str) -> tuple[Any, ...] | None:
    """Return a row's numbers without the confidence (level, page, block, paragraph, line, word, left, top, width,
    height) and its text."""
    parts = line.split("\t")
    try:
        numbers = [int(part) for part in parts[:10]]
    except ValueError:
        return None
    if len(parts) != 12 or len(numbers) != 10 or min(numbers) < 0:
        return None
    text = "".join(mended(character) for character in parts[11]).strip()
    return (*numbers, text)


def _usual_size(lines: Iterable[WordLine]) -> float:
    """Return the size that most characters have, in points."""
    heights = [(line.bottom - line.top) / INK for line in lines for _ in range(line.characters)]
    return round(median(heights), 1) if heights else 10.5


def _size(line: WordLine, usual: float) -> float:
    """Return a line's size: the usual one, unless its ink, and its length where that tells, are clearly others."""
    by_height = (line.bottom - line.top) / INK
    wide = sum(_width(word.text) for word in line.words)
    by_length = (line.words[-1].x1 - line.words[0].x0) / wide
    size = by_length if wide >= ENOUGH and abs(by_length / by_height - 1) < 2 * SAME else by_height
    if line.characters <= FEW or abs(size / usual - 1) <= SAME:
        return usual
    return max(round(size * 2) / 2, 0.5)


def _width(text: str) -> float:
    """Return how wide a text is, in its size."""
    return sum(0.5 if character.isascii() else 1.0 for character in text)


def _characters(line: WordLine, usual: float, upright: list[Stroke]) -> list[Character]:
    """Return a line's characters, placed evenly between the gaps and ruling lines that part its words, which are read
    as one text: Tesseract parts Japanese words, too."""
    size = _size(line, usual)
    middle = (line.top + line.bottom) / 2
    crossing = [x for y0, y1, x in upright if y0 <= middle <= y1]
    pieces: list[list[Word]] = [[line.words[0]]]
    for before, word in pairwise(line.words):
        gap = _centre(word) - _centre(before) - size * (_width(before.text) + _width(word.text)) / 2
        parted = gap > WIDE_GAP * size or any(_centre(before) < x < _centre(word) for x in crossing)
        if parted:
            pieces.append([word])
        else:
            pieces[-1].append(word)
    characters: list[Character] = []
    end = 0.0
    for text, words in zip(ocr_text.mended([_text(words) for words in pieces]), pieces, strict=True):
        x = max(words[0].x0, end)
        end = max(words[-1].x1, x + 0.3 * size * len(text))
        step = (end - x) / _width(text)
        for character in text:
            right = x + step * _width(character)
            characters.append(Character(character, x, right, middle + 0.35 * size, size))
            x = right
    return characters


def _text(words: list[Word]) -> str:
    """Return words as one text, with a space only where Latin ones meet."""
    text = words[0].text
    for word in words[1:]:
        latin = text[-1].isascii() and word.text[0].isascii() and (text[-1].isalpha() or word.text[0].isalpha())
        text += " " + word.text if latin else word.text
    return text


def _centre(word: Word) -> float:
    return (word.x0 + word.x1) / 2


# --- in the process that recognises a page ---------------------------------------------------------------------------


def main(name: str, number: int) -> None:
    """Print a page as JSON: Tesseract's words, and ruling lines in points."""
    bounded_process.limit(CPU_SECONDS)
    picture, scale, width, height = _drawn(name, number)
    dark = picture <= DARK
    strokes = {
        "level": _strokes(dark, scale, SHORTEST["level"]),
        "upright": _strokes(dark.T, scale, SHORTEST["upright"]),
    }
    words = _words(picture, round(scale * POINTS))
    json.dump({"tsv": words, "scale": scale, "width": width, "height": height, **strokes}, sys.stdout)


def _drawn(name: str, number: int) -> tuple[Any, float, float, float]:
    """Return a page as an array of grey dots, the dots of a point, and its width and height in points."""
    import pypdfium2

    page = pypdfium2.PdfDocument(Path(name).read_bytes())[number - 1]
    width, height = page.get_size()
    scale = min(DOTS / POINTS, (MOST_DOTS / (width * height)) ** 0.5)
    picture = page.render(scale=scale, grayscale=True, may_draw_forms=False).to_numpy()
    return picture.reshape(picture.shape[:2]), scale, round(width, 2), round(height, 2)


def _words(picture: Any, dots: int) -> str:
    """Return Tesseract's table of words of a picture."""
    height, width = picture.shape
    done = subprocess.run(
        [PROGRAM, "stdin", "stdout", "--dpi", str(dots), "-l", LANGUAGE, "--psm", MODE, "tsv"],
        input=b"P5\n%d %d\n255\n" % (width, height) + picture.tobytes(), stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, check=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )  # fmt: skip
    words: bytes = done.stdout[:MOST_BYTES]
    return words.decode(errors="replace")


def _strokes(dark: Any, scale: float, shortest: float) -> list[tuple[float, float, float]]:
    """Return the lines of dark dots along the rows of an array, as start, end and place across, in points."""
    import numpy as np

    edges = np.diff(np.pad(dark.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    rows, starts = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    long = ends - starts >= shortest * scale
    open_strokes: list[list[int]] = []  # start, end, first and last row
    strokes: list[list[int]] = []
    for row, start, end in zip(rows[long].tolist(), starts[long].tolist(), ends[long].tolist(), strict=True):
        strokes += [stroke for stroke in open_strokes if stroke[3] < row - 2]
        open_strokes = [stroke for stroke in open_strokes if stroke[3] >= row - 2]
        stroke = next((s for s in open_strokes if start <= s[1] and end >= s[0]), None)
        if stroke is None:
            open_strokes.append([start, end, row, row])
        else:
            stroke[:] = [min(start, stroke[0]), max(end, stroke[1]), stroke[2], row]
    return [
        (round(start / scale, 1), round(end / scale, 1), round((first + last + 1) / 2 / scale, 1))
        for start, end, first, last in [*strokes, *open_strokes]
        if last - first < THICK * scale
    ]


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
