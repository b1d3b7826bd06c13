"""What counts when merged texts, numbers and year cells go to their rows: a hand-made case for each rule."""

import pytest
from shuffled_roadmap import pairing, year_cells
from shuffled_roadmap.items import Item
from shuffled_roadmap.model import Cell, DraftRow, Kind, Part
from shuffled_roadmap.part_texts import PartTexts
from shuffled_roadmap.year_slots import CELLS_UNSURE, NO_CELLS, NO_LATER


def cell(kind: Kind, line: int, text: str, page: int = 1, parted: bool = True) -> Cell:
    return Cell(kind, ((line, text),), page, parted)


def merged(name: str, page: int = 1) -> DraftRow:
    """A row of one ministry whose text came out apart."""
    return DraftRow([cell("ministry", 0, name, page)], page=page, merged=True)


def alone(name: str, text: Cell) -> DraftRow:
    """A row of one ministry with its text beside it."""
    return DraftRow([cell("ministry", 0, name, text.page)], text, page=text.page)


def item(number: int, title: Cell | None = None, page: int = 1) -> Item:
    return Item(number, cell("number", 90 + number, str(number), page), title, page)


def pairs(rows: list[DraftRow], items: list[Item], cells: list[Cell]) -> list[tuple[int, int]]:
    """For each row the line of its text and the place of its item."""
    titled = any(cell.kind == "title" for cell in cells)
    _, found = pairing.pair(rows, items, PartTexts(Part("2031", cells, titled), []))
    return [(pair.text.first, pair.item) for pair in found if pair.text is not None]


THREE = [cell("text", 1, "灯台を直す。"), cell("text", 2, "鏡を磨く。"), cell("text", 3, "岬を照らす。")]


@pytest.mark.parametrize("backwards", [False, True])
def test_a_text_goes_to_the_title_whose_words_it_uses(backwards):
    titles = [cell("title", 11, "灯りの色"), cell("title", 12, "岬の名前")]
    texts = [cell("text", 1, "港ごとに灯りの色を決める。"), cell("text", 2, "外国の船に岬の名前を伝える。")]
    items = [item(1, titles[backwards]), item(2, titles[not backwards])]
    lines = [2, 1] if backwards else [1, 2]
    rows = [merged("内閣府"), merged("総務省")]
    assert pairs(rows, items, [*titles, *texts]) == [(lines[0], 0), (lines[1], 1)]


@pytest.mark.parametrize(("place", "items"), [(1, [0, 0, 1]), (2, [0, 1, 1])])
def test_a_text_that_refers_back_goes_on_with_the_item_before(place, items):
    texts = list(THREE)
    texts[place] = cell("text", place + 1, "また、汽笛を鳴らす。")
    rows = [merged("内閣府"), merged("総務省"), merged("外務省")]
    assert [place for _, place in pairs(rows, [item(1), item(2)], texts)] == items


@pytest.mark.parametrize(("names", "items"), [("内閣府 内閣府 総務省", [0, 0, 1]), ("内閣府 総務省 総務省", [0, 1, 1])])
def test_rows_of_the_same_ministry_are_of_one_item(names, items):
    rows = [merged(name) for name in names.split(" ")]
    assert [place for _, place in pairs(rows, [item(1), item(2)], THREE)] == items


@pytest.mark.parametrize(("pages", "items"), [((1, 1, 2), [0, 0, 1]), ((1, 2, 2), [0, 1, 1])])
def test_a_row_is_of_an_item_on_its_page(pages, items):
    texts = [cell("text", line, text.text, page) for line, (text, page) in enumerate(zip(THREE, pages, strict=True), 1)]
    rows = [merged(name, page) for name, page in zip(("内閣府", "総務省", "外務省"), pages, strict=True)]
    assert [place for _, place in pairs(rows, [item(1), item(2, page=2)], texts)] == items


@pytest.mark.parametrize(("place", "items"), [(2, [0, 0, 1]), (0, [0, 1, 1])])
def test_a_merged_number_has_more_than_one_row_of_one_ministry(place, items):
    named = enumerate(zip(("内閣府", "総務省", "外務省"), THREE, strict=True))
    rows = [merged(name) if at == place else alone(name, text) for at, (name, text) in named]
    assert [place for _, place in pairs(rows, [item(1), item(2)], THREE)] == items


def test_an_item_is_not_passed_over_where_rows_are_enough():
    rows = [merged("内閣府"), merged("内閣府"), merged("内閣府")]
    assert [place for _, place in pairs(rows, [item(1), item(2), item(3)], THREE)] == [0, 1, 2]


# --- year cells


def row(text: str, line: int) -> DraftRow:
    return DraftRow([cell("ministry", line + 1, "内閣府")], cell("text", line, text), page=1)


