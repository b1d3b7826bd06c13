"""What becomes of each figure and each KPI part of an edition: the chart that shows it, or a sentence why none does."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from analysis.base.i18n import gettext
from analysis.kpi.amounts import number
from analysis.kpi.register import names, register
from analysis.kpi.timeline import core
from analysis.kpi.tying import reason_text

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
UNTIED = {
    "edition": pl.Int64, "reason": pl.String, "nearest": pl.String, "figures": pl.Int64, "kpis": pl.Int64,
    "examples": pl.String,
}  # fmt: skip
EXAMPLES = 3
Row = dict[str, Any]


def accounted(figures: pl.DataFrame, ties: pl.DataFrame, language: str) -> pl.DataFrame:
    """Return every KPI among the figures (`timeline.core`), all of the outlook and the KPI parts, and every target,
    with the indicators that they belong to: figure_id, edition, section, place, first_line, indicator_id, nearest,
    reason.

    A figure without an indicator has the reason why (in `language`); one without either would be an oversight.
    """
    main = pl.col("place").is_in(["kpi", "outlook"]) | (pl.col("kind") == "target")
    wanted = figures.filter(main | pl.col("figure_id").is_in(core(figures)["figure_id"].to_list()))
    rows = wanted.drop("indicator_id").join(ties, on="figure_id")
    reasons = [
        reason_text(reason, nearest, language) for reason, nearest in rows.select("reason", "nearest").iter_rows()
    ]
    columns = ["figure_id", "edition", "section", "place", "first_line", "indicator_id", "nearest"]
    rows = rows.select(*columns, reason=pl.Series(reasons, dtype=pl.String))
    return rows.sort("figure_id", "indicator_id")


def untied(figures: pl.DataFrame, ties: pl.DataFrame, language: str) -> pl.DataFrame:
    """Return the figures that no indicator took, those of one edition, reason and nearest indicator together: edition,
    reason (a sentence), nearest (a name), figures and kpis [count; those that `timeline.core` exports], examples."""
    kpis = pl.col("figure_id").is_in(core(figures)["figure_id"].to_list())
    rows = figures.drop("indicator_id").join(ties.filter(pl.col("indicator_id").is_null()), on="figure_id")
    rows = rows.drop_nulls("value").with_columns(core=kpis).sort("edition", "first_line", "figure_id")
    called = names(language)
    result = []
    for (edition, reason, nearest), some in rows.group_by("edition", "reason", "nearest", maintain_order=True):
        examples = [
            f"{line}: {name or '–'} {number(value)}{unit}"
            for line, name, value, unit in some["first_line", "indicator", "value", "unit"].head(EXAMPLES).iter_rows()
        ]
        said = reason_text(reason, nearest, language) or gettext("The register has no indicator for it.", language)
        result.append({"edition": edition, "reason": said, "nearest": called.get(nearest), "figures": len(some),
                       "kpis": some["core"].sum(), "examples": "; ".join(examples)})  # fmt: skip
    return pl.DataFrame(result, schema=UNTIED).sort("edition", "kpis", "figures", "reason", "nearest",
                                                   descending=[True, True, True, False, False])  # fmt: skip


def parts(tables: Mapping[str, pl.DataFrame], indicators: Sequence[Row], edition: int, language: str) -> pl.DataFrame:
    """Return each KPI part, the outlook and each target of an edition, in the plan's order: section, first_line,
    indicator_id, name, chart (that shows it; null where none does), reason (a sentence why none does, else empty).

    `tables` has figures, ties, ledger and measures, `indicators` are the rows of `overview`.
    """
    figures = tables["figures"].filter(pl.col("edition") == edition)
    stated = figures.filter(pl.col("place") != "annex")  # its ratings are one entry
    charts = {row["indicator_id"]: CHARTS[row["group"]] for row in indicators}
    known, written = names(language), dict(figures.select("figure_id", "indicator").iter_rows())
    rows: dict[tuple[str, str], Row] = {}
    for row in (
        accounted(stated, tables["ties"], language)
        .sort("first_line", "figure_id", "indicator_id")
        .iter_rows(named=True)
    ):
        key = row["indicator_id"]
        part = {**row, "name": known.get(key) or written[row["figure_id"]] or "", "chart": charts.get(key)}
        if key is None:
            part["reason"] = row["reason"] or gettext("The register has no indicator for it.", language)
        elif key in charts:
            part["reason"] = ""
        else:
            part["reason"] = gettext("The KPI names no number, and no value of it was recognised.", language)
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
