"""Candidates: the best partners are those of brute force, whatever the tiles, the order of rows and the place."""

import socket
import threading
from collections.abc import Iterator

import distributed
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.sparse import coo_matrix, csr_matrix

from analysis.base.errors import UsageFault
from analysis.continuity import blocking

WIDTH = 8
QUICK = settings(deadline=None, max_examples=120)


def unit(dense: np.ndarray) -> np.ndarray:
    lengths = np.sqrt((dense**2).sum(axis=1, keepdims=True))
    return np.divide(dense, lengths, out=np.zeros_like(dense), where=lengths > 0)


def rounded(dense: np.ndarray) -> np.ndarray:
    """To 26 binary digits: products of unit rows then add up without an error."""
    return np.rint(dense * 2**26) / 2**26


def brute(one: np.ndarray, other: np.ndarray, count: int) -> list[tuple[int, int, float]]:
    """The rule in so many words."""
    return closest(rounded(one) @ rounded(other).T, count)


def closest(alike: np.ndarray, count: int) -> list[tuple[int, int, float]]:
    n, m = alike.shape
    found = {(i, j) for i in range(n) for j in sorted(range(m), key=lambda j: (-alike[i, j], j))[:count]}
    found |= {(i, j) for j in range(m) for i in sorted(range(n), key=lambda i: (-alike[i, j], i))[:count]}
    return [(i, j, alike[i, j]) for i, j in sorted(found) if alike[i, j] > 0]


def brute_without(one: np.ndarray, other: np.ndarray, count: int, common: float) -> list[tuple[int, int, float]]:
    """Twice as many partners by the columns that are not common, of which the best by all columns."""
    kept = (np.vstack([one, other]) > 0).sum(axis=0) <= common * (len(one) + len(other))
    found = np.zeros((len(one), len(other)))
    for i, j, _ in brute(one * kept, other * kept, 2 * count if not kept.all() else count):
        found[i, j] = rounded(one[i]) @ rounded(other[j])
    return closest(found, count)


def pairs(found: blocking.Pairs) -> list[tuple[int, int, float]]:
    return list(zip(*(part.tolist() for part in found), strict=True))


def best(one: np.ndarray, other: np.ndarray, count: int, **options: object) -> list[tuple[int, int, float]]:
    return pairs(blocking.best(csr_matrix(one), csr_matrix(other), count, **options))


def rows(values: st.SearchStrategy[float]) -> st.SearchStrategy[np.ndarray]:
    """Matrices of up to a dozen unit rows, some of them empty or equal."""
    shapes = st.tuples(st.integers(0, 12), st.just(WIDTH))
    return shapes.flatmap(lambda shape: arrays.arrays(float, shape, elements=values, fill=st.nothing())).map(unit)


FEW = rows(st.sampled_from([0.0, 0.0, 0.0, 1.0, 2.0]))  # many ties
ANY = rows(st.floats(0, 1).map(lambda value: 0.0 if value < 0.3 else value))
COUNTS = st.integers(1, 15)  # more than there are rows, too
TILES = st.sampled_from([1, 2, 3, 5, 100])


def random_rows(n: int, width: int, seed: int) -> np.ndarray:
    """Rows without equal similarities."""
    generator = np.random.default_rng(seed)
    return unit(generator.random((n, width)) * (generator.random((n, width)) < 0.3))


@QUICK
@given(FEW, FEW, COUNTS, TILES)
def test_brute_force_finds_the_same_with_ties(one, other, count, tile):
    assert best(one, other, count, tile=tile) == brute(one, other, count)


@QUICK
@given(ANY, ANY, COUNTS, TILES)
def test_brute_force_finds_the_same(one, other, count, tile):
    assert best(one, other, count, tile=tile) == brute(one, other, count)


@QUICK
@given(ANY, ANY, COUNTS)
def test_similarities_are_cosines_to_seven_digits(one, other, count):
    found = best(one, other, count)
    alike = one @ other.T
    assert all(abs(alike[i, j] - value) < 5e-8 for i, j, value in found)
    for row, others in enumerate(alike):
        reached = sorted((value for i, _, value in found if i == row), reverse=True)[:count]
        wanted = [value for value in sorted(others, reverse=True)[:count] if value > 1e-7]
        assert np.allclose(reached[: len(wanted)], wanted, rtol=0, atol=5e-8)


