"""Names: what a figure measures, and how words are cut down to a name.

The name stands before the figure: in the words since the figure before, else in the clause that the sentence is about,
else it is what the figure before measures. A figure in brackets measures what the one before them does. それぞれ
hands out names in order; a part (大企業が50%) is named under its whole. The second half is Japanese grammar: a noun
phrase has its head last; は, が or を marks what a clause is about; times, amounts, conjunctions (また、…) and
particles at the ends of a clause are no part of a name.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from sudachipy import SplitMode

from analysis.base.japanese import shorten
from analysis.extraction.morphemes import tokenizer
from analysis.extraction.values.governing_period import cited_report
from analysis.extraction.values.labels import AMOUNT, LABEL, TIME
from analysis.extraction.values.passage import Draft, Mention, Passage
from analysis.extraction.values.words import COMPARED, DOWN, LETTER, NOUN_LETTER, UP

# Lengths in characters.
LONG_NAME = 32
LONG_WHOLE, LONG_PART = 20, 10  # of the two halves of 利用率(大企業)
LONG_AIM = 40  # of a longer aim only the last clause is its object
LONG_CLAUSE = 400  # in which its name is looked for, from its end
SHORT_BRACKET, SHORT_QUOTE = 5, 12  # with the brackets: longer ones explain, shorter ones name
SHORT_ASIDE = 16  # before a bracket in which the noun stands that it speaks of
RECENT = 400  # before 同指数 in which its name is looked for
SCOPE = 4  # of a place or group (全国で) that is no name

LETTERS, NOUN_LETTERS = re.compile(f"[{LETTER}]"), re.compile(f"[{NOUN_LETTER})]")
NOUN = re.compile(rf"[{NOUN_LETTER}・]+")
NOUN_END = re.compile(rf"[{NOUN_LETTER}]+$")
MEASURE_END = re.compile(
    "(?:率|割合|数|額|高|量|規模|順位|シェア|期間|売上|人口|市場|寿命|時間|面積|距離|延長|価格|単価|費|収入|所得|賃金|(?<!制)度"
    "|得点|比|需要|供給|能力|水準)$"
)
MEASURED = re.compile(r"(.*?(?:率|割合|[件者社人校]数|額|量|規模|順位|市場シェア))[はがも]")
ACTOR = re.compile(r"(?:庁|省|府|館|機構|政府|委員会|協会|計画|戦略|我が国)$")  # who acts, not what is measured

# Around a figure.
# What is counted behind a figure (18社の出店を), or what it was said of (620団体であった策定団体数は).
COUNTED = re.compile(
    rf"(?:{COMPARED})?の(?!大台|規模|水準|うち|{DOWN}|{UP})(?P<noun>[{NOUN_LETTER}・]{{2,20}})(?=[をがはもとのに、(])"
    rf"|(?:であった|だった|である)(?P<then>[{NOUN_LETTER}・の]{{2,24}})(?=[はがを])"
)
SHARE = re.compile(r"[^、。]{0,3}(?:に占める|のうち、?)")
PART = re.compile(r"^(?:うち|内訳?|このうち|そのうち)、?")
NEXT = re.compile(r"[、;]|及び|並びに|および|ならびに|かつ")
OWNER = re.compile(rf"[{NOUN_LETTER}]{{1,12}}の$")
COORDINATION = re.compile(r"及び|並びに|および|、|と(?=[一-龥ァ-ヶ])")
SUBJECT = re.compile(r"(?:[^。]*、)?([^、。]+?)[はがも](?=[^はがも、。]{1,12}。?$)")
ONE_KANJI = re.compile(r"(?:^|、)([一-龥])[はが]$")
BY_ACTOR = re.compile(rf"は{TIME}*末?[にで]?$")
ADVERB = re.compile(rf"(?<![比均計{TIME}])で(?:約|計|合計)?$")
ADVERBIAL = re.compile(r"(?:で|に|まで|として|毎年|年)(?:約|計|合計)?$")

# Where clauses end.
END = re.compile(r"[、。◇:;【】○●◎■◆▶※→⇒]")
SENTENCE_END = re.compile(r"[、。◇】]")
CLAUSE_END = re.compile(
    r"(?:する|した|され[るた]|している|による|に関する|として|について|にあたって|ための|おいて|おける|ところ|ある|からは)"
    rf"(?=[{LETTER}])"
)
TOPIC_END = re.compile(rf"(?<=[{NOUN_LETTER})])(?:からは|は|では|には)(?=[{LETTER}])")
TOPIC_CLAUSE = re.compile(r"(?:では|については|は|が|を|として|について)$")
CONJUNCTIVE = re.compile(
    r"(?:[てでりみしちきえめべけれせ]|ため|ところ|など|ものの|見る|した|する|である|による|よれば)$"
)

# What is no part of a name: times (a masked date with the words that tie it to the clause), words at its two ends.
TIMES = re.compile(
    rf"(?:(?:中間|最終|初|翌|基準)年度?の)?{TIME}+(?:末|中|頃|初め|時点|度)*"
    r"(?:の?調査時|調査|時点|現在|実績値?|累計|の(?:水準|値|実績値?)(?=から|より|比|と|に比))?"
    r"(?:まで(?:の間)?|から|より|以降|に?おいて|における|を?(?:目途|めど|目処)|は|で|に|の(?!べ)|も|と|には|、)*"
    r"|\d{1,2}年(?:間|連続)|(?:近|(?:対)?前|昨|本|今|同)年度?(?:は|で|に|の|も)*"
)
CONJUNCTION = re.compile(
    r"^(?:及び|並びに|これ[をは]|それ[をは]|当面の目標として|将来は|また|さらに|加えて|一方で?|他方|なお|しかし(?:ながら)?|特に"
    r"|とりわけ|ただし|[こそ]のうち|うち|あわせて|同様に|次いで|これに続いて|これらを通じて|最新の|直近の|我が国の|今後の?"
    r"|いずれも|これに対し|更に|合計で?|概ね)、?"
)
TRAILING = re.compile(
    r"(?:を|が|は|も|で|に|へ|と|の|として|について|に対して|において|における|により|から|(?<![一-龥])約|およそ|概ね|おおむね|ほぼ|少なくとも"
    r"|平均|合計|計|こと|累計|のべ|延べ|当面|年間|毎年|それぞれ|上位|世界|既に|全て|すべて|(?:世界)?第|トップ|、"
    r"|年|月|週|同|[一-龥]{1,3}当たり|過去|直近|平均で|(?:\d+|一)[^\d、]{1,4}(?:当たり|あたり)|(?:一|1)日平均"
    r"|(?:に(?:よる|係る|関する)|の)もの)+$"
)
COMPARISON = re.compile(r"(?:(?:対|同[月期])?比で?|と?比べて?|に次いで?|前[回年期](?:値|度|調査)?(?:から)?)$")
EMPTY_BRACKET = re.compile(rf"[(<「]{TIME}*[)>」]")
EMPTY = re.compile(rf"{EMPTY_BRACKET.pattern}|{AMOUNT}+")
HEADED = re.compile(rf"^[(](?:{re.sub(r'[?]P<[a-z]+>', '?:', LABEL.pattern)}|指標|参考)[)]")
TITLE = re.compile(r"^(?:KPI|KGI|(?:成果|活動|参考|主要|代表)?指標(?:名)?|項目)(?=[\[(:]|の?目標|$)")


def indicator(passage: Passage, mention: Mention, earlier: Sequence[Draft]) -> str | None:
    """Return what a figure measures. `earlier` are the figures before it."""
    if earlier and earlier[-1].amount.group == mention.amount.group:
        return earlier[-1].figure.indicator  # the ends of a range measure the same
    if (name := _respectively(passage, mention, earlier)) is not None:
        return name
    if passage.running.is_aside(mention.level):
        return _of_aside(passage, mention, earlier)
    if mention.amount.unit == "位" and (match := cited_report(passage, mention)):
        return shorten(passage.text[match.start() + 1 : match.start(1)].strip("・ ")) or None
    return _by_words(passage, mention, earlier)


def _by_words(passage: Passage, mention: Mention, earlier: Sequence[Draft]) -> str | None:
    """Return the name by the words between the figure before at the same level, if any, and this one."""
    position, level = mention.amount.start, mention.level
    beside = [d for d in earlier if d.mention.level == level and mention.start <= d.amount.start]
    before = beside[-1] if beside else None
    words = words_of(passage, before.amount.end if before else mention.start, position, level)
    if before:
        words = _since(words, is_apart=before.amount.end in passage.running.gaps)
    words = re.sub(rf"[{TIME}:]+$", "", words)
    phrase = own_phrase(words)
    if phrase is None and before and (match := ONE_KANJI.search(words)):
        phrase = match[1]
    counted = COUNTED.match(passage.text, mention.amount.end)
    if counted and (phrase is None or ADVERBIAL.search(words)):
        return shorten(counted["noun"] or counted["then"])
    around = [d for d in earlier if d.mention.sentence == mention.sentence]
    around = [d for d in around if d.mention.level == level] or around
    about = topic(words)
    if phrase and len(phrase) <= SCOPE and "の" not in phrase and ADVERB.search(words) and not about and not around:
        return None  # 全国で60か所: the name comes later
    phrase = phrase or about or (None if around else any_phrase(words))
    if phrase is None:
        return around[-1].figure.indicator if around else _of_sentence_before(passage, mention, words, earlier)
    alike = before is not None and (before.figure.unit or "")[-1:] == mention.amount.unit[-1:]
    phrase = _under_topic(phrase, before.figure.indicator if before and alike else None, words)
    return _resolved(passage.text, phrase, position)


def _since(words: str, is_apart: bool) -> str:
    """Return those of the words behind another figure that no longer speak of it: behind a space, に占める or the next
    comma."""
    if of_whole := SHARE.match(words):
        return words[of_whole.end() :]
    if is_apart:
        return words
    _, *rest = NEXT.split(words, maxsplit=1)
    return rest[0] if rest else ""


def _of_sentence_before(passage: Passage, mention: Mention, words: str, earlier: Sequence[Draft]) -> str | None:
    """…の順位が低迷。13位: a sentence that begins with its figure is about the subject of the one before."""
    if LETTERS.search(_bare(words)) or mention.start == 0:
        return None
    start, end = passage.running.sentence(mention.start - 1, mention.level)
    if around := [d for d in earlier if start <= d.amount.start < end]:
        return around[-1].figure.indicator
    subject = SUBJECT.match(words_of(passage, start, end, mention.level))
    name = _bare(subject[1]) if subject else ""
    return head(name) if _is_name(name) else None


def _under_topic(phrase: str, before: str | None, words: str) -> str:
    """利用率は、大企業が50%、中小企業が20%: a noun that cannot be measured is a part of what is."""
    if MEASURE_END.search(phrase):
        return phrase
    *earlier, clause = re.split("[、。]", words)
    *subjects, _ = TOPIC_END.split(clause)
    wholes = [(before or "").split("(")[0], _bare(subjects[-1]) if subjects else None, topic("、".join(earlier))]
    whole = next((whole for whole in wholes if whole and MEASURE_END.search(whole)), None)
    return phrase if whole is None or whole[-4:] in phrase else _part(whole, phrase)


def _part(whole: str, part: str) -> str:
    return f"{head(whole, LONG_WHOLE)}({head(part, LONG_PART)})"


def _resolved(text: str, phrase: str, position: int) -> str:
    """同指数 is the noun before it that ends in 指数; その消費額 only loses its その."""
    if not phrase.startswith(("同", "その")):
        return phrase
    noun = phrase.removeprefix("その").removeprefix("同")
    nouns = NOUN.findall(text, max(0, position - RECENT), position)
    full = [name for name in nouns if name.endswith(noun) and name not in (noun, "同" + noun)]
    return shorten(full[-1]) if full else noun


def _respectively(passage: Passage, mention: Mention, earlier: Sequence[Draft]) -> str | None:
    """AとBを、それぞれ、a、b: the figures take the names in their order."""
    start = mention.start
    position = passage.text.rfind("それぞれ", start, mention.amount.start)
    if position < 0:
        return None
    before = [d for d in earlier if start <= d.amount.start]
    quotes = [b for b in passage.running.brackets if b.quote and start <= b.start and b.end < position]
    owner = OWNER.search(passage.nameable, start, quotes[0].start) if quotes else None
    of = owner.group() if owner else ""  # 特許の「権利化までの期間」と「審査の期間」: both are the patents'
    names: list[str | None] = [of + passage.text[quote.start + 1 : quote.end] for quote in quotes]
    if len(names) < 2:
        names = [d.figure.indicator for d in before if d.amount.start < position]
    if len(names) < 2:
        names = _coordinated(words_of(passage, start, position, mention.level).rpartition(AMOUNT)[2])
    place = len({d.amount.group for d in before if position < d.amount.start})
    name = names[place] if place < len(names) else None
    return None if name is None else shorten(name)


def _coordinated(words: str) -> list[str | None]:
    """男性及び女性の健康寿命は: the names of what is coordinated, each with the head that they share."""
    parts = [part for part in COORDINATION.split(re.sub(r"[はがを]?、?$", "", words)) if _is_name(_bare(part))]
    if len(parts) < 2:
        return []
    shared = re.match(r"(.{1,12}?)(?:における|の)(.+)$", parts[-1])
    if shared is None:
        return [head(_bare(part)) for part in parts]
    return [_part(shared[2], _bare(part)) for part in [*parts[:-1], shared[1]]]


def _of_aside(passage: Passage, mention: Mention, earlier: Sequence[Draft]) -> str | None:
    """A figure in brackets measures what the figure before them does, or the noun before them: 韓国(4位)."""
    running = passage.running
    bracket, outer = running.brackets[mention.level], running.outer_level(mention.level)
    start, _ = running.sentence(bracket.start, outer)
    inside = words_of(passage, max(bracket.start + 1, mention.start), mention.amount.start, mention.level)
    clause = NEXT.split(inside)[-1]
    phrase = own_phrase(PART.sub("", clause))
    if phrase and (MEASURE_END.search(phrase) or (inside.endswith("は") and not PART.match(clause))):
        return phrase
    before = [d for d in earlier if d.amount.start >= start]
    if not before:
        return aim(words_of(passage, start, bracket.start, outer)) or phrase
    owner = before[-1]
    whole = (owner.figure.indicator or "").split("(")[0]
    if phrase and (PART.match(clause) or NOUN.fullmatch(clause)):
        return _part(whole, phrase)  # (うち海外分30億円), (下水82%、浄化槽8%)
    noun = NOUN_END.search(passage.text, max(bracket.start - SHORT_ASIDE, owner.amount.end), bracket.start)
    if noun and not re.fullmatch(COMPARED, noun.group()):
        return _part(whole, noun.group())
    if bracket.start - owner.amount.end <= 3:
        return owner.figure.indicator
    return aim(words_of(passage, start, bracket.start, outer)) or phrase


def words_of(passage: Passage, start: int, end: int, level: int) -> str:
    """Return the words between two positions, with short brackets (they tell alike names apart), without long ones."""
    levels, text = passage.running.levels, passage.nameable
    shown = {level} | {
        index
        for index, bracket in enumerate(passage.running.brackets)
        if bracket.end - bracket.start <= (SHORT_QUOTE if bracket.quote else SHORT_BRACKET)
        and levels[bracket.start] == level
    }
    words = "".join(text[i] for i in range(start, end) if levels[i] in shown and text[i] not in "「」『』")
    return EMPTY_BRACKET.sub("", words)


# ----------------------------------------------------------------------------------------- from words to a name


def own_phrase(words: str) -> str | None:
    """Return the noun phrase in the last clause of some words, if there is one."""
    clause = END.split(words)[-1]
    phrase = _bare(clause)
    if ACTOR.search(phrase) and BY_ACTOR.search(clause):
        return None
    if CONJUNCTIVE.search(phrase) and not _is_noun(phrase):
        # 期間を短くて8か月とする: the words up to the figure say how, its object says what.
        phrase = _bare(_object(clause) or "")
    return head(phrase) if _is_name(phrase) else None


def topic(words: str) -> str | None:
    """Return the last clause that names what the sentence is about: it ends in は, が or を, or begins with what can
    be measured (出願件数も増えており)."""
    for clause in reversed(END.split(words)):
        timeless, phrase = TIMES.sub("", clause), _bare(clause)
        about = TOPIC_CLAUSE.search(timeless)
        if about and _is_name(phrase) and not ACTOR.search(phrase) and _is_noun(timeless[: about.start()]):
            return head(phrase)
        if (match := MEASURED.match(timeless)) is not None:
            return head(_bare(match[1]))
    return None


def any_phrase(words: str) -> str | None:
    """Return the last clause that names anything, where none names a topic: best one with an object, else a noun."""
    clauses = [clause for clause in reversed(END.split(words)) if _is_name(_bare(clause))]
    objects = [clause for clause in clauses if _object(clause) is not None]
    nouns = [clause for clause in clauses if not CONJUNCTIVE.search(_bare(clause))]
    chosen = objects or nouns
    return aim(chosen[0]) if chosen else None


def aim(words: str) -> str | None:
    """Return what an aim is about: its object, without what is to be done to it."""
    words = words.rstrip("、")
    clause = SENTENCE_END.split(words)[-1] if len(words) > LONG_AIM else words
    phrase = _bare(_object(clause) or clause)
    return head(phrase) if _is_name(phrase) else None


def head(phrase: str, limit: int = LONG_NAME) -> str:
    """Return the end of a phrase that is too long: a Japanese noun phrase has its head last."""
    while len(phrase) > limit and (match := CLAUSE_END.search(phrase)) is not None and len(phrase) - match.end() >= 4:
        phrase = phrase[match.end() :]
    return phrase if len(phrase) <= limit else "…" + phrase[-(limit - 1) :]


def _is_name(phrase: str) -> bool:
    letters = len(LETTERS.findall(phrase))
    is_word = letters == 1 and len(phrase) > 2 and _is_noun(phrase)  # 子ども
    return not phrase.startswith("を") and (letters >= 2 or is_word)


def _object(clause: str) -> str | None:
    """Return what stands before the last を, where it ends in a noun."""
    words, _, _ = clause.rpartition("を")
    return words if len(words) >= 5 and NOUN_LETTERS.match(words[-1]) else None


@lru_cache(maxsize=4096)
def _is_noun(phrase: str) -> bool:
    """Return whether the last word of a phrase is a noun, whatever its last letter (灯台祭り)."""
    if not phrase or NOUN_LETTERS.match(phrase[-1]):
        return bool(phrase)
    *_, last = tokenizer().tokenize(phrase[-12:], SplitMode.C)
    return last.part_of_speech()[0] in ("名詞", "接尾辞")


def _bare(clause: str) -> str:
    """Return a clause without amounts, times, conjunctions and particles at its ends."""
    phrase = EMPTY.sub("", TIMES.sub("", HEADED.sub("", clause[-LONG_CLAUSE:])))
    for _ in range(3):
        phrase = TITLE.sub("", phrase.strip("→⇒:=[]・ "))
        phrase = COMPARISON.sub("", TRAILING.sub("", CONJUNCTION.sub("", phrase)))
    return TRAILING.sub("", TOPIC_END.split(phrase)[-1])
