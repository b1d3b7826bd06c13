"""Maps of statistics' tables: what each form gives, what is left out and why, and the map that is proposed for it."""

import tomllib
from pathlib import Path

import pytest
from registers import register_file  # noqa: F401
from statistics_files import PASTED, PXWEB, estat, jetro, merged, workbook
from test_kpi import REGISTER  # noqa: F401

from analysis.base.errors import TableFaulty
from analysis.kpi import statistics, table_maps
from analysis.kpi.table_maps import Taken

GIVEN = {"who": "A", "retrieved_on": "2031-03-01"}
ESTAT_MAP = """
source = "茶業統計"
published_on = 2031-02-01
head = [8]
period = ["時間軸（年次）"]
unit_column = "単位"

[[series]]
indicator_id = "tea"
value = "値"
rows = { "表章項目" = "金額", "品目" = "茶の輸出額" }
"""
MERGED_MAP = """
source = "茶業統計"
head = [4, 5]
unit = "億円"

[[series]]
indicator_id = "tea"
value = "金額"
rows = { "品目" = "茶の輸出額", "相手国" = "世界" }

[[series]]
indicator_id = "share"
value = "金額"
unit = "%"
rows = { "品目" = "茶を飲む人の割合", "相手国" = "世界" }
"""
PXWEB_MAP = """
source = "Tea statistics"
head = [3]
unit = "billion yen"

[[series]]
indicator_id = "tea"
value = "Exports"
rows = { item = "All items" }
"""
JETRO_MAP = """
source = "Tea trade"
head = [2]
unit = "100万円"

[[series]]
indicator_id = "tea"
rows = { A = "総計" }
"""


def taken(content: bytes, text: str, tmp_path: Path, sheet: str = "", given: dict[str, str] | None = None) -> Taken:
    file = tmp_path / "map.toml"
    file.write_text(text, encoding="utf-8")
    grid = statistics.grid(content, "x", sheet)
    return table_maps.mapped(grid, table_maps.read(file), "x", GIVEN if given is None else given)


def said(rows: Taken) -> dict[str, tuple[str, str, str, str]]:
    return {place: (*row.key, str(row.value), row.unit) for place, row in rows.rows.items()}


def test_a_list_of_e_stat(tmp_path: Path) -> None:
    rows = taken(estat(), ESTAT_MAP, tmp_path)
    assert said(rows) == {"H9": ("tea", "2030", "1812500", "百万円"), "H10": ("tea", "2029", "1650000", "百万円")}
    assert rows.left_out == [
        "H11: no value of 2028 (***)",
        "H12: 2030-12 is a month (months = true takes them)",
        "H13: '2030年10～12月' is a part of a year: indicators have values of years and months",
        "3 rows that are not tea (表章項目 = 金額, 品目 = 茶の輸出額)",
    ]
    first = rows.rows["H9"]
    assert (first.amount, first.source, first.published_on, first.retrieved_on, first.who) == (
        1.8125, "茶業統計", "2031-02-01", "2031-03-01", "A"
    )  # fmt: skip
    months = taken(estat(), ESTAT_MAP.replace("head", "months = true\nhead"), tmp_path)
    assert said(months)["H12"] == ("tea", "2030-12", "150000", "百万円")
    coded = taken(estat(), ESTAT_MAP.replace("時間軸（年次）", "時間軸（年次） コード"), tmp_path)
    assert said(coded) == said(rows)


def test_a_workbook_with_merged_cells(tmp_path: Path) -> None:
    rows = taken(workbook(merged), MERGED_MAP, tmp_path)
    assert said(rows) == {
        "C6": ("tea", "2029", "16500", "億円"), "E6": ("tea", "2030", "18125", "億円"),
        "C8": ("share", "2029", "51.5", "%"), "E8": ("share", "2030", "52.3", "%"),
    }  # fmt: skip
    shares = MERGED_MAP.replace("金額", "構成比", 1).replace("世界", "米国", 1)  # the second column below a merged year
    assert list(taken(workbook(merged), shares, tmp_path).rows)[:2] == ["D7", "F7"]
    one = MERGED_MAP.replace("世界", "米国", 1).replace("tea", "total")
    assert said(taken(workbook(merged), one, tmp_path))["E7"] == ("total", "2030", "4400", "億円")


