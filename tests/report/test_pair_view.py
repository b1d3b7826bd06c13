"""Pairs side by side: every text comes through whole and harmless, and the evidence is said in words."""

import re
from html import unescape

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.base.i18n import LANGUAGES
from analysis.report import pair_view
from analysis.tables import store

HOSTILE = "<script>alert(\"1\")</script><img src=x onerror='alert(2)'>&amp;</del>"
ONE, TWO = "灯台の明かりを新しい光源に取り替える。", "灯台の明かりを太陽電池による光源に取り替える。"
CANDIDATE = {
    "from_id": "2030-0001", "to_id": "2031-0001", "score": 0.5, "same_score": 0.25, "wording": 0.42, "words": 0.31,
    "overlap": 0.6, "lead": 1.0, "name": 0.7, "subject": 0.9, "ministry": 1.0, "ministry_rarity": 0.33, "section": 0.2,
    "topic": 1.0, "length": 0.5,
}  # fmt: skip
LINK = {
    "from_id": "2030-0001", "to_id": "2031-0001", "from_edition": "2030", "to_edition": "2031", "relation": "same",
    "score": 0.5, "same_score": 0.25, "basis": "likeness", "shared_names": ["灯台守"],
    "shared_subjects": ["lamps"], "shared_ministries": ["経済産業省"], "renamed": ["灯台局→灯台庁"],
    "changed": ["wording", "ministries"],
}  # fmt: skip


def plain(html: str) -> str:
    return unescape(re.sub(r"</?(?:ins|del)>", "", html))


def unmarked(html: str) -> str:
    return unescape(re.sub(r"<(ins|del)>.*?</\1>", "", html, flags=re.DOTALL))


@given(st.text(alphabet="灯台の明<>&\"' /a1\n"), st.text(alphabet="灯台の明<>&\"' /a1\n"))
@settings(deadline=None)
def test_marked_texts_are_the_texts_and_share_what_is_not_marked(one, two):
    left, right = pair_view.marked(one, two)
    assert (plain(left), plain(right)) == (one, two)
    assert unmarked(left) == unmarked(right)
    assert set(re.findall(r"<[^>]*>", left)) <= {"<del>", "</del>"}
    assert set(re.findall(r"<[^>]*>", right)) <= {"<ins>", "</ins>"}


def test_differences_are_marked_and_chance_is_not():
    assert pair_view.marked(ONE, ONE) == (ONE, ONE)
    left, right = pair_view.marked(ONE, TWO)
    assert left == "灯台の明かりを<del>新しい</del>光源に取り替える。"
    assert right == "灯台の明かりを<ins>太陽電池による</ins>光源に取り替える。"
    # の alone stands in both by chance
    assert pair_view.marked("虹の橋", "港の市") == ("<del>虹の橋</del>", "<ins>港の市</ins>")
    assert pair_view.marked("2024年度の港", "2025年度の港")[0] == "<del>2024</del>年度の港"


def found(texts: list[str] | None = None, heading: str = "航路", **link: object) -> dict[str, pl.DataFrame]:
    """Two fictitious measures with a candidate and a link; with `texts` they are at hand."""
    keys = ["2030-0001", "2031-0001"]
    measures = pl.DataFrame(
        {
            "measure_id": keys, "doc_id": ["ip2030", "ip2031"], "edition": [2030, 2031], "part": ["body", "body"],
            "section": ["I-1", "I-1"], "section_title": [heading, heading], "subhead": [None, heading],
            "first_line": [1, 1], "last_line": [2, 2], "ministries": [["経済産業省"], ["経済産業省", "外務省"]],
        }
    )  # fmt: skip
    named = pl.DataFrame(
        {"measure_id": keys, "names": [["灯台守", heading], ["灯台守", "港湾"]], "terms": [["灯"], ["港"]]}
    )
    result = {
        "measures": measures,
        "features": named,
        "assignments": pl.DataFrame({"measure_id": keys, "topic_id": ["a", "a"]}),
        "topics": pl.DataFrame({"topic_id": ["a"], "name_en": ["Lamps"], "name_ja": ["灯"]}),
        "candidates": pl.DataFrame([CANDIDATE]),
        "links": pl.DataFrame([LINK | link]),
    }
    if texts:
        rows = {"measure_id": keys, "text": texts, "repaired": [None, None]}
        result["texts"] = pl.DataFrame(rows, schema_overrides={"repaired": pl.String})
    return result


