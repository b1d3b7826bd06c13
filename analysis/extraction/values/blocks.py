"""Blocks: the paragraphs that can hold figures, joined where they are one text or one table.

A sentence, and so a figure with its period, may run across a page break or over a footnote; a table's header and
its rows are only understood together. So the parts of a measure become one block, as do rows on following lines.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, groupby

from analysis.base.japanese import normal
from analysis.extraction.parsers.parse_result import Paragraph

# Which paragraphs are read. The annex's running text lists activities (a seminar held three times), which are no
# figures of merit.
TEXT_ROLES = frozenset({"background", "kpi", "measure", "footnote"})
NOT_READ = ("contents", "furniture", "title")  # roles of lines whose tabs make no table
ANNEX = "annex"  # the section code that parsers give to annexes
LONGEST = 10_000  # characters of one text: what never ends is no sentence

# Rows of tables.
STROKES = "|│┃"  # between the cells of a row of Markdown, or drawn
ANY_STROKE = re.compile(f"[{STROKES}｜+┼]")
BORDER = re.compile(r"\s*[+├┌└┼─┬┴┤┐┘|│=-]{3,}\s*$")

# What makes a KPI part of lines that a layout took for something else: a heading that announces one, or what they say.
HEADINGS = ("heading", "figure")
KPI_HEAD = re.compile(
    r"KPI|KGI|(?:成果|評価|参考|代表|達成|活動)指標|指標(?:一覧|・目標)|数値目標|目標値|目標指標|(?:成果|達成|政策)目標|参考値"
)
HEAD_LINE = re.compile(rf"[(【＜<〈《\[]?(?:[^。、\d]{{0,12}}(?:{KPI_HEAD.pattern})[^。、\d]{{0,8}})[)】＞>〉》\]]?")
HEADING_NUMBER = re.compile(r"(?:第?[\dIVX一二三四五六七八九十]+[章節部編]?|[一-龥]{1,3}\d+(?:-\d+)*|\(\d+\))[\s.、)]*")
LONGEST_TITLE = 30  # lines of a document that are its title
LONGEST_HEAD = 40
ANY_TEXT = ("heading", "figure", "background", "measure")
STATES = re.compile(
    r"[\s・○◯●■◆□▪*-]*(?:[(【]?(?:KPI|KGI)[)】]?\d*(?:[:：]|\s(?![はがをのにとで]))"
    r"|[(【]?(?:中間|最終|数値)?(?:目標|現状|実績)値?[)】]?[\s:]*[^。]{0,20}\d|[⇒→➡][^。]{0,20}\d)"
    r"|[^。]{2,60}\d[^。]{0,24}[→⇒][^。]{0,24}\d"
)
SENTENCE_END = ("る。", "た。", "だ。", "す。", "う。")
NEXT_LINE = 2  # lines from one to the next of a part


def is_row(raw: str) -> bool:
    """Return whether a line is a table's row: with tabs, or between strokes as in Markdown."""
    if "\t" in raw:
        return True
    if not ANY_STROKE.search(raw):
        return False
    plain = normal(raw).strip()
    strokes = [position for position, character in enumerate(plain) if character in STROKES]
    inner = [position for position in strokes if 0 < position < len(plain) - 1]  # the others frame a text
    ruled = BORDER.match(plain) is not None and any(stroke in plain for stroke in "+|┼")
    return ruled or len(inner) > 1 or (len(inner) == 1 and len(strokes) > 1)


