"""Lines beside a figure, and what was compared by hand."""

import pytest

from analysis.base.errors import TableFaulty
from analysis.coding import codings
from analysis.documents import source_lines
from analysis.report.data import ReportData, Tables
from analysis.report.exhibits import agreement

BOOK = {"d": ["one", "", "two", "three", "  ", "four", "five"]}


def numbers(*place: int, own: bool = True) -> list[tuple[int, bool]]:
    return [(line.number, line.own) for line in source_lines.around(BOOK, "d", *place, own=own)]


def test_lines_come_with_two_neighbours_that_have_words():
    assert numbers(4, 4) == [(1, False), (3, False), (4, True), (6, False), (7, False)]
    assert numbers(3, 4, own=False) == [(1, False), (6, False), (7, False)]


def test_the_ends_of_a_document_have_fewer():
    assert numbers(1, 1) == [(1, True), (3, False), (4, False)]
    assert numbers(7, 7) == [(4, False), (6, False), (7, True)]


def test_without_the_document_there_is_nothing():
    assert source_lines.around({}, "d", 1, 2) == []


def test_a_long_line_is_cut():
    (line,) = source_lines.around({"d": ["あ" * 1000]}, "d", 1, 1)
    assert line.text == "あ" * source_lines.LINE_CHARACTERS + "…"


@pytest.mark.parametrize("row", [
    "ip2019,measures,44,45,2026-11-20", "ip2019,measures,,1,2026-11-20", "ip2019,wisdom,4,4,2026-11-20",
    "ip2019,measures,0,0,2026-11-20", "ip2019,measures,four,4,2026-11-20",
])  # fmt: skip
def test_a_hand_check_that_cannot_be_is_told(row, tmp_path, monkeypatch):
    monkeypatch.setattr(agreement.paths, "curated", lambda: tmp_path)
    file = tmp_path / "hand_checks.csv"
    file.write_text(f"{','.join(agreement.COLUMNS)}\nip2019,measures,44,44,2026-11-20\n{row}\n", encoding="utf-8")
    with pytest.raises(TableFaulty, match=r"hand_checks\.csv"):
        agreement.hand_checks()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_agreement_is_shown_with_its_interval(language):
    """Of what was read always; of the link model where it decides."""
    coded = Tables()
    uncoded = Tables(read=codings.NONE)
    alone, rows = (agreement.exhibit(ReportData(2026, 2019, language, known)).rows.rows for known in (coded, uncoded))
    bare = [row for row in rows if row[-1] == "–"]  # of names as a whole, and of always the same, there is no interval
    assert len(bare) == 2
    model = 4  # three figures of the link model, and what always the same would reach
    assert len(rows) == len(alone) + model == len(agreement.hand_checks()) + model + 1  # names
    for *_, share, ends in (row for row in rows if row not in bare):
        low, high, share = (int(text.removesuffix("%")) for text in (*ends.split("–"), share))
        assert low <= share <= high
