"""What `add` says of renamed bodies and programmes: evidence, entries that can be pasted, one thing to check."""

import shutil
import tomllib
from pathlib import Path

import polars as pl
import pytest
from conftest import REPO, Workspace
from renamed_plans import NEW, OLD, PROGRAMME, RENAMED, Row, plan, renamed, reworded
from typeset import plan as as_pdf

from analysis.continuity import vocabulary
from analysis.tables import ministries, store
from analysis.workspace import add_edition
from analysis.workspace.add_edition import Wanted

TABLES = ("measures", "features")


def text(year: int, rows: list[Row]) -> str:
    """An edition as the mini plan is set, with these measures in one section."""
    lines = (REPO / "tests/mini/markdown_plan.txt").read_text(encoding="utf-8").split("\n")
    start = lines.index("(施策の方向性)")
    measures = [line for text, bodies in rows for line in ("", f"- ・ {text}", "", f"(短期) ({'、'.join(bodies)})")]
    end = next(number for number, line in enumerate(lines) if number > start and line.startswith("(2) "))
    others = [line.replace(OLD, "気象庁") for line in lines[end:]]
    return "\n".join([*lines[: start + 1], *measures, "", *others]).replace("2031", str(year))


@pytest.fixture
def published(workspace: Workspace, tmp_path: Path) -> Workspace:
    """A workspace with the register, whose tables hold the plan of 2030, and one of 2028 that named another body."""
    for name in ("ministries.toml", "indicators.toml", "renamings.csv"):
        shutil.copy(REPO / "data/curated" / name, workspace.root / "data/curated")
    editions = []
    for year, rows in ((2028, renamed(plan(), new="文化庁")), (2030, plan())):
        (tmp_path / f"{year}.txt").write_text(text(year, rows), encoding="utf-8")
        editions.append(add_edition.read(tmp_path / f"{year}.txt", Wanted(year)))
        add_edition.record(editions[-1])
    for name in TABLES:
        store.write(name, pl.concat([edition.rows[name] for edition in editions]))
    return workspace


def told(file: Path, rows: list[Row], **wanted: str) -> list[str]:
    file.write_text(text(2031, rows), encoding="utf-8")
    return add_edition.summary(add_edition.read(file, Wanted(2031, **wanted)))


def part(lines: list[str], head: str) -> list[str]:
    """The lines from a head on."""
    return lines[next(number for number, line in enumerate(lines) if line.startswith(head)) :]


def doubted(lines: list[str]) -> int:
    """How many rows are to check besides those of the mini plan's other measures."""
    return int(part(lines, "rows to check")[0].removeprefix("rows to check: ")) - OTHERS_TO_CHECK


OTHERS_TO_CHECK = 2


def test_a_renamed_body_is_one_thing_to_check_and_its_entry_can_be_pasted(published, tmp_path):
    assert doubted(told(tmp_path / "2031.txt", plan())) == 0
    rows = [*renamed(plan()), (f"昔の{OLD}が残した絵はがきを港の図書室に並べる。", ["総務省"])]
    rows[4] = (rows[4][0], [*rows[4][1], "灯台局"])  # a doubt of its own
    before = published.state()
    lines = told(tmp_path / "2031.txt", rows)
    assert published.state() == before
    [head, evidence, examples, *left] = part(lines, "renamed bodies")
    assert head == "renamed bodies (data/curated/ministries.toml): 1"
    assert evidence == f"  {OLD} → {NEW}: 9 of 10 otherwise alike measures that named {OLD} in 2030"
    assert examples.count("2030-") == examples.count("2031-") == 3
    assert left[0] == f"  places in the new edition's text where {OLD} still stands: 1"
    assert left[1] == f"  measures of the new edition of which {OLD} is in charge: none"
    check = part(lines, "rows to check")
    assert doubted(lines) == 2
    assert check[1] == f"  {NEW}  in charge of 10 measures: see renamed bodies"
    assert [line.endswith("  unknown ministry: 灯台局") for line in check].count(True) == 1
    entry = "\n".join(part(lines, "[[body]]"))
    entry = entry[: entry.index("\n\n")]
    assert tomllib.loads(entry)["body"] == [{
        "name": NEW, "name_en": NEW, "kind": "agency", "parent": "国土交通省", "since": 2031,
        "predecessors": [OLD], "source": "知的財産推進計画2031",
    }]  # fmt: skip
    with (published.root / "data/curated/ministries.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n{entry}\n")
    ministries._read.cache_clear()
    assert ministries.family(NEW) == "国土交通省"
    lines = told(tmp_path / "2031.txt", rows)
    assert "renamed bodies (data/curated/ministries.toml): none" in lines
    assert doubted(lines) == 1


def test_a_renamed_programme_has_a_row_that_can_be_pasted(published, tmp_path):
    lines = told(tmp_path / "2031.txt", reworded(plan()), title='計画、"2031", 改')
    [head, evidence, *rest] = part(lines, "renamed programmes")
    assert head == "renamed programmes (data/curated/renamings.csv): 1"
    assert evidence.startswith(f"  {PROGRAMME} → {RENAMED}: 3 of 3 ")
    [row] = [line for line in rest if line.startswith(PROGRAMME)]
    with (published.root / "data/curated/renamings.csv").open("a", encoding="utf-8") as file:
        file.write(f"{row}\n")
    assert vocabulary.renamings().row(-1) == (PROGRAMME, RENAMED, "renamed", 2031, '計画、"2031", 改')
    lines = told(tmp_path / "2031.txt", reworded(plan()))
    assert "renamed programmes (data/curated/renamings.csv): none" in lines


def test_an_old_name_within_the_new_one_is_not_left_over(published, tmp_path):
    lines = part(told(tmp_path / "2031.txt", renamed(plan(), new="新" + OLD)), "renamed bodies")
    assert lines[0].endswith(": 1")
    assert lines[3] == f"  places in the new edition's text where {OLD} still stands: none"


def test_a_pdf_is_compared_too(published, tmp_path):
    file = tmp_path / "2031.pdf"
    file.write_bytes(as_pdf("markdown_plan", text(2031, renamed(reworded(plan()))).split("\n")))
    lines = add_edition.summary(add_edition.read(file, Wanted(2031)))
    assert part(lines, "renamed bodies")[0].endswith(": 1")
    assert part(lines, "renamed programmes")[0].endswith(": 1")


def test_the_nearest_earlier_full_plan_is_compared(published, tmp_path):
    """A later edition, a summary, and one whose rows nobody has made yet are not."""
    rows = renamed(plan())
    assert f"  {OLD} → {NEW}: 10 of 10 otherwise alike measures that named {OLD} in 2030" in told(
        tmp_path / "2031.txt", rows
    )
    assert not [line for line in told(tmp_path / "2031.txt", rows, kind="summary") if "renamed" in line]
    (tmp_path / "2027.txt").write_text(text(2027, rows), encoding="utf-8")
    lines = add_edition.summary(add_edition.read(tmp_path / "2027.txt", Wanted(2027)))
    assert not [line for line in lines if "renamed" in line]


def test_broken_tables_keep_nobody_from_adding(published, tmp_path):
    store.path("features").write_text("no table\n", encoding="utf-8")
    lines = told(tmp_path / "2031.txt", renamed(plan()))
    assert part(lines, "renamed bodies")[0].startswith("renamed bodies and programmes: not looked for (")
    assert doubted(lines) == 10
