"""Sentences that several rooms use, from tables alone."""

import polars as pl

from analysis.base.i18n import gettext
from analysis.base.i18n import gettext_noop as N_
from analysis.report import pair_view
from analysis.tables import editions
from analysis.tables.labels import label


def doubt(why: str, language: str) -> str:
    """Return a parser's doubt in the language; what it is about (unknown ministry: …) stands as it is."""
    kind, colon, what = why.partition(": ")
    return label("doubt", kind, language) + colon + what


def missing(documents: list[str], language: str) -> list[str]:
    """Return a sentence on documents that are not at hand; none where all are."""
    message = N_("Not at hand: {documents}. Their committed tables are used; their texts cannot be shown.")
    return [gettext(message, language, documents=pair_view.listed(documents, language))] if documents else []


def to_review(queue: pl.DataFrame, earlier: str, later: str, language: str) -> str:
    """Return how many pairs of two editions are worth a person's time, and why (`review_queue.doubtful`)."""
    values = {"earlier": editions.label(earlier, language), "later": editions.label(later, language)}
    if queue.is_empty():
        return gettext("No pair of {earlier} and {later} waits for a decision.", language, **values)
    contested, missed = (len(queue.filter(pl.col("why").list.contains(why))) for why in ("contested", "near_miss"))
    amounts = {"pairs": len(queue), "doubtful": len(queue.filter("doubtful")), "contested": contested, "missed": missed}
    return gettext(
        "{pairs} pairs of {earlier} and {later} are worth a look: {doubtful} of them belong to "
        "measures whose status is doubtful, about {contested} coders differed, {missed} are the "
        "nearest to a measure that likeness says has ended.",
        language,
        **amounts,
        **values,
    )
