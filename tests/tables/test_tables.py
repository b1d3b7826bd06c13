"""Tables: checked on each read and write, whole or not at all, the same bytes whatever the order of the rows."""

import polars as pl
import pytest

from analysis.base.errors import CannotWrite, TableFaulty
from analysis.tables import store
from analysis.tables.schemas import TABLES

TOPICS = pl.DataFrame(
    {
        "topic_id": ["b", "a"],
        "name_en": ["Lamps", "Locks"],
        "name_ja": ["灯", "錠"],
        "measures": [2, 1],
        "terms": [["灯台"], []],
        "place": [1, 0],
        "typical": [["2030-0001"], []],
        "coherence": [0.5, 0.0],
    }
)


def test_what_is_written_is_read(tmp_path):
    store.write("topics", TOPICS, tmp_path)
    assert store.read("topics", tmp_path).select(TOPICS.columns).equals(TOPICS.sort("topic_id"))


def test_the_order_of_rows_and_columns_does_not_change_the_bytes(tmp_path):
    one = store.path("topics", tmp_path)
    store.write("topics", TOPICS, tmp_path)
    first = one.read_bytes()
    store.write("topics", TOPICS.reverse().select(reversed(TOPICS.columns)), tmp_path)
    assert one.read_bytes() == first


@pytest.mark.parametrize("name", sorted(TABLES))
def test_an_empty_table_keeps_its_columns(name, tmp_path):
    store.write(name, store.empty(name), tmp_path)
    assert store.read(name, tmp_path).schema == store.empty(name).schema


@pytest.mark.parametrize(
    "fault",
    [
        TOPICS.with_columns(measures=pl.lit(-1)),
        TOPICS.with_columns(topic_id=pl.lit("a")),
        TOPICS.with_columns(name_en=pl.lit(None, dtype=pl.String)),
        TOPICS.drop("terms"),
    ],
    ids=["negative count", "key twice", "no name", "no column"],
)
def test_a_broken_row_is_named_and_nothing_is_written(fault, tmp_path):
    store.write("topics", TOPICS, tmp_path)
    before = store.path("topics", tmp_path).read_bytes()
    with pytest.raises(TableFaulty, match="topics"):
        store.write("topics", fault, tmp_path)
    assert store.path("topics", tmp_path).read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["topics.jsonl"]


@pytest.mark.parametrize("text", ['{"topic_id": 3', '{"topic_id": "a"}\n', "\x00\x01", "[]\n"])
def test_a_broken_file_is_named(text, tmp_path):
    store.path("topics", tmp_path).write_text(text, encoding="utf-8")
    with pytest.raises(TableFaulty, match="topics"):
        store.read("topics", tmp_path)


def test_a_missing_table_says_what_to_do(tmp_path):
    with pytest.raises(TableFaulty, match="make report"):
        store.read("topics", tmp_path)


def test_a_folder_that_cannot_be_written(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(CannotWrite, match="file"):
        store.write("topics", TOPICS, blocked)


def test_floats_are_rounded_so_that_machines_agree(tmp_path):
    row = {
        "measure_id": "m",
        "topic_id": "t",
        "probability": 1 / 3,
        "second_topic": None,
        "sub_topic": None,
        "basis": "model",
        "unclear": False,
    }
    row |= {"x": -1e-12, "y": 0.1 + 0.2}
    store.write(
        "assignments",
        pl.DataFrame([row], schema_overrides={"second_topic": pl.String, "sub_topic": pl.String}),
        tmp_path,
    )
    text = store.path("assignments", tmp_path).read_text()
    assert '"probability":0.333333,' in text
    assert '"x":0.0,"y":0.3' in text
