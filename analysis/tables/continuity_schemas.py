"""Schemas of continuity: pairs of measures and what is said of them, initiatives, and how much goes on."""

import dataframely as dy

from analysis.tables import metric_definitions
from analysis.tables.categories import (
    BASES,
    DIFFERENCES,
    EDITION_ID,
    GROUPINGS,
    INITIATIVE_ID,
    INITIATIVE_STATES,
    KINDS_OF_CHANGE,
    MEMBER_RELATIONS,
    RELATIONS,
    STATUSES,
    one_of,
)


class Candidates(dy.Schema):
    """Candidate pairs of measures of two editions with their similarity features, linked or not (score from 0.02)."""

    from_id = dy.String(primary_key=True, description="measure of the earlier edition")
    to_id = dy.String(primary_key=True, description="measure of the later edition")
    score = dy.Float64(min=0, max=1, description="probability that the pair is linked, by likeness alone, 0–1")
    same_score = dy.Float64(min=0, max=1, description="probability that it is the same initiative, 0–1")
    rest = dy.Float64(
        min=0,
        max=1,
        description="share of the pair that better pairs of its measures leave open; 1 is a best pair, 0–1",
    )
    wording = dy.Float64(min=0, max=1, description="cosine of the character n-grams, TF-IDF weighted, 0–1")
    words = dy.Float64(min=0, max=1, description="cosine of the content words, TF-IDF weighted, 0–1")
    overlap = dy.Float64(
        min=0, max=1, description="weight of the words in common, of all words of the shorter text, 0–1"
    )
    lead = dy.Float64(
        min=0, max=1, description="`words` against the best pair of either measure (geometric mean): 1 is the best, 0–1"
    )
    name = dy.Float64(min=0, max=1, description="rarity of the rarest compound name in common, 0–1")
    subject = dy.Float64(
        min=0, max=1, description="cosine of the specific subjects (data/curated/thesaurus.toml), TF-IDF weighted, 0–1"
    )
    ministry = dy.Float64(
        min=0, max=1, description="1 where a ministry is in charge of both (agencies counted with their parents), "
        "0 where none is, 0.5 where a side names none",
    )  # fmt: skip
    ministry_rarity = dy.Float64(min=0, max=1, description="rarity of the rarest ministry in charge of both, 0–1")
    section = dy.Float64(min=0, max=1, description="cosine of the words of the headings above, TF-IDF weighted, 0–1")
    topic = dy.Float64(min=0, max=1, description="1 where both have the same main topic, else 0")
    length = dy.Float64(min=0, max=1, description="how much both texts say: a tenth of the log of their words' weight")
    vector = dy.Float64(
        nullable=True,
        min=-1,
        max=1,
        description="how much nearer the sentence vectors are than the mean of each side's ten nearest in the other "
        "edition (CSLS), −1…1; empty where a measure of either edition has none",
    )


class Links(dy.Schema):
    """Pairs of measures of two editions of which the later carries the earlier on."""

    from_id = dy.String(primary_key=True, description="measure of the earlier edition")
    to_id = dy.String(primary_key=True, description="measure of the later edition")
    from_edition = dy.String(
        regex=EDITION_ID, description="earlier edition: year of the plan, R before a roadmap's items"
    )
    to_edition = dy.String(regex=EDITION_ID, description="later edition")
    relation = dy.String(
        check=one_of(RELATIONS),
        description="same: the same initiative, continued; successor: another that takes over its goal or programme",
    )
    score = dy.Float64(
        min=0, max=1, description="probability that the pair is linked, 0–1; 1 where a document or a person says so, "
        "at least 0.9 where two coders named it, 0.6 where two of three did",
    )  # fmt: skip
    same_score = dy.Float64(min=0, max=1, description="probability that it is the same initiative, 0–1")
    basis = dy.String(
        check=one_of(BASES),
        description="what it rests on: likeness, reading (data/curated/codings/links.csv), reference (工程表NNに記載), "
        "repetition (再掲), a person's decision",
    )
    shared_names = dy.List(dy.String(), description="compound names in common, rarest first (six at most)")
    shared_terms = dy.List(dy.String(), description="further words in common, rarest first (six at most)")
    shared_subjects = dy.List(
        dy.String(), description="specific subjects in common, rarest first (six at most; data/curated/thesaurus.toml)"
    )
    shared_ministries = dy.List(dy.String(), description="ministries in common, agencies counted with their parents")
    renamed = dy.List(dy.String(), description="names in common that were renamed meanwhile, as old→new")
    changed = dy.List(
        dy.String(check=one_of(DIFFERENCES)),
        description="what differs between the two: wording (if only in a word), section (other words in the headings "
        "above; not where a heading itself was worded anew), ministries (agencies counted with their parents, a body "
        "with what it took over meanwhile), horizon (or deadline); empty: kept as it was. What one side does not name "
        "at all is not said to differ",
    )


