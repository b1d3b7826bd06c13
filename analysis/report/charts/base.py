"""Charts: each takes tables and a language and returns an Altair chart. Nothing is computed here but layout.

Every chart carries a description for those who cannot see it.
"""

from typing import Any, cast

import altair as alt
import polars as pl

from analysis.base.i18n import gettext, word
from analysis.tables import ministries
from analysis.tables.labels import label

# the first is brought along (matplotlib-fontja); a browser takes the first that its machine has
FONT = "IPAexGothic, Hiragino Sans, Yu Gothic, Noto Sans CJK JP, Noto Sans JP, sans-serif"
WIDTH = 620
ROWS_SHOWN = 60
DESCRIBED = 5  # of many marks, those that a description names
JUPYTERLAB_TYPE = "application/vnd.vegalite.v5+json"
JUPYTERLAB_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
BLUE, ORANGE, GREY, GREEN, RED = "#2b6ca3", "#d9822b", "#9aa5b1", "#3a8f5c", "#b8443c"
STATUS_COLOURS = {"continued": BLUE, "continuing": BLUE, "evolved": ORANGE, "ended": GREY, "new": GREEN}
ROLE_GROUPS = {
    "measure": "measure", "attribution": "measure", "background": "background", "kpi": "kpi", "table": "table",
    "figure": "figure", "footnote": "footnote", "heading": "heading", "title": "heading", "contents": "heading",
    "roadmap": "roadmap", "annex": "annex", "cross_reference": "heading", "furniture": "furniture",
    "unknown": "unknown",
}  # fmt: skip
PALETTE = [
    "#4e79a7", "#f28e2b", "#59a14f", "#e15759", "#76b7b2", "#edc948", "#b07aa1", "#9c755f",
    "#86bcb6", "#d37295", "#499894", "#b6992d", "#79706e", "#a0cbe8", "#ffbe7d", "#8cd17d",
]  # fmt: skip


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


def show() -> None:
    """Set up a notebook: charts as Vega-Lite data, which JupyterLab draws and which holds no random identifiers;
    tables with all their rows."""
    pl.Config(tbl_rows=ROWS_SHOWN, fmt_str_lengths=120, fmt_table_cell_list_len=12, tbl_hide_column_data_types=True)
    alt.renderers.register("ip_plan", _as_jupyterlab_knows_it)
    alt.renderers.enable("ip_plan")
    alt.data_transformers.disable_max_rows()


def _as_jupyterlab_knows_it(spec: dict[str, Any], **_: object) -> dict[str, Any]:
    """JupyterLab 4 draws Vega-Lite under the type of version 5; Altair 6's own type is not even valid JSON's."""
    return {JUPYTERLAB_TYPE: {**spec, "$schema": JUPYTERLAB_SCHEMA}, "text/plain": "a chart; JupyterLab draws it"}


def heading(key: str, language: str, **values: object) -> alt.TitleParams:
    return alt.TitleParams(
        word(f"{key}_title", language, **values), subtitle=word(f"{key}_subtitle", language, **values)
    )


def described(key: str, language: str, rows: list[str], **values: object) -> str:
    """What a chart says to those who cannot see it: its title, and what its marks say in words."""
    told = ("、" if language == "ja" else "; ").join(rows)
    return gettext("{title}. {rows}", language, title=word(f"{key}_title", language, **values), rows=told)


def names_axis(field: str, order: list[str], grid: bool = False) -> alt.Y:
    """A vertical axis of names in a given order."""
    return alt.Y(field, sort=order, title=None, axis=alt.Axis(labelLimit=330, grid=grid))