@QUICK
@given(FEW, FEW, COUNTS, TILES)
def test_swapping_mirrors_the_pairs(one, other, count, tile):
    mirrored = sorted((i, j, value) for j, i, value in best(other, one, count, tile=tile))
    assert mirrored == best(one, other, count, tile=tile)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), COUNTS, TILES)
def test_the_order_of_rows_changes_nothing(seed, count, tile):
    one, other = random_rows(14, 20, seed), random_rows(11, 20, seed + 1)
    generator = np.random.default_rng(seed)
    first, second = generator.permutation(len(one)), generator.permutation(len(other))
    shuffled = best(one[first], other[second], count, tile=tile)
    assert sorted((first[i], second[j], value) for i, j, value in shuffled) == best(one, other, count)


def test_the_tiles_and_threads_change_nothing(monkeypatch):
    one, other = random_rows(300, 60, 1), random_rows(401, 60, 2)
    one[100:180], other[37:120] = one[0], one[0]  # equal rows on both sides of every tile's edge
    whole = best(one, other, 6)
    assert whole == brute(one, other, 6)
    for tile in (7, 64, 150, 300, 400):
        assert best(one, other, 6, tile=tile) == whole
    monkeypatch.setattr(blocking, "THREADED", 1)
    monkeypatch.setattr(blocking, "_cores", lambda: 2)
    assert best(one, other, 6, tile=64) == whole


def test_ties_go_to_the_lower_index():
    equal = unit(np.ones((40, 3)))
    found = best(equal, equal, 2, tile=16)
    low = [(i, j) for i in range(40) for j in range(40) if i < 2 or j < 2]
    assert [(i, j) for i, j, _ in found] == low


def test_the_order_in_which_a_row_is_summed_changes_nothing():
    one, other = random_rows(30, 50, 3), random_rows(30, 50, 4)
    turned = np.arange(50)[::-1]
    assert best(one, other, 4) == best(one[:, turned], other[:, turned], 4)


def test_entries_in_parts_unsorted_or_zero_are_understood():
    """A matrix may hold an entry as two that add up, entries that are 0, and 64-bit indices."""
    one, other = random_rows(9, WIDTH, 5), random_rows(7, WIDTH, 6)
    i, j = (index[::-1] for index in np.nonzero(one >= 0))
    halves = coo_matrix((np.tile(one[i, j] / 2, 2), (np.tile(i, 2), np.tile(j, 2))), one.shape)
    lengths = np.bincount(halves.row)
    order = np.argsort(halves.row, kind="stable")
    odd = csr_matrix(one.shape)
    odd.data, odd.indices = halves.data[order], halves.col[order].astype(np.int64)
    odd.indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    kept = odd.copy()
    assert pairs(blocking.best(odd, csr_matrix(other), 3)) == brute(one, other, 3)
    assert (odd.data == kept.data).all()
    assert (odd.indices == kept.indices).all()


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 4), (4, 0), (4, 4)])
def test_nothing_has_no_partners(n, m):
    found = blocking.best(csr_matrix((n, WIDTH)), csr_matrix((m, WIDTH)), 3)
    assert [len(part) for part in found] == [0, 0, 0]
    assert [part.dtype for part in found] == [np.int64, np.int64, np.float64]


def test_rows_that_are_longer_than_one_are_exact_too():
    long, turned = 9 * random_rows(20, 90, 7), np.arange(90)[::-1]
    found = best(long, long[::-1], 4, tile=6)
    assert found == best(long[:, turned], long[::-1, turned], 4)
    assert all(abs(long[i] @ long[19 - j] - value) < 1e-4 for i, j, value in found)


@pytest.mark.parametrize(("width", "count", "tile"), [(WIDTH + 1, 3, 5), (WIDTH, 0, 5), (WIDTH, 3, 0)])
def test_what_cannot_be_asked_is_refused(width, count, tile):
    with pytest.raises(ValueError, match=r"compared|at least"):
        blocking.best(csr_matrix((2, WIDTH)), csr_matrix((2, width)), count, tile=tile)


