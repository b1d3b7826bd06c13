"""The staging folder of a run, and how its result is published: all of it or nothing.

A run works in a staging folder under reports/, alone in the workspace. When all notebooks are done, report and tables
are put in their places (`publish`). What a killed run leaves, the next one undoes or finishes (`repair`).
"""

import ctypes
import errno
import filecmp
import json
import logging
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from analysis.base import files, paths
from analysis.base.errors import CannotWrite, WorkspaceError

ASIDE = ".aside-"
REPLACING = ".data-"


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


# --- the place of a run -----------------------------------------------------------------------------------------


class Staging(logging.Handler):
    """The folder in which a run works; `report` becomes the published one. It keeps the log, that of libraries too."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder, self.began = folder, now()
        self.report, self.processed = folder / "report", folder / "processed"
        self.notebooks, self.log_file = self.report / "notebooks", self.report / "log.txt"

    def log(self, text: str) -> None:
        with self.log_file.open("a", encoding="utf-8") as stream:
            stream.write(f"{now()} {text}\n")

    def emit(self, record: logging.LogRecord) -> None:
        self.log(f"{record.name}: | {record.getMessage()}")


@contextmanager
def staging_folder() -> Iterator[Staging]:
    """Make the staging folder of a run that has the workspace to itself; it is gone afterwards.

    Raises AlreadyRunning beside another run, and CannotWrite for whatever the operating system says about files.
    """
    with exclusive(), files.naming_faults(among=paths.reports()):
        repair()
        paths.committed().mkdir(parents=True, exist_ok=True)
        for folder in (paths.committed().parent, paths.committed()):  # fail now rather than after the work
            tempfile.TemporaryFile(dir=folder).close()
        staging = Staging(Path(tempfile.mkdtemp(prefix=".run-", dir=paths.reports())).resolve())
        try:
            for folder in (staging.processed, staging.notebooks, staging.folder / "jupyter"):
                folder.mkdir(parents=True)
            for table in sorted(paths.committed().glob("*.jsonl")):
                shutil.copyfile(table, staging.processed / table.name)
            logging.getLogger().addHandler(staging)  # libraries would write on the screen
            yield staging
        finally:
            logging.getLogger().removeHandler(staging)
            shutil.rmtree(staging.folder, ignore_errors=True)


def exclusive() -> AbstractContextManager[None]:
    """Hold the workspace's lock, for whatever changes its files. Raises AlreadyRunning beside a run, CannotWrite."""
    busy = f"another run works in {paths.reports()}: wait until it ends, or stop it"
    return files.exclusive_lock(paths.reports() / ".lock", busy)


def keep_failed(staging: Staging, error: WorkspaceError) -> None:
    """Leave the executed notebooks and the log of a failed run in reports/failed."""
    failed = paths.reports() / "failed"
    with suppress(OSError):  # the error that is on its way matters more
        staging.log(f"failed: {error}")
        shutil.rmtree(failed, ignore_errors=True)
        failed.mkdir()
        for file in (staging.log_file, *sorted(staging.notebooks.glob("*.ipynb"))):
            shutil.copy(file, failed)


# --- all or nothing ---------------------------------------------------------------------------------------------
#
# The report is published by one exchange of folders: what its run.json says holds from then on. The tables wait until
# then in a folder that bears the checksum of that run.json, and change places with the earlier ones next. Whoever finds
# such a folder knows by it whether the run got so far (`repair`).


def publish(staging: Staging, report: Path, with_tables: bool) -> None:
    """Put the report into its folder `report`, and the tables that changed in their places.

    Where the tables cannot be put there, the report is undone.
    """
    try:
        if with_tables:
            _prepare_tables(staging, _waiting(report.name, files.checksum(staging.report / "run.json")))
        with _undisturbed():
            _swap(staging.report, report)
            try:
                for waiting in _due():
                    _swap(waiting, paths.committed().resolve())
            except OSError:
                with suppress(OSError):  # else the next run publishes the tables
                    _swap(report, staging.report)
                raise
    finally:
        _tidy()
    shutil.rmtree(paths.reports() / "failed", ignore_errors=True)


