"""Amounts: numbers with a unit, in the largest of 兆, 億 and 万 that they are written with.

Only a number with a known unit is an amount, since a bare number may be a section, a year or a code (G7). The units
are counters and measures of Japanese at large, not those of one document.
"""

import re
from dataclasses import dataclass, replace

MULTIPLIERS = {"兆": 1e12, "億": 1e8, "万": 1e4, "千": 1e3, "百": 1e2}
LARGE = "兆億万"  # the multipliers that become part of the unit
NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
NUMERAL = rf"{NUMBER}(?:[兆億万千百]{{1,3}}{NUMBER})*(?:[兆億万千百]{{1,3}})?"
# Units, each with what must not follow it, since the same sign begins other words (人 in 人材, 件 in 件名).
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
RANK_STEP = re.compile(r"つ(?=順位)")
MONEY = re.compile(r"(?:額|費|収益|売上高?|予算)[はがをも]?約?$")
RANGE_SIGN = re.compile(r"から|ないし|~|-")
LOWER, UPPER = "範囲下限", "範囲上限"


@dataclass(frozen=True)
class Amount:
    start: int
    end: int
    value: float
    unit: str
    rank: str = ""  # LOWER or UPPER
    group: int = 0  # the two ends of a range share a group

    @property
    def counter(self) -> str:
        """The unit without its multiplier."""
        return self.unit.lstrip(LARGE)


def scaled(number: str) -> tuple[float, str]:
    """The value in its largest multiplier of 兆, 億 and 万, and that multiplier's name."""
    total, largest = 0.0, ""
    for digits, signs in GROUP.findall(number):
        factor = 1.0
        for sign in signs:
            factor *= MULTIPLIERS[sign]
            if sign in LARGE and MULTIPLIERS[sign] > MULTIPLIERS.get(largest, 1.0):
                largest = sign
        total += float(digits.replace(",", "")) * factor
    return round(total / MULTIPLIERS.get(largest, 1.0), 9), largest


def amounts(text: str) -> list[Amount]:
    """Numbers with units; the ends of a range as two amounts, the first with the unit of the second."""
    found: list[Amount] = []
    before: re.Match[str] | None = None
    for group, match in enumerate(AMOUNT.finditer(text)):
        value, multiplier = scaled(match["number"])
        if unit := _unit(text, match, multiplier):
            start, lower = match.start(), None
            sign = text[before.end() : start] if before is not None else ""
            if before is not None and RANGE_SIGN.fullmatch(sign):
                if before["unit"] is None:  # 7~9か月
                    start, lower = before.start(), _lower(before["number"], multiplier)
                elif before["unit"] == unit and sign != "から":  # 7か月~9か月, but 7社から9社 is a rise
                    start, lower = found[-1].start, found.pop().value
            if lower is not None:
                found.append(Amount(start, match.end(), lower, multiplier + unit, LOWER, group))
            rank = "" if lower is None else UPPER
            found.append(Amount(start, match.end(), value, multiplier + unit, rank, group))
        before = match
    return [_in_percent(amount) for amount in found]


def _unit(text: str, match: re.Match[str], multiplier: str) -> str:
    """The unit of a number as written, or what it must be: a rank moves by つ, and writers drop the 円 of money."""
    if match["unit"]:
        return match["unit"]
    if RANK_STEP.match(text, match.end()):
        return "位"
    is_money = multiplier in ("億", "兆") and MONEY.search(text, max(0, match.start() - 8), match.start())
    return "円" if is_money else ""


def _lower(number: str, multiplier: str) -> float:
    """The lower end of a range in the multiplier of its upper end, which 3~5億円 names only once."""
    value, own = scaled(number)
    return value if not own else round(value * MULTIPLIERS[own] / MULTIPLIERS.get(multiplier, 1.0), 9)


def _in_percent(amount: Amount) -> Amount:
    if amount.unit == "割":
        return replace(amount, value=round(amount.value * 10, 9), unit="%")
    return replace(amount, unit="%") if amount.unit == "パーセント" else amount
