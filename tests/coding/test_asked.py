"""Packets that ask some variables of some units: what is asked, what is recorded, and what holds beside the rest."""

import json
from datetime import date

import openpyxl
import polars as pl
import pytest
from coded_plans import BOOK, coded_plans  # noqa: F401

from analysis import __main__ as program
from analysis.base.errors import TableFaulty, UsageFault
from analysis.coding import (
    answers,
    codebooks,
    decisions,
    language_model,
    packets,
    prompts,
    published,
    record,
    reliability,
    settled,
    status,
)
from analysis.coding.record import PacketRecord
from analysis.tables import store

OLD_TREES = 'definition = "What grows."}'
TREES = """definition = "What grows.", sub_categories = [
        {category_id = "trees-care", name_en = "Care", name_ja = "手入れ", definition = "Doctors."},
        {category_id = "trees-new", name_en = "New", name_ja = "植樹", definition = "Saplings."}]}"""
FIRST = {  # what both coders say by version 1, in which trees have no details
    "2030-0010": {"theme": "craft", "detail": "craft-kiln"},
    "2030-0020": {"theme": "craft", "second_theme": "trees", "detail": "craft-sale"},
    "2030-0030": {"theme": "trees", "second_theme": "craft"},
}
CARE, NEW = {"2030-0030": {"detail": "trees-care"}}, {"2030-0030": {"detail": "trees-new"}}


def book():
    return codebooks.codebook("crafts")


def write(shares, folder, said, coder, day=None):
    """Write the packets and take what a coder says of their units."""
    for place in packets.write(shares, folder):
        rows = [{"unit_id": unit.unit_id} | said[unit.unit_id] for unit in packets.read(place / "packet.json").units]
        (place / "answers.json").write_text(json.dumps(rows), encoding="utf-8")
        answers.take(place / "answers.json", coder=coder, kind="language model", day=day)


def draw(**more):
    return packets.draw(book(), "2030", **({"ask": ["detail"], "where": {"theme": ["trees"]}} | more))


@pytest.fixture
def coded(coded_plans, tmp_path_factory):  # noqa: F811
    """Two coders coded everything by version 1; in version 2 trees have details. The folder is for packets."""
    out = tmp_path_factory.mktemp("out")
    for coder, shares in zip("AB", packets.draw(book(), "2030"), strict=True):
        write(shares, out, FIRST, coder)
    text = BOOK.replace('version = "1"', 'version = "2"').replace(OLD_TREES, TREES)
    assert text.count("trees-care") == 1
    (coded_plans / "data/curated/codebooks/crafts.toml").write_text(text, encoding="utf-8")
    return out


def held(unit_id="2030-0030"):
    row = settled.measures(book()).row(by_predicate=pl.col("unit_id") == unit_id, named=True)
    return tuple(row[name] for name in ("theme", "second_theme", "detail", "basis"))


# --- what is asked ----------------------------------------------------------------------------------------------


def test_only_the_units_of_a_value_are_asked_and_the_value_is_given(coded):
    (packet,) = draw()[0]
    assert [unit.unit_id for unit in packet.units] == ["2030-0030"]
    assert (packet.asked, packet.given) == (("detail",), {"2030-0030": {"theme": "trees"}})
    assert packet.packet_id == "crafts-2-2030-detail-trees-s0-c1-01"
    both = draw(where={"theme": ["craft", "trees"]}, share=9)[0][0]
    assert {key: values["theme"] for key, values in both.given.items()} == {
        key: said["theme"] for key, said in FIRST.items()
    }
    everything = draw(where={}, share=9)[0][0]  # whatever has details
    assert [unit.unit_id for unit in everything.units] == list(FIRST)


def test_units_that_have_no_sub_category_are_not_asked_for_one(coded, coded_plans):  # noqa: F811
    (coded_plans / "data/curated/codebooks/crafts.toml").write_text(BOOK, encoding="utf-8")
    assert [unit.unit_id for unit in draw(where={}, share=9)[0][0].units] == ["2030-0010", "2030-0020"]


