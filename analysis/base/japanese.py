"""Japanese text as the documents hold it: repair of characters, widths, white space, and joining wrapped lines.

The raw text is always kept; what these functions return is a second form beside it.
"""

import re
import unicodedata
from collections.abc import Iterable

# CJK radicals stand where ideographs belong when a PDF's font maps them so; NFKC repairs the Kangxi block
# (U+2F00) but not the supplement (U+2E80). Equivalents after Unicode's Equivalent_Unified_Ideograph.
RADICALS = str.maketrans(
    "⺀⺂⺃⺅⺆⺇⺉⺊⺋⺎⺏⺐⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺨⺩⺫⺬⺭⺮⺯⺰⺲⺶⺷⺸⺹⺻⺼⺽⺾"
    "⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮"
    "⻯⻰⻱⻲⻳",
    "冫乛乚亻冂几刂卜㔾兀尣尢幺彑彐忄㣺扌攵旡日月歺母民氵氺灬爫爫丬犭王罒示礻竹糸纟罒羊羊羊耂聿肉臼艹"
    "艹艹虎衤覀西见角角讠贝足车辶辶辶阝钅長镸长门阜阝雨青韦页风飞食食飠饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿"
    "竜龙龟亀龟",
)
# Pictures of list marks in symbol fonts (Symbol, Wingdings), which a PDF gives as signs of private use.
LIST_MARKS = str.maketrans(
    {
        "\uf0b7": "•", "\uf09f": "•", "\uf06c": "●", "\uf06d": "○", "\uf0a1": "○", "\uf06e": "■", "\uf0a7": "▪",
        "\uf0a8": "□", "\uf075": "◆", "\uf076": "◆", "\uf0d8": "➢", "\uf0fc": "✓", "\uf0e8": "→", "\uf0f0": "→",
        "\uf02d": "-", "\uf020": " ",
    }
)  # fmt: skip
NOT_TEXT = ("Cc", "Cf", "Cn", "Co", "Cs")  # Unicode's categories of signs that stand for no writing
STEERING = ("Cc", "Cf", "Cs", "Zl", "Zp")
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
LINE_END = re.compile(r"\r\n|\r|\n")
# What Unicode calls Default_Ignorable_Code_Point and is no format character by its category (grapheme joiner, fillers
# of Hangul and Khmer, variation selectors), Braille without a dot, and what stands for an object that is not there.
UNSEEN = (
    range(0x034F, 0x0350), range(0x115F, 0x1161), range(0x17B4, 0x17B6), range(0x180B, 0x1810), range(0x2065, 0x2066),
    range(0x2800, 0x2801), range(0x3164, 0x3165), range(0xFE00, 0xFE10), range(0xFFA0, 0xFFA1), range(0xFFF0, 0xFFFD),
    range(0xE0000, 0xE1000),
)  # fmt: skip
HALF_WIDTH = str.maketrans("｡｢｣､", "。「」、")
MARKDOWN = re.compile(r"^[ \t　]*＃{1,6}(?=[ 　])|＊＊")  # in full width
STOP = re.compile(  # a full-width full stop that ends a Japanese sentence
    r"(?<=[ぁ-ゖァ-ヶ一-鿿々）」』)])．(?=[\s　ぁ-ゖァ-ヶ一-鿿「『（(]|$)"
)
COMPATIBLE = (  # radicals, ideographs, ligatures; forms for vertical text, small forms; supplementary ideographs
    range(0x2F00, 0x2FE0), range(0xF900, 0xFB07), range(0xFE10, 0xFE20), range(0xFE30, 0xFE70), range(0x2F800, 0x2FA20),
)  # fmt: skip
ROUND = {"Ps": "（", "Pe": "）"}
COMMAS = ("、", "，", ",")  # the first or, in some offices' style, the second
COMBINING = "".join(sign for sign in map(chr, range(0x300, 0x20000)) if unicodedata.combining(sign))
STACK = re.compile(f"([{COMBINING}]{{8}})[{COMBINING}]+")  # to put such a run in order takes its length squared
# Dashes of any length, to stand in a class of a regular expression; the sound mark of katakana is used as one, too.
DASHES = "".join(re.escape(sign) for sign in map(chr, range(0x10000)) if unicodedata.category(sign) == "Pd") + "−ー"
ENDS = "。．!?:"  # of a sentence, or of one that announces what follows
BEFORE_COUNTED = re.compile(  # what follows a number that counts something
    r"つ|[かカヵヶケ][所国月年]|[年月日回件人社割名箇個本種点度号章条項億万千百兆円倍時分週歳校巻版次位台期段]"
)
SPACE = re.compile(r"\s+")
SPACE_OF_WORDS = re.compile(r"(?<=[!-~])\s+(?=[!-~])")  # between what is written in ASCII
MOST_CHARACTERS = 20_000  # of a line or paragraph: thirty times the longest
KEPT_ENDS = (6_000, 2_000)  # characters of one that is longer
CUT = re.compile(r"⟦…([0-9]{1,9})…⟧")


