"""Charts of measures that are linked by what is chosen in them: a click in one filters the others.

All of it happens where the chart is drawn (Vega-Lite's parameters): it needs no kernel, and works in a saved notebook.
"""

import json
from dataclasses import replace
from typing import Any, cast

import altair as alt
import polars as pl

from analysis.base.i18n import gettext, word
from analysis.explore import search
from analysis.report.charts import base as charts
from analysis.report.charts.base import BLUE, GREY, PALETTE
from analysis.tables import editions, ministries
from analysis.tables.labels import label
from analysis.tables.schemas import HORIZONS, STATUSES

BAR, STEP, LABEL = 130, 15, 230  # length, thickness, room for a name [pixels]
BODIES = 16  # ministries that have a bar, those named most often
LISTED = 12  # measures that are listed
NAMES = 3  # names of each
DIMENSIONS = ("topic", "ministry", "edition", "status", "horizon")
HEADS = {"topic": "topics", "ministry": "ministries", "edition": "editions", "horizon": "horizons"}
LINE = ("measure_id", "told", "section", "edition", "topic", "status")  # of a measure in the list


def data(found: search.Index, language: str) -> pl.DataFrame:
    """What the charts draw, one row a measure: measure_id, edition, topic, ministries, horizons, status, section, told
    (its identifier and rarest names), x, y.

    Names are in the language; ministries are bodies (offices with theirs); what is not named says so.
    """
    absent = gettext("not named", language)
    named = dict(found.tables["topics"].select("topic_id", f"name_{language}").iter_rows())
    place = {key: (x, y) for key, x, y in found.tables["assignments"].select("measure_id", "x", "y").iter_rows()}
    rows = []
    for row in found.rows.iter_rows(named=True):
        x, y = place.get(row["measure_id"], (None, None))
        values = {
            "measure_id": row["measure_id"],
            "edition": editions.label(row["edition_id"], language),
            "topic": named.get(row["topic_id"], absent),
            "ministries": sorted({ministries.label(name, language) for name in row["ministries"]}) or [absent],
            "horizons": [label("horizon", name, language) for name in row["horizon"]] or [absent],
            "status": label("status", row["status"], language) if row["status"] else absent,
            "section": f"{row['section']} {row['heading']}",
            "told": f"{row['measure_id']}  {' · '.join(found.names[row['measure_id']][:NAMES])}",
        }
        rows.append(values | {"x": x, "y": y})
    return pl.DataFrame(rows)


def linked(found: search.Index, language: str, hits: pl.DataFrame | None = None) -> alt.VConcatChart | None:
    """Bars by topic, ministry, edition, status and horizon, the map, and a list: each filters all others.

    `hits` (column measure_id) says which measures; without it what plans and summaries state themselves. None where
    there is none.
    """
    own = (
        ~pl.col("edition_id").str.starts_with("R")
        if hits is None
        else pl.col("measure_id").is_in(hits["measure_id"].implode())
    )
    kept = found.rows.filter(own)
    if kept.is_empty():
        return None
    shown = data(replace(found, rows=kept), language)
    params = {name: alt.selection_point(name=f"chosen_{name}", fields=[name]) for name in DIMENSIONS}
    brush = alt.selection_interval(name="chosen_place")
    long = alt.Chart(shown).transform_flatten(["ministries"], as_=["ministry"])
    long = long.transform_flatten(["horizons"], as_=["horizon"])
    chosen = long
    for param in (*params.values(), brush):
        chosen = chosen.transform_filter(param)
    bars = {
        name: _bars(long, chosen, params[name], name, order, language)
        for name, order in _orders(shown, kept, language).items()
    }
    small = alt.vconcat(bars["edition"], bars["status"], bars["horizon"], spacing=14)
    top = alt.hconcat(bars["topic"], bars["ministry"], small, spacing=18)
    below = alt.hconcat(_map(shown, chosen, brush, language), _list(chosen, language), spacing=30)
    title = charts.heading("explore", language, measures=len(kept))
    whole = alt.vconcat(top, below, spacing=18)
    return whole.properties(
        title=title,
        description=gettext("{measures} measures: every chart filters the others", language, measures=len(kept)),
    )


