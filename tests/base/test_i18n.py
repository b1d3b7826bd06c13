"""Translations: every message of the code has its Japanese, says the same, and knows no year, count or method."""

import ast
import importlib.util
import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from analysis.base import i18n

REPO = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("catalogue", REPO / ".ci/catalogue.py")
catalogue = importlib.util.module_from_spec(spec)
spec.loader.exec_module(catalogue)
MESSAGES = catalogue.messages()


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


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
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("gettext", "ngettext", "N_"):
                composed += [f"{file}:{node.lineno}"] if isinstance(node.args[0], ast.JoinedStr | ast.BinOp) else []
    assert composed == []


def test_values_are_filled_in_and_plurals_chosen(monkeypatch):
    assert i18n.gettext("{first}–{last}", "en", first=1, last=2) == "1–2"
    assert i18n.ngettext("{number} measure", "{number} measures", 1, "en") == "1 measure"
    assert i18n.ngettext("{number} measure", "{number} measures", 2, "en") == "2 measures"


def test_a_message_without_translation_stands_in_english():
    assert i18n.gettext("never in the catalogue", "ja") == "never in the catalogue"


def test_the_japanese_is_japanese():
    assert re.search(r"[ぁ-ん一-龥]", i18n.gettext("Skip to the text", "ja"))
