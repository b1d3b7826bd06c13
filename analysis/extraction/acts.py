"""The acts that a measure's sentences name: verb, verbal noun, thing, and whether it is the act or only its means.

Japanese has the predicate last, so what stands behind a verb says what it is: 作り、 作るとともに 作る。 are acts;
作ることで and 制作を通じて are means; 作るため, 作れるよう, 作った, 作っており and 作る人 are neither. A verb that
says nothing of its own (行う) has its act from its object, and each part of a list (収集や作成を行う) is an act.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.extraction.act_words import SETS, act_of, act_of_verb, kind_of
from analysis.extraction.phrases import AND, Phrase, phrases_of

PURPOSE = {"ため", "為", "よう", "様", "目的", "観点"}
# Behind a verb: it is no act of the plan (past, passive, going on, wished, possible, negated), or a condition.
NO_ACT = {
    "た", "れる", "られる", "いる", "おる", "ある", "よう", "べし", "できる", "出来る", "ない", "ぬ", "ず", "たい",
}  # fmt: skip
NO_ACT_END = re.compile(r"ば$|が$|ので$|から$|つつ$|ながら$|[^て]も$")
OBJECT = re.compile(r"(?:等|など|のみ|だけ)?(?:まで(?=を))?([をもにへ])")
TOWARDS = {"取り組む", "取組む", "努める", "つなげる", "繋げる", "当たる", "着手する", "反映する", "組み込む", "臨む"}
TOPIC = re.compile(r"(?:等|など)?(?:は|につく(?:て)?は?)$")
# what describes it is what is done
STANDS_FOR = re.compile(r"^(?:取組|取り組み|取組み|活動|施策|措置|対策|方策|等)等?$")
LONG = re.compile(r"に(?:向ける|むける|関する|対する|係る|かかる|資する)た?$")  # describes by a whole list
EXAMPLE = re.compile(r"(?:等|など)の$")  # 上映会などの機会: the thing is the 上映会
CLOSES = re.compile(r"(?:等|など)(?:の|への|に関する|に係る|に対する|に資する)$")


@dataclass(frozen=True)
class Act:
    """What is done: the verb ('' where a noun ends the sentence), the verbal noun that it governs, the thing that it
    is done to ('' where there is none), and whether it is the act itself or its means."""

    verb: str
    noun: str
    thing: str
    role: str


def acts(text: str) -> list[Act]:
    """Return the acts of a measure, in the text's order."""
    return [act for phrases in phrases_of(text) for act in _acts(phrases)]


def _acts(phrases: list[Phrase]) -> Iterator[Act]:
    for at, phrase in enumerate(phrases):
        if phrase.verb:
            if role := _role(phrases, at):
                yield from _of_verb(phrases, at, role)
        elif (
            phrase.by
            and _is_done(phrases, at)
            and (act_of(phrase.word) or kind_of(phrase.word) or STANDS_FOR.match(phrase.word))
        ):
            yield from (Act("", noun, thing, "means") for noun, thing in _parts(phrases, at))
        elif at == len(phrases) - 1 and phrase.end in ("", "等", "など") and act_of(phrase.word):
            if at and OBJECT.fullmatch(phrases[at - 1].end):  # 教材を作成: する is left out
                yield from _of_verb([*phrases[:at], Phrase(phrase.word + "する", verb=True)], at, "act")
            else:
                yield from (Act("", noun, thing, "noun") for noun, thing in _parts(phrases, at))


def _is_done(phrases: list[Phrase], at: int) -> bool:
    """Return whether what is done by means of a noun is no fact (改正により導入された制度)."""
    verb = next((phrase for phrase in phrases[at + 1 :] if phrase.verb), None)
    return verb is None or phrases[at].comma or not verb.marks & {"た", "れる", "られる"}


def _role(phrases: list[Phrase], at: int) -> str | None:
    """Return whether a verb is an act or the means of one; None where it is background, an aim or a description."""
    phrase = phrases[at]
    behind = phrases[at + 1] if at + 1 < len(phrases) else None
    if not at and phrase.word in SETS["postpositions"]:  # 加えて、
        return None
    if phrase.marks & NO_ACT or NO_ACT_END.search(phrase.end):
        return None
    if phrase.end in ("など", "等") or (behind and behind.word.startswith("等")):
        return "means"
    if phrase.form in ("終止", "連体") and behind and not phrase.comma:
        if STANDS_FOR.match(behind.word):
            return "means" if _is_own(phrases, at) else None
        if not behind.word.startswith("こと"):
            return None
        if behind.end.startswith("で") or behind.by or behind.end in AND:
            return "means"
        return "act" if behind.end.startswith("と") else None
    if phrase.comma or behind is None:
        return "act"
    return "means"