def test_prompt_schema_and_forms_ask_nothing_else(coded):
    (packet,) = draw()[0]
    text = prompts.prompt(packet)
    assert "trees-care" in text
    assert not any(word in text for word in ("craft-kiln", "second_theme", "And?"))
    assert '"given": {"theme": "trees"}' in text
    entry = prompts.schema(packet, book())["properties"]["answers"]["items"]["properties"]
    assert list(entry) == ["unit_id", "detail", "why"]
    assert entry["detail"]["enum"] == ["trees-care", "trees-new"]
    (place,) = packets.write([packet], coded / "forms")
    assert json.loads((place / "form.jsonl").read_text()) == {"unit_id": "2030-0030", "detail": None, "why": None}
    form = openpyxl.load_workbook(place / "form.xlsx")
    assert [cell.value for cell in form["codings"][1]] == ["unit_id", "headings", "text", "theme", "detail", "why"]
    assert form["codings"]["D2"].value == "trees"
    (validation,) = form["codings"].data_validations.dataValidation
    sheet, cells = validation.formula1.replace("$", "").split("!")
    assert [row[0].value for row in form[sheet][cells]] == ["trees-care", "trees-new"]


def test_a_variable_that_is_asked_is_never_given(coded):
    """Who is to code something again does not see what holds."""
    packet = draw(ask=["theme", "detail"])[0][0]
    assert packet.given == {"2030-0030": {}}
    assert '"given"' not in prompts.prompt(packet)
    second = draw(ask=["second_theme"], where={})[0][0]
    assert second.given["2030-0010"] == {"theme": "craft"}
    assert prompts.schema(second, book())["properties"]["answers"]["items"]["properties"]["second_theme"]["enum"] == [
        "craft", "trees", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"ask": ["shape"]}, "shape is no variable of codebook crafts: choose among theme, second_theme, detail"),
        ({"where": {"theme": ["ships"]}}, "theme has no category ships: choose among craft, trees"),
        ({"where": {"second_theme": ["trees"], "theme": ["trees"]}}, "there is nothing to ask"),
    ],
)
def test_what_cannot_be_asked_is_refused(coded, more, says):
    with pytest.raises(UsageFault, match=says):
        draw(**more)
    with pytest.raises(UsageFault, match="is about pairs: leave --ask and --where out"):
        packets.draw(codebooks.codebook("fate"), "2030", "2031", ask=["relation"])


# --- what is recorded -------------------------------------------------------------------------------------------


def test_what_is_not_asked_stays_empty_and_what_held_of_it_holds(coded):
    before = held()
    assert before == ("trees", "craft", None, "agreed")
    for coder, shares in zip("DE", draw(), strict=True):
        write(shares, coded, CARE, coder)
    assert held() == ("trees", "craft", "trees-care", "agreed")
    rows = record.codings(book()).filter(version="2")
    assert rows.select("unit_id", "theme", "second_theme", "detail", "asked", "coder").rows() == [
        ("2030-0030", None, None, "trees-care", "detail", coder) for coder in "DE"
    ]
    assert settled.disputed(book()).is_empty()
    assert held("2030-0020") == ("craft", "trees", "craft-sale", "agreed")
    assert settled.table(store.read("measures")).filter(value="craft").height == 3


def test_a_form_that_a_person_filled_in_says_the_same(coded):
    (place,) = packets.write(draw()[0], coded)
    form = openpyxl.load_workbook(place / "form.xlsx")
    form["codings"]["E2"].value = "trees-new"
    form.save(place / "form.xlsx")
    answers.take(place / "form.xlsx", coder="D", kind="person")
    assert held()[2] == "trees-new"


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"detail": "craft-kiln"}, "detail craft-kiln does not belong to theme trees"),
        ({"detail": None}, "detail is missing"),
        ({"detail": "trees-new", "theme": "trees"}, "theme is not asked"),
        ({"detail": "trees-new", "colour": "red"}, "colour is no variable"),
    ],
)
def test_answers_must_go_with_what_is_given(coded, said, says):
    with pytest.raises(UsageFault, match=says):
        write(draw()[0], coded, {"2030-0030": said}, "D")
    assert held()[2] is None


def test_a_coder_has_the_last_word_about_each_variable_by_itself(coded):
    """Who coded everything and then details alone is one coder, about details by what was said last."""
    for coder, shares in zip("AB", draw(where={"theme": ["craft"]}), strict=True):
        write(shares, coded, {"2030-0010": {"detail": "craft-sale"}, "2030-0020": {"detail": "craft-sale"}}, coder)
    assert held("2030-0010") == ("craft", None, "craft-sale", "agreed")
    assert settled.disputed(book()).is_empty()


