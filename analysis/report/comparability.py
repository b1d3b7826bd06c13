"""What the comparison of two documents cannot say: differences of scope and of kind, and a model's doubt."""

import re
from itertools import pairwise

import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.report.data import ReportData
from analysis.report.exhibit import Finding, finding
from analysis.tables import editions, scope, summary_statistics
from analysis.tables.categories import CHECKABLE, PARTS_OF_A_PLAN

LEFT_OUT = "document_left_out"  # prefix of the checks of the topic model
SCOPE = N_("The {left} leaves {topic} to {elsewhere}: part of the difference is one of scope.")
CARE = N_(
    "Summaries and articles name fewer and broader items than plans: compare the shares of these with others only with "
    "care: {documents}."
)
BY_MODEL = N_("Topics of the {plan} are a model's, which gives {right} of measures the topic that coders give them.")


def read_by_rules(data: ReportData) -> pl.DataFrame:
    """Return what rules of grammar see of every measure, coded or not (columns of Checkability, without instrument).

    Rules and coders see different things: what nobody has coded can be compared with what rules see alone.
    """
    seen = data.tables["commitments"].rename({"due": "date", "due_words": "date_words"})
    return seen.with_columns(basis=pl.lit("rules"))


def named_by_rules(data: ReportData) -> dict[int, float] | None:
    """Return the shares of the two editions' measures that name a thing, a date or a number, as rules see both.

    None where coders have read all of both, so that nothing else is needed, or there are no two editions.
    """
    counted = summary_statistics.counted(data.tables["measures"]).filter(
        pl.col("edition").is_in([data.edition, data.baseline])
    )
    read = data.tables["checkability"].join(counted, on="measure_id")
    if read["edition"].n_unique() < 2 or read.filter(basis="rules").is_empty():
        return None
    seen = read_by_rules(data).join(counted, on="measure_id")
    return dict(seen.group_by("edition").agg(pl.any_horizontal(CHECKABLE).mean()).iter_rows())


def by_different_readers(data: ReportData) -> bool:
    """Return whether a model gave most topics of one of the two editions, and coders those of the other."""
    return _by_model(data, data.edition) != _by_model(data, data.baseline)


def _by_model(data: ReportData, edition: int) -> bool:
    """Whether a model gave most of an edition's topics."""
    counted = summary_statistics.counted(data.tables["measures"], edition)
    bases = data.tables["assignments"].join(counted, on="measure_id", how="semi")["basis"]
    return int((bases == "model").sum()) * 2 >= len(bases) > 0


def deferred(moved: pl.DataFrame, data: ReportData) -> list[scope.Deferral]:
    """What one of the two plans leaves to another document, of the topics that moved most."""
    topics = [row["topic_id"] for row in moved.iter_rows(named=True)]
    return [
        one
        for one in scope.deferrals()
        if one.topic_id in (topics[0], topics[-1]) and one.edition in (data.edition, data.baseline)
    ]


def scope_of(one: scope.Deferral, data: ReportData) -> Finding:
    """That a plan leaves a topic to another document."""
    names = {"topic": data.topic_names[one.topic_id], "elsewhere": one.elsewhere(data.language)}
    return finding(SCOPE, data.language, "", {}, left=data.plan(one.edition), **names)


def scope_sentences(moved: pl.DataFrame, data: ReportData) -> list[str]:
    """Return what one of the two plans leaves to another document, each with where it says so."""
    message = N_("{said} (Source: {evidence})")
    return [
        data.gettext(message, said=scope_of(one, data).text, evidence=_place(one.evidence, data))
        for one in deferred(moved, data)
    ]


def _place(evidence: str, data: ReportData) -> str:
    """A document and its line in the page's language; other evidence as it stands."""
    match = re.fullmatch(r"(\S+), lines? (\d[\d–-]*)", evidence)
    return data.gettext("{document}, line {line}", document=match[1], line=match[2]) if match else evidence


def kinds(data: ReportData) -> list[Finding]:
    """That the shares are of documents of another kind, where they are."""
    other = [data.plan(year) for year in sorted({data.edition, data.baseline}) if data.kind(year) != "full"]
    return [finding(CARE, data.language, "", {}, documents=data.listed(other))] if other else []


def modelled(data: ReportData) -> list[Finding]:
    """Whose topics those of the edition are, where nobody has coded most of them."""
    validity = dict(data.tables["validity"].iter_rows())
    if not _by_model(data, data.edition) or f"{LEFT_OUT}_accuracy" not in validity:
        return []
    right = percent(validity[f"{LEFT_OUT}_accuracy"])
    return [finding(BY_MODEL, data.language, "rows-agreement", {"right": right}, plan=data.plan())]


def cautions(moved: pl.DataFrame, data: ReportData) -> list[Finding]:
    """All that a finding about the shares of two documents has to say besides."""
    return [*(scope_of(one, data) for one in deferred(moved, data)), *kinds(data), *modelled(data)]


def of_continuity(data: ReportData) -> list[str]:
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
