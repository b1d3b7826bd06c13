"""A plan in any layout gives back its measures, bodies and deadlines (invented_plans says how plans are set)."""

import re
import unicodedata
from pathlib import Path

import invented_plans
import pytest
from hypothesis import HealthCheck, given, settings
from invented_plans import NOT_SEEN, Form, Wanted

from analysis.extraction import detect_layout, load_document
from analysis.extraction.detect_layout import INFERRED
from analysis.extraction.parsers.parse_result import Measure
from analysis.workspace import add_edition

FEW = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), max_examples=40)
FEWER = settings(FEW, max_examples=6)


def plain(text: str) -> str:
    """A text folded by Unicode's own rules, without spaces and what is not seen."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", "".join(sign for sign in text if sign not in NOT_SEEN)))


def folded(measures: list[Wanted]) -> list[Wanted]:
    return [
        Wanted(
            plain(m.text), tuple(map(plain, m.bodies)), m.horizon, plain(m.deadline) if m.deadline else None, m.years
        )
        for m in measures
    ]


def as_wanted(measures: list[Measure]) -> list[Wanted]:
    return [Wanted(m.text, m.ministries, m.horizon, m.deadline, m.deadline_years) for m in measures]


def inferred(file: Path, text: str) -> list[Wanted]:
    """The measures of a text by the layout that is inferred for it."""
    file.write_text(text, encoding="utf-8", newline="")
    source = load_document.read(file)
    guess = add_edition.chosen(source, detect_layout.guesses(source.forms, INFERRED))
    return as_wanted(guess.reading.measures)


@FEW
@given(form=invented_plans.forms())
def test_the_layout_of_a_plan_is_inferred(form: Form, tmp_path_factory: pytest.TempPathFactory) -> None:
    text, wanted = invented_plans.plan(form)
    assert folded(inferred(tmp_path_factory.mktemp("plan") / "plan.txt", text)) == folded(wanted)
