"""What a text is made of that says who does something by when: names of bodies, horizons and deadlines, labels.

A text counts where all of it is bodies or times. Bodies are those of the register, and what is named as organisations
are (…課, …委員会, …法人…). A time is a date, or words that plans set in a date's place (毎年度, 速やかに), with nothing
left over.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from unicodedata import category, normalize

from analysis.extraction.parsers.attribution import split_ministries
from analysis.extraction.values import periods
from analysis.tables import ministries
from analysis.tables.categories import HORIZONS

LONGEST = 2_000  # characters of a text that is looked at
LONGEST_NAME, LONGEST_TIME = 30, 60  # characters

# Labels.
OF = r"(?:府省庁?名?|省庁名?|部局課?名?|部署名?|機関名?|主体|官庁|課室?名?|室名?|者|先|組織)"
BODY_LABEL = (
    rf"(?:主な)?(?:(?:主?担当|所管|主管|主務|主担|幹事|責任)(?:・関係)?{OF}?"
    rf"|(?:関係|関連|実施|推進|協力|連携|取組|事業){OF}|(?:協力|関係|連携|主))(?:等|名)?"
)
TIME_LABEL = (
    r"(?:(?:実施|達成|完了|措置|目標|取組|開始|実現|事業|推進|整備|計画|対応|終了)の?)?"
    r"(?:予定)?(?:時期|期限|期間|年次|年限|期日|目途|めど|スケジュール|工程|年度)"
)
SPACED = re.compile(r"(?<=[一-龥])(?=[一-龥])")

# Bodies.
ORGANISATION = re.compile(
    r"[^\s。\[\]〈〉《》【】〔〕「」]{1,28}"
    r"(?:省|庁|府|局|部|課|室|院|会|会議|本部|都|道|県|市|町|村|区|機構|センター|協会|公社|大学|組合|研究所|団体|事業者"
    r"|自治体|機関|館|署|所|銀行|財団|公団|株式会社|有限会社|合同会社|警察|チーム|グループ|班|係|法人[^\s。]{0,20})"
    r"(?:\([^()]*\))?$"
    r"|(?:独立行政法人|国立研究開発法人|公益|一般|株式会社|NPO)[^\s。]{1,24}$"
)
AND_OTHERS = re.compile(r"(?:等|など|ほか|他|を中心に|が中心)$")
BODIES_BETWEEN = re.compile(
    r"\s*[/;|]\s*|\s+(?!\(|[^(]*\))|(?:及び|および|並びに|ならびに)|(?<=[省庁府局課部室])と(?=[一-龥])|(?<=\))(?=[一-龥]{2})"
)
LEGAL_FORM = re.compile(
    r"((?:独立行政|国立研究開発|国立大学|特殊|認可|公益財団|公益社団|一般財団|一般社団|学校|社会福祉|医療)法人)\s+"
)
OFFICE = re.compile(r"(?<=[省庁府局会])\([^()]{1,30}\)(?=[一-龥])")  # with a body right behind it
LIST_MARKS = re.compile(r"[◎○●◇◆■□▲△☆★※▶•]\s*")
LEGAL_START = re.compile(r"(?:独立行政|国立研究開発|国立大学|公益財団|公益社団|一般財団|一般社団)法人.")
CORPORATION = re.compile(
    r"(?:機構|センター|研究所|大学|協会|会|団|院|館|公社|基金|局|社|園|校|組合|連盟|機関|財団|所)(?:\([^()]*\))?$"
)
SHORT_OFFICE = 5  # characters up to which what follows a body's name is its office: 国土交通省港湾局

# Times: dates, and what may stand beside them; what is left over makes it none.
SHORT_SPAN = re.compile(
    r"(?P<first>[RH]\d{1,2}|(?:令和|平成)\d{1,2}|20\d\d)(?:年度?)?末?(?:から|~|-|–|—|ー)"
    r"(?P<last>[RH]?\d{1,2}|(?:令和|平成)\d{1,2}|20\d\d)(?![0-9])"
)
BARE_YEAR = re.compile(r"20\d\d|[RH]\d{1,2}")
DATES = (SHORT_SPAN, periods.SPAN, periods.COMING, periods.DATE, BARE_YEAR)
TIME_WORDS = re.compile(
    r"短期|中期|長期|まで|から|以降|以内|より|[~\-–—―ー]|を?(?:目途|めど|目処)|末|初頭?|半ば|中頃?|頃|内|上半?期|下半?期|前半|後半"
    r"|[春夏秋冬]季?|第?\d四半期|[\d一二三四五六七八九十]{1,3}月|[上中下]旬|年度?|年内|早期|速やか|可能な限り|引き?続き"
    r"|継続(?:して)?|[毎隔]年度?|随時|順次|通年|当面|現在|直ち|逐次|常時|定期的?|\d{1,2}年間?|措置|実施中?|開始|完了|達成|検討"
    r"|結論|着手|公表|運用|策定|予定|済み?|直近|今年度?|来年度?|本年度?|的|[にのをで、・,()/ ]"
)
NOT_BY_ITSELF = re.compile(r"[にのをで、・,()/ ~\-–—―ー]*")
EVENT = re.compile(r"[一-龥]{0,6}(?:まで|から|中|末|頃)?")  # behind a date: 令和9年度開講, 令和8年出水期まで
PARTICLES = "をにはがのでとも"  # no time begins so
MOST_YEARS = 50  # that a deadline spans
HORIZON = re.compile("|".join(HORIZONS))
HORIZON_BETWEEN = " \t\n　・、,/~〜～-–—：:"

# Both.
BETWEEN = " \t\n。.,、/|;:・→⇒⇨➡▶▷➔➜=⇢"  # what may part bodies and times
PARTS = re.compile(r"[/|;:\t\n]| {2,}")
BREAK = re.compile(r"<br ?/?>")
HIRAGANA = re.compile("[ぁ-ん]")
SENTENCE, KANA_SHARE = 12, 3  # characters from which a text with a third of hiragana is a sentence


@dataclass(frozen=True)
class Labels:
    """The words that say of what stands behind them that it is bodies or a time: the usual ones, and a family's own;
    and the short names that a family has for bodies, each as 環=環境省."""

    bodies: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    short: tuple[str, ...] = ()

    @cached_property
    def _own_short(self) -> dict[str, str]:
        return {short: name for short, _, name in (entry.partition("=") for entry in self.short)}

    def in_full(self, name: str) -> str:
        """Return a body's name in full where it is short, the family's own first: 農水 is 農林水産省."""
        if ministries.known(name) and name not in self._own_short:
            return name
        return self._own_short.get(name) or ministries.in_full(name) or name

    def shortens(self, name: str) -> bool:
        """Return whether a name is short and no other word: it leaves out characters amid the full one (農水), or the
        family says so."""
        full = self.in_full(name)
        return full != name and (name in self._own_short or not full.startswith(name))

    @cached_property
    def _words(self) -> str:
        bodies = "|".join([*map(re.escape, self.bodies), BODY_LABEL])
        times = "|".join([*map(re.escape, self.times), TIME_LABEL])
        spaced = SPACED.sub(r"[ \\t]{0,2}", f"(?P<bodies>{bodies})|(?P<time>{times})")  # 所　管, 時　期
        return f"(?:{spaced})"

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """A label before what it names: behind it stands a colon or a space."""
        return re.compile(rf"(?:(?<![一-龥ぁ-んァ-ヶー0-9])|(?<=[省庁府局会)])){self._words}(?:[ \t]?[:=|]\s*|[ \t]+)")

    @cached_property
    def alone(self) -> re.Pattern[str]:
        """A label by itself, as in a bracket."""
        return re.compile(rf"{self._words}:?")


USUAL = Labels()


@dataclass
class Piece:
    """Bodies and times that a text names; `sure` where a label, a time or a body of the register says what it is."""

    bodies: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    sure: bool = False


def classify(content: str, labels: Labels = USUAL) -> Piece | None:
    """Return the bodies and times that a text is made of; None where anything else is in it."""
    content = content.strip(BETWEEN)
    if not content or len(content) > LONGEST or "。" in content:
        return None
    if len(content) > SENTENCE and KANA_SHARE * len(HIRAGANA.findall(content)) > len(content):
        return None  # names and times have little of what sentences are made of
    parts = _classified(content, labels)
    return None if parts is None else Piece(list(parts[0]), list(parts[1]), [], parts[2])


@lru_cache(maxsize=4096)
def _classified(content: str, labels: Labels) -> tuple[tuple[str, ...], tuple[str, ...], bool] | None:
    """Return bodies, times and whether they are sure: of a text with labels, of one time, or of a list."""
    places = list(labels.pattern.finditer(content))
    if places:
        piece = _with_labels(content, places, labels)
    elif is_time(content):
        piece = Piece(times=[content], sure=True)
    else:
        piece = _listed(content, labels)
    return None if piece is None else (tuple(piece.bodies), tuple(piece.times), piece.sure)


def _with_labels(content: str, places: list[re.Match[str]], labels: Labels) -> Piece | None:
    result = Piece(sure=True)
    head = content[: places[0].start()].strip(BETWEEN)
    pieces = [classify(head, labels)] if head else []
    ends = [*(place.start() for place in places[1:]), len(content)]
    pieces += [labelled(content[place.end() : end], place) for place, end in zip(places, ends, strict=True)]
    for piece in pieces:
        if piece is None:
            return None
        result.bodies += piece.bodies
        result.times += piece.times
    return result


def _listed(content: str, labels: Labels) -> Piece | None:
    result = Piece()
    for part in _parts(content):
        if is_time(part):
            result.times.append(part)
            continue
        names = bodies(part)
        if not names or not all(_is_body(name) or labels.in_full(name) != name for name in names):
            return None
        result.sure = result.sure or any(ministries.known(name) or labels.shortens(name) for name in names)
        result.bodies += names
    result.sure = result.sure or (bool(result.times) and bool(result.bodies))
    return result


def _is_body(name: str) -> bool:
    """Whether a name is one of the register, with or without an office in brackets, or an organisation's."""
    closed = name.count("(") == name.count(")")
    return closed and (ministries.known(name) or ORGANISATION.match(name) is not None)


