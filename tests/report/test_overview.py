"""The first numbers and the plain findings, counted anew from the tables, and the places of measures on the page."""

import polars as pl
import pytest

from analysis.documents import source_lines
from analysis.report import measure_records, overview
from analysis.report.data import ReportData, Tables
from analysis.report.exhibits import act_shifts, checkability


@pytest.fixture(scope="module")
def tables():
    return Tables()


def originals(tables: Tables, edition: int) -> pl.DataFrame:
    """The measures that an edition states itself, by what its rows say."""
    own = tables["measures"].filter(pl.col("part").is_in(["body", "summary"]), edition=edition)
    return own.filter(pl.col("repeats").is_null())


def test_the_numbers_are_those_of_the_tables(tables):
    numbers = {number.anchor: number for number in overview.numbers(ReportData(2026, 2019, "en", tables))}
    own = originals(tables, 2026)
    links = tables["links"].filter(to_edition="2026")
    linked = set(links["to_id"])
    beside = set(links.filter(from_edition="2019")["to_id"])
    new = sum(key not in linked for key in own["measure_id"]) / len(own)
    assert numbers["rows-origin"].value == f"{new:.0%}"
    none_beside = sum(key not in beside for key in own["measure_id"]) / len(own)
    assert numbers["rows-origin"].before.endswith(f"{none_beside:.0%}")
    checks = tables["checkability"].join(own, on="measure_id", how="semi")
    named = len(checks.filter(pl.any_horizontal("output", "date", "quantity"))) / len(checks)
    assert numbers["rows-checkability"].value == f"{named:.0%}"
    met = tables["progress"].filter(pl.col("state").is_in(["reached", "kept", "on_track"]))
    assert int(numbers["rows-scoreboard"].value) <= len(met)


def by_rules_alone(tables: Tables, edition: int) -> Tables:
    """The tables as they are where nobody has coded what can be checked of an edition."""
    own = originals(tables, edition)["measure_id"].implode()
    held = tables["checkability"].filter(~pl.col("measure_id").is_in(own))
    seen = tables["commitments"].filter(pl.col("measure_id").is_in(own))
    seen = seen.rename({"due": "date", "due_words": "date_words"})
    seen = seen.with_columns(basis=pl.lit("rules"), instrument=pl.lit("none")).select(held.columns)
    return Tables(tables | {"checkability": pl.concat([held, seen])})


def test_what_can_be_checked_is_compared_as_the_same_reader_sees_it(tables):
    def before(known):
        numbers = {number.anchor: number for number in overview.numbers(ReportData(2026, 2019, "en", known))}
        return numbers["rows-checkability"].before

    def share(table, edition):
        rows = table.join(originals(tables, edition), on="measure_id", how="semi")
        return f"{rows.select(pl.any_horizontal(pl.col(pl.Boolean)).mean()).item():.0%}"

    by_coders, by_rules = share(tables["checkability"], 2019), share(tables["commitments"], 2019)
    assert by_coders != by_rules
    assert before(tables) == f"2019 plan: {by_coders}"
    own = share(tables["commitments"], 2026)
    assert before(by_rules_alone(tables, 2019)) == f"read by the same rules: {own}, 2019 plan {by_rules}"
    assert before(by_rules_alone(tables, 2026)) == f"2019 plan, read by the same rules: {by_rules}"
    shown = checkability.exhibit(ReportData(2026, 2019, "en", by_rules_alone(tables, 2026)))
    assert f"Read by the same rules, {own} of the 2026 plan and {by_rules} of the 2019 plan" in " ".join(
        shown.sentences
    )
    assert f"coded any of them: rules of grammar read all {len(originals(tables, 2026))}" in shown.sentences[0]
    assert "same rules" not in " ".join(checkability.exhibit(ReportData(2026, 2019, "en", tables)).sentences)


def test_a_models_topics_are_not_set_beside_those_of_coders(tables):
    own = originals(tables, 2026)["measure_id"].implode()
    basis = pl.when(pl.col("measure_id").is_in(own)).then(pl.lit("model")).otherwise("basis")
    assigned = tables["assignments"].with_columns(basis=basis)
    said = [overview.findings(ReportData(2026, 2019, "en", known))[0].text
            for known in (tables, Tables(tables | {"assignments": assigned}))]  # fmt: skip
    assert ["In 2019 it was" in text for text in said] == [True, False]
    both = tables["assignments"].with_columns(basis=pl.lit("model"))
    said = overview.findings(ReportData(2026, 2019, "en", Tables(tables | {"assignments": both})))[0].text
    assert "In 2019 it was" in said  # one reader for both


def test_shifts_of_acts_compare_what_the_same_reader_sees(tables):
    data = ReportData(2026, 2019, "en", by_rules_alone(tables, 2026))
    shown = act_shifts._shifts(data)
    acts = dict(tables["commitments"].select("measure_id", "act").iter_rows())
    assert set(shown["basis"]) == {"rules"}
    for side in ("first", "last"):
        assert shown[f"{side}_act"].to_list() == [acts[key] for key in shown[f"{side}_id"]]
    count = len(shown)
    assert f"one of the two measures: {count} of {count}." in act_shifts.exhibit(data).sentences[1]
    coded = act_shifts._shifts(ReportData(2026, 2019, "en", tables))
    held = {row["measure_id"]: row for row in tables["checkability"].iter_rows(named=True)}
    for row in coded.iter_rows(named=True):
        ends = row["first_id"], row["last_id"]
        by_rules = any(held[key]["basis"] == "rules" for key in ends)
        assert row["basis"] == ("rules" if by_rules else "coders")
        assert [row["first_act"], row["last_act"]] == [acts[key] if by_rules else held[key]["act"] for key in ends]
    assert 0 < len(coded.filter(basis="rules")) < len(coded)


