"""Read a nation's intellectual property plans: measures, topics, continuity and KPI trends."""

__version__ = "0.1.0"
__released__ = "2026-11-20"
