"""Sentences of a measure as phrases: a word or compound, and the particles and auxiliaries behind it.

Verbs that stand for a particle (に関する, を通じて) go with the noun before them.
"""

import re
from dataclasses import dataclass, field

from sudachipy import Morpheme, SplitMode

from analysis.base.japanese import squeeze
from analysis.documents.marks import CIRCLED
from analysis.extraction.act_words import SETS, act_of
from analysis.extraction.morphemes import tokenizer

MOST_CHARACTERS = 12_000  # that the tokenizer takes at once
NESTED = 4  # brackets inside brackets
NAME = "〓"  # stands for a quotation
QUOTED = re.compile(r"「[^「」]*」|『[^『』]*』")
ASIDE = re.compile(r"\([^()]*\)")
NUMBERED = re.compile(f"[{CIRCLED}]")
SENTENCE = re.compile(r"[^。;■]{1,1000}")
ALSO = re.compile(r"(?<=[うくぐすつぬぶむる])(?:とともに|と共に|と同時に|と(?:あわ|併)せて|ほか|一方で?|と並行して)、?")
THEN = re.compile(r"た(?:上|うえ)で、?")  # 調べた上で: 調べて、
NOUNS = {"名詞", "代名詞", "接頭辞", "接尾辞", "形状詞", "記号", "連体詞"}  # parts of speech that compounds are made of
AND = {"や", "及び", "および", "並びに", "ならびに", "と", "とか", "又は", "または", "若しくは", "もしくは"}
AND |= {"・", "かつ", "且つ", "/"}
ADJECTIVE = {"な", "だ"}  # 効果的な: says nothing of what is done
OF = {"の", "との", "への", "からの", "での", "等の"}
BY = {"通ずる", "通じる", "通す", "よる"}  # of these: by means of
CASE = re.compile(r"[にをでとへ]も?は?$")


@dataclass
class Phrase:
    """A word or compound (of a verb its dictionary form) with the particles and auxiliaries behind it."""

    word: str
    verb: bool = False
    form: str = ""  # of a verb's last inflected morpheme: 連用, 終止, 連体 …
    end: str = ""  # particles and auxiliaries, as written
    comma: bool = False
    marks: set[str] = field(default_factory=set)  # dictionary forms of the auxiliaries
    by: bool = False  # a noun with を通じて or により: the means
    adnominal: bool = False  # a noun with に関する or の: it modifies the next one


def phrases_of(text: str) -> list[list[Phrase]]:
    """Return the phrases of each sentence of a text."""
    return [_merged(_phrases(sentence)) for sentence in sentences(text)]


def sentences(text: str) -> list[str]:
    """Return the sentences without brackets, with conjunctions that join acts as commas."""
    plain = squeeze(NUMBERED.sub("", text))[:MOST_CHARACTERS]
    for _ in range(NESTED):
        plain = ASIDE.sub("", plain)
    plain = ALSO.sub("、", THEN.sub("て、", plain))
    return [match.group() for match in SENTENCE.finditer(plain)]


def _phrases(sentence: str) -> list[Phrase]:
    names = [match.group() for match in QUOTED.finditer(sentence)]
    tokens = list(tokenizer().tokenize(QUOTED.sub(NAME, sentence), SplitMode.C))
    phrases: list[Phrase] = []
    at = 0
    while at < len(tokens):
        kind = tokens[at].part_of_speech()
        if _is_noun(tokens[at]):
            if kind[2] == "副詞可能" and at + 1 < len(tokens) and _is_noun(tokens[at + 1]):
                at += 1  # 毎年公表する: no compound
                continue
            word = ""
            while at < len(tokens) and (_is_noun(tokens[at]) or _is_inside(tokens, at, word)):
                word += names.pop(0) if tokens[at].surface() == NAME and names else tokens[at].surface()
                at += 1
            phrase = Phrase(word)
            if at < len(tokens) and _is_do(tokens[at]):
                phrase = Phrase(word + "する", verb=True)
                at = _inflect(phrase, tokens, at)
        elif kind[0] == "動詞":
            phrase = Phrase(tokens[at].dictionary_form(), verb=True)
            at = _inflect(phrase, tokens, at)
        else:
            if phrases and kind[0] in ("助詞", "助動詞", "補助記号", "接続詞"):
                _add(phrases[-1], tokens[at])
            at += 1
            continue
        phrases.append(phrase)
    return phrases


def _is_noun(token: Morpheme) -> bool:
    return token.surface() == NAME or (token.part_of_speech()[0] in NOUNS and token.surface() not in AND)


def _is_inside(tokens: list[Morpheme], at: int, word: str) -> bool:
    """Return whether a middle dot stands inside a name (アート・フェア), not between two acts (周知・徹底)."""
    between = word and tokens[at].surface() == "・" and at + 1 < len(tokens) and _is_noun(tokens[at + 1])
    return bool(between) and act_of(word) is None


def _is_do(token: Morpheme) -> bool:
    return token.part_of_speech()[0] == "動詞" and token.dictionary_form() in ("する", "できる", "出来る", "いたす")


def _inflect(phrase: Phrase, tokens: list[Morpheme], at: int) -> int:
    """Take the verb at a place with all auxiliaries behind it; return the place after them."""
    phrase.form = tokens[at].part_of_speech()[5][:2]
    phrase.marks.add(tokens[at].dictionary_form())
    at += 1
    while at < len(tokens):
        kind = tokens[at].part_of_speech()
        helps = kind[:2] == ("動詞", "非自立可能") and phrase.end.endswith(("て", "で"))
        joins = kind[:2] == ("助詞", "接続助詞") or kind[:2] == ("形状詞", "助動詞語幹")
        adjective = kind[:2] == ("接尾辞", "形容詞的")
        if not (helps or joins or adjective or kind[0] == "助動詞"):
            break
        phrase.marks.add("ない" if adjective else tokens[at].dictionary_form())
        phrase.end += tokens[at].surface()
        phrase.form = "" if kind[5] == "*" else kind[5][:2]
        at += 1
    return at


def _add(phrase: Phrase, token: Morpheme) -> None:
    """Add a particle, an auxiliary or a comma to the phrase before it."""
    if token.surface() in ("、", ","):
        phrase.comma = True
    elif not phrase.comma:
        phrase.end += token.surface()
        phrase.adnominal = not phrase.verb and phrase.end.removeprefix("など") in OF


def _merged(phrases: list[Phrase]) -> list[Phrase]:
    """Return the phrases with verbs that stand for particles (を通じて, に関する) as the ends of their nouns."""
    result: list[Phrase] = []
    phrases = [phrase for phrase in phrases if phrase.verb or phrase.end not in ADJECTIVE]
    for at, phrase in enumerate(phrases):
        before = result[-1] if result else None
        behind = phrases[at + 1].word if at + 1 < len(phrases) else ""
        if before and not before.verb and not before.comma and _is_particle(phrase, before, behind):
            before.adnominal = phrase.form in ("連体", "終止") and not phrase.comma
            before.by = phrase.word in BY and (not before.adnominal or phrase.word != "よる")
            before.end += phrase.word + phrase.end
            before.comma = phrase.comma
        else:
            result.append(phrase)
    return result


def _is_particle(phrase: Phrase, before: Phrase, behind: str) -> bool:
    """Return whether a verb stands for a particle: に関する, を通じて, として, を中心とする."""
    if not phrase.verb:
        return False
    if phrase.word == "する" and before.end.endswith("と"):
        return bool(behind) and not behind.startswith("こと") and (phrase.end == "て" or phrase.form == "連体")
    return phrase.word in SETS["postpositions"] and CASE.search(before.end) is not None
