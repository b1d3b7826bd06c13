"""The Stepmap and the shifts of acts: what they show is what the tables hold, for any edition."""

import re

import polars as pl
import pytest

from analysis.coding import delivery
from analysis.report import stepmap
from analysis.report.data import ReportData, Tables
from analysis.report.exhibits import act_shifts
from analysis.report.exhibits import stepmap as exhibit
from analysis.tables import editions


@pytest.fixture(scope="module")
def tables():
    return Tables()


def numbers(sentence: str) -> list[int]:
    return [int(number) for number in re.findall(r"\b\d+\b", sentence)]


def test_each_initiative_is_a_row_and_each_cell_leads_to_its_measure(tables):
    data = ReportData(2026, 2019, "en", tables)
    shown = exhibit.exhibit(data).rows
    own = tables["initiatives"].filter(pl.col("state") != "retired")
    assert sum(count for _, count in shown.groups) == len(shown.rows) == len(own) > 0
    assert [len(rows.rows) for _, rows in shown.parts] == [count for _, count in shown.groups]
    measures = {member["measure_id"] for _, rows in stepmap.cards(data) for row in rows for member in row["own"]}
    cells = [link for row in shown.rows for cell in row[2:] if cell for link in cell]
    assert {link.anchor for link in cells} == {f"m-{key}" for key in measures}
    assert len(cells) == tables["initiative_members"].filter(pl.col("relation") != "repetition").height
    assert {row[0][0].anchor for row in shown.rows} == set(own["initiative_id"])


def test_rows_stand_by_birth_and_life(tables):
    data = ReportData(2026, 2019, "en", tables)
    for _, rows in stepmap.by_topic(stepmap.rows(data), data):
        order = [(row["start"], -row["end"], row["initiative_id"]) for row in rows.iter_rows(named=True)]
        assert order == sorted(order)


def test_an_earlier_edition_shows_nothing_that_came_later(tables):
    data = ReportData(2020, 2019, "en", tables)
    shown = exhibit.exhibit(data)
    assert shown.rows.heads == ["initiative", *(editions.label(name, "en") for name in stepmap.time_points(data))]
    assert max(map(editions.year, stepmap.time_points(data))) == 2020
    assert not any("2026" in sentence or "2023" in sentence for sentence in shown.sentences)
    assert all(len(row) == len(shown.rows.heads) for row in shown.rows.rows)


def test_the_sentences_add_up(tables):
    said = exhibit.sentences(ReportData(2026, 2019, "en", tables))
    _, _, own, _, older, share, evolved, split, first = numbers(said[0])
    assert older + evolved + split + first == own
    assert round(100 * older / own) == share
    before, _, _, living, share, merged, evolved, ended = numbers(said[2])
    assert living + merged + evolved + ended == before
    assert before == tables["initiatives"].filter(pl.col("editions").list.contains("2019")).height


def test_a_topic_or_a_body_limits_the_rows(tables):
    data = ReportData(2026, 2019, "en", tables)
    own = tables["initiatives"].filter(topic_id="edu")
    assert len(exhibit.exhibit(data, topic="edu").rows.rows) == len(own) > 0
    shown = exhibit.exhibit(data, ministry="文化庁")
    assert 0 < len(shown.rows.rows) < tables["initiatives"].height
    assert shown.sentences == []
    assert exhibit.exhibit(data, topic="no such topic") is None


def test_what_was_found_out_about_delivery_is_shown(tables):
    member = tables["initiative_members"].filter(edition_id="2026", relation="first").row(0, named=True)
    row = {"status": "done", "date": "2026-11", "source": "https://example.org", "who": "A", "latest": True}
    row |= {"measure_id": member["measure_id"]}
    of_initiative = {"unit_id": member["initiative_id"], "status": "abandoned"}
    rows = [row | {"unit_id": member["measure_id"]}, row | of_initiative]
    found = pl.DataFrame(rows, schema=delivery.BY_MEASURE)
    data = ReportData(2026, 2019, "en", Tables(tables | {"delivery": found}))
    (shown,) = (row for row in exhibit.exhibit(data).rows.rows if row[0][0].anchor == member["initiative_id"])
    assert shown[0][0].note == "abandoned (2026-11)"
    assert "done (2026-11)" in shown[-1][0].note
    cards = {one["measure_id"]: one for _, rows in stepmap.cards(data) for row in rows for one in row["own"]}
    assert "done" in cards[member["measure_id"]]["delivery"][0]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_shifts_of_acts_add_up_and_leave_summaries_out(tables, language):
    data = ReportData(2026, 2019, language, tables)
    shown = act_shifts.exhibit(data)
    (counted,) = shown.chart.to_dict()["datasets"].values()
    assert sum(row["count"] for row in counted) == len(shown.rows.rows) > 0
    words = [row[1] for row in shown.rows.rows]
    stronger, weaker, same = (words.count(data.gettext(word)) for word in ("stronger", "weaker", "as strong"))
    assert stronger + weaker + same == len(words)
    assert all(str(number) in shown.sentences[0] for number in (len(words), stronger, weaker, same))
    acts = dict(tables["checkability"].select("measure_id", "act").iter_rows())
    members = stepmap.members(data)
    summaries = set(tables["measures"].filter(part="summary")["measure_id"])
    first = shown.rows.rows[0]
    own = [one["measure_id"] for one in members[first[0][0].anchor] if one["measure_id"] not in summaries]
    assert act_shifts.STRENGTH[acts[own[-1]]] > act_shifts.STRENGTH[acts[own[0]]]  # the stronger ones stand first
    assert act_shifts.exhibit(ReportData(2020, 2019, language, tables)) is None  # a summary states nothing in full


def test_more_are_linked_only_where_documents_lie_between(tables):
    said = exhibit.exhibit(ReportData(2026, 2019, "en", tables)).sentences
    assert any("followed through every document up to 2026" in sentence for sentence in said)
    said = exhibit.exhibit(ReportData(2026, 2024, "en", tables)).sentences
    assert any("of the 2024 article in 2026: going on" in sentence for sentence in said)
    assert not any("every document" in sentence for sentence in said)


def test_two_acts_read_from_one_word_are_no_shift():
    row = {"first_act": "study", "last_act": "do", "first_words": "検討、整備", "last_words": "整備"}
    assert act_shifts._alike(row)
    assert not act_shifts._alike(row | {"last_act": "study"})
    assert not act_shifts._alike(row | {"first_words": "検討"})
    assert not act_shifts._alike(row | {"first_words": "", "last_words": ""})


def test_an_initiative_that_begins_in_the_edition_does_not_go_on_yet(tables):
    data = ReportData(2026, 2019, "en", tables)
    assert exhibit._state({"born": "2026", "state": "living"}, data) == "begins in 2026"
    assert exhibit._state({"born": "2019", "state": "living"}, data) == "goes on"
    assert exhibit._state({"born": "2026", "state": "ended"}, data) == "not found"
