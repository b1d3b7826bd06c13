"""What stands before a line's words: list marks and headings' numbers, and whether the words end there.

Characters are told by their Unicode class and their place, never by a list of what documents were seen to use: a list
mark is a symbol, a bullet or a dash at the beginning of a line, with words behind it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from analysis.base.japanese import normal

DASH, DOT, SYMBOL, ARROW, TICK = "dash", "dot", "symbol", "arrow", "tick"
RING = "〇"  # a number by its class, printed as a circle
CIRCLED = "①-⑳㉑-㉟㊱-㊿⓪⓵-⓾❶-❿➀-➓"
LABEL = re.compile(rf"[0-9０-９IVXⅠ-Ⅻ]{{1,4}}[.．]|[(（][0-9０-９]{{1,2}}[)）]|[{CIRCLED}]")
SPACES = " \t　"
SYMBOLS = range(0x2190, 0x2C00)  # arrows, signs, shapes, dingbats
PICTURES = range(0x1F000, 0x20000)
FIGURES = (0x2200, 0x22FF)  # mathematical operators: of formulas, not of lists
FEWEST_LINES = 5  # of one indent that a character begins, to be a list mark by repetition
NO_MARK = ("Lo", "Lm", "Nd", "Nl", "No", "Ps", "Pe", "Pi", "Pf", "Cc", "Zs")
OTHER_MARKS = "#>|※"  # of headings, quotations and tables in Markdown, of notes

# What the number of a heading looks like, and the title behind it; 3.5 is none.
NUMBERS = {
    "circled": re.compile(r"([①-⑳](?:[-－‐][0-9０-９]+)?)\s*(\S.*)$"),
    "arabic and circled": re.compile(r"(\d{1,2}\s?[.．]?\s?[-－‐ー]?\s?[①-⑳])\s*(\S.*)$"),
    "roman": re.compile(r"([IVX]+) ?\. ?(.+)$"),
    "arabic": re.compile(r"(\d{1,2}) ?\.\s*(?=[^\d\s])(.+)$"),
    "bracketed": re.compile(r"(\(\d{1,2}\)) ?(.+)$"),
}


class Mark(NamedTuple):
    """A list mark as printed (a dash before it included), its kind, the words behind it, and the space between."""

    text: str
    kind: str
    words: str
    space: str


@cache
def kind(character: str) -> str:
    """Return what kind of list mark a character can be: dash, dot, symbol, arrow or tick; "" for none.

    Dashes (and + and *) mark a list only with a space behind them.
    """
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) != 1:  # a letter or a unit in one character, such as ㈱ or ℃
        return ""
    category, name = unicodedata.category(plain), unicodedata.name(plain, "")
    if plain in "*+" or name.endswith("MINUS SIGN") or (category == "Pd" and "WAVE" not in name):
        return DASH
    if "BULLET" in name or "MIDDLE DOT" in name or (category == "Po" and "ASTERISK" in name):
        return DOT
    if plain == RING or category == "Co":  # private use: a symbol font's picture
        return SYMBOL
    code = ord(plain)
    if (code not in SYMBOLS and code not in PICTURES) or FIGURES[0] <= code <= FIGURES[1]:
        return ""
    if "ARROW" in name and "ARROWHEAD" not in name:
        return ARROW
    if "CHECK" in name:
        return TICK
    return SYMBOL if category == "So" or (category == "Sm" and "TRIANGLE" in name) else ""


def mark(line: str) -> Mark | None:
    """Return the list mark that a line begins with, or None."""
    text = line.strip()
    first = kind(text[0]) if text else ""
    if not first:
        return None
    at = 1
    if first == DASH:
        words = text[1:].lstrip(SPACES)
        if len(words) == len(text) - 1 or not words:
            return None
        second = kind(words[0])
        if second not in ("", DASH):  # "- ・": the second is the document's own
            first, at = second, len(text) - len(words) + 1
    words = text[at:].lstrip(SPACES)
    if words[:1] == text[at - 1] and first != DASH:  # a row of symbols is a rule or a picture
        return None
    return Mark(text[:at], first, words, text[at : len(text) - len(words)])


def by_repetition(starts: Iterable[tuple[float, str]]) -> set[str]:
    """Return the characters that mark lists although no class says so; `starts` are the lines' indents and texts.

    A symbol font that is missing leaves letters (o, l, Ø) where it had pictures: each begins many lines of one indent,
    with a space behind it. What a Japanese word, a heading, a note or a quotation begins with is none.
    """
    lines = Counter(
        (round(indent), text[0])
        for indent, text in starts
        if text[1:2].strip(SPACES) == "" and text[1:].strip() and not kind(text[0])
    )
    return {
        character
        for (_, character), count in lines.items()
        if count >= FEWEST_LINES and unicodedata.category(character) not in NO_MARK and character not in OTHER_MARKS
    }


def undashed(line: str) -> tuple[str, str]:
    """Return what stands before a line's words (spaces, and a dash with one behind it), and the words."""
    words = line.lstrip(SPACES)
    if kind(words[:1] or " ") == DASH and words[1:2] in tuple(SPACES):
        words = words[1:].lstrip(SPACES)
    return line[: len(line) - len(words)], words


