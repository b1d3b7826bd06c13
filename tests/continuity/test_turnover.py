"""Turnover: metrics computed by hand, and what must hold of them whatever is linked."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from analysis.base import files
from analysis.coding import codings, decisions
from analysis.continuity import link_model, model_parameters, turnover, turnover_values
from analysis.extraction import text_features
from analysis.report.data import ReportData
from analysis.report.exhibits import carry_over
from analysis.tables import store

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


examined = settings(max_examples=60, deadline=None)


def linked(n: int, m: int, links: list[tuple[int, int]]) -> turnover.Pair:
    ends = np.array(sorted(set(links)), dtype=np.int64).reshape(-1, 2)
    return turnover.Pair([f"a{i}" for i in range(n)], [f"b{j}" for j in range(m)], ends[:, 0], ends[:, 1])


def worded(pair: turnover.Pair, counts: list[list[int]], weight: list[float]) -> turnover.Wording:
    """Counts of the n-grams of the earlier measures, then of the later ones."""
    grams, weights = csr_matrix(np.array(counts, dtype=float)), np.array(weight)
    place = {key: n for n, key in enumerate([*pair.earlier, *pair.later])}
    return turnover.Wording(place, grams, weights, np.asarray(grams @ weights))


def alike(pair: turnover.Pair) -> turnover.Wording:
    return worded(pair, [[1, 2]] * (len(pair.earlier) + len(pair.later)), [1.0, 2.0])


def metrics(pair: turnover.Pair, known: turnover.Wording | None = None, seed: int = 0) -> dict[str, tuple]:
    return {row[0]: row[1:] for row in turnover.between(pair, known or alike(pair), seed)}


def plans(*editions: list[str], **columns: list) -> list[pl.DataFrame]:
    """Measures, features, assignments, roadmap and decisions of fictitious editions 2030, 2031 …"""
    texts = {f"{2030 + e}-{n:04d}": text for e, edition in enumerate(editions) for n, text in enumerate(edition, 1)}
    values = {
        "measure_id": list(texts),
        "edition": [int(key[:4]) for key in texts],
        "part": ["body"] * len(texts),
        "repeats": [None] * len(texts),
        "ministries": [["経済産業省(知財)", "経済産業省"], ["文部科学省"]] * (len(texts) // 2)
        + [[]] * (len(texts) % 2),
        "text_hash": [files.checksum(text.encode())[:16] for text in texts.values()],
        "horizon": [["短期"]] * len(texts),
        "deadline": [None] * len(texts),
    } | columns
    measures = pl.DataFrame(values, schema_overrides={"repeats": pl.String, "deadline": pl.String})
    topics = {"measure_id": list(texts), "topic_id": [text[:1] for text in texts.values()]}
    made = text_features.table([(key, text, "") for key, text in texts.items()])
    return [
        measures,
        made,
        pl.DataFrame(topics),
        store.empty("roadmap"),
        pl.DataFrame(schema=decisions.COLUMNS),
        codings.NONE,
    ]


def table(made: list[pl.DataFrame], **options) -> pl.DataFrame:
    candidates, _, _ = link_model.link(*made)
    return turnover.table(*made, candidates, **options)


def only(found: pl.DataFrame, **values) -> dict:
    return turnover_values.value(found, "2030", "2031", **values)


# --- by hand ---------------------------------------------------------------------------------------------------


def test_shares_and_jaccard_by_hand():
    # a0–b0, a0–b1 (a split), a1–b2 and a2–b2 (a merger); a3, b3 and b4 stand alone
    found = metrics(linked(4, 5, [(0, 0), (0, 1), (1, 2), (2, 2)]))
    assert found["carried"][:1] + found["carried"][3:] == (3 / 4, 3, 4)
    assert found["inherited"][:1] + found["inherited"][3:] == (3 / 5, 3, 5)
    assert found["split"][3:] == (1, 4)
    assert found["merged"][3:] == (1, 5)
    assert found["ended"][3:] == (1, 4)
    assert found["born"][3:] == (2, 5)
    # one to one, two links can stand side by side (a0–b0, a1–b2): 2 / (4 + 5 − 2)
    assert found["jaccard"][0] == pytest.approx(2 / 7)
    assert found["jaccard"][3:] == (2, 7)


def test_wilson_by_hand():
    # 3 of 4, z² = 3.84146: centre (0.75 + z²/8) / (1 + z²/4) = (0.75 + 0.48018) / 1.96036 = 0.62753;
    # half 1.95996 · √(0.75 · 0.25 / 4 + z²/64) / 1.96036 = 1.95996 · √(0.04688 + 0.06002) / 1.96036 = 0.32690
    _, low, high, _, _ = metrics(linked(4, 1, [(0, 0), (1, 0), (2, 0)]))["carried"]
    assert (low, high) == (pytest.approx(0.62753 - 0.32690, abs=2e-5), pytest.approx(0.62753 + 0.32690, abs=2e-5))


def test_reuse_by_hand():
    # b0 has the n-grams (2, 1, 1) of weights (1, 2, 4): 2·1 + 1·2 + 1·4 = 8. a0 (1, 0, 1) and a1 (0, 0, 3) together
    # have (1, 0, 4): of b0's own that is (1, 0, 1), 1·1 + 1·4 = 5. So 5/8; b1 has no link, 0: (5/8 + 0) / 2
    pair = linked(2, 2, [(0, 0), (1, 0)])
    known = worded(pair, [[1, 0, 1], [0, 0, 3], [2, 1, 1], [1, 1, 1]], [1, 2, 4])
    assert turnover.reused(pair, known).tolist() == [5 / 8, 0]
    value, *_, count, total = metrics(pair, known)["reuse"]
    assert (value, count, total) == (5 / 16, 1, 2)


def test_a_measure_without_wording_says_nothing_of_reuse():
    pair = linked(1, 2, [(0, 0), (0, 1)])
    value, *_, count, total = metrics(pair, worded(pair, [[1, 1], [1, 1], [0, 0]], [1, 1]))["reuse"]
    assert (value, count, total) == (1, 1, 1)


def test_the_bootstrap_draws_groups_of_linked_measures():
    # two groups, a0–b0 and a1 alone: 1 of 2. Drawn again: both the first (a quarter: 1/1), both the second (a quarter:
    # 0/2), or one of each (a half: 1/2). So the percentiles are 0 and 1
    value, low, high, _, _ = metrics(linked(2, 1, [(0, 0)]))["jaccard"]
    assert (value, low, high) == (1 / 2, 0, 1)


# --- whatever is linked ----------------------------------------------------------------------------------------


@st.composite
def pairs(draw) -> turnover.Pair:
    n, m = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    links = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, m - 1)), max_size=12))
    return linked(n, m, links)


def wording_of(draw, pair: turnover.Pair) -> turnover.Wording:
    row = st.lists(st.integers(0, 3), min_size=4, max_size=4)
    counts = [draw(row) for _ in range(len(pair.earlier) + len(pair.later))]
    return worded(pair, counts, [1, 1.5, 2, 4])


@given(pairs(), st.data())
@examined
def test_every_metric_lies_in_its_interval_and_between_0_and_1(pair, data):
    for value, low, high, count, total in metrics(pair, wording_of(data.draw, pair)).values():
        assert 0 <= value <= 1
        assert 0 <= count <= total
        if low is not None:
            assert 0 <= low <= high <= 1
    found = metrics(pair)
    assert found["carried"][3] + found["ended"][3] == len(pair.earlier)
    assert found["inherited"][3] + found["born"][3] == len(pair.later)
    assert found["jaccard"][3] <= min(found["carried"][3], found["inherited"][3])
    for name in ("carried", "inherited"):
        assert found[name][1] - 1e-12 <= found[name][0] <= found[name][2] + 1e-12


@given(st.integers(1, 7), st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=9), st.data())
@examined
def test_an_edition_against_itself_goes_on_whole(n, more, data):
    pair = linked(n, n, [(i, i) for i in range(n)] + [(i % n, j % n) for i, j in more])
    row = st.lists(st.integers(1, 3), min_size=4, max_size=4)
    counts = [data.draw(row) for _ in range(n)]
    found = metrics(pair, worded(pair, counts + counts, [1, 1.5, 2, 4]))
    assert [found[name][0] for name in ("carried", "inherited", "jaccard", "reuse")] == pytest.approx([1, 1, 1, 1])
    assert [found[name][3] for name in ("ended", "born")] == [0, 0]
    assert found["jaccard"][1:3] == (None, None)  # nothing to draw


@given(pairs())
@examined
def test_swapping_the_editions_mirrors_the_metrics(pair):
    links = list(zip(pair.end.tolist(), pair.start.tolist(), strict=True))
    one, other = metrics(pair), metrics(linked(len(pair.later), len(pair.earlier), links))
    for name, mirrored in (("carried", "inherited"), ("split", "merged"), ("ended", "born")):
        assert one[name] == other[mirrored]
        assert other[name] == one[mirrored]
    assert one["jaccard"][0] == other["jaccard"][0]


@given(pairs(), st.data())
@examined
def test_the_order_of_measures_changes_nothing(pair, data):
    known = wording_of(data.draw, pair)
    mixed = [data.draw(st.permutations(ids)) for ids in (pair.earlier, pair.later)]
    ends = [
        np.array([ids.index(before[k]) for k in places], dtype=np.int64)
        for ids, before, places in zip(mixed, (pair.earlier, pair.later), (pair.start, pair.end), strict=True)
    ]
    one, other = metrics(pair, known), metrics(turnover.Pair(*mixed, *ends), known)
    for name, row in one.items():
        assert row == pytest.approx(other[name], abs=1e-8), name


@given(st.integers(1, 7), st.integers(1, 7), st.integers(0, 7))
@examined
def test_where_links_are_one_to_one_jaccard_is_the_classic_one(n, m, common):
    common = min(n, m, common)
    found = metrics(linked(n, m, [(i, i) for i in range(common)]))
    one, other = set(range(n)), {*range(common), *range(100, 100 + m - common)}
    assert found["jaccard"][0] == len(one & other) / len(one | other)


@given(pairs(), st.integers(0, 5))
@examined
def test_what_is_drawn_depends_on_the_seed_alone(pair, seed):
    assert metrics(pair, seed=seed) == metrics(pair, seed=seed)


# --- the table -------------------------------------------------------------------------------------------------


def test_the_table_of_two_plans():
    made = plans(EARLIER, LATER)
    found = store.check("turnover", table(made))
    assert only(found, metric="carried")["value"] == 2 / 4
    assert only(found, metric="born")["count"] == 1
    assert 0.3 < only(found, metric="reuse")["value"] < 0.7
    assert only(found, metric="chance")["value"] < 0.3
    by = found.filter(pl.col("by") == "ministry").filter(pl.col("metric") == "carried")
    # offices count with their body, a body counts once for each measure: measures 1 and 3, 2 and 4
    assert by.select("group", "count", "total").rows() == [("文部科学省", 0, 2), ("経済産業省", 2, 2)]
    topics = turnover_values.by_group(found, "2030", "2031", "topic")
    assert sorted(topics.select("group", "count", "total").rows()) == [
        ("図", 0, 1),
        ("山", 0, 1),
        ("灯", 1, 1),
        ("祭", 1, 1),
    ]


def test_the_table_is_that_of_the_links():
    """At strictness 1 the shares are those of continuity's own statuses."""
    made = plans(EARLIER, LATER, EARLIER[:2])
    _, _, statuses = link_model.link(*made)
    found = table(made)
    for earlier, later in (("2030", "2031"), ("2030", "2032"), ("2031", "2032")):
        own = statuses.filter((pl.col("edition_id") == earlier) & (pl.col("other_edition") == later))
        assert turnover_values.value(found, earlier, later, "carried")["count"] == len(own.filter(pl.col("links") > 0))


