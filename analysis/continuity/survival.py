"""How long initiatives live: Kaplan–Meier curves over the years of the plans.

What counts as an observation. Initiatives are those of `initiatives`. One that was split from another, or (where
successors count, too) evolved from one, is a part of that one's life and none of its own; one that is merged into
another, or (where successors count) evolved into one, goes on there. It is *seen* in the year of a document that holds
it: a roadmap's items of
2017 and 2018 are seen in 2019, since the plan of 2019 lists what of theirs goes on; so their lives are at risk from
2019 on (delayed entry: what ended before is not listed), though they began earlier. A summary shows that an
initiative lives, never that one has ended: it names few. An end is therefore seen only where a later *full plan* has
the initiative no more. When it came in between is not known. Both extremes are given: `latest`, the year of that plan,
and `earliest`, the year after it was last seen; the truth lies between the two curves. An initiative that is in the
last full plan is censored there.

Years are those of the calendar: where ends are only known to lie between two plans, curves by age would put the same
gap at another age in every cohort.
"""

import math

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order
from scipy.special import ndtri

from analysis.tables import store

Z = float(ndtri(0.975))  # of a 95% interval
ASSIGNED = ("latest", "earliest")
RELATIONS = ("same", "any")
BEGAN_ELSEWHERE = {"same": ["split_from"], "any": ["split_from", "evolved_from"]}
GOES_ON = {
    "same": ["split_from", "merged_into"], "any": ["split_from", "merged_into", "evolved_from", "evolved_into"],
}  # fmt: skip
POOLED = "full"  # the cohort of all initiatives that were first seen in a full plan or its roadmap


def table(
    measures: pl.DataFrame, documents: pl.DataFrame, initiatives: pl.DataFrame, members: pl.DataFrame
) -> pl.DataFrame:
    """Return table Survival: curves of each cohort, by both relations and for both extremes of when an end came."""
    tables = [store.empty("survival")]
    for relation in RELATIONS:
        of_relation = lives(measures, documents, initiatives, members, relation)
        for cohort, rows in _cohorts(of_relation).items():
            until = int(rows.select(pl.max_horizontal("latest", "last_seen").max()).item())
            for assigned in ASSIGNED:
                left = rows.select(pl.coalesce(assigned, "last_seen")).to_series().to_numpy()
                curve = kaplan_meier(rows["entered"].to_numpy(), left, rows["ended"].to_numpy(), until)
                key = {"relation": relation, "cohort": cohort, "assigned": assigned}
                curve = curve.with_columns(
                    initiatives=pl.lit(len(rows), pl.Int64), **{k: pl.lit(v) for k, v in key.items()}
                )
                tables.append(curve.select(tables[0].columns))
    return pl.concat(tables)


def _cohorts(initiatives: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Initiatives by the year they began in, and together those first seen in a full plan; those at risk only."""
    at_risk = initiatives.filter(pl.col("last_seen").gt(pl.col("entered")) | pl.col("ended"))
    cohorts = {str(year): rows for (year,), rows in sorted(at_risk.group_by("began"))}
    pooled = at_risk.filter("in_full")
    return cohorts | ({POOLED: pooled} if len(pooled) else {})


def lives(
    measures: pl.DataFrame, documents: pl.DataFrame, initiatives: pl.DataFrame, members: pl.DataFrame,
    relation: str = "same",
) -> pl.DataFrame:  # fmt: skip
    """Return the initiatives that began by themselves, one row each, sorted by identifier.

    Columns: initiative_id, began (year of the edition), entered (year of the document in which it is first seen),
    in_full (that document is a full plan), last_seen, ended, earliest and latest (year of its end; null where none was
    seen). `relation` is same, or any for successors, too.
    """
    full = documents.filter(pl.col("kind") == "full")["edition"].unique().sort().to_list()
    seen = members.join(measures.select("measure_id", "edition"), on="measure_id").group_by("initiative_id")
    own = seen.agg(entered=pl.col("edition").min(), last=pl.col("edition").max())
    own = initiatives.filter(pl.col("state") != "retired").join(own, on="initiative_id").sort("initiative_id")
    last_seen = _last_seen(own, GOES_ON[relation])
    next_full = {year: next((plan for plan in full if plan > year), None) for year in set(last_seen.values())}
    begun = pl.all_horizontal(pl.col(name).is_null() for name in BEGAN_ELSEWHERE[relation])
    year = pl.Int64
    return (
        own.filter(begun)
        .select(
            "initiative_id",
            "entered",
            began=pl.col("born").str.strip_prefix("R").cast(year),
            in_full=pl.col("entered").is_in(full),
            last_seen=pl.col("initiative_id").replace_strict(last_seen, return_dtype=year),
        )
        .with_columns(latest=pl.col("last_seen").replace_strict(next_full, return_dtype=year))
        .with_columns(
            ended=pl.col("latest").is_not_null(),
            earliest=pl.when(pl.col("latest").is_not_null()).then(pl.col("last_seen") + 1),
        )
    )


def _last_seen(initiatives: pl.DataFrame, goes_on: list[str]) -> dict[str, int]:
    """The last year in which each initiative, a part of it or what it goes on in is seen.

    initiatives: initiative_id, last, and the columns of BEGAN_ELSEWHERE and `goes_on`.
    """
    seen = dict(initiatives.select("initiative_id", "last").iter_rows())
    onward: list[tuple[str, str]] = []
    for column in goes_on:
        backward = column.endswith("_from")  # names what it came from
        pairs = initiatives.drop_nulls(column).select("initiative_id", column).iter_rows()
        onward += [(other, key) if backward else (key, other) for key, other in pairs]
    nodes = {key: place for place, key in enumerate(seen)}
    ways = csr_matrix(
        (np.ones(len(onward)), ([nodes[a] for a, _ in onward], [nodes[b] for _, b in onward])), shape=(len(nodes),) * 2
    )
    keys = list(nodes)
    return {
        key: max(seen[keys[place]] for place in breadth_first_order(ways, nodes[key], return_predecessors=False))
        for key in keys
    }


def kaplan_meier(entered: np.ndarray, left: np.ndarray, ended: np.ndarray, until: int) -> pl.DataFrame:
    """Return the curve for every year from the first entry to `until`: year, at_risk, ended, survival, low, high.

    A life is at risk after `entered`, up to and in `left`, the year in which it `ended` or was censored. The first row
    is the start, its at_risk those who enter. The 95% interval (Greenwood, on the scale log(−log S)) is empty where
    all have ended.
    """
    start = int(entered.min())
    survival, variance = 1.0, 0.0
    rows = [(start, int((entered == start).sum()), 0, survival, *_interval(survival, variance))]
    for year in range(start + 1, until + 1):
        at_risk, lost = int(((entered < year) & (left >= year)).sum()), int((ended & (left == year)).sum())
        if lost:
            survival *= 1 - lost / at_risk
            variance += lost / (at_risk * (at_risk - lost)) if at_risk > lost else math.inf
        rows.append((year, at_risk, lost, survival, *_interval(survival, variance)))
    schema = store.empty("survival").schema
    columns = ("year", "at_risk", "ended", "survival", "low", "high")
    return pl.DataFrame(rows, schema={name: schema[name] for name in columns}, orient="row")


def _interval(survival: float, variance: float) -> tuple[float | None, float | None]:
    if survival in (0, 1):
        return (1.0, 1.0) if survival else (None, None)
    factor = math.exp(Z * math.sqrt(variance) / -math.log(survival))
    return survival**factor, survival ** (1 / factor)
