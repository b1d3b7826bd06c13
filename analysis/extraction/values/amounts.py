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
from analysis.extraction.values.words import COMPARED

# Numerals and signs.
SMALL = {"十": 10.0, "百": 1e2, "千": 1e3}
LARGE = {"万": 1e4, "億": 1e8, "兆": 1e12}  # the multipliers that become part of the unit
KANJI_DIGITS = "〇一二三四五六七八九"
DIGITS = r"(?:\d{1,3}(?:,\d{3}){1,5}|\d{1,15}(?!\d))(?:\.\d{1,9})?"
MULTIPLIERS = "".join([*SMALL, *LARGE])
NUMERAL = rf"{DIGITS}(?:[{MULTIPLIERS}]+{DIGITS}(?![\d.]))*[{MULTIPLIERS}]*"
FIRST, NEXT = f"[{KANJI_DIGITS}十百千]", f"[{KANJI_DIGITS}{MULTIPLIERS}]"
# Behind 数 or 何 十 is no number (数十人), behind other nouns 一 none of its own.
KANJI = (
    rf"(?<![一-龥]){FIRST}{NEXT}*|(?<![数何]){FIRST}{NEXT}+|(?<=数)[{KANJI_DIGITS}]{NEXT}+"
    r"|(?<=[一-龥])(?:[二三四五六七八九]|一(?=割))"
)
LONGEST = 40  # characters of a number: 九千九百九十九兆九千九百九十九億… with all its digits has 31
SIGN = r"[▲△▼]|(?<![A-Za-z0-9])[+-]|マイナス|プラス"
NUMBER = re.compile(rf"(?P<sign>{SIGN})?(?:(?<![\d.,A-Za-z])(?P<number>{NUMERAL})|(?P<kanji>{KANJI}))")
MINUS = ("▲", "△", "▼", "-", "マイナス")
PIECE = re.compile(rf"{DIGITS}|[{KANJI_DIGITS}]+|[{MULTIPLIERS}]")
RANGE_WORD = re.compile(r"から|ないし|乃至|~|-")
LOWER, UPPER = "範囲下限", "範囲上限"

# Units that the dictionary does not know.
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
LENGTHS = ("年", "歳", "日", "年間")  # of time, where a head gives them as units
RANK_STEP = re.compile(r"つ(?=順位)")
RANKED = re.compile(r"(?:トップ|上位|ベスト)$")
MONEY = re.compile(r"(?:額|費|収益|売上高?|予算)[はがをも]?約?$")

# Words behind a number, as far as they are its unit.
WORD = re.compile(r"[一-龥々ァ-ヶーかヶケ・]+")
CHARACTERS = 12  # behind a number in which its unit stands
COUNTERS = "人件社校回円位名本点組"  # the commonest; a noun that begins with one is not counted itself
# Nouns behind a number that place it in time or in an order, or count the parts of a text or an argument.
NO_UNITS = re.compile(
    r"年|年度|年代|年間|[かカヵヶ]年|世紀|月|時|期|次|年目|か月目|号|条|項|章|節|部|版|番|番目|ページ|頁|参照|割合|人中|者中|つ"
    r"|代|世代|級|類|年生|学年|歳児|段階|分野|領域|要素|観点|原則|項目|論点|課題|柱|軸|側面|視点|類型|区分|方針|庁|省"
    rf"|目標|実績|現状|現在|見込み?|規模|水準|相当|{COMPARED}"
)
# What may follow a unit as a noun: how exactly it is meant, and what becomes of it.
QUALIFIERS = re.compile(
    rf"{COMPARED}|以降|強|弱|台(?![一-龥])|半ば|規模|水準|相当|分(?![一-龥])|目標|実績|現在|見込"
    r"|ずつ|当たり|あたり|につき|ごと|増|減|達成|維持|確保|満点|比|中(?![一-龥])|のうち"
)
SAID_BEFORE = re.compile(r"(?:目標|実績|現状|計画|累計|合計|平均|[前昨今本]年度?末?)(?:値)?の$")
SUMS_UP = re.compile(r"[のA-Za-z.」』]")  # what stands before the number: A、Bの3都市


