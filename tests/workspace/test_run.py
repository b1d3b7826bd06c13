"""A run publishes everything or nothing, says in one line what went wrong, and leaves no process behind."""

import json
import os
import shutil
import signal
import time
from pathlib import Path

import filelock
import pytest
from conftest import NOTEBOOKS, REPO, Workspace

from analysis.base.errors import (
    AlreadyRunning,
    CannotWrite,
    DocumentFaulty,
    NotebookFailed,
    NotebookTimedOut,
    TableFaulty,
    UsageFault,
)
from analysis.workspace import run
from analysis.workspace.notebook_process import ProgressEvent

TELLING = {"run.json", "log.txt", "ro-crate-metadata.json"}  # of a report, what holds the times of its run
WRITES = """
import os, sys
from pathlib import Path
report, processed = Path(os.environ["IP_PLAN_REPORT"]), Path(os.environ["IP_PLAN_PROCESSED"])
"""


@pytest.fixture
def short(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace whose runs have one notebook only."""
    monkeypatch.setattr(run, "NOTEBOOKS", ["01_clean"])
    return workspace


def reports(workspace: Workspace) -> list[str]:
    return sorted(name for name in os.listdir(workspace.root / "reports") if name not in (".lock", ".steps"))


def alive(pid: int) -> bool:
    """Whether the process still runs (one that nobody has waited for does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(what, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def published(workspace: Workspace, name: str = "2026") -> dict[str, bytes]:
    report = workspace.root / "reports" / name
    return {str(file.relative_to(report)): file.read_bytes() for file in report.rglob("*") if file.is_file()}


def test_a_run_publishes_report_and_tables_and_the_next_one_the_same_bytes(workspace, tmp_path, monkeypatch):
    foreign = tmp_path / "jupyter/kernels/python3"
    foreign.mkdir(parents=True)
    (foreign / "kernel.json").write_text('{"argv": ["/bin/false"], "display_name": "x", "language": "python"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))  # a user's own python3 kernel is not taken
    meet = "import time\n(processed / f'{me}.flag').touch()\n"
    meet += "while not (processed / f'{other}.flag').exists(): time.sleep(0.01)"
    noise = "print(report, object())\nprint('warn', file=sys.stderr)\nprint('more')"
    workspace.notebook("01_clean", WRITES, "(processed / 'topics.jsonl').write_text('new\\n')", noise)
    workspace.notebook("02_topics", WRITES, "me, other = 'a', 'b'\n" + meet)
    workspace.notebook("04_kpi", WRITES, "me, other = 'b', 'a'\n" + meet)  # each waits for the other: both run at once
    workspace.notebook("03_continuity", WRITES, "(processed / 'links.jsonl').write_text(str(baseline))")
    workspace.notebook("05_report", WRITES, "(report / 'report.html').write_text(f'{edition} {language}')",
                       parameters="edition = 0\nlanguage = 'en'\ntop: int = 5")  # fmt: skip
    news: list[ProgressEvent] = []
    report = workspace.root / "reports/2026-ja"
    assert run.run(2026, 2019, "ja", {"top": "5"}, timeout=30, notify=news.append) == report

    first = published(workspace, "2026-ja")
    assert set(first) == {"report.html", *TELLING, *(f"notebooks/{name}.ipynb" for name in NOTEBOOKS)}
    assert first["report.html"] == b"2026 ja"
    assert (workspace.root / "data/processed/topics.jsonl").read_text() == "new\n"
    assert (workspace.root / "data/processed/links.jsonl").read_text() == "2019"
    assert sorted(os.listdir(workspace.root / "data")) == ["curated", "processed", "raw"]
    assert reports(workspace) == ["2026", "2026-ja"]  # the English one stays as it was
    assert published(workspace) == {"report.html": b"the earlier report"}
    record = json.loads(first["run.json"])
    assert record["parameters"] == {"edition": 2026, "baseline": 2019, "language": "ja", "top": 5}
    assert set(record["outputs"]) == set(first) - TELLING
    assert {"data/raw/ip2019.txt", "data/raw/manifest.toml", "notebooks/04_kpi.ipynb"} <= set(record["inputs"])
    assert record["missing"] == []
    crate = {entity["@id"]: entity for entity in json.loads(first["ro-crate-metadata.json"])["@graph"]}
    assert {name: crate[name]["sha256"] for name in record["outputs"]} == record["outputs"]
    assert crate["#run-03_continuity"]["result"] == {"@id": "notebooks/03_continuity.ipynb"}
    assert record["versions"]["papermill"]
    assert "03_continuity: The step" in first["log.txt"].decode()
    assert [(item.notebook, item.text) for item in news if item.kind == "step"][:2] == [
        ("01_clean", "01_clean"), ("01_clean", "The step")]  # fmt: skip
    assert [item.seconds for item in news if item.kind == "start"] == [None] * 5

    inode = (workspace.root / "data/processed/topics.jsonl").stat().st_ino
    news.clear()
    run.run(2026, 2019, "ja", notify=news.append, fresh=True)
    second = published(workspace, "2026-ja")
    for name in set(first) - TELLING:
        if name != "notebooks/05_report.ipynb":  # the first was given its default `top` by name
            assert first[name] == second[name], name
    assert (workspace.root / "data/processed/topics.jsonl").stat().st_ino == inode  # what is equal is not touched
    lasts = {item.notebook: item.seconds for item in news if item.kind == "start"}
    assert lasts == {name: part["seconds"] for name, part in record["notebooks"].items()}
    for content in second.values():
        assert str(workspace.root).encode() not in content


def test_other_parameters_leave_the_tables_alone(short):
    short.notebook("01_clean", WRITES, "(processed / 'topics.jsonl').write_text(str(share))", parameters="share = 0.5")
    table = short.root / "data/processed/topics.jsonl"
    run.run(2026, 2019, parameters={"share": "1"})
    assert table.read_text() == "the earlier table\n"
    run.run(2026, 2019, parameters={"share": 0.5})
    assert table.read_text() == "0.5"


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        ({"edition": 2000}, "edition 2000 does not exist: choose one of 2019, 2026"),
        ({"edition": 2019, "baseline": 2026}, "baseline 2026 is later than edition 2019: choose an earlier one"),
        ({"baseline": 2000}, "baseline 2000 does not exist"),
        ({"language": "fr"}, "choose one of en, ja"),
        ({"timeout": float("nan")}, "timeout"),
        (
            {"parameters": {"colour": "red"}},
            "parameter colour does not exist: choose one of count, measure, name, strictness",
        ),
        ({"parameters": {"edition": "2026"}}, "--edition"),
        ({"parameters": {"language": "en"}}, "--lang"),
        ({"parameters": {"count": "many"}}, "type int"),
        ({"parameters": {"count": "1.5"}}, "type int"),
        ({"parameters": {"count": "true"}}, "type int"),
        ({"parameters": {"strictness": "0"}}, "strictness 0.0 does not do"),
        ({"parameters": {"measure": "2026-9999"}}, "measure '2026-9999' does not exist"),
    ],
)
def test_what_does_not_exist_or_fit_is_refused_before_anything_runs(short, choice, says):
    short.notebook("01_clean", parameters="edition = 0\nname = 'x'\ncount = 3\nstrictness = 1.0\nmeasure = ''")
    shutil.copy(REPO / "data/processed/measures.jsonl", short.root / "data/processed")
    before = short.state()
    with pytest.raises(UsageFault) as caught:
        run.run(**({"edition": 2026, "baseline": 2019} | choice))
    assert says in str(caught.value)
    assert short.state() == before
    assert reports(short) == ["2026"]


def test_a_missing_document_is_a_warning_that_says_what_is_not_shown(short):
    short.raw("ip2019").unlink()
    news: list[ProgressEvent] = []
    run.run(2026, 2019, network=False, notify=news.append)
    assert [item.kind for item in news if "ip2019" in item.text] == ["warning"]
    assert "sentences are not shown" in news[0].text
    assert json.loads(published(short)["run.json"])["missing"] == ["ip2019"]


def test_an_altered_document_stops_the_run(short):
    short.raw("ip2019").write_bytes(b"something else that is long enough")
    before = short.state()
    with pytest.raises(DocumentFaulty, match="altered"):
        run.run(2026, 2019)
    assert short.state() == before


@pytest.mark.parametrize(
    ("cell", "error", "says"),
    [
        ("raise ValueError('first\\nsecond')", NotebookFailed, "01_clean failed at “The step” with ValueError: first;"),
        ("import os; os._exit(1)", NotebookFailed, "lost its kernel at “The step”"),
        ("raise ValueError('x' * 9999)", NotebookFailed, "with ValueError: " + "x" * 300 + "…;"),
        ("import nowhere", NotebookFailed, "ModuleNotFoundError"),
        ("%no_such_magic", NotebookFailed, "CellExecutionError"),
        ("from analysis.base.errors import TableFaulty\nraise TableFaulty('x: mend y')", TableFaulty, "x: mend y"),
        ("import time; time.sleep(60)", NotebookTimedOut, "--timeout"),
    ],
)
def test_a_notebook_that_fails_leaves_the_earlier_report(short, cell, error, says):
    keep = f"Path({str(short.root / 'pid')!r}).write_text(str(os.getpid()))"
    short.notebook("01_clean", WRITES, keep, "(processed / 'topics.jsonl').write_text('half')", cell)
    before = short.state()
    with pytest.raises(error) as caught:
        run.run(2026, 2019, timeout=2)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert short.state() == before
    assert reports(short) == ["2026", "failed"]
    assert sorted(os.listdir(short.root / "reports/failed")) == ["01_clean.ipynb", "log.txt"]
    kept = json.loads((short.root / "reports/failed/01_clean.ipynb").read_text())
    assert "".join(kept["cells"][-1]["source"]) == cell
    assert "failed: " in (short.root / "reports/failed/log.txt").read_text()
    assert not alive(int((short.root / "pid").read_text()))


def test_a_failure_stops_the_notebook_beside_it(workspace, monkeypatch):
    monkeypatch.setattr(run, "NOTEBOOKS", ["02_topics", "04_kpi"])
    monkeypatch.setattr(run, "NEEDS", {"02_topics": [], "04_kpi": []})
    pid = workspace.root / "pid"
    begin = f"import os, time\nfrom pathlib import Path\nPath({str(pid)!r}).write_text(str(os.getpid()))"
    workspace.notebook("04_kpi", begin, "time.sleep(60)")
    workspace.notebook("02_topics", f"import os, time\nwhile not os.path.exists({str(pid)!r}): time.sleep(.01)", "1/0")
    with pytest.raises(NotebookFailed, match=r"02_topics failed.*ZeroDivisionError"):
        run.run(2026, 2019)
    assert not alive(int(pid.read_text()))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("9,2019-9999,2026-0001,none,,,why\n", ", the decision about 2019-9999 and 2026-0001: there is no measure"),
        (
            "9,2019-9999,2026-0001,none,,,私\n".encode("cp932"),
            ": not UTF-8, it looks like ",
        ),
    ],
)
def test_a_decision_that_cannot_stand_stops_the_run_with_one_line(workspace, content, says):
    """The real notebook on the real tables, up to the decisions."""
    for folder in ("data/curated", "data/processed"):
        shutil.copytree(REPO / folder, workspace.root / folder, dirs_exist_ok=True)
    shutil.copy(REPO / "notebooks/03_continuity.ipynb", workspace.root / "notebooks")
    links = workspace.root / "data/curated/codings/links.csv"
    with links.open("ab") as file:
        file.write(content.encode() if isinstance(content, str) else content)
    with links.with_name("packets.csv").open("a") as file:
        file.write("9,links,1,reviewer,me,person,,,,2026-11-20,,,\n")
    before = workspace.state()
    code, out, err = workspace.cli("report", "--offline")
    assert (code, out, err.count("\n")) == (TableFaulty.exit_code, "", 1), err
    assert err.startswith(f"error: {links}, ")
    assert says in err
    assert workspace.state() == before


