"""Measures beside or above divisions that no register knows, and columns of sentences: short tables made by hand."""

import pytest
from test_cards import read, read_ruled, texts

SENTENCES = ["灯台を直します。", "港を掘り、深くします。", "船を造ります。", "網を配ります。"]
DIVISIONS = ["港湾課", "港湾課 ひかり推進課", "造船振興室", "港湾課 造船振興室"]
NAMES = [tuple(divisions.split()) for divisions in DIVISIONS]
ROWS = [f"○{sentence}\t{names}" for sentence, names in zip(SENTENCES, DIVISIONS, strict=True)]


def lines(*wrapped: str) -> list[str]:
    """Return the sentences with each division on a line below."""
    pairs = zip(SENTENCES, DIVISIONS, strict=True)
    return [line for sentence, names in pairs for line in (f"○{sentence}", *names.split())] + list(wrapped)


def test_divisions_in_a_column_without_a_head():
    measures = read_ruled(*ROWS)
    assert texts(measures) == SENTENCES
    assert [measure.ministries for measure in measures] == NAMES


def test_divisions_on_lines_below():
    measures = read(*lines("海の話", "海は広い。"))
    assert texts(measures) == SENTENCES
    assert [measure.ministries for measure in measures] == NAMES


def test_lines_of_both_columns_that_a_pdf_has_side_by_side():
    rows = ["○港を掘り、深くし、\t港湾課", "船を通します。\tひかり推進", "課", *ROWS]
    first, *others = read(*rows)
    assert (first.text, first.ministries) == ("港を掘り、深くし、船を通します。", ("港湾課", "ひかり推進課"))
    assert [measure.ministries for measure in others] == NAMES


def test_flags_and_times_in_brackets_are_no_words():
    rows = [ROWS[0].replace("○", "○（新）"), ROWS[1].replace("○", "○（拡）"), *ROWS[2:]]
    assert texts(read_ruled(*rows)) == SENTENCES
    timed = read_ruled(*ROWS, "○櫓を組みます（令和8年度）。\t港湾課")[-1]
    assert (timed.text, timed.deadline) == ("櫓を組みます。", "令和8年度")


def test_a_table_without_a_head_with_bodies_of_the_register():
    rows = [f"○{sentence}\t国土交通省" for sentence in SENTENCES]
    assert [measure.ministries for measure in read_ruled(*rows)] == [("国土交通省",)] * 4


@pytest.mark.parametrize(
    "rows",
    [
        ROWS[:2],  # too few
        [row.replace("ます。", "ました。") for row in ROWS],  # what was done
        [f"○{sentence}\t{name}" for sentence, name in zip(SENTENCES, ["甲課", "乙課", "丙課", "丁課"], strict=True)],
        [f"○{sentence}\t水産教室" for sentence in SENTENCES],
        [f"○{sentence}\t月は東に" for sentence in SENTENCES],
    ],
)
def test_other_columns_beside_sentences(rows):
    assert read_ruled(*rows) == []


COLUMN = "対応方針\t主担当\t関係府省\t期限"
CELLS = [
    "灯台の光を遠くの船から見えるようにする。\t国土交通省\t文化庁、環境省\t令和8年度",
    "港の底を掘り、大きな船を通す。\t国土交通省\t－\t令和9年度",
    "船を造る者を育てる。\t経済産業省\t国土交通省\t－",
]


@pytest.mark.parametrize("reader", [read, read_ruled])
def test_a_column_of_sentences_holds_measures_whatever_its_head_says(reader):
    measures = reader(COLUMN, *CELLS)
    assert texts(measures) == [row.split("\t")[0] for row in CELLS]
    assert measures[0].ministries == ("国土交通省", "文化庁", "環境省")
    assert measures[2].ministries == ("経済産業省", "国土交通省")


def test_columns_of_sentences_that_state_no_task():
    stated = [
        row.replace("する。", "している。").replace("通す。", "通している。").replace("育てる", "育てた")
        for row in CELLS
    ]
    assert read_ruled(COLUMN, *stated) == []
    for head in (COLUMN.replace("対応方針", "めざす姿"), COLUMN.replace("関係府省", "寄せられた意見")):
        assert read_ruled(head, *CELLS) == []
    few = [
        row.replace("える", "えた").replace("する。", "していた。").replace("通す。", "通していた。")
        for row in CELLS[:2]
    ]
    assert texts(read_ruled(COLUMN, *few * 2, *CELLS[1:])) == []  # most state none


def test_a_head_beside_one_of_names_elsewhere_is_of_groups():
    named = ["対応方針\t施策\t担当", "海を守る。\t灯台\t国土交通省", "海を使う。\t港\t国土交通省"]
    assert texts(read_ruled(*named, "海の話", COLUMN, *CELLS)) == ["灯台", "港"]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("指標\t内容\t担当府省\t現状値\t目標値", "灯台の数\t直した灯台の数\t国土交通省\t3か所\t9か所"),
        ("内容\t担当府省\t基準\t中間\t目標", "直した灯台の数\t国土交通省\t3か所\t6か所\t9か所"),
    ],
)
def test_a_table_of_indicators_holds_no_measures(head, row):
    assert read_ruled(head, row, row.replace("灯台", "港")) == []


def test_two_cards_with_one_cell_a_line_that_say_all():
    first = ["事業名", "灯台事業", "内容", "灯台を直す。", "担当課", "港湾課", "期間", "令和8年度"]
    second = ["事業名", "造船事業", "内容", "船を造る。", "担当課", "造船課", "期間", "令和9年度"]
    measures = read(*first, "", *second, "", "灯台事業", "準備")
    assert texts(measures) == ["灯台事業 灯台を直す。", "造船事業 船を造る。"]
    assert [measure.ministries for measure in measures] == [("港湾課",), ("造船課",)]
    assert read(*first[:6], "", *second[:6]) == []
