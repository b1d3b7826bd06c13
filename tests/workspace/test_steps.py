"""A notebook is taken from its last good run where all that it read is as it was then, and only there."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Workspace

from analysis.base import files, paths
from analysis.base.errors import WorkspaceError
from analysis.workspace import run, steps
from analysis.workspace.notebook_process import ProgressEvent
from analysis.workspace.publish import Staging
from analysis.workspace.steps import Step, Steps

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
NAMES = "data/curated/names.csv"


def writes(table: str, text: str) -> str:
    return f"(processed / '{table}.jsonl').write_text({text})"


@pytest.fixture
def lamps(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace, with code of its own, whose notebooks read and make one thing each."""
    monkeypatch.setattr(paths, "CHECKOUT", workspace.root)
    monkeypatch.setattr(run, "NOTEBOOKS", NOTEBOOKS)
    for name in (SHOWN, COMPUTED, NAMES):
        change(workspace, name, f"first {name}")
    read = "(root / '{}').read_text()"
    workspace.notebook("01_clean", FOLDERS, writes("measures", read.format("data/raw/ip2026.txt")))
    topics = "(processed / 'measures.jsonl').read_text()[:2] + " + read.format(NAMES)
    workspace.notebook("02_topics", FOLDERS, writes("topics", topics))
    links = read.format(COMPUTED) + " + (processed / 'topics.jsonl').read_text()"
    made = "\n".join([
        "held = before / 'processed/links.jsonl'",
        f"if not held.exists(): {writes('links', links + ' + ' + repr('made'))}",
        f"print({read.format(SHOWN)}, held.exists())",
    ])  # fmt: skip
    workspace.notebook("03_continuity", FOLDERS, made)
    change(workspace, "data/processed/other.jsonl", "a table that no notebook makes")
    page = "links, other = ((processed / f'{name}.jsonl').read_text() for name in ('links', 'other'))"
    page += "\n(report / 'report.html').write_text(links + other)"
    workspace.notebook("05_report", FOLDERS, page, parameters="edition = 0\nlanguage = 'en'\ntop = 5")
    return workspace


def again(fresh: bool = False, **parameters: object) -> set[str]:
    """Which notebooks a run does not take from their last good run."""
    news: list[ProgressEvent] = []
    run.run(2026, 2019, "en", parameters, network=False, timeout=60, notify=news.append, fresh=fresh)
    return set(NOTEBOOKS) - {item.notebook for item in news if item.kind == "taken"}


def published(workspace: Workspace) -> dict[str, bytes]:
    folders = (workspace.root / "reports/2026", workspace.root / "data/processed")
    found = [file for folder in folders for file in folder.rglob("*") if file.is_file() and file.name not in TELLING]
    return {str(file): file.read_bytes() for file in found}


def change(workspace: Workspace, name: str, text: str = "second") -> None:
    (workspace.root / name).parent.mkdir(parents=True, exist_ok=True)
    (workspace.root / name).write_text(text)


def test_what_has_not_changed_is_taken_and_gives_the_same_bytes(lamps):
    assert again() == set(NOTEBOOKS)
    first = published(lamps)
    assert first[str(lamps.root / "reports/2026/report.html")]
    assert again() == set()
    assert published(lamps) == first
    log = (lamps.root / "reports/2026/log.txt").read_text()
    assert log.count("nothing that it reads has changed") == len(NOTEBOOKS)
    record = json.loads((lamps.root / "reports/2026/run.json").read_text())
    assert all(part["taken_from"] < record["ended"] for part in record["notebooks"].values())
    for file in (lamps.root / "reports/2026").rglob("*"):  # records, which are not published, hold this machine's paths
        assert not file.is_file() or str(lamps.root) not in file.read_text(encoding="utf-8")
    assert again(fresh=True) == set(NOTEBOOKS)
    assert published(lamps) == first


