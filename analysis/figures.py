"""Figures of merit from running text and tables: targets, baselines and observations, each with its line.

A figure is a number with a unit, read in five steps: find the amounts; drop those that measure nothing (dates,
names, denominators, thresholds, sample sizes, forecasts); find the period that governs each; decide by the words
that follow whether it is a target, a baseline or an observation; and name it by the words before it.

Brackets matter more than commas in these documents: a KPI of an earlier plan stands in 「…」, a period or a
comparison in (…). So every character knows its innermost bracket, and words are looked for at a figure's own level.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from analysis.readers.reading import Paragraph
from analysis.text import normal, shorten


@dataclass(frozen=True)
class Figure:
    """One figure. `value` is in `unit`, null where a target names no number; `period` is a western year ("2025"),
    a fiscal year ("2025年度"), a month ("2025-06"), a span ("2020-2025") or words ("今後5年間")."""

    first_line: int
    section: str
    place: str
    measure: int | None
    indicator: str | None
    kind: str
    nature: str
    value: float | None
    unit: str | None
    period: str | None
    set_in: str | None
    comparator: str | None


def read(paragraphs: list[Paragraph], edition: int) -> list[Figure]:
    """All figures of a document in its own order. `edition` is the year of the plan: what the plan sets itself is
    set in it, and 本年 is that year."""
    found: list[Figure] = []
    plan: str | None = None  # the plan last named in the running KPI part: 同計画 means it
    for piece in _pieces(paragraphs):
        if piece.role == "table":
            found += _table(piece, _caption_period(piece, paragraphs, edition))
            continue
        if piece.role != "kpi":
            plan = None
        reader = _Reader(piece, edition, plan)
        found += reader.figures()
        plan = reader.plan
    return found


# ------------------------------------------------------------------------------------------------ pieces of text

TEXT_ROLES = {"background": "background", "kpi": "kpi", "measure": "measure", "footnote": "footnote"}
# The annex's running text lists activities (a seminar held three times), which are no figures of merit.


def _pieces(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """The paragraphs that can hold figures; a table's neighbouring rows are one piece, as are a measure's parts."""
    pieces: list[Paragraph] = []
    measures: dict[int, int] = {}
    for paragraph in paragraphs:
        rows = tuple(line for line in paragraph.lines if "\t" in line[1])
        if rows and paragraph.role != "contents":
            table = replace(paragraph, lines=rows, role="table")
            if pieces and pieces[-1].role == "table" and rows[0][0] - pieces[-1].lines[-1][0] == 1:
                pieces[-1] = replace(pieces[-1], lines=(*pieces[-1].lines, *rows))
            else:
                pieces.append(table)
        elif paragraph.role in TEXT_ROLES:
            if paragraph.role == "measure" and paragraph.measure in measures:
                at = measures[paragraph.measure]
                pieces[at] = replace(pieces[at], lines=(*pieces[at].lines, *paragraph.lines))
                continue
            if paragraph.role == "measure" and paragraph.measure is not None:
                measures[paragraph.measure] = len(pieces)
            pieces.append(paragraph)
    return pieces


def _place(piece: Paragraph) -> str:
    if piece.role == "background" and piece.section.startswith("II-"):
        return "outlook"
    return TEXT_ROLES.get(piece.role, "table")


SUPERSCRIPT = re.compile(r"[⁰¹²³⁴-⁹]+[⁾]?")  # footnote marks: NFKC would turn them into digits of the number before
CIRCLED = re.compile(r"[①-⑳]")  # list marks: likewise
CIRCLED_SIGN = "◇"
EMPHASIS = re.compile(r"\*\*")
BULLET = re.compile(r"[-*+・･•●○◦▪■\s]+")
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−〜～~", "~"))
ASCII_WORD = re.compile(r"[0-9A-Za-z]")


def plain(raw: str) -> str:
    """A line in its normal form without footnote marks, emphasis and the meaning of list numbers."""
    text = CIRCLED.sub(CIRCLED_SIGN, SUPERSCRIPT.sub("", EMPHASIS.sub("", raw)))
    return normal(text).translate(DASHES).strip()


@dataclass(frozen=True)
class _Bracket:
    start: int
    end: int
    quote: bool
    parent: int


class _Running:
    """The running text of a piece without spaces, with each character's line and innermost bracket.

    `level[i]` is the index of the innermost bracket that matters: a quotation without a predicate (a title, or a
    bare 「14か月以内」) is transparent, since its words belong to the sentence around it.
    """

    def __init__(self, piece: Paragraph):
        text, lines = "", []
        for number, raw in piece.lines:
            line = plain(raw)
            if not text:
                line = line[match.end() :] if (match := BULLET.match(line)) else line
            for position, sign in enumerate(line):
                if sign.isspace():
                    before = text[-1:] if position == 0 else line[position - 1]
                    after = line[position + 1 : position + 2]
                    # A space matters only between two words in Latin letters or digits.
                    if not (ASCII_WORD.match(before) and ASCII_WORD.match(after)):
                        continue
                    sign = " "
                text += sign
                lines.append(number)
        self.text, self.lines = text, lines
        self.brackets = _brackets(text)
        self.level = self._levels()

    def _levels(self) -> list[int]:
        level = [-1] * len(self.text)
        own = list(range(len(self.brackets)))
        for index, bracket in enumerate(self.brackets):  # parents come before their children
            if bracket.quote and not PREDICATE.search(self.text, bracket.start, bracket.end):
                own[index] = own[bracket.parent] if bracket.parent >= 0 else -1
            for position in range(bracket.start + 1, bracket.end):
                level[position] = own[index]
            if own[index] != index:
                level[bracket.start] = level[bracket.end] = own[index]
            else:
                outer = own[bracket.parent] if bracket.parent >= 0 else -1
                level[bracket.start] = level[bracket.end] = outer
        return level

    def seen(self, start: int, end: int, level: int) -> str:
        """The characters from start to end that stand at the level, brackets and their contents left out."""
        shown = [self.text[i] for i in range(start, end) if self.level[i] == level]
        return "".join(sign for sign in shown if sign not in "()「」『』")

    def sentence(self, position: int, level: int) -> tuple[int, int]:
        """Start and end of the sentence around a position, at a level: full stops inside brackets do not count."""
        first, last = (self.brackets[level].start + 1, self.brackets[level].end) if level >= 0 else (0, len(self.text))
        start, end = first, last
        for i in range(position - 1, first - 1, -1):
            if self.text[i] == "。" and self.level[i] == level:
                start = i + 1
                break
        for i in range(position, last):
            if self.text[i] == "。" and self.level[i] == level:
                end = i + 1
                break
        return start, end


OPENING, CLOSING = "(「『[〈《", ")」』]〉》"
PREDICATE = re.compile(r"[をはがに]|する|した|して")


def _brackets(text: str) -> list[_Bracket]:
    """Brackets in the order of their openings. OCR loses closing signs: a closing quotation mark also closes what
    is open inside it, and what never closes is no bracket."""
    stack: list[tuple[int, str]] = []
    closed: list[tuple[int, int, str]] = []
    for position, sign in enumerate(text):
        if sign in OPENING:
            stack.append((position, CLOSING[OPENING.index(sign)]))
        elif sign in CLOSING:
            if not any(wanted == sign for _, wanted in stack):
                continue
            if sign == ")" and stack[-1][1] != ")":
                continue
            while stack:
                start, wanted = stack.pop()
                if wanted == sign:
                    closed.append((start, position, sign))
                    break
    closed.sort()
    result: list[_Bracket] = []
    for start, end, sign in closed:
        parents = [i for i, outer in enumerate(result) if outer.start < start and end < outer.end]
        result.append(_Bracket(start, end, sign in "」』", parents[-1] if parents else -1))
    return result


# --------------------------------------------------------------------------------------------------- amounts

MULTIPLIERS = {"兆": 1e12, "億": 1e8, "万": 1e4, "千": 1e3, "百": 1e2}
NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
# Units, each with what must not follow it, since the same sign begins other words (人 in 人材, 件 in 件名).
UNITS = {
    "%": "", "パーセント": "", "割": "合当引り", "ポイント": "", "円": "滑卓安高建", "米ドル": "", "ドル": "",
    "ユーロ": "", "元": "", "ウォン": "", "人": "材間物工権口格為気", "名": "称前目作義古", "者": "",
    "社": "会内員長団名外", "件": "目名", "校": "内長舎", "回": "線目避答復転路収", "位": "置相", "倍": "率",
    "か月": "", "ヶ月": "", "カ月": "", "ヵ月": "", "ケ月": "", "箇月": "", "アクセス": "", "か所": "", "箇所": "",
    "カ所": "", "ヶ所": "", "か国・地域": "", "か国": "", "カ国": "", "ヶ国": "", "機関": "", "団体": "", "拠点": "",
    "施設": "", "店舗": "", "店": "", "品種": "", "作品": "", "冊": "", "点": "検目在線", "本": "部質人社格来体邦柱",
    "台": "頭湾", "隻": "", "戸": "", "世帯": "", "トン": "", "ヘクタール": "", "ha": "", "時間": "", "事業者": "",
    "企業": "", "大学": "", "自治体": "", "市町村": "", "都道府県": "", "人泊": "", "泊": "", "組": "織合",
    "か国語": "", "言語": "",
}  # fmt: skip
UNIT = "|".join(
    re.escape(unit) + (f"(?![{following}])" if following else "")
    for unit, following in sorted(UNITS.items(), key=lambda item: -len(item[0]))
)
AMOUNT = re.compile(
    rf"(?<![\d.,A-Za-z])(?P<number>{NUMBER}(?:[兆億万千百]{{1,3}}{NUMBER})*(?:[兆億万千百]{{1,3}})?)(?P<unit>{UNIT})?"
)
AMOUNT_WITH_UNIT = re.compile(
    rf"(?<![\d.,A-Za-z]){NUMBER}(?:[兆億万千百]{{1,3}}{NUMBER})*(?:[兆億万千百]{{1,3}})?(?:{UNIT})(?!当たり|あたり)"
)
GROUP = re.compile(rf"({NUMBER})([兆億万千百]*)")
RANK_STEP = re.compile(r"つ(?=(?:順位|ランク)(?:が|を|は|も)?(?:上昇|下落|低下|後退|改善|下が|上が|下げ|上げ))")
MONEY = re.compile(r"(?:額|費|収益|売上|売上高|予算)(?:は|が|を|も)?(?:約|およそ)?$")
RANGE_SIGN = re.compile(r"から|ないし|~|-")


@dataclass(frozen=True)
class _Amount:
    start: int
    end: int
    value: float
    unit: str
    rank: str = ""  # 範囲下限 or 範囲上限
    group: int = 0  # the two ends of a range share a group


def _scaled(number: str) -> tuple[float, str, float]:
    """The value in its largest multiplier of 兆, 億 and 万, that multiplier's name, and its size."""
    total, largest, size = 0.0, "", 1.0
    for digits, signs in GROUP.findall(number):
        factor = 1.0
        for sign in signs:
            factor *= MULTIPLIERS[sign]
            if sign in "兆億万" and MULTIPLIERS[sign] > size:
                largest, size = sign, MULTIPLIERS[sign]
        total += float(digits.replace(",", "")) * factor
    return round(total / size, 9), largest, size


