"""What all charts share: theme, fonts, colours, how a notebook shows them, what they say to those who cannot see."""

from typing import Any

import altair as alt
import polars as pl

from analysis.base.i18n import gettext

# the first is brought along (matplotlib-fontja); a browser takes the first that its machine has
FONT = "IPAexGothic, Hiragino Sans, Yu Gothic, Noto Sans CJK JP, Noto Sans JP, sans-serif"
WIDTH = 620
PERCENT = alt.Axis(format="%", tickCount=8)
DESCRIBED = 5  # of many marks, those that a description names
JUPYTERLAB_TYPE = "application/vnd.vegalite.v5+json"
JUPYTERLAB_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
BLUE, ORANGE, GREY, GREEN, RED = "#2b6ca3", "#d9822b", "#9aa5b1", "#3a8f5c", "#b8443c"
STATUS_COLOURS = {"continued": BLUE, "continuing": BLUE, "evolved": ORANGE, "ended": GREY, "new": GREEN,
                  "elsewhere": "#a5d3b0"}  # fmt: skip
PALETTE = [
    "#4e79a7", "#f28e2b", "#59a14f", "#e15759", "#76b7b2", "#edc948", "#b07aa1", "#9c755f",
    "#86bcb6", "#d37295", "#499894", "#b6992d", "#79706e", "#a0cbe8", "#ffbe7d", "#8cd17d",
]  # fmt: skip


def topic_colours(topics: pl.DataFrame) -> dict[str, str]:
    """Return the colour of each topic (rows of Topics) by topic_id: the same in each chart, language and edition."""
    return {topic_id: PALETTE[n % len(PALETTE)] for n, topic_id in enumerate(topics["topic_id"].unique().sort())}


def _theme() -> alt.theme.ThemeConfig:
    words = {"labelFont": FONT, "titleFont": FONT, "labelColor": "#333", "titleColor": "#333"}
    sizes = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    title = {"font": FONT, "fontSize": 15, "anchor": "start", "offset": 12}
    config = {
        "font": FONT,
        "background": "white",
        "view": {"stroke": None},
        "axis": {**words, **sizes, "gridColor": "#e8e8e8"},
        "legend": {**words, **sizes, "labelLimit": 260, "symbolOpacity": 1},
        "header": {**words, **sizes, "labelFontWeight": "bold"},
        "title": {**title, "subtitleFont": FONT, "subtitleFontSize": 12, "subtitleColor": "#555"},
        "mark": {"font": FONT},
    }
    return {"config": config}  # type: ignore[typeddict-item]


alt.theme.register("ip_plan", enable=True)(_theme)


def for_jupyterlab(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a chart as data that holds no random identifiers.

    JupyterLab 4 draws Vega-Lite under the type of version 5; Altair 6's own type is not even valid JSON's.
    """
    return {JUPYTERLAB_TYPE: {**spec, "$schema": JUPYTERLAB_SCHEMA}}


def tips(*fields: str | alt.Tooltip) -> list[alt.Tooltip]:
    """Return what a mark's tooltip shows. Of bare words Altair would build its whole schema anew, for each chart."""
    return [alt.Tooltip(field) if isinstance(field, str) else field for field in fields]


def described(title: str, rows: list[str], language: str) -> str:
    """Return what a chart says to those who cannot see it: its title, and what its marks say in words."""
    return gettext("{title}. {rows}", language, title=title, rows=("、" if language == "ja" else "; ").join(rows))


def finished(
    chart: Any, title: str, subtitle: str | list[str], told: list[str], language: str, between: str = "", **size: Any
) -> Any:
    """Return the chart with its size, title and description; `between` stands between what is told, if not as usual."""
    description = described(title, [between.join(told)] if between else told, language)
    offset = {"offset": size.pop("offset")} if "offset" in size else {}
    return chart.properties(title=alt.TitleParams(title, subtitle=subtitle, **offset), description=description, **size)


def names_axis(field: str, order: list[str], grid: bool = False) -> alt.Y:
    """A vertical axis of names in a given order."""
    return alt.Y(field, sort=order, title=None, axis=alt.Axis(labelLimit=460, grid=grid))
