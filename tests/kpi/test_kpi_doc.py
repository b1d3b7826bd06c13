"""docs/kpi.md: its tables and maps give what it says."""

import re
from pathlib import Path
from textwrap import dedent

import pytest
from conftest import REPO

from analysis.kpi import added_values, statistics, table_maps

BLOCKS = [
    (kind, dedent(text))
    for kind, text in re.findall(r"^ *```(csv|toml)\n(.*?)^ *```$", (REPO / "docs/kpi.md").read_text(encoding="utf-8"),
                                 re.DOTALL | re.MULTILINE)
]  # fmt: skip
TABLES = [text for kind, text in BLOCKS if kind == "csv"]
MAPS = [text for kind, text in BLOCKS if kind == "toml"]


@pytest.mark.parametrize(
    ("number", "values"),
    [
        (0, {"F6": ("food_exports", "2024", 1.512345), "F7": ("food_exports", "2023", 1.434567)}),
        (1, {"B5": ("visitors_spending", "2023", 5.2345), "D5": ("visitors_spending", "2024", 8.0123)}),
    ],
)
def test_the_tables_are_read_by_their_maps(
    tmp_path: Path, number: int, values: dict[str, tuple[str, str, float]]
) -> None:
    file = tmp_path / "map.toml"
    file.write_text(MAPS[number], encoding="utf-8")
    grid = statistics.grid(TABLES[number].encode("cp932"), "x")
    rows = table_maps.mapped(grid, table_maps.read(file), "x", {"who": "A"}).rows
    assert {place: (*row.key, row.amount) for place, row in rows.items()} == values
    assert [added_values.fault_of(row) for row in rows.values()] == [None, None]
    first = table_maps.proposed(grid, "exports.csv", "", "2026-11-30")  # what it is said to see by itself
    seen = [
        line.split("  #")[0] for line in MAPS[number].splitlines() if line.startswith(("head", "value", "rows", "unit"))
    ]
    assert [line for line in seen if line not in first] == []


def test_the_pasted_rows_need_no_map() -> None:
    grid = statistics.grid(TABLES[2].encode(), "x")
    assert table_maps.is_own(grid)
    (row,) = table_maps.own(grid, "x", {}).rows.values()
    assert (row.amount, row.who, added_values.fault_of(row)) == (1.5123, "Your name", None)
