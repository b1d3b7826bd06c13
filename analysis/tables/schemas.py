"""The tables of data/processed: their columns, types, units and keys, which `store` checks on each read and write.

Here are those of topics, indicators and codings, and the list of all; those of the documents are in
`document_schemas`, those of links and initiatives in `continuity_schemas`. `docs/codebook.md` is written from these
declarations (`python -m analysis codebook`). What is exported differs in a few tables: `export_schemas`.
"""

import dataframely as dy

from analysis.tables.categories import (
    CAVEATS,
    CODED_BASES,
    CODER_KINDS,
    DIRECTIONS,
    EDITION_ID,
    EDITION_OR_ALL,
    FIGURE_KINDS,
    FINDINGS,
    PROGRESS,
    TIED_BY,
    TOPIC_BASES,
    TRENDS,
    VALUE_BASES,
    one_of,
)
from analysis.tables.checkability_schemas import Checkability, Commitments
from analysis.tables.continuity_schemas import (
    Candidates,
    InitiativeMembers,
    Initiatives,
    Links,
    Statuses,
    Survival,
    Turnover,
)
from analysis.tables.document_schemas import (
    Documents,
    Features,
    Figures,
    Ledger,
    Measures,
    Revisions,
    Roadmap,
    Texts,
    Unread,
    YearCells,
)
from analysis.tables.mention_schemas import Mentions, MentionValidity


class Topics(dy.Schema):
    """The topics, one row each."""

    topic_id = dy.String(primary_key=True, description="identifier: a category of codebook `topics`")
    place = dy.Int64(min=0, description="place in the codebook, and of its weight in topic_model (from 0)")
    name_en = dy.String(description="name in English")
    name_ja = dy.String(description="name in Japanese")
    measures = dy.Int64(min=0, description="measures whose main topic it is, all editions [rows]")
    terms = dy.List(dy.String(), description="most distinctive words, strongest first")
    typical = dy.List(dy.String(), description="its measures with the highest probability")
    coherence = dy.Float64(min=-1, max=1, description="mean NPMI of its first eight terms over measures, -1…1")


class SubTopics(dy.Schema):
    """The shares of sub-topics in the plans and summaries of which sub-topics are coded; repetitions count once."""

    edition = dy.Int64(primary_key=True, description="edition")
    sub_topic = dy.String(primary_key=True, description="identifier: a category of codebook `topics`")
    topic_id = dy.String(description="the topic that it belongs to")
    place = dy.Int64(min=0, description="place among the topic's sub-topics (from 0)")
    name_en = dy.String(description="name in English")
    name_ja = dy.String(description="name in Japanese")
    measures = dy.Int64(min=0, description="its measures in the edition [rows]")
    share = dy.Float64(min=0, max=1, description="share of all the edition's measures, 0–1")
    low = dy.Float64(min=0, max=1, description="lower end of its 95% interval (Wilson)")
    high = dy.Float64(min=0, max=1, description="upper end")


class TopicModel(dy.Schema):
    """The fitted model, which says what is likely where nobody has coded: one row a term, and three about the model.

    Those of block `model` are: intercept; clear_from (the probability from which on it is believed); fitted_to with a
    hash of codings and topics (where these change, it is fitted anew).
    """

    block = dy.String(primary_key=True, description="kind of feature: text, heading or ministry; or model")
    term = dy.String(primary_key=True, description="the word, compound name or body")
    idf = dy.Float64(min=0, description="weight of the term: high where few measures have it")
    weights = dy.List(dy.Float64(), description="log odds for each topic, by the topics' places")


