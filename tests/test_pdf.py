"""PDFs: the same plan as a PDF however it is set, as its text layer and as Markdown-like text reads the same."""

import io
import re
import time
from functools import cache
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from test_metamorphic import extraction
from typeset import A4, B5, LANDSCAPE, LETTER, blocks_of, font, plan

from analysis import flow, layouts, pdf, sources
from analysis.errors import DocumentFaulty
from analysis.readers import READERS
from analysis.text import mended, normal

MINI = Path(__file__).parent / "mini"
PLANS = ["markdown_plan", "pdf_text_plan"]
SETTINGS = {
    "as usual": {},
    "small pages, narrow leading": {"page": B5, "margin": 48, "size": 9, "leading": 1.4, "hang": 0, "head": "灯台と本"},
    "justified, margins that differ": {"page": LETTER, "size": 12, "justify": True, "mirrored": True, "head": "（案）"},
    "gaps between paragraphs": {"gap": 0.8, "foot": "{} / 9", "hang": 2, "size": 11},
    "lines of 24 signs, broken anywhere": {"columns": 24, "kinsoku": False, "indent": 0, "hang": 0, "note_rule": False},
    "wide pages, large type": {"page": LANDSCAPE, "size": 14, "leading": 1.4, "foot": "p. {}", "indent": 0},
    "turned pages": {"page": LANDSCAPE, "rotation": 90, "size": 10},
    "notes as large as the text": {"note_size": 1.0, "foot": "－ {} －", "head": "港の計画"},
    "no furniture": {"foot": "", "bullet": "● "},
}


def lines_of(layout: str) -> list[str]:
    return (MINI / f"{layout}.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")


@cache
def pages(layout: str, name: str) -> pdf.Pdf:
    """The plan as a PDF in this setting, as read (in this process: it is our own)."""
    return read(plan(layout, lines_of(layout), **SETTINGS[name]))


def read(content: bytes) -> pdf.Pdf:
    return pdf.assembled(pdf.extract(content), Path("plan.pdf"))


def form(layout: str, found: list[pdf.Page]) -> list[str]:
    return flow.flowing(found) if layout in layouts.FLOWING else flow.layered(found)


def own(layout: str) -> list[tuple]:
    return extraction(READERS[layout](lines_of(layout)))


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("layout", PLANS)
def test_a_plan_reads_the_same_as_a_pdf(layout, name):
    lines = form(layout, pages(layout, name).pages)
    reading = READERS[layout](lines)
    assert extraction(reading) == own(layout)
    held = sorted(number for paragraph in reading.paragraphs for number, _ in paragraph.lines)
    assert held == [number for number, line in enumerate(lines, 1) if line.strip()]
    assert all(paragraph.role != "unknown" for paragraph in reading.paragraphs)


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("layout", PLANS)
def test_heads_feet_and_numbers_go_and_notes_stay(layout, name):
    found = pages(layout, name).pages
    setting = SETTINGS[name]
    edges = (setting.get("foot", "x") != "") + bool(setting.get("head"))
    assert [len(page.edges) for page in found] == [edges] * len(found)
    notes = [line.text for page in found for line in page.notes]
    wanted = sum(block.role == "footnote" for block in blocks_of(layout, lines_of(layout)))
    assert sum(pdf.note_number(line) is not None for page in found for line in page.notes) >= wanted - 1
    assert not any("灯台守の" in note and "。" not in note for note in notes)


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("layout", PLANS)
def test_the_layout_is_guessed_right(layout, name):
    found = pages(layout, name).pages
    best = layouts.guesses([(other, form(other, found)) for other in READERS])[0]
    assert best.layout == layout
    assert best.sure > layouts.UNSURE


def layer_of(found: list[pdf.Page], dense: bool) -> list[str]:
    """A PDF's text layer: a blank line behind each line, none where the page turns, a gap where the page has one.

    A dense one has a form feed where the page turns and blank lines at gaps alone.
    """
    lines: list[str] = []
    step = pdf.pitch(found)
    for page in found:
        last = None
        for line in [*page.lines, *page.notes]:
            gap = last is not None and (line.y - last.y > flow.GAP * step or line is (page.notes or [None])[0])
            if last is not None:
                lines += [""] * gap if dense else ["", " ", ""] if gap else [""]
            text = "\t".join(line.cells)  # a raised number is an ordinary one there
            lines.append(re.sub("[⁰¹²³⁴-⁹]+", lambda match: f" {normal(match[0])}", text).strip())
            if dense and last is None and len(lines) > 1:
                lines[-1] = "\x0c" + lines[-1]
            last = line
    return lines


@pytest.mark.parametrize("name", ["as usual", "small pages, narrow leading", "turned pages"])
@pytest.mark.parametrize("layout", PLANS)
@pytest.mark.parametrize("dense", [False, True])
def test_a_plan_reads_the_same_as_a_text_layer(layout, name, dense, tmp_path):
    file = tmp_path / "layer.txt"
    file.write_text("\n".join(layer_of(pages(layout, name).pages, dense)) + "\n", encoding="utf-8")
    best = layouts.guesses(sources.read(file).forms)[0]
    assert [row[0] for row in extraction(best.reading)] == [row[0] for row in own(layout)]
    assert [row[4] for row in extraction(best.reading)] == [row[4] for row in own(layout)]


# --- what stands on a page, and what does not


def page(draw, size=A4, **options: object) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, **options)
    canvas.setFont(font("ipaexg"), 10)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def texts(content: bytes) -> list[str]:
    return [line.text for line in read(content).pages[0].lines]


