"""Japanese text as the documents hold it: widths, radicals, white space, and joining wrapped lines.

The raw text is always kept; what these functions return is a second, normal form beside it.
"""

import re
import unicodedata

# CJK radicals stand where ideographs belong when a PDF's font maps them so; NFKC repairs the Kangxi block
# (U+2F00) but not the supplement (U+2E80). Equivalents after Unicode's Equivalent_Unified_Ideograph.
RADICALS = str.maketrans(
    {
        "⺟": "母", "⺠": "民", "⻁": "虎", "⻄": "西", "⻆": "角", "⻑": "長", "⻘": "青", "⻝": "食", "⻤": "鬼",
        "⻨": "麦", "⻩": "黄", "⻫": "斉", "⻭": "歯", "⻯": "竜", "⻲": "亀", "⻌": "辶", "⻖": "阝", "⻣": "骨",
    }
)  # fmt: skip
SPACE = re.compile(r"\s+")
# A space between two characters of which one is Japanese is the typesetter's, not the writer's.
ASCII_WORD = re.compile(r"[!-~]")


def normal(text: str) -> str:
    """NFKC with radicals repaired; white space is left as it is."""
    return unicodedata.normalize("NFKC", text.translate(RADICALS))


def squeeze(text: str) -> str:
    """The normal form without any white space: what two texts are compared by."""
    return SPACE.sub("", normal(text))


def join_lines(lines: list[str]) -> str:
    """One running text from wrapped lines: no space at a wrap unless both sides are Latin words."""
    text = ""
    for line in lines:
        piece = line.strip()
        if not piece:
            continue
        if text and ASCII_WORD.match(text[-1]) and ASCII_WORD.match(piece[0]):
            text += " "
        text += piece
    return text


def shorten(text: str, limit: int = 32) -> str:
    """At most `limit` characters, with an ellipsis where something was cut.

    Headings and indicators are committed in this form: longer runs of a document's words are not facts but
    quotations.
    """
    return text if len(text) <= limit else text[: limit - 1] + "…"
