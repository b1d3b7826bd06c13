"""Kinds: whether a figure is a target, a baseline or an observation.

Japanese has its verb last, so the words behind a figure tell what is meant by it: the first of them that speaks of
an aim or of a fact decides. What stands in a stating quotation is aimed at; a starting point (のところ, から … に) is
a baseline only beside its target, which `neighbours` settles.
"""

import re

from analysis.extraction.values.passage import Passage, Spot
from analysis.extraction.values.periods import Period

# "Xをはじめとする" and its like frame a noun and aim at nothing; "拡大すると予測" is a forecast's.
TARGET = re.compile(
    r"目標|目指|KPI|(?<!はじめ)(?<!対象|中心|前提|基盤|目的|必要|可能|背景|契機)とする"
    r"|にする|引き?[上下]げ(?![たら])|高め[るて]|増や(?!し[たて])|減ら(?!し[たて])|させる"
    r"|維持(?!し[たて])|達成(?:する|を|に向)|拡大(?:する(?!と)|を)|へ拡大|確保する|抑え[るて]|を図る"
)
OBSERVED = re.compile(
    r"な[っり]|であ(?:[りっ]|る(?![こよ]))|で、|達(?:し|する(?![こよ目]))|推移|し(?:た|て[いおき]|、)"
    r"|され[たて、]|おり|[上下]回(?:[っり]|る(?![こよ]))|とどま|留ま|超え(?!る[こよ目]|た[目上])|超す(?![こよ])"
    r"|迫る|占め|記録|行われ|終了|だった"
)
FORECAST = re.compile(r"予測|見込[まみ]|見通し")
ORIGIN = re.compile(r"(?:\([^()]*\))?(?:から|(?:である|であった|の)?ところ、)")
CURRENT = re.compile(r"現在|時点|直近|実績|最も|最新|基準")


def kind_of(passage: Passage, spot: Spot, after: str, period: Period | None) -> tuple[str, bool]:
    """(kind, whether it is the starting point of something). `after` is what follows the figure at its level."""
    stated = passage.stated(spot.level) is not None
    if ORIGIN.match(passage.text, spot.amount.end):
        return "observation", True
    if stated:
        aside = passage.running.in_bracket(spot.level)
        return "baseline" if aside and is_current(passage, spot.level) else "target", False
    aim, seen = TARGET.search(after), OBSERVED.search(after)
    if aim and (seen is None or aim.start() <= seen.start()):
        return "target", False
    due = period is not None and period.role == "deadline" and (period.year or 0) >= passage.edition
    return "target" if due and seen is None else "observation", False


def is_current(passage: Passage, level: int) -> bool:
    """Whether a bracket speaks of the present state."""
    bracket = passage.running.brackets[level]
    return CURRENT.search(passage.text, bracket.start, bracket.end) is not None


def is_forecast(after: str, period: Period | None, edition: int) -> bool:
    """Whether a value is only expected: 予測 or 見込み is said of it, and its year is not past."""
    past = period is not None and period.year is not None and period.year < edition
    return not past and FORECAST.search(after) is not None
