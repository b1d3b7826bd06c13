"""Tables of statistics: their cells, and numbers, periods and units as agencies write them."""

import io
import re
import zipfile
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest
from statistics_files import ESTAT, PXWEB, estat, jetro, merged, workbook

from analysis.base.errors import TableFaulty
from analysis.kpi import statistics


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024", "2024"), ("2024年", "2024"), ("２０２４年", "2024"), ("2024 年", "2024"), ("2024年計", "2024"),
        ("2024年度", "2024年度"), ("2024年度末", "2024年度"), ("FY2024", "2024年度"), ("令和6年度", "2024年度"),
        ("令和元年", "2019"), ("平成30年 1)", "2018"), ("R6", "2024"), ("令和6(2024)年", "2024"),
        ("2024(令和6)年度", "2024年度"), ("2024年¹", "2024"), ("2024年①", "2024"), ("2024年(速報)", "2024"),
        ("2024p", "2024"), ("2024年平均", "2024"), ("2024年1～12月", "2024"),
        ("2024年12月", "2024-12"), ("2024-12", "2024-12"), ("2024/1", "2024-01"), ("2024/1/1", "2024-01"),
        ("2024年12月末", "2024-12"), ("2024年 1月", "2024-01"),
        ("2024000000", "2024"), ("2024100000", "2024年度"), ("2024001212", "2024-12"), ("2024000101", "2024-01"),
    ],
)  # fmt: skip
def test_periods(text: str, expected: str) -> None:
    assert statistics.period(text) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        *((text, "is a part of a year") for text in (
            "2024Q4", "2024年Q4", "Q4 2024", "2024年10～12月", "2024年第4四半期", "2024001012", "2024年度上半期",
            "2024年3月期",
        )),
        *((text, "is no year or month") for text in (
            "", "合計", "昨年", "12345", "20240", "1,980", "2024年4月～2025年3月", "注）2024年は速報", "9" * 300
        )),
        ("2024年13月", "13 is no month"), ("2024001313", "13 is no month"), ("2024/0", "0 is no month"),
    ],
)  # fmt: skip
def test_what_is_no_period(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        statistics.period(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234", "1234"), ("１，２３４．５", "1234.5"), ("1 234", "1234"), ("1\u00a0234", "1234"), ("0", "0"),
        ("△5", "-5"), ("▲ 3.2", "-3.2"), ("−4", "-4"), ("－4", "-4"), ("+4", "4"),
        ("1234¹", "1234"), ("1234①", "1234"), ("1234(2)", "1234"), ("1234 2)", "1234"), ("1,234 注1)", "1234"),
        ("*1,234", "1234"), ("1,234 r", "1234"), ("p1,234", "1234"), ("12,345*", "12345"), ("1.5(速報値)", "1.5"),
        *((text, None) for text in ("", "-", "－", "―", "…", "...", "..", "***", "＊＊＊", "x", "X", "Ｘ", "χ")),
        ("n.a.", None), ("N/A", None), ("不詳", None),
    ],
)  # fmt: skip
def test_numbers(text: str, expected: str | None) -> None:
    assert statistics.number(text, "人") == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    "text",
    ["1,23", "1.234,5", "12,34,567", "(1,234)", "12342)", "#REF!", "1e5", "注", "½", "△", "2024年", "52.3%", "9" * 70],
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="is no number"):
        statistics.number(text, "人")


def test_percents_are_numbers_where_shares_are_counted() -> None:
    assert statistics.number("52.3 ％", "%") == Decimal("52.3")
    with pytest.raises(ValueError, match="formula that was never worked out"):
        statistics.number("=SUM(A1:A3)", "%")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("百万円", "百万円"), ("100万円", "百万円"), ("(単位：100万円)", "百万円"), ("１，０００人", "千人"),
     ("10億円", "十億円"),
     ("million yen", "百万円"), ("Billion Yen", "十億円"), ("％", "%"), ("percent", "%"), ("1000ドル", "千ドル"),
     ("", ""), ("人", "人")],
)  # fmt: skip
def test_units(text: str, expected: str) -> None:
    assert statistics.unit(text) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_encodings_are_detected(encoding: str) -> None:
    assert statistics.grid(estat(encoding), "x.csv") == ESTAT


@pytest.mark.parametrize("delimiter", ["\t", ";", ","])
def test_delimiters_are_detected(delimiter: str) -> None:
    text = f'年{delimiter}額\r\n2024{delimiter}"1,5"\r\n'
    assert statistics.grid(text.encode(), "x") == [["年", "額"], ["2024", "1,5"]]


