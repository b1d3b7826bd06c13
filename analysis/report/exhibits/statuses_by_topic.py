"""Exhibits: what became of the earlier edition's measures, and where the later one's come from, by topic."""

import altair as alt
import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.coding import codebooks
from analysis.report.charts import bars
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, Fact, Finding, Rows, called, finding, joined, rows_of
from analysis.tables import editions, ministries, summary_statistics
from analysis.tables.labels import LABELS, label

CARRIED = N_(
    "Of {total} of the {earlier}, {continued} go on in the {later}, {evolved} evolved into others there and {ended} "
    "are not found in it: {share} are carried over."
)
BOUNDS = N_("Depending on the {doubtful} in doubt, it may be {lowest} to {highest}.")
SILENT = N_("The {later} is no plan: what it does not name may well go on, and nothing can be said to have ended.")
NEW = N_(
    "Of {whole} of the {later}, {new} ({share}) have no forerunner in the {earlier}; {first} ({first_share}) have none "
    "in any earlier document at hand."
)
CAUTION = N_(
    "Links by likeness are proposals of a model, with a probability each; whether a measure evolved or has no "
    "successor is where it errs most."
)


def ended(data: ReportData) -> Exhibit:
    """Return what became of the earlier edition's measures."""
    _ = data.gettext
    if data.alone:
        alone = _(
            "The edition is compared with itself: there is nothing to follow. Choose another baseline to see what "
            "became of its measures."
        )
        return Exhibit(__name__, "ended", "continuity", "03_continuity", sentences=[alone])
    said = _carried(data)
    title = alt.TitleParams(
        _("What became of the {edition} by the {other}", edition=data.plan(data.earlier), other=data.plan(data.later)),
        subtitle=_("continued: the same initiative goes on; evolved: another takes over its goal"),
    )
    chart, rows = _chart_and_rows(data, data.earlier, data.later, title)
    return Exhibit(
        __name__, "ended", "continuity", "03_continuity", chart=chart, rows=rows,
        sentences=[said.text, *_kinds_of_change(data), *_endings(data)], findings=[said],
    )  # fmt: skip


def _carried(data: ReportData) -> Finding:
    """What became of the earlier edition's measures, which bounds doubt leaves to that, and what a summary hides."""
    seen = _seen(data, data.earlier, data.later)
    became = dict(seen.group_by("status").len().iter_rows())
    counts = {status: became.get(status, 0) for status in ("continued", "evolved", "ended")}
    linked, doubt = len(seen) - counts["ended"], dict(seen.filter("doubtful").group_by("status").len().iter_rows())
    numbers: dict[str, object] = {
        "total": data.measures(len(seen), data.earlier), "share": percent(linked, len(seen)),
        **{status: Fact(count, f"outcome-{status}") for status, count in counts.items()},
    }  # fmt: skip
    sides = {name: data.plan(getattr(data, name)) for name in ("earlier", "later")}
    parts = [finding(CARRIED, data.language, "rows-ended", numbers, **sides)]
    if doubt:
        lowest = linked - doubt.get("continued", 0) - doubt.get("evolved", 0)
        bounds = {"doubtful": sum(doubt.values()), "lowest": percent(lowest, len(seen)),
                  "highest": percent(linked + doubt.get("ended", 0), len(seen))}  # fmt: skip
        parts.append(finding(BOUNDS, data.language, "rows-ended", bounds))
    if not data.whole:
        parts.append(finding(SILENT, data.language, "", {}, later=sides["later"]))
    return joined(*parts)


def _kinds_of_change(data: ReportData) -> list[str]:
    """What became of the measures that go on in more detail, and in how many ministries or horizon changed."""
    seen = _seen(data, data.earlier, data.later).filter(status="continued")
    if seen.is_empty():
        return []
    counts = dict(seen.group_by("change").len().iter_rows())
    kinds = [
        f"{label('kind_of_change', kind, data.language)} {counts[kind]}"
        for kind in LABELS["kind_of_change"]
        if kind in counts
    ]
    numbers = {name: int(seen["changed"].list.contains(name).sum()) for name in ("ministries", "horizon")}
    return [
        data.gettext(
            "Those that go on in the {plan} as the same initiative: {kinds}. Other ministries in charge than their "
            "closest partner: {ministries}; another horizon: {horizon}.",
            plan=data.plan(data.later), kinds=data.listed(kinds), **numbers,
        ),
        *_unknown_bodies(data),
    ]  # fmt: skip


