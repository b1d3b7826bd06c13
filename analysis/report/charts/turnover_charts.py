"""Charts of turnover, survival and novelty: as in `charts`, from the tables of the same names.

Each description tells the figures that the chart shows, for those who cannot see it.
"""

from typing import cast

import altair as alt
import polars as pl

from analysis.base.i18n import gettext, percent, word
from analysis.continuity import turnover_values
from analysis.report.charts.base import BLUE, GREEN, GREY, ORANGE, RED, WIDTH, described, heading, names_axis
from analysis.tables import editions, ministries
from analysis.tables.labels import label

SHOWN = ("carried", "inherited", "jaccard", "reuse")
COLOURS = {"carried": BLUE, "inherited": ORANGE, "jaccard": GREEN, "reuse": RED}
LARGEST = 20  # groups shown
PERCENT = alt.Axis(format="%", tickCount=8)
PANEL, COLUMNS = 235, 3  # of the survival curves


def carry_over(turnover: pl.DataFrame, edition: int, language: str, strictness: float = 1.0) -> alt.LayerChart | None:
    """Points with intervals and the span over thresholds: shares of each earlier edition and of the edition that are
    linked to each other; None where no edition is earlier.
    """
    data = turnover_values.into(turnover, edition, strictness)
    if data.is_empty():
        return None
    kinds = {
        "carried": gettext("of the earlier edition: linked to {edition}", language, edition=edition),
        "inherited": gettext("of {edition}: linked to the earlier edition", language, edition=edition),
    }
    data = data.with_columns(
        edition_id=pl.col("from_edition").map_elements(lambda s: editions.label(s, language), return_dtype=pl.String),
        kind=pl.col("metric").replace_strict(kinds),
        text=pl.format("{}/{}", "count", "total"),
        end=pl.max_horizontal("high", "loosest"),
    )
    base = alt.Chart(data).encode(
        y=names_axis("edition_id:N", data["edition_id"].unique(maintain_order=True).to_list(), grid=True),
        yOffset=alt.YOffset("kind:N", sort=list(kinds.values())),
        color=alt.Color("kind:N", sort=None, scale=alt.Scale(domain=list(kinds.values()), range=[BLUE, ORANGE]),
                        legend=alt.Legend(title=None, orient="bottom", direction="vertical", labelLimit=500)),
        tooltip=["edition_id:N", "kind:N", *(alt.Tooltip(f"{name}:Q", format=".1%")
                   for name in ("value", "low", "high")), "text:N"],
    )  # fmt: skip
    furthest = float(data["end"].max())  # type: ignore[arg-type]
    scale = alt.Scale(domain=[0, min(1.1, furthest + 0.1)], nice=False)  # room for the counts
    span = base.mark_rule(strokeWidth=1).encode(
        x=alt.X("strictest:Q", title=gettext("share of measures with a link", language), axis=PERCENT, scale=scale),
        x2="loosest:Q",
    )
    interval = base.mark_rule(strokeWidth=5, opacity=0.35).encode(x=alt.X("low:Q"), x2="high:Q")
    point = base.mark_point(filled=True, size=70, opacity=1).encode(x=alt.X("value:Q"))
    text = base.mark_text(align="left", dx=7, fontSize=11).encode(x=alt.X("end:Q"), text="text:N")
    rows = [
        f"{row['edition_id']}: {row['kind']} {percent(row['value'])} ({percent(row['low'])}–{percent(row['high'])})"
        for row in data.iter_rows(named=True)
    ]
    factors = turnover["strictness"].unique().sort().to_list()
    limits = {"edition": edition, "loose": f"{factors[0]:g}", "strict": f"{factors[-1]:g}"}
    return cast(
        alt.LayerChart,
        (span + interval + point + text).properties(
            width=WIDTH - 130, height=alt.Step(20), title=heading("carry_over", language, **limits),
            description=described("carry_over", language, rows, edition=edition),
        ),
    )  # fmt: skip


