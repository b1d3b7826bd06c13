"""What people keep is read in exactly the types that are meant, or one line names file, entry, field and remedy."""

import os
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

import pytest

from analysis.base import curated
from analysis.base.errors import TableFaulty

FILE = Path("lamps.toml")


@curated.exact
@dataclass(frozen=True)
class Keeper:
    name: str


@dataclass(frozen=True)
class Lamp:
    name: str
    height: int
    range: float = 0.0
    colours: tuple[str, ...] = ()
    names: dict[str, list[str]] | None = None
    keeper: Keeper | None = None


def test_lists_become_tuples_and_tables_dataclasses():
    rows = [{"name": "北", "height": 3, "colours": ["白", "赤"], "range": 4, "keeper": {"name": "灯"}}]
    assert curated.entries(Lamp, rows, FILE) == [Lamp("北", 3, 4.0, ("白", "赤"), None, Keeper("灯"))]
    assert hash(curated.entry(Lamp, rows[0])) == hash(Lamp("北", 3, 4.0, ("白", "赤"), None, Keeper("灯")))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"name": "北"}, "entry 2: '北' lacks height;"),
        ({"name": "北", "height": 3, "depth": 1}, "entry 2: '北' has the unknown key depth;"),
        ({"name": "北", "height": "3"}, "entry 2: '北': height must be a whole number;"),
        ({"name": "北", "height": 3.0}, "height must be a whole number"),
        ({"name": "北", "height": True}, "height must be a whole number"),
        ({"name": 3, "height": 3}, "name must be text"),
        ({"name": "北", "height": 3, "range": "4"}, "range must be a number"),
        ({"name": "北", "height": 3, "colours": "白"}, "colours must be a list"),
        ({"name": "北", "height": 3, "colours": ["白", 3]}, "colours.1 must be text"),
        ({"name": "北", "height": 3, "names": {"en": "north"}}, "names.en must be a list"),
        ({"name": "北", "height": 3, "keeper": {"nom": "灯"}}, "keeper.name"),
        ({"name": "北", "height": 3, "keeper": {"name": "灯", "age": 3}}, "unknown key keeper.age"),
        ({"name": "北", "height": 3, "keeper": 3}, "keeper must be a table"),
        (3, "entry 2: 3 is no table"),
        ({"name": "北", "height": 1 << 20_000}, "entry 2: '北': a number is too long;"),
    ],
)
def test_an_entry_that_does_not_hold_is_named_in_one_line(row, says):
    with pytest.raises(TableFaulty) as caught:
        curated.entries(Lamp, [{"name": "南", "height": 1}, row], FILE)
    text = str(caught.value)
    assert text.startswith("lamps.toml, entry 2: ")
    assert says in text
    assert text.endswith("mend it or restore it with git")
    assert "\n" not in text


def test_what_is_no_list_of_entries_is_named():
    with pytest.raises(TableFaulty, match=r"lamps\.toml, entry 1: 'none' is no table"):
        curated.entries(Lamp, "none", FILE)


# --- tables ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Watch:
    who: str
    lamp: str | None = None
    year: curated.Year
    nights: float = 0.0
    when: curated.Day | None = None


TABLE = "who,lamp,year,nights,when\n"
SPREADSHEETS = {
    "plain": TABLE + "田中,北,2026,3.5,2026-01-09\n",
    "byte order mark": "\ufeff" + TABLE + "田中,北,2026,3.5,2026-01-09\n",
    "CR LF": (TABLE + "田中,北,2026,3.5,2026-01-09\n").replace("\n", "\r\n"),
    "CR": (TABLE + "田中,北,2026,3.5,2026-01-09\n").replace("\n", "\r"),
    "blank rows": TABLE + "\n,,,,\n   \n田中,北,2026,3.5,2026-01-09\n,,,,,,,,\n\n",
    "trailing commas": TABLE.replace("\n", ",,\n") + "田中,北,2026,3.5,2026-01-09,,,\n",
    "spaces": TABLE + " 田中 ,　北,2026 , 3.5,2026/1/9\n",
    "quotes": '"who","lamp","year","nights","when"\n"田中","北","2026","3.5","2026-01-09"',
}


