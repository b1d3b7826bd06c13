"""Numbers that measure nothing, and why: each rule with the code of its reason.

Many numbers say nothing about how far something has come: ordinals, denominators, thresholds, sample sizes, exchange
rates, parts of names. What tells them from figures is the word beside them. They are kept with their reason, so that
a reader can see what was left out.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from analysis.extraction.values.amounts import Amount
from analysis.extraction.values.running_text import PREDICATE, RunningText
from analysis.extraction.values.words import BRACKET, COMPARED

# Reasons for which a number belongs to the name of what is measured.
IN_NAMES = ("ordinal", "denominator", "threshold", "best_part", "name")

# In front of a number.
ORDINAL_BEFORE = ("第", "No.", "図", "表", "※", "*", "注")
SCHOOL_YEAR = re.compile(r"(?<![一-龥])[小中高]$")
RATIO_BEFORE = re.compile(r"(?:\d[一-龥ァ-ヶー]{1,4}=|\d/)$")  # 1ドル=140円
BEST_PART = ("上位", "トップ")
AGE_MEASURED = re.compile(r"(?:平均|寿命|年齢)[^、。]{0,12}$")
NAMED = re.compile(r"[一-龥ァ-ヶー]$")  # 外来患者1,240万人のうち: a figure all the same

# Behind a number.
PER = re.compile(r"当たり|あたり|につき|ごと(?:に|の)|おき|中(?=約?\d)")
MADE_OF = re.compile(r"の柱|の(?:平均|合計)|で構成|から[成な]る|体制|制(?![一-龥])|間の(?!目標)[一-龥]")
WHOLE = re.compile(rf"{BRACKET}のうち")
SAMPLE = re.compile(r"(?:の[^、。は]{0,15}?(?:調査|アンケート)|を対象と(?:した|する)[^、。]{0,10}(?:調査|アンケート))")
THRESHOLD = re.compile(
    rf"(?:{COMPARED}|を超える|を上回る|を下回る)[^、。はがを\d]{{0,20}}?"
    r"(?:割合|比率|件数|者数|社数|人数|シェア|人口)[はがをもの(:]?"
)
CONDITION = re.compile(rf"(?:{COMPARED})の[一-龥ァ-ヶー]{{1,8}}[、)]")  # (従業者10人以上の施設)
AMOUNT_REST = re.compile(rf"(?:{COMPARED}|強|弱|台|増加?|減少?|上昇|低下|達成|維持)+$")
DURATIONS = ("日", "日間", "時間", "か月", "分")
DURATION_OF = re.compile(r"の[^、。はがを\d]{1,14}(?:率|割合|数|額)[はがをも]")  # 週休2日の実施率は

# Between numbers.
LISTED = re.compile(rf"{BRACKET}、[^、。はがをに]{{0,12}}")
ONE_IN = re.compile(
    r"(?<![\d,.])(?P<whole>\d[\d,.]*|[二三四五六七八九十])(?P<unit>[一-龥ァ-ヶー]{1,4}?)(?:に|中|のうち|あたり|当たり)"
    r"(?:約|およそ)?(?:\d[\d,.]*|[一二三四五六七八九])(?P=unit)"
)
SMALL_WHOLE = re.compile(r"1?\d|20|100|\D")  # of 1,412施設中1,306施設 the part is a count


def refused(running: RunningText, every: tuple[Amount, ...], is_cell: bool) -> dict[int, str]:
    """Return the reason for each amount that measures nothing, by its place in the list."""
    reasons = {i: reason for i, amount in enumerate(every) if (reason := _reason(running, amount, is_cell))}
    reasons |= dict.fromkeys(_sampled(running.text, every), "sample")
    reasons |= dict.fromkeys(_one_in_so_many(running.text, every), "one_in_so_many")
    return reasons


def _reason(running: RunningText, amount: Amount, is_cell: bool) -> str:
    """Return why an amount is no figure: an ordinal, a denominator (人口100万人当たり), a way to pick the best
    (上位10%に入る), the whole of which a part follows (6兆円のうち), the threshold in an indicator's own name
    (1億円以上となる件数は), or part of a title."""
    before = running.text[max(0, amount.start - 8) : amount.start]
    after = running.text[amount.end : amount.end + 60]
    if (before.endswith(ORDINAL_BEFORE) or SCHOOL_YEAR.search(before)) and amount.unit != "位":
        return "ordinal"
    if RATIO_BEFORE.search(before) or after.startswith("="):
        return "ratio"
    if before.endswith(BEST_PART) and amount.unit != "位":
        return "best_part"
    if PER.match(after):
        return "denominator"
    if MADE_OF.match(after):
        return "name"
    if WHOLE.match(after) and not NAMED.search(before):
        return "whole"
    if amount.counter == "歳" and not is_cell and not AGE_MEASURED.search(running.text, 0, amount.start):
        return "threshold"
    if before.endswith("までの") and amount.unit in DURATIONS:
        return "name"
    if running.is_aside(running.levels[amount.start]) and CONDITION.match(after):
        return "threshold"
    if THRESHOLD.match(after) or (amount.unit in DURATIONS and DURATION_OF.match(after)):
        return "threshold"
    return "title" if _in_title(running, amount) else ""


def _in_title(running: RunningText, amount: Amount) -> bool:
    """Return whether the number is part of a name in quotation marks: more of a noun follows it up to the closing
    mark."""
    quotes = [b for b in running.brackets if b.quote and b.start < amount.start < b.end]
    if not quotes or PREDICATE.search(running.text, quotes[-1].start, quotes[-1].end):
        return False
    rest = running.text[amount.end : quotes[-1].end]
    return bool(rest) and not AMOUNT_REST.match(rest)


def _one_in_so_many(text: str, every: tuple[Amount, ...]) -> Iterator[int]:
    """Yield the places of 3人に1人 and 10人中7人: a share in words, whose numbers are none of their own."""
    for match in ONE_IN.finditer(text):
        if SMALL_WHOLE.fullmatch(match["whole"]):
            yield from (i for i, amount in enumerate(every) if match.start() <= amount.start < match.end())


def _sampled(text: str, every: tuple[Amount, ...]) -> Iterator[int]:
    """Yield the places of sample sizes and exchange rates, alone or in a list of them: of 企業100者、大学20者を対象と
    した調査 only the last stands beside the word that tells, but a list is one thing."""
    listed = [RATIO_BEFORE.search(text, 0, a.start) is not None or SAMPLE.match(text, a.end) is not None for a in every]
    joined = [LISTED.fullmatch(text, a.end, b.start) is not None for a, b in pairwise(every)]
    for i, in_one_list in enumerate(joined):
        listed[i + 1] |= in_one_list and listed[i]
    for i, in_one_list in reversed(list(enumerate(joined))):
        listed[i] |= in_one_list and listed[i + 1]
    return (i for i, is_sample in enumerate(listed) if is_sample)
