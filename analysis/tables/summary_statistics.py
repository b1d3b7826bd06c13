"""Counts and shares that people see, from the tables alone."""

from collections.abc import Iterable
from functools import cache
from itertools import combinations

import numpy as np
import polars as pl
from scipy.stats import binomtest

from analysis.base.i18n import LANGUAGES
from analysis.tables import editions, ministries
from analysis.tables.categories import UNCLEAR
from analysis.tables.labels import label

ELSEWHERE = "elsewhere"


def stated(measures: pl.DataFrame, edition: int | None = None) -> pl.DataFrame:
    """Return what plans and summaries state themselves, of one edition or of all; roadmaps only repeat it."""
    rows = measures.filter(pl.col("part").is_in(editions.OWN_PARTS))
    return rows if edition is None else rows.filter(pl.col("edition") == edition)


def counted(measures: pl.DataFrame, edition: int | None = None) -> pl.DataFrame:
    """Return what is counted: `stated`, without measures that repeat another one of their edition (再掲).

    One that is marked so, but whose original was not found, stands for itself.
    """
    return stated(measures, edition).filter(pl.col("repeats").is_null())


def bodies() -> pl.Expr:
    """Return the bodies that a measure names, each once: offices count with their body (内閣府(知財) → 内閣府), and
    words that leave open who is meant (関係府省) are left out."""
    body = pl.element().str.split("(").list.first()
    return pl.col("ministries").list.eval(body.filter(~body.is_in(ministries.nameless()))).list.unique()


@cache
def interval(count: int, total: int) -> tuple[float, float]:
    """Return the 95% Wilson interval of a share, 0–1; 0 to 1 where there is nothing to share."""
    if total == 0:
        return 0.0, 1.0
    low, high = binomtest(count, total).proportion_ci(method="wilson")
    return float(low), float(high)


def percentiles(name: str, value: float, samples: Iterable[float]) -> dict[str, float]:
    """Return a figure with the 95% percentile interval of its bootstrap samples: name, name_low, name_high."""
    low, high = np.quantile(np.asarray(list(samples)), [0.025, 0.975])
    return {name: float(value), f"{name}_low": float(low), f"{name}_high": float(high)}


def shares(measures: pl.DataFrame, assignments: pl.DataFrame, topics: pl.DataFrame) -> pl.DataFrame:
    """Return the share of each edition's measures by main topic with 95% Wilson intervals.

    Columns: topic_id, name_en, name_ja, edition, measures [count], share, low, high [0–1]. A measure that repeats
    another of its edition (再掲) is counted once; measures whose topic is unclear count in the whole, but in no topic
    (unless `assignments` and `topics` are `with_unclear`).
    """
    own = counted(measures).select("measure_id", "edition")
    joined = own.join(assignments.select("measure_id", "topic_id"), on="measure_id")
    totals = joined.group_by("edition").agg(total=pl.len())
    counts = joined.drop_nulls("topic_id").group_by("edition", "topic_id").agg(measures=pl.len().cast(pl.Int64))
    rows = topics.select("topic_id", "name_en", "name_ja").join(totals, how="cross")
    rows = rows.join(counts, on=["edition", "topic_id"], how="left").sort("topic_id", "edition")
    rows = rows.with_columns(pl.col("measures").fill_null(0))
    ends = [interval(*row) for row in rows.select("measures", "total").iter_rows()]
    return rows.with_columns(
        share=pl.col("measures") / pl.col("total"),
        low=pl.Series([low for low, _ in ends], dtype=pl.Float64),
        high=pl.Series([high for _, high in ends], dtype=pl.Float64),
    ).select("topic_id", "name_en", "name_ja", "edition", "measures", "share", "low", "high")