def replace_files(contents: Mapping[Path, bytes | str]) -> None:
    """Put files of data/ in their places, all of them in one step. Call it under the lock.

    They are written into a copy of data/ that shares all other files with it; then both change places. Raises
    CannotWrite, also where a folder of data/ is a link: what stands elsewhere cannot change in the same step.
    """
    data = paths.data().resolve()
    for folder in (paths.raw(), paths.curated(), paths.committed()):
        if folder.is_symlink():
            raise CannotWrite(f"{folder} is a link: put the folder itself there, so that all of data changes at once")
    with files.naming_faults():
        copy = Path(tempfile.mkdtemp(prefix=REPLACING, dir=data.parent))
        try:
            shutil.copytree(data, copy, symlinks=True, copy_function=_link, dirs_exist_ok=True)
            for file, content in contents.items():
                files.write(copy / file.resolve().relative_to(data), content)
            with _undisturbed():
                _swap(copy, data)
        finally:
            shutil.rmtree(copy, ignore_errors=True)


def _waiting(report: str, record: str) -> Path:
    """Where the tables of a finished run wait for their place: on the same disk, so that a rename is enough."""
    return paths.committed().resolve().parent / f".tables-{report}-{record}"


def _prepare_tables(staging: Staging, folder: Path) -> None:
    """Make a folder of all tables as they will be, in which equal ones are the same files."""
    shutil.copytree(paths.committed(), folder, symlinks=True, copy_function=_link)
    for table in sorted(staging.processed.glob("*.jsonl")):
        published = folder / table.name
        if not published.exists() or not filecmp.cmp(published, table, shallow=False):
            published.unlink(missing_ok=True)  # and not the file that it shares
            shutil.copyfile(table, published)


def _link(file: str, link: str) -> None:
    try:
        os.link(file, link)
    except OSError:  # a disk without links
        shutil.copy2(file, link)


def _due() -> list[Path]:
    """Return the waiting tables whose report is published while they are not: none, or those of one run."""
    place, due = paths.committed().resolve(), []
    for record in paths.reports().glob("*/run.json"):
        waiting = _waiting(record.parent.name, files.checksum(record))
        if waiting.exists():
            checksums = json.loads(record.read_text(encoding="utf-8"))["tables"]
            tables = [place / name for name in checksums if name.endswith(".jsonl")]
            if not all(table.is_file() and files.checksum(table) == checksums[table.name] for table in tables):
                due.append(waiting)
    return due


def repair() -> None:
    """Undo or finish what a killed run left. Call it under the lock: whatever lies about then has no owner."""
    for aside in _asides():
        place = aside.with_name(aside.name.removeprefix(ASIDE))
        if not place.exists():
            os.replace(aside, place)
    for waiting in _due():
        _swap(waiting, paths.committed().resolve())
    _tidy()


def _tidy() -> None:
    """Take away what lies about: what was replaced, what waits for nothing any more, and parts of files."""
    waiting = set(paths.committed().resolve().parent.glob(".tables-*")) - set(_due())
    replaced = paths.data().resolve().parent.glob(f"{REPLACING}????????")
    for folder in (*paths.reports().glob(".run-*"), *_asides(), *waiting, *replaced):
        shutil.rmtree(folder, ignore_errors=True)
    for part in paths.raw().glob(".*-????????"):
        with suppress(OSError):
            part.unlink()


def _asides() -> list[Path]:
    places = (paths.reports(), paths.committed().resolve().parent, paths.data().resolve().parent)
    return [aside for place in places for aside in place.glob(f"{ASIDE}*")]


def _swap(new: Path, place: Path) -> None:
    """Let two folders change places; the second may not exist."""
    if not place.exists():
        os.replace(new, place)
        return
    try:
        _exchange(new, place)
    except OSError as error:
        if error.errno not in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM):
            raise
        aside = place.with_name(ASIDE + place.name)
        os.replace(place, aside)
        try:
            os.replace(new, place)
        except OSError:
            os.replace(aside, place)
            raise
        os.replace(aside, new)


def _exchange(new: Path, place: Path) -> None:
    """Let two folders change places in one step, where the system can (Linux): there is never none in a place."""
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), str(place))
    if call(here, os.fsencode(new), here, os.fsencode(place), exchange) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(place))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let no Ctrl-C come between: what is done here takes milliseconds."""
    ours = threading.current_thread() is threading.main_thread()  # signals are the main thread's
    handlers = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM) if ours}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
