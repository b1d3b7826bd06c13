"""Reader of articles about a plan, in Markdown: policy items are sentences of running text.

An article tells what was found and then what comes: paragraphs that open with 今後 state the items, one a
sentence; the paragraphs before them are background.
"""

import re

from analysis.base.japanese import COMMAS
from analysis.documents.document import Run
from analysis.extraction.parsers.parse_result import Measure, ParseResult
from analysis.extraction.parsers.summaries import (
    ANNOUNCES,
    EMPHASIS,
    SENTENCE,
    SOURCE,
    Block,
    Outline,
    mark_of,
    paragraph,
    summary_measure,
)

HEADING = re.compile(r"^(#{1,6})\s+(.+)$")
CAPTION = re.compile(r"^\s*(?:図表?|表)\s*\d")
# Postal and web addresses, and what a printed page repeats, say nothing of policy.
FURNITURE = re.compile(r"^\W{0,9}(?:<?https?://\S+>?|[^\s@]+@\S+)\s*$")
FORWARD = re.compile(r"^今後(?:は|も|の取組(?:として|は))?[、，,]?")
# Connectives tie a sentence to the one before it and are no part of what is to be done.
CONNECTIVE = re.compile(
    r"^(?:今後(?:は|も)?|また|さらに|更に|そして|加えて|併せて|あわせて|なお|このほか|具体的には)[、，,]"
)
ENDED = tuple("。！？：:）)】」』>＞")


def read(runs: list[Run]) -> ParseResult:
    """The items and paragraphs of an article."""
    blocks = _blocks(runs)
    measures = _walk(blocks)
    return ParseResult(measures, [paragraph(block) for block in blocks])


def _blocks(runs: list[Run]) -> list[Block]:
    """Headings, bullets and paragraphs; a paragraph that a page break cuts in mid-sentence is closed again."""
    blocks: list[Block] = []
    for run in runs:
        raw = run.raw
        mark = mark_of(raw)
        alone = bool(_heading(run) or CAPTION.match(raw) or FURNITURE.match(raw) or mark)
        if not alone and blocks and _unfinished(blocks[-1]):
            blocks[-1].runs.append(run)
            continue
        blocks.append(Block([run], mark))
    return blocks


def _unfinished(block: Block) -> bool:
    """Running text without its full stop; names and titles, which need none, are too short to be running text."""
    raw = block.runs[-1].raw.strip()
    if _heading(block.runs[-1]) or CAPTION.match(raw) or FURNITURE.match(raw) or block.mark:
        return False
    return not raw.endswith(ENDED) and any(comma in raw for comma in COMMAS) and "。" in block.text


def _walk(blocks: list[Block]) -> list[Measure]:
    """Gives every block its role and collects the items."""
    outline = Outline()
    measures: list[Measure] = []
    listing = False  # an item has announced the bullets that follow
    started = not any(_chapter(block) for block in blocks)  # what stands before the first chapter is the title
    for block in blocks:
        heading = _heading(block.runs[0])
        if heading:
            started = started or _chapter(block)
            level, title = _level(*heading)
            outline.enter(level, title)
            block.role, listing = "heading" if started else "title", False
        elif not started:
            block.role = "furniture" if FURNITURE.match(block.runs[0].raw) else "title"
        elif FORWARD.match(block.text) and not block.mark:
            sentences = _sentences(block, outline.below(1))
            block.role, block.measure = "measure", len(measures)
            measures += sentences
            listing = bool(ANNOUNCES.search(sentences[-1].text))
        elif block.mark and listing:
            block.role, block.measure = "measure", len(measures)
            measures.append(summary_measure(block.text, (block.first, block.last), outline.below(1)))
        else:
            block.role, listing = _other_role(block), False
        block.section = " ".join(outline.path) if started else ""
    return measures


def _chapter(block: Block) -> bool:
    """A heading that begins with a number: chapters have one, the title has none."""
    heading = _heading(block.runs[0])
    return heading is not None and re.match(r"[0-9０-９]", heading[1]) is not None


def _heading(run: Run) -> tuple[int, str] | None:
    """How deep a heading is marked and its title; None for what is no heading."""
    match = HEADING.match(run.raw)
    return (len(match[1]), match[2]) if match else (2, run.raw) if run.heading else None


def _level(hashes: int, title: str) -> tuple[int, str]:
    """The level that a heading's own sign gives it: conversion from print gives # unevenly to equal headings."""
    title = EMPHASIS.sub("", title).strip()
    signs = ((r"[0-9０-９]+[\s.．　]", 1), (r"[（(][0-9０-９]+[)）]", 2), (r"[○〇◯]", 3), (r"[（(＜<]", 4))
    return next(((level, title) for sign, level in signs if re.match(sign, title)), (max(hashes - 1, 1), title))


def _other_role(block: Block) -> str:
    raw = block.runs[0].raw
    if CAPTION.match(raw):
        return "figure"
    if SOURCE.search(block.text):
        return "footnote"
    return "furniture" if FURNITURE.match(raw) else "background"


def _sentences(block: Block, path: tuple[str, ...]) -> list[Measure]:
    """One item a sentence, each with the lines it stands on."""
    text, places = _with_places(block)
    items = []
    for match in SENTENCE.finditer(text):
        if not match.group().strip():
            continue
        sentence = CONNECTIVE.sub("", match.group().strip())
        span = (places[match.start()], places[match.end() - 1])
        items.append(summary_measure(sentence, span, path))
    return items


def _with_places(block: Block) -> tuple[str, list[int]]:
    """The running text and, for each of its characters, the line it stands on."""
    text, places = "", []
    for number, raw in (line for run in block.runs for line in run.numbered):
        piece = EMPHASIS.sub("", raw).strip()
        text += piece
        places += [number] * len(piece)
    return text, places
