"""Natures: whether a figure is a level, a change or a rate, with its sign; and its comparator.

A change is told by the word of growth or decline right behind the figure, a rate by its unit besides. A share in
percent is a level as long as nothing is said to change by it. Decline makes the value negative, so that the sign of
every change can be read from the table.
"""

import re

from analysis.extraction.values.amounts import Amount
from analysis.extraction.values.passage import Passage, Spot

# Between a figure and the word for its change stand particles and at most one noun as subject (12%売上が増加).
BETWEEN = r"(?:[のともはがをつ]|に(?!増加|拡大)|程度|以上|超|大幅[なに])*(?:[一-龥]{1,6}[がも])?"
DOWN = re.compile(BETWEEN + r"(?:減|低下|下落|縮小|後退|悪化|下が|下げ|落ち込)")
UP = re.compile(BETWEEN + r"(?:増(?!や)|上昇|拡大|伸び|改善|向上|上が|上げ|上積み)")
RATIO_OF_CHANGE = re.compile(r"(?:増加率|伸び率|減少率|成長率|伸び)(?:は|が|を|も)?、?[^、。]{0,30}$")

BEFORE_COMPARATOR = re.compile(r"(約|およそ|概ね|おおむね|ほぼ|最大|最低)(?:平均)?$")
AFTER_COMPARATOR = re.compile(
    r"(?:の大台)?(?:(?P<word>以上|以内|以下|未満|程度|前後|超|強|弱|半ば)"
    r"|(?P<over>を超|を上回)|(?P<under>を下回)|(?P<near>に迫))"
)
RATES = ("%", "倍")  # units that compare a value with another
SAME_WORDS = {"およそ": "約", "ほぼ": "約", "おおむね": "概ね"}


def nature_of(passage: Passage, spot: Spot) -> tuple[str, float]:
    """(level, change or rate; the value with its sign)."""
    amount = spot.amount
    after = passage.text[amount.end : amount.end + 16]
    down, up = DOWN.match(after), UP.match(after)
    signed = -amount.value if down else amount.value
    if amount.counter == "倍":
        return "rate", amount.value  # a third of something is no negative number
    if amount.counter == "%":
        before = passage.running.seen(max(spot.start, amount.start - 60), amount.start, spot.level)
        return ("rate", signed) if down or up or RATIO_OF_CHANGE.search(before) else ("level", amount.value)
    return ("change", signed) if down or up or amount.counter == "ポイント" else ("level", amount.value)


def comparator_of(text: str, amount: Amount, bound: bool) -> str | None:
    """以上, 約 … in front of or behind an amount. 前年の5兆円を上回る compares another figure with this one."""
    if amount.rank:
        return amount.rank
    if match := AFTER_COMPARATOR.match(text, amount.end):
        if match["word"]:
            return match["word"]
        if not bound:
            return "超" if match["over"] else "未満" if match["under"] else "約"
    match = BEFORE_COMPARATOR.search(text, max(0, amount.start - 8), amount.start)
    return SAME_WORDS.get(match[1], match[1]) if match else None
