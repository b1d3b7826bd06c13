"""datapackage.json is true: the files are as it says, and a file that is not is found out."""

import csv
import json
import re
import shutil
import socket
from pathlib import Path

import frictionless
import polars as pl
import pytest

from analysis.base import paths
from analysis.base.errors import TableFaulty
from analysis.export import datapackage
from analysis.export.citation import Citation
from analysis.export.export import export
from analysis.tables import store
from analysis.tables.categories import KINDS
from analysis.tables.export_schemas import EXPORTED
from analysis.tables.schemas import PRIVATE, TABLES


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The committed tables, one text among them, as a report has them."""
    folder = tmp_path_factory.mktemp("tables")
    with pytest.MonkeyPatch.context() as patch:
        processed = tmp_path_factory.mktemp("processed")
        for name in set(TABLES) - PRIVATE:
            shutil.copy(store.path(name, paths.committed()), processed)
        patch.setenv("IP_PLAN_PROCESSED", str(processed))
        text = {"measure_id": store.read("measures")["measure_id"][0], "text": '=1;"\n計画', "repaired": None}
        text |= {"section_title": "title", "subhead": None, "years": ["1: one", "2; two"]}
        store.write("texts", pl.DataFrame([text], schema=store.empty("texts").schema))
        export(folder, "csv", "parquet", "xlsx", about=Citation("en", 2026, 2019))
    return folder


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_: object) -> None:
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", connect)


def described(folder: Path) -> dict:
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def faults(folder: Path) -> set[str]:
    report = frictionless.validate(str(folder / "datapackage.json"))
    return {fault for (fault,) in report.flatten(["type"])}


def test_frictionless_finds_the_package_valid(exported):
    report = frictionless.validate(str(exported / "datapackage.json"))
    assert report.flatten(["name", "rowNumber", "fieldName", "note"]) == []
    assert report.valid
    assert [task.name for task in report.tasks] == list(EXPORTED)
    assert report.warnings == []


def test_it_says_who_made_it_from_what_and_no_time(exported):
    found = described(exported)
    assert (found["name"], found["version"]) == ("ip-plan-2026", "0.1.0")
    assert found["sources"][0]["title"] == "知的財産推進計画2019"
    assert all(source["publisher"] for source in found["sources"])
    paths = [source["path"] for source in found["sources"] if "path" in source]  # an address may be unknown
    assert len(paths) == len(found["sources"]) - 1
    assert all(path.startswith("https://") for path in paths)
    assert found["licenses"][0]["name"] == "MIT"
    own = {one["name"]: [licence["name"] for licence in one.get("licenses", [])] for one in found["resources"]}
    assert {name for name, names in own.items() if "other-closed" in names} == {"measures"}  # that has the text
    assert "created" not in json.dumps(found)


def test_types_lists_and_keys_are_those_of_the_schemas(exported):
    package = frictionless.Package(str(exported / "datapackage.json"))
    first = package.get_resource("measures").read_rows()[0]
    assert first["text"] == "'=1;\"\n計画"
    assert first["horizon"] == store.read("measures", paths.committed())["horizon"][0].to_list()
    assert isinstance(first["repeated"], bool)
    keys = {
        (one["name"], key["fields"][0], key["reference"].get("resource", one["name"]))
        for one in described(exported)["resources"] for key in one["schema"].get("foreignKeys", [])
    }  # fmt: skip
    assert {("links", "from_id", "measures"), ("measures", "repeats", "measures"), ("kpis", "figure_id", "figures"),
            ("topics", "topic_id", "topic_names"), ("series", "indicator_id", "indicators")} <= keys  # fmt: skip
    assert not any(name == "resonance" for name, _, _ in keys)
    fields = {field["name"]: field for field in package.get_resource("documents").to_descriptor()["schema"]["fields"]}
    assert fields["kind"]["constraints"]["enum"] == KINDS
    assert fields["sha256"]["constraints"]["pattern"] == "^[0-9a-f]{64}$"
    assert (fields["bytes"]["constraints"]["minimum"], fields["bytes"]["description"]) == (
        1, "size of the document [bytes]",
    )  # fmt: skip


def test_every_table_and_column_has_title_and_description_in_both_languages(exported):
    tables = described(exported)["resources"]
    assert len(tables) == len(EXPORTED)
    fields = [field for table in tables for field in table["schema"]["fields"]]
    heads = [(exported / table["path"]).read_text(encoding="utf-8-sig").partition("\n")[0] for table in tables]
    assert [f'"{field["name"]}"' for field in fields] == [name for head in heads for name in head.split(",")]
    for one in [*tables, *fields]:
        assert one["title"] == one["titles"]["en"]
        assert one["description"] == one["descriptions"]["en"]
        for words in (one["titles"], one["descriptions"]):
            assert set(words) == {"en", "ja"}
            assert all(text.strip() for text in words.values())
    assert [one["name"] for one in fields if one["titles"]["en"] == one["titles"]["ja"]] == []
    assert [
        one["name"] for one in [*tables, *fields] if not re.search("[ぁ-んァ-ヶ一-鿿]", one["descriptions"]["ja"])
    ] == []


def test_an_export_in_japanese_speaks_japanese(tmp_path):
    export(tmp_path, "csv", about=Citation("ja"), tables={"documents": store.read("documents", paths.committed())})
    (table,) = described(tmp_path)["resources"]
    assert table["title"] == table["titles"]["ja"] != table["titles"]["en"]
    fields = {field["name"]: field for field in table["schema"]["fields"]}
    assert (fields["bytes"]["title"], fields["bytes"]["description"]) == ("バイト数", "文書の大きさ [バイト]")
    assert frictionless.validate(str(tmp_path / "datapackage.json")).valid


@pytest.mark.parametrize(
    ("name", "column", "cell", "fault"),
    [
        ("progress", "last_value", "many", "type-error"),
        ("documents", "kind", "novel", "constraint-error"),
        ("documents", "bytes", "0", "constraint-error"),
        ("documents", "sha256", "", "constraint-error"),
        ("documents", "doc_id", "ip2026", "primary-key"),
        ("progress", "indicator_id", "nobody", "foreign-key"),
        ("progress", "indicator_id", "", "constraint-error"),
        ("series", "fiscal", "perhaps", "type-error"),
    ],
)
def test_a_broken_cell_is_found(exported, tmp_path, name, column, cell, fault):
    for one in (name, "indicators", "figures"):
        shutil.copy(exported / f"{one}.csv", tmp_path)
    package = described(exported)
    package["resources"] = [one for one in package["resources"] if (tmp_path / one["path"]).exists()]
    for key in (key for one in package["resources"] for key in one["schema"].get("foreignKeys", [])):
        key["reference"] = key["reference"] if (tmp_path / f"{key['reference']['resource']}.csv").exists() else {}
    for one in package["resources"]:
        one["schema"]["foreignKeys"] = [key for key in one["schema"].get("foreignKeys", []) if key["reference"]]
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert faults(tmp_path) == set()
    with (tmp_path / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rows[0][column] = cell
    with (tmp_path / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    assert {fault, "hash-count"} <= faults(tmp_path)


def test_the_page_can_link_to_every_table_and_the_workbook(exported, tmp_path):
    taken, workbook = datapackage.listed(exported)
    assert [one.name for one in taken] == list(EXPORTED)
    assert workbook == "ip-plan-2026.xlsx"
    assert [taken[0].title, taken[0].rows, taken[0].files] == [
        "Measures (施策): place, ministries, horizon; with texts where the document is at hand", 935,
        {"csv": "measures.csv", "parquet": "measures.parquet"},
    ]  # fmt: skip
    assert all((exported / file).exists() for one in taken for file in one.files.values())
    with pytest.raises(TableFaulty, match="export the tables again"):
        datapackage.listed(tmp_path)


def test_every_table_is_taken_along_or_left_out_on_purpose():
    own = {"commitments", "features", "topic_model"}  # of use to the models alone
    assert set(TABLES) - set(EXPORTED) == own | PRIVATE | {"assignments"}  # topics, where the topics are topic_names
