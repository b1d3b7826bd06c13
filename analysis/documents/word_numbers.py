"""Numbers that Word sets by itself, written into the text: a file says only which list a paragraph is of.

The file format: ISO/IEC 29500-1, 17.9 (numbering). A list has levels, each with a form of number, a text such as
"第%1章" or "%1-%2" in which the numbers stand, and a start; a deeper level begins anew below each number above it.
"""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from analysis.documents import word_repairs
from analysis.documents.word_repairs import STYLES_DEEP, attribute, child_value, whole

DOCUMENT, NUMBERING, STYLES = "word/document.xml", "word/numbering.xml", "word/styles.xml"
LEVELS = 9
MOST_CHARACTERS = 1_500_000  # of a file's text: ten times the longest plan
LONGEST_LABEL = 40  # characters of what stands before a paragraph
BULLET = "bullet"
HEADING = ("heading", "見出し", "title", "subtitle", "表題", "副題")
KANJI = "〇一二三四五六七八九"
KATAKANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン"
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
         (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
MOST = 3000  # a number beyond which forms other than digits are not used


class TooLong(Exception):
    """A file with more characters than are read; the message is how many."""


@dataclass(frozen=True)
class _Level:
    form: str = "decimal"
    text: str = ""
    start: int = 1
    gap: str = " "
    legal: bool = False  # numbers of the levels above in digits, too


@dataclass
class _List:
    """A list's levels, and how far each has counted."""

    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)

    def step(self, depth: int) -> None:
        """Count one on at this level; what is deeper begins anew."""
        count = self.counts.get(depth, self.levels[depth].start - 1) + 1
        self.counts = {level: other for level, other in self.counts.items() if level < depth} | {depth: count}

    def label(self, depth: int) -> str:
        level = self.levels[depth]
        text = level.text
        for above in range(depth + 1):
            upper = self.levels.get(above, _Level())
            number = self.counts.get(above, upper.start)
            text = text.replace(f"%{above + 1}", _number(number, "decimal" if level.legal else upper.form))
        return text


def written(file: zipfile.ZipFile) -> tuple[io.BytesIO, int]:
    """Return a Word file's texts as a file of their own, in which its lists' numbers stand before their paragraphs and
    no hidden words are; and how many characters those were.

    Raises TooLong; KeyError and ElementTree.ParseError where a part is missing or broken.
    """
    document = _parsed(file, DOCUMENT)
    characters = sum(len(text.text or "") for text in document.iterfind(".//{*}t"))
    if characters > MOST_CHARACTERS:
        raise TooLong(f"{characters:,}")
    styles = _styles(file)
    word_repairs.mend_values(document)
    hidden = word_repairs.take_out_hidden(document, styles)
    if NUMBERING in file.namelist():
        _Numbering(_parsed(file, NUMBERING), styles).number(document)
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as texts:
        for part in dict.fromkeys(file.namelist()):  # a broken file may hold a part twice
            if part == DOCUMENT:
                texts.writestr(part, ElementTree.tostring(document, encoding="utf-8", xml_declaration=True))
            else:
                texts.writestr(part, file.read(part) if is_text(part) else b"")
    result.seek(0)
    return result, hidden


def _styles(file: zipfile.ZipFile) -> dict[str, ElementTree.Element]:
    if STYLES not in file.namelist():
        return {}
    return {attribute(style, "styleId"): style for style in _parsed(file, STYLES).iterfind("{*}style")}


def is_text(part: str) -> bool:
    """Whether a part, by its name, holds text or says how parts belong together."""
    return part.endswith((".xml", ".rels"))


class _Numbering:
    """The lists of a file, and which of them styles and paragraphs are of."""

    def __init__(self, numbering: ElementTree.Element, styles: dict[str, ElementTree.Element]) -> None:
        self.styles = styles
        shared = {attribute(one, "abstractNumId"): one for one in numbering.iterfind("{*}abstractNum")}
        lists = {number: _List(dict(_levels(one))) for number, one in shared.items()}
        self.lists: dict[str, _List] = {}
        self.restarts: dict[str, dict[int, int]] = {}  # of lists that begin anew where they are first used
        for one in numbering.iterfind("{*}num"):
            number, of = attribute(one, "numId"), child_value(one, "abstractNumId")
            if link := child_value(shared[of], "numStyleLink") if of in shared else "":
                of = self._linked(link, numbering)
            if of in lists:
                self.lists[number] = lists[of]
                self.restarts[number] = dict(_restarts(one))

    def _linked(self, style: str, numbering: ElementTree.Element) -> str:
        """Return the list that a style of lists is kept in."""
        number = self._of_style(style)[0]
        same = (one for one in numbering.iterfind("{*}num") if attribute(one, "numId") == number)
        return next((child_value(one, "abstractNumId") for one in same), "")

    def number(self, document: ElementTree.Element) -> None:
        """Write the number of each paragraph of a list before its words, and take it out of the list."""
        twice = {paragraph for choice in document.iterfind(".//{*}Choice") for paragraph in choice.iterfind(".//{*}p")}
        for paragraph in document.iterfind(".//{*}p"):
            number, depth = self._of(paragraph)
            one = self.lists.get(number)
            if one is None or depth not in one.levels or paragraph in twice or not _stays(paragraph):
                continue
            one.counts |= self.restarts.pop(number, {})
            one.step(depth)
            level = one.levels[depth]
            if level.form != BULLET:
                self._write(paragraph, one.label(depth), level.gap)
            elif _is_printed(level.text):
                self._write(paragraph, level.text, level.gap)

    def _of(self, paragraph: ElementTree.Element) -> tuple[str, int]:
        """Return the list and the level of a paragraph: its own, or its style's."""
        style_number, style_depth = self._of_style(child_value(paragraph, "pPr/{*}pStyle"))
        number = child_value(paragraph, "pPr/{*}numPr/{*}numId") or style_number
        depth = child_value(paragraph, "pPr/{*}numPr/{*}ilvl")
        own = whole(depth)
        return number, style_depth if own is None else own

    def _of_style(self, style_id: str) -> tuple[str, int]:
        depth = ""
        for _ in range(STYLES_DEEP):
            style = self.styles.get(style_id)
            if style is None:
                break
            depth = depth or child_value(style, "pPr/{*}numPr/{*}ilvl")
            if number := child_value(style, "pPr/{*}numPr/{*}numId"):
                return number, whole(depth) or 0
            style_id = child_value(style, "basedOn")
        return "", 0

    def _write(self, paragraph: ElementTree.Element, label: str, gap: str) -> None:
        space = paragraph.tag.removesuffix("p")
        properties = paragraph.find("{*}pPr")
        if properties is None:  # by its style
            properties = ElementTree.Element(f"{space}pPr")
            paragraph.insert(0, properties)
        for kind in ("numPr", "pStyle"):
            element = properties.find(f"{{*}}{kind}")
            if element is not None and (kind == "numPr" or not self._is_heading(attribute(element, "val"))):
                properties.remove(element)
        none = ElementTree.SubElement(properties, f"{space}numPr")
        for kind in ("ilvl", "numId"):  # the list 0 is none
            ElementTree.SubElement(none, f"{space}{kind}", {f"{space}val": "0"})
        if label:
            run = ElementTree.Element(f"{space}r")
            ElementTree.SubElement(run, f"{space}t").text = label + gap
            paragraph.insert(list(paragraph).index(properties) + 1, run)

    def _is_heading(self, style_id: str) -> bool:
        style = self.styles.get(style_id)
        return style is not None and child_value(style, "name").lower().startswith(HEADING)