def test_where_coders_differ_about_it_the_rest_holds_and_it_alone_is_adjudicated(coded):
    for coder, said, shares in zip("DE", (CARE, NEW), draw(), strict=True):
        write(shares, coded, said, coder)
    assert held() == ("trees", "craft", None, "agreed")
    assert settled.disputed(book())["coder"].to_list() == ["D", "E"]
    (packet,) = packets.adjudication(book())
    assert (packet.asked, packet.given) == (("detail",), {"2030-0030": {"theme": "trees"}})
    assert packet.proposed == {"2030-0030": [{"detail": "trees-care"}, {"detail": "trees-new"}]}
    write([packet], coded, NEW, "C")
    assert held() == ("trees", "craft", "trees-new", "agreed")
    assert settled.disputed(book()).is_empty()
    values = settled.values(book()).filter(unit_id="2030-0030")
    assert dict(values.select("variable", "basis").iter_rows()) == {
        "theme": "agreed", "second_theme": "agreed", "detail": "adjudicated",
    }  # fmt: skip


def test_who_is_asked_everything_decides_where_one_coder_was(coded):
    (full, _), (_, asked) = packets.draw(book(), "2030"), draw()
    write(full, coded, FIRST | {"2030-0030": {"theme": "trees", "detail": "trees-care"}}, "D")
    write(asked, coded, NEW, "E")
    (packet,) = packets.adjudication(book())
    assert (packet.asked, packet.given) == ((), None)


def test_what_belongs_to_another_value_than_the_one_that_holds_holds_no_more(coded):
    for coder, shares in zip("DE", draw(), strict=True):
        write(shares, coded, CARE, coder)
    unit = {"unit_id": "2030-0030"}
    decisions.code(book(), unit, {"theme": "craft", "detail": "craft-sale"}, who="Aoki", when="2030-06-01")
    assert held() == ("craft", None, "craft-sale", "decision")
    decisions.take_back(book(), unit)
    assert held()[2] == "trees-care"
    by_hand = PacketRecord(packet_id="r", codebook="crafts", version="0", role="reviewer", coder="Aoki",
                           kind="person", date="2030-06-01")  # fmt: skip
    row = dict.fromkeys(record.columns(book()), "") | {"packet_id": "r", "unit_id": "2030-0030", "theme": "craft"}
    record.add(book(), by_hand, [row])  # by a version in which nothing had details
    assert held() == ("craft", None, None, "decision")


def test_what_comes_to_hold_as_the_first_is_no_second_one_any_more(coded):
    decisions.code(book(), {"unit_id": "2030-0030"}, {"theme": "trees", "detail": "trees-new"}, who="Aoki")
    assert held() == ("trees", None, "trees-new", "decision")  # who decided was asked for a second one, too
    decisions.take_back(book(), {"unit_id": "2030-0030"})
    by_c = PacketRecord(packet_id="c", codebook="crafts", version="2", role="adjudicator", coder="C",
                        kind="person", date="2030-06-01", asked="theme")  # fmt: skip
    row = dict.fromkeys(record.columns(book()), "") | {"packet_id": "c", "unit_id": "2030-0030", "theme": "craft"}
    record.add(book(), by_c, [row])
    assert held() == ("craft", None, None, "adjudicated")


# --- what is made of it -----------------------------------------------------------------------------------------


def test_status_says_what_was_asked_alone(coded):
    for coder, said, shares in zip("DE", (CARE, NEW), draw(), strict=True):
        write(shares, coded, said, coder)
    whole, part = status.of(book()).to_dicts()
    assert (whole["asked"], whole["coded"], whole["differ"], whole["coders"]) == (None, 3, 0, ["A", "B"])
    assert (part["asked"], part["coded"], part["by_two"], part["differ"], part["coders"]) == (
        "detail", 1, 1, 1, ["D", "E"],
    )  # fmt: skip


def test_reliability_compares_what_was_asked(coded):
    for coder, said, shares in zip("DE", (CARE, NEW), draw(), strict=True):
        write(shares, coded, said, coder)
    rows = reliability.table(store.read("measures")).filter(edition_id="2030")
    figures = rows.select("version", "variable", "units", "by_two", "coders", "agreement").sort("version", "variable")
    assert figures.rows() == [
        ("1", "detail", 2, 2, 2, 1.0), ("1", "second_theme", 3, 3, 2, 1.0), ("1", "theme", 3, 3, 2, 1.0),
        ("2", "detail", 1, 1, 2, 0.0),
    ]  # fmt: skip


