"""Exhibits without a chart: on what the links between the two editions rest, and how far to trust them."""

from itertools import pairwise

import polars as pl

from analysis.base.i18n import gettext, percent
from analysis.base.i18n import gettext_noop as N_
from analysis.coding import codings
from analysis.continuity import link_model
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit
from analysis.tables import editions
from analysis.tables.categories import PARTS_OF_A_PLAN
from analysis.tables.labels import label


def basis(data: ReportData) -> Exhibit | None:
    """Return whether the links rest on codings or on likeness; None for an edition alone."""
    if data.alone:
        return None
    _ = data.gettext
    sides = {name: editions.label(getattr(data, name), data.language) for name in ("earlier", "later")}
    edition_of = dict(data.tables["measures"].select("measure_id", editions.column()).iter_rows())
    own = data.tables["read"].filter(pl.col("edition_id") == data.later)
    own = own.filter(pl.col("from_id").replace_strict(edition_of, return_dtype=pl.String) == data.earlier)
    if own.is_empty():
        sentence = _(
            "From {earlier} to {later} nobody has read: the links rest on likeness alone, which agrees with codings of "
            "other editions at F1 {f1} only. Review the doubtful ones (notebooks/review.ipynb) before you rely on "
            "them.",
            f1=f"{data.links_agreement['links_f1']:.2f}", **sides,
        )  # fmt: skip
    else:
        agreement = codings.reliability(own)
        sentence = _(
            "From {earlier} to {later} the links rest on codings: {measures} measures were read against the whole "
            "later plan by coders ({coders}) who did not know of each other, and where they differed about a link "
            "({contested} of them, marked doubtful) by a further one (docs/codings.md). They call what became of a "
            "measure alike for {same_status} (kappa {kappa}) and find the same links at F1 {f1}. People's decisions "
            "beat codings.",
            measures=own["from_id"].n_unique(), contested=own.filter(codings.differ())["from_id"].n_unique(),
            same_status=percent(agreement["same_status"]), kappa=f"{agreement['kappa']:.2f}",
            f1=f"{agreement['links']:.2f}", coders=data.coder_kind, **sides,
        )  # fmt: skip
    return Exhibit(__name__, "links", "continuity", "03_continuity", sentences=[sentence])


def trust(data: ReportData) -> Exhibit:
    """Return how the links agree with codings and decisions, and what the documents cannot show."""
    agreement = link_model.agreement_with_decisions(data.tables["decided"], data.tables["candidates"])
    return Exhibit(
        __name__, "trust", "trust", "03_continuity", data.gettext("How far to trust this"),
        sentences=[_likeness(data), *decided(agreement, data.language), *_documents(data)],
    )  # fmt: skip


def _likeness(data: ReportData) -> str:
    """How likeness alone agrees with the codings, cross-validated, with 95% intervals."""
    known = data.links_agreement
    values = {name: f"{known[name]:.2f}" for name in known if name.startswith(("continued_f1", "links_f1"))}
    values |= {name: percent(known[name]) for name in known if name.startswith(("status_accuracy", "ended"))}
    values |= {name: f"{known[name]:.0f}" for name in ("measures", "links")}
    return data.gettext(
        "Likeness alone, against {measures} codings (of a measure against a later edition each; {ended} found an end) "
        "and their {links} links, cross-validated: what became of a measure (continued, evolved, ended) is told "
        "rightly for {status_accuracy} ({status_accuracy_low}–{status_accuracy_high}); F1 is {continued_f1} "
        "({continued_f1_low}–{continued_f1_high}) for measures that continue and {links_f1} "
        "({links_f1_low}–{links_f1_high}) for single links; probabilities are off by {calibration_error} on average "
        "(expected calibration error). The thresholds were chosen on the same codings, which flatters the figures a "
        "little.",
        calibration_error=f"{known['calibration_error']:.3f}", **values,
    )  # fmt: skip


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
                "Up to {years} years lie between them; what began and ended between them leaves no trace, and what "
                "changed step by step may look ended and new.",
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
            "Where nobody has read a pair of editions, links are a model's, fitted to the codings of the others. Links "
            "by likeness alone agree with codings at F1 {f1} ({low}–{high}); the intervals of the metrics show chance "
            "alone, not what links are wrong or missed.",
            f1=f"{data.links_agreement['links_f1']:.2f}", low=f"{data.links_agreement['links_f1_low']:.2f}",
            high=f"{data.links_agreement['links_f1_high']:.2f}",
        ),
    ]  # fmt: skip