def _orders(shown: pl.DataFrame, kept: pl.DataFrame, language: str) -> dict[str, list[str]]:
    """The names that have a bar, in their order: the most frequent first, or in time."""
    counted = {}
    for name, column in (("topic", "topic"), ("ministry", "ministries")):
        counts = shown.select(pl.col(column).explode() if column == "ministries" else column).to_series().value_counts()
        counted[name] = counts.sort(["count", column], descending=[True, False])[column].to_list()
    known = sorted(kept["edition_id"].unique(), key=editions.place)
    absent = gettext("not named", language)
    statuses = list(dict.fromkeys(label("status", name, language) for name in STATUSES))
    horizons = [label("horizon", name, language) for name in HORIZONS]
    return {
        "topic": counted["topic"],
        "ministry": counted["ministry"][:BODIES],
        "edition": [editions.label(edition_id, language) for edition_id in known],
        "status": [name for name in (*statuses, absent) if name in set(shown["status"])],
        "horizon": [name for name in (*horizons, absent) if name in set(shown["horizons"].explode())],
    }


def _bars(
    long: alt.Chart, chosen: alt.Chart, param: alt.Parameter, name: str, order: list[str], language: str
) -> alt.LayerChart:
    """Bars of all measures in grey, of the chosen ones in blue before them; a click anywhere in a row chooses."""
    y = alt.Y(f"{name}:N", sort=order, title=None, axis=alt.Axis(labelLimit=LABEL, ticks=False, domain=False))
    x = alt.X("distinct(measure_id):Q", title=None, axis=alt.Axis(tickCount=3, grid=False))
    head = word("explore_status" if name == "status" else f"explore_{HEADS[name]}", language)
    tooltip = [
        alt.Tooltip(f"{name}:N", title=head),
        alt.Tooltip("measures:Q", title=gettext("measures", language)),
    ]
    among = alt.FieldOneOfPredicate(field=name, oneOf=order)
    long, chosen = (rows.transform_filter(among) for rows in (long, chosen))
    behind = long.mark_bar(color=GREY, opacity=0.35, height={"band": 0.8}).encode(x=x, y=y)
    before = chosen.mark_bar(color=BLUE, height={"band": 0.8}).encode(x=x, y=y)
    rows = long.transform_aggregate(measures="distinct(measure_id)", groupby=[name]).mark_rect(
        opacity=0, cursor="pointer"
    )
    rows = rows.encode(x=alt.value(0), x2=alt.value(BAR), y=y, tooltip=tooltip).add_params(param)
    return _panel([behind, before, rows], head, width=BAR, height=alt.Step(STEP))


def _panel(layers: list[alt.Chart], head: str, **size: Any) -> alt.LayerChart:
    title = alt.TitleParams(head, fontSize=13, offset=4)
    return cast(alt.LayerChart, alt.layer(*layers).properties(title=title, **size))


def _map(shown: pl.DataFrame, chosen: alt.Chart, brush: alt.Parameter, language: str) -> alt.LayerChart:
    hidden = alt.Axis(labels=False, ticks=False, domain=False, grid=False)
    x, y = (alt.X("x:Q", title=None, axis=hidden), alt.Y("y:Q", title=None, axis=hidden))
    names = shown["topic"].unique().sort().to_list()
    colour = alt.Color("topic:N", legend=None, scale=alt.Scale(domain=names, range=PALETTE))
    tooltip = [f"{name}:N" for name in LINE]
    behind = alt.Chart(shown).mark_circle(size=26, color=GREY, opacity=0.25).encode(x=x, y=y).add_params(brush)
    points = chosen.transform_aggregate(n="count()", groupby=[*LINE, "x", "y"]).mark_circle(size=34, opacity=0.9)
    points = points.encode(x=x, y=y, color=colour, tooltip=tooltip)
    return _panel([behind, points], gettext("Map of topics (for looking only)", language), width=400, height=260)


def _list(chosen: alt.Chart, language: str) -> alt.LayerChart:
    """How many measures are chosen, and the first of them by identifier."""
    each = chosen.transform_aggregate(n="count()", groupby=[*LINE])
    said = f"datum.measures + ' ' + {json.dumps(gettext('chosen', language), ensure_ascii=False)}"
    count = each.transform_aggregate(measures="count()").transform_calculate(said=said)
    count = count.mark_text(align="left", fontSize=18, fontWeight="bold", color=BLUE)
    count = count.encode(x=alt.value(0), y=alt.value(6), text="said:N")
    rows = each.transform_window(place="row_number()", sort=[alt.SortField("measure_id")])
    rows = rows.transform_filter(alt.datum.place <= LISTED).mark_text(align="left", fontSize=12, limit=440)
    place = alt.Y("place:O", axis=None, scale=alt.Scale(domain=list(range(-1, LISTED + 1))))
    tooltip = [f"{name}:N" for name in LINE]
    lines = rows.encode(x=alt.value(0), y=place, text="told:N", tooltip=tooltip)
    return _panel([lines, count], gettext("The first {most} of them", language, most=LISTED), width=440, height=260)
