"""One edition in several files: the plan's body, its roadmap (工程表) and its annexes (別紙)."""

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import records
from conftest import REPO, Workspace
from layouts import parse
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table
from typeset import LANDSCAPE, font, plan, ruled

from analysis.base.errors import UsageFault
from analysis.coding import codebooks, delivery, record
from analysis.coding.record import PacketRecord
from analysis.documents import manifest
from analysis.documents.document import of_pages
from analysis.documents.pdf_pages import read
from analysis.extraction import detect_layout, extract, load_document, revision
from analysis.extraction.roadmap import tabbed
from analysis.tables import store
from analysis.workspace import add_edition
from analysis.workspace.add_edition import Wanted

MINI = REPO / "tests/mini"
THINGS = ["灯台の鏡", "霧笛の音", "岬の道", "港の市場", "島の診療所", "灯器の規格", "夜の当直"]
DEEDS = ["調べる", "直す", "広げる", "整える", "磨く"]
BODIES = ["国土交通省", "文部科学省", "総務省、外務省", "経済産業省"]
ROWS = [
    {"no": n, "text": f"{THINGS[n % 7]}を{DEEDS[n % 5]}仕組みを港ごとに試し、{n}年続ける。", "bodies": BODIES[n % 4],
     "name": f"{THINGS[n % 7]}の事業", "years": [f"{THINGS[n % 7]}の調べ", f"試しと見直し{n}", "各地へ広げる"]}
    for n in range(1, 41)
]  # fmt: skip
YEARS = ["2031年度", "2032年度", "2033年度以降"]
# title, heads, what stands in the columns before the years, the years as they are kept
NAMED, PLAIN = ["no", "text", "bodies"], ["2031", "2032", "2033-"]
SETTINGS = {
    "as in a plan": (
        "灯台推進計画２０３１　工程表", ["項目番号", "施策内容", "担当府省", *YEARS], NAMED, PLAIN,
    ),
    "era": (
        "工程表", ["No.", "取組", "所管", "令和13年度", "令和14(2032)年度", "令和15～17年度"], NAMED,
        ["2031", "2032", "2033-2035"],
    ),
    "terms, names": (
        "ロードマップ（案）", ["施策名", "具体的な取組内容", "担当省庁", "短期", "中期", "長期"],
        ["name", "text", "bodies"], ["短期", "中期", "長期"],
    ),
    "no numbers": (
        "別添２　工程表", ["施策", "担当", "2031", "2032年", "2033～35"], ["text", "bodies"],
        ["2031", "2032", "2033-2035"],
    ),
    "other order": (
        "灯台の行程表", ["担当部局", "アクション", "FY2031", "FY2032", "FY2033～"], ["bodies", "text"], PLAIN,
    ),
}  # fmt: skip


def typeset(title: str, heads: list[str], columns: list[str]) -> bytes:
    style = ParagraphStyle("cell", fontName=font("ipaexg"), fontSize=8, leading=11, wordWrap="CJK")
    cells = [heads, *([*(str(row[name]) for name in columns), *row["years"]] for row in ROWS)]
    table = Table(
        [[Paragraph(cell, style) for cell in row] for row in cells], colWidths=[770 / len(heads)] * len(heads),
        repeatRows=1, style=[("GRID", (0, 0), (-1, -1), 0.5, "black")],
    )  # fmt: skip
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=LANDSCAPE, leftMargin=30, rightMargin=30).build([Paragraph(title, style), table])
    return buffer.getvalue()


@pytest.fixture
def planned(workspace: Workspace) -> Workspace:
    """A workspace with the plan of 2031."""
    for name in ("ministries.toml", "indicators.toml"):
        shutil.copy(REPO / "data/curated" / name, workspace.root / "data/curated")
    wanted = Wanted(2031, title="灯台推進計画2031（案）", publisher="灯台戦略本部", licence="L")
    add_edition.record(add_edition.read(MINI / "markdown_plan.txt", wanted))
    return workspace


def pdf(folder: Path, content: bytes) -> Path:
    (folder / "file.pdf").write_bytes(content)
    return folder / "file.pdf"


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_roadmap_in_its_own_file_is_told_and_read_with_its_year_cells(planned, tmp_path, setting):
    title, heads, columns, years = SETTINGS[setting]
    file, out = pdf(tmp_path, typeset(title, heads, columns)), tmp_path / "tables"
    code, told, err = planned.call("add", str(file), "--edition", "2031", "--tables", str(out))
    assert (code, err) == (0, "")
    assert "layout roadmap, sure" in told
    assert "0 measures, 40 rows of the roadmap" in told
    assert "rows to check: none" in told
    document = manifest.documents()[-1]
    assert (document.doc_id, document.kind, document.layout) == ("ip2031_roadmap", "roadmap", "roadmap")
    draft = "（案）" if document.status == "draft" else ""
    assert (document.title, document.publisher) == (f"灯台推進計画2031{draft} 工程表", "灯台戦略本部")
    assert (document.status == "draft") == ("案" in title)
    rows = [json.loads(line) for line in (out / "roadmap.jsonl").read_text(encoding="utf-8").splitlines()]
    for row, answer in zip(sorted(rows, key=lambda row: row["no"]), ROWS, strict=True):
        assert row["text"].replace("　", "") == answer["text"]
        assert "、".join(row["ministries"]) == answer["bodies"]
        kept = [(name, cell) for name, cell in zip(years, answer["years"], strict=True)]
        assert [text.replace("　", "") for text in row["years"]] == [f"{name}: {cell}" for name, cell in kept]
        assert (row["part"], row["edition"], row["section"], row["repeated"]) == ("2031", 2031, "工程表2031", False)
        assert row["horizon"] == (years if years[0] == "短期" else [])
        assert row["title"] == (answer["name"] if "name" in columns else None)


