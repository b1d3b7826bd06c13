"""Exhibit without a chart: how the figures are made, and what they cannot say."""

import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit
from analysis.tables.categories import PARTS_OF_A_PLAN

READING = N_(
    "Reading. The documents are read line by line; every line has one role, and what the parser cannot tell is written "
    "to the row as a doubt."
)
TOPICS = N_(
    "Topics. The categories of the codebook data/curated/codebooks/topics.toml, as coders gave them to each measure. A "
    "model that was fitted to these codings, on content words, compound names, headings and bodies in charge, speaks "
    "only where nobody has coded; what it is not sure of is unclear. Shares have 95% Wilson intervals; repetitions are "
    "counted once."
)
TARGETS = N_(
    "Targets. A target that the latest value meets is met. Else a verdict compares the observed with the required "
    "yearly growth towards it; where growth rates mean nothing (shares, ranks, zero) both are linear. With one dated "
    "value short of the target, or a target without a year or a number, there is no verdict. The direction is growth a "
    "year against fixed bounds, target or not: Statistics Canada's progress measurement for indicators without a "
    "target, as documented by Open SDG."
)
EVIDENCE = N_(
    "Evidence. Every row names its document and lines. Where the documents are at hand their lines stand beside the "
    "figures; where they are not, headings, terms and places do."
)
MIXED = N_(
    "Limits. The documents are of different kinds: full plans for some years, summaries or articles for others. What a "
    "summary does not name need not have ended, and what two plans say alike need not be the same in practice. The "
    "figures are those of the plans; they were not checked against their sources."
)
PLANS = N_(
    "Limits. What two plans say alike need not be the same in practice. The figures are those of the plans; they were "
    "not checked against their sources."
)


def exhibit(data: ReportData) -> Exhibit:
    _, known = data.gettext, data.links_agreement
    continuity = _(
        "Continuity. Measures of two plans are linked by shared wording, words, names, ministries and topic; the "
        "weights were fitted to {measures} codings and their {links} links. Explicit references of a roadmap, "
        "decisions of people and codings come first.",
        measures=f"{known['measures']:.0f}", links=f"{known['links']:.0f}",
    )  # fmt: skip
    whole = data.tables["documents"].filter(~pl.col("kind").is_in(["full", *PARTS_OF_A_PLAN])).is_empty()
    sentences = [_(READING), _(TOPICS), continuity, _(TARGETS), _(EVIDENCE), _(PLANS if whole else MIXED)]
    return Exhibit(__name__, "method", "method", "05_report", sentences=sentences)
