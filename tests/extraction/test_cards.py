"""Measures that are small tables of their own: cards made by hand, with the measures that a person reads in them."""

import pytest

from analysis.documents import document, paragraphs
from analysis.documents.document import Line, Page
from analysis.extraction.parsers import any_plan, infer
from analysis.extraction.parsers.parse_result import Measure, ParseResult

NAMES = ["灯台", "港", "船"]
CONTENTS = ["灯台を直す。", "港を掘り、深くする。", "船を造る。"]
BODIES = ["国土交通省", "国土交通省、農林水産省", "経済産業省"]
TIMES = ["令和8年度", "令和9年度から継続", "令和10年度末"]
WHOLE = [f"{name} {content}" for name, content in zip(NAMES, CONTENTS, strict=True)]
Values = tuple[str, str, str, str]
CARDS: list[Values] = list(zip(NAMES, CONTENTS, BODIES, TIMES, strict=True))


def result(loaded: document.Document) -> ParseResult:
    profile = infer.profile(loaded)
    runs = paragraphs.runs(loaded, paragraphs.AS_THEY_ARE)
    return any_plan.read(runs, profile) if profile else ParseResult()


def read(*lines: str) -> list[Measure]:
    """Read lines of a text file."""
    return result(document.of_text(["第1章 海", "", *lines])).measures


def read_ruled(*rows: str) -> list[Measure]:
    """Read rows of tables with ruling lines, as a Word file has them."""
    lines = [Line(0, 0, 1, 1.0, ("第1章 海",)), Line(0, 0, 2, 1.0, ("海を守る。",))]
    lines += [Line(0, 0, at, 1.0, tuple(row.split("\t")), ruled=True) for at, row in enumerate(rows, 3)]
    return result(document.of_pages([Page(0.0, 99.0, lines)])).measures


def texts(measures: list[Measure]) -> list[str]:
    return [measure.text for measure in measures]


def cards(*rows: str) -> list[str]:
    """Return the rows of three cards; {name}, {content}, {bodies} and {time} stand in each."""
    return [
        row.format(name=name, content=content, bodies=bodies, time=time, n=at)
        for at, (name, content, bodies, time) in enumerate(CARDS, 1)
        for row in rows
    ]


@pytest.mark.parametrize(
    "rows",
    [
        ["施策名\t{name}", "現状\t網が古い。", "取組内容\t{content}", "担当\t{bodies}", "時期\t{time}", "目安\t3か所"],
        ["施策名\t{name}\t\t", "内容\t{content}\t\t", "担当府省\t{bodies}\t実施時期\t{time}"],
        ["施策{n} {name}\t\t\t", "内容\t{content}\t\t", "担当\t{bodies}\t期間\t{time}", "進捗の目安\t3か所\t\t"],
        ["施策 1-{n}\t{name}", "内容\t{content}", "担当\t{bodies}", "時期\t{time}"],
        ["1-{n} {name}\t内容\t{content}", "\t担当\t{bodies}", "\t時期\t{time}"],
        ["施策名\t{name}\t担当\t{bodies}", "背景\t網が古い。\t\t", "内容\t{content}\t時期\t{time}"],
        ["施策{n} {name}\t", "内容\t{content}", "担当府省\t実施時期", "{bodies}\t{time}"],
        ["{n}\t施策名\t{name}", "\t内容\t{content}", "\t担当\t{bodies}", "\t時期\t{time}"],
        ["事業番号\t{n}\t事業名\t{name}", "事業概要\t{content}\t\t", "所管課\t{bodies}\t実施期間\t{time}"],
        ["施策名\t{name}", "内容\t{content}", "難しさ\t網が古い。", "担当\t{bodies}", "時期\t{time}"],
        ["施策名：{name}\t", "内容：{content}\t", "担当：{bodies}\t時期：{time}"],
        ["【施策名】\t{name}", "【内容】\t{content}", "【舵取り】\t{bodies}", "【到達点】\t{time}"],
    ],
)
def test_a_card_is_a_measure_whatever_the_form(rows):
    for measures in (read_ruled(*cards(*rows)), read(*cards(*rows))):
        assert texts(measures) == WHOLE
        assert [measure.ministries for measure in measures] == [tuple(bodies.split("、")) for bodies in BODIES]
        assert [measure.deadline for measure in measures] == TIMES


def test_markdown_has_cards_too():
    rows = cards("", "| 施策名 | {name} |", "|---|---|", "| 内容 | {content} |", "| 担当 | {bodies} |")
    assert texts(read(*rows)) == WHOLE
    rows = cards(
        "", "### 施策{n} {name}", "", "| 項目 | 説明 |", "|---|---|", "| 内容 | {content} |", "| 担当 | {bodies} |"
    )
    assert texts(read(*rows)) == WHOLE


@pytest.mark.parametrize("head", ["施策{n}　{name}", "◆ {name}", "1-{n} {name}"])
def test_cards_with_one_cell_a_line_below_their_name(head):
    rows = cards("", head, "内容", "{content}", "担当", "◎{bodies}", "期間", "{time}", "目安", "3か所")
    measures = read(*rows)
    assert texts(measures) == WHOLE
    assert measures[1].ministries == ("国土交通省", "農林水産省")


