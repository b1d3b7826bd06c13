"""Spaces that a typesetter or OCR left within words go; those that part Latin words stay."""

import pytest

from analysis.base.japanese import unspaced


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("生成 AI", "生成AI"),
        ("生成　AI の 利用", "生成AIの利用"),
        ("Open  Innovation の\n港", "Open Innovationの港"),
        ("A I", "A I"),
        (" 港 ", "港"),
        ("", ""),
    ],
)
def test_only_latin_words_are_parted(text, without):
    assert unspaced(text) == without
