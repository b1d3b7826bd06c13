"""Word files (.docx) as a page of lines: one line a paragraph, one a row of a table, without places.

Mammoth reads the file, with the numbers of its lists written into it (`word_numbers`); what is struck out, deleted or
hidden is left out, and counted but for what is deleted. A paper's width of 0 says that lines are whole paragraphs,
which nothing needs to join.
"""

import zipfile
import zlib
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

import mammoth

from analysis.base.errors import DocumentFaulty
from analysis.base.japanese import SUPERSCRIPTS, repaired
from analysis.documents import word_numbers
from analysis.documents.document import SIZELESS, Line, Page
from analysis.documents.word_repairs import MOST_COLUMNS

SIGNATURE = b"PK\x03\x04"
MAIN = "word/document.xml"
MOST_UNPACKED = 100_000_000  # bytes of the parts that are read
HEADING_SIZES = {"h1": 1.6, "h2": 1.5, "h3": 1.4, "h4": 1.3, "h5": 1.2, "h6": 1.1}  # times a text's
STYLES = """p[style-name='Title'] => p.title:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='List Bullet 2'] => ul|ol > li > ul > li:fresh
p[style-name='List Bullet 3'] => ul|ol > li > ul|ol > li > ul > li:fresh
p[style-name='List Number 2'] => ul|ol > li > ol > li:fresh
p[style-name='List Number 3'] => ul|ol > li > ul|ol > li > ol > li:fresh
strike => s"""
FAULTS: dict[type[Exception], str] = {  # by what reading it raises
    ElementTree.ParseError: "its XML cannot be read",
    ExpatError: "its XML cannot be read",
    KeyError: "a part is missing",
    RecursionError: "it is nested too deeply",
    zipfile.BadZipFile: "it is cut off or damaged",
    zlib.error: "it is cut off or damaged",
    EOFError: "it is cut off or damaged",
    NotImplementedError: "it is packed in a way that Word does not use",
    RuntimeError: "a password locks it",
}
BULLETS = "•○▪•○▪•○▪"  # by the depth of the list, as Word sets them
TO_SUPERSCRIPTS = str.maketrans("0123456789", SUPERSCRIPTS)


def is_word(file: Path) -> bool:
    """Whether a file is a Word file, by what it holds."""
    try:
        with zipfile.ZipFile(file) as archive:
            return MAIN in archive.namelist()
    except (OSError, zipfile.BadZipFile, NotImplementedError):
        return False


@dataclass
class WordFile:
    """The lines of a Word file on one page without measures, and what was left out."""

    page: Page
    left_out: dict[str, int]


def read(file: Path) -> WordFile:
    """Raises DocumentFaulty where the file is broken, too large or holds no text."""
    try:
        with zipfile.ZipFile(file) as archive:
            size = sum(part.file_size for part in archive.infolist() if word_numbers.is_text(part.filename))
            if size > MOST_UNPACKED:
                raise DocumentFaulty(f"{file} unpacks to {size // 10**6} MB, which no plan needs: give the plan alone")
            texts, hidden = word_numbers.written(archive)
            html = mammoth.convert_to_html(
                texts,
                style_map=STYLES,
                convert_image=mammoth.images.img_element(lambda image: {}),
            )
    except DocumentFaulty:
        raise
    except word_numbers.TooLong as error:
        raise DocumentFaulty(f"{file} holds {error} characters, which no plan needs: give the plan alone") from error
    except Exception as error:  # whatever Mammoth and what it reads with make of a broken file
        what = next(
            (words for kind, words in FAULTS.items() if isinstance(error, kind)), "it holds what no Word file holds"
        )
        remedy = "open it in Word, save it anew, or save it as PDF"
        raise DocumentFaulty(f"{file} is a broken Word file ({what}): {remedy}") from error
    reader = _Reader()
    reader.feed(html.value)
    reader.close()
    lines = reader.lines
    if not lines:
        raise DocumentFaulty(f"{file} holds no text: give the plan itself")
    page = Page(0.0, float(len(lines) + 1), lines=lines)
    left_out = {"characters struck out": reader.struck, "hidden characters": hidden}
    return WordFile(page, {what: count for what, count in left_out.items() if count})


