"""What a kernel ended of, and whether a disk is full: what the operating system knows and Jupyter does not say."""

import errno
import os
import re
import signal
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

FULL = {number: os.strerror(number) for number in (errno.ENOSPC, errno.EDQUOT)}
PROBE = bytes(1 << 16)  # a disk with less room than this is full
CGROUPS = Path("/sys/fs/cgroup")
OWN_GROUPS, SYSTEM = Path("/proc/self/cgroup"), Path("/proc/vmstat")


def says_full(message: str) -> bool:
    """Whether an error of any library passes on what the system says of a full disk."""
    return any(text in message for text in FULL.values())


def is_full(folder: Path) -> bool:
    """Whether the folder's disk has no room, found by writing into it."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(PROBE)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error.errno in FULL
    return False


def memory_kills() -> int:
    """How many processes the system has killed so far for want of memory: of this one's control group where the system
    counts by these (Linux), else of all; 0 where it does not say."""
    for file in _counters():
        with suppress(OSError):
            if match := re.search(r"^oom_kill (\d+)$", file.read_text(encoding="utf-8"), re.MULTILINE):
                return int(match[1])
    return 0


def _counters() -> Iterator[Path]:
    """Where the count may stand: by the group's path, and, in a container, at the root of what it sees."""
    with suppress(OSError):
        for line in OWN_GROUPS.read_text(encoding="utf-8").splitlines():
            _, controllers, group = line.split(":", 2)
            for path in (group.strip("/"), ""):
                if "memory" in controllers.split(","):
                    yield CGROUPS / "memory" / path / "memory.oom_control"
                elif not controllers:
                    yield CGROUPS / path / "memory.events"
    yield SYSTEM


def ending(code: int | None, killed_for_memory: bool) -> str:
    """Return what became of a kernel, by the exit code of its process (-9: signal 9), to stand behind its mention."""
    if code is None:
        return "nobody knows why"
    if code >= 0:
        return f"which ended with exit code {code}"
    if code == -signal.SIGKILL and killed_for_memory:
        return "which the system killed, since memory ran out: free some, or use a machine with more"
    with suppress(ValueError):
        return f"which was ended by {signal.Signals(-code).name}"
    return f"which was ended by signal {-code}"
