"""Assignments: the coding where there is one, else the model, else unclear; what the topics and sub-topics are."""

import polars as pl
import pytest
from coded_plan import TEXTS, TOPICS, tables_of

from analysis.tables import store, summary_statistics
from analysis.topics import assign, topic_model

MORE = {"2032-0001": "航路の灯台を建てる。", "2032-0002": "図書館で読書の会を開く。", "2032-0003": "祭りの太鼓を直す。"}

pytest_plugins = ("coding_fixtures",)


@pytest.fixture
def sure(monkeypatch):
    """Let the model speak from 0.9 on: so few codings give no other measure of it."""
    monkeypatch.setattr(topic_model, "clear_from", lambda probability, right: 0.9)


def assigned(plan) -> pl.DataFrame:
    return store.check("assignments", assign.table(topic_model.fit(*plan), *plan))


def row(assignments: pl.DataFrame, measure_id: str) -> dict:
    return assignments.row(by_predicate=pl.col("measure_id") == measure_id, named=True)


def test_a_coding_decides_whatever_the_words_say(plan, coded, sure):
    coded(TOPICS | {"2031-0004": "light/light-old", "2031-0001": "light/books"})
    assignments = assigned(plan)
    assert dict(assignments.select("measure_id", "topic_id").iter_rows()) == TOPICS | {"2031-0004": "light"}
    told = row(assignments, "2031-0004")
    assert (told["basis"], told["sub_topic"], told["unclear"]) == ("single", "light-old", False)
    assert told["probability"] < 0.5  # the words say: a library
    assert row(assignments, "2031-0001")["second_topic"] == "books"


@pytest.mark.parametrize(
    ("coders", "third", "basis"),
    [(1, None, "single"), (2, None, "agreed"), (2, {"2030-0001": "light"}, "adjudicated")],
)
def test_it_says_what_a_topic_rests_on(plan, coded, coders, third, basis):
    coded(*[TOPICS] * coders, third=third)
    assert row(assigned(plan), "2030-0001")["basis"] == basis


def test_what_nobody_coded_is_assigned_by_the_model_or_unclear(plan, sure):
    assignments = assigned(tables_of(TEXTS | MORE))
    lamp, books, drum = (row(assignments, key) for key in MORE)
    assert (lamp["topic_id"], lamp["basis"], lamp["unclear"]) == ("light", "model", False)
    assert (books["topic_id"], books["second_topic"], books["sub_topic"]) == ("books", None, None)
    assert lamp["probability"] >= 0.9 > drum["probability"] >= 0.5
    assert (drum["topic_id"], drum["basis"], drum["unclear"]) == (None, "model", True)


def test_without_codings_every_topic_is_that_of_a_model_that_has_not_seen_the_document(plan, coded, sure):
    coded(TOPICS | {"2030-0001": "books"})
    model = topic_model.fit(*plan)
    assignments = assign.table(model, *plan, use_codings=False)
    assert assignments["basis"].unique().to_list() == ["model"]
    assert row(assignments, "2030-0001")["topic_id"] != "books"
    likely = assign.likelihoods(model, *plan)
    assert assignments["probability"].to_list() == likely.max(axis=1).round(3).tolist()
    alone = assign.mixtures(model, *plan, use_codings=False)
    assert (alone == likely).all()
    assert (assign.mixtures(model, *plan) != likely).any()


def test_where_coders_differ_and_nobody_decided_the_model_speaks(plan, coded, sure):
    coded(TOPICS, TOPICS | {"2030-0001": "books"})
    told = row(assigned(plan), "2030-0001")
    assert (told["topic_id"], told["basis"]) == ("light", "model")


