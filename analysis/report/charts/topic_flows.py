"""How topics flow from edition to edition: which of their measures go on, in which topic, which end and which are new.

Widths are measures. A measure with several links shares its width among them, on each side for itself: a band is as
wide at its left end as the earlier measures it takes along, and at its right end as the later ones it brings. So what
leaves a topic and what enters it are, to the last fraction, its measures.
"""

import re
from collections import Counter, defaultdict
from fractions import Fraction
from itertools import pairwise
from typing import Any, cast

import altair as alt
import polars as pl

from analysis.base.i18n import gettext, word
from analysis.report.charts import base as charts
from analysis.tables import editions

LATER, ENDED, EARLIER, BORN = "later", "ended", "earlier", "born"
AFTER, BEFORE = (LATER, ENDED), (EARLIER, BORN)  # where measures go, and come from, that the next column does not link
OUTSIDE = (*AFTER, *BEFORE)
SHARES = {
    "from_edition": pl.String, "to_edition": pl.String, "source": pl.String, "target": pl.String,
    "leaving": pl.Float64, "entering": pl.Float64,
}  # fmt: skip
WIDTH, HEIGHT = 980.0, 720.0  # of the drawing, labels included [pixels]
SIDE = 258.0  # room for the names beside the first and the last column [pixels]
NODE, GAP, LABEL = 12.0, 3.0, 13.0  # width of a node, gap between nodes, least height of a label [pixels]
APART = 14.0  # between the topics and what is outside of them [pixels]
STRAIGHT = 0.06  # of a band's length, at each end
HALVINGS = 60
GREYS = {LATER: "#8fa3b5", ENDED: "#6b7580", EARLIER: "#8fa3b5", BORN: "#4f9d6f"}
CUT = re.compile(r"[,:：（(・]| and ")  # what a short name ends before


def compared(measures: pl.DataFrame) -> list[str]:
    """The editions that list everything, in the order of time: full plans, and roadmap parts of plans not at hand.

    Summaries list a few items only, and the newest part of a roadmap restates the measures of its own plan.
    """
    listed = measures.filter(pl.col("part") != "summary").with_columns(editions.column())
    found = sorted(listed["edition_id"].unique(), key=editions.place)
    return [
        edition_id
        for edition_id in found
        if not (edition_id.startswith("R") and str(editions.year(edition_id)) in found)
    ]


def members(measures: pl.DataFrame, assignments: pl.DataFrame, columns: list[str]) -> dict[str, tuple[str, str]]:
    """Stage and topic of each measure of the editions; those that repeat another (再掲) are left out."""
    own = measures.filter(pl.col("repeats").is_null()).with_columns(editions.column())
    joined = own.filter(pl.col("edition_id").is_in(columns)).join(assignments, on="measure_id").sort("measure_id")
    return {
        key: (edition_id, topic)
        for key, edition_id, topic in joined.select("measure_id", "edition_id", "topic_id").iter_rows()
    }


