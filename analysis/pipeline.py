"""From documents to reports/<edition>: the notebooks in order, in a stage, published only when all is done.

Each notebook runs in a process of its own (this module, run as `python -m analysis.pipeline`), started while
the notebooks before it still run, so that its kernel and libraries are ready when its turn comes. A process
hears its job and then "go" on its standard input, tells what happens on its standard output, and ends with its
kernel when its input closes: whatever happens to the run, no process of it stays behind.
"""

import ast
import hashlib
import json
import math
import os
import platform
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module, metadata
from pathlib import Path
from typing import Any, Literal, NoReturn

from analysis import errors, manifest, paths
from analysis.errors import AlreadyRunning, CannotWrite, NotebookFailed, NotebookTimedOut, UsageFault, WorkspaceError

NOTEBOOKS = ["01_clean", "02_topics", "03_continuity", "04_kpi", "05_report"]
# A wave reads what those before it wrote.
WAVES = [["01_clean"], ["02_topics", "04_kpi"], ["03_continuity"], ["05_report"]]
LANGUAGES = ["en", "ja"]
OWN_PARAMETERS = ["edition", "baseline", "language"]
CELL_SECONDS = 600
START_SECONDS = 120  # for a kernel and the libraries it loads, on a busy machine
STOP_SECONDS = 5
# jsonschema would load this package to check IRIs, of which notebooks and charts have none: 0.6 s a process.
SPARED = "import sys; sys.modules.setdefault('rfc3987_syntax', None)"
AT_ONCE = 2  # processes that start or run; those that wait for their turn cost no time, but each its memory
MESSAGE_LIMIT = 300  # characters: some exceptions print the data they met
PACKAGES = ["altair", "dataframely", "ipykernel", "nbclient", "numpy", "papermill", "polars", "scikit-learn",
            "sudachidict_core", "sudachipy", "vl-convert-python"]  # fmt: skip
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
# What differs between two equal runs, or tells of the machine, in the outputs of a notebook.
RUN_MARKS = [(re.compile(r"/\S*/ipykernel_\d+/\d+\.py"), "cell"), (re.compile(r"\b0x[0-9a-f]{8,16}\b"), "0x…")]


@dataclass(frozen=True)
class News:
    """What a run tells while it goes: `seconds` is the last run's time at a start, this run's when done."""

    kind: Literal["warning", "start", "step", "done"]
    notebook: str
    text: str = ""
    seconds: float | None = None


Tell = Callable[[News], None]


@dataclass
class Stage:
    """The folder in which a run works; `report` becomes reports/<edition>."""

    folder: Path
    began: str = field(default_factory=lambda: _now())

    @property
    def report(self) -> Path:
        return self.folder / "report"

    @property
    def processed(self) -> Path:
        return self.folder / "processed"

    @property
    def executed(self) -> Path:
        return self.report / "notebooks"

    @property
    def log_file(self) -> Path:
        return self.report / "log.txt"

    def log(self, text: str) -> None:
        with self.log_file.open("a", encoding="utf-8") as stream:
            stream.write(f"{_now()} {text}\n")


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
    with _writing(), _lock():
        repair()
        _check_writable()
        absent = manifest.fetch(folder, network)
        for document in absent:
            tell(News("warning", "", missing_text(document)))
        stage = Stage(Path(tempfile.mkdtemp(prefix=f".run-{os.getpid()}-", dir=paths.reports())))
        try:
            _prepare(stage)
            times = _execute(stage, plan, edition, timeout, tell)
            _tidy_notebooks(stage)
            _record(stage, edition, plan, absent, times)
            _publish(stage, edition, with_tables=plan.usual)
        finally:
            shutil.rmtree(stage.folder, ignore_errors=True)
        shutil.rmtree(paths.reports() / "failed", ignore_errors=True)
    return paths.reports() / str(edition)


