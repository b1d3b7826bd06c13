"""`python -m analysis observe`, as people type it: what is shown, what is recorded, and what changes nothing."""

import io
import shutil
import sys

import polars as pl
import pytest
from statistics_files import PASTED, PXWEB, estat, jetro, merged, workbook
from test_kpi import REGISTER, points

from analysis import kpi
from analysis.base.paths import curated
from analysis.kpi import register
from analysis.tables import store

HEAD = "indicator_id,period,value,unit,source,address,published_on,retrieved_on,who\n"
PLANS = ("observation", 2030.0, 1.8), ("observation", 2029.0, 1.65)
TABLES = {
    "list.csv": (estat(), ['unit_column = "単位"'], "H9"),
    "merged.xlsx": (workbook(merged), ['unit = "億円"'], "E6"),
    "wide.csv": (PXWEB.encode("utf-16"), ['unit = "billion yen"'], "D4"),
}


@pytest.fixture
def tea(workspace, monkeypatch):
    """A workspace whose register has tea, with the plans' values of two years."""
    (workspace.root / "data/curated/indicators.toml").write_text(REGISTER, encoding="utf-8")
    (workspace.root / "data/curated/observations.csv").write_text(HEAD, encoding="utf-8")
    manifest = workspace.root / "data/raw/manifest.toml"
    manifest.write_text(manifest.read_text().replace("edition = 2026", "edition = 2030"))
    plans = points("tea", *PLANS, edition=[2030, 2030])
    store.write("series", plans, workspace.root / "data/processed")
    register._read.cache_clear()
    yield workspace
    register._read.cache_clear()


def rows():
    return (curated() / "observations.csv").read_text(encoding="utf-8").splitlines()[1:]


def edited(map_file, unit):
    """Fill in what a proposed map leaves open."""
    text = map_file.read_text(encoding="utf-8")
    for line in (unit, 'published_on = "2031-02-01"', 'retrieved_on = "2031-03-01"', 'indicator_id = "tea"'):
        key = line.split(" = ")[0]
        text = "".join(line + "\n" if part.startswith(f"{key} =") else part for part in text.splitlines(keepends=True))
    map_file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", TABLES)
def test_from_a_table_to_the_file(tea, name):
    content, unit, place = TABLES[name]
    (tea.root / name).write_bytes(content)
    map_file = (tea.root / name).with_suffix(".toml")
    code, out, err = tea.call("observe", name, "--who", "A")
    assert (code, rows()) == (2, [])
    assert err == f"error: {map_file.name} is a proposal: check and edit it, and run the command again\n"
    assert map_file.read_text(encoding="utf-8") in out + "\n"
    edited(map_file, *unit)
    code, out, err = tea.call("observe", name, "--who", "A")
    assert (code, rows()) == (2, [])
    assert "nothing was recorded" in err
    shown = next(line for line in out.splitlines() if line.startswith(f"{place}  tea 2030: 18"))
    assert shown.endswith("= 1.8125 兆円; the plan of 2030 says 1.8 兆円 for 2030 (+0.7%)")
    assert "left out: " in out
    code, out, err = tea.call("observe", name, "--who", "A", "--yes")
    assert (code, err) == (0, "")
    assert [row.split(",")[:2] for row in rows()] == [["tea", "2029"], ["tea", "2030"]]
    assert rows()[1].endswith(",2031-02-01,2031-03-01,A")
    assert kpi.observations()["value"].to_list() == [1.65, 1.8125]
    before = tea.state()
    code, out, err = tea.call("observe", name, "--who", "B", "--yes")  # the same once more
    assert (code, err, tea.state()) == (0, "", before)
    assert "tea 2030 is known already, with the same value" in out