class Statuses(dy.Schema):
    """What became of each measure, or where it came from, seen from another edition."""

    measure_id = dy.String(primary_key=True, description="measure")
    edition_id = dy.String(regex=EDITION_ID, description="its edition")
    other_edition = dy.String(primary_key=True, regex=EDITION_ID, description="the edition it is compared with")
    status = dy.String(
        check=one_of(STATUSES),
        description="continued, evolved or ended (looking forward); continuing, evolved or new (looking back)",
    )
    doubtful = dy.Bool(
        description="the status would differ with thresholds half as high again, or a third lower; or coders differed, "
        "or coded another text; or it has no link, and a likely pair that better pairs left no room for"
    )
    best_score = dy.Float64(
        min=0, max=1, description="highest score of any pair with the other edition, linked or not, 0–1"
    )
    links = dy.Int64(min=0, description="links to the other edition [rows]")
    change = dy.String(
        nullable=True,
        check=one_of(KINDS_OF_CHANGE),
        description="what became of it in more detail, the first that holds: split (two measures or more each hold a "
        "part of its wording that the others do not have, or it is such a part), merged (the other way round), "
        "reworded (another text, perhaps under other headings), moved (the same text under other headings), kept (the "
        "same text under the same headings). Empty where it ended or is new, and where it evolved and was neither "
        "split nor merged; a summary's items are never split or merged",
    )
    changed = dy.List(
        dy.String(check=one_of(DIFFERENCES)),
        description="what differs from its closest partner in the other edition, as in `links`: of the links that say "
        "the same initiative, if any, the one in which least changed; empty where it has no link",
    )


class Initiatives(dy.Schema):
    """What goes on under one identifier over the editions. An identifier stays with its measures through new editions,
    codings and runs, and is never given again; `initiative_members` holds the measures. Definitions below."""

    initiative_id = dy.String(primary_key=True, regex=INITIATIVE_ID, description="identifier, also its anchor on pages")
    name_ja = dy.String(description="its name in Japanese: data/curated/initiative_names.csv, else its rarest names")
    name_en = dy.String(description="its name in English: data/curated/initiative_names.csv, else its topic and number")
    named_by = dy.String(nullable=True, description="who gave the names; empty where they are made of words")
    state = dy.String(
        check=one_of(INITIATIVE_STATES),
        description="living: seen in the last full plan or later; merged: not seen there, a measure of another "
        "initiative is the same; evolved: not seen there, a measure of another takes over; ended: not seen there, and "
        "nothing is linked; retired: the identifier of measures that belong to `merged_into` by what is known now, or "
        "that are no more",
    )
    born = dy.String(nullable=True, regex=EDITION_ID, description="edition of its first measure; empty where retired")
    last_seen = dy.String(nullable=True, regex=EDITION_ID, description="edition of its last measure")
    editions = dy.List(dy.String(regex=EDITION_ID), description="editions in which it is seen, in the order of time")
    members = dy.List(dy.String(), description="its measures in the order of time, repetitions (再掲) last")
    topic_id = dy.String(nullable=True, description="topic of its last measure; empty where that is unclear")
    ministries = dy.List(dy.String(), description="ministries in charge of its last measure")
    split_from = dy.String(
        nullable=True, regex=INITIATIVE_ID, description="initiative that was the same before, and goes on by itself"
    )
    evolved_from = dy.String(
        nullable=True, regex=INITIATIVE_ID, description="initiative whose goal or programme it takes over"
    )
    merged_into = dy.String(nullable=True, regex=INITIATIVE_ID, description="initiative that is the same from then on")
    evolved_into = dy.String(nullable=True, regex=INITIATIVE_ID, description="initiative that takes over")


