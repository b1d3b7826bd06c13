"""Which period a figure belongs to.

The order is that of closeness: a period in brackets right behind the figure, then the last one before it in its own
sentence that does not speak of a comparison or an origin, then the year in the title of the report that is quoted,
then the period of the whole that the figure is a part of. A target's year may also follow it.
"""

import re

from analysis.extraction.values.amounts import AMOUNT, Amount
from analysis.extraction.values.exclusions import WHOLE
from analysis.extraction.values.passage import Passage, Spot
from analysis.extraction.values.periods import Period
from analysis.extraction.values.running import Bracket

PASSIVE = ("base", "since", "event")  # roles of periods that no figure is measured in
RUN = re.compile(r"(\d{1,2})年連続[^、。\d]{0,10}$")
BARE_PERIOD = re.compile(r"(?:末|時点|現在|実績|調査|平均|累計|速報|値|の|[()])*$")
BEHIND_AMOUNT = re.compile(r"(?:以上|以内|以下|未満|超|程度|前後|を維持)*\(")
REPORT_YEAR = re.compile(r"「[^「」]*?((?:19|20)\d{2})」(?:\([^()]*\))?(?:に(?:おいて|よる|よれ)|で)")
PLANS = re.compile(r"計画|戦略|方針|プラン|ビジョン|パッケージ|ロードマップ")


def governing(passage: Passage, spot: Spot) -> Period | None:
    """The period that a figure belongs to."""
    if (behind := _bracket_behind(passage, spot.amount)) is not None:
        return behind
    running, sentences = passage.running, [(spot.level, spot.start)]
    if running.in_bracket(spot.level):
        outer = running.outside(spot.level)
        sentences.append((outer, running.sentence(running.brackets[spot.level].start, outer)[0]))
    for level, start in sentences:
        if (before := _last_before(passage, spot.amount, level, start)) is not None:
            return before
    if match := report(passage, spot):
        return Period(match.start(1), match.end(1), match[1], int(match[1]), False, "topic", -1)
    return _whole_period(passage, spot)


def _bracket_behind(passage: Passage, amount: Amount) -> Period | None:
    """52%(2025年度): the period alone in brackets behind a figure, its comparator between them or not."""
    match = BEHIND_AMOUNT.match(passage.text, amount.end)
    behind = [b for b in passage.running.brackets if match is not None and b.start == match.end() - 1]
    return alone_in(passage, behind[0]) if behind else None


def alone_in(passage: Passage, bracket: Bracket) -> Period | None:
    """The period that a bracket holds and nothing else, but 時点 and the like."""
    inside = [p for p in passage.periods if bracket.start < p.start and p.end <= bracket.end]
    if len(inside) != 1 or inside[0].start != bracket.start + 1:
        return None
    return inside[0] if BARE_PERIOD.match(passage.text, inside[0].end, bracket.end) else None


def _last_before(passage: Passage, amount: Amount, level: int, start: int) -> Period | None:
    """The last period before a figure that it can be measured in; 前年の belongs to the next amount alone."""
    for period in reversed(passage.times(start, amount.start, level)):
        taken = period.role == "bound" and AMOUNT.search(passage.text, period.end, amount.start)
        if period.role not in PASSIVE and not taken:
            return period
    return None


def report(passage: Passage, spot: Spot) -> re.Match[str] | None:
    """「世界競争力指数 2025」において: a report or ranking bears the year of its figures, a plan does not."""
    named = REPORT_YEAR.finditer(passage.text, spot.sentence, spot.amount.start)
    reports = [match for match in named if not PLANS.search(match.group())]
    return reports[-1] if reports else None


def _whole_period(passage: Passage, spot: Spot) -> Period | None:
    """6兆円(2024年)のうち、xが3兆円: a part has the period of its whole."""
    before = [a for a in passage.amounts if spot.sentence <= a.start < spot.amount.start]
    whole = [amount for amount in before if WHOLE.match(passage.text, amount.end)]
    return _bracket_behind(passage, whole[-1]) if whole else None


def deadline_after(passage: Passage, spot: Spot) -> Period | None:
    """50%を2030年までに達成する: a target's year can follow it."""
    following = passage.times(spot.amount.end, spot.end, spot.level)
    return next((period for period in following if period.role == "deadline"), None)


def period_name(passage: Passage, spot: Spot, period: Period | None, nature: str) -> str | None:
    """The period's name; a run of years or a change since an earlier year is a span that ends in the period."""
    if period is None or period.year is None:
        return None if period is None else period.name
    amount = spot.amount
    if run := RUN.search(passage.text, max(spot.start, amount.start - 20), amount.start):
        return _span(period.year - int(run[1]) + 1, period)
    base = _base(passage, spot)
    if nature == "level" or period.role == "deadline" or base is None or base.year is None:
        return period.name
    # A rate against the year before is that year's; a difference of two named values, or against an older year,
    # covers the years between.
    least = 1 if amount.unit.endswith(("位", "ポイント")) else 2
    return _span(base.year, period) if period.year - base.year >= least else period.name


def _span(first: int, period: Period) -> str:
    return f"{first}-{period.year}" + ("年度" if period.fiscal else "")


def _base(passage: Passage, spot: Spot) -> Period | None:
    """The year that a change is measured from: the last base or bound period before the figure. 前年比 is none
    of these, since it always means the year before."""
    before = passage.times(spot.start, spot.amount.start, spot.level)
    bases = [p for p in before if p.role == "bound" or (p.role == "base" and not passage.text.startswith("比", p.end))]
    return bases[-1] if bases else None
