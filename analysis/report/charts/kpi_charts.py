"""Charts of the indicators: progress at a glance, the industries in yen and dollars, the ratings of the annex.

The small multiples are in `kpi_panels`; `charts` gives all of them by name.
"""

from typing import cast

import altair as alt
import polars as pl

from analysis import kpi
from analysis.base.i18n import gettext
from analysis.kpi import amounts, pace
from analysis.report.charts.base import BLUE, GREY, heading
from analysis.report.charts.kpi_panels import COLOURS, GRIDS, INK, WIDTH, Row, described, indicators
from analysis.tables.labels import label

GRADES = {"◎": "#1f7a4a", "○": "#8cc5a2", "△": "#f0b860", "×": "#c0504d"}
TENTH = 0.1  # the last digit that the table of industries gives
NO_LIMIT = 0  # of labels: a limit makes Vega measure each several times, which doubles the time to draw a chart
YEN, DOLLARS = "兆円", "百億米ドル"


def ratio(rows: list[Row], language: str) -> alt.LayerChart | None:
    """Points with what rounding allows: observed over required growth, on the zones of the states. `rows` is what
    `kpi.overview` gives; None where no indicator has a ratio."""
    own = sorted((row for row in rows if row["ratio"] is not None), key=lambda row: (-row["ratio"], row["name"]))
    if not own:
        return None
    keep = ("name", "ratio", "ratio_low", "ratio_high", "reason")
    data = pl.DataFrame([{name: row[name] for name in keep} | {"label": _ratio_label(row, language)} for row in own])
    low = min(-0.42, *(row["ratio_low"] - 0.1 for row in own))
    high = max(1.6, *(row["ratio_high"] + 0.75 for row in own))
    bounds = [low, 0.0, pace.ACCELERATE, pace.ON_TRACK, high]
    states = ["deteriorating", "limited", "accelerate", "on_track"]
    zones = pl.DataFrame(
        [
            {
                "from": start,
                "to": end,
                "colour": COLOURS[state],
                "mid": (start + min(end, 1.5)) / 2,
                "word": label("ratio_zone", state, language),
            }
            for start, end, state in zip(bounds[:-1], bounds[1:], states, strict=True)
        ]
    )
    scale = alt.Scale(domain=[low, high], nice=False)
    axis = alt.Axis(values=[0, pace.ACCELERATE, pace.ON_TRACK, 1.5, 2], format="~g", grid=False)
    band = (
        alt.Chart(zones)
        .mark_rect(opacity=0.13, aria=False)
        .encode(
            x=alt.X("from:Q", scale=scale, axis=axis, title=gettext("observed ÷ required growth a year", language)),
            x2="to:Q",
            color=alt.Color("colour:N", scale=None),
        )
    )
    heads = (
        alt.Chart(zones)
        .mark_text(aria=False, fontSize=11)
        .encode(x=alt.X("mid:Q", scale=scale), y=alt.value(-8), text="word:N", color=alt.Color("colour:N", scale=None))
    )
    base = alt.Chart(data).encode(
        y=alt.Y("name:N", sort=data["name"].to_list(), title=None, axis=alt.Axis(labelLimit=NO_LIMIT)),
        tooltip=["name:N", "label:N", "reason:N"],
    )
    span = base.mark_rule(strokeWidth=9, opacity=0.35, color=BLUE).encode(x=alt.X("ratio_low:Q"), x2="ratio_high:Q")
    point = base.mark_point(filled=True, size=50, opacity=1, color=BLUE).encode(x="ratio:Q")
    text = base.mark_text(align="left", dx=9, fontSize=11.5).encode(x="ratio_high:Q", text="label:N")
    told = [
        gettext(
            "{name}: {ratio} ({low}–{high}), {state}",
            language,
            name=row["name"],
            state=row["state_word"],
            **{
                name: f"{row[key]:.2f}"
                for name, key in (("ratio", "ratio"), ("low", "ratio_low"), ("high", "ratio_high"))
            },
        )
        for row in own
    ]
    title = heading("kpi_ratio", language)
    title.offset = 24
    return cast(
        alt.LayerChart,
        (band + heads + span + point + text).properties(
            width=WIDTH - 310,
            height=alt.Step(28),
            title=title,
            description=described(
                gettext("Observed growth as a share of the growth required", language),
                [line + "." for line in told],
                language,
            ),
        ),
    )


def _ratio_label(row: Row, language: str) -> str:
    """0.58  (limited progress), and whether rounding could make another state of it."""
    state = [row["state_word"], *([] if row["sure"] else [gettext("near a bound", language)])]
    return f"{row['ratio']:.2f}  ({', '.join(state)})".replace("-", "−")


