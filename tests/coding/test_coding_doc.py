"""docs/coding.md is true: its codebook is one, its commands run in order, its figures are those of the tables."""

import glob
import re
import shlex
import tomllib

import openpyxl
import polars as pl
import pytest
from coded_plans import coded_plans, write_measures  # noqa: F401

from analysis import __main__ as program
from analysis.base import paths
from analysis.coding import answers, codebooks, codings, published, record, settled
from analysis.continuity import link_model
from analysis.report.exhibits.reliability import figure, shares
from analysis.tables import editions, store

TEXT = (paths.root() / "docs/coding.md").read_text(encoding="utf-8")
BY_PEOPLE, OF_MODELS = TEXT.split("\n## Language models as coders\n")
PLAN = {
    "2026-0010": "窯元が新しい窯を据える費用の半額を補助し、据付けの講習を開く。",
    "2026-0020": "釉薬の安全について規格を定め、三年ごとに見直す。",
    "2026-0030": "若手の陶芸家と海外の画廊とを引き合わせる会を年に四度開く。",
}
TOLD = {"A. Sato": ["money", "rule", "advice"], "B. Mori": ["money", "rule", "rule"], "C. Abe": ["advice"]}
CELLS = {
    "main topic, all editions": ("topics", "topic", "all", "none"),
    "main topic, 2026": ("topics", "topic", "2026", "none"),
    "second topic, all editions": ("topics", "second_topic", "all", "none"),
    "sub-topic, all editions": ("topics", "sub_topic", "all", "none"),
    "what became of a measure, all pairs of editions": ("links", "status", "all", "all"),
    "… by 2026": ("links", "status", "all", "2026"),
    "… from 2019 to 2026": ("links", "status", "2019", "2026"),
    "strongest act, 2019 and 2026": ("checkability", "act", "all", "none"),
    "whether a thing is named": ("checkability", "output", "all", "none"),
    "whether a date is named": ("checkability", "due", "all", "none"),
    "whether a number is named": ("checkability", "quantity", "all", "none"),
    "how a measure of 2019 ended": ("endings", "ending", "2019", "2026"),
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", BY_PEOPLE, flags=re.MULTILINE | re.DOTALL)


def fill(file: str, values: list[str]) -> None:
    """Choose an instrument for each row of a form, as a person does; a second one where the first is given."""
    book = openpyxl.load_workbook(file)
    sheet = book["codings"]
    heads = [cell.value for cell in sheet[1]]
    first, second = (heads.index(name) + 1 for name in ("instrument", "second_instrument"))
    if sheet.cell(2, first).value:  # given, and so not asked
        assert [sheet.cell(row, first).value for row in (2, 3)] == ["money", None]
        sheet.cell(2, second).value = "advice"
    else:
        for row, value in enumerate(values, start=2):
            assert sheet.cell(row, heads.index("unit_id") + 1).value
            sheet.cell(row, first).value = value
    book.save(file)


@pytest.fixture
def example(coded_plans, monkeypatch):  # noqa: F811
    """An invented plan of 2026 and the document's codebook; the folder is where commands are typed."""
    write_measures(PLAN)
    (toml,) = blocks("toml")
    (coded_plans / "data/curated/codebooks/instruments.toml").write_text(toml, encoding="utf-8")
    monkeypatch.chdir(coded_plans)
    return coded_plans


def test_the_codebook_of_the_document_is_one(example):
    book = codebooks.codebook("instruments")
    assert book.choices("second_instrument") == ["money", "rule", "advice"]
    assert book.needed == ["instrument"]


def test_the_commands_of_the_document_run_in_order(example, tmp_path_factory, monkeypatch, capsys):
    out = str(tmp_path_factory.mktemp("packets"))
    commands = [line for block in blocks("sh") for line in block.splitlines() if " code " in line]
    ran = []
    for line in commands:
        words = [
            name
            for word in shlex.split(line, comments=True)[3:]
            for name in (sorted(glob.glob(word.replace("../packets", out))) or [word.replace("../packets", out)])
        ]
        for file in (word for word in words if word.endswith(".xlsx")):
            fill(file, TOLD[words[-1]])
        monkeypatch.setattr("sys.argv", ["analysis", *words])
        assert program.main() == 0, capsys.readouterr().err
        ran.append(words[1])
    assert ran == ["pack", "take", "take", "status", "adjudicate", "take", "pack", "take", "take"]
    assert "instruments  2026: 3 of 3 coded, 3 by two, 1 open  (A. Sato, B. Mori)" in capsys.readouterr().out
    held = settled.measures(codebooks.codebook("instruments"))
    assert held["instrument"].to_list() == ["money", "rule", "advice"]
    assert held["second_instrument"].to_list() == ["advice", None, None]
    assert held["basis"].to_list() == ["agreed", "agreed", "adjudicated"]
    assert published.every_value(store.read("measures"))["value"].len() == 7 + 2


def test_the_json_of_the_document_is_an_answer(example):
    (text,) = blocks("json")
    book = codebooks.codebook("instruments")
    for answer in answers.of_text(text.encode(), "docs"):
        assert set(answer) == {"unit_id", *book.variables, "why"}
        assert book.fault({name: answer[name] for name in book.variables}) is None


def test_every_key_of_a_codebook_is_explained():
    (toml,) = blocks("toml")
    shown = tomllib.loads(toml)
    fields = {*codebooks.Codebook.__dataclass_fields__, *codebooks.Variable.__dataclass_fields__,
              *codebooks.Category.__dataclass_fields__}  # fmt: skip
    used = {*shown, *(key for v in shown["variable"] for key in v),
            *(key for v in shown["variable"] for c in v.get("category", []) for key in c)}  # fmt: skip
    named = set(re.findall(r"`(\w+)", TEXT))
    assert fields - used - named == set()


def test_the_figures_of_the_document_are_those_of_the_table():
    rows = store.read("reliability")
    heads = "| what | cases | alike | always the most frequent value |"
    table = TEXT.split(heads)[1].split("\n\n")[0].splitlines()[2:]
    found = {
        name.strip(): [cell.strip() for cell in cells] for _, name, *cells, _ in (line.split("|") for line in table)
    }
    assert list(found) == list(CELLS)
    for name, (book, variable, edition_id, against) in CELLS.items():
        cell = rows.filter(codebook=book, edition_id=edition_id, against=against).sort("units", descending=True)
        row = cell.filter(variable=variable).row(0, named=True)
        pairs = cell.filter(variable="relation").row(0, named=True) if variable == "status" else row
        assert found[name] == [
            f"{row['by_two']:,}", shares(row, "agreement"), f"{100 * row['base_rate']:.0f}%",
            figure(row, "alpha"), figure(row, "kappa"), figure(pairs, "f1"),
        ]  # fmt: skip


def test_the_readme_says_how_far_coders_of_links_agree():
    row = store.read("reliability").filter(variable="status", edition_id="2019", against="2026").row(0, named=True)
    readme = (paths.root() / "README.md").read_text(encoding="utf-8")
    assert f"alike for {100 * row['agreement']:.0f} of 100 (alpha {row['alpha']:.2f})" in " ".join(readme.split())


def test_what_the_document_says_of_the_record_is_so():
    cases = codings.everything().select("from_id", "edition_id").n_unique()
    assert f"{cases:,} cases of a measure and an edition" in TEXT
    assert f"All {len(store.read('measures'))} measures, items and roadmap rows were coded on 2026-11-29" in TEXT
    packets = record.packets()
    of_topics, of_links = (packets.filter(codebook=name, version="1") for name in ("topics", "links"))
    assert set(of_topics["date"]) == {"2026-11-29"}
    assert set(of_topics.filter(role="coder")["seed"]) == {"20261129"}
    assert set(of_topics["model"]) == set(of_links["model"]) == set(of_links["seed"]) == {"not recorded"}
    assert set(packets.filter(codebook="links")["version"]) == {"1"}
    assert set(packets["kind"]) == {"language model"}


def test_the_coders_named_what_the_roadmap_ties_itself():
    """The references are no part of the texts that were coded: a check of the coders from outside."""
    measures = store.read("measures").with_columns(editions.column())
    tied = link_model.references(measures, store.read("roadmap"))
    held = codings.table(measures).filter(pl.col("relation").is_in(["same", "successor"]))
    found = len(tied.join(held, on=["from_id", "to_id"], how="semi"))
    assert f"it ties {len(tied)} pairs" in TEXT
    assert f"found {found} of the {len(tied)}" in TEXT
    assert found > 0.8 * len(tied)


def test_the_options_for_language_models_are_those_of_the_command(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("sys.argv", ["analysis", "code", "run", "--help"])
    program.main()
    known = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    own = [line for line in OF_MODELS.replace("\\\n", "").splitlines() if " code run " in line]
    named = {option for line in own for option in re.findall(r"--[a-z-]+", line)}
    assert {"--base-url", "--model", "--send"} <= named <= known