@pytest.mark.parametrize("text", SPREADSHEETS.values(), ids=SPREADSHEETS)
def test_what_a_spreadsheet_adds_says_nothing(text, tmp_path):
    rows = curated.table(written(tmp_path, text), Watch)
    assert [row for _, row in rows] == [Watch(who="田中", lamp="北", year=2026, nights=3.5, when="2026-01-09")]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("南,,20266,,\n", "line 3: year 20266 is no year between 1800 and 2200; mend it or restore it with git"),
        ("南,,２０２６,,\n", "line 3: year '２０２６' must be a whole number; mend it or restore it with git"),
        ("南,,2026.5,,\n", "line 3: year '2026.5' must be a whole number; mend it or restore it with git"),
        (
            f"南,,{'9' * 1999},,\n",
            f"line 3: year {'9' * 39}… is no year between 1800 and 2200",
        ),
        ("南,,2026,many,\n", "line 3: nights 'many' must be a number; mend it or restore it with git"),
        (",北,2026,,\n", "line 3: who is empty; fill it in"),
        ("南,北\n", "line 3: year is empty; fill it in"),
        ("南,,2026,,2026-02-30\n", "line 3: when '2026-02-30' is no day; mend it or restore it with git"),
        ("南,,2026,,20260-02-03\n", "line 3: when '20260-02-03' is no day; mend it or restore it with git"),
        ("南,,2026,,,x\n", "line 3: there are more than 5 cells; quote texts with commas"),
        (
            "南,,2026,,\n\n\n南,,2026,,\n",
            "line 6: 南, nothing, 2026 is there twice, in line 3, too; keep one of the rows",
        ),
        ("南\x07,,2026,,\n", "line 3: who holds the control character '\\x07'; take it out"),
        (f"{'南' * 2001},,2026,,\n", "line 3: who is longer than 2000 characters; shorten it"),
        ('"南,,2026,,\n', "line 3: unexpected end of data; mend the quotes or restore it with git"),
        (
            "田中,南,2026,,\n".encode("cp932"),
            "line 3: not UTF-8, it looks like Shift_JIS (cp932); save it as CSV UTF-8",
        ),
    ],
)
def test_a_faulty_row_is_one_line_in_the_same_words(rows, says, tmp_path):
    head = (TABLE + "田中,北,2026,3.5,2026-01-09\n").encode()
    file = written(tmp_path, head + (rows if isinstance(rows, bytes) else rows.encode()))
    with pytest.raises(TableFaulty) as caught:
        curated.table(file, Watch, ("who", "lamp", "year"))
    assert str(caught.value).startswith(f"{file}, {says}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("head", ["", "\n", "who,lamp\n", "who;lamp;year;nights;when\n", "lamp,who,year,nights,when\n"])
def test_other_columns_are_named(head, tmp_path):
    with pytest.raises(TableFaulty, match="line 1: the columns must be who,lamp,year,nights,when; mend it"):
        curated.table(written(tmp_path, head), Watch)


def test_toml_in_another_encoding_says_so_in_the_same_words(tmp_path):
    file = tmp_path / "lamps.toml"
    file.write_bytes(b'# lamps\nname = "' + "灯台".encode("cp932") + b'"\n')
    with pytest.raises(
        TableFaulty, match=r"lamps\.toml, line 2: not UTF-8, it looks like Shift_JIS \(cp932\); save it as"
    ):
        curated.toml(file)
    file.write_bytes(b'\xef\xbb\xbfname = "x"\r\n')
    assert curated.toml(file) == {"name": "x"}


def test_a_folder_or_a_pipe_is_no_file(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    for name in ("folder.csv", "pipe.csv", "none.csv"):
        what = "it is a folder|it is a pipe or a device|No such file or directory"
        with pytest.raises(TableFaulty, match=rf"{name} cannot be read \(({what})\)"):
            curated.table(tmp_path / name, Watch)


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "watches.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


@dataclass(frozen=True)
class Tower:
    name: str
    height: int


@pytest.mark.parametrize("height", [2**63, -(2**70), 10**30])
def test_a_whole_number_that_no_table_holds_is_one_line(tmp_path, height):
    file = tmp_path / "lamps.csv"
    file.write_text(f"name,height\n灯台,{height}\n", encoding="utf-8")
    with pytest.raises(TableFaulty, match=r"lamps\.csv, line 2: height is too large a number; mend it"):
        curated.table(file, Tower)
    with pytest.raises(TypeError, match="'灯台': height is too large a number"):
        curated.entry(Tower, {"name": "灯台", "height": height})


@pytest.mark.parametrize("value", [date(2031, 1, 1), time(1, 2)])
def test_a_date_in_a_number_s_place_is_said_in_our_words(value):
    with pytest.raises(TypeError, match="'灯台': height must be a whole number"):
        curated.entry(Tower, {"name": "灯台", "height": value})
