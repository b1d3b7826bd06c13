"""Reader of slides in a Markdown-like form: headings and bullets are told apart, labels of diagrams are not.

A slide says what is wrong under 現状と課題 and what will be done under 具体的施策, 重点事項 and the like; other
slides mix both. Under the second kind of heading every bullet and sentence is an item, elsewhere only what is
worded as a task. Labels of diagrams are short, have no predicate and often take two or three lines.
"""

import re
from collections import Counter

from analysis.base.japanese import squeeze
from analysis.documents.document import Run
from analysis.extraction.parsers.parse_result import Measure, ParseResult
from analysis.extraction.parsers.summaries import (
    ANNOUNCES,
    BACKGROUND_HEADING,
    CIRCLED,
    CLOSING,
    LOST_MARK,
    POLICY_HEADING,
    SOURCE,
    Block,
    Outline,
    before_bracket,
    extended,
    is_statement,
    last_statement,
    mark_of,
    ministries_in,
    paragraph,
    states_need,
    states_task,
    summary_measure,
)

SLIDE = re.compile(rf"^(?:#+\s+)?\d+\s*(?:[.．]\s|[.．]?\s*[-－ー]?\s*[{CIRCLED}])")
PART = re.compile(r"^(?:#+\s+)?[（(]\s*[0-9０-９]+\s*[)）]")
BOXED = re.compile(r"^[＜<《【\[〔][^＞>》】\]〕]*[＞>》】\]〕]\s*$")
# A line that is nothing but a name for a list of measures.
LIST_NAME = re.compile(r"^[＜<《【\[〔]?\s*(?:具体的な?施策|主な施策|対応策|重点事項|施策の方向性)\s*[＞>》】\]〕]?$")
DIAMOND = re.compile(r"^◆")
RING = re.compile(r"^[○〇◯]")
RINGED = re.compile(rf"^[{CIRCLED}]")
EXAMPLE = re.compile(r"^[（(]?(?:事例|例)[）)：:]|^[（(]例[）)]")
NOTE = re.compile(r"^\W{0,9}[※*]|^[（(]\W{0,9}(?:※|注)")
TABLE = re.compile(r"\t|^\|")
# Programmes of a budget: dot leaders to the amount, or the amount at the end.
AMOUNT = re.compile(r"(?<![·…・])[·…・]{2,}\s*[\d,.兆億万千百]+円.*$")
SUBTITLE = re.compile(r"^[～〜—―-].*[～〜—―-]$")
DEFINITION = re.compile(r"^[^。、，]{1,16}[：:]")

SLIDE_LEVEL, PART_LEVEL, BOX_LEVEL, RINGED_LEVEL, LABEL_LEVEL = range(1, 6)
HEADINGS = (
    (SLIDE, SLIDE_LEVEL),
    (PART, PART_LEVEL),
    (DIAMOND, PART_LEVEL),
    (re.compile("^#"), SLIDE_LEVEL),
    (LIST_NAME, BOX_LEVEL),
    (BOXED, BOX_LEVEL),
    (EXAMPLE, BOX_LEVEL),
)
LABEL = 12  # characters below which a line is a label even under a heading of measures
SENTENCE = 25  # characters from which a bullet is an item of its own and not a word of the list above it
PROSE = 40  # characters from which unmarked text without a full stop is prose and not a label
SAME_WORDS = 0.15  # share of common character pairs from which a line explains the label above it
TITLE = 60  # characters that a heading has at most


def read(runs: list[Run]) -> ParseResult:
    """The items and paragraphs of slides."""
    blocks = _blocks(runs)
    measures = Walk(blocks).run()
    return ParseResult(measures, [paragraph(block) for block in blocks])


def _blocks(runs: list[Run]) -> list[Block]:
    """Bullets with their further lines, and runs of lines without a blank line; tables line by line."""
    blocks: list[Block] = []
    for run in runs:
        raw = run.raw
        mark = LOST_MARK if run.unmarked else "" if RING.match(raw) or DIAMOND.match(raw) else mark_of(raw)
        alone = mark or TABLE.search(raw) or _own_line(raw) or run.above != "line"
        if alone or not blocks or TABLE.search(blocks[-1].runs[0].raw) or _own_line(blocks[-1].runs[0].raw):
            blocks.append(Block([run], mark))
        else:
            blocks[-1].runs.append(run)
    return blocks


