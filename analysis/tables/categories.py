"""What the coded columns of the tables can hold, and the check that a column holds nothing else."""

from dataclasses import dataclass

import polars as pl

KINDS = ["full", "summary", "article", "roadmap", "annex"]
PARTS_OF_A_PLAN = ["roadmap", "annex"]  # kinds of documents that belong to a full plan, in files of their own
DOCUMENT_STATUSES = ["decided", "draft"]
PART = r"^(body|summary|[0-9]{4})$"
HORIZONS = ["短期", "中期", "長期"]
ROLES = [
    "blank", "title", "contents", "heading", "background", "measure", "attribution", "cross_reference", "kpi",
    "table", "figure", "footnote", "furniture", "roadmap", "annex", "unknown",
]  # fmt: skip
PLACES = ["outlook", "kpi", "measure", "roadmap", "table", "background", "footnote", "annex"]
FIGURE_KINDS = ["target", "baseline", "observation"]
NATURES = ["level", "change", "rate"]
UNREAD_REASONS = [
    "no_unit", "forecast", "ordinal", "ratio", "best_part", "denominator", "name", "whole", "threshold", "title",
    "sample", "one_in_so_many", "note",
]  # fmt: skip
RELATIONS = ["same", "successor"]
CODED_BASES = ["decision", "adjudicated", "agreed", "single"]
TOPIC_BASES = [*CODED_BASES, "model"]
CHECKABILITY_BASES = [*CODED_BASES, "rules"]
INSTRUMENTS = ["authority", "treasure", "nodality", "organisation", "none"]  # Hood 1983, The tools of government
CHECKABLE = ["output", "date", "quantity"]  # what of a measure somebody could check
ACTS = ["reform", "do", "support", "inform", "study", "promote"]  # the strongest first
UNCLEAR = "unclear"  # stands for a topic where none is told
BASES = ["likeness", "reading", "reference", "repetition", "decision"]
EDITION_ID = r"^R?[0-9]{4}$"  # see `tables.editions`
EDITION_OR_ALL = r"^(R?[0-9]{4}|all|none)$"
CODER_ROLES = ["coder", "adjudicator", "reviewer", "sample"]
CODER_KINDS = ["person", "language model", "mixed"]
GROUPINGS = ["all", "topic", "ministry"]
STATUSES = ["continued", "evolved", "ended", "continuing", "new"]
KINDS_OF_CHANGE = ["split", "merged", "reworded", "moved", "kept"]  # the first that holds: `continuity.changes`
INITIATIVE_ID = r"^I[0-9]{4,}$"
INITIATIVE_STATES = ["living", "merged", "evolved", "ended", "retired"]
MEMBER_RELATIONS = ["first", "split", "evolved", "same", "repetition"]
DIFFERENCES = ["wording", "section", "ministries", "horizon"]
PROGRESS = [
    "reached", "kept", "on_track", "accelerate", "limited", "deteriorating", "not_kept", "missed", "one_observation",
    "no_observation", "no_year", "no_path", "no_number", "watched", "no_target",
]  # fmt: skip
TRENDS = ["up", "down", "flat"]
DIRECTIONS = ["improving", "moderate", "stagnant", "deteriorating"]
VALUE_BASES = ["stated", "derived", "added"]
CAVEATS = [
    "rounding", "bound", "about", "adjacent", "base_year", "fragile", "derived", "span", "parts", "rank", "currency",
]  # fmt: skip
TIED_BY = ["words", "headings", "likeness"]
DELIVERY = ["not_started", "in_progress", "partly_done", "done", "abandoned", "not_assessable"]
CHANGES = ["unchanged", "reattributed", "reworded", "added", "dropped", "elsewhere"]
MENTION_KINDS = ["law", "plan", "guideline", "council", "programme", "treaty", "system", "event"]
MENTION_BASES = ["register", "pattern"]
MENTION_METHODS = ["grammar", "edition_left_out", "register"]
FINDINGS = ["contradiction", "revision", "new_target", "growth", "added"]


@dataclass(frozen=True)
class OneOf:
    """A check that a text is one of a few; a class, so that descriptions of a table can list them."""

    values: tuple[str, ...]
    __name__ = "known"  # the name of the rule in the message about a faulty table

    def __call__(self, column: pl.Expr) -> pl.Expr:
        return column.is_in(self.values)


def one_of(values: list[str]) -> OneOf:
    return OneOf(tuple(values))
