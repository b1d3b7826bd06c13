"""Targets of the KPI parts that name no number, so that a reader sees that they were set (世界一に引き上げる)."""

import re
from collections.abc import Sequence

from analysis.extraction.values.figure import Figure
from analysis.extraction.values.governing import PASSIVE
from analysis.extraction.values.passage import Found, Passage
from analysis.extraction.values.phrases import aim, head
from analysis.extraction.values.pieces import place
from analysis.extraction.values.plans import set_in
from analysis.extraction.values.running import Bracket

MONITORING = re.compile(r"(?:(?:や?その|の)(?:増加|減少|状況把握)等?|を含めた状況把握)$")


def without_numbers(passage: Passage, found: Sequence[Found]) -> list[tuple[int, Figure]]:
    """(place, target) of each stating quotation of a KPI part in which no figure was found."""
    brackets = passage.running.brackets
    if passage.piece.role != "kpi":
        return []
    places = [f.spot.amount.start for f in found]
    empty = [i for i in passage.stating if not any(brackets[i].start < at < brackets[i].end for at in places)]
    return [(brackets[i].start, _target(passage, i)) for i in empty]


def _target(passage: Passage, level: int) -> Figure:
    bracket, piece = passage.running.brackets[level], passage.piece
    times = [p for p in passage.times(bracket.start, bracket.end, level) if p.role not in PASSIVE]
    return Figure(
        first_line=passage.running.lines[bracket.start],
        section=piece.section,
        place=place(piece),
        measure=piece.measure,
        indicator=_named(passage, bracket, level),
        kind="target",
        nature="level",
        value=None,
        unit=None,
        period=times[0].name if times else None,
        set_in=set_in(passage, level),
        comparator=None,
    )


def _named(passage: Passage, quote: Bracket, level: int) -> str | None:
    """What a target without a number is about: the indicator in brackets at its end, else its object."""
    last = next((b for b in passage.running.brackets if quote.end - 2 <= b.end < quote.end), None)
    if last is not None:
        return head(MONITORING.sub("", passage.text[last.start + 1 : last.end]))
    return aim(passage.running.seen(quote.start + 1, quote.end, level))
