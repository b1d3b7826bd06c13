"""An edited profile changes what is read as its fields say; one that says nonsense is one clear line."""

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.base.errors import TableFaulty
from analysis.extraction.parsers import profile as profiles
from analysis.workspace import add_edition

PLAN = """灯台推進計画

第1章　灯り

第1節　灯台

＜見立て＞

○ 灯台を直すことが国土交通省と話し合われた。

＜やること＞

○ 灯台を直す。（国土交通省）（令和9年度末まで）

◇ 図面を作る。（文化庁）（2028年度まで）

＜ものさし＞

○ 灯台の数は、2030年度に120基を目指す。

第2節　港

＜見立て＞

○ 港を掘る必要がある。

＜やること＞

○ 港を掘る。（農林水産省）（短期）

○ 波止場を守る。

＜ものさし＞

○ 港の数は、2030年度に30か所を目指す。
"""
HEAD = 'parser = "any plan"\nstyle = "whole, arrows as they are"\n'
FULL = """measures = ["やること"]
background = ["見立て"]
indicators = ["ものさし"]
levels = ["chapter", "section"]
items = ["○", "◇"]
"""


def read(folder: Path, profile: str, plan: str = PLAN) -> add_edition.NewDocument:
    (folder / "plan.txt").write_text(plan, encoding="utf-8")
    (folder / "layout.toml").write_text(HEAD + profile, encoding="utf-8")
    return add_edition.read(folder / "plan.txt", add_edition.Wanted(2031, profile=folder / "layout.toml"))


def texts(new: add_edition.NewDocument) -> list[str]:
    return new.rows["texts"]["text"].to_list()


def test_what_the_profile_says_is_read(tmp_path):
    new = read(tmp_path, FULL)
    assert texts(new) == ["灯台を直す。", "図面を作る。", "港を掘る。", "波止場を守る。"]
    measures = new.rows["measures"]
    assert measures["ministries"].to_list() == [["国土交通省"], ["文化庁"], ["農林水産省"], []]
    assert measures["deadline"].to_list() == ["令和9年度末まで", "2028年度まで", None, None]
    assert measures["section"].to_list() == ["第1章-第1節"] * 2 + ["第1章-第2節"] * 2
    roles = [paragraph.role for paragraph in new.guess.reading.paragraphs]
    assert (roles.count("kpi"), roles.count("background")) == (2, 2)


def edited(old: str, new: str) -> str:
    assert old in FULL
    return FULL.replace(old, new)


def test_a_head_of_measures_announces_them(tmp_path):
    swapped = edited('"やること"', '"ものさし"').replace('indicators = ["ものさし"]', 'indicators = ["やること"]')
    assert texts(read(tmp_path, swapped)) == [
        "灯台の数は、2030年度に120基を目指す。",
        "港の数は、2030年度に30か所を目指す。",
    ]


def test_heads_of_background_and_indicators_say_what_stands_below(tmp_path):
    moved = edited('background = ["見立て"]', 'background = ["見立て", "ものさし"]').replace(
        'indicators = ["ものさし"]', ""
    )
    roles = [paragraph.role for paragraph in read(tmp_path, moved).guess.reading.paragraphs]
    assert (roles.count("kpi"), roles.count("background")) == (0, 4)
    # without them what stands there is a heading like any other, and belongs to the measures' part
    assert "灯台の数は、2030年度に120基を目指す。" in texts(read(tmp_path, edited('indicators = ["ものさし"]', "")))


def test_heads_are_compared_without_their_brackets_numbers_and_marks(tmp_path):
    usual = texts(read(tmp_path, FULL))
    for head in ("■ やること", "【やること】", "(3) やること", "３．やること"):
        assert texts(read(tmp_path, FULL, PLAN.replace("＜やること＞", head))) == usual
    assert texts(read(tmp_path, edited('"やること"', '"【やること】"'))) == usual


def test_levels_say_what_sections_are(tmp_path):
    new = read(tmp_path, edited('"chapter", "section"', '"chapter"'))
    assert new.rows["measures"]["section"].to_list() == ["第1章"] * 4
    new = read(tmp_path, edited('"chapter", "section"', '"section"'))
    assert new.rows["measures"]["section"].to_list() == ["第1節"] * 2 + ["第2節"] * 2


def test_items_say_what_measures_begin_with(tmp_path):
    # ◇ begins none any more: what it begins belongs to the measure above, unless that is closed
    open_plan = PLAN.replace("灯台を直す。（国土交通省）（令和9年度末まで）", "次の取組により灯台を直す。")
    assert texts(read(tmp_path, FULL, open_plan))[:2] != texts(read(tmp_path, edited(', "◇"', ""), open_plan))[:2]
    assert texts(read(tmp_path, edited(', "◇"', ""), open_plan))[0] == "次の取組により灯台を直す。図面を作る。"


