"""Figures by grammar: sentences and tables built from parts give the figures they were built from.

A part is written in many ways that mean the same: numerals, both calendars, widths, places of the label. What a
person could not tell either is left out, with the reason beside it. All nouns are invented.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.extraction.parsers.parse_result import Paragraph
from analysis.extraction.values import Figure, read

EDITION = 2031
FEW = settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
FULL_WIDTH = str.maketrans({c: chr(ord(c) + 0xFEE0) for c in "0123456789%.,+kmtRFYhaW"})


# --- numerals


def kanji(number: int) -> str:
    """千二百三十四, with 万, 億 and 兆."""
    return grouped(number, lambda part: places(part, lambda n: "〇一二三四五六七八九"[n]))


def grouped(number: int, written: Callable[[int], str]) -> str:
    """Groups of four digits, each as `written` has it, with its 兆, 億 or 万."""
    parts = [(number // 10**power % 10**4, sign) for power, sign in ((12, "兆"), (8, "億"), (4, "万"), (0, ""))]
    return "".join(written(part) + sign for part, sign in parts if part)


def places(part: int, digit: Callable[[int], str], units: bool = False) -> str:
    """A group by its 千, 百 and 十; the digit one is left out before them unless `units` are set behind digits."""
    text = ""
    for power, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        n = part // power % 10
        if n:
            text += ("" if n == 1 and sign and not units else digit(n)) + sign
    return text


def thousands(part: int) -> str:
    """2千5百, as budgets write it; other groups as plain digits."""
    return places(part, str, units=True) if part >= 100 and part % 100 == 0 else str(part)


def numerals(value: Decimal, counted: bool) -> list[str]:
    """Ways to write a number; kanji only before what is counted, since nobody writes 三百km."""
    if value != int(value):
        return [f"{value}", f"{value}".translate(FULL_WIDTH)]
    number = int(value)
    made = [f"{number}", f"{number:,}", f"{number}".translate(FULL_WIDTH), f"{number:,}".translate(FULL_WIDTH)]
    made += [" ".join(str(number)), grouped(number, str), grouped(number, "{:,}".format), grouped(number, thousands)]
    for power, sign in ((4, "万"), (8, "億"), (12, "兆")):
        if number >= 10**power and number % 10 ** (power - 2) == 0:
            made.append(f"{Decimal(number).scaleb(-power).normalize():f}{sign}")
    if counted:
        made.append(kanji(number))
        made += ["".join("〇一二三四五六七八九"[int(c)] for c in str(number))] * (10 <= number < 1000)
    return list(dict.fromkeys(made))


# --- what is measured


class Thing(NamedTuple):
    """A noun with its unit, the spellings of the unit, and how large it gets."""

    name: str
    unit: str
    units: tuple[str, ...]
    powers: int = 0
    counted: bool = True


PERCENT = ("%", "％", "パーセント")
THINGS = [
    Thing("灯台見学者数", "人", ("人",), 5), Thing("四国の灯台守", "人", ("人", "名"), 2),
    Thing("茶の輸出額", "円", ("円",), 11), Thing("和紙の売上高", "円", ("円",), 9),
    Thing("真珠の輸出額", "ドル", ("ドル",), 8), Thing("案内板", "枚", ("枚",), 1), Thing("見学船", "隻", ("隻",)),
    Thing("灯火の点検件数", "件", ("件",), 3), Thing("灯台祭り", "回", ("回",)), Thing("語り部の登録数", "人", ("人",), 1), Thing("協力会社", "社", ("社",), 1),
    Thing("第2桟橋の貸出数", "台", ("台",)), Thing("灯火技術の国際順位", "位", ("位",)),
    Thing("休憩所", "か所", ("か所", "カ所", "ヶ所", "箇所")), Thing("灯台学校", "校", ("校",)),
    Thing("遊歩道の総延長", "km", ("km", "㎞", "ｋｍ"), 0, False), Thing("風車の出力", "kW", ("kW", "ｋＷ"), 3, False),
    Thing("海藻の収穫量", "トン", ("トン", "t"), 4, False), Thing("藻場の面積", "ha", ("ha", "ヘクタール"), 1, False),
    Thing("灯台整備率", "%", PERCENT, 0, False), Thing("来訪者の満足度", "%", PERCENT, 0, False),
]  # fmt: skip
SAME = {"名": "人", "カ所": "か所", "ヶ所": "か所", "箇所": "か所", "t": "トン", "ヘクタール": "ha", "パーセント": "%"}
SCALES = {"百": 2, "千": 3, "万": 4, "億": 8, "兆": 12}


def values(thing: Thing) -> st.SearchStrategy[Decimal]:
    if thing.unit == "%":
        return st.integers(10, 999).map(lambda n: Decimal(n) / 10)
    if not thing.counted:
        return st.one_of(whole(thing.powers), st.integers(11, 9999).map(lambda n: Decimal(n) / 10))
    return whole(thing.powers)


def whole(powers: int) -> st.SearchStrategy[Decimal]:
    return st.builds(lambda n, power: Decimal(n * 10**power), st.integers(2, 999), st.integers(0, powers))


class Amount(NamedTuple):
    thing: Thing
    value: Decimal
    text: str


@st.composite
def amounts_of(draw: st.DrawFn, thing: Thing) -> Amount:
    value = draw(values(thing))
    number = draw(st.sampled_from(numerals(value, thing.counted)))
    return Amount(thing, value, number + draw(st.sampled_from(thing.units)))


AMOUNTS = st.sampled_from(THINGS).flatmap(amounts_of)
PAIRS = st.sampled_from(THINGS).flatmap(lambda thing: st.tuples(amounts_of(thing), amounts_of(thing)))


# --- dates


class Date(NamedTuple):
    period: str
    text: str


def years(year: int, end: str) -> list[str]:
    """A year (年) or fiscal year (年度) in both calendars."""
    era, letter, number = ("令和", "R", year - 2018) if year > 2018 else ("平成", "H", year - 1988)
    n = "元" if number == 1 else str(number)
    made = [
        f"{year}{end}", f"{era}{n}{end}", f"{era}{n}（{year}）{end}", f"{year}（{era}{n}）{end}", f"{letter}{n}{end}",
        f"{era}{n}{end}（{year}{end}）", f"{era}{kanji(number) if number > 1 else n}{end}", " ".join(str(year)) + end,
        "".join("〇一二三四五六七八九"[int(c)] for c in str(year)) + end,
    ]  # fmt: skip
    made += [text.translate(FULL_WIDTH) for text in made[:5]]
    return [*made, f"FY{year}"] if end == "年度" else made


def parts(year: int, month: int) -> dict[str, list[str]]:
    """Parts of years and spans, by the period they mean."""
    start = years(year, "年")[:4]
    both = years(year, "年度")[:4]
    return {
        f"{year}-{month:02}": [f"{text}{month}月{end}" for text in start for end in ("", "末")],
        f"{year}年度": [f"{text}末" for text in both],
        f"{year}年度上半期": [f"{text}上半期" for text in both],
        f"{year}-{year + 2}年度": [f"{year}～{year + 2}年度", f"{year}年度～{year + 2}年度"],
    }


@st.composite
def dates(draw: st.DrawFn, first: int, last: int) -> Date:
    year = draw(st.integers(first, last))
    if draw(st.integers(0, 3)) == 0:
        period, texts = draw(st.sampled_from(list(parts(year, draw(st.integers(1, 12))).items())))
        return Date(period, draw(st.sampled_from(texts)))
    end, form = draw(st.sampled_from([("年度", "{}年度"), ("年", "{}")]))
    return Date(form.format(year), draw(st.sampled_from(years(year, end))))


PAST, FUTURE = dates(2012, 2028), dates(2032, 2043)


# --- what is read


class Expected(NamedTuple):
    name: str
    kind: str
    nature: str
    value: Decimal
    unit: str
    period: str | None


def level(amount: Amount, kind: str, date: Date | None) -> Expected:
    return Expected(amount.thing.name, kind, "level", amount.value, amount.thing.unit, date and date.period)


def figures(text: str, edition: int = EDITION) -> list[Figure]:
    lines = tuple(enumerate(text.split("\n"), 10))
    return read([Paragraph(lines=lines, role="kpi", section="III-1-(1)", measure=None)], edition=edition)


def plain(figure: Figure) -> tuple[Decimal, str]:
    """Value and unit without 万 and the like: 3.4万人 is 34,000 人."""
    value, unit = Decimal(str(figure.value)), unicodedata.normalize("NFKC", figure.unit or "")
    while unit[:1] in SCALES and len(unit) > 1:
        value, unit = value.scaleb(SCALES[unit[0]]), unit[1:]
    return value.normalize(), SAME.get(unit, unit)


UNCLEAN = re.compile(r"令和|平成|年度|20\d\d|上半期|現状|目標|実績|基準値|[|→▲△\t]|---")


def fits(figure: Figure, want: Expected) -> bool:
    """Whether this is the figure; `kind` may name several between which a person would not decide."""
    name = figure.indicator or ""
    return (
        plain(figure) == (want.value.normalize(), want.unit)
        and (figure.period, figure.nature) == (want.period, want.nature)
        and figure.kind in want.kind.split("|")
        and want.name in name
        and not UNCLEAN.search(name)
    )


def check(text: str, expected: Iterable[Expected]) -> None:
    """Exactly these figures, in whatever order."""
    found = figures(text)
    shown = [(f.indicator, f.kind, f.nature, f.value, f.unit, f.period) for f in found]
    for want in expected:
        match = next((figure for figure in found if fits(figure, want)), None)
        assert match, f"{text!r}: no {tuple(want)} in {shown}"
        found.remove(match)
    assert not found, f"{text!r}: more than expected in {shown}"


def reading(text: str) -> list[tuple[Any, ...]]:
    return [(f.indicator, f.kind, f.nature, *plain(f), f.period, f.comparator) for f in figures(text)]


# --- one figure

OBSERVED = [
    "{d}の{n}は{a}であった。", "{d}における{n}は、{a}となっている。", "{n}は{d}に{a}となった。", "{n}は、{d}時点で{a}である。",
    "{n}（{d}）は{a}である。", "{n}は{a}（{d}）である。", "{n}：{a}（{d}）", "{n}　{a}（{d}実績）", "{n}（{d}）：{a}",
    "{n} 現状{a}（{d}）", "{n}の現状：{a}（{d}）", "{n}（{d}実績：{a}）", "{n}　実績値：{d}　{a}", "KPI：{n} 現状値 {a}（{d}）",
    "・{n}は、{d}に{a}に達した。", "{d}実績：{n} {a}", "{n}の実績は{d}で{a}だった。", "{n}は{d}には{a}にとどまった。",
]  # fmt: skip
BASELINE = [
    "{n}の基準値は{a}（{d}）である。",
    "{n} 基準値：{a}（{d}）",
    "{n}（基準値：{d} {a}）",
    "{n}　{a}（{d}基準値）",
]
TARGET = [
    "{n}を{d}までに{a}とする。", "{d}までに{n}を{a}とすることを目指す。", "{d}までに、{n}{a}を達成する。", "{n} 目標{a}（{d}）",
    "{n}（{d}目標：{a}）", "{n}の目標値は{a}（{d}）である。", "{n}　目標：{d}　{a}", "{n}：{a}（{d}目標）", "{n}：{d}までに{a}",
    "{d}における{n}の目標は、{a}とする。", "{n}について、{d}に{a}を目標とする。", "KPI：{n} 目標値 {a}（{d}）", "{d}目標：{n} {a}",
    "{n}を{d}までに{a}に引き上げる。", "{n}を{d}までに{a}まで増やす。", "{n}を{d}までに{a}へ減らす。", "目標：{d}までに{n}を{a}にする",
    "（目標）{n}　{a}　（{d}）", "【目標】{d}までに{n}{a}", "{d}を目途に{n}を{a}とすることを目標とする。",
]  # fmt: skip
FRAMES = {"observation": OBSERVED, "baseline": BASELINE, "target": TARGET}


def written(frame: str, amount: Amount) -> str:
    """The amount as it may stand in the frame: 灯台見学者数千人 could be some thousand visitors, so digits there."""
    kanji_touch = "{n}{a}" in frame and amount.thing.name[-1] == "数" and amount.text[0] in "十百千万億"
    return f"{amount.value:f}{amount.thing.unit}" if kanji_touch else amount.text


def filled(frame: str, **fields: str) -> str:
    """FY2030 takes a colon before digits, since nobody could part FY20303人."""
    return re.sub(r"(FY\d{4})\s?(?=[\d〇一-九十百千])", r"\1：", frame.format(**fields))


def set_in(frame: str, amount: Amount, date: Date) -> str:
    return filled(frame, n=amount.thing.name, a=written(frame, amount), d=date.text)


@st.composite
def sentences(draw: st.DrawFn, kind: str) -> tuple[str, Expected]:
    """A sentence with one figure of this kind, and the figure."""
    amount, date = draw(AMOUNTS), draw(FUTURE if kind == "target" else PAST)
    return set_in(draw(st.sampled_from(FRAMES[kind])), amount, date), level(amount, kind, date)


SENTENCES = st.sampled_from(list(FRAMES)).flatmap(sentences)


@settings(FEW, max_examples=1000)
@given(made=SENTENCES)
def test_a_sentence_gives_the_figure_it_was_built_from(made):
    text, expected = made
    check(text, [expected])


@settings(FEW, max_examples=60)
@given(kind=st.sampled_from(list(FRAMES)), amount=AMOUNTS, n=st.integers(0, 8), end=st.sampled_from(["年", "年度"]),
       data=st.data())  # fmt: skip
def test_numerals_calendars_and_widths_change_nothing(kind, amount, n, end, data):
    frame = data.draw(st.sampled_from(FRAMES[kind]))
    thing, value, _ = amount
    written = [Amount(thing, value, number + thing.units[0]) for number in numerals(value, thing.counted)]
    dated = [Date("", text) for text in years(n + (2032 if kind == "target" else 2020), end)]
    first = set_in(frame, written[0], dated[0])
    others = [set_in(frame, a, dated[0]) for a in written] + [set_in(frame, written[0], d) for d in dated]
    for text in [*others, first.translate(FULL_WIDTH)]:
        assert reading(text) == reading(first), f"{text!r}: {reading(text)}, but {first!r}: {reading(first)}"


NEUTRAL = [
    "灯台は港の目印である。", "関係者の声を聞きながら進める。", "なお、詳細は別に定める。", "海辺の暮らしを守る取組である。",
]  # fmt: skip


@settings(FEW, max_examples=300)
@given(made=SENTENCES, other=st.sampled_from(NEUTRAL), joint=st.sampled_from(["", "\n"]))
def test_a_sentence_without_figures_changes_nothing(made, other, joint):
    text = made[0] if made[0].endswith("。") else made[0] + "。"
    for longer in (other + joint + text, text + joint + other):
        assert reading(longer) == reading(text), f"{longer!r}: {reading(longer)}, alone {reading(text)}"


@settings(FEW, max_examples=200)
@given(
    frame=st.sampled_from(TARGET), amount=AMOUNTS, date=FUTURE, word=st.sampled_from(["以上", "以内", "以下", "未満"])
)
def test_a_bound_is_the_comparator(frame, amount, date, word):
    text = set_in(frame, amount._replace(text=amount.text + word), date)
    check(text, [level(amount, "target", date)])
    assert [figure.comparator for figure in figures(text)] == [word], text


@settings(FEW, max_examples=200)
@given(kind=st.sampled_from(["observation", "target"]), amount=AMOUNTS, data=st.data(),
       word=st.sampled_from(["約", "概ね", "おおむね", "およそ"]))  # fmt: skip
def test_about_changes_no_value(kind, amount, data, word):
    date = data.draw(FUTURE if kind == "target" else PAST)
    text = set_in(data.draw(st.sampled_from(FRAMES[kind])), amount._replace(text=word + amount.text), date)
    check(text, [level(amount, kind, date)])


# --- changes

DOWN = ["▲{a}", "△{a}", "−{a}", "－{a}", "-{a}", "マイナス{a}", "{a}減", "{a}の減少", "{a}の減", "{a}の低下"]
UP = ["{a}増", "{a}の増加", "+{a}", "＋{a}", "プラス{a}", "{a}の増", "{a}の上昇"]
CHANGED = ["{d}の{n}は前年度比{c}であった。", "{d}の{n}は、前年度に比べ{c}となった。", "{n}（{d}）：前年度比{c}"]
FALL = ["{d}の{n}は前年度より{a}減少した。", "{n}は{d}に前年度比で{a}低下した。", "{d}には{n}が前年度から{a}減った。"]
CUT = [
    "{n}を{d}までに{a}削減する。", "{n}を{d}までに2020年度比で{a}減らす。", "{n}について、{d}までに{a}の低減を目指す。",
    "{d}までに、{n}の{a}削減を目指す。", "{n}を、2020年度に比べ{d}までに{a}引き下げる。", "{n}を{d}までに{a}縮減することを目標とする。",
    "目標：{n}を{d}までに{a}削減",
]  # fmt: skip
STEPS = st.sampled_from(
    [("%", "rate"), ("％", "rate"), ("人", "change"), ("ポイント", "change"), ("パーセント", "rate")]
)


@st.composite
def changes(draw: st.DrawFn) -> tuple[Amount, str]:
    """An amount of change of something that is counted, or that is a share, with its nature."""
    unit, nature = draw(STEPS)
    name = "灯台整備率" if unit == "ポイント" else draw(st.sampled_from(["灯台見学者数", "四国の灯台守"]))
    value = Decimal(draw(st.integers(2, 99)))
    number = draw(st.sampled_from(numerals(value, counted=False)[:3]))
    return Amount(Thing(name, "%" if nature == "rate" else unit, ()), value, number + unit), nature


@settings(FEW, max_examples=150)
@given(change=changes(), date=PAST, frame=st.sampled_from(CHANGED), falls=st.booleans())
def test_signs_and_words_of_change_agree(change, date, frame, falls):
    amount, nature = change
    for sign in DOWN if falls else UP:
        text = frame.format(n=amount.thing.name, d=date.text, c=sign.format(a=amount.text))
        value = -amount.value if falls else amount.value
        check(text, [level(amount, "observation", date)._replace(value=value, nature=nature)])


@settings(FEW, max_examples=300)
@given(change=changes(), past=PAST, future=FUTURE, frame=st.sampled_from(FALL + CUT))
def test_a_fall_is_a_negative_change(change, past, future, frame):
    amount, nature = change
    kind, date = ("target", future) if frame in CUT else ("observation", past)
    text = frame.format(n=amount.thing.name, a=amount.text, d=date.text)
    check(text, [level(amount, kind, date)._replace(value=-amount.value, nature=nature)])


TENTHS = ["{}割", "{}割".translate(FULL_WIDTH)]


@settings(FEW, max_examples=100)
@given(
    tenths=st.integers(1, 9), percents=st.integers(0, 9), date=FUTURE, frame=st.sampled_from(TARGET), by=st.booleans()
)
def test_tenths_are_per_cent(tenths, percents, date, frame, by):
    digits = kanji if by else str
    text = f"{digits(tenths)}割" + (f"{digits(percents)}分" if percents else "")
    thing = Thing("灯台整備率", "%", ())
    amount = Amount(thing, Decimal(10 * tenths + percents), text)
    check(set_in(frame, amount, date), [level(amount, "target", date)])


# --- two figures and lists

BEFORE = "observation|baseline"  # a person would not decide
PAIRED = [
    "{n} 現状{a}（{d}） 目標{b}（{e}）", "{n}（{d}：{a}、{e}目標：{b}）", "{n} {a}（{d}）→{b}（{e}）", "{n}：{a}（{d}）⇒{b}（{e}）",
    "{n}を{d}の{a}から{e}までに{b}に引き上げる。", "{n}は{d}に{a}であり、{e}までに{b}とすることを目指す。",
    "KPI：{n} 目標：{b}（{e}）、現状：{a}（{d}）", "{n}は{a}（{d}）である。{e}までに{b}を目指す。", "{n}　{d}：{a}　→　{e}：{b}",
    "{n}（現状値 {d}：{a}／目標値 {e}：{b}）", "{n}を{e}までに{b}とする（{d}：{a}）。", "{n}【{d}実績】{a}【{e}目標】{b}",
    "{n}を{e}までに{b}（{d}実績{a}）に増やす。", "{e}までに{n}を{b}とする（現状：{d}{a}）。",
]  # fmt: skip
SHARED = [
    "{e}までに{list}を目指す。", "{e}までに、{list}を達成する。", "{list}（{e}目標）", "{e}目標：{list}", "{list}を{e}までに実現する。",
    "次を{e}までの目標とする：{list}。",
]  # fmt: skip
SEEN = ["{d}の{list}であった。", "{d}実績：{list}", "{list}（{d}実績）", "{d}には、{list}となった。"]


@settings(FEW, max_examples=500)
@given(frame=st.sampled_from(PAIRED), pair=PAIRS, past=PAST, future=FUTURE)
def test_a_current_value_and_its_target(frame, pair, past, future):
    now, later = pair
    text = filled(frame, n=now.thing.name, a=now.text, b=later.text, d=past.text, e=future.text)
    check(text, [level(now, BEFORE, past), level(later, "target", future)])


def listed(amounts: list[Amount], joint: str, mark: str) -> str:
    """灯台祭り50回、協力会社20社; with a mark between a noun and its amount where the frame asks for it."""
    return joint.join(a.thing.name + mark + written("{n}" + mark + "{a}", a) for a in amounts)


MANY = st.lists(AMOUNTS, min_size=2, max_size=4, unique_by=lambda amount: amount.thing.name)


@settings(FEW, max_examples=400)
@given(
    amounts=MANY,
    past=PAST,
    future=FUTURE,
    frame=st.sampled_from(SHARED + SEEN),
    joint=st.sampled_from(["、", "，", "及び"]),
)
def test_a_list_shares_its_date(amounts, past, future, frame, joint):
    seen = frame in SEEN
    date, kind = (past, "observation") if seen else (future, "target")
    text = filled(
        frame, d=past.text, e=future.text, list=listed(amounts, joint, "は" if "。" in frame and seen else "")
    )
    check(text, [level(amount, kind, date) for amount in amounts])


@settings(FEW, max_examples=200)
@given(amounts=MANY, data=st.data(), joint=st.sampled_from(["、", "；", "\n"]))
def test_a_list_of_figures_with_dates_of_their_own(amounts, data, joint):
    dated = [(amount, data.draw(PAST)) for amount in amounts]
    mark = "：" if joint == "\n" else "は"
    text = joint.join(f"{amount.thing.name}{mark}{amount.text}（{date.text}）" for amount, date in dated)
    check(text, [level(amount, "observation", date) for amount, date in dated])


# --- tables

CURRENT_HEADS = ["現状値（{d}）", "現状（{d}）", "{d}実績", "実績値（{d}）", "{d}", "現状\n{d}", "実績\n{d}"]
TARGET_HEADS = ["目標値（{d}）", "目標（{d}）", "{d}目標", "目標\n{d}", "KPI目標値（{d}）"]


class Column(NamedTuple):
    head: str
    cells: list[str]


def table(columns: list[Column], markdown: bool) -> str:
    """Lines with tabs, or Markdown; heads of two rows where one has a line break."""
    heads = [column.head.split("\n") for column in columns]
    rows = [[head[n] if n < len(head) else "" for head in heads] for n in range(max(map(len, heads)))]
    rows += [list(row) for row in zip(*(column.cells for column in columns), strict=True)]
    if not markdown:
        return "\n".join("\t".join(row) for row in rows)
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(columns), *lines[1:]])


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Column], list[Expected], bool]:
    """A table of one to three things with their current and target values, and what it says."""
    things = draw(st.lists(st.sampled_from(THINGS), min_size=1, max_size=3, unique_by=lambda thing: thing.name))
    place = draw(st.sampled_from(["cell", "column", "row", "head"] if len(things) == 1 else ["cell", "column", "row"]))
    spelled = [draw(st.sampled_from(thing.units)) for thing in things]
    heads = [(draw(st.sampled_from(CURRENT_HEADS)), draw(PAST), BEFORE),
             (draw(st.sampled_from(TARGET_HEADS)), draw(FUTURE), "target")]  # fmt: skip
    labels = [f"{t.name}（{unit}）" if place == "row" else t.name for t, unit in zip(things, spelled, strict=True)]
    columns, expected = [Column("指標", labels)], []
    for form, date, kind in heads:
        amounts = [Amount(thing, draw(values(thing)), "") for thing in things]
        numbers = [draw(st.sampled_from(numerals(amount.value, counted=False))) for amount in amounts]
        cells = [n + unit * (place == "cell") for n, unit in zip(numbers, spelled, strict=True)]
        head = form.format(d=date.text) + f"（{spelled[0]}）" * (place == "head")
        columns.append(Column(head, cells))
        expected += [level(amount, kind, date) for amount in amounts]
    if place == "column":
        columns.append(Column("単位", spelled))
    return columns, expected, draw(st.booleans())


@settings(FEW, max_examples=500)
@given(made=tables())
def test_a_table_gives_the_figures_of_its_cells(made):
    columns, expected, markdown = made
    check(table(columns, markdown), expected)


@settings(FEW, max_examples=100)
@given(made=tables(), data=st.data())
def test_the_order_of_columns_does_not_matter(made, data):
    """The first column stays, as it names the rows."""
    columns, _, markdown = made
    text = table([columns[0], *data.draw(st.permutations(columns[1:]))], markdown)
    assert sorted(reading(text), key=str) == sorted(reading(table(columns, markdown)), key=str), repr(text)


@FEW
@given(made=tables())
def test_tabs_and_markdown_say_the_same(made):
    columns, _, _ = made
    assert reading(table(columns, True)) == reading(table(columns, False)), repr(table(columns, True))


# --- always

YEAR = re.compile(r"\d{4}")


@settings(FEW, max_examples=300)
@given(made=SENTENCES, edition=st.integers(2010, 2045))
def test_an_observation_is_never_dated_after_its_edition(made, edition):
    for figure in figures(made[0], edition):
        assert figure.kind != "observation" or max(map(int, YEAR.findall(figure.period or "0000"))) <= edition, made[0]


TOKENS = [
    *OBSERVED, *TARGET, *PAIRED, *NEUTRAL, *DOWN, *UP, "\t", "|", "|---|", "\n", "→", "（", "）", "から", "までに", "比", "うち",
    "令和", "R", "FY", "年度", "上半期", "年代", "兆", "億", "万", "千", "百", "十", "〇", "九", "割", "分", "厘", "%", "ポイント", "倍",
    "9" * 400, "億" * 30, "1.2.3", "1,,2", "0", "令和0年度", "99999年", "13月", "人", "円", "目標", "現状", "単位", "指標",
    "2030年度から", "3人に1人", "½", "①", "Ⅲ", "²", "㎞", "٣", "∞", "-", "▲", "~", "1e999", "２０３０", "\ufeff", "\x00", "𠮷",
]  # fmt: skip
ALPHABET = st.characters(min_codepoint=0x3000, max_codepoint=0x9FFF) | st.sampled_from(
    "0123456789０９.,%％（）()年月度億万円人 \t\n"
)
ANYTHING = st.lists(st.sampled_from(TOKENS) | st.text(ALPHABET, max_size=8) | st.text(max_size=4), max_size=12)


@settings(FEW, max_examples=600)
@given(pieces=ANYTHING, edition=st.integers(1990, 2060))
def test_any_text_is_read_and_every_value_is_finite(pieces, edition):
    for figure in figures("".join(pieces), edition):
        assert figure.value is None or math.isfinite(figure.value)
        assert figure.kind in ("target", "baseline", "observation")
        assert figure.nature in ("level", "change", "rate")
