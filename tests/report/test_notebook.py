"""What notebooks show: rows and tooltips in words, and outputs short enough for git that still hold each fact."""

import re

import polars as pl
import pytest
from conftest import REPO

from analysis.report import notebook, page_order, words
from analysis.report.data import ReportData, Tables
from analysis.report.exhibit import Link, Rows
from analysis.report.notebook import Page, Table, in_words

HEADING = {"measure_id": ["2031-1"], "section": ["1"], "section_title": ["灯台"], "subhead": ["光源"]}
TABLES = {
    "measures": pl.DataFrame(HEADING),
    "topics": pl.DataFrame({"topic_id": ["sea"], "name_en": ["The sea"], "name_ja": ["海"]}),
}


def shown(rows: Rows) -> str:
    return Table(rows)._repr_html_()


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setenv(notebook.LENGTH, "short")


def test_rows_are_escaped_and_folded_where_long():
    html = shown(Rows(["<b>", "n"], [["<i>", 0.5], [None, ["a", "b"]]], []))
    assert "&lt;b&gt;" in html
    assert ">&lt;i&gt;</td><td>0.5</td>" in html
    assert ">–</td>" in html
    assert ">a, b</td>" in html
    assert "<details>" not in html
    assert "<details>" in shown(Rows(["n"], [[n] for n in range(99)], []))
    assert shown(Rows(["n"], [["a"], ["b"]], [], [("first", 1), ("second", 1)])).count("<details>") == 2


def test_many_names_of_a_cell_are_folded():
    keys = [f"2031-{n}" for n in range(9)]
    assert "2031-0, 2031-1, 2031-2 … +6</summary>2031-3, " in shown(Rows(["which"], [[keys]], []))
    assert "2031-3, " in shown(Rows(["which"], [[[Link(key, "") for key in keys]]], []))
    assert "nowrap" in shown(Rows(["which"], [["2031-0001b"]], []))


def test_what_reads_as_a_number_stands_to_the_right():
    html = shown(Rows(["a"], [["12%"], ["−0.3"], ["12 months"]], []))
    assert "<td>12%</td>" in html
    assert "<td>−0.3</td>" in html
    assert "<td>12 months" not in html


def test_a_short_output_has_the_first_rows_and_a_checksum_of_all(short):
    rows = [[f"name {n}", n] for n in range(99)]
    html = shown(Rows(["name", "n"], rows, []))
    assert "name 0" in html
    assert "name 50" not in html
    assert "99 rows in all" in html
    rows[50][1] = 51
    assert shown(Rows(["name", "n"], rows, [])) != html  # what is not shown is still compared


def test_a_short_output_of_few_rows_hides_no_changed_identifier(short):
    one, other = ([[f"2031-{n}" for n in range(8)] + [last]] for last in ("2031-8", "2031-9"))
    assert "2031-8" not in shown(Rows(["which"], [one], []))
    assert shown(Rows(["which"], [one], [])) != shown(Rows(["which"], [other], []))
    assert "checksum" not in shown(Rows(["n"], [["a"], ["b"]], []))


def test_a_short_output_says_what_a_chart_and_a_page_say(short):
    spec = {"mark": "bar", "datasets": {"a": [{"x": 1}]}, "description": "Bars: 1. " * 99}
    (bundle,) = notebook.chart_bundle(spec, "en").items()
    assert bundle[0] == "text/plain"
    assert bundle[1].startswith("Bars: 1.")
    assert len(bundle[1]) <= notebook.SAID + 2
    assert Page("<p>whole</p>", "words")._repr_html_() is None
    assert repr(Page("<p>whole</p>", "words")) == "words"


def test_whole_outputs_hold_charts_and_pages():
    bundle = notebook.chart_bundle({"mark": "bar", "description": "Bars"}, "en")
    assert bundle["text/plain"] == "Bars"
    assert len(bundle) == 2
    assert Page("<p>whole</p>", "words")._repr_html_() == "<p>whole</p>"


def test_sentences_are_prose_and_mark_nothing_up(monkeypatch):
    bundles = []
    monkeypatch.setattr(notebook, "_display", bundles.append)
    notebook.say("a_b* costs $5.", "Second.")
    notebook.say()
    assert bundles == [{"text/markdown": "a\\_b\\* costs \\$5.\n\nSecond."}]


@pytest.mark.parametrize(("language", "cells"), [
    ("en", ["2031-1 灯台 / 光源", "The sea", "40%", "full plan", "no horizon", "2017 (roadmap)"]),
    ("ja", ["2031-1 灯台 / 光源", "海", "40%", "計画本体", "時期の記載なし", "2017（工程表）"]),
])  # fmt: skip
def test_any_table_is_shown_in_words(language, cells):
    frame = pl.DataFrame({
        "measure_id": ["2031-1"], "topic_id": ["sea"], "share": [0.4], "kind": ["full"], "doubts": [["no horizon"]],
        "edition_id": ["R2017"],
    })  # fmt: skip
    table = in_words(frame, TABLES, language, kind="document_kind").rows
    assert [", ".join(cell) if isinstance(cell, list) else cell for cell in table.rows[0]] == cells
    assert not any("_" in head for head in table.heads)
    assert language == "en" or not any(re.search("[a-z]", head) for head in table.heads)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_heads_and_tooltips_are_words_in_both_languages(language):
    for column in (
        *words.HEADS,
        "topic",
        "ministries",
        "section",
        "confidence",
        "doubts",
        "measures",
        "status",
        "lines",
    ):
        said = words.head(column, language)
        assert "_" not in said
        assert language == "en" or said == "F1" or not re.search("[a-z]{2}", said), column
    data = ReportData(2026, 2019, language, Tables())
    made = [*page_order.on_page(data), *(one for make in page_order.NOTEBOOKS_ONLY if (one := make(data)))]
    entries = [
        entry for one in made if one.chart for entry in tooltips(words.with_tooltips(one.chart.to_dict(), language))
    ]
    assert len(entries) > 30
    for entry in entries:
        assert "title" in entry
        assert "_" not in entry["title"]
        assert language == "en" or not re.search("[a-z]{3}", entry["title"]), entry
        assert entry["type"] != "quantitative" or "format" in entry


def tooltips(spec: object) -> list[dict]:
    if isinstance(spec, list):
        return [entry for part in spec for entry in tooltips(part)]
    if not isinstance(spec, dict):
        return []
    own = spec.get("tooltip", [])
    own = [entry for entry in (own if isinstance(own, list) else [own]) if isinstance(entry, dict) and "field" in entry]
    return own + [
        entry for name, part in spec.items() if name not in ("tooltip", "datasets") for entry in tooltips(part)
    ]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_exhibit_of_a_notebook_answers_in_a_sentence(language):
    data = ReportData(2026, 2019, language, Tables())
    made = [*page_order.on_page(data), *(one for make in page_order.NOTEBOOKS_ONLY if (one := make(data)))]
    silent = {one.name for one in made if not one.sentences and not one.findings}
    assert silent <= {"map"}  # for looking only
    assert (REPO / "notebooks/conftest.py").read_text(encoding="utf-8").count("short")