def _amounts(text: str) -> list[_Amount]:
    """Numbers with units; the ends of a range as two amounts, the first with the unit of the second."""
    matches = list(AMOUNT.finditer(text))
    found: list[_Amount] = []
    for position, match in enumerate(matches):
        unit = match["unit"] or ("位" if RANK_STEP.match(text, match.end()) else "")
        value, multiplier, size = _scaled(match["number"])
        if not unit and multiplier in ("億", "兆") and MONEY.search(text[max(0, match.start() - 8) : match.start()]):
            unit = "円"  # writers drop 円 after an amount of money
        if not unit:
            continue
        before = matches[position - 1] if position else None
        between = text[before.end() : match.start()] if before else ""
        lower = None
        if before is not None and RANGE_SIGN.fullmatch(between) and not _is_year(text, before):
            if before["unit"] is None:
                low, own, _ = _scaled(before["number"])
                lower = low if own == multiplier or not own else low * MULTIPLIERS[own] / size
                start = before.start()
            elif before["unit"] == unit and between != "から" and found:
                lower, start = found[-1].value, found[-1].start
                found.pop()
        if unit in ("割",):
            value, unit, lower = value * 10, "%", None if lower is None else lower * 10
        elif unit == "パーセント":
            unit = "%"
        if lower is not None:
            found.append(_Amount(start, match.end(), round(lower, 9), multiplier + unit, "範囲下限", position))
            found.append(_Amount(start, match.end(), round(value, 9), multiplier + unit, "範囲上限", position))
        else:
            found.append(_Amount(match.start(), match.end(), round(value, 9), multiplier + unit, "", position))
    return found


def _is_year(text: str, match: re.Match[str]) -> bool:
    """Whether a bare number is the first year of a span such as 2014-2019年."""
    return text.startswith(("年", "月", "日"), match.end())


ORDINAL = re.compile(r"(?:第|図表?|表|別紙|No\.|Vol\.|ver\.?|フェーズ|ステップ|スキーム|レベル|[=／/])$", re.IGNORECASE)
NOT_AFTER = re.compile(r"(?:ずつ)?(?:当たり|あたり|当り|につき|=)|の柱|で構成|から構成|から成る|からなる")
BEST_PART = re.compile(r"(?:上位|トップ|ベスト)$")
WHOLE = re.compile(r"(?:\([^()]*\))?のうち")
SAMPLE = re.compile(r"(?:の[^、。は]{0,15}?(?:調査|アンケート)|を対象と(?:した|する)[^、。]{0,10}(?:調査|アンケート))")
THRESHOLD = re.compile(
    r"(?:以上|以下|以内|未満|超|を超える|を上回る|を下回る)(?:と?なる|の|である)?"
    r"[^、。はがを]{0,20}?(?:割合|比率|件数|者数|社数|人数|シェア)(?:は|が|を|も|の)"
)
LISTED = re.compile(r"(?:\([^()]*\))?、[^、。はがをに]{0,12}")
TITLE_REST = re.compile(r"[^をにはがもでるたくいす]+$")
AMOUNT_REST = re.compile(r"(?:以上|以内|以下|未満|超|程度|前後|強|弱|台|増加?|減少?|上昇|低下|達成|維持)+$")


def _measures_nothing(running: _Running, amount: _Amount) -> bool:
    """Whether a number with a unit is no figure of merit: an ordinal, a denominator (人口100万人当たり), a way to
    pick the best (上位10%に入る), the whole of which a part follows (6兆円のうち), a survey's sample size, the
    threshold in an indicator's own name (1億円以上となる件数は), an exchange rate, or part of a title."""
    text = running.text
    before, after = text[max(0, amount.start - 8) : amount.start], text[amount.end : amount.end + 60]
    if ORDINAL.search(before) or NOT_AFTER.match(after) or WHOLE.match(after) or SAMPLE.match(after):
        return True
    if BEST_PART.search(before) and not amount.unit.endswith("位"):
        return True
    return bool(THRESHOLD.match(after)) or _in_title(running, amount)


def _worthy(running: _Running, amounts: list[_Amount]) -> list[_Amount]:
    """The amounts that measure something. A list of sample sizes (企業100者、大学20者を対象とした調査) and of exchange
    rates is one thing: its members go together."""
    dropped = [int(_measures_nothing(running, amount)) for amount in amounts]  # 2: with its neighbour
    places = list(range(len(amounts) - 1))
    for order, first, second in ((places, 0, 1), (places[::-1], 1, 0)):
        for place in order:
            one, other = amounts[place + first], amounts[place + second]
            listed = LISTED.fullmatch(running.text[amounts[place].end : amounts[place + 1].start])
            cause = running.text[one.start - 1 : one.start] == "=" or SAMPLE.match(running.text, one.end)
            if dropped[place + first] and listed and one.unit == other.unit and (cause or dropped[place + first] == 2):
                dropped[place + second] = 2
    return [amount for amount, drop in zip(amounts, dropped, strict=True) if not drop]


