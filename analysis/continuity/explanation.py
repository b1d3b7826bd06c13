"""Why the link model gives a pair its probability: what each similarity feature adds to the log-odds.

The model's log-odds are its intercept and, for each feature, weight × value; the probability is their logistic. So the
parts can be told apart without any approximation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scipy.special import expit, logit

from analysis.continuity import competition, model_parameters
from analysis.continuity.model_parameters import VECTOR, LinkModel, LogisticCurve

ROUNDING = 1e-4  # what two probabilities may differ by, since tables hold features of six digits, and more
CERTAIN = 1e-9  # a threshold nearer to 0 or 1 is drawn here, since its log-odds have no end


@dataclass(frozen=True)
class Contribution:
    """What a similarity feature (or the intercept: value 1) adds to the log-odds that a pair is linked."""

    feature: str
    value: float
    weight: float

    @property
    def log_odds(self) -> float:
        return self.weight * self.value


@dataclass(frozen=True)
class Explanation:
    """Why the link model alone gives a pair its probability, and whether that makes it a link.

    contributions: the intercept, then each feature. link_from: the probability from which on a pair of its editions is
    linked. rest: how much of the pair better pairs leave open (`competition`), 0–1.
    """

    contributions: tuple[Contribution, ...]
    link_from: float
    rest: float

    @property
    def log_odds(self) -> float:
        return sum(part.log_odds for part in self.contributions)

    @property
    def probability(self) -> float:
        return float(expit(self.log_odds))

    @property
    def threshold(self) -> float:
        """The threshold as log-odds."""
        return float(logit(min(max(self.link_from, CERTAIN), 1 - CERTAIN)))

    @property
    def likely(self) -> bool:
        """Whether the probability reaches the threshold."""
        return self.probability >= self.link_from

    @property
    def linked(self) -> bool:
        """Whether the model alone links the pair: it is likely, and adds to better pairs of its measures."""
        return self.likely and self.rest >= competition.SECOND_FROM


def contributions(pair: Mapping[str, Any], curve: LogisticCurve) -> tuple[Contribution, ...]:
    """Return the intercept and what each feature of a pair (a row of Candidates) adds, in the order of the model.

    Their log-odds, added one by one, are those from which `link_model.score` makes the probability.
    """
    features = (Contribution(name, pair[name], weight) for name, weight in curve.weights.items())
    return Contribution("intercept", 1.0, curve.intercept), *features


def explained(candidate: Mapping[str, Any], earlier: str, later: str, strictness: float = 1.0) -> Explanation | None:
    """Return why the model gives a row of Candidates its score; `strictness` is that of the run that made the table.

    The model is the one that made the score: the usual one or, of a run with use_codings=false, that without the later
    edition. None where neither did, since the parameters were fitted anew after the run: what does not end at the score
    of the table would explain another one. Raises TableFaulty.
    """
    for without in (None, later):
        model = model_parameters.link_model(without, with_vectors=candidate[VECTOR] is not None)
        result = _explained(candidate, model, earlier, later, strictness)
        if abs(result.probability - candidate["score"]) <= ROUNDING:
            return result
    return None


def _explained(
    candidate: Mapping[str, Any], model: LinkModel, earlier: str, later: str, strictness: float
) -> Explanation:
    link_from = model.between(earlier, later).stricter(strictness).link_from
    return Explanation(contributions(candidate, model.linked), link_from, candidate["rest"])
