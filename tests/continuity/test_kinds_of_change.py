"""What became of a measure: each kind of change is told as that kind, on a fictitious plan and its next edition."""

from collections import Counter

import next_edition
import polars as pl
import pytest
from next_edition import Measure

from analysis.coding import codings, decisions
from analysis.continuity import changes, link_model, turnover, turnover_values
from analysis.tables import labels, store
from analysis.tables.categories import DIFFERENCES, KINDS_OF_CHANGE

SEEDS = range(25)
ENOUGH = 0.95
# What a measure that a kind happened to must say, in either edition: change, changed (None: anything).
EXPECTED: dict[str, tuple[str | None, list[str] | None]] = {
    "kept": ("kept", []),
    "reworded": ("reworded", ["wording"]),
    "moved": ("moved", ["section"]),
    "split": ("split", None),
    "merged": ("merged", None),
    "renamed body": ("kept", []),
    "other body": ("kept", ["ministries"]),
    "other horizon": ("kept", ["horizon"]),
    "ended": (None, []),
    "new": (None, []),
}
NOBODY = pl.DataFrame(schema=decisions.COLUMNS)
LAMP, PORT, BATH = (
    "灯台の光源を新しい発光器に取り替え、夜間の航路の安全を高める。",
    "渡し舟の桟橋を改修し、島民が病院に通う便を朝夕に増やす。",
    "温泉街の源泉に流量計を置き、湧出量の変化を毎月公表する。",
)


def linked(*plans: list[Measure], decided: pl.DataFrame = NOBODY, **columns: list) -> tuple[pl.DataFrame, ...]:
    """Links and statuses between the plans, by the shipped link model alone."""
    measures, *others = next_edition.tables(*plans)
    measures = measures.with_columns(
        pl.Series(name, values, dtype=measures.schema[name]) for name, values in columns.items()
    )
    return link_model.link(measures, *others, decided, codings.NONE)[1:]


def plan(*texts: str, **columns: object) -> list[Measure]:
    values = {"section": "海と港", "words": {}, "bodies": ("総務省",), "horizon": ("短期",)} | columns
    return [Measure(texts=(text, ""), **values) for text in texts]


def row(statuses: pl.DataFrame, measure_id: str) -> dict:
    return statuses.row(by_predicate=pl.col("measure_id") == measure_id, named=True)


def confirmed(*pairs: tuple[str, str, str]) -> pl.DataFrame:
    """Decisions that confirm links with these relations."""
    rows = [
        {
            "from_id": a,
            "to_id": b,
            "decision": "confirm",
            "relation": relation,
            "who": "a",
            "when": "2021-06-01",
            "why": "b",
        }
        for a, b, relation in pairs
    ]
    return pl.DataFrame(rows, schema=decisions.COLUMNS)


# --- kinds of known truth ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def told() -> Counter[tuple[str, bool]]:
    """How many measures of each kind are told as it, and how many are not, over all seeds and both editions."""
    counts: Counter[tuple[str, bool]] = Counter()
    for seed in SEEDS:
        earlier, later, cases = next_edition.editions(seed)
        _, statuses = linked(earlier, later)
        rows = {known["measure_id"]: known for known in statuses.iter_rows(named=True)}
        for case in cases:
            change, changed = EXPECTED[case.kind]
            for key in (*case.earlier, *case.later):
                said = rows[key]
                right = said["change"] == change and changed in (None, said["changed"])
                right &= said["status"] == case.kind if change is None else said["status"] not in ("ended", "new")
                counts[case.kind, right] += 1
    return counts


@pytest.mark.parametrize("kind", EXPECTED)
def test_a_change_of_known_kind_is_told_as_that_kind(told, kind):
    right, wrong = told[kind, True], told[kind, False]
    assert right + wrong >= 100
    assert right / (right + wrong) >= ENOUGH


@pytest.mark.parametrize("seed", range(4))
def test_an_edition_against_itself_is_kept(seed):
    edition = next_edition.editions(seed)[0]
    links, statuses = linked(edition, edition)
    assert Counter(statuses["status"]) == {"continued": len(edition), "continuing": len(edition)}
    assert Counter(statuses["change"]) == {"kept": 2 * len(edition)}
    assert statuses["changed"].list.len().sum() == 0
    assert {(a[5:], b[5:]) for a, b in links.select("from_id", "to_id").iter_rows()} == {
        (n[5:], n[5:]) for n in links["from_id"]
    }
    assert links["changed"].list.len().sum() == 0


@pytest.mark.parametrize("seed", range(2))
def test_turnover_counts_no_fewer_measures_with_several_links_than_were_split_or_merged(seed):
    earlier, later, _ = next_edition.editions(seed)
    made = next_edition.tables(earlier, later)
    candidates, _, statuses = link_model.link(*made, NOBODY, codings.NONE)
    metrics = turnover.table(*made, NOBODY, codings.NONE, candidates)
    for metric, status, edition_id in (("split", "continued", "2020"), ("merged", "continuing", "2021")):
        said = statuses.filter(change=metric, edition_id=edition_id).filter(pl.col("links") > 1)
        assert len(said) > 0
        assert len(said) <= turnover_values.value(metrics, "2020", "2021", metric)["count"]
        assert said["status"].is_in([status, "evolved"]).all()


