"""What Tesseract's Japanese model reads for characters that it does not have, or mistakes for one another, put right
where its context leaves one possibility only. Every row that OCR read is doubted all the same."""

import re
from functools import cache
from itertools import accumulate

from analysis.tables import ministries

BETWEEN_NUMBERS = re.compile(
    r"(?<=[0-9])[一ーて](?=[0-9])|(?<=[0-9A-Za-z])[一ー](?=[0-9])|(?<=[0-9]年度)[一ーて](?=令和|平成|[RH]?[0-9])"
)
LINE_START = re.compile(r"^(?:〇(?!年|[一二三四五六七八九])|ー(?!ー))")  # no line begins with a mark of a long vowel
MEANT = {"一": "－", "ー": "－", "て": "～", "〇": "○"}
END_OF_YEAR = re.compile(r"(?<=年度)未(?!達|満|定|納|済|処)|(?<=[0-9]年)未(?=まで|に|を|[])〕】」>、。]|$)")
PAIRS = dict(zip("([{〔【〈《「『（［", ")]}〕】〉》」』）］", strict=True))
ANGLES = {"<": "〈", "く": "〈", "ぐ": "〈"}  # what an opening 〈 comes out as
CLOSING_ANGLES = (">", "〉")


def mended(pieces: list[str]) -> list[str]:
    """Return the texts of a line, which gaps part, as they are meant; each has as many characters as before."""
    line = LINE_START.sub(lambda match: MEANT[match[0]], "".join(pieces))
    line = BETWEEN_NUMBERS.sub(lambda match: MEANT[match[0]], line)
    agency, arrow = _of_bodies(tuple(ministries.register()))
    line = arrow.sub("→", agency.sub("庁", END_OF_YEAR.sub("末", line)))
    line = _paired(line)
    ends = accumulate(len(piece) for piece in pieces)
    return [line[end - len(piece) : end] for piece, end in zip(pieces, ends, strict=True)]


@cache
def _of_bodies(names: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Match what is misread beside bodies of the register: the end of an agency, an arrow before a line of bodies."""
    agencies = "|".join(f"(?<={re.escape(name[:-1])})" for name in names if name.endswith("庁") and len(name) > 2)
    bodies = "|".join(map(re.escape, names))
    return re.compile(f"(?:{agencies or '(?!)'})店"), re.compile(rf"^[つっー](?=(?:{bodies})[^。]*$)")


def _paired(line: str) -> str:
    """Return a line whose closing brackets are of the design of their opening ones."""
    characters = list(line)
    openings: list[int] = []
    for place, character in enumerate(characters):
        if character in PAIRS:
            openings.append(place)
        elif character in PAIRS.values() or character in CLOSING_ANGLES:
            if openings and not (character in CLOSING_ANGLES and PAIRS[characters[openings[-1]]] != "〉"):
                characters[place] = PAIRS[characters[openings.pop()]]
            elif character in CLOSING_ANGLES:
                start = max((at for at in range(place) if characters[at] in ANGLES), default=-1)
                if start == 0 or (start > 0 and not characters[start - 1].isalnum()):
                    characters[start], characters[place] = "〈", "〉"
    return "".join(characters)
