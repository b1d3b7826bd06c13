"""Continuity: what must hold of links and statuses whatever the plans say."""

import random
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.base import files
from analysis.base.errors import TableFaulty
from analysis.coding import codings, decisions
from analysis.continuity import link_model, model_parameters, similarity
from analysis.extraction import text_features
from analysis.report import links_agreement
from analysis.tables import editions, store

EARLIER = [
    "灯台の明かりを新しい光源に取り替え、夜の航路の安全を高める。",
    "図書館の閲覧室を夜間も開き、働く人の読書を支える。",
    "祭りの担い手を育てるため、太鼓と笛の教室を各地で開く。",
    "山小屋の屋根に太陽電池を置き、水を浄化する装置を設ける。",
]
LATER = [
    "灯台の明かりを新しい光源に取り替え、夜間の航路の安全を一層高める。",
    "港の魚市場に競りの様子を伝える画面を置く。",
    "祭りの担い手を育てるため、太鼓、笛及び獅子舞の教室を各地で開く。",
]
# Words of fictitious measures: the property tests put sentences together from them.
THINGS = ["灯台", "図書館", "太鼓", "魚市場", "山小屋", "温泉", "果樹園", "天文台", "植物園", "和紙", "風車", "貨物船"]
DEEDS = ["修理", "公開", "教室", "測量", "展示", "輸送", "観測", "販売", "記録", "清掃"]
BODIES = ["経済産業省", "文部科学省", "農林水産省"]

sentences = st.lists(
    st.tuples(st.sampled_from(THINGS), st.sampled_from(DEEDS), st.sampled_from(THINGS), st.sampled_from(DEEDS)),
    min_size=1, max_size=8,
).map(lambda rows: [f"{a}の{b}と{c}の{d}を進める。" for a, b, c, d in rows])  # fmt: skip
UNSAID = {"basis": pl.lit("likeness"), "verdict": pl.lit(None, dtype=pl.String), "contested": pl.lit(False)}
examined = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def none_decided() -> pl.DataFrame:
    return pl.DataFrame(schema=decisions.COLUMNS)


