"""Stacked bars by name, with the whole number behind each."""

from typing import cast

import altair as alt
import polars as pl

from analysis.report.charts.base import WIDTH, names_axis, tips


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
