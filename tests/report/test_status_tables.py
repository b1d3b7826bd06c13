"""What became of each measure: every one is in one table, doubtful ones first, with its nearest partner."""

import polars as pl
import pytest

from analysis.base.i18n import LANGUAGES
from analysis.coding import codings
from analysis.continuity import link_model, model_parameters
from analysis.report import status_tables
from analysis.tables import labels, store, summary_statistics

NAMES = ("measures", "features", "assignments", "topics", "candidates", "links", "statuses")
THRESHOLD = model_parameters.link_model().between("2030", "2031").link_from
FAR = model_parameters.link_model(with_vectors=True).between("2019", "2026").link_from


def found(scores: dict[tuple[str, str], float], basis: str = "likeness") -> dict[str, pl.DataFrame]:
    """Fictitious measures 2030-1 … of two editions, candidates with the scores, links from the threshold on."""
    ids = [f"{year}-{n}" for year in (2030, 2031) for n in (1, 2, 3)]
    measures = pl.DataFrame(
        {
            "measure_id": ids, "doc_id": ["ip"] * 6, "section": ["I"] * 6, "section_title": ["航路"] * 6,
            "subhead": [None] * 6, "first_line": [1, 2, 3] * 2, "last_line": [1, 2, 3] * 2,
            "ministries": [["外務省"]] * 6, "repeats": [None] * 6,
        }, schema_overrides={"subhead": pl.String, "repeats": pl.String},
    )  # fmt: skip
    evidence = dict.fromkeys(model_parameters.SIMILARITY_FEATURES, 0.5) | {"vector": None}
    rows = [
        {"from_id": a, "to_id": b, "score": score, "same_score": 0.0, "rest": 1.0, **evidence}
        for (a, b), score in scores.items()
    ]
    linked = [
        {
            "from_id": a, "to_id": b, "from_edition": "2030", "to_edition": "2031", "relation": "successor",
            "score": score, "same_score": 0.0, "basis": basis, "shared_names": ["灯台守"],
            "shared_subjects": [], "shared_ministries": [],
            "renamed": [], "changed": ["wording", "horizon"],
        } for (a, b), score in scores.items() if score >= THRESHOLD
    ]  # fmt: skip
    statuses = []
    for key in ids:
        best = max((score for pair, score in scores.items() if key in pair), default=0.0)
        forward = key.startswith("2030")
        status = "evolved" if best >= THRESHOLD else "ended" if forward else "new"
        edition_ids = {"edition_id": key[:4], "other_edition": "2031" if forward else "2030"}
        doubtful = 0.05 < best < 0.5
        statuses.append(
            {
                "measure_id": key,
                **edition_ids,
                "status": status,
                "doubtful": doubtful,
                "best_score": best,
                "links": 0,
                "change": None,
                "changed": ["wording", "horizon"] * (status == "evolved"),
            }
        )
    schema = {name: store.empty(name).schema for name in ("candidates", "links", "statuses")}
    return {
        "measures": measures,
        "features": pl.DataFrame({"measure_id": ids, "names": [["灯台守"]] * 6, "terms": [["灯"]] * 6}),
        "assignments": pl.DataFrame({"measure_id": ids, "topic_id": ["a"] * 6}),
        "topics": pl.DataFrame({"topic_id": ["a"], "name_en": ["Lamps"], "name_ja": ["灯"]}),
        "candidates": pl.DataFrame(rows, schema=schema["candidates"]),
        "links": pl.DataFrame(linked, schema=schema["links"]),
        "statuses": pl.DataFrame(statuses, schema=schema["statuses"]),
        "read": codings.NONE,
    }


LOW, LOWER = round(0.9 * THRESHOLD, 3), round(0.5 * THRESHOLD, 3)
PAIRS = {("2030-1", "2031-1"): 0.9, ("2030-2", "2031-2"): LOW, ("2030-2", "2031-1"): LOWER}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_measure_has_its_nearest_partner_and_the_doubtful_come_first(language):
    ended = status_tables.table(found(PAIRS), "2030", "2031", "ended", language)
    columns = ("measure_id", "doubtful", "partner", "score")
    assert ended.select(columns).rows() == [("2030-2", True, "2031-2", LOW), ("2030-3", False, None, None)]
    assert ended["evidence"][1] is None
    assert "0.50" in ended["evidence"][0]
    evolved = status_tables.table(found(PAIRS), "2030", "2031", "evolved", language)
    assert evolved.select(columns).rows() == [("2030-1", False, "2031-1", 0.9)]
    assert "灯台守" in evolved["evidence"][0]
    assert evolved["became"].to_list() == [labels.became("evolved", None, ["horizon"], language)]
    assert ended["became"].to_list() == [None, None]
    new = status_tables.table(found(PAIRS), "2031", "2030", "new", language)
    assert new.select(columns).rows() == [("2031-2", True, "2030-2", LOW), ("2031-3", False, None, None)]
    late = found(PAIRS)
    late["statuses"] = late["statuses"].with_columns(doubtful=pl.col("measure_id") == "2030-3")
    assert status_tables.table(late, "2030", "2031", "ended", language)["measure_id"].to_list() == ["2030-3", "2030-2"]


def test_of_a_pair_that_better_ones_left_no_room_for_it_is_said_so():
    outdone = found(PAIRS)
    outdone["candidates"] = outdone["candidates"].with_columns(rest=pl.when(score=LOW).then(0.02).otherwise("rest"))
    said, before = (
        status_tables.table(t, "2030", "2031", "ended", "en")["evidence"][0] for t in (outdone, found(PAIRS))
    )
    assert "better pairs leave 0.02 of its words open" in said
    assert "better pairs" not in before


