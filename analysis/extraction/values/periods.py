"""Periods: every naming of a time, with what it is for the figures near it.

A date can say when something was measured, by when it is wished, what it is compared with, or since when a thing
exists. Which of these it is shows in the words right behind it; 前年 and 本年 are counted from the year under
discussion and from the edition.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from analysis.extraction.values.running_text import RunningText

ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
WESTERN = r"(?:19|20)\d{2}"
YEAR = rf"(?:(?P<era>{'|'.join(ERAS)})(?P<eyear>\d{{1,2}}|元)|(?P<year>{WESTERN}))"
DATE = re.compile(
    rf"(?:{YEAR}年(?P<fiscal>度)?(?:(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})日)?)?(?!代)"
    r"|(?P<relative>前年度|前年|昨年度|昨年|本年度|本年|今年度|今年|同年度|同年|同日)(?:(?P<rmonth>\d{1,2})月)?)"
)
SPAN = re.compile(rf"(?P<first>{WESTERN})(?P<f1>年度?)?(?:から|~|-)(?P<last>{WESTERN})年(?P<f2>度)?")
COMING = re.compile(r"今後\d{1,2}[かカヶ箇]?年間?")
NOW = re.compile(r"[末日月]?(?:時点|現在)")
DEADLINE = re.compile(r"[末中頃]?までに")
BASE = re.compile(r"末?の?(?:同月)?(?:[とに]比べ|と比較|比|を基準|の水準|から)")
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


def date_name(match: re.Match[str]) -> str:
    """Return the name of a DATE that is not relative: 2025, 2025年度, 2025-06, 2025-06-30."""
    return _name(_year(match), bool(match["fiscal"]), match["month"], match["day"])


def _year(match: re.Match[str]) -> int:
    """Return the western year of a DATE that is not relative."""
    if match["era"]:
        return ERAS[match["era"]] + (1 if match["eyear"] == "元" else int(match["eyear"]))
    return int(match["year"])


def _name(year: int, fiscal: bool, month: str | None = None, day: str | None = None) -> str:
    if fiscal:
        return f"{year}年度"
    return f"{year}" + (f"-{int(month):02d}" if month else "") + (f"-{int(day):02d}" if day else "")


def periods(running: RunningText, edition: int) -> list[Period]:
    """Return every naming of a time in a text. `edition` is the year that 本年 means."""
    result: list[Period] = []
    topic: Period | None = None  # the year under discussion
    taken = 0
    matches = [match for pattern in (SPAN, COMING, DATE) for match in pattern.finditer(running.text)]
    for match in sorted(matches, key=lambda m: (m.start(), -m.end())):
        if match.start() < taken:
            continue
        taken = match.end()
        if (period := _period(running, match, edition, topic)) is not None:
            result.append(period)
            topic = period if period.role in ("topic", "event") else topic
    return _open_spans(running.text, result)


def _period(running: RunningText, match: re.Match[str], edition: int, topic: Period | None) -> Period | None:
    """Return the period of a SPAN, COMING or DATE; None where it is counted from a year that is not named."""
    where = (match.start(), match.end(), running.levels[match.start()])
    if match.re is COMING:
        return Period(*where, match.group())
    if match.re is SPAN:
        fiscal = bool(match["f2"]) or match["f1"] == "年度"
        return Period(*where, span_name(int(match["first"]), int(match["last"]), fiscal), int(match["last"]), fiscal)
    role = _role(running.text, match)
    if not match["relative"]:
        return Period(*where, date_name(match), _year(match), bool(match["fiscal"]), role)
    dated = _relative(match, edition, topic)
    return None if dated is None else Period(*where, *dated, role)


def span_name(first: int, last: int, fiscal: bool) -> str:
    """Return the name of a span of years: 2020-2025, 2020-2025年度."""
    return f"{first}-{last}" + ("年度" if fiscal else "")


def _relative(match: re.Match[str], edition: int, topic: Period | None) -> tuple[str, int, bool] | None:
    """Return name, year and whether it is fiscal: 前年 counts from the year under discussion, 昨年 and 本年 from the
    plan's own."""
    word, fiscal = match["relative"], match["relative"].endswith("度")
    if not word.startswith(("前年", "同年", "同日")):
        year = edition - (1 if word.startswith("昨年") else 0)
        return _name(year, fiscal, match["rmonth"]), year, fiscal
    if topic is None or topic.year is None:
        return None
    if word == "同日":
        return topic.name, topic.year, topic.fiscal
    year, fiscal = topic.year - (1 if word.startswith("前年") else 0), fiscal or topic.fiscal
    return _name(year, fiscal, match["rmonth"]), year, fiscal


def _role(text: str, match: re.Match[str]) -> str:
    """Return what a date is for, by the words behind it."""
    for words, role in ROLES:
        if words.match(text, match.end()):
            return role
    before_noun = text.startswith("の", match.end())
    return "attached" if before_noun and (match["relative"] or "").startswith("前年") else "topic"


def _open_spans(text: str, dates: list[Period]) -> list[Period]:
    """2025年12月以降、2026年3月現在に至るまで is one span of months: the second date becomes the span."""
    result = list(dates)
    for position, (first, second) in enumerate(pairwise(dates), 1):
        if first.role == "since" and second.start - first.end <= APART and UNTIL_NOW.match(text, second.end):
            result[position] = replace(second, name=f"{first.name}/{second.name}", role="topic")
    return result
