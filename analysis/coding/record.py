"""The record of codings: data/curated/codings, with a file for each codebook and packets.csv, which says who coded.

A row of packets.csv is what one coder was given at a time: codebook and version, coder, kind (person or language
model), model and its version as the server reports it, the prompt's hash, date, seed, editions, and the variables that
were asked where it was not all of them. What nobody recorded says so. A row of <codebook>.csv is what a packet's coder
says of a unit, with the hash of the text that was coded. Files may be edited by hand, in a spreadsheet too
(`base.curated`); they are sorted and replaced whole or not at all.
What earlier versions kept in other files stops whoever reads the record, until somebody has seen to it (EARLIER).
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
from pydantic import AfterValidator

from analysis.base import curated, files, paths
from analysis.base.errors import TableFaulty
from analysis.coding.codebooks import Codebook

NOT_RECORDED = "not recorded"
MIGRATED = ("codings.csv", "links.csv", "coders.toml")  # files of data/curated that this record took the place of
EARLIER = dict.fromkeys(MIGRATED, "take it over with `python -m analysis code migrate`") | {
    "topics.toml": "add topics of your own to codebooks/topics.toml as categories, and remove the file",
    "topic_scale.toml": "remove it",
    "agreement.toml": "remove it",
}
FORMULA = "=+-@"  # what makes a spreadsheet calculate a cell instead of showing it
PATIENCE = 10.0  # seconds to wait for another coding to be written
# coder: codes a share of all units; adjudicator: decides where coders differ; reviewer: a person who decides about
# units that were put before them; sample: a person who decides about units drawn at random
Role = Literal["coder", "adjudicator", "reviewer", "sample"]
Kind = Literal["person", "language model"]
PERSONS = ("reviewer", "sample")  # the roles of people who decide

Row = dict[str, str]


def _when(text: str) -> str:
    return text if text == NOT_RECORDED else curated.day_or_month(text)


When = Annotated[str, AfterValidator(_when)]


@dataclass(frozen=True, kw_only=True)
class PacketRecord:
    """A row of packets.csv. `date` is a day, a month (2026-11) or NOT_RECORDED, of a decision a day; `edition` is empty
    for a review; `asked` are the variables that were asked, parted by spaces, empty for all of the codebook."""

    packet_id: str
    codebook: str
    version: str
    role: Role
    coder: str
    kind: Kind
    model: str | None = None
    model_version: str | None = None
    prompt_hash: str | None = None
    date: When
    seed: str | None = None
    edition: str | None = None
    against: str | None = None
    asked: str | None = None


PACKET_COLUMNS = dict.fromkeys((field.name for field in fields(PacketRecord)), pl.String)


def packets() -> pl.DataFrame:
    """Return packets.csv: PACKET_COLUMNS, sorted. No rows without a file.

    Raises TableFaulty, also where there is a file of an earlier version.
    """
    _refuse_earlier()
    return curated.frame(packet_rows(), PACKET_COLUMNS).sort("packet_id")


def _refuse_earlier() -> None:
    for name, what_to_do in EARLIER.items():
        if (old := paths.curated() / name).exists():
            raise TableFaulty(f"{old} is of an earlier version and no longer read: {what_to_do}")


def columns(book: Codebook) -> list[str]:
    """Return the columns of a codebook's file."""
    to_hash = ["to_hash"] if book.unit == "pair" else []
    return ["packet_id", *book.key, *book.variables, "text_hash", *to_hash, "why"]


def content(place: Path) -> tuple[list[str], list[Row]]:
    """Return the columns and rows of a file of codings, whatever its codebook. Raises TableFaulty."""
    names = curated.head(place)
    if missing := [name for name in ("packet_id", "unit_id", "why") if name not in names]:
        raise curated.row_faulty(place, 1, f"the column {missing[0]} is missing")
    return names, [row.cells for row in curated.records(place, names)]


# The codings of each file as they were parsed last, with what they were parsed from: a report asks dozens of times.
_last_parsed: dict[Path, tuple[tuple[Codebook, list[str]], pl.DataFrame]] = {}


