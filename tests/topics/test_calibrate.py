"""The topics' scale: fitted to made-up labels, by hand."""

import numpy as np
import polars as pl
import pytest

from analysis.base.errors import DocumentMissing
from analysis.topics import calibrate

MEASURES = pl.DataFrame({"measure_id": ["m1", "m2", "m3"], "first_line": [10, 20, 40], "last_line": [12, 25, 41]})


@pytest.mark.parametrize(
    ("line", "measure"),
    [
        (10, "m1"),
        (12, "m1"),
        (23, "m2"),
        (17, "m2"),
        (15, "m1"),
        (16, "m2"),
        (33, "m3"),
        (34, "m3"),
        (49, "m3"),
        (50, None),
    ],
)
def test_a_label_belongs_to_the_measure_that_holds_its_line_or_the_nearest(line, measure):
    assert calibrate.measure_at(MEASURES, line) == measure


def test_the_calibration_error_is_the_gap_of_confidence_and_success():
    confidence, right = np.array([0.9] * 5 + [0.5] * 5), np.array([1, 1, 1, 1, 0, 1, 0, 0, 0, 0])
    assert calibrate._calibration_error(confidence, right, bins=2) == pytest.approx((0.1 + 0.3) / 2)
    assert calibrate._calibration_error(np.ones(10), np.ones(10)) == 0


def test_a_sharper_scale_is_fitted_where_the_nearest_topic_is_right_more_often():
    similarity = np.tile([0.6, 0.5], (40, 1))
    often, seldom = (np.array([0] * right + [1] * (40 - right)) for right in (36, 24))
    order = np.random.default_rng(0).permutation(40)
    sharpness = [calibrate._sharpness(similarity[order], truth[order])[0] for truth in (often, seldom)]
    # log(36/4) / 0.1 ≈ 22 and log(24/16) / 0.1 ≈ 4
    assert sharpness == [22, 4]


def test_a_second_topic_is_named_from_the_share_with_the_best_f1():
    share = np.array([[0.5, 0.4, 0.1], [0.6, 0.35, 0.05], [0.8, 0.15, 0.05], [0.9, 0.06, 0.04]])
    assert calibrate._second_share(share, ["b", "b", None, None], ["a", "b", "c"]) == 0.2  # b is named from 0.58 on
    assert calibrate._second_share(share, ["b", "b", "b", "b"], ["a", "b", "c"]) == 0.05


def test_purity_counts_the_largest_label_of_each_topic(monkeypatch):
    monkeypatch.setattr(calibrate, "SAMPLES", 50)  # of the bootstrap
    truth, assigned = np.array([0, 0, 1, 1, 2]), np.array([0, 0, 0, 1, 1])
    agreement = calibrate._agreement(truth, assigned)
    assert agreement["purity"] == 3 / 5
    assert agreement["purity_low"] <= 3 / 5 <= agreement["purity_high"]
    assert calibrate._agreement(truth, truth)["nmi"] == calibrate._agreement(truth, truth)["ari"] == 1


def test_a_folder_without_labels_is_named(tmp_path):
    with pytest.raises(DocumentMissing, match=calibrate.LABELS):
        calibrate.topic_scale(tmp_path)