def _in_title(running: _Running, amount: _Amount) -> bool:
    """Whether the number is part of a name in quotation marks: more of a noun follows it up to the closing mark."""
    quotes = [b for b in running.brackets if b.quote and b.start < amount.start and amount.end <= b.end]
    if not quotes or PREDICATE.search(running.text, quotes[-1].start, quotes[-1].end):
        return False
    rest = running.text[amount.end : quotes[-1].end]
    return bool(rest) and not AMOUNT_REST.match(rest) and bool(TITLE_REST.match(rest))


# --------------------------------------------------------------------------------------------------- periods

ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
YEAR = r"(?:(?P<era>令和|平成|昭和)(?P<eyear>\d{1,2}|元)|(?P<year>(?:19|20)\d{2}))"
DATE = re.compile(
    rf"(?<![\d.,])(?:{YEAR}年(?P<fiscal>度)?(?:(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})日)?)?(?!代|間|連続|ぶり|前から)"
    r"|(?P<relative>前年度|前年|昨年度|昨年|本年度|本年|今年度|今年|同年度|同年|同日)(?:(?P<rmonth>\d{1,2})月)?)"
)
SPAN = re.compile(
    r"(?<![\d.,])(?P<first>(?:19|20)\d{2})(?P<f1>年度?)?(?:から|~|-)(?P<last>(?:19|20)\d{2})年(?P<f2>度)?(?:まで(?:に|の間に)?)?"
)
COMING = re.compile(r"今後\d{1,2}(?:か|カ|ヶ|箇)?年(?:間)?")
BASE = re.compile(
    r"(?:末|時点)?(?:の)?(?:同月|同期)?(?:と比べ|に比べ|と比較|比|対比|を基準|の水準|からの)|[はにで]?から(?!\d{4}年)"
)
SINCE = re.compile(r"(?:末|頃)?(?:以降|以来|より(?!も))")
DEADLINE = re.compile(r"(?:末|中|頃)?まで(?:に|には)")
EVENT = re.compile(r"に[^、。は\d]{0,24}?(?:した|された|なった)(?=[一-龥ァ-ヶA-Za-z「『(])")
NOW = re.compile(r"(?:末|日|月)*(?:時点|現在)")
UNTIL_NOW = re.compile(r"(?:現在)?(?:に至る)?まで|現在")
RUN = re.compile(r"(\d{1,2})年連続(?:で|して)[^、。\d]{0,10}$")
BARE_PERIOD = re.compile(r"(?:末|時点|現在|実績|調査|平均|累計|の|値|速報|[()、])*$")
BEHIND_AMOUNT = re.compile(r"(?:以上|以内|以下|未満|超|程度|前後|を維持)*")
REPORT_YEAR = re.compile(r"「[^「」]*?(?<!\d)((?:19|20)\d{2})」(?:\([^()]*\))?(?:において|では|による|によれ|で)")
PLANS = re.compile(r"計画|戦略|方針|プラン|ビジョン|パッケージ|改訂|ロードマップ")


@dataclass(frozen=True)
class _Period:
    start: int
    end: int
    name: str
    year: int | None  # the last year that it covers
    fiscal: bool
    role: str  # topic, deadline, base, since, event, bound (to the amount that follows)
    level: int


def _western(match: re.Match[str]) -> int:
    if match["era"]:
        return ERAS[match["era"]] + (1 if match["eyear"] == "元" else int(match["eyear"]))
    return int(match["year"])


def _name(year: int, fiscal: bool, month: str | None, day: str | None = None) -> str:
    if fiscal:
        return f"{year}年度"
    return f"{year}" + (f"-{int(month):02d}" if month else "") + (f"-{int(day):02d}" if day else "")


def _periods(running: _Running, edition: int) -> list[_Period]:
    """Every naming of a time, with what it is for the figures near it."""
    text, found, taken = running.text, [], 0
    matches = [m for pattern in (SPAN, COMING, DATE) for m in pattern.finditer(text)]
    topic: _Period | None = None
    for match in sorted(matches, key=lambda m: (m.start(), -m.end())):
        if match.start() < taken:
            continue
        taken = match.end()
        period = _period(running, match, edition, topic)
        if period is None:
            continue
        found.append(period)
        if period.role in ("topic", "event"):
            topic = period
    return _open_spans(text, found)


def _period(running: _Running, match: re.Match[str], edition: int, topic: _Period | None) -> _Period | None:
    level, start, end = running.level[match.start()], match.start(), match.end()
    if match.re is COMING:
        return _Period(start, end, match.group(), None, False, "topic", level)
    if match.re is SPAN:
        fiscal = bool(match["f2"]) or match["f1"] == "年度"
        name = f"{match['first']}-{match['last']}" + ("年度" if fiscal else "")
        return _Period(start, end, name, int(match["last"]), fiscal, "topic", level)
    if match["relative"]:
        dated = _relative(match, edition, topic)
        if dated is None:
            return None
        name, year, fiscal = dated
    else:
        year, fiscal = _western(match), bool(match["fiscal"])
        name = _name(year, fiscal, match["month"], match["day"])
    role = _role(running.text, match)
    return _Period(start, end, name, year, fiscal, role, level)


def _relative(match: re.Match[str], edition: int, topic: _Period | None) -> tuple[str, int, bool] | None:
    """前年 counts from the year under discussion, 昨年 and 本年 from the plan's own."""
    word, fiscal = match["relative"], match["relative"].endswith("度")
    if word.startswith(("前年", "同年", "同日")):
        if topic is None or topic.year is None:
            return None
        if word == "同日":
            return topic.name, topic.year, topic.fiscal
        year = topic.year - (word.startswith("前年"))
        fiscal = fiscal or topic.fiscal
    else:
        year = edition - (word.startswith("昨年"))
    return _name(year, fiscal, match["rmonth"]), year, fiscal


def _role(text: str, match: re.Match[str]) -> str:
    """What a date is for: a deadline, the base of a comparison, the start of a stretch, the day of an event that a
    noun is described by (2018年度に開始した事業), or the topic that the following figures belong to."""
    after = text[match.end() : match.end() + 40]
    if NOW.match(after):
        return "topic"
    if DEADLINE.match(after):
        return "deadline"
    if text.startswith("と比べ", match.end()) or BASE.match(after):
        return "base"
    if SINCE.match(after):
        return "since"
    if EVENT.match(after):
        return "event"
    relative = match.groupdict().get("relative")
    if relative and relative.startswith("前年") and after.startswith("の"):
        return "bound"
    return "topic"


def _open_spans(text: str, periods: list[_Period]) -> list[_Period]:
    """2025年12月以降、2026年3月現在に至るまで is one span of months: the second date becomes the span."""
    result = list(periods)
    for position, (one, other) in enumerate(pairwise(periods)):
        apart = text[one.end : other.start]
        if one.role == "since" and len(apart) <= 6 and UNTIL_NOW.match(text, other.end):
            result[position + 1] = replace(other, name=f"{one.name}/{other.name}", role="topic")
    return result


# ------------------------------------------------------------------------------------------- kinds and natures

