"""Exhibit: how topics flow from edition to edition: which of their measures go on, in which topic, end, or are new."""

import re
from typing import Any, cast

import altair as alt
import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.report.charts import bands
from analysis.report.charts.bands import BORN, EARLIER, ENDED, HEIGHT, LATER, NODE, OUTSIDE, SIDE, WIDTH
from analysis.report.charts.base import finished, tips, topic_colours
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, Rows, called, rows_of
from analysis.tables import editions, summary_statistics
from analysis.tables.categories import UNCLEAR

GREYS = {UNCLEAR: "#c4c4c4", LATER: "#8fa3b5", ENDED: "#6b7580", EARLIER: "#8fa3b5", BORN: "#4f9d6f"}
CUT = re.compile(r"[,:：（(・]| and ")  # what a short name ends before
NAMED = {  # what a node outside of the topics is called in its column
    LATER: N_("only after {here}"), ENDED: N_("not found after {before}"), EARLIER: N_("from before {here}"),
    BORN: N_("new in {after}"),
}  # fmt: skip
TOLD = {  # and in a tooltip
    LATER: N_("found only later"), ENDED: N_("not found later"), EARLIER: N_("from an earlier edition"),
    BORN: N_("new"),
}  # fmt: skip
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
        chart=_chart(boxes, bands.bands(flows, boxes, order), columns, data), rows=_rows(data),
        sentences=_sentences(data),
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


def _chart(boxes: pl.DataFrame, flows: pl.DataFrame, columns: list[str], data: ReportData) -> alt.LayerChart:
    _, shown = data.gettext, {edition_id: editions.label(edition_id, data.language) for edition_id in columns}
    boxes = _names(boxes, columns, data).with_columns(pl.col("x", "x2", "y", "y2").round(1))
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, WIDTH], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[HEIGHT, 0], nice=False))
    colour = alt.Color("topic:N", legend=None, scale=_colours(data))
    node = alt.Chart(boxes.rename({"node": "topic"})).mark_rect(stroke="white", strokeWidth=0.5).encode(
        x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("y2:Q"), color=colour,
        tooltip=tips("name:N", alt.Tooltip("measures:Q", title=_("measures"))),
    )  # fmt: skip
    lines = _(
        "bands: measures that go on, in the colour of the earlier topic; a measure with several links shares its width "
        "among them\nfull plans and roadmap parts only: summaries list few items and are left out; repetitions (再掲) "
        "count once\na roadmap part holds only those items of its year's plan that a later roadmap still followed"
    ).split("\n")
    title = _("How topics flow from edition to edition")
    ends = boxes.filter(pl.col("node").is_in(OUTSIDE)).sort("edition_id", "node").iter_rows(named=True)
    rows = [f"{shown[row['edition_id']]}: {row['name']} {row['measures']:.0f}" for row in ends]
    layers = [_flows(flows, shown, x, y, colour, data), node, *_labels(boxes, columns, x, y),
              _heads(boxes, shown, x, y, data)]  # fmt: skip
    chart = alt.layer(*layers)
    return finished(chart, title, lines, rows, data.language, width=WIDTH, height=HEIGHT, offset=12)


def _flows(
    flows: pl.DataFrame, shown: dict[str, str], x: alt.X, y: alt.Y, colour: alt.Color, data: ReportData
) -> alt.Chart:
    """Return the bands, paler where they come from or go to what is no topic."""
    _, names = data.gettext, data.topic_names | {node: data.gettext(told) for node, told in TOLD.items()}
    told = flows.unique("band").sort("band").select(
        "band", "topic",
        *(pl.col(side).replace_strict(names) for side in ("source", "target")),
        *(pl.col(side).replace_strict(shown) for side in ("from_edition", "to_edition")),
        *(pl.col(side).round(2) for side in ("leaving", "entering")),
        outside=pl.col("source").is_in(OUTSIDE) | pl.col("target").is_in(OUTSIDE),
    )  # fmt: skip
    numbers = {"leaving": _("earlier measures"), "entering": _("later measures")}
    return (
        alt.Chart(flows.select("band", pl.col("x", "y", "y2").round(1)))
        .transform_lookup("band", alt.LookupData(told, "band", told.columns[1:]))
        .mark_area(interpolate="monotone", line=False)
        .encode(
            x=x, y=y, y2=alt.Y2("y2:Q"), detail=alt.Detail("band:N"), color=colour,
            fillOpacity=alt.condition(alt.datum.outside, alt.value(0.16), alt.value(0.5)),
            tooltip=tips("source:N", "from_edition:N", "target:N", "to_edition:N",
                     *(alt.Tooltip(f"{side}:Q", format=".2~f", title=title) for side, title in numbers.items())),
        )
    )  # fmt: skip


