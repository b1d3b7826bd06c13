"""The blocks of a plan of any family: lines that belong together, what they begin with, and what closes them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from unicodedata import category

from analysis.base.japanese import SUPERSCRIPTS, join_lines, normal, rests, squeeze
from analysis.documents import marks
from analysis.documents.document import Line, Run
from analysis.extraction.parsers import (
    cards,
    cell_cards,
    closing,
    side_columns,
    table_rows,
    text_rows,
    turned_tables,
    wraps,
)
from analysis.extraction.parsers.bodies_and_times import USUAL, Labels, plain
from analysis.extraction.parsers.closing import Closing
from analysis.extraction.parsers.profile import Profile
from analysis.extraction.parsers.statements import states_task

CONTENTS = re.compile(r"(?:\t|[.…‥・･·⋯]{2}|[…‥])\s?[0-9]{1,3}$")  # the end of a line of the contents
PAGE_NUMBER = re.compile(r"\d{1,4}(?: ?/ ?\d{1,4})?$|([-–—−―~]) ?\d{1,4} ?\1$|(?:p\.?|P\.?) ?\d{1,4}$")
NOTE = re.compile(rf"[{SUPERSCRIPTS}]{{1,4}}[⁾)]?\s*\S|[※＊*]\s*\d{{0,2}}|[(（]?注\s?\d{{0,2}}[)）:：.．\s]|\[\^\d+\]:")
CAPTION = re.compile(
    r"[(<\[【]?(?:別?図表?|表|資料)\s?\d+(?:[-.]\d+)*[)>\]】]?(?:[:.\s]|$)|[(\[]?(?:出典|資料|出所)[)\]]?[::]"
)
RULE = re.compile(r"[\s|:+=_~─━│┃┌┐└┘├┤┬┴┼╔╗╚╝═║-]{3,}$")
FRAMED = re.compile(r"[│┃║]([^│┃║]*)[│┃║]?$")  # a line of a box that is drawn around a text
EMPHASIS = re.compile(r"\*\*|__|</?[ub]>")
BRACKETED = re.compile(r"[■◆●○◇□▼▲]?\s*[\[(<【〔《「『［][^\[\]()<>【】〔〕《》「」『』［］]{1,30}[\])>】〕》」』］]$")
LONGEST_LABEL = 60  # characters of a line that may be a heading
HEAD_PUNCTUATION = re.compile(r"[\W_]+")
RECENT = 3  # lines in which what closes a measure has begun
CLOSED = re.compile(r"[)）\]］】〕》〉＞>]。?")
LONGEST_PARTED = 4_000  # characters of a paragraph in which several measures are looked for
ACTION = re.compile(r"施策|取組|事業|アクション|プロジェクト|行動")  # numbered so, a heading is a measure's
KANA = "アイウエオカキクケコサシスセソ"
UNSPACED = re.compile(rf"[{KANA}][^\W\d_ァ-ヶー]")
FAR = 12  # blocks between two numbers of a list


@dataclass
class Block:
    """Runs that belong together, with what they begin with and what closes them."""

    runs: list[Run]
    look: str  # text, closing, shared, heading, table, card, footnote, figure, furniture, contents
    kind: str = ""  # of what it begins with: `marks.beginning`
    label: str = ""
    words: str = ""  # of the first run, without that
    end: Closing = field(default_factory=lambda: Closing(0))
    start: Closing = field(default_factory=lambda: Closing(0))  # what stands before the words
    labels: Labels = USUAL
    card: cards.Card | None = None
    flagged: bool = False  # whether ［新規］ or a time in brackets stands before the words

    @property
    def raw(self) -> str:
        """The block's lines without what stands before them; a line feed parts them where a sentence rests, or a line
        begins with a label."""
        text = self.words
        for run in self.runs[1:]:
            line = _plain(run.text)
            parted = rests(text) or wraps.labelled(text, line, self.labels)
            text = f"{text}\n{line}" if parted else join_lines([text, line])
        return text

    @property
    def numbered(self) -> list[tuple[int, str]]:
        return [line for run in self.runs for line in run.numbered]

    @property
    def closed(self) -> bool:
        return self.look == "closing" or self.end.strong

    @property
    def is_short(self) -> bool:
        """Whether the block could be a heading: one short line that is no sentence."""
        text = self.raw
        return (
            len(text) <= LONGEST_LABEL
            and "\n" not in text
            and not text.endswith(("。", "、", "，"))
            and not self.closed
        )


def key(words: str) -> str:
    """Return what a heading is compared by: its words without numbers, marks and brackets."""
    return HEAD_PUNCTUATION.sub("", squeeze(marks.beginning(words).words or words))


def _plain(text: str) -> str:
    return EMPHASIS.sub("", text).strip()


def blocks_of(runs: Iterable[Run], labels: Labels = USUAL, profile: Profile | None = None) -> list[Block]:
    """Return a document's blocks: what begins anew by its look, with the lines that go on with it."""
    runs, small_tables = cards.of(text_rows.whole(list(runs), profile), profile)
    small_tables = side_columns.of(runs, labels) | small_tables
    small_tables |= turned_tables.of(runs, profile) | cell_cards.of(runs, labels)
    blocks: list[Block] = []
    after = 0  # the last card
    for at, run in enumerate(runs):
        if at >= after and (card := small_tables.get(at)):
            after = at + len(card.roles)
            blocks.append(Block(runs[at:after], "card", card=card))
        if at < after:
            continue
        block = _block(run, _is_row(runs, at), labels)
        if blocks and _goes_on(blocks[-1], block, run):
            blocks[-1].runs.append(run)
        else:
            blocks.append(block)
    _tell_kana(blocks)
    for block in blocks:
        if block.look in ("text", "heading") or len(block.runs) > 1:
            block.end = closing.read(block.raw, labels)
        if len(block.runs) > 1 and block.look == "text" and closing.whole(block.raw, labels):
            block.look = "closing"
    return [part for block in blocks for part in _parted(block)]


