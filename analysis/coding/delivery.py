"""Delivery: what people found out about whether a measure was carried out, data/curated/status.csv.

A row is what a source said of a measure, or of an initiative, on a day, and who looked. The latest day counts; earlier
rows stay, so that the file is a history. Where nobody wrote nothing is claimed.
"""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Annotated

import polars as pl
from pydantic import AfterValidator

from analysis.base import curated, files, paths
from analysis.base.curated import DayOrMonth, plain
from analysis.base.errors import UsageFault
from analysis.coding import record
from analysis.tables import store
from analysis.tables.categories import DELIVERY
from analysis.tables.schemas import TABLES

FILE = "status.csv"
KEY = ("unit_id", "date", "source")
ADDRESS = re.compile(r"https?://\S+")
# a place in a document: a page, line, slide or paragraph with its number, in either language
PLACE = re.compile(
    r"(?:\bp{1,2}\.|\b(?:page|line|slide)s?\b) ?\d|\d ?(?:頁|ページ|行目|枚目)", re.ASCII | re.IGNORECASE
)
ROWS = {
    "unit_id": pl.String, "status": pl.String, "date": pl.String, "source": pl.String, "who": pl.String,
    "note": pl.String, "text_changed": pl.Boolean,
}  # fmt: skip
BY_MEASURE = {"measure_id": pl.String, **ROWS, "latest": pl.Boolean}


def _status(text: str) -> str:
    if text not in DELIVERY:
        raise ValueError(f"{plain(text)!r} must be one of {', '.join(DELIVERY)}")
    return text


def _source(text: str) -> str:
    if not ADDRESS.fullmatch(text) and not PLACE.search(text):
        raise ValueError(
            f"{plain(text)!r} must be an address (https://…) or a document with its page (…, p. 12; …、12頁)"
        )
    return text


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A row of the file; `text_hash` is that of the measure's text which somebody looked at, where they say so."""

    unit_id: str
    status: Annotated[str, AfterValidator(_status)]
    date: DayOrMonth
    source: Annotated[str, AfterValidator(_source)]
    who: str
    note: str = ""
    text_hash: str = ""


COLUMNS = tuple(field.name for field in fields(Finding))


def path() -> Path:
    return paths.curated() / FILE


def findings(today: date | None = None) -> list[tuple[int, Finding]]:
    """Return the rows of the file, each with its line; none without a file. Raises TableFaulty, which names the line.

    `today` is the last day that a row may have.
    """
    rows = curated.table(path(), Finding, KEY) if path().exists() else []
    for line, row in rows:
        if fault := _fault(row, today):
            raise curated.row_faulty(path(), line, *fault)
    return rows


def table(measures: pl.DataFrame, today: date | None = None) -> pl.DataFrame:
    """Return what people found out, checked against measures and initiatives: ROWS, by unit and day.

    `text_changed` says whether the measure's text is another than the one that was looked at; empty where the row does
    not say which one that was. Raises TableFaulty, which names the line.
    """
    hashes = dict(measures.select("measure_id", "text_hash").iter_rows())
    initiatives = set(_initiatives()["initiative_id"])
    rows = []
    for line, row in findings(today):
        if row.unit_id not in hashes and row.unit_id not in initiatives:
            what = f"there is no measure or initiative {plain(row.unit_id)!r}"
            raise curated.row_faulty(path(), line, what, "take an id of the tables measures or initiatives")
        known = row.text_hash and row.unit_id in hashes
        changed = hashes[row.unit_id] != row.text_hash if known else None
        rows.append((row.unit_id, row.status, row.date, row.source, row.who, row.note or None, changed))
    return pl.DataFrame(rows, schema=ROWS, orient="row").sort(KEY)


def delivery(measures: pl.DataFrame, today: date | None = None) -> pl.DataFrame:
    """Return what people found out by measure: BY_MEASURE, by measure, day and source.

    What was found out about an initiative is given to each of its members. `latest` marks the rows of a measure's
    latest day. Raises TableFaulty, which names the line.
    """
    rows = table(measures, today)
    own = rows.join(measures.select(measure_id="measure_id", unit_id="measure_id"), on="unit_id")
    of_initiatives = rows.join(_members(), left_on="unit_id", right_on="initiative_id")
    by_measure = pl.concat([frame.select(["measure_id", *ROWS]) for frame in (own, of_initiatives)])
    latest = pl.col("date") == pl.col("date").max().over("measure_id")
    return by_measure.with_columns(latest=latest).select(list(BY_MEASURE)).sort("measure_id", *KEY[1:], "unit_id")


def add(
    unit_id: str, status: str, *, source: str, who: str, date: date | str, note: str = "", today: date | None = None
) -> None:
    """Write what somebody found out about a measure or an initiative, with the hash of the measure's text.

    Raises UsageFault where something does not fit or is there already, TableFaulty for a file that cannot be read,
    AlreadyRunning and CannotWrite.
    """
    measures = store.read("measures")
    hashes = dict(measures.select("measure_id", "text_hash").iter_rows())
    cells = {"unit_id": unit_id, "status": status, "date": str(date), "source": source, "who": who, "note": note}
    cells = {name: curated.tidy(cell) for name, cell in cells.items()}
    cells["text_hash"] = hashes.get(cells["unit_id"]) or ""
    about = f"nothing is written about {plain(cells['unit_id'])}"
    for name, cell in cells.items():
        if fault := curated.text_fault(cell):
            raise UsageFault(f"{about}: {name} {'; '.join(fault)}")
    try:
        row = curated.row(Finding, cells)
    except ValueError as error:
        raise UsageFault(f"{about}: {'; '.join(error.args)}") from error
    if fault := _fault(row, today):
        raise UsageFault(f"{about}: {'; '.join(fault)}")
    if row.unit_id not in hashes and row.unit_id not in set(_initiatives()["initiative_id"]):
        raise UsageFault(f"{about}: there is no such measure or initiative; take an id of these tables")
    with record.alone():
        kept = [known for _, known in findings(today)]
        if any(all(getattr(known, name) == getattr(row, name) for name in KEY) for known in kept):
            raise UsageFault(f"{about}: {row.source} of {row.date} is there already; mend that row in {path()}")
        files.write(path(), text([*kept, row]))


def text(rows: Iterable[Finding]) -> str:
    """Return the file that holds these rows, in their order."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(row) for row in rows)
    return out.getvalue()


def _fault(row: Finding, today: date | None) -> tuple[str, str] | None:
    """Return what speaks against a row, whatever tables there are, and what to do."""
    last = (today or date.today()).isoformat()[: len(row.date)]
    if row.date > last:
        return f"date {row.date} is in the future", "give the day of the source, or the one on which you looked"
    return None


def _initiatives() -> pl.DataFrame:
    """Return the table `initiatives`, without rows where there is none."""
    return _if_there("initiatives", "initiative_id")


def _members() -> pl.DataFrame:
    return _if_there("initiative_members", "initiative_id", "measure_id")


def _if_there(name: str, *columns: str) -> pl.DataFrame:
    if name not in TABLES:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    return store.read_if_there(name).select(columns)
