"""PDFs: the same plan as a PDF however it is set, as its text layer and as Markdown-like text reads the same."""

import io
import json
import re
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import effort
import hostile
import pytest
from layouts import LAYOUTS, parse
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, SimpleDocTemplate, Table, TableStyle
from test_metamorphic import MARK, extraction
from typeset import A4, B5, LANDSCAPE, LETTER, blocks_of, font, plan, ruled, slides, summary

from analysis.base.errors import DocumentFaulty
from analysis.base.japanese import mended, normal, squeeze
from analysis.documents import joining, page_parts, paragraphs, pdf_pages, ruled_tables, text_files
from analysis.documents.document import Document, Line, Page, Run, dump, load, of_pages, of_text
from analysis.extraction import detect_layout, load_document
from analysis.extraction.parsers.parse_result import ParseResult
from analysis.workspace import add_edition

MINI = Path(__file__).parents[1] / "mini"
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
def pages(layout: str, name: str) -> pdf_pages.Pdf:
    """The plan as a PDF in this setting, as read (in this process: it is our own)."""
    return read(plan(layout, lines_of(layout), **SETTINGS[name]))


def read(content: bytes) -> pdf_pages.Pdf:
    return pdf_pages.assembled(pdf_pages.extract(content), Path("plan.pdf"))


def document_of(layout: str, name: str) -> Document:
    return of_pages(pages(layout, name).pages)


def raws(runs: list[Run]) -> list[str]:
    return [run.raw for run in runs]


def accounts_for_every_line(reading: ParseResult, document: Document) -> None:
    held = sorted(number for paragraph in reading.paragraphs for number, _ in paragraph.lines)
    assert held == [number for number, line in enumerate(document.lines, 1) if line.strip()]
    assert all(paragraph.role != "unknown" for paragraph in reading.paragraphs)


def own(layout: str) -> list[tuple]:
    return extraction(parse(layout, of_text(lines_of(layout))))


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("layout", PLANS)
def test_a_plan_reads_the_same_as_a_pdf(layout, name):
    document = document_of(layout, name)
    reading = parse(layout, document)
    assert extraction(reading) == own(layout)
    accounts_for_every_line(reading, document)


@pytest.mark.parametrize("layout", PLANS)
def test_the_listing_of_a_pdf_is_the_document(layout):
    document = document_of(layout, "as usual")
    lines = dump(document).splitlines()
    assert len(lines) == len(document.lines)
    loaded = load(lines)
    assert loaded.lines == document.lines
    assert extraction(parse(layout, loaded)) == own(layout)


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("layout", PLANS)
def test_heads_feet_and_numbers_go_and_notes_stay(layout, name):
    found = pages(layout, name).pages
    setting = SETTINGS[name]
    edges = (setting.get("foot", "x") != "") + bool(setting.get("head"))
    assert [len(page.edges) for page in found] == [edges] * len(found)
    notes = [line.text for page in found for line in page.notes]
    wanted = sum(block.role == "footnote" for block in blocks_of(layout, lines_of(layout)))
    assert sum(page_parts.note_number(line) is not None for page in found for line in page.notes) >= wanted - 1
    assert not any("灯台守の" in note and "。" not in note for note in notes)


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("layout", PLANS)
def test_the_layout_is_guessed_right(layout, name):
    document = document_of(layout, name)
    best = detect_layout.guesses([(other, document) for other in LAYOUTS])[0]
    assert best.layout == layout
    assert best.sure > detect_layout.UNSURE


def layer_of(found: list[Page], dense: bool) -> list[str]:
    """A PDF's text layer: a blank line behind each line, none where the page turns, a gap where the page has one.

    A dense one has a form feed where the page turns and blank lines at gaps alone.
    """
    lines: list[str] = []
    step = page_parts.pitch(found)
    for page in found:
        last = None
        for line in [*page.lines, *page.notes]:
            gap = last is not None and (line.y - last.y > joining.GAP * step or line is (page.notes or [None])[0])
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
    best = detect_layout.guesses(load_document.read(file).forms)[0]
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
        "invisible characters": 5, "characters off the page": 5, "characters too small to see": 4,
       "white characters on white": 3,
    }  # fmt: skip


