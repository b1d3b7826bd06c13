"""Load the converter of roadmaps whose cells came out of order; it stands beside the data it was made for."""

import importlib.util
import sys
import warnings
from collections.abc import Callable

from analysis.base import paths
from analysis.extraction.roadmap.table import BodyMeasure, Line, Table

NAME = "shuffled_roadmap"
MISSING = (
    "the roadmap (工程表) is not read: its table came without cells, and the converter for such tables is not there; "
    "it stands in data/converters of a checkout"
)

Convert = Callable[[list[Line], list[BodyMeasure]], Table]


def load() -> Convert | None:
    """Return the converter's function `convert`; None, with a warning, where the package runs without its checkout."""
    if NAME not in sys.modules:
        folder = paths.converters() / NAME
        start = folder / "__init__.py"
        spec = importlib.util.spec_from_file_location(NAME, start, submodule_search_locations=[str(folder)])
        if not start.is_file() or spec is None or spec.loader is None:
            warnings.warn(MISSING, stacklevel=2)
            return None
        sys.modules[NAME] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    convert: Convert = sys.modules[NAME].convert
    return convert
