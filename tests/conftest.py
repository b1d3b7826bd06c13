"""What tests share: a small fictitious workspace, and the report built once."""

import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from analysis.__main__ import main
from analysis.base import paths

REPO = Path(__file__).resolve().parent.parent
# A shell that starts a job in the background has it ignore Ctrl-C, and its children with it: not in these tests.
signal.signal(signal.SIGINT, signal.default_int_handler)
NOTEBOOKS = ["01_clean", "02_topics", "03_continuity", "04_kpi", "05_report"]


class Workspace:
    """Two documents, five notebooks, an earlier report and an earlier table."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in ("data/raw", "data/curated", "data/processed", "notebooks", "reports/2026"):
            (root / folder).mkdir(parents=True)
        for name in ("layouts", "codebooks"):
            shutil.copytree(REPO / "data/curated" / name, root / "data/curated" / name)
        self.texts = {"ip2019": "計画 2019\nline two\n".encode(), "ip2026": "計画 2026\n".encode()}
        entries = []
        for doc_id, text in self.texts.items():
            self.raw(doc_id).write_bytes(text)
            entries.append(entry(doc_id, text))
        (root / "data/raw/manifest.toml").write_text("\n".join(entries), encoding="utf-8")
        (root / "reports/2026/report.html").write_text("the earlier report")
        (root / "data/processed/topics.jsonl").write_text("the earlier table\n")
        for name in NOTEBOOKS:
            self.notebook(name, "pass")

    def raw(self, doc_id: str) -> Path:
        return self.root / "data/raw" / f"{doc_id}.txt"

    def notebook(self, name: str, *cells: str, parameters: str = "edition = 2026\nbaseline = 2019") -> None:
        """Write a notebook with a heading, a parameters cell, a second heading and the cells."""
        code = [{"source": parameters, "metadata": {"tags": ["parameters"]}}, *({"source": cell} for cell in cells)]
        made = [
            {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "id": f"c{n}"} | cell
            for n, cell in enumerate(code)
        ]
        heads = [
            {"cell_type": "markdown", "id": f"m{n}", "metadata": {}, "source": text}
            for n, text in enumerate([f"# {name}", "words\n\n## The step\n\nmore words"])
        ]
        kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
        book = {
            "cells": [heads[0], made[0], heads[1], *made[1:]],
            "metadata": {"kernelspec": kernel},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (self.root / "notebooks" / f"{name}.ipynb").write_text(json.dumps(book), encoding="utf-8")

    def state(self) -> dict[str, bytes]:
        """What a run that fails must leave alone: the published report and the tables, byte for byte."""
        files = [*(self.root / "reports/2026").rglob("*"), *(self.root / "data").rglob("*")]
        return {str(file): file.read_bytes() for file in files if file.is_file()}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """The command line in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "analysis", *arguments],
            cwd=self.root,
            env=os.environ | {"IP_PLAN_ROOT": str(self.root), "PYTHONPATH": str(REPO)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # a process group of its own, for signals
        )

    def cli(self, *arguments: str) -> tuple[int, str, str]:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def call(self, *arguments: str) -> tuple[int, str, str]:
        """The command line as `cli`, but in this process, which has loaded the libraries."""
        before, out, err = signal.getsignal(signal.SIGTERM), io.StringIO(), io.StringIO()
        try:
            with pytest.MonkeyPatch.context() as patch, chdir(self.root), redirect_stdout(out), redirect_stderr(err):
                patch.setattr(sys, "argv", ["analysis", *arguments])
                return main(), out.getvalue(), err.getvalue()
        finally:
            signal.signal(signal.SIGTERM, before)


def entry(doc_id: str, text: bytes, **changes: object) -> str:
    """A manifest entry for the text."""
    values: dict[str, object] = {
        "doc_id": doc_id, "edition": int(doc_id[2:6]), "kind": "full", "status": "decided", "title": f"Plan {doc_id}",
        "publisher": "P", "address": f"https://example.org/{doc_id}", "licence": "L", "layout": "x",
        "bytes": len(text), "sha256": hashlib.sha256(text).hexdigest(),
    }  # fmt: skip
    return "[[document]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in (values | changes).items())


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    root = tmp_path / "a workspace with spaces in its name, so long that no socket could be bound by its whole path"
    monkeypatch.setenv("IP_PLAN_ROOT", str(root))
    for name in ("IP_PLAN_PROCESSED", "IP_PLAN_REPORT"):
        monkeypatch.delenv(name, raising=False)
    return Workspace(root)


def copy_tables(folder: Path) -> None:
    """Copy the committed tables into the folder, without the texts, as in a clone without documents."""
    for file in paths.committed().glob("*.jsonl"):
        if file.stem != "texts":
            shutil.copy(file, folder)


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of the report on the committed tables, by language; for the files that are TOGETHER below."""
    from analysis.report import build  # only where they are needed: they take their time
    from analysis.report.data import ReportData

    processed = tmp_path_factory.mktemp("processed")
    copy_tables(processed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IP_PLAN_PROCESSED", str(processed))
        return {
            language: build.build(ReportData(2026, 2019, language), folder=tmp_path_factory.mktemp(language))
            for language in ("en", "ja")
        }


# --- tests on all cores (pytest-xdist) ----------------------------------------------------------------------------

TOGETHER = {"tests/report/test_browser.py": "pages", "tests/report/test_report.py": "pages"}
LONG = ("tests/report", "tests/workspace", "tests/repository", "tests/explore", "tests/extraction/test_hostile")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Give each file, and what is TOGETHER, to one worker, so that what their tests share is made once.

    Marks of groups do the same, but not with pytest 9.2 (pytest-xdist's issue 1386).
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::")[0]
            return TOGETHER.get(file, file)

    return ByFile(config, log)


@pytest.fixture
def curated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder data/curated of a workspace of its own; a test file names the file in it that it is about."""
    monkeypatch.setenv("IP_PLAN_ROOT", str(tmp_path))
    folder = tmp_path / "data/curated"
    folder.mkdir(parents=True)
    return folder
