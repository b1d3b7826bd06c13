"""The parameters of the notebooks: their values are read and checked here, by the command line and by each notebook.

Papermill checks nothing, and a person may write anything into a parameters cell. So a notebook's first call
(`notebook.begin`) checks what it was given, and a run checks the same before anything starts.
"""

import ast
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from analysis.base.errors import UsageFault
from analysis.base.i18n import LANGUAGES
from analysis.coding import codebooks
from analysis.documents import manifest
from analysis.tables import editions, ministries, store
from analysis.tables.categories import UNCLEAR

MODES = ("doubtful", "sample")  # of a review
TYPICAL: dict[str, Any] = {  # what a parameter is like, by its name
    "edition": 2026, "baseline": 2019, "language": "en", "strictness": 1.0, "scheduler": "tcp://host:8786",
    "use_codings": True, "refit": False, "measure": "2026-0236", "topic": "ai", "ministry": "特許庁", "query": "words",
    "codebook": "links", "mode": "doubtful", "earlier": "2019", "later": "2026", "reviewer": "name", "number": 100,
}  # fmt: skip
LOOSEST, STRICTEST = 0.1, 10  # at the first nearly all candidates are links, at the second none is
MOST_UNITS = 100_000  # of a review
ADDRESS = re.compile(r"([a-z]+://)?[^\s/]+:\d{1,5}/?")


# --- types --------------------------------------------------------------------------------------------------------


def literal(text: str) -> Any:
    """Return the value that code writes so; what is no value stays text."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text


def fit(key: str, value: Any, default: Any) -> Any:
    """Return the value in the default's type; text is read as YAML would. Raises UsageFault where it does not fit."""
    if isinstance(value, str) and not isinstance(default, str):
        words = {"true": True, "false": False, "null": None}
        value = words[value.lower()] if value.lower() in words else literal(value)
    elif isinstance(value, str) and value[:1] in "'\"" and isinstance(literal(value), str):
        value = literal(value)
    return _of_type(key, value, default)


def _of_type(key: str, value: Any, default: Any) -> Any:
    if isinstance(default, float) and type(value) is int and abs(value) < 10**300:
        value = float(value)
    fits = default is None or type(value) is type(default)
    try:  # Papermill hands it on as text: finite numbers and whole characters only
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError):
        fits = False
    if not fits:
        number = isinstance(default, str) and isinstance(value, int | float)
        hint = f" (papermill takes it for a number: write -r {key} {value})" if number else ""
        kind = type(default).__name__
        raise UsageFault(f"parameter {key}={value!r} does not fit: give a value of type {kind}, like {default!r}{hint}")
    return value


# --- values -------------------------------------------------------------------------------------------------------

Given = Mapping[str, Any]


def check(given: Given, rereading: bool = False) -> None:
    """Raise UsageFault for the first value that no notebook can work with; a name that is not known here may have any.

    `rereading`: the documents are read first, so that an edition without measures may get some.
    """
    for name, value in given.items():
        if name in TYPICAL:
            _of_type(name, value, TYPICAL[name])
    for name, value in given.items():
        if name in CHECKS and not (name == "measure" and rereading and _is_unread(value)):
            CHECKS[name](value, given)


def _edition(year: int, given: Given, name: str = "edition") -> None:
    known = manifest.editions()
    if year not in known:
        choice = ", ".join(map(str, known))
        raise UsageFault(f"{name} {year} does not exist: choose one of {choice}, or add it to data/raw/manifest.toml")


def _baseline(year: int, given: Given) -> None:
    _edition(year, given, "baseline")
    edition = given.get("edition", year)
    if year > edition:
        raise UsageFault(
            f"baseline {year} is later than edition {edition}: choose an earlier one, or the edition itself"
        )


def _strictness(factor: float, given: Given) -> None:
    if not LOOSEST <= factor <= STRICTEST:
        raise UsageFault(f"strictness {factor} does not do: give a factor from {LOOSEST} to {STRICTEST}, as 1.2")


def _scheduler(address: str, given: Given) -> None:
    if address and not ADDRESS.fullmatch(address):
        raise UsageFault(f"scheduler {address!r} is no address: give one like tcp://host:8786, or leave it empty")


def _seed(seed: Any, given: Given) -> None:
    if "mode" in given:  # of a review it is a name of the draw
        if not isinstance(seed, str | int) or not str(seed).strip():
            raise UsageFault(f"seed {seed!r} does not do: a review needs a seed, a number or a word")
    elif type(seed) is not int or seed < 0:
        raise UsageFault(f"seed {seed!r} does not do: give a whole number from 0 on")


def _is_unread(measure_id: str) -> bool:
    """Whether a measure would be of an edition that the manifest has and the tables have not."""
    read = store.read_if_there("measures")["edition"].cast(pl.String)
    return measure_id[:4] in set(map(str, manifest.editions())) - set(read)


def _measure(measure_id: str, given: Given) -> None:
    if measure_id and measure_id not in store.read("measures")["measure_id"]:
        raise UsageFault(f"measure {measure_id!r} does not exist: take an identifier of the table measures")


def _topic(topic_id: str, given: Given) -> None:
    book = codebooks.codebook("topics")
    known = [*(name for name in book.choices(book.variables[0]) if name != "none"), UNCLEAR]
    if topic_id and topic_id not in known:
        raise UsageFault(f"topic {topic_id!r} does not exist: choose one of {', '.join(known)}")


def _ministry(name: str, given: Given) -> None:
    if name and (not ministries.known(name) or ministries.body_of(name) != name):
        called = dict(ministries.other_names()).get(name)
        advice = f"write {called}" if called else "take a name of data/curated/ministries.toml"
        raise UsageFault(f"ministry {name!r} does not exist: {advice}")


def _mode(mode: str, given: Given) -> None:
    if mode not in MODES:
        raise UsageFault(f"mode {mode!r} does not exist: choose {' or '.join(MODES)}")


def _number(number: int, given: Given) -> None:
    if not 1 <= number <= MOST_UNITS:
        raise UsageFault(f"number {number} does not do: ask so many units from 1 on, {MOST_UNITS} at most")


def _language(language: str, given: Given) -> None:
    if language not in LANGUAGES:
        raise UsageFault(f"language {language!r} does not exist: choose one of {', '.join(LANGUAGES)}")


def _later(later: str, given: Given) -> None:
    if "earlier" in given:
        editions.check_order(given["earlier"], later, store.read("measures"))


CHECKS: dict[str, Callable[[Any, Given], object]] = {
    "edition": _edition, "baseline": _baseline, "language": _language, "strictness": _strictness,
    "scheduler": _scheduler, "seed": _seed, "measure": _measure, "topic": _topic, "ministry": _ministry,
    "codebook": lambda name, given: codebooks.codebook(name), "mode": _mode, "number": _number, "later": _later,
}  # fmt: skip
