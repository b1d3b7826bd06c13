"""Pages of lines → the runs that parsers take, each layout's in its own style."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from analysis.base.japanese import COMMAS, MOST_CHARACTERS, cut, join_lines, normal, rests, squeeze
from analysis.documents import marks
from analysis.documents.document import SIZELESS, Above, Document, Line, Page, Run
from analysis.documents.joining import (
    GAP,
    HORIZON,
    LEADERS,
    LONG,
    SAME_SIZE,
    TO_SUPERSCRIPTS,
    Paragraph,
    Sheet,
    begins,
    distance,
    leading,
    number_of,
    sheets_of,
    with_number,
)
from analysis.documents.page_parts import body_size, pitch

FILLED = 3.5  # of a character's size: what may be left between the last line and the margin of a page that is full
HEADLINE = re.compile(r"[0-9]{1,2}(?:[ 　]|\. ?)[^0-9\s]|\([0-9]{1,2}\)|[○〇◯]\S|[(<][^()<>]+[)>]$")  # of an article
CONTENTS_ROW = re.compile(r"(\S.*\S)[ 　]+([0-9０-９]{1,3})$")
CONTENTS_NUMBER = re.compile(r"[0-9]{1,3}$")
ROADMAP = re.compile(r"[0-9]{1,2}\. ?工程表$")
BULLET = "•"
PAGE_BLANKS = 3  # blank lines that part two slides of a text
CONTENTS_LONG = 400  # characters beyond which a line is none of the contents, leaders and all

# How a layout's lines are put together: wrapped ones as a text layer has them, whole paragraphs, a slide's lines or its
# paragraphs, an article's paragraphs with its headings.
Style = Literal[
    "wrapped", "whole", "whole, arrows as they are", "slide lines", "slide paragraphs", "article", "table rows"
]
AS_THEY_ARE: Style = "whole, arrows as they are"  # an arrow may stand before bodies in charge


def runs(document: Document, style: Style) -> list[Run]:
    """Return the document's lines as runs, as the style of a layout has them.

    A text file has a run for each line; lines on pages are put together where their places say so. What is a list mark
    by repetition has become a bullet.
    """
    if not document.pages and style not in ("wrapped", AS_THEY_ARE):
        style = "whole"  # the others differ on pages only
    if style not in document.runs:
        document.runs[style] = _runs(document, style)
    return list(document.runs[style])


def _runs(document: Document, style: Style) -> list[Run]:
    document = _with_bullets(document, style != AS_THEY_ARE)
    if document.pages and all(page.width == 0 for page in document.pages):
        return _of_paragraphs(document)
    if not document.pages:
        return _of_text(document, style)
    made = {
        "wrapped": layered, "whole": flowing, AS_THEY_ARE: flowing, "slide lines": lined, "slide paragraphs": pieced,
        "article": headed, "table rows": tabled,
    }[style](list(document.pages))  # fmt: skip
    return [run if len(run.raw) <= MOST_CHARACTERS else replace(run, raw=cut(run.raw)) for run in made]


def _with_bullets(document: Document, arrows: bool) -> Document:
    """Return a document with a bullet for each character that is a list mark by repetition alone; of arrows only where
    they may be."""
    lines = [line for page in document.pages for line in page.lines if not line.ruled]
    starts = [(line.x0, _start(line.raw)) for line in lines]
    if not document.pages:
        starts = [(len(marks.undashed(line)[0]), _start(line)) for line in document.lines]
    characters = marks.by_repetition(starts)
    characters = {one for one in characters if arrows or marks.kind(one) not in (marks.ARROW, marks.TICK)}
    if not characters:
        return document

    def bulleted(raw: str) -> str:
        before, words = marks.undashed(raw)
        mark = marks.repeated_mark(words, characters)
        if (dash := before.strip()) in characters and not mark:
            return before.replace(dash, BULLET) + words
        return before + BULLET + words[len(mark) :] if mark else raw

    def told(line: Line) -> Line:
        return line if line.ruled else replace(line, cells=tuple(bulleted(line.raw).split("\t")))

    pages = tuple(replace(page, lines=[told(line) for line in page.lines]) for page in document.pages)
    return Document(tuple(map(bulleted, document.lines)), pages)


def _start(line: str) -> str:
    """Return what a list mark by repetition may begin: a line without a dash before it, but for an asterisk."""
    before, words = marks.undashed(line)
    asterisk = before.strip() in tuple(marks.ASTERISKS)
    return before.lstrip(marks.SPACES) + words if asterisk else words


def _of_paragraphs(document: Document) -> list[Run]:
    """Return a run for each line of a file whose lines are whole paragraphs; a gap parts all but rows of tables."""
    result: list[Run] = []
    before: Line | None = None
    for line in (line for page in document.pages for line in page.lines):
        row = before is not None and before.ruled and line.ruled
        result.append(Run((line,), line.raw, "line" if row else "gap", heading=line.size > SIZELESS))
        before = line
    return result


def _of_text(document: Document, style: Style) -> list[Run]:
    """Return a run for each line that is not blank. Where lines are wrapped a text layer has a blank line behind each,
    none where the page turns, and several at a gap; elsewhere a blank line is a gap, and several part slides."""
    result: list[Run] = []
    blanks = 0
    for number, raw in enumerate(document.lines, 1):
        if not raw.strip():
            blanks += 1
            continue
        indent = float(len(raw) - len(raw.lstrip()))
        line = Line(indent, indent, number, SIZELESS, tuple(raw.split("\t")), number=number)
        result.append(Run((line,), raw, _wrapped_above(blanks) if style == "wrapped" else _above(blanks)))
        blanks = 0
    return result


def _wrapped_above(blanks: int) -> Above:
    return "page" if blanks == 0 else "line" if blanks == 1 else "gap"


def _above(blanks: int) -> Above:
    return "line" if blanks == 0 else "gap" if blanks < PAGE_BLANKS else "page"


def lined(pages: list[Page]) -> list[Run]:
    """Return slides line by line, with a gap where the page has one or another size."""
    near = GAP * leading(pages)
    top = min((page.lines[0].y - page.lines[0].size for page in pages if page.lines), default=0.0)
    result: list[Run] = []
    before: Page | None = None
    for page in pages:
        last: Line | None = None
        for line in [*page.lines, *page.notes]:
            if last is None:
                above = _turn(before, line, top) if before else "page"
            else:
                above = "gap" if distance(last, line) > near or line in page.notes[:1] else "line"
            result.append(Run((line,), line.raw, above, unmarked=line.unmarked))
            last = line
        before = page if page.lines else before
    return result


def _turn(before: Page, line: Line, top: float) -> Above:
    """What parts two pages: a slide that fills its page, down to a margin like the one at the top, goes on with a line
    that is no larger; with nothing between where it ends in mid-sentence."""
    end = before.lines[-1]
    filled = before.height - end.y < top + FILLED * end.size
    if not filled or line.size > (1 + SAME_SIZE) * end.size:
        return "page"
    return "line" if end.text.endswith(COMMAS) and not (line.unmarked or begins(line.text)) else "gap"


def pieced(pages: list[Page]) -> list[Run]:
    """Return slides as whole paragraphs; between those that stand close but do not go on with one another, such as a
    label's, there is no gap."""
    result: list[Run] = []
    before: Paragraph | None = None
    for sheet in sheets_of(pages, of_summary=True, of_slides=True):
        for paragraph in sheet.paragraphs:
            if paragraph.goes_on and result:
                result[-1] = _extended(result[-1], paragraph)
            else:
                above: Above = "line" if before and _of_a_piece(before, paragraph) else "gap"
                lost = paragraph.lines[0].unmarked and not begins(paragraph.raw)
                result.append(Run(tuple(paragraph.lines), paragraph.raw, above, unmarked=lost))
            before = paragraph
        for note in sheet.notes:
            result.append(_note_run(note))
            before = sheet.paragraphs[-1] if sheet.paragraphs else before
    return result


