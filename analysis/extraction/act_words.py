"""Words of administrative Japanese by what they say is done (act_words.toml), looked for at the end of compounds."""

import re
import tomllib
from collections.abc import Container
from functools import lru_cache
from pathlib import Path

from analysis.tables.categories import ACTS

LONGEST = 60  # characters of a compound
WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
WRITTEN_ON: list[str] = WORDS["written_on"]  # editions that the rules were written on
SETS: dict[str, frozenset[str]] = {name: frozenset(words.split()) for name, words in WORDS["sets"].items()}
# where a word stands in two classes the stronger one holds
ACT_OF_NOUN: dict[str, str] = {word: act for act in reversed(ACTS) for word in WORDS["verbal_nouns"][act].split()}
ACT_OF_VERB: dict[str, str] = {word: act for act in reversed(ACTS) for word in WORDS["verbs"][act].split()}
KIND_OF_THING: dict[str, str] = {
    word: kind for kind in reversed(WORDS["things"]) for word in WORDS["things"][kind].split()
}
CLOSED = re.compile(r"[」』](?:等|など)?$")  # a name in brackets, whatever it ends with
MARKS = ("等", "など", "」", "』")
SAY_NOTHING = (*MARKS, "活動", "作業", "業務", "取組", "取り組み", "施策", "事業", "措置", "対策", "方策", "の")


def without(word: str, endings: tuple[str, ...] = SAY_NOTHING) -> str:
    """Return a word without the endings, again and again; '' where nothing else is there."""
    while word.endswith(endings):
        word = word.removesuffix(next(end for end in endings if word.endswith(end)))
    return word


def ending(word: str, known: Container[str]) -> str:
    """Return the longest ending of a word that is known, if need be without what says nothing behind it (活動);
    '' for none."""
    word = without(word[-LONGEST:], MARKS)
    for candidate in (word, without(word)):
        for start in range(len(candidate)):
            if candidate[start:] in known:
                return candidate[start:]
    return ""


@lru_cache(maxsize=10_000)
def act_of(word: str) -> str | None:
    """Return the act that the end of a verbal noun names (相互接続検証: study); a name in brackets is none."""
    return None if CLOSED.search(word) else ACT_OF_NOUN.get(ending(word, ACT_OF_NOUN))


def act_of_verb(verb: str) -> str | None:
    """Return the act of a verb in its dictionary form (検討する, 調べる: study)."""
    return ACT_OF_VERB.get(verb) or act_of(verb.removesuffix("する"))


def is_general(thing: str, words: Container[str]) -> bool:
    """Return whether a word names no particular thing; one of a single character only where it stands alone (場)."""
    general = ending(thing, words)
    return len(general) > 1 or (general != "" and thing == general)


def kind_of(thing: str) -> str:
    """Return what kind of thing the end of a word names; '' where it is none that anybody could look for."""
    return KIND_OF_THING.get(ending(thing, KIND_OF_THING), "")
