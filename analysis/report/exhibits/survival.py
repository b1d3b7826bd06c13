"""Exhibit without a chart: how many initiatives of each cohort are still found."""

import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.continuity import turnover_values
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, called, percents, rows_of
from analysis.tables import editions

HEADS = {
    "cohort": N_("initiatives"), "initiatives": N_("number"), "survival": N_("still found in {year}"),
    "initiatives_any": N_("number, a successor counted as the same"), "survival_any": N_("still found in {year}"),
}  # fmt: skip
ENDS = ("latest", "earliest")  # when what is no longer found can have ended


def exhibit(data: ReportData) -> Exhibit | None:
    """Return how much of each cohort is left, as a table; None where nothing can end. Curves between the editions would
    show what is not known: when the others left. Nor in the report of an edition that others have followed."""
    survival = data.tables["survival"]
    table = survival.filter(relation="same")
    if table.is_empty() or not data.latest:
        return None
    names, year = _cohorts(table, data), int(table["year"].max())  # type: ignore[arg-type]
    left = survival.filter(year=year, assigned="latest").with_columns(percents("survival"))
    same, either = (left.filter(relation=relation) for relation in ("same", "any"))
    listed = same.join(either, on="cohort", how="left", suffix="_any").sort(
        pl.col("cohort").str.contains(r"^\d+$"), "cohort"
    )
    listed = listed.with_columns(called("cohort", names.__getitem__))
    heads = {name: data.gettext(head, year=year) for name, head in HEADS.items()}
    return Exhibit(
        __name__, "survival", "turnover", "03_continuity", title=data.gettext("How many initiatives are still found"),
        rows=rows_of(listed, heads, ["survival"], data.language), sentences=sentences(data),
    )  # fmt: skip


def _cohorts(table: pl.DataFrame, data: ReportData) -> dict[str, str]:
    """The cohorts in the order they are shown, and what to call each."""
    _, documents = data.gettext, data.tables["documents"]
    full = documents.filter(pl.col("kind") == "full")["edition"].to_list()
    cohorts = table["cohort"].unique()
    first = min((int(cohort) for cohort in cohorts if cohort.isdigit()), default=0)
    names = {}
    for cohort in sorted(cohorts, key=lambda cohort: (cohort.isdigit(), cohort)):
        own = table.filter((pl.col("cohort") == cohort) & (pl.col("assigned") == "latest"))
        if not cohort.isdigit():
            entry = own.sort("year").row(0, named=True)
            at_once = entry["at_risk"] == entry["initiatives"]
            estimate = _("first seen in a full plan (estimate by Kaplan–Meier)")
            names[cohort] = _("first seen in a full plan") if at_once else estimate
        elif own["year"].min() not in full:
            names[cohort] = _("first seen in the {plan}", plan=data.plan(cohort))
        elif int(cohort) == first:
            names[cohort] = _("begun in or before {year}", year=cohort)
        else:
            names[cohort] = _("begun in {year}", year=cohort)
    return names


def sentences(data: ReportData) -> list[str]:
    """How many initiatives of full plans are still found, when the others ended, and how little absence proves."""
    _, survival = data.gettext, data.tables["survival"]
    curves = {key: rows.sort("year") for key, rows in survival.group_by(["relation", "cohort", "assigned"])}
    latest, earliest = (curves.get(("same", "full", end)) for end in ENDS)
    if latest is None or earliest is None:
        return []
    start, last = latest.row(0, named=True), latest.row(-1, named=True)
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
            "Of {count} initiatives first seen in the {start} plan or its roadmap {share} would still be found in "
            "{year} as the same initiative or merged into one. That is an estimate (Kaplan–Meier), in which {more} "
            "that a later full plan began count from then on; where successors count, too, it is {any} (of {any_count} "
            "in all).",
            more=more, **values,
        )  # fmt: skip
    else:
        still = _(
            "Of {count} initiatives first seen in the {start} plan or its roadmap, {share} are still "
            "found in {year} as the same initiative or merged into one; where successors count, too, {any} of "
            "{any_count}.",
            **values,
        )  # fmt: skip
    return [
        still,
        _counted(data),
        _(
            "By the year begun (or before, for the first): {cohorts}. A roadmap keeps of earlier plans only what is "
            "still followed, so that older initiatives seem to last longer than they do.",
            cohorts=data.listed(cohorts),
        ),
        _when(latest, earliest, data),
        *_absence(data),
    ]  # fmt: skip


def _when(latest: pl.DataFrame, earliest: pl.DataFrame, data: ReportData) -> str:
    """How little is known of when initiatives ended: between the last document that has them and the next full plan."""
    missed = latest.filter(pl.col("ended") > 0)["year"]
    after, last = earliest.row(1, named=True), latest["year"][-1]
    values = {"early": percent(after["survival"]), "next": after["year"]}
    if missed.is_empty() or missed[0] == last:
        return data.gettext(
            "When the others left the plans is not known: at one extreme all of them went on until {year}, at the "
            "other only {early} were left in {next}.",
            year=last, **values,
        )  # fmt: skip
    return data.gettext(
        "When the others left the plans is not known: at one extreme those that the {missed} plan does not have went "
        "on until just before it, at the other only {early} were left in {next}.",
        missed=missed[0], **values,
    )  # fmt: skip


def _counted(data: ReportData) -> str:
    """Why these numbers are not those of the list of initiatives."""
    return data.gettext(
        "An initiative that was split off from another counts here as a part of it, and where successors count, one "
        "that took over from another, too: so there are fewer here than in the list of initiatives."
    )


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
