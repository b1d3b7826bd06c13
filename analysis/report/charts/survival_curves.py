"""Survival curves of one cohort, with the numbers at risk below."""

from typing import cast

import altair as alt
import polars as pl

from analysis.report.charts.base import BLUE, GREY, ORANGE

PANEL = 175  # width [pixels]
AT_RISK = {"latest": -0.2, "earliest": -0.33}  # where their numbers stand


def panel(
    data: pl.DataFrame, title: str, assigned: dict[str, str], years: tuple[int, int], at_risk: str
) -> alt.LayerChart:
    """Return the two curves of a cohort, what lies between them, and the numbers at risk in their colours.

    `data` is the cohort's rows of Survival, `assigned` what to call its ends. Channels are named (alt.X, not x="…"),
    since Altair looks through its whole schema for each one that is not (2 ms), and axes and scales are dicts, since
    the copies that Altair makes of an object hold all that is not set, too.
    """
    data = data.with_columns(
        label=pl.col("assigned").replace_strict(assigned), row=pl.col("assigned").replace_strict(AT_RISK)
    ).sort("assigned", "year")
    start, names = int(data["year"].min()), list(assigned.values())  # type: ignore[arg-type]
    told = [start, *(year for year in range(years[1], start + 1, -3))]
    ticks = sorted({*told, *([years[0]] if start - years[0] > 1 else [])})
    legend = {"title": None, "orient": "bottom", "labelLimit": 400, "symbolType": "stroke", "symbolStrokeWidth": 2}
    base = alt.Chart(data).encode(
        x=alt.X("year:Q", title=None, scale={"domain": [years[0] - 0.9, years[1] + 0.5], "nice": False},
                axis={"format": "d", "values": ticks, "grid": False}),
        color=alt.Color("label:N", sort=None, legend=legend, scale={"domain": names, "range": [BLUE, ORANGE]}),
    )  # fmt: skip
    axis = {"format": "%", "values": [0, 0.25, 0.5, 0.75, 1]}
    scale = {"domain": [-0.38, 1], "nice": False}
    both = data.pivot("assigned", index="year", values="survival").sort("year")
    open_ = alt.Chart(both).mark_area(interpolate="step-after", color=GREY, opacity=0.18)
    line = base.mark_line(interpolate="step-after", strokeWidth=2).encode(
        y=alt.Y("survival:Q"),
        strokeDash=alt.StrokeDash("label:N", sort=None, legend=None,
                                  scale={"domain": names, "range": [[1, 0], [5, 3]]}),
        tooltip=[*map(alt.Tooltip, ("label:N", "year:Q", "at_risk:Q", "ended:Q")),
                 alt.Tooltip("survival:Q", format=".1%")],
    )  # fmt: skip
    numbers = base.transform_filter(alt.FieldOneOfPredicate(field="year", oneOf=told)).mark_text(fontSize=10)
    head = alt.Chart(pl.DataFrame({"row": [-0.08], "year": [years[0] - 0.8]})).mark_text(
        align="left", fontSize=10, color="#555", text=at_risk
    )
    layers = (
        open_.encode(
            x=alt.X("year:Q"), y=alt.Y("earliest:Q", title=None, axis=axis, scale=scale), y2=alt.Y2("latest:Q")
        ),
        line,
        numbers.encode(y=alt.Y("row:Q"), text=alt.Text("at_risk:Q")), head.encode(x=alt.X("year:Q"), y=alt.Y("row:Q")),
    )  # fmt: skip
    return cast(
        alt.LayerChart,
        alt.layer(*layers, width=PANEL, height=170, title=alt.TitleParams(title, fontSize=12, offset=6)),
    )