def topic_shares(shares: pl.DataFrame, language: str) -> alt.Chart:
    """Points with intervals: share of measures by topic, one row a topic, one colour an edition.

    `shares` has the columns topic_id, name_en, name_ja, edition, share, low, high (fractions).
    """
    name = f"name_{language}"
    order = (
        shares.group_by(name).agg(pl.col("share").max()).sort(["share", name], descending=[True, False])[name].to_list()
    )
    editions = shares["edition"].unique().sort().to_list()
    colours = alt.Scale(domain=editions, range=[GREY, BLUE, ORANGE, GREEN, RED])
    percent = [alt.Tooltip(f"{column}:Q", format=".1%") for column in ("share", "low", "high")]
    base = alt.Chart(shares).encode(
        y=names_axis(f"{name}:N", order, grid=True),
        yOffset=alt.YOffset("edition:N", sort=editions),
        color=alt.Color("edition:N", title=gettext("edition", language), scale=colours),
        tooltip=[f"{name}:N", "edition:N", *percent, "measures:Q"],
    )
    axis = alt.X("low:Q", title=gettext("share of the edition's measures", language), axis=alt.Axis(format="%"))
    rows = [
        f"{row[name]} {row['edition']}: {100 * row['share']:.0f}%"
        for row in shares.sort(["edition", "share", name], descending=[True, True, False]).iter_rows(named=True)
        if row["measures"]
    ]
    rule = base.mark_rule(strokeWidth=2, opacity=0.45).encode(x=axis, x2="high:Q")
    point = base.mark_point(filled=True, size=70, opacity=1).encode(x=alt.X("share:Q"))
    return (rule + point).properties(
        width=WIDTH - 170,
        height=alt.Step(13),
        title=heading("topics", language),
        description=described("topics", language, rows),
    )


def topics_crossed(crossed: pl.DataFrame, edition: int, by: str, language: str, top: int = 16) -> alt.LayerChart | None:
    """Heat map with counts: topics of an edition against its sections or the bodies in charge; None without data.

    `crossed` is what `counts.crossed` gives; of the bodies the `top` named most often are shown.
    """
    if crossed.is_empty():
        return None
    name = f"name_{language}"
    totals = crossed.group_by("other").agg(pl.col("measures").sum(), pl.col("first_line").min())
    if by == "ministry":
        order = totals.sort(["measures", "other"], descending=[True, False])["other"].head(top).to_list()
        labels = {other: ministries.label(other, language) for other in order}
    else:
        order = totals.sort("first_line")["other"].to_list()
        labels = {other: other for other in order}
    data = crossed.filter(pl.col("other").is_in(order)).with_columns(label=pl.col("other").replace_strict(labels))
    base = alt.Chart(data).encode(
        y=alt.Y("label:N", sort=list(labels.values()), title=None, axis=alt.Axis(labelLimit=330)),
        x=alt.X(f"{name}:N", sort=data.sort("place")[name].unique(maintain_order=True).to_list(), title=None,
                axis=alt.Axis(labelAngle=-45, labelLimit=290, orient="top")),
        tooltip=["label:N", f"{name}:N", "measures:Q"],
    )  # fmt: skip
    colour = alt.Color("measures:Q", title=gettext("measures", language), scale=alt.Scale(scheme="blues", type="sqrt"))
    half = float(data["measures"].max()) * 0.45  # type: ignore[arg-type]
    text = base.mark_text(fontSize=11).encode(
        text="measures:Q", color=alt.condition(alt.datum.measures > half, alt.value("white"), alt.value("#333"))
    )
    key = f"crossed_{by}"
    largest = data.sort(["measures", "place", "label"], descending=[True, False, False]).head(DESCRIBED)
    rows = [f"{row['label']}, {row[name]}: {row['measures']}" for row in largest.iter_rows(named=True)]
    return cast(
        alt.LayerChart,
        (base.mark_rect().encode(color=colour) + text).properties(
            width=alt.Step(27), height=alt.Step(22), title=heading(key, language, edition=edition),
            description=described(key, language, rows, edition=edition),
        ),
    )  # fmt: skip


def topic_map(points: pl.DataFrame, language: str) -> alt.Chart:
    """Scatter: measures on two coordinates that are for looking only, coloured by topic.

    `points` has measure_id, edition, x, y, name_en, name_ja, section.
    """
    name = f"name_{language}"
    chosen = alt.selection_point(fields=[name], bind="legend")
    names = points[name].unique().sort().to_list()
    hidden = alt.Axis(labels=False, ticks=False, domain=False, grid=False)
    chart = alt.Chart(points).mark_circle(size=42, stroke="white", strokeWidth=0.4).encode(
        x=alt.X("x:Q", title=None, axis=hidden),
        y=alt.Y("y:Q", title=None, axis=hidden),
        color=alt.Color(f"{name}:N", title=None, scale=alt.Scale(domain=names, range=PALETTE)),
        opacity=alt.condition(chosen, alt.value(0.85), alt.value(0.06)),
        tooltip=["measure_id:N", "edition:N", f"{name}:N", "section:N"],
    )  # fmt: skip
    return chart.add_params(chosen).properties(
        width=WIDTH - 200,
        height=420,
        title=heading("map", language),
        description=described(
            "map", language, [gettext("near each other: similar words and topics. For looking only", language)]
        ),
    )


