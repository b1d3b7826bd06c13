"""What the encoding of a terminal must not decide: how files are named, and whether a message can be shown."""

import io
import os
import sys


def in_utf8() -> None:
    """Start again in Python's UTF-8 mode where the locale would have names and arguments be ASCII.

    The processes that are started from here follow. What is shown stays in the terminal's encoding.
    """
    if sys.getfilesystemencoding() == "ascii" and os.environ.get("PYTHONUTF8") != "1":
        shown = {"PYTHONUTF8": "1", "PYTHONIOENCODING": f"{sys.stdout.encoding}:replace"}
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], os.environ | shown)


def show_anything() -> None:
    """Let a question mark stand for what standard output cannot encode; standard error has codes for it already."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
