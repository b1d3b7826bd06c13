"""What can be checked: codings hold, rules fill the rest, and how far they agree is said apart for what they saw."""

import polars as pl
import pytest

from analysis.coding import checkability, settled
from analysis.extraction import act_words, commitments
from analysis.tables import store
from analysis.tables.categories import ACTS

TEXTS = {
    "2031-0010": "陶工の名簿を作成し、2033年度末までに公表する。",
    "2031-0020": "陶器づくりの振興を図る。",
    "2032-0010": "釉薬の効果を検証する。",
}


@pytest.fixture
def facts():
    return commitments.table([(key, text, int(key[:4])) for key, text in TEXTS.items()])


@pytest.fixture
def measures():
    return pl.DataFrame({"measure_id": list(TEXTS), "edition": [2031, 2031, 2032], "part": ["body"] * 3})


def mentions(facts: pl.DataFrame, kind: str = "event") -> pl.DataFrame:
    return facts.head(1).select("measure_id", kind=pl.lit(kind))


@pytest.mark.parametrize("kind", ["law", "treaty", "guideline", "event"])
def test_the_instrument_follows_from_the_act_and_from_what_is_named(facts, kind):
    rows = checkability.table(facts, mentions(facts, kind))
    assert rows["instrument"].to_list() == ["organisation" if kind == "event" else "authority", "none", "organisation"]
    assert set(checkability.INSTRUMENT_OF_ACT) == set(ACTS)
    every = facts.head(1).join(pl.DataFrame({"act": ACTS}), how="cross", suffix="_all").with_columns(act="act_all")
    found = every.select(instrument=checkability.instrument(mentions(facts).clear()))["instrument"]
    assert dict(zip(ACTS, found, strict=True)) == checkability.INSTRUMENT_OF_ACT


@pytest.fixture(autouse=True)
def codings(monkeypatch):
    """Two coded measures: of the first coders say that it names no thing, of the last another act."""
    rows = [
        ("2031-0010", "do", "not_named", "named", "not_named", "agreed"),
        ("2031-0020", None, "not_named", "not_named", "not_named", "open"),
        ("2032-0010", "do", "named", "not_named", "not_named", "adjudicated"),
    ]
    columns = ["unit_id", *checkability.VARIABLES, "basis"]
    frame = pl.DataFrame(rows, schema=columns, orient="row").with_columns(text_hash=pl.lit("0" * 16))
    monkeypatch.setattr(settled, "measures", lambda book: frame)


def test_codings_hold_and_rules_fill_the_rest(facts):
    first, second, last = store.check("checkability", checkability.table(facts, mentions(facts))).to_dicts()
    assert (first["act"], first["output"], first["date"], first["basis"]) == ("do", False, True, "agreed")
    assert first["output_words"] == []  # the rules' word for what is none to the coders
    assert first["date_words"] == ["2033年度末までに"]
    assert (second["act"], second["basis"]) == ("promote", "rules")  # coders differ, nobody has decided
    assert (last["act"], last["output"], last["act_words"]) == ("do", True, [])  # the rules' words say study
    assert last["basis"] == "adjudicated"


def test_without_codings_all_is_what_the_rules_see(facts):
    rows = checkability.table(facts, mentions(facts), use_codings=False)
    assert rows["basis"].unique().to_list() == ["rules"]
    assert rows["act"].to_list() == ["do", "promote", "study"]
    assert rows.row(0, named=True)["output_words"][0] == "名簿"


def test_what_the_rules_were_written_on_is_no_quality(facts, measures, monkeypatch):
    monkeypatch.setattr(checkability, "WRITTEN_ON", ["2031"])
    figures = dict(store.check("validity", checkability.checks(facts, measures)).iter_rows())
    assert figures["checkability_written_on_measures"] == figures["checkability_left_out_measures"] == 1
    assert figures["checkability_written_on_act_accuracy"] == 1
    assert figures["checkability_left_out_2032_act_accuracy"] == 0
    assert figures["checkability_left_out_due_accuracy"] == 1
    assert "checkability_left_out_due_kappa" not in figures  # all are alike


def test_editions_that_rules_were_written_on_are_known():
    assert set(act_words.WRITTEN_ON) <= set(store.read("measures")["edition"].cast(pl.String))


def test_every_measure_has_its_row():
    measures = store.read("measures")["measure_id"]
    table = store.read("checkability")
    assert table["measure_id"].to_list() == store.read("commitments")["measure_id"].to_list() == sorted(measures)
    words = (
        table.select(pl.col("act_words", "output_words", "date_words", "quantity_words")).unpivot()["value"].explode()
    )
    assert words.str.len_chars().max() <= 20
