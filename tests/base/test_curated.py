"""What people keep is read in exactly the types that are meant, or one line names file, entry, field and remedy."""

from dataclasses import dataclass
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
