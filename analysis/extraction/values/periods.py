"""Periods: every naming of a time, with what it is for the figures near it.

A date can say when something was measured, by when it is wished, what it is compared with, or since when a thing
exists. Which of these it is shows in the words right behind it; 前年 and 本年 are counted from the year under
discussion and from the edition.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from analysis.extraction.values.running import Running

ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
YEAR = r"(?:(?P<era>令和|平成|昭和)(?P<eyear>\d{1,2}|元)|(?P<year>(?:19|20)\d{2}))"
DATE = re.compile(
    rf"(?:{YEAR}年(?P<fiscal>度)?(?:(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})日)?)?(?!代)"
    r"|(?P<relative>前年度|前年|昨年度|昨年|本年度|本年|今年度|今年|同年度|同年|同日)(?:(?P<rmonth>\d{1,2})月)?)"
)
SPAN = re.compile(r"(?P<first>(?:19|20)\d{2})(?P<f1>年度?)?(?:から|~|-)(?P<last>(?:19|20)\d{2})年(?P<f2>度)?")
COMING = re.compile(r"今後\d{1,2}[かカヶ箇]?年間?")
NOW = re.compile(r"[末日月]?(?:時点|現在)")
DEADLINE = re.compile(r"[末中頃]?までに")
BASE = re.compile(r"末?の?(?:同月)?(?:[とに]比べ|と比較|比|を基準|の水準|から)")
SINCE = re.compile(r"[末頃]?(?:以降|以来|より)")
EVENT = re.compile(r"に[^、。は\d]{0,24}?(?:した|された|なった)(?=[一-龥ァ-ヶA-Za-z「『(])")
UNTIL_NOW = re.compile(r"現在|まで")


@dataclass(frozen=True)
class Period:
    """`role` is topic, deadline, base (of a comparison), since, event (that a noun is described by), or bound (to
    the one amount that follows)."""

    start: int
    end: int
    name: str
    year: int | None  # the last year that it covers
    fiscal: bool
    role: str
    level: int


def western(match: re.Match[str]) -> int:
    """The western year of a DATE that is not relative."""
    if match["era"]:
        return ERAS[match["era"]] + (1 if match["eyear"] == "元" else int(match["eyear"]))
    return int(match["year"])


def named(year: int, fiscal: bool, month: str | None = None, day: str | None = None) -> str:
    if fiscal:
        return f"{year}年度"
    return f"{year}" + (f"-{int(month):02d}" if month else "") + (f"-{int(day):02d}" if day else "")


def named_date(match: re.Match[str]) -> str:
    """The name of a DATE that is not relative."""
    return named(western(match), bool(match["fiscal"]), match["month"], match["day"])


def periods(running: Running, edition: int) -> list[Period]:
    """Every naming of a time in a text."""
    found: list[Period] = []
    topic: Period | None = None
    taken = 0
    matches = [match for pattern in (SPAN, COMING, DATE) for match in pattern.finditer(running.text)]
    for match in sorted(matches, key=lambda m: (m.start(), -m.end())):
        if match.start() < taken:
            continue
        taken = match.end()
        if (period := _period(running, match, edition, topic)) is not None:
            found.append(period)
            topic = period if period.role in ("topic", "event") else topic
    return _open_spans(running.text, found)


def _period(running: Running, match: re.Match[str], edition: int, topic: Period | None) -> Period | None:
    start, end, level = match.start(), match.end(), running.level[match.start()]
    if match.re is COMING:
        return Period(start, end, match.group(), None, False, "topic", level)
    if match.re is SPAN:
        fiscal = bool(match["f2"]) or match["f1"] == "年度"
        name = f"{match['first']}-{match['last']}" + ("年度" if fiscal else "")
        return Period(start, end, name, int(match["last"]), fiscal, "topic", level)
    role = _role(running.text, match)
    if not match["relative"]:
        return Period(start, end, named_date(match), western(match), bool(match["fiscal"]), role, level)
    dated = _relative(match, edition, topic)
    return None if dated is None else Period(start, end, *dated, role, level)


def _relative(match: re.Match[str], edition: int, topic: Period | None) -> tuple[str, int, bool] | None:
    """(name, year, whether fiscal): 前年 counts from the year under discussion, 昨年 and 本年 from the plan's own."""
    word, fiscal = match["relative"], match["relative"].endswith("度")
    if not word.startswith(("前年", "同年", "同日")):
        year = edition - (1 if word.startswith("昨年") else 0)
        return named(year, fiscal, match["rmonth"]), year, fiscal
    if topic is None or topic.year is None:
        return None
    if word == "同日":
        return topic.name, topic.year, topic.fiscal
    year, fiscal = topic.year - (1 if word.startswith("前年") else 0), fiscal or topic.fiscal
    return named(year, fiscal, match["rmonth"]), year, fiscal


def _role(text: str, match: re.Match[str]) -> str:
    """What a date is for, by the words behind it."""
    after = text[match.end() : match.end() + 40]
    for words, role in ((NOW, "topic"), (DEADLINE, "deadline"), (BASE, "base"), (SINCE, "since"), (EVENT, "event")):
        if words.match(after):
            return role
    return "bound" if (match["relative"] or "").startswith("前年") and after.startswith("の") else "topic"


def _open_spans(text: str, periods: list[Period]) -> list[Period]:
    """2025年12月以降、2026年3月現在に至るまで is one span of months: the second date becomes the span."""
    result = list(periods)
    for position, (one, other) in enumerate(pairwise(periods), 1):
        apart = other.start - one.end
        if one.role == "since" and apart <= 6 and UNTIL_NOW.match(text, other.end):
            result[position] = replace(other, name=f"{one.name}/{other.name}", role="topic")
    return result
