"""What is read and what it is read from: a figure, and a passage of running text with all that figures need."""

import re
from dataclasses import dataclass

from analysis.extraction.parsers.parse_result import Paragraph
from analysis.extraction.values.amounts import Amount, amounts
from analysis.extraction.values.periods import Period, periods
from analysis.extraction.values.running_text import Bracket, RunningText, running_text

# A plan quotes its own and earlier targets word for word, so all that stands in such a quotation is aimed at, whatever
# its verbs say. What makes a quotation one is the KPI or 目標 behind it, or behind the last of a row of quotations.
STATES_TARGET = re.compile(
    r"(?:と|といった|とする)?(?:の(?:政府|数値)?)?\(?(?:主要|達成)?(?:KPI|目標)"
    r"|を(?:主要な?)?(?:KPI|目標)|を目指す|(?:こと)?とする[。と]|こととする|ことを目標"
)
NEXT_QUOTE = re.compile(r"(?:、|及び)*")


@dataclass(frozen=True)
class Figure:
    """A number with its meaning. `value` is in `unit`, null where a target names no number; `period` is a western year
    ("2025"), a fiscal year ("2025年度"), a month ("2025-06"), a span ("2020-2025") or words ("今後5年間"). The other
    fields are those of the schema Figures; `measure` is the index of the measure that states it."""

    first_line: int
    section: str
    place: str
    measure: int | None
    indicator: str | None
    kind: str
    nature: str = "level"
    value: float | None = None
    unit: str | None = None
    period: str | None = None
    set_in: str | None = None
    comparator: str | None = None


@dataclass(frozen=True)
class Passage:
    """A block of running text with its amounts and periods. `plan` is the edition of the plan named last before it;
    `target_quotes` are the indices of the brackets that quote targets."""

    block: Paragraph
    edition: int
    plan: str | None
    running: RunningText
    amounts: tuple[Amount, ...]
    periods: tuple[Period, ...]
    target_quotes: frozenset[int]

    @property
    def text(self) -> str:
        return self.running.text

    def target_quote(self, level: int) -> int | None:
        """Return the quotation of a target that a level lies in."""
        while level >= 0 and level not in self.target_quotes:
            level = self.running.brackets[level].parent
        return level if level >= 0 else None

    def periods_between(self, start: int, end: int, level: int) -> list[Period]:
        """Return the periods between two positions, at a level."""
        return [p for p in self.periods if start <= p.start and p.end <= end and p.level == level]


def passage_of(block: Paragraph, edition: int, plan: str | None) -> Passage:
    """Read the amounts, periods and quotations of targets in a block."""
    running = running_text(block.lines)
    quotes = [(index, bracket) for index, bracket in enumerate(running.brackets) if bracket.quote]
    targets = frozenset(i for i, quote in quotes if STATES_TARGET.match(running.text, behind_quotes(running, quote)))
    dates = tuple(periods(running, edition))
    return Passage(block, edition, plan, running, tuple(amounts(running.text)), dates, targets)


def behind_quotes(running: RunningText, quote: Bracket) -> int:
    """Return the position behind a quotation and the quotations that follow it at once."""
    end = quote.end + 1
    ends = {bracket.start: bracket.end for bracket in running.brackets if bracket.quote}
    while (match := NEXT_QUOTE.match(running.text, end)) is not None and match.end() in ends:
        end = ends[match.end()] + 1
    return end


@dataclass(frozen=True)
class Mention:
    """An amount with where it stands: its level, start and end of the sentence around it at that level, and the start
    of the whole sentence, which figures of one sentence share."""

    amount: Amount
    level: int
    start: int
    end: int
    sentence: int


def mention_of(running: RunningText, amount: Amount) -> Mention:
    """Return the amount with where it stands in the text."""
    level = running.levels[amount.start]
    return Mention(amount, level, *running.sentence(amount.start, level), running.sentence(amount.start, -1)[0])


@dataclass(frozen=True)
class Draft:
    """A figure while it is read, with where it stands, and whether it is the starting point of something."""

    mention: Mention
    figure: Figure
    is_origin: bool
