"""What a run leaves to be known: run.json, which says what a report was made of, and its notebooks, tidied."""

import json
import platform
import re
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any

from analysis.base import checkout, files, paths
from analysis.documents import manifest
from analysis.export import crate
from analysis.workspace.publish import Staging, now

PACKAGES = ["altair", "dataframely", "ipykernel", "nbclient", "numpy", "papermill", "polars", "rocrate",
            "scikit-learn", "sudachidict_core", "sudachipy", "vl-convert-python"]  # fmt: skip
# What differs between two equal runs, or tells of the machine, in the outputs of a notebook.
CELL = r"(?<![^\s\"'(<])[^\s\"'(<]*?/ipykernel_\d+/\d+\.py"  # its file: a path is looked for from its first character
RUN_MARKS = [(re.compile(CELL), "cell"), (re.compile(r"\b0x[0-9a-f]{8,16}\b"), "0x…")]


def last_seconds(report: Path) -> dict[str, float]:
    """What each notebook took in the run that made the report in the folder, where there is one."""
    try:
        notebooks = json.loads((report / "run.json").read_text(encoding="utf-8"))["notebooks"]
        return {str(name): float(entry["seconds"]) for name, entry in notebooks.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def tidy_notebook(staging: Staging, file: Path) -> None:
    """Take out of an executed notebook what tells of this run or this machine, so that equal runs are equal."""
    marks = [(str(staging.folder), "run"), (str(paths.root().resolve()), "."), (str(Path.home()), "~")]
    notebook = json.loads(file.read_text(encoding="utf-8"))
    notebook["metadata"].pop("papermill", None)
    for number, cell in enumerate(notebook["cells"], start=1):
        cell["id"] = f"cell-{number:02}"  # papermill gives the cell it adds a random one
        for key in ("papermill", "execution"):
            cell["metadata"].pop(key, None)
        if "outputs" in cell:
            cell["outputs"] = _tidied(cell["outputs"], marks)
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    file.write_text(text + "\n", encoding="utf-8")


def _tidied(value: Any, marks: list[tuple[str, str]]) -> Any:
    """The value with this run's marks replaced in every text."""
    if isinstance(value, dict):
        return {key: _tidied(item, marks) for key, item in value.items()}
    if isinstance(value, list):
        return [_tidied(item, marks) for item in value]
    if isinstance(value, str):
        for old, new in marks:
            value = value.replace(old, new) if old != "/" else value
        for pattern, new in RUN_MARKS:
            value = pattern.sub(new, value)
    return value


def record(
    staging: Staging,
    edition: int,
    parameters: dict[str, Any],
    absent: list[manifest.Document],
    ran: dict[str, dict[str, Any]],
) -> None:
    """Write run.json: all that is needed to tell what this report was made of, and the same as an RO-Crate."""
    staging.log("all notebooks done")
    inputs = [manifest.path(document) for document in manifest.documents() if document not in absent]
    inputs += [paths.manifest(), *_files(paths.curated())]
    inputs += [paths.notebooks() / f"{name}.ipynb" for name in ran]
    content = {
        "edition": edition,
        "parameters": parameters,
        "started": staging.began,
        "ended": now(),
        "notebooks": ran,
        "missing": [document.doc_id for document in absent],
        "versions": _versions(),
        "inputs": {file.relative_to(paths.root()).as_posix(): files.checksum(file) for file in inputs},
        "outputs": {
            file.relative_to(staging.report).as_posix(): files.checksum(file)
            for file in _files(staging.report)
            if file != staging.log_file  # it holds times, as this record does
        },
        "tables": {file.name: files.checksum(file) for file in _files(staging.processed)},
    }
    text = json.dumps(content, ensure_ascii=False, indent=2)
    (staging.report / "run.json").write_text(text + "\n", encoding="utf-8")
    (staging.report / crate.FILE).write_bytes(crate.make(staging.report, content))


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version(), "platform": platform.platform()}
    for package in PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            versions[package] = metadata.version(package)
    commit = checkout.commit()
    return versions | ({"commit": commit} if commit else {})


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())
