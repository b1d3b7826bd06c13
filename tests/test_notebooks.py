"""The notebooks are thin, documented, committed with their outputs, and run from anywhere."""

import ast
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

from analysis import paths
from analysis.pipeline import NOTEBOOKS

ROOT = Path(__file__).resolve().parent.parent
FILES = {name: ROOT / "notebooks" / f"{name}.ipynb" for name in NOTEBOOKS}
QUOTATION = 40  # Japanese characters in a run: more is a sentence of a document, not a fact


def cells(name: str, kind: str) -> list:
    return [cell for cell in nbformat.read(FILES[name], as_version=4).cells if cell.cell_type == kind]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_thin(name):
    for cell in cells(name, "code"):
        tree = ast.parse(cell.source)
        assert len(cell.source.splitlines()) <= 10
        kinds = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.While, ast.Try)
        assert not any(isinstance(node, kinds) for node in ast.walk(tree))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_has_one_parameters_cell_with_useful_defaults(name):
    tagged = [cell for cell in cells(name, "code") if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    found = papermill.inspect_notebook(FILES[name])
    assert found["edition"]["default"] == "2026"
    assert all(entry["help"] for entry in found.values())


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_ends_in_words_and_is_committed_with_its_outputs(name):
    code = cells(name, "code")
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert any("In words" in cell.source for cell in cells(name, "markdown"))
    assert any(cell.source.startswith("# NBVAL_CHECK_OUTPUT") for cell in code)
    outputs = [output for cell in code for output in cell.outputs]
    assert outputs
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    said = [o["text"] for cell in code for o in cell.outputs if o.output_type == "stream"]
    assert any(text.strip().endswith((".", "。")) for text in said)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_outputs_hold_nothing_of_the_machine_and_no_sentence(name):
    text = FILES[name].read_text(encoding="utf-8")
    assert str(ROOT) not in text
    assert str(Path.home()) not in text
    for output in (o for cell in cells(name, "code") for o in cell.outputs):
        flat = json.dumps(output, ensure_ascii=False)
        assert re.search(rf"[぀-ヿ一-鿿、。]{{{QUOTATION}}}", flat) is None


def test_papermill_by_hand_works_from_any_folder(tmp_path):
    processed = tmp_path / "processed"
    shutil.copytree(paths.committed(), processed)
    environment = os.environ | {"IP_PLAN_PROCESSED": str(processed)}
    command = [sys.executable, "-m", "papermill", str(FILES["04_kpi"]), "out.ipynb", "-p", "edition", "2026"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.ipynb").exists()
