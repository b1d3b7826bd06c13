"""The topics in the codes of the Comparative Agendas Project: each has one, of the known form, with a reason."""

from pathlib import Path

import polars as pl
import pytest

from analysis.base.errors import TableFaulty
from analysis.export.export import export
from analysis.tables import store
from analysis.topics import crosswalk

HEAD = "topic_id,cap_code,cap_name,reason\n"
# major topics of the master codebook, and the subtopics that we use, as two published copies of its list name them
LABELS = {
    1: "Macroeconomics", 2: "Civil Rights", 3: "Health", 4: "Agriculture", 5: "Labor", 6: "Education",
    7: "Environment", 8: "Energy", 9: "Immigration", 10: "Transportation", 12: "Law and Crime", 13: "Social Welfare",
    14: "Housing", 15: "Domestic Commerce", 16: "Defense", 17: "Technology", 18: "Foreign Trade",
    19: "International Affairs", 20: "Government Operations", 21: "Public Lands", 23: "Culture",
    1521: "Small Businesses", 1522: "Copyrights and Patents",
}  # fmt: skip


def test_every_topic_has_one_code_by_its_name():
    rows = crosswalk.crosswalk()
    assert rows["topic_id"].to_list() == crosswalk.topics()
    assert len(rows) == 16
    assert {(int(code), name) for code, name in rows.select("cap_code", "cap_name").iter_rows()} <= set(LABELS.items())
    assert {key for key in LABELS if key < 100} == crosswalk.MAJOR_TOPICS
    assert {row["topic_id"] for row in store.read("topics").iter_rows(named=True)} <= set(rows["topic_id"])


def test_every_code_has_a_reason_and_unsure_ones_say_so():
    text = crosswalk.path().read_text(encoding="utf-8").splitlines()[1:]
    assert all(len(line.split(",", 3)[3]) > 30 for line in text)
    assert [line.split(",")[0] for line in text if "Unsure: " in line] == ["std", "leak", "cj"]


@pytest.mark.parametrize(("code", "major"), [("4", 4), ("15", 15), ("404", 4), ("1522", 15)])
def test_a_subtopic_belongs_to_a_major_topic(code, major):
    assert crosswalk.major_topic(code) == major


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("lamps,15,Domestic Commerce,why", "line 3: codebook topics has no topic 'lamps'"),
        ("none,15,Domestic Commerce,why", "line 3: codebook topics has no topic 'none'"),
        ("sme,11,Lamps,why", "line 3: cap_code '11' must be a code of a major topic (15) or of a subtopic (1522)"),
        ("sme,2201,Lamps,why", "line 3: cap_code '2201' must be a code"),
        ("sme,015,Lamps,why", "line 3: cap_code '015' must be a code"),
        ("sme,15220,Lamps,why", "line 3: cap_code '15220' must be a code"),
        ("sme,,Lamps,why", "line 3: cap_code is empty"),
        ("sme,15,,why", "line 3: cap_name is empty"),
        ("sme,15,Domestic Commerce,", "line 3: reason is empty"),
        ("ai,15,Domestic Commerce,why", "line 3: ai is there twice, in line 2, too"),
        ("sme,1522,Lamps,why", "line 3: code 1522 is called 'Lamps', and 'Copyrights and Patents' in line 2"),
    ],
)
def test_a_faulty_row_is_named(tmp_path: Path, monkeypatch, row, says):
    file = tmp_path / "cap_crosswalk.csv"
    file.write_text(f"{HEAD}ai,1522,Copyrights and Patents,why\n{row}\n", encoding="utf-8")
    monkeypatch.setattr(crosswalk, "path", lambda: file)
    with pytest.raises(TableFaulty) as caught:
        crosswalk.crosswalk()
    assert str(caught.value).startswith(f"{file}, ")
    assert says in str(caught.value)


def test_exports_have_the_code_and_none_without_the_file(tmp_path, monkeypatch):
    tables = {name: store.read(name) for name in ("assignments", "topics")}
    codes = dict(crosswalk.crosswalk().select("topic_id", "cap_code").iter_rows())
    shown = export_of(tmp_path / "with", tables)
    assert {row["topic_id"]: row["cap_code"] for row in shown["topic_names"]} == {
        key: codes[key] for key in tables["topics"]["topic_id"]
    }
    assert all(row["cap_code"] == codes.get(row["topic_id"]) for row in shown["topics"])
    assert {row["cap_code"] for row in shown["topics"] if row["topic_id"] is None} == {None}
    assert len(shown["topics"]) == tables["assignments"].height
    monkeypatch.setattr(crosswalk, "path", lambda: tmp_path / "nothing.csv")
    assert {row["cap_code"] for row in export_of(tmp_path / "without", tables)["topic_names"]} == {None}


def export_of(folder: Path, tables: dict) -> dict[str, list[dict]]:
    export(folder, tables=tables)
    return {name: pl.read_ndjson(folder / f"{name}.jsonl").to_dicts() for name in ("topics", "topic_names")}
