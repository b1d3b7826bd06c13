"""Full plans as Markdown-like text, such as OCR makes of a PDF.

Blank lines part paragraphs; page breaks and footnotes fall inside sentences; headings carry no marks of their
own but numbers and brackets. The rules, in words, are in docs/design.md ("How the documents are read").
"""

import re
from dataclasses import dataclass, field

from analysis.readers import attribution
from analysis.readers.reading import Measure, Paragraph, Reading
from analysis.text import join_lines, normal, squeeze

PART = re.compile(r"[(<](現状と課題|施策の方向性)[)>]$")
KPI_PART = re.compile(r"[(<]KPI ?について[)>]$")
SUBHEAD = re.compile(r"<[^<>]+>$")
CIRCLED = re.compile(r"[①-⑳](?:[-－‐][0-9０-９]+)?[\s　]*\S")
CHAPTER = re.compile(r"([IVX]+) ?\. ?(.+)$")
NUMBER = re.compile(r"(\d+) ?\. ?(.+)$")
BRACKET = re.compile(r"\((\d+)\) ?(.+)$")
ANNEX = re.compile(r"\(別紙\)")
CONTENTS_LINE = re.compile(r".*\t\d+$")
BULLET = re.compile(r"(?:[-*+–—] ?)?[・･•●○◦▪■] ?|[-*+–—] +")
FOOTNOTE = re.compile(r"([⁰¹²³⁴-⁹]+)[⁾)]?")
PLAIN_FOOTNOTE = re.compile(r"(\d{1,3}) \S")
FIGURE = re.compile(r"[(](?:出典|資料|注)[)]|別紙図表|図表? ?\d|※")
CROSS_REFERENCE = re.compile(r"\((?:前述|後述|前掲|後掲|再掲).{0,30}\)$")
BRACKETED_LABEL = re.compile(r"\([^()]{1,14}\)$")
ADDRESS = re.compile(r"[<(]{0,2}https?://")
ANNOUNCES_LIST = re.compile(r"(?:以下|次)の[^。]*[。:]$")
SUPERSCRIPT = re.compile(r"[⁰¹²³⁴-⁹]+[⁾]?")
EMPHASIS = re.compile(r"\*\*")
LABEL_LENGTH = 40  # a caption or a label inside a picture is short and is no sentence
SUPERSCRIPT_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@dataclass
class Block:
    """Neighbouring lines that were parted neither by a blank line nor by a sign at a line's start."""

    lines: list[tuple[int, str]]
    kind: str
    label: str = ""

    @property
    def text(self) -> str:
        return join_lines([raw for _, raw in self.lines])


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


def read(lines: list[str]) -> Reading:
    """Read a full plan. `lines` are the document's lines; numbers in the result are 1-based."""
    numbered = list(enumerate(lines, 1))
    first_body, contents = _contents(numbered)
    reading = Reading()
    for number, raw in numbered[: first_body - 1]:
        if raw.strip():
            role = "contents" if CONTENTS_LINE.match(raw) or squeeze(raw) == "目次" else "title"
            reading.paragraphs.append(Paragraph(((number, raw),), role))
    blocks = _blocks(numbered[first_body - 1 :], contents)
    _walk(blocks, contents, reading)
    return reading


def _contents(numbered: list[tuple[int, str]]) -> tuple[int, dict[str, str]]:
    """The line after the list of contents, and from it each heading's label: {title: label}, both squeezed."""
    start = next((number for number, raw in numbered if squeeze(raw) == "目次"), 0)
    labels: dict[str, str] = {}
    last = start
    for number, raw in numbered[start:] if start else []:
        if not raw.strip():
            continue
        if not CONTENTS_LINE.match(raw):
            break
        last = number
        entry = normal(raw.rsplit("\t", 1)[0]).strip()
        for pattern in (CHAPTER, NUMBER, BRACKET):
            if match := pattern.match(entry):
                label = f"({match[1]})" if pattern is BRACKET else match[1]
                labels[squeeze(match[2])] = label
                break
    return last + 1, labels


def _blocks(numbered: list[tuple[int, str]], contents: dict[str, str]) -> list[Block]:
    """Part the body into blocks; a line that begins with a sign of its own begins a block."""
    blocks: list[Block] = []
    after_blank, note = True, 0
    for number, raw in numbered:
        if not raw.strip():
            after_blank = True
            continue
        kind, label = _kind(raw, after_blank, note, contents)
        if kind == "footnote":
            note = int(label)
        if kind == "text" and not after_blank and blocks and blocks[-1].kind not in ("heading", "table"):
            blocks[-1].lines.append((number, raw))
        else:
            blocks.append(Block([(number, raw)], kind, label))
        after_blank = False
    return blocks


def _kind(raw: str, after_blank: bool, note: int, contents: dict[str, str]) -> tuple[str, str]:
    """What a line is by its own look: (kind, label)."""
    stripped = raw.strip()
    plain = normal(stripped)
    if "\t" in raw:
        return "table", ""
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
    if BULLET.match(stripped):
        return "bullet", ""
    return "text", ""


