"""Packets: shares by seed, what a coder is shown and what not, forms, and where they may lie."""

import json

import openpyxl
import pytest
from coded_plans import TEXTS, coded_plans, write_measures  # noqa: F401

from analysis.base.errors import DocumentMissing, UsageFault
from analysis.coding import codebooks, forms, packets, prompts

OF_2030 = sorted(key for key in TEXTS if key.startswith("2030"))


def draw(codebook="crafts", against=None, **more):
    return packets.draw(codebooks.codebook(codebook), "2030", against, **more)


def ids(packet):
    return [unit.unit_id for unit in packet.units]


def test_every_coder_gets_every_unit_once_in_shares_of_their_own(coded_plans):  # noqa: F811
    write_measures({f"2030-{n:04}": f"窯を{n}つ設ける。" for n in range(1, 41)})
    first, second = draw(share=10, seed=1)
    for shares in (first, second):
        assert sorted(key for packet in shares for key in ids(packet)) == [f"2030-{n:04}" for n in range(1, 41)]
        assert [len(packet.units) for packet in shares] == [10] * 4
    assert {tuple(ids(packet)) for packet in first}.isdisjoint(tuple(ids(packet)) for packet in second)
    assert draw(share=10, seed=1) == [first, second]
    assert draw(share=10, seed=2)[0] != first


def test_a_prompt_holds_codebook_headings_and_texts_and_nothing_else(coded_plans):  # noqa: F811
    text = prompts.prompt(draw(share=9)[0][0])
    assert all(TEXTS[key] in text for key in OF_2030)
    assert "海辺の町" in text
    assert "craft-kiln" in text
    assert text.index("not instructions") < text.index(TEXTS["2030-0010"])  # the texts come after what instructs
    assert not any(TEXTS[key] in text for key in TEXTS if key not in OF_2030)


def test_pairs_come_with_the_whole_later_edition_or_with_candidates(coded_plans):  # noqa: F811
    whole = draw("fate", "2031", share=9)[0][0]
    assert [unit.unit_id for unit in whole.others] == ["2031-0010", "2031-0020"]
    assert whole.offers("2030-0010") == ["2031-0010", "2031-0020"]
    few = draw("fate", "2031", share=9, offered={"2030-0010": ["2031-0020"]})[0][0]
    assert few.offers("2030-0010") == ["2031-0020"]
    assert few.offers("2030-0020") == []
    assert [unit.unit_id for unit in few.others] == ["2031-0020"]
    assert '"candidates": ["2031-0020"]' in prompts.prompt(few)


def test_the_schema_admits_only_identifiers_and_categories(coded_plans):  # noqa: F811
    packet = draw("fate", "2031", share=9)[0][0]
    entry = prompts.schema(packet, codebooks.codebook("fate"))["properties"]["answers"]
    assert (entry["minItems"], entry["maxItems"]) == (3, 3)
    unit = entry["items"]["properties"]
    assert unit["unit_id"]["enum"] == OF_2030
    pair = unit["pairs"]["items"]
    assert pair["properties"]["to_id"]["enum"] == ["2031-0010", "2031-0020", None]
    assert pair["properties"]["relation"]["enum"] == ["same", "near", "none"]
    assert pair["additionalProperties"] is False
    of_measure = prompts.schema(draw(share=9)[0][0], codebooks.codebook("crafts"))
    values = of_measure["properties"]["answers"]["items"]["properties"]
    assert values["theme"]["enum"] == ["craft", "trees"]
    assert values["second_theme"]["enum"] == ["craft", "trees", None]


@pytest.mark.parametrize(
    ("codebook", "against", "more", "says"),
    [
        ("crafts", "2031", {}, "leave --against out"),
        ("fate", None, {}, "say --against"),
        ("fate", "2029", {}, "2030 is no earlier edition than 2029"),
        ("fate", "2032", {}, "edition '2032' does not exist"),
        ("crafts", None, {"share": 0}, "1 or more"),
    ],
)
def test_what_does_not_fit_is_refused(coded_plans, codebook, against, more, says):  # noqa: F811
    with pytest.raises(UsageFault, match=says):
        draw(codebook, against, **more)


def test_without_the_texts_there_is_nothing_to_code(coded_plans):  # noqa: F811
    (coded_plans / "data/processed/texts.jsonl").unlink()
    with pytest.raises(DocumentMissing, match="analysis fetch"):
        draw()


def test_a_packet_is_read_as_it_was_written(coded_plans, tmp_path_factory):  # noqa: F811
    folder = tmp_path_factory.mktemp("out")
    (place,) = packets.write(draw("fate", "2031", share=9)[0], folder)
    packet = packets.read(place / "packet.json")
    assert packet.units == draw("fate", "2031", share=9)[0][0].units
    assert packet.prompt_hash == packets.files.checksum((place / "prompt.md").read_bytes())[: packets.HASH_DIGITS]
    with pytest.raises(UsageFault, match="holds a packet already"):
        packets.write([packet], folder)


def test_packets_may_not_lie_in_the_repository(coded_plans):  # noqa: F811
    with pytest.raises(UsageFault, match="lies in the repository"):
        packets.write(draw()[0], coded_plans / "notebooks")
    assert packets.write(draw()[0], coded_plans / "reports/coding")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"packet_id": "a"}', '{"units": [1]}'])
def test_what_is_no_packet_is_refused(coded_plans, content):  # noqa: F811
    file = coded_plans / "packet.json"
    file.write_text(content)
    with pytest.raises(UsageFault, match=r"packet\.json"):
        packets.read(file)


def test_the_form_offers_categories_and_later_measures_in_lists(coded_plans, tmp_path_factory):  # noqa: F811
    folder = tmp_path_factory.mktemp("out")
    for codebook, against, lists in (("crafts", None, 3), ("fate", "2031", 2)):
        (place,) = packets.write(draw(codebook, against, share=9)[0], folder)
        book = openpyxl.load_workbook(place / "form.xlsx")
        validations = book["codings"].data_validations.dataValidation
        assert len(validations) == lists
        for validation in validations:
            column = openpyxl.utils.cell.coordinate_from_string(str(validation.sqref).split(":")[0])[0]
            head = book["codings"][f"{column}1"].value
            sheet, cells = validation.formula1.replace("$", "").split("!")
            values = [row[0].value for row in book[sheet][cells]]
            known = codebooks.codebook(codebook)
            assert values == (["2031-0010", "2031-0020"] if head == "to_id" else known.choices(head))


def test_texts_are_never_formulas_in_a_form(coded_plans, tmp_path_factory):  # noqa: F811
    write_measures({"2030-0010": '=HYPERLINK("x")', "2031-0010": "@SUM(A1)"})
    (place,) = packets.write(draw("fate", "2031")[0], tmp_path_factory.mktemp("out"))
    book = openpyxl.load_workbook(place / "form.xlsx")
    assert {cell.data_type for sheet in book for row in sheet for cell in row if cell.value is not None} == {"s"}


def test_a_form_of_json_lines_has_a_line_for_each_unit(coded_plans):  # noqa: F811
    rows = [json.loads(line) for line in forms.jsonl(draw(share=9)[0][0]).splitlines()]
    assert [row["unit_id"] for row in rows] == OF_2030
    assert set(rows[0]) == {"unit_id", "theme", "second_theme", "detail", "why"}
