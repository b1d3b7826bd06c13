"""What becomes of each figure and each KPI part of an edition: the chart that shows it, or a sentence why none does."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from analysis.base.i18n import gettext
from analysis.kpi.register import indicators, names, register
from analysis.kpi.timeline import ties

CHARTS = {"judged": "kpi", "open": "kpi-open", "followed": "kpi-followed"}  # the chart that shows each group
RATINGS = "ratings"  # the chart that shows the annex
GRADES = ("◎", "○", "△", "×")  # from the best to the worst
RATED = {
    "place": pl.Int64, "group": pl.String, "item": pl.String, "grade": pl.String, "measures": pl.Int64,
    "figure_id": pl.String, "doc_id": pl.String, "first_line": pl.Int64,
}  # fmt: skip
PARTS = {
    "section": pl.String, "first_line": pl.Int64, "indicator_id": pl.String, "name": pl.String, "chart": pl.String,
    "reason": pl.String,
}  # fmt: skip
Row = dict[str, Any]


def accounted(figures: pl.DataFrame, language: str) -> pl.DataFrame:
    """Return every figure of the outlook and the KPI parts and every target, with the indicators that it belongs to:
    figure_id, edition, section, place, first_line, indicator_id, reason.

    A figure without an indicator has the reason why (in `language`); one without either would be an oversight.
    """
    wanted = figures.filter(pl.col("place").is_in(["kpi", "outlook"]) | (pl.col("kind") == "target"))
    tied = wanted.join(ties(wanted), on="figure_id", how="left")
    reasons = [None if row["indicator_id"] else _why(row, language) for row in tied.iter_rows(named=True)]
    columns = ["figure_id", "edition", "section", "place", "first_line", "indicator_id"]
    rows = tied.select(*columns, reason=pl.Series(reasons, dtype=pl.String))
    return rows.sort("figure_id", "indicator_id")


def _why(row: Row, language: str) -> str | None:
    """Return the reason why a figure is no value of an indicator."""
    name = row["indicator"] or ""
    for entry in register().untied:
        if any(re.search(pattern, name) for pattern in entry.patterns):
            return entry.reason_ja if language == "ja" else entry.reason_en
    for indicator in indicators():
        if row["nature"] != "level" and indicator.named(name, row["headings"]):
            return gettext(
                "A change or rate of an indicator that is shown with its values: {name}.",
                language,
                name=indicator.text("name", language),
            )
    return None


def parts(tables: Mapping[str, pl.DataFrame], indicators: Sequence[Row], edition: int, language: str) -> pl.DataFrame:
    """Return each KPI part, the outlook and each target of an edition, in the plan's order: section, first_line,
    indicator_id, name, chart (that shows it; null where none does), reason (a sentence why none does, else empty).

    `tables` has figures, ledger and measures, `indicators` are the rows of `overview`.
    """
    figures = tables["figures"].filter(pl.col("edition") == edition)
    charts = {row["indicator_id"]: CHARTS[row["group"]] for row in indicators}
    known, written = names(language), dict(figures.select("figure_id", "indicator").iter_rows())
    rows: dict[tuple[str, str], Row] = {}
    for row in accounted(figures, language).sort("first_line", "figure_id", "indicator_id").iter_rows(named=True):
        key = row["indicator_id"]
        part = {**row, "name": known.get(key) or written[row["figure_id"]] or "", "chart": charts.get(key)}
        if key is None:
            part["reason"] = row["reason"] or gettext("The register has no indicator for it.", language)
        elif key in charts:
            part["reason"] = ""
        else:
            part["reason"] = gettext("The KPI names no number, and no value is given yet.", language)
        rows.setdefault((row["section"], key or f"{part['name']}: {part['reason']}"), part)
    others = []
    for section, line in _without_figures(tables, edition, {section for section, _ in rows}):
        reason = gettext("The part states no figure.", language)
        others.append({"section": section, "first_line": line, "name": "", "reason": reason})
    rated = ratings(figures, edition, language)
    if len(rated):
        name = gettext("How ministries rate the measures of the standards strategy", language)
        section = figures.filter(place="annex")["section"][0]
        others.append({"section": section, "first_line": rated["first_line"][0], "name": name, "chart": RATINGS,
                       "reason": ""})  # fmt: skip
    return pl.DataFrame([*rows.values(), *others], schema=PARTS).sort("first_line", "name", "reason")


def _without_figures(tables: Mapping[str, pl.DataFrame], edition: int, spoken: set[str]) -> Iterator[tuple[str, int]]:
    """Yield the sections whose KPI part states no figure, with its line. A KPI part belongs to the section of the
    measure that comes next: that is where it stands in the plans."""
    body = tables["measures"].filter(edition=edition, part="body").sort("first_line")
    ledger = tables["ledger"].filter(pl.col("doc_id").is_in(body["doc_id"].unique().to_list()), role="kpi")
    seen = set(spoken)
    for line in ledger["first_line"].sort():
        after = body.filter(pl.col("first_line") > line)
        if len(after) and (section := after["section"][0]) not in seen:
            seen.add(section)
            yield section, line


def remarks(tables: Mapping[str, pl.DataFrame], parts: pl.DataFrame, edition: int, language: str) -> list[str]:
    """Return how many of an edition's `parts` charts show, and how many values do not agree, in two sentences; none
    where it has no KPI part. `tables` has figures and contradictions."""
    if tables["figures"].filter(edition=edition, place="kpi").is_empty():
        return []
    shown = len(parts) - parts["chart"].null_count()
    count = dict(tables["contradictions"]["finding"].value_counts().iter_rows())
    return [
        gettext(
            "Of {parts} entries in the KPI parts and targets of the {edition} plan, charts show "
            "{shown}; for the other {silent} a sentence says why not.",
            language,
            parts=len(parts),
            shown=shown,
            silent=len(parts) - shown,
            edition=edition,
        ),
        gettext(
            "Values that do not agree, over all editions: contradictions within an edition {contradictions}, values "
            "revised later {revisions}, targets set anew for another year {targets}, rates of growth that do not "
            "follow from the values {growth}.",
            language,
            contradictions=count.get("contradiction", 0),
            revisions=count.get("revision", 0),
            targets=count.get("new_target", 0),
            growth=count.get("growth", 0),
        ),
    ]


def ratings(figures: pl.DataFrame, edition: int, language: str) -> pl.DataFrame:
    """Return how many measures of the annex have which rating: place (of the row in the annex, from 1), group, item,
    grade (◎ ○ △ ×), measures [count], figure_id, doc_id, first_line; no rows where the edition's annex rates nothing.

    A row that the register does not know has its own text as item and an empty group.
    """
    annex = figures.filter(edition=edition, place="annex").drop_nulls("value").sort("first_line", "figure_id")
    rows: list[Row] = []
    for row in annex.iter_rows(named=True):
        text = unicodedata.normalize("NFC", row["indicator"] or "")
        if text.endswith(GRADES):
            item, group = _rated(text[:-1].rstrip(), language)
            rated = {"group": group, "item": item, "grade": text[-1], "measures": round(row["value"])}
            rows.append({**row, **rated, "place": None})
    return pl.DataFrame(rows, schema=RATED).with_columns(place=pl.col("first_line").rank("dense").cast(pl.Int64))


def _rated(text: str, language: str) -> tuple[str, str]:
    """Return the name and group of a row of the annex, by the register."""
    for entry in register().rated:
        if re.search(entry.pattern, text):
            return (entry.name_ja, entry.group_ja) if language == "ja" else (entry.name_en, entry.group_en)
    return text, ""
