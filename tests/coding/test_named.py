"""Codebooks about names: answers, forms, what holds, where coders differ, how far what is found agrees with them."""

import json

import openpyxl
import polars as pl
import pytest
from coded_plans import coded_plans  # noqa: F401

from analysis.base.errors import TableFaulty, UsageFault
from analysis.coding import (
    answers,
    codebooks,
    named,
    named_validity,
    packets,
    prompts,
    published,
    record,
    reliability,
    settled,
    status,
)
from analysis.tables import store

BOOK = """
codebook_id = "mentions"
version = "1"
title = "What an invented measure names"
unit = "name"
rules = ["Copy it."]
most = 3

[[variable]]
variable_id = "thing"
question = "What kind?"
category = [
    {category_id = "event", name_en = "Event", name_ja = "行事", definition = "People come."},
    {category_id = "programme", name_en = "Programme", name_ja = "事業", definition = "Money flows."},
]
"""
FAIR = {"name": "海外の見本市", "thing": "event"}
KILN = {"name": "窯を三つ", "thing": "programme"}


def given(*of_each):
    ids = ("2030-0010", "2030-0020", "2030-0030")
    return [{"unit_id": key, "names": list(names)} for key, names in zip(ids, of_each, strict=True)]


@pytest.fixture
def book(coded_plans):  # noqa: F811
    (coded_plans / "data/curated/codebooks/mentions.toml").write_text(BOOK, encoding="utf-8")
    return codebooks.codebook("mentions")


@pytest.fixture
def folders(book, tmp_path_factory):
    drawn = packets.draw(book, "2030", share=9, coders=3)
    out = tmp_path_factory.mktemp("out")
    return [packets.write(shares, out / str(n))[0] for n, shares in enumerate(drawn)]


def take(folder, said, coder):
    (folder / "answers.json").write_text(json.dumps({"answers": said}), encoding="utf-8")
    return answers.take(folder / "answers.json", coder=coder, kind="person")


def test_names_are_recorded_and_a_measure_that_names_nothing_too(book, folders):
    take(folders[0], given([KILN], [FAIR], []), "A")
    rows = record.codings(book)
    assert rows.select("unit_id", "name", "thing").rows() == [
        ("2030-0010", "窯を三つ", "programme"), ("2030-0020", "海外の見本市", "event"), ("2030-0030", None, None),
    ]  # fmt: skip
    exported = published.every_value(store.read("measures")).filter(codebook="mentions")
    assert exported.select("unit_id", "to_id", "value").rows()[0] == ("2030-0010", "窯を三つ", "programme")


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ([{"name": "船の見本市", "thing": "event"}], "船の見本市 is not in the text"),
        ([{"name": "窯を三つ", "thing": "law"}], "thing 'law' is no category"),
        ([{"name": "窯を三つ"}], "thing is missing"),
        ([KILN, {"name": "窯を 三つ", "thing": "event"}], "窯を三つ is named 2 times"),
        ([{"name": n, "thing": "event"} for n in ("港", "倉庫", "若手", "窯")], "4 names: at most 3"),
        ("窯を三つ", "no names: an empty list where the unit names nothing"),
        ([{"name": "", "thing": "event"}], "is not in the text"),
    ],
)
def test_faults_of_names_are_told(book, folders, names, says):
    said = given([], [], [])
    said[0]["names"] = names
    with pytest.raises(UsageFault, match="2030-0010") as fault:
        take(folders[0], said, "A")
    assert says in str(fault.value)
    assert record.codings(book).is_empty()


def test_a_name_without_text_has_no_values(book, folders):
    take(folders[0], given([KILN], [], []), "A")
    place = record.file("mentions")
    place.write_text(place.read_text(encoding="utf-8").replace("窯を三つ", ""), encoding="utf-8")
    with pytest.raises(TableFaulty, match="has values and no name"):
        record.codings(book)