def _extended(run: Run, paragraph: Paragraph) -> Run:
    return replace(run, lines=(*run.lines, *paragraph.lines), raw=join_lines([run.raw, paragraph.raw]))


def _note_run(note: list[Line]) -> Run:
    return Run(tuple(note), with_number(join_lines([line.text for line in note]), raised=True), "gap")


def _of_a_piece(before: Paragraph, paragraph: Paragraph) -> bool:
    """Whether two paragraphs stand close and nothing shows that the second begins anew."""
    last, line = before.lines[-1], paragraph.lines[0]
    alike = abs(last.size - line.size) <= SAME_SIZE * last.size
    anew = line.unmarked or begins(line.text) or rests(last.text)
    return before.page == paragraph.page and not paragraph.gap and alike and not anew


def headed(pages: list[Page]) -> list[Run]:
    """Return an article's paragraphs with its headings told: short lines that stand alone, larger or with a number."""
    size = body_size(pages)
    return _flowing(sheets_of(pages, of_summary=True), lambda paragraph: _is_headline(paragraph, size))


def _is_headline(paragraph: Paragraph, size: float) -> bool:
    text, first = normal(paragraph.text), paragraph.lines[0]
    if (
        paragraph.cells
        or paragraph.goes_on
        or len(text) > 2 * LONG
        or text.endswith(("。", *COMMAS))
        or (marks.mark(text) and not HEADLINE.match(text))
    ):
        return False
    return first.size > (1 + SAME_SIZE) * size or (len(paragraph.lines) == 1 and bool(HEADLINE.match(text)))


def flowing(pages: list[Page]) -> list[Run]:
    """Return the document in whole paragraphs; notes stand behind the paragraph that their page's end fell into."""
    return _flowing(sheets_of(pages))


