"""The few numbers that were fitted to hand labels (`calibration`) and are committed in data/curated."""

from dataclasses import dataclass
from typing import Any

from analysis.base import curated, paths
from analysis.base.errors import TableFaulty

# What speaks for a pair being linked, and what of it for the link being the same initiative; each 0–1.
EVIDENCE = (
    "wording", "words", "overlap", "lead", "name", "subject",
    "ministry", "ministry_rarity", "section", "topic", "length",
)  # fmt: skip
SAMENESS = ("wording", "words", "overlap")


@dataclass(frozen=True)
class Scale:
    """Coefficients fitted to hand labels (`calibration`): how similarities become probabilities."""

    sharpness: float  # of the softmax
    second_share: float  # a second topic has at least this share of the first one's probability
    fits_from: float  # a measure less like every topic than this fits none


@dataclass(frozen=True)
class Curve:
    """A logistic curve over some of the evidence."""

    intercept: float
    weights: dict[str, float]


@dataclass(frozen=True)
class Judge:
    """How evidence becomes probabilities, and from which probability on a pair is linked, and is the same."""

    linked: Curve  # probability that the pair is linked
    same: Curve  # of a linked pair: probability that it is the same initiative
    link_from: float
    same_from: float


def judge() -> Judge:
    """How links are scored, from data/curated/continuity.toml. Raises TableFaulty."""
    found = _read("continuity.toml")
    try:
        linked, same = (
            Curve(curated.number(found[name]["intercept"]), {key: curated.number(found[name][key]) for key in keys})
            for name, keys in (("linked", EVIDENCE), ("same", SAMENESS))
        )
        return Judge(linked, same, curated.number(found["link_from"]), curated.number(found["same_from"]))
    except (KeyError, TypeError, ValueError) as error:
        raise _faulty("continuity.toml", error) from error


def agreement_of_links() -> dict[str, float]:
    """How links agree with hand labels, cross-validated, from data/curated/continuity.toml. Raises TableFaulty."""
    found = _read("continuity.toml")
    try:
        return {key: curated.number(value) for key, value in found["agreement"].items()}
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        raise _faulty("continuity.toml", error) from error


def scale() -> Scale:
    """How likeness becomes probability, from data/curated/topic_scale.toml. Raises TableFaulty."""
    found = _numbers("topic_scale.toml", ("sharpness", "second_share", "fits_from"))
    return Scale(**found)


def agreement_with_hand() -> dict[str, float]:
    """The recorded agreement with hand labels, from data/curated/agreement.toml. Raises TableFaulty."""
    scores = [f"{name}{end}" for name in ("nmi", "ari", "purity") for end in ("", "_low", "_high")]
    return _numbers("agreement.toml", ("labels", *scores, "calibration_error"))


def _numbers(name: str, keys: tuple[str, ...]) -> dict[str, float]:
    found = _read(name)
    try:
        return {key: curated.number(found[key]) for key in keys}
    except (KeyError, TypeError, ValueError) as error:
        raise _faulty(name, error) from error


def _read(name: str) -> dict[str, Any]:
    return curated.toml(paths.curated() / name)


def _faulty(name: str, error: Exception) -> TableFaulty:
    return curated.faulty(paths.curated() / name, error)
