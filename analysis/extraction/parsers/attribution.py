"""The end of a measure: its horizon, its ministries and 【再掲】.

Both full plans close a measure with `(短期・中期)(内閣府(知財)、経済産業省)【再掲】`, on the same line or on lines of
its own; brackets and separators come in both widths.
"""

import re
from dataclasses import dataclass

from analysis.base.japanese import normal, squeeze
from analysis.extraction.horizon import HORIZON as HORIZON
from analysis.extraction.horizon import REPEATED as REPEATED
from analysis.tables.categories import HORIZONS

BEGUN = 48  # characters that a horizon broken over two lines takes at most
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
    depth = _open(tail, "(", ")")
    start = _first_of_several(running, marks)
    text, horizon = running[:start].strip(), tuple(h for h in HORIZONS if h in running[start : mark.end()])
    inner, after = _first_bracket(tail)
    ministries = split_ministries(inner)
    doubts: tuple[str, ...] = () if ministries else ("no ministries",)
    if depth > 0:
        doubts += ("ministry list cut off",)
    if after.strip(" 。"):
        doubts += ("words after the ministries",)
    complete = bool(tail) and depth <= 0 and _open(after, "【", "】") <= 0
    return Attribution(text, horizon, ministries, repeated, complete, doubts)


def _first_of_several(running: str, marks: list[re.Match[str]]) -> int:
    """Where the last horizon begins: (短期)(中期) is one in two brackets."""
    start = marks[-1].start()
    for mark in reversed(marks[:-1]):
        if running[mark.end() : start].strip():
            break
        start = mark.start()
    return start


class Ending:
    """Whether a text that comes line by line has come to the end of its attribution.

    It says what `read(text).complete` says, but looks at each line only once, so that a measure that never ends
    costs no more than one that does.
    """

    def __init__(self) -> None:
        self._recent = ""  # what may be the beginning of a horizon, or one after which nothing has come yet
        self._depth: int | None = None  # open brackets of the ministries' list; None where none has begun
        self._square = 0  # open brackets 【

    @property
    def complete(self) -> bool:
        return self._depth is not None and self._depth <= 0 and self._square <= 0

    def add(self, line: str) -> None:
        text = self._recent + line
        marks = list(HORIZON.finditer(text))
        if not marks:
            self._recent = text[-BEGUN:]
            self._square += _open(line, "【", "】")
            if self._depth is not None:
                self._depth += _open(normal(line), "(", ")")
            return
        rest = text[marks[-1].end() :]
        tail = normal(REPEATED.sub("", rest)).strip()
        self._square = _open(rest, "【", "】")
        self._depth = _open(tail, "(", ")") if tail.startswith("(") else None
        waits = not tail or tail.startswith("【")  # nothing has come after the horizon yet, or half of 【再掲】
        self._recent = marks[-1].group() + rest[-BEGUN:] if waits else rest[-BEGUN:]


def _open(text: str, opening: str, closing: str) -> int:
    """How many brackets are left open."""
    return text.count(opening) - text.count(closing)


def _first_bracket(tail: str) -> tuple[str, str]:
    """What stands in the bracket that the text begins with, nested ones counted, and what stands after it."""
    depth = 0
    for at, character in enumerate(tail):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return tail[1:at], tail[at + 1 :]
    return tail[1:], ""


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
