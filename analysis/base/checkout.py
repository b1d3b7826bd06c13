"""The commit of the workspace: which code and which curated files something was made with."""

import subprocess

from analysis.base import paths

READ = ("analysis", "notebooks", "data/converters", "data/curated", "data/raw")  # by a run; tables are what it makes
CHANGED = " with changes"  # behind a commit from which files differ
SECONDS = 10


def commit() -> str | None:
    """Return the commit, CHANGED behind it where files that a run reads differ from it; None outside a git checkout."""
    if not (paths.root() / ".git").exists():
        return None
    command = [
        "git",
        "--no-optional-locks",
        "-C",
        str(paths.root()),
        "status",
        "--porcelain=v2",
        "--branch",
        "--",
        *READ,
    ]
    try:
        lines = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True).stdout.splitlines()
    except (OSError, subprocess.SubprocessError):
        return None
    head = next(line.split()[-1] for line in lines if line.startswith("# branch.oid"))
    if head == "(initial)":  # nothing is committed yet
        return None
    return head + (CHANGED if any(not line.startswith("#") for line in lines) else "")
