"""List marks by class and place, and the repair that every line goes through."""

import re
import unicodedata
from pathlib import Path

import pytest
from layouts import parse

from analysis.base.japanese import normal, repaired, rests, split_lines
from analysis.documents import marks, paragraphs
from analysis.documents.document import Document, Line, Page, of_text

MINI = Path(__file__).parents[1] / "mini"


@pytest.mark.parametrize(
    ("line", "mark", "words"),
    [
        ("・灯台を直す。", "・", "灯台を直す。"),
        ("  ● 灯台を直す。", "●", "灯台を直す。"),
        ("- ・ 灯台を直す。", "- ・", "灯台を直す。"),
        ("－　◎　灯台を直す。", "－　◎", "灯台を直す。"),
        ("- 灯台を直す。", "-", "灯台を直す。"),
        ("- **灯台**を直す。", "-", "**灯台**を直す。"),
        ("❖灯台を直す。", "❖", "灯台を直す。"),
        ("\uf0d8 灯台を直す。", "\uf0d8", "灯台を直す。"),
        ("→灯台を直す。", "→", "灯台を直す。"),
        ("- § 灯台を直す。", "- §", "灯台を直す。"),  # of any kind behind a dash
        ("- >> 灯台を直す。", "- >>", "灯台を直す。"),
        ("- o 灯台を直す。", "- o", "灯台を直す。"),
    ],
)
def test_a_list_mark_is_a_symbol_a_bullet_or_a_dash_before_words(line, mark, words):
    found = marks.mark(line)
    assert found is not None
    assert (found.text, found.words) == (mark, words)


@pytest.mark.parametrize(
    "line",
    [
        "灯台を直す。",
        "-灯台",
        "3万基の灯台",
        "㈱灯台社",
        "℃を測る",
        "（灯台）",
        "<灯台>",
        "～灯りの町～",
        "●●●●",
        "※ 注",
        "①灯台",
        "",
    ],
)
def test_what_belongs_to_the_words_is_no_list_mark(line):
    assert marks.mark(line) is None
    assert marks.without_mark(line) == line


def test_shapes_and_dingbats_are_marks_whatever_they_show():
    shapes = [chr(code) for code in range(0x25A0, 0x2600) if unicodedata.category(chr(code)) == "So"]
    assert len(shapes) > 60
    assert [shape for shape in shapes if marks.mark(f"{shape} 灯台") is None] == []


def test_ranks_of_marks():
    ranks = {
        "・": "dot",
        "•": "dot",
        "●": "symbol",
        "◎": "symbol",
        "➤": "symbol",
        "⇒": "arrow",
        "☑": "tick",
        "–": "dash",
    }
    assert {character: marks.kind(character) for character in ranks} == ranks


@pytest.mark.parametrize(
    ("starts", "characters"),
    [
        ([(0, "o 灯台")] * 5, {"o"}),
        ([(2.2, "Ø　灯台"), (1.9, "Ø\t港")] * 3, {"Ø"}),
        ([(0, "o 灯台")] * 4, set()),  # too few
        ([(0, "o 灯台"), (4, "o 灯台")] * 4, set()),  # of one indent
        ([(0, "o灯台")] * 9, set()),  # a word's letter
        ([(0, "o ")] * 9, set()),  # no words
        ([(0, "・ 灯台")] * 9, set()),  # one by its class
        ([(0, f"{character} 灯台") for character in "灯アｱ1①（「#>|※" for _ in range(9)], set()),
        ([(0, "※灯台")] * 10, {"※"}),  # where nothing else marks lists
        ([(0, "※灯台")] * 10 + [(0, "・ 港")] * 11, set()),
        ([(0, "※1 灯台")] * 10, set()),  # of notes
        ([(0, "»灯台")] * 5 + [(2, "⓿灯台")] * 4, {"»"}),
        ([(0, "ー灯台")] * 5, {"ー"}),
        ([(0, "ー灯台")] * 5 + [(0, "●港")] * 6, set()),  # ends of words that began on the line above
        ([(0, "・・灯台"), (0, "◆◇ 港"), (0, ">>灯台"), (0, "--港")] * 5, {"・・", "◆◇", ">>", "--"}),
        ([(0, "○○に関する"), (0, "・・・・灯台"), (0, "**灯台**"), (0, "##灯台")] * 5, set()),
    ],
)
def test_a_character_that_begins_many_lines_of_one_indent_marks_a_list(starts, characters):
    assert marks.by_repetition(starts) == characters


