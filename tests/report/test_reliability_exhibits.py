"""What decides about the links of the report's own pair of editions, who coded it, and how far the coders agree."""

import re

import polars as pl
import pytest

from analysis.coding import codings, decisions, record
from analysis.report.data import ReportData, Tables
from analysis.report.exhibits import agreement, ledger, links, reliability
from analysis.tables import store

MEASURES = pl.DataFrame(
    [(f"{year}-000{n}", year, "body", None) for year in (2040, 2041, 2042) for n in range(1, 5)],
    schema={"measure_id": pl.String, "edition": pl.Int64, "part": pl.String, "repeats": pl.String}, orient="row",
)  # fmt: skip


def row(variable="status", edition_id="2040", against="2041", **columns) -> dict[str, object]:
    known = {
        "codebook": "links", "version": "1", "variable": variable, "edition_id": edition_id, "against": against,
        "units": 4, "by_two": 4, "coders": 2, "kind": "language model", "agreement": 0.75, "agreement_low": 0.5,
        "agreement_high": 1.0, "alpha": 0.61, "alpha_low": 0.2, "alpha_high": 0.9, "kappa": 0.62, "kappa_low": 0.21,
        "kappa_high": 0.91, "f1": None, "most_frequent": "ended", "base_rate": 0.625,
    }  # fmt: skip
    return known | columns


def table(*rows: dict[str, object]) -> pl.DataFrame:
    return store.check("reliability", pl.DataFrame(list(rows), schema=store.empty("reliability").schema))


def linked(*bases: str) -> pl.DataFrame:
    rows = [
        {
            "from_id": f"2040-000{n}",
            "to_id": f"2041-000{n}",
            "from_edition": "2040",
            "to_edition": "2041",
            "basis": basis,
        }
        for n, basis in enumerate(bases, start=1)
    ]
    return pl.DataFrame(rows, schema={name: store.empty("links").schema[name] for name in
                                      ("from_id", "to_id", "from_edition", "to_edition", "basis")})  # fmt: skip


def coded(*measures: int, contested: int = 0, later: str = "2041") -> pl.DataFrame:
    """Codings of measures of 2040, the first so many of them contested."""
    rows = [(f"2040-000{n}", later, f"{later}-000{n}", "same", "none" if n <= contested else "same", "same", "w")
            for n in measures]  # fmt: skip
    return codings.with_certainty(pl.DataFrame(rows, schema=codings.COLUMNS, orient="row"))


def data(language="en", editions=(2041, 2040), **tables: pl.DataFrame) -> ReportData:
    disputed = pl.DataFrame(schema=dict.fromkeys(("unit_id", *record.PACKET_COLUMNS), pl.String))
    known = {
        "measures": MEASURES, "links": linked(), "read": codings.NONE, "reliability": table(), "disputed": disputed,
        "decided": pl.DataFrame(schema=decisions.COLUMNS), "candidates": store.empty("candidates"),
        "documents": store.read("documents"),
    }  # fmt: skip
    return ReportData(*editions, language, known | tables)


TWO = {
    "links": linked("reading", "reading", "reading", "decision"), "read": coded(1, 2, 3, 4, contested=2),
    "reliability": table(row(), row("relation", units=5, by_two=3, f1=0.75, f1_low=0.4, f1_high=0.95)),
}  # fmt: skip


# --- what decides ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [(2040, 2041), (2041, 2040)])
def test_a_pair_that_two_coded(order):
    decides, compared, agreed, differ = links.basis(data(editions=order, **TWO)).sentences
    assert (
        decides
        == "What decides the links from the 2040 plan to the 2041 plan (4): codings 75%; people's decisions 25%."
    )
    assert compared.startswith(
        "2 coders (language models), who did not know of each other, each compared all 4 measures of the "
    )
    assert "alike for 75% (50%–100%); always ‘not found’ would agree for 62%" in agreed
    assert "alpha is 0.61 (0.20–0.90), Cohen's kappa 0.62 (0.21–0.91); F1 of the links that they name is 0.75" in agreed
    assert differ.startswith("Measures about whose links they differ: 2, marked doubtful; somebody else decided")
    assert "Likeness alone" not in " ".join(links.trust(data(**TWO)).sentences)


def test_what_nobody_has_decided_yet_is_said():
    disputed = pl.DataFrame({"unit_id": ["2040-0001"], "edition": ["2040"], "against": ["2041"]})
    differ = links.basis(data(**TWO, disputed=disputed)).sentences[-1]
    assert differ.endswith("nobody has decided yet: 1.")


def test_a_pair_that_nobody_coded_is_a_models():
    known = {"links": linked("likeness", "likeness", "reference"), "reliability": table(row("status", "2040", "2042"))}
    decides, nobody, model = links.basis(data(**known)).sentences
    assert "the model 67%; the document's own references (工程表NNに記載) 33%" in decides
    assert nobody == "Nobody has coded what became in the 2041 plan of what the 2040 plan states."
    known_agreement = data().links_agreement
    assert f"F1 {known_agreement['links_f1']:.2f} only" in model
    trusted = " ".join(links.trust(data(**known)).sentences)
    assert f"{known_agreement['links_f1']:.2f} (" in trusted
    assert "by models that had seen nothing of the later edition" in trusted
    assert "between editions at most 2 years apart" in trusted


@pytest.mark.parametrize(("kind", "called"), [("person", "people"), ("mixed", "people and language models")])
def test_who_coded_is_data(kind, called):
    known = TWO | {"reliability": table(row(kind=kind))}
    assert f"2 coders ({called})" in links.basis(data(**known)).sentences[1]


