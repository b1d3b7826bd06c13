"""Charts of turnover, survival and novelty: marks, words, what they tell those who cannot see them, and nothing."""

import re

import polars as pl
import pytest

from analysis.continuity import turnover_values
from analysis.report.charts import base as charts
from analysis.report.charts import render
from analysis.report.charts import turnover_charts as drawn
from analysis.tables import store

TOPICS = pl.DataFrame({"topic_id": ["lamp", "book"], "name_en": ["Lamps", "Books"], "name_ja": ["灯台", "図書"]})
DOCUMENTS = pl.DataFrame({"edition": [2030, 2031, 2033], "kind": ["full", "summary", "full"]})


@pytest.fixture(autouse=True, scope="module")
def _font():
    render.register_font()


def turnover() -> pl.DataFrame:
    rows = []
    for start in ("R2029", "2030", "2031"):
        for metric in drawn.SHOWN:
            for strictness, value in ((0.5, 0.6), (1.0, 0.5), (2.0, 0.3)):
                row = {
                    "from_edition": start,
                    "to_edition": "2033",
                    "strictness": strictness,
                    "by": "all",
                    "group": "all",
                }
                rows.append(row | {"metric": metric, "value": value, "low": 0.2, "high": 0.7, "count": 5, "total": 10})
    for by, group in (("topic", "lamp"), ("topic", "book"), ("ministry", "文部科学省")):
        row = {"from_edition": "2030", "to_edition": "2033", "strictness": 1.0, "by": by, "group": group}
        rows.append(row | {"metric": "carried", "value": 0.4, "low": 0.1, "high": 0.8, "count": 2, "total": 5})
    return store.check("turnover", pl.DataFrame(rows))


def survival() -> pl.DataFrame:
    rows = []
    for cohort, start in (("full", 2030), ("2029", 2030), ("2030", 2030), ("2031", 2031)):
        for assigned, drop in (("latest", 2033), ("earliest", start + 1)):
            for year in range(start, 2034):
                share = 1.0 if year < drop else 0.25
                row = {"relation": "same", "cohort": cohort, "assigned": assigned, "year": year, "initiatives": 12}
                rows.append(row | {"at_risk": 12, "ended": 0, "survival": share, "low": share, "high": share})
    return store.check("survival", pl.DataFrame(rows))


def resonance() -> pl.DataFrame:
    rows = []
    for topic, value in (("all", 0.1), ("lamp", 1.5), ("book", -1.0)):
        row = {"edition_id": "2030", "topic_id": topic, "measures": 3}
        for name in ("novelty", "transience", "resonance"):
            row |= {name: value + 2 * (name == "novelty"), f"{name}_low": value - 1, f"{name}_high": value + 3}
        rows.append(row)
    return store.check("resonance", pl.DataFrame(rows))


def made(language: str) -> dict:
    return {
        "carry": drawn.carry_over(turnover(), 2033, language),
        "sensitivity": drawn.sensitivity(turnover(), 2033, 2030, language),
        "topic": drawn.continuity_by(turnover(), TOPICS, "topic", 2030, 2033, language),
        "ministry": drawn.continuity_by(turnover(), TOPICS, "ministry", 2030, 2033, language),
        "survival": drawn.survival(survival(), DOCUMENTS, language),
        "resonance": drawn.resonance(resonance(), TOPICS, "2030", language),
    }


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_chart_is_drawn_and_told(language, tmp_path):
    told = {
        "carry": ["50% (20%–70%)"], "sensitivity": ["2×: 30%"], "topic": ["40% (10%–80%, n = 5)"],
        "ministry": ["40% (10%–80%, n = 5)"], "survival": ["2033 25%"], "resonance": ["+1.5 (+0.5–+4.5)"],
    }  # fmt: skip
    found = made(language)
    svgs = render.draw({name: chart.to_json() for name, chart in found.items()}, tmp_path)
    for name, chart in found.items():
        assert re.search(r"[{}]", chart.to_dict()["description"]) is None
        for text in told[name]:
            assert text in chart.to_dict()["description"], name
        assert svgs[name].count("<path") > 5
        assert "undefined" not in svgs[name]
        assert "NaN" not in svgs[name]
    words = {"en": ("Lamps", "Education"), "ja": ("灯台", "文部科学省")}[language]
    assert words[0] in svgs["topic"]
    assert words[1] in svgs["ministry"]
    assert words[0] in svgs["resonance"]
    assert svgs["survival"].count("n = 12") >= 4


def test_the_span_of_a_share_goes_from_the_loosest_to_the_strictest_threshold():
    rows = turnover_values.into(turnover(), 2033)
    assert rows["from_edition"].unique(maintain_order=True).to_list() == ["R2029", "2030", "2031"]
    assert set(rows.select("value", "loosest", "strictest").rows()) == {(0.5, 0.6, 0.3)}


def test_cohorts_are_called_what_they_are():
    spec = made("en")["survival"].to_dict()
    names = [panel["title"]["text"] for panel in spec["concat"]]
    assert names == [
        "first seen in a full plan (n = 12)", "begun in or before 2029 (n = 12)", "begun in 2030 (n = 12)",
        "first seen in a 2031 summary (n = 12)",
    ]  # fmt: skip


def test_without_data_there_is_no_chart():
    assert drawn.carry_over(turnover(), 2029, "en") is None
    assert drawn.sensitivity(turnover(), 2033, 2033, "en") is None
    assert drawn.continuity_by(turnover(), TOPICS, "topic", 2031, 2033, "en") is None
    assert drawn.survival(store.empty("survival"), DOCUMENTS, "en") is None
    assert drawn.resonance(resonance(), TOPICS, "2033", "en") is None


def test_notebooks_show_the_same_data_each_time():
    charts.show()
    assert drawn.carry_over(turnover(), 2033, "en")._repr_mimebundle_() == (
        drawn.carry_over(turnover(), 2033, "en")._repr_mimebundle_()
    )
