"""`code migrate`: codings and decisions from where earlier versions kept them; nothing is lost."""

from pathlib import Path

import polars as pl
import pytest
import records

from analysis.base.errors import CannotWrite, TableFaulty
from analysis.coding import codings, decisions, record
from analysis.workspace import earlier_version, move_judgements

CODINGS = """from_id,edition_id,to_id,first,second,relation,why
2030-0001,2031,2031-0001,same,same,same,both say so
2030-0001,2031,2031-0002,none,successor,successor,the third says so
2030-0002,2031,2031-0001,none,related,related,only the second
2030-0003,2031,,none,none,none,what it was linked with was dropped when the document was replaced
2030-0004,2031,,none,none,none,nothing comes near
"""
DECISIONS = """from_id,to_id,decision,relation,who,when,why
2030-0001,2031-0002,reject,,K. Tanaka,2026/11/2,other object
2030-0002,2031-0001,confirm,successor,K. Tanaka,2026-11-02,takes over its goal
2030-0009,2031-0001,reject,,M. Sato,2026-11-03,its measure is gone
"""
ROWS = [(f"{year}-000{n}", year, "body", f"hash of {year}-000{n}") for year in (2030, 2031) for n in range(1, 5)]
MEASURES = pl.DataFrame(ROWS, schema=["measure_id", "edition", "part", "text_hash"], orient="row")


