"""People's decisions about links: what is accepted and what stops a run, and that none is ever lost or half written."""

import os
import subprocess
import sys
import unicodedata
from datetime import date
from pathlib import Path

import filelock
import polars as pl
import pytest
from conftest import REPO
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.base.errors import AlreadyRunning, CannotWrite, TableFaulty, UsageFault
from analysis.coding import decisions

HEAD = "from_id,to_id,decision,relation,who,when,why\n"
GOOD = "a,b,confirm,same,K. Tanaka,2026-11-20,same programme\nc,b,reject,,K. Tanaka,2026-11-20,other object\n"
MEASURES = pl.DataFrame({"measure_id": ["a", "b", "c"], "edition": [2030, 2031, 2030], "part": ["body"] * 3})


@pytest.fixture
def curated(curated: Path) -> Path:
    file = curated / "links.csv"
    file.write_text(HEAD, encoding="utf-8")
    return file


def decide(*given: object, who: str = "K. Tanaka", why: str = "other object", **more: object) -> pl.DataFrame:
    return decisions.decide(*given, who=who, why=why, measures=MEASURES, **more)


# --- what is read -----------------------------------------------------------------------------------------------


def test_sound_decisions_are_read(curated):
    curated.write_text(HEAD + GOOD)
    assert decisions.table(MEASURES)["decision"].to_list() == ["confirm", "reject"]


def test_the_order_of_rows_in_the_file_changes_nothing(curated):
    curated.write_text(HEAD + GOOD)
    before = decisions.table(MEASURES)
    curated.write_text(HEAD + "".join(reversed(GOOD.splitlines(keepends=True))))
    assert decisions.table(MEASURES).equals(before)


def test_no_decisions_are_none(curated):
    assert decisions.table(MEASURES).is_empty()
    assert decisions.table(MEASURES).schema == decisions.COLUMNS


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("a,gone,confirm,same,me,2026-11-20,why\n", "line 4: there is no measure gone any more"),
        ("a,b,perhaps,,me,2026-11-20,why\n", "line 4: decision 'perhaps' does not exist"),
        ("a,b,confirm,,me,2026-11-20,why\n", "line 4: a confirmed pair needs the relation"),
        ("a,b,reject,same,me,2026-11-20,why\n", "line 4: a confirmed pair needs the relation"),
        ("a,b,reject,akin,me,2026-11-20,why\n", "line 4: a confirmed pair needs the relation"),
        ("a,b,reject,,,2026-11-20,why\n", "line 4: who is empty"),
        ("a,b,reject\n", "line 4: who is empty"),
        ("a,b,reject,,me,20 November,why\n", "line 4: when '20 November' is no day; write it like 2026-11-20"),
        ("a,b,reject,,me,2026-02-30,why\n", "line 4: when '2026-02-30' is no day"),
        ("a,b,reject,,me,2026-11-20,=HYPERLINK(1)\n", "line 4: why begins with '=', which a spreadsheet"),
        ("b,a,reject,,me,2026-11-20,why\n", r"line 4: b \(2031\) is no earlier than a \(2030\)"),
        ("a,c,reject,,me,2026-11-20,why\n", r"line 4: a \(2030\) is no earlier than c \(2030\)"),
        ("a,b,reject,,me,2026-11-20,why\n", "line 4: a, b is there twice, in line 2, too; keep one of the rows"),
        ("a,b,reject,,me,2026-11-20,why, oh why\n", "line 4: there are more than 7 cells; quote texts with commas"),
        ('a,b,reject,,me,2026-11-20,"why\n', "line 4: unexpected end of data; mend the quotes"),
    ],
)
def test_a_faulty_decision_stops_with_its_line(curated, row, says):
    curated.write_text(HEAD + GOOD + row)
    with pytest.raises(TableFaulty, match=says) as caught:
        decisions.table(MEASURES)
    assert "\n" not in str(caught.value)


def test_a_line_is_counted_where_a_cell_has_several(curated):
    curated.write_text(HEAD + 'a,b,reject,,me,2026-11-20,"one\ntwo"\n\nc,gone,reject,,me,2026-11-20,why\n')
    with pytest.raises(TableFaulty, match="line 5: there is no measure gone"):
        decisions.table(MEASURES)


def test_a_missing_table_is_named(curated):
    curated.unlink()
    with pytest.raises(TableFaulty, match=r"links\.csv cannot be read"):
        decisions.table(MEASURES)


# --- what a spreadsheet makes of the file ------------------------------------------------------------------------

