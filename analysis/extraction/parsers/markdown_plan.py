"""Full plans as Markdown-like text, such as OCR makes of a PDF.

Blank lines part paragraphs; page breaks and footnotes fall inside sentences; headings carry no marks of their
own but numbers and brackets. The rules, in words, are in docs/design.md ("How the documents are read").
"""

import re
from dataclasses import dataclass, field, replace

from analysis.base.japanese import join_lines, normal, squeeze
from analysis.documents import marks
from analysis.documents.document import Run
from analysis.extraction.parsers import attribution
from analysis.extraction.parsers.parse_result import Measure, Paragraph, Reading

PART = re.compile(r"[(<](現状と課題|施策の方向性)[)>]$")
KPI_PART = re.compile(r"[(<]KPI ?について[)>]$")
SUBHEAD = re.compile(r"<[^<>]+>$")
CIRCLED = re.compile(r"[①-⑳](?:[-－‐][0-9０-９]+)?[\s　]*\S")
CHAPTER = re.compile(r"([IVX]+) ?\. ?(.+)$")
NUMBER = re.compile(r"(\d+) ?\. ?(.+)$")
BRACKET = re.compile(r"\((\d+)\) ?(.+)$")
ANNEX = re.compile(r"\(別紙\)")
CONTENTS_LINE = re.compile(r".*\t\d+$")
FOOTNOTE = re.compile(r"([⁰¹²³⁴-⁹]{1,4})[⁾)]?")
PLAIN_FOOTNOTE = re.compile(r"(\d{1,3}) \S")
FIGURE = re.compile(r"[(](?:出典|資料|注)[)]|別紙図表|図表? ?\d+(?! ?[ぁ-ん、。)\d])|※")
CROSS_REFERENCE = re.compile(r"\((?:前述|後述|前掲|後掲|再掲).{0,30}\)$")
BRACKETED_LABEL = re.compile(r"\([^()]{1,14}\)$")
ADDRESS = re.compile(r"[<(]{0,2}https?://")
ANNOUNCES_LIST = re.compile(r"(?:以下|次)の")
SUPERSCRIPT = re.compile(r"[⁰¹²³⁴-⁹]+[⁾]?")
PAGE_NUMBER = re.compile(r"\d{1,4}(?: ?/ ?\d{1,4})?$|([-–—−―]) ?\d{1,4} ?\1$")
EMPHASIS = re.compile(r"\*\*")
PASSED_OVER = ("footnote", "figure", "table", "furniture")  # what may stand inside a sentence
CHAPTERS = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]
LABEL_LENGTH = 40  # a caption or a label inside a picture is short and is no sentence
SUPERSCRIPT_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@dataclass
class Block:
    """Neighbouring lines that were parted neither by a blank line nor by a sign at a line's start."""

    runs: list[Run]
    kind: str
    label: str = ""

    @property
    def text(self) -> str:
        return join_lines([run.raw for run in self.runs])

    @property
    def numbered(self) -> list[tuple[int, str]]:
        return [line for run in self.runs for line in run.numbered]


@dataclass
class State:
    """Where in the document the reader is."""

    chapter: str = ""
    number: str = ""
    bracket: str = ""
    title: str = ""
    part: str = ""  # 現状と課題, 施策の方向性, kpi, annex
    subheads: list[str] = field(default_factory=list)

    @property
    def section(self) -> str:
        if self.part == "annex":
            return "annex"
        return "-".join(piece for piece in (self.chapter, self.number, self.bracket) if piece)


def read(runs: list[Run]) -> Reading:
    """Read a full plan."""
    first_body, contents = _contents(runs)
    reading = Reading()
    for run in runs[:first_body]:
        role = "contents" if CONTENTS_LINE.match(run.raw.rstrip()) or squeeze(run.raw) == "目次" else "title"
        reading.paragraphs.append(Paragraph(tuple(run.numbered), role))
    blocks = _blocks(runs[first_body:], contents)
    _Walk(blocks, contents, reading).run()
    return reading


