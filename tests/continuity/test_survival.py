"""Survival: curves computed by hand and by peers, and what counts as an observation."""

import followed_plans
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.continuity import survival
from analysis.report.data import ReportData
from analysis.report.exhibits import survival as exhibit
from analysis.tables import store

KINDS = {2019: "full", 2020: "summary", 2024: "article", 2026: "full"}
examined = settings(max_examples=60, deadline=None)
# measure: edition, part
MEASURES = {
    "r17-a": (2019, "2017"), "r17-b": (2019, "2017"), "r18-a": (2019, "2018"),
    "19-a": (2019, "body"), "19-b": (2019, "body"), "19-c": (2019, "body"), "19-d": (2019, "body"),
    "20-a": (2020, "summary"), "20-b": (2020, "summary"), "24-a": (2024, "summary"),
    "26-a": (2026, "body"), "26-b": (2026, "body"), "26-c": (2026, "body"),
}  # fmt: skip
LINKS = [
    ("r17-a", "19-a", "same"), ("19-a", "26-a", "same"),  # an item of 2017 that goes on for good, by way of 2019
    ("19-b", "20-a", "same"), ("20-a", "26-b", "same"),  # goes on by way of a summary alone
    ("19-c", "24-a", "same"),  # last seen in 2024
    ("19-d", "26-c", "successor"),  # another takes over
]  # fmt: skip


def documents(kinds: dict[int, str] = KINDS) -> pl.DataFrame:
    return followed_plans.documents(kinds)


def measures(known: followed_plans.Known = MEASURES, repeats: dict[str, str] | None = None) -> pl.DataFrame:
    return followed_plans.measures(known, repeats)


def links(rows: list[tuple] = LINKS, known: followed_plans.Known = MEASURES) -> pl.DataFrame:
    return followed_plans.links(rows, known)


def table(measures: pl.DataFrame, documents: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    return survival.table(measures, documents, *followed_plans.followed(measures, documents, links))


def lives(relation: str = "same", **options) -> dict[str, tuple]:
    own, plans, ways = (options.get(name, default) for name, default in
                        (("measures", measures()), ("documents", documents()), ("links", links())))  # fmt: skip
    followed, members = followed_plans.followed(own, plans, ways)
    first = dict(followed.select("initiative_id", pl.col("members").list.first()).iter_rows())
    found = survival.lives(own, plans, followed, members, relation)
    return {first[row[0]]: row[1:] for row in found.select("initiative_id", "began", "entered", "last_seen", "ended",
            "earliest", "latest").iter_rows()}  # fmt: skip


# --- the curve -------------------------------------------------------------------------------------------------


def test_the_curve_by_hand():
    """Eight lives, two of which enter later; the figures are those of lifelines 0.30.3 (KaplanMeierFitter, entry).

    2020: 5 at risk (those of 2020 are so after 2020), 1 ends: 1 − 1/5 = 0.8
    2023: 4 + 2 + 1 = 7 at risk, 3 end: 0.8 · (1 − 3/7) = 0.457143
    2024: 4 at risk, 1 ends: 0.457143 · 3/4 = 0.342857
    2026: 3 at risk, 1 ends: 0.342857 · 2/3 = 0.228571
    Greenwood's sum at 2020 is 1 / (5 · 4) = 0.05, at 2026 0.05 + 3/(7 · 4) + 1/(4 · 3) + 1/(3 · 2) = 0.407143;
    the interval at 2026 is 0.228571 to the power exp(±1.959964 · √0.407143 / 1.475907)
    """
    entered = np.array([2019, 2019, 2019, 2019, 2019, 2020, 2020, 2022])
    left = np.array([2020, 2023, 2023, 2026, 2026, 2023, 2026, 2024])
    ended = np.array([1, 1, 1, 1, 0, 1, 0, 1], dtype=bool)
    found = survival.kaplan_meier(entered, left, ended, 2026)
    assert found["year"].to_list() == list(range(2019, 2027))
    assert found["at_risk"].to_list() == [5, 5, 6, 6, 7, 4, 3, 3]
    assert found["ended"].to_list() == [0, 1, 0, 0, 3, 1, 0, 1]
    told = {row["year"]: (row["survival"], row["low"], row["high"]) for row in found.iter_rows(named=True)}
    expected = {
        2019: (1, 1, 1), 2020: (0.8, 0.203809, 0.969180), 2022: (0.8, 0.203809, 0.969180),
        2023: (0.457143, 0.120991, 0.748185), 2024: (0.342857, 0.072273, 0.646534),
        2026: (0.228571, 0.031938, 0.531263),
    }  # fmt: skip
    for year, figures in expected.items():
        assert told[year] == pytest.approx(figures, abs=1e-6)
    power = np.exp(1.959964 * np.sqrt(0.407143) / 1.475907)
    assert told[2026][1:] == pytest.approx((0.228571**power, 0.228571 ** (1 / power)), abs=1e-5)


def test_where_all_end_nothing_is_left_and_no_interval():
    found = survival.kaplan_meier(np.array([2019, 2019]), np.array([2020, 2021]), np.array([True, True]), 2022)
    assert found["survival"].to_list() == [1, 0.5, 0, 0]
    assert found.row(-1)[-2:] == (None, None)


observed = st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=25)


