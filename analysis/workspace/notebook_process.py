"""One notebook of a run: a thread in which Papermill waits for its turn, and the kernel's process, warm by then."""

import ast
import json
import math
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import chdir, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import papermill
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from analysis.base import errors, paths
from analysis.base.errors import CannotWrite, NotebookFailed, NotebookTimedOut, UsageFault, WorkspaceError
from analysis.workspace import lost_kernel, record
from analysis.workspace.publish import Staging
from analysis.workspace.steps import Step, Steps

START_SECONDS = 120  # for a kernel and the libraries it loads, on a busy machine
MESSAGE_LIMIT = 300  # characters: some exceptions print the data they met
PARSES = threading.Lock()  # Python 3.11 mixes up how deep it is where two threads make trees at once (SystemError)
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


@dataclass(frozen=True)
class ProgressEvent:
    """What happens in a run: `seconds` is the last run's time at a start, this run's when done."""

    kind: Literal["warning", "start", "step", "done", "taken"]
    notebook: str
    text: str = ""
    seconds: float | None = None


Notify = Callable[[ProgressEvent], None]


def file_of(name: str) -> Path:
    """Return where a notebook stands. Raises UsageFault where it is missing."""
    file = paths.notebooks().resolve() / f"{name}.ipynb"
    if not file.exists():
        raise UsageFault(f"{file} is missing: restore it with git")
    return file


