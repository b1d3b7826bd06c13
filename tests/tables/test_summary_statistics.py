"""Counts and shares that people see."""

import polars as pl
import pytest

from analysis.tables import summary_statistics


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (0, 0, 0, 1),
        (3, 4, 0.300642, 0.954413),
        (0, 10, 0, 0.277533),
        (10, 10, 0.722467, 1),
        (81, 263, 0.255289, 0.366210),
    ],
)
def test_wilsons_interval(count, total, low, high):
    """(81, 263) is Newcombe's (1998) example: 0.2553 to 0.3662."""
    assert summary_statistics.interval(count, total) == pytest.approx((low, high), abs=1e-6)


def test_a_percentile_interval_leaves_out_one_in_forty_at_each_end():
    assert summary_statistics.percentiles("f1", 0.5, range(1001)) == {"f1": 0.5, "f1_low": 25, "f1_high": 975}


def test_lines_without_a_role_are_counted_among_those_that_are_not_blank():
    rows = [("blank", 1, 90), ("unknown", 91, 92), ("measure", 93, 100)]
    ledger = pl.DataFrame(rows, schema=["role", "first_line", "last_line"], orient="row")
    assert summary_statistics.unknown(ledger) == 0.2
    assert summary_statistics.unknown(ledger.head(1)) == 0


def test_continuity_in_short_by_hand():
    rows = [("2030", "2031", "continued", 1), ("2030", "2031", "ended", 0), ("2031", "2030", "new", 0)]
    statuses = pl.DataFrame(rows, schema=["edition_id", "other_edition", "status", "links"], orient="row")
    links = pl.DataFrame({"from_edition": ["2030", "2030"], "to_edition": ["2031", "2030"]})
    assert summary_statistics.summary(links, statuses).rows() == [("2030", "2031", 1, 1, 0, 1, 1)]


def test_what_repeats_another_measure_is_not_counted_again():
    """One that is marked as repeated, but whose original was not found, stands for itself."""
    rows = [("a", 2031, "body", False, None), ("b", 2031, "body", True, "a"), ("c", 2031, "body", True, None),
            ("d", 2030, "summary", False, None), ("e", 2031, "2031", False, None)]  # fmt: skip
    columns = ["measure_id", "edition", "part", "repeated", "repeats"]
    measures = pl.DataFrame(rows, schema=columns, orient="row")
    assert summary_statistics.counted(measures, 2031)["measure_id"].to_list() == ["a", "c"]
    assert summary_statistics.counted(measures)["measure_id"].to_list() == ["a", "c", "d"]


def test_what_is_new_against_one_edition_may_stand_in_another_earlier_one():
    rows = [("a", "2029", "continuing", 1), ("a", "2030", "new", 0), ("b", "2029", "new", 0), ("b", "2030", "new", 0),
            ("c", "2029", "continuing", 1), ("c", "2030", "evolved", 1), ("d", "2030", "new", 0),
            ("d", "2032", "continued", 1)]  # fmt: skip
    statuses = pl.DataFrame(rows, schema=["measure_id", "other_edition", "status", "links"], orient="row")
    statuses = statuses.with_columns(edition_id=pl.lit("2031"), doubtful=pl.lit(value=False))
    seen = summary_statistics.with_elsewhere(statuses, "2031", "2030")
    assert dict(seen.select("measure_id", "status").iter_rows()) == {
        "a": summary_statistics.ELSEWHERE, "b": "new", "c": "evolved", "d": "new",  # a later edition says nothing
    }  # fmt: skip
    assignments = pl.DataFrame({"measure_id": ["a", "b", "c", "d"], "topic_id": ["x", "x", "x", "y"]})
    topics = pl.DataFrame({"topic_id": ["x", "y"], "name_en": ["X", "Y"], "name_ja": ["X", "Y"]})
    table = summary_statistics.by_topic(seen, assignments, topics)
    assert table.select("topic_id", "status", "measures", "measure_ids").rows() == [
        ("x", "elsewhere", 1, ["a"]), ("x", "evolved", 1, ["c"]), ("x", "new", 1, ["b"]), ("y", "new", 1, ["d"]),
    ]  # fmt: skip