@pytest.mark.parametrize(
    ("edition", "baseline", "anchors"),
    [
        (2019, 2019, ["rows-sections", "rows-checkability"]),
        (2023, 2019, ["rows-sections", "rows-origin", "rows-checkability"]),
        (2026, 2019, ["rows-sections", "rows-origin", "rows-checkability", "rows-scoreboard"]),
    ],
)
def test_only_what_an_edition_has_is_said_of_it(tables, edition, baseline, anchors):
    data = ReportData(edition, baseline, "en", tables)
    assert [number.anchor for number in overview.numbers(data)] == anchors
    said = " ".join(finding.text for finding in overview.findings(data))
    assert 1 <= len(overview.findings(data)) <= 3
    assert ("can be recognised" in said) == (edition == 2026)  # what a summary leaves out has not ended
    assert ("of ten items" in said) == (edition == 2023)  # a summary states no measures
    assert ("of ten measures name" in said) == (edition == 2019)


def test_of_ten_measures_so_many_go_on(tables):
    said = [finding.text for finding in overview.findings(ReportData(2026, 2019, "en", tables))]
    own = originals(tables, 2019)
    links = tables["links"].filter(from_edition="2019", to_edition="2026")
    carried = 10 * own["measure_id"].is_in(links["from_id"].unique().implode()).mean()
    assert f"About {round(carried)} of ten measures of 2019" in said[1]


@pytest.fixture(scope="module")
def records(tables):
    groups = measure_records.by_edition(ReportData(2026, 2019, "en", tables), {})
    return {row["measure_id"]: row for one in groups for section in one["sections"] for row in section["rows"]}


def test_each_measure_up_to_the_edition_has_one_place(tables, records):
    assert sorted(records) == sorted(tables["measures"]["measure_id"])
    earlier = measure_records.by_edition(ReportData(2020, 2019, "en", tables), {})
    assert [one["edition_id"] for one in earlier] == ["2020", "R2019", "2019", "R2018", "R2017"]
    assert earlier[0]["own"]
    assert not any(one["own"] for one in earlier[1:])


def test_a_place_says_what_the_tables_know(tables, records):
    for row in tables["checkability"].sample(40, seed=1).iter_rows(named=True):
        named = [kind for kind in ("output", "date", "quantity") if row[kind]]
        assert records[row["measure_id"]]["names"] == (named or ["none"])
    links = tables["links"].filter(from_edition="2019", to_edition="2026")
    repeats = set(tables["measures"].filter(pl.col("repeats").is_not_null())["measure_id"])
    for start, end in links.select("from_id", "to_id").iter_rows():
        if not {start, end} & repeats:
            assert end in records[start]["partners"]
            assert start in records[end]["partners"]
    members = tables["initiative_members"].filter(pl.col("relation") != "repetition")
    for row in members.sample(40, seed=1).iter_rows(named=True):
        steps = [step["measure_id"] for step in records[row["measure_id"]]["steps"]]
        same = members.filter(initiative_id=row["initiative_id"])["measure_id"]
        assert sorted(steps) == sorted(same)


def test_differences_of_wording_stand_where_both_texts_are_known(tables):
    step = tables["initiative_members"].filter(pl.col("from_id").is_not_null(), relation="evolved").row(0, named=True)
    texts = pl.DataFrame(
        {"measure_id": [step["from_id"], step["measure_id"]], "text": ["灯台を<b>守る。", "灯台を<b>直す。"],
         "repaired": [None, None]}, schema_overrides={"repaired": pl.String},
    )  # fmt: skip
    data = ReportData(2026, 2019, "en", Tables(tables | {"texts": texts}))
    rows = {
        row["measure_id"]: row
        for one in measure_records.by_edition(data, source_lines.at_hand())
        for section in one["sections"]
        for row in section["rows"]
    }
    before, html = rows[step["measure_id"]]["wording"]
    assert before == step["from_id"]
    assert html == "灯台を&lt;b&gt;<del>守る</del><ins>直す</ins>。"
    assert sum(row["wording"] is not None for row in rows.values()) == 1


def test_each_wording_is_set_beside_that_of_its_own_forerunner(tables):
    """An initiative of three measures: none of them is set beside the forerunner of another."""
    members = (
        tables["initiative_members"].filter(pl.col("relation") != "repetition").sort("initiative_id", "edition_id")
    )
    long = members.group_by("initiative_id").len().filter(pl.col("len") > 2)["initiative_id"].min()
    own = {row["measure_id"]: row["from_id"] for row in members.filter(initiative_id=long).iter_rows(named=True)}
    words = {"measure_id": list(own), "text": [f"灯台{n}" for n in range(len(own))], "repaired": [None] * len(own)}
    texts = pl.DataFrame(words, schema_overrides={"repaired": pl.String})
    groups = measure_records.by_edition(ReportData(2026, 2019, "en", Tables(tables | {"texts": texts})), {})
    rows = {row["measure_id"]: row for one in groups for section in one["sections"] for row in section["rows"]}
    assert {key: rows[key]["wording"] and rows[key]["wording"][0] for key in own} == own
