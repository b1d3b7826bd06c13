"""Figures of running text: each amount that measures something, with its period, kind, nature and name."""

from collections.abc import Sequence

from analysis.extraction.values import aims, governing, kinds, names, natures, neighbours, plans
from analysis.extraction.values.exclusions import worthy
from analysis.extraction.values.figure import Figure
from analysis.extraction.values.passage import Found, Passage, Spot, spot_of
from analysis.extraction.values.pieces import place

AHEAD = 240  # characters behind a figure in which its verb stands


def figures(passage: Passage) -> list[Figure]:
    """The figures of a passage in the order of its text."""
    found: list[Found] = []
    for amount in worthy(passage.running, passage.amounts):
        if (figure := _figure(passage, spot_of(passage.running, amount), found)) is not None:
            found.append(figure)
    found = neighbours.settled(passage, found)
    rows = [(f.spot.amount.start, f.figure) for f in found] + aims.without_numbers(passage, found)
    return [figure for _, figure in sorted(rows, key=lambda row: row[0])]


def _figure(passage: Passage, spot: Spot, found: Sequence[Found]) -> Found | None:
    """An amount as a figure; None where it is only expected, which is neither a target nor an observation."""
    amount, piece = spot.amount, passage.piece
    after = passage.running.seen(amount.end, min(spot.end, amount.end + AHEAD), spot.level)
    period = governing.governing(passage, spot)
    kind, origin = kinds.kind_of(passage, spot, after, period)
    if period is None and kind == "target":
        period = governing.deadline_after(passage, spot)
    if kind == "observation":
        if period is not None and period.role == "deadline" and (period.year or 0) > passage.edition:
            period = None  # what was seen was not seen in a year to come
        if kinds.is_forecast(after, period, passage.edition):
            return None
    nature, value = natures.nature_of(passage, spot)
    figure = Figure(
        first_line=passage.running.lines[amount.start],
        section=piece.section,
        place=place(piece),
        measure=piece.measure,
        indicator=names.indicator(passage, spot, found),
        kind=kind,
        nature=nature,
        value=value,
        unit=amount.unit,
        period=governing.period_name(passage, spot, period, nature),
        set_in=plans.set_in(passage, spot.level),
        comparator=natures.comparator_of(passage.text, amount, period is not None and period.role == "bound"),
    )
    return Found(spot, figure, origin)
