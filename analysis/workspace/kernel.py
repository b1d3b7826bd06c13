"""What a kernel of a run does before its notebook begins: it tells what it opens, loads libraries, and watches that the
run is there.
"""

import importlib.util
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import Any

POLL_SECONDS = 0.3
WRITING = os.O_WRONLY | os.O_RDWR


def prepare(run: int, imports: str, trace: str) -> None:
    """End this process and all it started when the process `run` is gone; write what it opens into the file `trace`;
    carry out the notebook's import statements.

    The kernel leads a process group of its own, and a run that is killed can end nothing any more.
    """
    threading.Thread(target=_end_with, args=(run,), daemon=True).start()
    _tell(trace)
    with suppress(Exception):  # the notebook itself says what cannot be imported
        exec(imports, {})


def _end_with(run: int) -> None:
    while os.getppid() == run:
        time.sleep(POLL_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _tell(trace: str) -> None:
    """Write down, from now on, each file that this process opens, a line each: r or w, and the path; `rgit` where it
    asks git."""
    handle = os.open(trace, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    told: set[str] = set()

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            line = _line("w" if flags & WRITING else "r", path)
        elif event == "os.rename":  # what is written in one step is written beside its place first
            line = _line("w", arguments[1])
        elif event == "subprocess.Popen":
            line = "rgit" if os.path.basename(os.fsdecode(arguments[0])) == "git" else ""
        else:
            return
        if line and line not in told:
            told.add(line)
            os.write(handle, f"{line}\n".encode(errors="surrogateescape"))

    sys.addaudithook(hear)


def _line(kind: str, path: object) -> str:
    """How a file is told: of compiled code the source."""
    if not isinstance(path, str | bytes | os.PathLike):
        return ""  # a file that is open already
    text = os.path.realpath(os.fsdecode(path))
    if text.endswith(".pyc"):
        with suppress(ValueError):
            text = importlib.util.source_from_cache(text)
    return "" if "\n" in text else kind + text