def sensitivity(turnover: pl.DataFrame, baseline: int, edition: int, language: str) -> alt.LayerChart | None:
    """Lines with bands: the metrics between two editions against the threshold; None where there are no two."""
    earlier, later = sorted((baseline, edition))
    data = turnover_values.between(turnover, str(earlier), str(later)).filter(pl.col("metric").is_in(SHOWN))
    if data.is_empty():
        return None
    labels = {name: label("metric", name, language) for name in SHOWN}
    data = data.with_columns(label=pl.col("metric").replace_strict(labels)).sort("metric", "strictness")
    base = alt.Chart(data).encode(
        x=alt.X(
            "strictness:Q",
            title=gettext("threshold, as a multiple of the committed one", language),
            axis=alt.Axis(values=data["strictness"].unique().sort().to_list(), labelExpr="datum.value", grid=False),
            scale=alt.Scale(nice=False),
        ),
        color=alt.Color("label:N", title=None, sort=None, scale=alt.Scale(
            domain=list(labels.values()), range=[COLOURS[name] for name in SHOWN])),
    )  # fmt: skip
    axis = alt.Y("low:Q", title=gettext("value", language), axis=PERCENT)
    band = base.mark_area(opacity=0.16).encode(y=axis, y2="high:Q")
    line = base.mark_line(point=True, strokeWidth=2).encode(
        y=alt.Y("value:Q"),
        tooltip=["label:N", "strictness:Q", alt.Tooltip("value:Q", format=".1%"), "count:Q", "total:Q"],
    )
    committed = alt.Chart(pl.DataFrame({"strictness": [1.0]})).mark_rule(strokeDash=[4, 4], color="#777")
    rows = [
        f"{labels[row['metric']]} {row['strictness']:g}×: {percent(row['value'])}" for row in data.iter_rows(named=True)
    ]
    values = {"baseline": earlier, "edition": later}
    return cast(
        alt.LayerChart,
        (band + committed.encode(x="strictness:Q") + line).properties(
            width=WIDTH - 200, height=300, title=heading("sensitivity", language, **values),
            description=described("sensitivity", language, rows, **values),
        ),
    )  # fmt: skip


def continuity_by(
    turnover: pl.DataFrame, topics: pl.DataFrame, by: str, baseline: int, edition: int, language: str
) -> alt.LayerChart | None:
    """Points with intervals: share carried over by topic or ministry (`by`), the largest groups; None without data."""
    earlier, later = sorted((baseline, edition))
    data = turnover_values.by_group(turnover, str(earlier), str(later), by).head(LARGEST)
    if data.is_empty():
        return None
    named = dict(topics.select("topic_id", f"name_{language}").iter_rows())
    data = data.with_columns(
        label=pl.col("group").map_elements(
            lambda group: named.get(group) or ministries.label(group, language), return_dtype=pl.String
        ),
        n=pl.format("n = {}", "total"),
    )
    base = alt.Chart(data).encode(
        y=names_axis("label:N", data["label"].to_list(), grid=True),
        tooltip=["label:N", *(alt.Tooltip(f"{name}:Q", format=".1%") for name in ("value", "low", "high")),
                 "count:Q", "total:Q"],
    )  # fmt: skip
    interval = base.mark_rule(strokeWidth=2, opacity=0.45, color=BLUE).encode(
        x=alt.X(
            "low:Q",
            title=gettext("share of measures carried over", language),
            axis=PERCENT,
            scale=alt.Scale(domain=[0, 1]),
        ),
        x2="high:Q",
    )
    point = base.mark_point(filled=True, size=70, opacity=1, color=BLUE).encode(x=alt.X("value:Q"))
    text = base.mark_text(align="left", fontSize=11, color="#333").encode(x=alt.value(WIDTH - 162), text="n:N")
    whole = turnover_values.value(turnover, str(earlier), str(later), "carried", data["strictness"][0])["value"]
    overall = alt.Chart(pl.DataFrame({"value": [whole]})).mark_rule(strokeDash=[4, 4], color="#777")
    rows = [
        f"{row['label']} {percent(row['value'])} ({percent(row['low'])}–{percent(row['high'])}, n = {row['total']})"
        for row in data.iter_rows(named=True)
    ]
    values = {"baseline": earlier, "edition": later}
    title = alt.TitleParams(
        word(f"by_{by}_title", language, **values),
        subtitle=gettext("share with 95% interval (Wilson) and number of measures; dashed: all measures", language),
    )
    return cast(
        alt.LayerChart,
        (overall.encode(x="value:Q") + interval + point + text).properties(
            width=WIDTH - 170, height=alt.Step(22), title=title,
            description=described(f"by_{by}", language, rows, **values),
        ),
    )  # fmt: skip


