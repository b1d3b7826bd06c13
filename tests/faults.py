"""Publishes a small report again and again, each time with another fault, and tells what then stands on the disk.

`python tests/faults.py ROOT KIND [plain]` counts what a run asks of the disk (each file it opens to write, moves, makes
or removes) and then, for every number n, starts from the same earlier state and lets the n-th of these
- `kill`: be the last: the process (a fork) is gone before it;
- `once`: fail, as on a disk that is full for a moment;
- `on`: fail, with all that follow, as in a folder that was made read-only;
- `again`: as kill, where something is half done, and then at every point of what the next run does to repair it.
With `plain` the system cannot let two folders change places in one step.
Each line printed is JSON: the fault, what became of the run, and the state before and after the next run's repair.
"""

import errno
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from analysis.base import paths
from analysis.base.errors import WorkspaceError
from analysis.workspace import publish, record

EDITION = 2026
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
ASKED = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate", "os.chmod")
KILLED, REFUSED, BROKEN = 77, 78, 79


class Fault:
    """Hears what is asked of the disk below the workspace, counts it, and at the `at`-th time lets it go wrong."""

    def __init__(self) -> None:
        self.count = self.at = 0
        self.exchanges = True
        self.kind = ""
        sys.addaudithook(self.hear)
        exchange = publish._exchange

        def heard(one: Path, other: Path) -> None:  # a call of the system's that no hook hears
            self.hear("os.rename", (str(one), str(other)))
            if not self.exchanges:
                raise OSError(errno.ENOSYS, "as on a system that cannot")
            exchange(one, other)

        publish._exchange = heard  # type: ignore[assignment]

    def hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.kind or event not in ASKED or not self.concerns(event, arguments):
            return
        self.count += 1
        if self.kind == "kill" and self.count == self.at:
            os._exit(KILLED)
        if (self.kind == "once" and self.count == self.at) or (self.kind == "on" and self.count >= self.at > 0):
            number = errno.ENOSPC if self.kind == "once" else errno.EROFS
            raise OSError(number, os.strerror(number), str(arguments[0]))

    def concerns(self, event: str, arguments: tuple[object, ...]) -> bool:
        if event == "open":
            flags = arguments[2]
            return isinstance(flags, int) and bool(flags & WRITING) and str(arguments[0]).startswith(str(paths.root()))
        return True


def earlier(root: Path) -> None:
    """The workspace as the run before left it."""
    for folder in ("data/raw", "data/curated", "data/processed", "notebooks", f"reports/{EDITION}/notebooks"):
        (root / folder).mkdir(parents=True)
    text = b"plan\n"
    (root / "data/raw/ip2026.txt").write_bytes(text)
    entry = {"doc_id": "ip2026", "kind": "full", "status": "decided", "title": "T", "publisher": "P", "licence": "L",
             "address": "https://example.org/x", "layout": "x", "sha256": hashlib.sha256(text).hexdigest()}  # fmt: skip
    lines = [f"{key} = {json.dumps(value)}" for key, value in entry.items()]
    lines = ["[[document]]", *lines, "edition = 2026", f"bytes = {len(text)}"]
    (root / "data/raw/manifest.toml").write_text("\n".join(lines))
    (root / "notebooks/01_clean.ipynb").write_text('{"cells": [], "metadata": {}}')
    for name in ("changed", "same", "gone"):
        (root / f"data/processed/{name}.jsonl").write_text("earlier\n")
    (root / f"reports/{EDITION}/report.html").write_text("earlier")
    (root / f"reports/{EDITION}/notebooks/01_clean.ipynb").write_text("earlier")


def run() -> None:
    """What `run.run` does around the notebooks, and what these would write."""
    with publish.staging_folder() as staging:
        for name in ("changed", "fresh", "other"):
            (staging.processed / f"{name}.jsonl").write_text("new\n")
        (staging.report / "report.html").write_text("new")
        shutil.copy(paths.notebooks() / "01_clean.ipynb", staging.notebooks)
        for notebook in staging.notebooks.glob("*.ipynb"):
            record.tidy_notebook(staging, notebook)
        parameters = {"edition": EDITION, "baseline": EDITION, "language": "en"}
        record.record(staging, EDITION, parameters, [], {"01_clean": {"seconds": 1.0}})
        publish.publish(staging, paths.published(EDITION, "en"), with_tables=True)