def blocks(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Return the blocks in the document's order, as paragraphs whose role is table or one of TEXT_ROLES."""
    joined: list[tuple[Paragraph, str, list[tuple[int, str]]]] = []  # the first paragraph, role and lines of each
    measures: dict[int | None, list[tuple[int, str]]] = {}
    for paragraph in _with_kpi_parts(paragraphs):
        for row, run in groupby(paragraph.lines, lambda line: is_row(line[1])):
            lines = list(run)
            if row and joined and joined[-1][1] == "table" and lines[0][0] - joined[-1][2][-1][0] == 1:
                joined[-1][2].extend(lines)
            elif row and paragraph.role not in NOT_READ:
                joined.append((paragraph, "table", lines))
            elif paragraph.role == "measure" and paragraph.measure in measures:
                measures[paragraph.measure].extend(lines)
            elif paragraph.role in TEXT_ROLES:
                if paragraph.role == "measure":
                    measures[paragraph.measure] = lines
                joined.append((paragraph, paragraph.role, lines))
    return [replace(first, role=role, lines=part) for first, role, lines in joined for part in _parts(lines)]


def _with_kpi_parts(paragraphs: list[Paragraph]) -> Iterator[Paragraph]:
    """Yield the paragraphs; those under a heading of indicators (成果指標, 数値目標), and lines that state one (KPI:…,
    目標:…, ⇒…), as KPI parts, one part a run: a layout that nobody has described yet knows no such parts, and takes
    their lines for headings and captions."""
    announced = False
    part: list[Paragraph] = []
    before = "background"
    for paragraph in chain.from_iterable(map(_split, paragraphs)):
        text = normal("".join(raw for _, raw in paragraph.lines))
        if paragraph.role == "title" and paragraph.lines[0][0] > LONGEST_TITLE:
            # a parser that does not know the layout waits for the text to begin
            rest = HEADING_NUMBER.sub("", text.strip())
            is_heading = len(text) <= LONGEST_HEAD and not text.endswith("。") and not re.search(r"\d", rest)
            paragraph = replace(paragraph, role="heading" if is_heading else "background")
        states = paragraph.role in ANY_TEXT and STATES.match(text) is not None
        if paragraph.role in HEADINGS and not states:
            announced = len(text) <= LONGEST_HEAD and KPI_HEAD.search(text) is not None
        if paragraph.role == "figure" and text.endswith(SENTENCE_END):
            paragraph = replace(paragraph, role=before)  # a sentence that begins with 図3 is no caption
        before = paragraph.role if paragraph.role in TEXT_ROLES else before
        follows = bool(part) and paragraph.lines[0][0] - part[-1].lines[-1][0] <= NEXT_LINE
        is_kpi = states or (paragraph.role == "background" and (announced or (follows and not text.endswith("。"))))
        if part and not (is_kpi and follows):
            yield _joined(part)
            part = []
        if is_kpi:
            part.append(paragraph)
        else:
            yield paragraph
    if part:
        yield _joined(part)


def _split(paragraph: Paragraph) -> Iterator[Paragraph]:
    """Yield a paragraph of running text in parts that begin with a line that announces or states indicators."""
    if paragraph.role != "background" or len(paragraph.lines) == 1:
        yield paragraph
        return
    part: list[tuple[int, str]] = []
    for line in paragraph.lines:
        text = normal(line[1]).strip()
        is_head = len(text) <= LONGEST_HEAD and HEAD_LINE.fullmatch(text) is not None
        if part and (is_head or (STATES.match(text) and not is_row(line[1]))):
            yield replace(paragraph, lines=tuple(part))
            part = []
        if is_head:
            yield replace(paragraph, role="heading", lines=(line,))
        else:
            part.append(line)
    if part:
        yield replace(paragraph, lines=tuple(part))


def _joined(part: list[Paragraph]) -> Paragraph:
    return replace(part[0], role="kpi", lines=tuple(line for paragraph in part for line in paragraph.lines))


def _parts(lines: list[tuple[int, str]]) -> Iterator[tuple[tuple[int, str], ...]]:
    """Yield the lines, in parts where together they are longer than any paragraph."""
    part: list[tuple[int, str]] = []
    characters = 0
    for line in lines:
        characters += len(line[1])
        if part and characters > LONGEST:
            yield tuple(part)
            part, characters = [], len(line[1])
        part.append(line)
    yield tuple(part)


def where(block: Paragraph, line: int) -> tuple[int, str, str, int | None]:
    """Return line, section, place (one of `categories.PLACES`) and measure of a figure that a block holds."""
    place = block.role
    if place == "table" and block.section == ANNEX:
        place = "annex"
    return line, block.section, place, block.measure
