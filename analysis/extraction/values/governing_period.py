"""Which period a figure belongs to.

The order is that of closeness: a period in brackets right behind the figure, then the last one before it in its own
sentence that does not speak of a comparison or an origin, then the year in the title of the report that is quoted,
then the period of the whole that the figure is a part of. A target's year may also follow it. A date that belongs to
the starting point in front of it (2030年度の412人から, 412人(2030年度)→) is not that of what comes of it.
"""

import re
from itertools import pairwise

from analysis.extraction.values.amounts import Amount
from analysis.extraction.values.asides import PLANS
from analysis.extraction.values.labels import ARROW, BESIDE
from analysis.extraction.values.passage import Mention, Passage
from analysis.extraction.values.periods import WESTERN, Period, span_name
from analysis.extraction.values.refusals import WHOLE
from analysis.extraction.values.running_text import Bracket
from analysis.extraction.values.words import BRACKET

NOT_MEASURED_IN = ("base", "since", "event")  # roles of periods that no figure is measured in
ORIGIN = re.compile(  # behind a starting point
    rf"{BRACKET}(?:から|(?:である|であった|の)?ところ、"
    r"|(?:に対し|に比べ|に比し|と比べ|と比較し)て?、?約?[\d.]+(?:%|割|倍|ポイント))"
)
DATE_OF_BRACKET = re.compile(r"(?:実績|時点|末|の?比|現在)?")
RESPECTIVELY = re.compile(r"それぞれ|順に")
COORDINATED = re.compile(r"、|及び|と|並びに|および|・")
EVENT_COUNTED = re.compile(
    r"に[^、。は\d]{0,24}?(?:した|された|なった|いた|った)[^、。はがもの\d]{1,24}[はがも]、?(?:合計|延べ|約|計|全部で)*$"
)
REPORT_YEAR = re.compile(rf"「[^「」]*?({WESTERN})」{BRACKET}(?:に(?:おいて|よる|よれ)|で)")
RUN_OF_YEARS = re.compile(r"(\d{1,2})年連続[^、。\d]{0,10}$")
SPAN_NAME = re.compile(r"(?P<first>\d{4})-\d{4}")
MONTH_NAME = re.compile(r"\d{4}-(\d{2})(?!\d)")
COMPARED_WITH = re.compile(rf"{BRACKET}の?比")


def governing_period(passage: Passage, mention: Mention) -> tuple[Period | None, str]:
    """Return the period that a figure belongs to, and where it stands: behind, before, report, whole …"""
    running, level = passage.running, mention.level
    if (behind := passage.asides.behind.get(mention.amount.start)) is not None:
        return behind, "behind"
    sentences = [(level, mention.start)]
    if running.is_aside(level):
        if (dated := _in_aside(passage, mention)) is not None:
            return dated
        outer = running.outer_level(level)
        sentences.append((outer, running.sentence(running.brackets[level].start, outer)[0]))
    if (date := _respective(passage, mention)) is not None:
        return date, "respectively"
    for level, start in sentences:
        if (date := _event_of(passage, mention.amount, level, start)) is not None:
            return date, "event"
        if (date := _last_before(passage, mention.amount, level, start)) is not None:
            return date, "before"
    if match := cited_report(passage, mention):
        return Period(match.start(1), match.end(1), -1, match[1], int(match[1])), "report"
    # 6兆円(2024年)のうち、xが3兆円: a part has the period of its whole.
    before = passage.amounts_between(mention.sentence, mention.amount.start)
    wholes = [amount for amount in before if WHOLE.match(passage.text, amount.end)]
    return passage.asides.behind.get(wholes[-1].start) if wholes else None, "whole"


def _in_aside(passage: Passage, mention: Mention) -> tuple[Period, str] | None:
    """Return the period of a figure in brackets: its own, that in front of the brackets, or that of the figure which
    the brackets belong to."""
    bracket = passage.running.brackets[mention.level]
    own = _last_before(passage, mention.amount, mention.level, mention.start)
    if (in_front := _in_front(passage, bracket)) is not None:
        return (own, "before") if own else (in_front, "date in front")
    at_end = passage.asides.dated.get(bracket.start)
    if own is None and at_end is not None and at_end.start > mention.amount.start:
        return at_end, "whole"
    owner = next((a for a in passage.amounts if 0 <= bracket.start - a.end <= BESIDE), None)
    shared = passage.asides.behind.get(owner.start) if owner else None
    return (own or shared, "whole") if shared else None


def _in_front(passage: Passage, bracket: Bracket) -> Period | None:
    """Return the period right in front of a bracket: 2030年度(412人)に比べ, 2030年度比(412人)で."""
    before = passage.periods_between(0, bracket.start, passage.running.levels[bracket.start])
    return before[-1] if before and DATE_OF_BRACKET.fullmatch(passage.text, before[-1].end, bracket.start) else None


def behind_base(passage: Passage, level: int) -> bool:
    """Return whether a bracket gives the value of the year in front of it that something is compared with."""
    period = _in_front(passage, passage.running.brackets[level])
    return period is not None and period.role == "base"


def _event_of(passage: Passage, amount: Amount, level: int, start: int) -> Period | None:
    """2030年度に改修した建物は86棟: return the date of what the counted things went through."""
    events = [p for p in passage.periods_between(start, amount.start, level) if p.role == "event"]
    return events[-1] if events and EVENT_COUNTED.match(passage.text[events[-1].end : amount.start]) else None


