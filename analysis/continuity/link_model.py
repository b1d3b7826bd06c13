"""Which measures of one edition go on in another, what became of the rest, and on what that rests.

A pair's similarity features (`similarity`) become the probability that it is linked, and that it is the same
initiative, by two logistic curves (`model_parameters`). Codings of both plans, what a document says itself (a
reference, a repetition) and a person's decision beat similarity, each later one those before it.
"""

import polars as pl

from analysis.continuity import changes, competition, model_parameters, similarity
from analysis.continuity.model_parameters import VECTOR, LinkModel, LogisticCurve, Thresholds
from analysis.tables import editions, store, summary_statistics
from analysis.tables.categories import RELATIONS

TABLES = ("candidates", "links", "statuses")
KEPT_FROM = 0.02  # candidates below this probability are not kept: near misses stay to be looked at, the rest is noise
RESTATED_FROM = 0.9  # a roadmap's item and a measure of the same year are one from this probability on
DOUBT = 1.5  # a status is doubtful where thresholds higher or lower by this factor would change it
PAIR = ["from_id", "to_id"]
SCORED = [*PAIR, "score", "same_score", "rest"]
STATUS = ["measure_id", "edition_id", "other_edition", "status", "doubtful", "best_score", "links"]
AGREEMENT = (
    {"relation": pl.String}
    | dict.fromkeys(("decided", "confirmed", "found", "right"), pl.Int64)
    | {f"{name}{end}": pl.Float64 for name in ("precision", "recall") for end in ("", "_low", "_high")}
)

Tables = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]


def link(
    measures: pl.DataFrame,
    features: pl.DataFrame,
    assignments: pl.DataFrame,
    roadmap: pl.DataFrame,
    decided: pl.DataFrame,
    coded: pl.DataFrame,
    strictness: float = 1.0,
    scheduler: str | None = None,
    use_codings: bool = True,
) -> Tables:
    """Return TABLES: the candidates, links and statuses between every two editions.

    `decided` holds people's decisions (`decisions.table`), `coded` the codings (`codings.table`). `strictness`
    multiplies the committed thresholds: 1.5 asks for half as much again, 0.5 for half. `scheduler` is the address of a
    Dask cluster that searches for candidates. Without `use_codings` each pair is judged as if nobody had coded its
    later edition, by a model that has not seen it; `coded` and `decided` are then best empty. Raises TableFaulty and
    UsageFault.
    """
    measures = _by_edition(measures)
    candidates = _candidates(measures, features, assignments, scheduler, use_codings)
    scored = settled(candidates, measures, roadmap, decided, coded, use_codings)
    links = similarity.in_common(linked(scored, strictness), measures, features)
    statuses = _with_changed(_statuses(scored, strictness, measures), coded)
    links, statuses = changes.described(links, statuses, measures, features)
    return candidates, links.select(store.empty("links").columns), statuses


def settled(
    candidates: pl.DataFrame,
    measures: pl.DataFrame,
    roadmap: pl.DataFrame,
    decided: pl.DataFrame,
    coded: pl.DataFrame,
    use_codings: bool = True,
) -> pl.DataFrame:
    """Return the candidates with what documents say themselves, what coders named and what people decided.

    Columns: SCORED, basis; verdict (same, successor or none, whatever the scores; null where only similarity speaks);
    contested (coders differed about the pair, or coded another text); from_edition, to_edition; link_from, same_from
    (the model's thresholds). They are the same for every strictness: `linked` says which of them are links at one.
    """
    measures = _by_edition(measures)
    scored = _with_codings(candidates.select(SCORED), coded, measures)
    tied = _with_restated(references(measures, roadmap), scored, measures)
    stated = pl.concat([tied, repetitions(measures)]).unique(PAIR, keep="first", maintain_order=True)
    decided_too = _with_decisions(_with_stated(scored, stated), decided, measures)
    return _with_thresholds(decided_too, with_vectors(candidates, measures), use_codings)


def linked(scored: pl.DataFrame, strictness: float = 1.0) -> pl.DataFrame:
    """Return those of the `settled` pairs that are links at a strictness, with their `relation`."""
    link, same = _linked_and_same(strictness)
    relation = pl.when(same).then(pl.lit("same")).otherwise(pl.lit("successor"))
    return scored.filter(link).with_columns(relation=relation)


