"""Exhibits: the indicators over time, those that can be judged, those that cannot yet, and those only followed."""

from collections import Counter

import altair as alt

from analysis import kpi
from analysis.base.i18n import gettext_noop as N_
from analysis.kpi import amounts
from analysis.kpi.reasons import years
from analysis.report.charts import panels
from analysis.report.charts.base import described
from analysis.report.data import ReportData
from analysis.report.exhibit import Cell, Exhibit, Rows
from analysis.tables.labels import label

TITLES = {
    "judged": N_("Are the targets being met?"),
    "open": N_("Targets that cannot be judged yet"),
    "followed": N_("Followed without a number to reach"),
}
SUBTITLES = {
    "judged": N_("indicators of the {plan} whose progress can be judged"),
    "open": N_("a target and too few dated values for a trend"),
    "followed": N_("indicators that the {plan} only follows, wishes to rise or fall, or counts in a total"),
}
HEADS = {  # of the indicators without a panel
    "judged": N_("One value only"), "open": N_("Target only, no dated value in the plan"),
    "followed": N_("One value only"),
}  # fmt: skip


def judged(data: ReportData) -> Exhibit | None:
    return _exhibit(data, "judged")


def open_targets(data: ReportData) -> Exhibit | None:
    return _exhibit(data, "open")


def followed(data: ReportData) -> Exhibit | None:
    return _exhibit(data, "followed")


def _exhibit(data: ReportData, group: str) -> Exhibit | None:
    _, indicators = data.gettext, [row for row in data.indicators if row["group"] == group]
    if not indicators:
        return None
    title, subtitle = _(TITLES[group]), _(SUBTITLES[group], plan=data.plan())
    told = [f"{row['name']}: {row['state_word']}. {row['reason']}" for row in indicators]
    chart = panels.small_multiples(
        indicators, group, _(HEADS[group]), alt.TitleParams(title, subtitle=subtitle),
        described(title, [" ".join(told)], data.language), data.language,
    )  # fmt: skip
    heads = [_("indicator"), _("kind"), _("year"), _("value"), _("edition"), _("document, lines")]
    rows = [cells for row in indicators for cells in _values(row, data.language)]
    states = Counter(row["state_word"] for row in indicators)
    said = data.ngettext(
        "The chart shows {number} indicator: {states}.", "The chart shows {number} indicators: {states}.",
        len(indicators), states=data.listed([f"{state} {count}" for state, count in states.most_common()]),
    )  # fmt: skip
    return Exhibit(
        __name__, kpi.CHARTS[group], "kpis", "04_kpi", chart=chart, rows=Rows(heads, rows, ["series", "figures"]),
        sentences=[said],
    )  # fmt: skip


def _values(row: panels.Row, language: str) -> list[list[Cell]]:
    """The values of an indicator, each with its line, or its source where a person added it."""
    cells: list[list[Cell]] = []
    for point in row["points"]:
        added = point["doc_id"] is None
        place = f"{point['source']} ({point['who']})" if added else f"{point['doc_id']} {point['first_line']}"
        year = years(point, language) or "–"
        derived = point["basis"] == "derived"
        kind = label("value_basis", "derived", language) if derived else label("kind", point["kind"], language)
        amount = amounts.amount(point["value"], row["measured_in"], language, point["comparator"], point["step"])
        cells.append([row["name"], kind, year, amount, point["edition"], place])
    return cells
