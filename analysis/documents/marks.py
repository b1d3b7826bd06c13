"""What stands before a line's words: list marks and headings' numbers, and whether the words end there.

Characters are told by their Unicode class and their place, never by a list of what documents were seen to use: a list
mark is a symbol, a bullet or a dash at the beginning of a line, with words behind it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from functools import cache
from typing import NamedTuple

from analysis.base.japanese import DASHES, normal

DASH, DOT, SYMBOL, ARROW, TICK = "dash", "dot", "symbol", "arrow", "tick"
DOTS = ("BULLET", "MIDDLE DOT", "HYPHENATION POINT", "DOT OPERATOR", "SINOLOGICAL DOT", "SINGLE PUNCTUATION")
RING = "〇"  # a number by its class, printed as a circle
CIRCLED = "①-⑳㉑-㉟㊱-㊿⓪⓵-⓾❶-❿➀-➓"
LABEL = re.compile(rf"[0-9０-９IVXⅠ-Ⅻ]{{1,4}}[.．]|[(（][0-9０-９]{{1,2}}[)）]|[{CIRCLED}]")
SPACES = " \t　"
SYMBOLS = range(0x2190, 0x2C00)  # arrows, signs, shapes, dingbats
PICTURES = range(0x1F000, 0x20000)
FIGURES = (0x2200, 0x22FF)  # mathematical operators: of formulas, not of lists
OWN_MARK = re.compile(  # the document's own, behind a dash: of any kind before a Japanese word
    r"([^\w\s#＃|※*()（）\[\]「」『』【】〔〕]{1,3}|[a-zA-ZØー])[ 　\t]+(?=[^\W\d_a-zA-Z])"
)
FEWEST_LINES = 5  # of one indent that a character begins, to be a list mark by repetition
FEWEST_NOTES = 10  # lines that a note's sign begins, to mark a list
NEARLY_ONLY = 0.8  # the share of a character's places that are lines' beginnings, to be a mark without a space
SHAPES = ("TRIANGLE", "LOZENGE", "DIAMOND", "SQUARE", "CIRCLE", "STAR")  # signs of mathematics that lists have, too
NO_MARK = ("Lo", "Lm", "Nd", "Nl", "No", "Ps", "Pe", "Pi", "Pf", "Cc", "Zs")
ASTERISKS = "*＊"
OTHER_MARKS = "#＃>|※"  # of headings, quotations and tables in Markdown, of notes
LESS_LIKELY = "※ー"  # than any other mark: of notes, of a word that went on from the line above
MOST_DOUBLED = 3  # characters of a mark that is set of several: ・・, ◆◇, >>

# What the number of a heading looks like, and the title behind it; 3.5 is none.
NUMBERS = {
    "circled": re.compile(rf"([①-⑳](?:[{DASHES}][0-9０-９]+)?)\s*(\S.*)$"),
    "arabic and circled": re.compile(rf"(\d{{1,2}}\s?[.．]?\s?[{DASHES}]?\s?[①-⑳])\s*(\S.*)$"),
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
    styled = unicodedata.decomposition(character).startswith("<font>")  # of mathematics, such as 𝟏
    if styled or any(dot in name for dot in DOTS) or (category == "Po" and "ASTERISK" in name):
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
    return SYMBOL if category == "So" or (category == "Sm" and any(shape in name for shape in SHAPES)) else ""


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
        elif own := OWN_MARK.match(words):
            first, at = SYMBOL, len(text) - len(words) + own.end(1)
    words = text[at:].lstrip(SPACES)
    if words[:1] == text[at - 1] and first != DASH:  # a row of symbols is a rule or a picture
        return None
    return Mark(text[:at], first, words, text[at : len(text) - len(words)])


def by_repetition(starts: Iterable[tuple[float, str]]) -> set[str]:
    """Return the characters that mark lists although no class says so; `starts` are the lines' indents and texts.

    A symbol font that is missing leaves letters (o, l, Ø) where it had pictures: each begins many lines of one indent,
    with a space behind it. What a Japanese word, a heading, a note or a quotation begins with is none. Nor does a mark
    need a space that hardly stands anywhere but at lines' beginnings, or a dash before Japanese words. An arrow, tick,
    an asterisk and the like are the list's mark where no other begins more lines. Several characters are one mark where
    they stand so together.
    """
    lines = [(round(indent), text) for indent, text in starts if text[1:].strip()]
    spaced = _repeated(lines, lambda text: not kind(text[0]) and not text[1].strip(SPACES))
    close = _repeated(lines, _marks_closely)
    begun = Counter(text[0] for _, text in lines)
    places = Counter(character for _, text in lines for character in text if character in close)
    nearly_only = {one for one in close if kind(one) == DASH or begun[one] >= NEARLY_ONLY * places[one]}
    return spaced | nearly_only | _commonest(text for _, text in lines) | _doubled(lines)


def _repeated(lines: list[tuple[int, str]], marks: Callable[[str], bool]) -> set[str]:
    """Return the characters that begin enough lines of one indent which a test takes, and may mark a list at all."""
    counts = Counter((indent, text[0]) for indent, text in lines if marks(text))
    characters = {character for (_, character), count in counts.items() if count >= FEWEST_LINES}
    return {one for one in characters if unicodedata.category(one) not in NO_MARK and one not in OTHER_MARKS}


def _marks_closely(text: str) -> bool:
    """Whether a line's first character may mark a list without a space behind it: it is no letter and no bracket, a
    Japanese word follows, and it is not said again at the line's end, as a subtitle's dashes are."""
    first = text[0]
    if unicodedata.category(text[1]) != "Lo" or text.rstrip()[-1] == first or first in ASTERISKS:
        return False
    return kind(first) == DASH or not (
        kind(first) or unicodedata.mirrored(first) or unicodedata.category(first)[0] not in "PS"
    )


def _commonest(texts: Iterable[str]) -> set[str]:
    """Return the arrow, tick or asterisk that begins more lines than any other list mark, if there is one."""
    marked = (text for text in texts if text[0] != text[1])  # ** is Markdown's
    first = Counter(text[0] for text in marked if _is_less_likely(text) or kind(text[0]) not in ("", DASH))
    commonest = {one for one, count in first.most_common(1) if count >= (FEWEST_NOTES if one == "※" else FEWEST_LINES)}
    return {one for one in commonest if _is_less_likely(f"{one}灯")}


def _is_less_likely(text: str) -> bool:
    """Whether a line begins with what marks a list only where nothing else does: a step, what is done elsewhere, a
    closing quotation mark, a zero in a circle, a note's sign; the last three stand before Japanese words."""
    one = text[0]
    if one in ASTERISKS or kind(one) in (ARROW, TICK):
        return True
    name, value = unicodedata.name(one, ""), unicodedata.numeric(one, None)
    likely = one in LESS_LIKELY or "ANGLE QUOTATION" in name or (value == 0 and not one.isdecimal())
    words = text[1:].lstrip(SPACES)
    return likely and unicodedata.category(words[:1] or " ") == "Lo"


