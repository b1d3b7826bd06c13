"""Codings to take away: every value in long form, and the benchmark with both coders, what holds and the folds."""

import polars as pl
import pytest

from analysis.coding import codebooks, published, record, settled
from analysis.tables import store
from analysis.tables.export_schemas import EXPORTED

TOPICS = """
codebook_id = "topics"
version = "1"
title = "Invented"
unit = "measure"
rules = []

[[variable]]
variable_id = "topic"
question = "?"
category = [
    {category_id = "sea", name_en = "Sea", name_ja = "海", definition = "Water."},
    {category_id = "land", name_en = "Land", name_ja = "陸", definition = "Earth."},
]

[[variable]]
variable_id = "second_topic"
question = "?"
categories_of = "topic"
optional = true
"""
LINKS = """
codebook_id = "links"
version = "1"
title = "Invented"
unit = "pair"
rules = []

[[variable]]
variable_id = "relation"
question = "?"
category = [
    {category_id = "same", name_en = "Same", name_ja = "同一", definition = "Goes on."},
    {category_id = "successor", name_en = "Successor", name_ja = "後継", definition = "Taken over."},
    {category_id = "related", name_en = "Near", name_ja = "近い", definition = "Alike.", absent = true},
    {category_id = "none", name_en = "None", name_ja = "なし", definition = "Nothing.", absent = true},
]
"""
MEASURES = pl.DataFrame(
    [("2030-0001", 2030, "body"), ("2030-0002", 2030, "body"), ("2030-0003", 2030, "2030"), ("2031-0001", 2031, "body"),
     ("2031-0002", 2031, "body")],
    schema=["measure_id", "edition", "part"], orient="row",
)  # fmt: skip


@pytest.fixture
def coded(curated):
    """Two coders of topics and links, an adjudicator and a person who decided."""
    (curated / "codebooks").mkdir(exist_ok=True)
    for name, text in (("topics", TOPICS), ("links", LINKS)):
        (curated / f"codebooks/{name}.toml").write_text(text, encoding="utf-8")

    def add(book, coder, role, edition, against, *rows, kind="language model"):
        packet = f"{book}-{role}-{coder}-{edition}-{against}"
        known = record.PacketRecord(
            packet_id=packet, codebook=book, version="1", role=role, coder=coder, kind=kind, date="2031-01-01",
            model="m" if kind == "language model" else None, edition=edition, against=against,
        )  # fmt: skip
        names = record.columns(codebooks.codebook(book))
        rows = [dict.fromkeys(names, "") | {"packet_id": packet, "why": "a reason"} | row for row in rows]
        record.add(codebooks.codebook(book), known, rows)

    for coder, topic, second in (("A", "sea", "land"), ("B", "land", "")):
        rows = [{"unit_id": f"2030-000{number}", "topic": topic if number == 2 else "sea"} for number in (1, 2, 3)]
        rows[0] |= {"second_topic": second}
        rows.append({"unit_id": "2029-0001", "topic": "sea"})  # of a plan that is not there
        add("topics", coder, "coder", "2030", None, *rows)
    add("topics", "A", "coder", "2031", None, {"unit_id": "2031-0001", "topic": "sea"})  # by one alone
    add("topics", "C", "adjudicator", "2030", None, {"unit_id": "2030-0002", "topic": "land"})
    for coder, relation in (("A", "same"), ("B", "successor")):
        rows = [{"unit_id": "2030-0001", "to_id": "2031-0001", "relation": relation},
                {"unit_id": "2030-0002", "relation": "none"}]  # fmt: skip
        add("links", coder, "coder", "2030", "2031", *rows)
    pair = {"unit_id": "2030-0002", "to_id": "2031-0002", "relation": "same"}
    add("links", "K", "reviewer", None, None, pair, kind="person")


def test_every_value_is_a_row_with_its_author_and_without_reasons(coded):
    found = EXPORTED["codings"].validate(published.every_value(MEASURES), cast=True)
    assert "why" not in found.columns
    of_topics = found.filter(codebook="topics")
    assert of_topics.select("unit_id", "variable", "coder", "value").sort("unit_id", "variable", "coder").rows() == [
        ("2030-0001", "second_topic", "A", "land"),
        ("2030-0001", "topic", "A", "sea"), ("2030-0001", "topic", "B", "sea"),
        ("2030-0002", "topic", "A", "sea"), ("2030-0002", "topic", "B", "land"), ("2030-0002", "topic", "C", "land"),
        ("2030-0003", "topic", "A", "sea"), ("2030-0003", "topic", "B", "sea"), ("2031-0001", "topic", "A", "sea"),
    ]  # fmt: skip
    of_links = found.filter(codebook="links").sort("unit_id", "role", "coder")
    assert of_links.select("unit_id", "against", "to_id", "role", "kind", "value").rows() == [
        ("2030-0001", "2031", "2031-0001", "coder", "language model", "same"),
        ("2030-0001", "2031", "2031-0001", "coder", "language model", "successor"),
        ("2030-0002", "2031", "none", "coder", "language model", "none"),
        ("2030-0002", "2031", "none", "coder", "language model", "none"),
        ("2030-0002", "2031", "2031-0002", "reviewer", "person", "same"),
    ]  # fmt: skip


def test_the_benchmark_has_both_coders_what_holds_and_what_to_leave_out(coded):
    found = EXPORTED["benchmark"].validate(published.benchmark(MEASURES), cast=True)
    columns = ("unit_id", "variable", "to_id", "first", "second", "holds", "fold", "restates")
    assert found.select(columns).sort("variable", "unit_id").rows() == [
        ("2030-0001", "relation", "2031-0001", "same", "successor", "same", "2031", False),
        ("2030-0002", "relation", "none", "none", "none", "none", "2031", False),
        ("2030-0001", "second_topic", "none", "land", None, None, "2030", False),
        ("2030-0001", "topic", "none", "sea", "sea", "sea", "2030", False),
        ("2030-0002", "topic", "none", "sea", "land", "land", "2030", False),
        ("2030-0003", "topic", "none", "sea", "sea", "sea", "2030", True),
    ]  # fmt: skip


def test_without_codings_there_are_no_rows(curated):
    assert published.every_value(MEASURES).is_empty()
    assert published.benchmark(MEASURES).is_empty()
    (curated / "codebooks").mkdir()
    (curated / "codebooks/topics.toml").write_text(TOPICS, encoding="utf-8")
    assert published.benchmark(MEASURES).is_empty()
    assert settled.measures(codebooks.codebook("topics")).is_empty()


def test_the_committed_benchmark_is_whole_and_says_what_the_record_says():
    measures = store.read("measures")
    found = published.benchmark(measures)
    assert set(found.filter(variable="topic")["unit_id"]) == set(measures["measure_id"])
    agreed = found.filter(pl.col("first") == pl.col("second"))
    assert (agreed["first"] == agreed["holds"]).all()
    assert set(found["fold"]) == {"2017", "2018", "2019", "2020", "2023", "2024", "2026"}
    twice = found.filter(pl.col("restates"))
    assert set(twice["edition_id"]) | set(twice["against"]) >= {"R2019"}
    assert not set(found.filter(~pl.col("restates"))["edition_id"]) & {"R2019"}
