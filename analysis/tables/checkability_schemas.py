"""The tables of what can be checked of a measure: what its words say, and what holds."""

import dataframely as dy

from analysis.tables.categories import ACTS, CHECKABILITY_BASES, INSTRUMENTS, one_of

WORDS = "short forms, at most six"


class Commitments(dy.Schema):
    """What rules of grammar see in each measure: the strongest act, and whether it names a thing, a time, a number."""

    measure_id = dy.String(primary_key=True, description="measure")
    act = dy.String(check=one_of(ACTS), description="the strongest act, as in checkability")
    output = dy.Bool(description="a thing or event is named that comes about by the act")
    due = dy.Bool(description="a time by which, or in which, it is due is named")
    quantity = dy.Bool(description="a number that is to be reached or done is named")
    act_words = dy.List(dy.String(), description=f"verbs and verbal nouns that say the act ({WORDS})")
    output_words = dy.List(dy.String(), description=f"the things ({WORDS})")
    due_words = dy.List(dy.String(), description=f"the times ({WORDS})")
    quantity_words = dy.List(dy.String(), description=f"the numbers with their units ({WORDS})")


class Checkability(dy.Schema):
    """What somebody could check of each measure: its coding, or where nobody has coded it what the rules see."""

    measure_id = dy.String(primary_key=True, description="measure")
    act = dy.String(
        check=one_of(ACTS),
        description="the strongest act: reform (changes a law, rule or system), do (a definite act), support (of "
        "others), inform (makes known, urges), study (only considers), promote (no definite act)",
    )
    instrument = dy.String(
        check=one_of(INSTRUMENTS),
        description="policy instrument (Hood 1983) that follows from the act and from what is named (mentions): "
        "authority (a rule: reform; do, where a law, treaty or guideline is named), treasure (money and help: "
        "support), nodality (information given or gathered: inform, study), organisation (what the state itself does: "
        "do, else), none (promote)",
    )
    output = dy.Bool(description="it names a thing or event of which somebody could say that it came about or did not")
    date = dy.Bool(
        description="it names a year, month or event by which something is due (variable `due` of the codebook)"
    )
    quantity = dy.Bool(description="it names a number that is to be reached or done")
    act_words = dy.List(dy.String(), description=f"words that say the act, where the rules see it, too ({WORDS})")
    output_words = dy.List(dy.String(), description=f"words for the things ({WORDS})")
    date_words = dy.List(dy.String(), description=f"the times ({WORDS})")
    quantity_words = dy.List(dy.String(), description=f"the numbers with their units ({WORDS})")
    basis = dy.String(
        check=one_of(CHECKABILITY_BASES),
        description="what the act rests on: a person's decision, an adjudicator (adjudicated), coders who agree "
        "(agreed), one coder (single), or the rules, where nobody has coded it",
    )
