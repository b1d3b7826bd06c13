"""Initiatives: which measures belong together, and identifiers that stay."""

import followed_plans
import polars as pl
import pytest
from followed_plans import documents, followed, links, measures

from analysis.base import paths
from analysis.base.errors import TableFaulty
from analysis.continuity import initiative_ids
from analysis.continuity.initiative_ids import Before
from analysis.tables import store

KNOWN = {
    "r17-a": (2030, "2017"), "30-a": (2030, "body"), "30-b": (2030, "body"), "30-c": (2030, "body"),
    "31-a": (2031, "summary"), "32-a": (2032, "body"), "32-b": (2032, "body"), "32-c": (2032, "body"),
}  # fmt: skip
PLANS = documents({2030: "full", 2031: "summary", 2032: "full"})
SAME = [("r17-a", "30-a", "same"), ("30-a", "31-a", "same"), ("30-a", "32-a", "same"), ("31-a", "32-a", "same")]


def rows(table: pl.DataFrame) -> dict[str, dict]:
    """The rows of Initiatives by their first measure."""
    return {row["members"][0]: row for row in table.iter_rows(named=True) if row["members"]}


def follow(ways: list[tuple], known: dict = KNOWN, **options) -> dict[str, dict]:
    return rows(followed(measures(known, options.pop("repeats", None)), PLANS, links(ways, known), **options)[0])


def test_what_is_the_same_goes_on_under_one_identifier_in_the_order_of_time():
    found = follow(SAME)
    own = found["r17-a"]
    assert own["initiative_id"] == "I0001"
    assert own["members"] == ["r17-a", "30-a", "31-a", "32-a"]
    assert own["editions"] == ["R2017", "2030", "2031", "2032"]
    assert (own["born"], own["last_seen"], own["state"]) == ("R2017", "2032", "living")
    assert [row["initiative_id"] for row in found.values()] == ["I0001", "I0002", "I0003", "I0004", "I0005"]


def test_only_a_full_plan_shows_an_end():
    found = follow(SAME)
    assert found["30-b"]["state"] == "ended"
    assert found["32-b"]["state"] == "living"
    known = {key: where for key, where in KNOWN.items() if where[0] < 2032}
    plans = documents({2030: "full", 2031: "summary"})
    before = rows(followed(measures(known), plans, links(SAME[:2], known))[0])
    assert before["30-b"]["state"] == "living"  # the summary of 2031 need not name it


def test_of_two_later_measures_the_likest_goes_on_and_the_other_is_split_off():
    ways = [("30-b", "32-b", "same"), ("30-b", "32-c", "same")]
    found = follow(ways, wording={("30-b", "32-b"): 0.2, ("30-b", "32-c"): 0.6})
    assert found["30-b"]["members"] == ["30-b", "32-c"]
    assert found["32-b"]["split_from"] == found["30-b"]["initiative_id"]
    assert found["32-b"]["evolved_from"] is None


def test_of_two_earlier_initiatives_one_goes_on_and_the_other_is_merged():
    ways = [("30-b", "32-b", "same"), ("30-c", "32-b", "same")]
    found = follow(ways, wording={("30-b", "32-b"): 0.2, ("30-c", "32-b"): 0.6})
    assert found["30-c"]["members"] == ["30-c", "32-b"]
    assert (found["30-b"]["state"], found["30-b"]["merged_into"]) == ("merged", found["30-c"]["initiative_id"])


def test_the_whole_record_counts_and_not_the_likest_pair_alone():
    ways = [*SAME[:2], ("r17-a", "32-a", "same"), ("30-a", "32-a", "same"), ("31-a", "32-a", "same"),
            ("31-a", "32-b", "same")]  # fmt: skip
    wording = {("r17-a", "32-a"): 0.3, ("30-a", "32-a"): 0.3, ("31-a", "32-a"): 0.1, ("31-a", "32-b"): 0.4}
    assert follow(ways, wording=wording)["r17-a"]["members"][-1] == "32-a"


def test_the_same_words_go_before_what_is_stated_and_that_before_likeness():
    stated, kept = {"basis": "reference", "score": 1.0}, {"changed": []}
    ways = [("30-a", "32-a", "same", kept), ("30-b", "32-a", "same", stated), ("30-b", "32-b", "same"),
            ("30-c", "32-b", "same", stated)]  # fmt: skip
    found = follow(ways, wording={("30-b", "32-b"): 0.9, ("30-a", "32-a"): 0.9})
    assert found["30-a"]["members"] == ["30-a", "32-a"]
    assert found["30-c"]["members"] == ["30-c", "32-b"]


