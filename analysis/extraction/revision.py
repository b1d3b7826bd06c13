"""What a document's replacement changed: each measure of the old file, matched with the one it is in the new file.

Measures match one to one: by the hash of their text; by the text with its corrections, where one file has an error that
the other has not; then by likeness, where it is safe: each is most like the other, by a lead over all the rest.
"""

from collections.abc import Hashable
from typing import Any

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix

from analysis.base.japanese import squeeze
from analysis.documents.manifest import Document
from analysis.extraction.extract import differences
from analysis.tables import store

LIKE = 0.6  # likeness (Dice of the 2- and 3-grams) from which on a measure can be another one reworded
LEAD = 0.1  # by which it must be more like it than any other is, and than it is like any other
NEAR = 0.3  # from here on a dropped and an added measure are worth a comparison
CONTEXT = ("ministries", "horizon", "section_title", "subhead")  # by which measures with the same text are told apart
ATTRIBUTION, AND = ("ministries", "horizon", "deadline"), "、"

Tables = dict[str, pl.DataFrame]
Row = dict[str, Any]
Pair = tuple[int, int]


def revisions(document: Document, before: Document, new: Tables, old: Tables, step: int) -> pl.DataFrame:
    """Return the table Revisions of a document (`new` rows) that takes the place of another (`before`, `old` rows).

    `old` and `new` are tables of documents by name (measures, features, texts where at hand); `step` counts the
    replacements of the document.
    """
    old_rows, new_rows = _rows(old), _rows(new)
    matched = {new_at: old_at for old_at, new_at in matches(old_rows, new_rows)}
    taken = set(matched.values())
    rows = [_row(row, old_rows[matched[at]] if at in matched else None) for at, row in enumerate(new_rows)]
    rows += [_row(None, row) for at, row in enumerate(old_rows) if at not in taken]
    frame = pl.DataFrame(rows, schema=store.empty("revisions").schema, infer_schema_length=None)
    return frame.with_columns(
        doc_id=pl.lit(document.doc_id), step=pl.lit(step, pl.Int64), old_sha256=pl.lit(before.sha256),
        old_status=pl.lit(before.status), status=pl.lit(document.status),
        number=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
    )  # fmt: skip


def _rows(tables: Tables) -> list[Row]:
    """The measures in the document's order, with their features, and their texts where they are at hand."""
    rows = tables["measures"].join(tables["features"].select("measure_id", "grams", "gram_counts"), on="measure_id")
    texts = tables.get("texts", store.empty("texts")).select("measure_id", "text", "repaired")
    return rows.join(texts, on="measure_id", how="left").sort("first_line", "measure_id").to_dicts()


# --- matching ---------------------------------------------------------------------------------------------------


def matches(old: list[Row], new: list[Row]) -> list[Pair]:
    """Return which measure of `old` is which of `new` (places in the lists), one to one."""
    pairs = _by_key(old, new, [], lambda row: (row["part"], row["text_hash"]))
    pairs += _by_key(old, new, pairs, _corrected)
    # what stands twice in a plan stands twice in the other: classes are matched by likeness, then what is in them
    free_old, free_new = _classes(old, {at for at, _ in pairs}), _classes(new, {at for _, at in pairs})
    firsts = ([places[0] for places in free_old], [places[0] for places in free_new])
    likeness = _likeness([old[at] for at in firsts[0]], [new[at] for at in firsts[1]])
    for one, other in _safe(likeness):
        pairs += _in_context(old, new, free_old[one], free_new[other])
    return pairs


def _corrected(row: Row) -> Hashable:
    return row["part"], tuple(row["grams"]), tuple(row["gram_counts"])


def _by_key(old: list[Row], new: list[Row], pairs: list[Pair], key: Any) -> list[Pair]:
    """Match what has the same key and is free."""
    places: dict[Hashable, tuple[list[int], list[int]]] = {}
    for side, rows in enumerate((old, new)):
        taken = {pair[side] for pair in pairs}
        for at, row in enumerate(rows):
            if at not in taken:
                places.setdefault(key(row), ([], []))[side].append(at)
    return [pair for one, other in places.values() for pair in _in_context(old, new, one, other)]


def _in_context(old: list[Row], new: list[Row], one: list[int], other: list[int]) -> list[Pair]:
    """Match measures with the same text one to one: those with the most in common first, then in their order."""
    ranked = sorted(
        (-sum(old[a][name] == new[b][name] for name in CONTEXT), abs(i - j), a, b)
        for i, a in enumerate(one)
        for j, b in enumerate(other)
    )
    pairs: list[Pair] = []
    for *_, a, b in ranked:
        if all(a != pair[0] and b != pair[1] for pair in pairs):
            pairs.append((a, b))
    return pairs


def _classes(rows: list[Row], taken: set[int]) -> list[list[int]]:
    """The free measures, those with the same text together."""
    classes: dict[Hashable, list[int]] = {}
    for at, row in enumerate(rows):
        if at not in taken:
            classes.setdefault(_corrected(row), []).append(at)
    return list(classes.values())


def _likeness(old: list[Row], new: list[Row]) -> np.ndarray:
    """Return how alike any two measures are, 0–1: twice the grams in common over all; 0 in another part of the plan."""
    if not old or not new:
        return np.zeros((len(old), len(new)))
    one, other = _indicators([[row["grams"] for row in rows] for rows in (old, new)])
    sizes = np.asarray(one.sum(axis=1)) + np.asarray(other.sum(axis=1)).T
    alike = 2 * (one @ other.T).toarray() / np.maximum(sizes, 1)
    same_part = np.array([[a["part"] == b["part"] for b in new] for a in old])
    return np.asarray(np.where(same_part, alike, 0.0))


