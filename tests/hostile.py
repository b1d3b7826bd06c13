"""Files that mean no good, made here since most are large or tell of their making: name → bytes.

Small ones that were found by fuzzing, with what each once broke, are kept in tests/corpus/. Everything is fictitious.
"""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from unicodedata import category, normalize

HEAD = "III. 灯り\n\n1. 灯台\n\n(施策の方向性)\n\n"
PLAN = HEAD + "・ 灯台を直す。\n\n(短期・中期)(内閣府(知財)、総務省)\n\n・ 港を掘る。\n\n(長期)(国土交通省)\n"
LINES = 100_000


# --- texts ------------------------------------------------------------------------------------------------------


def measures(count: int) -> str:
    return HEAD + "".join(f"・ 灯台{n}を直す。\n\n(短期・中期)(総務省)\n\n" for n in range(count))


def notes(count: int) -> str:
    return HEAD + "".join(
        f"・ 灯台を直す。\n\n(短期)(総務省)\n\n{n} 灯台とは灯りの台をいう。\n\n" for n in range(1, count)
    )


def characters() -> Iterator[str]:
    """Every character of the first two planes that is more than a letter of one case; of those every 20th."""
    for code in range(1, 0x20000):
        char = chr(code)
        plain = category(char) in ("Lo", "Co", "Cn") and normalize("NFKC", char) == char
        if category(char) != "Cs" and (code % 20 == 0 or not plain):
            yield char


def zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


