"""Answers: every fault is told at once, nothing is recorded where there is one, and what holds in the end."""

import json
import shutil
from datetime import date

import openpyxl
import polars as pl
import pytest
from coded_plans import TEXTS, coded_plans, write_measures  # noqa: F401

from analysis.base.errors import UsageFault
from analysis.coding import answers, codebooks, decisions, packets, record, settled, status
from analysis.tables import store

KILN = {"theme": "craft", "detail": "craft-kiln"}
SALE = {"theme": "craft", "detail": "craft-sale"}
TREES = {"theme": "trees"}
GOOD = [{"unit_id": "2030-0010", **KILN}, {"unit_id": "2030-0020", **SALE}, {"unit_id": "2030-0030", **TREES}]
PAIRS = [
    {"unit_id": "2030-0010", "pairs": [{"to_id": "2031-0010", "relation": "same", "why": "the kiln goes on"}]},
    {"unit_id": "2030-0020", "pairs": [{"to_id": None, "relation": "none"}]},
    {"unit_id": "2030-0030", "pairs": [{"to_id": "2031-0020", "relation": "near"}]},
]


@pytest.fixture
def folders(coded_plans, tmp_path_factory):  # noqa: F811
    """The folder of each coder's only packet, for both codebooks."""
    out = tmp_path_factory.mktemp("out")
    result = {}
    for name, against in (("crafts", None), ("fate", "2031")):
        for coder, shares in enumerate(packets.draw(codebooks.codebook(name), "2030", against, share=9), start=1):
            result[name, coder] = packets.write(shares, out / str(coder))[0]
    return result


def take(folder, given, name="answers.json", coder="A", **more):
    file = folder / name
    file.write_text(given if isinstance(given, str) else json.dumps({"answers": given}), encoding="utf-8")
    return answers.take(file, coder=coder, kind="person", **more)


def held(codebook="crafts"):
    return {row["unit_id"]: row for row in settled.measures(codebooks.codebook(codebook)).iter_rows(named=True)}


# --- what is recorded -------------------------------------------------------------------------------------------


def test_answers_are_recorded_with_who_when_and_what_was_read(folders):
    take(folders["crafts", 1], GOOD, day=date(2030, 5, 1))
    rows = record.codings(codebooks.codebook("crafts"))
    assert rows["unit_id"].to_list() == [row["unit_id"] for row in GOOD]
    assert rows["theme"].to_list() == ["craft", "craft", "trees"]
    assert rows["coder"].unique().to_list() == ["A"]
    assert rows["date"].unique().to_list() == ["2030-05-01"]
    assert rows["role"].unique().to_list() == ["coder"]
    assert rows["text_hash"].null_count() == 0
    assert (record.folder() / "raw" / rows["packet_id"][0] / "answers.json").exists()


def test_json_lines_and_a_list_are_answers_too(folders):
    take(folders["crafts", 1], "\n".join(map(json.dumps, GOOD)) + "\n", "answers.jsonl")
    take(folders["crafts", 1], json.dumps(GOOD), replace=True)
    assert len(record.codings(codebooks.codebook("crafts"))) == 3


@pytest.mark.parametrize(("name", "given"), [("crafts", GOOD), ("fate", PAIRS)])
def test_a_form_that_a_person_filled_in_says_the_same_as_json(folders, name, given):
    take(folders[name, 1], given)
    file = folders[name, 2] / "form.xlsx"
    workbook = openpyxl.load_workbook(file)
    sheet = workbook["codings"]
    heads = [cell.value for cell in sheet[1]]
    left = {row["unit_id"]: list(row.get("pairs", [row])) for row in given}
    for row in sheet.iter_rows(min_row=2):
        if left[row[0].value]:
            values = left[row[0].value].pop(0)
            for place, head in enumerate(heads):
                if head in values and head != "unit_id":
                    row[place].value = values[head]
    workbook.save(file)
    answers.take(file, coder="B", kind="person")
    book = codebooks.codebook(name)
    columns = [column for column in record.columns(book) if column != "packet_id"]
    by_json, by_form = (record.codings(book).filter(coder=coder).select(columns) for coder in "AB")
    assert by_json.equals(by_form)