def _own_line(raw: str) -> bool:
    """Headings that never share a block with the line below."""
    return raw.startswith("#") or any(sign.match(raw) for sign in (SLIDE, PART, RING, DIAMOND, BOXED))


class Walk:
    """One pass over the blocks with what the headings above say."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.measures: list[Measure] = []
        self.outline = Outline()
        self.scopes: dict[int, str] = {}  # what each heading above announces: policy, list, background
        self.programme: tuple[str, tuple[str, ...]] | None = None  # name and ministries of a budget's programme
        self.open: int | None = None  # the item that the next short bullets belong to
        self.started = False

    def run(self) -> list[Measure]:
        for at, block in enumerate(self.blocks):
            if not self.started and not _starts(block):
                block.role = "title" if at == 0 or SUBTITLE.match(block.text) else "figure"
            else:
                self.started = True
                self._step(at, block)
            block.section = " ".join(self.outline.path)
        return self.measures

    def _step(self, at: int, block: Block) -> None:
        level = self._heading_level(at, block)
        if level:
            self._enter(level, block)
        elif TABLE.search(block.runs[0].raw):
            self._leave(block, "table")
        elif NOTE.match(block.text) or SOURCE.search(block.text) or self._defines(at, block):
            block.role = "footnote"
        elif self.programme:
            self._describe(block)
        elif block.mark:
            self._bullet(block)
        else:
            self._text(at, block)

    def _defines(self, at: int, block: Block) -> bool:
        """A second definition below a note: "term: meaning" without a mark of its own."""
        return at > 0 and self.blocks[at - 1].role == "footnote" and bool(DEFINITION.match(block.text))

    @property
    def scope(self) -> str:
        """What the innermost heading announces that announces anything."""
        return self.scopes[max(self.scopes)] if self.scopes else ""

    def _next(self, at: int) -> Block | None:
        return self.blocks[at + 1] if at + 1 < len(self.blocks) else None

    # --- headings

    def _heading_level(self, at: int, block: Block) -> int:
        """The level of a heading, 0 for anything else."""
        text, raw = block.text, block.runs[0].raw.strip()
        if RING.match(raw) and AMOUNT.search(raw):
            return LABEL_LEVEL
        if block.mark or len(block.runs) > 1 or TABLE.search(raw) or len(text) > TITLE or text.endswith("。"):
            return 0
        level = next((level for pattern, level in HEADINGS if pattern.match(raw)), 0)
        return level or self._heading_by_what_follows(at, raw)

    def _heading_by_what_follows(self, at: int, raw: str) -> int:
        """Lines that are headings if text stands below them, and labels of diagrams if not."""
        following = self._next(at)
        if following is None or _own_line(following.runs[0].raw):
            return 0
        prose = bool(following.mark) or (len(following.text) >= LABEL and states_anything(following.text))
        if RINGED.match(raw) and prose:
            return RINGED_LEVEL
        if RING.match(raw):
            return LABEL_LEVEL
        # A label over bullets of whole sentences is their heading; over single words it is the first of the list.
        return LABEL_LEVEL if following.mark and len(following.text) >= SENTENCE and len(raw) >= LABEL else 0

    def _enter(self, level: int, block: Block) -> None:
        """Takes a heading into the path and notes what it announces."""
        text = block.text.lstrip("#").strip()
        block.role, self.programme, self.open = "heading", None, None
        if RING.match(text) and AMOUNT.search(text):
            self.programme = _programme(text)
            text = self.programme[0]
        self.outline.enter(level, text)
        self.scopes = {at: scope for at, scope in self.scopes.items() if at < level}
        scope = _scope(text, level)
        if scope:
            self.scopes[level] = scope
        elif level == BOX_LEVEL:
            self.scopes[level] = ""

    # --- text

    def _describe(self, block: Block) -> None:
        """What a programme of the budget does; its name is part of the item, since the description leaves it out."""
        name, ministries = self.programme or ("", ())
        if not block.text.endswith("。"):
            self.programme = None
            self._leave(block, "figure")
        elif self.open is not None:
            self._extend(block)
        else:
            self._add(block, f"{name} {block.text}", ministries)
            self.open = block.measure

    def _bullet(self, block: Block) -> None:
        text = block.text
        arrow = block.mark.startswith(("→", "⇒"))
        if self.open is not None and len(text) < SENTENCE and not arrow:
            self._extend(block)
        elif self._is_item(text, arrow):
            self._add(block, text)
            self.open = self._announced(text)
        else:
            block.role = "background"

    def _is_item(self, text: str, arrow: bool) -> bool:
        """A bullet is an item by its heading or by its wording."""
        if self.scope == "list":
            return not arrow or states_task(text)
        if self.scope == "policy":
            return len(text) >= LABEL and (states_task(text) or states_need(text))
        if self.scope == "background":
            # Beside what is wrong such slides say what is done about it, in whole sentences.
            return text.endswith("。") and states_task(text)
        return self.scope != "example" and len(text) >= LABEL and states_task(text)

    def _text(self, at: int, block: Block) -> None:
        """Unmarked text: a sentence, a named measure under its list's heading, or a label."""
        text, single = block.text, len(block.runs) == 1
        sentence = text.endswith("。")
        if self.scope != "background" and sentence and self._is_item(text, arrow=False):
            self._add(block, text)
            self.open = self._announced(text)
        elif self.scope == "list" and single and self._explained(at, text):
            self._extend(block)
        elif self.scope == "list" and single and (_is_name(text) or self._has_description(at, text)):
            self._add(block, text)
            self.open = block.measure
        elif self.scope not in ("background", "list") and single and is_statement(text):
            self._add(block, text)
        else:
            self._leave(block, "background" if sentence or states_need(text) or len(text) >= PROSE else "figure")

    def _explained(self, at: int, text: str) -> bool:
        """A line that takes up the words of the name above is its description."""
        above = self.blocks[at - 1]
        return self.open is not None and above.measure == self.open and _common(above.text, text) >= SAME_WORDS

    def _has_description(self, at: int, text: str) -> bool:
        """A short name counts where the line below takes up its words."""
        below = self._next(at)
        if below is None or below.mark or _own_line(below.runs[0].raw):
            return False
        return len(below.text) >= LABEL and _common(text, below.text) >= SAME_WORDS

    def _announced(self, text: str) -> int | None:
        """The item, if it announces a list."""
        return len(self.measures) - 1 if ANNOUNCES.search(text) else None

    def _leave(self, block: Block, role: str) -> None:
        block.role, self.open = role, None

    def _add(self, block: Block, text: str, ministries: tuple[str, ...] = ()) -> None:
        """A new item; it takes what follows only where the caller opens it."""
        block.role, block.measure, self.open = "measure", len(self.measures), None
        self.measures.append(summary_measure(text, (block.first, block.last), self.outline.path, ministries))

    def _extend(self, block: Block) -> None:
        """Adds a block to the open item."""
        if self.open is None:
            return
        block.role, block.measure = "measure", self.open
        self.measures[self.open] = extended(self.measures[self.open], block.text, block.last)


