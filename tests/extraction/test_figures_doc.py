"""The rules of docs/figures.md: each example is read as the document says, by the rule that it names."""

import re
from pathlib import Path

import pytest

from analysis.extraction.parsers.parse_result import Paragraph
from analysis.extraction.values import read_all

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "figures.md"
ROW = re.compile(r"\| (?P<rule>[^|]+) \| (?P<example>[^|]+) \| (?P<reading>[^|]+) \|$")
HEADS = ("rule", "reason")
ROWS = [match.groups() for match in map(ROW.match, DOCUMENT.read_text("utf-8").splitlines()) if match]
RULES = [row for row in ROWS if row[0] not in HEADS]


def test_the_document_has_rules() -> None:
    assert len(RULES) > 60


@pytest.mark.parametrize(("rule", "example", "reading"), RULES)
def test_a_rule_of_the_document(rule: str, example: str, reading: str) -> None:
    lines = tuple(enumerate(example.replace("｜", "\t").split("／"), 10))
    figures, unread = read_all([Paragraph(lines, "kpi", "III-1-(1)", None)], 2031)
    said = [part.strip() for part in reading.split(";")]
    values = [" ".join(filter(None, [f.kind, f"{f.value:g}", f.unit, f.period])) for f in figures]
    assert values == [part for part in said if not part.startswith("–")]
    assert sorted(number.reason for number in unread) == sorted(p[2:] for p in said if p.startswith("–"))
    if rule.startswith(("kind:", "period:", "nature:")):
        assert any(code.startswith(rule) for figure in figures for code in figure.why)
