"""What can be checked of each measure: its coding by codebook `checkability`, else what the rules see (commitments).

`checks` says how far the rules agree with codings: those of editions that nobody looked at when the rules were written,
and apart from them those of editions that they were written on (analysis/extraction/act_words.toml).
"""

import polars as pl
from sklearn.metrics import cohen_kappa_score

from analysis.coding import codebooks, settled
from analysis.extraction.act_words import WRITTEN_ON
from analysis.tables import editions, store, summary_statistics

CODEBOOK = "checkability"
VARIABLES = ("act", "output", "due", "quantity")
INSTRUMENT_OF_ACT = {
    "reform": "authority", "do": "organisation", "support": "treasure", "inform": "nodality", "study": "nodality",
    "promote": "none",
}  # fmt: skip
RULES = ["law", "treaty", "guideline"]  # kinds of what is named that bind somebody
NAMED = "named"  # the category that is true
LEFT_OUT, SEEN = "checkability_left_out", "checkability_written_on"  # prefixes of the checks


def table(commitments: pl.DataFrame, mentions: pl.DataFrame, use_codings: bool = True) -> pl.DataFrame:
    """Return what holds of each measure (schema Checkability); without codings all of it is what the rules see."""
    held = _held().filter(use_codings)
    rows = commitments.join(held, on="measure_id", how="left", suffix="_held", maintain_order="left")
    by_coders = {name: pl.coalesce(f"{name}_held", name) for name in VARIABLES}
    none = pl.lit([], dtype=pl.List(pl.String))
    words = {
        "act_words": pl.when(by_coders["act"] == pl.col("act")).then("act_words").otherwise(none),
        **{f"{name}_words": pl.when(by_coders[name]).then(f"{name}_words").otherwise(none) for name in VARIABLES[1:]},
    }
    rows = rows.with_columns(**by_coders, **words, basis=pl.col("basis").fill_null("rules"))
    rows = rows.with_columns(instrument=instrument(mentions))
    return rows.rename({"due": "date", "due_words": "date_words"}).select(store.empty("checkability").columns)


def instrument(mentions: pl.DataFrame) -> pl.Expr:
    """Return the policy instrument of measures with an `act`: Hood's four, by what is named where something is done."""
    ruled = mentions.filter(pl.col("kind").is_in(RULES))["measure_id"].unique()
    does_by_rule = (pl.col("act") == "do") & pl.col("measure_id").is_in(ruled.implode())
    by_act = pl.col("act").replace_strict(INSTRUMENT_OF_ACT, return_dtype=pl.String)
    return pl.when(does_by_rule).then(pl.lit("authority")).otherwise(by_act)


def _held() -> pl.DataFrame:
    """What coders agree about or somebody decided: measure_id, VARIABLES (act a category, the others true or false),
    basis. Raises TableFaulty."""
    schema = {"measure_id": pl.String, "act": pl.String, **dict.fromkeys(VARIABLES[1:], pl.Boolean), "basis": pl.String}
    if CODEBOOK not in codebooks.codebook_ids():
        return pl.DataFrame(schema=schema)
    rows = settled.measures(codebooks.codebook(CODEBOOK)).drop_nulls("act").rename({"unit_id": "measure_id"})
    return rows.with_columns(pl.col(VARIABLES[1:]) == NAMED).select(list(schema))


def checks(commitments: pl.DataFrame, measures: pl.DataFrame) -> pl.DataFrame:
    """Return how far the rules agree with codings (schema Validity), by variable, over editions and for each.

    No rows where nothing is coded.
    """
    coded = _held().join(commitments, on="measure_id", suffix="_rules")
    coded = coded.join(measures.select("measure_id", editions.column()), on="measure_id").sort("measure_id")
    figures: dict[str, float] = {}
    seen = pl.col("edition_id").is_in(WRITTEN_ON)
    for prefix, rows in ((LEFT_OUT, coded.filter(~seen)), (SEEN, coded.filter(seen))):
        parts = {"": rows, **{f"_{name}": rows.filter(edition_id=name) for name in rows["edition_id"].unique().sort()}}
        for suffix, part in parts.items():
            if len(part):
                figures |= {f"{prefix}{suffix}_{name}": value for name, value in _agreement(part).items()}
    return pl.DataFrame(
        {"check": list(figures), "value": list(figures.values())}, schema=store.empty("validity").schema
    )


def _agreement(rows: pl.DataFrame) -> dict[str, float]:
    """How many measures are compared, and of each variable on how many rules and coders agree (with its 95% Wilson
    interval) and Cohen's kappa, where either says two things."""
    figures = {"measures": float(len(rows))}
    for name in VARIABLES:
        one, other = rows[name].cast(pl.String), rows[f"{name}_rules"].cast(pl.String)
        right = int((one == other).sum())
        low, high = summary_statistics.interval(right, len(rows))
        figures |= {f"{name}_accuracy": right / len(rows), f"{name}_accuracy_low": low, f"{name}_accuracy_high": high}
        if pl.concat([one, other]).n_unique() > 1:
            figures[f"{name}_kappa"] = float(cohen_kappa_score(one, other))
    return figures
