"""Exhibit: how many initiatives of each cohort are still found, year by year."""

import altair as alt
import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.continuity import turnover_values
from analysis.report.charts import survival_curves
from analysis.report.charts.base import described
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, called, percents, rows_of
from analysis.tables import editions
from analysis.tables.labels import label

COLUMNS = 3
HEADS = {
    "cohort": N_("initiatives"), "assigned": N_("read as"), "year": N_("year"), "initiatives": N_("number"),
    "survival": N_("still found"),
}  # fmt: skip


def exhibit(data: ReportData) -> Exhibit | None:
    """Return the curves of the same initiatives; None where nothing can end."""
    table = data.tables["survival"].filter(pl.col("relation") == "same")
    if table.is_empty():
        return None
    names, assigned = _cohorts(table, data), {end: label("assigned", end, data.language) for end in ENDS}
    listed = table.sort("cohort", "assigned", "year").with_columns(
        called("cohort", names.__getitem__), called("assigned", assigned.__getitem__),
        percents("survival"),
    )  # fmt: skip
    return Exhibit(
        __name__, "survival", "turnover", "03_continuity",
        chart=_chart(table, names, assigned, data), rows=rows_of(listed, HEADS, ["survival"], data.language),
        sentences=sentences(data),
    )  # fmt: skip


ENDS = ("latest", "earliest")  # when what is no longer found can have ended


def _chart(table: pl.DataFrame, names: dict[str, str], assigned: dict[str, str], data: ReportData) -> alt.ConcatChart:
    """Return step curves, a panel a cohort."""
    _, years = data.gettext, (int(table["year"].min()), int(table["year"].max()))  # type: ignore[arg-type]
    panels = [
        survival_curves.panel(table.filter(pl.col("cohort") == cohort), name, assigned, years, _("at risk"))
        for cohort, name in names.items()
    ]
    last = table.filter((pl.col("year") == years[1]) & (pl.col("assigned") == "latest")).sort("cohort")
    rows = [f"{names[row['cohort']]}: {years[1]} {percent(row['survival'])}" for row in last.iter_rows(named=True)]
    title = _("How many initiatives are still found")
    subtitle = _(
        "Kaplan–Meier, by the year begun; that something is not found is only seen in full plans: it left between the "
        "curves"
    )
    # all at once: each method of a finished chart, such as properties(), copies the whole of it
    return alt.concat(
        *panels, columns=COLUMNS, spacing={"row": 22, "column": 26},
        resolve=alt.Resolve(scale=alt.ScaleResolveMap(color="shared", strokeDash="shared")),
        title=alt.TitleParams(title, subtitle=subtitle), description=described(title, rows, data.language),
    )  # fmt: skip


def _cohorts(table: pl.DataFrame, data: ReportData) -> dict[str, str]:
    """The cohorts in the order they are shown, and what to call each, with its size."""
    _, documents = data.gettext, data.tables["documents"]
    full = documents.filter(pl.col("kind") == "full")["edition"].to_list()
    cohorts = table["cohort"].unique()
    first = min((int(cohort) for cohort in cohorts if cohort.isdigit()), default=0)
    names = {}
    for cohort in sorted(cohorts, key=lambda cohort: (cohort.isdigit(), cohort)):
        own = table.filter((pl.col("cohort") == cohort) & (pl.col("assigned") == "latest"))
        values = {"year": cohort, "count": own["initiatives"][0]}
        if not cohort.isdigit():
            names[cohort] = _("first seen in a full plan (n = {count})", count=own["initiatives"][0])
        elif own["year"].min() not in full:
            names[cohort] = _("first seen in the {plan} (n = {count})", plan=data.plan(cohort), **values)
        elif int(cohort) == first:
            names[cohort] = _("begun in or before {year} (n = {count})", **values)
        else:
            names[cohort] = _("begun in {year} (n = {count})", **values)
    return names


def sentences(data: ReportData) -> list[str]:
    """How many initiatives of full plans are still found, when the others ended, and how little absence proves."""
    _, survival = data.gettext, data.tables["survival"]
    curves = {key: rows.sort("year") for key, rows in survival.group_by(["relation", "cohort", "assigned"])}
    latest, earliest = (curves.get(("same", "full", end)) for end in ENDS)
    if latest is None or earliest is None:
        return []
    start, last, after = latest.row(0, named=True), latest.row(-1, named=True), earliest.row(1, named=True)
    every = curves["any", "full", "latest"].row(-1, named=True)
    cohorts = [
        _("{share} of {year}", year=cohort, share=percent(curves["same", cohort, "latest"]["survival"][-1]))
        for cohort in sorted(survival["cohort"].unique())
        if cohort.isdigit() and curves["same", cohort, "latest"]["year"][0] == start["year"]
    ]  # fmt: skip
    values = {
        "share": percent(last["survival"]),
        "start": start["year"],
        "year": last["year"],
        "count": start["at_risk"],
    }
    values |= {"any": percent(every["survival"]), "any_count": every["initiatives"]}
    if more := start["initiatives"] - start["at_risk"]:
        still = _(
            "Of {count} initiatives first seen in the {start} plan or its roadmap, and of {more} that a later full "
            "plan began, {share} (Kaplan–Meier) are still found in {year} as the same initiative; where "
            "successors count, too, {any} of {any_count}.",
            more=more, **values,
        )  # fmt: skip
    else:
        still = _(
            "Of {count} initiatives first seen in the {start} plan or its roadmap, {share} are still "
            "found in {year} as the same initiative; where successors count, too, {any} of {any_count}.",
            **values,
        )  # fmt: skip
    return [
        still,
        _(
            "By the year begun (or before, for the first): {cohorts}. A roadmap keeps of earlier plans only what is "
            "still followed, so that older initiatives seem to last longer than they do.",
            cohorts=data.listed(cohorts),
        ),
        _(
            "When the others left the plans is not known: at one extreme all of them went on until {year}, at the "
            "other only {early} were left in {next}.",
            year=last["year"], early=percent(after["survival"]), next=after["year"],
        ),
        *_absence(data),
    ]  # fmt: skip


def _absence(data: ReportData) -> list[str]:
    """Of the items of earlier plans that a roadmap lists, how many the plan's own text has: all of them go on."""
    measures, result = data.tables["measures"], []
    listed = measures.filter(
        ~pl.col("part").is_in(editions.OWN_PARTS) & (pl.col("part") != pl.col("edition").cast(pl.String))
    )
    for edition in listed["edition"].unique().sort():
        parts = listed.filter(pl.col("edition") == edition)["part"].unique().sort()
        rows = [
            turnover_values.value(data.tables["turnover"], f"R{part}", str(edition), "carried", data.strictness)
            for part in parts
        ]
        count, total = (sum(row[key] for row in rows) for key in ("count", "total"))
        result.append(
            data.gettext(
                "Absence proves little: of the {total} items of earlier plans that the {year} roadmap lists as going "
                "on, the {year} plan's own text has a counterpart for {share}.",
                total=total, year=edition, share=percent(count, total),
            )
        )  # fmt: skip
    return result
