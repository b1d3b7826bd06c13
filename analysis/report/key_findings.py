"""The plan in ten sentences: templates over facts, each fact linked to the table on the page that it comes from."""

from dataclasses import dataclass
from typing import Any

import markupsafe
import polars as pl

from analysis import kpi
from analysis.base.i18n import percent, template
from analysis.coding import codings
from analysis.continuity import model_parameters
from analysis.report import chart_tables
from analysis.tables import ministries, plan_structure, summary_statistics


@dataclass(frozen=True)
class Fact:
    """Something a table says, and the anchor of that table on the page; names and years need none."""

    value: object
    table: str | None = None


@dataclass(frozen=True)
class Sentence:
    """A key of wording.toml and the facts that fill it."""

    key: str
    facts: dict[str, Fact]

    def text(self, language: str) -> str:
        """The sentence as it is read."""
        return template(self.key, language).format(**{name: fact.value for name, fact in self.facts.items()})

    def html(self, language: str) -> markupsafe.Markup:
        """The sentence as safe HTML, each fact a link to its table."""
        link = markupsafe.Markup('<a href="#{}">{}</a>')
        linked = {
            name: link.format(fact.table, str(fact.value)) if fact.table else str(fact.value)
            for name, fact in self.facts.items()
        }
        return markupsafe.escape(template(self.key, language)).format(**linked)


Found = dict[str, pl.DataFrame]


def highlights(
    found: Found, indicators: list[dict[str, Any]], edition: int, baseline: int, language: str
) -> list[Sentence]:
    """Ten sentences at most, in the order of the page; what the tables cannot say is left out.

    `indicators` is what `kpi.overview` gives."""
    told = [*_structure(found, edition, language), *_topics(found, edition, baseline, language)]
    if edition != baseline:
        told += _continuity(found, edition, baseline)
    return [*told, *_kpis(found, indicators, edition), _quality(found)]


def _structure(found: Found, edition: int, language: str) -> list[Sentence]:
    own = summary_statistics.stated(found["measures"], edition)
    sections = plan_structure.sections(found["measures"], edition)
    numbers: dict[str, object] = {"measures": len(own), "sections": len(sections)}
    told = [_sentence("highlight_measures", "rows-sections", numbers, edition=edition)]
    horizons = plan_structure.horizons(found["measures"], edition)
    if len(horizons):
        first = horizons.row(0, named=True)
        numbers = {"share": percent(first["measures"], len(own))}
        told.append(
            _sentence(
                "highlight_horizon", "rows-horizons", numbers, horizon=chart_tables.horizons(first["horizon"], language)
            )
        )
    if not plan_structure.counts_bodies(found["measures"], edition):
        return told
    bodies = plan_structure.bodies(found["measures"], edition)
    if len(bodies) > 1:
        first, second = (bodies.row(place, named=True) for place in (0, 1))
        numbers = {"first_count": first["measures"], "second_count": second["measures"]}
        names = {name: ministries.label(row["body"], language) for name, row in (("first", first), ("second", second))}
        told.append(_sentence("highlight_bodies", "rows-ministries", numbers, **names))
    together = plan_structure.together(found["measures"], edition)
    if len(together):
        pair = together.row(0, named=True)
        several = bodies.explode("measure_ids").filter(pl.col("measure_ids").is_duplicated())["measure_ids"].n_unique()
        names = {"one": ministries.label(pair["body"], language), "other": ministries.label(pair["other"], language)}
        shared = _sentence("highlight_together", "rows-together", {"count": pair["measures"]}, **names)
        share = Fact(percent(several, len(own)), "rows-ministries")
        told.append(Sentence(shared.key, shared.facts | {"share": share}))
    return told


