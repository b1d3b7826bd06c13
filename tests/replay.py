"""Runs the command line on one file after another, each in a process of its own that may take only so much.

`python tests/replay.py SECONDS BYTES < jobs` takes a JSON array of arguments on each line and prints what became of
it: code, seconds, bytes (of memory, the largest of its processes), out, err. The processes are forks of this one,
which has loaded the libraries and what is kept about plans, so that a file costs what reading it costs.
"""

import json
import os
import resource
import sys
import tempfile
import time

# the libraries that `add` needs, loaded before the forks
import analysis.__main__ as cli
from analysis.extraction import morphemes
from analysis.extraction.parsers import profile
from analysis.tables import ministries
from analysis.workspace import add_edition  # noqa: F401


def child(arguments: list[str], seconds: int, most: int, out: int, err: int) -> None:
    os.dup2(out, 1)
    os.dup2(err, 2)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.argv = ["analysis", *arguments]
    code = 99
    try:
        code = cli.main()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def replayed(arguments: list[str], seconds: int, most: int) -> dict[str, object]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.monotonic()
        pid = os.fork()
        if pid == 0:
            child(arguments, seconds, most, out.fileno(), err.fileno())
        _, status, usage = os.wait4(pid, 0)
        taken = time.monotonic() - began
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read(100_000).decode(errors="replace"))
    code = os.waitstatus_to_exitcode(status)
    return {"code": code, "seconds": taken, "bytes": usage.ru_maxrss * 1024, "out": texts[0], "err": texts[1]}


if __name__ == "__main__":
    morphemes.tokenizer()  # with its dictionary
    profile.layouts()
    ministries.register()
    for line in sys.stdin:
        print(json.dumps(replayed(json.loads(line), int(sys.argv[1]), int(sys.argv[2]))), flush=True)
