"""Heat maps of counts."""

from typing import cast

import altair as alt
import polars as pl


def counted(base: alt.Chart, data: pl.DataFrame, legend: str | None) -> alt.LayerChart:
    """Return the squares of `measures` in blue with their numbers; `legend` is the title of the colours, if any."""
    half = float(data["measures"].max()) * 0.45  # type: ignore[arg-type]
    scale = alt.Scale(scheme="blues", type="sqrt")
    colour = alt.Color("measures:Q", scale=scale, **({"title": legend} if legend else {"legend": None}))
    text = base.mark_text(fontSize=11).encode(
        text=alt.Text("measures:Q"),
        color=alt.condition(alt.datum.measures > half, alt.value("white"), alt.value("#333")),
    )
    return cast(alt.LayerChart, base.mark_rect().encode(color=colour) + text)
