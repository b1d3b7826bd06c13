"""The tables that an export holds: those of `schemas`, some of them with texts or under a plainer name."""

import dataframely as dy

from analysis.tables.categories import CODER_KINDS, CODER_ROLES, DELIVERY, EDITION_ID, EDITION_OR_ALL, NATURES, one_of
from analysis.tables.document_schemas import Figures, Measures, Roadmap, Texts
from analysis.tables.mention_schemas import Mentions
from analysis.tables.schemas import TABLES, Assignments, Topics

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
    search_text = dy.String(
        description="to search and filter by: headings and repaired text in the usual width, without spaces but "
        "between Latin words, since OCR and typesetting part words (生成 AI) in some places; names and terms in place "
        "of the text where the document is not at hand"
    )


class WholeRoadmap(WholeMeasures):
    """Rows of a plan's roadmap (工程表), each with what `measures` says of it."""

    no, cell, cells = (ROADMAP[name] for name in ("no", "cell", "cells"))
    title = dy.String(
        nullable=True, description="title (項目名) of the item; shortened where the document is not at hand"
    )
    carried_to = ROADMAP["carried_to"]


CAP_CODE = dy.String(
    nullable=True,
    regex=r"^[1-9][0-9]{0,3}$",
    description="the topic in codes of the Comparative Agendas Project (data/curated/cap_crosswalk.csv): a subtopic, "
    "1522, where all of it is that, else a major topic, 15, which 1522 is part of",
)


class TopicsOfMeasures(Assignments):
    """The topic of each measure: its coding, or where nobody has coded it what the topic model says."""

    cap_code = CAP_CODE


class TopicNames(Topics):
    """The topics, one row each."""

    cap_code = CAP_CODE
    cap_name = dy.String(nullable=True, description="name of that code")


class Kpis(Figures):
    """Of all figures those that are KPIs; `figures` has the others, too."""

    direction = dy.String(nullable=True, description="whether its indicator goes the wished way, as in progress")
    state = dy.String(nullable=True, description="where its indicator stands against the target, as in progress")


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


class Ministries(dy.Schema):
    """The register of ministries, agencies and other bodies in data/curated/ministries.toml, which people keep."""

    name = dy.String(
        primary_key=True,
        description="name in Japanese, as tables have it; with an office in brackets behind it they mean that office",
    )
    name_en = dy.String(description="name in English")
    kind = dy.String(description="ministry, agency, commission …; unnamed: words that leave open which body is meant")
    parent = dy.String(nullable=True, description="body that it belongs to; an edition may name that one alone")
    since = dy.Int64(nullable=True, description="year in which it began under this name")
    predecessors = dy.List(dy.String(), description="bodies that it took over from in that year")
    variants = dy.List(dy.String(), description="other ways of writing its name in the plans")
    source = dy.String(description="act that establishes it, as in force")


class WholeMentions(Mentions):
    """Names in the texts of measures, each once for a measure, with what the register says of the thing."""

    name = dy.String(
        description="name as the document writes it; a very long one shortened where the document is not at hand"
    )
    canonical_en = dy.String(nullable=True, description="the thing's English name in the register")
    edition_id = dy.String(regex=EDITION_ID, description="edition of the measure")


class Codings(dy.Schema):
    """Every value that coders, adjudicators and people gave (docs/coding.md); one that was left empty has no row."""

    codebook = dy.String(primary_key=True, description="codebook (data/curated/codebooks)")
    version = dy.String(description="version of the codebook that was followed")
    packet_id = dy.String(primary_key=True, description="what one coder was given at a time")
    unit_id = dy.String(primary_key=True, description="measure that was coded; of a pair the earlier one")
    against = dy.String(
        primary_key=True, regex=EDITION_OR_ALL, description="later edition that it was compared with, or none"
    )
    to_id = dy.String(
        primary_key=True, description="of a pair the later measure, of a name the name; none where nothing was named"
    )
    variable = dy.String(primary_key=True, description="variable of the codebook")
    value = dy.String(description="category that it was given")
    role = dy.String(
        check=one_of(CODER_ROLES),
        description="coder; adjudicator (decides where coders differ); reviewer or sample (a person decides about "
        "units put before them, or drawn at random)",
    )
    coder = dy.String(description="who")
    kind = dy.String(check=one_of(CODER_KINDS[:2]), description="person or language model")
    model = dy.String(nullable=True, description="of a language model: its name, or not recorded")
    date = dy.String(description="day, month, or not recorded")
    text_hash = dy.String(nullable=True, description="of the text that was coded, as in measures")


