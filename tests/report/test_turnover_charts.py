"""Charts of turnover and novelty, survival as a table: marks, words, what the blind are told, and nothing."""

import re

import polars as pl
import pytest

from analysis.coding import codings
from analysis.continuity import turnover_values
from analysis.report.charts import render
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit
from analysis.report.exhibits import carried_by_topic, carry_over, resonance, sensitivity, survival
from analysis.report.notebook import Table, begin
from analysis.tables import store

TOPICS = pl.DataFrame({"topic_id": ["lamp", "book"], "name_en": ["Lamps", "Books"], "name_ja": ["灯台", "図書"]})
DOCUMENTS = pl.DataFrame({"edition": [2030, 2031, 2033], "kind": ["full", "summary", "full"]})


@pytest.fixture(autouse=True, scope="module")
def _font():
    render.register_font()


def turnover() -> pl.DataFrame:
    rows = []
    for start in ("R2029", "2030", "2031"):
        for metric in (*sensitivity.COLOURS, "chance", "split", "merged"):
            for strictness, value in ((0.5, 0.6), (1.0, 0.5), (2.0, 0.3)):
                if metric == "chance" and strictness != 1.0:  # that of the run alone
                    continue
                row = {
                    "from_edition": start,
                    "to_edition": "2033",
                    "strictness": strictness,
                    "by": "all",
                    "group": "all",
                }
                rows.append(row | {"metric": metric, "value": value, "low": 0.2, "high": 0.7, "count": 5, "total": 10})
    for by, group in (("topic", "lamp"), ("topic", "book")):
        row = {"from_edition": "2030", "to_edition": "2033", "strictness": 1.0, "by": by, "group": group}
        rows.append(row | {"metric": "carried", "value": 0.4, "low": 0.1, "high": 0.8, "count": 2, "total": 5})
    return store.check("turnover", pl.DataFrame(rows))


def survival_table() -> pl.DataFrame:
    rows = []
    for cohort, start in (("full", 2030), ("2029", 2030), ("2030", 2030), ("2031", 2031)):
        for assigned, drop in (("latest", 2033), ("earliest", start + 1)):
            for year in range(start, 2034):
                share = 1.0 if year < drop else 0.25
                row = {"cohort": cohort, "assigned": assigned, "year": year, "initiatives": 12}
                row |= {"at_risk": 12, "ended": 0, "survival": share, "low": share, "high": share}
                rows += [row | {"relation": relation} for relation in ("same", "any")]
    return store.check("survival", pl.DataFrame(rows))


def resonance_table() -> pl.DataFrame:
    rows = []
    for topic, value in (("all", 0.1), ("lamp", 1.5), ("book", -1.0)):
        row = {"edition_id": "2030", "topic_id": topic, "measures": 3}
        for name in ("novelty", "transience", "resonance"):
            row |= {name: value + 2 * (name == "novelty"), f"{name}_low": value - 1, f"{name}_high": value + 3}
        rows.append(row)
    return store.check("resonance", pl.DataFrame(rows))


MEASURES = pl.DataFrame(
    [("2030-0001", 2030, "body", None)],
    schema={"measure_id": pl.String, "edition": pl.Int64, "part": pl.String, "repeats": pl.String}, orient="row",
)  # fmt: skip


def data(edition: int, baseline: int, language: str = "en", **tables: pl.DataFrame) -> ReportData:
    known = {"turnover": turnover(), "survival": survival_table(), "resonance": resonance_table(), "topics": TOPICS,
             "documents": DOCUMENTS, "measures": MEASURES, "read": codings.NONE,
             "links": store.empty("links")}  # fmt: skip
    return ReportData(edition, baseline, language, known | tables)