ROWS = [f"灯台の{n}番目の行は、灯りについて述べる。" for n in range(1, 13)]


def numbered(canvas: Canvas, first: int, rows: list[str], without: tuple[int, ...] = ()) -> None:
    for place, row in enumerate(rows):
        height = 760 - 18 * place
        if place not in without:
            canvas.drawRightString(60, height, str(first + place))
        canvas.drawString(72, height, row)


def test_the_numbers_of_lines_in_the_margin_are_no_text():
    found = read(page(lambda canvas: numbered(canvas, 7, ROWS, without=(0,))))
    assert [line.text for line in found.pages[0].lines] == ROWS
    assert {line.x0 for line in found.pages[0].lines} == {72.0}
    assert found.left_out == {"numbers of lines": 11}


@pytest.mark.parametrize(("first", "rows", "without"), [(1, ROWS, (0, 4, 8)), (1, ROWS[:7], ())])
def test_the_numbers_of_a_list_are_text(first, rows, without):
    found = read(page(lambda canvas: numbered(canvas, first, rows, without)))
    assert found.left_out == {}
    assert found.pages[0].lines[1].text.startswith(str(first + 1))


def test_a_line_that_begins_with_a_year_keeps_it():
    rows = [*ROWS[:6], "2031年の灯台は多い。", *ROWS[7:]]
    assert [line.text for line in read(page(lambda canvas: numbered(canvas, 1, rows))).pages[0].lines] == rows


def test_text_that_is_struck_out_is_left_out_and_counted():
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "灯台を直す。")
        canvas.line(72, 698, 132, 698)  # an underline
        canvas.drawString(72, 680, "霧笛を止める。鳴らす。")
        canvas.line(72, 683.5, 142, 683.5)

    found = read(page(draw))
    assert [line.text for line in found.pages[0].lines] == ["灯台を直す。", "鳴らす。"]
    assert found.left_out == {"characters struck out": 7}


def down(canvas: Canvas, rows: list[str]) -> None:
    for column, row in enumerate(rows):
        for place, character in enumerate(row):
            canvas.drawString(500 - 20 * column, 760 - 12 * place, character)


def test_text_that_is_set_vertically_is_refused():
    with pytest.raises(DocumentFaulty, match="set vertically"):
        read(page(lambda canvas: down(canvas, ROWS)))


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
    assert found.left_out == {"characters at another angle": 2}


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


# --- tables with ruling lines


def given_rows() -> list[dict]:
    return json.loads((MINI / "roadmap.json").read_text(encoding="utf-8"))["rows"]


def of_roadmap(reading: ParseResult) -> list[tuple]:
    return sorted(
        (m.part, m.place.no or 0, m.place.cell, m.place.cells, squeeze(m.text), m.horizon, tuple(sorted(m.ministries)),
         m.place.carried_to, squeeze(m.place.title or ""), squeeze(m.section_title))
        for m in reading.measures if m.place
    )  # fmt: skip


@pytest.mark.parametrize("setting", [{}, {"size": 6}, {"size": 10, "page": (1100, 600)}])
def test_a_roadmap_with_ruling_lines_reads_as_its_text_does(setting):
    document = of_pages(read(ruled(given_rows(), **setting)).pages)
    reading = parse("pdf_text_plan", document)
    assert of_roadmap(reading) == of_roadmap(parse("pdf_text_plan", of_text(lines_of("roadmap"))))
    assert all(measure.doubts == ("no horizon",) * (not measure.horizon) for measure in reading.measures)
    accounts_for_every_line(reading, document)


