"""A notebook is taken from its last good run where all that it read is as it was then, and only there."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from conftest import Workspace

from analysis.base import paths
from analysis.base.errors import WorkspaceError
from analysis.workspace import run, steps
from analysis.workspace.notebook_process import ProgressEvent

FOLDERS = """
import os, sys
from pathlib import Path
report, processed = Path(os.environ["IP_PLAN_REPORT"]), Path(os.environ["IP_PLAN_PROCESSED"])
root, before = Path(os.environ["IP_PLAN_ROOT"]), Path(os.environ["IP_PLAN_BEFORE"])
"""
NOTEBOOKS = ["01_clean", "02_topics", "03_continuity", "05_report"]
TELLING = {"run.json", "log.txt", "ro-crate-metadata.json"}  # they hold times
SHOWN = "analysis/report/exhibits/lamps.py"
COMPUTED = "analysis/continuity/lamps.py"


def writes(table: str, text: str) -> str:
    return f"(processed / '{table}.jsonl').write_text({text})"


@pytest.fixture
def lamps(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace, with code of its own, whose notebooks read and make one thing each."""
    monkeypatch.setattr(paths, "CHECKOUT", workspace.root)
    monkeypatch.setattr(run, "NOTEBOOKS", NOTEBOOKS)
    for name in (SHOWN, COMPUTED, "data/curated/names.csv"):
        file = workspace.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"first {name}")
    read = "(root / '{}').read_text()"
    workspace.notebook("01_clean", FOLDERS, writes("measures", read.format("data/raw/ip2026.txt")))
    topics = "(processed / 'measures.jsonl').read_text()[:2] + " + read.format("data/curated/names.csv")
    workspace.notebook("02_topics", FOLDERS, writes("topics", topics))
    links = read.format(COMPUTED) + " + (processed / 'topics.jsonl').read_text()"
    made = "\n".join([
        "held = before / 'processed/links.jsonl'",
        f"links = held.read_text() if held.exists() else {links} + 'made'",
        writes("links", "links"),
        f"print({read.format(SHOWN)}, held.exists())",
    ])  # fmt: skip
    workspace.notebook("03_continuity", FOLDERS, made)
    page = "(report / 'report.html').write_text((processed / 'links.jsonl').read_text())"
    workspace.notebook("05_report", FOLDERS, page, parameters="edition = 0\nlanguage = 'en'\ntop = 5")
    return workspace


def taken(fresh: bool = False, **parameters: object) -> set[str]:
    """Which notebooks a run takes from their last good run."""
    news: list[ProgressEvent] = []
    run.run(2026, 2019, "en", parameters, network=False, timeout=60, notify=news.append, fresh=fresh)
    return {item.notebook for item in news if item.kind == "taken"}


def published(workspace: Workspace) -> dict[str, bytes]:
    folders = (workspace.root / "reports/2026", workspace.root / "data/processed")
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file() and file.name not in TELLING]
    return {str(file): file.read_bytes() for file in files}


def change(workspace: Workspace, name: str, text: str = "second") -> None:
    (workspace.root / name).write_text(text)


def test_what_has_not_changed_is_taken_and_gives_the_same_bytes(lamps):
    assert taken() == set()
    first = published(lamps)
    assert first[str(lamps.root / "reports/2026/report.html")]
    assert taken() == set(NOTEBOOKS)
    assert published(lamps) == first
    log = (lamps.root / "reports/2026/log.txt").read_text()
    assert log.count("nothing that it reads has changed") == len(NOTEBOOKS)
    record = json.loads((lamps.root / "reports/2026/run.json").read_text())
    assert all(part["taken_from"] < record["ended"] for part in record["notebooks"].values())
    assert taken(fresh=True) == set()
    assert published(lamps) == first


@pytest.mark.parametrize(
    ("name", "again"),
    [
        ("data/curated/names.csv", {"02_topics", "03_continuity", "05_report"}),
        (COMPUTED, {"03_continuity", "05_report"}),
        ("data/curated/unread.csv", set(NOTEBOOKS)),  # a new file: a notebook may have looked whether there is one
        ("analysis/report/unread.py", set()),
    ],
)
def test_what_has_changed_is_made_again_with_what_rests_on_it(lamps, name, again):
    taken()
    change(lamps, name)
    assert set(NOTEBOOKS) - taken() == again


def test_what_is_made_again_is_what_a_fresh_run_makes(lamps):
    taken()
    change(lamps, SHOWN)
    assert set(NOTEBOOKS) - taken() == {"03_continuity"}
    incremental = published(lamps)
    assert taken(fresh=True) == set()
    after = published(lamps)
    output = str(lamps.root / "reports/2026/notebooks/03_continuity.ipynb")
    assert b"second True" in incremental.pop(output)  # the test's notebook says whether it was given tables
    assert b"second False" in after.pop(output)
    assert incremental == after


