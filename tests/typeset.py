"""Plans set as PDFs: pages, margins, wraps and furniture of any kind, as a ministry's word processor would make them.

A plan is a list of blocks (`blocks_of`), each a paragraph with what it is; footnotes' marks in it are named as in
tests/extraction/test_metamorphic.py and their notes are set at the foot of the page where the mark comes to stand.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import matplotlib_fontja
from layouts import parse
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle
from test_metamorphic import BULLET, MARK, MARKDOWN, NOT_FIRST, NOT_LAST, tokens_of

from analysis.base.japanese import join_lines, normal
from analysis.documents.document import of_text

A4, B5, LETTER, LANDSCAPE = (595.3, 841.9), (515.9, 728.5), (612.0, 792.0), (841.9, 595.3)
SHORT = ("heading", "title", "figure")
LOST = "➤"  # a list mark that the font lacks; a text layer has a blank in its place
PLAIN = re.compile(r"^#+ |\*\*|^ ?[-*+] (?=[・○])")  # Markdown's marks, which no page shows


@dataclass(frozen=True)
class Block:
    text: str
    role: str
    apart: bool = False  # from what stands before it, as a heading is


@dataclass(frozen=True)
class Setting:
    """How a plan is set; lengths in points, shares of the type's size where so named."""

    page: tuple[float, float] = A4
    margin: float = 72
    size: float = 10.5
    leading: float = 1.7  # of the size
    gap: float = 0.0  # before a paragraph, of the size
    heading_gap: float = 1.0
    heading_size: float = 1.0
    indent: float = 1.0  # of a paragraph's first line
    hang: float = 1.0  # of a list item's further lines
    kinsoku: bool = True
    justify: bool = False
    head: str = ""
    foot: str = "- {} -"
    mirrored: bool = False  # number at the outer edge, margins that differ
    note_size: float = 0.8
    note_rule: bool = True
    raised: bool = True  # marks smaller and higher; else as signs of the text
    bullet: str | None = None
    rotation: int = 0
    columns: int = 0  # characters a line; 0: as many as fit
    font: str = "ipaexg"


@cache
def font(name: str) -> str:
    files = {"ipaexg": Path(matplotlib_fontja.__file__).parent / "fonts" / "ipaexg.ttf"}
    pdfmetrics.registerFont(TTFont(name, str(files.get(name, name))))
    return name


def blocks_of(layout: str, lines: list[str]) -> list[Block]:
    """A plan's paragraphs; tables and contents line by line."""
    made: list[tuple[int, Block]] = []
    for token in tokens_of(layout, lines):
        if token.role in ("blank", "furniture"):
            continue
        if token.role == "footnote" and not MARK.match(token.text.strip()):  # what goes on with a note
            at = max(i for i, (_, block) in enumerate(made) if block.role == "footnote")
            made[at] = (token.item, Block(join_lines([made[at][1].text, token.text]), token.role))
            continue
        text = token.text.strip(" 　\r\n") if "\t" not in token.text else token.text.strip(" \r\n")
        again = bool(made) and made[-1][0] == token.item and token.role not in ("table", "contents", "title", "figure")
        if again or (made and any(item == token.item for item, _ in made[-6:]) and token.role in RUNS_ON):
            at = next(i for i in range(len(made) - 1, -1, -1) if made[i][0] == token.item)
            made[at] = (token.item, Block(join_lines([made[at][1].text, text]), token.role))
        elif made and token.role == made[-1][1].role == "measure" and _cut(made[-1][1].text) and not BULLET.match(text):
            made[-1] = (token.item, Block(join_lines([made[-1][1].text, text]), token.role))
        else:
            made.append((token.item, Block(text, token.role)))
    return [block for _, block in made]


def _cut(text: str) -> bool:
    """Whether a page of the plan ended in the middle of this sentence."""
    return not normal(text).endswith(("。", ")", ":"))


RUNS_ON = ("measure", "background", "kpi", "footnote")


def wide(text: str, name: str, size: float) -> float:
    return pdfmetrics.stringWidth(text, name, size)


def wrapped(text: str, setting: Setting, width: float, first: float, rest: float, size: float) -> list[str]:
    """Lines of a text that is narrower by `first` and `rest`; marks take no room worth counting."""
    lines, line, mark = [], "", False
    room = width - first
    for sign in text:
        mark = (mark or sign == "\ue000") and sign != "\ue001"
        visible = MARK.sub("", line)
        full = wide(visible + sign, font(setting.font), size) > room + 0.01 if not setting.columns else (
            len(visible) >= setting.columns)  # fmt: skip
        if visible and full and not mark and sign not in "\ue000\ue001":
            cut = len(line)
            if setting.kinsoku:
                while cut > 1 and (at(line, sign, cut) in NOT_FIRST or line[cut - 1] in NOT_LAST
                                   or (latin(line[cut - 1]) and latin(at(line, sign, cut)) and len(line) - cut < 24)
                                   or "\ue000" in line[cut:] or line[cut - 1] == "\ue000"):  # fmt: skip
                    cut -= 1
                cut = cut if cut > 1 else len(line)
            lines.append(line[:cut])
            line, room = line[cut:].lstrip(" "), width - rest
        line += sign
    return [*lines, line]