def agreement_with_decisions(decided: pl.DataFrame, candidates: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Return how the model's own links, as they would be without the decisions, agree with what people decided.

    A row each for `link` (whatever the relation), `same` and `successor`: relation, decided, confirmed (as that), found
    (by the model), right (both) [pairs]; precision and recall with 95% Wilson intervals (_low, _high), null where
    nothing was found or confirmed. No rows without decisions. What people decide are mostly doubtful pairs: this is not
    the agreement over all pairs.
    """
    candidates = candidates.with_columns(link_from=thresholds.link_from, same_from=thresholds.same_from)
    similar, same = _similar(), pl.col("same_score") >= pl.col("same_from")
    proposed = pl.when(similar & same).then(pl.lit("same")).when(similar).then(pl.lit("successor"))
    pairs = decided.join(candidates.select(*PAIR, proposed=proposed), on=PAIR, how="left")
    rows = []
    for relation, meant in (("link", RELATIONS), *((name, [name]) for name in RELATIONS)) if len(pairs) else ():
        person, model_too = (pairs[name].is_in(meant).fill_null(False) for name in ("relation", "proposed"))
        sets = {"confirmed": person, "found": model_too, "right": person & model_too}
        counts = {name: int(chosen.sum()) for name, chosen in sets.items()}
        shares = _share("precision", counts["right"], counts["found"])
        shares |= _share("recall", counts["right"], counts["confirmed"])
        rows.append({"relation": relation, "decided": len(pairs), **counts, **shares})
    return pl.DataFrame(rows, schema=AGREEMENT)


def _share(name: str, part: int, whole: int) -> dict[str, float | None]:
    low, high = summary_statistics.interval(part, whole) if whole else (None, None)
    return {name: part / whole if whole else None, f"{name}_low": low, f"{name}_high": high}


def _by_edition(measures: pl.DataFrame) -> pl.DataFrame:
    return measures.with_columns(editions.column()).sort("measure_id")


def _editions(measures: pl.DataFrame) -> dict[str, str]:
    """The edition_id of each measure."""
    return dict(measures.select("measure_id", "edition_id").iter_rows())


def _linked_and_same(strictness: float = 1.0) -> tuple[pl.Expr, pl.Expr]:
    """Whether a pair is linked, and is the same initiative: by the verdict, else by its scores and what it adds."""
    link = pl.coalesce(pl.col("verdict") != "none", _similar(strictness))
    same = link & (pl.col("same_score") >= pl.col("same_from") * strictness)
    return link, pl.coalesce(pl.col("verdict") == "same", same)


def _similar(strictness: float = 1.0) -> pl.Expr:
    """Whether a pair is linked by its score, and by what it adds to better pairs of its measures."""
    return _likely(strictness) & (pl.col("rest") >= competition.SECOND_FROM)


def _likely(strictness: float = 1.0) -> pl.Expr:
    """Whether a pair is linked by its score alone."""
    return pl.col("score") >= pl.col("link_from") * strictness


def with_vectors(candidates: pl.DataFrame, measures: pl.DataFrame) -> set[tuple[str, str]]:
    """Return the pairs of editions whose candidates were judged by sentence vectors, too: (earlier, later)."""
    edition_of = _editions(_by_edition(measures))
    pairs = candidates.drop_nulls(VECTOR).select(pl.col(PAIR).replace_strict(edition_of, return_dtype=pl.String))
    return set(pairs.unique().iter_rows())


def _with_thresholds(scored: pl.DataFrame, by_vectors: set[tuple[str, str]], use_codings: bool = True) -> pl.DataFrame:
    """The pairs with the probabilities from which on their editions' measures are linked, and the same.

    `by_vectors` are the pairs of editions that were judged by sentence vectors, too.
    """
    between = scored.select("from_edition", "to_edition").unique().sort("from_edition", "to_edition")
    rows = []
    for earlier, later in between.iter_rows():
        model = model_parameters.link_model(None if use_codings else later, (earlier, later) in by_vectors)
        thresholds = model.between(earlier, later)
        rows.append((earlier, later, thresholds.link_from, thresholds.same_from))
    schema = between.schema | {"link_from": pl.Float64, "same_from": pl.Float64}
    thresholds_of = pl.DataFrame(rows, schema=schema, orient="row")
    return scored.join(thresholds_of, on=["from_edition", "to_edition"], how="left", maintain_order="left")


# --- candidates and their scores --------------------------------------------------------------------------------


def _candidates(
    measures: pl.DataFrame, features: pl.DataFrame, assignments: pl.DataFrame, scheduler: str | None, use_codings: bool
) -> pl.DataFrame:
    """Pairs of every two editions from KEPT_FROM on; a repetition has the candidates of what it repeats.

    They compete where both editions state single measures: an item of a summary stands for many.
    """
    space = similarity.space(measures, features, assignments)
    summaries = set(measures.filter(part="summary")["edition_id"])
    originals = measures.filter(pl.col("repeats").is_null())
    ids = {edition_id: rows["measure_id"].to_list() for (edition_id,), rows in originals.group_by("edition_id")}
    tables = [store.empty("candidates")]
    in_time = editions.in_time(ids)
    for later in in_time[1:]:
        if not use_codings:
            space = similarity.space(measures, features, assignments, as_new=later)
        for earlier in in_time[: in_time.index(later)]:
            pairs = similarity.pairs(space, ids[earlier], ids[later], scheduler)
            scored = score(pairs, model_for(pairs, None if use_codings else later))
            scored = scored.filter(pl.col("score") >= KEPT_FROM)
            rest = pl.lit(1.0) if {earlier, later} & summaries else competition.remainder(scored, space)
            tables.append(scored.with_columns(rest=rest).select(tables[0].columns))
    return _with_repetitions(pl.concat(tables), measures)


def model_for(pairs: pl.DataFrame, without: str | None = None) -> LinkModel:
    """Return the model that judges the candidates of two editions: by sentence vectors, too, where they have them."""
    return model_parameters.link_model(without, with_vectors=pairs[VECTOR].null_count() < len(pairs))


def score(pairs: pl.DataFrame, model: LinkModel) -> pl.DataFrame:
    """Return the pairs with `score` (probability that they are linked) and `same_score` (that they are the same)."""
    return pairs.with_columns(score=_logistic(model.linked)).with_columns(
        same_score=pl.col("score") * _logistic(model.same)
    )


def _logistic(curve: LogisticCurve) -> pl.Expr:
    total = pl.lit(curve.intercept)
    for name, weight in curve.weights.items():  # one by one: a horizontal sum adds in any order, and so rounds anyhow
        total = total + pl.col(name) * weight
    return 1 / (1 + (-total).exp())


def _with_repetitions(pairs: pl.DataFrame, measures: pl.DataFrame) -> pl.DataFrame:
    """The pairs and, for every measure that another repeats, the same ones for the repetition if it has none itself.

    Where both measures of a pair are repeated, the first repetition goes with the first one of the other, and so on;
    what is left over goes with the other measure itself.
    """
    copies = measures.filter(pl.col("repeats").is_not_null()).select(original="repeats", copy="measure_id")
    copies = copies.with_columns(place=pl.col("copy").rank("ordinal").over("original").cast(pl.Int64))
    most = dict(copies.group_by("original").agg(pl.col("place").max()).iter_rows())
    most_from, most_to = (pl.col(side).replace_strict(most, default=0, return_dtype=pl.Int64) for side in PAIR)
    every = pairs.with_columns(most_from=most_from, most_to=most_to, place_from=0, place_to=0)
    for side, place in zip(PAIR, ("place_from", "place_to"), strict=True):
        repeated = every.drop(place).join(copies, left_on=side, right_on="original")
        repeated = repeated.with_columns(pl.col("copy").alias(side)).rename({"place": place})
        every = pl.concat([every, repeated.select(every.columns)], how="vertical_relaxed")
    place_from, place_to = pl.col("place_from"), pl.col("place_to")
    left_over = ((place_from > pl.col("most_to")) & (place_to == 0)) | (
        (place_to > pl.col("most_from")) & (place_from == 0)
    )
    every = every.filter((place_from == place_to) | left_over).select(pairs.columns)
    return every.unique(PAIR, keep="first", maintain_order=True).sort(PAIR)


# --- what beats similarity --------------------------------------------------------------------------------------


def references(measures: pl.DataFrame, roadmap: pl.DataFrame) -> pl.DataFrame:
    """Return what a roadmap ties itself (工程表NNに記載), to each text of its newest item NN: from_id, to_id, basis."""
    rows = roadmap.join(measures.select("measure_id", "edition"), on="measure_id")
    newest = pl.col("part") == pl.col("part").max().over("edition")  # every plan's roadmap has its own numbers
    targets = rows.filter(newest).select("edition", "no", to_id="measure_id")
    tied = rows.select("edition", from_id="measure_id", no="carried_to").explode("no").drop_nulls()
    return tied.join(targets, on=["edition", "no"]).select(*PAIR, basis=pl.lit("reference"))


def _with_restated(tied: pl.DataFrame, scored: pl.DataFrame, measures: pl.DataFrame) -> pl.DataFrame:
    """The references and, since a roadmap's newest items restate the plan's measures, those to what they restate."""
    edition_of = _editions(measures)
    start, end = (
        pl.col(side).replace_strict(edition_of, return_dtype=pl.String).str.strip_prefix("R") for side in PAIR
    )
    restated = scored.filter((pl.col("same_score") >= RESTATED_FROM) & (start == end))
    restated = restated.select("to_id", measure="from_id")  # a plan's measures come before its roadmap's items
    return pl.concat([tied, tied.join(restated, on="to_id").select("from_id", to_id="measure", basis="basis")])


def repetitions(measures: pl.DataFrame) -> pl.DataFrame:
    """Return what a plan marks as repeated (【再掲】): from_id (what is repeated), to_id, basis."""
    repeated = measures.filter(pl.col("repeats").is_not_null())
    return repeated.select(from_id="repeats", to_id="measure_id", basis=pl.lit("repetition"))


def _with_codings(scored: pl.DataFrame, coded: pl.DataFrame, measures: pl.DataFrame) -> pl.DataFrame:
    """The pairs with basis, verdict and contested: as coders named them, or, where nobody coded, by similarity.

    Of a measure that was coded against an edition, what coders do not name is no link; such a pair keeps its scores: it
    is a near miss; unless nobody could name it, since it came to the edition later. A link that coders named is wrong
    only where they and its similarity are mistaken.
    """
    copies = measures.filter(pl.col("repeats").is_not_null()).select(from_id="repeats", copy="measure_id")
    cases = coded.select("from_id", to_edition="edition_id").unique()
    cases = pl.concat([cases, cases.join(copies, on="from_id").select(from_id="copy", to_edition="to_edition")])
    placed = scored.with_columns(to_edition=pl.col("to_id").replace_strict(_editions(measures), return_dtype=pl.String))
    later = coded.select("from_id", to_id="uncompared").explode("to_id").drop_nulls("to_id").unique()
    later = _with_repetitions(later.join(coded, on=PAIR, how="anti"), measures)
    within = placed.join(cases, on=["from_id", "to_edition"], how="semi").join(later, on=PAIR, how="anti")
    uncoded, within = placed.join(within, on=PAIR, how="anti").drop("to_edition"), within.drop("to_edition")
    named = _with_repetitions(coded.drop_nulls("to_id"), measures).select(
        *PAIR, "contested", "sure", verdict=pl.col("relation").replace({"related": "none"})
    )
    missed = named.filter((pl.col("verdict") != "none") | pl.col("contested")).join(within, on=PAIR, how="anti")
    missed = missed.with_columns(score=pl.lit(0.0), same_score=pl.lit(0.0), rest=pl.lit(1.0))
    link, same = pl.col("verdict") != "none", pl.col("verdict") == "same"
    within = (
        pl.concat([within.join(named, on=PAIR, how="left"), missed], how="diagonal")
        .with_columns(pl.col("verdict").fill_null("none"), pl.col("contested").fill_null(False))
        .with_columns(score=pl.when(link).then(1 - (1 - pl.col("sure")) * (1 - pl.col("score"))).otherwise("score"))
        .with_columns(same_score=pl.when(link).then(pl.when(same).then("score").otherwise(0.0)).otherwise("same_score"))
    )
    unsaid = {"verdict": pl.lit(None, dtype=pl.String), "contested": pl.lit(False), "basis": pl.lit("likeness")}
    columns = [*SCORED, *unsaid]
    within = within.with_columns(basis=pl.lit("reading"))
    return pl.concat([uncoded.with_columns(**unsaid).select(columns), within.select(columns)])


def _with_stated(scored: pl.DataFrame, stated: pl.DataFrame) -> pl.DataFrame:
    """The pairs, with what a document states: that is certain, and the same initiative."""
    certain = stated.with_columns(
        score=pl.lit(1.0), same_score=pl.lit(1.0), rest=pl.lit(1.0), verdict=pl.lit("same"), contested=pl.lit(False)
    )
    others = scored.join(stated, on=PAIR, how="anti")
    return pl.concat([others, certain.select(others.columns)])


def _with_decisions(scored: pl.DataFrame, decided: pl.DataFrame, measures: pl.DataFrame) -> pl.DataFrame:
    """The pairs as people decided: confirmed ones are certain, rejected ones impossible; with both editions.

    A decision about a measure holds for its repetitions, too, where they have none of their own.
    """
    confirmed = pl.col("decision") == "confirm"
    decisions = _with_repetitions(decided, measures).select(
        *PAIR,
        score=confirmed.cast(pl.Float64),
        same_score=(pl.col("relation") == "same").fill_null(False).cast(pl.Float64),
        rest=pl.lit(1.0),
        basis=pl.lit("decision"),
        verdict=pl.when(confirmed).then("relation").otherwise(pl.lit("none")),
        contested=pl.lit(False),
    )
    pairs = pl.concat([scored.join(decisions, on=PAIR, how="anti"), decisions.select(scored.columns)])
    edition_of = _editions(measures)
    return pairs.with_columns(
        pl.col(side).replace_strict(edition_of, return_dtype=pl.String).alias(name)
        for side, name in (("from_id", "from_edition"), ("to_id", "to_edition"))
    ).sort(PAIR)


# --- statuses ---------------------------------------------------------------------------------------------------


def _statuses(scored: pl.DataFrame, strictness: float, measures: pl.DataFrame) -> pl.DataFrame:
    """What became of (forward) or came before (backward) each measure, for every other edition: STATUS."""
    between = scored.filter(pl.col("from_edition") != pl.col("to_edition"))
    both_ways = [
        between.select(
            "score",
            "same_score",
            "rest",
            "verdict",
            "contested",
            "link_from",
            "same_from",
            measure_id=measure,
            other_edition=other,
        )
        for measure, other in (("from_id", "to_edition"), ("to_id", "from_edition"))
    ]
    at = [_linked_and_same(strictness * factor) for factor in (1.0, DOUBT, 1 / DOUBT)]
    best = (
        pl.concat(both_ways)
        .group_by("measure_id", "other_edition")
        .agg(
            pl.col("score").max().alias("best_score"),
            at[0][0].sum().cast(pl.Int64).alias("links"),
            pl.col("contested").any(),
            (pl.col("verdict").is_null() & _likely(strictness) & ~at[0][0]).any().alias("set_aside"),
            *(link.any().alias(f"link{n}") for n, (link, _) in enumerate(at)),
            *(same.any().alias(f"same{n}") for n, (_, same) in enumerate(at)),
        )
    )
    order = sorted(measures["edition_id"].unique(), key=editions.place)
    later = pl.DataFrame(
        [(one, other, place > order.index(one)) for one in order for place, other in enumerate(order) if one != other],
        schema={"edition_id": pl.String, "other_edition": pl.String, "forward": pl.Boolean}, orient="row",
    )  # fmt: skip
    statuses = measures.select("measure_id", "edition_id").join(later, on="edition_id")
    statuses = statuses.join(best, on=["measure_id", "other_edition"], how="left").with_columns(
        pl.col("best_score", "links").fill_null(0),
        pl.col("^(same[0-9]|link[0-9]|contested|set_aside)$").fill_null(False),
    )
    status, stricter, looser = (_status(f"same{n}", f"link{n}") for n in range(len(at)))
    # a likely pair that better pairs left no room for: a part that was merged, or one of a series that ended
    alone = pl.col("set_aside") & (pl.col("links") == 0)
    doubtful = (status != stricter) | (status != looser) | pl.col("contested") | alone
    statuses = statuses.with_columns(status=status, doubtful=doubtful)
    return statuses.select(STATUS).sort("measure_id", "other_edition")


def _with_changed(statuses: pl.DataFrame, coded: pl.DataFrame) -> pl.DataFrame:
    """The statuses, doubtful where coders found nothing for a measure whose text has changed since."""
    unsure = coded.filter("contested", pl.col("to_id").is_null()).select(
        measure_id="from_id", other_edition="edition_id"
    )
    changed = statuses.join(unsure.with_columns(changed=True), on=unsure.columns, how="left", maintain_order="left")
    doubtful = pl.col("doubtful") | (pl.col("changed").fill_null(False) & (pl.col("links") == 0))
    return changed.with_columns(doubtful=doubtful).drop("changed")


def _status(same: str, link: str) -> pl.Expr:
    def by_direction(forward: str, backward: str) -> pl.Expr:
        return pl.when("forward").then(pl.lit(forward)).otherwise(pl.lit(backward))

    unlinked = pl.when(link).then(pl.lit("evolved")).otherwise(by_direction("ended", "new"))
    return pl.when(same).then(by_direction("continued", "continuing")).otherwise(unlinked)
