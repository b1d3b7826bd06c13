"""Files: written whole or not at all, locked while one process changes them, told apart by their checksum."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from analysis.base.errors import AlreadyRunning, CannotWrite


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Yield a new file beside `file` to write into; put it in `file`'s place in one step when the block ends.

    Where the block raises, `file` stays as it is and nothing is left beside it. A killed process may leave
    `.<name>-????????`. Raises CannotWrite.
    """
    with naming_faults(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{file.name.lstrip('.')}-", dir=file.parent)
        os.close(handle)
        part = Path(name)
        try:
            yield part
            with part.open("rb+") as stream:
                os.fsync(stream.fileno())  # the bytes are on the disk before the name is
            part.chmod(0o644)  # mkstemp's files are for their owner alone
            os.replace(part, file)
        finally:  # after Ctrl-C too
            part.unlink(missing_ok=True)


def write(file: Path, content: bytes | str) -> None:
    """Write the whole file (text as UTF-8) in one step. Raises CannotWrite."""
    with replacing(file) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)


def fault(file: Path) -> str | None:
    """Say why a path is no file that can be read; None where it is one."""
    try:
        mode = file.stat().st_mode
    except (OSError, ValueError) as error:  # a link to itself, a name that is too long or holds a zero
        return getattr(error, "strerror", None) or str(error)
    if stat.S_ISDIR(mode):
        return "it is a folder"
    return None if stat.S_ISREG(mode) else "it is a pipe or a device"


def checksum(content: Path | bytes) -> str:
    """Return the SHA-256 of a file or of bytes, in hexadecimal digits."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def exclusive_lock(file: Path, busy: str, seconds: float = 0) -> Iterator[None]:
    """Hold the lock of which `file` is the mark; the system frees it when the process ends, however it ends.

    Waits `seconds` for another process. Raises AlreadyRunning with the message `busy`, and CannotWrite.
    """
    lock = filelock.FileLock(file, timeout=seconds)
    with naming_faults(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except filelock.Timeout as error:
            raise AlreadyRunning(busy) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def naming_faults(place: Path | None = None, among: Path | None = None) -> Iterator[None]:
    """Turn what the system says about files (a full disk, no permission) into CannotWrite, which names `place`.

    Without a place it names the file that the system names; where that names none, `among`, the folder it is in.
    """
    try:
        yield
    except OSError as error:
        where = place or error.filename2 or error.filename or (f"a file in {among}" if among else "a file")
        raise CannotWrite(
            f"cannot write {where} ({error.strerror or error}): make the folder writable or free some space"
        ) from error
