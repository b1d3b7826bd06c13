"""What figures of one sentence say about each other.

Writers leave out what the sentence has said or will say: a starting point is a baseline because a target follows it,
two figures in a row share the word for their change, one date of the state holds for all figures beside it.
"""

import re
from dataclasses import replace
from itertools import zip_longest

from analysis.extraction.values.governing import alone_in
from analysis.extraction.values.kinds import is_current
from analysis.extraction.values.natures import RATES
from analysis.extraction.values.passage import Found, Passage
from analysis.extraction.values.periods import NOW

SINCE_THEN = re.compile(r"(?:から|比で?)$")  # 前回から3兆円、12%の増加: a difference and its rate
IN_A_ROW = ("、", "や", "と", "及び")


def settled(passage: Passage, found: list[Found]) -> list[Found]:
    """The figures, each with what its neighbours say of it."""
    found = [_with_origin(one, following) for one, following in zip_longest(found, found[1:])]
    found = [_with_aside(passage, before, one) for before, one in zip([None, *found], found, strict=False)]
    backwards: list[Found] = []
    for one in reversed(found):
        backwards.append(_with_nature(passage.text, one, backwards[-1] if backwards else None))
    return [_with_date(passage, one) for one in reversed(backwards)]


def _with_origin(one: Found, following: Found | None) -> Found:
    """A starting point is a baseline where the next figure of its sentence is a target, else an observation."""
    if not one.origin:
        return one
    if following is not None and following.figure.kind == "target" and following.spot.sentence == one.spot.sentence:
        return replace(one, figure=replace(one.figure, kind="baseline"))
    return replace(one, figure=replace(one.figure, kind="observation", set_in=None))


def _with_aside(passage: Passage, before: Found | None, one: Found) -> Found:
    """5,000万件(2026年3月現在で3,200万件): the present state in brackets behind a target is its baseline."""
    level = one.spot.level
    if before is None or before.figure.kind != "target":
        return one
    if not passage.running.in_bracket(level) or not is_current(passage, level):
        return one
    if len(passage.text[before.spot.amount.end : passage.running.brackets[level].start]) > 4:
        return one
    return replace(one, figure=replace(one.figure, kind="baseline", set_in=before.figure.set_in))


def _with_nature(text: str, one: Found, following: Found | None) -> Found:
    """290人、3,003人の増加: what is said of the last of several figures in a row holds for all of them."""
    if following is None or following.figure.nature == "level":
        return one
    amount, other = one.spot.amount, following.spot.amount
    if text[amount.end : other.start] not in IN_A_ROW:
        return one
    alike = amount.unit == other.unit
    if not alike and not SINCE_THEN.search(text, max(0, amount.start - 8), amount.start):
        return one
    nature = "rate" if amount.counter in RATES else "change"
    value = -amount.value if (following.figure.value or 0) < 0 else amount.value
    return replace(one, figure=replace(one.figure, nature=nature, value=value))


def _with_date(passage: Passage, one: Found) -> Found:
    """A date of the state (2026年3月現在) in brackets holds for every figure of its sentence without one."""
    if one.figure.period is not None or one.figure.kind != "observation":
        return one
    start, end = passage.running.sentence(one.spot.amount.start, -1)
    asides = [b for b in passage.running.brackets if start <= b.start < end]
    alone = [period for bracket in asides if (period := alone_in(passage, bracket)) is not None]
    states = [period.name for period in alone if NOW.match(passage.text, period.end)]
    return replace(one, figure=replace(one.figure, period=states[-1])) if states else one