class Assignments(dy.Schema):
    """The topic of each measure: its coding, or where nobody has coded it what the topic model says."""

    measure_id = dy.String(primary_key=True, description="measure")
    topic_id = dy.String(nullable=True, description="main topic; empty where it is unclear")
    second_topic = dy.String(
        nullable=True, description="second topic, where a good part of the measure is about it; of coded measures alone"
    )
    sub_topic = dy.String(
        nullable=True, description="sub-topic, where the main topic has some; of coded measures alone"
    )
    basis = dy.String(
        check=one_of(TOPIC_BASES),
        description="what the topic rests on: a person's decision, an adjudicator (adjudicated), two coders or more "
        "(agreed), one coder (single), or the model, where nobody has coded it or coders differ and nobody has decided",
    )
    probability = dy.Float64(
        min=0, max=1, description="how probable the model finds the topic (where it is unclear, the likeliest one), "
        "calibrated, 0–1; of coded measures by a model that did not see their document: a low one says that the words "
        "do not suggest the topic",
    )  # fmt: skip
    unclear = dy.Bool(
        description="whether no topic holds it: coders say so, or the model alone speaks and is not sure enough "
        "(`clear_from` in topic_model); those are candidates for new topics"
    )
    x = dy.Float64(description="horizontal place on the map (for looking only)")
    y = dy.Float64(description="vertical place on the map (for looking only)")


class Validity(dy.Schema):
    """How far topics and what can be checked can be trusted: model and rules on what they did not see; the coders."""

    check = dy.String(
        primary_key=True,
        description="document_left_out_…: the model against the codings of a document that it did not see (measures, "
        "accuracy with its 95% Wilson interval _low to _high, nmi, ari, macro_f1, calibration_error, 0–1); coverage: "
        "share that it is sure enough of, and accuracy_of_clear of those; by document document_left_out_<doc_id>_…; "
        "section_left_out_…: the same with sections of plans and summaries left out. coders_…: two coders with each "
        "other, before anybody adjudicates. checkability_left_out_…: the rules of table commitments against codings of "
        "editions that nobody looked at when the rules were written (accuracy with its interval and kappa of act, "
        "output, due and quantity), checkability_written_on_…: of those that they were written on",
    )
    value = dy.Float64(description="its value")


class Novelty(dy.Schema):
    """How far each measure's topics are from those of the editions before and after. Definitions below."""

    measure_id = dy.String(primary_key=True, description="measure; repetitions (再掲) are left out")
    edition_id = dy.String(
        regex=EDITION_ID, description="its edition; a roadmap's items of a plan at hand are left out"
    )
    novelty = dy.Float64(nullable=True, description="against the editions before [bits]; empty for the first editions")
    transience = dy.Float64(nullable=True, description="against the editions after [bits]; empty for the last editions")
    resonance = dy.Float64(nullable=True, description="novelty − transience [bits]; empty where one of them is")


class Resonance(dy.Schema):
    """Mean novelty, transience and resonance by edition and topic [bits], of editions with both. Definitions below."""

    edition_id = dy.String(primary_key=True, regex=EDITION_ID, description="edition")
    topic_id = dy.String(
        primary_key=True, description="main topic; all: all measures, those whose topic is unclear, too"
    )
    measures = dy.Int64(min=1, description="measures [rows]")
    novelty = dy.Float64(description="mean novelty [bits]")
    novelty_low = dy.Float64(description="lower end of its 95% interval")
    novelty_high = dy.Float64(description="upper end")
    transience = dy.Float64(description="mean transience [bits]")
    transience_low = dy.Float64(description="lower end of its 95% interval")
    transience_high = dy.Float64(description="upper end")
    resonance = dy.Float64(description="mean resonance [bits]")
    resonance_low = dy.Float64(description="lower end of its 95% interval")
    resonance_high = dy.Float64(description="upper end")


class Ties(dy.Schema):
    """Which figure belongs to which indicator of the register in data/curated/indicators.toml, and why the others to
    none."""

    figure_id = dy.String(primary_key=True, description="figure")
    number = dy.Int64(
        primary_key=True, min=1, description="running number: a target without a number can have several indicators"
    )
    indicator_id = dy.String(nullable=True, description="indicator that it belongs to; empty where it is none's value")
    by = dy.String(
        nullable=True,
        check=one_of(TIED_BY),
        description="what ties it: words (a pattern of the register fits its name), headings (one that holds below "
        "these headings alone), likeness (of its name and headings to those of the indicator)",
    )
    score = dy.Float64(
        nullable=True,
        min=0,
        max=1,
        description="how like the indicator, or the nearest one, it is, 0–1; 1 by a pattern",
    )
    nearest = dy.String(nullable=True, description="where it is untied: the nearest indicator, if any comes near")
    reason = dy.String(
        nullable=True,
        description="where it is untied, why: an [[untied]] entry of the register; place (of another country or one "
        "region); change (a change or rate of `nearest`); currency (`nearest` in another one); empty where nobody has "
        "said",
    )


