"""Fit the few committed coefficients to readings and labels: `python -m analysis calibrate [FOLDER]`.

The links' model is fitted to data/curated/readings.csv, the topics' scale to hand labels. The program runs on
data/curated/continuity.toml and topic_scale.toml, and shows the agreement that they and agreement.toml record.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.model_selection import GroupKFold

from analysis.base import paths
from analysis.base.errors import DocumentMissing, TableFaulty
from analysis.coding import codings
from analysis.continuity import link_model, model_parameters, similarity
from analysis.tables import editions, store
from analysis.topics import topic_model

REGULARISATION = 3.0  # of the logistic curves; a smaller number holds the weights nearer to zero
SAMPLES = 1000  # of a bootstrap
FOLDS = 10
ABOUT = 0.03  # of the sum of three figures, each 0–1
REPEATS = 5  # of the cross-validation, since a threshold chosen on one division hangs on it
EDITIONS = (2019, 2026)  # the full plans, whose measures are labelled
CASE = pl.format("{} {}", "from_id", "edition_id")
NEAR = 8  # lines: a label's line may lie a page break away from a measure's


def calibrate(folder: Path | None = None) -> dict[str, float]:
    """Fit the links' coefficients to data/curated/readings.csv and, where a folder of labelled topics is given, the
    topics' too; returns the figures.
    """
    return (topic_scale(folder) if folder else {}) | continuity_judge()


# --- links ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Labelled:
    """Readings and what likeness makes of them, by case: a measure that was read against an edition.

    `pairs` are the candidate pairs with evidence, `case`, `group` (the measure) and `relation`; `links` all links that
    readers found, by case, among the candidates or not.
    """

    pairs: pl.DataFrame
    links: pl.DataFrame  # case, from_id, to_id, relation (same or successor)
    cases: list[str]


def continuity_judge() -> dict[str, float]:
    """Fit both curves, choose thresholds under cross-validation, write data/curated/continuity.toml; the figures.

    Raises TableFaulty where data/curated/readings.csv cannot be read or names measures that do not exist.
    """
    known = _labelled()
    linked, same = ((known.pairs["relation"].is_in(names)).to_numpy() for names in (["same", "successor"], ["same"]))
    found = np.zeros((2, len(linked)))
    for seed in range(REPEATS):
        folds = GroupKFold(FOLDS, shuffle=True, random_state=seed)
        for training, held in folds.split(linked, groups=known.pairs["group"].to_list()):
            curves = _curves(known.pairs[training], linked[training], same[training])
            scored = link_model.score(known.pairs[held], model_parameters.Judge(*curves, 0, 0))
            found[:, held] += scored.select("score", "same_score").to_numpy().T / REPEATS
    held_out = known.pairs.with_columns(score=pl.Series(found[0]), same_score=pl.Series(found[1]))
    thresholds = _thresholds(held_out, known)
    agreement = _agreement_of_links(held_out, known, thresholds)
    _write_judge(model_parameters.Judge(*_curves(known.pairs, linked, same), *thresholds), agreement)
    return {"link_from": thresholds[0], "same_from": thresholds[1], **agreement}


def _labelled() -> Labelled:
    """The readings; a roadmap's newest part restates the plan's measures and is left out, lest they count twice."""
    measures = store.read("measures").with_columns(editions.column())
    edition_id = dict(measures.select("measure_id", "edition_id").iter_rows())
    restating = measures.filter(pl.col("part") == pl.col("edition").cast(pl.String))["edition_id"].unique().implode()
    read = codings.table(measures).with_columns(from_edition=pl.col("from_id").replace_strict(edition_id), case=CASE)
    read = read.filter(~pl.col("from_edition").is_in(restating) & ~pl.col("edition_id").is_in(restating))
    if read.is_empty():
        raise TableFaulty(f"{paths.curated() / 'readings.csv'} holds no readings: restore it with git")
    space = similarity.space(measures, store.read("features"), store.read("assignments"))
    originals = measures.filter(pl.col("repeats").is_null())
    ids = {name: rows["measure_id"].to_list() for (name,), rows in originals.group_by("edition_id")}
    between = sorted(read.select("from_edition", "edition_id").unique().rows())
    found = [
        similarity.pairs(space, ids[one], ids[other]).with_columns(edition_id=pl.lit(other)) for one, other in between
    ]
    pairs = (
        pl.concat(found).join(read, on=["from_id", "edition_id"], how="semi").with_columns(case=CASE, group="from_id")
    )
    pairs = pairs.join(read.select("from_id", "to_id", "relation"), on=["from_id", "to_id"], how="left")
    pairs = pairs.with_columns(pl.col("relation").fill_null("none")).sort("from_id", "to_id")
    links = read.filter(pl.col("relation").is_in(["same", "successor"])).select("case", "from_id", "to_id", "relation")
    return Labelled(pairs, links, read["case"].unique().sort().to_list())


def _curves(
    pairs: pl.DataFrame, linked: np.ndarray, same: np.ndarray
) -> tuple[model_parameters.Curve, model_parameters.Curve]:
    """The probability of a link and, among links, of the same initiative, fitted to pairs that were read."""
    return (
        _fit(pairs, model_parameters.EVIDENCE, linked),
        _fit(pairs.filter(pl.Series(linked)), model_parameters.SAMENESS, same[linked]),
    )


def _fit(pairs: pl.DataFrame, names: tuple[str, ...], truth: np.ndarray) -> model_parameters.Curve:
    """A logistic curve in which no weight is negative, since no likeness speaks against a link."""
    x = pairs.select(names).to_numpy()
    scale = np.maximum(x.std(axis=0), 1e-9)
    z = x / scale

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        total = z @ w[1:] + w[0]
        missed = expit(total) - truth
        penalty = (w[1:] ** 2).sum() / (2 * REGULARISATION)
        slope = np.concatenate([[missed.sum()], z.T @ missed + w[1:] / REGULARISATION])
        return float(np.logaddexp(0, total).sum() - total[truth].sum() + penalty), slope

    bounds = [(None, None)] + [(0.0, None)] * z.shape[1]
    found = minimize(loss, np.zeros(1 + z.shape[1]), jac=True, bounds=bounds)
    if not found.success:
        raise ArithmeticError(f"the curve cannot be fitted: {found.message}")
    fitted = np.asarray(found.x)
    weights = dict(zip(names, map(float, fitted[1:] / scale), strict=True))
    return model_parameters.Curve(float(fitted[0]), weights)


def _thresholds(held_out: pl.DataFrame, known: Labelled) -> tuple[float, float]:
    """The two thresholds (two digits) in the middle of those that do about as well as the best.

    They are judged by the sum of the three figures that people ask for. It hardly changes over a wide range, where the
    very best place is one of chance.
    """
    grid = [(a, b) for a in np.arange(0.1, 0.6, 0.02) for b in np.arange(0.1, 0.6, 0.02)]
    found = [_figures(_told(held_out, *pair), known) for pair in grid]
    totals = np.array([sum(f[name] for name in ("status_accuracy", "continued_f1", "links_f1")) for f in found])
    good = np.array(grid)[totals >= totals.max() - ABOUT]
    link_from, same_from = np.round(np.median(good, axis=0), 2)
    return float(link_from), float(same_from)


def _told(held_out: pl.DataFrame, link_from: float, same_from: float) -> pl.DataFrame:
    """The candidates with `link` and `same` as the thresholds would have them."""
    link = pl.col("score") >= link_from
    return held_out.with_columns(link=link, same=link & (pl.col("same_score") >= same_from))


def _by_case(told: pl.DataFrame, known: Labelled) -> pl.DataFrame:
    """One row a case: its true and told status, links found, right and true, and whether the first one is the same."""
    true = known.links.group_by("case").agg(
        pl.len().alias("true"), (pl.col("relation") == "same").any().alias("true_same")
    )
    right = pl.col("relation").is_in(["same", "successor"])
    best = pl.col("relation").sort_by("score", descending=True).first() == "same"
    given = told.group_by("case").agg(
        pl.col("link").sum().alias("found"), (pl.col("link") & right).sum().alias("right"),
        pl.col("same").any().alias("told_same"), best.alias("first_same"),
    )  # fmt: skip
    every = pl.DataFrame({"case": known.cases})
    joined = every.join(true, on="case", how="left").join(given, on="case", how="left")
    joined = joined.with_columns(pl.col("true", "found", "right").fill_null(0)).fill_null(False)
    return joined.with_columns(_status("true_same", "true").alias("truth"), _status("told_same", "found").alias("told"))


def _status(same: str, links: str) -> pl.Expr:
    gone = pl.when(pl.col(links) > 0).then(pl.lit("evolved")).otherwise(pl.lit("ended"))
    return pl.when(pl.col(same)).then(pl.lit("continued")).otherwise(gone)


def _figures(told: pl.DataFrame, known: Labelled) -> dict[str, float]:
    return _figures_of(_by_case(told, known))


def _figures_of(rows: pl.DataFrame) -> dict[str, float]:
    """Agreement of the told with the true links; the F1 of nothing is 0."""
    truth, told = (rows[name] == "continued" for name in ("truth", "told"))
    found, right, true = (int(rows[name].sum()) for name in ("found", "right", "true"))
    return {
        "status_accuracy": _share_of(rows["truth"] == rows["told"]),
        "continued_f1": 2 * int((truth & told).sum()) / max(int(truth.sum()) + int(told.sum()), 1),
        "links_f1": 2 * right / max(found + true, 1),
        "first_right": _share_of(rows.filter("true_same")["first_same"]),
    }


def _share_of(true: pl.Series) -> float:
    return int(true.sum()) / max(len(true), 1)


def _agreement_of_links(held_out: pl.DataFrame, known: Labelled, thresholds: tuple[float, float]) -> dict[str, float]:
    """Cross-validated agreement with the readings, with 95% bootstrap intervals over the cases."""
    rows = _by_case(_told(held_out, *thresholds), known)
    chance = np.random.default_rng(0)
    samples = [_figures_of(rows[chance.integers(0, len(rows), len(rows))]) for _ in range(SAMPLES)]
    ended = _share_of(rows["truth"] == "ended")
    result: dict[str, float] = {"measures": len(rows), "links": len(known.links), "ended": ended}
    for name, value in _figures_of(rows).items():
        low, high = np.quantile([sample[name] for sample in samples], [0.025, 0.975])
        result |= {name: value, f"{name}_low": float(low), f"{name}_high": float(high)}
    truth = held_out["relation"].is_in(["same", "successor"]).to_numpy()
    return result | {"calibration_error": _reliability(held_out["score"].to_numpy(), truth)}


def _reliability(found: np.ndarray, truth: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width, of the pairs that the program keeps as candidates.

    Bins of equal size would flatter: most pairs are strangers with a probability near 0.
    """
    kept = found >= link_model.KEPT_FROM
    bin_of = np.minimum((found[kept] * bins).astype(int), bins - 1)
    gaps = [
        (bin_of == b).sum() * abs(found[kept][bin_of == b].mean() - truth[kept][bin_of == b].mean())
        for b in np.unique(bin_of)
    ]
    return float(sum(gaps) / max(kept.sum(), 1))