def test_pairs_are_recorded_with_both_texts(folders):
    take(folders["fate", 1], PAIRS)
    rows = record.codings(codebooks.codebook("fate"))
    assert rows.select("unit_id", "to_id", "relation").rows() == [
        ("2030-0010", "2031-0010", "same"), ("2030-0020", None, "none"), ("2030-0030", "2031-0020", "near")
    ]  # fmt: skip
    assert rows["to_hash"].is_null().to_list() == [False, True, False]


# --- what is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (GOOD[:2], "2030-0030: not coded"),
        ([*GOOD, GOOD[0]], "2030-0010: coded 2 times"),
        ([*GOOD, {"unit_id": "2031-0010", **TREES}], "2031-0010: not a unit of this packet"),
        ([*GOOD[:2], {"unit_id": "2030-0030", "theme": "ships"}], "2030-0030: theme 'ships' is no category"),
        ([*GOOD[:2], {"unit_id": "2030-0030", "theme": ["trees"]}], "2030-0030: theme must be text"),
        ([*GOOD[:2], {"unit_id": "2030-0030", **TREES, "colour": "red"}], "2030-0030: colour is no variable"),
        ([*GOOD[:2], {"unit_id": "2030-0030", **TREES, "why": "=1+1"}], "2030-0030: why begins with '='"),
        ([*GOOD[:2], {"unit_id": "2030-0030", **TREES, "why": 7}], "2030-0030: why must be text"),
        (
            [*GOOD[:2], {"unit_id": "2030-0030", **TREES, "why": "says " + TEXTS["2030-0010"][:26]}],
            "2030-0030: why repeats",
        ),
        ("{", "cannot be read"),
        ("7", "holds no answers"),
        ('{"answers": [1]}', "holds no answers"),
    ],
)
def test_faulty_answers_are_refused(folders, given, says):
    with pytest.raises(UsageFault) as fault:
        take(folders["crafts", 1], given)
    assert says in str(fault.value)
    assert record.codings(codebooks.codebook("crafts")).is_empty()
    assert record.packets().is_empty()


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        ([], "no pairs"),
        ([{"to_id": "2031-0010", "relation": "same"}] * 2, "2031-0010 is named 2 times"),
        ([{"to_id": "2030-0020", "relation": "same"}], "2030-0020 is not among the units"),
        (
            [{"to_id": None, "relation": "none"}, {"to_id": "2031-0010", "relation": "near"}],
            "names pairs and says that nothing comes near",
        ),
        ([{"to_id": None, "relation": "same"}], "relation must be none where nothing is named"),
        ([{"to_id": "2031-0010"}], "relation is missing"),
        ([{"to_id": f"2031-00{n}0", "relation": "near"} for n in (1, 2, 3)], "3 pairs: at most 2"),
    ],
)
def test_faulty_pairs_are_refused(folders, pairs, says):
    with pytest.raises(UsageFault) as fault:
        take(folders["fate", 1], [{"unit_id": "2030-0010", "pairs": pairs}, *PAIRS[1:]])
    assert f"2030-0010: {says}" in str(fault.value)


def test_all_faults_are_told_at_once(folders):
    with pytest.raises(UsageFault) as fault:
        take(folders["crafts", 1], [{"unit_id": "2030-0010", "theme": "ships"}], coder=" ")
    lines = str(fault.value).splitlines()
    assert len(lines) == 5  # what it is about; the coder; two units that are missing; the category
    assert [line.split(":")[0].strip() for line in lines[2:]] == ["2030-0020", "2030-0030", "2030-0010"]


@pytest.mark.parametrize("name", ["model", "model_version"])
def test_the_name_of_a_model_is_no_formula(folders, name):
    with pytest.raises(UsageFault, match="begins with '='"):
        take(folders["crafts", 1], GOOD, **{name: "=cmd"})


def test_a_reason_of_ones_own_words_may_name_things(folders):
    take(folders["crafts", 1], [{**GOOD[0], "why": "若手の陶芸家 get a kiln"}, *GOOD[1:]])
    assert "kiln" in record.codings(codebooks.codebook("crafts"))["why"][0]


def test_a_packet_is_recorded_once_unless_it_is_replaced(folders):
    take(folders["crafts", 1], GOOD)
    with pytest.raises(UsageFault, match="recorded already: say --replace"):
        take(folders["crafts", 1], GOOD)
    take(folders["crafts", 1], [{"unit_id": "2030-0010", **SALE}, *GOOD[1:]], replace=True)
    assert record.codings(codebooks.codebook("crafts"))["detail"].to_list() == ["craft-sale", "craft-sale", None]


