"""Full plans: measures are the list items under （施策の方向性）, each closed by its horizon and its ministries.

What differs between layouts is their profile. In whole paragraphs, as OCR and Markdown give them, page breaks and notes
fall inside sentences, and a measure goes on until its attribution is complete. In wrapped lines, as a PDF's text layer
gives them, sentences break in mid-word; the page and the gap part the text, notes stand at the page's foot, and a
measure is one paragraph. The rules, in words, are in docs/design.md ("How the documents are read").
"""

import re
from dataclasses import dataclass, field, replace
from unicodedata import east_asian_width

from analysis.base.japanese import COMMAS, SUPERSCRIPTS, join_lines, normal, rests, squeeze
from analysis.documents import marks
from analysis.documents.document import Run
from analysis.extraction.parsers import attribution, plan_notes, plan_roadmap
from analysis.extraction.parsers.parse_result import Measure, Paragraph, ParseResult
from analysis.extraction.parsers.plan_form import BACKGROUND, MEASURES, Form, form_of
from analysis.extraction.parsers.plan_notes import Marks
from analysis.extraction.parsers.profile import Profile

SUBHEAD = re.compile(r"<[^<>]+>$")
ANNEX = re.compile(r"\(別紙\)")
CHAPTERS = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]
CONTENTS_LINE = re.compile(r".*\t\d+$")
FOOTNOTE = re.compile(r"([⁰¹²³⁴-⁹]{1,4})[⁾)]?")
PLAIN_FOOTNOTE = re.compile(r"(\d{1,3}) \S")
CROSS_REFERENCE = re.compile(r"\((?:前述|後述|前掲|後掲|再掲).{0,30}\)$")
POINTS_ELSEWHERE = re.compile(r"[（(][^（）()]*(?:[（(][^（）()]*[)）][^（）()]*)*参照[)）]$")
BRACKETED_LABEL = re.compile(r"\([^()]{1,14}\)$")
ADDRESS = re.compile(r"[<(]{0,2}https?://")
ANNOUNCES_LIST = re.compile(r"(?:以下|次)の")
SUPERSCRIPT = re.compile(f"[{SUPERSCRIPTS}]+[⁾]?")
PAGE_NUMBER = re.compile(r"\d{1,4}(?: ?/ ?\d{1,4})?$|([-–—−―]) ?\d{1,4} ?\1$")
LETTER = re.compile(r"[a-z]$")  # what is left of a picture
EMPHASIS = re.compile(r"\*\*")
PASSED_OVER = ("footnote", "figure", "table", "furniture")  # what may stand inside a sentence
LABEL_LENGTH = 40  # a caption or a label inside a picture is short and is no sentence
MOST_LABELS = 12  # of one figure
FULL = 0.75  # the share of the column's width from which a line may have been broken by the column's edge
MOST = 0.9  # the column is as wide as this share of all lines at most
SUPERSCRIPT_DIGITS = str.maketrans(SUPERSCRIPTS, "0123456789")


@dataclass
class Block:
    """Runs that belong together: a heading, a list item, a paragraph, a note."""

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
    """Where in the document the parser is."""

    labels: dict[int, str] = field(default_factory=dict)  # of the sections' headings, by level
    title: str = ""
    titles: dict[int, str] = field(default_factory=dict)
    part: str = ""  # measures, background, kpi, annex
    subheads: list[str] = field(default_factory=list)

    @property
    def headings(self) -> str:
        return " / ".join(self.titles[level] for level in sorted(self.titles))

    @property
    def section(self) -> str:
        return "annex" if self.part == "annex" else "-".join(self.labels[level] for level in sorted(self.labels))


