"""Codings and decisions in the record of a test's workspace: packets and rows, as commands and the review make them."""

import csv
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from conftest import REPO

from analysis.coding import codebooks, record
from analysis.coding.record import PacketRecord

ROLES = {"A": "coder", "B": "coder", "C": "adjudicator"}  # of the slots of a coding; others are people who decide
DAY = "2026-11-20"

# slot or person, unit_id, to_id (None: nothing comes near), relation, why
Said = tuple[str, str, str | None, str, str]


def with_codebooks(curated: Path) -> Path:
    """Copy the codebooks into an empty folder data/curated; return it."""
    shutil.copytree(REPO / "data/curated/codebooks", curated / "codebooks")
    return curated


def write(
    said: Iterable[Said], edition: str = "2030", against: str = "2031", *, hashes: Mapping[str, str] | None = None,
    kind: str = "language model", day: str = DAY,
) -> None:  # fmt: skip
    """Add to the record of links what each coder (A, B), adjudicator (C) or person (a name) says."""
    book, hashes = codebooks.codebook("links"), hashes or {}
    packets, rows = {}, [row for _, row in record.rows_of(book)]
    for slot, unit_id, to_id, relation, why in said:
        coder = slot in ROLES
        name = f"links-{book.version}-" + (f"{edition}-{against}-{slot}-{day}" if coder else f"reviewer-{slot}-{day}")
        packets[name] = PacketRecord(
            packet_id=name, codebook="links", version=book.version, role=ROLES.get(slot, "reviewer"),
            coder=f"coder {slot}" if coder else slot, kind=kind if coder else "person", date=day,
            edition=edition if coder else None, against=against if coder else None,
        )  # fmt: skip
        rows.append({
            "packet_id": name, "unit_id": unit_id, "to_id": to_id or "", "relation": relation,
            "text_hash": hashes.get(unit_id, ""), "to_hash": hashes.get(to_id or "", ""), "why": why,
        })  # fmt: skip
    record.save(book, list(packets.values()), rows)


def by_both(pairs: Iterable[tuple[str, str | None, str]], *, why: str = "why", **more: object) -> None:
    """Add unit_id, to_id, relation as said by both coders."""
    write([(slot, *pair, why) for pair in pairs for slot in "AB"], **more)


def rows_of(name: str = "links") -> list[dict[str, str]]:
    """The rows of a file of the record, without packets."""
    with record.file(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
