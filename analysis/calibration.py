"""Fit the few committed coefficients of `continuity` to hand-labelled pairs: `python -m analysis calibrate FOLDER`.

Labels are needed here and nowhere else: the program runs on data/curated/continuity.toml alone.
"""

import json
from pathlib import Path

import numpy as np
import polars as pl
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from analysis import continuity, paths, tables
from analysis.errors import DocumentMissing

REGULARISATION = 10.0  # of the logistic curve (scikit-learn's C); stronger and it hardly tells pairs apart
FOLDS = 10
NEAR = 8  # lines: a label's line may lie a page break away from a measure's


def calibrate(folder: Path) -> dict[str, float]:
    """Fit, choose thresholds under cross-validation, write data/curated/continuity.toml; returns the figures.

    `folder` holds links_<from>_<to>.jsonl: one labelled measure a row, with `from_edition`, `to_edition`,
    `from_line` and `to` (line and relation of each target). Raises DocumentMissing where there is none.
    """
    files = sorted(folder.glob("links_2*_2*.jsonl"))
    if not files:
        raise DocumentMissing(f"{folder} holds no labelled links (links_<from>_<to>.jsonl): name their folder")
    pairs = _labelled(files)
    x = pairs.select(pl.col(name).cast(pl.Float64) for name in continuity.EVIDENCE).to_numpy()
    linked, same = (pairs["relation"].is_in(list(names)).to_numpy() for names in (("same", "successor"), ("same",)))
    model = LogisticRegression(C=REGULARISATION, max_iter=1000)
    found = cross_val_predict(
        model, x, linked, groups=pairs["group"].to_list(), cv=GroupKFold(FOLDS), method="predict_proba"
    )[:, 1]
    model.fit(x, linked)
    successor, links_f1 = _best_threshold(found, linked)
    one, same_f1 = _best_threshold(found, same)
    figures = {"intercept": float(model.intercept_[0]), "same": max(one, successor), "successor": successor}
    weights = dict(zip(continuity.EVIDENCE, map(float, model.coef_[0]), strict=True))
    _write(figures, weights)
    return {
        **figures,
        **weights,
        "links_f1": links_f1,
        "same_f1": same_f1,
        "pairs": len(pairs),
        "positive": int(linked.sum()),
    }


def _labelled(files: list[Path]) -> pl.DataFrame:
    """Candidate pairs of labelled measures with their evidence, `relation` and `group` (the labelled measure)."""
    measures = tables.read("measures")
    plans = measures.filter(pl.col("part").is_in(["body", "summary"]))
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