def industries(figures: pl.DataFrame, edition: int, language: str) -> alt.HConcatChart | None:
    """Two columns of dots: what each industry sold abroad, before and latest, in yen and in dollars, with the change
    that the plan states. None where the edition has no such table."""
    data = industry_rows(figures, edition, language)
    if data.is_empty():
        return None
    largest = data.filter((pl.col("unit") == YEN) & ~pl.col("total")).sort(
        ["latest", "first_line"], descending=[True, False]
    )
    order = largest["name"].to_list()
    charts = [_industry(data.filter(pl.col("unit") == unit), order, language) for unit in (YEN, DOLLARS)]
    told = [
        f"{row['name']}: {amounts.amount(row['before'], row['unit'], language)} → "
        f"{amounts.amount(row['latest'], row['unit'], language)} ({row['change']})."
        for row in data.iter_rows(named=True)
    ]
    title = heading("industries", language, edition=edition)
    description = described(
        gettext("Cool Japan industries: sales abroad and to visitors, in yen and in dollars", language), told, language
    )
    both = alt.hconcat(*charts, spacing=26).resolve_scale(y="independent")
    return cast(alt.HConcatChart, both.properties(title=title, description=description))


def industry_rows(figures: pl.DataFrame, edition: int, language: str) -> pl.DataFrame:
    """The table of industries in yen and dollars: name, unit, before, latest [unit], change [as written], total
    (whether it is the sum), first_line. A table counts as such where its rows have values in both."""
    own = figures.filter((pl.col("edition") == edition) & (pl.col("place") == "table")).sort("first_line", "figure_id")
    named = dict(kpi.ties(own).iter_rows())
    names = kpi.names(language)
    rows: list[dict[str, object]] = []
    for (line,), cells in own.group_by(["first_line"], maintain_order=True):
        if not {YEN, DOLLARS} <= set(cells["unit"]):
            continue
        key = next((named[figure] for figure in cells["figure_id"] if figure in named), None)
        total = cells["indicator"][0] == "合計"
        name = gettext("Total", language) if total else names.get(key or "", cells["indicator"][0])
        for unit in (YEN, DOLLARS):
            values = cells.filter((pl.col("unit") == unit) & (pl.col("nature") == "level")).sort("set_in")
            rate = cells.filter((pl.col("nature") == "rate") & (pl.col("figure_id") > values["figure_id"].max()))
            if len(values) != 2:
                continue
            change = amounts.growth(rate["value"][0] / 100, False, unit, language) if len(rate) else ""
            rows.append(
                {
                    "name": name,
                    "unit": unit,
                    "before": values["value"][0],
                    "latest": values["value"][1],
                    "change": change,
                    "total": total,
                    "first_line": line,
                }
            )
    schema = {
        "name": pl.String,
        "unit": pl.String,
        "before": pl.Float64,
        "latest": pl.Float64,
        "change": pl.String,
        "total": pl.Boolean,
        "first_line": pl.Int64,
    }
    return pl.DataFrame(rows, schema=schema)


def _industry(data: pl.DataFrame, order: list[str], language: str) -> alt.LayerChart:
    unit = data["unit"][0]
    shown = data.with_columns(
        pl.col(name).map_elements(lambda value: amounts.shown(value, unit, language), return_dtype=pl.Float64)
        for name in ("before", "latest")
    )
    step = amounts.shown(TENTH, unit, language)

    def told(value: float) -> str:
        return amounts.number(value, step)

    total = shown.filter("total")
    parts = shown.filter(~pl.col("total")).with_columns(
        text=pl.format("{}  {}", pl.col("latest").map_elements(told, return_dtype=pl.String), "change"),
        end=pl.max_horizontal("before", "latest"),
        ink=pl.when(pl.col("change").str.starts_with("−")).then(pl.lit(COLOURS["limited"])).otherwise(pl.lit(INK)),
    )
    hidden = unit != YEN
    y = alt.Y(
        "name:N",
        sort=order,
        title=None,
        axis=alt.Axis(labels=not hidden, ticks=not hidden, labelLimit=NO_LIMIT, domain=False, grid=True),
    )
    furthest = float(parts["end"].max()) * 1.45  # type: ignore[arg-type]
    x = alt.X(
        "before:Q",
        scale=alt.Scale(domain=[0, furthest], nice=False),
        title=amounts.unit_shown(unit, language),
        axis=alt.Axis(tickCount=4, grid=False),
    )
    base = alt.Chart(parts).encode(y=y, tooltip=["name:N", "before:Q", "latest:Q", "change:N"])
    layers = [
        base.mark_rule(color=GREY, strokeWidth=2).encode(x=x, x2="latest:Q"),
        base.mark_point(size=70, stroke=BLUE, fill="white", opacity=1).encode(x="before:Q"),
        base.mark_point(size=70, filled=True, color=BLUE, opacity=1).encode(x="latest:Q"),
        base.mark_text(align="left", dx=9, fontSize=11.5).encode(
            x="end:Q", text="text:N", color=alt.Color("ink:N", scale=None)
        ),
    ]
    sums = [
        f"{gettext('Total', language)} {told(row['before'])} → {told(row['latest'])} ({row['change']})"
        for row in total.iter_rows(named=True)
    ]
    head = "; ".join(sums)
    title = alt.TitleParams(
        amounts.unit_shown(unit, language), subtitle=head, fontSize=13, subtitleFontSize=12, offset=8
    )
    return cast(alt.LayerChart, alt.layer(*layers).properties(width=230, height=alt.Step(26), title=title))