PLAIN = HEAD + 'a,b,confirm,same,田中,2026-01-09,"同じ事業, 改称"\n'
SPREADSHEETS = {
    "byte order mark": "\ufeff" + PLAIN,
    "carriage returns": PLAIN.replace("\n", "\r\n"),
    "old carriage returns": PLAIN.replace("\n", "\r"),
    "every cell quoted": PLAIN.replace("同じ事業, 改称", "x").replace('"', "").replace(",", '","')
    .replace("\n", '"\n"').removesuffix('"').replace("from_id", '"from_id', 1).replace("x", "同じ事業, 改称"),
    "blank lines": PLAIN.replace("\n", "\n\n") + "\n\n",
    "rows of empty cells": PLAIN + ",,,,,,\n,,,,,,\n",
    "empty columns": PLAIN.replace("\n", ",,\n"),
    "spaces": PLAIN.replace(",same,", " , same ,"),
    "day with slashes": PLAIN.replace("2026-01-09", "2026/1/9"),
    "no line end": PLAIN.removesuffix("\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", SPREADSHEETS)
def test_a_file_saved_by_a_spreadsheet_is_read_and_written_plainly(curated, name):
    curated.write_bytes(SPREADSHEETS[name].encode())
    row = ("a", "b", "confirm", "same", "田中", "2026-01-09", "同じ事業, 改称")
    assert decisions.table(MEASURES).rows() == [row]
    decide("c", "b", "reject", when="2026-01-10")
    assert curated.read_bytes().startswith(HEAD.encode() + b"a,b,confirm,same,")
    assert b"\r" not in curated.read_bytes()
    assert decisions.table(MEASURES).rows()[0] == row


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (PLAIN.encode("cp932"), r"line 2: not UTF-8, it looks like Shift_JIS \(cp932\); save it as CSV UTF-8"),
        (PLAIN.encode("utf-16"), "line 1: not UTF-8, it looks like UTF-16; save it"),
        (PLAIN.replace(",", ";").encode(), "line 1: the columns must be from_id,to_id,decision"),
        (PLAIN.replace("from_id,to_id", "to_id,from_id").encode(), "the columns must be"),
        (b"", "the columns must be"),
        (PLAIN.replace("田中", "田\0中").encode(), r"control character|NUL"),
    ],
)
def test_a_file_that_is_no_such_table_is_one_clear_line(curated, content, says):
    curated.write_bytes(content)
    with pytest.raises(TableFaulty, match=says) as caught:
        decisions.table(MEASURES)
    assert "\n" not in str(caught.value)


# --- deciding ----------------------------------------------------------------------------------------------------


def test_a_decision_is_written_sorted_and_read_again(curated):
    decide("c", "b", "reject", when="2026-11-20")
    made = decide("a", "b", "confirm", "same", why="same programme", when=date(2026, 11, 20))
    assert curated.read_text(encoding="utf-8") == HEAD + GOOD
    assert made.drop("replaces").equals(decisions.table(MEASURES).head(1))
    assert made["replaces"].to_list() == [None]
    assert decide("a", "b", "reject")["when"].to_list() == [date.today().isoformat()]


def test_a_later_decision_replaces_the_earlier_one_and_says_so(curated):
    decide("a", "b", "confirm", "same", when="2026-11-20")
    made = decide("a", "b", "reject", who="M. Sato", why="read again")
    assert made["replaces"].to_list() == ["confirm same K. Tanaka 2026-11-20 other object"]
    assert decisions.table(MEASURES).select("decision", "relation", "who").rows() == [("reject", None, "M. Sato")]


