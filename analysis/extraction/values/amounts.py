"""Amounts: numbers with a unit, and which of them measure something.

Only a number with a known unit is an amount, since a bare number may be a section, a year or a code (G7). The units
are counters and measures of Japanese at large. Its value is that in the largest of 兆, 億 and 万 that is written. Many
amounts say nothing about how far something has come: ordinals, denominators, thresholds, sample sizes, exchange rates,
parts of names. What tells them from figures is the word beside them.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from analysis.extraction.values.running_text import PREDICATE, RunningText

MULTIPLIERS = {"兆": 1e12, "億": 1e8, "万": 1e4, "千": 1e3, "百": 1e2}
LARGE = "兆億万"  # the multipliers that become part of the unit
NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
NUMERAL = rf"{NUMBER}(?:[兆億万千百]{{1,3}}{NUMBER})*(?:[兆億万千百]{{1,3}})?"
# Units, each with the characters that must not follow it, since it also begins other words (人 in 人材, 件 in 件名).
UNITS = {
    "%": "", "パーセント": "", "割": "合当引り", "ポイント": "", "円": "滑卓安高建", "米ドル": "", "ドル": "",
    "ユーロ": "", "元": "", "ウォン": "", "人": "材間物工権口格為気", "名": "称前目作義古", "者": "",
    "社": "会内員長団名外", "件": "目名", "校": "内長舎", "回": "線目避答復転路収", "位": "置相", "倍": "率",
    "か月": "", "ヶ月": "", "カ月": "", "ヵ月": "", "ケ月": "", "箇月": "", "アクセス": "", "か所": "", "箇所": "",
    "カ所": "", "ヶ所": "", "か国・地域": "", "か国": "", "カ国": "", "ヶ国": "", "機関": "", "団体": "", "拠点": "",
    "施設": "", "店舗": "", "店": "", "品種": "", "作品": "", "冊": "", "点": "検目在線", "本": "部質人社格来体邦柱",
    "台": "頭湾", "隻": "", "戸": "", "世帯": "", "トン": "", "ヘクタール": "", "ha": "", "時間": "", "事業者": "",
    "企業": "", "大学": "", "自治体": "", "市町村": "", "都道府県": "", "人泊": "", "泊": "", "組": "織合",
    "か国語": "", "言語": "",
}  # fmt: skip
UNIT = "|".join(
    re.escape(unit) + (f"(?![{following}])" if following else "")
    for unit, following in sorted(UNITS.items(), key=lambda item: -len(item[0]))
)
AMOUNT = re.compile(rf"(?<![\d.,A-Za-z])(?P<number>{NUMERAL})(?P<unit>{UNIT})?")
AMOUNT_WITH_UNIT = re.compile(rf"(?<![\d.,A-Za-z]){NUMERAL}(?:{UNIT})(?!当たり|あたり)")
GROUP = re.compile(rf"({NUMBER})([兆億万千百]*)")
PERCENT = {"パーセント": 1, "割": 10}
RANK_STEP = re.compile(r"つ(?=順位)")
MONEY = re.compile(r"(?:額|費|収益|売上高?|予算)[はがをも]?約?$")
RANGE_WORD = re.compile(r"から|ないし|~|-")
LOWER, UPPER = "範囲下限", "範囲上限"
COMPARED = "以上|以下|以内|未満|超|程度|前後"  # words behind an amount that say how exactly it is meant

NOT_BEFORE = ("第", "=", "/")
NOT_AFTER = re.compile(r"当たり|あたり|につき|=|の柱|で構成|から[成な]る")
BEST_PART = ("上位", "トップ")
WHOLE = re.compile(r"(?:\([^()]*\))?のうち")
SAMPLE = re.compile(r"(?:の[^、。は]{0,15}?(?:調査|アンケート)|を対象と(?:した|する)[^、。]{0,10}(?:調査|アンケート))")
THRESHOLD = re.compile(
    r"(?:以上|以下|以内|未満|超|を超える|を上回る|を下回る)[^、。はがを]{0,20}?(?:割合|比率|件数|者数|社数|人数|シェア)[はがをもの]"
)
LISTED = re.compile(r"(?:\([^()]*\))?、[^、。はがをに]{0,12}")
AMOUNT_REST = re.compile(rf"(?:{COMPARED}|強|弱|台|増加?|減少?|上昇|低下|達成|維持)+$")


@dataclass(frozen=True)
class Amount:
    """A number with its unit, from start to end in the text; the two ends of a range share a group."""

    start: int
    end: int
    value: float
    unit: str
    range_end: str = ""  # LOWER or UPPER
    group: int = 0

    @property
    def counter(self) -> str:
        """The unit without its multiplier."""
        return self.unit.lstrip(LARGE)


def scaled(number: str) -> tuple[float, str]:
    """Return the value in its largest multiplier of 兆, 億 and 万, and that multiplier's name."""
    total, largest = 0.0, ""
    for digits, multipliers in GROUP.findall(number):
        factor = 1.0
        for name in multipliers:
            factor *= MULTIPLIERS[name]
            if name in LARGE and MULTIPLIERS[name] > MULTIPLIERS.get(largest, 1.0):
                largest = name
        total += float(digits.replace(",", "")) * factor
    return round(total / MULTIPLIERS.get(largest, 1.0), 9), largest


