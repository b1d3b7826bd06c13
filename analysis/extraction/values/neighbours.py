"""What figures of one sentence say about each other.

Writers leave out what the sentence has said or will say: a starting point is a baseline because a target follows it,
two figures in a row share the word for their change, one date of the state holds for all figures beside it.
"""

import re
from dataclasses import replace
from itertools import zip_longest

from analysis.extraction.values.governing_period import alone_in
from analysis.extraction.values.kinds import RATES, is_current
from analysis.extraction.values.passage import Draft, Passage
from analysis.extraction.values.periods import NOW

SINCE_THEN = re.compile(r"(?:から|比で?)$")  # 前回から3兆円、12%の増加: a difference and its rate
IN_A_ROW = ("、", "や", "と", "及び")


def settled(passage: Passage, drafts: list[Draft]) -> list[Draft]:
    """Return the figures, each with what its neighbours say of it."""
    drafts = [_with_origin(draft, following) for draft, following in zip_longest(drafts, drafts[1:])]
    drafts = [_with_aside(passage, before, draft) for before, draft in zip([None, *drafts], drafts, strict=False)]
    following: Draft | None = None
    for position in reversed(range(len(drafts))):  # the word for a change stands behind the last of a row
        following = drafts[position] = _with_nature(passage.text, drafts[position], following)
    drafts = _with_last_date(passage, drafts)
    return [_with_date(passage, draft) for draft in drafts]


def _with_origin(draft: Draft, following: Draft | None) -> Draft:
    """A starting point is a baseline where the next figure of its sentence is a target, else an observation."""
    if not draft.is_origin:
        return draft
    same_sentence = following is not None and following.mention.sentence == draft.mention.sentence
    if following is not None and same_sentence and draft.figure.indicator is None:
        draft = _changed(draft, indicator=following.figure.indicator)
    if following is not None and same_sentence and following.figure.kind == "target":
        return _changed(draft, kind="baseline")
    return _changed(draft, kind="observation", set_in=None)


def _with_aside(passage: Passage, before: Draft | None, draft: Draft) -> Draft:
    """5,000万件(2026年3月現在で3,200万件): the present state in brackets behind a target is its baseline."""
    level = draft.mention.level
    if before is None or before.figure.kind != "target":
        return draft
    if not passage.running.is_aside(level) or not is_current(passage, level):
        return draft
    if len(passage.text[before.mention.amount.end : passage.running.brackets[level].start]) > 4:
        return draft
    return _changed(draft, kind="baseline", set_in=before.figure.set_in)


def _with_nature(text: str, draft: Draft, following: Draft | None) -> Draft:
    """290人、3,003人の増加: what is said of the last of several figures in a row holds for all of them."""
    if following is None or following.figure.nature == "level":
        return draft
    amount, next_amount = draft.mention.amount, following.mention.amount
    if text[amount.end : next_amount.start] not in IN_A_ROW:
        return draft
    if amount.unit != next_amount.unit and not SINCE_THEN.search(text, max(0, amount.start - 8), amount.start):
        return draft
    nature = "rate" if amount.counter in RATES else "change"
    value = -abs(amount.value) if (following.figure.value or 0) < 0 else amount.value
    return _changed(draft, nature=nature, value=value)


def _with_last_date(passage: Passage, drafts: list[Draft]) -> list[Draft]:
    """13位、隣国は6位、対岸国は11位(2030年): the date in brackets behind the last of a list holds for all of it, where
    no other of them has one."""
    result = list(drafts)
    for position, draft in enumerate(drafts):
        if "period: behind" not in draft.figure.why:
            continue
        for earlier in reversed(range(position)):
            before = result[earlier]
            if before.mention.sentence != draft.mention.sentence or before.mention.level != draft.mention.level:
                break
            if before.figure.period is not None or before.mention.amount.counter != draft.mention.amount.counter:
                break
            if before.figure.kind != draft.figure.kind:
                break
            result[earlier] = _dated(before, draft.figure.period, "list")
    return result


def _with_date(passage: Passage, draft: Draft) -> Draft:
    """A date of the state (2026年3月現在) in brackets holds for every figure of its sentence without one."""
    if draft.figure.period is not None or draft.figure.kind != "observation":
        return draft
    start, end = passage.running.sentence(draft.mention.amount.start, -1)
    asides = [b for b in passage.running.brackets if start <= b.start < end]
    alone = [period for bracket in asides if (period := alone_in(passage, bracket)) is not None]
    states = [period.name for period in alone if NOW.match(passage.text, period.end)]
    last = [b for b in asides if b.end >= end - 2 and not b.quote]  # …であった(2030年度)。
    states += [period.name for b in last if (period := alone_in(passage, b)) is not None and period.name not in states]
    return _dated(draft, states[-1], "state") if states else draft


def _dated(draft: Draft, period: str | None, rule: str) -> Draft:
    return replace(draft, figure=replace(draft.figure, period=period, why=(*draft.figure.why, f"period: {rule}")))


def _changed(draft: Draft, **fields: str | float | None) -> Draft:
    return replace(draft, figure=replace(draft.figure, **fields))  # type: ignore[arg-type]
