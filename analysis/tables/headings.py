"""What the headings of the documents are called in English (data/curated/headings.csv), whatever the edition.

Headings are compared without marks of lists (①, (1), 3., ○), white space and differences of width. What nobody has put
into English stands in Japanese.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

import polars as pl
from pydantic import Field

from analysis.base import curated, paths
from analysis.base.japanese import squeeze

FILE = "headings.csv"
BETWEEN = " / "  # headings one below the other, in one cell
MARK = re.compile(
    r"(?:[0-9０-９]{1,2}(?=[.．、①-⑳ー-])|[①-⑳○◆●■.．ー-]|[(（](?:[0-9０-９]{1,2}|[イロハニ口])[)）]|\s)+(?:[0-9](?=\s))?"
)
CUT = "…"  # where a heading was shortened; of several in one cell too little may be left of the last
NARROW = str.maketrans("０１２３４５６７８９（）．", "0123456789().")
WORDS = re.compile(r"[ぁ-んァ-ヶ一-鿿]{2}")  # without which a heading is a code: III-1-(1)
AROUND = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Heading:
    """A heading as documents write it, shortened as in the tables and without its mark; in English; and who says so."""

    heading: str
    heading_en: Annotated[str, Field(max_length=90)]
    named_by: str


def label(title: str, language: str) -> str:
    """Return what to call a heading, or several one below the other, in the language: with its mark, as the document
    has it."""
    if language == "ja":
        return title
    return BETWEEN.join(_english(one) for one in title.split(BETWEEN))


def section_label(section: str, title: str, language: str) -> str:
    """Return what to call a section by its code and title; the code of a summary's is its headings, the title the
    last of them."""
    above = section.removesuffix(title).strip()
    return "  ".join(filter(None, (label(above, language), label(title, language))))


def section_labels(sections: Iterable[tuple[str, str]], language: str) -> dict[tuple[str, str], str]:
    """Return what to call sections (code, title), each by a name of its own: one that another section has in English,
    too, stands as the document has it."""
    listed = list(dict.fromkeys(sections))
    names = {section: section_label(*section, language) for section in listed}
    counts = Counter(names.values())
    return {
        one: name if counts[name] == 1 else "  ".join(filter(None, dict.fromkeys(one))) for one, name in names.items()
    }


def missing(measures: pl.DataFrame) -> list[str]:
    """Return the headings of measures that nobody has put into English, in the order of the document."""
    titles: dict[str, None] = {}
    for part, section, title, subhead in measures.select("part", "section", "section_title", "subhead").iter_rows():
        below = subhead.split(BETWEEN) if subhead else []
        if len(below) > 1 and below[-1].endswith(CUT):
            below.pop()
        above = [section.removesuffix(title).strip()] if part == "summary" else []
        titles |= dict.fromkeys((*above, title, *below))
    known = _read(paths.curated())
    return [title for title in titles if WORDS.search(title) and _key(title) not in known]


def _english(title: str) -> str:
    known = _read(paths.curated()).get(_key(title))
    return f"{_mark(title)} {known}".strip() if known else title


def _mark(title: str) -> str:
    mark = MARK.match(title)
    return mark[0].strip().translate(NARROW) if mark else ""


def _key(title: str) -> str:
    """Return a heading as it is compared: without its mark and the brackets around it."""
    bare = title[len(mark[0]) :] if (mark := MARK.match(title)) else title
    return squeeze(bare).strip("<>《》") if not AROUND.fullmatch(squeeze(bare)) else squeeze(bare)[1:-1]


@cache
def _read(folder: Path) -> dict[str, str]:
    """Return the English headings by key, none where there is no file. Raises TableFaulty."""
    file = folder / FILE
    if not file.exists():
        return {}
    rows = curated.table(file, Heading)
    curated.refuse_twice(file, ((line, (_key(row.heading),)) for line, row in rows))
    return {_key(row.heading): row.heading_en for _, row in rows}