def test_what_stands_line_after_line_is_no_label():
    rows = cards(
        "",
        "施策{n} {name}",
        "【概要】",
        "{content}",
        "【担当】",
        "国土交通省",
        "文化庁",
        "【時期】",
        "継続",
        "【備考】",
        "なし",
    )
    measures = read(*rows)
    assert texts(measures) == WHOLE
    assert {(measure.ministries, measure.deadline) for measure in measures} == {(("国土交通省", "文化庁"), "継続")}


def test_cells_of_several_lines_in_a_text_file():
    rows = ["内容\t{content}", "・網も直す。", "担当\t{bodies}", "文化庁", "時期\t{time}"]
    first, *_ = measures = read(*cards("施策 {n}\t{name}", *rows))
    assert first.text == "灯台 灯台を直す。網も直す。"
    assert first.ministries == ("国土交通省", "文化庁")
    wide = ["施策名\t{name}\t\t", "内容\t・{content}", "・網も直す。\t\t", "担当\t{bodies}\t時期\t{time}"]
    assert texts(read(*cards(*wide))) == texts(measures)


def test_a_card_that_a_page_parts_is_one_measure():
    rows = ["施策{n} {name}\t\t\t", "内容\t{content}\t\t", "\t網も直す。\t\t", "担当\t{bodies}\t時期\t{time}"]
    assert texts(read_ruled(*cards(*rows))) == [f"{text} 網も直す。" for text in WHOLE]
    again = [
        "施策{n} {name}\t\t\t",
        "内容\t{content}\t\t",
        "施策{n} {name}（続き）\t\t\t",
        "担当\t{bodies}\t時期\t{time}",
    ]
    assert texts(read_ruled(*cards(*again))) == WHOLE


def test_cards_without_names_follow_one_another():
    measures = read_ruled(*cards("内容\t{content}", "担当\t{bodies}", "時期\t{time}"))
    assert texts(measures) == CONTENTS


def test_cards_of_indicators_reviews_and_budgets_are_no_measures():
    rows = cards("施策名\t{name}", "内容\t{content}", "担当\t{bodies}", "時期\t{time}")
    indicator = ["目標指標\t事故の数", "基準\t83件", "目標\t50件", "備考\t船を除く。"]
    assert texts(read_ruled(*rows, *indicator, *indicator)) == WHOLE
    bar = ["目標1 事故の数\t", "基準\t83件", "目標\t50件", "担当\t国土交通省"]
    assert texts(read_ruled(*rows, *bar, *bar, *bar)) == WHOLE
    for other in ("進捗状況\t順調\t時期\t令和8年度", "予算額\t3億円"):
        reviewed = cards("施策名\t{name}", "内容\t{content}", "担当\t{bodies}", other)
        assert read_ruled(*reviewed) == []


def test_what_a_card_repeats_by_a_sign_is_that_of_the_card_before():
    rows = ["施策名\t{name}", "内容\t{content}", "担当\t{bodies}", "時期\t{time}"]
    more = ["施策名\t網", "内容\t網を直す。", "担当\t同上", "時期\t〃"]
    *_, before, last = read_ruled(*cards(*rows), *more)
    assert (last.ministries, last.deadline) == (before.ministries, before.deadline) == (("経済産業省",), TIMES[2])


def test_a_card_accounts_for_each_of_its_lines():
    rows = cards("施策{n} {name}\t\t", "現状\t網が古い。\t", "内容\t{content}\t", "担当\t{bodies}\t")
    loaded = document.of_text(["第1章 海", "", *rows])
    paragraphs_read = result(loaded).paragraphs
    assert [number for one in paragraphs_read for number, _ in one.lines] == [1, *range(3, len(rows) + 3)]
    assert [one.role for one in paragraphs_read[1:5]] == ["heading", "table", "measure", "attribution"]


def test_the_head_of_a_table_and_its_rows_are_no_card():
    head = "施策\t内容\t担当\t時期"
    rows = [f"{name}の対策\t{content}\t{bodies}\t{time}" for name, content, bodies, time in CARDS]
    assert (
        texts(read(head, *rows, "", "港のこと", head, *rows))
        == [f"{name}の対策 {content}" for name, content, *_ in CARDS] * 2
    )


def test_rows_below_cards_are_not_of_the_table_above_them():
    rows = ["施策\t内容\t担当\t時期", *("\t".join(values) for values in CARDS)]
    below = cards("施策名\t{name}\t\t", "内容\t{content}\t\t", "担当\t{bodies}\t時期\t{time}")
    assert texts(read_ruled(*rows, *below, "用語\t海の言葉\t出典\t海の辞典")) == WHOLE * 2


def test_each_cell_is_a_card():
    cells = [f"◆ {name} {text} 担当：{bodies}｜時期：{time}" for name, text, bodies, time in CARDS]
    measures = read_ruled("\t".join(cells[:2]), f"{cells[2]}\t")
    assert texts(measures) == WHOLE
    assert measures[1].ministries == ("国土交通省", "農林水産省")
    assert measures[1].deadline == TIMES[1]
    assert texts(read_ruled(f"網\t{cells[0]}", f"綱\t{cells[1]}", f"帆\t{cells[2]}")) == []
    assert texts(read_ruled(*(f"{cell}\t" for cell in cells))) == []


def test_cards_are_read_in_a_time_that_grows_as_the_lines_do():
    assert len(read("内容\t灯台を直す。", *["担当\t国土交通省", "時期\t令和8年度"] * 1_000)) < 100
    assert len(read(*["内容", "灯台を直す。", "担当", "国土交通省", *["海は広い"] * 9] * 100)) == 100
