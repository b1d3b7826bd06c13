"""What closes a measure: the bodies in charge, and the horizon or deadline, however a plan writes them.

Plans put them behind the measure or on a line of their own, in any bracket, with labels or without, in either order:
(短期)(国土交通省), ［担当：国土交通省／期限：令和9年度末］, →国土交通省　R8～R10. So a text is read from its end, piece by
piece: a bracket, what stands behind a label or an arrow, or what a wide space or a line's end parts. A piece counts
where all of it is bodies or times; the first that is neither belongs to the measure's words.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import category, normalize

from analysis.base.japanese import squeeze
from analysis.extraction.parsers.attribution import split_ministries
from analysis.extraction.values import periods
from analysis.tables import ministries
from analysis.tables.categories import HORIZONS

HORIZON = re.compile("|".join(HORIZONS))
HORIZON_BETWEEN = " \t\n　・、,/~〜～-–—：:"
LONGEST = 2_000  # characters of a measure's end that are looked at
LONGEST_NAME = 30  # characters of a body's name
OF = r"(?:府省庁?名?|省庁名?|部局課?名?|部署名?|機関名?|主体|官庁|課室?名?|室名?|者|先|組織)"
BODY_LABEL = (
    rf"(?:主な)?(?:(?:主?担当|所管|主管|主務|主担|幹事|責任)(?:・関係)?{OF}?|(?:関係|関連|実施|推進|協力|連携|取組|事業){OF}|(?:協力|関係|連携))"
    r"(?:等|名)?"
)
TIME_LABEL = (
    r"(?:(?:実施|達成|完了|措置|目標|取組|開始|実現|事業|推進|整備|計画|対応|終了)の?)?"
    r"(?:予定)?(?:時期|期限|期間|年次|年限|期日|目途|めど|スケジュール|工程|年度)"
)
LABELS = {"bodies": re.compile(BODY_LABEL), "time": re.compile(TIME_LABEL)}
LABEL = re.compile(
    rf"(?:(?<![一-龥ぁ-んァ-ヶー0-9])|(?<=[省庁府局会)]))(?:(?P<bodies>{BODY_LABEL})|(?P<time>{TIME_LABEL}))(?: ?[::]\s*|[ \t]+)"
)
LABEL_ALONE = re.compile(rf"(?:(?P<bodies>{BODY_LABEL})|(?P<time>{TIME_LABEL}))[::]?")
FLAG = re.compile(r"(?:再掲|新規|拡充|一部再掲|重点|後掲|前掲|一部新規|新規・拡充)")
REPEATED = re.compile("再掲")
BETWEEN = " \t\n。.,、/|;:・→⇒⇨➡▶▷➔➜=⇢"
LONGEST_EVENT = 6  # characters that say what a date is of
EVENT = re.compile(r"[一-龥]*(?:まで|から|中|末|頃)?")
SENTENCE, KANA_SHARE = 12, 3
HIRAGANA = re.compile("[ぁ-ん]")
PARTICLES = "をにはがのでとも"  # no time begins so
ARROWS = " \t\n→⇒⇨➡➔➜⇢▶▷"
PARTS = re.compile(r"[/|;:\t\n]| {2,}")
ARROW = re.compile(r"[→⇒⇨➡➔➜⇢]")
BORDER = re.compile(r"[\n\t]| {2,}|(?<=[。)]) | (?=[^ ]*$)|[→⇒⇨➡➔➜⇢]|(?<=[。\]】〕〉》」])")
ORGANISATION = re.compile(
    r"[^\s。\[\]〈〉《》【】〔〕「」]{1,28}(?:省|庁|府|局|部|課|室|院|会|会議|本部|都|道|県|市|町|村|区|機構|センター|協会|公社|大学|組合|研究所|団体|事業者"
    r"|自治体|機関|館|署|所|省庁|府省|銀行|財団|公団|株式会社|有限会社|合同会社|警察|議会|チーム|グループ|班|係|法人[^\s。]{0,20})(?:\([^()]*\))?$"
    r"|(?:独立行政法人|国立研究開発法人|公益|一般|株式会社|NPO)[^\s。]{1,24}$"
)
AND_OTHERS = re.compile(r"(?:等|など|ほか|他|を中心に|が中心)$")
BODIES_BETWEEN = re.compile(
    r"\s*[/;|]\s*|\s+(?!\(|[^(]*\))|(?:及び|および|並びに|ならびに)|(?<=[省庁府局])と(?=[一-龥])"
)
LEGAL_FORM = re.compile(
    r"((?:独立行政|国立研究開発|国立大学|特殊|認可|公益財団|公益社団|一般財団|一般社団|学校|社会福祉|医療)法人)\s+"
)
LIST_MARKS = re.compile(r"[◎○●◇◆■□▲△☆★※▶•]\s*")
NAME_BEFORE = re.compile(r"[一-龥ァ-ヶー]{2,}$")
BREAK = re.compile(r"<br ?/?>")
# What may stand in a deadline beside its dates; what is left over makes it none.
TIME_WORDS = re.compile(
    r"短期|中期|長期|まで|から|以降|以内|より|[~\-–—―ー]|を?(?:目途|めど|目処)|末|初頭?|半ば|中頃?|頃|内|上半?期|下半?期|前半|後半|[春夏秋冬]季?|第?\d四半期"
    r"|[\d一二三四五六七八九十]{1,3}月|[上中下]旬|年度?|年内|早期|速やか|可能な限り|引き?続き|継続(?:して)?|毎年度?|随時|順次|通年|当面|現在|直ち|逐次|常時|定期的?"
    r"|\d{1,2}年間?|措置|実施中?|開始|完了|達成|検討|結論|着手|公表|運用|策定|予定|済み?|直近|今年度?|来年度?|本年度?|的|[にのをで、・,()/ ]"
)
TIMELESS = re.compile(r"[にのをで、・,()/ ~\-–—―ー]*")


@dataclass(frozen=True)
class Closing:
    """What stands at a measure's end, and where it begins (the text's length where there is none)."""

    start: int
    ministries: tuple[str, ...] = ()
    horizon: tuple[str, ...] = ()
    deadline: str | None = None  # as written
    years: tuple[int, ...] = ()  # that the deadline names or spans
    repeated: bool = False

    @property
    def strong(self) -> bool:
        """Whether it is more than a deadline, which a sentence may end with, too."""
        return bool(self.ministries or self.horizon)


@dataclass
class _Piece:
    """Bodies and times that a piece names; `sure` where a label or a known body says what it is."""

    bodies: list[str]
    times: list[str]
    flags: list[str]
    sure: bool = False


def read(text: str) -> Closing:
    """Return what closes a text. Its lines may be parted by line feeds."""
    plain = _plain(text)
    low = max(0, len(plain) - LONGEST)
    openings = _openings(plain)
    pieces: list[_Piece] = []
    start = end = len(plain)
    while end > low:
        end = len(plain[:end].rstrip(BETWEEN)) if pieces else len(plain[:end].rstrip(" \t\n。"))
        step = _last_piece(plain, low, end, openings, bool(pieces))
        if step is None:
            break
        piece, end = step
        pieces.append(piece)
        start = end
    start = len(plain[:start].rstrip(ARROWS))
    pieces.reverse()
    bodies = [name for piece in pieces for name in piece.bodies]
    times = [time for piece in pieces for time in piece.times]
    flags = "".join(flag for piece in pieces for flag in piece.flags)
    if not (bodies or times or flags):
        return Closing(len(text))
    horizon, deadline = split_times(times)
    return Closing(
        start, tuple(dict.fromkeys(bodies)), horizon, deadline, years(deadline or ""), bool(REPEATED.search(flags))
    )


def leading(text: str) -> tuple[Closing, int]:
    """Return what stands in brackets before a measure's words, as in 〔令和8年度まで〕, and where these begin."""
    plain = _plain(text[:LONGEST])
    if not plain or category(plain[0]) != "Ps":
        return Closing(0), 0
    ends = {opening: last for last, opening in _openings(plain).items()}
    last = ends.get(0)
    piece = None if last is None else classify(plain[1:last])
    if piece is None or not piece.sure or last is None or last + 1 >= len(plain):
        return Closing(0), 0
    horizon, deadline = split_times(piece.times)
    return Closing(0, tuple(piece.bodies), horizon, deadline, years(deadline or "")), last + 1