def labelled(value: str, label: re.Match[str]) -> Piece | None:
    """Return what stands behind a label: what it says, whatever the names. 達成時期：― says nothing."""
    if not re.search(r"\w", value):
        return Piece(sure=True)
    value = value.strip(BETWEEN)
    if "。" in value or _closes_more(value):
        return None
    if label["time"]:
        return Piece(times=[value], sure=True) if len(value) <= LONGEST_TIME else None
    parts = [part.strip(BETWEEN) for part in PARTS.split(value)]
    times = [part for part in parts if is_time(part)]  # 担当：文化庁／令和9年度末
    names = bodies("、".join(part for part in parts if part and part not in times))
    return Piece(names, times, sure=True) if names and all(len(name) <= LONGEST_NAME for name in names) else None


def _closes_more(value: str) -> bool:
    """Whether a text closes a bracket that it does not open: what stands behind it is no part of what a label names."""
    depth = 0
    for character in value:
        kind = category(character)
        depth += (kind == "Ps") - (kind == "Pe")
        if depth < 0:
            return True
    return False


def _parts(content: str) -> list[str]:
    """Part bodies from times: at slashes and wide spaces, and where a time stands among the names of a list."""
    result: list[str] = []
    for part in filter(None, (part.strip(BETWEEN) for part in PARTS.split(content))):
        if is_time(part):
            result.append(part)
            continue
        run: list[str] = []
        for name in _names(part):
            if is_time(name):
                result += ["、".join(run)] * bool(run) + [name]
                run = []
            else:
                run.append(name)
        result += ["、".join(run)] * bool(run)
    return result


