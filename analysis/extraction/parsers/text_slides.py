"""Reader of slides as the text layer of a PDF gives them: columns shuffled, lines wrapped in mid-word.

What can be trusted there: list marks, full stops, and that a run of lines without a blank line is one piece of
the slide. What cannot: the order of the pieces, so that a slide's title may follow what it heads. Items are
therefore told by their own wording, and by headings only where these stand right above.
"""

import re

from analysis.base.japanese import COMMAS, rests
from analysis.documents import marks
from analysis.documents.document import Run
from analysis.extraction.parsers.parse_result import Measure, ParseResult
from analysis.extraction.parsers.summaries import (
    ANNOUNCES,
    BACKGROUND_HEADING,
    CIRCLED,
    CLOSED,
    CONTENTS_HEADING,
    LOST_MARK,
    POLICY_HEADING,
    SOURCE,
    Block,
    extended,
    is_statement,
    last_statement,
    mark_of,
    paragraph,
    states_need,
    states_task,
    summary_measure,
)

LOWER = (marks.DOT, marks.DASH)  # ranks of lower bullets
NUMBERED = re.compile(r"^\s*[0-9０-９]{1,2}\s*[.．]\s*\S")
NOTE = re.compile(r"^\W{0,9}[※＊*]")
WRAPPED_HEADING = re.compile(r"^\s*[【＜<《〔].*[】＞>》〕]\s*$")
DIGITS = re.compile(r"^\W{0,9}\d{1,3}\W{0,9}$")
# A piece that begins with a case particle goes on with the piece before it: no Japanese phrase begins so.
PARTICLE = re.compile(r"^[をのがへ]")
TITLE = 60  # characters that a title has at most
TITLE_AFTER = 8  # characters below which a line that stands alone is a diagram's label sooner than a title
SHORTEST = 4  # characters that a title has at least
LABEL = 12  # characters below which a marked text is a label, not an item
FULL_LINE = 0.7  # a line shorter than this share of its piece's longest ends the piece
WIDE_LINE = 30  # characters from which a line may have been cut by the column's edge and not by its writer
# Endings after which a sentence cannot stop, and those that close a statement of fact.
UNFINISHED = re.compile(r"(?:[をのとにでやがは]|かつ|及び|又は|または|など|による|ための)$")
FACT = re.compile(r"(?:いる|ある|ない|なる|た|だ)$")
HIRAGANA = re.compile(r"[ぁ-ゖ]")
KATAKANA = re.compile(r"[ァ-ヺー]")


def read(runs: list[Run]) -> ParseResult:
    """The items and paragraphs of slides' text."""
    reading = ParseResult()
    for index, page in enumerate(_pages(runs)):
        blocks = _join_split(_blocks(page))
        if index == 0:
            _title(blocks)
        _walk(blocks, reading.measures)
        reading.paragraphs += [paragraph(block) for block in blocks]
    return reading


def _pages(runs: list[Run]) -> list[list[Run]]:
    """The runs page by page, as far as gaps show the pages."""
    pages: list[list[Run]] = []
    for run in runs:
        if run.above == "page" or not pages:
            pages.append([])
        pages[-1].append(run)
    return pages


def _mark(run: Run) -> str:
    """The list mark of a run; a lost one counts where text of the document's own script follows the space."""
    if run.text[0] in CIRCLED:
        return run.text[0]
    if mark := mark_of(run.raw):
        return mark
    lost = run.unmarked or run.raw[0].isspace()
    return LOST_MARK if lost and re.match(r"[^\W\d_]|[「『]", run.text) else ""


def _blocks(page: list[Run]) -> list[Block]:
    """Pieces: each begins with a blank line, a list mark, a number, a note or a bracketed heading."""
    blocks: list[Block] = []
    for run in page:
        raw, mark = run.raw, _mark(run)
        alone = mark or NUMBERED.match(raw) or NOTE.match(raw) or WRAPPED_HEADING.match(raw) or SOURCE.match(raw)
        after_heading = blocks and (NUMBERED.match(blocks[-1].runs[0].raw) or WRAPPED_HEADING.match(blocks[-1].text))
        if alone or after_heading or run.above != "line" or not blocks:
            blocks.append(Block([run], mark))
        else:
            blocks[-1].runs.append(run)
    return blocks


def _join_split(blocks: list[Block]) -> list[Block]:
    """Closes what a blank line in mid-sentence has parted."""
    joined: list[Block] = []
    for block in blocks:
        if joined and _goes_on(joined[-1], block):
            joined[-1].runs += block.runs
        else:
            joined.append(block)
    return joined


def _goes_on(block: Block, following: Block) -> bool:
    raw = following.runs[0].raw
    if following.mark or NUMBERED.match(raw) or NOTE.match(raw) or WRAPPED_HEADING.match(raw) or SOURCE.search(raw):
        return False
    if NUMBERED.match(block.runs[0].raw) or WRAPPED_HEADING.match(block.text) or SOURCE.search(block.text):
        return False
    text = block.text
    if PARTICLE.match(raw) or text.endswith(COMMAS):
        return not text.endswith(CLOSED)
    if not _states(block):
        return False
    if KATAKANA.match(text[-1:]) and KATAKANA.match(raw):
        return True  # a word cut in two: two katakana words seldom stand side by side
    if HIRAGANA.match(raw) and not text.endswith(CLOSED):
        return True  # what carries a sentence on (ように、こと、する) is written in hiragana, what begins one seldom
    return not _complete(block)


