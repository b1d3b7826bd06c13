"""Where a text's lines end, whatever system wrote it: LF, CR LF, CR, and Unicode's own separators.

The lines of a text are told once, when its file is read; what is stored has line feeds alone where another program
would count other lines.
"""

import math
import re
from collections import Counter
from itertools import pairwise

LF, CR, CRLF = "\n", "\r", "\r\n"
DOUBLED = ("\r\r\n", "\n\r")  # what careless conversions leave: each is one end where a text has no other
SEPARATORS = re.compile("[\x0b\x85\u2028\u2029]|(?<=[^\r\n])(?=\x0c)")  # and a page's end within a line
RUN = re.compile("[\r\n]+")
MOST_ENDS = 500_000  # beyond which no text is one that is read
ROUNDS = 5  # in which the ends' order is learnt from themselves


def universal(text: str) -> list[str]:
    """Return the text's lines; an end behind the last one begins no other. A form feed stays before its line.

    In a text that has bare carriage returns and bare line feeds, a carriage return before a line feed is one end or
    two, of which the second ends an empty line: whichever goes better with the ends before and behind.
    """
    text = SEPARATORS.sub(LF, text) if CR not in text else SEPARATORS.sub(_commonest_end(text), text)
    ends = _ends(text)
    lines, at = [], 0
    for start, end in ends:
        lines.append(text[at:start])
        at = end
    return lines + ([text[at:]] if at < len(text) or not lines else [])


def _commonest_end(text: str) -> str:
    """Return the end that a separator stands for in a text with carriage returns."""
    return CRLF if CRLF in text else CR if LF not in text else LF


def _ends(text: str) -> list[tuple[int, int]]:
    """Return where each end begins and stops."""
    runs = [match.span() for match in RUN.finditer(text)]
    if re.search("\r(?!\n)", text) and LF in text and sum(stop - start for start, stop in runs) <= MOST_ENDS:
        for unit in DOUBLED:
            if all(text[start:stop] == unit * ((stop - start) // len(unit)) for start, stop in runs):
                return [(at, at + len(unit)) for start, stop in runs for at in range(start, stop, len(unit))]
        return _likeliest(text, runs)
    return [match.span() for match in re.finditer("\r\n|\r|\n", text)]


def _likeliest(text: str, runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the ends that follow on one another most as ends of this text do (Viterbi's way through a chain of
    ends, whose chances are those of the ends that were told the round before).

    It begins once with one end and once with two for each carriage return before a line feed; the likelier text
    holds, where each empty line that the other has not is as likely as not.
    """
    last = {stop for _, stop in runs}
    places = [at for start, stop in runs for at in range(start, stop)]
    candidates = []
    for pattern in ("\r\n|\r|\n", "[\r\n]"):
        ends = [match.span() for match in re.finditer(pattern, text)]
        for _ in range(ROUNDS):
            better = _through(text, places, last, _chances([text[start:stop] for start, stop in ends]))
            if better == ends:
                break
            ends = better
        kinds = [text[start:stop] for start, stop in ends]
        chances = _chances(kinds)
        candidates.append((sum(chances[pair] for pair in pairwise(kinds)) + len(ends) * math.log(0.5), ends))
    return max(candidates)[1]


def _chances(kinds: list[str]) -> dict[tuple[str, str], float]:
    """Return the logarithm of each end's chance to follow another one."""
    follow, first = Counter(pairwise(kinds)), Counter(kinds[:-1])
    pairs = [(one, other) for one in (LF, CR, CRLF) for other in (LF, CR, CRLF)]
    return {pair: math.log((follow[pair] + 0.5) / (first[pair[0]] + 1.5)) for pair in pairs}


def _through(
    text: str, places: list[int], last: set[int], chances: dict[tuple[str, str], float]
) -> list[tuple[int, int]]:
    """Return the likeliest way through all carriage returns and line feeds at `places`."""
    best: list[dict[str, float]] = [{LF: 0.0, CR: 0.0, CRLF: 0.0}]  # by the place reached and the end before it
    before: list[dict[str, str]] = [{}]
    for number, at in enumerate(places):
        best.append({})
        before.append({})
        single = text[at]
        options = [(single, best[number])]
        if number and single == LF and text[at - 1] == CR and at not in last:
            options.append((CRLF, best[number - 1]))
        for kind, reached in options:
            for earlier, score in reached.items():
                total = score + chances[earlier, kind]
                if total > best[-1].get(kind, -math.inf):
                    best[-1][kind], before[-1][kind] = total, earlier
    ends, number = [], len(places)
    kind = max(best[-1], key=lambda one: best[-1][one])
    while number:
        width = len(kind)
        stop = places[number - 1] + 1
        ends.append((stop - width, stop))
        number, kind = number - width, before[number][kind]
    return ends[::-1]
