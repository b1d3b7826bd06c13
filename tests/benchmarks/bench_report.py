"""`make bench`: the wall time and peak memory of a warm report, beside a floor measured in the same run.

The floor is as many empty notebooks, executed by Papermill one after another in one process. Both run in a temporary
copy of the workspace; the figures go to reports/bench.json.
"""

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "reports", "*.egg-info")
TIMED = 3
SAMPLE_SECONDS = 0.05
AIM = 2  # times the floor


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        copy = Path(scratch) / "workspace"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        (Path(scratch) / "shared").symlink_to(ROOT.parent / "shared")  # where documents may be
        commands = {
            "report": [sys.executable, "-m", "analysis", "report", "--offline"],
            "floor": [sys.executable, __file__, "floor", str(empty_notebooks(copy))],
        }
        result = measure(commands, copy)
        result["missing"] = json.loads((copy / "reports/2026/run.json").read_text(encoding="utf-8"))["missing"]
    result["ratio"] = round(result["report"]["seconds"] / result["floor"]["seconds"], 2)
    result["machine"] = {
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "platform": platform.platform(),
    }
    file = ROOT / "reports/bench.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    show(result)


def empty_notebooks(copy: Path) -> Path:
    """A folder with as many empty notebooks as the workspace has real ones."""
    folder = copy / "floor"
    folder.mkdir()
    for notebook in (copy / "notebooks").glob("*.ipynb"):
        empty = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (folder / notebook.name).write_text(json.dumps(empty), encoding="utf-8")
    return folder


def floor(folder: Path) -> None:
    """Execute the notebooks of a folder one after another."""
    import papermill

    for notebook in sorted(folder.glob("*.ipynb")):
        papermill.execute_notebook(notebook, folder.parent / "out.ipynb", kernel_name="python3", progress_bar=False)


def measure(commands: dict[str, list[str]], copy: Path) -> dict[str, Any]:
    """Seconds and peak memory by name. The commands take turns, so that both meet the same load of the machine."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("IP_PLAN_")}
    environment |= {"IP_PLAN_ROOT": str(copy), "PYTHONPATH": str(copy)}
    options: dict[str, Any] = {"cwd": copy, "env": environment}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(1 + TIMED):
        for name, command in commands.items():
            began = time.perf_counter()
            done = subprocess.run(command, capture_output=True, text=True, **options)
            if done.returncode:
                sys.exit(f"{name} failed: {done.stderr}")
            if turn:  # the first is the warm-up
                times[name].append(round(time.perf_counter() - began, 2))
    return {
        name: {
            "seconds": statistics.median(times[name]),
            "all_seconds": times[name],
            "peak_mib": peak(command, options),  # in a run of its own: sampling costs time
        }
        for name, command in commands.items()
    }


def peak(command: list[str], options: dict[str, Any]) -> int:
    """The highest sum of memory, in MiB, of the process and all that descend from it."""
    highest = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options) as process:
        while process.poll() is None:
            highest = max(highest, sum(map(memory, family(process.pid))))
            time.sleep(SAMPLE_SECONDS)
    return round(highest / 1024)


def family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(entry.parent.name)] = int(entry.read_text().rpartition(")")[2].split()[1])
        except OSError:  # has ended meanwhile
            continue
    found = [pid]
    for member in found:
        found += [child for child, parent in parents.items() if parent == member]
    return found


def memory(pid: int) -> int:
    """KiB: the proportional share of a process, or all that it holds where the share is not readable."""
    for name, mark in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
        try:
            lines = Path(f"/proc/{pid}/{name}").read_text().splitlines()
            return next(int(line.split()[1]) for line in lines if line.startswith(mark))
        except (OSError, StopIteration):  # not permitted, or has ended
            continue
    return 0


def show(result: dict[str, Any]) -> None:
    print(f"{'':8}{'seconds':>9}{'peak MiB':>10}")
    for name in ("report", "floor"):
        print(f"{name:8}{result[name]['seconds']:9.2f}{result[name]['peak_mib']:10}")
    print(f"ratio {result['ratio']:.2f} (aim: {AIM} or less), {result['machine']['cores']} cores")


if __name__ == "__main__":
    if sys.argv[1:2] == ["floor"]:
        floor(Path(sys.argv[2]))
    else:
        main()
