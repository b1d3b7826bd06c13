"""The notebooks are thin, documented, committed with their outputs, and run from anywhere."""

import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest

from analysis.base import paths
from analysis.tables.schemas import PRIVATE, TABLES
from analysis.workspace.run import NOTEBOOKS

ROOT = Path(__file__).resolve().parents[2]
ALL = [*NOTEBOOKS, "review", "explore"]  # no run needs a person: these two stand beside the run's notebooks
FILES = {name: ROOT / "notebooks" / f"{name}.ipynb" for name in ALL}
TOGETHER = 300 * 1024  # bytes of the notebooks in git
CHECKED = "nbval-check-output"  # tag of the cells that nbval compares
QUOTATION = 40  # Japanese characters in a run: more is a sentence of a document, not a fact


def cells(name: str, kind: str) -> list:
    return [cell for cell in nbformat.read(FILES[name], as_version=4).cells if cell.cell_type == kind]


def test_every_notebook_is_known():
    assert sorted((ROOT / "notebooks").glob("*.ipynb")) == sorted(FILES.values())


@pytest.mark.parametrize("name", ALL)
def test_a_notebook_is_thin(name):
    for cell in cells(name, "code"):
        tree = ast.parse(cell.source)
        lines = [line for line in cell.source.splitlines() if not line.startswith(("from ", "import "))]
        assert len(lines) <= 10
        kinds = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.While, ast.Try)
        assert not any(isinstance(node, kinds) for node in ast.walk(tree))


@pytest.mark.parametrize("name", ALL)
def test_a_notebook_has_one_parameters_cell_with_useful_defaults(name):
    tagged = [cell for cell in cells(name, "code") if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    found = papermill.inspect_notebook(FILES[name])
    assert ("edition" in found and found["edition"]["default"] == "2026") or name not in NOTEBOOKS
    assert all(entry["help"] for entry in found.values())


@pytest.mark.parametrize("name", ALL)
def test_a_notebook_begins_by_checking_and_saying_all_it_was_given(name):
    found = papermill.inspect_notebook(FILES[name])
    first = cells(name, "code")[1]
    nodes = ast.walk(ast.parse(first.source))
    begun = next(node for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) == "begin")
    assert {each.arg: ast.unparse(each.value) for each in begun.keywords} == {key: key for key in found}
    statements = [each for each in ast.parse(first.source).body if not isinstance(each, ast.Import | ast.ImportFrom)]
    assert ast.unparse(statements[0]) == ast.unparse(begun)  # before anything is read or written
    said = ", ".join(f"{key}={ast.literal_eval(entry['default'])!r}" for key, entry in found.items())
    shown = first.outputs[0].data["text/markdown"].replace("\\", "")
    assert sorted(shown.removeprefix("Parameters: ").split(", ")) == sorted(said.split(", "))


@pytest.mark.parametrize("name", ALL)
def test_a_notebook_ends_in_words_and_is_committed_with_its_outputs(name):
    code = cells(name, "code")
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert any("In words" in cell.source for cell in cells(name, "markdown"))
    assert any(CHECKED in cell.metadata.get("tags", []) for cell in code)
    outputs = [output for cell in code for output in cell.outputs]
    assert outputs
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    said = [o["data"].get("text/markdown", "") for cell in code for o in cell.outputs if "data" in o]
    assert any(text.endswith((".", "。")) for text in said)


def test_notebooks_in_git_are_small_and_hold_no_chart():
    assert sum(file.stat().st_size for file in FILES.values()) <= TOGETHER
    kinds = {kind for name in ALL for cell in cells(name, "code") for o in cell.outputs for kind in o.get("data", {})}
    assert kinds == {"text/plain", "text/html", "text/markdown"}


@pytest.mark.parametrize("name", ALL)
def test_a_notebook_reads_as_words(name):
    for cell in cells(name, "code"):
        for output in cell.outputs:
            html = output.get("data", {}).get("text/html", "")
            assert "dataframe" not in html  # a raw frame of Polars
            shown = re.findall(r"<t[dh][^>]*>([^<]*)</t[dh]>", html)
            assert not [
                text for text in shown if re.search(r"[a-z]_[a-z]|&quot;|\d\.\d{5}|^(?:None|True|False|null)$", text)
            ]


@pytest.mark.parametrize("name", ALL)
def test_nbval_compares_what_does_not_hang_on_the_machine(name):
    code = [cell for cell in cells(name, "code") if cell.outputs]
    checked = [cell for cell in code if CHECKED in cell.metadata.get("tags", [])]
    assert len(checked) >= len(code) - 4


