"""How far coders agree before anybody adjudicates, for every codebook: table Reliability.

Of a codebook about measures each variable is compared. Of one about pairs two things are: what became of each measure
(its `status`: the first category, in the codebook's order, that its pairs are given), and which pairs coders name (F1),
with what they say of those that two or more of them name. Categories that are `absent` in the codebook name no pair.
Of a codebook about names the second is said of names (`named.whole`). Intervals are bootstrapped over measures, since
the pairs, names and editions of a measure hang together.
"""

from functools import lru_cache
from itertools import combinations, product

import krippendorff
import numpy as np
import polars as pl
from sklearn.metrics import cohen_kappa_score

from analysis.coding import codebooks, named, record
from analysis.coding.codebooks import Codebook
from analysis.tables import store

ALL = "all"  # editions, or later editions, together
NO_EDITION = "none"  # to compare with: a codebook about measures
NOTHING = "none"  # what a coder says who names no pair
EMPTY = "empty"  # what a coder says who leaves an optional variable empty
STATUS = "status"
# what a category of codebook links makes of a measure; those of other codebooks stand for themselves
STATUSES = {("links", "same"): "continued", ("links", "successor"): "evolved", ("links", NOTHING): "ended"}
CELL = ["version", "edition_id", "against"]
MIXED = "mixed"  # people and language models
SAMPLES = 1000  # of a bootstrap

Sums = dict[str, np.ndarray]  # by name: what figures are made of, see `_parts`
Cell = dict[str, str]


def table(measures: pl.DataFrame, seed: int = 0) -> pl.DataFrame:
    """Return table Reliability: how the coders (role coder) of `measures` agree, by codebook, variable, edition and
    later edition, and over `all` of these. `seed` is the bootstrap's. Raises TableFaulty."""
    rows = [row for name in codebooks.codebook_ids() for row in of(codebooks.codebook(name), measures, seed)]
    return pl.DataFrame(rows, schema=store.empty("reliability").schema)


def of(book: Codebook, measures: pl.DataFrame, seed: int = 0) -> list[dict[str, object]]:
    """Return the rows of `table` of one codebook."""
    coded = record.codings(book).filter(role="coder").rename({"edition": "edition_id"})
    coded = coded.join(measures.select(unit_id="measure_id"), on="unit_id", how="semi")
    coded = coded.with_columns(pl.col("against").fill_null(NO_EDITION))
    rows = []
    for variable, said in _said(book, coded).items():
        for cell in _cells(said):
            cases = _within(coded, cell)
            told = figures(_within(said, cell), cases, book.unit != "measure" and variable != STATUS, seed)
            kinds = cases["kind"].unique().to_list()
            kind = kinds[0] if len(kinds) == 1 else MIXED
            rows.append({"codebook": book.codebook_id, "variable": variable, "kind": kind, **cell, **told})
    return rows


def figures(said: pl.DataFrame, cases: pl.DataFrame, pairs: bool = False, seed: int = 0) -> dict[str, object]:
    """Return the figures of a row of `table` from what coders say.

    `said`: unit_id, against, unit, coder, value; `cases`: which coder was given which measure against which edition
    (unit_id, against, coder). Where the units are `pairs` that coders named, F1 is told, too.
    """
    coders, values = sorted(cases["coder"].unique()), sorted(said["value"].unique())
    wide = said.pivot("coder", index=["unit_id", "against", "unit"], values="value").sort("unit")
    codes = np.full((len(wide), len(coders)), -1)
    for place, coder in enumerate(coders):
        if coder in wide.columns:
            codes[:, place] = [-1 if value is None else values.index(value) for value in wide[coder]]
    parts = _parts(codes, len(values), _asked(wide, cases, coders) if pairs else None)
    result: dict[str, object] = {"units": len(wide), "by_two": int((parts["pairs"] > 0).sum()), "coders": len(coders)}
    result |= _with_intervals(_by_measure(parts, wide["unit_id"]), seed)
    result |= {name: _number(value) for name, value in (("alpha", alpha(codes)), ("kappa", kappa(codes)))}
    frequent = parts["values"].sum(axis=0)
    if frequent.any():
        result |= {"most_frequent": values[int(frequent.argmax())], "base_rate": frequent.max() / frequent.sum()}
    return result


