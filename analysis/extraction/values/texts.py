"""Figures of running text: each amount that measures something with its period, kind and name, and targets without
a number."""

import re
from collections.abc import Sequence

from analysis.extraction.values import kinds, names, neighbours
from analysis.extraction.values.amounts import measuring
from analysis.extraction.values.blocks import where
from analysis.extraction.values.governing_period import (
    NOT_MEASURED_IN,
    deadline_after,
    governing_period,
    period_name,
)
from analysis.extraction.values.passage import Draft, Figure, Mention, Passage, mention_of

AHEAD = 240  # characters behind a figure in which its verb stands
MONITORING = re.compile(r"(?:(?:や?その|の)(?:増加|減少|状況把握)等?|を含めた状況把握)$")


def figures(passage: Passage) -> list[Figure]:
    """Return the figures of a passage in the order of its text."""
    drafts: list[Draft] = []
    for amount in measuring(passage.running, passage.amounts):
        if (draft := _draft(passage, mention_of(passage.running, amount), drafts)) is not None:
            drafts.append(draft)
    drafts = neighbours.settled(passage, drafts)
    placed = [(draft.mention.amount.start, draft.figure) for draft in drafts] + _without_number(passage, drafts)
    return [figure for _, figure in sorted(placed, key=lambda row: row[0])]


def _draft(passage: Passage, mention: Mention, earlier: Sequence[Draft]) -> Draft | None:
    """Return an amount as a figure; None where it is only expected, which is neither a target nor an observation."""
    amount = mention.amount
    after = passage.running.at_level(amount.end, min(mention.end, amount.end + AHEAD), mention.level)
    period = governing_period(passage, mention)
    kind, is_origin = kinds.kind_of(passage, mention, after, period)
    if period is None and kind == "target":
        period = deadline_after(passage, mention)
    if kind == "observation":
        if period is not None and period.role == "deadline" and (period.year or 0) > passage.edition:
            period = None  # what was seen was not seen in a year to come
        if kinds.is_forecast(after, period, passage.edition):
            return None
    nature, value = kinds.nature_of(passage, mention)
    figure = Figure(
        *where(passage.block, passage.running.lines[amount.start]),
        indicator=names.indicator(passage, mention, earlier),
        kind=kind,
        nature=nature,
        value=value,
        unit=amount.unit,
        period=period_name(passage, mention, period, nature),
        set_in=kinds.set_in(passage, mention.level),
        comparator=kinds.comparator_of(passage.text, amount, period),
    )
    return Draft(mention, figure, is_origin)


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
        name = names.aim(running.at_level(quote.start + 1, quote.end, level))
    else:
        name = names.head(MONITORING.sub("", passage.text[last.start + 1 : last.end]))
    return Figure(
        *where(passage.block, running.lines[quote.start]),
        indicator=name,
        kind="target",
        period=periods[0].name if periods else None,
        set_in=kinds.set_in(passage, level),
    )
