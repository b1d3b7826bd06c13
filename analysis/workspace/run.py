"""A run: what is asked for, checked before anything starts, and the notebooks, each when those it needs are done.

Each notebook runs in a process of its own (`analysis.worker`), started while others still run, so that its kernel
and libraries are ready when its turn comes. They work in a stage, which becomes reports/<edition> only when all of
them are done (`analysis.publication`).
"""

import ast
import json
import math
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Literal

from analysis.base import paths
from analysis.base.errors import NotebookFailed, UsageFault, WorkspaceError
from analysis.documents import manifest
from analysis.workspace import publish
from analysis.workspace.fetch import fetch
from analysis.workspace.notebook_process import Event, Worker
from analysis.workspace.publish import Stage

# Each notebook and those whose tables it reads.
NEEDS = {
    "01_clean": [],
    "02_topics": ["01_clean"],
    "03_continuity": ["02_topics"],
    "04_kpi": ["01_clean"],
    "05_report": ["03_continuity", "04_kpi"],
}
NOTEBOOKS = list(NEEDS)
LANGUAGES = ["en", "ja"]
OWN_OPTIONS = {"edition": "--edition", "baseline": "--baseline", "language": "--lang"}
CELL_SECONDS = 600
WAKE_SECONDS = 0.5
SURROGATE = re.compile(r"[\ud800-\udfff]")  # half a character, which no file can hold
AT_ONCE = 2  # processes that start or run; those that wait for their turn cost no time, but each its memory


@dataclass(frozen=True)
class News:
    """What a run tells while it goes: `seconds` is the last run's time at a start, this run's when done."""

    kind: Literal["warning", "start", "step", "done"]
    notebook: str
    text: str = ""
    seconds: float | None = None


Tell = Callable[[News], None]


def run(
    edition: int,
    baseline: int,
    language: str = "en",
    parameters: Mapping[str, Any] | None = None,
    folder: Path | None = None,
    network: bool = True,
    timeout: float = CELL_SECONDS,
    tell: Tell = lambda news: None,
) -> Path:
    """Make reports/<edition> and return it; the earlier one stays as it is unless everything succeeds.

    `parameters` are those of the notebooks (values may be text, read by the type of the default); `folder` may
    hold documents; `timeout` is each cell's, in seconds. Raises the errors of `analysis.errors`.
    """
    _check_choice(edition, baseline, language, timeout)
    plan = _plan({"edition": edition, "baseline": baseline, "language": language}, parameters or {})
    with publish.workplace() as stage:
        absent = fetch(folder, network)
        for document in absent:
            tell(News("warning", "", _missing_text(document)))
        times = _Round(stage, plan, timeout, publish.last_times(edition), tell).run()
        publish.tidy_notebooks(stage)
        publish.record(stage, edition, plan.given, absent, times)
        return publish.publish(stage, edition, with_tables=plan.usual)


def _missing_text(document: manifest.Document) -> str:
    return (
        f"{document.doc_id} ({document.title}) is missing: its sentences are not shown, and its facts are those "
        f"of data/processed as committed; `python -m analysis fetch --from FOLDER` takes it from a folder"
    )


# --- what is asked for ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """The parameters of each notebook; `usual` where only edition, baseline and language may differ from defaults."""

    values: dict[str, dict[str, Any]]
    given: dict[str, Any]
    usual: bool


def _check_choice(edition: int, baseline: int, language: str, timeout: float) -> None:
    editions = manifest.editions()
    for name, year in (("edition", edition), ("baseline", baseline)):
        if year not in editions:
            known = ", ".join(map(str, editions))
            raise UsageFault(
                f"{name} {year} does not exist: choose one of {known}, or add it to data/raw/manifest.toml"
            )
    if language not in LANGUAGES:
        raise UsageFault(f"language {language!r} does not exist: choose one of {', '.join(LANGUAGES)}")
    if not 0 < timeout < 10**6:
        raise UsageFault(f"timeout {timeout} does not do: give the seconds a cell may run, e.g. {CELL_SECONDS}")


def _plan(own: dict[str, Any], given: Mapping[str, Any]) -> Plan:
    """What each notebook is given. Raises UsageFault for a parameter or value that does not fit."""
    defaults = {name: _defaults(name) for name in NOTEBOOKS}
    _check_known(given, sorted({key for keys in defaults.values() for key in keys} - set(OWN_OPTIONS)))
    fitted = {
        name: {key: fit(key, given[key], default) for key, default in keys.items() if key in given}
        for name, keys in defaults.items()
    }
    return Plan(
        values={name: {key: own[key] for key in own if key in defaults[name]} | fitted[name] for name in NOTEBOOKS},
        given={key: value for values in fitted.values() for key, value in values.items()} | own,
        usual=all(value == defaults[name][key] for name, values in fitted.items() for key, value in values.items()),
    )


