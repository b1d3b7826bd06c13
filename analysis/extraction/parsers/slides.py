"""Slides: a heading says what stands below it, and items are told by it and by how their own sentences end.

A slide says what is wrong under 現状と課題 and what will be done under 具体的施策, 重点事項 and the like; other slides mix
both. Labels of diagrams are short, have no predicate and often take two or three lines.

What differs between layouts is a `Profile`. In whole lines, as Markdown gives them, headings nest and each line says
all it has to say. In wrapped lines, as a PDF's text layer gives them, sentences break in mid-word and columns are
shuffled: only list marks, full stops and the gaps between pieces can be trusted, a slide's title may follow what it
heads, and a heading speaks for no more than the pieces of one kind right below it.
"""

import re
from collections import Counter
from dataclasses import dataclass

from analysis.base.japanese import COMMAS, rests, squeeze
from analysis.documents import marks
from analysis.documents.document import Run
from analysis.extraction.parsers.blocks import Block, entered, extended, policy_item
from analysis.extraction.parsers.parse_result import Measure, ParseResult
from analysis.extraction.parsers.statements import (
    ANNOUNCES,
    PAGE_NUMBER,
    SENTENCE_LENGTH,
    SOURCE,
    before_bracket,
    is_statement,
    last_statement,
    ministries_in,
    states_need,
    states_task,
)

LOST_MARK = " "  # what is left of a list mark whose character the font did not map
RING, CIRCLED = "[○〇◯]", f"[{marks.CIRCLED}]"
OPEN, CLOSE = r"[＜<《【\[〔]", r"[＞>》】\]〕]"
# A line that is nothing but a name for a list of measures.
LIST_NAME = re.compile(rf"{OPEN}?\s*(?:具体的な?施策|主な施策|対応策|重点事項|施策の方向性)\s*{CLOSE}?$")
BOXED = re.compile(rf"{OPEN}[^＞>》】\]〕]*{CLOSE}\s*$")
EXAMPLE = re.compile(r"[（(]?(?:事例|例)[）)：:]|[（(]例[）)]")
SLIDE_LEVEL, PART_LEVEL, BOX_LEVEL, RINGED_LEVEL, LABEL_LEVEL = range(1, 6)
# How a heading begins, and its level.
NUMBERED = (
    (re.compile(rf"(?:#+\s+)?[0-9０-９]{{1,2}}\s*(?:[.．]\s*[^\s0-9０-９]|[-－ー]?\s*{CIRCLED})"), SLIDE_LEVEL),
    (re.compile(r"(?:#+\s+)?[（(]\s*[0-9０-９]+\s*[)）]"), PART_LEVEL),
)
HEADINGS = (
    *NUMBERED,
    (re.compile("#"), SLIDE_LEVEL),
    (LIST_NAME, BOX_LEVEL),
    (BOXED, BOX_LEVEL),
)
# Headings say what stands below them.
POLICY_HEADING = re.compile(r"施策|重点事項|対応策|方策|今後の(?:取組|方向)|施策の方向性")
BACKGROUND_HEADING = re.compile(
    r"現状|課題|背景|基本認識|影響|動向|論点|ねらい|狙い|ニーズ|事例|例\W{0,9}$|^\W{0,9}例\W"
)
CONTENTS_HEADING = re.compile(r"(?:目次|もくじ|全体像|構成)\W{0,9}$")
SUBTITLE = re.compile(r"[～〜—―-].*[～〜—―-]$")
NOTE = re.compile(r"\W{0,9}[※＊*]|[（(]\W{0,9}(?:※|注)")
DEFINITION = re.compile(r"[^。、，]{1,16}[：:]")
TABLE = re.compile(r"\t|^\|")
# Programmes of a budget: dot leaders to the amount, or the amount at the end.
AMOUNT = re.compile(r"(?<![·…・])[·…・]{2,}\s*[\d,.兆億万千百]+円.*$")
PROGRAMME = re.compile(rf"{RING}.*{AMOUNT.pattern}")
DIGITS = re.compile(r"\W{0,9}\d{1,3}\W{0,9}$")