def whole(text: str) -> bool:
    """Return whether a text is nothing but what closes a measure."""
    closing = read(text)
    return closing.start < len(text) and not _plain(text)[: closing.start].strip(BETWEEN + "・○-*")


def joined(closings: Iterable[Closing]) -> Closing:
    """Return what several closings of one measure say together."""
    closings = list(closings)
    deadlines = [closing.deadline for closing in closings if closing.deadline]
    return Closing(
        0,
        tuple(dict.fromkeys(name for closing in closings for name in closing.ministries)),
        tuple(name for name in HORIZONS if any(name in closing.horizon for closing in closings)),
        "、".join(dict.fromkeys(deadlines)) or None,
        tuple(sorted({year for closing in closings for year in closing.years})),
        any(closing.repeated for closing in closings),
    )


def years(deadline: str) -> tuple[int, ...]:
    """Return the western years that a deadline names or spans: R8～R10 is 2026, 2027, 2028."""
    named: set[int] = set()
    plain = _plain(deadline).replace(" ", "")
    taken = 0
    matches = sorted(
        (match for pattern in (periods.SPAN, SHORT_SPAN, periods.DATE) for match in pattern.finditer(plain)),
        key=lambda match: (match.start(), -match.end()),
    )
    for match in matches:
        if match.start() < taken:
            continue
        taken = match.end()
        if match.re is periods.DATE:
            named |= {year} if (year := _year(match)) else set()
        else:
            first, last = periods.western(match["first"]), _last(match)
            named |= set(range(first, last + 1)) if 0 <= last - first <= 50 else {first, last}
    return tuple(sorted(named))


