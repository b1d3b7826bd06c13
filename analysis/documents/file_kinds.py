"""What a file that is no document is, by its first bytes, and what to do with it. Nothing in it is opened."""

import re

MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,999}<(?:!doctype|\?xml|(?:html|head|body)\b)", re.IGNORECASE)
PAGE = "a web page (or other markup): download the document that it speaks of, or print it as PDF"
AS_PDF = "open it and save it as PDF"
SCAN = "recognise its text first (OCR), or give the PDF that it was made from"
UNPACK = "unpack it and give the document in it"
PLAN = "give the plan's own file (PDF, Word or text)"
ATTACHED = "save what is attached to it, or print it as PDF"
POINTER = "it only says where the file is: give the file itself"
# What packed Office files hold, by the names of their parts, which stand behind an entry's head of 26 bytes.
PARTS = {
    b"word/": ("a Word file", AS_PDF),
    b"xl/": ("an Excel workbook", f"{AS_PDF}, or its sheets as text (tab-separated, UTF-8)"),
    b"ppt/": ("a PowerPoint file", AS_PDF),
    b"mimetypeapplication/vnd.oasis.opendocument": ("an OpenDocument file", AS_PDF),
    b"mimetypeapplication/epub+zip": ("an e-book", AS_PDF),
    b"Index/Document.iwa": ("a file of Pages, Numbers or Keynote", AS_PDF),
    b"Index.zip": ("a file of Pages, Numbers or Keynote", AS_PDF),
    b"[Content_Types].xml": ("an Office file", AS_PDF),
}
PART = re.compile(rb"PK\x03\x04.{26}(" + b"|".join(map(re.escape, PARTS)) + rb")", re.DOTALL)
STARTS = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": (
        "an old Office file (.doc, .xls, .ppt), one of Ichitaro or Outlook, or one with a password", AS_PDF,
    ),
    b"{\\rtf": ("a rich text file", AS_PDF),
    b"\x60\x0e\x82\x01": ("a DocuWorks file", AS_PDF), b"\xe4\x52\x5c\x7b": ("a OneNote file", AS_PDF),
    b"%!PS": ("a PostScript file", "turn it into PDF (ps2pdf)"),
    b"\xc5\xd0\xd3\xc6": ("a PostScript file", "turn it into PDF (ps2pdf)"),
    b"\x89PNG": ("a picture", SCAN), b"\xff\xd8\xff": ("a picture", SCAN), b"GIF8": ("a picture", SCAN),
    b"II*\x00": ("a picture", SCAN), b"MM\x00*": ("a picture", SCAN), b"BM": ("a picture", SCAN),
    b"\x00\x00\x00\x0cjP  ": ("a picture", SCAN), b"AT&TFORM": ("a scan (DjVu)", SCAN),
    b"\x1f\x8b": ("an archive", UNPACK), b"BZh": ("an archive", UNPACK), b"\xfd7zXZ\x00": ("an archive", UNPACK),
    b"7z\xbc\xaf\x27\x1c": ("an archive", UNPACK), b"Rar!": ("an archive", UNPACK),
    b"\x28\xb5\x2f\xfd": ("an archive", UNPACK), b"MSCF\x00": ("an archive", UNPACK),
    b"\x7fELF": ("a program", PLAN), b"MZ": ("a program", PLAN), b"SQLite format 3": ("a database", PLAN),
    b"PAR1": ("a table (Parquet)", PLAN), b"%FDF-": ("the values of a PDF's form", "give the form, printed as PDF"),
    b"bplist00": ("a shortcut", POINTER), b"L\x00\x00\x00\x01\x14\x02\x00": ("a shortcut", POINTER),
    b"[InternetShortcut]": ("a shortcut", POINTER),
    b"version https://git-lfs.github.com/spec/": ("a pointer of Git LFS", "give the file itself (git lfs pull)"),
    b"\x00\x05\x16\x07": ("what a Mac keeps beside a file", "give the file itself (without ._)"),
    b"\\documentclass": ("a LaTeX source", "give the PDF that it makes"),
}  # fmt: skip
FIELD = re.compile(rb"[A-Za-z][A-Za-z0-9-]{0,60}:[ \t][^\r\n]{0,2000}(?:\r?\n[ \t][^\r\n]{0,2000}){0,50}\r?\n")
OF_MAIL = re.compile(rb"(?:MIME-Version|Received|Message-ID|Return-Path):[ \t]", re.IGNORECASE)
FEWEST_FIELDS = 3
TAG, CLOSING_TAG = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,999}<(?:!--|[A-Za-z])"), re.compile(rb"</[A-Za-z]")
LZH = re.compile(rb"[^\n]{2}-l[hz][0-9ds]-", re.DOTALL)
TAR, TAR_AT = b"ustar", 257
FIRST = 4096  # bytes that are looked at


def advice(content: bytes) -> str | None:
    """Say what a file is that is neither PDF nor text, and what to do; None for one that may be either."""
    if MARKUP.match(content[:FIRST]) or _is_fragment(content):
        return PAGE
    return packed(content)


def packed(content: bytes) -> str | None:
    """Say so of a file that is none even where a PDF stands in it, as in archives that press nothing and in mails."""
    start = content[:FIRST].removeprefix(b"\xef\xbb\xbf")
    if start[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        parts = set(PART.findall(content))
        what, remedy = next((said for part, said in PARTS.items() if part in parts), ("an archive", UNPACK))
        return f"{what}: {remedy}"
    if start[4:8] == b"ftyp" or (start[:4] == b"RIFF" and start[8:12] == b"WEBP"):
        return f"a picture or a film: {SCAN}"
    if start[TAR_AT:].startswith(TAR) or LZH.match(start):
        return f"an archive: {UNPACK}"
    for first, (what, remedy) in STARTS.items():
        if start.startswith(first) and (len(first) > 2 or b"\x00" in start):  # a text may begin with two letters
            return f"{what}: {remedy}"
    return f"a mail or a saved web page: {ATTACHED}" if _is_mail(start) else None


def _is_mail(start: bytes) -> bool:
    """Whether fields of a mail stand before all else, one of them of those that only mails have."""
    fields, at = [], 0
    while field := FIELD.match(start, at):
        fields.append(field[0])
        at = field.end()
    return len(fields) >= FEWEST_FIELDS and any(map(OF_MAIL.match, fields))


def _is_fragment(content: bytes) -> bool:
    """Whether it begins with a tag, and tags end on most of its lines: a part of a web page."""
    tags = len(CLOSING_TAG.findall(content))
    return bool(TAG.match(content)) and 2 * tags > content.count(b"\n")
