"""The key findings: what they say is what the tables say, and each number leads to its rows."""

import re

import polars as pl
import pytest

from analysis import kpi
from analysis.base.i18n import percent
from analysis.report import exhibits, measure_cells, page_order
from analysis.report.data import ReportData, Tables
from analysis.report.exhibit import Fact, Finding, finding
from analysis.report.exhibits import (
    agreement,
    kpi_scoreboard,
    ledger,
    statuses_by_topic,
)


def findings(tables, edition, baseline, language="en") -> list[Finding]:
    shown = page_order.on_page(ReportData(edition, baseline, language, tables))
    return [finding for exhibit in shown for finding in exhibit.findings]


def starting(said: list[Finding], start: str) -> Finding:
    (one,) = [finding for finding in said if finding.text.startswith(start)]
    return one


@pytest.fixture(scope="module")
def tables():
    return Tables()


@pytest.fixture(scope="module")
def ten(tables):
    return {language: findings(tables, 2026, 2019, language) for language in ("en", "ja")}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_there_are_ten_and_every_number_is_a_link(ten, language):
    assert len(ten[language]) == 10
    for one in ten[language]:
        outside = re.sub(r"<a .*?</a>", "", one.html)
        assert not re.search("[0-9]", re.sub(r"20[0-9]{2}|95", "", outside)), outside
        assert re.sub("<.*?>", "", one.html) == one.text


def test_they_say_what_the_tables_say(tables, ten):
    own = tables["measures"].filter((pl.col("edition") == 2026) & (pl.col("part") == "body"))
    sections, once = own["section"].n_unique(), own.filter(pl.col("repeats").is_null())
    assert ten["en"][0].text.startswith(f"The 2026 plan states {len(own)} measures in {sections} sections. ")
    assert f" so that {len(once)} are counted" in ten["en"][0].text
    statuses = tables["statuses"].filter((pl.col("edition_id") == "2019") & (pl.col("other_edition") == "2026"))
    before = tables["measures"].filter((pl.col("edition") == 2019) & (pl.col("part") == "body"))
    statuses = statuses.join(before.filter(pl.col("repeats").is_null()), on="measure_id", how="semi")
    carried = starting(ten["en"], f"Of {len(statuses)} measures of the 2019 plan")
    assert {status: carried.facts[status].value for status in ("continued", "evolved", "ended")} == dict(
        statuses.group_by("status").len().iter_rows()
    )


def test_they_follow_the_tables(tables):
    fewer = Tables(tables | {"measures": tables["measures"].filter(pl.col("section") != "III-4-(1)")})
    own = fewer["measures"].filter((pl.col("edition") == 2026) & (pl.col("part") == "body"))
    facts = exhibits.sections.exhibit(ReportData(2026, 2019, "en", fewer)).findings[0].facts
    assert facts["measures"].value == f"{len(own)} measures"
    assert facts["sections"].value == own["section"].n_unique()


def test_an_edition_alone_or_a_summary_says_less(tables):
    alone = " ".join(one.text for one in findings(tables, 2019, 2019))
    assert "has no KPI parts" in alone
    assert not re.search("carried over|no forerunner|gained most|coders", alone)
    assert "in charge" not in " ".join(one.text for one in findings(tables, 2023, 2026))


def test_a_plan_whose_indicators_nobody_registered_says_so(tables):
    none = Tables(tables | {"series": tables["series"].clear()})
    exhibit = kpi_scoreboard.exhibit(ReportData(2026, 2019, "en", none))
    assert "none belongs to an indicator of the register yet" in exhibit.findings[0].text
    assert len(exhibit.sentences) == 1


def test_what_a_later_plan_observes_changes_nothing_said_of_an_earlier_one(tables):
    """Before, the sentences took the states of all editions, and the page those of its own."""
    one = tables["series"].filter((pl.col("indicator_id") == "content_abroad") & (pl.col("kind") == "observation"))
    values = {"edition": pl.lit(2030, pl.Int64), "year": 2029.0, "value": 999.0, "value_id": pl.lit("2030-0001a")}
    more = Tables(tables | {"series": pl.concat([tables["series"], one.tail(1).with_columns(**values)])})
    assert kpi.progress(more["series"]).filter(indicator_id="content_abroad")["state"][0] == "reached"
    said = [kpi_scoreboard.exhibit(ReportData(2026, 2019, "en", known)).sentences for known in (tables, more)]
    assert said[0] == said[1]


def test_without_codings_nothing_is_said_of_coders(tables):
    uncoded = Tables(tables | {name: tables[name].clear() for name in ("reliability", "read")})
    with_coders, without = (ledger.exhibit(ReportData(2026, 2019, "en", known)) for known in (tables, uncoded))
    assert "coders" in with_coders.findings[0].text
    assert "coders" not in without.findings[0].text
    assert "always ‘not found’ would be right for 74%" in without.findings[0].text  # of editions as far apart


def test_hand_checks_are_told_by_their_least_and_most(tables):
    checks = agreement.hand_checks()
    shares = sorted(row["right"] / row["checked"] for row in checks.iter_rows(named=True))
    facts = ledger.exhibit(ReportData(2026, 2019, "en", tables)).findings[0].facts
    assert (facts["least"].value, facts["most"].value) == (percent(shares[0]), percent(shares[-1]))


@pytest.mark.parametrize(
    ("pair", "said"), [((2026, 2024), "The 2024 article names"), ((2023, 2019), "The 2023 summary")]
)
def test_what_is_no_plan_is_called_what_it_is(tables, pair, said):
    """What is missing there has not ended, and what has no forerunner there is not new."""
    assert any(one.startswith(said) for one in measure_cells.summaries(ReportData(*pair, "en", tables)))


def test_names_from_tables_are_escaped():
    numbers = {"whole": "<i>", "new": Fact("y", "others"), "share": "z"}
    words = {"first": 1, "first_share": "1%", "later": "<b>&", "earlier": "x"}
    one = finding(statuses_by_topic.NEW, "en", "rows", numbers, **words)
    assert "&lt;b&gt;&amp;" in one.html
    assert '<a href="#rows">&lt;i&gt;</a>' in one.html
    assert '<a href="#others">y</a>' in one.html
