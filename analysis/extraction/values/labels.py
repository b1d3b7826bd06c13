"""Labels: nouns that say of a value what it is (現状, 目標, 基準値), and the values they stand beside.

A label belongs to one value: the one that follows it with nothing between but a date, a particle or a colon
(目標(2035年度):100%), or the one in front of the brackets that it stands in (100%(目標)). One that a sentence or
list begins with (目標は、…) holds for all that has no label of its own.
"""

import re
from dataclasses import dataclass

from analysis.extraction.values.amounts import Amount
from analysis.extraction.values.running_text import Bracket, RunningText
from analysis.extraction.values.words import ABOUT

KINDS = {
    "target": (
        r"(?:成果|数値|達成|到達|政策|最終|中間|将来)?目標(?:値|水準|年度?|年次|数値?|時期)?|め?ざす値|目指す値|計画値"
        r"|達成年度?|計画(?=:)"
    ),
    "observation": (
        r"現状(?:値|水準)?|(?<![年月日末度])現在値?|実績(?:値)?|直近(?:値|実績)?|最新(?:値|実績)?|足元|現況(?:値)?"
        r"|[前今]回(?:値)?"
    ),
    "baseline": (
        r"基準(?:値|年度?|年次|時点?)|(?<![一-龥])基準|当初(?:値)?|(?:計画)?策定時(?:点)?(?:値)?|ベースライン|起点"
    ),
    "forecast": r"見込み?(?:値)?|予測(?:値)?|推計(?:値)?|試算(?:値)?|見通し",
}
LABEL = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in KINDS.items()))
HEADS = re.compile(r"(?:と?して)?(?:は|:|\))")  # behind a label that holds for all that follows
NOT_A_LABEL = re.compile(
    r"の?達成|を?達成|に(?:向|対|関|基|沿|照)|の(?:一|ひと)つ|を超|を上回|を下回|の(?:設定|見直)"
    r"|を[\d,.]+[^、。]{0,8}(?:上回|下回|超)|の[\d.]+(?:%|割)(?!を(?:目標|目指))"
    r"|(?!約|概ね|大幅)(?![一二三四五六七八九十百千〇])[一-龥ァ-ヶ]"
)
REACH = 40  # characters between a label and its value
BESIDE = 4  # characters between a figure and a bracket that belongs to it

TIME, AMOUNT = "\0", "\1"  # what stands in a masked text for each character of a date and of an amount
BETWEEN = re.compile(  # a label and its value
    rf"(?:[{TIME} :=、…~\-,()/・|は「」の値にをがで年度末]|{ABOUT}|まで|時点|現在|として|とし|である|となる|とする"
    r"|ベース|における|おいて)*"
)
ONLY = re.compile(  # what may stand beside a date or a label in a bracket that holds nothing else
    rf"(?:[{TIME}:、,・/の末頃中春夏秋冬値は=]|時点|現在|まで(?:に)?|調査|平均|累計|速報|確定|同期|通期|ベース|予定|決算|予算"
    r"|調べ|いずれも|ともに)*"
)
ARROW = re.compile(r"[→⇒⇨➡➔➜]|->|=>")


@dataclass(frozen=True)
class Label:
    """A label, from start to end in the text."""

    start: int
    end: int
    kind: str
    word: str


def labels(text: str) -> tuple[Label, ...]:
    """Return every label of a text."""
    return tuple(
        Label(match.start(), match.end(), str(match.lastgroup), match.group())
        for match in LABEL.finditer(text)
        if not NOT_A_LABEL.match(text, match.end())
    )


def bound(
    running: RunningText, masked: str, every: tuple[Label, ...], amounts: tuple[Amount, ...], leading: frozenset[int]
) -> dict[int, Label]:
    """Return the label of each amount that one belongs to, by the amount's start. `masked` is the text with its dates
    masked, `leading` are the starts of the brackets that stand in front of their figures."""
    result: dict[int, Label] = {}
    free = 0  # the end of the amount before
    for amount in amounts:
        label = _last(every, max(free, amount.start - REACH), amount.start)
        if label and BETWEEN.fullmatch(masked, label.end, amount.start) and not _closed(masked, label, amount):
            result[amount.start] = label
        free = amount.end
    for bracket in running.brackets:
        owner = next((a for a in reversed(amounts) if a.end <= bracket.start), None)
        label = None if bracket.quote else label_in(masked, bracket, every)
        if label is None:
            continue
        if bracket.start in leading:
            result[bracket.end + 1] = label
        elif owner is not None and bracket.start - owner.end <= BESIDE:
            result[owner.start] = label
    return result


def _last(every: tuple[Label, ...], start: int, end: int) -> Label | None:
    return next((label for label in reversed(every) if start <= label.start and label.end <= end), None)


def _closed(masked: str, label: Label, amount: Amount) -> bool:
    """Return whether a bracket behind another value closes between the label and the amount."""
    between = masked[label.end : amount.start]
    return between.startswith(")") and "、" in between and masked[label.start - 1 : label.start] != "("


def is_plain(masked: str, bracket: Bracket) -> bool:
    """Return whether a bracket holds dates and labels alone."""
    return ONLY.fullmatch(LABEL.sub("", masked[bracket.start + 1 : bracket.end])) is not None


def label_in(masked: str, bracket: Bracket, every: tuple[Label, ...]) -> Label | None:
    """Return the label in a bracket that holds labels and dates alone."""
    label = next((label for label in every if bracket.start < label.start and label.end <= bracket.end), None)
    return label if label and is_plain(masked, bracket) else None


def heading(text: str, every: tuple[Label, ...], start: int, position: int) -> Label | None:
    """Return the label that the words from start to position begin with or are about: 目標は、…, 【目標】…"""
    label = _last(every, start, position)
    return label if label and HEADS.match(text, label.end) else None