def test_a_ruled_roadmap_leaves_the_body_as_it_is():
    lines = lines_of("pdf_text_plan")
    body = tuple(block.text for block in blocks_of("pdf_text_plan", lines) if block.role == "background")
    alone = raws(paragraphs.layered(read(ruled(given_rows()[:1], before=body)).pages))
    many = raws(paragraphs.layered(read(ruled(given_rows(), before=body)).pages))
    end = alone.index("５．工程表")
    assert alone[:end] == many[:end]


def table(draw_cells: list[list[str]], *commands: tuple, widths: float = 90) -> bytes:
    buffer = io.BytesIO()
    style = [("FONT", (0, 0), (-1, -1), font("ipaexg"), 9), ("GRID", (0, 0), (-1, -1), 0.5, "black"), *commands]
    SimpleDocTemplate(buffer).build([Table(draw_cells, colWidths=widths, style=TableStyle(style))])
    return buffer.getvalue()


def test_merged_cells_stand_where_they_begin():
    cells = [
        ["指標", "灯りの値が移り変わる様子を見た年", ""],
        ["", "2030年", "2035年"],
        ["灯台の数", "12基", "20基"],
        ["灯りの数", "", "8灯"],
    ]
    spans = [("SPAN", (0, 0), (0, 1)), ("SPAN", (1, 0), (2, 0))]
    found = read(table(cells, *spans)).pages
    assert [line.cells for line in found[0].lines] == [
        ("指標", "灯りの値が移り変わる様子を見た年", ""),
        ("", "2030年", "2035年"),
        ("灯台の数", "12基", "20基"),
        ("灯りの数", "", "8灯"),
    ]  # fmt: skip
    assert raws(paragraphs.flowing(found)) == [
        "指標\t灯りの値が移り変わる様子を見た年\t",
        "\t2030年\t2035年",
        "灯台の数\t12基\t20基",
        "灯りの数\t\t8灯",
    ]


def test_a_frame_around_a_text_is_no_table():
    found = read(table([["灯台の話"], ["灯台を直す。"]], widths=200)).pages[0].lines
    assert [(line.text, line.ruled) for line in found] == [("灯台の話", False), ("灯台を直す。", False)]