@dataclass(frozen=True)
class Amount:
    """A number with its unit, from start to end in the text (its sign included). `sign` is -1 or +1 where one is
    written, else 0; the two ends of a range share a group. `counter` is the unit without its multiplier."""

    start: int
    end: int
    value: float
    multiplier: str
    counter: str
    sign: int = 0
    range_end: str = ""  # LOWER or UPPER
    group: int = 0

    @property
    def unit(self) -> str:
        return self.multiplier + self.counter


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
) -> tuple[list[Amount], list[Amount]]:
    """Return the numbers with units, and those without one. The ends of a range are two amounts, the first with the
    unit of the second. `taken` are positions that belong to dates, `gaps` those that had a space before them."""
    result: list[Amount] = []
    bare: list[Amount] = []
    before: Amount | None = None
    for number in _numbers(text, taken, gaps):
        if before is not None and _is_range(text, before, number):
            (result if before.counter else bare).pop()
            upper = replace(number, start=before.start, sign=0, range_end=UPPER)
            lower = replace(upper, value=_in_unit_of(before, number), range_end=LOWER)
            result += [_in_percent(lower), _in_percent(upper)]
        elif number.counter:
            result.append(_in_percent(number))
        else:
            bare.append(number)
        before = number
    return result, bare


def _is_range(text: str, before: Amount, number: Amount) -> bool:
    """Return whether two numbers are the ends of one range: 7~9か月 or 7か月~9か月, but 7社から9社 is a rise."""
    between = text[before.end : number.start]
    if not number.counter or not RANGE_WORD.fullmatch(between):
        return False
    return not before.counter or (before.counter == number.counter and between != "から")


def _in_unit_of(lower: Amount, upper: Amount) -> float:
    """Return the lower end of a range in the multiplier of the upper, which is its own where it has none: 3~5億円."""
    factor = LARGE.get(upper.multiplier, 1.0)
    return round(lower.value * LARGE.get(lower.multiplier, factor) / factor, 9)


def _in_percent(amount: Amount) -> Amount:
    if amount.counter != "割":
        return amount
    return replace(amount, value=round(amount.value * 10, 9), counter="%")


def _numbers(text: str, taken: frozenset[int], gaps: frozenset[int]) -> Iterator[Amount]:
    """Yield the numbers of a text. Chinese numerals without a unit are words, digits without one numbers all the
    same."""
    end = -1
    for group, match in enumerate(NUMBER.finditer(text)):
        written = match["number"] or match["kanji"]
        start = match.end() - len(written)
        if start in taken or start < end or len(written) > LONGEST:  # a date, or the 5 of 8割5分
            continue
        value, multiplier = scaled(written)
        counter, unit_end = _unit(text, match, multiplier, taken, gaps)
        if match["kanji"] and not (counter and _is_numeral(written, counter)):
            continue
        sign = 0
        if match["sign"] and end != match.start() and start not in gaps:  # a dash of a range is no sign
            sign = -1 if match["sign"] in MINUS else 1
        if tenths := TENTHS.match(text, match.end()):  # 3割5分
            value += scaled(tenths["hundredths"] or "0")[0] / 10 + scaled(tenths["thousandths"] or "0")[0] / 100
        end = unit_end
        start = match.start() if sign and counter else start
        yield Amount(start, end, value * (sign or 1), multiplier, counter, sign, group=group)


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
    text: str, match: re.Match[str], multiplier: str, taken: frozenset[int], gaps: frozenset[int]
) -> tuple[str, int]:
    """Return the unit and its end, "" where there is none. A rank moves by つ, and writers drop the 円 of money."""
    start, end = match.span()
    space = next((position for position in range(end + 1, end + CHARACTERS) if position in gaps), len(text))
    is_own = start - 2 in taken or SAID_BEFORE.search(text, 0, start)  # 2030年度の12施設, 目標の12施設
    if unit := unit_at(text[:space], end, "" if is_own else text[max(0, start - 1) : start]):
        return unit
    if RANK_STEP.match(text, end):
        return "位", end + 1
    if RANKED.search(text, 0, start) and text.startswith(("以内", "入り", "に入"), end):
        return "位", end
    if "." in match.group() and YEARS.match(text, end):
        return "年", end + 1
    is_money = multiplier in ("億", "兆") and MONEY.search(text, max(0, start - 8), start)
    return ("円" if is_money else ""), end


