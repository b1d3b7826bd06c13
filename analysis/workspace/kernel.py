"""What a kernel of a run does before its notebook begins: it loads libraries, and watches that the run is there."""

import os
import signal
import threading
import time
from contextlib import suppress

POLL_SECONDS = 0.3


def prepare(run: int, imports: str) -> None:
    """End this process and all it started when the process `run` is gone; carry out the notebook's import statements.

    The kernel leads a process group of its own, and a run that is killed can end nothing any more.
    """
    threading.Thread(target=_end_with, args=(run,), daemon=True).start()
    with suppress(Exception):  # the notebook itself says what cannot be imported
        exec(imports, {})


def _end_with(run: int) -> None:
    while os.getppid() == run:
        time.sleep(POLL_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)
