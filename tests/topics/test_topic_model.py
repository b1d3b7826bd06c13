"""The topic model: fitted to codings alone, the same in any order, sure only of what it did not need to see."""

import os
import subprocess
import sys

import numpy as np
import polars as pl
import pytest
from coded_plan import TEXTS, TOPICS, tables_of

from analysis.base.errors import TableFaulty
from analysis.tables import store
from analysis.topics import topic_model
from analysis.topics.topic_model import Model

pytest_plugins = ("coding_fixtures",)


def test_topics_are_the_categories_of_the_codebook_but_none(plan):
    assert [topic.category_id for topic in topic_model.topics()] == ["light", "books"]


def test_a_model_learns_the_words_of_each_topic(plan):
    model = topic_model.fit(*plan)
    measures, features = tables_of({"2032-0001": "航路の灯台を守る。", "2032-0002": "読書のための図書館。"})
    likely = model.probabilities(topic_model.bags(measures, features))
    assert [model.topics[n] for n in likely.argmax(axis=1)] == ["light", "books"]
    assert likely.sum(axis=1) == pytest.approx([1, 1])
    weights = dict(zip(model.terms, model.weights.T, strict=True))
    assert weights["text", "灯台"][0] > 0 > weights["text", "図書館"][0]


def test_it_is_fitted_to_codings_and_not_to_what_measures_say(plan, coded):
    other = {key: {"light": "books", "books": "light"}[topic] for key, topic in TOPICS.items()}
    coded(other)
    model = topic_model.fit(*plan)
    likely = model.probabilities(topic_model.bags(*plan))
    assert [model.topics[n] for n in likely.argmax(axis=1)] == list(other.values())


def test_a_heading_counts_a_tenth_and_a_ministry_a_third_of_that(plan):
    bag = {("text", "a"): 1.0, ("heading", "a"): 1.0, ("ministry", "a"): 1.0}
    terms = [("heading", "a"), ("ministry", "a"), ("text", "a")]
    row = topic_model.unit_rows([bag], terms, np.ones(3)).toarray()[0]
    assert (row**2 * 1.13).tolist() == pytest.approx([0.1, 0.03, 1.0])


def test_terms_of_one_measure_are_left_out_and_rare_ones_weigh_more():
    bags = [{("text", word): 1.0 for word in words} for words in (("a", "b"), ("a", "b"), ("a", "c"))]
    terms, idf = topic_model.vocabulary(bags)
    assert terms == [("text", "a"), ("text", "b")]
    assert idf.tolist() == pytest.approx([1.0, 1 + np.log(4 / 3)])


def test_the_order_of_rows_changes_nothing(plan):
    measures, features = plan
    one = topic_model.model_table(topic_model.fit(*plan))
    other = topic_model.fit(measures.reverse(), features.sample(fraction=1, shuffle=True, seed=3))
    assert one.equals(topic_model.model_table(other))