@pytest.mark.filterwarnings("ignore:The confidence interval is undefined")
@given(observed)
@examined
def test_without_late_entry_the_curve_is_scipys(rows):
    left, ended = np.array([2019 + t for t, _ in rows]), np.array([e for _, e in rows])
    found = survival.kaplan_meier(np.full(len(rows), 2019), left, ended, int(left.max()))
    if not ended.any():
        assert set(found["survival"]) == {1.0}
        return
    theirs = stats.ecdf(stats.CensoredData(left[ended], right=left[~ended])).sf
    interval = theirs.confidence_interval(method="log-log")
    mine = {row["year"]: row for row in found.iter_rows(named=True)}
    told = zip(theirs.quantiles, theirs.probabilities, interval.low.probabilities, interval.high.probabilities,
               strict=True)  # fmt: skip
    for year, share, low, high in told:
        row = mine[int(year)]
        assert row["survival"] == pytest.approx(share)
        if 0 < share < 1:
            assert (row["low"], row["high"]) == (pytest.approx(low, abs=1e-6), pytest.approx(high, abs=1e-6))


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 6), st.booleans()), min_size=1, max_size=25))
@examined
def test_survival_never_rises(rows):
    entered = np.array([2019 + e for e, _, _ in rows])
    left = entered + np.array([t for _, t, _ in rows])
    found = survival.kaplan_meier(entered, left, np.array([e for _, _, e in rows]), 2030)
    shares = found["survival"].to_list()
    assert shares == sorted(shares, reverse=True)
    assert 0 <= min(shares) <= max(shares) == 1
    inside = found.drop_nulls()
    assert ((inside["low"] <= inside["survival"] + 1e-12) & (inside["survival"] <= inside["high"] + 1e-12)).all()


# --- what counts as an observation -----------------------------------------------------------------------------


def test_a_roadmaps_items_began_earlier_and_are_at_risk_from_its_document_on():
    found = lives()
    assert found["r17-a"] == (2017, 2019, 2026, False, None, None)
    assert found["r17-b"] == (2017, 2019, 2019, True, 2020, 2026)  # R2018 lacks it, too: that is no end
    assert found["r18-a"] == (2018, 2019, 2019, True, 2020, 2026)


def test_a_summary_shows_life_and_never_an_end():
    found = lives()
    assert found["19-b"] == (2019, 2019, 2026, False, None, None)  # known to go on by way of 2020
    assert found["19-c"] == (2019, 2019, 2024, True, 2025, 2026)  # absent in 2020, seen in 2024
    assert found["20-b"] == (2020, 2020, 2020, True, 2021, 2026)
    assert "20-a" not in found  # goes on from 2019
    kinds = KINDS | {2028: "summary"}
    assert lives(documents=documents(kinds)) == found  # a later summary ends nothing


def test_without_a_later_full_plan_nothing_ends():
    known = {key: where for key, where in MEASURES.items() if where[0] < 2026}
    kinds = {year: kind for year, kind in KINDS.items() if year < 2026}
    own = [row for row in LINKS if not row[1].startswith("26")]
    found = lives(measures=measures(known), documents=documents(kinds), links=links(own))
    assert not any(row[3] for row in found.values())
    found_table = table(measures(known), documents(kinds), links(own))
    assert set(found_table["survival"]) == {1.0}


def test_a_successor_carries_on_where_any_link_counts():
    assert lives("same")["19-d"] == (2019, 2019, 2019, True, 2020, 2026)
    assert lives("any")["19-d"] == (2019, 2019, 2026, False, None, None)
    assert "26-c" in lives("same")
    assert "26-c" not in lives("any")


def test_what_is_merged_into_another_goes_on_there():
    found = lives(links=links([("19-c", "26-c", "same"), ("19-d", "26-c", "same")]))
    assert {found["19-c"][2], found["19-d"][2]} == {2026}
    assert not found["19-c"][3]
    assert not found["19-d"][3]


