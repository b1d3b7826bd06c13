"""Scans: what Tesseract gives becomes lines with places; calls that fail, hang or are missing end in one line each."""

import io
import stat
import time
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from typeset import A4, plan

from analysis.base import files
from analysis.base.errors import DocumentFaulty
from analysis.documents import document, ocr, ocr_text, pdf_pages
from analysis.documents.manifest import Document
from analysis.extraction import extract, load_document, recognised
from analysis.workspace import add_edition

MINI = Path(__file__).parents[1] / "mini"
LAYOUT = "pdf_text_plan"
HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
# Two lines at 300 dots an inch, as Tesseract 5.3 gave them of a page that we set: words of one to three characters,
# boxes that overlap, a wide gap before the year, Latin words, a mark that it has no letter for.
RECORDED = [
    (1, 0, 0, 0, 0, 0, 0, 2480, 3508, -1, ""),
    (4, 1, 1, 1, 0, 300, 400, 1100, 42, -1, ""),
    (5, 1, 1, 1, 1, 300, 400, 40, 42, 91.2, "ー"),
    (5, 1, 1, 1, 2, 344, 400, 130, 42, 93.3, "灯台"),
    (5, 1, 1, 1, 3, 420, 400, 44, 42, 92.1, "を"),
    (5, 1, 1, 1, 4, 470, 400, 130, 42, 90.0, "直す。"),
    (5, 1, 1, 1, 5, 1000, 400, 400, 42, 88.0, "令和8一10年度"),
    (4, 1, 1, 2, 0, 300, 470, 700, 43, -1, ""),
    (5, 1, 1, 2, 1, 300, 470, 120, 43, 95.0, "Open"),
    (5, 1, 1, 2, 2, 430, 470, 120, 43, 95.0, "data"),
    (5, 1, 1, 2, 3, 560, 470, 44, 43, 95.0, " "),
    (5, 1, 1, 2, 4, 560, 470, 440, 43, 95.0, "〔国土交通省、観光店]"),
]


def tsv(rows: list[tuple], page: int = 1) -> str:
    return "\n".join([HEAD, *("\t".join(map(str, (row[0], page, *row[1:]))) for row in rows)]) + "\n"


def answer(text: str) -> dict:
    return {"tsv": text, "scale": 300 / 72, "width": 595.2, "height": 841.92, "level": [], "upright": []}


def scan(*contents: bytes, stamp: str = "", dots: int = 300) -> bytes:
    """A PDF whose pages are pictures of the pages of other PDFs, with words stamped at their upper edge."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    for content in contents:
        for page in pypdfium2.PdfDocument(content):
            picture = page.render(scale=dots / 72, grayscale=True).to_pil()
            canvas.drawImage(ImageReader(picture), 0, 0, *A4)
            canvas.drawString(40, 800, stamp)
            canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def blank_scan(pages: int = 1, **changes: object) -> bytes:
    sheet = io.BytesIO()
    canvas = Canvas(sheet, pagesize=A4)
    for _ in range(pages):
        canvas.rect(100, 100, 300, 300)
        canvas.showPage()
    canvas.save()
    return scan(sheet.getvalue(), dots=20, **changes)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "scan.pdf"
    path.write_bytes(blank_scan())
    return path


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Put a program in Tesseract's place, a shell script that does this on a page."""

    def put(does: str, languages: str = "eng jpn") -> None:
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        script = folder / "tesseract"
        answers = f'--version) echo "tesseract 5.9";; --list-langs) echo "{languages}";; *) {does};;'
        script.write_text(f'#!/bin/sh\ncase "$1" in {answers} esac\n')
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    return put


@pytest.fixture
def prints(tmp_path: Path, program):
    """Put a program in Tesseract's place that gives this table for each page."""

    def put(table: str) -> None:
        (tmp_path / "table").write_text(table, encoding="utf-8")
        program(f"[ $OMP_THREAD_LIMIT = 1 ] || exit 1; cat >/dev/null; cat '{tmp_path / 'table'}'")

    return put


@pytest.fixture
def without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))


# --- Tesseract's table → lines


def test_words_become_lines_with_places_and_without_blanks_between_japanese_characters():
    page = ocr.pages_of([answer(tsv(RECORDED))])[0]
    assert [line["cells"] for line in page["lines"]] == [
        ("－灯台を直す。", "令和8－10年度"),
        ("Open data〔国土交通省、観光庁〕",),
    ]
    first, second = page["lines"]
    assert (first["x0"], second["x0"]) == (72.0, 72.0)
    assert abs(first["x1"] - 1400 * 72 / 300) < 0.1
    assert first["size"] == second["size"] == pytest.approx(10.9, abs=0.3)
    assert second["y"] - first["y"] == pytest.approx(70.5 * 72 / 300, abs=0.5)


