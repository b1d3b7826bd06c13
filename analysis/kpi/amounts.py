"""Values, years and growth as people read them, in English and Japanese."""

import math

from analysis.base.i18n import gettext
from analysis.base.i18n import gettext_noop as N_
from analysis.kpi.units import ABOVE, BELOW
from analysis.tables.labels import label

# English counts in thousands: what is written in 億 and 万 is told in billions and millions
ENGLISH = {
    "億円": (0.1, N_("billion yen")),
    "万件": (0.01, N_("million records")),
    "万人": (0.01, N_("million people")),
    "億アクセス": (100.0, N_("million visits")),
    "百億米ドル": (10.0, N_("billion US dollars")),
}
SIGNIFICANT = 4


def shown(value: float, unit: str, language: str) -> float:
    """The value in the multiple that the language counts in."""
    return value * ENGLISH[unit][0] if language == "en" and unit in ENGLISH else value


def unit_shown(unit: str, language: str) -> str:
    """What to call that multiple."""
    if language == "en" and unit in ENGLISH:
        return gettext(ENGLISH[unit][1], language)
    return label("unit", unit, language)


def number(value: float, step: float = 0.0) -> str:
    """Four digits at least, thousands parted: 31,760; 9.455; 0.5; zeros behind the point only as far as they were
    published (`step` is the place of the last digit): 1.0 with a step of 0.1."""
    if not value:
        return "0"
    most = max(0, SIGNIFICANT - 1 - math.floor(math.log10(abs(value))))
    least = min(most, max(0, -math.floor(math.log10(step) + 1e-9))) if step else 0
    text = f"{round(value, most):,.{most}f}"
    while "." in text and text[-1] in "0." and len(text.partition(".")[2]) > least:
        text = text[:-1]
    return text.removesuffix(".").replace("-", "−")


def figure(value: float, unit: str, language: str, comparator: str | None = None, step: float = 0.0) -> str:
    """The number alone, with the sign of a bound: <100; of a rank the place: 4th, 4位."""
    text = number(shown(value, unit, language), shown(step, unit, language))
    if unit == "位":
        return text + "位" if language == "ja" else text + _ordinal(value)
    if unit == "%":
        text += "%"
    sign = ">" if comparator in ABOVE[:1] else "≥" if comparator in ABOVE else ""
    return (sign or ("<" if comparator in BELOW[:1] else "≤" if comparator in BELOW else "")) + text


def amount(value: float, unit: str, language: str, comparator: str | None = None, step: float = 0.0) -> str:
    """The number with its unit: 1.7 trillion yen, 1.7兆円."""
    text = figure(value, unit, language, comparator, step)
    if unit in ("位", "%"):
        return text
    return text + ("" if language == "ja" else " ") + unit_shown(unit, language)


def _ordinal(value: float) -> str:
    return "th" if 10 < value % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(int(value) % 10, "th")


def year(value: float, fiscal: bool, language: str) -> str:
    """2025, FY2025, Jun 2025; 2025年, 2025年度, 2025年6月."""
    whole = math.floor(value + 1e-6)
    month = round((value - whole) * 12) + 1
    if month > 1:
        return f"{whole}年{month}月" if language == "ja" else f"{whole}-{month:02}"
    return gettext("FY{year}", language, year=whole) if fiscal else gettext("{year}", language, year=whole)


def growth(value: float, linear: bool, unit: str, language: str) -> str:
    """Yearly growth with its sign: +12.8%; where it is a difference, +0.5 points, −0.8 places, +3 cases."""
    if not linear:
        return f"{100 * value:+.1f}%".replace("-", "−")
    told = {"%": gettext("points", language), "位": gettext("places", language)}.get(unit, unit_shown(unit, language))
    change = shown(value, unit, language)
    text = number(round(change, 2 if abs(change) < 10 else 1))
    return ("" if text.startswith("−") else "+") + text + ("" if language == "ja" else " ") + told
