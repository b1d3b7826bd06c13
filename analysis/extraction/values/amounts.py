"""Amounts: numbers with a unit.

A number is written in digits (1,200), in Chinese numerals (百二十) or in both (1千3百万); its value is that in the
largest of 兆, 億 and 万 that is written. Which word behind it is its unit no list says: the dictionary knows counters
(枚, 基, か所) and nouns, Latin units are those of the SI with its prefixes. A number without a unit is no amount,
since it may be a section, a year or a code (G7).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from sudachipy import SplitMode

from analysis.extraction.morphemes import tokenizer

SMALL = {"十": 10.0, "百": 1e2, "千": 1e3}
LARGE = {"万": 1e4, "億": 1e8, "兆": 1e12}  # the multipliers that become part of the unit
KANJI_DIGITS = "〇一二三四五六七八九"
DIGITS = r"(?:\d{1,3}(?:,\d{3}){1,5}|\d{1,15}(?!\d))(?:\.\d{1,9})?"
MULTIPLIERS = "".join([*SMALL, *LARGE])
NUMERAL = rf"{DIGITS}(?:[{MULTIPLIERS}]+{DIGITS}(?![\d.]))*[{MULTIPLIERS}]*"
FIRST, NEXT = f"[{KANJI_DIGITS}十百千]", f"[{KANJI_DIGITS}{MULTIPLIERS}]"
# Behind 数 or 何 十 is no number (数十人), behind other nouns 一 none of its own.
KANJI = rf"(?<![一-龥]){FIRST}{NEXT}*|(?<![数何]){FIRST}{NEXT}+|(?<=数)[{KANJI_DIGITS}]{NEXT}+"
KANJI = rf"{KANJI}|(?<=[一-龥])(?:[二三四五六七八九]|一(?=割))"
SIGN = r"[▲△▼]|(?<![A-Za-z0-9])[+-]|マイナス|プラス"
NUMBER = re.compile(rf"(?P<sign>{SIGN})?(?:(?<![\d.,A-Za-z])(?P<number>{NUMERAL})|(?P<kanji>{KANJI}))")
MINUS = ("▲", "△", "▼", "-", "マイナス")
PIECE = re.compile(rf"{DIGITS}|[{KANJI_DIGITS}]+|[{MULTIPLIERS}]")

POINTS = re.compile(r"(?:%|パーセント)?・?(?:ポイント|pt(?![A-Za-z])|ポ(?=[一-龥]|$|[、。)]))")
PERCENT = re.compile(r"(?:%|パーセント)(?!値|タイル)")
_DIGIT = rf"[\d{KANJI_DIGITS}]"
TENTHS = re.compile(rf"割(?:(?P<hundredths>{_DIGIT})分)?(?:(?P<thousandths>{_DIGIT})厘)?(?![合当引り])")
SI = (
    r" ?(?:[kKMGTPmcdhμµn]?(?:Wh|W|m[23]?|g|t|[Ll]|Hz|bps|B|J|Pa|V)|ha|dB|ppm|ppb|pH|TEU|FTE|USD|EUR)"
    r"(?:-?CO2(?:eq?)?)?"
)
PER = rf"/\d{{0,3}}(?:{SI}|a|(?!目標|現状|実績|基準|見込|計画|予測)[一-龥ァ-ヶー]{{1,4}}(?:・[一-龥]{{1,2}})?)"
LATIN_UNIT = re.compile(rf"{SI}(?:{PER})*(?![A-Za-z0-9])")
PER_UNIT = re.compile(rf"(?:{PER}|・(?:[日月年]|地域))+(?![A-Za-z0-9])")
YEARS = re.compile(r"年(?![度代間])")  # 73.6年: only a length of time has decimals
# Nouns behind a number that place it in time or in an order, or count the parts of a text or an argument.
NO_UNITS = re.compile(
    r"年|年度|年代|年間|[かカヵヶ]年|世紀|月|時|期|次|年目|か月目|号|条|項|章|節|部|版|番|番目|ページ|頁|参照|割合|人中|者中|つ"
    r"|代|世代|級|類|年生|学年|歳児|段階|分野|領域|要素|観点|原則|項目|論点|課題|柱|軸|側面|視点|類型|区分|方針|庁|省"
    r"|目標|実績|現状|現在|見込み?|規模|水準|相当|程度|以上|以下|以内|未満|超|前後"
)
# What may follow a unit as a noun: how exactly it is meant, and what becomes of it.
QUALIFIERS = re.compile(
    r"以上|以下|以内|以降|未満|超|程度|前後|強|弱|台(?![一-龥])|半ば|規模|水準|相当|分(?![一-龥])|目標|実績|現在|見込"
    r"|ずつ|当たり|あたり|につき|ごと|増|減|達成|維持|確保|満点|比|中(?![一-龥])|のうち"
)
WORD = re.compile(r"[一-龥々ァ-ヶーかヶケ・]+")
SAID_BEFORE = re.compile(r"(?:目標|実績|現状|計画|累計|合計|平均|[前昨今本]年度?末?)(?:値)?の$")
NO_NOUN_AFTER = re.compile(r"[のA-Za-z.」』]")
COUNTERS = "人件社校回円位名本点組"  # the commonest; a noun that begins with one is not counted itself
LENGTHS = ("年", "歳", "日", "年間")  # of time, where a head gives them as units
CHARACTERS = 12  # behind a number in which its unit stands
RANK_STEP = re.compile(r"つ(?=順位)")
RANKED = re.compile(r"(?:トップ|上位|ベスト)$")
MONEY = re.compile(r"(?:額|費|収益|売上高?|予算)[はがをも]?約?$")
RANGE_WORD = re.compile(r"から|ないし|乃至|~|-")
LOWER, UPPER = "範囲下限", "範囲上限"


@dataclass(frozen=True)
class Amount:
    """A number with its unit, from start to end in the text (its sign included); `sign` is -1 or +1 where one is
    written, else 0; the two ends of a range share a group."""

    start: int
    end: int
    value: float
    unit: str
    range_end: str = ""  # LOWER or UPPER
    group: int = 0
    sign: int = 0

    @property
    def counter(self) -> str:
        """The unit without its multiplier."""
        return self.unit.lstrip("".join(LARGE))


@dataclass(frozen=True)
class Bare:
    """A number without a unit, from start to end in the text."""

    start: int
    end: int


@dataclass(frozen=True)
class Number:
    """A number as written: where it starts (without its sign) and ends (with its unit), and what stands in it."""

    start: int
    end: int
    signed_start: int
    written: str
    sign: int
    value: float
    multiplier: str
    unit: str

    def in_multiplier(self, multiplier: str) -> float:
        """Return the value in another multiplier; one that names none takes it over: 3~5億円."""
        own = LARGE[self.multiplier] if self.multiplier else LARGE.get(multiplier, 1.0)
        return round(self.value * own / LARGE.get(multiplier, 1.0), 9)


def scaled(number: str) -> tuple[float, str]:
    """Return the value in its largest multiplier of 兆, 億 and 万, and that multiplier's name."""
    total = section = 0.0
    current: float | None = None
    largest = ""
    for piece in PIECE.findall(number):
        if piece in SMALL:
            section += (1.0 if current is None else current) * SMALL[piece]
            current = None
        elif piece in LARGE:
            amount = section + (current or 0.0)
            total += (amount or 1.0) * LARGE[piece]
            section, current = 0.0, None
            largest = piece if LARGE[piece] > LARGE.get(largest, 1.0) else largest
        elif piece[0] in KANJI_DIGITS:
            current = float("".join(str(KANJI_DIGITS.index(digit)) for digit in piece))
        else:
            current = float(piece.replace(",", ""))
    total += section + (current or 0.0)
    return round(total / LARGE.get(largest, 1.0), 9), largest