def at(line: str, sign: str, cut: int) -> str:
    return line[cut] if cut < len(line) else sign


def latin(sign: str) -> bool:
    return sign.isascii() and not sign.isspace()


@dataclass
class Typesetter:
    setting: Setting
    notes: dict[str, str]
    buffer: io.BytesIO = field(default_factory=io.BytesIO)
    number: int = 0
    count: int = 0  # of notes
    used: float = 0.0
    foot: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.canvas = Canvas(self.buffer, pagesize=self.setting.page)
        self.numbers: dict[str, int] = {}
        self.begin()

    @property
    def width(self) -> float:
        return self.setting.page[0] - 2 * self.setting.margin

    @property
    def left(self) -> float:
        shift = 14 * (-1 if self.number % 2 else 1) if self.setting.mirrored else 0
        return self.setting.margin + shift

    def begin(self) -> None:
        self.number += 1
        self.used = 0.0
        self.turned = False

    def end(self) -> None:
        """Set the notes, the head and the number, and turn the page."""
        s, name = self.setting, font(self.setting.font)
        small = s.size * s.note_size
        if self.foot:
            y = s.margin + (len(self.foot) - 1) * small * 1.4
            if s.note_rule:
                self.canvas.line(self.left, y + small * 1.5, self.left + 140, y + small * 1.5)
            for text in self.foot:
                self.line(self.left, y, text, small)
                y -= small * 1.4
        self.canvas.setFont(name, 9)
        if s.head:
            self.canvas.drawString(self.left, s.page[1] - s.margin * 0.55, s.head)
        if s.foot:
            x = s.page[0] / 2 if not s.mirrored else (s.page[0] - 50 if self.number % 2 else 50)
            self.canvas.drawCentredString(x, s.margin * 0.5, s.foot.format(self.number))
        if s.rotation:
            self.canvas.setPageRotation(s.rotation)
        self.canvas.showPage()
        self.foot = []
        self.begin()

    def line(self, x: float, y: float, text: str, size: float, stretch: float = 0.0) -> None:
        """A line with its marks."""
        name = font(self.setting.font)
        if self.setting.rotation and not self.turned:  # what is drawn is turned against the page's turn
            self.canvas.rotate(90)
            self.canvas.translate(0, -self.setting.page[1])
            self.turned = True
        piece = self.canvas.beginText(x, y)
        piece.setCharSpace(stretch)
        for odd, part in enumerate(MARK.split(text)):
            if odd % 2 and self.setting.raised:
                piece.setFont(name, size * 0.6)
                piece.setRise(size * 0.4)
            else:
                piece.setFont(name, size)
                piece.setRise(0)
            piece.textOut(str(self.numbers.get(part, part)) if odd % 2 else part)
        self.canvas.drawText(piece)

    def room(self, height: float, notes: int) -> bool:
        s = self.setting
        foot = (len(self.foot) + notes) * s.size * s.note_size * 1.4 + (s.size * 1.6 if self.foot or notes else 0)
        return s.page[1] - 2 * s.margin - self.used - foot >= height

    def put(self, text: str, x: float, size: float, gap: float, last: bool, width: float) -> None:
        s, height = self.setting, size * self.setting.leading
        names = MARK.findall(text)
        notes = []
        for name in names:
            if name in self.notes:
                self.numbers.setdefault(name, len(self.numbers) + 1)
                note = f"\ue000{name}\ue001 " + MARK.sub("", self.notes[name]).strip()
                notes += wrapped(note, s, self.width, 0, 0, s.size * s.note_size)
        if not self.room(height + gap, len(notes)):
            self.end()
            gap = 0.0
        self.used += gap + height
        self.foot += notes
        stretch = 0.0
        if s.justify and not last:
            visible = MARK.sub("", text)
            stretch = max(0.0, width - wide(visible, font(s.font), size)) / max(len(visible) - 1, 1)
        self.line(self.left + x, s.page[1] - s.margin - self.used + height - size, text, size, stretch)

    def block(self, block: Block, before: Block | None) -> None:
        s = self.setting
        text, size, first, rest, gap = block.text, s.size, 0.0, 0.0, s.gap * s.size
        if "\t" in text:
            self.row(block)
            return
        bullet = BULLET.match(text)
        if block.apart or block.role in ("heading", "title"):
            gap = s.heading_gap * s.size
        if block.role in ("heading", "title"):
            pass
        elif block.role in ("head", "label"):  # a line of them
            gap = gap if block.apart else 0.0
            size = s.heading_size * s.size if block.role == "head" else s.size
        elif bullet:
            text = (s.bullet if s.bullet is not None else bullet[0]) + text[bullet.end() :]
            rest = s.hang * size
        elif re.match(r"[(（][短中長]", text):
            rest = first = s.hang * size
        elif block.role == "figure":
            size = s.size * 0.9
            first = rest = size * 2
        elif len(text) > 30:
            first = s.indent * size
        lines = wrapped(text, s, self.width, first, rest, size)
        for n, line in enumerate(lines):
            x = first if n == 0 else rest
            self.put(line, x, size, gap if n == 0 else 0.0, n == len(lines) - 1, self.width - x)

    def row(self, block: Block) -> None:
        """A line of a table or of the contents."""
        s, cells = self.setting, block.text.split("\t")
        if block.role == "contents":
            head = " ".join(cells[:-1])
            dots = (self.width - wide(head + cells[-1], font(s.font), s.size)) / wide("…", font(s.font), s.size) - 1
            self.put(head + "…" * max(int(dots), 3) + cells[-1], 0, s.size, 0, True, self.width)
            return
        each = self.width / len(cells)
        pieces = [wrapped(cell, s, each * 0.8, 0, 0, s.size * 0.9) for cell in cells]
        for n in range(max(map(len, pieces))):
            height = s.size * s.leading
            if not self.room(height, 0):
                self.end()
            self.used += height
            for at_cell, lines in enumerate(pieces):
                if n < len(lines) and lines[n]:
                    y = s.page[1] - s.margin - self.used + height - s.size
                    self.line(self.left + each * at_cell, y, lines[n], s.size * 0.9)