SHORT_SPAN = re.compile(
    r"(?P<first>[RH]\d{1,2}|(?:令和|平成)\d{1,2}|20\d\d)(?:年度?)?末?(?:から|~|-|–|—|ー)(?P<last>[RH]?\d{1,2}|(?:令和|平成)\d{1,2}|20\d\d)(?![0-9])"
)


def _year(match: re.Match[str]) -> int | None:
    if match["relative"]:
        return None
    if match["first"]:
        return periods.western(match["first"] if match["first"][0].isdigit() else match["second"])
    if match["fy"]:
        digits = re.sub(r"\D", "", match["fy"])
        return int(digits) if len(digits) == 4 else 2000 + int(digits)
    return periods.western(match["single"] or match["short"])


def _last(match: re.Match[str]) -> int:
    last, first = match["last"], match["first"]
    if not last.isdigit() or len(last) > 2:
        return periods.western(last)
    era = periods.ERA_NAME.match(first)
    return periods.western((era.group() if era else first[:2]) + last.zfill(2))


# --- pieces, from the end ---------------------------------------------------------------------------------------


def _last_piece(plain: str, low: int, end: int, openings: dict[int, int], closed: bool) -> tuple[_Piece, int] | None:
    """Return the piece that ends at `end` and where it begins; None where the measure's words end there.

    `closed` says whether another piece stands behind it.
    """
    if end <= low:
        return None
    last = end - 1
    if last in openings and openings[last] >= low:
        opening = openings[last]
        content = plain[opening + 1 : last]
        piece = _bracket(content, closed or _apart(plain, low, opening))
        if piece is not None and (not piece.bodies or LABEL.search(content) or not _is_group(plain, low, opening)):
            return piece, opening
    return _bare(plain, low, end, openings)


def _is_group(plain: str, low: int, opening: int) -> bool:
    """Whether a bracket holds offices of the body right before it: 国土交通省(観光庁)."""
    name = NAME_BEFORE.search(plain, max(low, opening - LONGEST_NAME), opening)
    return name is not None and any(ministries.known(name[0][at:]) for at in range(len(name[0]) - 1))


