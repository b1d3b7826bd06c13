"""Linked charts of measures: a click in one chart filters the others.

The filters are parameters of Vega-Lite and run where the chart is drawn: no kernel is needed, a saved notebook will do.
"""

import json
from dataclasses import replace
from typing import Any, cast

import altair as alt
import polars as pl

from analysis.base.i18n import gettext, ngettext
from analysis.base.i18n import gettext_noop as N_
from analysis.explore import search
from analysis.report.charts.base import BLUE, GREY, PALETTE
from analysis.tables import editions, ministries
from analysis.tables.categories import HORIZONS, STATUSES
from analysis.tables.labels import label, topic_names

BAR, STEP, LABEL = 120, 15, 190  # length, thickness, room for a name [pixels]
BODIES = 16  # ministries that have a bar, those named most often
MAP, LIST, HIGH = 300, 380, 260  # widths and height below the bars: all fit into 960, what JupyterLab leaves of 1400
LISTED = 12  # measures that are listed
NAMES = 3  # names of each
DIMENSIONS = {
    "topic": N_("Topic"),
    "ministry": N_("Ministry"),
    "edition": N_("Edition"),
    "status": N_("Status"),
    "horizon": N_("Horizon"),
}
TOOLTIP = ("measure_id", "title", "section", "edition", "topic", "status")  # of a measure


def data(index: search.Index, language: str) -> pl.DataFrame:
    """Return what the charts draw, one row a measure.

    Columns: measure_id, edition, topic, ministries, horizons, status, section, title (identifier and names), x, y.

    Names are in the language; ministries are bodies (an office counts as its body); what is not named says so.
    """
    absent = gettext("not named", language)
    topics = topic_names(index.tables["topics"], language)
    rows = []
    for row in index.rows.iter_rows(named=True):
        values = {
            "measure_id": row["measure_id"],
            "edition": editions.label(row["edition_id"], language),
            "topic": topics[row["topic_id"]],
            "ministries": sorted({ministries.label(name, language) for name in row["ministries"]}) or [absent],
            "horizons": [label("horizon", name, language) for name in row["horizon"]] or [absent],
            "status": label("status", row["status"], language) if row["status"] else absent,
            "section": f"{row['section']} {row['heading']}",
            "title": f"{row['measure_id']}  {' · '.join(index.names[row['measure_id']][:NAMES])}",
        }
        rows.append(values)
    return pl.DataFrame(rows).join(
        index.tables["assignments"].select("measure_id", "x", "y"), on="measure_id", how="left", maintain_order="left"
    )


def linked(index: search.Index, language: str, matches: pl.DataFrame | None = None) -> alt.VConcatChart | None:
    """Return bars by topic, ministry, edition, status and horizon, the map of topics, and a list, each filtering all.

    `matches` (column measure_id) says which measures to draw; without it those that plans and summaries state
    themselves. None where there is none.
    """
    if matches is None:
        kept = index.rows.filter(~pl.col("edition_id").str.starts_with("R"))
    else:
        kept = index.rows.join(matches, on="measure_id", how="semi", maintain_order="left")
    if kept.is_empty():
        return None
    measures = data(replace(index, rows=kept), language)
    params = {name: alt.selection_point(name=f"chosen_{name}", fields=[name]) for name in DIMENSIONS}
    brush = alt.selection_interval(name="chosen_place")
    long = alt.Chart(measures).transform_flatten(["ministries"], as_=["ministry"])
    long = long.transform_flatten(["horizons"], as_=["horizon"])
    chosen = long
    for param in (*params.values(), brush):
        chosen = chosen.transform_filter(param)
    bars = {
        name: _bars(long, chosen, params[name], name, order, language)
        for name, order in _orders(measures, kept, language).items()
    }
    small = alt.vconcat(bars["edition"], bars["status"], bars["horizon"], spacing=14)
    top = alt.hconcat(bars["topic"], bars["ministry"], small, spacing=18)
    below = alt.hconcat(_map(measures, chosen, brush, language), _list(chosen, language), spacing=30)
    heading = ngettext(
        "{number} measure: every chart filters the others",
        "{number} measures: every chart filters the others",
        len(kept), language,
    )  # fmt: skip
    how = gettext(
        "click a bar, Shift-click for several, drag over the map; double-click takes back. Grey: all, blue: chosen",
        language,
    )
    whole = alt.vconcat(top, below, spacing=18)
    return whole.properties(title=alt.TitleParams(heading, subtitle=how), description=heading)


