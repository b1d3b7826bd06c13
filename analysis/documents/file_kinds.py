"""What a file that is no document is, by its first bytes, and what to do with it. Nothing in it is opened."""

import re

MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,999}<(?:!doctype|\?xml|(?:html|head|body)\b)", re.IGNORECASE)
PAGE = "a web page (or other markup): download the document that it speaks of, or print it as PDF"
AS_PDF = "open it and save it as PDF"
SCAN = "recognise its text first (OCR), or give the PDF that it was made from"
UNPACK = "unpack it and give the document in it"
PLAN = "give the plan's own file (PDF, Word or text)"
# What packed Office files hold, by the names of their parts, which stand in them as they are.
PARTS = {
    b"word/": ("a Word file", AS_PDF),
    b"xl/": ("an Excel workbook", f"{AS_PDF}, or its sheets as text (tab-separated, UTF-8)"),
    b"ppt/": ("a PowerPoint file", AS_PDF),
    b"mimetypeapplication/vnd.oasis.opendocument": ("an OpenDocument file", AS_PDF),
    b"mimetypeapplication/epub+zip": ("an e-book", AS_PDF),
}
STARTS = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": ("an old Office file (.doc, .xls, .ppt) or one of Ichitaro", AS_PDF),
    b"{\\rtf": ("a rich text file", AS_PDF),
    b"%!PS": ("a PostScript file", "turn it into PDF (ps2pdf)"),
    b"\x89PNG": ("a picture", SCAN), b"\xff\xd8\xff": ("a picture", SCAN), b"GIF8": ("a picture", SCAN),
    b"II*\x00": ("a picture", SCAN), b"MM\x00*": ("a picture", SCAN), b"BM": ("a picture", SCAN),
    b"AT&TFORM": ("a scan (DjVu)", SCAN),
    b"\x1f\x8b": ("an archive", UNPACK), b"BZh": ("an archive", UNPACK), b"\xfd7zXZ\x00": ("an archive", UNPACK),
    b"7z\xbc\xaf\x27\x1c": ("an archive", UNPACK), b"Rar!": ("an archive", UNPACK),
    b"\x28\xb5\x2f\xfd": ("an archive", UNPACK),
    b"\x7fELF": ("a program", PLAN), b"MZ": ("a program", PLAN), b"SQLite format 3": ("a database", PLAN),
}  # fmt: skip
FIRST = 4096  # bytes that are looked at


def advice(content: bytes) -> str | None:
    """Say what a file is that is neither PDF nor text, and what to do; None for one that may be either."""
    start = content[:FIRST]
    if MARKUP.match(start):
        return PAGE
    if start[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        what, remedy = next((said for part, said in PARTS.items() if part in content), ("an archive", UNPACK))
        return f"{what}: {remedy}"
    if start[4:8] == b"ftyp" or (start[:4] == b"RIFF" and start[8:12] == b"WEBP"):
        return f"a picture or a film: {SCAN}"
    for first, (what, remedy) in STARTS.items():
        if start.startswith(first) and (len(first) > 2 or b"\x00" in start):  # a text may begin with two letters
            return f"{what}: {remedy}"
    return None
