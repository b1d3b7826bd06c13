"""The page's first lines: four numbers with what they were before, and three findings for who is new to the subject."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from analysis import kpi
from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.report import comparability
from analysis.report.data import ReportData
from analysis.report.exhibit import Fact, Finding, finding
from analysis.tables import summary_statistics
from analysis.tables.categories import CHECKABLE, UNCLEAR

MOST_FINDINGS = 3
LARGEST = N_("{share} of its {measures} are about one topic: {topic}.")
LARGEST_BEFORE = N_("{share} of its {measures} are about one topic: {topic}. In {baseline} it was {before}.")
GOES_ON = N_(
    "About {carried} of ten measures of {earlier} can be recognised in {later}; about {new} of ten measures of {later} "
    "were not in {earlier}."
)
TARGETS = N_(
    "{target} of the values that it follows have a target in numbers. For {judged} of these there is enough to judge: "
    "{good} are met or on track, {behind} behind."
)
TO_CHECK = N_(
    "About {named} of ten {measures} name a thing, a date or a number, so that somebody could check later whether it "
    "was done."
)


@dataclass(frozen=True)
class Number:
    """A number of the scoreboard: what it counts, its value, what it is compared with, and the anchor of its rows."""

    label: str
    value: str
    before: str
    anchor: str


def numbers(data: ReportData) -> list[Number]:
    """Return the scoreboard's numbers, those that the edition has data for."""
    return [*_size(data), *_newness(data), *_checks(data), *_targets(data)]


def findings(data: ReportData) -> list[Finding]:
    """Return the first three findings in plain words that the edition has data for."""
    made = [*_largest(data), *_goes_on(data), *_judged(data), *_named(data)]
    return made[:MOST_FINDINGS]


# --- the four numbers ---------------------------------------------------------------------------------------------


def _size(data: ReportData) -> Iterator[Number]:
    label = _measures(data)
    before = summary_statistics.counted(data.tables["measures"], data.baseline)
    notes = [] if data.alone else [data.gettext("{plan}: {count}", plan=data.plan(data.baseline), count=len(before))]
    if len(data.own) > len(data.counted):
        notes.append(data.gettext("with repetitions (再掲): {count}", count=len(data.own)))
    yield Number(label, str(len(data.counted)), data.listed(notes), "rows-sections")


def _measures(data: ReportData) -> str:
    """What to call that which the edition states: a summary states items."""
    return data.gettext("measures") if data.kind() == "full" else data.gettext("items")


def _newness(data: ReportData) -> Iterator[Number]:
    """The share without a forerunner in any earlier edition at hand, and in the baseline."""
    if data.alone:
        return
    seen = summary_statistics.with_elsewhere(data.statuses, data.later, data.earlier)
    counts = dict(seen.group_by("status").len().iter_rows())
    first, elsewhere = counts.get("new", 0), counts.get(summary_statistics.ELSEWHERE, 0)
    if len(seen):
        label = data.gettext("have no forerunner in any earlier document at hand")
        share = percent(first + elsewhere, len(seen))
        compared = data.gettext("none in the {plan}: {share}", plan=data.plan(data.earlier), share=share)
        yield Number(label, percent(first, len(seen)), compared, "rows-origin")


def _checks(data: ReportData) -> Iterator[Number]:
    share = _share_named(data, data.edition)
    if share is None:
        return
    compared = "" if data.alone else _checks_before(data, percent(share))
    yield Number(data.gettext("name something that can be checked"), percent(share), compared, "rows-checkability")


def _checks_before(data: ReportData, share: str) -> str:
    """The share in the baseline; where either edition is not coded, both shares as rules of grammar see them."""
    plan, before = data.plan(data.baseline), _share_named(data, data.baseline)
    seen = comparability.named_by_rules(data)
    if before is None:
        return ""
    if seen is None:
        return data.gettext("{plan}: {count}", plan=plan, count=percent(before))
    own, other = (percent(seen[edition]) for edition in (data.edition, data.baseline))
    if own == share:
        return data.gettext("{plan}, read by the same rules: {count}", plan=plan, count=other)
    return data.gettext("read by the same rules: {own}, {plan} {count}", own=own, plan=plan, count=other)