@pytest.mark.parametrize(
    ("relation", "more"), [("successor", {}), ("same", {"score": 0.6})], ids=["successor", "coders differed"]
)
def test_what_takes_over_or_is_contested_begins_anew(relation, more):
    found = follow([("30-b", "32-b", relation, more)])
    assert found["30-b"]["members"] == ["30-b"]
    assert (found["30-b"]["state"], found["30-b"]["evolved_into"]) == ("evolved", found["32-b"]["initiative_id"])
    assert found["32-b"]["evolved_from"] == found["30-b"]["initiative_id"]


def test_what_was_taken_over_while_it_went_on_has_ended_all_the_same():
    known = KNOWN | {"31-b": (2031, "summary")}
    found = follow([("30-b", "31-a", "same"), ("30-b", "31-b", "successor")], known)
    assert found["31-b"]["evolved_from"] == found["30-b"]["initiative_id"]
    assert (found["30-b"]["state"], found["30-b"]["evolved_into"]) == ("ended", None)  # seen beside it in 2031


def test_a_repetition_belongs_to_what_it_repeats():
    found, members = followed(measures(KNOWN, {"32-c": "32-b"}), PLANS, links([("30-b", "32-c", "same")], KNOWN))
    own = rows(found)["30-b"]
    assert own["members"] == ["30-b", "32-b", "32-c"]
    last = members.filter(measure_id="32-c").row(0, named=True)
    assert (last["relation"], last["from_id"], last["basis"]) == ("repetition", "32-b", "repetition")


def test_a_member_says_how_it_changed_since_it_was_last_seen():
    changed = {"changed": ["section", "ministries"]}
    ways = [("30-a", "31-a", "same"), ("30-a", "32-a", "same"), ("31-a", "32-a", "same", changed)]
    _, members = followed(measures(KNOWN), PLANS, links(ways, KNOWN))
    last = members.filter(measure_id="32-a").row(0, named=True)
    assert (last["relation"], last["from_id"], last["change"]) == ("same", "31-a", "moved")
    assert last["changed"] == ["section", "ministries"]


# --- identifiers ------------------------------------------------------------------------------------------------


def ids(table: pl.DataFrame) -> dict[str, str]:
    """The identifier of each measure."""
    return {key: row["initiative_id"] for row in table.iter_rows(named=True) for key in row["members"]}


def test_identifiers_stay_with_a_new_edition_and_in_any_order():
    known = {key: where for key, where in KNOWN.items() if where[0] < 2032}
    earlier = Before(*followed(measures(known), PLANS, links(SAME[:2], known)))
    own, ways = measures(KNOWN), links([*SAME, ("30-b", "32-b", "same")], KNOWN)
    later, members = followed(own, PLANS, ways, earlier)
    before = ids(earlier.initiatives)
    assert {key: ids(later)[key] for key in before} == before
    assert ids(later)["32-c"] == "I0004"  # the next one
    changes = dict(initiative_ids.changes(earlier, later, members).select("initiative_id", "what").iter_rows())
    assert changes == {"I0001": "kept", "I0002": "kept", "I0003": "kept", "I0004": "new"}
    mixed = [frame.sample(fraction=1, shuffle=True, seed=4) for frame in (own, PLANS, ways)]
    again = followed(*mixed, Before(*(table.reverse() for table in (earlier.initiatives, earlier.members))))
    assert store.settled("initiatives", again[0]).equals(store.settled("initiatives", later))


def test_a_second_run_changes_nothing():
    own, ways = measures(KNOWN), links([*SAME, ("30-b", "32-b", "successor")], KNOWN)
    first = followed(own, PLANS, ways)
    second = followed(own, PLANS, ways, Before(*first))
    for name, one, other in zip(("initiatives", "initiative_members"), first, second, strict=True):
        assert store.settled(name, one).equals(store.settled(name, other))


def test_where_one_becomes_two_the_larger_part_keeps_the_identifier():
    own = measures(KNOWN)
    whole = Before(*followed(own, PLANS, links(SAME, KNOWN)))
    parts = followed(own, PLANS, links(SAME[1:], KNOWN), whole)
    assert ids(parts[0])["30-a"] == ids(parts[0])["32-a"] == "I0001"
    assert ids(parts[0])["r17-a"] == "I0006"
    changes = initiative_ids.changes(whole, *parts)
    assert changes.filter(pl.col("what") != "kept").rows() == [("I0006", "split", "I0001")]