def typeset(blocks: list[Block], setting: Setting | None = None) -> bytes:
    setting = setting or Setting()
    notes = {
        match[1]: block.text[match.end() :]
        for block in blocks
        if block.role == "footnote" and (match := MARK.match(block.text))
    }
    marked = {name for block in blocks if block.role != "footnote" for name in MARK.findall(block.text)}
    setter = Typesetter(setting, notes)
    before = None
    for block in blocks:
        match = MARK.match(block.text) if block.role == "footnote" else None
        if block.role == "turn":
            setter.end()
            continue
        if match and match[1] in marked:
            continue
        if match:  # a note without a mark: at the foot of the page where it comes to stand
            setter.numbers[match[1]] = len(setter.numbers) + 1
            note = f"\ue000{match[1]}\ue001" + " " + block.text[match.end() :].strip()
            lines = wrapped(note, setting, setter.width, 0, 0, setting.size * setting.note_size)
            if not setter.room(0, len(lines)):
                setter.end()
            setter.foot += lines
            continue
        setter.block(block, before)
        before = block
    if setter.used or setter.foot:
        setter.end()
    setter.canvas.save()
    return setter.buffer.getvalue()


def plan(layout: str, lines: list[str], **changes: object) -> bytes:
    """A plan's text as a PDF."""
    return typeset(blocks_of(layout, lines), Setting(**changes))


def shown(line: str) -> str:
    """A line of a summary's text as its page has it."""
    plain = PLAIN.sub("", line).rstrip()
    return f"{LOST} {plain.lstrip()}" if plain[0] == " " and not BULLET.match(plain) else plain


def slides(lines: list[str], **changes: object) -> bytes:
    """A summary's lines as a PDF, each as it is: what a blank line parts stands apart, what three part on pages of
    their own."""
    blocks: list[Block] = []
    blanks = 0
    for line in lines:
        if not line.strip():
            blanks += 1
            continue
        blocks += [Block("", "turn")] if blocks and blanks >= 3 else []
        blocks.append(Block(shown(line), "label", blanks > 0))
        blanks = 0
    return typeset(blocks, Setting(**{"indent": 0, **changes}))