def _last_before(passage: Passage, amount: Amount, level: int, start: int) -> Period | None:
    """Return the last period before a figure that it can be measured in; 前年の belongs to the next amount alone, and
    the date of a starting point or of what an arrow begins at to that alone."""
    dates = passage.periods_between(start, amount.start, level)
    dates += [p for p in passage.asides.of_names if p.level == level and start <= p.start and p.end <= amount.start]
    for period in sorted(dates, key=lambda p: -p.start):
        between = passage.amounts_between(period.end, amount.start)
        if period.role in NOT_MEASURED_IN or (period.role == "attached" and between):
            continue
        if not _leads_away(passage, period, between, amount):
            return period
    return None


def _leads_away(passage: Passage, period: Period, between: list[Amount], amount: Amount) -> bool:
    """Return whether a date belongs to a starting point that stands between it and the figure."""
    if period.role == "deadline":
        return False
    if any(ORIGIN.match(passage.text, a.end) and a.group != amount.group for a in between):
        return True
    label = passage.bound.get(amount.start)
    is_seen = label is not None and label.kind == "observation"  # 目標40%→実績33.8%: both of that year
    return not is_seen and ARROW.search(passage.text, period.end, amount.start) is not None


def _respective(passage: Passage, mention: Mention) -> Period | None:
    """2029年度及び2030年度の件数は、それぞれ128件、151件: the figures take the dates in their order."""
    words = list(RESPECTIVELY.finditer(passage.text, mention.start, mention.amount.start))
    if not words:
        return None
    position = words[-1].start()
    dates = [p for p in passage.periods_between(mention.start, position, mention.level) if p.role == "topic"]
    groups = {a.group for a in passage.amounts_between(position, mention.amount.start + 1)}
    joined = [COORDINATED.fullmatch(passage.text, a.end, b.start) for a, b in pairwise(dates)]
    if len(dates) < 2 or not all(joined) or len(groups) > len(dates):
        return None
    return dates[len(groups) - 1]


def cited_report(passage: Passage, mention: Mention) -> re.Match[str] | None:
    """「世界競争力指数 2025」において: a report or ranking bears the year of its figures, a plan does not."""
    named = REPORT_YEAR.finditer(passage.text, mention.sentence, mention.amount.start)
    reports = [match for match in named if not PLANS.search(match.group())]
    return reports[-1] if reports else None


def deadline_after(passage: Passage, mention: Mention) -> Period | None:
    """50%を2030年までに達成する: a target's year can follow it."""
    following = passage.periods_between(mention.amount.end, mention.end, mention.level)
    if (deadline := next((p for p in following if p.role == "deadline"), None)) is not None:
        return deadline
    nearest = next((a.start for a in passage.amounts if a.start >= mention.amount.end), mention.end)
    ahead = [p for p in following if p.role == "topic" and passage.is_ahead(p)]
    return next((p for p in ahead if p.end <= nearest), None)


def period_name(passage: Passage, mention: Mention, period: Period | None, nature: str) -> str | None:
    """Return the period's name; a run of years or a change since an earlier year is a span that ends in the period."""
    if period is None or period.year is None:
        return period.name if period else None
    amount = mention.amount
    if run := RUN_OF_YEARS.search(passage.text, max(mention.start, amount.start - 20), amount.start):
        return span_name(period.year - int(run[1]) + 1, period.year, period.fiscal)
    base = _base(passage, mention)
    if nature == "level" or period.role == "deadline" or passage.is_ahead(period) or not (base and base.year):
        return period.name
    # A rate against the year before is that year's; a difference of two named values, or against an older year,
    # covers the years between.
    least = 1 if amount.unit.endswith(("位", "ポイント")) and base.role == "attached" else 2
    return span_name(base.year, period.year, period.fiscal) if period.year - base.year >= least else period.name


def compared_period(passage: Passage, mention: Mention, own: str) -> str | None:
    """Return the name of the period that a change or rate compares its `own` period with: 2023 of 2024年は前年比6%増,
    2024-06 of 2025年6月は前年同月比290人増, 2020 of 2020-2025; None where the text names none."""
    if span := SPAN_NAME.match(own):
        return span["first"] + ("年度" if own.endswith("年度") else "")
    start = passage.running.sentence(mention.amount.start, mention.level)[0]
    for base in reversed(passage.periods_between(start, mention.amount.start, mention.level)):
        if base.role not in ("base", "attached") or base.year is None:
            continue
        between = passage.amounts_between(base.end, mention.amount.start)
        if between and not RESPECTIVELY.search(passage.text, base.end, between[0].start):
            return None
        month = MONTH_NAME.match(own) if passage.text.startswith("同月", base.end) else None
        return f"{base.year}-{month[1]}" if month else base.name
    return None


def _base(passage: Passage, mention: Mention) -> Period | None:
    """Return the period that a change is measured from: that of the last base or attached period before the figure.
    前年比 is none of these, since it always means the year before."""
    for period in reversed(passage.periods_between(mention.start, mention.amount.start, mention.level)):
        if period.role == "attached" or (period.role == "base" and not COMPARED_WITH.match(passage.text, period.end)):
            return period
    return None
