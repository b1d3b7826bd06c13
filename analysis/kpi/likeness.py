"""How much a figure is like an indicator: by the words of its name and headings, without any pattern.

Two shares are compared. *Explained* is how much of the figure's name the indicator's own words hold (of its registered
name, of the names of figures that patterns tie to it, half of its definition): a word that they lack, such as
*women* or *machines*, means that something else is counted. *Covered* is how much of one of the indicator's names
stands in the figure's name or headings. Words weigh by their rarity among the indicators. A value near the series'
latest, and more so one that repeats what the series gives for the same year, speaks for it, and never suffices alone.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from sudachipy import SplitMode

from analysis.base.japanese import normal, squeeze
from analysis.extraction.morphemes import tokenizer
from analysis.kpi.amounts import converted, scale
from analysis.kpi.register import Indicator

THRESHOLD = 0.77  # from this score on a figure is tied (docs/decisions.md says how it was chosen)
MARGIN = 0.05  # by which the best indicator must lead
LISTED = 0.25  # what is less like any indicator has no nearest one
STRANGE = 0.6  # most that a name is explained of which the indicator knows a word not at all
SHORT = 6.0  # weight of a name that says too little without its heading
IN_HEADING, IN_DEFINITION = 0.6, 0.5  # what a word is worth that stands there
FAR = 10.0  # times the largest value, or below the smallest, of a series: another thing
EXPLAINED = 0.6  # share of the likeness that what is explained decides, the rest what is covered
HALF = 0.5  # likeness by words from which on a value that is repeated says more
REPEATED = {2: 0.2, 3: 0.4}  # digits of such a value → by which share of the rest the likeness rises
ECHOED = 0.75  # by which share of the rest the likeness rises where the figures of a line repeat two values of a series
VALUE = 0.2  # share of the score that the values decide
SPREAD = 0.35  # of the logarithm of a value over the latest one: the usual step of a year or two

# Words of statistics in general: what is measured is told by the others, how by the unit.
GENERAL = frozenset({
    "割合", "比率", "シェア", "件数", "数", "人数", "総数", "額", "金額", "総額", "合計", "規模", "平均", "年間",
    "月間", "年度", "前年", "直近", "最新", "現在", "時点", "累計", "延べ", "状況", "実績", "推移", "水準",
    "指標", "数値", "値", "目標", "我が国", "日本", "全体", "全国", "対象", "分野", "産業", "取組", "主要",
    "主たる", "増加", "上昇",
})  # fmt: skip
# One thing in two words.
SAME = {
    "利活用": "利用", "活用": "利用", "使用": "利用", "人工知能": "AI", "新たに": "新規に", "初めて": "新規に",
    "受講": "参加", "漫画": "マンガ", "動画": "映像", "書籍": "出版", "食料品": "食品", "アパレル": "ファッション",
    "摘発": "検挙", "総計": "合計", "特許庁": "JPO",  # an office, and no patent
}  # fmt: skip
# Of each group a figure and an indicator that both name one must name the same: exports are no imports.
CONTRASTS = tuple(group.split() for group in (
    "国内 海外 世界", "輸出 輸入", "出願 登録 審判", "特許 商標 意匠 実用新案 著作権", "相談 検挙", "官民 民間 政府",
    "応募 採択", "博士 修士", "増加 減少", "一次審査 権利化", "出版 映像 音楽 ゲーム アニメ マンガ 実写 キャラクター",
    "訪日外国人 日本人 在留外国人", "大企業 中小企業 スタートアップ 大学", "小計 合計",
))  # fmt: skip
# What makes a part of the whole: an indicator whose names lack it counts something wider.
PARTS = (
    "女性", "男性", "若者", "若年", "個人", "中小企業", "大企業", "1人当たり", "1人あたり", "一人当たり", "一人あたり",
    "翻訳", "ゲーム", "アニメ", "マンガ", "音楽", "実写", "映像", "出版",
)  # fmt: skip
MEASURES = ("者", "数", "率", "額", "高", "発", "等", "的")  # at the end of many words
HIRAGANA = re.compile(r"[ぁ-ゖー]+")
MARK = re.compile(r"\(([ァ-ヶA-Za-z0-9①-⑳])\)")  # which of several: 1号(イ)
YEARS = re.compile(r"(?:令和|平成|第)?\d+(?:年度|年間|年|月|日|期|次|か年)")


Value = tuple[float | None, float]  # of which year, and how much


@dataclass(frozen=True)
class Words:
    """What a text is about: its words without numerals, and what tells it from others of its kind."""

    text: str
    words: frozenset[str]
    numbers: frozenset[str]
    places: frozenset[str]
    marks: frozenset[str]

    def holds(self, terms: Iterable[str]) -> set[str]:
        return {term for term in terms if term in self.text}


@cache
def words_of(text: str) -> Words:
    """Return what a name is about."""
    plain = YEARS.sub("", squeeze(normal(text)))
    for other, word in SAME.items():
        plain = plain.replace(other, word)
    words, numbers, places = set(), set(), set()
    for morpheme in tokenizer().tokenize(plain, SplitMode.A):
        kind, form = morpheme.part_of_speech(), morpheme.normalized_form()
        if kind[1] == "数詞":
            numbers.add(form)
        elif _is_word(kind, form):
            words.add(form)
        if kind[2] == "地名" and form != "日本":
            places.add(form)
    return Words(plain, frozenset(words), frozenset(numbers), frozenset(places), frozenset(MARK.findall(plain)))


def _is_word(kind: Sequence[str], form: str) -> bool:
    """Return whether a morpheme says what is counted: a noun, or a suffix such as 酒 that is more than a measure."""
    if form in MEASURES or HIRAGANA.fullmatch(form):
        return False
    return kind[0] in ("名詞", "形状詞", "接尾辞") and kind[1] != "代名詞" and (kind[0] != "接尾辞" or form[0] >= "一")


@dataclass(frozen=True)
class Known:
    """What is known of an indicator: its names, what they and its definition say, and its values by kind."""

    indicator: Indicator
    names: tuple[tuple[Words, frozenset[str]], ...]  # each with the words of its heading, where the name is short
    own: Words
    defined: Words
    values: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)  # kind → in the order of editions and years

    @property
    def called(self) -> tuple[Words, ...]:
        return (self.own, *(name for name, _ in self.names))


@dataclass(frozen=True)
class Stated:
    """A figure that is to be tied: what it is called, where it stands, and its values in one unit."""

    name: str
    headings: str
    unit: str | None
    nature: str
    values: tuple[tuple[str, Value], ...] = ()  # kind and value


def contradicts(name: str, called: Iterable[Words], said: Iterable[Words] = ()) -> bool:
    """Return whether a name tells that something else is counted than what an indicator is `called` and what else is
    `said` of it: another place, number or letter of a list, another member of a contrast, or a part of the whole."""
    figure, names = words_of(name), tuple(called)
    texts = (*names, *said)
    if figure.places - frozenset().union(*(text.places for text in texts)):
        return True
    if figure.numbers - frozenset().union(*(text.numbers for text in texts)):
        return True
    if figure.marks and not figure.marks & frozenset().union(*(text.marks for text in texts)):
        return True
    if any(not any(part in text.text for text in names) for part in figure.holds(PARTS)):
        return True
    for group in CONTRASTS:
        ours, wanted = figure.holds(group), set().union(*(text.holds(group) for text in texts))
        if ours and wanted and not ours & wanted:
            return True
    return False


class Likeness:
    """The indicators as figures are compared with them."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.known = list(known)
        said = [entry.defined.words.union(*(text.words for text in entry.called)) for entry in self.known]
        self._count = Counter(word for words in said for word in words)

    def weight(self, word: str) -> float:
        """Return the rarity of a word among the indicators; that of general words is small."""
        return 0.3 if word in GENERAL else math.log((len(self.known) + 1) / (self._count[word] + 0.5))

    def scores(self, figure: Stated, whatever: bool = False) -> list[tuple[float, str]]:
        """Return the indicators of the same counted unit and nature (of any with `whatever`) with their scores (0–1),
        the best first; those that the name contradicts come with half of theirs."""
        entries = [entry for entry in self.known if whatever or _counts(entry.indicator, figure)]
        rows = [(self._score(figure, entry), entry.indicator.indicator_id) for entry in entries]
        return sorted(rows, key=lambda row: (-row[0], row[1]))

    def _score(self, figure: Stated, entry: Known) -> float:
        name, headings = words_of(figure.name), words_of(figure.headings)
        explained = self._explained(name, entry)
        covered = max(self._covered(name, headings, *reference) for reference in entry.names)
        like = math.pow(explained, EXPLAINED) * math.pow(covered, 1 - EXPLAINED)
        if like >= HALF:
            like += REPEATED.get(repeated(figure, entry), 0.0) * (1 - like)
        if like >= LISTED and echoes(figure, entry) > 1:
            like += ECHOED * (1 - like)
        near = nearness(figure, entry)
        wrong = contradicts(figure.name, entry.called, [entry.defined]) or self._lacks(name, entry) or near is None
        score = (1 - VALUE) * like + VALUE * like * (near or 0.0)
        return score / 2 if wrong else score

    def _explained(self, name: Words, entry: Known) -> float:
        """Return which share of the name's words the indicator's own hold."""
        known = set().union(*(words.words for words, _ in entry.names), entry.own.words)
        worths = {
            word: 1.0 if word in known else IN_DEFINITION if word in entry.defined.words else 0.0 for word in name.words
        }
        total = sum(map(self.weight, name.words))
        share = sum(self.weight(word) * worth for word, worth in worths.items()) / total if total else 0.0
        strange = any(not worth and word not in GENERAL for word, worth in worths.items())
        return min(share, STRANGE) if strange else share

    def _covered(self, name: Words, headings: Words, reference: Words, heading: frozenset[str]) -> float:
        short = sum(map(self.weight, reference.words)) < SHORT
        wanted = reference.words | heading if short else reference.words
        total = sum(map(self.weight, wanted))
        held = sum(
            self.weight(word) * (1.0 if word in name.words else IN_HEADING if word in headings.words else 0.0)
            for word in wanted
        )
        return held / total if total else 0.0

    def _lacks(self, name: Words, entry: Known) -> bool:
        """Return whether the figure names nothing of a contrast of which all of the indicator's names name one."""
        for group in CONTRASTS:
            needed = set(group).intersection(*(words.holds(group) for words in entry.called))
            if needed and not needed & name.holds(group):
                return True
        return False