@pytest.mark.parametrize("text", ["", "{", '{"cells": 3}'])
def test_a_broken_notebook_is_named(short, text):
    (short.root / "notebooks/01_clean.ipynb").write_text(text)
    with pytest.raises(NotebookFailed, match=r"01_clean.ipynb cannot be read \(.+\): restore it"):
        run.run(2026, 2019)


def test_a_missing_notebook_is_named(short):
    (short.root / "notebooks/01_clean.ipynb").unlink()
    with pytest.raises(UsageFault, match=r"01_clean.ipynb is missing"):
        run.run(2026, 2019)


@pytest.mark.parametrize("folder", ["reports", "data/processed"])
def test_a_folder_that_cannot_be_written_is_named(short, folder):
    (short.root / folder).rename(short.root / "elsewhere")
    (short.root / folder).write_text("a file where a folder belongs: permissions do not stop root")
    with pytest.raises(CannotWrite, match=f"cannot write .*{folder}.*make the folder writable"):
        run.run(2026, 2019)


def test_a_second_run_beside_a_first_is_refused(short):
    before = short.state()
    with filelock.FileLock(short.root / "reports/.lock"), pytest.raises(AlreadyRunning, match="wait until"):
        run.run(2026, 2019)
    assert short.state() == before


# --- one notebook by itself


