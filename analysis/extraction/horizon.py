"""The horizon that ends a measure's text, as in （短期・中期）, and the mark of a repetition, 【再掲】."""

import re

from analysis.tables.categories import HORIZONS

_ONE = "|".join(HORIZONS)
HORIZON = re.compile(rf"[(（]\s?(?:{_ONE})(?:\s?[、､,，・･]\s?(?:{_ONE}))*\s?[)）]")
REPEATED = re.compile(r"【\s?再掲\s?】")


def split(running: str) -> tuple[str, tuple[str, ...]]:
    """Split a text into what it says and its horizon; a horizon in mid-sentence is part of the text."""
    running = REPEATED.sub("", running).strip()
    marks = list(HORIZON.finditer(running))
    if not marks or running[marks[-1].end() :].strip() not in ("", "。"):
        return running, ()
    mark = marks[-1]
    text = running[: mark.start()].rstrip() + running[mark.end() :].strip()
    return text, tuple(name for name in HORIZONS if name in mark.group())
