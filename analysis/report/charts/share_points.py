"""Shares of an edition's measures as points, one colour an edition."""

import altair as alt
import polars as pl

from analysis.base.i18n import gettext
from analysis.report.charts.base import BLUE, GREEN, GREY, ORANGE, RED, tips


def share_points(shares: pl.DataFrame, y: alt.Y, names: list[str], language: str) -> alt.LayerChart:
    """Return a point for each row of `y` and each edition, joined by a line where there are two.

    shares: edition, measures, share (0–1), and what `y` and `names` (of the tooltip) take.
    """
    editions = shares["edition"].unique().sort().to_list()
    base = alt.Chart(shares).encode(
        y=y,
        color=alt.Color("edition:N", title=gettext("edition", language),
                        scale=alt.Scale(domain=editions, range=[GREY, BLUE, ORANGE, GREEN, RED])),
        tooltip=tips(*names, "edition:N",
                 alt.Tooltip("share:Q", format=".1%"), "measures:Q"),
    )  # fmt: skip
    x = alt.X("share:Q", title=gettext("share of the edition's measures", language), axis=alt.Axis(format="%"))
    ends = alt.Chart(shares).mark_rule(color="#c9ced6", strokeWidth=2).encode(
        y=y, x=alt.X("min(share):Q"), x2=alt.X2("max(share):Q")
    )  # fmt: skip
    return ends + base.mark_point(filled=True, size=70, opacity=1).encode(x=x)
