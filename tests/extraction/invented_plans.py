"""Invented plans in any layout: what a strategy draws is how a plan is set; what it says is counted off lists.

The generator knows Unicode (brackets are Ps with their Pe, list marks are bullets and drawn shapes, format characters
are not seen), how Japanese offices number headings and what stands behind a measure. It knows nothing of the code that
reads it. Left out, since no one could tell what is meant:

- list marks that number, of the same kind as the headings' numbers;
- bodies of no register by themselves, without a label, a time or a bracket beside them;
- lines that are wrapped where neither a mark nor a blank line says where a paragraph begins, or between two bodies
  that a space parts: the space is lost;
- labels without a bracket in wrapped lines: nothing says whether a short line is the end of what a label says;
- a head for background with measures below it, without a head of their own.
"""

import unicodedata
from dataclasses import dataclass

from hypothesis import strategies as st

EVERY = [chr(code) for code in range(0x20, 0x30000) if not 0xD800 <= code < 0xE000]


def _pairs() -> list[str]:
    """Every bracket with its partner, by their names; raised and lowered ones are no brackets of a line."""
    pairs = []
    for opening in EVERY:
        name = unicodedata.name(opening, "")
        if unicodedata.category(opening) != "Ps" or "LEFT" not in name or "SCRIPT" in name:
            continue
        try:
            closing = unicodedata.lookup(name.replace("LEFT", "RIGHT"))
        except KeyError:
            continue
        if unicodedata.category(closing) == "Pe":
            pairs.append(opening + closing)
    return pairs


PAIRS = _pairs()
USUAL_PAIRS = ["（）", "()", "［］", "[]", "【】", "〔〕", "〈〉", "《》", "「」", "『』", "〖〗", "｛｝"]
DRAWN = ("BULLET", "CIRCLE", "SQUARE", "DIAMOND", "STAR", "LOZENGE", "TRIANGLE", "ARROWHEAD")
MARKS = [
    sign
    for sign in EVERY
    if unicodedata.category(sign) in ("So", "Po") and unicodedata.name(sign, "").endswith(DRAWN)
    if unicodedata.name(sign).startswith(("BLACK", "WHITE", "HEAVY", "BULLET", "TRIANGULAR"))
    if unicodedata.normalize("NFKC", sign) == sign and ord(sign) < 0x2C00
]
USUAL_MARKS = ["・", "○", "●", "◆", "■", "▶", "➢", "–", "-", "*", "〇", "◎", "✓"]
NOT_SEEN = [sign for sign in EVERY if unicodedata.category(sign) == "Cf"]
KANJI = "一二三四五六七八九"
ROMAN = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨ"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫"
KANA = "アイウエオカキクケコサシ"
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")

# Headings of two levels: chapter n, section m of it (from 0).
HEADINGS = {
    "第1章 第1節": (lambda n, m: f"第{n + 1}章　", lambda n, m: f"第{m + 1}節　"),
    "第一章 第一節": (lambda n, m: f"第{KANJI[n]}章 ", lambda n, m: f"第{KANJI[m]}節 "),
    "1 1.1": (lambda n, m: f"{n + 1}　", lambda n, m: f"{n + 1}.{m + 1}　"),
    "1. (1)": (lambda n, m: f"{n + 1}. ", lambda n, m: f"({m + 1}) "),
    "Ⅰ 1.": (lambda n, m: f"{ROMAN[n]}．", lambda n, m: f"{m + 1}．"),
    "Ⅰ 1": (lambda n, m: f"{ROMAN[n]}　", lambda n, m: f"{m + 1}　"),
    "一 （一）": (lambda n, m: f"{KANJI[n]}　", lambda n, m: f"（{KANJI[m]}）"),
    "1 1-1": (lambda n, m: f"{n + 1}　", lambda n, m: f"{n + 1}-{m + 1}　"),
    "第1章 1": (lambda n, m: f"第{n + 1}章　", lambda n, m: f"{m + 1}．"),
    "基本目標1 施策1-1": (lambda n, m: f"基本目標{n + 1}　", lambda n, m: f"施策{n + 1}-{m + 1}　"),
    "柱1 (1)": (lambda n, m: f"柱{n + 1}　", lambda n, m: f"({m + 1})"),
}  # fmt: skip
# Numbers of measures: the n-th of its section, section m of chapter c.
NUMBERS = {
    "①": lambda c, m, n: CIRCLED[n],
    "ア": lambda c, m, n: f"{KANA[n]}　",
    "（ア）": lambda c, m, n: f"（{KANA[n]}）",
    "a.": lambda c, m, n: f"{'abcdefghijkl'[n]}. ",
    "1)": lambda c, m, n: f"{n + 1}) ",
    "1-1-1": lambda c, m, n: f"{c + 1}-{m + 1}-{n + 1}　",
    "(1)": lambda c, m, n: f"({n + 1}) ",
}
CLASHES = {"(1)": ("1. (1)", "柱1 (1)")}