def _flowing(sheets: list[Sheet], is_heading: Callable[[Paragraph], bool] = lambda _: False) -> list[Run]:
    for sheet in sheets:
        _raise_marks(sheet)
    result: list[Run] = []
    waiting: list[Run] = []
    for sheet in sheets:
        for paragraph in sheet.paragraphs:
            if paragraph.goes_on and result:
                result[-1] = _extended(result[-1], paragraph)
                continue
            result += waiting
            waiting = []
            result.append(Run(tuple(paragraph.lines), paragraph.raw, "gap", is_heading(paragraph)))
        waiting += map(_note_run, sheet.notes)
    contents = False
    before: Run | None = None
    for at, run in enumerate(result := [*result, *waiting]):
        row = _contents_row(run.raw) if contents else None
        contents = squeeze(run.raw) == "目次" or (contents and row is not None)
        together = before and "\t" in before.raw and ("\t" in run.raw or row)
        before = result[at] = replace(run, raw=row or run.raw, above="line" if together else "gap")
    return result


def layered(pages: list[Page]) -> list[Run]:
    """Return paragraphs with what parts them: a page's end, a gap, or nothing; notes stand at the foot of their page.
    What stands behind the heading of a roadmap keeps its lines."""
    result: list[Run] = []
    roadmap = roadmap_place(pages)
    body, tables = (pages, []) if roadmap is None else _split(pages, *roadmap)
    for number, sheet in enumerate(sheets_of(body)):
        turned = number > 0
        for paragraph in sheet.paragraphs:
            if paragraph.note and paragraph.goes_on and result:
                result[-1] = _extended(result[-1], paragraph)
                continue
            lines, raw = tuple(paragraph.lines), paragraph.raw if paragraph.lines[0].ruled else paragraph.text
            if paragraph.note:  # amid the page: what follows is set as if the page had turned
                result.append(Run(lines, with_number(raw, raised=False), "gap"))
                turned = True
                continue
            gap = paragraph.gap and not HORIZON.match(raw)
            result.append(Run(lines, raw, "page" if turned or not result else "gap" if gap else "line"))
            turned = False
        for at, note in enumerate(sheet.notes):
            raw = with_number(join_lines([line.text for line in note]), raised=False)
            result.append(Run(tuple(note), raw, "line" if at else "gap"))
    return [*result, *tabled(tables)]


def _raise_marks(sheet: Sheet) -> None:
    """Make superscripts of the notes' marks where the text has them as plain digits: each note's number once on its
    page, behind a space and before what can follow a mark."""
    texts = "\n".join(paragraph.text for paragraph in sheet.paragraphs)
    for note in sheet.notes:
        number = str(number_of(note) or "")
        raised = number.translate(TO_SUPERSCRIPTS)
        if not number or raised in texts:
            continue
        mark = re.compile(rf"(?<=[^\x00-\x28\x2a-\x7f])[ 　]{number}(?=[、。()（）ぁ-ん]|$)")
        places = [(p, at) for p in sheet.paragraphs for at, line in enumerate(p.lines) if mark.search(line.text)]
        if len(places) == 1:
            paragraph, at = places[0]
            line = paragraph.lines[at]
            cells = tuple(mark.sub(raised, cell, count=1) for cell in line.cells)
            paragraph.lines[at] = replace(line, cells=cells)


def _contents_row(block: str) -> str | None:
    """A line of the list of contents with a tab before its page, or None where it is none."""
    if len(block) > CONTENTS_LONG:
        return None
    if match := LEADERS.search(block):
        return f"{block[: match.start()].rstrip()}\t{normal(match[1])}"
    head, tab, last = block.rpartition("\t")
    if tab and CONTENTS_NUMBER.match(normal(last).strip()):
        return f"{head}\t{normal(last).strip()}"
    if match := CONTENTS_ROW.match(block):
        return f"{match[1]}\t{normal(match[2])}"
    return None


# --- a roadmap's tables -----------------------------------------------------------------------------------------


def roadmap_place(pages: list[Page]) -> tuple[int, int] | None:
    """The page and line of the roadmap's heading (not its mention in the contents)."""
    for number, page in enumerate(pages):
        for at, line in enumerate(page.lines):
            if ROADMAP.match(normal(line.text.strip())):
                return number, at
    return None


def _split(pages: list[Page], number: int, at: int) -> tuple[list[Page], list[Page]]:
    """The pages before a place and those from it on."""
    page = pages[number]
    upper = Page(page.width, page.height, page.lines[:at], [], [], page.rules)
    lower = Page(page.width, page.height, page.lines[at:], page.notes, [], page.rules)
    return [*pages[:number], upper], [lower, *pages[number + 1 :]]


def tabled(pages: list[Page]) -> list[Run]:
    """Return the lines of a roadmap; a gap parts cells."""
    step = pitch(pages)
    result: list[Run] = []
    for page in pages:
        last: Line | None = None
        for line in page.lines:
            gap = last is not None and (line.y - last.y > GAP * step or len(line.cells) > 1)
            above: Above = "page" if last is None else "gap" if gap else "line"
            result.append(Run((line,), line.raw if line.ruled else line.text, above))
            last = line
        result += [Run((note,), note.text, "gap") for note in page.notes]
    return result