def ratings(figures: pl.DataFrame, edition: int, language: str) -> alt.LayerChart | None:
    """Stacked bars with counts: the measures of the standards strategy by rating, in the annex's order and groups.
    None where the edition's annex rates nothing."""
    found = kpi.ratings(figures, edition, language)
    if found.is_empty():
        return None
    sums = dict(found.group_by("grade").agg(pl.col("measures").sum()).iter_rows())
    words = {grade: f"{label('grade', grade, language)}: {sums.get(grade, 0)}" for grade in GRADES}
    data = found.with_columns(
        rank=pl.col("grade").replace_strict({grade: n for n, grade in enumerate(GRADES)}, return_dtype=pl.Int64),
        label=pl.col("grade").replace_strict(words),
        text=pl.format("{} {}", "grade", "measures"),
    ).sort("place", "rank")
    data = data.with_columns(
        end=pl.col("measures").cum_sum().over("place", order_by="rank"),
    ).with_columns(start=pl.col("end") - pl.col("measures"), mid=pl.col("end") - pl.col("measures") / 2)
    order: list[str] = []
    for row in data.iter_rows(named=True):
        order += [name for name in (row["group"], row["item"]) if name and name not in order]
    groups = [group for group in order if group in set(data["group"])]
    bold = alt.Axis(
        labelLimit=NO_LIMIT,
        grid=False,
        ticks=False,
        domain=False,
        labelColor=alt.condition(alt.FieldOneOfPredicate("value", groups), alt.value(BLUE), alt.value(INK)),
    )
    base = alt.Chart(data).encode(
        y=alt.Y("item:N", sort=None, scale=alt.Scale(domain=order), title=None, axis=bold),
        tooltip=["group:N", "item:N", "label:N", "measures:Q"],
    )
    bars = base.mark_bar(height={"band": 0.8}, stroke="white").encode(
        x=alt.X("start:Q", title=gettext("measures", language), axis=alt.Axis(tickMinStep=1, tickCount=8)),
        x2="end:Q",
        color=alt.Color(
            "label:N",
            title=None,
            sort=None,
            scale=alt.Scale(domain=list(words.values()), range=list(GRADES.values())),
            legend=alt.Legend(orient="top"),
        ),
    )
    text = base.mark_text(fontSize=10.5, aria=False).encode(
        x="mid:Q",
        text="text:N",
        color=alt.condition(alt.FieldOneOfPredicate("grade", ["◎", "×"]), alt.value("white"), alt.value("#222")),
    )
    told = [
        f"{item}: " + ", ".join(rows["text"]) + "." for (item,), rows in data.group_by(["item"], maintain_order=True)
    ]
    values = {"edition": edition, "measures": int(data["measures"].sum())}
    return cast(
        alt.LayerChart,
        (bars + text).properties(
            width=WIDTH - 320,
            height=alt.Step(21),
            title=heading("ratings", language, **values),
            description=described(
                gettext("How ministries rate the measures of the standards strategy", language), told, language
            ),
        ),
    )


def charts(figures: pl.DataFrame, rows: list[Row], edition: int, language: str) -> dict[str, alt.TopLevelMixin | None]:
    """All charts of the indicators by name, in the order of reading; None where an edition has nothing to show.

    `rows` is what `kpi.overview` gives."""
    return {
        "kpi-ratio": ratio(rows, language),
        **{kpi.CHARTS[group]: indicators(rows, group, edition, language) for group in GRIDS},
        "industries": industries(figures, edition, language),
        "ratings": ratings(figures, edition, language),
    }