# "Xをはじめとする" and its like frame a noun and aim at nothing; "拡大すると予測" is a forecast's.
TARGET = re.compile(
    r"目標|目指|KPI|(?<!はじめ)(?<!対象)(?<!中心)(?<!前提)(?<!基盤)(?<!目的)(?<!必要)(?<!可能)(?<!背景)(?<!契機)とする(?!と)"
    r"|にする|引き?上げ(?!た|ら)|引き?下げ(?!た|ら)|高め(?:る|て)|増や(?!し(?:た|て))|減ら(?!し(?:た|て))|させる"
    r"|維持(?!し(?:た|て))|達成(?:する|を|に向)(?!に至)|拡大(?:する(?!と)|を)|へ拡大|確保する(?!と)|抑え(?:る|て)|を図る"
)
OBSERVED = re.compile(
    r"とな(?:っ|り)|な(?:った|り)|であ(?:り|った|っ|る(?!こ|よ))|で、|達(?:し|する(?!こ|よ|目))|推移|し(?:た|てい|てお|てき|、)"
    r"|され(?:た|て|、)|おり|[上下]回(?:っ|り|る(?!こ|よ))|と?どまっ|留ま|にとどまる|超え(?!るこ|るよ|る目|た[目上])"
    r"|超す(?!こ|よ)|迫る|占め|記録|行われ|終了|だった"
)
FORECAST = re.compile(r"(?:と|という|の|が)?(?:予測|見込ま|見通し|見込み)")
ORIGIN = re.compile(r"(?:\([^()]*\))?(?:で?あ[るっ]た?|だった|にとどまる|の)?ところ、")
ORIGIN_FROM = re.compile(r"(?:\([^()]*\))?から")
CURRENT = re.compile(r"現在|時点|直近|実績|最も|最新|基準")
STATES = re.compile(
    r"(?:と|とい[うっ]た|とする|との政府|との数値)?(?:の)?(?:\(?主要)?(?:KPI|目標|達成目標)|を(?:主要な?)?(?:KPI|目標)|を目指す|(?:こと)?とする(?:こと)?(?:。|と)|こととする|ことを目標"
)
NEWLY_SET = re.compile(r"[^。]{0,12}?(?:設定する|こととする|定める|設ける)")
NEXT_QUOTE = re.compile(r"[、及び]*(?=「)")
LONG_QUOTE = 20  # characters: a longer quotation states something even without a particle
OTHER_DOCUMENT = re.compile(r"」(?:\([^()]*\))?(?:において|では|に(?:基づ|おけ))")
PLAN_YEAR = re.compile(r"推進計画((?:19|20)\d{2})|(?P<same>同計画)|(?P<own>本計画)")

# Between a figure and the word for its change stand particles and at most one noun as subject (12%売上が増加).
BETWEEN = r"(?:[のともはがをつ]|に(?!増加|拡大)|程度|以上|超|大幅[なに])*(?:[一-龥]{1,6}[がも])?"
DOWN = re.compile(BETWEEN + r"(?:減|低下|下落|縮小|後退|悪化|マイナス|下が|下げ|落ち込)")
UP = re.compile(BETWEEN + r"(?:増(?!や)|上昇|拡大|伸び|改善|向上|上が|上げ|上積み)")
SINCE_THEN = re.compile(r"(?:から|比|比べて?、?)(?:約|で)?$")  # 前回から3兆円、12%の増加: a difference and its rate
RATIO_OF_CHANGE = re.compile(r"(?:増加率|伸び率|減少率|成長率|伸び)(?:は|が|を|も)?、?[^、。]{0,30}$")

BEFORE_COMPARATOR = re.compile(r"(約|およそ|おおよそ|概ね|おおむね|ほぼ|最大|最低)(?:平均)?$")
AFTER_COMPARATOR = re.compile(
    r"(?:の大台)?(?:(?P<word>以上|以内|以下|未満|程度|前後|超|強|弱|半ば)"
    r"|(?P<over>を超|を上回)|(?P<under>を下回)|(?P<near>に迫))"
)
SAME_WORDS = {"およそ": "約", "おおよそ": "約", "ほぼ": "約", "おおむね": "概ね"}


def _comparator(text: str, amount: _Amount, bound: bool) -> str | None:
    """以上, 約 … in front of or behind an amount. 前年の5兆円を上回る compares another figure with this one."""
    if amount.rank:
        return amount.rank
    if match := AFTER_COMPARATOR.match(text, amount.end):
        if match["word"]:
            return match["word"]
        if not bound:
            return "超" if match["over"] else "未満" if match["under"] else "約"
    if match := BEFORE_COMPARATOR.search(text[max(0, amount.start - 8) : amount.start]):
        return SAME_WORDS.get(match[1], match[1])
    return None


# ------------------------------------------------------------------------------------------------- the reader


@dataclass(frozen=True)
class _Found:
    """A figure while it is read, with where it stands."""

    amount: _Amount
    level: int
    sentence: int  # where its sentence starts: figures of one sentence share it
    figure: Figure
    period: _Period | None = None
    origin: bool = False


