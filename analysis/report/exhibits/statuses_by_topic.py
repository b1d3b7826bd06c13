"""Exhibits: what became of the earlier edition's measures, and where the later one's come from, by topic."""

import altair as alt
import polars as pl

from analysis.base.i18n import gettext, percent
from analysis.base.i18n import gettext_noop as N_
from analysis.coding import codebooks
from analysis.report.charts.base import STATUS_COLOURS, WIDTH, described, names_axis
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, Fact, Rows, called, finding, rows_of
from analysis.tables import editions, ministries, summary_statistics
from analysis.tables.labels import LABELS, label

CARRIED = N_(
    "Of the {total} measures of {earlier}, {continued} go on in {later}, {evolved} evolved into others and {ended} "
    "have no successor there: {share} ({low}–{high}) were carried over."
)
NEW = N_("Of the {whole} measures of {later}, {new} ({share}) have no forerunner in {earlier}.")

CAUTION = N_(
    "Links by likeness are proposals of a model, with a probability each; whether a measure evolved or ended is where "
    "it errs most."
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
    became = dict(_seen(data, data.earlier, data.later).group_by("status").len().iter_rows())
    linked, total = summary_statistics.carry_over(data.tables["statuses"], data.earlier, data.later)
    counts = {status: became.get(status, 0) for status in ("continued", "evolved", "ended")}
    low, high = map(percent, summary_statistics.interval(linked, total))
    sides = {"earlier": data.earlier, "later": data.later}
    numbers: dict[str, object] = {"total": total, "share": percent(linked, total), "low": low, "high": high}
    said = _(
        "Of the {total} measures of {baseline}, {continued} go on in {edition}, {evolved} evolved into another and "
        "{ended} have no successor: {share} ({low}–{high}) were carried over.",
        baseline=data.earlier, edition=data.later, **numbers, **counts,
    )  # fmt: skip
    places = {"continued": "rows-ended", "evolved": "outcome-evolved", "ended": "outcome-ended"}
    facts = {status: Fact(count, places[status]) for status, count in counts.items()}
    title = alt.TitleParams(
        _("What became of the {edition} measures by {other}", edition=data.earlier, other=data.later),
        subtitle=_("continued: the same initiative goes on; evolved: another takes over its goal"),
    )
    chart, rows = _chart_and_rows(data, data.earlier, data.later, title)
    found = finding(CARRIED, data.language, "rows-ended", numbers | facts, **sides)
    return Exhibit(
        __name__, "ended", "continuity", "03_continuity",
        chart=chart, rows=rows, sentences=[said, *_kinds_of_change(data), *_endings(data)], findings=[found],
    )  # fmt: skip


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
            "Of those that go on in {edition} as the same initiative: {kinds}. Beside their closest partner, "
            "{ministries} name other ministries in charge and {horizon} another horizon.",
            edition=data.later, kinds=data.listed(kinds), **numbers,
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
    """How the measures that ended came to their end, where somebody coded it (codebook `endings`)."""
    gone = _seen(data, data.earlier, data.later).filter(status="ended")["measure_id"].implode()
    coded = data.tables["endings"].filter(pl.col("unit_id").is_in(gone)).drop_nulls("ending")
    if coded.is_empty():
        return []
    counts = dict(coded.group_by("ending").len().iter_rows())
    parts = [
        f"{getattr(category, f'name_{data.language}')} {counts[category.category_id]}"
        for category in codebooks.codebook("endings").categories("ending")
        if category.category_id in counts
    ]
    return [
        data.gettext(
            "That a measure is not found in {edition} does not say how it ended. What the documents at hand say was "
            "coded for {coded} of them: {endings}.",
            edition=data.later, coded=len(coded), endings=data.listed(parts),
        )
    ]  # fmt: skip


def origin(data: ReportData) -> Exhibit | None:
    """Return where the later edition's measures come from; None where nothing is compared."""
    if data.alone:
        return None
    _, seen = data.gettext, _seen(data, data.later, data.earlier)
    new, whole = len(seen.filter(pl.col("status") == "new")), len(seen)
    share = percent(new, whole)
    said = _(
        "Of the {total} measures of {edition}, {new} ({share}) have no forerunner in {baseline}.",
        baseline=data.earlier, edition=data.later, total=whole, new=new, share=share,
    )  # fmt: skip
    caution = [_(CAUTION)] if data.model_decides else []
    title = alt.TitleParams(
        _("Where the {edition} measures come from, seen from {other}", edition=data.later, other=data.earlier),
        subtitle=_("new: no forerunner was found in the earlier edition"),
    )
    chart, rows = _chart_and_rows(data, data.later, data.earlier, title)
    numbers: dict[str, object] = {"new": new, "share": share, "whole": Fact(whole, "rows-origin")}
    found = finding(NEW, data.language, "outcome-new", numbers, earlier=data.earlier, later=data.later)
    return Exhibit(
        __name__, "origin", "continuity", "03_continuity",
        chart=chart, rows=rows, sentences=[said, *caution], findings=[found],
    )  # fmt: skip


def _seen(data: ReportData, edition: str, other: str) -> pl.DataFrame:
    return summary_statistics.seen_from(data.tables["statuses"], edition, other)


def _chart_and_rows(
    data: ReportData, edition: str, other: str, title: alt.TitleParams
) -> tuple[alt.Chart | None, Rows | None]:
    """Return stacked bars by topic and their rows; None where nothing is compared."""
    __, assignments, topics = data.topic_tables
    counts = summary_statistics.statuses_by_topic(data.tables["statuses"], assignments, topics, edition, other)
    if counts.is_empty():
        return None, None
    name = f"name_{data.language}"
    heads = {name: N_("topic"), "status": N_("outcome"), "measures": N_("measures")}
    listed = counts.with_columns(called("status", lambda status: label("status", status, data.language)))
    return _chart(counts, name, title, data.language), rows_of(listed, heads, ["statuses", "links"], data.language)


def _chart(counts: pl.DataFrame, name: str, title: alt.TitleParams, language: str) -> alt.Chart:
    statuses = [status for status in STATUS_COLOURS if status in counts["status"].unique().to_list()]
    words = {status: label("status", status, language) for status in statuses}
    data = counts.with_columns(
        label=pl.col("status").replace_strict(words),
        place=pl.col("status").replace_strict({status: n for n, status in enumerate(statuses)}),
    )
    largest = counts.group_by(name).agg(pl.col("measures").sum()).sort(["measures", name], descending=[True, False])
    totals = dict(data.group_by("status").agg(pl.col("measures").sum()).iter_rows())
    chart = alt.Chart(data).mark_bar(height={"band": 0.75}).encode(
        y=names_axis(f"{name}:N", largest[name].to_list()),
        x=alt.X("sum(measures):Q", title=gettext("measures", language)),
        color=alt.Color("label:N", title=None, sort=None, scale=alt.Scale(
            domain=list(words.values()), range=[STATUS_COLOURS[status] for status in statuses])),
        order=alt.Order("place:Q"),
        tooltip=[f"{name}:N", "label:N", "measures:Q"],
    )  # fmt: skip
    rows = [f"{words[status]} {totals[status]}" for status in statuses]
    return chart.properties(
        width=WIDTH - 170, height=alt.Step(22), title=title, description=described(title.text, rows, language)
    )
