"""What figures of one sentence say about each other.

Writers leave out what the sentence has said or will say: a starting point is a baseline because a target follows it,
two figures in a row share the word for their change, one date of the state holds for all figures beside it.
"""

import re
from dataclasses import replace
from itertools import zip_longest

from analysis.extraction.values.kinds import RATES, is_current
from analysis.extraction.values.labels import BESIDE, TIME, label_in
from analysis.extraction.values.passage import Draft, Passage
from analysis.extraction.values.periods import NOW, Period

SINCE_THEN = re.compile(r"(?:から|比で?)$")  # 前回から3兆円、12%の増加: a difference and its rate
NAMED = re.compile(rf"、{TIME}*[^、。]{{1,12}}[はが]")
ALL_OF = re.compile(r"いずれも|ともに")
IN_A_ROW = re.compile(rf"(?:、|や|と|及び)?{TIME}*(?:まで)?[にはでの]*")
UNSAID = "kind: nothing said"


def settled(passage: Passage, drafts: list[Draft]) -> list[Draft]:
    """Return the figures, each with what its neighbours say of it."""
    drafts = [_with_origin(draft, following) for draft, following in zip_longest(drafts, drafts[1:])]
    drafts = [_with_aside(passage, before, draft) for before, draft in zip([None, *drafts], drafts, strict=False)]
    following: Draft | None = None
    for position in reversed(range(len(drafts))):  # the word for a change stands behind the last of a row
        following = drafts[position] = _with_nature(passage.masked, drafts[position], following)
    drafts = _with_last_date(passage, drafts)
    drafts = [_with_name(draft, following) for draft, following in zip_longest(drafts, drafts[1:])]
    return [_with_date(passage, draft) for draft in drafts]


def _with_origin(draft: Draft, following: Draft | None) -> Draft:
    """A starting point is a baseline where the next figure of its sentence is a target, else an observation."""
    if not draft.is_origin:
        return draft
    if following is None or following.mention.sentence != draft.mention.sentence:
        return _changed(draft, kind="observation", set_in=None)
    draft = _changed(draft, indicator=draft.figure.indicator or following.figure.indicator)
    if following.figure.kind == "target":
        return _changed(draft, kind="baseline")
    return _changed(draft, kind="observation", set_in=None)


def _with_aside(passage: Passage, before: Draft | None, draft: Draft) -> Draft:
    """5,000万件(2026年3月現在で3,200万件): the present state in brackets behind a target is its baseline."""
    level = draft.mention.level
    if before is None or before.figure.kind != "target" or before.mention.level == level:
        return draft
    if not passage.running.is_aside(level) or not is_current(passage, level):
        return draft
    if passage.running.brackets[level].start - before.amount.end > BESIDE:
        return draft
    return _changed(draft, kind="baseline", set_in=before.figure.set_in)


def _with_nature(masked: str, draft: Draft, following: Draft | None) -> Draft:
    """290人、3,003人の増加: what is said of the last of several figures in a row holds for all of them."""
    if following is None or following.figure.nature == "level":
        return draft
    amount, next_amount = draft.amount, following.amount
    value = -abs(amount.value) if (following.figure.value or 0) < 0 else amount.value
    if amount.unit == next_amount.unit and "nature: unit" in draft.figure.why:
        named = NAMED.fullmatch(masked, amount.end, next_amount.start)  # 2.6ポイント、地方部は1.4ポイント低下
        return _changed(draft, value=value) if named else draft
    if not IN_A_ROW.fullmatch(masked, amount.end, next_amount.start):
        return draft
    if amount.unit != next_amount.unit and not SINCE_THEN.search(masked, max(0, amount.start - 8), amount.start):
        return draft
    return _changed(draft, nature="rate" if amount.counter in RATES else "change", value=value)


def _with_name(draft: Draft, following: Draft | None) -> Draft:
    """全国で60か所、将来は200か所の拠点: a name that stands behind the last of a list is that of all of it."""
    if draft.figure.indicator is not None or following is None:
        return draft
    if following.amount.counter != draft.amount.counter or following.mention.sentence != draft.mention.sentence:
        return draft
    return _changed(draft, indicator=following.figure.indicator)


def _with_last_date(passage: Passage, drafts: list[Draft]) -> list[Draft]:
    """13位、隣国は6位、対岸国は11位(2030年): the date in brackets behind the last of a list holds for all of it, where
    no other of them has one."""
    result = list(drafts)
    for position, last in enumerate(drafts):
        date = passage.asides.behind.get(last.amount.start)
        if date is None or "period: behind" not in last.figure.why:
            continue
        for earlier in reversed(range(position)):
            draft = result[earlier]
            if (draft.mention.sentence, draft.mention.level) != (last.mention.sentence, last.mention.level):
                break
            if draft.figure.period is not None or draft.amount.counter != last.amount.counter:
                break
            if draft.figure.kind != last.figure.kind and draft.figure.why[0] != UNSAID:
                break
            result[earlier] = _dated(passage, draft, date, "list", last.figure.kind)
    return result


def _with_date(passage: Passage, draft: Draft) -> Draft:
    """A date of the state (2026年3月現在) in brackets holds for every observation of its sentence without one, a date
    or label in brackets at its end for every figure (…とする(2035年度目標))."""
    if draft.figure.period is not None:
        return draft
    start, end = passage.running.sentence(draft.amount.start, -1)
    brackets = [b for b in passage.running.brackets if start <= b.start < end]
    dated = [(b, date) for b in brackets if (date := passage.asides.alone.get(b.start)) is not None]
    for bracket, date in dated:
        if bracket.end >= end - 2 or ALL_OF.match(passage.text, bracket.start + 1):
            label = label_in(passage.masked, bracket, passage.labels)
            return _dated(passage, draft, date, "state", label.kind if label else None)
    states = [date for _, date in dated if NOW.match(passage.text, date.end)]
    if states and draft.figure.kind == "observation":
        return _dated(passage, draft, states[-1], "state", None)
    return draft


def _dated(passage: Passage, draft: Draft, date: Period, rule: str, label_kind: str | None) -> Draft:
    """Return the draft with a date that it shares, and the kind of the label beside it. What is dated after the
    edition was not observed."""
    figure = draft.figure
    is_unsaid = figure.why[0] == UNSAID
    kind = label_kind if is_unsaid and label_kind in ("target", "baseline", "observation") else figure.kind
    if kind == "observation" and passage.is_ahead(date):
        if not is_unsaid:
            return draft
        kind = "target"
    return _changed(draft, kind=kind, period=date.name, why=(*figure.why, f"period: {rule}"))


def _changed(draft: Draft, **fields: str | float | tuple[str, ...] | None) -> Draft:
    return replace(draft, figure=replace(draft.figure, **fields))  # type: ignore[arg-type]
