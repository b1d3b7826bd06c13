"""Which measures of one edition go on in another, what became of the rest, and on what that rests.

A pair's evidence (`evidence`) becomes the probability that it is linked, and that it is the same initiative, by two
logistic curves whose few coefficients were fitted once to hand-labelled pairs (`calibration`) and are committed in
data/curated/continuity.toml. What readers of both plans found (`readings`), what a document says itself (a reference,
a repetition) and what a person decided (`decisions`) beat likeness.
"""

from dataclasses import replace
from itertools import combinations

import polars as pl

from analysis.continuity import shared_terms, similarity
from analysis.continuity.model_parameters import Curve, Judge, judge
from analysis.tables import editions, store

KEPT_FROM = 0.02  # candidates below this probability are not kept: near misses stay to be looked at, the rest is noise
RESTATED_FROM = 0.9  # a roadmap's item and a measure of the same year are one from this probability on
DOUBT = 1.5  # a status is doubtful where thresholds higher or lower by this factor would change it

Tables = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]


def link(
    measures: pl.DataFrame,
    features: pl.DataFrame,
    assignments: pl.DataFrame,
    roadmap: pl.DataFrame,
    decided: pl.DataFrame,
    read: pl.DataFrame,
    strictness: float = 1.0,
    scheduler: str | None = None,
) -> Tables:
    """Tables Candidates, Links and Statuses between every two editions.

    `decided` holds people's decisions (`decisions.table`), `read` what readers found (`readings.table`);
    `strictness` multiplies the committed thresholds: 1.5 asks for half as much again, 0.5 for half. `scheduler` is the
    address of a Dask cluster that searches for candidates.
    """
    judged = judge()
    own = measures.with_columns(editions.column()).sort("measure_id")
    candidates = _candidates(own, similarity.space(own, features, assignments), judged, scheduler)
    scored = settled(candidates, own, roadmap, decided, read)
    links = shared_terms.in_common(linked(scored, strictness), measures, features)
    statuses = _statuses(scored, _factored(judged, strictness), own)
    return candidates, links.select(store.empty("links").columns), statuses


SCORED = ["from_id", "to_id", "score", "same_score"]


def settled(
    candidates: pl.DataFrame,
    measures: pl.DataFrame,
    roadmap: pl.DataFrame,
    decided: pl.DataFrame,
    read: pl.DataFrame,
) -> pl.DataFrame:
    """The candidates with what documents say themselves, what readers found and what people decided.

    Columns: SCORED, basis; said (same, successor or none, whatever the scores; null where nobody says it); contested
    (readers differed about the pair); from_edition, to_edition. They are the same for every strictness: `linked` says
    which of them are links at one.
    """
    own = measures.with_columns(editions.column()).sort("measure_id")
    scored = _as_read(candidates.select(SCORED), read, own)
    tied = _with_restated(references(own, roadmap), scored, own)
    stated = pl.concat([tied, repetitions(own)]).unique(["from_id", "to_id"], keep="first", maintain_order=True)
    return _decided(_certain(scored, stated), _of_repetitions(decided, own), own)


def linked(scored: pl.DataFrame, strictness: float = 1.0) -> pl.DataFrame:
    """Those of the `settled` pairs that are links at a strictness, with their `relation`."""
    judged = _factored(judge(), strictness)
    link, same = _told(judged)
    relation = pl.when(same).then(pl.lit("same")).otherwise(pl.lit("successor"))
    return scored.filter(link).with_columns(relation.alias("relation"))


def _told(judged: Judge) -> tuple[pl.Expr, pl.Expr]:
    """Whether a pair is linked, and is the same initiative: as somebody says, else as its scores say."""
    link = pl.coalesce(pl.col("said") != "none", pl.col("score") >= judged.link_from)
    return link, pl.coalesce(pl.col("said") == "same", link & (pl.col("same_score") >= judged.same_from))


def _factored(judged: Judge, factor: float) -> Judge:
    return replace(judged, link_from=judged.link_from * factor, same_from=judged.same_from * factor)


def _pairs_of(own: pl.DataFrame) -> list[tuple[str, str]]:
    return list(combinations(sorted(own["edition_id"].unique(), key=editions.place), 2))


def _candidates(own: pl.DataFrame, space: similarity.Space, judged: Judge, scheduler: str | None) -> pl.DataFrame:
    """Pairs of every two editions from KEPT_FROM on; a repetition has the candidates of what it repeats."""
    originals = own.filter(pl.col("repeats").is_null())
    ids = {edition_id: rows["measure_id"].to_list() for (edition_id,), rows in originals.group_by("edition_id")}
    found = [store.empty("candidates")]
    for earlier, later in _pairs_of(originals):
        scored = score(similarity.pairs(space, ids[earlier], ids[later], scheduler), judged)
        found.append(scored.filter(pl.col("score") >= KEPT_FROM).select(found[0].columns))
    return _with_repetitions(pl.concat(found), own)