def missing_text(document: manifest.Document) -> str:
    """One line on a document that no place holds: what the report therefore lacks."""
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
    """What each notebook is given. Raises UsageFault for a parameter or value that does not fit, before any runs."""
    declared = {name: _declared(name) for name in NOTEBOOKS}
    known = sorted({key for names in declared.values() for key in names} - set(OWN_PARAMETERS))
    for key in given:
        if key in OWN_PARAMETERS:
            raise UsageFault(f"parameter {key} has an option of its own: use --{key.replace('language', 'lang')}")
        if key not in known:
            raise UsageFault(f"parameter {key} does not exist: choose one of {', '.join(known) or '(there is none)'}")
    values: dict[str, dict[str, Any]] = {}
    usual = True
    for name, defaults in declared.items():
        fitted = {key: fit(key, given[key], default) for key, default in defaults.items() if key in given}
        usual = usual and all(defaults[key] == value for key, value in fitted.items())
        values[name] = {key: value for key, value in own.items() if key in defaults} | fitted
    return Plan(values, {key: value for fitted in values.values() for key, value in fitted.items()} | own, usual)


def _declared(name: str) -> dict[str, Any]:
    """The parameters of the notebook with their defaults; a default that is no literal counts as text."""
    papermill = _papermill()
    file = paths.notebooks() / f"{name}.ipynb"
    if not file.exists():
        raise UsageFault(f"{file} is missing: restore it with git")
    try:
        found = papermill.inspect_notebook(file)
    except Exception as error:  # whatever nbformat meets in a broken file
        raise NotebookFailed(f"{file} cannot be read ({_first_line(str(error))}): restore it with git") from error
    return {key: _literal(entry["default"]) for key, entry in found.items()}


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
    if isinstance(default, float) and type(value) is int:
        value = float(value)
    fits = default is None or type(value) is type(default)
    if not fits or (isinstance(value, float) and not math.isfinite(value)):
        kind = type(default).__name__
        raise UsageFault(f"parameter {key}={value!r} does not fit: give a value of type {kind}, like {default!r}")
    return value


# --- the ground the run stands on -------------------------------------------------------------------------------


@contextmanager
def _writing() -> Iterator[None]:
    """Turn what the operating system says about files into CannotWrite."""
    try:
        yield
    except OSError as error:
        where = error.filename2 or error.filename or paths.reports()
        raise CannotWrite(
            f"cannot write {where} ({error.strerror or error}): make the folder writable or free some space"
        ) from error


@contextmanager
def _lock() -> Iterator[None]:
    import filelock

    paths.reports().mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(paths.reports() / ".lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise AlreadyRunning(f"another run works in {paths.reports()}: wait until it ends, or stop it") from error
    try:
        yield
    finally:
        lock.release()


def _check_writable() -> None:
    """Fail now rather than after the work."""
    paths.committed().mkdir(parents=True, exist_ok=True)
    for folder in (paths.committed().parent, paths.committed(), paths.reports()):
        with tempfile.TemporaryFile(dir=folder):
            pass


def repair() -> None:
    """Undo or finish what a killed run left. Call it under the lock: whatever lies about then has no owner.

    `_publish` makes .old-<edition> before it touches anything and removes it last, so it tells how far that came.
    """
    fresh = _fresh_tables()
    for old in paths.reports().glob(".old-*"):
        report = paths.reports() / old.name.removeprefix(".old-")
        if report.exists():  # the new report is in place: its tables belong to it
            for table in sorted(fresh.glob("*.jsonl")):
                os.replace(table, paths.committed() / table.name)
            shutil.rmtree(old)
        elif any(old.iterdir()):
            os.replace(old, report)
        else:
            old.rmdir()
    if fresh.exists():
        shutil.rmtree(fresh)
    for stage in paths.reports().glob(".run-*"):
        shutil.rmtree(stage, ignore_errors=True)


def _fresh_tables() -> Path:
    """Where the tables of a finished run wait for their place: on the same disk, so that a rename is enough."""
    return paths.committed().parent / ".processed-fresh"


def _prepare(stage: Stage) -> None:
    for folder in (stage.processed, stage.executed, stage.folder / "jupyter"):
        folder.mkdir(parents=True)
    for table in sorted(paths.committed().glob("*.jsonl")):
        shutil.copyfile(table, stage.processed / table.name)


# --- running the notebooks --------------------------------------------------------------------------------------


class _Worker:
    """The process of one notebook, seen from the run."""

    def __init__(self, name: str, stage: Stage, parameters: dict[str, Any], timeout: float, inbox: "queue.Queue[Any]"):
        self.name = name
        self.step = ""
        self.kernel: int | None = None
        self.ready = self.told = self.done = False
        self.seconds = 0.0
        self.began = time.monotonic()
        self.noise = stage.folder / f"{name}.stderr"
        job = {
            "source": str(paths.notebooks() / f"{name}.ipynb"),
            "output": str(stage.executed / f"{name}.ipynb"),
            "parameters": parameters,
            "timeout": math.ceil(timeout),
        }
        with self.noise.open("wb") as noise:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "analysis.pipeline"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=noise,
                env=_environment(stage),
                cwd=stage.folder,
                start_new_session=True,  # Ctrl-C is for the run, which stops its workers in order
                encoding="utf-8",
            )
        self._say(json.dumps(job))
        threading.Thread(target=self._listen, args=(inbox,), daemon=True).start()

    @property
    def busy(self) -> bool:
        """Whether it starts or runs, rather than waits or has ended."""
        return not self.done and (self.told or not self.ready)

    def go(self) -> None:
        self.told = True
        self.began = time.monotonic()
        self._say("go")

    def stop(self) -> None:
        """End the process and its kernel, and wait until they are gone."""
        with suppress(OSError):
            if self.process.stdin:
                self.process.stdin.close()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            if self.kernel is not None:
                _kill_group(self.kernel)

    def _say(self, line: str) -> None:
        with suppress(OSError):  # a dead worker is heard of on its output
            assert self.process.stdin is not None
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()

    def _listen(self, inbox: "queue.Queue[Any]") -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            inbox.put((self.name, json.loads(line)))
        inbox.put((self.name, {"event": "gone"}))


