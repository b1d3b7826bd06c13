"""Stacked bars by name: of states, with the whole number behind each, and of statuses by topic."""

from typing import cast

import altair as alt
import polars as pl

from analysis.base.i18n import gettext
from analysis.report.charts.base import STATUS_COLOURS, WIDTH, described, names_axis, tips
from analysis.tables.labels import label


def stacked(
    table: pl.DataFrame, states: dict[str, tuple[str, str]], step: int, axis: str, title: alt.TitleParams,
    description: str,
) -> alt.LayerChart:  # fmt: skip
    """Return bars of `label`: a column of counts for each state (column: its name and colour), and the number
    `measures` behind. `step` is a bar's height [pixels], `axis` the title of the counts."""
    names = {state: name for state, (name, _) in states.items()}
    data = table.unpivot(on=list(states), index=["label", "measures"], variable_name="state", value_name="count")
    data = data.with_columns(
        pl.col("state").replace_strict(names),
        place=pl.col("state").replace_strict({state: n for n, state in enumerate(states)}),
    )
    base = alt.Chart(data).encode(y=names_axis("label:N", table["label"].to_list()))
    scale = alt.Scale(domain=list(names.values()), range=[colour for _, colour in states.values()])
    bars = base.mark_bar(height={"band": 0.75}).encode(
        x=alt.X("count:Q", title=axis, stack="zero", axis=alt.Axis(tickMinStep=1)),
        color=alt.Color("state:N", title=None, legend=alt.Legend(orient="bottom") if len(states) > 1 else None,
                        scale=scale),
        order=alt.Order("place:Q"),
        tooltip=tips("label:N", "state:N", "count:Q"),
    )  # fmt: skip
    text = base.transform_filter("datum.place == 0").mark_text(align="left", dx=4, color="#333")
    chart = bars + text.encode(x=alt.X("measures:Q"), text=alt.Text("measures:Q"))
    drawn = chart.properties(width=WIDTH - 130, height=alt.Step(step), title=title, description=description)
    return cast(alt.LayerChart, drawn)


def by_status(counts: pl.DataFrame, name: str, title: alt.TitleParams, language: str) -> alt.Chart:
    """Return bars of `measures` by topic (column `name`) and status (`counts` has a row for each two)."""
    statuses = [status for status in STATUS_COLOURS if status in set(counts["status"])]
    words = {status: label("status", status, language) for status in statuses}
    data = counts.with_columns(
        label=pl.col("status").replace_strict(words),
        place=pl.col("status").replace_strict({status: n for n, status in enumerate(statuses)}),
    )
    largest = counts.group_by(name).agg(pl.col("measures").sum()).sort(["measures", name], descending=[True, False])
    totals = dict(data.group_by("status").agg(pl.col("measures").sum()).iter_rows())
    chart = alt.Chart(data).mark_bar(height={"band": 0.75}).encode(
        y=names_axis(f"{name}:N", largest[name].to_list()),
        x=alt.X("sum(measures):Q", title=gettext("measures", language)),
        color=alt.Color("label:N", title=None, sort=None, scale=alt.Scale(
            domain=list(words.values()), range=[STATUS_COLOURS[status] for status in statuses])),
        order=alt.Order("place:Q"),
        tooltip=tips(f"{name}:N", "label:N", "measures:Q"),
    )  # fmt: skip
    rows = [f"{words[status]} {totals[status]}" for status in statuses]
    return chart.properties(
        width=WIDTH - 170, height=alt.Step(22), title=title, description=described(title.text, rows, language)
    )
