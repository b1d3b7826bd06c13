"""Exhibit without a chart: each thing that measures name, with the measures that rest on it."""

import polars as pl

from analysis.report.data import ReportData
from analysis.report.exhibit import Cell, Exhibit, Japanese, Rows
from analysis.tables import editions, name_register
from analysis.tables.categories import MENTION_KINDS
from analysis.tables.labels import label


def exhibit(data: ReportData) -> Exhibit | None:
    """Return the things by kind: name, what the register says of it, editions, measures; None where none is named."""
    _, rows = data.gettext, data.mentions
    if rows.filter(edition_id=str(data.edition)).is_empty():
        return None
    shown = rows.filter(pl.col("edition_id").is_in([str(data.edition), str(data.baseline)]))
    things = rows.join(shown.select("canonical").unique(), on="canonical", how="semi")
    elsewhere = pl.col("edition_id") != str(data.edition)
    things = things.group_by("kind", "canonical", "thing").agg(
        pl.col("edition_id").unique(), measure_ids=pl.col("measure_id").sort_by(elsewhere, "measure_id")
    )
    place = {kind: n for n, kind in enumerate(MENTION_KINDS)}
    things = things.with_columns(place=pl.col("kind").replace_strict(place), count=pl.col("measure_ids").list.len())
    things = things.sort(["place", "count", "canonical"], descending=[False, True, False])
    heads = [_("kind"), _("name"), _("name in Japanese"), _("since"), _("law number"), _("what took its place"),
             _("editions"), _("measures that name it")]  # fmt: skip
    sentence = _(
        "Which measures rest on a law, plan or guideline: those that name it, in any edition. Rows stand by kind, "
        "within a kind those that most measures name first; in a row the measures of {edition} stand first. "
        "English names marked with * are translations of ours, not official ones.",
        edition=data.edition,
    )
    cells = [_cells(data, row) for row in things.iter_rows(named=True)]
    return Exhibit(
        __name__, "named-by", "topics", "02_topics", _("Which measures rest on what"),
        rows=Rows(heads, cells, ["mentions"]), sentences=[sentence],
    )  # fmt: skip


def _cells(data: ReportData, row: dict[str, object]) -> list[Cell]:
    canonical, found_in, measure_ids = str(row["canonical"]), row["edition_id"], row["measure_ids"]
    assert isinstance(found_in, list)
    assert isinstance(measure_ids, list)
    entry = name_register.register().entries.get(name_register.key(canonical))
    years = [editions.label(edition_id, data.language) for edition_id in editions.in_time(found_in)]
    successor = name_register.label(entry.successor, data.language) if entry and entry.successor else None
    if entry and entry.renamed and successor:
        successor = data.gettext("{name} (renamed)", name=successor)
    star = "*" if entry and entry.translated and data.language == "en" else ""
    return [
        label("mention_kind", str(row["kind"]), data.language), f"{row['thing']}{star}", Japanese(canonical),
        _since(entry, data), Japanese(entry.number) if entry and entry.number else None,
        successor, data.listed(years), measure_ids,
    ]  # fmt: skip


def _since(entry: name_register.Entry | None, data: ReportData) -> Cell:
    """The year from which a thing has been there; of one that was renamed, from which it has had this name."""
    if entry is None or not entry.since:
        return None
    entries = name_register.register().content.name
    if any(other.renamed and other.successor == entry.name for other in entries):
        return data.gettext("{year} (under this name)", year=entry.since)
    return entry.since
