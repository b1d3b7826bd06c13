"""What two public extractors read in a text, in the form in which bench_figures compares: nothing is repaired here."""

import math
import re
from collections import Counter
from collections.abc import Callable, Hashable
from functools import cache
from typing import Any

from analysis.extraction.values import Figure

MULTIPLIERS = {"兆": 1e12, "億": 1e8, "百万": 1e6, "万": 1e4, "千": 1e3}
SAME_UNIT = dict.fromkeys(("箇所", "カ所", "ヵ所", "ヶ所"), "か所") | {"名": "人", "パーセント": "%", "グラム": "g"}
UNITS = ("g", "m", "W", "bps")
# pynormalizenumexp gives these in the unit without its prefix.
PREFIXED = {
    **dict.fromkeys(("トン", "t"), (1e6, "g")),
    **{prefix + unit: (factor, unit) for prefix, factor in (("k", 1e3), ("M", 1e6), ("G", 1e9)) for unit in UNITS},
}
LENGTHS = {"year": "年", "month": "か月", "day": "日", "hour": "時間", "minute": "分", "second": "秒"}
SEVERAL = re.compile(r"[0-9][^0-9.,]+[0-9]")  # numbers in one reading, multipliers left out
WIDENED = re.compile(r"^(?:約|およそ|おおよそ|概ね|おおむね|ほぼ)|(?:程度|前後|ほど|くらい|ぐらい|近く|弱|強)$")

NUMBERS, DATES = "pynormalizenumexp", "ja-timex"
# What a peer does not know or is known to read wrongly, by how the line is written; `lack` has the rest.
KNOWN = {
    "pynormalizenumexp": {
        "千 or 百 behind 兆, 億, 万": re.compile(r"[兆億万]\d+[千百]"),
        "n.0 before 万, 億, 兆; decimals before 千": re.compile(r"\.0[万億兆]|\.\d+千"),
        "points of percent": re.compile(r"(?:%|パーセント)・?(?:ポイント|pt)"),
        "decimals in the first of a range": re.compile(r"\.\d+[^\d、。]{0,3}(?:~|から)\d"),
    },
    "ja-timex": {
        "both calendars in one": re.compile(r"\d年?度?[(](?:\d{4}|(?:令和|平成|R|H)[\d元]+)年?度?[)]"),
        "fiscal years of an era": re.compile(r"(?:令和|平成)(?:\d+|元)年度"),
        "FY2030, R12": re.compile(r"FY|(?<![A-Za-z])[RH]\d"),
        "a year without 年": re.compile(r"\d{4}(?:年度?)?[~-]\d|(?<!\d)\d{4}(?![\d年.])"),
    },
}
WHOLE_PERIOD = re.compile(r"\d{4}(?:年度|-\d\d(?:-\d\d)?|-\d{4})?")

Row = tuple[float | None, str | None, str | None]  # value, unit and period of a figure
Quantity = tuple[float, str]  # a value, and its unit without multiplier and prefix: 34万人 is 340000 人


def quantity(value: float, unit: str) -> Quantity:
    large = next((name for name in MULTIPLIERS if unit.startswith(name) and unit != name), "")
    unit = re.sub("/(?:year|month)$", "", unit.removeprefix(large))  # 年12回 is stated as 12 回
    factor, unit = PREFIXED.get(unit, (1.0, SAME_UNIT.get(unit, unit)))
    return float(f"{value * MULTIPLIERS.get(large, 1.0) * factor:.9g}"), unit


def plain(period: str) -> str:
    """Return a period without 末, and a span by its years alone."""
    years = re.findall(r"[12]\d{3}", period)
    return "-".join(years) if len(years) == 2 else period.replace("年度末", "年度")


def rows(figures: list[Figure]) -> list[Row]:
    return [(figure.value, figure.unit, figure.period) for figure in figures]


@cache
def numexp() -> Any:
    from pynormalizenumexp.normalize_numexp import NormalizeNumexp

    return NormalizeNumexp("ja")


