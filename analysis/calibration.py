"""Fit the few committed coefficients to hand labels: `python -m analysis calibrate FOLDER`.

Labels are needed here and nowhere else: the program runs on data/curated/continuity.toml and topic_scale.toml, and
shows the agreement with the labels that data/curated/agreement.toml records.
"""

import json
from pathlib import Path

import numpy as np
import polars as pl
from scipy.optimize import minimize
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.model_selection import GroupKFold

from analysis import coefficients, continuity, counts, paths, tables, topics
from analysis.errors import DocumentMissing

REGULARISATION = 10.0  # of the logistic curve; a smaller number holds the weights nearer to zero
FOLDS = 10
EDITIONS = (2019, 2026)  # the full plans, whose measures are labelled
NEAR = 8  # lines: a label's line may lie a page break away from a measure's


def calibrate(folder: Path) -> dict[str, float]:
    """Fit all coefficients that the labels of a folder allow; returns the figures."""
    return topic_scale(folder) | continuity_judge(folder)


def continuity_judge(folder: Path) -> dict[str, float]:
    """Fit, choose thresholds under cross-validation, write data/curated/continuity.toml; returns the figures.

    `folder` holds links_<from>_<to>.jsonl: one labelled measure a row, with `from_edition`, `to_edition`,
    `from_line` and `to` (line and relation of each target). Raises DocumentMissing where there is none.
    """
    files = sorted(folder.glob("links_2*_2*.jsonl"))
    if not files:
        raise DocumentMissing(f"{folder} holds no labelled links (links_<from>_<to>.jsonl): name their folder")
    pairs = _labelled(files)
    x = pairs.select(pl.col(name).cast(pl.Float64) for name in coefficients.EVIDENCE).to_numpy()
    linked, same = (pairs["relation"].is_in(list(names)).to_numpy() for names in (("same", "successor"), ("same",)))
    groups, found = pairs["group"].to_list(), np.zeros(len(linked))
    for training, held in GroupKFold(FOLDS).split(x, linked, groups):
        found[held] = _logistic(x[held], _fit_logistic(x[training], linked[training]))
    fitted = _fit_logistic(x, linked)
    successor, links_f1 = _best_threshold(found, linked)
    one, same_f1 = _best_threshold(found, same)
    figures = {"intercept": float(fitted[0]), "same": max(one, successor), "successor": successor}
    weights = dict(zip(coefficients.EVIDENCE, map(float, fitted[1:]), strict=True))
    _write(figures, weights)
    return {
        **figures,
        **weights,
        "links_f1": links_f1,
        "same_f1": same_f1,
        "pairs": len(pairs),
        "positive": int(linked.sum()),
    }


def _logistic(x: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-(x @ coefficients[1:] + coefficients[0]))))