@dataclass
class _Table:
    """A table that is being read: its rows' cells, and how many rows those of each column still span."""

    cells: list[str] = field(default_factory=list)
    spans: dict[int, int] = field(default_factory=dict)
    columns: int = 1


class _Reader(HTMLParser):
    """One pass over Mammoth's HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self.struck = 0
        self._text: list[str] = []
        self._size = SIZELESS
        self._mark = ""
        self._struck = self._raised = self._lists = self._notes = 0
        self._tables: list[_Table] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag in ("p", *HEADING_SIZES) and not self._tables:
            self._flush()
            self._size = HEADING_SIZES.get(tag, SIZELESS * (1.7 if given.get("class") == "title" else 1))
        elif tag == "li":
            self._flush()
            self._size = SIZELESS
            note = (given.get("id") or "").startswith(("footnote", "endnote"))
            self._notes += note
            number = str(self._notes).translate(TO_SUPERSCRIPTS)  # marks are counted from 1, whatever the notes' ids
            self._mark = f"{number if note else BULLETS[min(self._lists, len(BULLETS)) - 1]} "
        elif tag in ("ul", "ol"):
            self._flush()
            self._lists += 1
        elif tag == "table":
            self._flush()
            self._tables.append(_Table())
        elif tag == "tr" and self._tables:
            self._tables[-1].cells = []
        elif tag in ("td", "th") and self._tables:
            self._cell(given)
        elif tag == "br":
            self._break()
        elif tag in ("s", "del"):
            self._struck += 1
        elif tag == "sup":
            self._raised += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "li", *HEADING_SIZES):
            self._break()
        elif tag in ("td", "th") and self._tables:
            table = self._tables[-1]
            text = " ".join("".join(self._text).split("\n")).strip()
            table.cells += [text, *[""] * (table.columns - 1)]
            self._text = []
        elif tag == "tr" and self._tables:
            self._row(self._tables[-1])
        elif tag == "table" and self._tables:
            self._tables.pop()
        elif tag in ("ul", "ol"):
            self._lists -= 1
        elif tag in ("s", "del"):
            self._struck -= 1
        elif tag == "sup":
            self._raised -= 1

    def handle_data(self, data: str) -> None:
        if self._struck:
            self.struck += len(data.strip())
        elif self._raised:
            self._text.append(data.strip("[]").translate(TO_SUPERSCRIPTS))
        elif data != "↑":  # a note's way back to its mark
            self._text.append(data.replace("\n", " "))

    def _break(self) -> None:
        if self._tables:
            self._text.append("\n")
        else:
            self._flush()

    def _cell(self, given: dict[str, str | None]) -> None:
        table = self._tables[-1]
        while table.spans.get(len(table.cells), 0) > 0:  # merged with the cell above
            table.spans[len(table.cells)] -= 1
            table.cells.append("")
        table.columns = min(_count(given.get("colspan")), max(MOST_COLUMNS - len(table.cells), 1))
        for place in range(len(table.cells), len(table.cells) + table.columns):
            table.spans[place] = _count(given.get("rowspan")) - 1
        self._text = []

    def _row(self, table: _Table) -> None:
        while table.spans.get(len(table.cells), 0) > 0:
            table.spans[len(table.cells)] -= 1
            table.cells.append("")
        if any(table.cells):
            self._line(tuple(table.cells), ruled=True)

    def _flush(self) -> None:
        text = "".join(self._text).strip()
        if text:
            self._line(tuple(cell for cell in (self._mark + text).split("\t") if cell.strip()), ruled=False)
            self._mark = ""
        self._text = []

    def _line(self, cells: tuple[str, ...], ruled: bool) -> None:
        y = float(len(self.lines) + 1)
        mended = tuple(repaired(cell) for cell in cells)
        self.lines.append(Line(0.0, 0.0, y, self._size if not ruled else SIZELESS, mended, ruled))


def _count(value: str | None) -> int:
    return min(int(value), 1000) if value and value.isdecimal() and int(value) > 0 else 1
