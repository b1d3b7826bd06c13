"""Files that people keep (TOML and CSV): read whole, in the types that are meant, or one fault that names the file."""

import tomllib
from dataclasses import MISSING, fields
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin, get_type_hints

from analysis.base.errors import TableFaulty

if TYPE_CHECKING:
    import polars as pl

MOST_BYTES = 5_000_000
LARGEST = 10**300  # of whole numbers, floats hold hardly more
Entry = TypeVar("Entry")


def toml(file: Path) -> dict[str, Any]:
    """The file's values. Raises TableFaulty where it is missing, too large, not UTF-8 or no TOML."""
    try:
        return tomllib.loads(_bytes(file).decode("utf-8"))
    except UnicodeDecodeError as error:
        raise faulty(file, f"not UTF-8, byte {error.start}") from error
    except (ValueError, RecursionError) as error:  # a number may have thousands of digits, too
        raise faulty(file, f"not valid TOML: {_line(error)}") from error


def csv(file: Path, columns: dict[str, Any] | None = None) -> "pl.DataFrame":
    """The file's rows with these columns, or all it has, as text. Raises TableFaulty."""
    import polars as pl  # only here: the manifest is read where nothing else needs it

    try:
        return pl.read_csv(_bytes(file), schema=columns, infer_schema=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        wanted = f"its columns are {', '.join(columns)}" if columns else "mend it or restore it with git"
        raise TableFaulty(f"{file} cannot be read ({_line(error)}): {wanted}") from error


def entry(kind: type[Entry], row: Any) -> Entry:
    """A table of a TOML file as a dataclass; lists become tuples. Raises TypeError where a field is missing, unknown or
    of another type."""
    if not isinstance(row, dict):
        raise TypeError(f"{row!r} is no table")
    hints = get_type_hints(kind)
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    needed = {
        field.name
        for field in fields(kind)  # type: ignore[arg-type]
        if field.default is MISSING and field.default_factory is MISSING
    }
    for what, keys in (("lacks", needed - values.keys()), ("has the unknown key", values.keys() - hints.keys())):
        if keys:
            raise TypeError(f"{next(iter(row.values()), '')!r} {what} {', '.join(sorted(keys))}")
    for key, value in values.items():
        if not _is(value, hints[key]):
            raise TypeError(f"{key} = {value!r} is of another type than meant")
    return kind(**values)


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


def _is(value: Any, kind: Any) -> bool:
    """Whether a value is of a type as annotated: str, int | None, tuple[str, ...], dict[str, list[str]]."""
    if get_origin(kind) in (tuple, list):
        return isinstance(value, get_origin(kind)) and all(_is(item, get_args(kind)[0]) for item in value)
    if get_origin(kind) is dict:
        return isinstance(value, dict) and all(_is(item, get_args(kind)[1]) for item in value.values())
    if isinstance(kind, UnionType):
        return any(_is(value, part) for part in get_args(kind))
    return type(value) is kind
