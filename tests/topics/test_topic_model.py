"""Topics: the same whatever the order of rows, near their seeds, with shares that add up."""

import polars as pl
import pytest

from analysis.base.errors import TableFaulty
from analysis.extraction import text_features
from analysis.tables import store, summary_statistics
from analysis.topics import topic_model

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
    curated = tmp_path / "data/curated"
    curated.mkdir(parents=True)
    (curated / "topics.toml").write_text(SEEDS, encoding="utf-8")
    (curated / "ministries.toml").write_text('[[body]]\nname="甲省"\nname_en="A"\nkind="ministry"\n')
    (curated / "topic_scale.toml").write_text("sharpness = 10\nsecond_share = 0.5\nfits_from = 0.02\n")
    scores = [f"{name}{end} = 0.9\n" for name in ("nmi", "ari", "purity") for end in ("", "_low", "_high")]
    (curated / "agreement.toml").write_text("labels = 5\ncalibration_error = 0.1\n" + "".join(scores))
    return tables_of(TEXTS)


def tables_of(texts: dict[str, str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    measures = pl.DataFrame(
        {
            "measure_id": list(texts),
            "edition": [2030] * len(texts),
            "part": ["body"] * len(texts),
            "section": "I-(1)",
            "section_title": "灯台と本",
            "first_line": list(range(1, len(texts) + 1)),
            "repeated": [False] * len(texts),
            "ministries": [["甲省"]] * len(texts),
        }
    )
    return measures, text_features.table([(key, text, "") for key, text in texts.items()])


def assigned(plan, **options) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Topics and assignments of a model fitted to the plan."""
    model = topic_model.fit(*plan)
    found = topic_model.assign(model, *plan, **options)
    return topic_model.table(model, found, *plan), found


def test_measures_come_to_the_topic_of_their_words(plan):
    table, found = assigned(plan)
    assert dict(found.select("measure_id", "topic_id").iter_rows()) == {
        "2030-0001": "light",
        "2030-0002": "light",
        "2030-0003": "books",
        "2030-0004": "books",
        "2030-0005": "light",  # by the words it shares with 0002, not by a seed
    }
    assert dict(table.select("topic_id", "measures").iter_rows()) == {"light": 3, "books": 2}
    store.check("topics", table)
    store.check("assignments", found)


def test_the_order_of_rows_changes_nothing(plan):
    measures, table = plan
    one = assigned(plan)
    other = assigned((measures.reverse(), table.sample(fraction=1, shuffle=True, seed=3)))
    for mine, theirs in zip(one, other, strict=True):
        assert mine.equals(theirs)


def test_the_seed_moves_no_measure(plan):
    assert assigned(plan, seed=1)[1]["topic_id"].equals(assigned(plan, seed=2)[1]["topic_id"])


def test_a_model_is_a_table_and_back(plan):
    model = topic_model.fit(*plan)
    table = store.check("topic_model", topic_model.model_table(model))
    again = topic_model.model_of(table.reverse(), model.topics)
    assert topic_model.assign(again, *plan)["topic_id"].equals(topic_model.assign(model, *plan)["topic_id"])
    with pytest.raises(TableFaulty, match="refit"):
        topic_model.model_of(table, ["one"])


def test_a_new_edition_moves_no_old_measure(plan):
    model = topic_model.fit(*plan)
    before = topic_model.assign(model, *plan)
    more = tables_of(TEXTS | {"2031-0001": "図書館の図書館のための図書館。", "2031-0002": "新しい航路に灯台を建てる。"})
    after = topic_model.assign(model, *more)
    assert after.head(5).select("measure_id", "topic_id").equals(before.select("measure_id", "topic_id"))
    assert after["topic_id"].to_list()[5:] == ["books", "light"]
    assert after.head(5)["probability"].to_list() == pytest.approx(before["probability"].to_list())


def test_other_seeds_fit_the_model_anew(plan, tmp_path, monkeypatch):
    monkeypatch.setenv("IP_PLAN_PROCESSED", str(tmp_path / "processed"))
    model, new = topic_model.current(*plan)
    assert new
    table, found = assigned(plan)
    store.write("topic_model", topic_model.model_table(model))
    store.write("topics", table)
    assert not topic_model.current(*plan)[1]
    assert topic_model.current(*plan, refit=True)[1]
    file = tmp_path / "data/curated/topics.toml"
    file.write_text(SEEDS.replace('"図書館", "読書"', '"図書館", "見学"'), encoding="utf-8")
    other, new = topic_model.current(*plan)
    assert new
    moved = topic_model.changes(found, topic_model.assign(other, *plan))
    assert moved.rows() == [("light", "books", 1)]  # the measure that shares 見学 with no lighthouse


def test_a_refit_says_what_was_kept_split_merged_or_vanished_and_what_is_new():
    def assigned_to(topics_of):
        return pl.DataFrame({"measure_id": [f"m{n:02}" for n in range(len(topics_of))], "topic_id": list(topics_of)})

    #                    kept   split    merged  scattered
    before = assigned_to("AAAABBBBCCCCDDDDD")
    after = assigned_to("AAAABBEECAAAABEFG")
    found = {row["topic_id"]: row for row in topic_model.identities(before, after).to_dicts()}
    assert {name: row["status"] for name, row in found.items()} == {
        "A": "kept", "B": "split", "C": "merged", "D": "vanished", "E": "new", "F": "new", "G": "new",
    }  # fmt: skip
    assert (found["B"]["into"], found["C"]["into"], found["D"]["into"]) == (["E"], ["A"], [])
    assert (found["B"]["kept"], found["C"]["kept"], found["D"]["measures"]) == (0.5, 0.25, 5)


def test_what_fits_no_topic_is_a_candidate_for_a_new_one(plan):
    measures, table = tables_of(TEXTS | {"2030-0006": "祭りの太鼓を直す。", "2030-0007": "祭りの太鼓を習う。"})
    model = topic_model.fit(measures, table)
    found = topic_model.assign(model, measures, table)
    # they share with the others neither words nor headings; the ministry is the same, so measure by words alone
    lonely = found.with_columns(fits=~pl.col("measure_id").is_in(["2030-0006", "2030-0007"]))
    groups = topic_model.candidates(lonely, measures, table)
    assert groups["group"].to_list() == [1, 1]
    assert "太鼓" in groups["terms"][0]
    sizes = topic_model.table(model, lonely, measures, table)["measures"].sum()
    assert sizes == len(measures) - 2


def test_shares_add_up_and_lie_in_their_intervals(plan):
    table, found = assigned(plan)
    shares = summary_statistics.shares(plan[0], found, table)
    assert shares["share"].sum() == pytest.approx(1)
    assert shares.filter((pl.col("low") > pl.col("share")) | (pl.col("share") > pl.col("high"))).is_empty()


def test_a_repeated_measure_is_counted_once(plan):
    found, assignments = assigned(plan)
    again = plan[0].with_columns(repeated=pl.col("measure_id") == "2030-0001")
    light = summary_statistics.shares(again, assignments, found).filter(pl.col("topic_id") == "light")
    assert light["measures"][0] == 2


def test_coherence_is_high_for_words_that_stand_together(plan):
    together, apart = topic_model.coherence(["灯台", "航路"], plan[1]), topic_model.coherence(["灯台", "読書"], plan[1])
    assert together > 0 > apart
    assert apart == -1


def test_fewer_topics_merge_step_by_step(plan):
    assert topic_model.fewer(topic_model.fit(*plan), *plan).is_empty()  # two topics: nothing to merge


def test_validity_names_every_check(plan):
    found = store.check("validity", topic_model.validity(topic_model.fit(*plan), *plan))
    assert dict(found.iter_rows())["nmi"] == 0.9
    assert 0 <= dict(found.iter_rows())["steady"] <= 1


@pytest.mark.parametrize("text", ["", "[[topic]]\nname_en = 1\n", SEEDS.replace('"books"', '"light"'), "\x00"])
def test_a_faulty_list_of_topics_is_named(plan, tmp_path, text):
    (tmp_path / "data/curated/topics.toml").write_text(text, encoding="utf-8")
    with pytest.raises(TableFaulty, match=r"topics\.toml"):
        topic_model.fit(*plan)


def test_a_mixture_adds_up_and_is_largest_for_the_nearest_topic(plan):
    model = topic_model.fit(*plan)
    mixtures, similarity = topic_model.mixtures(model, *plan), topic_model.likeness(model, *plan)
    assert mixtures.sum(axis=1) == pytest.approx([1] * len(TEXTS))
    assert (mixtures > 0).all()
    assert (mixtures.argmax(axis=1) == similarity.argmax(axis=1)).all()
    # at a sharpness of 10, a topic that is nearer by 0.1 is e times as likely
    assert mixtures[0, 0] / mixtures[0, 1] == pytest.approx(2.718282 ** (10 * (similarity[0, 0] - similarity[0, 1])))
