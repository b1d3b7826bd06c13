"""What was read by OCR: its rows are doubted, and bodies that it misread by one character are told by the register."""

import re
from dataclasses import replace
from typing import cast

from sudachipy import Morpheme

from analysis.documents.document import Document
from analysis.extraction.morphemes import tokenizer
from analysis.extraction.parsers.parse_result import Measure, ParseResult
from analysis.tables import ministries

BY_OCR = "read by OCR"
LIKELY = "misread by OCR, taken for a body of the register"
SHORTEST = 3  # characters of a name in which one may be wrong

LETTER = re.compile(r"[^\W\d_]")
FORM_WORDS = ("助詞", "助動詞", "補助記号", "記号", "空白")  # parts of speech that a misread character does not tell
MOST_LINES, LONGEST = 300, 300  # that are looked at, and their characters
MOST_LEGIBLE = 0.89  # of a page that is read without a fault: nobody is sure of what OCR read


def lines_by_ocr(document: Document) -> set[int]:
    """Return the numbers of the lines that were read from pictures."""
    return {line.number for page in document.pages for line in [*page.lines, *page.notes] if line.by_ocr}


def legible(document: Document) -> float:
    """Return how far a document was read well, 0–1: of what OCR read, the share of letters in words that the dictionary
    knows and that have several characters, for a character that is misread leaves single ones."""
    lines = [line for page in document.pages for line in [*page.lines, *page.notes]]
    by_ocr = [line.text for line in lines if line.by_ocr]
    if not by_ocr:
        return 1.0
    sample = by_ocr[:: len(by_ocr) // MOST_LINES + 1]
    words = [word for text in sample for word in tokenizer().tokenize(text[:LONGEST]) if _tells(word)]
    known = sum(len(word.surface()) for word in words if len(word.surface()) > 1 and not word.is_oov())
    share = min(MOST_LEGIBLE, known / max(sum(len(word.surface()) for word in words), 1))
    return 1 - (1 - share) * len(by_ocr) / len(lines)


def _tells(word: Morpheme) -> bool:
    return LETTER.search(word.surface()) is not None and word.part_of_speech()[0] not in FORM_WORDS


def is_by_ocr(row: dict[str, object], lines: set[int]) -> bool:
    """Whether a row rests on a line that was read from a picture."""
    first = cast(int, row["first_line"])
    last = cast(int, row.get("last_line", first))
    return not lines.isdisjoint(range(first, last + 1))


def with_likely_bodies(reading: ParseResult, lines: set[int]) -> ParseResult:
    """Return a parse result whose measures of these lines name bodies of the register where OCR took one character for
    another (観光店); each such measure says so."""
    if not lines:
        return reading
    measures = [
        _with_likely_bodies(measure)
        if not lines.isdisjoint(range(measure.first_line, measure.last_line + 1))
        else measure
        for measure in reading.measures
    ]
    return replace(reading, measures=measures)


def _with_likely_bodies(measure: Measure) -> Measure:
    bodies = tuple(_likely(name) for name in measure.ministries)
    if bodies == measure.ministries:
        return measure
    misread = [name for name, body in zip(measure.ministries, bodies, strict=True) if name != body]
    doubts = tuple(f"{LIKELY}: {name}" for name in misread)
    return replace(measure, ministries=bodies, doubts=(*measure.doubts, *doubts))


def _likely(name: str) -> str:
    """Return a name with the one body of the register in it that differs by one character, if there is one only.

    The last character says what kind of body it is: one that no body ends with is misread, another is another body.
    """
    written, bracket, office = name.partition("(")
    bodies = ministries.register()
    if written in bodies or len(written) < SHORTEST:
        return name
    kinds = {body[-1] for body in bodies}
    alike = [
        body for body in bodies if _differ(body, written) == 1 and (body[-1] == written[-1] or written[-1] not in kinds)
    ]
    return alike[0] + bracket + office if len(alike) == 1 else name


def _differ(body: str, name: str) -> int:
    """Return in how many places names of the same length differ; for other lengths, all of them."""
    return sum(a != b for a, b in zip(body, name, strict=True)) if len(body) == len(name) else len(body)