class Series(dy.Schema):
    """Indicators with their values over time: figures tied to the register in data/curated/indicators.toml, and
    observations that people added in data/curated/observations.csv."""

    indicator_id = dy.String(primary_key=True, description="indicator of the register")
    value_id = dy.String(primary_key=True, description="the figure's id; added-<year>-<number> where people added it")
    figure_id = dy.String(nullable=True, description="the figure it comes from; empty where people added it")
    kind = dy.String(check=one_of(FIGURE_KINDS), description="target, baseline or observation")
    basis = dy.String(
        check=one_of(VALUE_BASES),
        description="stated by a document; derived: it follows from a later value and the change that the document "
        "states since (前年比); added by people",
    )
    edition = dy.Int64(nullable=True, description="edition whose document states it; empty where people added it")
    year = dy.Float64(nullable=True, description="year of the value; months as fractions, spans by their end [year]")
    span_start = dy.Float64(nullable=True, description="first year of a span (an average, a sum); else empty [year]")
    fiscal = dy.Bool(description="the year is a fiscal year (April to March)")
    value = dy.Float64(description="value in the register's unit")
    comparator = dy.String(nullable=True, description="as in figures: 以上, 超, 約 …")
    step = dy.Float64(
        min=0, description="place of the last published digit, in the register's unit; 0: exact (counts, ranks)"
    )
    growth = dy.Float64(nullable=True, description="growth over the year before that the text states for it [%]")
    keeps = dy.Bool(description="as in figures: a target to be kept, not reached")
    steady = dy.Bool(description="as in figures: the text calls the value level (横ばい)")
    doc_id = dy.String(nullable=True, description="document; empty where people added it")
    first_line = dy.Int64(nullable=True, min=1, description="line in the document (1-based)")
    source = dy.String(nullable=True, description="where people who added it have it from")
    address = dy.String(nullable=True, description="address of that source, as recorded; never fetched")
    published_on = dy.String(nullable=True, description="day or month on which the source published it [ISO 8601]")
    retrieved_on = dy.String(nullable=True, description="day on which it was taken from there [ISO 8601]")
    who = dy.String(nullable=True, description="who added it")


