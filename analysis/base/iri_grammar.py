"""Put off building a grammar that is hardly ever asked for.

Altair and nbformat import jsonschema, which imports rfc3987_syntax where it is installed (JupyterLab brings it) and
checks IRIs with it. That builds its grammar when it is imported: a second in every process, and notebooks, charts and
tables hold no IRI to check.
"""

import importlib
import importlib.util
import sys
from types import ModuleType
from typing import Any

NAME = "rfc3987_syntax"


def put_off() -> None:
    """Let jsonschema, where it is not imported yet, build the grammar when it first checks an IRI."""
    if {NAME, "jsonschema"}.isdisjoint(sys.modules) and importlib.util.find_spec(NAME):
        standing_in = ModuleType(NAME, __doc__)
        standing_in.__dict__["is_valid_syntax"] = _checked
        sys.modules[NAME] = standing_in


def _checked(term: str, value: str) -> Any:
    if getattr(sys.modules.get(NAME), "is_valid_syntax", None) is _checked:
        del sys.modules[NAME]
    return importlib.import_module(NAME).is_valid_syntax(term, value)
