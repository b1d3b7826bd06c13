"""Whatever befalls a run, the report and the tables are those of the run before or those of this one, each whole.

`tests/faults.py` says what is made to go wrong, and where: at every point at which a run asks something of the disk.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import REPO, Workspace
from faults import BROKEN, KILLED, REFUSED
from test_run import TELLING, WRITES, published, reports

from analysis.base import files, paths
from analysis.base.errors import CannotWrite, NotebookFailed
from analysis.workspace import lost_kernel, notebook_process, publish, record, run

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


# --- during the notebooks


@pytest.fixture
def small_disk(short: Workspace) -> Iterator[Workspace]:
    """A workspace whose reports are on a disk of three megabytes."""
    place = short.root / "reports"
    shutil.move(place, short.root / "earlier")
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", place], capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        shutil.copytree(short.root / "earlier", place, dirs_exist_ok=True)
        yield short
    finally:
        subprocess.run(["umount", place], check=True)


FILL = """
with open(report / "all", "wb", buffering=0) as file:
    try:
        while True: file.write(bytes(4096))
    except OSError: pass
"""
FULL = {
    "a file": "(report / 'x').write_bytes(bytes(9 << 20))",
    "a table": "import polars as pl; pl.DataFrame({'a': ['x' * 1000] * 9000}).write_ndjson(processed / 'x.jsonl')",
    "another format": "import polars as pl; pl.DataFrame({'a': ['x' * 1000] * 9000}).write_csv(processed / 'x.csv')",
    "what we write": "from analysis.base import files\nfiles.write(report / 'x', bytes(9 << 20))",
    "nobody says so": FILL,
    "another fault": FILL + "1 / 0",
    "a dead kernel": FILL + "os._exit(3)",
}


@pytest.mark.parametrize("name", FULL)
def test_a_disk_that_is_full_while_a_notebook_runs_is_told_as_that(small_disk, name):
    small_disk.notebook("01_clean", WRITES, FULL[name])
    before = small_disk.state()
    code, out, err = small_disk.call("report", "--offline")
    assert (code, out, err.count("\n")) == (CannotWrite.exit_code, "", 1)
    assert "full" in err or "No space left on device" in err
    assert str(small_disk.root / "reports") in err
    assert "free some space" in err
    if name not in ("what we write", "nobody says so"):  # of these the first names its file, the second has no cell
        assert err.startswith("error: 01_clean failed at “The step”, since the disk of ")
    assert small_disk.state() == before
    assert [report for report in reports(small_disk) if report.startswith(".")] == []


def test_a_disk_on_which_no_kernel_can_start_is_told_as_that(small_disk):
    spare, codes = small_disk.root / "reports/spare", set()
    before = small_disk.state()
    for room in (4, 8, 12, 16, 20):  # kilobytes
        with spare.open("wb", buffering=0) as file:
            with suppress(OSError):
                while True:
                    file.write(bytes(4096))
            file.truncate(file.tell() - room * 1024)
        code, _, err = small_disk.call("report", "--offline")
        codes.add(code)
        assert "free some space" in err
        assert small_disk.state() == before
        spare.unlink()
    assert codes == {CannotWrite.exit_code}


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("raise OSError(28, 'No space left on device', '/elsewhere/x')", r"a disk is full \(OSError: .*/elsewhere/x"),
        ("raise RuntimeError('x' * 999 + 'No space left on device (os error 28)')", "a disk is full"),
        ("raise OSError(122, 'Disk quota exceeded')", "a disk is full"),
    ],
)
def test_a_full_disk_elsewhere_is_told_as_that(short, cell, says):
    short.notebook("01_clean", cell)
    with pytest.raises(CannotWrite, match=rf"01_clean failed at “The step”, since {says}.*: free some space"):
        run.run(2026, 2019)


@pytest.mark.parametrize(
    ("cell", "more", "says"),
    [
        ("os.kill(os.getpid(), 9)", 0, "which was ended by SIGKILL; see "),
        ("os.kill(os.getpid(), 9)", 1, "which the system killed, since memory ran out: free some"),
        ("os.kill(os.getpid(), 11)", 1, "which was ended by SIGSEGV; see "),
        ("os._exit(3)", 1, "which ended with exit code 3; see "),
    ],
)
def test_a_kernel_that_is_gone_says_how_it_ended(short, monkeypatch, tmp_path, cell, more, says):
    counter = tmp_path / "vmstat"
    counter.write_text("oom_kill 5\n")
    monkeypatch.setattr(lost_kernel, "OWN_GROUPS", tmp_path / "none")
    monkeypatch.setattr(lost_kernel, "SYSTEM", counter)
    short.notebook("01_clean", WRITES, f"Path({str(counter)!r}).write_text('oom_kill {5 + more}\\n')", cell)
    with pytest.raises(NotebookFailed) as caught:
        run.run(2026, 2019)
    assert str(caught.value).startswith(f"01_clean lost its kernel at “The step”, {says}")
    assert "reports/failed/log.txt" in str(caught.value)


def test_a_kernel_that_dies_before_it_is_ready_says_how_it_ended(short, monkeypatch):
    monkeypatch.setattr(notebook_process, "_imports", lambda name: "import os; os.kill(os.getpid(), 9)")
    with pytest.raises(NotebookFailed, match=r"01_clean lost its kernel, which was ended by SIGKILL; see "):
        run.run(2026, 2019)


@pytest.mark.parametrize(
    ("groups", "file", "text", "kills"),
    [
        ("0::/user/one\n", "user/one/memory.events", "max 3\noom 2\noom_kill 7\noom_group_kill 0\n", 7),
        ("0::/gone\n", "memory.events", "oom_kill 6\n", 6),  # in a container, which sees its group as the root
        ("4:cpu,memory:/one\n0::/\n", "memory/one/memory.oom_control", "under_oom 0\noom_kill 2\n", 2),
        ("0::/user/one\n", "elsewhere", "oom_kill 7\n", 4),
        ("0::/one\n", "one/memory.events", "oom 2\n", 4),
        ("", "memory.events", "oom_kill 7\n", 4),
    ],
)
def test_kills_are_counted_by_the_control_group_or_else_altogether(monkeypatch, tmp_path, groups, file, text, kills):
    for name, content in (("groups", groups), ("vmstat", "nr_free 1\noom_kill 4\n"), (f"cgroup/{file}", text)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    monkeypatch.setattr(lost_kernel, "CGROUPS", tmp_path / "cgroup")
    monkeypatch.setattr(lost_kernel, "OWN_GROUPS", tmp_path / "groups")
    monkeypatch.setattr(lost_kernel, "SYSTEM", tmp_path / "vmstat")
    assert lost_kernel.memory_kills() == kills
    for name in ("groups", "vmstat"):
        (tmp_path / name).unlink()
    assert lost_kernel.memory_kills() == 0


def test_endings_without_a_name():
    assert lost_kernel.ending(None, True) == "nobody knows why"
    assert lost_kernel.ending(-99, True) == "which was ended by signal 99"
