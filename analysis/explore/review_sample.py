"""Random samples of a review: draws with known inclusion probabilities, and what a sample says of all units.

Units are drawn without replacement within strata, each by a random number of its own that only the seed and its
identifiers decide: a larger sample with the same seed holds the smaller one, and a later run of the program draws the
same units as long as their strata stay. What was decided of a stratum stands for the rest of it.
"""

import hashlib
import math
from collections.abc import Collection, Sequence
from functools import cache

import polars as pl
from scipy.stats import beta, betabinom

from analysis.tables import summary_statistics

BANDS = (0.05, 0.2)  # probabilities at which pairs that are no links are parted into strata
LEAST = 5  # units drawn of each stratum, where it has so many
SURE = 0.95
DRAWN = ("size", "drawn", "inclusion")
ESTIMATES = {
    "figure": pl.String, "of": pl.String, "estimate": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "decided": pl.Int64, "units": pl.Int64,
}  # fmt: skip
ANY = "link"  # of a pair: any category that is not `absent`
Range = tuple[float, float, float]  # an estimate and the ends of its interval


def strata(population: pl.DataFrame, absent: Collection[str]) -> pl.DataFrame:
    """Return the pairs with `stratum`: the category that holds; of those that are not linked, a band of probability."""
    score = pl.col("score").fill_null(0)
    bands = [
        pl.when(score < high).then(pl.lit(f"{low}–{high}")) for low, high in zip((0, *BANDS), (*BANDS, 1), strict=True)
    ]
    band = pl.coalesce(*bands, pl.lit(f"{BANDS[-1]}–1"))
    return population.with_columns(stratum=pl.when(pl.col("held").is_in(absent)).then(band).otherwise("held"))


def draw(
    population: pl.DataFrame, key: Sequence[str], number: int, seed: str, absent: Collection[str] = ()
) -> pl.DataFrame:
    """Return a random sample of about `number` units in the order in which to ask them, which gives no stratum away.

    population: key, stratum, held (the category that holds) and score (probability of a link, may be null). Half of the
    units go to what holds a category, half to what holds an `absent` one, there to strata as their spread asks for.
    Columns: those of the population and `DRAWN`: the stratum's size and how many of it are drawn [units], and the
    probability that a unit is drawn.
    """
    sizes = population.group_by("stratum").agg(
        size=pl.len().cast(pl.Int64),
        chance=pl.col("score").mean().fill_null(0),
        absent=pl.col("held").is_in(absent).first(),
    )
    spread = (pl.col("chance") * (1 - pl.col("chance"))).clip(0.01).sqrt()
    weight = pl.col("size") * pl.when("absent").then(spread).otherwise(1.0)
    sizes = sizes.sort("stratum").with_columns(weight=weight / weight.sum().over("absent"))
    drawn = allocated(sizes["size"].to_list(), sizes["weight"].to_list(), number)
    sizes = sizes.select("stratum", "size", drawn=pl.Series(drawn, dtype=pl.Int64))
    rows = population.join(sizes, on="stratum").with_columns(by=_uniform(population, key, seed)).sort("by", *key)
    rows = rows.with_columns(place=pl.int_range(pl.len()).over("stratum")).filter(pl.col("place") < pl.col("drawn"))
    # each stratum is spread evenly over the whole, a little at random: who stops half-way has something of each
    order = (pl.col("place") + _uniform(rows, key, seed, "order")) / pl.col("drawn")
    rows = rows.with_columns(order=order, inclusion=pl.col("drawn") / pl.col("size")).sort("order", *key)
    return rows.select(*population.columns, *DRAWN)


def shuffled(units: pl.DataFrame, key: Sequence[str], seed: str) -> pl.DataFrame:
    """Return units in an order that only the seed and their identifiers decide."""
    return units.with_columns(by=_uniform(units, key, seed)).sort("by", *key).drop("by")


def allocated(sizes: Sequence[int], weights: Sequence[float], number: int) -> list[int]:
    """Return how many units to draw of each stratum: LEAST, and of the rest shares by weight; never more than it has.

    A larger number draws no fewer of any stratum.
    """
    drawn = [min(size, LEAST) for size in sizes]
    for _ in range(sum(drawn), min(number, sum(sizes))):
        open_ = [place for place, size in enumerate(sizes) if drawn[place] < size]
        drawn[max(open_, key=lambda place: weights[place] / (drawn[place] + 1))] += 1
    return drawn


