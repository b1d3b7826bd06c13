"""Candidates for coders: the nearest measures of a later edition, and how many links are to be expected among them."""

import polars as pl
import pytest

from analysis.base.errors import UsageFault
from analysis.coding import codings
from analysis.continuity import nearest
from analysis.tables import editions, store


def coded(earlier: str, later: str) -> set[tuple[str, str]]:
    measures = store.read("measures").with_columns(editions.column())
    links = codings.table(measures).filter(pl.col("relation").is_in(["same", "successor"]), edition_id=later)
    own = measures.filter(edition_id=earlier)["measure_id"].implode()
    return set(links.filter(pl.col("from_id").is_in(own)).select("from_id", "to_id").iter_rows())


def test_the_nearest_hold_most_of_what_coders_linked():
    for count in (1, 10):
        best, recall = nearest.nearest("2019", "2026", count)
        assert all(0 < len(found) <= count for found in best.values())
        links = coded("2019", "2026")
        among = sum(to_id in best[from_id] for from_id, to_id in links) / len(links)
        # what is to be expected here is measured elsewhere
        assert among == pytest.approx(recall, abs=0.1)
        assert recall > (0.55 if count == 1 else 0.9)


def test_more_candidates_hold_the_fewer_ones():
    (few, low), (many, high) = (nearest.nearest("2023", "2024", count) for count in (3, 8))
    assert all(many[key][: len(best)] == best for key, best in few.items())
    assert low < high


def test_the_recall_does_not_know_the_pair_itself(monkeypatch):
    _, recall = nearest.nearest("2023", "2024", 5)
    everything = codings.table
    of_2024 = {key for key, _ in coded("2023", "2024")}
    monkeypatch.setattr(
        nearest.codings,
        "table",
        lambda measures: everything(measures).filter(
            ~(pl.col("from_id").is_in(of_2024) & (pl.col("edition_id") == "2024"))
        ),
    )
    assert nearest.nearest("2023", "2024", 5)[1] == recall


@pytest.mark.parametrize(("edition", "count"), [("2027", 5), ("2019", 0), ("2019", nearest.MOST + 1)])
def test_what_is_not_there_is_refused(edition, count):
    with pytest.raises(UsageFault):
        nearest.nearest(edition, "2026", count)


def test_without_codings_nothing_is_known_of_the_recall(monkeypatch):
    monkeypatch.setattr(nearest.codings, "table", lambda measures: codings.NONE)
    assert nearest.nearest("2023", "2024", 5)[1] is None
