"""What is odd in one row never refuses the rest: the row is cut or left out, doubted, and listed with its lines."""

from pathlib import Path

import pytest

from analysis.base.errors import DocumentFaulty
from analysis.base.japanese import left_out
from analysis.workspace import add_edition
from analysis.workspace.add_edition import NewDocument, Wanted

HEAD = "III. 灯り\n\n1. 灯台\n\n(施策の方向性)\n\n"
BEFORE = "・ 港を掘る。\n\n(長期)(国土交通省)\n\n"
BEHIND = "\n\n・ 波止場を守る。\n\n(短期)(環境省)\n"
CLOSED = "(短期)(総務省)"
MANY, MORE = ("、".join(f"灯台{n}省" for n in range(count)) for count in (5_000, 1_500))
ROWS = {  # what stands between two measures, and the doubt about it
    "a number without an end": ("・ 灯台を" + "9" * 5_000 + "件にする。", "not read as a number: 9999"),
    "a number in kanji without an end": ("・ 灯台を" + "一" * 5_000 + "件にする。", "not read as a number: 一一"),
    "a year of five digits": ("・ 灯台を99999年度までに直す。", "not read as a number: 99999年"),
    "100,000 characters": ("・ " + "灯台を直す。" * 17_000, "too long: 94011 characters"),
    "a measure of many lines": ("・ " + "灯台を直し、\n\n" * 3_000, "too long: 10000 characters"),
    "5,000 ministries": (f"・ 灯台を直す。(短期)({MANY})", "more ministries are unknown"),
    "1,500 ministries": (f"・ 灯台を直す。(短期)({MORE})", "of which the first 100 are kept"),
    "brackets in brackets": ("・ 灯台" + "(" * 15_000 + "灯" + ")" * 15_000 + "を直す。", "too long: 22"),
    "ligatures that are sentences": ("・ " + "\ufdfa" * 50_000 + "を直す。", "too long"),
}


def added(folder: Path, text: str) -> NewDocument:
    file = folder / "plan.txt"
    file.write_text(text, encoding="utf-8", newline="")
    return add_edition.read(file, Wanted(2031))


@pytest.mark.parametrize("name", ROWS)
def test_an_odd_row_is_doubted_and_the_others_stay(name, tmp_path):
    row, doubt = ROWS[name]
    new = added(tmp_path, HEAD + BEFORE + row + CLOSED * row.endswith(("。", "\n")) + BEHIND)
    measures = new.rows["measures"]
    texts = new.rows["texts"]["text"].to_list()
    assert (texts[0], texts[-1]) == ("港を掘る。", "波止場を守る。")
    assert measures["ministries"].to_list()[::2] == [["国土交通省"], ["環境省"]]
    assert measures.height == 3
    assert max(map(len, texts)) <= 10_000
    assert max(measures["ministries"].list.len()) <= 100
    assert any(doubt in one for one in measures["doubts"][1]), measures["doubts"][1].to_list()
    assert measures["doubts"][0].to_list() == measures["doubts"][2].to_list() == []
    line = measures["first_line"][1]
    assert any(f"  lines {line}-" in said and doubt in said for said in add_edition.summary(new))


def test_a_long_row_keeps_its_end_and_is_listed(tmp_path):
    new = added(tmp_path, HEAD + BEFORE + ROWS["100,000 characters"][0] + CLOSED + BEHIND)
    assert new.rows["measures"]["ministries"][1].to_list() == ["総務省"]
    assert new.rows["measures"]["horizon"][1].to_list() == ["短期"]
    text = new.rows["texts"]["text"][1]
    assert text.startswith("灯台を直す。")
    assert text.endswith("灯台を直す。")
    assert left_out(text) == 94_011
    said = add_edition.summary(new)
    at = said.index("cut, since no line or measure is so long: 2")
    assert said[at + 1 : at + 3] == [
        "  line 11: 94011 characters left out",
        "  2031-0011  lines 11-11: 94011 characters of its text left out",
    ]


@pytest.mark.parametrize("text", [HEAD, "灯台の話。\n" * 9, "・\n" * 99, "1. 灯台\n\n" * 99, "(" * 9_999])
def test_without_a_single_measure_it_is_said_why(text, tmp_path):
    new = added(tmp_path, text)
    with pytest.raises(
        DocumentFaulty, match=r"no measure is read in the \d+ lines? of \S+plan.txt: .* takes its paragraphs for"
    ):
        add_edition.refuse_without_measures(new)


def test_a_document_with_measures_is_not_refused(tmp_path):
    add_edition.refuse_without_measures(added(tmp_path, HEAD + BEFORE + BEHIND))


def test_a_character_that_is_none_costs_its_line_nothing(tmp_path):
    new = added(tmp_path, HEAD + BEFORE + "・ 灯\x00台を\ufffc直す。(短期)(総務省)" + BEHIND)
    assert new.rows["texts"]["text"][1] == "灯台を直す。"
