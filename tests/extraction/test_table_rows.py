"""Measures that are rows of tables: small tables made by hand, with the measures that a person reads in them."""

import pytest

from analysis.documents import document, paragraphs
from analysis.extraction.parsers import any_plan, infer
from analysis.extraction.parsers.parse_result import Measure

HEAD = "施策\t内容\t担当\t時期"
ROWS = [
    "灯台\t灯台を直す。\t国土交通省\t令和8年度", "港\t港を掘る。\t国土交通省\t令和9年度",
    "船\t船を造る。\t経済産業省\t令和10年度",
]  # fmt: skip


def read(*rows: str) -> list[Measure]:
    loaded = document.of_text(["第1章 灯台", "", *rows])
    profile = infer.profile(loaded)
    return any_plan.read(paragraphs.runs(loaded, paragraphs.AS_THEY_ARE), profile).measures if profile else []


def texts(*rows: str) -> list[str]:
    return [measure.text for measure in read(*rows)]


WHOLE = ["灯台 灯台を直す。", "港 港を掘る。", "船 船を造る。"]


@pytest.mark.parametrize("band", ["◇灯りを守る\t\t\t", "〔灯り〕\t\t\t", "\t■ 灯り\t\t"])
def test_a_band_names_the_rows_below_it_and_is_none(band):
    measures = read(HEAD, band, *ROWS)
    assert [measure.text for measure in measures] == WHOLE
    assert {measure.subheads for measure in measures} == {(band.strip("\t◇■ "),)}


def test_a_band_holds_until_the_next_table_and_has_a_word():
    other = "No.\t施策\t内容\t担当\t時期"
    rows = [f"{at}\t{row}" for at, row in enumerate(ROWS, 1)]
    measures = read(HEAD, "◇灯り\t\t\t", *ROWS, "－\t\t\t", ROWS[0], "第2章 港", "", other, *rows)
    assert [measure.subheads for measure in measures] == [("灯り",)] * 4 + [()] * 3


def test_a_short_row_without_a_mark_and_a_marked_sentence_are_no_bands():
    assert texts(HEAD, *ROWS, "網\t\t\t")[-1] == "網"
    assert texts(HEAD, *ROWS, "\t・網を直す。\t\t")[-1] == "船 網を直す。"


@pytest.mark.parametrize("column", ["評価", "進捗状況", "総合評価", "実施状況", "電話", "連絡先"])
def test_a_table_of_what_was_done_or_of_whom_to_ask_holds_no_measures(column):
    assert texts(f"{HEAD}\t{column}", *(f"{row}\tＡ" for row in ROWS)) == []


@pytest.mark.parametrize("column", ["これまでの取組", "評価指標", "進捗を測る指標"])
def test_a_column_of_what_was_done_or_of_a_measure_of_success_does_not_matter(column):
    assert texts(f"{HEAD}\t{column}", *(f"{row}\t調べた" for row in ROWS)) == WHOLE


def test_a_table_whose_measures_are_what_was_done_holds_none():
    assert texts("年度\tこれまでの主な取組\t所管", "令和3年度\t灯台を調べる。\t国土交通省") == []


def test_the_second_line_of_a_head_is_of_what_stands_above():
    head = ["施策\t内容\t担当\t\t時期\t", "\t\t主担当\t協力\t区分\t目途"]
    rows = ["灯台\t灯台を直す。\t国土交通省\t文化庁\t短期\t令和8年度", "港\t港を掘る。\t国土交通省\t－\t－\t毎年度"]
    first, second, _ = read(*head, *rows, "船\t船を造る。\t経済産業省\t\t長期\t－")
    assert (first.ministries, first.horizon, first.deadline) == (("国土交通省", "文化庁"), ("短期",), "令和8年度")
    assert (second.ministries, second.horizon, second.deadline) == (("国土交通省",), (), "毎年度")


def test_a_row_that_a_repeated_head_parts_is_put_together():
    parted = ["網\t網を直す者の\t国土交\t令和8年度", HEAD, "\t名簿を作る。\t通省\t"]
    assert texts(HEAD, *ROWS, *parted)[-1] == "網 網を直す者の名簿を作る。"
    assert read(HEAD, *ROWS, *parted)[-1].ministries == ("国土交通省",)


@pytest.mark.parametrize(
    ("cell", "names", "horizon", "deadline"),
    [
        ("（主）国土交通省 （協力）文化庁", ("国土交通省", "文化庁"), (), None),
        ("◎国土交通省 ○文化庁 【中期】", ("国土交通省", "文化庁"), ("中期",), None),
        ("国土交通省【令和8年度～令和10年度】", ("国土交通省",), (), "令和8年度～令和10年度"),
        ("内閣府（防災）", ("内閣府(防災)",), (), None),
        ("内閣府（防災）国土交通省", ("内閣府(防災)", "国土交通省"), (), None),
    ],
)
def test_labels_and_times_in_brackets_among_bodies(cell, names, horizon, deadline):
    measure = read("施策\t内容\t担当・時期", *(row.rpartition("\t")[0] for row in ROWS), f"網\t網を直す。\t{cell}")[-1]
    assert (measure.ministries, measure.horizon, measure.deadline) == (names, horizon, deadline)


def test_marks_of_a_list_inside_a_cell_are_left_out():
    inside = "網\t次を行う。 ① 網を直す ② 船を洗う\t国土交通省\t毎年度"
    assert texts(HEAD, *ROWS, inside)[-1] == "網 次を行う。網を直す船を洗う"
    close = "網\t①網を直す。 ②船を洗う。\t国土交通省\t毎年度"
    assert texts(HEAD, *ROWS, close)[-1] == "網 網を直す。船を洗う。"
