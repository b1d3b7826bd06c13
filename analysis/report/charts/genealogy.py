"""One measure through all editions: what it comes from and what came of it, along the strongest links.

Links are followed backward and forward in time only, never back and forth. A bundle of many policies has links to
half a plan: so of each measure only the strongest links to each edition are followed, strongest chains first, until a
chain is too weak or the measures are too many. What is left out is counted.
"""

from collections import Counter
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any, cast

import altair as alt
import polars as pl

from analysis.base.i18n import gettext
from analysis.base.i18n import gettext_noop as N_
from analysis.report import pair_view
from analysis.report.charts import base as charts
from analysis.report.charts.base import tips
from analysis.tables import editions, headings
from analysis.tables.labels import label, topic_names

EACH = 2  # strongest links of a measure that are followed to each edition
DEPTH = 4  # links from the measure asked for, at most
LEAST = 0.15  # of a chain: the product of its links' scores
MOST = 24  # measures, the one asked for included
NAMES = 2  # names in a label
NAME_WIDTH = 14  # characters of a name in a label
COLUMN, ROW = 160, 64  # of the chart [pixels]
WIDEST = 900  # all columns [pixels]: what a window of 1400 leaves beside JupyterLab's list of files
STRAIGHT = 0.12  # of an edge's length, at each end
LIFT = 0.2  # by how much a link bows around each edition that it skips [rows]
NEARLY = 0.9  # a chain whose links are each this sure, against a link from end to end, says what the link says
STATED = ("reference", "repetition")
NODES: dict[str, Any] = {
    "measure_id": pl.String, "edition_id": pl.String, "steps": pl.Int64, "strength": pl.Float64, "topic_id": pl.String,
    "section": pl.String, "heading": pl.String, "ministries": pl.List(pl.String), "names": pl.List(pl.String),
    "doc_id": pl.String, "first_line": pl.Int64, "last_line": pl.Int64,
}  # fmt: skip
HEADS = {
    "edition_id": N_("edition"), "measure": N_("measure"), "topic": N_("topic"), "section": N_("section"),
    "ministries": N_("ministries"), "terms": N_("rarest names"), "links": N_("goes on in"), "document": N_("document"),
    "text": N_("text"),
}  # fmt: skip
EDGES = ("from_id", "to_id", "relation", "score", "basis", "shared_names", "shared_ministries", "renamed")


@dataclass(frozen=True)
class Genealogy:
    """Measures and the links between them, earliest edition first.

    nodes: columns NODES; `steps` are links from the measure asked for (negative: back in time), `strength` the product
    of their scores, `names` its rarest names, or words where it has none. edges: columns EDGES.
    """

    measure_id: str
    nodes: pl.DataFrame
    edges: pl.DataFrame
    left_out: int  # links of these measures, away from the one asked for, that are not followed


def of(
    measure_id: str | None,
    tables: dict[str, pl.DataFrame],
    each: int = EACH,
    depth: int = DEPTH,
    least: float = LEAST,
    most: int = MOST,
) -> Genealogy:
    """The genealogy of a measure, from the tables measures, features, assignments and links.

    A repetition (再掲) has that of what it repeats; links to repetitions are not followed. `each`, `depth`, `least` and
    `most` bound it (see the module). None is for where no measure is linked (see `example`): the newest plan's first
    one stands alone. Raises KeyError for an unknown measure.
    """
    own = tables["measures"].with_columns(editions.column())
    measure_id = measure_id or own.sort(-pl.col("edition"), "measure_id")["measure_id"][0]
    repeats = dict(own.select("measure_id", "repeats").iter_rows())
    start = repeats[measure_id] or measure_id
    edition_id = dict(own.filter(pl.col("repeats").is_null()).select("measure_id", "edition_id").iter_rows())
    links = _between(tables["links"], edition_id)
    reached: dict[str, tuple[int, float]] = {start: (0, 1.0)}
    followed: set[tuple[str, str]] = set()
    for side, step in (("from_id", -1), ("to_id", 1)):
        room = 1 + (most - 1) // 2 if step < 0 else most - len(reached) + 1
        chains, ways = _followed(start, _strongest(links, edition_id, side, each), depth, least, room)
        reached |= {key: (step * steps, strength) for key, (steps, strength) in chains.items() if key not in reached}
        followed |= {(other, key) if step < 0 else (key, other) for key, other in ways}
    edges = pl.DataFrame(sorted(followed), schema={"from_id": pl.String, "to_id": pl.String}, orient="row")
    edges = edges.join(links, on=["from_id", "to_id"]).select(EDGES).sort("from_id", "to_id")
    return Genealogy(start, _nodes(reached, own, tables), edges, _left_out(links, reached, len(edges)))