def _write_judge(judged: model_parameters.Judge, agreement: dict[str, float]) -> None:
    lines = [
        "# How evidence becomes the probability that a pair is linked, and that a linked pair is the same initiative:",
        "# logistic curves, fitted by `python -m analysis calibrate` to data/curated/readings.csv. From link_from on a",
        "# pair is linked, from same_from on it is the same. The agreement with the readings is cross-validated.",
        f"link_from = {judged.link_from:.2f}",
        f"same_from = {judged.same_from:.2f}",
    ]
    for name, curve in (("linked", judged.linked), ("same", judged.same)):
        values = {"intercept": curve.intercept, **curve.weights}
        lines += ["", f"[{name}]", *(f"{key} = {value:.3f}" for key, value in values.items())]
    lines += ["", "[agreement]", *(f"{key} = {value:.3f}" for key, value in agreement.items())]
    (paths.curated() / "continuity.toml").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


# --- topics -----------------------------------------------------------------------------------------------------


def _at(measures: pl.DataFrame, line: int) -> str | None:
    """The measure that holds a line, else the one that begins or ends nearest."""
    gap = pl.max_horizontal(pl.col("first_line") - line, line - pl.col("last_line"), 0)
    near = measures.with_columns(gap=gap).filter(pl.col("gap") <= NEAR)
    near = near.sort("gap", (pl.col("first_line") - line).abs(), "measure_id")
    return None if near.is_empty() else str(near["measure_id"][0])