def test_what_has_changed_is_made_again_with_what_rests_on_it(lamps):
    again()
    change(lamps, "analysis/report/unread.py")
    assert again() == set()
    change(lamps, NAMES)
    assert again() == {"02_topics", "03_continuity", "05_report"}
    change(lamps, COMPUTED)
    assert again() == {"03_continuity", "05_report"}
    change(lamps, "data/processed/other.jsonl")
    assert again() == {"05_report"}
    assert again(top=6) == {"05_report"}
    lamps.notebook("05_report", "1 / 0")
    with pytest.raises(WorkspaceError):
        again()
    page = "(report / 'report.html').write_text((processed / 'links.jsonl').read_text() + 'end')"
    lamps.notebook("05_report", FOLDERS, page)
    change(lamps, SHOWN)  # on the tables that it made: what rests on these need not wait
    assert again() == {"03_continuity", "05_report"}
    incremental = published(lamps)
    again(fresh=True)
    after = published(lamps)
    output = str(lamps.root / "reports/2026/notebooks/03_continuity.ipynb")
    assert b"second True" in incremental.pop(output)  # the test's notebook says whether it was given tables
    assert b"second False" in after.pop(output)
    assert incremental == after


def test_a_notebook_on_held_tables_leaves_what_a_later_one_made_of_them(lamps, monkeypatch):
    """As figures, which 01_clean makes and 04_kpi ties to indicators: before, the first version was published."""
    monkeypatch.setattr(run, "NOTEBOOKS", ["01_clean", "04_kpi"])
    shows = f"print((root / '{SHOWN}').read_text())"
    first = "from analysis.tables import store\n"
    first += "store.made('novelty', lambda: store.empty('novelty'))"
    lamps.notebook("01_clean", FOLDERS, shows, first)
    lamps.notebook("04_kpi", FOLDERS, "(processed / 'novelty.jsonl').open('a').write('tied')")
    again()
    change(lamps, SHOWN)
    assert again() >= {"01_clean"}
    assert (lamps.root / "data/processed/novelty.jsonl").read_text() == "tied"


# --- what counts, without a kernel --------------------------------------------------------------------------------

READ = "data/curated/names.csv"


