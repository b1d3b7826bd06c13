"""Tables of statistics as agencies hand them out (CSV, XLSX, pasted text): cells, numbers, periods and units.

The signs are those of Japan's official statistics: - no value, 0 less than half the unit, … and *** not available, X
kept secret, △ and ▲ minus.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from analysis.base import encodings
from analysis.base.curated import plain, tidy
from analysis.base.errors import TableFaulty
from analysis.base.japanese import normal, squeeze
from analysis.extraction.values.periods import DATE, YEAR, western, year_of

Grid = list[list[str]]  # cells by row, from the first row of the file on

MOST_BYTES, MOST_UNPACKED = 20_000_000, 30_000_000
MOST_ROWS, MOST_COLUMNS = 100_000, 1_000
MACROS = re.compile(r"vbaProject|macrosheets/|dialogsheets/")
OTHER_FILES = {  # by their first bytes
    b"\xd0\xcf\x11\xe0": "an old workbook (.xls) or one with a password: save it as XLSX without a password",
    b"%PDF": "a PDF: give its table as CSV, or pasted",
    b"<": "a page or XML: give its table as CSV or XLSX",
}

RAISED = re.compile(r"[⁰¹²³⁴-⁹①-⑳㈠-㈩⑴-⒇]")  # marks of notes, which would become digits
FIRM = r"\((?:速報|確報|確定|暫定|推計|見込)値?\)"  # how firm a value is
NOTE = rf"(?:\((?:注 ?)?\d{{1,2}}\)|\[\d{{1,2}}\]|\s(?:注 ?)?\d{{1,2}}\)|{FIRM}|[*※#†‡]|\s?[rpe])"
LONGEST = 60  # characters of a period
MISSING = re.compile(r"[-‐–—―ー…・.:*＊×☓✕χ]*|[xX]|n\.?/?a\.?|不詳|秘匿", re.IGNORECASE)
NUMBER = re.compile(
    r"(?:[*※#†‡]|[rp] ?){0,3}(?P<sign>[-−–△▲▼+]?) ?(?P<digits>\d{1,3}(?:[, ]\d{3}){1,5}|\d{1,18})"
    rf"(?P<decimals>\.\d{{1,12}})?(?P<percent> ?%)?{NOTE}{{0,3}}", re.ASCII
)  # fmt: skip

UNIT_SIZES = {"10": "十", "100": "百", "1000": "千"}  # 100万円 is 百万円
ENGLISH_UNITS = {
    "trillionyen": "兆円", "billionyen": "十億円", "millionyen": "百万円", "thousandyen": "千円", "yen": "円",
    "thousandpersons": "千人", "persons": "人", "percent": "%", "パーセント": "%", "ヵ月": "か月",
}  # fmt: skip

CODE = re.compile(r"(?P<year>\d{4})(?P<kind>00|10)(?P<first>\d\d)(?P<last>\d\d)", re.ASCII)  # of time, in e-Stat
ISO = re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})(?:[-/]\d{1,2})?", re.ASCII)
QUARTER = re.compile(r"\d{4}(?:年度?)?-?(?:Q[1-4]|[1-4]Q)|Q[1-4]/?\d{4}", re.IGNORECASE | re.ASCII)
WHOLE_YEAR = re.compile(r"の?0?1月?(?:~|から)12月期?")
BRACKETED = re.compile(rf"{FIRM}$|(?<=[年度月])(?:計|分|実績|平均|末|[pr])$")


# ------------------------------------------------------------------------------------------------------- cells


def grid(content: bytes, name: str, sheet: str = "") -> Grid:
    """Return the cells of a CSV, tab-separated or XLSX file. `sheet` may be empty where a workbook has one.

    Raises TableFaulty where it is another kind of file, too large, broken or empty.
    """
    if len(content) > MOST_BYTES:
        raise TableFaulty(f"{name} is larger than {MOST_BYTES // 10**6} MB: take the rows that you need")
    if what := next((what for first, what in OTHER_FILES.items() if content.lstrip().startswith(first)), None):
        raise TableFaulty(f"{name} is {what}")
    rows = _workbook(content, name, sheet) if content.startswith(b"PK\x03\x04") else _text_table(content, name)
    if not any(map(any, rows)):
        raise TableFaulty(f"{name} holds no cells: give a table with a head and values")
    return rows


def _text_table(content: bytes, name: str) -> Grid:
    try:
        text = encodings.detected(content)
    except encodings.NotUtf8 as error:
        raise TableFaulty(f"{name}, line {error.line}: {error}; save it as CSV UTF-8") from error
    if "\x00" in text:
        raise TableFaulty(f"{name} is no text: give a CSV or XLSX file")
    lines = [line for line in text.splitlines() if line.strip()]
    delimiter = next((d for d in "\t;" if 2 * sum(d in line for line in lines) >= len(lines)), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [[tidy(cell) for cell in row] for row in reader]
    except csv.Error as error:
        raise TableFaulty(f"{name}, line {reader.line_num}: {error}; mend the quotes, or save it anew") from error
    _limit(name, len(rows), max(map(len, rows), default=0))
    return rows


def _workbook(content: bytes, name: str, sheet: str) -> Grid:
    """Return a sheet's cells as they are shown: 0.523 in a cell of percents as 52.3%."""
    import openpyxl

    try:
        with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise TableFaulty(f"{name} unpacks to more than {MOST_UNPACKED // 10**6} MB: take the rows you need")
            if any(map(MACROS.search, parts.namelist())):
                raise TableFaulty(f"{name} holds macros: save it as XLSX without them")
            books = [
                openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=values)
                for values in (True, False)
            ]
        names = [worksheet.title for worksheet in books[0].worksheets]
        if sheet not in names and (sheet or len(names) != 1):
            what = f"has no sheet {plain(sheet)!r}" if sheet else "has several sheets"
            raise TableFaulty(f"{name} {what}: name one with --sheet or in the map: {', '.join(names)}")
        values, formulas = (book[sheet or names[0]] for book in books)
        for worksheet in (values, formulas):
            worksheet.reset_dimensions()  # files tell lies about them
        return [
            [_shown(*cells) for cells in zip(*rows, strict=True)]
            for rows in zip(_limited(values, name), _limited(formulas, name), strict=True)
        ]
    except TableFaulty:
        raise
    except Exception as error:  # openpyxl raises whatever a part of the file makes it stumble over
        raise TableFaulty(f"{name} is a broken workbook ({plain(str(error))}): open it and save it as XLSX") from error


