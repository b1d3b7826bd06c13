"""One reader a layout. A reader turns the lines of a document into paragraphs and measures.

To add a layout: write `read(lines: list[str]) -> Reading` in a file of its own and name it here.
"""

from collections.abc import Callable

from analysis.extraction.parsers import markdown_article, markdown_plan, markdown_slides, pdf_text_plan, text_slides
from analysis.extraction.parsers.parse_result import Reading

READERS: dict[str, Callable[[list[str]], Reading]] = {
    "markdown_plan": markdown_plan.read,
    "pdf_text_plan": pdf_text_plan.read,
    "markdown_slides": markdown_slides.read,
    "text_slides": text_slides.read,
    "markdown_article": markdown_article.read,
}