def test_a_larger_line_is_larger_and_a_full_stop_alone_is_not_smaller():
    rows = [(4, 1, 1, 3, 0, 300, 600, 900, 70, -1, ""), (5, 1, 1, 3, 1, 300, 600, 900, 70, 9, "灯台の計画と港の灯り"),
            (4, 1, 1, 4, 0, 300, 720, 20, 12, -1, ""), (5, 1, 1, 4, 1, 300, 720, 20, 12, 90, "。")]  # fmt: skip
    sizes = [line["size"] for line in ocr.pages_of([answer(tsv([*RECORDED, *rows]))])[0]["lines"]]
    assert sizes[2] > 1.4 * sizes[0]
    assert sizes[3] == sizes[0]


@pytest.mark.parametrize(
    "row", ["", "5\t1", "5\t1\t1\t1\t1\t9\t-4\t0\t5\t5\t90\t灯", "5\ta\t1\t1\t1\t9\t0\t0\t5\t5\t90\t灯", "\t" * 11]
)
def test_rows_of_another_form_are_passed_over(row):
    assert ocr.word_lines(tsv(RECORDED) + row + "\n", 300 / 72) == ocr.word_lines(tsv(RECORDED), 300 / 72)


def test_a_page_has_only_so_many_characters(monkeypatch):
    monkeypatch.setattr(ocr, "MOST_CHARACTERS", 20)
    assert len(ocr.word_lines(tsv(RECORDED), 300 / 72)) == 1


def test_ruling_lines_are_told_from_the_picture_and_characters_are_not():
    dots = np.zeros((400, 600), dtype=bool)
    dots[50:53, 20:580] = True  # a line, three dots thick
    dots[55:95, 300:340] = True  # a character's size
    dots[200:260, 20:580] = True  # an area
    dots[300, 20:300] = dots[301, 290:580] = True  # a line that is not quite level
    assert ocr._strokes(dots, 2.0, 30) == [(10.0, 290.0, 25.8), (10.0, 290.0, 150.5)]


def test_a_table_is_read_by_the_ruling_lines_of_its_picture():
    grid = {"level": [(60, 400, y) for y in (90, 112, 140)], "upright": [(90, 140, x) for x in (60, 200, 400)]}
    rows = [(4, 1, 1, 1, 0, 260, 400, 1000, 42, -1, ""), (5, 1, 1, 1, 1, 260, 400, 500, 42, 9, "灯台を直し明るくする"),
            (5, 1, 1, 1, 2, 850, 400, 250, 42, 9, "国土交通省"),
            (4, 1, 1, 2, 0, 260, 500, 1000, 42, -1, ""), (5, 1, 1, 2, 1, 260, 500, 200, 42, 9, "港をひらく"),
            (5, 1, 1, 2, 2, 850, 500, 250, 42, 9, "総務省")]  # fmt: skip
    lines = ocr.pages_of([answer(tsv(rows)) | grid])[0]["lines"]
    assert [line["cells"] for line in lines] == [("灯台を直し明るくする", "国土交通省"), ("港をひらく", "総務省")]
    assert all(line["ruled"] for line in lines)


MENDED = {
    "〇灯台": "○灯台", "〇年": "〇年", "ー灯台": "－灯台", "1一2": "1－2", "一つ": "一つ",
    "R8年度てR10年度": "R8年度～R10年度", "令和9年度未まで": "令和9年度末まで", "令和9年度未達": "令和9年度未達",
    "〔令和9年度)": "〔令和9年度〕", "く環境部>": "〈環境部〉",
    "ではなく所要>": "ではなく所要>", "特許店": "特許庁", "商店": "商店", "つ国土交通省、観光店": "→国土交通省、観光庁",
    "つ国土交通省が調べた。": "つ国土交通省が調べた。", "((短期]": "((短期)", "]": "]",
}  # fmt: skip


@pytest.mark.parametrize(("line", "meant"), MENDED.items())
def test_what_leaves_one_possibility_is_put_right(line, meant):
    assert ocr_text.mended([line]) == [meant]
    assert ocr_text.mended([line[:1], line[1:]]) == [meant[:1], meant[1:]]


# --- calls


def test_without_tesseract_a_scan_is_one_line_that_says_what_to_install(file, without):
    with pytest.raises(
        DocumentFaulty, match=r"1 of 1 pages are pictures .*tesseract-ocr and tesseract-ocr-jpn"
    ) as caught:
        load_document.read(file)
    assert "\n" not in str(caught.value)


