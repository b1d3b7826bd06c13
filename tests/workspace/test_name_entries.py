"""What `add` proposes for the register of names."""

import tomllib

import polars as pl

from analysis.tables import store
from analysis.workspace import name_entries


def mentions(*rows):
    columns = ["measure_id", "start", "characters", "name", "kind", "canonical", "basis", "by_grammar"]
    full = [(key, 0, len(name), name, kind, name, basis, True) for key, name, kind, basis in rows]
    return pl.DataFrame(full, schema=columns, orient="row").match_to_schema(store.empty("mentions").schema)


def test_names_that_the_register_lacks_are_entries_for_it():
    lines = name_entries.summary(
        mentions(
            ("2031-0001", "窯業法", "law", "pattern"),
            ("2031-0002", "陶器産業審議会", "council", "pattern"),
            ("2031-0003", "陶器産業審議会", "council", "pattern"),
            ("2031-0003", "うつわサーチ", "system", "register"),
        )
    )
    assert lines[0].endswith("1 things of the register (data/curated/mentions.toml), 2 that it does not have")
    names = tomllib.loads("\n".join(line for line in lines if not line.startswith(("names", "  "))))["name"]
    assert [(entry["name"], entry["kind"]) for entry in names] == [("陶器産業審議会", "council"), ("窯業法", "law")]
    assert "# 2 measures, first 2031-0002" in "\n".join(lines)


def test_of_many_names_the_rest_is_counted():
    rows = [(f"2031-{n:04}", f"窯業法{n}", "law", "pattern") for n in range(name_entries.ENTRIES + 3)]
    assert name_entries.summary(mentions(*rows))[-1].startswith("  … and 3 more")
    assert len(name_entries.summary(mentions())) == 1
