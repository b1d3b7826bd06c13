"""Slides: a heading says what stands below it, and items are told by it and by how their own sentences end.

A slide says what is wrong under 現状と課題 and what will be done under 具体的施策, 重点事項 and the like; other slides
mix both. Labels of diagrams are short, have no predicate and often take two or three lines.

What differs between layouts is a profile. In whole lines, as Markdown gives them, headings nest and each line says
all it has to say. In wrapped lines, as a PDF's text layer gives them, sentences break in mid-word and columns are
shuffled: only list marks, full stops and the gaps between pieces can be trusted, a slide's title may follow what it
heads, and a heading speaks for no more than the pieces of one kind right below it.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from analysis.base.japanese import COMMAS, rests, squeeze
from analysis.documents import marks
from analysis.documents.document import Run
from analysis.extraction.parsers import statements
from analysis.extraction.parsers.blocks import LOST, NUMBER_IN_CIRCLE, Block, entered, extended, policy_item
from analysis.extraction.parsers.parse_result import Measure, ParseResult
from analysis.extraction.parsers.profile import Profile
from analysis.extraction.parsers.statements import SOURCE, is_statement, last_statement, states_need, states_task

RING, CIRCLED = "[○〇◯]", f"[{marks.CIRCLED}]"
OPEN, CLOSE = r"[＜<《【\[〔]", r"[＞>》】\]〕]"
SLIDE_LEVEL, PART_LEVEL, BOX_LEVEL, RINGED_LEVEL, LABEL_LEVEL = range(1, 6)
BOXED = re.compile(rf"{OPEN}[^＞>》】\]〕]*{CLOSE}\s*$")
EXAMPLE = re.compile(r"(?:事例|例)[：:]|[（(](?:事例|例)[）)]")
# How a heading begins, and its level.
NUMBERS = {"arabic": SLIDE_LEVEL, "arabic and circled": SLIDE_LEVEL, "bracketed": PART_LEVEL}
Levels = tuple[tuple[re.Pattern[str], int], ...]
HEADINGS: Levels = ((re.compile("#"), SLIDE_LEVEL), (BOXED, BOX_LEVEL), (EXAMPLE, BOX_LEVEL))
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

LAST_LINES = 8  # of a piece, that tell whether it goes on
FULL_LINE = 0.7  # a line shorter than this share of its piece's longest ends the piece
WIDE_LINE = 30  # characters from which a line may have been cut by the column's edge and not by its writer
LABEL = 12  # characters below which a line is a label, not an item
PROSE = 40  # characters from which unmarked text without a full stop is prose and not a label
SAME_WORDS = 0.15  # share of common character pairs from which a line explains the label above it
NEVER = re.compile("(?!)")
SHORTEST = 4  # characters that a heading has at least
TITLE = 60  # characters that a heading has at most


@dataclass(frozen=True)
class Form:
    """What differs between the layouts of slides."""

    wrapped: bool  # whether lines are broken in mid-word, and the pieces of a page shuffled
    heads: Levels  # list marks that head what stands below, and their levels
    remarks: tuple[str, ...]  # kinds of list marks that mark no item
    headed: tuple[str, ...]  # kinds of list marks below a heading without a number,
    item: int  # and the characters that the first of them has at least
    # Headings say what stands below them.
    list_name: re.Pattern[str] = NEVER  # a line that is nothing but a name for a list of measures
    policy: re.Pattern[str] = NEVER
    background: re.Pattern[str] = NEVER

    @property
    def headings(self) -> Levels:
        return ((self.list_name, BOX_LEVEL), *HEADINGS)


WHOLE = Form(
    False,
    heads=((re.compile("[◆◇]"), PART_LEVEL), (re.compile(CIRCLED), RINGED_LEVEL), (re.compile(RING), LABEL_LEVEL)),
    remarks=(),
    headed=(marks.DASH, marks.DOT, marks.SYMBOL),
    item=25,
)
# A tick marks a feature of a picture, a dash a remark.
WRAPPED = Form(True, heads=(), remarks=(marks.TICK, marks.DASH), headed=(marks.SYMBOL, NUMBER_IN_CIRCLE), item=12)


@cache
def _form(profile: Profile) -> Form:
    names, policy, background = (
        "|".join(map(re.escape, words)) for words in (profile.measures, profile.policy, profile.background)
    )
    return replace(
        WRAPPED if profile.wrapped else WHOLE,
        list_name=re.compile(rf"{OPEN}?\s*(?:{names})\s*{CLOSE}?$"),
        policy=re.compile(policy),
        background=re.compile(rf"{background}|例\W{{0,9}}$|^\W{{0,9}}例\W"),
    )


def read(runs: list[Run], profile: Profile) -> ParseResult:
    """Read slides: their items, and a role for every line. Where lines are wrapped, what a page says ends with it."""
    form, result = _form(profile), ParseResult()
    starts = [at for at, run in enumerate(runs) if at == 0 or (form.wrapped and run.above == "page")]
    for start, end in pairwise([*starts, len(runs)]):
        blocks = _blocks(runs[start:end], form)
        _Walk(blocks, form, result.measures).run(cover=start == 0)
        result.paragraphs += [block.paragraph for block in blocks]
    return result


# --- blocks -----------------------------------------------------------------------------------------------------


def _blocks(runs: list[Run], form: Form) -> list[Block]:
    """Return what a gap, a list mark or a heading's look parts; where lines are wrapped, a sentence goes on behind a
    gap."""
    blocks: list[Block] = []
    for run in runs:
        block = _block(run, form)
        begins = block.kind or _stands_alone(block, form) or NOTE.match(block.raw) or SOURCE.match(block.raw)
        parted = begins or not blocks or _stands_alone(blocks[-1], form)
        if not parted and (run.above == "line" or (form.wrapped and _goes_on(blocks[-1], block, form))):
            blocks[-1].runs.append(run)
        else:
            blocks.append(block)
    return blocks


def _block(run: Run, form: Form) -> Block:
    """Return a block with the list mark of its first run, and the mark's kind.

    A lost one counts where text of the document's own script follows the space.
    """
    text = run.text
    if _level(text, form.heads):
        return Block([run])
    if re.match(CIRCLED, text):
        return Block([run], text[0], NUMBER_IN_CIRCLE)
    if mark := marks.mark(text):
        return Block([run], mark.text, mark.kind)
    lost = run.unmarked or (form.wrapped and run.raw[0].isspace())
    return Block([run], "", LOST if lost and re.match(r"[^\W\d_]|[「『]", text) else "")


def _level(raw: str, levels: Levels) -> int:
    """Return the level that a heading's beginning gives it, 0 for none."""
    return next((level for pattern, level in levels if pattern.match(raw)), 0)


