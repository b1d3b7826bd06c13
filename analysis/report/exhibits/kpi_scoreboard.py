"""Exhibit without a chart: how many indicators have a target, a verdict, a direction, or nothing, and what changed."""

from typing import Any

import polars as pl

from analysis import kpi
from analysis.base.i18n import gettext_noop as N_
from analysis.kpi import amounts, direction, pace
from analysis.report.data import ReportData
from analysis.report.exhibit import Cell, Exhibit, Fact, Finding, Link, Rows, finding, joined
from analysis.tables.categories import DIRECTIONS
from analysis.tables.labels import label

NO_KPIS = N_("The {plan} has no KPI parts; indicators with a target in numbers that it names elsewhere: {target}.")
NO_INDICATORS = N_("{figures} figures of the {plan} were read, but none belongs to an indicator of the register yet.")
COUNTS = N_(
    "Are the targets being met? Indicators with a target in numbers: {target} of {indicators}. Of these met: {met}, on "
    "track: {on_track}, behind: {behind}, not to be judged yet: {open}."
)
STEPPED = N_("Of those on track, judged by two values a year apart, a step and no trend: {stepped}.")
METHOD = N_(
    "A verdict compares the observed growth with what the target requires; a direction says where the value goes, "
    "target or not. A change in the desired direction of at least {improving} a year counts as improving, at least "
    "{moderate} as moderate, less as stagnant; a change the wrong way as deteriorating (Statistics Canada's method, "
    "as in Open SDG); what the plan itself calls level is stagnant. Neither is made from the other, and an indicator "
    "can count in several rows."
)
HEADS = (N_("indicators with …"), N_("count"), N_("in the documents up to {earlier}"), N_("the indicators"))
BEFORE = 2  # the column that is left out where there are no documents before the edition's
Indicator = dict[str, Any]


def exhibit(data: ReportData) -> Exhibit:
    figures = data.tables["figures"].filter(pl.col("edition") == data.edition)
    shown = [n for n in range(len(HEADS)) if n != BEFORE or data.kpis_before is not None]
    heads = [data.gettext(HEADS[n], earlier=data.kpis_before) for n in shown]
    rows = Rows(heads, [[row[n] for n in shown] for row in _rows(data)], ["progress"])
    return Exhibit(
        __name__, "scoreboard", "kpis", "04_kpi", title=data.gettext("Scoreboard"), unfolded=True,
        sentences=_sentences(figures, data), findings=[_finding(figures, data)], rows=rows if data.indicators else None,
    )  # fmt: skip


def _groups(indicators: list[Indicator], data: ReportData) -> list[tuple[str, list[Indicator]]]:
    """Return what the scoreboard counts: a name in the page's language, and the indicators."""
    _ = data.gettext
    verdict = [row for row in indicators if row["group"] == "judged"]
    directed = [row for row in indicators if row["direction"]]
    aimed = [row for row in indicators if row["group"] in ("judged", "open")]
    return [
        (_("a target in numbers"), aimed),
        (_("— set by a Program"), [row for row in aimed if row["own"]]),
        (_("— set elsewhere, and quoted"), [row for row in aimed if not row["own"]]),
        (_("— a verdict"), verdict),
        (_("—— met"), [row for row in verdict if row["state"] in kpi.MET]),
        (_("—— on track"), [row for row in verdict if row["state"] == "on_track"]),
        (_("—— behind"), [row for row in verdict if row["state"] in kpi.BEHIND]),
        (_("— no verdict yet"), [row for row in indicators if row["group"] == "open"]),
        (_("a direction"), directed),
        *((f"— {label('direction', way, data.language)}", [row for row in directed if row["direction"] == way])
          for way in DIRECTIONS),
        (_("values with no desired direction"), [row for row in indicators if row["trend"] and row["wish"] == "watch"]),
        (_("no verdict, and fewer than two dated values"),
         [row for row in indicators if row["group"] != "judged" and not row["trend"]]),
    ]  # fmt: skip


def _rows(data: ReportData) -> list[list[Cell]]:
    before = dict(_groups(data.indicators_before, data))
    return [
        [name, len(rows), len(before[name]), [Link(row["name"], f"i-{row['indicator_id']}") for row in rows]]
        for name, rows in _groups(data.indicators, data)
        if rows or before[name]
    ]


def _sentences(figures: pl.DataFrame, data: ReportData) -> list[str]:
    _ = data.gettext
    if not data.has_kpis:
        said = N_("The {plan} has no KPI parts; targets that it states elsewhere are shown where there are any.")
        return [_(said, plan=data.plan())]
    stated = figures.drop_nulls("value")
    kinds = dict(stated.group_by("kind").len().iter_rows())
    result = [
        _(
            "Read from the {plan}: {figures} figures ({observations} observations, {targets} targets and {baselines} "
            "values that a target starts from), and {numberless} mentions of a target without a number. They are "
            "about {indicators} indicators.",
            figures=len(stated), plan=data.plan(), observations=kinds.get("observation", 0),
            targets=kinds.get("target", 0), baselines=kinds.get("baseline", 0),
            numberless=len(figures) - len(stated), indicators=len(data.indicators),
        )
    ]  # fmt: skip
    if not data.indicators:
        return result
    limits = {"improving": f"{100 * direction.IMPROVING:g}%", "moderate": f"{100 * direction.MODERATE:g}%"}
    return [*result, *_by_state(data), *_words(data), _(METHOD, **limits), *_changes(data)]