def test_the_cells_of_a_workbook_are_as_they_are_shown() -> None:
    cells = statistics.grid(workbook(merged), "x.xlsx")
    assert cells[3][:3] == ["品目", "相手国", "2029年"]
    assert cells[7][:5] == ["茶を飲む人の割合", "世界", "51.5%", "", "52.3%"]
    assert cells[5][2] == "16500"

    def odd(book: openpyxl.Workbook) -> None:
        book.active.append([1e21, 0.1 + 0.2, True, datetime(2024, 12, 1), "=1+1", " a\r\nb "])

    assert statistics.grid(workbook(odd), "x.xlsx") == [
        ["1000000000000000000000", "0.3", "True", "2024-12-01", "=1+1", "a\nb"]
    ]


def test_a_sheet_is_chosen_by_its_name() -> None:
    content = workbook(jetro)
    assert statistics.grid(content, "x.xlsx", "輸出")[1] == ["", "2028", "2029", "2030 p", "前年比"]
    with pytest.raises(TableFaulty, match=r"has several sheets: name one with --sheet or in the map: 表紙, 輸出"):
        statistics.grid(content, "x.xlsx")
    with pytest.raises(TableFaulty, match="has no sheet '輸入'"):
        statistics.grid(content, "x.xlsx", "輸入")


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_part(name: str) -> bytes:
    out = io.BytesIO(workbook(merged))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, b"x")
    return out.getvalue()


def wide(book: openpyxl.Workbook) -> None:
    book.active.cell(1, 2000, 1)


def deep(book: openpyxl.Workbook) -> None:
    book.active.cell(200_000, 1, 1)


def test_a_workbook_that_tells_a_wrong_size_is_read_whole() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(merged))) as before, zipfile.ZipFile(out, "w") as archive:
        for name in before.namelist():
            archive.writestr(name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:A1"', before.read(name)))
    assert b'"A1:A1"' in zipfile.ZipFile(out).read("xl/worksheets/sheet1.xml")
    assert statistics.grid(out.getvalue(), "x") == statistics.grid(workbook(merged), "x")


HOSTILE = {
    "nothing": (b"", "holds no cells"),
    "blanks": (b" \r\n,,\n", "holds no cells"),
    "an empty sheet": (workbook(lambda book: None), "holds no cells"),
    "bytes": (bytes(range(256)) * 9, "not UTF-8, it looks like nothing that is known; save it as CSV UTF-8"),
    "zeros": (b"a,b\n\x00,1\n", "is no text"),
    "utf-16 without a mark": ("年,額\n".encode("utf-16-le") * 9, "UTF-16 without a byte order mark"),
    "cut utf-8": ("年,額\n".encode() * 9 + "年額年".encode()[:-1], "damaged or cut off"),
    "large": (b"1,2\n" * 5_000_001, "is larger than 20 MB"),
    "long": (b"1\n" * 100_001, "more than 100,000 rows"),
    "wide": (b"1," * 1001, "or 1,000 columns"),
    "a quote that stays open": (b'a,b\n"1,2\n', "line 2: unexpected end of data; mend the quotes"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old workbook (.xls) or one with a password: save it as XLSX"),
    "a PDF": (b"%PDF-1.7\n", "is a PDF"),
    "a page": (b"<!DOCTYPE html>\n<table>", "is a page or XML"),
    "another archive": (zipped(a=b"x"), "is a broken workbook"),
    "half a workbook": (workbook(merged)[:900], "is a broken workbook"),
    "a bomb": (zipped(a=b"0" * 30_000_001), "unpacks to more than 30 MB"),
    "macros": (with_part("xl/vbaProject.bin"), "holds macros: save it as XLSX without them"),
    "a macro sheet": (with_part("xl/macrosheets/sheet1.xml"), "holds macros"),
    "a wide workbook": (workbook(wide), "or 1,000 columns"),
    "a long workbook": (workbook(deep), "more than 100,000 rows"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_get_one_line(name: str) -> None:
    content, says = HOSTILE[name]
    with pytest.raises(TableFaulty) as fault:
        statistics.grid(content, "x")
    assert says in str(fault.value)
    assert "\n" not in str(fault.value)
    assert len(str(fault.value)) < 300


def test_what_workbooks_hold_beside_cells_is_not_warned_of(recwarn: pytest.WarningsRecorder) -> None:
    statistics.grid(workbook(merged), "x.xlsx")
    assert not recwarn.list


def test_columns_have_letters() -> None:
    assert [statistics.letters(column) for column in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_wide_csv_of_pxweb() -> None:
    assert statistics.grid(PXWEB.encode("utf-8-sig"), "x.csv")[2:4] == [
        ["item", "Exports 2028", "Exports 2029", "Exports 2030"], ["All items", "..", "1650.0", "1812.5"]
    ]  # fmt: skip
