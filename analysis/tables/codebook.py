"""The codebook: what every table and column means, from the schemas, as docs/codebook.md and in parts for exports."""

import inspect
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import dataframely as dy

from analysis.base import paths
from analysis.base.i18n import described
from analysis.tables import metric_definitions
from analysis.tables.export_schemas import EXPORTED
from analysis.tables.schemas import PRIVATE, TABLES

HEAD = """# Codebook

Every table of `data/processed`, as `analysis/tables/schemas.py` declares and checks it. Written by `python -m analysis
codebook`; a test holds it to the schemas. Tables are JSON Lines, one object a row, sorted by their key (marked *).
Lines are 1-based positions in the document, blank lines counted. Texts and names keep the document's spelling.
"""


DEFINITIONS = """## Definitions and sources of the metrics

What the metrics of continuity and of coders are, from `analysis/tables/metric_definitions.py`. A *link* is a row of
`links`; which pairs are linked depends on a threshold, so `turnover` gives every metric at several of them
(`strictness`). Editions differ in kind: only full plans can show that something ended, and intervals show chance alone,
not what links are wrong or missed.

| metric | table | definition | source |
|---|---|---|---|
"""


EXPORTS = """## Tables to take away

The files of a report's folder `tables` and of `python -m analysis export`: the tables above under plainer names, each
as CSV and Parquet, in one workbook and described in `datapackage.json`. In CSV and in the workbook lists are joined by
`; `, and an empty cell is an empty text, an empty list or no value; Parquet keeps them apart. In CSV an apostrophe
stands before a text that a spreadsheet would take for a formula.

| file | holds |
|---|---|
"""

UNIT = re.compile(r" ?\[([^\[\]]+)\]")


@dataclass(frozen=True)
class Entry:
    """A column in the codebook; `unit` is empty where it has none, `meaning` is the description without it."""

    column: str
    type: str
    unit: str
    key: bool
    nullable: bool
    description: str
    meaning: str


def entries(schema: type[dy.Schema], columns: Iterable[str], language: str = "en") -> list[Entry]:
    """Return what a schema says of these columns in a language, in their order. Raises KeyError for one that it does
    not have."""
    keys, kinds = set(schema.primary_key()), schema.columns()
    return [_entry(column, kinds[column], column in keys, language) for column in columns]


def about_table(schema: type[dy.Schema], language: str = "en") -> str:
    """Return what a schema says its table holds."""
    return described(plain(schema.__doc__), language, "table")


def title(column: str, language: str = "en") -> str:
    """Return what to call a column: its name in words."""
    words = column.replace("_", " ")
    return words if language == "en" else described(words, language, "title")


def plain(text: str | None) -> str:
    """Return a description as one line."""
    return " ".join((text or "").split())


def described_texts() -> list[tuple[str, str]]:
    """Return all that is said of exported tables, with what it is said of (table, column, title), for the catalogue."""
    texts: dict[tuple[str, str], None] = {}
    for schema in EXPORTED.values():
        texts["table", plain(schema.__doc__)] = None
        for column, kind in schema.columns().items():
            texts["column", plain(kind.description)] = None
            texts["title", title(column)] = None
    return sorted(texts)


def _entry(column: str, kind: dy.Column, key: bool, language: str) -> Entry:
    description = described(plain(kind.description), language, "column")
    unit = UNIT.search(description)
    nullable = kind.nullable and not key
    meaning = UNIT.sub("", description, count=1)
    return Entry(column, _type(kind), unit[1] if unit else "", key, nullable, description, meaning)


def text() -> str:
    """Return the codebook as Markdown."""
    tables = [_table(name, schema) for name, schema in TABLES.items()]
    return "\n".join([HEAD, *tables, _exports(), _definitions()])


def _exports() -> str:
    rows = [f"| `{name}` | {inspect.cleandoc(schema.__doc__ or '')} |" for name, schema in EXPORTED.items()]
    own = [
        _table(name, EXPORTED[name]).replace("## ", "### ", 1)
        for name in ("topic_names", "indicators", "ministries", "codings", "benchmark", "delivery")
    ]
    return EXPORTS + "\n".join([*rows, "", *own])


def _definitions() -> str:
    rows = [f"| `{m.name}` | `{m.table}` | {m.meaning} | {m.source} |" for m in metric_definitions.METRICS]
    return DEFINITIONS + "\n".join([*rows, ""])


def _table(name: str, schema: type[dy.Schema]) -> str:
    note = " Not committed." if name in PRIVATE else ""
    lines = [
        f"## {name}",
        "",
        f"{inspect.cleandoc(schema.__doc__ or '')}{note}",  # 3.13 cleans it itself
        "",
        "| column | type | empty? | meaning |",
        "|---|---|---|---|",
    ]
    for entry in entries(schema, schema.column_names()):
        mark, empty = " *" if entry.key else "", "can be empty" if entry.nullable else ""
        lines.append(f"| `{entry.column}`{mark} | {entry.type} | {empty} | {entry.description} |")
    return "\n".join([*lines, ""])


def _type(kind: dy.Column) -> str:
    names = {dy.String: "text", dy.Int64: "integer", dy.Float64: "number", dy.Bool: "true/false"}
    if isinstance(kind, dy.List):
        return f"list of {_type(kind.inner)}s"
    return names[type(kind)]


def write() -> Path:
    """Write docs/codebook.md; return its path."""
    file = paths.root() / "docs" / "codebook.md"
    file.write_text(text(), encoding="utf-8", newline="\n")
    return file
