"""Exhibit without a chart: the topics with their terms and typical measures."""

import polars as pl

from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, Japanese, Rows
from analysis.tables.categories import UNCLEAR

SAID = 5  # terms in the sentence


def exhibit(data: ReportData) -> Exhibit:
    _ = data.gettext
    heads = [
        _("topic"),
        _("measures of all editions"),
        _("characteristic terms"),
        _("typical measures"),
        _("coherence (NPMI)"),
    ]
    topics = data.tables["topics"].sort(["measures", "topic_id"], descending=[True, False]).iter_rows(named=True)
    rows = Rows(
        heads,
        [
            [row[f"name_{data.language}"], row["measures"], Japanese(" · ".join(row["terms"])), row["typical"],
             round(row["coherence"], 2)]
            for row in topics
        ],
        ["topics"],
    )  # fmt: skip
    own = data.shares.filter(pl.col("edition") == data.edition, pl.col("topic_id") != UNCLEAR)
    largest = (
        data.tables["topics"]
        .join(own.select("topic_id", "share"), on="topic_id", how="left")
        .sort(["share", "measures", "topic_id"], descending=[True, True, False], nulls_last=True)
        .row(0, named=True)
    )
    said = _(
        "What sets {topic}, the largest topic of the {plan}, apart: {terms}.",
        plan=data.plan(), topic=largest[f"name_{data.language}"], terms=data.listed(largest["terms"][:SAID]),
    )  # fmt: skip
    return Exhibit(
        __name__,
        "topic_terms",
        "topics",
        "02_topics",
        _("What words mark each topic"),
        rows=rows,
        unfolded=True,
        sentences=[said],
    )
