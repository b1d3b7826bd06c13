"""Exhibit without a chart: which measures were split, one into several, and which were merged, several into one."""

from typing import Any

from analysis.base.i18n import gettext_noop as N_
from analysis.continuity import turnover
from analysis.report import measure_cells
from analysis.report.data import ReportData
from analysis.report.exhibit import Cell, Exhibit, Fact, Link, Rows, linked
from analysis.report.measure_cells import MeasureCells
from analysis.tables.labels import label
from analysis.tables.summary_statistics import seen_from

NAME = "splits_and_merges"
WAYS = {  # side that is one, and the change that is said of it where each of the others holds a part of its wording
    "from_id": (N_("One measure of {earlier}, several of {later}"), "split"),
    "to_id": (N_("Several measures of {earlier}, one of {later}"), "merged"),
}
SAID = N_(
    "Measures of {earlier} with several successors in {later}: {splits}; of these each successor holds a part of the "
    "wording of its own: {split}. Measures of {later} with several forerunners in {earlier}: {merges}; of these each "
    "forerunner holds such a part: {merged}."
)
SUMMARY = N_(
    "Measures of {earlier} with several successors in {later}: {splits}. Measures of {later} with several forerunners "
    "in {earlier}: {merges}. An item of a summary stands for many measures, so that a split or merge may only look so."
)

Whole = dict[str, Any]


def exhibit(data: ReportData) -> Exhibit | None:
    """Return who was split into what and merged from what; None where no measure has two links."""
    wholes = {way: _wholes(way, data) for way in WAYS} if not data.alone else {}
    if not any(wholes.values()):
        return None
    return Exhibit(
        __name__, NAME, "turnover", "03_continuity", data.gettext("Splits and merges"), rows=_rows(wholes, data),
        sentences=[_sentence(wholes, data)],
    )  # fmt: skip


def _wholes(way: str, data: ReportData) -> list[Whole]:
    """The measures with two links or more on this side, a repetition as what it repeats: their partners with the
    relation, and whether each of these holds a part of the wording (`parted`)."""
    other = "to_id" if way == "from_id" else "from_id"
    links = turnover.once(data.tables["measures"], data.own_links).sort(way, other)
    sides = (data.earlier, data.later) if way == "from_id" else (data.later, data.earlier)
    changes = dict(seen_from(data.tables["statuses"], *sides).select("measure_id", "change").iter_rows())
    return [
        {"key": key, "parted": changes.get(key) == WAYS[way][1],
         "partners": list(rows.select(other, "relation").iter_rows())}
        for (key,), rows in links.group_by(way, maintain_order=True)
        if len(rows) > 1
    ]  # fmt: skip


def _rows(wholes: dict[str, list[Whole]], data: ReportData) -> Rows:
    _, cells = data.gettext, MeasureCells(data)
    sides = {"earlier": data.earlier, "later": data.later}
    rows: list[list[Cell]] = []
    for own in wholes.values():
        for whole in own:
            partners = [
                Link(key, f"m-{key}", f"{label('relation', relation, data.language)}: {cells.name(key)}")
                for key, relation in whole["partners"]
            ]
            parted: list[Cell] = [_("yes") if whole["parted"] else _("no")] if measure_cells.both_plans(data) else []
            rows.append([cells.one(whole["key"]), len(partners), partners, *parted])
    groups = [(_(WAYS[way][0], **sides), len(own)) for way, own in wholes.items() if own]
    heads = [_("one"), _("several"), _("which")] + [_("each holds a part of the wording")] * measure_cells.both_plans(
        data
    )
    return Rows(heads, rows, ["links", "statuses"], groups)


def _sentence(wholes: dict[str, list[Whole]], data: ReportData) -> str:
    numbers: dict[str, object] = {}
    places = iter(range(1, len(WAYS) + 1))
    for way, (several, parted) in {"from_id": ("splits", "split"), "to_id": ("merges", "merged")}.items():
        place = f"rows-{NAME}-{next(places)}" if wholes[way] else None
        numbers[several] = Fact(len(wholes[way]), place)
        if measure_cells.both_plans(data):
            numbers[parted] = Fact(sum(whole["parted"] for whole in wholes[way]), place)
    said = SAID if measure_cells.both_plans(data) else SUMMARY
    return linked(said, data.language, f"rows-{NAME}", numbers, earlier=data.earlier, later=data.later)
