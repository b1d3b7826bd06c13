"""Pairs worth a person's time are those that would teach most."""

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.base.errors import UsageFault
from analysis.coding import codings, decisions
from analysis.continuity import link_model, model_parameters
from analysis.explore import review_queue
from analysis.tables import editions, store
from analysis.tables.labels import LABELS

ONE, OTHER = "2030", "2031"
KEY = ["from_id", "to_id"]
probabilities = st.tuples(st.integers(2, 99), st.integers(0, 99)).map(
    lambda pair: (pair[0] / 100, pair[1] * pair[0] / 1e4)
)
scores = st.dictionaries(st.tuples(st.integers(1, 4), st.integers(1, 4)), probabilities, min_size=1, max_size=12)
examined = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def measures(repeats: dict[str, str] | None = None) -> pl.DataFrame:
    """Five fictitious measures an edition, of which the fifth may repeat another; without texts."""
    ids = [f"{year}-{n:04d}" for year in (ONE, OTHER) for n in range(1, 6)]
    columns = {
        "measure_id": ids, "doc_id": ["d"] * 10, "edition": [int(key[:4]) for key in ids], "part": ["body"] * 10,
        "section": ["I"] * 10, "section_title": ["航路"] * 10, "subhead": ["灯台"] * 10, "first_line": [1] * 10,
        "last_line": [2] * 10, "ministries": [["経済産業省"]] * 10,
        "text_hash": [f"hash{key}" for key in ids], "repeats": [(repeats or {}).get(key) for key in ids],
    }  # fmt: skip
    return pl.DataFrame(columns, schema_overrides={"repeats": pl.String}).with_columns(editions.column())


def decided(*rows: tuple[str, str, str, str | None]) -> pl.DataFrame:
    values = [(*row, "me", "2030-01-01", "read") for row in rows]
    return pl.DataFrame(values, schema=decisions.COLUMNS, orient="row")


def tables_of(
    given: dict[tuple[int, int], tuple[float, float]],
    people: pl.DataFrame,
    own: pl.DataFrame | None = None,
    read: pl.DataFrame | None = None,
) -> dict[str, pl.DataFrame]:
    """The tables of a review, as a run with these probabilities and decisions makes them."""
    own = measures() if own is None else own
    rows = [(f"{ONE}-{a:04d}", f"{OTHER}-{b:04d}", p, s, 1.0) for (a, b), (p, s) in given.items()]
    candidates = pl.DataFrame(rows, schema=link_model.SCORED, orient="row")
    evidence = dict.fromkeys(model_parameters.SIMILARITY_FEATURES, pl.lit(0.5)) | {"vector": pl.lit(None, pl.Float64)}
    candidates = link_model._with_repetitions(candidates.with_columns(**evidence), own)
    read = codings.NONE if read is None else read
    scored = link_model._with_codings(candidates.select(link_model.SCORED), read, own)
    scored = link_model._with_thresholds(link_model._with_decisions(scored, people, own), set())
    empty = pl.lit([], dtype=pl.List(pl.String))
    links = link_model.linked(scored).with_columns(
        shared_names=empty, shared_terms=empty, shared_subjects=empty, shared_ministries=empty, renamed=empty
    )
    ids = own["measure_id"]
    return {
        "measures": own, "candidates": candidates, "links": links, "read": read,
        "roadmap": store.empty("roadmap"),
        "statuses": link_model._statuses(scored, 1.0, own),
        "features": pl.DataFrame({"measure_id": ids, "names": [["灯台守"]] * 10, "terms": [["灯"]] * 10}),
        "assignments": pl.DataFrame({"measure_id": ids, "topic_id": ["a"] * 10}),
        "topics": pl.DataFrame({"topic_id": ["a"], "name_en": ["Lamps"], "name_ja": ["灯"]}),
    }  # fmt: skip


def statuses(found: dict[str, pl.DataFrame], *ids: str) -> list[str]:
    rows = dict(found["statuses"].select("measure_id", "status").iter_rows())
    return [rows[key] for key in ids]


@given(scores, st.integers(0, 10**6))
@examined
def test_the_chance_is_that_a_decision_changes_a_status(given, seed):
    found = tables_of(given, decided())
    queue = review_queue.doubtful(found, decided(), ONE, OTHER)
    for row in queue.iter_rows(named=True):
        pair = (row["from_id"], row["to_id"])
        outcomes = [
            (("reject", None), 1 - row["score"]),
            (("confirm", "successor"), row["score"] - row["same_score"]),
            (("confirm", "same"), row["same_score"]),
        ]
        before = statuses(found, *pair)
        changed = [
            chance
            for given_, chance in outcomes
            if statuses(tables_of(given, decided((*pair, *given_))), *pair) != before
        ]
        assert row["chance"] == pytest.approx(sum(changed))
        assert [row["from_status"], row["to_status"]] == before
    shuffled = {name: frame.sample(fraction=1, shuffle=True, seed=seed) for name, frame in found.items()}
    assert review_queue.doubtful(shuffled, decided(), ONE, OTHER).equals(queue)