TEXTS: dict[str, Callable[[], bytes]] = {
    "empty.txt": lambda: b"",
    "blank.txt": lambda: " \n\u3000\n\t\n\ufeff\n".encode(),
    "one sign.txt": lambda: b"a",
    "marked.txt": lambda: b"\xef\xbb\xbf" + PLAN.encode(),
    "cut off.txt": lambda: PLAN.encode()[:-4],
    "shift_jis.txt": lambda: PLAN.encode("cp932"),
    "euc.txt": lambda: PLAN.encode("euc_jp"),
    "utf16.txt": lambda: PLAN.encode("utf-16"),
    "utf16 without mark.txt": lambda: PLAN.encode("utf-16-be"),
    "utf32.txt": lambda: PLAN.encode("utf-32"),
    "latin1.txt": lambda: "Études: été, naïveté\n".encode("latin-1"),
    "mixed.txt": lambda: PLAN.encode() + PLAN.encode("cp932"),
    "surrogates.txt": lambda: PLAN.encode() + b"\xed\xa0\x80\xed\xb0\x80",
    "overlong.txt": lambda: PLAN.encode() + b"\xc0\xaf",
    "nul.txt": lambda: PLAN.replace("灯台", "灯\x00台").encode(),
    "late nul.txt": lambda: (PLAN * 40 + "灯\x00台").encode(),
    "zeros.txt": lambda: bytes(1_000_000),
    "control.txt": lambda: (PLAN + "".join(map(chr, range(1, 32)))).encode(),
    "cr alone.txt": lambda: PLAN.replace("\n", "\r").encode(),
    "crlf.txt": lambda: PLAN.replace("\n", "\r\n").encode(),
    "other line ends.txt": lambda: PLAN.replace("。\n", "。\u2028\x85\x0b\x0c").encode(),
    "bidi.txt": lambda: PLAN.replace("灯台", "\u202e灯台\u202c\u2066\u200f").encode(),
    "private use.txt": lambda: PLAN.replace("・", "\uf0b7").replace("灯", "\ue000\U000f0000").encode(),
    "emoji.txt": lambda: PLAN.replace("灯台", "👩‍👩‍👧‍👦🏳️‍🌈" * 30).encode(),
    "combining.txt": lambda: PLAN.replace("台", "台" + "\u0301" * 10_000).encode(),
    "expanding.txt": lambda: (HEAD + "・ " + "\ufdfa" * 100_000 + "。\n").encode(),  # 18 signs each in NFKC
    "terminal.txt": lambda: PLAN.replace("灯台", "\x1b[2J\x1b]0;x\x07灯台").encode(),
    "script.txt": lambda: PLAN.replace("灯台", "<script>alert(1)</script>").encode(),
    "formula.txt": lambda: PLAN.replace("灯台", "=HYPERLINK(\"x\")").encode(),
    "one line.txt": lambda: (HEAD + "・ " + "灯台を直す。" * 300_000 + "(短期)(総務省)").encode(),
    "one word.txt": lambda: (HEAD + "・ " + "灯" * 1_000_000).encode(),
    "one latin word.txt": lambda: (HEAD + "・ " + "a" * 5_000_000).encode(),
    "spaces.txt": lambda: (HEAD + "・ " + " " * 5_000_000 + "灯").encode(),
    "wide spaces.txt": lambda: (HEAD + "・ 灯" + "　" * 1_000_000 + "台").encode(),
    "stops.txt": lambda: (HEAD + "・ " + "。" * 1_000_000).encode(),
    "digits.txt": lambda: (HEAD + "・ 灯台を" + "9" * 1_000_000 + "件にする。\n").encode(),
    "amounts.txt": lambda: (HEAD + "・ " + "1兆1億1万件、" * 100_000 + "。\n").encode(),
    "years.txt": lambda: (HEAD + "・ " + "2025年度までに3件、" * 100_000 + "。\n").encode(),
    "open brackets.txt": lambda: (HEAD + "・ 灯" + "(" * 1_000_000).encode(),
    "closing brackets.txt": lambda: (HEAD + "・ 灯" + ")" * 1_000_000).encode(),
    "nested brackets.txt": lambda: (HEAD + "・ 灯。(短期)" + "(" * 200_000 + "総務省" + ")" * 200_000).encode(),
    "nested quotes.txt": lambda: (HEAD + "・ " + "「『【" * 100_000 + "灯" + "】』」" * 100_000).encode(),
    "ministries.txt": lambda: (HEAD + "・ 灯。(短期)(" + "総務省、内閣府(知財)、" * 50_000 + ")").encode(),
    "unknown ministries.txt": lambda: (
        HEAD + "・ 灯。(短期)(" + "、".join(f"灯台{n}省" for n in range(50_000)) + ")").encode(),
    "horizons.txt": lambda: (HEAD + "・ 灯。" + "(短期)" * 100_000).encode(),
    "measures.txt": lambda: measures(20_000).encode(),
    "repetitions.txt": lambda: (HEAD + "・ 灯台を直す。(短期)(総務省)【再掲】\n\n" * 20_000).encode(),
    "repeated texts.txt": lambda: (
        HEAD + "".join(f"・ 灯台{n}を直す。(短期)(総務省){'【再掲】' * (n % 2)}\n\n" for n in range(20_000))).encode(),
    "notes.txt": lambda: notes(50_000).encode(),
    "headings.txt": lambda: "".join(f"{n % 90}. 灯台その{n}\n\n(1) 灯り\n\n① 台\n\n" for n in range(LINES)).encode(),
    "markdown headings.txt": lambda: "".join(f"{'#' * (n % 7)} 灯台{n}\n" for n in range(LINES)).encode(),
    "bullets.txt": lambda: "・ 灯台の整備を推進\n".encode() * LINES,
    "short lines.txt": lambda: "灯\n".encode() * 2_000_000,
    "unbroken lines.txt": lambda: ("灯台の周りに灯りが並び、" * 3 + "\n").encode() * 50_000,
    "blank lines.txt": lambda: b"\n" * 9_000_000 + "灯".encode(),
    "form feeds.txt": lambda: ("\x0c灯台\n" * 200_000).encode(),
    "tabs.txt": lambda: ("灯\t" * 500_000 + "\n").encode(),
    "table.txt": lambda: ("|" + "灯|" * 100 + "\n").encode() * 10_000,
    "links.txt": lambda: ("https://example.org/" + "a" * 1000 + "\n\n").encode() * 2_000,
    "summary.txt": lambda: ("# 1. 現状\n\n" + "灯台の整備を推進する。" * 50_000).encode(),
    "forward.txt": lambda: ("# 1. 灯台\n\n今後" + "灯台の整備を推進する。" * 50_000).encode(),
    "forwards.txt": lambda: ("# 1. 灯台\n\n" + "今後、灯台の整備を推進する。\n\n" * 20_000).encode(),
    "unfinished.txt": lambda: ("# 1. 灯台\n\n今後。、灯" + "台の整備を、\n\n" * 50_000).encode(),
    "announced.txt": lambda: (
        "1. 灯台\n\n● 灯台の整備について次の事項を推進する。\n" + "・ 灯台の灯り\n" * 50_000).encode(),
    "carried.txt": lambda: ("1. 灯台\n\n" + "● 灯台の周りに灯りを並べて、\n\n" * 50_000).encode(),
    "roadmap.txt": lambda: (PLAN + "\n10. 工程表\n\n" + "灯台\n\n総務省\n\n短期\n\n" * 20_000).encode(),
    "dense roadmap.txt": lambda: (PLAN + "\n10. 工程表\n" + "灯台を直す\n" * 20_000).encode(),
    "large.txt": lambda: b"a\n" * 6_000_000,
    "archive.txt": lambda: zipped("plan.txt", PLAN.encode()),
    "archive.pdf": lambda: zipped("plan.pdf", PLAN.encode()),
    "bomb.zip": lambda: zipped("plan.txt", bytes(100_000_000)),
    "word.docx": lambda: zipped("word/document.xml", b"<w:document/>"),
    "gzip.txt": lambda: gzip.compress(PLAN.encode(), mtime=0),
    "gzip bomb.pdf": lambda: gzip.compress(bytes(200_000_000), mtime=0),
    "page.pdf": lambda: b"<!DOCTYPE html><html><title>404</title><body>" + PLAN.encode() + b"</body></html>",
    "picture.pdf": lambda: b"\x89PNG\r\n\x1a\n" + zlib.compress(bytes(1000)),
    "program.txt": lambda: b"\x7fELF\x02\x01\x01" + bytes(2000),
    "pickle.txt": lambda: b"cos\nsystem\n(S'true'\ntR.",
    "json.txt": lambda: b"[" * 100_000,
    "only marks.txt": lambda: "・\n".encode() * 10_000,
    "only heads.txt": lambda: "(施策の方向性)\n\n".encode() * 3_000,
    "twice.txt": lambda: (PLAN + "\n\n" + PLAN).encode(),
    "columns.txt": lambda: (PLAN + "|" + "灯台|" * 10_000 + "\n|" + "-|" * 10_000 + "\n").encode(),
    "long line.txt": lambda: (PLAN + "・ " + "灯台を直す。" * 100_000 + "(短期)(総務省)\n").encode(),
    "long lines.txt": lambda: (HEAD + ("・ " + "灯台を直す。" * 16_000 + "(短期)(総務省)\n\n") * 10).encode(),
    "stacked marks.txt": lambda: (
        HEAD + ("・ 灯台" + "\u0301\u0316" * 9_000 + "を直す。(短期)(総務省)\n\n") * 20).encode(),
    "unseen.txt": lambda: "\u3164\u200b\ufffc\u2060\n".encode() * 1_000,
    "mixed line ends.txt": lambda: "".join(
        line + ("\r\n", "\r", "\n", "\u2028")[n % 4] for n, line in enumerate((PLAN * 200).split("\n"))).encode(),
    "carriage returns and line feeds.txt": lambda: (PLAN + "\r\n\n\r\r" * 90_000).encode(),
    "every character.txt": lambda: "".join(
        char + "\n" * (place % 40 == 0) for place, char in enumerate(characters(), 1)).encode(),
    "listing.txt": lambda: b'{"page": 1, "paper": [1, 1], "place": [0, 1, 2, 3], "cells": ["x"]}\n' * 100,
    "listing of nothing.txt": lambda: b'{"page": 1, "paper": [NaN, 1e999], "place": [NaN], "cells": [{}]}\n' * 100,
    "nested listing.txt": lambda: b'{"page": ' + b"[" * 100_000 + b"\n" + PLAN.encode(),
    "numbers in kanji.txt": lambda: (PLAN + "・ 灯台を" + "千兆億万" * 2_000 + "円にする。(短期)(総務省)\n").encode(),
    "jis.txt": lambda: PLAN.encode("iso2022_jp"),
    "gb.txt": lambda: ("灯台的建设计划。\n" * 50).encode("gb18030"),
    "rich.rtf": lambda: b"{\\rtf1\\ansi lamps}",
    "old.doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5_000),
    "book.xlsx": lambda: zipped("xl/workbook.xml", b"<workbook/>"),
    "slides.pptx": lambda: zipped("ppt/presentation.xml", b"<p/>"),
    "toml.txt": lambda: b"[[document]]\ndoc_id = \"x\"\n",
    "halves.txt": lambda: PLAN.replace("1. 灯台", "1. 灯").encode() + b"1. \xed\xa1\x82\xed\xbe\xb7\n",
    "mail.eml": lambda: b"From: a@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\n" + one_page(HELLO),
    "shortcut.url": lambda: b"[InternetShortcut]\r\nURL=https://example.org/plan.pdf\r\n",
    "pointer.pdf": lambda: b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
    "fragment.html": lambda: ("<!-- x -->\n" + "<p>灯台を直す。</p>\n" * 40).encode(),
    "tape.tar": lambda: b"plan.txt".ljust(257, b"\x00") + b"ustar\x0000" + bytes(247) + PLAN.encode(),
    "zalgo.txt": lambda: "".join(sign + "\u0316\u0335\u0360" * 20 for sign in PLAN).encode(),
    "joined.txt": lambda: "\u200d".join(PLAN).encode(),
    "tags.txt": lambda: PLAN.replace("灯", "灯\U000e0041\ufe0f").encode(),
    "numbers of headings.txt": lambda: (
        HEAD + "".join(f"{'.'.join('1' * (n % 60 + 1))} 灯台を直す。\n" for n in range(1_000))).encode(),
    "reiwa.txt": lambda: (
        PLAN + "".join(f"・ 令和{'9' * n}年度までに0件から0件にする。(短期)(総務省)\n\n" for n in range(200))).encode(),
}  # fmt: skip

