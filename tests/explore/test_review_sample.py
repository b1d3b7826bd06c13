"""A sample says of all units what is so, about as sure as it says it is."""

from collections import Counter
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.explore import review_sample
from analysis.tables import summary_statistics

KEY = ["unit_id", "to_id"]
ABSENT, NAMED = ["none"], ["same", "successor"]


def pairs(**groups: tuple[int, int, float]) -> tuple[pl.DataFrame, dict[tuple[str, str], str]]:
    """Pairs of which `held` holds, by group: how many, how many of them are the same in truth, and their score."""
    rows, truth = [], {}
    for group, (size, same, score) in groups.items():
        held = group if group in NAMED else "none"
        for n in range(size):
            rows.append((f"{group}{n:04d}", "b", held, score))
            truth[rows[-1][:2]] = "same" if n < same else "none"
    frame = pl.DataFrame(rows, schema=[*KEY, "held", "score"], orient="row")
    return review_sample.strata(frame, ABSENT), truth


def said(drawn: pl.DataFrame, truth: dict[tuple[str, str], str]) -> pl.DataFrame:
    keys = drawn.select(KEY).rows()
    return pl.DataFrame(
        [(*key, truth[key]) for key in keys], schema=dict.fromkeys((*KEY, "said"), pl.String), orient="row"
    )


def of(rows: pl.DataFrame, figure: str, what: str = "link") -> dict:
    return rows.row(by_predicate=(pl.col("figure") == figure) & (pl.col("of") == what), named=True)


# --- draws


def test_strata_are_what_holds_and_bands_of_what_does_not():
    frame, _ = pairs(same=(1, 0, 0.1), successor=(1, 0, 0.9), low=(1, 0, 0.02), edge=(1, 0, 0.05), high=(1, 0, 0.7))
    assert frame["stratum"].to_list() == ["same", "successor", "0–0.05", "0.05–0.2", "0.2–1"]
    unscored = frame.with_columns(score=pl.lit(None, dtype=pl.Float64)).drop("stratum")
    assert review_sample.strata(unscored, ABSENT)["stratum"].to_list()[2:] == ["0–0.05"] * 3


def test_half_of_a_sample_is_linked_and_inclusion_is_known():
    frame, _ = pairs(same=(60, 0, 0.9), successor=(30, 0, 0.5), low=(900, 0, 0.02), high=(100, 0, 0.4))
    drawn = review_sample.draw(frame, KEY, 60, "1", ABSENT)
    counts = Counter(drawn["stratum"])
    assert len(drawn) == 60
    assert counts["same"] + counts["successor"] == pytest.approx(30, abs=1)
    assert counts["same"] == pytest.approx(20, abs=1)
    assert counts["0.2–1"] > 100 / 1000 * 30  # more than its share: links are likelier among them
    for row in drawn.iter_rows(named=True):
        size = frame.filter(stratum=row["stratum"]).height
        assert (row["size"], row["drawn"]) == (size, counts[row["stratum"]])
        assert row["inclusion"] == row["drawn"] / size


def test_the_same_seed_draws_the_same_and_a_larger_sample_holds_the_smaller():
    frame, _ = pairs(same=(60, 0, 0.9), low=(300, 0, 0.02), high=(100, 0, 0.4))
    drawn = review_sample.draw(frame, KEY, 40, "1", ABSENT)
    again = review_sample.draw(frame.sample(fraction=1, shuffle=True, seed=3), KEY, 40, "1", ABSENT)
    assert again.equals(drawn)
    other = review_sample.draw(frame, KEY, 40, "2", ABSENT)
    assert set(other.select(KEY).rows()) != set(drawn.select(KEY).rows())
    larger = review_sample.draw(frame, KEY, 80, "1", ABSENT)
    assert set(drawn.select(KEY).rows()) < set(larger.select(KEY).rows())


def test_every_unit_of_a_stratum_is_drawn_as_often():
    frame, _ = pairs(same=(12, 0, 0.9), low=(30, 0, 0.02))
    counts = Counter(
        unit for seed in range(400) for unit in review_sample.draw(frame, KEY, 12, str(seed), ABSENT)["unit_id"]
    )
    assert len(counts) == 42
    for unit, count in counts.items():
        assert count / 400 == pytest.approx(6 / (12 if unit.startswith("same") else 30), abs=0.12)