@pytest.mark.parametrize("name", ALL)
def test_outputs_hold_nothing_of_the_machine_and_no_sentence(name):
    text = FILES[name].read_text(encoding="utf-8")
    assert str(ROOT) not in text
    assert str(Path.home()) not in text
    assert "jupyter.widget" not in text  # lives in a running kernel alone
    for output in (o for cell in cells(name, "code") for o in cell.outputs):
        flat = json.dumps(output, ensure_ascii=False)
        assert re.search(rf"[぀-ヿ一-鿿、。]{{{QUOTATION}}}", flat) is None


def test_papermill_by_hand_works_from_any_folder(tmp_path):
    run("04_kpi", tmp_path, "-p", "edition", "2026")


@pytest.mark.parametrize(
    ("name", "parameter", "value", "says"),
    [
        ("03_continuity", "strictness", "0", "strictness 0 does not do: give a factor from 0.1 to 10, as 1.2"),
        ("review", "mode", "all", "mode 'all' does not exist: choose doubtful or sample"),
    ],
)
def test_a_wrong_value_by_hand_ends_in_one_line_before_any_table_is_written(tmp_path, name, parameter, value, says):
    shutil.copytree(paths.committed(), tmp_path / "processed")
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "processed").iterdir()}
    done = papermilled(name, tmp_path, "-p", parameter, value)
    assert done.returncode == 1
    _, _, shown = done.stderr.partition("Exception encountered at ")  # before it: papermill's own
    assert shown.splitlines()[1:] == [f"UsageFault: {says}", ""]
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "processed").iterdir()} == before


def papermilled(name: str, folder: Path, *parameters: str) -> subprocess.CompletedProcess[str]:
    """Papermill by hand on a copy of the tables, in a folder of its own."""
    processed = folder / "processed"
    if not processed.exists():
        shutil.copytree(paths.committed(), processed)
    environment = os.environ | {"IP_PLAN_PROCESSED": str(processed)}
    command = [sys.executable, "-m", "papermill", str(FILES[name]), "out.ipynb", *parameters]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


def run(name: str, folder: Path, *parameters: str) -> dict:
    """The notebook as Papermill leaves it."""
    done = papermilled(name, folder, *parameters)
    assert done.returncode == 0, done.stderr
    return nbformat.read(folder / "out.ipynb", as_version=4)


def test_a_review_without_a_click_writes_nothing_and_ends(tmp_path):
    def state() -> dict[Path, bytes]:
        files = [*(file for file in paths.curated().rglob("*") if file.is_file()), *(tmp_path / "processed").glob("*")]
        return {file: file.read_bytes() for file in files}

    shutil.copytree(paths.committed(), tmp_path / "processed")
    before = state()
    book = run("review", tmp_path, "-p", "reviewer", "K. Tanaka", "-p", "language", "ja")
    assert state() == before
    desk = next(cell for cell in book.cells if "review_panel.show" in cell.source and cell.cell_type == "code")
    kinds = {kind for output in desk.outputs for kind in output.get("data", {"text/plain": ""})}
    assert "application/vnd.jupyter.widget-view+json" in kinds


@pytest.mark.parametrize("language", ["ja"])
def test_exploring_shows_the_panel_saves_no_text_and_writes_nothing(tmp_path, language):
    shutil.copytree(paths.committed(), tmp_path / "processed")
    secret = "灯台の秘密の文"
    keys = [json.loads(line)["measure_id"] for line in (tmp_path / "processed/measures.jsonl").open(encoding="utf-8")]
    row = {"text": secret, "repaired": None, "section_title": "灯台", "subhead": None, "years": []}
    lines = [json.dumps({"measure_id": key} | row, ensure_ascii=False) for key in keys]
    texts = tmp_path / "processed/texts.jsonl"
    texts.write_text("\n".join(lines) + "\n", encoding="utf-8")
    before = {file: file.read_bytes() for file in texts.parent.iterdir()}
    book = run("explore", tmp_path, "-p", "language", language)
    assert {file: file.read_bytes() for file in texts.parent.iterdir()} == before
    shown = next(cell for cell in book.cells if "explorer.show" in cell.source and cell.cell_type == "code")
    assert "application/vnd.jupyter.widget-view+json" in shown.outputs[0].data
    assert secret not in (tmp_path / "out.ipynb").read_text(encoding="utf-8")


def test_committed_outputs_are_made_without_texts(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("notebooks", ROOT / ".ci/notebooks.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    processed = tmp_path / "processed"
    shutil.copytree(paths.committed(), processed)
    (processed / "texts.jsonl").write_text("{}")
    monkeypatch.setenv("IP_PLAN_PROCESSED", str(processed))
    (tmp_path / "copy").mkdir()
    copied = {file.stem for file in made.committable(tmp_path / "copy").iterdir()}
    assert copied == set(TABLES) - PRIVATE
