"""The converter of shuffled roadmaps, on a fictitious one whose cells came out in the same disorder."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from shuffled_roadmap import draft_rows, pairing
from shuffled_roadmap.draft_rows import PAGES_UNSURE
from shuffled_roadmap.year_slots import NO_CELLS

from analysis.base import paths
from analysis.base.japanese import squeeze
from analysis.extraction import roadmap
from analysis.extraction.parsers.parse_result import Measure
from analysis.extraction.roadmap import Row
from analysis.extraction.roadmap.table import YearCell
from analysis.tables import ministries

MINI = Path(__file__).parents[1] / "mini"
GIVEN = json.loads((MINI / "roadmap.json").read_text(encoding="utf-8"))
BODY = [Measure(0, 0, row["text"], "", "", ministries=tuple(row["ministries"])) for row in GIVEN["body"]]
HEAD = "工程表「灯台推進計画２０４０」重点事項\n\n項目\n番号\n\n施策内容 担当府省\n短期 中　期"
UNSURE_CUT = "where the list of ministries ends is not sure"


def plan() -> list[str]:
    return (MINI / "roadmap.txt").read_text(encoding="utf-8").split("\n")


def numbered(lines: list[str]) -> list[tuple[int, str]]:
    return list(enumerate(lines, 1))


def read(text: str, body: list[Measure] | None = None) -> list[Row]:
    return roadmap.analyse(numbered(text.split("\n")), body or []).rows


def page(*cells: str) -> str:
    return "\n\n".join(cells)


def summary(rows: list[Row]) -> list[tuple]:
    """What must not depend on how the table came out: everything but lines, year cells and doubts."""
    return sorted(
        (row.part, row.no or 0, row.cell, squeeze(row.text), row.horizon, tuple(sorted(row.ministries or ())),
         row.carried_to, row.repeats or 0, squeeze(row.title or ""), squeeze(row.group))
        for row in rows
    )  # fmt: skip


def test_rows_are_what_a_person_reads():
    found = roadmap.analyse(numbered(plan()), BODY).rows
    assert len(found) == len(GIVEN["rows"])
    for row, answer in zip(found, GIVEN["rows"], strict=True):
        for key, value in answer.items():
            held = getattr(row, key)
            assert (list(held) if isinstance(held, tuple) else held) == value, (answer["part"], answer["no"], key)


def test_year_cells_go_to_their_rows():
    rows = {(row.part, row.no, row.cell): row.years for row in roadmap.analyse(numbered(plan()), BODY).rows}
    assert set(rows["2031", 3, 1]) == {"2031", "2032-2034"}  # the later one beside its ministry
    assert set(rows["2031", 2, 1]) == {"2031", "2032-2034"}
    assert rows["2030", 1, 1] == {"2031": "措置済み"}
    assert rows["2030", 2, 2]["2031"].startswith("岬の絵を集め")
    assert rows["2030", 2, 1] == {}  # the text layer has none


def test_year_cells_have_years_and_lines():
    rows = {(row.part, row.no, row.cell): row.year_cells for row in roadmap.analyse(numbered(plan()), BODY).rows}
    assert rows["2031", 1, 1] == (YearCell((2031,), (25, 26)), YearCell((2032, 2033, 2034), (28,)))
    assert rows["2030", 1, 1] == (YearCell((2031,), (105,)),)


def test_a_row_without_year_cells_is_doubted():
    rows = roadmap.analyse(numbered(plan()), BODY).rows
    assert {row.no for row in rows if not row.year_cells} == {1, 2, 3, 4, 5}
    assert all(NO_CELLS in row.doubts for row in rows if not row.year_cells)


def test_two_cells_on_one_line_are_two():
    later = "引き続き、左記の取組を実施。"
    text = page(
        HEAD, "1", "灯台の灯りの色を港ごとに\n決める。（短期）", "国土交通省", f"灯りの色を決める会を開く。 {later}"
    )
    assert [len(row.year_cells) for row in read(text)] == [2]
    text = page(
        HEAD, "1", "灯台の灯りの色を港ごとに\n決める。（短期）", "国土交通省", f"{later}\n灯りの色を決める会を\n開く。"
    )
    assert [[cell.lines for cell in row.year_cells] for row in read(text)] == [[(17, 18), (16,)]]


def cells_of_a_box(*lines: str) -> list[tuple[int, ...]]:
    """The lines, counted from 0, of the year cells that stand in one box."""
    text = page(HEAD, "1", "灯台の灯りの色を港ごとに\n決める。（短期）", "国土交通省", "\n".join(lines))
    first = len(text.split("\n")) - len(lines) + 1
    return [tuple(line - first for line in cell.lines) for row in read(text) for cell in row.year_cells]


FIRST = ("灯りの色を決める会を港ごとに開き、人々の", "声を聴く。")


def test_a_sentence_of_the_later_years_is_cut_from_a_cell_that_wraps_in_the_first_year_s_column():
    assert cells_of_a_box("左記の実施状況を踏まえ、必要な取組を引き続き実施。", *FIRST) == [(1, 2), (0,)]
    assert cells_of_a_box("左記の実施状況を踏まえ、必要な取組を引き続き", *FIRST) == [(0, 1, 2)]


def test_a_cell_of_the_later_years_in_two_sentences_is_one():
    more = "あわせて、灯りの形と向きについても、左記の会での声を踏まえ、必要な手立てを引き続き"
    assert cells_of_a_box("左記の実施状況を踏まえ、必要な取組を引き続き実施。", more, "考える。") == [(0, 1, 2)]


def test_a_cell_beside_the_last_line_of_another_is_cut_where_the_line_is_wider_than_the_column():
    beside = ("灯りの色を決める会を港ごとに開く。", "(年内) 会の結果を踏まえた手立てを考え、取組を進める。")
    assert cells_of_a_box(*beside) == [(0, 1), (1,)]
    assert cells_of_a_box(beside[0], "(年内) 会を開く。") == [(0, 1)]


def test_a_later_sentence_in_a_narrower_column_is_cut_from_a_wide_one():
    wide = "灯りの色を決める会を港ごとに開き、人々の声を聴いて、色の見本を配る。"
    assert cells_of_a_box(wide, "左記の実施状況を踏まえ、必要な取組を", "実施。") in ([(0,), (1, 2)], [(1, 2), (0,)])
    assert cells_of_a_box("会を港ごとに開く。", "引き続き、人々の声を聴いて、色の見本を", "配る。") == [(0, 1, 2)]


def test_every_line_has_one_role():
    lines = plan()
    roles = roadmap.analyse(numbered(lines), BODY).roles
    assert sorted(roles) == [number for number, line in enumerate(lines, 1) if line.strip()]
    assert {name for name, _ in roles.values()} == {"measure", "attribution", "heading", "roadmap", "furniture"}


def test_lines_lead_to_their_rows():
    found = roadmap.analyse(numbered(plan()), BODY)
    for index, row in enumerate(found.rows):
        assert {found.roles[number] for number in row.lines} == {("measure", index)}
        assert {found.roles[number][1] for number in row.ministry_lines} == {index}
        assert all(ministries.known(name) for name in row.ministries or ())


def test_each_text_and_each_ministry_is_taken_once():
    found = roadmap.analyse(numbered(plan()), BODY)
    for role, lines in (("measure", "lines"), ("attribution", "ministry_lines")):
        taken = [number for row in found.rows for number in getattr(row, lines)]
        held = [number for number, (name, _) in found.roles.items() if name in (role, "measure")]
        assert len(taken) == len(set(taken))
        assert set(taken) >= {number for number in held if found.roles[number][0] == role}


def test_without_the_body_the_rows_are_the_same():
    assert summary(roadmap.analyse(numbered(plan()), []).rows) == summary(roadmap.analyse(numbered(plan()), BODY).rows)


@pytest.mark.parametrize(("old", "new"), [("、", ","), ("（短期・中期）", "(短期、中期)"), ("2", "２")])
def test_widths_and_separators_do_not_matter(old, new):
    def plain(rows: list[tuple]) -> list[tuple]:
        return [tuple(squeeze(str(part)).replace(",", "、") for part in row) for row in rows]

    lines = [line.replace(old, new) for line in plan()]
    assert plain(summary(roadmap.analyse(numbered(lines), BODY).rows)) == plain(
        summary(roadmap.analyse(numbered(plan()), BODY).rows)
    )


def test_the_order_of_year_cells_does_not_matter():
    cells = "\n".join(plan()).split("\n\n")
    later = [place for place, cell in enumerate(cells) if cell.startswith(("左記", "引き続き"))]
    for place in later:
        cells[place] = "左記の対応の後、次の手を打つ。"
    assert summary(read("\n\n".join(cells), BODY)) == summary(roadmap.analyse(numbered(plan()), BODY).rows)


def test_more_blank_lines_between_pages_change_nothing():
    wider = "\n".join(plan()).replace("\n\n\n\n", "\n\n\n\n\n\n")
    assert summary(read(wider, BODY)) == summary(roadmap.analyse(numbered(plan()), BODY).rows)


def test_a_list_of_ministries_goes_on_over_a_page():
    first = page(HEAD, "内閣府", "総務省", "1", "灯台の灯りの色を港ごとに\n決める。（短期）")
    second = page("外務省", "2", "灯台の名を岬ごとに調べて\n記す。（短期）", "国土交通省")
    rows = read(f"{first}\n\n\n\n{second}")
    assert [row.ministries for row in rows] == [("内閣府", "総務省", "外務省"), ("国土交通省",)]


def test_a_row_after_merged_cells_begins_a_page_whose_end_was_lost():
    cells = ["内閣府", "総務省", "灯台の灯りの色を、港ごとに決めて広く知らせる。", "1"]
    text = page(HEAD, *cells, "灯台の灯りの色を港ごとに\n決める。（短期）\n外務省", "財務省", "3")
    rest = page(
        "灯台の名を岬ごとに調べて\n記す。（短期）", "国土交通省", "2", "岬の名を外国の船乗りにも\n知らせる。（短期）"
    )
    rows = read(f"{text}\n\n{rest}")
    assert [(row.no, row.ministries) for row in rows] == [
        (1, ("内閣府", "総務省")), (2, ("外務省", "財務省")), (3, ("国土交通省",)),
    ]  # fmt: skip


def test_where_rows_cannot_be_parted_surely_both_are_doubted():
    cells = ["内閣官房", "厚生労働省", "内閣府", "関係府省", "1", "灯台の灯りの色を港ごとに\n決める。（短期）"]
    rows = read(page(HEAD, *cells, "2", "灯台の名を岬ごとに調べて\n記す。（短期）"))
    assert [row.ministries for row in rows] == [("内閣官房", "厚生労働省"), ("内閣府", "関係府省")]
    assert all(UNSURE_CUT in row.doubts for row in rows)


def test_the_body_parts_rows_that_nothing_else_parts():
    texts = ["灯台の灯りの色を港ごとに\n決める。（短期）", "灯台の名を岬ごとに調べて\n記す。（短期）"]
    cells = ["内閣官房", "厚生労働省", "内閣府", "関係府省", "1", texts[0], "2", texts[1]]
    named = [("内閣官房",), ("厚生労働省", "内閣府", "関係府省")]
    body = [
        Measure(0, 0, squeeze(text).partition("(")[0], "", "", ministries=names)
        for text, names in zip(texts, named, strict=True)
    ]
    rows = read(page(HEAD, *cells), body)
    assert [row.ministries for row in rows] == named
    assert all(row.doubts == () for row in rows)


def two_merged_rows(*cells: str) -> str:
    """A page of two rows, 内閣府 and 内閣府, whose numbers and texts came out after them, in this order."""
    return page(HEAD, "内閣府", "内閣府", *cells)


COLOUR = "灯台の灯りの色を港ごとに\n決める。（短期）"
NAMES = "灯台の名を岬ごとに調べて\n記す。（短期）"
LATER = "左記の取組を踏まえ、必要な取組を\n引き続き進める。"


def numbers_and_texts(rows: list[Row]) -> list[tuple[int | None, str]]:
    return [(row.no, row.text[:4]) for row in rows]


def test_merged_texts_stand_in_the_order_in_which_they_came_out():
    rows = read(two_merged_rows("1", "2", LATER, COLOUR, NAMES))
    assert numbers_and_texts(rows) == [(1, "灯台の灯"), (2, "灯台の名")]


def test_a_text_after_a_number_is_that_number_s():
    rows = read(two_merged_rows("2", COLOUR, "1", NAMES))
    assert numbers_and_texts(rows) == [(1, "灯台の名"), (2, "灯台の灯")]


def test_the_body_tells_the_order_of_merged_texts():
    body = [Measure(0, 0, squeeze(text).partition("(")[0], "", "") for text in (NAMES, COLOUR)]
    rows = read(two_merged_rows("1", "2", LATER, COLOUR, NAMES), body)
    assert numbers_and_texts(rows) == [(1, "灯台の名"), (2, "灯台の灯")]


def test_the_body_tells_the_ministries_of_merged_texts():
    stated = ((COLOUR, ("総務省",)), (NAMES, ("内閣府",)))
    body = [Measure(0, 0, squeeze(text).partition("(")[0], "", "", ministries=names) for text, names in stated]
    rows = read(page(HEAD, "総務省", "内閣府", "1", "2", LATER, NAMES, COLOUR), body)
    assert [row.ministries for row in rows] == [("総務省",), ("内閣府",)]
    assert numbers_and_texts(rows) == [(1, "灯台の灯"), (2, "灯台の名")]


def test_a_text_without_ministries_is_kept_and_doubted():
    rows = read(page(HEAD, "1", "灯台の灯りの色を港ごとに\n決める。（短期）"))
    assert [(row.no, row.ministries) for row in rows] == [(1, None)]
    assert rows[0].doubts == ("no ministries found for this text",)


def test_a_text_that_differs_from_the_body_is_read_and_doubted():
    body = [Measure(0, 0, "灯台の壁を白く塗り、遠い沖からも見えるようにする。", "", "", ministries=("国土交通省",))]
    rows = read(page(HEAD, "1", "灯台の壁を塗り、沖から見え\nるようにする。（短期）", "国土交通省"), body)
    assert rows[0].text == "灯台の壁を塗り、沖から見えるようにする。"
    assert rows[0].doubts == ("other words than in the body",)


def test_a_number_inside_a_sentence_is_no_cell():
    rows = read(page(HEAD, "1", "灯台の灯りを長くとも平均\n10 か月で取り替える。（短\n期）", "国土交通省"))
    assert [(row.no, row.text) for row in rows] == [(1, "灯台の灯りを長くとも平均10 か月で取り替える。")]


def test_nothing_holds_no_rows():
    for text in ("", "\n\n \n", "５．工程表"):
        assert read(text) == []


def gapless(rows: int) -> str:
    """A roadmap of many merged rows without any gap between its pages."""
    names = ["内閣府", "総務省", "外務省", "財務省", "環境省"]
    things = ["灯台", "岬", "船", "港", "汽笛", "海図", "灯器"]
    cells: list[str] = []
    for first in range(1, rows + 1, 4):
        on_page = range(first, min(first + 4, rows + 1))
        cells += [names[(row + more) % 5] for row in on_page for more in (0, 1 + row % 3)]
        for row in on_page:
            cells.append(str(row))
            cells.append(f"{things[row % 7]}の{things[row // 7 % 7]}を第{row}の港ごとに\n調べて広く知らせる。（短期）")
        cells.append("港の人々の声を聴きながら、\n左右の灯りの色を決めて広く知らせる手立てを考える。")
    return page(HEAD, *cells)


def work(rows: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[Row]]:
    """The steps that the searches take, and the rows."""
    counts = [0, 0]

    def counted(place: int, inner: Callable[..., object]) -> Callable[..., object]:
        def step(*given: object) -> object:
            counts[place] += 1
            return inner(*given)

        return step

    with monkeypatch.context() as patch:
        patch.setattr(pairing._Search, "_price", counted(0, pairing._Search._price))
        patch.setattr(draft_rows._Search, "cheapest", counted(1, draft_rows._Search.cheapest))
        found = read(gapless(rows))
    return sum(counts), found


def test_a_roadmap_without_gaps_between_pages_takes_no_longer_than_its_length(monkeypatch):
    few, _ = work(60, monkeypatch)
    many, rows = work(240, monkeypatch)
    assert many < 8 * few + pairing.WORK
    assert len(rows) == 240
    assert all(PAGES_UNSURE in row.doubts for row in rows)


def test_parts_of_a_roadmap_without_gaps_are_told_by_their_headings():
    older = gapless(40).replace("２０４０", "２０３９")
    rows = read(f"{gapless(40)}\n\n{older}")
    assert [row.part for row in rows] == ["2040"] * 40 + ["2039"] * 40
    assert [row.no for row in rows] == [*range(1, 41)] * 2


COSTS = """
import sys
from pathlib import Path
from shuffled_roadmap import year_slots
from analysis.documents.document import of_text
from analysis.extraction import parsers
from analysis.extraction.parsers.profile import layout

assign = year_slots._assigned
year_slots._assigned = lambda *given: print(given[2].tobytes().hex()) or assign(*given)
parsers.parse(layout("pdf_text_plan"), of_text(Path(sys.argv[1]).read_text("utf-8").splitlines()))
"""


def test_what_a_year_cell_costs_does_not_hang_on_the_order_of_sets() -> None:
    file = Path(__file__).parents[1] / "mini/roadmap.txt"
    places = os.pathsep.join([str(paths.CHECKOUT), str(paths.converters())])
    outputs = {
        subprocess.run(
            [sys.executable, "-c", COSTS, str(file)], check=True, capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": places},
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(outputs) == 1
    assert outputs.pop()
