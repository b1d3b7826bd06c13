"""The file that a person names to be added: a path, or an https address that is downloaded first."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.base import files
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
        if not given.strip():
            raise UsageFault(f"no file is named: {WANTED}")
        if fault := files.fault(Path(given)):
            raise UsageFault(f"{shorten(given, LONGEST_NAME)} is not a file ({fault}): {WANTED}")
        yield Path(given)
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / (re.sub(r"[^\w.-]", "", given.rsplit("/", 1)[-1])[-60:] or "document")
        fetch.download(given, file, get)
        try:
            yield file
        except WorkspaceError as error:
            raise type(error)(str(error).replace(str(file), given)) from error