def amounts(text: str) -> list[Amount]:
    """Return the numbers with units; the ends of a range as two amounts, the first with the unit of the second."""
    result: list[Amount] = []
    before: re.Match[str] | None = None
    for group, match in enumerate(AMOUNT.finditer(text)):
        value, multiplier = scaled(match["number"])
        if unit := _unit(text, match, multiplier):
            start, lower = match.start(), None
            between = text[before.end() : start] if before is not None else ""
            if before is not None and RANGE_WORD.fullmatch(between):
                if before["unit"] is None:  # 7~9か月
                    start, lower = before.start(), _lower(before["number"], multiplier)
                elif before["unit"] == unit and between != "から":  # 7か月~9か月, but 7社から9社 is a rise
                    start, lower = result[-1].start, result.pop().value
            ends = [(value, "")] if lower is None else [(lower, LOWER), (value, UPPER)]
            result += [Amount(start, match.end(), end, multiplier + unit, name, group) for end, name in ends]
        before = match
    return [_in_percent(amount) for amount in result]


def _unit(text: str, match: re.Match[str], multiplier: str) -> str:
    """Return the unit as written, or what it must be: a rank moves by つ, and writers drop the 円 of money."""
    if match["unit"]:
        return match["unit"]
    if RANK_STEP.match(text, match.end()):
        return "位"
    is_money = multiplier in ("億", "兆") and MONEY.search(text, max(0, match.start() - 8), match.start())
    return "円" if is_money else ""


def _lower(number: str, multiplier: str) -> float:
    """Return the lower end of a range in the multiplier of its upper end, which 3~5億円 names only once."""
    value, own = scaled(number)
    return value if not own else round(value * MULTIPLIERS[own] / MULTIPLIERS.get(multiplier, 1.0), 9)


def _in_percent(amount: Amount) -> Amount:
    factor = PERCENT.get(amount.unit)
    return replace(amount, value=round(amount.value * factor, 9), unit="%") if factor else amount


# -------------------------------------------------------------------------------------- which measure something


def measuring(running: RunningText, every: tuple[Amount, ...]) -> list[Amount]:
    """Return those of a text's amounts that measure something."""
    listed = _in_lists(running.text, every)
    return [amount for i, amount in enumerate(every) if not listed[i] and not _measures_nothing(running, amount)]


def _measures_nothing(running: RunningText, amount: Amount) -> bool:
    """Return whether an amount is no figure: an ordinal, a denominator (人口100万人当たり), a way to pick the best
    (上位10%に入る), the whole of which a part follows (6兆円のうち), the threshold in an indicator's own name
    (1億円以上となる件数は), or part of a title."""
    before = running.text[max(0, amount.start - 8) : amount.start]
    if before.endswith(NOT_BEFORE) or (before.endswith(BEST_PART) and amount.unit != "位"):
        return True
    after = running.text[amount.end : amount.end + 60]
    return any(words.match(after) for words in (NOT_AFTER, WHOLE, THRESHOLD)) or _in_title(running, amount)


def _in_title(running: RunningText, amount: Amount) -> bool:
    """Return whether the number is part of a name in quotation marks: more of a noun follows it up to the closing
    mark."""
    quotes = [b for b in running.brackets if b.quote and b.start < amount.start < b.end]
    if not quotes or PREDICATE.search(running.text, quotes[-1].start, quotes[-1].end):
        return False
    rest = running.text[amount.end : quotes[-1].end]
    return bool(rest) and not AMOUNT_REST.match(rest)


def _in_lists(text: str, every: tuple[Amount, ...]) -> list[bool]:
    """Return of each amount whether it is a sample size or an exchange rate, alone or in a list of them: of 企業100者、
    大学20者を対象とした調査 only the last stands beside the word that tells, but a list is one thing."""
    listed = [text[a.start - 1 : a.start] == "=" or SAMPLE.match(text, a.end) is not None for a in every]
    joined = [LISTED.fullmatch(text, a.end, b.start) is not None for a, b in pairwise(every)]
    for i, in_one_list in enumerate(joined):
        listed[i + 1] |= in_one_list and listed[i]
    for i, in_one_list in reversed(list(enumerate(joined))):
        listed[i] |= in_one_list and listed[i + 1]
    return listed