# --- Word files -------------------------------------------------------------------------------------------------

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SENTENCES = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in PLAN.split("\n") if line)


def word(body: str, doctype: str = "") -> bytes:
    """A Word file of one part, which Word itself would open."""
    relation = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">{relation}</Relationships>',
        "word/document.xml": f'{doctype}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def spanning(columns: str) -> str:
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="{columns}"/></w:tcPr><w:p><w:r><w:t>灯台</w:t></w:r></w:p></w:tc>'
    return f"<w:tbl>{f'<w:tr>{cell * 50}</w:tr>' * 100}</w:tbl>"


WORDS: dict[str, Callable[[], bytes]] = {
    "whole.docx": lambda: word(SENTENCES),
    "cut off.docx": lambda: word(SENTENCES)[:-40],
    "named otherwise.pdf": lambda: word(SENTENCES),
    "outer file.docx": lambda: word(
        SENTENCES + "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    "laughs.docx": lambda: word(
        "<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", "<!DOCTYPE w [<!ENTITY a0 '灯'>" + "".join(
            f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)) + "]>"),
    "bomb.docx": lambda: word(f"<w:p><w:r><w:t>{'灯' * 30_000_000}</w:t></w:r></w:p>"),
    "deep.docx": lambda: word("<w:sdt><w:sdtContent>" * 50_000 + "</w:sdtContent></w:sdt>" * 50_000),
    "deep tables.docx": lambda: word("<w:tbl><w:tr><w:tc>" * 2_000 + "</w:tc></w:tr></w:tbl>" * 2_000),
    "wide cells.docx": lambda: word(SENTENCES + spanning("1000000000")),
    "cells of no width.docx": lambda: word(SENTENCES + spanning("-5")),
    "no text.docx": lambda: word("<w:p/>"),
    "nothing to see.docx": lambda: word(SENTENCES.replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>")),
}  # fmt: skip