def with_common_column(n: int, seed: int) -> np.ndarray:
    """Rows that all have the last column, and the first of them nothing else."""
    dense = random_rows(n, 60, seed)
    dense[:, -1] = 0.5
    dense[0, :-1] = 0
    return unit(dense)


def test_common_columns_left_out_of_the_search_count_in_the_ranking():
    one, other = with_common_column(60, 1), with_common_column(50, 2)
    exact, found = best(one, other, 3), best(one, other, 3, common=0.9)
    assert {i for i, _, _ in exact} == set(range(60))
    assert 0 not in {i for i, _, _ in found}  # the price: it shares nothing but the common column
    alike = {(i, j): value for i, j, value in brute(one, other, 100)}
    assert all(alike[i, j] == value for i, j, value in found)
    assert found == best(one, other, 3, common=0.9, tile=8)
    mirrored = sorted((i, j, value) for j, i, value in best(other, one, 3, common=0.9))
    assert found == mirrored
    ranked = [max(part, key=lambda pair: pair[2]) for part in by_row(found)]
    assert len(set(ranked) & set(exact)) > 0.9 * len(ranked)


def by_row(found: list[tuple[int, int, float]]) -> list[list[tuple[int, int, float]]]:
    return [[pair for pair in found if pair[0] == row] for row in sorted({i for i, _, _ in found})]


@QUICK
@given(FEW, FEW, st.integers(1, 4), TILES, st.sampled_from([0.3, 0.4, 0.5]))
def test_brute_force_leaves_out_the_same(one, other, count, tile, common):
    assert best(one, other, count, tile=tile, common=common) == brute_without(one, other, count, common)


def test_only_large_matrices_are_searched_without_common_columns(monkeypatch):
    one, other = with_common_column(60, 1), with_common_column(50, 2)
    assert best(one, other, 3) == brute(one, other, 3)
    monkeypatch.setattr(blocking, "SMALL", 60)
    assert best(one, other, 3) == best(one, other, 3, common=blocking.COMMON) != brute(one, other, 3)
    assert best(one, other, 3, common=1.0) == brute(one, other, 3)


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a Dask scheduler with two workers, each a process."""
    with distributed.LocalCluster(
        processes=True, n_workers=2, threads_per_worker=1, dashboard_address=":0", memory_limit=None
    ) as local:
        yield local.scheduler_address


def test_a_cluster_finds_the_same(cluster, monkeypatch):
    monkeypatch.setattr(blocking, "CONNECT_SECONDS", 30.0)  # a busy machine may be slow
    one, other = random_rows(300, 60, 1), random_rows(401, 60, 2)
    one[100:180], other[37:120] = one[0], one[0]
    whole = best(one, other, 6)
    assert best(one, other, 6, tile=64, scheduler=cluster) == whole
    assert best(one, other, 6, tile=64, scheduler=cluster, common=0.3) == best(one, other, 6, common=0.3)
    with distributed.Client(cluster, set_as_default=False) as client:
        connected = client.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.clients))
    assert [name.startswith("Client-") for name in connected].count(True) == 1  # this one alone


def test_a_cluster_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setattr(blocking, "CONNECT_SECONDS", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    before = threading.active_count()
    with pytest.raises(UsageFault, match=address):
        best(np.eye(WIDTH), np.eye(WIDTH), 1, scheduler=address)
    assert threading.active_count() <= before  # nothing goes on behind our back


@pytest.mark.parametrize("address", ["nonsense://here:1", "tcp://", "tcp://127.0.0.1:none"])
def test_an_address_that_is_none_is_named(address, monkeypatch):
    monkeypatch.setattr(blocking, "CONNECT_SECONDS", 0.5)
    with pytest.raises(UsageFault, match=address):
        best(np.eye(WIDTH), np.eye(WIDTH), 1, scheduler=address)


def test_a_cluster_without_workers_is_named(monkeypatch):
    monkeypatch.setattr(blocking, "CONNECT_SECONDS", 0.5)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=":0") as local,
        pytest.raises(UsageFault, match="no workers"),
    ):
        best(np.eye(WIDTH), np.eye(WIDTH), 1, scheduler=local.scheduler_address)
