"""An export holds the rows of the tables in the agreed form, in every format, whatever the texts hold."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from analysis import kpi
from analysis.base.errors import CannotWrite, TableFaulty, UsageFault
from analysis.coding import delivery
from analysis.export.citation import Citation
from analysis.export.export import FORMATS, export
from analysis.tables import ministries, store

TEXT = '=SUM(A1)\u2028"quoted", 計画\n\x0b\x00 end'


@pytest.fixture
def processed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the tables of two measures, a figure, a link and a topic."""
    folder = tmp_path / "processed"
    monkeypatch.setenv("IP_PLAN_PROCESSED", str(folder))
    monkeypatch.setattr(delivery, "path", lambda: tmp_path / "status.csv")  # that of the checkout is of its measures
    row = {
        "measure_id": "2026-0001", "doc_id": "ip2026", "edition": 2026, "part": "body", "section": "III-1-(1)",
        "section_title": "＝short…", "subhead": "-short…", "first_line": 1, "last_line": 2, "characters": 5,
        "text_hash": "0" * 16, "horizon": ["短期", "中期"], "ministries": ["内閣府(知財)", "特許庁"], "repeated": False,
        "repeats": None, "repeat_changes": [], "confidence": 1.0, "doubts": [], "page": None,
        "deadline": "2030年度末まで",
        "deadline_years": [2030],
    }  # fmt: skip
    other = row | {"measure_id": "2026-0003", "first_line": 3, "last_line": 3, "ministries": []}
    store.write("measures", pl.DataFrame([row, other]))
    text = {
        "measure_id": "2026-0001",
        "text": TEXT,
        "section_title": "the whole title",
        "subhead": None,
        "repaired": None,
        "years": [],
    }
    store.write(
        "texts",
        pl.DataFrame(
            [text], schema_overrides={"subhead": pl.String, "repaired": pl.String, "years": pl.List(pl.String)}
        ),
    )
    figure = {
        "figure_id": "2026-0009a", "doc_id": "ip2026", "edition": 2026, "section": "II-1", "first_line": 9,
        "place": "outlook", "measure_id": None, "indicator": "@share", "kind": "target", "nature": "change",
        "value": -5.0, "unit": "%", "period": "2035", "set_in": None, "comparator": "以上",
        "against": None, "keeps": False, "steady": False, "why": ["kind: aim 目指"], "doubts": [], "headings": "港",
        "page": 3,
        "indicator_id": "light", "first_year": 2035.0, "last_year": 2035.0,
    }  # fmt: skip
    store.write("figures", pl.DataFrame([figure]))
    link = {
        "from_id": "2019-0001", "to_id": "2026-0001", "from_edition": "2019", "to_edition": "2026", "relation": "same",
        "score": 0.9, "same_score": 0.8, "basis": "likeness", "shared_names": ["=name"], "shared_terms": [],
        "shared_subjects": [], "shared_ministries": [], "renamed": [], "changed": [],
    }  # fmt: skip
    store.write("links", pl.DataFrame([link]))
    topic = {"measure_id": "2026-0001", "topic_id": "ai", "probability": 0.7, "second_topic": None}
    topic |= {"sub_topic": None, "basis": "agreed", "unclear": False, "x": 0.0, "y": 0.0}
    store.write("assignments", pl.DataFrame([topic], schema=store.empty("assignments").schema))
    return folder