def codings(book: Codebook) -> pl.DataFrame:
    """Return the codings of a codebook with who made them: `columns`, then those of packets.csv; sorted.

    All are text, null for an empty cell. No rows without a file. Raises TableFaulty where a row names no packet or no
    category.
    """
    _refuse_earlier()
    place, before = file(book.codebook_id), _contents(book)
    last, frame = _last_parsed.get(place, (None, None))
    if frame is None or last != (book, before):
        frame = _parsed(book)
        if _contents(book) == before:  # nobody wrote them meanwhile
            _last_parsed[place] = ((book, before), frame)
    return frame


def _contents(book: Codebook) -> list[str]:
    """What the files hold that a codebook's codings are parsed from."""
    return [curated.content(place) if place.exists() else "" for place in (packets_file(), file(book.codebook_id))]


def _parsed(book: Codebook) -> pl.DataFrame:
    """The codings of a codebook, see `codings`."""
    who = packets().drop("codebook")
    known = {packet.packet_id: packet for _, packet in packet_rows()}
    rows = rows_of(book)
    for line, row in rows:
        if fault := _fault(book, row, known):
            raise curated.row_faulty(file(book.codebook_id), line, fault)
    curated.refuse_twice(
        file(book.codebook_id), ((line, (row["packet_id"], *(row[name] for name in book.key))) for line, row in rows)
    )
    values = [{name: text or None for name, text in row.items()} for _, row in rows]
    frame = pl.DataFrame(values, schema=dict.fromkeys(columns(book), pl.String))
    return frame.join(who, on="packet_id").sort(_key(book), nulls_last=True)


def said(book: Codebook, rows: pl.DataFrame, variable_id: str) -> pl.DataFrame:
    """Return the codings of measures, of these, whose coders were asked for a variable, with their `value` of it.

    Who left an optional variable empty was asked. Who gave a category that had no sub-categories yet was not asked for
    one: a later version of the codebook may have them.
    """
    variable = book.named(variable_id)
    value, of_packet = pl.col(variable_id), pl.col("asked")
    here = of_packet.is_null() | of_packet.str.split(" ").list.contains(variable_id)
    if variable.sub_categories_of:
        whole = [c.category_id for c in book.categories(variable.sub_categories_of) if not c.sub_categories]
        here &= value.is_not_null() | pl.col(variable.sub_categories_of).is_in(whole)
    elif not variable.optional:
        here &= value.is_not_null()
    return rows.filter(here).with_columns(value=value)


def add(book: Codebook, packet: PacketRecord, rows: Iterable[Row]) -> None:
    """Record a packet's codings, in place of earlier ones of the same packet. Raises TableFaulty and CannotWrite."""
    with alone():
        others = [row for _, row in rows_of(book) if row["packet_id"] != packet.packet_id]
        if any(row.packet_id == packet.packet_id and row != packet for _, row in packet_rows()):
            _write(file(book.codebook_id), columns(book), others)  # lest they stand for a moment as another's
        save(book, [packet], [*others, *rows])


def save(book: Codebook, packets: Sequence[PacketRecord], rows: Iterable[Row]) -> None:
    """Write these packets beside the others, and the rows as all of the codebook. Call it under the lock.

    The packets first: codings without one would be a fault, a packet without codings is none.
    """
    new = {packet.packet_id for packet in packets}
    kept = [row for _, row in packet_rows() if row.packet_id not in new]
    _write(packets_file(), list(PACKET_COLUMNS), map(asdict, [*kept, *packets]))
    _write(file(book.codebook_id), columns(book), rows)


def put(book: Codebook, packet: PacketRecord, row: Row, unit: Mapping[str, str]) -> pl.DataFrame:
    """Record one coding, in place of those of the same unit and role; return these (columns of `codings`).

    `unit` holds unit_id and, of pairs, to_id. Raises TableFaulty, AlreadyRunning and CannotWrite.
    """
    with alone():
        before = _of(book, unit, [packet.role])
        save(book, [packet], [*_without(book, before), row])
    return before


def take_out(book: Codebook, unit: Mapping[str, str], roles: Sequence[str]) -> pl.DataFrame:
    """Take the codings of a unit by these roles out of the record; return them. Raises as `put`."""
    with alone():
        taken = _of(book, unit, roles)
        if len(taken):
            _write(file(book.codebook_id), columns(book), _without(book, taken))
    return taken