def _complete(block: Block) -> bool:
    """A marked piece is whole when it is closed, states something, or when its last line is left short."""
    text = block.text
    if UNFINISHED.search(text):
        return False
    if text.endswith(CLOSED) or FACT.search(text) or last_statement(text) != text:
        return True
    lengths = [len(raw.strip()) for raw in (run.raw for run in block.runs)]
    short = lengths[-1] < max(FULL_LINE * max(lengths), WIDE_LINE)
    return short or states_task(text) or states_need(text)


def _title(blocks: list[Block]) -> None:
    """The first page bears the title, as long as it states nothing."""
    for block in blocks:
        block.role = "title"


def _walk(blocks: list[Block], measures: list[Measure]) -> None:
    """Gives every piece its role and collects the items of one page."""
    if blocks and blocks[0].role == "title":
        return
    if blocks and CONTENTS_HEADING.search(blocks[0].text):
        for block in blocks:
            block.role = "contents"
        return
    title = box = scope = ""
    kind: str | None = None
    for at, block in enumerate(blocks):
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        if _is_heading(block, following):
            boxed = bool(WRAPPED_HEADING.match(block.runs[0].raw))
            title, box = (title, block.text) if boxed else (block.text, "")
            scope, kind, block.role = _scope(block.text), None, "heading"
        else:
            # With columns shuffled, a heading speaks for no more than the pieces of one kind right below it.
            kind = kind or _kind(block)
            if _kind(block) != kind:
                box = scope = ""
            _assign(block, blocks, at, box or title, scope, measures)
        block.section = box or title


def _kind(block: Block) -> str:
    """The mark, numbers in circles taken as one."""
    return CIRCLED if block.mark and block.mark in CIRCLED else block.mark or "none"


def _rank(block: Block) -> str:
    """The kind of the mark, numbers in circles taken as one; "" for none and for a lost one."""
    return (
        CIRCLED if block.mark and block.mark in CIRCLED else marks.kind(block.mark[-1:]) if block.mark.strip() else ""
    )


def _states(block: Block) -> bool:
    """Whether the mark is one that tasks have: a tick marks a feature of a picture, a dash a remark."""
    return _rank(block) not in ("", marks.TICK, marks.DASH)


def _scope(heading: str) -> str:
    if POLICY_HEADING.search(heading) and not re.search(r"例\W{0,9}$", heading):
        return "policy"
    return "background" if BACKGROUND_HEADING.search(heading) else ""


def _is_heading(block: Block, following: Block | None) -> bool:
    """Numbered and bracketed lines, and short unpunctuated pieces right above a list."""
    raw = block.runs[0].raw
    if WRAPPED_HEADING.match(raw) or NUMBERED.match(raw):
        return len(block.runs) == 1
    if block.mark not in ("", LOST_MARK) or block.text.endswith("。") or len(block.text) > TITLE or not following:
        return False
    if is_statement(block.text, LABEL) or len(block.text) < SHORTEST or SOURCE.search(block.text):
        return False
    if WRAPPED_HEADING.match(following.runs[0].raw):
        return block.mark == LOST_MARK
    return _rank(following) in (marks.SYMBOL, CIRCLED) and len(following.text) >= LABEL


def _assign(block: Block, blocks: list[Block], at: int, heading: str, scope: str, measures: list[Measure]) -> None:
    """Decides what a piece that is no heading is."""
    text = block.text
    parent = blocks[at - 1] if at else None
    if NOTE.match(text) or SOURCE.search(text):
        block.role = "footnote"
    elif _is_listed(block, parent, measures):
        _extend(block, parent, measures)
    elif _is_item(block, scope):
        block.role, block.measure = "measure", len(measures)
        path = tuple(part for part in (heading or _title_after(blocks, at),) if part)
        measures.append(summary_measure(_item_text(text), (block.first, block.last), path))
    elif DIGITS.match(text):
        block.role = "furniture"
    else:
        block.role = "background" if (block.mark and len(text) >= LABEL) or text.endswith("。") else "figure"


def _is_item(block: Block, scope: str) -> bool:
    text = block.text
    if scope == "background":
        return False
    if _states(block) or block.mark == LOST_MARK:
        if len(text) < LABEL:
            return False
        return states_task(text) or (scope == "policy" and states_need(text))
    return not block.mark and (is_statement(text) or (text.endswith("。") and states_task(text)))


def _is_listed(block: Block, parent: Block | None, measures: list[Measure]) -> bool:
    """A bullet of lower rank that is no task itself but belongs to the list which the item above announces; one of any
    rank where it is a name and no sentence."""
    if parent is None or parent.measure is None or states_task(block.text):
        return False
    if _rank(block) not in LOWER and (_rank(block) != marks.SYMBOL or rests(block.text)):
        return False
    return bool(ANNOUNCES.search(measures[parent.measure].text))


def _extend(block: Block, parent: Block | None, measures: list[Measure]) -> None:
    """Adds a bullet to the item that announced it."""
    if parent is None or parent.measure is None:
        return
    block.role, block.measure = "measure", parent.measure
    measures[parent.measure] = extended(measures[parent.measure], block.text, block.last)


def _item_text(text: str) -> str:
    """Without the page's number, which the text layer glues to the last line of a page."""
    return re.sub(r"(?<=[。！!])\s*\d{1,3}$", "", text)


def _title_after(blocks: list[Block], at: int) -> str:
    """Where no heading stands above: the first line that stands alone below, which is often the title."""
    for index, block in enumerate(blocks[at + 1 :], at + 1):
        if _is_heading(block, blocks[index + 1] if index + 1 < len(blocks) else None):
            return ""  # it heads what stands below it
        alone = len(block.runs) == 1 and block.mark in ("", LOST_MARK) and TITLE_AFTER <= len(block.text) <= TITLE
        if alone and not block.text.endswith("。") and not SOURCE.search(block.text) and not is_statement(block.text):
            return block.text
    return ""
