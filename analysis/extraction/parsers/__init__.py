"""One parser a layout. A parser turns a document's runs of lines into paragraphs and measures.

To add a layout: write `read(runs: list[Run]) -> ParseResult` in a file of its own and name it here, with the style in
which its lines are put together. Lines come repaired (`japanese.repaired`), whatever file they are from.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from analysis.documents import paragraphs
from analysis.documents.document import Document, Run
from analysis.documents.paragraphs import Style
from analysis.extraction.parsers import article, plan, plan_roadmap, slides
from analysis.extraction.parsers.parse_result import ParseResult


@dataclass(frozen=True)
class Layout:
    """How a layout's lines are put together, and what is read in them."""

    style: Style
    parse: Callable[[list[Run]], ParseResult]


LAYOUTS = {
    "markdown_plan": Layout("whole", partial(plan.read, profile=plan.WHOLE)),
    "pdf_text_plan": Layout("wrapped", partial(plan.read, profile=plan.WRAPPED)),
    "markdown_slides": Layout("slide paragraphs", partial(slides.read, profile=slides.WHOLE)),
    "text_slides": Layout("slide lines", partial(slides.read, profile=slides.WRAPPED)),
    "markdown_article": Layout("article", article.read),
    plan_roadmap.LAYOUT: Layout("table rows", plan_roadmap.read_alone),
}


def parse(layout: str, document: Document) -> ParseResult:
    """Return the measures and paragraphs that the layout's parser finds in a document."""
    return LAYOUTS[layout].parse(paragraphs.runs(document, LAYOUTS[layout].style))
