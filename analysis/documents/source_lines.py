"""Lines of the documents as evidence beside a figure, where the documents are at hand."""

from dataclasses import dataclass
from itertools import islice

from analysis.base.errors import DocumentMissing
from analysis.documents import manifest
from analysis.documents.document import load

NEIGHBOURS = 2  # lines with words, before and after
LINE_CHARACTERS = 240  # shown of a line: in some documents a line is a paragraph


@dataclass(frozen=True)
class Line:
    """A line of a document: its number (1-based), its words, and whether it is the one asked for or a neighbour."""

    number: int
    text: str
    own: bool


Documents = dict[str, list[str]]


def at_hand() -> Documents:
    """The lines of each document that data/raw holds, by doc_id. Raises DocumentFaulty where one was altered."""
    texts = {}
    for document in manifest.documents():
        try:
            texts[document.doc_id] = list(load(manifest.lines(document)).lines)
        except DocumentMissing:
            continue
    return texts


def around(documents: Documents, doc_id: str, first: int, last: int, own: bool = True) -> list[Line]:
    """The lines `first` to `last` of a document with their neighbours; nothing where the document is not at hand.

    Without `own` the neighbours alone, for where the lines themselves stand beside them.
    """
    lines = documents.get(doc_id, [])
    before = list(islice((n for n in range(first - 1, 0, -1) if _words(lines, n)), NEIGHBOURS))
    after = list(islice((n for n in range(last + 1, len(lines) + 1) if _words(lines, n)), NEIGHBOURS))
    inside = [n for n in range(first, last + 1) if own and _words(lines, n)]
    return [Line(n, _cut(lines[n - 1]), first <= n <= last) for n in [*before[::-1], *inside, *after]]


def _words(lines: list[str], number: int) -> bool:
    return 0 < number <= len(lines) and bool(lines[number - 1].strip())


def _cut(line: str) -> str:
    line = line.strip()
    return line if len(line) <= LINE_CHARACTERS else line[:LINE_CHARACTERS] + "…"
