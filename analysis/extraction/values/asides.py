"""Brackets that hold dates and labels: what they say, and whether of the figure before them or of the name or figure
behind.

52%(2025年度) dates the figure in front of it, 来館者数(2030年度)は the name, 【2030年度実績】412人 the figure behind: a
bracket leads where the first of its sentence stands in front of the first figure and touches it.
"""

import re
from dataclasses import dataclass

from analysis.extraction.values.amounts import Amount
from analysis.extraction.values.labels import LABEL, ONLY, Label, label_in
from analysis.extraction.values.periods import Period
from analysis.extraction.values.running_text import Bracket, RunningText
from analysis.extraction.values.words import DOWN, EXTENT, UP

AT_ONCE = re.compile(rf"(?:{EXTENT}|の?(?:{DOWN}|{UP})|加|少|を?維持){{0,4}}(?=\()")
BEHIND_ANOTHER = re.compile(rf"(?:{EXTENT}|の?(?:{DOWN}|{UP})|加|少|を?維持){{0,4}}(?:\([^()]*\))?(?=\()")
AT_START = re.compile(r"(?:末|時点|現在|実績|調査|値)*[。、;]")
AT_END = re.compile(r"(?:末|時点|現在|実績|調査|値)*")
PLANS = re.compile(r"計画|戦略|方針|プラン|ビジョン|パッケージ|ロードマップ|法|会議")
DECIDED = ("閣議", "決定")


@dataclass(frozen=True)
class Asides:
    """`alone` are the dates of brackets that hold nothing else but labels, `dated` those and the dates that a bracket
    begins or ends with, by the brackets' starts; `behind` the dates in brackets behind amounts, by the amounts'
    starts; `of_names` the dates of the text around that stand in brackets behind names or in front of figures;
    `leading` the starts of the brackets in front of figures."""

    alone: dict[int, Period]
    dated: dict[int, Period]
    behind: dict[int, Period]
    of_names: tuple[Period, ...]
    leading: frozenset[int]


def asides(
    running: RunningText,
    masked: str,
    periods: tuple[Period, ...],
    labels: tuple[Label, ...],
    amounts: tuple[Amount, ...],
) -> Asides:
    """Read the dates in the brackets of a text."""
    brackets = [bracket for bracket in running.brackets if not bracket.quote]
    inside = {
        b.start: [p for p in periods if b.start < p.start and p.end <= b.end and p.role != "vague"] for b in brackets
    }
    alone = {b.start: inside[b.start][0] for b in brackets if _is_alone(masked, b, inside[b.start])}
    dated = {b.start: date for b in brackets if (date := alone.get(b.start) or _at_an_end(masked, b, inside[b.start]))}
    leading = _leading(running, masked, brackets, alone, labels, amounts)
    owners = {
        start: at
        for a in amounts
        if (start := _behind(running.text, a, dated, leading)) is not None
        for at in [a.start]
    }
    behind = {amount: dated[start] for start, amount in owners.items()}
    of_names = [
        Period(date.start, date.end, running.levels[start], date.name, date.year, date.fiscal, date.role)
        for start, date in alone.items()
        if start not in owners and not _is_of_a_plan(running.text, start, brackets)
    ]
    return Asides(alone, dated, behind, tuple(of_names), leading)


def _is_alone(masked: str, bracket: Bracket, dates: list[Period]) -> bool:
    """Return whether a bracket holds one date and nothing else, but 時点, a label and the like."""
    return len(dates) == 1 and ONLY.fullmatch(LABEL.sub("", masked[bracket.start + 1 : bracket.end])) is not None


def _at_an_end(masked: str, bracket: Bracket, dates: list[Period]) -> Period | None:
    """Return the date that a bracket begins or ends with: (2030年度。前年は…), (92%、2030年度末)."""
    if not dates:
        return None
    if dates[0].start == bracket.start + 1 and AT_START.match(masked, dates[0].end, bracket.end):
        return dates[0]
    is_last = AT_END.fullmatch(masked, dates[-1].end, bracket.end) is not None
    return dates[-1] if is_last and masked[dates[-1].start - 1] in "、;" else None


def _leading(
    running: RunningText,
    masked: str,
    brackets: list[Bracket],
    alone: dict[int, Period],
    labels: tuple[Label, ...],
    amounts: tuple[Amount, ...],
) -> frozenset[int]:
    """Return the starts of the brackets with a date or a label that stand in front of their figures."""
    starts = {amount.start for amount in amounts}
    touching = [
        bracket
        for bracket in brackets
        if bracket.end + 1 in starts
        and (bracket.start in alone or label_in(running.text, masked, bracket, labels) is not None)
    ]
    leading: set[int] = set()
    for bracket in touching:
        sentence, _ = running.sentence(bracket.start, running.levels[bracket.start])
        before = [amount for amount in amounts if sentence <= amount.start < bracket.start]
        if not before or any(start >= sentence for start in leading):
            leading.add(bracket.start)
    return frozenset(leading)


def _behind(text: str, amount: Amount, dated: dict[int, Period], leading: frozenset[int]) -> int | None:
    """Return the start of the bracket with a date right behind an amount, its comparator between them or not."""
    for pattern in (AT_ONCE, BEHIND_ANOTHER):
        match = pattern.match(text, amount.end)
        if match is not None and match.end() in dated and match.end() not in leading:
            return match.end()
    return None


def _is_of_a_plan(text: str, start: int, brackets: list[Bracket]) -> bool:
    """Return whether a bracket dates a plan or a decision, which no figure is measured in."""
    end = next(bracket.end for bracket in brackets if bracket.start == start)
    return PLANS.search(text, max(0, start - 6), start) is not None or text.startswith(DECIDED, end - 2)
