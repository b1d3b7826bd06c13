"""A listing of lines with their places is read back as it was written; what only begins like one is a text."""

import json

import pytest

from analysis.base.errors import DocumentFaulty
from analysis.documents.document import Document, Line, Page, dump, load, of_pages, of_text
from analysis.extraction import load_document

ROW = {"page": 1, "paper": [595, 842], "place": [1, 2, 3, 4], "cells": ["灯台"]}


def test_a_listing_comes_back():
    made = of_pages(
        [Page(595, 842, [Line(1, 2, 3, 4, ("灯台", "港"))]), Page(595, 842, [], [Line(1, 2, 3, 4, ("注",))])]
    )
    assert load(dump(made).splitlines()) == made


@pytest.mark.parametrize(
    "changes",
    [
        {"place": [float("nan"), 2, 3, 4]}, {"place": [float("inf"), 2, 3, 4]}, {"place": ["a", 2, 3, 4]},
        {"place": [1, 2, 3]}, {"place": None}, {"paper": [None, {}]}, {"paper": [float("nan"), 1]}, {"cells": None},
        {"page": "one"}, {"page": None}, {"page": 1e999},
    ],
)  # fmt: skip
def test_what_only_begins_like_a_listing_is_a_text(changes):
    lines = [json.dumps(ROW), json.dumps(ROW | changes)]
    assert load(lines) == of_text(lines)


def test_nested_lists_are_a_text():
    lines = ['{"page": ' + "[" * 100_000]
    assert load(lines) == Document(of_text(lines).lines)


def test_a_listing_is_no_document_to_add(tmp_path):
    (tmp_path / "listing.txt").write_text(json.dumps(ROW) + "\n", encoding="utf-8")
    with pytest.raises(DocumentFaulty, match=r"listing\.txt is the listing of a document that was added before: give"):
        load_document.read(tmp_path / "listing.txt")
