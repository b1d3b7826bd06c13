"""The parts that a probability is told apart into are all of it, and say what the model alone would make of a pair."""

import random

import polars as pl
import pytest
from scipy.special import logit

from analysis.continuity import competition, explanation, link_model, model_parameters
from analysis.continuity.model_parameters import SIMILARITY_FEATURES, LinkModel, LogisticCurve, Thresholds

CURVE = LogisticCurve(-3.0, dict.fromkeys(SIMILARITY_FEATURES, 0.0) | {"wording": 4.0, "topic": 1.5})
PAIR = dict.fromkeys(SIMILARITY_FEATURES, 0.25) | {"topic": 1.0, "vector": None}


def candidate(model: LinkModel, rest: float = 1.0, **features: float) -> dict[str, float]:
    """A row of Candidates as a run would write it: scored by the model, six digits."""
    pair = pl.DataFrame([PAIR | features]).with_columns(pl.selectors.float().round(6))
    (row,) = link_model.score(pair, model).with_columns(pl.col("score", "same_score").round(6), rest=rest).to_dicts()
    return row


def test_a_contribution_is_weight_times_value():
    parts = explanation.contributions(PAIR, CURVE)
    assert [part.feature for part in parts] == ["intercept", *SIMILARITY_FEATURES]
    by_name = {part.feature: part.log_odds for part in parts}
    assert (by_name["intercept"], by_name["wording"], by_name["topic"], by_name["words"]) == (-3.0, 1.0, 1.5, 0.0)
    model = explanation.Explanation(parts, 0.4, 1.0)
    assert model.log_odds == -0.5
    assert model.probability == pytest.approx(0.377541, abs=1e-6)
    assert model.threshold == pytest.approx(logit(0.4))


def test_contributions_sum_to_the_log_odds_of_the_model():
    seeded = random.Random(5)
    model = model_parameters.link_model()
    pairs = pl.DataFrame([{name: seeded.random() for name in SIMILARITY_FEATURES} for _ in range(200)])
    scores = link_model.score(pairs, model)["score"]
    for pair, score in zip(pairs.to_dicts(), scores, strict=True):
        parts = explanation.contributions(pair, model.linked)
        assert explanation.Explanation(parts, 0.5, 1.0).probability == pytest.approx(score, rel=1e-12)


@pytest.mark.parametrize(
    ("link_from", "rest", "likely", "linked"),
    [
        (0.3, 1.0, True, True),
        (0.3, competition.SECOND_FROM - 0.01, True, False),
        (0.3, competition.SECOND_FROM, True, True),
        (0.4, 1.0, False, False),
    ],
)
def test_the_model_alone_links_what_is_likely_and_adds_something(link_from, rest, likely, linked):
    model = explanation.Explanation(explanation.contributions(PAIR, CURVE), link_from, rest)
    assert (model.likely, model.linked) == (likely, linked)


def test_a_pair_with_sentence_vectors_is_explained_by_the_model_that_has_them():
    model = model_parameters.link_model(with_vectors=True)
    told = explanation.explained(candidate(model, vector=-0.1), "2030", "2031")
    assert told.contributions[-1].feature == "vector"
    assert told.contributions[-1].log_odds == pytest.approx(-0.1 * model.linked.weights["vector"])
    assert told.contributions[-1].log_odds < 0
    assert told.link_from == model.thresholds["near"].link_from


def test_the_threshold_is_that_of_the_gap_and_of_the_run():
    usual = model_parameters.link_model()
    row = candidate(usual, wording=0.5)
    near, far = (explanation.explained(row, "2030", later) for later in ("2031", "2037"))
    assert near.link_from == usual.thresholds["near"].link_from
    assert far.link_from == usual.thresholds["far"].link_from
    strict = explanation.explained(row, "2030", "2031", strictness=1.5)
    assert strict.link_from == pytest.approx(1.5 * near.link_from)
    absurd = explanation.explained(row, "2030", "2031", strictness=100)
    assert absurd.threshold == pytest.approx(logit(1 - explanation.CERTAIN))
    assert not absurd.likely


def test_what_does_not_end_at_the_score_of_the_table_is_not_told():
    usual, without = model_parameters.link_model(), model_parameters.link_model("2026")
    assert usual.linked != without.linked
    told = explanation.explained(candidate(usual, wording=0.5), "2019", "2026")
    assert told.contributions[0].weight == usual.linked.intercept
    told = explanation.explained(candidate(without, wording=0.5), "2019", "2026")  # of a run with use_codings=false
    assert told.contributions[0].weight == without.linked.intercept
    other = LinkModel(CURVE, CURVE, {"near": Thresholds(0.5, 0.5), "far": Thresholds(0.5, 0.5)})
    assert explanation.explained(candidate(other), "2019", "2026") is None
