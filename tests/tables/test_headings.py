"""Headings in English: found whatever the mark before them, and only where somebody put them into English."""

import polars as pl
import pytest

from analysis.base.errors import TableFaulty
from analysis.tables import headings, store

HEAD = "heading,heading_en,named_by\n"


@pytest.fixture
def kept(curated):
    (curated / headings.FILE).write_text(
        HEAD + "陶片の収集,Collecting shards,A. Sato\n"
        "窯元の支援,Support for kilns,A. Sato\n窯の支援,Support for kilns,A. Sato\n",
        encoding="utf-8",
    )


@pytest.mark.parametrize(
    ("title", "english"),
    [
        ("陶片の収集", "Collecting shards"),
        ("①陶片の収集", "① Collecting shards"),
        ("３．陶片の収集", "3. Collecting shards"),
        ("（2） 陶片 の収集", "(2) Collecting shards"),
        ("④-2 陶片の収集", "④-2 Collecting shards"),
        ("4①- (イ) 陶片の収集", "4①- (イ) Collecting shards"),
        ("○ 陶片の収集", "○ Collecting shards"),
        ("＜陶片の収集＞", "Collecting shards"),
        ("（陶片の収集）", "Collecting shards"),
        ("各地の取組 / ② 窯元の支援", "各地の取組 / ② Support for kilns"),
        ("磁片の収集", "磁片の収集"),
        ("", ""),
    ],
)
def test_a_heading_is_known_whatever_its_mark_and_keeps_it(kept, title, english):
    assert headings.label(title, "en") == english
    assert headings.label(title, "ja") == title


def test_a_section_has_its_code_and_title_once(kept):
    assert headings.section_label("III-1", "①陶片の収集", "en") == "III-1  ① Collecting shards"
    assert (
        headings.section_label("①陶片の収集", "①陶片の収集", "ja") == "①陶片の収集"
    )  # a summary's code is its heading
    assert headings.section_label("(1) 窯元の支援 ○陶片の収集", "○陶片の収集", "en") == (
        "(1) Support for kilns  ○ Collecting shards"
    )


def test_sections_that_are_alike_in_english_stand_in_japanese(kept):
    sections = [("窯元の支援", "窯元の支援"), ("窯の支援", "窯の支援"), ("1", "陶片の収集")]
    names = list(headings.section_labels(iter(sections), "en").values())
    assert names == ["窯元の支援", "窯の支援", "1  Collecting shards"]


def test_what_nobody_put_into_english_is_listed_once_in_the_order_of_the_document(kept):
    rows = [
        ("body", "III-1-(1)", "①陶片の収集", None),
        ("body", "III-1-(2)", "②磁片の収集", "各地の取組 / 窯元の…"),  # too little is left of the last
        ("body", "III-1-(2)", "②磁片の収集", "窯元の支援"),
        ("summary", "(1) 市場の開拓 ○陶片の収集", "○陶片の収集", None),
        ("2017", "工程表2017", "磁片の収集", None),
    ]
    measures = pl.DataFrame(rows, schema=["part", "section", "section_title", "subhead"], orient="row")
    assert headings.missing(measures) == ["②磁片の収集", "各地の取組", "(1) 市場の開拓", "磁片の収集"]


def test_without_the_file_headings_stand_in_japanese(curated):
    assert headings.label("陶片の収集", "en") == "陶片の収集"


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("陶片の収集,,A\n", "heading_en"),
        ("陶片の収集,Collecting shards,\n", "named_by"),
        (f"陶片の収集,{'x' * 91},A\n", "heading_en"),
        ("陶片の収集,Shards,A\n① 陶片の 収集,Shards,A\n", "there twice"),
    ],
)
def test_a_faulty_row_is_named(curated, rows, fault):
    (curated / headings.FILE).write_text(HEAD + rows, encoding="utf-8")
    with pytest.raises(TableFaulty, match=rf"headings\.csv, line [23]: .*{fault}"):
        headings.label("陶片の収集", "en")


def test_all_headings_of_the_documents_at_hand_are_in_english():
    assert headings.missing(store.read("measures")) == []
