"""Lines that go on with one another: small pages made by hand, with the paragraphs that a person reads."""

import pytest

from analysis.documents import joining, text_files
from analysis.documents.document import Line, Page

SIZE, LEADING = 10.0, 18.0
FULL = "○ 灯台の灯りを新しくする事業者に費用の一部を補助し、技術にも指"  # reaches the column's edge

LONG = "灯台の灯りを新しくする事業者に費用の一部を補助し、併せて技術の指導を行う者を育てる。"  # for a heading


def paragraphs(*lines: tuple[str, float]) -> list[str]:
    """Return the paragraphs of a page of lines (text, size), below some that show where its column ends."""
    column = [("○ " + "港" * 29 + "。", SIZE)] * 3
    page = Page(595.0, 842.0)
    for at, (text, size) in enumerate([*column, *lines]):
        page.lines.append(Line(190.0, 190.0 + size * len(text), 100.0 + at * LEADING, size, (text,)))
    sheet = joining.sheets_of([page])[0]
    return [paragraph.text for paragraph in sheet.paragraphs][3:]


def test_what_a_sentence_ends_with_may_be_set_smaller():
    assert len(FULL) == 32
    assert paragraphs((FULL, SIZE), ("導を行う。（担当：港湾課）", 9.0)) == [
        FULL,
        "導を行う。（担当：港湾課）",
    ]  # 指 ends a word
    amid = FULL[:-1] + "を"
    assert paragraphs((amid, SIZE), ("行う。（担当：港湾課）", 9.0)) == [amid + "行う。（担当：港湾課）"]
    opened = FULL[:-6] + "。（担当："
    assert paragraphs((opened, SIZE), ("港湾課）", 9.0)) == [opened + "港湾課）"]
    particle = [FULL, "に当たる。"]
    assert paragraphs((particle[0], SIZE), (particle[1], 9.0)) == ["".join(particle)]


def test_much_smaller_lines_and_those_below_a_short_one_stand_apart():
    amid = FULL[:-1] + "を"
    assert paragraphs((amid, SIZE), ("行う。", 8.0)) == [amid, "行う。"]
    assert paragraphs(("○ 灯台を", SIZE), ("直す。", 9.0)) == ["○ 灯台を", "直す。"]


def test_a_number_amid_a_sentence_begins_nothing():
    first = FULL[:-3] + "前項の"
    assert paragraphs((first, SIZE), ("②に当たる。", SIZE)) == [first + "②に当たる。"]


@pytest.mark.parametrize("label", ["ウ）", "ｂ）", "②", "2)"])
@pytest.mark.parametrize("closing", ["】", "〕", "）", "》"])
def test_a_number_of_a_list_begins_anew_behind_a_closing_bracket(label, closing):
    first = (
        "○ 灯台の灯りを新しくする事業者に費用の一部を出す。"
        + "【〔（《"["】〕）》".index(closing)]
        + "港湾班"
        + closing
    )
    assert paragraphs((first, SIZE), (f"{label} {LONG}", SIZE)) == [first, f"{label} {LONG}"]
    assert paragraphs((first, SIZE), ("を基に港を掘る。", SIZE)) == [first + "を基に港を掘る。"]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("\t2\t灯台\t港湾課", ("", "2", "灯台", "港湾課")),
        ("灯り\t2\t\t港湾課", ("灯り", "2", "", "港湾課")),
        ("\t灯台を直す。", ("灯台を直す。",)),
        ("灯台\t港湾課", ("灯台", "港湾課")),
        ("灯台　　　港湾課", ("灯台", "港湾課")),
    ],
)
def test_empty_cells_between_tabs_are_kept(text, cells):
    assert text_files.pages_of([text])[0].lines[0].cells == cells