def unit_at(text: str, position: int, before: str = "") -> tuple[str, int] | None:
    """Return the unit that begins at a position, in its one spelling, and its end. `before` is what stands in front of
    the number: behind の or a Latin word a noun that is no counter only sums up (A、Bの3都市)."""
    for pattern, unit in ((POINTS, "ポイント"), (PERCENT, "%"), (TENTHS, "割"), (LATIN_UNIT, "")):
        if match := pattern.match(text, position):
            return unit or match.group().strip(), match.end()
    if text.startswith("分の", position):
        return None  # 3分の1
    word, is_counter = _counter(text[position : position + CHARACTERS])
    if not word or (not is_counter and SUMS_UP.match(before)):
        return None
    end = position + len(word)
    if match := PER_UNIT.match(text, end):
        return word + match.group(), match.end()
    return word, end


def is_unit(word: str, counters_only: bool = False) -> bool:
    """Return whether a word alone is a unit: of what stands in brackets or in a column of units."""
    if word in LENGTHS:
        return not counters_only
    rest = word.lstrip(MULTIPLIERS)
    unit = unit_at(rest, 0)
    if unit is None or unit[1] != len(rest):
        return False
    return not (counters_only and WORD.fullmatch(rest)) or _counter(rest)[1]


@cache
def _counter(following: str) -> tuple[str, bool]:
    """Return the word behind a number that is its unit, "" where there is none, and whether it is a counter. Of a
    longer noun (人 of 人材) it is no part."""
    if not WORD.match(following):
        return "", False
    number, *words = [(m.surface(), m.part_of_speech()) for m in tokenizer().tokenize("5" + following, SplitMode.C)]
    if number[0] != "5" or not words or not _may_count(words[0][1]) or NO_UNITS.fullmatch(words[0][0]):
        return "", False
    unit, kind = words.pop(0)
    while words and _continues(*words[0]):
        surface, kind = words.pop(0)
        unit += surface
    is_counter = kind[0] == "接尾辞" or "助数詞" in kind[2]
    is_verb = kind[2] == "サ変可能" and words and words[0][1][0] in ("動詞", "接尾辞")  # 10匿名化された
    is_longer = words and _is_compound("".join(surface for surface, _ in words), words[0][1])
    begins_longer = not is_counter and unit[0] in COUNTERS  # 5人材: as if 5人 went on
    if NO_UNITS.fullmatch(unit) or not WORD.fullmatch(unit) or is_verb or is_longer or begins_longer:
        return "", False
    return unit, is_counter


def _may_count(kind: tuple[str, ...]) -> bool:
    return kind[:2] in (("名詞", "普通名詞"), ("接尾辞", "名詞的")) and kind[2] != "副詞可能"


def _continues(surface: str, kind: tuple[str, ...]) -> bool:
    """Return whether a word goes on with the unit before it: 人+泊, か国+語, 米+ドル."""
    return not QUALIFIERS.match(surface) and ("助数詞" in kind[2] or surface in ("語", "地域"))


def _is_compound(rest: str, kind: tuple[str, ...]) -> bool:
    """Return whether what follows a word makes it part of a longer noun."""
    if QUALIFIERS.match(rest):
        return False
    if kind[0] == "接尾辞":
        return True
    return kind[0] == "名詞" and (kind[1] != "普通名詞" or kind[2] not in ("サ変可能", "副詞可能", "サ変形状詞可能"))
