"""Cells of rows that name measures of any edition: each leads to its place on the page."""

from collections.abc import Iterable
from typing import Any

import polars as pl

from analysis.report import stepmap
from analysis.report.data import ReportData
from analysis.report.exhibit import Link
from analysis.tables import editions
from analysis.tables.summary_statistics import seen_from


class MeasureCells:
    """The names of the measures' initiatives beside their places on the page."""

    def __init__(self, data: ReportData) -> None:
        self._initiatives = stepmap.initiative_of(data)

    def name(self, measure_id: str) -> str:
        """Return the name of a measure's initiative."""
        return self._initiatives.get(measure_id, ("", ""))[1]

    def one(self, measure_id: str, beside: str = "") -> list[Link]:
        """Return the cell of a measure with its initiative's name, unless that is the one of the measure `beside`."""
        known = bool(beside) and self._initiatives.get(beside) == self._initiatives.get(measure_id)
        return [Link(measure_id, f"m-{measure_id}", "" if known else self.name(measure_id))]

    def all(self, measure_ids: Iterable[str]) -> list[Link] | None:
        """Return the cell of several measures by their identifiers alone; None for none."""
        return [Link(key, f"m-{key}") for key in sorted(measure_ids)] or None


def statuses(data: ReportData, edition_id: str, other: str) -> list[dict[str, Any]]:
    """Return what became of an edition's measures in another edition, or where they come from, each with its
    ministries (rows of Statuses); repetitions are left out."""
    originals = data.tables["measures"].filter(pl.col("repeats").is_null()).select("measure_id", "ministries")
    rows = seen_from(data.tables["statuses"], edition_id, other).join(originals, on="measure_id")
    return rows.sort("measure_id").to_dicts()


def is_plan(data: ReportData, edition_id: str) -> bool:
    """Return whether an edition is at hand as a plan, not as a summary alone."""
    measures = data.tables["measures"].filter(editions.column() == edition_id)
    return not measures.filter(pl.col("part") != "summary").is_empty()


def summaries(data: ReportData) -> list[str]:
    """Return what cannot be said of the two editions where one is at hand as a summary alone; nothing for plans."""
    result = []
    if not is_plan(data, data.later):
        result.append(
            data.gettext(
                "{edition} is at hand as a summary, which names few and broad items: absence there does not "
                "mean that something has ended.",
                edition=data.later,
            )
        )  # fmt: skip
    if not is_plan(data, data.earlier):
        result.append(
            data.gettext(
                "{edition} is at hand as a summary, which names few and broad items: what has no forerunner there is "
                "not new for that.",
                edition=data.earlier,
            )
        )  # fmt: skip
    return result