def _between(links: pl.DataFrame, edition_id: dict[str, str]) -> pl.DataFrame:
    """The links between two editions, those of repetitions left out."""
    known = [pl.col(side).is_in(list(edition_id)) for side in ("from_id", "to_id")]
    return links.filter(*known, pl.col("from_edition") != pl.col("to_edition"))


def _strongest(
    links: pl.DataFrame, edition_id: dict[str, str], side: str, each: int
) -> dict[str, list[tuple[float, str]]]:
    """The links of each measure towards `side`, the strongest `each` to every edition: score and other measure."""
    own = "to_id" if side == "from_id" else "from_id"
    result: dict[str, list[tuple[float, str]]] = {}
    counted: Counter[tuple[str, str]] = Counter()
    for score, key, other in sorted(links.select("score", own, side).iter_rows(), key=lambda r: (-r[0], r[1], r[2])):
        counted[key, edition_id[other]] += 1
        if counted[key, edition_id[other]] <= each:
            result.setdefault(key, []).append((score, other))
    return result


def _followed(
    start: str, strongest: dict[str, list[tuple[float, str]]], depth: int, least: float, most: int
) -> tuple[dict[str, tuple[int, float]], set[tuple[str, str]]]:
    """Measures reached, with the steps and the strength of their best chain, and the links between them."""
    reached: dict[str, tuple[int, float]] = {}
    waiting = [(-1.0, 0, start)]
    while waiting and len(reached) < most:
        strength, steps, key = heappop(waiting)
        if key in reached:
            continue
        reached[key] = (steps, -strength)
        for score, other in strongest.get(key, []):
            if steps < depth and -strength * score >= least:
                heappush(waiting, (strength * score, steps + 1, other))
    ways = {(key, other) for key in reached for _, other in strongest.get(key, []) if other in reached}
    return reached, ways


def _left_out(links: pl.DataFrame, reached: dict[str, tuple[int, float]], drawn: int) -> int:
    """Links away from the measure asked for that are not drawn: back in time of what came before it, and forward."""
    before = [key for key, (steps, _) in reached.items() if steps <= 0]
    after = [key for key, (steps, _) in reached.items() if steps >= 0]
    return len(links.filter(pl.col("to_id").is_in(before) | pl.col("from_id").is_in(after))) - drawn