def _levels(shared: ElementTree.Element) -> Iterator[tuple[int, _Level]]:
    for level in shared.iterfind("{*}lvl"):
        depth, start = whole(attribute(level, "ilvl") or "0"), whole(child_value(level, "start"))
        gap = "" if child_value(level, "suff") == "nothing" else " "
        if depth is not None and depth < LEVELS:
            yield (
                depth,
                _Level(
                    child_value(level, "numFmt") or "decimal",
                    child_value(level, "lvlText")[:LONGEST_LABEL],
                    1 if start is None else start,
                    gap,
                    level.find("{*}isLgl") is not None,
                ),
            )


def _restarts(number: ElementTree.Element) -> Iterator[tuple[int, int]]:
    """Yield the levels at which a list begins anew, and the number before its first."""
    for one in number.iterfind("{*}lvlOverride"):
        depth, start = whole(attribute(one, "ilvl")), whole(child_value(one, "startOverride"))
        if depth is not None and start is not None:
            yield depth, start - 1


def _stays(paragraph: ElementTree.Element) -> bool:
    """Whether a paragraph has words that are not deleted."""
    return any((text.text or "").strip() for text in paragraph.iterfind(".//{*}t"))


def _is_printed(bullet: str) -> bool:
    """Whether a bullet is the character that is printed, and not the place of one in a font of symbols, which no other
    font prints."""
    return len(bullet) == 1 and not bullet.isalnum() and bullet.isprintable()


def _parsed(file: zipfile.ZipFile, part: str) -> ElementTree.Element:
    return ElementTree.fromstring(file.read(part))


# --- forms of numbers -------------------------------------------------------------------------------------------


def _number(number: int, form: str) -> str:
    """Return a number in one of Word's forms; in digits where the form has no such number."""
    write = FORMS.get(form)
    return (write(number) if write and 0 < number <= MOST else "") or ("" if form == "none" else str(number))


def _roman(number: int) -> str:
    text = ""
    for value, letters in ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def _letter(number: int) -> str:
    """a … z, aa … zz, as Word goes on."""
    times, place = divmod(number - 1, 26)
    return chr(ord("a") + place) * (times + 1)


def _counted(number: int) -> str:
    """十一, 二十; digits from a hundred on."""
    tens, ones = divmod(number, 10)
    if tens > 9:
        return ""
    return (KANJI[tens] if tens > 1 else "") + "十" * (tens > 0) + (KANJI[ones] if ones else "")


def _digits(number: int) -> str:
    return "".join(KANJI[int(digit)] for digit in str(number))


def _full_width(number: int) -> str:
    return "".join(chr(ord("０") + int(digit)) for digit in str(number))


def _of(characters: str) -> Callable[[int], str]:
    return lambda number: characters[number - 1 : number]


def _from(first: str, count: int) -> Callable[[int], str]:
    """Return numbers that stand one after the other in Unicode: ① … ⑳."""
    return lambda number: chr(ord(first) + number - 1) if number <= count else ""


FORMS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "none": lambda number: "",
    "decimalZero": lambda number: f"{number:02d}",
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerLetter": _letter,
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _from("①", 20),
    "decimalEnclosedCircleChinese": _from("①", 20),
    "decimalEnclosedParen": _from("⑴", 20),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "aiueo": _of(KATAKANA),
    "aiueoFullWidth": _of(KATAKANA),
    "iroha": _of(IROHA),
    "irohaFullWidth": _of(IROHA),
    "ideographDigital": _digits,
    "japaneseDigitalTenThousand": _digits,
    "japaneseCounting": _counted,
    "chineseCounting": _counted,
    "chineseCountingThousand": _counted,
    "ideographEnclosedCircle": _from("㊀", 10),
}
