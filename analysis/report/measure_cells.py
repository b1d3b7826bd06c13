"""Cells of rows that name measures of any edition: each leads to its place on the page."""

from collections.abc import Iterable
from typing import Any

from analysis.base.i18n import gettext_noop as N_
from analysis.report import stepmap
from analysis.report.data import ReportData
from analysis.report.exhibit import Link
from analysis.tables.summary_statistics import seen_from

NOT_ENDED = N_("The {document} names few and broad items: absence there does not mean that something has ended.")
NOT_NEW = N_("The {document} names few and broad items: what has no forerunner there is not new for that.")


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
    bodies = data.tables["measures"].select("measure_id", "ministries")
    return seen_from(data.statuses, edition_id, other).join(bodies, on="measure_id").sort("measure_id").to_dicts()


def both_plans(data: ReportData) -> bool:
    """Return whether both editions are at hand as plans, none of them as a summary alone."""
    return data.kind(data.earlier) == data.kind(data.later) == "full"


def summaries(data: ReportData) -> list[str]:
    """Return what cannot be said of the two editions where one is at hand as a summary alone; nothing for plans."""
    said = {data.later: NOT_ENDED, data.earlier: NOT_NEW}
    return [
        data.gettext(message, document=data.plan(edition)) for edition, message in said.items()
        if data.kind(edition) != "full"
    ]  # fmt: skip