# A piece that begins with a case particle goes on with the piece before it: no Japanese phrase begins so.
PARTICLE = re.compile(r"[をのがへ]")
# Endings after which a sentence cannot stop, and those that close a statement of fact.
UNFINISHED = re.compile(r"(?:[をのとにでやがは]|かつ|及び|又は|または|など|による|ための)$")
FACT = re.compile(r"(?:いる|ある|ない|なる|た|だ)$")
HIRAGANA = re.compile(r"[ぁ-ゖ]")
KATAKANA = re.compile(r"[ァ-ヺー]")

FULL_LINE = 0.7  # a line shorter than this share of its piece's longest ends the piece
WIDE_LINE = 30  # characters from which a line may have been cut by the column's edge and not by its writer
LABEL = 12  # characters below which a line is a label, not an item
PROSE = 40  # characters from which unmarked text without a full stop is prose and not a label
SAME_WORDS = 0.15  # share of common character pairs from which a line explains the label above it
TITLE_BELOW = 8  # characters below which a line that stands alone is a diagram's label sooner than a title
TITLE = 60  # characters that a heading has at most


@dataclass(frozen=True)
class Profile:
    """What differs between the layouts of slides."""

    wrapped: bool  # whether lines are broken in mid-word, and the pieces of a page shuffled
    heads: tuple[tuple[re.Pattern[str], int], ...]  # list marks that head what stands below, and their levels
    remarks: tuple[str, ...]  # kinds of list marks that mark no task
    label: tuple[int, int]  # characters from which a line is a heading of what stands below: its own, and the item's
    listed: tuple[str, ...]


WHOLE = Profile(
    False,
    ((re.compile("◆"), PART_LEVEL), (re.compile(CIRCLED), RINGED_LEVEL), (re.compile(RING), LABEL_LEVEL)),
    (),
    (12, 25),
    (marks.DASH, marks.DOT, marks.SYMBOL, marks.ARROW, marks.TICK),
)
# A tick marks a feature of a picture, a dash a remark.
WRAPPED = Profile(True, (), (marks.TICK, marks.DASH), (4, 12), (marks.SYMBOL, "circled"))


def read(runs: list[Run], profile: Profile) -> ParseResult:
    """Read slides: their items, and a role for every line."""
    result = ParseResult()
    for number, page in enumerate(_pages(runs, profile)):
        blocks = _blocks(page, profile)
        _Walk(blocks, profile, result.measures).run(cover=number == 0)
        result.paragraphs += [block.paragraph for block in blocks]
    return result


def _pages(runs: list[Run], profile: Profile) -> list[list[Run]]:
    """Return the runs page by page, as far as gaps show the pages, where what a page says ends with it."""
    pages: list[list[Run]] = []
    for run in runs:
        if not pages or (run.above == "page" and profile.wrapped):
            pages.append([])
        pages[-1].append(run)
    return pages


# --- blocks -----------------------------------------------------------------------------------------------------


def _blocks(runs: list[Run], profile: Profile) -> list[Block]:
    """Return what a gap, a list mark or a heading's look parts; where lines are wrapped, a sentence goes on behind a
    gap."""
    blocks: list[Block] = []
    for run in runs:
        block = Block([run], _mark(run, profile))
        begins = block.mark or _stands_alone(block, profile) or NOTE.match(block.raw) or SOURCE.match(block.raw)
        parted = begins or not blocks or _stands_alone(blocks[-1], profile)
        if not parted and (run.above == "line" or (profile.wrapped and _goes_on(blocks[-1], block, profile))):
            blocks[-1].runs.append(run)
        else:
            blocks.append(block)
    return blocks


def _mark(run: Run, profile: Profile) -> str:
    """Return the list mark of a run; a lost one counts where text of the document's own script follows the space."""
    text = run.text
    if any(pattern.match(text) for pattern, _ in profile.heads):
        return ""
    if re.match(CIRCLED, text):
        return text[0]
    if mark := marks.mark(text):
        return mark.text
    lost = run.unmarked or (profile.wrapped and run.raw[0].isspace())
    return LOST_MARK if lost and re.match(r"[^\W\d_]|[「『]", text) else ""


def _rank(block: Block) -> str:
    """Return the kind of the mark, numbers in circles taken as one; "" for none and for a lost one."""
    return "circled" if re.match(CIRCLED, block.mark) else marks.kind(block.mark[-1:]) if block.mark.strip() else ""


