"""Files that people keep (TOML and CSV): read whole, in the types that are meant, or one fault that names the file.

Every fault is one line in the same words: the file, the line (of TOML the entry), what is wrong, what to do. What a
spreadsheet adds says nothing: a byte order mark, line ends of any kind, spaces around cells, empty cells at a row's
end, blank rows.
"""

import csv as spreadsheet
import io
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar, cast

import polars as pl
from pydantic import AfterValidator, ConfigDict, TypeAdapter, ValidationError, with_config

from analysis.base import encodings, files
from analysis.base.errors import TableFaulty
from analysis.base.japanese import shorten

MOST_BYTES = 5_000_000
YEARS = (1800, 2200)  # of what plans speak about, and of the bodies in charge
LONGEST = 2000  # characters of a cell
SHOWN = 40  # characters of a value in a message
MEND = "mend it or restore it with git"
LARGEST = 10**300  # of whole numbers, floats hold hardly more
MOST_WHOLE = 2**63 - 1  # that tables hold
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # Unicode's Cc and Cs but line feed and tab
MUST_BE = {  # by the kinds of pydantic's errors
    "int_type": "a whole number", "int_parsing": "a whole number", "int_from_float": "a whole number",
    "float_parsing": "a number", "decimal_parsing": "a number",
    "finite_number": "a number that ends",
    "string_type": "text", "bool_type": "true or false", "float_type": "a number",
    "tuple_type": "a list", "list_type": "a list", "dict_type": "a table", "dataclass_type": "a table",
    "too_short": "a longer list", "string_too_short": "longer",
}  # fmt: skip
Entry = TypeVar("Entry")
exact = with_config(ConfigDict(strict=True, extra="forbid"))  # decorates dataclasses that stand in another one, too


def toml(file: Path) -> dict[str, Any]:
    """The file's values. Raises TableFaulty where it is missing, too large, not UTF-8 or no TOML."""
    try:
        return tomllib.loads(content(file))
    except (ValueError, RecursionError) as error:  # a number may have thousands of digits, too
        raise faulty(file, f"not valid TOML: {_line(error)}") from error


class Record(NamedTuple):
    """A row of a CSV file: the line that it begins in, and its cells by column ("" for an empty one)."""

    line: int
    cells: dict[str, str]


def head(file: Path) -> list[str]:
    """Return the columns of a CSV file, none of an empty one. Raises TableFaulty."""
    return next((cells for _, cells in _rows(file) if cells), [])


def records(file: Path, columns: Iterable[str]) -> list[Record]:
    """Return the rows of a CSV file that are not blank. Raises TableFaulty."""
    names = list(columns)
    rows = [(line, cells) for line, cells in _rows(file) if cells]
    if not rows or rows[0][1] != names:
        raise row_faulty(file, rows[0][0] if rows else 1, f"the columns must be {','.join(names)}")
    for line, cells in rows[1:]:
        if len(cells) > len(names):
            what = f"there are more than {len(names)} cells"
            raise row_faulty(file, line, what, "quote texts with commas")
        if text_fault("".join(cells)):  # then one by one: most rows have nothing
            for name, cell in zip(names, cells, strict=False):
                if fault := text_fault(cell):
                    raise row_faulty(file, line, f"{name} {fault[0]}", fault[1])
    return [Record(line, dict.fromkeys(names, "") | dict(zip(names, cells, strict=False))) for line, cells in rows[1:]]


def table(file: Path, kind: type[Entry], key: Sequence[str] = (), later: str = "") -> list[tuple[int, Entry]]:
    """Return the rows of a CSV file as dataclasses, whose fields are the columns, each with its line.

    An empty cell is one that is not there. No two rows may be alike in all columns of `key`. A file may lack the
    `later` column, the last one, which an earlier version did not have. Raises TableFaulty.
    """
    result: list[tuple[int, Entry]] = []
    names = [field.name for field in fields(cast(Any, kind))]
    earlier = [name for name in names if name != later]
    for line, cells in records(file, earlier if head(file) == earlier else names):
        try:
            result.append((line, row(kind, cells)))
        except ValueError as error:
            raise row_faulty(file, line, *error.args) from error
    refuse_twice(file, ((line, tuple(getattr(row, name) for name in key)) for line, row in result if key))
    return result