def _nodes(reached: dict[str, tuple[int, float]], own: pl.DataFrame, tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    topic = dict(tables["assignments"].select("measure_id", "topic_id").iter_rows())
    names = rarest(tables["features"], list(reached))
    rows = []
    for row in own.filter(pl.col("measure_id").is_in(list(reached))).iter_rows(named=True):
        key = row["measure_id"]
        steps, strength = reached[key]
        heading = " / ".join(filter(None, (row["section_title"], row["subhead"])))
        more: dict[str, Any] = {"steps": steps, "strength": strength, "heading": heading}
        rows.append({**row, **more, "topic_id": topic.get(key), "names": names[key]})
    rows.sort(key=lambda row: (editions.place(row["edition_id"]), row["measure_id"]))
    return pl.DataFrame([{name: row[name] for name in NODES} for row in rows], schema=NODES)


def rarest(features: pl.DataFrame, keys: list[str], most: int = 6) -> dict[str, list[str]]:
    """The names of the measures, those that fewest measures have first; words where a measure has no name."""
    listed = {key: (names, terms) for key, names, terms in features.select("measure_id", "names", "terms").iter_rows()}
    frequency = [Counter(term for row in listed.values() for term in row[side]) for side in (0, 1)]
    result = {}
    for key in keys:
        side = 0 if listed[key][0] else 1
        result[key] = sorted(listed[key][side], key=lambda name: (frequency[side][name], name))[:most]
    return result


def example(tables: dict[str, pl.DataFrame], edition_id: str) -> str | None:
    """The measure of an edition that is most surely linked to most other editions; None where none is linked."""
    own = tables["measures"].filter(pl.col("repeats").is_null()).with_columns(editions.column())
    links = _between(tables["links"], dict(own.select("measure_id", "edition_id").iter_rows()))
    ends = [
        links.select(key=one, edition_id=one_edition, other=other_edition, score="score")
        for one, one_edition, other_edition in (
            ("from_id", "from_edition", "to_edition"),
            ("to_id", "to_edition", "from_edition"),
        )
    ]
    best = (
        pl.concat(ends).filter(pl.col("edition_id") == edition_id).group_by("key", "other").agg(pl.col("score").max())
    )
    sums = best.group_by("key").agg(pl.col("score").sum().round(6)).sort(["score", "key"], descending=[True, False])
    return sums["key"][0] if len(sums) else None


def table(shown: Genealogy, tables: dict[str, pl.DataFrame], language: str, texts: bool = False) -> pl.DataFrame:
    """The measures for people, earliest first: edition, measure, topic, heading, ministries, names, links, place.

    With `texts` their texts, too, where the documents are at hand; what is committed must do without.
    """
    named = topic_names(tables["topics"], language)
    rows = []
    for row in shown.nodes.iter_rows(named=True):
        known = pair_view.side(row["measure_id"], tables, language)
        place = gettext(
            "lines {first}–{last} of {document}",
            language,
            first=row["first_line"],
            last=row["last_line"],
            document=row["doc_id"],
        )
        values = {
            "edition_id": editions.label(row["edition_id"], language),
            "measure": row["measure_id"],
            "topic": named[row["topic_id"]],
            "section": headings.section_label(row["section"], row["heading"], language),
            "ministries": known["bodies"],
            "terms": pair_view.listed(row["names"], language),
            "links": _told(shown, row["measure_id"], language),
            "document": place,
        }
        rows.append(values | ({"text": known["text"]} if texts else {}))
    return pl.DataFrame(rows).rename({key: gettext(HEADS[key], language) for key in rows[0]})


def _told(shown: Genealogy, measure_id: str, language: str) -> str:
    """The links of a measure to later ones, in words."""
    said = []
    for row in shown.edges.filter(pl.col("from_id") == measure_id).sort("to_id").iter_rows(named=True):
        relation, basis = label("relation", row["relation"], language), label("basis", row["basis"], language)
        names = pair_view.listed(row["shared_names"][:NAMES], language)
        parts = [f"{relation} {pair_view.chance(row['score'])}", basis, *([names] if names else [])]
        said.append(f"→ {row['to_id']} ({', '.join(parts)})")
    return " ".join(said)


def placed(shown: Genealogy) -> dict[str, tuple[float, float]]:
    """Where each measure stands [columns, rows]: editions side by side, each beside what it is linked to."""
    columns = sorted(shown.nodes["edition_id"].unique(), key=editions.place)
    ids = {
        edition_id: shown.nodes.filter(pl.col("edition_id") == edition_id)["measure_id"].to_list()
        for edition_id in columns
    }
    ways = shown.edges.select("from_id", "to_id").rows()
    home = next(edition_id for edition_id in columns if shown.measure_id in ids[edition_id])
    result: dict[str, tuple[float, float]] = {}
    for edition_id in sorted(
        columns, key=lambda edition_id: (abs(columns.index(edition_id) - columns.index(home)), edition_id)
    ):
        beside = {}
        for key in ids[edition_id]:
            heights = [
                result[a if b == key else b][1] for a, b in ways if key in (a, b) and (a if b == key else b) in result
            ]
            beside[key] = sum(heights) / len(heights) if heights else 0.0
        for n, key in enumerate(sorted(ids[edition_id], key=lambda key: (beside[key], key))):
            result[key] = (float(columns.index(edition_id)), n - (len(ids[edition_id]) - 1) / 2)
    return result


def drawn(edges: pl.DataFrame) -> pl.DataFrame:
    """The links that a picture needs: those that no chain of others, each nearly as sure, says already.

    What a document states is kept.
    """
    scores = {(start, end): score for start, end, score in edges.select("from_id", "to_id", "score").iter_rows()}
    kept = [
        row["basis"] in STATED or _surest(scores, row["from_id"], row["to_id"]) < NEARLY * row["score"]
        for row in edges.iter_rows(named=True)
    ]
    return edges.filter(pl.Series(kept, dtype=pl.Boolean))


def _surest(scores: dict[tuple[str, str], float], start: str, end: str) -> float:
    """The score of the weakest link of the surest chain from start to end of two links or more; 0 where none is."""
    waiting, reached = [(-1.0, start)], set()
    while waiting:
        weakest, key = heappop(waiting)
        if key == end:
            return -weakest
        if key in reached:
            continue
        reached.add(key)
        for (one, other), score in scores.items():
            if one == key and (one, other) != (start, end):
                heappush(waiting, (max(weakest, -score), other))
    return 0.0


def chart(shown: Genealogy, topics: pl.DataFrame, language: str) -> alt.LayerChart:
    """The genealogy in time: measures as points by edition, links (`drawn`) as lines between them.

    Solid: the same initiative; dashed: a successor; dotted: what a document states itself. Wide: a high score.
    """
    at = placed(shown)
    columns = sorted(shown.nodes["edition_id"].unique(), key=editions.place)
    width = min(COLUMN, WIDEST // len(columns))
    needed = drawn(shown.edges)
    ways = [_way(at[start], at[end]) for start, end in needed.select("from_id", "to_id").iter_rows()]
    high = max(abs(y) for way in [at.values(), *ways] for _, y in way) + 0.6
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.15, len(columns) - 0.05], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[high, -high - 0.6], nice=False))
    points = _points(shown, at, topic_names(topics, language), language)
    base = alt.Chart(points).encode(
        x=x, y=y, tooltip=tips("measure_id:N", "edition_id:N", "topic:N", "section:N", "names:N")
    )
    own = alt.datum.measure_id == shown.measure_id
    dot = base.mark_point(filled=True, opacity=1, stroke="white").encode(
        size=alt.condition(own, alt.value(170), alt.value(80)),
        color=alt.condition(own, alt.value(charts.RED), alt.value("#333")),
    )
    heads = pl.DataFrame({"x": range(len(columns)), "y": [-high - 0.3] * len(columns),
                          "text": [editions.label(edition_id, language) for edition_id in columns]})  # fmt: skip
    head = alt.Chart(heads).mark_text(align="left", dx=-6, fontSize=13).encode(x=x, y=y, text=alt.Text("text:N"))
    said = {"measure": shown.measure_id, "left_out": shown.left_out}
    lines = gettext(
        "the strongest links only: {left_out} weaker links of these measures are not "
        "followed\nnot drawn, either: links that a chain of links nearly as sure says already. "
        "Under each measure its rarest names; wide lines are sure",
        language,
        **said,
    ).split("\n")
    title = alt.TitleParams(gettext("Where {measure} comes from and what came of it", language, **said), subtitle=lines)
    members = [
        (edition_id, shown.nodes.filter(pl.col("edition_id") == edition_id)["measure_id"]) for edition_id in columns
    ]
    named_by_edition = [f"{editions.label(edition_id, language)}: {', '.join(ids)}" for edition_id, ids in members]
    layers = [_lines(needed, ways, x, y, language), *_labels(points, x, y, width - 8), dot, head]
    whole = alt.layer(
        *[layer for layer in layers if layer is not None], width=width * len(columns), height=ROW * (2 * high + 0.6),
        title=title, description=charts.described(title.text, named_by_edition, language),
    )  # fmt: skip
    return cast(alt.LayerChart, whole)


