"""The process that runs one notebook, from both sides.

The run's side is `Worker`, which starts the process, hears it and ends it. Inside (this module, run as
`python -m analysis.worker`) is `_Execution`, which starts a kernel, waits for its turn and runs the notebook with
Papermill. The process hears its job and then "go" on its standard input and tells events on its standard output:
ready, step, and at last done or failed. It ends with its kernel when its input closes: whatever happens to the run,
no process of it stays behind.
"""

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
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NoReturn

from analysis.base import errors, paths
from analysis.base.errors import NotebookFailed, NotebookTimedOut, WorkspaceError
from analysis.workspace.publish import Stage

Event = dict[str, str]

START_SECONDS = 120  # for a kernel and the libraries it loads, on a busy machine
STOP_SECONDS = 5
MESSAGE_LIMIT = 300  # characters: some exceptions print the data they met
LOST = {"DeadKernelError": "kernel", "gone": "process"}
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


# --- the run's side ---------------------------------------------------------------------------------------------


class Worker:
    """The process of one notebook, seen from the run. What it tells arrives in `inbox`."""

    def __init__(
        self,
        name: str,
        stage: Stage,
        parameters: dict[str, Any],
        timeout: float,
        inbox: "SimpleQueue[tuple[Worker, Event]]",
    ) -> None:
        self.name = name
        self.step = ""
        self.ready = self.told = self.done = False
        self.seconds = 0.0
        self.began = 0.0
        self._noise = stage.folder / f"{name}.stderr"
        with self._noise.open("wb") as noise:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "analysis.workspace.notebook_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=noise,
                env=_environment(stage),
                cwd=stage.folder,
                start_new_session=True,  # Ctrl-C is for the run, which stops its workers in order
                encoding="utf-8",
            )
        job = {
            "source": str(paths.notebooks().resolve() / f"{name}.ipynb"),
            "output": str(stage.executed.resolve() / f"{name}.ipynb"),
            "parameters": parameters,
            "timeout": math.ceil(timeout),
        }
        self._say(json.dumps(job))
        threading.Thread(target=self._listen, args=(inbox,), daemon=True).start()

    @property
    def busy(self) -> bool:
        """Whether it starts or runs, rather than waits or has ended."""
        return not self.done and (self.told or not self.ready)

    def go(self) -> None:
        self.told = True
        self.began = time.monotonic()
        self._say("go")

    def finish(self) -> None:
        self.done = True
        self.seconds = round(time.monotonic() - self.began, 3)

    def stop(self) -> None:
        """End the process and its kernel, and wait until they are gone."""
        with suppress(OSError):
            if self.process.stdin:
                self.process.stdin.close()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()  # its kernel notices within a second
            self.process.wait()

    def noise(self) -> list[str]:
        """The lines that the process and its kernel wrote beside the notebook."""
        lines = self._noise.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if line.strip()]

    def fault(self, kind: str, message: str = "") -> WorkspaceError:
        """What a failure of the notebook means; one of our own errors inside it is that error."""
        at = f" at “{self.step}”" if self.step else ""
        failed = paths.reports() / "failed"
        look = f"see {failed / self.name}.ipynb and {failed / 'log.txt'}"
        if kind == "CellTimeoutError":
            return NotebookTimedOut(f"{self.name} ran too long{at}: give it more with --timeout SECONDS; {look}")
        if kind in LOST:
            return NotebookFailed(f"{self.name} lost its {LOST[kind]}{at} (out of memory?): {look}")
        own = getattr(errors, kind, None)
        if isinstance(own, type) and issubclass(own, WorkspaceError):
            return own(_first_line(message))
        return NotebookFailed(f"{self.name} failed{at} with {kind}: {_first_line(message)}; {look}")

    def _say(self, line: str) -> None:
        with suppress(OSError):  # a dead worker is heard of on its output
            assert self.process.stdin is not None
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()

    def _listen(self, inbox: "SimpleQueue[tuple[Worker, Event]]") -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            inbox.put((self, json.loads(line)))
        inbox.put((self, {"event": "gone"}))