def test_the_order_gives_no_stratum_away_and_who_stops_has_something_of_each():
    frame, _ = pairs(same=(60, 0, 0.9), low=(60, 0, 0.02))
    drawn = review_sample.draw(frame, KEY, 60, "1", ABSENT)["stratum"].to_list()
    assert 10 <= drawn[:30].count("same") <= 20
    assert any(one == other for one, other in pairwise(drawn))  # they do not take turns
    assert drawn != sorted(drawn)


@given(st.lists(st.tuples(st.integers(1, 30), st.floats(0.01, 1)), min_size=1, max_size=6), st.integers(0, 80))
def test_shares_are_whole_and_within_their_strata(parts, number):
    sizes, weights = zip(*parts, strict=True)
    drawn = review_sample.allocated(sizes, weights, number)
    least = [min(size, review_sample.LEAST) for size in sizes]
    assert sum(drawn) == min(max(number, sum(least)), sum(sizes))
    larger = review_sample.allocated(sizes, weights, number + 1)
    for size, few, count, more in zip(sizes, least, drawn, larger, strict=True):
        assert few <= count <= more <= size


# --- estimates


def test_estimates_by_hand():
    rows = [("a", "b", "same", "same", 10), ("c", "b", "same", "none", 10), ("d", "b", "none", "same", 40)]
    rows += [(f"e{n}", "b", "none", "none", 40) for n in range(3)]
    frame = pl.DataFrame(rows, schema=[*KEY, "held", "said", "size"], orient="row")
    drawn = frame.drop("said").with_columns(stratum="held")
    result = review_sample.estimates(drawn, frame.select(*KEY, "said"), KEY, ["same"])
    precision, recall = of(result, "precision"), of(result, "recall")
    assert (precision["estimate"], precision["decided"], precision["units"]) == (0.5, 2, 10)
    # 10 × 1/2 right, 40 × 1/4 missed
    assert (recall["estimate"], recall["decided"], recall["units"]) == (pytest.approx(5 / 15), 6, 50)
    assert precision["low"] < 0.5 < precision["high"]
    assert recall["low"] < 5 / 15 < recall["high"]
    assert of(result, "precision", "same")["estimate"] == 0.5


def test_a_wrong_relation_is_a_link_but_not_that_relation():
    rows = [("a", "b", "same", "successor", 1), ("c", "b", "successor", "successor", 1), ("d", "b", "none", "none", 1)]
    frame = pl.DataFrame(rows, schema=[*KEY, "held", "said", "size"], orient="row")
    drawn = frame.drop("said").with_columns(stratum="held")
    result = review_sample.estimates(drawn, frame.select(*KEY, "said"), KEY, NAMED)
    assert [of(result, "precision", what)["estimate"] for what in ("link", "same", "successor")] == [1, 0, 1]
    assert [of(result, "recall", what)["estimate"] for what in ("link", "same", "successor")] == [1, None, 0.5]
    whole = of(result, "precision")  # every unit was decided: nothing is left in doubt
    assert (whole["low"], whole["high"]) == (1, 1)


def test_nothing_is_estimated_where_a_stratum_has_no_decision():
    frame, truth = pairs(same=(20, 20, 0.9), low=(50, 1, 0.02))
    drawn = review_sample.draw(frame, KEY, 20, "1", ABSENT)
    result = review_sample.estimates(drawn, said(drawn.filter(stratum="same"), truth), KEY, NAMED)
    assert of(result, "precision")["estimate"] == 1
    assert of(result, "recall")["estimate"] is None
    none = review_sample.estimates(drawn, said(drawn.head(0), truth), KEY, NAMED)
    assert none["estimate"].is_null().all()
    assert none["decided"].sum() == 0


def test_what_was_not_drawn_does_not_count():
    frame, truth = pairs(same=(20, 20, 0.9), low=(50, 5, 0.02))
    drawn = review_sample.draw(frame, KEY, 20, "1", ABSENT)
    result = review_sample.estimates(drawn, said(drawn, truth), KEY, NAMED)
    assert review_sample.estimates(drawn, said(frame, truth), KEY, NAMED).equals(result)


