"""Competition: a second partner needs words of its own; repetitions go with repetitions."""

import numpy as np
import polars as pl
import pytest
from scipy.sparse import csr_matrix

from analysis.continuity import competition, link_model
from analysis.continuity.similarity import Space

WORDS = "abcdefgh"


def space(**texts: str) -> Space:
    """Measures whose words are letters of weight 1."""
    rows = np.array([[float(letter in text) for letter in WORDS] for text in texts.values()])
    nothing = csr_matrix((len(texts), 1))
    return Space(
        list(texts), *[nothing] * 5, csr_matrix(rows), nothing, nothing, np.zeros(1), np.array([""]), np.zeros(1)
    )


def rest(scores: dict[tuple[str, str], float], **texts: str) -> dict[tuple[str, str], float]:
    pairs = pl.DataFrame(
        [(*pair, score) for pair, score in scores.items()], ["from_id", "to_id", "score"], orient="row"
    )
    left = competition.remainder(pairs, space(**texts))
    assert left.name == "rest"
    return dict(zip(scores, left, strict=True))


def test_a_neighbour_in_a_series_adds_nothing():
    """x1 and x2 are nearly alike, and both go on word for word: the crossed pairs are no links."""
    left = rest({("x1", "y1"): 0.9, ("x1", "y2"): 0.8, ("x2", "y1"): 0.8, ("x2", "y2"): 0.9},
                x1="abcd", x2="abce", y1="abcd", y2="abce")  # fmt: skip
    assert left == {("x1", "y1"): 1, ("x1", "y2"): 0, ("x2", "y1"): 0, ("x2", "y2"): 1}


def test_the_parts_of_a_split_each_add_their_own():
    left = rest({("x", "y1"): 0.6, ("x", "y2"): 0.5}, x="abcdef", y1="abc", y2="def")
    assert left == {("x", "y1"): 1, ("x", "y2"): 1}


def test_what_is_merged_adds_its_own_from_either_side():
    left = rest({("x1", "y"): 0.6, ("x2", "y"): 0.5}, x1="abc", x2="def", y="abcdef")
    assert left == {("x1", "y"): 1, ("x2", "y"): 1}


def test_the_share_is_of_the_other_measures_words():
    left = rest({("x", "y1"): 0.6, ("x", "y2"): 0.5}, x="abcde", y1="abcd", y2="cdeg")
    assert left["x", "y2"] == pytest.approx(1 / 4)  # of c, d, e and g only e is open


def test_a_pair_that_is_no_second_partner_covers_nothing():
    """y2 adds nothing to x1, so it stays wholly open for x2."""
    scores = {("x1", "y1"): 0.9, ("x1", "y2"): 0.8, ("x2", "y2"): 0.3}
    left = rest(scores, x1="abcd", y1="abcd", y2="abc", x2="cgh")
    assert left == {("x1", "y1"): 1, ("x1", "y2"): 0, ("x2", "y2"): 1}


def test_the_order_of_rows_changes_nothing():
    scores = {("x1", "y1"): 0.7, ("x1", "y2"): 0.7, ("x2", "y1"): 0.7, ("x2", "y2"): 0.7}
    texts = {"x1": "abcd", "x2": "abce", "y1": "abcd", "y2": "abce"}
    assert rest(scores, **texts) == rest(dict(reversed(scores.items())), **texts)


def test_nothing_is_nothing():
    pairs = pl.DataFrame(schema={"from_id": pl.String, "to_id": pl.String, "score": pl.Float64})
    assert competition.remainder(pairs, space(x="a")).is_empty()


@pytest.mark.parametrize(
    ("copies", "expected"),
    [
        ({}, {("x", "y")}),
        ({"x2": "x"}, {("x", "y"), ("x2", "y")}),
        ({"y2": "y"}, {("x", "y"), ("x", "y2")}),
        ({"x2": "x", "y2": "y"}, {("x", "y"), ("x2", "y2")}),
        ({"x2": "x", "x3": "x", "y2": "y"}, {("x", "y"), ("x2", "y2"), ("x3", "y")}),
        ({"x2": "x", "y2": "y", "y3": "y"}, {("x", "y"), ("x2", "y2"), ("x", "y3")}),
    ],
)
def test_repetitions_go_with_repetitions(copies, expected):
    ids = ["x", "y", *copies]
    repeats = pl.Series([copies.get(key) for key in ids], dtype=pl.String)
    measures = pl.DataFrame({"measure_id": ids, "repeats": repeats})
    pairs = pl.DataFrame({"from_id": ["x"], "to_id": ["y"], "score": [0.5]})
    found = link_model._with_repetitions(pairs, measures)
    assert set(found.select("from_id", "to_id").iter_rows()) == expected
    assert len(found) == len(expected)
