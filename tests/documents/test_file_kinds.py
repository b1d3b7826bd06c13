"""Files that are no document are told by their first bytes, each with what to do."""

import gzip

import hostile
import pytest

from analysis.documents import file_kinds

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
    "program": (b"MZ\x90\x00" + bytes(60), "a program: give the plan's own file"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_document_is_named_with_what_to_do(name):
    content, says = FILES[name]
    assert (file_kinds.advice(content) or "").startswith(says)


@pytest.mark.parametrize(
    "text",
    ["BMの計画\n", "MZ世代の灯台\n", "PK戦の計画\n", "<目標>\n", "<KPI>灯台", "< 10 件", "1. 灯台\n<html>\n", "{灯台}"],
)
def test_a_text_is_none_of_them(text):
    assert file_kinds.advice(text.encode()) is None