def without_mark(line: str) -> str:
    """Return a line's words without the list mark before them."""
    list_mark = mark(line)
    return list_mark.words if list_mark else line.strip()


def spaced(list_mark: Mark) -> bool:
    """Return whether a space stands between a list mark and the words: no word of a sentence begins so."""
    return list_mark.kind in (DASH, ARROW) or list_mark.space != ""


def is_label(text: str) -> bool:
    """Return whether a text is nothing but list marks and headings' numbers, which are no cell of their own."""
    return text != "" and all(kind(character) for character in LABEL.sub("", text))


# Further beginnings of lines, which only plans of unknown families are asked for. {N} is a number in any writing.
OUTLINE = (
    "part", "chapter", "section", "circled", "bracketed", "bracketed kanji", "bracketed kana", "half bracketed",
)  # fmt: skip
LONGEST_LABEL = 30
DIGITS, KANJI = r"[0-9]{1,3}", "[一二三四五六七八九十百]{1,4}"
BEHIND = r"(?:[.,:、。)]\s*|\s+)"
BEGINNINGS = {
    "part": re.compile(rf"(第(?:{DIGITS}|{KANJI})[編部篇])\s*(\S.*)?$"),
    "chapter": re.compile(rf"(第(?:{DIGITS}|{KANJI})章)\s*(\S.*)?$"),
    "section": re.compile(rf"(第(?:{DIGITS}|{KANJI})節)\s*(\S.*)?$"),
    "clause": re.compile(rf"(第(?:{DIGITS}|{KANJI})[項条款])\s*(\S.*)?$"),
    "circled": re.compile(rf"([{CIRCLED}](?:[-‐][0-9]+)?)\s*(\S.*)$"),
    "roman": re.compile(rf"([IVX]{{1,5}}){BEHIND}(\S.*)$"),
    "bracketed": re.compile(rf"(\({DIGITS}\))\s*(\S.*)$"),
    "bracketed kanji": re.compile(rf"(\({KANJI}\))\s*(\S.*)$"),
    "bracketed kana": re.compile(r"(\([ァ-ヶ]\))\s*(\S.*)$"),
    "bracketed letter": re.compile(r"(\([A-Za-z]\))\s*(\S.*)$"),
    "half bracketed": re.compile(rf"({DIGITS}\))\s*(\S.*)$"),
    "arabic": re.compile(r"([0-9]{1,2})(?:[.](?![0-9])\s*|[、:]\s*|\s+)(\S.*)$"),
    "kanji": re.compile(rf"({KANJI}){BEHIND}(\S.*)$"),
    "kana": re.compile(rf"([ァ-ヶ]){BEHIND}(\S.*)$"),
    "letter": re.compile(rf"([A-Za-z]){BEHIND}(\S.*)$"),
}
DECIMAL = re.compile(
    r"((?:[0-9]{1,2}|[IVX]{1,4}|[A-Z])(?:[-.‐–−][0-9]{1,3}){1,4}(?:[-.‐–−]?\([0-9]{1,2}\))?)[.)]?(?:\s+|(?=[一-龥ァ-ヶ「『]))(\S.*)$"
)
NAMED = re.compile(
    r"[\[【〔<《]?([一-龥ァ-ヶーの]{1,10}?)\s?(\(?(?:[0-9]{1,3}|[IVX]{1,4}|[A-Z])(?:[-.‐–−][0-9A-Z]{1,3}){0,4}\)?)"
    r"(?:[\]】〕>》]\s*|[.)]?(?:[:、]\s*|\s+|(?=[「『])))(\S.*)$"
)
NOT_NAMED = re.compile(r"(?:別?図表?|表|別表|注|資料|写真|出典|第|平成|令和|昭和|約|全国?|計|年)$")
COUNTED = re.compile(r"[%倍人社件回年月日円名割章節項条億万千百兆点個箇か所つ歳種校県市町村国地区本分位台期段次]")


