"""`add --replace`: what was judged goes along by the text, what changed is told, and all of it happens or nothing."""

import csv
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
import records
from conftest import REPO, Workspace
from faults import BROKEN, KILLED, REFUSED
from hypothesis import given, settings
from hypothesis import strategies as st
from typeset import plan

from analysis.base import paths
from analysis.base.errors import TableFaulty, UsageFault
from analysis.base.japanese import squeeze
from analysis.coding import codebooks, codings, decisions, delivery, record, status
from analysis.coding.record import PacketRecord
from analysis.documents import corrections, manifest
from analysis.extraction import extract, revision
from analysis.report.data import ReportData, Tables
from analysis.report.exhibits import revisions as exhibit
from analysis.tables import store
from analysis.workspace import add_edition, move_judgements, publish
from analysis.workspace.add_edition import Wanted

MINI = REPO / "tests/mini/markdown_plan.txt"
DRAFT = MINI.read_text(encoding="utf-8")
# the decided plan: a measure goes, one comes, one is reworded, one gets another ministry; pages are set anew
DROPPED = "電球の交換を要しない光源の開発を支える。"
BLOCK = DRAFT[DRAFT.index(f"- {DROPPED}") : DRAFT.index("デジタル庁)") + len("デジタル庁)")]
REWORDED = ("赴任の前に配る。", "赴任の前に一人に一冊ずつ配る。")
MINISTRY = ("(短期・中期) (国土交通省、文部科学省)", "(短期・中期) (国土交通省、文部科学省、観光庁)")
ADDED = "霧の夜に鳴らす太鼓を港ごとに一つ選び、鳴らし方の手引きを編む。"


@pytest.fixture
def drafted(workspace: Workspace) -> Workspace:
    """A workspace with the draft of the plan of 2031 and what people and coders judged about it."""
    curated = workspace.root / "data/curated"
    for name in ("ministries.toml", "indicators.toml"):
        shutil.copy(REPO / "data/curated" / name, curated)
    (workspace.root / "data/processed/topics.jsonl").unlink()
    file = workspace.root / "draft.txt"
    file.write_text(DRAFT, encoding="utf-8")
    add_edition.record(add_edition.read(file, Wanted(2031, title="灯台推進計画2031（案）")))
    file.write_text(DRAFT.replace("2031", "2030"), encoding="utf-8")
    add_edition.record(add_edition.read(file, Wanted(2030)))
    return workspace


def measures_of(year: int) -> pl.DataFrame:
    document = next(d for d in manifest.documents() if d.edition == year)
    rows = extract.rows_of(document, manifest.lines(document))
    return rows["measures"].join(rows["texts"].select("measure_id", "text"), on="measure_id")


def id_of(measures: pl.DataFrame, words: str) -> str:
    return measures.filter(pl.col("text").str.contains(words, literal=True) & ~pl.col("repeated"))["measure_id"][0]