def _number_level(raw: str) -> int:
    """Return the level that a heading's number gives it, 0 for none."""
    number = marks.number(raw.lstrip("#"), NUMBERS)
    return NUMBERS[number.kind] if number else 0


def _stands_alone(block: Block, form: Form) -> bool:
    """Return whether a block is a table's line or begins like a heading, and shares no block with the line below."""
    heads = _number_level(block.raw) or _level(block.raw, form.headings + form.heads)
    return heads > 0 or TABLE.search(block.raw) is not None


def _is_label(block: Block) -> bool:
    """Return whether a block is short and states nothing: a heading, or a label of a diagram."""
    text = block.text
    if block.kind not in ("", LOST) or not SHORTEST <= len(text) <= TITLE or text.endswith("。"):
        return False
    return not (NOTE.match(text) or SOURCE.search(text) or is_statement(text, LABEL))


def _goes_on(block: Block, following: Block, form: Form) -> bool:
    """Return whether a gap parts a sentence from its end."""
    # its last lines tell, and a piece that never ends costs no more than they do
    block = replace(block, runs=block.runs[-LAST_LINES:])
    text, more = block.text, following.raw
    if SOURCE.search(text) or SOURCE.search(more):
        return False
    if PARTICLE.match(more) or text.endswith(COMMAS):
        return not rests(text)
    if block.kind in ("", LOST, *form.remarks):
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
    return short or rests(text) or FACT.search(text) is not None or states_task(text) or states_need(text)


# --- items ------------------------------------------------------------------------------------------------------


