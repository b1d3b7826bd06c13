"""Review queue: the pairs of measures about which a person's decision would change most.

A pair is picked where its probability is near a threshold, where the status of a measure depends on it, or where it is
the best pair of a measure that counts as ended, since an end is the hardest to see. Of a measure with codings, the
pairs are picked about which the coders differed.
"""

import polars as pl

from analysis.coding import codings
from analysis.continuity import link_model
from analysis.report.status_tables import DOUBT
from analysis.tables import editions, store

DIGITS = 9  # on which sums of floats agree in whatever order they are added
HANGS_FROM = 0.1  # least chance to change a status for which a decision is worth the time
NAMES = ("measures", "features", "assignments", "topics", "candidates", "links", "statuses", "roadmap")
RANKS = {"none": 0, "successor": 1, "same": 2}  # by the status a relation gives: none, evolved, continued
KEY = ["from_id", "to_id"]
COLUMNS = [*KEY, "relation", "score", "same_score", "why", "chance", "from_status", "to_status", "doubtful"]


def load() -> dict[str, pl.DataFrame]:
    """Return the tables that a review needs, the codings as `read`, and the texts (an empty table without documents).

    Raises TableFaulty.
    """
    tables = {name: store.read(name) for name in NAMES}
    tables["read"] = codings.table(tables["measures"])
    tables["texts"] = store.read("texts") if store.exists("texts") else store.empty("texts")
    return tables


def doubtful(tables: dict[str, pl.DataFrame], decided: pl.DataFrame, earlier: str, later: str) -> pl.DataFrame:
    """Return the pairs of two editions worth a person's time, those of the most doubtful earlier measures first.

    tables: those of `load`. decided: `decisions.table`. Columns:

    - from_id, to_id, relation (same, successor or none), score and same_score, as a run would have them
    - why: contested (coders differed); near_link, near_same (a threshold is near); hangs (a status depends on it);
      near_miss (the best pair of a measure that counts as ended)
    - chance that a decision changes a status, 0–1
    - from_status, to_status of the last run, and doubtful: whether the earlier measure's status is

    Left out are decided pairs, pairs that a document settles, and repetitions, which follow what they repeat. Raises
    UsageFault for editions that do not exist or stand in the wrong order.
    """
    editions.check_order(earlier, later, tables["measures"])
    pairs = scored(tables, decided, earlier, later)
    for side in KEY:
        pairs = pairs.join(_by_measure(pairs, side), on=side)
    pairs = pairs.with_columns(chance=_chance())
    why = [pl.when(holds).then(pl.lit(name)) for name, holds in _reasons().items()]
    picked = pairs.filter("open").with_columns(why=pl.concat_list(why).list.drop_nulls())
    picked = picked.filter(pl.col("why").list.len() > 0)
    picked = picked.join(_statuses(tables["statuses"], "from", later), on="from_id")
    picked = picked.join(_statuses(tables["statuses"], "to", earlier), on="to_id")
    order = ["from_doubtful", "from_id_doubt", "from_id", "chance", "to_id"]
    picked = picked.sort(order, descending=[True, True, False, True, False])
    return picked.with_columns(doubtful="from_doubtful").select(COLUMNS)


def _statuses(statuses: pl.DataFrame, side: str, other: str) -> pl.DataFrame:
    """The statuses of one side's measures as seen from the other edition, and whether they are doubtful."""
    seen = statuses.filter(pl.col("other_edition") == other)
    return seen.select(pl.col("measure_id").alias(f"{side}_id"), pl.col("status", "doubtful").name.prefix(f"{side}_"))


def scored(tables: dict[str, pl.DataFrame], decided: pl.DataFrame, earlier: str, later: str) -> pl.DataFrame:
    """Return the pairs of two editions as a run has them: KEY, score, same_score, link_from, same_from, relation,
    contested, rank, open.

    Open pairs are those that the link model alone judged, and those about which coders differed.
    """
    copies = tables["measures"].filter(pl.col("repeats").is_not_null())["measure_id"].implode()
    pairs = link_model.settled(tables["candidates"], tables["measures"], tables["roadmap"], decided, tables["read"])
    pairs = pairs.filter(
        pl.col("from_edition") == earlier, pl.col("to_edition") == later, ~pl.any_horizontal(pl.col(KEY).is_in(copies))
    )
    relations = link_model.linked(pairs).select(*KEY, "relation")
    pairs = pairs.join(relations, on=KEY, how="left").with_columns(pl.col("relation").fill_null("none"))
    return pairs.with_columns(
        rank=pl.col("relation").replace_strict(RANKS, return_dtype=pl.Int64),
        open=(pl.col("basis") == "likeness") | pl.col("contested"),
    ).sort(KEY)


def _by_measure(pairs: pl.DataFrame, side: str) -> pl.DataFrame:
    """Return for each measure its two highest ranks (_top, _second), the chance that its status is wrong (_doubt), and
    its highest open score (_best). Pairs count as independent: good enough for an order.
    """
    linked, same = (1 - (1 - pl.col(name)).product() for name in ("score", "same_score"))
    top = pl.col("rank").max()
    right = pl.when(top == 2).then(same).when(top == 1).then(linked - same).otherwise(1 - linked)
    return pairs.group_by(side).agg(
        top.alias(f"{side}_top"),
        pl.col("rank").sort(descending=True).get(1, null_on_oob=True).fill_null(0).alias(f"{side}_second"),
        (1 - right).round(DIGITS).alias(f"{side}_doubt"),
        pl.col("score").filter("open").max().alias(f"{side}_best"),
    )


def _other(side: str) -> pl.Expr:
    """Return the highest rank that a measure has from its other pairs."""
    top = pl.col(f"{side}_top")
    return pl.when(pl.col("rank") == top).then(pl.col(f"{side}_second")).otherwise(top)


def _changes(rank: int) -> pl.Expr:
    """Return whether the status of either measure changes where a person gives the pair this rank."""
    return pl.any_horizontal(pl.max_horizontal(_other(side), rank) != pl.col(f"{side}_top") for side in KEY)


def _chance() -> pl.Expr:
    """Return the chance that a decision changes the status of either measure."""
    likely = {0: 1 - pl.col("score"), 1: pl.col("score") - pl.col("same_score"), 2: pl.col("same_score")}
    return pl.sum_horizontal(chance * _changes(rank) for rank, chance in likely.items()).round(DIGITS)


def _reasons() -> dict[str, pl.Expr]:
    """Return for each reason to look at a pair whether it holds."""
    linked = pl.col("rank") > 0
    by_model = {
        "near_link": _near("score", "link_from"),
        "near_same": linked & _near("same_score", "same_from"),
        "hangs": linked & _changes(0) & (pl.col("chance") >= HANGS_FROM),
        "near_miss": (pl.col("from_id_top") == 0) & (pl.col("score") == pl.col("from_id_best")),
    }
    return {"contested": pl.col("contested")} | {name: ~pl.col("contested") & why for name, why in by_model.items()}


def _near(name: str, threshold: str) -> pl.Expr:
    return pl.col(name).is_between(pl.col(threshold) / DOUBT, pl.col(threshold) * DOUBT, closed="left")
