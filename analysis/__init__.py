"""Read a nation's intellectual property plans: measures, topics, continuity and KPI trends."""

from analysis.base import iri_grammar

__version__ = "0.1.0"
__released__ = "2026-11-20"

iri_grammar.put_off()