def _stands_alone(block: Block, profile: Profile) -> bool:
    """Return whether a block is a table's line or begins like a heading, and shares no block with the line below."""
    return bool(TABLE.search(block.raw)) or any(pattern.match(block.raw) for pattern, _ in HEADINGS + profile.heads)


def _states(block: Block, profile: Profile) -> bool:
    """Return whether the mark is one that items have."""
    return _rank(block) not in ("", *profile.remarks)


def _goes_on(block: Block, following: Block, profile: Profile) -> bool:
    """Return whether a gap parts a sentence from its end."""
    text, more = block.text, following.raw
    if SOURCE.search(text) or SOURCE.search(more):
        return False
    if PARTICLE.match(more) or text.endswith(COMMAS):
        return not rests(text)
    if not _states(block, profile):
        return False
    if KATAKANA.match(text[-1:]) and KATAKANA.match(more):
        return True  # a word cut in two: two katakana words seldom stand side by side
    if HIRAGANA.match(more) and not rests(text):
        return True  # what carries a sentence on (ように、こと、する) is written in hiragana, what begins one seldom
    return not _complete(block)


def _complete(block: Block) -> bool:
    """Return whether a piece is whole: closed, stating something, or with its last line left short."""
    text = block.text
    if UNFINISHED.search(text):
        return False
    lengths = [len(run.text) for run in block.runs]
    short = lengths[-1] < max(FULL_LINE * max(lengths), WIDE_LINE)
    closed = rests(text) or FACT.search(text) is not None or last_statement(text) != text
    return closed or short or states_task(text) or states_need(text)


# --- items ------------------------------------------------------------------------------------------------------


