"""Exhibit without a chart: what the roadmap of the earlier plan promised for its years, and what became of it."""

from collections import Counter
from typing import Any

import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.report import measure_cells
from analysis.report.data import ReportData
from analysis.report.exhibit import Cell, Exhibit, Rows, linked
from analysis.report.measure_cells import MeasureCells
from analysis.tables import editions

NAME = "roadmap_promises"
ROWS = f"rows-{NAME}"
CELLS = N_(
    "The roadmaps annexed to the {edition} have {rows} rows ({parts}), repeated rows counted once; a year cell was "
    "found for each of them."
)
NO_CELLS = N_(
    "The roadmaps annexed to the {edition} have {rows} rows ({parts}), repeated rows counted once. Rows for which a "
    "year cell was found: {with_cells}; rows without any, of which it is not known what they promise for which year: "
    "{without}."
)
PROMISED = N_(
    "Rows that promise something for {years}: {rows}. Of these go on in {later} as the same initiative: {continued}; "
    "taken over by another: {evolved}; not found there: {ended}."
)
MEANT = N_(
    "That a row goes on does not say that what it promised was done, and that it is not found does not say that it was "
    "given up: plans do not report on it. The rows of earlier plans are those that were still followed."
)
UNSURE = N_("Rows with a doubt about which year cells are theirs, or which years these cover: {doubted}.")
LACKING = N_(
    "Rows without a cell for some of the years stand under “no cell”. Carried to another row (工程表NNに記載): "
    "{carried}; with a doubt about their cells: {doubted}; of which nothing more is known, as the roadmap may have "
    "nothing to say for these years: {silent}."
)

Row = dict[str, Any]


def exhibit(data: ReportData) -> Exhibit | None:
    """Return the roadmap's rows by plan and years; None where the earlier edition has no roadmap or none is later."""
    rows = _promised(data)
    if data.alone or not rows:
        return None
    return Exhibit(
        __name__, NAME, "turnover", "03_continuity", data.gettext("What the roadmap promised, and what became of it"),
        rows=_rows(rows, data), sentences=_sentences(rows, data),
    )  # fmt: skip


def _promised(data: ReportData) -> list[Row]:
    """The rows of the earlier edition's roadmap, a repetition as what it repeats: identifier, plan, the years of their
    cells, doubts about these, whether they are carried to another row, and their status in each later edition."""
    measures = data.tables["measures"].filter(
        pl.col("edition") == editions.year(data.earlier), ~pl.col("part").is_in(editions.OWN_PARTS),
        pl.col("repeats").is_null(),
    )  # fmt: skip
    years: dict[str, set[int]] = {}
    for key, covered in data.tables["year_cells"].select("measure_id", "years").iter_rows():
        years.setdefault(key, set()).update(covered)
    carried = dict(data.tables["roadmap"].select("measure_id", pl.col("carried_to").list.len() > 0).iter_rows())
    seen = {
        other: dict(rows.select("measure_id", "status").iter_rows())
        for (other,), rows in data.tables["statuses"]
        .filter(pl.col("measure_id").is_in(measures["measure_id"].implode()))
        .group_by("other_edition")
    }
    return [
        {"key": row["measure_id"], "plan": row["edition_id"], "years": years.get(row["measure_id"]),
         "doubts": [doubt for doubt in row["doubts"] if "cell" in doubt],
         "carried": carried.get(row["measure_id"], False),
         "status": {other: seen[other].get(row["measure_id"]) for other in _later(data) if other in seen}}
        for row in measures.with_columns(editions.column()).sort("measure_id").iter_rows(named=True)
    ]  # fmt: skip


def _later(data: ReportData) -> list[str]:
    """The editions after the earlier plan, up to the later of the two."""
    after = (editions.year(data.earlier) + 1, editions.year(data.later))
    known = data.tables["documents"].filter(pl.col("edition").is_between(*after))["edition"].unique().sort()
    return [str(year) for year in known]


