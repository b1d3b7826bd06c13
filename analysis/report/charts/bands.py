"""Flows of measures between the topics of neighbouring editions, and their places in a drawing: nodes and bands.

Widths are measures. A measure with several links shares its width among them, on each side for itself: a band is as
wide at its left end as the earlier measures it takes along, and at its right end as the later ones it brings. So what
leaves a topic and what enters it are, to the last fraction, its measures.
"""

from collections import Counter, defaultdict
from fractions import Fraction
from itertools import pairwise

import polars as pl

from analysis.tables import editions
from analysis.tables.categories import UNCLEAR

LATER, ENDED, EARLIER, BORN = "later", "ended", "earlier", "born"
AFTER, BEFORE = (LATER, ENDED), (EARLIER, BORN)  # where measures go, and come from, that the next column does not link
OUTSIDE = (*AFTER, *BEFORE)
SHARES = {
    "from_edition": pl.String, "to_edition": pl.String, "source": pl.String, "target": pl.String,
    "leaving": pl.Float64, "entering": pl.Float64,
}  # fmt: skip
WIDTH, HEIGHT = 1100.0, 720.0  # of the drawing, labels included [pixels]
SIDE = 258.0  # room for the names beside the first and the last column [pixels]
NODE, GAP, LABEL = 12.0, 3.0, 13.0  # width of a node, gap between nodes, least height of a label [pixels]
APART = 14.0  # between the topics and what is outside of them [pixels]
STRAIGHT = 0.06  # of a band's length, at each end
HALVINGS = 60


def compared(measures: pl.DataFrame) -> list[str]:
    """The editions that list everything, in the order of time: full plans, and roadmap parts of plans not at hand.

    Summaries list a few items only, and the newest part of a roadmap restates the measures of its own plan.
    """
    listed = measures.filter(pl.col("part") != "summary").with_columns(editions.column())
    known = sorted(listed["edition_id"].unique(), key=editions.place)
    return [
        edition_id
        for edition_id in known
        if not (edition_id.startswith("R") and str(editions.year(edition_id)) in known)
    ]


def members(measures: pl.DataFrame, assignments: pl.DataFrame, columns: list[str]) -> dict[str, tuple[str, str]]:
    """Edition and topic (or UNCLEAR) of each measure of the editions; those that repeat another (再掲) are left out."""
    own = measures.filter(pl.col("repeats").is_null()).with_columns(editions.column())
    named = assignments.with_columns(pl.col("topic_id").fill_null(UNCLEAR))
    joined = own.filter(pl.col("edition_id").is_in(columns)).join(named, on="measure_id").sort("measure_id")
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
    widths: dict[tuple[str, str], Fraction] = Counter()  # type: ignore[assignment]
    for key, (edition_id, topic) in known.items():
        if edition_id != own:
            continue
        others = [known[partner] for partner in partners.get(key, ()) if known[partner][0] not in behind]
        beside = [other for other_edition, other in others if other_edition == next_to]
        goals = beside or [outside[0] if others else outside[1]]
        for goal in goals:
            widths[topic, goal] += Fraction(1, len(goals))
    return widths


def nodes(measures: pl.DataFrame, assignments: pl.DataFrame, flows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """What stands in each column, from `shares`: edition, node (a topic or one of OUTSIDE), measures."""
    sizes: Counter[tuple[str, str]] = Counter(members(measures, assignments, columns).values())
    rows = [(edition_id, topic, float(size)) for (edition_id, topic), size in sorted(sizes.items())]
    for place, side, names, width in (
        ("to_edition", "target", AFTER, "leaving"),
        ("from_edition", "source", BEFORE, "entering"),
    ):
        outside = flows.filter(pl.col(side).is_in(names)).group_by(place, side).agg(pl.col(width).sum())
        rows += sorted(outside.iter_rows())
    schema = {"edition_id": pl.String, "node": pl.String, "measures": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def placed(sizes: pl.DataFrame, columns: list[str], order: list[str]) -> pl.DataFrame:
    """The nodes with their rectangles [pixels from the top left]: edition, node, measures, x, x2, y, y2.

    `order` is that of the topics, from the top; each node has the height of a label at least around it.
    """
    ordered = {node: place for place, node in enumerate([*order, *OUTSIDE])}
    by_edition = {
        edition_id: sorted(
            sizes.filter(pl.col("edition_id") == edition_id).select("node", "measures").iter_rows(),
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


def bands(flows: pl.DataFrame, rectangles: pl.DataFrame, order: list[str]) -> pl.DataFrame:
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
        flows.iter_rows(named=True),
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