def judge(name: str, rows: list[list[str]]) -> None:
    with (paths.curated() / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def rows_of(name: str) -> list[list[str]]:
    with (paths.curated() / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def code_each(before: pl.DataFrame, later: pl.DataFrame) -> dict[str, str]:
    """Two code each measure of 2030 as the same as its twin of 2031; returns the text that each coding was made of."""
    pairs = list(zip(before["measure_id"], later["measure_id"], later["text"], strict=True))
    hashes = dict(pl.concat([before, later]).select("measure_id", "text_hash").iter_rows())
    said = [(slot, one, two, "same", f"as {two}") for one, two, _ in pairs for slot in "AB"]
    records.write(said, hashes=hashes)
    return {one: text for one, _, text in pairs}


def as_pdf(text: str, folder: Path) -> Path:
    file = folder / "plan.pdf"
    file.write_bytes(plan("markdown_plan", text.removesuffix("\n").split("\n")))
    return file


def decided(folder: Path) -> Path:
    text = DRAFT.replace(BLOCK, "").replace(*REWORDED).replace(*MINISTRY).replace("\n(案)\n", "\n\n", 1)
    place = text.index("- 国産の硝子")
    text = f"{text[:place]}- ・ {ADDED}\n\n(短期) (総務省)\n\n{text[place:]}"
    file = folder / "decided.txt"
    file.write_text("\n\n" + text, encoding="utf-8")
    return file


def test_a_text_replaced_by_its_pdf_keeps_every_judgement(drafted, tmp_path):
    before, later = measures_of(2030), measures_of(2031)
    texts = code_each(before, later)
    records.write([("A. Mori", before["measure_id"][0], later["measure_id"][0], "same", "read both")])
    file = drafted.root / "data/raw/manifest.toml"
    whole = file.read_text(encoding="utf-8").replace(
        '[[document]]\ndoc_id = "ip2030"', '# the year before\n[[document]]\ndoc_id = "ip2030"'
    )
    file.write_text(whole, encoding="utf-8")
    code, out, err = drafted.call("add", str(as_pdf(DRAFT, tmp_path)), "--edition", "2031", "--replace")
    assert (code, err) == (0, "")
    assert "takes the place of ip2031 (draft" in out
    assert "11 unchanged, 0 reattributed, 0 reworded, 0 added, 0 dropped" in out
    assert "moved along: 22 citations, 22 codings, 1 decision" in out
    assert "fits nothing any more (kept in data/curated/set_aside.csv): none" in out
    documents = manifest.documents()
    assert [d.doc_id for d in documents].count("ip2031") == 1
    new = next(d for d in documents if d.doc_id == "ip2031")
    assert (new.title, new.status, new.source and new.source.form) == ("灯台推進計画2031（案）", "draft", "pdf")
    text = file.read_text(encoding="utf-8")
    start, end = whole.index('[[document]]\ndoc_id = "ip2031"'), whole.index("# the year before")
    assert text.startswith(whole[:start])
    assert text.endswith(whole[end:])
    after = measures_of(2031)
    assert after["measure_id"].to_list() != later["measure_id"].to_list()
    now = dict(after.select("measure_id", "text").iter_rows())
    coded = codings.table(pl.concat([before, after]))
    assert {row["from_id"]: squeeze(now[row["to_id"]]) for row in coded.iter_rows(named=True)} == {
        key: squeeze(value) for key, value in texts.items()
    }
    assert all(row["why"] == f"as {row['to_id']}" for row in coded.iter_rows(named=True))
    assert decisions.table(pl.concat([before, after]))["to_id"].to_list() == [after["measure_id"][0]]
    assert not (paths.curated() / "set_aside.csv").exists()


def test_a_decided_plan_takes_its_drafts_place_and_what_changed_is_told(drafted, tmp_path):
    before, later = measures_of(2030), measures_of(2031)
    code_each(before, later)
    gone, reworded = id_of(later, DROPPED), id_of(later, "島の暮らしの手引き")
    code, out, err = drafted.call("add", str(decided(tmp_path)), "--edition", "2031", "--replace")
    assert (code, err) == (0, "")
    new = next(d for d in manifest.documents() if d.edition == 2031)
    assert (new.status, new.title) == ("decided", "灯台推進計画2031")
    after = measures_of(2031)
    rows = store.read("revisions")
    assert dict(rows.group_by("change").len().iter_rows()) == {
        "unchanged": 8, "reattributed": 1, "reworded": 1, "added": 1, "dropped": 1,
    }  # fmt: skip
    of = {row["change"]: row for row in rows.iter_rows(named=True)}
    assert (of["dropped"]["old_id"], of["dropped"]["codings"]) == (gone, 2)
    assert of["added"]["measure_id"] == id_of(after, ADDED)
    assert (of["reworded"]["old_id"], of["reworded"]["words"]) == (reworded, ["→一人に一冊ずつ"])
    assert of["reattributed"]["attribution"] == ["国土交通省、文部科学省→国土交通省、文部科学省、観光庁"]
    assert set(rows["status"]) == {"decided"}
    assert set(rows["old_status"]) == {"draft"}
    for told in (
        f"{of['reworded']['measure_id']} (was {reworded}, ",
        f"codings/links.csv: links-{codebooks.codebook('links').version}-2030-2031-A-2026-11-20,"
        f"{id_of(before, DROPPED)},{gone},same",
    ):
        assert told in out
    twin = id_of(before, DROPPED)
    coded = {row["from_id"]: row for row in codings.table(pl.concat([before, after])).iter_rows(named=True)}
    assert len(coded) == 11
    assert (coded[twin]["to_id"], coded[twin]["relation"]) == (None, "none")  # in the rest they found nothing
    assert [row["why"] for row in records.rows_of() if row["unit_id"] == twin] == [move_judgements.NONE_LEFT] * 2
    assert all(row["uncompared"] == [of["added"]["measure_id"]] for row in coded.values())
    assert [row[1] for row in rows_of("set_aside.csv")[1:]] == ["codings/links.csv"] * 2
    data = ReportData(2031, 2030, "en", Tables({"measures": after, "revisions": rows, "documents": documents()}))
    shown = exhibit.exhibit(data)
    assert [row[0] for row in shown.rows.rows] == ["other ministries or horizons", "reworded", "added", "dropped"]
    assert "a draft (案) before, decided now" in shown.sentences[0]
    assert exhibit.exhibit(ReportData(2030, 2030, "en", data.tables)) is None


def test_codings_by_any_codebook_go_along_and_say_that_their_text_has_changed(drafted, tmp_path):
    """Of measures, of pairs, and by one that is there no more; each keeps its text's hash."""
    before, later = measures_of(2030), measures_of(2031)
    code_each(before, later)
    book = codebooks.codebook("topics")
    packet = PacketRecord(packet_id="t", codebook="topics", version=book.version, role="coder", coder="me",
                          kind="person", date="2031-01-01", edition="2031")  # fmt: skip
    topic = next(c.category_id for c in book.categories("topic") if not c.sub_categories)
    values = dict.fromkeys(book.variables, "") | {"packet_id": "t", "topic": topic, "why": ""}
    hashes = dict(later.select("measure_id", "text_hash").iter_rows())
    record.add(book, packet, [values | {"unit_id": key, "text_hash": text} for key, text in hashes.items()])
    text = record.file("topics").read_text(encoding="utf-8")
    record.file("mine").write_text(text.replace("topic", "mine"), encoding="utf-8")
    old = {name: records.rows_of(name) for name in ("topics", "mine", "links")}
    gone = id_of(later, DROPPED)
    code, _, err = drafted.call("add", str(decided(tmp_path)), "--edition", "2031", "--replace")
    assert (code, err) == (0, "")
    new_id = revision.mapping(store.read("revisions"))
    for name, rows in old.items():
        moved = [
            {key: new_id.get(cell) or cell for key, cell in row.items() if key != "why"}
            for row in rows if gone not in row.values()
        ]  # fmt: skip
        now = [row for row in records.rows_of(name) if row["why"] != move_judgements.NONE_LEFT]
        assert [{key: cell for key, cell in row.items() if key != "why"} for row in now] == sorted(
            moved, key=lambda row: (row["unit_id"], row.get("to_id", ""), row["packet_id"])
        )
    assert Counter(row[1] for row in rows_of("set_aside.csv")[1:]) == {
        "codings/links.csv": 2, "codings/mine.csv": 1, "codings/topics.csv": 1,
    }  # fmt: skip
    extract_those_at_hand()
    assert status.of(book).select("edition", "coded", "changed").rows() == [("2031", 10, 1)]
    reworded = id_of(measures_of(2031), "一人に一冊ずつ")
    table = codings.table(pl.concat([before, measures_of(2031)]))
    assert table.filter("contested")["to_id"].to_list() == [reworded]


def test_who_named_what_was_dropped_and_more_keeps_the_rest(drafted, tmp_path):
    """One coder named the dropped measure alone, the other one that stays, too; an adjudicator the first."""
    before, later = measures_of(2030), measures_of(2031)
    one, gone, stays = before["measure_id"][0], id_of(later, DROPPED), id_of(later, "霧笛の音の高さ")
    records.write([
        ("A", one, gone, "same", ""), ("B", one, gone, "successor", ""), ("B", one, stays, "successor", ""),
        ("C", one, gone, "same", ""),
    ])  # fmt: skip
    add_edition.record(add_edition.read(decided(tmp_path), Wanted(2031, replace=True)))
    now = id_of(measures_of(2031), "霧笛の音の高さ")
    (row,) = codings.everything().to_dicts()
    assert (row["to_id"], row["first"], row["second"], row["relation"]) == (now, "none", "successor", "successor")
    assert [(row["packet_id"].split("-")[4], *list(row.values())[2:4], row["why"]) for row in records.rows_of()] == [
        ("A", "", "none", move_judgements.NONE_LEFT), ("B", now, "successor", ""),
    ]  # fmt: skip


def extract_those_at_hand() -> None:
    text = paths.manifest().read_text(encoding="utf-8")
    paths.manifest().write_text(text.replace('layout = "x"', 'layout = "text_slides"'), encoding="utf-8")
    extract.extract()


def documents() -> pl.DataFrame:
    rows = [{"doc_id": d.doc_id, "edition": d.edition} for d in manifest.documents()]
    return pl.DataFrame(rows)


def test_a_second_replacement_keeps_what_the_first_one_changed(drafted, tmp_path):
    add_edition.record(add_edition.read(decided(tmp_path), Wanted(2031, replace=True)))
    text = "\n\n\n" + decided(tmp_path).read_text(encoding="utf-8").replace("一人に一冊ずつ", "二冊ずつ")
    (tmp_path / "corrected.txt").write_text(text, encoding="utf-8")
    add_edition.record(add_edition.read(tmp_path / "corrected.txt", Wanted(2031, replace=True)))
    rows, now = store.read("revisions"), set(measures_of(2031)["measure_id"])
    assert rows["step"].unique().sort().to_list() == [1, 2]
    assert set(rows.filter(pl.col("step") == 1)["measure_id"].drop_nulls()) == now
    assert rows.filter(pl.col("step") == 2, pl.col("change") == "reworded").height == 1
    add_edition.record(add_edition.read(tmp_path / "corrected.txt", Wanted(2031, replace=True)))  # the same once more
    assert store.read("revisions").equals(rows)


# --- corrections, citations, checks


def test_corrections_go_to_where_their_words_stand_now(drafted, tmp_path):
    """One in the same words, one that the new text has right, one whose sentence is gone, one over a line's end."""
    lines = DRAFT.split("\n")

    def place(words: str) -> str:
        return str(next(number for number, line in enumerate(lines, 1) if words in line))

    rows = [
        [place("島の暮らしの手引き"), "手引き", "手びき", "spelling"],
        [place("医師を乗せた"), "医師を乗せた", "医者を乗せた", "a misreading"],
        [place(DROPPED), "支える", "助ける", "a misreading"],
        [place("国産の硝子"), "塩害への強さ", "塩害への耐性", "a misreading"],
    ]
    judge(
        "corrections.csv",
        [list(corrections.COLUMNS), ["ip2019", "1", "計画", "案", "x"], *(["ip2031", *row] for row in rows)],
    )
    text = decided(tmp_path).read_text(encoding="utf-8").replace("医師を乗せた", "医者を乗せた")
    text = text.replace("塩害への強さ", "塩害への\n強さ")
    (tmp_path / "decided.txt").write_text(text, encoding="utf-8")
    found = add_edition.read(tmp_path / "decided.txt", Wanted(2031, replace=True, layout="markdown_plan"))
    add_edition.record(found)
    new = text.split("\n")
    kept = {(row[2], row[3]): row for row in rows_of("corrections.csv")[2:]}
    assert set(kept) == {("手引き", "手びき"), ("強さ", "耐性")}
    assert all(row[2] in new[int(row[1]) - 1] for row in kept.values())
    assert rows_of("corrections.csv")[1] == ["ip2019", "1", "計画", "案", "x"]
    assert {row[2].split(",")[2]: row[4].split(":")[0] for row in rows_of("set_aside.csv")[1:]} == {
        "医師を乗せた": "nothing", "支える": "look at the place",
    }  # fmt: skip
    document = next(d for d in manifest.documents() if d.edition == 2031)
    assert corrections.applied("ip2031", manifest.lines(document)) != manifest.lines(document)


def test_what_cites_a_measure_or_a_line_cites_it_still(drafted, tmp_path):
    later = measures_of(2031)
    one, gone = id_of(later, "霧笛の音の高さ"), id_of(later, DROPPED)
    line = next(n for n, text in enumerate(DRAFT.split("\n"), 1) if "夜間に入港した船の数の推移" in text)
    head = ["indicator_id", "period", "value", "unit", "source", "address", "published_on", "retrieved_on", "who"]
    judge(
        "observations.csv",
        [
            head,
            ["x", "2030", "3", "件", f"{one}; see ip2031, line {line}", "", "", "2031-01-02", "M"],
            ["x", "2029", "2", "件", f"the plan for 2031-2036, {gone}", "", "", "2031-01-02", "M"],
        ],
    )
    file = decided(tmp_path)
    _, out, _ = drafted.call("add", str(file), "--edition", "2031", "--replace")
    now = next(
        n for n, text in enumerate(file.read_text(encoding="utf-8").split("\n"), 1) if "夜間に入港した船" in text
    )
    first, second = rows_of("observations.csv")[1:]
    assert first[4] == f"{id_of(measures_of(2031), '霧笛の音の高さ')}; see ip2031, line {now}"
    assert now != line
    assert second[4] == f"the plan for 2031-2036, {gone}"
    assert f"line 3 cites {gone}, which is gone" in out


def test_what_was_found_out_about_delivery_follows_its_measure(drafted, tmp_path):
    later = measures_of(2031)
    hashes = dict(later.select("measure_id", "text_hash").iter_rows())
    reworded, gone, kept = (id_of(later, words) for words in ("島の暮らしの手引き", DROPPED, "霧笛の音の高さ"))
    rows = [
        [reworded, "in_progress", "2026-01-02", "report, p. 3", "M", f"as {kept}", hashes[reworded]],
        [gone, "done", "2026-01-02", "report, p. 4", "M", "", hashes[gone]],
        ["I0001", "done", "2026-01-02", "report, p. 5", "M", "", ""],
    ]
    judge("status.csv", [list(delivery.COLUMNS), *rows])
    _, out, _ = drafted.call("add", str(decided(tmp_path)), "--edition", "2031", "--replace")
    after = measures_of(2031)
    now = id_of(after, "島の暮らしの手引き")
    assert now != reworded
    assert rows_of("status.csv")[1:] == [
        [
            now,
            "in_progress",
            "2026-01-02",
            "report, p. 3",
            "M",
            f"as {id_of(after, '霧笛の音の高さ')}",
            hashes[reworded],
        ],
        rows[2],
    ]
    assert [row[1:] for row in rows_of("set_aside.csv")[1:]] == [
        ["status.csv", f'{gone},done,2026-01-02,"report, p. 4",M,,{hashes[gone]}', f"{gone} was dropped",
         "write it of the measure that took its place, if there is one"],
    ]  # fmt: skip
    assert "1 delivery finding" in out
    judge("status.csv", rows_of("status.csv")[:2])
    (row,) = delivery.table(after).iter_rows(named=True)
    assert row["text_changed"]


@pytest.mark.parametrize("changed", [False, True])
def test_checks_by_hand_hold_only_for_what_they_were_made_of(drafted, tmp_path, changed):
    judge(
        "hand_checks.csv",
        [["document", "what", "checked", "right", "when"], ["ip2031", "texts", "5", "5", "2031-06-02"]],
    )
    file = decided(tmp_path)
    if not changed:
        file.write_text("\n\n" + DRAFT, encoding="utf-8")
    _, out, _ = drafted.call("add", str(file), "--edition", "2031", "--replace")
    assert rows_of("hand_checks.csv")[1][0] == ("ip2031 (replaced)" if changed else "ip2031")
    assert ("compare some of the new text by hand" in out) == changed


# --- one edition, one plan; all or nothing


def test_a_second_full_plan_is_refused_and_a_dry_run_changes_nothing(drafted, tmp_path):
    before = drafted.state()
    for options in ((), ("--doc-id", "ip2031b"), ("--dry-run",)):
        code, _, err = drafted.call("add", str(decided(tmp_path)), "--edition", "2031", *options)
        assert code == UsageFault.exit_code
        assert "full plan of 2031, ip2031" in err
        assert "--replace" in err
        assert err.count("\n") == 1
    code, out, _ = drafted.call("add", str(decided(tmp_path)), "--edition", "2031", "--doc-id", "ip2031b", "--dry-run")
    assert (code, "NOT recorded like this: the manifest has a full plan of 2031, ip2031" in out) == (0, True)
    code, out, _ = drafted.call("add", str(decided(tmp_path)), "--edition", "2031", "--replace", "--dry-run")
    assert (code, "1 dropped" in out) == (0, True)
    code, _, err = drafted.call("add", str(decided(tmp_path)), "--edition", "2032", "--replace")
    assert (code, "no document of 2032" in err) == (UsageFault.exit_code, True)
    code, _, err = drafted.call("add", str(decided(tmp_path)), "--edition", "2031", "--replace", "--doc-id", "ip2033")
    assert (code, "no ip2033" in err) == (UsageFault.exit_code, True)
    assert drafted.state() == before


def test_a_replaced_text_that_is_not_at_hand_is_matched_by_its_tables(drafted, tmp_path):
    code_each(measures_of(2030), measures_of(2031))
    extract_those_at_hand()
    (drafted.root / "data/raw/ip2031.txt").unlink()
    code, out, err = drafted.call("add", str(decided(tmp_path)), "--edition", "2031", "--replace")
    assert (code, err) == (0, "")
    assert "8 unchanged, 1 reattributed, 1 reworded, 1 added, 1 dropped" in out


def test_what_changed_meanwhile_is_not_written_over(drafted, tmp_path):
    found = add_edition.read(decided(tmp_path), Wanted(2031, replace=True))
    records.by_both([("2030-0001", None, "none")])
    before = drafted.state()
    with pytest.raises(UsageFault, match="changed meanwhile"):
        add_edition.record(found)
    assert drafted.state() == before


def test_a_file_of_judgements_that_cannot_be_read_is_named(drafted, tmp_path):
    record.folder().mkdir()
    record.file("mine").write_text("packet_id,unit,why\np,2030-0001,x\n", encoding="utf-8")
    with pytest.raises(TableFaulty, match=r"codings/mine\.csv, line 1: the column unit_id is missing"):
        add_edition.read(decided(tmp_path), Wanted(2031, replace=True))


@pytest.mark.parametrize("kind", ["kill", "once", "on"])
def test_a_replacement_that_breaks_off_at_any_moment_leaves_the_old_or_the_new_state(drafted, tmp_path, kind):
    code_each(measures_of(2030), measures_of(2031))
    command = [sys.executable, REPO / "tests/workspace/replace_faults.py", decided(tmp_path), kind]
    environment = os.environ | {"PYTHONPATH": f"{REPO}:{REPO / 'tests'}", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) > 25
    assert {result["code"] for result in found} <= {KILLED if kind == "kill" else REFUSED, 0} - {BROKEN}
    assert {result["first"] for result in found} == {"old", "new"}
    assert all(result["then"] == result["first"] for result in found)
    assert all(result["about"] == [] for result in found)


def test_where_folders_cannot_change_places_the_next_command_puts_things_in_order(drafted, tmp_path):
    command = [sys.executable, REPO / "tests/workspace/replace_faults.py", decided(tmp_path), "kill", "plain"]
    environment = os.environ | {"PYTHONPATH": f"{REPO}:{REPO / 'tests'}", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert sum(result["first"] == "mixed" for result in found) <= 2  # for the moment between two renames
    assert {result["then"] for result in found} == {"old", "new"}
    assert all(result["about"] == [] for result in found)
    (drafted.root / "data").rename(drafted.root / ".aside-data")
    code, _, err = drafted.call("fetch", "--offline")
    assert (code, err, (drafted.root / "data").is_dir()) == (0, "", True)


def test_data_that_is_a_link_inside_is_refused(drafted, tmp_path):
    raw = drafted.root / "data/raw"
    raw.rename(tmp_path / "raw")
    raw.symlink_to(tmp_path / "raw")
    before = drafted.state()
    code, _, err = drafted.call("add", str(decided(tmp_path)), "--edition", "2031", "--replace")
    assert code == 5
    assert "is a link" in err
    assert drafted.state() == before


# --- which measure is which


def row(words: str, **changes: object) -> dict:
    grams = sorted({(ord(one) << 16) + ord(two) for one, two in pairwise(words)})
    values = {"part": "body", "text_hash": words, "grams": grams, "gram_counts": [1] * len(grams),
              "ministries": ["総務省"], "horizon": ["短期"], "section_title": "灯台", "subhead": None}  # fmt: skip
    return values | changes


def test_measures_with_the_same_text_are_told_apart_by_what_stands_around_them():
    twice = [row("灯台の鏡を磨く。", section_title="鏡"), row("灯台の鏡を磨く。", section_title="灯台守")]
    assert sorted(revision.matches(twice, twice[::-1])) == [(0, 1), (1, 0)]
    assert sorted(revision.matches(twice, [twice[1]])) == [(1, 0)]
    changed = [
        one | {"text_hash": "x", "grams": one["grams"][:-1], "gram_counts": one["gram_counts"][:-1]} for one in twice
    ]
    assert sorted(revision.matches(twice, changed[::-1])) == [(0, 1), (1, 0)]


@settings(deadline=None)
@given(st.lists(st.sampled_from(["鏡を磨く。", "道を整える。", "音を録る。", "絵を集める。"])), st.data())
def test_equal_texts_match_one_to_one_in_whatever_order_and_number(texts, data):
    old, new = [row(text) for text in texts], [row(text) for text in data.draw(st.permutations(texts))]
    new = new[: data.draw(st.integers(0, len(new)))]
    pairs = revision.matches(old, new)
    assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs) == len(new)
    assert all(old[a]["text_hash"] == new[b]["text_hash"] for a, b in pairs)


@given(
    st.lists(
        st.text(alphabet="灯台鏡道音絵磨整録集港島船海、", min_size=12, max_size=40),
        min_size=1,
        max_size=6,
        unique=True,
    )
)
def test_a_match_is_mutual_whatever_the_texts(texts):
    old, new = [row(text) for text in texts], [row(text[:6] + "新" + text[7:]) for text in texts]
    there, back = revision.matches(old, new), revision.matches(new, old)
    assert sorted(there) == sorted((a, b) for b, a in back)


def test_what_is_like_two_is_matched_with_neither():
    old = [row("霧笛の音を録り、誰でも聞けるように公開する。")]
    new = [row("霧笛の音を録り、誰でも聞けるように配信する。"), row("霧笛の音を録り、誰でも聞けるように提供する。")]
    assert revision.matches(old, new) == []
    assert revision.matches(old, new[:1]) == [(0, 0)]
    assert revision.matches(old, [row("港の市場に灯台の絵を並べ、町の者が選ぶ。")]) == []
    assert revision.matches(old, [row("霧笛の音を録り、誰でも聞けるように配信する。", part="2031")]) == []


# --- the plan of 2026


def test_the_plan_of_2026_replaced_by_its_pdf_keeps_its_measures_and_codings(workspace, tmp_path):
    raw = REPO / "data/raw/ip2026.txt"
    if not raw.exists():
        pytest.skip(f"{raw.name} is not at hand")
    shutil.rmtree(workspace.root / "data")
    shutil.copytree(REPO / "data", workspace.root / "data")
    before = extract_all()
    texts = dict(before["texts"].select("measure_id", "text").iter_rows())
    coded = records.rows_of()
    new = add_edition.read(as_pdf(raw.read_text(encoding="utf-8"), tmp_path), Wanted(2026, replace=True))
    add_edition.record(new)
    after = extract_all()
    assert after["measures"].filter(pl.col("doc_id") == "ip2026", pl.col("part") == "body").height == 310
    codings.table(after["measures"])
    now = dict(after["texts"].select("measure_id", "text").iter_rows())
    new_id = revision.mapping(new.replacement.newest)
    moved = {(row["packet_id"], row["unit_id"], row["to_id"]): row for row in records.rows_of()}
    assert len(moved) == len(coded)
    kept = 0
    for row in coded:
        ids = [new_id.get(row[name]) or row[name] for name in ("unit_id", "to_id")]
        assert moved[row["packet_id"], *ids] == row | dict(zip(("unit_id", "to_id"), ids, strict=True))
        kept += not row["to_id"] or squeeze(texts[row["to_id"]]) == squeeze(now[ids[1]])
    assert kept > 0.98 * len(coded)
    assert tomllib.loads(paths.manifest().read_text(encoding="utf-8"))["document"][-1]["source"]["form"] == "pdf"


def extract_all() -> dict[str, pl.DataFrame]:
    tables, missing = extract.extract()
    assert [document.doc_id for document in missing] == []
    publish.repair()
    return tables