def test_reliability_takes_the_last_word_of_who_was_asked_twice(coded):
    first = FIRST | {"2030-0030": {"theme": "trees", "detail": "trees-new"}}
    write(packets.draw(book(), "2030")[0], coded, first, "D", date(2030, 5, 1))
    write(draw(seed=1)[0], coded, CARE, "D", date(2030, 5, 2))
    write(draw()[1], coded, CARE, "E")
    rows = reliability.table(store.read("measures")).filter(edition_id="2030", version="2", variable="detail")
    assert rows.select("units", "by_two", "agreement").rows() == [(3, 1, 1.0)]


def test_exports_hold_what_was_said_and_nothing_that_was_not_asked(coded, monkeypatch):
    for coder, said, shares in zip("DE", (CARE, NEW), draw(), strict=True):
        write(shares, coded, said, coder)
    measures = store.read("measures")
    of_second = published.every_value(measures).filter(version="2")
    assert of_second.select("variable", "value", "coder").rows() == [
        ("detail", "trees-care", "D"), ("detail", "trees-new", "E"),
    ]  # fmt: skip
    monkeypatch.setattr(published, "BENCHMARK", ("crafts", "links"))
    rows = published.benchmark(measures).filter(unit_id="2030-0030").sort("variable")
    assert rows.select("variable", "first", "second", "holds").rows() == [
        ("detail", "trees-care", "trees-new", None), ("second_theme", "craft", "craft", "craft"),
        ("theme", "trees", "trees", "trees"),
    ]  # fmt: skip


def test_a_model_may_code_everything_and_parts_of_it_but_no_part_twice(coded):
    full, part = packets.draw(book(), "2030")[0], draw()
    packets.write([*full, *part[0]], coded / "a")
    model = language_model.Model("m")
    work, recorded = language_model.tasks([coded / "a"], "D", model, replace=False)
    assert (len(work), recorded) == (2, [])
    packets.write(part[1], coded / "b")
    with pytest.raises(UsageFault, match="shares of two coders; run each alone"):
        language_model.tasks([coded / "a", coded / "b"], "D", model, replace=False)


# --- the files and the command --------------------------------------------------------------------------------------


def test_a_record_without_the_column_is_read_and_gets_it_when_written(coded):
    file = record.packets_file()
    text = file.read_text(encoding="utf-8")
    assert text.splitlines()[0].endswith(",against,asked")
    file.write_text(text.replace(",asked\n", "\n").replace(",\n", "\n"), encoding="utf-8")
    assert record.packets()["asked"].null_count() == 2
    assert held() == ("trees", "craft", None, "agreed")
    write(draw()[0], coded, CARE, "D")
    assert file.read_text(encoding="utf-8").splitlines()[0].endswith(",against,asked")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("2030-0030,trees,,trees-care", "theme was not asked in packet crafts-2-2030-detail-trees-s0-c1-01"),
        ("2030-0030,,,", "detail is missing"),
        ("2030-0030,,,trees-old", "detail 'trees-old' is no category"),
    ],
)
def test_a_row_that_says_what_was_not_asked_stops(coded, row, says):
    write(draw()[0], coded, CARE, "D")
    file = record.file("crafts")
    text = file.read_text(encoding="utf-8")
    assert text.count("2030-0030,,,trees-care") == 1
    file.write_text(text.replace("2030-0030,,,trees-care", row), encoding="utf-8")
    with pytest.raises(TableFaulty, match=says):
        record.codings(book())


def test_the_command_packs_and_status_tells(coded, monkeypatch, capsys):
    def ran(*words):
        monkeypatch.setattr("sys.argv", ["analysis", "code", *words])
        return program.main(), capsys.readouterr()

    options = ["crafts", "--edition", "2030", "--ask", "detail", "--coders", "2", "--out", str(coded / "p")]
    code, said = ran("pack", *options, "--where", "theme=trees,craft", "--where", "theme=trees")
    assert (code, said.err) == (0, "")
    (place,) = (coded / "p/coder-1").iterdir()
    assert len(packets.read(place / "packet.json").units) == 3
    code, said = ran("pack", *options, "--where", "theme")
    assert code != 0
    assert "--where 'theme' is no limit: write it like topic=edu" in said.err
    write(draw()[0], coded, CARE, "D")
    _, said = ran("status")
    assert "crafts  2030, detail alone: 1 of 3 coded, 0 by two, 0 open  (D)" in said.out