def test_a_form_that_a_person_filled_in_says_the_same_as_json(book, folders):
    file = folders[0] / "form.xlsx"
    workbook = openpyxl.load_workbook(file)
    sheet = workbook["codings"]
    heads = [cell.value for cell in sheet[1]]
    assert heads == ["unit_id", "headings", "text", "name", "thing"]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "2030-0020")
    row[3].value, row[4].value = FAIR["name"], FAIR["thing"]
    workbook.save(file)
    answers.take(file, coder="A", kind="person")
    assert record.codings(book)["name"].to_list() == [None, "海外の見本市", None]


def test_the_prompt_asks_for_names_and_the_schema_admits_only_categories(book, folders):
    packet = packets.read(folders[0] / "packet.json")
    assert '"names": [{"name", "thing"}, …]' in (folders[0] / "prompt.md").read_text(encoding="utf-8")
    entry = prompts.schema(packet, book)["properties"]["answers"]["items"]["properties"]
    assert entry["names"]["items"]["properties"]["thing"]["enum"] == ["event", "programme"]


def test_what_all_coders_name_holds_and_the_rest_is_disputed_until_somebody_decides(book, folders, tmp_path_factory):
    longer = {"name": "窯を三つ設ける", "thing": "programme"}
    take(folders[0], given([KILN], [FAIR], []), "A")
    take(folders[1], given([longer], [], []), "B")
    held = named.names(book)
    assert held.rows() == [("2030-0010", "窯を三つ設ける", "agreed", "programme")]
    assert set(settled.disputed(book)["unit_id"]) == {"2030-0020"}
    assert status.of(book)["differ"].to_list() == [1]
    (folder,) = packets.write(packets.adjudication(book), tmp_path_factory.mktemp("third"))
    proposed = packets.read(folder / "packet.json").proposed
    assert proposed == {"2030-0020": [{"name": "海外の見本市", "thing": "event"}, {"name": None, "thing": None}]}
    take(folder, [{"unit_id": "2030-0020", "names": [FAIR]}], "C")
    assert named.names(book).rows()[1] == ("2030-0020", "海外の見本市", "adjudicated", "event")
    assert settled.disputed(book).is_empty()


def test_coders_agree_as_far_as_they_name_the_same(book, folders):
    take(folders[0], given([KILN], [FAIR], []), "A")
    take(folders[1], given([{"name": "窯を三つ設ける", "thing": "event"}], [], []), "B")
    row = next(row for row in reliability.of(book, store.read("measures")) if row["edition_id"] == "2030")
    assert row["f1"] == pytest.approx(2 * 1 / 3)  # of three names one is met
    assert row["agreement"] == 0.0  # and given another kind


def test_what_is_found_is_compared_with_each_coder_and_without_the_edition(book, folders):
    take(folders[0], given([KILN], [FAIR], []), "A")
    take(folders[1], given([KILN], [], []), "B")
    found = [
        ("2030-0010", 0, "港の窯を三つ", "programme", "register", False),
        ("2030-0020", 9, "見本市", "programme", "pattern", True),
        ("2030-0030", 5, "桜", "event", "pattern", True),
        ("2031-0010", 5, "窯を三つ", "event", "pattern", True),  # that nobody coded
    ]
    schema = ["measure_id", "start", "name", "kind", "basis", "by_grammar"]
    mentions = pl.DataFrame(found, schema=schema, orient="row")
    rows = {
        (r["edition_id"], r["method"]): r for r in named_validity.table(store.read("measures"), mentions).to_dicts()
    }
    shipped, grammar, before = (rows["2030", method] for method in ("register", "grammar", "edition_left_out"))
    assert (shipped["names"], shipped["coded"], shipped["measures"]) == (3, 1.5, 3)
    assert (shipped["precision"], shipped["recall"]) == (3 / 6, 1.0)
    assert shipped["kinds"] == 2 / 3
    assert (grammar["precision"], grammar["recall"]) == (1 / 4, 1 / 3)
    assert before["f1"] == grammar["f1"]  # nobody coded another edition
    assert rows["all", "register"]["f1"] == shipped["f1"]
