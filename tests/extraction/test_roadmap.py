"""Roadmaps as tables: what their rows say, tables that come as lines with tabs, and a converter that is not there."""

import sys
from pathlib import Path

import pytest
from layouts import parse

from analysis.base import paths
from analysis.documents.document import of_text
from analysis.extraction import roadmap
from analysis.extraction.roadmap import converter, tabbed
from analysis.extraction.roadmap.table import Table, TableRow, roles, rows

MINI = Path(__file__).parents[1] / "mini"
HEAD = "番号\t施策内容\t担当府省\t2031年度\t2032年度"
TITLED_HEAD = "番号\t項目名\t施策内容\t担当府省\t2031年度"
PART = "工程表「灯台推進計画２０３１」重点事項"


def of_tabs(*lines: str) -> roadmap.Roadmap:
    return roadmap.analyse(list(enumerate(lines, 1)), [])


def row(number: str, text: str, **cells: object) -> TableRow:
    return TableRow("2031", "", number, text=text, **cells)


# --- a table's rows


def test_texts_that_share_a_number_are_counted_within_their_part():
    table = Table([row("1", "一"), row("2", "二"), row("2", "三"), TableRow("2030", "", "2", text="四")], [])
    assert [(item.part, item.no, item.cell, item.cells) for item in rows(table)] == [
        ("2031", 1, 1, 1), ("2031", 2, 1, 2), ("2031", 2, 2, 2), ("2030", 2, 1, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "text", "horizon"),
    [
        ("灯台を直す。（短期・中期）", "灯台を直す。", ("短期", "中期")),
        ("灯台を直す（長期）。", "灯台を直す。", ("長期",)),
        ("灯台を直す。（短期）【再掲】", "灯台を直す。", ("短期",)),
        ("（短期）の灯台を直す。", "（短期）の灯台を直す。", ()),
    ],
)
def test_a_horizon_ends_a_text(printed, text, horizon):
    found = rows(Table([row("1", printed, ministries=["内閣府"])], []))[0]
    assert (found.text, found.horizon, found.doubts) == (text, horizon, ("no horizon",) * (not horizon))


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("2031重点事項　工程表4～6に記載", (4, 5, 6)),
        ("「工程表１２」に記載", (12,)),
        ("工程表3に記載。工程表5に記載", (3, 5)),
        ("工程表1-900に記載", (1,)),
        ("工程表を作る", ()),
        ("4に記載", ()),
    ],
)
def test_year_cells_say_which_items_a_row_goes_on_as(cell, items):
    assert rows(Table([row("1", "一", years=[("2032", cell)])], []))[0].carried_to == items
    assert rows(Table([row("1", "一", years=[("", cell)])], []))[0].carried_to == items


def test_a_repeated_row_leads_to_the_row_it_repeats_and_is_carried_nowhere():
    years = [("2031", "２に記載"), ("2032", "工程表3に記載")]
    found = rows(Table([row("再掲", "一（短期）", ministries=["内閣府"], years=years)], []))[0]
    assert (found.no, found.repeats, found.carried_to, found.doubts) == (None, 2, (), ())


def test_year_cells_stand_under_their_years():
    years = [("2032", "続ける"), ("2031", "始める"), ("2032", "終える"), ("", "いつか")]
    assert rows(Table([row("1", "一", years=years)], []))[0].years == {"2031": "始める", "2032": "続ける\n終える"}


def test_what_a_row_lacks_is_doubted_after_what_the_table_doubts():
    found = rows(Table([row("", "一", doubts=["smudged", "smudged"])], []))[0]
    assert found.doubts == (
        "smudged", "no horizon", "no number found for this text", "no ministries found for this text",
    )  # fmt: skip


def test_a_line_of_several_cells_has_the_role_of_the_first_in_rank():
    cells = [(1, "year"), (1, "ministry"), (2, "head"), (3, "title"), (3, "text"), (4, "number"), (5, "unknown")]
    first = row("1", "一", lines=[3], ministry_lines=[1], other_lines=[4, 5])
    second = row("1", "二", other_lines=[4])
    assert roles(Table([first, second], cells)) == {
        1: ("attribution", 0), 2: ("furniture", None), 3: ("measure", 0), 4: ("heading", 0), 5: ("unknown", None),
    }  # fmt: skip


# --- tables as lines with tabs


def test_rows_with_tabs_are_read_by_the_columns_of_the_head():
    read = of_tabs(PART, "①灯台", HEAD, "1\t灯台を直す。（短期）\t内閣府、総務省\t調べる\t直す")
    assert [(item.no, item.text, item.ministries, item.years, item.group) for item in read.rows] == [
        (1, "灯台を直す。", ("内閣府", "総務省"), {"2031": "調べる", "2032": "直す"}, "①灯台"),
    ]  # fmt: skip
    assert [name for name, _ in read.roles.values()] == ["heading", "heading", "furniture", "measure"]


def test_a_head_of_several_lines_names_all_columns():
    read = of_tabs(PART, "番号\t施策内容\t担当府省\t短期", "\t\t\t2031年度", "1\t灯台を直す。（短期）\t内閣府\t調べる")
    assert read.rows[0].years == {"2031": "調べる"}
    assert read.rows[0].ministries == ("内閣府",)


