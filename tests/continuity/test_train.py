"""Fitting the link model: by hand, on made-up pairs and cases."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from analysis.base.errors import TableFaulty
from analysis.continuity import model_parameters, train
from analysis.continuity.model_parameters import (
    SAME_FEATURES,
    SIMILARITY_FEATURES,
    Fitted,
    LinkModel,
    LogisticCurve,
    Thresholds,
)

# Four cases: a is the same initiative, b has a successor, c and d have ended.
CASES = pl.DataFrame({"case": ["a", "b", "c", "d"], "links": [1, 1, 0, 0],
                      "truth": ["continued", "evolved", "ended", "ended"]})  # fmt: skip
PAIRS = [
    ("a", "same", 0.9, 0.8), ("a", "related", 0.31, 0.2), ("b", "none", 0.5, 0.1), ("b", "successor", 0.45, 0.1),
    ("c", "none", 0.7, 0.6), ("c", "none", 0.05, 0.01),
]  # fmt: skip
SCORED = pl.DataFrame(PAIRS, schema=["case", "relation", "score", "same_score"], orient="row")
SCORED = SCORED.with_columns(rest=pl.lit(1.0))
BOTH = Thresholds(0.4, 0.5)


def test_predictions_and_figures_by_hand():
    predicted = train._predicted(SCORED, CASES, BOTH)
    assert predicted.select("case", "predicted", "right", "blocked", "status", "best_is_same").rows() == [
        ("a", 1, 1, 1, "continued", True), ("b", 2, 1, 1, "evolved", False), ("c", 1, 0, 0, "continued", False),
        ("d", 0, 0, 0, "ended", False),
    ]  # fmt: skip
    figures = train._figures(predicted)
    assert figures["status_accuracy"] == 3 / 4
    assert figures["continued_f1"] == pytest.approx(2 * 1 / (1 + 2))
    assert figures["links_f1"] == pytest.approx(2 * 2 / (4 + 2))
    assert figures["first_right"] == 1
    nothing = train._figures(train._predicted(SCORED, CASES, Thresholds(1.0, 1.0)))
    assert (nothing["continued_f1"], nothing["links_f1"], nothing["status_accuracy"]) == (0, 0, 0.5)


def test_a_pair_that_adds_nothing_to_a_better_one_is_no_link():
    second = pl.when(case="b", relation="none").then(0.04).otherwise("rest")
    predicted = train._predicted(SCORED.with_columns(rest=second), CASES, BOTH)
    assert predicted.filter(case="b").select("predicted", "right").rows() == [(1, 1)]


def coded(*rows: tuple[str, str, str, str, str, float]) -> train.Coded:
    """Pairs (from_id, to_id, from_edition, edition_id, relation, wording); every other similarity is 0."""
    pairs = pl.DataFrame(rows, ["from_id", "to_id", "from_edition", "edition_id", "relation", "wording"], orient="row")
    others = {name: pl.lit(0.0) for name in SIMILARITY_FEATURES if name != "wording"}
    others["vector"] = pl.lit(None, pl.Float64)
    gap = pl.struct(train.BETWEEN).map_elements(lambda row: model_parameters.gap(*row.values()), pl.String)
    pairs = pairs.with_columns(case=pl.format("{} {}", "from_id", "edition_id"), gap=gap, **others)
    cases = pairs.group_by("case", *train.BETWEEN, "gap").agg(links=train.LINK.sum(), same=train.SAME.any())
    cases = cases.with_columns(truth=train._status("same", "links")).drop("same").sort("case")
    return train.Coded(pairs, cases, dict.fromkeys(pairs["edition_id"]), frozenset(["2030", "2031", "2034"]))


def test_pairs_compete_between_two_editions_that_state_single_measures(monkeypatch):
    rows = [
        ("a", "x", "2030", "2031"),
        ("b", "x", "2030", "2031"),
        ("a", "y", "2030", "2032"),
        ("a", "z", "2030", "2031"),
    ]
    scores = pl.Series("score", [0.9, 0.5, 0.9, 0.001])
    asked = []

    def remainder(pairs, space):
        asked.append(pairs["to_id"].to_list())
        return pl.Series("rest", [1.0, 0.0])

    monkeypatch.setattr(train.competition, "remainder", remainder)
    monkeypatch.setattr(train.link_model, "score", lambda pairs, model: pairs.with_columns(scores))
    scored = train._scored(coded(*[(*row, "none", 0.0) for row in rows]), None)
    assert scored["rest"].to_list() == [1, 0, 1, 0]  # the last one is not kept by a run
    assert asked == [["x", "x"]]


def test_thresholds_stand_in_the_middle_of_the_good_ones():
    # good are 0.32 to 0.44 (above a's second pair, up to b's successor) and 0.12 to 0.58 (above b's pairs)
    assert train._thresholds(SCORED.filter(pl.col("case") != "c"), CASES) == Thresholds(0.38, 0.35)


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


def test_every_edition_is_judged_by_a_model_that_has_not_seen_it(monkeypatch):
    """In 2031 alike pairs are linked; in 2034 those that differ: no model tells both, and each has seen the other."""
    alike = [("a", "x", "2030", "2031", "same", 0.9), ("b", "x", "2030", "2031", "none", 0.1)]
    other = [("a", "y", "2030", "2034", "none", 0.9), ("b", "y", "2030", "2034", "same", 0.1)]
    seen = []

    def curves(pairs):
        seen.append(sorted(pairs["edition_id"].unique()))
        return LogisticCurve(-5.0, {"wording": 10.0}), LogisticCurve(5.0, {})

    written = {}
    monkeypatch.setattr(
        train, "coded_pairs", lambda with_vectors=False: coded(*[] if with_vectors else [*alike, *other])
    )
    monkeypatch.setattr(train, "_curves", curves)
    monkeypatch.setattr(train.competition, "remainder", lambda pairs, space: pl.lit(1.0))
    monkeypatch.setattr(model_parameters, "write", lambda *values: written.update(enumerate(values)))
    agreement = train.fit_link_model()
    assert agreement["near editions"]["status_accuracy"] == 1  # 2031
    assert agreement["far editions"]["status_accuracy"] == 0
    assert {name: values["measures"] for name, values in agreement.items()} == {"near editions": 2, "far editions": 2}
    assert sorted(written[0].without) == ["2031", "2034"]
    assert written[1] is None  # nothing is coded between editions with sentence vectors
    assert seen.count(["2031", "2034"]) == 1  # the model of all
    assert ["2031"] in seen
    assert ["2034"] in seen


@pytest.mark.parametrize("with_vectors", [True, False])
def test_what_is_coded_is_seen_with_sentence_vectors_or_without(monkeypatch, with_vectors):
    class Space:
        def without_vectors(self):
            return None

    def pairs(space, earlier, later):
        seen.append(space is not None)
        vector = 0.1 if space and earlier[0] < "2020" else None  # the first edition alone has them
        row = {"from_id": earlier[0], "to_id": later[0], "vector": vector}
        return pl.DataFrame([row], schema_overrides={"vector": pl.Float64})

    seen = []
    monkeypatch.setattr(train, "_spaces", lambda measures, later: dict.fromkeys(later, Space()))
    monkeypatch.setattr(train.similarity, "pairs", pairs)
    made = train.coded_pairs(with_vectors)
    assert set(seen) == {with_vectors}
    assert made.pairs["vector"].null_count() == (0 if with_vectors else len(made.pairs))
    assert set(made.cases["from_edition"]) == set(made.pairs["from_edition"]) or not with_vectors
    assert ("2020" in made.cases["from_edition"]) != with_vectors


def test_sentence_vectors_count_where_pairs_have_them():
    rows = [("a", "x", "2030", "2031", "same", 0.9), ("b", "x", "2030", "2031", "none", 0.1)]
    without = coded(*rows).pairs
    assert "vector" not in train._curves(without)[0].weights
    linked, same = train._curves(without.with_columns(vector=pl.Series([0.4, -0.2])))
    assert linked.weights["vector"] > 0
    assert "vector" not in same.weights


def test_near_and_distant_editions_have_thresholds_of_their_own(monkeypatch):
    """Between near editions a link has 0.5 and a stranger 0.4, between distant ones a link 0.3 and a stranger 0.1."""
    near = [("a", "x", "2030", "2031", "same", 0.5), ("b", "x", "2030", "2031", "none", 0.46)]
    far = [("a", "y", "2030", "2034", "same", 0.415), ("b", "y", "2030", "2034", "none", 0.28)]
    curves = LogisticCurve(-5.0, {"wording": 10.0}), LogisticCurve(9.0, {})
    monkeypatch.setattr(train, "_curves", lambda pairs: curves)
    monkeypatch.setattr(train.competition, "remainder", lambda pairs, space: pl.lit(1.0))
    chosen = train._model(coded(*near, *far)).thresholds
    assert 0.4 < chosen["near"].link_from <= 0.5
    assert 0.1 < chosen["far"].link_from <= 0.3


def test_one_later_edition_is_not_enough(monkeypatch):
    monkeypatch.setattr(train, "coded_pairs", lambda with_vectors=False: coded(("a", "x", "2030", "2031", "same", 0.9)))
    with pytest.raises(TableFaulty, match="two are needed"):
        train.fit_link_model()


def test_what_is_written_is_what_is_read(tmp_path, monkeypatch):
    monkeypatch.setenv("IP_PLAN_ROOT", str(tmp_path))
    (tmp_path / "data/curated").mkdir(parents=True)
    thresholds = {"near": Thresholds(0.28, 0.5), "far": Thresholds(0.15, 0.4)}
    model = LinkModel(
        LogisticCurve(-5.0, dict.fromkeys(SIMILARITY_FEATURES, 2.0)),
        LogisticCurve(1.0, dict.fromkeys(SAME_FEATURES, 3.0)), thresholds,
    )  # fmt: skip
    reduced = LinkModel(model.linked, model.same, {"near": Thresholds(0.3, 0.5), "far": Thresholds(0.2, 0.4)})
    agreement = {"near": {"measures": 10, "links_f1": 0.5}, "far": {"measures": 7}}
    fitted = Fitted(model, {"2031": reduced}, agreement)
    model_parameters.write(fitted, None)
    assert model_parameters.link_model(with_vectors=True) == model  # none was fitted
    by_vectors = replace(model, linked=replace(model.linked, weights=model.linked.weights | {"vector": 4.0}))
    model_parameters.write(fitted, Fitted(by_vectors, {}, {"near": {"measures": 3}, "far": {"measures": 2}}))
    assert model_parameters.link_model("2031", with_vectors=True) == by_vectors
    assert model_parameters.agreement_with_codings("far", with_vectors=True) == {"measures": 2}
    assert model_parameters.link_model() == model_parameters.link_model(without="2032") == model
    assert model_parameters.link_model(without="2031") == reduced
    assert model_parameters.agreement_with_codings("near") == {"measures": 10, "links_f1": 0.5}
    assert model_parameters.agreement_with_codings("far") == {"measures": 7}


def test_editions_two_years_apart_are_near():
    assert [model_parameters.gap(*pair) for pair in (("2030", "2032"), ("R2030", "2033"))] == ["near", "far"]
    assert LinkModel(None, None, {"near": 1, "far": 2}).between("2030", "2031") == 1
