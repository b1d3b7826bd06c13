"""Fit the link model to codings (data/curated/codings/links.csv): `python -m analysis calibrate`.

Runs use the committed parameters (data/curated/continuity.toml) and show the agreement that was recorded with them. A
model serves editions that nobody has coded yet. So every pair is seen as it would be if its later edition were new: of
the thesaurus only terms count that an earlier edition has, and its measures' topics are the topic model's. And every
figure is that of models which saw nothing of the edition that it is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.metrics import f1_score

from analysis.base.errors import TableFaulty
from analysis.coding import codings, record
from analysis.continuity import competition, link_model, model_parameters, similarity
from analysis.continuity.model_parameters import (
    GAPS,
    SAME_FEATURES,
    SIMILARITY_FEATURES,
    VECTOR,
    Fitted,
    Gap,
    LinkModel,
    LogisticCurve,
    Thresholds,
)
from analysis.tables import editions, store, summary_statistics
from analysis.topics import assign, topic_model

REGULARISATION = 3.0  # of the logistic curves; a smaller number holds the weights nearer to zero
SAMPLES = 1000  # of a bootstrap
THRESHOLDS = np.arange(0.06, 0.6, 0.02)  # tried values
ABOUT_AS_GOOD = 0.03  # of the sum of three figures, each 0–1
BINS = 10  # of the calibration error
LINK = pl.col("relation").is_in(["same", "successor"])
SAME = pl.col("relation") == "same"
BETWEEN = ("from_edition", "edition_id")


@dataclass(frozen=True)
class Coded:
    """The candidate pairs of coded measures, and the cases (a measure that was coded against a later edition).

    pairs: from_id, to_id, SIMILARITY_FEATURES, VECTOR (all null where it is not to count), case, from_edition,
    edition_id (the later one), gap, relation. cases: case, from_edition, edition_id, gap, links [count], truth (the
    status, by all links that coders named, among the candidates or not). spaces: by later edition, as if it were new.
    single: editions that state single measures.
    """

    pairs: pl.DataFrame
    cases: pl.DataFrame
    spaces: dict[str, similarity.Space]
    single: frozenset[str]

    def without(self, edition: str) -> "Coded":
        """Return what does not touch an edition."""
        untouched = pl.all_horizontal(pl.col(name) != edition for name in BETWEEN)
        return Coded(self.pairs.filter(untouched), self.cases.filter(untouched), self.spaces, self.single)

    def into(self, edition: str) -> "Coded":
        """Return the pairs and cases into a later edition."""
        return Coded(
            self.pairs.filter(edition_id=edition), self.cases.filter(edition_id=edition), self.spaces, self.single
        )

    @property
    def later(self) -> list[str]:
        """The later editions, in the order of time."""
        return editions.in_time(self.cases["edition_id"])


def fit_link_model() -> dict[str, Mapping[str, float]]:
    """Fit the model, and one without each later edition, both without sentence vectors and, where two later editions
    have them, with them; write data/curated/continuity.toml.

    Returns the agreement (`model_parameters.agreement_with_codings`) by what it is of, in words. Raises TableFaulty
    where codings cannot be read, name measures that do not exist, or are of one later edition only.
    """
    coded, with_vectors = coded_pairs(), coded_pairs(with_vectors=True)
    if len(coded.later) < 2:
        raise TableFaulty(f"{record.file(codings.CODEBOOK)}: one later edition is coded; to fit, two are needed")
    fitted, by_vectors = _fitted(coded), _fitted(with_vectors) if len(with_vectors.later) > 1 else None
    model_parameters.write(fitted, by_vectors)
    agreement = {f"{gap} editions": known for gap, known in fitted.agreement.items()}
    if by_vectors:
        agreement |= {f"{gap} editions, sentence vectors": known for gap, known in by_vectors.agreement.items()}
    return agreement


def _fitted(coded: Coded) -> Fitted:
    without = {edition: _model(coded.without(edition)) for edition in coded.later}
    scored = {edition: _scored(coded.into(edition), model) for edition, model in without.items()}
    predicted = [
        _predicted(scored[edition].filter(gap=gap), coded.into(edition).cases.filter(gap=gap), model.thresholds[gap])
        for edition, model in without.items()
        for gap in GAPS
    ]
    every_pair, every_case = pl.concat(scored.values()), pl.concat(predicted)
    agreement = {gap: _agreement(_of(gap, every_pair), _of(gap, every_case)) for gap in GAPS}
    return Fitted(_model(coded), without, agreement)


def coded_pairs(with_vectors: bool = False) -> Coded:
    """Return what is coded, without a roadmap's newest part: it restates the plan's measures, which would count twice.

    `with_vectors` is what is coded between editions whose measures all have sentence vectors, which count only then.
    Raises TableFaulty.
    """
    measures = store.read("measures").with_columns(editions.column())
    restating = measures.filter(pl.col("part") == pl.col("edition").cast(pl.String))["edition_id"].unique().implode()
    edition_of = measures.select(from_id="measure_id", from_edition="edition_id")
    coded = codings.table(measures).join(edition_of, on="from_id")
    coded = coded.filter(~pl.col("from_edition").is_in(restating) & ~pl.col("edition_id").is_in(restating))
    if coded.is_empty():
        raise TableFaulty(f"{record.file(codings.CODEBOOK)} holds no codings: restore it with git")
    case = pl.format("{} {}", "from_id", "edition_id").alias("case")
    spaces = _spaces(measures, editions.in_time(coded["edition_id"]))
    if not with_vectors:
        spaces = {later: space.without_vectors() for later, space in spaces.items()}
    originals = measures.filter(pl.col("repeats").is_null())
    ids = {name: rows["measure_id"].to_list() for (name,), rows in originals.group_by("edition_id")}
    between = sorted(coded.select(BETWEEN).unique().rows())
    candidates = pl.concat(
        similarity.pairs(spaces[later], ids[earlier], ids[later]).with_columns(edition_id=pl.lit(later))
        for earlier, later in between
    ).join(coded.select("from_id", *BETWEEN).unique(), on=["from_id", "edition_id"])
    pairs = candidates.join(coded.select("from_id", "to_id", "relation"), on=["from_id", "to_id"], how="left")
    pairs = pairs.with_columns(case, pl.col("relation").fill_null("none")).sort("from_id", "to_id")
    cases = coded.group_by(case, *BETWEEN).agg(links=LINK.sum(), same=SAME.any()).sort("case")
    cases = cases.with_columns(truth=_status("same", "links")).drop("same")
    gap = pl.DataFrame([(*key, model_parameters.gap(*key)) for key in between], [*BETWEEN, "gap"], orient="row")
    single = frozenset(measures.filter(pl.col("part") != "summary")["edition_id"])
    pairs, cases = (rows.join(gap, on=BETWEEN, maintain_order="left") for rows in (pairs, cases))
    if with_vectors:
        pairs = pairs.drop_nulls(VECTOR)
        cases = cases.join(pairs, on=BETWEEN, how="semi", maintain_order="left")
    return Coded(pairs, cases, spaces, single)


def _spaces(measures: pl.DataFrame, later: list[str]) -> dict[str, similarity.Space]:
    """The measures as vectors, for each later edition as if it were new."""
    features, assignments = store.read("features"), store.read("assignments")
    by_model = assign.table(topic_model.current(measures, features)[0], measures, features, use_codings=False)
    result = {}
    for edition in later:
        new = measures.filter(edition_id=edition)["measure_id"].implode()
        topics = pl.concat(
            [assignments.filter(~pl.col("measure_id").is_in(new)), by_model.filter(pl.col("measure_id").is_in(new))]
        )
        result[edition] = similarity.space(measures, features, topics, as_new=edition)
    return result


def _model(coded: Coded) -> LinkModel:
    """The curves, fitted to all that is coded; the thresholds by later editions that curves have not seen."""
    scored, cases = [], []
    for edition in coded.later:
        rest = coded.without(edition)
        curves = _curves(rest.pairs if rest.later else coded.pairs)
        scored.append(_scored(coded.into(edition), LinkModel(*curves, {})))
        cases.append(coded.into(edition).cases)
    every_pair, every_case = pl.concat(scored), pl.concat(cases)
    thresholds = {gap: _thresholds(_of(gap, every_pair), _of(gap, every_case)) for gap in GAPS}
    return LinkModel(*_curves(coded.pairs), thresholds)


def _of(gap: Gap, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows between editions of a gap; all rows where there is no such pair of editions."""
    own = rows.filter(gap=gap)
    return rows if own.is_empty() else own


