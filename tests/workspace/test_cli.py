"""The command line: every fault is one line on standard error, an exit code of its kind, and changes nothing."""

import fcntl
import json
import os
import pty
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from conftest import REPO, Workspace

import analysis.__main__ as cli
from analysis.base import errors, paths
from analysis.tables import store
from analysis.workspace import environment, everyday


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
    for command in ("fetch", "report", "run", "export", "codebook", "setup", "test", "lab", "notebooks", "lint"):
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


@pytest.fixture
def ascii_terminal(monkeypatch):
    """A locale and a terminal that know no Japanese."""
    for name, value in {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}.items():
        monkeypatch.setenv(name, value)


def test_a_terminal_without_japanese_is_shown_what_it_can_show(workspace, ascii_terminal):
    for name in ("ministries.toml", "indicators.toml"):
        shutil.copy(REPO / "data/curated" / name, workspace.root / "data/curated")
    shutil.copy(REPO / "tests/mini/markdown_plan.txt", workspace.root / "計画.txt")
    named = ["--edition", "2031", "--title", "知的財産推進計画2031"]
    code, out, err = workspace.cli("add", "計画.txt", *named, "--dry-run")
    assert (code, err) == (0, "")
    assert out.startswith("ip2031: ????????2031 (full, draft), edition 2031\n")
    code, _, err = workspace.cli("add", "無い.txt", *named, "--dry-run")
    assert (code, err.split(" is not")[0]) == (2, "error: \\u7121\\u3044.txt")


def test_a_report_speaks_to_a_terminal_without_japanese(workspace, ascii_terminal):
    workspace.raw("ip2019").unlink()
    workspace.notebook("05_report", "print('出来た')", "open('計画.txt', 'w').write('知的財産')")
    code, out, err = workspace.cli("report", "--offline")
    assert (code, out.isascii(), err.isascii()) == (0, True, True)
    assert [line.split(" ")[:2] for line in err.splitlines()] == [["warning:", "ip2019"]]
    workspace.notebook("05_report", "raise ValueError('失敗した')")
    code, _, err = workspace.cli("report", "--offline")
    assert code == 6
    assert "ValueError: \\u5931\\u6557\\u3057\\u305f" in err


def test_jupyterlab_starts_behind_a_proxy_under_another_address(monkeypatch, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # where nothing answers
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))  # not what this machine's user has set
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    options = ["--no-browser", f"--port={port}", "--ServerApp.base_url=/plans/", "--IdentityProvider.token=abc"]
    command = [sys.executable, "-m", "analysis", "lab", *options]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=REPO, stdout=log, stderr=log)
    try:
        assert "version" in asked(f"http://127.0.0.1:{port}/plans/api")
        shown = asked(f"http://127.0.0.1:{port}/plans/api/contents?token=abc")
        assert {entry["name"] for entry in shown["content"]} >= {"01_clean.ipynb", "explore.ipynb"}
    finally:
        process.terminate()
        process.wait(timeout=30)
    assert ("--allow-root" in (tmp_path / "log").read_text()) == (os.geteuid() == 0)


