"""Measures that are columns of tables: small tables made by hand, with the measures that a person reads in them."""

import pytest
from test_cards import read, read_ruled, texts

ROWS = [
    "\t事業Ａ\t事業Ｂ\t事業Ｃ",
    "名称\t灯台\t港\t船",
    "何をするか\t灯台を直す。\t港を掘る。\t船を造る。",
    "どこが\t国土交通省\t国土交通省 農林水産省\t経済産業省",
    "いつ\t令和8年度\t令和9年度から\t令和10年度末",
    "費用\t1億円\t2億円\t―",
]
WHOLE = ["灯台 灯台を直す。", "港 港を掘る。", "船 船を造る。"]
BODIES = [("国土交通省",), ("国土交通省", "農林水産省"), ("経済産業省",)]


@pytest.mark.parametrize(
    "ways", [{}, {"どこが": "舵取り", "いつ": "入港"}, {"名称": "施策名", "何をするか": "内容", "どこが": "担当"}]
)
def test_columns_are_measures(ways):
    rows = ["\t".join(ways.get(cell, cell) for cell in row.split("\t")) for row in ROWS]
    for measures in (read(*rows), read_ruled(*rows)):
        assert texts(measures) == WHOLE
        assert [measure.ministries for measure in measures] == BODIES
        assert [measure.deadline for measure in measures] == ["令和8年度", "令和9年度から", "令和10年度末"]


def test_names_above_the_columns():
    rows = ["\t灯台\t港\t船", *ROWS[2:]]
    assert texts(read_ruled(*rows)) == WHOLE


def test_cells_of_several_lines_in_a_text_file():
    broken = ["どこが\t国土交通省", "文化庁\t国土交通省", "農林水産省\t経済産業省"]
    measures = read(*ROWS[:3], *broken, *ROWS[4:])
    assert [measure.ministries for measure in measures] == [("国土交通省", "文化庁"), *BODIES[1:]]


def test_the_same_as_in_the_column_before():
    first, second, third = read_ruled(*ROWS[:3], "どこが\t国土交通省\t同上\t", "いつ\t令和8年度\t〃\t令和9年度")
    assert first.ministries == second.ministries == third.ministries == ("国土交通省",)
    assert (first.deadline, second.deadline, third.deadline) == ("令和8年度", "令和8年度", "令和9年度")


@pytest.mark.parametrize(
    "rows",
    [
        ["名称\t灯台\t港", "現状\t3か所\t5か所", "時期\t令和8年度\t令和9年度"],
        ["名称\t灯台\t港", "内容\t古い。\t深い。", "所在\t北\t南"],
        ["名称\t灯台\t港", "内容\t古い。\t深い。", "利用\t12団体\t3館"],
        ["名称\t灯台\t港", "内容\t灯台を直す。\t港を掘る。", "評価\tＡ\tＢ", "担当\t国土交通省\t農林水産省"],
        ["灯台\t国土交通省\t農林水産省", "港\t文化庁\t内閣府", "船\t総務省\t財務省"],
    ],
)
def test_columns_without_bodies_or_of_what_was_done_are_no_measures(rows):
    prose = [f"{at} 網を直す。（国土交通省）" for at in range(3)]
    assert all("灯台" not in text for text in texts(read(*rows, "", *prose)))
