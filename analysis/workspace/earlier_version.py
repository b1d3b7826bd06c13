"""Take over codings and decisions from where earlier versions kept them: codings.csv, coders.toml and links.csv.

They become codings of version 1 of codebook `links`: by coders A and B and, where these differed, an adjudicator C,
whose models and days nobody recorded. What was set aside when a document was replaced is taken over, too. To do it
again changes nothing.
"""

import csv
import dataclasses
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import cast, get_args

from analysis.base import curated, files, paths
from analysis.coding import codebooks, codings, decisions, record
from analysis.coding.codebooks import Codebook
from analysis.coding.record import NOT_RECORDED, Kind, PacketRecord, Role, Row
from analysis.tables import editions, store
from analysis.workspace import move_judgements

VERSION = "1"  # of the codebook whose rules they followed
KINDS = get_args(Kind)
SLOTS: dict[str, Role] = {"A": "coder", "B": "coder", "C": "adjudicator"}
COLUMNS = {"codings.csv": [*codings.COLUMNS], "links.csv": [*decisions.COLUMNS]}
Coding = tuple[PacketRecord, Row]


def take_over() -> str:
    """Put the codings and decisions of an earlier version into the record and remove their files; say what was done.

    Raises TableFaulty where one of them cannot be read, and then changes nothing; AlreadyRunning and CannotWrite.
    """
    with record.alone():
        old = [file for name in record.MIGRATED if (file := paths.curated() / name).exists()]
        aside = move_judgements.set_aside()
        if not old and not any(row["file"] in COLUMNS for row in aside):
            return "there is nothing to take over"
        earlier = Earlier()
        coded, decided = (_read(name) for name in COLUMNS)
        new = [*earlier.of_codings(coded), *(pair for row in decided for pair in earlier.of_decision(row))]
        set_aside, packets = _taken_aside(earlier, aside)
        _record(earlier, [*(packet for packet, _ in new), *packets], [row for _, row in new], coded)
        if aside:
            files.write(*move_judgements.set_aside_file(set_aside))
        for file in old:
            file.unlink()
    names = ", ".join(file.name for file in old) or "no file"
    return f"taken over into {record.folder()}: codings: {len(coded)}, decisions: {len(decided)}; removed: {names}"


class Earlier:
    """What earlier versions said, as the record has it."""

    def __init__(self) -> None:
        measures = store.read("measures").with_columns(editions.column())
        self.edition_of = dict(measures.select("measure_id", "edition_id").iter_rows())
        self.hash_of = dict(measures.select("measure_id", "text_hash").iter_rows())

    @cached_property
    def book(self) -> Codebook:
        return dataclasses.replace(codebooks.codebook(codings.CODEBOOK), version=VERSION)

    @cached_property
    def kind(self) -> Kind:
        """Who the coders were; language models, unless the file says otherwise: so it was as the program came."""
        file = paths.curated() / "coders.toml"
        kind = curated.toml(file).get("codings") if file.exists() else "language model"
        if kind not in KINDS:
            raise curated.faulty(file, f"codings is {curated.plain(kind)!r}: choose {' or '.join(KINDS)}")
        return cast(Kind, kind)

    def of_codings(self, rows: list[Row]) -> Iterator[Coding]:
        """Each coder's words about each pair; of a measure for which they named nothing, that."""
        cases: dict[tuple[str, str], list[Row]] = {}
        for row in rows:
            cases.setdefault((row["from_id"], row["edition_id"]), []).append(row)
            yield from self.of_coding(row)
        for case in cases.values():
            for slot, name in (("A", "first"), ("B", "second")):
                if all(row[name] == "none" for row in case):
                    why = next((row["why"] for row in case if not row["to_id"]), "")
                    said = why if slot == "A" or why == move_judgements.NONE_LEFT else ""
                    yield self._coding(slot, case[0] | {"to_id": ""}, "none", said)

    def of_coding(self, row: Row) -> Iterator[Coding]:
        """A row of codings.csv: what each coder says of the pair, unless it is nothing, and who decided."""
        contested = codings.RANKS[row["first"]] != codings.RANKS[row["second"]]
        for slot, name in (("A", "first"), ("B", "second")):
            if row[name] != "none":
                named_it = not contested and (slot == "A" or row["first"] == "none")
                yield self._coding(slot, row, row[name], row["why"] if named_it else "")
        if contested:
            yield self._coding("C", row, row["relation"], row["why"])

    def of_decision(self, row: Row) -> Iterator[Coding]:
        """A row of links.csv."""
        day = curated.day(row["when"])
        packet = PacketRecord(
            packet_id=decisions.packet_id(self.book, row["who"], day), codebook=self.book.codebook_id, version=VERSION,
            role="reviewer", coder=row["who"], kind="person", date=day,
        )  # fmt: skip
        yield packet, self._row(packet.packet_id, row, row["relation"] or "none", row["why"])

    def packet_id(self, slot: str, row: Row) -> str:
        return "-".join(["links", VERSION, self._edition(row), row["edition_id"], slot])

    def _edition(self, row: Row) -> str:
        return self.edition_of.get(row["from_id"]) or row["from_id"].split("-")[0]

    def _coding(self, slot: str, row: Row, relation: str, why: str) -> Coding:
        packet = PacketRecord(
            packet_id=self.packet_id(slot, row), codebook="links", version=VERSION, role=SLOTS[slot],
            coder=f"model {slot}" if self.kind != "person" else f"coder {slot}", kind=self.kind, model=NOT_RECORDED,
            model_version=NOT_RECORDED, prompt_hash=NOT_RECORDED, date=NOT_RECORDED, seed=NOT_RECORDED,
            edition=self._edition(row), against=row["edition_id"],
        )  # fmt: skip
        return packet, self._row(packet.packet_id, row, relation, why)

    def _row(self, packet_id: str, row: Row, relation: str, why: str) -> Row:
        values = {
            "packet_id": packet_id, "unit_id": row["from_id"], "to_id": row["to_id"], "relation": relation,
            "text_hash": self.hash_of.get(row["from_id"]) or "", "to_hash": self.hash_of.get(row["to_id"]) or "",
            "why": why,
        }  # fmt: skip
        return {name: values.get(name, "") for name in record.columns(self.book)}