def test_a_text_that_has_changed_since_is_not_recorded(folders):
    write_measures(TEXTS | {"2030-0010": "別の窯を造る。"})
    with pytest.raises(UsageFault, match="2030-0010: the measure has changed since"):
        take(folders["crafts", 1], GOOD)
    write_measures({key: text for key, text in TEXTS.items() if key != "2030-0010"})
    with pytest.raises(UsageFault, match="2030-0010: the measure is gone since"):
        take(folders["crafts", 1], GOOD)


def test_another_version_of_the_codebook_needs_another_packet(folders, coded_plans):  # noqa: F811
    file = coded_plans / "data/curated/codebooks/crafts.toml"
    file.write_text(file.read_text().replace('version = "1"', 'version = "2"'))
    with pytest.raises(UsageFault, match="follows version 1 of codebook crafts, which is now 2"):
        take(folders["crafts", 1], GOOD)


def test_what_is_no_form_is_refused(folders):
    file = folders["crafts", 1] / "form.xlsx"
    for content in (b"", b"PK\x03\x04", shutil.which("sh").encode()):
        file.write_bytes(content)
        with pytest.raises(UsageFault, match="no form of `code pack`"):
            answers.take(file, coder="A", kind="person")
    with pytest.raises(UsageFault, match="there is no file"):
        answers.take(file.with_name("gone.json"), coder="A", kind="person")


# --- what holds -------------------------------------------------------------------------------------------------


def test_what_coders_agree_about_holds_and_the_rest_is_open(folders):
    take(folders["crafts", 1], [{**GOOD[0], "second_theme": "trees"}, *GOOD[1:]])
    assert {row["basis"] for row in held().values()} == {"single"}
    others = [{"unit_id": "2030-0020", **KILN}, {"unit_id": "2030-0030", **KILN}]
    take(folders["crafts", 2], [GOOD[0], *others], coder="B")
    rows = held()
    assert [rows[key]["basis"] for key in sorted(rows)] == ["agreed", "agreed", "open"]
    assert (rows["2030-0020"]["theme"], rows["2030-0020"]["detail"]) == ("craft", None)
    assert (rows["2030-0030"]["theme"], rows["2030-0030"]["detail"]) == (None, None)
    assert rows["2030-0010"]["second_theme"] is None  # optional: only one coder says so
    differ = settled.disputed(codebooks.codebook("crafts"))
    assert differ.select("unit_id", "coder").rows() == [(key, c) for key in ("2030-0020", "2030-0030") for c in "AB"]


def test_a_coder_who_codes_again_has_one_voice(folders, tmp_path_factory):
    book = codebooks.codebook("crafts")
    take(folders["crafts", 1], GOOD, day=date(2030, 5, 1))
    ((again,),) = packets.draw(book, "2030", coders=1, seed=1, share=9)
    (place,) = packets.write([again], tmp_path_factory.mktemp("again"))
    take(place, [{"unit_id": "2030-0010", **SALE}, *GOOD[1:]], day=date(2030, 5, 2))
    assert (held()["2030-0010"]["basis"], held()["2030-0010"]["detail"]) == ("single", "craft-sale")


def test_an_adjudicator_settles_it_not_knowing_who_said_what(folders, tmp_path_factory):
    take(folders["crafts", 1], GOOD)
    take(folders["crafts", 2], [GOOD[0], {"unit_id": "2030-0020", **KILN}, GOOD[2]], coder="B")
    (packet,) = packets.adjudication(codebooks.codebook("crafts"))
    assert packet.proposed == {
        "2030-0020": [
            {"theme": "craft", "second_theme": None, "detail": detail} for detail in ("craft-kiln", "craft-sale")
        ]
    }
    (place,) = packets.write([packet], tmp_path_factory.mktemp("adjudication"))
    assert '"coder"' not in (place / "prompt.md").read_text().split("## The units")[1]
    with pytest.raises(UsageFault, match="A coded 2030-0020: somebody else must decide"):
        take(place, [{"unit_id": "2030-0020", **SALE}])
    take(place, [{"unit_id": "2030-0020", **SALE}], coder="C")
    assert (held()["2030-0020"]["basis"], held()["2030-0020"]["detail"]) == ("adjudicated", "craft-sale")
    assert settled.disputed(codebooks.codebook("crafts")).is_empty()