def _fit_logistic(x: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Intercept and weights of a logistic curve; no weight is negative, since no likeness speaks against a link."""

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        p = np.clip(_logistic(x, w), 1e-12, 1 - 1e-12)
        penalty = (w[1:] ** 2).sum() / (2 * REGULARISATION)
        slope = np.concatenate([[(p - truth).sum()], x.T @ (p - truth) + w[1:] / REGULARISATION])
        return float(-(truth * np.log(p) + (1 - truth) * np.log(1 - p)).sum() + penalty), slope

    start = np.concatenate([[-3.0], np.ones(x.shape[1])])
    bounds = [(None, None)] + [(0.0, None)] * x.shape[1]
    return np.asarray(minimize(loss, start, jac=True, bounds=bounds).x)


def _labelled(files: list[Path]) -> pl.DataFrame:
    """Candidate pairs of labelled measures with their evidence, `relation` and `group` (the labelled measure)."""
    measures = tables.read("measures")
    plans = counts.stated(measures)
    space = continuity.space(plans, tables.read("features"), tables.read("assignments"))
    result = []
    for file in files:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        editions = (rows[0]["from_edition"], rows[0]["to_edition"])
        earlier, later = (plans.filter(pl.col("edition") == edition) for edition in sorted(editions))
        evidence = continuity.pairs(space, earlier["measure_id"].to_list(), later["measure_id"].to_list())
        forward = editions[0] < editions[1]
        start, end = ("from_id", "to_id") if forward else ("to_id", "from_id")
        sources, targets = (earlier, later) if forward else (later, earlier)
        for row in rows:
            source = _at(sources, row["from_line"])
            relation = {_at(targets, target["line"]): target["relation"] for target in row["to"]}
            own = evidence.filter(pl.col(start) == source)
            labels = [relation.get(key, "none") for key in own[end].to_list()]
            result.append(
                own.with_columns(relation=pl.Series(labels, dtype=pl.String), group=pl.lit(f"{file.name}{source}"))
            )
    return pl.concat(result)


def _at(measures: pl.DataFrame, line: int) -> str | None:
    """The measure that holds a line, else the one that begins or ends nearest."""
    gap = pl.max_horizontal(pl.col("first_line") - line, line - pl.col("last_line"), 0)
    near = measures.with_columns(gap=gap).filter(pl.col("gap") <= NEAR)
    near = near.sort("gap", (pl.col("first_line") - line).abs(), "measure_id")
    return None if near.is_empty() else str(near["measure_id"][0])


def _best_threshold(found: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """The threshold (two digits) with the best F1, and that F1."""
    best = (0.5, 0.0)
    for threshold in np.arange(0.05, 0.95, 0.01):
        chosen = found >= threshold
        f1 = 2 * (chosen & truth).sum() / max(chosen.sum() + truth.sum(), 1)
        if f1 > best[1]:
            best = (round(float(threshold), 2), float(f1))
    return best


def _write(figures: dict[str, float], weights: dict[str, float]) -> None:
    lines = [
        "# Coefficients of the score of a link, fitted by `python -m analysis calibrate` on hand-labelled pairs, and",
        "# the scores from which on a pair counts as linked (successor) and as the same initiative (same).",
        *(f"{name} = {value:.2f}" for name, value in figures.items()),
        "",
        "[weights]",
        *(f"{name} = {value:.2f}" for name, value in weights.items()),
    ]
    (paths.curated() / "continuity.toml").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def topic_scale(folder: Path) -> dict[str, float]:
    """Fit how similarities become probabilities, write topic_scale.toml and agreement.toml; returns the figures.

    `folder` holds links_topic_labels.jsonl: `edition`, `line`, `topic` and `second_topic` of hand-labelled measures.
    """
    file = folder / "links_topic_labels.jsonl"
    if not file.exists():
        raise DocumentMissing(f"{folder} holds no labelled topics (links_topic_labels.jsonl): name their folder")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    measures, features = tables.read("measures"), tables.read("features").sort("measure_id")
    model, _ = topics.current(measures, features)
    found = topics.likeness(model, measures, features)
    place = {key: index for index, key in enumerate(features["measure_id"].to_list())}
    bodies = measures.filter(pl.col("part") == "body")
    plans = {edition: bodies.filter(pl.col("edition") == edition) for edition in EDITIONS}
    at = [place[_at(plans[row["edition"]], row["line"]) or ""] for row in rows]
    truth = np.array([model.topics.index(row["topic"]) for row in rows])
    sharpness, error = _sharpness(found[at], truth)
    share = _share(found[at], sharpness)
    second_share = _second_share(share, truth, [row["second_topic"] for row in rows], model.topics)
    _write_toml(
        "topic_scale.toml",
        "How likeness becomes probability: fitted by `python -m analysis calibrate`; fits_from is a judgement.",
        {"sharpness": sharpness, "second_share": second_share, "fits_from": coefficients.scale().fits_from},
    )
    agreement = _agreement(truth, share.argmax(axis=1))
    _write_toml(
        "agreement.toml",
        "Agreement of the topics with hand labels, as `python -m analysis calibrate` found it; intervals by bootstrap.",
        {"labels": float(len(rows)), **agreement, "calibration_error": error},
    )
    return {"sharpness": sharpness, "second_share": second_share, "calibration_error": error, **agreement}


def _share(found: np.ndarray, sharpness: float) -> np.ndarray:
    share = np.exp(sharpness * found)
    return np.asarray(share / share.sum(axis=1, keepdims=True))


def _sharpness(found: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """The sharpness under which the labels are likeliest, and the calibration error (ECE) under cross-validation."""
    grid = np.arange(4.0, 80.0, 1.0)

    def best(rows: np.ndarray) -> float:
        losses = [-np.log(_share(found[rows], s)[np.arange(len(rows)), truth[rows]]).mean() for s in grid]
        return float(grid[int(np.argmin(losses))])

    folds = np.arange(len(truth)) % FOLDS
    sure, right = np.zeros(len(truth)), np.zeros(len(truth))
    for fold in range(FOLDS):
        inside = np.flatnonzero(folds == fold)
        share = _share(found[inside], best(np.flatnonzero(folds != fold)))
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
    samples = [chance.integers(0, len(truth), len(truth)) for _ in range(1000)]
    result: dict[str, float] = {}
    for name, score in (("nmi", normalized_mutual_info_score), ("ari", adjusted_rand_score), ("purity", purity)):
        values = [score(truth[sample], found[sample]) for sample in samples]
        low, high = np.quantile(values, [0.025, 0.975])
        result |= {name: float(score(truth, found)), f"{name}_low": float(low), f"{name}_high": float(high)}
    return result


def _write_toml(name: str, comment: str, values: dict[str, float]) -> None:
    lines = [f"# {comment}", *(f"{key} = {value:.3f}" for key, value in values.items())]
    (paths.curated() / name).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
