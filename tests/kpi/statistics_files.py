"""Invented statistics in the forms in which agencies hand them out; no number is of the world."""

import csv
import io
from collections.abc import Callable

import openpyxl

ESTAT = [
    ["統計名：", "茶業統計"], ["表番号：", "3-1"], ["表題：", "茶の品目別輸出額"], ["実施年月：", "2030年", "-", "-"],
    ["***", "数値が得られないもの"], ["-", "該当数値がないもの"], [],
    ["表章項目 コード", "表章項目", "品目 コード", "品目", "時間軸（年次） コード", "時間軸（年次）", "単位", "値"],
    ["110", "金額", "00", "茶の輸出額", "2030000000", "2030年", "百万円", "1,812,500"],
    ["110", "金額", "00", "茶の輸出額", "2029000000", "2029年", "百万円", "1,650,000"],
    ["110", "金額", "00", "茶の輸出額", "2028000000", "2028年", "百万円", "***"],
    ["110", "金額", "00", "茶の輸出額", "2030001212", "2030年12月", "百万円", "150,000"],
    ["110", "金額", "00", "茶の輸出額", "2030001012", "2030年10～12月", "百万円", "450,000"],
    ["110", "金額", "01", "煎茶", "2030000000", "2030年", "百万円", "36,400"],
    ["110", "数量", "00", "茶の輸出額", "2030000000", "2030年", "トン", "8,800"],
    ["注）数値は架空である。"],
]  # fmt: skip
PXWEB = """"Tea exports by item (billion yen)"

"item","Exports 2028","Exports 2029","Exports 2030"
"All items","..","1650.0","1812.5"
"Sencha",21.9,29.2,36.4
"""
PASTED = """indicator_id\tperiod\tvalue\tunit\tsource\tretrieved_on
tea\t令和12年\t１．８\t兆円\t茶業年鑑\t2031/3/1
share\t2030年度\t52.3%\t%\t茶業調査\t2031/3/1
"""


def estat(encoding: str = "cp932") -> bytes:
    """A list with codes, rows of metadata above its head and a note below it."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(ESTAT)
    return out.getvalue().encode(encoding)


def workbook(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    fill(book)
    book.save(out)
    return out.getvalue()


def merged(book: openpyxl.Workbook) -> None:
    """A head of two rows with merged cells, years across, and items that are merged down."""
    sheet = book.active
    sheet.title = "第3表"
    sheet["A1"], sheet["G2"] = "第3表　茶の輸出（架空）", "（単位：億円、％）"
    for row, cells in enumerate([
        ["品目", "相手国", "2029年", None, "2030年", None], [None, None, "金額", "構成比", "金額", "構成比"],
        ["茶の輸出額", "世界", 16500, 1.0, 18125, 1.0], [None, "米国", 4000, 0.242, 4400, 0.243],
        ["茶を飲む人の割合", "世界", 0.515, None, 0.523, None], ["注：数値は架空である。"],
    ], start=4):  # fmt: skip
        for column, cell in enumerate(cells, start=1):
            sheet.cell(row, column, cell)
    for cells in ("A4:A5", "B4:B5", "C4:D4", "E4:F4", "A6:A7"):
        sheet.merge_cells(cells)
    sheet["C8"].number_format = sheet["E8"].number_format = "0.0%"


def jetro(book: openpyxl.Workbook) -> None:
    """Years across without a word of the columns of labels; several sheets."""
    book.active.title = "表紙"
    sheet = book.create_sheet("輸出")
    sheet.append(["日本の茶輸出（単位：100万円、△は減少）"])
    sheet.append([None, 2028, 2029, "2030 p", "前年比"])
    sheet.append(["総計", "n.a.", 1650000, "1,812,500¹", 9.8])
    sheet.append([" 煎茶", 21900, 29200, 36400, 24.7])