def test_of_one_coder_nothing_is_known():
    alone = row(by_two=0, coders=1, kind="person", base_rate=None, most_frequent=None) | dict.fromkeys(
        f"{name}{end}" for name in ("agreement", "alpha", "kappa") for end in ("", "_low", "_high")
    )
    shown = links.basis(data(**TWO | {"reliability": table(alone), "read": coded(1, 2, 3, 4)})).sentences
    assert shown[1].startswith("One coder (people) compared 4 of 4 measures of the 2040 plan")
    assert len(shown) == 2
    cells = reliability.exhibit(data(reliability=table(alone))).rows.rows
    assert cells == [["what became of a measure", "2040 → 2041", "1 (people)", "0 / 4", "–", "–", "–", "–", "–"]]


def test_a_pair_that_was_coded_in_part_is_also_a_models():
    known = TWO | {"read": coded(1, 2), "reliability": table(row(units=2, by_two=1))}
    shown = links.basis(data(**known)).sentences
    assert "compared 2 of 4 measures of the 2040 plan" in shown[1]
    assert "1 of them two or more" in shown[1]
    assert shown[-1].startswith("Where nobody coded, a model decides")


def test_people_s_decisions_of_other_pairs_are_left_out():
    rows = [("2040-0001", f"{year}-0001", "reject", None, "a", "2042-01-01", "") for year in (2041, 2042)]
    decided = pl.DataFrame(rows, schema=decisions.COLUMNS, orient="row")
    assert links.trust(data(decided=decided, **TWO)).sentences[0].startswith("People decided 1 pairs")
    assert links.trust(data(editions=(2041, 2041), decided=decided)).sentences[0].startswith("Full plans")


def test_an_edition_alone_has_no_pair():
    assert links.basis(data(editions=(2041, 2041))) is None
    assert not data(editions=(2041, 2041)).model_decides


# --- nothing of other editions ---------------------------------------------------------------------------------------


def test_only_the_report_s_own_editions_are_told():
    own = [row(), row("topic", "2041", "none", codebook="topics", most_frequent="edu"),
           row("topic", "2040", "none", codebook="topics", most_frequent="edu")]  # fmt: skip
    others = [row("status", "all", "2041"), row("status", "2040", "all"), row("status", "2040", "2042"),
              row("status", "2041", "2042"), row("topic", "2042", "none", codebook="topics"),
              row("topic", "all", "none", codebook="topics")]  # fmt: skip
    shown = reliability.exhibit(data(reliability=table(*own, *others)))
    assert [cells[:2] for cells in shown.rows.rows] == [
        ["what became of a measure", "2040 → 2041"], ["main topic", "2040"], ["main topic", "2041"],
    ]  # fmt: skip
    assert shown.sentences[1].startswith("Topics of the 2041 plan, repetitions too: 2 coders (language models), by two")
    assert "always ‘IP education and creative talent’ would agree with 62%" in shown.sentences[1]


def test_rows_of_several_versions_say_which():
    own = [row("sub_topic", "2040", "none", codebook="topics", version=version) for version in "12"]
    shown = reliability.exhibit(data(reliability=table(*own, row())))
    assert [cells[0] for cells in shown.rows.rows] == [
        "what became of a measure", *(f"sub-topic, codebook’s version {version}" for version in "12"),
    ]  # fmt: skip


def test_where_nobody_coded_it_says_so():
    shown = reliability.exhibit(data())
    assert (shown.rows, len(shown.sentences)) == (None, 1)


def test_of_several_versions_the_one_most_were_coded_by():
    known = table(row(units=3, by_two=3), row(version="2", units=1, by_two=1), row(version="3", units=3, by_two=2))
    assert data(reliability=known).reliability("links", "status", "2040", "2041")["version"] == "3"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_finding_is_of_the_own_pair(language):
    tables = Tables()
    for later in ("2026", "2020"):
        found = ledger.exhibit(ReportData(int(later), 2019, language, tables)).findings[0]
        own = tables["reliability"].filter(codebook="links", variable="status", edition_id="2019", against=later)
        assert found.facts["agreement"].value == f"{100 * own['agreement'].item():.0f}%"
        assert found.facts["agreement"].table == "rows-reliability"
    nobody = Tables(tables | {"reliability": table(), "read": codings.NONE})
    found = ledger.exhibit(ReportData(2026, 2019, language, nobody)).findings[0]
    assert found.facts["right"].table == "rows-agreement"


def test_links_are_compared_with_codings_only_where_a_model_decides():
    tables = Tables()
    coded_pair = agreement.exhibit(ReportData(2026, 2019, "en", tables))
    assert "links" not in " ".join(coded_pair.sentences)
    uncoded = agreement.exhibit(ReportData(2026, 2019, "en", Tables(tables | {"read": codings.NONE})))
    assert "left out of the model" in uncoded.sentences[-1]
    assert len(uncoded.rows.rows) == len(coded_pair.rows.rows) + 4


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_sentence_knows_the_years(language):
    """Another pair of editions changes nothing in a sentence but its facts."""
    moved = [frame.with_columns(pl.col(pl.String).str.replace_all("2040", "2050").str.replace_all("2041", "2051"))
             for frame in (TWO["links"], TWO["read"].drop("uncompared"), TWO["reliability"])]  # fmt: skip
    later = dict(zip(("links", "read", "reliability"), moved, strict=True))
    measures = MEASURES.with_columns(pl.col("measure_id").str.replace("204", "205"), edition=pl.col("edition") + 10)
    shown = links.basis(data(language, **TWO)).sentences
    again = links.basis(data(language, (2051, 2050), measures=measures, **later)).sentences
    assert [re.sub("205([01])", r"204\1", sentence) for sentence in again] == shown
