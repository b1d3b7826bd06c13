"""Figures of running text: each amount that measures something with its period, kind and name, targets without a
number, and the numbers that are no figures."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from analysis.extraction.values import kinds, names, neighbours
from analysis.extraction.values.blocks import where
from analysis.extraction.values.governing_period import (
    NOT_MEASURED_IN,
    deadline_after,
    governing_period,
    period_name,
)
from analysis.extraction.values.labels import LABEL, Label
from analysis.extraction.values.passage import Draft, Figure, Mention, Passage, Unread, mention_of
from analysis.extraction.values.periods import WESTERN, Period
from analysis.extraction.values.running_text import ITEM

AHEAD = 240  # characters behind a figure in which its verb stands
ANNOUNCES = re.compile(r"(?:次|以下|下記|下表)の?(?:とおり|通り|表)?")
NO_LETTERS = re.compile(r"[^一-龥ァ-ヶぁ-んA-Za-z]")
YEAR = re.compile(WESTERN)
MONITORING = re.compile(r"(?:(?:や?その|の)(?:増加|減少|状況把握)等?|を含めた状況把握)$")


Announcement = tuple[Label | None, Period | None]  # what a line says of the list that it announces
NOTHING: Announcement = (None, None)


def figures(passage: Passage, announcement: Announcement = NOTHING) -> tuple[list[Figure], list[Unread]]:
    """Return the figures of a passage in the order of its text, and the numbers that are none. `announcement` is that
    of a block in front of it."""
    reasons = passage.refused
    drafts: list[Draft] = []
    unread: list[Unread] = []
    for place, amount in enumerate(passage.amounts):
        draft = None if place in reasons else _draft(passage, mention_of(passage.running, amount), drafts, announcement)
        if draft is None:
            unread.append(_unread(passage, amount.start, amount.end, reasons.get(place, "forecast")))
        else:
            drafts.append(draft)
    if passage.block.role in ("kpi", "cell"):
        numbers = [bare for bare in passage.bare if not YEAR.fullmatch(passage.text, bare.start, bare.end)]
        unread += [_unread(passage, bare.start, bare.end, "no_unit") for bare in numbers]
    drafts = neighbours.settled(passage, drafts)
    placed = [(draft.mention.amount.start, draft.figure) for draft in drafts] + _without_number(passage, drafts)
    return [figure for _, figure in sorted(placed, key=lambda row: row[0])], unread


def _unread(passage: Passage, start: int, end: int, reason: str) -> Unread:
    line, section, place, _ = where(passage.block, passage.running.lines[start])
    return Unread(line, section, place, passage.text[start:end], reason)


def _draft(passage: Passage, mention: Mention, earlier: Sequence[Draft], announcement: Announcement) -> Draft | None:
    """Return an amount as a figure; None where it is only expected, which is neither a target nor an observation."""
    amount = mention.amount
    after = _after(passage, mention)
    period, period_by = governing_period(passage, mention)
    kind, kind_by = kinds.kind_of(passage, mention, after, period)
    if kind == "forecast":
        return None
    if kind == "target" and (period is None or (period.role != "deadline" and (period.year or 0) <= passage.edition)):
        later = deadline_after(passage, mention)
        if later is not None and period_by != "behind":
            period, period_by = later, "after"
    if kind != "target" and period is not None and (period.year or 0) > passage.edition:
        period = None  # what was seen was not seen in a year to come
    own = _announced(passage, mention)
    said, date = announcement if own == NOTHING else own
    if said is not None and kind_by == "nothing said":
        kind, kind_by = said.kind, f"heading {said.word}"
    if period is None and date is not None and (kind == "target" or (date.year or 0) <= passage.edition):
        period, period_by = date, "heading"
    nature, value, nature_by = kinds.nature_of(passage, mention)
    why = [f"kind: {kind_by}"]
    why += [f"period: {period_by}"] if period is not None else []
    why += [f"nature: {nature_by}"] if nature_by else []
    figure = Figure(
        *where(passage.block, passage.running.lines[amount.start]),
        indicator=names.indicator(passage, mention, earlier),
        kind="observation" if kind == "origin" else kind,
        nature=nature,
        value=value,
        unit=amount.unit,
        period=period_name(passage, mention, period, nature),
        set_in=kinds.set_in(passage, mention.level),
        comparator=kinds.comparator_of(passage.text, amount, period),
        why=tuple(why),
        doubts=tuple(_doubts(passage, mention, after, kind_by, period_by)),
    )
    return Draft(mention, figure, kind == "origin")


def _doubts(passage: Passage, mention: Mention, after: str, kind_by: str, period_by: str) -> Iterator[str]:
    """Yield where a second reading was near: both an aim and a fact are said of a figure, or two dates stand before
    it."""
    aim, fact = kinds.aim_in(passage, after), kinds.OBSERVED.search(after)
    if aim and fact and kind_by.startswith(("aim", "fact")):
        yield f"kind: {aim.group()} and {fact.group()}"
    if period_by == "before":
        earlier = [amount.end for amount in passage.amounts if amount.end <= mention.amount.start]
        start = max([mention.start, *earlier[-1:]])
        dates = passage.periods_between(start, mention.amount.start, mention.level)
        names = list(dict.fromkeys(date.name for date in dates if date.role not in NOT_MEASURED_IN))
        if len(names) > 1:
            yield f"period: {' or '.join(names)}"


def announcement_of(passage: Passage) -> Announcement:
    """Return what a block without figures says of those that follow it."""
    return _said_in(passage, 0, len(passage.text)) if not passage.amounts else NOTHING


def _announced(passage: Passage, mention: Mention) -> Announcement:
    """Return the label and the date of the line that announces the list in which a figure stands: 2035年度の目標は次の
    とおり, 【現状(2030年度)】."""
    text, starts = passage.text, [0, *(stop + 1 for stop in passage.running.stops)]
    if mention.start not in starts or text[mention.start - 1 : mention.start] != ITEM:
        return NOTHING
    place = starts.index(mention.start)
    for start, end in reversed(list(pairwise(starts[: place + 1]))):
        if any(start <= amount.start < end for amount in passage.amounts):
            if text[start - 1 : start] != ITEM:
                break
            continue
        return _said_in(passage, start, end)
    return NOTHING


def _said_in(passage: Passage, start: int, end: int) -> Announcement:
    """Return the label and the date in words that announce something, or hold nothing else."""
    words = [label for label in passage.labels if start <= label.start < end]
    dates = [date for date in passage.periods if start <= date.start < end and date.role != "vague"]
    rest = NO_LETTERS.sub("", LABEL.sub("", passage.masked[start:end]))
    if not ANNOUNCES.search(passage.text, start, end) and len(rest) > 1:
        return NOTHING
    return (words[-1] if words else None), (dates[-1] if dates else None)


def _after(passage: Passage, mention: Mention) -> str:
    """Return the words behind a figure at its level, without the labels of figures that follow it."""
    end = min(mention.end, mention.amount.end + AHEAD)
    others = [label for start, label in passage.bound.items() if start > mention.amount.start]
    pieces, at = [], mention.amount.end
    for label in sorted(others, key=lambda label: label.start):
        if at <= label.start < end:
            pieces.append(passage.running.at_level(at, label.start, mention.level))
            at = label.end
    return "".join([*pieces, passage.running.at_level(at, max(at, end), mention.level)])


def _without_number(passage: Passage, drafts: Sequence[Draft]) -> list[tuple[int, Figure]]:
    """Return (position, target) of each quotation of a target in a KPI part that holds no figure (世界一に引き上げる),
    so that a reader sees that it was set."""
    if passage.block.role != "kpi":
        return []
    quotes = {level: passage.running.brackets[level] for level in passage.target_quotes}
    starts = [draft.mention.amount.start for draft in drafts]
    return [
        (quote.start, _target(passage, level))
        for level, quote in quotes.items()
        if not any(quote.start < start < quote.end for start in starts)
    ]


def _target(passage: Passage, level: int) -> Figure:
    """Return a quotation as a target. It is about the indicator in brackets at its end, else its object."""
    running, quote = passage.running, passage.running.brackets[level]
    periods = [p for p in passage.periods_between(quote.start, quote.end, level) if p.role not in NOT_MEASURED_IN]
    last = next((b for b in running.brackets if quote.end - 2 <= b.end < quote.end), None)
    if last is None:
        name = names.aim(names.words_of(passage, quote.start + 1, quote.end, level))
    else:
        name = names.head(MONITORING.sub("", passage.text[last.start + 1 : last.end]))
    return Figure(
        *where(passage.block, running.lines[quote.start]),
        indicator=name,
        kind="target",
        period=periods[0].name if periods else None,
        set_in=kinds.set_in(passage, level),
        why=("kind: quotation",),
    )
