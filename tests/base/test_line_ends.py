"""Lines end where they end, whatever system wrote them: a text's lines are the same with any line ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.base.line_ends import universal

LINES = st.lists(
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=4), min_size=1, max_size=30
)
ENDS = ("\n", "\r\n", "\r", "\n\r", "\r\r\n", "\u2028", "\u2029", "\x85", "\x0b")


@pytest.mark.parametrize("end", ENDS)
@given(lines=LINES)
def test_one_end_throughout(end, lines):
    text = "".join(line + end for line in lines)
    assert universal(text) == lines
    assert universal(text + "last") == [*lines, "last"]


@given(lines=LINES, ends=st.lists(st.sampled_from("\n\u2028\u2029\x85\x0b"), min_size=30, max_size=30))
def test_ends_of_one_character_in_any_order(lines, ends):
    assert universal("".join(line + end for line, end in zip(lines, ends, strict=False))) == lines


PLAN = ["灯", "", "・ 灯台", "を直す。", "", "・ 港", "(短期)", "台"] * 40


@pytest.mark.parametrize("turn", [("\r\n", "\r", "\n"), ("\n", "\r", "\r\n"), ("\n", "\r\n")])
def test_ends_in_turn_keep_the_empty_lines(turn):
    """A carriage return, an empty line and a line feed look like one end: the order of the others tells them apart."""
    text = "".join(line + turn[number % len(turn)] for number, line in enumerate(PLAN))
    assert universal(text) == PLAN


def test_pieces_of_several_systems_put_together():
    pieces = [line + end for end in ("\r\n", "\r", "\n", "\r\n") for line in PLAN]
    assert universal("".join(pieces)) == PLAN * 4


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("灯", ["灯"]),
        ("\n", [""]),
        ("灯\x0c台\n", ["灯", "\x0c台"]),  # a page ends within a line: the line does, too
        ("灯\n\x0c台\n", ["灯", "\x0c台"]),
        ("\r\n\r\n", ["", ""]),
        ("灯\r\n台\u2028港\r\n", ["灯", "台", "港"]),
    ],
)
def test_by_hand(text, lines):
    assert universal(text) == lines


@given(st.text("\r\n\u2028\x0c灯", max_size=40))
def test_nothing_but_ends_is_lost(text):
    assert "".join(universal(text)) == "".join(character for character in text if character in "\x0c灯")
