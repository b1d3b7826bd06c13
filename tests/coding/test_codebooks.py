"""Codebooks: what the committed ones hold, and what is refused."""

import pytest
from coded_plans import BOOK, coded_plans  # noqa: F401

from analysis.base.errors import TableFaulty, UsageFault
from analysis.coding import codebooks


def test_committed_codebooks_say_for_every_category_what_belongs_to_it():
    books = [codebooks.codebook(name) for name in codebooks.codebook_ids()]
    assert {"links", "topics"} <= {book.codebook_id for book in books}
    categories = [
        c
        for book in books
        for v in book.variable
        for c in (*v.category, *(s for c in v.category for s in c.sub_categories))
    ]
    assert all(c.definition and c.name_en and c.name_ja for c in categories)
    topics = codebooks.codebook("topics")
    assert all(c.includes and c.excludes and c.examples for c in topics.categories("topic") if c.category_id != "none")


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"theme": "craft", "detail": "craft-kiln"}, None),
        ({"theme": "trees"}, None),
        ({"theme": "trees", "second_theme": "craft"}, None),
        ({}, "theme is missing"),
        ({"theme": "ships"}, "theme 'ships' is no category: choose one of craft, trees"),
        ({"theme": "craft"}, "detail is missing"),
        ({"theme": "trees", "detail": "craft-kiln"}, "detail craft-kiln does not belong to theme trees"),
        ({"theme": "trees", "second_theme": "trees"}, "second_theme repeats theme: leave it empty"),
    ],
)
def test_values_are_checked(coded_plans, values, says):  # noqa: F811
    assert codebooks.codebook("crafts").fault(values) == says


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"crafts"', '"pots"', "codebook_id is 'pots', but the file is called crafts"),
        ('variable_id = "detail"', 'variable_id = "theme"', "each with a name of its own"),
        ('variable_id = "detail"', 'variable_id = "why"', "no variable may be called why"),
        ('sub_categories_of = "theme"', 'sub_categories_of = "shape"', "takes the categories of shape"),
        ('sub_categories_of = "theme"', "optional = true", "needs categories"),
        ('"trees", name_en', '"craft", name_en', "two categories or more"),
        ('unit = "measure"', 'unit = "page"', "unit must be"),
        ('variable_id = "theme"', 'variable_id = "The Theme"', "must be small letters"),
        ('title = "What', 'colour = "red"\ntitle = "What', "unknown key colour"),
    ],
)
def test_a_faulty_codebook_is_named(coded_plans, old, new, says):  # noqa: F811
    assert old in BOOK
    (coded_plans / "data/curated/codebooks/crafts.toml").write_text(BOOK.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TableFaulty, match=r"crafts\.toml") as fault:
        codebooks.codebook("crafts")
    assert says in str(fault.value)


def test_a_codebook_that_is_not_there_lists_those_that_are(coded_plans):  # noqa: F811
    with pytest.raises(UsageFault, match="'ships' does not exist: choose one of crafts, fate"):
        codebooks.codebook("ships")