def read(runs: list[Run], profile: Profile) -> ParseResult:
    """Read a full plan; one in wrapped lines with its roadmap."""
    form = form_of(profile)
    reading = ParseResult()
    roadmap: list[Run] = []
    notes: list[Block] = []
    contents: dict[str, str] = {}
    if form.wrapped:
        runs, roadmap = plan_roadmap.split(runs)
        note_runs, runs = plan_notes.part(runs, PAGE_NUMBER)
        notes = [Block(note, "footnote") for note in note_runs]
    else:
        first_body, contents = _contents(runs, form)
        for run in runs[:first_body]:
            role = "contents" if CONTENTS_LINE.match(run.raw.rstrip()) or squeeze(run.raw) == "目次" else "title"
            reading.paragraphs.append(Paragraph(tuple(run.numbered), role))
        runs = runs[first_body:]
    blocks = _blocks(runs, contents, form)
    texts = [block.runs for block in blocks]
    marked = plan_notes.marks_of(texts, [note.runs for note in notes]) if notes else {}
    _Walk(blocks, contents, reading, form, marked).run()
    reading.paragraphs += [Paragraph(tuple(note.numbered), "footnote") for note in notes]
    if roadmap:
        plan_roadmap.read(roadmap, reading)
    if form.wrapped:
        reading.paragraphs.sort(key=lambda paragraph: paragraph.lines[0][0])
    return reading


def _contents(runs: list[Run], form: Form) -> tuple[int, dict[str, str]]:
    """The place after the list of contents, and from it each heading's label: {title: label}, both squeezed."""
    start = next((at for at, run in enumerate(runs, 1) if squeeze(run.raw) == "目次"), 0)
    labels: dict[str, str] = {}
    last = start
    for at, run in enumerate(runs[start:] if start else [], start + 1):
        if not CONTENTS_LINE.match(run.raw.rstrip()):
            break
        last = at
        if number := marks.number(run.raw.rstrip().rsplit("\t", 1)[0], form.levels):
            labels[squeeze(number.title)] = number.label
    return last, labels


# --- blocks -----------------------------------------------------------------------------------------------------


def _blocks(runs: list[Run], contents: dict[str, str], form: Form) -> list[Block]:
    """Part the body into blocks; a line that begins with a mark of its own begins a block."""
    blocks: list[Block] = []
    column = _column(runs) if form.wrapped else 0.0
    running: Block | None = None  # what text may go on with
    before: Run | None = None
    note = 0
    for run in runs:
        open_sentence = form.wrapped and _is_open(before, run, running, column)
        kind, label = _kind(run, run.above != "line" or not blocks, note, contents, form, open_sentence)
        note = int(label) if kind == "footnote" else note
        if kind == "text" and running is not None and _goes_on(running, run, column, form):
            running.runs.append(run)
        else:
            blocks.append(Block([run], kind, label))
            if form.wrapped and (kind == "table" or label == "page"):
                continue
            running = blocks[-1]
        before = run
    return blocks


def _width(run: Run) -> float:
    """In full-width characters."""
    return sum(1.0 if east_asian_width(character) in "FWA" else 0.5 for character in run.text)


def _column(runs: list[Run]) -> float:
    """The width of the column: nearly all lines are narrower, and most of those that a sentence runs over are not."""
    widths = sorted(map(_width, runs))
    return widths[int(MOST * (len(widths) - 1))] if widths else 0.0


def _is_open(before: Run | None, run: Run, running: Block | None, column: float) -> bool:
    """Whether the sentence of the line before is open, so that no heading can stand here."""
    if before is None or running is None or running.kind not in ("text", "bullet") or run.above == "gap":
        return False
    return _width(before) >= FULL * column and not rests(before.text)


def _goes_on(last: Block, run: Run, column: float, form: Form) -> bool:
    """Whether text goes on with the block before it."""
    if not form.wrapped:
        return run.above == "line" and last.kind not in ("heading", "table")
    if last.kind in ("furniture", "figure") or last.label == "part":
        return False
    if last.kind == "heading":  # one that fills its line wraps into the next one
        return run.above == "line" and _width(last.runs[-1]) >= FULL * column and not run.raw.startswith((" ", "　"))
    return run.above != "gap"