def _points(
    shown: Genealogy, at: dict[str, tuple[float, float]], topics: dict[str | None, str], language: str
) -> pl.DataFrame:
    rows = []
    for row in shown.nodes.iter_rows(named=True):
        names = [_cut(name) for name in row["names"][:NAMES]]
        rows.append(
            {
                "measure_id": row["measure_id"], "x": at[row["measure_id"]][0], "y": at[row["measure_id"]][1],
                "edition_id": editions.label(row["edition_id"], language), "topic": topics[row["topic_id"]],
                "section": headings.section_label(row["section"], row["heading"], language), "label": names,
                "names": pair_view.listed(row["names"], language),
            }
        )  # fmt: skip
    return pl.DataFrame(rows)


def _cut(name: str) -> str:
    return name if len(name) <= NAME_WIDTH else name[: NAME_WIDTH - 1] + "…"


def _labels(points: pl.DataFrame, x: alt.X, y: alt.Y, limit: int) -> list[alt.Chart]:
    """Identifier above, names below each point, with a rim that keeps lines off."""
    layers = []
    for field, dy, size in (("measure_id:N", -11, 12), ("label:N", 15, 10.5)):
        base = alt.Chart(points).encode(x=x, y=y, text=field)
        options: dict[str, Any] = {"align": "left", "dx": -4, "dy": dy, "fontSize": size, "limit": limit}
        layers.append(base.mark_text(**options, color="white", stroke="white", strokeWidth=4, strokeOpacity=0.85))
        layers.append(base.mark_text(**options, color="#333"))
    return layers


