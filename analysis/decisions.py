"""What people decided about single links, in data/curated/links.csv; every run obeys it.

A row confirms a pair (and says whether the later measure is the same initiative or a successor) or rejects it, with
who decided, when and why. A decision about a measure that no longer exists stops the run: it must be looked at again.
"""

import polars as pl

from analysis import paths
from analysis.errors import TableFaulty
from analysis.schemas import RELATIONS

COLUMNS = dict.fromkeys(("from_id", "to_id", "decision", "relation", "who", "when", "why"), pl.String)
DECISIONS = ("confirm", "reject")


def table(measures: pl.DataFrame) -> pl.DataFrame:
    """The decisions, checked against the measures: columns COLUMNS. Raises TableFaulty."""
    file = paths.curated() / "links.csv"
    try:
        found = pl.read_csv(file, schema=COLUMNS)
    except (OSError, pl.exceptions.PolarsError) as error:
        line = str(error).splitlines()[0]
        raise TableFaulty(f"{file} cannot be read ({line}): mend it or restore it with git") from error
    fault = _fault(found, set(measures["measure_id"]))
    if fault:
        raise TableFaulty(f"{file}, {fault}")
    return found


def _fault(found: pl.DataFrame, known: set[str]) -> str | None:
    """The first fault of the table with its line, and what to do; None where there is none."""
    seen: set[tuple[str, str]] = set()
    for line, row in enumerate(found.iter_rows(named=True), 2):
        pair = (row["from_id"], row["to_id"])
        lacking = [name for name in COLUMNS if name != "relation" and not row[name]]
        gone = [key for key in pair if key not in known]
        if lacking:
            return f"line {line}: {lacking[0]} is empty; fill it in"
        if row["decision"] not in DECISIONS:
            return f"line {line}: decision {row['decision']!r} does not exist; choose {' or '.join(DECISIONS)}"
        if (row["relation"] in RELATIONS) != (row["decision"] == "confirm"):
            return f"line {line}: a confirmed pair needs the relation {' or '.join(RELATIONS)}, a rejected one has none"
        if gone:
            return (
                f"line {line}: there is no measure {gone[0]} any more; look at the decision again and mend or remove it"
            )
        if pair in seen:
            return f"line {line}: {pair[0]} and {pair[1]} are decided twice; keep one of the rows"
        seen.add(pair)
    return None
