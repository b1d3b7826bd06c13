"""Exhibits: each chart has its rows, they add up, and nothing is shown of what an edition does not have."""

from pathlib import Path

import polars as pl
import pytest
from test_plan_structure import PLAN

from analysis.continuity import model_parameters
from analysis.report import context, exhibits, links_agreement, measure_records, overview, page_order
from analysis.report.data import ReportData, Tables, tables_of_run
from analysis.report.exhibit import Rows, cell_text
from analysis.report.exhibits import checkability, method, ministries, plans_cited, sections, together, unread
from analysis.tables import store, summary_statistics
from analysis.tables.categories import UNREAD_REASONS
from analysis.tables.labels import LABELS

ROOT = Path(__file__).resolve().parents[2]
CHARTS = [
    "sections", "ministries", "together", "topics", "sub-topics", "topics-section", "topics-ministry", "map", "names",
    "names-editions", "plans-cited", "checkability", "act_shifts", "ended", "origin", "flows", "carry_over",
    "stepmap", "genealogy", "kpi-ratio", "kpi", "kpi-open", "kpi-followed", "industries", "ratings", "ledger",
]  # fmt: skip


@pytest.fixture(scope="module")
def tables():
    return Tables()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_rows_behind_the_charts_add_up(tables, language):
    shown = {one.name: one for one in page_order.on_page(ReportData(2026, 2019, language, tables))}
    assert [name for name, one in shown.items() if one.chart is not None] == CHARTS
    rows = {name: shown[name].rows.rows for name in CHARTS if name != "map"}  # its rows are all measures, in a file
    for name, cells in rows.items():
        assert cells
        assert {len(row) for row in cells} == {len(shown[name].rows.heads)}
        assert len(shown[name].alternative) > 30
    own = summary_statistics.stated(tables["measures"], 2026)
    assert sum(row[2] for row in rows["sections"]) == len(own)
    for name in ("ministries", "together", "topics-section", "topics-ministry", "names", "plans-cited"):
        for row in rows[name]:
            *_, which = row
            assert len(which) == len(set(which)) == next(cell for cell in row if isinstance(cell, int))
    originals = summary_statistics.counted(tables["measures"], 2026)
    assert sum(row[2] for row in rows["ended"]) == len(summary_statistics.counted(tables["measures"], 2019))
    assert sum(row[2] for row in rows["origin"]) == len(originals)
    assert sum(row[2] for row in rows["topics"] if row[1] == 2026) == len(originals)  # unclear ones, too
    assert sum(len(row[-1]) for row in rows["topics-section"]) == len(originals)
    topics = dict(tables["topics"].select(f"name_{language}", "topic_id").iter_rows())
    below = tables["sub_topics"].filter(edition=2026).group_by("topic_id").agg(pl.col("measures").sum())
    for topic_id, measures in below.iter_rows():
        assert measures == sum(row[2] for row in rows["topics"] if row[1] == 2026 and topics.get(row[0]) == topic_id)
        assert measures == sum(row[3] for row in rows["sub-topics"] if row[2] == 2026 and topics[row[0]] == topic_id)
    lines = tables["ledger"].filter(pl.col("role") != "blank")
    assert sum(row[2] for row in rows["ledger"]) == (lines["last_line"] - lines["first_line"] + 1).sum()


def test_a_run_without_codings_has_nothing_of_what_was_judged_about_links():
    usual, alone = tables_of_run(), tables_of_run(use_codings=False)
    assert len(usual["read"])
    assert len(usual["endings"])
    for name in ("decided", "read", "disputed", "endings"):
        assert alone[name].is_empty()
        assert alone[name].columns == usual[name].columns


def test_all_plans_that_are_cited_most_are_named_and_no_more_than_three():
    def said(*cited):
        table = pl.DataFrame(cited, schema=["thing", "section", "measures"], orient="row")
        return plans_cited._sentences(table, ReportData(2031, 2030, "en", {}))[0]

    rows = [("A", "I", 1), ("B", "I", 2), ("A", "II", 1), ("C", "II", 1)]
    assert said(*rows).endswith("sections that cite one: 2. Most often cited: A; B (measures: 2).")
    assert said(*rows[:2]).endswith("Most often cited: B (measures: 2).")
    assert said(*[(name, "I", 1) for name in "ABCDE"]).endswith("Most often cited: A; B; C; and 2 more (measures: 1).")


def test_the_figures_are_those_of_the_model_that_judged_with_sentence_vectors_or_without(tables):
    vector = tables["candidates"]["vector"]
    for values, counted in ((vector, True), (vector.clear(len(vector)), False)):
        known = {"read": tables["read"].clear(), "candidates": tables["candidates"].with_columns(vector=values)}
        data = ReportData(2026, 2019, "en", Tables(tables | known))
        said = links_agreement.by_likeness(data)
        figures = model_parameters.agreement_with_codings("far", counted)
        assert f"and {figures['links_f1']:.2f} (" in said[0]
        assert ("Sentence vectors" in " ".join(said)) == counted
        assert ("sentence vectors" in method.exhibit(data).sentences[2]) == counted
        fitted = [model_parameters.agreement_with_codings(gap, counted) for gap in model_parameters.GAPS]
        cases = sum(row["measures"] for row in fitted)
        assert f"fitted to {cases:.0f} such codings" in method.exhibit(data).sentences[2]


