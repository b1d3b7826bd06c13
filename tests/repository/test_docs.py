"""What the repository says of itself is true: wording, codebook, environment, exit codes, licence."""

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

from analysis.base import errors
from analysis.tables import codebook, metric_definitions
from analysis.tables.export_schemas import EXPORTED
from analysis.tables.schemas import TABLES

ROOT = Path(__file__).resolve().parents[2]


def test_the_codebook_is_what_the_schemas_declare():
    assert (ROOT / "docs/codebook.md").read_text(encoding="utf-8") == codebook.text()


def test_the_codebook_defines_every_metric_and_names_its_source():
    text = (ROOT / "docs/codebook.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| (.+?) \| (.+?) \|$", text, flags=re.MULTILINE)
    defined = {(table, name): (meaning, source) for name, table, meaning, source in rows}
    columns = {"survival": ["survival"], "novelty": ["novelty", "transience", "resonance"]}
    columns["reliability"] = ["agreement", "alpha", "kappa", "f1", "base_rate"]
    columns["progress"] = ["ratio", "direction"]
    named = {("turnover", name) for name in metric_definitions.names("turnover")}
    assert named | {(table, name) for table in columns for name in columns[table]} == set(defined)
    assert all(len(meaning) > 20 and source for meaning, source in defined.values())
    assert all(set(columns[table]) <= set(TABLES[table].column_names()) for table in columns)
    sources = {"carried": "Wilson 1927", "jaccard": "Jaccard 1912", "survival": "Kaplan & Meier 1958"}
    sources |= dict.fromkeys(("novelty", "transience", "resonance"), "Barron, Huang, Spang & DeDeo 2018")
    for (_, name), (_, source) in defined.items():
        assert sources.get(name, "") in source
    assert "Greenwood 1926" in defined["survival", "survival"][1]


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in (TABLES, EXPORTED) for name in sorted(kind)])
def test_every_table_and_column_is_described(kind, name):
    schema = kind[name]
    assert schema.__doc__
    assert schema.primary_key()
    assert [column for column, kind in schema.columns().items() if not kind.description] == []


def test_environment_yml_is_the_lock():
    spec = importlib.util.spec_from_file_location("environment", ROOT / ".ci/environment.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "environment.yml").read_text(encoding="utf-8") == module.environment()


def test_every_dependency_is_locked_with_hashes():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {name.lower().replace("_", "-") for name in project["dependencies"]}
    wanted |= {name.lower().replace("_", "-") for name in project["optional-dependencies"]["dev"]}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([a-z0-9.-]+)==[^\n]*\\\n    --hash=(sha256):", lock, flags=re.MULTILINE))
    assert wanted - locked.keys() == set()
    assert "://" not in lock  # no addresses of package indexes


def test_no_tracked_file_names_a_package_index():
    names = re.compile("|".join(("py" + "pi", "python" + "hosted", "npm" + "js")) + r"\.(?:org|com)")
    named = ("Makefile", "README.md", "pyproject.toml", "requirements.lock", "environment.yml", "SECURITY.md")
    files = [ROOT / name for name in (*named, "analysis/workspace/environment.py")]
    files += [file for folder in (".ci", ".github", ".devcontainer") for file in (ROOT / folder).rglob("*.*")]
    files += [ROOT / ".ci/run"]
    files = [file for file in files if "__pycache__" not in file.parts and file.is_file()]
    assert [file.name for file in files if names.search(file.read_text(encoding="utf-8"))] == []


def test_exit_codes_differ_and_the_readme_lists_them():
    kinds = errors.WorkspaceError.__subclasses__()
    codes = {kind.exit_code for kind in kinds}
    assert len(codes) == len(kinds)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = dict(re.findall(r"^\| (\d+) \| ([^|]+) \|$", readme, flags=re.MULTILINE))
    assert {str(code) for code in codes} | {"0", "1", "130"} == set(table)
