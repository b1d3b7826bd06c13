"""A run: what is asked for, checked before anything starts, and the notebooks, each when those it needs are done;
or one notebook alone, in place (`run_one`).

Papermill runs each notebook in a process of its own (`notebook_process`), which starts while others run, so that its
libraries are loaded when its turn comes. They work in a staging folder, which becomes reports/<edition> (in Japanese
reports/<edition>-ja) only when all of them are done (`publish`).
"""

import threading
from collections.abc import Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.base import files, paths
from analysis.base.errors import UsageFault, WorkspaceError
from analysis.documents import manifest
from analysis.report.parameters import check, fit, literal
from analysis.workspace import publish, record, steps
from analysis.workspace.fetch import fetch
from analysis.workspace.notebook_process import (
    Notebook,
    Notify,
    ProgressEvent,
    Ran,
    parameters_of,
    working_in,
)
from analysis.workspace.steps import Steps

# Each notebook and those whose tables it reads, in the order in which their kernels start.
NEEDS: dict[str, list[str]] = {
    "01_clean": [],
    "02_topics": ["01_clean"],
    "04_kpi": ["01_clean"],
    "03_continuity": ["02_topics"],
    "05_report": ["03_continuity", "04_kpi"],
}
NOTEBOOKS = sorted(NEEDS)
OWN_OPTIONS = {"edition": "--edition", "baseline": "--baseline", "language": "--lang"}
CELL_SECONDS = 600
WAKE_SECONDS = 0.5


def run(
    edition: int,
    baseline: int,
    language: str = "en",
    parameters: Mapping[str, Any] | None = None,
    folder: Path | None = None,
    network: bool = True,
    timeout: float = CELL_SECONDS,
    notify: Notify = lambda event: None,
    fresh: bool = False,
) -> Path:
    """Make the report and return its folder; the earlier one stays as it is unless everything succeeds.

    Reports in other languages stand beside it (`paths.published`). `parameters` are those of the notebooks (values may
    be text, read by the type of the default); `folder` may hold documents; `timeout` is each cell's, in seconds;
    `notify` is called from several threads. A notebook whose inputs are those of its last good run is taken from that,
    unless all are to be made `fresh`. Raises the errors of `base.errors`.
    """
    _check_timeout(timeout)
    notebooks = [name for name in NEEDS if name in NOTEBOOKS]
    plan = _plan(notebooks, parameters or {}, {"edition": edition, "baseline": baseline, "language": language})
    report = paths.published(edition, language)
    with publish.staging_folder() as staging:
        absent = fetch(folder, network)
        for document in absent:
            notify(ProgressEvent("warning", "", _missing_text(document)))
        ran = _execute(Steps(report.name, staging, fresh), plan, timeout, record.last_seconds(report), notify)
        record.record(staging, edition, plan.given, absent, ran)
        publish.publish(staging, report, with_tables=plan.usual)
        steps.tidy()
    return report


def run_one(
    name: str,
    parameters: Mapping[str, Any] | None = None,
    out: Path | None = None,
    timeout: float = CELL_SECONDS,
    notify: Notify = lambda event: None,
) -> Path:
    """Run one notebook and return the executed one: `out`, else a file beside the drafts of reports.

    As by hand, it reads and writes the tables in their place, and what it wrote before it failed stays. Raises the
    errors of `base.errors`.
    """
    _check_timeout(timeout)
    known = sorted(file.stem for file in paths.notebooks().glob("*.ipynb"))
    if name not in known:
        raise UsageFault(f"notebook {name!r} does not exist: choose one of {', '.join(known)}")
    plan = _plan([name], parameters or {})
    place = (out or paths.report() / "notebooks" / f"{name}.ipynb").absolute()
    if place.is_dir():
        raise UsageFault(f"{place} is a folder: name a file to write the executed notebook into")
    with publish.staging_folder() as staging:
        staging.processed, staging.report = paths.processed().absolute(), paths.report().absolute()
        _execute(Steps("", staging, fresh=True, keeps=False), plan, timeout, {}, notify)
        files.write(place, (staging.notebooks / f"{name}.ipynb").read_bytes())
    return place