def _parted(block: Block) -> list[Block]:
    """Part a paragraph of several measures, each closed by its bodies: …する（文化庁）。また、…する（総務省）。"""
    text = block.raw
    ends = _inner_ends(text, block.labels) if block.look == "text" and block.end.ministries else []
    if not ends or len(text) > LONGEST_PARTED:
        return [block]
    parts: list[Block] = []
    for start, end in pairwise([0, *ends, len(text)]):
        words = text[start:end].strip()
        run = replace(block.runs[0], lines=_lines_of(block, len(squeeze(text[end:])), len(squeeze(words))), raw=words)
        first = block.start if start == 0 else Closing(0)
        parts.append(replace(block, runs=[run], words=words, start=first, end=closing.read(words, block.labels)))
    return parts


def _lines_of(block: Block, behind: int, length: int) -> tuple[Line, ...]:
    """Return the lines that hold a part of a block: of so many characters, with so many behind it."""
    lines = [line for run in block.runs for line in run.lines]
    result: list[Line] = []
    for line in reversed(lines):
        if behind < (count := len(squeeze(line.text))) and behind + length > 0:
            result.insert(0, line)
        behind -= count
    return tuple(result) or tuple(lines)


def _inner_ends(text: str, labels: Labels) -> list[int]:
    """Return where measures amid a text end: behind a sentence and the bodies that close it."""
    ends: list[int] = []
    begin = 0
    for bracket in CLOSED.finditer(text, 0, LONGEST_PARTED):
        part = text[begin : bracket.end()]
        end = closing.read(part, labels)
        sentence = part[: end.start].rstrip()
        stopped = sentence.endswith("。") or bracket[0].endswith("。")
        following = text[bracket.end() : bracket.end() + 1]
        if (
            following.strip()
            and category(plain(following)) != "Ps"
            and end.ministries
            and stopped
            and states_task(sentence)
        ):
            begin = bracket.end()
            ends.append(begin)
    last = closing.read(text[begin:], labels)
    return ends if last.ministries and states_task(text[begin : begin + last.start]) else ends[:-1]


def _tell_kana(blocks: list[Block]) -> None:
    """Tell the numbers ア, イ, ウ where no space stands behind them: each with the next one within a few lines."""
    last, letter = -FAR, ""
    for at, block in enumerate(blocks):
        first = block.words[:1]
        if block.look != "text" or block.kind or not UNSPACED.match(block.words):
            continue
        counts = KANA.find(first) == KANA.find(letter) + 1 and at - last <= FAR and letter
        if first == KANA[0] or counts:
            if counts:
                for numbered in (last, at):
                    if not blocks[numbered].kind:
                        blocks[numbered].kind, blocks[numbered].label = "kana", blocks[numbered].words[0]
                        blocks[numbered].words = blocks[numbered].words[1:]
            last, letter = at, first


def _is_row(runs: list[Run], at: int) -> bool:
    """Whether a run is a row of a table: of a ruled one, of Markdown, with several tabs, or with one beside another.

    One wide gap by itself makes none.
    """
    run = runs[at]
    if "\t" not in run.raw or FRAMED.match(run.text):
        return table_rows.PIPED.match(run.text) is not None
    beside = (runs[other] for other in (at - 1, at + 1) if 0 <= other < len(runs))
    return run.lines[0].ruled or run.raw.count("\t") > 1 or any("\t" in other.raw for other in beside)


def _block(run: Run, is_row: bool, labels: Labels) -> Block:
    text = _plain(run.text.lstrip("#").strip() if run.text.startswith("#") else run.text)
    if framed := FRAMED.match(text):
        text = framed[1].strip()
    heading = run.heading or run.text.startswith("#")
    plain = normal(text)
    if not heading and CONTENTS.search(plain) and not closing.whole(text, labels):
        return Block([run], "contents", words=text)
    if is_row:
        return Block([run], "table", words=text)
    if RULE.match(plain) or PAGE_NUMBER.match(plain):
        return Block([run], "furniture", words=text)
    if NOTE.match(text):
        return Block([run], "footnote", words=text)
    if CAPTION.match(plain):
        return Block([run], "figure", words=text)
    if closing.whole(text, labels):
        return Block([run], "closing", words=text, end=closing.read(text, labels), labels=labels)
    beginning = marks.beginning(text)
    look = "heading" if heading else "text"
    start, begins = closing.leading(_plain(beginning.words), labels)
    words = _plain(beginning.words)[begins:].strip()
    return Block([run], look, beginning.kind, beginning.label, words, start=start, labels=labels, flagged=begins > 0)


def _goes_on(last: Block, block: Block, run: Run) -> bool:
    """Return whether a line goes on with the block above: nothing parts them, and no sentence rests between them."""
    either = ("text", "closing")
    if run.above == "line" and last.look in either and block.look in either:
        recent = join_lines(run.text for run in last.runs[-RECENT:])
        if wraps.parts_closing(recent, run.text, last.look == "closing", block.kind, block.labels):
            return True
    if run.above != "line" or block.look != "text" or block.kind or last.look not in ("text", "footnote", "closing"):
        return False
    if last.look == "closing":
        return False
    end = last.runs[-1].text
    return not rests(end) and not BRACKETED.match(last.words) and len(squeeze(end)) > LONGEST_LABEL // 3
