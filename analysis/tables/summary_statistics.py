"""Counts and shares that people see, from tables alone: light, so that charts and reports load little."""

import math
from itertools import combinations

import polars as pl

from analysis.tables import editions

Z = 1.959964  # of a 95% interval


def stated(measures: pl.DataFrame, edition: int | None = None) -> pl.DataFrame:
    """What plans and summaries state themselves, of one edition or of all; roadmaps repeat it and are left out."""
    own = measures.filter(pl.col("part").is_in(["body", "summary"]))
    return own if edition is None else own.filter(pl.col("edition") == edition)


def bodies() -> pl.Expr:
    """The bodies that a measure names, each once: offices count with their body (内閣府(知財) → 内閣府)."""
    return pl.col("ministries").list.eval(pl.element().str.split("(").list.first()).list.unique()


def shares(measures: pl.DataFrame, assignments: pl.DataFrame, topics: pl.DataFrame) -> pl.DataFrame:
    """Share of each edition's measures by main topic with 95% Wilson intervals.

    Columns: topic_id, name_en, name_ja, edition, measures, share, low, high. A measure that repeats another of
    its edition (再掲) is counted once; measures that fit no topic count in the whole, but in no topic.
    """
    own = stated(measures).filter(~pl.col("repeated"))
    joined = own.select("measure_id", "edition").join(
        assignments.select("measure_id", "topic_id", "fits"), on="measure_id"
    )
    totals = dict(joined.group_by("edition").len().iter_rows())
    grouped = joined.filter("fits").group_by("edition", "topic_id").len()
    counts = {(edition, topic): count for edition, topic, count in grouped.iter_rows()}
    rows = []
    for topic in topics.sort("topic_id").iter_rows(named=True):
        for edition in sorted(totals):
            count, total = counts.get((edition, topic["topic_id"]), 0), totals[edition]
            low, high = interval(count, total)
            names = {key: topic[key] for key in ("topic_id", "name_en", "name_ja")}
            share = {"share": count / total, "low": low, "high": high}
            rows.append({**names, "edition": edition, "measures": count, **share})
    return pl.DataFrame(rows)


def unknown(ledger: pl.DataFrame) -> float:
    """Share of a ledger's lines that no role could be given to; blank lines count in neither."""
    lines = ledger.filter(pl.col("role") != "blank").select("role", n=pl.col("last_line") - pl.col("first_line") + 1)
    none = lines.filter(pl.col("role") == "unknown")["n"].sum()
    return int(none) / max(int(lines["n"].sum()), 1)


def interval(count: int, total: int) -> tuple[float, float]:
    """95% Wilson interval of a share; 0 to 1 where there is nothing to share."""
    if total == 0:
        return 0.0, 1.0
    share, room = count / total, Z**2 / total
    centre = (share + room / 2) / (1 + room)
    half = Z * math.sqrt(share * (1 - share) / total + room / (4 * total)) / (1 + room)
    return max(0.0, centre - half), min(1.0, centre + half)


def points(measures: pl.DataFrame, assignments: pl.DataFrame, topics: pl.DataFrame) -> pl.DataFrame:
    """The map's points, roadmaps aside: measure_id, edition, section, x, y, topic_id, name_en, name_ja."""
    return (
        assignments.select("measure_id", "topic_id", "x", "y")
        .join(stated(measures).select("measure_id", "edition", "section"), on="measure_id")
        .join(topics.select("topic_id", "name_en", "name_ja"), on="topic_id")
        .sort("measure_id")
    )


def crossed(
    measures: pl.DataFrame, assignments: pl.DataFrame, topics: pl.DataFrame, edition: int, by: str
) -> pl.DataFrame:
    """Measures of an edition by topic and by `by` (section or ministry): topic_id, place, name_en, name_ja, other,
    measures, first_line, measure_ids.

    Sections come with their titles, offices count with their body; a measure that names two bodies counts for both.
    """
    own = stated(measures, edition)
    other = pl.concat_str("section", pl.lit("  "), "section_title") if by == "section" else bodies()
    rows = own.select("measure_id", "first_line", other.alias("other"))
    rows = rows.explode("other") if by == "ministry" else rows
    return (
        rows.drop_nulls("other")
        .join(assignments.filter("fits").select("measure_id", "topic_id"), on="measure_id")
        .join(topics.select("topic_id", "place", "name_en", "name_ja"), on="topic_id")
        .group_by("topic_id", "place", "name_en", "name_ja", "other")
        .agg(
            pl.len().cast(pl.Int64).alias("measures"),
            pl.col("first_line").min(),
            pl.col("measure_id").sort().alias("measure_ids"),
        )
        .sort("place", "first_line", "other")
    )


def carry_over(statuses: pl.DataFrame, edition_id: str, other: str) -> tuple[int, int]:
    """How many of an edition's measures have a link to another edition, and how many measures it has."""
    rows = seen_from(statuses, edition_id, other)
    return len(rows.filter(pl.col("links") > 0)), len(rows)


def statuses_by_topic(
    statuses: pl.DataFrame, assignments: pl.DataFrame, topics: pl.DataFrame, edition_id: str, other: str
) -> pl.DataFrame:
    """Measures of an edition by topic and status: topic_id, name_en, name_ja, status, measures."""
    return (
        seen_from(statuses, edition_id, other)
        .join(assignments.select("measure_id", "topic_id"), on="measure_id")
        .join(topics.select("topic_id", "name_en", "name_ja"), on="topic_id")
        .group_by("topic_id", "name_en", "name_ja", "status")
        .agg(pl.len().cast(pl.Int64).alias("measures"))
        .sort("topic_id", "status")
    )


def summary(links: pl.DataFrame, statuses: pl.DataFrame) -> pl.DataFrame:
    """For every two editions: links, measures of the earlier continued, evolved, ended, and new in the later."""
    rows = []
    for earlier, later in combinations(sorted(statuses["edition_id"].unique(), key=editions.place), 2):
        forward = _counts_of(statuses, earlier, later)
        between = links.filter((pl.col("from_edition") == earlier) & (pl.col("to_edition") == later))
        counts = {status: forward.get(status, 0) for status in ("continued", "evolved", "ended")}
        new = _counts_of(statuses, later, earlier).get("new", 0)
        rows.append({"from": earlier, "to": later, "links": len(between), **counts, "new": new})
    return pl.DataFrame(rows)


def seen_from(statuses: pl.DataFrame, edition_id: str, other: str) -> pl.DataFrame:
    """The statuses of an edition's measures as seen from another edition."""
    return statuses.filter((pl.col("edition_id") == edition_id) & (pl.col("other_edition") == other))


def _counts_of(statuses: pl.DataFrame, edition_id: str, other: str) -> dict[str, int]:
    return dict(seen_from(statuses, edition_id, other).group_by("status").len().iter_rows())
