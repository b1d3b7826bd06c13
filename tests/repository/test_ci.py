"""CI runs what it names: actions by their hash, without credentials, on every Python; and June says what is due."""

import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.y*ml"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def steps(text: str) -> list[str]:
    """The steps of a workflow's jobs, each from its dash to the next."""
    return re.findall(r"^      - .*\n(?:        .*\n)*", text, re.MULTILINE)


def unsafe(text: str) -> list[str]:
    """The steps whose action can be changed by others, or that keep the credentials of the checkout."""
    using = [step for step in steps(text) if "uses:" in step]
    unpinned = [step for step in using if not re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+\n", step)]
    keeping = [
        step for step in using if "actions/checkout@" in step and "\n          persist-credentials: false\n" not in step
    ]
    return unpinned + keeping


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_actions_are_pinned_and_no_credentials_are_kept(file):
    text = file.read_text(encoding="utf-8")
    assert text.count("uses:") == sum(step.count("uses:") for step in steps(text)) > 0  # none stands elsewhere
    assert unsafe(text) == []


def test_what_is_not_pinned_or_keeps_credentials_is_seen():
    checkout = "      - uses: actions/checkout@" + "a" * 40 + " # v7.0.1\n"
    setting = "        with:\n          persist-credentials: false\n"
    assert unsafe(checkout + setting) == []
    assert unsafe(checkout) == [checkout]
    assert unsafe(checkout.replace("a" * 40, "v7") + setting) != []
    assert unsafe(checkout + setting.replace("false", "true")) != []


def test_ci_tests_each_python_that_is_declared():
    declared = re.findall(r"Python :: (3\.\d+)", " ".join(PROJECT["classifiers"]))
    tested = re.search(r"python: (\[.*\])", WORKFLOWS[0].read_text(encoding="utf-8"))
    assert json.loads(tested[1]) == declared
    assert f">={declared[0]}" == PROJECT["requires-python"]


def targets(command: str) -> set[str]:
    """What a shell command asks make for."""
    return {target for words in re.findall(r"\bmake ([^&|;]*)", command) for target in re.findall(r"^[a-z]+", words)}


def test_what_ci_and_the_devcontainer_call_is_there():
    called = "\n".join(re.findall(r"run: (.*)", WORKFLOWS[0].read_text(encoding="utf-8")))
    for file in re.findall(r"(?:bash|python3) (\S+)", called):
        assert (ROOT / file).is_file()
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    commands = [text for key, text in container.items() if key.endswith("Command")]
    known = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    wanted = targets("\n".join([called, (ROOT / ".ci/run").read_text(encoding="utf-8").replace("\n", ";")]))
    assert wanted == {"setup", "lint", "test"} <= known
    assert targets(" && ".join(commands)) == {"setup", "report", "test", "lab"}
    assert all(re.match(r"make [a-z]+( && make [a-z]+)*( LAB='[^']*')?$", command) for command in commands)
    assert re.fullmatch(r"[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}", container["image"])
    port = re.search(r"--port (\d+)", container["postAttachCommand"])
    assert container["forwardPorts"] == [int(port[1])] == [int(key) for key in container["portsAttributes"]]


def due():
    spec = importlib.util.spec_from_file_location("due", ROOT / ".ci/due.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def plan(edition: int, status: str = "decided", kind: str = "full") -> dict:
    return {"edition": edition, "status": status, "kind": kind}


def test_june_asks_for_a_plan_that_is_not_there():
    notice = due().notice
    assert notice(2027, [plan(2026), plan(2027)]) is None
    assert "--edition 2027 --title 知的財産推進計画2027\n" in notice(2027, [plan(2019), plan(2026)])
    assert "make report EDITION=2027 BASELINE=2026" in notice(2027, [plan(2019), plan(2026)])
    assert "has no decided full plan of 2027" in notice(2027, [plan(2026), plan(2027, kind="summary")])
    assert "only a draft" in notice(2027, [plan(2026), plan(2027, "draft")])
    assert "--replace" in notice(2027, [plan(2026), plan(2027, "draft")])


@pytest.mark.parametrize(("year", "code"), [("2019", 0), ("2099", 1)])
def test_the_job_of_june_fails_where_a_plan_is_due(year, code):
    command = [sys.executable, "-S", ROOT / ".ci/due.py", year]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (code, "")
    assert year in done.stdout.splitlines()[0]
