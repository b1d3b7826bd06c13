"""Exhibit: which body in charge is named by how many of the edition's measures."""

import altair as alt
import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.report.charts import bars
from analysis.report.charts.base import BLUE
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, Fact, Finding, called, finding, rows_of

SHOWN = 20
PALE = "#a9c6e3"
FINDING = N_(
    "The body named most often as in charge is {first} ({first_count} of {measures}), then {second} ({second_count})."
)  # fmt: skip
HEADS = {"body": N_("body"), "measures": N_("measures"), "joint": N_("with others"), "measure_ids": N_("which")}


def exhibit(data: ReportData) -> Exhibit:
    if not data.counts_bodies:
        sentence = data.gettext(
            "Who is in charge is said of {named} of {measures}: too few to be charted.",
            named=data.named, measures=data.measures(len(data.counted)),
        )  # fmt: skip
        return Exhibit(__name__, "ministries", "structure", "01_clean", sentences=[*_sentences(data), sentence])
    table = data.bodies.with_columns(called("body", data.body))
    return Exhibit(
        __name__, "ministries", "structure", "01_clean",
        chart=_chart(table, data),
        rows=rows_of(table, HEADS, ["measures"], data.language),
        sentences=_sentences(data),
        findings=_findings(table, data),
    )  # fmt: skip


def _chart(table: pl.DataFrame, data: ReportData) -> alt.LayerChart:
    _ = data.gettext
    shown = table.head(SHOWN).select("measures", "joint", label="body", alone=pl.col("measures") - pl.col("joint"))
    first = shown.row(0, named=True)
    title = alt.TitleParams(
        _("Who is in charge, {edition}", edition=data.edition),
        subtitle=_("measures that name the body, alone or with others"),
    )
    description = _(
        "Bars: measures of the {plan} by body in charge; named most often: {first} ({count}).",
        plan=data.plan(), first=first["label"], count=first["measures"],
    )  # fmt: skip
    states = {"alone": (_("alone"), BLUE), "joint": (_("with others"), PALE)}
    return bars.stacked(shown, states, 22, _("measures"), title, description)


def _sentences(data: ReportData) -> list[str]:
    if data.bodies.is_empty() or not data.counts_bodies:
        return []
    first = data.bodies.row(0, named=True)
    return [
        data.gettext(
            "Of {measures}, {named} ({share}) name a body in charge. The body named most often is {first} ({count}).",
            measures=data.measures(len(data.counted)), named=data.named, share=percent(data.named, len(data.counted)),
            first=data.body(first["body"]), count=first["measures"],
        ),
        *_nameless(data),
    ]  # fmt: skip


def _nameless(data: ReportData) -> list[str]:
    """How many measures leave open who is in charge; nothing where none does."""
    if not data.nameless:
        return []
    return [
        data.gettext(
            "Words that leave open which body is meant (関係府省, 関係省庁) do not count as bodies; measures that say "
            "nothing else of who is in charge: {nameless}.",
            nameless=data.nameless,
        )
    ]


def _findings(table: pl.DataFrame, data: ReportData) -> list[Finding]:
    if len(table) < 2:
        return []
    first, second = (table.row(place, named=True) for place in (0, 1))
    numbers = {"measures": Fact(data.measures(len(data.counted)), "rows-sections"),
               "first_count": first["measures"], "second_count": second["measures"]}  # fmt: skip
    names = {"first": first["body"], "second": second["body"]}
    return [finding(FINDING, data.language, "rows-ministries", numbers, **names)]
