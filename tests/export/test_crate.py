"""The RO-Crate of a report says what it was made of, and what each of its files is; programs can read it."""

import json
from pathlib import Path

import pytest
from rocrate.rocrate import ROCrate

from analysis.base import files
from analysis.documents import manifest
from analysis.export import crate

CLOSED = [{"name": "MIT"}, {"name": "other-closed"}]
TABLES = [
    {"name": "measures", "title": "Measures", "description": "What is planned.", "licenses": CLOSED},
    {"name": "benchmark", "title": "Benchmark", "description": "What coders said."},
]
INJECTED = {"cell_type": "code", "metadata": {"tags": ["injected-parameters"]}, "outputs": []}
CONTENTS = {
    "report.html": "<p>page</p>",
    "figures/topics.svg": "<svg/>",
    "figures/topics.vl.json": json.dumps({"title": {"text": ["What it", "is about"]}, "description": "Bars of topics"}),
    "tables/measures.csv": "measure_id,text\n",
    "tables/measures.parquet": "PAR1",
    "tables/benchmark.csv": "codebook\n",
    "tables/ip-plan-2026.xlsx": "PK",
    "tables/datapackage.json": json.dumps({"resources": TABLES}),
    "notebooks/01_clean.ipynb": json.dumps(
        {"cells": [{**INJECTED, "source": ["# Parameters\n", "edition = 2026\n", "edition_size = 3\n"]}]}
    ),
    "notebooks/05_report.ipynb": json.dumps(
        {"cells": [{**INJECTED, "source": ['# Parameters\nlanguage = "en"\nstrictness = 1.2']}]}
    ),
}


def run_of(folder: Path, **changes: object) -> dict:
    """Return the run.json of a report that was made without the document of 2020."""
    inputs = {f"data/raw/{document.doc_id}.txt": document.sha256 for document in manifest.documents()}
    del inputs["data/raw/ip2020.txt"]
    inputs |= {"data/raw/manifest.toml": "1" * 64, "data/curated/codings/topics.csv": "2" * 64}
    inputs |= {"notebooks/01_clean.ipynb": "3" * 64, "notebooks/05_report.ipynb": "4" * 64}
    return {
        "edition": 2026,
        "parameters": {"edition": 2026, "baseline": 2019, "language": "en", "strictness": 1.2},
        "started": "2026-11-30T00:52:10+00:00",
        "ended": "2026-11-30T00:52:45+00:00",
        "notebooks": {"01_clean": {"seconds": 5.2}, "05_report": {"seconds": 14.0}},
        "missing": ["ip2020"],
        "versions": {"python": "3.11.7", "platform": "Linux", "polars": "2.1.0", "commit": "abc with changes"},
        "inputs": inputs,
        "outputs": {name: files.checksum(folder / name) for name in CONTENTS},
        "tables": {},
    } | changes  # fmt: skip


@pytest.fixture
def report(tmp_path: Path) -> Path:
    for name, content in CONTENTS.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "log.txt").write_text("2026-11-30 all done\n")
    run = run_of(tmp_path)
    (tmp_path / "run.json").write_text(json.dumps(run))
    (tmp_path / crate.FILE).write_bytes(crate.make(tmp_path, run))
    return tmp_path


def graph(report: Path) -> dict[str, dict]:
    return {entity["@id"]: entity for entity in json.loads((report / crate.FILE).read_text(encoding="utf-8"))["@graph"]}


def references(value: object) -> list[str]:
    """Every identifier that a value refers to, however deep."""
    if isinstance(value, list):
        return [name for item in value for name in references(item)]
    if isinstance(value, dict):
        return [value["@id"]] if set(value) == {"@id"} else references(list(value.values()))
    return []


def test_the_library_reads_it_back_and_finds_every_file_as_it_is(report):
    found = ROCrate(report)
    data = {entity.id: entity for entity in found.data_entities}
    assert set(data) == {*CONTENTS, "run.json", "log.txt"}
    for name in CONTENTS:
        assert data[name]["sha256"] == files.checksum(report / name)
        assert data[name]["contentSize"] == str((report / name).stat().st_size)
    assert all(entity["encodingFormat"] for entity in data.values())
    assert found.mainEntity.id == "report.html"
    assert found.root_dataset["datePublished"] == "2026-11-30T00:52:45+00:00"
    assert found.root_dataset["conformsTo"].id == "https://w3id.org/ro/wfrun/process/0.5"
    assert found.license.id == "https://spdx.org/licenses/MIT"


def test_whatever_is_referred_to_is_described(report):
    entities = graph(report)
    named = references(list(entities.values()))
    specification = "https://w3id.org/ro/crate/1.1"
    assert set(named) - set(entities) == {specification}
    assert len(entities) > 30
    assert all("name" in entity for key, entity in entities.items() if key != crate.FILE)