def made(language: str) -> dict[str, Exhibit]:
    known = data(2033, 2030, language)
    return {
        "carry": carry_over.exhibit(known), "sensitivity": sensitivity.exhibit(known),
        "topic": carried_by_topic.exhibit(known),
        "resonance": resonance.exhibit(known),
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_chart_is_drawn_and_told(language, tmp_path):
    told = {
        "carry": ["50% (5/10)"], "sensitivity": ["2×: 30%"], "topic": ["40% (n = 5)"],
        "resonance": ["+1.5 (+0.5–+4.5)"],
    }  # fmt: skip
    exhibits = made(language)
    assert exhibits.keys() == told.keys()
    svgs = render.draw({name: exhibit.chart.to_json() for name, exhibit in exhibits.items()}, tmp_path)
    for name, exhibit in exhibits.items():
        assert re.search(r"[{}]", exhibit.alternative) is None
        for text in told[name]:
            assert text in exhibit.alternative, name
        assert exhibit.rows.rows
        assert svgs[name].count("<path") > 5
        assert "undefined" not in svgs[name]
        assert "NaN" not in svgs[name]
    word = {"en": "Lamps", "ja": "灯台"}[language]
    assert word in svgs["topic"]
    assert word in svgs["resonance"]


def test_the_span_of_a_share_goes_from_the_loosest_to_the_strictest_threshold():
    rows = turnover_values.into(turnover(), 2033)
    assert rows["from_edition"].unique(maintain_order=True).to_list() == ["R2029", "2030", "2031"]
    assert set(rows.select("value", "loosest", "strictest").rows()) == {(0.5, 0.6, 0.3)}


def test_of_each_cohort_the_table_says_what_is_left():
    exhibit = survival.exhibit(data(2033, 2030))
    assert exhibit.chart is None
    assert [row[:3] for row in exhibit.rows.rows] == [
        ["first seen in a full plan", 12, "25%"], ["begun in or before 2029", 12, "25%"], ["begun in 2030", 12, "25%"],
        ["first seen in the 2031 summary", 12, "25%"],
    ]  # fmt: skip
    assert exhibit.rows.heads[2] == "still found in 2033"


def test_what_a_full_plan_between_no_longer_has_did_not_go_on_until_the_last():
    said = " ".join(survival.sentences(data(2033, 2030)))
    assert "at one extreme all of them went on until 2033" in said
    missed = pl.when(cohort="full", assigned="latest", year=2032).then(5).otherwise("ended")
    said = " ".join(survival.sentences(data(2033, 2030, survival=survival_table().with_columns(ended=missed))))
    assert "those that the 2032 plan does not have went on until just before it" in said
    assert "until 2033" not in said


def test_where_later_plans_add_initiatives_what_is_left_is_called_an_estimate():
    at_risk = pl.when(cohort="full", year=2030).then(9).otherwise("at_risk")
    known = data(2033, 2030, survival=survival_table().with_columns(at_risk=at_risk))
    assert survival.exhibit(known).rows.rows[0][:3] == [
        "first seen in a full plan (estimate by Kaplan–Meier)",
        12,
        "25%",
    ]
    said = survival.sentences(known)[0]
    assert "Of 9 initiatives first seen in the 2030 plan or its roadmap 25% would still be found" in said
    assert "in which 3 that a later full plan began" in said


def test_where_a_later_edition_is_known_nothing_is_said_of_what_is_still_found():
    assert survival.exhibit(data(2031, 2030)) is None


def test_without_data_there_is_no_chart():
    assert carry_over.exhibit(data(2029, 2029)) is None
    assert sensitivity.exhibit(data(2033, 2033)) is None
    assert carried_by_topic.exhibit(data(2033, 2031)) is None
    assert survival.exhibit(data(2033, 2030, survival=store.empty("survival"))) is None
    assert resonance.exhibit(data(2030, 2033)) is None


def test_notebooks_show_the_same_data_each_time():
    begin(language="en")
    one, two = (carry_over.exhibit(data(2033, 2030)) for _ in range(2))
    assert one.chart._repr_mimebundle_() == two.chart._repr_mimebundle_()
    assert Table(one.rows)._repr_html_() == Table(two.rows)._repr_html_()
