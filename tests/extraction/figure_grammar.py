"""Parts of official Japanese for test_figure_properties.py: numerals, things with units, dates, frames of sentences.

A part is written in many ways that mean the same. What a person could not tell either is left out, with the reason
beside it. All nouns are invented.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from hypothesis import strategies as st

FULL_WIDTH = str.maketrans({c: chr(ord(c) + 0xFEE0) for c in "0123456789%.,+kmtRFYhaW"})
DIGITS = "〇一二三四五六七八九"


def split(text: str) -> list[str]:
    """Entries of a list that is set as text, with ; or lines between."""
    return [entry for entry in re.split(r" ; |\n", text) if entry]


# --- numerals


def in_kanji(number: int) -> str:
    """千二百三十四, with 万, 億 and 兆."""
    return grouped(number, lambda part: by_powers(part, lambda n, sign: "" if n == 1 and sign else DIGITS[n]))


def in_places(number: int) -> str:
    """二〇三〇."""
    return "".join(DIGITS[int(digit)] for digit in str(number))


def grouped(number: int, written: Callable[[int], str]) -> str:
    """Groups of four digits, each as `written` has it, with its 兆, 億 or 万."""
    parts = [(number // 10**power % 10**4, sign) for power, sign in ((12, "兆"), (8, "億"), (4, "万"), (0, ""))]
    return "".join(written(part) + sign for part, sign in parts if part)


def by_powers(part: int, digit: Callable[[int, str], str]) -> str:
    """A group of four by its 千, 百 and 十."""
    digits = [(part // power % 10, sign) for power, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, ""))]
    return "".join(digit(n, sign) + sign for n, sign in digits if n)


def thousands(part: int) -> str:
    """2千5百, as budgets write it; other groups as plain digits."""
    return by_powers(part, lambda n, _: str(n)) if part >= 100 and part % 100 == 0 else str(part)


def numerals(value: Decimal, counted: bool) -> list[str]:
    """Ways to write a number; kanji only before what is counted, since nobody writes 三百km."""
    if value != int(value):
        return [f"{value}", f"{value}".translate(FULL_WIDTH)]
    number = int(value)
    made = [f"{number}", f"{number:,}", f"{number}".translate(FULL_WIDTH), f"{number:,}".translate(FULL_WIDTH)]
    made += [" ".join(str(number)), grouped(number, str), grouped(number, "{:,}".format), grouped(number, thousands)]
    for power, sign in ((4, "万"), (8, "億"), (12, "兆")):
        if 10**power <= number < 10 ** (power + 4) and number % 10 ** (power - 2) == 0:
            made.append(f"{Decimal(number).scaleb(-power).normalize():f}{sign}")
    if counted:
        made += [in_kanji(number)] + [in_places(number)] * (10 <= number < 1000)
    return list(dict.fromkeys(made))


# --- what is measured


class Thing(NamedTuple):
    """A noun, its unit with its spellings, and the powers of ten by which its values may be multiplied."""

    name: str
    unit: str
    units: list[str]
    powers: int = 0

    @property
    def counted(self) -> bool:
        return self.unit not in ("%", "km", "kW", "トン", "ha")


THINGS = [
    Thing(name, units.split("/")[0], units.split("/"), int(powers))
    for name, units, powers in map(
        str.split,
        split("""
