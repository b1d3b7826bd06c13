"""Blocking: which pairs of measures are compared at all, the most similar partners of each, each way.

The similarities of all pairs are never held at once. Products are taken tile by tile, here or on a Dask cluster; the
answer does not depend on the tiles, the threads or the cluster: numbers are put on a grid so coarse that every sum of
products is exact in a double, in whatever order it is taken. So equal pairs tie to the last bit, and ties go to the
lower index.
"""

import asyncio
import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sparse_dot_topn import sp_matmul_topn

from analysis.base.errors import UsageFault

TILE = 16_384  # rows a side of a tile
THREADED = 5_000  # matrices with fewer rows are searched in one thread
SMALL = 50_000  # matrices with fewer rows are searched by all columns
COMMON = 0.05  # share of rows above which a column of a large matrix is left out of the search
WIDER = 2  # times as many partners are searched for where columns are left out, and then ranked by all columns
BITS = 26  # of an entry: products of two take 52, and the sums of unit rows' products 53, as many as a double has
CONNECT_SECONDS = 5.0
MOST_ENTRIES = 4_000_000  # of an intermediate result

Pairs = tuple[np.ndarray, np.ndarray, np.ndarray]
Best = tuple[np.ndarray, np.ndarray]  # values and places (rows, count), best first; a value of 0 is no partner
Search = Callable[[Iterator[csr_matrix], list[csr_matrix], int], list[Best]]


def best(
    rows: csr_matrix,
    columns: csr_matrix,
    count: int,
    tile: int = TILE,
    scheduler: str | None = None,
    common: float | None = None,
) -> Pairs:
    """Return the `count` most similar rows of the other matrix, for every row of both, as (row, column, cosine).

    `rows` (n, d) and `columns` (m, d) hold unit rows; the pairs are sorted by row, then column (int64), their cosines
    (float64) are above 0 and good to seven digits. Equal similarities go to the lower index. Longer rows, such as
    several unit rows side by side, are compared by their products, in steps that are as much coarser.

    `common` is a share of all rows: columns that occur in more of them are left out of the search, which is faster and
    can miss partners that share little else (a row of such columns alone has none); the pairs are ranked by all
    columns. 1 leaves nothing out and is exact. By default it is 1 where both matrices have fewer than SMALL rows, and
    COMMON otherwise.

    `scheduler` is the address of a Dask scheduler (tcp://…) whose workers then do the search; they need this package.

    Raises ValueError where widths differ or `count` or `tile` is below 1, UsageFault where the cluster does not answer.
    """
    if rows.shape[1] != columns.shape[1]:
        raise ValueError(f"matrices of {rows.shape[1]} and {columns.shape[1]} columns cannot be compared")
    if count < 1 or tile < 1:
        raise ValueError("count and tile are at least 1")
    one, other = _on_grid(rows, columns)
    size = max(one.shape[0], other.shape[0])
    kept = _rare(one, other, common if common is not None else 1.0 if size < SMALL else COMMON)
    with _searching(scheduler, 1 if size < THREADED else _cores()) as search:
        if kept.all():
            return _both_ways(one, other, count, tile, search)
        first, second, _ = _both_ways(_only(one, kept), _only(other, kept), WIDER * count, tile, search)
    return _closest(first, second, _products(one, other, first, second), count)


def _on_grid(*matrices: csr_matrix) -> list[csr_matrix]:
    """Copies whose entries are multiples of one power of two, coarse enough for exact sums of products."""
    copies = [csr_matrix(matrix, dtype=np.float64, copy=True) for matrix in matrices]
    longest = 1.0
    for copy in copies:
        copy.sum_duplicates()
        longest = max(longest, math.sqrt(np.asarray(copy.multiply(copy).sum(axis=1)).max(initial=0.0)))
    # A quarter of a bit to spare, so that unit rows, whose length is 1 up to rounding, all have the same grid.
    unit = 2.0 ** (math.ceil(math.log2(longest) - 0.25) - BITS)
    for copy in copies:
        copy.data = np.rint(copy.data / unit) * unit
        copy.eliminate_zeros()
    return copies