def test_a_repetition_is_no_initiative_of_its_own():
    known = MEASURES | {"26-d": (2026, "body")}
    own = links(LINKS[:1])
    again = own.with_columns(to_id=pl.lit("26-d"), from_id=pl.lit("19-d"), to_edition=pl.lit("2026"),
                             from_edition=pl.lit("2019"))  # fmt: skip
    found = lives(measures=measures(known, {"26-d": "26-c"}), links=pl.concat([own, again]))
    assert "26-d" not in found
    assert "26-c" not in found  # its repetition is linked, and so is it
    assert found["19-d"][2] == 2026


def test_the_table_by_cohort_and_extreme():
    found = store.check("survival", table(measures(), documents(), links()))
    assert set(found["cohort"]) == {
        "2017",
        "2018",
        "2019",
        "2020",
        "full",
    }  # 2024-a goes on from 2019; 2026 has no later
    own = {(r["relation"], r["cohort"], r["assigned"], r["year"]): r for r in found.iter_rows(named=True)}
    # of 19-b, 19-c and 19-d (19-a goes on from 2017) one is found in 2026
    assert own["same", "2019", "latest", 2025]["survival"] == 1
    assert own["same", "2019", "latest", 2026]["survival"] == pytest.approx(1 / 3)
    assert own["same", "2019", "earliest", 2020]["survival"] == pytest.approx(2 / 3)
    assert own["same", "2019", "earliest", 2024]["survival"] == pytest.approx(2 / 3)
    assert own["same", "2019", "earliest", 2025]["survival"] == pytest.approx(1 / 3)
    # r17-a and r17-b, r18-a, and those three: two of six
    assert own["same", "full", "latest", 2026]["survival"] == pytest.approx(2 / 6)
    assert own["any", "full", "latest", 2026]["survival"] == pytest.approx(3 / 6)
    assert own["same", "full", "latest", 2019]["initiatives"] == 6


def test_the_two_extremes_enclose_what_lies_between():
    found = table(measures(), documents(), links()).pivot(
        "assigned", index=["relation", "cohort", "year"], values="survival"
    )
    assert found.null_count().sum_horizontal().item() == 0
    assert (found["earliest"] <= found["latest"]).all()
    last = found.filter(pl.col("year") == 2026).filter(pl.col("cohort") != "full")
    assert last["earliest"].to_list() == pytest.approx(last["latest"].to_list())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_rows_changes_nothing(seed):
    mixed = [frame.sample(fraction=1, shuffle=True, seed=seed) for frame in (measures(), documents(), links())]
    assert table(measures(), documents(), links()).equals(table(*mixed))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_sentences_hold_the_tables_figures(language):
    found = table(measures(), documents(), links())
    row = {"from_edition": "R2017", "to_edition": "2019", "strictness": 1.0, "by": "all", "group": "all"}
    row |= {"metric": "carried", "value": 0.5, "low": 0.1, "high": 0.9, "count": 1, "total": 2}
    turnover = pl.DataFrame([row, row | {"from_edition": "R2018", "value": 0.0, "count": 0, "total": 1}])
    known = MEASURES | {"r19-a": (2019, "2019")}  # the roadmap's own items are none of an earlier plan
    tables = {"survival": found, "turnover": turnover, "measures": measures(known)}
    said = exhibit.sentences(ReportData(2026, 2019, language, tables))
    assert "33%" in said[0]
    assert "50%" in said[0]
    (by_year,) = (sentence for sentence in said if "2017" in sentence)
    assert "2020" not in by_year  # a summary's own cohort is no full plan's
    assert "33%" in said[-1]  # 1 of 3 items of earlier plans has a counterpart in the text
    assert exhibit.sentences(ReportData(2026, 2019, language, tables | {"survival": found.clear()})) == []


def test_initiatives_that_a_later_full_plan_began_are_counted_apart():
    found = table(measures(), documents(), links())
    pooled = (pl.col("cohort") == "full") & (pl.col("assigned") == "latest") & (pl.col("relation") == "same")
    more = found.with_columns(initiatives=pl.when(pooled).then(pl.col("initiatives") + 2).otherwise("initiatives"))
    tables = {"turnover": store.empty("turnover"), "measures": measures().filter(part="body")}
    first, said = (
        exhibit.sentences(ReportData(2026, 2019, "en", tables | {"survival": curves}))[0] for curves in (found, more)
    )
    assert "in which 2 that a later full plan began count from then on" in said
    assert "later full plan" not in first
    assert said.split()[1] == first.split()[1]  # those of the first plan are still these