def test_a_head_holds_until_the_next():
    read = of_tabs(
        PART, HEAD, "1\t灯台を直す。（短期）\t内閣府\t\t", "施策内容\t番号\t担当府省", "鏡を磨く。（短期）\t2\t総務省"
    )
    assert [(item.no, item.text) for item in read.rows] == [(1, "灯台を直す。"), (2, "鏡を磨く。")]


def test_headings_and_columns_end_with_their_part():
    read = of_tabs(
        PART, "１．灯台を直す", HEAD, "1\t灯台を直す。（短期）\t内閣府\t\t", "②鏡", "2\t鏡を磨く。（短期）\t内閣府\t\t",
        "２．岬", "3\t岬を照らす。（短期）\t内閣府\t\t",
        "工程表「灯台推進計画２０３０」重点事項", "1\t古い灯台を直す。（短期）\t内閣府\t\t",
        HEAD, "2\t古い鏡を磨く。（短期）\t内閣府\t\t",
    )  # fmt: skip
    assert [(item.part, item.no, item.group) for item in read.rows] == [
        ("2031", 1, "１．灯台を直す"), ("2031", 2, "②鏡"), ("2031", 3, "２．岬"), ("2030", 2, ""),
    ]  # fmt: skip
    assert read.roles[10] == ("unknown", None)


def test_a_ministry_in_two_lines_of_a_row_is_named_once():
    read = of_tabs(PART, HEAD, "1\t灯台を直す。（短期）\t内閣府、総務省\t\t", "\t\t内閣府\t直す\t")
    assert (read.rows[0].ministries, read.rows[0].ministry_lines) == (("内閣府", "総務省"), (3, 4))


def test_what_no_column_holds_is_unknown():
    read = of_tabs(
        "灯台の計画", PART, HEAD, "1\t灯台を直す。（短期）\t内閣府\t\t", "ひとりごと", "\t\t\t\t\t欄の外", "\t\t\t直す"
    )
    roles = ["heading", "heading", "furniture", "measure", "unknown", "unknown", "roadmap"]
    assert [name for name, _ in read.roles.values()] == roles


def test_an_empty_cell_goes_on_with_the_one_above():
    read = of_tabs(
        PART,
        TITLED_HEAD,
        "1\t灯り\t灯台を直す。（短期）\t内閣府\t調べる",
        "\t\t\t総務省\t直す",
        "\t\t鏡を磨く。（中期）\t外務省\t",
    )
    assert [(item.no, item.cell, item.title, item.ministries) for item in read.rows] == [
        (1, 1, "灯り", ("内閣府", "総務省")), (1, 2, "灯り", ("外務省",)),
    ]  # fmt: skip
    assert read.rows[0].years == {"2031": "調べる\n直す"}
    assert read.roles[4] == ("attribution", 0)


def test_a_text_that_a_page_parted_is_one_text():
    read = of_tabs(PART, HEAD, "1\t灯台を直し、岬の\t内閣府\t\t", HEAD, "\t道を照らす。（短期）\t総務省\t\t")
    assert [(item.text, item.ministries, item.lines) for item in read.rows] == [
        ("灯台を直し、岬の道を照らす。", ("内閣府", "総務省"), (3, 5)),
    ]  # fmt: skip


def test_names_without_a_separator_are_told_apart_by_the_register():
    read = of_tabs(PART, HEAD, "1\t灯台を直す。（短期）\t内閣府総務省 某省\t\t")
    assert read.rows[0].ministries == ("内閣府", "総務省", "某省")


def test_lines_without_the_columns_of_a_roadmap_are_no_table():
    assert tabbed.is_table([(1, HEAD)])
    assert not tabbed.is_table([(1, "番号\t2031年度"), (2, "施策内容 担当府省")])


# --- tables that need a converter


def shuffled() -> list[str]:
    return (MINI / "roadmap.txt").read_text(encoding="utf-8").split("\n")


def test_the_converter_is_that_of_the_checkout_whatever_workspace_is_worked_on(tmp_path, monkeypatch):
    monkeypatch.setenv("IP_PLAN_ROOT", str(tmp_path))
    assert paths.converters() == Path(roadmap.__file__).parents[3] / "data/converters"
    assert converter.load() is not None


def test_without_the_converter_the_roadmap_is_left_out_with_one_warning(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "converters", lambda: tmp_path / "nowhere")
    monkeypatch.delitem(sys.modules, converter.NAME, raising=False)
    lines = shuffled()
    with pytest.warns(UserWarning, match="data/converters") as warned:
        read = roadmap.analyse(list(enumerate(lines, 1)), [])
    assert len(warned) == 1
    assert read.rows == []
    assert read.roles == {n: ("unknown", None) for n, line in enumerate(lines, 1) if line.strip()}


def test_without_the_converter_the_body_of_the_plan_is_read_as_with_it(tmp_path, monkeypatch):
    lines = (MINI / "pdf_text_plan.txt").read_text(encoding="utf-8").split("\n") + shuffled()
    whole = parse("pdf_text_plan", of_text(lines)).measures
    monkeypatch.setattr(paths, "converters", lambda: tmp_path)
    monkeypatch.delitem(sys.modules, converter.NAME, raising=False)
    with pytest.warns(UserWarning, match="data/converters"):
        body = parse("pdf_text_plan", of_text(lines)).measures
    assert 0 < len(body) < len(whole)
    assert body == whole[: len(body)]
