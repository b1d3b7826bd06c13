"""Articles about a plan: policy items are sentences of running text.

An article tells what was found and then what comes: paragraphs that open with 今後 state the items, one a
sentence; the paragraphs before them are background.
"""

import re

from analysis.base.japanese import COMMAS, rests
from analysis.documents import marks
from analysis.documents.document import Run
from analysis.extraction.parsers.blocks import EMPHASIS, Block, entered, policy_item
from analysis.extraction.parsers.parse_result import Measure, ParseResult
from analysis.extraction.parsers.statements import ANNOUNCES, SENTENCE, SOURCE

HEADING = re.compile(r"(#{1,6})\s+(.+)$")
CAPTION = re.compile(r"(?:図表?|表)\s*\d")
# Postal and web addresses, and what a printed page repeats, say nothing of policy.
FURNITURE = re.compile(r"\W{0,9}(?:<?https?://\S+>?|[^\s@]+@\S+)$")
FORWARD = re.compile(r"今後(?:は|も|の取組(?:として|は))?[、，,]?")
# Connectives tie a sentence to the one before it and are no part of what is to be done.
CONNECTIVE = re.compile(
    r"(?:今後(?:は|も)?|また|さらに|更に|そして|加えて|併せて|あわせて|なお|このほか|具体的には)[、，,]"
)
# What a heading's title begins with, and its level.
LEVELS = ((r"[0-9０-９]+[\s.．　]", 1), (r"[（(][0-9０-９]+[)）]", 2), (r"[○〇◯]", 3), (r"[（(＜<]", 4))


def read(runs: list[Run]) -> ParseResult:
    """Read an article: its items, and a role for every line."""
    blocks = _blocks(runs)
    measures = _walk(blocks)
    return ParseResult(measures, [block.paragraph for block in blocks])


def _blocks(runs: list[Run]) -> list[Block]:
    """Return headings, list items and paragraphs; a paragraph that a page break cuts in mid-sentence is closed again."""
    blocks: list[Block] = []
    for run in runs:
        mark = marks.mark(run.raw)
        block = Block([run], mark.text if mark else "")
        if blocks and not _stands_alone(block) and _is_unfinished(blocks[-1]):
            blocks[-1].runs.append(run)
        else:
            blocks.append(block)
    return blocks


def _stands_alone(block: Block) -> bool:
    return bool(block.mark or _heading(block) or CAPTION.match(block.raw) or FURNITURE.match(block.raw))


def _is_unfinished(block: Block) -> bool:
    """Return whether running text lacks its full stop; names and titles, which need none, are too short for that."""
    last = block.runs[-1].text
    running = any(comma in last for comma in COMMAS) and "。" in block.text
    return running and not rests(last) and not _stands_alone(Block(block.runs[-1:], block.mark))


def _walk(blocks: list[Block]) -> list[Measure]:
    """Give every block its role, and return the items."""
    headings: dict[int, str] = {}
    measures: list[Measure] = []
    listing = False  # whether an item has announced the list items that follow
    started = not any(map(_is_chapter, blocks))  # what stands before the first chapter is the title
    for block in blocks:
        path = tuple(headings[level] for level in sorted(headings) if level > 1)
        items: list[Measure] = []
        if heading := _heading(block):
            started = started or _is_chapter(block)
            headings = entered(headings, *heading)
            block.role = "heading" if started else "title"
        elif not started:
            block.role = "furniture" if FURNITURE.match(block.raw) else "title"
        elif FORWARD.match(block.text) and not block.mark:
            items = _sentences(block, path)
        elif block.mark and listing:
            items = [policy_item(block.text, block.span, path)]
        else:
            block.role = _other_role(block)
        if items:
            block.role, block.measure = "measure", len(measures)
            measures += items
        listing = bool(items) and ((listing and block.mark != "") or ANNOUNCES.search(items[-1].text) is not None)
        block.section = " ".join(headings[level] for level in sorted(headings)) if started else ""
    return measures


def _is_chapter(block: Block) -> bool:
    """Return whether this is a heading that begins with a number: chapters have one, the title has none."""
    heading = _heading(block)
    return heading is not None and re.match(r"[0-9０-９]", heading[1]) is not None


def _heading(block: Block) -> tuple[int, str] | None:
    """Return a heading's level and title, None for what is none.

    Its own sign gives the level: conversion from print gives # unevenly to equal headings.
    """
    match = HEADING.match(block.raw)
    if not match and not block.runs[0].heading:
        return None
    title = EMPHASIS.sub("", match[2] if match else block.raw).strip()
    marked = max(len(match[1]) - 1, 1) if match else 1
    return next((level for sign, level in LEVELS if re.match(sign, title)), marked), title


def _other_role(block: Block) -> str:
    if CAPTION.match(block.raw):
        return "figure"
    if SOURCE.search(block.text):
        return "footnote"
    return "furniture" if FURNITURE.match(block.raw) else "background"


def _sentences(block: Block, path: tuple[str, ...]) -> list[Measure]:
    """Return one item a sentence, each with the lines it stands on."""
    text, places = "", []
    for number, raw in block.paragraph.lines:
        piece = EMPHASIS.sub("", raw).strip()
        text += piece
        places += [number] * len(piece)
    return [
        policy_item(CONNECTIVE.sub("", match.group().strip()), (places[match.start()], places[match.end() - 1]), path)
        for match in SENTENCE.finditer(text)
        if match.group().strip()
    ]