def _contents(runs: list[Run]) -> tuple[int, dict[str, str]]:
    """The place after the list of contents, and from it each heading's label: {title: label}, both squeezed."""
    start = next((at for at, run in enumerate(runs, 1) if squeeze(run.raw) == "目次"), 0)
    labels: dict[str, str] = {}
    last = start
    for at, run in enumerate(runs[start:] if start else [], start + 1):
        if not CONTENTS_LINE.match(run.raw.rstrip()):
            break
        last = at
        entry = normal(run.raw.rstrip().rsplit("\t", 1)[0]).strip()
        for pattern in (CHAPTER, NUMBER, BRACKET):
            if match := pattern.match(entry):
                label = f"({match[1]})" if pattern is BRACKET else match[1]
                labels[squeeze(match[2])] = label
                break
    return last, labels


def _blocks(runs: list[Run], contents: dict[str, str]) -> list[Block]:
    """Part the body into blocks; a line that begins with a sign of its own begins a block."""
    blocks: list[Block] = []
    note = 0
    for run in runs:
        after_blank = run.above != "line" or not blocks
        kind, label = _kind(run.raw, after_blank, note, contents)
        if kind == "footnote":
            note = int(label)
        if kind == "text" and not after_blank and blocks and blocks[-1].kind not in ("heading", "table"):
            blocks[-1].runs.append(run)
        else:
            blocks.append(Block([run], kind, label))
    return blocks


def _kind(raw: str, after_blank: bool, note: int, contents: dict[str, str]) -> tuple[str, str]:
    """What a line is by its own look: (kind, label)."""
    stripped = raw.strip()
    plain = normal(stripped)
    if "\t" in raw:
        return "table", ""
    if after_blank and PAGE_NUMBER.match(plain):
        return "furniture", ""
    if match := FOOTNOTE.match(stripped):
        return "footnote", match[1].translate(SUPERSCRIPT_DIGITS)
    if after_blank and (match := PLAIN_FOOTNOTE.match(plain)) and int(match[1]) == note + 1 and note:
        # OCR drops the superscript: the number that follows the last footnote's goes on with the notes.
        return "footnote", match[1]
    if ADDRESS.match(plain):
        return "address", ""
    if _is_heading(plain, stripped, contents):
        return "heading", ""
    if attribution.HORIZON.match(stripped):
        return "attribution", ""
    if CROSS_REFERENCE.match(plain):
        return "cross_reference", ""
    if FIGURE.match(plain):
        return "figure", ""
    if marks.mark(stripped):
        return "bullet", ""
    return "text", ""


def _is_heading(plain: str, stripped: str, contents: dict[str, str]) -> bool:
    if (part := PART.search(plain)) and len(plain) <= LABEL_LENGTH + len(part.group()):
        return True
    if KPI_PART.match(plain) or SUBHEAD.match(plain) or ANNEX.match(plain):
        return True
    if CIRCLED.match(stripped):
        return len(plain) <= LABEL_LENGTH and not plain.endswith("。")
    if CHAPTER.match(plain) or BRACKET.match(plain):
        return not plain.endswith("。") and len(plain) <= LABEL_LENGTH
    if match := NUMBER.match(plain):
        return squeeze(match[2]) in contents or (not contents and len(plain) <= LABEL_LENGTH)
    return False


class _Open:
    """The measure being read."""

    def __init__(self, block: Block, state: State):
        self.blocks: list[Block] = []
        self.state = State(state.chapter, state.number, state.bracket, state.title, state.part, list(state.subheads))
        self.ending = attribution.Ending()
        self.listing = False  # whether a list that the measure announced has begun
        self._announces = False  # whether the last sentence announces one
        self._edge = ""  # the end of the last line
        self.add(block)

    def add(self, block: Block) -> None:
        self.blocks.append(block)
        for run in block.runs:
            line = _unmark(run.raw)
            self.ending.add(line)
            self._hear(normal(line).rstrip())

    @property
    def running(self) -> str:
        return join_lines([_unmark(run.raw) for block in self.blocks for run in block.runs])

    def _hear(self, plain: str) -> None:
        """Keep in mind whether the last sentence, as far as it has come, announces a list."""
        before, _, last = plain.removesuffix("。").rpartition("。")
        anew = bool(before) or self._edge.endswith("。")
        heard = ANNOUNCES_LIST.search(last if anew else self._edge + last) is not None
        self._announces = heard or (self._announces and not anew)
        self._edge = plain[-2:]

    def holds(self, block: Block) -> bool:
        """Whether a bullet is one of a list in the measure: one that it announces, or one with a weaker mark."""
        # An announced list goes on until the attribution, whatever the marks of its items.
        self.listing = self.listing or (self._announces and self._edge.endswith(("。", ":")))
        return self.listing or self._weaker(block)

    def _weaker(self, block: Block) -> bool:
        """Whether a bullet is a weaker one than the measure's own."""
        own, other = (marks.mark(b.runs[0].raw) for b in (self.blocks[0], block))
        return own is not None and other is not None and own.text != other.text and len(self.blocks) > 1


