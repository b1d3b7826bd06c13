"""The texts of a part as they are compared: with titles, with what stands before them, with the plan's body."""

import re
from collections import Counter
from dataclasses import dataclass, field
from math import fsum, log

from analysis.base.japanese import squeeze
from analysis.extraction import horizon
from analysis.extraction.roadmap.table import BodyMeasure
from analysis.tables import ministries

from .model import Cell, Part, dice, grams

SAME_MEASURE = 0.5  # a row repeats a measure of the body when so much of the wording is the same
SAME_TEXT = 0.9
REFERS_BACK = re.compile(r"同(?![時様一])|当該|上記|併せて|また、|さらに|更に|これら")
OTHER_MINISTRIES = "other ministries than in the body"
OTHER_TEXT = "other words than in the body"


@dataclass
class PartTexts:
    """What is known about the texts of a part, worked out once. Texts are named by their first lines."""

    part: Part
    body: list[BodyMeasure]
    grams: dict[int, frozenset[str]] = field(init=False)  # of texts and titles
    follows: dict[int, tuple[int, int]] = field(init=False)
    measure: dict[int, int] = field(init=False)  # the place in the body of the measure that a text repeats
    stated: dict[int, frozenset[str]] = field(init=False)  # the ministries that the body gives for it
    back: set[int] = field(init=False)  # the texts that refer back

    def __post_init__(self) -> None:
        texts = [cell for cell in self.part.cells if cell.kind == "text"]
        titles = [cell for cell in self.part.cells if cell.kind == "title"]
        self.grams = {cell.first: grams(cell.text) for cell in self.part.cells if cell.kind in ("text", "title")}
        counts = Counter(gram for held in self.grams.values() for gram in held)
        self._weight = {gram: log(1 + (len(texts) + len(titles)) / count) for gram, count in counts.items()}
        weights = [fsum(self._weight[gram] for gram in self.grams[title.first]) for title in titles]
        self._usual = sum(weights) / len(weights) if weights else 0.0  # the weight of a usual title
        self._shared: dict[tuple[tuple[tuple[int, str], ...], int], float] = {}
        self.back = {cell.first for cell in texts if REFERS_BACK.match(cell.text)}
        self.follows = {
            cell.first: self._before(place) for place, cell in enumerate(self.part.cells) if cell.kind == "text"
        }
        self.measure = self._in_body(texts) if self.body else {}
        named = {line: self.body[place].ministries for line, place in self.measure.items()}
        self.stated = {line: frozenset(map(squeeze, names)) for line, names in named.items() if names}

    def _before(self, place: int) -> tuple[int, int]:
        """Return the first lines of the number and the title that stand right before a text (-1: none)."""
        page = self.part.cells[place].page
        before = [cell for cell in self.part.cells[max(place - 2, 0) : place] if cell.page == page]
        title = before.pop().first if before and before[-1].kind == "title" else -1
        return (before[-1].first if before and before[-1].kind in ("number", "repeat") else -1), title

    def _in_body(self, texts: list[Cell]) -> dict[int, int]:
        """Return by text the place of the body's measure that is most like it, where that is like enough."""
        bodies = [grams(measure.text) for measure in self.body]
        most_alike = {}
        for cell in texts:
            scores = [dice(self.grams[cell.first], body) for body in bodies]
            if max(scores) >= SAME_MEASURE:
                most_alike[cell.first] = scores.index(max(scores))
        return most_alike

    def shared(self, title: Cell, text: Cell) -> float:
        """Return how much of a title's wording a text uses; rare wording counts more, long titles are not at a loss."""
        key = (title.lines, text.first)
        if key not in self._shared:
            of_title = grams(title.text)
            whole = fsum(self._weight.get(gram, 1.0) for gram in of_title)
            in_text = fsum(self._weight.get(gram, 1.0) for gram in of_title & self.grams[text.first])
            self._shared[key] = 2 * in_text / (whole + self._usual) if whole else 0.0
        return self._shared[key]

    def against_body(self, cell: Cell, names: frozenset[str]) -> list[str]:
        """Return what differs from the body's measure that a row repeats; an office counts as its body."""
        text, _ = horizon.split(cell.text)
        place = self.measure.get(cell.first)
        if place is None or dice(grams(text), grams(self.body[place].text)) < SAME_TEXT:
            return [OTHER_TEXT]
        named = {ministries.body_of(name) for name in self.body[place].ministries}
        return [OTHER_MINISTRIES] if named and named != {ministries.body_of(name) for name in names} else []
