"""The record of codings: data/curated/codings, with a file for each codebook and packets.csv, which says who coded.

A row of packets.csv is what one coder was given at a time: codebook and version, coder, kind (person or language
model), model and its version as the server reports it, the prompt's hash, date, seed, editions. What nobody recorded
says so. A row of <codebook>.csv is what a packet's coder says of a unit, with the hash of the text that was coded.
Files may be edited by hand, in a spreadsheet too (`base.curated`); they are sorted and replaced whole or not at all.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal

import polars as pl

from analysis.base import curated, files, paths
from analysis.coding.codebooks import Codebook

NOT_RECORDED = "not recorded"
PATIENCE = 10.0  # seconds to wait for another coding to be written
# coder: codes a share of all units; adjudicator: decides where coders differ; reviewer: a person who decides about
# units that were put before them; sample: a person who decides about units drawn at random
Role = Literal["coder", "adjudicator", "reviewer", "sample"]
Kind = Literal["person", "language model"]

Row = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class PacketRecord:
    """A row of packets.csv. `date` is a day, a month (2026-11) or NOT_RECORDED; `edition` is empty for a review."""

    packet_id: str
    codebook: str
    version: str
    role: Role
    coder: str
    kind: Kind
    model: str | None = None
    model_version: str | None = None
    prompt_hash: str | None = None
    date: curated.DayOrMonth | Literal["not recorded"]
    seed: str | None = None
    edition: str | None = None
    against: str | None = None


PACKET_COLUMNS = dict.fromkeys((field.name for field in fields(PacketRecord)), pl.String)


def packets() -> pl.DataFrame:
    """Return packets.csv: PACKET_COLUMNS, sorted. No rows without a file. Raises TableFaulty."""
    return curated.frame(_packet_rows(), PACKET_COLUMNS).sort("packet_id")


def columns(book: Codebook) -> list[str]:
    """Return the columns of a codebook's file."""
    to_id, to_hash = (["to_id"], ["to_hash"]) if book.unit == "pair" else ([], [])
    return ["packet_id", "unit_id", *to_id, *book.variables, "text_hash", *to_hash, "why"]


def codings(book: Codebook) -> pl.DataFrame:
    """Return the codings of a codebook with who made them: `columns`, then those of packets.csv; sorted.

    All are text, null for an empty cell. No rows without a file. Raises TableFaulty where a row names no packet or no
    category.
    """
    versions = dict(packets().select("packet_id", "version").iter_rows())
    rows = _rows(book)
    for line, row in rows:
        if fault := _fault(book, row, versions):
            raise curated.row_faulty(file(book.codebook_id), line, fault)
    key = ("unit_id", "to_id") if book.unit == "pair" else ("unit_id",)
    curated.refuse_twice(
        file(book.codebook_id), ((line, (row["packet_id"], *(row[name] for name in key))) for line, row in rows)
    )
    values = [{name: text or None for name, text in row.items()} for _, row in rows]
    frame = pl.DataFrame(values, schema=dict.fromkeys(columns(book), pl.String))
    return frame.join(packets().drop("codebook"), on="packet_id").sort(_key(book), nulls_last=True)


def add(book: Codebook, packet: PacketRecord, rows: Iterable[Row]) -> None:
    """Record a packet's codings, in place of earlier ones of the same packet. Raises TableFaulty and CannotWrite."""
    with alone():
        kept = [row for _, row in _packet_rows() if row.packet_id != packet.packet_id]
        others = [row for _, row in _rows(book) if row["packet_id"] != packet.packet_id]
        # the packet first: codings without one would be a fault, a packet without codings is none
        _write(packets_file(), list(PACKET_COLUMNS), [asdict(row) for row in [*kept, packet]], ["packet_id"])
        _write(file(book.codebook_id), columns(book), [*others, *rows], _key(book))


def put(book: Codebook, packet: PacketRecord, row: Row, unit: Mapping[str, str]) -> pl.DataFrame:
    """Record one coding, in place of those of the same unit and role; return these (columns of `codings`).

    `unit` holds unit_id and, of pairs, to_id. Raises TableFaulty, AlreadyRunning and CannotWrite.
    """
    with alone():
        before = _of(book, unit, [packet.role])
        packet_rows = [known for _, known in _packet_rows() if known.packet_id != packet.packet_id]
        rows = _without(book, before)
        _write(packets_file(), list(PACKET_COLUMNS), [asdict(known) for known in [*packet_rows, packet]], ["packet_id"])
        _write(file(book.codebook_id), columns(book), [*rows, row], _key(book))
    return before


def take_out(book: Codebook, unit: Mapping[str, str], roles: Sequence[str]) -> pl.DataFrame:
    """Take the codings of a unit by these roles out of the record; return them. Raises as `put`."""
    with alone():
        taken = _of(book, unit, roles)
        if len(taken):
            _write(file(book.codebook_id), columns(book), _without(book, taken), _key(book))
    return taken


def _of(book: Codebook, unit: Mapping[str, str], roles: Sequence[str]) -> pl.DataFrame:
    return codings(book).filter(pl.col("role").is_in(roles), **unit)


def _without(book: Codebook, taken: pl.DataFrame) -> list[Row]:
    key = _key(book)
    gone = set(taken.select(pl.col(key).fill_null("")).iter_rows())
    return [row for _, row in _rows(book) if tuple(row[name] for name in key) not in gone]


def file(codebook_id: str) -> Path:
    return folder() / f"{codebook_id}.csv"


def packets_file() -> Path:
    return folder() / "packets.csv"


def folder() -> Path:
    return paths.curated() / "codings"


def alone() -> AbstractContextManager[None]:
    """Let nobody else write codings meanwhile. Raises AlreadyRunning and CannotWrite."""
    busy = f"other codings are being written to {folder()}: try again in a moment"
    return files.exclusive_lock(paths.reports() / ".codings.lock", busy, PATIENCE)


def _packet_rows() -> list[tuple[int, PacketRecord]]:
    return curated.table(packets_file(), PacketRecord, ("packet_id",)) if packets_file().exists() else []


def _rows(book: Codebook) -> list[tuple[int, Row]]:
    """The rows of a codebook's file, each with its line; none without a file. Raises TableFaulty."""
    place = file(book.codebook_id)
    return [(r.line, r.cells) for r in curated.records(place, columns(book))] if place.exists() else []


def _fault(book: Codebook, row: Row, versions: dict[str, str]) -> str | None:
    """What is wrong with a coding. Those that followed another version of the codebook may have other categories."""
    if row["packet_id"] not in versions:
        return f"packet {curated.plain(row['packet_id'])!r} is not in {packets_file().name}"
    if not row["unit_id"]:
        return "unit_id is empty"
    if versions[row["packet_id"]] != book.version:
        return None
    return book.fault({name: row[name] or None for name in book.variables})


def _key(book: Codebook) -> list[str]:
    return ["unit_id", *(["to_id"] if book.unit == "pair" else []), "packet_id"]


def _write(place: Path, names: list[str], rows: list[Row], key: list[str]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    for row in sorted(rows, key=lambda row: [row[name] or "" for name in key]):
        writer.writerow([row[name] or "" for name in names])
    files.write(place, text.getvalue())
