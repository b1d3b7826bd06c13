"""How far the names that the workspace finds in measures (table Mentions) agree with those that coders gave.

The register was filled from codings, so that its agreement with them is no measure of what it does with a new edition:
for each edition the figures are also those of grammar alone, and of a register without the edition's own codings.
"""

from collections.abc import Callable

import polars as pl

from analysis.base.japanese import squeeze
from analysis.coding import codebooks, named, record
from analysis.tables import editions, store
from analysis.tables.categories import MENTION_METHODS

CODEBOOK, ALL = "mentions", "all"
Name = tuple[str, str]  # name, kind


def table(measures: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """Return table MentionValidity. No rows where nobody coded names. Raises TableFaulty."""
    nothing = store.empty("mention_validity")
    if CODEBOOK not in codebooks.codebook_ids():
        return nothing
    book = codebooks.codebook(CODEBOOK)
    of_measure = measures.select(unit_id="measure_id", edition_id=editions.column())
    coded = record.codings(book).filter(role="coder").join(of_measure, on="unit_id")
    named = mentions.rename({"measure_id": "unit_id"}).join(coded.select("unit_id").unique(), on="unit_id", how="semi")
    rows = []
    years = coded["edition_id"].unique().sort().to_list()
    for method in MENTION_METHODS:
        kept = [
            named.join(of_measure.filter(edition_id=year), on="unit_id", how="semi").filter(
                _counts(method, coded, year)
            )
            for year in years
        ]
        for year, names in [*zip(years, kept, strict=True), *([(ALL, pl.concat(kept))] if years else [])]:
            given = coded if year == ALL else coded.filter(edition_id=year)
            rows.append({"edition_id": year, "method": method, **compared(names, given, book.variables[0])})
    return pl.DataFrame(rows, schema=nothing.schema)


def compared(named: pl.DataFrame, coded: pl.DataFrame, variable: str) -> dict[str, float | None]:
    """Return the figures of a row of `table`: names found (unit_id, name, kind) against each coder's (unit_id, coder,
    name, and the variable that says of what kind it is), added up over coders."""
    there = _by_unit(named, "kind")
    right = same_kind = given_right = given = all_found = 0
    for (unit_id, _), rows in coded.group_by("unit_id", "coder"):
        names, theirs = there.get(str(unit_id), []), _by_unit(rows, variable).get(str(unit_id), [])
        pairs = [(name, other) for name in names for other in theirs if _same(name[0], other[0])]
        right += len({name for name, _ in pairs})
        same_kind += len({name for name, other in pairs if name[1] == other[1]})
        given_right += len({other for _, other in pairs})
        given += len(theirs)
        all_found += len(names)
    precision, recall = _share(right, all_found), _share(given_right, given)
    both = (precision or 0) + (recall or 0)
    return {
        "measures": coded["unit_id"].n_unique(),
        "names": len(named),
        "coded": given / max(coded["coder"].n_unique(), 1),
        "precision": precision,
        "recall": recall,
        "f1": 2 * (precision or 0) * (recall or 0) / both if both else None,
        "kinds": _share(same_kind, right),
    }


def _counts(method: str, coded: pl.DataFrame, year: str) -> pl.Expr:
    """Whether a name found in an edition would be found by the method."""
    if method != "edition_left_out":
        return pl.lit(True) if method == "register" else pl.col("by_grammar")
    elsewhere = {squeeze(name) for name in coded.filter(pl.col("edition_id") != year)["name"].drop_nulls()}
    known: Callable[[str], bool] = lambda name: any(other in squeeze(name) for other in elsewhere)  # noqa: E731
    return pl.col("by_grammar") | pl.col("name").map_elements(known, return_dtype=pl.Boolean)


def _by_unit(rows: pl.DataFrame, kind: str) -> dict[str, list[Name]]:
    return rows.drop_nulls("name").select("unit_id", "name", kind).rows_by_key("unit_id")


def _same(name: str, other: str) -> bool:
    return named.is_within(name, other) or named.is_within(other, name)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
