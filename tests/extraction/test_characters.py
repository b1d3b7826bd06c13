"""A text reads the same whatever characters write it: the generators know Unicode, not the code under test."""

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from layouts import parse

from analysis.base.line_ends import universal
from analysis.documents.document import of_text

MINI = Path(__file__).parent.parent / "mini"
TEXTS = {name: (MINI / f"{name}.txt").read_text(encoding="utf-8") for name in
         ("markdown_plan", "pdf_text_plan", "text_slides", "markdown_slides", "markdown_article")}  # fmt: skip
FEW = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), max_examples=15)
EVERY = [chr(code) for code in range(0x20, 0x30000) if not 0xD800 <= code < 0xE000]
NOT_SEEN = [sign for sign in EVERY if unicodedata.category(sign) == "Cf" and not sign.isspace()] + list(
    # Default_Ignorable_Code_Point beyond the format characters (DerivedCoreProperties.txt)
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u3164\ufe00\ufe0f\uffa0\U000e0100\U000e01ef"
)
SPACES = [sign for sign in EVERY if unicodedata.category(sign) == "Zs" and sign != "　"]
# Other ways to write the same letter: those whose compatibility form is one letter, neither raised nor circled.
OTHER_FORMS: dict[str, list[str]] = {}
for sign in EVERY:
    kind, _, form = unicodedata.decomposition(sign).rpartition("> ")
    letter = unicodedata.normalize("NFKC", sign)
    if kind.removeprefix("<") in ("", "wide", "narrow", "compat") and len(letter) == 1 and letter != sign and (
        unicodedata.category(letter) in ("Lo", "Ll", "Lu", "Nd") and not letter.isspace()
    ):  # fmt: skip
        OTHER_FORMS.setdefault(letter, []).append(sign)
DRAWN = re.compile(r"BULLET|(?:BLACK|WHITE|HEAVY).*(?:CIRCLE|SQUARE|DIAMOND|STAR|LOZENGE|TRIANGLE)$|ARROWHEAD$")
MARKS = [
    sign
    for sign in EVERY
    if DRAWN.search(unicodedata.name(sign, "")) and unicodedata.category(sign) in ("So", "Po")
    if unicodedata.normalize("NFKC", sign) == sign
]
LIST_MARK = re.compile(r"^([ \t　]*(?:[-*] ?)?)[・•●]", re.MULTILINE)


def measures(layout: str, text: str) -> list[tuple[object, ...]]:
    """What is read, folded by Unicode's own rules, without spaces and what is not seen."""
    found = parse(layout, of_text(universal(text))).measures
    return [(m.first_line, plain(m.text), m.horizon, tuple(map(plain, m.ministries)), m.repeated) for m in found]


def plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", "".join(sign for sign in text if sign not in NOT_SEEN)))


READ = {layout: measures(layout, text) for layout, text in TEXTS.items()}


def test_there_is_something_to_read():
    assert all(READ.values())
    assert min(len(NOT_SEEN), len(OTHER_FORMS), len(MARKS)) > 20


@pytest.mark.parametrize("layout", TEXTS)
@FEW
@given(data=st.data())
def test_characters_that_nobody_sees_change_nothing(layout, data):
    text, sign = TEXTS[layout], data.draw(st.sampled_from(NOT_SEEN))
    places = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=200)))
    pieces = [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]
    assert measures(layout, sign.join(pieces)) == READ[layout]


@pytest.mark.parametrize("layout", TEXTS)
@FEW
@given(space=st.sampled_from(SPACES))
def test_a_space_is_a_space(layout, space):
    assert measures(layout, TEXTS[layout].replace(" ", space)) == READ[layout]


@pytest.mark.parametrize("layout", TEXTS)
@FEW
@given(data=st.data())
def test_another_form_of_a_letter_is_the_letter(layout, data):
    text = TEXTS[layout]
    letters = [letter for letter in sorted(set(text)) if letter in OTHER_FORMS and not letter.isascii()]
    forms = {letter: data.draw(st.sampled_from(OTHER_FORMS[letter])) for letter in letters}
    assert measures(layout, text.translate(str.maketrans(forms))) == READ[layout]


@pytest.mark.parametrize("layout", TEXTS)
def test_letters_taken_apart_are_letters(layout):
    assert measures(layout, unicodedata.normalize("NFD", TEXTS[layout])) == READ[layout]


@pytest.mark.parametrize("brackets", ["（）", "﹙﹚", "⦅⦆", "｟｠", "︵︶", "❨❩"])
@pytest.mark.parametrize("layout", ["markdown_plan", "pdf_text_plan"])
def test_round_brackets_of_any_design_are_round_brackets(layout, brackets):
    text = TEXTS[layout].translate(str.maketrans("()", brackets))
    assert [found[1:] for found in measures(layout, text)] == [found[1:] for found in READ[layout]]


@pytest.mark.parametrize("layout", ["markdown_plan", "pdf_text_plan"])
@FEW
@given(mark=st.sampled_from(MARKS))
def test_any_list_mark_is_a_list_mark(layout, mark):
    assert measures(layout, LIST_MARK.sub(rf"\g<1>{mark}", TEXTS[layout])) == READ[layout]


@pytest.mark.parametrize("end", ["\r", "\r\n", "\x85", "\u2028", "\u2029", "\x0b", "\n\r", "\r\r\n"])
@pytest.mark.parametrize("layout", TEXTS)
def test_lines_end_at_any_end(layout, end):
    assert measures(layout, TEXTS[layout].replace("\n", end)) == READ[layout]