class _Walk:
    """One pass over the blocks with what the headings above say."""

    def __init__(self, blocks: list[Block], profile: Profile, measures: list[Measure]) -> None:
        self.blocks, self.profile, self.measures = blocks, profile, measures
        self.headings: dict[int, str] = {}  # above the current block, by level
        self.scopes: dict[int, str] = {}  # what each of them announces: policy, list, background, example, "" for none
        self.kind: str | None = None  # the kind of pieces that the heading above speaks for
        self.programme: tuple[str, tuple[str, ...]] | None = None  # name and ministries of a budget's programme
        self.open: int | None = None  # the item that the next list items belong to

    def run(self, cover: bool) -> None:
        """Give every block its role, and collect the items; `cover` says whether the document begins here."""
        start = self._cover() if cover else 0
        if not start and self.blocks and CONTENTS_HEADING.search(self.blocks[0].text) and self.profile.wrapped:
            for block in self.blocks:
                block.role = "contents"
            return
        for at, block in enumerate(self.blocks[start:], start):
            self._step(at, block)
            block.section = " ".join(self.path)

    def _cover(self) -> int:
        """Return where the first slide begins: behind the first page, or with the first number."""
        numbered = (at for at, block in enumerate(self.blocks) if any(p.match(block.raw) for p, _ in NUMBERED))
        start = len(self.blocks) if self.profile.wrapped else next(numbered, len(self.blocks))
        for at, block in enumerate(self.blocks[:start]):
            block.role = "title" if self.profile.wrapped or at == 0 or SUBTITLE.match(block.text) else "figure"
        return start

    @property
    def path(self) -> tuple[str, ...]:
        """The headings above, outermost first; only the nearest where the pieces are shuffled."""
        path = tuple(self.headings[level] for level in sorted(self.headings))
        return path[-1:] if self.profile.wrapped else path

    @property
    def scope(self) -> str:
        """What the innermost heading announces that announces anything."""
        return self.scopes[max(self.scopes)] if self.scopes else ""

    def _step(self, at: int, block: Block) -> None:
        level = self._heading_level(at)
        if level:
            self._enter(level, block)
            return
        if self.profile.wrapped:
            self._limit(block)
        if TABLE.search(block.raw):
            self._leave(block, "table")
        elif NOTE.match(block.text) or SOURCE.search(block.text) or self._defines(at):
            block.role = "footnote"
        elif self.programme:
            self._describe(at)
        elif self._is_listed(at):
            self._extend(block)
        elif self._is_item(at):
            self._add(at, PAGE_NUMBER.sub("", block.text).rstrip())
        else:
            self._leave(block, _other_role(block, self.profile.wrapped))

    def _limit(self, block: Block) -> None:
        """End what a heading says with the first piece of another kind."""
        kind = "circled" if _rank(block) == "circled" else block.mark
        self.kind = kind if self.kind is None else self.kind
        if kind != self.kind:
            self.headings = {level: text for level, text in self.headings.items() if level < BOX_LEVEL}
            self.scopes = {}

    def _defines(self, at: int) -> bool:
        """Return whether this is a second definition below a note: "term: meaning" without a mark of its own."""
        return at > 0 and self.blocks[at - 1].role == "footnote" and bool(DEFINITION.match(self.blocks[at].text))

    # --- headings

    def _following(self, at: int) -> Block | None:
        """Return the next block, unless it begins like a heading."""
        block = self.blocks[at + 1] if at + 1 < len(self.blocks) else None
        return None if block is None or _stands_alone(block, self.profile) else block

    def _heading_level(self, at: int) -> int:
        """Return the level of a heading, 0 for anything else."""
        block = self.blocks[at]
        text, raw, wrapped = block.text, block.raw, self.profile.wrapped
        if PROGRAMME.match(raw):
            return LABEL_LEVEL
        if block.mark.strip() or TABLE.search(raw) or len(text) > TITLE or text.endswith("。"):
            return 0
        if len(block.runs) > 1 and not wrapped:
            return 0
        if level := next((level for pattern, level in (*HEADINGS, (EXAMPLE, BOX_LEVEL)) if pattern.match(raw)), 0):
            return level
        following = self._following(at)
        if level := next((level for pattern, level in self.profile.heads if pattern.match(raw)), 0):
            below = following is not None and (following.mark or _states_anything(following.text))
            return level if level < RINGED_LEVEL or below else 0
        if is_statement(text, LABEL) or SOURCE.search(text) or NOTE.match(text) or len(text) < self.profile.label[0]:
            return 0
        if at + 1 < len(self.blocks) and block.mark == LOST_MARK and BOXED.match(self.blocks[at + 1].raw):
            return SLIDE_LEVEL
        # A label over items is their heading; over single words it is the first of the list.
        heads = following is not None and _rank(following) in self.profile.listed
        return LABEL_LEVEL if heads and len(following.text) >= self.profile.label[1] else 0

    def _enter(self, level: int, block: Block) -> None:
        """Take a heading into the path and note what it announces."""
        text = block.text.lstrip("#").strip()
        if self.profile.wrapped and level != BOX_LEVEL:
            level = SLIDE_LEVEL
        block.role, self.programme, self.open, self.kind = "heading", None, None, None
        if PROGRAMME.match(text):
            self.programme = _programme(text)
            text = self.programme[0]
        self.headings = entered(self.headings, level, text)
        self.scopes = {at: scope for at, scope in self.scopes.items() if at < level}
        scope = _scope(text, level)
        if scope or level == BOX_LEVEL:
            self.scopes[level] = scope

    # --- text

    def _describe(self, at: int) -> None:
        """Take what a programme of the budget does; its name belongs to the item, which leaves it out."""
        block, (name, ministries) = self.blocks[at], self.programme or ("", ())
        if not block.text.endswith("。"):
            self.programme = None
            self._leave(block, "figure")
        elif self.open is not None:
            self._extend(block)
        else:
            self._add(at, f"{name} {block.text}", ministries)
            self.open = block.measure

    def _is_listed(self, at: int) -> bool:
        """Return whether a block belongs to the item above that announced it."""
        block = self.blocks[at]
        if self.open is None:
            return False
        if block.mark:
            rank, text = _rank(block), block.text
            entry = rank in (marks.DOT, marks.DASH) or (rank == marks.SYMBOL and not rests(text))
            return entry and (len(text) < SENTENCE_LENGTH or not states_task(text))
        # a line that takes up the words of the name above is its description
        above = self.blocks[at - 1]
        return len(block.runs) == 1 and above.measure == self.open and _common(above.text, block.text) >= SAME_WORDS

    def _is_item(self, at: int) -> bool:
        """Return whether a block is an item, by its heading or by its wording."""
        block = self.blocks[at]
        text, scope = block.text, self.scope
        single = self.profile.wrapped or len(block.runs) == 1
        whole = text.endswith("。")
        if _rank(block) in self.profile.remarks and block.mark.strip():
            return False
        if not block.mark and not whole:
            if scope == "list":
                return single and self._is_name(at)
            return single and scope != "background" and is_statement(text)
        if scope == "list":
            return _rank(block) != marks.ARROW or states_task(text)
        if scope == "background":
            # Beside what is wrong such slides say what is done about it, in whole sentences.
            return bool(block.mark) and whole and states_task(text)
        return (
            scope != "example"
            and len(text) >= LABEL
            and (states_task(text) or (scope == "policy" and states_need(text)))
        )

    def _is_name(self, at: int) -> bool:
        """Return whether a line names a measure: long enough, and no slogan that ends in a direction (…へ) or a
        question; a short name where the line below takes up its words."""
        text, below = self.blocks[at].text, self._following(at)
        if len(squeeze(text)) >= LABEL and not re.search(r"[へか！？!?]$", last_statement(text)):
            return True
        described = below is not None and not below.mark and len(below.text) >= LABEL
        return described and _common(text, below.text) >= SAME_WORDS

    def _title_below(self, at: int) -> str:
        """Return the first line that stands alone below, which is often the title where none stands above."""
        for place, block in enumerate(self.blocks[at + 1 :], at + 1):
            text = block.text
            if self._heading_level(place):
                return ""  # it heads what stands below it
            alone = len(block.runs) == 1 and not block.mark.strip() and TITLE_BELOW <= len(text) <= TITLE
            if alone and not text.endswith("。") and not SOURCE.search(text) and not is_statement(text):
                return text
        return ""

    def _leave(self, block: Block, role: str) -> None:
        block.role, self.open = role, None

    def _add(self, at: int, text: str, ministries: tuple[str, ...] = ()) -> None:
        """Add an item; it takes the list that follows where it announces one, or where it is a name."""
        block = self.blocks[at]
        block.role, block.measure = "measure", len(self.measures)
        title = "" if self.path or not self.profile.wrapped else self._title_below(at)
        self.measures.append(policy_item(text, block.span, self.path or (title,) * bool(title), ministries))
        named = self.scope == "list" and not block.mark and not text.endswith("。")
        self.open = block.measure if named or ANNOUNCES.search(text) else None

    def _extend(self, block: Block) -> None:
        """Add a block to the open item."""
        if self.open is not None:
            block.role, block.measure = "measure", self.open
            self.measures[self.open] = extended(self.measures[self.open], block)