def normal(text: str) -> str:
    """NFKC with radicals repaired; white space is left as it is."""
    return unicodedata.normalize("NFKC", text.translate(RADICALS))


def split_lines(text: str) -> list[str]:
    """Return a text's lines, whatever ends them (LF, CR LF, CR); a line end behind the last one begins no other."""
    lines = LINE_END.split(text)
    return lines[:-1] if len(lines) > 1 and not lines[-1] else lines


def repaired(line: str) -> str:
    """Return a line as it is meant, whatever wrote it: what every parser takes.

    Characters that cannot be seen go (format characters, fillers, variation selectors, control characters but tabs and
    form feeds); radicals, compatibility ideographs, ligatures and vertical forms become ordinary letters, half-width
    stops, commas and quotation marks full-width ones, round brackets of other designs round brackets, no-break spaces
    spaces; a letter and a sound mark that combines with it are one letter; a full-width full stop behind Japanese
    words is theirs, and full-width signs of Markdown are its signs. Other widths stay. Of many marks over one letter
    eight stay.
    """
    line = unicodedata.normalize("NFC", STACK.sub(r"\1", line.translate(REPAIRS)))
    return STOP.sub("。", MARKDOWN.sub(lambda match: normal(match[0]), line))


def _repaired(character: str) -> str:
    character = character.translate(RADICALS).translate(LIST_MARKS).translate(HALF_WIDTH)
    code, category = ord(character), unicodedata.category(character)
    if any(code in block for block in COMPATIBLE):
        return unicodedata.normalize("NFKC", character)
    if category == "Zs" and character != "　":
        return " "
    invisible = category in ("Cc", "Cf", "Cs") and character not in "\t\x0c"
    if invisible or any(code in block for block in UNSEEN):
        return ""
    return ROUND.get(category, character) if _is_round(character) else character


def _is_round(character: str) -> bool:
    """Whether a character is a round bracket of another design (white, ornamental, flattened), not a raised one."""
    name = unicodedata.name(character, "")
    return character not in "()（）" and "PARENTHESIS" in name and "SCRIPT" not in name


class _Repairs(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = _repaired(chr(code))
        return self[code]


REPAIRS = _Repairs()


def mended(sign: str) -> str:
    """A character as a PDF's font maps it, as it is meant: "" where it stands for none (private use, control ones)."""
    if sign == "\t":
        return " "
    sign = repaired(sign)
    return "" if not sign or unicodedata.category(sign[0]) in NOT_TEXT or sign == "\ufffd" else sign


def rests(text: str) -> bool:
    """Return whether a sentence, a bracket or an announcement ends with the text, so that nothing needs to follow."""
    last = normal(text.rstrip()[-1:])
    return last != "" and (last in ENDS or last == ">" or unicodedata.category(last[-1]) in ("Pe", "Pf"))


def visible(text: str) -> str:
    """The text for a terminal: signs that would steer it (control and bidirectional ones) as their numbers."""
    return "".join(f"\\u{ord(sign):04x}" if unicodedata.category(sign) in STEERING else sign for sign in text)


def squeeze(text: str) -> str:
    """The normal form without any white space: what two texts are compared by."""
    return SPACE.sub("", normal(text))


def unspaced(text: str) -> str:
    """The text without spaces but one between two Latin words: 生成 AI, as OCR and typesetting part it, is 生成AI."""
    return " ".join(SPACE.sub("", part) for part in SPACE_OF_WORDS.split(text))


def join_lines(lines: Iterable[str]) -> str:
    """Return one running text from wrapped lines: with a space only where a wrap parts two Latin words."""
    pieces: list[str] = []
    for line in lines:
        piece = line.strip()
        if not piece:
            continue
        if pieces:
            last, first = pieces[-1][-1], piece[0]
            words = last.isascii() and first.isascii() and not (last.isdigit() and first.isdigit())
            pieces += [" "] if words else []
        pieces.append(piece)
    return "".join(pieces)


def cut(text: str, most: int = MOST_CHARACTERS) -> str:
    """Return a text that is no text any more, for its length, without its middle; how much that was stands there.

    Both ends stay: a measure's words, and whom and when it names.
    """
    if len(text) <= most:
        return text
    head, tail = KEPT_ENDS
    return f"{text[:head]}⟦…{len(text) - head - tail}…⟧{text[-tail:]}"


def left_out(text: str) -> int:
    """Return how many characters `cut` took out of a text."""
    return sum(int(count) for count in CUT.findall(text))


def shorten(text: str, limit: int = 32) -> str:
    """At most `limit` characters, with an ellipsis where something was cut.

    Headings and indicators are committed in this form: longer runs of a document's words are not facts but
    quotations.
    """
    return text if len(text) <= limit else text[: limit - 1] + "…"