def test_a_stricter_threshold_never_carries_more():
    made = plans(EARLIER, LATER)
    threshold = model_parameters.link_model().between("2030", "2031").link_from
    beyond = 1.01 * link_model.link(*made)[0]["score"].max() / threshold
    found = table(made, strictness=beyond)
    assert found["strictness"].unique().sort().to_list() == [*turnover.FACTORS, beyond]
    for metric in ("carried", "inherited", "jaccard", "reuse", "split", "merged"):
        values = turnover_values.between(found, "2030", "2031").filter(pl.col("metric") == metric)["value"].to_list()
        assert values == sorted(values, reverse=True)
    assert only(found, metric="carried")["value"] > only(found, metric="carried", strictness=beyond)["value"] == 0
    assert set(found.filter(pl.col("by") == "topic")["strictness"]) == {beyond}


def test_a_plan_against_itself():
    found = table(plans(EARLIER, EARLIER))
    for metric, value in (("carried", 1), ("inherited", 1), ("jaccard", 1), ("reuse", 1), ("ended", 0), ("born", 0)):
        assert only(found, metric=metric)["value"] == pytest.approx(value)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_changes_nothing(seed):
    made = plans(EARLIER, LATER)
    candidates, _, _ = link_model.link(*made)
    one = turnover.table(*made, candidates)
    mixed = [frame.sample(fraction=1, shuffle=True, seed=seed) for frame in (*made, candidates)]
    key = ["from_edition", "to_edition", "strictness", "by", "group", "metric"]
    assert one.sort(key).equals(turnover.table(*mixed).sort(key))