# --- PDFs -------------------------------------------------------------------------------------------------------

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def pdf(*objects: bytes, tail: bytes = b"", prev: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    content, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"trailer << /Size %d /Root 1 0 R %s %s >>\n" % (len(objects) + 1, prev, tail)
    return content + b"startxref\n%d\n%%%%EOF\n" % start


CATALOGUE, TREE = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
HELLO = b"BT /F1 12 Tf 72 700 Td (The lighthouse is mended.) Tj ET"


def sheet(box: bytes = b"0 0 595 842", more: bytes = b"") -> bytes:
    return (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> >> %s >>" % (box, more)
    )


def one_page(
    content: bytes, *more: bytes, box: bytes = b"0 0 595 842", entries: bytes = b"", page: bytes = b""
) -> bytes:
    return pdf(CATALOGUE, TREE, sheet(box, page), stream(content, entries), FONT, *more)


def deflated(content: bytes, *more: bytes) -> bytes:
    return one_page(zlib.compress(content, 9), *more, entries=b"/Filter /FlateDecode")


def bomb(megabytes: int) -> bytes:
    """A page that is its text and then spaces without end, compressed twice."""
    inner = zlib.compress(HELLO + b" " * megabytes * 1_000_000, 9)
    return one_page(zlib.compress(inner, 9), entries=b"/Filter [/FlateDecode /FlateDecode]")


def many_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (n + 5) for n in range(count))
    tree = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)
    fonts = b"/Resources << /Font << /F1 4 0 R >> >>"
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R %s >>" % fonts
    return pdf(CATALOGUE, tree, stream(HELLO), FONT, *[leaf] * count)


