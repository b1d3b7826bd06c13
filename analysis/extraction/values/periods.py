"""Periods: every naming of a time, with what it is for the figures near it.

A date can say when something was measured, by when it is wished, what it is compared with, or since when a thing
exists. Which of these it is shows in the words right behind it; 前年 and 本年 are counted from the year under
discussion and from the edition.

A year is written in one calendar, in the other, or in both: 2030年度, 令和12年度, 令和12(2030)年度, R12, FY2030.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from analysis.extraction.values.amounts import scaled
from analysis.extraction.values.running_text import RunningText
from analysis.extraction.values.words import BRACKET

# Years.
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988, "S": 1925}
ERA_NAME = re.compile("|".join(ERAS))
WESTERN = r"(?:19|20|21)\d{2}"
ERA = r"(?:令和|平成|昭和)(?:\d{1,2}|元|[一二三四五六七八九十]{1,3})|(?<![A-Za-z0-9])[RHS](?:\d{1,2}|元)(?![0-9A-Za-z])"
YEAR = rf"(?:{ERA}|(?<!\d){WESTERN}(?!\d)|[一二][〇一二三四五六七八九]{{3}}(?=年))"
FISCAL_YEAR = r"FY ?'?(?:20)?\d{2}(?!\d)|(?<!\d)20\d{2}FY"
# A year in both calendars: 令和12(2030)年度, 令和12年度(2030年度), 2030(令和12)年度, 2030年度(令和12年度).
BOTH = rf"(?P<first>{YEAR})(?:年(?P<f0>度)?)?(?:[(](?P<second>{YEAR})(?:年(?P<f1>度)?)?[)])"

# Dates; of two that begin at one place the longer counts.
SPAN = re.compile(
    rf"(?P<first>{YEAR})(?:[(]{YEAR}[)])?(?P<f1>年度?)?(?:から|~|-|以降)(?P<last>{YEAR}|(?<!\d)\d{{1,2}}(?=年))"
    rf"(?:[(]{YEAR}[)])?年(?P<f2>度)?(?:[(]{YEAR}年度?[)])?(?!代)"
)
COMING = re.compile(r"(?:今後|向こう)\d{1,2}[かカヶ箇]?年(?:間|以内)?")
DECADE = re.compile(rf"(?P<decade>{WESTERN})年代(?:の?(?P<third>前半|半ば|中頃|後半|初頭|初め|終わり|末))?")
LAST_YEAR = {"前半": 4, "初頭": 3, "初め": 3, "半ば": 6, "中頃": 6}  # of a decade's third; else 9
CENTURY = re.compile(r"(?:今世紀|21世紀)(?:の?(?:半ば|中葉|中頃|末|後半|前半))?")
PART = (
    r"(?P<part>の?(?:前半|後半|半ば|初頭|上半期|下半期|上期|下期|前期(?!比)|後期|第?[1-4一二三四]四半期|[春夏秋冬]季?(?![一-龥])"
    r"|(?:\d{1,2}月?(?:~|から)\d{1,2}月(?:期|末)?)))"
)
MONTH = r"(?:の?(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?期?)"
DATE = re.compile(
    rf"(?:{BOTH}年?(?P<f2>度)?|(?P<fy>{FISCAL_YEAR})"
    rf"|(?P<single>{YEAR})年(?P<fiscal>度)?|(?P<short>(?<![A-Za-z0-9])[RH]\d{{1,2}}(?![0-9A-Za-z])))"
    rf"(?!代)(?:{PART}|{MONTH})?"
    r"|(?P<relative>[前昨本今同]年度?|同日)(?:(?P<rmonth>\d{1,2})月(?:\d{1,2}日)?)?"
)
BARE_YEAR = re.compile(rf"(?<=[(])(?P<bare>{YEAR})(?=[)])")  # (2030): a year alone in brackets
PATTERNS = (SPAN, COMING, DECADE, CENTURY, DATE, BARE_YEAR)

# What a date is for, by the words behind it.
NOW = re.compile(r"[末日月]?(?:時点|現在)")
DEADLINE = re.compile(
    rf"度?[末中頃]?(?:{BRACKET}まで(?:に|の|で|(?=[)、。]|$))|を?(?:目途|めど|目処)に?|を期限|中に|以内に)"
)
BASE = re.compile(  # 2030年度(412人)比
    rf"(?:実績値?|時点)?{BRACKET}末?の?(?:同月)?(?:[とに]比べ|と?比較|[対に]?比|を基準|の水準|{BRACKET}から"
    r"|の約?[\d.]+(?:倍|[割%]に(?:削減|低減|縮減|減|縮小|抑)))"
)
BASE_IF_RELATIVE = re.compile(r"より|を[^、。]{1,16}(?:上回|下回)")
SINCE = re.compile(r"[末頃]?(?:以降|以来|より)")
EVENT = re.compile(r"に[^、。は\d]{0,24}?(?:した|された|なった)(?=[一-龥ァ-ヶA-Za-z「『(])")
ROLES = ((NOW, "topic"), (DEADLINE, "deadline"), (BASE, "base"), (SINCE, "since"), (EVENT, "event"))
UNTIL_NOW = re.compile(r"現在|まで")
APART = 6  # characters between the two dates of an open span


@dataclass(frozen=True)
class Period:
    """A naming of a time, from start to end in the text. `role` is topic, deadline, base (of a comparison), since,
    event (that a noun is described by), or attached (to the one amount that follows)."""

    start: int
    end: int
    level: int
    name: str
    year: int | None = None  # the last year that it covers
    fiscal: bool = False
    role: str = "topic"


def western(year: str) -> int:
    """Return the western year of 2030, 令和12, 平成元 or R12."""
    era = ERA_NAME.match(year)
    number = year[era.end() :] if era else year
    return (ERAS[era.group()] if era else 0) + (1 if number == "元" else int(scaled(number)[0]))


def _dated(match: re.Match[str]) -> tuple[str, int, bool]:
    """Return name, year and whether it is fiscal of a DATE that is not relative: 2025, 2025年度, 2025-06,
    2025-06-30, 2025年度上半期."""
    year = year_of(match)
    fiscal = bool(match["fy"] or match["fiscal"] or any(match[name] for name in ("f0", "f1", "f2")))
    name = _name(year, fiscal, match["month"], match["day"])
    return name + (match["part"] or "").removeprefix("の"), year, fiscal


def year_of(match: re.Match[str]) -> int:
    """Return the western year of a DATE that is not relative."""
    if match["first"]:
        return western(match["first"] if match["first"][0].isdigit() else match["second"])
    if match["fy"]:
        digits = re.sub(r"\D", "", match["fy"])
        return int(digits) if len(digits) == 4 else 2000 + int(digits)
    return western(match["single"] or match["short"])


def _name(year: int, fiscal: bool, month: str | None = None, day: str | None = None) -> str:
    if fiscal and not month:
        return f"{year}年度"
    return f"{year}" + (f"-{int(month):02d}" if month else "") + (f"-{int(day):02d}" if day else "")


def periods(running: RunningText, edition: int) -> list[Period]:
    """Return every naming of a time in a text. `edition` is the year that 本年 means."""
    result: list[Period] = []
    topic: Period | None = None  # the year under discussion
    taken = 0
    matches = [match for pattern in PATTERNS for match in pattern.finditer(running.text)]
    for match in sorted(matches, key=lambda m: (m.start(), -m.end())):
        if match.start() < taken:
            continue
        taken = match.end()
        named = next((p for p in reversed(result) if p.year), None)
        if (period := _period(running, match, edition, topic, named)) is not None:
            result.append(period)
            topic = period if period.role in ("topic", "event") and period.year else topic
    return _open_spans(running.text, result)


def _period(
    running: RunningText, match: re.Match[str], edition: int, topic: Period | None, named: Period | None
) -> Period | None:
    """Return the period of a match; None where it is counted from a year that is not named. `topic` is the year under
    discussion, `named` the year named last."""
    where = (match.start(), match.end(), running.levels[match.start()])
    if match.re is COMING:
        return Period(*where, match.group())
    role = _role(running.text, match)
    if match.re is SPAN:
        from_year, to_year = western(match["first"]), last_of(match)
        fiscal = bool(match["f2"]) or match["f1"] == "年度"
        role = role if role == "deadline" else "topic"
        if to_year < from_year:
            return None
        return Period(*where, span_name(from_year, to_year, fiscal), to_year, fiscal, role)
    if match.re is DECADE:
        year = int(match["decade"]) + LAST_YEAR.get(match["third"] or "", 9)
        return Period(*where, match.group().replace("の", ""), year, role=role)
    if match.re is CENTURY:
        return Period(*where, match.group(), 2100, role=role)
    if match.re is BARE_YEAR:
        return Period(*where, str(western(match["bare"])), western(match["bare"]))
    if not match["relative"]:
        return Period(*where, *_dated(match), role)
    counted = _relative(match, edition, topic or (named if match["relative"].startswith("同年") else None))
    return None if counted is None else Period(*where, *counted, role)


def last_of(match: re.Match[str]) -> int:
    """Return the last year of a SPAN: that of 令和8~12年度 is in the era of its first."""
    last, first = match["last"], match["first"]
    if len(last) > 2 or not last.isdigit():
        return western(last)
    era = ERA_NAME.match(first)
    return western((era.group() if era else first[:2]) + last.zfill(2))


def span_name(first: int, last: int, fiscal: bool) -> str:
    """Return the name of a span of years: 2020-2025, 2020-2025年度."""
    return f"{first}-{last}" + ("年度" if fiscal else "")


def _relative(match: re.Match[str], edition: int, topic: Period | None) -> tuple[str, int, bool] | None:
    """Return name, year and whether it is fiscal: 前年 counts from the year under discussion, 昨年 and 本年 from the
    plan's own."""
    word, fiscal = match["relative"], match["relative"].endswith("度")
    if word[0] in "昨本今":
        year = edition - (word[0] == "昨")
    elif topic is None or topic.year is None:
        return None
    elif word == "同日":
        return topic.name, topic.year, topic.fiscal
    else:
        year, fiscal = topic.year - (word[0] == "前"), fiscal or topic.fiscal
    return _name(year, fiscal, match["rmonth"]), year, fiscal


def _role(text: str, match: re.Match[str]) -> str:
    """Return what a date is for, by the words behind it."""
    relative = match.re is DATE and (match["relative"] or "").startswith("前年")
    if relative and (text[: match.start()].endswith("対") or BASE_IF_RELATIVE.match(text, match.end())):
        return "base"
    for words, role in ROLES:
        if words.match(text, match.end()):
            return role
    return "attached" if relative and text.startswith("の", match.end()) else "topic"


def _open_spans(text: str, dates: list[Period]) -> list[Period]:
    """2025年12月以降、2026年3月現在に至るまで is one span of months: the second date becomes the span."""
    result = list(dates)
    for position, (first, second) in enumerate(pairwise(dates), 1):
        if first.role == "since" and second.start - first.end <= APART and UNTIL_NOW.match(text, second.end):
            result[position] = replace(second, name=f"{first.name}/{second.name}", role="topic")
    return result
