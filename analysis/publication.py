"""Where a run works and how its result is published: all of it or nothing.

A run works in a stage, a folder of its own under reports/, alone in the workspace (`workplace`). When all notebooks
are done it tidies them, writes run.json (`record`) and puts report and tables in their places (`publish`). What a
killed run leaves, the next one undoes or finishes (`repair`).
"""

import filecmp
import hashlib
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import filelock

from analysis import manifest, paths
from analysis.errors import AlreadyRunning, CannotWrite, WorkspaceError

PACKAGES = ["altair", "dataframely", "ipykernel", "nbclient", "numpy", "papermill", "polars", "scikit-learn",
            "sudachidict_core", "sudachipy", "vl-convert-python"]  # fmt: skip
# What differs between two equal runs, or tells of the machine, in the outputs of a notebook.
RUN_MARKS = [(re.compile(r"(?:/(?!ipykernel_)[^\s/]{0,255}){0,40}+/ipykernel_\d+/\d+\.py"), "cell"), (re.compile(r"\b0x[0-9a-f]{8,16}\b"), "0x…")]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


# --- the place of a run -----------------------------------------------------------------------------------------


@dataclass
class Stage:
    """The folder in which a run works; `report` becomes reports/<edition>."""

    folder: Path
    began: str = field(default_factory=_now)

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


@contextmanager
def workplace() -> Iterator[Stage]:
    """The stage of a run that has the workspace to itself; it is gone afterwards.

    Raises AlreadyRunning beside another run, and CannotWrite for whatever the operating system says about files.
    """
    with _writing(), _lock():
        repair()
        _check_writable()
        stage = Stage(Path(tempfile.mkdtemp(prefix=f".run-{os.getpid()}-", dir=paths.reports())))
        try:
            for folder in (stage.processed, stage.executed, stage.folder / "jupyter"):
                folder.mkdir(parents=True)
            for table in sorted(paths.committed().glob("*.jsonl")):
                shutil.copyfile(table, stage.processed / table.name)
            yield stage
        finally:
            shutil.rmtree(stage.folder, ignore_errors=True)


@contextmanager
def alone() -> Iterator[None]:
    """The workspace to oneself, for what changes its documents. Raises AlreadyRunning beside a run, CannotWrite."""
    with _writing(), _lock():
        yield


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


# --- what is known of a run -------------------------------------------------------------------------------------


def last_times(edition: int) -> dict[str, float]:
    """What each notebook took in the last run, where there was one."""
    try:
        notebooks = json.loads((paths.reports() / str(edition) / "run.json").read_text(encoding="utf-8"))["notebooks"]
        return {str(name): float(entry["seconds"]) for name, entry in notebooks.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def keep_failed(stage: Stage, error: WorkspaceError) -> None:
    """Leave the executed notebooks and the log of a failed run in reports/failed."""
    failed = paths.reports() / "failed"
    with suppress(OSError):  # the error that is on its way matters more
        stage.log(f"failed: {error}")
        shutil.rmtree(failed, ignore_errors=True)
        failed.mkdir()
        for file in (stage.log_file, *sorted(stage.executed.glob("*.ipynb"))):
            shutil.copy(file, failed)


def tidy_notebooks(stage: Stage) -> None:
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
            value = value.replace(old, new) if old != "/" else value
        for pattern, new in RUN_MARKS:
            value = pattern.sub(new, value)
    return value


def record(
    stage: Stage,
    edition: int,
    parameters: dict[str, Any],
    absent: list[manifest.Document],
    times: dict[str, float],
) -> None:
    """Write run.json: all that is needed to tell what this report was made of."""
    stage.log("all notebooks done")
    inputs = [manifest.path(document) for document in manifest.documents() if document not in absent]
    inputs += [paths.manifest(), *_files(paths.curated())]
    inputs += [paths.notebooks() / f"{name}.ipynb" for name in times]
    content = {
        "edition": edition,
        "parameters": parameters,
        "started": stage.began,
        "ended": _now(),
        "notebooks": {name: {"seconds": seconds} for name, seconds in times.items()},
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
    text = json.dumps(content, ensure_ascii=False, indent=2)
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
    command = ["git", "-C", str(paths.root()), "status", "--porcelain=v2", "--branch"]
    try:
        lines = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout.splitlines()
    except (OSError, subprocess.SubprocessError):
        return {}
    head = next(line.split()[-1] for line in lines if line.startswith("# branch.oid"))
    changed = any(not line.startswith("#") for line in lines)
    return {"commit": head + (" with changes" if changed else "")}


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# --- all or nothing ----------------------------------------------------------------------------------------------


def publish(stage: Stage, edition: int, with_tables: bool) -> Path:
    """Put the report, and the tables that changed, in their places; returns the report's folder."""
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
    shutil.rmtree(paths.reports() / "failed", ignore_errors=True)
    return report


def _fresh_tables() -> Path:
    """Where the tables of a finished run wait for their place: on the same disk, so that a rename is enough."""
    return paths.committed().parent / ".processed-fresh"


def _copy_changed(stage: Stage, fresh: Path) -> list[str]:
    """Copy the changed tables to where a rename can publish them, and what they replace beside; their names."""
    before = fresh / "before"
    before.mkdir(parents=True)
    names = []
    for table in sorted(stage.processed.glob("*.jsonl")):
        published = paths.committed() / table.name
        if not published.exists() or not filecmp.cmp(published, table, shallow=False):
            shutil.copyfile(table, fresh / table.name)
            if published.exists():
                shutil.copyfile(published, before / table.name)
            names.append(table.name)
    return names


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


def repair() -> None:
    """Undo or finish what a killed run left. Call it under the lock: whatever lies about then has no owner.

    `publish` makes .old-<edition> before it touches anything and removes it last, so it tells how far that came.
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
