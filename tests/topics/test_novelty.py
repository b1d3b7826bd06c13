"""Novelty, transience, resonance: divergences by hand, windows, and what must hold of them."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.report.data import ReportData
from analysis.report.exhibits import resonance
from analysis.tables import store
from analysis.topics import novelty

HALF, MORE = np.array([0.5, 0.5]), np.array([0.25, 0.75])


examined = settings(max_examples=60, deadline=None)


def line(*edition_ids: list[np.ndarray], parts: dict[int, str] | None = None) -> tuple[pl.DataFrame, np.ndarray]:
    """Measures of editions 2030, 2031 … with the mixtures given, and these in the order of their identifiers."""
    rows = [
        {"measure_id": f"{2030 + e}-{n}", "edition": 2030 + e, "part": (parts or {}).get(e, "body"), "repeats": None}
        for e, edition_id in enumerate(edition_ids)
        for n in range(len(edition_id))
    ]
    return pl.DataFrame(rows, schema_overrides={"repeats": pl.String}), np.array(
        [m for edition_id in edition_ids for m in edition_id]
    )


def assigned(measures: pl.DataFrame, mixtures: np.ndarray) -> pl.DataFrame:
    topic = [f"t{i}" for i in mixtures.argmax(axis=1)]
    return pl.DataFrame({"measure_id": measures["measure_id"], "topic_id": topic, "fits": [True] * len(topic)})


mixture = st.lists(st.floats(0.01, 1), min_size=3, max_size=3).map(lambda v: np.array(v) / sum(v))
editions = st.lists(st.lists(mixture, min_size=1, max_size=4), min_size=3, max_size=5)


def test_divergence_by_hand():
    # ½ · log₂(½ / ¼) + ½ · log₂(½ / ¾) = ½ · 1 + ½ · (−0.584963) = 0.207519
    assert novelty.divergence(HALF, MORE) == pytest.approx(0.207519, abs=1e-6)
    # ¼ · log₂(¼ / ½) + ¾ · log₂(¾ / ½) = ¼ · (−1) + ¾ · 0.584963 = 0.188722: it is not symmetric
    assert novelty.divergence(MORE, HALF) == pytest.approx(0.188722, abs=1e-6)


@given(mixture, mixture)
@examined
def test_a_divergence_is_never_negative_and_0_from_itself(one, other):
    assert novelty.divergence(one, other) >= -1e-12
    assert novelty.divergence(one, one) == 0


def test_the_window_by_hand():
    # an edition's mixture is the mean of its measures': (¼ ¾) and (¾ ¼) together are (½ ½)
    measures, mixtures = line([MORE, MORE[::-1]], [HALF], [MORE])
    found = novelty.table(measures, mixtures, window=1)
    middle = found.filter(pl.col("edition_id") == "2031").row(0, named=True)
    assert middle["novelty"] == pytest.approx(0)
    assert middle["transience"] == pytest.approx(0.207519, abs=1e-6)
    assert middle["resonance"] == pytest.approx(-0.207519, abs=1e-6)
    last = found.filter(pl.col("edition_id") == "2032").row(0, named=True)
    assert last["novelty"] == pytest.approx(0.188722, abs=1e-6)
    # a window of two: the mean of the divergences from the two editions before, 0 and 0.188722 … each alike
    wide = novelty.table(*line([HALF], [MORE], [HALF]), window=2).filter(pl.col("edition_id") == "2032")
    assert wide["novelty"][0] == pytest.approx((0 + 0.207519) / 2, abs=1e-6)


@pytest.mark.parametrize("window", [1, 2])
def test_the_first_editions_have_no_novelty_and_the_last_no_transience(window):
    found = novelty.table(*line(*[[HALF]] * 5), window=window).sort("edition_id")
    assert found["novelty"].is_null().to_list() == [n < window for n in range(5)]
    assert found["transience"].is_null().to_list() == [n >= 5 - window for n in range(5)]
    both = found["novelty"].is_null() | found["transience"].is_null()
    assert found["resonance"].is_null().to_list() == both.to_list()


def test_a_roadmap_that_repeats_its_plan_is_left_out():
    known = ["2019", "R2019", "R2017", "2026", "R2018", "2020"]
    assert novelty.sequence(known) == ["R2017", "R2018", "2019", "2020", "2026"]


def test_a_repetition_is_left_out():
    measures, mixtures = line([HALF], [HALF, MORE], [MORE])
    again = measures.with_columns(repeats=pl.when(pl.col("measure_id") == "2031-1").then(pl.lit("2031-0")))
    found = novelty.table(again, mixtures, window=1)
    assert found["measure_id"].to_list() == ["2030-0", "2031-0", "2032-0"]
    assert found["novelty"].drop_nulls().to_list() == pytest.approx([0, 0.188722], abs=1e-6)


@given(editions)
@examined
def test_turning_time_round_swaps_novelty_and_transience(edition_ids):
    one = novelty.table(*line(*edition_ids), window=1)
    other = novelty.table(*line(*edition_ids[::-1]), window=1)
    mirrored = other.with_columns(
        measure_id=pl.format(
            "{}-{}", 2 * 2030 + len(edition_ids) - 1 - pl.col("measure_id").str.slice(0, 4).cast(pl.Int64),
            pl.col("measure_id").str.slice(5),
        )
    ).sort("measure_id")  # fmt: skip
    assert one["novelty"].to_list() == pytest.approx(mirrored["transience"].to_list())
    assert one.drop_nulls()["resonance"].to_list() == pytest.approx((-mirrored.drop_nulls()["resonance"]).to_list())


@given(editions)
@examined
def test_novelty_is_never_negative_and_the_means_are_the_tables(edition_ids):
    measures, mixtures = line(*edition_ids)
    found = novelty.table(measures, mixtures, window=1)
    assert found["novelty"].drop_nulls().min() >= -1e-9
    told = novelty.by_topic(measures, mixtures, assigned(measures, mixtures), window=1)
    store.check("resonance", told)
    joined = found.drop_nulls().join(assigned(measures, mixtures), on="measure_id")
    for row in told.iter_rows(named=True):
        own = joined.filter(pl.col("edition_id") == row["edition_id"])
        own = own if row["topic_id"] == "all" else own.filter(pl.col("topic_id") == row["topic_id"])
        assert len(own) == row["measures"]
        for name in novelty.METRICS:
            assert own[name].mean() == pytest.approx(row[name], abs=1e-9)
            assert row[f"{name}_low"] <= row[f"{name}_high"]


def test_what_is_drawn_depends_on_the_seed_and_not_on_the_order_of_rows():
    chance = np.random.default_rng(5)
    measures, mixtures = line(*[chance.dirichlet([0.5] * 3, 6) for _ in range(3)])
    own = assigned(measures, mixtures)
    one = novelty.by_topic(measures, mixtures, own, window=1)
    mixed = [frame.sample(fraction=1, shuffle=True, seed=3) for frame in (measures, own)]
    assert one.equals(novelty.by_topic(mixed[0], mixtures, mixed[1], window=1))
    other = novelty.by_topic(measures, mixtures, own, window=1, seed=1)
    assert other["novelty"].equals(one["novelty"])
    assert not other["novelty_low"].equals(one["novelty_low"])


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_sentences_name_the_topics_whose_interval_leaves_0_out(language):
    names = pl.DataFrame({"topic_id": ["a", "b", "c"], "name_en": ["A", "B", "C"], "name_ja": ["甲", "乙", "丙"]})
    rows = [
        {"edition_id": "2031", "topic_id": topic, "measures": 4, "novelty": 3.25, "novelty_low": 3.0,
         "novelty_high": 3.5,
         "resonance": (low + high) / 2, "resonance_low": low, "resonance_high": high}
        for topic, low, high in (("all", 0.2, 0.6), ("a", 0.5, 1.0), ("b", -0.4, 0.6), ("c", -2.0, -1.0))
    ]  # fmt: skip
    tables = {"resonance": pl.DataFrame(rows), "topics": names}
    said = resonance.exhibit(ReportData(2033, 2031, language, tables)).sentences
    up, down = ("A", "C") if language == "en" else ("甲", "丙")
    assert "+0.4" in said[0]
    assert said[1].index(up) < said[1].index(down)
    assert ("B" if language == "en" else "乙") not in said[1]
    assert resonance.exhibit(ReportData(2033, 2032, language, tables)) is None
