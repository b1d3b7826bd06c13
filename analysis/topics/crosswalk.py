"""The topics in the codes of the Comparative Agendas Project (CAP), data/curated/cap_crosswalk.csv.

A code is a subtopic (1522) where the whole topic is that, else a major topic (17), of which 1522's is 15.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import polars as pl
from pydantic import AfterValidator

from analysis.base import curated, paths
from analysis.base.curated import Name, plain
from analysis.coding import codebooks

CODEBOOK = "topics"
MAJOR_TOPICS = {*range(1, 11), *range(12, 22), 23}  # of the master codebook; 11 and 22 do not exist
COLUMNS = {"topic_id": pl.String, "cap_code": pl.String, "cap_name": pl.String}


def _code(text: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text, re.ASCII) or major_topic(text) not in MAJOR_TOPICS:
        raise ValueError(f"{plain(text)!r} must be a code of a major topic (15) or of a subtopic (1522)")
    return text


def major_topic(code: str) -> int:
    """Return the major topic of a code: 15 of 15 and of 1522."""
    return int(code) if len(code) < 3 else int(code) // 100


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """A row of the file."""

    topic_id: Name
    cap_code: Annotated[str, AfterValidator(_code)]
    cap_name: str
    reason: str


def path() -> Path:
    return paths.curated() / "cap_crosswalk.csv"


def crosswalk() -> pl.DataFrame:
    """Return the code of each topic that has one: COLUMNS. Raises TableFaulty, which names the line."""
    rows = curated.table(path(), Crossing, ("topic_id",)) if path().exists() else []
    names: dict[str, tuple[int, str]] = {}
    for line, row in rows:
        if row.topic_id not in topics():
            what = f"codebook {CODEBOOK} has no topic {plain(row.topic_id)!r}"
            raise curated.row_faulty(path(), line, what, "take a category of the codebook")
        first, name = names.setdefault(row.cap_code, (line, row.cap_name))
        if name != row.cap_name:
            what = f"code {row.cap_code} is called {plain(row.cap_name)!r}, and {plain(name)!r} in line {first}"
            raise curated.row_faulty(path(), line, what, "give a code one name")
    return curated.frame(rows, COLUMNS | {"reason": pl.String}).select(list(COLUMNS))


def topics() -> list[str]:
    """Return the topics of the codebook in its order, those that stand for none left out; none without the codebook."""
    if CODEBOOK not in codebooks.codebook_ids():
        return []
    variable = codebooks.codebook(CODEBOOK).variable[0]
    return [category.category_id for category in variable.category if category.category_id != "none"]