class InitiativeMembers(dy.Schema):
    """The measures of each initiative, one of an edition (and its repetitions); every measure belongs to one."""

    initiative_id = dy.String(primary_key=True, regex=INITIATIVE_ID, description="initiative")
    measure_id = dy.String(primary_key=True, description="measure")
    text_hash = dy.String(
        regex="^[0-9a-f]{16}$", description="hash of its text, by which it is known again where a document is replaced"
    )
    edition_id = dy.String(regex=EDITION_ID, description="its edition")
    relation = dy.String(
        check=one_of(MEMBER_RELATIONS),
        description="first: nothing earlier is linked; split: the first here, and the same as a measure of the "
        "initiative that it was split from; evolved: the first here, and takes over from another; same: the "
        "initiative goes on; repetition: repeats another measure of it (再掲)",
    )
    from_id = dy.String(nullable=True, description="earlier measure that it is linked with, or that it repeats")
    basis = dy.String(nullable=True, check=one_of(BASES), description="what that link rests on, as in `links`")
    score = dy.Float64(nullable=True, min=0, max=1, description="probability of that link, as in `links`, 0–1")
    change = dy.String(
        nullable=True,
        check=one_of(KINDS_OF_CHANGE),
        description="how it differs from that measure: reworded, moved (other headings) or kept; split where the other "
        "goes on elsewhere. Empty where nothing earlier is linked or another initiative is taken over from",
    )
    changed = dy.List(dy.String(check=one_of(DIFFERENCES)), description="what differs, as in `links`")


class Turnover(dy.Schema):
    """How much of one edition goes on in another, in figures; a repetition (再掲) counts once. Definitions below."""

    from_edition = dy.String(primary_key=True, regex=EDITION_ID, description="earlier edition")
    to_edition = dy.String(primary_key=True, regex=EDITION_ID, description="later edition")
    strictness = dy.Float64(
        primary_key=True, min=0, description="factor of the thresholds from which on a pair is linked; 1: as committed"
    )
    by = dy.String(
        primary_key=True,
        check=one_of(GROUPINGS),
        description="all, or the grouping of the measures counted: topic or ministry",
    )
    group = dy.String(
        primary_key=True,
        description="all, the topic_id (unclear where none is told) or the body in charge (offices with their body)",
    )
    metric = dy.String(
        primary_key=True,
        check=one_of(metric_definitions.names("turnover")),
        description="what is measured: see the definitions",
    )
    value = dy.Float64(min=0, max=1, description="its value, 0–1")
    low = dy.Float64(nullable=True, min=0, max=1, description="lower end of the 95% interval")
    high = dy.Float64(
        nullable=True, min=0, max=1, description="upper end; both are empty where all measures are linked or none"
    )
    count = dy.Int64(min=0, description="measures counted; jaccard: items in common; reuse: measures linked [rows]")
    total = dy.Int64(min=0, description="of how many; jaccard: items of either edition [rows]")


class Survival(dy.Schema):
    """How many of the initiatives of a cohort go on, year by year (Kaplan–Meier). Definitions below."""

    relation = dy.String(
        primary_key=True, check=one_of(["same", "any"]), description="links a life goes through: same, or any"
    )
    cohort = dy.String(
        primary_key=True, description="year the initiative began in; full: all first seen in a full plan or its roadmap"
    )
    assigned = dy.String(
        primary_key=True,
        check=one_of(["latest", "earliest"]),
        description="when ends are taken to come: the year of the plan that shows them, or the year after last seen",
    )
    initiatives = dy.Int64(min=1, description="initiatives of the cohort, whenever they enter [initiatives]")
    year = dy.Int64(primary_key=True, description="year; the first one is that of the document they are first seen in")
    at_risk = dy.Int64(min=0, description="initiatives that can be seen to end; in the first year those that enter")
    ended = dy.Int64(min=0, description="initiatives that are taken to end in the year")
    survival = dy.Float64(min=0, max=1, description="share that goes on after the year, 0–1")
    low = dy.Float64(nullable=True, min=0, max=1, description="lower end of its 95% interval; empty where all ended")
    high = dy.Float64(nullable=True, min=0, max=1, description="upper end")