def attached(rows: list[DraftRow], *cells: Cell, newest: dict[int, str]) -> list[list[int]]:
    """For each row the lines of the year cells that it is given."""
    stream = [cell for row in rows for cell in (row.text, *row.ministries) if cell is not None]
    part = Part("2030", [*stream, *cells], False)
    year_cells.attach(part, rows, newest)
    return [[cell.first for cell in row.years] for row in rows]


def test_a_pointer_goes_to_the_row_that_is_most_like_its_item():
    rows = [row("灯台の鏡を磨く者を育てる。", 10), row("岬へ行く道に案内の板を立てる。", 20)]
    newest = {7: "岬へ行く道に新しい板を立てる。"}
    assert attached(rows, cell("year", 30, "工程表７に記載"), newest=newest) == [[], [30]]
    assert rows[1].doubts == []


def test_a_row_that_has_a_pointer_less_likely_has_another():
    rows = [row("灯台の灯りの色を決める。", 10), row("灯台の灯りの形を決める。", 20)]
    newest = {1: "灯台の灯りの色を決める。", 2: "灯台の灯りの色と向きを決める。"}
    pointers = [cell("year", 30, "工程表1に記載"), cell("year", 31, "工程表2に記載")]
    assert attached(rows, *pointers, newest=newest) == [[30], [31]]


def test_a_row_with_a_cell_of_its_own_less_likely_points_elsewhere():
    rows = [row("灯台の灯りの色を決める。", 10), row("灯台の灯りの形を決める。", 20)]
    own, pointer = cell("year", 30, "港ごとに灯台の灯りの色を決める会を開く。"), cell("year", 31, "工程表1に記載")
    assert attached(rows, own, pointer, newest={1: "灯台の灯りの色や形を決める。"}) == [[30], [31]]


def test_where_two_rows_are_equally_like_an_item_its_pointer_is_doubted():
    rows = [row("灯台の灯りの色を決める。", 10), row("灯台の灯りの色を決める。", 20)]
    assert attached(rows, cell("year", 30, "工程表1に記載"), newest={1: "灯台を直す。"}) == [[30], []]
    assert rows[0].doubts == [year_cells.LINK_UNSURE]


def test_cells_that_are_like_no_row_of_several_leave_a_doubt():
    rows = [row("灯台の灯りの色を決める。", 10), row("岬へ行く道に板を立てる。", 20)]
    cells = [cell("year", 30, "汽笛を鳴らす者の集いを催す。"), cell("year", 31, "古い灯台の汽笛を鳴らす集いを催す。")]
    assert attached(rows, *cells, newest={}) == [[31], [30]]
    assert CELLS_UNSURE in rows[1].doubts


def test_a_cell_of_the_later_years_goes_on_with_the_one_that_it_names():
    rows = [row("灯台の灯りの色を決める。", 10), row("岬へ行く道に板を立てる。", 20)]
    cells = [
        cell("year", 30, "灯台の灯りの色を決めるための調査を実施。"),
        cell("year", 31, "岬へ行く道に立てる板の形を検討。"),
        cell("year", 32, "左記の調査結果を踏まえ、必要な取組を実施。"),
        cell("year", 33, "左記の検討状況を踏まえ、必要な取組を実施。"),
    ]  # fmt: skip
    assert attached(rows, *cells, newest={}) == [[30, 32], [31, 33]]
    assert [[cell.first for cell in row.later] for row in rows] == [[32], [33]]


def test_a_row_of_two_ministries_has_two_lines_of_year_cells():
    rows = [row("灯台の灯りの色を決める。", 10), row("岬へ行く道に板を立てる。", 20)]
    rows[1].add(cell("ministry", 22, "総務省"))
    cells = [
        cell("year", 30, "岬へ行く道の板を作る。"), cell("year", 31, "左記の実施状況を踏まえ、改善を図る。"),
        cell("year", 32, "岬の板を立てる道を選ぶ。"), cell("year", 33, "左記の実施状況を踏まえ、改善を図る。"),
        cell("year", 34, "灯台の灯りの色を決める会を開く。"),
    ]  # fmt: skip
    assert attached(rows, *cells, newest={}) == [[34], [30, 32, 31, 33]]


LATER = "左記の実施状況を踏まえ、改善を図る。"
AFTER_SURVEY = "左記の調査結果を踏まえ、取組を進める。"