def amounts(
    text: str, taken: frozenset[int] = frozenset(), gaps: frozenset[int] = frozenset()
) -> tuple[list[Amount], list[Bare]]:
    """Return the numbers with units, and those without one. The ends of a range are two amounts, the first with the
    unit of the second. `taken` are positions that belong to dates, `gaps` those that had a space before them."""
    result: list[Amount] = []
    bare: list[Bare] = []
    before: Number | None = None
    for group, number in enumerate(_numbers(text, taken, gaps)):
        lower = before if before is not None and _is_range(text, before, number) else None
        if lower is not None:
            (result if lower.unit else bare).pop()
        if not number.unit:
            bare.append(Bare(number.start, number.end))
        else:
            start = number.signed_start if lower is None else lower.start
            ends = [(number.value * (number.sign or 1), "")]
            if lower is not None:
                ends = [(lower.in_multiplier(number.multiplier), LOWER), (number.value, UPPER)]
            unit = number.multiplier + number.unit
            sign = 0 if lower is not None else number.sign
            result += [_in_percent(Amount(start, number.end, v, unit, name, group, sign)) for v, name in ends]
        before = number
    return result, bare


def _is_range(text: str, before: Number, number: Number) -> bool:
    """Return whether two numbers are the ends of one range: 7~9か月 or 7か月~9か月, but 7社から9社 is a rise."""
    between = text[before.end : number.start]
    if not number.unit or not RANGE_WORD.fullmatch(between):
        return False
    return not before.unit or (before.unit == number.unit and between != "から")


