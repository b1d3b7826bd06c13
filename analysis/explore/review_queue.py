"""Which pairs of measures are worth a person's time: those of which a decision would teach most.

A pair is picked where its probability is near a threshold, where the status of a measure hangs on it, or where it is
the nearest to a measure said to have ended, since that a measure *ended* is the hardest to see. Of a measure that was
read (`readings`), the pairs are picked about which the readers differed.
"""

import polars as pl
from IPython.display import HTML

from analysis.base.errors import UsageFault
from analysis.base.i18n import word
from analysis.coding import codings
from analysis.continuity import link_model, model_parameters
from analysis.continuity.model_parameters import LinkModel
from analysis.report import pair_view
from analysis.report.status_tables import DOUBT
from analysis.tables import editions, store
from analysis.tables.schemas import STATUSES

DIGITS = 9  # that sums of floats agree on in whatever order they are made
HANGS_FROM = 0.1  # chance that a decision would change a status from which on it is worth the time
NAMES = ("measures", "features", "assignments", "topics", "candidates", "links", "statuses", "roadmap")
RANKS = {"none": 0, "successor": 1, "same": 2}  # what a pair can make of its measures: nothing, evolved, continued
CODES = {
    "relation": list(RANKS),
    "why": ["contested", "near_link", "near_same", "hangs", "near_miss"],
    "status": STATUSES,
}
KEY = ["from_id", "to_id"]
COLUMNS = [*KEY, "relation", "score", "same_score", "why", "chance", "from_status", "to_status", "doubtful"]


def load() -> dict[str, pl.DataFrame]:
    """The tables that a review needs, and the readings; the texts where they exist, else an empty table.

    Raises TableFaulty.
    """
    found = {name: store.read(name) for name in NAMES}
    found["read"] = codings.table(found["measures"])
    found["texts"] = store.read("texts") if store.exists("texts") else store.empty("texts")
    return found


def doubtful(found: dict[str, pl.DataFrame], decided: pl.DataFrame, earlier: str, later: str) -> pl.DataFrame:
    """Pairs of two editions worth a person's time, those of the most doubtful earlier measures first.

    `found` are the tables of `load`, `decided` those of `decisions.table`. Columns: from_id, to_id; relation (same,
    successor or none), score and same_score, as a run would have them; why (contested: readers differed; near_link,
    near_same: a threshold is near; hangs: a status hangs on it; near_miss: the best pair of a measure said to have
    ended); chance (that a decision changes a status, 0–1); from_fate, to_fate (as the last run had them); doubtful
    (whether the earlier measure's status is).
    Decided pairs, those that a document settles, and repetitions (they follow what they repeat) are left out. Raises
    UsageFault for editions that do not exist or stand in the wrong order.
    """
    _check_editions(found["measures"], earlier, later)
    judged = model_parameters.link_model()
    given = _judged(found, decided, earlier, later)
    for side in KEY:
        given = given.join(_measures(given, side), on=side)
    given = given.with_columns(chance=_chance())
    why = [pl.when(holds).then(pl.lit(name)) for name, holds in _reasons(judged).items()]
    picked = given.filter("open").with_columns(why=pl.concat_list(why).list.drop_nulls())
    picked = picked.filter(pl.col("why").list.len() > 0)
    picked = picked.join(_statuses(found["statuses"], "from", later), on="from_id")
    picked = picked.join(_statuses(found["statuses"], "to", earlier), on="to_id")
    order = ["from_doubtful", "from_id_doubt", "from_id", "chance", "to_id"]
    picked = picked.sort(order, descending=[True, True, False, True, False])
    return picked.with_columns(doubtful="from_doubtful").select(COLUMNS)


def _check_editions(measures: pl.DataFrame, earlier: str, later: str) -> None:
    """Raises UsageFault where an edition does not exist or the later one is not later."""
    known = sorted(measures.select(editions.column()).to_series().unique(), key=editions.place)
    for edition_id in (earlier, later):
        if edition_id not in known:
            raise UsageFault(f"edition {edition_id!r} does not exist: choose one of {', '.join(known)}")
    if editions.place(earlier) >= editions.place(later):
        raise UsageFault(f"edition {earlier} is no earlier one than {later}: swap them or choose others")


def _statuses(statuses: pl.DataFrame, side: str, other: str) -> pl.DataFrame:
    """The statuses of one side's measures as seen from the other edition, and whether they are doubtful."""
    seen = statuses.filter(pl.col("other_edition") == other)
    return seen.select(pl.col("measure_id").alias(f"{side}_id"), pl.col("status", "doubtful").name.prefix(f"{side}_"))


