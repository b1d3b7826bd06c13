"""Fitting the link model: by hand, on made-up pairs and cases."""

import numpy as np
import polars as pl
import pytest

from analysis.continuity import model_parameters, train
from analysis.continuity.model_parameters import SAME_FEATURES, SIMILARITY_FEATURES, LinkModel, LogisticCurve

# Four cases: a is the same initiative, b has a successor, c and d have ended.
CASES = pl.DataFrame({"case": ["a", "b", "c", "d"], "links": [1, 1, 0, 0],
                      "truth": ["continued", "evolved", "ended", "ended"]})  # fmt: skip
PAIRS = [
    ("a", "same", 0.9, 0.8), ("a", "related", 0.31, 0.2), ("b", "none", 0.5, 0.1), ("b", "successor", 0.45, 0.1),
    ("c", "none", 0.7, 0.6), ("c", "none", 0.05, 0.01),
]  # fmt: skip
SCORED = pl.DataFrame(PAIRS, schema=["case", "relation", "score", "same_score"], orient="row")
SCORED = SCORED.with_columns(rest=pl.lit(1.0))


def test_predictions_and_figures_by_hand():
    predicted = train._predicted(SCORED, CASES, (0.4, 0.5))
    assert predicted.select("case", "predicted", "right", "status", "best_is_same").rows() == [
        ("a", 1, 1, "continued", True), ("b", 2, 1, "evolved", False), ("c", 1, 0, "continued", False),
        ("d", 0, 0, "ended", False),
    ]  # fmt: skip
    figures = train._figures(predicted)
    assert figures["status_accuracy"] == 3 / 4
    assert figures["continued_f1"] == pytest.approx(2 * 1 / (1 + 2))
    assert figures["links_f1"] == pytest.approx(2 * 2 / (4 + 2))
    assert figures["first_right"] == 1
    nothing = train._figures(train._predicted(SCORED, CASES, (1.0, 1.0)))
    assert (nothing["continued_f1"], nothing["links_f1"], nothing["status_accuracy"]) == (0, 0, 0.5)


def test_a_pair_that_adds_nothing_to_a_better_one_is_no_link():
    second = pl.when(case="b", relation="none").then(0.1).otherwise("rest")
    predicted = train._predicted(SCORED.with_columns(rest=second), CASES, (0.4, 0.5))
    assert predicted.filter(case="b").select("predicted", "right").rows() == [(1, 1)]


def test_pairs_compete_between_two_editions_that_state_single_measures(monkeypatch):
    rows = [("a", "x", 0.9, "1 2"), ("b", "x", 0.5, "1 2"), ("a", "y", 0.9, None), ("a", "z", 0.001, "1 2")]
    scored = pl.DataFrame(rows, ["from_id", "to_id", "score", "between"], orient="row")
    asked = []

    def remainder(pairs, space):
        asked.append(pairs["to_id"].to_list())
        return pl.Series("rest", [1.0, 0.0])

    monkeypatch.setattr(train.competition, "remainder", remainder)
    assert train._competing(scored, None)["rest"].to_list() == [1, 0, 1, 0]  # the last one is not kept by a run
    assert asked == [["x", "x"]]


def test_thresholds_stand_in_the_middle_of_the_good_ones():
    # good are 0.32 to 0.44 (above a's second pair, up to b's successor) and 0.12 to 0.58 (above b's pairs)
    assert train._thresholds(SCORED.filter(pl.col("case") != "c"), CASES) == (0.38, 0.35)


def test_the_calibration_error_is_taken_over_bins_of_equal_width_and_without_what_is_not_kept():
    # bins 0.0–0.1: one stranger at 0.05; 0.31, 0.45, 0.5, 0.7, 0.9; a pair at 0.01 is not kept
    more = pl.concat([SCORED, pl.DataFrame([("d", "none", 0.01, 0.0, 1.0)], schema=SCORED.schema, orient="row")])
    expected = (0.05 + 0.31 + (1 - 0.45) + 0.5 + 0.7 + (1 - 0.9)) / 6
    assert train._calibration_error(more) == pytest.approx(expected)


def test_no_weight_is_negative_and_a_feature_that_tells_has_the_largest():
    random = np.random.default_rng(0)
    features = pl.DataFrame({"tells": random.random(400), "says_nothing": random.random(400)})
    features = features.with_columns(speaks_against=1 - pl.col("tells"))
    truth = (features["tells"] + 0.1 * random.standard_normal(400) > 0.6).to_numpy()
    weights = train._fit(features, truth).weights
    assert list(weights) == features.columns
    assert weights["speaks_against"] == 0
    assert weights["tells"] > 10 * weights["says_nothing"] >= 0
    curve = train._fit(features, truth)
    total = curve.intercept + weights["tells"] * 0.6
    assert abs(total) < 2  # about even where the truth turns


def test_a_new_edition_is_judged_by_a_model_that_has_not_seen_it(monkeypatch):
    pairs = SCORED.drop("score", "same_score").with_columns(edition_id=pl.Series(["x", "x", "y", "y", "z", "z"]))
    seen = []
    monkeypatch.setattr(train, "_curves", lambda pairs: seen.append(sorted(set(pairs["edition_id"]))) or (None, None))
    scores = SCORED.select("case", "relation", "score", "same_score")

    def scored(held_out, model):
        return held_out.join(scores, on=["case", "relation"], how="left").unique(maintain_order=True)

    monkeypatch.setattr(train.link_model, "score", scored)
    monkeypatch.setattr(train, "_competing", lambda scored, space: scored.with_columns(rest=pl.lit(1.0)))
    figures = train._new_edition(pairs, CASES, None, (0.4, 0.5))
    assert seen == [["y", "z"], ["x", "z"], ["x", "y"]]
    assert figures["new_edition_status_accuracy"] == 3 / 4
    assert {name.removesuffix("_low").removesuffix("_high") for name in figures} == {
        "new_edition_status_accuracy", "new_edition_continued_f1", "new_edition_links_f1",
    }  # fmt: skip


def test_a_model_that_is_written_is_read(curated):
    model = LinkModel(
        LogisticCurve(-2.5, dict.fromkeys(SIMILARITY_FEATURES, 0.125)),
        LogisticCurve(1.0, dict.fromkeys(SAME_FEATURES, 3.0)), link_from=0.28, same_from=0.5,
    )  # fmt: skip
    model_parameters.write(model, {"measures": 10, "links_f1": 0.5})
    assert model_parameters.link_model() == model
    assert model_parameters.agreement_with_codings() == {"measures": 10, "links_f1": 0.5}
