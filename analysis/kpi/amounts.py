"""Amounts of indicators: units, how exact a published value is, and values as people read them in both languages."""

import math
from functools import cache

from analysis.base.i18n import gettext
from analysis.base.i18n import gettext_noop as N_
from analysis.tables.labels import label

MULTIPLIERS = {  # the longer ones first
    "千億": 1e11, "百億": 1e10, "十億": 1e9, "千万": 1e7, "百万": 1e6, "十万": 1e5,
    "兆": 1e12, "億": 1e8, "万": 1e4, "千": 1e3,
}  # fmt: skip
# One thing has several counters; figures in any of them are one series.
SAME_UNITS = {"名": "人", "米ドル": "ドル", "ヶ月": "か月", "カ月": "か月", "箇所": "か所", "カ所": "か所"}
MEASURED = ("%", "ポイント", "か月", "倍")  # units of what is measured and not counted: rounded without a multiple, too
ABOUT = ("約", "概ね", "程度", "強", "弱", "半ば")
ABOVE, BELOW = ("超", "以上"), ("未満", "以下", "以内")
BOUNDS = (*ABOVE, *BELOW)  # comparators that tell where a value lies, not what it is
# ≧ and ≦, since the charts' font has no ≥ and ≤
SIGNS = {"超": ">", "以上": "≧", "未満": "<", "以下": "≦", "以内": "≦", **dict.fromkeys(ABOUT, "≈")}
CURRENCIES = {
    "円": N_("yen"), "ドル": N_("US dollars"), "ユーロ": N_("euros"), "元": N_("yuan"), "ウォン": N_("won"),
    "ポンド": N_("pounds"),
}  # fmt: skip
# English counts in thousands: what is written in 億 and 万 is told in billions and millions
ENGLISH = {
    "億円": (0.1, N_("billion yen")),
    "万件": (0.01, N_("million records")),
    "万人": (0.01, N_("million people")),
    "億アクセス": (100.0, N_("million visits")),
    "百億米ドル": (10.0, N_("billion US dollars")),
}
SAID = {
    "以上": N_("{amount} or more"), "超": N_("more than {amount}"), "以内": N_("within {amount}"),
    "以下": N_("{amount} or less"), "未満": N_("less than {amount}"),
    **dict.fromkeys(ABOUT, N_("about {amount}")),
}  # fmt: skip
BETTER = N_("{amount} or better")
LITTLE = 0.01  # of a value: by how much a rounding to its exactness may move it
SIGNIFICANT = 4  # digits of a value that is shown

Interval = tuple[float, float]


@cache
def scale(unit: str) -> tuple[float, str]:
    """Return the size of a unit's multiplier and what is counted: 億円 is (1e8, 円)."""
    for name, size in MULTIPLIERS.items():
        if unit.startswith(name):
            rest = unit.removeprefix(name)
            return size, SAME_UNITS.get(rest, rest)
    return 1.0, SAME_UNITS.get(unit, unit)


def converted(value: float, unit: str, wanted: str) -> float:
    """Return a value in another multiple of the same unit: 17,000 億円 are 1.7 兆円."""
    return float(value * scale(unit)[0] / scale(wanted)[0])


def step(value: float, unit: str, comparator: str | None = None, *, quotient: bool = False) -> float:
    """Return the place of the last published digit, in `unit`: 0.1 for 1.7 兆円, 100 for 3,200 万件, 0 for 2,766 人.

    Zeros at the end are rounding where a multiple or an 約 stands; a plain count is exact, unless it is a quotient (a
    number of people per million).
    """
    size, counted = scale(unit)
    exact = size == 1.0 and comparator not in ABOUT
    if exact and counted not in MEASURED and not quotient:
        return 0.0
    whole, _, decimals = f"{abs(value):.6f}".rstrip("0").partition(".")
    if decimals:
        return float(10.0 ** -len(decimals))
    zeros = 0 if exact or not value else len(whole) - len(whole.rstrip("0"))
    return float(10.0**zeros)


def interval(value: float, step: float, comparator: str | None) -> Interval:
    """Return where the true value can lie: half the last digit either side, a whole one where the text says *about*,
    and no limit on the open side of a bound."""
    if comparator in ABOVE:
        return value, math.inf
    if comparator in BELOW:
        return -math.inf, value
    half = step if comparator in ABOUT else step / 2
    return value - half, value + half


