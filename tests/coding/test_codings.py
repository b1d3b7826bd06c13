"""Codings: what the committed table holds, what is refused, and that runs obey them."""

import re
import shutil

import polars as pl
import pytest
import records
from conftest import REPO
from test_link_model import EARLIER, LATER, plans, statuses

from analysis.base.errors import TableFaulty
from analysis.coding import codings, decisions, record
from analysis.continuity import link_model
from analysis.tables import editions as time_points
from analysis.tables import store

NOBODY = pl.DataFrame(schema=decisions.COLUMNS)


@pytest.fixture
def curated(curated):
    return records.with_codebooks(curated)


def read(*rows: tuple[str, str | None, str, str, str]) -> pl.DataFrame:
    """Codings of measures of 2030 against 2031: from_id, to_id, first, second, relation."""
    own = [(start, "2031", end, first, second, relation, "why") for start, end, first, second, relation in rows]
    return codings.with_certainty(pl.DataFrame(own, schema=codings.COLUMNS, orient="row"))


def link(given: pl.DataFrame, *, strictness: float = 1.0, decided: pl.DataFrame = NOBODY, **columns: list):
    return link_model.link(*plans(EARLIER, LATER, **columns), decided, given, strictness)


# --- the committed table ------------------------------------------------------------------------------------------


def test_every_measure_was_coded_against_every_later_edition():
    measures = store.read("measures").with_columns(time_points.column())
    found = codings.table(measures)
    own = measures.filter(pl.col("repeats").is_null()).select("measure_id", "edition_id").rows()
    every = {edition_id for _, edition_id in own}
    later = {
        (key, other)
        for key, edition_id in own
        for other in every
        if time_points.place(other) > time_points.place(edition_id)
    }
    assert set(found.select("from_id", "edition_id").iter_rows()) == later
    repeated = measures.filter(pl.col("repeats").is_not_null())["measure_id"]
    assert not set(found["to_id"]) & set(repeated)


def test_what_holds_is_what_both_coders_say_where_they_agree():
    ranks = {name: pl.col(name).replace_strict(codings.RANKS) for name in ("first", "second", "relation")}
    found = codings.everything().with_columns(**ranks)
    agreed = found.filter(pl.col("first") == pl.col("second"))
    assert agreed.filter(pl.col("relation") != pl.col("first")).is_empty()
    assert agreed.filter("contested").is_empty()
    assert 0 < found.filter("contested").height == len(found) - len(agreed)


# --- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pair", "editions", "says"),
    [
        (("2030-0009", "2031-0001", "same"), ("2030", "2031"), "2030-0009 and 2031-0001 names a measure that does not"),
        (("2030-0001", "2031-0009", "same"), ("2030", "2031"), "names a measure that does not exist"),
        (("2030-0001", "2030-0002", "same"), ("2030", "2031"), "names no measure of edition 2031"),
        (("2031-0001", "2030-0002", "same"), ("2031", "2030"), "compares 2031 with 2030, which is not later"),
        (("2030-0001", None, "same"), ("2030", "2031"), "2030-0001 and 2031 names a relation, but no measure"),
    ],
)
def test_a_coding_that_makes_no_sense_stops(curated, pair, editions, says):
    records.by_both([pair], edition=editions[0], against=editions[1])
    with pytest.raises(TableFaulty, match=says) as error:
        codings.table(plans(EARLIER, LATER)[0])
    assert "codings/links.csv" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_relation_that_only_another_version_of_the_codebook_has_stops(curated):
    records.by_both([("2030-0001", "2031-0001", "same")])
    for file in (record.packets_file(), record.file("links")):
        text = file.read_text(encoding="utf-8").replace(",same,", ",alike,")
        file.write_text(re.sub(r",links,\d+,", ",links,0,", text), encoding="utf-8")
    with pytest.raises(TableFaulty, match="2030-0001 has the relation 'alike', which is none of none, related"):
        codings.table(plans(EARLIER, LATER)[0])