def _is_heading(plain: str, stripped: str, contents: dict[str, str]) -> bool:
    if PART.search(plain) or KPI_PART.match(plain) or SUBHEAD.match(plain) or ANNEX.match(plain):
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
        self.blocks = [block]
        self.state = State(state.chapter, state.number, state.bracket, state.title, state.part, list(state.subheads))

    @property
    def running(self) -> str:
        pieces = [_unmark(raw) for block in self.blocks for _, raw in block.lines]
        return join_lines(pieces)

    def lists(self) -> bool:
        """Whether the measure announces a list that bullets of its own follow."""
        return bool(ANNOUNCES_LIST.search(self.running))

    def nested(self, block: Block) -> bool:
        """Whether a bullet inside the measure is a weaker one than the measure's own."""
        own, other = (BULLET.match(b.lines[0][1].strip()) for b in (self.blocks[0], block))
        return bool(own and other and own.group().strip() != other.group().strip()) and len(self.blocks) > 1


def _unmark(raw: str) -> str:
    """A measure's line without list mark, emphasis and footnote marks."""
    return EMPHASIS.sub("", SUPERSCRIPT.sub("", _bare(raw.strip())))


def _bare(stripped: str) -> str:
    """A line without the list mark it may begin with."""
    match = BULLET.match(stripped)
    return stripped[match.end() :] if match else stripped


def _walk(blocks: list[Block], contents: dict[str, str], reading: Reading) -> None:
    """Go through the blocks in order, keeping the state, and fill the reading."""
    state, measure, sentence_open, in_note = State(), None, False, False

    def emit(block: Block, role: str, index: int | None = None) -> None:
        reading.paragraphs.append(Paragraph(tuple(block.lines), role, state.section, index))

    def close() -> None:
        nonlocal measure
        if measure is not None:
            _close(measure, reading)
        measure = None

    for position, block in enumerate(blocks):
        following = blocks[position + 1] if position + 1 < len(blocks) else None
        if block.kind == "footnote":
            emit(block, "footnote")
            in_note = True
            continue
        if in_note and (block.kind == "address" or (block.kind == "bullet" and sentence_open and measure is None)):
            # An address after a note is the note's; so is a list, while the sentence that the note cut is open.
            emit(block, "footnote")
            continue
        in_note = False
        if block.kind == "heading":
            close()
            sentence_open = False
            _enter(block, state, contents)
            emit(block, "heading")
            continue
        if block.kind in ("table", "figure") and state.part != "annex":
            if measure is not None and block.kind == "figure" and normal(block.text).startswith("※"):
                measure.blocks.append(block)
                continue
            emit(block, block.kind)
            continue
        if block.kind == "cross_reference":
            close()
            emit(block, "cross_reference")
            continue
        if state.part == "annex":
            emit(block, "table" if block.kind == "table" else "annex")
            continue
        if state.part == "施策の方向性":
            if block.kind == "bullet" and (measure is None or not (measure.lists() or measure.nested(block))):
                close()
                measure = _Open(block, state)
                if attribution.read(measure.running).complete:
                    close()
                continue
            if measure is not None:
                measure.blocks.append(block)
                if attribution.read(measure.running).complete:
                    if following is not None and following.text.startswith("【"):
                        continue
                    close()
                continue
            if block.kind == "text" and block.text.startswith("【") and reading.measures:
                emit(block, "attribution", len(reading.measures) - 1)
                continue
        if block.kind == "attribution":
            emit(block, "unknown")
            continue
        if _is_label(block, following) and not sentence_open:
            emit(block, "figure")
            continue
        role = "kpi" if state.part == "kpi" else "background"
        if sentence_open and reading.paragraphs and (last := _last(reading, role)) is not None:
            reading.paragraphs[last] = _extend(reading.paragraphs[last], block)
        else:
            emit(block, role)
        sentence_open = not _ends_sentence(block.text)
    close()


def _enter(block: Block, state: State, contents: dict[str, str]) -> None:
    """Move the state to what a heading opens."""
    plain, raw = normal(block.lines[0][1].strip()), block.lines[0][1].strip()
    if ANNEX.match(plain) and squeeze(plain) not in contents:
        state.part, state.subheads = "annex", []
        return
    if state.part == "annex":
        return
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
    numbers = [number for block in measure.blocks for number, _ in block.lines]
    index, state = len(reading.measures), measure.state
    reading.measures.append(
        Measure(
            numbers[0], numbers[-1], found.text, state.section, state.title, tuple(state.subheads),
            found.horizon, found.ministries, found.repeated, doubts=doubts,
        )
    )  # fmt: skip
    for block in measure.blocks:
        role = "attribution" if block.kind == "attribution" else "measure"
        reading.paragraphs.append(Paragraph(tuple(block.lines), role, state.section, index))


def _is_label(block: Block, following: Block | None) -> bool:
    """A short text that is no sentence, next to a figure: a label or the figure's own title."""
    if len(block.text) > LABEL_LENGTH or _ends_sentence(block.text) or block.kind == "bullet":
        return False
    return BRACKETED_LABEL.match(normal(block.text)) is not None or (
        following is not None and following.kind == "figure"
    )


def _ends_sentence(text: str) -> bool:
    return text.rstrip("」』）)】").endswith(("。", "．", "！", "？", "：", ":"))


def _last(reading: Reading, role: str) -> int | None:
    """The last paragraph of a role, footnotes and figures after it passed over."""
    for index in range(len(reading.paragraphs) - 1, -1, -1):
        found = reading.paragraphs[index].role
        if found == role:
            return index
        if found not in ("footnote", "figure", "table"):
            return None
    return None


def _extend(paragraph: Paragraph, block: Block) -> Paragraph:
    return Paragraph((*paragraph.lines, *block.lines), paragraph.role, paragraph.section, paragraph.measure)