@pytest.fixture
def place(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(paths, "CHECKOUT", workspace.root)
    for name in (READ, *steps.OWN, SHOWN, steps.DRAWS):
        change(workspace, name, "first")
        os.utime(workspace.root / name, (1, 1))  # not while a step ran
    return workspace


def begin(workspace: Workspace, fresh: bool = False) -> Steps:
    """The steps of a run, in a staging folder as a run makes it."""
    staging = Staging((workspace.root / "reports/.run-x").resolve())
    for folder in (staging.processed, staging.notebooks):
        folder.mkdir(parents=True, exist_ok=True)
    (staging.processed / "topics.jsonl").write_text("topics")
    return Steps("2026", staging, fresh)


def keep(
    workspace: Workspace,
    trace: list[str] | None = None,
    made: str = "links",
    held: Step | None = None,
    page: bool = True,
) -> dict:
    """Keep a step that read names and topics and made links, a page and its chart; what it was asked."""
    known = begin(workspace)
    staging, began = known.staging, time.time()
    topics, links = (staging.processed / f"{name}.jsonl" for name in ("topics", "links"))
    asked, tables = known.asked(workspace.root / "notebooks/02_topics.ipynb", {"n": 1}), known.tables()
    usual = [f"r{workspace.root.resolve() / READ}", f"r{workspace.root.resolve() / SHOWN}", f"r{topics}", f"w{links}"]
    told = [*(usual if trace is None else trace), *([f"w{staging.report / 'report.html'}"] if page else [])]
    known.trace("02_topics").write_text("".join(f"{line}\n" for line in told))
    links.write_text(made)
    (staging.notebooks / "02_topics.ipynb").write_text("{}")
    chart = staging.report / "figures/map.svg"
    chart.parent.mkdir(exist_ok=True)
    chart.write_text("<svg/>")  # by a process of its own, where the trace says that it wrote the page
    (staging.report / "report.html").write_text("page")
    known.keep("02_topics", asked, tables, began - 1, 1.5, held)
    return asked


def changed(workspace: Workspace, asked: dict, fresh: bool = False) -> set[str] | None:
    """What has changed for the step that was kept, None where it is not to be taken at all."""
    known = begin(workspace, fresh)
    last = known.last("02_topics")
    return known.changed(last, asked) if last else None


def test_a_step_is_known_by_all_that_it_was_asked_and_read(place):
    asked = keep(place)
    assert changed(place, asked) == set()
    assert changed(place, asked, fresh=True) is None
    for name in ("notebook", "parameters", "libraries", "files", "settings"):
        assert changed(place, asked | {name: "another"}) is None
    change(place, READ)
    assert changed(place, asked) == {str(place.root.resolve() / READ)}
    assert not begin(place).only_shown(changed(place, asked))
    change(place, READ, "first")
    change(place, SHOWN)
    assert changed(place, asked) == {str(place.root.resolve() / SHOWN)}
    assert begin(place).only_shown(changed(place, asked))
    (place.root / SHOWN).unlink()
    assert changed(place, asked) == {str(place.root.resolve() / SHOWN)}


def test_only_code_that_makes_no_table_is_what_is_shown(place):
    known, root = begin(place), place.root.resolve()
    folders = [str(root / "analysis/report" / name) for name in ("exhibits/x.py", "charts/x.py", "templates/x.j2")]
    assert known.only_shown(set(folders))
    for name in ("analysis/report/data.py", COMPUTED, READ, "analysis/tables/store.py"):
        assert not known.only_shown({*folders, str(root / name)})
    assert not known.only_shown(None)


def test_a_step_that_ran_on_held_tables_rests_on_all_that_these_rest_on(place, monkeypatch):
    monkeypatch.setattr(steps.checkout, "commit", lambda: "one")
    processed = place.root.resolve() / "reports/.run-x/processed"
    keep(place, [f"r{place.root.resolve() / READ}", f"r{processed / 'topics.jsonl'}", "rgit"])
    first = begin(place).last("02_topics")
    keep(place, [f"r{place.root.resolve() / SHOWN}"], held=first)
    second = begin(place).last("02_topics")
    assert set(second.read) == {*first.read, str(place.root.resolve() / SHOWN)}
    assert second.tables == first.tables != {}
    assert second.commit == "one"


def test_a_step_keeps_its_own_version_of_a_table_that_another_notebook_wrote_meanwhile(place):
    links = f"w{place.root.resolve()}/reports/.run-x/processed/links.jsonl"
    keep(place, [links], made="own")
    first = begin(place).last("02_topics")
    keep(place, [], made="another's", held=first)
    second = begin(place).last("02_topics")
    assert second.made["processed/links.jsonl"] == first.made["processed/links.jsonl"]


def test_a_new_curated_file_counts_for_all_and_a_library_too(place, monkeypatch):
    notebook = place.root / "notebooks/02_topics.ipynb"
    before = begin(place).asked(notebook, {})
    assert begin(place).asked(notebook, {}) == before
    change(place, "data/curated/more.csv")
    assert begin(place).asked(notebook, {})["files"] != before["files"]
    packages = place.root / "packages"
    (packages / "lamp-1.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(packages))
    assert begin(place).asked(notebook, {})["libraries"] != before["libraries"]
    monkeypatch.setenv("IP_PLAN_OUTPUTS", "short")
    assert begin(place).asked(notebook, {})["settings"] == before["settings"] | {"IP_PLAN_OUTPUTS": "short"}


def test_tables_count_as_they_stood_before_but_not_those_it_wrote_first(place):
    processed = place.root.resolve() / "reports/.run-x/processed"
    keep(place, [f"w{processed / 'links.jsonl'}", f"r{processed / 'links.jsonl'}", f"r{processed / 'topics.jsonl'}"])
    known = begin(place)
    last = known.last("02_topics")
    assert set(last.tables) == {"topics.jsonl"}
    assert known.fits(last, known.tables())
    (known.staging.processed / "topics.jsonl").write_text("others")
    assert not known.fits(last, known.tables())
    assert not known.fits(last, {})


@pytest.mark.parametrize("damage", ["record", "no record", "file", "gone"])
def test_what_is_damaged_is_made_again(place, damage):
    keep(place, [])
    record = place.root / "reports/.steps/2026/02_topics.json"
    made = place.root / "reports/.steps/files" / json.loads(record.read_text())["made"]["report/figures/map.svg"]
    assert begin(place).last("02_topics") is not None
    if damage == "record":
        record.write_text('{"asked": 1}')
    elif damage == "no record":
        record.write_text("[")
    elif damage == "file":
        made.write_text("altered")
    else:
        made.unlink()
    assert begin(place).last("02_topics") is None
    keep(place, [])
    assert begin(place).last("02_topics") is not None  # and what was damaged is whole again


def test_files_of_the_report_are_those_of_the_notebook_that_writes_it(place):
    """Two notebooks may run at once, and processes of a notebook's own draw its charts."""
    keep(place, [])
    notebook = "report/notebooks/02_topics.ipynb"
    assert set(begin(place).last("02_topics").made) == {"report/figures/map.svg", "report/report.html", notebook}
    keep(place, [], page=False)
    assert set(begin(place).last("02_topics").made) == {notebook}


def test_what_changed_while_it_was_read_is_not_kept(place):
    keep(place)
    assert begin(place).last("02_topics") is not None
    change(place, READ, "first")  # the same words, but nobody knows what was read
    keep(place)
    assert begin(place).last("02_topics") is None


def test_the_commit_counts_for_those_that_ask_git(place, monkeypatch):
    commits = iter(["one", "one", "two", "two"])
    monkeypatch.setattr(steps.checkout, "commit", lambda: next(commits))
    asked = keep(place, ["rgit"])
    assert changed(place, asked) == set()
    assert changed(place, asked) is None
    asked = keep(place, [])
    assert changed(place, asked) == set()


def test_only_what_a_record_names_is_kept_and_taken(place):
    keep(place, [f"w{place.root.resolve()}/reports/.run-x/processed/links.jsonl"], made="first")
    keep(place, [f"w{place.root.resolve()}/reports/.run-x/processed/links.jsonl"], made="second")
    steps.tidy()
    folder = place.root / "reports/.steps"
    used = set(json.loads((folder / "2026/02_topics.json").read_text())["made"].values())
    assert {file.name for file in (folder / "files").iterdir()} == used
    known = begin(place)
    (known.staging.processed / "links.jsonl").write_text("x")
    known.take(known.last("02_topics"))
    assert (known.staging.processed / "links.jsonl").read_text() == "second"
    assert files.checksum(known.staging.report / "figures/map.svg") in used


def test_charts_may_be_taken_where_nothing_else_holds(place):
    links = f"w{place.root.resolve()}/reports/.run-x/processed/links.jsonl"
    asked = keep(place, [f"r{place.root.resolve() / steps.DRAWS}", links])
    both, chart = {"processed/links.jsonl", "report/figures/map.svg"}, {"report/figures/map.svg"}

    def before(name: str, holds: bool, libraries: str) -> set[str]:
        known = begin(place)
        there = known.set_before(name, known.last("02_topics"), holds, asked | {"libraries": libraries})
        files = {str(file.relative_to(known.before(name))) for file in known.before(name).rglob("*.*")}
        assert there == bool(files)
        return files - {"report/notebooks/02_topics.ipynb", "report/report.html"}

    assert before("all", True, asked["libraries"]) == both
    assert before("charts", False, asked["libraries"]) == chart
    assert before("other libraries", False, "x") == set()
    change(place, steps.DRAWS)
    assert before("drawn otherwise", False, asked["libraries"]) == set()


def test_a_kernel_tells_what_it_opens(tmp_path):
    module, trace = tmp_path / "lamp.py", tmp_path / "trace"
    module.write_text("x = 1")
    (tmp_path / "read.txt").write_text("x")
    code = f"""
import os, subprocess, sys
from pathlib import Path
from analysis.workspace import kernel
kernel._tell({str(trace)!r})
sys.path.insert(0, {str(tmp_path)!r})
here = Path({str(tmp_path)!r})
import lamp
(here / "read.txt").read_text()
(here / "written.txt").write_text("x")
(here / "part").write_text("x")
os.replace(here / "part", here / "replaced.txt")
os.close(os.open(bytes(here / "read.txt"), os.O_RDONLY))
subprocess.run(["git", "--version"], stdout=subprocess.DEVNULL)
"""
    compiling = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(2):  # the second time the module is compiled
        trace.unlink(missing_ok=True)
        subprocess.run([sys.executable, "-c", code], check=True, env=compiling)
        told = trace.read_text().splitlines()
        assert len(told) == len(set(told))
        here = str(tmp_path.resolve())
        own = {line.replace(here, ".") for line in told if here in line or line == "rgit"}
        assert own >= {"r./lamp.py", "r./read.txt", "w./written.txt", "w./replaced.txt", "rgit"}
