"""Pairs side by side: every text comes through whole and harmless, and the evidence is said in words."""

import math
import re
from html import unescape

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.base.i18n import LANGUAGES
from analysis.coding import codings, decisions
from analysis.continuity import competition, link_model, model_parameters
from analysis.report import pair_view
from analysis.report.charts import waterfall
from analysis.tables import store

HOSTILE = "<script>alert(\"1\")</script><img src=x onerror='alert(2)'>&amp;</del>"
TAGS = "article|p|strong|div|h4|span|del|ins|details|summary|table|thead|tbody|tr|th|td|svg|rect|line"
ONE, TWO = "灯台の明かりを新しい光源に取り替える。", "灯台の明かりを太陽電池による光源に取り替える。"
CANDIDATE = {
    "from_id": "2030-0001", "to_id": "2031-0001", "score": 0.5, "same_score": 0.25, "wording": 0.42, "words": 0.31,
    "overlap": 0.6, "lead": 1.0, "name": 0.7, "subject": 0.9, "ministry": 1.0, "ministry_rarity": 0.33, "section": 0.2,
    "topic": 1.0, "length": 0.5, "vector": None,
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
    assert len(rows) == 19
    assert "probability that the pair is linked" not in rows  # coders decide, and no probability


def test_evidence_of_what_is_not_linked_or_rests_on_a_document_alone():
    alone = dict(pair_view.evidence_rows(CANDIDATE | {"ministry": 0.5, "ministry_rarity": 0.25}, None, "en"))
    assert alone["relation"] == "not linked"
    assert alone["a ministry in charge of both"].startswith("unknown")
    assert "rests on" not in alone
    told = dict(pair_view.evidence_rows(None, LINK | {"basis": "reference", "score": 1.0, "renamed": []}, "en"))
    assert "probability that the pair is linked" not in told
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
    assert not re.search(rf"<(?!/?(?:{TAGS})\b)", html)
    assert html.count("<del>") == html.count("</del>")


# --- the waterfall

NUMBER = r'<td class="number">([^<]*)</td>'
ROW = rf'<th scope="row">([^<]*)</th>{NUMBER}<td class="number">[^<]*</td>{NUMBER}'


def scored(texts: list[str] | None = None, heading: str = "航路", rest: float = 1.0, **features: float):
    """The tables of `found` with a candidate that has the model's own score, and all that says who decides."""
    model = model_parameters.link_model()
    row = pl.DataFrame([CANDIDATE | features]).drop("score", "same_score").with_columns(rest=rest)
    tables = found(texts, heading)
    tables["measures"] = tables["measures"].with_columns(repeats=pl.lit(None, dtype=pl.String))
    tables["candidates"] = link_model.score(row, model).with_columns(pl.col("score", "same_score").round(6))
    return tables | {
        "read": codings.NONE, "decided": pl.DataFrame(schema=decisions.COLUMNS), "roadmap": store.empty("roadmap"),
    }  # fmt: skip


def test_the_waterfall_is_part_of_the_pair_and_ends_at_the_score():
    html = pair_view.side_by_side("2030-0001", "2031-0001", scored(name=0.0), "en")
    rows = re.findall(ROW, html)
    added = [float(log_odds.replace("−", "-")) for _, _, log_odds in rows]
    *parts, total, threshold = added
    assert rows[0][0] == "where every pair starts (intercept)"
    assert sum(parts) == pytest.approx(total, abs=0.005 * len(added))
    assert rows[-2][0].startswith("the model alone: probability ")
    link_from = model_parameters.link_model().between("2030", "2031").link_from
    assert threshold == pytest.approx(math.log(link_from / (1 - link_from)), abs=0.01)
    assert parts[1:] == sorted(parts[1:], reverse=True)
    assert ("words of the headings in common (0–1, rare words count more)", "0.20") in [row[:2] for row in rows]
    assert ("same main topic", "yes") in [row[:2] for row in rows]
    assert "rarity of the rarest name in common (0: none)" not in [row[0] for row in rows]
    assert "Features that contribute nothing: rarity of the rarest name in common (0: none): 0.00" in html
    assert html.count("words of the headings in common") == 1  # a value is shown once


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_feature_has_a_label_and_nothing_is_left_to_fill_in(language):
    tables = scored()
    model = pair_view.explained("2030-0001", "2031-0001", tables)
    names = [pair_view.label("similarity", part.feature, language) for part in model.contributions]
    assert not set(names) & {part.feature for part in model.contributions}
    html = pair_view.waterfall(model, "decision", language)
    assert "{" not in html
    assert ("Why" in waterfall.chart("2030-0001", "2031-0001", tables, language).to_dict()["title"]["text"]) == (
        language == "en"
    )


def test_scores_of_other_parameters_are_not_explained():
    tables = scored()
    tables["candidates"] = tables["candidates"].with_columns(score=pl.col("score") / 2)
    html = pair_view.side_by_side("2030-0001", "2031-0001", tables, "en")
    assert 'class="waterfall"' not in html
    assert "words of the headings in common" in html
    assert waterfall.chart("2030-0001", "2031-0001", tables, "en") is None


DECIDES = "The model does not decide this pair. What holds rests on: "


@pytest.mark.parametrize(
    ("basis", "said"),
    [
        ("likeness", "No coder, document or person says anything of the pair: the model decides."),
        ("reading", f"{DECIDES}both documents read by coders."),
        ("reference", f"{DECIDES}the document's own reference (工程表NNに記載)."),
        ("decision", f"{DECIDES}a person's decision."),
    ],
)
def test_who_decides_is_said_before_what_the_model_would(basis, said):
    tables = scored(overlap=1.0, wording=1.0)
    tables["links"] = tables["links"].with_columns(basis=pl.lit(basis))
    model = pair_view.explained("2030-0001", "2031-0001", tables)
    words = pair_view.model_sentences(model, pair_view.decides("2030-0001", "2031-0001", tables), "en")
    assert words[0] == said
    assert words[1].startswith("The model alone would link it: probability >0.99")


@pytest.mark.parametrize(("basis", "judged"), [("reading", "read"), ("decision", "decided"), ("likeness", "")])
def test_of_what_is_not_linked_is_said_who_decides_too(basis, judged):
    pair = {"from_id": "2030-0001", "to_id": "2031-0001"}
    tables = scored() | {"links": store.empty("links")}
    rows = {
        "decided": pl.DataFrame([pair | {"decision": "reject"}], schema=decisions.COLUMNS),
        "read": pl.DataFrame(
            [{"from_id": "2030-0001", "edition_id": "2031", "relation": "none", "contested": False, "uncompared": []}],
            schema=codings.NONE.schema,
        ),
    }
    if judged:
        tables[judged] = rows[judged]
    assert pair_view.decides(*pair.values(), tables) == basis
    assert pair_view.decides(*pair.values(), {name: tables[name] for name in ("links", "candidates")}) is None
    html = pair_view.side_by_side(*pair.values(), tables, "en")
    assert ("The model does not decide" in html, "the model decides" in html) == (bool(judged), not judged)


def test_a_likely_pair_that_adds_nothing_to_better_ones_is_no_link_of_the_model():
    model = pair_view.explained("2030-0001", "2031-0001", scored(rest=0.04, overlap=1.0, wording=1.0))
    (said,) = pair_view.model_sentences(model, None, "en")
    assert "would not link it: its probability >0.99 reaches" in said
    assert f"leave only 0.04 of its words open; {competition.SECOND_FROM:.2f} is the least" in said


def test_a_probability_and_a_threshold_are_told_apart():
    assert pair_view._told_apart(0.2796, 0.28) == ("0.2796", "0.2800")
    assert pair_view._told_apart(0.5, 0.28) == ("0.50", "0.28")
    assert pair_view._told_apart(0.28, 0.28) == ("0.28", "0.28")


def test_the_chart_is_the_same_waterfall():
    tables = scored(name=0.0)
    data = waterfall._data(pair_view.explained("2030-0001", "2031-0001", tables), "en")
    assert data["end"][:-2].to_list() == data["start"][1:-1].to_list()
    assert data["end"][-2] == pytest.approx(data["end"][-1])
    assert "rarity of the rarest name in common (0: none)" not in data["label"]
    spec = waterfall.chart("2030-0001", "2031-0001", tables, "en").to_dict()
    rules = [layer for layer in spec["layer"] if layer["mark"]["type"] == "rule"]
    assert len(rules) == 1
    link_from = model_parameters.link_model().between("2030", "2031").link_from
    assert f"threshold: probability {link_from:.2f}" in str(spec["datasets"][rules[0]["data"]["name"]])
    assert spec["title"]["subtitle"][0].startswith("No coder, document or person")


def test_hostile_words_beside_a_waterfall_are_data():
    tables = scored([HOSTILE, ONE + HOSTILE], HOSTILE)
    tables["links"] = tables["links"].with_columns(basis=pl.lit(HOSTILE))
    html = pair_view.side_by_side("2030-0001", "2031-0001", tables, "en")
    assert 'class="waterfall"' in html
    assert not re.search(rf"<(?!/?(?:{TAGS})\b)", html)