def _unmark(raw: str) -> str:
    """A measure's line without list mark, emphasis and footnote marks."""
    return EMPHASIS.sub("", SUPERSCRIPT.sub("", marks.without_mark(raw)))


class _Walk:
    """One pass over the blocks in order, keeping the state and filling the reading."""

    def __init__(self, blocks: list[Block], contents: dict[str, str], reading: Reading):
        self.blocks, self.contents, self.reading = blocks, contents, reading
        self.state = State()
        self.measure: _Open | None = None
        self.sentence_open = False  # of running text
        self.in_note = False
        self.running: tuple[int, str] | None = None  # the paragraph that running text may go on with, and its role
        self.more: dict[int, list[tuple[int, str]]] = {}  # the lines that go on with a paragraph

    def run(self) -> None:
        for position, block in enumerate(self.blocks):
            self._step(position, block)
        self._close()
        paragraphs = self.reading.paragraphs
        for index, lines in self.more.items():
            paragraphs[index] = replace(paragraphs[index], lines=(*paragraphs[index].lines, *lines))

    def _step(self, position: int, block: Block) -> None:
        if block.kind == "footnote":
            self._emit(block, "footnote")
            self.in_note = True
        elif block.kind == "furniture":
            self._emit(block, "furniture")
        elif self.in_note and self._belongs_to_note(block):
            self._emit(block, "footnote")
        else:
            self.in_note = False
            self._body(position, block)

    def _belongs_to_note(self, block: Block) -> bool:
        """An address after a note is the note's; so is a list, while the sentence that the note cut is open."""
        list_item = block.kind == "bullet" and self.sentence_open and self.measure is None
        return block.kind == "address" or list_item

    def _body(self, position: int, block: Block) -> None:
        annex = self.state.part == "annex"
        if block.kind == "heading":
            self._close()
            self.sentence_open = False
            _enter(block, self.state, self.contents)
            self._emit(block, "heading")
        elif block.kind in ("table", "figure") and not annex:
            if self.measure is not None and block.kind == "figure" and normal(block.text).startswith("※"):
                self.measure.add(block)
            else:
                self._emit(block, block.kind)
        elif block.kind == "cross_reference":
            self._close()
            self._emit(block, "cross_reference")
        elif annex:
            self._emit(block, "table" if block.kind == "table" else "annex")
        elif not self._measure(position, block):
            self._text(position, block)

    def _measure(self, position: int, block: Block) -> bool:
        """Take the block into a measure, if it is of one."""
        if self.state.part != "施策の方向性":
            return False
        if block.kind == "bullet" and (self.measure is None or not self.measure.holds(block)):
            self._close()
            self.measure, self.sentence_open = _Open(block, self.state), False
        elif self.measure is not None:
            self.measure.add(block)
        elif block.kind == "text" and block.text.startswith("【") and self.reading.measures:
            self._emit(block, "attribution", len(self.reading.measures) - 1)
            return True
        else:
            return False
        if self.measure.ending.complete and not self._repeat_follows(position):
            self._close()
        return True

    def _repeat_follows(self, position: int) -> bool:
        """Whether 【再掲】 comes next, notes and page numbers passed over."""
        following = self._next(position, ("footnote", "address", "furniture"))
        return following is not None and following.text.startswith("【")

    def _next(self, position: int, passed_over: tuple[str, ...] = ()) -> Block | None:
        for at in range(position + 1, len(self.blocks)):
            if self.blocks[at].kind not in passed_over:
                return self.blocks[at]
        return None

    def _text(self, position: int, block: Block) -> None:
        if block.kind == "attribution":
            self._emit(block, "unknown")
            return
        if not self.sentence_open and _is_label(block, self._next(position)):
            self._emit(block, "figure")
            return
        role = "kpi" if self.state.part == "kpi" else "background"
        if self.sentence_open and self.running is not None and self.running[1] == role:
            self.more.setdefault(self.running[0], []).extend(block.numbered)
        else:
            self._emit(block, role)
        self.sentence_open = not _ends_sentence(block.text)

    def _emit(self, block: Block, role: str, measure: int | None = None) -> None:
        if role not in PASSED_OVER:
            self.running = (len(self.reading.paragraphs), role)
        self.reading.paragraphs.append(Paragraph(tuple(block.numbered), role, self.state.section, measure))

    def _close(self) -> None:
        if self.measure is not None:
            _close(self.measure, self.reading)
            self.running = None
        self.measure = None


