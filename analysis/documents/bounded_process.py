"""Processes that may take only so much time and memory, since what they read comes from elsewhere."""

import os
import signal
import subprocess
import sys
from contextlib import suppress

MEMORY = 1_000_000_000  # bytes of a process that reads; the one that waits for it needs its own


def limit(seconds: int) -> None:
    """Bound this process's memory and processor time, and those of each process that it starts."""
    import resource

    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def output_of(module: str, arguments: list[str], seconds: float) -> bytes:
    """Return what a module of ours prints. Raises subprocess.TimeoutExpired; then, as whatever ends the wait, neither
    the process nor any that it started goes on."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            return process.communicate(timeout=seconds)[0]
        finally:
            with suppress(ProcessLookupError):  # all of its group have ended
                os.killpg(process.pid, signal.SIGKILL)