def _is_own(phrases: list[Phrase], at: int) -> bool:
    """Return whether what describes 取組 is the plan's own act: nobody else's (…が), and not only considered."""
    for place in range(at - 1, -1, -1):
        if phrases[place].verb:
            break
        if phrases[place].end.endswith("が"):
            return False
    verb = next((phrase.word for phrase in phrases[at + 1 :] if phrase.verb), "")
    return act_of_verb(verb) not in ("study", "support")


def _of_verb(phrases: list[Phrase], at: int, role: str) -> Iterator[Act]:
    """The acts of a verb and of those joined to it (作成・公表する), one for each part of their object."""
    verbs, first = [phrases[at].word], at
    while first and act_of(phrases[first - 1].word) and _joins(phrases[first - 1]) and verbs[-1].endswith("する"):
        first -= 1
        verbs.append(phrases[first].word + "する")
    for verb in reversed(verbs):
        for noun, thing in _object(phrases, first, verb) or [("", "")]:
            thing = thing or _topic(phrases, first)
            yield Act(verb, noun, "" if thing in SETS["grammar"] else thing, role)


def _object(phrases: list[Phrase], at: int, verb: str) -> list[tuple[str, str]]:
    """Return the parts of the object of the verb at a place."""
    for place in range(at - 1, -1, -1):
        phrase = phrases[place]
        if phrase.verb and _ends_clause(phrase) and (phrase.comma or phrase.word not in SETS["manner"]):
            break
        particle = OBJECT.match(phrase.end)
        if not phrase.verb and particle and (particle[1] not in "にへ" or verb in TOWARDS):
            return _parts(phrases, place)
    return []


def _ends_clause(verb: Phrase) -> bool:
    """Return whether a clause ends with a verb: it describes no noun behind it."""
    return verb.comma or verb.form not in ("終止", "連体")


def _topic(phrases: list[Phrase], at: int) -> str:
    """Return what the sentence is about, up to a place (制度については、見直しを行う)."""
    return next((p.word for p in reversed(phrases[:at]) if not p.verb and TOPIC.search(p.end)), "")


def _joins(phrase: Phrase) -> bool:
    """Return whether a noun is part of a list that goes on."""
    return not phrase.verb and (
        phrase.end.lstrip("等など") in AND or (phrase.end in ("", "等", "など") and phrase.comma)
    )


def _parts(phrases: list[Phrase], at: int) -> list[tuple[str, str]]:
    """Return the parts of the object that ends at a place, as (verbal noun, thing), the first one first.

    A list that 等 closes goes with the word behind it (展示や上映等の支援 is support alone), and a word that names
    nothing (取組) stands for what describes it.
    """
    left, head = phrases[at - 1] if at else None, phrases[at]
    empty = STANDS_FOR.match(head.word) is not None
    if left and left.adnominal and empty and act_of(left.word):
        return _parts(phrases, at - 1)
    verbal = empty or bool(act_of(head.word))
    parts = [] if empty else [(head.word, "") if verbal else ("", head.word)]
    closed = described = False
    for place in range(at - 1, -1, -1):
        phrase, right = phrases[place], phrases[place + 1]
        own = bool(act_of(phrase.word))
        if (phrase.word in PURPOSE and not phrase.adnominal) or (phrase.verb and _ends_clause(phrase)):
            break
        described = described or phrase.verb
        if described and not (verbal and phrase.comma and _joins(phrase) and own):
            continue
        described = False
        of_part = bool(parts) and parts[-1] == (right.word, "")
        if phrase.adnominal:
            if right.word == head.word or of_part:
                closed = closed or (own and bool(CLOSES.search(phrase.word + phrase.end) or LONG.search(phrase.end)))
                if phrase.end.endswith("の") and of_part:
                    parts[-1] = (right.word, phrase.word)
            elif (
                parts
                and parts[-1][1] == right.word
                and EXAMPLE.search(phrase.word + phrase.end)
                and kind_of(phrase.word)
            ):
                parts[-1] = (parts[-1][0], phrase.word)
        elif not _joins(phrase):
            break
        elif closed:
            continue
        elif own == verbal:
            parts.append((phrase.word, "") if verbal else ("", phrase.word))
        elif verbal and parts and parts[-1][1]:
            parts.append((parts[-1][0], phrase.word))
    return parts[::-1] or [("", head.word)]