def _doubled(lines: list[tuple[int, str]]) -> set[str]:
    """Return the marks that are set of several characters, each of which may be one, before Japanese words."""
    counts: Counter[tuple[int, str]] = Counter()
    for indent, text in lines:
        length = next((at for at, one in enumerate(text) if not (kind(one) or one == ">")), len(text))
        words = text[length:].lstrip(SPACES)
        name = text[0] == text[1] and kind(text[0]) == SYMBOL  # ○○ stands for one that is left open
        if 1 < length <= MOST_DOUBLED and unicodedata.category(words[:1] or " ") == "Lo" and not name:
            counts[indent, text[:length]] += text[0] not in ASTERISKS
    return {mark for (_, mark), count in counts.items() if count >= FEWEST_LINES}


def repeated_mark(words: str, repeated: Collection[str]) -> str:
    """Return the one of the marks by repetition that a line begins with, the longest first; "" for none."""
    starts = (words[:length] for length in range(MOST_DOUBLED, 0, -1))
    mark = next((start for start in starts if start in repeated), "")
    return mark if len(mark) > 1 or (mark and stands_apart(words)) else ""


def stands_apart(text: str) -> bool:
    """Whether a line's first character is no part of its first word: a letter needs a space behind it."""
    return not text[1:2].strip() or (unicodedata.category(text[0])[0] != "L" and text[0] != text[1])


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
    "part": re.compile(rf"(第(?:{DIGITS}|{KANJI})[編部篇])\s*(\S.*)?"),
    "chapter": re.compile(rf"((?:第(?:{DIGITS}|{KANJI})|[序終結]\s?)章)\s*(\S.*)?"),
    "section": re.compile(rf"(第(?:{DIGITS}|{KANJI})節)\s*(\S.*)?"),
    "clause": re.compile(rf"(第(?:{DIGITS}|{KANJI})[項条款])\s*(\S.*)?"),
    "circled": re.compile(rf"([{CIRCLED}](?:[-‐][0-9]+)?)\s*(\S.*)"),
    "roman": re.compile(rf"([IVX]{{1,5}}){BEHIND}(\S.*)"),
    "bracketed": re.compile(rf"(\({DIGITS}\))\s*(\S.*)"),
    "bracketed kanji": re.compile(rf"(\({KANJI}\))\s*(\S.*)"),
    "bracketed kana": re.compile(r"(\([ァ-ヶ]\))\s*(\S.*)"),
    "bracketed letter": re.compile(r"(\([A-Za-z]\))\s*(\S.*)"),
    "half bracketed": re.compile(rf"({DIGITS}\))\s*(\S.*)"),
    "arabic": re.compile(r"([0-9]{1,2})(?:[.](?![0-9])\s*|[、:]\s*|\s+)(\S.*)"),
    "kanji": re.compile(rf"({KANJI}){BEHIND}(\S.*)"),
    "kana": re.compile(rf"([ァ-ヶ]){BEHIND}(\S.*)"),
    "letter": re.compile(rf"([A-Za-z]){BEHIND}(\S.*)"),
}
DECIMAL = re.compile(
    r"((?:[0-9]{1,2}|[IVX]{1,4}|[A-Z])(?:[-.‐–−][0-9]{1,3}){1,4}(?:[-.‐–−][a-z](?![a-z]))?(?:[-.‐–−]?\([0-9]{1,2}\))?)"
    r"[.)]?(?:\s+|(?=[一-龥ァ-ヶ「『]))(\S.*)"
)
IN_BRACKETS = re.compile(
    r"[\[【〔〈《〖「『◤<]\s?([^\s\[\]【】〔〕〈〉《》〖〗「」『』◤◢<>]{1,12})\s?[\]】〕〉》〗」』◢>]\s*(\S.*)"
)
NAMED = re.compile(
    r"[\[【〔<《]?([一-龥ァ-ヶーの]{1,10}?)\s?(\(?(?:[0-9]{1,3}|[IVX]{1,4}|[A-Z])(?:[-.‐–−][0-9A-Z]{1,3}){0,4}\)?"
    r"(?:[-.‐–−]?\([0-9]{1,2}\))?)"
    r"(?:[\]】〕>》]\s*|[.)]?(?:[:、]\s*|\s+|(?=[「『])))(\S.*)"
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
    if (inside := IN_BRACKETS.match(plain)) and (kind_inside := _kind_of_number(inside[1])):
        return Beginning(kind_inside, inside[1], _as_printed(line, inside[2]))
    if match := DECIMAL.match(plain):
        depth = len(re.findall("[0-9A-Za-z]+", match[1]))
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


def _kind_of_number(label: str) -> str:
    """Return the kind of a heading's number that stands by itself, as in brackets: 1-1-a, 柱2; "" for none."""
    begins = beginning(f"{label} 灯台")
    return begins.kind if begins.label == label and begins.kind[-2:-1] == " " else ""


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