def test_where_two_become_one_an_identifier_is_retired_and_never_given_again():
    own = measures(KNOWN)
    apart = Before(*followed(own, PLANS, links(SAME[1:], KNOWN)))
    old = ids(apart.initiatives)["r17-a"]
    one = Before(*followed(own, PLANS, links(SAME, KNOWN), apart))
    retired = one.initiatives.filter(initiative_id=old).row(0, named=True)
    assert (retired["state"], retired["merged_into"], retired["members"]) == (
        "retired",
        ids(one.initiatives)["30-a"],
        [],
    )
    assert old not in set(one.members["initiative_id"])
    changes = initiative_ids.changes(apart, one.initiatives, one.members)
    assert changes.filter(pl.col("what") != "kept").rows() == [(old, "merged", ids(one.initiatives)["30-a"])]
    again = followed(own, PLANS, links(SAME[1:], KNOWN), one)
    assert ids(again[0])["r17-a"] not in {old, *ids(apart.initiatives).values()}
    assert again[0].filter(initiative_id=old)["state"].to_list() == ["retired"]


def test_measures_that_are_no_more_leave_a_retired_identifier():
    earlier = Before(*followed(measures(KNOWN), PLANS, links(SAME, KNOWN)))
    fewer = {key: where for key, where in KNOWN.items() if key != "32-c"}
    later = followed(measures(fewer), PLANS, links(SAME, fewer), earlier)
    gone = ids(earlier.initiatives)["32-c"]
    assert later[0].filter(initiative_id=gone).select("state", "merged_into").rows() == [("retired", None)]
    assert initiative_ids.changes(earlier, *later).filter(what="retired")["initiative_id"].to_list() == [gone]


def test_a_replaced_document_keeps_identifiers_by_text_and_by_what_the_replacement_says():
    earlier = Before(*followed(measures(KNOWN), PLANS, links(SAME, KNOWN)))
    before = ids(earlier.initiatives)
    moved = {("32-x" if key == "32-a" else key): where for key, where in KNOWN.items() if key != "32-b"}
    own = measures(moved | {"32-y": (2032, "body")}).with_columns(
        text_hash=pl.when(measure_id="32-x").then(pl.lit(followed_plans.text_hash("32-a"))).otherwise("text_hash")
    )
    revised = {"doc_id": "p", "step": 1, "old_id": "32-b", "old_hash": followed_plans.text_hash("32-b"),
               "measure_id": "32-y"}  # fmt: skip
    found = initiative_ids.present(earlier.members, own, pl.DataFrame([revised]))
    assert found["32-x"] == before["32-a"]  # by its text
    assert found["32-y"] == before["32-b"]  # by the revision
    assert found["30-c"] == before["30-c"]


# --- names ------------------------------------------------------------------------------------------------------


@pytest.fixture
def curated(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "curated", lambda: tmp_path)
    (tmp_path / "thesaurus.toml").write_text("", encoding="utf-8")
    return tmp_path


def test_names_are_those_that_somebody_gave_else_words(curated):
    (curated / "initiative_names.csv").write_text(
        "initiative_id,name_ja,name_en,named_by\nI0001,窯元の調査,Survey of kilns,A. Sato\n", encoding="utf-8"
    )
    found = follow(SAME)
    assert [found["r17-a"][name] for name in ("name_ja", "name_en", "named_by")] == [
        "窯元の調査",
        "Survey of kilns",
        "A. Sato",
    ]
    assert [found["30-b"][name] for name in ("name_ja", "name_en", "named_by")] == ["30-b", "Pots", None]


@pytest.mark.parametrize(
    ("row", "fault"),
    [("I0001,窯,,A", "name_en"), (f"I0001,{'窯' * 41},Kilns,A", "name_ja"), ("I0001,窯,Kilns,", "named_by")],
)
def test_a_faulty_name_is_named(curated, row, fault):
    file = curated / "initiative_names.csv"
    file.write_text(f"initiative_id,name_ja,name_en,named_by\n{row}\n", encoding="utf-8")
    with pytest.raises(TableFaulty, match=f"line 2.*{fault}"):
        follow(SAME)


# --- the committed ones -----------------------------------------------------------------------------------------


def test_every_measure_belongs_to_one_initiative_with_one_measure_an_edition():
    members, own = store.read("initiative_members"), store.read("measures")
    assert sorted(members["measure_id"]) == sorted(own["measure_id"])
    single = members.filter(pl.col("relation") != "repetition")
    assert single.select("initiative_id", "edition_id").is_unique().all()


def test_the_committed_initiatives_refer_to_initiatives():
    table = store.read("initiatives")
    known = set(table["initiative_id"])
    for name in ("split_from", "evolved_from", "merged_into", "evolved_into"):
        named = set(table[name].drop_nulls())
        assert named
        assert named <= known