def _kind(
    run: Run, after_gap: bool, note: int, contents: dict[str, str], form: Form, open_sentence: bool
) -> tuple[str, str]:
    """What a line is by its own look: (kind, label)."""
    plain = normal(run.text)
    if "\t" in run.raw:
        return "table", ""
    if (after_gap or form.wrapped) and PAGE_NUMBER.match(plain):
        return "furniture", "page"
    if form.wrapped and LETTER.match(plain):
        return "furniture", ""
    if form.part.match(plain):
        return "heading", "part"
    if not form.wrapped:
        if match := FOOTNOTE.match(run.text):
            return "footnote", match[1].translate(SUPERSCRIPT_DIGITS)
        if after_gap and note and (match := PLAIN_FOOTNOTE.match(plain)) and int(match[1]) == note + 1:
            # OCR drops the superscript: the number that follows the last footnote's goes on with the notes.
            return "footnote", match[1]
        if ADDRESS.match(plain):
            return "address", ""
    if not open_sentence and _is_heading(plain, run.text, contents, form):
        return "heading", ""
    if not form.wrapped:
        if attribution.HORIZON.match(run.text):
            return "attribution", ""
        if CROSS_REFERENCE.match(plain):
            return "cross_reference", ""
    if form.figure.match(plain):
        return "figure", ""
    return ("bullet" if marks.mark(run.raw) else "text"), ""


def _is_heading(plain: str, stripped: str, contents: dict[str, str], form: Form) -> bool:
    if not form.wrapped:
        if (part := form.part.search(plain)) and len(plain) <= LABEL_LENGTH + len(part.group()):
            return True
        if form.indicators.match(plain) or SUBHEAD.match(plain) or ANNEX.match(plain):
            return True
    elif plain.endswith(COMMAS):
        return False
    number = marks.number(stripped, ("circled", *form.levels))
    if number and number.kind == "arabic" and contents:
        return squeeze(number.title) in contents
    return number is not None and len(plain) <= form.profile.heading_length and not plain.endswith("。")


# --- measures ---------------------------------------------------------------------------------------------------


class _Open:
    """The measure being read."""

    def __init__(self, block: Block, state: State, form: Form, marked: Marks):
        self.blocks: list[Block] = []
        self.state = replace(state, labels=dict(state.labels), titles=dict(state.titles), subheads=list(state.subheads))
        self.form, self.marked = form, marked
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

    def running(self, marked: Marks) -> str:
        """The measure's words without the notes' marks that stand there."""
        runs = [run for block in self.blocks for run in block.runs]
        return join_lines([_unmark(plan_notes.cut(run.text, marked.get(run.number, []))) for run in runs])

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

    def close(self, reading: ParseResult) -> None:
        """Put the measure and its lines into the reading. Its text is kept as printed, with what only probably is a
        note's mark (a plain digit); `clean` is without."""
        ending = attribution.read(self.running(self.marked))
        printed = attribution.read(self.running({})).text if self.marked else ending.text
        doubts = ending.doubts
        if not ending.ministries and POINTS_ELSEWHERE.search(ending.text):
            doubts = ("only points to another section",)
        elif not (_ends_sentence(ending.text) or (ending.complete and not self.form.wrapped)):
            doubts = (*doubts, "no full stop")
        numbers = [number for block in self.blocks for number, _ in block.numbered]
        state, index = self.state, len(reading.measures)
        clean = ending.text if ending.text != printed else None
        reading.measures.append(
            Measure(
                min(numbers), max(numbers), printed, state.section, state.title, tuple(state.subheads),
                ending.horizon, ending.ministries, ending.repeated, doubts=doubts, clean=clean,
            )
        )  # fmt: skip
        for block in self.blocks:
            role = "attribution" if block.kind == "attribution" else "measure"
            reading.paragraphs.append(Paragraph(tuple(block.numbered), role, state.section, index, state.headings))


def _unmark(raw: str) -> str:
    """A measure's line without list mark, emphasis and footnote marks."""
    return EMPHASIS.sub("", SUPERSCRIPT.sub("", marks.without_mark(raw)))


