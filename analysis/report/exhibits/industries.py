"""Exhibit: what each industry sold abroad, before and latest, in yen and in dollars."""

from typing import Any, cast

import altair as alt
import polars as pl

from analysis import kpi
from analysis.base.i18n import gettext
from analysis.base.i18n import gettext_noop as N_
from analysis.kpi import amounts
from analysis.report.charts.base import BLUE, GREY, finished, tips
from analysis.report.charts.panels import COLOURS, INK, NO_LIMIT
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, rows_of

TENTH = 0.1  # the last digit that the table of industries gives
YEN, DOLLARS = "兆円", "百億米ドル"
SCHEMA: dict[str, Any] = {
    "name": pl.String, "unit": pl.String, "before": pl.Float64, "latest": pl.Float64, "change": pl.String,
    "rate": pl.Float64, "total": pl.Boolean, "first_line": pl.Int64,
}  # fmt: skip
HEADS = {"name": N_("industry"), "unit": N_("unit"), "before": N_("before"), "latest": N_("latest value"),
         "change": N_("change"), "first_line": N_("line")}  # fmt: skip


def exhibit(data: ReportData) -> Exhibit | None:
    """Return both columns of dots; None where the edition has no such table."""
    table, language = industry_rows(data.tables["figures"], data.edition, data.language), data.language
    if table.is_empty():
        return None
    units = {unit: amounts.unit_shown(unit, language) for unit in table["unit"].unique()}
    written = {
        when: [amounts.bare_amount(value, unit, language) for value, unit in table.select(when, "unit").iter_rows()]
        for when in ("before", "latest")
    }
    listed = table.with_columns(
        *(pl.Series(when, values) for when, values in written.items()), pl.col("unit").replace_strict(units)
    )
    yen = table.filter((pl.col("unit") == YEN) & ~pl.col("total")).sort(
        "latest", "first_line", descending=[True, False]
    )
    largest = yen.row(0, named=True)
    growth = pl.coalesce("rate", pl.col("latest") - pl.col("before"))  # values are rounded, rates say more
    said = data.gettext(
        "The largest of the {statistics} statistics is {name}, {amount}; in yen {grown} of them grew, by the rates "
        "that the plan states.",
        name=largest["name"], amount=amounts.amount(largest["latest"], YEN, language),
        grown=yen.filter(growth > 0).height, statistics=len(yen),
    )  # fmt: skip
    return Exhibit(
        __name__, "industries", "annex", "04_kpi", chart=_chart(table, data),
        rows=rows_of(listed, HEADS, ["figures"], language),
        sentences=[said],
    )  # fmt: skip


def industry_rows(figures: pl.DataFrame, edition: int, language: str) -> pl.DataFrame:
    """Return the table of industries in yen and dollars: name, unit, before, latest [unit], change [as written],
    rate [%], total (whether it is the sum), first_line. A table counts as such where its rows have values in both."""
    own = figures.filter((pl.col("edition") == edition) & (pl.col("place") == "table")).sort("first_line", "figure_id")
    names = kpi.names(language)
    rows: list[dict[str, object]] = []
    for (line,), cells in own.group_by(["first_line"], maintain_order=True):
        if not {YEN, DOLLARS} <= set(cells["unit"]):
            continue
        key = next(iter(cells["indicator_id"].drop_nulls()), "")
        whole = cells["indicator"][0] == "合計"
        name = gettext("Total", language) if whole else names.get(key, cells["indicator"][0])
        for unit in (YEN, DOLLARS):
            values = cells.filter((pl.col("unit") == unit) & (pl.col("nature") == "level")).sort("set_in")
            rate = cells.filter((pl.col("nature") == "rate") & (pl.col("figure_id") > values["figure_id"].max()))
            if len(values) != 2:
                continue
            change = amounts.growth(rate["value"][0] / 100, False, unit, language) if len(rate) else ""
            rows.append(
                {"name": name, "unit": unit, "before": values["value"][0], "latest": values["value"][1],
                 "change": change, "rate": rate["value"][0] if len(rate) else None, "total": whole, "first_line": line}
            )  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMA)