def shares(measures: pl.DataFrame, assignments: pl.DataFrame, links: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """The bands between neighbouring editions of `columns` (in time): from_edition, to_edition, source, target,
    leaving, entering [measures].

    Source and target are topics. Target `ended` takes measures that no later edition of `columns` links to, `later`
    those that only one behind the next does; source `born` and `earlier` likewise, looking back.
    """
    known = members(measures, assignments, columns)
    forward, backward = _partners(measures, links, known)
    rows = []
    for one, two in pairwise(columns):
        leaving = _shared(known, forward, one, two, AFTER, set(columns[: columns.index(two)]))
        entering = _shared(known, backward, two, one, BEFORE, set(columns[columns.index(two) :]))
        turned = {(source, target): width for (target, source), width in entering.items()}
        for source, target in sorted(leaving.keys() | turned.keys()):
            widths = (float(side.get((source, target), 0)) for side in (leaving, turned))
            rows.append((one, two, source, target, *widths))
    return pl.DataFrame(rows, schema=SHARES, orient="row")


def _partners(
    measures: pl.DataFrame, links: pl.DataFrame, known: dict[str, tuple[str, str]]
) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The measures that each is linked to, later and earlier; a link of a repetition is one of what it repeats."""
    repeats = dict(measures.select("measure_id", "repeats").drop_nulls().iter_rows())
    forward: dict[str, set[str]] = defaultdict(set)
    backward: dict[str, set[str]] = defaultdict(set)
    for start, end in links.select("from_id", "to_id").iter_rows():
        one, two = repeats.get(start, start), repeats.get(end, end)
        if one in known and two in known and known[one][0] != known[two][0]:
            forward[one].add(two)
            backward[two].add(one)
    return forward, backward


def _shared(
    known: dict[str, tuple[str, str]],
    partners: dict[str, set[str]],
    own: str,
    next_to: str,
    outside: tuple[str, str],
    behind: set[str],
) -> dict[tuple[str, str], Fraction]:
    """How many measures of the edition `own` go to which topic of the edition beside it, by (own topic, other).

    `behind` are the editions on the side of `own`: links to them are not looked at.
    """
    found: dict[tuple[str, str], Fraction] = Counter()  # type: ignore[assignment]
    for key, (edition_id, topic) in known.items():
        if edition_id != own:
            continue
        others = [known[partner] for partner in partners.get(key, ()) if known[partner][0] not in behind]
        beside = [other for other_edition, other in others if other_edition == next_to]
        goals = beside or [outside[0] if others else outside[1]]
        for goal in goals:
            found[topic, goal] += Fraction(1, len(goals))
    return found


def nodes(measures: pl.DataFrame, assignments: pl.DataFrame, found: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """What stands in each column, from `shares`: edition, node (a topic or one of OUTSIDE), measures."""
    sizes: Counter[tuple[str, str]] = Counter(members(measures, assignments, columns).values())
    rows = [(edition_id, topic, float(size)) for (edition_id, topic), size in sorted(sizes.items())]
    for place, side, names, width in (
        ("to_edition", "target", AFTER, "leaving"),
        ("from_edition", "source", BEFORE, "entering"),
    ):
        outside = found.filter(pl.col(side).is_in(names)).group_by(place, side).agg(pl.col(width).sum())
        rows += sorted(outside.iter_rows())
    schema = {"edition_id": pl.String, "node": pl.String, "measures": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def placed(found: pl.DataFrame, columns: list[str], order: list[str]) -> pl.DataFrame:
    """The nodes with their rectangles [pixels from the top left]: edition, node, measures, x, x2, y, y2.

    `order` is that of the topics, from the top; each node has the height of a label at least around it.
    """
    ordered = {node: place for place, node in enumerate([*order, *OUTSIDE])}
    by_edition = {
        edition_id: sorted(
            found.filter(pl.col("edition_id") == edition_id).select("node", "measures").iter_rows(),
            key=lambda row: ordered[row[0]],
        )
        for edition_id in columns
    }
    unit = _unit([[size for _, size in rows] for rows in by_edition.values()])
    step = (WIDTH - 2 * SIDE - NODE) / max(len(columns) - 1, 1)
    result = []
    for place, edition_id in enumerate(columns):
        top, x = 0.0, SIDE + place * step
        for n, (node, size) in enumerate(by_edition[edition_id]):
            if node in OUTSIDE and n and by_edition[edition_id][n - 1][0] not in OUTSIDE:
                top += APART
            slot, height = _slot(size, unit), size * unit
            middle = top + slot / 2
            result.append((edition_id, node, size, x, x + NODE, middle - height / 2, middle + height / 2))
            top += slot + GAP
    schema = dict.fromkeys(("edition_id", "node"), pl.String) | dict.fromkeys(
        ("measures", "x", "x2", "y", "y2"), pl.Float64
    )
    return pl.DataFrame(result, schema=schema, orient="row")


def _slot(size: float, unit: float) -> float:
    return max(size * unit, LABEL)


def _unit(columns: list[list[float]]) -> float:
    """Pixels a measure, so that the fullest column just fits the height."""
    low, high = 0.0, HEIGHT
    for _ in range(HALVINGS):
        unit = (low + high) / 2
        fits = all(sum(_slot(size, unit) + GAP for size in sizes) + APART <= HEIGHT for sizes in columns)
        low, high = (unit, high) if fits else (low, unit)
    return low


def bands(found: pl.DataFrame, rectangles: pl.DataFrame, order: list[str]) -> pl.DataFrame:
    """Four points a band, from `shares` and `placed`: band, x, y, y2, the columns of SHARES, and topic (the source's;
    the target's where the source is none).

    A monotone curve through them leaves and enters the nodes level. A band to or from what is outside has one width.
    """
    ordered = {node: place for place, node in enumerate([*order, *OUTSIDE])}
    boxes = {(row["edition_id"], row["node"]): row for row in rectangles.iter_rows(named=True)}
    unit = max((row["y2"] - row["y"] for row in boxes.values()), default=0) / max(
        rectangles["measures"].to_list() or [1]
    )
    rows = sorted(
        found.iter_rows(named=True),
        key=lambda row: (editions.place(row["from_edition"]), ordered[row["source"]], ordered[row["target"]]),
    )
    starts = [(row["from_edition"], row["source"]) for row in rows]
    ends = [(row["to_edition"], row["target"]) for row in rows]
    widths = [
        (row["entering" if row["source"] in OUTSIDE else "leaving"] * unit,
         row["leaving" if row["target"] in OUTSIDE else "entering"] * unit)
        for row in rows
    ]  # fmt: skip
    tops = {key: row["y"] for key, row in boxes.items()}
    left = _stacked(starts, [ordered[node] for _, node in ends], [width for width, _ in widths], tops)
    right = _stacked(ends, [ordered[node] for _, node in starts], [width for _, width in widths], tops)
    points = []
    for n, row in enumerate(rows):
        x, end = boxes[starts[n]]["x2"], boxes[ends[n]]["x"]
        bend = (end - x) * STRAIGHT
        topic = row["target"] if row["source"] in OUTSIDE else row["source"]
        for place, span in ((x, left[n]), (x + bend, left[n]), (end - bend, right[n]), (end, right[n])):
            points.append((n, place, *span, *row.values(), topic))
    schema = {"band": pl.Int64, **dict.fromkeys(("x", "y", "y2"), pl.Float64), **SHARES, "topic": pl.String}
    return pl.DataFrame(points, schema=schema, orient="row")


def _stacked(
    nodes: list[tuple[str, str]], others: list[int], widths: list[float], tops: dict[tuple[str, str], float]
) -> list[tuple[float, float]]:
    """Where each band touches its node, from and to, one below the other in the order of the places of the others."""
    below = dict(tops)
    result = [(0.0, 0.0)] * len(nodes)
    for n in sorted(range(len(nodes)), key=others.__getitem__):
        top = below[nodes[n]]
        below[nodes[n]] = top + widths[n]
        result[n] = (top, below[nodes[n]])
    return result


def chart(
    measures: pl.DataFrame,
    assignments: pl.DataFrame,
    topics: pl.DataFrame,
    links: pl.DataFrame,
    language: str,
    columns: list[str] | None = None,
) -> alt.LayerChart | None:
    """The flows between the editions `columns` (`compared` unless given), topics in their curated order.

    None where there are no two editions to compare.
    """
    columns = sorted(columns or compared(measures), key=editions.place)
    if len(columns) < 2:
        return None
    order = topics.sort("place")["topic_id"].to_list()
    found = shares(measures, assignments, links, columns)
    rectangles = placed(nodes(measures, assignments, found, columns), columns, order)
    names = dict(topics.select("topic_id", f"name_{language}").iter_rows())
    return _drawn(rectangles, bands(found, rectangles, order), columns, names, language)


def _names(rectangles: pl.DataFrame, columns: list[str], topics: dict[str, str], language: str) -> pl.DataFrame:
    """The nodes with `name`, and `short` for where names have little room."""
    rows = []
    for edition_id, node in rectangles.select("edition_id", "node").iter_rows():
        place = columns.index(edition_id)
        years = {
            name: editions.year(columns[min(max(place + n, 0), len(columns) - 1)])
            for name, n in (("before", -1), ("here", 0), ("after", 1))
        }
        name = word(f"flow_{node}", language, **years) if node in OUTSIDE else topics[node]
        rows.append((name, name if node in OUTSIDE else _short(name, topics)))
    named = pl.DataFrame(rows, schema={"name": pl.String, "short": pl.String}, orient="row")
    return rectangles.hstack(named)


def _short(name: str, topics: dict[str, str]) -> str:
    """The first part of a topic's name, where no other topic's begins alike."""
    short = CUT.split(name)[0]
    return name if any(other.startswith(short) for other in topics.values() if other != name) else short


def _drawn(
    rectangles: pl.DataFrame, found: pl.DataFrame, columns: list[str], topics: dict[str, str], language: str
) -> alt.LayerChart:
    shown = {edition_id: editions.label(edition_id, language) for edition_id in columns}
    outside = {node: word(f"outside_{node}", language) for node in OUTSIDE}
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, WIDTH], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[HEIGHT, 0], nice=False))
    colour = alt.Color("topic:N", legend=None, scale=_colours(topics))
    told = found.unique("band").sort("band").select(
        "band", "topic",
        *(pl.col(side).replace_strict(topics | outside) for side in ("source", "target")),
        *(pl.col(side).replace_strict(shown) for side in ("from_edition", "to_edition")),
        *(pl.col(side).round(2) for side in ("leaving", "entering")),
        outside=pl.col("source").is_in(OUTSIDE) | pl.col("target").is_in(OUTSIDE),
    )  # fmt: skip
    numbers = [alt.Tooltip(f"{side}:Q", format=".2~f", title=word(side, language)) for side in ("leaving", "entering")]
    flow = (
        alt.Chart(found.select("band", pl.col("x", "y", "y2").round(1)))
        .transform_lookup("band", alt.LookupData(told, "band", told.columns[1:]))
        .mark_area(interpolate="monotone", line=False)
        .encode(
            x=x, y=y, y2="y2:Q", detail="band:N", color=colour,
            fillOpacity=alt.condition(alt.datum.outside, alt.value(0.16), alt.value(0.5)),
            tooltip=["source:N", "from_edition:N", "target:N", "to_edition:N", *numbers],
        )
    )  # fmt: skip
    boxes = _names(rectangles, columns, topics, language).with_columns(pl.col("x", "x2", "y", "y2").round(1))
    node = alt.Chart(boxes.rename({"node": "topic"})).mark_rect(stroke="white", strokeWidth=0.5).encode(
        x=x, x2="x2:Q", y=y, y2="y2:Q", color=colour,
        tooltip=["name:N", alt.Tooltip("measures:Q", title=gettext("measures", language))],
    )  # fmt: skip
    lines = gettext(
        "bands: measures that go on, in the colour of the earlier topic; a measure with several "
        "links shares its width among them\nfull plans and roadmap parts only: summaries list "
        "few items and are left out; repetitions (再掲) count once\na roadmap part holds only "
        "those items of its year's plan that a later roadmap still followed; «ended» means: not "
        "found later",
        language,
    ).split("\n")
    title = alt.TitleParams(gettext("How topics flow from edition to edition", language), subtitle=lines, offset=12)
    layers = [flow, node, *_labels(boxes, columns, x, y), _heads(boxes, columns, shown, x, y, language)]
    drawn = alt.layer(*layers).properties(width=WIDTH, height=HEIGHT, title=title)
    ends = boxes.filter(pl.col("node").is_in(OUTSIDE)).sort("edition_id", "node").iter_rows(named=True)
    rows = [f"{shown[row['edition_id']]}: {row['name']} {row['measures']:.0f}" for row in ends]
    return cast(alt.LayerChart, drawn.properties(description=charts.described("flows", language, rows)))


def _colours(topics: dict[str, str]) -> alt.Scale:
    """Each topic has the colour that it has on the map, too: by the order of the names."""
    ordered = sorted(topics, key=lambda topic: topics[topic])
    palette = [charts.PALETTE[n % len(charts.PALETTE)] for n in range(len(ordered))]
    return alt.Scale(domain=[*ordered, *GREYS], range=[*palette, *GREYS.values()])


def _labels(boxes: pl.DataFrame, columns: list[str], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Name and size beside each node: left of the first column, right of the others."""
    size = pl.col("measures").round(0).cast(pl.Int64).cast(pl.String)
    first, last = (pl.col("edition_id") == columns[end] for end in (0, -1))
    places = boxes.select(
        y=(pl.col("y") + pl.col("y2")) / 2,
        x=pl.when(first).then(pl.col("x") - 5).otherwise(pl.col("x2") + 5),
        text=pl.when(first)
        .then(pl.col("name") + " · " + size)
        .when(last)
        .then(size + " · " + pl.col("name"))
        .otherwise(size + " · " + pl.col("short")),
        place=pl.when(first).then(0).when(last).then(2).otherwise(1),
    )
    step = (WIDTH - 2 * SIDE - NODE) / max(len(columns) - 1, 1)
    layers = []
    for place, align, limit in ((0, "right", SIDE - 8), (1, "left", step - NODE - 3), (2, "left", SIDE - 8)):
        base = alt.Chart(places.filter(pl.col("place") == place)).encode(x=x, y=y, text="text:N")
        options: dict[str, Any] = {"align": align, "baseline": "middle", "fontSize": 11, "limit": limit}
        layers += [
            base.mark_text(**options, stroke="white", strokeWidth=3, strokeOpacity=0.8, color="white"),
            base.mark_text(**options, color="#333"),
        ]
    return layers


def _heads(
    boxes: pl.DataFrame, columns: list[str], shown: dict[str, str], x: alt.X, y: alt.Y, language: str
) -> alt.Chart:
    own = (
        boxes.filter(~pl.col("node").is_in(OUTSIDE))
        .group_by("edition_id")
        .agg(pl.col("measures").sum(), pl.col("x").min())
    )
    rows = [
        {
            "x": left + NODE / 2,
            "y": 0.0,
            "text": [shown[edition_id], gettext("{measures} measures", language, measures=int(total))],
        }
        for edition_id, total, left in own.sort("x").iter_rows()
    ]
    base = alt.Chart(pl.DataFrame(rows, schema_overrides={"text": pl.List(pl.String)}))
    head: alt.Chart = base.mark_text(dy=-26, fontSize=13, baseline="bottom", lineHeight=17).encode(
        x=x, y=y, text="text:N"
    )
    return head
