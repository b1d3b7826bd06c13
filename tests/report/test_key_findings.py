"""The ten sentences: what they say is what the tables say, and each number leads to its rows."""

import re

import polars as pl
import pytest

from analysis import kpi
from analysis.report import build, chart_tables, key_findings, narrative


def told_of(found, edition, baseline, language):
    return key_findings.highlights(found, kpi.overview(found, edition, language), edition, baseline, language)


@pytest.fixture(scope="module")
def found():
    return build.load()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_there_are_ten_and_every_number_is_a_link(found, language):
    told = told_of(found, 2026, 2019, language)
    assert len(told) == 10
    for one in told:
        outside = re.sub(r"<a .*?</a>", "", one.html(language))
        outside = re.sub(r"20[0-9]{2}|95", "", outside)
        assert not re.search("[0-9]", outside), outside
        assert re.sub("<.*?>", "", one.html(language)) == one.text(language)


def test_they_say_what_the_tables_say(found):
    (
        one,
        *_,
    ) = told_of(found, 2026, 2019, "en")
    own = found["measures"].filter((pl.col("edition") == 2026) & (pl.col("part") == "body"))
    assert one.text("en") == f"The 2026 plan states {len(own)} measures in {own['section'].n_unique()} sections."
    statuses = found["statuses"].filter((pl.col("edition_id") == "2019") & (pl.col("other_edition") == "2026"))
    (carried,) = (one for one in told_of(found, 2026, 2019, "en") if one.key == "highlight_carried")
    assert {status: carried.facts[status].value for status in ("continued", "evolved", "ended")} == dict(
        statuses.group_by("status").len().iter_rows()
    )


def test_they_follow_the_tables(found):
    fewer = found | {"measures": found["measures"].filter(pl.col("section") != "III-4-(1)")}
    own = fewer["measures"].filter((pl.col("edition") == 2026) & (pl.col("part") == "body"))
    numbers = told_of(fewer, 2026, 2019, "en")[0].facts
    assert numbers["measures"].value == len(own)
    assert numbers["sections"].value == own["section"].n_unique()


def test_an_edition_alone_or_a_summary_says_less(found):
    keys = {one.key for one in told_of(found, 2019, 2019, "en")}
    assert not keys & {"highlight_carried", "highlight_new", "highlight_shift", "highlight_kpis"}
    assert "highlight_no_kpis" in keys
    assert "highlight_bodies" not in {one.key for one in told_of(found, 2023, 2026, "en")}


def test_a_plan_whose_indicators_nobody_registered_says_so(found):
    none = found | {"series": found["series"].clear()}
    keys = [one.key for one in told_of(none, 2026, 2019, "en")]
    assert "highlight_no_indicators" in keys
    assert "highlight_kpis" not in keys
    said = narrative.kpi_read(found["figures"], kpi.overview(none, 2026, "en"), 2026, "en")
    assert len(said) == 1


def test_what_a_later_plan_observes_changes_nothing_said_of_an_earlier_one(found):
    """Before, the sentences took the states of all editions, and the page those of its own."""
    one = found["series"].filter((pl.col("indicator_id") == "content_abroad") & (pl.col("kind") == "observation"))
    values = {"edition": pl.lit(2030, pl.Int64), "year": 2029.0, "value": 999.0, "value_id": pl.lit("2030-0001a")}
    later = one.tail(1).with_columns(**values)
    more = found | {"series": pl.concat([found["series"], later])}
    assert kpi.progress(more["series"]).filter(indicator_id="content_abroad")["state"][0] == "reached"
    said = [
        narrative.kpi_read(found["figures"], kpi.overview(tables, 2026, "en"), 2026, "en") for tables in (found, more)
    ]
    assert said[0] == said[1]


@pytest.mark.parametrize(("edition", "baseline"), [(2026, 2019), (2019, 2026)])
def test_a_number_is_the_sum_of_the_rows_it_leads_to(found, edition, baseline):
    names = ("sections", "horizons", "ministries", "together", "ended", "origin")
    indicators = kpi.overview(found, edition, "en")
    tables = chart_tables.behind(found, indicators, edition, baseline, "en", names)
    rows = {f"rows-{name}": table.rows for name, table in tables.items()}
    facts = {one.key: one.facts for one in told_of(found, edition, baseline, "en")}
    measures = facts["highlight_measures"]["measures"]
    assert sum(row[2] for row in rows[measures.table]) == measures.value
    share = facts["highlight_horizon"]["share"]
    assert f"{100 * rows[share.table][0][1] / measures.value:.0f}%" == share.value
    carried = facts["highlight_carried"]
    assert sum(row[2] for row in rows[carried["total"].table]) == carried["total"].value
    goes_on = sum(row[2] for row in rows[carried["continued"].table] if row[1] == "continued")
    assert goes_on == carried["continued"].value
    whole = facts["highlight_new"]["whole"]
    assert sum(row[2] for row in rows[whole.table]) == whole.value
    joint = {key for row in rows[facts["highlight_together"]["share"].table] for key in row[3]}
    several = [key for key in joint if sum(key in row[3] for row in rows["rows-ministries"]) > 1]
    assert f"{100 * len(several) / measures.value:.0f}%" == facts["highlight_together"]["share"].value


def test_names_from_tables_are_escaped():
    one = key_findings.Sentence("highlight_topics", {
        "first": key_findings.Fact("<b>&"), "first_share": key_findings.Fact("<i>", "rows"),
        "second": key_findings.Fact("x"), "second_share": key_findings.Fact("y")})  # fmt: skip
    assert "&lt;b&gt;&amp;" in one.html("en")
    assert '<a href="#rows">&lt;i&gt;</a>' in one.html("en")