def text_with(canvas: Canvas, text: str, y: float, **state: object) -> None:
    canvas.saveState()
    piece = canvas.beginText(72, y)
    piece.setFont(font("ipaexg"), 10)
    for name, value in state.items():
        getattr(piece, name)(value)
    piece.textOut(text)
    canvas.drawText(piece)
    canvas.restoreState()


def test_what_nobody_sees_is_left_out_and_counted():
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "灯台を直す。")
        text_with(canvas, "見えない字", 680, setTextRenderMode=3)
        canvas.drawString(72, -40, "紙の外の字")
        canvas.setFont(font("ipaexg"), 1)
        canvas.drawString(72, 660, "小さな字")
        canvas.setFont(font("ipaexg"), 10)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(72, 640, "白い字")

    found = read(page(draw))
    assert [line.text for line in found.pages[0].lines] == ["灯台を直す。"]
    assert found.left_out == {
        "invisible signs": 5, "signs off the page": 5, "signs too small to see": 4, "white signs on white": 3,
    }  # fmt: skip


def test_white_text_on_a_dark_ground_is_seen():
    def draw(canvas: Canvas) -> None:
        canvas.setFillColorRGB(0, 0, 0.5)
        canvas.rect(60, 690, 300, 30, stroke=0, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(72, 700, "白い見出し")

    assert texts(page(draw)) == ["白い見出し"]


def test_a_watermark_is_left_out():
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "灯台を直すための計画を作る。")
        canvas.rotate(45)
        canvas.drawString(300, 300, "写し")

    found = read(page(draw))
    assert [line.text for line in found.pages[0].lines] == ["灯台を直すための計画を作る。"]
    assert found.left_out == {"signs at another angle": 2}


def test_signs_of_fonts_become_letters():
    signs = {
        "⻘": "青",
        "⻝": "食",
        "⼀": "一",
        "ﬁ": "fi",
        "\uf0b7": "•",
        "\ue123": "",
        "\x02": "",
        "Ａ": "Ａ",
        "㈱": "㈱",
    }
    assert {sign: mended(sign) for sign in signs} == signs
    assert all(mended(chr(code)) == chr(code) for code in (*range(0x20, 0x7F), *range(0x3041, 0x3097)))
    radicals = [chr(code) for code in range(0x2E80, 0x2EF4) if normal(chr(code)) != chr(code)]
    assert len(radicals) > 90


def test_raised_numbers_doubled_signs_and_gaps():
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "灯台を直す")
        canvas.setFont(font("ipaexg"), 5)
        canvas.drawString(122.5, 704, "12")
        canvas.setFont(font("ipaexg"), 10)
        canvas.drawString(128, 700, "。")
        for shift in (0, 0.3):
            canvas.drawString(72 + shift, 670, "太い字")
        canvas.drawString(72, 640, "左")
        canvas.drawString(172, 640, "右")

    found = read(page(draw)).pages[0].lines
    assert [line.cells for line in found] == [("灯台を直す¹²。",), ("太い字",), ("左", "右")]


# --- files that are no plan


def test_what_cannot_be_read_is_one_error_each(tmp_path):
    blank = page(lambda canvas: canvas.rect(72, 72, 100, 100))
    whole = page(lambda canvas: canvas.drawString(72, 700, "灯台"))
    secret = page(lambda canvas: canvas.drawString(72, 700, "灯台"), encrypt=StandardEncryption("a", "b"))
    broken = {"scan": (blank, "no text"), "encrypted": (secret, "encrypted"), "cut": (whole[:300], "broken or cut off"),
              "noise": (b"%PDF-1.7\n" + bytes(range(256)) * 40, "broken or cut off"), "empty": (b"", "is empty"),
              "picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "neither PDF nor"),
              "sjis": ("灯台".encode("cp932"), "neither PDF nor UTF-8"),
              "blank": (b"\n \n", "holds no text")}  # fmt: skip
    for name, (content, says) in broken.items():
        file = tmp_path / name
        file.write_bytes(content)
        with pytest.raises(DocumentFaulty, match=name) as caught:
            sources.read(file)
        assert says in str(caught.value), name
        assert "\n" not in str(caught.value)


def test_a_pdf_is_read_in_a_process_that_may_take_only_so_much(tmp_path, monkeypatch):
    file = tmp_path / "plan.pdf"
    file.write_bytes(page(lambda canvas: canvas.drawString(72, 700, "灯台")))
    assert [line.text for line in pdf.read(file).pages[0].lines] == ["灯台"]
    monkeypatch.setattr(pdf, "SECONDS", 0.01)
    with pytest.raises(DocumentFaulty, match="takes longer"):
        pdf.read(file)
    monkeypatch.setattr(pdf, "BYTES", 10)
    with pytest.raises(DocumentFaulty, match="larger than"):
        pdf.read(file)


def test_a_pdf_with_too_much_in_it_is_refused(monkeypatch):
    content = page(lambda canvas: canvas.drawString(72, 700, "灯台" * 20))
    monkeypatch.setattr(pdf, "SIGNS", 10)
    with pytest.raises(DocumentFaulty, match="more than 10 signs"):
        read(content)


@pytest.mark.parametrize("sign", [".", "（", "1 ", "<"])
def test_no_text_takes_long(sign, tmp_path):
    """Lines as long as a line may be, and a paragraph of many lines."""
    file = tmp_path / "long.txt"
    line = "・ " + sign * ((sources.MOST_SIGNS - 2) // len(sign))
    file.write_text("\n\n".join([*[line] * 15, *["灯" * 40] * 20_000]), encoding="utf-8")
    begun = time.perf_counter()
    sources.read(file)
    assert time.perf_counter() - begun < 10