def asked(address: str) -> dict:
    """What the server answers, as soon as it does; not through a proxy."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(600):
        try:
            return json.load(direct.open(address, timeout=5))
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(f"{address} does not answer")


def test_only_root_starts_jupyterlab_as_root_and_is_told_what_it_means(monkeypatch, capsys):
    started = []
    monkeypatch.setattr(os, "execve", lambda file, command, environment: started.append((command, environment)))
    monkeypatch.setenv("no_proxy", "example.org")
    for user in (0, 1000):
        monkeypatch.setattr(os, "geteuid", lambda user=user: user)
        monkeypatch.setattr(sys, "argv", ["analysis", "lab", "--port", "9000"])
        assert cli.main() == 0
    assert [command[1:] for command, _ in started] == [
        [str(paths.notebooks()), "--allow-root", "--port", "9000"],
        [str(paths.notebooks()), "--port", "9000"],
    ]
    assert capsys.readouterr().err.count("You are root") == 1
    assert started[0][1]["no_proxy"] == "example.org,localhost,127.0.0.1,::1"
    assert "localhost" in started[0][1]["NO_PROXY"].split(",")


def run_here(monkeypatch, *arguments: str, failing: str = "nothing") -> tuple[int, list[str]]:
    """The command line with nothing started: its exit code, and what would have been; what is `failing` fails."""
    started = []

    def start(command, **_: object) -> subprocess.CompletedProcess:
        line = " ".join(Path(part).name if os.sep in part else part for part in command)
        started.append(line)
        return subprocess.CompletedProcess(command, int(failing in line))

    monkeypatch.setattr(everyday.subprocess, "run", start)
    monkeypatch.setattr(everyday, "_tool", lambda name: name)
    monkeypatch.setattr(sys, "argv", ["analysis", *arguments])
    return cli.main(), started


def test_lint_and_test_stop_at_what_fails(workspace, monkeypatch):
    checks = ["ruff format --check .", "ruff check .", "mypy", "lint-imports --no-cache"]
    checks += ["zizmor --offline --quiet --persona=pedantic .github"]
    assert run_here(monkeypatch, "lint") == (0, checks)
    assert run_here(monkeypatch, "lint", failing="mypy") == (1, checks[:3])
    code, started = run_here(monkeypatch, "test")
    assert (code, [line.split(" ", 3)[3] for line in started]) == (
        0,
        ["tests -n auto --no-loadscope-reorder", "--nbval-lax notebooks -n auto --dist loadfile"],
    )
    assert run_here(monkeypatch, "test", failing="tests")[0] == 1


def test_vectors_are_made_of_the_texts_that_are_at_hand(workspace, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["analysis", "vectors"])
    assert cli.main() == 9
    assert "measures.jsonl is missing: run `make report`" in capsys.readouterr().err
    for name in ("measures", "texts"):
        store.write(name, store.empty(name), paths.committed())
    assert cli.main() == 0
    assert capsys.readouterr().out.startswith("0 sentence vectors made")


def test_a_tool_that_is_not_there_is_named_with_what_to_do(workspace, monkeypatch, capsys):
    monkeypatch.setattr(everyday.sysconfig, "get_path", lambda name: str(workspace.root))
    monkeypatch.setattr(sys, "argv", ["analysis", "lint"])
    assert cli.main() == 2
    assert "ruff is not installed" in capsys.readouterr().err


def bare(*arguments: str) -> tuple[int, str, str]:
    """The command line by a Python that has no package but its own."""
    command = [sys.executable, "-S", "-m", "analysis", *arguments]
    done = subprocess.run(command, cwd=REPO, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def test_bare_python_says_what_to_do_and_can_set_up():
    code, out, err = bare("report", "--edition", "2026")
    assert (code, out) == (1, "")
    assert err.startswith("error: this Python has not the packages: python3 -m analysis setup")
    code, out, err = bare("setup", "--check")
    assert (code, out) == (1, "")
    assert "altair, axe-playwright-python, babel and" in err
    assert bare("setup", "--help") == (0, f"{environment.USAGE}\n", "")
    assert bare("setup", "--chekc")[0] == 2


def test_an_environment_with_another_version_than_the_locks_lacks_it(tmp_path, monkeypatch):
    lock = tmp_path / "lock"
    lock.write_text(environment.LOCK.read_text(encoding="utf-8").replace("\npolars==", "\npolars==9"), encoding="utf-8")
    here = environment.lacking()
    monkeypatch.setattr(environment, "LOCK", lock)
    assert set(environment.lacking()) - set(here) == {"polars"}


@pytest.fixture
def conda(tmp_path, monkeypatch):
    """An active conda environment, as far as make can tell: a folder with a Python that is this one, or a bare one."""

    def activate(option: str = "") -> Path:
        python = tmp_path / "conda/bin/python"
        python.parent.mkdir(parents=True, exist_ok=True)
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" {option} "$@"\n')
        python.chmod(0o755)
        return python

    monkeypatch.setenv("CONDA_PREFIX", str(tmp_path / "conda"))
    monkeypatch.setattr(environment, "READY", tmp_path / "venv/.ready")
    monkeypatch.setattr(environment, "FOLDER", tmp_path / "venv")
    return activate


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_uses_an_active_conda_environment_that_has_the_packages(conda):
    def planned() -> str:
        return subprocess.run(
            ["make", "--no-print-directory", "-n", "test"], cwd=REPO, capture_output=True, text=True, check=True
        ).stdout

    python = conda("-S")
    assert str(python) not in planned()
    assert ".venv/bin/python -m analysis test" in planned()
    if environment.lacking():
        pytest.skip("this Python has not all packages of the lock")
    conda()
    assert planned() == f"{python} -m analysis test \n"


def test_setup_makes_nothing_beside_a_conda_environment_and_says_why_it_does(conda, monkeypatch, capsys):
    monkeypatch.setattr(environment, "_make", lambda: print("making"))
    conda("-S")
    assert environment.main(["setup"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "is not used: it lacks" in said[0]
    assert said[2] == "making"
    monkeypatch.setattr(environment, "_lacks", lambda prefix: "")
    assert environment.main(["setup"]) == 0
    assert "making" not in capsys.readouterr().out


def test_an_environment_made_by_hand_is_taken_for_ready(conda, monkeypatch, capsys):
    monkeypatch.delenv("CONDA_PREFIX")
    monkeypatch.setattr(environment, "_make", lambda: pytest.fail("it was there"))
    monkeypatch.setattr(environment, "_lacks", lambda prefix: "")
    environment.FOLDER.mkdir()
    assert environment.main(["setup"]) == 0
    assert environment.READY.exists()
    os.utime(environment.READY, (0, 0))  # older than the lock: what it holds may have changed
    made = []
    monkeypatch.setattr(environment, "_make", lambda: made.append(True))
    assert environment.main(["setup"]) == 0
    assert made == [True]