def _enter(block: Block, state: State, contents: dict[str, str]) -> None:
    """Move the state to what a heading opens."""
    plain, raw = normal(block.runs[0].text), block.runs[0].text
    if ANNEX.match(plain) and squeeze(plain) not in contents:
        state.part, state.subheads = "annex", []
        return
    if state.part == "annex":
        # Where chapters begin again, what came before was a list of contents and not the plan's end.
        again = CHAPTER.match(plain)
        last = CHAPTERS.index(state.chapter) if state.chapter in CHAPTERS else len(CHAPTERS)
        if not (again and again[1] in CHAPTERS and CHAPTERS.index(again[1]) <= last):
            return
        state.part = ""
    part = PART.search(plain)
    if part:
        # OCR glues a part's heading to the section's: both count.
        before = plain[: part.start()].strip()
        if before:
            _enter_section(before, state, contents)
        state.part, state.subheads = part[1], []
    elif KPI_PART.match(plain):
        state.part, state.subheads = "kpi", []
    elif SUBHEAD.match(plain):
        # A heading in angle brackets ends the KPI part: what follows is background again.
        state.part = "現状と課題" if state.part == "kpi" else state.part
        state.subheads = [raw.strip("<>＜＞ 　")]
    elif CIRCLED.match(raw):
        outer = [head for head in state.subheads if not CIRCLED.match(head)]
        state.subheads = [*outer, raw]
    else:
        _enter_section(plain, state, contents)


def _enter_section(plain: str, state: State, contents: dict[str, str]) -> None:
    """A chapter's, number's or bracket's heading, by its own label or, where OCR misread it, the contents'."""
    for pattern, level in ((CHAPTER, "chapter"), (NUMBER, "number"), (BRACKET, "bracket")):
        if match := pattern.match(plain):
            label = f"({match[1]})" if level == "bracket" else match[1]
            label = contents.get(squeeze(match[2]), label)
            level = "bracket" if label.startswith("(") else "number" if label.isdigit() else "chapter"
            if level == "chapter":
                state.number = state.bracket = ""
            elif level == "number":
                state.bracket = ""
            setattr(state, level, label)
            state.title, state.part, state.subheads = match[2], "", []
            return


def _close(measure: _Open, reading: Reading) -> None:
    """Put a finished measure and its lines into the reading."""
    found = attribution.read(measure.running)
    doubts = found.doubts if _ends_sentence(found.text) or found.complete else (*found.doubts, "no full stop")
    numbers = [number for block in measure.blocks for number, _ in block.numbered]
    index, state = len(reading.measures), measure.state
    reading.measures.append(
        Measure(
            min(numbers), max(numbers), found.text, state.section, state.title, tuple(state.subheads),
            found.horizon, found.ministries, found.repeated, doubts=doubts,
        )
    )  # fmt: skip
    for block in measure.blocks:
        role = "attribution" if block.kind == "attribution" else "measure"
        reading.paragraphs.append(Paragraph(tuple(block.numbered), role, state.section, index))


def _is_label(block: Block, following: Block | None) -> bool:
    """A short text that is no sentence, next to a figure: a label or the figure's own title."""
    if len(block.text) > LABEL_LENGTH or _ends_sentence(block.text) or block.kind == "bullet":
        return False
    return BRACKETED_LABEL.match(normal(block.text)) is not None or (
        following is not None and following.kind == "figure"
    )


def _ends_sentence(text: str) -> bool:
    rest = text.rstrip("」｣』）)】")
    return rest.endswith("．") or normal(rest[-1:]) in tuple("。!?:")
