"""Notes at the foot of pages: however they are numbered, and with a chart beside them."""

from pathlib import Path

import pytest

from analysis.documents import document, paragraphs, pdf_pages
from analysis.documents.document import Line, Page

WORDS = "灯台の守り手を育てるため、港ごとの事情を調べ、結果を取りまとめて公表する"


def page(*small: tuple[str, float]) -> Page:
    """Twenty full lines and one that ends, with smaller lines below (text, size)."""
    lines = [Line(50, 410, 60 + 18 * at, 10, (WORDS,)) for at in range(20)]
    lines.append(Line(50, 200, 420, 10, ("灯台の数を公表する。",)))
    lines += [Line(50, 300, 500 + 14 * at, size, (text,)) for at, (text, size) in enumerate(small)]
    return Page(460, 700, lines)


def texts(*pages: Page) -> list[str]:
    from analysis.documents.page_parts import apart

    made = document.of_pages(apart(list(pages)))
    return [run.raw for run in paragraphs.runs(made, "whole")]


@pytest.mark.parametrize("number", ["1", "1.", "１．", "1)", "¹"])
def test_a_note_is_told_by_its_number_whatever_stands_behind_it(number: str) -> None:
    assert texts(page((f"{number} 灯台の数は、届を合計したもの。", 7.5)))[-1] == "¹ 灯台の数は、届を合計したもの。"


def test_notes_of_pages_count_on_and_a_charts_numbers_are_none() -> None:
    chart = page(("（億円）", 8), ("3,235", 8), ("2,734", 8), ("（出典）灯台白書", 8))
    runs = texts(page(("1. 灯台の数は、届を合計したもの。", 7.5)), chart, page(("2. 光源は、油灯を含む。", 7.5)))
    assert [run for run in runs if run[0] in "¹²³"] == ["¹ 灯台の数は、届を合計したもの。", "² 光源は、油灯を含む。"]
    assert {"（億円）", "3,235", "2,734", "（出典）灯台白書"} <= set(runs)


def column(name: str, x0: float, count: int) -> list[dict[str, object]]:
    return [
        {"x0": x0, "x1": x0 + 200, "y": 60.0 + 14 * at, "size": 10.0, "cells": [f"{name}{at}"]} for at in range(count)
    ]


@pytest.mark.parametrize(("count", "parted"), [(30, True), (12, False)])
def test_a_page_by_itself_has_two_columns_where_both_are_long(count: int, parted: bool) -> None:
    left, right = column("左", 50, count), column("右", 300, count)
    across = [
        {**one, "x1": 500.0, "cells": [*one["cells"], *other["cells"]]} for one, other in zip(left, right, strict=True)
    ]
    row = {"width": 550.0, "height": 800.0, "lines": across, "rules": [], "columns": [left, right, []]}
    lines = pdf_pages.assembled({"pages": [row], "left_out": {}}, Path("plan.pdf")).pages[0].lines
    one_below_the_other = [*(f"左{at}" for at in range(count)), *(f"右{at}" for at in range(count))]
    assert ([line.text for line in lines] == one_below_the_other) is parted
    assert len(lines) == (2 * count if parted else count)
