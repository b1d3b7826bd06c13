"""How long initiatives live: Kaplan–Meier curves over the years of the plans.

What counts as an observation. An initiative begins with a measure that no link ties to an earlier edition, and lives
through links forward, by whatever editions. It is *seen* in the year of a document that holds it: a roadmap's items of
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
from scipy.special import ndtri

from analysis.continuity import turnover
from analysis.tables import editions, store

Z = float(ndtri(0.975))  # of a 95% interval
ASSIGNED = ("latest", "earliest")
RELATIONS = {"same": ["same"], "any": ["same", "successor"]}
POOLED = "full"  # the cohort of all initiatives that were first seen in a full plan or its roadmap


def table(measures: pl.DataFrame, documents: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return table Survival: curves of each cohort, by both relations and for both extremes of when an end came."""
    tables = [store.empty("survival")]
    for relation in RELATIONS:
        for cohort, rows in _cohorts(lives(measures, documents, links, relation)).items():
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


def lives(measures: pl.DataFrame, documents: pl.DataFrame, links: pl.DataFrame, relation: str = "same") -> pl.DataFrame:
    """Return the initiatives, one row each, sorted by the measure they begin with.

    Columns: measure_id, began (year of the edition), entered (year of the document in which it is first seen),
    in_full (that document is a full plan), last_seen, ended, earliest and latest (year of its end; null where none was
    seen). `relation` is same, or any for successors, too.
    """
    originals = turnover.originals(measures)
    links = turnover.once(measures, links).filter(pl.col("relation").is_in(RELATIONS[relation]))
    full = documents.filter(pl.col("kind") == "full")["edition"].unique().sort().to_list()
    last_seen = _last_seen(originals, links)
    next_full = {year: next((plan for plan in full if plan > year), None) for year in set(last_seen.values())}
    first = originals.filter(~pl.col("measure_id").is_in(links["to_id"].implode()))
    year = pl.Int64
    return (
        first.select(
            "measure_id",
            began=pl.col("edition_id").str.strip_prefix("R").cast(year),
            entered="edition",
            in_full=pl.col("edition").is_in(full),
            last_seen=pl.col("measure_id").replace_strict(last_seen, return_dtype=year),
        )
        .with_columns(latest=pl.col("last_seen").replace_strict(next_full, return_dtype=year))
        .with_columns(
            ended=pl.col("latest").is_not_null(),
            earliest=pl.when(pl.col("latest").is_not_null()).then(pl.col("last_seen") + 1),
        )
    )


def _last_seen(originals: pl.DataFrame, links: pl.DataFrame) -> dict[str, int]:
    """The last year in which each measure or anything that carries it on is seen."""
    edition_id, seen = (dict(originals.select("measure_id", name).iter_rows()) for name in ("edition_id", "edition"))
    latest_first = sorted(
        links.select("from_id", "to_id").iter_rows(), key=lambda link: editions.place(edition_id[link[0]]), reverse=True
    )
    for start, end in latest_first:
        seen[start] = max(seen[start], seen[end])
    return seen


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
