"""How to cite the software stands in pyproject.toml, its day in CHANGELOG.md; what is made of them agrees."""

import importlib.util
import json
import re
import tomllib
from pathlib import Path

import pytest

from analysis import __released__, __version__
from analysis.export.citation import AUTHORS

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def written() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("citation", ROOT / ".ci/citation.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.files()


@pytest.mark.parametrize("name", ["CITATION.cff", ".zenodo.json"])
def test_the_files_are_what_pyproject_gives(name):
    assert (ROOT / name).read_text(encoding="utf-8") == written()[name], "run python .ci/citation.py"


def test_version_authors_and_licence_are_the_same_everywhere():
    assert PROJECT["version"] == __version__
    assert PROJECT["authors"] == [{"name": AUTHORS}]
    lines = (ROOT / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    citation = {line.partition(": ")[0]: json.loads(line.partition(": ")[2]) for line in lines[1:]}
    archive = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    assert (citation["version"], archive["version"]) == (__version__, __version__)
    assert citation["date-released"] == archive["publication_date"] == __released__
    assert citation["authors"] == archive["creators"] == PROJECT["authors"]
    assert citation["license"] == archive["license"] == PROJECT["license"] == "MIT"
    assert re.match(r"MIT License\n", (ROOT / "LICENSE").read_text(encoding="utf-8"))


def test_the_citation_has_what_its_format_demands():
    lines = (ROOT / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    keys = {line.partition(": ")[0] for line in lines[1:]}
    assert {"cff-version", "message", "title", "authors"} <= keys
    assert 'cff-version: "1.2.0"' in lines