def _spans(rows: list[Row]) -> list[tuple[int, ...]]:
    """The years that cells cover, in spans of years that the same rows have cells for: 2019; 2020 to 2022."""
    of_year = {
        year: {row["key"] for row in rows if row["years"] and year in row["years"]}
        for year in sorted(set().union(*(row["years"] or () for row in rows)))
    }
    spans: list[tuple[int, ...]] = []
    for year, own in of_year.items():
        if spans and own == of_year[spans[-1][-1]]:
            spans[-1] = (*spans[-1], year)
        else:
            spans.append((year,))
    return spans


def _named(span: tuple[int, ...], data: ReportData) -> str:
    return str(span[0]) if len(span) == 1 else data.gettext("{first}–{last}", first=span[0], last=span[-1])


def _has(row: Row, span: tuple[int, ...]) -> bool:
    return bool(row["years"]) and set(span) <= row["years"]


def _of(rows: list[Row], other: str, *statuses: str) -> list[str]:
    return [row["key"] for row in rows if row["status"].get(other) in statuses]


def _rows(rows: list[Row], data: ReportData) -> Rows:
    """Return for each plan and span of years the rows with a cell, then those without, by what became of them."""
    _, cells, between = data.gettext, MeasureCells(data), [year for year in _later(data) if year != data.later]
    result: list[list[Cell]] = []

    def add(plan: str, years: str, group: list[Row]) -> None:
        if group:
            became = [cells.all(_of(group, data.later, status)) for status in ("continued", "evolved", "ended")]
            linked_to = [cells.all(_of(group, year, "continued", "evolved")) for year in between]
            doubted = cells.all(row["key"] for row in group if row["doubts"])
            result.append([editions.label(plan, data.language), years, len(group), *became, *linked_to, doubted])

    for plan in reversed(editions.in_time(row["plan"] for row in rows)):
        own = [row for row in rows if row["plan"] == plan]
        add(plan, _("all"), own)
        for span in _spans(rows):
            add(plan, _named(span, data), [row for row in own if _has(row, span)])
            without = _("no cell for {years}", years=_named(span, data))
            add(plan, without, [row for row in own if not _has(row, span)])
    heads = [
        _("plan"), _("years"), _("rows"), _("go on as the same initiative"), _("taken over by another"),
        _("not found in {later}", later=data.later), *(_("linked to {later}", later=year) for year in between),
        _("with a doubt about their cells"),
    ]  # fmt: skip
    return Rows(heads, result, ["roadmap", "year_cells", "statuses"])


def _parts(rows: list[Row], data: ReportData) -> list[str]:
    """How many rows each plan's roadmap has: the plan's own, and those that follow up earlier plans."""
    counts = Counter(row["plan"] for row in rows)
    return [f"{editions.label(plan, data.language)} {counts[plan]}" for plan in reversed(editions.in_time(counts))]


def _sentences(rows: list[Row], data: ReportData) -> list[str]:
    with_cells, spans = [row for row in rows if row["years"] is not None], _spans(rows)
    numbers = {"rows": len(rows), "with_cells": len(with_cells), "without": len(rows) - len(with_cells)}
    if not numbers["without"]:
        numbers = {"rows": len(rows)}
    said = CELLS if len(numbers) == 1 else NO_CELLS
    names = {"edition": data.plan(data.earlier), "parts": data.listed(_parts(rows, data))}
    result: list[str] = [linked(said, data.language, ROWS, numbers, **names)]
    for span in spans:
        group = [row for row in rows if _has(row, span)]
        statuses = {status: len(_of(group, data.later, status)) for status in ("continued", "evolved", "ended")}
        names = {"years": _named(span, data), "later": data.later}
        result.append(linked(PROMISED, data.language, ROWS, statuses | {"rows": len(group)}, **names))
    if doubted := [row for row in rows if row["doubts"]]:
        result.append(linked(UNSURE, data.language, ROWS, {"doubted": len(doubted)}))
    lacking = [row for row in rows if not all(_has(row, span) for span in spans)]
    if lacking:
        carried = [row for row in lacking if row["carried"]]
        unsure = [row for row in lacking if row["doubts"] and not row["carried"]]
        counts = {"carried": len(carried), "doubted": len(unsure)}
        counts["silent"] = len(lacking) - sum(counts.values())
        result.append(linked(LACKING, data.language, ROWS, counts))
    return [*result, data.gettext(MEANT), *measure_cells.summaries(data)]
