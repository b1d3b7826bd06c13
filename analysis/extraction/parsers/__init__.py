"""One parser a layout. A parser turns the lines of a document into paragraphs and measures.

To add a layout: write `read(lines: list[str]) -> Reading` in a file of its own and name it here. Lines come repaired
(`japanese.repaired`), whatever file they are from.
"""

from collections.abc import Callable

from analysis.base.japanese import repaired
from analysis.extraction.parsers import markdown_article, markdown_plan, markdown_slides, pdf_text_plan, text_slides
from analysis.extraction.parsers.parse_result import Reading

Read = Callable[[list[str]], Reading]


def _of_repaired(read: Read) -> Read:
    return lambda lines: read([repaired(line) for line in lines])


READERS: dict[str, Read] = {
    "markdown_plan": _of_repaired(markdown_plan.read),
    "pdf_text_plan": _of_repaired(pdf_text_plan.read),
    "markdown_slides": _of_repaired(markdown_slides.read),
    "text_slides": _of_repaired(text_slides.read),
    "markdown_article": _of_repaired(markdown_article.read),
}