def _way(start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
    """Points of a line: level at both ends to the edition beside; a bow around the editions that it skips."""
    (left, top), (right, bottom) = start, end
    skipped = right - left - 1
    if skipped < 1:
        bend = (right - left) * STRAIGHT
        return [start, (left + bend, top), (right - bend, bottom), end]
    side = -1 if top + bottom <= 0 else 1
    return [start, ((left + right) / 2, (top + bottom) / 2 + side * (LIFT + LIFT * skipped)), end]


def _lines(
    edges: pl.DataFrame, ways: list[list[tuple[float, float]]], x: alt.X, y: alt.Y, language: str
) -> alt.Chart | None:
    """A line for each link along its way; None where there is none."""
    kinds = {kind: label("edge", kind, language) for kind in ("same", "successor", "stated")}
    rows = []
    for n, row in enumerate(edges.iter_rows(named=True)):
        told = {
            "edge": n, "from_id": row["from_id"], "to_id": row["to_id"], "score": round(row["score"], 2),
            "kind": kinds["stated" if row["basis"] in STATED else row["relation"]],
            "basis": label("basis", row['basis'], language), "names": pair_view.listed(row["shared_names"], language),
        }  # fmt: skip
        rows += [told | {"x": across, "y": down} for across, down in ways[n]]
    if not rows:
        return None
    legend = alt.Legend(orient="top", symbolType="stroke", symbolSize=400, symbolStrokeWidth=2.5, title=None)
    domain = list(kinds.values())
    lines: alt.Chart = alt.Chart(pl.DataFrame(rows)).mark_line(interpolate="monotone", opacity=0.75).encode(
        x=x, y=y, detail=alt.Detail("edge:N"), order=alt.Order("x:Q"),
        color=alt.Color("kind:N", legend=legend, scale=alt.Scale(
            domain=domain, range=[charts.BLUE, charts.ORANGE, charts.GREEN])),
        strokeDash=alt.StrokeDash("kind:N", legend=legend, scale=alt.Scale(
            domain=domain, range=[[1, 0], [7, 4], [2, 3]])),
        strokeWidth=alt.StrokeWidth("score:Q", legend=None, scale=alt.Scale(domain=[0, 1], range=[0.8, 4])),
        tooltip=tips("from_id:N", "to_id:N", "kind:N", "score:Q", "basis:N", "names:N"),
    )  # fmt: skip
    return lines
