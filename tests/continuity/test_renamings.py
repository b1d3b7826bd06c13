"""Renamings: what is accepted, and what they do to a name."""

import pytest

from analysis.base.errors import TableFaulty
from analysis.continuity import renamings

HEAD = "old,new,kind,since,source\n"


@pytest.fixture
def curated(curated):
    return curated / "renamings.csv"


def test_the_committed_table_is_sound():
    found = renamings.table()
    assert len(found) > 20
    assert set(found["old"]) & set(found["new"]) <= {"中小受託取引適正化法"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("大学発ベンチャー", "大学発スタートアップ"),
        ("下請法", "中小受託取引適正化法"),
        ("下請取引", "受託取引"),
        ("灯台", "灯台"),
    ],
)
def test_names_are_written_as_later_plans_do(old, new):
    assert renamings.meanings()(old, 2019) == new
    assert renamings.meanings()(new, 2026) == new


def test_an_old_name_of_a_new_thing_is_told_apart():
    old, new = (renamings.meanings()("クールジャパン戦略", year) for year in (2019, 2024))
    assert old != new == "クールジャパン戦略"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("灯台,,renamed,2020,法\n", "without old, new or kind"),
        ("灯台,燈台,moved,2020,法\n", "kind 'moved'"),
        ("灯台,燈台,renamed,,法\n", "no year or source"),
        ("灯台,燈台,spelling,,\n灯台,明台,spelling,,\n", "twice"),
        ("灯台,燈台,renamed,soon,法\n", "cannot be read"),
    ],
)
def test_a_faulty_row_stops(curated, row, says):
    curated.write_text(HEAD + row)
    with pytest.raises(TableFaulty, match=says):
        renamings.table()