def _apart(plain: str, low: int, at: int) -> bool:
    """Whether a sentence, a line, another bracket or a time ends before this place."""
    before = plain[low:at].rstrip(" ")
    if not before or before[-1] in "。\n\t" or category(before[-1]) in ("Pe", "Pf") or len(before) < at - low:
        return True
    border = max((border.end() for border in BORDER.finditer(before)), default=0)
    return is_time(before[border:])


def _bracket(content: str, apart: bool) -> _Piece | None:
    """Return what a bracket holds, where it is bodies, times, a flag or a label; `apart` says that it stands by itself."""
    content = content.strip()
    if FLAG.fullmatch(squeeze(content)):
        return _Piece([], [], [content], True)
    if LABEL_ALONE.fullmatch(squeeze(content)):
        return None
    piece = classify(content)
    return piece if piece is not None and (piece.sure or apart) else None


def _bare(plain: str, low: int, end: int, openings: dict[int, int]) -> tuple[_Piece, int] | None:
    """Return what stands behind the last label, arrow, wide space or line's end, where all of it is bodies or times."""
    text = plain[low:end]
    # a label in a bracket: 【担当】国土交通省
    for last, opening in sorted(openings.items(), reverse=True):
        if last >= end or opening < low:
            continue
        label = LABEL_ALONE.fullmatch(squeeze(plain[opening + 1 : last]))
        if label and (piece := _labelled(plain[last + 1 : end], "bodies" if label["bodies"] else "time")):
            return piece, opening
        break
    labels = list(LABEL.finditer(text))
    if labels:
        label = labels[-1]
        before = text[: label.start()].rstrip(" ")
        if (
            not before
            or before[-1] in "。\n\t,、/|;・→"
            or len(before) < label.start()
            or category(before[-1]) in ("Pe", "Pf", "Ps")
        ):
            if piece := _labelled(text[label.end() :], "bodies" if label["bodies"] else "time"):
                return piece, low + label.start()
    borders = [border for border in BORDER.finditer(text) if border.end() < len(text)]
    begin = borders[-1].end() if borders else 0
    if begin == 0 and low > 0:
        return None
    piece = classify(text[begin:])
    return (piece, low + begin) if piece is not None and piece.sure else None


def _labelled(value: str, label: str) -> _Piece | None:
    """Return what stands behind a label: what it says, whatever the names."""
    if not re.search(r"\w", value):
        return _Piece([], [], [], True)  # 達成時期：―
    value = value.strip(BETWEEN)
    if "。" in value:
        return None
    if label == "time":
        return _Piece([], [value], [], True) if len(value) <= LONGEST_NAME * 2 else None
    names = bodies(value)
    return _Piece(names, [], [], True) if names and all(len(name) <= LONGEST_NAME for name in names) else None


@lru_cache(maxsize=4096)
def _classified(content: str) -> tuple[tuple[str, ...], tuple[str, ...], bool] | None:
    labels = list(LABEL.finditer(content))
    result = _Piece([], [], [], bool(labels))
    if labels:
        ends = [*(label.start() for label in labels[1:]), len(content)]
        head = content[: labels[0].start()].strip(BETWEEN)
        if head:
            first = classify(head)
            if first is None:
                return None
            result.bodies += first.bodies
            result.times += first.times
        for label, until in zip(labels, ends, strict=True):
            piece = _labelled(content[label.end() : until], "bodies" if label["bodies"] else "time")
            if piece is None:
                return None
            result.bodies += piece.bodies
            result.times += piece.times
    elif is_time(content):
        result = _Piece([], [content], [], True)
    else:
        for part in _parts(content):
            if is_time(part):
                result.times.append(part)
                continue
            names = bodies(part)
            known = [name for name in names if ministries.known(name)]
            if not names or not all(ministries.known(name) or ORGANISATION.match(name) for name in names):
                return None
            result.sure = result.sure or bool(known)
            result.bodies += names
        result.sure = result.sure or (bool(result.times) and bool(result.bodies))
    return tuple(result.bodies), tuple(result.times), result.sure