def _names(text: str) -> list[str]:
    """Part a list at its commas, dots and spaces outside brackets."""
    names, depth, name = [], 0, ""
    for character in text:
        depth += (character in "(「") - (character in ")」")
        if depth <= 0 and character in "、,・ ":
            names.append(name)
            name = ""
        else:
            name += character
    return [name.strip() for name in [*names, name] if name.strip()]


# --- bodies -----------------------------------------------------------------------------------------------------


def bodies(text: str) -> list[str]:
    """Return the names of a list of bodies, groups expanded: 内閣府(知財、科技) → 内閣府(知財), 内閣府(科技)."""
    text = OFFICE.sub(_parted, LEGAL_FORM.sub(r"\1", LIST_MARKS.sub("、", plain(BREAK.sub("\n", text)))))
    listed = "、".join(part for part in BODIES_BETWEEN.split(re.sub(r"\s{1,9}\(", "(", text)) if part)
    names: list[str] = []
    for name in _whole_names(split_ministries(listed)):
        bare = AND_OTHERS.sub("", name)
        names += _told_apart(bare if bare and not ministries.known(name) else name)
    return list(dict.fromkeys(name for name in names if re.search(r"[^\W_]", name)))


def _parted(office: re.Match[str]) -> str:
    """Return an office in brackets, with a comma where another body follows that the register knows."""
    name, *_ = ministries.told_apart(office.string[office.end() : office.end() + LONGEST_NAME], 3, LONGEST_NAME)
    return f"{office[0]}、" if ministries.known(name) else office[0]