def _judged(found: dict[str, pl.DataFrame], decided: pl.DataFrame, earlier: str, later: str) -> pl.DataFrame:
    """Pairs of two editions as a run takes them: from_id, to_id, score, same_score, relation, contested, rank, open.

    Open are those of likeness, and those about which readers differed.
    """
    copies = found["measures"].filter(pl.col("repeats").is_not_null())["measure_id"].implode()
    scored = link_model.settled(found["candidates"], found["measures"], found["roadmap"], decided, found["read"])
    scored = scored.filter(
        pl.col("from_edition") == earlier, pl.col("to_edition") == later, ~pl.any_horizontal(pl.col(KEY).is_in(copies))
    )
    told = link_model.linked(scored).select(*KEY, "relation")
    every = scored.join(told, on=KEY, how="left").with_columns(pl.col("relation").fill_null("none"))
    return every.with_columns(
        rank=pl.col("relation").replace_strict(RANKS, return_dtype=pl.Int64),
        open=(pl.col("basis") == "likeness") | pl.col("contested"),
    ).sort(KEY)


def _measures(given: pl.DataFrame, side: str) -> pl.DataFrame:
    """Of each measure: its two highest ranks (_top, _second), the chance that its status is another (_doubt), and its
    highest open score (_best). Pairs count as independent: good enough for an order.
    """
    linked, same = (1 - (1 - pl.col(name)).product() for name in ("score", "same_score"))
    top = pl.col("rank").max()
    right = pl.when(top == 2).then(same).when(top == 1).then(linked - same).otherwise(1 - linked)
    return given.group_by(side).agg(
        top.alias(f"{side}_top"),
        pl.col("rank").sort(descending=True).get(1, null_on_oob=True).fill_null(0).alias(f"{side}_second"),
        (1 - right).round(DIGITS).alias(f"{side}_doubt"),
        pl.col("score").filter("open").max().alias(f"{side}_best"),
    )


def _other(side: str) -> pl.Expr:
    """The highest rank that a measure has from its other pairs."""
    top = pl.col(f"{side}_top")
    return pl.when(pl.col("rank") == top).then(pl.col(f"{side}_second")).otherwise(top)


def _changes(rank: int) -> pl.Expr:
    """Whether the status of either measure changes where a person gives the pair this rank."""
    return pl.any_horizontal(pl.max_horizontal(_other(side), rank) != pl.col(f"{side}_top") for side in KEY)


def _chance() -> pl.Expr:
    """The chance that a decision changes the status of either measure."""
    likely = {0: 1 - pl.col("score"), 1: pl.col("score") - pl.col("same_score"), 2: pl.col("same_score")}
    every = pl.sum_horizontal(probability * _changes(rank) for rank, probability in likely.items())
    return every.round(DIGITS)


def _reasons(judged: LinkModel) -> dict[str, pl.Expr]:
    linked = pl.col("rank") > 0
    guessed = {
        "near_link": _near("score", judged.link_from),
        "near_same": linked & _near("same_score", judged.same_from),
        "hangs": linked & _changes(0) & (pl.col("chance") >= HANGS_FROM),
        "near_miss": (pl.col("from_id_top") == 0) & (pl.col("score") == pl.col("from_id_best")),
    }
    return {"contested": pl.col("contested")} | {name: ~pl.col("contested") & why for name, why in guessed.items()}


def _near(name: str, threshold: float) -> pl.Expr:
    return pl.col(name).is_between(threshold / DOUBT, threshold * DOUBT, closed="left")


def worded(queue: pl.DataFrame, language: str) -> pl.DataFrame:
    """Rows of `doubtful` as people read them: from_id, to_id, relation, score, why, from_fate, to_fate, in words."""
    names = {name: {code: word(f"{name}_{code}", language) for code in codes} for name, codes in CODES.items()}
    stop = "、" if language == "ja" else "; "
    statuses = (
        pl.col(name).replace_strict(names["status"], return_dtype=pl.String) for name in ("from_status", "to_status")
    )
    why = pl.col("why").list.eval(pl.element().replace_strict(names["why"], return_dtype=pl.String)).list.join(stop)
    relation = pl.col("relation").replace_strict(names["relation"], return_dtype=pl.String)
    return queue.select(*KEY, relation, pl.col("score").round(2), why, *statuses)


def shown(queue: pl.DataFrame, found: dict[str, pl.DataFrame], language: str) -> HTML:
    """The pairs of some rows side by side, below each other, for a notebook."""
    rows = queue.select(KEY).iter_rows()
    return HTML(pair_view.STYLE + "".join(pair_view.side_by_side(one, two, found, language) for one, two in rows))