def test_a_repetition_counts_once():
    later = [*LATER, LATER[0]]
    repeats = [None] * (len(EARLIER) + len(LATER)) + ["2031-0001"]
    alone, repeated = table(plans(EARLIER, LATER)), table(plans(EARLIER, later, repeats=repeats))
    for metric in ("carried", "inherited", "jaccard", "split", "merged", "ended", "born"):
        for strictness in turnover.FACTORS:
            one, other = (only(t, metric=metric, strictness=strictness) for t in (alone, repeated))
            assert (one["count"], one["total"]) == (other["count"], other["total"])


def test_a_link_of_a_repetition_alone_is_one_of_what_it_repeats():
    made = plans(EARLIER, [*LATER, LATER[1]], repeats=[None] * 7 + ["2031-0002"])
    row = {"from_id": "2030-0002", "to_id": "2031-0004", "decision": "confirm", "relation": "successor"}
    made[4] = pl.DataFrame([row | {"who": "a", "when": "2030-01-01", "why": "read"}], schema=decisions.COLUMNS)
    assert only(table(made), metric="inherited")["count"] == 3


# --- what is asked of it, and read aloud -----------------------------------------------------------------------


def test_a_metric_that_is_not_there_is_named():
    with pytest.raises(KeyError, match="2029"):
        turnover_values.value(table(plans(EARLIER, LATER)), "2029", "2031", "carried")