def test_what_holds_of_what_each_coder_says(curated):
    records.write([
        ("A", "2030-0001", "2031-0001", "same", "one"), ("B", "2030-0001", "2031-0001", "same", "two"),
        ("A", "2030-0002", "2031-0001", "same", ""), ("B", "2030-0002", "2031-0001", "successor", "as B says"),
        ("C", "2030-0002", "2031-0001", "successor", "as C says"), ("A", "2030-0002", "2031-0002", "same", "open"),
        ("A", "2030-0003", "2031-0003", "related", ""), ("B", "2030-0003", None, "none", "nothing"),
        ("A", "2030-0004", None, "none", "nothing"), ("B", "2030-0004", None, "none", ""),
    ])  # fmt: skip
    records.by_both([("1990-0001", "1991-0001", "same")], edition="1990", against="1991")
    table = codings.table(plans(EARLIER, LATER)[0])
    assert table.drop("edition_id", "uncompared").rows() == [
        ("2030-0001", "2031-0001", "same", "same", "same", "one", False, codings.AGREED),
        ("2030-0002", "2031-0001", "same", "successor", "successor", "as C says", True, codings.CONTESTED),
        ("2030-0002", "2031-0002", "same", "none", "same", "open", True, codings.CONTESTED),
        ("2030-0003", "2031-0003", "related", "none", "related", None, False, codings.AGREED),
        ("2030-0004", None, "none", "none", "none", "nothing", False, codings.AGREED),
    ]
    lines = record.file("links").read_text(encoding="utf-8").splitlines(keepends=True)
    record.file("links").write_text("".join([lines[0], *reversed(lines[1:])]), encoding="utf-8")
    assert codings.table(plans(EARLIER, LATER)[0]).equals(table)


def test_of_a_case_that_was_coded_alone_the_one_coder_counts_for_both(curated):
    records.write([("A", "2030-0001", "2031-0001", "same", "")])
    assert codings.everything().select("first", "second", "relation", "contested").row(0) == ("same",) * 3 + (False,)


def test_what_a_coder_said_last_holds(curated):
    records.write([("A", "2030-0001", "2031-0001", "same", "first"), ("A", "2030-0001", "2031-0002", "same", "first")])
    records.write([("A", "2030-0001", "2031-0002", "successor", "again")], day="2026-11-21")
    records.write([("A", "2030-0001", "2031-0003", "same", "long ago")], day="not recorded")
    assert codings.everything().select("to_id", "relation").rows() == [("2031-0002", "successor")]


def test_a_link_whose_text_has_changed_since_is_doubtful(curated):
    for name in ("continuity.toml", "renamings.csv", "thesaurus.toml", "ministries.toml"):
        shutil.copy(REPO / "data/curated" / name, curated)
    measures, *_ = plans(EARLIER, LATER)
    hashes = {key: f"hash of {key}" for key in measures["measure_id"]}
    pairs = [("2030-0001", "2031-0001", "same"), ("2030-0002", "2031-0002", "related"), ("2030-0003", None, "none"),
             ("2030-0004", "2031-0003", "same")]  # fmt: skip
    records.by_both(pairs, hashes=hashes)
    known = measures.with_columns(text_hash=pl.col("measure_id").replace_strict(hashes))
    assert codings.table(known).equals(codings.table(measures.drop("text_hash")))
    assert not codings.table(known)["contested"].any()
    for changed in ("2030-0001", "2031-0001", "2031-0002", "2030-0003"):
        now = known.with_columns(text_hash=pl.when(measure_id=changed).then(pl.lit("another")).otherwise("text_hash"))
        table = codings.table(now)
        (row,) = table.filter("contested").to_dicts()
        assert changed in (row["from_id"], row["to_id"])
        assert row["sure"] == codings.CONTESTED
        assert table["relation"].equals(codings.everything()["relation"])  # what was said holds till somebody looks
        *_, statuses = link(table)
        doubtful = statuses.filter("doubtful")["measure_id"].to_list()
        assert sorted(doubtful) == sorted(key for key in (row["from_id"], row["to_id"]) if key)


def test_a_coding_that_says_not_of_which_text_it_is_holds(curated):
    measures, *_ = plans(EARLIER, LATER)
    records.by_both([("2030-0001", "2031-0001", "same")])
    assert not codings.table(measures.with_columns(text_hash=pl.lit("any")))["contested"].any()


def test_without_a_file_nothing_was_read(curated):
    assert codings.table(plans(EARLIER, LATER)[0]).equals(codings.NONE)


# --- runs obey what was read --------------------------------------------------------------------------------------


def test_codings_beat_similarity_for_the_measures_that_were_coded_alone():
    alike = link(codings.NONE)
    assert statuses(alike[2], "2030", "2031") == ["continued", "ended", "continued", "ended"]
    given = read(
        ("2030-0001", None, "none", "none", "none"), ("2030-0002", "2031-0002", "successor", "successor", "successor")
    )
    candidates, links, found = link(given)
    assert candidates.equals(alike[0])  # what likeness says is kept as it is
    assert statuses(found, "2030", "2031") == ["ended", "evolved", "continued", "ended"]
    assert statuses(found, "2031", "2030") == ["new", "evolved", "continuing"]
    assert links.select("from_id", "to_id", "basis").rows() == [
        ("2030-0002", "2031-0002", "reading"), ("2030-0003", "2031-0003", "likeness"),
    ]  # fmt: skip
    best = dict(found.filter(pl.col("edition_id") == "2030").select("measure_id", "best_score").iter_rows())
    assert best["2030-0001"] == pytest.approx(candidates["score"].max())  # the near miss can be seen


