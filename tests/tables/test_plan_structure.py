"""How a plan is made up: counted by hand on a plan of our own."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.tables import plan_structure


def plan(*rows: tuple[str, str, list[str], list[str], bool]) -> pl.DataFrame:
    """Measures of a plan of 2031: key, section, horizons, ministries, repeated."""
    made = [
        {"measure_id": key, "doc_id": "ip2031", "edition": 2031, "part": "body", "section": section,
         "section_title": f"about {section}", "first_line": 10 * place, "last_line": 10 * place + 4,
         "horizon": horizon, "ministries": ministries, "repeated": repeated,
         "repeats": "c" if repeated else None}
        for place, (key, section, horizon, ministries, repeated) in enumerate(rows, start=1)
    ]  # fmt: skip
    return pl.DataFrame(
        made, schema_overrides={"horizon": pl.List(pl.String), "ministries": pl.List(pl.String), "repeats": pl.String}
    )


PLAN = plan(
    ("a", "1", ["短期"], ["内閣府(知財)", "内閣府(科技)", "文化庁"], False),
    ("b", "1", ["短期", "中期"], ["文化庁", "総務省"], True),
    ("c", "2", ["短期", "中期"], ["文化庁", "内閣府"], False),
    ("d", "2", [], ["関係府省", "総務省"], False),
    ("e", "2", [], [], False),
)


def test_sections_stand_in_the_plan_s_order_with_their_horizons_and_measures():
    one, two = plan_structure.sections(PLAN, 2031).rows(named=True)
    assert (one["section"], one["measures"], one["repeated"], one["first_line"], one["last_line"]) == (
        "1",
        2,
        1,
        10,
        24,
    )
    assert [one[name] for name in ("短期", "中期", "長期")] == [2, 1, 0]
    assert two["measure_ids"] == ["c", "d", "e"]


def test_horizons_are_counted_as_they_are_given_together():
    """b repeats c, and counts with it."""
    assert plan_structure.horizons(PLAN, 2031).rows() == [("短期", 1, ["a"]), ("短期・中期", 1, ["c"])]


def test_a_measure_counts_once_for_a_body_whatever_offices_it_names():
    rows = plan_structure.bodies(PLAN, 2031).rows()
    assert rows == [
        ("内閣府", 2, ["a", "c"], 2),
        ("文化庁", 2, ["a", "c"], 2),
        ("総務省", 1, ["d"], 0),
    ]


def test_words_that_name_nobody_are_no_body():
    only = plan(("f", "1", [], ["関係省庁"], False), ("g", "1", [], ["関係府省", "文化庁"], False))
    assert plan_structure.named(only, 2031) == (1, 2)
    assert plan_structure.nameless(only, 2031)["measure_id"].to_list() == ["f"]
    assert plan_structure.bodies(only, 2031).rows() == [("文化庁", 1, ["g"], 0)]


def test_who_works_with_whom_leaves_out_those_without_a_name():
    rows = plan_structure.together(PLAN, 2031).rows()
    assert rows == [("内閣府", "文化庁", 2, ["a", "c"])]


def test_bodies_are_counted_where_half_of_the_measures_name_one():
    assert plan_structure.named(PLAN, 2031) == (3, 4)
    assert plan_structure.counts_bodies(PLAN, 2031)
    assert not plan_structure.counts_bodies(PLAN.filter(pl.col("measure_id").is_in(["e"])), 2031)
    assert not plan_structure.counts_bodies(PLAN, 1999)


@given(st.permutations(range(len(PLAN))))
@settings(deadline=None)
def test_the_order_of_rows_says_nothing(order):
    mixed = PLAN[list(order)]
    for table in (plan_structure.sections, plan_structure.horizons, plan_structure.bodies, plan_structure.together):
        assert table(mixed, 2031).equals(table(PLAN, 2031))
