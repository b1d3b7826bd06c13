"""Every number of the key findings is followed to its rows, in reports of plans, summaries and what nobody coded; one
thing has one count on the whole page, and nothing is said that documents of its kind cannot show."""

import re
from collections import Counter
from itertools import product

import polars as pl
import pytest

from analysis.base import paths
from analysis.base.i18n import percent
from analysis.report import page_order, status_tables
from analysis.report.data import ReportData, Tables
from analysis.report.exhibit import Exhibit, Fact, Finding, Rows, cell_text
from analysis.report.exhibits import topics
from analysis.tables import summary_statistics

PAIRS = [(2026, 2019), (2023, 2019), (2019, 2019), (2024, 2020), (2026, 2024)]
UNCODED = "uncoded"
ALL = [*PAIRS, UNCODED]
Shown = tuple[ReportData, list[Exhibit]]


def uncoded(tables: Tables) -> Tables:
    """The tables as they are of a plan that nobody has coded: topics, links and what can be checked are models'."""
    known = Tables(tables | {name: tables[name].clear() for name in ("reliability", "read", "disputed")})
    known["assignments"] = tables["assignments"].with_columns(basis=pl.lit("model"))
    known["checkability"] = tables["checkability"].with_columns(basis=pl.lit("rules"))
    known["links"] = tables["links"].with_columns(basis=pl.lit("likeness"))
    return known


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables()


@pytest.fixture(scope="module")
def pages(tables: Tables) -> dict[object, Shown]:
    reports = {pair: ReportData(*pair, "en", tables) for pair in PAIRS}
    every = {**reports, UNCODED: ReportData(2026, 2019, "en", uncoded(tables))}
    return {name: (data, page_order.on_page(data)) for name, data in every.items()}


def sentences(shown: list[Exhibit]) -> list[str]:
    said = [sentence for exhibit in shown for sentence in exhibit.sentences]
    return said + [one.text for exhibit in shown for one in exhibit.findings]


# --- every number is followed ---------------------------------------------------------------------------------------


def sums(rows: Rows) -> set[int]:
    """All that a reader can count in a table: its rows, the sums of its columns, those of the rows that have something
    in common (under two columns, too), what stands in several rows, and one column less another."""
    heads, cells = range(len(rows.heads)), rows.rows
    numbers = [at for at in heads if cells and all(isinstance(row[at], int) for row in cells)]
    words = [at for at in heads if any(isinstance(row[at], str) for row in cells)]
    lists = [at for at in heads if any(isinstance(row[at], list) for row in cells)]
    groups = {("all",): cells}
    for row in cells:
        for one, other in product(words, words):
            groups.setdefault((one, row[one], other, row[other]), []).append(row)
    found = {0}  # no row
    for group in groups.values():
        totals = [sum(row[at] for row in group) for at in numbers]
        found |= {len(group), sum(totals), *totals, *(one - other for one in totals for other in totals)}
        found |= {sum(totals) - one for one in totals}
        for at in lists:
            keys = Counter(key for row in group for key in (row[at] or []))
            found |= {len(keys), sum(count > 1 for count in keys.values())}
    return found


def number(value: object) -> int | None:
    """The number that a fact says; None of a share."""
    match = re.fullmatch(r"([0-9,]+)( measures?| items?)?", str(value))
    return int(match[1].replace(",", "")) if match else None


def places(data: ReportData, shown: list[Exhibit]) -> dict[str, tuple[set[int], set[str]]]:
    """What each anchor of the page leads to: what can be counted there, and the cells as text."""
    known: dict[str, tuple[set[int], set[str]]] = {}
    for exhibit in shown:
        if exhibit.rows:
            texts = {cell_text(cell) for row in exhibit.rows.rows for cell in row}
            known[f"rows-{exhibit.name}"] = (sums(exhibit.rows), texts)
    for group in status_tables.groups(data):
        known[f"outcome-{group['status']}"] = ({len(group["rows"])}, set())
    return known | {"indicators": ({len(data.indicators)}, set()), "kpis": ({0}, set())}


def linked(one: Finding) -> dict[str, Fact]:
    return {name: fact for name, fact in one.facts.items() if fact.table}


