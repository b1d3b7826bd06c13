"""Whatever befalls a run, the report and the tables are those of the run before or those of this one, each whole.

`tests/faults.py` says what is made to go wrong, and where: at every point at which a run asks something of the disk.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import REPO, Workspace
from faults import BROKEN, KILLED, REFUSED
from test_run import TELLING, WRITES, published, reports

from analysis.base import files, paths
from analysis.base.errors import CannotWrite
from analysis.workspace import publish, record, run

EARLIER, NEW = ("earlier", "earlier"), ("new", "new")
HALF = ("new", "earlier")  # for the moment between two renames: each is whole, and the next run finishes


def results(folder: Path, *arguments: str) -> list[dict]:
    command = [sys.executable, REPO / "tests/faults.py", folder / "workspace", *arguments]
    environment = os.environ | {"PYTHONPATH": str(REPO), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [result for result in found if result["code"] == BROKEN] == []
    return found


def stands(state: dict) -> tuple[str, str]:
    return state["report"], state["tables"]


def repaired(found: list[dict]) -> set[tuple[str, str]]:
    assert {tuple(result["then"]["about"]) for result in found} == {()}  # nothing is left lying about
    return {stands(result["then"]) for result in found}


def test_a_run_killed_at_any_moment_leaves_a_whole_report_and_whole_tables(tmp_path):
    found = results(tmp_path, "kill")
    assert len(found) > 40
    assert {result["code"] for result in found} == {KILLED}
    assert {stands(result["first"]) for result in found} <= {EARLIER, HALF, NEW}
    assert sum(stands(result["first"]) == HALF for result in found) == 1
    assert repaired(found) == {EARLIER, NEW}
    for result in found:  # what is new stays so
        assert (stands(result["then"]) == NEW) >= (stands(result["first"]) != EARLIER)


def test_a_repair_killed_at_any_moment_is_repaired(tmp_path):
    found = results(tmp_path, "again")
    assert len(found) > 10
    assert {stands(result["second"]) for result in found} <= {EARLIER, HALF, NEW}
    assert repaired(found) == {NEW}


def test_a_system_that_cannot_exchange_folders_gets_there_too(tmp_path):
    found = results(tmp_path, "kill", "plain")
    gone = [result for result in found if "none" in stands(result["first"])]
    assert len(gone) <= 4  # for the moment between two renames
    assert {stands(result["first"]) for result in found if result not in gone} <= {EARLIER, HALF, NEW}
    assert repaired(found) == {EARLIER, NEW}


@pytest.mark.parametrize("kind", ["once", "on"])
def test_a_disk_that_is_full_or_read_only_from_any_moment_on_is_named_and_changes_nothing(tmp_path, kind):
    found = results(tmp_path, kind)
    refused = [result for result in found if result["code"] == REFUSED]
    assert len(refused) > 25
    for result in found:
        assert result["code"] in (0, REFUSED)
        if result["code"] == 0:  # only to tidy failed
            assert stands(result["first"]) == NEW
        else:
            assert result["said"].startswith("cannot write ")
            assert "\n" not in result["said"]
    half = [result for result in refused if stands(result["first"]) != EARLIER]
    assert len(half) <= (kind == "on")  # what failed can be undone, unless that fails as well
    assert repaired(found) == {EARLIER, NEW}


@pytest.fixture
def short(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(run, "NOTEBOOKS", ["01_clean"])
    workspace.notebook("01_clean", WRITES, "(processed / 'topics.jsonl').write_text('new')")
    return workspace


@pytest.mark.parametrize("fails", [1, 2])
def test_a_whole_run_whose_publication_fails_half_way_is_undone(short, monkeypatch, fails):
    before, times = short.state(), iter(range(1, 9))
    exchange: Callable[[Path, Path], None] = publish._exchange

    def full(one: Path, other: Path) -> None:
        if next(times) == fails:
            raise OSError(28, "No space left on device", str(other))
        exchange(one, other)

    monkeypatch.setattr(publish, "_exchange", full)
    with pytest.raises(CannotWrite, match="No space left"):
        run.run(2026, 2019)
    assert short.state() == before
    assert reports(short) == ["2026"]


def test_a_clock_that_was_set_back_changes_nothing(short, monkeypatch):
    run.run(2026, 2019)
    first = published(short)
    monkeypatch.setattr(record, "now", lambda: "1970-01-01T00:00:00+00:00")
    for file in short.root.rglob("*"):
        os.utime(file, (4e9, 4e9), follow_symlinks=False)  # all that is there comes from the future
    run.run(2026, 2019)
    second = published(short)
    assert json.loads(second["run.json"])["ended"].startswith("1970")
    for name in set(first) - TELLING:
        assert first[name] == second[name]


def test_tables_that_wait_for_no_report_are_taken_away(workspace):
    before = workspace.state()
    (workspace.root / "reports/2026/run.json").write_text("of another run")
    for name in (".tables-2026-" + "0" * 64, ".tables-2019-" + files.checksum(b"of another run"), ".tables-"):
        (workspace.root / "data" / name).mkdir()
        (workspace.root / "data" / name / "topics.jsonl").write_text("other")
    publish.repair()
    (workspace.root / "reports/2026/run.json").unlink()
    assert workspace.state() == before
    assert reports(workspace) == ["2026"]


def test_tables_that_wait_for_a_report_in_japanese_are_published_with_it(workspace):
    report = paths.published(2026, "ja")
    report.mkdir()
    new = {"topics.jsonl": files.checksum(b"new")}
    (report / "run.json").write_text(json.dumps({"tables": new}))
    waiting = workspace.root / "data" / f".tables-2026-ja-{files.checksum(report / 'run.json')}"
    waiting.mkdir()
    (waiting / "topics.jsonl").write_bytes(b"new")
    publish.repair()
    assert (workspace.root / "data/processed/topics.jsonl").read_bytes() == b"new"
    assert reports(workspace) == ["2026", "2026-ja"]
    assert not waiting.exists()


def test_what_lies_beside_the_tables_stays_and_parts_of_documents_go(short):
    notes = short.root / "data/processed/notes"
    notes.mkdir()
    (notes / "mine.txt").write_text("mine")
    (short.root / "data/raw/.ip2019-abcd1234").write_text("half")
    run.run(2026, 2019)
    assert (notes / "mine.txt").read_text() == "mine"
    assert (short.root / "data/processed/topics.jsonl").read_text() == "new"
    assert not (short.root / "data/raw/.ip2019-abcd1234").exists()


def test_tables_in_another_place_are_published_there(short, tmp_path):
    place = tmp_path / "elsewhere"
    shutil.move(short.root / "data/processed", place)
    (short.root / "data/processed").symlink_to(place)
    run.run(2026, 2019)
    assert (place / "topics.jsonl").read_text() == "new"