def test_the_subjects_are_many_and_unlike():
    subjects = next_edition.subjects()
    words = [word for _, known in subjects for word in known.values()]
    assert len(subjects) == len({known["s"] for _, known in subjects}) >= 60
    assert Counter(words).most_common(1)[0][1] <= 2


# --- single cases -----------------------------------------------------------------------------------------------


def test_what_moved_and_was_reworded_is_reworded_and_names_the_section():
    _, statuses = linked(plan(LAMP, PORT), [*plan(LAMP + "毎年点検する。", section="山里"), *plan(PORT)])
    assert row(statuses, "2020-0001")["change"] == "reworded"
    assert row(statuses, "2020-0001")["changed"] == ["wording", "section"]
    assert row(statuses, "2020-0002")["change"] == "kept"


def test_a_heading_that_is_worded_anew_moves_nothing_and_one_that_stays_does():
    three, other = plan(LAMP, PORT, BATH), plan("茅葺きの屋根を葺き替える講座を開く。", section="山里")
    _, renamed = linked([*three, *other], [*plan(LAMP, PORT, BATH, section="沿岸と海上"), *other])
    assert Counter(renamed["change"]) == {"kept": 8}
    _, moved = linked([*three, *other], [*three[:1], *plan(PORT, BATH, section="山里"), *other])
    assert Counter(moved["change"]) == {"kept": 4, "moved": 4}
    _, parted = linked([*three, *other], [*three[:1], *plan(PORT, BATH, section="沿岸と海上"), *other])
    assert Counter(parted["change"]) == {"kept": 4, "moved": 4}  # the old heading is still there
    _, joined = linked([*three, *other], [*plan(LAMP, PORT, BATH, section="山里"), *other])
    assert Counter(joined["change"]) == {"kept": 2, "moved": 6}  # the new one was there before
    one, longer = plan(LAMP, section="灯台と航路の取組"), plan(LAMP, section="灯台と航路の安全の取組")
    assert Counter(linked([*one, *other], [*longer, *other])[1]["change"]) == {"kept": 4}
    elsewhere = plan(LAMP, section="海辺の明かり")
    assert Counter(linked([*one, *other], [*elsewhere, *other])[1]["change"]) == {"kept": 2, "moved": 2}
    numbered = plan(LAMP, PORT, BATH, section="3 海と港")
    assert Counter(linked(three, numbered)[1]["change"]) == {"kept": 6}


def test_a_second_link_beside_one_that_holds_almost_every_word_is_no_split():
    later = plan(LAMP + "点検も行う。", "灯台の光源に関する研修を海外の灯台守に提供し、航路を広げる。")
    decided = confirmed(("2020-0001", "2021-0001", "same"), ("2020-0001", "2021-0002", "successor"))
    links, statuses = linked(plan(LAMP), later, decided=decided)
    assert len(links) == 2
    assert row(statuses, "2020-0001")["change"] == "reworded"
    assert row(statuses, "2021-0002")["change"] is None


def test_a_phrase_in_a_long_measure_is_no_part():
    later = plan("灯台の光源を新しい発光器に取り替える。", PORT + BATH + "夜間の航路も案内する。")
    decided = confirmed(("2020-0001", "2021-0001", "same"), ("2020-0001", "2021-0002", "successor"))
    links, statuses = linked(plan(LAMP), later, decided=decided)
    assert len(links) == 2
    assert row(statuses, "2020-0001")["change"] == "reworded"


def test_parts_may_be_successors_and_a_repetition_is_the_same_part():
    earlier, later = plan(LAMP + PORT), plan(LAMP, PORT, PORT)
    decided = confirmed(("2020-0001", "2021-0001", "successor"), ("2020-0001", "2021-0002", "successor"))
    _, statuses = linked(earlier, later, decided=decided, repeats=[None, None, None, "2021-0002"])
    assert statuses.select("status", "change").unique().rows() == [("evolved", "split")]
    both = confirmed(("2020-0001", "2021-0001", "same"), ("2020-0001", "2021-0002", "same"))
    alone = linked(plan(PORT), plan(PORT, PORT), decided=both, repeats=[None, None, "2021-0001"])[1]
    assert set(alone["change"]) == {"kept"}


def test_split_comes_before_merged():
    """One measure gives up its first part, and its second one goes into a measure with another."""
    decided = confirmed(
        ("2020-0001", "2021-0001", "same"), ("2020-0001", "2021-0002", "same"), ("2020-0002", "2021-0002", "same")
    )
    _, statuses = linked(plan(LAMP + PORT, BATH), plan(LAMP, PORT + BATH), decided=decided)
    assert [row(statuses, key)["change"] for key in ("2020-0001", "2020-0002")] == ["split", "merged"]
    assert [row(statuses, key)["change"] for key in ("2021-0001", "2021-0002")] == ["split", "split"]