def test_a_document_that_reads_the_same_changes_no_more(lamps):
    """The first notebook runs again, and makes the same table: the others need not make theirs."""
    lamps.notebook(
        "01_clean", FOLDERS, "_ = (root / 'data/raw/manifest.toml').read_text()", writes("measures", "'same'")
    )
    taken()
    first = published(lamps)
    manifest = lamps.root / "data/raw/manifest.toml"
    manifest.write_text(manifest.read_text() + "\n")
    taken()
    after = published(lamps)
    output = str(lamps.root / "reports/2026/notebooks/03_continuity.ipynb")
    assert b"False" in first.pop(output)
    assert b"True" in after.pop(output)  # shown again, on the tables that hold
    assert after == first


def test_notebooks_parameters_and_libraries_count(lamps, monkeypatch):
    taken()
    assert set(NOTEBOOKS) - taken(top=6) == {"05_report"}
    assert set(NOTEBOOKS) - taken() == {"05_report"}
    lamps.notebook("05_report", FOLDERS, "(report / 'report.html').write_text('another')")
    assert set(NOTEBOOKS) - taken() == {"05_report"}
    monkeypatch.setattr(steps.Steps, "libraries", "others")
    assert taken() == set()


def test_the_commit_counts_for_those_that_ask_for_it(lamps):
    git = ["git", "-C", str(lamps.root), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "one"]):
        subprocess.run([*git, *words], check=True, env=os.environ | {"GIT_CONFIG_GLOBAL": "/dev/null"})
    asks = "import subprocess\nsubprocess.run(['git', '-C', str(root), 'rev-parse', 'HEAD'], check=True)"
    lamps.notebook("05_report", FOLDERS, asks)
    taken()
    assert taken() == set(NOTEBOOKS)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "two"], check=True)
    assert set(NOTEBOOKS) - taken() == {"05_report"}


@pytest.mark.parametrize("damage", ["record", "file", "gone"])
def test_what_is_damaged_is_made_again(lamps, damage):
    taken()
    first = published(lamps)
    record = lamps.root / "reports/.steps/2026/02_topics.json"
    made = lamps.root / "reports/.steps/files" / json.loads(record.read_text())["made"]["processed/topics.jsonl"]
    if damage == "record":
        record.write_text('{"asked": 1}')
    elif damage == "file":
        made.write_text("altered")
    else:
        made.unlink()
    change(lamps, "data/processed/topics.jsonl", "a person's edit")  # which the step made, and does not read
    assert set(NOTEBOOKS) - taken() == {"02_topics", "03_continuity", "05_report"}
    output = str(lamps.root / "reports/2026/notebooks/03_continuity.ipynb")
    assert {**published(lamps), output: b""} == {**first, output: b""}  # the test's notebook says what it was given


def test_an_earlier_version_of_its_own_table_counts_where_a_notebook_reads_it(lamps):
    once = "known = (processed / 'topics.jsonl').read_text()\n" + writes("topics", "known[-20:] + 'x'")
    lamps.notebook("02_topics", FOLDERS, once)
    taken()
    assert set(NOTEBOOKS) - taken() == {"02_topics", "03_continuity", "05_report"}


def test_what_changed_while_it_was_read_is_not_kept(lamps):
    lamps.notebook(
        "05_report", FOLDERS, "place = root / 'data/curated/names.csv'\nplace.write_text(place.read_text() + 'x')"
    )
    taken()
    assert "05_report" not in taken()


def test_a_run_that_fails_keeps_what_went_well(lamps):
    lamps.notebook("05_report", "1 / 0")
    with pytest.raises(WorkspaceError):
        taken()
    lamps.notebook("05_report", "1")
    assert set(NOTEBOOKS) - taken() == {"05_report"}


def test_only_what_a_record_names_is_kept(lamps):
    taken()
    change(lamps, "data/curated/names.csv")
    taken()
    folder = lamps.root / "reports/.steps"
    used = {known for record in folder.glob("2026/*.json") for known in json.loads(record.read_text())["made"].values()}
    assert {file.name for file in (folder / "files").iterdir()} == used


def test_no_record_is_published(lamps):
    """Records hold the paths of this machine."""
    taken()
    for file in (lamps.root / "reports/2026").rglob("*"):
        assert not file.is_file() or str(lamps.root) not in file.read_text(encoding="utf-8")
    assert str(lamps.root) in Path(lamps.root / "reports/.steps/2026/03_continuity.json").read_text()
