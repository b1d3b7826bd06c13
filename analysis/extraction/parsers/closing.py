"""What closes a measure: the bodies in charge, and the horizon or deadline, however a plan writes them.

Plans put them behind the measure or on a line of their own, in any bracket, with labels or without, in either order:
(短期)(国土交通省), ［担当：国土交通省／期限：令和9年度末］, →国土交通省　R8～R10. So a text is read from its end,
piece by piece: a bracket, what stands behind a label or an arrow, or what a wide space or a line's end parts. A piece
counts where all of it is bodies or times; the first that is neither belongs to the measure's words.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import category

from analysis.base.japanese import squeeze
from analysis.extraction.parsers.bodies_and_times import (
    BETWEEN,
    LONGEST,
    LONGEST_NAME,
    USUAL,
    Labels,
    Piece,
    classify,
    is_time,
    labelled,
    plain,
    split_times,
    years,
)
from analysis.tables import ministries
from analysis.tables.categories import HORIZONS

FLAG = re.compile(r"(?:一部)?再掲|(?:一部)?新規?|拡充?|新規・拡充|継|重点?|後掲|前掲")
REPEATED = "再掲"
ARROWS = " \t\n→⇒⇨➡➔➜⇢▶▷"
BORDER = re.compile(  # before a piece without bracket
    r"[\n\t]| {2,}|(?<=[。)]) | (?=[^ ]*$)|[→⇒⇨➡➔➜⇢]|(?<=[。\]】〕〉》」])"
)
BEFORE_LABEL = "。\n\t,、/|;・→"
NAME_BEFORE = re.compile(r"[一-龥ァ-ヶー]{2,30}$")
LONGEST_OPEN = 80  # characters that a bracket may have on a line that ends in it
MARKS = BETWEEN + "・○-*"


@dataclass(frozen=True)
class Closing:
    """What stands at a measure's end, and where it begins (the text's length where there is none)."""

    start: int
    ministries: tuple[str, ...] = ()
    horizon: tuple[str, ...] = ()
    deadline: str | None = None  # as written
    years: tuple[int, ...] = ()  # that the deadline names or spans
    repeated: bool = False

    @property
    def strong(self) -> bool:
        """Whether it is more than a deadline, which a sentence may end with, too."""
        return bool(self.ministries or self.horizon)


NOTHING = Closing(0)


def read(text: str, labels: Labels = USUAL) -> Closing:
    """Return what closes a text. Its lines may be parted by line feeds."""
    line = _Line(text, labels)
    pieces: list[Piece] = []
    start = end = len(text)
    while end > line.low:
        end = len(line.plain[:end].rstrip(BETWEEN if pieces else " \t\n。"))
        step = line.last_piece(end, bool(pieces), any(piece.bodies for piece in pieces))
        if step is None:
            break
        piece, start = step
        pieces.append(piece)
        end = start
    if not any(piece.bodies or piece.times or piece.flags for piece in pieces):
        return Closing(len(text))
    return line.closing(len(line.plain[:start].rstrip(ARROWS)), pieces[::-1])


def leading(text: str, labels: Labels = USUAL) -> tuple[Closing, int]:
    """Return what stands in brackets before a measure's words, as in 〔令和8年度まで〕, and where these begin."""
    line = _Line(text[:LONGEST], labels)
    pieces: list[Piece] = []
    begins = 0
    for last, opening in sorted(line.openings.items()):
        if opening != begins or last + 1 >= len(line.plain):
            continue
        content = line.plain[begins + 1 : last]
        piece = Piece(flags=[content]) if FLAG.fullmatch(squeeze(content)) else classify(content, labels)
        if piece is None or not (piece.sure or piece.flags):
            break
        pieces.append(piece)
        begins = last + 1
        begins += len(line.plain[begins:]) - len(line.plain[begins:].lstrip())
    return (line.closing(0, pieces), begins) if pieces else (NOTHING, 0)


def is_open(text: str) -> bool:
    """Return whether a bracket is open at a text's end that began shortly before."""
    recent = text[-LONGEST_OPEN:]
    openings = _openings(recent)
    closed = set(openings.values())
    return any(category(one) == "Ps" and at not in closed for at, one in enumerate(recent))


def whole(text: str, labels: Labels = USUAL) -> bool:
    """Return whether a text is nothing but what closes a measure."""
    closing = read(text, labels)
    return closing.start < len(text) and not plain(text)[: closing.start].strip(MARKS)


def joined(closings: Iterable[Closing]) -> Closing:
    """Return what several closings of one measure say together."""
    closings = list(closings)
    deadlines = [closing.deadline for closing in closings if closing.deadline]
    return Closing(
        0,
        tuple(dict.fromkeys(name for closing in closings for name in closing.ministries)),
        tuple(name for name in HORIZONS if any(name in closing.horizon for closing in closings)),
        "、".join(dict.fromkeys(deadlines)) or None,
        tuple(sorted({year for closing in closings for year in closing.years})),
        any(closing.repeated for closing in closings),
    )