def secret() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption("user", "owner"), invariant=1)
    canvas.drawString(72, 700, "The lighthouse is mended.")
    canvas.save()
    return buffer.getvalue()


def told(*letters: bytes) -> bytes:
    """A page of a, b, c …, which its font says are other letters (UTF-16, in hexadecimal digits)."""
    pairs = b"\n".join(b"<%02x> <%s>" % (97 + n, letter) for n, letter in enumerate(letters))
    font = FONT.replace(b">>", b"/ToUnicode 6 0 R >>")
    head = b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange %d beginbfchar\n" % len(letters)
    lines = b"BT /F1 12 Tf 72 700 Td " + b"(abcd dcba) Tj 0 -20 Td " * 20 + b"ET"
    return pdf(CATALOGUE, TREE, sheet(), stream(lines), font, stream(head + pairs + b"\nendbfchar endcmap"))


IMAGE = b"/Type /XObject /Subtype /Image "
FORM = (
    b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X 6 0 R >> /Font << /F1 5 0 R >> >>"
)
PDFS: dict[str, Callable[[], bytes]] = {
    "whole.pdf": lambda: one_page(HELLO),
    "nothing but the name.pdf": lambda: b"%PDF-1.7",
    "cut off.pdf": lambda: one_page(HELLO)[:300],
    "behind other bytes.pdf": lambda: bytes(500) + one_page(HELLO),
    "zeros inside.pdf": lambda: one_page(HELLO).replace(b"/Contents", bytes(9)),
    "encrypted.pdf": secret,
    "scan.pdf": lambda: one_page(
        b"q 595 0 0 842 0 0 cm /X Do Q",
        stream(bytes(64), IMAGE + b"/Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 8"),
    ),
    "huge picture.pdf": lambda: one_page(
        HELLO + b" q 595 0 0 842 0 0 cm /X Do Q",
        stream(b"x", b"/Type /XObject /Subtype /Image /Width 1000000 /Height 1000000 /ColorSpace /DeviceRGB "
               b"/BitsPerComponent 16"),
    ),
    "no pages.pdf": lambda: pdf(CATALOGUE, b"<< /Type /Pages /Kids [] /Count 0 >>"),
    "negative count.pdf": lambda: pdf(CATALOGUE, b"<< /Type /Pages /Kids [] /Count -5 >>"),
    "lying count.pdf": lambda: pdf(CATALOGUE, TREE.replace(b"1 >>", b"2000000000 >>"), sheet(), stream(HELLO), FONT),
    "tree that is a loop.pdf": lambda: pdf(CATALOGUE, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 4 >>"),
    "page without contents.pdf": lambda: pdf(CATALOGUE, TREE, b"<< /Type /Page /Parent 2 0 R >>"),
    "page that is its tree.pdf": lambda: pdf(CATALOGUE, b"<< /Type /Pages /Kids [1 0 R] /Count 1 >>"),
    "form in itself.pdf": lambda: one_page(HELLO + b" /X Do", stream(HELLO + b" /X Do /X Do", FORM)),
    "table in itself.pdf": lambda: pdf(CATALOGUE, TREE, sheet(), stream(HELLO), FONT, prev=b"/Prev 9"),
    "length in itself.pdf": lambda: pdf(CATALOGUE, TREE, sheet(), b"<< /Length 4 0 R >>\nstream\nx\nendstream", FONT),
    "nested arrays.pdf": lambda: one_page(b"[" * 1_000_000 + HELLO),
    "nested dictionaries.pdf": lambda: pdf(b"<< /A " * 100_000),
    "saved states.pdf": lambda: deflated(b"q " * 3_000_000 + HELLO),
    "rules.pdf": lambda: deflated(b"0 0 m 500 0 l S " * 50_000 + HELLO),
    "areas.pdf": lambda: deflated(
        b"0 0 500 500 re f " * 20_000 + b"1 g BT /F1 1.6 Tf 72 700 Td (" + b"a" * 20_000 + b") Tj ET"),
    "bomb.pdf": lambda: bomb(150),
    "huge page.pdf": lambda: one_page(HELLO, box=b"-1e30 -1e30 1e30 1e30"),
    "no page.pdf": lambda: one_page(HELLO, box=b"0 0 0 0"),
    "box upside down.pdf": lambda: one_page(HELLO, box=b"595 842 0 0"),
    "turned by 45.pdf": lambda: one_page(HELLO, page=b"/Rotate 45"),
    "huge type.pdf": lambda: one_page(HELLO.replace(b"12 Tf", b"1e30 Tf")),
    "huge places.pdf": lambda: one_page(b"1e38 0 0 1e38 1e38 1e38 cm " + HELLO + b" " + HELLO.replace(b"72", b"1e38")),
    "no type.pdf": lambda: one_page(HELLO.replace(b"12 Tf", b"0 Tf")),
    "no font.pdf": lambda: one_page(HELLO.replace(b"/F1", b"/F9")),
    "signs.pdf": lambda: deflated(b"BT /F1 4 Tf 72 700 Td " + b"(aaaaaaaaaa) Tj 0 0.01 Td " * 60_000 + b"ET"),
    "more signs.pdf": lambda: deflated(b"BT /F1 12 Tf 72 700 Td (" + b"a" * 5_000_000 + b") Tj ET"),
    "one sign a line.pdf": lambda: deflated(b"BT /F1 2 Tf 10 841 Td " + b"(a) Tj 0 -0.02 Td " * 40_000 + b"ET"),
    "pages.pdf": lambda: many_pages(1_500),
    "too many pages.pdf": lambda: many_pages(3_000),
    "program.pdf": lambda: pdf(
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1); while(1);) >> "
        b"/AA << /WC << /S /Launch /F (/bin/true) >> >> /Names << /EmbeddedFiles << /Names [(x) 6 0 R] >> >> >>",
        TREE, sheet(), stream(HELLO), FONT, b"<< /Type /Filespec /F (../../x) /EF << /F 7 0 R >> >>",
        stream(b"attached"),
    ),
    "addresses.pdf": lambda: one_page(
        HELLO, stream(b"", IMAGE + b"/F << /FS /URL /F (http://127.0.0.1/x) >>"),
        page=b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (file:///etc/passwd) >> >>]",
    ),
    "objects.pdf": lambda: pdf(
        CATALOGUE, TREE, sheet(), stream(HELLO), FONT, *[b"[ %d 0 R ]" % (n + 7) for n in range(20_000)]),
    "deep tree.pdf": lambda: pdf(
        CATALOGUE, *[b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (n + 3) for n in range(5_000)], sheet(),
        stream(HELLO), FONT),
    "turned letters.pdf": lambda: deflated(
        b"BT " + b"".join(b"/F1 12 Tf 0.8 0.6 -0.6 0.8 %d 400 Tm (lighthouse) Tj " % n for n in range(2_000)) + b"ET"),
    "two documents.pdf": lambda: one_page(HELLO) + one_page(HELLO.replace(b"mended", b"sunk")),
    "locked.pdf": lambda: pdf(
        CATALOGUE, TREE, sheet(), stream(HELLO), FONT, tail=b"/Encrypt << /Filter /Other /V 5 /R 6 >> /ID [(a) (a)]"),
    "far behind other bytes.pdf": lambda: b"\n" * 1_500 + one_page(HELLO) + b"\xff",
    "in an archive.pdf": lambda: b"PK\x03\x04" + bytes(26) + b"plan.pdf" + one_page(HELLO),
    "fields.pdf": lambda: pdf(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] >> >>", TREE, sheet(), stream(b""), FONT,
        b"<< /FT /Tx /T (a) /V (The lighthouse is mended.) >>"),
    "form of its own.pdf": lambda: pdf(
        b"<< /Type /Catalog /Pages 2 0 R /NeedsRendering true /AcroForm << /Fields [] /XFA 6 0 R >> >>", TREE, sheet(),
        stream(HELLO), FONT, stream(b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><xdp:xdp/>")),
    "white.pdf": lambda: one_page(b"1 g " + HELLO),
    "off the page.pdf": lambda: one_page(HELLO.replace(b"72 700", b"-7200 700")),
    "unseen.pdf": lambda: one_page(HELLO.replace(b"(", b"3 Tr (")),
    "notes alone.pdf": lambda: one_page(b"", page=b"/Annots [" + b"<< /Type /Annot /Subtype /FreeText "
                                        b"/Rect [0 0 500 500] /Contents (The lighthouse) >> " * 9 + b"]"),
    "parents in a circle.pdf": lambda: pdf(
        CATALOGUE, TREE.replace(b"/Type", b"/Parent 6 0 R /Type"), sheet(), stream(HELLO), FONT,
        b"<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>"),
    "contents that are themselves.pdf": lambda: pdf(CATALOGUE, TREE, sheet(), b"4 0 R", FONT),
    "forms of forms.pdf": lambda: one_page(HELLO + b" /X Do", *[
        stream(b"/X Do " * 10, FORM.replace(b"/X 6 0 R", b"/X %d 0 R" % (n + 7))) for n in range(9)],
        stream(HELLO, FORM.replace(b"/X 6 0 R", b""))),
    "halves of signs.pdf": lambda: told(b"d800", b"dc00", b"d83d", b"706f"),
    "signs that are thousands.pdf": lambda: told(*[b"706f" * 1_000] * 4),
    "signs that turn the line.pdf": lambda: told(b"202e", b"706f", b"2066", b"53f0"),
    "filters without end.pdf": lambda: one_page(b"3e" * 10, entries=b"/Filter [" + b"/ASCIIHexDecode " * 3_000 + b"]"),
}  # fmt: skip

FILES = {**TEXTS, **WORDS, **PDFS}
# What takes as long as a document may take, so that `make fuzz` tries it and not each `make test`.
SLOW = (
    "measures.txt", "repetitions.txt", "repeated texts.txt", "form feeds.txt", "table.txt", "bullets.txt",
    "markdown headings.txt", "forwards.txt", "unfinished.txt", "announced.txt", "carried.txt", "roadmap.txt",
    "dense roadmap.txt", "form in itself.pdf", "links.txt",
)  # fmt: skip
