"""All tables as one XLSX workbook: what it is, what every column means, and a sheet for each table.

Each sheet of a table is an Excel table of the sheet's name, so that formulas and queries can call it and its columns
by name. Texts are written as texts, never as formulas, numbers or addresses, and the same tables give the same bytes.
"""

import gc
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from analysis import __version__
from analysis.documents import manifest
from analysis.export import sanitise, sheets, stepmap_sheet
from analysis.export.citation import Citation
from analysis.tables import codebook, metric_definitions
from analysis.tables.export_schemas import EXPORTED
from analysis.tables.labels import FORM_OF, label

MOST_ROWS = 1_048_576  # of a sheet, its head included
MOST_CHARACTERS = 32_767  # of a cell, in UTF-16 units
ASIDE = {"candidates", "ledger", "codings", "benchmark"}  # long, for programs: half of the workbook's size and time
CORE, CORE_END = "docProps/core.xml", "</cp:coreProperties>"
NAMES, WORDS = 20, 110  # the columns of the first sheet
CREATED = datetime(1980, 1, 1)  # a workbook must say when it was made: the day on which the calendar of ZIP begins

Row = tuple[str, str, int | None]


def make(frames: dict[str, pl.DataFrame], about: Citation) -> tuple[bytes, list[str]]:
    """Return the workbook, and a sentence for each table that it leaves out or shortens."""
    with _no_collection():
        return _make(frames, about)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Pause the garbage collector: no cell is garbage, and looking for it takes a quarter of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _make(frames: dict[str, pl.DataFrame], about: Citation) -> tuple[bytes, list[str]]:
    buffer = io.BytesIO()
    # no number in the tables is infinite or none, but a workbook must not break on one
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "nan_inf_to_errors": True})
    book.set_properties({"title": about.title, "author": about.authors, "comments": about.text, "created": CREATED})
    styles = {
        "head": book.add_format({"bold": True, "bg_color": "#E7ECF2", "bottom": 1, "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "top": book.add_format({"valign": "top"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        # an edit of the cell does not make a formula of its text, either
        "quoted": book.add_format({"quote_prefix": True, "text_wrap": True, "valign": "top"}),
    }
    first, second = (sheets.new(book, name) for name in (about.gettext("about"), "codebook"))
    rows, notes = [], []
    for name, frame in frames.items():
        what = label("table", name, about.language)
        if name in ASIDE:
            what = about.gettext(
                "{what}. Not in this workbook, since it is for programs: see {name}.csv or {name}.parquet",
                what=what, name=name,
            )  # fmt: skip
        elif frame.height >= MOST_ROWS:
            what = about.gettext(
                "{what}. Not in this workbook: a sheet holds {most} rows. See {name}.csv or {name}.parquet",
                what=what, name=name, most=MOST_ROWS - 1,
            )  # fmt: skip
            notes.append(f"{name}: {what}")
        else:
            cut = _table(sheets.new(book, name), frame, about, styles)
            if cut:
                what = about.gettext(
                    "{what}. Cells shortened, since a cell holds {most} characters: {count}",
                    what=what, most=MOST_CHARACTERS, count=cut,
                )  # fmt: skip
                notes.append(f"{name}: {what}")
        rows.append((name, what, frame.height))
    if (initiatives := stepmap_sheet.add(book, frames, about, styles)) is not None:
        what = about.gettext("Initiatives by edition, each cell a link to its measure, after {source}", source=FORM_OF)
        rows.append((stepmap_sheet.NAME, what, initiatives))
    present = [sheet.name for sheet in book.worksheets()]
    _codebook(second, frames, about, styles)
    _about(first, rows, present, frames, about, styles)
    book.close()
    return _in_language(buffer.getvalue(), about.language), notes


def _in_language(workbook: bytes, language: str) -> bytes:
    """Return the workbook with its language among its properties, where XlsxWriter has no place for it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as made, zipfile.ZipFile(buffer, "w") as told:
        for part in made.infolist():
            content = made.read(part)
            if part.filename == CORE:
                content = content.replace(
                    CORE_END.encode(), f"<dc:language>{language}</dc:language>{CORE_END}".encode()
                )
            told.writestr(part, content)
    return buffer.getvalue()


def _table(sheet: Worksheet, frame: pl.DataFrame, about: Citation, styles: dict[str, Format]) -> int:
    """Write a table and return how many of its cells had to be shortened."""
    frame, cut = sanitise.flat(frame), 0
    wrapped = []
    for place, series in enumerate(frame.get_columns()):
        width, is_text = sheets.width(series), series.dtype == pl.String
        sheet.set_column(place, place, width, styles["text" if is_text else "top"])
        if is_text:
            cut += _texts(sheet, place, series, about, styles["quoted"])
            wrapped.append((series, width))
        else:
            write = sheet.write_boolean if series.dtype == pl.Boolean else sheet.write_number
            for row, value in enumerate(series.to_list(), start=1):
                if value is not None:
                    write(row, place, value)
    sheets.fit_heights(sheet, 1, wrapped)
    sheets.as_table(sheet, frame.columns, frame.height, styles)
    sheet.freeze_panes(1, 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{frame.height + 1}"})  # years and editions are no amounts
    return cut


def _texts(sheet: Worksheet, place: int, series: pl.Series, about: Citation, quoted: Format) -> int:
    """Write a column of texts and return how many had to be shortened."""
    cut = 0
    # XML makes every line end a plain one
    for row, text in enumerate(series.str.replace_all("\r\n?", "\n").to_list(), start=1):
        if not text:
            continue
        whole = text
        if len(text) > MOST_CHARACTERS // 2:
            text = shortened(text, about)
            cut += text != whole
        if text[0] in sanitise.FORMULA_STARTS:
            sheet.write_string(row, place, text, quoted)
        else:
            sheet.write_string(row, place, text)
    return cut


def shortened(text: str, about: Citation) -> str:
    """Return the text as a cell can hold it: where it is too long its beginning and a mark."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MOST_CHARACTERS:
        return text
    mark = about.gettext(" … [shortened: {count} characters in all]", count=len(text))
    return units[: 2 * (MOST_CHARACTERS - len(mark))].decode("utf-16-le", errors="ignore") + mark


def _codebook(sheet: Worksheet, frames: dict[str, pl.DataFrame], about: Citation, styles: dict[str, Format]) -> None:
    """Write the sheet that describes every column of every table, and every metric of `turnover`."""
    heads = {"table": 20, "column": 20, "key": 8, "type": 20, "unit": 14, "empty?": 16, "description": 100}
    for place, width in enumerate(heads.values()):
        sheet.set_column(place, place, width, styles["text"])
    rows = []
    for name, frame in frames.items():
        for entry in codebook.entries(EXPORTED[name], frame.columns, about.language):
            key, empty = "key" if entry.key else "", "can be empty" if entry.nullable else ""
            rows.append((name, entry.column, key, entry.type, entry.unit, empty, entry.meaning))
        metrics = [metric for metric in metric_definitions.METRICS if metric.table == name]
        rows += [
            (name, metric.name, "", "definition", "", "", f"{metric.meaning} ({metric.source})") for metric in metrics
        ]
    for row, texts in enumerate(rows, start=1):
        for place, text in enumerate(texts):
            sheet.write_string(row, place, text, styles["text"])
    columns = [pl.Series(column, dtype=pl.String) for column in zip(*rows, strict=True)]
    sheets.fit_heights(sheet, 1, zip(columns, heads.values(), strict=False))
    sheets.as_table(sheet, heads, len(rows), styles)
    sheet.freeze_panes(1, 2)


def _about(
    sheet: Worksheet,
    tables: list[tuple[str, str, int]],
    present: list[str],
    frames: dict[str, pl.DataFrame],
    about: Citation,
    styles: dict[str, Format],
) -> None:
    """Write the first sheet: what this is, how to cite it, the documents, the sheets."""
    measures = frames.get("measures")
    texts = measures is not None and measures["text"].null_count() < measures.height
    edition = [(about.gettext("Plan, baseline"), f"{about.edition}, {about.baseline}", None)] if about.edition else []
    forms = about.gettext(
        "Lists are joined by '; '. Texts are texts, whatever they begin with. "
        "The Parquet files hold the same tables with lists and types as they are."
    )
    rows: list[Row] = [
        (about.gettext("What"), about.description, None),
        *edition,
        (about.gettext("Version"), __version__, None),
        (about.gettext("How to cite"), about.text, None),
        (about.gettext("Licence"), f"{about.licence} {about.texts(texts)}", None),
        (about.gettext("How to read"), forms, None),
    ]
    sheet.set_column(0, 0, NAMES)
    sheet.set_column(1, 1, WORDS)
    sheet.write_string(0, 0, about.title, styles["title"])
    sheet.set_row(0, 1.5 * sheets.LINE)
    row = _rows(sheet, 2, rows, styles)
    row = _head(sheet, row + 1, about.gettext("Sheets"), about.gettext("rows"), styles)
    codebook_row = ("codebook", about.gettext("Every column: type, unit, meaning"), None)
    row = _rows(sheet, row, [codebook_row, *tables], styles, present)
    row = _head(sheet, row + 1, about.gettext("Documents"), "", styles)
    _rows(sheet, row, [(document.doc_id, _document(document), None) for document in manifest.documents()], styles)


def _document(document: manifest.Document) -> str:
    return " · ".join(filter(None, (document.title, document.publisher, document.address, document.licence)))


def _head(sheet: Worksheet, row: int, text: str, last: str, styles: dict[str, Format]) -> int:
    for place, part in enumerate((text, "", last)):
        sheet.write_string(row, place, part, styles["head"])
    return row + 1


def _rows(
    sheet: Worksheet, row: int, rows: list[Row], styles: dict[str, Format], present: list[str] | None = None
) -> int:
    """Write name, text and count of each row, a name of a sheet as a link; return the number of the next row."""
    sheets.fit_heights(sheet, row, [(pl.Series([text for _, text, _ in rows], dtype=pl.String), WORDS)])
    for name, text, count in rows:
        if name in (present or []):
            sheet.write_url(row, 0, f"internal:'{name}'!A1", string=name)
        else:
            sheet.write_string(row, 0, name, styles["top"])
        sheet.write_string(row, 1, text, styles["text"])
        if count is not None:
            sheet.write_number(row, 2, count, styles["top"])
        row += 1
    return row