def _environment(stage: Stage) -> dict[str, str]:
    package = str(Path(__file__).resolve().parents[2])
    search = os.environ.get("PYTHONPATH")
    return os.environ | {
        "IP_PLAN_ROOT": str(paths.root().resolve()),
        "IP_PLAN_PROCESSED": str(stage.processed.resolve()),
        "IP_PLAN_REPORT": str(stage.report.resolve()),
        "JUPYTER_RUNTIME_DIR": str(stage.folder.resolve() / "jupyter"),  # goes with the stage
        "IPYTHONDIR": str(stage.folder.resolve() / "ipython"),  # nobody's start-up scripts
        "PYTHONPATH": package + (os.pathsep + search if search else ""),
        "PYTHONHASHSEED": "0",
    }


def _first_line(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "no message")
    return line if len(line) <= MESSAGE_LIMIT else line[:MESSAGE_LIMIT] + "…"


# --- inside the process -----------------------------------------------------------------------------------------
# Papermill and what comes with it are imported here when needed: the run's side does without.


class _Execution:
    """One notebook and its kernel."""

    def __init__(self, job: dict[str, Any], say: Callable[..., None]) -> None:
        self.job, self.say = job, say
        self.told = threading.Event()
        self.kernels: list[int] = []

    def obey(self) -> None:
        """Pass on "go"; when the input closes the run is over, one way or another, and so is this process."""
        for _ in sys.stdin:
            self.told.set()
        self.leave()

    def leave(self) -> NoReturn:
        """End the kernel with what it started (it leads a process group), and this process without any waiting."""
        for kernel in self.kernels:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(kernel, signal.SIGKILL)
        os._exit(0)

    def run(self) -> None:
        """Execute the notebook once told to, and tell how that went."""
        import papermill

        notebooks: list[Any] = []
        try:
            papermill.execute_notebook(
                self.job["source"],
                self.job["output"],
                self.job["parameters"],
                kernel_name="python3",
                progress_bar=False,
                request_save_on_cell_execute=False,
                start_timeout=START_SECONDS,
                execution_timeout=self.job["timeout"],
                iopub_timeout=60,
                kernel_manager_class=_manager_class(_imports(self.job["source"]), self.kernels),
                shutdown_kernel="immediate",
                record_timing=False,
                coalesce_streams=True,
                on_notebook_start=lambda notebook: notebooks.append(notebook),
                on_cell_start=self._at_cell,
            )
        except papermill.PapermillExecutionError as error:
            self.say(event="failed", kind=error.ename, message=error.evalue)
        except Exception as error:
            for notebook in notebooks:  # papermill saves only what ended with a Python exception
                papermill.iorw.write_ipynb(notebook, self.job["output"])
            self.say(event="failed", kind=type(error).__name__, message=str(error))
        else:
            self.say(event="done")

    def _at_cell(self, cell: Any, cell_index: int) -> None:
        if cell_index == 0:
            self.say(event="ready")
            self.told.wait()
        if cell.cell_type == "markdown" and (headings := HEADING.findall(cell.source)):
            self.say(event="step", text=headings[-1])


def _outlet() -> Callable[..., None]:
    """What is told goes to the real standard output; whatever else is printed goes to the log."""
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(**event: str) -> None:
        stream.write(json.dumps(event) + "\n")
        stream.flush()

    return say


def _imports(source: str) -> str:
    """The import statements of a notebook, so that its kernel can load the libraries while it waits."""
    found: list[str] = []
    for cell in json.loads(Path(source).read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            with suppress(SyntaxError):  # a magic; the cell itself will say if it is not
                tree = ast.parse("".join(cell["source"]))
                found += [ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return "\n".join(found)


def _manager_class(imports: str, kernels: list[int]) -> type:
    """Starts the kernel of the Python that runs this, whatever `python3` a user has installed elsewhere."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    command.append(f"--IPKernelApp.exec_lines=exec({imports!r}, {{}})")

    class ThisPython(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(argv=command, language="python", display_name="Python 3")

        async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]
            # Not TCP: its ports are chosen before the kernel takes them, so that kernels that start at once may meet.
            self.transport = "ipc"
            self.ip = f"jupyter/{os.getpid()}"  # both work in the stage; whole paths may be too long for an address
            self.connection_file = f"{os.environ['JUPYTER_RUNTIME_DIR']}/kernel-{os.getpid()}.json"
            await super().start_kernel(**options)
            if pid := getattr(self.provisioner, "pid", None):
                kernels.append(pid)

    return ThisPython


def main() -> None:
    execution = _Execution(json.loads(sys.stdin.readline()), _outlet())
    threading.Thread(target=execution.obey, daemon=True).start()
    execution.run()
    execution.leave()


if __name__ == "__main__":
    main()
