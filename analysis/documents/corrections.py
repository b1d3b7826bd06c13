"""Text repair: what people found misread in the documents (data/curated/corrections.csv), applied where it shows.

The raw text stays as it is in the table `texts`; the repaired one stands beside it, and features are counted in it.
A correction whose expected old value is no longer in its line stops the run.
"""

from dataclasses import dataclass
from typing import Annotated

import polars as pl
from pydantic import AfterValidator

from analysis.base import curated, paths
from analysis.base.errors import TableFaulty

COLUMNS = {
    "doc_id": pl.String, "line": pl.Int64, "expected": pl.String, "corrected": pl.String, "reason": pl.String,
}  # fmt: skip


def _of_one_line(text: str) -> str:
    if "\n" in text:
        raise ValueError("must stand on one line")
    return text


Words = Annotated[str, AfterValidator(_of_one_line)]


@dataclass(frozen=True)
class Correction:
    """A row of the file."""

    doc_id: str
    line: int
    expected: Words
    corrected: Words
    reason: str


def listed() -> pl.DataFrame:
    """All corrections: doc_id, line (1-based), expected, corrected, reason. Raises TableFaulty."""
    file = paths.curated() / "corrections.csv"
    if not file.exists():
        return pl.DataFrame(schema=COLUMNS)
    return curated.frame(curated.table(file, Correction), COLUMNS).sort("doc_id", "line", "expected")


def applied(doc_id: str, lines: list[str], rows: pl.DataFrame | None = None) -> list[str]:
    """The document's lines, corrected (by `rows`, those of the file unless given).

    Raises TableFaulty where an expected old value is not in its line.
    """
    result = list(lines)
    rows = listed() if rows is None else rows
    for row in rows.filter(pl.col("doc_id") == doc_id).iter_rows(named=True):
        at, expected = row["line"] - 1, row["expected"]
        if not 0 <= at < len(lines) or expected not in result[at]:
            raise TableFaulty(
                f"{paths.curated() / 'corrections.csv'}: {expected!r} is not in line {row['line']} of {doc_id}: the "
                "document changed; correct the row or take it out"
            )
        result[at] = result[at].replace(expected, row["corrected"], 1)
    return result
