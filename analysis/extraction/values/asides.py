"""Brackets that hold dates and labels: what they say, and whether of the figure before them or of the name or figure
behind.

52%(2025年度) dates the figure in front of it, 来館者数(2030年度)は the name, 【2030年度実績】412人 the figure behind: a
bracket leads where the first of its sentence stands in front of the first figure and touches it.
"""

import re
from dataclasses import dataclass, replace

from analysis.extraction.values.amounts import Amount
from analysis.extraction.values.labels import Label, is_plain, label_in
from analysis.extraction.values.periods import Period
from analysis.extraction.values.running_text import Bracket, RunningText
from analysis.extraction.values.words import BRACKET, DOWN, EXTENT, UP

# What may stand between a figure and its bracket: 60店以上(2035年度), 5%の増加(2030年度), 60店(目標)(2035年度)
BETWEEN = rf"(?:{EXTENT}|の?(?:{DOWN}|{UP})|加|少|を?維持){{0,4}}"
AT_ONCE = re.compile(rf"{BETWEEN}(?=\()")
BEHIND_ANOTHER = re.compile(rf"{BETWEEN}{BRACKET}(?=\()")
BEHIND_DATE = r"(?:末|時点|現在|実績|調査|値)*"
AT_START = re.compile(rf"{BEHIND_DATE}[。、;]")
AT_END = re.compile(BEHIND_DATE)
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
    brackets = {bracket.start: bracket for bracket in running.brackets if not bracket.quote}
    alone: dict[int, Period] = {}
    dated: dict[int, Period] = {}
    for start, bracket in brackets.items():
        dates = [p for p in periods if start < p.start and p.end <= bracket.end]
        if len(dates) == 1 and is_plain(masked, bracket):
            alone[start] = dated[start] = dates[0]
        elif dates and (date := _at_an_end(masked, bracket, dates)):
            dated[start] = date
    labelled = {start for start, b in brackets.items() if label_in(masked, b, labels)}
    candidates = [bracket for start, bracket in brackets.items() if start in alone or start in labelled]
    leading = _leading(running, candidates, amounts)
    behind: dict[int, Period] = {}
    of_names = dict(alone)
    for amount in amounts:
        if (dating := _behind(running.text, amount, dated, leading)) is not None:
            behind[amount.start] = dated[dating]
            of_names.pop(dating, None)
    names_dates = tuple(
        replace(date, level=running.levels[start])
        for start, date in of_names.items()
        if not _is_of_a_plan(running.text, brackets[start])
    )
    return Asides(alone, dated, behind, names_dates, leading)


def _at_an_end(masked: str, bracket: Bracket, dates: list[Period]) -> Period | None:
    """Return the date that a bracket begins or ends with: (2030年度。前年は…), (92%、2030年度末)."""
    first, last = dates[0], dates[-1]
    if first.start == bracket.start + 1 and AT_START.match(masked, first.end, bracket.end):
        return first
    return last if AT_END.fullmatch(masked, last.end, bracket.end) and masked[last.start - 1] in "、;" else None


def _leading(running: RunningText, brackets: list[Bracket], amounts: tuple[Amount, ...]) -> frozenset[int]:
    """Return the starts of the brackets that stand in front of their figures: the first of a sentence does where no
    figure comes before it, the others do as the first does."""
    starts = {amount.start for amount in amounts}
    leading: set[int] = set()
    for bracket in brackets:
        if bracket.end + 1 not in starts:
            continue
        sentence, _ = running.sentence(bracket.start, running.levels[bracket.start])
        has_figure = any(sentence <= amount.start < bracket.start for amount in amounts)
        if not has_figure or any(start >= sentence for start in leading):
            leading.add(bracket.start)
    return frozenset(leading)


def _behind(text: str, amount: Amount, dated: dict[int, Period], leading: frozenset[int]) -> int | None:
    """Return the start of the bracket with a date right behind an amount, its comparator between them or not."""
    for pattern in (AT_ONCE, BEHIND_ANOTHER):
        match = pattern.match(text, amount.end)
        if match is not None and match.end() in dated and match.end() not in leading:
            return match.end()
    return None


def _is_of_a_plan(text: str, bracket: Bracket) -> bool:
    """Return whether a bracket dates a plan or a decision, which no figure is measured in."""
    start = bracket.start
    return PLANS.search(text, max(0, start - 6), start) is not None or text.startswith(DECIDED, bracket.end - 2)
