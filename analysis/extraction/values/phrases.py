"""How words are cut down to the name of what is measured.

All of it is Japanese grammar: a noun phrase has its head last; は, が or を marks what a clause is about; times,
amounts, joints (また、…) and particles at the ends of a clause are no part of a name.
"""

import re

from analysis.extraction.values.amounts import AMOUNT_WITH_UNIT

LONG_AIM = 40  # characters: of a longer aim only the last clause is its object
LONG_NAME = 32  # characters of a name
LONG_CLAUSE = 400  # characters of a clause that its name is looked for in, from its end
MEASURED = re.compile(r"(.*?(?:率|割合|[件者社人校]数|額|量|規模|順位|市場シェア))[はがも]")
TOPIC_CLAUSE = re.compile(r"[一-龥ァ-ヶーA-Za-z)](?:では|は|が|を|として|について)$")
ACTOR = re.compile(r"(?:庁|省|府|館|機構|政府|委員会|協会|計画|戦略|我が国)$")  # who acts, not what is measured
TIMES = re.compile(
    r"(?:(?:19|20)\d{2}(?:年度?)?(?:から|~)(?:19|20)\d{2}年度?|今後\d{1,2}[かカヶ箇]?年間?|\d{1,2}年(?:間|連続)"
    r"|(?:(?:令和|平成|昭和)(?:\d{1,2}|元)|(?:19|20)\d{2})年度?(?:\d{1,2}月)?(?:\d{1,2}日)?"
    r"|(?:前|昨|本|今|同)年度?|近年|同日)(?:末|中|頃)?(?:の?調査時|調査|時点|現在)?"
    r"(?:まで|から|以降|に?おいて|における|は|で|に|の(?!べ)|も|と)*"
)
JOINED = re.compile(
    r"^(?:また|さらに|加えて|一方で?|他方|なお|しかし(?:ながら)?|特に|とりわけ|ただし|[こそ]のうち|うち|あわせて|同様に|次いで"
    r"|これに続いて|これらを通じて|最新の|直近の|我が国の|今後の?|いずれも|これに対し|更に|合計で?|概ね)、?"
)
TRAILING = re.compile(
    r"(?:を|が|は|も|で|に|へ|と|の|として|について|に対して|において|における|により|から|約|およそ|概ね|おおむね|ほぼ"
    r"|平均|合計|計|こと|累計|のべ|延べ|当面|年間|毎年|それぞれ|上位|世界|既に)+$"
)
COMPARISON = re.compile(r"(?:(?:対|同[月期])?比で?|と?比べて?|に次いで?|前[回年][値度]?(?:から)?)$")
CLAUSE_END = re.compile(
    r"(?:する|した|され[るた]|している|による|に関する|として|について|にあたって|ための|おいて|おける|ところ|ある|からは)"
    r"(?=[一-龥ァ-ヶA-Za-z])"
)
TOPIC_END = re.compile(r"(?<=[一-龥ァ-ヶーA-Za-z)])(?:からは|は|では|には)(?=[一-龥ァ-ヶA-Za-z])")
NOUN_SIGN = re.compile(r"[一-龥ァ-ヶーA-Za-z)]")
CONJUNCTIVE = re.compile(
    r"(?:[てでりみしちきえめべけれせ]|ため|ところ|など|ものの|見る|した|する|である|による|よれば)$"
)
WORD = re.compile(r"[一-龥ァ-ヶA-Za-z]")
END = re.compile(r"[、。◇:]")  # of a clause
SENTENCE_END = re.compile(r"[、。◇]")


def own_phrase(words: str) -> str | None:
    """The noun phrase in the last clause of some words, if there is one."""
    clause = END.split(words)[-1]
    phrase = _bare(clause)
    if CONJUNCTIVE.search(phrase):
        # 期間を短くて8か月とする: the words up to the figure say how, its object says what.
        phrase = _bare(_object(clause) or "")
    return head(phrase) if _is_name(phrase) else None


def topic(words: str) -> str | None:
    """The last clause that names what the sentence is about: it ends in は, が or を, or begins with what can be
    measured (出願件数も増えており)."""
    for clause in reversed(END.split(words)):
        timeless, phrase = TIMES.sub("", clause), _bare(clause)
        if TOPIC_CLAUSE.search(timeless) and _is_name(phrase) and not ACTOR.search(phrase):
            return head(phrase)
        if (match := MEASURED.match(timeless)) is not None:
            return head(_bare(match[1]))
    return None


def any_phrase(words: str) -> str | None:
    """The last clause that names anything, where no clause names a topic: best one with an object, else a noun."""
    clauses = [clause for clause in reversed(END.split(words)) if _is_name(_bare(clause))]
    objects = [clause for clause in clauses if _object(clause) is not None]
    nouns = [clause for clause in clauses if not CONJUNCTIVE.search(_bare(clause))]
    chosen = objects or nouns
    return aim(chosen[0]) if chosen else None


def aim(words: str) -> str | None:
    """What an aim is about: its object, without what is to be done to it."""
    words = words.rstrip("、")
    clause = SENTENCE_END.split(words)[-1] if len(words) > LONG_AIM else words
    phrase = _bare(_object(clause) or clause)
    return head(phrase) if _is_name(phrase) else None


def head(phrase: str, limit: int = LONG_NAME) -> str:
    """The end of a phrase that is too long: a Japanese noun phrase has its head last."""
    while len(phrase) > limit and (match := CLAUSE_END.search(phrase)) is not None and len(phrase) - match.end() >= 4:
        phrase = phrase[match.end() :]
    return phrase if len(phrase) <= limit else "…" + phrase[-(limit - 1) :]


def _is_name(phrase: str) -> bool:
    return len(WORD.findall(phrase)) >= 2


def _object(clause: str) -> str | None:
    """What stands before the last を, where it ends in a noun."""
    words, _, _ = clause.rpartition("を")
    return words if len(words) >= 5 and NOUN_SIGN.fullmatch(words[-1]) else None


def _bare(clause: str) -> str:
    """A clause without amounts, times, joints and particles at its ends."""
    phrase = TIMES.sub("", AMOUNT_WITH_UNIT.sub("", clause[-LONG_CLAUSE:]))
    for _ in range(3):
        phrase = COMPARISON.sub("", TRAILING.sub("", JOINED.sub("", phrase)))
    return TRAILING.sub("", TOPIC_END.split(phrase)[-1])
