"""The acts that a measure's sentences name: verb, verbal noun, thing, and whether it is the act or only its means.

Sentences are parted into phrases (a word or compound with the particles and auxiliaries behind it). Japanese has the
predicate last, so what stands behind a verb says what it is: 作り、 and 作るとともに and 作る。 are acts; 作ることで and
制作を通じて are means; 作るため, 作れるよう, 作った, 作っており and 作る人 are neither. A verb that says nothing of its own (行う)
has its act from its object, and each part of a list (収集や作成を行う) is an act.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sudachipy import Morpheme, SplitMode

from analysis.base.japanese import squeeze
from analysis.documents.marks import CIRCLED
from analysis.extraction.act_words import GRAMMAR, act_of, act_of_verb, kind_of
from analysis.extraction.morphemes import tokenizer

MOST_CHARACTERS = 12_000  # that the tokenizer takes at once
NESTED = 4  # brackets inside brackets
NAME = "〓"  # stands for a quotation
QUOTED = re.compile(r"「[^「」]*」|『[^『』]*』")
ASIDE = re.compile(r"\([^()]*\)")
NUMBERED = re.compile(f"[{CIRCLED}]")
SENTENCE = re.compile(r"[^。;■]{1,1000}")
ALSO = re.compile(r"(?<=[うくぐすつぬぶむる])(?:とともに|と共に|と同時に|と(?:あわ|併)せて|ほか|一方で?|と並行して)、?")
THEN = re.compile(r"(?<=た)(?:上|うえ)で、?")

NOUNS = {"名詞", "代名詞", "接頭辞", "接尾辞", "形状詞", "記号", "連体詞"}  # parts of speech that compounds are made of
AND = set("や 及び および 並びに ならびに と とか 又は または 若しくは もしくは ・ かつ 且つ /".split())
ADJECTIVE = {"な", "だ"}  # 効果的な: says nothing of what is done
OF = {"の", "との", "への", "からの", "での", "等の"}
PRONOUNS = {"これ", "それ", "これら", "それら", "当該"}
PURPOSE = {"ため", "為", "よう", "様", "目的", "観点"}
POSTPOSITIONS = set(  # verbs that stand for a particle
    """通ずる 通じる 通す 踏まえる ふまえる 基づく もとづく よる おく 於く おける 関する 対する 係る かかる 向ける むける 含む 含める 巡る めぐる 鑑みる
    かんがみる 応ずる 応じる 伴う ともなう とる 始める 初める はじめる 沿う 則る 限る 経る 際する わたる 亘る 即する 照らす つく 当たる あたる 資する
    加える 併せる 合わせる あわせる なる 引き続く 見据える 備える""".split()
)
BY = {"通ずる", "通じる", "通す", "よる"}  # of these: by means of

# Behind a verb: it is no act of the plan (past, passive, going on, wished, possible, negated), or a condition.
NO_ACT = {"た", "れる", "られる", "いる", "おる", "ある", "よう", "べし", "できる", "出来る", "ない", "ぬ", "たい"}
NO_ACT_END = re.compile(r"ば$|が$|ので$|から$|つつ$|ながら$|[^て]も$")
CASE = re.compile(r"[にをでとへ]も?は?$")
OBJECT = re.compile(r"(?:等|など|まで|のみ|だけ)?(?:を|も|に|へ)")
TOWARDS = {"取り組む", "取組む", "努める", "つなげる", "繋げる", "当たる", "着手する", "反映する", "組み込む", "臨む"}
MANNER = {"継続する", "連携する", "協力する", "一体となる", "引き続く", "共同する"}  # 継続して実施する: how it is done
TOPIC = re.compile(r"(?:等|など)?(?:は|につく(?:て)?は?)$")
STANDS_FOR = re.compile(
    r"^(?:取組|取り組み|取組み|活動|施策|措置|対策|方策|等)等?$"
)  # what describes it is what is done
LONG = re.compile(r"に(?:向ける|むける|関する|対する|係る|かかる|資する)た?$")  # describes by a whole list
EXAMPLE = re.compile(r"(?:等|など)の$")  # 上映会などの機会: the thing is the 上映会
CLOSES = re.compile(r"(?:等|など)(?:の|への|に関する|に係る|に対する|に資する)$")


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
    return [act for sentence in sentences(text) for act in _acts(_merged(_phrases(sentence)))]


def sentences(text: str) -> list[str]:
    """Return the sentences without brackets, with conjunctions that join acts as commas."""
    plain = squeeze(NUMBERED.sub("", text))[:MOST_CHARACTERS]
    for _ in range(NESTED):
        plain = ASIDE.sub("", plain)
    plain = ALSO.sub("、", THEN.sub("て、", plain))
    return [match.group() for match in SENTENCE.finditer(plain)]


# --- phrases


def _phrases(sentence: str) -> list[Phrase]:
    names = [match.group() for match in QUOTED.finditer(sentence)]
    tokens = list(tokenizer().tokenize(QUOTED.sub(NAME, sentence), SplitMode.C))
    phrases: list[Phrase] = []
    at = 0
    while at < len(tokens):
        kind = tokens[at].part_of_speech()
        if _is_noun(tokens[at]):
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
    return phrase.word in POSTPOSITIONS and CASE.search(before.end) is not None


# --- acts


def _acts(phrases: list[Phrase]) -> Iterator[Act]:
    for at, phrase in enumerate(phrases):
        if phrase.verb:
            if role := _role(phrases, at):
                yield from _of_verb(phrases, at, role)
        elif phrase.by and (act_of(phrase.word) or kind_of(phrase.word) or STANDS_FOR.match(phrase.word)):
            yield from (Act("", noun, thing, "means") for noun, thing in _parts(phrases, at))
        elif at == len(phrases) - 1 and phrase.end in ("", "等", "など") and act_of(phrase.word):
            if at and OBJECT.fullmatch(phrases[at - 1].end):  # 教材を作成: する is left out
                yield from _of_verb([*phrases[:at], Phrase(phrase.word + "する", verb=True)], at, "act")
            else:
                yield from (Act("", noun, thing, "noun") for noun, thing in _parts(phrases, at))


def _role(phrases: list[Phrase], at: int) -> str | None:
    """Return whether a verb is an act or the means of one; None where it is background, an aim or a description."""
    phrase = phrases[at]
    behind = phrases[at + 1] if at + 1 < len(phrases) else None
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
    """Return whether what describes 取組 is an act of the one who speaks: nobody else's (…が), and not only considered."""
    for place in range(at - 1, -1, -1):
        if phrases[place].verb:
            break
        if phrases[place].end.endswith("が"):
            return False
    verb = next((phrase.word for phrase in phrases[at + 1 :] if phrase.verb), "")
    return act_of_verb(verb) not in ("study", "support")


def _of_verb(phrases: list[Phrase], at: int, role: str) -> Iterator[Act]:
    """The acts of a verb and of those joined to it (作成・公表する): one for each part of their object, or one without."""
    verbs, first = [phrases[at].word], at
    while first and act_of(phrases[first - 1].word) and _joins(phrases[first - 1]) and verbs[-1].endswith("する"):
        first -= 1
        verbs.append(phrases[first].word + "する")
    for verb in reversed(verbs):
        for noun, thing in _object(phrases, first, verb) or [("", "")]:
            thing = thing or _topic(phrases, first)
            yield Act(verb, noun, "" if thing in GRAMMAR else thing, role)


def _object(phrases: list[Phrase], at: int, verb: str) -> list[tuple[str, str]]:
    """Return the parts of the object of the verb at a place."""
    for place in range(at - 1, -1, -1):
        phrase = phrases[place]
        if phrase.verb and _ends_clause(phrase) and (phrase.comma or phrase.word not in MANNER):
            break
        if not phrase.verb and OBJECT.match(phrase.end) and (phrase.end[0] not in "にへ" or verb in TOWARDS):
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

    A list that 等 closes goes with the word behind it (展示や上映等の支援 is support alone), and a word that names nothing
    (取組) stands for what describes it.
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