def _by_state(data: ReportData) -> list[str]:
    """The names of the indicators in each state, and of those whose state is not firm."""
    rows = data.indicators
    met = [row for row in rows if row["state"] in kpi.MET]
    groups = {
        N_("Met: {names}."): [row["name"] for row in met if not _early(row)],
        N_("Already at the level set for a year that lies ahead: {names}."): [
            data.gettext("{name} ({year})", name=row["name"], year=_target_year(row, data))
            for row in met
            if _early(row)
        ],
        N_("On track: {names}."): [row["name"] for row in rows if row["state"] == "on_track"],
        N_("Behind the required path: {names}."): [row["name"] for row in rows if row["state"] in kpi.BEHIND],
        N_("Near a bound, so that the rounding of the published values leaves the state open: {names}."): [
            row["name"] for row in rows if not row["sure"]
        ],
        N_("Fragile, since the next value may well change the state (the table says which would): {names}."): [
            row["name"] for row in rows if row["fragile"]
        ],
    }
    return [data.gettext(said, names=data.listed(names)) for said, names in groups.items() if names]


def _early(row: Indicator) -> bool:
    """Whether an indicator is at the level of its target before the target's year."""
    return row["state"] == "reached" and row["target_year"] is not None and row["last_year"] < row["target_year"]


def _target_year(row: Indicator, data: ReportData) -> str:
    fiscal = any(point["fiscal"] for point in row["points"] if point["value_id"] == row["target_id"])
    return amounts.year(row["target_year"], fiscal, data.language)


def _words(data: ReportData) -> list[str]:
    """What “behind” means, by its states, and which verdicts rest on a step from one year to the next."""
    states = [row["state"] for row in data.indicators]
    behind = [label("state", state, data.language) for state in kpi.BEHIND if state in states]
    said = [data.gettext("“Behind” stands for: {states}.", states=data.listed(behind))] if behind else []
    stepped = [row["name"] for row in _steps(data)]
    if stepped:
        told = N_("Judged by two values a year apart, a step and no trend: {names}.")
        said.append(data.gettext(told, names=data.listed(stepped)))
    return said


def _steps(data: ReportData) -> list[Indicator]:
    """The indicators whose verdict rests on two values a year apart."""
    return [row for row in data.indicators if row["state"] in pace.PACED and "adjacent" in row["caveats"]]


def _changes(data: ReportData) -> list[str]:
    """Return what changed since the last edition that has values of indicators, in two sentences at most."""
    _ = data.gettext
    if data.kpis_before is None:
        return []
    before, now = ({row["indicator_id"]: row for row in rows} for rows in (data.indicators_before, data.indicators))
    both = [key for key in now if key in before]
    # what had no target was no KPI that anybody knew of then
    then = {key: _("no target yet") if row["group"] == "followed" else row["state_word"] for key, row in before.items()}
    moved = [
        _("{name}: {before} → {now}", name=now[key]["name"], before=then[key], now=now[key]["state_word"])
        for key in both
        if before[key]["state"] != now[key]["state"]
    ]
    silent = [row["name"] for key, row in before.items() if key not in now]
    result = [
        _(
            "Against the documents up to {earlier}: in another state {moved}, in the same one {same}, with a figure in "
            "the {plan} only {new}, with one in the documents up to {earlier} only {silent}. A figure that is worded "
            "otherwise may not have been recognised.",
            earlier=data.kpis_before, plan=data.plan(), moved=len(moved), same=len(both) - len(moved),
            new=len(now) - len(both), silent=len(silent),
        )
    ]  # fmt: skip
    if moved:
        result.append(_("In another state: {changes}.", changes=data.chained(moved)))
    if silent:
        result.append(_("Without a figure in the {plan}: {names}.", plan=data.plan(), names=data.listed(silent)))
    return result


def _finding(figures: pl.DataFrame, data: ReportData) -> Finding:
    target = sum(row["group"] in ("judged", "open") for row in data.indicators)
    if not data.has_kpis:
        place = "rows-scoreboard" if data.indicators else "kpis"
        return finding(NO_KPIS, data.language, place, {"target": target}, plan=data.plan())
    if not data.indicators:
        numbers = {"figures": len(figures.drop_nulls("value"))}
        return finding(NO_INDICATORS, data.language, "figures", numbers, plan=data.plan())
    states = [row["state"] for row in data.indicators]
    groups = {"met": kpi.MET, "on_track": ["on_track"], "behind": kpi.BEHIND, "open": kpi.OPEN}
    counts: dict[str, object] = {
        group: Fact(sum(state in among for state in states), "rows-scoreboard") for group, among in groups.items()
    }
    counts |= {"indicators": Fact(len(states), "indicators"), "target": target}
    stepped = sum(row["state"] == "on_track" for row in _steps(data))
    parts = [finding(COUNTS, data.language, "rows-scoreboard", counts)]
    if stepped:
        parts.append(finding(STEPPED, data.language, "rows-scoreboard", {"stepped": stepped}))
    return joined(*parts)
