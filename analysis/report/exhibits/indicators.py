"""Exhibit without a chart: how many indicators there are, and which reached, keep to, or lag behind their path."""

import polars as pl

from analysis import kpi
from analysis.base.i18n import gettext_noop as N_
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, Finding, finding

NO_KPIS = N_("The {edition} document has no KPI parts.")
NO_INDICATORS = N_(
    "{figures} figures of the {edition} plan were read, but none belongs to an indicator of the register yet."
)  # fmt: skip
COUNTS = N_(
    "The plan speaks of {indicators} indicators: {reached} reached their target, {on_track} are on track, {behind} "
    "are behind, {open} have a target but too little to judge by, and {followed} have none to reach."
)


def exhibit(data: ReportData) -> Exhibit:
    figures = data.tables["figures"].filter(pl.col("edition") == data.edition)
    return Exhibit(
        __name__, "indicators", "kpis", "04_kpi",
        sentences=_sentences(figures, data), findings=[_finding(figures, data)],
    )  # fmt: skip


def _sentences(figures: pl.DataFrame, data: ReportData) -> list[str]:
    _ = data.gettext
    if not data.has_kpis:
        return [
            _(
                "The {edition} document has no KPI parts; targets that its measures state are shown where there are "
                "any.",
                edition=data.edition,
            )
        ]
    kinds = dict(figures.group_by("kind").len().iter_rows())
    result = [
        _(
            "{figures} figures of the {edition} plan were read ({targets} targets, {observations} observations); it "
            "gives values of {indicators} indicators.",
            figures=len(figures), edition=data.edition, targets=kinds.get("target", 0),
            observations=kinds.get("observation", 0), indicators=len(data.indicators),
        )
    ]  # fmt: skip
    groups = {
        N_("Reached: {names}."): [row["name"] for row in data.indicators if row["state"] == "reached"],
        N_("On track: {names}."): [row["name"] for row in data.indicators if row["state"] == "on_track"],
        N_("Behind the required path: {names}."): [
            row["name"] for row in data.indicators if row["state"] in kpi.BEHIND
        ],
        N_("Near a bound, so that the rounding of the published values leaves the state open: {names}."): [
            row["name"] for row in data.indicators if not row["sure"]
        ],
    }
    result += [_(said, names=data.listed(names)) for said, names in groups.items() if names]
    counts = {group: sum(row["group"] == group for row in data.indicators) for group in ("open", "followed")}
    if any(counts.values()):
        result += [
            _(
                "{open} targets cannot be judged yet, for want of dated values or of a year; {followed} further "
                "indicators are followed without a number to reach.",
                **counts,
            )
        ]
    return result


def _finding(figures: pl.DataFrame, data: ReportData) -> Finding:
    if not data.has_kpis:
        return finding(NO_KPIS, data.language, "kpis", {}, edition=data.edition)
    states = [row["state"] for row in data.indicators]
    if not states:
        return finding(NO_INDICATORS, data.language, "kpis", {"figures": len(figures)}, edition=data.edition)
    groups = {"reached": ["reached"], "on_track": ["on_track"], "behind": kpi.BEHIND, "open": kpi.OPEN}
    counts = {group: sum(state in among for state in states) for group, among in groups.items()}
    numbers: dict[str, object] = {"indicators": len(states), **counts, "followed": len(states) - sum(counts.values())}
    return finding(COUNTS, data.language, "indicators", numbers)