def summary(layout: str, lines: list[str], **changes: object) -> bytes:
    """A summary as a PDF: each paragraph that its reader knows wrapped anew, the lines of titles and labels kept."""
    blocks: list[Block] = []
    last = 0
    for paragraph in parse(layout, of_text(lines)).paragraphs:
        number = paragraph.lines[0][0]
        turned = number - last > 3 or (layout == "markdown_slides" and re.match(r"[0-9][.．-]", paragraph.lines[0][1]))
        blocks += [Block("", "turn")] if blocks and turned else []
        apart = number - last > 1 and not BULLET.match(paragraph.lines[0][1])
        texts = [shown(raw) for _, raw in paragraph.lines]
        if paragraph.role in ("figure", "title", "heading"):
            role = "label" if paragraph.role == "figure" else "head"
            blocks += [Block(text, role, apart and n == 0) for n, text in enumerate(texts)]
        else:
            blocks.append(Block(join_lines(texts), "background", apart))
        last = paragraph.lines[-1][0]
    return typeset(blocks, Setting(**{"indent": 0, **changes}))


def ruled(
    rows: list[dict], size: float = 8, page: tuple[float, float] = LANDSCAPE, before: tuple[str, ...] = ()
) -> bytes:
    """A roadmap's rows as tables with ruling lines: cells of numbers and texts merged over their ministries' rows."""
    name = font("ipaexg")
    style = ParagraphStyle("cell", fontName=name, fontSize=size, leading=size * 1.3, wordWrap="CJK")
    story: list[object] = [Paragraph(text, style) for text in (*before, "５．工程表")]
    for part in dict.fromkeys(row["part"] for row in rows):
        some = [row for row in rows if row["part"] == part]
        titled = any(row["title"] for row in some)
        story += [PageBreak(), Paragraph(f"工程表「灯台推進計画{part}」重点事項", style)]
        for group in dict.fromkeys(row["group"] for row in some):
            table = [row for row in some if row["group"] == group]
            story += [Paragraph(escape(group), style), *_tables(table, titled, int(part), style)]
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=page, leftMargin=36, rightMargin=36, topMargin=36, bottomMargin=36).build(story)
    return buffer.getvalue()


def _tables(rows: list[dict], titled: bool, year: int, style: ParagraphStyle) -> list[Table]:
    """One table for each few rows, since a merged cell cannot go over a page's end."""
    heads = ["項目番号", *(["項目名"] if titled else []), "施策内容", "担当府省"]
    years = [f"{year + more}年度" for more in range(4)]
    widths = [30, *([80] if titled else []), 190, 85, 100, 100, 60, 60]
    made = []
    for chunk in _whole_items(rows):
        head = [*heads, "短期", "", "中期", ""]
        cells: list[list[object]] = [[Paragraph(text, style) for text in head], [*[""] * len(heads), *years]]
        spans = [("SPAN", (at, 0), (at, 1)) for at in range(len(heads))]
        spans += [("SPAN", (len(heads), 0), (len(heads) + 1, 0)), ("SPAN", (len(heads) + 2, 0), (-1, 0))]
        label = first = 0
        for row in chunk:
            start = len(cells)
            if row["cell"] == 1:
                first, label = start, row["no"] or "再掲"
            ends = sorted({row["carried_to"][0], row["carried_to"][-1]}) if row["carried_to"] else []
            done = f"{row['repeats']}に記載" if row.get("repeats") else "灯りを調べる。"
            done = f"工程表{'～'.join(map(str, ends))}に記載" if ends else done
            text = f"{row['text']}（{'、'.join(row['horizon'])}）" if row["horizon"] else row["text"]
            for at, ministry in enumerate(row["ministries"] or [""]):
                lead = [label if at == 0 and row["cell"] == 1 else "", *([row["title"] or ""] if titled else []), text]
                lead = [*lead, ministry, done, "左記の取組を続ける。", "", ""]
                cells.append([Paragraph(escape(str(cell)), style) if cell else "" for cell in lead])
            columns = [1 + titled, *range(3 + titled, 7 + titled)]
            spans += [("SPAN", (at, start), (at, len(cells) - 1)) for at in columns[:2]]
            spans += [("SPAN", (columns[2], start), (columns[4], len(cells) - 1))]
            if row["cell"] == row["cells"]:
                spans += [("SPAN", (at, first), (at, len(cells) - 1)) for at in range(1 + titled)]
        grid = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONT", (0, 0), (-1, -1), font("ipaexg"), 8)]
        made.append(
            Table(cells, colWidths=widths, style=TableStyle([*grid, *spans, ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]))
        )
    return made


def _whole_items(rows: list[dict]) -> Iterator[list[dict]]:
    """Some rows at a time, those of a number together."""
    chunk: list[dict] = []
    for row in rows:
        if len(chunk) > 3 and row["cell"] == 1:
            yield chunk
            chunk = []
        chunk.append(row)
    if chunk:
        yield chunk


__all__ = ["MARKDOWN", "Block", "Setting", "blocks_of", "normal", "plan", "ruled", "slides", "summary", "typeset"]