def survival(
    table: pl.DataFrame, documents: pl.DataFrame, language: str, relation: str = "same"
) -> alt.TopLevelMixin | None:
    """Step curves with bands, one panel a cohort, with the numbers at risk below; None where nothing can end."""
    data = table.filter(pl.col("relation") == relation)
    if data.is_empty():
        return None
    years = [int(data["year"].min()), int(data["year"].max())]  # type: ignore[arg-type]
    labels = {name: label("assigned", name, language) for name in ("latest", "earliest")}
    named = cohorts(data, documents, language)
    panels = [
        _panel(data.filter(pl.col("cohort") == cohort), name, labels, years, language) for cohort, name in named.items()
    ]
    last = data.filter((pl.col("year") == years[1]) & (pl.col("assigned") == "latest"))
    rows = [
        f"{named[row['cohort']]}: {years[1]} {percent(row['survival'])} ({percent(row['low'])}–{percent(row['high'])})"
        for row in last.sort("cohort").iter_rows(named=True)
    ]
    # all at once: each method of a finished chart, such as properties(), copies the whole of it
    return alt.concat(
        *panels, columns=COLUMNS, spacing={"row": 22, "column": 26},
        resolve=alt.Resolve(scale=alt.ScaleResolveMap(color="shared", strokeDash="shared")),
        title=heading("survival", language), description=described("survival", language, rows),
    )  # fmt: skip


def cohorts(survival: pl.DataFrame, documents: pl.DataFrame, language: str) -> dict[str, str]:
    """The cohorts of survival curves in the order they are shown, and what to call each, with its size."""
    full = documents.filter(pl.col("kind") == "full")["edition"].to_list()
    order = sorted(survival["cohort"].unique(), key=lambda cohort: (cohort.isdigit(), cohort))
    return {cohort: _cohort(survival, cohort, full, language) for cohort in order}


def _cohort(data: pl.DataFrame, cohort: str, full: list[int], language: str) -> str:
    own = data.filter((pl.col("cohort") == cohort) & (pl.col("assigned") == "latest"))
    count = own["initiatives"][0]
    if not cohort.isdigit():
        return gettext("first seen in a full plan (n = {count})", language, count=count)
    if own["year"].min() not in full:
        key = "cohort_summary"
    else:
        first = min(int(other) for other in data["cohort"].unique() if other.isdigit())
        key = "cohort_open" if int(cohort) == first else "cohort"
    return word(key, language, year=cohort, count=count)


def _panel(data: pl.DataFrame, title: str, labels: dict[str, str], years: list[int], language: str) -> alt.LayerChart:
    """The two curves of a cohort, what lies between them, their bands, and the numbers at risk in their colours.

    Channels are named (alt.X, not x="…"), since Altair looks through its whole schema for each one that is not (2 ms),
    and axes and scales are dicts, since the copies that Altair makes of an object hold all that is not set, too.
    """
    data = data.with_columns(
        label=pl.col("assigned").replace_strict(labels),
        row=pl.col("assigned").replace_strict({"latest": -0.2, "earliest": -0.33}),
    ).sort("assigned", "year")
    start = int(data["year"].min())  # type: ignore[arg-type]
    told = [start, *(year for year in range(years[1], start + 1, -3))]
    ticks = sorted({*told, *([years[0]] if start - years[0] > 1 else [])})
    base = alt.Chart(data).encode(
        x=alt.X(
            "year:Q",
            title=None,
            scale={"domain": [years[0] - 0.9, years[1] + 0.5], "nice": False},
            axis={"format": "d", "values": ticks, "grid": False},
        ),
        color=alt.Color(
            "label:N",
            sort=None,
            legend={
                "title": None,
                "orient": "bottom",
                "labelLimit": 400,
                "symbolType": "stroke",
                "symbolStrokeWidth": 2,
            },
            scale={"domain": list(labels.values()), "range": [BLUE, ORANGE]},
        ),
    )
    axis = {"format": "%", "values": [0, 0.25, 0.5, 0.75, 1]}
    scale = {"domain": [-0.38, 1], "nice": False}
    dashes = {"domain": list(labels.values()), "range": [[1, 0], [5, 3]]}
    both = data.pivot("assigned", index="year", values="survival").sort("year")
    open_ = alt.Chart(both).mark_area(interpolate="step-after", color=GREY, opacity=0.18)
    band = base.mark_area(interpolate="step-after", opacity=0.25)
    end = base.transform_filter(alt.datum.year == years[1]).mark_rule(strokeWidth=4, opacity=0.35)
    line = base.mark_line(interpolate="step-after", strokeWidth=2).encode(
        y=alt.Y("survival:Q"),
        strokeDash=alt.StrokeDash("label:N", sort=None, legend=None, scale=dashes),
        tooltip=[
            *map(alt.Tooltip, ("label:N", "year:Q", "at_risk:Q", "ended:Q")),
            alt.Tooltip("survival:Q", format=".1%"),
        ],
    )
    numbers = base.transform_filter(alt.FieldOneOfPredicate(field="year", oneOf=told)).mark_text(fontSize=10)
    head = alt.Chart(pl.DataFrame({"row": [-0.08], "year": [years[0] - 0.8]})).mark_text(
        align="left", fontSize=10, color="#555", text=gettext("at risk", language)
    )
    interval = {"y": alt.Y("low:Q", title=None, axis=axis, scale=scale), "y2": alt.Y2("high:Q")}
    layers = (
        open_.encode(x=alt.X("year:Q"), y=alt.Y("earliest:Q", axis=axis, scale=scale), y2=alt.Y2("latest:Q")),
        band.encode(**interval), end.encode(**interval), line,
        numbers.encode(y=alt.Y("row:Q"), text=alt.Text("at_risk:Q")), head.encode(x=alt.X("year:Q"), y=alt.Y("row:Q")),
    )  # fmt: skip
    title_ = alt.TitleParams(title, fontSize=12, offset=6)
    return cast(alt.LayerChart, alt.layer(*layers, width=PANEL - 60, height=170, title=title_))


