"""Translations: every message of the code has its Japanese, says the same, and knows no year, count or method."""

import ast
import importlib.util
import re
import string
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from analysis.base import i18n
from analysis.tables.codebook import described_texts
from analysis.tables.labels import LABELS

REPO = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("catalogue", REPO / ".ci/catalogue.py")
catalogue = importlib.util.module_from_spec(spec)
spec.loader.exec_module(catalogue)
MESSAGES = catalogue.messages()


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@cache
def translations() -> dict[str, str | tuple[str, ...]]:
    with catalogue.path("ja").open("rb") as file:
        return {
            message.id if isinstance(message.id, str) else message.id[0]: message.string
            for message in read_po(file, locale="ja")
            if message.id
        }


def test_the_catalogue_holds_the_messages_of_the_code_and_no_others():
    assert len(MESSAGES) > 300
    assert translations().keys() == MESSAGES.keys(), "run python .ci/catalogue.py and translate what is new"
    assert catalogue.renewed("ja") == catalogue.path("ja").read_bytes()


def test_the_codebook_s_catalogue_holds_all_that_is_said_of_tables_and_columns_and_no_more():
    with catalogue.path("ja", "codebook").open("rb") as file:
        known = {(message.context, message.id): message.string for message in read_po(file, locale="ja") if message.id}
    assert set(known) == set(described_texts()), "run python .ci/catalogue.py and translate what is new"
    assert [key for key, text in known.items() if not text.strip()] == []
    assert catalogue.renewed_codebook("ja") == catalogue.path("ja", "codebook").read_bytes()
    assert i18n.described("key of nothing", "ja", "column") == "key of nothing"
    units = {text: re.findall(r"\[([^\[\]]+)\]", text) for context, text in known if context == "column"}
    lost = [text for text, names in units.items() if names and not re.search(r"\[[^\[\]]+\]", known["column", text])]
    assert lost == []  # units stay in their brackets


@pytest.mark.parametrize("message", sorted(MESSAGES))
def test_both_languages_say_the_same(message):
    japanese = translations()[message]
    forms = (japanese,) if isinstance(japanese, str) else japanese
    for form in forms:
        assert form.strip(), message
        assert fields(form) <= set.union(*map(fields, MESSAGES[message])) | {"number"}
    assert set.union(*map(fields, forms)) | {"number"} == set.union(*map(fields, MESSAGES[message])) | {"number"}


def test_no_message_is_composed_at_run_time():
    """What is translated is a literal, or was marked with N_ where it stands."""
    composed = []
    for file in sorted((REPO / "analysis").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = getattr(node, "func", None) and getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in ("gettext", "ngettext", "N_", "_"):
                composed += [f"{file}:{node.lineno}"] if isinstance(node.args[0], ast.JoinedStr | ast.BinOp) else []
    assert composed == []


# what a message may say in digits: the level of all intervals, a measure's name, a scale's ends, units, an encoding
NUMBERS = re.compile(
    r"95%|\bF1\b|\(0–1|\(0: none|\(1: none|above 0:|\b1st\b|\b10,000 (?:items|people)|\b100 million|UTF-8"
)
COUNTED = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|\d+) (?:[\w()]+ )?"
    r"(?:coders|readers|models|editions|years|documents|summaries|articles|roadmaps|indicators)\b", re.IGNORECASE
)  # fmt: skip
METHODS = re.compile(r"language model|sudachi", re.IGNORECASE)


def literals(message: str) -> list[str]:
    """Years, counts, coders and methods that a message names itself, where a table should."""
    plain = NUMBERS.sub("", re.sub(r"\{[^}]*\}", "", message))
    return [*re.findall(r"\S*\d\S*", plain), *COUNTED.findall(plain), *METHODS.findall(plain)]


SENTENCES = sorted(MESSAGES.keys() - LABELS["coder"].values())  # who coded is a value that sentences are filled with


@pytest.mark.parametrize("message", SENTENCES)
def test_no_year_count_coder_or_method_is_a_literal(message):
    japanese = translations()[message]
    assert [literals(form) for form in MESSAGES[message]] == [[]] * len(MESSAGES[message])
    digits = re.compile(r"(?:19|20)\d\d|平成|令和|[二三四五六七八九十0-9０-９]+ ?(?:人の|つの言語|年の間隔)|言語モデル")
    forms = (japanese,) if isinstance(japanese, str) else japanese
    assert [digits.findall(form) for form in forms] == [[]] * len(forms)


@pytest.mark.parametrize("message", [
    "Full plans: 2019 and {later} only", "seven years apart", "read by two independent coders", "3 editions",
    "the codings of a language model", "words by SudachiPy", "99% intervals",
])  # fmt: skip
def test_a_literal_would_be_seen(message):
    assert literals(message)


def test_values_are_filled_in_and_plurals_chosen(monkeypatch):
    assert i18n.gettext("{first}–{last}", "en", first=1, last=2) == "1–2"
    assert i18n.ngettext("{number} measure", "{number} measures", 1, "en") == "1 measure"
    assert i18n.ngettext("{number} measure", "{number} measures", 2, "en") == "2 measures"


def test_a_message_without_translation_stands_in_english():
    assert i18n.gettext("never in the catalogue", "ja") == "never in the catalogue"


def test_the_japanese_is_japanese():
    assert re.search(r"[ぁ-ん一-龥]", i18n.gettext("Skip to the text", "ja"))