def topic_scale(folder: Path) -> dict[str, float]:
    """Fit how similarities become probabilities, write topic_scale.toml and agreement.toml; returns the figures.

    `folder` holds links_topic_labels.jsonl: `edition`, `line`, `topic` and `second_topic` of hand-labelled measures.
    """
    file = folder / "links_topic_labels.jsonl"
    if not file.exists():
        raise DocumentMissing(f"{folder} holds no labelled topics (links_topic_labels.jsonl): name their folder")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    measures, features = store.read("measures"), store.read("features").sort("measure_id")
    model, _ = topic_model.current(measures, features)
    found = topic_model.likeness(model, measures, features)
    place = {key: index for index, key in enumerate(features["measure_id"].to_list())}
    bodies = measures.filter(pl.col("part") == "body")
    plans = {edition: bodies.filter(pl.col("edition") == edition) for edition in EDITIONS}
    at = [place[_at(plans[row["edition"]], row["line"]) or ""] for row in rows]
    truth = np.array([model.topics.index(row["topic"]) for row in rows])
    sharpness, error = _sharpness(found[at], truth)
    share = topic_model.softmax(found[at], sharpness)
    second_share = _second_share(share, truth, [row["second_topic"] for row in rows], model.topics)
    _write_toml(
        "topic_scale.toml",
        "How likeness becomes probability: fitted by `python -m analysis calibrate`; fits_from is a judgement.",
        {"sharpness": sharpness, "second_share": second_share, "fits_from": model_parameters.scale().fits_from},
    )
    agreement = _agreement(truth, share.argmax(axis=1))
    _write_toml(
        "agreement.toml",
        "Agreement of the topics with hand labels, as `python -m analysis calibrate` found it; intervals by bootstrap.",
        {"labels": float(len(rows)), **agreement, "calibration_error": error},
    )
    return {"sharpness": sharpness, "second_share": second_share, "calibration_error": error, **agreement}