class _Reader:
    """Reads one piece. `plan` is the edition that 同計画 means, before and after."""

    def __init__(self, piece: Paragraph, edition: int, plan: str | None):
        self.piece, self.edition, self.plan = piece, edition, plan
        self.running = _Running(piece)
        self.text = self.running.text
        self.amounts = _amounts(self.text)
        self.periods = _periods(self.running, edition)
        self.stating = {i for i, b in enumerate(self.running.brackets) if b.quote and self._states_target(b)}
        self.found: list[_Found] = []

    def figures(self) -> list[Figure]:
        for amount in _worthy(self.running, self.amounts):
            if (found := self._read(amount)) is not None:
                self.found.append(found)
        self._settle_origins()
        self._settle_brackets()
        self._share_natures()
        self._share_periods()
        rows = [(found.amount.start, found.figure) for found in self.found] + list(self._without_numbers())
        self._remember_plan(len(self.text))
        return [figure for _, figure in sorted(rows, key=lambda row: row[0])]

    # -- where a figure stands

    def _states_target(self, bracket: _Bracket) -> bool:
        """Whether a quotation is what a plan aims at: とのKPI follows it, or follows the last of its neighbours."""
        spoken = PREDICATE.search(self.text, bracket.start, bracket.end) or bracket.end - bracket.start > LONG_QUOTE
        return bool(spoken and STATES.match(self.text, self._behind_quotes(bracket)))

    def _behind_quotes(self, bracket: _Bracket) -> int:
        """The place behind a quotation and the quotations that follow it at once."""
        end = bracket.end + 1
        while (match := NEXT_QUOTE.match(self.text, end)) is not None:
            following = [b for b in self.running.brackets if b.start == match.end() and b.quote]
            if not following:
                break
            end = following[0].end + 1
        return end

    def _stating(self, level: int) -> int | None:
        """The stating quotation that a level lies in."""
        while level >= 0:
            if level in self.stating:
                return level
            level = self.running.brackets[level].parent
        return None

    def _in_bracket(self, level: int) -> bool:
        return level >= 0 and not self.running.brackets[level].quote

    # -- one figure

    def _read(self, amount: _Amount) -> _Found | None:
        running = self.running
        level = running.level[amount.start]
        start, end = running.sentence(amount.start, level)
        after = running.seen(amount.end, min(end, amount.end + 240), level)
        period = self._governing(amount, level, start)
        kind, origin = self._kind(amount, level, after, period)
        if period is None and kind == "target" and not origin:
            period = self._deadline_after(amount, level, end)
        if kind == "observation" and period is not None and period.role == "deadline":
            period = period if (period.year or 0) <= self.edition else None
        if kind == "observation" and self._is_forecast(after, period):
            return None  # neither a target nor an observation
        bound = period is not None and period.role == "bound"
        nature, value = self._nature(amount, level, start)
        figure = Figure(
            running.lines[amount.start], self.piece.section, _place(self.piece), self.piece.measure,
            self._indicator(amount, level, start), kind, nature, value, amount.unit,
            self._period_name(amount, level, start, period, nature), self._set_in(level, kind),
            _comparator(self.text, amount, bound),
        )  # fmt: skip
        outer = self._outermost_sentence(amount.start)
        return _Found(amount, level, outer, figure, period, origin)

    def _outermost_sentence(self, position: int) -> int:
        return self.running.sentence(position, -1)[0]

    def _kind(self, amount: _Amount, level: int, after: str, period: _Period | None) -> tuple[str, bool]:
        """(kind, whether it is the starting point of something): the first telling word after the figure decides."""
        behind = self.text[amount.end : amount.end + 60]
        stated = self._stating(level)
        if amount.rank == "" and (ORIGIN.match(behind) or (ORIGIN_FROM.match(behind) and self._leads_on(amount))):
            return "target" if stated is not None else "observation", True
        if self._in_bracket(level):
            bracket = self.running.brackets[level]
            current = CURRENT.search(self.text, bracket.start, bracket.end)
            if stated is not None:
                return ("baseline" if current else "target"), False
            if not TARGET.search(after):
                return "observation", False
        if stated is not None:
            return "target", False
        aim, seen = TARGET.search(after), OBSERVED.search(after)
        if aim and (seen is None or aim.start() <= seen.start()):
            return "target", False
        if seen is None and period is not None and period.role == "deadline" and (period.year or 0) >= self.edition:
            return "target", False
        return "observation", False

    def _leads_on(self, amount: _Amount) -> bool:
        """Whether から after an amount leads to another of the same unit in the same clause."""
        behind = self.text[amount.end : amount.end + 40].split("。")[0]
        unit = amount.unit.lstrip("兆億万")
        return any(m["unit"] == unit for m in AMOUNT.finditer(behind))

    def _is_forecast(self, after: str, period: _Period | None) -> bool:
        """Whether a value is only expected: 予測 or 見込み is said of it, and its year is not past."""
        match = FORECAST.search(after)
        if match is None or "。" in after[: match.start()]:
            return False
        return period is None or period.year is None or period.year >= self.edition

    def _nature(self, amount: _Amount, level: int, start: int) -> tuple[str, float]:
        """(level, change or rate; the value with its sign)."""
        after = self.text[amount.end : amount.end + 16]
        before = self.running.seen(max(start, amount.start - 60), amount.start, level)
        down, up = DOWN.match(after), UP.match(after)
        unit = amount.unit.lstrip("兆億万")
        share = unit == "%"
        if share and not (down or up) and not RATIO_OF_CHANGE.search(before):
            return "level", amount.value
        if share or unit == "倍":
            return "rate", -amount.value if down and unit == "%" else amount.value
        if unit == "ポイント" or (down or up):
            return "change", -amount.value if down else amount.value
        return "level", amount.value

    # -- periods

    def _governing(self, amount: _Amount, level: int, start: int) -> _Period | None:
        """The period that a figure belongs to: in brackets right behind it, or the last one before it."""
        if (behind := self._bracket_behind(amount)) is not None:
            return behind
        levels = [level]
        if self._in_bracket(level):
            bracket = self.running.brackets[level]
            levels.append(self.running.level[bracket.start])
        for own in levels:
            first, _ = self.running.sentence(amount.start if own == level else self.running.brackets[level].start, own)
            before = [p for p in self.periods if first <= p.start and p.end <= amount.start and p.level == own]
            for position, period in enumerate(reversed(before)):
                if period.role in ("base", "since", "event"):
                    continue
                if period.role == "bound" and (position > 0 or AMOUNT.search(self.text, period.end, amount.start)):
                    continue
                return period
        if self._stating(level) is not None:
            return None
        if match := self._report(amount):
            return _Period(match.start(1), match.end(1), match[1], int(match[1]), False, "topic", -1)
        return self._whole_period(amount)

    def _whole_period(self, amount: _Amount) -> _Period | None:
        """6兆円(2024年)のうち、xが3兆円: a part has the period of its whole."""
        start, _ = self.running.sentence(amount.start, -1)
        whole = [a for a in self.amounts if start <= a.start < amount.start and WHOLE.match(self.text, a.end)]
        return self._bracket_behind(whole[-1]) if whole else None

    def _bracket_behind(self, amount: _Amount) -> _Period | None:
        """52%(2025年度): the period alone in brackets behind a figure, its comparator between them or not."""
        match = BEHIND_AMOUNT.match(self.text, amount.end)
        for bracket in self.running.brackets:
            if bracket.quote or match is None or bracket.start != match.end():
                continue
            inside = [p for p in self.periods if bracket.start < p.start and p.end <= bracket.end]
            alone = len(inside) == 1 and inside[0].start == bracket.start + 1
            if alone and BARE_PERIOD.match(self.text[inside[0].end : bracket.end]):
                return inside[0]
        return None

    def _report(self, amount: _Amount) -> re.Match[str] | None:
        """「世界競争力指数 2025」において: a report or ranking bears the year of its figures, a plan does not."""
        start, _ = self.running.sentence(amount.start, -1)
        reports = [m for m in REPORT_YEAR.finditer(self.text, start, amount.start) if not PLANS.search(m.group())]
        return reports[-1] if reports else None

    def _deadline_after(self, amount: _Amount, level: int, end: int) -> _Period | None:
        """50%を2030年までに達成する: a target's year can follow it."""
        for period in self.periods:
            if period.start >= amount.end and period.end <= end and period.level == level and period.role == "deadline":
                return period if not AMOUNT.search(self._amount_text(amount.end, period.start)) else None
        return None

    def _amount_text(self, start: int, end: int) -> str:
        return "".join(self.text[a.start : a.end] for a in _amounts(self.text[start:end]))

    def _period_name(self, amount: _Amount, level: int, start: int, period: _Period | None, nature: str) -> str | None:
        """The period's name; a run of years or a change since an earlier year is a span that ends in the period."""
        if period is None or period.year is None:
            return None if period is None else period.name
        if run := RUN.search(self.text[max(start, amount.start - 20) : amount.start]):
            return f"{period.year - int(run[1]) + 1}-{period.year}" + ("年度" if period.fiscal else "")
        base = self._base(amount, level, start)
        if nature == "level" or base is None or base.year is None or base.year >= period.year or "-" in period.name:
            return period.name
        # A rate against the year before is that year's; a difference of two named values, or against an older
        # year, covers the years between.
        if amount.unit in ("%", "倍") and period.year - base.year == 1:
            return period.name
        if not amount.unit.endswith(("位", "ポイント")) and period.year - base.year == 1:
            return period.name
        if period.role == "deadline":
            return period.name
        return f"{base.year}-{period.year}" + ("年度" if period.fiscal else "")

    def _base(self, amount: _Amount, level: int, start: int) -> _Period | None:
        """The year that a change is measured from: the last base or bound period before the figure. 前年比 is none
        of these, since it always means the year before."""
        before = [p for p in self.periods if start <= p.start and p.end <= amount.start and p.level == level]
        for period in reversed(before):
            if period.role == "bound" or (period.role == "base" and not self.text.startswith("比", period.end)):
                return period
            if period.role in ("topic", "deadline"):
                return None
        return None

    # -- what one figure says about its neighbours

    def _settle_origins(self) -> None:
        """A starting point is a baseline where the next figure of its sentence is a target, else an observation."""
        for position, found in enumerate(self.found):
            if not found.origin:
                continue
            following = self.found[position + 1] if position + 1 < len(self.found) else None
            same = following is not None and following.sentence == found.sentence
            aimed = same and following is not None and following.figure.kind == "target"
            aimed = aimed and (self._stating(found.level) is None or following.level == found.level)  # type: ignore[union-attr]
            self._change(
                position, kind="baseline" if aimed else "observation", set_in=found.figure.set_in if aimed else None
            )

    def _settle_brackets(self) -> None:
        """5,000万件(2026年3月現在で3,200万件): the present state in brackets behind a target is its baseline."""
        for position, found in enumerate(self.found):
            if not position or not self._in_bracket(found.level) or found.figure.kind != "observation":
                continue
            before, bracket = self.found[position - 1], self.running.brackets[found.level]
            gap = self.text[before.amount.end : bracket.start]
            current = CURRENT.search(self.text, bracket.start, bracket.end)
            if before.figure.kind == "target" and current and len(gap) <= 4:
                self._change(position, kind="baseline", set_in=before.figure.set_in)

    def _share_natures(self) -> None:
        """290人、3,003人の増加: what is said of the last of several figures in a row holds for all of them."""
        for position in range(len(self.found) - 2, -1, -1):
            one, other = self.found[position], self.found[position + 1]
            between = self.text[one.amount.end : other.amount.start]
            if (
                between not in ("、", "や", "と", "及び")
                or one.figure.nature != "level"
                or other.figure.nature == "level"
            ):
                continue
            alike = one.amount.unit == other.amount.unit
            if alike or SINCE_THEN.search(self.text[max(0, one.amount.start - 8) : one.amount.start]):
                sign = -1.0 if (other.figure.value or 0) < 0 else 1.0
                nature = other.figure.nature if alike or one.amount.unit == "%" else "change"
                self._change(position, nature=nature, value=sign * (one.figure.value or 0.0))

    def _share_periods(self) -> None:
        """A date of the state (2026年3月現在) in brackets holds for every figure of its sentence without one."""
        for position, found in enumerate(self.found):
            if found.figure.period is not None or found.figure.kind != "observation":
                continue
            _, end = self.running.sentence(found.amount.start, -1)
            dated = [
                p
                for p in self.periods
                if found.sentence <= p.start and p.end <= end and self._in_bracket(p.level) and self._is_state(p)
            ]
            if dated:
                self._change(position, period=dated[-1].name)

    def _is_state(self, period: _Period) -> bool:
        """Whether a bracket holds nothing but the date of a state."""
        bracket = self.running.brackets[period.level]
        rest = self.text[period.end : bracket.end]
        return period.start == bracket.start + 1 and bool(NOW.match(rest)) and bool(BARE_PERIOD.match(rest))

    def _change(self, position: int, **fields: object) -> None:
        found = self.found[position]
        self.found[position] = replace(found, figure=replace(found.figure, **fields))  # type: ignore[arg-type]

    # -- plans

    def _remember_plan(self, end: int) -> None:
        for match in PLAN_YEAR.finditer(self.text, 0, end):
            if match["own"]:
                self.plan = str(self.edition)
            elif match[1]:
                self.plan = match[1]

    def _set_in(self, level: int, kind: str) -> str | None:
        """The edition that set a quoted target: the plan itself where it says so, else the plan named last before."""
        stated = self._stating(level)
        if stated is None or kind == "observation":
            return None
        bracket = self.running.brackets[stated]
        if NEWLY_SET.match(self.text, self._behind_quotes(bracket)):
            return str(self.edition)
        start, _ = self.running.sentence(bracket.start, -1)
        self._remember_plan(bracket.start)
        if PLAN_YEAR.search(self.text, start, bracket.start):
            return self.plan
        # A sentence that goes on with KPIs (また、…) without naming another document means the same plan.
        other = OTHER_DOCUMENT.search(self.text, start, bracket.start)
        return self.plan if self.piece.role == "kpi" and other is None else None

    def _without_numbers(self) -> Iterator[tuple[int, Figure]]:
        """Targets of the KPI parts that name no number, so that a reader sees that they were set."""
        if self.piece.role != "kpi":
            return
        for index in sorted(self.stating):
            bracket = self.running.brackets[index]
            outer = self._stating(bracket.parent)
            if outer is not None or any(bracket.start < f.amount.start < bracket.end for f in self.found):
                continue
            level = index
            words = self.running.seen(bracket.start + 1, bracket.end, level)
            inside = [p for p in self.periods if bracket.start < p.start < bracket.end and p.level == level]
            dated = [p for p in inside if p.role not in ("base", "since", "event")]
            yield (
                bracket.start,
                Figure(
                    self.running.lines[bracket.start], self.piece.section, _place(self.piece), self.piece.measure,
                    self._aim_of(bracket, words), "target", "level", None, None, dated[0].name if dated else None,
                    self._set_in(level, "target"), None,
                ),
            )  # fmt: skip

    def _aim_of(self, bracket: _Bracket, words: str) -> str | None:
        """What a target without a number is about: the indicator in brackets at its end, else its object."""
        last = [b for b in self.running.brackets if not b.quote and bracket.start < b.start and b.end <= bracket.end]
        outer = [b for b in last if b.end >= bracket.end - 2]
        if outer:
            named = MONITORING.sub("", self.text[outer[0].start + 1 : outer[0].end])
            return _head(named)
        return _aim(words)

    # -- what is measured

    def _indicator(self, amount: _Amount, level: int, start: int) -> str | None:
        if (together := self._respectively(amount, level, start)) is not None:
            return together
        if self._in_bracket(level):
            return self._bracket_indicator(amount, level)
        if amount.unit == "位" and (report := self._report(amount)) and self._stating(level) is None:
            return shorten(self.text[report.start() + 1 : report.start(1)].strip("・ ") or "順位")
        earlier = [
            f for f in self.found if f.level == level and start <= f.amount.start and f.amount.end <= amount.start
        ]
        if amount.rank == "範囲上限" and earlier:
            return earlier[-1].figure.indicator
        words = self._words(earlier[-1].amount.end if earlier else start, amount.start, level)
        if earlier:
            words = words.partition("、")[2]  # up to the comma they still speak of the figure before
        own = _own_phrase(words)
        if own is None and (match := COUNTED.match(self.text, amount.end)):
            return shorten(match[1])
        sentence = self._outermost_sentence(amount.start)
        stated = [f.figure.indicator for f in self.found if f.sentence == sentence]
        before = earlier[-1].figure if earlier else None
        phrase = own or _topic(words) or (None if stated else _phrase(words))
        if phrase is None:
            return stated[-1] if stated else None
        alike = before is not None and (before.unit or "")[-1:] == amount.unit[-1:]
        return self._resolve(
            self._under_topic(phrase, before.indicator if before and alike else None, words), amount.start
        )

    def _under_topic(self, phrase: str, before: str | None, words: str) -> str:
        """利用率は、大企業が50%、中小企業が20%: a noun that cannot be measured is a part of what is."""
        if MEASURE_END.search(phrase):
            return phrase
        stem = before.split("(")[0] if before else None
        if stem is None or not MEASURE_END.search(stem):
            stem = _topic("、".join(re.split("[、。]", words)[:-1]))
        if stem is None or not MEASURE_END.search(stem) or stem == phrase:
            return phrase
        return f"{_head(stem, 20)}({_head(phrase, 10)})"

    def _words(self, start: int, end: int, level: int) -> str:
        """The words between two places, with short brackets (they tell alike names apart) and without long ones."""
        words = []
        for position in range(start, end):
            if self.text[position] not in "「」『』" and self._belongs(position, level):
                words.append(self.text[position])
        return "".join(words)

    def _belongs(self, position: int, level: int) -> bool:
        inner = self.running.level[position]
        marks = [b for b in self.running.brackets if position in (b.start, b.end) and not b.quote]
        if inner == level and not marks:
            return True
        bracket = marks[0] if marks else self.running.brackets[inner] if inner >= 0 else None
        if bracket is None or self.running.level[bracket.start] != level:
            return False
        return bracket.end - bracket.start <= (SHORT_QUOTE if bracket.quote else SHORT_BRACKET)

    def _respectively(self, amount: _Amount, level: int, start: int) -> str | None:
        """AとBを、それぞれ、a、b: the figures take the names in their order."""
        at = self.text.rfind("それぞれ", start, amount.start)
        if at < 0 or self.running.level[at] != level:
            return None
        quotes = [b for b in self.running.brackets if b.quote and max(start, at - RESPECTIVE) <= b.start and b.end < at]
        quoted = [self.text[b.start + 1 : b.end] for b in quotes]
        earlier = [f.figure.indicator for f in self.found if f.level == level and start <= f.amount.start < at]
        names: list[str | None] = [*quoted] if len(quoted) > 1 else earlier
        groups = {f.amount.group for f in self.found if f.level == level and at < f.amount.start}
        index = len(groups - {amount.group})
        name = names[index] if index < len(names) else None
        return None if name is None else shorten(name)

    def _bracket_indicator(self, amount: _Amount, level: int) -> str | None:
        """A figure in brackets measures what the figure before them does, or the noun before them: 韓国(4位)."""
        bracket = self.running.brackets[level]
        outer = self.running.level[bracket.start]
        start, _ = self.running.sentence(bracket.start, outer)
        before = [f for f in self.found if f.amount.start >= start and f.amount.end <= bracket.start]
        free = max([start, bracket.start - 16, *(f.amount.end for f in before)])
        noun = NOUN_END.search(self.text[free : bracket.start])
        own = _own_phrase(self.running.seen(bracket.start + 1, amount.start, level))
        if own is not None and MEASURE_END.search(own):
            return own
        if before and bracket.start - before[-1].amount.end <= 3 and not noun:
            return before[-1].figure.indicator
        if before and noun and before[-1].amount.unit == amount.unit:
            stem = (before[-1].figure.indicator or "").split("(")[0]
            return f"{_head(stem, 20)}({_head(noun.group(), 10)})"
        return _aim(self._words(start, bracket.start, outer)) or own

    def _resolve(self, phrase: str, position: int) -> str:
        """同指数 is the noun before it that ends in 指数; その消費額 only loses its その."""
        if not phrase.startswith(("同", "その")):
            return phrase
        head = phrase.removeprefix("その").removeprefix("同")
        start = max(0, position - 400)
        earlier = [m.group() for m in NOUN.finditer(self.text, start, position) if m.group().endswith(head)]
        full = [name for name in earlier if len(name) > len(head) + 1 and not name.startswith("同")]
        return shorten(full[-1]) if full else head


