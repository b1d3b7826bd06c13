"""Exhibit: how topics flow from edition to edition: which of their measures go on, in which topic, end, or are new."""

import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.report.charts import bands
from analysis.report.charts.flows import chart
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, Rows, called, rows_of
from analysis.tables import editions, summary_statistics

SIDES = ("from", "to")
HEADS = {
    "from": N_("from"), "to": N_("to"), "links": N_("links"), "continued": N_("continued"), "evolved": N_("evolved"),
    "ended": N_("not found"), "new": N_("new"),
}  # fmt: skip


def exhibit(data: ReportData) -> Exhibit | None:
    """Return the flows between all editions that list everything; None where there are no two."""
    measures, assignments, topics = data.topic_tables
    columns = bands.compared(measures)
    if len(columns) < 2:
        return None
    order = topics.sort("place")["topic_id"].to_list()
    flows = bands.shares(measures, assignments, data.tables["links"], columns)
    boxes = bands.placed(bands.nodes(measures, assignments, flows, columns), columns, order)
    return Exhibit(
        __name__, "flows", "continuity", "03_continuity",
        chart=chart(boxes, bands.bands(flows, boxes, order), columns, data.tables["topics"], data.language),
        rows=_rows(data), sentences=_sentences(data),
    )  # fmt: skip


def _sentences(data: ReportData) -> list[str]:
    """To which earlier documents the later edition's measures are linked: each measure is counted once."""
    own = summary_statistics.seen_from(data.statuses, data.later, data.earlier)
    if data.alone or own.is_empty():
        return []
    linked = data.statuses.filter(edition_id=data.later).filter(pl.col("links") > 0)
    start, end = (editions.place(edition_id) for edition_id in (data.earlier, data.later))
    others = [key for key in editions.in_time(linked["other_edition"]) if editions.place(key) < end]
    among = {
        "linked": [data.earlier],
        "between": [key for key in others if editions.place(key) > start],
        "before": [key for key in others if editions.place(key) < start],
    }
    left, counts = set(own["measure_id"]), {}
    for name, documents in among.items():
        seen = left & set(linked.filter(pl.col("other_edition").is_in(documents))["measure_id"])
        counts[name], left = len(seen), left - seen
    return [
        data.gettext(
            "Of {whole} of the {later}: linked to the {earlier} {linked}; not to it, but to a document between the two "
            "{between}; only to an older one {before}; to none at hand {none}.",
            whole=data.measures(len(own), data.later), earlier=data.plan(data.earlier), later=data.plan(data.later),
            none=len(left), **counts,
        )
    ]  # fmt: skip


def _rows(data: ReportData) -> Rows | None:
    """Links and statuses of every two editions; None where nothing was compared."""
    table = summary_statistics.summary(data.links, data.statuses)
    if table.is_empty():
        return None
    table = table.with_columns(called(end, lambda edition: editions.label(edition, data.language)) for end in SIDES)
    return rows_of(table, HEADS, ["links", "statuses"], data.language)
