"""Exhibit without a chart: the initiatives of the edition that were seen before, those that go back furthest first."""

import polars as pl

from analysis.base.i18n import gettext_noop as N_
from analysis.report import stepmap
from analysis.report.data import ReportData
from analysis.report.exhibit import Cell, Exhibit, Fact, Link, Rows, linked
from analysis.tables import editions

NAME = "oldest_initiatives"
NAMED = 3  # initiatives in the sentence
SAID = N_(
    "Initiatives of {edition} that were seen before: {older}. Of these, first seen in {born}, which is furthest back: "
    "{oldest}. Seen in the largest number of editions ({most}): {initiatives}."
)


def exhibit(data: ReportData) -> Exhibit | None:
    """Return the initiatives by the edition in which they are first seen; None where none was seen before."""
    own = pl.col("editions").list.contains(str(data.edition)) & (pl.col("born") != str(data.edition))
    table = stepmap.rows(data).filter(own).sort(
        ["start", "seen", "initiative_id"], descending=[False, True, False]
    )  # fmt: skip
    if table.is_empty():
        return None
    return Exhibit(
        __name__, NAME, "turnover", "03_continuity", data.gettext("The oldest initiatives that go on"),
        rows=_rows(table, data), sentences=[_sentence(table, data), *data.roadmap_meant(table["born"]), *_meant(data)],
    )  # fmt: skip


def _rows(table: pl.DataFrame, data: ReportData) -> Rows:
    """Return a row an initiative: what it is about, over how many editions it is seen, and in which, each a link."""
    _, members, points = data.gettext, stepmap.members(data), stepmap.time_points(data)
    rows: list[list[Cell]] = []
    groups = []
    for (born,), own in table.group_by("born", maintain_order=True):
        groups.append((_("First seen in {edition}", edition=editions.label(str(born), data.language)), len(own)))
        for row in own.iter_rows(named=True):
            key = row["initiative_id"]
            seen: list[Link] = [
                Link(editions.label(member["edition_id"], data.language), f"m-{member['measure_id']}")
                for member in members[key]
                if member["edition_id"] in points
            ]
            name = Link(f"{key} {row[f'name_{data.language}']}", key)
            rows.append([[name], data.topic_names[row["topic_id"]], row["seen"], seen])
    heads = [_("initiative"), _("topic"), _("editions"), _("seen in")]
    return Rows(heads, rows, ["initiatives", "initiative_members"], groups)


def _sentence(table: pl.DataFrame, data: ReportData) -> str:
    most = table.filter(pl.col("seen") == pl.col("seen").max()).sort("start", "initiative_id")
    named = [
        f"{key} {name}" for key, name in most.select("initiative_id", f"name_{data.language}").head(NAMED).iter_rows()
    ]
    more = [data.gettext("and {others} more", others=len(most) - NAMED)] if len(most) > NAMED else []
    numbers = {
        "older": Fact(len(table), f"rows-{NAME}"),
        "oldest": Fact(table.filter(pl.col("born") == table["born"][0]).height, f"rows-{NAME}-1"),
        "most": Fact(most["seen"][0], f"rows-{NAME}"),
        "initiatives": Fact(data.listed([*named, *more]), most["initiative_id"][0]),
    }  # fmt: skip
    sides = {"edition": data.edition, "born": editions.label(table["born"][0], data.language)}
    return linked(SAID, data.language, f"rows-{NAME}", numbers, **sides)


def _meant(data: ReportData) -> list[str]:
    """What first seen means: the first document at hand, not the year in which something began."""
    first = stepmap.time_points(data)[0]
    return [
        data.gettext(
            "First seen is first seen in a document at hand: the earliest is {edition}, so that initiatives may be "
            "older than they look.",
            edition=editions.label(first, data.language),
        )
    ]  # fmt: skip