def _orders(measures: pl.DataFrame, kept: pl.DataFrame, language: str) -> dict[str, list[str]]:
    """Return the names that have a bar, in their order: the most frequent first, or in time."""

    def frequent(names: pl.Series) -> list[str]:
        counts = names.value_counts().sort(["count", names.name], descending=[True, False])
        return counts[names.name].to_list()

    absent = gettext("not named", language)
    statuses = list(dict.fromkeys(label("status", name, language) for name in STATUSES))
    horizons = [label("horizon", name, language) for name in HORIZONS]
    return {
        "topic": frequent(measures["topic"]),
        "ministry": frequent(measures["ministries"].explode())[:BODIES],
        "edition": [editions.label(edition_id, language) for edition_id in editions.in_time(kept["edition_id"])],
        "status": [name for name in (*statuses, absent) if name in set(measures["status"])],
        "horizon": [name for name in (*horizons, absent) if name in set(measures["horizons"].explode())],
    }


def _bars(
    long: alt.Chart, chosen: alt.Chart, param: alt.Parameter, name: str, order: list[str], language: str
) -> alt.LayerChart:
    """Return bars of all measures in grey with the chosen ones in blue on top; a click anywhere in a row chooses."""
    y = alt.Y(f"{name}:N", sort=order, title=None, axis=alt.Axis(labelLimit=LABEL, ticks=False, domain=False))
    x = alt.X("distinct(measure_id):Q", title=None, axis=alt.Axis(tickCount=3, grid=False))
    head = gettext(DIMENSIONS[name], language)
    tooltip = [alt.Tooltip(f"{name}:N", title=head), alt.Tooltip("measures:Q", title=gettext("measures", language))]
    among = alt.FieldOneOfPredicate(field=name, oneOf=order)
    long, chosen = (rows.transform_filter(among) for rows in (long, chosen))
    every = long.mark_bar(color=GREY, opacity=0.35, height={"band": 0.8}).encode(x=x, y=y)
    some = chosen.mark_bar(color=BLUE, height={"band": 0.8}).encode(x=x, y=y)
    rows = long.transform_aggregate(measures="distinct(measure_id)", groupby=[name]).mark_rect(
        opacity=0, cursor="pointer"
    )
    rows = rows.encode(x=alt.value(0), x2=alt.value(BAR), y=y, tooltip=tooltip).add_params(param)
    return _panel([every, some, rows], head, width=BAR, height=alt.Step(STEP))


def _panel(layers: list[alt.Chart], head: str, **size: Any) -> alt.LayerChart:
    title = alt.TitleParams(head, fontSize=13, offset=4)
    return cast(alt.LayerChart, alt.layer(*layers).properties(title=title, **size))


def _map(measures: pl.DataFrame, chosen: alt.Chart, brush: alt.Parameter, language: str) -> alt.LayerChart:
    hidden = alt.Axis(labels=False, ticks=False, domain=False, grid=False)
    x, y = (alt.X("x:Q", title=None, axis=hidden), alt.Y("y:Q", title=None, axis=hidden))
    names = measures["topic"].unique().sort().to_list()
    colour = alt.Color("topic:N", legend=None, scale=alt.Scale(domain=names, range=PALETTE))
    tooltip = [f"{name}:N" for name in TOOLTIP]
    every = alt.Chart(measures).mark_circle(size=26, color=GREY, opacity=0.25).encode(x=x, y=y).add_params(brush)
    points = chosen.transform_aggregate(n="count()", groupby=[*TOOLTIP, "x", "y"]).mark_circle(size=34, opacity=0.9)
    points = points.encode(x=x, y=y, color=colour, tooltip=tooltip)
    return _panel([every, points], gettext("Map of topics (for looking only)", language), width=MAP, height=HIGH)


def _list(chosen: alt.Chart, language: str) -> alt.LayerChart:
    """Return the number of chosen measures, and the first of them by identifier."""
    each = chosen.transform_aggregate(n="count()", groupby=[*TOOLTIP])
    word = gettext("chosen", language)
    sentence = f"datum.measures + ' ' + {json.dumps(word, ensure_ascii=False)}"
    count = each.transform_aggregate(measures="count()").transform_calculate(sentence=sentence)
    count = count.mark_text(align="left", fontSize=18, fontWeight="bold", color=BLUE)
    count = count.encode(x=alt.value(0), y=alt.value(6), text=alt.Text("sentence:N"))
    rows = each.transform_window(place="row_number()", sort=[alt.SortField("measure_id")])
    rows = rows.transform_filter(alt.datum.place <= LISTED).mark_text(align="left", fontSize=12, limit=LIST)
    place = alt.Y("place:O", axis=None, scale=alt.Scale(domain=list(range(-1, LISTED + 1))))
    tooltip = [f"{name}:N" for name in TOOLTIP]
    lines = rows.encode(x=alt.value(0), y=place, text=alt.Text("title:N"), tooltip=tooltip)
    return _panel([lines, count], gettext("The first {most} of them", language, most=LISTED), width=LIST, height=HIGH)