@cache
def timex() -> Any:
    from ja_timex import TimexParser

    return TimexParser()


def _ends(low: float | None, high: float | None, shown: str) -> list[float]:
    """Return both ends of a range, the finite end of 以内, the middle of what 約 has widened."""
    ends = [end for end in (low, high) if end is not None and math.isfinite(end)]
    if len(set(ends)) < 2 or SEVERAL.search(re.sub(r"(?<=\d)[兆億万千百]+", "", shown)):
        return list(dict.fromkeys(ends))
    return [round(sum(ends) / 2, 6)] if WIDENED.search(shown) else ends[:1]


def quantities(text: str) -> list[tuple[Quantity, int]]:
    """Return the numbers and lengths of time that pynormalizenumexp reads, with their positions; no ordinals."""
    result: list[tuple[Quantity, int]] = []
    for row in numexp().normalize(text):
        low, high, shown = row.value_lower_bound, row.value_upper_bound, row.original_expr
        ends, unit = [], ""
        if row.type == "numerical" and "ordinary" not in row.options:
            ends, unit = _ends(low, high, shown), row.counter
        elif row.type == "duration":
            fields = ((_ends(getattr(low, name), getattr(high, name), shown), unit) for name, unit in LENGTHS.items())
            ends, unit = next((field for field in fields if field[0] and field[0][0] < 1000), ([], ""))  # 2030年代
        result += [(quantity(end, unit), row.position_start) for end in ends]
    return result


def periods(text: str) -> list[tuple[str, int]]:
    """Return the dates with a year that ja-timex reads, with their positions: 2030, 2030年度, 2030-06, 2030-2034."""
    result: list[tuple[str, int]] = []
    opened = False  # the last one is the first of two
    for row in timex().parse(text):
        period = re.sub(r"^FY(\d{4})$", r"\1年度", re.sub(r"(?:-XX)+$", "", row.value))
        if not re.match(r"\d{4}", period):
            continue  # a length, a time of the day, 毎年
        if row.range_end and opened:
            period = f"{result.pop()[0]}-{period}"
        opened = bool(row.range_start)
        result.append((plain(period), row.raw_span[0]))
    return result


READERS: dict[str, Callable[[str], list[tuple[Any, int]]]] = {NUMBERS: quantities, DATES: periods}


def lack(peer: str, item: Any, text: str) -> str | None:
    """Return what the peer lacks for reading an item, None if it could."""
    if peer == NUMBERS and item[0] < 0:
        return "signs"
    if peer == NUMBERS and (12.0, item[1]) not in dict(quantities("12" + item[1])):
        return "the counter"
    if peer == DATES and not WHOLE_PERIOD.fullmatch(item):
        return "parts of years, decades"
    reason = next((reason for reason, pattern in KNOWN[peer].items() if pattern.search(text)), None)
    if peer == DATES and not reason and item[:4] not in text and not re.search("令和|平成|昭和", text):
        return "dates counted from the edition"
    return reason


def asked(peer: str, rows: list[Row]) -> Counter[Any]:
    """Return what a peer is asked for: quantities, or each date once."""
    if peer == NUMBERS:
        return Counter(quantity(value, unit) for value, unit, _ in rows if value is not None and unit)
    return Counter({plain(period) for _, _, period in rows if period})


def answered(peer: str, found: list[tuple[Any, int]]) -> Counter[Any]:
    """Return what a peer read, each date once."""
    items = [item for item, _ in found]
    return Counter(set(items) if peer == DATES else items)


def dated(rows: list[Row]) -> Counter[tuple[Quantity, str]]:
    rows = [row for row in rows if row[0] is not None]
    return Counter((quantity(value or 0.0, unit), plain(period)) for value, unit, period in rows if unit and period)


def core(item: Any) -> Hashable:
    """Return what makes a reading more than a wrong unit or sign of another one."""
    return item if isinstance(item, str) else abs(item[0])


def shown(item: Any) -> str:
    return item if isinstance(item, str) else f"{item[0]:.12g} {item[1]}"
