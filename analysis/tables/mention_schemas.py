"""The table that says what measures name: laws, plans, guidelines, bodies that meet, programmes, treaties …"""

import dataframely as dy

from analysis.tables.categories import EDITION_OR_ALL, MENTION_BASES, MENTION_KINDS, MENTION_METHODS, one_of

LONGEST_NAME = 36  # characters of a name that are committed: a longer run of a document's words would be a quotation


class Mentions(dy.Schema):
    """Names in the texts of measures, each once for a measure, where it stands first (docs/mentions.md)."""

    measure_id = dy.String(primary_key=True, description="measure, of whatever edition")
    start = dy.Int64(
        primary_key=True, min=0, description="place of its first character in the measure's text as repaired, from 0"
    )
    characters = dy.Int64(min=1, description="length of the name in that text [characters]")
    name = dy.String(description="name as the document writes it, shortened where it is very long")
    kind = dy.String(check=one_of(MENTION_KINDS), description="what kind of thing it names")
    canonical = dy.String(
        description="the thing's name in the register (data/curated/mentions.toml), else the name as written, without "
        "white space and in the usual width"
    )
    basis = dy.String(
        check=one_of(MENTION_BASES),
        description="register: the register holds the name; pattern: it does not, grammar alone says that it is one",
    )
    by_grammar = dy.Bool(description="whether grammar alone finds it, or a part of it, whatever the register holds")


class MentionValidity(dy.Schema):
    """How far the names found agree with the coders' of codebook `mentions`: a name within the other's is the same."""

    edition_id = dy.String(primary_key=True, regex=EDITION_OR_ALL, description="edition that was coded, or all")
    method = dy.String(
        primary_key=True,
        check=one_of(MENTION_METHODS),
        description="grammar: without the register; edition_left_out: the register holds only what coders named in "
        "other editions, as before a new one; register: as shipped, with the names of these codings in it",
    )
    measures = dy.Int64(min=0, description="measures that were coded")
    names = dy.Int64(min=0, description="names found in them")
    coded = dy.Float64(min=0, description="names that a coder gives, mean over coders")
    precision = dy.Float64(nullable=True, min=0, max=1, description="share of the names found that a coder gives, 0–1")
    recall = dy.Float64(nullable=True, min=0, max=1, description="share of the coders' names that are found, 0–1")
    f1 = dy.Float64(nullable=True, min=0, max=1, description="harmonic mean of both, 0–1")
    kinds = dy.Float64(
        nullable=True, min=0, max=1, description="share of the names found and given that are of the same kind, 0–1"
    )
