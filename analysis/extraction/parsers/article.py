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
from analysis.extraction.parsers.profile import Profile
from analysis.extraction.parsers.statements import ANNOUNCES, SENTENCE, SOURCE

HEADING = re.compile(r"(#{1,6})\s+(.+)$")
CAPTION = re.compile(r"(?:図表?|表)\s*\d")
# Postal and web addresses, and what a printed page repeats, say nothing of policy.
FURNITURE = re.compile(r"\W{0,9}(?:<?https?://\S+>?|[^\s@]+@\S+)$")
FORWARD = r"(?:は|も|の取組(?:として|は))?[、，,]?"  # behind the words that open a paragraph of measures
# Connectives tie a sentence to the one before it and are no part of what is to be done.
CONNECTIVE = re.compile(
    r"(?:今後(?:は|も)?|また|さらに|更に|そして|加えて|併せて|あわせて|なお|このほか|具体的には)[、，,]"
)
# What a heading's title begins with, and its level.
LEVELS = ((r"[0-9０-９]+[\s.．　]", 1), (r"[（(][0-9０-９]+[)）]", 2), (r"[○〇◯]", 3), (r"[（(＜<]", 4))


def read(runs: list[Run], profile: Profile) -> ParseResult:
    """Read an article: its items, and a role for every line."""
    blocks: list[Block] = []
    for run in runs:
        mark = marks.mark(run.raw)
        block = Block([run], mark.text, mark.kind) if mark else Block([run])
        if blocks and not block.mark and not _role_by_look(block) and _is_unfinished(blocks[-1]):
            blocks[-1].runs.append(run)
        else:
            blocks.append(block)
    forward = re.compile(f"(?:{'|'.join(map(re.escape, profile.measures))}){FORWARD}")
    return ParseResult(_walk(blocks, forward), [block.paragraph for block in blocks])


def _role_by_look(block: Block) -> str:
    """Return the role of what is known by how it begins and stands by itself, "" for other text."""
    if _heading(block):
        return "heading"
    return "figure" if CAPTION.match(block.raw) else "furniture" if FURNITURE.match(block.raw) else ""


def _is_unfinished(block: Block) -> bool:
    """Return whether running text lacks its full stop, as where a page ends in mid-sentence; names and titles, which
    need none, are too short for that."""
    last = block.runs[-1].text
    running = any(comma in last for comma in COMMAS) and any("。" in run.raw for run in block.runs)
    return running and not block.mark and not rests(last) and not _role_by_look(Block(block.runs[-1:]))


def _heading(block: Block) -> tuple[int, str] | None:
    """Return a heading's level and title, None for what is none.

    Its own sign gives the level: conversion from print gives # unevenly to equal headings.
    """
    match = HEADING.match(block.raw)
    if not match and not block.runs[0].heading:
        return None
    title = EMPHASIS.sub("", match[2] if match else block.raw).strip()
    hashes = len(match[1]) if match else 2
    return next((level for sign, level in LEVELS if re.match(sign, title)), max(hashes - 1, 1)), title


def _walk(blocks: list[Block], forward: re.Pattern[str]) -> list[Measure]:
    """Give every block its role, and return the items."""
    headings: dict[int, str] = {}
    measures: list[Measure] = []
    listing = False  # whether an item has announced the list items that follow
    # what stands before the first chapter, whose heading begins with a number, is the title
    chapters = (at for at, block in enumerate(blocks) if (heading := _heading(block)) and heading[1][:1].isdecimal())
    first = next(chapters, 0)
    for at, block in enumerate(blocks):
        path = tuple(headings[level] for level in sorted(headings) if level > 1)
        items: list[Measure] = []
        block.role = _role_by_look(block) or ("footnote" if SOURCE.search(block.text) else "background")
        if heading := _heading(block):
            headings = entered(headings, *heading)
        if at < first:
            block.role = "furniture" if block.role == "furniture" else "title"
        elif not heading and block.mark and listing:
            items = [policy_item(block.text, block.span, path)]
        elif not heading and not block.mark and forward.match(block.text):
            items = _sentences(block, path)
        if items:
            block.role, block.measure = "measure", len(measures)
            measures += items
        listing = bool(items) and (block.mark != "" or ANNOUNCES.search(items[-1].text) is not None)
        block.section = " ".join(headings[level] for level in sorted(headings)) if at >= first else ""
    return measures


def _sentences(block: Block, path: tuple[str, ...]) -> list[Measure]:
    """Return one item a sentence, each with the lines it stands on."""
    text, places = "", []
    for number, raw in block.paragraph.lines:
        piece = EMPHASIS.sub("", raw).strip()
        text += piece
        places += [number] * len(piece)
    spans = [(match.group().strip(), match.start(), match.end() - 1) for match in SENTENCE.finditer(text)]
    return [policy_item(CONNECTIVE.sub("", words), (places[a], places[z]), path) for words, a, z in spans if words]
