"""Exhibits without a chart: what decides about the links between the two editions, and how far to trust it."""

import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.coding import codings
from analysis.coding.reliability import STATUS
from analysis.report import comparability, links_agreement
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit
from analysis.report.exhibits.reliability import figure, shares, value
from analysis.tables import editions
from analysis.tables.labels import label

ALL_BY_ALL = N_(
    "{coders} coders ({kind}), who did not know of each other, each compared all {measures} of the {earlier} with the "
    "whole of the {later} (docs/coding.md). People's decisions beat codings."
)
IN_PART = N_(
    "{coders} coders ({kind}), who did not know of each other, compared {units} of {measures} of the {earlier} with "
    "the whole of the {later} (docs/coding.md), {by_two} of them two or more. People's decisions beat codings."
)


def basis(data: ReportData) -> Exhibit | None:
    """Return what decides about the links between the two editions, and how far to trust it; None for an edition
    alone."""
    if data.alone:
        return None
    sentences = [*_deciding(data), *_coding(data), *_model(data)]
    return Exhibit(__name__, "links", "continuity", "03_continuity", sentences=sentences)


def trust(data: ReportData) -> Exhibit:
    """Return how a model's links and people's decisions agree, and what the documents cannot show."""
    sentences = [
        *links_agreement.by_likeness(data),
        *links_agreement.by_decisions(data),
        *comparability.of_continuity(data),
    ]
    return Exhibit(
        __name__, "trust", "trust", "03_continuity", data.gettext("How far to trust this"), sentences=sentences
    )


def _sides(data: ReportData) -> dict[str, str]:
    return {name: data.plan(getattr(data, name)) for name in ("earlier", "later")}


def _deciding(data: ReportData) -> list[str]:
    """On what the links rest, by share; nothing where there are none."""
    counts = data.own_links.group_by("basis").len().sort("len", "basis", descending=[True, False])
    if counts.is_empty():
        return []
    total = int(counts["len"].sum())
    parts = [f"{label('decides', name, data.language)} {percent(count, total)}" for name, count in counts.iter_rows()]
    return [
        data.gettext(
            "What decides the links from the {earlier} to the {later} ({links}): {parts}.",
            links=total, parts=data.listed(parts), **_sides(data),
        )
    ]  # fmt: skip


def _coding(data: ReportData) -> list[str]:
    """Who coded the two editions, and how far the coders agree."""
    _, row = data.gettext, data.reliability("links", STATUS, data.earlier, data.later)
    if not data.use_codings:
        return [_("This report leaves codings aside: models alone say what goes on.")]
    if row is None:
        return [_("Nobody has coded what became in the {later} of what the {earlier} states.", **_sides(data))]
    earlier = data.tables["measures"].filter(editions.column() == data.earlier, pl.col("repeats").is_null())
    known = {
        "units": row["units"],
        "measures": data.measures(len(earlier), data.earlier),
        "kind": label("coder", row["kind"], data.language),
    }
    known |= _sides(data)
    if row["by_two"] == 0:
        return [
            _(
                "One coder ({kind}) compared {units} of {measures} of the {earlier} with the whole of the {later} "
                "(docs/coding.md); how far another would agree is not known. People's decisions beat codings.",
                **known,
            )
        ]
    links = data.reliability("links", "relation", data.earlier, data.later)
    all_by_all = row["coders"] == 2 and row["by_two"] == len(earlier)
    compared = _(ALL_BY_ALL if all_by_all else IN_PART, coders=row["coders"], by_two=row["by_two"], **known)
    agreed = _(
        "Before anybody adjudicated they call what became of each alike for {agreement}; always ‘{value}’ would agree "
        "for {base}. Krippendorff's alpha is {alpha}, Cohen's kappa {kappa}; F1 of the links that they name is {f1}.",
        agreement=shares(row, "agreement"), value=value(row, data.language), base=percent(row["base_rate"]),
        alpha=figure(row, "alpha"), kappa=figure(row, "kappa"), f1=figure(links, "f1") if links else "–",
    )  # fmt: skip
    return [compared, agreed, *_disputed(data)]


def _disputed(data: ReportData) -> list[str]:
    """About how many measures coders differ, and whether somebody has decided; nothing where they differ about none."""
    edition_of = dict(data.tables["measures"].select("measure_id", editions.column()).iter_rows())
    own = data.tables["read"].filter(codings.differ(), edition_id=data.later)
    own = own.filter(pl.col("from_id").replace_strict(edition_of, return_dtype=pl.String) == data.earlier)
    contested = own["from_id"].n_unique()
    undecided = data.tables["disputed"].filter(edition=data.earlier, against=data.later)["unit_id"].n_unique()
    if not contested:
        return []
    if undecided:
        return [
            data.gettext(
                "Measures about whose links they differ: {contested}, marked doubtful; of these nobody has decided "
                "yet: {undecided}.",
                contested=contested, undecided=undecided,
            )
        ]  # fmt: skip
    return [
        data.gettext(
            "Measures about whose links they differ: {contested}, marked doubtful; somebody else decided, not knowing "
            "who had said what.",
            contested=contested,
        )
    ]


def _model(data: ReportData) -> list[str]:
    """How good the model is where it decides; nothing where it does not."""
    if not data.model_decides:
        return []
    known = data.links_agreement
    return [
        data.gettext(
            "Where nobody coded, a model decides by likeness. Between editions {apart}, the later one of which it had "
            "not seen, it tells rightly for {status} what became of a measure, and its links agree with the codings at "
            "F1 {f1} only. Review the doubtful ones (notebooks/review.ipynb) before you rely on them.",
            apart=data.apart, status=percent(known["status_accuracy"]), f1=f"{known['links_f1']:.2f}",
        )
    ]  # fmt: skip
