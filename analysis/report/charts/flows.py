"""A drawing of how topics flow from edition to edition: nodes and bands as `bands` places them, with their names."""

import re
from typing import Any, cast

import altair as alt
import polars as pl

from analysis.base.i18n import gettext
from analysis.base.i18n import gettext_noop as N_
from analysis.report.charts.bands import BORN, EARLIER, ENDED, HEIGHT, LATER, NODE, OUTSIDE, SIDE, WIDTH
from analysis.report.charts.base import finished, tips, topic_colours
from analysis.tables import editions
from analysis.tables.categories import UNCLEAR
from analysis.tables.labels import topic_names

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


def chart(
    boxes: pl.DataFrame, flows: pl.DataFrame, columns: list[str], topics: pl.DataFrame, language: str
) -> alt.LayerChart:
    """Return the chart: `boxes` and `flows` as `bands` places them, `columns` the editions in the order of time."""
    names, colours = topic_names(topics, language), topic_colours(topics)  # colours that topics have on the map, too
    shown = {edition_id: editions.label(edition_id, language) for edition_id in columns}
    boxes = _names(boxes, columns, names, language).with_columns(pl.col("x", "x2", "y", "y2").round(1))
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, WIDTH], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[HEIGHT, 0], nice=False))
    scale = alt.Scale(domain=[*colours, *GREYS], range=[*colours.values(), *GREYS.values()])
    colour = alt.Color("topic:N", legend=None, scale=scale)
    node = alt.Chart(boxes.rename({"node": "topic"})).mark_rect(stroke="white", strokeWidth=0.5).encode(
        x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("y2:Q"), color=colour,
        tooltip=tips("name:N", alt.Tooltip("measures:Q", title=gettext("measures", language))),
    )  # fmt: skip
    lines = gettext(
        "bands: measures that go on, in the colour of the earlier topic; a measure with several links shares its width "
        "among them\nfull plans and roadmap parts only: summaries list few items and are left out; repetitions (再掲) "
        "count once\na roadmap part holds only those items of its year's plan that a later roadmap still followed",
        language,
    ).split("\n")
    title = gettext("How topics flow from edition to edition", language)
    ends = boxes.filter(pl.col("node").is_in(OUTSIDE)).sort("edition_id", "node").iter_rows(named=True)
    rows = [f"{shown[row['edition_id']]}: {row['name']} {row['measures']:.0f}" for row in ends]
    layers = [_flows(flows, shown, names, x, y, colour, language), node, *_labels(boxes, columns, x, y),
              _heads(boxes, shown, x, y, language)]  # fmt: skip
    return finished(alt.layer(*layers), title, lines, rows, language, width=WIDTH, height=HEIGHT, offset=12)


def _flows(
    flows: pl.DataFrame, shown: dict[str, str], topics: dict[str | None, str], x: alt.X, y: alt.Y, colour: alt.Color,
    language: str,
) -> alt.Chart:  # fmt: skip
    """Return the bands, paler where they come from or go to what is no topic."""
    names = topics | {node: gettext(told, language) for node, told in TOLD.items()}
    told = flows.unique("band").sort("band").select(
        "band", "topic",
        *(pl.col(side).replace_strict(names) for side in ("source", "target")),
        *(pl.col(side).replace_strict(shown) for side in ("from_edition", "to_edition")),
        *(pl.col(side).round(2) for side in ("leaving", "entering")),
        outside=pl.col("source").is_in(OUTSIDE) | pl.col("target").is_in(OUTSIDE),
    )  # fmt: skip
    numbers = {"leaving": gettext("earlier measures", language), "entering": gettext("later measures", language)}
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


def _names(boxes: pl.DataFrame, columns: list[str], topics: dict[str | None, str], language: str) -> pl.DataFrame:
    """The nodes with `name`, and `short` for where names have little room."""
    rows = []
    for edition_id, node in boxes.select("edition_id", "node").iter_rows():
        place = columns.index(edition_id)
        years = {
            name: editions.year(columns[min(max(place + n, 0), len(columns) - 1)])
            for name, n in (("before", -1), ("here", 0), ("after", 1))
        }
        name = gettext(NAMED[node], language, **years) if node in OUTSIDE else topics[node]
        rows.append((name, name if node in OUTSIDE else _short(name, topics)))
    return boxes.hstack(pl.DataFrame(rows, schema={"name": pl.String, "short": pl.String}, orient="row"))


def _short(name: str, topics: dict[str | None, str]) -> str:
    """The first part of a topic's name, where no other topic's begins alike."""
    short = CUT.split(name)[0]
    return name if any(other.startswith(short) for other in topics.values() if other != name) else short


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
        font_size = 10 if place == 1 else 11
        options: dict[str, Any] = {"align": align, "baseline": "middle", "fontSize": font_size, "limit": limit}
        layers += [
            base.mark_text(**options, stroke="white", strokeWidth=3, strokeOpacity=0.8, color="white"),
            base.mark_text(**options, color="#333"),
        ]
    return layers


def _heads(boxes: pl.DataFrame, shown: dict[str, str], x: alt.X, y: alt.Y, language: str) -> alt.Chart:
    """Edition and number of measures above each column."""
    topics = boxes.filter(~pl.col("node").is_in(OUTSIDE))
    own = topics.group_by("edition_id").agg(pl.col("measures").sum(), pl.col("x").min()).sort("x")
    rows = [
        {"x": left + NODE / 2, "y": 0.0,
         "text": [shown[edition_id], gettext("{measures} measures", language, measures=int(total))]}
        for edition_id, total, left in own.iter_rows()
    ]  # fmt: skip
    base = alt.Chart(pl.DataFrame(rows, schema_overrides={"text": pl.List(pl.String)}))
    heads = base.mark_text(dy=-26, fontSize=13, baseline="bottom", lineHeight=17)
    return cast(alt.Chart, heads.encode(x=x, y=y, text=alt.Text("text:N")))