def test_a_wide_table_of_pxweb(tmp_path: Path) -> None:
    rows = taken(PXWEB.encode("utf-8-sig"), PXWEB_MAP, tmp_path)
    assert said(rows) == {"C4": ("tea", "2029", "1650.0", "十億円"), "D4": ("tea", "2030", "1812.5", "十億円")}
    assert rows.left_out == ["B4: no value of 2028 (..)", "1 rows that are not tea (item = All items)"]


def test_years_across_with_columns_that_have_no_name(tmp_path: Path) -> None:
    rows = taken(workbook(jetro), JETRO_MAP, tmp_path, "輸出")
    assert said(rows) == {"C3": ("tea", "2029", "1650000", "百万円"), "D3": ("tea", "2030", "1812500", "百万円")}


def test_months_below_years_and_totals(tmp_path: Path) -> None:
    table = "年,月,茶,計\n2029年,1月,3,3\n,2月,△4,4\n,計,7,7\n2030年,,8,8\n,,,\n注,,,\n"
    text = ('source = "y"\nhead = [1]\nunit = "件"\nmonths = true\nperiod = ["年", "月"]\n'
            '[[series]]\nindicator_id = "theft"\nvalue = "茶"\n')  # fmt: skip
    rows = taken(table.encode(), text, tmp_path)
    assert said(rows) == {
        "C2": ("theft", "2029-01", "3", "件"), "C3": ("theft", "2029-02", "-4", "件"),
        "C4": ("theft", "2029", "7", "件"), "C5": ("theft", "2030", "8", "件"),
    }  # fmt: skip
    assert rows.left_out == ["C7: '注' is no year or month"]
    totals = "年,茶\n2029年,1\n合 計,1\n".encode()
    rows = taken(totals, text.replace(', "月"', ""), tmp_path)
    assert rows.left_out == ["B3: '合 計' is no year or month, a total"]


def test_what_is_given_goes_before_the_map(tmp_path: Path) -> None:
    rows = taken(estat(), ESTAT_MAP, tmp_path, given=GIVEN | {"published_on": "2031-01"})
    assert rows.rows["H9"].published_on == "2031-01"


