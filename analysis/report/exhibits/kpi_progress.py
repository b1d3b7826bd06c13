"""Exhibits of the notebook, without a chart: every indicator with its latest value and its target, and what does not
agree."""

from collections import Counter
from typing import Any

from analysis import kpi
from analysis.kpi import amounts
from analysis.kpi.reasons import aim, years
from analysis.report.data import ReportData
from analysis.report.exhibit import Cell, Exhibit, Rows


def exhibit(data: ReportData) -> Exhibit | None:
    """Return each indicator's state, direction, latest value and target; None where the edition has none."""
    if not data.indicators:
        return None
    _ = data.gettext
    heads = [_("indicator"), _("state"), _("direction"), _("latest value"), _("target"),
             _("observed / required growth")]  # fmt: skip
    states = Counter(row["state_word"] for row in data.indicators)
    said = _(
        "The {indicators} indicators of {edition} by state: {states}.",
        indicators=len(data.indicators), edition=data.edition,
        states=data.listed([f"{state} {count}" for state, count in states.most_common()]),
    )  # fmt: skip
    return Exhibit(
        __name__, "progress", "", "04_kpi", sentences=[said],
        rows=Rows(heads, [_row(row, data) for row in data.indicators], ["progress", "series"]),
    )  # fmt: skip


def disagreements(data: ReportData) -> Exhibit | None:
    """Return the values of an indicator that do not agree, and targets set anew, over all documents; None where the
    edition has no indicators."""
    if not data.indicators:
        return None
    _ = data.gettext
    findings = kpi.disagreements(data.tables["contradictions"], data.tables["series"], data.language)
    heads = [_("indicator"), _("finding"), _("year"), _("one value"), _("document, lines"), _("other value"),
             _("document, lines")]  # fmt: skip
    rows: list[list[Cell]] = [
        [row["name"], row["finding"], None if row["year"] is None else str(row["year"]),
         *_side(row["one"]), *_side(row["other"])]
        for row in findings
    ]  # fmt: skip
    counts = Counter(row["finding"] for row in findings)
    said = _(
        "In all documents at hand, later ones too: {findings}.",
        findings=data.listed([f"{finding} {count}" for finding, count in counts.most_common()]),
    )
    shown = Rows(heads, rows, ["contradictions"]) if rows else None
    return Exhibit(
        __name__, "contradictions", "disagreements", "04_kpi",
        _("Values that do not agree, and targets set anew"), rows=shown,
        sentences=[said if rows else _("No two values of an indicator disagree beyond rounding.")], unfolded=True,
    )  # fmt: skip


def _side(side: dict[str, Any]) -> list[Cell]:
    return [side["value"], f"{side['doc_id']} {side['first_line']}" if side["doc_id"] else None]


def _row(row: dict[str, Any], data: ReportData) -> list[Cell]:
    ratio = "–" if row["ratio"] is None else f"{row['ratio']:.2f}".replace("-", "−")
    return [
        row["name"], row["state_word"], row["direction_word"] or "–", _value(row, "last_id", data),
        _value(row, "target_id", data), ratio,
    ]  # fmt: skip


def _value(row: dict[str, Any], which: str, data: ReportData) -> str:
    """The amount of a value of the series with its year."""
    value = next((point for point in row["points"] if point["value_id"] == row[which]), None)
    if value is None or value["value"] is None:
        return "–"
    if value["kind"] == "target":
        amount = aim(value, row["points"], row["measured_in"], data.language)
    else:
        amount = amounts.amount(value["value"], row["measured_in"], data.language, value["comparator"], value["step"])
    when = years(value, data.language)
    return data.gettext("{value} ({year})", value=amount, year=when) if when else amount
