"""Files as publishers give them (PDF, text, Markdown) → the documents that each layout's parser may take."""

import re
from dataclasses import dataclass
from pathlib import Path

from analysis.base.errors import DocumentFaulty
from analysis.base.japanese import repaired, split_lines
from analysis.documents import document, page_parts, paragraphs, pdf_pages, text_files, word_files
from analysis.documents.document import Document
from analysis.extraction.parsers.profile import layouts

MOST_BYTES = 4_000_000  # of a text: ten times the longest plan
MOST_LINES = 100_000
MOST_SIGNS = 20_000  # of a line: thirty times the longest paragraph


Form = tuple[str, Document]
PAGE = re.compile(r"\ufeff?\s{0,99}<(?:!doctype html|html)[\s>]", re.IGNORECASE)


@dataclass(frozen=True)
class Read:
    """A source: its form (pdf or text), documents for each layout (the lines as they are, first), what was left out."""

    form: str
    forms: list[Form]
    pages: int
    tool: str
    left_out: dict[str, int]


def read(file: Path) -> Read:
    """Raises DocumentFaulty where the file is empty, neither PDF nor UTF-8, too large, or holds no text."""
    try:
        with file.open("rb") as stream:
            start = stream.read(1024)
        size = file.stat().st_size
    except OSError as error:
        raise DocumentFaulty(f"{file} cannot be read ({error.strerror}): give a file that can") from error
    if not start:
        raise DocumentFaulty(f"{file} is empty: fetch it anew")
    if pdf_pages.is_pdf(start):
        return _pdf(file)
    if start.startswith(word_files.SIGNATURE) and word_files.is_word(file):
        return _word(file)
    if size > MOST_BYTES:
        raise DocumentFaulty(
            f"{file} is larger than {MOST_BYTES // 10**6} MB, which no plan's text is: give the plan alone"
        )
    return _text(file, file.read_bytes())


def text(file: Path, layout: str) -> str:
    """The text that the layout's reader takes, as it is stored."""
    source = read(file)
    candidates = [made for name, made in source.forms if name == layout]
    return stored(candidates[0 if source.form == "pdf" else -1])


def stored(made: Document) -> str:
    """Return what data/raw holds of a document: the listing of its lines with their places, or its text."""
    return document.dump(made) if made.pages else "".join(f"{line}\n" for line in made.lines)


def _pdf(file: Path) -> Read:
    pdf = pdf_pages.read(file)
    left_out = dict(pdf.left_out)
    edges = sum(len(page.edges) for page in pdf.pages)
    if edges:
        left_out["lines at the pages' edges (heads, feet, numbers)"] = edges
    made = document.of_pages(pdf.pages)
    if not made.lines:
        raise DocumentFaulty(f"{file} holds nothing but what each of its pages repeats: give the plan itself")
    return Read("pdf", [(layout, made) for layout in layouts()], pdf.count, pdf.tool, left_out)


def _word(file: Path) -> Read:
    word = word_files.read(file)
    made = document.of_pages([word.page])
    return Read("word", [(layout, made) for layout in layouts()], 0, "mammoth", word.left_out)


def _text(file: Path, content: bytes) -> Read:
    if PAGE.match(content[:200].decode("utf-8", errors="replace")):
        raise DocumentFaulty(f"{file} is a web page and no document: download the document that it speaks of")
    try:
        raw = split_lines(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise DocumentFaulty(f"{file} is neither PDF nor UTF-8 text (byte {error.start}): convert it") from error
    if "\x00" in content[:4096].decode("latin-1"):
        raise DocumentFaulty(f"{file} is neither PDF nor text: give a PDF, or UTF-8 text")
    _check_length(raw, file)
    lines = [repaired(line) for line in raw]
    if not any(line.strip() for line in lines):
        raise DocumentFaulty(f"{file} holds no text: fetch it anew")
    plain = text_files.unmarked(lines)
    pages = page_parts.apart(text_files.pages_of(plain))
    edges = sum(len(page.edges) for page in pages)
    left_out = {"lines at the pages' edges (heads, feet, numbers)": edges} if edges else {}
    as_it_is, placed = document.of_text(lines), document.of_pages(pages)
    forms = [(layout, as_it_is) for layout in layouts()]
    forms += [("markdown_plan", document.of_text(plain))] if plain != lines and not edges else []
    forms += [("markdown_plan", placed), ("markdown_article", placed)]
    forms += [(name, placed) for name, profile in layouts().items() if profile.parser == "any plan"]
    if any("\x0c" in line for line in lines):
        fed = document.of_text(_without_feeds(lines))
        forms += [("text_slides", fed), ("markdown_slides", fed)]
    elif not text_files.is_spaced(lines):
        forms.append(("markdown_slides", placed))
    if paragraphs.roadmap_place(pages) is None:  # a text's own blank lines are all that tells a roadmap's cells
        # the layout's parser expects a blank line behind each: without them a text is none as it is
        forms = [form for form in forms if text_files.is_spaced(lines) or form[0] != "pdf_text_plan"]
        forms.append(("pdf_text_plan", placed))
    return Read("text", forms, 0, "", left_out)


def _without_feeds(lines: list[str]) -> list[str]:
    """Blank lines in place of form feeds, as many as part pages."""
    return [part for line in lines for part in (["", "", "", line.replace("\x0c", "")] if "\x0c" in line else [line])]


def _check_length(lines: list[str], file: Path) -> None:
    if len(lines) > MOST_LINES:
        raise DocumentFaulty(f"{file} has more than {MOST_LINES} lines, which no plan has: give the plan alone")
    if (number := _long(lines)) is not None:
        what = f"line {number} of {file} has more than {MOST_SIGNS} signs, which no plan's has"
        raise DocumentFaulty(f"{what}: give a text with line ends (a line feed each)")


def _long(lines: list[str]) -> int | None:
    """The number of the first line that is longer than a line can be."""
    return next((number for number, line in enumerate(lines, 1) if len(line) > MOST_SIGNS), None)