def test_what_coders_say_is_none_is_unclear_and_no_member_of_a_topic(plan, coded, sure):
    coded(TOPICS | {"2030-0001": "none"}, TOPICS | {"2030-0001": "none"})
    assignments = assigned(plan)
    told = row(assignments, "2030-0001")
    assert (told["topic_id"], told["basis"], told["unclear"]) == (None, "agreed", True)
    topics = store.check("topics", assign.topics(assignments, *plan))
    assert dict(topics.select("topic_id", "measures").iter_rows()) == {"light": 3, "books": 4}
    assert assign.candidates(assignments, *plan)["measure_id"].to_list() == ["2030-0001"]


def test_none_as_a_second_topic_is_none(plan, coded):
    coded(TOPICS | {"2030-0001": "light/none"})
    assert row(assigned(plan), "2030-0001")["second_topic"] is None


def test_a_new_edition_moves_no_old_measure(plan, sure):
    before, after = assigned(plan), assigned(tables_of(TEXTS | MORE))
    columns = ["measure_id", "topic_id", "basis", "probability", "unclear"]
    assert after.head(len(before)).select(columns).equals(before.select(columns))


def test_the_order_of_rows_changes_nothing(plan):
    measures, features = plan
    other = assigned((measures.reverse(), features.sample(fraction=1, shuffle=True, seed=3)))
    assert assigned(plan).equals(other)


def test_without_codings_everything_is_unclear(plan, coded):
    coded({})
    assignments = assigned(plan)
    assert assignments["topic_id"].is_null().all()
    assert assignments["probability"].to_list() == [0.5] * len(TEXTS)
    assert assign.topics(assignments, *plan)["measures"].to_list() == [0, 0]
    assert assign.sub_topics(assignments, plan[0]).is_empty()


def test_a_mixture_is_nearly_its_coding_and_never_0(plan, coded, sure):
    coded({key: topic for key, topic in TOPICS.items() if key != "2031-0004"} | {"2031-0003": "none"})
    model = topic_model.fit(*plan)
    mixtures, likely = assign.mixtures(model, *plan), assign.likelihoods(model, *plan)
    assert mixtures.sum(axis=1) == pytest.approx([1] * len(TEXTS))
    assert (mixtures > 0).all()
    assert mixtures[0] == pytest.approx(0.05 * likely[0] + [0.95, 0])
    assert mixtures[6:].tolist() == likely[6:].tolist()  # of what is not coded, or of no topic


def test_sub_topics_by_edition(plan, coded):
    coded({"2030-0001": "light/light-old", "2030-0002": "light/light-old", "2030-0003": "books", "2031-0002": "books"})
    shares = store.check("sub_topics", assign.sub_topics(assigned(plan), plan[0]))
    found = {row["sub_topic"]: row for row in shares.to_dicts()}
    assert set(shares["edition"]) == {2030}  # of the other one nobody coded any
    assert (found["light-old"]["measures"], found["light-old"]["share"]) == (2, 0.5)
    assert (found["light-new"]["measures"], found["light-new"]["place"]) == (0, 1)
    assert {row["topic_id"] for row in found.values()} == {"light"}


def test_unclear_measures_are_grouped_by_what_they_say(plan, sure):
    two = {
        "2032-0003": "祭りの太鼓を職人が修理する。",
        "2032-0004": "祭りの太鼓を学校で習う。",
        "2032-0005": "新しい橋を渡す。",
    }
    whole = tables_of(TEXTS | two)
    groups = assign.candidates(assigned(whole), *whole)
    assert dict(groups.select("measure_id", "group").iter_rows()) == {
        "2032-0003": 1, "2032-0004": 1, "2032-0005": 2,
    }  # fmt: skip
    assert "太鼓" in groups["terms"][0]


def test_terms_are_words_that_tell_a_topic_from_the_others(plan):
    topics = assign.topics(assigned(plan), *plan)
    assert topics["terms"][0][0] == "灯台"
    assert "灯台" not in topics["terms"][1]
    assert topics["typical"].list.len().to_list() == [3, 3]


