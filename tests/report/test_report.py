"""The report from the committed tables: offline, whole, harmless, in both languages."""

import base64
import hashlib
import re
from contextlib import nullcontext
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest
from conftest import copy_tables

from analysis.base.i18n import gettext
from analysis.coding import codings, delivery
from analysis.report import build as report
from analysis.report import narrative, status_tables
from analysis.report.charts import render
from analysis.report.data import ReportData
from analysis.tables import store, summary_statistics

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


class Page(HTMLParser):
    """Elements and attributes of a page, and the text a person reads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.scripts: list[str] = []
        self.inside = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.inside = tag if tag in ("style", "script") else ""

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        self.text += "" if self.inside else data
        self.scripts += [data] if self.inside == "script" else []


@cache
def parsed(file: Path) -> Page:
    """A page that tests share: parsing it takes seconds."""
    return Page(file.read_text(encoding="utf-8"))


@pytest.fixture
def processed(tmp_path, monkeypatch):
    """A copy of the committed tables without the texts, as in a clone without documents."""
    folder = tmp_path / "processed"
    folder.mkdir()
    copy_tables(folder)
    monkeypatch.setenv("IP_PLAN_PROCESSED", str(folder))
    return folder


@pytest.fixture
def undrawn(monkeypatch):
    """Charts are described, but not drawn, and the tables beside the page have one format: for tests of the page."""
    drawn, write = "<svg></svg>", report.export.export
    monkeypatch.setattr(render, "drawing", lambda specs, folder: nullcontext(lambda: dict.fromkeys(specs, drawn)))
    monkeypatch.setattr(report.export, "export", lambda folder, *formats, about: write(folder, "csv", about=about))


def build(tmp_path, edition=2026, baseline=2019, language="en") -> Page:
    return Page(
        report.build(ReportData(edition, baseline, language), folder=tmp_path / "report").read_text(encoding="utf-8")
    )


def test_the_report_comes_out_the_same(pages, processed, tmp_path):
    folders = [pages["en"].parent, report.build(ReportData(2026, 2019, "en"), folder=tmp_path / "again").parent]
    files = [
        {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
        for folder in folders
    ]
    assert sorted(files[0]) == sorted(files[1])
    assert [str(name) for name in files[0] if files[0][name] != files[1][name]] == []


def test_the_page_needs_no_network_and_holds_every_part(pages):
    page, folder = parsed(pages["en"]), pages["en"].parent
    for tag, attributes in page.tags:
        assert tag not in ("iframe", "object", "embed")
        assert "action" not in attributes
        for name in ("src", "href", "xlink:href"):
            assert not (attributes.get(name) or "#").startswith(("http", "//", "file")), (tag, attributes)
    ids = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    links = {attributes["href"] for tag, attributes in page.tags if tag == "a"}
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert all(link.startswith("#") for link in links)  # a page that is mailed alone misses nothing
    charts = {attributes["id"] for tag, attributes in page.tags if tag == "figure"}
    names = ["sections", "ministries", "together", "topics", "sub-topics", "topics-section", "topics-ministry"]
    names += ["map", "names", "names-editions", "plans-cited", "checkability", "act_shifts", "ended", "origin"]
    names += ["flows", "carry_over", "stepmap", "genealogy", "ledger"]
    names += ["kpi-ratio", "kpi", "kpi-open", "kpi-followed", "industries", "ratings"]
    assert pages["en"].stat().st_size < 5_000_000
    assert charts == {f"chart-{name}" for name in names}
    for name in names:
        assert (folder / f"figures/{name}.png").stat().st_size > 5000
        assert (folder / f"figures/{name}.svg").stat().st_size > 5000
    assert re.search(r"[{}]", page.text) is None  # no template left unfilled
    assert {f"rows-{name}" for name in names} - set(ids) == {"rows-map"}  # its rows are all measures, in a file
    captions = re.findall(r"analysis/report/exhibits/\w+\.py", page.text)
    assert len(captions) >= len(names)
    assert all((ROOT / file).is_file() for file in captions)
    notebooks = re.findall(r"notebooks/\w+\.ipynb", page.text)
    assert all((ROOT / file).is_file() for file in notebooks)


def test_the_policy_lets_the_page_s_own_script_run_and_nothing_else(pages):
    page = parsed(pages["en"])
    (script,) = page.scripts
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert len(script.encode()) < 40 * 1024
    (policy,) = (attributes["content"] for _, attributes in page.tags if "http-equiv" in attributes)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["script-src"] == f"'sha256-{digest}'"
    assert rules["default-src"] == "'none'"
    assert not {"innerHTML", "outerHTML", "insertAdjacentHTML", "eval", "document.write"} & set(
        re.findall(r"[\w.]+", script)
    )


def test_the_japanese_page_holds_every_part_of_the_english_one(pages):
    both = [parsed(pages[language]) for language in ("en", "ja")]
    ids = [[attributes["id"] for _, attributes in page.tags if attributes.get("id")] for page in both]
    assert ids[0] == ids[1]
    assert len(ids[0]) > 500
    assert re.search(r"[{}]", both[1].text) is None


def test_every_measure_of_the_edition_is_on_the_page(pages):
    page = parsed(pages["en"])
    own = store.read("measures").filter(pl.col("edition") == 2026)["measure_id"].to_list()
    shown = {attributes.get("id", "") for _, attributes in page.tags}
    assert {f"m-{key}" for key in own} <= shown


def test_earlier_measures_have_their_place_too_and_are_led_to(pages):
    page = parsed(pages["en"])
    articles = [attributes["id"] for tag, attributes in page.tags if attributes.get("class") == "measure"]
    articles = [name for name in articles if name.startswith("m-")]
    assert sorted(articles) == sorted(f"m-{key}" for key in store.read("measures")["measure_id"])
    links = {attributes["href"] for tag, attributes in page.tags if tag == "a"}
    originals = store.read("measures").filter(pl.col("repeats").is_null())["measure_id"].implode()
    linked = store.read("links").filter(pl.col("from_id").is_in(originals), from_edition="2019", to_edition="2026")
    assert {f"#m-{key}" for key in linked["from_id"]} <= links


def test_a_single_edition_and_a_summary_give_a_sensible_page(processed, undrawn, tmp_path):
    page = build(tmp_path, 2019, 2019)
    charts = {attributes["id"] for tag, attributes in page.tags if tag == "figure"}
    assert "chart-ended" not in charts
    assert "compared with itself" in page.text
    assert "Measure by measure" not in page.text
    assert "Full plans are at hand for: 2019; 2026." in page.text
    assert "has no KPI parts" in page.text
    summary = build(tmp_path, 2023, 2026)
    assert "What is read here is the 2023 summary, not the plan itself" in summary.text
    assert "Who is in charge is said of 1 of 36 items" in summary.text
    assert not {"chart-ministries", "chart-together"} & {attributes.get("id") for _, attributes in summary.tags}


def test_the_status_of_each_measure_stands_in_a_table_that_opens(pages):
    html = pages["en"].read_text(encoding="utf-8")
    for status, edition_id, other in (("ended", "2019", "2026"), ("evolved", "2019", "2026"), ("new", "2026", "2019")):
        counted = summary_statistics.counted(store.read("measures"), int(edition_id))
        seen = summary_statistics.seen_from(store.read("statuses"), edition_id, other).filter(status=status)
        seen = seen.join(counted, on="measure_id", how="semi")
        head = status_tables.GROUPS[status].format(edition=f"{edition_id} plan", other=f"{other} plan")
        table = html.split(f"<summary>{head} (", 1)[1].split("</details>", 1)[0]
        assert table.startswith(f"{len(seen)}, {seen['doubtful'].sum()} of them doubtful")
        rows = table.split("<tr><td>")[1:]
        assert len(rows) == len(seen)
        marked = ['class="doubt"' in row for row in rows]
        assert sum(marked) == seen["doubtful"].sum()
        assert marked == sorted(marked, reverse=True)
    assert html.count('<article class="pair">') == 2 * status_tables.SHOWN


def test_editions_without_links_give_sentences(processed, undrawn, tmp_path, monkeypatch):
    language = "ja"
    monkeypatch.setattr(codings, "table", lambda measures: codings.NONE)
    for name in ("links", "candidates"):
        store.write(name, store.empty(name))
    statuses = store.read("statuses").with_columns(best_score=pl.lit(0.0), links=pl.lit(0), doubtful=pl.lit(False))
    gone = (
        pl.when(pl.col("status").is_in(["continued", "evolved", "ended"]))
        .then(pl.lit("ended"))
        .otherwise(pl.lit("new"))
    )
    store.write("statuses", statuses.with_columns(status=gone))
    page = build(tmp_path, language=language)
    assert (
        gettext("No measure of {baseline} is linked to one of {edition}.", language, baseline=2019, edition=2026)
        in page.text
    )
    plans = {name: gettext("{year} plan", language, year=year) for name, year in (("edition", 2019), ("other", 2026))}
    head = gettext(status_tables.GROUPS["evolved"], language, **plans)
    assert f"{head}: {gettext('none', language)}" in page.text
    assert "pair" not in {attributes.get("class") for _, attributes in page.tags}


def test_texts_from_documents_are_data(processed, undrawn, tmp_path):
    own = store.read("measures").filter(pl.col("part") == "body").sort("measure_id")
    texts = own.select(
        "measure_id", text=pl.lit(HOSTILE) + pl.col("measure_id"), repaired=pl.lit(None, pl.String),
        section_title=pl.lit(HOSTILE), subhead=pl.lit(None, pl.String), years=pl.lit([], pl.List(pl.String)),
    )  # fmt: skip
    store.write("texts", texts)
    store.write("measures", store.read("measures").with_columns(section_title=pl.lit(HOSTILE)))
    page = build(tmp_path)
    assert page.text.count(HOSTILE) > len(own)
    assert "del" in {tag for tag, _ in page.tags}
    assert not any(tag == "img" or "onerror" in attributes for tag, attributes in page.tags)
    assert len(page.scripts) == 1


def test_anchors_are_those_that_the_docs_promise(pages):
    table = (ROOT / "docs/design.md").read_text(encoding="utf-8").partition("| anchor | leads to | stays |")[2]
    rows = re.findall(r"^\| (`[^|]+) \|", table.partition("\n\n")[0], flags=re.MULTILINE)
    promised = [anchor for row in rows for anchor in re.findall(r"`([^`]*<[^`]*)`", row)]
    assert {"m-<measure_id>", "f-<figure_id>", "i-<indicator_id>", "chart-<exhibit>"} <= set(promised)
    known = {"measure_id": r"\d{4}-\d{4,}[a-z]*", "figure_id": r"\d{4}-\d{4,}[a-z]+", "number": r"\d{4,}"}
    patterns = [re.sub("<(.*?)>", lambda match: known.get(match[1], "[a-z0-9_-]+"), anchor) for anchor in promised]
    page = parsed(pages["en"])
    ids = [attributes["id"] for tag, attributes in page.tags if attributes.get("id")]
    assert len(ids) > 600
    own = ["[a-z_]+", "find-[a-z]+", r"[a-z-]+-\d"]  # parts of the page, and what the docs do not promise
    others = [name for name in ids if not any(re.fullmatch(pattern, name) for pattern in [*patterns, *own])]
    assert others == []
    measures = store.read("measures").filter(edition=2026, part="body")["measure_id"]
    assert {f"m-{key}" for key in measures} <= set(ids)


def test_what_people_found_out_about_delivery_stands_with_its_measure(processed, undrawn, pages, tmp_path, monkeypatch):
    language = "en"
    monkeypatch.setattr(delivery, "path", lambda: tmp_path / "status.csv")
    assert "gazette" not in parsed(pages[language]).text  # nobody wrote
    first, last = store.read("measures").filter(edition=2026, part="body").sort("measure_id")["measure_id"][[0, -1]]
    said = ((first, "in_progress", "2026-08-01"), (first, "done", "2026-09"), (last, "done", "2026-10"))
    rows = [
        delivery.Finding(unit_id=key, status=status, date=day, source="gazette, p. 7", who=HOSTILE, note="half")
        for key, status, day in said
    ]
    delivery.path().write_text(delivery.text(rows), encoding="utf-8")
    page = build(tmp_path, language=language)
    texts = narrative.delivered(delivery.delivery(store.read("measures")), language)
    assert {key: len(said) for key, said in texts.items()} == {first: 2, last: 1}
    assert all(said in page.text for key in texts for said in texts[key])
    places = [page.text.index(sentence) for key in (first, last) for sentence in texts[key]]
    assert places == sorted(places)  # the latest first
    assert "img" not in {tag for tag, _ in page.tags}
    assert len(page.scripts) == 1


def test_every_doubt_is_told_in_the_reader_s_language():
    for why in store.read("measures")["doubts"].explode().drop_nulls().unique():
        assert narrative.doubt(why, "en") == why
        assert re.search("[ぁ-ん一-鿿]", narrative.doubt(why, "ja")), why
    assert narrative.doubt("unknown ministry: 某省", "ja") == "登録にない府省庁: 某省"
    assert narrative.doubt("one of tomorrow's", "ja") == "one of tomorrow's"
