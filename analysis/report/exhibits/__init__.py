"""The report's exhibits, each in a file of its own with all that belongs to it.

One is loaded when it is asked for (`exhibits.sections`), so that a notebook rests on those that it shows: where another
changes it need not run again.
"""

from importlib import import_module
from types import ModuleType


def __getattr__(name: str) -> ModuleType:
    try:
        return import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"{__name__}.{name}":
            raise
        raise AttributeError(f"there is no exhibit {name}") from error
