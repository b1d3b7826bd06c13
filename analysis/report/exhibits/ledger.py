"""Exhibit: what the lines of each document are, and how sure the reading of all documents is."""

import altair as alt
import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.coding.reliability import STATUS
from analysis.report.charts.base import PALETTE, RED, WIDTH, finished, tips
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, Fact, Finding, called, finding, joined, rows_of
from analysis.report.exhibits import agreement
from analysis.tables.labels import label

GROUPS = {
    "measure": "measure", "attribution": "measure", "background": "background", "kpi": "kpi", "table": "table",
    "figure": "figure", "footnote": "footnote", "heading": "heading", "title": "heading", "contents": "heading",
    "roadmap": "roadmap", "annex": "annex", "cross_reference": "heading", "furniture": "furniture",
    "unknown": "unknown",
}  # fmt: skip
HEADS = {"doc_id": N_("document"), "label": N_("what the lines are"), "lines": N_("lines")}
UNREAD = N_(
    "How sure is this? What was read was not compared with any document by hand; {doubtful} of {rows} measures and "
    "rows of roadmaps carry a doubt, and {unknown} of the lines have no role."
)
CHECKED = N_(
    "How sure is this? What was read from {documents} was compared with the document by hand, each kind of thing "
    "apart: right were {least} ({weakest}) to {most}. {doubtful} of {rows} measures and rows of roadmaps of all "
    "documents carry a doubt. Lines without a role: {unknown}; a role that a line has can be wrong."
)
CODED = N_(
    "Independent coders ({kind}) who read both documents agree for {agreement} on what became of {measures} of the "
    "{earlier}; always giving the most frequent answer would agree for {base}."
)
MODEL = N_(
    "What became of {uncoded} of the {earlier} is told by a model, rightly for {right} in editions that it had not "
    "seen; always ‘not found’ would be right for {always}."
)


def exhibit(data: ReportData) -> Exhibit:
    rows = data.tables["ledger"].filter(pl.col("role") != "blank").with_columns(
        lines=pl.col("last_line") - pl.col("first_line") + 1, group=pl.col("role").replace_strict(GROUPS)
    )  # fmt: skip
    table = rows.group_by("doc_id", "group").agg(pl.col("lines").sum())
    table = table.with_columns(called("group", lambda group: label("role", group, data.language)).alias("label"))
    table = table.sort("doc_id", "group")
    sentence = data.gettext(
        "{doubtful} of {rows} measures and roadmap rows of all documents carry a doubt of the parser, and {unknown} of "
        "the lines that are not blank could be given no role.",
        doubtful=data.doubtful, rows=len(data.tables["measures"]), unknown=data.unknown,
    )  # fmt: skip
    return Exhibit(
        __name__, "ledger", "quality", "01_clean",
        chart=_chart(table, data), rows=rows_of(table, HEADS, ["ledger"], data.language),
        sentences=[sentence], findings=[_finding(data)],
    )  # fmt: skip


def _chart(table: pl.DataFrame, data: ReportData) -> alt.Chart:
    """Return stacked bars of the shares of lines, blank ones left out."""
    _ = data.gettext
    totals = table.group_by("doc_id").agg(pl.col("lines").sum()).sort("doc_id")
    unknown = dict(table.filter(pl.col("group") == "unknown").select("doc_id", "lines").iter_rows())
    word = label("role", "unknown", data.language)
    told = [f"{doc_id}: {word} {unknown.get(doc_id, 0)} / {total}" for doc_id, total in totals.iter_rows()]
    groups = [group for group in dict.fromkeys(GROUPS.values()) if group in table["group"].to_list()]
    colours = [RED if group == "unknown" else PALETTE[n % len(PALETTE)] for n, group in enumerate(groups)]
    scale = alt.Scale(domain=[label("role", group, data.language) for group in groups], range=colours)
    chart = alt.Chart(table).mark_bar(height={"band": 0.7}).encode(
        y=alt.Y("doc_id:N", title=None),
        x=alt.X("lines:Q", stack="normalize", title=_("share of lines"), axis=alt.Axis(format="%")),
        color=alt.Color("label:N", title=None, sort=None, scale=scale),
        tooltip=tips("doc_id:N", "label:N", "lines:Q"),
    )  # fmt: skip
    title = _("What the lines of the documents are")
    subtitle = _("every line has one role; blank lines are left out")
    return finished(chart, title, subtitle, told, data.language, width=WIDTH - 150, height=alt.Step(30))


def _finding(data: ReportData) -> Finding:
    numbers: dict[str, object] = {"doubtful": data.doubtful, "rows": len(data.tables["measures"])}
    numbers |= {"unknown": Fact(data.unknown, "rows-ledger")}
    checks = agreement.hand_checks()
    names = {}
    if len(checks):  # no sum of them: what is easy to read would hide what is not
        ranked = checks.sort(pl.col("right") / pl.col("checked"), "document", "what")
        for name, row in (("least", ranked.row(0, named=True)), ("most", ranked.row(-1, named=True))):
            numbers[name] = Fact(percent(row["right"], row["checked"]), "rows-agreement")
        names = {"weakest": label("checked", ranked["what"][0], data.language),
                 "documents": data.listed(checks["document"].unique().sort().to_list())}  # fmt: skip
    message = CHECKED if names else UNREAD
    parts = [finding(message, data.language, "rows-confidence", numbers, **names)]
    return parts[0] if data.alone else joined(*parts, *_coded(data), *_modelled(data))


def _coded(data: ReportData) -> list[Finding]:
    """How far coders agree about the two editions; nothing where no two of them coded the same."""
    row = data.reliability("links", STATUS, data.earlier, data.later)
    if row is None or not row["by_two"] or not data.use_codings:
        return []
    numbers: dict[str, object] = {
        "measures": data.measures(row["by_two"], data.earlier), "agreement": percent(row["agreement"]),
        "base": percent(row["base_rate"]),
    }  # fmt: skip
    names = {"kind": label("coder", row["kind"], data.language), "earlier": data.plan(data.earlier)}
    return [finding(CODED, data.language, "rows-reliability", numbers, **names)]


def _modelled(data: ReportData) -> list[Finding]:
    """How good the model is that decides where nobody coded; nothing where everything is coded."""
    uncoded = len(data.uncoded)
    if not uncoded:
        return []
    known = data.links_agreement
    numbers: dict[str, object] = {
        "uncoded": Fact(data.measures(uncoded, data.earlier), "rows-ended"),
        "right": percent(known["status_accuracy"]), "always": percent(known["ended"]),
    }  # fmt: skip
    return [finding(MODEL, data.language, "rows-agreement", numbers, earlier=data.plan(data.earlier))]
