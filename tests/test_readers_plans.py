"""The readers of full plans, on fictitious plans in the same layouts."""

import json
from pathlib import Path

import pytest

from analysis.readers import READERS, attribution
from analysis.readers.reading import Reading
from analysis.schemas import ROLES
from analysis.text import squeeze

MINI = Path(__file__).parent / "mini"
LAYOUTS = ["markdown_plan", "pdf_text_plan"]


def plan(layout: str) -> list[str]:
    return (MINI / f"{layout}.txt").read_text(encoding="utf-8").split("\n")


def expected(layout: str) -> list[dict]:
    return json.loads((MINI / f"{layout}.json").read_text(encoding="utf-8"))


def summary(reading: Reading) -> list[tuple]:
    """What must not depend on how the text is set: everything but the lines."""
    return [(squeeze(m.text), m.section, m.subheads, m.horizon, m.ministries, m.repeated) for m in reading.measures]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_measures_are_what_a_person_reads(layout):
    found = READERS[layout](plan(layout)).measures
    answers = expected(layout)
    assert [m.first_line for m in found] == [row["first_line"] for row in answers]
    for measure, row in zip(found, answers, strict=True):
        assert squeeze(measure.text) == squeeze(row.get("text_no_footnote") or row["text"])
        assert measure.section == row["section"]
        assert squeeze(" / ".join(measure.subheads)) == squeeze(row["subhead"] or "")
        assert list(measure.horizon) == row["horizon"]
        assert [name.replace("経産省", "経済産業省") for name in measure.ministries] == row["ministries"]
        assert measure.repeated == row["repeated"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_line_has_one_role(layout):
    lines = plan(layout)
    paragraphs = READERS[layout](lines).paragraphs
    held = [number for paragraph in paragraphs for number, _ in paragraph.lines]
    assert sorted(held) == [number for number, line in enumerate(lines, 1) if line.strip()]
    assert {paragraph.role for paragraph in paragraphs} <= set(ROLES) - {"unknown"}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_widths_of_brackets_and_digits_do_not_matter(layout):
    lines = plan(layout)
    wide = str.maketrans("()<>", "（）＜＞")
    # addresses keep their signs: a full-width bracket is no part of one
    changed = [line if "http" in line else line.translate(wide) for line in lines]
    original, other = (summary(READERS[layout](version)) for version in (lines, changed))
    assert [row[:2] for row in other] == [row[:2] for row in original]
    assert [row[3:] for row in other] == [row[3:] for row in original]


def test_a_page_break_inside_a_measure_changes_nothing():
    lines = plan("markdown_plan")
    reading = READERS["markdown_plan"](lines)
    measure = next(m for m in reading.measures if len(lines[m.first_line - 1]) > 30)
    line = lines[measure.first_line - 1]
    broken = [*lines[: measure.first_line - 1], line[:20], "", " ", line[20:], *lines[measure.first_line :]]
    assert summary(READERS["markdown_plan"](broken)) == summary(reading)


def test_other_bullet_signs_change_nothing():
    lines = plan("pdf_text_plan")
    changed = ["● " + line.lstrip()[1:].lstrip() if line.lstrip().startswith("・") else line for line in lines]
    assert summary(READERS["pdf_text_plan"](changed)) == summary(READERS["pdf_text_plan"](lines))


def test_an_empty_document_holds_nothing():
    for read in READERS.values():
        assert read([""]).measures == []
        assert read(["", "  ", ""]).paragraphs == []


@pytest.mark.parametrize(
    ("tail", "horizon", "ministries", "repeated"),
    [
        ("(短期・中期) (内閣府 (海、空)、国土交通省)", "短期 中期", "内閣府(海) 内閣府(空) 国土交通省", False),
        ("（短期）（総務省・外務省）【再掲】", "短期", "総務省 外務省", True),
        ("(中期)(内閣府 (政策統括官 (灯台担当)))", "中期", "内閣府(政策統括官(灯台担当))", False),
        ("(短期) (内閣官房 (「灯台」関連施策・行事推進室))", "短期", "内閣官房(「灯台」関連施策・行事推進室)", False),
        ("(短期、長期) (内閣府(海洋・科技)、環境省)", "短期 長期", "内閣府(海洋) 内閣府(科技) 環境省", False),
    ],
)
def test_attribution(tail, horizon, ministries, repeated):
    found = attribution.read("灯台を直す。" + tail)
    assert found.text == "灯台を直す。"
    assert found.horizon == tuple(horizon.split())
    assert found.ministries == tuple(ministries.split())
    assert found.repeated == repeated
    assert found.complete
    assert found.doubts == ()


def test_a_list_that_breaks_off_is_doubted():
    found = attribution.read("灯台を直す。(短期・中期) (内閣府 (海)、国土交通省、")
    assert found.ministries == ("内閣府(海)", "国土交通省")
    assert "ministry list cut off" in found.doubts
    assert not found.complete


def test_a_horizon_in_mid_sentence_is_no_attribution():
    found = attribution.read("灯台の(中期)の計画を直す。")
    assert found.text == "灯台の(中期)の計画を直す。"
    assert found.doubts == ("no horizon", "no ministries")
