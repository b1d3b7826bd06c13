"""Exhibit without a chart: the topics with their terms and typical measures."""

from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, Japanese, Rows

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
    largest = data.tables["topics"].sort(["measures", "topic_id"], descending=[True, False]).row(0, named=True)
    said = _(
        "What sets {topic} apart: {terms}.",
        topic=largest[f"name_{data.language}"], terms=data.listed(largest["terms"][:SAID]),
    )  # fmt: skip
    return Exhibit(
        __name__, "topic_terms", "topics", "02_topics", _("Topics"), rows=rows, unfolded=True, sentences=[said]
    )
