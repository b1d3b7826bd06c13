"""The shell commands of the README do what it says: they are run as they stand there, on a copy of the workspace."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typeset import plan

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
# Not run here, each for a reason.
LEFT_OUT = {
    "make report": "makes the environment and takes a minute; tests/workspace/test_run.py runs reports",
    "make report EDITION=2027 BASELINE=2026": "as before",
    "make test": "runs this test, too",
    "python3 -m analysis setup": "installs packages from the network",
    "python3 -m venv .venv && .venv/bin/pip install --no-deps --require-hashes -r requirements.lock && "
    ".venv/bin/pip install --no-deps --no-build-isolation -e .": "installs packages from the network",
    "uv venv && uv pip sync --require-hashes requirements.lock && "
    "uv pip install --no-deps --no-build-isolation -e .": "installs packages from the network",
}


def commands() -> list[str]:
    """The lines of the README's blocks that name no language, in their order, without remarks."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    lines = [line.partition(" #")[0].strip() for language, text in blocks if not language for line in text.splitlines()]
    return [line for line in lines if line]


def test_no_reason_is_given_for_what_the_readme_does_not_say():
    assert LEFT_OUT.keys() - commands() == set()


def test_what_is_left_out_names_what_is_there():
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z]+)\b", README, re.MULTILINE))
    assert named >= {"report", "test", "lab", "lock", "notebooks"}
    assert named - known == set()


@pytest.fixture
def copy(tmp_path) -> Path:
    """A copy of the workspace without documents, and two plans that we made up beside it."""
    for name in ("data/curated", "data/processed"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("raw", "texts.jsonl"))
    (tmp_path / "data/raw").mkdir()
    shutil.copy(ROOT / "data/raw/manifest.toml", tmp_path / "data/raw")
    lines = (ROOT / "tests/mini/markdown_plan.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    for name in ("plan.pdf", "decided.pdf"):
        (tmp_path / name).write_bytes(plan("markdown_plan", lines))
        lines = [line.replace("灯台", "鉄塔") for line in lines]
    return tmp_path


def test_the_commands_of_the_readme_work(copy):
    places = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": places, "PYTHONPATH": str(ROOT), "IP_PLAN_ROOT": str(copy)}
    run = [command for command in commands() if command not in LEFT_OUT]
    assert len(run) >= 3
    for command in run:
        done = subprocess.run(
            command, shell=True, cwd=copy, env=environment, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    manifest = (copy / "data/raw/manifest.toml").read_text(encoding="utf-8")
    assert manifest.count("edition = 2027") == 1  # the second took the first one's place
