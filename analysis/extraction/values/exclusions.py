"""Which amounts measure nothing.

A text is full of numbers with units that say nothing about how far something has come: ordinals, denominators,
thresholds, sample sizes, exchange rates, parts of names. What tells them from figures of merit is the word beside
them, in any text.
"""

import re

from analysis.extraction.values.amounts import Amount
from analysis.extraction.values.running import PREDICATE, Running

NOT_BEFORE = ("第", "=", "/")
NOT_AFTER = re.compile(r"当たり|あたり|につき|=|の柱|で構成|から[成な]る")
BEST_PART = ("上位", "トップ")
WHOLE = re.compile(r"(?:\([^()]*\))?のうち")
SAMPLE = re.compile(r"(?:の[^、。は]{0,15}?(?:調査|アンケート)|を対象と(?:した|する)[^、。]{0,10}(?:調査|アンケート))")
THRESHOLD = re.compile(
    r"(?:以上|以下|以内|未満|超|を超える|を上回る|を下回る)[^、。はがを]{0,20}?(?:割合|比率|件数|者数|社数|人数|シェア)[はがをもの]"
)
LISTED = re.compile(r"(?:\([^()]*\))?、[^、。はがをに]{0,12}")
AMOUNT_REST = re.compile(r"(?:以上|以内|以下|未満|超|程度|前後|強|弱|台|増加?|減少?|上昇|低下|達成|維持)+$")


def worthy(running: Running, amounts: tuple[Amount, ...]) -> list[Amount]:
    """The amounts that measure something."""
    listed = _lists(running, amounts)
    return [amount for i, amount in enumerate(amounts) if i not in listed and not _measures_nothing(running, amount)]


def _measures_nothing(running: Running, amount: Amount) -> bool:
    """Whether a number with a unit is no figure of merit: an ordinal, a denominator (人口100万人当たり), a way to
    pick the best (上位10%に入る), the whole of which a part follows (6兆円のうち), the threshold in an indicator's own
    name (1億円以上となる件数は), or part of a title."""
    before = running.text[max(0, amount.start - 8) : amount.start]
    if before.endswith(NOT_BEFORE) or (before.endswith(BEST_PART) and amount.unit != "位"):
        return True
    after = running.text[amount.end : amount.end + 60]
    return any(words.match(after) for words in (NOT_AFTER, WHOLE, THRESHOLD)) or _in_title(running, amount)


def _in_title(running: Running, amount: Amount) -> bool:
    """Whether the number is part of a name in quotation marks: more of a noun follows it up to the closing mark."""
    quotes = [b for b in running.brackets if b.quote and b.start < amount.start < b.end]
    if not quotes or PREDICATE.search(running.text, quotes[-1].start, quotes[-1].end):
        return False
    rest = running.text[amount.end : quotes[-1].end]
    return bool(rest) and not AMOUNT_REST.match(rest)


def _lists(running: Running, amounts: tuple[Amount, ...]) -> set[int]:
    """The amounts that are sample sizes or exchange rates, with the others of their lists: of 企業100者、
    大学20者を対象とした調査 only the last stands beside the word that tells, but a list is one thing."""
    text = running.text
    found = {
        i for i, a in enumerate(amounts) if text[max(0, a.start - 1) : a.start] == "=" or SAMPLE.match(text, a.end)
    }
    neighbours = [(i, i + 1) for i in range(len(amounts) - 1)]
    for one, other in (*neighbours, *((after, before) for before, after in reversed(neighbours))):
        first, second = amounts[min(one, other)], amounts[max(one, other)]
        if one in found and LISTED.fullmatch(text, first.end, second.start):
            found.add(other)
    return found
