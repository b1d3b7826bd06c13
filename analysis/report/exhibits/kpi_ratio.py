"""Exhibit: each indicator's observed growth as a share of the growth that its target requires."""

from typing import Any, cast

import altair as alt
import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.kpi import pace
from analysis.report.charts.base import BLUE, finished, tips
from analysis.report.charts.panels import COLOURS, NO_LIMIT, WIDTH
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, rows_of
from analysis.tables.labels import label

ZONES = ("deteriorating", "limited", "accelerate", "on_track")  # from the left
COLUMNS = ("name", "state_word", "ratio", "ratio_low", "ratio_high", "reason")
HEADS = {
    "name": N_("indicator"), "state_word": N_("state"), "ratio": N_("observed / required growth"),
    "ratio_low": N_("at the lowest"), "ratio_high": N_("at the highest"), "reason": N_("where it stands, and why"),
}  # fmt: skip
DESCRIBED = N_("{name}: {ratio} ({low}–{high}), {state}")


def exhibit(data: ReportData) -> Exhibit | None:
    rows = [row for row in data.indicators if row["ratio"] is not None and row["state"] in pace.PACED]
    if not rows:
        return None
    table = pl.DataFrame([{name: _cell(row[name]) for name in COLUMNS} for row in rows])
    fast = sum(row["ratio"] >= pace.ON_TRACK for row in rows)
    said = data.gettext(
        "Observed and required growth can be compared for {indicators} of the indicators; {fast} of these reach at "
        "least {share} of the required growth.",
        indicators=len(rows), fast=fast, share=percent(pace.ON_TRACK),
    )  # fmt: skip
    return Exhibit(
        __name__, "kpi-ratio", "kpis", "04_kpi", chart=_chart(rows, data),
        rows=rows_of(table, HEADS, ["progress"], data.language),
        sentences=[said],
    )  # fmt: skip


def _cell(value: str | float) -> str:
    return f"{value:.2f}".replace("-", "−") if isinstance(value, float) else value


def _chart(rows: list[dict[str, Any]], data: ReportData) -> alt.LayerChart:
    """Return points with what rounding allows, on the zones of the states."""
    _ = data.gettext
    rows = sorted(rows, key=lambda row: (-row["ratio"], row["name"]))
    keep = ("name", "ratio", "ratio_low", "ratio_high", "reason")
    shown = pl.DataFrame([{name: row[name] for name in keep} | {"label": _label(row, data)} for row in rows])
    low = min(-0.42, *(row["ratio_low"] - 0.1 for row in rows))
    high = max(1.6, *(row["ratio_high"] + 0.75 for row in rows))
    scale = alt.Scale(domain=[low, high], nice=False)
    base = alt.Chart(shown).encode(
        y=alt.Y("name:N", sort=shown["name"].to_list(), title=None, axis=alt.Axis(labelLimit=NO_LIMIT)),
        tooltip=tips("name:N", "label:N", "reason:N"),
    )
    span = base.mark_rule(strokeWidth=9, opacity=0.35, color=BLUE).encode(
        x=alt.X("ratio_low:Q"), x2=alt.X2("ratio_high:Q")
    )
    point = base.mark_point(filled=True, size=50, opacity=1, color=BLUE).encode(x=alt.X("ratio:Q"))
    text = base.mark_text(align="left", dx=9, fontSize=11.5).encode(x=alt.X("ratio_high:Q"), text=alt.Text("label:N"))
    told = [
        _(
            DESCRIBED, name=row["name"], state=row["state_word"], ratio=f"{row['ratio']:.2f}",
            low=f"{row['ratio_low']:.2f}", high=f"{row['ratio_high']:.2f}",
        ) + "."
        for row in rows
    ]  # fmt: skip
    title = _("Observed growth as a share of the growth required")
    subtitle = _("bar: what the rounding of the published values allows")
    chart = _zones(low, high, scale, data) + span + point + text
    return finished(
        chart, title, subtitle, told, data.language, width=WIDTH - 310, height=alt.Step(28), offset=24, between=" "
    )


def _zones(low: float, high: float, scale: alt.Scale, data: ReportData) -> alt.LayerChart:
    """Return the zones of the states in their colours, with their names above."""
    bounds = [low, 0.0, pace.ACCELERATE, pace.ON_TRACK, high]
    zones = pl.DataFrame(
        [
            {"from": start, "to": end, "colour": COLOURS[state], "mid": (start + min(end, 1.5)) / 2,
             "word": label("ratio_zone", state, data.language)}
            for start, end, state in zip(bounds[:-1], bounds[1:], ZONES, strict=True)
        ]
    )  # fmt: skip
    axis = alt.Axis(values=[0, pace.ACCELERATE, pace.ON_TRACK, 1.5, 2], format="~g", grid=False)
    colour = alt.Color("colour:N", scale=None)
    title = data.gettext("observed ÷ required growth a year")
    band = alt.Chart(zones).mark_rect(opacity=0.13, aria=False).encode(
        x=alt.X("from:Q", scale=scale, axis=axis, title=title), x2=alt.X2("to:Q"), color=colour
    )  # fmt: skip
    heads = alt.Chart(zones).mark_text(aria=False, fontSize=11).encode(
        x=alt.X("mid:Q", scale=scale), y=alt.value(-8), text=alt.Text("word:N"), color=colour
    )  # fmt: skip
    return cast(alt.LayerChart, band + heads)


def _label(row: dict[str, Any], data: ReportData) -> str:
    """0.58  (limited progress), and whether rounding could make another state of it."""
    state = [row["state_word"], *([] if row["sure"] else [data.gettext("near a bound")])]
    return f"{row['ratio']:.2f}  ({', '.join(state)})".replace("-", "−")