def _rare(one: csr_matrix, other: csr_matrix, share: float) -> np.ndarray:
    """Mask (d,) of the columns that occur in no more than this share of both matrices' rows."""
    occurrences = sum(np.bincount(matrix.indices, minlength=one.shape[1]) for matrix in (one, other))
    return np.asarray(occurrences <= share * (one.shape[0] + other.shape[0]))


def _only(matrix: csr_matrix, kept: np.ndarray) -> csr_matrix:
    """The matrix, of the same width, without the entries of columns that are not kept."""
    thin = csr_matrix((matrix.data * kept[matrix.indices], matrix.indices, matrix.indptr), matrix.shape, copy=True)
    thin.eliminate_zeros()
    return thin


def _both_ways(one: csr_matrix, other: csr_matrix, count: int, tile: int, search: Search) -> Pairs:
    """Each row's best in the other matrix, as pairs sorted by row and column."""
    first, second, values = _one_way(one, other, count, tile, search)
    later, earlier, mirrored = _one_way(other, one, count, tile, search)
    keys = np.concatenate([first, earlier]) * max(other.shape[0], 1) + np.concatenate([second, later])
    keys, chosen = np.unique(keys, return_index=True)
    return keys // max(other.shape[0], 1), keys % max(other.shape[0], 1), np.concatenate([values, mirrored])[chosen]


def _one_way(left: csr_matrix, right: csr_matrix, count: int, tile: int, search: Search) -> Pairs:
    """(row of left, row of right, similarity) of each left row's best, sorted by row and similarity."""
    if not left.shape[0] or not right.shape[0]:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    transposed = [part.T.tocsr() for part in _tiles(right, tile)]
    best_of_tiles = search(_tiles(left, tile), transposed, min(count, right.shape[0]))
    values, places = (np.concatenate(parts) for parts in zip(*best_of_tiles, strict=True))
    rows, ranks = np.nonzero(values)
    return rows, places[rows, ranks], values[rows, ranks]


def _tiles(matrix: csr_matrix, tile: int) -> Iterator[csr_matrix]:
    return (matrix[start : start + tile] for start in range(0, matrix.shape[0], tile))


@contextmanager
def _searching(scheduler: str | None, threads: int) -> Iterator[Search]:
    """What searches tiles of rows: this process or, for as long as the context lasts, the cluster at the address."""
    if scheduler is None:
        yield lambda lefts, rights, count: [_best_of(left, rights, count, threads) for left in lefts]
        return
    # distributed takes a second to import: only those who use a cluster wait for it.
    from distributed import CancelledError, Client, KilledWorker

    _ask(scheduler)
    try:
        with Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False) as client:
            yield lambda lefts, rights, count: _on_cluster(client, list(lefts), rights, count)
    except (OSError, CancelledError, KilledWorker) as error:
        raise UsageFault(_advice(scheduler, "the Dask cluster has no workers, or lost them,")) from error


def _ask(scheduler: str) -> None:
    """Raises UsageFault where no Dask scheduler answers.

    A client that cannot connect would say the same, but leaves a thread behind and, when it is collected as garbage,
    can lock up a client that is being made.
    """
    from distributed import rpc
    from distributed.utils import LoopRunner

    async def kind() -> str:
        async with rpc(scheduler) as remote:
            return str((await asyncio.wait_for(remote.identity(), CONNECT_SECONDS))["type"])

    try:
        if LoopRunner().run_sync(kind) == "Scheduler":
            return
        reason = None
    except (OSError, ValueError) as error:
        reason = error
    raise UsageFault(_advice(scheduler, "no Dask scheduler answers")) from reason


def _advice(scheduler: str, fault: str) -> str:
    return f"{fault} at {scheduler}: start `dask scheduler` and `dask worker`, or leave the address out"


