"""Charts of a plan's structure: each takes a table of `analysis.structure` and a language."""

from typing import cast

import altair as alt
import polars as pl

from analysis.base.i18n import gettext, word
from analysis.report.charts.base import BLUE, GREY, WIDTH, heading, names_axis
from analysis.tables import ministries

BODIES = 20  # shown in the bars
PARTNERS = 14  # shown in the matrix
PALE = "#a9c6e3"


def sections(table: pl.DataFrame, edition: int, language: str) -> alt.LayerChart:
    """Bars: measures of an edition by section, in the plan's own order; repeated ones apart."""
    shown = table.select(
        "measures",
        "repeated",
        label=pl.col("section") + "  " + pl.col("section_title"),
        own=pl.col("measures") - pl.col("repeated"),
    )
    told = gettext(
        "Bars: the {measures} measures of the {edition} plan by its {sections} sections.",
        language,
        edition=edition,
        measures=table["measures"].sum(),
        sections=len(table),
    )
    states = {"own": BLUE, "repeated": GREY} if table["repeated"].sum() else {"own": BLUE}
    return _bars(shown, states, 24, heading("sections", language, edition=edition), told, language)


def bodies(table: pl.DataFrame, edition: int, language: str) -> alt.LayerChart | None:
    """Bars: how many measures name each body, alone or with others; None where no body is named."""
    if table.is_empty():
        return None
    shown = table.head(BODIES).select(
        "measures", "joint", label=_labels("body", language), alone=pl.col("measures") - pl.col("joint")
    )
    first = shown.row(0, named=True)
    told = gettext(
        "Bars: measures of the {edition} plan by body in charge; most name {first} ({count}).",
        language,
        edition=edition,
        first=first["label"],
        count=first["measures"],
    )
    states = {"alone": BLUE, "joint": PALE}
    return _bars(shown, states, 22, heading("ministries", language, edition=edition), told, language)


def _bars(
    table: pl.DataFrame, states: dict[str, str], step: int, title: alt.TitleParams, description: str, language: str
) -> alt.LayerChart:
    """Stacked bars of `label`: a column of counts for each state, in its colour, and the number `measures` behind."""
    names = {state: word(state, language) for state in states}
    data = table.unpivot(on=list(states), index=["label", "measures"], variable_name="state", value_name="count")
    data = data.with_columns(
        pl.col("state").replace_strict(names),
        place=pl.col("state").replace_strict({state: n for n, state in enumerate(states)}),
    )
    base = alt.Chart(data).encode(y=names_axis("label:N", table["label"].to_list()))
    axis = alt.X("count:Q", title=gettext("measures", language), stack="zero", axis=alt.Axis(tickMinStep=1))
    bars = base.mark_bar(height={"band": 0.75}).encode(
        x=axis,
        color=alt.Color("state:N", title=None, legend=alt.Legend(orient="bottom") if len(states) > 1 else None,
                        scale=alt.Scale(domain=list(names.values()), range=list(states.values()))),
        order=alt.Order("place:Q"),
        tooltip=["label:N", "state:N", "count:Q"],
    )  # fmt: skip
    text = base.transform_filter("datum.place == 0").mark_text(align="left", dx=4, color="#333")
    chart = bars + text.encode(x="measures:Q", text="measures:Q")
    drawn = chart.properties(width=WIDTH - 130, height=alt.Step(step), title=title, description=description)
    return cast(alt.LayerChart, drawn)


def together(table: pl.DataFrame, edition: int, language: str) -> alt.LayerChart | None:
    """Matrix: how many measures two bodies share, of those that share most; None where none share any."""
    if table.is_empty():
        return None
    both = pl.concat([table, table.rename({"body": "other", "other": "body"}).select(table.columns)])
    totals = both.group_by("body").agg(pl.col("measures").sum())
    order = totals.sort(["measures", "body"], descending=[True, False])["body"].head(PARTNERS).to_list()
    place = {body: n for n, body in enumerate(order)}
    shown = both.filter(pl.col("body").is_in(order) & pl.col("other").is_in(order))
    shown = shown.filter(pl.col("body").replace_strict(place) > pl.col("other").replace_strict(place))
    shown = shown.select(
        _labels("body", language).alias("label"), _labels("other", language).alias("partner"), "measures"
    )
    labels = [ministries.label(body, language) for body in order]
    base = alt.Chart(shown).encode(
        y=alt.Y("label:N", sort=labels, title=None, scale=alt.Scale(domain=labels[1:]),
                axis=alt.Axis(labelLimit=330, domain=False, ticks=False)),
        x=alt.X("partner:N", sort=labels, title=None, scale=alt.Scale(domain=labels[:-1]),
                axis=alt.Axis(labelAngle=-45, labelLimit=290, orient="top", domain=False, ticks=False)),
        tooltip=["label:N", "partner:N", "measures:Q"],
    )  # fmt: skip
    half = float(shown["measures"].max()) * 0.45  # type: ignore[arg-type]
    colour = alt.Color("measures:Q", legend=None, scale=alt.Scale(scheme="blues", type="sqrt"))
    text = base.mark_text(fontSize=11).encode(
        text="measures:Q", color=alt.condition(alt.datum.measures > half, alt.value("white"), alt.value("#333"))
    )
    first = table.row(0, named=True)
    return cast(
        alt.LayerChart,
        (base.mark_rect().encode(color=colour) + text).properties(
            width=alt.Step(30),
            height=alt.Step(22),
            title=heading("together", language, edition=edition),
            description=gettext(
                "Matrix: measures of the {edition} plan that two bodies are in charge of together; most "
                "are those of {one} and {other} ({count}).",
                language,
                edition=edition,
                count=first["measures"],
                one=ministries.label(first["body"], language),
                other=ministries.label(first["other"], language),
            ),
        ),
    )


def _labels(column: str, language: str) -> pl.Expr:
    return pl.col(column).map_elements(lambda name: ministries.label(name, language), return_dtype=pl.String)