def statuses_by_topic(counts: pl.DataFrame, edition: int, other: int, language: str) -> alt.Chart | None:
    """Stacked bars: what became of (or came before) an edition's measures, by topic; None where nothing is compared.

    `counts` has name_en, name_ja, status, measures.
    """
    if counts.is_empty():
        return None
    name = f"name_{language}"
    statuses = [status for status in STATUS_COLOURS if status in counts["status"].unique().to_list()]
    data = counts.with_columns(
        label=pl.col("status").map_elements(lambda status: label("status", status, language), return_dtype=pl.String),
        place=pl.col("status").map_elements(statuses.index, return_dtype=pl.Int64),
    )
    order = (
        counts.group_by(name)
        .agg(pl.col("measures").sum())
        .sort(["measures", name], descending=[True, False])[name]
        .to_list()
    )
    key = "ended" if edition < other else "origin"
    totals = dict(data.group_by("status").agg(pl.col("measures").sum()).iter_rows())
    rows = [f"{label('status', status, language)} {totals[status]}" for status in statuses]
    chart = alt.Chart(data).mark_bar(height={"band": 0.75}).encode(
        y=names_axis(f"{name}:N", order),
        x=alt.X("sum(measures):Q", title=gettext("measures", language)),
        color=alt.Color("label:N", title=None, sort=None, scale=alt.Scale(
            domain=[label("status", status, language) for status in statuses],
            range=[STATUS_COLOURS[status] for status in statuses])),
        order=alt.Order("place:Q"),
        tooltip=[f"{name}:N", "label:N", "measures:Q"],
    )  # fmt: skip
    return chart.properties(
        width=WIDTH - 170, height=alt.Step(22), title=heading(key, language, edition=edition, other=other),
        description=described(key, language, rows, edition=edition, other=other),
    )  # fmt: skip


def ledger_roles(ledger: pl.DataFrame, language: str) -> alt.Chart:
    """Stacked bars: what the lines of each document are, blank ones left out."""
    data = (
        ledger.filter(pl.col("role") != "blank")
        .with_columns(
            lines=pl.col("last_line") - pl.col("first_line") + 1,
            group=pl.col("role").replace_strict(ROLE_GROUPS),
        )
        .group_by("doc_id", "group")
        .agg(pl.col("lines").sum())
        .with_columns(label=pl.col("group").map_elements(lambda g: label("role", g, language), return_dtype=pl.String))
        .sort("doc_id", "group")
    )
    totals = data.group_by("doc_id").agg(pl.col("lines").sum()).sort("doc_id")
    unknown = dict(data.filter(pl.col("group") == "unknown").select("doc_id", "lines").iter_rows())
    rows = [
        f"{doc_id}: {gettext('unknown', language)} {unknown.get(doc_id, 0)} / {total}"
        for doc_id, total in totals.iter_rows()
    ]
    groups = [group for group in dict.fromkeys(ROLE_GROUPS.values()) if group in data["group"].to_list()]
    chart = alt.Chart(data).mark_bar(height={"band": 0.7}).encode(
        y=alt.Y("doc_id:N", title=None),
        x=alt.X("lines:Q", stack="normalize", title=gettext("share of lines", language), axis=alt.Axis(format="%")),
        color=alt.Color("label:N", title=None, sort=None, scale=alt.Scale(
            domain=[label("role", group, language) for group in groups],
            range=[RED if group == "unknown" else PALETTE[i % len(PALETTE)] for i, group in enumerate(groups)])),
        tooltip=["doc_id:N", "label:N", "lines:Q"],
    )  # fmt: skip
    return chart.properties(
        width=WIDTH - 150,
        height=alt.Step(30),
        title=heading("ledger", language),
        description=described("ledger", language, rows),
    )
