"""How a measure's similarity to topics becomes probabilities, and how far that agrees with hand labels.

The numbers are fitted to hand labels (`topics.calibrate`) and stand in data/curated/topic_scale.toml and
agreement.toml.
"""

from dataclasses import dataclass

from analysis.base import curated, paths


@dataclass(frozen=True)
class Scale:
    """The numbers that turn cosines (0–1) into probabilities (0–1)."""

    sharpness: float  # of the softmax over the topics
    second_share: float  # a second topic has at least this share of the first one's probability
    fits_from: float  # a measure whose cosine with every topic is smaller fits none


def scale() -> Scale:
    """Return the numbers of data/curated/topic_scale.toml. Raises TableFaulty."""
    return Scale(**_numbers("topic_scale.toml", ("sharpness", "second_share", "fits_from")))


def agreement_with_hand() -> dict[str, float]:
    """Return the agreement with hand labels recorded in data/curated/agreement.toml.

    Keys: labels [measures]; nmi, ari and purity with 95% intervals (_low, _high); calibration_error. Raises
    TableFaulty.
    """
    scores = [f"{name}{end}" for name in ("nmi", "ari", "purity") for end in ("", "_low", "_high")]
    return _numbers("agreement.toml", ("labels", *scores, "calibration_error"))


def _numbers(name: str, keys: tuple[str, ...]) -> dict[str, float]:
    file = paths.curated() / name
    values = curated.toml(file)
    try:
        return {key: curated.number(values[key]) for key in keys}
    except (KeyError, TypeError, ValueError) as error:
        raise curated.faulty(file, error) from error