def test_tesseract_without_japanese_is_not_there(file, program):
    program("exit 0", languages="eng osd")
    with pytest.raises(DocumentFaulty, match="tesseract-ocr-jpn"):
        load_document.read(file)


def test_each_page_is_recognised_and_every_line_says_so(file, prints):
    prints(tsv(RECORDED))
    pdf = pdf_pages.read(file, ocr.read)
    assert [line.text for page in pdf.pages for line in page.lines] == [
        "－灯台を直す。 令和8－10年度", "Open data〔国土交通省、観光庁〕"
    ]  # fmt: skip
    assert all(line.by_ocr for page in pdf.pages for line in page.lines)
    assert (pdf.by_ocr, pdf.left_out) == ([1], {})
    assert pdf.tool.endswith("; tesseract 5.9 (jpn)")


@pytest.mark.parametrize(
    ("does", "says"),
    [("exit 3", "OCR broke off"), ("cat >/dev/null", "OCR finds no text"), ("echo x", "OCR finds no text"),
     ("kill -9 $$", "OCR broke off"), ("sleep 60", "OCR took longer than 1.5 s")],
)  # fmt: skip
def test_a_call_that_fails_is_one_line_and_leaves_no_process(does, says, file, program, monkeypatch):
    monkeypatch.setattr(ocr, "PAGE_SECONDS", 1.5 if "1.5 s" in says else 20)
    program(does)
    start = time.monotonic()
    with pytest.raises(DocumentFaulty, match=says) as caught:
        load_document.read(file)
    assert "\n" not in str(caught.value)
    assert time.monotonic() - start < 40
    script = str(file.parent / "bin" / "tesseract")
    for _ in range(50):
        if not (running := [name for name in commands() if script in name]):
            break
        time.sleep(0.1)
    assert running == []
    assert sorted(path.name for path in file.parent.iterdir()) == ["bin", "scan.pdf"]


def commands() -> list[str]:
    """The command lines of all processes."""
    lines = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(process.read_text(errors="replace"))
        except OSError:  # it has ended
            continue
    return lines


def test_pages_that_took_too_long_altogether_are_named(tmp_path, prints, monkeypatch):
    file = tmp_path / "scan.pdf"
    file.write_bytes(blank_scan(3))
    prints(tsv(RECORDED))
    moments = iter([0.0, 1.0, 99.0, 99.0])
    monkeypatch.setattr(ocr, "monotonic", lambda: next(moments))
    monkeypatch.setattr(ocr, "ALL_SECONDS", 50)
    pdf = pdf_pages.read(file, ocr.read)
    assert pdf.by_ocr == [1]
    assert pdf.left_out == {"pages that are pictures, NOT READ (page 2, 3): OCR took longer than 50 s altogether": 2}


def test_more_pages_than_are_read_are_refused(file, prints, monkeypatch):
    prints(tsv(RECORDED))
    monkeypatch.setattr(ocr, "PAGES", 0)
    with pytest.raises(DocumentFaulty, match="OCR reads 0 pages at most"):
        load_document.read(file)


def mixed(tmp_path: Path) -> Path:
    """A page of text and a scanned one with a stamp."""
    document = pypdfium2.PdfDocument.new()
    sheet = io.BytesIO()
    canvas = Canvas(sheet, pagesize=A4, invariant=1)
    canvas.drawString(72, 600, "The lighthouse is mended.")
    canvas.save()
    for content in (sheet.getvalue(), blank_scan(stamp="No. 1")):
        document.import_pages(pypdfium2.PdfDocument(content))
    file = tmp_path / "mixed.pdf"
    document.save(file)
    return file


def test_a_scan_among_pages_of_text_is_named_where_it_cannot_be_read(tmp_path, without):
    source = load_document.read(mixed(tmp_path))
    assert source.by_ocr == ()
    assert next(iter(source.left_out)).startswith(
        "pages that are pictures, NOT READ (page 2): to read them by OCR install"
    )


def test_a_scan_among_pages_of_text_is_read_with_its_stamp_for_a_scan(tmp_path, prints):
    prints(tsv(RECORDED))
    pdf = pdf_pages.read(mixed(tmp_path), ocr.read)
    assert pdf.by_ocr == [2]
    assert [(line.text[:4], line.by_ocr) for page in pdf.pages for line in page.lines] == [
        ("The ", False), ("－灯台を", True), ("Open", True)
    ]  # fmt: skip


def test_text_that_somebody_laid_under_a_picture_is_read_by_ocr_too(tmp_path, without):
    content = blank_scan()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    picture = pypdfium2.PdfDocument(content)[0].render(scale=0.5).to_pil()
    text = canvas.beginText(72, 600)
    text.setTextRenderMode(3)
    text.textLine("The lighthouse is mended.")
    canvas.drawImage(ImageReader(picture), 0, 0, *A4)
    canvas.drawText(text)
    canvas.save()
    file = tmp_path / "layered.pdf"
    file.write_bytes(buffer.getvalue())
    pdf = pdf_pages.read(file, ocr.read)
    assert [(line.text, line.by_ocr) for line in pdf.pages[0].lines] == [("The lighthouse is mended.", True)]


