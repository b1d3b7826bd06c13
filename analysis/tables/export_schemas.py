"""The tables that an export holds: those of `schemas`, some of them with texts or under a plainer name."""

import dataframely as dy

from analysis.tables.schemas import (
    NATURES,
    Assignments,
    Candidates,
    Contradictions,
    Documents,
    Figures,
    Ledger,
    Links,
    Measures,
    Novelty,
    Progress,
    Resonance,
    Series,
    Statuses,
    Survival,
    Topics,
    Turnover,
    Validity,
    one_of,
)  # fmt: skip


class WholeMeasures(Measures):
    """Measures (施策) of full plans and policy items of summaries, with their texts where the document is at hand."""

    section_title = dy.String(description="title of the section; shortened where the document is not at hand")
    subhead = dy.String(
        nullable=True,
        description="headings below the section, outermost first, joined by ' / '; shortened where the document is not "
        "at hand",
    )
    text = dy.String(
        nullable=True,
        description="the whole measure, line wraps closed, footnotes and page furniture removed; empty where the "
        "document is not at hand",
    )
    repaired = dy.String(
        nullable=True,
        description="the text with corrections.csv applied and without footnotes' marks, where that differs",
    )
    years = dy.List(
        dy.String(),
        nullable=True,
        description="year cells of a roadmap's row, as 'years: text', where they can be told",
    )


class WholeRoadmap(WholeMeasures):
    """Rows of a plan's roadmap (工程表), each with what `measures` says of it."""

    no = dy.Int64(nullable=True, min=1, description="item number (項目番号); empty where 再掲 stands in its place")
    cell = dy.Int64(min=1, description="which of the texts (施策内容) that share the number")
    cells = dy.Int64(min=1, description="how many texts share the number [texts]")
    title = dy.String(
        nullable=True, description="title (項目名) of the item; shortened where the document is not at hand"
    )
    carried_to = dy.List(dy.Int64(), description="items of the newest part it was carried to (工程表NNに記載)")


class Kpis(Figures):
    """Of all figures those that are KPIs; `figures` has the others, too."""


class Indicators(dy.Schema):
    """The register of indicators in data/curated/indicators.toml, which people keep."""

    indicator_id = dy.String(primary_key=True, description="indicator")
    name_en = dy.String(description="name in English")
    name_ja = dy.String(description="name in Japanese")
    unit = dy.String(description="unit of its values in `series` and `progress`")
    direction = dy.String(
        check=one_of(["up", "down", "watch"]), description="the wished one; watch: the plan only follows the value"
    )
    nature = dy.String(check=one_of(NATURES), description="level, change (difference) or rate (of change)")
    total = dy.Bool(description="whether the values add up from a start on")
    set_by_en = dy.String(description="who set the target; empty where there is none")
    set_by_ja = dy.String(description="the same in Japanese")
    measured_by_en = dy.String(description="who measures it, or where it is published")
    measured_by_ja = dy.String(description="the same in Japanese")
    definition_en = dy.String(description="what is counted")
    definition_ja = dy.String(description="the same in Japanese")


# What an export holds, by the name of the file, in the order in which people are told of it. What is missing here
# (features, topic_model) is the models' own; the texts are with the measures.
EXPORTED: dict[str, type[dy.Schema]] = {
    "measures": WholeMeasures,
    "roadmap": WholeRoadmap,
    "kpis": Kpis,
    "links": Links,
    "topics": Assignments,
    "topic_names": Topics,
    "indicators": Indicators,
    "candidates": Candidates,
    "contradictions": Contradictions,
    "documents": Documents,
    "statuses": Statuses,
    "figures": Figures,
    "ledger": Ledger,
    "novelty": Novelty,
    "progress": Progress,
    "resonance": Resonance,
    "series": Series,
    "survival": Survival,
    "turnover": Turnover,
    "validity": Validity,
}
