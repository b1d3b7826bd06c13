"""What people decided about single links: data/curated/links.csv, which every run obeys.

A row confirms a pair (and says whether the later measure is the same initiative or a successor) or rejects it, with
who decided, when and why. A decision about a measure that no longer exists stops the run: it must be looked at again.
The file may be written by `decide` and `withdraw` or by hand, in a spreadsheet too (`base.curated`). It is UTF-8,
sorted by pair, and replaced whole or not at all.
"""

import csv
import io
import unicodedata
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import polars as pl

from analysis.base import curated, files, paths
from analysis.base.errors import UsageFault
from analysis.tables import editions, store
from analysis.tables.categories import RELATIONS

COLUMNS = dict.fromkeys(("from_id", "to_id", "decision", "relation", "who", "when", "why"), pl.String)
DECISIONS = ("confirm", "reject")
FORMULA = "=+-@"  # what makes a spreadsheet calculate a cell instead of showing it
NOTED = ("decision", "relation", "who", "when", "why")  # of a decision that another replaces
PATIENCE = 10.0  # seconds to wait for another person's decision to be written

Row = dict[str, str]


def table(measures: pl.DataFrame) -> pl.DataFrame:
    """Return the decisions, checked against the measures: columns COLUMNS, sorted by pair. Raises TableFaulty."""
    rows, edition_of = _read(), _editions(measures)
    for line, row in rows:
        if fault := _fault(row, edition_of):
            raise curated.row_faulty(_file(), line, *fault)
    curated.refuse_twice(_file(), ((line, _pair(row)) for line, row in rows))
    return _frame([row | {"when": curated.day(row["when"])} for _, row in rows])


def decide(
    from_id: str,
    to_id: str,
    decision: str,
    relation: str | None = None,
    *,
    who: str,
    why: str,
    when: date | str | None = None,
    measures: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Write a decision about a pair (the earlier measure first), in place of an earlier one; the next run obeys it.

    `decision` is confirm (with the `relation` same or successor) or reject; `when` is today unless given. Returns the
    row with `replaces`, a note on the decision that it replaces. Raises UsageFault where something does not fit,
    TableFaulty for a file that cannot be read, AlreadyRunning and CannotWrite.
    """
    day = when.isoformat() if isinstance(when, date) else when or date.today().isoformat()
    cells = (from_id, to_id, decision, relation or "", who, day, why)
    row = {name: curated.tidy(text) for name, text in zip(COLUMNS, cells, strict=True)}
    if fault := _fault(row, _editions(store.read("measures") if measures is None else measures)):
        raise UsageFault(f"nothing is decided about {row['from_id']} and {row['to_id']}: {'; '.join(fault)}")
    row["when"] = curated.day(row["when"])
    with alone():
        rows = [earlier for _, earlier in _read()]
        replaced = [earlier for earlier in rows if _pair(earlier) == _pair(row)]
        _write([earlier for earlier in rows if _pair(earlier) != _pair(row)] + [row])
    note = "; ".join(" ".join(filter(None, [earlier[name] for name in NOTED])) for earlier in replaced)
    return _frame([row]).with_columns(replaces=pl.lit(note or None, dtype=pl.String))


def withdraw(from_id: str, to_id: str) -> pl.DataFrame:
    """Take back the decision about a pair, also of measures that no longer exist; return what it was.

    Raises UsageFault where there is none, else as `decide`.
    """
    with alone():
        rows = [row for _, row in _read()]
        kept = [row for row in rows if _pair(row) != (from_id, to_id)]
        if len(kept) == len(rows):
            raise UsageFault(f"there is no decision about {from_id} and {to_id}: nothing is withdrawn")
        _write(kept)
    return _frame([row for row in rows if _pair(row) == (from_id, to_id)])


# --- what a decision must be ------------------------------------------------------------------------------------


def _fault(row: Row, edition_of: Mapping[str, str]) -> tuple[str, str] | None:
    """What is wrong with a decision, and what to do; None where it is sound."""
    lacking = [name for name in COLUMNS if name != "relation" and not row[name]]
    gone = [key for key in _pair(row) if key not in edition_of]
    if lacking:
        return f"{lacking[0]} is empty", "fill it in"
    for name in COLUMNS:
        if fault := _text_fault(row[name]):
            return f"{name} {fault[0]}", fault[1]
    if row["decision"] not in DECISIONS:
        return f"decision {row['decision']!r} does not exist", f"choose {' or '.join(DECISIONS)}"
    if (row["relation"] in RELATIONS) != (row["decision"] == "confirm") or row["relation"] not in ("", *RELATIONS):
        return f"a confirmed pair needs the relation {' or '.join(RELATIONS)}, a rejected one has none", curated.MEND
    try:
        curated.day(row["when"])
    except ValueError as error:
        return f"when {error}", "write it like 2026-11-20"
    if gone:
        return f"there is no measure {gone[0]} any more", "look at the decision again and mend or remove it"
    if editions.place(edition_of[row["from_id"]]) >= editions.place(edition_of[row["to_id"]]):
        first, second = (f"{key} ({edition_of[key]})" for key in _pair(row))
        return f"{first} is no earlier than {second}", "put the earlier one first"
    return None


def _text_fault(text: str) -> tuple[str, str] | None:
    """What speaks against keeping a text in a table that people open in a spreadsheet."""
    if unicodedata.normalize("NFKC", text[:1])[:1] in tuple(FORMULA):
        return f"begins with {text[0]!r}, which a spreadsheet takes for a formula", "begin with a word"
    return curated.text_fault(text)


def _pair(row: Row) -> tuple[str, str]:
    return row["from_id"], row["to_id"]


def _editions(measures: pl.DataFrame) -> dict[str, str]:
    return dict(measures.select("measure_id", editions.column()).iter_rows())


def _frame(rows: list[Row]) -> pl.DataFrame:
    """The rows with the columns COLUMNS, sorted by pair, null for an empty cell."""
    values = [{name: text or None for name, text in row.items()} for row in sorted(rows, key=_pair)]
    return pl.DataFrame(values, schema=COLUMNS)


# --- the file ---------------------------------------------------------------------------------------------------


def _file() -> Path:
    return paths.curated() / "links.csv"


def _read() -> list[tuple[int, Row]]:
    """The rows that are not blank, with the line each begins in. Raises TableFaulty."""
    return [(record.line, record.cells) for record in curated.records(_file(), COLUMNS)]


def _write(rows: list[Row]) -> None:
    """Put the rows in the file's place, in one step. Raises CannotWrite."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([row[name] for name in COLUMNS] for row in sorted(rows, key=_pair))
    files.write(_file(), text.getvalue())


def alone() -> AbstractContextManager[None]:
    """Let nobody else write meanwhile. Raises AlreadyRunning and CannotWrite."""
    busy = f"another decision is being written to {_file()}: try again in a moment"
    return files.exclusive_lock(paths.reports() / ".decisions.lock", busy, PATIENCE)