def row(kind: type[Entry], cells: dict[str, str]) -> Entry:
    """Return cells by column as a dataclass; an empty one is not there. Raises ValueError: what is wrong, and what to
    do."""
    try:
        result = _adapter(cast(Any, kind)).validate_strings({n: cell for n, cell in cells.items() if cell})
    except ValidationError as error:
        raise ValueError(*_cell_fault(error)) from error
    if endless := _endless(result):
        raise ValueError(f"{endless} is too large a number", MEND)
    return cast(Entry, result)


def frame(rows: Iterable[tuple[int, Any]], schema: dict[str, Any]) -> pl.DataFrame:
    """Return rows of `table` as a frame of this schema."""
    return pl.DataFrame([vars(row) for _, row in rows], schema=schema)


def refuse_twice(file: Path, keys: Iterable[tuple[int, tuple[Any, ...]]]) -> None:
    """Raise TableFaulty where two rows (line, key) are about the same."""
    first: dict[tuple[Any, ...], int] = {}
    for line, key in keys:
        if key in first:
            what = f"{', '.join(map(plain, key))} is there twice"
            raise row_faulty(file, line, f"{what}, in line {first[key]}, too", "keep one of the rows")
        first[key] = line


def plain(value: Any) -> str:
    """Return a cell's value as people write it: 2026 for 2026.0."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "nothing" if value is None else shorten(str(value), SHOWN)


def row_faulty(file: Path, line: int, what: str, remedy: str = MEND) -> TableFaulty:
    """Return the fault of a row, in the words that all files have."""
    return TableFaulty(f"{file}, line {line}: {what}; {remedy}")


def text_fault(text: str) -> tuple[str, str] | None:
    """Say what speaks against a text in a table that people open in a spreadsheet, and what to do; None for nothing."""
    if control := CONTROLS.search(text):
        return f"holds the control character {control[0]!r}", "take it out"
    return (f"is longer than {LONGEST} characters", "shorten it") if len(text) > LONGEST else None


def day(text: str) -> str:
    """Return the day as ISO has it; spreadsheets like to write 2026/1/9 for 2026-01-09. Raises ValueError."""
    parts = re.fullmatch(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})", text, flags=re.ASCII)
    try:
        if parts:
            return date(year(int(parts[1])), int(parts[3]), int(parts[4])).isoformat()
    except ValueError:
        pass
    raise ValueError(f"{text!r} is no day")


def day_or_month(text: str) -> str:
    """Return a day as `day` does, or a month like 2026-11. Raises ValueError."""
    return day(f"{text}-01")[:7] if re.fullmatch(r"\d{4}-\d{2}", text, flags=re.ASCII) else day(text)


def year(value: Any) -> Any:
    """Return a year that plans can speak about. Raises ValueError."""
    if not YEARS[0] <= value < YEARS[1] + 1:
        raise ValueError(f"{plain(value)} is no year between {YEARS[0]} and {YEARS[1]}")
    return value


def name(text: str) -> str:
    """Return a short name of a thing, which files and columns can have, too. Raises ValueError."""
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", text, flags=re.ASCII):
        raise ValueError(f"{shorten(text, SHOWN)!r} must be small letters, digits, - and _, a letter first")
    return text


Day = Annotated[str, AfterValidator(day)]
DayOrMonth = Annotated[str, AfterValidator(day_or_month)]
Name = Annotated[str, AfterValidator(name)]
Year = Annotated[int, AfterValidator(year)]


def entry(kind: type[Entry], row: Any) -> Entry:
    """Return a table of a TOML file as a dataclass, with lists as tuples.

    Raises TypeError, which names the entry and the field, where one is missing, unknown, of another type, or breaks a
    rule of its annotation.
    """
    if not isinstance(row, dict):
        raise TypeError(f"{row!r} is no table")
    try:  # as JSON, in which pydantic takes lists for tuples where it is strict
        result = _adapter(cast(Any, kind)).validate_json(json.dumps(row, default=lambda other: {}))  # a date, a time
    except ValidationError as error:
        raise TypeError(f"{next(iter(row.values()), '')!r}{_fault(error)}") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, lists in lists
        what = "a number is too long" if isinstance(error, ValueError) else "lists are nested too deeply"
        name = next((value for value in row.values() if isinstance(value, str)), "")
        raise TypeError(f"{shorten(name, SHOWN)!r}: {what}") from error
    if endless := _endless(result):
        raise TypeError(f"{next(iter(row.values()), '')!r}: {endless} is too large a number")
    return cast(Entry, result)


def entries(kind: type[Entry], rows: Any, file: Path) -> list[Entry]:
    """Return a list of tables of the file as dataclasses. Raises TableFaulty, which names file, entry and field."""
    result: list[Entry] = []
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], start=1):
        try:
            result.append(entry(kind, row))
        except TypeError as error:
            raise TableFaulty(f"{file}, entry {number}: {_line(error)}; {MEND}") from error
    return result


def _endless(entry: Any) -> str | None:
    """Return the field whose whole number no table can hold, if there is one."""
    whole = ((name, value) for name, value in vars(entry).items() if isinstance(value, int))
    return next((name for name, value in whole if abs(value) > MOST_WHOLE), None)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Return what checks a dataclass: fields in exactly their types, and no others."""
    return TypeAdapter(exact(kind))


