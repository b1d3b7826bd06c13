"""The table that says what measures name: laws, plans, guidelines, bodies that meet, programmes, treaties …"""

import dataframely as dy

from analysis.tables.categories import MENTION_BASES, MENTION_KINDS, one_of

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
        description="register: the register holds the name; pattern: grammar alone says that it is one",
    )