@pytest.mark.parametrize("layout", ["markdown_plan", "pdf_text_plan", "text_slides"])
def test_lists_whose_marks_are_letters_of_a_symbol_font_read_the_same(layout):
    lines = (MINI / f"{layout}.txt").read_text(encoding="utf-8").split("\n")
    fewest = [*lines, *["", "・ 港"] * 5] if layout == "text_slides" else lines  # whose marks are of many kinds
    lettered = [re.sub(r"^(- ?)?[・•●○] ?", r"\1o ", line) for line in fewest]
    assert sum(re.match("(- )?o ", line) is not None for line in lettered) > 5
    usual = [re.sub(r"^(- )?o ", r"\1• ", line) for line in lettered]
    assert parse(layout, of_text(lettered)).measures == parse(layout, of_text(usual)).measures != []


def test_on_pages_too_a_repeated_letter_becomes_a_bullet_and_the_document_stays():
    lines = [Line(40, 300, 20.0 * at, 10, ("o", "灯台を直す。"), number=at) for at in range(1, 6)]
    table = Line(40, 300, 200, 10, ("o", "灯台"), ruled=True, number=6)
    document = Document(("o\t灯台を直す。",) * 5 + ("o\t灯台",), (Page(600, 800, [*lines, table]),))
    assert [run.raw for run in paragraphs.runs(document, "slide lines")] == ["•\t灯台を直す。"] * 5 + ["o\t灯台"]
    assert document.pages[0].lines[0].cells == ("o", "灯台を直す。")


def test_what_cannot_be_seen_goes_and_what_is_meant_stays():
    assert repaired("\ufeff文部\u200b科学\u00ad省\U000e0100\u200f（短期）") == "文部科学省（短期）"
    assert repaired("｢灯台｣､直す｡") == "「灯台」、直す。"
    assert repaired("⻑官の⾒解") == "長官の見解"
    assert repaired("灯\xa0台\t12") == "灯 台\t12"
    assert repaired("Ａ１，ｶﾅ･①㈱") == "Ａ１，ｶﾅ･①㈱"


def test_repair_changes_no_letter_and_nothing_twice():
    letters = [chr(code) for code in range(0x30000) if unicodedata.category(chr(code)) in ("Lu", "Ll", "Nd", "Lo")]
    changed = [letter for letter in letters if repaired(letter) != letter]
    assert 400 < len(changed) < 2000  # compatibility ideographs and ligatures
    fillers = list("\u115f\u1160\u3164\uffa0")  # of Hangul: letters that nobody sees
    assert [letter for letter in changed if normal(letter) != normal(repaired(letter))] == fillers
    assert [letter for letter in changed if repaired(repaired(letter)) != repaired(letter)] == []


def test_lines_end_at_any_line_end():
    assert split_lines("a\r\nb\rc\nd") == ["a", "b", "c", "d"]
    assert split_lines("a\n\n") == ["a", ""]
    assert split_lines("") == [""]


@pytest.mark.parametrize(
    ("text", "ends"), [("直す。", True), ("（案）", True), ("次の：", True), ("直す、", False), ("", False)]
)
def test_a_text_rests_at_a_full_stop_or_a_bracket(text, ends):
    assert rests(text) == ends


@pytest.mark.parametrize(
    ("line", "kind", "label", "title"),
    [
        ("III. 灯り", "roman", "III", "灯り"),
        ("１．灯り", "arabic", "1", "灯り"),
        ("1.\t灯り", "arabic", "1", "灯り"),
        ("（１２）灯り", "bracketed", "(12)", "灯り"),
        ("①-2 灯り", "circled", "①-2", "灯り"),
        ("1-① 灯り", "arabic and circled", "1-①", "灯り"),
        ("4．②灯り", "arabic and circled", "4．②", "灯り"),
    ],
)
def test_the_number_of_a_heading(line, kind, label, title):
    assert marks.number(line) == (kind, label, title)


@pytest.mark.parametrize("line", ["3.5倍の灯り", "灯り", "2026年の灯り", "1.", "(灯り)"])
def test_what_is_no_heading_s_number(line):
    assert marks.number(line) is None
