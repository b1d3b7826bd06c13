"""Exhibit without a chart: what goes on verbatim or nearly so, and what under another name, both measures a row."""

from typing import Any

import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.continuity import proposed_renamings, turnover
from analysis.report.data import ReportData
from analysis.report.exhibit import Cell, Exhibit, Fact, Rows, linked
from analysis.report.measure_cells import MeasureCells
from analysis.tables import name_register
from analysis.tables.labels import label

NAME = "under_other_names"
HALF = 0.5  # of the n-grams of both: worded much alike
KINDS = {  # a pair stands under the first that holds
    "verbatim": N_("The same text"),
    "nearly": N_("Nearly the same text: at least {nearly} of the wording in common"),
    "renamed": N_("Under another name: a name in it changed"),
    "half": N_("Worded alike: at least {half} of the wording in common"),
    "unnamed": N_("The same initiative without a name in common"),
    "rest": N_("Worded otherwise, with a name in common or taken over by another"),
}
SAID = N_(
    "Pairs linked from {earlier} to {later}: {total}. With the same text: {verbatim}; with nearly the same: {nearly}; "
    "under a name that changed: {renamed}; otherwise worded alike by half or more: {half}; the same initiative without "
    "a name in common: {unnamed}; the others: {rest}. The most similar pair has {likest} of its wording in common."
)

Pair = dict[str, Any]


def exhibit(data: ReportData) -> Exhibit | None:
    """Return pairs by how far wording and names were kept; None where no measure of both editions is linked."""
    pairs = _pairs(data)
    if data.alone or not pairs:
        return None
    return Exhibit(
        __name__, NAME, "turnover", "03_continuity", data.gettext("What goes on verbatim, and what under another name"),
        rows=_rows(pairs, data), sentences=_sentences(pairs, data),
    )  # fmt: skip


def _pairs(data: ReportData) -> list[Pair]:
    """The linked pairs, those of a repetition as what it repeats, with kind, likeness and changed names (`names`)."""
    links = turnover.once(data.tables["measures"], data.own_links)
    grams = {
        key: dict(zip(of, counts, strict=True))
        for key, of, counts in data.tables["features"].select("measure_id", "grams", "gram_counts").iter_rows()
    }
    successors = _successors(data)
    result = []
    for row in links.iter_rows(named=True):
        ends = row["from_id"], row["to_id"]
        names = [*row["renamed"], *successors.get(ends, [])]
        pair = {"ends": ends, "likeness": _likeness(*(grams[end] for end in ends)), "names": names}
        result.append(pair | {"relation": row["relation"], "kind": _kind(row, pair)})
    return sorted(result, key=lambda pair: (-pair["likeness"], pair["ends"]))


def _kind(link: Pair, pair: Pair) -> str:
    if "wording" not in link["changed"]:
        return "verbatim"
    if pair["likeness"] >= proposed_renamings.ALIKE:
        return "nearly"
    if pair["names"]:
        return "renamed"
    if pair["likeness"] >= HALF:
        return "half"
    return "unnamed" if link["relation"] == "same" and not link["shared_names"] else "rest"


def _likeness(one: dict[int, int], other: dict[int, int]) -> float:
    """Dice's coefficient of the n-grams of two texts, 0–1."""
    common = sum(min(count, other.get(gram, 0)) for gram, count in one.items())
    return 2 * common / max(sum(one.values()) + sum(other.values()), 1)


def _successors(data: ReportData) -> dict[tuple[str, str], list[str]]:
    """By pair what the earlier measure names and the later one by its successor, as old→new."""
    named: dict[str, dict[str, str]] = {}
    for key, canonical in data.tables["mentions"].select("measure_id", "canonical").unique().sort(pl.all()).iter_rows():
        named.setdefault(key, {})[name_register.key(canonical)] = canonical
    entries = name_register.register().entries
    result = {}
    for ends in data.own_links.select("from_id", "to_id").iter_rows():
        before, after = (named.get(end, {}) for end in ends)
        new = {old: name_register.key(entries[old].successor or "") for old in before if old in entries}
        result[ends] = [f"{before[old]}→{after[now]}" for old, now in new.items() if now in after]
    return result


def _rows(pairs: list[Pair], data: ReportData) -> Rows:
    _, cells = data.gettext, MeasureCells(data)
    rows: list[list[Cell]] = []
    groups: list[tuple[str, int]] = []
    for kind in _present(pairs):
        own = [pair for pair in pairs if pair["kind"] == kind]
        shares = {"nearly": percent(proposed_renamings.ALIKE), "half": percent(HALF)}
        groups.append((_(KINDS[kind], **shares), len(own)))
        for pair in own:
            start, end = pair["ends"]
            rows.append([cells.one(start), cells.one(end, start), label("relation", pair["relation"], data.language),
                         percent(pair["likeness"]), data.listed(pair["names"]) or None])  # fmt: skip
    heads = [_("measure of {edition}", edition=data.earlier), _("measure of {edition}", edition=data.later),
             _("relation"), _("wording in common"), _("changed names")]  # fmt: skip
    return Rows(heads, rows, ["links"], groups)


def _present(pairs: list[Pair]) -> list[str]:
    kinds = {pair["kind"] for pair in pairs}
    return [kind for kind in KINDS if kind in kinds]


def _sentences(pairs: list[Pair], data: ReportData) -> list[str]:
    place = {kind: f"rows-{NAME}-{number}" for number, kind in enumerate(_present(pairs), 1)}
    counts: dict[str, object] = {
        kind: Fact(sum(pair["kind"] == kind for pair in pairs), place.get(kind)) for kind in KINDS
    }  # fmt: skip
    likest = Fact(percent(pairs[0]["likeness"]))
    said = linked(SAID, data.language, f"rows-{NAME}", counts | {"likest": likest, "total": len(pairs)},
                  earlier=data.earlier, later=data.later)  # fmt: skip
    meant = data.gettext(
        "Wording in common is Dice's coefficient of both texts' sequences of two and three characters; each pair "
        "stands under the first that holds."
    )
    return [said, meant]
