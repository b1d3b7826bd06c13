"""Charts of a plan's structure: each takes a table of `analysis.structure` and a language."""

from typing import cast

import altair as alt
import polars as pl

from analysis import ministries
from analysis.charts import BLUE, GREY, WIDTH, heading, names_axis
from analysis.wording import word

BODIES = 20  # shown in the bars
PARTNERS = 14  # shown in the matrix


def sections(table: pl.DataFrame, edition: int, language: str) -> alt.LayerChart:
    """Bars: measures of an edition by section, in the plan's own order; repeated ones apart."""
    states = {"own": word("own", language), "repeated": word("repeated", language)}
    labelled = table.with_columns(
        label=pl.col("section") + "  " + pl.col("section_title"), own=pl.col("measures") - pl.col("repeated")
    )
    data = labelled.unpivot(
        on=list(states), index=["label", "first_line", "measures"], variable_name="state", value_name="count"
    ).with_columns(
        pl.col("state").replace_strict(states), place=pl.col("state").replace_strict({"own": 0, "repeated": 1})
    )
    base = alt.Chart(data).encode(y=names_axis("label:N", labelled["label"].to_list()))
    bars = base.mark_bar(height={"band": 0.75}).encode(
        x=alt.X("count:Q", title=word("number_of_measures", language), stack="zero", axis=alt.Axis(tickMinStep=1)),
        color=alt.Color("state:N", title=None, scale=alt.Scale(domain=list(states.values()), range=[BLUE, GREY]),
                        legend=alt.Legend(orient="bottom") if table["repeated"].sum() else None),
        order=alt.Order("place:Q"),
        tooltip=["label:N", "state:N", "count:Q"],
    )  # fmt: skip
    text = base.transform_filter("datum.place == 0").mark_text(align="left", dx=4, color="#333")
    chart = bars + text.encode(x="measures:Q", text="measures:Q")
    return cast(
        alt.LayerChart,
        chart.properties(
            width=WIDTH - 130, height=alt.Step(24), title=heading("sections", language, edition=edition),
            description=word("sections_description", language, edition=edition, measures=table["measures"].sum(),
                             sections=len(table)),
        ),
    )  # fmt: skip


def bodies(table: pl.DataFrame, edition: int, language: str) -> alt.LayerChart | None:
    """Bars: how many measures name each body, alone or with others; None where no body is named."""
    if table.is_empty():
        return None
    shown = table.head(BODIES).with_columns(label=_labels("body", language), alone=pl.col("measures") - pl.col("joint"))
    states = {"alone": word("alone", language), "joint": word("joint", language)}
    data = shown.unpivot(
        on=list(states), index=["label", "measures"], variable_name="state", value_name="count"
    ).with_columns(
        pl.col("state").replace_strict(states), place=pl.col("state").replace_strict({"alone": 0, "joint": 1})
    )
    base = alt.Chart(data).encode(y=names_axis("label:N", shown["label"].to_list()))
    bars = base.mark_bar(height={"band": 0.75}).encode(
        x=alt.X("count:Q", title=word("number_of_measures", language), stack="zero", axis=alt.Axis(tickMinStep=1)),
        color=alt.Color("state:N", title=None, legend=alt.Legend(orient="bottom"),
                        scale=alt.Scale(domain=list(states.values()), range=[BLUE, "#a9c6e3"])),
        order=alt.Order("place:Q"),
        tooltip=["label:N", "state:N", "count:Q"],
    )  # fmt: skip
    text = base.transform_filter("datum.place == 0").mark_text(align="left", dx=4, color="#333")
    chart = bars + text.encode(x="measures:Q", text="measures:Q")
    return cast(
        alt.LayerChart,
        chart.properties(
            width=WIDTH - 130, height=alt.Step(22), title=heading("ministries", language, edition=edition),
            description=word("ministries_description", language, edition=edition, first=shown["label"][0],
                             count=shown["measures"][0]),
        ),
    )  # fmt: skip


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
            width=alt.Step(30), height=alt.Step(22), title=heading("together", language, edition=edition),
            description=word("together_description", language, edition=edition, count=first["measures"],
                             one=ministries.label(first["body"], language),
                             other=ministries.label(first["other"], language)),
        ),
    )  # fmt: skip


def _labels(column: str, language: str) -> pl.Expr:
    return pl.col(column).map_elements(lambda name: ministries.label(name, language), return_dtype=pl.String)
