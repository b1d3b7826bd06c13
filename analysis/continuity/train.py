"""Fit the link model to codings (data/curated/codings/links.csv): `python -m analysis calibrate`.

Runs use the committed parameters (data/curated/continuity.toml) and show the agreement that was recorded with them.
"""

import numpy as np
import polars as pl
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from analysis.base.errors import TableFaulty
from analysis.coding import codings, record
from analysis.continuity import competition, link_model, model_parameters, similarity
from analysis.continuity.model_parameters import SAME_FEATURES, SIMILARITY_FEATURES, LinkModel, LogisticCurve
from analysis.tables import editions, store, summary_statistics

REGULARISATION = 3.0  # of the logistic curves; a smaller number holds the weights nearer to zero
SAMPLES = 1000  # of a bootstrap
FOLDS = 10
REPEATS = 5  # of the cross-validation, since a threshold chosen on one division depends on it
THRESHOLDS = np.arange(0.1, 0.6, 0.02)  # tried values
ABOUT_AS_GOOD = 0.03  # of the sum of three figures, each 0–1
BINS = 10  # of the calibration error
FIGURES = ("status_accuracy", "continued_f1", "links_f1")  # told of a new edition, too
LINK = pl.col("relation").is_in(["same", "successor"])
SAME = pl.col("relation") == "same"


def fit_link_model() -> dict[str, float]:
    """Fit both curves, choose thresholds under cross-validation, write data/curated/continuity.toml.

    Returns the thresholds and the agreement with codings (`model_parameters.agreement_with_codings`). Raises
    TableFaulty where codings cannot be read or name measures that do not exist.
    """
    pairs, cases, space = _coded()
    scored = _competing(_cross_validated(pairs), space)
    thresholds = _thresholds(scored, cases)
    agreement = _agreement(scored, cases, thresholds) | _new_edition(pairs, cases, space, thresholds)
    model_parameters.write(LinkModel(*_curves(pairs), *thresholds), agreement)
    return {"link_from": thresholds[0], "same_from": thresholds[1], **agreement}


def _coded() -> tuple[pl.DataFrame, pl.DataFrame, similarity.Space]:
    """The candidate pairs of coded measures, the cases (a measure that was coded against an edition), and the space.

    Pairs: from_id, to_id, SIMILARITY_FEATURES, case, relation, edition_id, between (the two editions where their pairs
    compete, else null). Cases: case, links [count] and truth (the status), by
    all links that coders named, among the candidates or not. A roadmap's newest part restates the plan's measures and
    is left out: they would count twice.
    """
    measures = store.read("measures").with_columns(editions.column())
    restating = measures.filter(pl.col("part") == pl.col("edition").cast(pl.String))["edition_id"].unique().implode()
    edition_of = measures.select(from_id="measure_id", from_edition="edition_id")
    coded = codings.table(measures).join(edition_of, on="from_id")
    coded = coded.filter(~pl.col("from_edition").is_in(restating) & ~pl.col("edition_id").is_in(restating))
    if coded.is_empty():
        raise TableFaulty(f"{record.file(codings.CODEBOOK)} holds no codings: restore it with git")
    case = pl.format("{} {}", "from_id", "edition_id").alias("case")
    space = similarity.space(measures, store.read("features"), store.read("assignments"))
    originals = measures.filter(pl.col("repeats").is_null())
    ids = {name: rows["measure_id"].to_list() for (name,), rows in originals.group_by("edition_id")}
    between = sorted(coded.select("from_edition", "edition_id").unique().rows())
    candidates = pl.concat(
        similarity.pairs(space, ids[earlier], ids[later]).with_columns(edition_id=pl.lit(later))
        for earlier, later in between
    ).join(coded, on=["from_id", "edition_id"], how="semi")
    pairs = candidates.join(coded.select("from_id", "to_id", "relation"), on=["from_id", "to_id"], how="left")
    pairs = pairs.with_columns(case, _between(measures), pl.col("relation").fill_null("none")).sort("from_id", "to_id")
    cases = coded.group_by(case).agg(links=LINK.sum(), same=SAME.any()).sort("case")
    return pairs, cases.select("case", "links", truth=_status("same", "links")), space


