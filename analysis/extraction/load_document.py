"""Files as publishers give them (PDF, text, Markdown) → the documents that each layout's parser may take."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

from analysis.base import encodings, files, line_ends
from analysis.base.errors import DocumentFaulty
from analysis.base.japanese import split_lines
from analysis.documents import document, file_kinds, ocr, page_parts, paragraphs, pdf_pages, text_files, word_files
from analysis.documents.document import Document
from analysis.extraction.parsers.profile import layouts

MOST_BYTES = 4_000_000  # of a text: ten times the longest plan
MOST_LINES = 100_000
MOST_ZEROS = 0.01  # the share of bytes of a text that are zero


Form = tuple[str, Document]


@dataclass(frozen=True)
class Read:
    """A source: its form (pdf or text), documents for each layout (the lines as they are, first), what was left out."""

    form: str
    forms: list[Form]
    pages: int
    tool: str
    left_out: dict[str, int]
    by_ocr: tuple[int, ...] = ()  # the numbers of a PDF's pages that were read by OCR
    plain: bool = True  # the lines of a text are those that every program counts


def read(file: Path, recognise: ocr.Recogniser | None = ocr.read) -> Read:
    """Read a source; `recognise` reads the pages of a PDF that are pictures.

    Raises DocumentFaulty where the file is empty, neither PDF nor UTF-8, too large, or holds no text."""
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise DocumentFaulty(f"{file} cannot be read ({error.strerror}): give a file that can") from error
    if not content:
        raise DocumentFaulty(f"{file} is empty: fetch it anew")
    if content.startswith(word_files.SIGNATURE) and word_files.is_word(file):
        return _word(file)
    if what := file_kinds.packed(content):
        if content.startswith(word_files.SIGNATURE) and not zipfile.is_zipfile(file):
            what = f"{what.split(':')[0]} that is cut off or damaged: fetch it anew"
        raise DocumentFaulty(f"{file} is {what}")
    if pdf_pages.is_pdf(content):
        return _pdf(file, recognise)
    if what := file_kinds.advice(content):
        raise DocumentFaulty(f"{file} is {what}")
    if len(content) > MOST_BYTES:
        raise DocumentFaulty(
            f"{file} is larger than {MOST_BYTES // 10**6} MB, which no plan's text is: give the plan alone"
        )
    return _text(file, content)


def text(file: Path, layout: str, sha256: str = "", tool: str = "") -> str:
    """Return the text that the layout's parser takes, as it is stored: that with the checksum, if there is one. Pages
    that are pictures are read only where the `tool` that took the text before did.

    Raises DocumentFaulty where OCR did, and is not at hand or reads otherwise.
    """
    was_recognised = ocr.PROGRAM in tool
    source = read(file, ocr.read if was_recognised else None)
    texts = [stored(made) for name, made in source.forms if name == layout]
    usual = texts[0 if source.form == "pdf" else -1]
    made = next((text for text in texts if files.checksum(text.encode()) == sha256), None)
    if made is None and was_recognised:
        raise DocumentFaulty(
            f"was read by OCR with {tool}; {source.tool} gives another text: ask whoever added it for the text itself"
        )
    return usual if made is None else made


def stored(made: Document) -> str:
    """Return what data/raw holds of a document: the listing of its lines with their places, or its text."""
    return document.dump(made) if made.pages else "".join(f"{line}\n" for line in made.lines)


def _pdf(file: Path, recognise: ocr.Recogniser | None) -> Read:
    pdf = pdf_pages.read(file, recognise)
    left_out = dict(pdf.left_out)
    edges = sum(len(page.edges) for page in pdf.pages)
    if edges:
        left_out["lines at the pages' edges (heads, feet, numbers)"] = edges
    made = document.of_pages(pdf.pages)
    if not made.lines:
        raise DocumentFaulty(f"{file} holds nothing but what each of its pages repeats: give the plan itself")
    return Read("pdf", [(layout, made) for layout in layouts()], pdf.count, pdf.tool, left_out, tuple(pdf.by_ocr))


def _word(file: Path) -> Read:
    word = word_files.read(file)
    made = document.of_pages([word.page])
    return Read("word", [(layout, made) for layout in layouts()], 0, "mammoth", word.left_out)


def _text(file: Path, content: bytes) -> Read:
    try:
        text = encodings.decoded(content)
    except encodings.NotUtf8 as error:
        if (at := content.find(pdf_pages.SIGNATURE)) > 0:
            raise DocumentFaulty(f"{file} is a PDF behind {at} other bytes: fetch it anew, or cut them off") from error
        remedy = "fetch it anew, or mend the line" if error.likely == encodings.DAMAGED else "convert it to UTF-8"
        what = f"{error}; {remedy}" if error.likely else "neither PDF nor text; give a PDF, or UTF-8 text"
        raise DocumentFaulty(f"{file}, line {error.line}: {what}") from error
    if content.count(0) > MOST_ZEROS * len(content):  # fewer are a fault of single lines: they go as what nobody sees
        raise DocumentFaulty(f"{file} is neither PDF nor text: give a PDF, or UTF-8 text")
    raw = line_ends.universal(text)
    if len(raw) > MOST_LINES:
        raise DocumentFaulty(f"{file} has more than {MOST_LINES} lines, which no plan has: give the plan alone")
    if document.is_listing(raw):
        raise DocumentFaulty(f"{file} is the listing of a document that was added before: give the document itself")
    as_it_is = document.of_text(raw)
    lines = list(as_it_is.lines)
    if not any(line.strip() for line in lines):
        raise DocumentFaulty(f"{file} holds no text: fetch it anew")
    plain = text_files.unmarked(lines)
    pages = page_parts.apart(text_files.pages_of(plain))
    edges = sum(len(page.edges) for page in pages)
    left_out = {"lines at the pages' edges (heads, feet, numbers)": edges} if edges else {}
    placed = document.of_pages(pages)
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
    return Read("text", forms, 0, "", left_out, plain=raw == split_lines(text))


def _without_feeds(lines: list[str]) -> list[str]:
    """Blank lines in place of form feeds, as many as part pages."""
    return [part for line in lines for part in (["", "", "", line.replace("\x0c", "")] if "\x0c" in line else [line])]