def test_documents_are_described_and_belong_to_their_publishers(report):
    entities = graph(report)
    documents = {f"#document-{document.doc_id}": document for document in manifest.documents()}
    parts = references(entities["./"]["hasPart"])
    assert not [part for part in parts if "document" in part or part.startswith("data/")]
    assert references(entities["./"]["isBasedOn"]) == list(documents)
    for key, document in documents.items():
        entity = entities[key]
        stated = (entity["name"], entity.get("url"), entity["sha256"])  # an address may be unknown
        assert stated == (document.title, document.address, document.sha256)
        assert entities[entity["publisher"]["@id"]]["name"] == document.publisher
        assert entities[entity["license"]["@id"]]["name"] == document.licence
    used = references(entities["#run"]["object"])
    assert set(documents) - set(used) == {"#document-ip2020"}
    assert "not at hand" in entities["#document-ip2020"]["description"]
    assert entities["#data/curated/codings/topics.csv"]["sha256"] == "2" * 64


def test_the_run_and_its_notebooks_are_actions_with_parameters_and_software(report):
    entities = graph(report)
    run = entities["#run"]
    assert references(entities["./"]["mentions"]) == ["#run", "#run-01_clean", "#run-05_report"]
    assert (run["startTime"], run["endTime"]) == ("2026-11-30T00:52:10+00:00", "2026-11-30T00:52:45+00:00")
    assert run["description"] == (
        "python -m analysis report --edition 2026 --baseline 2019 --lang en -p strictness=1.2"
    )  # fmt: skip
    assert set(references(run["result"])) == set(CONTENTS)
    assert {"#parameter-edition", "#parameter-strictness", "#data/raw/manifest.toml"} <= set(references(run["object"]))
    workspace = entities[run["instrument"]["@id"]]
    software = {entities[key]["name"]: entities[key]["softwareVersion"]
                for key in references(workspace["softwareRequirements"])}  # fmt: skip
    assert software == {"python": "3.11.7", "polars": "2.1.0"}
    assert workspace["operatingSystem"] == "Linux"
    assert entities[workspace["identifier"]["@id"]]["value"] == "abc with changes"
    first, last = entities["#run-01_clean"], entities["#run-05_report"]
    assert references(first["object"]) == ["#parameter-edition"]
    assert first["description"] == "edition = 2026; edition_size = 3"
    assert references(first["result"]) == ["notebooks/01_clean.ipynb"]
    assert entities[first["instrument"]["@id"]]["sha256"] == "3" * 64
    assert references(last["object"]) == ["#parameter-language", "#parameter-strictness"]
    assert set(references(last["result"])) == set(CONTENTS) - {"notebooks/01_clean.ipynb"}


def test_files_have_the_titles_of_their_tables_and_charts_and_the_terms_of_their_texts(report):
    entities = graph(report)
    assert (entities["tables/measures.parquet"]["name"], entities["tables/benchmark.csv"]["description"]) == (
        "Measures", "What coders said.",
    )  # fmt: skip
    assert entities["figures/topics.svg"]["name"] == "What it is about"
    assert entities["figures/topics.svg"]["description"] == "Bars of topics"
    assert "coded twice" in entities["tables/benchmark.csv"]["measurementTechnique"]
    with_texts = {name for name in CONTENTS if "#texts" in references(entities[name]["license"])}
    assert with_texts == {"report.html", "tables/measures.csv", "tables/measures.parquet", "tables/ip-plan-2026.xlsx",
                          "notebooks/01_clean.ipynb", "notebooks/05_report.ipynb"}  # fmt: skip


def test_equal_runs_differ_in_the_times_of_run_json_alone(report):
    first = (report / crate.FILE).read_bytes()
    assert crate.make(report, run_of(report)) == first
    (report / "log.txt").write_text("2026-11-31 all done, later\n")
    later = {"started": "2026-12-01T00:00:00+00:00", "ended": "2026-12-01T00:00:30+00:00"}
    later["notebooks"] = {"01_clean": {"seconds": 9.9}, "05_report": {"seconds": 9.9}}
    (report / "run.json").write_text(json.dumps(run_of(report, **later)))
    second = crate.make(report, run_of(report, **later)).decode()
    for new, old in (("2026-12-01T00:00:00", "2026-11-30T00:52:10"), ("2026-12-01T00:00:30", "2026-11-30T00:52:45")):
        second = second.replace(new, old)
    assert second.encode() == first


def test_names_are_in_the_language_of_the_report(report):
    choice = {"edition": 2026, "baseline": 2019, "language": "ja"}
    root = {entity["@id"]: entity for entity in
            json.loads(crate.make(report, run_of(report, parameters=choice)))["@graph"]}["./"]  # fmt: skip
    assert root["inLanguage"] == "ja"
    assert "計画" in root["name"]
    assert root["name"] != graph(report)["./"]["name"]