def parameters_of(name: str) -> dict[str, str]:
    """Return the parameters of a notebook and their defaults as code. Raises UsageFault, NotebookFailed."""
    file = file_of(name)
    try:
        return {key: parameter["default"] for key, parameter in papermill.inspect_notebook(str(file)).items()}
    except Exception as error:  # whatever can be wrong with a notebook
        line = f"{type(error).__name__}: {error}".splitlines()[0]
        raise NotebookFailed(f"{file} cannot be read ({line}): restore it with git") from error


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Make the folder the current one, for Papermill, too, which keeps it by itself."""
    with chdir(folder), papermill.iorw.local_file_io_cwd():
        yield


@dataclass(frozen=True)
class Ran:
    """The seconds that a notebook took, and the run that it is taken from, if it is."""

    seconds: float
    taken_from: str


@dataclass
class Notebook:
    """A notebook that runs once the tables of the notebooks it `needs` are there, or whose last good run still holds.

    Its kernel starts when the notebooks that it needs may begin, and the event `before` is set; it sets `started` when
    it is ready. `decided` is set when it is known whether it is to make its tables (`makes`) or those of its last good
    run hold.
    """

    name: str
    staging: Staging
    steps: Steps
    parameters: dict[str, Any]
    timeout: float
    notify: Notify
    last_seconds: float | None
    before: threading.Event
    needs: list["Notebook"]
    started: threading.Event = field(default_factory=threading.Event)
    decided: threading.Event = field(default_factory=threading.Event)
    tables_there: Future[None] = field(default_factory=Future)
    makes: bool = False
    held: Step | None = None  # on whose tables it runs
    step: str = ""
    process: int | None = None
    kernel: subprocess.Popen[bytes] | None = None  # keeps the exit code when Jupyter has forgotten it
    memory_kills: int = 0  # by the system, before the kernel started
    executed: Any = None
    ended: bool = False

    def execute(self) -> Ran:
        """Return what is to be said of it in run.json. Raises what its failure means (WorkspaceError), OSError."""
        self.began_at = time.time()
        try:
            if taken := self._decide():
                ran = self._take(taken)
            else:
                for needed in self.needs:  # not earlier: it would hold memory, and be ready long before its turn
                    needed._await_needs()
                self.before.wait()
                ran = Ran(self._run(), "")
                record.tidy_notebook(self.staging, self._output)
                with suppress(OSError, CannotWrite):  # a full disk: the run itself will say so
                    self.steps.keep(self.name, self.asked, self.tables_before, self.began_at, ran.seconds, self.held)
        except BaseException as error:
            if not self.tables_there.done():
                self.tables_there.set_exception(error)
            raise
        finally:
            self.started.set()
            self.decided.set()
        if not self.tables_there.done():
            self.tables_there.set_result(None)
        return ran

    def _decide(self) -> Step | None:
        """The last good run, where all of it holds. Where its tables alone do, those who need them need not wait."""
        self.asked = self.steps.asked(file_of(self.name), self.parameters)
        self.last = self.steps.last(self.name)
        changed = self.steps.changed(self.last, self.asked) if self.last else None
        self.only_shown = self.steps.only_shown(changed)
        holds = self.last is not None and self.only_shown and self._hold(self.last)
        if self.last and holds and changed and self.steps.put_tables(self.last, self.tables_before):
            self.held = self.last
            self.tables_there.set_result(None)
        taken = self.last if holds and not changed else None
        self.makes = not (taken or self.held)
        self.decided.set()
        return taken

    def _hold(self, last: Step) -> bool:
        """Whether the tables that a step read are those at hand; not said of tables that are being made anew, since its
        kernel can get ready meanwhile."""
        self.started.set()  # the next kernel need not wait for this one
        for needed in self.needs:
            needed.decided.wait()
        if any(needed.makes for needed in self.needs):
            return False
        self._await_needs()
        self.tables_before = self.steps.tables()
        return self.steps.fits(last, self.tables_before)

    @property
    def _output(self) -> Path:
        return self.staging.notebooks / f"{self.name}.ipynb"

    def _take(self, step: Step) -> Ran:
        self.steps.take(step)
        self.staging.log(f"{self.name}: taken from the run of {step.began}: nothing that it reads has changed")
        self.notify(ProgressEvent("taken", self.name, f"as in the run of {step.began}"))
        return Ran(step.seconds, step.began)

    def _await_needs(self) -> None:
        for needed in self.needs:
            needed.tables_there.result()

    def _run(self) -> float:
        """The seconds that the notebook took."""
        output = str(self._output)
        try:
            papermill.execute_notebook(
                str(file_of(self.name)),
                output,
                self.parameters,
                kernel_name="python3",
                progress_bar=False,
                request_save_on_cell_execute=False,
                start_timeout=START_SECONDS,
                execution_timeout=math.ceil(self.timeout),
                iopub_timeout=60,
                kernel_manager_class=_kernel_manager(self),
                shutdown_kernel="immediate",
                record_timing=False,
                coalesce_streams=True,
                on_notebook_start=self._at_start,
                on_cell_start=self._at_cell,
            )
        except papermill.PapermillExecutionError as error:
            raise self._fault(error.ename, error.evalue) from error
        except Exception as error:
            of_files = isinstance(error, OSError) and not isinstance(error, TimeoutError)
            if isinstance(error, WorkspaceError) or (of_files and not lost_kernel.says_full(str(error))):
                raise  # of a notebook that this one needs, or of the disk
            if self.executed is not None:  # papermill saves only what ended with a Python exception
                with suppress(OSError):  # the error that is on its way matters more
                    papermill.iorw.write_ipynb(self.executed, output)
            raise self._fault(type(error).__name__, str(error)) from error
        finally:
            self.end()
        seconds = round(time.monotonic() - self.began, 3)
        self.staging.log(f"{self.name}: done in {seconds} s")
        self.notify(ProgressEvent("done", self.name, seconds=seconds))
        return seconds

    def end(self) -> None:
        """End the kernel, if there is one, and all that it started."""
        self.ended, process, self.process = True, self.process, None
        if process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process, signal.SIGKILL)

    def _at_start(self, notebook: Any) -> None:
        """Wait, with a kernel that is ready, for the notebook's turn."""
        self.started.set()
        self._await_needs()
        self._set_before()
        self.staging.log(f"{self.name}: starts with {json.dumps(self.parameters, ensure_ascii=False)}")
        self.notify(ProgressEvent("start", self.name, seconds=self.last_seconds))
        self.executed, self.began = notebook, time.monotonic()

    def _set_before(self) -> None:
        """Give the notebook what it need not make again."""
        if self.held is None:
            self.tables_before = self.steps.tables()
            holds = self.last and self.only_shown and self.steps.fits(self.last, self.tables_before)
            if self.last and holds and self.steps.put_tables(self.last, self.tables_before):
                self.held = self.last
        if self.last and self.steps.set_before(self.name, self.last, self.held is not None, self.asked):
            what = "tables and charts" if self.held else "charts"
            self.staging.log(f"{self.name}: {what} that still hold are those of the run of {self.last.began}")

    def _at_cell(self, cell: Any, cell_index: int) -> None:
        if cell.cell_type == "markdown" and (headings := HEADING.findall(cell.source)):
            self.step = headings[-1]
            self.staging.log(f"{self.name}: {self.step}")
            self.notify(ProgressEvent("step", self.name, self.step))

    def _fault(self, kind: str, message: str) -> WorkspaceError:
        """Return what a failure means; one of our own errors inside the notebook is that error."""
        line = next((line.strip() for line in message.splitlines() if line.strip()), "no message")
        line = line if len(line) <= MESSAGE_LIMIT else line[:MESSAGE_LIMIT] + "…"
        own = getattr(errors, kind, None)
        if isinstance(own, type) and issubclass(own, WorkspaceError):
            return own(line)
        at = f" at “{self.step}”" if self.step else ""
        failed = paths.reports() / "failed"
        look = f"see {failed / self.name}.ipynb and {failed / 'log.txt'}"
        if kind == "CellTimeoutError":
            return NotebookTimedOut(f"{self.name} ran too long{at}: give it more with --timeout SECONDS; {look}")
        full = lost_kernel.is_full(self.staging.folder)
        if full or lost_kernel.says_full(message):
            disk = f"the disk of {paths.reports()}" if full else "a disk"
            return CannotWrite(f"{self.name} failed{at}, since {disk} is full ({kind}: {line}): free some space")
        if kind == "DeadKernelError" or "Kernel died" in message:  # the second while it starts
            code = None if self.kernel is None else self.kernel.poll()
            became = lost_kernel.ending(code, lost_kernel.memory_kills() > self.memory_kills)
            return NotebookFailed(f"{self.name} lost its kernel{at}, {became}; {look}")
        return NotebookFailed(f"{self.name} failed{at} with {kind}: {line}; {look}")


