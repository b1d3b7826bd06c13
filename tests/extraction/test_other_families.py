"""Invented plans of families that no parser knows: the figures of their KPI parts, as export gives them.

People who had not seen the program wrote the plans and the answers (tests/extraction/families: a text, and by line the
value, unit, kind and period of each figure; `where` is text for those of running text, which an export need not have).
"""

import json
from pathlib import Path

import pytest
from test_figure_cases import counted, span

from analysis import kpi
from analysis.workspace import add_edition

FAMILIES = Path(__file__).parent / "families"
# F1 that was measured, rounded down: it may rise
LEAST = {
    "basic_plan": 0.96, "strategy": 0.96, "third_plan": 0.88, "follow_up": 0.92, "prefecture": 0.96, "policy": 0.75,
}  # fmt: skip


@pytest.mark.parametrize("name", LEAST)
def test_the_kpi_parts_of_a_family_that_no_parser_knows(name: str) -> None:
    new = add_edition.read(FAMILIES / f"{name}.txt", add_edition.Wanted(edition=2031))
    figures = new.rows["figures"]
    figures = kpi.core(kpi.tied(figures, kpi.ties(figures))).to_dicts()
    answers = [json.loads(line) for line in (FAMILIES / f"{name}.jsonl").read_text("utf-8").splitlines()]
    left, right, parts = list(figures), 0, 0
    for answer in sorted(answers, key=lambda answer: answer.get("where") == "text"):
        match = next((figure for figure in left if fits(answer, figure)), None)
        parts += answer.get("where") != "text"
        right += match is not None and answer.get("where") != "text"
        if match is not None:
            left.remove(match)
    recall, precision = right / parts, 1 - len(left) / len(figures)
    assert 2 * recall * precision / (recall + precision) >= LEAST[name]


def fits(answer: dict, figure: dict) -> bool:
    """Return whether a figure has the answer's value, unit, kind (a present value may be a baseline) and period."""
    value, unit = counted(answer["value"], answer["unit"] or "")
    own_value, own_unit = counted(figure["value"], figure["unit"] or "")
    present = answer.get("kind") == "observation" and figure["kind"] == "baseline"
    return (
        unit == own_unit
        and own_value == pytest.approx(value, rel=1e-9)
        and (answer.get("kind", figure["kind"]) == figure["kind"] or present)
        and ("period" not in answer or span(answer["period"]) == span(figure["period"]))
    )