def resonance(table: pl.DataFrame, topics: pl.DataFrame, edition_id: str, language: str) -> alt.LayerChart | None:
    """Scatter with intervals: mean novelty and resonance of an edition's topics; None where it has no resonance.

    The names stand in a column at the right, joined to their points by thin lines, so that none hides another.
    """
    name = f"name_{language}"
    data = table.filter((pl.col("edition_id") == edition_id) & (pl.col("topic_id") != "all"))
    data = data.join(topics.select("topic_id", name), on="topic_id").sort("resonance", "topic_id")
    if data.is_empty():
        return None
    bottom, top = float(data["resonance_low"].min()), float(data["resonance_high"].max())  # type: ignore[arg-type]
    left, right = float(data["novelty_low"].min()), float(data["novelty_high"].max())  # type: ignore[arg-type]
    step = (top - bottom) / max(len(data) - 1, 1)
    data = data.with_columns(
        place=bottom + step * pl.int_range(pl.len()), edge=pl.lit(right + 0.03 * (right - left)),
        label=pl.format("{} (n = {})", name, "measures"),
    )  # fmt: skip
    base = alt.Chart(data).encode(
        tooltip=[f"{name}:N", "measures:Q", *(alt.Tooltip(f"{m}:Q", format=".2f") for m in ("novelty", "resonance"))]
    )
    horizontal = alt.X(
        "novelty:Q",
        title=gettext("novelty: distance from the editions before (bits)", language),
        scale=alt.Scale(domain=[left, right], nice=False),
        axis=alt.Axis(grid=False),
    )
    vertical = alt.Y(
        "resonance:Q",
        title=gettext("resonance: novelty − transience (bits)", language),
        scale=alt.Scale(domain=[bottom, top], nice=False),
        axis=alt.Axis(grid=False),
    )
    across = base.mark_rule(color=BLUE, opacity=0.35).encode(
        x=alt.X("novelty_low:Q"), x2="novelty_high:Q", y=alt.Y("resonance:Q")
    )
    along = base.mark_rule(color=BLUE, opacity=0.35).encode(
        x=alt.X("novelty:Q"), y=alt.Y("resonance_low:Q"), y2="resonance_high:Q"
    )
    lead = base.mark_rule(color="#aaa", strokeWidth=0.6).encode(
        x=alt.X("novelty:Q"), x2="edge:Q", y=alt.Y("resonance:Q"), y2="place:Q"
    )
    point = base.mark_point(filled=True, size=75, opacity=1, color=BLUE).encode(x=horizontal, y=vertical)
    text = base.mark_text(align="left", dx=3, fontSize=11, color="#333").encode(
        x=alt.X("edge:Q"), y=alt.Y("place:Q"), text="label:N"
    )
    zero = alt.Chart(pl.DataFrame({"resonance": [0.0]})).mark_rule(strokeDash=[4, 4], color="#777")
    rows = [
        f"{row[name]}: {row['novelty']:.1f}, {row['resonance']:+.1f} "
        f"({row['resonance_low']:+.1f}–{row['resonance_high']:+.1f})"
        for row in data.reverse().iter_rows(named=True)
    ]
    where = editions.label(edition_id, language)
    return cast(
        alt.LayerChart,
        (point + zero.encode(y="resonance:Q") + lead + across + along + point + text).properties(
            width=WIDTH - 250, height=400, title=heading("resonance", language, edition_id=where),
            description=described("resonance", language, rows, edition_id=where),
        ),
    )  # fmt: skip