def test_of_a_near_one_that_was_read_it_is_said_what_readers_found():
    read = found(PAIRS)
    row = ("2030-2", "2031", "2031-2", "related", "none", "related", "")
    read["read"] = codings.with_certainty(pl.DataFrame([row], schema=codings.COLUMNS, orient="row"))
    for edition_id, other, status in (("2030", "2031", "ended"), ("2031", "2030", "new")):
        evidence = status_tables.table(read, edition_id, other, status, "en")["evidence"][0]
        assert evidence.startswith("same subject only · both documents read by coders · wording")
    read["read"] = read["read"].with_columns(to_id=pl.lit("2031-3"))
    evidence = status_tables.table(read, "2030", "2031", "ended", "en")["evidence"][0]
    assert evidence.startswith("not linked · both documents read by coders")


def test_what_a_person_rejected_is_nobodys_partner():
    rejected = found(PAIRS)
    without = pl.when(pl.col("measure_id") == "2030-1").then(0.0).otherwise("best_score")
    rejected["statuses"] = rejected["statuses"].with_columns(best_score=without)
    rejected["links"] = rejected["links"].clear()
    assert status_tables.table(rejected, "2030", "2031", "evolved", "en")["partner"].to_list() == [None]
    assert ("2030-1", "2031-1") not in status_tables.most_doubtful(rejected, "2030", "2031", THRESHOLD)


def test_the_clearest_and_the_most_doubtful_pairs_name_no_measure_twice():
    close, less = THRESHOLD + 0.01, THRESHOLD / 1.2
    scores = {("2030-1", "2031-1"): 0.99, ("2030-1", "2031-2"): 0.98, ("2030-2", "2031-3"): less,
              ("2030-3", "2031-2"): close, ("2030-3", "2031-3"): close + 0.05}  # fmt: skip
    made = found(scores)
    assert status_tables.clearest(made["links"], "2030", "2031") == [("2030-1", "2031-1"), ("2030-3", "2031-3")]
    assert status_tables.clearest(made["links"], "2030", "2031", 1) == [("2030-1", "2031-1")]
    assert status_tables.clearest(made["links"], "2031", "2032") == []
    assert status_tables.most_doubtful(made, "2030", "2031", THRESHOLD) == [("2030-3", "2031-2"), ("2030-2", "2031-3")]
    assert status_tables.most_doubtful(found(scores, "reference"), "2030", "2031", THRESHOLD) == [("2030-2", "2031-3")]
    assert status_tables.DOUBT == link_model.DOUBT


@pytest.fixture(scope="module")
def committed() -> dict[str, pl.DataFrame]:
    found = {name: store.read(name) for name in NAMES}
    return found | {"read": codings.table(found["measures"])}


def test_the_tables_of_all_statuses_hold_every_measure_once(committed):
    statuses = {"2019": ("continued", "evolved", "ended"), "2026": ("continuing", "evolved", "new")}
    for edition_id, other in (("2019", "2026"), ("2026", "2019")):
        told = pl.concat(
            [status_tables.table(committed, edition_id, other, status, "en") for status in statuses[edition_id]]
        )
        counted = committed["measures"].filter(pl.col("repeats").is_null())
        seen = summary_statistics.seen_from(committed["statuses"], edition_id, other).join(
            counted, on="measure_id", how="semi"
        )
        assert sorted(told["measure_id"]) == sorted(seen["measure_id"])
        joined = told.join(seen, on="measure_id")
        assert joined["score"].null_count() == len(joined)  # coders decide about this pair, and no probability
        modelled = committed | {"read": committed["read"].clear()}
        new = status_tables.table(modelled, edition_id, other, statuses[edition_id][-1], "en").join(
            seen, on="measure_id"
        )
        near = new.filter(pl.col("score").is_not_null())
        assert near["score"].to_list() == pytest.approx(near["best_score"].to_list())


def test_the_order_of_rows_does_not_matter(committed):
    turned = {name: table.reverse() for name, table in committed.items()}
    for edition_id, other, status in (("2019", "2026", "ended"), ("2026", "2019", "new")):
        one, two = (status_tables.table(tables_, edition_id, other, status, "ja") for tables_ in (committed, turned))
        assert one.equals(two)
    for read in (True, False):
        one, two = (
            status_tables.most_doubtful(tables_ | {"read": tables_["read"].filter(read)}, "2019", "2026", FAR)
            for tables_ in (committed, turned)
        )
        assert one == two
        assert len(one) == status_tables.SHOWN


def test_of_what_was_read_the_doubtful_pairs_are_those_about_which_readers_differed(committed):
    differed = set(committed["read"].filter("contested").select("from_id", "to_id").iter_rows())
    assert set(status_tables.most_doubtful(committed, "2019", "2026", FAR)) <= differed
    held = committed["links"].filter(pl.col("basis") == "reading").select("from_id", "to_id").rows()
    one = next(pair for pair in status_tables.most_doubtful(committed, "2019", "2026", FAR) if pair in held)
    refused = committed["links"].filter(~((pl.col("from_id") == one[0]) & (pl.col("to_id") == one[1])))
    assert one not in status_tables.most_doubtful(committed | {"links": refused}, "2019", "2026", FAR, most=99)
    agreed = {"read": committed["read"].with_columns(contested=pl.lit(False))}
    assert status_tables.most_doubtful(committed | agreed, "2019", "2026", FAR) == []
