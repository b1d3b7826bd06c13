"""Figures of a document: every number with its meaning (what, how much, when, wished or seen), in text and tables.

Here lives what reads them from paragraphs; which paragraphs there are is the parsers' business, and what becomes of
an indicator over the years that of `analysis.kpi`. Charts are no figures here.

The files, in the order in which they are best read, with what each makes of one sentence:
「茶の輸出は2029年に約3億円のところ、2035年までに5億円とする」とのKPIがある。

blocks             joins the paragraphs that are one text or one table
running_text       makes one string of its lines; 「…」 is a quotation: what is said in it is a level of its own
amounts            約3億円 and 5億円 are numbers with a unit (words: what may stand beside them)
periods            2029年 is a time, 2035年 a deadline (までに)
labels             would tie a 目標 or 現状 to the value beside it
asides             would give a date in brackets, 5億円(2035年), to what it dates
refusals           would put aside a number that measures nothing: 第3回, 1人当たり
passage            holds all these tokens; the quotation states a target, since とのKPI stands behind it
governing_period   3億円 belongs to 2029, 5億円 to 2035
kinds              5億円 is a target; 3億円 is the starting point of something (のところ), and 約 its comparator
names              both measure 茶の輸出
texts              makes a figure of each amount by these rules, and adds quoted targets that name no number
neighbours         3億円 is a baseline, because the next figure is a target
tables             reads tables, where heads and labels say what words say in a text
"""

import re

from analysis.extraction.parsers.parse_result import Paragraph
from analysis.extraction.values import kinds, tables, texts
from analysis.extraction.values.blocks import blocks
from analysis.extraction.values.passage import Figure, Unread, passage_of

# A block without one of these neither holds a figure nor names a plan.
NUMBERED = re.compile("[0-9０-９〇一二三四五六七八九十百千]|計画")

__all__ = ["Figure", "Unread", "read", "read_all"]


def read(paragraphs: list[Paragraph], edition: int) -> list[Figure]:
    """Return all figures of a document in its own order. `edition` is the year of the plan: what the plan sets itself
    is set in it, and 本年 is that year."""
    return read_all(paragraphs, edition)[0]


def read_all(paragraphs: list[Paragraph], edition: int) -> tuple[list[Figure], list[Unread]]:
    """Return all figures of a document in its own order, and the numbers that are none, with their reasons."""
    figures: list[Figure] = []
    unread: list[Unread] = []
    plan: str | None = None  # the plan named last: 同計画 in the KPI part means it
    announcement = texts.NOTHING  # of a list: 2035年度の目標は次のとおり
    for block in blocks(paragraphs):
        is_kpi = block.role == "kpi"
        if not is_kpi and not any(NUMBERED.search(raw) for _, raw in block.lines):
            continue
        if block.role == "table":
            block_figures, block_unread = tables.figures(block, paragraphs, edition)
        else:
            passage = passage_of(block, edition, plan if is_kpi else None)
            block_figures, block_unread = texts.figures(passage, announcement if is_kpi else texts.NOTHING)
            announcement = texts.announcement_of(passage) or (announcement if is_kpi else texts.NOTHING)
            plan = kinds.plan_before(passage, len(passage.text))
        figures += block_figures
        unread += block_unread
    return figures, unread
