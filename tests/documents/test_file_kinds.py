"""Files that are no document are told by their first bytes, each with what to do."""

import gzip

import hostile
import pytest

from analysis.base.errors import DocumentFaulty
from analysis.documents import file_kinds
from analysis.extraction import load_document

FILES = {
    "word": (hostile.zipped("word/document.xml", b"<w:document/>"), "a Word file: open it and save it as PDF"),
    "excel": (hostile.zipped("xl/workbook.xml", b"<workbook/>"), "an Excel workbook: open it and save it as PDF, or"),
    "powerpoint": (hostile.zipped("ppt/presentation.xml", b"<p/>"), "a PowerPoint file: open it and save it as PDF"),
    "opendocument": (
        b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text", "an OpenDocument file: open it",
    ),
    "archive": (hostile.zipped("plan.txt", b"x"), "an archive: unpack it"),
    "empty archive": (b"PK\x05\x06" + bytes(18), "an archive: unpack it"),
    "gzip": (gzip.compress(b"x"), "an archive: unpack it"),
    "old office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "an old Office file (.doc, .xls, .ppt)"),
    "rich text": (b"{\\rtf1\\ansi lamps}", "a rich text file: open it and save it as PDF"),
    "page": ("<!DOCTYPE html><p>灯台</p>".encode(), "a web page"),
    "page without doctype": ("\ufeff\n<body class=x>灯台</body>".encode(), "a web page"),
    "xml": (b'<?xml version="1.0"?><plan/>', "a web page (or other markup)"),
    "picture": (b"\xff\xd8\xff\xe0" + bytes(20), "a picture: recognise its text first (OCR)"),
    "tiff": (b"II*\x00" + bytes(20), "a picture: recognise its text first"),
    "heic": (bytes(3) + b"\x18ftypheic" + bytes(20), "a picture or a film: recognise"),
    "postscript": (b"%!PS-Adobe-3.0\n", "a PostScript file: turn it into PDF"),
    "jpeg 2000": (b"\x00\x00\x00\x0cjP  \r\n\x87\n" + bytes(20), "a picture: recognise its text first"),
    "postscript with a preview": (b"\xc5\xd0\xd3\xc6" + bytes(30), "a PostScript file: turn it into PDF"),
    "pages": (hostile.zipped("Index/Document.iwa", b"x"), "a file of Pages, Numbers or Keynote: open it"),
    "earlier pages": (hostile.zipped("Index.zip", b"x"), "a file of Pages, Numbers or Keynote: open it"),
    "drawing": (hostile.zipped("[Content_Types].xml", b"x"), "an Office file: open it and save it as PDF"),
    "archive of plans": (hostile.zipped("plans/word/plan.docx", b"x"), "an archive: unpack it"),
    "spanned archive": (b"PK\x07\x08PK\x03\x04" + bytes(40), "an archive: unpack it"),
    "tar": (b"plan.txt".ljust(257, b"\x00") + b"ustar\x0000" + bytes(300), "an archive: unpack it"),
    "lzh": (b"\x24\x2b-lh5-" + bytes(60), "an archive: unpack it"),
    "cabinet": (b"MSCF\x00\x00\x00\x00" + bytes(60), "an archive: unpack it"),
    "docuworks": (b"\x60\x0e\x82\x01" + bytes(60), "a DocuWorks file: open it and save it as PDF"),
    "mail": (
        b"Received: from x\r\n by y\r\nFrom: a@example.org\r\nSubject: plan\r\nMIME-Version: 1.0\r\n\r\n%PDF-1.7",
        "a mail or a saved web page: save what is attached to it",
    ),
    "saved page": (
        b"From: <Saved by Blink>\nSubject: plan\nMIME-Version: 1.0\nContent-Type: multipart/related;\n\ttype=x\n\n",
        "a mail or a saved web page",
    ),
    "part of a page": ("<!-- 灯台 -->\n<div>\n<p>灯台</p>\n<p>港</p>\n</div>".encode(), "a web page"),
    "address": (b"[InternetShortcut]\r\nURL=https://example.org/\r\n", "a shortcut: it only says where the file is"),
    "link": (b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(60), "a shortcut: it only says where"),
    "pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "a pointer of Git LFS: give the file"),
    "beside a file": (b"\x00\x05\x16\x07" + bytes(60), "what a Mac keeps beside a file: give the file itself"),
    "form values": (b"%FDF-1.2\n1 0 obj", "the values of a PDF's form: give the form"),
    "source": (b"\\documentclass{jsarticle}\n", "a LaTeX source: give the PDF"),
    "rich text behind a mark": (b"\xef\xbb\xbf{\\rtf1 lamps}", "a rich text file: open it"),
    "program": (b"MZ\x90\x00" + bytes(60), "a program: give the plan's own file"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_document_is_named_with_what_to_do(name):
    content, says = FILES[name]
    assert (file_kinds.advice(content) or "").startswith(says)


@pytest.mark.parametrize(
    "text",
    ["BMの計画\n", "MZ世代の灯台\n", "PK戦の計画\n", "<目標>\n", "<KPI>灯台", "< 10 件", "1. 灯台\n<html>\n", "{灯台}",
     "From: 灯台庁\nSubject: 灯台\nDate: 2031\n\n・ 灯台を直す。\n", "概要: 灯台\n担当: 灯台庁\nMIME-Version: 1.0\n",
     "<!-- 灯台 -->\n# 灯台\n\n・ 灯台を直す。\n・ 港を掘る。\n",
     "<div align=center>灯台</div>\n\n" + "・ 灯台を直す。\n" * 9],
)  # fmt: skip
def test_a_text_is_none_of_them(text):
    assert file_kinds.advice(text.encode()) is None


@pytest.mark.parametrize("name", ["plan.zip", "plan.eml", "plan.tar"])
def test_a_pdf_in_another_file_is_not_opened(tmp_path, name):
    """Nor where it stands in it as it is, near the beginning."""
    plan = hostile.one_page(hostile.HELLO)
    packed = {
        "plan.zip": b"PK\x03\x04" + bytes(26) + b"plan.pdf" + plan,
        "plan.eml": b"From: a\nSubject: b\nMIME-Version: 1.0\n\n" + plan,
        "plan.tar": b"plan.pdf".ljust(257, b"\x00") + b"ustar\x0000" + bytes(247) + plan,
    }
    file = tmp_path / name
    file.write_bytes(packed[name])
    with pytest.raises(DocumentFaulty, match=r"an archive|a mail"):
        load_document.read(file)


def test_a_pdf_behind_other_bytes_is_named_as_one(tmp_path):
    file = tmp_path / "plan.pdf"
    file.write_bytes(b"\n" * 1500 + hostile.one_page(hostile.HELLO) + b"\xff")
    with pytest.raises(DocumentFaulty, match=r"plan.pdf is a PDF behind 1500 other bytes: fetch it anew"):
        load_document.read(file)


@pytest.mark.parametrize("name", ["word/document.xml", "xl/workbook.xml", "plan.txt"])
def test_an_archive_that_is_cut_off_is_said_to_be(tmp_path, name):
    file = tmp_path / "plan.docx"
    file.write_bytes(hostile.zipped(name, bytes(range(256)) * 9)[:-30])
    with pytest.raises(DocumentFaulty, match=r"plan.docx is an? .* that is cut off or damaged: fetch it anew"):
        load_document.read(file)


@pytest.mark.parametrize("damage", [b"\xed\xa0\x80\xed\xb0\x80", b"\xe7\x81"])
def test_damaged_text_is_not_to_be_converted(tmp_path, damage):
    file = tmp_path / "plan.txt"
    file.write_bytes("灯台の計画\n".encode() + b"- " + damage + "灯台\n".encode() * 9)
    with pytest.raises(DocumentFaulty, match=r"line 2: not UTF-8, .* damaged or cut off; fetch it anew"):
        load_document.read(file)
