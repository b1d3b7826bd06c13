"""What a plan's chapters, rows and lengths say of its figures and measures: by words, never by numbers."""

import re
from pathlib import Path

import polars as pl
import pytest

from analysis import kpi
from analysis.workspace import add_edition
from analysis.workspace.add_edition import NewDocument, Wanted

PLAN = """灯台推進計画 2031

{first}. 灯台戦略の今後の方向性

1. 基本的な認識

灯台の見学者は2030年に12万人であった。

{second}. 灯台戦略の重点施策

1. 灯りの「創造」

(1) 灯台守の育成

(現状と課題)

灯台の見学者は2029年に9万人であった。

(施策の方向性)

- ・ 灯台の鏡を磨く手順を定める。(短期) (国土交通省)

- ・ 港町の灯台を巡る道を整える。(短期) (国土交通省)

- ・ {third}霧笛の音を録る。(中期) (文化庁)
"""


def added(folder: Path, text: str) -> NewDocument:
    file = folder / "plan.txt"
    file.write_text(text, encoding="utf-8")
    return add_edition.read(file, Wanted(2031))


@pytest.mark.parametrize(("first", "second"), [("II", "III"), ("V", "VI")])
def test_the_outlook_is_told_by_the_words_of_its_chapter(tmp_path: Path, first: str, second: str) -> None:
    figures = added(tmp_path, PLAN.format(first=first, second=second, third="")).rows["figures"]
    assert figures.select("value", "place", "headings").rows() == [
        (12.0, "outlook", "灯台戦略の今後の方向性 / 基本的な認識"),
        (9.0, "background", "灯台戦略の重点施策 / 灯りの「創造」 / 灯台守の育成"),
    ]


def test_headings_that_the_register_asks_for_and_a_plan_lacks_are_named() -> None:
    wanted = {words for indicator in kpi.indicators() for words in indicator.local}
    assert {line.partition(" (")[0] for line in kpi.missing_headings(["灯台", None])} == wanted != set()
    some = min(wanted)
    assert {line.partition(" (")[0] for line in kpi.missing_headings([f"灯台 / {some}の章"])} == wanted - {some}


def test_the_register_holds_no_numbering_of_an_edition() -> None:
    numbered = re.compile(r"\^?(?:[IVXⅠ-Ⅻ]+|\d+|第\d+[章節部])[-.．、\s]|\(\d+\)")
    texts = [
        text
        for indicator in kpi.indicators()
        for text in (*indicator.patterns, *indicator.local, *(p for some in indicator.local.values() for p in some))
    ]
    assert len(texts) > 60
    assert [text for text in texts if numbered.match(text)] == []


def test_a_measure_that_is_far_longer_than_the_others_is_doubted(tmp_path: Path) -> None:
    texts = ["", "港ごとに異なる手順をそろえ、" * 50]
    doubts = [
        added(tmp_path, PLAN.format(first="II", second="III", third=text)).rows["measures"]["doubts"].to_list()
        for text in texts
    ]
    assert doubts == [[[], [], []], [[], [], ["far longer than the others"]]]


def test_a_row_without_a_word_is_no_measure(tmp_path: Path) -> None:
    rows = ["番号\t施策名\t担当府省\t実施時期", "1\t鏡を磨く手順\t国土交通省\t短期", "2\t―\t国土交通省\t短期"]
    rows += ["3\t¹\t国土交通省\t短期", "4\t巡る道の整備\t観光庁\t2031年度", "5\t霧笛の録音\t文化庁\t中期"]
    rows += ["6\t守り手の研修\t文部科学省\t短期", "7\t海図の公開\t海上保安庁\t2030年度末まで"]
    measures = added(tmp_path, "灯台計画\n\n第1章　守り手\n\n" + "\n".join(rows) + "\n").rows
    texts = measures["texts"].join(measures["measures"].select("measure_id", "deadline"), on="measure_id")
    assert texts.select("text", "deadline").rows() == [
        ("鏡を磨く手順", None), ("巡る道の整備", "2031年度"), ("霧笛の録音", None), ("守り手の研修", None),
        ("海図の公開", "2030年度末まで"),
    ]  # fmt: skip
    assert measures["measures"].filter(pl.col("page").is_not_null()).is_empty()  # a text has no pages