def with_unclear(assignments: pl.DataFrame, topics: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return assignments and topics with one more topic, UNCLEAR, which has the measures whose topic is unclear.

    The topics, of which topic_id, place and names are returned, have it (in the last place) where it has any.
    """
    topics = topics.select("topic_id", "place", "name_en", "name_ja")
    if assignments["topic_id"].null_count():
        names = {f"name_{language}": label("topic", UNCLEAR, language) for language in LANGUAGES}
        row = pl.DataFrame([{"topic_id": UNCLEAR, "place": len(topics), **names}], schema=topics.schema)
        topics = pl.concat([topics, row])
    return assignments.with_columns(pl.col("topic_id").fill_null(UNCLEAR)), topics


def unknown(ledger: pl.DataFrame) -> float:
    """Return the share of a ledger's lines that no role could be given to, 0–1; blank lines count in neither."""
    lines = ledger.filter(pl.col("role") != "blank").select("role", n=pl.col("last_line") - pl.col("first_line") + 1)
    return int(lines.filter(pl.col("role") == "unknown")["n"].sum()) / max(int(lines["n"].sum()), 1)


def points(measures: pl.DataFrame, assignments: pl.DataFrame, topics: pl.DataFrame) -> pl.DataFrame:
    """Return the map's points, roadmaps aside: measure_id, edition, section, x, y, topic_id, name_en, name_ja."""
    return (
        assignments.select("measure_id", "topic_id", "x", "y")
        .join(stated(measures).select("measure_id", "edition", "section"), on="measure_id")
        .join(topics.select("topic_id", "name_en", "name_ja"), on="topic_id")
        .sort("measure_id")
    )


def crossed(
    measures: pl.DataFrame, assignments: pl.DataFrame, topics: pl.DataFrame, edition: int, by: str
) -> pl.DataFrame:
    """Return the measures of an edition by topic and by `by` (section or ministry).

    Columns: topic_id, place, name_en, name_ja, other (section with its title, or body; offices count with their body),
    measures [count], first_line, measure_ids. A measure that names two bodies counts for both; repetitions do
    not count.
    """
    other = pl.concat_str("section", pl.lit("  "), "section_title") if by == "section" else bodies()
    rows = counted(measures, edition).select("measure_id", "first_line", other.alias("other"))
    rows = rows.explode("other") if by == "ministry" else rows
    return (
        rows.drop_nulls("other")
        .join(assignments.select("measure_id", "topic_id"), on="measure_id")
        .join(topics.select("topic_id", "place", "name_en", "name_ja"), on="topic_id")
        .group_by("topic_id", "place", "name_en", "name_ja", "other")
        .agg(
            measures=pl.len().cast(pl.Int64), first_line=pl.col("first_line").min(),
            measure_ids=pl.col("measure_id").sort(),
        )
        .sort("place", "first_line", "other")
    )  # fmt: skip


def seen_from(statuses: pl.DataFrame, edition_id: str, other: str) -> pl.DataFrame:
    """Return the statuses of an edition's measures as seen from another edition."""
    return statuses.filter((pl.col("edition_id") == edition_id) & (pl.col("other_edition") == other))


def with_elsewhere(statuses: pl.DataFrame, edition_id: str, other: str) -> pl.DataFrame:
    """Return `seen_from`, where what is new against the other edition, but has a forerunner in another earlier one, has
    the status ELSEWHERE."""
    seen = seen_from(statuses, edition_id, other)
    earlier = [key for key in statuses["other_edition"].unique() if editions.place(key) < editions.place(edition_id)]
    known = statuses.filter(
        pl.col("edition_id") == edition_id, pl.col("other_edition").is_in(earlier), pl.col("links") > 0
    )
    elsewhere = (pl.col("status") == "new") & pl.col("measure_id").is_in(known["measure_id"].unique().implode())
    return seen.with_columns(status=pl.when(elsewhere).then(pl.lit(ELSEWHERE)).otherwise("status"))


def by_topic(seen: pl.DataFrame, assignments: pl.DataFrame, topics: pl.DataFrame) -> pl.DataFrame:
    """Return measures by topic and status (`seen_from`): topic_id, name_en, name_ja, status, measures and doubtful
    [counts], measure_ids."""
    return (
        seen.join(assignments.select("measure_id", "topic_id"), on="measure_id")
        .join(topics.select("topic_id", "name_en", "name_ja"), on="topic_id")
        .group_by("topic_id", "name_en", "name_ja", "status")
        .agg(
            measures=pl.len().cast(pl.Int64), doubtful=pl.col("doubtful").sum().cast(pl.Int64),
            measure_ids=pl.col("measure_id").sort(),
        )
        .sort("topic_id", "status")
    )  # fmt: skip


def summary(links: pl.DataFrame, statuses: pl.DataFrame) -> pl.DataFrame:
    """Return a row for every two editions: from, to; links; continued, evolved, ended and new measures [count]."""
    rows = []
    for earlier, later in combinations(sorted(statuses["edition_id"].unique(), key=editions.place), 2):
        forward, backward = (
            dict(seen_from(statuses, *pair).group_by("status").len().iter_rows())
            for pair in ((earlier, later), (later, earlier))
        )
        between = links.filter((pl.col("from_edition") == earlier) & (pl.col("to_edition") == later))
        counts = {status: forward.get(status, 0) for status in ("continued", "evolved", "ended")}
        rows.append({"from": earlier, "to": later, "links": len(between), **counts, "new": backward.get("new", 0)})
    return pl.DataFrame(rows)