def test_twelve_terms_are_shown_and_the_first_eight_make_the_coherence(plan, coded):
    words = ["灯火", "霧笛", "光源", "電球", "海図", "浮標", "航海", "汽船", "港湾", "潮流", "水路", "帆船", "桟橋"]
    texts = {f"2030-{n:04}": f"{'、'.join((words * 2)[n : n + 8])}を調べる。" for n in range(len(words))}
    texts |= {f"2030-{n:04}": "図書館で読書の会を開く。" for n in range(21, 24)}
    coded({key: "light" if key < "2030-0020" else "books" for key in texts})
    whole = tables_of(texts)
    light = assign.topics(assigned(whole), *whole).row(0, named=True)
    assert len(light["terms"]) == 12
    assert light["coherence"] == assign.coherence(light["terms"][:8], whole[1])
    assert light["coherence"] != assign.coherence(light["terms"][:2], whole[1])


def test_coherence_is_high_for_words_that_stand_together(plan):
    together, apart = (assign.coherence(["灯台", other], plan[1]) for other in ("航路", "読書"))
    assert together > 0 > apart
    assert apart == -1


def test_shares_of_topics_and_of_what_is_unclear_add_up(plan, coded, sure):
    coded(TOPICS | {"2030-0001": "none"})
    assignments = assigned(plan)
    named = summary_statistics.with_unclear(assignments, assign.topics(assignments, *plan))
    shares = summary_statistics.shares(plan[0], *named)
    assert shares.filter(edition=2030)["share"].sum() == pytest.approx(1)
    assert shares.filter(edition=2030, topic_id="unclear")["measures"].to_list() == [1]
    assert shares.filter((pl.col("low") > pl.col("share")) | (pl.col("share") > pl.col("high"))).is_empty()


def test_a_repeated_measure_is_counted_once(plan):
    assignments = assigned(plan)
    copy = pl.col("measure_id") == "2030-0001"
    again = plan[0].with_columns(repeats=pl.when(copy).then(pl.lit("2030-0002")).otherwise(None))
    shares = summary_statistics.shares(again, assignments, assign.topics(assignments, *plan))
    assert shares.filter(edition=2030, topic_id="light")["measures"].to_list() == [1]


def assigned_to(topics: str) -> pl.DataFrame:
    ids = [f"m{n:02}" for n in range(len(topics))]
    return pl.DataFrame({"measure_id": ids, "topic_id": [None if topic == "-" else topic for topic in topics]})


def test_a_refit_says_what_was_kept_split_merged_or_vanished_and_what_is_new():
    #                    kept   split    merged  scattered  unclear
    before = assigned_to("AAAABBBBCCCCDDDDD-H")
    after = assigned_to("AAAABBEECAAAABEFGA-")
    found = {row["topic_id"]: row for row in assign.identities(before, after).to_dicts()}
    assert {name: row["status"] for name, row in found.items()} == {
        "A": "kept", "B": "split", "C": "merged", "D": "vanished", "E": "new", "F": "new", "G": "new", "H": "merged",
    }  # fmt: skip
    assert (found["B"]["into"], found["C"]["into"], found["D"]["into"]) == (["E"], ["A"], [])
    assert found["H"]["into"] == ["unclear"]
    assert (found["B"]["kept"], found["C"]["kept"], found["D"]["measures"]) == (0.5, 0.25, 5)


def test_changes_tell_what_moved_and_what_became_unclear():
    assert assign.changes(assigned_to("AAB-"), assigned_to("AB-B")).rows() == [
        ("A", "B", 1), ("B", "unclear", 1), ("unclear", "B", 1),
    ]  # fmt: skip


def test_wording_moves_a_measure_little_on_the_map(plan):
    points = assigned(plan).select("x", "y").to_numpy()
    assert abs(points).max() <= 1.22  # topics stand on a circle, as far from its middle as 1


def test_neighbours_on_the_map_are_those_with_like_words(plan):
    points = assigned(plan).select("x", "y").to_numpy()
    light = [key for key, topic in TOPICS.items() if topic == "light"]
    sides = {key: points[n][0] > 0 for n, key in enumerate(TEXTS)}
    assert len({sides[key] for key in light}) == 1
