"""Every regular expression of the package and the converters takes a time that grows as its text does: none backtracks.

Each pattern is run, in the ways the code uses it, on texts made of what it looks for itself: one of its characters or
two in turn, again and again, and at last something that does not fit. The steps that a backtracking matcher takes are
counted (`regex_steps`): four times the text may take some more than four times as many, and not sixteen times.
"""

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser

import pytest
import regex_steps

import analysis
from analysis.base import paths

ROOTS = {"analysis.": Path(analysis.__file__).parent, "": paths.converters()}  # by what their modules begin with
SHORT, LONGEST = 30, 250  # characters of the shorter text
GROWTH = 9.0  # between 4, in proportion, and 16, the square
MOST = 2_000  # steps a character, beyond which nothing is counted
WAYS = ("match", "search", "fullmatch", "finditer", "findall", "sub", "split")
# What these look at is cut to a length before: the constant in their module that says so.
BOUNDED = {
    "LEADERS": "CONTENTS_LONG", "CONTENTS_ROW": "CONTENTS_LONG", "NOUN_END": "SHORT_ASIDE", "TRAILING": "LONG_CLAUSE",
}  # fmt: skip
SOME = 4  # characters of a pattern that are tried
sys.setrecursionlimit(max(sys.getrecursionlimit(), 20_000))  # the matcher that counts is recursive


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
    found = [way for code in users for way in re.findall(rf"\b{name}(?:\[[^\]]*\])?\.({'|'.join(WAYS)})\(", code)]
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


def characters(tree: object) -> Iterator[str]:
    """A character for each part of a pattern."""
    for code, value in tree:  # type: ignore[attr-defined]
        if code in (codes.LITERAL, codes.NOT_LITERAL):
            yield chr(value)
        elif code is codes.IN:
            yield from one_of(value)
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            yield from characters(value[2])
        elif code is codes.SUBPATTERN:
            yield from characters(value[3])
        elif code is codes.ATOMIC_GROUP:
            yield from characters(value)
        elif code is codes.BRANCH:
            for branch in value[1]:
                yield from characters(branch)
        elif code in (codes.ASSERT, codes.ASSERT_NOT):
            yield from characters(value[1])


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
    """What is repeated: each of some characters of the pattern, and each two of them."""
    own = list(dict.fromkeys(characters(parser.parse(pattern.pattern, pattern.flags))))
    step = max(1, len(own) // SOME)
    some = list(dict.fromkeys([*own[:2], *own[::step][:SOME], "あ", " "]))
    yield from some
    yield from (a + b for a in some for b in some if a != b)


def hostile_texts(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """What is repeated, and what stands at the end and does not fit."""
    yield from product(hostile(pattern), ("", "。\nx"))


def growth(counter: regex_steps.Counter, way: str, unit: str, end: str) -> float:
    """How many times the steps a text takes that is four times as long; endless where they are beyond counting."""
    length = max(SHORT, min(2 * counter.bound, LONGEST))  # what a pattern's own bound holds grows until it is reached
    short, long = (
        regex_steps.steps(counter, way, (unit * size)[:size] + end, size * MOST) for size in (length, 4 * length)
    )
    return float("inf") if long > 4 * length * MOST else long / max(short, 1)


def worst(pattern: re.Pattern[str], used: set[str]) -> tuple[float, str, str]:
    """The first growth that is too large, else the greatest, with the way and what was repeated."""
    ways = {"search" if way in ("finditer", "findall", "sub", "split") else way for way in used}
    greatest, counter = (0.0, "", ""), regex_steps.Counter(pattern)
    for (unit, end), way in product(hostile_texts(pattern), sorted(ways)):
        greatest = max(greatest, (growth(counter, way, unit, end), way, unit + end))
        if greatest[0] > GROWTH:
            break
    return greatest


@pytest.mark.parametrize("name", [name for name in patterns() if name.split(" ")[0] not in BOUNDED])
def test_no_pattern_backtracks(name):
    growth, way, repeated = worst(*patterns()[name])
    assert growth < GROWTH, (way, repeated)


@pytest.mark.parametrize(
    ("pattern", "text", "end"),
    [(r"(a|ab)(c|bcd)(d*)", "abcd", 4), (r"(?<=x)y+?z", "xyyz", None), (r"(?>a+)ab", "aaab", None)],
)
def test_steps_are_counted_of_a_matcher_that_matches_as_re_does(pattern, text, end):
    counter = regex_steps.Counter(re.compile(pattern), text, 1000)
    assert counter.whole(0, lambda place: place) == end
    match = re.compile(pattern).match(text)
    assert (match and match.end()) == end


def test_a_pattern_that_backtracks_is_found():
    assert worst(re.compile(r"\s+$"), {"search"})[0] > GROWTH
    assert worst(re.compile(r"(?:a|aa)*b"), {"match"})[0] > GROWTH
