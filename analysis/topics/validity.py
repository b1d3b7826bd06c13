"""How far the topics can be trusted: the model on what it did not see, and the coders beside it."""

from itertools import combinations

import numpy as np
import polars as pl
from sklearn.metrics import adjusted_rand_score, cohen_kappa_score, f1_score, normalized_mutual_info_score
from sklearn.model_selection import GroupKFold

from analysis.coding import checkability, codebooks, record
from analysis.tables import store, summary_statistics
from analysis.topics import topic_model
from analysis.topics.topic_model import NONE

FOLDS = 10  # of the sections
BINS = 10  # of the calibration error
DOCUMENT, SECTION, CODERS = "document_left_out", "section_left_out", "coders"  # prefixes of the checks


def table(measures: pl.DataFrame, features: pl.DataFrame, commitments: pl.DataFrame) -> pl.DataFrame:
    """Return all checks (schema Validity): those of topics and those of what could be checked."""
    return pl.concat([topic_checks(measures, features), checkability.checks(commitments, measures)])


def topic_checks(measures: pl.DataFrame, features: pl.DataFrame) -> pl.DataFrame:
    """Return the checks of topics (schema Validity). No rows where nothing is coded.

    With a document left out the model stands before an edition that nobody has coded; with sections left out, of what
    plans and summaries state, before the rest of one that is coded in part.
    """
    coded = topic_model.codings(measures).filter(pl.col("topic") != NONE)
    if coded.is_empty():
        return store.empty("validity")
    checks = {f"{CODERS}_{name}": value for name, value in coders(measures).items()}
    if len(documents := coded["doc_id"].unique().sort().to_list()) > 1:
        checks |= _checks(DOCUMENT, coded, coded["doc_id"].to_list(), measures, features, documents)
    stated = coded.join(summary_statistics.stated(measures), on="measure_id", how="semi")
    if folds := _sections(stated):
        checks |= _checks(SECTION, stated, folds, measures, features)
    return pl.DataFrame({"check": list(checks), "value": list(checks.values())}, schema=store.empty("validity").schema)


def confusions(measures: pl.DataFrame, features: pl.DataFrame) -> pl.DataFrame:
    """Return which topics the model takes for which on documents that it did not see: topic_id, taken_for, measures,
    share of the topic; the most frequent first."""
    coded = topic_model.codings(measures).filter(pl.col("topic") != NONE)
    ids = [topic.category_id for topic in topic_model.topics()]
    best = topic_model.unseen(coded, measures, features).argmax(axis=1)
    pairs = coded.select(topic_id="topic", taken_for=pl.Series([ids[n] for n in best], dtype=pl.String))
    counts = pairs.group_by("topic_id", "taken_for").len("measures")
    counts = counts.with_columns(share=pl.col("measures") / pl.col("measures").sum().over("topic_id"))
    wrong = counts.filter(pl.col("topic_id") != pl.col("taken_for"))
    return wrong.sort(["measures", "topic_id", "taken_for"], descending=[True, False, False])


def coders(measures: pl.DataFrame) -> dict[str, float]:
    """Return how far the coders agree about the topic before anybody adjudicates: over all pairs of coders of a measure
    the figures of `_agreement` and kappa. Empty where no measure is coded by two."""
    rows = record.codings(codebooks.codebook(topic_model.CODEBOOK)).filter(role="coder").drop_nulls("topic")
    rows = rows.join(measures.select(unit_id="measure_id"), on="unit_id", how="semi").sort("unit_id", "coder")
    of_unit = rows.group_by("unit_id", maintain_order=True).agg("topic")["topic"].to_list()
    pairs = [pair for topics in of_unit for pair in combinations(topics, 2)]
    if not pairs:
        return {}
    one, other = (np.array(side) for side in zip(*pairs, strict=True))
    return _agreement(one, other) | {"kappa": float(cohen_kappa_score(one, other))}


def _checks(
    left_out: str,
    coded: pl.DataFrame,
    groups: list[str],
    measures: pl.DataFrame,
    features: pl.DataFrame,
    apart: list[str] | None = None,
) -> dict[str, float]:
    """The checks of one way of leaving out, each named by it; of the groups `apart` each by itself, too."""
    ids = [topic.category_id for topic in topic_model.topics()]
    truth, group_of = np.array([ids.index(topic) for topic in coded["topic"]]), np.array(groups)
    probabilities = topic_model.unseen(coded, measures, features, groups)
    best, sure = probabilities.argmax(axis=1), probabilities.max(axis=1)
    right = best == truth
    # from which probability on a measure is clear was chosen without its group, too
    from_of = {group: topic_model.clear_from(sure[group_of != group], right[group_of != group]) for group in groups}
    clear = sure >= np.array([from_of[group] for group in groups])
    checks: dict[str, float] = {}
    for name, own in {
        "": np.full(len(truth), True),
        **{f"_{group}": group_of == group for group in apart or ()},
    }.items():
        figures = _agreement(truth[own], best[own])
        figures["macro_f1"] = float(f1_score(truth[own], best[own], average="macro"))
        figures["calibration_error"] = calibration_error(sure[own], right[own])
        figures["coverage"] = float(clear[own].mean())
        if (clear & own).any():
            figures["accuracy_of_clear"] = float(right[clear & own].mean())
        checks |= {f"{left_out}{name}_{figure}": value for figure, value in figures.items()}
    return checks


def _sections(stated: pl.DataFrame) -> list[str]:
    """The fold of each measure, no section in two of them; none where there are no two sections."""
    sections = stated.select(pl.concat_str("doc_id", "section", separator=" ")).to_series()
    if (count := min(FOLDS, sections.n_unique())) < 2:
        return []
    folds = np.zeros(len(sections), dtype=int)
    for n, (_, own) in enumerate(GroupKFold(count).split(sections, groups=sections.to_numpy())):
        folds[own] = n
    return [str(fold) for fold in folds]


def _agreement(one: np.ndarray, other: np.ndarray) -> dict[str, float]:
    """How many measures are compared, on how many both agree (accuracy, with its 95% Wilson interval), NMI and ARI."""
    right = int((one == other).sum())
    low, high = summary_statistics.interval(right, len(one))
    return {
        "measures": float(len(one)), "accuracy": right / len(one), "accuracy_low": low, "accuracy_high": high,
        "nmi": float(normalized_mutual_info_score(one, other)), "ari": float(adjusted_rand_score(one, other)),
    }  # fmt: skip


def calibration_error(probability: np.ndarray, right: np.ndarray) -> float:
    """Return the expected calibration error (0–1): how far probability and success lie apart, over bins of equal
    size."""
    bins = [part for part in np.array_split(np.argsort(probability, kind="stable"), BINS) if len(part)]
    gaps = (len(part) * abs(probability[part].mean() - right[part].mean()) for part in bins)
    return float(sum(gaps) / len(probability))