def test_the_threshold_is_that_of_the_model_that_judged(monkeypatch):
    thresholds = {None: 0.3, "2031": 0.2}

    class Model:
        def __init__(self, without: str | None) -> None:
            self.without = without

        def between(self, earlier: str, later: str) -> model_parameters.Thresholds:
            assert (earlier, later) == ("2030", "2031")
            return model_parameters.Thresholds(thresholds[self.without], 0.1)

    with_vectors = []

    def link_model(without, vectors):
        with_vectors.append(vectors)
        return Model(without)

    monkeypatch.setattr(model_parameters, "link_model", link_model)
    rows = [("2030-1", 2030, "body"), ("2031-1", 2031, "body")]
    measures = pl.DataFrame(rows, schema=["measure_id", "edition", "part"], orient="row")
    candidates = pl.DataFrame({"from_id": ["2030-1"], "to_id": ["2031-1"], "vector": [0.1]})
    tables = {"measures": measures, "candidates": candidates}
    assert ReportData(2031, 2030, "en", tables).thresholds.link_from == 0.3
    assert ReportData(2031, 2030, "en", tables, use_codings=False).thresholds.link_from == 0.2
    without = {"candidates": candidates.with_columns(vector=pl.lit(None, pl.Float64))}
    assert ReportData(2031, 2030, "en", tables | without).thresholds.link_from == 0.3
    assert with_vectors == [True, True, False]


def test_bodies_of_the_later_edition_that_the_register_does_not_know_are_named():
    rows = [(2030, "body", ["灯台庁"]), (2031, "body", ["特許庁", "航路庁"]), (2031, "body", ["特許庁"])]
    measures = pl.DataFrame(rows, schema=["edition", "part", "ministries"], orient="row")
    (said,) = exhibits.statuses_by_topic._unknown_bodies(ReportData(2031, 2030, "en", {"measures": measures}))
    assert "does not know 航路庁:" in said
    known = measures.with_columns(ministries=pl.lit(["特許庁"]))
    assert exhibits.statuses_by_topic._unknown_bodies(ReportData(2031, 2030, "en", {"measures": known})) == []


def test_a_sub_topic_that_is_large_and_has_grown_by_more_than_chance_is_a_candidate():
    columns = ["topic_id", "place", "label", "edition", "share"]
    rows = [
        ("cj", -1, "Cool Japan", 2030, 0.3), ("cj", -1, "Cool Japan", 2031, 0.9),
        ("cj", 0, "tours", 2030, 0.1), ("cj", 0, "tours", 2031, 0.5),
        ("cj", 1, "food", 2030, 0.4), ("cj", 1, "food", 2031, 0.55),  # not doubled
        ("cj", 2, "words", 2030, 0.0), ("cj", 2, "words", 2031, 0.2),  # smaller than topics are
    ]  # fmt: skip
    topics = pl.DataFrame({"topic_id": ["cj", "edu", "std"], "name_en": ["Cool Japan", "Education", "Standards"]})
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    data = ReportData(2031, 2030, "en", {"topics": topics, "documents": store.empty("documents")})
    (said,) = exhibits.sub_topics._grown(frame, data)
    assert said.endswith("as a topic does on average: tours (Cool Japan) 10% → 50%.")
    assert exhibits.sub_topics._grown(frame.filter(edition=2031), data) == []
    summary = pl.DataFrame({"edition": [2030], "kind": ["summary"]})
    assert exhibits.sub_topics._grown(frame, ReportData(2031, 2030, "en", data.tables | {"documents": summary})) == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_numbers_that_are_no_figures_add_up_and_each_has_its_reason(tables, language):
    shown = unread.exhibit(ReportData(2026, 2019, language, tables))
    own = tables["unread"].filter(edition=2026)
    assert sum(sum(row[1:4]) for row in shown.rows.rows) == len(own) > 0
    assert len(shown.rows.rows) == own["reason"].n_unique()
    assert str(len(own)) in shown.sentences[0]
    assert set(LABELS["unread"]) == set(UNREAD_REASONS)
    assert unread.exhibit(ReportData(2026, 2019, language, tables | {"unread": own.clear()})) is None


def test_an_exhibit_names_its_file_and_a_notebook_that_shows_it(tables):
    shown = page_order.on_page(ReportData(2026, 2019, "en", tables))
    assert shown[0].file == "analysis/report/exhibits/sections.py"
    for one in shown:
        assert (ROOT / one.file).is_file()
        notebook = (ROOT / f"notebooks/{one.notebook}.ipynb").read_text(encoding="utf-8")
        assert f"{one.module.rsplit('.', 1)[1]}." in notebook, one.name
    listed = {make.__module__.rsplit(".", 1)[1] for make in (*page_order.PAGE, *page_order.NOTEBOOKS_ONLY)}
    assert listed == {file.stem for file in (ROOT / "analysis/report/exhibits").glob("*.py")} - {"__init__"}


