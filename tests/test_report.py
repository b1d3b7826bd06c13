"""The report from the committed tables: offline, whole, harmless, in both languages."""

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from analysis import paths, report, tables

ROOT = Path(__file__).resolve().parent.parent
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


class Page(HTMLParser):
    """Elements and attributes of a page, and the text a person reads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.style = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.style = tag == "style"

    def handle_endtag(self, tag):
        self.style = False

    def handle_data(self, data):
        self.text += "" if self.style else data


@pytest.fixture
def processed(tmp_path, monkeypatch):
    """A copy of the committed tables without the texts, as in a clone without documents."""
    folder = tmp_path / "processed"
    folder.mkdir()
    for file in paths.committed().glob("*.jsonl"):
        if file.stem != "texts":
            shutil.copy(file, folder)
    monkeypatch.setenv("IP_PLAN_PROCESSED", str(folder))
    return folder


def build(tmp_path, edition=2026, baseline=2019, language="en") -> Page:
    return Page(report.build(edition, baseline, language, tmp_path / "report").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_needs_no_network_and_holds_every_part(processed, tmp_path, language):
    page = build(tmp_path, language=language)
    for tag, attributes in page.tags:
        assert tag not in ("script", "iframe", "object", "embed", "form")
        for name in ("src", "href", "xlink:href"):
            assert not (attributes.get(name) or "#").startswith(("http", "//", "file")), (tag, attributes)
    ids = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    inner = {attributes["href"][1:] for tag, attributes in page.tags if tag == "a"}
    assert inner <= set(ids)
    charts = {attributes["id"] for tag, attributes in page.tags if tag == "figure"}
    names = ["sections", "ministries", "topics", "topics-section", "topics-ministry", "map"]
    names += ["ended", "origin", "kpi", "ledger"]
    assert charts == {f"chart-{name}" for name in names}
    for name in names:
        assert (tmp_path / f"report/figures/{name}.png").stat().st_size > 5000
        assert (tmp_path / f"report/figures/{name}.svg").stat().st_size > 5000
    assert re.search(r"[{}]", page.text) is None  # no template left unfilled


def test_every_measure_of_the_edition_is_on_the_page(processed, tmp_path):
    page = build(tmp_path)
    own = tables.read("measures").filter(pl.col("edition") == 2026)["measure_id"].to_list()
    shown = {attributes.get("id", "") for _, attributes in page.tags}
    assert {f"m-{key}" for key in own} <= shown


def test_a_single_edition_and_a_summary_give_a_sensible_page(processed, tmp_path):
    page = build(tmp_path, 2019, 2019)
    charts = {attributes["id"] for tag, attributes in page.tags if tag == "figure"}
    assert "chart-ended" not in charts
    assert "compared with itself" in page.text
    assert "has no KPI parts" in page.text
    assert "the workspace holds a summary" in build(tmp_path, 2023, 2026).text


def test_texts_from_documents_are_data(processed, tmp_path):
    own = tables.read("measures").filter(pl.col("edition") == 2026).sort("measure_id").head(1)
    row = {
        "measure_id": own["measure_id"][0],
        "text": HOSTILE,
        "section_title": HOSTILE,
        "subhead": None,
        "repaired": None,
        "years": [],
    }
    tables.write(
        "texts",
        pl.DataFrame(
            [row], schema_overrides={"subhead": pl.String, "repaired": pl.String, "years": pl.List(pl.String)}
        ),
    )
    page = build(tmp_path)
    assert HOSTILE in page.text
    assert not any(tag in ("script", "img") or "onerror" in attributes for tag, attributes in page.tags)


def test_two_builds_give_the_same_bytes(processed, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        report.build(2026, 2019, "en", folder)
    files = sorted(file.relative_to(one) for file in one.rglob("*") if file.is_file())
    assert files == sorted(file.relative_to(two) for file in two.rglob("*") if file.is_file())
    assert [str(file) for file in files if (one / file).read_bytes() != (two / file).read_bytes()] == []