def _environment(stage: Stage) -> dict[str, str]:
    package = str(Path(__file__).resolve().parent.parent)
    search = os.environ.get("PYTHONPATH")
    return os.environ | {
        "IP_PLAN_ROOT": str(paths.root().resolve()),
        "IP_PLAN_PROCESSED": str(stage.processed.resolve()),
        "IP_PLAN_REPORT": str(stage.report.resolve()),
        "JUPYTER_RUNTIME_DIR": str(stage.folder.resolve() / "jupyter"),  # goes with the stage
        "IPYTHONDIR": str(stage.folder.resolve() / "ipython"),  # nobody's start-up scripts
        "PYTHONPATH": package + (os.pathsep + search if search else ""),
        "PYTHONHASHSEED": "0",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def _execute(stage: Stage, plan: Plan, edition: int, timeout: float, tell: Tell) -> dict[str, float]:
    """Run all notebooks; the seconds each took. Raises what a failed one means, after saving it for a look."""
    last = _last_times(edition)
    inbox: queue.Queue[Any] = queue.Queue()
    workers: dict[str, _Worker] = {}
    times: dict[str, float] = {}

    def start(names: list[str]) -> None:
        for name in names:
            if name not in workers:
                workers[name] = _Worker(name, stage, plan.values[name], timeout, inbox)

    def start_ahead() -> None:
        later = [name for wave in WAVES for name in wave if name not in workers]
        start(later[: max(0, AT_ONCE - sum(worker.busy for worker in workers.values()))])

    try:
        for wave in WAVES:
            start(wave)
            for name in wave:
                stage.log(f"{name}: starts with {json.dumps(plan.values[name], ensure_ascii=False)}")
                tell(News("start", name, seconds=last.get(name)))
                workers[name].go()
            while not all(workers[name].done for name in wave):
                start_ahead()
                name, event = inbox.get()
                _hear(stage, workers[name], event, tell)
                if workers[name].done:
                    times[name] = workers[name].seconds
        for worker in workers.values():
            worker.stop()
            _log_noise(stage, worker)
        return times
    except BaseException as error:
        for worker in workers.values():
            worker.stop()
        if isinstance(error, WorkspaceError):
            _keep_failed(stage, workers, error)
        raise


def _hear(stage: Stage, worker: _Worker, event: dict[str, Any], tell: Tell) -> None:
    """Take in what a worker tells."""
    match event["event"]:
        case "kernel":
            worker.kernel = event["pid"]
        case "step":
            worker.step = event["text"]
            stage.log(f"{worker.name}: {worker.step}")
            tell(News("step", worker.name, worker.step))
        case "ready":
            worker.ready = True
        case "done":
            worker.done = True
            worker.seconds = round(time.monotonic() - worker.began, 3)
            stage.log(f"{worker.name}: done in {worker.seconds} s")
            tell(News("done", worker.name, seconds=worker.seconds))
        case "failed":
            _raise_failure(worker, event)
        case "gone" if not worker.done:
            raise NotebookFailed(f"{worker.name} lost its process{_at(worker)} (out of memory?): {_look(worker.name)}")


def _raise_failure(worker: _Worker, event: dict[str, Any]) -> NoReturn:
    """Raise what a notebook's failure means; one of our own errors inside a notebook is raised as itself."""
    kind, message = event["kind"], _first_line(event["message"])
    if kind == "CellTimeoutError":
        raise NotebookTimedOut(
            f"{worker.name} ran too long{_at(worker)}: give it more with --timeout SECONDS; {_look(worker.name)}"
        )
    if kind == "DeadKernelError":
        raise NotebookFailed(f"{worker.name} lost its kernel{_at(worker)} (out of memory?): {_look(worker.name)}")
    own = getattr(errors, kind, None)
    if isinstance(own, type) and issubclass(own, WorkspaceError):
        raise own(message)
    raise NotebookFailed(f"{worker.name} failed{_at(worker)} with {kind}: {message}; {_look(worker.name)}")


def _at(worker: _Worker) -> str:
    return f" at “{worker.step}”" if worker.step else ""


def _look(name: str) -> str:
    failed = paths.reports() / "failed"
    return f"see {failed / name}.ipynb and {failed / 'log.txt'}"


def _first_line(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "no message")
    return line if len(line) <= MESSAGE_LIMIT else line[:MESSAGE_LIMIT] + "…"


def _last_times(edition: int) -> dict[str, float]:
    """What each notebook took in the last run, where there was one."""
    try:
        notebooks = json.loads((paths.reports() / str(edition) / "run.json").read_text(encoding="utf-8"))["notebooks"]
        return {str(name): float(entry["seconds"]) for name, entry in notebooks.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _log_noise(stage: Stage, worker: _Worker) -> None:
    """What a worker and its kernel wrote beside the notebook, into the log."""
    for line in worker.noise.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.strip() and "without encryption" not in line:  # ipykernel says so of every local kernel
            stage.log(f"{worker.name}: | {line}")


def _keep_failed(stage: Stage, workers: dict[str, _Worker], error: WorkspaceError) -> None:
    """Leave the executed notebooks and the log of a failed run in reports/failed."""
    failed = paths.reports() / "failed"
    with suppress(OSError):  # the error that is on its way matters more
        stage.log(f"failed: {error}")
        for worker in workers.values():
            _log_noise(stage, worker)
        shutil.rmtree(failed, ignore_errors=True)
        failed.mkdir()
        shutil.copy(stage.log_file, failed)
        for notebook in sorted(stage.executed.glob("*.ipynb")):
            shutil.copy(notebook, failed)


# --- publishing -------------------------------------------------------------------------------------------------


def _tidy_notebooks(stage: Stage) -> None:
    """Take out of the executed notebooks what tells of this run or this machine, so that equal runs are equal."""
    marks = [(str(stage.folder.resolve()), "run"), (str(paths.root().resolve()), "."), (str(Path.home()), "~")]
    for file in sorted(stage.executed.glob("*.ipynb")):
        notebook = json.loads(file.read_text(encoding="utf-8"))
        notebook["metadata"].pop("papermill", None)
        for number, cell in enumerate(notebook["cells"], start=1):
            cell["id"] = f"cell-{number:02}"  # papermill gives the cell it adds a random one
            for key in ("papermill", "execution"):
                cell["metadata"].pop(key, None)
            if "outputs" in cell:
                cell["outputs"] = _tidied(cell["outputs"], marks)
        text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
        file.write_text(text + "\n", encoding="utf-8")


def _tidied(value: Any, marks: list[tuple[str, str]]) -> Any:
    """The value with this run's marks replaced in every text."""
    if isinstance(value, dict):
        return {key: _tidied(item, marks) for key, item in value.items()}
    if isinstance(value, list):
        return [_tidied(item, marks) for item in value]
    if isinstance(value, str):
        for old, new in marks:
            value = value.replace(old, new) if len(old) > 1 else value
        for pattern, new in RUN_MARKS:
            value = pattern.sub(new, value)
    return value


def _record(stage: Stage, edition: int, plan: Plan, absent: list[manifest.Document], times: dict[str, float]) -> None:
    """Write run.json: all that is needed to tell what this report was made of."""
    stage.log("all notebooks done")
    inputs = [manifest.path(document) for document in manifest.documents() if document not in absent]
    inputs += [paths.manifest(), *_files(paths.curated())]
    inputs += [paths.notebooks() / f"{name}.ipynb" for name in NOTEBOOKS]
    record = {
        "edition": edition,
        "parameters": plan.given,
        "started": stage.began,
        "ended": _now(),
        "notebooks": {name: {"seconds": times[name]} for name in NOTEBOOKS},
        "missing": [document.doc_id for document in absent],
        "versions": _versions(),
        "inputs": {file.relative_to(paths.root()).as_posix(): _sha256(file) for file in inputs},
        "outputs": {
            file.relative_to(stage.report).as_posix(): _sha256(file)
            for file in _files(stage.report)
            if file != stage.log_file  # it holds times, as this record does
        },
        "tables": {file.name: _sha256(file) for file in _files(stage.processed)},
    }
    text = json.dumps(record, ensure_ascii=False, indent=2)
    (stage.report / "run.json").write_text(text + "\n", encoding="utf-8")


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version(), "platform": platform.platform()}
    for package in PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found | _commit()


def _commit() -> dict[str, str]:
    """The commit of the workspace, marked where files differ from it; nothing outside a git checkout."""
    if not (paths.root() / ".git").exists():
        return {}
    git = ["git", "-C", str(paths.root())]
    try:
        head = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, timeout=10, check=True)
        changes = subprocess.run(
            [*git, "status", "--porcelain"], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return {}
    return {"commit": head.stdout.strip() + (" with changes" if changes.stdout.strip() else "")}


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _publish(stage: Stage, edition: int, with_tables: bool) -> None:
    """Put the report, and the tables that changed, in their places: all of it or nothing (see `repair`)."""
    report, old = paths.reports() / str(edition), paths.reports() / f".old-{edition}"
    fresh = _fresh_tables()
    try:
        names = _copy_changed(stage, fresh) if with_tables else []
        with _undisturbed():
            try:
                _move_aside(report, old)
                os.replace(stage.report, report)
                for name in names:
                    os.replace(fresh / name, paths.committed() / name)
            except OSError:
                _roll_back(stage, report, old, names)
                raise
            shutil.rmtree(old)
    finally:
        if not old.exists():  # else it went so wrong that `repair` needs both
            shutil.rmtree(fresh, ignore_errors=True)


def _copy_changed(stage: Stage, fresh: Path) -> list[str]:
    """Copy the changed tables to where a rename can publish them, and what they replace beside; their names."""
    before = fresh / "before"
    before.mkdir(parents=True)
    changed = _changed(stage)
    for table in changed:
        shutil.copyfile(table, fresh / table.name)
        with suppress(FileNotFoundError):
            shutil.copyfile(paths.committed() / table.name, before / table.name)
    return [table.name for table in changed]


def _move_aside(report: Path, old: Path) -> None:
    if report.exists():
        os.replace(report, old)
    else:
        old.mkdir()  # says that there was none


def _roll_back(stage: Stage, report: Path, old: Path, names: list[str]) -> None:
    """Put the earlier report and tables back after a publication that failed half-way."""
    if not old.exists():  # nothing was touched yet
        return
    for name in names:
        earlier = _fresh_tables() / "before" / name
        if earlier.exists():
            os.replace(earlier, paths.committed() / name)
        else:
            (paths.committed() / name).unlink(missing_ok=True)
    if not stage.report.exists():
        os.replace(report, stage.report)
    if any(old.iterdir()):
        os.replace(old, report)
    else:
        old.rmdir()


def _changed(stage: Stage) -> list[Path]:
    """The staged tables that are not, byte for byte, those of data/processed."""
    changed = []
    for table in sorted(stage.processed.glob("*.jsonl")):
        published = paths.committed() / table.name
        if not published.exists() or published.read_bytes() != table.read_bytes():
            changed.append(table)
    return changed


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let no Ctrl-C come between: what is done here takes milliseconds."""
    if threading.current_thread() is not threading.main_thread():  # signals are the main thread's
        yield
        return
    kept = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


# --- in the process of one notebook -----------------------------------------------------------------------------


def _papermill() -> Any:
    """Papermill (Any: it has no types), loaded when first needed."""
    exec(SPARED)
    return import_module("papermill")


def _work() -> None:
    """Run one notebook as the module's docstring says, and leave without waiting for anything."""
    kernels: list[int] = []
    go = threading.Event()
    say = _outlet()
    job = json.loads(sys.stdin.readline())
    threading.Thread(target=_obey, args=(go, kernels), daemon=True).start()
    say({"event": "failed", **fault} if (fault := _run_notebook(job, go, kernels, say)) else {"event": "done"})
    _leave(kernels)


def _outlet() -> Callable[[dict[str, Any]], None]:
    """What is told goes to the real standard output; whatever else is printed goes to the log."""
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(event: dict[str, Any]) -> None:
        stream.write(json.dumps(event) + "\n")
        stream.flush()

    return say


def _obey(go: threading.Event, kernels: list[int]) -> None:
    """Pass on "go"; when the input closes the run is over, one way or another, and so is this process."""
    for _ in sys.stdin:
        go.set()
    _leave(kernels)


def _leave(kernels: list[int]) -> NoReturn:
    for kernel in kernels:
        _kill_group(kernel)
    os._exit(0)


def _kill_group(kernel: int) -> None:
    """Kill a kernel and what it started; each kernel leads a process group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(kernel, signal.SIGKILL)


def _run_notebook(
    job: dict[str, Any], go: threading.Event, kernels: list[int], say: Callable[[dict[str, Any]], None]
) -> dict[str, str] | None:
    """Execute the notebook once told to; the kind and message of what failed, or None."""
    papermill = _papermill()
    nbformat: Any = import_module("nbformat")
    notebooks: list[Any] = []

    def at_cell(cell: Any, cell_index: int) -> None:
        if cell_index == 0:
            say({"event": "ready"})
            go.wait()
        if cell.cell_type == "markdown" and (headings := HEADING.findall(cell.source)):
            say({"event": "step", "text": headings[-1]})

    try:
        papermill.execute_notebook(
            job["source"],
            job["output"],
            job["parameters"],
            kernel_name="python3",
            progress_bar=False,
            request_save_on_cell_execute=False,
            start_timeout=START_SECONDS,
            execution_timeout=job["timeout"],
            iopub_timeout=60,
            kernel_manager_class=_kernel_class(_imports(nbformat.read(job["source"], 4)), kernels, say),
            shutdown_kernel="immediate",
            record_timing=False,
            coalesce_streams=True,
            on_notebook_start=lambda notebook: notebooks.append(notebook),
            on_cell_start=at_cell,
        )
    except papermill.PapermillExecutionError as error:
        return {"kind": error.ename, "message": error.evalue}
    except Exception as error:
        for notebook in notebooks:  # papermill saves only what ended with a Python exception
            nbformat.write(notebook, job["output"])
        return {"kind": type(error).__name__, "message": str(error)}
    return None


def _imports(notebook: Any) -> str:
    """The import statements of a notebook, so that its kernel can load the libraries while it waits."""
    found: list[str] = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            with suppress(SyntaxError):  # a magic; the cell itself will say if it is not
                tree = ast.parse(cell.source)
                found += [ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return "\n".join(found)


def _kernel_class(imports: str, kernels: list[int], say: Callable[[dict[str, Any]], None]) -> Any:
    """The kernel of the Python that runs this, whatever `python3` a user has installed elsewhere."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    first = f"{SPARED}\n{imports}"
    command.append(f"--IPKernelApp.exec_lines=exec({first!r}, {{}})")

    class ThisPython(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(argv=command, language="python", display_name="Python 3")

        async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]
            self.connection_file = f"{os.environ['JUPYTER_RUNTIME_DIR']}/kernel-{os.getpid()}.json"
            await super().start_kernel(**options)
            if self.provisioner is not None and (pid := getattr(self.provisioner, "pid", None)):
                kernels.append(pid)
                say({"event": "kernel", "pid": pid})

    return ThisPython


if __name__ == "__main__":
    _work()