def score(pairs: pl.DataFrame, judged: Judge) -> pl.DataFrame:
    """The pairs with `score` (probability that they are linked) and `same_score` (that they are the same)."""
    return pairs.with_columns(score=_logistic(judged.linked)).with_columns(
        same_score=pl.col("score") * _logistic(judged.same)
    )


def _logistic(curve: Curve) -> pl.Expr:
    total = pl.lit(curve.intercept)
    for name, weight in curve.weights.items():  # one by one: a horizontal sum adds in any order, and so rounds anyhow
        total = total + pl.col(name) * weight
    return 1 / (1 + (-total).exp())


def _with_repetitions(candidates: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """The candidates and, for every measure that another repeats, the same ones for the repetition."""
    copies = own.filter(pl.col("repeats").is_not_null()).select(original="repeats", copy="measure_id")
    for side in ("from_id", "to_id"):
        repeated = candidates.join(copies, left_on=side, right_on="original").with_columns(pl.col("copy").alias(side))
        candidates = pl.concat([candidates, repeated.select(candidates.columns)])
    return candidates.unique(["from_id", "to_id"], keep="first", maintain_order=True).sort("from_id", "to_id")


def _of_repetitions(decided: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """The decisions, and those about a repeated measure for its repetition, too, where that has none of its own."""
    spread = _with_repetitions(decided, own)
    return pl.concat([decided, spread.join(decided, on=["from_id", "to_id"], how="anti")])


def references(own: pl.DataFrame, roadmap: pl.DataFrame) -> pl.DataFrame:
    """What a roadmap ties itself (工程表NNに記載): from_id, to_id, basis. Every text of its newest item NN is meant."""
    rows = roadmap.join(own.select("measure_id", "edition"), on="measure_id")
    newest = pl.col("part") == pl.col("part").max().over("edition")  # every plan's roadmap has its own numbers
    targets = rows.filter(newest).select("edition", "no", to_id="measure_id")
    tied = rows.select("edition", from_id="measure_id", no="carried_to").explode("no").drop_nulls()
    return tied.join(targets, on=["edition", "no"]).select("from_id", "to_id", basis=pl.lit("reference"))


def _with_restated(tied: pl.DataFrame, scored: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """The references and, since a roadmap's newest items restate the plan's measures, those to what they restate."""
    year = dict(own.select("measure_id", "edition_id").iter_rows())
    one, other = (
        pl.col(side).replace_strict(year, return_dtype=pl.String).str.strip_prefix("R") for side in ("from_id", "to_id")
    )
    restated = scored.filter((pl.col("same_score") >= RESTATED_FROM) & (one == other))
    measures = restated.select(to_id="to_id", measure="from_id")  # a plan's measures come before its roadmap's items
    more = tied.join(measures, on="to_id").select("from_id", to_id="measure", basis="basis")
    return pl.concat([tied, more])


def repetitions(own: pl.DataFrame) -> pl.DataFrame:
    """What a plan marks as repeated (【再掲】): from_id (what is repeated), to_id, basis."""
    return own.filter(pl.col("repeats").is_not_null()).select(
        from_id="repeats", to_id="measure_id", basis=pl.lit("repetition")
    )


def _as_read(scored: pl.DataFrame, read: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """The pairs with basis, said and contested: as readers found them, or, where nobody read, as likeness has them.

    Of a measure that was read against an edition, what readers do not name is no link; such a pair keeps its scores: it
    is a near miss. A link that readers found is wrong only where they and its likeness are mistaken.
    """
    edition_id = dict(own.select("measure_id", "edition_id").iter_rows())
    pairs = _with_repetitions(read.drop_nulls("to_id"), own)
    found = pl.col("relation").replace({"related": "none"})
    given = pairs.select("from_id", "to_id", "contested", "sure", found=found)
    copies = own.filter(pl.col("repeats").is_not_null()).select(from_id="repeats", copy="measure_id")
    whole = read.select("from_id", to_edition="edition_id").unique()
    whole = pl.concat([whole, whole.join(copies, on="from_id").select(from_id="copy", to_edition="to_edition")])
    staged = scored.with_columns(to_edition=pl.col("to_id").replace_strict(edition_id, return_dtype=pl.String))
    guessed, within = (
        staged.join(whole, on=["from_id", "to_edition"], how=how).drop("to_edition") for how in ("anti", "semi")
    )
    named = given.filter((pl.col("found") != "none") | pl.col("contested"))
    missed = named.join(within, on=["from_id", "to_id"], how="anti").with_columns(
        pl.lit(0.0).alias(name) for name in ("score", "same_score")
    )
    seen = pl.concat([within.join(given, on=["from_id", "to_id"], how="left"), missed], how="diagonal")
    link, same = pl.col("said") != "none", pl.col("said") == "same"
    told = (
        seen.with_columns(said=pl.col("found").fill_null("none"), contested=pl.col("contested").fill_null(False))
        .with_columns(score=pl.when(link).then(1 - (1 - pl.col("sure")) * (1 - pl.col("score"))).otherwise("score"))
        .with_columns(same_score=pl.when(link).then(pl.when(same).then("score").otherwise(0.0)).otherwise("same_score"))
    )
    unsaid = {"said": pl.lit(None, dtype=pl.String), "contested": pl.lit(False), "basis": pl.lit("likeness")}
    columns = [*SCORED, *unsaid]
    read_ones = told.with_columns(basis=pl.lit("reading")).select(columns)
    return pl.concat([guessed.with_columns(**unsaid).select(columns), read_ones])


def _certain(scored: pl.DataFrame, stated: pl.DataFrame) -> pl.DataFrame:
    """The pairs, with what a document states: that is certain, and the same initiative."""
    certain = stated.with_columns(
        score=pl.lit(1.0), same_score=pl.lit(1.0), said=pl.lit("same"), contested=pl.lit(False)
    )
    others = scored.join(stated, on=["from_id", "to_id"], how="anti")
    return pl.concat([others, certain.select(others.columns)])


def _decided(scored: pl.DataFrame, decided: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """The pairs as people decided: confirmed ones are certain, rejected ones impossible."""
    given = decided.select(
        "from_id",
        "to_id",
        score=(pl.col("decision") == "confirm").cast(pl.Float64),
        same_score=(pl.col("relation") == "same").fill_null(False).cast(pl.Float64),
        basis=pl.lit("decision"),
        said=pl.when(pl.col("decision") == "confirm").then("relation").otherwise(pl.lit("none")),
        contested=pl.lit(False),
    )
    pairs = pl.concat([scored.join(given, on=["from_id", "to_id"], how="anti"), given.select(scored.columns)])
    edition_id = dict(own.select("measure_id", "edition_id").iter_rows())
    return pairs.with_columns(
        pl.col(side).replace_strict(edition_id, return_dtype=pl.String).alias(name)
        for side, name in (("from_id", "from_edition"), ("to_id", "to_edition"))
    ).sort("from_id", "to_id")


def _statuses(scored: pl.DataFrame, judged: Judge, own: pl.DataFrame) -> pl.DataFrame:
    """What became of (forward) or came before (backward) each measure, for every other edition."""
    between = scored.filter(pl.col("from_edition") != pl.col("to_edition"))
    told = ("score", "same_score", "said", "contested")
    both = [
        between.select(pl.col(one).alias("measure_id"), pl.col(other).alias("other_edition"), *told)
        for one, other in (("from_id", "to_edition"), ("to_id", "from_edition"))
    ]
    factors = {n: _told(_factored(judged, factor)) for n, factor in enumerate((1.0, DOUBT, 1 / DOUBT))}
    best = (
        pl.concat(both)
        .group_by("measure_id", "other_edition")
        .agg(
            pl.col("score").max().alias("best_score"),
            factors[0][0].sum().cast(pl.Int64).alias("links"),
            pl.col("contested").any(),
            *(link.any().alias(f"link{n}") for n, (link, _) in factors.items()),
            *(same.any().alias(f"same{n}") for n, (_, same) in factors.items()),
        )
    )
    every = own.select("measure_id", "edition_id").join(own.select(other_edition="edition_id").unique(), how="cross")
    statuses = every.filter(pl.col("edition_id") != pl.col("other_edition")).join(
        best, on=["measure_id", "other_edition"], how="left"
    )
    statuses = statuses.with_columns(
        pl.col("best_score", "links").fill_null(0),
        pl.col("^(same[0-9]|link[0-9]|contested)$").fill_null(False),
        forward=_forward(),
    )
    status, stricter, looser = (_status(f"same{n}", f"link{n}") for n in factors)
    doubtful = (status != stricter) | (status != looser) | pl.col("contested")
    statuses = statuses.with_columns(status=status, doubtful=doubtful)
    return statuses.select(store.empty("statuses").columns).sort("measure_id", "other_edition")


def _forward() -> pl.Expr:
    """Whether the other edition is the later one."""
    own, other = (
        pl.col(name).map_elements(_order, return_dtype=pl.Float64) for name in ("edition_id", "other_edition")
    )
    return other > own


def _order(edition_id: str) -> float:
    year, roadmap = editions.place(edition_id)
    return year + roadmap / 2


def _status(same: str, link: str) -> pl.Expr:
    forward = pl.col("forward")
    return (
        pl.when(pl.col(same))
        .then(pl.when(forward).then(pl.lit("continued")).otherwise(pl.lit("continuing")))
        .when(pl.col(link))
        .then(pl.lit("evolved"))
        .otherwise(pl.when(forward).then(pl.lit("ended")).otherwise(pl.lit("new")))
    )