def _missing_text(document: manifest.Document) -> str:
    return (
        f"{document.doc_id} ({document.title}) is missing: its sentences are not shown, and its facts are those "
        f"of data/processed as committed; `python -m analysis fetch --from FOLDER` takes it from a folder"
    )


# --- what is asked for ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """The parameters of each notebook; `usual` where only edition, baseline and language may differ from defaults."""

    values: dict[str, dict[str, Any]]
    given: dict[str, Any]
    usual: bool


def _check_timeout(timeout: float) -> None:
    if not 0 < timeout < 10**6:
        raise UsageFault(f"timeout {timeout} does not do: give the seconds a cell may run, e.g. {CELL_SECONDS}")


def _plan(notebooks: list[str], parameters: Mapping[str, Any], options: Mapping[str, Any] | None = None) -> Plan:
    """Return what each notebook gets, in the order of `notebooks`.

    `options` are those of a report, whose documents are read anew. Raises UsageFault for a parameter or value that
    does not exist or fit.
    """
    rereading, options = options is not None, dict(options or {})
    defaults = {name: {key: literal(default) for key, default in parameters_of(name).items()} for name in notebooks}
    known = sorted({key for keys in defaults.values() for key in keys} - options.keys())
    for key in parameters:
        if key in options:
            raise UsageFault(f"parameter {key} has an option of its own: use {OWN_OPTIONS[key]}")
        if key not in known:
            raise UsageFault(f"parameter {key} does not exist: choose one of {', '.join(known) or '(there is none)'}")
    fitted = {
        name: {key: fit(key, parameters[key], default) for key, default in keys.items() if key in parameters}
        for name, keys in defaults.items()
    }
    values = {
        name: {key: options[key] for key in options if key in defaults[name]} | fitted[name] for name in notebooks
    }
    for given in (options, *(defaults[name] | values[name] for name in notebooks)):
        check(given, rereading)
    return Plan(
        values=values,
        given={key: value for own in fitted.values() for key, value in own.items()} | options,
        usual=all(value == defaults[name][key] for name, own in fitted.items() for key, value in own.items()),
    )


# --- running the notebooks --------------------------------------------------------------------------------------


def _execute(
    known: Steps, plan: Plan, timeout: float, last: dict[str, float], notify: Notify
) -> dict[str, dict[str, Any]]:
    """Run a plan's notebooks and return what run.json says of each. Raises what a failed one means; keeps it for a
    look."""
    staging = known.staging
    notebooks: list[Notebook] = []
    threads: dict[str, Future[Ran]] = {}
    before = threading.Event()
    before.set()
    try:
        with working_in(staging.folder), ThreadPoolExecutor(len(plan.values)) as pool:
            try:
                for name, values in plan.values.items():
                    needs = [other for other in notebooks if other.name in NEEDS.get(name, [])]
                    notebooks.append(
                        Notebook(name, staging, known, values, timeout, notify, last.get(name), before, needs)
                    )
                    threads[name] = pool.submit(notebooks[-1].execute)
                    if len(notebooks) > 1:  # two kernels start at once, and each next one when that before it is ready
                        before = notebooks[-1].started
                pending = set(threads.values())
                while pending:  # a signal that another thread gets does not wake this one
                    done, pending = wait(pending, WAKE_SECONDS, FIRST_EXCEPTION)
                    for thread in done:
                        thread.result()
            finally:
                for notebook in notebooks:
                    notebook.end()
    except WorkspaceError as error:
        publish.keep_failed(staging, error)
        raise
    return {name: _said(thread.result()) for name, thread in threads.items()}


def _said(ran: Ran) -> dict[str, Any]:
    return {"seconds": ran.seconds} | ({"taken_from": ran.taken_from} if ran.taken_from else {})