def _share_named(data: ReportData, edition: int) -> float | None:
    """The share of an edition's measures that name a thing, a date or a number; repetitions count once."""
    own = summary_statistics.counted(data.tables["measures"], edition)
    rows = data.tables["checkability"].join(own, on="measure_id", how="semi")
    return None if rows.is_empty() else float(rows.select(pl.any_horizontal(CHECKABLE).mean()).item())


def _targets(data: ReportData) -> Iterator[Number]:
    counts = _states(data.indicators)
    if not data.has_kpis or not counts["target"]:
        return
    label = data.gettext("targets met or on track, of {judged} that can be judged", judged=counts["judged"])
    before, compared = _states(data.indicators_before), ""
    if before["judged"]:
        compared = data.gettext(
            "documents up to {year}: {good} of {judged}",
            year=data.kpis_before, good=before["good"], judged=before["judged"],
        )  # fmt: skip
    yield Number(label, str(counts["good"]), compared, "rows-scoreboard")


def _states(indicators: list[dict[str, object]]) -> dict[str, int]:
    """How many indicators have a target, of how many it can be judged, and how these stand."""
    good = sum(row["state"] in (*kpi.MET, "on_track") for row in indicators)
    behind = sum(row["state"] in kpi.BEHIND for row in indicators)
    aimed = sum(row["group"] in ("judged", "open") for row in indicators)
    return {"target": aimed, "judged": good + behind, "good": good, "behind": behind}


# --- three findings -----------------------------------------------------------------------------------------------


def _largest(data: ReportData) -> Iterator[Finding]:
    name = f"name_{data.language}"
    own = data.shares.filter(pl.col("edition") == data.edition, pl.col("topic_id") != UNCLEAR, pl.col("measures") > 0)
    if own.is_empty():
        return
    first = own.sort("share", "topic_id", descending=[True, False]).row(0, named=True)
    before = data.shares.filter(edition=data.baseline, topic_id=first["topic_id"])
    share: dict[str, object] = {"share": percent(first["share"])}
    if data.alone or before.is_empty() or comparability.by_different_readers(data):
        yield finding(LARGEST, data.language, "rows-topics", share, topic=first[name], measures=_measures(data))
        return
    share |= {"before": percent(before["share"].item())}
    names = {"topic": first[name], "baseline": data.baseline, "measures": _measures(data)}
    yield finding(LARGEST_BEFORE, data.language, "rows-topics", share, **names)


def _goes_on(data: ReportData) -> Iterator[Finding]:
    if data.alone or {data.kind(data.earlier), data.kind(data.later)} != {"full"}:
        return  # what a summary leaves out has not ended
    shares = {}
    for name, sides in (("carried", (data.earlier, data.later)), ("known", (data.later, data.earlier))):
        seen = summary_statistics.seen_from(data.statuses, *sides)
        if seen.is_empty():
            return
        shares[name] = len(seen.filter(~pl.col("status").is_in(["ended", "new"]))) / len(seen)
    tenths: dict[str, object] = {
        "carried": _of_ten(shares["carried"]),
        "new": Fact(_of_ten(1 - shares["known"]), "rows-origin"),
    }
    yield finding(GOES_ON, data.language, "rows-ended", tenths, earlier=data.earlier, later=data.later)


def _judged(data: ReportData) -> Iterator[Finding]:
    counts = _states(data.indicators)
    if data.has_kpis and counts["target"]:
        yield finding(TARGETS, data.language, "rows-scoreboard", dict(counts))


def _named(data: ReportData) -> Iterator[Finding]:
    share = _share_named(data, data.edition)
    if share is not None:
        yield finding(TO_CHECK, data.language, "rows-checkability", {"named": _of_ten(share)}, measures=_measures(data))


def _of_ten(share: float) -> int:
    return int(10 * share + 0.5)
