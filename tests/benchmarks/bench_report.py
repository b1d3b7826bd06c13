"""`make bench`: what a report takes, beside a floor measured in the same run.

Measured are a run that makes everything (`cold`), one with nothing changed (`same`), and one with a changed word in the
chart of one exhibit (`label`), whose files must be those of a fresh run. The floor is as many empty notebooks as a run
has, executed by Papermill one after another in one process. All run in a temporary copy of the workspace and take
turns, so that they meet the same load of the machine. Then the tests are timed.

The figures go to reports/bench.json, and as a row by commit to reports/bench.csv; what is printed is set beside the
row before.
"""

import csv
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

from analysis.base import checkout
from analysis.workspace.run import NOTEBOOKS

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "reports", "*.egg-info")
TIMED = 3
SAMPLE_SECONDS = 0.05
AIMS = {"cold": 2.0, "same": 0.5, "label": 0.9}  # times the floor
PEAK_AIM = 900  # MiB
REPORT = [sys.executable, "-m", "analysis", "report", "--offline"]
LABELLED = "analysis/report/exhibits/ledger.py"  # 01_clean shows it, of whose tables 04_kpi writes one again
LABEL = "share of lines"
STEPS = {"reading": "01_clean", "topics": "02_topics", "linking": "03_continuity", "kpi": "04_kpi", "page": "05_report"}
TELLING = {"run.json", "log.txt", "ro-crate-metadata.json"}  # of a report, what holds the times of its run


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        copy = Path(scratch) / "workspace"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        (Path(scratch) / "shared").symlink_to(ROOT.parent / "shared")  # where documents may be
        result = measure(copy)
        run = json.loads((copy / "reports/2026/run.json").read_text(encoding="utf-8"))
    result["missing"] = run["missing"]
    result["steps"] = {name: run["notebooks"][notebook]["seconds"] for name, notebook in STEPS.items()}
    result["ratios"] = {name: round(result[name]["seconds"] / result["floor"]["seconds"], 2) for name in AIMS}
    result["tests"] = tests() if "tests" in sys.argv[1:] else None
    result["machine"] = {
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "platform": platform.platform(),
    }
    file = ROOT / "reports/bench.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    show(result, remember(result))


def empty_notebooks(copy: Path) -> Path:
    """A folder with as many empty notebooks as a run has."""
    folder = copy / "floor"
    folder.mkdir()
    for name in NOTEBOOKS:
        empty = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (folder / f"{name}.ipynb").write_text(json.dumps(empty), encoding="utf-8")
    return folder


def floor(folder: Path) -> None:
    """Execute the notebooks of a folder one after another."""
    import papermill

    for notebook in sorted(folder.glob("*.ipynb")):
        papermill.execute_notebook(notebook, folder.parent / "out.ipynb", kernel_name="python3", progress_bar=False)


def measure(copy: Path) -> dict[str, Any]:
    """Seconds by name, of the runs in turn, and peak memory of the first."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("IP_PLAN_")}
    environment |= {"IP_PLAN_ROOT": str(copy), "PYTHONPATH": str(copy)}
    options: dict[str, Any] = {"cwd": copy, "env": environment}
    floor = [sys.executable, __file__, "floor", str(empty_notebooks(copy))]
    commands = {"cold": [*REPORT, "--fresh"], "same": REPORT, "label": REPORT, "floor": floor}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(1 + TIMED):
        for name, command in commands.items():
            if name == "label":
                label(copy, f"{LABEL} {turn}")
            began = time.perf_counter()
            done = subprocess.run(command, capture_output=True, text=True, **options)
            if done.returncode:
                sys.exit(f"{name} failed: {done.stderr}")
            if turn:  # the first is the warm-up
                times[name].append(round(time.perf_counter() - began, 2))
            if name == "label":
                labelled = made(copy)
    result: dict[str, Any] = {
        name: {"seconds": statistics.median(seconds), "all_seconds": seconds} for name, seconds in times.items()
    }
    result["cold"]["peak_mib"] = peak(commands["cold"], options)  # in a run of its own: sampling costs time
    if made(copy) != labelled:
        sys.exit("a run that made only what had changed gave other files than a fresh one")
    return result


def label(copy: Path, words: str) -> None:
    """Change a word in the chart of one exhibit."""
    text = (ROOT / LABELLED).read_text(encoding="utf-8")
    if LABEL not in text:
        sys.exit(f"{LABELLED} has no {LABEL!r} any more: name another label")
    (copy / LABELLED).write_text(text.replace(LABEL, words), encoding="utf-8")


def made(copy: Path) -> dict[str, bytes]:
    """The files of the report and the tables, but for those that tell of their run."""
    folders = (copy / "reports/2026", copy / "data/processed")
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file() and file.name not in TELLING]
    return {str(file.relative_to(copy)): file.read_bytes() for file in files}


def tests() -> float:
    """Seconds that the tests take, on all cores."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "pytest", "-q", "tests", "-n", "auto"], cwd=ROOT, check=True)
    return round(time.perf_counter() - began, 1)


def remember(result: dict[str, Any]) -> dict[str, str]:
    """Add a row to the history, and return the one before, if there is one."""
    file = ROOT / "reports/bench.csv"
    row = {"commit": checkout.commit() or "", "day": time.strftime("%Y-%m-%d"), "floor": result["floor"]["seconds"]}
    row |= {name: result[name]["seconds"] for name in AIMS} | {f"{n}_ratio": r for n, r in result["ratios"].items()}
    row |= {"peak_mib": result["cold"]["peak_mib"], **result["steps"], "tests": result["tests"] or ""}
    before = list(csv.DictReader(file.open(encoding="utf-8", newline=""))) if file.exists() else []
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(row), restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*before, row])
    return before[-1] if before else {}


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


def show(result: dict[str, Any], before: dict[str, str]) -> None:
    """Print the figures, with those of the row before."""
    for name in ("floor", *AIMS):
        aim = f"{result['ratios'][name]:6.2f} × the floor (aim: {AIMS[name]} or less)" if name in AIMS else ""
        print(f"{name:8}{result[name]['seconds']:8.2f} s {_before(before, name):>14} {aim}")
    print(f"{'peak':8}{result['cold']['peak_mib']:8} MiB{_before(before, 'peak_mib'):>13}  (aim: {PEAK_AIM} or less)")
    for name, seconds in result["steps"].items():
        print(f"{name:8}{seconds:8.2f} s {_before(before, name):>14}")
    if result["tests"]:
        print(f"{'tests':8}{result['tests']:8.1f} s {_before(before, 'tests'):>14}")
    print(f"{result['machine']['cores']} cores; in brackets what {before.get('commit') or 'no run'} had")


def _before(row: dict[str, str], name: str) -> str:
    return f"({row[name]})" if row.get(name) else ""


if __name__ == "__main__":
    if sys.argv[1:2] == ["floor"]:
        floor(Path(sys.argv[2]))
    else:
        main()
