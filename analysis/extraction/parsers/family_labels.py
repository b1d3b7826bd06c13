"""The words that a family of plans has of its own: labels of bodies and times, told by what stands behind them
(旗振り役：経済産業省), and short names of bodies, told by its key (環＝環境省).

A word that stands again and again before a colon or an equals sign, or in a bracket, is a label of bodies where most of
what follows it is bodies that the register knows, and one of times where it is times.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

from analysis.base.japanese import squeeze
from analysis.extraction.parsers.bodies_and_times import USUAL, Labels, bodies, is_time, plain
from analysis.tables import ministries

FEWEST = 3  # times that a label stands at least
MOST = 0.5  # the share of them that must be followed by what it names
BEGINNING = r"(?:^|(?<=[\s/;|,、。(\[〈《【〔「]))"
WORD = r"[一-龥ぁ-んァ-ヶー](?:[一-龥ぁ-んァ-ヶー]|[ \t]{1,2}(?=[一-龥])){0,8}"
COLON = re.compile(rf"{BEGINNING}(?P<label>{WORD})[ \t]?[:=][ \t]*(?P<value>[^:=/;|\])〉》】〕」]{{1,60}})")
BRACKET = re.compile(
    rf"{BEGINNING}[(\[〈《【〔](?P<label>{WORD})[)\]〉》】〕][ \t]*(?P<value>[^:/;|()\[\]〈〉《》【】〔〕]{{1,60}})"
)

NAME = r"(?P<full>[一-龥ァ-ヶーぁ-ん]{3,14})"
KEY = re.compile(
    r"(?:[「『](?P<quoted>[一-龥ァ-ヶーぁ-ん]{1,6})[」』]|(?<![一-龥ァ-ヶー])(?P<short>[一-龥ァ-ヶー]{1,6}))[ \t]?"
    rf"(?:[=:…‥→\t]|は)[ \t]?[「『]?{NAME}"
)
SO_CALLED = re.compile(rf"{NAME}[(](?:以下|略称)[、,]?[「『](?P<quoted>[一-龥ァ-ヶーぁ-ん]{{1,6}})[」』](?P<short>)")


def of(lines: Iterable[str]) -> Labels:
    """Return the labels of a document that are not among the usual ones, in the order of their first place."""
    values: dict[str, list[str]] = defaultdict(list)
    shorts: dict[str, str] = {}
    for line in map(plain, lines):
        for match in (*KEY.finditer(line), *SO_CALLED.finditer(line)):
            short, full = match["quoted"] or match["short"], _body(match["full"])
            if _shortens(short, full):
                shorts.setdefault(short, full)
        for pattern in (COLON, BRACKET):
            for match in pattern.finditer(line):
                values[squeeze(match["label"])].append(match["value"].strip())
    new = {label: texts for label, texts in values.items() if len(texts) >= FEWEST and _is_new(label)}
    return Labels(
        tuple(label for label, texts in new.items() if _share(map(_names_bodies, texts), len(texts)) > MOST),
        tuple(label for label, texts in new.items() if _share(map(is_time, texts), len(texts)) > MOST),
        tuple(f"{short}={full}" for short, full in shorts.items()),
    )


def _body(words: str) -> str:
    """Return the longest name of a body of the register that words begin or end with; "" where none does."""
    names = [words[:end] for end in range(len(words), 1, -1)] + [words[start:] for start in range(1, len(words) - 1)]
    return next(filter(ministries.known, names), "")


def _shortens(short: str, full: str) -> bool:
    """Whether a name is a short one of a body that the register knows: some of its characters, in their order."""
    characters = iter(full)
    return full != "" and not ministries.known(short) and all(one in characters for one in short)


def _is_new(label: str) -> bool:
    """Whether a word is no label that is known, and no body or time itself, as in 短期：農林水産省."""
    return not (USUAL.alone.fullmatch(label) or is_time(label) or ministries.known(label))


def _names_bodies(text: str) -> bool:
    return not is_time(text) and any(map(ministries.known, bodies(text)))


def _share(holds: Iterable[bool], count: int) -> float:
    return sum(holds) / count
