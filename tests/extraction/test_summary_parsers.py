"""The parsers of slides and articles, on fictitious plans whose answers were written by hand."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from effort import growth
from layouts import parse

from analysis.base.japanese import squeeze
from analysis.documents.document import Line, Run, of_text
from analysis.extraction.parsers import article
from analysis.extraction.parsers.parse_result import Measure
from analysis.extraction.parsers.profile import layout
from analysis.extraction.parsers.statements import (
    before_bracket,
    last_statement,
    ministries_named,
    states_need,
    states_task,
)
from analysis.tables.categories import ROLES

MINI = Path(__file__).parents[1] / "mini"
LAYOUTS = ["markdown_slides", "text_slides", "markdown_article"]


def document(layout: str) -> list[str]:
    return (MINI / f"{layout}.txt").read_text(encoding="utf-8").split("\n")


def answers(layout: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((MINI / f"{layout}.json").read_text(encoding="utf-8"))
    return rows


def as_answer(measure: Measure) -> dict[str, Any]:
    return {
        "first_line": measure.first_line,
        "section": squeeze(measure.section),
        "subhead": squeeze(" / ".join(measure.subheads)),
        "text": squeeze(measure.text),
        "horizon": list(measure.horizon),
        "ministries": list(measure.ministries),
        "repeated": measure.repeated,
    }


def compared(answer: dict[str, Any]) -> dict[str, Any]:
    words = {name: squeeze(answer[name] or "") for name in ("section", "subhead", "text")}
    return {name: answer[name] for name in ("first_line", "horizon", "ministries", "repeated")} | words


@pytest.mark.parametrize("layout", LAYOUTS)
def test_reads_what_a_person_reads(layout: str) -> None:
    reading = parse(layout, of_text(document(layout)))
    assert [as_answer(measure) for measure in reading.measures] == [compared(answer) for answer in answers(layout)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_line_has_one_role(layout: str) -> None:
    lines = document(layout)
    reading = parse(layout, of_text(lines))
    counted = Counter(number for paragraph in reading.paragraphs for number, _ in paragraph.lines)
    assert counted == Counter(number for number, raw in enumerate(lines, 1) if raw.strip())
    assert all(raw == lines[number - 1] for paragraph in reading.paragraphs for number, raw in paragraph.lines)
    roles = {paragraph.role for paragraph in reading.paragraphs}
    assert roles <= set(ROLES) - {"blank", "unknown"}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_items_and_paragraphs_point_at_each_other(layout: str) -> None:
    reading = parse(layout, of_text(document(layout)))
    for paragraph in reading.paragraphs:
        assert (paragraph.measure is not None) == (paragraph.role == "measure")
        if paragraph.measure is not None:
            measure = reading.measures[paragraph.measure]
            assert measure.first_line <= paragraph.lines[-1][0]
            assert paragraph.lines[0][0] <= measure.last_line
    assert all(measure.part == "summary" for measure in reading.measures)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("lines", [[], [""], [" ", ""], ["あ"], ["- "], ["○"], ["②", "", "。"]])
def test_scraps_are_read_without_error(layout: str, lines: list[str]) -> None:
    reading = parse(layout, of_text(lines))
    assert not reading.measures
    assert sum(len(paragraph.lines) for paragraph in reading.paragraphs) == sum(bool(raw.strip()) for raw in lines)


@pytest.mark.parametrize(
    ("layout", "number", "role"),
    [
        ("markdown_slides", 3, "title"),
        ("markdown_slides", 14, "heading"),
        ("markdown_slides", 20, "background"),
        ("markdown_slides", 37, "figure"),
        ("markdown_slides", 59, "footnote"),
        ("markdown_slides", 120, "table"),
        ("text_slides", 19, "footnote"),
        ("text_slides", 53, "figure"),
        ("text_slides", 97, "contents"),
        ("markdown_article", 7, "title"),
        ("markdown_article", 13, "furniture"),
        ("markdown_article", 25, "figure"),
        ("markdown_article", 33, "background"),
    ],
)
def test_roles(layout: str, number: int, role: str) -> None:
    reading = parse(layout, of_text(document(layout)))
    assert [paragraph.role for paragraph in reading.paragraphs if paragraph.lines[0][0] == number] == [role]


@pytest.mark.parametrize(
    ("text", "task", "need"),
    [
        ("灯りの見回りを実施。", True, False),
        ("灯りの見回りの仕組みの構築", True, False),
        ("灯りの見回りの仕組みの構築等", True, False),
        ("灯りの見回りを行う（毎夜（雨の夜を除く）実施）。", True, False),
        ("島の子どもの意見を取り入れる。", True, False),
        ("灯台の守り手は減る一方である。", False, False),
        ("灯台の守り手が減っている。守り手を育てる学校を設ける。", True, False),
        ("灯台の守り手を育てることが必要。", False, True),
        ("灯台の守り手を育てることが求められている。", False, True),
        ("灯台の数は世界で最も多くなった。", False, False),
        ("灯台は港で語られる。", False, False),
        ("灯台への関心が急速に拡大", False, False),
        ("", False, False),
        ("灯りの見回りを毎夜行います。", True, False),
        ("灯台の守り手を育てる学校を設けます。", True, False),
        ("灯台の道を直してまいります。", True, False),
        ("灯台の守り手が減っています。", False, False),
        ("灯台は岬にあります。", False, False),
        ("灯台は岬にございます。", False, False),
        ("灯台は岬のものです。", False, False),
        ("灯台は誰のものでしょう。", False, False),
        ("灯台を残したいと思います。", False, False),
        ("灯台の話をお願いいたします。", False, False),
        ("灯台の守り手を育てることが必要です。", False, True),
        ("灯台の守り手を育てることが求められています。", False, True),
    ],
)
def test_what_a_sentence_states(text: str, task: bool, need: bool) -> None:
    assert (states_task(text), states_need(text)) == (task, need)


def test_last_statement_drops_what_follows_the_predicate() -> None:
    assert last_statement("灯りを守る。港を掃く制度を創設【来年の春】！ 8") == "港を掃く制度を創設"
    assert before_bracket("灯り（赤（朱）、青）") == "灯り"
    assert before_bracket("灯り）") == "灯り"


def test_a_sentence_ends_with_its_stop_and_the_brackets_behind_it() -> None:
    assert last_statement("灯りを守る。（中略。）港を掃く") == "港を掃く"
    assert last_statement("灯りを守る。港を掃く。」") == "港を掃く"
    assert last_statement("灯りを守る（港（を）））") == "灯りを守る"


@pytest.mark.parametrize("bracket", ["）", "」", "（", "（）"])
def test_brackets_without_end_are_read_once(bracket: str) -> None:
    assert last_statement("港を掃く" + bracket * 100_000) in ("港を掃く", "港を掃く" + bracket * 100_000)


def test_a_heading_of_an_article_that_a_ring_begins_is_none_of_the_list_above() -> None:
    texts = ["今後は、以下の取組を進める。", "・灯台の守り手の学校", "○灯台の音", "今後は、灯台の音を残す。"]
    lines = [Line(0, 200, 20.0 * at, 10, (text,), number=at) for at, text in enumerate(texts, 1)]
    runs = [Run((line,), line.text, "gap", heading=line.text[0] == "○") for line in lines]
    result = article.read(runs, layout("markdown_article"))
    assert [paragraph.role for paragraph in result.paragraphs] == ["measure", "measure", "heading", "measure"]
    assert [measure.section for measure in result.measures] == ["", "", "○灯台の音"]


RINGED = [
    "1. 灯台の話",
    "",
    "○ 灯台の守り手を育てる学校の設置",
    "- 学校の先生を招く仕組みを来年までに島ごとに整備する。",
]


def test_what_a_ring_marks_is_the_layout_s() -> None:
    whole, wrapped = (parse(layout, of_text(["表紙", "", "", "", *RINGED])) for layout in LAYOUTS[:2])
    assert [paragraph.role for paragraph in whole.paragraphs] == ["title", "heading", "heading", "measure"]
    assert [measure.subheads for measure in whole.measures] == [("○ 灯台の守り手を育てる学校の設置",)]
    assert [paragraph.role for paragraph in wrapped.paragraphs] == ["title", "heading", "measure", "background"]
    assert [measure.section for measure in wrapped.measures] == ["1. 灯台の話"]


def test_where_lines_are_wrapped_a_heading_speaks_for_pieces_of_one_kind() -> None:
    pieces = ["表紙", "", "", "", "１．灯台の話", "【具体的施策】", "○ 灯台の守り手を育てる学校が必要", "",
              "● 灯台の守り手を支える人が必要"]  # fmt: skip
    result = parse("text_slides", of_text(pieces))
    assert [measure.text for measure in result.measures] == ["灯台の守り手を育てる学校が必要"]
    assert [paragraph.section for paragraph in result.paragraphs][-2:] == ["【具体的施策】", "１．灯台の話"]


def test_a_programme_of_the_budget_is_an_item_with_what_it_does() -> None:
    lines = ["1. 予算", "", "○ 灯台整備事業（港湾庁） ···· 3億円", "", "灯台を建て替える。", "", "特別会計", "",
             "別の話。"]  # fmt: skip
    result = parse("markdown_slides", of_text(lines))
    assert [measure.text for measure in result.measures] == ["灯台整備事業 灯台を建て替える。"]
    assert [measure.ministries for measure in result.measures] == [("港湾庁",)]
    assert [paragraph.role for paragraph in result.paragraphs][-2:] == ["figure", "background"]  # a label ends it


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("海上保安庁が実施している巡回を広げる。", ("海上保安庁",)),
        ("総務省・経産省が手引きを策定。", ("総務省", "経産省")),
        ("文部科学省及び国土交通省において検討する。", ("文部科学省", "国土交通省")),
        ("関係府省で検討。", ("関係府省",)),
        ("政府が支援する。", ()),
        ("各省庁が協力する。", ()),
        ("関係府省庁の連携の下で進める。", ()),
        ("環境省の手引きを広める。", ()),
    ],
)
def test_only_plain_actors_are_named(text: str, names: tuple[str, ...]) -> None:
    assert ministries_named(text) == names


@pytest.mark.parametrize("sign", ["((", "<<", "--", "」", "・", "。", "(短", "１"])
@pytest.mark.parametrize("layout", ["markdown_slides", "text_slides", "markdown_article"])
def test_a_long_hostile_line_is_read_to_its_end(layout, sign):
    # a pattern that looks back over the line again and again would not come back from this
    line = sign * 100_000
    paragraphs = parse(layout, of_text(["# 具体的施策", "", "- ・" + line, "", line])).paragraphs
    assert sorted(number for paragraph in paragraphs for number, _ in paragraph.lines) == [1, 3, 5]


LONG = {
    "a sentence that goes on behind each gap": ("text_slides", ["・灯台"], ["", "を直す仕組みの"]),
    "items without a title": (
        "text_slides", ["表紙", "", "", ""], ["灯台を直す仕組みを来年までに島ごとに整備する。", ""],
    ),
    "a list that never ends": ("markdown_slides", ["1. 灯台", "", "次の灯台を直す。"], ["- 灯台", ""]),
    "a paragraph that never ends": (
        "markdown_article", ["# 1 灯台", "", "灯台がある。灯台を、直す"], ["灯台を、直す", ""],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LONG)
def test_effort_grows_as_the_lines_do(name: str) -> None:
    layout, before, lines = LONG[name]
    assert growth(lambda count: parse(layout, of_text([*before, *lines * count])), 100) < 4.5