@pytest.mark.parametrize("name", ALL)
def test_every_number_of_every_finding_leads_to_rows_that_add_up_to_it(pages, name):
    data, shown = pages[name]
    leads, followed = places(data, shown), 0
    for one in (one for exhibit in shown for one in exhibit.findings):
        facts = linked(one)
        wholes = [whole for fact in facts.values() if (whole := number(fact.value))]
        for fact_name, fact in facts.items():
            if fact_name in ("lowest", "highest"):  # below
                continue
            counts, texts = leads[fact.table]
            words = {word for text in texts for word in re.split(r"[ :(–]", text)}
            where, said, followed = (fact_name, fact.value, one.text), str(fact.value), followed + 1
            if number(said) is not None:
                assert number(said) in counts or str(number(said)) in words, where
            else:  # a share stands in the rows, or is one of two counts
                assert re.fullmatch(r"[0-9.]+%", said), where
                parts = {(part, whole) for count in counts for whole in wholes for part in (count, whole - count)}
                shares = {percent(*pair) for pair in parts}
                assert said in words | shares | {data.unknown}, where
    assert followed > 12


@pytest.mark.parametrize("name", [name for name in ALL if name != (2019, 2019)])
def test_bounds_are_what_the_rows_in_doubt_leave(pages, name):
    found = next(exhibit for exhibit in pages[name][1] if exhibit.name == "ended")
    facts, total = found.findings[0].facts, sum(row[2] for row in found.rows.rows)
    gone = sum(row[2] for row in found.rows.rows if row[1] == "not found")
    gone_in_doubt = sum(row[3] for row in found.rows.rows if row[1] == "not found")
    in_doubt = sum(row[3] for row in found.rows.rows)
    assert ("doubtful" in facts) == (in_doubt > 0)
    if in_doubt:
        assert facts["doubtful"].value == in_doubt
        assert facts["lowest"].value == percent(total - gone - (in_doubt - gone_in_doubt), total)
        assert facts["highest"].value == percent(total - gone + gone_in_doubt, total)


def test_a_number_that_is_not_that_of_its_rows_would_be_found(pages):
    leads = places(*pages[2026, 2019])
    for place, wrong in (("rows-sections", 297), ("rows-origin", 131), ("outcome-ended", 49), ("rows-ended", 103)):
        assert wrong not in leads[place][0]


# --- one count ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_one_thing_has_one_count_on_the_whole_page(pages, name):
    """All that is counted of a document is of one number, repetitions (再掲) counted once."""
    data, shown = pages[name]
    text = " ".join(sentences(shown))
    for edition in {data.edition, data.baseline}:
        once = len(summary_statistics.counted(data.tables["measures"], edition))
        wholes = re.findall(rf"(\d+) (?:measures?|items?) of the {re.escape(data.plan(edition))}", text)
        assert set(map(int, wholes)) == {once}, edition
    rows = {exhibit.name: exhibit.rows.rows for exhibit in shown if exhibit.rows}
    topic = sum(row[2] for row in rows["topics"] if row[1] == data.edition)
    own = next(row for row in rows["checkability"] if row[0] == "edition" and row[1].startswith(str(data.edition)))
    assert topic == own[2] == sum(row[2] for row in rows["topics-section"]) == len(data.counted)
    if data.alone:
        return
    outcomes = {group["status"]: len(group["rows"]) for group in status_tables.groups(data)}
    assert sum(row[2] for row in rows["origin"]) == len(data.counted)
    assert sum(row[2] for row in rows["origin"] if row[1] in ("new", "known elsewhere")) == outcomes["new"]
    assert sum(row[2] for row in rows["ended"] if row[1] == "not found") == outcomes["ended"]


def test_what_is_marked_as_repeated_but_repeats_nothing_at_hand_counts_for_itself(tables):
    one = tables["measures"].filter(pl.col("repeats").is_not_null(), edition=2026).head(1)["measure_id"]
    alone = pl.when(pl.col("measure_id") == one[0]).then(None).otherwise("repeats").alias("repeats")
    more = ReportData(2026, 2019, "en", Tables(tables | {"measures": tables["measures"].with_columns(alone)}))
    assert len(more.counted) == len(ReportData(2026, 2019, "en", tables).counted) + 1
    assert more.shares.filter(edition=2026)["measures"].sum() == len(more.counted)


@pytest.mark.parametrize("name", [*PAIRS[:2], (2026, 2024)])
def test_the_indicators_that_have_a_target_are_met_on_track_behind_or_open(pages, name):
    board = next(exhibit for exhibit in pages[name][1] if exhibit.name == "scoreboard").findings[0].facts
    if "met" in board:
        parts = sum(board[group].value for group in ("met", "on_track", "behind", "open"))
        assert parts == board["target"].value


