"""The tables that an export holds: those of `schemas`, some of them with texts or under a plainer name."""

import dataframely as dy

from analysis.tables.categories import NATURES, one_of
from analysis.tables.document_schemas import Figures, Measures, Roadmap, Texts
from analysis.tables.schemas import TABLES

TEXTS, ROADMAP = Texts.columns(), Roadmap.columns()


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
    repaired = TEXTS["repaired"]
    years = dy.List(dy.String(), nullable=True, description=TEXTS["years"].description)


class WholeRoadmap(WholeMeasures):
    """Rows of a plan's roadmap (工程表), each with what `measures` says of it."""

    no, cell, cells = (ROADMAP[name] for name in ("no", "cell", "cells"))
    title = dy.String(
        nullable=True, description="title (項目名) of the item; shortened where the document is not at hand"
    )
    carried_to = ROADMAP["carried_to"]


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


UNCHANGED = (
    "candidates", "contradictions", "documents", "statuses", "figures", "ledger", "novelty", "progress", "reliability",
    "resonance", "revisions", "series", "sub_topics", "survival", "turnover", "unread", "validity",
    "year_cells",
)  # fmt: skip
# What an export holds, by the name of the file, in the order in which people are told of it. What is missing here
# (features, topic_model) is the models' own; the texts are with the measures.
EXPORTED: dict[str, type[dy.Schema]] = {
    "measures": WholeMeasures,
    "roadmap": WholeRoadmap,
    "kpis": Kpis,
    "links": TABLES["links"],
    "topics": TABLES["assignments"],
    "topic_names": TABLES["topics"],
    "indicators": Indicators,
    **{name: TABLES[name] for name in UNCHANGED},
}