def _scored(coded: Coded, model: LinkModel) -> pl.DataFrame:
    """The pairs with score, same_score and `rest`, as a run would have them; what a run does not keep is no link."""
    scored = link_model.score(coded.pairs, model)
    kept = scored.filter(pl.col("score") >= link_model.KEPT_FROM)
    parts = [kept.select("from_id", "to_id").clear().with_columns(rest=pl.lit(0.0))]
    for (earlier, later), pairs in kept.group_by(BETWEEN, maintain_order=True):
        compete = {earlier, later} <= coded.single
        rest = competition.remainder(pairs, coded.spaces[str(later)]) if compete else pl.lit(1.0)
        parts.append(pairs.select("from_id", "to_id", rest=rest))
    return scored.join(pl.concat(parts), on=["from_id", "to_id"], how="left", maintain_order="left").with_columns(
        pl.col("rest").fill_null(0)
    )


def _status(same: str, links: str) -> pl.Expr:
    evolved = pl.when(pl.col(links) > 0).then(pl.lit("evolved")).otherwise(pl.lit("ended"))
    return pl.when(pl.col(same)).then(pl.lit("continued")).otherwise(evolved)


def _curves(pairs: pl.DataFrame) -> tuple[LogisticCurve, LogisticCurve]:
    """The probability of a link and, among links, of the same initiative."""
    links = pairs.filter(LINK)
    known = pairs[VECTOR].null_count() < len(pairs)
    return (
        _fit(pairs.select(*SIMILARITY_FEATURES, *[VECTOR] * known), pairs.select(LINK).to_series().to_numpy()),
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


def _thresholds(scored: pl.DataFrame, cases: pl.DataFrame) -> Thresholds:
    """The two thresholds (two digits) in the middle of those that do about as well as the best.

    They are judged by the sum of the three figures that people ask for. It hardly changes over a wide range, so that
    the very best place is one of chance.
    """
    grid = [Thresholds(link_from, same_from) for link_from in THRESHOLDS for same_from in THRESHOLDS]
    figures = [_figures(_predicted(scored, cases, thresholds)) for thresholds in grid]
    totals = np.array([row["status_accuracy"] + row["continued_f1"] + row["links_f1"] for row in figures])
    good = [(row.link_from, row.same_from) for row, total in zip(grid, totals, strict=True)
            if total >= totals.max() - ABOUT_AS_GOOD]  # fmt: skip
    return Thresholds(*(float(value) for value in np.round(np.median(good, axis=0), 2)))


def _predicted(scored: pl.DataFrame, cases: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """The cases with what the model predicts: status; predicted, right, blocked [links]; best_is_same."""
    link = (pl.col("score") >= thresholds.link_from) & (pl.col("rest") >= competition.SECOND_FROM)
    best = pl.col("relation").sort_by("score", descending=True).first()
    predictions = scored.group_by("case").agg(
        predicted=link.sum(), right=(link & LINK).sum(), blocked=LINK.sum(),
        same=(link & (pl.col("same_score") >= thresholds.same_from)).any(), best_is_same=best == "same",
    )  # fmt: skip
    joined = cases.join(predictions, on="case", how="left", maintain_order="left")
    joined = joined.with_columns(
        pl.col("predicted", "right", "blocked").fill_null(0), pl.col("same", "best_is_same").fill_null(False)
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


def _agreement(scored: pl.DataFrame, predicted: pl.DataFrame) -> dict[str, float]:
    """Agreement of predicted cases with the codings, with 95% bootstrap intervals over the cases."""
    random, count = np.random.default_rng(0), len(predicted)
    samples = [_figures(predicted[random.integers(0, count, count)]) for _ in range(SAMPLES)] if count else []
    links = int(predicted["links"].sum())
    result: dict[str, float] = {"measures": count, "links": links, "ended": _share(predicted["truth"] == "ended")}
    for name, value in _figures(predicted).items():
        result |= summary_statistics.percentiles(name, value, (sample[name] for sample in samples))
    blocked = int(predicted["blocked"].sum()) / max(links, 1)
    return result | {"calibration_error": _calibration_error(scored), "blocked": blocked}


def _calibration_error(scored: pl.DataFrame) -> float:
    """Expected calibration error over bins of equal width, of the pairs that a run keeps as candidates.

    Bins of equal size would flatter: most pairs are strangers with a probability near 0.
    """
    kept = scored.filter(pl.col("score") >= link_model.KEPT_FROM).select("score", truth=LINK.cast(pl.Float64))
    score, truth = kept.to_numpy().T
    bin_of = np.minimum((score * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bin_of, score, BINS) - np.bincount(bin_of, truth, BINS)
    return float(np.abs(gaps).sum() / max(len(kept), 1))
