"""docs/codebook.md: every table and column, written from the schemas so that it cannot be out of date."""

from pathlib import Path

import dataframely as dy

from analysis import metrics, paths
from analysis.schemas import PRIVATE, TABLES

HEAD = """# Codebook

Every table of `data/processed`, as `analysis/schemas.py` declares and checks it. Written by `python -m analysis
codebook`; a test holds it to the schemas. Tables are JSON Lines, one object a row, sorted by their key (marked *).
Lines are 1-based positions in the document, blank lines counted. Texts and names keep the document's spelling.
"""


DEFINITIONS = """## Definitions and sources of the metrics

What the metrics of continuity are, from `analysis/metrics.py`. A *link* is a row of `links`; which pairs are linked
depends on a threshold, so `turnover` gives every metric at several of them (`strictness`). Stages differ in kind: only
full plans can show that something ended, and intervals show chance alone, not what links are wrong or missed.

| metric | table | definition | source |
|---|---|---|---|
"""


def text() -> str:
    """The codebook as Markdown."""
    return "\n".join([HEAD, *(_table(name, schema) for name, schema in TABLES.items()), _definitions()])


def _definitions() -> str:
    rows = [f"| `{m.name}` | `{m.table}` | {m.meaning} | {m.source} |" for m in metrics.METRICS]
    return DEFINITIONS + "\n".join([*rows, ""])


def _table(name: str, schema: type[dy.Schema]) -> str:
    note = " Not committed." if name in PRIVATE else ""
    lines = [
        f"## {name}",
        "",
        f"{(schema.__doc__ or '').strip()}{note}",
        "",
        "| column | type | empty? | meaning |",
        "|---|---|---|---|",
    ]
    keys = set(schema.primary_key())
    for column, kind in schema.columns().items():
        mark = " *" if column in keys else ""
        empty = "can be empty" if kind.nullable and column not in keys else ""
        lines.append(f"| `{column}`{mark} | {_type(kind)} | {empty} | {kind.description} |")
    return "\n".join([*lines, ""])


def _type(kind: dy.Column) -> str:
    names = {dy.String: "text", dy.Int64: "integer", dy.Float64: "number", dy.Bool: "true/false"}
    if isinstance(kind, dy.List):
        return f"list of {_type(kind.inner)}s"
    return names[type(kind)]


def write() -> Path:
    """Write docs/codebook.md; returns its path."""
    file = paths.root() / "docs" / "codebook.md"
    file.write_text(text(), encoding="utf-8", newline="\n")
    return file
