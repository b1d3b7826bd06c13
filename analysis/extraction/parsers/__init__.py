"""One parser a kind of document: a document's runs of lines → paragraphs and measures.

What differs between families of documents of a kind is a profile (`profile`, data/curated/layouts). Lines come
repaired (`japanese.repaired`), whatever file they are from.
"""

from collections.abc import Callable, Mapping

from analysis.documents import paragraphs
from analysis.documents.document import Document, Run
from analysis.extraction.parsers import any_plan, article, plan, plan_roadmap, slides
from analysis.extraction.parsers.parse_result import ParseResult
from analysis.extraction.parsers.profile import Parser, Profile

PARSERS: Mapping[Parser, Callable[[list[Run], Profile], ParseResult]] = {
    "plan": plan.read, "any plan": any_plan.read, "slides": slides.read, "article": article.read,
    "roadmap": plan_roadmap.read_alone,
}  # fmt: skip


def parse(profile: Profile, document: Document) -> ParseResult:
    """Return the measures and paragraphs that a profile's parser reads in a document."""
    return PARSERS[profile.parser](paragraphs.runs(document, profile.style), profile)