def _fault(error: ValidationError) -> str:
    """Say what is wrong with the first field that is."""
    first = error.errors(include_url=False)[0]
    field = ".".join(map(str, first["loc"]))
    match first["type"]:
        case "missing":
            return f" lacks {field}"
        case "unexpected_keyword_argument":
            return f" has the unknown key {field}"
        case "value_error":
            return f": {field} {first['ctx']['error']}"
    return f": {field} must be {MUST_BE.get(first['type'], first['msg'].removeprefix('Input should be '))}"


def _cell_fault(error: ValidationError) -> tuple[str, str]:
    """Say what is wrong with the first cell that is, and what to do."""
    first = error.errors(include_url=False)[0]
    field = ".".join(map(str, first["loc"]))
    match first["type"]:
        case "missing":
            return f"{field} is empty", "fill it in"
        case "value_error":
            return f"{field} {first['ctx']['error']}", MEND
    wanted = MUST_BE.get(first["type"], first["msg"].removeprefix("Input should be "))
    return f"{field} {shorten(str(first['input']), SHOWN)!r} must be {wanted}", MEND


def number(value: Any) -> float:
    """A finite number. Raises TypeError, ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -LARGEST < value < LARGEST:
        raise ValueError(f"{str(value)[:40]!r} is no number that can be reckoned with")
    return float(value)


def faulty(file: Path, error: Exception | str) -> TableFaulty:
    return TableFaulty(f"{file} cannot be read ({_line(error)}): {MEND}")


def content(file: Path) -> str:
    """Return what the file holds, without a byte order mark. Raises TableFaulty."""
    try:
        if not file.is_file():  # a folder, or a pipe, that one would wait for
            raise faulty(file, files.fault(file) or "it is no file")
        if file.stat().st_size > MOST_BYTES:
            raise faulty(file, f"larger than {MOST_BYTES // 10**6} MB")
        return encodings.decoded(file.read_bytes()).removeprefix("\ufeff")
    except OSError as error:
        raise faulty(file, error.strerror or str(error)) from error
    except encodings.NotUtf8 as error:
        kind = "CSV UTF-8" if file.suffix == ".csv" else "UTF-8"
        raise row_faulty(file, error.line, str(error), f"save it as {kind}") from error


def _rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row's first line and its cells, those that are empty at its end left out. Raises TableFaulty."""
    text = content(file).replace("\r\n", "\n").replace("\r", "\n")
    reader = spreadsheet.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            yield line, cells
            line = reader.line_num + 1
    except spreadsheet.Error as error:
        raise row_faulty(file, line, str(error), f"mend the quotes or {MEND.removeprefix('mend it or ')}") from error


def tidy(cell: str) -> str:
    """Return a cell with line feeds for line ends, and no space around it."""
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip()


def _line(error: Exception | str) -> str:
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0][:300]
