"""Exhibits without a chart: what decides about the links between the two editions, and how far to trust it."""

from itertools import pairwise

import polars as pl

from analysis.base.i18n import gettext, percent
from analysis.base.i18n import gettext_noop as N_
from analysis.coding import codings
from analysis.coding.reliability import STATUS
from analysis.continuity import link_model, model_parameters
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit
from analysis.report.exhibits.reliability import figure, shares, value
from analysis.tables import editions
from analysis.tables.categories import PARTS_OF_A_PLAN
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
    sentences = [*_likeness(data), *_decided(data), *_documents(data)]
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


def _likeness(data: ReportData) -> list[str]:
    """How likeness alone agrees with codings of editions that it has not seen, with 95% intervals, where it decides."""
    if not data.model_decides:
        return []
    known = data.links_agreement
    values = {name: f"{known[name]:.2f}" for name in known if name.startswith(("continued_f1", "links_f1"))}
    values |= {name: percent(known[name]) for name in known if name.startswith(("status_accuracy", "ended", "blocked"))}
    values |= {name: f"{known[name]:.0f}" for name in ("measures", "links")}
    return [
        data.gettext(
            "Likeness alone, between editions {apart}, against {measures} codings (of a measure against a later "
            "edition each; {ended} found no successor) and their {links} links, by models that had seen nothing of "
            "the later edition: what became of a measure (continued, evolved, not found) is told rightly for "
            "{status_accuracy} ({status_accuracy_low}–{status_accuracy_high}); F1 is {continued_f1} "
            "({continued_f1_low}–{continued_f1_high}) for measures that continue and {links_f1} "
            "({links_f1_low}–{links_f1_high}) for single links; probabilities are off by {calibration_error} on "
            "average (expected calibration error); {blocked} of the coded links are among the pairs looked at.",
            apart=data.apart, calibration_error=f"{known['calibration_error']:.3f}", **values,
        )
    ]  # fmt: skip


def _decided(data: ReportData) -> list[str]:
    """How the model's own links agree with people's decisions about the two editions."""
    if data.alone:
        return []
    edition_of = dict(data.tables["measures"].select("measure_id", editions.column()).iter_rows())
    side = {
        name: pl.col(name).replace_strict(edition_of, return_dtype=pl.String) == edition_id
        for name, edition_id in (("from_id", data.earlier), ("to_id", data.later))
    }
    own = data.tables["decided"].filter(side["from_id"] & side["to_id"])
    thresholds = model_parameters.link_model().between(data.earlier, data.later)
    return decided(link_model.agreement_with_decisions(own, data.tables["candidates"], thresholds), data.language)


def decided(agreement: pl.DataFrame, language: str) -> list[str]:
    """Return how the model's own links agree with people's decisions (`link_model.agreement_with_decisions`), and what
    that cannot say."""
    if agreement.is_empty():
        return [
            gettext(
                "No decisions yet: no person has confirmed or rejected a pair, so how many of the links are right "
                "(precision) and how many right ones were found (recall) cannot be said.",
                language,
            )
        ]
    rows = {row["relation"]: row for row in agreement.iter_rows(named=True)}
    shares = {
        relation: {name: _estimate(row[name], row[f"{name}_low"], row[f"{name}_high"])
                   for name in ("precision", "recall")}
        for relation, row in rows.items()
    }  # fmt: skip
    every = {key: rows["link"][key] for key in ("decided", "confirmed", "found", "right")}
    result = [
        gettext(
            "People decided {decided} pairs: {confirmed} confirmed, {rejected} rejected. On its own the model links "
            "{found} of them and is right about {right}: precision {precision}, recall {recall}.",
            language, rejected=every["decided"] - every["confirmed"], **every, **shares["link"],
        )
    ]  # fmt: skip
    for relation in ("same", "successor"):
        counts = {key: rows[relation][key] for key in ("confirmed", "found", "right")}
        if counts["confirmed"] or counts["found"]:
            said = N_(
                "As {relation}: {confirmed} confirmed, {found} by the model, {right} by both: precision {precision}, "
                "recall {recall}."
            )
            result.append(
                gettext(said, language, relation=label("relation", relation, language), **counts, **shares[relation])
            )
    caution = gettext(
        "Decided pairs are mostly doubtful ones: these figures say how the model does where it is unsure, not how it "
        "does over all pairs.",
        language,
    )
    return [*result, caution]


def _estimate(share: float | None, low: float, high: float) -> str:
    return "–" if share is None else f"{percent(share)} ({percent(low)}–{percent(high)})"


def _documents(data: ReportData) -> list[str]:
    """What documents of different kinds can and cannot show of continuity."""
    _, documents, measures = data.gettext, data.tables["documents"], data.tables["measures"]
    full, others = (
        documents.filter(which)["edition"].unique().sort().to_list()
        for which in (pl.col("kind") == "full", ~pl.col("kind").is_in(["full", *PARTS_OF_A_PLAN]))
    )
    gap = max((later - earlier for earlier, later in pairwise(full)), default=0)
    result = [_("Full plans are at hand for: {editions}.", editions=data.listed([str(year) for year in full]))]
    if gap > 1:
        result += [
            _(
                "Up to {years} years lie between one and the next; what began and ended between them leaves no trace, "
                "and what changed step by step may look ended and new.",
                years=gap,
            )
        ]
    if others:
        result += [
            _(
                "For these there are summaries or articles: {editions}. They can show that an initiative goes on, "
                "never that it has ended, and they name few and broad items: shares into and out of them say more "
                "about the documents than about the policy.",
                editions=data.listed([str(year) for year in others]),
            )
        ]
    listed = measures.filter(~pl.col("part").is_in(editions.OWN_PARTS))
    for edition in listed["edition"].unique().sort():
        parts = listed.filter((pl.col("edition") == edition) & (pl.col("part") != str(edition)))["part"].unique().sort()
        result += [
            _(
                "The roadmap of the {edition} plan restates the measures of its own plan; of earlier plans ({parts}) "
                "it holds only items that were still followed.",
                edition=edition, parts=data.listed(parts.to_list()) or _("none"),
            )
        ]  # fmt: skip
    return [
        *result,
        _(
            "Shares are of complete lists and have no sampling error; what may be wrong in them is what was read, "
            "coded or linked wrongly. Intervals stand only where coders, a model or the reading were compared on a "
            "number of cases."
        ),
    ]
