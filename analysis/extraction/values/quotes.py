"""Quotations that state a target: 「…を2030年までに5億円とする」とのKPI.

A plan quotes its own and earlier targets word for word, so all that stands in such a quotation is aimed at, whatever
its verbs say. What makes a quotation one is the KPI or 目標 behind it, or behind the last of a row of quotations.
"""

import re

from analysis.extraction.values.running import Bracket, Running

STATES = re.compile(
    r"(?:と|といった|とする)?(?:の(?:政府|数値)?)?\(?(?:主要|達成)?(?:KPI|目標)"
    r"|を(?:主要な?)?(?:KPI|目標)|を目指す|(?:こと)?とする[。と]|こととする|ことを目標"
)
NEXT_QUOTE = re.compile(r"(?:、|及び)*")


def stating_quotes(running: Running) -> frozenset[int]:
    """The indices of the quotations that state targets."""
    quotes = [(i, bracket) for i, bracket in enumerate(running.brackets) if bracket.quote]
    return frozenset(i for i, quote in quotes if STATES.match(running.text, behind_quotes(running, quote)))


def behind_quotes(running: Running, bracket: Bracket) -> int:
    """The place behind a quotation and the quotations that follow it at once."""
    end = bracket.end + 1
    quotes = {quote.start: quote.end for quote in running.brackets if quote.quote}
    while (match := NEXT_QUOTE.match(running.text, end)) is not None and match.end() in quotes:
        end = quotes[match.end()] + 1
    return end
