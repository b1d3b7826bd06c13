"""The file that a person names to be added: a path, or an https address that is downloaded first."""

import re
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.base.errors import UsageFault, WorkspaceError
from analysis.base.japanese import shorten
from analysis.workspace import fetch
from analysis.workspace.fetch import Get

WANTED = "give a PDF, Word, text or Markdown file, or an https address"
LONGEST_NAME = 200  # characters of a name in a message


@contextmanager
def at_hand(given: str, get: Get | None = None) -> Iterator[Path]:
    """Yield the file that a path or an https address names. Faults in it name the address, and not where it was put.

    Raises UsageFault, DocumentMissing.
    """
    if "://" not in given:
        if fault := _fault(given):
            raise UsageFault(f"{fault}: {WANTED}")
        yield Path(given)
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / (re.sub(r"[^\w.-]", "", given.rsplit("/", 1)[-1])[-60:] or "document")
        fetch.download(given, file, get)
        try:
            yield file
        except WorkspaceError as error:
            raise type(error)(str(error).replace(str(file), given)) from error


def _fault(given: str) -> str | None:
    """Say why a path names no file that can be read; None where it does."""
    name = shorten(given, LONGEST_NAME)
    if not given.strip():
        return "no file is named"
    try:
        mode = Path(given).stat().st_mode
    except (OSError, ValueError) as error:  # a link to itself, a name that is too long or holds a zero
        return f"{name} is not a file ({getattr(error, 'strerror', None) or error})"
    if stat.S_ISDIR(mode):
        return f"{name} is not a file but a folder"
    return None if stat.S_ISREG(mode) else f"{name} is not a file but a pipe or a device"
