"""Continuity: what must hold of links and fates whatever the plans say."""

import numpy as np
import polars as pl
import pytest

from analysis import coefficients, continuity, features, tables, topics
from analysis.errors import TableFaulty

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


def plans(*editions: list[str]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Measures, features and assignments of fictitious editions 2030, 2031 …"""
    texts = {f"{2030 + e}-{n:04d}": text for e, edition in enumerate(editions) for n, text in enumerate(edition, 1)}
    measures = pl.DataFrame(
        {
            "measure_id": list(texts),
            "edition": [int(key[:4]) for key in texts],
            "part": "body",
            "repeated": False,
            "ministries": [["経済産業省"]] * len(texts),
        }
    )
    table = features.table([(key, text, "") for key, text in texts.items()])
    return measures, table, topics.assign(topics.fit(measures, table), measures, table)


def fates(found: pl.DataFrame, edition: int, other: int) -> list[str]:
    rows = found.filter((pl.col("edition") == edition) & (pl.col("other_edition") == other))
    return rows.sort("measure_id")["fate"].to_list()


def test_an_edition_against_itself_is_continued():
    links, found = continuity.link(*plans(EARLIER, EARLIER))
    assert fates(found, 2030, 2031) == ["continued"] * 4
    assert fates(found, 2031, 2030) == ["continuing"] * 4
    best = links.sort("score", descending=True).unique("from_id", maintain_order=True)
    assert (best["from_id"].str.slice(5) == best["to_id"].str.slice(5)).all()


def test_reworded_measures_go_on_and_others_end_or_are_new():
    _, found = continuity.link(*plans(EARLIER, LATER))
    assert fates(found, 2030, 2031) == ["continued", "ended", "continued", "ended"]
    assert fates(found, 2031, 2030) == ["continuing", "new", "continuing"]


def test_the_order_of_rows_changes_nothing():
    measures, table, assignments = plans(EARLIER, LATER)
    one = continuity.link(measures, table, assignments)
    other = continuity.link(measures.reverse(), table.reverse(), assignments.reverse())
    for mine, theirs in zip(one, other, strict=True):
        columns = mine.columns[:2]
        assert mine.sort(columns).equals(theirs.sort(columns))


def test_swapping_the_editions_mirrors_the_links():
    forward, _ = continuity.link(*plans(EARLIER, LATER))
    backward, _ = continuity.link(*plans(LATER, EARLIER))
    numbers = [
        {(row["from_id"][5:], row["to_id"][5:]): round(row["score"], 9) for row in links.iter_rows(named=True)}
        for links in (forward, backward)
    ]
    assert numbers[0] == {(to, start): score for (start, to), score in numbers[1].items()}


def test_without_a_partner_a_measure_has_ended():
    _, found = continuity.link(*plans(EARLIER, LATER[:1]))
    assert fates(found, 2030, 2031)[2] == "ended"


def test_a_stricter_threshold_never_links_more():
    tables_of_two = plans(EARLIER, LATER)
    counts = [len(continuity.link(*tables_of_two, strictness=factor)[0]) for factor in (0.2, 1.0, 1.5)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_candidates_are_the_best_of_each_row():
    blend = np.random.default_rng(0).random((7, 40))
    mask = continuity._best(blend, 5)
    for row, chosen in zip(blend, mask, strict=True):
        assert set(np.flatnonzero(chosen)) == set(np.argsort(row)[-5:])


def test_fates_and_links_agree():
    links, found = continuity.link(*plans(EARLIER, LATER, EARLIER))
    for name, frame in (("links", links), ("fates", found)):
        tables.check(name, frame)
    linked = found.filter(pl.col("links") > 0)
    assert len(links) * 2 == found["links"].sum()
    assert not linked["fate"].is_in(["ended", "new"]).any()


def test_faulty_coefficients_are_named(tmp_path, monkeypatch):
    monkeypatch.setenv("IP_PLAN_ROOT", str(tmp_path))
    (tmp_path / "data/curated").mkdir(parents=True)
    (tmp_path / "data/curated/continuity.toml").write_text("intercept = 'high'\n")
    with pytest.raises(TableFaulty, match=r"continuity\.toml"):
        coefficients.judge()