def _whole_names(names: Iterable[str]) -> list[str]:
    """Return names with those put together that a middle dot of their own parted: 国立研究開発法人農業・食品…機構."""
    result: list[str] = []
    for name in names:
        if result and LEGAL_START.match(result[-1]) and not CORPORATION.search(result[-1]):
            result[-1] += f"・{name}"
        else:
            result.append(name)
    return result


def _told_apart(run: str) -> list[str]:
    """Return the names of bodies that a cell's lines ran together, told apart by the register."""
    *names, rest = ministries.told_apart(run, 3, LONGEST_NAME)
    if names and rest and not ministries.known(rest) and (len(rest) <= SHORT_OFFICE or not ORGANISATION.match(rest)):
        return [run]
    return [*names, rest] if rest else names


# --- times ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def is_time(text: str) -> bool:
    """Return whether a text is a horizon or a deadline and nothing else."""
    rest = text.replace(" ", "").strip(BETWEEN)
    if not rest or len(rest) > LONGEST_TIME or rest[0] in PARTICLES or NOT_BY_ITSELF.fullmatch(rest):
        return False
    if (date := periods.DATE.match(rest)) and EVENT.fullmatch(rest, date.end()):
        return True
    for pattern in (*DATES, TIME_WORDS):
        rest = pattern.sub("", rest)
    return not rest


def split_times(times: list[str]) -> tuple[tuple[str, ...], str | None]:
    """Return the horizons among times, and the deadline as written: what is no horizon."""
    horizon = tuple(name for name in HORIZONS if any(name in time for time in times))
    deadlines = [rest for time in times if (rest := _without_horizons(time))]
    return horizon, "、".join(dict.fromkeys(deadlines)) or None


def _without_horizons(time: str) -> str:
    """Return what a time says beside 短期, 中期 and 長期."""
    if not HORIZON.search(time):
        return time
    rest = HORIZON.sub(" ", time).strip(HORIZON_BETWEEN)
    if rest and category(rest[0]) == "Ps" and category(rest[-1]) == "Pe":
        rest = rest[1:-1]
    return rest if re.search(r"\w", rest) and rest not in ("から", "まで") else ""


def years(deadline: str) -> tuple[int, ...]:
    """Return the western years that a deadline names or spans: R8～R10 is 2026, 2027, 2028."""
    text = plain(deadline).replace(" ", "")
    matches = [match for pattern in (periods.SPAN, SHORT_SPAN, periods.DATE) for match in pattern.finditer(text)]
    named: set[int] = set()
    taken = 0
    for match in sorted(matches, key=lambda match: (match.start(), -match.end())):
        if match.start() >= taken:
            taken = match.end()
            named |= set(_years_of(match))
    return tuple(sorted(named))


def _years_of(match: re.Match[str]) -> range:
    """Return the years of a date or a span."""
    if match.re is not periods.DATE:
        first, last = periods.western(match["first"]), periods.last_of(match)
        return range(first, last + 1) if 0 <= last - first <= MOST_YEARS else range(first, first + 1)
    year = None if match["relative"] else periods.year_of(match)
    return range(0) if year is None else range(year, year + 1)


# --- characters -------------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """Return a text in compatible characters, each in its place; brackets stay what they are."""
    return "".join(map(_plain, text))


@lru_cache(maxsize=8192)
def _plain(character: str) -> str:
    if character == "　":
        return "\t"  # a wide space parts what stands beside it
    made = normalize("NFKC", character)
    made = made if len(made) == 1 else character
    return {"〜": "~", "−": "-", "‐": "-", "<": "〈", ">": "〉", "≪": "《", "≫": "》"}.get(made, made)
