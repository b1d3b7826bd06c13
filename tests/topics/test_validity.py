"""Validity: every figure is out of sample and says what was left out."""

import numpy as np
import polars as pl
import pytest
from coded_plan import TOPICS

from analysis.tables import store
from analysis.topics import topic_model, validity

pytest_plugins = ("coding_fixtures",)


def checks(plan) -> dict[str, float]:
    return dict(store.check("validity", validity.topic_checks(*plan)).iter_rows())


def test_figures_of_documents_that_were_left_out(plan, coded):
    coded(TOPICS, TOPICS)
    found = checks(plan)
    assert found["document_left_out_measures"] == 8
    assert found["document_left_out_accuracy"] == found["document_left_out_ari"] == found["document_left_out_nmi"] == 1
    # a document coded against its words: the others say nothing of that, and 4 of 8 are right
    turned = {key: {"light": "books", "books": "light"}[topic] for key, topic in TOPICS.items() if key > "2031"}
    coded(TOPICS | turned)
    found = checks(plan)
    assert found["document_left_out_accuracy"] == 0
    assert found["document_left_out_plan2031_accuracy"] == found["document_left_out_plan2030_accuracy"] == 0


def test_a_model_that_sees_its_own_document_would_know_more(plan, coded):
    coded(TOPICS | {"2031-0004": "light", "2030-0004": "light"})
    found = checks(plan)
    assert found["document_left_out_accuracy"] < 1
    model = topic_model.fit(*plan)
    likely = model.probabilities(topic_model.bags(*plan))
    truth = [model.topics.index(topic) for topic in topic_model.codings(plan[0])["topic"]]
    assert (likely.argmax(axis=1) == truth).mean() > found["document_left_out_accuracy"]


def test_figures_of_each_document_and_of_sections(plan):
    found = checks(plan)
    assert found["document_left_out_plan2030_measures"] == found["document_left_out_plan2031_measures"] == 4
    assert found["section_left_out_measures"] == 8
    assert {name.rsplit("_", 1)[0] for name in found if name.startswith("section_left_out_accuracy_")} >= {
        "section_left_out_accuracy"
    }


def test_measures_of_no_topic_are_not_judged(plan, coded):
    coded(TOPICS | {"2030-0001": "none"})
    assert checks(plan)["document_left_out_measures"] == 7


def test_coders_are_compared_before_anybody_adjudicates(plan, coded):
    coded(TOPICS, TOPICS | {"2030-0001": "books", "2030-0002": "none"}, third=TOPICS)
    found = checks(plan)
    assert found["coders_measures"] == 8
    assert found["coders_accuracy"] == 0.75
    assert found["coders_accuracy_low"] < 0.75 < found["coders_accuracy_high"]
    # by hand: agreement 6/8; light 4 and 2, books 4 and 5, none 0 and 1: by chance (4·2 + 4·5) / 64
    assert found["coders_kappa"] == pytest.approx((0.75 - 28 / 64) / (1 - 28 / 64))


def test_one_coder_alone_cannot_be_compared_nor_one_document_left_out(plan, coded):
    coded({key: topic for key, topic in TOPICS.items() if key < "2031"})
    found = checks(plan)
    assert not any(name.startswith(("coders", "document")) for name in found)
    assert found["section_left_out_measures"] == 4
    coded({})
    assert checks(plan) == {}


def test_the_calibration_error_is_the_gap_of_probability_and_success(monkeypatch):
    monkeypatch.setattr(validity, "BINS", 2)
    probability, right = np.array([0.9] * 5 + [0.5] * 5), np.array([1, 1, 1, 1, 0, 1, 0, 0, 0, 0])
    assert validity.calibration_error(probability, right) == pytest.approx((0.1 + 0.3) / 2)
    assert validity.calibration_error(np.ones(10), np.ones(10)) == 0


def test_ten_bins_see_what_fewer_would_level_out():
    probability, right = np.repeat(np.linspace(0.45, 0.55, 10), 5), np.repeat([0.0, 1.0] * 5, 5)
    gaps = [abs(sure - success) for sure, success in zip(np.linspace(0.45, 0.55, 10), [0, 1] * 5, strict=True)]
    assert validity.calibration_error(probability, right) == pytest.approx(np.mean(gaps))


def test_a_document_has_no_part_in_what_is_clear_of_it(plan, monkeypatch):
    seen = []
    monkeypatch.setattr(topic_model, "clear_from", lambda sure, right: seen.append(len(sure)) or 0.5)
    checks(plan)
    assert set(seen[:8]) == {4}  # of eight


def test_no_section_is_in_two_folds(plan):
    rows = pl.DataFrame({"doc_id": ["a"] * 24, "section": [str(n // 2) for n in range(24)]})
    folds = pl.DataFrame({"section": rows["section"], "fold": validity._sections(rows)})
    assert folds["fold"].n_unique() == 10
    assert folds.group_by("section").agg(pl.col("fold").n_unique())["fold"].max() == 1
    assert validity._sections(rows.head(2)) == []


def test_confusions_name_the_topic_and_what_it_is_taken_for(plan, coded):
    coded(TOPICS | {"2031-0004": "light"})
    assert validity.confusions(*plan).rows() == [("light", "books", 1, 0.2)]