def alpha(codes: np.ndarray) -> float:
    """Return Krippendorff's nominal alpha of codes [units × coders], −1 where a coder says nothing of a unit.

    nan where no unit is coded by two, or all of these alike: where nobody could differ nothing is known.
    """
    values = np.unique(codes[codes >= 0])
    counts = (codes[:, :, None] == values).sum(axis=1)
    pairable = counts[counts.sum(axis=1) > 1]
    if (pairable.sum(axis=0) > 0).sum() < 2:
        return float("nan")
    return float(krippendorff.alpha(value_counts=pairable, level_of_measurement="nominal"))


def kappa(codes: np.ndarray) -> float:
    """Return Cohen's kappa of codes as in `alpha`, of three coders or more the mean over pairs of them (Light's)."""
    kappas = []
    for first, second in combinations(codes.T, 2):
        both = (first >= 0) & (second >= 0)
        first, second = first[both], second[both]
        if len(first) and len(np.union1d(first, second)) > 1:
            kappas.append(float(cohen_kappa_score(first, second)))
    return float(np.mean(kappas)) if kappas else float("nan")


# --- what coders say ----------------------------------------------------------------------------------------------


def _said(book: Codebook, coded: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """What each coder says of each unit, by variable: unit_id, CELL, coder, unit, value.

    Who leaves an optional variable empty says `EMPTY`; a variable that a unit cannot have is not said.
    """
    key = ["unit_id", *CELL, "coder"]
    case, pair = (pl.concat_str("unit_id", other, separator=" ") for other in ("against", "to_id"))
    if book.unit == "measure":
        result = {}
        for variable in book.variable:
            empty = pl.lit(EMPTY if variable.optional else None, dtype=pl.String)
            asked = record.said(book, coded.sort("date", "packet_id"), variable.variable_id)
            asked = asked.unique(key, keep="last", maintain_order=True)  # of who coded a unit again the last word
            value = pl.col("value").fill_null(empty)
            result[variable.variable_id] = asked.select(*key, unit=case, value=value).drop_nulls("value")
        return result
    if book.unit == "name":
        names = named.with_whole(coded)
        unit = pl.concat_str("unit_id", "against", "whole", separator=" ")
        of_name = names.unique([*key, "whole"], keep="first", maintain_order=True)
        return {name: of_name.select(*key, unit=unit, value=name).drop_nulls("value") for name in book.variables}
    first = book.variables[0]
    linked = [name for name in book.choices(first) if name not in book.absent(first)]
    best = pl.coalesce(*(pl.when((pl.col(first) == name).any()).then(pl.lit(name)) for name in linked), pl.lit(NOTHING))
    called = {name: STATUSES.get((book.codebook_id, name), name) for name in (*linked, NOTHING)}
    status = coded.group_by(key).agg(value=best).with_columns(pl.col("value").replace(called), unit=case)
    pairs = coded.filter(pl.col(first).is_in(linked)).with_columns(unit=pair)
    said = {name: pairs.select(*key, "unit", value=name).drop_nulls("value") for name in book.variables}
    return {STATUS: status, **said}


def _cells(said: pl.DataFrame) -> list[Cell]:
    """The editions and later editions that were coded, and all of them together."""
    cells = {
        cell
        for version, edition_id, against in said.select(CELL).unique().iter_rows()
        for cell in product([version], [edition_id, ALL], {against, NO_EDITION if against == NO_EDITION else ALL})
    }
    return [dict(zip(CELL, cell, strict=True)) for cell in sorted(cells)]


def _within(rows: pl.DataFrame, cell: Cell) -> pl.DataFrame:
    return rows.filter(**{name: value for name, value in cell.items() if value != ALL})


def _asked(wide: pl.DataFrame, cases: pl.DataFrame, coders: list[str]) -> np.ndarray:
    """Whether each coder compared the measure of each pair with its later edition [pairs × coders]."""
    given = set(cases.select("unit_id", "against", "coder").iter_rows())
    pairs = wide.select("unit_id", "against").rows()
    return np.array([[(*pair, coder) in given for coder in coders] for pair in pairs])


# --- figures ------------------------------------------------------------------------------------------------------


def _parts(codes: np.ndarray, values: int, asked: np.ndarray | None) -> Sums:
    """What the figures are made of, for each unit; all of it can be added up over units.

    codes [units × coders], −1 for nothing said. Of units that two coders or more code: `values` [how many coders give
    each value], `alike` [agreeing pairs of coders, each coder counted once: Krippendorff's coincidences], `pairs` and
    `same` [pairs of coders, and those that agree]; for each pair of coders `both`, `equal` and what either says,
    `first` and `second`; `named`, `met` [pairs of measures named by either, by both], where they are told.
    """
    valid = codes >= 0
    said = codes[:, :, None] == np.arange(values)
    counts = said.sum(axis=1) * (valid.sum(axis=1) > 1)[:, None]
    size = counts.sum(axis=1)
    couples = list(combinations(range(codes.shape[1]), 2))
    one, other = ([couple[side] for couple in couples] for side in (0, 1))
    both = valid[:, one] & valid[:, other]
    equal = both & (codes[:, one] == codes[:, other])
    parts = {
        "values": counts, "alike": (counts * (counts - 1)).sum(axis=1) / np.maximum(size - 1, 1),
        "pairs": both.sum(axis=1), "same": equal.sum(axis=1), "both": both, "equal": equal,
        "first": said[:, one] & both[:, :, None], "second": said[:, other] & both[:, :, None],
    }  # fmt: skip
    if asked is not None:
        compared = asked[:, one] & asked[:, other]
        parts |= {"named": (valid[:, one].astype(int) + valid[:, other]) * compared, "met": both & compared}
    return {name: np.asarray(part, dtype=float) for name, part in parts.items()}


def _by_measure(parts: Sums, unit_ids: pl.Series) -> Sums:
    """Add up what belongs to a measure."""
    owners = unit_ids.rank("dense").to_numpy().astype(int) - 1
    sums = {name: np.zeros((owners.max() + 1, *part.shape[1:])) for name, part in parts.items()}
    for name, part in parts.items():
        np.add.at(sums[name], owners, part)
    return sums


def _with_intervals(parts: Sums, seed: int) -> dict[str, float | None]:
    """Return every figure with the 95% interval of SAMPLES draws of as many measures, with replacement."""
    weights = _draws(len(parts["pairs"]), seed)
    drawn = {name: np.tensordot(weights, part, 1) for name, part in parts.items()}
    total = {name: part.sum(axis=0)[None] for name, part in parts.items()}
    result: dict[str, float | None] = {}
    for name, figure in FIGURES.items():
        if name == "f1" and "met" not in parts:
            continue
        with np.errstate(divide="ignore", invalid="ignore"):  # where nobody could differ, or nothing was named
            value, samples = _number(float(figure(total)[0])), figure(drawn)
        known = samples[np.isfinite(samples)]
        ends = np.quantile(known, [0.025, 0.975]) if value is not None and len(known) else (None, None)
        result |= {name: value, **{f"{name}_{end}": at for end, at in zip(("low", "high"), ends, strict=True)}}
    return result


@lru_cache(maxsize=16)
def _draws(size: int, seed: int) -> np.ndarray:
    """How often each of so many measures is drawn, in each of SAMPLES draws of as many."""
    return np.random.default_rng(seed).multinomial(size, np.full(size, 1 / size), SAMPLES).astype(float)


def _number(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _agreement(sums: Sums) -> np.ndarray:
    share: np.ndarray = sums["same"] / sums["pairs"]
    return share


def _alpha(sums: Sums) -> np.ndarray:
    size = sums["values"].sum(axis=1)
    expected = size**2 - (sums["values"] ** 2).sum(axis=1)
    value: np.ndarray = 1 - (size - 1) * (size - sums["alike"]) / expected
    return value


def _kappa(sums: Sums) -> np.ndarray:
    chance = (sums["first"] * sums["second"]).sum(axis=2) / sums["both"] ** 2
    return _mean((sums["equal"] / sums["both"] - chance) / (1 - chance))


def _f1(sums: Sums) -> np.ndarray:
    return _mean(2 * sums["met"] / sums["named"])


FIGURES = {"agreement": _agreement, "alpha": _alpha, "kappa": _kappa, "f1": _f1}


def _mean(of_couples: np.ndarray) -> np.ndarray:
    """The mean over pairs of coders, without those of whom nothing is known."""
    known = np.isfinite(of_couples)
    mean: np.ndarray = np.where(known, of_couples, 0).sum(axis=1) / known.sum(axis=1)
    return mean
