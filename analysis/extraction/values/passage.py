"""What is read and what it is read from: a figure, and a passage of running text with all that figures need."""

import re
from dataclasses import dataclass, replace

from analysis.extraction.parsers.parse_result import Paragraph
from analysis.extraction.values import labels
from analysis.extraction.values.amounts import Amount, amounts, is_unit
from analysis.extraction.values.asides import Asides, asides
from analysis.extraction.values.labels import AMOUNT, TIME, Label
from analysis.extraction.values.periods import WESTERN, Period, periods
from analysis.extraction.values.refusals import IN_NAMES, refused
from analysis.extraction.values.running_text import Bracket, RunningText, running_text

# A plan quotes its own and earlier targets word for word, so all that stands in such a quotation is aimed at, whatever
# its verbs say. What makes a quotation one is the KPI or 目標 behind it, or behind the last of a row of quotations.
STATES_TARGET = re.compile(
    r"(?:と|といった|とする)?(?:の(?:政府|数値)?)?\(?(?:主要|達成)?(?:KPI|目標)"
    r"|を(?:主要な?)?(?:KPI|目標)|を目指す|(?:こと)?とする[。と]|こととする|ことを目標"
)
UNIT_SAID = re.compile(r"\((?:単位[:は]?)?(?P<unit>[^()\d、]{1,6}[23]?)(?:、[^()]*)?\)")
YEAR = re.compile(WESTERN)
NEXT_QUOTE = re.compile(r"(?:、|及び)*")


@dataclass(frozen=True)
class Figure:
    """A number with its meaning. `value` is in `unit`, null where a target names no number; `period` is a western year
    ("2025"), a fiscal year ("2025年度"), a month ("2025-06"), a span ("2020-2025"), a part ("2025年度上半期") or words
    ("今後5年間"). The other fields are those of the schema Figures; `measure` is the index of the measure that states
    it."""

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
    against: str | None = None
    keeps: bool = False
    steady: bool = False
    why: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unread:
    """A number with a unit, or one in a KPI part or table, that became no figure, and the reason (schema Unread)."""

    first_line: int
    section: str
    place: str
    number: str
    reason: str


@dataclass(frozen=True)
class Passage:
    """A block of running text with its tokens. `plan` is the edition of the plan named last before it; `bare` are the
    numbers without a unit but years; `masked` is the text with its dates masked, `nameable` that with amounts and
    labels masked, too: what names are made of; `bound` are the labels of amounts, by their starts; `target_quotes`
    are the indices of the brackets that quote targets; `refused` has the reasons for amounts that are no figures, by
    their places."""

    block: Paragraph
    edition: int
    plan: str | None
    running: RunningText
    amounts: tuple[Amount, ...]
    bare: tuple[Amount, ...]
    periods: tuple[Period, ...]
    masked: str
    nameable: str
    labels: tuple[Label, ...]
    bound: dict[int, Label]
    asides: Asides
    target_quotes: frozenset[int]
    refused: dict[int, str]

    @property
    def text(self) -> str:
        return self.running.text

    def is_ahead(self, period: Period | None) -> bool:
        """Return whether a period ends after the year of the edition."""
        return period is not None and period.year is not None and period.year > self.edition

    def target_quote(self, level: int) -> int | None:
        """Return the quotation of a target that a level lies in."""
        while level >= 0 and level not in self.target_quotes:
            level = self.running.brackets[level].parent
        return level if level >= 0 else None

    def amounts_between(self, start: int, end: int) -> list[Amount]:
        """Return the amounts that begin between two positions."""
        return [amount for amount in self.amounts if start <= amount.start < end]

    def periods_between(self, start: int, end: int, level: int) -> list[Period]:
        """Return the periods between two positions, at a level."""
        return [p for p in self.periods if start <= p.start and p.end <= end and p.level == level]


def passage_of(block: Paragraph, edition: int, plan: str | None) -> Passage:
    """Read the tokens of a block: amounts, dates, labels and quotations of targets."""
    is_cell = block.role == "cell"
    running = running_text(block.lines, is_cell)
    text = running.text
    dates = tuple(periods(running, edition))
    spans = [(date.start, date.end) for date in dates]
    masked = _masked(text, TIME, spans)
    every, bare = amounts(text, frozenset(position for span in spans for position in range(*span)), running.gaps)
    if block.role in ("kpi", "cell") and bare:
        every, bare = _with_said_unit(running, every, bare)
    words = labels.labels(masked)
    reasons = refused(running, tuple(every), is_cell)
    if block.role == "footnote" and every and every[0].start == 0:
        reasons[0] = "note"
    measuring = tuple(amount for i, amount in enumerate(every) if i not in reasons)
    brackets = asides(running, masked, dates, words, measuring)
    bound = labels.bound(running, masked, words, measuring, brackets.leading)
    figures = [(a.start, a.end) for i, a in enumerate(every) if reasons.get(i) not in IN_NAMES]
    quotes = [(index, bracket) for index, bracket in enumerate(running.brackets) if bracket.quote]
    return Passage(
        block=block,
        edition=edition,
        plan=plan,
        running=running,
        amounts=tuple(every),
        bare=tuple(number for number in bare if not YEAR.fullmatch(text, number.start, number.end)),
        periods=dates,
        masked=masked,
        nameable=_masked(
            _masked(masked, AMOUNT, figures), TIME, [(label.start, label.end) for label in bound.values()]
        ),
        labels=words,
        bound=bound,
        asides=brackets,
        target_quotes=frozenset(i for i, quote in quotes if STATES_TARGET.match(text, behind_quotes(running, quote))),
        refused=reasons,
    )


def _masked(text: str, mask: str, spans: list[tuple[int, int]]) -> str:
    characters = list(text)
    for start, end in spans:
        characters[start:end] = mask * (end - start)
    return "".join(characters)


def _with_said_unit(running: RunningText, every: list[Amount], bare: list[Amount]) -> tuple[list[Amount], list[Amount]]:
    """Return the amounts with those that take the unit in brackets behind a name in front of them, and the numbers
    left without one: 平均工賃(円)は、2030年度が24,870, 面積(単位:千ha) 実績38."""
    matches = [(b.end, UNIT_SAID.fullmatch(running.text, b.start, b.end + 1)) for b in running.brackets if not b.quote]
    units = [(end, m["unit"]) for end, m in matches if m and is_unit(m["unit"], "単位" not in m.group())]
    result, without = list(every), []
    for number in bare:
        unit = next((unit for end, unit in reversed(units) if end < number.start), "")
        digits = running.text[number.start : number.end]
        read, _ = amounts(digits + unit) if unit else ([], [])
        if len(read) == 1 and not YEAR.fullmatch(digits):
            result.append(replace(read[0], start=number.start, end=number.end, group=number.start))
        else:
            without.append(number)
    return sorted(result, key=lambda amount: amount.start), without


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

    @property
    def amount(self) -> Amount:
        return self.mention.amount
