"""A citation has authors, date, version and, where it is known, commit, in both languages, and no time of a run."""

import io
import json

import openpyxl
import pytest

from analysis.base.i18n import LANGUAGES
from analysis.documents import manifest
from analysis.export import citation, datapackage, xlsx
from analysis.export.citation import Citation
from analysis.tables.export_schemas import EXPORTED

HEAD = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(autouse=True)
def released(monkeypatch):
    """A version of an invented day."""
    monkeypatch.setattr(citation, "__version__", "7.8.9")
    monkeypatch.setattr(citation, "__released__", "2031-02-03")


@pytest.mark.parametrize(
    ("about", "text"),
    [
        (
            Citation("en", 2026, 2019),
            "The authors of ip-plan-workspace: report on the 2026 plan (baseline 2019). IP plan workspace, version "
            "7.8.9 (February 3, 2031). Sources: the documents listed here, by their publishers.",
        ),
        (
            Citation("en", commit=HEAD),
            "The authors of ip-plan-workspace: tables. IP plan workspace, version 7.8.9 (February 3, 2031), commit "
            "0123456789ab. Sources: the documents listed here, by their publishers.",
        ),
        (
            Citation("ja", 2026, 2019, f"{HEAD} with changes"),
            "ip-plan-workspace制作者「推進計画2026の分析」（基準年：2019年）、IP plan workspace "
            "第7.8.9版（2031年2月3日）、コミット0123456789abに変更を加えたもの。出典：各発行者の文書（一覧参照）。",
        ),
    ],
)
def test_it_says_who_what_when_and_of_which_commit(about, text):
    assert about.text == text


def test_a_commit_from_which_files_differ_is_said_to_be_one():
    assert "commit 0123456789ab with changes." in Citation("en", 2026, 2019, f"{HEAD} with changes").text
    assert "commit" not in Citation("en", 2026, 2019).text


def test_a_document_without_an_address_is_listed_without_one(monkeypatch):
    bare = manifest.Document("ip2031", 2031, "article", "decided", "灯台", "P", "L", "x", 1, "0" * 64)
    monkeypatch.setattr(manifest, "documents", lambda: [bare])
    frames = {"topic_names": EXPORTED["topic_names"].create_empty()}
    book = openpyxl.load_workbook(io.BytesIO(xlsx.make(frames, Citation())[0]))
    assert ("ip2031", "灯台 · P · L") in [row[:2] for row in book.worksheets[0].values]
    (source,) = json.loads(datapackage.make(frames, {"topic_names": b""}, Citation()))["sources"]
    assert "path" not in source


def test_what_is_made_in_several_languages_has_a_name_in_each():
    assert [Citation(language, 2026, 2019).name for language in LANGUAGES] == ["ip-plan-2026", "ip-plan-2026-ja"]
    assert [Citation(language).name for language in LANGUAGES] == ["ip-plan", "ip-plan-ja"]