# --- what is recorded


def entry(content: bytes) -> Document:
    told = ("full", "decided", "灯台推進計画", "x", "x", LAYOUT)
    return Document("scan", 2031, *told, len(content), files.checksum(content), address="https://example.org/")


def listing(by_ocr: bool) -> str:
    """A plan's listing, all of whose lines were read by OCR, or none."""
    lines = (MINI / f"{LAYOUT}.txt").read_text(encoding="utf-8").splitlines()
    answer = pdf_pages.extract(plan(LAYOUT, lines))
    answer["pages"] = [page | {"ocr": by_ocr} for page in answer["pages"]]
    return document.dump(document.of_pages(pdf_pages.assembled(answer, Path("plan.pdf")).pages))


def test_a_listing_keeps_which_lines_ocr_read():
    text = listing(True)
    loaded = document.load(text.splitlines())
    assert recognised.lines_by_ocr(loaded) == set(range(1, len(loaded.lines) + 1))
    assert document.dump(loaded) == text
    assert '"ocr"' not in listing(False)


def test_every_measure_and_figure_of_a_scan_is_doubted_and_nothing_else_changes(without):
    tables = {by_ocr: extract.rows_of(entry(text.encode()), text.splitlines()) for by_ocr in (True, False)
              for text in [listing(by_ocr)]}  # fmt: skip
    for name in ("measures", "figures"):
        doubted, plain = (tables[by_ocr][name] for by_ocr in (True, False))
        assert doubted.height == plain.height > 1
        assert all(recognised.BY_OCR in doubts for doubts in doubted["doubts"])
        assert not any(recognised.BY_OCR in doubts for doubts in plain["doubts"])
        assert doubted.drop("doubts", *({"confidence"} & {*doubted.columns})).equals(
            plain.drop("doubts", *({"confidence"} & {*plain.columns}))
        )
    assert (tables[True]["measures"]["confidence"] <= tables[False]["measures"]["confidence"] - 0.19).all()


def test_a_body_that_ocr_misread_is_told_by_the_register_and_doubted():
    assert recognised._likely("國土交通省") == "国土交通省"
    assert recognised._likely("内開府(知財)") == "内閣府(知財)"
    for other in ("観光局", "灯台庁", "港町", "国土交通省", "海"):
        assert recognised._likely(other) == other


def test_a_text_that_ocr_read_is_made_anew_only_with_ocr(file, prints, without, monkeypatch):
    prints(tsv(RECORDED))
    source = load_document.read(file)
    text = load_document.stored(source.forms[0][1])
    layout, checksum = source.forms[0][0], files.checksum(text.encode())
    assert load_document.text(file, layout, checksum, source.tool) == text
    with pytest.raises(DocumentFaulty, match="gives another text: ask whoever added it"):
        load_document.text(file, layout, "0" * 64, source.tool)
    with pytest.raises(DocumentFaulty, match="run OCR on it"):  # taken without OCR: the scan stays out
        load_document.text(file, layout, checksum, "pypdfium2 5.15.2")
    monkeypatch.setenv("PATH", str(file.parent / "nothing"))
    with pytest.raises(DocumentFaulty, match="install tesseract-ocr"):
        load_document.text(file, layout, checksum, source.tool)


# --- Tesseract itself


@pytest.mark.skipif(not ocr.tool(), reason="Tesseract with Japanese (tesseract-ocr-jpn) is not installed")
def test_a_plan_as_pictures_gives_its_measures_twice_the_same(tmp_path):
    lines = (MINI / f"{LAYOUT}.txt").read_text(encoding="utf-8").splitlines()
    whole = tmp_path / "whole.pdf"
    whole.write_bytes(plan(LAYOUT, lines))
    file = tmp_path / "scan.pdf"
    file.write_bytes(scan(whole.read_bytes()))
    first, again = (add_edition.read(file, add_edition.Wanted(2031, layout=LAYOUT)) for _ in range(2))
    assert first.content == again.content
    usual = add_edition.read(whole, add_edition.Wanted(2031, layout=LAYOUT)).rows["measures"]
    measures = first.rows["measures"]
    assert abs(measures.height - usual.height) <= 0.2 * usual.height
    assert all(recognised.BY_OCR in doubts for doubts in measures["doubts"])
    assert any("read by OCR: each" in line for line in add_edition.summary(first))