def classify(content: str) -> _Piece | None:
    """Return the bodies and times that a text is made of; None where anything else is in it."""
    content = content.strip(BETWEEN)
    if not content or len(content) > LONGEST or "。" in content:
        return None
    if len(content) > SENTENCE and KANA_SHARE * len(HIRAGANA.findall(content)) > len(content):
        return None  # names and times have little of what sentences are made of
    parts = _classified(content)
    return None if parts is None else _Piece(list(parts[0]), list(parts[1]), [], parts[2])


def _parts(content: str) -> list[str]:
    """Part bodies from times: at slashes and wide spaces, and where a time stands among the names of a list."""
    parts = [part.strip(BETWEEN) for part in PARTS.split(content)]
    result: list[str] = []
    for part in filter(None, parts):
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


def bodies(text: str) -> list[str]:
    """Return the names of a list of bodies, groups expanded: 内閣府(知財、科技) → 内閣府(知財), 内閣府(科技)."""
    plain = LEGAL_FORM.sub(r"\1", LIST_MARKS.sub("、", _plain(BREAK.sub("\n", text))))
    listed = "、".join(part for part in BODIES_BETWEEN.split(re.sub(r"\s+\(", "(", plain)) if part)
    names: list[str] = []
    for name in split_ministries(listed):
        bare = AND_OTHERS.sub("", name)
        names += _apart_names(bare if bare and not ministries.known(name) else name)
    return list(dict.fromkeys(name for name in names if re.search(r"[^\W_]", name)))


def _apart_names(run: str) -> list[str]:
    """Return the names of bodies that a cell's lines ran together, told apart by the register."""
    names: list[str] = []
    rest = run
    while rest and not ministries.known(rest):
        length = next((n for n in range(min(len(rest), LONGEST_NAME), 2, -1) if ministries.known(rest[:n])), 0)
        if not length:
            break
        names.append(rest[:length])
        rest = rest[length:]
    if rest and names and not (ministries.known(rest) or ORGANISATION.match(rest)):
        return [run]  # 国土交通省港湾局 is one body
    if names and rest and not ministries.known(rest) and len(rest) <= 5:
        return [run]
    return [*names, rest] if rest else names


@lru_cache(maxsize=4096)
def is_time(text: str) -> bool:
    """Return whether a text is a horizon or a deadline and nothing else."""
    plain = text.replace(" ", "").strip(BETWEEN)
    if not plain or len(plain) > LONGEST_NAME * 2 or plain[0] in PARTICLES:
        return False
    if (
        (date := periods.DATE.match(plain))
        and len(plain) - date.end() <= LONGEST_EVENT
        and EVENT.fullmatch(plain, date.end())
    ):
        return True  # 令和9年度開講, 令和8年出水期まで
    rest = SHORT_SPAN.sub("", plain)
    rest = periods.SPAN.sub("", rest)
    rest = periods.COMING.sub("", rest)
    rest = periods.DATE.sub("", rest)
    rest = re.sub(r"20\d\d|[RH]\d{1,2}", "", rest)
    rest = TIME_WORDS.sub("", rest)
    return not rest and not TIMELESS.fullmatch(plain)


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
    opening, closing = rest[:1], rest[-1:]
    bracketed = category(opening or "a") == "Ps" and category(closing or "a") == "Pe"
    rest = rest[1:-1] if bracketed else rest
    return rest if re.search(r"\w", rest) and rest not in ("から", "まで") else ""


# --- characters -------------------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """Return a text in compatible characters, each in its place; every kind of bracket stays what Unicode says it is."""
    return "".join(map(_plain_character, text))


@lru_cache(maxsize=8192)
def _plain_character(character: str) -> str:
    if character == "　":
        return "\t"  # a wide space parts what stands beside it
    made = normalize("NFKC", character)
    made = made if len(made) == 1 else character
    return {"〜": "~", "−": "-", "‐": "-", "<": "〈", ">": "〉"}.get(made, made)


def _openings(plain: str) -> dict[int, int]:
    """Return where the opening bracket of each closing one stands."""
    opened: list[int] = []
    result: dict[int, int] = {}
    for at, character in enumerate(plain):
        kind = category(character)
        if kind in ("Ps", "Pi"):
            opened.append(at)
        elif kind in ("Pe", "Pf") and opened:
            result[at] = opened.pop()
    return result