MONITORING = re.compile(r"(?:(?:や?その|の)(?:増加|減少|上昇|低下|拡大|状況把握|把握)等?|を含めた状況把握)$")
LONG_AIM = 40  # characters: of a longer aim only the last clause is its object
SHORT_BRACKET, SHORT_QUOTE = 5, 12  # characters from sign to sign: longer ones explain, shorter ones name
RESPECTIVE = 60  # characters before それぞれ in which the names stand
NOUN = re.compile(r"[一-龥ァ-ヶーA-Za-z・]+")
NOUN_END = re.compile(r"[一-龥ァ-ヶーA-Za-z]+$")
COUNTED = re.compile(
    r"(?:以上|以下|以内|未満|超|程度|前後)?の(?!大台|規模|水準|増|減|上昇|低下|拡大|伸び|うち)([一-龥ァ-ヶーA-Za-z・]{2,20})(?=[をがはもとのに、])"
)
MEASURE_END = re.compile(r"(?:率|割合|数|額|高|量|規模|順位|市場シェア|期間|比率|指数|売上|人口|売上高|市場|伸び)$")
MEASURED = re.compile(r"(.*?(?:率|割合|[件者社人校]数|総?額|量|規模|順位|[のとに]?市場シェア))(?:は|が|も)")
TOPIC_CLAUSE = re.compile(r"[一-龥ァ-ヶーA-Za-z)](?:では|は|が|を|として|について)$")
ACTOR = re.compile(r"(?:庁|省|府|館|機構|政府|委員会|協会|計画|戦略|我が国)$")  # who acts, not what is measured
TIMES = re.compile(
    r"(?:(?:19|20)\d{2}(?:年度?)?(?:から|~|-)(?:19|20)\d{2}年度?|今後\d{1,2}(?:か|カ|ヶ|箇)?年間?|直近\d{1,2}年間|\d{1,2}年(?:間|連続)"
    r"|(?:(?:令和|平成|昭和)(?:\d{1,2}|元)|(?:19|20)\d{2})年度?(?:\d{1,2}月)?(?:\d{1,2}日)?"
    r"|(?:前|昨|本|今|同)年度?|近年|同日)(?:末|中|頃)?(?:の?調査時|調査|時点|現在)?"
    r"(?:までの累計|まで|からの|から|以降|において|における|おいて|の実績|として|に至る|は|で|に|の(?!べ)|も|と)*"
)
JOINED = re.compile(
    r"^(?:また|さらに|加えて|一方で?|他方|なお|しかし|しかしながら|特に|とりわけ|ただし|このうち|そのうち|うち|あわせて|同様に|次いで"
    r"|これに続いて|これらを通じて|最新の|直近の|我が国の|今後の?|いずれも|これに対し|更に(?=[一-龥]{2})|合計で?|概ね)、?"
)
TRAILING = re.compile(
    r"(?:を|が|は|も|で|に|へ|と|の|として|について|に対して|において|における|により|から|約|およそ|概ね|おおむね|ほぼ"
    r"|平均|合計|計|こと|累計|のべ|延べ|当面|年間|毎年|それぞれ|上位|世界|既に)+$"
)
COMPARISON = re.compile(
    r"(?:対?前[年期](?:度)?(?:同[月期])?比で?|対前年度?比|年度?比で?|と?比べて?|に次いで?|を?比で?|前[回年][値度]?から|前[回年]値?)$"
)
CLAUSE_END = re.compile(
    r"(?:する|した|される|された|している|による|における|に関する|として|について|にあたって|ための|おいて|おける|ところ|ある|からは)"
    r"(?=[一-龥ァ-ヶA-Za-z])"
)
TOPIC_END = re.compile(r"(?<=[一-龥ァ-ヶーA-Za-z)])(?:からは|は|では|には)(?=[一-龥ァ-ヶA-Za-z])")
OBJECT = re.compile(r"(.{4,}?[一-龥ァ-ヶーA-Za-z)])を[^を]*$")
CONJUNCTIVE = re.compile(
    r"(?:[てでりみしちきえめべけれれせ]|ており|ため|ところ|など|ものの|見る|した|する|である|おいて|による|よると|よれば)$"
)
WORD = re.compile(r"[一-龥ァ-ヶA-Za-z]")


