"""Corrections: applied where their old value stands, refused where it does not."""

import pytest

from analysis.base.errors import TableFaulty
from analysis.documents import corrections

HEAD = "doc_id,line,expected,corrected,reason\n"
LINES = ["灯台の明かリを直す。", "灯台の明かリを守る。"]


@pytest.fixture
def curated(curated):
    return curated / "corrections.csv"


def test_a_correction_changes_its_line_alone(curated):
    curated.write_text(HEAD + "ip2030,1,明かリ,明かり,OCR\n", encoding="utf-8")
    assert corrections.applied("ip2030", LINES) == ["灯台の明かりを直す。", LINES[1]]
    assert corrections.applied("ip2031", LINES) == LINES
    assert LINES[0] == "灯台の明かリを直す。"  # the raw text stays


@pytest.mark.parametrize("row", ["ip2030,2,明かり,光,OCR", "ip2030,3,明かリ,光,OCR", "ip2030,0,灯台,塔,OCR"])
def test_an_old_value_that_is_not_there_stops_the_run(curated, row):
    curated.write_text(HEAD + row + "\n", encoding="utf-8")
    with pytest.raises(TableFaulty, match="not in line"):
        corrections.applied("ip2030", LINES)


@pytest.mark.parametrize("text", [HEAD + "ip2030,one,a,b,c\n", HEAD + "ip2030,1,a,b,\n", "\x00\x01",
                                  HEAD + f"ip2030,{10**30},灯台,塔,c\n",
                                  HEAD + "ip2030,1,灯台,\"灯\n台\",c\n"])  # fmt: skip
def test_a_faulty_file_is_named(curated, text):
    curated.write_text(text, encoding="utf-8")
    with pytest.raises(TableFaulty, match=r"corrections\.csv"):
        corrections.applied("ip2030", LINES)


def test_without_a_file_nothing_is_corrected(curated):
    assert corrections.applied("ip2030", LINES) == LINES