def _between(measures: pl.DataFrame) -> pl.Expr:
    """Both editions of a pair, null where one is a summary, whose items stand for many measures."""
    summaries = measures.filter(part="summary")["edition_id"].unique().implode()
    edition_of = dict(measures.select("measure_id", "edition_id").iter_rows())
    earlier = pl.col("from_id").replace_strict(edition_of, return_dtype=pl.String)
    single = ~earlier.is_in(summaries) & ~pl.col("edition_id").is_in(summaries)
    return pl.when(single).then(pl.format("{} {}", earlier, "edition_id")).alias("between")


def _competing(scored: pl.DataFrame, space: similarity.Space) -> pl.DataFrame:
    """The scored pairs with `rest`, as a run would have it; those that a run does not keep are no links."""
    kept = scored.filter(pl.col("score") >= link_model.KEPT_FROM)
    parts = [
        part.with_columns(rest=competition.remainder(part, space) if between else pl.lit(1.0))
        for (between,), part in kept.group_by("between", maintain_order=True)
    ]
    rest = pl.concat([part.select("from_id", "to_id", "rest") for part in parts])
    return scored.join(rest, on=["from_id", "to_id"], how="left", maintain_order="left").with_columns(
        pl.col("rest").fill_null(0)
    )


def _status(same: str, links: str) -> pl.Expr:
    evolved = pl.when(pl.col(links) > 0).then(pl.lit("evolved")).otherwise(pl.lit("ended"))
    return pl.when(pl.col(same)).then(pl.lit("continued")).otherwise(evolved)