def _of(book: Codebook, unit: Mapping[str, str], roles: Sequence[str]) -> pl.DataFrame:
    return codings(book).filter(pl.col("role").is_in(roles), **unit)


def _without(book: Codebook, taken: pl.DataFrame) -> list[Row]:
    key = _key(book)
    gone = set(taken.select(pl.col(key).fill_null("")).iter_rows())
    return [row for _, row in rows_of(book) if tuple(row[name] for name in key) not in gone]


def file(codebook_id: str) -> Path:
    return folder() / f"{codebook_id}.csv"


def packets_file() -> Path:
    return folder() / "packets.csv"


def coding_files() -> list[Path]:
    """Return the files of codings, one of each codebook, also of one that is there no more."""
    return [place for place in sorted(folder().glob("*.csv")) if place != packets_file()]


def folder() -> Path:
    return paths.curated() / "codings"


def alone() -> AbstractContextManager[None]:
    """Let nobody else write codings meanwhile. Raises AlreadyRunning and CannotWrite."""
    busy = f"other codings are being written to {folder()}: try again in a moment"
    return files.exclusive_lock(paths.reports() / ".codings.lock", busy, PATIENCE)


def text_fault(text: str) -> tuple[str, str] | None:
    """Say what speaks against keeping a text in a table that people open in a spreadsheet; None for nothing."""
    if unicodedata.normalize("NFKC", text[:1])[:1] in tuple(FORMULA):
        return f"begins with {text[0]!r}, which a spreadsheet takes for a formula", "begin with a word"
    return curated.text_fault(text)


def packet_rows() -> list[tuple[int, PacketRecord]]:
    """Return the rows of packets.csv, each with its line, also where files of an earlier version are there."""
    if not packets_file().exists():
        return []
    rows = curated.table(packets_file(), PacketRecord, ("packet_id",), later="asked")
    for line, row in rows:
        if fault := text_fault(row.coder):
            raise curated.row_faulty(packets_file(), line, f"coder {fault[0]}", fault[1])
        if row.role in PERSONS and len(row.date) != len("2026-11-20"):
            raise curated.row_faulty(packets_file(), line, f"date {row.date!r} is no day", "a decision needs its day")
    return rows


def rows_of(book: Codebook) -> list[tuple[int, Row]]:
    """Return the rows of a codebook's file, each with its line; none without a file. Raises TableFaulty."""
    place = file(book.codebook_id)
    return [(r.line, r.cells) for r in curated.records(place, columns(book))] if place.exists() else []


def _fault(book: Codebook, row: Row, known: Mapping[str, PacketRecord]) -> str | None:
    """What is wrong with a coding. Those that followed another version of the codebook may have other categories."""
    if (packet := known.get(row["packet_id"])) is None:
        return f"packet {curated.plain(row['packet_id'])!r} is not in {packets_file().name}"
    if not row["unit_id"]:
        return "unit_id is empty"
    if fault := text_fault(row["why"]):
        return f"why {fault[0]}"
    if packet.version != book.version:
        return None
    values = {name: row[name] or None for name in book.variables}
    if book.unit == "name" and not row["name"]:
        return "has values and no name" if any(values.values()) else None
    asked = (packet.asked or "").split()
    if more := [name for name, value in values.items() if value and asked and name not in asked]:
        return f"{more[0]} was not asked in packet {packet.packet_id}"
    return book.fault(values, asked)


def _key(book: Codebook) -> list[str]:
    return [*book.key, "packet_id"]


def _write(place: Path, names: list[str], rows: Iterable[Mapping[str, str | None]]) -> None:
    files.write(place, text(names, rows))


def text(names: list[str], rows: Iterable[Mapping[str, str | None]]) -> str:
    """Return what a file of the record holds: these columns, rows sorted by what they are about."""
    key = [name for name in ("unit_id", "to_id", "name", "packet_id") if name in names]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    for row in sorted(rows, key=lambda row: [row[name] or "" for name in key]):
        writer.writerow([row[name] or "" for name in names])
    return stream.getvalue()
