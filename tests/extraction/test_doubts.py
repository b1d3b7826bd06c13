"""What a measure took in that is not its own is doubted: a table's row, or a note that is missing from the count."""

import pytest

from analysis.extraction import doubts
from analysis.extraction.parsers.parse_result import Measure, Paragraph, ParseResult

MEASURE = Measure(2, 2, "灯台を直す。", "", "")


def reading(*paragraphs):
    """Measures of one paragraph each, with notes between them: (role, lines), whose numbers count on."""
    result, number = ParseResult(), 1
    for role, *lines in paragraphs:
        index = len(result.measures) if role == "measure" else None
        result.paragraphs.append(Paragraph(tuple(enumerate(lines, number)), role, measure=index))
        result.measures += [MEASURE] if role == "measure" else []
        number += len(lines)
    return result


def said(read):
    rows = [{"characters": 6, "doubts": [], "confidence": 1.0} for _ in read.measures]
    doubts.add_among_others(rows, read)
    return [row["doubts"] for row in rows]


def test_a_line_with_cells_in_a_measure_that_begins_without_is_doubted():
    rows = ("measure", "灯台の点検\t国土交通省", "\t環境省")
    assert said(reading(("measure", "・ 灯台を", "年度\t2026\t2027", "直す。"), rows)) == [[doubts.HOLDS_ROW], []]


def test_a_mark_with_a_tab_behind_it_is_no_cell():
    assert said(reading(("measure", "・\t灯台を直す。", "港を掘る。"), ("measure", "・ 灯台\t"))) == [[], []]


@pytest.mark.parametrize(
    ("lines", "doubted"),
    [
        (["・ 灯台を", "2 港の数による。", "直す。"], [[doubts.HOLDS_NOTE], []]),
        (["・ 灯台を", "² 港の数による。", "直す。"], [[doubts.HOLDS_NOTE], []]),
        (["・ 灯台を", "20年度までに", "直す。"], [[doubts.HOLDS_NOTE], [doubts.HOLDS_NOTE]]),  # nobody knows where
        (["2 灯台を", "直す。"], [[doubts.HOLDS_NOTE], [doubts.HOLDS_NOTE]]),  # a measure's own number
    ],
)
def test_where_the_count_of_notes_jumps_what_may_hold_the_note_is_doubted(lines, doubted):
    other = ("measure", "・ 港を掘る。")
    assert said(reading(("footnote", "1 注"), ("measure", *lines), other, ("footnote", "3 注"))) == doubted


@pytest.mark.parametrize(("first", "second"), [("1 注", "2 注"), ("3 注", "1 注"), ("1 注", "9 注"), ("注", "3 注")])
def test_a_count_that_goes_on_or_begins_anew_is_no_jump(first, second):
    assert said(reading(("footnote", first), ("measure", "・ 灯台を", "2 直す。"), ("footnote", second))) == [[]]


def test_measures_before_and_behind_a_jump_are_not_doubted():
    measure = ("measure", "・ 灯台を", "直す。")
    read = reading(measure, ("footnote", "1 注"), measure, ("footnote", "3 注"), measure)
    assert said(read) == [[], [doubts.HOLDS_NOTE], []]