def _other_role(block: Block, wrapped: bool) -> str:
    """Return the role of what is neither heading nor item nor note."""
    text = block.text
    if DIGITS.match(text):
        return "furniture"
    if text.endswith("。") or (block.mark and len(text) >= LABEL):
        return "background"
    return "background" if not wrapped and (block.mark or states_need(text) or len(text) >= PROSE) else "figure"


def _states_anything(text: str) -> bool:
    """Return whether a text is a sentence or a statement, not a label."""
    return len(text) >= LABEL and (text.endswith("。") or states_task(text) or states_need(text))


def _scope(heading: str, level: int) -> str:
    """Return what a heading announces below it; "" for nothing."""
    if LIST_NAME.match(heading):
        return "list"
    if EXAMPLE.match(heading) or BACKGROUND_HEADING.search(heading):
        # A box speaks for the list items in it; a part of the slide for all that stands below.
        return "example" if level == BOX_LEVEL else "background"
    return "policy" if POLICY_HEADING.search(heading) else ""


def _programme(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a programme's name and ministries, the amount left out."""
    name = re.sub(f"^{RING}", "", AMOUNT.sub("", text)).strip()
    bare = before_bracket(name)
    ministries = ministries_in(name[len(bare) :])
    return (bare.strip(), ministries) if ministries else (name, ())


def _common(label: str, text: str) -> float:
    """Return Dice's coefficient of the two texts' character pairs."""
    left, right = (Counter(zip(squeeze(part), squeeze(part)[1:], strict=False)) for part in (label, text))
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 0.0
