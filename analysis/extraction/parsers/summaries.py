"""What the readers of summaries share: blocks of lines, what a sentence states, who is named, headings' path.

Summaries do not mark their policy items as plans do (no time horizon, no ministries in brackets). What tells an
item from background is therefore its heading and how its last sentence ends: Japanese puts the predicate last,
and the prose of government states what will be done by a verb's dictionary form or by a bare verbal noun (…を検討),
what is by ている, た or an adjective, and what would be good by 必要, 重要 and the like.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from analysis.base.japanese import join_lines, squeeze
from analysis.documents import marks
from analysis.documents.document import Run
from analysis.extraction.parsers.parse_result import Measure, Paragraph

# What is left of a list mark whose character the font did not map.
LOST_MARK = " "
EMPHASIS = re.compile(r"\*\*|</?[ub]>")
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
SENTENCE = re.compile(r"[^。]*。[」』）)]*|[^。]+$")
CLOSED = tuple("。！？!?）)】」』＞>》〉]")
OPENING, CLOSING = "（(【〔[「『", "）)】〕]」』"

# Verbal nouns that name what a government does. A bare one at the end states a task (…を検討、…の整備). Nouns for
# what also happens by itself (拡大, 変化, 普及, 発展, 加速, 増加, 低下) are left out: they state facts as often.
TASKS = (
    "推進", "促進", "整備", "検討", "構築", "策定", "支援", "強化", "実施", "確保", "育成", "創設",
    "設置", "設立", "公表", "改訂", "改定", "改正", "拡充", "充実", "開始", "整理", "主導", "実現",
    "実行", "見直し", "作成", "導入", "確立", "合意", "活用", "発信", "展開", "周知", "把握", "調査",
    "開発", "発掘", "更新", "公開", "議論", "分析", "集約", "運用",
)  # fmt: skip
TASK_PHRASES = ("向けた取組", "こととしている", "予定である", "予定")
# Dictionary forms that state how things are, not what will be done.
STATES = (
    "ある", "いる", "なる", "できる", "くる", "みる", "資する", "有する", "果たす",
    "異なる", "言える", "いえる", "残る", "続く", "至る", "とどまる", "留まる", "存在する",
    "発展する", "拡大する", "加速する", "増加する", "減少する", "変化する", "考える", "思う", "かつ",
)  # fmt: skip
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

# Headings say what stands below them.
POLICY_HEADING = re.compile(r"施策|重点事項|対応策|方策|今後の(?:取組|方向)|施策の方向性")
BACKGROUND_HEADING = re.compile(
    r"現状|課題|背景|基本認識|影響|動向|論点|ねらい|狙い|ニーズ|事例|例\W{0,9}$|^\W{0,9}例\W"
)
CONTENTS_HEADING = re.compile(r"(?:目次|もくじ|全体像|構成)\W{0,9}$")
SOURCE = re.compile(
    r"^\W{0,9}\d*\W{0,9}(?:出典|資料|出所|注)\W|(?:を基に|に基づき|をもとに|より).{0,24}(?:作成|抜粋)\W{0,9}$"
)

MINISTRY = r"(?:関係(?:府省庁?|省庁)|[一-鿿]{1,7}(?:府|省|庁)|[一-鿿]{2,8}委員会)"
# Only who is plainly the actor: the subject (が, は) or the place of the work (において, で検討).
ACTORS = re.compile(
    rf"((?:{MINISTRY}(?:[・、とや]|及び|並びに))*{MINISTRY})等?(?:が|は|において|で(?=検討|整理|議論|連携))"
)
NAMED = re.compile(MINISTRY)
NO_MINISTRY = frozenset({"政府", "各省庁", "各府省", "各府省庁"})  # who acts, but no one in particular
ABBREVIATED = {"経産省": "経済産業省"}


@dataclass
class Block:
    """Lines that belong together, with their list mark ("" for none)."""

    runs: list[Run]
    mark: str = ""
    role: str = ""
    section: str = ""
    measure: int | None = None

    @property
    def text(self) -> str:
        """The running text, list mark and emphasis removed."""
        return clean(join_lines([EMPHASIS.sub("", raw) for raw in (run.raw for run in self.runs)]), self.mark)

    @property
    def first(self) -> int:
        return self.runs[0].number

    @property
    def last(self) -> int:
        return max(line.number for run in self.runs for line in run.lines)


@dataclass
class Outline:
    """The headings that stand above the current line, by level."""

    headings: dict[int, str] = field(default_factory=dict)

    def enter(self, level: int, title: str) -> None:
        """A heading ends those of its own level and below."""
        self.headings = {at: name for at, name in self.headings.items() if at < level} | {level: title}

    @property
    def path(self) -> tuple[str, ...]:
        return self.below(0)

    def below(self, level: int) -> tuple[str, ...]:
        """The headings of deeper levels, outermost first."""
        return tuple(self.headings[at] for at in sorted(self.headings) if at > level)


def clean(text: str, mark: str = "") -> str:
    """A text without its list mark."""
    text = text.strip()
    return text[len(mark) :].strip() if mark and text.startswith(mark) else text


def mark_of(line: str) -> str:
    """The list mark of a line, "- ・" and the like as one; "" where there is none."""
    list_mark = marks.mark(line)
    return list_mark.text if list_mark else ""


def sentences(text: str) -> list[str]:
    """The sentences of a text, full stops kept."""
    return [piece.strip() for piece in SENTENCE.findall(text) if piece.strip()]


def unbracketed_end(text: str) -> str:
    """The text without what follows its predicate: closing brackets with their content, 等, full stop, page number."""
    while text:
        shorter = re.sub(r"(?:[。！!\s]|(?<=[。！!\s])\d{1,3})$", "", text)
        if shorter.endswith("等"):
            shorter = shorter[:-1]
        if shorter and shorter[-1] in CLOSING:
            shorter = before_bracket(shorter)
        if shorter == text:
            break
        text = shorter
    return text


def before_bracket(text: str) -> str:
    """What stands before the bracket that ends the text, nested ones counted; without it only the bracket goes."""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] in CLOSING) - (text[at] in OPENING)
        if depth == 0:
            return text[:at]
    return text[:-1]


def last_statement(text: str) -> str:
    """The last sentence, down to its predicate."""
    parts = sentences(text)
    return unbracketed_end(parts[-1]) if parts else ""


def states_need(text: str) -> bool:
    """The text ends in what would be good or is needed: a direction at most."""
    return bool(NEEDS.search(last_statement(text)))


def states_task(text: str) -> bool:
    """The text ends in what will be done."""
    end = last_statement(text)
    if end.endswith(TASK_PHRASES + TASKS):
        return True
    return bool(DICTIONARY_FORM.search(end)) and not end.endswith(STATES) and not PASSIVE.search(end)


def is_statement(text: str, length: int = 25) -> bool:
    """An unmarked text that states a task although no full stop ends it.

    Labels of diagrams are short and lack an object; a statement has one (…を) and more words.
    """
    return len(squeeze(text)) >= length and bool(OBJECT.search(text)) and states_task(text)


def ministries_named(text: str) -> tuple[str, ...]:
    """The ministries that the text names as those who act."""
    return ministries_in("、".join(ACTORS.findall(text)))


def ministries_in(text: str) -> tuple[str, ...]:
    """All the ministries that a list names, as written, abbreviations written out."""
    return unique(ABBREVIATED.get(name, name) for name in NAMED.findall(text) if name not in NO_MINISTRY)


def unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def paragraph(block: Block) -> Paragraph:
    return Paragraph(
        tuple(line for run in block.runs for line in run.numbered), block.role, block.section, block.measure
    )


def summary_measure(
    text: str, lines: tuple[int, int], path: tuple[str, ...], ministries: tuple[str, ...] = ()
) -> Measure:
    """A policy item of a summary; its section is the whole path of headings."""
    return Measure(
        first_line=lines[0],
        last_line=lines[1],
        text=text,
        section=" ".join(path),
        section_title=path[-1] if path else "",
        subheads=path[1:],
        ministries=ministries or ministries_named(text),
        part="summary",
    )


def extended(item: Measure, text: str, last_line: int) -> Measure:
    """The item with one more line of the list that it announces."""
    joint = "" if item.text.endswith("。") else " "
    return replace(item, text=item.text + joint + text, last_line=last_line)