def _names(boxes: pl.DataFrame, columns: list[str], data: ReportData) -> pl.DataFrame:
    """The nodes with `name`, and `short` for where names have little room."""
    rows = []
    for edition_id, node in boxes.select("edition_id", "node").iter_rows():
        place = columns.index(edition_id)
        years = {
            name: editions.year(columns[min(max(place + n, 0), len(columns) - 1)])
            for name, n in (("before", -1), ("here", 0), ("after", 1))
        }
        name = data.gettext(NAMED[node], **years) if node in OUTSIDE else data.topic_names[node]
        rows.append((name, name if node in OUTSIDE else _short(name, data.topic_names)))
    return boxes.hstack(pl.DataFrame(rows, schema={"name": pl.String, "short": pl.String}, orient="row"))


def _short(name: str, topics: dict[str | None, str]) -> str:
    """The first part of a topic's name, where no other topic's begins alike."""
    short = CUT.split(name)[0]
    return name if any(other.startswith(short) for other in topics.values() if other != name) else short


def _colours(data: ReportData) -> alt.Scale:
    """Each topic has the colour that it has on the map, too."""
    colours = topic_colours(data.tables["topics"])
    return alt.Scale(domain=[*colours, *GREYS], range=[*colours.values(), *GREYS.values()])


def _labels(boxes: pl.DataFrame, columns: list[str], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Name and size beside each node: left of the first column, right of the others."""
    size = pl.col("measures").round(0).cast(pl.Int64).cast(pl.String)
    first, last = (pl.col("edition_id") == columns[end] for end in (0, -1))
    before, after = size + " · " + pl.col("name"), size + " · " + pl.col("short")
    places = boxes.select(
        y=(pl.col("y") + pl.col("y2")) / 2,
        x=pl.when(first).then(pl.col("x") - 5).otherwise(pl.col("x2") + 5),
        text=pl.when(first).then(pl.col("name") + " · " + size).when(last).then(before).otherwise(after),
        place=pl.when(first).then(0).when(last).then(2).otherwise(1),
    )
    step = (WIDTH - 2 * SIDE - NODE) / max(len(columns) - 1, 1)
    layers = []
    for place, align, limit in ((0, "right", SIDE - 8), (1, "left", step - NODE - 3), (2, "left", SIDE - 8)):
        base = alt.Chart(places.filter(pl.col("place") == place)).encode(x=x, y=y, text=alt.Text("text:N"))
        options: dict[str, Any] = {
            "align": align,
            "baseline": "middle",
            "fontSize": 10 if place == 1 else 11,
            "limit": limit,
        }
        layers += [
            base.mark_text(**options, stroke="white", strokeWidth=3, strokeOpacity=0.8, color="white"),
            base.mark_text(**options, color="#333"),
        ]
    return layers


def _heads(boxes: pl.DataFrame, shown: dict[str, str], x: alt.X, y: alt.Y, data: ReportData) -> alt.Chart:
    """Edition and number of measures above each column."""
    topics = boxes.filter(~pl.col("node").is_in(OUTSIDE))
    own = topics.group_by("edition_id").agg(pl.col("measures").sum(), pl.col("x").min()).sort("x")
    rows = [
        {"x": left + NODE / 2, "y": 0.0,
         "text": [shown[edition_id], data.gettext("{measures} measures", measures=int(total))]}
        for edition_id, total, left in own.iter_rows()
    ]  # fmt: skip
    base = alt.Chart(pl.DataFrame(rows, schema_overrides={"text": pl.List(pl.String)}))
    return cast(
        alt.Chart,
        base.mark_text(dy=-26, fontSize=13, baseline="bottom", lineHeight=17).encode(x=x, y=y, text=alt.Text("text:N")),
    )