def test_bodies_stand_behind_a_title_where_the_profile_says_so(tmp_path):
    plan = PLAN.replace("○ 港を掘る。（農林水産省）（短期）", "○ 港（農林水産省）（短期）\n\n港を掘り、石を運ぶ。")
    assert "港 港を掘り、石を運ぶ。" in texts(read(tmp_path, FULL + 'closing = "title"\n', plan))
    behind = texts(read(tmp_path, FULL + 'closing = "behind"\n', plan))
    assert "港" in behind
    assert "港港を掘り、石を運ぶ。" not in behind


def test_columns_are_named(tmp_path):
    things = ["灯台", "港", "川", "橋"]
    rows = "".join(f"{thing}\t{thing}を直す。\t国土交通省\t令和8年度\n" for thing in things)
    plan = f"灯台推進計画\n\n第1章　灯り\n\nやくわり\tなかみ\tうけもち\tころあい\n{rows}"
    levels = 'levels = ["chapter"]\n'
    assert texts(read(tmp_path, levels, plan)) == []
    columns = 'names = ["やくわり"]\ncontents = ["なかみ"]\nbodies = ["うけもち"]\ntimes = ["ころあい"]\n'
    new = read(tmp_path, levels + columns, plan)
    assert texts(new) == [f"{thing} {thing}を直す。" for thing in things]
    assert new.rows["measures"]["ministries"].to_list() == [["国土交通省"]] * 4
    assert new.rows["measures"]["deadline"].to_list() == ["令和8年度"] * 4


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("colour = 3", "has the unknown key colour"),
        (f"measures = {['やること'] * 201}", "measures must hold no more than 200"),
        (f"levels = {['chapter'] * 201}", "levels must hold no more than 200"),
        (f"measures = ['{'や' * 101}']", "measures.0 must be no longer than 100 characters"),
        (f"heading_length = {10**30}", "heading_length is too large a number"),
        ('measures = "やること"', "measures must be a list"),
        ("measures = [1]", "measures.0 must be text"),
        ('measures = [""]', "measures.0 must hold a word"),
        ('background = ["＜＞"]', "background.0 must hold a word"),
        ('wrapped = "yes"', "wrapped must be true or false"),
        ('heading_length = "60"', "heading_length must be a whole number"),
        ("heading_length = 0", "heading_length must be at least 1"),
        ('closing = "above"', "closing must be 'behind', 'title' or 'named'"),
        ('levels = ["第1章"]', "levels.0 '第1章' is no kind of number: it must be one of"),
        ('levels = ["chapter", "nonsense"]', "levels.1 'nonsense' is no kind of number"),
        ('levels = [""]', "levels.0 '' is no kind of number"),
        ('levels = ["decimal 9"]', "levels.0 'decimal 9' is no kind of number"),
        ('items = ["nonsense"]', "items.0 'nonsense' is no kind of number"),
        ('items = ["灯"]', "items.0 '灯' is no kind of number"),
        ('items = ["○○"]', "items.0 '○○' is no kind of number"),
    ],
)
def test_nonsense_is_one_line_that_names_the_field(tmp_path, line, fault):
    with pytest.raises(TableFaulty) as caught:
        read(tmp_path, line)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'layout.toml'}, entry 1: ")
    assert fault in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "lacks parser"),
        ('parser = "plan"', "lacks style"),
        ('parser = "novel"\nstyle = "whole"', "parser must be 'plan'"),
        ('parser = "plan"\nstyle = "loose"', "style must be 'wrapped'"),
        ("parser =", "cannot be read (not valid TOML"),
    ],
)
def test_a_file_that_is_no_profile_is_one_line(tmp_path, text, fault):
    file = tmp_path / "layout.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(TableFaulty) as caught:
        profiles.read(file)
    assert fault in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(TableFaulty):
        profiles.read(tmp_path / "none.toml")


@pytest.mark.parametrize("kinds", [("○", "–", "*", "〇", "•", "∙"), ("", "arabic"), ("decimal 3", "施策 2", "circled")])
def test_what_a_profile_can_say_is_written_and_read_again(tmp_path, kinds):
    usual = profiles.layout("markdown_plan")
    profile = replace(usual, items=kinds, levels=("chapter", "decimal 2", "roman"), times=('"ころ"',), heading_length=9)
    file = tmp_path / "layout.toml"
    file.write_text(profiles.as_toml(profile, "灯台推進計画"), encoding="utf-8")
    assert profiles.read(file) == profile


def test_every_layout_that_is_kept_is_written_and_read_again(tmp_path):
    kept = profiles.layouts()
    assert len(kept) >= 5
    for name, profile in kept.items():
        file = tmp_path / f"{name}.toml"
        file.write_text(profiles.as_toml(profile), encoding="utf-8")
        assert profiles.read(file) == profile