def test_cells_that_need_no_later_one_do_not_part_others():
    rows = [row("灯台の灯りの色を決める。", 10), row("岬へ行く道に板を立てる。", 20), row("汽笛を鳴らす。", 30)]
    cells = [
        cell("year", 40, "灯台の灯りの色を決める会を開く。"),
        cell("year", 41, "工程表7に記載"),
        cell("year", 42, LATER),
        cell("year", 43, "汽笛を鳴らす者の集いを催す。"),
    ]  # fmt: skip
    assert attached(rows, *cells, newest={7: "岬へ行く道に新しい板を立てる。"}) == [[40, 42], [41], [43]]


def test_later_cells_are_nested_where_nothing_else_tells_and_doubted():
    rows = [row("灯台の灯りの色を決める。", 10), row("岬へ行く道に板を立てる。", 20), row("汽笛を鳴らす。", 30)]
    cells = [
        cell("year", 40, "灯台の灯りの色を選ぶ。"),
        cell("year", 41, "岬の道に板を置く。"),
        cell("year", 42, "汽笛を鳴らす会。"),
        cell("year", 43, LATER),
        cell("year", 44, "左記の取組を踏まえ、続ける。"),
        cell("year", 45, "左記の状況を踏まえ、行う。"),
    ]  # fmt: skip
    assert attached(rows, *cells, newest={}) == [[40, 45], [41, 44], [42, 43]]
    assert [CELLS_UNSURE in row.doubts for row in rows] == [True, True, False]


def test_a_second_line_needs_more_than_that_its_cell_stands_before():
    rows = [row("灯台の灯りの色を決める。", 10), row("岬へ行く道に板を立てる。", 20)]
    rows[0].add(cell("ministry", 12, "総務省"))
    cells = [
        cell("year", 30, "灯台の灯りの色を選ぶ。"),
        cell("year", 31, LATER),
        cell("year", 32, "岬へ行く道の板を調査。"),
        cell("year", 33, "灯台の灯りの色を決める会を開く。"), cell("year", 34, AFTER_SURVEY),
    ]  # fmt: skip
    assert attached(rows, *cells, newest={}) == [[30, 33, 31], [32, 34]]


def test_a_pointer_that_says_more_is_gone_on_with():
    rows = [row("灯台の灯りの色を決める。", 10), row("岬へ行く道に板を立てる。", 20)]
    pointer = "前段は工程表7に記載。また、岬の板の色を選ぶ。"
    cells = [
        cell("year", 30, "灯台の灯りの色を決める会を開く。"), cell("year", 31, "左記の会を踏まえ、改善を図る。"),
        cell("year", 32, pointer), cell("year", 33, "左記の実施状況を踏まえ、取組を進める。"),
    ]  # fmt: skip
    assert attached(rows, *cells, newest={7: "岬へ行く道に新しい板を立てる。"}) == [[30, 31], [32, 33]]
    assert rows[1].doubts == []


@pytest.mark.parametrize(("several", "answer"), [(2, [[30, 31], [32, 33, 34]]), (1, [[30, 31, 34], [32, 33]])])
def test_one_cell_of_the_first_year_may_be_merged_over_as_many_lines_as_there_are_ministries(several, answer):
    rows = [row("灯台の灯りの色を決める。", 10), row("岬へ行く道に板を立てる。", 20)]
    for each in rows[:several]:
        each.add(cell("ministry", each.order + 22, "総務省"))
    cells = [
        cell("year", 30, "灯台の灯りの色を決める会を開く。"), cell("year", 31, LATER),
        cell("year", 32, "岬へ行く道の板を調査。"), cell("year", 33, AFTER_SURVEY), cell("year", 34, AFTER_SURVEY),
    ]  # fmt: skip
    assert attached(rows, *cells, newest={}) == answer
    assert [CELLS_UNSURE in row.doubts for row in rows] == [several == 1] * 2


def test_a_row_whose_cell_spans_all_years_takes_no_other():
    rows = [row("灯台の灯りの色を決める。", 10), row("岬へ行く道に板を立てる。", 20)]
    cells = [
        cell("year", 30, "灯台の灯りの色を選ぶ。"),
        cell("year", 31, LATER),
        cell("year", 32, "岬へ行く道に板を立て、" * 5),
        cell("year", 33, "灯台の灯りの色を決める会を開く。"), cell("year", 34, "左記の取組を踏まえ、続ける。"),
    ]  # fmt: skip
    assert attached(rows, *cells, newest={}) == [[30, 33, 31, 34], [32]]