def _bare_words(clause: str) -> str:
    """A clause without amounts, times, joints and particles at its ends."""
    phrase = TIMES.sub("", AMOUNT_WITH_UNIT.sub("", clause))
    for _ in range(3):
        phrase = COMPARISON.sub("", TRAILING.sub("", JOINED.sub("", phrase)))
    return TRAILING.sub("", TOPIC_END.split(phrase)[-1])


def _own_phrase(words: str) -> str | None:
    """The noun phrase in the last clause of some words, if there is one."""
    clause = re.split(r"[、。◇:]", words)[-1]
    phrase = _bare_words(clause)
    if CONJUNCTIVE.search(phrase):
        # 期間を短くて8か月とする: the words up to the figure say how, its object says what.
        phrase = _bare_words(match[1]) if (match := OBJECT.search(clause)) else ""
    if len(WORD.findall(phrase)) < 2:
        return None
    return _head(phrase)


def _topic(words: str) -> str | None:
    """The last clause that names what the sentence is about: it ends in は, が or を, or begins with what can be
    measured (出願件数も増えており)."""
    for clause in reversed(re.split(r"[、。◇:]", words)):
        bare = TIMES.sub("", clause)
        phrase = _bare_words(clause)
        if TOPIC_CLAUSE.search(bare) and len(WORD.findall(phrase)) >= 2 and not ACTOR.search(phrase):
            return _head(phrase)
        if (match := MEASURED.match(bare)) is not None:
            return _head(_bare_words(match[1]))
    return None


def _phrase(words: str) -> str | None:
    """The last clause that names anything, where no clause names a topic."""
    clauses = [c for c in reversed(re.split(r"[、。◇:]", words)) if len(WORD.findall(_bare_words(c))) >= 2]
    nouns = [clause for clause in clauses if not CONJUNCTIVE.search(_bare_words(clause))]
    objects = [clause for clause in clauses if OBJECT.search(clause)]
    chosen = objects or nouns or clauses
    return _aim(chosen[0]) if chosen else None