def test_cells_of_a_turned_page_are_found():
    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        canvas.translate(0, -500)
        for x in (100, 200, 300):
            canvas.line(x, 300, x, 360)
        for y in (300, 330, 360):
            canvas.line(100, y, 300, y)
        for at, text in enumerate(["あ灯台", "い岬", "う船", "え港"]):
            canvas.drawString(110 + 100 * (at % 2), 340 - 30 * (at // 2), text)

    assert [line.cells for line in read(page(draw)).pages[0].lines] == [("あ灯台", "い岬"), ("う船", "え港")]


def test_a_drawing_of_many_strokes_is_no_table_and_costs_no_more_than_its_strokes():
    def drawing(strokes: int) -> None:
        many = [(float(n), float(n) + 500, float(n % 700)) for n in range(strokes)]
        assert ruled_tables.tables(many, many) == []

    assert effort.growth(drawing, 5_000) < 5


# --- how lines are set


def test_signs_that_hang_out_of_the_column_do_not_widen_it():
    """Some typesetters let a full stop stand beyond the edge; what is set smaller and fills its line goes on."""
    full = "灯台の光源を調べて新しいものに替えることを港ごとに決めて広く知らせ"

    def draw(canvas: Canvas) -> None:
        for n in range(12):
            text = full[: 33 - n] + "ｱｲ" * n  # as wide, but not as many signs
            canvas.drawString(72, 760 - 17 * n, text + ("、" if n % 2 else ""))
        canvas.setFont(font("ipaexg"), 8)
        canvas.drawString(72, 540, "灯" * 39 + "を")  # a sign less than the column holds
        canvas.drawString(72, 528, "ただし島の港を除く。")

    lines = raws(paragraphs.flowing(read(page(draw)).pages))
    assert lines[-1].endswith("灯をただし島の港を除く。")


def test_a_sign_that_the_font_lacks_leaves_no_gap():
    found = read(page(lambda canvas: canvas.drawString(72, 700, "・ 灯台の会⁴⁰の報告を読む。")))
    assert [line.cells for line in found.pages[0].lines] == [("・ 灯台の会の報告を読む。",)]
    assert found.left_out == {"unmapped characters": 2}


@pytest.mark.parametrize("head", ["（施策の方向性）", "(現状と課題)", "図表 3：灯りの数"])
def test_a_heading_or_a_caption_behind_a_full_line_begins_anew(head):
    full = "灯台の光源を調べて新しいものに替えることを港ごとに決めて広く知らせ"

    def draw(canvas: Canvas) -> None:
        for n in range(8):
            canvas.drawString(72, 760 - 17 * n, full)
        canvas.drawString(72, 760 - 17 * 8, head)

    assert raws(paragraphs.flowing(read(page(draw)).pages))[-1] == head


def test_a_note_amid_the_page_goes_on_over_its_end():
    def lines(*texts: str) -> list[Line]:
        return [Line(0, len(text), 2.0 * n, 1.0, (text,)) for n, text in enumerate(texts, 1)]

    full = "あ" * 30
    first = Page(1e6, 1e6, [*lines(full, full, full), Line(0, 30, 12, 1.0, ("1 " + "灯" * 28,))])
    second = Page(1e6, 1e6, lines("りを数える。", "次の文を読む。"))
    made = raws(paragraphs.layered([first, second]))
    assert made == [full * 3, "1 " + "灯" * 28 + "りを数える。", "次の文を読む。"]


def in_columns(texts: list[str], head: str) -> bytes:
    """Paragraphs in two columns a page, with a head over both and a number between them."""
    buffer = io.BytesIO()
    style = ParagraphStyle("x", fontName=font("ipaexg"), fontSize=9, leading=14, wordWrap="CJK")

    def furniture(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont(font("ipaexg"), 8)
        canvas.drawString(50, A4[1] - 30, head)
        canvas.drawCentredString(A4[0] / 2, 25, f"- {document.page} -")

    frames = [Frame(x, 560, 235, 230, 0, 0, 0, 0) for x in (50, 310)]
    document = BaseDocTemplate(buffer, pagesize=A4)
    document.addPageTemplates([PageTemplate(frames=frames, onPage=furniture)])
    document.build([Paragraph(escape(text), style) for text in texts])
    return buffer.getvalue()


def test_columns_are_read_one_after_the_other():
    lines = lines_of("markdown_plan")
    texts = [
        MARK.sub("", block.text)
        for block in blocks_of("markdown_plan", lines)
        if block.role not in ("contents", "footnote")
    ]
    found = read(in_columns([text.replace("\t", "　") for text in texts], "港の計画（案）"))
    assert len(found.pages) in (2 * found.count, 2 * found.count - 1)
    assert sum(len(page.edges) for page in found.pages) == 2 * found.count
    reading = parse("markdown_plan", of_pages(found.pages))
    assert [row[0] for row in extraction(reading)] == [row[0] for row in own("markdown_plan")]
    assert [row[4] for row in extraction(reading)] == [row[4] for row in own("markdown_plan")]


def test_a_sign_that_hangs_out_of_the_left_column_is_of_it():
    def draw(canvas: Canvas) -> None:
        for n in range(20):
            canvas.drawString(72, 700 - 17 * n, "灯" * 20)
            canvas.drawString(72 + 211, 700 - 17 * n, "岬" * 20)
        canvas.drawString(72 + 203, 700 - 17 * 9, "、")

    left, right, _ = pdf_pages.extract(page(draw))["pages"][0]["columns"]
    assert left[9]["cells"] == ("灯" * 20 + "、",)
    assert right[9]["cells"] == ("岬" * 20,)


# --- texts that are set otherwise


def paged(lines: list[str], number: str, head: str = "") -> list[str]:
    """Lines in pages with a number at their foot and a head, without a form feed."""
    made: list[str] = []
    for count, at in enumerate(range(0, len(lines), 24), 1):
        made += [*([head] if head else []), *lines[at : at + 24], number.format(count)]
    return made


def whole(layout: str) -> list[str]:
    return [block.text for block in blocks_of(layout, lines_of(layout))]


def marked(texts: list[str]) -> list[str]:
    made = []
    for text in texts:
        text = re.sub(r"^(?:- )?・ ?", "- ", text)
        heading = re.match(r"(?:[IVX0-9１-９]{1,3}[.．]|[(（<＜①②③])", text) and len(text) < 30
        made += [f"## {text}" if heading else text, ""]
    return made


OTHERWISE = {
    "page numbers": lambda lines: paged(lines, "- {} -"),
    "page numbers and heads": lambda lines: paged(lines, "Page {}", "灯台の計画（案）"),
    "page numbers, heads and emphasis": lambda lines: paged(
        [line.replace("灯台学校", "**灯台学校**") for line in lines], "Page {}", "灯台の計画（案）"
    ),
    "full-width marks": lambda lines: [re.sub(r"^- ・ ", "－　・　", line) for line in lines],
    "escapes": lambda lines: [line.replace(".", r"\\.") if "http" not in line else line for line in lines],
    "emphasis": lambda lines: [f"**{line}**" if re.match("[(（][施現]", line) else line for line in lines],
    "headings of Markdown": lambda lines: [
        f"### {line}" if re.match("[(（<IVX１-９]", line) else line for line in lines
    ],
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_a_text_reads_the_same_however_it_is_set(name, tmp_path):
    file = tmp_path / "plan.txt"
    lines = list(lines_of("markdown_plan"))
    file.write_text("\n".join(OTHERWISE[name](lines)) + "\n", encoding="utf-8")
    source = load_document.read(file)
    best = add_edition.chosen(source, detect_layout.guesses(source.forms))
    assert [row[0] for row in extraction(best.reading)] == [row[0] for row in own("markdown_plan")]
    assert [row[4] for row in extraction(best.reading)] == [row[4] for row in own("markdown_plan")]
    assert best.unknown == 0


def test_numbers_that_do_not_count_pages_part_nothing():
    lines = [line for n in range(1, 40) for line in ([f"{n}"] + ["灯台を直す。"] * (1 + n * 7 % 23))]
    assert text_files.page_numbers(lines) == set()
    assert text_files.page_numbers([*["灯台"] * 30, "５．工程表", *paged(["灯台"] * 200, "{}")]) == set()
    assert len(text_files.page_numbers(paged(["灯台"] * 200, "- {} -"))) == 9


@pytest.mark.parametrize("between", ["\t", " "])
def test_a_plan_whose_contents_name_an_annex_is_read_on(between):
    """Where the contents' page numbers are lost, their lines look like headings; chapters that begin again are not."""
    lines = lines_of("markdown_plan")
    start = next(at for at, line in enumerate(lines) if squeeze(line) == "目次")
    contents = [
        re.sub(r"\t[0-9]+$", "", line).replace("\t", between) for line in lines[start : start + 12] if "\t" in line
    ]
    made = [*lines[:start], "目次", "", *(line for text in [*contents, "(別紙) 灯台の記録"] for line in (text, ""))]
    rest = next(at for at, line in enumerate(lines) if at > start and line and "\t" not in line and "目次" not in line)
    found = parse("markdown_plan", of_text([*made, *lines[rest:]]))
    assert [measure.text for measure in found.measures] == [
        measure.text for measure in parse("markdown_plan", of_text(lines)).measures
    ]


# --- slides and articles


SUMMARIES = {"markdown_slides": 0.0, "text_slides": 0.0, "markdown_article": 1.0}  # a paragraph's first line is set in
WIDE, TALL, SQUARE = (960, 540), (900, 1500), (720, 540)
SUMMARY_SETTINGS = {
    "wide pages, large headings": {"page": WIDE, "size": 10, "margin": 40, "leading": 1.3, "heading_size": 1.4},
    "square pages, headings that stand close": {
        "page": SQUARE, "size": 11, "margin": 36, "leading": 1.2, "heading_size": 1.25, "heading_gap": 0.6,
    },
    "gaps between items, headings as large as the text": {
        "page": A4, "size": 10.5, "gap": 0.8, "heading_gap": 1.2, "foot": "{} / 9",
    },
    "no hanging marks, no numbers": {
        "page": LANDSCAPE, "size": 11, "hang": 0, "leading": 1.4, "heading_gap": 0.7, "foot": "",
    },
    "lines of 40 signs, a head": {
        "page": TALL, "size": 10, "columns": 40, "hang": 1.5, "heading_size": 1.3, "head": "町の計画（概要）",
    },
    "justified": {"page": LETTER, "size": 10, "justify": True, "heading_size": 1.2, "margin": 60},
    "pages that slides do not fit on": {"page": LANDSCAPE, "size": 12, "margin": 50},
    "tall pages": {"page": TALL, "size": 11, "margin": 60, "leading": 1.3, "heading_size": 1.2},
}  # fmt: skip


@pytest.mark.parametrize("name", SUMMARY_SETTINGS)
@pytest.mark.parametrize("layout", SUMMARIES)
def test_a_summary_reads_the_same_as_a_pdf(layout, name):
    found = read(summary(layout, lines_of(layout), indent=SUMMARIES[layout], **SUMMARY_SETTINGS[name])).pages
    document = of_pages(found)
    guesses = detect_layout.guesses([(other, document) for other in LAYOUTS])
    assert guesses[0].layout == layout
    assert guesses[0].sure > detect_layout.UNSURE
    reading = guesses[0].reading
    assert summary_items(reading) == summary_items(parse(layout, of_text(lines_of(layout))))
    accounts_for_every_line(reading, document)


@pytest.mark.parametrize("layout", SUMMARIES)
def test_a_summary_whose_lines_stand_as_in_its_text_reads_the_same(layout):
    found = read(slides(lines_of(layout), page=WIDE, size=10, margin=40, leading=1.3)).pages
    guess = detect_layout.guesses([(other, of_pages(found)) for other in LAYOUTS])[0]
    assert guess.layout == layout
    assert guess.sure > detect_layout.UNSURE
    assert summary_items(guess.reading) == summary_items(parse(layout, of_text(lines_of(layout))))


def lines_with_gaps(found: list[Page]) -> list[str]:
    """Slides as a text layer has them: a blank line where the page has a gap, several where it turns."""
    blanks = {"page": 3, "gap": 1, "line": 0}
    return [
        text
        for at, run in enumerate(paragraphs.lined(found))
        for text in [*[""] * (blanks[run.above] if at else 0), " " * run.unmarked + run.raw]
    ]


LAYERS = {
    "blank lines at gaps": lambda lines: lines,
    "form feeds": lambda lines: "\n".join(lines).replace("\n\n\n\n", "\n\x0c").split("\n"),
    "a blank behind each line": lambda lines: [more for line in lines for more in ((line, "") if line else (" ",))],
}


LAYERED = [(layout, name) for layout in SUMMARIES for name in LAYERS]
LAYERED.remove(("text_slides", "a blank behind each line"))  # which leaves nothing of what tells its pieces


@pytest.mark.parametrize(("layout", "name"), LAYERED)
def test_a_summary_reads_the_same_as_a_text_layer(layout, name, tmp_path):
    lines = [line.replace("➤", "・") for line in lines_of(layout)]  # the font has no such sign, a text layer neither
    setting = {"page": (1100, 1500), "size": 10, "margin": 60, "leading": 1.4}
    if layout == "markdown_article":  # whose lines are to be full
        setting = {"page": LETTER, "size": 10, "margin": 60, "indent": 1}
    found = read(summary(layout, lines, **setting)).pages
    file = tmp_path / "layer.txt"
    file.write_text("\n".join(LAYERS[name](lines_with_gaps(found))) + "\n", encoding="utf-8")
    source = load_document.read(file)
    best = add_edition.chosen(source, detect_layout.guesses(source.forms))
    assert best.layout == layout
    assert summary_items(best.reading) == summary_items(parse(layout, of_text(lines)))


def summary_items(reading: ParseResult) -> list[tuple]:
    return [(squeeze(measure.text), squeeze(measure.section), measure.ministries) for measure in reading.measures]


def test_a_list_mark_that_the_font_lacks_begins_an_item():
    texts = ["岬の灯台の光源を新しいものに替える。", "港の灯台の壁を白く塗り直す。"]
    found = read(
        page(lambda canvas: [canvas.drawString(72, 700 - 17 * n, f"➤ {t}") for n, t in enumerate(texts)])
    ).pages
    assert [(run.raw, run.unmarked) for run in paragraphs.pieced(found)] == [(text, True) for text in texts]
    assert lines_with_gaps(found) == [f" {text}" for text in texts]


def test_a_slide_that_fills_its_page_goes_on_with_a_line_that_is_no_larger():
    def slide(*texts: str, size: float = 12) -> Page:
        lines = [Line(40, 300, 40.0 + 20 * n, 12 if n else size, (text,)) for n, text in enumerate(texts)]
        return Page(600, 400, lines)

    full, cut = slide("岬の話", *["・灯台を直す"] * 15), slide("岬の話", *["・灯台を直す"] * 14, "・灯台を洗い、")
    short, another = slide("・港を直す", "・船を直す"), slide("港の話", "・船を直す", size=16)

    def behind(*slides: Page, first: int) -> list[tuple[str, str]]:
        return [(run.above, run.raw) for run in paragraphs.lined([*slides])[first:]]

    assert behind(full, short, first=16) == [("gap", "・港を直す"), ("line", "・船を直す")]
    assert behind(full, another, first=16) == [("page", "港の話"), ("gap", "・船を直す")]
    assert behind(short, short, first=2)[0][0] == "page"
    assert behind(cut, slide("壁を塗る"), first=15) == [("line", "・灯台を洗い、"), ("line", "壁を塗る")]


def article(*starts: tuple[float, float, str]) -> Page:
    """Lines of running text: where each begins, its size, its text."""
    lines = [Line(x0, x0 + size * len(text), 40.0 + 17 * n, size, (text,)) for n, (x0, size, text) in enumerate(starts)]
    return Page(600, 800, lines)


def test_larger_lines_are_an_article_s_headings_and_indented_ones_begin_a_paragraph_on_the_next_page():
    full = "灯台の光源を調べて新しいものに替えることを港ごとに決めて広く知らせ"
    closed = full[:-1] + "。"
    first = article((40, 14, "灯台のこと"), (50, 10, full[1:]), *[(40, 10, full)] * 8, (40, 10, closed))
    indented = article((50, 10, full[1:]), (40, 10, closed))
    flush = article((40, 10, full), (40, 10, closed))
    text = full[1:] + full * 8 + closed
    assert raws(paragraphs.headed([first, indented])) == ["灯台のこと", text, full[1:] + closed]
    assert raws(paragraphs.headed([first, flush])) == ["灯台のこと", text + full + closed]
    assert [run.heading for run in paragraphs.headed([first, flush])] == [True, False]


def test_slides_whose_paragraphs_no_blank_line_parts_are_known(tmp_path):
    file = tmp_path / "slides.txt"
    file.write_text("\n".join(line for line in lines_of("markdown_slides") if line.strip()), encoding="utf-8")
    source = load_document.read(file)
    best = add_edition.chosen(source, detect_layout.guesses(source.forms))
    assert best.layout == "markdown_slides"
    assert best.sure > detect_layout.UNSURE


# --- files that are no plan


def test_what_cannot_be_read_is_one_error_each(tmp_path):
    blank = page(lambda canvas: canvas.rect(72, 72, 100, 100))
    whole = page(lambda canvas: canvas.drawString(72, 700, "灯台"))
    secret = page(lambda canvas: canvas.drawString(72, 700, "灯台"), encrypt=StandardEncryption("a", "b"))
    broken = {"scan": (blank, "no text"), "encrypted": (secret, "encrypted"), "cut": (whole[:300], "broken or cut off"),
              "noise": (b"%PDF-1.7\n" + bytes(range(256)) * 40, "broken or cut off"), "empty": (b"", "is empty"),
              "picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "a picture: recognise its text first"),
              "zeros": (bytes(100), "neither PDF nor text"),
              "sjis": ("灯台".encode("cp932"), "line 1: not UTF-8, it looks like Shift_JIS (cp932)"),
              "blank": (b"\n \n", "holds no text")}  # fmt: skip
    for name, (content, says) in broken.items():
        file = tmp_path / name
        file.write_bytes(content)
        with pytest.raises(DocumentFaulty, match=name) as caught:
            load_document.read(file)
        assert says in str(caught.value), name
        assert "\n" not in str(caught.value)


def test_a_pdf_is_read_in_a_process_that_may_take_only_so_much(tmp_path, monkeypatch):
    file = tmp_path / "plan.pdf"
    file.write_bytes(page(lambda canvas: canvas.drawString(72, 700, "灯台")))
    assert [line.text for line in pdf_pages.read(file).pages[0].lines] == ["灯台"]
    monkeypatch.setattr(pdf_pages, "SECONDS", 0.01)
    with pytest.raises(DocumentFaulty, match="takes longer"):
        pdf_pages.read(file)
    monkeypatch.setattr(pdf_pages, "BYTES", 10)
    with pytest.raises(DocumentFaulty, match="larger than"):
        pdf_pages.read(file)


def test_a_pdf_with_too_much_in_it_is_refused(monkeypatch):
    content = page(lambda canvas: canvas.drawString(72, 700, "灯台" * 20))
    monkeypatch.setattr(pdf_pages, "CHARACTERS", 10)
    with pytest.raises(DocumentFaulty, match="more than 10 characters"):
        read(content)


@pytest.mark.parametrize("sign", [".", "（", "1 ", "<"])
def test_a_text_costs_no_more_than_its_length(sign, tmp_path):
    """Long lines, and a paragraph of many lines."""

    def reading(size: int) -> None:
        file = tmp_path / "long.txt"
        line = "・ " + sign * (size // len(sign))
        file.write_text("\n\n".join([*[line] * 15, *["灯" * 40] * size]), encoding="utf-8")
        load_document.read(file)

    assert effort.growth(reading, 400) < 5


# --- what is said of a PDF that gives no text -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("locked.pdf", "is locked by a program of its own: save it unlocked"),
        ("fields.pdf", "holds no words but those in the fields of a form: print it as PDF"),
        ("form of its own.pdf", r"is a form \(XFA\) whose words stand on no page"),
        ("white.pdf", r"has no text that can be seen \(1 page; \d+ white characters on white\): give its text"),
        ("off the page.pdf", r"has no text that can be seen \(1 page; \d+ characters off the page\)"),
        ("unseen.pdf", r"has no text that can be seen \(1 page; \d+ invisible characters\)"),
    ],
)
def test_a_pdf_without_text_is_said_to_be_what_it_is(tmp_path, name, says):
    file = tmp_path / name
    file.write_bytes(hostile.FILES[name]())
    with pytest.raises(DocumentFaulty, match=f"{name} {says}"):
        pdf_pages.read(file)


def test_files_in_a_pdf_are_counted_and_not_opened(tmp_path):
    file = tmp_path / "plan.pdf"
    file.write_bytes(hostile.FILES["program.pdf"]())
    assert pdf_pages.read(file).left_out["files in the PDF, NOT READ: give each by itself"] == 1