def _numbers(text: str, taken: frozenset[int], gaps: frozenset[int]) -> Iterator[Number]:
    """Yield the numbers of a text. Chinese numerals without a unit are words, digits without one numbers all the
    same."""
    end = -1
    for match in NUMBER.finditer(text):
        written = match["number"] or match["kanji"]
        start = match.end() - len(written)
        if start in taken or start < end:  # a date, or the 5 of 8割5分
            continue
        value, multiplier = scaled(written)
        unit, unit_end = _unit(text, match, multiplier, gaps, taken)
        if match["kanji"] and not (unit and _is_numeral(written, unit)):
            continue
        # not the dash of a range, nor one with a space behind it
        is_sign = match["sign"] is not None and end != match.start() and start not in gaps
        sign = 0 if not is_sign else -1 if match["sign"] in MINUS else 1
        first = match.start() if is_sign else start
        end = unit_end if unit else match.end()
        yield Number(start, end, first, written, sign, _with_tenths(text, match, value), multiplier, unit)


def _is_numeral(number: str, unit: str) -> bool:
    """Return whether Chinese numerals count here: 三割, 二隻 and 百二十人 do, 一人, 四国 and 八戸 are words."""
    if len(number) > 1 or unit in ("割", "倍", "位"):
        return True
    if number in ("一", "千", "百") or not _counter(unit)[1]:
        return False
    if unit == "人":
        return True
    first, *rest = tokenizer().tokenize(number + unit, SplitMode.C)
    return first.surface() == number and bool(rest) and number + unit != "十分"


def _unit(
    text: str, match: re.Match[str], multiplier: str, gaps: frozenset[int], taken: frozenset[int]
) -> tuple[str, int]:
    """Return the unit and its end, "" where there is none. A rank moves by つ, and writers drop the 円 of money."""
    end = match.end()
    following = range(end + 1, min(end + CHARACTERS, len(text)))
    until = next((position for position in following if position in gaps), len(text))
    before = text[max(0, match.start() - 1) : match.start()]
    if match.start() - 2 in taken or SAID_BEFORE.search(text, 0, match.start()):
        before = ""  # 2030年度の12施設, 目標の12施設
    if unit := unit_at(text[:until], end, before):
        return unit
    if RANK_STEP.match(text, end):
        return "位", end + 1
    if RANKED.search(text, 0, match.start()) and text.startswith(("以内", "入り", "に入"), end):
        return "位", end
    if "." in match.group() and YEARS.match(text, end):
        return "年", end + 1
    is_money = multiplier in ("億", "兆") and MONEY.search(text, max(0, match.start() - 8), match.start())
    return ("円", end) if is_money else ("", end)


