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

FINDING = N_("The {plan} states {measures} in {sections} sections.")
REPEATED = N_(
    "The {plan} states {measures} in {sections} sections. Repetitions of another (再掲) among them: {repeated}, so "
    "that {counted} are counted in all that follows."
)


def exhibit(data: ReportData) -> Exhibit:
    repeated = len(data.own) - len(data.counted)
    counts: dict[str, object] = {
        "measures": data.measures(len(data.own)), "sections": len(data.sections),
        **({"repeated": repeated, "counted": len(data.counted)} if repeated else {}),
    }  # fmt: skip
    said = finding(REPEATED if repeated else FINDING, data.language, "rows-sections", counts, plan=data.plan())
    return Exhibit(
        __name__, "sections", "structure", "01_clean",
        chart=_chart(data),
        rows=_rows(data),
        sentences=[said.text, *_kind(data)],
        findings=[said],
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
        _("What the {plan} states, by section", plan=data.plan()),
        subtitle=_("in its own order; grey: repeated from another section; the number counts both")
        if "repeated" in states
        else _("in its own order"),
    )
    description = _(
        "Bars: {measures} of the {plan} by its {sections} sections.",
        plan=data.plan(), measures=data.measures(len(data.own)), sections=len(table),
    )  # fmt: skip
    return bars.stacked(shown, states, 24, _("measures"), title, description)


def _rows(data: ReportData) -> Rows:
    table = data.sections.with_columns(pl.format("{} {}–{}", "doc_id", "first_line", "last_line").alias("lines"))
    table = table.with_columns(  # a summary's sections have no code but their heading
        called("section_title", lambda title: _heading(title, data)),
        section=pl.when(pl.col("section") != pl.col("section_title")).then("section"),
    )
    heads = {"section": N_("section"), "section_title": N_("heading"), "measures": N_("measures"),
             "repeated": N_("repeated")}  # fmt: skip
    heads |= {name: head for name, head in LABELS["horizon"].items() if table[name].sum()}
    return rows_of(table, heads | {"lines": N_("document, lines")}, ["measures"], data.language)


def _heading(title: str, data: ReportData) -> str:
    return headings.label(title, data.language) or data.gettext("no heading")


def _kind(data: ReportData) -> list[str]:
    """What of a plan its summary or an article about it does not show."""
    if data.kind() == "full":
        return []
    return [
        data.gettext(
            "What is read here is the {plan}, not the plan itself: it names fewer and broader items, and what it "
            "leaves out may well stand in the plan.",
            plan=data.plan(),
        )
    ]  # fmt: skip
