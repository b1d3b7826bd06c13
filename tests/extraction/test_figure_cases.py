"""Invented lines of KPI parts, and the figures that a person reads in them (tests/extraction/cases/*.jsonl).

People who had not seen the program wrote them. A case names its `kind` of difficulty, its `lines` (blocks; tables with
tabs or in Markdown) and `figures` (value, unit, and where stated kind, period, name, nature, comparator, not_period);
`refuse` are values that are none, `refuse_kind` pairs of value and kind, `clean` pieces that stand in no name.
"""

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from analysis.extraction.parsers.parse_result import Paragraph
from analysis.extraction.values import Figure, read

EDITION = 2031
FACTORS = {"兆": 1e12, "億": 1e8, "百万": 1e6, "万": 1e4, "千": 1e3}
CASES = [
    json.loads(line)
    for file in sorted((Path(__file__).parent / "cases").glob("*.jsonl"))
    for line in file.read_text("utf-8").splitlines()
]
# Cases that are not read yet, with what is hard in them.
OPEN = {
    "c003": "a remark says which year the values in brackets are of",
    "c007": "同年度 of a year that is only named in a label",
    "c009": "a planned value behind that of the year before",
    "c012": "前回調査 has the name of the sentence's subject",
    "c013": "a date of the first clause for a figure of the last",
    "c026": "a share of a target that is a clause of its own",
    "c030": "目標の95% that is missed",
    "c052": "a change since an older year is dated as a span",
    "c060": "a whole's date for the shares of it",
    "c074": "1,500人分",
    "c075": "the present state beside a target is a baseline here",
    "c085": "labels behind an ellipsis",
    "c123": "a threshold in a clause (3人以上養育する)",
    "c124": "週に1度",
    "c148": "a change since an older year is dated as a span",
    "c158": "同 for the year of the bracket before",
    "c180": "前年度 in a cell is counted from the column's year",
    "d035": "子ども ends like the particle も",
}


def figures_of(case: dict[str, Any]) -> list[Figure]:
    """Read the blocks of a case as the paragraphs of a KPI part."""
    paragraphs, first = [], 10
    for block in case["lines"]:
        lines = tuple(enumerate(block.split("\n"), first))
        paragraphs.append(Paragraph(lines, "kpi", "III-1-(1)", None))
        first += len(lines) + 1
    return [figure for figure in read(paragraphs, EDITION) if figure.value is not None]


def plain(text: str | None) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text or ""))


def counted(value: float, unit: str) -> tuple[float, str]:
    """Return the value and unit without the unit's multiplier."""
    unit = plain(unit)
    for multiplier, factor in FACTORS.items():
        if unit.startswith(multiplier) and len(unit) > len(multiplier):
            return value * factor, unit[len(multiplier) :]
    return value, unit


def span(period: str | None) -> str:
    """Return a period; of a span the two years alone."""
    text = plain(period).replace("年度末", "年度")
    years = re.findall(r"[12]\d{3}", text)
    return "-".join(years) if len(years) == 2 else text


def fits(expected: dict[str, Any], figure: Figure) -> bool:
    """Return whether a figure is the expected one in all that the case states."""
    value, unit = counted(expected["value"], expected["unit"])
    own_value, own_unit = counted(figure.value or 0.0, figure.unit or "")
    if unit != own_unit or own_value != pytest.approx(value, rel=1e-9):
        return False
    return (
        expected.get("kind", figure.kind) == figure.kind
        and span(expected.get("period", figure.period)) == span(figure.period)
        and ("not_period" not in expected or span(expected["not_period"]) != span(figure.period))
        and plain(expected.get("name")) in plain(figure.indicator)
        and expected.get("nature", figure.nature) == figure.nature
        and expected.get("comparator", figure.comparator) == figure.comparator
    )


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES])
def test_a_case_is_read_as_a_person_reads_it(case: dict[str, Any], request: pytest.FixtureRequest) -> None:
    if case["id"] in OPEN:
        request.applymarker(pytest.mark.xfail(reason=OPEN[case["id"]], strict=True))
    figures = figures_of(case)
    left = list(figures)
    for expected in case["figures"]:
        match = next((figure for figure in left if fits(expected, figure)), None)
        assert match is not None, (expected, figures)
        left.remove(match)
    assert not {figure.value for figure in figures} & set(case.get("refuse", []))
    assert not {(figure.value, figure.kind) for figure in figures} & {tuple(p) for p in case.get("refuse_kind", [])}
    names = [plain(figure.indicator) for figure in figures]
    assert not [piece for piece in case.get("clean", []) if any(piece in name for name in names)]


def test_there_are_cases_of_many_kinds() -> None:
    assert len(CASES) > 500
    assert len({case["kind"] for case in CASES}) > 50
    assert set(OPEN) <= {case["id"] for case in CASES}