def test_a_roadmap_reads_alone_as_it_does_behind_its_plan(planned, tmp_path):
    rows = json.loads((MINI / "roadmap.json").read_text(encoding="utf-8"))["rows"]
    document = of_pages(read(pdf(tmp_path, ruled(rows))).pages)
    alone, behind = (parse(layout, document).measures for layout in ("roadmap", "pdf_text_plan"))
    assert alone == behind
    assert len(alone) == 17
    found = add_edition.read(pdf(tmp_path, ruled(rows)), Wanted(2031))
    assert (found.document.kind, found.rows["roadmap"].height) == ("roadmap", 17)
    assert add_edition.read(pdf(tmp_path, ruled(rows)), Wanted(2032, kind="full")).document.layout == "pdf_text_plan"


@pytest.mark.parametrize("layout", ["markdown_plan", "pdf_text_plan"])
def test_a_plan_is_no_roadmap(tmp_path, layout):
    lines = (MINI / f"{layout}.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    forms = load_document.read(pdf(tmp_path, plan(layout, lines))).forms
    sure = {guess.layout: guess.sure for guess in detect_layout.guesses(forms)}
    assert sure["roadmap"] < 0.2 < sure[layout]
    assert load_document.read(MINI / f"{layout}.txt").forms


def test_an_edition_in_three_files_has_one_plan(planned, tmp_path):
    add_edition.record(add_edition.read(pdf(tmp_path, typeset(*SETTINGS["era"][:3])), Wanted(2031)))
    (tmp_path / "annex.txt").write_text(
        "別紙\n\n・ 灯器の規格を定めた（総務省）。\n\n(短期) (総務省)\n", encoding="utf-8"
    )
    code, _, err = planned.call("add", str(tmp_path / "annex.txt"), "--edition", "2031", "--kind", "annex")
    assert (code, err) == (0, "")
    text = manifest.documents()[-1]
    assert (text.doc_id, text.kind, text.title) == ("ip2031_annex", "annex", "灯台推進計画2031 別紙")
    file = planned.root / "data/raw/manifest.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace('layout = "x"', 'layout = "text_slides"'), encoding="utf-8"
    )
    tables, _ = extract.extract()
    own = tables["measures"].filter(pl.col("edition") == 2031)
    assert dict(own.group_by("part").len().iter_rows()) == {"body": 11, "2031": 40}
    assert set(own["doc_id"]) == {"ip2031", "ip2031_roadmap"}
    assert set(tables["ledger"].filter(pl.col("doc_id") == "ip2031_annex")["role"]) == {"annex", "blank"}
    assert store.read("roadmap").height == 40
    assert manifest.plan_of(2031).doc_id == "ip2031"
    for kind in ("roadmap", "annex", "full"):
        code, _, err = planned.call("add", str(tmp_path / "annex.txt"), "--edition", "2031", "--kind", kind)
        assert (code, "--replace" in err) == (UsageFault.exit_code, True)


def test_a_roadmap_is_replaced_by_itself_alone(planned, tmp_path):
    add_edition.record(add_edition.read(pdf(tmp_path, typeset(*SETTINGS["as in a plan"][:3])), Wanted(2031)))
    found = add_edition.read(pdf(tmp_path, typeset(*SETTINGS["era"][:3])), Wanted(2031, replace=True))
    add_edition.record(found)
    assert (found.document.doc_id, set(found.replacement.newest["change"])) == ("ip2031_roadmap", {"unchanged"})
    assert [d.doc_id for d in manifest.documents()][-2:] == ["ip2031", "ip2031_roadmap"]


@pytest.mark.parametrize(
    ("head", "years"),
    [
        ("2031年度", "2031"), ("２０３１", "2031"), ("令和13年度", "2031"), ("R13", "2031"), ("令和元年度", "2019"),
        ("令和13(2031)年度", "2031"), ("2031～2033年度", "2031-2033"), ("2031年度から2033年度まで", "2031-2033"),
        ("2031-33", "2031-2033"), ("令和13～15年度", "2031-2033"), ("2034年度以降", "2034-"), ("中期", "中期"),
        ("短期・中期", None), ("31", None), ("備考", None), ("1031年度", None),
    ],
)  # fmt: skip
def test_a_columns_years_are_read_in_either_calendar(head, years):
    assert tabbed.head_of([head]) == ({0: f"year:{years}"} if years else {0: "other"} if head == "備考" else {})