class _Walk:
    """One pass over the blocks in order, keeping the state and filling the reading."""

    def __init__(self, blocks: list[Block], contents: dict[str, str], reading: ParseResult, form: Form, marked: Marks):
        self.blocks, self.contents, self.reading, self.form = blocks, contents, reading, form
        self.marked = marked
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
        if block.kind in ("footnote", "furniture"):
            self._emit(block, block.kind)
            self.in_note = self.in_note or block.kind == "footnote"
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
            self._enter(block)
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
        if self.state.part != MEASURES:
            return False
        if block.kind == "bullet" and (self.measure is None or not self.measure.holds(block)):
            self._close()
            self.measure, self.sentence_open = _Open(block, self.state, self.form, self.marked), False
        elif self.measure is not None:
            self.measure.add(block)
        elif block.kind == "text" and block.text.startswith("【") and self.reading.measures:
            self._emit(block, "attribution", len(self.reading.measures) - 1)
            return True
        else:
            return False
        if self.form.wrapped or (self.measure.ending.complete and not self._repeat_follows(position)):
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
        if not self.form.wrapped and not self.sentence_open and self._is_label(position, block):
            self._emit(block, "figure")
            return
        role = "kpi" if self.state.part == "kpi" else "background"
        if self.sentence_open and self.running is not None and self.running[1] == role:
            self.more.setdefault(self.running[0], []).extend(block.numbered)
        else:
            self._emit(block, role)
        self.sentence_open = not self.form.wrapped and not _ends_sentence(block.text)

    def _is_label(self, position: int, block: Block) -> bool:
        """Whether a block is a figure's label or title: short, no sentence, in brackets or above the figure's caption,
        other labels between."""
        if not _is_short(block):
            return False
        if BRACKETED_LABEL.match(normal(block.text)):
            return True
        below = self.blocks[position + 1 : position + 1 + MOST_LABELS]
        return next((b.kind == "figure" for b in below if b.kind != "table" and not _is_short(b)), False)

    def _emit(self, block: Block, role: str, measure: int | None = None) -> None:
        if role not in PASSED_OVER:
            self.running = (len(self.reading.paragraphs), role)
        self.reading.paragraphs.append(
            Paragraph(tuple(block.numbered), role, self.state.section, measure, self.state.headings)
        )

    def _close(self) -> None:
        if self.measure is not None:
            self.measure.close(self.reading)
            self.running = None
        self.measure = None

    def _enter(self, block: Block) -> None:
        """Move the state to what a heading opens."""
        state, raw = self.state, block.text
        plain = normal(raw)
        if ANNEX.match(plain) and squeeze(plain) not in self.contents:
            state.part, state.subheads = "annex", []
            return
        if state.part == "annex":
            # Where chapters begin again, what came before was a list of contents and not the plan's end.
            again = marks.number(plain, ("roman",))
            last = CHAPTERS.index(state.labels[0]) if state.labels.get(0) in CHAPTERS else len(CHAPTERS)
            if not (again and again.label in CHAPTERS and CHAPTERS.index(again.label) <= last):
                return
            state.part = ""
        if part := self.form.part.search(plain):
            # OCR glues a part's heading to the section's: both count.
            self._enter_section(plain[: part.start()].strip())
            state.part, state.subheads = self.form.part_of(part[1]), []
        elif self.form.indicators.match(plain):
            state.part, state.subheads = "kpi", []
        elif SUBHEAD.match(plain):
            # A heading in angle brackets ends the KPI part: what follows is background again.
            state.part = BACKGROUND if state.part == "kpi" else state.part
            state.subheads = [raw.strip("<>＜＞ 　")]
        elif "circled" not in self.form.levels and marks.number(raw, ("circled",)):
            state.subheads = [*(head for head in state.subheads if not marks.number(head, ("circled",))), raw]
        else:
            self._enter_section(raw)

    def _enter_section(self, raw: str) -> None:
        """Move to a section, by its own number or, where OCR misread it, the contents'."""
        levels, state = self.form.levels, self.state
        number = marks.number(raw, levels)
        if number is None:
            return
        label = self.contents.get(squeeze(number.title), number.label)
        kind = number.kind if label == number.label else _kind_of_label(label)
        level = levels.index(kind)
        state.labels = {at: other for at, other in state.labels.items() if at < level} | {level: label}
        state.titles = {at: other for at, other in state.titles.items() if at < level} | {level: number.title}
        state.title, state.part, state.subheads = number.title, "", []


def _kind_of_label(label: str) -> str:
    return "bracketed" if label.startswith("(") else "arabic" if label.isdigit() else "roman"


def _is_short(block: Block) -> bool:
    """Whether a text is too short for a paragraph and no sentence, as labels are."""
    return block.kind == "text" and len(block.text) <= LABEL_LENGTH and not _ends_sentence(block.text)


def _ends_sentence(text: str) -> bool:
    rest = text.rstrip("」｣』）)】")
    return rest.endswith("．") or normal(rest[-1:]) in tuple("。!?:")