def _aim(words: str) -> str | None:
    """What an aim is about: its object, without what is to be done to it."""
    words = words.rstrip("、")
    phrase = re.split(r"[、。◇]", words)[-1] if len(words) > LONG_AIM else words
    phrase = _bare_words(match[1] if (match := OBJECT.search(phrase)) else phrase)
    return _head(phrase) if len(WORD.findall(phrase)) >= 2 else None


def _head(phrase: str, limit: int = 32) -> str:
    """The end of a phrase that is too long: a Japanese noun phrase has its head last."""
    while len(phrase) > limit and (match := CLAUSE_END.search(phrase)) is not None and len(phrase) - match.end() >= 4:
        phrase = phrase[match.end() :]
    return phrase if len(phrase) <= limit else "…" + phrase[-(limit - 1) :]


# ---------------------------------------------------------------------------------------------------- tables

HEADER_UNIT = re.compile(r"単位[::](?P<unit>[^)\s]+)|\((?P<short>%|[^()\d]{0,3}(?:円|ドル))\)")
CELL = re.compile(
    rf"(?P<sign>[-△▲~+])?(?:約)?(?P<number>{NUMBER}(?:[兆億万千百]{{1,3}}{NUMBER})*(?:[兆億万千百]{{1,3}})?)(?P<unit>{UNIT})?(?:\((?P<period>[^()]*)\))?$"
)
RATING = re.compile(r"[◎○〇△×]$")
RATE_HEADER = re.compile(r"増減率|増加率|伸び率|前年度?比|減少率|成長率")
CHANGE_HEADER = re.compile(r"増減額?$|差分?$|変化$")
PLAN_YEAR_HEADER = re.compile(r"計画((?:19|20)\d{2})$")  # the edition that gave a column's values
ANNEX = "annex"  # the section code that readers give to annexes
CAPTION = re.compile(r"(?:別紙)?図?表\d*")


@dataclass(frozen=True)
class _Column:
    label: str
    unit: str
    period: str | None
    nature: str
    kind: str
    group: int
    set_in: str | None


def _table(piece: Paragraph, caption: str | None) -> list[Figure]:
    """The figures of a table's rows. Header rows are those before the first row with a value; a header cell spans
    the empty cells to its right. A cell without a unit of its own takes the header's, and is left out where there
    is none: what it counts would be a guess."""
    rows = [(number, [plain(cell).replace(" ", "") for cell in raw.split("\t")]) for number, raw in piece.lines]
    first = next((i for i, (_, cells) in enumerate(rows) if _is_data(cells)), len(rows))
    width = max((len(cells) for _, cells in rows), default=0)
    columns = _columns([cells for _, cells in rows[:first]], width)
    corner = next((cells[0] for _, cells in rows[:first] if cells and cells[0]), "")
    rated = any(RATING.match(column.label) for column in columns)
    figures: list[Figure] = []
    carried: list[str] = []
    count = min((_labels_of(cells) for _, cells in rows[first:] if _is_data(cells)), default=0)
    for number, cells in rows[first:]:
        labels = _labels(cells[:count], carried)
        carried = labels
        for position in range(len(labels), len(cells)):
            if rated and not RATING.match(columns[position].label):
                continue  # beside ratings stand their sums
            if (figure := _cell(piece, number, cells, position, columns, labels, corner, caption)) is not None:
                figures.append(figure)
    return figures


def _is_data(cells: list[str]) -> bool:
    return any(CELL.match(cell) and not _is_time(cell) for cell in cells[1:])


def _is_time(cell: str) -> bool:
    return bool(DATE.fullmatch(cell))


def _labels_of(cells: list[str]) -> int:
    """How many cells stand before a row's first value."""
    return next((position for position, cell in enumerate(cells) if CELL.match(cell)), len(cells))


def _labels(labels: list[str], carried: list[str]) -> list[str]:
    """A row's labels, an empty one filled from the row above when a later one is not: a merged cell."""
    if not any(labels):
        return labels
    last = max(position for position, label in enumerate(labels) if label)
    return [label or (carried[i] if i < last and i < len(carried) else "") for i, label in enumerate(labels)]


def _columns(headers: list[list[str]], width: int) -> list[_Column]:
    columns = []
    group = 0
    for position in range(width):
        cells = [_spanning(header, position, top=level < len(headers) - 1) for level, header in enumerate(headers)]
        if headers and position < len(headers[0]) and headers[0][position]:
            group = position
        joined = [cell for cell in cells if cell]
        label = joined[-1] if joined else ""
        unit = next((m["unit"] or m["short"] for cell in reversed(joined) if (m := HEADER_UNIT.search(cell))), "")
        dated = [_cell_period(cell) for cell in reversed(joined)]
        nature = "rate" if RATE_HEADER.search(label) else "change" if CHANGE_HEADER.search(label) else "level"
        kind = "target" if "目標" in label else "baseline" if "基準" in label else "observation"
        plan = PLAN_YEAR_HEADER.search(label)
        set_in = plan[1] if plan else None
        columns.append(_Column(label, unit, next((p for p in dated if p), None), nature, kind, group, set_in))
    return columns


def _spanning(header: list[str], position: int, top: bool) -> str:
    """A header's cell; in an upper row the one to the left where it is empty, since it spans the columns below."""
    for at in range(min(position, len(header) - 1), -1, -1):
        if header[at] or not top:
            return header[at]
    return ""


def _cell_period(cell: str) -> str | None:
    """The period that a header cell names, if nothing else stands there but brackets and 時点."""
    match = DATE.match(cell)
    if match is None or match["relative"] or not BARE_PERIOD.match(cell[match.end() :]):
        return None
    return _name(_western(match), bool(match["fiscal"]), match["month"], match["day"])


def _cell(
    piece: Paragraph, number: int, cells: list[str], position: int, columns: list[_Column],
    labels: list[str], corner: str, caption: str | None,
) -> Figure | None:  # fmt: skip
    match, column = CELL.match(cells[position]), columns[position]
    if match is None:
        return None
    value, multiplier, _ = _scaled(match["number"])
    unit = multiplier + match["unit"] if match["unit"] else column.unit
    if not unit:
        return None
    if match["sign"] in ("-", "~", "△", "▲"):
        value = -value
    period = _cell_period(match["period"] or "") or column.period
    if period is None and column.nature != "level":
        group = [
            i for i, other in enumerate(columns) if other.group == column.group and i < position and i < len(cells)
        ]
        own = [m["period"] for i in group if (m := CELL.match(cells[i])) and m["period"]]
        period = _cell_period(own[0]) if own else None
    name = next((label for label in reversed(labels) if label), "").strip(CIRCLED_SIGN + "。")
    if column.period and corner:
        name = f"{shorten(corner, 20)}({shorten(name, 10)})"
    elif RATING.match(column.label):
        name = f"{shorten(name, 30)} {column.label}"
    place = "annex" if piece.section == ANNEX else "table"
    return Figure(
        number, piece.section, place, piece.measure, shorten(name) or None, column.kind, column.nature, value, unit,
        period or caption, column.set_in, None,
    )  # fmt: skip


def _caption_period(piece: Paragraph, paragraphs: list[Paragraph], edition: int) -> str | None:
    """The one year that a table's caption names: 図表5:令和7年度の取組. Captions stand near a table."""
    first, last = piece.lines[0][0], piece.lines[-1][0]
    for paragraph in paragraphs:
        number = paragraph.lines[0][0]
        text = "".join(plain(raw) for _, raw in paragraph.lines).replace(" ", "")
        if not (first - 4 <= number < first or last < number <= last + 4) or not CAPTION.match(text):
            continue
        dates = [m for m in DATE.finditer(text) if not m["relative"]]
        if len(dates) == 1:
            return _name(_western(dates[0]), bool(dates[0]["fiscal"]), dates[0]["month"])
    return None