def test_neither_hash_seed_nor_threads_change_a_fit(plan, tmp_path):
    for name, table in zip(("measures", "features"), plan, strict=True):
        table.write_parquet(tmp_path / name)
    program = (
        "import polars as pl, sys\nfrom analysis.topics import topic_model\n"
        "measures, features = (pl.read_parquet(f'{sys.argv[1]}/{name}') for name in ('measures', 'features'))\n"
        "sys.stdout.write(topic_model.model_table(topic_model.fit(measures, features)).write_ndjson())"
    )
    outs = {
        subprocess.run(
            [sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE, check=True,
            env=os.environ | {"PYTHONHASHSEED": str(n), "OMP_NUM_THREADS": str(n), "POLARS_MAX_THREADS": str(n)},
        ).stdout
        for n in (1, 2)
    }  # fmt: skip
    assert len(outs) == 1
    assert outs.pop()


def test_probabilities_of_coded_measures_are_those_of_models_that_did_not_see_their_document(plan, coded):
    coded_measures = topic_model.codings(plan[0])
    before = topic_model.unseen(coded_measures, *plan)
    # what is said of the edition of 2031 moves the others' probabilities, not its own
    turned = TOPICS | {key: "light" for key in TOPICS if key.startswith("2031")}
    coded(turned)
    after = topic_model.unseen(topic_model.codings(plan[0]), *plan)
    own = coded_measures["doc_id"].to_numpy() == "plan2031"
    assert after[own].argmax(axis=1).tolist() == before[own].argmax(axis=1).tolist() == [0, 1, 0, 1]
    assert (after[~own] != before[~own]).any(axis=1).all()


def test_a_document_has_no_part_in_the_sharpness_of_its_probabilities(plan, monkeypatch):
    seen = []
    monkeypatch.setattr(topic_model, "_sharpness", lambda scores, labels: seen.append(len(labels)) or 1.0)
    topic_model.unseen(topic_model.codings(plan[0]), *plan)
    assert seen == [4, 4]  # of eight


def test_sections_are_left_out_where_one_document_alone_is_coded(plan):
    rows = topic_model.codings(plan[0])
    assert topic_model.documents(rows) == [f"plan{key[:4]}" for key in TOPICS]
    assert topic_model.documents(rows.filter(doc_id="plan2030")) == ["1", "1", "2", "2"]


def test_sharpness_makes_scores_as_probable_as_they_are_right():
    scores = np.tile([0.6, 0.4], (40, 1))
    often, seldom = (np.array([0] * right + [1] * (40 - right)) for right in (36, 24))
    assert topic_model._sharpness(scores, often) == pytest.approx(np.log(36 / 4) / 0.2, rel=1e-3)
    assert topic_model._sharpness(scores, seldom) == pytest.approx(np.log(24 / 16) / 0.2, rel=1e-3)
    # however few are wrong, it is 20 at most, and 0.1 at least
    assert topic_model._sharpness(scores, np.zeros(40, dtype=int)) == pytest.approx(20, rel=0.01)
    assert topic_model._sharpness(scores, np.ones(40, dtype=int)) == pytest.approx(0.1, rel=0.01)
    assert topic_model._sharpness(scores[:0], often[:0]) == 1


def test_it_speaks_from_the_probability_on_from_which_nine_of_ten_are_right():
    probability = np.linspace(0.99, 0.80, 20)  # 0.99, 0.98 … 0.80
    right = np.array([True] * 9 + [False] * 2 + [True] * 9)  # 18 of 20, 9 of 10, 9 of 11
    assert topic_model.clear_from(probability, right) == pytest.approx(0.80)
    assert topic_model.clear_from(probability, right & (probability > 0.805)) == pytest.approx(0.90)
    assert topic_model.clear_from(probability, ~right) == topic_model.NOT_SURE > 1  # where none are right
    assert topic_model.clear_from(np.full(10, 0.98765), np.full(10, True)) == 0.987  # rounded down: itself is clear
    assert (
        topic_model.clear_from(np.full(9, 0.98765), np.full(9, True)) == topic_model.NOT_SURE
    )  # nine say nothing of ten
    assert topic_model.clear_from(probability[:0], right[:0]) == topic_model.NOT_SURE


def test_a_topic_that_nobody_coded_is_never_likely(plan, coded, codebook):
    more = '[[variable.category]]\ncategory_id = "port"\nname_en = "P"\nname_ja = "港"\ndefinition = ""\n\n'
    text = codebook.read_text(encoding="utf-8")
    at = text.index('[[variable.category]]\ncategory_id = "none"')
    codebook.write_text(text[:at] + more + text[at:], encoding="utf-8")
    likely = topic_model.fit(*plan).probabilities(topic_model.bags(*plan))
    assert (likely[:, 2] < likely[:, :2].min(axis=1)).all()
    assert (likely > 0).all()
    machine = topic_model._machine([], np.array([], dtype=int), ["light", "books"])
    assert machine.intercept.tolist() == [topic_model.NEVER] * 2


@pytest.mark.parametrize("said", [{}, {"2030-0001": "light"}, {"2030-0001": "none"}, TOPICS])
def test_what_hardly_anybody_coded_is_unclear(plan, coded, said):
    coded(said)
    model = topic_model.fit(*plan)
    likely = model.probabilities(topic_model.bags(*plan))
    assert (likely.max(axis=1) < model.clear_from).all()


def test_rare_topics_weigh_like_frequent_ones(plan, coded):
    many = TEXTS | {f"2031-{n:04}": f"図書館の読書の会を開く。{n}" for n in range(10, 40)}
    coded(TOPICS | dict.fromkeys((key for key in many if key not in TOPICS), "books"))
    model = topic_model.fit(*tables_of(many))
    words = {
        term: weights for (block, term), weights in zip(model.terms, model.weights.T, strict=True) if block == "text"
    }
    assert words["灯台"][0] > 0.5 * words["読書"][1]


def test_a_model_is_a_table_and_back(plan):
    model = topic_model.fit(*plan)
    table = store.check("topic_model", topic_model.model_table(model))
    again = topic_model.model_of(table.reverse(), model.topics)
    assert again.fitted_to == model.fitted_to != ""
    assert again.clear_from == model.clear_from
    bags = topic_model.bags(*plan)
    assert again.probabilities(bags) == pytest.approx(model.probabilities(bags), abs=0.01)
    for faulty in (table.filter(pl.col("block") != "model"), table.filter(pl.col("term") != "clear_from")):
        with pytest.raises(TableFaulty, match="refit"):
            topic_model.model_of(faulty, model.topics)
    with pytest.raises(TableFaulty, match="refit"):
        topic_model.model_of(table, ["light"])


def test_an_empty_model_is_a_table_and_back():
    model = Model(["a", "b"], [], np.zeros(0), np.zeros((2, 0)), np.zeros(2))
    again = topic_model.model_of(topic_model.model_table(model), ["a", "b"])
    assert again.probabilities([{("text", "x"): 1.0}]).tolist() == [[0.5, 0.5]]


def test_other_codings_or_topics_fit_it_anew(plan, coded, codebook):
    model, new = topic_model.current(*plan)
    assert new
    store.write("topic_model", topic_model.model_table(model))
    again, new = topic_model.current(*plan)
    assert not new
    assert again.weights.tolist() == model.weights.tolist()  # the run that fits and those that read assign alike
    assert topic_model.current(*plan, refit=True)[1]
    more = tables_of(TEXTS | {"2032-0001": "灯台の図書館。"})
    assert not topic_model.current(*more)[1]  # a new edition that nobody has coded
    coded(TOPICS | {"2031-0004": "light"})
    assert topic_model.current(*plan)[1]
    coded(TOPICS)
    assert not topic_model.current(*plan)[1]
    text = codebook.read_text(encoding="utf-8")
    codebook.write_text(text.replace('"books"', '"reading"').replace('version = "1"', 'version = "2"'), "utf-8")
    assert topic_model.current(*plan)[1]


def test_codings_are_what_holds(plan, coded):
    first = TOPICS | {"2030-0002": "light/books", "2030-0001": "light/light-old", "2031-0004": "none"}
    coded(first, first | {"2030-0003": "light", "2030-0004": "light"}, third={"2030-0003": "books"})
    rows = {row["measure_id"]: row for row in topic_model.codings(plan[0]).to_dicts()}
    assert "2030-0004" not in rows  # coders differ and nobody has decided
    assert (rows["2030-0003"]["topic"], rows["2030-0003"]["basis"]) == ("books", "adjudicated")
    assert (rows["2030-0001"]["sub_topic"], rows["2030-0002"]["second_topic"]) == ("light-old", "books")
    assert (rows["2031-0004"]["topic"], rows["2031-0004"]["basis"]) == ("none", "agreed")


def test_codings_of_editions_that_are_not_at_hand_count_for_nothing_others_must_exist(plan, coded):
    coded(TOPICS | {"2019-0001": "light"})
    assert len(topic_model.codings(plan[0])) == len(TOPICS)
    coded(TOPICS | {"2030-0009": "light"})
    with pytest.raises(TableFaulty, match=r"topics\.csv.*2030-0009"):
        topic_model.codings(plan[0])