def _record(earlier: Earlier, packets: list[PacketRecord], rows: list[Row], coded: list[Row]) -> None:
    """Put packets and rows into the record, in place of those of the same coders about the same measures.

    A packet that is there stays, and a coding that is there keeps the hash of its text.
    """
    there = {_key(row): row for _, row in record.rows_of(earlier.book)}
    of_cases = {(earlier.packet_id(slot, row), row["from_id"]) for row in coded for slot in SLOTS}
    new = {_key(row): row for row in rows}
    for key, row in new.items():
        if key in there and there[key]["relation"] == row["relation"]:
            row.update({name: there[key][name] for name in ("text_hash", "to_hash")})
    kept = [row for key, row in there.items() if key not in new and key[:2] not in of_cases]
    known = {packet.packet_id for _, packet in record.packet_rows()}
    added = {packet.packet_id: packet for packet in packets if packet.packet_id not in known}
    record.save(earlier.book, list(added.values()), [*kept, *new.values()])


def _taken_aside(earlier: Earlier, aside: list[Row]) -> tuple[list[Row], list[PacketRecord]]:
    """What was set aside, with codings and decisions as the record has them, and their packets."""
    rows: list[Row] = []
    packets: list[PacketRecord] = []
    for row in aside:
        cells = next(csv.reader([row["row"]]), [])
        if row["file"] not in COLUMNS or len(cells) != len(COLUMNS[row["file"]]):
            rows.append(row)
            continue
        old = dict(zip(COLUMNS[row["file"]], cells, strict=True))
        new = list((earlier.of_coding if row["file"] == "codings.csv" else earlier.of_decision)(old))
        packets += [packet for packet, _ in new]
        name = move_judgements.name_of(record.file(codings.CODEBOOK))
        rows += [row | {"file": name, "row": move_judgements.words(coding)} for _, coding in new] or [row]
    return rows, packets


def _read(name: str) -> list[Row]:
    """The rows of an old file, none without it. Raises TableFaulty."""
    file = paths.curated() / name
    told: Callable[[Row], tuple[str, str] | None] = _coding_fault if name == "codings.csv" else _decision_fault
    rows = curated.records(file, COLUMNS[name]) if file.exists() else []
    for line, row in rows:
        if fault := told(row):
            raise curated.row_faulty(file, line, *fault)
    return [row for _, row in rows]


def _coding_fault(row: Row) -> tuple[str, str] | None:
    for name in ("from_id", "edition_id"):
        if not row[name]:
            return f"{name} is empty", "fill it in"
    for name in codings.CODED:
        if row[name] not in codings.RANKS:
            return f"{name} {curated.plain(row[name])!r} must be one of {', '.join(codings.RANKS)}", curated.MEND
    return _text_fault(row, "why")


def _decision_fault(row: Row) -> tuple[str, str] | None:
    try:
        curated.day(row["when"])
    except ValueError as error:
        return f"when {error}", "write it like 2026-11-20"
    if not row["who"]:
        return "who is empty", "fill it in"
    return decisions.choice_fault(row["decision"], row["relation"]) or _text_fault(row, "who", "why")


def _text_fault(row: Row, *names: str) -> tuple[str, str] | None:
    for name in names:
        if fault := record.text_fault(row[name]):
            return f"{name} {fault[0]}", fault[1]
    return None


def _key(row: Row) -> tuple[str, str, str]:
    return row["packet_id"], row["unit_id"], row["to_id"]