class Number(NamedTuple):
    """The number of a heading: its kind (a key of NUMBERS), the number as printed, and the title behind it."""

    kind: str
    label: str
    title: str


def number(line: str, kinds: Iterable[str] = tuple(NUMBERS)) -> Number | None:
    """Return the number that a heading begins with, of one of these kinds, whatever its width; None for none."""
    plain = normal(line).strip()
    for kind in kinds:
        if match := NUMBERS[kind].match(line.strip() if "circled" in kind else plain):
            return Number(kind, match[1], match[2])
    return None


class Beginning(NamedTuple):
    """What a line begins with: its class (a list mark as printed, a kind of number, "" for neither), the mark or number
    as printed, and the words behind it."""

    kind: str
    label: str
    words: str


def beginning(line: str) -> Beginning:
    """Return what a line of any family of plans begins with.

    Numbers come first: (1), ア, 1-1-1, 第1章 and 施策2-1 are of kinds, whatever their value; a number that counts
    something (3.5倍) is none.
    """
    plain = normal(line).strip()
    if match := DECIMAL.match(plain):
        depth = len(re.findall("[0-9A-Z]+", match[1]))
        if not COUNTED.match(match[2]) or match.start(2) > match.end(1):
            return Beginning(f"decimal {depth}", match[1], _as_printed(line, match[2]))
    stripped = line.strip()
    for name, pattern in BEGINNINGS.items():
        if match := pattern.match(stripped if name == "circled" else plain):
            return Beginning(name, match[1], _as_printed(line, match[2] or ""))
    if (match := NAMED.match(plain)) and not NOT_NAMED.search(match[1]):
        depth = len(re.findall("[0-9A-Z]+", match[2]))
        return Beginning(f"{match[1]} {depth}", f"{match[1]}{match[2]}", _as_printed(line, match[3]))
    if list_mark := mark(line):
        return Beginning(list_mark.text[-1], list_mark.text, list_mark.words)
    if (
        kind(stripped[:1] or " ") == DASH
        and re.match(r"[^\W\d_]|[「『〔\[(（]", stripped[1:])
        and not stripped[1].isascii()
    ):
        return Beginning(stripped[0], stripped[0], stripped[1:])
    return Beginning("", "", stripped)


def is_outline(line: str) -> bool:
    """Return whether a line begins with a number that no sentence does: 1-1-1, 第2章, 施策2-1."""
    begins = beginning(line)
    dash = len(begins.kind) == 1 and kind(begins.kind) == DASH
    return dash or begins.kind in OUTLINE or begins.kind[-2:-1] == " "


def _as_printed(line: str, words: str) -> str:
    """Return the end of a line whose normal form is `words`."""
    stripped = line.strip()
    ends = (stripped[at:] for at in range(min(len(stripped), LONGEST_LABEL)) if normal(stripped[at:]) == words)
    return next(ends, words)