def test_a_pasted_table_with_the_files_own_columns() -> None:
    grid = statistics.grid(PASTED.encode(), "x")
    assert table_maps.is_own(grid)
    rows = table_maps.own(grid, "x", {"who": "A"})
    assert said(rows) == {"row 2": ("tea", "2030", "1.8", "兆円"), "row 3": ("share", "2030年度", "52.3", "%")}
    assert [row.who for row in rows.rows.values()] == ["A", "A"]
    assert not table_maps.is_own([["indicator_id", "period", "value", "colour"]])
    assert not table_maps.is_own([["indicator_id", "period"]])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("１．８", "1,8", "x, row 2: '1,8' is no number; mend it, or change the map"),
        ("令和12年", "合計", "x, row 2: '合計' is no year or month"),
        ("令和12年", "2030Q4", "x, row 2: '2030Q4' is a part of a year"),
        ("茶業年鑑", "", "x, row 2: source is empty; fill it in"),
        ("兆円", "", "x, row 2: unit is empty"),
        ("2031/3/1", "", "x, row 2: retrieved_on is empty"),
    ],
)
def test_a_faulty_row_of_a_pasted_table(old: str, new: str, says: str) -> None:
    with pytest.raises(TableFaulty) as fault:
        table_maps.own(statistics.grid(PASTED.replace(old, new, 1).encode(), "x"), "x", {"who": "A"})
    assert says in str(fault.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[8]", "[80]", "x has 16 rows: head = [80] in the map names none of them"),
        ("[8]", "[0]", "head must name rows from 1 on"),
        ("[8]", "8", "head must be a list"),
        ("[8]", "[7]", "has no column '値': its head is empty"),
        ('"値"', '"数"', "x has no column '数': its head is 表章項目 コード, 表章項目"),
        ('"値"', '""', "the map names no column of values"),
        ('unit_column = "単位"', "", "the map names no column of values, or neither unit nor unit_column"),
        ("published_on = 2031-02-01", 'published_on = "soon"', "x, H9: published_on 'soon' is no day"),
        ('source = "茶業統計"', 'source = ""', "x, H9: source is empty"),
        ('source = "茶業統計"', 'sauce = "茶業統計"', "lacks source"),
        ('period = ["時間軸（年次）"]', "", "x: no head is a period and 値"),
    ],
)
def test_a_map_that_does_not_fit(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in ESTAT_MAP
    with pytest.raises(TableFaulty) as fault:
        taken(estat(), ESTAT_MAP.replace(old, new), tmp_path)
    assert says in str(fault.value)
    assert "\n" not in str(fault.value)


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    table = estat("utf-8").decode().replace("品目 コード", "品目")
    with pytest.raises(TableFaulty, match="x has several columns '品目'"):
        taken(table.encode(), ESTAT_MAP, tmp_path)


@pytest.mark.parametrize("cell", ["#REF!", "1.2.3", "=A1", "36,40"])
def test_a_cell_that_is_no_number_is_named(tmp_path: Path, cell: str) -> None:
    table = estat("utf-8").decode().replace("1,650,000", cell)
    with pytest.raises(TableFaulty, match="x, H10: "):
        taken(table.encode(), ESTAT_MAP, tmp_path)


PROPOSED = {
    "e-Stat": (estat(), "", ["H9", "H10"], ['source = "茶業統計"', "head = [8]", 'value = "値"', 'indicator_id = "tea"',
               'rows = { "表章項目" = "金額", "品目" = "茶の輸出額" }', 'unit_column = "単位"']),
    "merged": (workbook(merged), "", ["C6", "E6"], ["head = [4, 5]", 'value = "金額"', 'unit = "億円"', "period = []"]),
    "PxWeb": (PXWEB.encode(), "", ["C4", "D4"], ["head = [3]", 'value = "Exports"', 'rows = { "item" = "All items" }']),
    "JETRO": (workbook(jetro), "輸出", ["C3", "D3"], ['unit = "100万円"', 'rows = { "A" = "総計" }', 'sheet = "輸出"']),
    "a list": ("年,茶の輸出額\n2029,5\n2030,6\n".encode(), "", ["B2", "B3"],
               ['period = ["年"]', 'value = "茶の輸出額"', 'indicator_id = "tea"']),
}  # fmt: skip


@pytest.mark.parametrize("name", PROPOSED)
def test_a_first_map_is_near_what_is_needed(tmp_path: Path, name: str) -> None:
    content, sheet, places, lines = PROPOSED[name]
    grid = statistics.grid(content, "x", sheet)
    text = table_maps.proposed(grid, "茶 表.csv", sheet, "2031-03-01")
    assert [line for line in lines if line not in text] == []
    text = text.replace('indicator_id = ""', 'indicator_id = "tea"')
    text = text.replace('unit = ""', 'unit = "億円"') if "単位" not in text else text
    text = text.replace('unit_column = "単位"', 'unit_column = "単位"\n#') if 'unit_column = "単位"' in text else text
    assert list(taken(content, text, tmp_path, sheet).rows) == places


def test_a_table_without_years_gets_no_map() -> None:
    with pytest.raises(TableFaulty, match="no years are found"):
        table_maps.proposed([["a", "b"], ["1", "2"]], "x", "", "2031-03-01")


def test_a_proposal_reads_what_stands_beside_its_name_above_the_head() -> None:
    grid = [
        ["統計名", "茶の貿易統計", "", ""], ["単位", "億円", "", ""], ["", "", "", ""],
        ["時間軸", "品目", "輸出額", "前年比"],
        ["2029年", "総額", "100", "2.0"], ["2030年", "総額", "110", "10.0"],
    ]  # fmt: skip
    proposal = tomllib.loads(table_maps.proposed(grid, "茶.csv", "", "2031-03-01"))
    assert (proposal["source"], proposal["unit"]) == ("茶の貿易統計", "億円")
    assert proposal["series"][0]["value"] == "輸出額"  # and not its growth