class Progress(dy.Schema):
    """Each indicator against its target, from all editions. docs/kpi.md says how it is judged."""

    indicator_id = dy.String(primary_key=True, description="indicator of the register")
    state = dy.String(
        check=one_of(PROGRESS),
        description="reached, kept (a target to be kept that holds), on_track, accelerate, limited, deteriorating, "
        "not_kept, missed (the target's year is past), or why nothing can be said: one_observation, no_observation, "
        "no_year (target without a year), no_path (a sum of years, which no yearly value is compared with), no_number "
        "(a KPI without a number), watched (a KPI that only follows the value), no_target (no KPI: context)",
    )
    sure = dy.Bool(description="the rounding of the published values leaves the state as it is")
    fragile = dy.Bool(description="one more observation in line with those so far would change the state")
    direction = dy.String(
        nullable=True,
        check=one_of(DIRECTIONS),
        description="growth a year as wished against fixed bounds, target or not (Statistics Canada): improving (1.5 % "
        "and more), moderate (0.5 to 1.5 %), stagnant (0 to 0.5 %), deteriorating; empty without two dated values, or "
        "where neither way is wished",
    )
    direction_sure = dy.Bool(description="the rounding of the published values leaves the direction as it is")
    trend = dy.String(
        nullable=True,
        check=one_of(TRENDS),
        description="from the first to the latest value; flat below 0.5 % a year, or where the text says so (横ばい)",
    )
    observations = dy.Int64(min=0, description="dated values from the first to the latest used [count]")
    keeps = dy.Bool(description="the target is to be kept, not reached")
    caveats = dy.List(
        dy.String(check=one_of(CAVEATS)),
        description="what state and direction rest on: rounding, bound, about, adjacent (two values a year apart), "
        "base_year (another one gives another state), fragile, derived, span, parts (of different years in one sum), "
        "rank, currency",
    )
    first_year = dy.Float64(nullable=True, description="year of the first observation or baseline used [year]")
    first_value = dy.Float64(nullable=True, description="its value, in the register's unit")
    first_id = dy.String(nullable=True, description="its row in series")
    last_year = dy.Float64(nullable=True, description="year of the latest observation [year]")
    last_value = dy.Float64(nullable=True, description="its value, in the register's unit")
    last_id = dy.String(nullable=True, description="its row in series")
    target_year = dy.Float64(nullable=True, description="year of the target [year]")
    target_value = dy.Float64(nullable=True, description="value of the target, in the register's unit")
    target_id = dy.String(nullable=True, description="its row in series")
    linear = dy.Bool(
        nullable=True, description="whether the growth is a difference a year [unit], not a rate [fraction]"
    )
    observed = dy.Float64(nullable=True, description="observed yearly growth, first to latest [see linear]")
    required = dy.Float64(nullable=True, description="required yearly growth, first to target [see linear]")
    needed = dy.Float64(nullable=True, description="yearly growth still needed, latest to target [see linear]")
    ratio = dy.Float64(nullable=True, description="observed over required yearly growth; 1 is exactly on track")
    ratio_low = dy.Float64(nullable=True, description="the lowest ratio that the rounding of the values allows")
    ratio_high = dy.Float64(nullable=True, description="the highest")


class Contradictions(dy.Schema):
    """Values of one indicator that do not agree, beyond rounding, ranges and bounds; both with their lines."""

    indicator_id = dy.String(primary_key=True, description="indicator of the register")
    finding = dy.String(
        primary_key=True,
        check=one_of(FINDINGS),
        description="contradiction: one edition says two things of one time; revision: a later edition says another "
        "than an earlier one, or a source that people added another on a later day; new_target: a later edition sets a "
        "target for another year; growth: the growth that the text states does not follow from the values; added: a "
        "value that people added differs from the document's, or from that of another source",
    )
    one_id = dy.String(
        primary_key=True, description="value that says the one (of the earlier edition or line), as in series"
    )
    other_id = dy.String(primary_key=True, description="value that says the other")
    year = dy.Float64(nullable=True, description="year that both speak of; new_target: the earlier target's [year]")
    other_year = dy.Float64(nullable=True, description="year of the other, where it is a target of another year [year]")
    one_value = dy.Float64(description="the one value, in the register's unit; growth: as stated [%]")
    other_value = dy.Float64(description="the other value, in the register's unit; growth: from the values [%]")
    one_edition = dy.Int64(nullable=True, description="edition of the one")
    other_edition = dy.Int64(nullable=True, description="edition of the other; empty where people added it")
    one_doc = dy.String(nullable=True, description="document of the one")
    one_line = dy.Int64(nullable=True, min=1, description="its line (1-based)")
    other_doc = dy.String(nullable=True, description="document of the other")
    other_line = dy.Int64(nullable=True, min=1, description="its line (1-based)")


class Coded(dy.Schema):
    """What holds by each codebook about measures: what coders agree about or somebody decided (docs/coding.md)."""

    codebook = dy.String(primary_key=True, description="codebook (data/curated/codebooks)")
    measure_id = dy.String(primary_key=True, description="measure that was coded")
    variable = dy.String(primary_key=True, description="variable of the codebook")
    value = dy.String(description="category that holds; a variable that nobody gave has no row")
    basis = dy.String(
        check=one_of(CODED_BASES),
        description="decision (a person's), adjudicated, agreed (two coders or more), single (one coder)",
    )
    changed = dy.Bool(description="the measure's text has changed since it was coded")


