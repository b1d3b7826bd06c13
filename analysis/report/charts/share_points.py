"""Shares of an edition's measures as points with their intervals, one colour an edition."""

import altair as alt
import polars as pl

from analysis.base.i18n import gettext
from analysis.report.charts.base import BLUE, GREEN, GREY, ORANGE, RED


def share_points(shares: pl.DataFrame, y: alt.Y, names: list[str], language: str) -> alt.LayerChart:
    """Return a point and an interval for each row of `y` and each edition.

    shares: edition, measures, share, low, high (0–1), and what `y` and `names` (of the tooltip) take.
    """
    editions = shares["edition"].unique().sort().to_list()
    base = alt.Chart(shares).encode(
        y=y,
        yOffset=alt.YOffset("edition:N", sort=editions),
        color=alt.Color("edition:N", title=gettext("edition", language),
                        scale=alt.Scale(domain=editions, range=[GREY, BLUE, ORANGE, GREEN, RED])),
        tooltip=[*names, "edition:N",
                 *(alt.Tooltip(f"{column}:Q", format=".1%") for column in ("share", "low", "high")), "measures:Q"],
    )  # fmt: skip
    x = alt.X("low:Q", title=gettext("share of the edition's measures", language), axis=alt.Axis(format="%"))
    rule = base.mark_rule(strokeWidth=2, opacity=0.45).encode(x=x, x2="high:Q")
    return rule + base.mark_point(filled=True, size=70, opacity=1).encode(x=alt.X("share:Q"))
