"""The Stepmap as a sheet of the workbook: initiatives as rows, editions as columns, each cell a link to its measure."""

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.format import Format

from analysis.export import sanitise, sheets
from analysis.export.citation import Citation
from analysis.tables import editions
from analysis.tables.labels import label, step_words

NAME = "stepmap"
WIDTHS = {"initiative_id": 10, "name_ja": 42, "name_en": 48, "topic_id": 12, "state": 14}
STEP_WIDTH = 18  # characters


def add(book: Workbook, frames: dict[str, pl.DataFrame], about: Citation, styles: dict[str, Format]) -> int | None:
    """Add the sheet; return how many initiatives it has, None where there are none or no measures to lead to.

    frames: the exported tables by name, whose sheet `measures` has its rows in their order.
    """
    if not {"measures", "initiatives", "initiative_members"} <= frames.keys():
        return None
    if frames["initiatives"].is_empty():
        return None
    place = {key: row for row, key in enumerate(frames["measures"]["measure_id"], start=2)}
    members = frames["initiative_members"].filter(pl.col("relation") != "repetition")
    columns = {edition: at for at, edition in enumerate(editions.in_time(members["edition_id"]), start=len(WIDTHS))}
    initiatives = _by_topic_and_life(frames["initiatives"])
    rows = {key: row for row, key in enumerate(initiatives["initiative_id"], start=1)}
    sheet = sheets.new(book, NAME)
    heads = WIDTHS | {editions.label(name, about.language): STEP_WIDTH for name in columns}
    for at, width in enumerate(heads.values()):
        sheet.set_column(at, at, width, styles["text"])
    for row, values in enumerate(initiatives.select(list(WIDTHS)).iter_rows(named=True), start=1):
        values["state"] = label("initiative_state", values["state"], about.language)
        for at, text in enumerate(values.values()):
            style = styles["quoted"] if text and text[0] in sanitise.FORMULA_STARTS else None
            sheet.write_string(row, at, text or "", style)
    for member in members.iter_rows(named=True):
        words = " · ".join(step_words(member, about.language))
        link = f"internal:'measures'!A{place[member['measure_id']]}"
        sheet.write_url(rows[member["initiative_id"]], columns[member["edition_id"]], link, string=words)
    sheets.fit_heights(sheet, 1, [(initiatives[name], WIDTHS[name]) for name in ("name_ja", "name_en")])
    sheet.freeze_panes(1, 3)
    sheets.as_table(sheet, heads, len(rows), styles)
    return len(rows)


def _by_topic_and_life(initiatives: pl.DataFrame) -> pl.DataFrame:
    """Return the initiatives that are not retired by topic, birth and life."""
    table = initiatives.filter(pl.col("state") != "retired")
    places = {edition: at for at, edition in enumerate(editions.in_time(table["editions"].explode()))}
    born, last_seen = (pl.col(name).replace_strict(places, return_dtype=pl.Int64) for name in ("born", "last_seen"))
    order = table.with_columns(start=born, end=last_seen)
    return order.sort(
        "topic_id", "start", "end", "initiative_id", descending=[False, False, True, False], nulls_last=True
    )
