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
