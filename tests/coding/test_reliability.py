"""Reliability: the textbook's example, figures by hand, and what the committed table says of the committed codings."""

import csv
from itertools import product

import krippendorff
import numpy as np
import polars as pl
import pytest
from sklearn.metrics import cohen_kappa_score, f1_score

from analysis.base.errors import TableFaulty
from analysis.coding import codebooks, codings, record, reliability
from analysis.tables import store

# Krippendorff 2011, Computing Krippendorff's alpha-reliability, section C: four observers, twelve units, gaps
TEXTBOOK = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
BOOK = """
codebook_id = "{name}"
version = "1"
title = "Invented"
unit = "{unit}"
rules = []
{more}
"""
COLOURS = """
[[variable]]
variable_id = "colour"
question = "Which?"
[[variable.category]]
category_id = "red"
name_en = "red"
name_ja = "赤"
definition = "red"
{below}
[[variable.category]]
category_id = "blue"
name_en = "blue"
name_ja = "青"
definition = "blue"
[[variable]]
variable_id = "shade"
question = "Below?"
{shade}
"""
TIES = """
[[variable]]
variable_id = "tie"
question = "What is it?"
""" + "".join(
    f"""
[[variable.category]]
category_id = "{name}"
name_en = "{name}"
name_ja = "{name}"
definition = "{name}"
absent = {absent}
"""
    for name, absent in (("kept", "false"), ("changed", "false"), ("akin", "true"), ("nothing", "true"))
)


def textbook() -> np.ndarray:
    rows = [line.split() for line in TEXTBOOK.strip().splitlines()]
    return np.array([[-1 if cell == "." else int(cell) for cell in row] for row in rows]).T


def measures(*ids: str) -> pl.DataFrame:
    return pl.DataFrame({"measure_id": list(ids)}, schema={"measure_id": pl.String})


def said(rows: dict[str, str]) -> pl.DataFrame:
    """What coders a, b, … say of each unit, a word each; – for nothing."""
    table = [
        {"unit_id": unit, "against": "none", "unit": unit, "coder": "abcdef"[place], "value": value}
        for unit, values in rows.items()
        for place, value in enumerate(values.split())
        if value != "–"
    ]
    return pl.DataFrame(table)


def figures(rows: dict[str, str]) -> dict[str, object]:
    return reliability.figures(said(rows), said(rows))


@pytest.fixture
def workspace(curated, monkeypatch):
    """An empty workspace with a function that records codings: packet, coder, edition, against, rows."""
    (curated / "codebooks").mkdir(exist_ok=True)
    (curated / "codings").mkdir()

    def add(book, packet, coder, edition, against, rows, kind="language model", role="coder"):
        known = record.PacketRecord(
            packet_id=packet, codebook=book.codebook_id, version=book.version, role=role, coder=coder, kind=kind,
            date="2030-01-01", edition=edition, against=against,
        )  # fmt: skip
        names = record.columns(book)
        record.add(book, known, [dict.fromkeys(names, "") | {"packet_id": packet} | row for row in rows])

    return curated, add


def book(folder, name, unit, more):
    (folder / "codebooks" / f"{name}.toml").write_text(BOOK.format(name=name, unit=unit, more=more), encoding="utf-8")
    return codebooks.codebook(name)


# --- figures --------------------------------------------------------------------------------------------------------


def test_alpha_of_the_textbook_with_missing_values():
    assert round(reliability.alpha(textbook()), 3) == 0.743  # as the textbook has it


def test_kappa_by_hand():
    # 4 of 5 alike; by chance 3/5·2/5 + 2/5·3/5 = 12/25
    codes = np.array([[0, 0], [0, 0], [0, 1], [1, 1], [1, 1]])
    assert reliability.kappa(codes) == pytest.approx((4 / 5 - 12 / 25) / (1 - 12 / 25))
    three = np.column_stack([codes, [0, 0, 0, 1, -1]])
    pairs = [cohen_kappa_score(codes[:, 0], codes[:, 1]), 1.0, cohen_kappa_score([0, 0, 1, 1], [0, 0, 0, 1])]
    assert reliability.kappa(three) == pytest.approx(np.mean(pairs))


def test_where_nobody_could_differ_nothing_is_known():
    alike = figures({"1": "x x", "2": "x x"})
    assert alike["agreement"] == alike["base_rate"] == 1
    assert alike["alpha"] is alike["kappa"] is alike["alpha_low"] is None
    alone = figures({"1": "x", "2": "y"})
    assert (alone["units"], alone["by_two"], alone["coders"]) == (2, 0, 1)
    assert {alone.get(name) for name in ("agreement", "alpha", "kappa", "f1", "base_rate", "most_frequent")} == {None}


def test_the_base_rate_is_what_the_most_frequent_value_reaches():
    rows = {"1": "x x", "2": "x x", "3": "x y", "4": "y y", "5": "x x", "6": "z –"}  # z is said by one alone
    found = figures(rows)
    assert (found["most_frequent"], found["base_rate"], found["agreement"]) == ("x", 0.7, 0.8)
    # a coder who always says it: as often right, and no better than chance
    constant = figures({unit: f"{values.split()[0]} x" for unit, values in list(rows.items())[:5]})
    assert (constant["agreement"], constant["kappa"]) == (0.8, 0)
    assert constant["alpha"] == pytest.approx(0, abs=0.05)


