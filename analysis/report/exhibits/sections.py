"""Exhibit: the edition's measures by section, in the plan's own order."""

import altair as alt
import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.report.charts import bars
from analysis.report.charts.base import BLUE, GREY
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, Rows, called, finding, rows_of
from analysis.tables import headings
from analysis.tables.labels import LABELS

FINDING = N_("The {edition} plan states {measures} measures in {sections} sections.")


def exhibit(data: ReportData) -> Exhibit:
    counts = {"measures": len(data.own), "sections": len(data.sections)}
    return Exhibit(
        __name__, "sections", "structure", "01_clean",
        chart=_chart(data),
        rows=_rows(data),
        sentences=_sentences(data),
        findings=[finding(FINDING, data.language, "rows-sections", counts, edition=data.edition)],
    )  # fmt: skip


def _chart(data: ReportData) -> alt.LayerChart:
    _, table = data.gettext, data.sections
    labels = headings.section_labels(table.select("section", "section_title").iter_rows(), data.language)
    shown = table.select(
        "measures", "repeated", label=pl.Series(labels.values(), dtype=pl.String),
        own=pl.col("measures") - pl.col("repeated"),
    )  # fmt: skip
    states = {"own": (_("own"), BLUE), "repeated": (_("repeated"), GREY)}
    if not table["repeated"].sum():
        del states["repeated"]
    title = alt.TitleParams(
        _("Measures of the {edition} plan by section", edition=data.edition),
        subtitle=_("in the plan's own order; grey: repeated from another section; the number counts both"),
    )
    description = _(
        "Bars: the {measures} measures of the {edition} plan by its {sections} sections.",
        edition=data.edition, measures=table["measures"].sum(), sections=len(table),
    )  # fmt: skip
    return bars.stacked(shown, states, 24, _("measures"), title, description)


def _rows(data: ReportData) -> Rows:
    table = data.sections.with_columns(pl.format("{} {}–{}", "doc_id", "first_line", "last_line").alias("lines"))
    table = table.with_columns(called("section_title", lambda title: headings.label(title, data.language)))
    heads = {"section": N_("section"), "section_title": N_("heading"), "measures": N_("measures"),
             "repeated": N_("repeated")}  # fmt: skip
    heads |= {name: head for name, head in LABELS["horizon"].items() if table[name].sum()}
    return rows_of(table, heads | {"lines": N_("document, lines")}, ["measures"], data.language)


def _sentences(data: ReportData) -> list[str]:
    """What the document states, and what of it is repeated."""
    if data.own.filter(pl.col("part") == "body").is_empty():
        return [
            data.ngettext(
                "For {edition} the workspace holds a summary or an article, not the plan: {number} policy item was "
                "found in it.",
                "For {edition} the workspace holds a summary or an article, not the plan: {number} policy items were "
                "found in it.",
                len(data.own), edition=data.edition,
            )
        ]  # fmt: skip
    return [
        data.gettext(
            "The {edition} plan states {measures} measures in {sections} sections; {repeated} of them are marked as "
            "repeated from elsewhere (再掲).",
            edition=data.edition, measures=len(data.own), sections=data.own["section"].n_unique(),
            repeated=len(data.own.filter("repeated")),
        )
    ]  # fmt: skip
