"""Files that people keep (TOML and CSV): read whole, in the types that are meant, or one fault that names the file."""

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import polars as pl
from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from analysis.base.errors import TableFaulty

MOST_BYTES = 5_000_000
LARGEST = 10**300  # of whole numbers, floats hold hardly more
MUST_BE = {  # by the kinds of pydantic's errors
    "int_type": "a whole number", "string_type": "text", "bool_type": "true or false", "float_type": "a number",
    "tuple_type": "a list", "list_type": "a list", "dict_type": "a table", "dataclass_type": "a table",
    "too_short": "a longer list", "string_too_short": "longer",
}  # fmt: skip
Entry = TypeVar("Entry")
exact = with_config(ConfigDict(strict=True, extra="forbid"))  # decorates dataclasses that stand in another one, too


def toml(file: Path) -> dict[str, Any]:
    """The file's values. Raises TableFaulty where it is missing, too large, not UTF-8 or no TOML."""
    try:
        return tomllib.loads(_bytes(file).decode("utf-8"))
    except UnicodeDecodeError as error:
        raise faulty(file, f"not UTF-8, byte {error.start}") from error
    except (ValueError, RecursionError) as error:  # a number may have thousands of digits, too
        raise faulty(file, f"not valid TOML: {_line(error)}") from error


def csv(file: Path, columns: dict[str, Any] | None = None) -> pl.DataFrame:
    """The file's rows with these columns, or all it has, as text. Raises TableFaulty."""
    try:
        return pl.read_csv(_bytes(file), schema=columns, infer_schema=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        wanted = f"its columns are {', '.join(columns)}" if columns else "mend it or restore it with git"
        raise TableFaulty(f"{file} cannot be read ({_line(error)}): {wanted}") from error


def entry(kind: type[Entry], row: Any) -> Entry:
    """Return a table of a TOML file as a dataclass, with lists as tuples.

    Raises TypeError, which names the entry and the field, where one is missing, unknown, of another type, or breaks a
    rule of its annotation.
    """
    if not isinstance(row, dict):
        raise TypeError(f"{row!r} is no table")
    try:  # as JSON, in which pydantic takes lists for tuples where it is strict
        return cast(Entry, _adapter(cast(Any, kind)).validate_json(json.dumps(row)))
    except ValidationError as error:
        raise TypeError(f"{next(iter(row.values()), '')!r}{_fault(error)}") from error


def entries(kind: type[Entry], rows: Any, file: Path) -> list[Entry]:
    """Return a list of tables of the file as dataclasses. Raises TableFaulty, which names file, entry and field."""
    result: list[Entry] = []
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], start=1):
        try:
            result.append(entry(kind, row))
        except TypeError as error:
            raise TableFaulty(f"{file}, entry {number}: {_line(error)}; mend it or restore it with git") from error
    return result


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


def number(value: Any) -> float:
    """A finite number. Raises TypeError, ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -LARGEST < value < LARGEST:
        raise ValueError(f"{str(value)[:40]!r} is no number that can be reckoned with")
    return float(value)


def faulty(file: Path, error: Exception | str) -> TableFaulty:
    return TableFaulty(f"{file} cannot be read ({_line(error)}): mend it or restore it with git")


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise faulty(file, f"larger than {MOST_BYTES // 10**6} MB")
        return file.read_bytes()
    except OSError as error:
        raise faulty(file, error.strerror or str(error)) from error


def _line(error: Exception | str) -> str:
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0][:300]