GROUPS = [
    {"same": (27, 25, 0.9), "successor": (39, 33, 0.6), "low": (121, 1, 0.03), "mid": (83, 3, 0.1),
     "top": (53, 6, 0.4)},
    {"same": (100, 90, 0.9), "low": (600, 5, 0.02), "top": (150, 25, 0.3)},
    {"same": (100, 97, 0.9), "low": (600, 0, 0.02), "top": (150, 2, 0.3)},  # hardly a link is missed
]  # fmt: skip


@pytest.mark.parametrize("groups", GROUPS)
def test_the_intervals_hold_the_truth_in_about_95_of_100_samples(groups):
    frame, truth = pairs(**groups)
    held = dict(zip(frame.select(KEY).rows(), frame["held"], strict=True))
    right = sum(truth[key] == "same" and held[key] != "none" for key in truth)
    real = {
        "precision": right / sum(value != "none" for value in held.values()),
        "recall": right / sum(value == "same" for value in truth.values()),
    }
    within, sums, widths = Counter(), Counter(), Counter()
    for seed in range(300):
        drawn = review_sample.draw(frame, KEY, 100, str(seed), ABSENT)
        result = review_sample.estimates(drawn, said(drawn, truth), KEY, NAMED)
        for figure, value in real.items():
            row = of(result, figure)
            within[figure] += row["low"] - 1e-9 <= value <= row["high"] + 1e-9
            sums[figure] += row["estimate"]
            widths[figure] += row["high"] - row["low"]
    for figure, value in real.items():
        assert within[figure] / 300 >= 0.92
        assert widths[figure] / 300 < 0.5  # an interval that says nothing holds everything
        assert sums[figure] / 300 == pytest.approx(value, abs=0.04)


def test_choosing_the_doubtful_would_mislead():
    """Why estimates need a sample: the same decisions about the pairs nearest to a threshold say something else."""
    frame, truth = pairs(same=(60, 57, 0.9), successor=(40, 20, 0.3), low=(900, 5, 0.02), top=(100, 30, 0.25))
    near = frame.with_columns(far=(pl.col("score") - 0.28).abs()).sort("far").head(100)
    links = near.filter(pl.col("held") != "none")
    naive = sum(truth[key] == "same" for key in links.select(KEY).rows()) / len(links)
    drawn = review_sample.draw(frame, KEY, 100, "1", ABSENT)
    row = of(review_sample.estimates(drawn, said(drawn, truth), KEY, NAMED), "precision")
    assert naive == 0.5
    assert row["low"] <= 0.77 <= row["high"]
    assert row["low"] > naive


@given(st.integers(1, 60), st.data())
def test_an_interval_holds_its_share_and_narrows_to_it(size, data):
    decided = data.draw(st.integers(1, size))
    right = data.draw(st.integers(0, decided))
    share, low, high = review_sample.interval(right, decided, size)
    assert 0 <= low <= share <= high <= 1
    assert (low == high) == (decided == size)


@given(st.integers(0, 20), st.integers(1, 20), st.integers(0, 20), st.integers(1, 20))
def test_a_share_lies_in_its_interval(right, linked, missed, others):
    part = review_sample.total([(50, linked, min(right, linked))])
    rest = review_sample.total([(500, others, min(missed, others))])
    result = review_sample.share(part, rest)
    if part[0] + rest[0] == 0:
        assert result is None
    else:
        share, low, high = result
        assert 0 <= low <= share <= high <= 1
        assert share == pytest.approx(part[0] / (part[0] + rest[0]))


def test_accuracy_is_wilsons_share_of_units_that_hold_something():
    population = pl.DataFrame({"unit_id": list("abcd"), "held": ["x", "y", None, "x"]})
    decided = pl.DataFrame({"unit_id": list("abc"), "said": ["x", "x", "x"]})
    (row,) = review_sample.accuracy(population, population, decided).iter_rows(named=True)
    assert (row["estimate"], row["decided"], row["units"]) == (0.5, 2, 3)
    assert (row["low"], row["high"]) == summary_statistics.interval(1, 2)
    (empty,) = review_sample.accuracy(population, population, decided.head(0)).iter_rows(named=True)
    assert (empty["estimate"], empty["decided"]) == (None, 0)