def test_an_edition_beside_itself_shows_no_statuses(tables):
    charts = [one.name for one in page_order.on_page(ReportData(2019, 2019, "en", tables)) if one.chart is not None]
    assert "sections" in charts
    assert not {"ended", "origin"} & set(charts)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_charts_show_what_the_tables_say(language):
    data = ReportData(2031, 2031, language, {"measures": PLAN, "documents": store.empty("documents")})
    one = sections.exhibit(data)
    (rows,) = one.chart.to_dict()["datasets"].values()
    assert sum(row["count"] for row in rows) == len(PLAN)
    assert "5" in one.alternative
    (rows,) = together.exhibit(data).chart.to_dict()["datasets"].values()
    assert sorted(row["measures"] for row in rows) == [2]  # each pair once, below the diagonal
    (rows,) = ministries.exhibit(data).chart.to_dict()["datasets"].values()
    alone = [row["count"] for row in rows if row["state"] in ("alone", "単独")]
    assert sorted(alone) == [0, 0, 1]  # 総務省 stands beside 関係府省 alone, which is no body


def test_without_bodies_a_sentence_says_so():
    alone = {"measures": PLAN.filter(pl.col("measure_id") == "e"), "documents": store.empty("documents")}
    nobody = ReportData(2031, 2031, "en", alone)
    assert ministries.exhibit(nobody).chart is None
    assert "0 of 1 measure:" in ministries.exhibit(nobody).sentences[-1]
    assert together.exhibit(nobody) is None


def test_nothing_is_loaded_or_computed_twice(tables, monkeypatch):
    data = ReportData(2026, 2019, "en", tables)
    assert data.tables["measures"] is data.tables["measures"]
    calls = []
    monkeypatch.setattr("analysis.kpi.overview", lambda *args: calls.append(args) or [])
    assert data.indicators is data.indicators
    assert len(calls) == 1


def test_a_cell_is_text():
    assert cell_text(1234567.5) == "1,234,568"
    assert cell_text(None) == "–"
    assert repr(Rows(["first line"], [[1], [2]], [])) == "2 rows: first line"


def test_what_could_be_checked_is_counted_once_and_uncoded_editions_are_marked(tables):
    data = ReportData(2026, 2019, "en", tables)
    shown = checkability.exhibit(data)
    rows = {(row[0], row[1]): row[2:-2] for row in shown.rows.rows}
    measures = summary_statistics.counted(tables["measures"], 2026)
    own = measures.join(tables["checkability"], on="measure_id")
    counts = [int(own[kind].sum()) for kind in ("output", "date", "quantity")]
    none = own.filter(~pl.any_horizontal("output", "date", "quantity"))
    assert rows["edition", "2026"] == [len(measures), *counts, len(none)]
    topics = [cells for (group, _), cells in rows.items() if group == "topic"]
    assert [sum(column) for column in zip(*topics, strict=True)] == rows["edition", "2026"]
    uncoded = tables["checkability"].filter(basis="rules").join(tables["measures"], on="measure_id")
    for name in (name for group, name in rows if group == "edition"):
        assert name.endswith("*") == (int(name[:4]) in uncoded.filter(part="summary")["edition"].to_list())
    assert f"{len(none)} name none of the three" in shown.sentences[0]
    told = dict(tables["validity"].iter_rows())
    assert ("not written on" in shown.sentences[-1]) == ("checkability_left_out_measures" in told)


def test_filters_offer_one_choice_for_links_seen_from_either_end(tables):
    for language in ("en", "ja"):
        data = ReportData(2026, 2019, language, tables)
        (options,) = [one["options"] for one in measure_records.filters(data) if one["name"] == "status"]
        words = [word for _, word in options]
        assert len(words) == len(set(words))
        codes = {known["code"] for _, known in measure_records._statuses(data)}
        assert codes == {value for value, _ in options}
        assert {"continued", "elsewhere"} <= codes
        assert "continuing" not in codes


def test_doubtful_pairs_are_not_among_the_clearest(tables):
    data = ReportData(2026, 2019, "en", tables)
    doubtful = set(data.statuses.filter("doubtful", edition_id="2019", other_edition="2026")["measure_id"])
    own = context._undoubted(data).filter(from_edition="2019", to_edition="2026")
    assert len(own) > 0
    assert doubtful
    assert not doubtful & set(own["from_id"])


def test_the_first_number_is_of_what_shares_are_of_and_says_the_repetitions(tables):
    data = ReportData(2026, 2019, "en", tables)
    first = overview.numbers(data)[0]
    assert first.value == str(len(data.counted))
    assert f"with repetitions (再掲): {len(data.own)}" in first.before
