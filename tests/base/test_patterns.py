"""Every regular expression of the package and the converters takes a time that grows as its text does: none backtracks.

Each pattern is run, in the ways the code uses it, on texts made of what it looks for itself: one of its
signs or two in turn, again and again, and at last something that does not fit. Four times the text may take some
more than four times as long, and not sixteen times.
"""

import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser

import pytest

import analysis
from analysis.base import paths

ROOTS = {"analysis.": Path(analysis.__file__).parent, "": paths.converters()}  # by what their modules begin with
SHORT, LONG = 1_000, 4_000
NOTICED = 0.003  # seconds that the long text takes at least before it is looked at twice
GROWTH = 9.0  # between 4, in proportion, and 16, the square
WAYS = ("match", "search", "fullmatch", "finditer", "findall", "sub", "split")
# What these look at is cut to a length before: the constant in their module that says so.
BOUNDED = {
    "LEADERS": "CONTENTS_LONG", "CONTENTS_ROW": "CONTENTS_LONG", "NOUN_END": "SHORT_ASIDE", "TRAILING": "LONG_CLAUSE",
}  # fmt: skip
SOME = 6  # signs of a pattern that are tried
LATE = 2.0  # seconds after which no end is waited for


def modules() -> Iterator[str]:
    for prefix, root in ROOTS.items():
        for module in pkgutil.walk_packages([str(root)], prefix):
            if not module.name.endswith("__main__"):
                yield module.name


def inside(value: object) -> Iterator[re.Pattern[str]]:
    """The patterns of a module's constant: itself, or those in its tuples and dictionaries."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from inside(item)
    elif isinstance(value, dict):
        yield from inside([*value.keys(), *value.values()])


@cache
def sources() -> dict[str, str]:
    """The code by module."""
    files = {
        prefix + ".".join(file.relative_to(root).with_suffix("").parts): file
        for prefix, root in ROOTS.items() for file in root.rglob("*.py")
    }  # fmt: skip
    return {name.removesuffix(".__init__"): file.read_text(encoding="utf-8") for name, file in sorted(files.items())}


def ways(module: str, name: str) -> set[str]:
    """How a pattern is used, in its module and where it is imported; by match and search where it is only handed on."""
    package, _, last = module.rpartition(".")
    users = [
        code for other, code in sources().items()
        if other == module or f"from {module} import" in code
        or (other.rpartition(".")[0] == package and f"from .{last} import" in code)
    ]  # fmt: skip
    found = [way for code in users for way in re.findall(rf"\b{name}\.({'|'.join(WAYS)})\(", code)]
    return set(found) or {"match", "search"}


@cache
def patterns() -> dict[str, tuple[re.Pattern[str], set[str]]]:
    found: dict[str, tuple[re.Pattern[str], set[str]]] = {}
    for module in modules():
        for name, value in vars(importlib.import_module(module)).items():
            for number, pattern in enumerate(inside(value)):
                if f"\n{name} = " in sources()[module]:  # and not imported there
                    found[f"{name} {module.split('.')[-1]} {number}"] = (pattern, ways(module, name))
    written = rf'\bre\.({"|".join(WAYS)})\(\s*r?"((?:[^"\\]|\\.)+)"'
    for module, code in sources().items():
        for way, text in re.findall(written, code):
            found[f"re.{way} {module.split('.')[-1]} {text[:30]}"] = (re.compile(text), {way})
    return found


def signs(tree: object) -> Iterator[str]:
    """A sign for each part of a pattern."""
    for code, value in tree:  # type: ignore[attr-defined]
        if code in (codes.LITERAL, codes.NOT_LITERAL):
            yield chr(value)
        elif code is codes.IN:
            yield from one_of(value)
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            yield from signs(value[2])
        elif code is codes.SUBPATTERN:
            yield from signs(value[3])
        elif code is codes.ATOMIC_GROUP:
            yield from signs(value)
        elif code is codes.BRANCH:
            for branch in value[1]:
                yield from signs(branch)
        elif code in (codes.ASSERT, codes.ASSERT_NOT):
            yield from signs(value[1])


def one_of(members: list[tuple[object, object]]) -> Iterator[str]:
    named = {codes.CATEGORY_DIGIT: "1", codes.CATEGORY_SPACE: " ", codes.CATEGORY_WORD: "あ", codes.NEGATE: "!"}
    for code, value in members:
        if code is codes.LITERAL:
            yield chr(value)  # type: ignore[arg-type]
        elif code is codes.RANGE:
            yield chr(value[0])  # type: ignore[index]
        else:
            yield named.get(value if code is codes.CATEGORY else code, "!")


def hostile(pattern: re.Pattern[str]) -> Iterator[str]:
    """What is repeated: each of some signs of the pattern, and each two of them."""
    own = list(dict.fromkeys(signs(parser.parse(pattern.pattern, pattern.flags))))
    step = max(1, len(own) // SOME)
    some = list(dict.fromkeys([*own[:3], *own[::step], "あ", "1", " ", "("]))
    yield from some
    yield from (a + b for a in some for b in some if a != b)


def seconds(pattern: re.Pattern[str], way: str, text: str) -> float:
    begun = time.perf_counter()
    signal.setitimer(signal.ITIMER_REAL, LATE)
    try:
        if way == "sub":
            pattern.sub("", text)
        elif way == "finditer":
            list(pattern.finditer(text))
        else:
            getattr(pattern, way)(text)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return time.perf_counter() - begun


def made(unit: str, end: str, length: int) -> str:
    return (unit * length)[:length] + end


def growth(pattern: re.Pattern[str], way: str, unit: str, end: str) -> float:
    """How much longer four times the text takes, the least of some runs each."""
    runs = [min(seconds(pattern, way, made(unit, end, length)) for _ in range(4)) for length in (LONG, SHORT)]
    return runs[0] / max(runs[1], 1e-6) if runs[0] > NOTICED else 0.0


def worst(pattern: re.Pattern[str], used: set[str]) -> tuple[float, str, str]:
    """The first growth that is too large, else the greatest, with the way and what was repeated."""
    found = (0.0, "", "")
    for unit, end, way in product(hostile(pattern), ("", "\nx", "。!"), sorted(used)):
        try:
            if seconds(pattern, way, made(unit, end, LONG)) < NOTICED:
                continue
            grown = growth(pattern, way, unit, end)
            if grown > GROWTH:  # the machine may have been busy
                grown = min(grown, growth(pattern, way, unit, end), growth(pattern, way, unit, end))
        except TimeoutError:
            grown = float("inf")
        found = max(found, (grown, way, unit + end))
        if grown > GROWTH:
            break
    return found


@pytest.fixture(autouse=True)
def alarm():
    """A search that never ends is heard."""

    def late(number: int, frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    yield
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("name", [name for name in patterns() if name.split(" ")[0] not in BOUNDED])
def test_no_pattern_backtracks(name):
    growth, way, repeated = worst(*patterns()[name])
    assert growth < GROWTH, (way, repeated)


def test_a_pattern_that_backtracks_is_found():
    assert worst(re.compile(r"\s+$"), {"search"})[0] > GROWTH
    assert worst(re.compile(r"(?:a|aa)*b"), {"match"})[0] > GROWTH