def test_resampled_figures_are_those_of_the_libraries():
    """The figures are counted anew for a thousand samples in one go: with each unit once they are the libraries'."""
    random = np.random.default_rng(1)
    for coders, values in product((2, 3, 4), (2, 5)):
        codes = random.integers(-1, values, (60, coders))
        parts = reliability._parts(codes, values, None)
        total = {name: part.sum(axis=0)[None] for name, part in parts.items()}
        data = np.where(codes < 0, np.nan, codes).T
        known = krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")
        assert reliability._alpha(total)[0] == pytest.approx(known) == pytest.approx(reliability.alpha(codes))
        assert reliability._kappa(total)[0] == pytest.approx(reliability.kappa(codes))


def test_intervals_hold_the_value_narrow_with_more_units_and_hang_on_the_seed_alone():
    rows = {str(n): "x x" if n % 3 else "y y" if n % 2 else "x y" for n in range(30)}
    few = figures(rows)
    more = figures({f"{n}{copy}": values for n, values in rows.items() for copy in range(20)})
    for name in ("agreement", "alpha", "kappa"):
        assert few[f"{name}_low"] < few[name] < few[f"{name}_high"]
        assert more[f"{name}_high"] - more[f"{name}_low"] < 0.5 * (few[f"{name}_high"] - few[f"{name}_low"])
    assert figures(rows) == few
    assert reliability.figures(said(rows), said(rows), seed=1) != few


def test_a_measure_is_drawn_whole():
    """What is said of a measure against several editions is no independent news."""
    units = [(f"{n % 4}", f"{n // 4}", f"{n % 4} {n // 4}") for n in range(40)]
    values = {"0": "xx", "1": "yy", "2": "xy", "3": "xx"}
    table = pl.DataFrame([
        {"unit_id": unit, "against": against, "unit": key, "coder": coder, "value": values[unit][place]}
        for unit, against, key in units
        for place, coder in enumerate("ab")
    ])  # fmt: skip
    found = reliability.figures(table, table)
    assert found["units"] == 40
    assert found["agreement_high"] - found["agreement_low"] > 0.5  # of four measures, not of forty cases


# --- codebooks of a researcher's own --------------------------------------------------------------------------------


def test_pairs_statuses_and_links_by_hand(workspace):
    folder, add = workspace
    ties = book(folder, "ties", "pair", TIES)
    first = [("m1", "n1", "kept"), ("m1", "n2", "changed"), ("m2", "n1", "changed"), ("m3", "n3", "akin"),
             ("m4", "", "nothing")]  # fmt: skip
    second = [("m1", "n1", "changed"), ("m2", "n1", "changed"), ("m3", "n3", "kept"), ("m4", "", "nothing")]
    for packet, coder, rows in (("p1", "a", first), ("p2", "b", second)):
        add(ties, packet, coder, "2030", "2031", [{"unit_id": u, "to_id": t, "tie": k} for u, t, k in rows])
    add(ties, "p3", "c", "2030", "2031", [{"unit_id": "m1", "to_id": "n1", "tie": "akin"}], role="adjudicator")
    add(ties, "p4", "a", "2030", "2032", [{"unit_id": "m1", "to_id": "o1", "tie": "kept"}])  # by one alone
    found = reliability.table(measures("m1", "m2", "m3", "m4"))
    assert store.settled("reliability", found).height == found.height
    rows = {(row["variable"], row["edition_id"], row["against"]): row for row in found.iter_rows(named=True)}
    assert set(rows) == set(product(("status", "tie"), ("2030", "all"), ("2031", "2032", "all")))
    status, pairs = rows["status", "2030", "2031"], rows["tie", "2030", "2031"]
    # kept/changed, changed/changed, none/kept, none/none
    assert (status["units"], status["by_two"], status["agreement"], status["f1"]) == (4, 4, 0.5, None)
    assert status["kappa"] == pytest.approx(cohen_kappa_score(["k", "c", "n", "n"], ["c", "c", "k", "n"]))
    # a names (1,1) (1,2) (2,1), b (1,1) (2,1) (3,3): two in common, and of these one alike
    assert (pairs["units"], pairs["by_two"], pairs["agreement"]) == (4, 2, 0.5)
    assert pairs["f1"] == pytest.approx(2 * 2 / (3 + 3)) == pytest.approx(f1_score([1, 1, 1, 0], [1, 0, 1, 1]))
    assert pairs["kind"] == "language model"
    alone = rows["tie", "2030", "2032"]
    assert (alone["units"], alone["coders"], alone["f1"]) == (1, 1, None)
    assert rows["tie", "all", "all"]["f1"] == pairs["f1"]  # what one alone coded says nothing of agreement
    assert reliability.table(measures()).is_empty()


