"""Exhibit: the measures on two coordinates that are for looking only, coloured by topic."""

import altair as alt

from analysis.report.charts.base import GREY, WIDTH, finished, tips, topic_colours
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, Rows
from analysis.tables import summary_statistics
from analysis.tables.categories import UNCLEAR
from analysis.tables.labels import label


def exhibit(data: ReportData) -> Exhibit:
    return Exhibit(
        __name__, "map", "topics", "02_topics", chart=_chart(data), rows=Rows([], [], ["topics"])
    )  # its rows are all measures: they stand in the file


def _chart(data: ReportData) -> alt.Chart:
    _, name = data.gettext, f"name_{data.language}"
    points = summary_statistics.points(*data.topic_tables)
    chosen = alt.selection_point(fields=[name], bind="legend")
    topics, colours = data.tables["topics"].sort(name), topic_colours(data.tables["topics"])
    grey = [label("topic", UNCLEAR, data.language)] if UNCLEAR in points["topic_id"] else []
    hidden = alt.Axis(labels=False, ticks=False, domain=False, grid=False)
    chart = alt.Chart(points).mark_circle(size=42, stroke="white", strokeWidth=0.4).encode(
        x=alt.X("x:Q", title=None, axis=hidden),
        y=alt.Y("y:Q", title=None, axis=hidden),
        color=alt.Color(f"{name}:N", title=None, scale=alt.Scale(
            domain=[*topics[name], *grey], range=[*(colours[key] for key in topics["topic_id"]), GREY])),
        opacity=alt.condition(chosen, alt.value(0.85), alt.value(0.06)),
        tooltip=tips("measure_id:N", "edition:N", f"{name}:N", "section:N"),
    )  # fmt: skip
    title, subtitle = _("The measures on a map"), _("near each other: similar words and topics. For looking only")
    return finished(chart.add_params(chosen), title, subtitle, [subtitle], data.language, width=WIDTH - 200, height=420)