class _Line:
    """A text in plain characters, with the places of its brackets."""

    def __init__(self, text: str, labels: Labels) -> None:
        self.text, self.plain, self.labels = text, plain(text), labels
        self.low = max(0, len(text) - LONGEST)
        self.openings = _openings(self.plain)

    def closing(self, start: int, pieces: list[Piece]) -> Closing:
        """Return what pieces say together, times as they are printed."""
        times = [self._as_printed(time) for piece in pieces for time in piece.times]
        horizon, deadline = split_times(times)
        flags = "".join(flag for piece in pieces for flag in piece.flags)
        names = tuple(dict.fromkeys(name for piece in pieces for name in piece.bodies))
        return Closing(start, names, horizon, deadline, years(deadline or ""), REPEATED in flags)

    def _as_printed(self, time: str) -> str:
        at = self.plain.rfind(time)
        return time if at < 0 else self.text[at : at + len(time)]

    def last_piece(self, end: int, closed: bool, named: bool) -> tuple[Piece, int] | None:
        """Return the piece that ends at `end` and where it begins; None where the measure's words end there.

        `closed` says whether another piece stands behind it, `named` whether one of these names bodies.
        """
        opening = self.openings.get(end - 1, -1)
        if end <= self.low:
            return None
        if opening >= self.low:
            content = self.plain[opening + 1 : end - 1]
            alone = not closed and not self.plain[:opening].strip()
            piece = self._in_bracket(content, closed or self._apart(opening), named or alone)
            labelled_so = self.labels.pattern.search(content)
            if piece is not None and (not piece.bodies or labelled_so or not self._is_office(opening)):
                return piece, opening
        return self._behind_label(end) or self._behind_border(end)

    def _apart(self, at: int) -> bool:
        """Whether a sentence, a line, another bracket or a time ends before this place."""
        before = self.plain[self.low : at].rstrip(" ")
        if not before or before[-1] in "。\n\t" or _closes(before[-1]) or len(before) < at - self.low:
            return True
        border = max((border.end() for border in BORDER.finditer(before)), default=0)
        return is_time(before[border:])

    def _is_office(self, opening: int) -> bool:
        """Whether a bracket holds offices of the body right before it: 国土交通省(観光庁)."""
        name = NAME_BEFORE.search(self.plain, max(self.low, opening - LONGEST_NAME), opening)
        return name is not None and any(ministries.known(name[0][at:]) for at in range(len(name[0]) - 1))

    def _behind_label(self, end: int) -> tuple[Piece, int] | None:
        """Return what stands behind the last label: in a bracket, as in 【担当】国土交通省, or with a colon."""
        closed = (last for last, opening in self.openings.items() if last < end and opening >= self.low)
        last = max(closed, default=-1)
        if last >= 0:
            opening = self.openings[last]
            label = self.labels.alone.fullmatch(squeeze(self.plain[opening + 1 : last]))
            if label and (piece := labelled(self.plain[last + 1 : end], label)):
                return piece, opening
        text = self.plain[self.low : end]
        labels = list(self.labels.pattern.finditer(text))
        if not labels:
            return None
        label = labels[-1]
        before = text[: label.start()].rstrip(" ")
        begins = not before or before[-1] in BEFORE_LABEL or len(before) < label.start() or _brackets(before[-1])
        piece = labelled(text[label.end() :], label) if begins else None
        return (piece, self.low + label.start()) if piece else None

    def _behind_border(self, end: int) -> tuple[Piece, int] | None:
        """Return what stands behind an arrow, a wide space, a bracket or a line's end, where it is surely a piece."""
        text = self.plain[self.low : end]
        begin = max((border.end() for border in BORDER.finditer(text) if border.end() < len(text)), default=0)
        if begin == 0 and self.low > 0:
            return None
        piece = classify(text[begin:], self.labels)
        return (piece, self.low + begin) if piece is not None and piece.sure else None

    def _in_bracket(self, content: str, apart: bool, labels: bool) -> Piece | None:
        """Return what a bracket holds, where it is a flag, bodies or times; `apart` says that it stands by itself,
        `labels` that words such as 関係府省 are a label in it and no bodies."""
        content = content.strip()
        if FLAG.fullmatch(squeeze(content)):
            return Piece(flags=[content], sure=True)
        label = self.labels.alone.fullmatch(squeeze(content)) and (labels or not ministries.known(content))
        piece = None if label else classify(content, self.labels)
        return piece if piece is not None and (piece.sure or apart) else None


def _openings(text: str) -> dict[int, int]:
    """Return where the opening bracket of each closing one stands."""
    opened: list[int] = []
    result: dict[int, int] = {}
    for at, character in enumerate(text):
        if category(character) in ("Ps", "Pi"):
            opened.append(at)
        elif _closes(character) and opened:
            result[at] = opened.pop()
    return result


def _closes(character: str) -> bool:
    return category(character) in ("Pe", "Pf")


def _brackets(character: str) -> bool:
    return category(character) in ("Ps", "Pe", "Pf")