灯台見学者数 人 5 ; 四国の灯台守 人/名 2 ; 語り部の登録数 人 1 ; 茶の輸出額 円 11 ; 和紙の売上高 円 9
真珠の輸出額 ドル 8 ; 案内板 枚 1 ; 見学船 隻 0 ; 灯火の点検件数 件 3 ; 灯台祭り 回 0 ; 協力会社 社 1
第2桟橋の貸出数 台 0 ; 灯台学校 校 0 ; 灯火技術の国際順位 位 0 ; 休憩所 か所/カ所/ヶ所/箇所 0
遊歩道の総延長 km/㎞/ｋｍ 0 ; 風車の出力 kW/ｋＷ 3
海藻の収穫量 トン/t 4 ; 藻場の面積 ha/ヘクタール 1 ; 灯台整備率 %/％/パーセント 0 ; 来訪者の満足度 %/％/パーセント 0
"""),
    )
]


def values(thing: Thing) -> st.SearchStrategy[Decimal]:
    tenths = st.integers(11, 999).map(lambda n: Decimal(n) / 10)
    whole = st.builds(lambda n, power: Decimal(n * 10**power), st.integers(2, 999), st.integers(0, thing.powers))
    if thing.unit == "%":
        return tenths
    return whole if thing.counted else whole | tenths


class Amount(NamedTuple):
    """So much of a thing, as it is written."""

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
MANY = st.lists(AMOUNTS, min_size=2, max_size=4, unique_by=lambda amount: amount.thing.name)


@st.composite
def changes(draw: st.DrawFn) -> tuple[Amount, str]:
    """By how much something changes that is counted, or is a share, and the nature of the change."""
    unit, nature = draw(
        st.sampled_from([("%", "rate"), ("パーセント", "rate"), ("人", "change"), ("ポイント", "change")])
    )
    name = "灯台整備率" if unit == "ポイント" else draw(st.sampled_from(["灯台見学者数", "四国の灯台守"]))
    value = Decimal(draw(st.integers(2, 99)))
    number = draw(st.sampled_from(numerals(value, counted=False)[:3]))
    return Amount(Thing(name, "%" if nature == "rate" else unit, []), value, number + unit), nature


# --- dates


class Date(NamedTuple):
    period: str
    text: str


def years(year: int, end: str) -> list[str]:
    """A year (年) or fiscal year (年度) in both calendars."""
    era, letter, number = ("令和", "R", year - 2018) if year > 2018 else ("平成", "H", year - 1988)
    n, kanji = ("元", "元") if number == 1 else (str(number), in_kanji(number))
    made = [
        f"{year}{end}",
        f"{era}{n}{end}",
        f"{era}{n}（{year}）{end}",
        f"{year}（{era}{n}）{end}",
        f"{letter}{n}{end}",
    ]
    made += [text.translate(FULL_WIDTH) for text in made]
    made += [f"{era}{n}{end}（{year}{end}）", f"{era}{kanji}{end}", " ".join(str(year)) + end, in_places(year) + end]
    return [*made, f"FY{year}"] if end == "年度" else made


def parts(year: int, month: int) -> dict[str, list[str]]:
    """Parts of years and spans, by the period they mean."""
    fiscal = years(year, "年度")[:4]
    return {
        f"{year}-{month:02}": [f"{text}{month}月{end}" for text in years(year, "年")[:4] for end in ("", "末")],
        f"{year}年度": [f"{text}末" for text in fiscal],
        f"{year}年度上半期": [f"{text}上半期" for text in fiscal],
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

# --- frames: {n} noun, {a} amount, {d} date; {b} and {e} those of a target beside a current value

OBSERVED = split("""
{d}の{n}は{a}であった。 ; {d}における{n}は、{a}となっている。 ; {n}は{d}に{a}となった。 ; {n}は、{d}時点で{a}である。
{n}（{d}）は{a}である。 ; {n}は{a}（{d}）である。 ; {n}：{a}（{d}） ; {n}　{a}（{d}実績） ; {n}（{d}）：{a}
{n} 現状{a}（{d}） ; {n}の現状：{a}（{d}） ; {n}（{d}実績：{a}） ; {n}　実績値：{d}　{a} ; KPI：{n} 現状値 {a}（{d}）
・{n}は、{d}に{a}に達した。 ; {d}実績：{n} {a} ; {n}の実績は{d}で{a}だった。 ; {n}は{d}には{a}にとどまった。
""")
BASELINE = split("""
{n}の基準値は{a}（{d}）である。 ; {n} 基準値：{a}（{d}） ; {n}（基準値：{d} {a}） ; {n}　{a}（{d}基準値）
""")
TARGET = split("""
{n}を{d}までに{a}とする。 ; {d}までに{n}を{a}とすることを目指す。 ; {d}までに、{n}{a}を達成する。 ; {n} 目標{a}（{d}）
{n}（{d}目標：{a}） ; {n}の目標値は{a}（{d}）である。 ; {n}　目標：{d}　{a} ; {n}：{a}（{d}目標） ; {n}：{d}までに{a}
{d}における{n}の目標は、{a}とする。 ; {n}について、{d}に{a}を目標とする。 ; KPI：{n} 目標値 {a}（{d}）
{d}目標：{n} {a} ; {n}を{d}までに{a}に引き上げる。 ; {n}を{d}までに{a}まで増やす。 ; {n}を{d}までに{a}へ減らす。
目標：{d}までに{n}を{a}にする ; （目標）{n}　{a}　（{d}） ; 【目標】{d}までに{n}{a}
{d}を目途に{n}を{a}とすることを目標とする。 ; {n}を{a}とする（{d}目標）。 ; {n}を{a}とする（{d}まで）。
""")
FRAMES = {"observation": OBSERVED, "baseline": BASELINE, "target": TARGET}
PAIRED = split("""
{n} 現状{a}（{d}） 目標{b}（{e}） ; {n}（{d}：{a}、{e}目標：{b}） ; {n} {a}（{d}）→{b}（{e}）
{n}：{a}（{d}）⇒{b}（{e}） ; {n}を{d}の{a}から{e}までに{b}に引き上げる。
{n}は{d}に{a}であり、{e}までに{b}とすることを目指す。
KPI：{n} 目標：{b}（{e}）、現状：{a}（{d}） ; {n}は{a}（{d}）である。{e}までに{b}を目指す。 ; {n}　{d}：{a}　→　{e}：{b}
{n}（現状値 {d}：{a}／目標値 {e}：{b}） ; {n}を{e}までに{b}とする（{d}：{a}）。 ; {n}【{d}実績】{a}【{e}目標】{b}
{n}を{e}までに{b}（{d}実績{a}）に増やす。 ; {e}までに{n}を{b}とする（現状：{d}{a}）。
""")
SHARED = split("""
{e}までに{list}を目指す。 ; {e}までに、{list}を達成する。 ; {list}（{e}目標） ; {e}目標：{list}
{list}を{e}までに実現する。 ; 次を{e}までの目標とする：{list}。
""")
SEEN = split("{d}の{list}であった。 ; {d}実績：{list} ; {list}（{d}実績） ; {d}には、{list}となった。")
NEUTRAL = split("""
灯台は港の目印である。 ; 関係者の声を聞きながら進める。 ; なお、詳細は別に定める。 ; 海辺の暮らしを守る取組である。
""")
# {c} is a change by one of the signs and words, which have {a}
CHANGED = split("{d}の{n}は前年度比{c}であった。 ; {d}の{n}は、前年度に比べ{c}となった。 ; {n}（{d}）：前年度比{c}")
DOWN = split("▲{a} ; △{a} ; −{a} ; －{a} ; -{a} ; マイナス{a} ; {a}減 ; {a}の減少 ; {a}の減 ; {a}の低下")
UP = split("{a}増 ; {a}の増加 ; +{a} ; ＋{a} ; プラス{a} ; {a}の増 ; {a}の上昇")
FALL = split("""
{d}の{n}は前年度より{a}減少した。 ; {n}は{d}に前年度比で{a}低下した。 ; {d}には{n}が前年度から{a}減った。
""")
CUT = split("""
{n}を{d}までに{a}削減する。 ; {n}を{d}までに2020年度比で{a}減らす。 ; {n}について、{d}までに{a}の低減を目指す。
{d}までに、{n}の{a}削減を目指す。 ; {n}を、2020年度に比べ{d}までに{a}引き下げる。
{n}を{d}までに{a}縮減することを目標とする。 ; 目標：{n}を{d}までに{a}削減
""")


def written(frame: str, amount: Amount) -> str:
    """The amount as it may stand in the frame: 灯台見学者数千人 could be some thousand visitors, so digits there.

    With a space between, too, since a space may be where a line was wrapped.
    """
    touching = re.search(r"{n}\s?{a}", frame) and amount.thing.name[-1] == "数" and amount.text[0] in "十百千万億"
    return f"{amount.value:f}{amount.thing.unit}" if touching else amount.text


def filled(frame: str, **fields: str) -> str:
    """FY2030 takes a colon before digits, since nobody could part FY20303人."""
    return re.sub(r"(FY\d{4})\s?(?=[\d〇一-九十百千])", r"\1：", frame.format(**fields))


def set_in(frame: str, amount: Amount, date: Date) -> str:
    return filled(frame, n=amount.thing.name, a=written(frame, amount), d=date.text)


def listed(amounts: list[Amount], joint: str, mark: str) -> str:
    """灯台祭り50回、協力会社20社; with a mark between a noun and its amount where the frame asks for it."""
    return joint.join(a.thing.name + mark + written("{n}" + mark + "{a}", a) for a in amounts)


# --- tables; / is the line break in a head of two rows

CURRENT_HEADS = split("現状値（{d}） ; 現状（{d}） ; {d}実績 ; 実績値（{d}） ; {d} ; 現状/{d} ; 実績/{d}")
TARGET_HEADS = split("目標値（{d}） ; 目標（{d}） ; {d}目標 ; 目標/{d} ; KPI目標値（{d}）")


class Column(NamedTuple):
    head: str
    cells: list[str]


def table(columns: list[Column], markdown: bool) -> str:
    """Lines with tabs, or Markdown."""
    heads = [column.head.split("/") for column in columns]
    rows = [[head[n] if n < len(head) else "" for head in heads] for n in range(max(map(len, heads)))]
    rows += [list(row) for row in zip(*(column.cells for column in columns), strict=True)]
    if not markdown:
        return "\n".join("\t".join(row) for row in rows)
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(columns), *lines[1:]])


# --- anything at all

SIGNS = "\t|\n→（）比兆億万千百十〇九割分厘%倍人円½①Ⅲ²㎞٣∞-▲~𠮷\ufeff\x00"
WORDS = split("""
|---| ; から ; までに ; うち ; 令和 ; R ; FY ; 年度 ; 上半期 ; 年代 ; ポイント ; 1.2.3 ; 1,,2 ; 0 ; 令和0年度 ; 99999年
13月 ; 目標 ; 現状 ; 単位 ; 指標 ; 2030年度から ; 3人に1人 ; 1e999 ; ２０３０
""")
FIELDS = {"n": "灯台", "a": "412人", "b": "八割", "c": "▲5％", "d": "2030年度", "e": "R17年", "list": "灯台3基、港2つ"}
WHOLE = [frame.format(**FIELDS) for frame in OBSERVED + TARGET + PAIRED + SHARED + CHANGED + DOWN + UP]
TOKENS = [*WHOLE, *FIELDS.values(), *SIGNS, *WORDS, "9" * 400, "億" * 30]
ALPHABET = st.characters(min_codepoint=0x3000, max_codepoint=0x9FFF) | st.sampled_from(
    "0１９.,%％（）()年月度億万円人 \t\n"
)
PIECES = st.sampled_from(TOKENS) | st.text(ALPHABET, max_size=8) | st.text(max_size=4)
ANYTHING = st.lists(PIECES, max_size=12).map("".join)