def _indicators(sides: list[list[list[int]]]) -> list[csr_matrix]:
    """Which gram each measure of either side has: a row a measure, a column a gram that occurs."""
    counts = [sum(map(len, rows)) for rows in sides]
    kinds, columns = np.unique(np.array([gram for rows in sides for row in rows for gram in row]), return_inverse=True)
    matrices, at = [], 0
    for rows, count in zip(sides, counts, strict=True):
        ends = np.cumsum([0, *map(len, rows)])
        matrices.append(csr_matrix((np.ones(count), columns[at : at + count], ends), shape=(len(rows), len(kinds))))
        at += count
    return matrices


def _safe(likeness: np.ndarray) -> list[Pair]:
    """Match what is most like each other, with a lead over what is left of the rest, until nothing is safe any more."""
    left, pairs = likeness.copy(), []
    while left.size:
        safe = np.argwhere((left >= LIKE) & (_lead(left) >= LEAD))
        if not len(safe):
            break
        pairs += [(int(row), int(column)) for row, column in safe]
        left[safe[:, 0], :] = 0
        left[:, safe[:, 1]] = 0
    return pairs


def _lead(likeness: np.ndarray) -> np.ndarray:
    """By how much each pair is more alike than any other pair of either of its two; below 0 where one is more so."""
    lead = np.full(likeness.shape, np.inf)
    for axis in (0, 1):
        ordered = np.sort(likeness, axis=axis)
        top = np.take(ordered, [-1], axis=axis)
        second = np.take(ordered, [-2], axis=axis) if likeness.shape[axis] > 1 else np.zeros_like(top)
        rest = np.where(likeness == top, second, top)
        lead = np.minimum(lead, likeness - rest)
    return lead


# --- rows -------------------------------------------------------------------------------------------------------


def _row(new: Row | None, old: Row | None) -> Row:
    some: Row = new or old or {}
    row: Row = {
        "measure_id": new and new["measure_id"], "old_id": old and old["measure_id"],
        "old_hash": old and old["text_hash"], "likeness": None, "words": [], "attribution": [],
        "section": some["section"], "section_title": some["section_title"],
    }  # fmt: skip
    if new is None or old is None:
        return row | {"change": "dropped" if new is None else "added"}
    reworded = new["text_hash"] != old["text_hash"] and _corrected(new) != _corrected(old)
    row["likeness"] = float(_likeness([old], [new])[0, 0])
    row["words"] = _words(old, new) if reworded else []
    row["attribution"] = [
        f"{_said(old, name)}→{_said(new, name)}"
        for name in ATTRIBUTION
        if set(_said(old, name).split(AND)) != set(_said(new, name).split(AND))
    ]
    kinds = {"reworded": reworded, "reattributed": bool(row["attribution"]), "unchanged": True}
    return row | {"change": next(kind for kind, holds in kinds.items() if holds)}


def _said(row: Row, name: str) -> str:
    """What is said of those in charge, or of the time."""
    value = row.get(name) or ""
    return value if isinstance(value, str) else AND.join(value)


def _words(old: Row, new: Row) -> list[str]:
    """What was reworded, as short pieces; nothing where a text is not at hand."""
    before, after = (row["repaired"] or row["text"] for row in (old, new))
    return differences(squeeze(before), squeeze(after)) if before and after else []


def mapping(rows: pl.DataFrame) -> dict[str, str | None]:
    """Return what each measure of the old document is in the new one by rows of Revisions; None where it was
    dropped."""
    return dict(rows.filter(pl.col("old_id").is_not_null()).select("old_id", "measure_id").iter_rows())


def found_again(rows: pl.DataFrame, measures: pl.DataFrame) -> dict[str, str]:
    """Return which dropped measures (rows of Revisions) stand among those of another document, by their texts: old
    identifier, new one. Where several have a text, those of the same section go together."""
    places: dict[object, list[str]] = {}
    for measure_id, section, text_hash in measures.select("measure_id", "section", "text_hash").iter_rows():
        places.setdefault((section, text_hash), []).append(measure_id)
    taken: dict[str, str] = {}
    for old_id, section, text_hash in rows.select("old_id", "section", "old_hash").iter_rows():
        if left := places.get((section, text_hash)):
            taken[old_id] = left.pop(0)
    others: dict[str, list[str]] = {}
    for (_, text_hash), ids in places.items():  # type: ignore[misc]
        others.setdefault(text_hash, []).extend(ids)
    for old_id, text_hash in rows.select("old_id", "old_hash").iter_rows():
        if old_id not in taken and others.get(text_hash):
            taken[old_id] = others[text_hash].pop(0)
    return taken


def near(rows: pl.DataFrame, old: Tables, new: Tables) -> list[tuple[str, str, float]]:
    """Return for each dropped measure the added one most like it, where they are worth a comparison, and how alike."""
    dropped = rows.filter(pl.col("change") == "dropped")["old_id"].to_list()
    added = rows.filter(pl.col("change") == "added")["measure_id"].to_list()
    old_rows, new_rows = (
        [row for row in _rows(tables) if row["measure_id"] in set(ids)]
        for tables, ids in ((old, dropped), (new, added))
    )
    likeness = _likeness(old_rows, new_rows)
    best: list[int] = likeness.argmax(axis=1).tolist() if likeness.size else []
    return [
        (row["measure_id"], new_rows[at]["measure_id"], float(likeness[n, at]))
        for n, (row, at) in enumerate(zip(old_rows, best, strict=False))
        if likeness[n, at] >= NEAR
    ]
