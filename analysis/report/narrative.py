"""Sentences that several rooms use, from tables alone."""

import polars as pl

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


def delivered(rows: pl.DataFrame, language: str) -> dict[str, list[str]]:
    """Return by measure what people found out about its delivery (rows of `coding.delivery.delivery`), latest first."""
    result: dict[str, list[str]] = {}
    for row in rows.sort("date", descending=True, maintain_order=True).iter_rows(named=True):
        status = label("delivery", row["status"], language)
        values = {"date": row["date"], "status": status, "source": row["source"], "who": row["who"]}
        parts = [gettext("Delivery on {date}: {status} ({source}; found by {who})", language, **values)]
        if row["unit_id"] != row["measure_id"]:
            parts.append(gettext("of initiative {initiative}", language, initiative=row["unit_id"]))
        if row["text_changed"]:
            parts.append(gettext("the measure's text has changed since", language))
        parts += [row["note"]] if row["note"] else []
        result.setdefault(row["measure_id"], []).append(" · ".join(parts))
    return result
