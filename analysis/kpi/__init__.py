"""Indicators over time: figures tied to a register, made comparable, and set against their targets.

register      data/curated/indicators.toml, which people keep, and the observations that they add
units         multiples, rounding of published figures, and what a comparator leaves open
timeline      figures → one series an indicator
pace          series → progress: where each indicator stands against its target
conflicts     figures that say different things of the same
coverage      what became of each figure and each KPI part; the indicators as people read them
annex         the ratings of the standards strategy's measures

docs/kpi.md says how progress is judged and what it cannot say.
"""

from analysis.kpi.annex import ratings
from analysis.kpi.conflicts import contradictions
from analysis.kpi.coverage import CHARTS, disagreements, figures_told, listing, overview, parts, remarks
from analysis.kpi.pace import BEHIND, OPEN, group_of, progress
from analysis.kpi.register import Indicator, indicators, names, observations
from analysis.kpi.timeline import as_of, core, series, ties

__all__ = [
    "BEHIND", "CHARTS", "OPEN", "Indicator", "as_of", "contradictions", "core", "disagreements", "figures_told",
    "group_of", "indicators", "listing", "names", "observations", "overview", "parts", "progress", "ratings", "remarks",
    "series", "ties",
]  # fmt: skip