MEASURE_HEADS = ["施策の方向性", "今後の取組", "主な施策", "取り組むべき事項", "推進方策", "具体的施策", "講ずべき措置"]
BACKGROUND_HEADS = ["現状と課題", "背景", "これまでの取組", "現状認識", "課題分析"]
TITLES = [
    "灯台の保守", "渡し船の運航", "川の見回り", "天文台の公開", "蜜蜂の飼育", "文書館の整備", "自転車道の管理",
    "製パンの技能", "軽便鉄道の保存",
]  # fmt: skip
PLACES = ["岬", "沖の島", "北の港", "川口", "峠", "入江", "湖畔", "旧街道"]
THINGS = [
    "灯台の図面", "渡し船の時刻", "見回りの記録", "望遠鏡の台座", "巣箱の置き場", "古文書の写し", "橋の標識",
    "窯の温度表",
]  # fmt: skip
DOING = [
    "を調べ、まとめて公開する。", "を作り直す。", "の点検を、専門家とともに毎年行う。",
    "について手引き（試行版）を作り、各地の団体に配る。", "を「見える化」する。結果は次の計画に生かす。",
    "を120か所で更新する。", "の貸出しを始めるとともに、利用者の声を集めて改善を図る。",
]  # fmt: skip
STATES = [
    "では利用者が減っている。",
    "の傷みが目立つ。",
    "は十分に知られていない。",
    "では令和5年度に30件の報告があった。",
]
KNOWN = ["国土交通省", "経済産業省", "文化庁", "総務省", "農林水産省", "環境省", "文部科学省", "厚生労働省", "財務省"]
LOCAL = ["灯台推進室", "北港県", "独立行政法人渡船機構", "港湾局", "見回り協議会"]
# Deadlines as written, with the years that they name or span.
DEADLINES: dict[str, list[int]] = {
    "令和9年度末まで": [2027], "2028年度まで": [2028], "R8～R10": [2026, 2027, 2028], "令和10年度を目途": [2028],
    "2027年夏": [2027], "毎年度": [], "速やかに実施": [], "令和8年度": [2026], "2030年まで": [2030], "継続": [],
    "令和8年度～令和9年度": [2026, 2027], "2029年3月": [2029], "R9": [2027],
}  # fmt: skip
TERMS = ["短期", "中期", "長期", "短期・中期"]
LABELS = [
    ("担当", "期限"),
    ("担当府省", "実施時期"),
    ("所管", "達成時期"),
    ("実施主体", "目途"),
    ("主担当", "スケジュール"),
]


@dataclass(frozen=True)
class Form:
    """How a plan is set."""

    headings: str
    measures: str | None  # the head above measures
    background: str | None
    head_look: str  # {} is the head
    listed: bool  # whether background stands in a list, too
    mark: str  # what measures begin with; "" for nothing
    space: str  # behind it
    pair: str  # brackets of bodies and times
    place: str  # same line, next line, two lines
    how: str  # two brackets, one bracket, one bracket with labels, labels, arrow
    bodies_first: bool
    labels: tuple[str, str]
    terms: bool  # horizons for deadlines
    separator: str  # between bodies
    local: bool  # bodies of no register, too
    width: int  # characters a line; 0 for a paragraph a line
    blank: bool  # lines between paragraphs
    wide: bool  # full-width digits
    unseen: str


@dataclass(frozen=True)
class Wanted:
    """A measure as a person reads it."""

    text: str
    bodies: tuple[str, ...]
    horizon: tuple[str, ...]
    deadline: str | None
    years: tuple[int, ...]


