"""The form of the workbook's sheets: tables of Excel, columns as wide and rows as high as what stands in them."""

import math
from collections.abc import Iterable

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

NARROWEST, USUAL, WIDEST = 8, 30, 60  # columns, in characters
WIDEST_OF_ALL = 255  # what Excel allows, for cells that no row would be high enough for otherwise
LINE, HIGHEST = 18, 409  # points: a line with Japanese characters, and what Excel allows a row
FEW = 4  # lines
ROOM = 1.1  # fonts differ, and a line breaks before a word that does not fit
STYLE = "Table Style Light 1"


def as_table(sheet: Worksheet, heads: Iterable[str], rows: int, styles: dict[str, Format]) -> None:
    """Make the rows below the heads a table of Excel, which bears the sheet's name and is never without a row."""
    columns = [{"header": head, "header_format": styles["head"]} for head in heads]
    options = {"name": sheet.name, "columns": columns, "style": STYLE}
    if sheet.add_table(0, 0, max(rows, 1), len(columns) - 1, options) != 0:
        raise ValueError(f"{sheet.name} cannot be the name of a table, or two of its columns have the same name")


def new(book: Workbook, name: str) -> Worksheet:
    """Return a new sheet of the workbook, whose rows are high enough for Japanese characters."""
    sheet = book.add_worksheet(name)
    sheet.set_default_row(LINE)
    return sheet


def width(series: pl.Series) -> float:
    """Return the width of a column into which most of its cells fit, the others in a few lines if it can be so wide."""
    head = len(series.name) + 3  # the filter's button
    if series.dtype != pl.String:
        return max(NARROWEST, head)
    places = _places(series).fill_null(0)
    longest = max(places.to_list(), default=0)
    wanted = max(places.quantile(0.75) or 0, math.ceil(longest / FEW), min(longest, USUAL)) + 1
    usual = min(WIDEST, max(NARROWEST, head, wanted))
    return min(WIDEST_OF_ALL, max(usual, math.ceil(longest / (HIGHEST // LINE)) + 1))


def fit_heights(sheet: Worksheet, first: int, columns: Iterable[tuple[pl.Series, float]]) -> None:
    """Make the rows from the first on as high as the lines of what stands in the columns (texts, width).

    Not every program does so by itself, and the lines would lie over the next row.
    """
    taken = [_lines(texts, width) for texts, width in columns]
    most = pl.select(pl.max_horizontal(taken)).to_series() if taken else pl.Series([], dtype=pl.Int64)
    for row, lines in enumerate(most.to_list(), start=first):
        if lines > 1:
            sheet.set_row(row, min(HIGHEST, lines * LINE))


def _lines(texts: pl.Series, width: float) -> pl.Series:
    """Return how many lines each text takes in a column."""
    wrapped = (_places(texts) / (width - 1)).ceil().cast(pl.Int64).clip(1)
    return (wrapped + texts.str.count_matches("\n")).fill_null(1)


def _places(texts: pl.Series) -> pl.Series:
    """Return how many characters wide each text is on one line, Japanese ones counted twice."""
    # an ASCII character is one byte and takes one place, a Japanese one is three bytes and takes two
    return (texts.str.len_bytes() + texts.str.len_chars()) / 2 * ROOM
