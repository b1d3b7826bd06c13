"""data/curated/observations.csv: each row that it takes, each fault that it names, revisions and sizes."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from registers import register_file  # noqa: F401
from test_kpi import REGISTER, observed, points  # noqa: F401

from analysis import kpi
from analysis.base.errors import TableFaulty
from analysis.kpi import added_values
from analysis.kpi.added_values import Observation

HEAD = "indicator_id,period,value,unit,source,address,published_on,retrieved_on,who\n"
ROW = "tea,2030,2.5,兆円,yearbook,https://example.org/a?b,2031-02,2031-03-04,A\n"
TEA = Observation(
    indicator_id="tea", period="2029", value=Decimal("1.5"), unit="兆円", source="yearbook",
    retrieved_on="2030-03-01", who="A",
)  # fmt: skip


@pytest.fixture
def file(register_file: Path) -> Path:  # noqa: F811
    return observed(register_file)


def test_rows_are_read(file: Path) -> None:
    assert kpi.observations().is_empty()
    file.write_text(HEAD, encoding="utf-8")
    assert kpi.observations().is_empty()
    file.write_text(HEAD + ROW, encoding="utf-8")
    assert kpi.observations().rows() == [
        ("tea", 2030.0, False, 2.5, "yearbook", "https://example.org/a?b", "2031-02", "2031-03-04", "A")
    ]
    file.write_bytes(f"\ufeff{HEAD[:-1]},\r\n,,\r\n tea ,2030年度,25000,億円,年鑑,,,2031/3/4,A,,\r\n\r\n".encode())
    assert kpi.observations().rows() == [("tea", 2030.0, True, 2.5, "年鑑", None, None, "2031-03-04", "A")]
    file.write_text(HEAD + ROW.replace("2030,2.5,兆円", "2029-07,2500000,百万円"), encoding="utf-8")
    assert kpi.observations().select("year", "value").row(0) == (2029.5, 2.5)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("coffee,2030,1,兆円,y,,,2031-01-01,A", "line 3: the register has no indicator 'coffee'; take an id"),
        ("tea,2029,,兆円,y,,,2031-01-01,A", "line 3: value is empty; fill it in"),
        ("tea,2029,much,兆円,y,,,2031-01-01,A", "line 3: value 'much' must be a number"),
        ("tea,2029,inf,兆円,y,,,2031-01-01,A", "line 3: value 'inf' must be a number that ends"),
        ("tea,2029,1e300,兆円,y,,,2031-01-01,A", "line 3: value is too large"),
        ("tea,2029,1,,y,,,2031-01-01,A", "line 3: unit is empty"),
        (
            "tea,2029,1,百万ドル,y,,,2031-01-01,A",
            "line 3: unit '百万ドル' is not that of tea, which is counted in 兆円",
        ),
        ("tea,2029,1,兆円, ,,,2031-01-01,A", "line 3: source is empty"),
        ("tea,2029,1,兆円,y,,,2031-01-01,", "line 3: who is empty"),
        ("tea,2029,1,兆円,y,,,,A", "line 3: retrieved_on is empty"),
        ("tea,2029,1,兆円,y,,,2031-02-30,A", "line 3: retrieved_on '2031-02-30' is no day"),
        ("tea,2029,1,兆円,y,ftp://x,,2031-01-01,A", "line 3: address 'ftp://x' must begin with https://"),
        ("tea,2029,1,兆円,y,,2031-02,2031-01-01,A", "line 3: published_on 2031-02 is later than retrieved_on"),
        ("tea,29,1,兆円,y,,,2031-01-01,A", "line 3: period '29' must be a year, a fiscal year or a month"),
        ("tea,2029-13,1,兆円,y,,,2031-01-01,A", "line 3: period '2029-13' must be"),
        ("tea,2029Q4,1,兆円,y,,,2031-01-01,A", "line 3: period '2029Q4' must be"),
        ("tea,2031,1,兆円,y,,,2032-01-01,A", "line 3: period 2031 is in the future of the newest edition, 2030"),
        ("tea,1944,1,兆円,y,,,2031-01-01,A", "line 3: period 1944 is before 1945"),
        ("tea,2029,1,兆円,y,,,2028-12-31,A", "line 3: period 2029 begins after the day on which it was retrieved"),
        ("tea,2029-07,1,兆円,y,,,2029-06-30,A", "line 3: period 2029-07 begins after the day"),
        ("share,2029,100.5,%,y,,,2031-01-01,A", "line 3: value 100.5 % of share is a share above 100 %"),
        ("tea,2029,-1,兆円,y,,,2031-01-01,A", "line 3: value -1 兆円 of tea is below zero"),
        ("rank,2029,0,位,y,,,2031-01-01,A", "line 3: value 0 位 of rank is no rank"),
        ("rank,2029,2.5,位,y,,,2031-01-01,A", "line 3: value 2.5 位 of rank is no rank"),
        ("\n" + ROW.strip(), "line 4: tea 2030 of 2031-02 is there twice, in line 2, too; keep one of the rows"),
        ("tea,2030,2.6,兆円,other,,2031-02,2031-03-04,A", "line 3: tea 2030 of 2031-02 is there twice, in line 2, too"),
        ("tea,2029,1,兆円,y, volume 2,,,2031-01-01,A", "line 3: there are more than 9 cells"),
        ("tea,2029,1,兆円,year\x00book,,,2031-01-01,A", "line 3: source holds the control character"),
    ],
)
def test_a_faulty_row_is_named_with_its_line(file: Path, row: str, says: str) -> None:
    file.write_text(f"{HEAD}{ROW}{row}\n", encoding="utf-8")
    with pytest.raises(TableFaulty) as fault:
        kpi.observations()
    assert f"observations.csv, {says}" in str(fault.value)
    assert "\n" not in str(fault.value)


@pytest.mark.parametrize("head", [HEAD.replace("period,value", "value,period"), "indicator_id,year,value,source,who\n"])
def test_the_columns_have_an_order(file: Path, head: str) -> None:
    file.write_text(head + ROW, encoding="utf-8")
    with pytest.raises(TableFaulty, match=r"observations\.csv, line 1: the columns must be indicator_id,period,value"):
        kpi.observations()


@pytest.mark.parametrize(
    "row",
    [
        "share,2029,100,%,y,,,2031-01-01,A",
        "tea,1945,0,兆円,y,,,2031-01-01,A",
        "tea,2030,2.6,兆円,y,,2031-03,2031-03-04,A",  # a revision
        "tea,2030年度,2.6,兆円,y,,2031-02,2031-03-04,A",  # another period
        "rank,2029,1,位,y,,,2029-01-01,A",
        "tea,2030-12,1,千万円,y,,,2030-12-01,A",
    ],
)
def test_what_is_just_within_bounds_is_taken(file: Path, row: str) -> None:
    file.write_text(f"{HEAD}{ROW}{row}\n", encoding="utf-8")
    assert len(kpi.observations()) == 2


def test_the_file_is_written_as_it_is_read(file: Path) -> None:
    rows = [
        TEA,
        replace(TEA, period="2029年度", value=Decimal("1E+3")),
        replace(TEA, period="2028-12", value=Decimal("1.50")),
        replace(TEA, retrieved_on="2031-01-01", value=Decimal("1.6")),
        replace(TEA, indicator_id="rank", unit="位", value=Decimal(3), source='a "b", c'),
    ]
    file.write_text(added_values.text(rows), encoding="utf-8")
    assert file.read_text(encoding="utf-8").splitlines()[1:] == [
        'rank,2029,3,位,"a ""b"", c",,,2030-03-01,A',
        "tea,2028-12,1.50,兆円,yearbook,,,2030-03-01,A",
        "tea,2029,1.5,兆円,yearbook,,,2030-03-01,A",
        "tea,2029,1.6,兆円,yearbook,,,2031-01-01,A",
        "tea,2029年度,1000,兆円,yearbook,,,2030-03-01,A",
    ]
    assert added_values.text(added_values.kept()) == added_values.text(rows)


@pytest.mark.parametrize(
    ("row", "known"),
    [
        ({}, True),
        ({"value": Decimal(15000), "unit": "億円", "source": "almanac"}, True),  # the same value
        ({"value": Decimal(16)}, False),
        ({"period": "2028"}, False),
        ({"retrieved_on": "2030-05-01"}, True),  # looked up again
        ({"retrieved_on": "2029-05-01"}, True),  # an older file, which says the same
        ({"value": Decimal("1.7"), "retrieved_on": "2030-07-01"}, True),  # as the revision of June
        ({"retrieved_on": "2030-07-01"}, False),  # the revision is taken back
    ],
)
def test_what_says_nothing_new(row: dict[str, object], known: bool) -> None:
    revised = replace(TEA, value=Decimal("1.7"), retrieved_on="2030-06-01")
    assert added_values.is_known(replace(TEA, **row), [revised, TEA]) is known


@pytest.mark.parametrize(
    ("value", "unit", "says"),
    [
        ("1.5", "兆円", None),
        ("0.31", "兆円", None),
        ("7.4", "兆円", None),
        ("0", "兆円", None),
        ("0.3", "兆円", "tea 2029: 0.3 兆円 is 1/5 of the 1.5 兆円 known of FY2028"),
        ("1500000", "億円", "tea 2029: 1500000 億円 is 100 times the 1.5 兆円 known of FY2028"),  # of 百万円
        ("1500", "百万円", "tea 2029: 1500 百万円 is 1/1,000 of the 1.5 兆円 known of FY2028"),
    ],
)
def test_a_wrong_multiple_shows(value: str, unit: str, says: str | None) -> None:
    known = points("tea", ("observation", 2012.0, 150.0), ("baseline", 2028.0, 1.5), ("target", 2029.0, 150.0),
                   fiscal=[False, True, False])  # fmt: skip
    row = replace(TEA, value=Decimal(value), unit=unit)
    assert added_values.out_of_size(row, known) == says
    assert added_values.out_of_size(row, points("rank", ("observation", 2028.0, 1.5))) is None
