"""Names: what a figure measures.

The name stands before the figure: in the words since the figure before, else in the clause that the sentence is
about, else it is what the figure before measures. A figure in brackets measures what the one before them does. それぞれ
hands out names in order; a part (大企業が50%) is named under its whole.
"""

import re
from collections.abc import Sequence

from analysis.base.japanese import shorten
from analysis.extraction.values.governing import report
from analysis.extraction.values.passage import Found, Passage, Spot
from analysis.extraction.values.phrases import aim, any_phrase, head, own_phrase, topic

SHORT_BRACKET, SHORT_QUOTE = 5, 12  # characters from sign to sign: longer ones explain, shorter ones name
SHORT_ASIDE = 16  # characters before a bracket in which the noun stands that it speaks of
RECENT = 400  # characters before 同指数 in which its name is looked for
NOUN = re.compile(r"[一-龥ァ-ヶーA-Za-z・]+")
NOUN_END = re.compile(r"[一-龥ァ-ヶーA-Za-z]+$")
COUNTED = re.compile(
    r"(?:以上|以下|以内|未満|超|程度|前後)?の(?!大台|規模|水準|増|減|上昇|低下|拡大|伸び|うち)([一-龥ァ-ヶーA-Za-z・]{2,20})(?=[をがはもとのに、])"
)
MEASURE_END = re.compile(r"(?:率|割合|数|額|高|量|規模|順位|市場シェア|期間|売上|人口|市場)$")


def indicator(passage: Passage, spot: Spot, found: Sequence[Found]) -> str | None:
    """What a figure measures. `found` are the figures before it."""
    if found and found[-1].spot.amount.group == spot.amount.group:
        return found[-1].figure.indicator  # the ends of a range measure the same
    if (together := _respectively(passage, spot, found)) is not None:
        return together
    if passage.running.in_bracket(spot.level):
        return _aside(passage, spot, found)
    if spot.amount.unit == "位" and (match := report(passage, spot)):
        return shorten(passage.text[match.start() + 1 : match.start(1)].strip("・ ")) or None
    earlier = [f for f in found if f.spot.level == spot.level and spot.start <= f.spot.amount.start]
    return _by_words(passage, spot, found, earlier[-1] if earlier else None)


def _by_words(passage: Passage, spot: Spot, found: Sequence[Found], before: Found | None) -> str | None:
    """The name by the words between the figure before, if any, and this one."""
    words = _words(passage, before.spot.amount.end if before else spot.start, spot.amount.start, spot.level)
    if before:
        words = words.partition("、")[2]  # up to the comma they still speak of the figure before
    own = own_phrase(words)
    if own is None and (match := COUNTED.match(passage.text, spot.amount.end)):
        return shorten(match[1])
    same = [f.figure.indicator for f in found if f.spot.sentence == spot.sentence]
    phrase = own or topic(words) or (None if same else any_phrase(words))
    if phrase is None:
        return same[-1] if same else None
    alike = before is not None and (before.figure.unit or "")[-1:] == spot.amount.unit[-1:]
    phrase = _under_topic(phrase, before.figure.indicator if before and alike else None, words)
    return _resolved(passage.text, phrase, spot.amount.start)


def _under_topic(phrase: str, before: str | None, words: str) -> str:
    """利用率は、大企業が50%、中小企業が20%: a noun that cannot be measured is a part of what is."""
    if MEASURE_END.search(phrase):
        return phrase
    wholes = [before.split("(")[0] if before else None, topic("、".join(re.split("[、。]", words)[:-1]))]
    whole = next((whole for whole in wholes if whole and MEASURE_END.search(whole)), None)
    return phrase if whole is None else _part(whole, phrase)


def _part(whole: str, part: str) -> str:
    return f"{head(whole, 20)}({head(part, 10)})"


def _resolved(text: str, phrase: str, position: int) -> str:
    """同指数 is the noun before it that ends in 指数; その消費額 only loses its その."""
    if not phrase.startswith(("同", "その")):
        return phrase
    noun = phrase.removeprefix("その").removeprefix("同")
    nouns = [match.group() for match in NOUN.finditer(text, max(0, position - RECENT), position)]
    full = [name for name in nouns if name.endswith(noun) and name not in (noun, "同" + noun)]
    return shorten(full[-1]) if full else noun


def _respectively(passage: Passage, spot: Spot, found: Sequence[Found]) -> str | None:
    """AとBを、それぞれ、a、b: the figures take the names in their order."""
    start = spot.start
    at = passage.text.rfind("それぞれ", start, spot.amount.start)
    if at < 0:
        return None
    quotes = [b for b in passage.running.brackets if b.quote and start <= b.start and b.end < at]
    same = [f for f in found if start <= f.spot.amount.start]
    names: list[str | None] = [passage.text[quote.start + 1 : quote.end] for quote in quotes]
    if len(names) < 2:
        names = [f.figure.indicator for f in same if f.spot.amount.start < at]
    place = len({f.spot.amount.group for f in same if at < f.spot.amount.start})
    name = names[place] if place < len(names) else None
    return None if name is None else shorten(name)


def _aside(passage: Passage, spot: Spot, found: Sequence[Found]) -> str | None:
    """A figure in brackets measures what the figure before them does, or the noun before them: 韓国(4位)."""
    running = passage.running
    bracket, outer = running.brackets[spot.level], running.outside(spot.level)
    start, _ = running.sentence(bracket.start, outer)
    own = own_phrase(running.seen(bracket.start + 1, spot.amount.start, spot.level))
    if own is not None and MEASURE_END.search(own):
        return own
    before = [f for f in found if f.spot.amount.start >= start]
    free = max([start, bracket.start - SHORT_ASIDE, *(f.spot.amount.end for f in before)])
    noun = NOUN_END.search(passage.text, free, bracket.start)
    if before and noun:
        return _part((before[-1].figure.indicator or "").split("(")[0], noun.group())
    if before and bracket.start - before[-1].spot.amount.end <= 3:
        return before[-1].figure.indicator
    return aim(_words(passage, start, bracket.start, outer)) or own


def _words(passage: Passage, start: int, end: int, level: int) -> str:
    """The words between two places, with short brackets (they tell alike names apart) and without long ones."""
    text = passage.text
    return "".join(text[i] for i in range(start, end) if text[i] not in "「」『』" and _belongs(passage, i, level))


def _belongs(passage: Passage, position: int, level: int) -> bool:
    """Whether a character stands at the level itself, or in a short bracket (with its signs) at the level."""
    running, inner = passage.running, passage.running.level[position]
    aside = next((b for b in running.brackets if position in (b.start, b.end)), None)
    if inner == level and aside is None:
        return True
    bracket = aside or running.brackets[inner]
    short = bracket.end - bracket.start <= (SHORT_QUOTE if bracket.quote else SHORT_BRACKET)
    return short and running.level[bracket.start] == level
