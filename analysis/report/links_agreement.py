"""How far links can be trusted: how a model's agree with codings that it has not seen, and with people's decisions."""

import polars as pl

from analysis.base.i18n import gettext, percent
from analysis.base.i18n import gettext_noop as N_
from analysis.continuity import link_model, sentence_vectors
from analysis.report.data import ReportData
from analysis.tables import editions
from analysis.tables.labels import label


def by_likeness(data: ReportData) -> list[str]:
    """How likeness alone agrees with codings of editions that it has not seen, with 95% intervals, where it decides."""
    if not data.model_decides:
        return []
    known = data.links_agreement
    vectors = N_("Sentence vectors ({model}) count in the likeness of these editions, besides words and names.")
    counts = [data.gettext(vectors, model=sentence_vectors.MODEL)] if data.with_vectors else []
    values = {name: f"{known[name]:.2f}" for name in known if name.startswith(("continued_f1", "links_f1"))}
    values |= {name: percent(known[name]) for name in known if name.startswith(("status_accuracy", "ended"))}
    values["blocked"] = f"{100 * known['blocked']:.1f}%"  # nearly all are not all
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
        ),
        *counts,
    ]  # fmt: skip


def by_decisions(data: ReportData) -> list[str]:
    """How the model's own links agree with people's decisions about the two editions."""
    if data.alone:
        return []
    edition_of = dict(data.tables["measures"].select("measure_id", editions.column()).iter_rows())
    side = {
        name: pl.col(name).replace_strict(edition_of, return_dtype=pl.String) == edition_id
        for name, edition_id in (("from_id", data.earlier), ("to_id", data.later))
    }
    own = data.tables["decided"].filter(side["from_id"] & side["to_id"])
    agreement = link_model.agreement_with_decisions(own, data.tables["candidates"], data.thresholds)
    return decided(agreement, data.language)


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