def _topics(found: Found, edition: int, baseline: int, language: str) -> list[Sentence]:
    name = f"name_{language}"
    shares = summary_statistics.shares(found["measures"], found["assignments"], found["topics"])
    own = shares.filter(pl.col("edition") == edition).sort(["share", "topic_id"], descending=[True, False])
    if len(own) < 2:
        return []
    first, second = (own.row(place, named=True) for place in (0, 1))
    numbers: dict[str, object] = {"first_share": percent(first["share"]), "second_share": percent(second["share"])}
    told = [_sentence("highlight_topics", "rows-topics", numbers, first=first[name], second=second[name])]
    before = shares.filter(pl.col("edition") == baseline).select("topic_id", before="share")
    if edition != baseline and len(before):
        moved = own.join(before, on="topic_id").sort(pl.col("share") - pl.col("before"), "topic_id")
        up, down = moved.row(-1, named=True), moved.row(0, named=True)
        numbers = {}
        for side, row in (("up", up), ("down", down)):
            numbers |= {f"{side}_from": percent(row["before"]), f"{side}_to": percent(row["share"])}
        names = {"baseline": baseline, "up": up[name], "down": down[name]}
        told.append(_sentence("highlight_shift", "rows-topics", numbers, **names))
    return told


def _continuity(found: Found, edition: int, baseline: int) -> list[Sentence]:
    earlier, later = (str(year) for year in sorted((edition, baseline)))
    before, after = ("rows-ended", "rows-origin") if baseline < edition else ("rows-origin", "rows-ended")
    forward = summary_statistics.seen_from(found["statuses"], earlier, later)
    became = dict(forward.group_by("status").len().iter_rows())
    linked, total = summary_statistics.carry_over(found["statuses"], earlier, later)
    low, high = summary_statistics.interval(linked, total)
    statuses = {
        "continued": Fact(became.get("continued", 0), before),
        "evolved": Fact(became.get("evolved", 0), "outcome-evolved"),
        "ended": Fact(became.get("ended", 0), "outcome-ended"),
    }
    sides = {"earlier": earlier, "later": later}
    numbers: dict[str, object] = {"total": total, "share": percent(linked, total)}
    numbers |= {"low": percent(low), "high": percent(high)}
    kept = _sentence("highlight_carried", before, numbers, **sides)
    backward = summary_statistics.seen_from(found["statuses"], later, earlier)
    new, whole = len(backward.filter(pl.col("status") == "new")), len(backward)
    began = _sentence("highlight_new", "outcome-new", {"new": new, "share": percent(new, whole)}, **sides)
    began = Sentence(began.key, began.facts | {"whole": Fact(whole, after)})
    return [Sentence(kept.key, kept.facts | statuses), began]


def _kpis(found: Found, indicators: list[dict[str, Any]], edition: int) -> list[Sentence]:
    own = found["figures"].filter(pl.col("edition") == edition)
    if own.filter(pl.col("place") == "kpi").is_empty():
        return [_sentence("highlight_no_kpis", "kpis", {}, edition=edition)]
    states = [row["state"] for row in indicators]
    if not states:
        return [_sentence("highlight_no_indicators", "kpis", {"figures": len(own)}, edition=edition)]
    groups = {"reached": ["reached"], "on_track": ["on_track"], "behind": list(kpi.BEHIND), "open": list(kpi.OPEN)}
    counted = {group: sum(state in among for state in states) for group, among in groups.items()}
    numbers: dict[str, object] = {"indicators": len(states), **counted}
    numbers |= {"followed": len(states) - sum(counted.values())}
    return [_sentence("highlight_kpis", "indicators", numbers)]


def _quality(found: Found) -> Sentence:
    doubtful = len(found["measures"].filter(pl.col("doubts").list.len() > 0))
    right, readers = model_parameters.agreement_with_codings()["status_accuracy"], codings.reliability(found["read"])
    facts = {
        "unknown": Fact(f"{100 * summary_statistics.unknown(found['ledger']):.1f}%", "rows-ledger"),
        "doubtful": Fact(doubtful, "rows-confidence"),
        "rows": Fact(len(found["measures"]), "rows-confidence"),
        "right": Fact(percent(right), "agreement"),
        "readers": Fact(percent(readers["same_status"]) if readers else "–", "agreement"),
    }
    return Sentence("highlight_quality", facts)


def _sentence(key: str, table: str, numbers: dict[str, object], **names: object) -> Sentence:
    """A sentence whose numbers all come from one table, beside names and years."""
    linked = {name: Fact(value, table) for name, value in numbers.items()}
    return Sentence(key, linked | {name: Fact(value) for name, value in names.items()})
