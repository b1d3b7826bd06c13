"""The command line: every fault is one line on standard error, an exit code of its kind, and changes nothing."""

import fcntl
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPO, Workspace

import analysis.__main__ as cli
from analysis.base import errors


def alter(workspace: Workspace, content: bytes) -> None:
    workspace.raw("ip2019").write_bytes(content)


def block(workspace: Workspace, folder: str) -> None:
    """Put a file where a folder belongs: permissions do not stop root."""
    (workspace.root / folder).rename(workspace.root / "elsewhere")
    (workspace.root / folder).write_text("in the way")


def occupy(workspace: Workspace) -> None:
    """Put a file where the folder of the export belongs, and nothing before it that cannot be read."""
    (workspace.root / "data/processed/topics.jsonl").write_text("")
    (workspace.root / "out").write_text("")


FAULTS = {
    "unknown edition": (lambda w: None, ["report", "--edition", "2000"], 2, "edition 2000"),
    "unknown parameter": (lambda w: None, ["report", "-p", "colour=red"], 2, "colour"),
    "wrong type": (lambda w: None, ["report", "-p", "count=many"], 2, "type int"),
    "parameter without value": (lambda w: None, ["report", "-p", "count"], 2, "name=value"),
    "unknown notebook": (lambda w: None, ["run", "06_paint"], 2, "choose one of 01_clean, 02_topics"),
    "unknown parameter of a notebook": (
        lambda w: None, ["run", "05_report", "-p", "colour=red"], 2, "choose one of count"),
    "wrong type for a notebook": (lambda w: None, ["run", "05_report", "-p", "count=many"], 2, "type int"),
    "wrong value for a notebook": (lambda w: None, ["run", "04_kpi", "-p", "edition=2000"], 2, "edition 2000"),
    "folder for a notebook": (lambda w: None, ["run", "04_kpi", "--out", "data"], 2, "is a folder"),
    "failing notebook alone": (lambda w: w.notebook("04_kpi", "1/0"), ["run", "04_kpi"], 6, "04_kpi failed"),
    "edition no number": (lambda w: None, ["report", "--edition", "next"], 2, "--edition"),
    "unknown option": (lambda w: None, ["report", "--colour"], 2, "--colour"),
    "unknown command": (lambda w: None, ["paint"], 2, "paint"),
    "no command": (lambda w: None, [], 2, "command"),
    "unknown format": (lambda w: None, ["export", "out", "--format", "xml"], 2, "xml"),
    "unknown language": (lambda w: None, ["export", "out", "--lang", "fr"], 2, "en, ja"),
    "unknown folder": (lambda w: None, ["fetch", "--from", "nowhere"], 2, "nowhere"),
    "missing document": (lambda w: w.raw("ip2019").unlink(), ["fetch", "--offline"], 3, "ip2019"),
    "altered document": (lambda w: alter(w, b"x" * 21), ["report"], 4, "altered"),
    "truncated document": (lambda w: alter(w, b"x"), ["fetch"], 4, "truncated"),
    "empty document": (lambda w: alter(w, b""), ["report"], 4, "empty"),
    "wrong encoding": (lambda w: alter(w, w.texts["ip2019"].decode().encode("cp932")), ["report"], 4, "Shift_JIS"),
    "unwritable reports": (lambda w: block(w, "reports"), ["report"], 5, "reports"),
    "unwritable export": (occupy, ["export", "out"], 5, "out"),
    "failing notebook": (lambda w: w.notebook("01_clean", "1/0"), ["report"], 6, "01_clean failed at “The step”"),
    "hanging notebook": (
        lambda w: w.notebook("01_clean", "while True: pass"), ["report", "--timeout", "3"], 7, "--timeout"),
    "faulty manifest": (lambda w: (w.root / "data/raw/manifest.toml").write_text("["), ["fetch"], 9, "TOML"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_one_line_and_a_code_and_changes_nothing(workspace, name):
    prepare, arguments, code, says = FAULTS[name]
    workspace.notebook("05_report", parameters="count = 3")
    prepare(workspace)
    before = workspace.state()
    returned, out, err = workspace.cli(*arguments)
    lines = [line for line in err.splitlines() if not line.startswith("there is no table")]
    assert (returned, out, len(lines)) == (code, "", 1), err
    assert lines[0].startswith("error: ")
    assert says in lines[0]
    assert workspace.state() == before


def test_a_report_away_from_a_terminal_tells_warnings_and_the_path(workspace):
    workspace.raw("ip2019").unlink()
    code, out, err = workspace.cli("report", "--offline")
    assert (code, out) == (0, f"{workspace.root / 'reports/2026/report.html'}\n")
    assert [line.split(" ")[:2] for line in err.splitlines()] == [["warning:", "ip2019"]]


def test_a_report_at_a_terminal_shows_notebook_step_and_times(workspace):
    workspace.notebook("05_report", "import time; time.sleep(0.6)")
    last = {"notebooks": {"05_report": {"seconds": 12.34}}}
    (workspace.root / "reports/2026/run.json").write_text(json.dumps(last))
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, 0x5414, b"\x18\x00\x78\x00" + bytes(4))  # TIOCSWINSZ: 24 lines of 120
    process = subprocess.Popen(
        [sys.executable, "-m", "analysis", "report"],
        env=os.environ | {"PYTHONPATH": str(REPO), "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            shown += os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
    os.close(ours)
    out, _ = process.communicate()
    assert out.decode().endswith("report.html\n")
    for word in ("05_report", "The step", "last run", "12.3 s", "done"):
        assert word in shown.decode()


def test_fetch_says_what_there_is(workspace):
    assert workspace.cli("fetch") == (0, f"2 documents in {workspace.root / 'data/raw'}\n", "")


def test_a_fault_of_the_program_names_its_traceback(monkeypatch, capsys):
    def broken(*arguments: object, **options: object) -> None:
        raise RuntimeError("first\nsecond")

    monkeypatch.setattr("analysis.workspace.fetch.fetch", broken)
    monkeypatch.setattr(sys, "argv", ["analysis", "fetch"])
    assert cli.main() == 1
    err = capsys.readouterr().err
    assert err.startswith("error: RuntimeError: first second")
    file = Path(err.rstrip().rstrip(")").split(" ")[-1])
    assert "Traceback" in file.read_text()
    file.unlink()


def test_help_lists_the_commands_and_every_exit_code(workspace):
    code, out, _ = workspace.cli("--help")
    assert code == 0
    for command in ("fetch", "report", "run", "export", "codebook"):
        assert f"  {command} " in out
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    for exit_code in {0, 130, *(kind.exit_code for kind in kinds)}:
        assert f" {exit_code}  " in out
    assert len({kind.exit_code for kind in kinds}) == len(kinds)


def test_help_loads_nothing_heavy():
    heavy = "{'polars', 'papermill', 'nbformat', 'altair', 'sklearn', 'requests', 'rich.live'}"
    code = f"import sys, analysis.__main__; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=REPO, check=True)
    assert done.stdout == "[]\n"
