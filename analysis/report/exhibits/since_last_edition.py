"""Exhibit without a chart: what changed since the last edition, of neighbouring plans alone."""

from typing import Any

import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.continuity import turnover
from analysis.report import measure_cells
from analysis.report.data import ReportData
from analysis.report.exhibit import Cell, Exhibit, Fact, Rows, linked
from analysis.report.measure_cells import MeasureCells
from analysis.tables import editions
from analysis.tables.labels import became

NAME = "since_last_edition"
KINDS = {
    "kept": N_("Kept verbatim under the same headings"),
    "moved": N_("The same text, moved to other headings"),
    "reworded": N_("Reworded"),
    "split": N_("Split"),
    "merged": N_("Merged"),
    "evolved": N_("Taken over by another measure"),
    "ended": N_("Not found in {later}"),
    "new": N_("New in {later}: no forerunner in {earlier}"),
}
SAID = N_(
    "Since {earlier}, of its measures ({total}): kept verbatim {kept}, moved {moved}, reworded {reworded}, split "
    "{split}, merged {merged}, taken over by another {evolved}, not found {ended}. New in {later}, without a "
    "forerunner: {new}."
)

Seen = dict[str, Any]


def exhibit(data: ReportData) -> Exhibit | None:
    """Return what became of each measure and what is new; None where the editions are no neighbouring plans."""
    if not _neighbours(data):
        return None
    before = measure_cells.statuses(data, data.earlier, data.later)
    after = measure_cells.statuses(data, data.later, data.earlier)
    if not before:
        return None
    seen = [*before, *(row for row in after if row["status"] == "new")]
    kinds = {kind: [row for row in seen if _kind(row) == kind] for kind in KINDS}
    return Exhibit(
        __name__, NAME, "continuity", "03_continuity",
        data.gettext("What changed since the last edition"), rows=_rows(kinds, data),
        sentences=[_sentence(kinds, len(before), data)],
    )  # fmt: skip


def _neighbours(data: ReportData) -> bool:
    """Whether both are plans, near to each other, and no other edition's document lies between them."""
    if data.alone or data.gap != "near":
        return False
    earlier, later = (editions.year(edition_id) for edition_id in (data.earlier, data.later))
    between = data.tables["measures"].filter(pl.col("edition").is_between(earlier, later, closed="none"))
    return between.is_empty() and measure_cells.both_plans(data)


def _kind(row: Seen) -> str:
    """Return what became of a measure: how it was split, merged or changed where it is so, else its status."""
    return str(row["change"] or row["status"])


def _rows(kinds: dict[str, list[Seen]], data: ReportData) -> Rows:
    _, cells = data.gettext, MeasureCells(data)
    partners: dict[str, list[str]] = {}
    links = turnover.once(data.tables["measures"], data.own_links)
    for start, end in links.select("from_id", "to_id").sort("from_id", "to_id").iter_rows():
        partners.setdefault(start, []).append(end)
    sides = {"earlier": data.earlier, "later": data.later}
    rows: list[list[Cell]] = []
    for kind, own in kinds.items():
        for row in own:
            key = row["measure_id"]
            after: Cell = [link for end in partners.get(key, []) for link in cells.one(end, key)] or None
            if kind == "new":
                rows.append([None, cells.one(key), None])
            else:
                words = became(row["status"], row["change"], row["changed"], data.language) if after else None
                rows.append([cells.one(key), after, words])
    groups = [(_(title, **sides), len(kinds[kind])) for kind, title in KINDS.items() if kinds[kind]]
    heads = [_("measure of {edition}", edition=data.earlier), _("measure of {edition}", edition=data.later),
             _("what became of it")]  # fmt: skip
    return Rows(heads, rows, ["statuses", "links"], groups)


def _sentence(kinds: dict[str, list[Seen]], total: int, data: ReportData) -> str:
    present = [kind for kind in KINDS if kinds[kind]]
    place = {kind: f"rows-{NAME}-{number}" for number, kind in enumerate(present, 1)}
    numbers: dict[str, object] = {kind: Fact(len(own), place.get(kind)) for kind, own in kinds.items()}
    return linked(
        SAID, data.language, f"rows-{NAME}", numbers | {"total": total}, earlier=data.earlier, later=data.later
    )