def test_a_kept_map_serves_the_next_year_and_asks_for_its_day(tea):
    (tea.root / "tea.csv").write_bytes(estat())
    tea.call("observe", "tea.csv")
    edited(tea.root / "tea.toml", 'unit_column = "単位"')
    assert tea.call("observe", "tea.csv", "--who", "A", "--yes")[0] == 0
    kept = curated() / "observations/tea.toml"
    text = kept.read_text(encoding="utf-8")
    assert "published_on" not in text
    assert "retrieved_on" not in text
    assert 'source = "茶業統計"' in text
    (tea.root / "tea.toml").unlink()
    (tea.root / "new").mkdir()
    (tea.root / "new/tea.csv").write_bytes(estat().replace(b"1,812,500", b"1,900,000"))
    code, _, err = tea.call("observe", "new/tea.csv", "--who", "A", "--yes")
    assert code == 9
    assert "H9: retrieved_on is empty" in err
    code, out, err = tea.call("observe", "new/tea.csv", "--who", "A", "--yes", "--retrieved-on", "2032-03-01")
    assert (code, err) == (0, "")
    assert "added before: 1812500 百万円 (2031-02-01)" in out
    assert [row.split(",")[2] for row in rows()] == ["1650000", "1812500", "1900000"]  # a revision, and no new 2029
    assert kept.read_text(encoding="utf-8") == text
    series = kpi.series(store.empty("figures"), kpi.observations())
    assert kpi.progress(series)["last_value"].to_list() == [1.9]
    found = kpi.contradictions(store.empty("figures"), series)
    assert found.select("finding", "one_value", "other_value").rows() == [("revision", 1.8125, 1.9)]


def test_a_pasted_table_needs_no_map(tea, monkeypatch):
    def paste(text, *more):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        return tea.call("observe", "-", "--who", "A", *more)

    code, _, err = paste(PASTED)
    assert (code, rows()) == (2, [])
    assert "run the command again with --yes" in err
    assert paste(PASTED, "--yes")[0] == 0
    assert rows() == ["share,2030年度,52.3,%,茶業調査,,,2031-03-01,A", "tea,2030,1.8,兆円,茶業年鑑,,,2031-03-01,A"]
    assert paste(PASTED, "--yes")[0] == 0
    assert len(rows()) == 2
    assert not (curated() / "observations").exists()
    code, _, err = paste("年\t茶\n2029\t1\n2030\t2\n", "--yes")
    assert code == 2
    assert "needs --map MAP.toml, or the columns indicator_id,period" in err


