"""Read and write the processed tables: always against their schema, always whole.

A table is a JSON Lines file, sorted by its key, so that a change can be read in `git diff`.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from analysis.base import files, paths
from analysis.base.errors import TableFaulty
from analysis.tables.schemas import TABLES

FLOAT_DIGITS = 6  # what a sum of floats agrees on between machines


def path(name: str, folder: Path | None = None) -> Path:
    return (folder or paths.processed()) / f"{name}.jsonl"


def exists(name: str, folder: Path | None = None) -> bool:
    return path(name, folder).exists()


def empty(name: str) -> pl.DataFrame:
    """The table without rows."""
    return TABLES[name].create_empty()


def check(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the schema's columns and types; TableFaulty names every rule that fails and a row."""
    schema = TABLES[name]
    missing = [column for column in schema.column_names() if column not in frame.columns]
    if missing:
        raise TableFaulty(f"table {name} lacks the columns {', '.join(missing)}: run 01_clean again")
    good, failures = schema.filter(frame.select(schema.column_names()), cast=True)
    if len(failures) > 0:
        counts = ", ".join(f"{rule} ({count})" for rule, count in sorted(failures.counts().items()))
        first = failures.invalid().row(0, named=True)
        key = next(iter(first.values()))
        raise TableFaulty(f"table {name} breaks its schema in {len(failures)} rows, first {key!r}: {counts}")
    return good


def read(name: str, folder: Path | None = None) -> pl.DataFrame:
    """The table as it stands on disk, checked. Raises TableFaulty where it is missing or broken."""
    file = path(name, folder)
    if not file.exists():
        raise TableFaulty(f"{file} is missing: run `make report`, or the notebook that writes it")
    if file.stat().st_size == 0:
        return empty(name)
    try:
        frame = pl.read_ndjson(file.read_bytes(), schema=TABLES[name].create_empty().schema)
    except (pl.exceptions.PolarsError, OSError) as error:
        line = str(error).splitlines()[0]
        raise TableFaulty(f"{file} cannot be read ({line}): restore it with git, or run `make report`") from error
    return check(name, frame)


def read_if_there(name: str, folder: Path | None = None) -> pl.DataFrame:
    """The table as it stands on disk, without rows where there is none. Raises TableFaulty where it is broken."""
    return read(name, folder) if exists(name, folder) else empty(name)


def settled(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame as it is written: checked, sorted by key, rounded."""
    frame = frame.with_columns(
        pl.col(column).round(FLOAT_DIGITS) + 0.0 for column, kind in frame.schema.items() if kind == pl.Float64
    )  # + 0.0 turns -0.0 into 0.0
    return check(name, frame).sort(TABLES[name].primary_key())


def dump(name: str, frame: pl.DataFrame) -> str:
    """What a table's file holds, for whoever writes several files at once."""
    return settled(name, frame).write_ndjson()


def write(name: str, frame: pl.DataFrame, folder: Path | None = None) -> pl.DataFrame:
    """Check, sort by key, round, and put the table in its place in one step. Returns what was written."""
    frame = settled(name, frame)
    file = path(name, folder)
    with files.replacing(file) as part:
        frame.write_ndjson(part)
    return frame


def made(name: str, make: Callable[..., pl.DataFrame], *arguments: Any) -> pl.DataFrame:
    """Write the table that `make` gives of the arguments, and return it as it is written; where a run knows that the
    last one's holds, and has put it in its place, return that."""
    return all_made([name], lambda: [make(*arguments)])[0]


def all_made(names: Sequence[str], make: Callable[..., Iterable[pl.DataFrame]], *arguments: Any) -> list[pl.DataFrame]:
    """As `made`, with several tables in the order of `names`."""
    held = [paths.before("processed", path(name).name) for name in names]
    if None in held:
        return [write(name, frame) for name, frame in zip(names, make(*arguments), strict=True)]
    # not from their place, and not into it: a later notebook may have written its version of one already
    return [read(name, file.parent) for name, file in zip(names, held, strict=True) if file]
