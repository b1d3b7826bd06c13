"""The annex of the 2026 plan: how ministries rate the measures of the standards strategy, counted by rating."""

import re
import unicodedata

import polars as pl

from analysis.kpi.register import register

GRADES = ("◎", "○", "△", "×")  # from the best to the worst
SCHEMA = {
    "place": pl.Int64, "group": pl.String, "item": pl.String, "grade": pl.String, "measures": pl.Int64,
    "figure_id": pl.String, "doc_id": pl.String, "first_line": pl.Int64,
}  # fmt: skip


def ratings(figures: pl.DataFrame, edition: int, language: str) -> pl.DataFrame:
    """How many measures have which rating: place (of the row in the annex, from 1), group, item, grade (◎ ○ △ ×),
    measures [count], figure_id, doc_id, first_line. Without rows where the edition's annex rates nothing.

    A row that the register does not know has its own text as item and an empty group.
    """
    own = figures.filter(
        (pl.col("edition") == edition) & (pl.col("place") == "annex") & pl.col("value").is_not_null()
    ).sort("first_line", "figure_id")
    rows: list[dict[str, object]] = []
    for row in own.iter_rows(named=True):
        text = unicodedata.normalize("NFC", row["indicator"] or "")
        if not text.endswith(GRADES):
            continue
        item, group = _told(text[:-1].rstrip(), language)
        lines = dict.fromkeys(known["first_line"] for known in rows)
        place = len(lines) + (row["first_line"] not in lines)
        told = {name: row[name] for name in ("figure_id", "doc_id", "first_line")}
        rows.append({"place": place, "group": group, "item": item, "grade": text[-1],
                     "measures": round(row["value"]), **told})  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMA)


def _told(text: str, language: str) -> tuple[str, str]:
    for entry in register().rated:
        if re.search(entry.pattern, text):
            return (entry.name_ja, entry.group_ja) if language == "ja" else (entry.name_en, entry.group_en)
    return text, ""
