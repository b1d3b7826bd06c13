"""Figures of running text: each amount that measures something with its period, kind and name, targets without a
number, and the numbers that are no figures."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from analysis.extraction.values import kinds, names, neighbours
from analysis.extraction.values.blocks import where
from analysis.extraction.values.governing_period import (
    NOT_MEASURED_IN,
    compared_period,
    deadline_after,
    governing_period,
    period_name,
)
from analysis.extraction.values.labels import LABEL, Label
from analysis.extraction.values.passage import Draft, Figure, Mention, Passage, Unread, mention_of
from analysis.extraction.values.periods import Period
from analysis.extraction.values.running_text import ITEM

AHEAD = 240  # characters behind a figure in which its verb stands
ANNOUNCES = re.compile(r"(?:次|以下|下記|下表)の?(?:とおり|通り|表)?")
NO_LETTERS = re.compile(r"[^一-龥ァ-ヶぁ-んA-Za-z]")
MONITORING = re.compile(r"(?:(?:や?その|の)(?:増加|減少|状況把握)等?|を含めた状況把握)$")


Announcement = tuple[Label | None, Period | None]  # the label and the date in a line that announces a list
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
        unread += [_unread(passage, number.start, number.end, "no_unit") for number in passage.bare]
    drafts = neighbours.settled(passage, drafts)
    placed = [(draft.amount.start, _compared(passage, draft)) for draft in drafts] + _without_number(passage, drafts)
    return [figure for _, figure in sorted(placed, key=lambda row: row[0])], unread


def _compared(passage: Passage, draft: Draft) -> Figure:
    """Return the figure of a draft; a change or rate with the period that it compares its own with."""
    figure = draft.figure
    if figure.nature == "level" or figure.period is None:
        return figure
    return replace(figure, against=compared_period(passage, draft.mention, figure.period))


def _unread(passage: Passage, start: int, end: int, reason: str) -> Unread:
    line, section, place, _ = where(passage.block, passage.running.lines[start])
    return Unread(line, section, place, passage.text[start:end], reason)


def _draft(passage: Passage, mention: Mention, earlier: Sequence[Draft], announcement: Announcement) -> Draft | None:
    """Return an amount as a figure; None where it is only expected, which is neither a target nor an observation."""
    after = _after(passage, mention)
    period, period_by = governing_period(passage, mention)
    kind, kind_by = kinds.kind_of(passage, mention, after, period)
    if kind == "forecast":
        return None
    is_due = passage.is_ahead(period) or (period is not None and period.role == "deadline")
    if kind == "target" and not is_due and period_by != "behind":
        later = deadline_after(passage, mention)
        period, period_by = (later, "after") if later else (period, period_by)
    if kind != "target" and passage.is_ahead(period):
        period = None  # what was seen was not seen in a year to come
    label, date = _announced(passage, mention) or announcement
    if label is not None and kind_by == "nothing said":
        kind, kind_by = label.kind, f"heading {label.word}"
    if period is None and date is not None and (kind == "target" or not passage.is_ahead(date)):
        period, period_by = date, "heading"
    nature, value, nature_by = kinds.nature_of(passage, mention)
    why = {"kind": kind_by, "period": period_by if period else "", "nature": nature_by}
    figure = Figure(
        *where(passage.block, passage.running.lines[mention.amount.start]),
        indicator=names.indicator(passage, mention, earlier),
        kind="observation" if kind == "origin" else kind,
        nature=nature,
        value=value,
        unit=mention.amount.unit,
        period=period_name(passage, mention, period, nature),
        set_in=kinds.set_in(passage, mention.level),
        comparator=kinds.comparator_of(passage.text, mention.amount, period),
        keeps=kind == "target" and kinds.keeps(passage, mention, after),
        steady=kind == "observation" and nature == "level" and kinds.is_steady(passage, mention),
        why=tuple(f"{field}: {rule}" for field, rule in why.items() if rule),
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
        date_names = list(dict.fromkeys(date.name for date in dates if date.role not in NOT_MEASURED_IN))
        if len(date_names) > 1:
            yield f"period: {' or '.join(date_names)}"


def announcement_of(passage: Passage) -> Announcement | None:
    """Return what a block without figures says of those that follow it."""
    return _said_in(passage, 0, len(passage.text)) if not passage.amounts else None


def _announced(passage: Passage, mention: Mention) -> Announcement | None:
    """Return the label and the date of the line that announces the list in which a figure stands: 2035年度の目標は次の
    とおり, 【現状(2030年度)】."""
    text, starts = passage.text, [0, *(stop + 1 for stop in passage.running.stops)]
    if mention.start not in starts or text[mention.start - 1 : mention.start] != ITEM:
        return None
    for start, end in reversed(list(pairwise(starts[: starts.index(mention.start) + 1]))):
        if not passage.amounts_between(start, end):
            return _said_in(passage, start, end)
        if text[start - 1 : start] != ITEM:
            return None
    return None


def _said_in(passage: Passage, start: int, end: int) -> Announcement | None:
    """Return the label and the date in words that announce something, or hold nothing else."""
    words = [label for label in passage.labels if start <= label.start < end]
    dates = [date for date in passage.periods if start <= date.start < end]
    rest = NO_LETTERS.sub("", LABEL.sub("", passage.masked[start:end]))
    if not (words or dates) or (len(rest) > 1 and not ANNOUNCES.search(passage.text, start, end)):
        return None
    return (words[-1] if words else None), (dates[-1] if dates else None)


def _after(passage: Passage, mention: Mention) -> str:
    """Return the words behind a figure at its level, without the labels of figures that follow it."""
    start, end = mention.amount.end, min(mention.end, mention.amount.end + AHEAD)
    others = [label for first, label in passage.bound.items() if first > mention.amount.start]
    pieces = []
    for label in sorted(others, key=lambda label: label.start):
        if start <= label.start < end:
            pieces.append(passage.running.at_level(start, label.start, mention.level))
            start = label.end
    return "".join([*pieces, passage.running.at_level(start, max(start, end), mention.level)])


def _without_number(passage: Passage, drafts: Sequence[Draft]) -> list[tuple[int, Figure]]:
    """Return (position, target) of each quotation of a target in a KPI part that holds no figure (世界一に引き上げる),
    so that a reader sees that it was set."""
    if passage.block.role != "kpi":
        return []
    quotes = {level: passage.running.brackets[level] for level in passage.target_quotes}
    starts = [draft.amount.start for draft in drafts]
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