class Benchmark(dy.Schema):
    """Topics and links as two coders gave them, and what holds: to compare methods by (docs/benchmark.md)."""

    codebook = dy.String(primary_key=True, check=one_of(["topics", "links"]), description="task: topics or links")
    variable = dy.String(primary_key=True, description="variable of the codebook")
    unit_id = dy.String(primary_key=True, description="measure; of a pair the earlier one")
    edition_id = dy.String(regex=EDITION_ID, description="its edition")
    against = dy.String(primary_key=True, regex=EDITION_OR_ALL, description="of links: the later edition; else none")
    to_id = dy.String(
        primary_key=True, description="of links: the later measure, or none where nothing comes near; else none"
    )
    first = dy.String(nullable=True, description="what one coder says; empty for an optional variable left empty")
    second = dy.String(nullable=True, description="what the other says")
    holds = dy.String(nullable=True, description="what holds: what both say, or what somebody else decided")
    fold = dy.String(
        regex=r"^[0-9]{4}$",
        description="year to leave out: of the edition, of links of the later one; a roadmap's newest part is in its "
        "plan's",
    )
    restates = dy.Bool(
        description="the measure, or the later edition, restates its plan's (a roadmap's newest part): it counts twice"
    )


class Delivery(dy.Schema):
    """What people found out about whether measures were carried out (data/curated/status.csv); nothing is claimed where
    nobody wrote."""

    unit_id = dy.String(primary_key=True, description="measure, or initiative, that somebody looked at")
    status = dy.String(
        check=one_of(DELIVERY),
        description="not_started: the source says that nothing was done yet; in_progress: some of it was, and it goes "
        "on; partly_done: some of it was, and no more will be; done: all that the text announces; abandoned: it was "
        "given up, or its opposite done; not_assessable: text or sources do not allow to say",
    )
    date = dy.String(primary_key=True, description="day or month for which the source says so; the latest counts")
    source = dy.String(primary_key=True, description="address, or document and page")
    who = dy.String(description="who looked")
    note = dy.String(nullable=True, description="in their own words")
    text_changed = dy.Bool(
        nullable=True,
        description="whether the measure's text is another than the one that was looked at; empty where the row does "
        "not say which one that was",
    )


UNCHANGED = (
    "candidates", "checkability", "coded", "contradictions", "documents", "statuses", "figures", "initiative_members",
    "initiatives", "ledger", "mention_validity", "novelty", "progress", "reliability", "resonance", "revisions",
    "series", "sub_topics", "survival", "ties", "turnover", "unread", "validity", "year_cells",
)  # fmt: skip
# What an export holds, by the name of the file, in the order in which people are told of it. What is missing here
# (features, commitments, topic_model) is the models' own; the texts are with the measures.
EXPORTED: dict[str, type[dy.Schema]] = {
    "measures": WholeMeasures,
    "roadmap": WholeRoadmap,
    "kpis": Kpis,
    "links": TABLES["links"],
    "topics": TopicsOfMeasures,
    "topic_names": TopicNames,
    "indicators": Indicators,
    "ministries": Ministries,
    "mentions": WholeMentions,
    **{name: TABLES[name] for name in UNCHANGED},
    "codings": Codings,
    "benchmark": Benchmark,
    "delivery": Delivery,
}
