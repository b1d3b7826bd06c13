"""The layouts that the five documents have, by name, and parsing with one."""

from analysis.documents.document import Document
from analysis.extraction import parsers
from analysis.extraction.parsers.parse_result import ParseResult
from analysis.extraction.parsers.profile import layout as profile_of

LAYOUTS = ["markdown_article", "markdown_plan", "markdown_slides", "pdf_text_plan", "text_slides"]


def parse(layout: str, document: Document) -> ParseResult:
    return parsers.parse(profile_of(layout), document)