def rows(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_jsonl_has_the_fields_of_the_answers(processed, tmp_path):
    out = tmp_path / "new/out"
    files = export(out)
    names = ["measures", "kpis", "links", "topics", "ministries", "figures", "delivery"]
    assert [file.name for file in files] == [f"{name}.jsonl" for name in names]
    assert sorted(file.name for file in out.iterdir()) == sorted(file.name for file in files)
    first, second = rows(out / "measures.jsonl")  # one row a line even to readers that split at U+2028
    assert first["text"] == TEXT
    assert (first["section_title"], first["horizon"]) == ("the whole title", ["短期", "中期"])
    assert (second["text"], second["section_title"], second["ministries"]) == (None, "＝short…", [])
    wanted = {
        "edition",
        "first_line",
        "section",
        "indicator",
        "kind",
        "value",
        "unit",
        "period",
        "set_in",
        "comparator",
    }
    kpi = rows(out / "kpis.jsonl")[0]
    assert wanted | {"nature", "place"} <= set(kpi)
    assert kpi["value"] == -5
    assert rows(out / "links.jsonl")[0]["relation"] == "same"
    assert {"measure_id", "topic_id", "probability", "second_topic"} <= set(rows(out / "topics.jsonl")[0])


def test_spaces_within_words_do_not_hide_measures_from_a_filter(processed, tmp_path):
    texts = store.read("texts").with_columns(text=pl.lit("灯 台の 生成 ＡＩ を Open  Innovation で整える。"))
    store.write("texts", texts)
    words = store.empty("features").schema
    values = {"measure_id": ["2026-0001", "2026-0003"], "names": [["霧 笛塔"]] * 2, "terms": [["霧笛", "港"]] * 2}
    rest = [pl.Series(name, [None] * 2, kind) for name, kind in words.items() if name not in values]
    features = pl.DataFrame(values).with_columns(rest)
    made = {"measures": store.read("measures"), "texts": store.read("texts"), "features": features}
    export(tmp_path, tables=made)
    first, second = rows(tmp_path / "measures.jsonl")
    assert first["text"] == texts["text"][0]  # as it is
    assert first["search_text"] == "the whole title / -short... / 灯台の生成AIをOpen Innovationで整える。"
    assert second["search_text"] == "=short... / -short... / 霧笛塔; 霧笛; 港"
    del made["features"], made["texts"]
    export(tmp_path, tables=made)
    assert [row["search_text"] for row in rows(tmp_path / "measures.jsonl")] == ["=short... / -short..."] * 2


def test_the_register_of_ministries_is_a_table(processed, tmp_path):
    export(tmp_path, "jsonl", "csv")
    bodies = {row["name"]: row for row in rows(tmp_path / "ministries.jsonl")}
    register = ministries.register()
    assert set(bodies) == {body.name for body in register.values()}
    assert list(bodies) == sorted(bodies)
    assert bodies["特許庁"]["name_en"] == register["特許庁"].name_en
    assert bodies["特許庁"]["parent"] == register["特許庁"].parent
    with (tmp_path / "ministries.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = {row["name"]: row for row in csv.DictReader(file)}
    assert cells["内閣府"]["predecessors"] == "; ".join(register["内閣府"].predecessors)


def test_what_people_found_out_is_exported_and_no_formula(processed, tmp_path):
    export(tmp_path / "none")
    assert (tmp_path / "none/delivery.jsonl").read_bytes() == b""
    row = delivery.Finding(unit_id="2026-0001", status="done", date="2026-07-01", source="=HYPERLINK(1), p. 1",
                           who="@me", note="+1", text_hash="1" * 16)  # fmt: skip
    delivery.path().write_text(delivery.text([row]), encoding="utf-8")
    export(tmp_path, "csv", "jsonl")
    assert rows(tmp_path / "delivery.jsonl") == [
        {"unit_id": "2026-0001", "status": "done", "date": "2026-07-01", "source": "=HYPERLINK(1), p. 1",
         "who": "@me", "note": "+1", "text_changed": True}
    ]  # fmt: skip
    with (tmp_path / "delivery.csv").open(encoding="utf-8-sig", newline="") as file:
        (cells,) = csv.DictReader(file)
    assert [cells[name] for name in ("source", "who", "note")] == ["'=HYPERLINK(1), p. 1", "'@me", "'+1"]
    delivery.path().write_text(delivery.text([replace(row, unit_id="2026-0002")]), encoding="utf-8")
    with pytest.raises(TableFaulty, match="line 2: there is no measure or initiative '2026-0002'"):
        export(tmp_path)


def test_kpis_have_their_indicators_years_and_state(processed, tmp_path):
    export(tmp_path / "before")
    kpi = rows(tmp_path / "before/kpis.jsonl")[0]
    assert (kpi["indicator_id"], kpi["first_year"], kpi["last_year"]) == ("light", 2035, 2035)
    assert (kpi["state"], kpi["direction"]) == (None, None)  # no progress
    stand = {"indicator_id": "light", "state": "on_track", "sure": True, "fragile": False, "direction": "improving",
             "direction_sure": True, "observations": 2, "keeps": False, "caveats": []}  # fmt: skip
    store.write("progress", pl.DataFrame([stand], schema=store.empty("progress").schema))
    export(tmp_path / "after")
    assert rows(tmp_path / "after/kpis.jsonl")[0]["state"] == "on_track"


def test_the_headings_of_a_text_without_any_stay_those_of_the_measure(processed, tmp_path):
    export(tmp_path / "out")
    assert rows(tmp_path / "out/measures.jsonl")[0]["subhead"] == "-short…"


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(processed, tmp_path):
    export(tmp_path / "out", "csv")
    assert (tmp_path / "out/measures.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "out/measures.csv").open(encoding="utf-8-sig", newline="") as stream:
        first, second = csv.DictReader(stream)
    assert first["text"] == "'" + TEXT.replace("\x0b", "").replace("\x00", "")
    assert first["ministries"] == "内閣府(知財); 特許庁"
    assert (second["section_title"], second["subhead"], second["ministries"]) == ("'＝short…", "'-short…", "")
    with (tmp_path / "out/kpis.csv").open(encoding="utf-8-sig", newline="") as stream:
        kpi = next(csv.DictReader(stream))
    assert (kpi["indicator"], float(kpi["value"]), kpi["unit"]) == ("'@share", -5.0, "%")


@pytest.mark.parametrize("sign", list("=+-@＝＋－＠\t\r\n"))
def test_every_beginning_of_a_formula_is_disarmed(processed, tmp_path, sign):
    store.write("figures", store.read("figures").with_columns(indicator=pl.lit(f"{sign}1")))
    export(tmp_path / "out", "csv")
    with (tmp_path / "out/kpis.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert next(csv.DictReader(stream))["indicator"] == f"'{sign}1"


def test_parquet_keeps_types_and_texts(processed, tmp_path):
    export(tmp_path / "out", "parquet")
    frame = pl.read_parquet(tmp_path / "out/measures.parquet")
    assert frame["text"].to_list() == [TEXT, None]
    assert frame.schema["ministries"] == pl.List(pl.String)


def test_a_roadmap_is_written_where_there_is_one(processed, tmp_path):
    measures = store.read("measures")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/roadmap.jsonl").write_text("of an earlier export")
    (tmp_path / "out/mine.txt").write_text("not ours")
    export(tmp_path / "out")
    names = {file.name for file in (tmp_path / "out").iterdir()}
    assert {"mine.txt", "topics.jsonl"} < names
    assert "roadmap.jsonl" not in names
    store.write("measures", measures.with_columns(part=pl.Series(["body", "2018"])))
    row = {
        "measure_id": "2026-0003",
        "part": "2018",
        "no": 7,
        "cell": 1,
        "cells": 2,
        "title": "short…",
        "carried_to": [3],
    }
    store.write("roadmap", pl.DataFrame([row]))
    export(tmp_path / "out")
    written = rows(tmp_path / "out/roadmap.jsonl")
    assert [(row["measure_id"], row["no"], row["cell"], row["carried_to"]) for row in written] == [
        ("2026-0003", 7, 1, [3])
    ]
    assert written[0]["ministries"] == []


def test_what_is_not_there_is_left_out_with_a_note(processed, tmp_path):
    for name in ("texts", "links"):
        store.path(name).unlink()
    notes: list[str] = []
    files = export(tmp_path / "out", tell=notes.append)
    names = ["measures", "kpis", "topics", "ministries", "figures", "delivery"]
    assert [file.name for file in files] == [f"{name}.jsonl" for name in names]
    assert [note.split(" ")[4].strip(":") for note in notes][:3] == ["texts", "roadmap", "links"]
    assert rows(tmp_path / "out/measures.jsonl")[0]["subhead"] == "-short…"


def test_a_lone_surrogate_does_not_break_an_export(processed, tmp_path):
    file = store.path("texts")
    file.write_text(file.read_text(encoding="utf-8").replace("end", r"\ud800end"), encoding="utf-8")
    for format in FORMATS:
        export(tmp_path / "out", format)
    assert rows(tmp_path / "out/measures.jsonl")[0]["text"].endswith("end")


def test_the_same_tables_give_the_same_bytes_whatever_the_order_of_their_rows(processed, tmp_path):
    export(tmp_path / "a", "all")
    for file in processed.iterdir():
        lines = file.read_bytes().splitlines(keepends=True)
        file.write_bytes(b"".join(reversed(lines)))
    export(tmp_path / "b", "all")
    assert {file.suffix for file in (tmp_path / "a").iterdir()} == {*(f".{name}" for name in FORMATS), ".json"}
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_several_formats_at_once_and_what_stands_beside_them(processed, tmp_path):
    files = export(tmp_path, "csv", "xlsx", about=Citation("ja", 2026, 2019))
    assert {file.name for file in files} == {file.name for file in tmp_path.iterdir()} - {processed.name}
    assert {"measures.csv", "datapackage.json", "ip-plan-2026-ja.xlsx"} <= {file.name for file in files}
    with pytest.raises(UsageFault, match="en, ja"):
        Citation("fr")


def test_without_tables_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setenv("IP_PLAN_PROCESSED", str(tmp_path / "nowhere"))
    assert export(tmp_path / "out", "all") == []


def test_a_semicolon_parts_no_cells(processed, tmp_path):
    store.write("figures", store.read("figures").with_columns(indicator=pl.lit("a;=1+1")))
    export(tmp_path / "out", "csv")
    assert '"a;=1+1"' in (tmp_path / "out/kpis.csv").read_text(encoding="utf-8-sig")


def test_a_series_comes_with_the_register_of_its_units(processed, tmp_path):
    store.write("series", store.empty("series"))
    export(tmp_path / "out")
    found = rows(tmp_path / "out/indicators.jsonl")
    assert [row["indicator_id"] for row in found] == sorted(one.indicator_id for one in kpi.indicators())
    assert all(row["unit"] and row["name_en"] and row["name_ja"] for row in found)


def test_faults_are_named_and_leave_the_earlier_export(processed, tmp_path, monkeypatch):
    out = tmp_path / "out"
    export(out)
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    with pytest.raises(UsageFault, match="jsonl, csv, parquet"):
        export(out, "xml")
    with pytest.raises(CannotWrite, match="cannot write"):
        export(out / "measures.jsonl/below")

    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(target))

    with monkeypatch.context() as patch:
        patch.setattr("analysis.base.files.os.replace", full)
        with pytest.raises(CannotWrite, match="No space left"):
            export(out)
    store.path("links").write_text('{"from_id": 3}\n')
    with pytest.raises(TableFaulty):
        export(out)
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before
