"""Invented plans of families that no layout is for: a layout is inferred, and the measures are those read by hand.

People who had not seen the program wrote them (tests/extraction/plans). Documents that are no plans are refused.
"""

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from analysis.documents import document
from analysis.extraction import detect_layout
from analysis.extraction.detect_layout import Guess
from analysis.extraction.parsers.parse_result import Measure
from analysis.tables import ministries
from analysis.workspace import add_edition

PLANS = Path(__file__).parent / "plans"
FILES = sorted(file.name for file in PLANS.iterdir() if file.suffix in (".txt", ".docx", ".listing"))
# What was measured, where it is less than all: shares of F1 and of bodies, rounded down; they may rise.
LEAST = {
    "b1.listing": (0.97, 1.0),
    "b6.txt": (0.92, 1.0),
    "a2.txt": (1.0, 0.93),
    "f2.txt": (0.96, 1.0),
    "f4.txt": (0.91, 1.0),
    "f6.txt": (1.0, 0.9),
    "f6.docx": (1.0, 0.9),
    "e4.txt": (0.96, 1.0),
    "e5.txt": (0.96, 1.0),
    "p3.txt": (1.0, 0.96),
    "p5.txt": (0.93, 1.0),
    "q6.txt": (1.0, 0.8),  # its answers leave out the bureaus in brackets
    "q6.docx": (1.0, 0.8),
    "s4.txt": (1.0, 0.85),
}
REFUSED = sorted(file.name for file in (PLANS / "refused").iterdir())


def plain(text: str | None) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text or "")).replace(",", "、")


def read(file: Path) -> Guess:
    if file.suffix != ".listing":
        return add_edition.read(file, add_edition.Wanted(2031)).guess
    loaded = document.load(file.read_text("utf-8").splitlines())
    return detect_layout.guesses([(name, loaded) for name in ("markdown_plan", "text_slides", "markdown_slides")])[0]


def by_text(answers: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {plain(answer["text"]): answer for answer in answers}


def bodies(names: Any) -> list[str]:
    return sorted(ministries.canonical(plain(name)) for name in names)


@pytest.mark.parametrize("name", FILES)
def test_a_plan_of_another_family_is_read(name: str) -> None:
    file = PLANS / name
    measures = read(file).reading.measures
    answers = by_text([json.loads(line) for line in file.with_suffix(".jsonl").read_text("utf-8").splitlines()])
    right = Counter(plain(measure.text) for measure in measures) & Counter(list(answers))
    least, least_bodies = LEAST.get(name, (0.96 if file.suffix == ".listing" else 1.0, 1.0))
    assert 2 * right.total() / (len(measures) + len(answers)) >= least
    pairs = [(measure, answers[plain(measure.text)]) for measure in measures if plain(measure.text) in answers]
    named = sum(bodies(measure.ministries) == bodies(answer["ministries"]) for measure, answer in pairs)
    assert named >= least_bodies * len(pairs)
    assert sum(on_time(measure, answer) for measure, answer in pairs) >= len(pairs) - 1


def on_time(measure: Measure, answer: dict[str, Any]) -> bool:
    """Whether horizon, deadline and its years are the answer's, or what it says of them together (`said`)."""
    if "deadline" not in answer:
        said = plain("、".join(filter(None, [*measure.horizon, measure.deadline])))
        return "said" not in answer or said == plain(answer["said"])
    return (list(measure.horizon), plain(measure.deadline), list(measure.deadline_years)) == (
        answer["horizon"], plain(answer["deadline"]), answer["deadline_years"],
    )  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_document_that_is_no_plan_is_not_taken_for_one(name: str) -> None:
    file = PLANS / "refused" / name
    loaded = document.load(file.read_text("utf-8").splitlines())
    forms = [(layout, loaded) for layout in ("markdown_plan", "pdf_text_plan", "text_slides", "markdown_slides")]
    best = detect_layout.guesses([*forms, ("markdown_article", loaded)])[0]
    assert best.sure < detect_layout.UNSURE