def _check_known(given: Mapping[str, Any], known: list[str]) -> None:
    for key in given:
        if key in OWN_OPTIONS:
            raise UsageFault(f"parameter {key} has an option of its own: use {OWN_OPTIONS[key]}")
        if key not in known:
            raise UsageFault(f"parameter {key} does not exist: choose one of {', '.join(known) or '(there is none)'}")


def _defaults(name: str) -> dict[str, Any]:
    """The parameters of the notebook with their defaults; a default that is no literal counts as text."""
    file = paths.notebooks() / f"{name}.ipynb"
    try:
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        marked = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
        statements = ast.parse("".join(marked[0]["source"])).body if marked else []
    except FileNotFoundError:
        raise UsageFault(f"{file} is missing: restore it with git") from None
    except (ValueError, KeyError, TypeError, AttributeError, SyntaxError, RecursionError, MemoryError) as error:
        raise NotebookFailed(f"{file} cannot be read ({type(error).__name__}: {error}): restore it with git") from error
    found = {}
    for statement in statements:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=key)], value=value)
                | ast.AnnAssign(target=ast.Name(id=key), value=ast.expr() as value)
            ):
                found[key] = _literal(ast.unparse(value))
    return found


def _literal(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text


def fit(key: str, value: Any, default: Any) -> Any:
    """The value in the default's type; text is read as YAML would. Raises UsageFault where it does not fit."""
    if isinstance(value, str) and not isinstance(default, str):
        words = {"true": True, "false": False, "null": None}
        value = words[value.lower()] if value.lower() in words else _literal(value)
    elif isinstance(value, str) and value[:1] in "'\"" and isinstance(_literal(value), str):
        value = _literal(value)
    if isinstance(default, float) and type(value) is int and abs(value) < 10**300:
        value = float(value)
    fits = default is None or type(value) is type(default)
    if not fits or not _plain(value):
        kind = type(default).__name__
        raise UsageFault(f"parameter {key}={value!r} does not fit: give a value of type {kind}, like {default!r}")
    return value


def _plain(value: Any) -> bool:
    """Whether a value can be handed on as JSON: finite numbers, text of whole characters, lists and tables of these."""
    if isinstance(value, list | tuple):
        return all(map(_plain, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) for key in value) and _plain([*value, *value.values()])
    if isinstance(value, str):
        return not SURROGATE.search(value)
    return value is None or isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))


# --- running the notebooks --------------------------------------------------------------------------------------


class _Round:
    """One run of all notebooks; `last` is what each took in the last one."""

    def __init__(self, stage: Stage, plan: Plan, timeout: float, last: dict[str, float], tell: Tell) -> None:
        self.stage, self.plan, self.timeout, self.last, self.tell = stage, plan, timeout, last, tell
        self.workers: dict[str, Worker] = {}  # always the first few of NOTEBOOKS
        self.inbox: SimpleQueue[tuple[Worker, Event]] = SimpleQueue()

    def run(self) -> dict[str, float]:
        """The seconds each notebook took. Raises what a failed one means, after saving it for a look."""
        try:
            while not self._done(NOTEBOOKS):
                self._advance()
                with suppress(Empty):  # a signal that another thread gets does not wake this one
                    self._hear(*self.inbox.get(timeout=WAKE_SECONDS))
            return {name: self.workers[name].seconds for name in NOTEBOOKS}
        except WorkspaceError as error:
            self._stop()
            publish.keep_failed(self.stage, error)
            raise
        finally:
            self._stop()

    def _done(self, names: list[str]) -> bool:
        return all(name in self.workers and self.workers[name].done for name in names)

    def _advance(self) -> None:
        """Tell those to go whose turn has come, and start others while there is room."""
        for name in NOTEBOOKS:
            if name not in self.workers:
                if sum(worker.busy for worker in self.workers.values()) >= AT_ONCE:
                    return
                self.workers[name] = Worker(name, self.stage, self.plan.values[name], self.timeout, self.inbox)
            if not self.workers[name].told and self._done(NEEDS[name]):
                self.stage.log(f"{name}: starts with {json.dumps(self.plan.values[name], ensure_ascii=False)}")
                self.tell(News("start", name, seconds=self.last.get(name)))
                self.workers[name].go()

    def _hear(self, worker: Worker, event: Event) -> None:
        """Take in what a worker tells."""
        match event["event"]:
            case "ready":
                worker.ready = True
            case "step":
                worker.step = event["text"]
                self.stage.log(f"{worker.name}: {worker.step}")
                self.tell(News("step", worker.name, worker.step))
            case "done":
                worker.finish()
                self.stage.log(f"{worker.name}: done in {worker.seconds} s")
                self.tell(News("done", worker.name, seconds=worker.seconds))
            case "failed":
                raise worker.fault(event["kind"], event["message"])
            case "gone" if not worker.done:
                raise worker.fault("gone")

    def _stop(self) -> None:
        for worker in self.workers.values():
            worker.stop()
        for worker in self.workers.values():
            for line in worker.noise():
                self.stage.log(f"{worker.name}: | {line}")
        self.workers = {}
