"""The report's exhibits in the order of the page, and those that only notebooks show."""

from collections.abc import Callable

from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit
from analysis.report.exhibits import (
    act_shifts,
    agreement,
    carried_by_ministry,
    carried_by_topic,
    carry_over,
    checkability,
    confidence,
    genealogy,
    horizons,
    industries,
    kpi_coverage,
    kpi_panels,
    kpi_progress,
    kpi_ratio,
    kpi_scoreboard,
    ledger,
    links,
    method,
    ministries,
    named_by,
    names,
    oldest_initiatives,
    plans_cited,
    ratings,
    reliability,
    resonance,
    revisions,
    roadmap_promises,
    sections,
    sensitivity,
    since_last_edition,
    splits_and_merges,
    statuses_by_topic,
    stepmap,
    sub_topics,
    survival,
    together,
    topic_flows,
    topic_map,
    topic_terms,
    topics,
    topics_crossed,
    under_other_names,
    unread,
    validity,
)

PAGE: tuple[Callable[[ReportData], Exhibit | None], ...] = (
    sections.exhibit, revisions.exhibit, horizons.exhibit, ministries.exhibit, together.exhibit,
    topics.exhibit, sub_topics.exhibit, topic_terms.exhibit, topics_crossed.by_section, topics_crossed.by_ministry,
    topic_map.exhibit, names.exhibit, names.over_editions, plans_cited.exhibit, named_by.exhibit, checkability.exhibit,
    act_shifts.exhibit, act_shifts.kinds,
    since_last_edition.exhibit, links.basis, statuses_by_topic.ended, statuses_by_topic.origin, topic_flows.exhibit,
    carried_by_ministry.exhibit,
    carry_over.exhibit, under_other_names.exhibit, splits_and_merges.exhibit, roadmap_promises.exhibit,
    survival.exhibit, oldest_initiatives.exhibit, stepmap.exhibit, genealogy.exhibit, links.trust,
    kpi_scoreboard.exhibit, kpi_ratio.exhibit, kpi_panels.judged, kpi_panels.open_targets, kpi_panels.followed,
    kpi_coverage.exhibit, kpi_coverage.untied, kpi_progress.disagreements, industries.exhibit, ratings.exhibit,
    ledger.exhibit, confidence.exhibit, reliability.exhibit, agreement.exhibit, method.exhibit,
)  # fmt: skip
NOTEBOOKS_ONLY: tuple[Callable[[ReportData], Exhibit | None], ...] = (
    sensitivity.exhibit, carried_by_topic.exhibit, resonance.exhibit,
    unread.exhibit, validity.exhibit, kpi_progress.exhibit,
)  # fmt: skip


def on_page(data: ReportData) -> list[Exhibit]:
    """Return the exhibits that the edition has data for, in the order of the page."""
    return [exhibit for make in PAGE if (exhibit := make(data)) is not None]