def _on_cluster(client: Any, lefts: list[csr_matrix], rights: list[csr_matrix], count: int) -> list[Best]:
    """A task for each tile of rows; the workers keep the tiles of columns among themselves.

    Without workers there is nowhere to scatter to: TimeoutError, after the client's timeout.
    """
    shared = client.scatter(rights, hash=False)
    tasks = [client.submit(_best_of, left, shared, count, pure=False) for left in client.scatter(lefts, hash=False)]
    return list(client.gather(tasks))


def _best_of(left: csr_matrix, rights: list[csr_matrix], count: int, threads: int = 1) -> Best:
    """The best columns of all `rights` (d, tile) for each row of `left`."""
    values, places = np.zeros((left.shape[0], count)), np.zeros((left.shape[0], count), np.int64)
    start = 0
    for right in rights:
        more, where = _best_in(left, right, count, values[:, -1], threads)
        values, places = np.hstack([values, more]), np.hstack([places, where + start])
        # Earlier tiles stand to the left, so a stable order gives ties to the lower index.
        order = np.argsort(-values, axis=1, kind="stable")[:, :count]
        values, places = np.take_along_axis(values, order, axis=1), np.take_along_axis(places, order, axis=1)
        start += right.shape[1]
    return values, places


def _best_in(left: csr_matrix, right: csr_matrix, count: int, floor: np.ndarray, threads: int) -> Best:
    """The best columns of one tile for each row; what is not above the row's floor may be wrong."""
    top = sp_matmul_topn(left, right, top_n=count + 1, threshold=0.0, n_threads=threads, idx_dtype=np.int32)
    values, places = _table(top, count + 1)
    # The library keeps any of several equal columns: where the cut goes through such, the row is looked at in full.
    tied = np.flatnonzero((values[:, count - 1] == values[:, count]) & (values[:, count] > floor))
    step = max(MOST_ENTRIES // right.shape[1], 1)
    for part in (tied[n : n + step] for n in range(0, len(tied), step)):
        full = left[part] @ right
        full.data[full.data < np.repeat(values[part, count], np.diff(full.indptr))] = 0.0
        values[part], places[part] = _table(full, count + 1)
    return values[:, :count], places[:, :count]


def _table(products: csr_matrix, width: int) -> Best:
    """The entries above 0 of a sparse matrix as rows of `width`, best first, then lowest column."""
    products.eliminate_zeros()
    rows = np.repeat(np.arange(products.shape[0]), np.diff(products.indptr))
    order = np.lexsort((products.indices, -products.data, rows))
    ranks = np.arange(len(rows)) - products.indptr[rows]
    shown = ranks < width
    values, places = np.zeros((products.shape[0], width)), np.zeros((products.shape[0], width), np.int64)
    values[rows[shown], ranks[shown]] = products.data[order][shown]
    places[rows[shown], ranks[shown]] = products.indices[order][shown]
    return values, places


def _products(one: csr_matrix, other: csr_matrix, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The similarity of each pair by all columns."""
    per_row = max(one.nnz // max(one.shape[0], 1), 1)
    step = max(MOST_ENTRIES // per_row, 1)
    parts = [
        np.asarray(one[first[n : n + step]].multiply(other[second[n : n + step]]).sum(axis=1)).ravel()
        for n in range(0, len(first), step)
    ]
    return np.concatenate([np.empty(0), *parts])


def _closest(first: np.ndarray, second: np.ndarray, values: np.ndarray, count: int) -> Pairs:
    """Of pairs sorted by row and column those that are among the best of their row or of their column."""
    chosen = (_rank(first, second, values) < count) | (_rank(second, first, values) < count)
    chosen &= values > 0
    return first[chosen], second[chosen], values[chosen]


def _rank(groups: np.ndarray, others: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The place of each pair within its group, from 0: by value, then by the lower other."""
    order = np.lexsort((others, -values, groups))
    ordered = groups[order]
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    return ranks


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
