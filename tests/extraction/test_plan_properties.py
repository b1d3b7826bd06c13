"""A plan in any layout gives back its measures, bodies and deadlines (invented_plans says how plans are set)."""

import re
import unicodedata
from pathlib import Path

import invented_plans
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented_plans import NOT_SEEN, Form, TableForm, Wanted

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


@FEW
@given(form=invented_plans.table_forms())
def test_measures_in_the_rows_of_tables_are_read(form: TableForm, tmp_path_factory: pytest.TempPathFactory) -> None:
    text, wanted = invented_plans.table_plan(form)
    assert folded(inferred(tmp_path_factory.mktemp("plan") / "plan.txt", text)) == folded(wanted)


@FEWER
@given(form=st.one_of(invented_plans.forms(), invented_plans.table_forms()))
def test_a_plan_that_is_added_is_read_so(form: Form | TableForm, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is read through all layouts, in the tables that are published."""
    text, wanted = invented_plans.plan(form) if isinstance(form, Form) else invented_plans.table_plan(form)
    file = tmp_path_factory.mktemp("plan") / "plan.txt"
    file.write_text(text, encoding="utf-8", newline="")
    rows = add_edition.read(file, add_edition.Wanted(2031)).rows
    texts = dict(rows["texts"].select("measure_id", "text").iter_rows())
    measures = [
        Wanted(texts[row["measure_id"]], tuple(row["ministries"]), tuple(row["horizon"]), row["deadline"],
               tuple(row["deadline_years"]))
        for row in rows["measures"].iter_rows(named=True)
    ]  # fmt: skip
    assert folded(measures) == folded(wanted)
