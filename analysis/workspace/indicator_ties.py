"""What `add` says of a document's figures: which series go on, end, or rest on likeness; what has none."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from analysis import kpi
from analysis.base import paths
from analysis.base.errors import TableFaulty
from analysis.base.i18n import plain
from analysis.documents import manifest
from analysis.documents.manifest import Document
from analysis.tables import store

Row = dict[str, Any]
FULL = "full"
SHORT = 8  # characters of a name that says too little without its heading
MAIN = ("kpi", "outlook", "table", "measure")  # where a figure that no indicator took is looked at


@dataclass(frozen=True)
class Tied:
    """The document's figures with their ties, and the indicators that stood in the plan before (of the edition
    `against`) and do not stand in this one; or why nothing was looked for."""

    rows: pl.DataFrame = field(default_factory=pl.DataFrame)
    ended: list[str] = field(default_factory=list)
    against: int | None = None
    fault: str = ""


def look_for(document: Document, figures: pl.DataFrame) -> Tied:
    """Tie the document's figures among those of all other documents in data/processed."""
    try:
        everything, ties = _tied(document, figures)
        tied = everything.drop("indicator_id").join(ties, on="figure_id")
    except TableFaulty as error:  # the document can be added all the same
        return Tied(fault=str(error))
    rows = tied.filter(doc_id=document.doc_id).sort("first_line", "figure_id", "number")
    plans = [other.doc_id for other in manifest.documents() if other.kind == FULL]
    earlier = tied.filter(pl.col("doc_id").is_in(plans), pl.col("edition") < document.edition)
    if document.kind != FULL or earlier.is_empty():
        return Tied(rows)
    against = earlier["edition"].max()
    before = earlier.filter(edition=against)["indicator_id"].drop_nulls().unique().sort()
    still = set(rows["indicator_id"].drop_nulls())
    return Tied(rows, [key for key in before if key not in still], int(str(against)))


def tables(document: Document, rows: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return a document's rows with their ties, as a run will have them."""
    figures, ties = _tied(document, rows["figures"])
    own = ties.filter(pl.col("figure_id").is_in(rows["figures"]["figure_id"].to_list()))
    return {**rows, "ties": own, "figures": kpi.tied(figures, ties).filter(doc_id=document.doc_id)}


def _tied(document: Document, figures: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the figures of all documents, with these for the document's, and their ties."""
    others = store.read_if_there("figures", paths.committed()).filter(pl.col("doc_id") != document.doc_id)
    everything = pl.concat([others, figures.select(others.columns)])
    return everything, kpi.ties(everything)


def ended(tied: Tied) -> list[str]:
    """Return one line for each indicator of the plan before that has no figure in this one."""
    names = kpi.names("ja")
    return [f"{key} ({names[key]})" for key in tied.ended]


def by_likeness(tied: Tied) -> list[str]:
    """Return one line for each figure that is tied by its likeness alone."""
    return [
        f"line {row['first_line']}: {_figure(row)} → {row['indicator_id']} ({row['score']:.2f})"
        for row in _rows(tied, pl.col("by") == "likeness")
    ]


def patterns(tied: Tied) -> list[str]:
    """Return the register's patterns with those that would tie these figures, ready to paste. A name that says too
    little alone counts below its heading only."""
    indicators = {indicator.indicator_id: indicator for indicator in kpi.indicators()}
    lines: dict[str, str] = {}
    alike = _rows(tied, pl.col("by") == "likeness")
    for key in dict.fromkeys(row["indicator_id"] for row in alike):
        known = list(indicators[key].patterns)
        local = {heading: list(some) for heading, some in indicators[key].local.items()}
        for row in (row for row in alike if row["indicator_id"] == key):
            name, heading = str(row["indicator"]), str(row["headings"] or "").rpartition(" / ")[2].rstrip("…")
            below = local.setdefault(heading, []) if len(name) < SHORT and heading else known
            if (pattern := f"^{_escaped(name)}$") not in below:
                below.append(pattern)
        if known != list(indicators[key].patterns):
            lines[f"patterns = {_toml(known)}"] = key
        if local != indicators[key].local:
            below_headings = ", ".join(f"{_toml(words)} = {_toml(some)}" for words, some in local.items())
            lines[f"local = {{ {below_headings} }}"] = key
    return [f"{line}  # of {key}" for line, key in lines.items()]


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def untied(tied: Tied) -> list[str]:
    """Return one line for each figure of a KPI part, the outlook, a measure or table, and each target, that no
    indicator took and for which the register gives no reason, with the nearest indicator."""
    main = pl.col("place").is_in(MAIN) | (pl.col("kind") == "target")
    rows = _rows(tied, main & pl.col("indicator_id").is_null() & pl.col("reason").is_null())
    return [f"line {row['first_line']}: {_figure(row)} ({_nearest(row)})" for row in rows]


def _rows(tied: Tied, wanted: pl.Expr) -> list[Row]:
    return [] if tied.rows.is_empty() else tied.rows.filter(wanted).to_dicts()


def _figure(row: Row) -> str:
    amount = "" if row["value"] is None else f"{plain(row['value'])}{row['unit'] or ''}"
    return " ".join(part for part in (row["indicator"] or "–", amount, row["comparator"], row["period"]) if part)


def _nearest(row: Row) -> str:
    return "nothing is near" if row["nearest"] is None else f"nearest: {row['nearest']}, {row['score']:.2f}"


def _escaped(name: object) -> str:
    """Return a name as a regular expression; only what has a meaning in one is escaped."""
    return re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", str(name))
