"""Input that means no good: whatever it holds, it is one clear error or a sound result, soon and in little memory."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import fuzz
import hostile
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.base import paths
from analysis.base.errors import DocumentFaulty, WorkspaceError

SECONDS, BYTES = 60, 2_000_000_000
FEW = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), max_examples=25)


@pytest.fixture(scope="module", autouse=True)
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace for all of them; nothing here publishes anything."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IP_PLAN_ROOT", "")
        place = tmp_path_factory.mktemp("hostile") / "workspace"
        fuzz.workspace(place)
        yield place
    fuzz.forget()


def taken(name: str, content: bytes) -> None:
    """It raises nothing but one of our own errors, of one line."""
    said = "an error"
    try:
        fuzz.ENTRIES[name](content)
    except WorkspaceError as error:
        said = str(error)
    assert said.strip()
    assert "\n" not in said


CORPUS = sorted(file.relative_to(fuzz.CORPUS).as_posix() for file in fuzz.CORPUS.rglob("*") if file.is_file())


@pytest.mark.parametrize("file", CORPUS)
def test_what_was_found_is_mended(file):
    taken(file.split("/")[0], (fuzz.CORPUS / file).read_bytes())


DOCUMENTS = st.lists(st.integers(0, 255), max_size=120).map(lambda pieces: bytes([0, *pieces]))


@pytest.mark.parametrize("layout", list(fuzz.LAYOUTS))
@FEW
@given(content=DOCUMENTS)
def test_a_reader_takes_any_document(layout, content):
    taken(layout, content)


@pytest.mark.parametrize("name", ["document", "pdf", "table", "notebook", "parameter", "statistic"])
@FEW
@given(
    content=st.one_of(st.binary(max_size=200), st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")))
)
def test_an_entry_takes_any_bytes(name, content):
    taken(name, content)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9), st.dates()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=5,
)
CODEBOOKS = {"codebook": "links", "topics": "topics"}
KEPT = (
    {"manifest": paths.manifest()}
    | {name: fuzz.REPO / f"data/curated/{name}.toml" for name in ("ministries", "indicators", "continuity")}
    | {name: fuzz.REPO / f"data/curated/codebooks/{file}.toml" for name, file in CODEBOOKS.items()}
)


def toml(value: object) -> str:
    """A value as TOML; None is left to be a word that TOML does not know."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, date):
        return value.isoformat()
    return (
        json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) else str(value).replace("None", "none")
    )


@pytest.mark.parametrize("name", KEPT)
@FEW
@given(data=st.data())
def test_what_people_keep_may_hold_any_value(name, data):
    """One value of the file, of whatever key, is another."""
    lines = KEPT[name].read_text(encoding="utf-8").split("\n")
    at = data.draw(st.sampled_from([n for n, line in enumerate(lines) if " = " in line and not line.startswith(" ")]))
    lines[at] = f"{lines[at].split(' = ')[0]} = {toml(data.draw(VALUES))}"
    taken(name, "\n".join(lines).encode("utf-8", "replace"))


TABLES_KEPT = {
    name: f"{name}.csv" for name in ("observations", "hand_checks", "renamings", "corrections", "vectors")
} | {name: f"codings/{name}.csv" for name in ("packets", "links")}
CELLS = st.one_of(st.text(max_size=9), st.sampled_from(['"', '""', "\x00", "9" * 5000, "1e999", "nan", "=x", "\ufeff"]))


@pytest.mark.parametrize("name", TABLES_KEPT)
@FEW
@given(rows=st.lists(st.lists(CELLS, max_size=9), max_size=4))
def test_what_people_keep_in_tables_may_hold_any_cell(name, rows):
    head = (fuzz.REPO / "data/curated" / TABLES_KEPT[name]).read_bytes().split(b"\n")[0]
    taken(name, head + b"\n" + "\n".join(map(",".join, rows)).encode("utf-8", "replace"))


PIECES = ["年", "額", "2029年", "2030", "令和9年", "2030年度", "2030001212", "単位：億円", "金額", "1,234", "△5", "…",
          "x", '"', "=1", "", " ", "総額", "１¹", "9" * 400, "\u2028", "\x00", "a b c"]  # fmt: skip
STATISTIC = st.lists(st.sampled_from(PIECES), max_size=4)


@FEW
@given(rows=st.lists(STATISTIC, max_size=6))
def test_a_statistic_may_hold_any_cells(rows):
    taken("statistic", "\n".join(map("\t".join, rows)).encode())


# --- whole files through the command line, in bounds --------------------------------------------------------------


class Replay:
    """The command line in a process that has loaded the libraries: see tests/replay.py."""

    def __init__(self, root: Path) -> None:
        environment = os.environ | {"IP_PLAN_ROOT": str(root), "PYTHONPATH": str(fuzz.REPO)}
        command = [sys.executable, fuzz.REPO / "tests/replay.py", str(SECONDS), str(BYTES)]
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def __call__(self, *arguments: str) -> dict:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(arguments) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="module")
def replay(root: Path) -> Iterator[Replay]:
    made = Replay(root)
    yield made
    assert made.process.stdin
    made.process.stdin.close()
    made.process.wait(10)


def fault(found: dict) -> str | None:
    """What is wrong with what became of a file; None where it is one error or was read, in bounds. Where no measure is
    read the error follows what was read instead."""
    if found["seconds"] >= SECONDS or found["bytes"] >= BYTES:
        return "too much time or memory"
    if any(sign in found["out"] + found["err"] for sign in "\x1b\x07\u202e"):
        return "what steers a terminal"
    if found["code"] == 0:
        read = " lines, " in found["out"] and ", 0 measures, 0 rows" not in found["out"]
        return None if read else "neither read nor refused"
    clear = found["err"].startswith("error: ") and found["err"].count("\n") == 1
    clear = clear and (not found["out"] or found["err"].startswith("error: no measure is read"))
    return None if clear and found["code"] == DocumentFaulty.exit_code else found["err"] or f"code {found['code']}"


@pytest.mark.parametrize("name", [name for name in hostile.FILES if name not in hostile.SLOW])
def test_a_file_is_one_error_or_is_read(name, root, replay, tmp_path):
    before = state(root)
    file = tmp_path / name
    file.write_bytes(hostile.FILES[name]())
    found = replay("add", str(file), "--edition", "2031", "--dry-run")
    assert fault(found) is None
    assert state(root) == before


def state(root: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in (root / "data").rglob("*") if file.is_file()}
