"""A passage: a piece of running text with everything in it that figures are read from."""

from dataclasses import dataclass

from analysis.extraction.parsers.parse_result import Paragraph
from analysis.extraction.values.amounts import Amount, amounts
from analysis.extraction.values.figure import Figure
from analysis.extraction.values.periods import Period, periods
from analysis.extraction.values.quotes import stating_quotes
from analysis.extraction.values.running import Running, running_text


@dataclass(frozen=True)
class Passage:
    piece: Paragraph
    edition: int
    plan: str | None  # the edition of the plan named last before the passage
    running: Running
    amounts: tuple[Amount, ...]
    periods: tuple[Period, ...]
    stating: frozenset[int]  # the quotations that state targets

    @property
    def text(self) -> str:
        return self.running.text

    def stated(self, level: int) -> int | None:
        """The stating quotation that a level lies in."""
        while level >= 0 and level not in self.stating:
            level = self.running.brackets[level].parent
        return level if level >= 0 else None

    def times(self, start: int, end: int, level: int) -> list[Period]:
        """The periods between two places, at a level."""
        return [p for p in self.periods if start <= p.start and p.end <= end and p.level == level]


def passage_of(piece: Paragraph, edition: int, plan: str | None) -> Passage:
    running = running_text(piece.lines)
    times = tuple(periods(running, edition))
    return Passage(piece, edition, plan, running, tuple(amounts(running.text)), times, stating_quotes(running))


@dataclass(frozen=True)
class Spot:
    """An amount with where it stands: its level, the sentence around it at that level, and the start of the whole
    sentence, which figures of one sentence share."""

    amount: Amount
    level: int
    start: int
    end: int
    sentence: int


def spot_of(running: Running, amount: Amount) -> Spot:
    level = running.level[amount.start]
    return Spot(amount, level, *running.sentence(amount.start, level), running.sentence(amount.start, -1)[0])


@dataclass(frozen=True)
class Found:
    """A figure while it is read, with where it stands. An `origin` is the starting point of something."""

    spot: Spot
    figure: Figure
    origin: bool