def _limited(worksheet: Any, name: str) -> Iterator[Any]:
    for number, row in enumerate(worksheet.iter_rows(), start=1):
        _limit(name, number, len(row))
        yield row


def _limit(name: str, rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        most = f"more than {MOST_ROWS:,} rows or {MOST_COLUMNS:,} columns"
        raise TableFaulty(f"{name} has {most}: take those that you need")


def _shown(cell: Any, formula: Any) -> str:
    """Return a cell as text; of a formula that was never worked out the formula."""
    value = formula.value if cell.value is None else cell.value
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, int | float):
        percent = "%" in (cell.number_format or "")
        return f"{value * 100:.15g}%" if percent else f"{Decimal(f'{value:.15g}'):f}"
    return value.isoformat()[:10] if isinstance(value, date) else tidy(str(value))


def letters(column: int) -> str:
    """Return what a spreadsheet calls a column, counted from 0: A, Z, AA."""
    above, last = divmod(column, 26)
    return (letters(above - 1) if above else "") + chr(ord("A") + last)


# ------------------------------------------------------------------------------- numbers, units and periods


def number(text: str, unit: str) -> Decimal | None:
    """Return the number of a cell; None where it says that there is none. Raises ValueError where it is no number."""
    cell = normal(RAISED.sub("", text)).strip()
    if cell.startswith("="):
        raise ValueError(f"{plain(text)!r} is a formula that was never worked out")
    if MISSING.fullmatch(cell):
        return None
    digits = NUMBER.fullmatch(cell)
    if digits is None or (digits["percent"] and unit != "%"):
        raise ValueError(f"{plain(text)!r} is no number")
    sign = "-" if digits["sign"] not in ("", "+") else ""
    return Decimal(sign + re.sub("[, ]", "", digits["digits"]) + (digits["decimals"] or ""))


def unit(text: str) -> str:
    """Return a unit as the register has it: 100万円 and million yen are 百万円."""
    bare = re.sub(r"^[(\[]?(?:単位[:/]?)?|[)\]]$", "", squeeze(text)).replace(",", "")
    bare = ENGLISH_UNITS.get(bare.lower(), bare)
    size = re.match(r"10{1,3}(?=\D)", bare)
    return UNIT_SIZES[size[0]] + bare[size.end() :] if size else bare


def period(text: str) -> str:
    """Return a period as the plans have it: 2024, 2024年度, 2024-12. Raises ValueError where it is none, or one that no
    indicator has: a quarter, a part of a year."""
    squeezed = squeeze(re.sub(rf"{NOTE}$", "", normal(RAISED.sub("", text[:LONGEST])).strip()))
    bare = BRACKETED.sub("", squeezed)
    part = f"{plain(text)!r} is a part of a year: indicators have values of years and months"
    if QUARTER.fullmatch(bare) or bare.endswith("月期"):
        raise ValueError(part)
    if code := CODE.fullmatch(bare):
        months = (code["first"], code["last"])
        if months == ("00", "00"):
            return code["year"] + ("年度" if code["kind"] == "10" else "")
        return _month(code["year"], months[0], part if months[0] != months[1] else "")
    if iso := ISO.fullmatch(bare):
        return _month(iso["year"], iso["month"])
    if re.fullmatch(YEAR, bare):
        return str(western(bare))
    date = DATE.fullmatch(bare)
    if date is None or date["relative"]:
        raise ValueError(f"{plain(text)!r} is no year or month")
    year = year_of(date)
    if date["month"]:
        return _month(str(year), date["month"])
    if date["part"] and not WHOLE_YEAR.fullmatch(date["part"]):
        raise ValueError(part)
    fiscal = date["fy"] or date["fiscal"] or any(date[name] for name in ("f0", "f1", "f2"))
    return f"{year}年度" if fiscal else str(year)


def _month(year: str, month: str, fault: str = "") -> str:
    if fault or not 1 <= int(month) <= 12:
        raise ValueError(fault or f"{month} is no month")
    return f"{year}-{int(month):02}"
