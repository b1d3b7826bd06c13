"""Rows of tables in text files whose cells stand on lines of their own: short tables made by hand."""

import pytest

from analysis.documents import document, paragraphs
from analysis.extraction.parsers import any_plan, infer, text_rows
from analysis.extraction.parsers.parse_result import Measure

HEAD = "番号\t施策\t内容\t担当\t時期"
ROWS = [
    "1\t灯台\t灯台を直す。\t国土交通省\t令和8年度",
    "2\t港\t港を掘る。\t国土交通省\t令和9年度",
    "3\t船\t船を造る。\t経済産業省\t令和10年度",
]
WHOLE = ["灯台 灯台を直す。", "港 港を掘る。", "船 船を造る。"]


def read(*rows: str) -> list[Measure]:
    loaded = document.of_text(["第1章 海", "", *rows])
    profile = infer.profile(loaded)
    return any_plan.read(paragraphs.runs(loaded, paragraphs.AS_THEY_ARE), profile).measures if profile else []


def texts(*rows: str) -> list[str]:
    return [measure.text for measure in read(*rows)]


def rows_of(*lines: str) -> list[str]:
    runs = paragraphs.runs(document.of_text(list(lines)), paragraphs.AS_THEY_ARE)
    return [run.raw for run in text_rows.whole(runs)]


def test_a_row_that_cells_of_several_lines_broke_is_one():
    broken = ["4\t網\t網を直し、", "洗う。\t国土交通省", "文化庁", "内閣府\t令和8年度"]
    *others, last = read(HEAD, *ROWS, *broken)
    assert [measure.text for measure in others] == WHOLE
    assert (last.text, last.deadline) == ("網 網を直し、洗う。", "令和8年度")
    assert last.ministries == ("国土交通省", "文化庁", "内閣府")
    assert (last.first_line, last.last_line) == (7, 10)


def test_a_name_that_a_line_broke_is_one():
    assert read(HEAD, *ROWS, "4\t網\t網を直す。\t国土交", "通省\t令和8年度")[-1].ministries == ("国土交通省",)
    assert read(HEAD, *ROWS, "4\t灯台", "と港\t網を直す。\t内閣府\t令和8年度")[-1].text == "灯台と港 網を直す。"


def test_a_row_whose_last_cells_are_missing_does_not_take_the_next_one():
    head = "施策\t内容\t担当\tR8\tR9\tR10\tR11"
    rows = ["灯台\t灯台を直す。\t国土交通省\t→", "港\t港を掘る。\t国土交通省\t→", "船\t船を造る。\t経済産業省\t\t→"]
    assert texts(head, *rows) == WHOLE
    assert rows_of(HEAD, "1\t灯台\t灯台を直す。", "2\t港", *ROWS[2:])[1:] == [
        "1\t灯台\t灯台を直す。",
        "2\t港",
        *ROWS[2:],
    ]


def test_further_lines_of_the_last_cell_are_of_the_row():
    head, rows = "施策\t内容\t時期\t担当", ["灯台\t灯台を直す。\t令和8年度\t内閣府", "文化庁"]
    assert rows_of(head, *rows, "港\t港を掘る。\t令和9年度\t財務省", "灯台の話はここまでである。") == [
        head,
        "灯台\t灯台を直す。\t令和8年度\t内閣府 文化庁",
        "港\t港を掘る。\t令和9年度\t財務省",
        "灯台の話はここまでである。",
    ]


def test_a_line_between_rows_stays_a_line():
    broken = ["4\t網\t網を直す。\t国土交通省", "文化庁\t令和8年度"]
    assert rows_of(HEAD, ROWS[0], "◇漁の道具", *broken) == [HEAD, ROWS[0], "◇漁の道具", " ".join(broken)]


def test_the_second_line_of_a_head_parts_the_cell_above():
    head = ["番号\t施策\t内容\t担当\t実施年度", "R8\tR9\tR10"]
    rows = ["1\t灯台\t灯台を直す。\t国土交通省\t●\t→\t", "2\t港\t港を掘る。\t国土交通省", "文化庁\t\t●\t"]
    first, second, _ = read(*head, *rows, "3\t船\t船を造る。\t経済産業省\t\t\t●")
    assert (first.ministries, first.deadline_years) == (("国土交通省",), (2026, 2027))
    assert (second.ministries, second.deadline_years) == (("国土交通省", "文化庁"), (2027,))
    bodies = ["施策\t内容\t担当\t時期", "主担当\t協力"]
    rows = [f"{name}\t{name}を直す。\t国土交通省\t文化庁\t令和8年度" for name in "港船網"]
    assert read(*bodies, *rows)[0].ministries == ("国土交通省", "文化庁")


def test_a_row_that_names_a_body_in_charge_is_no_head():
    row = "4\t網の取組\t網を直す。\t内閣府（防災担当）\t令和8年度"
    assert texts(HEAD, *ROWS, row, "5\t綱\t綱を直す。\t文化庁\t令和8年度") == [
        *WHOLE,
        "網の取組 網を直す。",
        "綱 綱を直す。",
    ]


def lines(*rows: str) -> list[str]:
    return [cell for row in rows for cell in row.split("\t")]


@pytest.mark.parametrize("first", [0, 1])
def test_a_table_with_one_cell_a_line(first):
    rows = [row.split("\t", first)[-1] for row in [HEAD, *ROWS]]
    measures = read(*lines(*rows), "", "第2章 山")
    assert [measure.text for measure in measures] == WHOLE
    assert measures[2].ministries == ("経済産業省",)
    assert measures[2].deadline == "令和10年度"


def test_cells_of_several_lines_and_empty_ones_with_one_cell_a_line():
    more = ["4\t網\t網を直し、\t洗う。\t国土交通省\t文化庁\t令和8年度", "5\t綱\t綱を直す。\t内閣府"]
    *_, net, rope = read(*lines(HEAD, *ROWS, *more))
    assert (net.text, net.ministries) == ("網 網を直し、洗う。", ("国土交通省", "文化庁"))
    assert (rope.text, rope.ministries) == ("綱 綱を直す。", ("内閣府",))


def test_words_of_a_head_line_after_line_make_no_table_by_themselves():
    contents = ["施策の内容", "担当と体制", "計画の期間"]
    prose = ["海は広い。", "灯台を直した。", "港は深い。", "船は速い。", "網は古い。", "綱は長い。"]
    assert rows_of(*contents, *prose) == [*contents, *prose]


def test_the_table_with_one_cell_a_line_ends_where_prose_begins():
    prose = ["第2章 山", "山は高い。", "山には木がある。", "木は古い。"]
    assert rows_of(*lines(HEAD, *ROWS * 9), *prose) == [HEAD, *ROWS * 9, *prose]


def test_rows_are_put_together_in_a_time_that_grows_as_the_lines_do():
    row = ["1\t灯台\t灯台を直す。", "国土交通省"] * 2_000
    assert len(rows_of(HEAD, *row)) > 2_000
    assert len(rows_of(*lines(HEAD, *ROWS * 300))) == 901
    assert len(rows_of(*["施策", "内容", "担当"] * 500)) == 1_500
