"""Units and rounding: one value in several multiples, and how exact a published value is."""

import math

MULTIPLIERS = {"百億": 1e10, "百万": 1e6, "兆": 1e12, "億": 1e8, "万": 1e4, "千": 1e3}
# One thing has several counters; figures in any of them are one series.
SAME_UNITS = {"名": "人", "米ドル": "ドル", "ヶ月": "か月", "カ月": "か月", "箇所": "か所", "カ所": "か所"}
MEASURED = ("%", "ポイント", "か月", "倍")  # units of what is measured and not counted: rounded without a multiple, too
ABOUT = ("約", "概ね", "程度", "強", "弱", "半ば")
ABOVE, BELOW = ("超", "以上"), ("未満", "以下", "以内")
BOUNDS = (*ABOVE, *BELOW)  # comparators that tell where a value lies, not what it is

Interval = tuple[float, float]


def scale(unit: str) -> tuple[float, str]:
    """(size of the multiplier, what is counted): 億円 is (1e8, 円)."""
    for name, size in MULTIPLIERS.items():
        if unit.startswith(name):
            rest = unit.removeprefix(name)
            return size, SAME_UNITS.get(rest, rest)
    return 1.0, SAME_UNITS.get(unit, unit)


def converted(value: float, unit: str, wanted: str) -> float:
    """A value in another multiple of the same unit: 17,000 億円 are 1.7 兆円."""
    return float(value * scale(unit)[0] / scale(wanted)[0])


def step(value: float, unit: str, comparator: str | None = None) -> float:
    """The place of the last published digit, in `unit`: 0.1 for 1.7 兆円, 100 for 3,200 万件, 0 for 2,766 人.

    Zeros at the end are rounding where a multiple or an 約 stands; a plain count is exact.
    """
    size, counted = scale(unit)
    about = comparator in ABOUT
    if counted not in MEASURED and size == 1.0 and not about:
        return 0.0
    return _last_digit(value, zeros_too=size == 1.0 and not about)


def _last_digit(value: float, zeros_too: bool) -> float:
    digits = f"{abs(value):.6f}".rstrip("0")
    whole, _, decimals = digits.partition(".")
    if decimals:
        return float(10.0 ** -len(decimals))
    if zeros_too or not float(value):
        return 1.0
    return float(10.0 ** (len(whole) - len(whole.rstrip("0"))))


def interval(value: float, step: float, comparator: str | None) -> Interval:
    """Where the true value can lie: half the last digit either side, a whole one where the text says *about*, and
    no limit on the open side of a bound."""
    if comparator in ABOVE:
        return value, math.inf
    if comparator in BELOW:
        return -math.inf, value
    half = step if comparator in ABOUT else step / 2
    return value - half, value + half


def overlap(one: Interval, other: Interval) -> bool:
    """Whether two intervals have a value in common, floats' last bits aside."""
    slack = 1e-9 * max(abs(end) for end in (*one, *other) if math.isfinite(end))
    return max(one[0], other[0]) <= min(one[1], other[1]) + slack