def test_the_same_subject_is_no_continuity():
    _, links, found = link(read(("2030-0003", "2031-0003", "related", "related", "related")))
    assert "2030-0003" not in links["from_id"]
    assert statuses(found, "2030", "2031")[2] == "ended"
    assert not found.filter(pl.col("measure_id") == "2030-0003")["doubtful"].any()


def test_no_strictness_changes_what_was_coded():
    given = read(*((f"2030-000{n}", f"2031-000{n}", "same", "same", "same") for n in (1, 2, 3)),
                 ("2030-0004", None, "none", "none", "none"))  # fmt: skip
    for strictness in (0.01, 1.0, 5.0):
        _, links, found = link(given, strictness=strictness)
        assert len(links) == 3
        assert statuses(found, "2030", "2031") == ["continued", "continued", "continued", "ended"]
        assert not found["doubtful"].any()


def test_a_measure_about_which_coders_differed_is_doubtful_on_both_sides():
    given = read(
        ("2030-0001", "2031-0001", "same", "same", "same"),
        ("2030-0002", "2031-0002", "same", "none", "none"),  # not even a candidate
        ("2030-0003", "2031-0003", "related", "none", "related"),
        ("2030-0004", None, "none", "none", "none"),
    )
    _, _, found = link(given)
    assert found.filter("doubtful")["measure_id"].sort().to_list() == ["2030-0002", "2031-0002"]


def test_a_link_is_surer_where_coders_agree_and_similarity_speaks_for_it():
    given = read(
        ("2030-0001", "2031-0001", "same", "same", "same"),
        ("2030-0002", "2031-0002", "same", "same", "same"),
        ("2030-0003", "2031-0003", "same", "none", "same"),
    )
    _, links, _ = link(given)
    score = dict(links.select("from_id", "score").iter_rows())
    assert score["2030-0001"] > score["2030-0002"] >= codings.AGREED
    assert codings.CONTESTED <= score["2030-0003"] < 1
    assert links["same_score"].to_list() == links["score"].to_list()


def test_a_person_beats_the_coders():
    row = {"from_id": "2030-0001", "to_id": "2031-0001", "decision": "reject", "who": "a", "when": "2030-01-01"}
    decided = pl.DataFrame([row | {"why": "read"}], schema=decisions.COLUMNS)
    _, links, found = link(read(("2030-0001", "2031-0001", "same", "same", "same")), decided=decided)
    assert "2030-0001" not in links["from_id"]
    assert statuses(found, "2030", "2031")[0] == "ended"


def test_a_repetition_is_linked_as_what_it_repeats():
    repeats = [None, None, None, "2030-0001", None, None, "2031-0002"]
    rows = [("2030-0001", "2031-0002", "successor", "successor", "successor")]
    _, links, found = link(read(*rows), repeats=repeats)
    between = links.filter(pl.col("basis") == "reading").select("from_id", "to_id").rows()
    assert between == [("2030-0001", "2031-0002"), ("2030-0004", "2031-0003")]  # a repetition with a repetition
    assert statuses(found, "2030", "2031") == ["evolved", "ended", "ended", "evolved"]


def test_what_came_to_an_edition_after_the_coding_is_judged_by_likeness():
    """A document was replaced: nobody compared its new measure, and that coders named none says nothing of it."""
    own = [("2030-0001", None, "none", "none", "none"), ("2030-0002", None, "none", "none", "none")]
    free = {row[:2] for row in link(codings.NONE)[1].select("from_id", "to_id").iter_rows()}
    pair = next(pair for pair in sorted(free) if pair[0] == "2030-0001")
    assert not {pair} & set(link(read(*own))[1].select("from_id", "to_id").iter_rows())
    later = read(*own).with_columns(uncompared=pl.lit([pair[1]], dtype=pl.List(pl.String)))
    linked = link(later)[1].filter(pl.col("from_id").is_in([row[0] for row in own]))
    assert set(linked.select("from_id", "to_id").iter_rows()) == {one for one in free if one[1] == pair[1]}
    assert set(linked["basis"]) == {"likeness"}
    named = read((*pair[:1], pair[1], "same", "same", "same"), own[1])
    named = named.with_columns(uncompared=pl.lit([pair[1]], dtype=pl.List(pl.String)))  # coded since
    assert set(link(named)[1].filter(from_id=pair[0])["basis"]) == {"reading"}
