"""What a sentence of a summary states, and who it says will act.

Summaries do not mark their policy items as plans do (no time horizon, no ministries in brackets). What tells an
item from background is therefore its heading and how its last sentence ends: Japanese puts the predicate last,
and the prose of government states what will be done by a verb's dictionary form or by a bare verbal noun (…を検討),
what is by ている, た or an adjective, and what would be good by 必要, 重要 and the like.
"""

import re
from unicodedata import category

from analysis.base.japanese import squeeze

SENTENCE = re.compile(r"[^。]*。[」』）)]*|[^。]+$")

# Verbal nouns that name what a government does. A bare one at the end states a task (…を検討、…の整備). Nouns for
# what also happens by itself (拡大, 変化, 普及, 発展, 加速, 増加, 低下) are left out: they state facts as often.
TASKS = (
    "推進", "促進", "整備", "検討", "構築", "策定", "支援", "強化", "実施", "確保", "育成", "創設",
    "設置", "設立", "公表", "改訂", "改定", "改正", "拡充", "充実", "開始", "整理", "主導", "実現",
    "実行", "見直し", "作成", "導入", "確立", "合意", "活用", "発信", "展開", "周知", "把握", "調査",
    "開発", "発掘", "更新", "公開", "議論", "分析", "集約", "運用",
    "向けた取組", "こととしている", "予定である", "予定",
)  # fmt: skip
# Dictionary forms that state how things are, not what will be done.
STATES = (
    "ある", "いる", "なる", "できる", "くる", "みる", "資する", "有する", "果たす",
    "異なる", "言える", "いえる", "残る", "続く", "至る", "とどまる", "留まる", "存在する",
    "発展する", "拡大する", "加速する", "増加する", "減少する", "変化する", "考える", "思う", "かつ",
    "でしょう", "ましょう", "だろう", "であろう",
    # courtesies of a speaker
    "おる", "存じる", "いただく", "頂く", "伺う", "申し上げる", "願う", "願いする", "願いいたす",
)  # fmt: skip
# Polite verbs (進めます) and the dictionary forms that they stand for: what a stem ends with, and what ends the verb.
POLITE = re.compile(r"(?:ます|です)$")
IRREGULAR = {
    "いたし": "いたす", "まいり": "いく", "参り": "いく", "し": "する", "でき": "できる", "ござい": "ある",
    "がい": "がいる", "にい": "にいる", "もい": "もいる", "てい": "ている", "でい": "でいる",
}  # fmt: skip
REGULAR = str.maketrans("いきぎちにびみり", "うくぐつぬぶむる")
# The passive (a-row kana and れる) tells what happens; 入れる and the like are no passives.
PASSIVE = re.compile(r"[かがさたなばまらわ]れる$")
NEEDS = re.compile(
    r"(?:必要|重要|不可欠|急務|課題|肝要|最優先|必要性|べき)(?:である|となる|だ)?$"
    r"|(?:求められ|望まれ|期待され)(?:る|ている)$"
)
DICTIONARY_FORM = re.compile(r"[うくぐすつぬぶむる]$")
# An object; を通じて and its like are postpositions and take part in labels too.
OBJECT = re.compile(r"を(?!通じ|通し|巡|めぐ|踏まえ|含|もと|基|越え)")
# A list or figure that follows is announced: it belongs to the sentence that announces it.
ANNOUNCES = re.compile(r"以下の|次の|下記の")
SOURCE = re.compile(
    r"^\W{0,9}\d*\W{0,9}(?:出典|資料|出所|注)\W|(?:を基に|に基づき|をもとに|より).{0,24}(?:作成|抜粋)\W{0,9}$"
)
PAGE_NUMBER = re.compile(r"(?<=[。！!\s])\d{1,3}$")  # glued to the last line of its page
SENTENCE_LENGTH = 25  # characters from which words with an object are a statement and no label

MINISTRY = r"(?:関係(?:府省庁?|省庁)|(?:[一-鿿ァ-ヶー]{1,9}|こども家庭)(?:府|省|庁)|[一-鿿]{2,8}委員会)"
# Only who is plainly the actor: the subject (が, は) or the place of the work (において, で検討).
ACTORS = re.compile(
    rf"((?:{MINISTRY}(?:[・･、とや]|及び|並びに))*{MINISTRY})等?(?:が|は|において|で(?=検討|整理|議論|連携))"
)
NAMED = re.compile(MINISTRY)
NO_MINISTRY = frozenset({"政府", "各省庁", "各府省", "各府省庁"})  # who acts, but no one in particular


def last_statement(text: str) -> str:
    """Return the last sentence, down to its predicate: without brackets, 等, full stop and page number behind it."""
    sentences = [match.group().strip() for match in SENTENCE.finditer(text)]
    end = next(filter(None, reversed(sentences)), "")
    openings = _openings(end)
    while end:
        if end[-1] in "。！!等" or end[-1].isspace():
            end = end[:-1]
        elif number := PAGE_NUMBER.search(end[-4:]):
            end = end[: -len(number.group())]
        elif len(end) - 1 in openings:
            end = end[: openings[len(end) - 1]]
        else:
            break
    return end


def before_bracket(text: str) -> str:
    """Return what stands before the bracket that ends the text; all of it where none does."""
    return text[: _openings(text).get(len(text) - 1, len(text))]


def _openings(text: str) -> dict[int, int]:
    """Return where each closing bracket's opening one stands, nested ones counted; itself where it has none."""
    opened: list[int] = []
    result: dict[int, int] = {}
    for at, character in enumerate(text):
        kind = category(character)
        if kind == "Ps":
            opened.append(at)
        elif kind == "Pe":
            result[at] = opened.pop() if opened else at
    return result


def states_need(text: str) -> bool:
    """Return whether the text ends in what would be good or is needed: a direction at most."""
    return bool(NEEDS.search(_plainly(last_statement(text))))


def states_task(text: str) -> bool:
    """Return whether the text ends in what will be done."""
    end = _plainly(last_statement(text))
    verb = DICTIONARY_FORM.search(end) is not None and not end.endswith(STATES) and not PASSIVE.search(end)
    return verb or end.endswith(TASKS)


def _plainly(statement: str) -> str:
    """Return a statement with a polite predicate (ます, です) in its plain form."""
    if not POLITE.search(statement):
        return statement
    stem = statement[:-2]
    if statement.endswith("です"):
        return stem + "だ"
    for ending, verb in IRREGULAR.items():
        if stem.endswith(ending):
            return stem.removesuffix(ending) + verb
    last = stem[-1:].translate(REGULAR)
    return stem[:-1] + last if last != stem[-1:] else stem + "る"


def is_statement(text: str, length: int = SENTENCE_LENGTH) -> bool:
    """Return whether an unmarked text states a task although no full stop ends it.

    Labels of diagrams are short and lack an object; a statement has one (…を) and more words.
    """
    return len(squeeze(text)) >= length and bool(OBJECT.search(text)) and states_task(text)


def ministries_named(text: str) -> tuple[str, ...]:
    """Return the ministries that the text names as those who act."""
    return ministries_in("、".join(ACTORS.findall(text)))


def ministries_in(text: str) -> tuple[str, ...]:
    """Return all the ministries that a list names, as written."""
    return tuple(dict.fromkeys(name for name in NAMED.findall(text) if name not in NO_MINISTRY))
