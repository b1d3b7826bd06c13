"""The faults a person can mend, each with its exit code. This module imports nothing.

Every message says what is wrong, where, and what to do, in one line. The codes are listed in the README.
"""


class WorkspaceError(Exception):
    """A fault with a remedy; `exit_code` is what the command line returns."""

    exit_code = 1

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows, as IPython asks: the line that says what to do, and none of the code around it."""
        return [f"{type(self).__name__}: {' '.join(str(self).split())}"]


class UsageFault(WorkspaceError):
    """An edition, notebook, parameter or option that does not exist."""

    exit_code = 2


class DocumentMissing(WorkspaceError):
    """A document of the manifest that no place holds."""

    exit_code = 3


class DocumentFaulty(WorkspaceError):
    """A document that is altered, empty, truncated or not UTF-8."""

    exit_code = 4


class CannotWrite(WorkspaceError):
    """A folder that cannot be written, or a full disk."""

    exit_code = 5


class NotebookFailed(WorkspaceError):
    """A notebook cell that raised an error."""

    exit_code = 6


class NotebookTimedOut(WorkspaceError):
    """A notebook cell that ran longer than the time limit."""

    exit_code = 7


class AlreadyRunning(WorkspaceError):
    """A second run beside a first."""

    exit_code = 8


class TableFaulty(WorkspaceError):
    """A table, or a person's judgement in data/curated, that does not hold to its schema."""

    exit_code = 9


class ModelFailed(WorkspaceError):
    """A language model, or its server, that gave no sound answer."""

    exit_code = 10


INTERRUPTED = 130