def test_who_names_nothing_counts(workspace):
    folder, add = workspace
    ties = book(folder, "ties", "pair", TIES)
    add(ties, "p1", "a", "2030", "2031", [{"unit_id": "m1", "to_id": "n1", "tie": "kept"}])
    add(ties, "p2", "b", "2030", "2031", [{"unit_id": "m1", "tie": "nothing"}])
    pairs = (
        reliability.table(measures("m1")).filter(variable="tie", edition_id="2030", against="2031").row(0, named=True)
    )
    assert (pairs["coders"], pairs["f1"], pairs["agreement"]) == (2, 0, None)


def test_an_empty_value_is_one_where_it_may_be_empty_and_none_where_there_is_nothing_to_say(workspace):
    folder, add = workspace
    below = 'sub_categories = [' + ", ".join(
        f'{{ category_id = "{name}", name_en = "{name}", name_ja = "{name}", definition = "{name}" }}'
        for name in ("dark", "pale")
    ) + "]"  # fmt: skip
    shades = book(folder, "shades", "measure", COLOURS.format(below=below, shade='sub_categories_of = "colour"'))
    extra = book(
        folder, "extra", "measure", COLOURS.format(below="", shade='categories_of = "colour"\noptional = true')
    )
    for coder, shade in (("a", "dark"), ("b", "pale")):
        rows = [{"unit_id": "m1", "colour": "red", "shade": shade}, {"unit_id": "m2", "colour": "blue"}]
        add(shades, f"s-{coder}", coder, "2030", None, rows, kind="person")
        rows = [{"unit_id": "m1", "colour": "red", "shade": "blue"}, {"unit_id": "m2", "colour": "blue"}]
        add(extra, f"e-{coder}", coder, "2030", None, rows, kind="person" if coder == "a" else "language model")
    found = reliability.table(measures("m1", "m2")).filter(edition_id="all")
    rows = {(row["codebook"], row["variable"]): row for row in found.iter_rows(named=True)}
    assert (rows["shades", "colour"]["units"], rows["shades", "colour"]["alpha"]) == (2, 1)
    assert (rows["shades", "shade"]["units"], rows["shades", "shade"]["agreement"]) == (1, 0)
    assert (rows["extra", "shade"]["units"], rows["extra", "shade"]["alpha"]) == (2, 1)
    assert (rows["shades", "colour"]["kind"], rows["extra", "colour"]["kind"]) == ("person", "mixed")


def test_versions_of_a_codebook_are_not_mixed(workspace):
    folder, add = workspace
    ties = book(folder, "ties", "pair", TIES)
    add(ties, "p1", "a", "2030", "2031", [{"unit_id": "m1", "to_id": "n1", "tie": "kept"}])
    text = (folder / "codebooks/ties.toml").read_text(encoding="utf-8")
    (folder / "codebooks/ties.toml").write_text(text.replace('version = "1"', 'version = "2"'), encoding="utf-8")
    add(codebooks.codebook("ties"), "p2", "b", "2030", "2031", [{"unit_id": "m1", "to_id": "n1", "tie": "kept"}])
    found = reliability.table(measures("m1"))
    assert found.filter(variable="status", edition_id="2030", against="2031")["coders"].to_list() == [1, 1]
    assert set(found["version"]) == {"1", "2"}


# --- the committed codings ------------------------------------------------------------------------------------------


def test_the_committed_table_is_what_the_codings_make():
    assert store.read("reliability").equals(store.settled("reliability", reliability.table(store.read("measures"))))


def test_two_coders_of_every_edition_agree_far_beyond_the_base_rate():
    found = store.read("reliability").filter(pl.col("variable").is_in(["topic", "status"]), edition_id="all")
    whole = found.filter(pl.col("against").is_in(["all", "none"]))
    assert whole.select("codebook", "coders").sort("codebook").rows() == [("links", 2), ("topics", 2)]
    assert (whole["alpha"] > 0.8).all()
    assert (whole["agreement_low"] > whole["base_rate"]).all()


def test_a_link_is_as_sure_as_the_coders_agree():
    whole = store.read("reliability").filter(codebook="links", variable="relation", edition_id="all", against="all")
    assert round(whole["f1"].item(), 1) == codings.AGREED


def test_a_csv_of_codings_that_is_no_table_stops(workspace):
    folder, add = workspace
    ties = book(folder, "ties", "pair", TIES)
    add(ties, "p1", "a", "2030", "2031", [{"unit_id": "m1", "to_id": "n1", "tie": "kept"}])
    with record.file("ties").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(["p1", "m2", "n1", "best", "", "", ""])
    with pytest.raises(TableFaulty, match="best"):
        reliability.table(measures("m1"))


def test_a_variable_has_a_name_that_the_record_does_not_use(workspace):
    folder, _ = workspace
    for name in record.PACKET_COLUMNS:
        with pytest.raises(TableFaulty, match=f"no variable may be called {name}"):
            book(folder, "ties", "pair", TIES.replace('"tie"', f'"{name}"'))
