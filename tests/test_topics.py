"""Topics: the same whatever the order of rows, near their seeds, with shares that add up."""

import polars as pl
import pytest

from analysis import features, topics
from analysis.errors import TableFaulty

SEEDS = """
[[topic]]
topic_id = "light"
name_en = "Lighthouses"
name_ja = "灯台"
seeds = ["灯台", "航路"]

[[topic]]
topic_id = "books"
name_en = "Libraries"
name_ja = "図書館"
seeds = ["図書館", "読書"]
"""
TEXTS = {
    "2030-0001": "灯台の明かりを改良し、航路の安全を高める。",
    "2030-0002": "古い灯台を保存し、見学の機会を増やす。",
    "2030-0003": "図書館の閲覧室を広げ、読書の習慣を育てる。",
    "2030-0004": "移動図書館の車両を増やす。",
    "2030-0005": "保存された建物の見学の機会を増やす。",
}


@pytest.fixture
def plan(tmp_path, monkeypatch):
    """Measures and features of a fictitious plan, with a list of topics of its own."""
    monkeypatch.setenv("IP_PLAN_ROOT", str(tmp_path))
    (tmp_path / "data/curated").mkdir(parents=True)
    (tmp_path / "data/curated/topics.toml").write_text(SEEDS, encoding="utf-8")
    (tmp_path / "data/curated/ministries.toml").write_text('[[body]]\nname="甲省"\nname_en="A"\nkind="ministry"\n')
    measures = pl.DataFrame(
        {
            "measure_id": list(TEXTS),
            "edition": [2030] * len(TEXTS),
            "part": ["body"] * len(TEXTS),
            "repeated": [False] * len(TEXTS),
            "ministries": [["甲省"]] * len(TEXTS),
        }
    )
    return measures, features.table([(key, text, "") for key, text in TEXTS.items()])


def test_measures_come_to_the_topic_of_their_words(plan):
    table, found = topics.assign(*plan)
    assert dict(found.select("measure_id", "topic_id").iter_rows()) == {
        "2030-0001": "light",
        "2030-0002": "light",
        "2030-0003": "books",
        "2030-0004": "books",
        "2030-0005": "light",  # by the words it shares with 0002, not by a seed
    }
    assert dict(table.select("topic_id", "measures").iter_rows()) == {"light": 3, "books": 2}
    assert "灯台" in table.filter(pl.col("topic_id") == "light")["terms"][0]


def test_the_order_of_rows_changes_nothing(plan):
    measures, table = plan
    one = topics.assign(measures, table)
    other = topics.assign(measures.reverse(), table.sample(fraction=1, shuffle=True, seed=3))
    for mine, theirs in zip(one, other, strict=True):
        assert mine.equals(theirs)


def test_the_seed_moves_no_measure(plan):
    assert topics.assign(*plan, seed=1)[1]["topic_id"].equals(topics.assign(*plan, seed=2)[1]["topic_id"])


def test_shares_add_up_and_lie_in_their_intervals(plan):
    measures, table = plan
    found, assigned = topics.assign(measures, table)
    shares = topics.shares(measures, assigned, found)
    assert shares["share"].sum() == pytest.approx(1)
    assert shares.filter((pl.col("low") > pl.col("share")) | (pl.col("share") > pl.col("high"))).is_empty()


def test_a_repeated_measure_is_counted_once(plan):
    measures, table = plan
    found, assigned = topics.assign(measures, table)
    again = measures.with_columns(repeated=pl.col("measure_id") == "2030-0001")
    light = topics.shares(again, assigned, found).filter(pl.col("topic_id") == "light")
    assert light["measures"][0] == 2


@pytest.mark.parametrize("text", ["", "[[topic]]\nname_en = 1\n", SEEDS.replace('"books"', '"light"'), "\x00"])
def test_a_faulty_list_of_topics_is_named(plan, tmp_path, text):
    (tmp_path / "data/curated/topics.toml").write_text(text, encoding="utf-8")
    with pytest.raises(TableFaulty, match=r"topics\.toml"):
        topics.assign(*plan)