@pytest.mark.parametrize("language", LANGUAGES)
def test_evidence_is_said_in_words(language):
    rows = dict(pair_view.evidence_rows(CANDIDATE, LINK, language))
    said = list(rows.values())
    assert len(rows) == 19
    assert said[:2] == ["0.50", "0.25"]
    assert {"0.42", "0.31", "0.60", "1.00", "0.70", "0.90", "0.20", "lamps", "灯台守", "灯台局→灯台庁"} <= set(said)
    assert ("Economy, Trade and Industry" in said) == (language == "en")


def test_what_readers_found_is_said_with_a_reason():
    reading = {"first": "same", "second": "related", "relation": "successor", "why": "another body runs it"}
    rows = dict(pair_view.evidence_rows(CANDIDATE, LINK, "en", reading))
    assert rows["first coder; second coder; what holds"] == "same; same subject only; successor"
    assert rows["a coder's reason"] == "another body runs it"
    assert rows["changed since"] == "wording, ministries"
    assert len(rows) == 21


def test_evidence_of_what_is_not_linked_or_rests_on_a_document_alone():
    alone = dict(pair_view.evidence_rows(CANDIDATE | {"ministry": 0.5, "ministry_rarity": 0.25}, None, "en"))
    assert alone["relation"] == "not linked"
    assert alone["a ministry in charge of both"].startswith("unknown")
    assert "rests on" not in alone
    told = dict(pair_view.evidence_rows(None, LINK | {"basis": "reference", "score": 1.0, "renamed": []}, "en"))
    assert told["probability that the pair is linked"] == "1.00"
    assert told["renamed meanwhile"] == "none"
    assert dict(pair_view.evidence_rows(None, LINK | {"changed": []}, "en"))["changed since"] == "nothing"
    assert not [what for what in told if what.startswith("wording")]
    assert dict(pair_view.evidence_rows(None, None, "en")) == {"relation": "not linked"}


@pytest.mark.parametrize(
    ("probability", "said"), [(0, "0.00"), (0.001, "<0.01"), (0.5, "0.50"), (0.999, ">0.99"), (1, "1.00")]
)
def test_only_what_is_certain_reads_one(probability, said):
    assert pair_view.chance(probability) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_block_shows_both_texts_or_their_terms(language):
    ids = ("2030-0001", "2031-0001")
    html = pair_view.side_by_side(*ids, found([ONE, TWO]), language)
    assert "<del>新しい</del>" in html
    assert "<ins>太陽電池による</ins>" in html
    without = pair_view.side_by_side(*ids, found(), language)
    assert "<del>" not in without
    assert "灯台守 · 航路" in without
    for block in (html, without):
        assert "I-1 航路" in block
        assert "{" not in block


def test_a_pair_that_is_not_linked_shows_its_names_in_common():
    tables_found = found() | {"links": store.empty("links")}
    html = pair_view.side_by_side("2030-0001", "2031-0001", tables_found, "en")
    assert "not linked" in html
    assert "<td>灯台守</td>" in html
    with pytest.raises(KeyError):
        pair_view.side_by_side("2030-0001", "2031-9999", tables_found, "en")


@pytest.mark.parametrize("texts", [None, [HOSTILE, ONE + HOSTILE]])
def test_hostile_texts_are_data(texts):
    tables_found = found(texts, HOSTILE, shared_names=[HOSTILE], renamed=[HOSTILE])
    html = pair_view.side_by_side("2030-0001", "2031-0001", tables_found, "en")
    assert "script" in html
    assert not re.search(r"<(?!/?(?:article|p|strong|div|h4|span|del|ins|details|summary|table|tr|th|td)\b)", html)
    assert html.count("<del>") == html.count("</del>")