def test_coders_of_pairs_differ_where_not_all_name_a_link(folders, tmp_path_factory):
    take(folders["fate", 1], PAIRS)
    near = {"unit_id": "2030-0010", "pairs": [{"to_id": "2031-0010", "relation": "near"}]}
    nothing = {"unit_id": "2030-0030", "pairs": [{"to_id": None, "relation": "none"}]}  # as good as near
    take(folders["fate", 2], [near, PAIRS[1], nothing], coder="B")
    (packet,) = packets.adjudication(codebooks.codebook("fate"))
    assert packet.offered == {"2030-0010": ["2031-0010"]}
    assert [unit.unit_id for unit in packet.others] == ["2031-0010"]
    (place,) = packets.write([packet], tmp_path_factory.mktemp("adjudication"))
    with pytest.raises(UsageFault, match="decide about each of 2031-0010"):
        take(place, [{"unit_id": "2030-0010", "pairs": [{"to_id": None, "relation": "none"}]}], coder="C")
    take(place, [{"unit_id": "2030-0010", "pairs": [{"to_id": "2031-0010", "relation": "same"}]}], coder="C")
    assert settled.disputed(codebooks.codebook("fate")).is_empty()


def test_a_person_has_the_last_word(folders):
    take(folders["crafts", 1], GOOD)
    book = codebooks.codebook("crafts")
    decisions.code(book, {"unit_id": "2030-0010"}, TREES, who="Aoki", when="2030-06-01")
    assert (held()["2030-0010"]["basis"], held()["2030-0010"]["theme"]) == ("decision", "trees")
    decisions.code(book, {"unit_id": "2030-0010"}, SALE, who="Aoki", when="2030-06-02")
    assert held()["2030-0010"]["detail"] == "craft-sale"
    with pytest.raises(UsageFault, match="theme 'ships' is no category"):
        decisions.code(book, {"unit_id": "2030-0010"}, {"theme": "ships"}, who="Aoki")
    with pytest.raises(UsageFault, match="there is no measure 2030-9999"):
        decisions.code(book, {"unit_id": "2030-9999"}, TREES, who="Aoki")


def test_status_counts_what_is_coded_open_and_changed(folders):
    take(folders["crafts", 1], GOOD)
    take(folders["crafts", 2], [GOOD[0], {"unit_id": "2030-0020", **KILN}, GOOD[2]], coder="B")
    take(folders["fate", 1], PAIRS)
    write_measures(TEXTS | {"2030-0030": "桜を植える。"})
    rows = status.table().to_dicts()
    assert rows[0] == {
        "codebook": "crafts", "edition": "2030", "against": None, "units": 3, "coded": 3, "by_two": 3, "differ": 1,
        "changed": 1, "coders": ["A", "B"], "asked": None,
    }  # fmt: skip
    assert (rows[1]["codebook"], rows[1]["against"], rows[1]["by_two"], rows[1]["coders"]) == ("fate", "2031", 0, ["A"])
    assert len(rows) == 2


def test_nothing_coded_is_an_empty_table(coded_plans):  # noqa: F811
    assert status.table().equals(pl.DataFrame(schema=status.COLUMNS))
    assert settled.measures(codebooks.codebook("crafts")).is_empty()


def test_what_holds_by_every_codebook_is_a_table(folders):
    """By a codebook of one's own, too; with whether the text has changed since. What is open has no row."""
    assert settled.table(store.read("measures")).is_empty()
    take(folders["crafts", 1], GOOD)
    take(folders["crafts", 2], [GOOD[0], {"unit_id": "2030-0020", **KILN}, GOOD[2]], coder="B")
    take(folders["fate", 1], PAIRS)
    write_measures(TEXTS | {"2030-0030": "桜を植える。"})
    rows = store.check("coded", settled.table(store.read("measures"))).sort("measure_id", "variable")
    assert rows.select("codebook", "measure_id", "variable", "value", "basis", "changed").rows() == [
        ("crafts", "2030-0010", "detail", "craft-kiln", "agreed", False),
        ("crafts", "2030-0010", "theme", "craft", "agreed", False),
        ("crafts", "2030-0020", "theme", "craft", "agreed", False),
        ("crafts", "2030-0030", "theme", "trees", "agreed", True),
    ]
