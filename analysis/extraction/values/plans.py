"""Which edition set a target.

A plan repeats the targets of earlier plans beside its own. A target in a quotation was set by the plan named before
the quotation, in its sentence or an earlier one of the KPI part, unless the words behind it say that it is set now.
"""

import re

from analysis.extraction.values.passage import Passage
from analysis.extraction.values.quotes import behind_quotes

NEWLY_SET = re.compile(r"[^。]{0,12}?(?:設定する|こととする|定める|設ける)")
OTHER_DOCUMENT = re.compile(r"」(?:\([^()]*\))?(?:において|では)")
PLAN_YEAR = re.compile(r"推進計画((?:19|20)\d{2})|本計画")


def plan_before(passage: Passage, end: int) -> str | None:
    """The edition of the plan named last before a place; 同計画 means the one named before it."""
    named = [match[1] or str(passage.edition) for match in PLAN_YEAR.finditer(passage.text, 0, end)]
    return named[-1] if named else passage.plan


def set_in(passage: Passage, level: int) -> str | None:
    """The edition that set a quoted target: the plan itself where it says so, else the plan named last before."""
    stated = passage.stated(level)
    if stated is None:
        return None
    running, text = passage.running, passage.text
    bracket = running.brackets[stated]
    if NEWLY_SET.match(text, behind_quotes(running, bracket)):
        return str(passage.edition)
    start, _ = running.sentence(bracket.start, -1)
    named = PLAN_YEAR.search(text, start, bracket.start) is not None
    # A sentence that goes on with KPIs (また、…) without naming another document means the same plan.
    goes_on = OTHER_DOCUMENT.search(text, start, bracket.start) is None
    return plan_before(passage, bracket.start) if named or goes_on else None