class _Walk:
    """One pass over the blocks with what the headings above say."""

    def __init__(self, blocks: list[Block], form: Form, measures: list[Measure]) -> None:
        self.blocks, self.form, self.measures = blocks, form, measures
        self.levels = [self._heading_level(at) for at in range(len(blocks))]
        self.titles = self._titles_below() if form.wrapped else []
        self.headings: dict[int, str] = {}  # above the current block, by level
        self.scopes: dict[int, str] = {}  # what each of them announces, "" for nothing (see `_scope`)
        self.ministries: tuple[str, ...] = ()  # of the programme that the heading above names
        self.mark: str | None = None  # of the pieces that the heading above speaks for
        self.open: int | None = None  # the item that the next list items belong to

    def run(self, cover: bool) -> None:
        """Give every block its role, and collect the items; `cover` says whether the document begins here."""
        start = self._cover() if cover else 0
        contents = not cover and CONTENTS_HEADING.search(self.blocks[0].text)
        for at, block in enumerate(self.blocks[start:], start):
            if contents:
                block.role = "contents"
            elif level := self.levels[at]:
                self._enter(level, block)
            else:
                self._limit(block)
                self._step(at, block)
            block.section = " ".join(self.path)

    def _cover(self) -> int:
        """Return where the first slide begins, with the first number; the title stands before it."""
        numbered = (at for at, block in enumerate(self.blocks) if _number_level(block.raw))
        start = next(numbered, len(self.blocks))
        for at, block in enumerate(self.blocks[:start]):
            block.role = "title" if self.form.wrapped or at == 0 or SUBTITLE.match(block.text) else "figure"
        return start

    @property
    def path(self) -> tuple[str, ...]:
        """The headings above, outermost first; only the nearest where the pieces are shuffled."""
        path = tuple(self.headings[level] for level in sorted(self.headings))
        return path[-1:] if self.form.wrapped else path

    @property
    def scope(self) -> str:
        """What the innermost heading announces that announces anything."""
        return self.scopes[max(self.scopes)] if self.scopes else ""

    def _limit(self, block: Block) -> None:
        """End what a heading says with the first piece of another kind, where the pieces are shuffled."""
        mark = block.kind if block.kind in (LOST, NUMBER_IN_CIRCLE) else block.mark
        self.mark = mark if self.mark is None else self.mark
        if self.form.wrapped and mark != self.mark:
            self.headings = {level: text for level, text in self.headings.items() if level < BOX_LEVEL}
            self.scopes = {}

    def _step(self, at: int, block: Block) -> None:
        """Give a block that is no heading its role."""
        text = block.text
        if TABLE.search(block.raw):
            block.role, self.open = "table", None
        elif (
            NOTE.match(text)
            or SOURCE.search(text)
            or (at > 0 and self.blocks[at - 1].role == "footnote" and DEFINITION.match(text))
        ):
            block.role = "footnote"
        elif self.open is not None and self._is_listed(at, self.open):
            block.role, block.measure = "measure", self.open
            self.measures[self.open] = extended(self.measures[self.open], block)
        elif self._is_item(at):
            self._add(at)
        else:
            block.role, self.open = self._other_role(block), None
            self.scopes = {level: scope for level, scope in self.scopes.items() if scope != "programme"}

    # --- headings

    def _following(self, at: int) -> Block | None:
        """Return the next block, unless it begins like a heading."""
        block = self.blocks[at + 1] if at + 1 < len(self.blocks) else None
        return None if block is None or _stands_alone(block, self.form) else block

    def _heading_level(self, at: int) -> int:
        """Return the level of a heading, 0 for anything else."""
        block = self.blocks[at]
        text, raw = block.text, block.raw
        if PROGRAMME.match(raw):
            return LABEL_LEVEL
        joined = len(block.runs) > 1 and not self.form.wrapped
        if joined or block.kind not in ("", LOST) or TABLE.search(raw) or len(text) > TITLE or text.endswith("。"):
            return 0
        if level := _number_level(raw) or _level(raw, self.form.headings):
            return level
        below = self._following(at)
        if level := _level(raw, self.form.heads):
            return level if level < RINGED_LEVEL or (below and (below.kind or len(below.text) >= LABEL)) else 0
        if not _is_label(block):
            return 0
        if block.kind == LOST and at + 1 < len(self.blocks) and BOXED.match(self.blocks[at + 1].raw):
            return SLIDE_LEVEL
        # A label over items is their heading; over single words it is the first of the list.
        heads = below is not None and below.kind in self.form.headed and len(below.text) >= self.form.item
        return LABEL_LEVEL if heads else 0

    def _enter(self, level: int, block: Block) -> None:
        """Take a heading into the path and note what it announces."""
        text = block.text.lstrip("#").strip()
        if self.form.wrapped and level != BOX_LEVEL:
            level = SLIDE_LEVEL
        scope = _scope(text, level, self.form)
        text, self.ministries = _programme(text) if scope == "programme" else (text, ())
        block.role, self.open, self.mark = "heading", None, None
        self.headings = entered(self.headings, level, text)
        self.scopes = {at: above for at, above in self.scopes.items() if at < level}
        if scope or level == BOX_LEVEL:
            self.scopes[level] = scope

    # --- text

    def _is_listed(self, at: int, item: int) -> bool:
        """Return whether a block belongs to the item above: to the list that it announces, or as its description."""
        block = self.blocks[at]
        text = block.text
        if self.scope == "programme":
            return text.endswith("。")
        if block.kind:
            entry = block.kind in (marks.DOT, marks.DASH) or (block.kind == marks.SYMBOL and not rests(text))
            return entry and (len(text) < statements.SENTENCE_LENGTH or not states_task(text))
        above = self.blocks[at - 1]
        return above.measure == item and _common(above.text, text) >= SAME_WORDS

    def _is_item(self, at: int) -> bool:
        """Return whether a block is an item, by its heading or by its wording."""
        block, scope = self.blocks[at], self.scope
        text = block.text
        sentence = text.endswith("。")
        if block.kind in self.form.remarks or scope == "programme":
            return scope == "programme" and sentence
        if not block.kind and not sentence:
            single = self.form.wrapped or len(block.runs) == 1
            named = self._is_name(at) if scope == "list" else scope != "background" and is_statement(text)
            return single and named
        if scope == "list":
            return block.kind != marks.ARROW or states_task(text)
        if scope == "background":
            # Beside what is wrong such slides say what is done about it, in whole sentences.
            return block.kind != "" and sentence and states_task(text)
        task = states_task(text) or (scope == "policy" and states_need(text))
        return scope != "example" and len(text) >= LABEL and task

    def _is_name(self, at: int) -> bool:
        """Return whether a line names a measure: long enough, and no slogan that ends in a direction (…へ) or a
        question; a short name where the line below takes up its words."""
        text, below = self.blocks[at].text, self._following(at)
        if len(text) >= LABEL and not re.search(r"[へか！？!?]$", last_statement(text)):
            return True
        if below is None or below.kind or len(below.text) < LABEL:
            return False
        return _common(text, below.text) >= SAME_WORDS

    def _titles_below(self) -> list[str]:
        """Return for each block the first label that stands alone below, before any heading; "" for none.

        It is often the title where none stands above.
        """
        titles = [""]
        for block, level in zip(reversed(self.blocks), reversed(self.levels), strict=True):
            label = block.text if len(block.runs) == 1 and _is_label(block) else titles[-1]
            titles.append("" if level else label)
        return titles[-2::-1]

    def _add(self, at: int) -> None:
        """Add an item; it takes the list that follows where it announces one, or where it is a name."""
        block, path = self.blocks[at], self.path
        text = statements.PAGE_NUMBER.sub("", block.text).rstrip()
        programme = self.scope == "programme"
        named = programme or (self.scope == "list" and not block.kind and not text.endswith("。"))
        if programme:  # the description leaves its name out
            text = f"{path[-1]} {text}"
        if self.form.wrapped and not path and self.titles[at]:
            path = (self.titles[at],)
        block.role, block.measure = "measure", len(self.measures)
        self.measures.append(policy_item(text, block.span, path, self.ministries if programme else ()))
        self.open = block.measure if named or statements.ANNOUNCES.search(text) else None

    def _other_role(self, block: Block) -> str:
        """Return the role of what is neither heading nor item nor note."""
        text = block.text
        if DIGITS.match(text):
            return "furniture"
        if text.endswith("。") or (block.kind and len(text) >= LABEL):
            return "background"
        said = block.kind or states_need(text) or len(text) >= PROSE
        return "background" if said and not self.form.wrapped and self.scope != "programme" else "figure"


def _scope(heading: str, level: int, form: Form) -> str:
    """Return what a heading announces below it: a programme of the budget, a list of measures, examples, background or
    policy; "" for nothing."""
    if PROGRAMME.match(heading):
        return "programme"
    if form.list_name.match(heading):
        return "list"
    if EXAMPLE.match(heading) or form.background.search(heading):
        # A box speaks for the list items in it; a part of the slide for all that stands below.
        return "example" if level == BOX_LEVEL else "background"
    return "policy" if form.policy.search(heading) else ""


def _programme(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a programme's name and ministries, the amount left out."""
    name = re.sub(f"^{RING}", "", AMOUNT.sub("", text)).strip()
    bare = statements.before_bracket(name)
    ministries = statements.ministries_in(name[len(bare) :])
    return (bare.strip(), ministries) if ministries else (name, ())


def _common(label: str, text: str) -> float:
    """Return Dice's coefficient of the two texts' character pairs."""
    left, right = (Counter(zip(squeeze(part), squeeze(part)[1:], strict=False)) for part in (label, text))
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 0.0