def test_one_notebook_works_on_the_tables_in_their_place(workspace, tmp_path):
    cells = ("(processed / 'topics.jsonl').write_text(f'{edition} {share}')", "print(report, processed)")
    workspace.notebook("explore", WRITES, *cells, parameters="edition = 2026\nshare = 0.5")
    workspace.notebook("01_clean", "1/0")  # is not run
    drafts = workspace.root / "reports/draft"
    code, out, err = workspace.call("run", "explore", "-p", "edition=2019", "-p", "share=1")
    assert (code, out, err) == (0, f"{drafts / 'notebooks/explore.ipynb'}\n", "")
    assert (workspace.root / "data/processed/topics.jsonl").read_text() == "2019 1.0"
    book = json.loads((drafts / "notebooks/explore.ipynb").read_text())
    assert "./reports/draft ./data/processed" in json.dumps(book)  # nothing of the machine
    assert reports(workspace) == ["2026", "draft"]
    assert published(workspace) == {"report.html": b"the earlier report"}

    (tmp_path / "other").mkdir()
    place = Path(os.path.relpath(tmp_path / "other/out.ipynb", workspace.root))  # of where the command was called
    assert workspace.call("run", "explore", "--out", str(place)) == (0, f"{workspace.root / place}\n", "")
    assert (tmp_path / "other/out.ipynb").exists()
    assert (workspace.root / "data/processed/topics.jsonl").read_text() == "2026 0.5"