# --- what a document is ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [(2023, 2019), (2024, 2020)])
def test_a_summary_states_items_and_nothing_has_ended_in_it(pages, name):
    data, shown = pages[name]
    text = " ".join(sentences(shown))
    assert f"{len(data.counted)} items of the {data.plan()}" in text
    assert not re.search(rf"measures of the {data.plan()}|\b{data.edition} plan", text)
    assert f"The {data.plan()} is no plan: what it does not name may well go on" in text
    heads = [head for exhibit in shown if exhibit.rows for head in exhibit.rows.heads]
    cells = [cell for exhibit in shown if exhibit.rows for row in exhibit.rows.rows for cell in row]
    assert not {"ended"} & {*heads, *(cell for cell in cells if isinstance(cell, str))}


@pytest.mark.parametrize("name", ALL)
def test_shares_of_complete_lists_have_no_intervals(pages, name):
    for exhibit in pages[name][1]:
        if exhibit.name in ("topics", "sub-topics", "ended", "origin", "carry_over", "survival", "stepmap"):
            heads = exhibit.rows.heads if exhibit.rows else []
            chart = exhibit.chart.to_json(validate=False) if exhibit.chart else ""
            text = " ".join([*exhibit.sentences, *heads]) + chart
            assert not re.search("95% (interval|band)|Wilson", text), exhibit.name


@pytest.mark.parametrize("name", ALL)
def test_a_number_and_its_verb_agree(pages, name):
    wrong = re.compile(r"(?<![0-9.,–])1 (?:are|have|were|go on|measures|items|initiatives|figures|indicators)\b")
    assert not [sentence for sentence in sentences(pages[name][1]) if wrong.search(sentence)]


def test_who_decides_is_said_as_the_tables_have_it(pages):
    text = {name: " ".join(sentences(pages[name][1])) for name in ((2026, 2019), UNCODED)}
    of_models = ("a model decides by likeness", "is told by a model", "Topics of the 2026 plan are a model's",
                 "Nobody has coded any of them: rules of grammar")  # fmt: skip
    of_coders = ("These links are codings", "agree for 91% on what became", "Topics of the 2026 plan, repetitions too")
    for said in of_models:
        assert said in text[UNCODED]
        assert said not in text[2026, 2019]
    for said in of_coders:
        assert said in text[2026, 2019]
        assert said not in text[UNCODED]
    coded, modelled = (status_tables.doubt(pages[name][0]) for name in ((2026, 2019), UNCODED))
    assert ("Coders differed" in coded, "thresholds" in coded) == (True, False)
    assert ("Coders differed" in modelled, "thresholds" in modelled) == (False, True)
    assert "probability" not in status_tables.in_doubt(pages[2026, 2019][0])


def test_a_report_without_codings_says_that_it_leaves_them_aside(tables):
    from analysis.report.data import tables_of_run
    from analysis.report.exhibits import ledger, links

    data = ReportData(2026, 2019, "en", tables_of_run(use_codings=False), use_codings=False)
    assert "This report leaves codings aside: models alone say what goes on." in links.basis(data).sentences
    assert "coders" not in ledger.exhibit(data).findings[0].text


def test_a_topic_that_a_plan_left_to_another_document_says_so(tables, tmp_path, monkeypatch):
    data = ReportData(2026, 2019, "en", tables)
    gained = topics.exhibit(data).findings[1].facts["up"].value
    topic_id = next(key for key, called in data.topic_names.items() if called == gained)
    file = tmp_path / "scope.csv"
    head = "edition,topic_id,elsewhere_en,elsewhere_ja,evidence,who"
    file.write_text(f'{head}\n2019,{topic_id},a Lamp Strategy,灯台戦略,"ip2019, line 9",A\n', encoding="utf-8")
    monkeypatch.setattr(paths, "curated", lambda: tmp_path)
    shown = topics.exhibit(data)
    assert f"The 2019 plan leaves {gained} to a Lamp Strategy: part of the difference" in shown.findings[1].text
    assert [sentence for sentence in shown.sentences if sentence.endswith("(Source: ip2019, line 9)")]
    assert "灯台戦略" in topics.exhibit(ReportData(2026, 2019, "ja", tables)).findings[1].text
    assert "Lamp" not in topics.exhibit(ReportData(2024, 2020, "en", tables)).findings[1].text
    file.unlink()
    assert "leaves" not in topics.exhibit(data).findings[1].text