def _imports(name: str) -> str:
    """Return the import statements of a notebook."""
    statements: list[ast.stmt] = []
    for cell in papermill.iorw.load_notebook_node(str(file_of(name))).cells:
        if cell.cell_type == "code":
            with suppress(SyntaxError), PARSES:  # a magic; the cell itself will say if it is not
                statements += ast.parse(cell.source).body
    return "\n".join(ast.unparse(each) for each in statements if isinstance(each, ast.Import | ast.ImportFrom))


def _kernel_manager(notebook: Notebook) -> type[AsyncKernelManager]:
    """Return a class that starts a kernel of the Python that runs this, whatever `python3` a user has installed.

    The current folder must be the staging folder.
    """
    trace = str(notebook.steps.trace(notebook.name))
    ready = (
        f"from analysis.workspace import kernel; kernel.prepare({os.getpid()}, {_imports(notebook.name)!r}, {trace!r})"
    )
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    command.append(f"--IPKernelApp.exec_lines={ready}")
    staging, folder = notebook.staging, notebook.staging.folder
    search = os.environ.get("PYTHONPATH")
    environment = os.environ | {
        "IP_PLAN_ROOT": str(paths.root().resolve()),
        "IP_PLAN_PROCESSED": str(staging.processed),
        "IP_PLAN_REPORT": str(staging.report),
        "IP_PLAN_BEFORE": str(notebook.steps.before(notebook.name)),
        "JUPYTER_RUNTIME_DIR": str(folder / "jupyter"),
        "IPYTHONDIR": str(folder / "ipython"),  # nobody's start-up scripts
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]) + (os.pathsep + search if search else ""),
        "PYTHONHASHSEED": "0",
        "JPY_PARENT_PID": "1",  # Jupyter does not watch for the run's end: `kernel` does, and ends children, too
    }

    class ThisPython(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(argv=command, language="python", display_name="Python 3")

        async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]
            if notebook.ended:
                raise RuntimeError("the run ends")
            self.transport = "ipc"  # a TCP port is chosen before the kernel takes it: another program may be faster
            self.ip = f"jupyter/{notebook.name}"  # a whole path may be too long for an address
            self.connection_file = str(folder / f"jupyter/{notebook.name}.json")
            with staging.log_file.open("a") as log:
                options |= {"env": environment, "stdout": log, "stderr": log, "independent": True}
                notebook.memory_kills = lost_kernel.memory_kills()
                await super().start_kernel(**options)
            notebook.process = getattr(self.provisioner, "pid", None)
            notebook.kernel = getattr(self.provisioner, "process", None)
            if notebook.ended:
                notebook.end()

    return ThisPython
