"""The parameters of the link model, which turns similarity features into probabilities, and probabilities into links.

They are fitted to codings (`continuity.train`) and stand, with how well models agree with the codings of editions that
they have not seen, in data/curated/continuity.toml.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

from analysis.base import curated, paths
from analysis.base.errors import TableFaulty
from analysis.tables import editions

FILE = "continuity.toml"
# The features of a pair from which the model tells that it is linked, and of these those from which it tells that a
# linked pair is the same initiative; each 0–1.
SIMILARITY_FEATURES = (
    "wording", "words", "overlap", "lead", "name", "subject",
    "ministry", "ministry_rarity", "section", "topic", "length",
)  # fmt: skip
VECTOR = "vector"  # a further one, −1 to 1, between editions whose measures all have sentence vectors
SAME_FEATURES = ("wording", "words", "overlap")
Gap = Literal["near", "far"]
GAPS: tuple[Gap, ...] = ("near", "far")
NEAR_YEARS = 2  # editions at most so far apart are near ones
HEAD = f"""\
# How similarity features become the probability that a pair is linked, and that a linked pair is the same initiative:
# logistic curves, fitted by `python -m analysis calibrate` to the codings of codebook links. A pair is linked from
# link_from on and the same from same_from on; near are editions that are at most {NEAR_YEARS} years apart.
# The agreement is that of models with the codings of a later edition that they have not seen. without.2026 is what
# would be fitted if nobody had coded the edition of 2026: what a run with use_codings=false goes by. What stands below
# vectors is for editions whose measures all have sentence vectors (vectors.csv).
"""


@dataclass(frozen=True)
class LogisticCurve:
    """A probability as a logistic function of some features: 1 / (1 + exp(−(intercept + Σ weight · feature)))."""

    intercept: float
    weights: dict[str, float]


@dataclass(frozen=True)
class Thresholds:
    """The probabilities from which on a pair is linked, and is the same initiative."""

    link_from: float
    same_from: float

    def stricter(self, factor: float) -> "Thresholds":
        """Return the thresholds times a factor."""
        return replace(self, link_from=self.link_from * factor, same_from=self.same_from * factor)


@dataclass(frozen=True)
class LinkModel:
    """Both curves, and the thresholds for editions that are near to each other or far apart."""

    linked: LogisticCurve  # probability that the pair is linked
    same: LogisticCurve  # of a linked pair: probability that it is the same initiative
    thresholds: Mapping[Gap, Thresholds]

    def between(self, earlier: str, later: str) -> Thresholds:
        """Return the thresholds between two editions."""
        return self.thresholds[gap(earlier, later)]


def gap(earlier: str, later: str) -> Gap:
    """Return whether two editions are near to each other or far apart."""
    return "near" if abs(editions.year(later) - editions.year(earlier)) <= NEAR_YEARS else "far"


def link_model(without: str | None = None, with_vectors: bool = False) -> LinkModel:
    """Return the link model of data/curated/continuity.toml. Raises TableFaulty.

    `without` is an edition whose codings it must not have seen; of one that nobody has coded that is the usual model.
    `with_vectors` is the one for editions whose measures all have sentence vectors, where one was fitted.
    """
    try:
        values = _read(with_vectors)
        features = (*SIMILARITY_FEATURES, VECTOR) if VECTOR in values["linked"] else SIMILARITY_FEATURES
        if without is not None:
            values = values.get("without", {}).get(without, values)
        thresholds = {
            between: Thresholds(*(curated.number(values[between][key]) for key in ("link_from", "same_from")))
            for between in GAPS
        }
        linked, same = _curve(values["linked"], features), _curve(values["same"], SAME_FEATURES)
        return LinkModel(linked, same, thresholds)
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        raise _faulty(error) from error


def _curve(values: Mapping[str, Any], features: tuple[str, ...]) -> LogisticCurve:
    weights = {name: curated.number(values[name]) for name in features}
    return LogisticCurve(curated.number(values["intercept"]), weights)


def agreement_with_codings(gap: Gap, with_vectors: bool = False) -> dict[str, float]:
    """Return how models agree with the codings of later editions that they have not seen, of near or far editions.

    `with_vectors` are those for editions whose measures all have sentence vectors.

    Keys: measures and links [count], ended [share]; status_accuracy, continued_f1, links_f1 and first_right with 95%
    intervals (_low, _high); calibration_error; blocked, the share of the links that coders named which are looked at.
    Raises TableFaulty.
    """
    try:
        return {key: curated.number(value) for key, value in _read(with_vectors)["agreement"][gap].items()}
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        raise _faulty(error) from error


def _faulty(error: Exception) -> TableFaulty:
    return curated.faulty(paths.curated() / FILE, error)


@dataclass(frozen=True)
class Fitted:
    """A model, those without an edition each, and how these agree with the codings of theirs, by gap."""

    model: LinkModel
    without: Mapping[str, LinkModel]
    agreement: Mapping[Gap, Mapping[str, float]]


def write(fitted: Fitted, with_vectors: Fitted | None) -> None:
    """Write what was fitted to data/curated/continuity.toml, and what was fitted with sentence vectors."""
    lines = _section(fitted, "") + (_section(with_vectors, "vectors.") if with_vectors else [])
    (paths.curated() / FILE).write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _section(fitted: Fitted, within: str) -> list[str]:
    lines = _lines(fitted.model, within)
    for between in GAPS:
        figures = (f"{key} = {value:.3f}" for key, value in fitted.agreement[between].items())
        lines += ["", f"[{within}agreement.{between}]", *figures]
    for edition, reduced in sorted(fitted.without.items()):
        lines += _lines(reduced, f"{within}without.{edition}.")
    return lines


def _lines(model: LinkModel, within: str) -> list[str]:
    lines = []
    for between in GAPS:
        values = model.thresholds[between]
        thresholds = (f"link_from = {values.link_from:.2f}", f"same_from = {values.same_from:.2f}")
        lines += ["", f"[{within}{between}]", *thresholds]
    for name, curve in (("linked", model.linked), ("same", model.same)):
        parameters = {"intercept": curve.intercept, **curve.weights}
        lines += ["", f"[{within}{name}]", *(f"{key} = {value:.3f}" for key, value in parameters.items())]
    return lines


def _read(with_vectors: bool) -> dict[str, Any]:
    file = paths.curated() / FILE
    values = _parsed(file, curated.content(file))
    return cast(dict[str, Any], values.get("vectors", values)) if with_vectors else values


@lru_cache(maxsize=4)
def _parsed(file: Path, content: str) -> dict[str, Any]:
    """What the file says; kept, since each pair that is explained asks for it."""
    return curated.toml(file)
