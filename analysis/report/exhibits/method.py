"""Exhibit without a chart: how the figures are made, and what they cannot say."""

import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.continuity import model_parameters
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit
from analysis.tables import summary_statistics
from analysis.tables.categories import PARTS_OF_A_PLAN
from analysis.tables.labels import label

READING = N_(
    "Reading. The documents are read line by line; every line has one role, and what the parser cannot tell is written "
    "to the row as a doubt."
)
TOPICS = N_(
    "Topics. The categories of the codebook data/curated/codebooks/topics.toml. Coders ({kind}) gave them to all that "
    "is counted of the documents compared ({documents}). Repetitions are counted once. Shares are of complete lists: "
    "they have no sampling error."
)
TOPICS_BY_MODEL = N_(
    "Topics. The categories of the codebook data/curated/codebooks/topics.toml. Of what is counted of the documents "
    "compared ({documents}), coders ({kind}) gave them to {coded}; to the other {modelled} a model did that was fitted "
    "to such codings, on content words, compound names, headings and bodies in charge, and what it is not sure of is "
    "unclear. Repetitions are counted once. Shares are of complete lists: they have no sampling error."
)
CONTINUITY = N_(
    "Continuity. Explicit references of a roadmap, decisions of people and codings (of each measure against a whole "
    "later edition, by {kind}) say what goes on. Where there are none, a model does, by shared wording, words, names, "
    "ministries and topic; its weights were fitted to {measures} such codings and their {links} links."
)
CONTINUITY_BY_VECTORS = N_(
    "Continuity. Explicit references of a roadmap, decisions of people and codings (of each measure against a whole "
    "later edition, by {kind}) say what goes on. Where there are none, a model does, by sentence vectors, shared "
    "words, names, ministries and topic; its weights were fitted to {measures} such codings and their {links} links."
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
    _ = data.gettext
    counted = summary_statistics.counted(data.tables["measures"]).filter(
        pl.col("edition").is_in([data.edition, data.baseline])
    )
    bases = data.tables["assignments"].join(counted, on="measure_id", how="semi")["basis"]
    modelled = int((bases == "model").sum())
    documents = data.listed([data.plan(year) for year in sorted({data.edition, data.baseline})])
    topics = _(
        TOPICS_BY_MODEL if modelled else TOPICS, kind=_coders(data, "topics"), documents=documents,
        coded=len(bases) - modelled, modelled=modelled,
    )  # fmt: skip
    fitted = [model_parameters.agreement_with_codings(gap, data.with_vectors) for gap in model_parameters.GAPS]
    continuity = _(
        CONTINUITY_BY_VECTORS if data.with_vectors else CONTINUITY, kind=_coders(data, "links"),
        **{name: f"{sum(known[name] for known in fitted):.0f}" for name in ("measures", "links")},
    )  # fmt: skip
    whole = data.tables["documents"].filter(~pl.col("kind").is_in(["full", *PARTS_OF_A_PLAN])).is_empty()
    sentences = [_(READING), topics, continuity, _(TARGETS), _(EVIDENCE), _(PLANS if whole else MIXED)]
    return Exhibit(__name__, "method", "method", "05_report", sentences=sentences)


def _coders(data: ReportData, codebook: str) -> str:
    """Who coded by a codebook, over all editions: people, language models or both."""
    kinds = data.tables["reliability"].filter(codebook=codebook)["kind"].unique().to_list()
    return label("coder", kinds[0] if len(kinds) == 1 else "mixed" if kinds else "unknown", data.language)
