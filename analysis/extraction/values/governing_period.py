"""Which period a figure belongs to.

The order is that of closeness: a period in brackets right behind the figure, then the last one before it in its own
sentence that does not speak of a comparison or an origin, then the year in the title of the report that is quoted,
then the period of the whole that the figure is a part of. A target's year may also follow it.
"""

import re

from analysis.extraction.values.amounts import AMOUNT, COMPARED, WHOLE, Amount
from analysis.extraction.values.passage import Mention, Passage
from analysis.extraction.values.periods import WESTERN, Period, span_name
from analysis.extraction.values.running_text import Bracket

NOT_MEASURED_IN = ("base", "since", "event")  # roles of periods that no figure is measured in
RUN_OF_YEARS = re.compile(r"(\d{1,2})年連続[^、。\d]{0,10}$")
BARE_PERIOD = re.compile(r"(?:末|時点|現在|実績|調査|平均|累計|速報|値|の|[()])*$")
BRACKET_BEHIND = re.compile(rf"(?:{COMPARED}|を維持)*\(")
REPORT_YEAR = re.compile(rf"「[^「」]*?({WESTERN})」(?:\([^()]*\))?(?:に(?:おいて|よる|よれ)|で)")
PLANS = re.compile(r"計画|戦略|方針|プラン|ビジョン|パッケージ|ロードマップ")


def governing_period(passage: Passage, mention: Mention) -> Period | None:
    """Return the period that a figure belongs to."""
    if (behind := _bracket_behind(passage, mention.amount)) is not None:
        return behind
    running, sentences = passage.running, [(mention.level, mention.start)]
    if running.is_aside(mention.level):
        outer = running.outer_level(mention.level)
        sentences.append((outer, running.sentence(running.brackets[mention.level].start, outer)[0]))
    for level, start in sentences:
        if (before := _last_before(passage, mention.amount, level, start)) is not None:
            return before
    if match := cited_report(passage, mention):
        return Period(match.start(1), match.end(1), -1, match[1], int(match[1]))
    return _whole_period(passage, mention)


def _bracket_behind(passage: Passage, amount: Amount) -> Period | None:
    """52%(2025年度): return the period alone in brackets behind a figure, its comparator between them or not."""
    match = BRACKET_BEHIND.match(passage.text, amount.end)
    behind = [b for b in passage.running.brackets if match is not None and b.start == match.end() - 1]
    return alone_in(passage, behind[0]) if behind else None


def alone_in(passage: Passage, bracket: Bracket) -> Period | None:
    """Return the period that a bracket holds and nothing else, but 時点 and the like."""
    inside = [p for p in passage.periods if bracket.start < p.start and p.end <= bracket.end]
    if len(inside) != 1 or inside[0].start != bracket.start + 1:
        return None
    return inside[0] if BARE_PERIOD.match(passage.text, inside[0].end, bracket.end) else None


def _last_before(passage: Passage, amount: Amount, level: int, start: int) -> Period | None:
    """Return the last period before a figure that it can be measured in; 前年の belongs to the next amount alone."""
    for period in reversed(passage.periods_between(start, amount.start, level)):
        taken = period.role == "attached" and AMOUNT.search(passage.text, period.end, amount.start)
        if period.role not in NOT_MEASURED_IN and not taken:
            return period
    return None


def cited_report(passage: Passage, mention: Mention) -> re.Match[str] | None:
    """「世界競争力指数 2025」において: a report or ranking bears the year of its figures, a plan does not."""
    named = REPORT_YEAR.finditer(passage.text, mention.sentence, mention.amount.start)
    reports = [match for match in named if not PLANS.search(match.group())]
    return reports[-1] if reports else None


def _whole_period(passage: Passage, mention: Mention) -> Period | None:
    """6兆円(2024年)のうち、xが3兆円: a part has the period of its whole."""
    before = [a for a in passage.amounts if mention.sentence <= a.start < mention.amount.start]
    wholes = [amount for amount in before if WHOLE.match(passage.text, amount.end)]
    return _bracket_behind(passage, wholes[-1]) if wholes else None


def deadline_after(passage: Passage, mention: Mention) -> Period | None:
    """50%を2030年までに達成する: a target's year can follow it."""
    following = passage.periods_between(mention.amount.end, mention.end, mention.level)
    return next((period for period in following if period.role == "deadline"), None)


def period_name(passage: Passage, mention: Mention, period: Period | None, nature: str) -> str | None:
    """Return the period's name; a run of years or a change since an earlier year is a span that ends in the period."""
    if period is None or period.year is None:
        return None if period is None else period.name
    amount = mention.amount
    if run := RUN_OF_YEARS.search(passage.text, max(mention.start, amount.start - 20), amount.start):
        return span_name(period.year - int(run[1]) + 1, period.year, period.fiscal)
    base = _base_year(passage, mention)
    if nature == "level" or period.role == "deadline" or base is None:
        return period.name
    # A rate against the year before is that year's; a difference of two named values, or against an older year,
    # covers the years between.
    least = 1 if amount.unit.endswith(("位", "ポイント")) else 2
    return span_name(base, period.year, period.fiscal) if period.year - base >= least else period.name


def _base_year(passage: Passage, mention: Mention) -> int | None:
    """Return the year that a change is measured from: that of the last base or attached period before the figure.
    前年比 is none of these, since it always means the year before."""
    before = passage.periods_between(mention.start, mention.amount.start, mention.level)
    bases = [
        p for p in before if p.role == "attached" or (p.role == "base" and not passage.text.startswith("比", p.end))
    ]
    return bases[-1].year if bases else None