def _sharpness(found: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """The sharpness under which the labels are likeliest, and the calibration error (ECE) under cross-validation."""
    grid = np.arange(4.0, 80.0, 1.0)

    def best(rows: np.ndarray) -> float:
        losses = [-np.log(topic_model.softmax(found[rows], s)[np.arange(len(rows)), truth[rows]]).mean() for s in grid]
        return float(grid[int(np.argmin(losses))])

    folds = np.arange(len(truth)) % FOLDS
    sure, right = np.zeros(len(truth)), np.zeros(len(truth))
    for fold in range(FOLDS):
        inside = np.flatnonzero(folds == fold)
        share = topic_model.softmax(found[inside], best(np.flatnonzero(folds != fold)))
        sure[inside], right[inside] = share.max(axis=1), share.argmax(axis=1) == truth[inside]
    return best(np.arange(len(truth))), _calibration_error(sure, right)


def _calibration_error(sure: np.ndarray, right: np.ndarray, bins: int = 5) -> float:
    """Expected calibration error: how far confidence and success lie apart, over bins of equal size."""
    parts = np.array_split(np.argsort(sure, kind="stable"), bins)
    return float(sum(len(part) * abs(sure[part].mean() - right[part].mean()) for part in parts) / len(sure))


def _second_share(share: np.ndarray, truth: np.ndarray, seconds: list[str | None], names: list[str]) -> float:
    """The share from which on a second topic is named, with the best F1 against the labelled second topics."""
    order = np.argsort(-share, axis=1, kind="stable")
    at = np.arange(len(order))
    ratio = share[at, order[:, 1]] / share[at, order[:, 0]]
    right = np.array([names[order[i, 1]] == second for i, second in enumerate(seconds)])
    best = (0.5, -1.0)
    for threshold in np.arange(0.05, 1.0, 0.05):
        chosen = ratio >= threshold
        f1 = 2 * (chosen & right).sum() / max(chosen.sum() + sum(second is not None for second in seconds), 1)
        if f1 > best[1]:
            best = (round(float(threshold), 2), float(f1))
    return best[0]


def _agreement(truth: np.ndarray, found: np.ndarray) -> dict[str, float]:
    """NMI, ARI and purity with 95% bootstrap intervals."""

    def purity(one: np.ndarray, other: np.ndarray) -> float:
        return float(sum(np.bincount(one[other == group]).max() for group in np.unique(other)) / len(one))

    chance = np.random.default_rng(0)
    samples = [chance.integers(0, len(truth), len(truth)) for _ in range(SAMPLES)]
    result: dict[str, float] = {}
    for name, score in (("nmi", normalized_mutual_info_score), ("ari", adjusted_rand_score), ("purity", purity)):
        values = [score(truth[sample], found[sample]) for sample in samples]
        low, high = np.quantile(values, [0.025, 0.975])
        result |= {name: float(score(truth, found)), f"{name}_low": float(low), f"{name}_high": float(high)}
    return result


def _write_toml(name: str, comment: str, values: dict[str, float]) -> None:
    lines = [f"# {comment}", *(f"{key} = {value:.3f}" for key, value in values.items())]
    (paths.curated() / name).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
