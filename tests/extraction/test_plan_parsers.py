"""The readers of full plans, on fictitious plans in the same layouts."""

import json
from pathlib import Path

import pytest
from layouts import LAYOUTS, parse

from analysis.base.japanese import squeeze
from analysis.documents.document import of_text
from analysis.extraction.parsers import attribution
from analysis.extraction.parsers.parse_result import ParseResult
from analysis.tables.categories import ROLES

MINI = Path(__file__).parents[1] / "mini"
PLANS = ["markdown_plan", "pdf_text_plan"]


def plan(layout: str) -> list[str]:
    return (MINI / f"{layout}.txt").read_text(encoding="utf-8").split("\n")


def expected(layout: str) -> list[dict]:
    return json.loads((MINI / f"{layout}.json").read_text(encoding="utf-8"))


def summary(reading: ParseResult) -> list[tuple]:
    """What must not depend on how the text is set: everything but the lines."""
    return [
        (squeeze(m.clean or m.text), m.section, m.subheads, m.horizon, m.ministries, m.repeated)
        for m in reading.measures
    ]


@pytest.mark.parametrize("layout", PLANS)
def test_measures_are_what_a_person_reads(layout):
    found = parse(layout, of_text(plan(layout))).measures
    answers = expected(layout)
    assert [m.first_line for m in found] == [row["first_line"] for row in answers]
    for measure, row in zip(found, answers, strict=True):
        assert squeeze(measure.text) == squeeze(row["text"])
        assert squeeze(measure.clean or measure.text) == squeeze(row.get("text_no_footnote") or row["text"])
        assert measure.section == row["section"]
        assert squeeze(" / ".join(measure.subheads)) == squeeze(row["subhead"] or "")
        assert list(measure.horizon) == row["horizon"]
        assert [name.replace("経産省", "経済産業省") for name in measure.ministries] == row["ministries"]
        assert measure.repeated == row["repeated"]


@pytest.mark.parametrize("layout", PLANS)
def test_every_line_has_one_role(layout):
    lines = plan(layout)
    paragraphs = parse(layout, of_text(lines)).paragraphs
    held = [number for paragraph in paragraphs for number, _ in paragraph.lines]
    assert sorted(held) == [number for number, line in enumerate(lines, 1) if line.strip()]
    assert {paragraph.role for paragraph in paragraphs} <= set(ROLES) - {"unknown"}


@pytest.mark.parametrize("layout", PLANS)
def test_widths_of_brackets_and_digits_do_not_matter(layout):
    lines = plan(layout)
    wide = str.maketrans("()<>", "（）＜＞")
    # addresses keep their signs: a full-width bracket is no part of one
    changed = [line if "http" in line else line.translate(wide) for line in lines]
    original, other = (summary(parse(layout, of_text(version))) for version in (lines, changed))
    assert [row[:2] for row in other] == [row[:2] for row in original]
    assert [row[3:] for row in other] == [row[3:] for row in original]


def test_a_page_break_inside_a_measure_changes_nothing():
    lines = plan("markdown_plan")
    reading = parse("markdown_plan", of_text(lines))
    measure = next(m for m in reading.measures if len(lines[m.first_line - 1]) > 30)
    line = lines[measure.first_line - 1]
    broken = [*lines[: measure.first_line - 1], line[:20], "", " ", line[20:], *lines[measure.first_line :]]
    assert summary(parse("markdown_plan", of_text(broken))) == summary(reading)


def test_other_bullet_signs_change_nothing():
    lines = plan("pdf_text_plan")
    changed = ["● " + line.lstrip()[1:].lstrip() if line.lstrip().startswith("・") else line for line in lines]
    assert summary(parse("pdf_text_plan", of_text(changed))) == summary(parse("pdf_text_plan", of_text(lines)))


def test_an_empty_document_holds_nothing():
    for layout in LAYOUTS:
        assert parse(layout, of_text([""])).measures == []
        assert parse(layout, of_text(["", "  ", ""])).paragraphs == []


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


def test_words_after_the_ministries_are_doubted():
    found = attribution.read("灯台を直す。(短期)(国土交通省) 灯りも直す。")
    assert found.ministries == ("国土交通省",)
    assert "words after the ministries" in found.doubts


def test_a_horizon_in_mid_sentence_is_no_attribution():
    found = attribution.read("灯台の(中期)の計画を直す。")
    assert found.text == "灯台の(中期)の計画を直す。"
    assert found.doubts == ("no horizon", "no ministries")


HEADS = {
    "markdown_plan": ["III. 灯り", "", "(施策の方向性)", ""],
    "pdf_text_plan": ["１．灯り", "", "", "（施策の方向性）", ""],
}


def measures_in(layout: str, *lines: str) -> list[tuple[str, tuple[str, ...], bool]]:
    found = parse(layout, of_text([*HEADS[layout], *lines])).measures
    return [(measure.clean or measure.text, measure.ministries, measure.repeated) for measure in found]


def test_a_repeat_is_seen_behind_a_note_and_a_page_number():
    lines = ["- ・ 灯台を直す。", "", "(短期)(総務省)", "", "¹ 注", "https://example.jp/", "", "- 12 -", "", "【再掲】"]
    assert measures_in("markdown_plan", *lines) == [("灯台を直す。", ("総務省",), True)]


def test_an_announced_list_may_bear_the_mark_of_its_item():
    lines = ["- 次の取組を行う。", "- 港を直す。", "- 海を直す。", "(短期)(総務省)", "- 山を直す。", "(短期)(外務省)"]
    texts = [text for text, _, _ in measures_in("markdown_plan", *lines)]
    assert texts == ["次の取組を行う。港を直す。海を直す。", "山を直す。"]


def test_a_figure_that_a_sentence_cites_is_no_caption():
    lines = ["- ・ 港の数の推移を示した", "", "図表 3に基づき、灯台を直す。", "", "(短期)(総務省)"]
    assert measures_in("markdown_plan", *lines) == [
        ("港の数の推移を示した図表 3に基づき、灯台を直す。", ("総務省",), False)
    ]


def test_a_sentence_that_ends_like_a_heading_is_none():
    lines = [
        "- ・ 灯台を直すにあたっては、港の祭りと灯台の役目に関する章のうち、港町の人々の声を集めた部分(現状と課題)",
        "",
        "を踏まえる。(短期)(総務省)",
    ]
    assert [ministries for _, ministries, _ in measures_in("markdown_plan", *lines)] == [("総務省",)]


def test_a_numbered_line_in_an_open_sentence_is_no_heading():
    full = "・ 灯台を守る人を育てるため、全国の港において次の二つの事を学ぶ場を設け、"
    lines = [full, "", "①灯りの手入れ、②霧笛の鳴らし方を教える（短期）（総務省）"]
    assert [ministries for _, ministries, _ in measures_in("pdf_text_plan", *lines)] == [("総務省",)]


def test_a_mark_is_told_from_a_number_by_its_page():
    note = ["", " ", "", "1 小さな灯り。"]
    lines = [
        "・ 全国の 1つの港 1を選び、灯台を直す。（短期）（総務省）",
        *note,
        " ・ 残る 1の港を選ぶ。（短期）（外務省）",
    ]
    texts = [text for text, _, _ in measures_in("pdf_text_plan", *lines)]
    assert texts == ["全国の 1つの港を選び、灯台を直す。", "残る 1の港を選ぶ。"]