def _cross_validated(pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs with score and same_score by models that did not see the measure, averaged over REPEATS divisions."""
    scores = np.zeros((2, len(pairs)))
    for seed in range(REPEATS):
        folds = GroupKFold(FOLDS, shuffle=True, random_state=seed)
        for training, held_out in folds.split(pairs, groups=pairs["from_id"].to_list()):
            model = LinkModel(*_curves(pairs[training]), 0, 0)
            scored = link_model.score(pairs[held_out], model)
            scores[:, held_out] += scored.select("score", "same_score").to_numpy().T / REPEATS
    return pairs.with_columns(score=pl.Series(scores[0]), same_score=pl.Series(scores[1]))


def _new_edition(
    pairs: pl.DataFrame, cases: pl.DataFrame, space: similarity.Space, thresholds: tuple[float, float]
) -> dict[str, float]:
    """The agreement with the codings of each later edition of a model that saw none of them: new_edition_….

    What an edition can expect that nobody has coded. The thresholds were chosen on all codings.
    """
    scored = []
    for (edition_id,), held_out in pairs.group_by("edition_id", maintain_order=True):
        model = LinkModel(*_curves(pairs.filter(pl.col("edition_id") != edition_id)), 0, 0)
        scored.append(link_model.score(held_out, model))
    agreement = _agreement(_competing(pl.concat(scored), space), cases, thresholds)
    return {f"new_edition_{name}": value for name, value in agreement.items() if name.startswith(FIGURES)}


def _curves(pairs: pl.DataFrame) -> tuple[LogisticCurve, LogisticCurve]:
    """The probability of a link and, among links, of the same initiative."""
    links = pairs.filter(LINK)
    return (
        _fit(pairs.select(SIMILARITY_FEATURES), pairs.select(LINK).to_series().to_numpy()),
        _fit(links.select(SAME_FEATURES), links.select(SAME).to_series().to_numpy()),
    )


def _fit(features: pl.DataFrame, truth: np.ndarray) -> LogisticCurve:
    """A logistic curve in which no weight is negative, since no similarity speaks against a link."""
    values = features.to_numpy()
    spread = np.maximum(values.std(axis=0), 1e-9)
    values = values / spread

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        intercept, weights = parameters[0], parameters[1:]
        total = values @ weights + intercept
        error = expit(total) - truth
        penalty = (weights**2).sum() / (2 * REGULARISATION)
        slope = np.concatenate([[error.sum()], values.T @ error + weights / REGULARISATION])
        return float(np.logaddexp(0, total).sum() - total[truth].sum() + penalty), slope

    bounds = [(None, None)] + [(0.0, None)] * values.shape[1]
    result = minimize(loss, np.zeros(1 + values.shape[1]), jac=True, bounds=bounds)
    if not result.success:
        raise ArithmeticError(f"the curve cannot be fitted: {result.message}")
    weights = map(float, result.x[1:] / spread)
    return LogisticCurve(float(result.x[0]), dict(zip(features.columns, weights, strict=True)))


def _thresholds(scored: pl.DataFrame, cases: pl.DataFrame) -> tuple[float, float]:
    """The two thresholds (two digits) in the middle of those that do about as well as the best.

    They are judged by the sum of the three figures that people ask for. It hardly changes over a wide range, so that
    the very best place is one of chance.
    """
    grid = [(link_from, same_from) for link_from in THRESHOLDS for same_from in THRESHOLDS]
    figures = [_figures(_predicted(scored, cases, pair)) for pair in grid]
    totals = np.array([row["status_accuracy"] + row["continued_f1"] + row["links_f1"] for row in figures])
    good = np.array(grid)[totals >= totals.max() - ABOUT_AS_GOOD]
    link_from, same_from = np.round(np.median(good, axis=0), 2)
    return float(link_from), float(same_from)


def _predicted(scored: pl.DataFrame, cases: pl.DataFrame, thresholds: tuple[float, float]) -> pl.DataFrame:
    """The cases with what the model predicts: status; predicted, right [links]; whether the best pair is the same."""
    link = (pl.col("score") >= thresholds[0]) & (pl.col("rest") >= competition.SECOND_FROM)
    best = pl.col("relation").sort_by("score", descending=True).first()
    predictions = scored.group_by("case").agg(
        predicted=link.sum(), right=(link & LINK).sum(),
        same=(link & (pl.col("same_score") >= thresholds[1])).any(), best_is_same=best == "same",
    )  # fmt: skip
    joined = cases.join(predictions, on="case", how="left", maintain_order="left")
    joined = joined.with_columns(
        pl.col("predicted", "right").fill_null(0), pl.col("same", "best_is_same").fill_null(False)
    )
    return joined.with_columns(status=_status("same", "predicted"))


def _figures(cases: pl.DataFrame) -> dict[str, float]:
    """Agreement of the predicted with the coded links and statuses, each 0–1; the F1 of nothing is 0."""
    truth, status = ((cases[name] == "continued").to_numpy() for name in ("truth", "status"))
    predicted, right, links = (int(cases[name].sum()) for name in ("predicted", "right", "links"))
    return {
        "status_accuracy": _share(cases["truth"] == cases["status"]),
        "continued_f1": float(f1_score(truth, status, zero_division=0.0)),
        "links_f1": 2 * right / max(predicted + links, 1),
        "first_right": _share(cases.filter(truth)["best_is_same"]),
    }


def _share(true: pl.Series) -> float:
    return int(true.sum()) / max(len(true), 1)


def _agreement(scored: pl.DataFrame, cases: pl.DataFrame, thresholds: tuple[float, float]) -> dict[str, float]:
    """Cross-validated agreement with the codings, with 95% bootstrap intervals over the cases."""
    predicted = _predicted(scored, cases, thresholds)
    random = np.random.default_rng(0)
    samples = [_figures(predicted[random.integers(0, len(cases), len(cases))]) for _ in range(SAMPLES)]
    ended = _share(cases["truth"] == "ended")
    result: dict[str, float] = {"measures": len(cases), "links": int(cases["links"].sum()), "ended": ended}
    for name, value in _figures(predicted).items():
        result |= summary_statistics.percentiles(name, value, (sample[name] for sample in samples))
    return result | {"calibration_error": _calibration_error(scored)}


def _calibration_error(scored: pl.DataFrame) -> float:
    """Expected calibration error over bins of equal width, of the pairs that a run keeps as candidates.

    Bins of equal size would flatter: most pairs are strangers with a probability near 0.
    """
    kept = scored.filter(pl.col("score") >= link_model.KEPT_FROM).select("score", truth=LINK.cast(pl.Float64))
    score, truth = kept.to_numpy().T
    bin_of = np.minimum((score * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bin_of, score, BINS) - np.bincount(bin_of, truth, BINS)
    return float(np.abs(gaps).sum() / max(len(kept), 1))