def _chart(table: pl.DataFrame, data: ReportData) -> alt.HConcatChart:
    """Return two columns of dots with the change that the plan states."""
    _, language = data.gettext, data.language
    largest = table.filter((pl.col("unit") == YEN) & ~pl.col("total"))
    order = largest.sort(["latest", "first_line"], descending=[True, False])["name"].to_list()
    columns = [_column(table.filter(pl.col("unit") == unit), order, language) for unit in (YEN, DOLLARS)]
    told = [
        f"{row['name']}: {amounts.amount(row['before'], row['unit'], language)} → "
        f"{amounts.amount(row['latest'], row['unit'], language)} ({row['change']})."
        for row in table.iter_rows(named=True)
    ]
    title = _("Cool Japan industries: sales abroad and to visitors, in yen and in dollars")
    subtitle = _(
        "table of the {edition} plan; hollow: the value before, filled: the latest; behind it the change that the plan "
        "states",
        edition=data.edition,
    )
    both = alt.hconcat(*columns, spacing=26).resolve_scale(y="independent")
    return finished(both, title, subtitle, told, language, between=" ")


def _column(table: pl.DataFrame, order: list[str], language: str) -> alt.LayerChart:
    """Return the dots of one unit; names stand beside the first column only."""
    unit = table["unit"][0]
    step = amounts.shown(TENTH, unit, language)

    def written(value: float) -> str:
        return amounts.number(value, step)

    shown = table.with_columns(
        pl.col(name).map_elements(lambda value: amounts.shown(value, unit, language), return_dtype=pl.Float64)
        for name in ("before", "latest")
    )
    parts = shown.filter(~pl.col("total")).with_columns(
        text=pl.format("{}  {}", pl.col("latest").map_elements(written, return_dtype=pl.String), "change"),
        end=pl.max_horizontal("before", "latest"),
        ink=pl.when(pl.col("change").str.starts_with("−")).then(pl.lit(COLOURS["limited"])).otherwise(pl.lit(INK)),
    )
    named = unit == YEN
    furthest = float(parts["end"].max()) * 1.45  # type: ignore[arg-type]
    x = alt.X("before:Q", scale=alt.Scale(domain=[0, furthest], nice=False), title=amounts.unit_shown(unit, language),
              axis=alt.Axis(tickCount=4, grid=False))  # fmt: skip
    y = alt.Y("name:N", sort=order, title=None,
              axis=alt.Axis(labels=named, ticks=named, labelLimit=NO_LIMIT, domain=False, grid=True))  # fmt: skip
    base = alt.Chart(parts).encode(y=y, tooltip=tips("name:N", "before:Q", "latest:Q", "change:N"))
    layers = [
        base.mark_rule(color=GREY, strokeWidth=2).encode(x=x, x2=alt.X2("latest:Q")),
        base.mark_point(size=70, stroke=BLUE, fill="white", opacity=1).encode(x=alt.X("before:Q")),
        base.mark_point(size=70, filled=True, color=BLUE, opacity=1).encode(x=alt.X("latest:Q")),
        base.mark_text(align="left", dx=9, fontSize=11.5).encode(
            x=alt.X("end:Q"), text=alt.Text("text:N"), color=alt.Color("ink:N", scale=None)
        ),
    ]
    sums = [
        f"{row['name']} {written(row['before'])} → {written(row['latest'])} ({row['change']})"
        for row in shown.filter("total").iter_rows(named=True)
    ]
    title = alt.TitleParams(
        amounts.unit_shown(unit, language),
        subtitle=gettext("; ", language).join(sums),
        fontSize=13,
        subtitleFontSize=12,
        offset=8,
    )
    return cast(alt.LayerChart, alt.layer(*layers).properties(width=230, height=alt.Step(26), title=title))
