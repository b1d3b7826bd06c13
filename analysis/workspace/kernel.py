"""What a kernel of a run does before its notebook begins: it loads libraries, and watches that the run is there."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

POLL_SECONDS = 0.3


def prepare(run: int, imports: str) -> None:
    """End this process and all it started when the process `run` is gone; carry out the notebook's import statements.

    The kernel leads a process group of its own, and a run that is killed can end nothing any more.
    """
    threading.Thread(target=_end_with, args=(run,), daemon=True).start()
    with without_iri_grammar(), suppress(Exception):  # the notebook itself says what cannot be imported
        exec(imports, {})


def _end_with(run: int) -> None:
    while os.getppid() == run:
        time.sleep(POLL_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)


@contextmanager
def without_iri_grammar() -> Iterator[None]:
    """Let jsonschema, if it is imported here for the first time, do without its optional check of IRIs.

    Notebooks and charts have none, and the check's grammar is built at import: 0.6 s in every process.
    """
    absent = {"rfc3987_syntax", "jsonschema"}.isdisjoint(sys.modules)
    if absent:
        sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if absent:
            del sys.modules["rfc3987_syntax"]
