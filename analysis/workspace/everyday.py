"""The commands of everyday work: `test`, `lab`, `notebooks`, `lint`, `setup`. The Makefile calls them, too."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from analysis.base import paths
from analysis.base.errors import DocumentFaulty, UsageFault
from analysis.workspace import environment

LOCAL = "localhost,127.0.0.1,::1"
ROOT_WARNING = (
    "You are root, and JupyterLab starts with --allow-root: a notebook may do anything on this machine, and so may "
    "whoever has the address with its token. In a container that is the container; elsewhere be another user."
)
PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("test")(prove)
    app.command(context_settings=PASSED_ON)(lab)
    app.command()(notebooks)
    app.command()(lint)
    app.command()(setup)


def prove(
    folder: Annotated[
        Path | None, typer.Option("--from", metavar="FOLDER", help="A folder that holds documents.")
    ] = None,
) -> None:
    """Prove that the workspace is sound: its tests, then its notebooks against their committed outputs."""
    from analysis.workspace import fetch, publish

    try:
        with publish.exclusive():
            absent = fetch.fetch(folder, network=False)
        if absent:
            print("Not all documents are at hand: what needs them is skipped, and named below.")
    except DocumentFaulty as error:
        print(f"Documents stay as they are: {error}")
    # many tests start Python: what one has compiled the next need not compile again, whatever a container has set
    compiled = {"PYTHONDONTWRITEBYTECODE": ""}
    _run(sys.executable, "-m", "pytest", "tests", "-n", "auto", "--no-loadscope-reorder", **compiled)
    # The notebooks run on copies of the tables; after the tests, since beside them one came out otherwise once.
    with tempfile.TemporaryDirectory() as scratch:
        for table in paths.committed().glob("*.jsonl"):
            shutil.copy(table, scratch)
        copied = compiled | {"IP_PLAN_PROCESSED": scratch, "IP_PLAN_REPORT": str(Path(scratch, "report"))}
        _run(sys.executable, "-m", "pytest", "--nbval-lax", "notebooks", "-n", "auto", "--dist", "loadfile", **copied)


def lab(context: typer.Context) -> None:
    """Open JupyterLab on the notebooks. Its own options may follow: --port 9000, --no-browser, --ip=0.0.0.0."""
    command = [_tool("jupyter-lab"), str(paths.notebooks()), *_as_root(), *context.args]
    sys.stderr.flush()
    # in this process's place: Ctrl-C is JupyterLab's to ask about
    os.execve(command[0], command, os.environ | not_through_the_proxy(dict(os.environ)))


def notebooks() -> None:
    """Run the notebooks and keep their outputs, after a change that alters results."""
    _run(sys.executable, str(paths.CHECKOUT / ".ci" / "notebooks.py"))


def lint() -> None:
    """Check style, types, imports between rooms, and the workflow of CI."""
    _run(_tool("ruff"), "format", "--check", ".")
    _run(_tool("ruff"), "check", ".")
    _run(_tool("mypy"))
    _run(_tool("lint-imports"), "--no-cache")
    _run(_tool("zizmor"), "--offline", "--quiet", "--persona=pedantic", ".github")


def setup(
    check: Annotated[bool, typer.Option("--check", help="Only say whether this Python has the packages.")] = False,
) -> None:
    """Make the environment (.venv) from requirements.lock, unless one is there; bare Python will do."""
    raise typer.Exit(environment.main(["setup", "--check"] if check else ["setup"]))


def not_through_the_proxy(environment: dict[str, str]) -> dict[str, str]:
    """What keeps this machine's own addresses away from a proxy, beside what is kept away already."""
    return {
        name: ",".join(part for part in (environment.get(name, ""), LOCAL) if part) for name in ("no_proxy", "NO_PROXY")
    }


def _as_root() -> list[str]:
    """The option without which JupyterLab refuses root, and to nobody else."""
    if os.geteuid() != 0:
        return []
    print(ROOT_WARNING, file=sys.stderr)
    return ["--allow-root"]


def _tool(name: str) -> str:
    """A program that the environment brings, whether the environment is active or not."""
    file = Path(sysconfig.get_path("scripts"), name)
    if not file.exists():
        raise UsageFault(f"{name} is not installed beside {sys.executable}: run `python -m analysis setup`")
    return str(file)


def _run(*command: str, **environment: str) -> None:
    """Run a command in the checkout; where it fails, it has said why, and nothing follows."""
    sys.stdout.flush()
    done = subprocess.run(command, cwd=paths.CHECKOUT, env=os.environ | environment, check=False)
    if done.returncode:
        raise typer.Exit(1)
