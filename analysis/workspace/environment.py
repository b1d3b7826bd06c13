"""`python -m analysis setup`: make the environment, or say that one is there. It needs bare Python alone.

Nothing of the workspace is imported here, nor any package: they are what is to be installed. The Makefile calls this.
"""

import importlib.metadata
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
FOLDER = ROOT / ".venv"
READY = FOLDER / ".ready"  # written last: an environment without it was left half made
USAGE = "usage: python -m analysis setup [--check]"
PIP = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def main(arguments: list[str]) -> int:
    """Carry out `setup`; whatever else was asked for without our packages ends with what to do."""
    if arguments[:1] != ["setup"]:
        return _fail("this Python has not the packages: python3 -m analysis setup, then .venv/bin/python -m analysis …")
    if arguments[1:] == ["--check"]:
        return _check()
    if arguments[1:]:
        print(USAGE)
        return 0 if arguments[1:] == ["--help"] else 2
    try:
        return _setup()
    except subprocess.CalledProcessError as error:
        return _fail(f"pip could not install the packages (exit code {error.returncode}): what it says stands above")
    except OSError as error:
        return _fail(f"{FOLDER} cannot be made: {error}")
    except KeyboardInterrupt:
        print("error: interrupted: run it again to go on", file=sys.stderr)
        return 130


def lacking() -> list[str]:
    """What the project names and this Python has not, or has in another version than the lock; the project itself, too.

    What those packages need in turn is not looked at: an environment of conda's need not have the lock's versions.
    """
    locked: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE):
        locked.setdefault(_key(name), set()).add(version)  # of some packages each Python takes another version
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    named = sorted(_key(name) for name in [*project["dependencies"], *project["optional-dependencies"]["dev"]])
    missing = [name for name in named if _installed(name) not in locked[name]]
    return missing if _installed(project["name"]) else [*missing, project["name"]]


def _installed(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _check() -> int:
    missing = lacking()
    if missing:
        return _fail(f"it lacks what the lock has, or has it in another version: {_some(missing)}")
    print(f"{sys.prefix} has the packages")
    return 0


def _setup() -> int:
    conda = os.environ.get("CONDA_PREFIX")
    lacks = _lacks(Path(conda)) if conda else ""
    if conda and not lacks:
        print(f"The active conda environment has the packages and is used: {conda}")
        return 0
    if not _is_ready():
        if conda:
            print(f"The active conda environment ({conda}) is not used: {lacks}")
            print("For one that is: conda env create -f environment.yml, then conda activate ip-plan-workspace.")
        if importlib.util.find_spec("ensurepip") is None:
            return _fail("this Python cannot make environments: install its venv (on Debian: apt install python3-venv)")
        _make()
    print(".venv is ready: .venv/bin/python -m analysis --help")
    return 0


def _make() -> None:
    print("Making the environment (.venv) from requirements.lock; this takes a minute or two.", flush=True)
    READY.unlink(missing_ok=True)
    venv.create(FOLDER, symlinks=True, with_pip=True)
    python = str(FOLDER / "bin" / "python")
    subprocess.run([python, *PIP, "--no-deps", "--require-hashes", "--requirement", str(LOCK)], check=True, cwd=ROOT)
    subprocess.run([python, *PIP, "--no-deps", "--no-build-isolation", "--editable", "."], check=True, cwd=ROOT)
    READY.touch()


def _is_ready() -> bool:
    """Whether `.venv` was made since the packages last changed (make asks the same), or by hand with what is needed."""
    if READY.exists():
        return READY.stat().st_mtime >= max(LOCK.stat().st_mtime, PROJECT.stat().st_mtime)
    if _lacks(FOLDER):
        return False
    READY.touch()
    return True


def _lacks(prefix: Path) -> str:
    """Return why an environment cannot be used, nothing where it can."""
    command = [str(prefix / "bin" / "python"), "-m", "analysis", "setup", "--check"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return "it has no Python"
    said = (done.stderr.strip().splitlines() or ["it cannot be asked"])[-1]
    return said.removeprefix("error: ") if done.returncode else ""


def _some(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more"


def _fail(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 1


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