def test_what_was_judged_of_a_roadmap_comes_back_with_its_own_file(planned, tmp_path):
    """A plan with its roadmap is replaced by its body, and the roadmap is added: in the end nothing is lost."""
    rows = json.loads((MINI / "roadmap.json").read_text(encoding="utf-8"))["rows"]
    whole = pdf(tmp_path, ruled(rows, before=("灯台推進計画2033",)))
    add_edition.record(add_edition.read(whole, Wanted(2033, kind="full", layout="pdf_text_plan")))
    items = measures_of("ip2033").filter(pl.col("part") != "body")
    twice = items.filter(pl.col("text_hash").is_duplicated())
    assert len(twice) > 0  # told apart by their sections
    first = measures_of("ip2031")["measure_id"][0]
    coded = {row["measure_id"]: (row["text_hash"], row["section"]) for row in items.iter_rows(named=True)}
    for part, rows_of_part in items.group_by("part", maintain_order=True):
        pairs = [(first, measure_id, "same") for measure_id in rows_of_part["measure_id"]]
        records.by_both(pairs, edition="2031", against=f"R{part[0]}")
    pair = (items["measure_id"][-1], items["measure_id"][0], "related")
    records.by_both([pair], edition=f"R{items['part'][-1]}", against=f"R{items['part'][0]}", why="both in the roadmap")
    lines = records.rows_of()
    book = codebooks.codebook("topics")
    packet = PacketRecord(packet_id="t", codebook="topics", version=book.version, role="coder", coder="me",
                          kind="person", date="2033-01-01", edition="R2033")  # fmt: skip
    topic = next(c.category_id for c in book.categories("topic") if not c.sub_categories)
    values = dict.fromkeys(record.columns(book), "") | {"packet_id": "t", "topic": topic}
    record.add(book, packet, [values | {"unit_id": key, "text_hash": text} for key, (text, _) in coded.items()])
    (looked_at,) = items["measure_id"].head(1)
    looked = delivery.Finding(unit_id=looked_at, status="done", date="2026-01-02", source="x, p. 1", who="M",
                              text_hash=coded[looked_at][0])  # fmt: skip
    delivery.path().write_text(delivery.text([looked]), encoding="utf-8")
    body = planned.root / "body.txt"
    body.write_text((MINI / "pdf_text_plan.txt").read_text(encoding="utf-8"), encoding="utf-8")
    found = add_edition.read(body, Wanted(2033, replace=True))
    add_edition.record(found)
    assert found.replacement.newest.filter(pl.col("change") == "dropped").height == 17
    left = records.rows_of()
    assert len(left) == 2 * items["part"].n_unique()  # each coder found nothing in what is left of each part
    assert {(row["to_id"], row["relation"], row["unit_id"]) for row in left} == {("", "none", first)}
    assert records.rows_of("topics") == []
    assert delivery.findings() == []
    count = len(lines) + len(coded)
    assert (planned.root / "data/curated/set_aside.csv").read_text(encoding="utf-8").count("\n") == 1 + count + 1
    otherwise = sorted(rows, key=lambda row: row["part"])  # the oldest part first
    code, told, err = planned.call("add", str(pdf(tmp_path, ruled(otherwise))), "--edition", "2033")
    assert (code, err) == (0, "")
    assert (
        f"17 measures that another file of the edition held before; come back: {count} codings, 1 delivery finding"
        in told
    )
    now = {row["measure_id"]: (row["text_hash"], row["section"]) for row in measures_of("ip2033_roadmap").to_dicts()}
    back = {(row["packet_id"], *now.get(row["unit_id"], ()), *now[row["to_id"]]) for row in records.rows_of()}
    assert back == {(row["packet_id"], *coded.get(row["unit_id"], ()), *coded[row["to_id"]]) for row in lines}
    assert len(records.rows_of()) == len(lines)
    assert {(now[row["unit_id"]][0], row["topic"]) for row in records.rows_of("topics")} == {
        (row["text_hash"], topic) for row in records.rows_of("topics")
    }
    assert len(records.rows_of("topics")) == len(coded)
    ((_, again),) = delivery.findings()
    assert now[again.unit_id] == coded[looked_at]
    assert again == replace(looked, unit_id=again.unit_id)
    assert (planned.root / "data/curated/set_aside.csv").read_text(encoding="utf-8").count("\n") == 1
    assert set(store.read("revisions").filter(pl.col("change") == "elsewhere")["measure_id"]) == set(now)


def measures_of(doc_id: str) -> pl.DataFrame:
    document = next(d for d in manifest.documents() if d.doc_id == doc_id)
    return extract.rows_of(document, manifest.lines(document))["measures"]


def test_rows_with_the_same_words_come_back_to_their_own_sections():
    dropped = pl.DataFrame(
        {"old_id": ["a", "b", "c"], "section": ["工程表2033", "工程表2032", "x"], "old_hash": ["h", "h", "g"]}
    )
    there = pl.DataFrame({"measure_id": ["n1", "n2", "n3"], "section": ["工程表2032", "工程表2033", "y"],
                          "text_hash": ["h", "h", "g"]})  # fmt: skip
    assert revision.found_again(dropped, there) == {"a": "n2", "b": "n1", "c": "n3"}
