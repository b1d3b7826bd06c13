"""The parameters of the link model, which turns similarity features into probabilities.

They are fitted to codings (`continuity.train`) and stand, with how well the fitted model agrees with the codings, in
data/curated/continuity.toml.
"""

from dataclasses import dataclass
from typing import Any

from analysis.base import curated, paths

FILE = "continuity.toml"
# The features of a pair from which the model tells that it is linked, and of these those from which it tells that a
# linked pair is the same initiative; each 0–1.
SIMILARITY_FEATURES = (
    "wording", "words", "overlap", "lead", "name", "subject",
    "ministry", "ministry_rarity", "section", "topic", "length",
)  # fmt: skip
SAME_FEATURES = ("wording", "words", "overlap")
HEAD = """\
# How similarity features become the probability that a pair is linked, and that a linked pair is the same initiative:
# logistic curves, fitted by `python -m analysis calibrate` to the codings of codebook links. From link_from on a
# pair is linked, from same_from on it is the same. The agreement with the codings is cross-validated.
"""


@dataclass(frozen=True)
class LogisticCurve:
    """A probability as a logistic function of some features: 1 / (1 + exp(−(intercept + Σ weight · feature)))."""

    intercept: float
    weights: dict[str, float]


@dataclass(frozen=True)
class LinkModel:
    """Both curves, and the probabilities from which on a pair is linked and is the same initiative."""

    linked: LogisticCurve  # probability that the pair is linked
    same: LogisticCurve  # of a linked pair: probability that it is the same initiative
    link_from: float
    same_from: float


def link_model() -> LinkModel:
    """Return the link model of data/curated/continuity.toml. Raises TableFaulty."""
    values = _read()
    try:
        linked, same = (
            LogisticCurve(
                curated.number(values[name]["intercept"]), {key: curated.number(values[name][key]) for key in features}
            )
            for name, features in (("linked", SIMILARITY_FEATURES), ("same", SAME_FEATURES))
        )
        return LinkModel(linked, same, curated.number(values["link_from"]), curated.number(values["same_from"]))
    except (KeyError, TypeError, ValueError) as error:
        raise curated.faulty(paths.curated() / FILE, error) from error


def agreement_with_codings() -> dict[str, float]:
    """Return how the model's links agree with codings, cross-validated, as recorded when it was fitted.

    Keys: measures and links [count], ended [share]; status_accuracy, continued_f1, links_f1 and first_right with 95%
    intervals (_low, _high); calibration_error; the first three also as new_edition_…, with the codings of each later
    edition left out in turn. Raises TableFaulty.
    """
    values = _read()
    try:
        return {key: curated.number(value) for key, value in values["agreement"].items()}
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        raise curated.faulty(paths.curated() / FILE, error) from error


def write(model: LinkModel, agreement: dict[str, float]) -> None:
    """Write the model and its agreement with codings to data/curated/continuity.toml."""
    lines = [f"link_from = {model.link_from:.2f}", f"same_from = {model.same_from:.2f}"]
    for name, curve in (("linked", model.linked), ("same", model.same)):
        values = {"intercept": curve.intercept, **curve.weights}
        lines += ["", f"[{name}]", *(f"{key} = {value:.3f}" for key, value in values.items())]
    lines += ["", "[agreement]", *(f"{key} = {value:.3f}" for key, value in agreement.items())]
    (paths.curated() / FILE).write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _read() -> dict[str, Any]:
    return curated.toml(paths.curated() / FILE)