def unit_at(text: str, position: int, before: str = "") -> tuple[str, int] | None:
    """Return the unit that begins at a position, in its one spelling, and its end. `before` is what stands in front of
    the number: behind の or a Latin word a noun that is no counter only sums up (A、Bの3都市)."""
    if match := POINTS.match(text, position):
        return "ポイント", match.end()
    if match := PERCENT.match(text, position):
        return "%", match.end()
    if match := TENTHS.match(text, position):
        return "割", match.end()
    if match := LATIN_UNIT.match(text, position):
        return match.group().strip(), match.end()
    if text.startswith("分の", position):
        return None  # 3分の1
    word, is_counter = _counter(text[position : position + CHARACTERS])
    if not word or (not is_counter and NO_NOUN_AFTER.match(before)):
        return None
    end = position + len(word)
    if match := PER_UNIT.match(text, end):
        return word + match.group(), match.end()
    return word, end


@cache
def _counter(following: str) -> tuple[str, bool]:
    """Return the word behind a number that is its unit, "" where there is none, and whether it is a counter. Of a
    longer noun (人 of 人材) it is no part."""
    if not WORD.match(following):
        return "", False
    tokens = [(m.surface(), m.part_of_speech()) for m in tokenizer().tokenize("5" + following, SplitMode.C)]
    if len(tokens) < 2 or tokens[0][0] != "5":
        return "", False
    (unit, kind), *rest = tokens[1:]
    if not _may_count(kind) or NO_UNITS.fullmatch(unit):
        return "", False
    while rest and _continues(rest[0]):
        unit += rest[0][0]
        kind, rest = rest[0][1], rest[1:]
    if NO_UNITS.fullmatch(unit) or not WORD.fullmatch(unit):
        return "", False
    if rest and _is_compound("".join(word for word, _ in rest), rest[0][1]):
        return "", False
    is_counter = kind[0] == "接尾辞" or "助数詞" in kind[2]
    if kind[2] == "サ変可能" and rest and rest[0][1][0] in ("動詞", "接尾辞"):
        return "", False  # 10匿名化された
    if not is_counter and unit[0] in COUNTERS:
        return "", False  # 5人材: as if 5人 went on
    return unit, is_counter


def is_unit(word: str, counters_only: bool = False) -> bool:
    """Return whether a word alone is a unit: of what stands in brackets or in a column of units."""
    if word in LENGTHS:
        return not counters_only
    until = re.match(rf"[{MULTIPLIERS}]*", word)
    rest = word[until.end() :] if until else word
    unit = unit_at(rest, 0)
    if unit is None or unit[1] != len(rest):
        return False
    return not (counters_only and WORD.fullmatch(rest)) or _counter(rest)[1]


def _may_count(kind: tuple[str, ...]) -> bool:
    return (kind[0] == "名詞" and kind[1] == "普通名詞" and kind[2] != "副詞可能") or (
        kind[0] == "接尾辞" and kind[1] == "名詞的" and kind[2] != "副詞可能"
    )


def _continues(word: tuple[str, tuple[str, ...]]) -> bool:
    """Return whether a word goes on with the unit before it: 人+泊, か国+語, 米+ドル."""
    surface, kind = word
    if QUALIFIERS.match(surface):
        return False
    return "助数詞" in kind[2] or surface in ("語", "地域")


def _is_compound(rest: str, kind: tuple[str, ...]) -> bool:
    """Return whether what follows a word makes it part of a longer noun."""
    if QUALIFIERS.match(rest):
        return False
    if kind[0] == "接尾辞":
        return True
    return kind[0] == "名詞" and (kind[1] != "普通名詞" or kind[2] not in ("サ変可能", "副詞可能", "サ変形状詞可能"))


def _with_tenths(text: str, match: re.Match[str], value: float) -> float:
    """3割5分: the value in tenths."""
    tenths = TENTHS.match(text, match.end())
    if tenths is None:
        return value
    return value + scaled(tenths["hundredths"] or "0")[0] / 10 + scaled(tenths["thousandths"] or "0")[0] / 100


def _in_percent(amount: Amount) -> Amount:
    return replace(amount, value=round(amount.value * 10, 9), unit="%") if amount.unit == "割" else amount
