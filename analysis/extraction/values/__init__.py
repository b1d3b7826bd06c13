"""Figures of merit from running text and tables: targets, baselines and observations, each with its line.

A figure is a number with a unit. Running text is read in six steps, one or two files each:

1. pieces      which paragraphs belong together; running: their text, line numbers and brackets
2. amounts     the numbers with units; exclusions: those that measure nothing (dates, names, sample sizes …)
3. periods     every naming of a time; governing: the one that a figure belongs to
4. kinds       target, baseline or observation, by the words that follow; natures: level, change or rate, the sign
               and the comparator; quotes and plans: targets that a quotation states, and which edition set them
5. names       what is measured, by the words before; phrases: how words are cut down to a name
6. neighbours  what figures of one sentence say about each other; aims: targets that name no number

texts puts the steps together for a passage of running text; tables reads tables, which need none of this.

Brackets matter more than commas in these documents: a KPI of an earlier plan stands in 「…」, a period or a
comparison in (…). So every character knows its innermost bracket, and words are looked for at a figure's own level.
"""

from analysis.extraction.parsers.parse_result import Paragraph
from analysis.extraction.values import plans, tables, texts
from analysis.extraction.values.figure import Figure
from analysis.extraction.values.passage import passage_of
from analysis.extraction.values.pieces import pieces

__all__ = ["Figure", "read"]


def read(paragraphs: list[Paragraph], edition: int) -> list[Figure]:
    """All figures of a document in its own order. `edition` is the year of the plan: what the plan sets itself is
    set in it, and 本年 is that year."""
    found: list[Figure] = []
    plan: str | None = None  # the plan named last: 同計画 in the KPI part means it
    for piece in pieces(paragraphs):
        if piece.role == "table":
            found += tables.figures(piece, paragraphs)
            continue
        passage = passage_of(piece, edition, plan if piece.role == "kpi" else None)
        found += texts.figures(passage)
        plan = plans.plan_before(passage, len(passage.text))
    return found