def _counts(indicator: Indicator, figure: Stated) -> bool:
    """Return whether an indicator counts what a figure does: in the same unit, as a level, change or rate."""
    same = figure.unit is None or scale(indicator.unit)[1] == scale(figure.unit)[1]
    return same and indicator.nature == figure.nature


def nearness(figure: Stated, entry: Known) -> float | None:
    """Return how near the figure's values are to the series' (0–1, 0.5 where nothing is known), None where they are of
    another order."""
    if figure.unit is None or not _counts(entry.indicator, figure):
        return 0.5
    best: list[float] = []
    everything = [abs(value) for values in entry.values.values() for _, value in values if value]
    for kind, (_, value) in figure.values:
        earlier = entry.values.get(kind) or entry.values.get("observation") or ()
        if not earlier or not value:
            continue
        here = abs(converted(value, figure.unit, entry.indicator.unit))
        if everything and not min(everything) / FAR <= here <= max(everything) * FAR:
            return None
        if latest := abs(earlier[-1][1]):
            best.append(math.exp(-abs(math.log(here / latest)) / SPREAD))
    return max(best) if best else 0.5


def echoes(figure: Stated, entry: Known) -> int:
    """Return how many of the figure's dated values the series gives alike, of the same kind and year. Two that
    agree by chance are rare: 12th in 2025 and 4th by 2035."""
    if figure.unit is None or not _counts(entry.indicator, figure):
        return 0
    stated = {
        (kind, year, converted(value, figure.unit, entry.indicator.unit)) for kind, (year, value) in figure.values
    }
    return sum(
        any(
            year is not None and year == when and math.isclose(value, other)
            for when, other in entry.values.get(kind, ())
        )
        for kind, year, value in stated
    )


def repeated(figure: Stated, entry: Known) -> int:
    """Return how many digits (up to 3) the longest of the figure's values has that the series gives for the same year:
    a plan that gives this year's value often repeats that of the year before."""
    if figure.unit is None or not _counts(entry.indicator, figure):
        return 0
    known = [(year, value) for values in entry.values.values() for year, value in values if year is not None]
    digits = [
        len(f"{value:.6f}".replace(".", "").strip("0"))
        for _, (year, value) in figure.values
        if any(year == when and math.isclose(converted(value, figure.unit, entry.indicator.unit), other)
               for when, other in known)
    ]  # fmt: skip
    return min(3, max(digits, default=0))