def state(root: Path) -> dict[str, object]:
    """What of the report and of the tables is to be seen: earlier, new, none or mixed; and what lies about."""
    report, processed = root / f"reports/{EDITION}", root / "data/processed"
    tables = {file.name: file.read_text() for file in processed.iterdir()} if processed.exists() else None
    old = dict.fromkeys(("changed.jsonl", "same.jsonl", "gone.jsonl"), "earlier\n")
    new = old | dict.fromkeys(("changed.jsonl", "fresh.jsonl", "other.jsonl"), "new\n")
    files = [*(root / "reports").iterdir(), *(root / "data").iterdir(), *(root / "data/raw").iterdir()]
    about = [file.name for file in files if file.name.startswith(".") and file.name != ".lock"]
    return {
        "report": seen(report),
        "tables": "earlier" if tables == old else "new" if tables == new else "mixed" if tables else "none",
        "about": sorted(about),
    }


def seen(report: Path) -> str:
    """Whether a report is whole: the new one is what its record says."""
    if not report.exists():
        return "none"
    files = sorted(file.relative_to(report).as_posix() for file in report.rglob("*") if file.is_file())
    if files == ["notebooks/01_clean.ipynb", "report.html"]:
        return "earlier" if (report / "report.html").read_text() == "earlier" else "mixed"
    try:
        outputs = json.loads((report / "run.json").read_text())["outputs"]
        sums = {name: hashlib.sha256((report / name).read_bytes()).hexdigest() for name in outputs}
    except (OSError, ValueError):
        return "mixed"
    whole = outputs == sums and files == sorted([*outputs, "log.txt", "ro-crate-metadata.json", "run.json"])
    return "new" if whole and (report / "report.html").read_text() == "new" else "mixed"


def done(work: Callable[[], None]) -> tuple[int, str]:
    """The exit code of who does the work, and what it says."""
    try:
        work()
    except WorkspaceError as error:
        return REFUSED, str(error)
    except BaseException as error:
        return BROKEN, repr(error)
    return 0, ""


def forked(work: Callable[[], None]) -> tuple[int, str]:
    """As `done`, by a fork: for what may be killed."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        code, said = BROKEN, ""
        try:
            code, said = done(work)
            os.write(writing, said.encode())
        finally:
            os._exit(code)
    os.close(writing)
    _, status = os.waitpid(pid, 0)
    with os.fdopen(reading, "rb") as stream:
        said = stream.read().decode()
    return os.waitstatus_to_exitcode(status), said


def repair() -> None:
    """What the next run does first."""
    with publish.staging_folder():
        pass


def faulty(fault: Fault, kind: str, at: int, work: Callable[[], None]) -> tuple[int, str]:
    def broken() -> None:
        fault.kind, fault.at, fault.count = kind, at, 0
        try:
            work()
        finally:
            fault.kind = ""

    return (forked if kind == "kill" else done)(broken)


def counted(fault: Fault, work: Callable[[], None]) -> int:
    """How often a run asks something of the disk."""

    def count() -> None:
        fault.kind, fault.count = "count", 0
        try:
            work()
        finally:
            fault.kind = ""
        raise WorkspaceError(str(fault.count))

    return int(done(count)[1])


def results(root: Path, kind: str, exchanges: bool) -> Iterator[dict[str, object]]:
    fault, spare = Fault(), root.parent / "halfway"
    fault.exchanges = exchanges

    def afresh(source: Path | None = None) -> None:
        shutil.rmtree(root, ignore_errors=True)
        if source is None:
            earlier(root)
        else:
            shutil.copytree(source, root)

    afresh()
    for at in range(1, counted(fault, run) + 1):
        afresh()
        code, said = faulty(fault, "kill" if kind == "again" else kind, at, run)
        found = {"at": at, "code": code, "said": said, "first": state(root)}
        if kind != "again":
            done(repair)
            yield found | {"then": state(root)}
            continue
        if not publish._due():
            continue  # nothing but to tidy
        shutil.rmtree(spare, ignore_errors=True)
        shutil.copytree(root, spare)
        points = counted(fault, repair)
        for other in [*range(1, 13), *range(13, points + 1, 8)]:  # the first do the work, the others tidy
            afresh(spare)
            code, said = faulty(fault, "kill", other, repair)
            second = state(root)
            done(repair)
            yield found | {"and": other, "code": code, "said": said, "second": second, "then": state(root)}


if __name__ == "__main__":
    os.environ["IP_PLAN_ROOT"] = sys.argv[1]
    for result in results(Path(sys.argv[1]), sys.argv[2], sys.argv[3:] != ["plain"]):
        print(json.dumps(result), flush=True)