class Reliability(dy.Schema):
    """How far coders agree before anybody adjudicates, by codebook, variable and editions. Definitions below."""

    codebook = dy.String(primary_key=True, description="codebook (data/curated/codebooks)")
    version = dy.String(primary_key=True, description="version of the codebook that the coders followed")
    variable = dy.String(
        primary_key=True,
        description="variable of the codebook, of pairs for those that two coders or more name; status: what became of "
        "each measure, by its pairs",
    )
    edition_id = dy.String(primary_key=True, regex=EDITION_OR_ALL, description="edition that was coded; all: together")
    against = dy.String(
        primary_key=True,
        regex=EDITION_OR_ALL,
        description="later edition that it was compared with; all: together; none: the codebook is about measures",
    )
    units = dy.Int64(min=0, description="units that coders coded: measures, or pairs that they named [count]")
    by_two = dy.Int64(min=0, description="of these, units coded by two or more [count]")
    coders = dy.Int64(min=1, description="coders [count]")
    kind = dy.String(check=one_of(CODER_KINDS), description="who they are: person, language model, mixed")
    agreement = dy.Float64(nullable=True, min=0, max=1, description="share of units that two coders code alike, 0–1")
    agreement_low = dy.Float64(nullable=True, min=0, max=1, description="lower end of its 95% interval")
    agreement_high = dy.Float64(nullable=True, min=0, max=1, description="upper end")
    alpha = dy.Float64(
        nullable=True, max=1, description="Krippendorff's alpha, nominal; empty where all say the same or one coded"
    )
    alpha_low = dy.Float64(nullable=True, max=1, description="lower end of its 95% interval")
    alpha_high = dy.Float64(nullable=True, max=1, description="upper end")
    kappa = dy.Float64(nullable=True, min=-1, max=1, description="Cohen's kappa; of three or more the mean of pairs")
    kappa_low = dy.Float64(nullable=True, min=-1, max=1, description="lower end of its 95% interval")
    kappa_high = dy.Float64(nullable=True, min=-1, max=1, description="upper end")
    f1 = dy.Float64(
        nullable=True, min=0, max=1, description="F1 of the pairs that one coder names against the other's, 0–1"
    )
    f1_low = dy.Float64(nullable=True, min=0, max=1, description="lower end of its 95% interval")
    f1_high = dy.Float64(nullable=True, min=0, max=1, description="upper end")
    most_frequent = dy.String(nullable=True, description="the value that coders give most often")
    base_rate = dy.Float64(
        nullable=True, min=0, max=1,
        description="agreement that a coder would reach who always gives it, 0–1: alpha and kappa are then 0",
    )  # fmt: skip


TABLES: dict[str, type[dy.Schema]] = {
    "documents": Documents,
    "measures": Measures,
    "texts": Texts,
    "roadmap": Roadmap,
    "year_cells": YearCells,
    "features": Features,
    "commitments": Commitments,
    "mentions": Mentions,
    "figures": Figures,
    "unread": Unread,
    "ledger": Ledger,
    "revisions": Revisions,
    "coded": Coded,
    "reliability": Reliability,
    "checkability": Checkability,
    "mention_validity": MentionValidity,
    "topics": Topics,
    "sub_topics": SubTopics,
    "topic_model": TopicModel,
    "assignments": Assignments,
    "validity": Validity,
    "candidates": Candidates,
    "links": Links,
    "statuses": Statuses,
    "initiatives": Initiatives,
    "initiative_members": InitiativeMembers,
    "turnover": Turnover,
    "survival": Survival,
    "novelty": Novelty,
    "resonance": Resonance,
    "ties": Ties,
    "series": Series,
    "progress": Progress,
    "contradictions": Contradictions,
}
PRIVATE = {"texts"}  # holds sentences of the documents: written beside the others, ignored by git