def plans(*editions: list[str], **columns: list) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Measures, features, assignments and an empty roadmap of fictitious editions 2030, 2031 …"""
    texts = {f"{2030 + e}-{n:04d}": text for e, edition in enumerate(editions) for n, text in enumerate(edition, 1)}
    values = {
        "measure_id": list(texts),
        "edition": [int(key[:4]) for key in texts],
        "part": ["body"] * len(texts),
        "repeated": [False] * len(texts),
        "repeats": [None] * len(texts),
        "ministries": [[BODIES[len(text) % len(BODIES)]] for text in texts.values()],
        "text_hash": [files.checksum(text.encode())[:16] for text in texts.values()],
        "horizon": [["短期"]] * len(texts),
        "deadline": [None] * len(texts),
    } | columns
    measures = pl.DataFrame(values, schema_overrides={"repeats": pl.String, "deadline": pl.String})
    table = text_features.table([(key, text, "") for key, text in texts.items()])
    assignments = pl.DataFrame({"measure_id": list(texts), "topic_id": [text[:1] for text in texts.values()]})
    return measures, table, assignments, store.empty("roadmap")


def link(*editions: list[str], decided: pl.DataFrame | None = None, strictness: float = 1.0, **columns: list):
    made = plans(*editions, **columns)
    return link_model.link(*made, none_decided() if decided is None else decided, codings.NONE, strictness)


def statuses(found: pl.DataFrame, edition_id: str, other: str) -> list[str]:
    rows = found.filter((pl.col("edition_id") == edition_id) & (pl.col("other_edition") == other))
    return rows.sort("measure_id")["status"].to_list()


def decision(one: str, other: str, verdict: str, relation: str | None = None) -> pl.DataFrame:
    row = {"from_id": one, "to_id": other, "decision": verdict, "relation": relation}
    return pl.DataFrame([row | {"who": "a", "when": "2030-01-01", "why": "read"}], schema=decisions.COLUMNS)


def test_reworded_measures_go_on_and_others_end_or_are_new():
    _, _, found = link(EARLIER, LATER)
    assert statuses(found, "2030", "2031") == ["continued", "ended", "continued", "ended"]
    assert statuses(found, "2031", "2030") == ["continuing", "new", "continuing"]


@given(sentences)
@examined
def test_an_edition_against_itself_is_continued(edition):
    _, links, found = link(edition, edition)
    assert statuses(found, "2030", "2031") == ["continued"] * len(edition)
    assert statuses(found, "2031", "2030") == ["continuing"] * len(edition)
    same = links.filter(pl.col("relation") == "same")
    assert {(n, n) for n in found["measure_id"].str.slice(5)} <= set(
        same.select(pl.col("from_id").str.slice(5), pl.col("to_id").str.slice(5)).rows()
    )


@given(sentences, sentences, st.integers(0, 10**6))
@examined
def test_the_order_of_rows_changes_nothing(one, other, seed):
    made = plans(one, other)
    shuffled = [frame.sample(fraction=1, shuffle=True, seed=seed) for frame in made]
    for mine, theirs in zip(
        link_model.link(*made, none_decided(), codings.NONE),
        link_model.link(*shuffled, none_decided(), codings.NONE),
        strict=True,
    ):
        columns = mine.columns[:2] if "from_id" in mine.columns else ["measure_id", "other_edition"]
        assert mine.sort(columns).equals(theirs.sort(columns))


@given(sentences, sentences)
@examined
def test_swapping_the_editions_mirrors_the_links(one, other):
    numbers = []
    for made, flip in ((link(one, other), False), (link(other, one), True)):
        rows = made[1].select(pl.col("from_id").str.slice(5), pl.col("to_id").str.slice(5), pl.col("score").round(9))
        numbers.append({(b, a) if flip else (a, b): score for a, b, score in rows.iter_rows()})
    assert numbers[0] == numbers[1]


@given(sentences, sentences, st.randoms(use_true_random=False))
@examined
def test_without_a_measure_exactly_its_partners_may_change(one, other, chance: random.Random):
    """With scores as they are, taking out a measure ends exactly those that were linked to it alone."""
    made = plans(one, [*other, "港の魚市場を飾る。"])
    candidates, links, found = link_model.link(*made, none_decided(), codings.NONE)
    gone = chance.choice([key for key in found["measure_id"].unique().sort() if key.startswith("2031")])
    own = made[0].filter(pl.col("measure_id") != gone).with_columns(editions.column())
    thresholds = model_parameters.link_model().between("2030", "2031")
    left = candidates.filter(pl.col("to_id") != gone).with_columns(
        from_edition=pl.lit("2030"),
        to_edition=pl.lit("2031"),
        basis=pl.lit("likeness"),
        verdict=pl.lit(None, dtype=pl.String),
        contested=pl.lit(False),
        link_from=thresholds.link_from,
        same_from=thresholds.same_from,
    )
    after = link_model._statuses(left, 1.0, own)
    alone = links.group_by("from_id").agg(pl.col("to_id")).filter(pl.col("to_id") == [gone])["from_id"].to_list()
    ended = {
        row["measure_id"]
        for row in after.filter(pl.col("status") == "ended").iter_rows(named=True)
        if row["measure_id"] not in found.filter(pl.col("status") == "ended")["measure_id"]
    }
    assert ended == set(alone)


@given(sentences, sentences)
@examined
def test_few_measures_are_all_compared(one, other):
    """Up to PARTNERS measures a side, the candidates are all pairs that have anything in common."""
    measures, table, assignments, _ = plans(one, other)
    space = similarity.space(measures, table, assignments)
    pairs = similarity.pairs(space, *([k for k in space.ids if k.startswith(e)] for e in ("2030", "2031")))
    spaces = (space.words, space.names, space.wording, space.subjects)
    cosines = sum((vectors @ vectors.T).toarray() for vectors in spaces)
    place = space.place
    expected = {
        (a, b) for a in space.ids for b in space.ids
        if a < "2031" <= b and cosines[place[a], place[b]] > 1e-6
    }  # fmt: skip
    assert set(pairs.select("from_id", "to_id").rows()) == expected


def test_every_similarity_feature_is_a_share():
    measures, table, assignments, _ = plans(EARLIER, LATER)
    space = similarity.space(measures, table, assignments)
    pairs = similarity.pairs(space, space.ids[:4], space.ids[4:]).drop("from_id", "to_id")
    assert pairs.columns == [*model_parameters.SIMILARITY_FEATURES, "vector"]
    assert pairs["vector"].null_count() == len(pairs)  # no vectors are kept of these texts
    assert pairs.min_horizontal().min() >= 0
    assert pairs.max_horizontal().max() <= 1


def test_an_edition_without_ministries_is_neither_near_nor_far():
    bodies = [["経済産業省"]] * 4 + [[]] * 3
    measures, table, assignments, _ = plans(EARLIER, LATER, ministries=bodies)
    space = similarity.space(measures, table, assignments)
    assert set(similarity.pairs(space, space.ids[:4], space.ids[4:])["ministry"]) == {similarity.UNKNOWN}


def test_a_stricter_threshold_never_links_more():
    counts = [len(link(EARLIER, LATER, strictness=factor)[1]) for factor in (0.05, 1.0, 3.5)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_renamed_things_count_as_one():
    earlier = ["大学発ベンチャーの海外展示を支援する。", "温泉街の清掃を行う。"]
    later = ["大学発スタートアップの海外展示を支援する。", "温泉街の清掃を行う。"]
    _, links, _ = link(earlier, later)
    first = links.filter(pl.col("from_id") == "2030-0001").row(0, named=True)
    assert (first["to_id"], first["relation"]) == ("2031-0001", "same")
    assert first["renamed"] == ["大学発ベンチャー→大学発スタートアップ"]


def test_a_roadmaps_references_are_links_whatever_the_wording():
    texts = [*EARLIER[:2], *LATER[1:]]
    parts = ["2029", "2029", "2030", "2030"]
    made = plans(texts, part=parts)
    ids = made[0]["measure_id"].to_list()
    row = {"cell": 1, "cells": 1, "title": None}
    roadmap = pl.DataFrame(
        [
            {"measure_id": ids[0], "part": "2029", "no": 7, "carried_to": [3], **row},
            {"measure_id": ids[1], "part": "2029", "no": 8, "carried_to": [], **row},
            {"measure_id": ids[2], "part": "2030", "no": 3, "carried_to": [], **row},
            {"measure_id": ids[3], "part": "2030", "no": 4, "carried_to": [], **row},
        ],
        schema_overrides={"title": pl.String, "carried_to": pl.List(pl.Int64)},
    )
    _, links, found = link_model.link(*made[:3], roadmap, none_decided(), codings.NONE)
    rows = links.filter(pl.col("basis") == "reference")
    columns = ("from_id", "to_id", "from_edition", "to_edition", "relation", "score")
    assert rows.select(columns).rows() == [(ids[0], ids[2], "R2029", "R2030", "same", 1.0)]
    assert statuses(found, "R2029", "R2030") == ["continued", "ended"]
    assert not found.filter(pl.col("measure_id") == ids[0])["doubtful"].any()


def test_every_roadmap_has_its_own_numbers():
    """An item of the older plan's roadmap is not tied to the same number of a newer plan's roadmap."""
    texts = [EARLIER[0], LATER[1], LATER[2]]
    made = plans(texts[:2], texts[2:], part=["2029", "2030", "2031"])
    ids = made[0]["measure_id"].to_list()
    rows = [(ids[0], "2029", 7, [3]), (ids[1], "2030", 3, []), (ids[2], "2031", 3, [])]
    roadmap = pl.DataFrame(rows, schema=["measure_id", "part", "no", "carried_to"], orient="row")
    assert link_model.references(made[0], roadmap).select("from_id", "to_id").rows() == [(ids[0], ids[1])]


def test_a_reference_holds_for_the_measure_that_the_item_restates():
    restated = LATER[1] + EARLIER[1] + EARLIER[2]
    made = plans([EARLIER[0], restated, restated, LATER[2]], part=["2029", "2030", "body", "body"])
    ids = made[0]["measure_id"].to_list()
    rows = [(ids[0], "2029", 7, [3]), (ids[1], "2030", 3, [])]
    roadmap = pl.DataFrame(rows, schema=["measure_id", "part", "no", "carried_to"], orient="row")
    _, links, _ = link_model.link(*made[:3], roadmap, none_decided(), codings.NONE)
    referred = links.filter(pl.col("basis") == "reference").select("from_id", "to_id")
    assert referred.rows() == [(ids[0], ids[1]), (ids[0], ids[2])]


def test_a_repetition_has_the_links_of_what_it_repeats():
    later = [*LATER, "温泉の清掃と公開を進める。"]
    none = [None] * len(EARLIER)
    _, links, found = link(EARLIER, later, repeats=[*none, None, None, None, "2031-0001"])
    repeated = links.filter(pl.col("basis") == "repetition").select("from_id", "to_id", "from_edition", "to_edition")
    assert repeated.rows() == [("2031-0001", "2031-0004", "2031", "2031")]
    pairs = links.filter(pl.col("from_edition") != pl.col("to_edition"))
    partners = [pairs.filter(pl.col("to_id") == key)["from_id"].to_list() for key in ("2031-0001", "2031-0004")]
    assert partners[0] == partners[1] == ["2030-0001"]
    assert statuses(found, "2031", "2030") == ["continuing", "new", "continuing", "continuing"]


def test_people_have_the_last_word():
    rejected = decision("2030-0001", "2031-0001", "reject")
    candidates, links, found = link(EARLIER, LATER, decided=rejected)
    assert ("2030-0001", "2031-0001") not in links.select("from_id", "to_id").rows()
    assert statuses(found, "2030", "2031")[0] == "ended"
    assert ("2030-0001", "2031-0001") in candidates.select("from_id", "to_id").rows()  # what the model thought stays
    confirmed = decision("2030-0002", "2031-0002", "confirm", "successor")
    _, links, found = link(EARLIER, LATER, decided=confirmed)
    row = links.filter(pl.col("basis") == "decision").row(0, named=True)
    assert (row["from_id"], row["to_id"], row["relation"], row["score"]) == ("2030-0002", "2031-0002", "successor", 1.0)
    assert statuses(found, "2030", "2031")[1] == "evolved"


def test_a_decision_holds_for_repetitions_that_have_none_of_their_own():
    later = [*LATER, "温泉の清掃と公開を進める。"]
    repeats = [None] * (len(EARLIER) + len(LATER)) + ["2031-0001"]
    rejected = decision("2030-0001", "2031-0001", "reject")
    _, links, found = link(EARLIER, later, repeats=repeats, decided=rejected)
    assert "2030-0001" not in links["from_id"]
    assert statuses(found, "2031", "2030") == ["new", "new", "continuing", "new"]
    both = pl.concat([rejected, decision("2030-0001", "2031-0004", "confirm", "same")])
    _, links, found = link(EARLIER, later, repeats=repeats, decided=both)
    assert links.filter(pl.col("from_id") == "2030-0001")["to_id"].to_list() == ["2031-0004"]
    assert statuses(found, "2031", "2030") == ["new", "new", "continuing", "continuing"]


def test_a_clear_status_is_not_doubtful_and_a_near_one_is():
    thresholds = model_parameters.link_model().between("2030", "2031")
    own = plans(EARLIER, LATER)[0].with_columns(editions.column())
    near = thresholds.link_from * 1.1
    rows = [("2030-0001", "2031-0001", 0.99, 0.98), ("2030-0002", "2031-0002", near, 0.0)]
    scored = pl.DataFrame(rows, schema=["from_id", "to_id", "score", "same_score"], orient="row").with_columns(
        from_edition=pl.lit("2030"),
        to_edition=pl.lit("2031"),
        basis=pl.lit("likeness"),
        verdict=pl.lit(None, dtype=pl.String),
        contested=pl.lit(False),
        rest=pl.lit(1.0),
        link_from=thresholds.link_from,
        same_from=thresholds.same_from,
    )
    found = link_model._statuses(scored, 1.0, own).filter(pl.col("edition_id") == "2030").sort("measure_id")
    assert found["status"].to_list() == ["continued", "evolved", "ended", "ended"]
    assert found["doubtful"].to_list() == [False, True, False, False]


def test_what_ended_beside_a_likely_pair_that_better_ones_left_no_room_for_is_doubtful():
    thresholds = model_parameters.link_model().between("2030", "2031")
    rows = [("2030-0001", "2031-0001", 0.99, 0.98, 1.0), ("2030-0002", "2031-0001", 0.97, 0.95, 0.0)]
    scored = pl.DataFrame(rows, schema=["from_id", "to_id", "score", "same_score", "rest"], orient="row").with_columns(
        from_edition=pl.lit("2030"), to_edition=pl.lit("2031"), link_from=thresholds.link_from,
        same_from=thresholds.same_from, **UNSAID,
    )  # fmt: skip
    own = plans(EARLIER, LATER)[0].with_columns(editions.column())

    def doubts(scored):
        found = link_model._statuses(scored, 1.0, own).filter(edition_id="2030", other_edition="2031")
        return found.sort("measure_id").select("status", "doubtful").rows()[:3]

    assert doubts(scored) == [("continued", False), ("ended", True), ("ended", False)]
    settled = scored.with_columns(verdict=pl.when(pl.col("rest") == 0).then(pl.lit("none")))  # a coder says so
    assert doubts(settled) == [("continued", False), ("ended", False), ("ended", False)]


def test_without_codings_each_pair_is_judged_by_a_model_that_has_not_seen_its_later_edition(monkeypatch):
    usual, asked, seen_as_new = model_parameters.link_model(), [], []
    reduced = replace(
        usual, linked=replace(usual.linked, intercept=usual.linked.intercept - 1),
        thresholds=dict.fromkeys(usual.thresholds, model_parameters.Thresholds(0.9999, 1.0)),
    )  # fmt: skip

    def model(without=None, with_vectors=False):
        asked.append(without)
        return usual if without is None else reduced

    def space(*tables, as_new=None):
        seen_as_new.append(as_new)
        return made_of(*tables, as_new=as_new)

    made_of = similarity.space
    monkeypatch.setattr(model_parameters, "link_model", model)
    monkeypatch.setattr(similarity, "space", space)
    made = plans(EARLIER, LATER, LATER)
    alone, links, _ = link_model.link(*made, none_decided(), codings.NONE, use_codings=False)
    assert links.is_empty()  # by the thresholds of those models
    assert {"2031", "2032"} == set(asked) - {None}
    assert {"2031", "2032"} == set(seen_as_new) - {None}
    asked.clear()
    seen_as_new.clear()
    candidates, links, _ = link_model.link(*made, none_decided(), codings.NONE)
    assert len(links)
    both = alone.join(candidates, on=["from_id", "to_id"])
    assert (both["score"] < both["score_right"]).all()  # by their curves
    assert {*asked, *seen_as_new} == {None}


def test_pairs_compete_unless_a_summary_stands_on_one_side():
    alike = [f"{EARLIER[0]}。"] * 2
    crossed = link(alike, alike)[0].filter(pl.col("from_id").str.slice(5) != pl.col("to_id").str.slice(5))
    assert crossed["rest"].max() == 0
    of_summary = link(alike, alike, part=["summary"] * 2 + ["body"] * 2)[0]
    assert of_summary["rest"].min() == 1


def test_tables_and_statuses_agree():
    made = link(EARLIER, LATER, EARLIER)
    for name, frame in zip(("candidates", "links", "statuses"), made, strict=True):
        store.check(name, frame)
    _, links, found = made
    assert len(links) * 2 == found["links"].sum()
    assert not found.filter(pl.col("links") > 0)["status"].is_in(["ended", "new"]).any()


def test_editions_stand_in_the_order_of_time():
    given = ["2026", "R2019", "2020", "R2017", "2019", "R2018"]
    assert sorted(given, key=editions.place) == ["R2017", "R2018", "2019", "R2019", "2020", "2026"]
    assert (editions.label("R2017", "en"), editions.label("2026", "ja")) == ("2017 (roadmap)", "2026")


@pytest.mark.parametrize("content", ["link_from = 'high'\n", "link_from = 0.2\nsame_from = 0.3\n[linked]\n"])
def test_faulty_parameters_are_named(tmp_path, monkeypatch, content):
    monkeypatch.setenv("IP_PLAN_ROOT", str(tmp_path))
    (tmp_path / "data/curated").mkdir(parents=True)
    (tmp_path / "data/curated/continuity.toml").write_text(content)
    with pytest.raises(TableFaulty, match=r"continuity\.toml"):
        model_parameters.link_model()


def test_a_ministry_is_shared_with_the_body_that_took_over_its_work():
    measures, table, assignments, _ = plans(EARLIER[:1], LATER[:1], ministries=[["内閣官房"], ["デジタル庁"]])
    measures = measures.with_columns(edition=pl.Series([2019, 2026]))
    space = similarity.space(measures, table, assignments)
    assert similarity.pairs(space, space.ids[:1], space.ids[1:])["ministry"].to_list() == [1.0]


# --- how the model agrees with decisions -------------------------------------------------------------------------

THRESHOLDS = model_parameters.Thresholds(link_from=0.5, same_from=0.4)


def decided(*rows: tuple[str, str | None]) -> pl.DataFrame:
    """Decisions about the pairs (a0, b0), (a1, b1) …: (decision, relation)."""
    values = [(f"a{n}", f"b{n}", *row, "me", "2030-01-01", "read") for n, row in enumerate(rows)]
    return pl.DataFrame(values, schema=decisions.COLUMNS, orient="row")


def candidates(*scores: tuple[float, float]) -> pl.DataFrame:
    values = [(f"a{n}", f"b{n}", *row) for n, row in enumerate(scores)]
    frame = pl.DataFrame(values, schema=["from_id", "to_id", "score", "same_score"], orient="row")
    return frame.with_columns(rest=pl.lit(1.0))


def test_agreement_counts_the_models_own_links_on_decided_pairs():
    same, successor, reject = ("confirm", "same"), ("confirm", "successor"), ("reject", None)
    people = decided(same, same, successor, reject, reject, successor)
    # the model: same, successor, successor, same, nothing; the last pair is no candidate; one more nobody decided
    model = candidates((0.9, 0.8), (0.9, 0.1), (0.5, 0.0), (0.9, 0.4), (0.49, 0.48))
    model = pl.concat([model, candidates((0.9, 0.9)).with_columns(from_id=pl.lit("z"))])
    agreement = link_model.agreement_with_decisions(people, model, THRESHOLDS)
    counted = agreement.select("relation", "decided", "confirmed", "found", "right").rows()
    assert counted == [("link", 6, 4, 4, 3), ("same", 6, 2, 2, 1), ("successor", 6, 2, 2, 1)]
    link = agreement.row(0, named=True)
    assert (link["precision"], link["recall"]) == (0.75, 0.75)
    assert link["precision_low"] == pytest.approx(0.3006, abs=1e-4)  # Wilson, 3 of 4
    assert link["precision_high"] == pytest.approx(0.9544, abs=1e-4)
    said = links_agreement.decided(agreement, "en")
    assert said[0].startswith("People decided 6 pairs: 4 confirmed, 2 rejected. On its own the model links 4 of them")
    assert "precision 75% (30%–95%), recall 75% (30%–95%)" in said[0]
    assert len(said) == 4
    assert "not how it does over all pairs" in said[-1]


def test_the_order_of_decisions_changes_nothing():
    people = decided(("confirm", "same"), ("reject", None), ("confirm", "successor"))
    model = candidates((0.9, 0.8), (0.9, 0.1), (0.2, 0.0))
    assert link_model.agreement_with_decisions(people, model, THRESHOLDS).equals(
        link_model.agreement_with_decisions(people.reverse(), model.reverse(), THRESHOLDS)
    )


def test_shares_of_nothing_are_not_said():
    agreement = link_model.agreement_with_decisions(decided(("reject", None)), candidates((0.1, 0.0)), THRESHOLDS)
    assert agreement.select("precision", "precision_low", "recall", "recall_high").row(0) == (None,) * 4
    assert "precision –, recall –" in links_agreement.decided(agreement, "en")[0]
    assert len(links_agreement.decided(agreement, "ja")) == 2  # no relation was confirmed or found


@pytest.mark.parametrize(("language", "says"), [("en", "No decisions yet"), ("ja", "人による確認はまだ行われていない")])
def test_without_decisions_nothing_is_claimed(language, says):
    agreement = link_model.agreement_with_decisions(decided(), candidates((0.9, 0.9)), THRESHOLDS)
    assert agreement.is_empty()
    assert len(links_agreement.decided(agreement, language)) == 1
    assert says in links_agreement.decided(agreement, language)[0]


def test_two_measures_whose_topic_is_unclear_have_none_in_common():
    one, other = (np.array(topics, dtype=object) for topics in (["a", None, None, "a"], ["a", None, "a", "b"]))
    assert similarity._alike(one, other).tolist() == [1, 0, 0, 0]
