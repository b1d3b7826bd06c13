"""The commit that something was made with is said where it can be known, and so is that files differ from it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from analysis.base import checkout

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git on this machine")


def git(root: Path, *arguments: str) -> str:
    who = ["-c", "user.name=N", "-c", "user.email=n@example.org"]
    return subprocess.run(["git", "-C", root, *who, *arguments], capture_output=True, text=True, check=True).stdout


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with one curated file and one table."""
    monkeypatch.setenv("IP_PLAN_ROOT", str(tmp_path))
    for name in ("data/curated/names.csv", "data/processed/topics.jsonl"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("first")
    return tmp_path


def test_without_git_and_before_the_first_commit_there_is_none(root):
    assert checkout.commit() is None
    git(root, "init")
    assert checkout.commit() is None


def test_a_commit_is_said_and_that_files_which_a_run_reads_differ_from_it(root):
    git(root, "init")
    git(root, "add", ".")
    git(root, "commit", "-m", "first")
    head = git(root, "rev-parse", "HEAD").strip()
    assert checkout.commit() == head
    (root / "data/processed/topics.jsonl").write_text("made by a run")  # the next run says the same of itself
    (root / "notes.txt").write_text("mine")
    assert checkout.commit() == head
    (root / "data/curated/names.csv").write_text("second")
    assert checkout.commit() == head + checkout.CHANGED
    git(root, "commit", "-am", "second")
    (root / "data/curated/more.csv").write_text("new")
    assert checkout.commit() == git(root, "rev-parse", "HEAD").strip() + checkout.CHANGED


def test_what_git_cannot_read_is_no_commit(root):
    (root / ".git").write_text("gitdir: nowhere")
    assert checkout.commit() is None
