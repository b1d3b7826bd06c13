"""Exhibit without a chart: which ministry's measures were carried over and which were not found again."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.report import measure_cells
from analysis.report.data import ReportData
from analysis.report.exhibit import Cell, Exhibit, Rows, linked
from analysis.report.measure_cells import MeasureCells
from analysis.tables import editions, ministries, plan_structure

ENOUGH = 5  # measures of a body, from which on its share is named in a sentence
NAME = "carried_by_ministry"
ROWS = f"rows-{NAME}"
MOST = N_(
    "{body} is named in more measures of {earlier} than any other body: {total}. Of these linked to {later}: "
    "{carried} ({share}); not found there: {gone}."
)
EXTREMES = N_(
    "Among the bodies with {enough} measures or more the share that is linked is highest, {best_share}, for {best}, "
    "and lowest, {worst_share}, for {worst}."
)

Seen = dict[str, dict[str, set[str]]]  # by body and status: the measures


def exhibit(data: ReportData) -> Exhibit | None:
    """Return the measures by body and what became of them; None where nothing is compared, or few name a body."""
    if data.alone or not _named(data, data.earlier):
        return None
    before = _by_body(measure_cells.statuses(data, data.earlier, data.later), data)
    named = _named(data, data.later)
    after = _by_body(measure_cells.statuses(data, data.later, data.earlier), data) if named else None
    if not before:
        return None
    return Exhibit(
        __name__, NAME, "continuity", "03_continuity", data.gettext("Carried over and not found again, by ministry"),
        rows=_rows(before, after, data), sentences=_sentences(before, data),
    )  # fmt: skip


def _named(data: ReportData, edition_id: str) -> bool:
    """Whether enough of an edition's measures name a body to count them; summaries seldom do."""
    return plan_structure.counts_bodies(data.tables["measures"], editions.year(edition_id))


def _by_body(rows: Iterable[dict[str, Any]], data: ReportData) -> Seen:
    """The measures by each body that they name and by status; bodies without a name (関係府省) are left out."""
    result: Seen = defaultdict(lambda: defaultdict(set))
    since = editions.year(data.earlier)
    for row in rows:
        for body in {ministries.body_of(name) for name in row["ministries"]}:
            if not ministries.names_nobody(body):
                for counted in ministries.forerunners(body, since) or [body]:
                    result[counted][row["status"]].add(row["measure_id"])
    return result


def _of(seen: dict[str, set[str]], *statuses: str) -> set[str]:
    return set().union(*(seen.get(status, set()) for status in statuses))


def _total(seen: dict[str, set[str]]) -> int:
    return len(_of(seen, *seen))


def _rows(before: Seen, after: Seen | None, data: ReportData) -> Rows:
    """Return a row a body: its measures by what became of them, and where bodies of the later edition are known
    (`after`) those that are new."""
    _, cells = data.gettext, MeasureCells(data)
    rows: list[list[Cell]] = []
    for body in sorted({*before, *(after or {})}, key=lambda body: (-_total(before.get(body, {})), body)):
        own, now = before.get(body, {}), (after or {}).get(body, {})
        carried = _of(own, "continued", "evolved")
        new: list[Cell] = [] if after is None else [_total(now), cells.all(_of(now, "new"))]
        by_status = (cells.all(_of(own, status)) for status in ("continued", "evolved", "ended"))
        rows.append([data.body(body), _total(own), percent(len(carried), _total(own)), *by_status, *new])
    sides = {"earlier": data.earlier, "later": data.later}
    heads = [
        _("body"), _("measures of {edition}", edition=data.earlier), _("linked to {later}", **sides),
        _("go on as the same initiative"), _("taken over by another"), _("not found in {later}", **sides),
    ]  # fmt: skip
    if after is not None:
        heads += [_("measures of {edition}", edition=data.later)]
        heads += [_("of these without a forerunner in {earlier}", **sides)]
    return Rows(heads, rows, ["statuses", "measures"])


def _sentences(before: Seen, data: ReportData) -> list[str]:
    sides = {"earlier": data.earlier, "later": data.later}
    shares = {
        body: (len(_of(own, "continued", "evolved")) / _total(own), _total(own)) for body, own in before.items()
    }  # fmt: skip
    first = min(before, key=lambda body: (-_total(before[body]), body))
    own = before[first]
    numbers = {
        "total": _total(own), "carried": len(_of(own, "continued", "evolved")), "share": percent(shares[first][0]),
        "gone": len(_of(own, "ended")),
    }  # fmt: skip
    result: list[str] = [linked(MOST, data.language, ROWS, numbers, body=data.body(first), **sides)]
    large = {body: share for body, (share, total) in shares.items() if total >= ENOUGH}
    if large and min(large.values()) != max(large.values()):
        names: dict[str, object] = {"enough": ENOUGH}
        ends: dict[str, object] = {}
        for end, share in (("best", max(large.values())), ("worst", min(large.values()))):
            names[end] = data.listed(
                [_counted(body, before[body], data) for body in sorted(large) if large[body] == share]
            )
            ends[f"{end}_share"] = percent(share)
        result.append(linked(EXTREMES, data.language, ROWS, ends, **names))
    return [*result, *_agencies(before, data), *_successors(data), *measure_cells.summaries(data)]


def _counted(body: str, own: dict[str, set[str]], data: ReportData) -> str:
    """A body with how many of its measures are linked."""
    counts = {"linked": len(_of(own, "continued", "evolved")), "total": _total(own)}
    return data.gettext("{body} ({linked} of {total})", body=data.body(body), **counts)


def _agencies(before: Seen, data: ReportData) -> list[str]:
    """Which agencies the later edition names where the earlier one names the ministry that they belong to."""
    if not _named(data, data.later):
        return []
    after = _by_body(measure_cells.statuses(data, data.later, data.earlier), data)
    parents = {body: ministries.register()[body].parent for body in after if body in ministries.register()}
    own = [f"{data.body(body)} → {data.body(parent)}" for body, parent in sorted(parents.items())
           if parent in before and body not in before]  # fmt: skip
    if not own:
        return []
    return [
        data.gettext(
            "Named in {later}, but in no measure of {earlier}, which names their ministries: {agencies}. Read their "
            "figures together.",
            earlier=data.earlier, later=data.later, agencies=data.listed(own),
        )
    ]  # fmt: skip


def _successors(data: ReportData) -> list[str]:
    """How measures are counted: for each body that they name, and for those whose work it took over since."""
    said = data.gettext(
        "A measure that names several bodies counts for each. An office inside a ministry, as 内閣府(知財), counts for "
        "the ministry, an external agency for itself. Repeated measures and words that name no body (関係府省) are "
        "left out."
    )
    named = {
        ministries.body_of(name)
        for row in measure_cells.statuses(data, data.later, data.earlier)
        for name in row["ministries"]
    }
    old = {body: ministries.forerunners(body, editions.year(data.earlier)) for body in sorted(named)}
    if not _named(data, data.later):
        old = {}
    listed = [f"{data.body(body)} → {data.listed([data.body(name) for name in names])}"
              for body, names in old.items() if names]  # fmt: skip
    if not listed:
        return [said]
    counted = data.gettext(
        "Bodies founded since {earlier} count as those whose work they took over: {bodies}.",
        earlier=data.earlier, bodies=data.chained(listed),
    )  # fmt: skip
    return [said, counted]
