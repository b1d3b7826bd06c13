"""Sentences that several rooms use, from tables alone."""

from analysis.base.i18n import gettext
from analysis.base.i18n import gettext_noop as N_
from analysis.report import pair_view
from analysis.tables.labels import label


def doubt(why: str, language: str) -> str:
    """Return a parser's doubt in the language; what it is about (unknown ministry: …) stands as it is."""
    kind, colon, what = why.partition(": ")
    return label("doubt", kind, language) + colon + what


def missing(documents: list[str], language: str) -> list[str]:
    """Return a sentence on documents that are not at hand; none where all are."""
    message = N_("Not at hand: {documents}. Their committed tables are used; their texts cannot be shown.")
    return [gettext(message, language, documents=pair_view.listed(documents, language))] if documents else []
