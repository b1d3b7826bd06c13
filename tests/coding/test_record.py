"""The record of codings: what people make of its files in a spreadsheet, what is refused, that it is always whole."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
import records

from analysis.base import files
from analysis.base.errors import TableFaulty
from analysis.coding import codebooks, record
from analysis.coding.record import PacketRecord

BOOK = codebooks.codebook("links")
HEAD = "packet_id,unit_id,to_id,relation,text_hash,to_hash,why\n"
PACKETS = ",".join(record.PACKET_COLUMNS) + "\n"
OF_A = f"p1,links,{BOOK.version},coder,A,language model,m,m-1,abc,2026-11-20,7,2030,2031,\n"
OF_B = f"p2,links,{BOOK.version},coder,B,person,,,,2026-11,not recorded,2030,2031,\n"
ROWS = 'p1,a,b,same,ha,hb,"the same, renamed"\np2,a,b,successor,ha,hb,\np1,c,,none,hc,,\n'


@pytest.fixture
def folder(curated: Path) -> Path:
    (records.with_codebooks(curated) / "codings").mkdir()
    save(curated / "codings")
    return curated / "codings"


def save(folder: Path, rows: str = ROWS, packets: str = OF_A + OF_B) -> None:
    (folder / "packets.csv").write_text(PACKETS + packets, encoding="utf-8")
    (folder / "links.csv").write_text(HEAD + rows, encoding="utf-8")


def row(packet: str, unit: str, to: str, relation: str = "same") -> record.Row:
    return {"packet_id": packet, "unit_id": unit, "to_id": to, "relation": relation, "text_hash": "", "to_hash": "",
            "why": ""}  # fmt: skip


def packet(packet_id: str, **changes: str) -> PacketRecord:
    values = {"codebook": "links", "version": BOOK.version, "role": "coder", "coder": "C", "kind": "person",
              "date": "2026-11-20", "edition": "2030", "against": "2031"}  # fmt: skip
    return PacketRecord(packet_id=packet_id, **(values | changes))


def state(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


# --- what is read -----------------------------------------------------------------------------------------------


def test_codings_come_with_who_made_them_in_whatever_order_they_stand(folder):
    codings = record.codings(BOOK)
    assert codings.select("unit_id", "to_id", "relation", "coder", "kind", "date", "why").rows() == [
        ("a", "b", "same", "A", "language model", "2026-11-20", "the same, renamed"),
        ("a", "b", "successor", "B", "person", "2026-11", None),
        ("c", None, "none", "A", "language model", "2026-11-20", None),
    ]
    for order in permutations(ROWS.splitlines(keepends=True)):
        save(folder, "".join(order), OF_B + OF_A)
        assert record.codings(BOOK).equals(codings)


def test_codings_are_those_of_the_files_as_they_are_now(folder):
    """Though they are parsed once: a file changed by hand, of the same size and time, and another codebook count."""
    times = (folder / "links.csv").stat()
    assert record.codings(BOOK)["relation"].to_list() == ["same", "successor", "none"]
    save(folder, ROWS.replace("same,ha", "none,ha"))
    os.utime(folder / "links.csv", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert record.codings(BOOK)["relation"].to_list() == ["none", "successor", "none"]
    save(folder, packets=OF_A.replace(",A,", ",D,") + OF_B)
    assert record.codings(BOOK)["coder"].to_list() == ["D", "B", "D"]
    save(folder, ROWS.replace("same,ha", "novel,ha"), OF_A.replace(f",{BOOK.version},", ",0,") + OF_B)
    assert record.codings(BOOK)["relation"].to_list() == ["novel", "successor", "none"]
    with pytest.raises(TableFaulty, match="'novel' is no category"):
        record.codings(replace(BOOK, version="0"))


def test_without_files_there_are_no_codings(folder):
    for name in ("links.csv", "packets.csv"):
        (folder / name).unlink()
        assert record.codings(BOOK).is_empty()
    assert record.codings(BOOK).columns == [*record.columns(BOOK), *list(record.PACKET_COLUMNS)[2:]]


def as_spreadsheets(text: str) -> dict[str, str]:
    """A file as spreadsheets save it."""
    return {
        "byte order mark": "\ufeff" + text,
        "carriage returns": text.replace("\n", "\r\n"),
        "old carriage returns": text.replace("\n", "\r"),
        "blank lines": text.replace("\n", "\n\n") + "\n\n",
        "rows of empty cells": text + ",,,,,,\n,,,,,,\n",
        "empty columns": text.replace("\n", ",,\n"),
        "spaces": text.replace(",same,", " , same ,").replace(",coder,", " ,coder ,"),
        "day with slashes": text.replace("2026-11-20", "2026/11/20"),
        "no line end": text.removesuffix("\n"),
    }


@pytest.mark.parametrize("name", as_spreadsheets(""))
def test_files_saved_by_a_spreadsheet_are_read_and_written_plainly(folder, name):
    codings = record.codings(BOOK)
    packets = PACKETS + OF_A + OF_B
    (folder / "packets.csv").write_bytes(as_spreadsheets(packets)[name].encode())
    (folder / "links.csv").write_bytes(as_spreadsheets(HEAD + ROWS)[name].encode())
    assert record.codings(BOOK).equals(codings)
    record.add(BOOK, packet("p3"), [row("p3", "z", "b")])
    assert (folder / "packets.csv").read_text(encoding="utf-8").startswith(PACKETS + OF_A + OF_B)
    assert (folder / "links.csv").read_text(encoding="utf-8") == HEAD + ROWS + "p3,z,b,same,,,\n"


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("p9,a,b,same,,,\n", "line 5: packet 'p9' is not in packets.csv"),
        ("p1,,b,same,,,\n", "line 5: unit_id is empty"),
        ("p1,z,b,alike,,,\n", "line 5: relation 'alike' is no category: choose one of same, successor"),
        ("p1,z,b,,,,\n", "line 5: relation is missing"),
        ("p1,a,b,same,,,\n", "line 5: p1, a, b is there twice, in line 2, too; keep one of the rows"),
        ("p1,z,b,same,,,=HYPERLINK(1)\n", "line 5: why begins with '=', which a spreadsheet takes for a formula"),
        ("p1,z,b,same,,,why, oh why\n", "line 5: there are more than 7 cells; quote texts with commas"),
        ('p1,z,b,same,,,"why\n', "line 5: unexpected end of data; mend the quotes"),
        ("p1,z,b,same,,,ring \a\n", "line 5: why holds the control character"),
        ('p1,z,b,same,,,"one\ntwo"\n\np9,a,b,same,,,\n', "line 8: packet 'p9'"),
    ],
)
def test_a_faulty_row_stops_with_its_line(folder, rows, says):
    save(folder, ROWS + rows)
    with pytest.raises(TableFaulty, match=r"codings/links\.csv, " + says) as caught:
        record.codings(BOOK)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ((HEAD + ROWS.replace("renamed", "改称")).encode("cp932"), r"line 2: not UTF-8, it looks like Shift_JIS"),
        ((HEAD + ROWS).encode("utf-16"), "line 1: not UTF-8, it looks like UTF-16; save it"),
        ((HEAD + ROWS).replace(",", ";").encode(), "line 1: the columns must be packet_id,unit_id,to_id"),
        (HEAD.replace("unit_id,to_id", "to_id,unit_id").encode(), "the columns must be"),
        (b"", "the columns must be"),
        ((HEAD + ROWS.replace("renamed", "re\0named")).encode(), r"control character|NUL"),
    ],
)
def test_a_file_that_is_no_such_table_is_one_clear_line(folder, content, says):
    (folder / "links.csv").write_bytes(content)
    with pytest.raises(TableFaulty, match=says) as caught:
        record.codings(BOOK)
    assert "\n" not in str(caught.value)


def test_a_packet_is_there_once(folder):
    save(folder, packets=OF_A + OF_B + OF_A)
    with pytest.raises(TableFaulty, match=r"packets\.csv, line 4: p1 is there twice, in line 2, too"):
        record.codings(BOOK)


def test_codings_by_an_older_codebook_are_kept_whatever_their_categories(folder):
    save(folder, ROWS.replace("same,ha", "alike,ha"), OF_A.replace(f"links,{BOOK.version},", "links,0,") + OF_B)
    assert record.codings(BOOK)["relation"].to_list() == ["alike", "successor", "none"]
    record.add(BOOK, packet("p3"), [row("p3", "z", "b")])
    assert record.codings(BOOK).select("relation", "version").rows()[0] == ("alike", "0")


@pytest.mark.parametrize("name", record.EARLIER)
def test_a_file_of_an_earlier_version_is_not_passed_over(folder, name):
    (folder.parent / name).write_text("from_id,to_id\n", encoding="utf-8")
    with pytest.raises(TableFaulty, match=rf"{name} is of an earlier version and no longer read: (take|add|remove)"):
        record.codings(BOOK)


# --- writing ----------------------------------------------------------------------------------------------------


def test_a_packets_codings_take_the_place_of_its_own_alone(folder):
    record.add(BOOK, packet("p1", coder="D"), [row("p1", "a", "e")])
    assert record.codings(BOOK).select("packet_id", "coder", "unit_id", "to_id").rows() == [
        ("p2", "B", "a", "b"), ("p1", "D", "a", "e"),
    ]  # fmt: skip


def test_a_decision_takes_the_place_of_those_of_its_unit_and_role(folder):
    for who, relation in (("me", "same"), ("you", "none")):
        of = packet(f"r-{who}", role="reviewer", coder=who)
        before = record.put(BOOK, of, row(of.packet_id, "a", "b", relation), {"unit_id": "a", "to_id": "b"})
    assert before.select("coder", "relation").rows() == [("me", "same")]
    assert record.codings(BOOK).select("coder", "relation").rows()[:3] == [
        ("A", "same"), ("B", "successor"), ("you", "none"),
    ]  # fmt: skip
    taken = record.take_out(BOOK, {"unit_id": "a", "to_id": "b"}, record.PERSONS)
    assert taken["coder"].to_list() == ["you"]
    assert (folder / "links.csv").read_text(encoding="utf-8") == HEAD + ROWS


@pytest.mark.parametrize("packet_id", ["p3", "p1"])
def test_who_is_killed_between_two_files_leaves_codings_with_their_authors(folder, monkeypatch, packet_id):
    """Before each write in turn: every coding that is there then is one of the old state or of the new."""
    new = packet(packet_id, coder="D"), [row(packet_id, "a", "e"), row(packet_id, "z", "b")]
    old, before = state(folder), seen()
    record.add(BOOK, *new)
    after = seen()
    states = []
    for writes in range(4):
        for name, content in old.items():
            (folder / name).write_bytes(content)
        with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
            patch.setattr(files, "write", killed_after(writes))
            record.add(BOOK, *new)
        states.append(seen())
    assert (states[0], states[-1]) == (before, after)
    others = [known for known in before if known[0] != packet_id]
    assert all(rows in (before, after, others) for rows in states)


def seen() -> list[tuple[str, ...]]:
    return record.codings(BOOK).select("packet_id", "coder", "unit_id", "to_id", "relation").rows()


def killed_after(writes: int) -> Callable[[Path, str], None]:
    """Write files, but only so many."""
    whole, done = files.write, iter(range(writes))

    def write(file: Path, content: str) -> None:
        if next(done, None) is None:
            raise KeyboardInterrupt
        whole(file, content)

    return write