def test_a_decision_is_taken_back_even_where_its_measure_is_gone(curated):
    curated.write_text(HEAD + GOOD + "c,gone,reject,,me,2026-11-20,why\n")
    assert decisions.withdraw("c", "gone")["why"].to_list() == ["why"]
    assert curated.read_text() == HEAD + GOOD
    with pytest.raises(UsageFault, match="there is no decision about c and gone"):
        decisions.withdraw("c", "gone")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"from_id": "gone"}, "there is no measure gone"),
        ({"from_id": "b", "to_id": "a"}, "put the earlier one first"),
        ({"from_id": ""}, "from_id is empty"),
        ({"decision": "maybe"}, "choose confirm or reject"),
        ({"relation": "same"}, "a rejected one has none"),
        ({"decision": "confirm"}, "needs the relation same or successor"),
        ({"decision": "confirm", "relation": "akin"}, "needs the relation same or successor"),
        ({"who": " "}, "who is empty"),
        ({"why": "\n"}, "why is empty"),
        ({"who": "@me"}, "who begins with '@'"),
        ({"why": "＝１＋１"}, "why begins with '＝'"),
        ({"why": "bell \a"}, "why holds the control character"),
        ({"why": "\ud800"}, "why holds the control character"),
        ({"why": "x" * 2001}, "why is longer than 2000 characters"),
        ({"when": "yesterday"}, "when 'yesterday' is no day"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_written(curated, given, says):
    before = curated.read_bytes()
    with pytest.raises(UsageFault, match=says):
        decide(**({"from_id": "a", "to_id": "b", "decision": "reject"} | given))
    assert curated.read_bytes() == before


@given(st.text(max_size=60), st.text(alphabet="=+-@'\"\n\r\t,;| a木\u2028\ufeff😀", max_size=30))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_someone_writes_comes_back_or_is_refused(curated, who, why):
    decide("c", "b", "reject", who="first", why="stays")
    if refused(tidy(who)) or refused(tidy(why)):
        with pytest.raises(UsageFault):
            decide("a", "b", "reject", who=who, why=why)
        return
    decide("a", "b", "reject", who=who, why=why)
    rows = decisions.table(MEASURES).select("who", "why").rows()
    assert rows == [(tidy(who), tidy(why)), ("first", "stays")]
    text = curated.read_bytes()
    assert decide("a", "b", "reject", who=who, why=why).height == 1  # a second time gives the same file
    assert curated.read_bytes() == text


def tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def refused(text: str) -> bool:
    """Nothing, a formula, or a character that no table can keep."""
    formula = unicodedata.normalize("NFKC", text[:1])[:1] in set("=+-@")
    return not text or formula or any(unicodedata.category(char) in ("Cc", "Cs") for char in set(text) - set("\n\t"))


# --- writing -----------------------------------------------------------------------------------------------------


def test_a_write_that_fails_leaves_the_file_whole(curated, monkeypatch):
    curated.write_text(HEAD + GOOD)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for name in ("replace", "fsync"):
        with monkeypatch.context() as patch:
            patch.setattr(f"analysis.base.files.os.{name}", full)
            with pytest.raises(CannotWrite, match=r"cannot write .*links\.csv \(No space left on device\)"):
                decide("c", "b", "confirm", "successor")
        assert curated.read_text() == HEAD + GOOD
        assert os.listdir(curated.parent) == ["links.csv"]


def test_a_folder_that_cannot_be_written_is_one_clear_line(curated, monkeypatch):
    def refused(**_: object) -> None:  # permissions do not stop root
        raise PermissionError(13, "Permission denied", "links.csv-part")

    with monkeypatch.context() as patch:
        patch.setattr("analysis.base.files.tempfile.mkstemp", refused)
        with pytest.raises(CannotWrite, match=r"cannot write .*/links\.csv .*make the folder writable") as caught:
            decide("a", "b", "reject")
    assert "\n" not in str(caught.value)
    assert curated.read_text() == HEAD
    (curated.parents[2] / "reports/.decisions.lock").unlink(missing_ok=True)
    (curated.parents[2] / "reports").rmdir()
    (curated.parents[2] / "reports").write_text("in the way")
    with pytest.raises(CannotWrite, match=r"cannot write .*reports"):
        decide("a", "b", "reject")


def test_a_broken_file_is_not_written_over(curated):
    curated.write_bytes(PLAIN.encode("cp932"))
    with pytest.raises(TableFaulty, match="not UTF-8"):
        decide("c", "b", "reject")
    assert curated.read_bytes() == PLAIN.encode("cp932")


def test_who_waits_too_long_is_told(curated, monkeypatch):
    monkeypatch.setattr(decisions, "PATIENCE", 0.05)
    (curated.parents[2] / "reports").mkdir()
    with (
        filelock.FileLock(curated.parents[2] / "reports/.decisions.lock"),
        pytest.raises(AlreadyRunning, match="try again in a moment"),
    ):
        decide("a", "b", "reject")
    assert curated.read_text() == HEAD


MANY = """
import sys
import polars as pl
from analysis.coding import decisions
ids = [f"{side}{n:02}" for side in "ab" for n in range(60)]
years = [2030] * 60 + [2031] * 60
measures = pl.DataFrame({"measure_id": ids, "edition": years, "part": ["body"] * 120})
print("ready", flush=True)
sys.stdin.readline()
for n in range(int(sys.argv[1]), 60, 3):
    decisions.decide(f"a{n:02}", f"b{n:02}", "reject", who=sys.argv[1], why="read", measures=measures)
"""


def test_people_who_decide_at_once_lose_nothing(curated):
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", MANY, str(n)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"PYTHONPATH": str(REPO)},
        )
        for n in range(3)
    ]  # fmt: skip
    for worker in workers:
        worker.stdout.readline()
    for worker in workers:
        worker.stdin.write("\n")
        worker.stdin.flush()
    assert [worker.communicate(timeout=60) and worker.returncode for worker in workers] == [0, 0, 0]
    rows = curated.read_text().splitlines()[1:]
    assert [row.split(",")[0] for row in rows] == [f"a{n:02}" for n in range(60)]