def test_what_goes_into_an_edition_comes_in_the_order_of_time():
    parts = ["2030"] * 2 + ["body"] * 2 + ["body"] * 3
    found = table(plans(EARLIER, LATER, part=parts))
    assert set(turnover_values.into(found, 2030)["from_edition"]) == set()
    rows = turnover_values.into(found, 2031)
    assert rows["from_edition"].unique(maintain_order=True).to_list() == ["2030", "R2030"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_sentences_hold_the_tables_figures(language):
    found = table(plans(EARLIER, LATER))
    known = {name: store.empty(name) for name in ("documents", "links")}
    known |= {"measures": plans(EARLIER, LATER)[0], "read": codings.NONE, "turnover": found}
    said = carry_over.sentences(ReportData(2031, 2030, language, known))
    assert carry_over.sentences(ReportData(2030, 2031, language, known)) == said
    assert "50%" in said[0]
    assert "67%" in said[0]
    assert len(said) == 4
    assert carry_over.sentences(ReportData(2031, 2031, language, known)) == []
    strangers = table(plans(EARLIER[:1], ["港の魚市場に競りの様子を伝える画面を置く。"]))
    said = carry_over.sentences(ReportData(2031, 2030, language, known | {"turnover": strangers}))
    assert len(said) == 3  # no link, no reuse, no interval