def _unknown_bodies(data: ReportData) -> list[str]:
    """Which bodies of the later edition may be renamed ones: the register does not know them."""
    named = data.tables["measures"].filter(editions.column() == data.later)["ministries"].explode().drop_nulls()
    unknown = sorted(name for name in set(named) if not ministries.known(name))
    if not unknown:
        return []
    return [
        data.gettext(
            "The register of bodies (data/curated/ministries.toml) does not know {bodies}: whatever they have taken "
            "over counts as another ministry's.",
            bodies=data.listed(unknown),
        )
    ]  # fmt: skip


def _endings(data: ReportData) -> list[str]:
    """What documents say of the measures that are not found, where somebody coded it (codebook `endings`)."""
    seen = _seen(data, data.earlier, data.later).filter(status="ended")["measure_id"]
    coded = data.tables["endings"].filter(pl.col("unit_id").is_in(seen.implode())).drop_nulls("ending")
    if coded.is_empty():
        return []
    counts = dict(coded.group_by("ending").len().iter_rows())
    parts = [
        f"{_lower(getattr(category, f'name_{data.language}'))} {counts[category.category_id]}"
        for category in codebooks.codebook("endings").categories("ending")
        if category.category_id in counts
    ]
    said = data.gettext(
        "That something is not found in the {plan} does not say whether or how it ended. Examined, for what the "
        "documents at hand say of it: {coded} of {gone}; {endings}.",
        plan=data.plan(data.later), gone=len(seen), coded=len(coded), endings=data.listed(parts),
    )  # fmt: skip
    rest = len(seen) - len(coded)
    return [said, data.gettext("Not examined: {rest}.", rest=rest)] if rest else [said]


def _lower(name: str) -> str:
    """A category's name in running text: with a small first letter."""
    return name[:1].lower() + name[1:]


def origin(data: ReportData) -> Exhibit | None:
    """Return where the later edition's measures come from; None where nothing is compared."""
    if data.alone:
        return None
    _, seen = data.gettext, _seen(data, data.later, data.earlier)
    counts, whole = dict(seen.group_by("status").len().iter_rows()), len(seen)
    first, new = counts.get("new", 0), counts.get("new", 0) + counts.get(summary_statistics.ELSEWHERE, 0)
    caution = [_(CAUTION)] if data.model_decides else []
    sides = {name: data.plan(getattr(data, name)) for name in ("earlier", "later")}
    title = alt.TitleParams(
        _("Where the {edition} comes from, seen from the {other}", edition=sides["later"], other=sides["earlier"]),
        subtitle=_(
            "new: no forerunner in any earlier document at hand; known elsewhere: not in that one, but in another"
        ),
    )
    chart, rows = _chart_and_rows(data, data.later, data.earlier, title)
    numbers: dict[str, object] = {
        "new": new, "share": percent(new, whole), "whole": Fact(data.measures(whole, data.later), "rows-origin"),
        "first": Fact(first, "rows-origin"), "first_share": Fact(percent(first, whole), "rows-origin"),
    }  # fmt: skip
    said = finding(NEW, data.language, "outcome-new", numbers, **sides)
    return Exhibit(
        __name__, "origin", "continuity", "03_continuity",
        chart=chart, rows=rows, sentences=[said.text, *caution], findings=[said],
    )  # fmt: skip


def _seen(data: ReportData, edition: str, other: str) -> pl.DataFrame:
    return summary_statistics.with_elsewhere(data.statuses, edition, other)


def _chart_and_rows(
    data: ReportData, edition: str, other: str, title: alt.TitleParams
) -> tuple[alt.Chart | None, Rows | None]:
    """Return stacked bars by topic and their rows; None where nothing is compared."""
    __, assignments, topics = data.topic_tables
    counts = summary_statistics.by_topic(_seen(data, edition, other), assignments, topics)
    if counts.is_empty():
        return None, None
    name = f"name_{data.language}"
    heads = {name: N_("topic"), "status": N_("outcome"), "measures": N_("measures"), "doubtful": N_("in doubt"),
             "measure_ids": N_("which")}  # fmt: skip
    listed = counts.with_columns(called("status", lambda status: label("status", status, data.language)))
    return bars.by_status(counts, name, title, data.language), rows_of(
        listed, heads, ["statuses", "links"], data.language
    )
