"""Effort without a clock: how many calls a function makes, of Python's functions and of C's, and how that grows."""

import sys
from collections.abc import Callable


def calls(function: Callable[[], object]) -> int:
    """Return how many calls the function makes, itself among them."""
    count = 0

    def profile(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        function()
    finally:
        sys.setprofile(before)
    return count


def growth(function: Callable[[int], object], size: int, times: int = 4) -> float:
    """Return how many times the calls it takes for a size that is so many times as large."""
    return calls(lambda: function(times * size)) / calls(lambda: function(size))