@given(scores)
@examined
def test_a_measure_that_ended_shows_its_nearest_pair_and_the_doubtful_stand_first(given):
    found = tables_of(given, decided())
    queue = review_queue.doubtful(found, decided(), ONE, OTHER)
    missed = queue.filter(pl.col("why").list.contains("near_miss"))
    ended = found["statuses"].filter(
        (pl.col("edition_id") == ONE) & (pl.col("status") == "ended") & (pl.col("best_score") > 0)
    )
    assert set(missed["from_id"]) == set(ended["measure_id"])
    assert set(missed["relation"]) <= {"none"}
    assert queue["doubtful"].to_list() == sorted(queue["doubtful"], reverse=True)
    assert queue["from_id"].rle().struct.field("value").is_unique().all()  # the pairs of a measure stand together


def test_every_reason_is_given_where_it_holds():
    judged = model_parameters.link_model().between(ONE, OTHER)
    linked, same = judged.link_from, judged.same_from
    found = tables_of(
        {
            (1, 1): (linked * 1.1, 0.0),  # barely linked: the statuses of both hang on it
            (2, 2): (0.99, same * 1.1),  # linked for certain, barely the same
            (3, 3): (0.05, 0.0),  # not linked at all, and the best there is
            (4, 4): (0.99, 0.98),  # clear
            (4, 3): (linked / 1.1, 0.0),  # a near miss of a measure that goes on
        },
        decided(),
    )
    queue = review_queue.doubtful(found, decided(), ONE, OTHER)
    why = {(a[-1], b[-1]): reasons for a, b, reasons in queue.select(*KEY, "why").iter_rows()}
    assert why == {
        ("1", "1"): ["near_link", "hangs"],
        ("2", "2"): ["near_same", "hangs"],
        ("3", "3"): ["near_miss"],
        ("4", "3"): ["near_link"],
    }
    assert dict(queue.select("from_id", "relation").iter_rows())["2030-0003"] == "none"


def test_what_people_or_documents_settled_is_not_asked_again(monkeypatch):
    given = {(1, 1): (0.3, 0.1), (2, 2): (0.3, 0.1), (3, 3): (0.3, 0.1)}
    people = decided((f"{ONE}-0001", f"{OTHER}-0001", "reject", None))
    found = tables_of(given, people)
    tied = pl.DataFrame({"from_id": f"{ONE}-0002", "to_id": f"{OTHER}-0002", "basis": "reference"})
    monkeypatch.setattr(link_model, "references", lambda own, roadmap: tied)
    assert review_queue.doubtful(found, people, ONE, OTHER)["from_id"].to_list() == [f"{ONE}-0003"]
    earlier_run = tables_of(given, decided())  # the tables of before the decision
    assert f"{ONE}-0001" not in review_queue.doubtful(earlier_run, people, ONE, OTHER)["from_id"]


def test_a_confirmed_pair_settles_the_status_of_its_measures():
    near = model_parameters.link_model().between(ONE, OTHER).link_from
    given = {(1, 1): (0.3, 0.1), (1, 2): (near, 0.05)}
    people = decided((f"{ONE}-0001", f"{OTHER}-0001", "confirm", "same"))
    queue = review_queue.doubtful(tables_of(given, people), people, ONE, OTHER)
    assert queue.select(*KEY, "chance").rows() == [(f"{ONE}-0001", f"{OTHER}-0002", pytest.approx(1 - near + 0.05))]


def test_repetitions_follow_what_they_repeat():
    own = measures({f"{OTHER}-0005": f"{OTHER}-0001"})
    near = model_parameters.link_model().between(ONE, OTHER).link_from
    queue = review_queue.doubtful(tables_of({(1, 1): (near, 0.1)}, decided(), own), decided(), ONE, OTHER)
    assert queue["to_id"].to_list() == [f"{OTHER}-0001"]
    assert queue["chance"].to_list() == [pytest.approx(1 - near + 0.1)]  # the repetition's own pair holds nothing up
    people = decided((f"{ONE}-0001", f"{OTHER}-0001", "reject", None))
    after = tables_of({(1, 1): (0.3, 0.1)}, people, own)
    assert after["links"].is_empty()
    assert statuses(after, f"{ONE}-0001", f"{OTHER}-0001", f"{OTHER}-0005") == ["ended", "new", "new"]
    apart = decided(*people.select(*KEY, "decision", "relation").rows(),
                    (f"{ONE}-0001", f"{OTHER}-0005", "confirm", "same"))  # fmt: skip
    assert tables_of({(1, 1): (0.3, 0.1)}, apart, own)["links"]["to_id"].to_list() == [f"{OTHER}-0005"]


def test_no_pair_is_an_empty_queue():
    queue = review_queue.doubtful(tables_of({(4, 4): (0.99, 0.98)}, decided()), decided(), ONE, OTHER)
    assert queue.is_empty()
    assert queue.columns == review_queue.COLUMNS


@pytest.mark.parametrize(
    ("earlier", "later", "says"),
    [("2029", OTHER, "choose one of 2030, 2031"), (OTHER, ONE, "no earlier one"), (ONE, ONE, "no earlier one")],
)
def test_editions_that_do_not_fit_are_refused(earlier, later, says):
    with pytest.raises(UsageFault, match=says):
        review_queue.doubtful(tables_of({(1, 1): (0.3, 0.1)}, decided()), decided(), earlier, later)


@pytest.mark.parametrize("read", [True, False])
def test_the_committed_tables_have_pairs_to_look_at(read):
    found = review_queue.load()
    found["read"] = found["read"].filter(read)
    queue = review_queue.doubtful(found, decided(), "2019", "2026")
    assert len(queue) > (10 if read else 40)
    assert read == all(why.to_list() == ["contested"] for why in queue["why"])
    assert set(queue["why"].explode()) <= set(LABELS["why"])
