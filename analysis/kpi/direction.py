"""Where an indicator goes, target or not: its yearly growth against fixed bounds, by the method of Statistics Canada.

Open SDG, Progress Measurement Methodology, "Indicators without quantitative targets": compound growth a year from the
first to the latest value, signed by the wished direction, of 1.5 % and more, of 0.5 % to 1.5 %, of less, or below 0.
Where the value has a limit (a share of 100 %, a rank of 1) the bounds shrink near it. docs/kpi.md says where we differ.
"""

import math

from analysis.kpi.amounts import ABOVE, BELOW, scale, step
from analysis.kpi.points import Point, growth_holds
from analysis.kpi.register import Indicator

IMPROVING, MODERATE = 0.015, 0.005  # growth a year
CLOSENESS = 4.44  # the method's exponent: how fast the bounds shrink near a limit
LAST_BITS = 1e-12  # of a float: 1.015 − 1 is a little less than 0.015
NOTHING = 0.001  # what the method puts for a first value of 0, which has no growth rate


def direction(indicator: Indicator, first: Point | None, last: Point | None) -> tuple[str | None, bool]:
    """Return improving, moderate, stagnant or deteriorating, and whether rounding leaves it so; None where two dated
    values are missing, where neither way is wished, or where values below 0 have no growth rate. What the text calls
    level (横ばい) is stagnant: whoever wrote it knew the values before they were rounded."""
    if indicator.direction == "watch" or first is None or last is None or last.at <= first.at:
        return None, True
    if min(first.value, last.value) < 0:
        return None, True
    years = last.at - first.at
    if last.growth is not None and growth_holds(first, last):  # stated from unrounded values
        half = step(last.growth, "%") / 200
        rates = [(last.growth / 100 + side, first.value) for side in (0.0, -half, half)]
    else:
        rates = [(growth(first.value, last.value, years), first.value)]
        rates += [(growth(start, end, years), start) for start in _ends(first) for end in _ends(last)]
    best, *corners = (_grade(indicator, rate, start) for rate, start in rates)
    grade = "stagnant" if last.steady else best
    return grade, set(corners) == {grade}


def trend(first: Point | None, last: Point | None) -> str | None:
    """Return whether a value rose, fell or stayed level (flat): by less than half a percent a year, by less than its
    published digits tell, or in the text's own word. Growth that the text states says more than the digits. None
    without values of two times."""
    if first is None or last is None or last.at <= first.at:
        return None
    if last.growth is not None and growth_holds(first, last) and not last.steady:
        return "flat" if abs(last.growth) < 100 * MODERATE else "up" if last.growth > 0 else "down"
    if last.steady or abs(last.value - first.value) <= (first.step + last.step) / 2 * (1 - 1e-9):
        return "flat"
    if min(first.value, last.value) > 0 and abs(growth(first.value, last.value, last.at - first.at)) < MODERATE:
        return "flat"
    return "up" if last.value > first.value else "down" if last.value < first.value else "flat"


def growth(start: float, end: float, years: float) -> float:
    """Return the compound growth a year, 0.05 for 5 %."""
    return float(((end or 0.0) / (start or NOTHING)) ** (1 / years) - 1)


def near_limit(value: float, limit: float) -> float:
    """Return the factor from 0 to 1 by which the bounds shrink for a first value near its limit."""
    if value >= 2 * limit:
        return 1.0
    near = value if value <= limit else 2 * limit - value
    return float(1 - (near / limit) ** CLOSENESS)


def limit_of(indicator: Indicator) -> float | None:
    """Return the value that cannot be passed on the wished way: 100 % of a share, the first rank."""
    counted = scale(indicator.unit)[1]
    if counted == "位" and indicator.direction == "down":
        return 1.0
    return 100.0 if counted == "%" and indicator.nature == "level" and indicator.direction == "up" else None


def _ends(point: Point) -> tuple[float, float]:
    """Return the lowest and the highest value that rounding and bounds (more than, less than) allow."""
    if point.comparator in BELOW:
        return 0.0, point.value
    return (point.value, math.inf) if point.comparator in ABOVE else (max(point.ends()[0], 0.0), point.ends()[1])


def _grade(indicator: Indicator, rate: float, start: float) -> str:
    signed = rate * (-1 if indicator.direction == "down" else 1)
    limit = limit_of(indicator)
    factor = 1.0 if limit is None else near_limit(start, limit)
    signed += LAST_BITS
    if signed < 0:
        return "deteriorating"
    if signed >= IMPROVING * factor:
        return "improving"
    return "moderate" if signed >= MODERATE * factor else "stagnant"