@pytest.fixture
def old(curated: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder data/curated with the files of an earlier version."""
    monkeypatch.setattr(earlier_version.store, "read", lambda _: MEASURES)
    records.with_codebooks(curated)
    (curated / "codings.csv").write_text(CODINGS, encoding="utf-8")
    (curated / "links.csv").write_text(DECISIONS, encoding="utf-8")
    (curated / "coders.toml").write_text('codings = "person"', encoding="utf-8")
    return curated


def state(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_codings_and_decisions_say_what_they_said(old):
    assert earlier_version.take_over().endswith(
        "codings: 5, decisions: 3; removed: codings.csv, links.csv, coders.toml"
    )
    assert not any((old / name).exists() for name in record.MIGRATED)
    table = codings.table(MEASURES)
    rows = [tuple(cell or None for cell in line.split(",")) for line in CODINGS.splitlines()[1:]]
    assert table.select(list(codings.COLUMNS)).rows() == rows
    assert table["contested"].to_list() == [False, True, False, False, False]
    assert set(record.packets()["kind"]) == {"person"}
    silent = [row["why"] for row in records.rows_of() if row["unit_id"] == "2030-0003"]
    assert silent == [move_judgements.NONE_LEFT] * 2  # for each coder
    decided = [
        ("2030-0001", "2031-0002", "reject", None, "K. Tanaka", "2026-11-02", "other object"),
        ("2030-0002", "2031-0001", "confirm", "successor", "K. Tanaka", "2026-11-02", "takes over its goal"),
    ]
    with pytest.raises(TableFaulty, match="there is no measure 2030-0009 any more; look at the decision"):
        decisions.table(MEASURES)  # as it was before
    decisions.withdraw("2030-0009", "2031-0001")
    assert decisions.table(MEASURES).rows() == decided
    assert {row["text_hash"] for row in records.rows_of()} == {f"hash of 2030-000{n}" for n in range(1, 5)}


def test_a_file_from_a_spreadsheet_is_taken_over_too(old):
    for name in ("codings.csv", "links.csv"):
        text = (old / name).read_text(encoding="utf-8")
        (old / name).write_bytes(("\ufeff" + text.replace("\n", "\r\n") + ",,,,\r\n").encode())
    earlier_version.take_over()
    assert len(codings.table(MEASURES)) == 5


def test_to_take_over_again_changes_nothing(old):
    earlier_version.take_over()
    after = state(old)
    assert earlier_version.take_over() == "there is nothing to take over"
    assert state(old) == after
    (old / "codings.csv").write_text(CODINGS, encoding="utf-8")
    (old / "links.csv").write_text(DECISIONS, encoding="utf-8")
    earlier_version.take_over()
    assert state(old) == after


def test_what_breaks_off_can_be_done_again(old, monkeypatch):
    earlier_version.take_over()
    after = state(old)
    for name, text in (("codings.csv", CODINGS), ("links.csv", DECISIONS), ("coders.toml", 'codings = "person"')):
        (old / name).write_text(text, encoding="utf-8")
    for name in ("packets", "links"):
        record.file(name).unlink()

    def refused(self: Path, missing_ok: bool = False) -> None:
        raise CannotWrite(f"cannot remove {self}")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refused)
        with pytest.raises(CannotWrite):
            earlier_version.take_over()
    with pytest.raises(TableFaulty, match=r"codings\.csv is of an earlier version"):
        codings.table(MEASURES)
    earlier_version.take_over()
    assert state(old) == after


def test_what_the_record_has_keeps_its_packet_and_the_hash_of_its_text(old):
    records.write([("A", "2030-0001", "2031-0001", "same", "")], hashes={"2030-0001": "an older text"})
    text = record.packets_file().read_text(encoding="utf-8")
    name = text.splitlines()[1].split(",")[0]
    for file in (record.packets_file(), record.file("links")):
        content = file.read_text(encoding="utf-8").replace(name, "links-1-2030-2031-A")
        file.write_text(content.replace(",links,2,", ",links,1,"), encoding="utf-8")
    packet = record.packets_file().read_text(encoding="utf-8").splitlines()[1]
    records.write([("A", "2030-0009", "2031-0001", "same", "another measure, another day")])
    records.write([("M. Sato", "2030-0004", "2031-0004", "same", "")])
    with record.file("links").open("a", encoding="utf-8") as file:  # what the old file says no more
        file.write("links-1-2030-2031-A,2030-0004,2031-0003,same,,,\n")
    earlier_version.take_over()
    assert packet in record.packets_file().read_text(encoding="utf-8").splitlines()
    kept = {(row["unit_id"], row["to_id"], row["packet_id"][-1]): row for row in records.rows_of()}
    assert ("2030-0004", "2031-0003", "A") not in kept
    assert kept["2030-0001", "2031-0001", "A"]["text_hash"] == "an older text"
    assert kept["2030-0001", "2031-0001", "B"]["text_hash"] == "hash of 2030-0001"
    assert "another measure, another day" in {row["why"] for row in records.rows_of() if row["unit_id"] == "2030-0009"}
    assert decisions.of_people(earlier_version.Earlier().book)["coder"].n_unique() == 2


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("codings.csv", CODINGS + "2030-0001,2031,x,same,alike,same,\n", "line 7: second 'alike' must be one of none"),
        ("codings.csv", CODINGS + ",2031,x,same,same,same,\n", "line 7: from_id is empty; fill it in"),
        ("codings.csv", CODINGS.replace("from_id", "from"), "line 1: the columns must be from_id,edition_id"),
        ("links.csv", DECISIONS + "a,b,perhaps,,me,2026-11-20,\n", "line 5: decision 'perhaps' does not exist"),
        ("links.csv", DECISIONS + "a,b,confirm,,me,2026-11-20,\n", "line 5: a confirmed pair needs the relation"),
        ("links.csv", DECISIONS + "a,b,reject,,,2026-11-20,\n", "line 5: who is empty"),
        ("links.csv", DECISIONS + "a,b,reject,,me,May,\n", "line 5: when 'May' is no day; write it like 2026-11-20"),
        ("links.csv", DECISIONS + "a,b,reject,,me,2026-11-20,=1\n", "line 5: why begins with '='"),
        ("coders.toml", 'codings = "oracle"', "codings is 'oracle': choose person or language model"),
    ],
)
def test_a_faulty_file_is_named_and_nothing_is_taken(old, name, content, says):
    (old / name).write_text(content, encoding="utf-8")
    before = state(old)
    with pytest.raises(TableFaulty, match=says) as caught:
        earlier_version.take_over()
    assert name in str(caught.value)
    assert state(old) == before


def test_what_was_set_aside_can_come_back(old):
    """Old rows of dropped measures become rows of the record, which come back as those do."""
    (old / "coders.toml").unlink()
    cells = ["ip2031", "codings.csv", '2030-0001,2031,2031-0008,same,same,same,"by both, once"',
             "2031-0008 was dropped", "link"]  # fmt: skip
    other = ["ip2031", "corrections.csv", "ip2031,5,a,b,c", "the new text has it", "nothing"]
    file, text = move_judgements.set_aside_file([
        dict(zip(move_judgements.SET_ASIDE_COLUMNS, row, strict=True)) for row in (cells, other)
    ])  # fmt: skip
    file.write_text(text, encoding="utf-8")
    earlier_version.take_over()
    aside = move_judgements.set_aside()
    assert [row["file"] for row in aside] == ["codings/links.csv", "codings/links.csv", "corrections.csv"]
    there = move_judgements.bring_back({"ip2031"}, {"2031-0008": "2031-0001"})  # which they coded themselves
    assert (there.counts, there.files) == ({}, {})
    moved = move_judgements.bring_back({"ip2031"}, {"2031-0008": "2031-0004"})
    assert moved.counts == {"coding": 2}
    for place, content in moved.files.items():
        place.write_text(content, encoding="utf-8")
    table = codings.table(MEASURES).filter(from_id="2030-0001", to_id="2031-0004")
    assert table.select("first", "second", "why").rows() == [("same", "same", "by both, once")]
    assert [row["file"] for row in move_judgements.set_aside()] == ["corrections.csv"]
