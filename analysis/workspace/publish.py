"""Where a run works and how its result is published: all of it or nothing.

A run works in a stage, a folder of its own under reports/, alone in the workspace (`workplace`). When all notebooks
are done it tidies them, writes run.json (`record`) and puts report and tables in their places (`publish`). What a
killed run leaves, the next one undoes or finishes (`repair`).
"""

import ctypes
import errno
import filecmp
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
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from analysis.base import files, paths
from analysis.base.errors import WorkspaceError
from analysis.documents import manifest

PACKAGES = ["altair", "dataframely", "ipykernel", "nbclient", "numpy", "papermill", "polars", "scikit-learn",
            "sudachidict_core", "sudachipy", "vl-convert-python"]  # fmt: skip
# What differs between two equal runs, or tells of the machine, in the outputs of a notebook.
CELL = (
    r"(?:/(?!ipykernel_)[^\s/]{0,255}){0,40}+/ipykernel_\d+/\d+\.py"  # its file; bounded, so that it cannot backtrack
)
RUN_MARKS = [(re.compile(CELL), "cell"), (re.compile(r"\b0x[0-9a-f]{8,16}\b"), "0x…")]


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
    with files.naming_faults(), _lock():
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
    with files.naming_faults(), _lock():
        yield


def _lock() -> AbstractContextManager[None]:
    busy = f"another run works in {paths.reports()}: wait until it ends, or stop it"
    return files.exclusive_lock(paths.reports() / ".lock", busy)


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
        "inputs": {file.relative_to(paths.root()).as_posix(): files.checksum(file) for file in inputs},
        "outputs": {
            file.relative_to(stage.report).as_posix(): files.checksum(file)
            for file in _files(stage.report)
            if file != stage.log_file  # it holds times, as this record does
        },
        "tables": {file.name: files.checksum(file) for file in _files(stage.processed)},
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


# --- all or nothing ----------------------------------------------------------------------------------------------


def publish(stage: Stage, edition: int, with_tables: bool) -> Path:
    """Put the report, and the tables that changed, in their places; returns the report's folder.

    Both wait, complete, beside their places, and an intent says so: from then on `repair` finishes what is killed.
    Each then takes its place in one step. Where the second fails the first is undone.
    """
    report, intent = paths.reports() / str(edition), None
    try:
        sums = _tables_beside(stage) if with_tables else {}
        os.replace(stage.report, _new(edition))
        intent = {"edition": edition, "record": files.checksum(_new(edition) / "run.json"), "tables": sums}
        with _undisturbed():
            files.write(_intent(), json.dumps(intent))
            _carry_out(intent)
    finally:
        if not _intent().exists():  # else it went so wrong that `repair` needs what lies about
            _tidy()
    shutil.rmtree(paths.reports() / "failed", ignore_errors=True)
    return report


def _new(edition: int) -> Path:
    """Where a finished report waits for its place."""
    return paths.reports() / f".new-{edition}"


def _fresh() -> Path:
    """Where the tables of a finished run wait for their place: on the same disk, so that a rename is enough."""
    return paths.committed().resolve().parent / ".processed-fresh"


def _intent() -> Path:
    return paths.reports() / ".publishing"


def _tables_beside(stage: Stage) -> dict[str, str]:
    """A folder of all tables as they will be; the checksums of those that change. Equal ones are the same files."""
    fresh, sums = _fresh(), {}
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(paths.committed(), fresh, symlinks=True, copy_function=_link)
    for table in sorted(stage.processed.glob("*.jsonl")):
        published = fresh / table.name
        if not published.exists() or not filecmp.cmp(published, table, shallow=False):
            published.unlink(missing_ok=True)  # and not the file that it shares
            shutil.copyfile(table, published)
            sums[table.name] = files.checksum(table)
    return sums


def _link(file: str, other: str) -> None:
    try:
        os.link(file, other)
    except OSError:  # a disk without links
        shutil.copy2(file, other)


def _carry_out(intent: dict[str, Any]) -> None:
    """Do what of the intent is not done yet; undo it where that fails, so that nothing is published by halves."""
    report, done = paths.reports() / str(intent["edition"]), []
    try:
        for beside, place, sums in (
            (_new(intent["edition"]), report, {"run.json": intent["record"]}),
            (_fresh(), paths.committed().resolve(), intent["tables"]),
        ):
            if not _has(place, sums):
                _swap(beside, place)
                done.append((beside, place))
    except OSError:
        with suppress(OSError):  # else the next run carries it out
            for beside, place in reversed(done):
                _swap(place, beside)
            _intent().unlink()
        raise
    with suppress(OSError):
        _intent().unlink()


def _has(folder: Path, sums: dict[str, str]) -> bool:
    """Whether the folder holds the files with these checksums."""
    return all((folder / name).is_file() and files.checksum(folder / name) == sha256 for name, sha256 in sums.items())


def _swap(one: Path, other: Path) -> None:
    """Let two folders change places; the second may not exist."""
    if not other.exists():
        os.replace(one, other)
        return
    try:
        _exchange(one, other)
    except OSError as error:
        if error.errno not in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM):
            raise
        aside = other.with_name(f".aside-{other.name}")
        os.replace(other, aside)
        try:
            os.replace(one, other)
        except OSError:
            os.replace(aside, other)
            raise
        os.replace(aside, one)


def _exchange(one: Path, other: Path) -> None:
    """Let two folders change places in one step, where the system can (Linux): there is never none in a place."""
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), str(other))
    if call(here, os.fsencode(one), here, os.fsencode(other), exchange) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(other))


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

    What was killed before its intent was written is undone, by taking it away; after that, it is finished.
    """
    with suppress(FileNotFoundError):
        _carry_out(_read_intent())
    _tidy()
    for stage in paths.reports().glob(".run-*"):
        shutil.rmtree(stage, ignore_errors=True)
    for part in paths.raw().glob(".*-????????"):  # of a document or the manifest
        with suppress(OSError):
            part.unlink()


def _read_intent() -> dict[str, Any]:
    text = _intent().read_text(encoding="utf-8")
    try:
        intent = json.loads(text)
        return {"edition": int(intent["edition"]), "record": intent["record"], "tables": dict(intent["tables"])}
    except (ValueError, KeyError, TypeError):  # none that `publish` wrote
        _intent().unlink()
        raise FileNotFoundError from None


def _tidy() -> None:
    """Take away what no intent needs: what waited for its place, and what was replaced."""
    for part in paths.reports().glob(".publishing-*"):
        with suppress(OSError):
            part.unlink()
    found = [*paths.reports().glob(".new-*"), *paths.reports().glob(".aside-*"), _fresh()]
    for folder in [*found, *_fresh().parent.glob(".aside-*")]:
        shutil.rmtree(folder, ignore_errors=True)