@pytest.mark.parametrize(("place", "answer"), [(0, [[32, 31], [33, 30]]), (1, [[32, 30], [33, 31]])])
def test_a_later_cell_goes_to_the_row_whose_words_it_uses(place, answer):
    rows = [row("灯台の灯りの色を決める。", 10), row("岬へ行く道に板を立てる。", 20)]
    # Words are rare that stand in one of many texts.
    on_page_2 = [cell("text", line, "続く。", 2) for line in range(50, 90, 2)]
    others = [DraftRow([cell("ministry", text.first + 1, "内閣府", 2)], text, page=2) for text in on_page_2]
    later = ["左記の状況を踏まえ、続ける。", "左記の状況を踏まえ、続ける。"]
    later[place] = "左記の状況を踏まえ、岬へ行く道の板を増やす。"
    cells = [
        cell("year", 30, later[0]), cell("year", 31, later[1]),
        cell("year", 32, "灯台の灯りの色を選ぶ。"), cell("year", 33, "岬の道に板を置く。"),
    ]  # fmt: skip
    assert attached([*rows, *others], *cells, newest={})[:2] == answer


@pytest.mark.parametrize(("parted", "answer"), [(False, [[33, 32], [31, 30]]), (True, [[33, 30], [31, 32]])])
def test_a_later_cell_goes_on_with_the_one_that_is_run_together_with_it(parted, answer):
    rows = [row("灯台の灯りの色を決める。", 10), row("岬へ行く道に板を立てる。", 20)]
    cells = [
        cell("year", 30, LATER), cell("year", 31, "岬の道に板を置く。", parted=False),
        cell("year", 32, "左記の取組を踏まえ、続ける。"), cell("year", 33, "灯台の灯りの色を選ぶ。", parted=parted),
    ]  # fmt: skip
    assert attached(rows, *cells, newest={}) == answer


def test_what_is_done_is_rather_not_gone_on_with():
    rows = [row("灯台の灯りの色を決める。", 10), row("岬へ行く道に板を立てる。", 20), row("汽笛を鳴らす。", 30)]
    cells = [
        cell("year", 40, "措置済み"),
        cell("year", 41, LATER), cell("year", 42, "左記の取組を踏まえ、続ける。"),
        cell("year", 43, "岬の道に板を置く。"), cell("year", 44, "汽笛を鳴らす会。"),
    ]  # fmt: skip
    assert attached(rows, *cells, newest={}) == [[40], [43, 42], [44, 41]]


def test_a_sentence_on_one_line_that_starts_from_results_is_of_the_later_years():
    start = "調査の結果を踏まえ、岬へ行く道に板を立てる。"
    rows = [row("岬へ行く道に板を立てる。", 10)]
    attached(rows, cell("year", 30, "岬へ行く道の板を調査。"), cell("year", 31, start), newest={})
    assert [cell.first for cell in rows[0].later] == [31]
    rows = [row("岬へ行く道に板を立てる。", 10)]
    wrapped = Cell("year", ((30, start[:14]), (31, start[14:])), 1, True)
    attached(rows, wrapped, cell("year", 32, LATER), newest={})
    assert [cell.first for cell in rows[0].later] == [32]


def test_fewer_later_cells_than_lines_leave_a_doubt_only_as_far_as_there_are_ministries():
    cells = [
        cell("year", 30, "灯台の灯りの色を決める会を開く。"), cell("year", 31, "灯台の灯りの色を選ぶ。"),
        cell("year", 32, "左記の実施状況を踏まえ、改善を図る。"),
    ]  # fmt: skip
    rows = [row("灯台の灯りの色を決める。", 10)]
    attached(rows, *cells, newest={})
    assert rows[0].doubts == []
    rows = [row("灯台の灯りの色を決める。", 10)]
    rows[0].add(cell("ministry", 12, "総務省"))
    attached(rows, *cells, newest={})
    assert rows[0].doubts == [CELLS_UNSURE]


def test_a_row_without_a_cell_has_one_before_another_has_two():
    rows = [row("灯台の灯りの色を決める。", 10), row("岬へ行く道に板を立てる。", 20)]
    rows[0].add(cell("ministry", 12, "総務省"))
    cells = [cell("year", 30, "灯台の灯りの色を決める会を開く。"), cell("year", 31, "集いで灯りの話をする。")]
    assert attached(rows, *cells, newest={}) == [[30], [31]]


def test_a_row_without_its_year_cells_is_doubted():
    rows = [row("灯台の灯りの色を決める。（短期、中期）", 10), row("岬へ行く道に板を立てる。（短期）", 20)]
    cells = [cell("year", 30, "灯台の灯りの色を決める会を開く。")]
    assert attached(rows, *cells, newest={}) == [[30], []]
    assert [row.doubts for row in rows] == [[NO_LATER], [NO_CELLS]]


def test_a_row_that_is_done_needs_no_cell_of_the_later_years():
    rows = [row("灯台の灯りの色を決める。（短期、中期）", 10)]
    assert attached(rows, cell("year", 30, "措置済み"), newest={}) == [[30]]
    assert rows[0].doubts == []