def estimates(
    drawn: pl.DataFrame, decided: pl.DataFrame, key: Sequence[str], categories: Sequence[str]
) -> pl.DataFrame:
    """Return precision and recall of pairs that hold a category, with 95% intervals, from a sample's decisions.

    drawn: what `draw` returns. decided: key and `said`, the category that a person gave; what was not drawn does not
    count. categories: those that make a pair a link; ANY stands for all of them. Columns: ESTIMATES; `units` are those
    that the sample stands for. Null where a stratum that counts has no decision, or nothing is estimated to hold.

    A stratum's share is its decisions'; its interval is Jeffreys' (Brown, Cai and DasGupta 2001) with regard to the
    stratum's size. Sums and ratios of strata take theirs by the method of variance estimates recovery (Zou and Donner
    2008, Donner and Zou 2012).
    """
    rows = drawn.join(decided.select(*key, "said"), on=list(key), how="left")
    result = []
    for name, meant in ((ANY, list(categories)), *((category, [category]) for category in categories)):
        by = rows.with_columns(linked=pl.col("held").is_in(meant), right=pl.col("said").is_in(meant))
        sides = {side: _strata(by.filter(linked=side)) for side in (True, False)}
        held = sum(size for size, _, _ in sides[True])
        count = sum(decided for side in sides.values() for _, decided, _ in side)
        right, missed = (total(side) for side in (sides[True], sides[False]))
        precision = tuple(end / held for end in right) if right and held else None
        recall = share(right, missed) if right and missed else None
        of_held = sum(decided for _, decided, _ in sides[True])
        result += [
            ("precision", name, *(precision or (None,) * 3), of_held, held),
            ("recall", name, *(recall or (None,) * 3), count, held + sum(size for size, _, _ in sides[False])),
        ]
    return pl.DataFrame(result, schema=ESTIMATES, orient="row")


def accuracy(population: pl.DataFrame, drawn: pl.DataFrame, decided: pl.DataFrame) -> pl.DataFrame:
    """Return the share of units whose category is the one that a person gives, with its 95% Wilson interval.

    drawn: a sample of the population by unit_id; units that hold no category do not count. Columns: ESTIMATES.
    """
    rows = drawn.join(decided.select("unit_id", "said"), on="unit_id").drop_nulls(["held", "said"])
    right = int((rows["held"] == rows["said"]).sum())
    low, high = summary_statistics.interval(right, len(rows)) if len(rows) else (None, None)
    share = right / len(rows) if len(rows) else None
    units = population["held"].count()
    return pl.DataFrame([("accuracy", "unit", share, low, high, len(rows), units)], schema=ESTIMATES, orient="row")


def _strata(rows: pl.DataFrame) -> list[tuple[int, int, int]]:
    """Size, decided and right [units] of each stratum."""
    counts = rows.group_by("stratum", maintain_order=True).agg(
        pl.col("size").first(), decided=pl.col("said").count(), right=pl.col("right").sum()
    )
    return [(size, decided, right or 0) for _, size, decided, right in counts.iter_rows()]


def total(parts: Sequence[tuple[int, int, int]]) -> Range | None:
    """Return how many units of strata (size, decided, right) are right, with the ends of its 95% interval; None where
    nothing of a stratum was decided."""
    if any(not decided for _, decided, _ in parts):
        return None
    shares = [(size, interval(right, decided, size)) for size, decided, right in parts]
    amount = sum(size * share for size, (share, _, _) in shares)
    below = math.hypot(*(size * (share - low) for size, (share, low, _) in shares))
    above = math.hypot(*(size * (high - share) for size, (share, _, high) in shares))
    return amount, max(amount - below, 0), min(amount + above, sum(size for size, _ in shares))


@cache
def interval(right: int, decided: int, size: int) -> Range:
    """Return a stratum's share of right units with its 95% interval; what was decided whole leaves no doubt.

    The wider of two that fit small strata at either end: Jeffreys' for as many decisions of an endless stratum as would
    say as much, and what those not decided may hold (beta-binomial, of the same prior).
    """
    share, rest = right / decided, size - decided
    if rest <= 0:
        return share, share, share
    number, tail = decided * (size - 1) / rest, (1 - SURE) / 2
    endless = beta(share * number + 0.5, (1 - share) * number + 0.5)
    unseen = betabinom(rest, right + 0.5, decided - right + 0.5)
    low, high = ([float(endless.ppf(at)), (right + float(unseen.ppf(at))) / size, share] for at in (tail, 1 - tail))
    return share, min(low) if right else 0.0, max(high) if right < decided else 1.0


def share(part: Range, rest: Range) -> Range | None:
    """Return part / (part + rest) with its interval; None where both are nothing."""
    if part[0] + rest[0] == 0:
        return None
    if part[0] == 0:
        value, low, high = share(rest, part) or (0.0, 0.0, 1.0)
        return 1 - value, 1 - high, 1 - low
    low, high = _ratio(rest, part)
    return part[0] / (part[0] + rest[0]), 1 / (1 + high), 1 / (1 + low)


def _ratio(one: Range, two: Range) -> tuple[float, float]:
    """The ends of the interval of one / two, where two is not nothing."""
    product = one[0] * two[0]

    def end(edge: float, other: float, sign: int) -> float:
        divisor = other * (2 * two[0] - other)
        if divisor == 0:
            return math.inf if sign > 0 else 0.0
        return (product + sign * math.sqrt(max(product**2 - edge * (2 * one[0] - edge) * divisor, 0))) / divisor

    return max(end(one[1], two[2], -1), 0.0), end(one[2], two[1], 1)


def _uniform(units: pl.DataFrame, key: Sequence[str], *salt: str) -> pl.Series:
    """A number from 0 to 1 for each unit that its identifiers and the salt decide, evenly spread."""
    digests = (hashlib.blake2b("|".join([*salt, *unit]).encode(), digest_size=8) for unit in units.select(key).rows())
    return pl.Series([int.from_bytes(digest.digest()) / 2**64 for digest in digests], dtype=pl.Float64)
