"""Fit how similarities to topics become probabilities, and measure the agreement, on hand-labelled measures."""

import json
from pathlib import Path

import numpy as np
import polars as pl
from scipy.special import softmax
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from analysis.base import paths
from analysis.base.errors import DocumentMissing
from analysis.tables import store, summary_statistics
from analysis.topics import topic_model
from analysis.topics.scale import scale

LABELS = "links_topic_labels.jsonl"
SAMPLES = 1000  # of a bootstrap
FOLDS = 10
NEAR = 8  # lines: a label's line may lie a page break away from a measure's
SHARPNESS = np.arange(4.0, 80.0, 1.0)  # tried values
SECOND_SHARES = np.arange(0.05, 1.0, 0.05).round(2)  # tried values


def topic_scale(folder: Path) -> dict[str, float]:
    """Fit the topics' scale, write topic_scale.toml and agreement.toml, and return the figures of both.

    `folder` holds links_topic_labels.jsonl: edition, line, topic and second_topic of hand-labelled measures. Raises
    DocumentMissing where it does not.
    """
    file = folder / LABELS
    if not file.exists():
        raise DocumentMissing(f"{folder} holds no labelled topics ({LABELS}): name their folder")
    labels = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    measures, features = store.read("measures"), store.read("features").sort("measure_id")
    model, _ = topic_model.current(measures, features)
    bodies = measures.filter(pl.col("part") == "body")
    ids = [measure_at(bodies.filter(pl.col("edition") == label["edition"]), label["line"]) or "" for label in labels]
    place = {measure_id: index for index, measure_id in enumerate(features["measure_id"].to_list())}
    similarity = topic_model.likeness(model, measures, features)[[place[measure_id] for measure_id in ids]]
    truth = np.array([model.topics.index(label["topic"]) for label in labels])
    sharpness, error = _sharpness(similarity, truth)
    share = softmax(sharpness * similarity, axis=1)
    second_share = _second_share(share, [label["second_topic"] for label in labels], model.topics)
    agreement = _agreement(truth, share.argmax(axis=1))
    _write_toml(
        "topic_scale.toml",
        "How likeness becomes probability: fitted by `python -m analysis calibrate`; fits_from is a judgement.",
        {"sharpness": sharpness, "second_share": second_share, "fits_from": scale().fits_from},
    )
    _write_toml(
        "agreement.toml",
        "Agreement of the topics with hand labels, as `python -m analysis calibrate` found it; intervals by bootstrap.",
        {"labels": float(len(labels)), **agreement, "calibration_error": error},
    )
    return {"sharpness": sharpness, "second_share": second_share, "calibration_error": error, **agreement}


def measure_at(measures: pl.DataFrame, line: int) -> str | None:
    """Return the measure that holds a line of its document, else the nearest within NEAR lines, else None."""
    gap = pl.max_horizontal(pl.col("first_line") - line, line - pl.col("last_line"), 0)
    near = measures.with_columns(gap=gap).filter(pl.col("gap") <= NEAR)
    near = near.sort("gap", (pl.col("first_line") - line).abs(), "measure_id")
    return None if near.is_empty() else str(near["measure_id"][0])


def _sharpness(similarity: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """The sharpness under which the labels are likeliest, and the calibration error (ECE) under cross-validation."""
    everything = np.arange(len(truth))

    def best(rows: np.ndarray) -> float:
        shares = (softmax(sharpness * similarity[rows], axis=1) for sharpness in SHARPNESS)
        losses = [-np.log(share[np.arange(len(rows)), truth[rows]]).mean() for share in shares]
        return float(SHARPNESS[int(np.argmin(losses))])

    confidence, right = np.zeros(len(truth)), np.zeros(len(truth))
    for fold in range(FOLDS):
        held_out = everything % FOLDS == fold
        share = softmax(best(everything[~held_out]) * similarity[held_out], axis=1)
        confidence[held_out], right[held_out] = share.max(axis=1), share.argmax(axis=1) == truth[held_out]
    return best(everything), _calibration_error(confidence, right)


def _calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 5) -> float:
    """Expected calibration error: how far confidence and success lie apart, over bins of equal size."""
    parts = np.array_split(np.argsort(confidence, kind="stable"), bins)
    gaps = (len(part) * abs(confidence[part].mean() - right[part].mean()) for part in parts)
    return float(sum(gaps) / len(confidence))


def _second_share(share: np.ndarray, labels: list[str | None], topics: list[str]) -> float:
    """The share of the first topic's probability from which on a second one is named: the best F1 against labels."""
    order = np.argsort(-share, axis=1, kind="stable")
    ratio = np.take_along_axis(share, order[:, 1:2], 1)[:, 0] / np.take_along_axis(share, order[:, :1], 1)[:, 0]
    right = np.array([topics[second] == label for second, label in zip(order[:, 1], labels, strict=True)])
    labelled = sum(label is not None for label in labels)
    scores = [2 * (named & right).sum() / max(named.sum() + labelled, 1) for named in ratio >= SECOND_SHARES[:, None]]
    return float(SECOND_SHARES[int(np.argmax(scores))])


def _agreement(truth: np.ndarray, assigned: np.ndarray) -> dict[str, float]:
    """NMI, ARI and purity, each with a 95% bootstrap interval (_low, _high)."""

    def purity(truth: np.ndarray, assigned: np.ndarray) -> float:
        largest = (np.bincount(truth[assigned == topic]).max() for topic in np.unique(assigned))
        return float(sum(largest) / len(truth))

    random = np.random.default_rng(0)
    samples = [random.integers(0, len(truth), len(truth)) for _ in range(SAMPLES)]
    result: dict[str, float] = {}
    for name, score in (("nmi", normalized_mutual_info_score), ("ari", adjusted_rand_score), ("purity", purity)):
        scores = (score(truth[sample], assigned[sample]) for sample in samples)
        result |= summary_statistics.percentiles(name, score(truth, assigned), scores)
    return result


def _write_toml(name: str, comment: str, values: dict[str, float]) -> None:
    lines = [f"# {comment}", *(f"{key} = {value:.3f}" for key, value in values.items())]
    (paths.curated() / name).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