def test_one_notebook_works_on_the_tables_that_the_environment_names(workspace, tmp_path, monkeypatch):
    (tmp_path / "copy").mkdir()
    monkeypatch.setenv("IP_PLAN_PROCESSED", str(tmp_path / "copy"))
    workspace.notebook("04_kpi", WRITES, "(processed / 'ties.jsonl').write_text('new')")
    before = workspace.state()
    run.run_one("04_kpi")
    assert (tmp_path / "copy/ties.jsonl").read_text() == "new"
    assert workspace.state() == before


def test_one_notebook_that_fails_says_so_and_is_kept(workspace):
    workspace.notebook("04_kpi", WRITES, "(processed / 'topics.jsonl').write_text('new')", "1/0")
    with pytest.raises(NotebookFailed, match=r"04_kpi failed at “The step” with ZeroDivisionError.*reports/failed"):
        run.run_one("04_kpi")
    assert sorted(os.listdir(workspace.root / "reports/failed")) == ["04_kpi.ipynb", "log.txt"]
    assert not (workspace.root / "reports/draft").exists()
    assert (workspace.root / "data/processed/topics.jsonl").read_text() == "new"  # as by hand


def test_one_notebook_beside_a_run_is_refused(workspace):
    with filelock.FileLock(workspace.root / "reports/.lock"), pytest.raises(AlreadyRunning, match="wait until"):
        run.run_one("04_kpi")


def test_one_notebook_that_is_interrupted_does_not_say_that_tables_are_as_they_were(workspace):
    files = slow(workspace)
    process = workspace.start("run", "04_kpi")
    wait_for(lambda: files[2].exists() and len(files[2].read_text().split()) == 2)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, "error: interrupted: tables that it wrote stay\n")
    assert not any(alive(pid) for pid in processes(files[2:]))


def slow(workspace: Workspace) -> list[Path]:
    """Notebooks of which the second wave hangs; the files that will hold the process ids of a kernel and its child."""
    files = []
    for name in ("01_clean", "02_topics", "04_kpi"):
        files.append(workspace.root / f"{name}.pid")
        keep = f"import os, subprocess, time\nfrom pathlib import Path\nfile = Path({str(files[-1])!r})"
        keep += "\nchild = subprocess.Popen(['sleep', '600'])\nfile.write_text(f'{os.getpid()} {child.pid}')"
        workspace.notebook(name, keep, "time.sleep(600)" if name != "01_clean" else "pass")
    return files


def processes(files: list[Path]) -> list[int]:
    return [int(pid) for file in files for pid in file.read_text().split()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_every_process_and_changes_nothing(workspace, number):
    files = slow(workspace)
    before = workspace.state()
    process = workspace.start("report", "--offline")
    wait_for(lambda: all(file.exists() and len(file.read_text().split()) == 2 for file in files))
    os.killpg(process.pid, number)  # as a terminal does
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err.count("\n")) == (130, "", 1), err
    assert err.startswith("error: interrupted")
    assert not any(alive(pid) for pid in processes(files))
    assert workspace.state() == before
    assert reports(workspace) == ["2026"]


def test_a_killed_run_leaves_no_process_and_does_not_stop_the_next(workspace):
    files = slow(workspace)
    process = workspace.start("report", "--offline")
    wait_for(lambda: all(file.exists() and len(file.read_text().split()) == 2 for file in files))
    process.kill()
    process.communicate()
    wait_for(lambda: not any(alive(pid) for pid in processes(files)), seconds=10)
    for name in NOTEBOOKS:
        workspace.notebook(name, "pass")
    assert workspace.cli("report", "--offline")[0] == 0
    assert reports(workspace) == ["2026"]


def test_two_runs_at_once_are_one_run_and_one_refusal(workspace):
    files = slow(workspace)
    first = workspace.start("report", "--offline")
    wait_for(lambda: files[0].exists())
    code, out, err = workspace.cli("report", "--offline")
    assert (code, out, err.count("\n")) == (8, "", 1)
    assert first.poll() is None
    first.send_signal(signal.SIGINT)
    first.communicate(timeout=20)
