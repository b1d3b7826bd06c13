"""Exhibit without a chart: how far the coders of the report's own editions agree with each other."""

from typing import Any

import polars as pl

from analysis.base.i18n import percent
from analysis.coding import codebooks
from analysis.coding.reliability import EMPTY, NO_EDITION, STATUS
from analysis.report.data import ReportData
from analysis.report.exhibit import Cell, Exhibit, Rows
from analysis.tables import editions
from analysis.tables.labels import LABELS, label

PLACES = {name: place for place, name in enumerate(LABELS["variable"])}


def exhibit(data: ReportData) -> Exhibit:
    """Return what was coded of the edition and its baseline, by how many coders, and how far these agree."""
    _, rows = data.gettext, own_rows(data)
    about = _(
        "How far coders agree who coded the same units without knowing of each other, before anybody adjudicated: of "
        "these editions alone. Intervals (95%, bootstrap over measures) say how far the figures depend on which "
        "measures were coded. The base rate is what somebody would reach who always gives the most frequent value "
        "(Krippendorff's alpha and Cohen's kappa are then zero); F1 compares the pairs, or the names, that one coder "
        "gives with the other's."
    )
    caution = _("Coders of one kind can be wrong in the same way: that they agree is no proof that they are right.")
    nobody = _("Nobody has coded anything of these editions: what is said of topics and links is said by models.")
    heads = [_("what"), _("edition"), _("coders"), _("coded by two"), _("most frequent value: base rate"),
             _("agreement"), _("Krippendorff's alpha"), _("Cohen's kappa"), "F1"]  # fmt: skip
    cells: list[list[Cell]] = [_cells(data, row) for row in rows.iter_rows(named=True)]
    return Exhibit(
        __name__, "reliability", "sureness", "03_continuity", _("How far coders agree"), unfolded=not rows.is_empty(),
        rows=Rows(heads, cells, ["reliability"]) if cells else None,
        sentences=[about, *topics(data), caution] if cells else [nobody],
    )  # fmt: skip


def own_rows(data: ReportData) -> pl.DataFrame:
    """Return the rows of table Reliability of the edition and its baseline, and of the one against the other."""
    alone = pl.col("edition_id").is_in([data.earlier, data.later]) & (pl.col("against") == NO_EDITION)
    pair = (pl.col("edition_id") == data.earlier) & (pl.col("against") == data.later)
    rows = data.tables["reliability"].filter(alone | pair)
    versions = pl.col("version").n_unique().over("codebook", "variable", "edition_id", "against")
    return rows.with_columns(versions=versions).sort(
        "codebook", pl.col("variable").replace_strict(PLACES, default=len(PLACES)), "variable", "edition_id", "version"
    )


def topics(data: ReportData) -> list[str]:
    """Return a sentence about the coders of the edition's topics; none where nobody coded them."""
    row = data.reliability("topics", "topic", str(data.edition))
    if row is None:
        return []
    if row["by_two"] == 0:
        said = data.gettext(
            "Topics of the {plan}: {units} coded by one coder ({kind}), repetitions too; how far another would agree "
            "is not known.",
            plan=data.plan(), units=row["units"], kind=label("coder", row["kind"], data.language),
        )  # fmt: skip
        return [said]
    return [
        data.gettext(
            "Topics of the {plan}, repetitions too: {coders} coders ({kind}), by two or more of whom {by_two} of "
            "{units} were coded. They give the same main topic to {agreement}, Krippendorff's alpha {alpha}; always "
            "‘{value}’ would agree with {base}.",
            plan=data.plan(), **{name: row[name] for name in ("units", "coders", "by_two")},
            kind=label("coder", row["kind"], data.language), value=value(row, data.language),
            base=percent(row["base_rate"]), agreement=shares(row, "agreement"), alpha=figure(row, "alpha"),
        )
    ]  # fmt: skip


def differed(data: ReportData) -> list[str]:
    """Return a sentence about what the coders of the edition's topics differed in before an adjudicator decided; none
    where no two coded them."""
    rows = data.tables["reliability"].filter(codebook="topics", edition_id=str(data.edition), against=NO_EDITION)
    apart = (pl.col("by_two") * (1 - pl.col("agreement"))).sum().round().cast(pl.Int64)
    counts = dict(rows.filter(pl.col("by_two") > 0).group_by("variable").agg(apart).iter_rows())
    if not any(counts.values()):
        return []
    listed = [f"{label('variable', name, data.language)} {counts[name]}" for name in PLACES if counts.get(name)]
    return [
        data.gettext(
            "Coders differed in (measures, repetitions too): {counts}. Where an adjudicator was asked about one of "
            "these, the measure counts as adjudicated, even where the coders agree about its main topic.",
            counts=data.listed(listed),
        )
    ]  # fmt: skip


def _cells(data: ReportData, row: dict[str, Any]) -> list[Cell]:
    """A row for people."""
    kind = label("coder", row["kind"], data.language)
    sides = [row["edition_id"], *([row["against"]] if row["against"] != NO_EDITION else [])]
    base = f"{value(row, data.language)}: {percent(row['base_rate'])}" if row["most_frequent"] else "–"
    variable = label("variable", row["variable"], data.language)
    if row["versions"] > 1:
        variable = data.gettext("{variable}, codebook’s version {version}", variable=variable, version=row["version"])
    return [
        variable, " → ".join(editions.label(e, data.language) for e in sides),
        f"{row['coders']} ({kind})", f"{row['by_two']} / {row['units']}", base,
        shares(row, "agreement"), figure(row, "alpha"), figure(row, "kappa"), figure(row, "f1"),
    ]  # fmt: skip


def figure(row: dict[str, Any], name: str) -> str:
    """Return a figure of a row with its interval, two digits: 0.86 (0.77–0.94); – where there is none."""
    ends = [row[f"{name}_{end}"] for end in ("low", "high")]
    if row[name] is None:
        return "–"
    return f"{row[name]:.2f}" + (f" ({ends[0]:.2f}–{ends[1]:.2f})" if None not in ends else "")


def shares(row: dict[str, Any], name: str) -> str:
    """Return a share of a row with its interval: 91% (85%–96%); – where there is none."""
    return (
        "–"
        if row[name] is None
        else f"{percent(row[name])} ({percent(row[f'{name}_low'])}–{percent(row[f'{name}_high'])})"
    )


def value(row: dict[str, Any], language: str) -> str:
    """Return what to call the most frequent value of a row."""
    name, variable = str(row["most_frequent"]), row["variable"]
    if variable == STATUS or name == EMPTY:
        return label("coded", name, language)
    if row["codebook"] in codebooks.codebook_ids():
        book = codebooks.codebook(row["codebook"])
        for category in book.categories(variable) if variable in book.variables else []:
            if category.category_id == name:
                return str(getattr(category, f"name_{language}"))
    return name