def forms() -> st.SearchStrategy[Form]:
    brackets = st.one_of(st.sampled_from(USUAL_PAIRS), st.sampled_from(PAIRS))
    heads = ["{}", "■{}", "◇ {}", "（{}）", "【{}】", "〈{}〉", "［{}］"]
    made = st.builds(
        Form,
        headings=st.sampled_from(list(HEADINGS)),
        measures=st.one_of(st.none(), st.sampled_from(MEASURE_HEADS)),
        background=st.one_of(st.none(), st.sampled_from(BACKGROUND_HEADS)),
        head_look=st.sampled_from(heads),
        listed=st.booleans(),
        mark=st.one_of(
            st.just(""), st.sampled_from(USUAL_MARKS), st.sampled_from(MARKS), st.sampled_from(list(NUMBERS))
        ),
        space=st.sampled_from([" ", "　"]),
        pair=brackets,
        place=st.sampled_from(["same line", "next line", "two lines"]),
        how=st.sampled_from(["two brackets", "one bracket", "one bracket with labels", "labels", "arrow"]),
        bodies_first=st.booleans(),
        labels=st.sampled_from(LABELS),
        terms=st.booleans(),
        separator=st.sampled_from(["、", "・", "，", "／", " "]),
        local=st.booleans(),
        width=st.sampled_from([0, 0, 40, 32]),
        blank=st.booleans(),
        wide=st.booleans(),
        unseen=st.one_of(st.just(""), st.sampled_from(NOT_SEEN)),
    )
    return made.filter(is_plain)


def is_plain(form: Form) -> bool:
    """Whether a person could tell what is meant."""
    if form.headings in CLASHES.get(form.mark, ()):
        return False
    if form.width and not form.mark and not form.blank:
        return False
    if form.separator == " " and (form.how == "arrow" or form.width):
        return False
    if form.width and form.how == "labels":
        return False
    if form.background and not form.measures:
        return False
    return not (form.separator == "／" and form.how in ("one bracket", "arrow"))


def plan(form: Form) -> tuple[str, list[Wanted]]:
    """Return a plan's text, and its measures."""
    chapter, section = HEADINGS[form.headings]
    paragraphs = ["灯りと渡しの推進計画", "令和8年5月20日", "この計画は、灯りと渡しの守り手が集まって作った。"]
    wanted: list[Wanted] = []
    for c in range(3):
        paragraphs.append(chapter(c, 0) + TITLES[c])
        for m in range(2):
            at = 2 * c + m
            paragraphs.append(section(c, m) + TITLES[3 + at])
            if form.background:
                paragraphs.append(form.head_look.format(form.background))
            mark = marked(form, c, m, 0) if form.listed and form.background and form.mark not in NUMBERS else ""
            paragraphs += [f"{mark}{PLACES[at]}{THINGS[(at + n) % 8][:4]}{STATES[(at + n) % 4]}" for n in range(2)]
            if form.measures:
                paragraphs.append(form.head_look.format(form.measures))
            for n in range(2 + at % 2):
                words = f"{PLACES[(3 * at + n) % 8]}の{THINGS[(at + 3 * n) % 8]}{DOING[len(wanted) % 7]}"
                lines, measure = closed(form, words, len(wanted))
                paragraphs += [marked(form, c, m, n) + lines[0], *lines[1:]]
                wanted.append(measure)
    text = "\n".join(line for paragraph in paragraphs for line in [*wrapped(paragraph, form.width), *[""] * form.blank])
    text = text.translate(WIDE) if form.wide else text
    return form.unseen.join([text[:40], text[40:200], text[200:]]) if form.unseen else text, wanted


def marked(form: Form, c: int, m: int, n: int) -> str:
    if form.mark in NUMBERS:
        return NUMBERS[form.mark](c, m, n)
    return form.mark + form.space if form.mark else ""


def bodies_of(form: Form, at: int) -> list[str]:
    bodies = [KNOWN[at % 9], KNOWN[(at + 4) % 9]][: 1 + at % 2] if at % 6 else KNOWN[at % 9 :] + KNOWN[: at % 5]
    return [*bodies, LOCAL[at % 5]] if form.local and at % 3 == 0 else bodies


def closed(form: Form, words: str, at: int) -> tuple[list[str], Wanted]:
    """Return a measure's lines with what closes it, and what it says."""
    bodies = bodies_of(form, at)
    time = TERMS[at % 4] if form.terms else list(DEADLINES)[at % len(DEADLINES)]
    names = form.separator.join(bodies)
    body_label, time_label = form.labels
    opening, closing = form.pair
    parts = [f"{body_label}：{names}", f"{time_label}：{time}"] if "label" in form.how else [names, time]
    parts = parts if form.bodies_first else parts[::-1]
    if form.how == "two brackets":
        parts = [opening + part + closing for part in parts]
    elif form.how == "one bracket" or (form.how == "one bracket with labels" and form.place != "two lines"):
        parts = [opening + ("／" if form.separator != "／" else "；").join(parts) + closing]
    elif form.how == "arrow":
        parts = [f"→{names}{opening}{time}{closing}"]
    if form.place == "two lines":
        lines = [words, *parts]
    elif form.place == "next line":
        lines = [words, ("　" if form.how == "labels" else "").join(parts)]
    else:
        lines = [words + ("　" + "　".join(parts) if form.how == "labels" else "".join(parts))]
    horizon = tuple(time.split("・")) if form.terms else ()
    deadline = None if form.terms else time
    return lines, Wanted(words, tuple(bodies), horizon, deadline, tuple(DEADLINES.get(time, ())))