def test_items_of_a_summary_are_neither_split_nor_merged():
    decided = confirmed(("2020-0001", "2021-0001", "same"), ("2020-0001", "2021-0002", "same"))
    _, statuses = linked(plan(LAMP + PORT), plan(LAMP, PORT), decided=decided, part=["summary", "body", "body"])
    assert set(statuses["change"]) == {"reworded"}


@pytest.mark.parametrize(
    ("earlier", "later", "changed"),
    [
        (["特許庁"], ["経済産業省"], []),  # an agency counts as its parent
        (["内閣官房(港湾台帳室)", "総務省"], ["デジタル庁", "総務省"], []),  # it took over the work
        (["内閣官房", "総務省"], ["内閣官房", "デジタル庁", "総務省"], ["ministries"]),
        (["総務省"], ["総務省", "灯台庁"], ["ministries"]),
        (["総務省", "外務省"], ["総務省"], ["ministries"]),
        (["総務省", "外務省"], ["外務省", "総務省"], []),
        (["総務省"], [], []),  # a side that names none says nothing
    ],
)
def test_other_ministries_are_named_and_renamed_ones_are_not(earlier, later, changed):
    links, statuses = linked(plan(LAMP, bodies=tuple(earlier)), plan(LAMP, bodies=tuple(later)))
    assert links["changed"].to_list() == [changed]
    assert statuses.select("change", "changed").rows() == [("kept", changed)] * 2


@pytest.mark.parametrize(
    ("horizons", "deadlines", "changed"),
    [
        ([["短期", "中期"], ["中期", "短期"]], [None, None], []),
        ([["短期"], ["中期"]], [None, None], ["horizon"]),
        ([["短期"], []], [None, None], []),
        ([[], []], ["令和9年度末まで", "令和9年度末 まで"], []),
        ([[], []], ["令和9年度末まで", "令和10年度末まで"], ["horizon"]),
    ],
)
def test_another_horizon_or_deadline_is_named(horizons, deadlines, changed):
    links, _ = linked(plan(LAMP), plan(LAMP), horizon=horizons, deadline=deadlines)
    assert links["changed"].to_list() == [changed]


def test_the_same_text_by_its_hash_or_by_its_n_grams_is_the_same_wording():
    """A correction changes the n-grams of a text and not its hash, a footnote's mark the hash and not the n-grams."""
    for kept in ("text_hash", "grams"):
        measures, features, *others = next_edition.tables(plan(LAMP), plan(LAMP))
        if kept == "grams":
            measures = measures.with_columns(text_hash=pl.Series(["a" * 16, "b" * 16]))
        else:
            first = pl.col("measure_id") == "2020-0001"
            features = features.with_columns(pl.when(first).then("gram_counts").otherwise(pl.col("gram_counts") * 2))
        links = link_model.link(measures, features, *others, NOBODY, codings.NONE)[1]
        assert links["changed"].to_list() == [[]]


def test_a_repetition_is_compared_with_what_it_repeats():
    links, _ = linked([*plan(LAMP), *plan(LAMP, section="山里")], repeats=[None, "2020-0001"])
    assert links.select("basis", "changed").rows() == [("repetition", ["section"])]


def test_the_columns_hold_what_they_may():
    earlier, later, _ = next_edition.editions(0)
    links, statuses = linked(earlier, later)
    store.check("links", links)
    store.check("statuses", statuses)
    assert set(statuses["change"].drop_nulls()) == set(KINDS_OF_CHANGE)
    assert set(links["changed"].explode().drop_nulls()) == set(DIFFERENCES)
    assert statuses.filter(pl.col("links") == 0)["changed"].list.len().sum() == 0


@pytest.mark.parametrize(
    ("status", "change", "changed", "words"),
    [
        ("continued", "kept", [], "kept"),
        ("continued", "kept", ["ministries", "horizon"], "kept; changed: ministries, horizon"),
        ("continuing", "reworded", ["wording", "section"], "reworded; changed: section"),
        ("continued", "moved", ["section"], "moved"),
        ("evolved", "split", ["wording", "horizon"], "evolved, split; changed: horizon"),
        ("evolved", None, ["wording"], "evolved"),
        ("ended", None, [], "not found"),
    ],
)
def test_one_cell_says_what_became_of_a_measure(status, change, changed, words):
    assert labels.became(status, change, changed, "en") == words


def test_every_kind_has_a_label_in_the_order_in_which_it_is_shown():
    assert set(labels.LABELS["kind_of_change"]) == set(KINDS_OF_CHANGE)
    assert list(labels.LABELS["difference"]) == DIFFERENCES
    assert changes.DIFFERENCES is DIFFERENCES
