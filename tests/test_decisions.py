"""People's decisions about links: what is accepted, and what stops a run."""

import polars as pl
import pytest

from analysis import decisions
from analysis.errors import TableFaulty

HEAD = "from_id,to_id,decision,relation,who,when,why\n"
GOOD = "a,b,confirm,same,K. Tanaka,2026-11-20,same programme\nc,b,reject,,K. Tanaka,2026-11-20,other object\n"
MEASURES = pl.DataFrame({"measure_id": ["a", "b", "c"], "edition": [2030, 2031, 2030], "part": ["body"] * 3})


@pytest.fixture
def curated(tmp_path, monkeypatch):
    monkeypatch.setenv("IP_PLAN_ROOT", str(tmp_path))
    (tmp_path / "data/curated").mkdir(parents=True)
    return tmp_path / "data/curated/links.csv"


def test_sound_decisions_are_read(curated):
    curated.write_text(HEAD + GOOD)
    assert decisions.table(MEASURES)["decision"].to_list() == ["confirm", "reject"]


def test_no_decisions_are_none(curated):
    curated.write_text(HEAD)
    assert decisions.table(MEASURES).is_empty()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("a,gone,confirm,same,me,2026-11-20,why\n", "line 4: there is no measure gone any more"),
        ("a,c,perhaps,,me,2026-11-20,why\n", "line 4: decision 'perhaps' does not exist"),
        ("a,c,confirm,,me,2026-11-20,why\n", "line 4: a confirmed pair needs the relation"),
        ("a,c,reject,same,me,2026-11-20,why\n", "line 4: a confirmed pair needs the relation"),
        ("a,c,reject,,,2026-11-20,why\n", "line 4: who is empty"),
        ("a,b,reject,,me,2026-11-20,why\n", "line 4: a and b are decided twice"),
    ],
)
def test_a_faulty_decision_stops_with_its_line(curated, row, says):
    curated.write_text(HEAD + GOOD + row)
    with pytest.raises(TableFaulty, match=says):
        decisions.table(MEASURES)


def test_a_missing_table_is_named(curated):
    with pytest.raises(TableFaulty, match=r"links\.csv cannot be read"):
        decisions.table(MEASURES)