def _starts(block: Block) -> bool:
    """The first slide with a number or a Markdown heading; what stands before is the cover."""
    raw = block.runs[0].raw.strip()
    return bool(SLIDE.match(raw) or PART.match(raw))


def states_anything(text: str) -> bool:
    """A sentence or a statement, not a label."""
    return text.endswith("。") or states_task(text) or states_need(text)


def _scope(heading: str, level: int) -> str:
    """What a heading announces below it."""
    if LIST_NAME.match(heading):
        return "list"
    if EXAMPLE.match(heading) or BACKGROUND_HEADING.search(heading):
        # A box speaks for the bullets in it; a part of the slide for all that stands below.
        return "example" if level == BOX_LEVEL else "background"
    return "policy" if POLICY_HEADING.search(heading) else ""


def _is_name(text: str) -> bool:
    """The name of a measure: long enough, and no slogan that ends in a direction (…へ) or a question."""
    return len(squeeze(text)) >= LABEL and not re.search(r"[へか！？!?]$", last_statement(text))


def _programme(text: str) -> tuple[str, tuple[str, ...]]:
    """Name and ministries of a programme, the amount left out."""
    name = AMOUNT.sub("", RING.sub("", text)).strip()
    bare = before_bracket(name) if name.endswith(tuple(CLOSING)) else name
    ministries = ministries_in(name[len(bare) :])
    return (bare.strip(), ministries) if ministries else (name, ())


def _common(label: str, text: str) -> float:
    """Dice's coefficient of the two texts' character pairs."""
    left, right = (Counter(zip(squeeze(part), squeeze(part)[1:], strict=False)) for part in (label, text))
    total = sum(left.values()) + sum(right.values())
    return 2 * sum((left & right).values()) / total if total else 0.0