def overlap(one: Interval, other: Interval) -> bool:
    """Return whether two intervals have a value in common, floats' last bits aside."""
    slack = 1e-9 * max(abs(end) for end in (*one, *other) if math.isfinite(end))
    return max(one[0], other[0]) <= min(one[1], other[1]) + slack


# ------------------------------------------------------------------------------------------------ as people read


def shown(value: float, unit: str, language: str) -> float:
    """Return the value in the multiple that the language counts in."""
    return value * ENGLISH[unit][0] if language == "en" and unit in ENGLISH else value


def unit_shown(unit: str, language: str) -> str:
    """Return what the language calls that multiple of the unit."""
    if language == "en" and unit in ENGLISH:
        return gettext(ENGLISH[unit][1], language)
    return label("unit", unit, language)


def number(value: float, step: float = 0.0) -> str:
    """Return a number with four digits at least, thousands parted: 31,760; 9.455; 0.5. Zeros behind the point only as
    far as they were published (`step` is the place of the last digit): 1.0 with a step of 0.1."""
    if not value:
        return "0"
    most = max(0, SIGNIFICANT - 1 - math.floor(math.log10(abs(value))))
    least = min(most, max(0, -math.floor(math.log10(step) + 1e-9))) if step else 0
    most = least if step else most
    if step > 1:  # 33,014.6 to within 34 is 33,010; 32 to within 21 stays what the stated numbers give
        rounded = round(value, -math.floor(math.log10(step)))
        value = rounded if abs(rounded - value) <= LITTLE * abs(value) else value
    text = f"{round(value, most):,.{most}f}"
    while "." in text and text[-1] in "0." and len(text.partition(".")[2]) > least:
        text = text[:-1]
    return text.removesuffix(".").replace("-", "−")


def bare_amount(value: float, unit: str, language: str, comparator: str | None = None, step: float = 0.0) -> str:
    """Return the amount without its unit, with the sign of a bound: <100; a rank as a place: 4th, 4位."""
    text = number(shown(value, unit, language), shown(step, unit, language))
    if unit == "位":
        return text + "位" if language == "ja" else text + _ordinal(value)
    if unit == "%":
        text += "%"
    return SIGNS.get(comparator or "", "") + text


def amount(value: float, unit: str, language: str, comparator: str | None = None, step: float = 0.0) -> str:
    """Return the number with its unit, and the text's own bound or about in words: 1.7 trillion yen, 1.7兆円, 14 months
    or less."""
    text = bare_amount(value, unit, language, step=step)
    if unit not in ("位", "%"):
        text += ("" if language == "ja" else " ") + unit_shown(unit, language)
    said = BETTER if unit == "位" and comparator in BELOW else SAID.get(comparator or "")
    return text if said is None else gettext(said, language, amount=text)


def currency(unit: str, language: str) -> str:
    """Return the currency that a unit counts in, "" where it counts something else."""
    name = CURRENCIES.get(scale(unit)[1])
    return "" if name is None else gettext(name, language)


def _ordinal(value: float) -> str:
    return "th" if 10 < value % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(int(value) % 10, "th")


def year(value: float, fiscal: bool, language: str) -> str:
    """Return a year as read: 2025, FY2025, 2025-06; 2025年, 2025年度, 2025年6月."""
    whole = math.floor(value + 1e-6)
    month = round((value - whole) * 12) + 1
    if month > 1:
        return f"{whole}年{month}月" if language == "ja" else f"{whole}-{month:02}"
    return gettext("FY{year}", language, year=whole) if fiscal else gettext("{year}", language, year=whole)


def growth(value: float, linear: bool, unit: str, language: str) -> str:
    """Return yearly growth with its sign: +12.8%; where it is a difference, +0.5 points, +3 cases.

    Of places it says which way they go: up 0.8 places, 0.8位の上昇.
    """
    if not linear:
        return f"{100 * value:+.1f}%".replace("-", "−")
    differences = {"%": gettext("points", language), "位": gettext("places", language)}
    change = shown(value, unit, language)
    rounded = round(change, 2 if abs(change) < 10 else 1)
    if unit == "位" and rounded:  # a smaller number is a better place
        if language == "ja":
            return f"{number(abs(rounded))}位の{'上昇' if rounded < 0 else '低下'}"
        way = N_("up {places} places") if rounded < 0 else N_("down {places} places")
        return gettext(way, language, places=number(abs(rounded)))
    text = number(rounded)
    return (
        ("" if text.startswith("−") else "+")
        + text
        + ("" if language == "ja" else " ")
        + differences.get(unit, unit_shown(unit, language))
    )
