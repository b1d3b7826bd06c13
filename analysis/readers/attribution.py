"""The end of a measure: its horizon, its ministries and 【再掲】.

Both full plans close a measure with `(短期・中期)(内閣府(知財)、経済産業省)【再掲】`, on the same line or on lines of
its own; brackets and separators come in both widths.
"""

import re
from dataclasses import dataclass

from analysis.schemas import HORIZONS
from analysis.text import normal, squeeze

_ONE = "|".join(HORIZONS)
HORIZON = re.compile(rf"[(（]\s?(?:{_ONE})(?:\s?[、,，・･]\s?(?:{_ONE}))*\s?[)）]")
REPEATED = re.compile(r"【\s?再掲\s?】")
SHORT_MEMBER = 4  # 内閣府(海洋・科技) names two offices; a longer name may hold a middle dot of its own


@dataclass(frozen=True)
class Attribution:
    """What stands at the end of a measure; `complete` is False while a ministry list is still open."""

    text: str
    horizon: tuple[str, ...] = ()
    ministries: tuple[str, ...] = ()
    repeated: bool = False
    complete: bool = False
    doubts: tuple[str, ...] = ()


def read(running: str) -> Attribution:
    """Part a measure's running text into text and attribution."""
    repeated = bool(REPEATED.search(running))
    running = REPEATED.sub("", running).rstrip()
    marks = list(HORIZON.finditer(running))
    if not marks:
        return Attribution(running.strip(), repeated=repeated, doubts=("no horizon", "no ministries"))
    mark = marks[-1]
    tail = normal(running[mark.end() :]).strip()
    if tail and not tail.startswith("("):
        # A bracket like this in mid-sentence is no attribution.
        return Attribution(running.strip(), repeated=repeated, doubts=("no horizon", "no ministries"))
    depth = tail.count("(") - tail.count(")")
    text, horizon = running[: mark.start()].strip(), tuple(h for h in HORIZONS if h in mark.group())
    ministries = split_ministries(tail[1:] if depth > 0 else tail[1:-1]) if tail else ()
    doubts: tuple[str, ...] = () if ministries else ("no ministries",)
    if depth > 0:
        doubts += ("ministry list cut off",)
    return Attribution(text, horizon, ministries, repeated, complete=bool(tail) and depth <= 0, doubts=doubts)


def split_ministries(inner: str) -> tuple[str, ...]:
    """Names of a list like 内閣府(知財、科技)、経済産業省, groups expanded: 内閣府(知財), 内閣府(科技), 経済産業省."""
    names: list[str] = []
    for item in _split(squeeze(inner), "、,・"):
        head, bracket, group = item.partition("(")
        if not bracket:
            names.append(item)
            continue
        group = group[:-1] if group.endswith(")") else group
        members = _split(group, "、,")
        if len(members) == 1:
            parts = _split(group, "・")
            members = parts if all(len(part) <= SHORT_MEMBER for part in parts) else members
        names += [f"{head}({member})" for member in members]
    return tuple(dict.fromkeys(name for name in names if name))


def _split(text: str, separators: str) -> list[str]:
    """Split at separators that stand outside brackets and quotation marks."""
    pieces, depth, piece = [], 0, ""
    for character in text:
        depth += (character in "(「") - (character in ")」")
        if depth <= 0 and character in separators:
            pieces.append(piece)
            piece = ""
        else:
            piece += character
    return [piece for piece in [*pieces, piece] if piece]