def wrapped(paragraph: str, width: int) -> list[str]:
    """Lines of a paragraph; no line begins with what none may begin with."""
    if not width:
        return [paragraph]
    lines = [""]
    for character in paragraph:
        if len(lines[-1]) >= width and unicodedata.category(character) not in ("Po", "Pe", "Pf"):
            lines.append("")
        lines[-1] += character
    return lines


# --- measures in the rows of tables -----------------------------------------------------------------------------

COLUMNS = {
    "number": ["No.", "番号", "№"],
    "name": ["施策名", "取組名", "施策", "事業名", "アクション"],
    "content": ["内容", "取組内容", "概要"],
    "bodies": ["担当府省", "所管", "担当省庁", "実施主体"],
    "time": ["実施時期", "期限", "スケジュール", "達成時期"],
}
ORDERS = [
    ("name", "bodies", "time"), ("number", "name", "bodies", "time"), ("name", "content", "bodies", "time"),
    ("number", "name", "content", "time", "bodies"), ("name", "time", "bodies"), ("name", "content", "bodies"),
]  # fmt: skip


@dataclass(frozen=True)
class TableForm:
    """How a plan's tables are set."""

    headings: str
    order: tuple[str, ...]
    heads: int  # which words for the columns
    pipes: bool  # Markdown's; else tabs
    merged: bool  # cells of bodies that are the same as above are left empty
    again: bool  # the head stands in the middle of a table, too, as on a new page
    terms: bool
    separator: str
    wide: bool
    unseen: str


def table_forms() -> st.SearchStrategy[TableForm]:
    return st.builds(
        TableForm,
        headings=st.sampled_from(list(HEADINGS)),
        order=st.sampled_from(ORDERS),
        heads=st.integers(0, 4),
        pipes=st.booleans(),
        merged=st.booleans(),
        again=st.booleans(),
        terms=st.booleans(),
        separator=st.sampled_from(["、", "・", "，", "／"]),
        wide=st.booleans(),
        unseen=st.one_of(st.just(""), st.sampled_from(NOT_SEEN)),
    )


def table_plan(form: TableForm) -> tuple[str, list[Wanted]]:
    """Return the text of a plan whose measures are rows of tables, and its measures."""
    chapter, section = HEADINGS[form.headings]
    lines = ["灯りと渡しの推進計画", "", "この計画は、灯りと渡しの守り手が集まって作った。", ""]
    wanted: list[Wanted] = []
    head = [COLUMNS[name][form.heads % len(COLUMNS[name])] for name in form.order]
    for c in range(3):
        lines += [chapter(c, 0) + TITLES[c], ""]
        for m in range(2):
            at = 2 * c + m
            lines += [section(c, m) + TITLES[3 + at], "", f"{PLACES[at]}の{THINGS[at]}{STATES[at % 4]}", ""]
            lines += [_row(form, head)] + ["|" + "---|" * len(head)] * form.pipes
            for n in range(3):
                lines += [_row(form, head)] * (form.again and n == 2)
                words = f"{PLACES[(3 * at + n) % 8]}の{THINGS[(at + 3 * n) % 8]}{DOING[len(wanted) % 7]}"
                time = TERMS[len(wanted) % 4] if form.terms else list(DEADLINES)[len(wanted) % len(DEADLINES)]
                bodies = [KNOWN[at], KNOWN[at + 1]] if n < 2 else [KNOWN[at + 2]]
                name = f"{TITLES[len(wanted) % 9]}{n + 1}"
                cells = {
                    "number": str(len(wanted) + 1),
                    "name": name if "content" in form.order else words,
                    "content": words,
                    "bodies": "" if form.merged and n == 1 else form.separator.join(bodies),
                    "time": time,
                }
                lines.append(_row(form, [cells[column] for column in form.order]))
                timed = "time" in form.order
                wanted.append(
                    Wanted(
                        name + words if "content" in form.order else words,
                        tuple(bodies),
                        tuple(time.split("・")) if form.terms and timed else (),
                        time if timed and not form.terms else None,
                        tuple(DEADLINES.get(time, ())) if timed else (),
                    )
                )
            lines.append("")
    text = "\n".join(lines)
    text = text.translate(WIDE) if form.wide else text
    return form.unseen.join([text[:30], text[30:200], text[200:]]) if form.unseen else text, wanted


def _row(form: TableForm, cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |" if form.pipes else "\t".join(cells)