def test_people_are_asked_at_a_terminal(tea, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    (tea.root / "x.tsv").write_text(PASTED, encoding="utf-8")
    for answer, code, count in (("n\n", 2, 0), ("y\n", 0, 2)):
        monkeypatch.setattr(sys, "stdin", Terminal(answer))
        assert (tea.call("observe", "x.tsv", "--who", "A")[0], len(rows())) == (code, count)


def pasted(*cells):
    return (HEAD + ",".join(cells) + "\n").encode()


FAULTS = {
    "no file": (None, 2, "x is not a file (No such file or directory): name a CSV or XLSX file"),
    "nobody": (pasted("tea", "2030", "1.8", "兆円", "y", "", "", "2031-01-01", ""), 9, "row 2: who is empty"),
    "a wrong multiple": (pasted("tea", "2030", "1812500", "億円", "y", "", "", "2031-01-01", "A"), 9,
                         "1812500 億円 is 101 times the 1.8 兆円 known of 2030; check the unit, or add --insist"),
    "another unit": (pasted("tea", "2030", "18", "億ドル", "y", "", "", "2031-01-01", "A"), 9,
                     "x, row 2: unit '億ドル' is not that of tea"),
    "a share above 100": (pasted("share", "2030", "101", "%", "y", "", "", "2031-01-01", "A"), 9, "above 100 %"),
    "the future": (pasted("tea", "2031", "1.8", "兆円", "y", "", "", "2031-01-01", "A"), 9, "is in the future"),
    "an unknown indicator": (pasted("coffee", "2030", "1", "兆円", "y", "", "", "2031-01-01", "A"), 9, "no indicator"),
    "the same row twice": (pasted("tea", "2030", "1.8", "兆円", "y", "", "", "2031-01-01", "A") +
                           b"tea,2030,1.8,\xe5\x85\x86\xe5\x86\x86,y,,,2031-01-01,A\n", 9,
                           "row 3 gives tea 2030, and so does row 2"),
    "no rows": (HEAD.encode(), 9, "no value was read (no row fits)"),
    "only gaps": (pasted("tea", "2030", "…", "兆円", "y", "", "", "2031-01-01", "A"), 9, "no value of 2030 (…)"),
    "too many": (HEAD.encode() + "tea,2030,1.8,兆円,y,,,2031-01-01,A\n".encode() * 1001, 9, "x gives 1,001 values"),
    "several sheets": (workbook(jetro), 9, "has several sheets: name one with --sheet"),
    "a broken workbook": (workbook(jetro)[:500], 9, "is a broken workbook"),
    "an old workbook": (b"\xd0\xcf\x11\xe0", 9, "save it as XLSX"),
    "no table": (b"hello\nworld\n", 9, "no years are found"),
    "bytes": (bytes(range(256)), 9, "not UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_one_line_and_changes_nothing(tea, name):
    content, code, says = FAULTS[name]
    if content is not None:
        (tea.root / "x").write_bytes(content)
    before = tea.state()
    returned, _, err = tea.call("observe", "x", "--yes")
    assert (returned, len(err.splitlines())) == (code, 1), err
    assert err.startswith("error: ")
    assert says in err
    assert tea.state() == before
    assert not (tea.root / "x.toml").exists()


def test_a_person_can_insist_on_a_size(tea):
    (tea.root / "x").write_bytes(pasted("tea", "2030", "181", "億円", "y", "", "", "2031-01-01", "A"))
    assert tea.call("observe", "x", "--yes")[0] == 9
    assert tea.call("observe", "x", "--yes", "--insist")[0] == 0
    assert len(rows()) == 1


def test_another_value_of_the_same_day_is_refused(tea):
    (tea.root / "x").write_bytes(pasted("tea", "2030", "1.8", "兆円", "y", "", "", "2031-01-01", "A"))
    assert tea.call("observe", "x", "--yes")[0] == 0
    (tea.root / "x").write_bytes(pasted("tea", "2030", "1.9", "兆円", "y", "", "", "2031-01-01", "A"))
    code, _, err = tea.call("observe", "x", "--yes")
    assert (code, len(rows())) == (9, 1)
    assert "tea 2030 is 1.9 兆円, and 1.8 兆円 was added of the same day, 2031-01-01" in err


def test_without_tables_nothing_is_compared(tea):
    shutil.rmtree(tea.root / "data/processed")
    (tea.root / "x").write_bytes(pasted("tea", "2030", "181", "億円", "y", "", "", "2031-01-01", "A"))
    assert tea.call("observe", "x", "--yes")[0] == 0


def test_a_faulty_file_of_observations_is_named_and_kept(tea):
    (tea.root / "x").write_bytes(pasted("tea", "2030", "1.8", "兆円", "y", "", "", "2031-01-01", "A"))
    file = curated() / "observations.csv"
    file.write_text("indicator_id,year,value,source,who\ntea,2029,1.5,y,A\n", encoding="utf-8")
    before = file.read_bytes()
    code, _, err = tea.call("observe", "x", "--yes")
    assert (code, file.read_bytes()) == (9, before)
    assert "observations.csv, line 1: the columns must be" in err


def test_no_address_is_asked(tea, monkeypatch):
    def refuse(*_):
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.socket.connect", refuse)
    address = "https://example.org/tea"
    (tea.root / "x").write_bytes(pasted("tea", "2030", "1.8", "兆円", "y", address, "", "2031-01-01", "A"))
    assert tea.call("observe", "x", "--yes")[0] == 0
    assert kpi.observations()["address"].to_list() == [address]
    assert pl.Series(rows()).str.contains(address, literal=True).all()
